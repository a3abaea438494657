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


class UnitV1(nn.Module):
    """A bottleneck of MXNet's v1 networks (BottleneckV1): stride in the first 1x1, and biases in both 1x1."""

    def __init__(self, channels: int, stride: int, project: bool, entering: int):
        super().__init__()
        inner = channels // 4
        self.body = nn.Sequential(
            nn.Conv2d(entering, inner, 1, stride),
            nn.BatchNorm2d(inner),
            nn.ReLU(),
            nn.Conv2d(inner, inner, 3, 1, 1, bias=False),
            nn.BatchNorm2d(inner),
            nn.ReLU(),
            nn.Conv2d(inner, channels, 1),
            nn.BatchNorm2d(channels),
        )
        self.project = nn.Sequential(nn.Conv2d(entering, channels, 1, stride, bias=False), nn.BatchNorm2d(channels)) if project else nn.Identity()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        residual = self.project(x)
        return torch.relu(residual + self.body(x))


def gluon_v1(counts: list[int]) -> nn.Module:
    layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    entering = 64
    for stage, count in enumerate(counts):
        for i in range(count):
            layers.append(UnitV1(256 * 2**stage, 2 if stage > 0 and i == 0 else 1, i == 0, entering))
            entering = 256 * 2**stage
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(entering, 1000))


class UnitV2(nn.Module):
    """A unit of MXNet's v2 networks (gluon model_zoo, BasicBlockV2 and BottleneckV2)."""

    def __init__(self, channels: int, stride: int, project: bool, entering: int, bottleneck: bool):
        super().__init__()
        inner = channels // 4 if bottleneck else channels
        kernels = [1, 3, 1] if bottleneck else [3, 3]
        strides = [1, stride, 1] if bottleneck else [stride, 1]
        widths = [entering, *[inner] * (len(kernels) - 1), channels]
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in widths[:-1])
        self.convs = nn.ModuleList(
            nn.Conv2d(a, b, kernel, s, kernel // 2, bias=False) for a, b, kernel, s in zip(widths, widths[1:], kernels, strides)
        )
        self.project = nn.Conv2d(entering, channels, 1, stride, bias=False) if project else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        residual, y = x, x
        for i, (norm, conv) in enumerate(zip(self.norms, self.convs)):
            y = torch.relu(norm(y))
            if i == 0 and self.project is not None:
                residual = self.project(y)
            y = conv(y)
        return y + residual


class GluonV2(nn.Sequential):
    """MXNet's ResNet v2: the picture is normalised by a layer of its own."""

    def __init__(self, counts: list[int], bottleneck: bool):
        layers = [nn.BatchNorm2d(3), nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
        entering = 64
        for stage, count in enumerate(counts):
            channels = 64 * 2**stage * (4 if bottleneck else 1)
            for i in range(count):
                stride = 2 if stage > 0 and i == 0 else 1
                layers.append(UnitV2(channels, stride, i == 0 and channels != entering, entering, bottleneck))
                entering = channels
        layers += [nn.BatchNorm2d(entering), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(entering, 1000)]
        super().__init__(*layers)


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
    'gluon-resnet50_v1': Export(lambda: gluon_v1([3, 4, 6, 3]), folded=False),
    'gluon-resnet18_v2': Export(lambda: GluonV2([2, 2, 2, 2], False), folded=False),
    'gluon-resnet50_v2': Export(lambda: GluonV2([3, 4, 6, 3], True), folded=False),
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
