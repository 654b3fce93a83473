"""Any metric by group: against fairlearn's frame and slow loops, by hand, for label maps and boxes, and thin groups."""

import warnings
from functools import partial

import fairlearn.metrics
import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.metrics import accuracy_score, mean_absolute_error, recall_score

from seeing import metrics
from seeing.fairness import group_metrics, metric_by_group


def columns(seed, rows=300):
    random = np.random.default_rng(seed)
    truth, decision = random.integers(0, 2, (2, rows))
    features = {"sex": random.choice(["f", "m"], rows), "skin": random.choice(["dark", "fair", "mid"], rows)}
    return truth, decision, features, random.random(rows)


def test_equal_fairlearn_s_frame_with_weights_and_crossings():
    truth, decision, features, weights = columns(0)
    several = {"accuracy": accuracy_score, "error": mean_absolute_error}
    params = {"accuracy": {"sample_weight": weights}}
    ours = metric_by_group(
        several, truth, decision, sensitive_features=features, sample_params=params, samples=0, minimum_n=1
    )
    frame = fairlearn.metrics.MetricFrame(
        metrics=several, y_true=truth, y_pred=decision, sensitive_features=features, sample_params=params
    )
    assert list(ours) == ["accuracy", "error"]
    for name, result in ours.items():
        theirs = frame.by_group[name]
        assert result.features == tuple(theirs.index.names)
        assert list(result.groups) == list(theirs.index)
        np.testing.assert_allclose(result.by_group, theirs.to_numpy(float))
        assert result.overall == pytest.approx(frame.overall[name])
        assert result.difference == pytest.approx(frame.difference()[name])
        assert result.ratio == pytest.approx(frame.ratio()[name])
        assert np.isnan(result.by_group_intervals).all()


def test_a_crossing_without_anybody_is_shown_and_left_out_of_the_gaps():
    truth, decision, features, _ = columns(1)
    kept = ~((features["sex"] == "f") & (features["skin"] == "dark"))
    truth, decision = truth[kept], decision[kept]
    features = {name: column[kept] for name, column in features.items()}
    frame = fairlearn.metrics.MetricFrame(
        metrics=accuracy_score, y_true=truth, y_pred=decision, sensitive_features=features
    )
    ours = metric_by_group(accuracy_score, truth, decision, sensitive_features=features, samples=20)
    assert list(ours.groups) == list(frame.by_group.index)
    assert ours.groups[0] == ("f", "dark")
    assert ours.counts[0] == 0
    assert ours.counts.sum() == len(truth)
    np.testing.assert_allclose(ours.by_group, frame.by_group.to_numpy(float))
    assert np.isnan(ours.by_group[0])
    assert np.isnan(ours.by_group_intervals[0]).all()
    assert not np.isnan(ours.by_group_intervals[1:]).any()
    assert (ours.difference, ours.ratio) == pytest.approx((frame.difference(), frame.ratio()))
    assert "\nf, dark        0               -\n" in repr(ours)


def test_by_hand():
    ours = metric_by_group(
        accuracy_score, [1, 0, 1, 1, 0], [1, 0, 0, 1, 1], sensitive_features=list("aaabb"), samples=0
    )
    assert ours.by_group.tolist() == pytest.approx([2 / 3, 1 / 2])
    assert ours.counts.tolist() == [3, 2]
    assert (ours.overall, ours.difference, ours.ratio) == pytest.approx((3 / 5, 1 / 6, 3 / 4))
    assert repr(ours).splitlines() == [
        "accuracy_score by sensitive_features",
        "group       rows  accuracy_score  interval",
        "a              3           0.667",
        "b              2           0.500",
        "overall        5           0.600",
        "difference                 0.167",
        "ratio                      0.750",
    ]


def mean_iou(target, prediction):
    return metrics.mean_iou(metrics.confusion_matrix(prediction, target, 3))


