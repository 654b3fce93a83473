"""Receptive fields, against known networks and against what a gradient reaches."""

import pytest
import torch
import torchvision
from torch import nn

from seeing.ops.receptive_field import ReceptiveField, receptive_field

VGG16 = [layer for convolutions in (2, 2, 3, 3, 3) for layer in [(3, 1, 1)] * convolutions + [(2, 2)]]
ALEXNET = [(11, 4, 2), (3, 2), (5, 1, 2), (3, 2), (3, 1, 1), (3, 1, 1), (3, 1, 1), (3, 2)]


@pytest.mark.parametrize(
    ("layers", "last", "pool5", "fc6"), [(VGG16, (7,), 212, 404), (ALEXNET, (6,), 195, 355)], ids=["VGG16", "AlexNet"]
)
def test_known_fields(layers, last, pool5, fc6):
    assert receptive_field(layers).size == pool5
    assert receptive_field(layers).stride == 32
    assert receptive_field([*layers, last]).size == fc6
    assert receptive_field([*layers, last]).stride == 32


def test_a_module_equals_its_tuples():
    with torch.device("meta"):
        vgg16, alexnet = torchvision.models.vgg16(weights=None), torchvision.models.alexnet(weights=None)
    assert receptive_field(vgg16.features) == receptive_field(VGG16)
    assert receptive_field(alexnet.features) == receptive_field(ALEXNET)


def test_by_hand():
    assert receptive_field([]) == ReceptiveField(1, 1, 0)
    assert receptive_field([(3,)]) == ReceptiveField(3, 1, 0)
    assert receptive_field([(3, 2, 1), (3, 2, 1)]) == ReceptiveField(7, 4, -3)
    assert receptive_field([(3, 2, 1), (3, 2, 1)]).center == 0.5
    assert receptive_field([(2, 2), (3, 1, 0, 5)]) == ReceptiveField(2 + 2 * 10, 2, 0)
    assert receptive_field(nn.Sequential()) == ReceptiveField(1, 1, 0)


def random_chain(seed: int) -> nn.Sequential:
    generator = torch.Generator().manual_seed(seed)
    draw = lambda low, high: int(torch.randint(low, high + 1, (), generator=generator))  # noqa: E731
    layers = []
    for _ in range(4):
        kernel, dilation = (draw(1, 4), draw(1, 4)), (draw(1, 2), draw(1, 3))
        stride, padding = (draw(1, 2), draw(1, 2)), (draw(0, 1), draw(0, 2))
        layers += [nn.Conv2d(1, 1, kernel, stride, padding, dilation, bias=False), nn.Tanh()]
    layers[3:3] = [nn.AvgPool2d(2, draw(1, 2)), nn.Sequential(nn.BatchNorm2d(1), nn.ReLU(), nn.Dropout())]
    return nn.Sequential(*layers).double().eval()


@pytest.mark.parametrize("seed", range(12))
def test_equals_the_pixels_that_a_gradient_reaches(seed):
    net = random_chain(seed)
    for layer in net:
        if isinstance(layer, nn.Conv2d):
            nn.init.uniform_(layer.weight, 0.5, 1)  # nothing cancels, and no ReLU is shut
    image = torch.ones(1, 1, 150, 150, dtype=torch.float64, requires_grad=True)
    output = net(image)
    at = (output.shape[2] // 2, output.shape[3] // 2)
    (gradient,) = torch.autograd.grad(output[0, 0, at[0], at[1]], image)
    for axis in (0, 1):
        reached = gradient[0, 0].abs().sum(dim=1 - axis).nonzero().flatten().tolist()
        field = receptive_field(net, axis)
        start = at[axis] * field.stride + field.offset
        assert (reached[0], reached[-1] + 1) == (start, start + field.size)


def test_padding_by_name():
    assert receptive_field(nn.Conv2d(1, 1, 4, padding="same", dilation=3)).offset == -(3 * 3 // 2)
    assert receptive_field(nn.Conv2d(1, 1, 4, padding="valid")).offset == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: receptive_field([(3, 1, 0, 1, 1)]), "one to four ints; got"),
        (lambda: receptive_field([()]), "one to four ints"),
        (lambda: receptive_field([(3.0,)]), "one to four ints"),
        (lambda: receptive_field([(3, 0)]), r"at least 1 .*got \(3, 0, 0, 1\)"),
        (lambda: receptive_field([(3, 1, -1)]), "padding at least 0"),
        (lambda: receptive_field(nn.Sequential(nn.Linear(3, 3))), "got Linear"),
        (lambda: receptive_field(nn.Sequential(nn.AdaptiveAvgPool2d(1))), "got AdaptiveAvgPool2d"),
        (lambda: receptive_field(torchvision.models.resnet18(weights=None)), "got ResNet"),
        (lambda: receptive_field([], axis=2), "axis must be 0 .* got 2"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
