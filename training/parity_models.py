"""The networks of tests/parity in PyTorch, as others wrote them (torchvision, timm) or from the papers' tables.

Nothing here is read from the TypeScript zoo but the names of its nodes, by which the seeded weights are called. `rectify`
is every ReLU: it may record and change what comes back (training/parity.py).
"""
import re

import timm
import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision


class Written(nn.Module):
    """A network written here: parameters by `node/parameter`."""

    def __init__(self, rectify, lrn_rule):
        super().__init__()
        self.rectify, self.lrn_rule, self.tensors = rectify, lrn_rule, {}

    def conv(self, node, x, stride=1, pad=0, groups=1):
        weight, bias = self.tensors[f"{node}/weight"], self.tensors.get(f"{node}/bias")
        return F.conv2d(x, weight, bias, stride, pad, groups=groups)

    def conv_relu(self, node, x, relu=None, **options):
        return self.rectify(self.conv(node, x, **options), relu or node)

    def norm(self, node, x):
        mean, var, weight, bias = (
            self.tensors[f"{node}/{p}"] for p in ("running_mean", "running_var", "weight", "bias")
        )
        return F.batch_norm(x, mean, var, weight, bias, eps=1e-5)

    def dense(self, node, x):
        return F.linear(x.flatten(1), self.tensors[f"{node}/weight"], self.tensors[f"{node}/bias"])

    def lrn(self, x, alpha, k):
        """PyTorch divides alpha by the window's size, 5."""
        y = F.local_response_norm(x, 5, alpha=alpha, beta=0.75, k=k)
        return x + (y - x).detach() if self.lrn_rule() == "identity" else y


class AlexNet(Written):
    """Krizhevsky et al. 2012: Fig. 2 and Sec. 3.3-3.5; 227 pixels; alpha is not divided by the window's size."""

    def forward(self, x):
        for layer, (stride, pad, groups) in enumerate([(4, 0, 1), (1, 2, 2), (1, 1, 1), (1, 1, 2), (1, 1, 2)], 1):
            x = self.conv_relu(f"conv{layer}", x, stride=stride, pad=pad, groups=groups)
            if layer < 3:
                x = self.lrn(x, alpha=5e-4, k=2.0)
            if layer in (1, 2, 5):
                x = F.max_pool2d(x, 3, 2)
        for layer in ("fc6", "fc7"):
            x = self.rectify(self.dense(layer, x), layer)
        return self.dense("fc8", x)


class GoogLeNet(Written):
    """Szegedy et al. 2014, Table 1, with the poolings and constants of BVLC's deploy.prototxt."""

    def __init__(self, *rest):
        super().__init__(*rest)
        self.pool, self.inner_pool = nn.MaxPool2d(3, 2, ceil_mode=True), nn.MaxPool2d(3, 1, padding=1)

    def module(self, name, x):
        def conv(layer, v, pad=0):
            return self.conv_relu(f"{name}/{layer}", v, f"{name}/relu_{layer}", pad=pad)

        return torch.cat(
            [
                conv("1x1", x),
                conv("3x3", conv("3x3_reduce", x), 1),
                conv("5x5", conv("5x5_reduce", x), 2),
                conv("pool_proj", self.inner_pool(x)),
            ],
            1,
        )

    def forward(self, x):
        x = self.pool(self.conv_relu("conv1", x, "relu1", stride=2, pad=3))
        x = self.lrn(x, alpha=1e-4, k=1.0)
        x = self.conv_relu("conv2_reduce", x, "relu2_reduce")
        x = self.lrn(self.conv_relu("conv2", x, "relu2", pad=1), alpha=1e-4, k=1.0)
        for stage, letters in (("3", "ab"), ("4", "abcde"), ("5", "ab")):
            x = self.pool(x)
            for letter in letters:
                x = self.module(f"inception_{stage}{letter}", x)
        return self.dense("classifier", F.avg_pool2d(x, 7))


