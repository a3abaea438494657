"""Makes pooling.json: what PyTorch's pooling really does at the edges, for every small case.

    python3 pooling.py > pooling.json

A row is [size, kernel, stride, padding, ceil, counts padding, outputs]: the average pooling of a line of ones, whose
values are (positions inside the input) / (divisor) of each window.
"""
import json

import torch
from torch.nn.functional import avg_pool1d

rows = []
for size in range(1, 10):
    for kernel in range(1, 5):
        for stride in range(1, 5):
            for padding in range(kernel // 2 + 1):
                for ceil in (False, True):
                    if size + 2 * padding < kernel and not ceil:
                        continue
                    for counts in (False, True):
                        try:
                            out = avg_pool1d(torch.ones(1, 1, size), kernel, stride, padding, ceil, counts)
                        except RuntimeError:
                            continue
                        rows.append([size, kernel, stride, padding, int(ceil), int(counts),
                                     [round(v, 6) for v in out[0, 0].tolist()]])
print('[\n' + ',\n'.join(json.dumps(r, separators=(',', ':')) for r in rows) + '\n]')
