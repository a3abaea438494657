"""Makes zoo.json: the rows of the reference figures that the zoo's tests compare with.

    python3 extract.py FOLDER > zoo.json

FOLDER holds papers_layers.json, torchvision.json and statedicts.json. Layers are in order of execution; kinds are
named as in src/models/graph.ts, shapes are [height, width, channels]. Flattening has no node of its own and is left out.
"""
import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
papers, torchvision, states = (
    json.loads((folder / f'{name}.json').read_text()) for name in ('papers_layers', 'torchvision', 'statedicts'))

KINDS = {
    'Conv2d': 'conv', 'Convolution': 'conv', 'Linear': 'dense', 'InnerProduct': 'dense', 'ReLU': 'relu', 'Tanh': 'tanh',
    'LocalResponseNorm': 'lrn', 'LRN': 'lrn', 'MaxPool2d': 'maxPool', 'AvgPool2d': 'avgPool',
    'AdaptiveAvgPool2d': 'globalAvgPool', 'BatchNorm2d': 'batchNorm', 'Dropout': 'dropout', 'Concat': 'concat',
    'Softmax': 'softmax'}


def shape(chw):
    return [chw[1], chw[2], chw[0]] if len(chw) == 3 else [1, 1, chw[0]]


def row(layer):
    if layer['type'] == 'Pooling':
        kind = {'MAX': 'maxPool', 'AVE': 'avgPool'}[layer['pool']]
    else:
        kind = KINDS[layer['type']]
    out = dict(name=layer['name'], kind=kind, shape=shape(layer['out']), params=layer['params'])
    for key in ('weight', 'bias', 'macs', 'kernel', 'stride', 'groups'):
        if key in layer:
            out[key] = layer[key]
    return out


def network(entry):
    names = ('params', 'macs', 'macs_conv', 'params_bn', 'params_weights_only', 'activations_leaf',
             'activations_conv_linear', 'act_conv_fc')
    out = {k: entry[k] for k in ('source', *names) if k in entry}
    out['source'] = out.get('source', '').removeprefix('shared/weights: ')
    if 'factory' in entry:
        out['source'] = f"torchvision {entry['factory']}"
    if 'act_conv_fc' in out:
        out['activations_conv_linear'] = out.pop('act_conv_fc')
    if 'layers' in entry:
        out['layers'] = [row(layer) for layer in entry['layers'] if layer['type'] != 'Flatten']
    return out


def totals(entry):
    return {k: v for k, v in network(entry).items() if k != 'layers'}


def state(entry):
    return {k: v for k, v in entry.items() if not k.endswith('num_batches_tracked')}


lenet = papers['lenet5_1998']
result = {
    'lenet-5': dict(
        source=lenet['source'], params=lenet['params'], connections=lenet['connections'],
        fixed=lenet['rbf_fixed_parameters'],
        layers=[dict(name=l['name'], shape=shape(l['out']), params=l['params'], connections=l['connections'],
                     macs=l.get('macs', 0)) for l in lenet['layers']]),
    'lenet-5-modern': network(papers['lenet5_modern_61706']),
    'alexnet-2012': network(papers['alexnet_2012_grouped_227']),
    'zfnet': network(papers['zfnet_fig3']),
    'zfnet-imagenette': network(papers['zfnet_imagenette']),
    'googlenet': network(papers['caffe_bvlc_googlenet']),
    'resnet-18': network(torchvision['resnet18']),
    'resnets': {
        **{f'{depth} stride in 3x3': totals(torchvision[f'resnet{depth}']) for depth in (34, 50, 101, 152)},
        **{f'{depth} stride in 1x1': totals(papers[f'resnet{depth}_paper_stride_in_1x1']) for depth in (50, 101, 152)}},
    'states': {'18': state(states['resnet18']), '50': state(states['resnet50'])},
}


def write(value, depth):
    """One layer or tensor a line, so that a change can be read."""
    if not isinstance(value, (dict, list)) or depth == 0 or not value:
        return json.dumps(value, separators=(',', ':'))
    if isinstance(value, list):
        if not isinstance(value[0], dict):
            return json.dumps(value, separators=(',', ':'))
        return '[\n' + ',\n'.join(write(v, 0) for v in value) + '\n]'
    return '{\n' + ',\n'.join(f'{json.dumps(k)}:{write(v, depth - 1)}' for k, v in value.items()) + '\n}'


print(write(result, 3))
