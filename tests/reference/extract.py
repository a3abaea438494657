"""Makes layers.json and states.json: the reference figures that the zoo's tests compare with.

    python3 extract.py FOLDER

FOLDER holds papers_layers.json, torchvision.json and statedicts.json. A layer with parameters or a window is one row, in
order of execution; a row is a text, so that a difference can be read:

    conv 224x224x3 > 112x112x64 params 9408 macs 118013952 kernel 7x7 stride 2x2 pad 3x3 groups 1

with heights, widths and channels in the order of the graphs. Equal rows are stored once (`rows`), a network holds their
indices. Activations, dropout, sums and concatenations have no row; a pool that changes nothing has none either. Pools
state no padding: ceil mode is written in several ways that make the same windows.
"""
import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
here = Path(__file__).parent
papers, torchvision, states = (
    json.loads((folder / f'{name}.json').read_text()) for name in ('papers_layers', 'torchvision', 'statedicts'))

KINDS = {
    'Conv2d': 'conv', 'Convolution': 'conv', 'Linear': 'dense', 'InnerProduct': 'dense',
    'LocalResponseNorm': 'lrn', 'LRN': 'lrn', 'MaxPool2d': 'maxPool', 'AvgPool2d': 'avgPool',
    'AdaptiveAvgPool2d': 'avgPool', 'BatchNorm2d': 'batchNorm', 'BatchNormAct2d': 'batchNorm', 'Scale': 'batchNorm'}
# Caffe's BatchNorm has statistics only; its gamma and beta are the Scale after it.
WITHOUT_ROW = {
    'ReLU', 'ReLU6', 'Tanh', 'Dropout', 'Identity', 'Flatten', 'Eltwise', 'Concat', 'Softmax', 'PadA', 'BatchNorm'}
TOTALS = ('params', 'macs', 'params_bn', 'params_weights_only', 'activations_conv_linear')
NOT_HERE = ('_meta', 'lenet5_1998', 'caffe_lenet', 'caffe_cifar10_quick', 'caffe_cifar10_full', 'timm_inception_resnet_v2',
            'caffe_inception_resnet_v2_soeaver')


def shape(chw):
    return 'x'.join(map(str, [chw[1], chw[2], chw[0]] if len(chw) == 3 else [1, 1, chw[0]]))


def pair(numbers):
    return 'x'.join(map(str, numbers))


def size(numbers):
    product = 1
    for n in numbers:
        product *= n
    return product


def row(layer):
    kind = layer['type']
    if kind in WITHOUT_ROW:
        return None
    kind = {'MAX': 'maxPool', 'AVE': 'avgPool'}[layer['pool']] if kind == 'Pooling' else KINDS[kind]
    if kind == 'avgPool' and layer['in'] == layer['out'] and 'kernel' not in layer:
        return None
    if kind == 'dense':
        parts = [f"dense {size(layer['in'])} > {size(layer['out'])}"]
    else:
        parts = [f"{kind} {shape(layer['in'])} > {shape(layer['out'])}"]
    if layer['params']:
        parts.append(f"params {layer['params']}")
    if 'macs' in layer:
        parts.append(f"macs {layer['macs']}")
    if kind == 'conv':
        parts.append(f"kernel {pair(layer['kernel'])} stride {pair(layer['stride'])} pad {pair(layer['padding'])} "
                     f"groups {layer['groups']}")
    if kind == 'maxPool':
        parts.append(f"kernel {pair(layer['kernel'])} stride {pair(layer['stride'])}")
    if 'eps' in layer:
        parts.append('epsilon ' + f"{layer['eps']:.9f}".rstrip('0'))
    return ' '.join(parts)


index = {}


def network(entry):
    out = {k: entry[k] for k in TOTALS if k in entry}
    if 'act_conv_fc' in entry:
        out['activations_conv_linear'] = entry['act_conv_fc']
    source = entry['source'] if 'source' in entry else f"torchvision {entry['factory']}"
    out['source'] = source.removeprefix('shared/weights: ')
    if 'layers' in entry:
        rows = [row(layer) for layer in entry['layers']]
        out['layers'] = [index.setdefault(r, len(index)) for r in rows if r is not None]
    return out


def state(entry):
    """module -> its weight's shape, and after it 1 for a bias, 2 for a normalisation's bias, mean and variance."""
    out = {}
    for name, value in entry.items():
        module, parameter = name.rsplit('.', 1)
        if parameter == 'weight':
            out[module] = [value, 0]
        elif parameter == 'bias':
            out[module][1] = 1
        elif parameter == 'running_mean':
            out[module][1] = 2
    return out


def one_a_line(entries):
    return '{\n' + ',\n'.join(f'{json.dumps(k)}:{json.dumps(v, separators=(",", ":"))}' for k, v in entries.items()) + '\n}'


networks = {name: network(entry) for name, entry in papers.items() if name not in NOT_HERE}
networks |= {f'torchvision_{name}': network(entry) for name, entry in torchvision.items() if name != '_meta'}
lenet = papers['lenet5_1998']
connections = dict(
    source=lenet['source'], params=lenet['params'], connections=lenet['connections'], fixed=lenet['rbf_fixed_parameters'],
    layers=[dict(name=l['name'], shape=shape(l['out']), params=l['params'], connections=l['connections'],
                 macs=l.get('macs', 0)) for l in lenet['layers']])
rows = '[\n' + ',\n'.join(json.dumps(r) for r in index) + '\n]'
(here / 'layers.json').write_text(
    f'{{"lenet-5":{json.dumps(connections)},\n"rows":{rows},\n"networks":{one_a_line(networks)}}}\n')
(here / 'states.json').write_text(one_a_line({name: state(entry) for name, entry in states.items() if name != '_meta'}) + '\n')
