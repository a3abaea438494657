"""Resized pictures as Pillow makes them: the goldens of src/models/resize.test.ts.

    python3 tests/reference/resize/make_goldens.py

Needs Pillow only. The sources are computed from a formula that the test repeats, so that only results are stored, as
base64 of the raw bytes. Each case: channels, source size, result size, filter, box (or null).
"""

import base64
import json
import pathlib

from PIL import Image, __version__

CASES = [
    (3, (61, 47), (16, 12), "bilinear", None),
    (3, (61, 47), (16, 12), "bicubic", None),
    (3, (13, 9), (29, 31), "bilinear", None),
    (3, (13, 9), (29, 31), "bicubic", None),
    (3, (50, 40), (50, 17), "bicubic", None),
    (3, (50, 40), (21, 40), "bilinear", None),
    (1, (97, 33), (20, 20), "bilinear", None),
    (1, (97, 33), (20, 20), "bicubic", None),
    (4, (33, 21), (10, 40), "bicubic", None),
    (3, (64, 64), (15, 11), "bicubic", (3, 5, 50, 60)),
    (3, (64, 64), (24, 24), "bilinear", (10.25, 7.5, 40.75, 33.125)),
    (1, (3, 2), (1, 1), "bicubic", None),
    (3, (1, 1), (5, 4), "bicubic", None),
    (1, (700, 3), (7, 3), "bicubic", None),
]
MODES = {1: "L", 3: "RGB", 4: "RGBX"}
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def source(width, height, channels):
    """Hard edges and noise: a linear congruential generator, every third byte pushed to black or white."""
    state, out = 12345, bytearray()
    for i in range(width * height * channels):
        state = (state * 1103515245 + 12345) % 2147483648
        value = (state >> 16) & 255
        out.append(255 if i % 3 == 0 and value > 127 else 0 if i % 3 == 0 else value)
    return bytes(out)


def main():
    cases = []
    for channels, size, to, name, box in CASES:
        image = Image.frombytes(MODES[channels], size, source(*size, channels))
        result = image.resize(to, FILTERS[name], box=box)
        cases.append(
            {
                "channels": channels,
                "from": size,
                "to": to,
                "filter": name,
                "box": box,
                "bytes": base64.b64encode(result.tobytes()).decode(),
            }
        )
    path = pathlib.Path(__file__).with_name("pillow.json")
    path.write_text(json.dumps({"pillow": __version__, "cases": cases}, indent=1) + "\n")
    print(path.stat().st_size, "bytes")


main()
