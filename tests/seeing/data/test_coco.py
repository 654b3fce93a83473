"""COCO's files: the real annotations, a set made by hand, and every way to be malformed."""

import copy
import json
from dataclasses import replace

import pytest
import torch
from pycocotools.coco import COCO
from torch.utils.data import DataLoader

from seeing.data import BadFile, DataNotFound, collate_any_size, encode_rle, load_coco
from seeing.data import coco as module
from tests.seeing.data.trees import cut, noise, save, write, zipped

# pycocotools meets a newer NumPy than it was written for.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

CONTENT = {
    "images": [
        {"id": 9, "file_name": "b.jpg", "height": 4, "width": 6},
        {"id": 3, "file_name": "sub/a.png", "height": 4, "width": 6},
    ],
    "categories": [{"id": 18, "name": "dog"}, {"id": 1, "name": "person"}],
    "annotations": [
        {
            "id": 1,
            "image_id": 3,
            "category_id": 18,
            "bbox": [1, 1, 2, 2.5],
            "area": 3.5,
            "iscrowd": 0,
            "segmentation": [[1, 1, 3, 1, 3, 3, 1, 3]],
        },
        {
            "id": 2,
            "image_id": 3,
            "category_id": 1,
            "bbox": [0, 0, 6, 0],
            "iscrowd": 1,
            "segmentation": {"size": [4, 6], "counts": [20, 4]},
        },
    ],
}


def make(folder, content=CONTENT, split="val2017"):
    write(folder / "annotations" / f"instances_{split}.json", json.dumps(content))
    save(folder / split / "b.jpg", noise(4, 6))
    save(folder / split / "sub" / "a.png", noise(4, 6))
    return folder


def changed(path, value):
    """The set with one thing changed: a path of keys, or with the last key removed where the value is `...`."""
    content = copy.deepcopy(CONTENT)
    *keys, last = path
    place = content
    for key in keys:
        place = place[key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return content


def test_the_real_annotations_against_the_peer(real_data, capsys):
    path = real_data / "coco_eval" / "instances_val2014_100.json"
    dataset = load_coco(annotations=path, masks=True)
    peer = COCO(str(path))
    capsys.readouterr()
    assert (len(dataset), len(dataset.classes), dataset.bad) == (100, 81, ())
    assert dataset.classes[dataset.label_of_category[18]] == "dog"
    for index, image_id in enumerate(dataset.image_ids):
        target = dataset.target(index)
        annotations = peer.loadAnns(peer.getAnnIds(imgIds=[image_id]))
        assert target["image_id"] == image_id
        boxes = torch.tensor([a["bbox"] for a in annotations], dtype=torch.float64).reshape(-1, 4)
        boxes[:, 2:] += boxes[:, :2]
        assert torch.equal(target["boxes"], boxes.float())
        assert [dataset.category_of_label[k] for k in target["labels"]] == [a["category_id"] for a in annotations]
        assert target["iscrowd"].tolist() == [a["iscrowd"] == 1 for a in annotations]
        assert torch.equal(target["area"], torch.tensor([a["area"] for a in annotations]))
        for mask, annotation in zip(target["masks"], annotations, strict=True):
            assert torch.equal(mask, torch.from_numpy(peer.annToMask(annotation)).bool())


def test_by_hand(tmp_path):
    make(tmp_path / "coco")
    dataset = load_coco(tmp_path, download=False, masks=True)
    assert dataset.classes == ("background", "person", "dog")
    assert dataset.category_of_label == (0, 1, 18)
    assert dataset.label_of_category == {1: 1, 18: 2}
    assert dataset.image_ids == (9, 3)
    image, target = dataset[1]
    assert torch.equal(image, torch.from_numpy(noise(4, 6)).permute(2, 0, 1) / 255)
    assert target["boxes"].tolist() == [[1, 1, 3, 3.5], [0, 0, 6, 0]]
    assert target["labels"].tolist() == [2, 1]
    assert target["area"].tolist() == [3.5, 0]  # where none is written, the box's
    assert target["iscrowd"].tolist() == [False, True]
    assert target["image_id"] == 3
    assert target["masks"].sum((1, 2)).tolist() == [4, 4]
    assert target["masks"][1, :, 5].all()
    empty = dataset[0][1]
    assert (empty["boxes"].shape, empty["masks"].shape, empty["labels"].dtype) == ((0, 4), (0, 4, 6), torch.int64)
    assert "masks" not in load_coco(tmp_path).target(1)


def test_any_folder_and_file(tmp_path):
    folder = make(tmp_path)
    file = folder / "annotations" / "instances_val2017.json"
    assert load_coco(annotations=file, images=str(folder / "val2017"))[0][0].shape == (3, 4, 6)
    without = load_coco(annotations=str(file))
    assert len(without.target(1)["labels"]) == 2
    with pytest.raises(DataNotFound, match="no folder of pictures"):
        without[0]
    assert load_coco(tmp_path, images=folder / "val2017")[0][0].shape == (3, 4, 6)


def test_compressed_run_lengths(tmp_path):
    rle = encode_rle(torch.tensor([[0] * 5 + [1]] * 4))
    make(tmp_path, changed(["annotations", 1, "segmentation"], rle))
    assert load_coco(tmp_path, masks=True).target(1)["masks"][1].sum() == 4


def test_workers_and_batches(tmp_path):
    make(tmp_path)
    loader = DataLoader(load_coco(tmp_path), batch_size=2, num_workers=1, collate_fn=collate_any_size)
    ((images, targets),) = loader
    assert (len(images), [t["image_id"] for t in targets]) == (2, [9, 3])


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["images"], ..., '"images" must be a list; got NoneType'),
        (["annotations"], {}, '"annotations" must be a list; got dict'),
        (["categories", 0, "id"], 1, "category 1: the id 1 is taken"),
        (["categories", 0, "name"], ..., 'category 0: "name" must be str; got nothing'),
        (["categories", 0], 5, 'category 0: "id" must be int; got nothing'),
        (["images", 0, "id"], 3, "image 1: the id 3 is taken"),
        (["images", 0, "id"], "nine", "image 0: \"id\" must be int; got 'nine'"),
        (["images", 0, "height"], True, '"height" must be int; got True'),
        (["images", 0, "width"], 0, r"a size of 1 to .* pixels was expected; got \(4, 0\)"),
        (["images", 0, "width"], 10**12, "a size of 1 to"),
        (["images", 0, "file_name"], "../../etc/passwd", "a name below the folder of pictures was expected"),
        (["images", 0, "file_name"], "/etc/passwd", "a name below the folder of pictures was expected"),
        (["annotations", 0, "image_id"], 77, "annotation 0: there is no image 77"),
        (["annotations", 0, "image_id"], [], r'"image_id" must be int; got \[\]'),
        (["annotations", 0, "category_id"], 5, "annotation 0: there is no category 5"),
        (["annotations", 0, "bbox"], [1, 2, 3], r"a box x, y, width, height, .* was expected; got \[1, 2, 3\]"),
        (["annotations", 0, "bbox"], [1, 2, -3, 4], "finite and not negative"),
        (["annotations", 0, "bbox"], [1, 2, float("nan"), 4], "finite and not negative"),
        (["annotations", 0, "bbox"], [1, 2, float("inf"), 4], "finite and not negative"),
        (["annotations", 0, "bbox"], [1, 2, 10**400, 4], "finite and not negative"),
        (["annotations", 0, "bbox"], "1234", '"bbox" must be list'),
        (["annotations", 0, "area"], -1, "an area of at least 0 was expected; got -1"),
        (["annotations", 0, "area"], "big", '"area" must be int or float'),
        (["annotations", 0, "iscrowd"], 2, '"iscrowd" must be 0 or 1; got 2'),
        (["annotations", 0, "segmentation"], ..., '"segmentation" must be list or dict; got nothing'),
        (["annotations", 0], None, 'annotation 0: "image_id" must be int; got nothing'),
    ],
)
def test_malformed_records_raise_or_are_skipped(tmp_path, path, value, message):
    make(tmp_path, changed(path, value))
    with pytest.raises(ValueError, match=rf"instances_val2017\.json: .*{message}"):
        load_coco(tmp_path, masks=True)
    if path[0] == "categories" or len(path) == 1:
        return  # without its lists or its categories nothing else means anything
    dataset = load_coco(tmp_path, masks=True, bad="skip")
    assert len(dataset.bad) == (2 if "taken" in message else 1)  # of two pictures with one id none is kept
    for index in range(len(dataset)):
        dataset.target(index)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([[1, 2, 3]], "annotation 1 of image 3: an outline must be"),
        ({"size": [4, 5], "counts": [20]}, "a mask of 4x6 pixels was expected"),
        ({"size": [4, 6], "counts": [20]}, "add up to"),
    ],
)
def test_malformed_masks_are_met_when_asked_for(tmp_path, value, message):
    make(tmp_path, changed(["annotations", 0, "segmentation"], value))
    load_coco(tmp_path).target(1)
    with pytest.raises(BadFile, match=rf"instances_val2017\.json: .*{message}"):
        load_coco(tmp_path, masks=True).target(1)


