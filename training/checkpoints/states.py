"""Writes tests/checkpoints/states.json: names and shapes of every tensor in the publishers' state dicts.

    python3 training/checkpoints/states.py

One entry a module: the weight's shape, and 0 (weight alone), 1 (bias too) or 2 (a normalisation's five tensors).
"""

import json
from pathlib import Path

import timm
import torch
import torchvision.models as tv

from make import lua_keys

TIMM = [
    'vgg11', 'vgg16', 'vgg19_bn', 'resnet18', 'resnet50', 'resnext50_32x4d', 'resnext101_64x4d', 'wide_resnet50_2',
    'wide_resnet101_2', 'densenet121', 'densenet161', 'inception_v3', 'inception_v4', 'mobilenetv1_100', 'mobilenetv2_100',
    'resnetv2_50',
]  # fmt: skip
TORCHVISION = ['wide_resnet101_2', 'resnext101_64x4d', 'densenet161']


def modules(state: dict) -> dict:
    found: dict = {}
    for key, value in state.items():
        module, _, part = key.rpartition('.')
        shape, kind = found.get(module, (None, 0))
        if part == 'weight':
            shape = list(value.shape)
        elif part == 'bias':
            kind = max(kind, 1)
        elif part in ('running_mean', 'running_var', 'num_batches_tracked'):
            kind = 2
        else:
            raise ValueError(key)
        found[module] = (shape, kind)
    return found


def main() -> None:
    with torch.device('meta'):
        states = {f'timm/{name}': timm.create_model(name).state_dict() for name in TIMM}
        states |= {f'torchvision/{name}': getattr(tv, name)().state_dict() for name in TORCHVISION}
        for name in ('googlenet', 'inception_v3'):
            states[f'torchvision/{name}'] = getattr(tv, name)(aux_logits=True, init_weights=False).state_dict()
        states['torchvision-lua/densenet121'] = lua_keys(tv.densenet121().state_dict())
    text = ',\n'.join(f'{json.dumps(name)}: {json.dumps(modules(state), separators=(",", ":"))}' for name, state in states.items())
    (Path(__file__).resolve().parents[2] / 'tests/checkpoints/states.json').write_text('{\n' + text + '\n}\n')


if __name__ == '__main__':
    main()
