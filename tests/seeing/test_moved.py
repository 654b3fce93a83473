"""Old names work for one release: they are the new thing, and they say where it is."""

import importlib
import subprocess
import sys

import pytest

import seeing.data.collate
import seeing.metrics
from seeing import calibration, moved


@pytest.mark.parametrize("old", sorted(moved.MODULES))
def test_an_old_module_is_the_new_one(old):
    sys.modules.pop(old, None)
    with pytest.warns(DeprecationWarning, match=f"{old} is now {moved.MODULES[old]}; "):
        found = importlib.import_module(old)
    assert found is importlib.import_module(moved.MODULES[old])
    assert found.__name__ == moved.MODULES[old]


@pytest.mark.parametrize("name", calibration.__all__)
def test_an_old_name_is_the_new_one(name):
    with pytest.warns(DeprecationWarning, match=f"seeing.metrics.{name} is now seeing.calibration.{name}") as caught:
        found = getattr(seeing.metrics, name)
    assert found is getattr(calibration, name)
    assert caught[0].filename == __file__, "the line that asked is named"


def test_both_ways_to_collate_are_in_one_place():
    with pytest.warns(DeprecationWarning, match="seeing.data.world.collate_detection is now seeing.data.collate"):
        from seeing.data.world import collate_detection
    assert collate_detection is seeing.data.collate_detection is seeing.data.collate.collate_detection
    assert seeing.data.collate_any_size is seeing.data.collate.collate_any_size


def test_the_line_that_imports_an_old_module_is_the_one_warned():
    code = "import warnings\nwarnings.simplefilter('error')\ntry:\n  from seeing.models.unet import UNet\n"
    code += "except DeprecationWarning as e: print(e)\nwarnings.simplefilter('default')\nimport seeing.dragged\n"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("seeing.models.unet is now seeing.models.segmentation.unet")
    assert run.stderr.startswith("<string>:7: DeprecationWarning: seeing.dragged is now seeing.book.dragged")


def test_unknown_names_are_unknown():
    with pytest.raises(AttributeError, match="has no attribute 'fit_nothing'"):
        seeing.metrics.fit_nothing  # noqa: B018
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("seeing.fairness.nothing")


@pytest.mark.parametrize("old", sorted(moved.MODULES))
def test_no_public_name_is_hidden_by_an_old_module(old):
    """Python puts an imported module into its package, where it would take the place of a function of that name."""
    package, _, name = old.rpartition(".")
    assert name not in getattr(importlib.import_module(package), "__all__", ())
