"""Writes src/models/zoo/ilsvrc.json: the entries of ILSVRC, papers' ensembles on its test set and the human estimate.

Run as: python3 tests/reference/extract_ilsvrc.py ACCURACY_JSON. Every record keeps its source. Prettier lays the file out.
"""

import json
import re
import sys
from pathlib import Path

OUT = Path(__file__).parents[2] / "src/models/zoo/ilsvrc.json"
# Years of the papers whose figures on the test set of ILSVRC stand beside the entries.
PAPER_YEARS = {
    "6 convnets (a) and (b)": 2013,
    "VGG, 2 nets (after the submission)": 2014,
    "1 Inception-v4 + 3 Inception-ResNet-v2": 2016,
    "PReLU-net (He et al. 2015, Delving Deep into Rectifiers)": 2015,
}


def kept(record, keys):
    return {key: readable(record[key]) for key in keys if record.get(key) is not None}


def readable(value):
    # The number of a file that was read for the reference says nothing to a reader of the chart.
    return re.sub(r" \(read as noted in stored file \d+\)", " (as quoted in notes on it)", value) if isinstance(value, str) else value


def main():
    reference = json.loads(Path(sys.argv[1]).read_text())
    keys = ["year", "place", "team", "network", "model", "depth", "top5Error", "data", "models", "winner", "note", "source"]
    entries = [kept(record, keys) for record in reference["ilsvrc"]]
    candidates = [*reference["mixedEnsembles"], *reference["firstBelowHuman"]]
    papers = [
        {"year": PAPER_YEARS[record["label"]], **kept(record, ["label", "models", "top5Error", "note", "source"])}
        for record in candidates
        if record["split"] == "test" and record["label"] in PAPER_YEARS
    ]
    human = [kept(record, ["label", "top5Error", "images", "training", "note", "source"]) for record in reference["human"]]
    lists = {"entries": entries, "papers": papers, "human": human}
    rows = [
        f'  "{name}": [\n' + ",\n".join(f"    {json.dumps(each, ensure_ascii=False)}" for each in records) + "\n  ]"
        for name, records in lists.items()
    ]
    OUT.write_text("{\n" + ",\n".join(rows) + "\n}\n")


main()
