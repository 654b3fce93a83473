"""Every public function that takes arrays, with arrays of every kind: the answer of plain tensors, or an error of ours.

An error is ours if it is a ValueError or TypeError that a line of the library raised, with words of its own.
"""

import dataclasses
import linecache
import traceback
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor

import seeing
from seeing import calibration, fairness, metrics, ops
from seeing.fairness import word_embeddings
from tests.seeing import array_cases

LIBRARY = str(Path(seeing.__path__[0]))
CASES = {
    f"{module.__name__.removeprefix('seeing.')}.{name}": case
    for module, cases in (
        (ops, array_cases.OPS),
        (metrics, array_cases.METRICS),
        (calibration, array_cases.CALIBRATION),
        (fairness, array_cases.FAIRNESS),
        (word_embeddings, array_cases.WORDS),
    )
    for name, case in cases.items()
}
NO_ARRAYS = {
    # They take sizes and settings.
    "ops": "bilinear_kernel conv_output_size conv_transpose_output_size grid_anchors grid_centers linear_to_conv "
    "pyramid_anchors receptive_field ssd_default_boxes",
    "metrics": "LostTruthWarning bootstrap_interval merge_across_processes",
    "calibration": "",
    "fairness": "RATE_NAMES REJECT adversarial_loss equal_costs ganin_schedule random_fourier_features "
    "simulate_findings simulate_hiring small_encoder",
    "fairness.word_embeddings": "",
}
# They hold what the library itself computed, or take that.
OF_THE_LIBRARY = {
    "ops": "Candidates MergeTree ReceptiveField",
    "metrics": "BrierDecomposition CocoResult Interval PrecisionRecall ReliabilityBins SeedScores coco_evaluate_arrays",
    "calibration": "HistogramBinning IsotonicCalibration PlattScaling TemperatureScaling",
    "fairness": "Adversarial AdversarialModel AuditRow CalibrationWithinGroups CurvePoint "
    "ExpectedRates Findings GroupIntervals GroupMetrics Groups HiringHistory LipschitzViolations LogisticFit "
    "MetricByGroup Probe "
    "Proxies RocCurve Rows ScoreOutcomes ScreenVerdict ThresholdRule VariationalFairAutoencoder VfaeOutput VfaeTerms "
    "bootstrap_metrics compas_design convex_hull credit_counts fit_linear_programme group_rate group_rates "
    "identity_error leakage metrics_of_counts rate_difference rate_interval rate_ratio roc_curve "
    "signed_rate_difference vfae_loss vfae_terms",
    "fairness.word_embeddings": "Answer PermutationTest Weat known_sets look_up_sets",
}


def floats_as(dtype):
    return lambda x: x.astype(dtype) if x.dtype.kind == "f" else x


def flipped(x):
    return np.flip(np.ascontiguousarray(np.flip(x)))


def spread(x):
    wide = np.zeros((*x.shape[:-1], 2 * x.shape[-1]), x.dtype)
    wide[..., ::2] = x
    return wide[..., ::2]


def read_only(x):
    x = x.copy()
    x.flags.writeable = False
    return x


def swapped(x):
    return x.astype(x.dtype.newbyteorder(">"))


def series(x):
    return pd.Series(x) if x.ndim == 1 else pd.DataFrame(x) if x.ndim == 2 else x


def tensor(x):
    return torch.from_numpy(np.ascontiguousarray(x))


def wanting_gradient(x):
    return tensor(x).requires_grad_(x.dtype.kind == "f")


# Kind: how an array becomes one, and what the plain tensors hold that it is compared with.
SAME = {
    "float64": (np.copy, np.copy),
    "float32": (floats_as(np.float32), floats_as(np.float32)),
    "float16": (floats_as(np.float16), floats_as(np.float16)),
    "long double": (floats_as(np.longdouble), np.copy),
    "big-endian": (swapped, np.copy),
    "big-endian float32": (lambda x: swapped(floats_as(np.float32)(x)), floats_as(np.float32)),
    "negative strides": (flipped, np.copy),
    "memory in columns": (np.asfortranarray, np.copy),
    "strided": (spread, np.copy),
    "read-only": (read_only, np.copy),
    "nested lists": (lambda x: x.tolist(), np.copy),
    "tuples": (lambda x: tuple(x.tolist()), np.copy),
    "a list of rows": (list, np.copy),
    "nothing masked": (np.ma.masked_array, np.copy),
    "Series": (series, np.copy),
    "with a gradient": (wanting_gradient, np.copy),
    "strided tensor": (lambda x: torch.from_numpy(spread(x)), np.copy),
}
WRONG = {
    "masked": lambda x: np.ma.masked_array(x, np.arange(x.size).reshape(x.shape) == x.size - 1),
    "complex": lambda x: x.astype(complex),
    "objects": lambda x: np.full(x.shape, object()),
    "missing": lambda x: np.full(x.shape, None),
    "a mapping": lambda x: {"x": 1},
}
ODD = {  # an answer of whatever kind, or an error of ours
    "words": lambda x: np.full(x.shape, "many"),
    "bool": lambda x: x > 0.5,
    "0-d": lambda x: np.array(x.ravel()[0]),
    "a number": lambda x: x.ravel()[0].item(),
    "empty": lambda x: x[:0],
    "an empty list": lambda x: [],
    "uneven rows": lambda x: [[1.0, 2.0], [3.0]],
    "unsigned": lambda x: x.astype(np.uint16),
    "unsigned 64": lambda x: x.astype(np.uint64),
    "None": lambda x: None,
}
WORDS_PASS = {"sensitive_features", "g", "c", "ids", "y_true", "f"}
"""Parameters that may be words or objects: the names of groups, labels and people."""


