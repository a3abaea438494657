"""Counts EfficientNet-Lite0 with PyTorch itself: one row a convolution and linear layer, in order of execution.

    python3 efficientnet_lite0.py FOLDER > efficientnet-lite0.json

FOLDER holds the unpacked PyPI package efficientnet-lite-pytorch (0.1.0). Parameters are those of the modules; MACs are
output elements times the weights that each reads (no bias, no normalisation), taken from the shapes that a forward
pass on a 224x224 image really had; "state" lists every tensor of the state dict but num_batches_tracked.
"""
import json
import sys

import torch
from torch import nn

sys.path.insert(0, sys.argv[1])
from efficientnet_lite_pytorch import EfficientNet  # noqa: E402

model = EfficientNet.from_name('efficientnet-lite0').eval()
layers = []


def count(name):
    def hook(module, inputs, output):
        if isinstance(module, nn.Conv2d):
            per_output = module.weight[0].numel()
            before = list(inputs[0].shape[1:])
        else:
            per_output = module.in_features
            before = [module.in_features]
        layers.append(dict(
            name=name, type=type(module).__name__, **{'in': before}, out=list(output.shape[1:]),
            weight=module.weight.numel(), bias=0 if module.bias is None else module.bias.numel(),
            macs=output[0].numel() * per_output))
    return hook


for name, module in model.named_modules():
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        module.register_forward_hook(count(name))
with torch.no_grad():
    model(torch.zeros(1, 3, 224, 224))

state = {k: list(v.shape) for k, v in model.state_dict().items() if not k.endswith('num_batches_tracked')}
norms = [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
json.dump(dict(
    source='PyPI efficientnet-lite-pytorch 0.1.0, counted by PyTorch (efficientnet_lite0.py)',
    params=sum(p.numel() for p in model.parameters()), macs=sum(row['macs'] for row in layers),
    normalisation=sum(p.numel() for m in norms for p in m.parameters()),
    epsilons=sorted({m.eps for m in norms}),
    strides_and_pads=[
        dict(name=n, stride=list(m.stride),
             pad=[m.static_padding.padding[i] for i in (2, 3, 0, 1)] if isinstance(m.static_padding, nn.ZeroPad2d) else [0, 0, 0, 0])
        for n, m in model.named_modules() if isinstance(m, nn.Conv2d)],
    layers=layers, state=state), sys.stdout, indent=None, separators=(',', ':'))
