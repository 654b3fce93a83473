"""FCN on a ResNet-50 beside torchvision's, with the same random parameters."""

import pytest
import torch
import torchvision

from seeing.models import FCNResNet50


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
