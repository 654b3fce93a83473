"""Canaries fail where assertions mean what they say."""

import pytest

from proctor.running import canaries


@pytest.mark.parametrize("test", ["", "import torch", "np.allclose(a, b)"])
def test_every_canary_fails_and_no_two_runs_agree(test):
    seen = set()
    for _ in range(60):
        source = canaries.canary(test)
        seen.add(source)
        with pytest.raises(AssertionError):
            exec(source, {})
    assert len(seen) > 30


def test_every_form_fails():
    for form in canaries.FORMS + canaries.TORCH_FORMS + canaries.NUMPY_FORMS:
        with pytest.raises(AssertionError):
            exec(form.format(a=2, b=5), {})
