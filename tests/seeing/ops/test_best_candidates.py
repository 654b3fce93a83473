"""Candidates, against a loop; and with `best_detections` against the last step of torchvision's detectors."""

import math
from collections import OrderedDict

import pytest
import torch
import torchvision
from torch import nn
from torchvision.models.detection import FCOS, RetinaNet
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.roi_heads import RoIHeads

from seeing.kernels import reference
from seeing.ops import best_candidates, best_detections, clip_boxes_to_image, remove_small_boxes

SIZE = (60, 90)


def both(*arguments, **options):
    """What the twin says, after a check that the reference says the same."""
    fast = best_candidates(*arguments, **options)
    with reference():
        plain = best_candidates(*arguments, **options)
    assert all(torch.equal(a, b) for a, b in zip(fast, plain, strict=True))
    return fast


def slow(scores, threshold, most_per_class=None, most=None, background=False):
    """The pairs (class, anchor) by loops over lists."""
    rows, pairs = scores.tolist(), []
    for label in range(int(background), scores.shape[1]):
        of_class = [(row[label], anchor, label) for anchor, row in enumerate(rows) if row[label] > threshold]
        of_class.sort(key=lambda pair: (-pair[0], pair[1]))
        pairs += of_class[:most_per_class]
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    return sorted((label, anchor) for _, anchor, label in pairs[:most])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16], ids=str)
@pytest.mark.parametrize("background", [True, False])
@pytest.mark.parametrize(
    "counts", [(None, None), (4, None), (None, 9), (4, 9), (0, None), (None, 0), (99, 999)], ids=str
)
@pytest.mark.parametrize("seed", range(4))
def test_equals_a_loop_with_ties_nan_and_infinities(seed, counts, background, dtype):
    scores = (torch.randn(30, 5, generator=torch.Generator().manual_seed(seed)) * 3).round() / 4  # few values: ties
    scores.view(-1)[seed::11] = torch.nan
    scores[seed, 2], scores[seed + 1, 1] = torch.inf, -torch.inf
    scores = scores.to(dtype)
    for threshold in (0.25, -0.5, -math.inf, math.inf):  # multiples of 1/4 are hit exactly
        got = both(scores, threshold, most_per_class=counts[0], most=counts[1], background=background)
        wanted = slow(scores, threshold, *counts, background)
        assert list(zip(got.labels.tolist(), got.anchors.tolist(), strict=True)) == wanted
        assert torch.equal(got.scores, scores[got.anchors, got.labels])
        assert (got.labels.dtype, got.anchors.dtype, got.scores.dtype) == (torch.int64, torch.int64, dtype)


def test_by_hand():
    scores = torch.tensor([[0.9, 0.5, 0.1], [0.2, 0.5, 0.7], [0.3, 0.6, 0.5]])

    def pairs(**options):
        got = both(scores, 0.3, **options)
        return list(zip(got.labels.tolist(), got.anchors.tolist(), strict=True))

    assert pairs() == [(0, 0), (1, 0), (1, 1), (1, 2), (2, 1), (2, 2)]
    assert pairs(most=4) == [(0, 0), (1, 0), (1, 2), (2, 1)]  # of three halves the first anchor's
    assert pairs(most_per_class=2) == [(0, 0), (1, 0), (1, 2), (2, 1), (2, 2)]
    assert pairs(most_per_class=1, background=True) == [(1, 2), (2, 1)]
    assert pairs(most_per_class=1, most=2) == [(0, 0), (2, 1)]


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0), (3, 1)])
@pytest.mark.parametrize("options", [{}, {"most": 2}, {"most_per_class": 2}], ids=str)
def test_no_anchors_or_no_classes(shape, options):
    got = both(torch.ones(shape), 0.5, background=True, **options)
    assert [part.shape for part in got] == [(0,)] * 3


def test_gradients_flow_and_views_are_read_as_they_are():
    scores = torch.rand(5, 4, generator=torch.Generator().manual_seed(0)).T.requires_grad_()
    got = best_candidates(scores, 0.3, most_per_class=2)
    (gradient,) = torch.autograd.grad(got.scores.sum(), scores)
    assert gradient.sum() == len(got.scores) > 0
    assert torch.equal(both(scores.detach(), 0.3, most_per_class=2).anchors, got.anchors)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: best_candidates(torch.zeros(3), 0.1), r"\(N, C\); got torch.float32 \(3,\)"),
        (lambda: best_candidates(torch.zeros(3, 2).long(), 0.1), "floating point, .* got torch.int64"),
        (lambda: best_candidates(torch.zeros(3, 2), math.nan), "score_threshold must be a number"),
        (lambda: best_candidates(torch.zeros(3, 2), 0.1, most=-1), "most must be at least 0; got -1"),
        (lambda: best_candidates(torch.zeros(3, 2), 0.1, most_per_class=-2), "most_per_class must be .* got -2"),
        (lambda: best_detections(torch.zeros(1, 4), torch.ones(1), torch.ones(1), 0.5, -1), "at least 0; got -1"),
        (lambda: best_detections(torch.full((1, 4), torch.nan), torch.ones(1), torch.ones(1)), "NaN"),
        (lambda: best_detections(torch.zeros(1, 4), torch.full((1,), torch.nan), torch.ones(1)), "NaN"),
        (lambda: best_detections(torch.zeros(2, 4), torch.ones(1), torch.ones(1)), "got"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_detections_by_hand():
    boxes = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 5], [0, 0, 10, 6], [0, 0, 10, 10], [20, 20, 30, 30]])
    scores, labels = torch.tensor([0.5, 0.9, 0.5, 0.9, 0.4]), torch.tensor([1, 1, 2, 2, 1])
    whole = best_detections(boxes, scores, labels, 0.5)
    # An IoU of exactly 1/2 is not over it: the first box stays. The third has 0.6 with a better one of its class.
    assert whole["scores"].tolist() == pytest.approx([0.9, 0.9, 0.5, 0.4])
    assert whole["labels"].tolist() == [1, 2, 1, 1]
    assert whole["boxes"].tolist() == boxes[[1, 3, 0, 4]].tolist()
    assert best_detections(boxes, scores, labels, 0.5, 1)["labels"].tolist() == [1]
    for few in (best_detections(boxes, scores, labels, 0.5, 0), best_detections(boxes[:0], scores[:0], labels[:0])):
        assert (few["boxes"].shape, few["scores"].shape, few["labels"].dtype) == ((0, 4), (0,), torch.int64)


