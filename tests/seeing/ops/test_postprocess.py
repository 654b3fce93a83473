"""SSD's post-processing, against torchvision's, detection for detection, and worked by hand."""

import pytest
import torch
import torchvision
from torch.nn import functional as F
from torchvision.models.detection._utils import BoxCoder
from torchvision.models.detection.ssd import SSD

from seeing.kernels import reference
from seeing.ops.default_boxes import ssd_default_boxes
from seeing.ops.postprocess import ssd_postprocess

SIZE = (64, 96)
ANCHORS = ssd_default_boxes(SIZE, [(16, 24), (8, 12), (4, 6)], [[2], [2, 3], [2]])


class Peer(SSD):
    """torchvision's post-processing without its network."""

    def __init__(self, score_thresh, nms_thresh, topk_candidates, detections_per_img):
        torch.nn.Module.__init__(self)
        self.box_coder = BoxCoder(weights=(10.0, 10.0, 5.0, 5.0))
        self.score_thresh, self.nms_thresh = score_thresh, nms_thresh
        self.topk_candidates, self.detections_per_img = topk_candidates, detections_per_img


@pytest.fixture(autouse=True)
def _the_peer_does_not_shift_boxes(monkeypatch):
    """Its trick for small inputs rounds coordinates; this is what it does for large ones."""
    monkeypatch.setattr(torchvision.ops.boxes, "batched_nms", torchvision.ops.boxes._batched_nms_vanilla)


def heads(images: int, classes: int, seed: int, background: float = 3.0, dtype: torch.dtype = torch.float32):
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(images, len(ANCHORS), classes, generator=generator) * 2
    logits[..., 0] += background
    return logits.to(dtype), torch.randn(images, len(ANCHORS), 4, generator=generator).to(dtype)


def both(*arguments, **options):
    """What the twin says, after a check that the reference says the same."""
    fast = ssd_postprocess(*arguments, **options)
    with reference():
        plain = ssd_postprocess(*arguments, **options)
    assert all(torch.equal(a[key], b[key]) for a, b in zip(fast, plain, strict=True) for key in a)
    return fast


@pytest.mark.parametrize("settings", [(0.01, 0.45, 400, 200), (0.3, 0.1, 10, 5), (0.0, 0.9, 20, 1000)], ids=str)
@pytest.mark.parametrize("classes", [2, 21])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_equals_torchvision_index_for_index(settings, classes, dtype):
    logits, deltas = heads(2, classes, classes, dtype=dtype)
    anchors = ANCHORS.to(dtype)
    output = {"cls_logits": logits, "bbox_regression": deltas}
    wanted = Peer(*settings).postprocess_detections(output, [anchors] * 2, [SIZE] * 2)
    got = both(logits, deltas, anchors, SIZE, *settings)
    for a, b in zip(got, wanted, strict=True):
        assert len(a["boxes"]) > 0
        for key in ("boxes", "scores", "labels"):
            assert torch.equal(a[key], b[key])
            assert a[key].dtype == b[key].dtype


def test_by_hand():
    """Two anchors on one object, one on another; the better of the two stays, for its own class only."""
    anchors = torch.tensor([[0.0, 0, 10, 10], [0, 1, 10, 11], [30, 30, 40, 40]])
    scores = torch.tensor([[0.1, 0.7, 0.2], [0.1, 0.6, 0.3], [0.95, 0.04, 0.01]])
    (got,) = both(scores.log()[None], torch.zeros(1, 3, 4), anchors, (40, 35), 0.02)
    assert got["labels"].tolist() == [1, 2, 1]
    torch.testing.assert_close(got["scores"], torch.tensor([0.7, 0.3, 0.04]))
    assert got["boxes"].tolist() == [[0, 0, 10, 10], [0, 1, 10, 11], [30, 30, 35, 40]]


def test_a_score_exactly_at_the_threshold_is_no_candidate():
    logits = torch.zeros(1, 1, 2)  # 1/2 each
    anchor = torch.tensor([[0.0, 0, 4, 4]])
    assert len(both(logits, torch.zeros(1, 1, 4), anchor, (8, 8), 0.5)[0]["scores"]) == 0
    assert len(both(logits, torch.zeros(1, 1, 4), anchor, (8, 8), 0.4999999)[0]["scores"]) == 1
    # In float32 .1 is a little over .1: the comparison is in the scores' own precision.
    tenth = F.softmax(torch.tensor([0.9, 0.1]).log(), 0)[1].item()
    logits = torch.tensor([[[0.9, 0.1]]]).log()
    assert len(both(logits, torch.zeros(1, 1, 4), anchor, (8, 8), tenth)[0]["scores"]) == 0


