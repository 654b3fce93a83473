"""FCN-32s, 16s, 8s: the paper's counts, the authors' crops, every size, and where a score looks."""

import itertools

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from seeing.models import FCN, VGG16

SMALL = {"context": 1, "padding": 1}


def test_parameters_of_the_paper():
    with torch.device("meta"):
        model = FCN(21, 8)
    assert sum(p.numel() for p in model.parameters()) == 134_489_759


@pytest.mark.parametrize("stride", [8, 16, 32])
@pytest.mark.parametrize("skips", [True, False])
@pytest.mark.parametrize("geometry", [SMALL, {"context": 3, "padding": 17}, {}, {"padding": 81}], ids=str)
def test_as_large_as_the_image(geometry, skips, stride):
    model = FCN(3, stride, 0.02, skips=skips, **geometry).eval()
    for height, width in [(64, 64), (65, 33), (40, 71), (96, 50), (47, 34)]:
        with torch.no_grad():
            assert model(torch.rand(1, 3, height, width)).shape == (1, 3, height, width)


def test_the_authors_crops(monkeypatch):
    """score_pool4 is cropped from 5, score_pool3 from 9, and the enlarged map from 31, as in their model files."""
    from seeing.models.segmentation import fcn

    model = FCN(2, 8, 0.02).eval()
    shifts, inner = [], fcn._sum_where_both_are

    def spy(y, side, shift):
        shifts.append(shift)
        return inner(y, side, shift)

    monkeypatch.setattr(fcn, "_sum_where_both_are", spy)
    large = []
    model.enlarge.register_forward_hook(lambda module, inputs, output: large.append(output))
    with torch.no_grad():
        out = model(torch.rand(1, 3, 60, 60))
    assert shifts == [5, 9]
    assert torch.equal(out, large[0][:, :, 31:91, 31:91])


@pytest.mark.parametrize(("stride", "crop"), [(16, 27), (32, 19)])
def test_the_other_authors_crops(stride, crop):
    model = FCN(2, stride, 0.02).eval()
    nn.init.normal_(model.score.weight)
    large = []
    model.enlarge.register_forward_hook(lambda module, inputs, output: large.append(output))
    with torch.no_grad():
        out = model(torch.rand(1, 3, 60, 60))
    assert torch.equal(out, large[0][:, :, crop : crop + 60, crop : crop + 60])


@pytest.mark.parametrize(("stride", "skips"), list(itertools.product([8, 16, 32], [True, False])))
def test_scores_lie_over_what_they_saw(stride, skips):
    """A bright dot pulls the scores up around itself, not beside: the centre of the answer is the dot's."""
    model = FCN(1, stride, 0.02, skips=skips, **SMALL).double().eval()
    for layer in [*model.stages.modules(), *model.head.modules()]:
        if isinstance(layer, nn.Conv2d):  # every layer an average: scores are then a blurred image
            nn.init.constant_(layer.weight, 1 / layer.weight[0].numel())
            nn.init.zeros_(layer.bias)
    for convolution in [model.score, *(s for s in model.side_scores if isinstance(s, nn.Conv2d))]:
        nn.init.constant_(convolution.weight, 1.0)
    image = torch.zeros(1, 3, 256, 256, dtype=torch.float64)
    image[:, :, 112:144, 112:144] = 1  # centred at 127.5
    with torch.no_grad():
        y = model(image)[0, 0]
    rows, columns = y.sum(1), y.sum(0)
    at = torch.arange(256, dtype=torch.float64)
    for profile in (rows, columns):
        assert abs(((profile * at).sum() / profile.sum()).item() - 127.5) < 1.0


def test_starts_as_bilinear_enlarging_with_equal_scores():
    model = FCN(4, 8, 0.02, **SMALL).eval()
    with torch.no_grad():
        assert model(torch.rand(1, 3, 64, 64)).abs().max() == 0
    x = torch.rand(1, 4, 6, 6)
    with torch.no_grad():
        inside = model.doublings[0](x)[:, :, 1:-1, 1:-1]
    wanted = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
    torch.testing.assert_close(inside[:, :, 1:-1, 1:-1], wanted[:, :, 1:-1, 1:-1])


def test_takes_a_classifier_whole():
    torch.manual_seed(0)
    classifier = VGG16(10, 0.05).eval()
    model = FCN(3, 32, 0.05).eval()
    model.take_classifier(classifier)
    image = torch.rand(1, 3, 224, 224)
    with torch.no_grad():
        hidden = classifier.classifier[:-1](torch.flatten(classifier.features(image), 1))
        features = image
        model.stages[0][0].padding = (1, 1)  # without the border, fc6 fits exactly once
        for stage in model.stages:
            features = stage(features)
        torch.testing.assert_close(model.head(features)[:, :, 0, 0], hidden)


def test_a_classifier_of_another_width_is_refused():
    with pytest.raises(ValueError, match="same width"):
        FCN(3, 8, 0.05).take_classifier(VGG16(10, 0.1))


@pytest.mark.parametrize(
    ("options", "message"),
    [({"stride": 4}, "8, 16 or 32"), ({"padding": 80}, "at least 81"), ({"context": 0}, "context")],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        FCN(3, width=0.02, **options)


def test_too_small_an_image_is_refused():
    with pytest.raises(ValueError, match="1x1 leaves 2x2 features, fewer than fc6's 3x3"):
        FCN(3, 8, 0.02, context=3, padding=17)(torch.rand(1, 3, 1, 1))


def test_learns_and_compiles():
    torch.manual_seed(0)
    model = FCN(3, 8, 0.05, batch_norm=True, dropout=0.0, **SMALL)
    x, y = torch.rand(2, 3, 32, 32), torch.randint(0, 3, (2, 32, 32))
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    losses = []
    for _ in range(20):
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    model.eval()
    compiled = torch.compile(model, backend="aot_eager", fullgraph=True)
    with torch.no_grad():
        torch.testing.assert_close(compiled(x), model(x))
