"""Numbers are read as a reader reads them, and a phrase whose value rounds otherwise is named."""

import numpy as np
import pytest
import torch

from seeing.book import cited, quoted
from seeing.book.numbers_in_text import written_numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("mIoU .376", [0.376]),
        ("+.145 [.088, .203]", [0.145, 0.088, 0.203]),
        ("from -0.5 to −.25", [-0.5, -0.25]),
        ("7,214 of 18,610 rows", [7214, 18610]),
        ("34%, 4.5 per cent and 3 percent", [0.34, 0.045, 0.03]),
        ("1.73 ± .32", [1.73, 0.32]),
        ("at 2e-5.", [2e-5]),
        ("FCN-8s at 64x64, ResNet-50 and U2-Net", []),
        ("2-3 or 2–3", [2, 3, 2, 3]),
        ("53/80/34%", [53, 80, 0.34]),
        ("no number", []),
        ("the 3.14.1 release", []),
        ("(.05)", [0.05]),
    ],
)
def test_numbers_are_read_as_they_look(text, numbers):
    assert [n for _, n, _ in written_numbers(text)] == pytest.approx(numbers)


@pytest.mark.parametrize("value", [0.3755, 0.376, 0.3764, 0.3765, np.float32(0.376), torch.tensor(0.376)])
def test_a_value_that_rounds_to_what_is_written_passes(value):
    quoted({"probe .376": value})


@pytest.mark.parametrize("value", [0.3754, 0.3766, -0.376, float("nan"), 376])
def test_a_value_that_rounds_otherwise_is_named(value):
    with pytest.raises(AssertionError, match=r"the text says \.376 in 'probe \.376'"):
        quoted({"probe .376": value})


def test_a_tie_may_be_rounded_either_way():
    quoted({".12": 0.125})
    quoted({".13": 0.125})


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(AssertionError, match=r"\.2 in .*; .*30% in "):
        quoted({".2 here": 0.3, ".4 here": 0.4, "30% there": 0.4})


def test_percentages_are_fractions():
    quoted({"34% and 4.5 per cent": (0.3449, 0.0453)})
    with pytest.raises(AssertionError):
        quoted({"34%": 34})


def test_several_values_as_a_list_an_array_or_a_tensor_and_some_left_out():
    for values in ([0.1, 0.2], np.array([0.1, 0.2]), torch.tensor([0.1, 0.2])):
        quoted({".1 to .2": values})
    quoted({"95% interval [.1, .2]": (..., 0.1, 0.2)})


def test_what_is_trained_live_may_lie_further_off():
    quoted({".83": 0.85}, within=0.03)
    with pytest.raises(AssertionError):
        quoted({".83": 0.87}, within=0.03)


def test_nothing_to_check_passes():
    quoted({})


@pytest.mark.parametrize(("phrase", "values"), [("none", 1), (".1 and .2", 0.1), (".1", (0.1, 0.2))])
def test_a_phrase_has_as_many_numbers_as_values(phrase, values):
    with pytest.raises(ValueError, match=r"has \d numbers, and \d values"):
        quoted({phrase: values})


def test_a_citation_names_its_source_and_has_numbers():
    cited("Cordts et al., section 2.2", "1.5 hours")
    with pytest.raises(ValueError, match="needs its source"):
        cited(" ", "1.5 hours")
    with pytest.raises(ValueError, match="no number in 'hours'"):
        cited("Cordts et al.", "hours")
