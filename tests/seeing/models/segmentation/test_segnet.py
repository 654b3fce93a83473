"""SegNet and DeconvNet: the papers' counts, the indices of the matching stage, odd sizes."""

import pytest
import torch
from torch import nn

from seeing.models import DeconvNet, SegNet
from seeing.models.segmentation import unpooling


def count(modules) -> int:
    return sum(p.numel() for m in modules for p in m.parameters())


def test_segnets_numbers():
    with torch.device("meta"):
        model = SegNet(12)
    assert count([model]) == 29_449_932
    assert count(m for m in model.encoder.modules() if isinstance(m, nn.Conv2d)) == 14_714_688
    assert sum(isinstance(m, nn.Conv2d) for m in model.modules()) == 26


def test_deconvnets_numbers():
    with torch.device("meta"):
        model = DeconvNet(21)
        assert model.eval()(torch.empty(1, 3, 224, 224)).shape == (1, 21, 224, 224)
    assert round(count([model]) / 1e6, 1) == 251.8
    without_normalisation = count(m for m in model.modules() if isinstance(m, nn.Conv2d | nn.ConvTranspose2d))
    vgg, fc6, fc7 = 14_714_688, 512 * 49 * 4096 + 4096, 4096 * 4096 + 4096
    deconv_fc6, score = 512 * 49 * 4096 + 512, 64 * 21 + 21
    # the mirror: its last layer leads to 64 channels, not to 3, and it has 448 biases fewer than the encoder
    mirror = vgg - (3 * 64 * 9) + (64 * 64 * 9) - 448
    assert without_normalisation == vgg + fc6 + fc7 + deconv_fc6 + mirror + score


def test_the_decoder_mirrors_the_encoder():
    """Every unpooled map has the channels and the size of the map that its pooling saw."""
    for model in (SegNet(4, 0.1), DeconvNet(4, 0.05, context=2)):
        seen = {"encoder": [], "decoder": []}
        for name in seen:
            for stage in getattr(model.eval(), name):
                stage.register_forward_hook(lambda m, i, o, into=seen[name]: into.append((i[0].shape, o.shape)))
        with torch.no_grad():
            model(torch.rand(1, 3, 70, 93))
        after_encoder = [out for _, out in seen["encoder"]]
        into_decoder = [inside for inside, _ in seen["decoder"]]
        assert into_decoder[::-1] == after_encoder


@pytest.mark.parametrize("kind", [SegNet, DeconvNet])
def test_a_value_comes_back_to_the_pixel_it_left(kind, monkeypatch):
    """The indices of stage i serve the decoder's stage that mirrors it, each exactly once."""
    pooled, unpooled = [], []
    pool, unpool = unpooling.max_pool2d_with_indices, unpooling.max_unpool2d

    def spy_pool(x, *rest):
        values, indices = pool(x, *rest)
        pooled.append(indices)
        return values, indices

    def spy_unpool(x, indices, *rest, **options):
        unpooled.append(indices)
        return unpool(x, indices, *rest, **options)

    monkeypatch.setattr(unpooling, "max_pool2d_with_indices", spy_pool)
    monkeypatch.setattr(unpooling, "max_unpool2d", spy_unpool)
    options = {"context": 1} if kind is DeconvNet else {}
    with torch.no_grad():
        kind(3, 0.05, **options).eval()(torch.rand(1, 3, 64, 64))
    assert all(a is b for a, b in zip(pooled, reversed(unpooled), strict=True))
    assert len(pooled) == 5


@pytest.mark.parametrize("size", [(32, 32), (33, 47), (65, 64), (101, 77)])
def test_any_size(size):
    for model in (SegNet(4, 0.05), DeconvNet(4, 0.02, context=1)):
        with torch.no_grad():
            assert model.eval()(torch.rand(2, 3, *size)).shape == (2, 4, *size)


@pytest.mark.parametrize(("model", "least"), [(SegNet(3, 0.05), 32), (DeconvNet(3, 0.02, context=2), 64)])
def test_too_small_is_refused(model, least):
    with pytest.raises(ValueError, match=f"at least {least}"):
        model(torch.rand(1, 3, least - 1, 128))


@pytest.mark.parametrize("kind", [SegNet, DeconvNet])
def test_compiles_and_has_gradients(kind):
    torch.manual_seed(0)
    model = kind(3, 0.03, **({"context": 1} if kind is DeconvNet else {}))
    x = torch.rand(2, 3, 32, 48)
    model(x).sum().backward()
    assert all(p.grad is not None for p in model.parameters())
    model.eval()
    compiled = torch.compile(model, backend="aot_eager", fullgraph=True)
    with torch.no_grad():
        torch.testing.assert_close(compiled(x), model(x))
