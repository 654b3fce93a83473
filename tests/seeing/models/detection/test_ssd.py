"""SSD beside torchvision's on the same weights and on the same head outputs; worked by hand; trained on four scenes."""

import pytest
import torch
import torchvision
from torchvision.models.detection._utils import SSDMatcher
from torchvision.models.detection.ssd import SSD as PeerSSD

from seeing.data.world import World
from seeing.models import checkpoint
from seeing.models.detection import SSD
from seeing.ops import box_iou
from seeing.training import fit
from tests.reference.detections import assert_alike

SMALL = {"num_classes": 5, "image_size": 64, "width": 0.25, "num_maps": 3, "batch_norm": True}


@pytest.fixture(scope="module")
def peer():
    torch.manual_seed(0)
    model = torchvision.models.detection.ssd300_vgg16(weights=None, weights_backbone=None, num_classes=21)
    # Untrained heads say nearly the same everywhere: these give scores on both sides of the threshold, without ties.
    for conv in model.head.classification_head.module_list:
        torch.nn.init.normal_(conv.weight, std=0.05 / conv.in_channels**0.5)
    return model.eval()


@pytest.fixture(scope="module")
def twin(peer):
    model = SSD(num_classes=21).eval()
    model.load_torchvision(peer.state_dict())
    return model


def target(boxes, labels, **more):
    return {"boxes": torch.tensor(boxes).float().view(-1, 4), "labels": torch.tensor(labels).long(), **more}


@pytest.mark.parametrize(("num_classes", "parameters"), [(21, 26_285_486), (91, 35_641_826)])
def test_it_has_the_parameters_and_the_boxes_of_the_paper(num_classes, parameters):
    with torch.device("meta"):
        model = SSD(num_classes=num_classes)
    assert sum(p.numel() for p in model.parameters()) == parameters
    assert len(model.to_empty(device="cpu").anchors([(n, n) for n in (38, 19, 10, 5, 3, 1)])) == 8732


