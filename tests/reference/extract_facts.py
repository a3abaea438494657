"""Makes facts.json and published.json of src/models/zoo: who made every network of the reference, where, and its errors.

    python3 extract_facts.py FOLDER ../../src/models/zoo

FOLDER holds networks.json and accuracy.json. facts.json is what lists need; published.json is read with the texts. Errors are in percent: first the one that charts may compare, then the
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
    return {
        'name': network['name'], 'family': network['family'], 'year': network['year'], 'authors': network['authors'],
        'dataset': DATASETS[network['domain']]}


def published(network):
    arxiv, doi = network['arxiv'], network['doi']
    url = f'https://arxiv.org/abs/{arxiv}' if arxiv else f'https://doi.org/{doi}'
    return {
        'paper': {'title': network['paperTitle'], 'url': url}, 'definedIn': network['definedIn'],
        'errors': [error(r) for r in sorted(accuracy['records'], key=rank)
                   if r['network'] == network['id'] and not r.get('suspect')]}


def line(value):
    return json.dumps(value, ensure_ascii=False)


def entry(head):
    errors = head.pop('errors')
    listed = '[' + ','.join('\n      ' + line(e) for e in errors) + ('\n    ]' if errors else ']')
    fields = [f'    {line(k)}: {line(v)}' for k, v in head.items()] + [f'    "errors": {listed}']
    return '{\n' + ',\n'.join(fields) + '\n  }'


def write(name, rows):
    listed = ',\n'.join(f'  {line(key)}: {value}' for key, value in rows)
    (Path(sys.argv[2]) / name).write_text('{\n' + listed + '\n}\n')


write('facts.json', [(n['id'], line(facts(n))) for n in networks['networks']])
write('published.json', [(n['id'], entry(published(n))) for n in networks['networks']])
