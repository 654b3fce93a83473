"""VGG16 beside torchvision's, and as a fully convolutional network."""

import pytest
import torch
import torchvision
from torch import nn

from seeing.models import VGG16, fully_convolutional
from seeing.models.backbones import VGG16Trunk


def count(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def test_parameters_of_the_paper():
    with torch.device("meta"):
        model = VGG16()
    assert count(model) == 138_357_544
    assert count(model) - count(model.classifier[-1]) == 134_260_544
    assert count(model.features) == 14_714_688


def test_takes_torchvisions_state_by_name_and_shape():
    with torch.device("meta"):
        ours, theirs = VGG16(), torchvision.models.vgg16(weights=None)
    mine, wanted = ours.state_dict(), theirs.state_dict()
    assert [(name, value.shape) for name, value in mine.items()] == [(n, v.shape) for n, v in wanted.items()]


def test_gives_what_torchvision_gives():
    torch.manual_seed(0)
    features = torchvision.models.vgg16(weights=None).features.eval()
    with torch.device("meta"):
        model = VGG16()
    model.features.to_empty(device="cpu").load_state_dict(features.state_dict())
    x = torch.rand(1, 3, 48, 40)
    with torch.no_grad():
        assert torch.equal(model.features.eval()(x), features(x))


@pytest.fixture(scope="module")
def small() -> VGG16:
    torch.manual_seed(0)
    return VGG16(10, 0.0625).eval()


def test_fully_convolutional_equals_the_classifier_on_its_own_size(small):
    x = torch.rand(2, 3, 224, 224)
    dense = fully_convolutional(small.features, small.classifier, (32, 7, 7)).eval()
    with torch.no_grad():
        torch.testing.assert_close(dense(x)[:, :, 0, 0], small(x))
        assert dense(torch.rand(1, 3, 384, 384)).shape == (1, 10, 6, 6)


def test_dense_equals_crops_where_nothing_is_padded():
    torch.manual_seed(0)
    stages = [[nn.Conv2d(a, b, 3), nn.ReLU(), nn.MaxPool2d(2)] for a, b in ((3, 4), (4, 5))]
    features = nn.Sequential(*stages[0], *stages[1])
    classifier = nn.Sequential(nn.Flatten(), nn.Linear(5 * 2 * 2, 6), nn.ReLU(), nn.Linear(6, 3))
    dense = fully_convolutional(features, classifier, (5, 2, 2))
    image = torch.rand(1, 3, 38, 30)
    with torch.no_grad():
        scores = dense(image)
        for i in range(scores.shape[2]):
            for j in range(scores.shape[3]):
                crop = image[:, :, 4 * i : 4 * i + 14, 4 * j : 4 * j + 14]
                torch.testing.assert_close(scores[:, :, i, j], classifier(features(crop)))


def test_dense_differs_from_crops_where_something_is_padded(small):
    dense = fully_convolutional(small.features, small.classifier, (32, 7, 7)).eval()
    image = torch.rand(1, 3, 256, 256)
    with torch.no_grad():
        assert not torch.allclose(dense(image)[:, :, 1, 1], small(image[:, :, 32:, 32:]), atol=1e-6)


def test_the_copies_do_not_share_parameters(small):
    dense = fully_convolutional(small.features, small.classifier, (32, 7, 7))
    assert not {p.data_ptr() for p in dense[1].parameters()} & {p.data_ptr() for p in small.classifier.parameters()}


def test_wrong_feature_shape_is_refused(small):
    with pytest.raises(ValueError, match="1568"):
        fully_convolutional(small.features, small.classifier, (32, 6, 7))


@pytest.mark.parametrize(
    ("shape", "message"),
    [((1, 3, 31, 64), "31x64.*at least 32"), ((1, 1, 64, 64), r"\(N, 3, H, W\)"), ((3, 64, 64), r"got \(3, 64, 64\)")],
)
def test_bad_images_are_refused(small, shape, message):
    with pytest.raises(ValueError, match=message):
        small(torch.rand(shape))


def test_width_must_be_positive():
    with pytest.raises(ValueError, match="width"):
        VGG16(10, 0)


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("size", [(64, 48), (67, 50), (16, 16)])
def test_every_map_of_the_trunk_has_the_channels_and_the_stride_that_it_names(size, batch_norm):
    trunk = VGG16Trunk(0.1, batch_norm=batch_norm).eval()
    with torch.no_grad():
        maps = trunk(torch.rand(2, 3, *size))
    wanted = [(2, c, size[0] // s, size[1] // s) for c, s in zip(trunk.channels, trunk.strides, strict=True)]
    assert [tuple(x.shape) for x in maps] == wanted


def test_the_trunks_maps_are_torchvisions_before_each_pooling():
    torch.manual_seed(0)
    theirs = torchvision.models.vgg16(weights=None).features.eval()
    trunk = VGG16Trunk().eval()
    trunk.features.load_state_dict(theirs.state_dict())
    assert (trunk.channels, trunk.strides) == ((64, 128, 256, 512, 512), (1, 2, 4, 8, 16))
    x = torch.rand(1, 3, 48, 40)
    with torch.no_grad():
        maps = trunk(x)
        for stop, got in zip((4, 9, 16, 23, 30), maps, strict=True):
            assert torch.equal(got, theirs[:stop](x))


def test_the_trunk_refuses_what_it_cannot_halve_four_times():
    with pytest.raises(ValueError, match="at least 16 pixels"):
        VGG16Trunk(0.1)(torch.rand(1, 3, 15, 40))