@pytest.mark.parametrize("form", [torch.as_tensor, np.asarray, list])
def test_mean_iou_by_group_is_that_of_a_slow_loop(form):
    random = np.random.default_rng(2)
    target, prediction = random.integers(0, 3, (2, 12, 5, 6))
    target[random.random(target.shape) < 0.1] = 255
    time = np.array(["day", "night", "day"] * 4)
    kinds = set()

    def watched(target, prediction):
        kinds.add((type(target), type(prediction)))
        return mean_iou(*(torch.as_tensor(np.stack(list(part))) for part in (target, prediction)))

    ours = metric_by_group(watched, form(target), form(prediction), sensitive_features=time, samples=5)
    assert kinds == {(type(form(target)),) * 2}, "the rows come in the form in which they were given"
    for group, value in zip(ours.groups, ours.by_group, strict=True):
        ious = []
        for c in range(3):
            both = either = 0
            for t, p, when in zip(target, prediction, time, strict=True):
                for a, b in zip(t.flat, p.flat, strict=True):
                    if when == group and a != 255:
                        both += a == c and b == c
                        either += a == c or b == c
            ious.append(both / either)
        assert value == pytest.approx(np.mean(ious))
    assert ours.counts.tolist() == [8, 4]


def pictures(seed, count=9):
    """Truths and detections that are near them, one dictionary a picture; every third picture is empty."""
    random = np.random.default_rng(seed)
    truths, detections = [], []
    for place in range(count):
        boxes = random.uniform(0, 60, (0 if place % 3 == 2 else 3, 4))
        boxes[:, 2:] = boxes[:, :2] + 20
        truths.append({"boxes": torch.tensor(boxes), "labels": torch.arange(len(boxes)) % 2})
        moved = torch.tensor(boxes + random.normal(0, 2, boxes.shape))
        scores = torch.tensor(random.random(len(boxes)))
        detections.append({"boxes": moved, "scores": scores, "labels": torch.arange(len(boxes)) % 2})
    return truths, detections


def coco_ap(truths, detections):
    value = metrics.coco_evaluate(detections, truths)["AP"]
    return value if value >= 0 else float("nan")


def test_average_precision_by_group_of_pictures():
    truths, detections = pictures(3)
    camera = ["old", "new", "none"] * 3  # no picture of the third camera shows anything
    ours = metric_by_group(coco_ap, truths, detections, sensitive_features=camera, samples=4)
    assert ours.groups == ("new", "none", "old")
    assert np.isnan(ours.by_group[1])
    assert ours.counts.tolist() == [3, 3, 3]
    for group, value in zip(ours.groups, ours.by_group, strict=True):
        mine = [place for place in range(9) if camera[place] == group]
        wanted = metrics.coco_evaluate([detections[i] for i in mine], [truths[i] for i in mine])["AP"]
        assert np.isnan(value) if wanted < 0 else value == wanted
    assert ours.overall == metrics.coco_evaluate(detections, truths)["AP"]
    assert ours.difference == abs(ours.by_group[0] - ours.by_group[2]) > 0


def test_the_intervals_are_those_of_redrawn_rows():
    truth, decision, features, _ = columns(4, 60)
    ours = metric_by_group(accuracy_score, truth, decision, sensitive_features=features["sex"], samples=50, seed=7)
    generator = torch.Generator().manual_seed(7)
    draws = []
    for _ in range(50):
        drawn = torch.randint(60, (60,), generator=generator).numpy()
        right = truth[drawn] == decision[drawn]
        sex = features["sex"][drawn]
        draws.append([right[sex == "f"].mean(), right[sex == "m"].mean(), right.mean()])
    draws = np.array(draws)
    gap = np.abs(draws[:, 0] - draws[:, 1])
    ratio = draws[:, :2].min(1) / draws[:, :2].max(1)
    wanted = [np.quantile(values, [0.025, 0.975]) for values in (*draws.T, gap, ratio)]
    np.testing.assert_allclose(ours.by_group_intervals, wanted[:2])
    np.testing.assert_allclose([ours.overall_interval, ours.difference_interval, ours.ratio_interval], wanted[2:])
    again = metric_by_group(accuracy_score, truth, decision, sensitive_features=features["sex"], samples=50, seed=8)
    assert again.overall_interval != ours.overall_interval


