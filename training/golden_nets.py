"""The three networks in PyTorch with every activation under the name that src/models/zoo gives it.

Written from the papers' tables, apart from the TypeScript zoo: only the node names are shared. Every ReLU is a module of
its own that works out of place, so that full backward hooks see exactly one gradient each (tests/vectors/deconv_ref.py).
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

# Repeats, depthwise kernel, first stride, expansion, output maps (EfficientNet-B0, Table 1).
LITE0 = [
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
]


class Net(nn.Module):
    """`acts` fills while `run` goes forward; `rule` and `lrn` choose what comes backwards."""

    def __init__(self, tensors, dtype):
        super().__init__()
        self.tensors = {name: torch.from_numpy(value.astype("float32")).to(dtype) for name, value in tensors.items()}
        self.relus = nn.ModuleDict()
        self.acts, self.used, self.lrn, self.rule = {}, set(), "vjp", "gradient"

    def t(self, name):
        self.used.add(name)
        return self.tensors[name]

    def put(self, node, value):
        self.acts[node] = value
        return value

    def relu(self, node, x, cap=None):
        key = node.replace("/", "_")
        if key not in self.relus:
            self.relus[key] = nn.ReLU() if cap is None else nn.ReLU6()
            self.relus[key].register_full_backward_hook(self.rectify)
        return self.put(node, self.relus[key](x))

    def response_norm(self, node, x):
        y = F.local_response_norm(x, 5, alpha=1e-4, beta=0.75, k=2.0)
        return self.put(node, x + (y - x).detach() if self.lrn == "identity" else y)

    def conv(self, node, name, x, bias=True, **options):
        bias = self.t(f"{name}.bias") if bias else None
        return self.put(node, F.conv2d(x, self.t(f"{name}.weight"), bias, **options))

    def dense(self, node, name, x):
        return self.put(node, F.linear(x.flatten(1), self.t(f"{name}.weight"), self.t(f"{name}.bias")))

    def run(self, x):
        self.acts = {"input": x}
        out = self.body(x)
        self.put("softmax", torch.softmax(out, 1))
        missed = set(self.tensors) - self.used
        assert not missed, missed
        return out

    def rectify(self, module, grad_input, grad_output):
        """What a ReLU passes down: see the rules in tests/vectors/deconv_ref.py."""
        if self.rule == "deconvnet":
            return (grad_output[0].clamp(min=0),)
        return (grad_input[0].clamp(min=0),) if self.rule == "guided" else None

    def watch(self, x, lrn):
        """A forward pass that `project` can then be called on any number of times."""
        self.lrn, self.leaf = lrn, x.detach().clone().requires_grad_(True)
        self.run(self.leaf)
        self.lrn = "vjp"

    def project(self, node, seed, rule):
        """Vector-Jacobian product of `node` with `seed`, the ReLUs' backward replaced by the rule's: [H, W, C]."""
        self.rule = rule
        (picture,) = torch.autograd.grad(self.acts[node], self.leaf, seed, retain_graph=True)
        return picture[0].permute(1, 2, 0).double().numpy()


class LeNet5(Net):
    def body(self, x):
        x = self.put("tanh1", torch.tanh(self.conv("conv1", "conv1", x)))
        x = self.put("pool1", F.avg_pool2d(x, 2))
        x = self.put("tanh2", torch.tanh(self.conv("conv2", "conv2", x)))
        x = self.put("pool2", F.avg_pool2d(x, 2))
        x = self.put("tanh3", torch.tanh(self.dense("fc1", "fc1", x)))
        x = self.put("tanh4", torch.tanh(self.dense("fc2", "fc2", x)))
        return self.dense("fc3", "fc3", x)


class ZFNetImagenette(Net):
    def body(self, x):
        x = self.relu("relu1", self.conv("conv1", "features.0", x, stride=2, padding=1))
        x = self.put("pool1", F.max_pool2d(x, 3, 2, ceil_mode=True))
        x = self.response_norm("norm1", x)
        x = self.relu("relu2", self.conv("conv2", "features.4", x, stride=2))
        x = self.put("pool2", F.max_pool2d(x, 3, 2, ceil_mode=True))
        x = self.response_norm("norm2", x)
        x = self.relu("relu3", self.conv("conv3", "features.8", x, padding=1))
        x = self.relu("relu4", self.conv("conv4", "features.10", x, padding=1))
        x = self.relu("relu5", self.conv("conv5", "features.12", x, padding=1))
        x = self.put("pool5", F.max_pool2d(x, 3, 2))
        x = self.relu("relu6", self.dense("fc6", "classifier.0", x))
        x = self.relu("relu7", self.dense("fc7", "classifier.3", x))
        return self.dense("fc8", "classifier.6", x)


class EfficientNetLite0(Net):
    def norm(self, node, name, x):
        scale = self.t(f"{name}.weight") / torch.sqrt(self.t(f"{name}.running_var") + 1e-3)
        shift = self.t(f"{name}.bias") - self.t(f"{name}.running_mean") * scale
        return self.put(node, x * scale.reshape(1, -1, 1, 1) + shift.reshape(1, -1, 1, 1))

    def same(self, node, name, x, stride, groups=1):
        """TensorFlow's 'same' padding: the odd row and column go to the bottom and the right."""
        k = self.t(f"{name}.weight").shape[-1]
        pads = []
        for size in (x.shape[3], x.shape[2]):
            total = max((-(-size // stride) - 1) * stride + k - size, 0)
            pads += [total // 2, total - total // 2]
        return self.conv(node, name, F.pad(x, pads), bias=False, stride=stride, groups=groups)

    def body(self, x):
        x = self.relu("stem_relu", self.norm("stem_bn", "_bn0", self.same("stem", "_conv_stem", x, 2)), 6)
        number = 0
        for repeats, _, first_stride, expansion, _ in LITE0:
            for i in range(repeats):
                x = self.block(x, number, first_stride if i == 0 else 1, expansion, i > 0)
                number += 1
        x = self.relu("head_relu", self.norm("head_bn", "_bn1", self.same("head", "_conv_head", x, 1)), 6)
        x = self.put("avgpool", x.mean((2, 3), keepdim=True))
        return self.dense("fc", "_fc", x)

    def block(self, x, number, stride, expansion, add):
        node, name, start = f"block_{number + 1:02d}", f"_blocks.{number}", x
        if expansion != 1:
            x = self.same(f"{node}/expand", f"{name}._expand_conv", x, 1)
            x = self.relu(f"{node}/expand_relu", self.norm(f"{node}/expand_bn", f"{name}._bn0", x), 6)
        x = self.same(f"{node}/depthwise", f"{name}._depthwise_conv", x, stride, groups=x.shape[1])
        x = self.relu(f"{node}/depthwise_relu", self.norm(f"{node}/depthwise_bn", f"{name}._bn1", x), 6)
        x = self.norm(f"{node}/project_bn", f"{name}._bn2", self.same(f"{node}/project", f"{name}._project_conv", x, 1))
        return self.put(f"{node}/add", x + start) if add else x


NETS = {
    "lenet-5-modern": LeNet5,
    "zfnet-imagenette": ZFNetImagenette,
    "efficientnet-lite0": EfficientNetLite0,
}
