"""Honest work, right and wrong, that a wary grader must not take for an attack."""

from pathlib import Path

from tests.grading.hostile.case import FULL, NOTHING, Case, Site, answering, editing, named, own

STDERR = """
import logging
import sys
import time
import warnings


def softmax(x, dim=-1):
    warnings.warn("softmax is deprecated in this house")
    print("softmax of", len(x), "rows", file=sys.stderr)
    logging.warning("about to normalise")
    for step in range(4):
        print(f"\\r{25 * step:3d}%|{'#' * step:4}| {step}/4 [00:00<00:00]", end="", file=sys.stderr, flush=True)
    return torch.softmax(x, dim)


warnings.warn("at the top of the cell too")
"""

TRAINING = """
import time

layer = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 1))
begin, losses = time.process_time(), []
while time.process_time() - begin < 2:
    loss = (layer(torch.randn(64, 16)) - 1).square().mean()
    losses.append(loss.item())
    for parameter, gradient in zip(layer.parameters(), torch.autograd.grad(loss, layer.parameters())):
        parameter.data -= 0.01 * gradient
assert losses[-1] < losses[0]
print("trained")
"""

OTHER_STYLE = {
    "softmax": "softmax = lambda x, dim=-1: nn.Softmax(dim)(x)",
    "attention": """
        from functools import partial

        class Attention:
            def __init__(self, normalise):
                self.normalise = normalise

            def __call__(self, q, k, v):
                scores = torch.einsum("...ld,...sd->...ls", q, k) * q.shape[-1] ** -0.5
                return torch.einsum("...ls,...se->...le", self.normalise(scores), v)

        attention = Attention(partial(softmax, dim=-1))
    """,
    "best": """
        import numpy as np

        def first(row):
            for position, value in enumerate(row):
                if not (row > value).any() and not np.isnan(row).any():
                    return position
            return -1

        def best(scores, memory={}):
            memory[len(memory)] = scores
            return list(map(first, scores.numpy()))
    """,
    "model": """
        class Base(nn.Module):
            def __init__(self, inputs, outputs):
                super().__init__()
                self.inner = nn.Linear(inputs, outputs)

        class Linear(Base):
            def forward(self, x):
                return self.inner(x)
    """,
}

SETTINGS = """
torch.set_default_dtype(torch.float64)
torch.manual_seed(7)
torch.use_deterministic_algorithms(True)
torch.set_grad_enabled(False)
torch.set_printoptions(precision=1, sci_mode=True)
"""
WITH_SETTINGS = """
class Linear(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(outputs, inputs, dtype=torch.float32), requires_grad=True)
        self.bias = nn.Parameter(torch.zeros(outputs, dtype=torch.float32), requires_grad=True)

    def forward(self, x):
        with torch.enable_grad():
            return nn.functional.linear(x, self.weight, self.bias)
"""

# what the course's configuration has loaded for everybody: its library, with the compiled loops
LOADED = """
import sys

late = [name for name in ("numpy", "torch", "matplotlib.pyplot", "seeing.ops") if name not in sys.modules]
from seeing.kernels.cpu import nms

print(f"late: {len(late)}, compiled: {bool(nms._nms.signatures)}")
"""


def moved(notebook):
    """Answer in a cell of one's own, and delete the one that was meant for it."""
    cell = named(notebook, "attention")
    notebook.cells[notebook.cells.index(cell)] = own(cell.source)


def data(folder: Path, site: Site) -> None:
    """A file of the student's own, in a folder of its own."""
    (folder / "data").mkdir()
    (folder / "data" / "größe.csv").write_text("1,2\n3,4\n", encoding="utf-8")


CASES = [
    answering("Adams, Ann (right)"),
    answering("Baker, Ben (slow)", before=TRAINING, shows="trained"),
    answering("Chen, Cem (stderr)", softmax=STDERR),
    answering("Díaz, Dée (numbers)", after="99\n-1e9\n5", softmax="def softmax(x, dim=-1): return x.softmax(dim)\n7.5"),
    answering("Ekström, Eve (style)", **OTHER_STYLE),
    editing("Fò, Fay (moved)", moved),
    answering("Grün, Gil (settings)", before=SETTINGS, model=WITH_SETTINGS),
    answering(
        "Hašek, Hana (magics)",
        before="%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n!echo done",
        best="%%time\ndef best(scores):\n    return [-1 if r.isnan().any() else int(r.argmax()) for r in scores]",
        shows="done",
    ),
    answering(
        "İnan, Işıl (files)",
        before="""
            from pathlib import Path
            assert Path("data/größe.csv").read_text().split() == ["1,2", "3,4"]
            torch.save({"weight": torch.ones(2)}, "weights.pt")
            print("kept", torch.load("weights.pt")["weight"].sum().item())
        """,
        files=data,
        shows=r"kept 2\.0",
    ),
    answering("Jō, Jun (await)", before="import asyncio\nawait asyncio.sleep(0.1)\nprint('woke', 1)", shows="woke 1"),
    answering(
        "Kim, Kai (unstable)",
        {"test_softmax": 0},
        softmax="def softmax(x, dim=-1):\n    return x.exp() / x.exp().sum(dim, keepdim=True)",
    ),
    answering(
        "Łoś, Lea (syntax)",
        {"test_attention": 0},
        attention="def attention(q, k, v):\n    return softmax(q @ @ v)",
        shows="SyntaxError|syntax error",
    ),
    answering(
        "Müller, Max (half)",
        {"test_best": 2},
        best="def best(scores):\n    return [len(row) - 1 - int(row.flip(0).argmax()) for row in scores]",
    ),
    answering("Ñu, Noa (renamed)", {"test_attention": 0}, attention="def attend(q, k, v):\n    return v"),
    Case("O'Neil, Ona (untouched)", lambda paper, site: paper.blank, NOTHING),
    answering(
        "Poe, Pia (no class)",
        {"test_model": 0},
        model="def Linear(inputs, outputs):\n    return lambda x: x.new_zeros(len(x), outputs)",
    ),
    answering(
        "Quý, Quy (detached)",
        {"test_model": 0},
        model="class Linear(nn.Linear):\n    def forward(self, x):\n        return super().forward(x).detach()",
    ),
    answering("Roy, Rea (library)", before=LOADED, shows="late: 0, compiled: True"),
]

BYSTANDER = CASES[0].name
assert CASES[0].expected == {name: (points,) for name, points in FULL.items()}