def test_the_intervals_cover_the_truth_as_often_as_they_say():
    """A group's accuracy is .7 in truth; of 200 samples of 80 rows, about 95% of the intervals hold that."""
    random = np.random.default_rng(5)
    hits = 0
    for _ in range(200):
        right = random.random(80) < 0.7
        ours = metric_by_group(
            lambda t, p: (t == p).mean(), right, np.ones(80, bool), sensitive_features=np.arange(80) % 2, samples=100
        )
        low, high = ours.by_group_intervals[0]
        hits += low <= 0.7 <= high
    assert 0.88 <= hits / 200 <= 0.99


def test_a_group_under_the_minimum_shows_its_count_only():
    asked = []

    def accuracy(truth, decision):
        asked.append(len(truth))
        return (truth == decision).mean()

    ours = metric_by_group(accuracy, np.ones(7), np.ones(7), sensitive_features=list("aaaabbb"), minimum_n=4, samples=0)
    assert ours.counts.tolist() == [4, 3]
    np.testing.assert_array_equal(ours.by_group, [1, np.nan])
    assert asked == [4, 7], "a metric that is withheld is not even asked for"
    assert (ours.overall, ours.difference, ours.ratio) == (1, 0, 1)
    none = metric_by_group(accuracy, np.ones(2), np.ones(2), sensitive_features=["a", "b"], minimum_n=2, samples=9)
    assert np.isnan([*none.by_group, none.difference, none.ratio, *none.difference_interval]).all()
    assert none.overall_interval == (1, 1)


def test_one_group_is_everybody():
    truth, decision, _, _ = columns(6)
    ours = metric_by_group(accuracy_score, truth, decision, sensitive_features=["all"] * 300, samples=9)
    assert ours.by_group.tolist() == [ours.overall]
    assert ours.by_group_intervals[0].tolist() == list(ours.overall_interval)
    assert (ours.difference, ours.ratio, ours.difference_interval) == (0, 1, (0, 0))


def test_a_draw_in_which_a_group_is_undefined_is_left_out_of_what_needs_it():
    def recall(truth, decision):
        return decision[truth == 1].mean() if (truth == 1).any() else np.nan

    truth, decision = np.array([1, 0, 0, 1, 1, 1]), np.array([1, 0, 0, 0, 1, 0])
    ours = metric_by_group(recall, truth, decision, sensitive_features=[0, 0, 0, 1, 1, 1], samples=200)
    assert ours.by_group_intervals[0].tolist() == [1, 1], "many draws have no positive of group 0"
    assert not np.isnan(ours.difference_interval).any()
    whole = metric_by_group(recall, truth[1:], decision[1:], sensitive_features=[0, 0, 1, 1, 1], samples=20)
    assert np.isnan(whole.by_group[0])
    assert (whole.difference, whole.ratio) == (0, 1)


def test_zero_over_zero_is_equal_and_a_negative_value_has_no_ratio():
    ours = metric_by_group(lambda t, p: p.mean(), np.zeros(4), np.zeros(4), sensitive_features=[0, 0, 1, 1], samples=3)
    assert (ours.difference, ours.ratio, ours.ratio_interval) == (0, 1, (1, 1))
    below = metric_by_group(
        lambda t, p: p.mean(), np.zeros(4), np.array([-1.0, -1, 2, 2]), sensitive_features=[0, 0, 1, 1], samples=3
    )
    assert below.difference == 3
    assert np.isnan([below.ratio, *below.ratio_interval]).all()


@pytest.mark.parametrize(
    "form",
    [
        lambda f: f,
        pd.DataFrame,
        lambda f: np.stack(list(f.values()), 1),
        lambda f: list(f.values()),
        lambda f: tuple(column.tolist() for column in f.values()),
        lambda f: [pd.Series(column, index=range(300, 600)) for column in f.values()],
    ],
)
def test_several_features_in_every_form(form):
    truth, decision, features, _ = columns(8)
    wanted = metric_by_group(accuracy_score, truth, decision, sensitive_features=features, samples=0)
    ours = metric_by_group(accuracy_score, truth, decision, sensitive_features=form(features), samples=0)
    assert ours.groups == wanted.groups
    np.testing.assert_array_equal(ours.by_group, wanted.by_group)
    assert ours.features in {("sex", "skin"), ("0", "1")}


