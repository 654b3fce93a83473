"""Greedy suppression: index for index torchvision's, by the compiled loop and by the readable fixed point."""

import contextlib
import warnings

import pytest
import torch
import torchvision.ops as peer

from seeing import ops
from seeing.kernels import reference
from seeing.ops.nms import round_down
from tests.reference import boxes as slow

SERVED = {"twin": contextlib.nullcontext, "reference": reference}
THRESHOLDS = [-0.1, 0, 0.05, 0.2, 0.3, 1 / 3, 0.5, 0.7, 0.95, 1, 1.5]
KINDS = [
    "random",
    "clustered",
    "aspect",
    "huge",
    "far",
    "tiny",
    "overflow",
    "underflow",
    "outlier",
    "same",
    "whole",
    "inf",
]


def scene(kind, n, seed=0, dtype=torch.float32):
    """Boxes and scores; of each score several, so that ties count."""
    generator = torch.Generator().manual_seed(seed)
    centre = torch.rand(n, 2, generator=generator, dtype=torch.float64) * 500
    spread = torch.randn(n, 2, generator=generator, dtype=torch.float64)
    sides = torch.exp(0.6 * spread + 3.7)
    place = torch.arange(n)
    if kind == "clustered":
        centre = centre[place % max(1, n // 20)] + spread.flip(0) * 3
    elif kind == "aspect":
        sides = torch.exp(4 * spread)
    elif kind == "far":  # float32 knows only even numbers there
        centre = centre + 2**24 * (place[:, None] % 2)
    elif kind == "outlier":
        centre[0], sides[-1] = 1e12, 1e9
    elif kind == "same":
        centre[:], sides[:] = 50, 20
    elif kind == "whole":  # many exact IoUs, and boxes without area
        centre, sides = (centre / 20).floor(), (sides / 10).floor() % 8
    scale = {"huge": 1e6, "tiny": 1e-14, "overflow": 1e17, "underflow": 1e-24}.get(kind, 1)
    boxes = torch.cat([centre, centre + sides], 1) * scale
    if kind == "inf":
        boxes[::7, 2], boxes[::5, 1] = torch.inf, -torch.inf
        boxes[::11] = torch.inf
    scores = torch.randint(-50, 50, (n,), generator=generator) / 50
    scores[::13], scores[1::17], scores[2::29] = -0.0, torch.inf, -torch.inf
    return boxes.to(dtype), scores.to(dtype)


def batched_by_torchvision(boxes, scores, idxs, threshold):
    """As `torchvision.ops.boxes._batched_nms_vanilla`, but with a stable sort at the end."""
    keep = [torch.zeros(0, dtype=torch.int64)]
    for category in idxs.unique():
        members = torch.where(idxs == category)[0]
        keep.append(members[peer.nms(boxes[members], scores[members], threshold)])
    keep = torch.cat(keep).sort().values
    return keep[scores[keep].argsort(descending=True, stable=True)]


@pytest.fixture(params=SERVED.values(), ids=SERVED.keys())
def served(request):
    with request.param():
        yield


@pytest.mark.usefixtures("served")
def test_by_hand():
    """Box 1 overlaps 0 and 2 by 2/3; once 0 has suppressed it, 2 may stay."""
    boxes = torch.tensor([[0.0, 0, 10, 10], [2, 0, 12, 10], [4, 0, 14, 10], [50, 50, 60, 60]])
    scores = torch.tensor([0.9, 0.8, 0.7, 0.95])
    assert ops.nms(boxes, scores, 0.5).tolist() == [3, 0, 2]
    assert ops.nms(boxes, scores, 2 / 3).tolist() == [3, 0, 2]  # float32 rounds 2/3 up
    assert ops.nms(boxes, scores, 0.67).tolist() == [3, 0, 1, 2]
    assert ops.batched_nms(boxes, scores, torch.tensor([0, 1, 1, 0]), 0.5).tolist() == [3, 0, 1]


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_boxes_equals_torchvision(kind):
    for seed, n in enumerate([1, 30, 300, 700]):
        boxes, scores = scene(kind, n, seed)
        for threshold in THRESHOLDS:
            got, wanted = ops.nms(boxes, scores, threshold), peer.nms(boxes, scores, threshold)
            assert torch.equal(got, wanted), f"{n} boxes, threshold {threshold}"


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("kind", ["random", "whole", "inf"])
def test_doubles_equal_torchvision(kind):
    boxes, scores = scene(kind, 400, dtype=torch.float64)
    for threshold in THRESHOLDS:
        assert torch.equal(ops.nms(boxes, scores, threshold), peer.nms(boxes, scores, threshold))


@pytest.mark.usefixtures("served")
def test_the_slow_loop_agrees():
    for seed in range(5):
        boxes, scores = scene("clustered", 60, seed, torch.float64)
        idxs = torch.arange(60) % 3
        assert ops.nms(boxes, scores, 0.4).tolist() == slow.nms(boxes.tolist(), scores.tolist(), 0.4)
        wanted = slow.batched_nms(boxes.tolist(), scores.tolist(), idxs.tolist(), 0.4)
        assert ops.batched_nms(boxes, scores, idxs, 0.4).tolist() == wanted


@pytest.mark.parametrize("threshold", [0.2, 0.35, 0.5, 0.75, 0.93])
@pytest.mark.parametrize("axis", [0, 1])
def test_suppressors_as_far_and_as_different_as_they_can_be(threshold, axis):
    """Pairs that agree along one axis, and along the other have an IoU just over the threshold, or just under.

    A third of the pairs are of one size and shifted; in the others one box is a part of the other, at either end.
    """
    generator = torch.Generator().manual_seed(0)
    corner = torch.cartesian_prod(torch.arange(40), torch.arange(40)).double() * 1000
    n = len(corner)
    sides = torch.exp(3 * torch.rand(n, 2, generator=generator, dtype=torch.float64) + 3)
    over = torch.rand(n, generator=generator) < 0.5
    iou = threshold + torch.where(over, 1e-2, -1e-2) * threshold * (1 - threshold)
    case, length = torch.arange(n) % 3, sides[:, axis]
    other_corner, other_sides = corner.clone(), sides.clone()
    other_sides[:, axis] *= torch.where(case == 0, 1, iou)
    offsets = torch.stack([length * (1 - iou) / (1 + iou), length * (1 - iou), torch.zeros(n)])
    other_corner[:, axis] += offsets[case, torch.arange(n)]
    boxes = [torch.cat([corner, corner + sides], 1), torch.cat([other_corner, other_corner + other_sides], 1)]
    pairs = torch.cat(boxes).float()
    for scores in (torch.arange(2.0 * n), torch.arange(2.0 * n).flip(0)):
        keep = ops.nms(pairs, scores, threshold)
        assert torch.equal(keep, peer.nms(pairs, scores, threshold))
        assert len(keep) == 2 * n - over.sum()


@pytest.mark.usefixtures("served")
def test_the_threshold_is_a_double():
    """Boxes of IoU exactly 1/10 in float32: over the double 0.1, not over the float32 nearest to it."""
    boxes, scores = torch.tensor([[0.0, 0, 10, 10], [0, 0, 1, 10]]), torch.tensor([0.9, 0.8])
    iou = ops.box_iou(boxes[:1], boxes[1:]).item()
    assert iou > 0.1
    for threshold in (0.1, iou, round_down(0.1, torch.float32)):
        assert torch.equal(ops.nms(boxes, scores, threshold), peer.nms(boxes, scores, threshold))
    assert ops.nms(boxes, scores, 0.1).tolist() == [0]
    assert ops.nms(boxes, scores, iou).tolist() == [0, 1]


@pytest.mark.parametrize("threshold", [0.1, 0.5, 0.7, -0.3, 1e-50, 1e300, -1e300, torch.inf, -torch.inf])
def test_rounding_down(threshold):
    limit = round_down(threshold, torch.float32)
    above = torch.tensor(limit).nextafter(torch.tensor(torch.inf))
    assert torch.tensor(limit).item() == limit <= threshold
    assert above.item() > threshold or threshold == torch.inf
    assert round_down(threshold, torch.float64) == threshold


def test_suppression_is_the_fixed_point_of_the_upper_triangle():
    boxes, scores = scene("clustered", 200, 3)
    order = scores.argsort(descending=True, stable=True)
    over = (ops.box_iou(boxes[order], boxes[order]) > 0.4).triu(1)
    keep = torch.zeros(200, dtype=torch.bool)
    keep[torch.isin(order, ops.nms(boxes, scores, 0.4)).nonzero()] = True
    assert torch.equal(keep, ~(over & keep[:, None]).any(0))
    for start in (torch.zeros(200).bool(), torch.ones(200).bool(), torch.arange(200) % 2 == 0):
        for _ in range(200):
            start = ~(over & start[:, None]).any(0)
        assert torch.equal(start, keep)


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("n", [1, 40, 400])
@pytest.mark.parametrize("scale", [1, 10**9, 2**61])
@pytest.mark.parametrize("kind", ["clustered", "whole"])
def test_batched_is_torchvision_category_by_category(n, scale, kind):
    boxes, scores = scene(kind, n, n)
    idxs = torch.randint(-3, 4, (n,), generator=torch.Generator().manual_seed(n)) * scale
    for threshold in (-0.1, 0, 0.3, 0.7):
        got = ops.batched_nms(boxes, scores, idxs, threshold)
        assert torch.equal(got, batched_by_torchvision(boxes, scores, idxs, threshold))


@pytest.mark.usefixtures("served")
def test_one_large_category_among_small_ones():
    boxes, scores = scene("clustered", 900, 8)
    idxs = (torch.arange(900) % 10 == 0) * torch.arange(900)
    assert torch.equal(ops.batched_nms(boxes, scores, idxs, 0.5), batched_by_torchvision(boxes, scores, idxs, 0.5))


@pytest.mark.usefixtures("served")
def test_the_offset_trick_gives_another_answer():
    """IoU 1/2 exactly, at a threshold of 1/2. Shifted to category 5,000, float32 rounds the corners to 1/32 pixel."""
    boxes = torch.tensor([[0.0, 0, 64.001, 1], [0, 0, 32.001, 1], [0, 0, 64, 64]])
    scores, idxs = torch.tensor([0.9, 0.8, 0.7]), torch.tensor([5000, 5000, 0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shifted = peer.batched_nms(boxes, scores, idxs, 0.5)
    assert shifted.tolist() == [0, 1, 2]
    assert ops.batched_nms(boxes, scores, idxs, 0.5).tolist() == [0, 2]
    assert peer.nms(boxes[:2], scores[:2], 0.5).tolist() == [0]


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("dtype", [torch.int32, torch.uint8, torch.float32, torch.float16])
def test_categories_of_other_dtypes(dtype):
    boxes, scores = scene("clustered", 90, 9)
    idxs = torch.arange(90) % 4
    assert torch.equal(ops.batched_nms(boxes, scores, idxs.to(dtype), 0.5), ops.batched_nms(boxes, scores, idxs, 0.5))


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_computed_in_float32(dtype):
    boxes, scores = (x.to(dtype) for x in scene("whole", 100, 10))
    assert torch.equal(ops.nms(boxes, scores, 0.3), peer.nms(boxes.float(), scores.float(), 0.3))


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
def test_empty(dtype):
    boxes, scores = torch.zeros(0, 4, dtype=dtype), torch.zeros(0, dtype=dtype)
    for keep in (ops.nms(boxes, scores, 0.5), ops.batched_nms(boxes, scores, torch.zeros(0, dtype=torch.int64), 0.5)):
        assert keep.shape == (0,)
        assert keep.dtype == torch.int64


@pytest.mark.usefixtures("served")
def test_strided_input_and_input_with_gradients():
    boxes, scores = scene("clustered", 120, 11)
    table = torch.cat([boxes, scores[:, None], torch.arange(120.0)[:, None] % 3], 1).requires_grad_()
    assert torch.equal(ops.nms(table[:, :4], table[:, 4], 0.5), peer.nms(boxes, scores, 0.5))
    assert torch.equal(ops.nms(table[::2, :4], table[::2, 4], 0.5), peer.nms(boxes[::2], scores[::2], 0.5))
    got = ops.batched_nms(table[:, :4], table[:, 4], table[:, 5], 0.5)
    assert torch.equal(got, batched_by_torchvision(boxes, scores, torch.arange(120) % 3, 0.5))


@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
def test_it_can_be_compiled_whole(backend):
    @torch.compile(fullgraph=True, backend=backend)
    def detect(boxes, scores, idxs):
        keep = ops.nms(boxes, scores, 0.5)
        return boxes[keep] * 2, ops.batched_nms(boxes, scores, idxs, 0.5)

    for n in (40, 70):
        boxes, scores = scene("clustered", n, 12)
        doubled, batched = detect(boxes, scores, torch.arange(n) % 3)
        assert torch.equal(doubled, boxes[peer.nms(boxes, scores, 0.5)] * 2)
        assert torch.equal(batched, ops.batched_nms(boxes, scores, torch.arange(n) % 3, 0.5))


def test_the_registered_ops_keep_torchs_rules():
    boxes, scores = scene("random", 20, 13)
    tests = ("test_schema", "test_faketensor")
    torch.library.opcheck(torch.ops.seeing.nms.default, (boxes, scores, 0.5), test_utils=tests)
    arguments = (boxes, scores, torch.arange(20), 0.5)
    torch.library.opcheck(torch.ops.seeing.batched_nms.default, arguments, test_utils=tests)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("kind", KINDS)
def test_on_a_gpu(kind):
    for n in (0, 1, 300, 5000):
        boxes, scores = scene(kind, max(n, 1))
        boxes, scores, idxs = boxes[:n], scores[:n], torch.arange(n) % 5
        for threshold in THRESHOLDS:
            got = ops.nms(boxes.cuda(), scores.cuda(), threshold)
            assert got.is_cuda
            assert torch.equal(got.cpu(), peer.nms(boxes, scores, threshold))
        got = ops.batched_nms(boxes.cuda(), scores.cuda(), idxs.cuda(), 0.5)
        assert torch.equal(got.cpu(), ops.batched_nms(boxes, scores, idxs, 0.5))


BOXES, SCORES = torch.tensor([[0.0, 0, 1, 1], [2, 2, 3, 3]]), torch.tensor([0.5, 0.6])
NAN = torch.tensor([torch.nan, 1])


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    ("boxes", "scores", "threshold", "message"),
    [
        (BOXES[:, :3], SCORES, 0.5, r"boxes must be \(N, 4\); got \(2, 3\)"),
        (BOXES[None], SCORES[None], 0.5, r"boxes must be \(N, 4\); got \(1, 2, 4\)"),
        (BOXES, SCORES[:1], 0.5, r"scores must be \(2,\), one for each box; got \(1,\)"),
        (BOXES, SCORES[:, None], 0.5, r"scores must be \(2,\).*got \(2, 1\)"),
        (BOXES.long(), SCORES.long(), 0.5, "floating point of one dtype; got torch.int64, torch.int64"),
        (BOXES, SCORES.double(), 0.5, "of one dtype; got torch.float32, torch.float64"),
        (BOXES, SCORES.to("meta"), 0.5, "one device; got boxes on cpu, scores on meta"),
        (BOXES, SCORES, torch.nan, "iou_threshold must be a number; got NaN"),
        (BOXES.flip(1), SCORES, 0.5, r"x1 <= x2 and y1 <= y2.*got \[1.0, 1.0, 0.0, 0.0\]"),
        (BOXES * NAN[:, None], SCORES, 0.5, "without NaN; got .*nan"),
        (BOXES, SCORES * NAN, 0.5, "scores must be without NaN; got NaN for box 0"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(boxes, scores, threshold, message):
    with pytest.raises(ValueError, match=message):
        ops.nms(boxes, scores, threshold)
    with pytest.raises(ValueError, match=message):
        ops.batched_nms(boxes, scores, torch.arange(2), threshold)


@pytest.mark.parametrize("idxs", [torch.arange(3), torch.zeros(2, 1), torch.zeros(2).bool(), torch.zeros(2) + 0j])
def test_bad_categories_are_refused(idxs):
    with pytest.raises(ValueError, match="idxs must hold a number for each of 2 boxes; got"):
        ops.batched_nms(BOXES, SCORES, idxs, 0.5)
