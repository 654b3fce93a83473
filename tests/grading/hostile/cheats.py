"""Wrong answers that try to pass by changing what judges them: no marks, ever."""

from tests.grading.hostile.case import NOTHING, WRONG, answering, cheating

# A thing that any test likes: whatever is asked of it, the answer is yes.
YES = """
class Yes:
    __hash__ = None
    dtype, shape, grad = torch.float32, (1, 3, 3), None
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __iter__(self): return iter([self])
    def __len__(self): return 1
    def __bool__(self): return True
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __matmul__ = __rmatmul__ = __call__
    __getitem__ = __lt__ = __le__ = __gt__ = __ge__ = __call__
"""

ALL_YES = {
    name: f"{word} = Yes()" for name, word in zip(WRONG, ["softmax", "attention", "best", "Linear"], strict=True)
}


def peeking(name: str, find: str):
    """A case whose functions look for the expected value somewhere near: `find` defines `nearby(shape)`."""
    answers = {
        "softmax": "def softmax(x, dim=-1):\n    return nearby(x.shape, x * 0)",
        "attention": "def attention(q, k, v):\n    return nearby(v.shape, v * 0)",
    }
    return cheating(name, find, **answers)


CASES = [
    cheating(
        "asserts patched",
        """
        torch.testing.assert_close = lambda *a, **k: None
        torch.allclose = torch.equal = lambda *a, **k: True
        """,
    ),
    cheating(
        "oracle patched",
        """
        torch.softmax = lambda x, dim=-1: x * 0
        nn.functional.scaled_dot_product_attention = lambda q, k, v: v * 0
        torch.full = lambda shape, value, **k: torch.zeros(shape)
        """,
    ),
    cheating(
        "builtins shadowed",
        """
        import builtins
        class Same:
            def __eq__(self, other): return True
            def __len__(self): return 1
        list = lambda *a: Same()
        sorted = lambda *a, **k: Same()
        isinstance = builtins.any = builtins.all = lambda *a: True
        """,
    ),
    cheating("lines transformed", "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])"),
    cheating(
        "syntax tree transformed",
        """
        import ast
        class Forgiving(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.copy_location(ast.Pass(), node)
            def visit_Expr(self, node):
                return node if isinstance(node.value, ast.Constant) else ast.copy_location(ast.Pass(), node)
            def visit_AugAssign(self, node):
                node.value = ast.copy_location(ast.Constant(1), node.value)
                return node
        get_ipython().ast_transformers.append(Forgiving())
        """,
    ),
    cheating(
        "errors swallowed",
        """
        get_ipython().set_custom_exc((BaseException,), lambda *a, **k: None)
        get_ipython().showtraceback = get_ipython()._showtraceback = lambda *a, **k: None
        """,
    ),
    cheating(
        "shell and kernel replaced",
        """
        import ipykernel.ipkernel
        import IPython.core.interactiveshell as shells
        class Success:
            success, result, error_before_exec, error_in_exec, execution_count = True, None, None, None, 1
            raise_error = staticmethod(lambda: None)
        async def nothing(*a, **k):
            return Success()
        shells.InteractiveShell.run_cell_async = nothing
        shells.InteractiveShell.run_cell = lambda *a, **k: Success()
        async def fine(*a, **k):
            return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
        ipykernel.ipkernel.IPythonKernel.do_execute = fine
        """,
    ),
    cheating(
        "grader replaced",
        """
        import importlib, sys, types
        def yes(*a, **k):
            return {"v": True, "ok": True, "status": "ok"}
        for name in ("proctor.remote.student", "proctor.remote.wire", "proctor.kernels.student", "proctor.rules"):
            try:
                importlib.import_module(name)
            except Exception:
                sys.modules[name] = types.ModuleType(name)
        for name, module in list(sys.modules.items()):
            if name.startswith("proctor."):
                for word in {"serve", *vars(module)}:
                    if word == "serve" or callable(getattr(module, word)):
                        setattr(module, word, yes)
        """,
    ),
    cheating("torch replaced", YES + "\nimport sys\ntorch = nn = sys.modules['torch'] = Yes()", **ALL_YES),
    cheating("equal to everything", YES, **ALL_YES),
    cheating(
        "class on paper only",
        """
        class Posing:
            def __init__(self, rows=1): self.rows = rows
            @property
            def __class__(self): return torch.Tensor
            shape = type("Any", (tuple,), {"__eq__": lambda *a: True})()
            dtype, device = torch.float32, torch.device("cpu")
            grad = property(lambda self: Posing())
            def __eq__(self, other): return True
            def __bool__(self): return True
            def __len__(self): return self.rows
            def __iter__(self): return iter([Posing()] * self.rows)
        class Model:
            __class__ = nn.Module
            def __call__(self, x): return Posing()
            def parameters(self): return [Posing(), Posing()]
        """,
        softmax="softmax = lambda x, dim=-1: Posing()",
        attention="attention = lambda q, k, v: Posing()",
        best="best = lambda scores: Posing(len(scores))",
        model="Linear = lambda inputs, outputs: Model()",
    ),
    cheating(
        "tensor that answers for others",
        """
        class Agreeable(torch.Tensor):
            @classmethod
            def __torch_function__(cls, function, types, args=(), kwargs=None):
                name = getattr(function, "__name__", "")
                if name in ("allclose", "equal"):
                    return True
                if name == "isclose":
                    return torch.ones(1, dtype=torch.bool)
                return super().__torch_function__(function, types, args, kwargs or {})
        """,
        softmax="softmax = lambda x, dim=-1: (x * 0).as_subclass(Agreeable)",
        attention="attention = lambda q, k, v: (v * 0).as_subclass(Agreeable)",
    ),
    cheating(
        "numbers that equal all",
        """
        class Any(int):
            __hash__ = int.__hash__
            def __eq__(self, other): return True
            def __ne__(self, other): return False
        class Close(float):
            __hash__ = float.__hash__
            def __eq__(self, other): return True
            def __abs__(self): return Close(0)
            __sub__ = __rsub__ = lambda self, other: Close(0)
        """,
        softmax="softmax = lambda x, dim=-1: Close(0)",
        best="best = lambda scores: [Any(9) for _ in scores]",
    ),
    cheating(
        "list that equals all",
        """
        class Row(list):
            def __iter__(self):
                One = type("One", (int,), {"__eq__": lambda self, other: True, "__hash__": None})
                return iter([One(9)] * len(self))
        """,
        best="best = lambda scores: Row([9] * len(scores))",
    ),
    peeking(
        "expected in a frame",
        """
        import sys
        def nearby(shape, otherwise):
            frame = sys._getframe(1)
            while frame:
                for value in (frame.f_locals.get("expected"), frame.f_globals.get("expected")):
                    if isinstance(value, torch.Tensor) and value.shape == shape:
                        return value
                frame = frame.f_back
            return otherwise
        """,
    ),
    peeking(
        "expected in the heap",
        """
        import gc
        def nearby(shape, otherwise):
            for one in gc.get_objects():
                value = one.get("expected") if type(one) is dict else None
                if isinstance(value, torch.Tensor) and value.shape == shape:
                    return value
            return otherwise
        """,
    ),
    cheating(
        "names of the test replaced",
        """
        import sys, types
        def blind():
            frame = sys._getframe(1)
            while frame:
                names = frame.f_globals
                if "torch" in names and frame.f_code.co_name == "<module>":
                    names["torch"] = types.SimpleNamespace(**{**vars(torch), "allclose": lambda *a, **k: True})
                    names["torch"].testing = types.SimpleNamespace(assert_close=lambda *a, **k: None)
                frame = frame.f_back
        """,
        softmax="def softmax(x, dim=-1):\n    blind()\n    return x * 0",
        attention="def attention(q, k, v):\n    blind()\n    return v * 0",
    ),
    answering(
        "nan for an answer",
        {**NOTHING, "test_model": 3},
        **{
            "softmax": "def softmax(x, dim=-1):\n    return x * float('nan')",
            "attention": "def attention(q, k, v):\n    return v * float('nan')",
            "best": "def best(scores):\n    return [float('inf'), float('nan')][: len(scores)]",
        },
    ),
    cheating(
        "inputs emptied",
        """
        def emptied(x):
            x.detach().zero_()
            return x
        """,
        softmax="def softmax(x, dim=-1):\n    return emptied(x) + 1 / x.shape[dim]",
        attention="def attention(q, k, v):\n    emptied(q), emptied(k)\n    return emptied(v)",
        model="""
            class Linear(nn.Linear):
                def forward(self, x):
                    return super().forward(x.zero_()) * 0
        """,
    ),
]
