"""Checkpoints: what is written comes back, and what is not one is refused."""

import pickle
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

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


F16, F32, F64, BF16 = torch.float16, torch.float32, torch.float64, torch.bfloat16
INF, NAN = float("inf"), float("nan")


@pytest.mark.parametrize(
    ("values", "dtype", "kept"),
    [
        ([65504.0], F32, F16),  # float16's largest number
        ([65519.0], F32, F16),  # and the last that is rounded to it
        ([65520.0], F32, F32),  # which would be infinity
        ([-7e4, 1.0], F32, F32),
        ([3e38], F32, F32),
        ([1.0, INF, -INF, NAN], F32, F16),
        ([NAN, 7e4], F32, F32),
        ([INF, 1e-7], F32, F32),
        ([0.0, -0.0, 2.0**-14], F32, F16),  # float16's smallest normal number
        ([2.0**-24], F32, F16),  # exact, though subnormal
        ([1e-5, 1.0], F32, F32),  # a running variance: each element for itself
        ([1e-9, 1.0], F32, F32),
        ([[1e-9, 1.0]], F32, F16),  # a weight that is lost beside the largest
        ([[1e-9, 1e-8]], F32, F32),  # but not where all of them are small
        ([[[7e4]]], F32, F32),
        (0.1, F32, F16),
        (1e6, F32, F32),
        ([], F32, F16),
        ([[]], F32, F16),
        ([1 / 3], F64, F16),
        ([7e4], F64, F32),
        ([1e300], F64, F64),
        ([1e-300], F64, F64),
        ([7e4], BF16, BF16),
        ([1.0], BF16, BF16),
        ([0.1], F16, F16),
    ],
)
def test_a_number_is_kept_in_the_smallest_type_that_holds_it(values, dtype, kept):
    value = torch.tensor(values, dtype=dtype)
    got = checkpoint.smallest(value)
    assert got.dtype == kept
    torch.testing.assert_close(
        got.to(dtype),
        value,
        rtol=2**-11,
        atol=value[value.isfinite()].abs().max().item() * 2**-11 if value.dim() > 1 and value.numel() else 0,
        equal_nan=True,
    )


@pytest.mark.parametrize("value", [torch.tensor([70_000, -1]), torch.tensor([2**62 + 1]), torch.tensor([True])])
def test_whole_numbers_are_not_touched(value):
    assert checkpoint.smallest(value) is value


@pytest.mark.parametrize("value", [65504.0, 65520.0, 7e4, 1e-9, INF, NAN])
@pytest.mark.parametrize("name", ["weight", "bias", "running_var"])
def test_a_model_comes_back_with_the_numbers_that_it_had(tmp_path, name, value):
    """Parameters and buffers, at and past the ends of float16."""
    model = UNet(**ARGUMENTS)
    (norm, *_) = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    with torch.no_grad():
        getattr(norm, name)[0] = value
    norm.num_batches_tracked += 70_000
    checkpoint.save(model, tmp_path / "unet.pt", ARGUMENTS)
    loaded = checkpoint.load(tmp_path / "unet.pt").state_dict()
    for key, wanted in model.state_dict().items():
        assert loaded[key].dtype == wanted.dtype
        torch.testing.assert_close(
            loaded[key], wanted, rtol=2**-11, atol=2**-11 if wanted.dim() > 1 else 0, equal_nan=True
        )


def test_a_number_that_the_model_cannot_hold_is_refused(path):
    model = UNet(**ARGUMENTS).half()
    state = {name: value.clone() for name, value in UNet(**ARGUMENTS).state_dict().items()}
    name = next(iter(state))
    state[name] += 7e4
    with pytest.raises(ValueError, match=rf"{name} holds numbers that are too large for this model's torch.float16"):
        checkpoint.load_state(model, state)


