"""Our pooling and convolution beside torch's, forward and backward, at the sizes of a small decoder."""

from collections.abc import Callable

import torch
import torch.nn.functional as F

from benchmarks.harness import Case, report
from seeing.ops import conv2d, conv_transpose2d, max_pool2d_with_indices, max_unpool2d

AIMS = {"max_pool2d, 2x2": 8, "max_unpool2d, 2x2": 1.5, "conv2d, 3x3": 1, "conv_transpose2d, 4x4 stride 2": 1}
"""For one thread of a CPU. Convolutions call torch: no faster, no slower."""


def with_gradient(op: Callable[..., torch.Tensor], *inputs: torch.Tensor) -> Callable[[], object]:
    """A call that runs `op` and its backward pass."""
    inputs = tuple(t.requires_grad_(t.is_floating_point()) for t in inputs)
    wanted = [t for t in inputs if t.requires_grad]
    return lambda: torch.autograd.grad(op(*inputs).sum(), wanted)


def cases(device: str) -> dict[str, Case]:
    """Name: ours beside torch's."""
    torch.manual_seed(0)
    x = torch.randn(8, 32, 64, 64, device=device)
    small = torch.randn(8, 32, 32, 32, device=device)
    weight = torch.randn(32, 32, 3, 3, device=device)
    doubling = torch.randn(32, 32, 4, 4, device=device)
    pooled, indices = F.max_pool2d(x, 2, return_indices=True)
    ops = {
        "max_pool2d, 2x2": (
            lambda t: max_pool2d_with_indices(t, 2)[0],
            lambda t: F.max_pool2d(t, 2, return_indices=True)[0],
            (x,),
        ),
        "max_unpool2d, 2x2": (
            lambda t: max_unpool2d(t, indices, 2),
            lambda t: F.max_unpool2d(t, indices, 2),
            (pooled,),
        ),
        "conv2d, 3x3": (
            lambda t, w: conv2d(t, w, padding=1),
            lambda t, w: F.conv2d(t, w, padding=1),
            (x, weight),
        ),
        "conv_transpose2d, 4x4 stride 2": (
            lambda t, w: conv_transpose2d(t, w, stride=2, padding=1),
            lambda t, w: F.conv_transpose2d(t, w, stride=2, padding=1),
            (small, doubling),
        ),
    }
    timed = {}
    for name, (ours, peer, inputs) in ops.items():
        leaves = [t.clone() for t in inputs]
        aim = AIMS[name] if device == "cpu" else None
        timed[name] = Case(lambda f=ours, t=inputs: f(*t), {"torch": lambda f=peer, t=inputs: f(*t)}, aim)
        timed[name + ", with gradient"] = Case(with_gradient(ours, *leaves), {"torch": with_gradient(peer, *leaves)})
    return timed


if __name__ == "__main__":
    for device in ["cpu"] + ["cuda"] * torch.cuda.is_available():
        report("upsampling", cases(device), device)
