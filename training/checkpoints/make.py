"""Checkpoints as the publishers save them, with random weights, and what PyTorch answers: for scripts/checkpoint-parity.ts.

    CHECKPOINTS=/some/folder python3 training/checkpoints/make.py [NAME ...]

Writes for every case a file in its publisher's format (torchvision: pickled state dict, timm: safetensors, ONNX: torch.onnx)
and NAME.json: the zoo's reference, the source of its names, and the logits in double precision for picture-SIZE.f32.
"""

import json
import sys
from typing import Callable, NamedTuple

import timm
import torch
import torchvision.models as tv
from safetensors.torch import save_file
from torch import nn

from exports import EXPORTS, FOLDER, export
from seeded import picture, randomise


class Case(NamedTuple):
    network: str
    source: str
    make: Callable[[], nn.Module]
    size: int = 224
    legacy: bool = False


def lua_keys(state: dict) -> dict:
    """The keys of the released DenseNets, ported from Torch: `denselayer1.norm.1` for `denselayer1.norm1`."""
    return {
        key.replace('.norm1.', '.norm.1.').replace('.norm2.', '.norm.2.').replace('.conv1.', '.conv.1.').replace('.conv2.', '.conv.2.'): value
        for key, value in state.items()
    }


def with_aux(name: str) -> Callable[[], nn.Module]:
    """The published files hold the auxiliary classifiers."""
    return lambda: getattr(tv, name)(aux_logits=True, init_weights=False, transform_input=False)


def of_timm(name: str) -> Callable[[], nn.Module]:
    return lambda: timm.create_model(name)


CASES: dict[str, Case] = {
    'torchvision-alexnet': Case('alexnet-one-tower', 'torchvision', tv.alexnet),
    'torchvision-vgg16': Case('vgg-d', 'torchvision', tv.vgg16),
    'torchvision-vgg11_bn': Case('vgg-a-bn', 'torchvision', tv.vgg11_bn),
    'torchvision-googlenet': Case('googlenet-torchvision', 'torchvision', with_aux('googlenet')),
    'torchvision-resnet18': Case('resnet-18', 'torchvision', tv.resnet18, legacy=True),
    'torchvision-resnet50': Case('resnet-50', 'torchvision', tv.resnet50),
    'torchvision-resnext50_32x4d': Case('resnext-50-32x4d', 'torchvision', tv.resnext50_32x4d),
    'torchvision-wide_resnet50_2': Case('wide-resnet-50-2', 'torchvision', tv.wide_resnet50_2),
    'torchvision-densenet121': Case('densenet-121', 'torchvision-lua', tv.densenet121, legacy=True),
    'torchvision-inception_v3': Case('inception-v3', 'torchvision', with_aux('inception_v3'), 299),
    'torchvision-mobilenet_v2': Case('mobilenet-v2', 'torchvision', tv.mobilenet_v2),
    'torchvision-squeezenet1_0': Case('squeezenet-1-0', 'torchvision', tv.squeezenet1_0),
    'torchvision-squeezenet1_1': Case('squeezenet-1-1', 'torchvision', tv.squeezenet1_1),
    'timm-vgg16': Case('vgg-d', 'timm', of_timm('vgg16')),
    'timm-vgg11_bn': Case('vgg-a-bn', 'timm', of_timm('vgg11_bn')),
    'timm-resnet50': Case('resnet-50', 'timm', of_timm('resnet50')),
    'timm-resnext50_32x4d': Case('resnext-50-32x4d', 'timm', of_timm('resnext50_32x4d')),
    'timm-wide_resnet50_2': Case('wide-resnet-50-2', 'timm', of_timm('wide_resnet50_2')),
    'timm-densenet121': Case('densenet-121', 'timm', of_timm('densenet121')),
    'timm-inception_v3': Case('inception-v3', 'timm', of_timm('inception_v3'), 299),
    'timm-inception_v4': Case('inception-v4', 'timm', of_timm('inception_v4'), 299),
    'timm-mobilenetv1_100': Case('mobilenet-v1?activation=relu6', 'timm', of_timm('mobilenetv1_100')),
    'timm-mobilenetv2_100': Case('mobilenet-v2', 'timm', of_timm('mobilenetv2_100')),
    'timm-resnetv2_50': Case('preact-resnet-50', 'timm', of_timm('resnetv2_50')),
}

ONNX_NETWORKS = {
    'resnet18-folded': 'resnet-18',
    'resnet18-unfolded': 'resnet-18',
    'resnet18-dynamo': 'resnet-18',
    'googlenet-folded': 'googlenet-torchvision',
    'googlenet-unfolded': 'googlenet-torchvision',
    'mobilenet_v2-folded': 'mobilenet-v2',
    'mobilenet_v2-unfolded': 'mobilenet-v2',
    'mobilenet_v2-dynamo': 'mobilenet-v2',
    'vgg11_bn-folded': 'vgg-a-bn',
    'vgg11_bn-unfolded': 'vgg-a-bn',
    'alexnet-dynamo': 'alexnet-one-tower',
    'squeezenet1_1-folded': 'squeezenet-1-1',
    'densenet121-folded': 'densenet-121',
    'inception_v3-folded': 'inception-v3',
    'timm-inception_v4-folded': 'inception-v4',
    'timm-resnetv2_50-folded': 'preact-resnet-50',
    'timm-vgg11-folded': 'vgg-a',
    'gluon-resnet50_v1': 'resnet-50-paper',
    'gluon-resnet18_v2': 'preact-resnet?depth=18&inputNorm=true',
    'gluon-resnet50_v2': 'preact-resnet?inputNorm=true',
    'timm-mobilenetv1_100-folded': 'mobilenet-v1?activation=relu6',
}


def logits(model: nn.Module, size: int) -> list[float]:
    with torch.no_grad():
        return model.double()(picture(size).double())[0].tolist()


def write(name: str, network: str, source: str, file: str, size: int, scores: list[float]) -> None:
    picture(size).numpy().tofile(FOLDER / f'picture-{size}.f32')
    case = {'network': network, 'source': source, 'file': file, 'size': size, 'logits': scores}
    (FOLDER / f'{name}.json').write_text(json.dumps(case))
    print(f'{name}: largest logit {max(map(abs, scores)):.3g}', flush=True)


def make(name: str) -> None:
    if name in EXPORTS:
        path = export(name)
        model = randomise(EXPORTS[name].make())
        write(name, ONNX_NETWORKS[name], 'onnx', path.name, EXPORTS[name].size, logits(model, EXPORTS[name].size))
        return
    network, source, build, size, legacy = CASES[name]
    model = randomise(build())
    state = {key: value.contiguous() for key, value in model.state_dict().items()}
    if name.startswith('timm'):
        file = f'{name}.safetensors'
        save_file(state, FOLDER / file)
    else:
        file = f'{name}.pth'
        saved = lua_keys(state) if source == 'torchvision-lua' else model.state_dict()
        torch.save(saved, FOLDER / file, _use_new_zipfile_serialization=not legacy)
    write(name, network, source, file, size, logits(model, size))


if __name__ == '__main__':
    FOLDER.mkdir(parents=True, exist_ok=True)
    for each in sys.argv[1:] or [*CASES, *EXPORTS]:
        make(each)
