"""Watching what torch is asked to do: its functions by name, and the operations they come down to."""

import re
from collections.abc import Callable

from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

# What a function comes down to where the operation has another name. A gradient counts as its function when the
# two are one computation: the input gradient of a convolution is a transposed convolution.
OPERATIONS = {
    "convtranspose": {"convolution:transposed", "convolution_backward", "slow_conv_transpose"},
    "conv": {"convolution:plain", "convolution_backward", "_slow_conv2d", "thnn_conv2d", "mkldnn_convolution"},
    "maxunpool": {"max_pool2d_with_indices_backward", "max_pool3d_with_indices_backward"},
    "maxpool": {"max_pool2d_with_indices", "max_pool3d_with_indices"},
    "fold": {"col2im"},
    "unfold": {"im2col"},
    "interpolate": {"upsample_", "_upsample_"},
    "upsample": {"upsample_", "_upsample_"},
}

DIMENSIONS = re.compile("[123]d$")


def watches(names: dict[str, str], report: Callable[[str], None]) -> list:
    """Context managers that report forbidden calls.

    Args:
        names: canonical spelling -> the rule's own.
        report: called with a readable name; raises.
    """
    operations = {operation for name in names for operation in OPERATIONS.get(DIMENSIONS.sub("", name), ())}
    return [FunctionWatch(names, report), OperationWatch(names, operations, report)]


def plain(name: str) -> str:
    """A name in canonical spelling, as in `rules.canonical`."""
    return name.replace("_", "").lower()


class FunctionWatch(TorchFunctionMode):
    """Sees each call of torch's Python interface, however the caller got hold of the function."""

    def __init__(self, names, report):
        super().__init__()
        self.names, self.report = names, report

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name = getattr(func, "__name__", "")
        if plain(name) in self.names:
            self.report(f"torch's {name}")
        return func(*args, **(kwargs or {}))


class OperationWatch(TorchDispatchMode):
    """Sees each operation that reaches a kernel: `torch.ops`, autograd and modules included."""

    def __init__(self, names, operations, report):
        super().__init__()
        self.names, self.operations, self.report = names, operations, report
        self.checked = {}

    @classmethod
    def _should_skip_dynamo(cls):
        # torch's own switch: its default imports the compiler, a second and 900 modules, at the first operation
        return False

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if func not in self.checked:
            self.checked[func] = self.forbidden(func.overloadpacket.__name__)
        forbidden = self.checked[func]
        if forbidden and (forbidden == "always" or forbidden == kind(func, args, kwargs)):
            self.report(f"torch's {func}")
        return func(*args, **kwargs)

    def forbidden(self, name):
        """When an operation is forbidden: "always", for one kind of convolution, or never (empty)."""
        if plain(name) in self.names or any(name.startswith(one) for one in self.operations):
            return "always"
        kinds = [one.partition(":")[2] for one in self.operations if one.startswith(f"{name}:")]
        return "always" if len(kinds) > 1 else "".join(kinds)


def kind(func, args, kwargs) -> str:
    """Which of its two kinds an `aten.convolution` is."""
    names = [argument.name for argument in func._schema.arguments]
    values = dict(zip(names, args, strict=False), **kwargs)
    return "transposed" if values.get("transposed") else "plain"
