"""Digits as someone draws them with a mouse or a finger: thick round strokes of one width on a canvas.

    python3 training/drawn_digits.py [--weights FILE] [--sheet FILE.png]

Every digit has several ways of being written (a 7 with and without a bar, a 1 as one stroke, an open and a closed 4
...). Each is drawn with random jitter, slant, aspect, size, place and stroke width, prepared like `digit` in
src/models/digit.ts (the ink's bounding box into 20x20, its centre of mass to the middle of 28x28, two more pixels
around) and read by the fp16 weights. Nothing drawn here was used in training.
"""
import argparse
import math
from collections import defaultdict

import numpy as np
import torch
from PIL import Image, ImageDraw

import safetensors_io
from lenet import MEAN, ROOT, STD, LeNet5


def arc(cx, cy, rx, ry, start, end, n=24):
    """Points of an ellipse's arc; degrees, clockwise on screen, 0 = right, -90 = up."""
    return [
        (cx + rx * math.cos(math.radians(a)), cy + ry * math.sin(math.radians(a))) for a in np.linspace(start, end, n)
    ]


# Strokes in a box of 1 x 1 (x right, y down); one list of polylines a way of writing.
WAYS = {
    0: [
        [arc(0.5, 0.5, 0.32, 0.48, -90, 270, 40)],
        [arc(0.5, 0.5, 0.22, 0.5, -60, 310, 40)],
        [arc(0.5, 0.5, 0.45, 0.48, -100, 255, 40)],
    ],
    1: [
        [[(0.5, 0), (0.5, 1)]],
        [[(0.6, 0), (0.4, 1)]],
        [[(0.3, 0.25), (0.52, 0), (0.52, 1)]],
        [[(0.3, 0.25), (0.5, 0), (0.5, 1)], [(0.28, 1), (0.72, 1)]],
    ],
    2: [
        [arc(0.48, 0.28, 0.33, 0.28, -170, 30) + [(0.15, 1), (0.85, 1)]],
        [arc(0.48, 0.28, 0.33, 0.28, -160, 40) + [(0.3, 0.85)] + arc(0.3, 0.88, 0.12, 0.1, 0, 330) + [(0.85, 0.98)]],
        [arc(0.5, 0.25, 0.3, 0.25, -180, 45) + [(0.18, 0.95), (0.45, 0.92), (0.8, 1)]],
    ],
    3: [
        [arc(0.45, 0.25, 0.3, 0.25, -160, 90) + arc(0.45, 0.74, 0.35, 0.26, -90, 150)],
        [[(0.15, 0), (0.8, 0), (0.45, 0.4)] + arc(0.42, 0.7, 0.36, 0.3, -80, 150)],
        [arc(0.45, 0.26, 0.28, 0.26, -140, 80) + [(0.35, 0.5)] + arc(0.45, 0.75, 0.35, 0.25, -80, 160)],
    ],
    4: [
        [[(0.6, 0), (0.1, 0.65), (0.9, 0.65)], [(0.65, 0.3), (0.65, 1)]],
        [[(0.2, 0), (0.15, 0.5), (0.8, 0.5)], [(0.75, 0), (0.72, 1)]],
        [[(0.65, 1), (0.65, 0), (0.1, 0.68), (0.9, 0.68)]],
    ],
    5: [
        [[(0.8, 0), (0.25, 0), (0.2, 0.45)] + arc(0.45, 0.68, 0.35, 0.31, -120, 140)],
        [[(0.25, 0.02), (0.22, 0.42)] + arc(0.43, 0.7, 0.36, 0.3, -110, 140), [(0.25, 0.02), (0.8, 0)]],
    ],
    6: [
        [[(0.65, 0), (0.4, 0.2), (0.22, 0.5)] + arc(0.5, 0.72, 0.3, 0.27, -190, 175)],
        [arc(0.6, 0.6, 0.45, 0.6, -95, -180) + arc(0.47, 0.72, 0.32, 0.27, -180, 180)],
    ],
    7: [
        [[(0.12, 0), (0.85, 0), (0.4, 1)]],
        [[(0.12, 0), (0.85, 0), (0.4, 1)], [(0.35, 0.5), (0.8, 0.5)]],
        [[(0.15, 0.12), (0.18, 0), (0.85, 0), (0.55, 0.45), (0.45, 1)]],
        [[(0.15, 0.05), (0.5, 0.08), (0.82, 0), (0.6, 0.4), (0.5, 1)]],
    ],
    8: [
        [arc(0.5, 0.25, 0.28, 0.25, 90, 450, 30) + arc(0.5, 0.75, 0.33, 0.25, -90, 270, 30)],
        [arc(0.5, 0.25, 0.27, 0.25, -30, -250, 24) + arc(0.5, 0.74, 0.33, 0.26, -70, 240, 30) + [(0.72, 0.15)]],
    ],
    9: [
        [arc(0.48, 0.28, 0.3, 0.28, 0, -360, 30) + [(0.78, 0.28), (0.7, 1)]],
        [arc(0.48, 0.28, 0.3, 0.28, -20, -360, 30) + [(0.78, 0.3)] + arc(0.45, 0.7, 0.33, 0.3, -10, 120)],
        [arc(0.48, 0.3, 0.3, 0.3, -20, -350, 30) + [(0.76, 0.1), (0.74, 1)]],
    ],
}
CANVAS = 280


