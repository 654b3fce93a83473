"""The first YOLO: its size, its loss against a slow loop, its cells by hand, and what its grid cannot see."""

import pytest
import torch

from seeing.data.world import World
from seeing.models import checkpoint
from seeing.models.backbones import DarknetTrunk
from seeing.models.detection import YOLO
from seeing.ops import box_iou
from seeing.training import fit
from tests.reference import yolo as slow

SMALL = {"num_classes": 5, "image_size": 64, "width": 0.125, "num_stages": 3, "hidden": 64, "batch_norm": True}
WIDE = {**SMALL, "image_size": (48, 80), "boxes_per_cell": 3}


def target(boxes, labels, **more):
    return {"boxes": torch.tensor(boxes).float().view(-1, 4), "labels": torch.tensor(labels).long(), **more}


def random_targets(seed, images, size):
    """Objects of all sizes, of which some share a cell, one is too thin, and one image is empty."""
    g = torch.Generator().manual_seed(seed)
    height, width = size
    targets = [target([], [])]
    for _ in range(images - 1):
        corner = torch.rand(9, 2, generator=g) * torch.tensor([width - 8.0, height - 8.0])
        sides = 0.1 + torch.rand(9, 2, generator=g) * 7.9
        sides[0, 0] = 0.0049 * width
        targets.append(
            target(torch.cat([corner, corner + sides], 1).tolist(), torch.randint(1, 5, (9,), generator=g).tolist())
        )
    return targets


def said(model, images, seed):
    """Predictions in and out of [0, 1], of which many boxes overlap nothing."""
    g = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        predictions = model.eval().predict(torch.zeros(images, 3, *model.image_size))
    parts = [torch.randn(part.shape, generator=g, dtype=torch.float64) * 0.5 + 0.3 for part in predictions]
    return type(predictions)(*(part.requires_grad_() for part in parts))


def test_the_papers_network():
    with torch.device("meta"):
        model = YOLO()
        assert sum(p.numel() for p in model.parameters()) == 271_703_550
        predictions = model.predict(torch.zeros(1, 3, 448, 448))
    assert sum(part[0].numel() for part in predictions) == 7 * 7 * 30
    assert sum(isinstance(m, torch.nn.Conv2d) for m in model.modules()) == 24


