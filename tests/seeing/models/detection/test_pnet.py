"""P-Net: dense equals crops, the pyramid, a real face with the published weights, its losses by hand."""

import pytest
import torch
from skimage import data as pictures
from torch.nn import functional as F

from seeing.data import load_pnet_weights
from seeing.data.download import DataNotFound
from seeing.models import PNet, checkpoint
from seeing.models.detection.image_pyramid import pyramid_sizes
from seeing.models.detection.pnet import PNetPredictions
from seeing.training import fit


@pytest.fixture(scope="module")
def trained():
    model = PNet().eval()
    try:
        model.load_facenet(load_pnet_weights(download=False))
    except DataNotFound:
        pytest.skip("P-Net's weights are not at hand: set SEEING_DATA")
    return model


@pytest.fixture(scope="module")
def astronaut():
    return torch.tensor(pictures.astronaut()).permute(2, 0, 1) / 255  # (3, 512, 512)


def target(boxes, labels=None, **more):
    boxes = torch.tensor(boxes).float().view(-1, 4)
    return {"boxes": boxes, "labels": torch.ones(len(boxes), dtype=torch.int64), **more}


def test_it_is_as_small_as_published():
    assert sum(p.numel() for p in PNet().parameters()) == 6632


@pytest.mark.parametrize("size", [(12, 12), (13, 20), (31, 24)])
def test_each_answer_of_the_map_is_that_of_its_crop(size):
    torch.manual_seed(0)
    model, image = PNet().double().eval(), torch.rand(1, 3, *size, dtype=torch.float64)
    logits, deltas = model.maps(image)
    # A crop at the border of an odd picture would reach over it: the pooling rounds up.
    rows, columns = (size[0] - 12) // 2 + 1, (size[1] - 12) // 2 + 1
    for i in range(rows):
        for j in range(columns):
            crop = image[..., 2 * i : 2 * i + 12, 2 * j : 2 * j + 12]
            for dense, alone in zip((logits, deltas), model.maps(crop), strict=True):
                torch.testing.assert_close(dense[..., i, j], alone[..., 0, 0])


def test_the_pyramid_by_hand():
    """100 pixels times 12/20 are 60; then times .709 until 12 would be undercut: 42.54, 30.2, 21.4, 15.2."""
    assert pyramid_sizes(100, 200, 12 / 20, 0.709, 12) == [(60, 120), (43, 86), (31, 61), (22, 43), (16, 31)]
    assert pyramid_sizes(20, 20, 12 / 20, 0.709, 12) == [(12, 12)]
    assert pyramid_sizes(19, 400, 12 / 20, 0.709, 12) == []


def test_it_finds_the_astronauts_face(trained, astronaut):
    found = trained([astronaut])[0]
    assert found["scores"][0].item() == pytest.approx(1.0, abs=0.005)
    torch.testing.assert_close(found["boxes"][0], torch.tensor([188.0, 81, 267, 181]), atol=4, rtol=0)
    assert found["labels"].unique().tolist() == [1]
    assert (found["scores"].diff() <= 0).all()


def test_a_batch_finds_what_each_picture_alone_does(trained, astronaut):
    turned = astronaut.flip(2)
    alone = [trained([picture])[0] for picture in (astronaut, turned)]
    for together, one in zip(trained([astronaut, turned]), alone, strict=True):
        torch.testing.assert_close(together["boxes"][:5], one["boxes"][:5], atol=1e-2, rtol=0)


def test_boxes_end_at_each_pictures_border(trained, astronaut):
    small = astronaut[:, 60:200, 180:280]
    boxes = trained([astronaut, small])[1]["boxes"]
    assert boxes.amin() >= 0
    assert (boxes[:, 2] <= 100).all()
    assert (boxes[:, 3] <= 140).all()


def test_its_losses_by_hand():
    """Three windows: one on the face (IoU 1), one over part of it (IoU 1/2), one beside it; the hardest two count."""
    model = PNet()
    windows = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 20], [40, 40, 50, 50]])
    logits = torch.tensor([[[0.0, 0], [0, 0], [0, 3]]])
    deltas = torch.zeros(1, 3, 4)
    deltas[0, 0, 0] = 0.4
    predictions = PNetPredictions(logits, deltas, windows, torch.zeros(3, dtype=torch.int64))
    losses = model.losses(predictions, [target([[0, 0, 10, 10]])])
    # Of the face and the window beside it, 70% of two is one: the window beside it, which is called a face.
    torch.testing.assert_close(losses["classification"], F.softplus(torch.tensor(3.0)))
    # Offsets of the first are off by .4, of the second by -.5 at the lower side: half the mean of .16 and .25.
    torch.testing.assert_close(losses["bbox_regression"], torch.tensor((0.16 + 0.25) / 4))


def test_no_faces():
    model = PNet()
    with pytest.warns(UserWarning, match="no image of this batch has an object"):
        losses = model(torch.rand(1, 3, 24, 24), [target([])])
    assert losses["bbox_regression"] == 0
    assert losses["classification"] > 0
    nothing = PNet(score_threshold=1.0).eval()(torch.rand(2, 3, 24, 24))
    assert [len(image["boxes"]) for image in nothing] == [0, 0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: PNet(min_size=11), "min_size must be at least 12"),
        (lambda: PNet(factor=1.0), r"factor in \(0, 1\); got 20 and 1.0"),
        (lambda: PNet()(torch.zeros(1, 3, 16, 40)), "the image is 16x40; faces of at least 20 pixels"),
        (lambda: PNet().load_facenet({}), "another model"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_file_of_weights_that_is_none_is_named(tmp_path):
    (tmp_path / "pnet.pt").write_bytes(b"no weights")
    with pytest.raises(ValueError, match=r"pnet\.pt"):
        load_pnet_weights(tmp_path, download=False)


def test_it_is_kept_in_a_file_and_comes_back(tmp_path):
    model = PNet(min_size=24).eval()
    checkpoint.save(model, tmp_path / "pnet.pt", {"min_size": 24})
    again = checkpoint.load(tmp_path / "pnet.pt")
    image = torch.rand(1, 3, 40, 40)
    assert torch.equal(again.predict(image).windows, model.predict(image).windows)
    torch.testing.assert_close(again.predict(image).box_deltas, model.predict(image).box_deltas, atol=0.01, rtol=0)


@pytest.mark.slow
def test_it_learns_a_face_by_heart(astronaut):
    torch.manual_seed(0)
    image, face = F.avg_pool2d(astronaut, 4)[None], target([[46, 19, 67, 46]])
    model = PNet()
    fit(model, lambda step: (image, [face]), model.losses, 300, forward=model.predict, rate=1e-2, clip=10.0)
    found = model(image)[0]
    best = found["boxes"][0]
    shared = (torch.minimum(best[2:], face["boxes"][0, 2:]) - torch.maximum(best[:2], face["boxes"][0, :2])).prod()
    assert shared > 0.5 * (face["boxes"][0, 2:] - face["boxes"][0, :2]).prod()
