"""ResNet-50's trunk: its maps, beside torchvision's."""

import pytest
import torch
import torchvision
from torchvision.models._utils import IntermediateLayerGetter

from seeing.models.backbones import ResNet50Trunk

LAYERS = ("layer1", "layer2", "layer3", "layer4")


@pytest.mark.parametrize("size", [(96, 64), (97, 65), (33, 40)])
@pytest.mark.parametrize("stride", [8, 16, 32])
def test_every_map_has_the_channels_and_the_stride_that_it_names(stride, size):
    trunk = ResNet50Trunk(0.05, stride).eval()
    with torch.no_grad():
        maps = trunk(torch.rand(2, 3, *size))
    wanted = [(2, c, -(-size[0] // s), -(-size[1] // s)) for c, s in zip(trunk.channels, trunk.strides, strict=True)]
    assert [tuple(x.shape) for x in maps] == wanted
    assert trunk.strides == {8: (4, 8, 8, 8), 16: (4, 8, 16, 16), 32: (4, 8, 16, 32)}[stride]


def test_the_papers_channels():
    with torch.device("meta"):
        assert ResNet50Trunk().channels == (256, 512, 1024, 2048)


@pytest.mark.parametrize(("stride", "dilated"), [(32, (False, False, False)), (8, (False, True, True))])
def test_all_four_maps_equal_torchvisions(stride, dilated):
    torch.manual_seed(0)
    resnet = torchvision.models.resnet50(weights=None, replace_stride_with_dilation=list(dilated)).eval()
    trunk = ResNet50Trunk(stride=stride).eval()
    trunk.load_state_dict({k: v for k, v in resnet.state_dict().items() if not k.startswith("fc.")})
    x = torch.rand(1, 3, 70, 64)
    with torch.no_grad():
        wanted = IntermediateLayerGetter(resnet, {name: name for name in LAYERS})(x)
        maps = trunk(x)
    assert all(torch.equal(got, wanted[name]) for got, name in zip(maps, LAYERS, strict=True))


def test_wrong_stride_is_refused():
    with pytest.raises(ValueError, match="8, 16 or 32"):
        ResNet50Trunk(1, 4)