class NinCifar(Written):
    """Lin et al. 2014 with the widths of the authors' release; Caffe pools in ceil mode."""

    def forward(self, x):
        for layer, pad in ((1, 2), (2, 2), (3, 1)):
            x = self.conv_relu(f"mlpconv{layer}/conv{layer}", x, pad=pad)
            for i in (1, 2):
                x = self.conv_relu(f"mlpconv{layer}/cccp{2 * layer - 2 + i}", x)
            if layer == 1:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
            if layer == 2:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
        return x.mean((2, 3))


class CifarResNet(Written):
    """He et al. 2015, Sec. 4.2: 6n + 2 layers; option A takes every second value and appends channels of zeros."""

    blocks = 3

    def forward(self, x):
        x = self.rectify(self.norm("bn1", self.conv("conv1", x, pad=1)), "relu1")
        for stage in (2, 3, 4):
            for block in range(1, self.blocks + 1):
                at, stride = f"conv{stage}_x/{block}", 2 if stage > 2 and block == 1 else 1
                y = self.norm(f"{at}/bn1", self.conv(f"{at}/conv1", x, stride=stride, pad=1))
                y = self.rectify(y, f"{at}/relu1")
                y = self.norm(f"{at}/bn2", self.conv(f"{at}/conv2", y, pad=1))
                if stride == 2:
                    x = x[:, :, ::2, ::2]
                    x = torch.cat([x, torch.zeros_like(x)], 1)
                x = self.rectify(x + y, f"{at}/relu2")
        return self.dense("fc", x.mean((2, 3)))


class FractalNet(Written):
    """Larsson et al. 2017, Fig. 1, as the recursion that it defines: f(C+1) = [f(C) of f(C)] joined with one convolution."""

    columns, blocks = 3, 5

    def fractal(self, x, block, column):
        """The paths that end here, shallowest first, not yet joined."""
        self.done[column] += 1
        name = f"{column}_{self.done[column]}"
        y = self.norm(f"{block}/bn{name}", self.conv(f"{block}/conv{name}", x, pad=1))
        shallow = self.rectify(y, f"{block}/relu{name}")
        if column == self.columns:
            return [shallow]
        half = self.join(self.fractal(x, block, column + 1))
        return [shallow, *self.fractal(half, block, column + 1)]

    @staticmethod
    def join(paths):
        return torch.stack(paths).mean(0)

    def forward(self, x):
        for block in range(1, self.blocks + 1):
            self.done = [0] * (self.columns + 1)
            x = F.max_pool2d(self.join(self.fractal(x, f"block{block}", 1)), 2)
        return self.dense("fc", x)


class Rectifier(nn.Module):
    """In the place of a library's ReLU module, which it may use in several places."""

    def __init__(self, rectify):
        super().__init__()
        self.rectify = rectify

    def forward(self, x):
        return self.rectify(x)


def replace_relus(model, rectify):
    for name, child in list(model.named_children()):
        if isinstance(child, nn.ReLU):
            setattr(model, name, Rectifier(rectify))
        else:
            assert not isinstance(child, (nn.ReLU6, nn.SiLU)), name
            replace_relus(child, rectify)
    return model


class DenseNet(nn.Module):
    """torchvision's, whose own forward ends in a functional ReLU that no hook can see."""

    def __init__(self, model, rectify):
        super().__init__()
        self.features, self.classifier, self.rectify = model.features, model.classifier, rectify

    def forward(self, x):
        return self.classifier(self.rectify(self.features(x)).mean((2, 3)))


def densenet_bc(rectify):
    """CIFAR's L=100, k=12: torchvision's blocks behind one 3x3 convolution (Huang et al. 2017, Sec. 3)."""
    model = torchvision.models.DenseNet(12, (16, 16, 16), 24, num_classes=10)
    model.features.conv0 = nn.Conv2d(3, 24, 3, padding=1, bias=False)
    model.features.norm0 = model.features.relu0 = model.features.pool0 = nn.Identity()
    return DenseNet(model, rectify)