NO_GRADIENT = {"ops.cross_entropy"}
"""Torch gives none to the factors of its classes."""


def flat(answer):
    """The numbers of an answer."""
    if isinstance(answer, Tensor):
        answer = answer.detach().cpu()
        return [(answer.float() if answer.dtype == torch.bfloat16 else answer).numpy()]
    if dataclasses.is_dataclass(answer):
        answer = [getattr(answer, f.name) for f in dataclasses.fields(answer)]
    if isinstance(answer, Mapping):
        answer = [*answer.keys(), *answer.values()]
    if isinstance(answer, list | tuple):
        return [number for part in answer for number in flat(part)]
    return [np.asarray(answer)]


def same(got, wanted) -> bool:
    got, wanted = flat(got), flat(wanted)
    pairs = zip(got, wanted, strict=True)
    return len(got) == len(wanted) and all(
        np.allclose(a, b, rtol=1e-6, atol=1e-9, equal_nan=True) if b.dtype.kind in "iufb" else np.array_equal(a, b)
        for a, b in pairs
    )


def is_ours(error: Exception) -> bool:
    """Whether a `raise` in the library brought it up."""
    if not isinstance(error, ValueError | TypeError):
        return False
    last = traceback.extract_tb(error.__traceback__)[-1]
    ours = last.filename.startswith(LIBRARY)
    return ours and linecache.getline(last.filename, last.lineno).lstrip().startswith("raise")


def run(case, arrays):
    """The answer, or an error of ours."""
    error = None
    torch.set_warn_always(True)  # torch says many a thing once a process, and then not in the next test
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return case.call(**arrays)
    except Exception as raised:
        error = raised
    finally:
        torch.set_warn_always(False)
    kinds = {key: type(value).__name__ for key, value in arrays.items()}
    assert is_ours(error), f"a foreign error: {type(error).__name__}: {error}; from {kinds}"
    assert len(str(error).split()) > 3
    return error


@pytest.mark.parametrize("name", CASES)
def test_arrays_of_every_kind_give_the_answer_of_plain_tensors(name):
    case = CASES[name]
    for kind, (convert, alike) in SAME.items():
        if kind == "with a gradient" and name in NO_GRADIENT:
            continue
        wanted = run(case, {key: tensor(alike(value)) for key, value in case.arrays.items()})
        got = run(case, {key: convert(value) for key, value in case.arrays.items()})
        if isinstance(wanted, Exception):
            assert kind == "float16", (kind, wanted)  # every case is a valid call
            assert isinstance(got, Exception), kind
        else:
            assert not isinstance(got, Exception), (kind, got)
            assert same(got, wanted), kind


@pytest.mark.parametrize("name", CASES)
def test_what_holds_no_real_numbers_is_refused_in_words(name):
    case = CASES[name]
    for kind, convert in WRONG.items():
        for key in case.arrays:
            if kind == "objects" and key in WORDS_PASS:
                continue
            given = {k: convert(v) if k == key else v.copy() for k, v in case.arrays.items()}
            assert isinstance(run(case, given), Exception), (kind, key)


@pytest.mark.parametrize("name", CASES)
def test_no_foreign_error_comes_through(name):
    case = CASES[name]
    for convert in ODD.values():
        for key in case.arrays:
            run(case, {k: convert(v) if k == key else v.copy() for k, v in case.arrays.items()})
        run(case, {k: convert(v) for k, v in case.arrays.items()})


def test_a_foreign_error_is_told_from_ours():
    def foreign(x):
        return torch.zeros(2) + torch.zeros(3)

    for call in (foreign, lambda x: ops.box_iou(torch.zeros(1, 4), np.zeros((1, 4))).numpy(force=7), lambda x: {}["x"]):
        with pytest.raises(AssertionError, match="a foreign error"):
            run(array_cases.Case(call, {}), {"x": 1})
    assert isinstance(run(array_cases.Case(lambda x: ops.box_area(x), {}), {"x": "abc"}), ValueError)


@pytest.mark.parametrize("module", [ops, metrics, calibration, fairness, word_embeddings])
def test_no_public_function_is_left_out(module):
    part = module.__name__.removeprefix("seeing.")
    tried = {name.removeprefix(f"{part}.").split(",")[0] for name in CASES if name.rpartition(".")[0] == part}
    left = {*NO_ARRAYS[part].split(), *OF_THE_LIBRARY[part].split()}
    assert tried | left >= set(module.__all__), "add a case"
    assert left <= set(module.__all__), "no longer there"
    assert tried <= set(module.__all__), "not public"
