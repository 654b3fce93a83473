"""SSD's trunk: the maps that it promises, at SSD300's size and at the smallest that each number of maps allows."""

import pytest
import torch

from seeing.models.backbones.ssd_vgg import SSDTrunk, least_side


def test_the_maps_of_ssd300():
    trunk = SSDTrunk(width=0.0625).eval()
    maps = trunk(torch.rand(1, 3, 300, 300))
    assert [tuple(level.shape[2:]) for level in maps] == [(n, n) for n in (38, 19, 10, 5, 3, 1)]
    assert tuple(level.shape[1] for level in maps) == trunk.channels
    assert trunk.strides == (8, 16, 32, 64, 100, 300)


@pytest.mark.parametrize("num_maps", range(2, 7))
def test_the_smallest_image_has_all_maps_and_a_smaller_one_is_refused(num_maps):
    trunk, side = SSDTrunk(width=0.0625, num_maps=num_maps).eval(), least_side(num_maps)
    maps = trunk(torch.rand(1, 3, side, side + 8))
    assert len(maps) == num_maps == len(trunk.strides)
    assert tuple(level.shape[1] for level in maps) == trunk.channels
    assert all(level.numel() for level in maps)
    with pytest.raises(ValueError, match=f"needs at least {side} pixels"):
        trunk(torch.rand(1, 3, side - 1, side))


def test_each_vector_of_the_first_map_starts_twenty_long():
    first = SSDTrunk(width=0.0625, num_maps=2).eval()(torch.rand(1, 3, 32, 32))[0]
    torch.testing.assert_close(first.norm(dim=1), torch.full((1, 4, 4), 20.0))


def test_the_number_of_maps_is_checked():
    with pytest.raises(ValueError, match="num_maps must be 2 to 6; got 7"):
        SSDTrunk(num_maps=7)
