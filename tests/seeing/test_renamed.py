"""Old keywords work for one release: they are the new ones, and they say so."""

import inspect
import warnings

import pytest

from seeing.renamed import renamed_arguments


@renamed_arguments(first="one", second="two")
def pair(one, two=2, *, three=3):
    """What came."""
    return one, two, three


def test_new_keywords_and_positions_are_silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert pair(1) == (1, 2, 3)
        assert pair(4, 5, three=6) == pair(two=5, one=4, three=6) == (4, 5, 6)


def test_an_old_keyword_is_the_new_one_and_warns_the_line_that_used_it():
    with pytest.warns(DeprecationWarning, match=r"pair\(second=\) is now two=; the old name goes") as caught:
        assert pair(4, second=5) == (4, 5, 3)
    assert [warning.filename for warning in caught] == [__file__]
    with pytest.warns(DeprecationWarning, match="old name") as caught:
        assert pair(second=5, first=4) == (4, 5, 3)
    assert [warning.filename for warning in caught] == [__file__] * 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_both_names_at_once_and_unknown_ones_are_refused():
    with pytest.raises(TypeError, match="pair got one= and its old name first="):
        pair(one=1, first=1)
    with pytest.raises(TypeError, match="multiple values for argument 'one'"):
        pair(1, first=1)
    with pytest.raises(TypeError, match="unexpected keyword argument 'third'"):
        pair(1, third=1)


def test_the_signature_shows_the_new_names_alone():
    assert list(inspect.signature(pair).parameters) == ["one", "two", "three"]
    assert (pair.__name__, pair.__doc__) == ("pair", "What came.")