def test_a_list_of_as_many_columns_as_rows_is_one_entry_a_row():
    ours = metric_by_group(accuracy_score, [0, 1], [0, 0], sensitive_features=[["a", "x"], ["a", "y"]], samples=0)
    assert ours.groups == (("a", "x"), ("a", "y"))
    assert ours.by_group.tolist() == [1, 0]


def test_a_rate_is_that_of_group_metrics():
    truth, decision, features, _ = columns(9)
    ours = metric_by_group(recall_score, truth, decision, sensitive_features=features["skin"], samples=0)
    theirs = group_metrics(truth, decision, sensitive_features=features["skin"])
    np.testing.assert_allclose(ours.by_group, theirs.rates["true_positive_rate"])
    assert ours.difference == pytest.approx(float(theirs.differences["true_positive_rate"]))
    assert ours.ratio == pytest.approx(float(theirs.ratios["true_positive_rate"]))


def test_pandas_rows_are_taken_by_place_whatever_their_index():
    truth, decision, features, weights = columns(10)
    index = np.arange(300)[::-1]
    ours = metric_by_group(
        lambda t, p, weight: float((weight * (t == p)).sum() / weight.sum()),
        pd.Series(truth, index),
        pd.Series(decision, index),
        sensitive_features=pd.Series(features["sex"], index),
        sample_params={"weight": pd.Series(weights, index)},
        samples=0,
    )
    here = features["sex"] == "f"
    assert ours.by_group[0] == pytest.approx(np.average((truth == decision)[here], weights=weights[here]))


def test_names_of_metrics():
    call = partial(metric_by_group, y_true=[0, 1], y_pred=[0, 1], sensitive_features=["a", "b"], samples=0)
    assert call(lambda t, p: 1.0).name == "metric"
    assert call(partial(accuracy_score, normalize=True)).name == "metric"
    assert call({"mine": accuracy_score})["mine"].name == "mine"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"y_pred": [0, 1]}, "lengths y_true 3, y_pred 2"),
        ({"sensitive_features": ["a", "b"]}, "y_true 3, feature sensitive_features 2"),
        ({"sensitive_features": {"y_true": ["a", "b"]}}, "y_true 3, feature y_true 2"),
        ({"sensitive_features": ["a", "b", None]}, "holds a missing value"),
        ({"sensitive_features": [0.0, 1.0, np.nan]}, "holds a missing value"),
        ({"sensitive_features": {}}, "at least one column"),
        ({"sensitive_features": []}, "at least one"),
        ({"y_true": [], "y_pred": [], "sensitive_features": []}, "y_true must have at least one row"),
        ({"y_true": 3}, "y_true must have an entry a row"),
        ({"y_true": torch.tensor(3)}, "got a single Tensor"),
        ({"y_true": {"a": [0, 0, 1]}}, "got dict"),
        ({"sample_params": {"sample_weight": [1, 2]}}, "y_true 3, sample_params sample_weight 2"),
        ({"metric": {"a": accuracy_score}, "sample_params": {"b": {}}}, r"\['a'\]; got \['b'\]"),
        ({"metric": {}}, "by the names of the metrics"),
        ({"minimum_n": 0}, "minimum_n must be at least 1"),
        ({"samples": -1}, "samples at least 0"),
        ({"confidence": 1.0}, r"0 < confidence < 1"),
        ({"metric": lambda t, p: [1.0, 2.0]}, r"must give one number .* got shape \(2,\)"),
        ({"metric": lambda t, p: None}, "metric must be numbers"),
        ({"metric": lambda t, p: "high"}, "metric must be numbers"),
    ],
)
def test_errors(changed, message):
    given = {"metric": accuracy_score, "y_true": [0, 1, 1], "y_pred": [0, 1, 0], "sensitive_features": ["a", "b", "b"]}
    with pytest.raises(ValueError, match=message):
        metric_by_group(**given | changed, **({} if "samples" in changed else {"samples": 2}))


def test_what_a_metric_raises_comes_through_and_nothing_else_warns():
    def refuses(truth, decision):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        metric_by_group(refuses, [1], [1], sensitive_features=["a"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ours = metric_by_group(lambda t, p: np.inf, [1, 1], [1, 1], sensitive_features=["a", "b"], samples=3)
    assert np.isnan(ours.difference)
    assert ours.ratio == 1
