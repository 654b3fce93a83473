"""Frozen parts: parameters and statistics stay bit for bit, and torchvision's frozen normalisation says the same."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torchvision.ops import FrozenBatchNorm2d

from seeing.training import fit, freeze, training_mode, unfreeze


def net(norm=nn.BatchNorm2d):
    torch.manual_seed(0)
    trunk = nn.Sequential(nn.Conv2d(3, 4, 3), norm(4), nn.ReLU(), nn.Dropout(0.5))
    with torch.no_grad():
        for name in ("running_mean", "running_var", "weight", "bias"):
            getattr(trunk[1], name).copy_(0.5 + torch.rand(4))
    return nn.Sequential(trunk, nn.Conv2d(4, 4, 3, bias=False), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(64, 2))


def batch(step):
    g = torch.Generator().manual_seed(step)
    x = 3 + torch.randn(4, 3, 8, 8, generator=g)
    return x, (x.mean((1, 2, 3)) > 3).long()


def kept(module):
    return {name: value.clone() for name, value in module.state_dict().items()}


def changed(module, before):
    return {name for name, value in module.state_dict().items() if not torch.equal(value, before[name])}


def test_statistics_stay_bit_for_bit_while_the_rest_trains():
    model = net()
    freeze(model[0], statistics=True)
    before = kept(model)
    fit(model, batch, F.cross_entropy, 6, after_step=lambda step, loss: model.train())
    rest = {name for name in before if not name.startswith("0.")}
    assert changed(model, before) == rest


def test_without_them_the_statistics_follow_the_pictures():
    model = net()
    freeze(model[0])
    before = kept(model[0])
    fit(model, batch, F.cross_entropy, 6)
    assert changed(model[0], before) == {"1.running_mean", "1.running_var", "1.num_batches_tracked"}


def test_equals_torchvisions_frozen_normalisation():
    # In double precision: the bias before the second normalisation has no gradient but rounding, which Adam magnifies.
    ours, peer = net().double(), net(FrozenBatchNorm2d).double()
    freeze(ours[0], statistics=True)
    freeze(peer[0])
    for model in (ours, peer):
        torch.manual_seed(1)
        fit(model, lambda step: (batch(step)[0].double(), batch(step)[1]), F.cross_entropy, 10)
    for name, value in peer.state_dict().items():
        torch.testing.assert_close(ours.state_dict()[name], value, rtol=1e-7, atol=1e-9)


def test_an_interrupted_run_keeps_them_too(tmp_path):
    model = net()
    freeze(model[0], statistics=True)
    before = kept(model[0])

    def fails_at_4(step, loss):
        if step == 4:
            raise OSError("disk full")

    run = {"resume": tmp_path / "run.pt", "save_every": 2}
    with pytest.raises(OSError, match="disk full"):
        fit(model, batch, F.cross_entropy, 6, after_step=fails_at_4, **run)
    assert len(fit(model, batch, F.cross_entropy, 6, **run)) == 2
    assert changed(model[0], before) == set()


def test_training_mode_leaves_out_frozen_normalisation_and_nothing_else():
    model = net()
    freeze(model[0], statistics=True)
    assert not model[0][1].training  # at once, before any loop
    for of in (model, copy.deepcopy(model)):
        of.eval()
        training_mode(of)
        assert {name for name, part in of.named_modules() if not part.training} == {"0.1"}


def test_unfrozen_it_learns_again():
    model = net()
    freeze(model[0], statistics=True)
    unfreeze(model[0])
    before = kept(model)
    fit(model, batch, F.cross_entropy, 3)
    assert changed(model, before) == set(before)


def test_norms_without_statistics_and_parts_without_norms():
    model = nn.Sequential(nn.BatchNorm1d(3, track_running_stats=False), nn.GroupNorm(1, 3), nn.Linear(3, 1))
    freeze(model, statistics=True)
    training_mode(model)
    assert all(part.training for part in model.modules())  # they have nothing to keep
    assert not any(p.requires_grad for p in model.parameters())
