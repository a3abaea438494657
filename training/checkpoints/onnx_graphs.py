"""Writes tests/checkpoints/onnx.json: operations, tensor names and shapes of ONNX files, without their values.

    python3 training/checkpoints/onnx_graphs.py

The `light_*` models are the ONNX zoo's graphs as the onnx package ships them for its own tests: their weights are made by
ConstantOfShape operations, which stand here as tensors of that shape. The others are exported by torch.onnx from torchvision's
and timm's networks.
"""

import json
import sys
from pathlib import Path

import onnx
from onnx import AttributeProto, ModelProto, helper, numpy_helper

from exports import EXPORTS, export

ROOT = Path(__file__).resolve().parents[2]
LIGHT = Path(onnx.__file__).parent / 'backend/test/data/light'
LIGHT_NAMES = [
    'bvlc_alexnet',
    'densenet121',
    'inception_v1',
    'resnet50',
    'shufflenet',
    'squeezenet',
    'vgg19',
    'zfnet512',
]


def attribute(each: AttributeProto):
    """A number, a text or a list of numbers, as the reader of the page gives it."""
    value = helper.get_attribute_value(each)
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, (list, tuple)) or hasattr(value, '__iter__'):
        return list(value)
    return None


def describe(model: ModelProto) -> dict:
    tensors = {each.name: list(each.dims) for each in model.graph.initializer}
    shapes = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    layers = []
    for node in model.graph.node:
        if node.op_type == 'ConstantOfShape' and node.input[0] in shapes:
            tensors[node.output[0]] = [int(size) for size in shapes[node.input[0]]]
            tensors.pop(node.input[0], None)
            continue
        if node.op_type == 'Constant':
            value = numpy_helper.to_array(node.attribute[0].t)
            tensors[node.output[0]] = list(value.shape)
            continue
        attributes = {each.name: attribute(each) for each in node.attribute}
        attributes = {name: value for name, value in attributes.items() if value is not None}
        kind = f'{node.domain}.{node.op_type}' if node.domain not in ('', 'ai.onnx') else node.op_type
        layers.append([kind, list(node.input), list(node.output), attributes])
    return {'tensors': tensors, 'layers': layers if len(layers[0][2][0]) < 4 else shortened(layers, tensors)}


def shortened(layers: list, tensors: dict) -> list:
    """The same with values called v0, v1, ...: torch.onnx gives them paths."""
    names: dict[str, str] = {}

    def short(value: str) -> str:
        return value if value in tensors or value == '' else names.setdefault(value, f'v{len(names)}')

    return [[kind, [short(v) for v in inputs], [short(v) for v in outputs], rest] for kind, inputs, outputs, rest in layers]


def main() -> None:
    graphs = {}
    for name in LIGHT_NAMES:
        graphs[f'light_{name}'] = describe(onnx.load(LIGHT / f'light_{name}.onnx'))
    for name in EXPORTS:
        graphs[name] = describe(onnx.load(export(name), load_external_data=False))
        print(name, len(graphs[name]['layers']), 'operations', file=sys.stderr)
    text = ',\n'.join(f'{json.dumps(name)}: {json.dumps(graph, separators=(",", ":"))}' for name, graph in graphs.items())
    (ROOT / 'tests/checkpoints/onnx.json').write_text('{\n' + text + '\n}\n')


if __name__ == '__main__':
    main()
