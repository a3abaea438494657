"""Makes tests/reference/accuracy.json: the figures that the charts of the comparison may show, as the reference has them.

    python3 extract_accuracy.py ACCURACY_JSON > accuracy.json

ACCURACY_JSON is the reference's own file of published error rates, each read in a source. Kept are, with the
reference's names and values: of ImageNet-1k the figures of released weights that it calls comparable and the papers' own,
none that it calls suspect; every entry of ILSVRC; papers' figures on its test set; the human estimates. Nothing is computed here.
"""
import json
import sys
from pathlib import Path

reference = json.loads(Path(sys.argv[1]).read_text())


def kept(record, keys):
    return {key: record[key] for key in keys.split() if record.get(key) is not None}


figures = [
    kept(r, 'network split top1Error top5Error protocol crops models variant series comparable source')
    for r in reference['records']
    if r['dataset'] == 'imagenet-1k' and (r.get('comparable') or r['series'] == 'paper') and not r.get('suspect')]
entries = [kept(r, 'year place team network model depth split top5Error data winner source') for r in reference['ilsvrc']]
papers = [kept(r, 'label split top5Error source') for r in [*reference['mixedEnsembles'], *reference['firstBelowHuman']]]
human = [kept(r, 'label top5Error images source') for r in reference['human']]

lists = {'figures': figures, 'ilsvrc': entries, 'papers': papers, 'human': human}
print('{')
print(',\n'.join(
    f'  "{name}": [\n' + ',\n'.join(f'    {json.dumps(r, ensure_ascii=False)}' for r in records) + '\n  ]'
    for name, records in lists.items()))
print('}')
