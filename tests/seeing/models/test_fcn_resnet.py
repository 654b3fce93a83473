"""FCN on a ResNet-50 beside torchvision's, with the same random parameters."""

import pytest
import torch
import torchvision

from seeing.models import FCNResNet50
from seeing.models.resnet import ResNet50Trunk


@pytest.fixture(scope="module")
def theirs():
    torch.manual_seed(0)
    model = torchvision.models.segmentation.fcn_resnet50(weights=None, weights_backbone=None, aux_loss=True)
    for module in model.modules():  # statistics that are not those of a fresh network
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    return model.eval()


@pytest.mark.parametrize("size", [(64, 64), (90, 121)])
def test_equals_torchvision(theirs, size):
    ours = FCNResNet50(21, aux=True).eval()
    ours.load_torchvision(theirs.state_dict())
    x = torch.rand(1, 3, *size)
    with torch.no_grad():
        wanted = theirs(x)
        main, aux = ours.with_aux(x)
        torch.testing.assert_close(main, wanted["out"], rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(aux, wanted["aux"], rtol=1e-4, atol=1e-4)
        assert torch.equal(ours(x), main)


def test_the_second_head_may_stay_out(theirs):
    ours = FCNResNet50(21).eval()
    ours.load_torchvision(theirs.state_dict())
    x = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(ours(x), theirs(x)["out"], rtol=1e-4, atol=1e-4)
    with pytest.raises(ValueError, match="aux=True"):
        ours.with_aux(x)


def test_another_state_is_refused(theirs):
    with pytest.raises(ValueError, match="same classes and width"):
        FCNResNet50(5, 0.1).load_torchvision(theirs.state_dict())


@pytest.mark.parametrize("stride", [8, 16, 32])
def test_strides_of_the_trunk(stride):
    trunk = ResNet50Trunk(0.05, stride).eval()
    with torch.no_grad():
        third, last = trunk(torch.rand(1, 3, 96, 64))
    assert last.shape[2:] == (96 // stride, 64 // stride)
    assert third.shape[2:] == (96 // min(stride, 16), 64 // min(stride, 16))


def test_trunk_equals_torchvisions_resnet_at_stride_32():
    torch.manual_seed(0)
    resnet = torchvision.models.resnet50(weights=None).eval()
    trunk = ResNet50Trunk().eval()
    trunk.load_state_dict({k: v for k, v in resnet.state_dict().items() if not k.startswith("fc.")})
    x = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        wanted = torchvision.models._utils.IntermediateLayerGetter(resnet, {"layer4": "out"})(x)["out"]
        assert torch.equal(trunk(x)[1], wanted)


def test_wrong_stride_is_refused():
    with pytest.raises(ValueError, match="8, 16 or 32"):
        ResNet50Trunk(1, 4)
