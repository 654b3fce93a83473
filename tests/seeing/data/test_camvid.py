"""CamVid: the real scenes, small ones, broken ones, and the way from its archive."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from seeing.data import BadFile, DataNotFound, load_camvid
from seeing.data import camvid as module
from seeing.data.archive import content_sha256
from tests.seeing.data.trees import cut, noise, save, zipped


def labels(height=6, width=8, value=None):
    grid = np.arange(height * width, dtype=np.uint8).reshape(height, width) % 12
    return grid if value is None else np.full_like(grid, value)


@pytest.fixture
def tree(tmp_path):
    for split, count in (("train", 3), ("val", 1), ("test", 1)):
        for i in range(count):
            save(tmp_path / "camvid" / split / f"{i}.png", noise(6, 8, i))
            save(tmp_path / "camvid" / f"{split}annot" / f"{i}.png", labels())
    return tmp_path


@pytest.mark.parametrize(("split", "count"), [("train", 367), ("val", 101), ("test", 233)])
def test_the_real_scenes(real_data, split, count):
    dataset = load_camvid(real_data, download=False, split=split, bad="skip")
    assert (len(dataset), dataset.bad, len(dataset.classes)) == (count, (), 11)
    image, target = dataset[count - 1]
    assert (image.shape, image.dtype) == ((3, 180, 240), torch.float32)
    assert (target.shape, target.dtype) == ((180, 240), torch.int64)
    assert set(target.unique().tolist()) <= {*range(11), 255}
    assert 255 in target


def test_the_variable_names_the_root(real_data, monkeypatch):
    monkeypatch.setenv("SEEING_DATA", str(real_data))
    assert len(load_camvid(download=False)) == 367


def test_a_small_set(tree):
    dataset = load_camvid(tree)
    assert len(dataset) == 3
    image, target = dataset[1]
    assert torch.equal(image, torch.from_numpy(noise(6, 8, 1)).permute(2, 0, 1) / 255)
    wanted = torch.from_numpy(labels()).long()
    assert torch.equal(target, torch.where(wanted == 11, 255, wanted))
    assert dataset.classes[3] == "road"
    images, targets = next(iter(DataLoader(dataset, batch_size=3)))
    assert (images.shape, targets.shape) == ((3, 3, 6, 8), (3, 6, 8))


def test_bad_files_raise_when_met_or_are_skipped_and_listed(tree):
    cut(tree / "camvid" / "train" / "0.png")
    save(tree / "camvid" / "trainannot" / "1.png", labels(5, 8))
    dataset = load_camvid(tree)
    with pytest.raises(ValueError, match=r"train.0\.png: .*picture was expected"):
        dataset[0]
    with pytest.raises(ValueError, match=r"trainannot.1\.png: .* 6x8 pixels was expected, as its picture; got 5x8"):
        dataset[1]
    dataset = load_camvid(tree, bad="skip")
    assert len(dataset) == 1
    assert [record.file.rpartition("/")[2] for record in dataset.bad] == ["0.png", "1.png"]
    (tree / "camvid" / "trainannot" / "2.png").unlink()
    with pytest.raises(BadFile, match=r"2\.png: there is no such file"):
        load_camvid(tree)


def test_a_label_that_is_none_is_refused(tree):
    save(tree / "camvid" / "valannot" / "0.png", labels(value=12))
    with pytest.raises(BadFile, match=r"values \[0, 1, .*, 11\] were expected; got \[12\]"):
        load_camvid(tree, split="val")[0]


def test_arguments(tree):
    with pytest.raises(ValueError, match="split must be one of train, val, test; got 'all'"):
        load_camvid(tree, split="all")
    with pytest.raises(ValueError, match='bad must be "raise" or "skip"'):
        load_camvid(tree, bad="known")
    for file in (tree / "camvid" / "val").iterdir():
        file.unlink()
    with pytest.raises(BadFile, match=r"pictures .* were expected; got none"):
        load_camvid(tree, split="val")


def test_from_the_archive_with_its_content_checked(tree, origin, monkeypatch, tmp_path_factory):
    prefix = module.SOURCE.remotes[0].unpack
    folder = tree / "camvid"
    files = {prefix + f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}
    url = origin.put("a.zip", zipped({**files, "SegNet/readme": b"no"}))
    root = tmp_path_factory.mktemp("fresh")

    good = replace(module.SOURCE.remotes[0], url=url, content=content_sha256(folder))
    monkeypatch.setattr(module, "SOURCE", replace(module.SOURCE, remotes=(replace(good, content="0" * 64),)))
    with pytest.raises(BadFile, match="should have SHA-256 0000"):
        load_camvid(root)
    monkeypatch.setattr(module, "SOURCE", replace(module.SOURCE, remotes=(good,)))
    with pytest.raises(DataNotFound, match="download=False"):
        load_camvid(root, download=False)
    assert len(load_camvid(root)) == 3
    assert sorted(p.name for p in (root / "camvid").iterdir()) == sorted(p.name for p in folder.iterdir())
