"""U-Net: the paper's numbers, its arithmetic of sizes, its skips."""

import pytest
import torch
from torch import nn

from seeing.models import UNet
from seeing.models.segmentation.unet import centre_crop


def test_numbers_of_the_paper():
    with torch.device("meta"):
        model = UNet()
        assert model(torch.empty(1, 1, 572, 572)).shape == (1, 2, 388, 388)
    assert sum(p.numel() for p in model.parameters()) == 31_030_658
    assert sum(isinstance(m, nn.Conv2d | nn.ConvTranspose2d) for m in model.modules()) == 23


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("padded", [True, False])
def test_output_size_is_what_comes_out(padded, depth):
    model = UNet(1, 2, 0.02, padded=padded, depth=depth).eval()
    taken = 0
    for size in range(1, 230, 3 if depth == 4 else 1):
        image = torch.rand(1, 1, size, size)
        try:
            wanted = model.output_size(size)
        except ValueError:
            with pytest.raises(ValueError, match="cannot take"):
                model(image)
            continue
        if taken < 4:  # running a few says enough
            with torch.no_grad():
                assert model(image).shape == (1, 2, wanted, wanted)
        taken += 1
        assert wanted == size or not padded
    assert taken


def test_the_sizes_named_in_the_error_are_the_nearest():
    model = UNet()
    with pytest.raises(ValueError, match=r"12 more than a multiple of 16, from 188 on\. Nearest: 556 and 572"):
        model.output_size(560)
    with pytest.raises(ValueError, match=r"Nearest: 188$"):
        model.output_size(20)
    with pytest.raises(ValueError, match=r"a multiple of 8, from 8 on\. Nearest: 56 and 64"):
        UNet(3, 5, 0.1, padded=True, depth=3)(torch.rand(1, 3, 60, 64))


def test_unpadded_answers_for_the_middle():
    """What the unpadded network says of a pixel depends on no border: a larger image gives the same answer inside."""
    torch.manual_seed(0)
    model = UNet(1, 2, 0.05, depth=2).double().eval()
    image = torch.rand(1, 1, 100, 100, dtype=torch.float64)
    with torch.no_grad():
        whole, part = model(image), model(image[:, :, 8:92, 8:92])
    torch.testing.assert_close(centre_crop(whole, part.shape[2:]), part)


def test_skips_carry_detail_and_can_be_left_out():
    torch.manual_seed(0)
    with_skips, without = (UNet(1, 2, 0.05, padded=True, skips=s).eval() for s in (True, False))
    assert with_skips.merge[0][0].in_channels == 2 * without.merge[0][0].in_channels
    # With the way through the bottom cut, only the skips can tell one image from another.
    a, b = torch.rand(2, 1, 1, 32, 32)
    for model, differ in ((with_skips, True), (without, False)):
        for up in model.up:
            nn.init.zeros_(up.weight)
        with torch.no_grad():
            assert torch.equal(model(a), model(b)) != differ


def test_order_of_concatenation_is_encoder_first():
    model = UNet(1, 2, 0.05, padded=True, depth=1).eval()
    seen = []
    model.merge[0].register_forward_hook(lambda module, inputs, output: seen.append(inputs[0]))
    model.down[0].register_forward_hook(lambda module, inputs, output: seen.append(output))
    with torch.no_grad():
        model(torch.rand(1, 1, 16, 16))
    below, merged = seen[0], seen[1]
    assert torch.equal(merged[:, : below.shape[1]], below)


def test_centre_crop_by_hand():
    x = torch.arange(20).view(4, 5)
    assert centre_crop(x, (2, 2)).tolist() == [[6, 7], [11, 12]]
    assert torch.equal(centre_crop(x, (4, 5)), x)
    with pytest.raises(ValueError, match="smaller"):
        centre_crop(x, (5, 5))


@pytest.mark.parametrize("depth", [0, 5])
def test_depth_is_checked(depth):
    with pytest.raises(ValueError, match="1 to 4"):
        UNet(depth=depth)


def test_compiles_and_has_gradients():
    torch.manual_seed(0)
    model = UNet(3, 5, 0.05, padded=True, batch_norm=True)
    x = torch.rand(2, 3, 32, 48)
    model(x).sum().backward()
    assert all(p.grad is not None for p in model.parameters())
    model.eval()
    compiled = torch.compile(model, backend="aot_eager", fullgraph=True)
    with torch.no_grad():
        torch.testing.assert_close(compiled(x), model(x))
