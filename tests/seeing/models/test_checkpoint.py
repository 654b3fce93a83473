"""Checkpoints: what is written comes back, and what is not one is refused."""

import pickle

import pytest
import torch

from seeing.models import UNet, checkpoint

ARGUMENTS = {"in_channels": 3, "num_classes": 5, "width": 0.05, "padded": True, "depth": 2, "batch_norm": True}


@pytest.fixture
def path(tmp_path):
    torch.manual_seed(0)
    checkpoint.save(UNet(**ARGUMENTS), tmp_path / "new" / "unet.pt", ARGUMENTS, seed=3, score=0.5)
    return tmp_path / "new" / "unet.pt"


def test_comes_back(path):
    torch.manual_seed(0)
    model, x = UNet(**ARGUMENTS).eval(), torch.rand(1, 3, 16, 16)
    loaded = checkpoint.load(path)
    assert not loaded.training
    with torch.no_grad():
        torch.testing.assert_close(loaded(x), model(x), rtol=1e-2, atol=1e-3)
    assert checkpoint.read(path)["about"] == {"seed": 3, "score": 0.5}


def test_only_the_finished_file_is_there(path):
    assert [p.name for p in path.parent.iterdir()] == ["unet.pt"]


def test_another_width_is_refused(path):
    with pytest.raises(ValueError, match=r"was made by UNet\(.*width=0.05.*another width"):
        checkpoint.load(path, width=0.1)


def test_another_depth_is_refused(path):
    with pytest.raises(ValueError, match="missing"):
        checkpoint.load(path, depth=3)


@pytest.mark.parametrize("content", [b"", b"hello", pickle.dumps({"a": 1}, 2), pickle.dumps(print, 2)])
def test_not_a_checkpoint(tmp_path, content):
    (tmp_path / "x.pt").write_bytes(content)
    with pytest.raises(ValueError, match=r"x\.pt is not a"):
        checkpoint.load(tmp_path / "x.pt")


def test_a_truncated_file(path):
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(ValueError, match="not a readable checkpoint"):
        checkpoint.load(path)


def test_a_state_alone_is_refused(tmp_path):
    torch.save(UNet(**ARGUMENTS).state_dict(), tmp_path / "x.pt")
    with pytest.raises(ValueError, match="not written by"):
        checkpoint.load(tmp_path / "x.pt")


def test_an_unknown_model_is_refused(path):
    kept = checkpoint.read(path)
    torch.save({**kept, "model": "checkpoint"}, path)
    with pytest.raises(ValueError, match="does not know"):
        checkpoint.load(path)


def test_nothing_is_loaded_when_something_does_not_fit():
    model = UNet(**ARGUMENTS)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    state = {name: torch.zeros_like(value) for name, value in before.items()}
    last = list(state)[-1]
    state[last] = torch.zeros(99)
    with pytest.raises(ValueError, match=last):
        checkpoint.load_state(model, state)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        checkpoint.load(tmp_path / "none.pt")