@pytest.mark.parametrize("num_stages", range(1, 7))
def test_the_trunk_gives_what_it_promises(num_stages):
    trunk = DarknetTrunk(0.0625, num_stages).eval()
    maps = trunk(torch.zeros(1, 3, 128, 64))
    got = [tuple(level.shape[1:]) for level in maps]
    assert got == [(c, 128 // s, 64 // s) for c, s in zip(trunk.channels, trunk.strides, strict=True)]
    with pytest.raises(ValueError, match=rf"needs at least {trunk.strides[-1]} pixels"):
        trunk(torch.zeros(1, 3, trunk.strides[-1] - 1, 64))


@pytest.mark.parametrize("arguments", [SMALL, WIDE], ids=["square", "wide"])
@pytest.mark.parametrize("seed", range(3))
def test_the_loss_is_the_slow_loops_term_by_term(arguments, seed):
    model = YOLO(**arguments)
    predictions = said(model, 4, seed)
    targets = random_targets(seed, 4, model.image_size)
    owned = [int(part.sum()) for part in model.seen(targets)]
    assert 0 < sum(owned) < sum(len(t["labels"]) for t in targets), "some objects share a cell"
    found = model.losses(predictions, targets)
    wanted = slow.losses(predictions, targets, model.grid, model.image_size)
    assert found.keys() == wanted.keys()
    for name, value in wanted.items():
        assert found[name].item() == pytest.approx(value, rel=1e-5)


def test_the_gradient_is_darknets_error_signal():
    """Half of a square has the plain difference as its slope; the IoU that a confidence is held against has none."""
    model = YOLO(**SMALL)
    predictions = said(model, 1, 7)
    truth = [target([[9, 9, 21, 23]], [3])]  # its centre, (15, 16), lies in row 2, column 1: cell 17
    sum(model.losses(predictions, truth).values()).backward()
    classes, confidences, boxes = predictions
    cell = 17
    wanted = torch.tensor([0.0, 0, 1, 0], dtype=torch.float64)
    torch.testing.assert_close(classes.grad[0, cell], classes.detach()[0, cell] - wanted)
    assert classes.grad.abs().sum((0, 2)).nonzero().flatten().tolist() == [cell]
    best = int(boxes.grad[0, cell].abs().sum(1).argmax())
    written = torch.tensor([15 / 8 - 1, 0.0, (12 / 64) ** 0.5, (14 / 64) ** 0.5], dtype=torch.float64)
    torch.testing.assert_close(
        boxes.grad[0, cell, best], 5 * (boxes.detach()[0, cell, best] - written), atol=1e-6, rtol=0
    )
    others = torch.ones_like(confidences, dtype=torch.bool)
    others[0, cell, best] = False
    torch.testing.assert_close(confidences.grad[others], 0.5 * confidences.detach()[others])


def test_of_two_objects_in_one_cell_the_first_is_seen():
    model = YOLO(**SMALL)
    both = target([[8, 8, 16, 16], [6, 6, 17, 17], [40, 40, 50, 50]], [1, 2, 3])
    assert [part.tolist() for part in model.seen([both, target([], [])])] == [[True, False, True], []]


def test_a_perfect_answer_costs_nothing_and_comes_back_as_it_was():
    model = YOLO(**SMALL).eval()
    truth = target([[40, 2, 63, 20], [8, 12, 30, 41]], [4, 2])
    classes, confidences, boxes = (torch.zeros_like(part) for part in model.predict(torch.zeros(1, 3, 64, 64)))
    for (x1, y1, x2, y2), label in zip(truth["boxes"].tolist(), truth["labels"].tolist(), strict=True):
        x, y = (x1 + x2) / 16, (y1 + y2) / 16
        cell = int(y) * 8 + int(x)
        classes[0, cell, label - 1] = 1
        confidences[0, cell, 1] = 1
        boxes[0, cell, 1] = torch.tensor([x % 1, y % 1, ((x2 - x1) / 64) ** 0.5, -(((y2 - y1) / 64) ** 0.5)])
    predictions = type(model.predict(torch.zeros(1, 3, 64, 64)))(classes, confidences, boxes)
    found = model.detections(predictions, [(64, 64)])[0]
    torch.testing.assert_close(found["boxes"], truth["boxes"])
    assert found["labels"].tolist() == [4, 2]
    assert found["scores"].tolist() == [1, 1]
    predictions = predictions._replace(boxes=boxes.abs())
    assert all(value < 1e-9 for value in model.losses(predictions, [truth]).values())


def test_two_negative_numbers_are_no_detection_and_a_score_ends_at_one():
    model = YOLO(**SMALL).eval()
    classes, confidences, boxes = (torch.zeros_like(part) for part in model.predict(torch.zeros(1, 3, 64, 64)))
    boxes += 0.3
    classes[0, 0, 0], confidences[0, 0, 0] = -1, -1
    classes[0, 40, 1], confidences[0, 40, 0] = 3, 1.5
    found = model.detections(type(model.predict(torch.zeros(1, 3, 64, 64)))(classes, confidences, boxes), [(64, 64)])[0]
    assert found["scores"].tolist() == [1]
    assert found["labels"].tolist() == [2]


def test_confidences_in_a_crowd_are_let_be():
    model = YOLO(**SMALL)
    predictions = said(model, 1, 3)
    crowd = target([[0, 0, 32, 64], [40, 40, 50, 50]], [1, 2], iscrowd=torch.tensor([True, False]))
    sum(model.losses(predictions, [crowd]).values()).backward()
    left = (torch.arange(64) % 8) < 4
    assert (predictions.confidences.grad[0, left] == 0).all()
    assert (predictions.confidences.grad[0, ~left] != 0).all()


def test_a_batch_without_objects_learns_that_nothing_is_there():
    model = YOLO(**SMALL)
    with pytest.warns(UserWarning, match="no image of this batch has an object"):
        losses = model(torch.rand(2, 3, 64, 64), [target([], []), target([], [])])
    assert losses["no_objectness"] > 0
    assert losses["classification"] == losses["objectness"] == losses["bbox_regression"] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"image_size": 60}, "a multiple of the last stride, 8; got 60"),
        ({"num_stages": 7}, "num_stages must be 1 to 6"),
        ({"num_classes": 1}, "at least 2"),
    ],
)
def test_what_cannot_be_built_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        YOLO(**{**SMALL, **arguments})


def test_images_of_another_size_are_refused():
    with pytest.raises(ValueError, match=r"\(64, 64\); got \(32, 64\)"):
        YOLO(**SMALL)(torch.zeros(1, 3, 32, 64))


def test_it_is_kept_in_a_file_and_comes_back(tmp_path):
    model = YOLO(**SMALL).eval()
    checkpoint.save(model, tmp_path / "yolo.pt", SMALL)
    again = checkpoint.load(tmp_path / "yolo.pt")
    image = torch.rand(1, 3, 64, 64)
    torch.testing.assert_close(again.predict(image).boxes, model.predict(image).boxes, atol=0.01, rtol=0)


@pytest.mark.slow
def test_it_learns_four_scenes_by_heart():
    torch.manual_seed(0)
    scenes = World(size=64).scenes(4, seed=5)
    model = YOLO(**SMALL, dropout=0.0)
    fit(model, lambda step: (scenes.image, scenes.targets()), model.losses, 250, forward=model.predict, clip=10.0)
    for found, wanted in zip(model(scenes.image), scenes.targets(), strict=True):
        sure = found["scores"] > 0.4
        assert sorted(found["labels"][sure].tolist()) == sorted(wanted["labels"].tolist())
        assert (box_iou(wanted["boxes"], found["boxes"][sure]).amax(1) > 0.7).all()
