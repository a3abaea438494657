"""Logits and projections of the zoo's networks under seeded random weights, from PyTorch in float64: tests/parity.

    pip install --no-deps torchvision timm        # and what timm imports
    python3 training/parity.py [CASE ...]         # all, or these anew
    python3 training/parity.py --choose           # ranks inputs for the projections

tests/parity/README.md says what is stored.
"""
import json
import pathlib
import subprocess
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import parity_seeded as seeded
import safetensors_io
from parity_models import MODELS, Written, build

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "tests" / "parity"
# Cases are networks, `@n` with the n-th other input (tests/parity/README.md says how these were found). The first inputs
# of GoogLeNet and MobileNet stay, as their projections show what a mask that differs does.
NETWORKS = ["resnet-18", "googlenet", "densenet-121", "mobilenet-v1-100"]
PROJECTED = ["resnet-18", "googlenet@37", "densenet-121", "mobilenet-v1-100@17", "googlenet", "mobilenet-v1-100"]
CASES = [ref for ref in MODELS if ref not in NETWORKS] + PROJECTED
DRAWS = 40
# Where along the list of ReLUs a projection starts; the logits besides.
DEPTHS = [0.3, 0.7]
# By rule: what normalisation of responses passes back (projection rules, LRN).
RULES = {"deconvnet": "identity", "guided": "vjp", "gradient": "vjp"}
# In standard deviations (root mean squares): what float32 may decide otherwise.
NEAR = 5e-5
BUCKETS = 4096


class Rectifiers:
    """One nn.ReLU, never in place, for each use: full backward hooks then see exactly one gradient each."""

    def __init__(self):
        self.modules, self.calls, self.used, self.names = [], 0, [], []
        self.inputs, self.outputs, self.watching = [], [], False
        self.rule = "gradient"

    def start(self, watching=False):
        self.calls, self.names, self.inputs, self.outputs, self.watching = 0, [], [], [], watching

    def hook(self, module, grad_input, grad_output):
        if self.rule == "deconvnet":
            return (grad_output[0].clamp(min=0),)
        if self.rule == "guided":
            return (grad_input[0].clamp(min=0),)
        return None

    def __call__(self, x, name=None):
        if self.calls == len(self.modules):
            self.modules.append(nn.ReLU())
            self.modules[-1].register_full_backward_hook(self.hook)
        y = self.modules[self.calls](x)
        self.calls += 1
        if self.watching:
            self.names.append(name)
            self.inputs.append(x)
            self.outputs.append(y)
        return y


def flat(value):
    """[1, C, H, W] to height, width, channel, as the engine orders."""
    return value[0].permute(1, 2, 0).reshape(-1) if value.dim() == 4 else value.reshape(-1)


def index_sum(indices, salts):
    return int(seeded.mixed(indices.astype(np.uint32), salts).astype(np.uint64).sum() & 0xFFFFFFFF)


def masks(x):
    """Of one ReLU: a sum over its open units, and the units so near zero that rounding may decide."""
    values = flat(x.detach())
    near = torch.nonzero(values.abs() < NEAR * values.square().mean().sqrt())[:, 0].numpy()
    open_units = torch.nonzero(values > 0)[:, 0].numpy()
    return {"sum": index_sum(open_units, 0), "near": near.tolist(), "open": (values[near] > 0).int().tolist()}


def gaps(pool, x):
    """How far the largest value of each window lies above its second."""
    k, s, p = pool.kernel_size, pool.stride, pool.padding
    height, width = pool(x).shape[2:]
    right, below = ((n - 1) * s + k - size - p for n, size in ((width, x.shape[3]), (height, x.shape[2])))
    padded = F.pad(x, (p, max(0, right), p, max(0, below)), value=float("-inf"))
    views = [padded[:, :, i::s, j::s][:, :, :height, :width] for i in range(k) for j in range(k)]
    top = torch.stack(views).topk(2, 0).values
    return top[0] - top[1]