def draw(strokes, rng):
    """White strokes on a black canvas: a slanted, stretched, trembling copy, drawn with round ends."""
    height = rng.uniform(0.45, 0.85) * CANVAS
    width = height * rng.uniform(0.5, 0.9)
    slant = rng.uniform(-0.1, 0.3)
    turn = math.radians(rng.uniform(-8, 8))
    pen = rng.uniform(0.06, 0.15) * height
    left = rng.uniform(0.1, 0.9) * (CANVAS - width)
    top = rng.uniform(0.1, 0.9) * (CANVAS - height)
    image = Image.new("L", (CANVAS * 2, CANVAS * 2))
    canvas = ImageDraw.Draw(image)
    phase, tremble = rng.uniform(0, 6.28, 4), rng.uniform(0, 0.025)
    for stroke in strokes:
        points = []
        for (x0, y0), (x1, y1) in zip(stroke, stroke[1:]):
            for t in np.linspace(0, 1, max(2, int(12 * math.hypot(x1 - x0, y1 - y0)))):
                points.append((x0 + t * (x1 - x0), y0 + t * (y1 - y0)))
        drawn = []
        for x, y in points:
            x += tremble * (math.sin(7 * y + phase[0]) + math.sin(11 * x + phase[1]))
            y += tremble * (math.sin(8 * x + phase[2]) + math.sin(12 * y + phase[3]))
            x, y = (x - 0.5 + slant * (0.5 - y)) * width, (y - 0.5) * height
            x, y = x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)
            drawn.append(((x + left + width / 2) * 2, (y + top + height / 2) * 2))
        canvas.line(drawn, fill=255, width=round(pen * 2), joint="curve")
        for x, y in (drawn[0], drawn[-1]):
            canvas.ellipse([x - pen, y - pen, x + pen, y + pen], fill=255)
    return image.resize((CANVAS, CANVAS), Image.BILINEAR)


def as_mnist(image):
    """The ink's box into 20x20 with its aspect, stretched to full white, centre of mass at (14, 14) of 28x28."""
    box = image.getbbox()
    width, height = box[2] - box[0], box[3] - box[1]
    longer = max(width, height)
    size = (max(round(width * 20 / longer), 1), max(round(height * 20 / longer), 1))
    small = np.asarray(image.resize(size, Image.BILINEAR, box=box), np.float64)
    small = np.rint(small * 255 / small.max()).astype(np.uint8)
    ys, xs = np.mgrid[: size[1], : size[0]]
    x = int(np.clip(round(14 - (small * xs).sum() / small.sum()), 0, 28 - size[0]))
    y = int(np.clip(round(14 - (small * ys).sum() / small.sum()), 0, 28 - size[1]))
    field = np.zeros((28, 28), np.uint8)
    field[y : y + size[1], x : x + size[0]] = small
    return field


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", default=str(ROOT / "public" / "weights" / "lenet-5-modern.safetensors"))
    parser.add_argument("--sheet", help="writes a picture of what the network saw, 20 a way")
    parser.add_argument("--each", type=int, default=200)
    args = parser.parse_args()
    net = LeNet5().eval()
    tensors, _ = safetensors_io.load(args.weights)
    net.load_state_dict({name: torch.from_numpy(value.astype(np.float32)) for name, value in tensors.items()})
    rng = np.random.RandomState(7)
    rows, right, total = [], 0, 0
    for digit, ways in WAYS.items():
        for number, strokes in enumerate(ways):
            seen = np.stack([as_mnist(draw(strokes, rng)) for _ in range(args.each)])
            x = torch.nn.functional.pad(torch.from_numpy(seen).float().unsqueeze(1) / 255, (2, 2, 2, 2))
            with torch.no_grad():
                answers = net((x - MEAN) / STD).argmax(1).numpy()
            confused = defaultdict(int)
            for answer in answers[answers != digit]:
                confused[int(answer)] += 1
            right += int((answers == digit).sum())
            total += args.each
            print(f"{digit} way {number}: {(answers == digit).mean():.3f} {dict(confused) or ''}")
            order = np.argsort(answers == digit, kind="stable")
            rows.append(np.concatenate(list(seen[order[:20]]), 1))
    print(f"all: {right} of {total}, {right / total:.4f}")
    if args.sheet:
        Image.fromarray(np.concatenate(rows)).save(args.sheet)


if __name__ == "__main__":
    main()
