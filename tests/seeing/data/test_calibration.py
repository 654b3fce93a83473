"""The calibration records: the real ones, small ones, malformed ones."""

import io
import json
import pickle

import numpy as np
import pytest
import torch

from seeing.data import BadFile, load_calibration_records
from tests.seeing.data.trees import cut, write

GOOD = {"predictions": np.array([[0.25, 0.75], [1, 0]], dtype=np.float32), "ground_truth": np.array([1, 0])}


def saved(tmp_path, **arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return write(tmp_path / "calibration" / "lenet-5-cifar-10.npz", buffer.getvalue())


@pytest.mark.parametrize(
    ("model", "classes", "accuracy"), [("densenet-bc-100-cifar-100", 100, 0.7541), ("lenet-5-cifar-10", 10, 0.5308)]
)
def test_the_real_records(real_data, model, classes, accuracy):
    records = load_calibration_records(real_data, download=False, model=model)
    assert records.probabilities.shape == (10_000, classes)
    assert records.probabilities.dtype == torch.float32
    assert (records.labels.shape, records.labels.dtype, len(records)) == ((10_000,), torch.int64, 10_000)
    assert torch.allclose(records.probabilities.double().sum(1), torch.ones(10_000).double(), rtol=0, atol=1e-6)
    assert (records.probabilities.argmax(1) == records.labels).double().mean().item() == accuracy


def test_small_records(tmp_path):
    saved(tmp_path, **GOOD)
    records = load_calibration_records(tmp_path, model="lenet-5-cifar-10")
    assert records.probabilities.tolist() == [[0.25, 0.75], [1, 0]]
    assert records.labels.tolist() == [1, 0]
    with pytest.raises(ValueError, match="model must be one of densenet"):
        load_calibration_records(tmp_path, model="resnet")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"predictions": GOOD["predictions"] * 2}, r"probabilities in 0\.\.1 were expected"),
        ({"predictions": GOOD["predictions"] / 2}, "add up to 1"),
        ({"predictions": GOOD["predictions"] * np.nan}, r"probabilities in 0\.\.1"),
        ({"predictions": GOOD["predictions"][0]}, r"\(N, K\) predictions .* got \(2,\) and \(2,\)"),
        ({"predictions": np.array([[1, 0], [0, 1]])}, "floats and whole numbers were expected; got int64"),
        ({"ground_truth": np.array([1, 2])}, r"labels in 0\.\.1 were expected"),
        ({"ground_truth": np.array([1, -1])}, r"labels in 0\.\.1 were expected"),
        ({"ground_truth": np.array([1])}, r"got \(2, 2\) and \(1,\)"),
        ({"ground_truth": np.array([1.0, 0.0])}, "floats and whole numbers were expected; got float32 and float64"),
    ],
)
def test_bad_arrays(tmp_path, change, message):
    saved(tmp_path, **{**GOOD, **change})
    with pytest.raises(ValueError, match=rf"lenet-5-cifar-10\.npz: .*{message}"):
        load_calibration_records(tmp_path, model="lenet-5-cifar-10")


def test_broken_files(tmp_path):
    path = saved(tmp_path, predictions=GOOD["predictions"])
    with pytest.raises(BadFile, match="ground_truth"):
        load_calibration_records(tmp_path, model="lenet-5-cifar-10")
    for content in (b"", b"no numpy", path.read_bytes()[:100], np.lib.format.magic(1, 0)):
        write(path, content)
        with pytest.raises(BadFile, match=r"\.npz: arrays predictions and ground_truth"):
            load_calibration_records(tmp_path, model="lenet-5-cifar-10")
    cut(saved(tmp_path, **GOOD), 0.9)
    with pytest.raises(BadFile, match=r"\.npz: "):
        load_calibration_records(tmp_path, model="lenet-5-cifar-10")


class Evil:
    def __reduce__(self):
        return exec, ("raise SystemExit('code of the file was run')",)


def test_no_code_of_a_file_is_run(tmp_path):
    path = saved(tmp_path, **{**GOOD, "predictions": np.array([Evil()], dtype=object)})
    with pytest.raises(BadFile, match="pickle"):
        load_calibration_records(tmp_path, model="lenet-5-cifar-10")
    write(path, pickle.dumps(Evil()))
    with pytest.raises(BadFile, match="pickle"):
        load_calibration_records(tmp_path, model="lenet-5-cifar-10")
    write(path, json.dumps({}))
    with pytest.raises(BadFile, match="pickle"):
        load_calibration_records(tmp_path, model="lenet-5-cifar-10")