def test_numpys_numbers_come_back_as_pythons(tmp_path):
    about = {"score": np.float64(0.5), "runs": [np.float32(0.25), (np.int64(3), {"best": np.bool_(True)})]}
    arguments = {name: np.int64(value) if type(value) is int else value for name, value in ARGUMENTS.items()}
    checkpoint.save(UNet(**ARGUMENTS), tmp_path / "x.pt", arguments, **about)
    kept = checkpoint.read(tmp_path / "x.pt")
    assert kept["about"] == {"score": 0.5, "runs": [0.25, (3, {"best": True})]}
    assert kept["arguments"] == ARGUMENTS
    checkpoint.load(tmp_path / "x.pt")


@pytest.mark.parametrize("value", [Path("x"), date(2020, 1, 1), np.arange(3), [{"a": Path("x")}], len])
def test_what_could_not_be_read_back_is_not_written(tmp_path, value):
    with pytest.raises(ValueError, match=r"data holds a .*, which cannot be read back"):
        checkpoint.save(UNet(**ARGUMENTS), tmp_path / "x.pt", ARGUMENTS, data=value)
    assert list(tmp_path.iterdir()) == []


class Mine(UNet):
    pass


@pytest.mark.parametrize("wrap", [nn.DataParallel, nn.Sequential, lambda model: Mine(**ARGUMENTS)])
def test_a_model_that_could_not_be_loaded_is_not_saved(tmp_path, wrap):
    with pytest.raises(ValueError, match=r"a model of a class of seeing\.models was expected; got a "):
        checkpoint.save(wrap(UNet(**ARGUMENTS)), tmp_path / "x.pt", ARGUMENTS)


def test_arguments_that_the_class_does_not_take(path, tmp_path):
    with pytest.raises(ValueError, match=r"UNet cannot be called with .*'widht'"):
        checkpoint.save(UNet(**ARGUMENTS), tmp_path / "x.pt", {**ARGUMENTS, "widht": 1})
    with pytest.raises(ValueError, match=r"unet\.pt: UNet cannot be called with .*'widht'"):
        checkpoint.load(path, widht=1)


def test_damage_anywhere_in_a_file_is_noticed(path):
    """One bit, at places in the numbers and between them; a byte that no part needs may change nothing."""
    content = path.read_bytes()
    wanted = checkpoint.load(path).state_dict()
    reasons = []
    for place in range(50, len(content), len(content) // 40):
        path.write_bytes(content[:place] + bytes([content[place] ^ 16]) + content[place + 1 :])
        try:
            got = checkpoint.load(path).state_dict()
        except ValueError as error:
            reasons.append(str(error))
        else:
            assert all(torch.equal(got[name], wanted[name]) for name in wanted)
    assert len(reasons) > 10
    assert all("unet.pt is not a" in reason for reason in reasons)


@pytest.mark.parametrize("fraction", [0.02, 0.3, 0.5, 0.9, 0.99, 0.999])
def test_a_file_that_is_cut_off_anywhere(path, fraction):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * fraction)])
    with pytest.raises(ValueError, match=r"unet\.pt is not a readable checkpoint"):
        checkpoint.load(path)


@pytest.mark.parametrize(
    "changed",
    [{"model": 5}, {"arguments": [1]}, {"arguments": {1: 2}}, {"about": None}, {"state": None}, {"state": {"a": 1}}],
)
def test_a_dictionary_of_other_contents_is_refused(path, changed):
    torch.save({**checkpoint.read(path), **changed}, path)
    with pytest.raises(ValueError, match=r"unet\.pt is not a checkpoint of this library"):
        checkpoint.load(path)


@pytest.mark.parametrize("dtype", [torch.float8_e4m3fn, torch.float8_e5m2, torch.complex64, torch.int8, torch.bool])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
def test_other_types_come_back(dtype, shape):
    model = nn.Module()
    model.register_buffer("scale", torch.ones(shape).to(dtype))
    state = {name: checkpoint.smallest(value) for name, value in model.state_dict().items()}
    checkpoint.load_state(model, state)
    assert model.scale.dtype == dtype
    assert torch.equal(model.scale.to(torch.complex64), torch.ones(shape, dtype=torch.complex64))
