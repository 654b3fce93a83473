"""What a detector does around its network, beside torchvision: post-processing, losses, matching, masks."""

from collections.abc import Callable

import torch
from torchvision.models.detection._utils import BoxCoder, Matcher, SSDMatcher
from torchvision.models.detection.roi_heads import paste_masks_in_image as torchvision_paste
from torchvision.models.detection.roi_heads import project_masks_on_boxes
from torchvision.models.detection.ssd import SSD
from torchvision.ops import generalized_box_iou_loss as torchvision_giou_loss
from torchvision.ops import masks_to_boxes as torchvision_masks_to_boxes
from torchvision.ops import sigmoid_focal_loss as torchvision_focal_loss

from benchmarks.harness import Case, report
from seeing.ops import (
    crop_masks,
    decode_boxes,
    generalized_box_iou_loss,
    masks_to_boxes,
    match_argmax,
    match_ssd,
    paste_masks_in_image,
    sigmoid_focal_loss,
    ssd_default_boxes,
    ssd_postprocess,
)

WEIGHTS = (10.0, 10.0, 5.0, 5.0)


class TorchvisionSSD(SSD):
    """torchvision's post-processing without its network, with the settings of SSD300."""

    def __init__(self):
        torch.nn.Module.__init__(self)
        self.box_coder = BoxCoder(WEIGHTS)
        self.score_thresh, self.nms_thresh, self.topk_candidates, self.detections_per_img = 0.01, 0.45, 400, 200


def without_gradient(call: Callable[[], object]) -> Callable[[], object]:
    return torch.inference_mode()(call)


def with_gradient(loss: Callable, x: torch.Tensor, *others: object) -> Callable[[], object]:
    """A call that runs `loss` and its backward pass to x."""
    leaf = x.clone().requires_grad_()
    return lambda: torch.autograd.grad(loss(leaf, *others), leaf)


def ssd300(device: str, background: float) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Logits of 91 classes, offsets and anchors; the background's bonus sets how many boxes are candidates."""
    torch.manual_seed(0)
    anchors = ssd_default_boxes(
        300,
        [38, 19, 10, 5, 3, 1],
        [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
        scales=[0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05],
        steps=[8, 16, 32, 64, 100, 300],
        device=device,
    )
    logits = torch.randn(1, len(anchors), 91, device=device) * 1.5
    logits[..., 0] += background
    return logits, torch.randn(1, len(anchors), 4, device=device) * 0.3, anchors


def postprocessing(device: str) -> dict[str, Case]:
    peer, timed = TorchvisionSSD(), {}
    for name, background in {"many candidates": 4.0, "few candidates": 9.0}.items():
        logits, deltas, anchors = ssd300(device, background)
        output = {"cls_logits": logits, "bbox_regression": deltas}
        ours = without_gradient(lambda a=logits, b=deltas, c=anchors: ssd_postprocess(a, b, c, (300, 300)))
        theirs = without_gradient(lambda o=output, c=anchors: peer.postprocess_detections(o, [c], [(300, 300)]))
        timed[f"SSD300 post-processing, {name}"] = Case(ours, {"torchvision": theirs}, aim=4.5)
    coder = BoxCoder(WEIGHTS)
    timed["decode 8,732 boxes"] = Case(
        without_gradient(lambda: decode_boxes(deltas[0], anchors, WEIGHTS)),
        {"torchvision": without_gradient(lambda: coder.decode_single(deltas[0], anchors))},
    )
    return timed


def losses(device: str) -> dict[str, Case]:
    torch.manual_seed(0)
    timed = {}
    for rows, classes in ((8732, 21), (20000, 80)):
        x = torch.randn(rows, classes, device=device) * 3
        t = (torch.rand(rows, classes, device=device) < 0.01).float()
        arguments = (x, t, 0.25, 2, "sum")
        size = f"{rows:,} x {classes}"
        timed[f"focal loss, {size}"] = Case(
            without_gradient(lambda a=arguments: sigmoid_focal_loss(*a)),
            {"torchvision": without_gradient(lambda a=arguments: torchvision_focal_loss(*a))},
        )
        timed[f"focal loss, {size}, with gradient"] = Case(
            with_gradient(sigmoid_focal_loss, *arguments),
            {"torchvision": with_gradient(torchvision_focal_loss, *arguments)},
        )
    corner = torch.rand(2, 1000, 2, device=device) * 100
    a, b = torch.cat([corner, corner + torch.rand(2, 1000, 2, device=device) * 50 + 1], dim=-1)
    timed["GIoU loss, 1,000 pairs, with gradient"] = Case(
        with_gradient(generalized_box_iou_loss, a, b, "sum"),
        {"torchvision": with_gradient(torchvision_giou_loss, a, b, "sum")},
    )
    return timed


def matching(device: str) -> dict[str, Case]:
    torch.manual_seed(0)
    iou = torch.rand(20, 8732, device=device)
    forced, ssd = Matcher(0.7, 0.3, True), SSDMatcher(0.5)
    return {
        "match 20 objects, forced": Case(
            lambda: match_argmax(iou, 0.7, 0.3, True), {"torchvision": lambda: forced(iou)}
        ),
        "match 20 objects, SSD": Case(lambda: match_ssd(iou), {"torchvision": lambda: ssd(iou)}),
    }


def masks(device: str) -> dict[str, Case]:
    torch.manual_seed(0)
    timed = {}
    for count, height, width in ((20, 480, 640), (100, 480, 640), (100, 64, 64)):
        predicted = torch.rand(count, 1, 28, 28, device=device)
        image = torch.tensor([width, height], device=device)
        corner = torch.rand(count, 2, device=device) * image * 0.7
        boxes = torch.cat([corner, corner + torch.rand(count, 2, device=device) * image * 0.3], dim=1)
        size = f"{count} in {height} x {width}"
        timed[f"paste masks, {size}"] = Case(
            lambda m=predicted, b=boxes, s=(height, width): paste_masks_in_image(m, b, s),
            {"torchvision": lambda m=predicted, b=boxes, s=(height, width): torchvision_paste(m, b, s)},
        )
    true = torch.rand(20, 480, 640, device=device) > 0.5
    corner = torch.rand(100, 2, device=device) * torch.tensor([400, 300], device=device)
    boxes = torch.cat([corner, corner + 100], dim=1)
    index = torch.arange(100, device=device) % 20
    timed["crop 100 masks to 28 x 28"] = Case(
        lambda: crop_masks(true, boxes, 28, index),
        {"torchvision": lambda: project_masks_on_boxes(true, boxes, index, 28)},
    )
    timed["boxes around 20 masks"] = Case(
        lambda: masks_to_boxes(true), {"torchvision": lambda: torchvision_masks_to_boxes(true)}
    )
    return timed


if __name__ == "__main__":
    for device in ["cpu"] + ["cuda"] * torch.cuda.is_available():
        cases = postprocessing(device) | losses(device) | matching(device) | masks(device)
        report("detection_ops", cases, device)
