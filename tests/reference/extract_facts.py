"""Makes src/models/zoo/facts.json: bibliography and published errors of every network of the reference.

    python3 extract_facts.py FOLDER > ../../src/models/zoo/facts.json

FOLDER holds networks.json and accuracy.json. Errors are in percent: first the one that charts may compare, then the
paper's, then the others, each in the order of the reference. What is null or says nothing new there is left out, and so is a
record that the reference calls suspect.
"""
import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
networks, accuracy = (json.loads((folder / f'{name}.json').read_text()) for name in ('networks', 'accuracy'))

DATASETS = {'imagenet-1k': 'ImageNet-1k', 'ilsvrc-2010': 'ILSVRC-2010', 'mnist': 'MNIST', 'svhn': 'SVHN',
            'cifar-10': 'CIFAR-10', 'cifar-100': 'CIFAR-100'}


def error(record):
    out = {'dataset': DATASETS[record['dataset']], 'split': record['split']}
    for key, name in (('top1Error', 'top1'), ('top5Error', 'top5')):
        if record[key] is not None:
            out[name] = record[key]
    out |= {'protocol': record['protocol'], 'source': record['source'], 'series': record['series']}
    if record['cropSizePx'] is not None:
        out['cropPx'] = record['cropSizePx']
    if record['models'] != 1:
        out['models'] = record['models']
    for key in ('crops', 'augmentation', 'variant', 'note', 'runs', 'bound', 'comparable'):
        if record.get(key) is not None and not (key == 'crops' and record['models'] == 1):
            out[key] = record[key]
    if record['confidence'] != 'verified' or record.get('protocolConfidence') == 'believed':
        out['believed'] = True
    return out


def rank(record):
    return 0 if record.get('comparable') else 1 if record['series'] == 'paper' else 2


def facts(network):
    arxiv, doi = network['arxiv'], network['doi']
    url = f'https://arxiv.org/abs/{arxiv}' if arxiv else f'https://doi.org/{doi}'
    return {
        'name': network['name'], 'family': network['family'], 'year': network['year'], 'authors': network['authors'],
        'paper': {'title': network['paperTitle'], 'url': url}, 'definedIn': network['definedIn'],
        'dataset': DATASETS[network['domain']],
        'errors': [error(r) for r in sorted(accuracy['records'], key=rank)
                   if r['network'] == network['id'] and not r.get('suspect')]}


def line(value):
    return json.dumps(value, ensure_ascii=False)


print('{')
rows = []
for network in networks['networks']:
    head = facts(network)
    errors = head.pop('errors')
    listed = '[' + ','.join('\n      ' + line(e) for e in errors) + ('\n    ]' if errors else ']')
    fields = [f'    {line(k)}: {line(v)}' for k, v in head.items()] + [f'    "errors": {listed}']
    rows.append(f'  {line(network["id"])}: {{\n' + ',\n'.join(fields) + '\n  }')
print(',\n'.join(rows))
print('}')
