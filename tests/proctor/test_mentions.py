"""What a block's code leads to, from its text alone."""

import pytest

from proctor.mentions import find_mention

RUNNING = "with without('fold'):\n    y = stamp(x)"
IMPORTS = "import torch\nimport torch.nn.functional as F"


def forbids(name):
    return name.split(".")[-1] == "fold" or name.split(".")[0] == "seeing"


@pytest.mark.parametrize(
    ("cell", "mention"),
    [
        ("def stamp(x): return F.fold(x)", "torch.nn.functional.fold (in `stamp`)"),
        ("def stamp(x): return torch.nn.functional.fold(x)", "torch.nn.functional.fold (in `stamp`)"),
        ("nn = torch.nn\ndef stamp(x): return nn.functional.fold(x)", "torch.nn.functional.fold (in `stamp`)"),
        ("def help(x): return F.fold(x)\ndef stamp(x): return help(x)", "torch.nn.functional.fold (in `help`)"),
        ("f = F.fold\ndef stamp(x): return f(x)", "torch.nn.functional.fold (in `f`)"),
        ("from torch.nn.functional import fold as z\nstamp = z", "torch.nn.functional.fold (in `stamp`)"),
        ("def stamp(x): return getattr(F, 'fold')(x)", "fold (in `stamp`)"),
        ("def stamp(x):\n    import seeing.ops as o\n    return o.f(x)", "seeing.ops (in `stamp`)"),
        ("import seeing.ops as o\ndef stamp(x): return o.f(x)", "seeing.ops.f (in `stamp`)"),
        ("def stamp(x):\n    if x: return 1\n    return F.fold(x)", "torch.nn.functional.fold (in `stamp`)"),
        ("stamp = functools.partial(F.fold, stride=1)", "torch.nn.functional.fold (in `stamp`)"),
        ("stamp = lambda x, f=F.fold: f(x)", "torch.nn.functional.fold (in `stamp`)"),
        ("def stamp(x):\n    import torch.nn as G\n    return G.fold(x)", "torch.nn.fold (in `stamp`)"),
    ],
)
def test_found(cell, mention):
    assert find_mention([IMPORTS, cell], RUNNING, forbids) == mention


@pytest.mark.parametrize(
    "cell",
    [
        "def stamp(x): 'Like F.fold.'",
        "def fold(x): return x\ndef stamp(x): return fold(x)",
        "def check(x): return F.fold(x)\ndef stamp(x): return x",
        "def stamp(x): return F.unfold(x)",
        "def stamp(x): return x.fold",
        "x = F.fold(1)\ndef stamp(x): return x",
        "def stamp(x) return F.fold(x)",
        "def stamp(x): return F.fold(x)\ndef stamp(x): return x",
    ],
)
def test_not_found(cell):
    assert find_mention([IMPORTS, cell], RUNNING, forbids) is None


def test_only_what_stands_in_the_block():
    cells = [IMPORTS, "def stamp(x): return x\ndef theirs(x): return F.fold(x)"]
    assert find_mention(cells, RUNNING + "\nz = theirs(x)", forbids) is None
