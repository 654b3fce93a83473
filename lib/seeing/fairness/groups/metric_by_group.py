"""Any metric by group: accuracy, mean IoU, average precision, each group's beside that of everybody."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from seeing.arrays import as_array
from seeing.fairness.groups.crossings import Crossings, find_crossings
from seeing.fairness.groups.disparity import max_difference, min_ratio
from seeing.fairness.groups.groups import SensitiveFeatures
from seeing.fairness.groups.rows import count_rows, take_rows
from seeing.fairness.inputs import Values, check_lengths
from seeing.metrics.bootstrap import Interval, bootstrap_draws, check_confidence, percentile_interval

Metric = Callable[..., Any]
NOT_KNOWN = Interval(float("nan"), float("nan"))


@dataclass(frozen=True, eq=False, repr=False)
class MetricByGroup:
    """One metric: of everybody, of each group, and how far the groups are apart. Printed, it is a table.

    Attributes:
        name: of the metric.
        features: names of the F features whose values make the groups.
        groups: the G groups: a value each, or a tuple of F values where several features cross. Every crossing is here.
        counts: (G,) int64: the rows of each group; 0 where nobody has these values together.
        by_group: (G,) float64; NaN where the metric is undefined, or the rows are fewer than `minimum_n`.
        by_group_intervals: (G, 2) float64: low and high; NaN where `by_group` is.
        overall: of all rows together, which is not the mean over the groups.
        overall_interval: of `overall`.
        difference: the largest value minus the smallest, among the groups that have one; NaN if none has.
        difference_interval: of `difference`.
        ratio: the smallest value over the largest, among the groups that have one; NaN if none has, or one is negative.
        ratio_interval: of `ratio`.
    """

    name: str
    features: tuple[str, ...]
    groups: tuple[Hashable, ...]
    counts: np.ndarray
    by_group: np.ndarray
    by_group_intervals: np.ndarray
    overall: float
    overall_interval: Interval
    difference: float
    difference_interval: Interval
    ratio: float
    ratio_interval: Interval

    def __repr__(self) -> str:
        lines = [("group", "rows", self.name, "interval")]
        for group, count, value, ends in zip(
            self.groups, self.counts, self.by_group, self.by_group_intervals, strict=True
        ):
            label = ", ".join(map(str, group)) if isinstance(group, tuple) and len(self.features) > 1 else str(group)
            lines.append(_line(label, str(count), value, ends))
        lines.append(_line("overall", str(self.counts.sum()), self.overall, self.overall_interval))
        lines.append(_line("difference", "", self.difference, self.difference_interval))
        lines.append(_line("ratio", "", self.ratio, self.ratio_interval))
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        title = f"{self.name} by {' x '.join(self.features)}"
        return "\n".join([title, *(_aligned(line, widths) for line in lines)])


@overload
def metric_by_group(
    metric: Metric,
    y_true: Any,
    y_pred: Any,
    *,
    sensitive_features: SensitiveFeatures | Sequence[Values],
    sample_params: Mapping[str, Any] | None = ...,
    minimum_n: int = ...,
    samples: int = ...,
    confidence: float = ...,
    seed: int = ...,
) -> MetricByGroup: ...


@overload
def metric_by_group(
    metric: Mapping[str, Metric],
    y_true: Any,
    y_pred: Any,
    *,
    sensitive_features: SensitiveFeatures | Sequence[Values],
    sample_params: Mapping[str, Mapping[str, Any]] | None = ...,
    minimum_n: int = ...,
    samples: int = ...,
    confidence: float = ...,
    seed: int = ...,
) -> dict[str, MetricByGroup]: ...


def metric_by_group(
    metric: Metric | Mapping[str, Metric],
    y_true: Any,
    y_pred: Any,
    *,
    sensitive_features: SensitiveFeatures | Sequence[Values],
    sample_params: Mapping[str, Any] | None = None,
    minimum_n: int = 1,
    samples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> MetricByGroup | dict[str, MetricByGroup]:
    """The metric of everybody and of each group: `metric(y_true[A=a], y_pred[A=a])` for each group a.

    A row is whatever was drawn independently and belongs to a group: a person, or an image with its label map or its
    boxes. The metric gets the rows of a group in the form in which they came, so anything that can be computed for
    everybody can be computed for a group:

    - mean IoU: label maps (N, H, W), and
      `lambda target, prediction: mean_iou(confusion_matrix(prediction, target, K))`;
    - average precision: lists of N dictionaries, and `lambda truths, detections: voc_ap(detections, truths)`.
      `coco_evaluate` writes -1 for what is undefined; have the metric say NaN, or -1 counts as a value.

    The intervals are those of the percentile bootstrap over the rows of everybody, so the sizes of the groups vary as
    well. Each draw asks for the metric once a group and once for everybody: `samples=0` does without. As the largest
    gap is never negative, its interval hardly ever holds 0, even if the groups do not differ.

    Args:
        metric: from the true and the predicted rows to one number, NaN where it is undefined; called as
            `metric(y_true, y_pred, **params)`. Or several, by name.
        y_true: N rows: a tensor, array, Series or DataFrame of first dimension N, or a list or tuple of N things.
        y_pred: N rows likewise; need not be of the same kind.
        sensitive_features: (N,), or several columns whose crossings are then the groups: a mapping, a DataFrame,
            (N, F), or a list of F columns. (A list of N is one entry a row, also if F = N.)
        sample_params: keyword arguments with N rows each, cut as the others, such as `{"sample_weight": weights}`. For
            several metrics, by the metric's name.
        minimum_n: a group of fewer rows shows its count but no value, at least 1.
        samples: number of draws behind the intervals; with 0 they are NaN.
        confidence: share of the draws inside each interval, in (0, 1).
        seed: of the draws.

    Returns:
        The values; a result by the name of the metric if there are several. Groups that are empty, too small or
        undefined are NaN, and left out of difference and ratio. A draw in which a group's value is undefined is left
        out of the intervals that need it. One group alone has difference 0 and ratio 1.

    Raises:
        ValueError: if there is no row, lengths differ, a feature is missing (None, NaN), a number is out of its range,
            no metric has the name of a `sample_params`, or a metric gives something else than a number. What a metric
            itself raises comes through.

    Source: Weerts et al., Fairlearn: assessing and improving fairness of AI systems (2023), whose `MetricFrame` this
    agrees with; but 0 / 0 is a ratio of 1 here, as the groups are then equal.
    """
    if minimum_n < 1 or samples < 0:
        raise ValueError(f"minimum_n must be at least 1 and samples at least 0; got {minimum_n} and {samples}")
    check_confidence(confidence)
    several = metric if isinstance(metric, Mapping) else {"": metric}
    params = (sample_params or {}) if isinstance(metric, Mapping) else {"": sample_params or {}}
    if not several or not set(params) <= set(several):
        raise ValueError(f"sample_params must be by the names of the metrics, {list(several)}; got {list(params)}")
    rows = count_rows(y_true, "y_true")
    check_lengths(y_true=rows, y_pred=count_rows(y_pred, "y_pred"))
    crossings = find_crossings(sensitive_features, rows)
    results = {}
    for name, function in several.items():
        extra = params.get(name, {})
        check_lengths(**{"y_true": rows} | {f"sample_params {key}": count_rows(v, key) for key, v in extra.items()})
        label = name or getattr(function, "__name__", "metric").replace("<lambda>", "metric")
        evaluate = _Evaluation(label, function, y_true, y_pred, extra)
        results[name] = _result(evaluate, crossings, minimum_n, samples, confidence, seed)
    return results if isinstance(metric, Mapping) else results[""]


@dataclass(frozen=True, eq=False)
class _Evaluation:
    """A metric and what it is asked about."""

    name: str
    metric: Metric
    y_true: Any
    y_pred: Any
    params: Mapping[str, Any]

    def __call__(self, rows: np.ndarray) -> float:
        """The metric of these rows; NaN without any."""
        if not len(rows):
            return float("nan")
        params = {key: take_rows(values, rows) for key, values in self.params.items()}
        value = as_array(self.metric(take_rows(self.y_true, rows), take_rows(self.y_pred, rows), **params), self.name)
        if value.ndim:
            raise ValueError(f"{self.name} must give one number for the rows of a group; got shape {value.shape}")
        return float(value)


def _result(
    evaluate: _Evaluation, crossings: Crossings, minimum_n: int, samples: int, confidence: float, seed: int
) -> MetricByGroup:
    """The values of the rows as they are, then those of each draw."""
    everybody = np.arange(len(crossings.codes))
    parts = crossings.rows_of(everybody)
    counts = np.array([len(part) for part in parts], np.int64)
    values = [evaluate(part) if len(part) >= minimum_n else float("nan") for part in parts]
    by_group, overall = np.array(values), evaluate(everybody)
    shown = ~np.isnan(by_group)
    groups, total = [], []  # a row a draw
    for draw in bootstrap_draws(len(everybody), samples, seed) if samples else ():
        rows = draw.numpy()
        drawn = crossings.rows_of(rows)
        groups.append([evaluate(part) if known else float("nan") for part, known in zip(drawn, shown, strict=True)])
        total.append(evaluate(rows))
    draws = np.array(groups).reshape(-1, len(counts))

    def interval(of_draws: Any) -> Interval:
        return percentile_interval(of_draws, confidence) if samples else NOT_KNOWN

    return MetricByGroup(
        name=evaluate.name,
        features=crossings.features,
        groups=crossings.groups,
        counts=counts,
        by_group=by_group,
        by_group_intervals=np.array([interval(draws[:, index]) for index in range(len(counts))]),
        overall=overall,
        overall_interval=interval(total) if not np.isnan(overall) else NOT_KNOWN,
        difference=float(_difference(by_group[shown])),
        difference_interval=interval(_difference(draws[:, shown])),
        ratio=float(_ratio(by_group[shown])),
        ratio_interval=interval(_ratio(draws[:, shown])),
    )


def _difference(values: np.ndarray) -> np.ndarray:
    """(...) of (..., G) values, G may be 0."""
    with np.errstate(invalid="ignore"):  # both infinite
        return max_difference(values) if values.shape[-1] else np.full(values.shape[:-1], np.nan)


def _ratio(values: np.ndarray) -> np.ndarray:
    """(...) of (..., G) values, G may be 0: how many times larger is no question to ask of a negative number."""
    if not values.shape[-1]:
        return np.full(values.shape[:-1], np.nan)
    return np.where((values < 0).any(-1), np.nan, min_ratio(values))


def _line(label: str, count: str, value: float, ends: Sequence[float]) -> tuple[str, str, str, str]:
    interval = "" if np.isnan(ends[0]) else f"[{ends[0]:.3f}, {ends[1]:.3f}]"
    return label, count, "-" if np.isnan(value) else f"{value:.3f}", interval


def _aligned(line: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]).rstrip()
