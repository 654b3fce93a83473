"""Our IoU family and suppression beside torchvision's: boxes spread at random, and in clusters as a detector's are."""

import torch
import torchvision.ops as peer
from torch import Tensor

from benchmarks.harness import Case, report
from seeing import ops

NMS_AIMS = {
    "random": {100: 1, 1_000: 9, 10_000: 76, 50_000: 217},
    "clustered": {100: 1, 1_000: 1, 10_000: 10, 50_000: 35},
}
PAIR_AIMS = {"box_iou": 30, "generalized_box_iou": 8, "distance_box_iou": None, "complete_box_iou": None}


def scene(kind: str, n: int, device: str, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Boxes and scores in 1000x1000 pixels; of the clustered ones, about 50 to an object."""
    generator = torch.Generator().manual_seed(seed)

    def normal(count: int) -> Tensor:
        return torch.randn(count, 2, generator=generator)

    objects = n if kind == "random" else max(1, n // 50)
    centre = torch.rand(objects, 2, generator=generator) * 1000
    sides = torch.exp(0.6 * normal(objects) + (3.7 if kind == "random" else 4.2))
    if kind == "clustered":
        which = torch.randint(0, objects, (n,), generator=generator)
        centre = centre[which] + 0.1 * sides[which] * normal(n)
        sides = sides[which] * torch.exp(0.15 * normal(n))
    boxes = torch.cat([centre - sides / 2, centre + sides / 2], dim=1)
    return boxes.to(device), torch.rand(n, generator=generator).to(device)


def cases(device: str) -> dict[str, Case]:
    """Name: ours beside torchvision's."""
    timed = {}
    for kind, aims in NMS_AIMS.items():
        for n, aim in aims.items():
            inputs = (*scene(kind, n, device), 0.5)
            timed[f"nms, {kind}, {n:,}"] = Case(
                lambda t=inputs: ops.nms(*t),
                {"torchvision": lambda t=inputs: peer.nms(*t)},
                aim if device == "cpu" else {10_000: 5}.get(n),
            )
    for n, aim in {1_000: 4.6, 8_000: 5.8}.items():
        boxes, scores = scene("clustered", n, device)
        inputs = (boxes, scores, torch.randint(0, 80, (n,), generator=torch.Generator().manual_seed(0)).to(device), 0.5)
        timed[f"batched_nms, 80 classes, {n:,}"] = Case(
            lambda t=inputs: ops.batched_nms(*t),
            {"torchvision": lambda t=inputs: peer.batched_nms(*t)},
            aim if device == "cpu" else None,
        )
    pairs = scene("clustered", 2_000, device)[0], scene("clustered", 2_000, device, seed=1)[0]
    for name, aim in PAIR_AIMS.items():
        ours, theirs = getattr(ops, name), getattr(peer, name)
        timed[f"{name}, 2,000 x 2,000"] = Case(
            lambda f=ours: f(*pairs),
            {"torchvision": lambda f=theirs: f(*pairs)},
            aim if device == "cpu" else None,
        )
    return timed


if __name__ == "__main__":
    for device in ["cpu"] + ["cuda"] * torch.cuda.is_available():
        report("boxes", cases(device), device)
