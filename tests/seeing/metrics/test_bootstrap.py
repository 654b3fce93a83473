"""The percentile bootstrap, against numpy on the same draws, against the normal theory, and on degenerate data."""

import math

import numpy as np
import pytest
import torch

from seeing.metrics.bootstrap import Interval, bootstrap_interval


def test_the_interval_of_a_mean_is_that_of_the_normal_theory():
    values = torch.randn(400, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    low, high = bootstrap_interval(lambda draw: float(values[draw].mean()), 400, samples=2000)
    error = 1.96 * float(values.std()) / 20
    assert low == pytest.approx(float(values.mean()) - error, abs=0.01)
    assert high == pytest.approx(float(values.mean()) + error, abs=0.01)


def test_the_interval_is_the_quantiles_of_the_draws():
    seen = []

    def statistic(draw):
        seen.append(float(draw.double().mean()))
        return seen[-1]

    interval = bootstrap_interval(statistic, 7, samples=50, confidence=0.8)
    assert len(seen) == 50
    assert interval == pytest.approx(tuple(np.quantile(seen, [0.1, 0.9])), abs=1e-12)


def test_every_draw_is_of_all_items_with_replacement():
    draws = []
    bootstrap_interval(lambda draw: draws.append(draw) or 0.0, 6, samples=200)
    stacked = torch.stack(draws)
    assert stacked.shape == (200, 6)
    assert stacked.dtype == torch.int64
    assert stacked.unique().tolist() == list(range(6))
    assert any(len(draw.unique()) < 6 for draw in draws)


def test_a_seed_gives_the_same_interval_and_another_one_another():
    values = torch.arange(20.0)

    def interval(seed):
        return bootstrap_interval(lambda draw: float(values[draw].mean()), 20, samples=50, seed=seed)

    assert interval(1) == interval(1)
    assert interval(1) != interval(2)


def test_the_global_generator_is_left_alone():
    torch.manual_seed(0)
    wanted = torch.rand(3)
    torch.manual_seed(0)
    bootstrap_interval(lambda draw: 0.0, 5, samples=3)
    assert torch.equal(torch.rand(3), wanted)


def test_a_single_item_has_an_interval_of_no_width():
    assert bootstrap_interval(lambda draw: 3.5, 1, samples=1) == Interval(3.5, 3.5)


def test_nan_draws_are_left_out_and_all_nan_gives_nan():
    interval = bootstrap_interval(lambda draw: 1.0 if draw[0] % 2 else math.nan, 10, samples=100)
    assert interval == (1, 1)
    assert all(map(math.isnan, bootstrap_interval(lambda draw: math.nan, 4, samples=5)))


@pytest.mark.parametrize(
    "changed", [{"count": 0}, {"samples": 0}, {"confidence": 0.0}, {"confidence": 1.0}, {"confidence": math.nan}]
)
def test_bad_input_is_refused_with_what_came(changed):
    arguments = {"count": 3, "samples": 10, "confidence": 0.9, **changed}
    count = arguments.pop("count")
    (name, value), *_ = changed.items()
    with pytest.raises(ValueError, match=f"{name} {value}"):
        bootstrap_interval(lambda draw: 0.0, count, **arguments)
