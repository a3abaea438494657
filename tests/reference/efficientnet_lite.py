"""Counts EfficientNet-Lite1 to Lite4 with PyTorch itself, in the rows of extract.py.

    python3 efficientnet_lite.py FOLDER > efficientnet-lite.json

FOLDER holds the unpacked PyPI package efficientnet-lite-pytorch (0.1.0). Shapes are those that a forward pass really
had; a padding that is not the same at both ends is top x bottom x left x right.
"""
import json
import sys

import torch
from torch import nn

sys.path.insert(0, sys.argv[1])
from efficientnet_lite_pytorch import EfficientNet  # noqa: E402

RESOLUTIONS = {1: 240, 2: 260, 3: 280, 4: 300}
index = {}


def hwc(shape):
    channels, height, width = shape
    return f'{height}x{width}x{channels}'


def padding(module):
    static = module.static_padding
    if not isinstance(static, nn.ZeroPad2d):
        return '0x0'
    left, right, top, bottom = static.padding
    return f'{top}x{left}' if top == bottom and left == right else f'{top}x{bottom}x{left}x{right}'


def row(module, before, after):
    if isinstance(module, nn.Linear):
        return (f'dense {module.in_features} > {module.out_features} params {sum(p.numel() for p in module.parameters())} '
                f'macs {module.weight.numel()}')
    params = sum(p.numel() for p in module.parameters())
    sizes = f'{hwc(before)} > {hwc(after)} params {params}'
    if isinstance(module, nn.BatchNorm2d):
        return f'batchNorm {sizes} epsilon {module.eps}'
    macs = module.weight[0].numel() * after.numel()
    kernel, stride = ('x'.join(map(str, each)) for each in (module.kernel_size, module.stride))
    return f'conv {sizes} macs {macs} kernel {kernel} stride {stride} pad {padding(module)} groups {module.groups}'


def count(number, resolution):
    model = EfficientNet.from_name(f'efficientnet-lite{number}').eval()
    rows = []

    def hook(module, inputs, output):
        rows.append(row(module, inputs[0].shape[1:], output.shape[1:]))

    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.BatchNorm2d, nn.Linear)):
            module.register_forward_hook(hook)
    with torch.no_grad():
        model(torch.zeros(1, 3, resolution, resolution))
    macs = sum(int(each.split(' macs ')[1].split(' ')[0]) for each in rows if ' macs ' in each)
    norms = [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    return dict(
        params=sum(p.numel() for p in model.parameters()), macs=macs,
        params_bn=sum(p.numel() for m in norms for p in m.parameters()),
        source='PyPI efficientnet-lite-pytorch 0.1.0, counted by PyTorch (efficientnet_lite.py)',
        layers=[index.setdefault(each, len(index)) for each in rows])


# The package pads in its own forward, before the convolution's hook sees the input: hooks get the unpadded image.
networks = {f'efficientnet_lite{n}': count(n, resolution) for n, resolution in RESOLUTIONS.items()}
rows = ',\n'.join(json.dumps(each) for each in index)
entries = ',\n'.join(f'{json.dumps(k)}:{json.dumps(v, separators=(",", ":"))}' for k, v in networks.items())
print(f'{{"rows":[\n{rows}\n],\n"networks":{{\n{entries}\n}}}}')
