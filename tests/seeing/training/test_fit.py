"""The training loop: it learns, it repeats itself, and an interrupted run ends as one that was not."""

import os
import signal

import pytest
import torch
from torch import nn

from seeing.training import fit, freeze, one_cycle, parameter_groups


def batch(step: int) -> tuple[torch.Tensor, torch.Tensor]:
    g = torch.Generator().manual_seed(step)
    x = torch.randn(16, 4, generator=g)
    return x, x @ torch.tensor([[1.0], [-2.0], [0.5], [3.0]])


def net() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.1), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1))


def state(model: nn.Module) -> list[torch.Tensor]:
    return list(model.state_dict().values())


def same(a: nn.Module, b: nn.Module) -> bool:
    return all(torch.equal(x, y) for x, y in zip(state(a), state(b), strict=True))


def test_the_rate_rises_and_falls():
    assert [one_cycle(x) for x in (0, 0.2, 1)] == pytest.approx([0.04, 1, 0])
    assert one_cycle(0.1) == pytest.approx(0.52)
    assert one_cycle(0.6) == pytest.approx(0.5)


def test_learns_and_repeats():
    a, b = net(), net()
    torch.manual_seed(1)
    losses = fit(a, batch, nn.functional.mse_loss, 200, rate=3e-2)
    torch.manual_seed(1)
    fit(b, batch, nn.functional.mse_loss, 200, rate=3e-2)
    assert len(losses) == 200
    assert sum(losses[-10:]) < 0.2 * sum(losses[:10])
    assert same(a, b)
    assert not a.training


def test_an_interrupted_run_ends_as_one_that_was_not(tmp_path):
    whole, stopped = net(), net()
    torch.manual_seed(1)
    fit(whole, batch, nn.functional.mse_loss, 30)

    def press_at_12(step):
        if step == 12:
            os.kill(os.getpid(), signal.SIGINT)
        return batch(step)

    torch.manual_seed(1)
    with pytest.raises(KeyboardInterrupt):
        fit(stopped, press_at_12, nn.functional.mse_loss, 30, resume=tmp_path / "run.pt", save_every=5)
    again = net()
    torch.manual_seed(99)
    losses = fit(again, batch, nn.functional.mse_loss, 30, resume=tmp_path / "run.pt")
    assert len(losses) == 17
    assert same(whole, again)
    assert not list(tmp_path.iterdir())


def test_a_crash_goes_on_from_the_last_kept_step(tmp_path):
    whole, crashed = net(), net()
    torch.manual_seed(1)
    fit(whole, batch, nn.functional.mse_loss, 30)

    def crash_at_12(step):
        if step == 12:
            raise OSError("disk full")
        return batch(step)

    torch.manual_seed(1)
    with pytest.raises(OSError, match="disk full"):
        fit(crashed, crash_at_12, nn.functional.mse_loss, 30, resume=tmp_path / "run.pt", save_every=5)
    losses = fit(crashed, batch, nn.functional.mse_loss, 30, resume=tmp_path / "run.pt")
    assert len(losses) == 20
    assert same(whole, crashed)


def test_another_run_is_refused(tmp_path):
    torch.save({"steps": 7, "done": 3}, tmp_path / "run.pt")
    with pytest.raises(ValueError, match="a run of 7 steps, not 9"):
        fit(net(), batch, nn.functional.mse_loss, 9, resume=tmp_path / "run.pt")


def test_an_infinite_loss_stops():
    with pytest.raises(ValueError, match="at step 0: try a lower rate"):
        fit(net(), batch, lambda y, t: (y - t).sum() * torch.inf, 3)


def test_frozen_parameters_stay():
    model = net()
    before = model[0].weight.clone()
    freeze(model[0])
    fit(model, batch, nn.functional.mse_loss, 5)
    assert torch.equal(model[0].weight, before)


def test_earlier_parts_learn_slower():
    model = net()
    groups = parameter_groups([model[0], model[2], model[4]], 0.1, decay=0.5)
    assert [group["lr"] for group in groups] == [0.025, 0.05, 0.1]
    fit(model, batch, nn.functional.mse_loss, 5, rate=groups)
    freeze(model[0])
    assert len(parameter_groups([model[0], model[4]], 0.1)) == 1


def test_nothing_to_train():
    model = net()
    freeze(model)
    with pytest.raises(ValueError, match="nothing to train"):
        parameter_groups([model], 0.1)


@pytest.mark.parametrize("steps", [0, -1])
def test_steps_are_checked(steps):
    with pytest.raises(ValueError, match="at least 1"):
        fit(net(), batch, nn.functional.mse_loss, steps)


def test_one_step():
    assert len(fit(net(), batch, nn.functional.mse_loss, 1)) == 1


def test_silent(capsys):
    fit(net(), batch, nn.functional.mse_loss, 3)
    assert capsys.readouterr() == ("", "")
