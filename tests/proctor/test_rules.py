"""`without`: no way around a rule, and nothing in the way of a right answer."""

import subprocess
import sys
import time

import pytest
from IPython.core.interactiveshell import InteractiveShell

SETUP = """
import functools, importlib, sys, types
import torch
import torch.nn.functional as F
from torch import nn
from proctor.rules import without
"""
TEST = """
x, k = torch.ones(1, 1, 2, 2), torch.ones(1, 1, 2, 2)
with without({names}):
    y = stamp(x, k)
"""
RULE = '"conv_transpose2d", "fold", "seeing"'
LIBRARY = """
module = types.ModuleType("seeing.ops.convolution")
exec("import torch\\ndef conv_transpose2d(x, k): return torch.zeros(1)\\nhelper = conv_transpose2d", module.__dict__)
for name in ("seeing", "seeing.ops"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["seeing.ops.convolution"] = module
"""

WAYS_AROUND = {
    "direct": "def stamp(x, k): return F.conv_transpose2d(x, k)",
    "torch": "def stamp(x, k): return torch.conv_transpose2d(x, k)",
    "import as": "from torch.nn.functional import conv_transpose2d as z\ndef stamp(x, k): return z(x, k)",
    "import inside": "def stamp(x, k):\n    from torch.nn.functional import conv_transpose2d as z\n    return z(x, k)",
    "renamed": "f = F.conv_transpose2d\ndef stamp(x, k): return f(x, k)",
    "the function itself": "stamp = F.conv_transpose2d",
    "built string": "def stamp(x, k): return getattr(F, 'conv_' + 'transpose2d')(x, k)",
    "operation": "def stamp(x, k): return torch.ops.aten.conv_transpose2d(x, k)",
    "convolution": "def stamp(x, k): return torch.convolution(x, k, None, [1], [0], [1], True, [0], 1)",
    "module": "def stamp(x, k):\n    m = nn.ConvTranspose2d(1, 1, 2)\n    return m(x)",
    "gradient": (
        "def stamp(x, k):\n    z = torch.zeros(1, 1, 3, 3, requires_grad=True)\n"
        "    return torch.autograd.grad(F.conv2d(z, k), z, x)[0]"
    ),
    "vjp": ("def stamp(x, k):\n    return torch.func.vjp(lambda z: F.conv2d(z, k), torch.zeros(1, 1, 3, 3))[1](x)[0]"),
    "conv2d_input": "def stamp(x, k): return torch.nn.grad.conv2d_input((1, 1, 3, 3), k, x)",
    "partial": "g = functools.partial(F.conv_transpose2d, stride=1)\ndef stamp(x, k): return g(x, k)",
    "default of a lambda": "stamp = lambda x, k, f=F.conv_transpose2d: f(x, k)",
    "helper": "def helper(x, k): return F.conv_transpose2d(x, k)\ndef stamp(x, k): return helper(x, k)",
    "list": "tools = [F.conv_transpose2d]\ndef stamp(x, k): return tools[0](x, k)",
    "swallowed": (
        "def stamp(x, k):\n    try:\n        return getattr(F, 'conv_transpose' + '2d')(x, k)\n"
        "    except Exception:\n        return x"
    ),
    "inference": (
        "def stamp(x, k):\n    with torch.inference_mode():\n        return getattr(F, 'conv_transpose' + '2d')(x, k)"
    ),
    "fold": "def stamp(x, k): return F.fold(torch.ones(1, 4, 4), 3, 2)",
    "fold module": "def stamp(x, k): return nn.Fold(3, 2)(torch.ones(1, 4, 4))",
    "fold by gradient": (
        "def stamp(x, k):\n    z = torch.zeros(1, 1, 3, 3, requires_grad=True)\n"
        "    return torch.autograd.grad(F.unfold(z, 2).sum(), z)[0]"
    ),
    "library": "from seeing.ops.convolution import conv_transpose2d as helper\ndef stamp(x, k): return helper(x, k)",
    "library, other name": "from seeing.ops.convolution import helper\ndef stamp(x, k): return helper(x, k)",
    "library inside": "def stamp(x, k):\n    import seeing.ops.convolution as c\n    return c.helper(x, k)",
    "importlib": ("def stamp(x, k): return importlib.import_module('see' + 'ing.ops.convolution').helper(x, k)"),
    "sys.modules": "def stamp(x, k): return sys.modules['seeing.ops.convolution'].helper(x, k)",
    "not on this input": "def stamp(x, k): return F.conv_transpose2d(x, k) if x.numel() > 99 else x",
}