@pytest.fixture
def _the_peer_does_not_shift_boxes(monkeypatch):
    """Its trick for small inputs rounds coordinates; this is what it does for large ones."""
    monkeypatch.setattr(torchvision.ops.boxes, "batched_nms", torchvision.ops.boxes._batched_nms_vanilla)


class TwoLevels(nn.Module):
    """A backbone of the smallest kind."""

    out_channels = 32  # FCOS normalises in 32 groups

    def forward(self, x):
        return OrderedDict(a=x[:, :1].expand(-1, 32, -1, -1), b=x[:, :1, ::2, ::2].expand(-1, 32, -1, -1))


def boxes_around(count, generator):
    corner = torch.rand(count, 2, generator=generator, dtype=torch.float64) * 60
    return torch.cat([corner, corner + 4 + 20 * torch.rand(count, 2, generator=generator, dtype=torch.float64)], 1)


def random(generator, *shape):
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def agree(got, wanted):
    for ours, theirs in zip(got, wanted, strict=True):
        assert len(ours["boxes"]) > 0
        for key in ("boxes", "scores", "labels"):
            assert torch.equal(ours[key], theirs[key])


@pytest.mark.usefixtures("_the_peer_does_not_shift_boxes")
@pytest.mark.parametrize("settings", [(0.05, 0.5, 1000, 100), (0.4, 0.3, 60, 20), (0.0, 0.6, 7, 300)], ids=str)
@pytest.mark.parametrize("kind", [RetinaNet, FCOS])
def test_the_best_of_all_classes_a_level_are_torchvisions(kind, settings):
    """In double precision, where no two scores are equal: torchvision does not say which of those it takes."""
    names = ("score_thresh", "nms_thresh", "topk_candidates", "detections_per_img")
    ratios = ((1.0,),) * 2
    model = kind(
        TwoLevels(),
        5,
        anchor_generator=AnchorGenerator(((8,), (16,)), ratios),
        **dict(zip(names, settings, strict=True)),
    )
    g = torch.Generator().manual_seed(0)
    counts = (120, 30)
    heads = {
        "cls_logits": [random(g, 2, n, 5) for n in counts],
        "bbox_regression": [random(g, 2, n, 4).abs() * 0.5 for n in counts],
        "bbox_ctrness": [random(g, 2, n, 1) for n in counts],
    }
    anchors = [[boxes_around(n, g) for n in counts] for _ in range(2)]
    threshold, overlap, most, last = settings
    got = []
    for image in range(2):
        parts = []
        for level in range(2):
            scores = heads["cls_logits"][level][image].sigmoid()
            if kind is FCOS:
                scores = (scores * heads["bbox_ctrness"][level][image].sigmoid()).sqrt()
            found = best_candidates(scores, threshold, most=most)
            decode = model.box_coder.decode if kind is FCOS else model.box_coder.decode_single
            boxes = decode(heads["bbox_regression"][level][image][found.anchors], anchors[image][level][found.anchors])
            parts.append((clip_boxes_to_image(boxes, SIZE), found.scores, found.labels))
        got.append(best_detections(*map(torch.cat, zip(*parts, strict=True)), overlap, last))
    agree(got, model.postprocess_detections(heads, anchors, [SIZE] * 2))


@pytest.mark.usefixtures("_the_peer_does_not_shift_boxes")
@pytest.mark.parametrize("settings", [(0.05, 0.5, 100), (0.3, 0.2, 8), (0.0, 0.7, 500)], ids=str)
def test_the_box_head_of_faster_rcnn_takes_all_over_the_threshold(settings):
    threshold, overlap, last = settings
    peer = RoIHeads(None, None, None, 0.5, 0.5, 512, 0.25, None, *settings)
    g = torch.Generator().manual_seed(1)
    counts, classes = (40, 25), 6
    proposals = [boxes_around(n, g) for n in counts]
    proposals[0][:5] += 200  # outside the picture: cut to nothing
    logits = torch.randn(sum(counts), classes, generator=g, dtype=torch.float64) * 2
    deltas = torch.randn(sum(counts), classes * 4, generator=g, dtype=torch.float64)
    boxes = clip_boxes_to_image(peer.box_coder.decode(deltas, proposals), SIZE)
    got = []
    for own, scores in zip(boxes.split(counts), logits.softmax(-1).split(counts), strict=True):
        found = best_candidates(scores, threshold, background=True)
        kept = remove_small_boxes(own[found.anchors, found.labels], 1e-2)
        candidates = own[found.anchors, found.labels][kept], found.scores[kept], found.labels[kept]
        got.append(best_detections(*candidates, overlap, last))
    wanted = peer.postprocess_detections(logits, deltas, proposals, [SIZE] * 2)
    agree(got, [dict(zip(("boxes", "scores", "labels"), parts, strict=True)) for parts in zip(*wanted, strict=True)])