def switches(pool, x):
    """Of one pooling: a sum over its switches, and the windows whose two largest values are nearly equal."""
    x = x.detach()
    k, s, p = pool.kernel_size, pool.stride, pool.padding
    _, indices = F.max_pool2d(x, k, s, p, ceil_mode=pool.ceil_mode, return_indices=True)
    gap = gaps(pool, x)
    close = (gap > 0) & (gap < NEAR * x.square().mean().sqrt())
    at = flat(indices).numpy()
    near = torch.nonzero(flat(close))[:, 0].numpy()
    total = index_sum(np.arange(len(at)), at.astype(np.uint32))
    return {"sum": total, "near": near.tolist(), "at": at[near].tolist()}


def sketch(picture):
    """Every value times a random sign into one of 4096 buckets: keeps lengths and differences to about two per cent."""
    values = picture.reshape(-1)
    bits = seeded.mixed(np.arange(len(values), dtype=np.uint32), 0x51C7)
    signed = np.where(bits >> np.uint32(31), values, -values)
    return np.bincount(bits & np.uint32(BUCKETS - 1), signed, BUCKETS).astype(np.float32)


def run(model, rectifiers, x, watching=False):
    rectifiers.start(watching)
    return model(x)


def cast(model, dtype):
    if isinstance(model, Written):
        model.tensors = {name: value.to(dtype) for name, value in model.tensors.items()}
    return model.to(dtype)


def watched(model, rectifiers, x):
    """Forward with everything recorded: ReLUs by order or name, poolings with their inputs."""
    pools, rows = [m for m in model.modules() if isinstance(m, nn.MaxPool2d)], []
    hooks = [m.register_forward_hook(lambda m, inputs, _: rows.append((m, inputs[0]))) for m in pools]
    logits = run(model, rectifiers, x, True)
    for hook in hooks:
        hook.remove()
    return logits, rows