def test_its_detections_are_torchvisions(peer, twin, monkeypatch):
    """torchvision's batched NMS shifts small inputs, which rounds: its plain form is what it does for large ones."""
    monkeypatch.setattr(torchvision.ops.boxes, "batched_nms", torchvision.ops.boxes._batched_nms_vanilla)
    images = torch.rand(2, 3, 300, 300, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        wanted = peer(list(images))
    assert all(len(image["boxes"]) > 20 for image in wanted)
    assert_alike(twin(images), wanted)


def heads(model, images, seed):
    """Predictions as they might be: random logits and offsets on the model's own boxes."""
    generator = torch.Generator().manual_seed(seed)
    predictions = model.predict(torch.zeros(images, 3, 64, 64))
    logits, deltas = (torch.randn(part.shape, generator=generator) for part in predictions[:2])
    return predictions._replace(class_logits=logits.requires_grad_(), box_deltas=deltas.requires_grad_())


def test_its_losses_are_torchvisions_on_the_same_outputs_and_so_are_their_gradients():
    model = SSD(**SMALL)
    predictions = heads(model, 3, 2)
    targets = [
        target([[4, 6, 30, 28], [33, 35, 60, 50]], [1, 3]),
        target([], []),
        target([[10, 10, 26, 50]], [4]),
    ]
    peer = PeerSSD.__new__(PeerSSD)
    torch.nn.Module.__init__(peer)
    peer.box_coder = torchvision.models.detection._utils.BoxCoder(weights=(10.0, 10.0, 5.0, 5.0))
    peer.neg_to_pos_ratio = 3.0
    matches = [
        SSDMatcher(0.5)(box_iou(t["boxes"], predictions.anchors))
        if len(t["boxes"])
        else torch.full((len(predictions.anchors),), -1)
        for t in targets
    ]
    outputs = {"cls_logits": predictions.class_logits, "bbox_regression": predictions.box_deltas}
    wanted = peer.compute_loss(targets, outputs, [predictions.anchors] * 3, matches)
    found = model.losses(predictions, targets)
    assert found.keys() == wanted.keys()
    leaves = predictions.class_logits, predictions.box_deltas
    for name in wanted:
        torch.testing.assert_close(found[name], wanted[name])
    for a, b in zip(
        torch.autograd.grad(sum(found.values()), leaves), torch.autograd.grad(sum(wanted.values()), leaves), strict=True
    ):
        torch.testing.assert_close(a, b)


def test_a_crowd_is_neither_found_nor_missed():
    """Of a negative that a crowd covers nothing is learned; the loss is that of the same scene with it left out."""
    model = SSD(**SMALL)
    predictions = heads(model, 1, 3)
    boxes = [[4, 6, 30, 28], [32, 0, 64, 64]]
    crowd = target(boxes, [1, 2], iscrowd=torch.tensor([False, True]))
    inside = (predictions.anchors[:, 0] >= 32) & (predictions.anchors[:, 2] <= 64)
    loud = predictions.class_logits.detach().clone()
    loud[:, inside, 2] = 50.0
    told = model.losses(predictions._replace(class_logits=loud), [crowd])
    silent = model.losses(predictions._replace(class_logits=loud), [target(boxes[:1], [1])])
    assert told["classification"] < 20 < silent["classification"]
    assert told["bbox_regression"] == silent["bbox_regression"]


def test_one_box_by_hand():
    """One object in the place of a default box: its offsets are 0, and three negatives are mined for it."""
    model = SSD(**SMALL)
    predictions = model.predict(torch.zeros(1, 3, 64, 64))
    anchor = predictions.anchors[100]
    logits = torch.zeros_like(predictions.class_logits)
    deltas = torch.zeros_like(predictions.box_deltas)
    truth = [target([anchor.tolist()], [2])]
    positives = int((box_iou(anchor[None], predictions.anchors) > 0.5).sum())
    losses = model.losses(predictions._replace(class_logits=logits, box_deltas=deltas), truth)
    # All classes equally likely costs log 5 for each positive and each of its three negatives.
    torch.testing.assert_close(losses["classification"], 4 * torch.tensor(5.0).log())
    shifted = deltas.clone()
    shifted[0, 100] = 3.0  # smooth L1 of four offsets off by 3
    more = model.losses(predictions._replace(class_logits=logits, box_deltas=shifted), truth)["bbox_regression"]
    before = losses["bbox_regression"]
    torch.testing.assert_close(more - before, torch.tensor(4 * 2.5 / positives))


def test_a_batch_without_objects_says_so_and_costs_nothing():
    model = SSD(**SMALL)
    with pytest.warns(UserWarning, match="no image of this batch has an object"):
        losses = model(torch.zeros(2, 3, 64, 64), [target([], []), target([], [])])
    assert all(value == 0 and value.requires_grad for value in losses.values())


@pytest.mark.parametrize(
    ("images", "targets", "message"),
    [
        (torch.zeros(1, 1, 64, 64), None, "expected a batch"),
        (torch.full((1, 3, 64, 64), 200.0), None, r"must lie in \[0, 1\]; got values from 200 to 200: divide by 255"),
        (torch.zeros(1, 3, 64, 64, dtype=torch.uint8), None, "divide by 255"),
        (torch.full((1, 3, 64, 64), -2.0), None, "the detector normalises them itself"),
        (torch.zeros(1, 3, 32, 32), None, r"images of \(height, width\) \(64, 64\); got \(32, 32\)"),
        (torch.zeros(1, 3, 64, 64), [target([[0, 0, 9, 9]], [5])], r"labels must be in 1..4"),
        (torch.zeros(1, 3, 64, 64), [target([[0, 0, 9, 9]], [0])], r"labels must be in 1..4"),
        (torch.zeros(1, 3, 64, 64), [target([[0, 0, 0, 9]], [1])], "a box must have an area"),
        (torch.zeros(1, 3, 64, 64), [target([[9, 0, 3, 9]], [1])], "a box must have an area"),
        (torch.zeros(1, 3, 64, 64), [target([[0, 0, float("nan"), 9]], [1])], "a box must have an area"),
        (torch.zeros(1, 3, 64, 64), [target([[0, 0, 90, 9]], [1])], "must lie in its image, which is 64 wide"),
        (torch.zeros(1, 3, 64, 64), [target([[0, 0, 9, 9]], [1])] * 2, "got 2 for 1 images"),
        (torch.zeros(1, 3, 64, 64), [target([[0, 0, 9, 9]], [1, 2])], r"whole labels \(M,\)"),
        (torch.zeros(1, 3, 64, 64), [{"boxes": torch.zeros(0, 4)}], 'a dictionary with "boxes" and "labels"'),
    ],
)
def test_what_cannot_be_learned_or_looked_at_is_refused_in_a_sentence(images, targets, message):
    with pytest.raises(ValueError, match=message):
        SSD(**SMALL)(images, targets)


def test_an_image_need_not_be_square():
    model = SSD(num_classes=2, image_size=(64, 96), width=0.125, num_maps=3).eval()
    predictions = model.predict(torch.zeros(1, 3, 64, 96))
    assert predictions.class_logits.shape[1] == 8 * 12 * 4 + 4 * 6 * 6 + 2 * 3 * 6
    middle = (predictions.anchors[:, :2] + predictions.anchors[:, 2:]) / 2
    assert middle.amax(0).tolist() == pytest.approx([92, 60])  # the middles of the last of 12 and of 8 cells
    sizes = (predictions.anchors[:, 2:] - predictions.anchors[:, :2])[0]
    assert (sizes[0] / sizes[1]).item() == pytest.approx(1.5), "a square of the fractions has the shape of the image"
    with pytest.raises(ValueError, match=r"\(64, 96\); got \(96, 64\)"):
        model.predict(torch.zeros(1, 3, 96, 64))


def test_a_smaller_picture_of_a_list_is_filled_up_and_its_boxes_end_at_its_own_border():
    torch.manual_seed(0)
    model = SSD(**SMALL).eval()
    found = model([torch.rand(3, 64, 64), torch.rand(3, 40, 50)])
    assert found[0]["boxes"].amax(0)[2:].tolist() == [64, 64]
    assert found[1]["boxes"].amax(0)[2:].tolist() == [50, 40]


def test_a_state_of_other_classes_or_width_is_refused(peer):
    for model in (SSD(num_classes=5), SSD(num_classes=21, width=0.5), SSD(**SMALL)):
        with pytest.raises(ValueError, match=r"width, depth or number of classes|another model"):
            model.load_torchvision(peer.state_dict())


def test_it_is_kept_in_a_file_and_comes_back(tmp_path):
    model = SSD(**SMALL).eval()
    checkpoint.save(model, tmp_path / "ssd.pt", SMALL)
    again = checkpoint.load(tmp_path / "ssd.pt")
    image = torch.rand(1, 3, 64, 64)
    torch.testing.assert_close(again.predict(image).class_logits, model.predict(image).class_logits, atol=0.02, rtol=0)


@pytest.mark.slow
def test_it_learns_four_scenes_by_heart():
    torch.manual_seed(0)
    scenes = World(size=64).scenes(4, seed=5)
    model = SSD(**SMALL)
    fit(model, lambda step: (scenes.image, scenes.targets()), model.losses, 120, forward=model.predict, clip=10.0)
    for found, wanted in zip(model(scenes.image), scenes.targets(), strict=True):
        sure = found["scores"] > 0.5
        assert sorted(found["labels"][sure].tolist()) == sorted(wanted["labels"].tolist())
        assert (box_iou(wanted["boxes"], found["boxes"][sure]).amax(1) > 0.7).all()
