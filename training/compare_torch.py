"""Compares the command line's answers with PyTorch's, photo by photo: same weights, same preprocessing.

    python3 training/compare_torch.py efficientnet-lite0 PHOTOS [--package DIR]
    python3 training/compare_torch.py zfnet-imagenette PHOTOS [--log zfnet-imagenette.json]

PHOTOS is a folder of pictures with an index.json of [{"file", "classIndex"}, ...]. PyTorch runs the networks of
golden_nets.py on pictures that Pillow resized; `--package` runs EfficientNet as the PyPI packages define it instead
(unpacked in DIR, see convert_efficientnet_lite0.py), `--log` also compares with the reference logits written after
training. Exit status 1 when more than one photo gets another top-1. Needs torch, numpy, Pillow and Node.
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import safetensors_io
from golden_nets import NETS

ROOT = Path(__file__).resolve().parent.parent
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def prepare(path, p):
    """torchvision's Resize, CenterCrop, ToTensor and Normalize."""
    image = Image.open(path).convert("RGB")
    (width, height), side, (crop, _, _) = image.size, p["resize"], p["input"]
    size = (side, int(side * height / width)) if width <= height else (int(side * width / height), side)
    image = image.resize(size, FILTERS[p["filter"]])
    left, top = round((size[0] - crop) / 2.0), round((size[1] - crop) / 2.0)
    image = image.crop((left, top, left + crop, top + crop))
    x = torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1).float().div(255)
    return (x - torch.tensor(p["mean"]).view(3, 1, 1)) / torch.tensor(p["std"]).view(3, 1, 1)


def package_net(folder, tensors):
    """The package's own module with the shipped (fp16) values in it."""
    sys.path.insert(0, str(folder))
    from efficientnet_lite_pytorch import EfficientNet

    net = EfficientNet.from_name("efficientnet-lite0").eval()
    state = {name: torch.from_numpy(value.astype(np.float32)) for name, value in tensors.items()}
    missing, unexpected = net.load_state_dict(state, strict=False)
    assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing), (missing, unexpected)
    return net


def ours(model, files, backend):
    """What the command line answers, in one run for all photos."""
    command = ["npm", "run", "-s", "cli", "--", "classify", "--model", model, "--json", "--backend", backend]
    run = subprocess.run([*command, *map(str, files)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(run.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", choices=["efficientnet-lite0", "zfnet-imagenette"])
    parser.add_argument("photos", type=Path)
    parser.add_argument("--package", type=Path)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--backend", default="wasm")
    args = parser.parse_args()

    manifest = json.loads((ROOT / "public" / "weights" / "manifest.json").read_text())
    entry = next(e for e in manifest["weights"] if e["network"] == args.model)
    tensors, _ = safetensors_io.load(ROOT / "public" / "weights" / entry["file"])
    index = json.loads((args.photos / "index.json").read_text())
    files = [(args.photos / photo["file"]).resolve() for photo in index]

    if args.package:
        net = package_net(args.package, tensors)
    else:
        net = NETS[args.model](tensors, torch.float32).run
    with torch.no_grad():
        logits = [net(prepare(file, entry["preprocessing"])[None])[0].numpy() for file in files]

    answers = ours(args.model, files, args.backend)
    assert len(answers) == len(files), "the command line did not answer every photo"
    disagreements, right_ours, right_torch, largest = [], 0, 0, 0.0
    for photo, reference, answer in zip(index, logits, answers):
        assert Path(answer["image"]).name == photo["file"]
        top = answer["top"]
        largest = max(largest, *(abs(entry["logit"] - reference[entry["index"]]) for entry in top))
        right_ours += top[0]["index"] == photo["classIndex"]
        right_torch += int(reference.argmax()) == photo["classIndex"]
        if top[0]["index"] != int(reference.argmax()):
            disagreements.append((photo["file"], top[0]["name"], entry["classes"][int(reference.argmax())]))

    n = len(index)
    print(f"{args.model} on {args.backend}, {n} photos: {n - len(disagreements)} top-1 agree with PyTorch")
    print(f"  accuracy: ours {right_ours}/{n}, PyTorch {right_torch}/{n}; largest difference of a logit {largest:.2e}")
    for file, mine, theirs in disagreements:
        print(f"  {file}: ours {mine}, PyTorch {theirs}")
    if args.log:
        written = {r["file"]: np.array(r["logits"]) for r in json.loads(args.log.read_text())["reference"]}
        agree = sum(int(written[p["file"]].argmax()) == a["top"][0]["index"] for p, a in zip(index, answers))
        gap = max(abs(written[p["file"]] - r).max() for p, r in zip(index, logits))
        print(f"  log of the training: {agree}/{n} top-1 agree with ours; its logits differ from PyTorch's here by {gap:.2e}")
    sys.exit(len(disagreements) > 1)


main()
