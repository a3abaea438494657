"""Writes tests/checkpoints/small: narrow networks with random weights as torchvision, timm and torch.onnx save them.

    python3 training/checkpoints/small.py

The weights are rounded to what the file holds before PyTorch answers, in double precision.
"""

import json
from pathlib import Path

import torch
import torchvision.models as tv
from safetensors.torch import save_file
from timm.models.efficientnet import _gen_mobilenet_v1, _gen_mobilenet_v2
from torch import nn

from make import lua_keys
from seeded import randomise

FOLDER = Path(__file__).resolve().parents[2] / 'tests/checkpoints/small'
SIZE = 64


def pattern(size: int) -> torch.Tensor:
    """Value i is a hash of i between -1 and 1; tests/checkpoints/small.numerics.test.ts makes the same."""
    index = torch.arange(3 * size * size, dtype=torch.int64)
    return ((index * 2654435761) % 2**32).double().div(2**31).sub(1).reshape(1, 3, size, size)


def halved(model: nn.Module) -> dict:
    """The state dict in half precision; the model then computes with exactly these numbers."""
    state = {key: value.half() if value.is_floating_point() else value for key, value in model.state_dict().items()}
    model.load_state_dict(state)
    return state


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    cases = {}

    def note(file: str, network: str, source: str, model: nn.Module) -> None:
        with torch.no_grad():
            logits = model.double()(pattern(SIZE))[0].tolist()
        cases[file] = {'network': network, 'source': source, 'logits': logits}

    wide = 'resolution=64&classes=10'
    model = randomise(tv.mobilenet_v2(width_mult=0.1, num_classes=10))
    # A root of 21 letters in the archive: see src/workers/readers/zip.redundant.ts.
    torch.save(halved(model), FOLDER / 'torchvision-mobilenet.pth')
    note('torchvision-mobilenet.pth', f'mobilenet-v2?alpha=0.1&{wide}', 'torchvision', model)

    model = randomise(_gen_mobilenet_v2('mobilenetv2_100', 0.1, num_classes=10))
    save_file(halved(model), FOLDER / 'timm-mobilenetv2.safetensors')
    note('timm-mobilenetv2.safetensors', f'mobilenet-v2?alpha=0.1&{wide}', 'timm', model)

    model = randomise(_gen_mobilenet_v1('mobilenetv1_100', 0.25, num_classes=10))
    save_file(halved(model), FOLDER / 'timm-mobilenetv1.safetensors')
    v1 = 'mobilenet-v1?alpha=0.25&resolution=96&classes=10&activation=relu6'
    with torch.no_grad():
        logits = model.double()(pattern(96))[0].tolist()
    cases['timm-mobilenetv1.safetensors'] = {'network': v1, 'source': 'timm', 'logits': logits}

    model = randomise(tv.DenseNet(4, (6, 12, 24, 16), 8, num_classes=10))
    torch.save(lua_keys(halved(model)), FOLDER / 'torchvision-densenet121.pth', _use_new_zipfile_serialization=False)
    note('torchvision-densenet121.pth', f'densenet?k=4&{wide}', 'torchvision-lua', model)

    for folded in (True, False):
        model = randomise(tv.mobilenet_v2(width_mult=0.1, num_classes=10))
        file = f'mobilenet_v2-{"folded" if folded else "unfolded"}.onnx'
        mode = torch.onnx.TrainingMode.EVAL if folded else torch.onnx.TrainingMode.PRESERVE
        torch.onnx.export(
            model, (pattern(SIZE).float(),), FOLDER / file, dynamo=False, training=mode, do_constant_folding=folded
        )
        note(file, f'mobilenet-v2?alpha=0.1&{wide}', 'onnx', model)

    (FOLDER / 'index.json').write_text(json.dumps(cases, indent=1) + '\n')


if __name__ == '__main__':
    main()
