"""RoIAlign and RoIPool beside torchvision's, as in a two-stage detector: 7x7 bins, 2x2 samples a bin."""

import torch
import torchvision

from benchmarks.bench_upsampling import with_gradient
from benchmarks.harness import Case, report
from seeing.ops import roi_align, roi_pool

# images, channels, height and width of the map, boxes, stride, side of the boxes in pixels of the map
SIZES = {
    "stride 16, 256x50x50, 512 boxes": (1, 256, 50, 50, 512, 16, (1, 25)),
    "small, 8x64x32x32, 128 boxes": (8, 64, 32, 32, 128, 16, (1, 16)),
    "stride 4, 256x200x200, 500 boxes": (1, 256, 200, 200, 500, 4, (1, 14)),
    "stride 4, 256x200x200, 10 boxes": (1, 256, 200, 200, 10, 4, (1, 14)),
}


def draw(size: tuple, device: str) -> tuple[torch.Tensor, torch.Tensor]:
    """A map and boxes that lie on it."""
    images, channels, height, width, count, stride, (shortest, longest) = size
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(images, channels, height, width, generator=generator)
    extent = torch.tensor([width, height])
    center = torch.rand(count, 2, generator=generator) * extent
    half = (shortest + torch.rand(count, 2, generator=generator) * (longest - shortest)) / 2
    corners = [(center - half).clamp(min=0), (center + half).minimum(extent)]
    image = torch.randint(images, (count, 1), generator=generator)
    return x.to(device), torch.cat([image, *(c * stride for c in corners)], 1).to(device)


def cases(device: str) -> dict[str, Case]:
    """Name: ours beside torchvision's. The aims are for the first size."""
    timed = {}
    for number, (name, size) in enumerate(SIZES.items()):
        aims = {"cpu": (7, 12, 20, 7), "cuda": (5, 5, 3, None)}[device] if number == 0 else [None] * 4
        timed |= cases_of_a_size(name, *draw(size, device), 1 / size[5], aims)
    return timed


def cases_of_a_size(
    name: str, x: torch.Tensor, boxes: torch.Tensor, scale: float, aims: tuple[float | None, ...]
) -> dict[str, Case]:
    """Forward in both layouts, backward alone, and pooling; `aims` in that order."""

    def align(op, x):
        return op(x, boxes, 7, scale, 2, True)

    def pool(op, x):
        return op(x, boxes, 7, scale)

    def backward(op, x):
        x = x.clone().requires_grad_()
        out = align(op, x)
        grad = torch.ones_like(out)
        return lambda: torch.autograd.grad(out, x, grad, retain_graph=True)

    peer, last = torchvision.ops, x.contiguous(memory_format=torch.channels_last)
    first, nhwc, back, pooling = aims
    return {
        f"roi_align, {name}": Case(
            lambda: align(roi_align, x), {"torchvision": lambda: align(peer.roi_align, x)}, first
        ),
        f"roi_align, channels last, {name}": Case(
            lambda: align(roi_align, last), {"torchvision": lambda: align(peer.roi_align, last)}, nhwc
        ),
        f"roi_align, backward, {name}": Case(
            backward(roi_align, x), {"torchvision": backward(peer.roi_align, x)}, back
        ),
        f"roi_pool, {name}": Case(lambda: pool(roi_pool, x), {"torchvision": lambda: pool(peer.roi_pool, x)}, pooling),
        f"roi_pool, with gradient, {name}": Case(
            with_gradient(lambda t: pool(roi_pool, t), x.clone()),
            {"torchvision": with_gradient(lambda t: pool(peer.roi_pool, t), x.clone())},
        ),
    }


if __name__ == "__main__":
    for device in ["cpu"] + ["cuda"] * torch.cuda.is_available():
        report("roi", cases(device), device)
