"""What is kept of a run: the random numbers of both devices; old files; files that hold something else."""

import pytest
import torch
from torch import nn

from seeing.training import fit
from seeing.training.kept_run import keep, restore


def net(device="cpu"):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 1)).to(device)


def batches(device="cpu"):
    def batch(step):
        x = torch.randn(16, 4, generator=torch.Generator().manual_seed(step)).to(device)
        return x, x.sum(1, keepdim=True)

    return batch


def stopped_at(step, device="cpu"):
    def batch(number):
        if number == step:
            raise OSError("disk full")
        return batches(device)(number)

    return batch


def stop(model, path, device="cpu"):
    with pytest.raises(OSError, match="disk full"):
        fit(model, stopped_at(6, device), nn.functional.mse_loss, 10, resume=path, save_every=5)


def test_a_file_of_the_old_form_still_loads(tmp_path):
    path = tmp_path / "run.pt"
    whole, stopped, again = net(), net(), net()
    torch.manual_seed(1)
    fit(whole, batches(), nn.functional.mse_loss, 10)
    torch.manual_seed(1)
    stop(stopped, path)
    kept = torch.load(path)
    torch.save({**kept, "random": kept["random"]["cpu"]}, path)
    torch.manual_seed(99)
    assert len(fit(again, batches(), nn.functional.mse_loss, 10, resume=path)) == 5
    assert all(map(torch.equal, whole.parameters(), again.parameters()))


def test_the_devices_generator_is_kept_and_put_back(tmp_path, monkeypatch):
    """CUDA's calls stand in for a device, so that it is seen everywhere; the next test asks a real one."""
    states = {torch.device("cuda", 1): torch.tensor([1, 2, 3], dtype=torch.uint8)}
    monkeypatch.setattr(torch.cuda, "get_rng_state", lambda device: states[device])
    monkeypatch.setattr(torch.cuda, "set_rng_state", lambda state, device: states.update({device: state}))
    device, path = torch.device("cuda", 1), tmp_path / "run.pt"
    keep({}, path, 3, 9, device)
    wanted = torch.rand(3)
    states[device] = torch.zeros(3, dtype=torch.uint8)
    assert restore({}, path, 9, device) == 3
    assert states[device].tolist() == [1, 2, 3]
    assert torch.equal(torch.rand(3), wanted)
    states[device] = torch.zeros(3, dtype=torch.uint8)
    assert restore({}, path, 9, torch.device("cpu")) == 3  # a run may go on elsewhere
    assert states[device].tolist() == [0, 0, 0]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_dropout_on_a_gpu_goes_on_as_if_nothing_had_happened(tmp_path):
    whole, stopped, again = net("cuda"), net("cuda"), net("cuda")
    torch.manual_seed(0)
    fit(whole, batches("cuda"), nn.functional.mse_loss, 10)
    torch.manual_seed(0)
    stop(stopped, tmp_path / "run.pt", "cuda")
    torch.manual_seed(99)
    fit(again, batches("cuda"), nn.functional.mse_loss, 10, resume=tmp_path / "run.pt")
    assert all(map(torch.equal, whole.parameters(), again.parameters()))


def run_of_another_model(path):
    other = nn.Linear(4, 1)
    optimizer = torch.optim.AdamW(other.parameters())
    torch.save({"steps": 10, "done": 3, "model": other.state_dict(), "optimizer": optimizer.state_dict()}, path)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda path: path.write_bytes(b""), "holds no run that can be read: remove it"),
        (lambda path: path.write_text("not a run"), "holds no run that can be read: remove it"),
        (lambda path: path.write_bytes(b"PK\x03\x04 cut off"), "holds no run that can be read: remove it"),
        (lambda path: torch.save([1, 2], path), "holds no run of `fit`"),
        (lambda path: torch.save(net().state_dict(), path), "holds no run of `fit`"),
        (run_of_another_model, "a run of another model: remove it to start anew"),
    ],
)
def test_a_file_that_holds_something_else_is_refused_in_words(tmp_path, write, message):
    write(tmp_path / "run.pt")
    with pytest.raises(ValueError, match=message):
        fit(net(), batches(), nn.functional.mse_loss, 10, resume=tmp_path / "run.pt")
    assert (tmp_path / "run.pt").exists()