def test_bad_pictures(tmp_path):
    make(tmp_path)
    save(tmp_path / "val2017" / "b.jpg", noise(4, 7))
    with pytest.raises(BadFile, match=r"b\.jpg: 4x6 pixels were expected"):
        load_coco(tmp_path)[0]
    cut(tmp_path / "val2017" / "sub" / "a.png")
    with pytest.raises(ValueError, match=r"a\.png: "):
        load_coco(tmp_path)[1]
    dataset = load_coco(tmp_path, bad="skip")
    assert (len(dataset), len(dataset.bad)) == (0, 2)  # and the objects of a picture left out are no third fault


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00", '{"images": [}'])
def test_files_that_are_no_json(tmp_path, text):
    with pytest.raises(ValueError, match=r"a\.json: "):
        load_coco(annotations=write(tmp_path / "a.json", text))


def test_from_its_archives(tmp_path, origin, monkeypatch):
    folder = make(tmp_path / "made")
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    real = module._source

    def local(archive, kind):
        source = real(archive, kind)
        (remote,) = source.remotes
        assert remote.url.startswith("https://")
        assert len(remote.sha256) == 64
        chosen = {k: v for k, v in files.items() if k.startswith("annotations") == archive.startswith("annotations")}
        return replace(source, remotes=(replace(remote, url=origin.put(remote.path, zipped(chosen)), sha256=None),))

    monkeypatch.setattr(module, "_source", local)
    assert load_coco(tmp_path / "root")[0][0].shape == (3, 4, 6)
    assert {p.name for p in (tmp_path / "root" / "coco").iterdir() if p.is_dir()} == {"annotations", "val2017"}
    assert [path for path, _ in origin.asked] == ["/annotations_trainval2017.zip", "/val2017.zip"]
    (tmp_path / "root" / "coco" / "val2017").rename(tmp_path / "elsewhere")
    assert len(load_coco(tmp_path / "root")) == 2
    assert [path for path, _ in origin.asked[2:]] == ["/val2017.zip"]


def test_arguments(tmp_path):
    with pytest.raises(ValueError, match="split must be one of"):
        load_coco(tmp_path, split="test2017")
    with pytest.raises(DataNotFound, match=r"annotations_trainval2014\.zip"):
        load_coco(tmp_path, False, split="val2014")
