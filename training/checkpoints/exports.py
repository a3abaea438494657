"""torch.onnx exports of torchvision's and timm's networks with random weights, kept outside the repository."""

import os
import tempfile
from pathlib import Path
from typing import Callable, NamedTuple

import timm
import torch
import torchvision.models as tv
from torch import nn

from seeded import picture, randomise

FOLDER = Path(os.environ.get('CHECKPOINTS', Path(tempfile.gettempdir()) / 'convscope-checkpoints'))


class Export(NamedTuple):
    make: Callable[[], nn.Module]
    size: int = 224
    """Whether the exporter may multiply the normalisations into the convolutions."""
    folded: bool = True
    """torch.export, PyTorch's newer exporter, instead of TorchScript."""
    dynamo: bool = False


EXPORTS: dict[str, Export] = {
    'resnet18-folded': Export(lambda: tv.resnet18()),
    'resnet18-unfolded': Export(lambda: tv.resnet18(), folded=False),
    'resnet18-dynamo': Export(lambda: tv.resnet18(), dynamo=True),
    'googlenet-folded': Export(lambda: tv.googlenet(aux_logits=False, init_weights=False)),
    'googlenet-unfolded': Export(lambda: tv.googlenet(aux_logits=False, init_weights=False), folded=False),
    'mobilenet_v2-folded': Export(lambda: tv.mobilenet_v2()),
    'mobilenet_v2-unfolded': Export(lambda: tv.mobilenet_v2(), folded=False),
    'mobilenet_v2-dynamo': Export(lambda: tv.mobilenet_v2(), dynamo=True),
    'vgg11_bn-folded': Export(lambda: tv.vgg11_bn()),
    'vgg11_bn-unfolded': Export(lambda: tv.vgg11_bn(), folded=False),
    'alexnet-dynamo': Export(lambda: tv.alexnet(), dynamo=True),
    'squeezenet1_1-folded': Export(lambda: tv.squeezenet1_1()),
    'densenet121-folded': Export(lambda: tv.densenet121()),
    'inception_v3-folded': Export(lambda: tv.inception_v3(aux_logits=False, init_weights=False), 299),
    'timm-inception_v4-folded': Export(lambda: timm.create_model('inception_v4'), 299),
    'timm-resnetv2_50-folded': Export(lambda: timm.create_model('resnetv2_50')),
    'timm-vgg11-folded': Export(lambda: timm.create_model('vgg11')),
    'timm-mobilenetv1_100-folded': Export(lambda: timm.create_model('mobilenetv1_100')),
}


def export(name: str) -> Path:
    """The exported file; made where it is not there yet."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f'{name}.onnx'
    if path.exists():
        return path
    make, size, folded, dynamo = EXPORTS[name]
    model = randomise(make())
    if dynamo:
        torch.onnx.export(model, (picture(size),), path, dynamo=True, external_data=False)
    else:
        torch.onnx.export(
            model,
            (picture(size),),
            path,
            dynamo=False,
            opset_version=17,
            training=torch.onnx.TrainingMode.EVAL if folded else torch.onnx.TrainingMode.PRESERVE,
            do_constant_folding=folded,
        )
    return path