def densenet_bc_name(node, parameter):
    node = {"conv1": "features.conv0", "bn_last": "features.norm5", "fc": "classifier"}.get(node, node)
    node = re.sub(r"^dense(\d+)/(\d+)/", r"features.denseblock\1.denselayer\2.", node)
    node = re.sub(r"^transition(\d+)/", r"features.transition\1.", node)
    return f"{re.sub(r'[.]bn', '.norm', node)}.{parameter}"


def resnetv2_name(node, parameter):
    """timm's names of its pre-activation ResNet."""
    node = {"conv1": "stem.conv", "bn_last": "norm", "fc": "head.fc"}.get(node, node)
    unit = re.match(r"conv(\d)_x/(\d+)/(.+)", node)
    if unit:
        stage, block, layer = int(unit[1]) - 2, int(unit[2]) - 1, unit[3]
        layer = "downsample.conv" if layer == "shortcut_conv" else layer.replace("bn", "norm")
        node = f"stages.{stage}.blocks.{block}.{layer}"
    return f"{node}.{parameter}"


def vision(name, **options):
    return lambda rectify: getattr(torchvision.models, name)(**options)


def image_models(name, **options):
    return lambda rectify: timm.create_model(name, **options)


def densenet121(rectify):
    return DenseNet(torchvision.models.densenet121(), rectify)


# Amplitude of the noise: where responses are normalised, that of Caffe's pixels, so that the normalisation matters.
# Then how the model is made, and its names where the zoo has none for the checkpoint.
MODELS = {
    "alexnet-2012": (128, AlexNet, None),
    "alexnet-one-tower": (2, vision("alexnet"), None),
    "googlenet": (128, GoogLeNet, None),
    "resnet-18": (2, vision("resnet18"), None),
    "resnet-50": (2, vision("resnet50"), None),
    "resnext-50-32x4d": (2, vision("resnext50_32x4d"), None),
    "wide-resnet-50-2": (2, vision("wide_resnet50_2"), None),
    "densenet-121": (2, densenet121, None),
    # timm's own rectifier here is ReLU6, as in TF-Slim; the paper's, and the zoo's, is ReLU.
    "mobilenet-v1-100": (2, image_models("mobilenetv1_100", act_layer=nn.ReLU), None),
    "preact-resnet-50": (2, image_models("resnetv2_50"), resnetv2_name),
    "fractalnet-20": (2, FractalNet, None),
    "cifar-resnet-20": (2, CifarResNet, None),
    "densenet-bc-l100-k12": (2, densenet_bc, densenet_bc_name),
    "nin-cifar": (2, NinCifar, None),
    "vgg-d": (2, vision("vgg16"), None),
    "inception-v4": (2, image_models("inception_v4"), None),
}


def build(ref, described, tensors, rectify, lrn_rule):
    """The model with these float32 arrays in it; every tensor of its state must have been given."""
    _, make, name_of = MODELS[ref]
    if isinstance(make, type):
        model = make(rectify, lrn_rule)
        model.tensors = {key: torch.from_numpy(values) for key, values in tensors.items()}
        return model
    model = make(rectify)
    state = {}
    for p in described["parameters"]:
        name = name_of(p["node"], p["name"]) if name_of else p["official"]
        state[name] = torch.from_numpy(tensors[f"{p['node']}/{p['name']}"])
    given = set(state)
    wanted = {name for name in model.state_dict() if not name.endswith("num_batches_tracked")}
    if ref == "preact-resnet-50":  # timm's classifier is a 1x1 convolution
        state["head.fc.weight"] = state["head.fc.weight"].reshape(1000, 2048, 1, 1)
    assert given == wanted, (sorted(given - wanted)[:5], sorted(wanted - given)[:5])
    model.load_state_dict(state, strict=False)
    return replace_relus(model, rectify).eval()