def seed_of(value):
    """The strongest unit of the strongest channel, the first in row-major order."""
    volume = value.detach().reshape(value.shape[1], -1)
    channel = int(volume.max(1).values.argmax())
    at = int(volume[channel].argmax())
    seed = torch.zeros_like(volume)
    seed[channel, at] = volume[channel, at]
    width = value.shape[3] if value.dim() == 4 else 1
    return seed.reshape(value.shape), channel, [at // width, at % width], volume[channel, at].item()


def projections(case, described, model, rectifiers, lrn, x, blobs):
    names, rows, poolings = described["relu"], [], None
    for rule, lrn_rule in RULES.items():
        lrn["rule"] = lrn_rule
        logits, pools = watched(model, rectifiers, x)
        assert len(rectifiers.inputs) == len(names) and len(pools) == len(described["maxPool"])
        # A library's ReLUs come in the order of the zoo's, as its networks here have one path at a time.
        called = names if rectifiers.names[0] is None else rectifiers.names
        order = {name: i for i, name in enumerate(called)}
        if poolings is None:
            poolings = {
                "relu": {name: masks(rectifiers.inputs[order[name]]) for name in names},
                "maxPool": {name: switches(*pool) for name, pool in zip(described["maxPool"], pools)},
            }
        starts = {names[int(depth * len(names))]: None for depth in DEPTHS}
        starts = {name: rectifiers.outputs[order[name]] for name in starts} | {described["logits"]: logits}
        rectifiers.rule = rule
        for node, value in starts.items():
            seed, channel, unit, activation = seed_of(value)
            (gradient,) = torch.autograd.grad(value, x, seed, retain_graph=True)
            picture = flat(gradient).numpy()
            assert np.abs(picture).max() > 0
            key = f"{case}/{node}/{rule}"
            blobs[f"{key}"] = sketch(picture)
            row = {"node": node, "channel": channel, "unit": unit, "value": activation, "rule": rule}
            rows.append(row | {"norm": float(np.linalg.norm(picture))})
    return poolings | {"projections": rows}


def load(described):
    """The network with its seeded weights, its ReLUs, the rule of its normalisations, and the weights by key."""
    ref = described["ref"]
    tensors = {
        f"{p['node']}/{p['name']}": seeded.parameter(f"{ref}/{p['node']}/{p['name']}", p["name"], p["shape"])
        for p in described["parameters"]
    }
    rectifiers, lrn = Rectifiers(), {"rule": "vjp"}
    return build(ref, described, tensors, rectifiers, lambda: lrn["rule"]), rectifiers, lrn, tensors


def as_batch(image):
    return torch.from_numpy(image).permute(2, 0, 1)[None].contiguous()


def make(case, described, blobs):
    amplitude = MODELS[described["ref"]][0]
    model, rectifiers, lrn, tensors = load(described)
    image = seeded.picture(case, described["input"], amplitude)
    x = as_batch(image)
    with torch.no_grad():
        single = run(cast(model, torch.float32), rectifiers, x)[0].double()
        logits = run(cast(model, torch.float64), rectifiers, x.double())[0]
    blobs[f"{case}/logits"] = logits.float().numpy()
    scale = logits.abs().max()
    entry = {
        "amplitude": amplitude,
        "checksum": seeded.checksum(tensors, image),
        "float32Difference": ((single - logits).abs().max() / scale).item(),
    }
    print(case, f"{entry['float32Difference']:.1e}", "std / largest logit", (logits.std() / scale).item(), flush=True)
    if case in PROJECTED:
        for parameter in model.parameters():
            parameter.requires_grad_(False)
        entry |= projections(case, described, model, rectifiers, lrn, x.double().requires_grad_(True), blobs)
    return entry


def choose(described):
    """Prints, for each input, on how many masks and switches float32 may decide otherwise: those within four standard
    deviations of PyTorch's own rounding, layer by layer."""
    model, rectifiers, _, _ = load(described)
    ref, found = described["ref"], []
    for draw in range(1, DRAWS + 1):
        x = as_batch(seeded.picture(f"{ref}@{draw}", described["input"], MODELS[ref][0]))
        with torch.no_grad():
            _, rough_pools = watched(cast(model, torch.float32), rectifiers, x)
            rough = rectifiers.inputs
            _, pools = watched(cast(model, torch.float64), rectifiers, x.double())
        masks_near = windows_near = 0
        for single, exact in zip(rough, rectifiers.inputs):
            masks_near += int((exact.abs() < 4 * (single - exact).square().mean().sqrt()).sum())
        for (_, single), (pool, exact) in zip(rough_pools, pools):
            gap = gaps(pool, exact)
            windows_near += int(((gap > 0) & (gap < 4 * (single - exact).square().mean().sqrt())).sum())
        found.append((masks_near + windows_near, masks_near, windows_near, draw))
    print(ref, "near units and windows, of them units, windows, input:", sorted(found)[:6], flush=True)


def main():
    torch.set_num_threads(2)
    choosing = sys.argv[1:] == ["--choose"]
    cases = NETWORKS if choosing else sys.argv[1:] or CASES
    refs = [case.split("@")[0] for case in cases]
    command = ["npx", "tsx", "tests/parity/names.ts", *refs]
    described = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    if choosing:
        for each in described:
            choose(each)
        return
    index_file, blob_file = OUT / "index.json", OUT / "parity.safetensors"
    everything = len(sys.argv) == 1
    old = {} if everything else json.loads(index_file.read_text())["cases"]
    blobs = {} if everything else dict(safetensors_io.load(blob_file)[0])
    for case, each in zip(cases, described):
        blobs = {key: value for key, value in blobs.items() if not key.startswith(f"{case}/")}
        old[case] = make(case, each, blobs)
    safetensors_io.save(blob_file, blobs)
    index = {"madeBy": "training/parity.py", "torch": torch.__version__.split("+")[0], "cases": old}
    index_file.write_text(json.dumps(index, separators=(",", ":")).replace('"amplitude"', '\n"amplitude"') + "\n")


if __name__ == "__main__":
    main()
