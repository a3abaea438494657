"""Writes tests/reference/weights.json: the rows of the reference's tables of published weights, as they stand there.

    python3 tests/reference/extract_weights.py REFERENCE/weights.md
"""

import json
import sys
from pathlib import Path

text = Path(sys.argv[1]).read_text()
sections = {part.split('\n', 1)[0]: part for part in text.split('\n## ')[1:]}


def rows(section: str, columns: int) -> list[list[str]]:
    part = next(body for title, body in sections.items() if title.startswith(section))
    found = []
    for line in part.split('\n'):
        cells = [cell.strip() for cell in line.strip().strip('|').split('|')]
        if line.startswith('|') and len(cells) == columns and not set(cells[0]) <= set('-') and cells[0] not in ('weights', 'repo', 'file'):
            found.append(cells)
    return found


def number(cell: str) -> float | None:
    digits = cell.replace(',', '').replace('~', '').strip()
    return None if digits in ('-', '') else float(digits)


torchvision = []
for name, file, params, size, crop, top1, top5 in rows('1.', 7):
    pixels = [int(part.split('(')[0]) for part in crop.split('/')]
    torchvision.append({'name': name, 'file': file, 'params': int(number(params)), 'mebibytes': number(size.split('(')[0]), 'crop': pixels[0], 'resize': pixels[1], 'top1': number(top1), 'top5': number(top5)})

timm = []
for repo, size, pct, filter_, norm, accuracy, params, licence in rows('2.', 8):
    top1, top5 = (number(each) for each in accuracy.split('/'))
    timm.append({'repo': repo.rstrip('*'), 'crop': int(size), 'pct': float(pct), 'filter': filter_, 'mean': norm, 'top1': top1, 'top5': top5, 'millions': number(params), 'licence': licence})

onnx = []
for file, size, sha, accuracy, licence in rows('3.', 5):
    top1, top5 = (number(each.replace('(!)', '')) for each in accuracy.split('/')) if '/' in accuracy else (None, None)
    onnx.append({'file': file, 'bytes': int(number(size)), 'sha256': sha, 'top1': top1, 'top5': top5, 'licence': licence})


def lines(each: list[dict]) -> str:
    return '[\n' + ',\n'.join('    ' + json.dumps(row) for row in each) + '\n  ]'


out = f'{{\n  "torchvision": {lines(torchvision)},\n  "timm": {lines(timm)},\n  "onnx": {lines(onnx)}\n}}\n'
(Path(__file__).parent / 'weights.json').write_text(out)
