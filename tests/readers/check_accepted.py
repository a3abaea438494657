"""Compares damaged files that the readers accepted (`npm run fuzz -- all 100000 1 FOLDER`) with what PyTorch, safetensors
and onnx read from them: python check_accepted.py FOLDER. Files that those refuse are counted; values that differ are
printed and make the run fail."""

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import safetensors.torch
import torch
from onnx import numpy_helper

wrappers = ("state_dict", "model_state_dict", "model", "net", "network", "weights", "params")


def pytorch(path: Path) -> dict[str, np.ndarray]:
    value = torch.load(path, weights_only=True, map_location="cpu")
    for key in wrappers:
        if any(isinstance(v, torch.Tensor) for v in value.values()):
            break
        if isinstance(value.get(key), dict):
            value = value[key]
    tensors = {k: v for k, v in value.items() if isinstance(v, torch.Tensor) and isinstance(k, str)}
    prefix = "module." if all(k.startswith("module.") for k in tensors) else ""
    return {k[len(prefix) :]: v.detach().to(torch.float32).numpy() for k, v in tensors.items()}


def safe(path: Path) -> dict[str, np.ndarray]:
    return {k: v.to(torch.float32).numpy() for k, v in safetensors.torch.load_file(path).items()}


def graph(path: Path) -> dict[str, np.ndarray]:
    model = onnx.load(path)
    return {t.name: numpy_helper.to_array(t).astype(np.float32) for t in model.graph.initializer}


readers = {"pytorch": pytorch, "legacy": pytorch, "safetensors": safe, "onnx": graph}


def differs(ours: dict, theirs: dict[str, np.ndarray], all_of_them: bool) -> str | None:
    """ONNX files are compared by the tensors that both name: ours has those that operations make, too."""
    if all_of_them and set(ours) != set(theirs):
        return f"names {sorted(set(ours) ^ set(theirs))}"
    for name in set(ours) & set(theirs):
        mine, other = ours[name], theirs[name]
        if list(other.shape) != mine["shape"]:
            return f"{name}: shape {mine['shape']} and {list(other.shape)}"
        values = np.array(mine["values"], np.float32)
        if not np.array_equal(values, other.reshape(-1)):
            return f"{name}: {values[:5]} and {other.reshape(-1)[:5]}"
    return None


def main(folder: Path) -> int:
    seen: Counter[str] = Counter()
    for path in sorted(folder.iterdir()):
        if path.suffix == ".json":
            continue
        reader = path.name.split("-")[0]
        read = json.loads(path.with_name(path.name + ".json").read_text())
        # Numbers that stand for scaled ones are given scaled; fixtures with expected values test those.
        ours = {k: v for k, v in read["tensors"].items() if not read["dtypes"][k].endswith("x scale")}
        try:
            theirs = readers[reader](path)
        except Exception as error:
            seen[f"{reader}: refused there ({type(error).__name__}: {str(error)[:60]})"] += 1
            continue
        why = differs(ours, theirs, reader != "onnx")
        seen[f"{reader}: {'differs' if why else 'same'}"] += 1
        if why:
            print(path.name, why)
    for key, count in sorted(seen.items()):
        print(count, key)
    return 1 if any(key.endswith("differs") for key in seen) else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