RIGHT_ANSWERS = {
    "loop": """
def stamp(x, k):
    y = torch.zeros(x.shape[0], k.shape[1], x.shape[2] + k.shape[2] - 1, x.shape[3] + k.shape[3] - 1)
    for i in range(x.shape[2]):
        for j in range(x.shape[3]):
            y[:, :, i : i + k.shape[2], j : j + k.shape[3]] += x[:, :1, i, j, None, None] * k[0]
    return y""",
    "flipped conv2d": "def stamp(x, k): return F.conv2d(F.pad(x, (1, 1, 1, 1)), k.flip(2, 3).transpose(0, 1))",
    "index_add": (
        "def stamp(x, k):\n    y = torch.zeros(9)\n"
        "    return y.index_add_(0, torch.arange(4), torch.einsum('a,b->ab', x[0, 0, 0], k[0, 0, 0]).reshape(-1))"
    ),
    "scatter_add": "def stamp(x, k): return torch.zeros(9).scatter_add_(0, torch.arange(4), x.reshape(-1))",
    "matrix": "def stamp(x, k): return torch.ones(9, 4) @ x.reshape(-1)",
    "mentions it in its docstring": "def stamp(x, k):\n    'Like conv_transpose2d, by hand.'\n    return x * 2",
    "compares with torch beside it": (
        "def stamp(x, k): return x * 2\nexpected = F.conv_transpose2d(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 1, 1))\n"
        "x = expected"
    ),
    "has its own fold": "def fold(x): return x * 2\ndef stamp(x, k): return fold(x)",
    "another cell may use it": "def check(x, k): return F.conv_transpose2d(x, k)\ndef stamp(x, k): return x * 2",
}


@pytest.fixture
def notebook():
    """A shell as in a kernel; a function that runs a cell and returns its error."""
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.user_ns["__name__"] = "__main__"

    def run(cell):
        result = shell.run_cell(cell, store_history=True, silent=False)
        return result.error_before_exec or result.error_in_exec

    shell.showtraceback = lambda *a, **k: None
    assert run(SETUP) is None
    library = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "seeing"}
    yield run
    InteractiveShell.clear_instance()
    # LIBRARY put its own modules there: the other tests of this process want the real ones.
    for name in [name for name in sys.modules if name.partition(".")[0] == "seeing"]:
        del sys.modules[name]
    sys.modules.update(library)


@pytest.mark.parametrize("way", WAYS_AROUND)
def test_there_is_no_way_around(notebook, way):
    assert notebook(LIBRARY) is None
    assert notebook(WAYS_AROUND[way]) is None
    error = notebook(TEST.format(names=RULE))
    assert isinstance(error, AssertionError), error
    assert "this exercise asks for your own code" in str(error)


@pytest.mark.parametrize("answer", RIGHT_ANSWERS)
def test_right_answers_pass(notebook, answer):
    assert notebook(RIGHT_ANSWERS[answer]) is None
    assert notebook(TEST.format(names=RULE)) is None


def test_backward_outside_the_block(notebook):
    assert notebook(RIGHT_ANSWERS["flipped conv2d"]) is None
    assert notebook(TEST.format(names=RULE) + "\nk.requires_grad_()\nx.requires_grad_()") is None
    assert notebook("with without('conv_transpose2d'):\n    y = stamp(x, k)\ny.sum().backward()") is None


def test_unpooling(notebook):
    assert notebook("i = torch.zeros(1, 1, 1, 1, dtype=torch.int64); v = torch.ones(1, 1, 1, 1)") is None
    body = "def unpool(v, i): return getattr(F, 'max_unpool' + '2d')(v, i, 2)"
    assert notebook(body) is None
    test = "with without('max_unpool2d', 'MaxUnpool2d'):\n    unpool(v, i)"
    assert isinstance(notebook(test), AssertionError)
    assert notebook("def unpool(v, i): return torch.zeros(4).index_put_((i.reshape(-1),), v.reshape(-1), True)") is None
    assert notebook(test) is None


def test_names_what_was_used(notebook):
    notebook("def stamp(x, k): return F.conv_transpose2d(x, k)")
    assert "torch.nn.functional.conv_transpose2d (in `stamp`)" in str(notebook(TEST.format(names=RULE)))


def test_a_failing_assertion_inside_stays_itself(notebook):
    error = notebook("with without('fold'):\n    assert False, 'the sum is half of what it should be'")
    assert str(error) == "the sum is half of what it should be"


def test_leaves_nothing_behind(notebook):
    notebook(WAYS_AROUND["built string"])
    notebook(TEST.format(names=RULE))
    assert sys.getprofile() is None
    assert notebook("F.conv_transpose2d(x, k)") is None


def test_needs_a_name():
    from proctor.rules import without

    with pytest.raises(ValueError, match="at least one name"):
        without()


def test_light_import():
    """A student's machine has none of the tools of grading."""
    code = "import proctor.rules, sys; print(*sorted({'nbgrader', 'rich', 'jupytext', 'torch'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""
    assert result.stderr == ""


def test_not_slow(notebook):
    notebook("def stamp(x, k):\n    for _ in range(2000):\n        x = x + 1\n    return x")
    begin = time.process_time()
    assert notebook(TEST.format(names=RULE)) is None
    assert time.process_time() - begin < 1
