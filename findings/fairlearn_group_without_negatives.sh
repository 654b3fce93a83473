#!/usr/bin/env bash
# The false positive rate of a group in which nobody has the label 0: 0 / 0.
#
# Seen with fairlearn 0.15.0 and aif360 0.6.1. Group a holds two people with label 1, group b one with each label; all
# four are accepted:
#
#     fairlearn: false positive rate a 0.0, b 1.0; equalized odds difference 1.0
#     aif360:    false positive rate a nan, b 1.0; equalized odds difference nan
#
# fairlearn takes 0 / 0 for 0. The difference of equalised odds, for which 0 is fair and 1 the worst there is, is then 1
# although a's rate does not exist and both groups' true positive rates are equal. It says nothing of it. aif360 has NaN,
# with numpy's warning of an invalid division.
#
# Exits 0 while this is so, and 1 if any of it changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
packages="fairlearn==0.15.0 aif360==0.6.1"
if command -v uv >/dev/null; then
  uv venv --quiet "$folder/venv" && uv pip install --quiet --python "$folder/venv/bin/python" $packages
else
  python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet --disable-pip-version-check $packages
fi

cat >"$folder/see.py" <<'PYTHON'
import sys
import warnings

import numpy as np
import pandas as pd
from aif360.datasets import BinaryLabelDataset
from aif360.metrics import ClassificationMetric
from fairlearn.metrics import MetricFrame, equalized_odds_difference, false_positive_rate

label, accepted, group = [1, 1, 0, 1], [1, 1, 1, 1], ["a", "a", "b", "b"]

with warnings.catch_warnings():
    warnings.simplefilter("error")  # it is silent
    frame = MetricFrame(metrics=false_positive_rate, y_true=label, y_pred=accepted, sensitive_features=group)
    fairlearn = [*frame.by_group.tolist(), equalized_odds_difference(label, accepted, sensitive_features=group)]

table = pd.DataFrame({"label": label, "group": [0, 0, 1, 1]}, dtype=float)
truth = BinaryLabelDataset(df=table, label_names=["label"], protected_attribute_names=["group"])
found = truth.copy()
found.labels = np.array(accepted, float)[:, None]
with np.errstate(invalid="ignore"):
    metric = ClassificationMetric(truth, found, unprivileged_groups=[{"group": 0}], privileged_groups=[{"group": 1}])
    rates = [metric.false_positive_rate(privileged=side) for side in (False, True)]
    aif360 = [*rates, metric.equalized_odds_difference()]

for name, (a, b, odds) in {"fairlearn:": fairlearn, "aif360:": aif360}.items():
    print(f"{name:11}false positive rate a {a:.1f}, b {b:.1f}; equalized odds difference {odds:.1f}")
if fairlearn != [0, 1, 1] or not (np.isnan(aif360[0]) and aif360[1] == 1 and np.isnan(aif360[2])):
    sys.exit("This is no longer what was seen.")
PYTHON
"$folder/venv/bin/python" "$folder/see.py" 2> >(grep -v "^WARNING:root:\|pip install" >&2)