@pytest.mark.parametrize("most", [1, 3, 8])
def test_of_equal_scores_the_first_anchors_are_taken(most):
    anchors = torch.arange(8.0)[:, None] * 10 + torch.tensor([0.0, 0, 5, 5])
    (got,) = both(torch.zeros(1, 8, 3), torch.zeros(1, 8, 4), anchors, (99, 99), topk_candidates=most)
    assert got["labels"].tolist() == [1] * most + [2] * most
    assert torch.equal(got["boxes"], torch.cat([anchors[:most]] * 2))


@pytest.mark.parametrize("seed", range(20))
def test_the_twin_equals_the_reference_on_ties(seed):
    logits, deltas = heads(1, 4, seed, background=0)
    both((logits / 2).round(), deltas, ANCHORS, SIZE, 0.05, topk_candidates=17 + seed)


def test_nothing_found_no_anchors_no_images_no_classes():
    logits, deltas = heads(2, 3, 0, background=1000)
    for got in both(logits, deltas, ANCHORS, SIZE):
        assert got["boxes"].shape == (0, 4)
        assert (got["scores"].shape, got["labels"].shape, got["labels"].dtype) == ((0,), (0,), torch.int64)
    (got,) = both(torch.zeros(1, 0, 3), torch.zeros(1, 0, 4), torch.zeros(0, 4), SIZE)
    assert got["boxes"].shape == (0, 4)
    assert ssd_postprocess(torch.zeros(0, 5, 3), torch.zeros(0, 5, 4), torch.zeros(5, 4), SIZE) == []
    (got,) = both(torch.zeros(1, 5, 1), torch.zeros(1, 5, 4), torch.zeros(5, 4), SIZE)
    assert len(got["labels"]) == 0
    for none in ({"topk_candidates": 0}, {"detections_per_img": 0}):
        assert len(both(*heads(1, 3, 0), ANCHORS, SIZE, **none)[0]["labels"]) == 0


def test_views_half_precision_nan_scores_and_anchors_for_each_image():
    logits, deltas = heads(2, 5, 1)
    wanted = both(logits, deltas, ANCHORS, SIZE)
    views = logits.transpose(1, 2).contiguous().transpose(1, 2), deltas.flip(0).flip(0)
    each = torch.stack([ANCHORS, ANCHORS])
    for a, b in zip(both(*views, each, SIZE), wanted, strict=True):
        assert torch.equal(a["boxes"], b["boxes"])
    half = both(logits.bfloat16(), deltas.bfloat16(), ANCHORS.bfloat16(), SIZE)
    assert half[0]["scores"].dtype == torch.bfloat16
    logits[0, 3] = torch.nan  # an anchor without a score is no candidate
    assert both(logits, deltas, ANCHORS, SIZE)[0]["scores"].isfinite().all()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    logits, deltas = heads(2, 21, 0)
    wanted = ssd_postprocess(logits, deltas, ANCHORS, SIZE)
    got = ssd_postprocess(logits.cuda(), deltas.cuda(), ANCHORS.cuda(), SIZE)
    for a, b in zip(got, wanted, strict=True):
        assert torch.equal(a["labels"].cpu(), b["labels"])
        torch.testing.assert_close(a["boxes"].cpu(), b["boxes"])


LOGITS, DELTAS = torch.zeros(1, 3, 2), torch.zeros(1, 3, 4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ssd_postprocess(LOGITS[0], DELTAS, DELTAS, SIZE), r"\(B, N, C\), .*got .*\(3, 2\)"),
        (lambda: ssd_postprocess(LOGITS, DELTAS[:, :2], DELTAS, SIZE), r"\(1, 3, 2\) and \(1, 2, 4\)"),
        (lambda: ssd_postprocess(LOGITS, DELTAS, DELTAS[0, :2], SIZE), r"anchors must be .*got \(2, 4\)"),
        (lambda: ssd_postprocess(LOGITS, DELTAS, DELTAS, SIZE, -0.1), "at least 0; got -0.1, 400 and 200"),
        (lambda: ssd_postprocess(LOGITS, DELTAS, DELTAS, (4, 4, 4)), r"\(height, width\)"),
        (lambda: ssd_postprocess(LOGITS, DELTAS * torch.nan, DELTAS, SIZE), "NaN"),
        (lambda: ssd_postprocess(LOGITS, DELTAS, DELTAS.to("meta"), SIZE), "one device"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
