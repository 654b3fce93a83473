"""What the library's tests share."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data; never written to, so every test that takes it passes download=False."""
    folder = os.environ.get("SEEING_DATA")
    if not folder:
        pytest.skip("SEEING_DATA is not set: it names the folder of the real data")
    return Path(folder)
