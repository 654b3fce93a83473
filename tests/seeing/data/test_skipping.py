"""What "skip" leaves out is what "raise" raises on: every reader with every damage."""

import copy
import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from seeing.data import (
    BadFile,
    load_bccd,
    load_camvid,
    load_coco,
    load_oxford_pets,
    load_penn_fudan,
    load_voc,
)
from seeing.data.files import Refusals
from seeing.data.readable import those_that_can
from tests.seeing.data.trees import cut, noise, save, voc_xml, write

SIZE = (40, 48)
COUNT = 4


def _label_map(values):
    grid = np.arange(SIZE[0] * SIZE[1], dtype=np.uint8).reshape(SIZE)
    return np.array(values, dtype=np.uint8)[grid % len(values)]


def make_coco(root):
    folder = root / "coco"
    images = [{"id": i, "file_name": f"{i}.png", "height": SIZE[0], "width": SIZE[1]} for i in range(COUNT)]
    annotations = [
        {
            "id": i,
            "image_id": i,
            "category_id": 1,
            "bbox": [1, 1, 8, 8],
            "segmentation": [[1, 1, 9, 1, 9, 9, 1, 9]],
        }
        for i in range(COUNT)
    ]
    content = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "a"}]}
    write(folder / "annotations" / "instances_val2017.json", json.dumps(content))
    return [save(folder / "val2017" / f"{i}.png", noise(*SIZE, i)) for i in range(COUNT)], []


def make_voc(root):
    base = root / "voc" / "VOCdevkit" / "VOC2012"
    pictures = [save(base / "JPEGImages" / f"{i}.jpg", noise(*SIZE, i)) for i in range(COUNT)]
    label_maps = [save(base / "SegmentationClass" / f"{i}.png", _label_map([0, 5, 255])) for i in range(COUNT)]
    for i in range(COUNT):
        write(base / "Annotations" / f"{i}.xml", voc_xml(("cat", 1, 1, 9, 9), size=SIZE))
    for kind in ("Main", "Segmentation"):
        write(base / "ImageSets" / kind / "train.txt", "\n".join(map(str, range(COUNT))))
    return pictures, label_maps


def make_bccd(root):
    folder = root / "bccd" / "BCCD"
    for i in range(COUNT):
        write(folder / "Annotations" / f"{i}.xml", voc_xml(("RBC", 1, 1, 9, 9), size=SIZE))
    return [save(folder / "JPEGImages" / f"{i}.jpg", noise(*SIZE, i)) for i in range(COUNT)], []


def make_camvid(root):
    folder = root / "camvid"
    pictures = [save(folder / "train" / f"{i}.png", noise(*SIZE, i)) for i in range(COUNT)]
    return pictures, [save(folder / "trainannot" / f"{i}.png", _label_map(range(12))) for i in range(COUNT)]


def make_penn_fudan(root):
    folder = root / "pennfudan"
    pictures = [save(folder / "images" / f"{i}.png", noise(*SIZE, i)) for i in range(COUNT)]
    return pictures, [save(folder / "masks" / f"{i}.png", _label_map([0, 1, 2])) for i in range(COUNT)]


def make_pets(root):
    base = root / "oxford-iiit-pet"
    write(base / "annotations" / "trainval.txt", "".join(f"Abyssinian_{i} 1 1 1\n" for i in range(COUNT)))
    pictures = [save(base / "images" / f"Abyssinian_{i}.jpg", noise(*SIZE, i)) for i in range(COUNT)]
    label_maps = [
        save(base / "annotations" / "trimaps" / f"Abyssinian_{i}.png", _label_map([1, 2, 3])) for i in range(COUNT)
    ]
    return pictures, label_maps


READERS = {
    "coco": (make_coco, load_coco),
    "coco masks": (make_coco, lambda root, **o: load_coco(root, masks=True, **o)),
    "voc": (lambda root: (make_voc(root)[0], []), load_voc),
    "voc segmentation": (make_voc, lambda root, **o: load_voc(root, task="segmentation", **o)),
    "bccd": (make_bccd, lambda root, bad: load_bccd(root, bad=bad)),
    "camvid": (make_camvid, load_camvid),
    "penn_fudan": (make_penn_fudan, load_penn_fudan),
    "pets": (make_pets, load_oxford_pets),
}


def _as_mode(mode):
    def damage(path: Path):
        # Pillow reads by what a file holds, not by its name.
        buffer = io.BytesIO()
        Image.new(mode, SIZE[::-1]).save(buffer, "TIFF")
        path.write_bytes(buffer.getvalue())

    return damage


def _in_the_middle(path: Path):
    """Each end of the file stays, and the sizes in it; PNG's own checksums do not fit any more."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :][:100] = b""
    middle = len(content) // 2
    content[middle : middle + 100] = bytes(100)
    path.write_bytes(content)


DAMAGES = {
    "cut off": cut,
    "only a beginning": lambda path: cut(path, 0.02),
    "the last bytes gone": lambda path: cut(path, 0.99),
    "damaged in the middle": _in_the_middle,
    "a part missing": lambda path: path.write_bytes(path.read_bytes()[:700] + path.read_bytes()[-700:]),
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("<html>Log in</html>"),
    "gone": Path.unlink,
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "another size": lambda path: Image.fromarray(noise(41, 48)).convert("L").save(path),
    "turned by EXIF": lambda path: _turned(path),
    "of mode I": _as_mode("I"),
    "of mode I;16": _as_mode("I;16"),
    "of mode F": _as_mode("F"),
    "of mode CMYK": _as_mode("CMYK"),
    "of mode RGBA": _as_mode("RGBA"),
    "of mode 1": _as_mode("1"),
    "another picture": lambda path: save(path, noise(*SIZE, 9)),
}

# Other damage is bad in some readers and no fault in others: a palette is a label map, and no JPEG checks its middle.
ALWAYS_BAD = {"cut off", "only a beginning", "empty", "text", "gone", "a folder", "another size", "turned by EXIF"} | {
    f"of mode {mode}" for mode in ("I", "I;16", "F")
}
LISTED_BY_FOLDER = ("camvid", "penn_fudan")


def _turned(path: Path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.open(path).copy().rotate(90, expand=True).save(path, exif=exif)


@pytest.mark.parametrize("reader", READERS)
def test_the_error_says_where_exif_is_the_reason(tmp_path, reader):
    make, load = READERS[reader]
    pictures, _ = make(tmp_path)
    _turned(pictures[1])
    with pytest.raises(BadFile, match=r"stored turned, with EXIF orientation 6, .*exif_transpose"):
        load(tmp_path, bad="raise")[1]
    save(pictures[1], noise(*SIZE[::-1]))
    with pytest.raises(BadFile) as error:
        load(tmp_path, bad="raise")[1]
    assert "EXIF" not in str(error.value)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turn_that_exif_asks_for_is_not_made(tmp_path, orientation):
    """Pixels and boxes are read as they are stored, if their sizes agree."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    pictures, _ = make_coco(tmp_path)
    Image.fromarray(noise(*SIZE, 1)).save(pictures[1], exif=exif)
    image, target = load_coco(tmp_path)[1]
    assert torch.equal(image, torch.from_numpy(noise(*SIZE, 1)).permute(2, 0, 1) / 255)
    assert target["boxes"].tolist() == [[1, 1, 9, 9]]
    swapped = Image.fromarray(noise(*SIZE[::-1], 1))
    swapped.save(pictures[1], exif=exif)
    with pytest.raises(BadFile, match="40x48 pixels were expected") as error:
        load_coco(tmp_path)[1]
    assert ("EXIF" in str(error.value)) == (orientation >= 5)


def raising(load, root: Path) -> list[int]:
    """The places of the samples on which the reader raises: of all, as it is where no file is missing at loading."""
    try:
        dataset = load(root, bad="raise")
    except BadFile:
        return [1]  # the damaged one is found before any is asked for
    bad = []
    for index in range(len(dataset)):
        try:
            dataset[index]
        except BadFile:
            bad.append(index)
    return bad


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("part", ["picture", "label map"])
@pytest.mark.parametrize("reader", READERS)
def test_skipped_is_what_raises(tmp_path, reader, part, damage):
    make, load = READERS[reader]
    pictures, label_maps = make(tmp_path)
    files = pictures if part == "picture" else label_maps
    if not files or (damage == "gone" and part == "picture" and reader in LISTED_BY_FOLDER):
        return  # there is no such file, or nothing that would miss it
    assert raising(load, tmp_path) == []
    DAMAGES[damage](files[1])
    wanted = raising(load, tmp_path)
    if damage in ALWAYS_BAD or (damage == "damaged in the middle" and files[1].suffix == ".png"):
        assert wanted == [1]
    kept = load(tmp_path, bad="skip")
    assert (len(kept), len(kept.bad)) == (COUNT - len(wanted), len(wanted))
    for index in range(len(kept)):
        kept[index]
    if wanted:
        assert kept.bad[0].file in map(str, (pictures[1], *label_maps))
        assert _stems(kept) == ["0", "2", "3"]


def _stems(dataset):
    names = dataset.image_ids if hasattr(dataset, "image_ids") else [p.stem[-1] for p in dataset.pictures]
    return [str(name) for name in names]


MASKS = {
    "two points": [[1, 1, 5, 5]],
    "an odd count": [[1, 1, 5, 1, 5, 5, 1]],
    "a flat list": [1, 1, 5, 1, 5, 5],
    "a list of run lengths": [{"size": list(SIZE), "counts": [SIZE[0] * SIZE[1]]}],
    "strings": [["1", "1", "5", "1", "5", "5"]],
    "a string": "1,1,5,1,5,5",
    "strings of outlines": ["111111"],
    "run lengths of another size": {"size": [SIZE[1], SIZE[0]], "counts": [SIZE[0] * SIZE[1]]},
    "run lengths that do not add up": {"size": list(SIZE), "counts": [3, 4]},
    "run lengths cut off": {"size": list(SIZE), "counts": "oo"},
    "run lengths without counts": {"size": list(SIZE)},
    "no run lengths": {},
    "negative runs": {"size": list(SIZE), "counts": [SIZE[0] * SIZE[1] + 5, -5]},
    "not a number": [[1, 1, float("nan"), 1, 5, 5]],
    "far away": [[1, 1, 1e9, 1, 5, 5]],
    "nested too deep": [[[1, 1], [5, 1], [5, 5]]],
    "null": None,
    "null inside": [None],
    "a number": 7,
    "true": [[True, True, True, True, True, True]],
    "empty": [],
    "an empty outline": [[]],
    "run lengths": {"size": list(SIZE), "counts": [5, 5, SIZE[0] * SIZE[1] - 10]},
    "outside the picture": [[100, 100, 120, 100, 120, 120]],
}


@pytest.mark.parametrize("images", [True, False])
@pytest.mark.parametrize("mask", MASKS)
def test_masks_that_are_skipped_are_those_that_raise(tmp_path, mask, images):
    make_coco(tmp_path)
    path = tmp_path / "coco" / "annotations" / "instances_val2017.json"
    content = json.loads(path.read_text())
    good = copy.deepcopy(content["annotations"])
    content["annotations"][2]["segmentation"] = MASKS[mask]
    path.write_text(json.dumps(content))
    options = {"annotations": path, "images": path.parent.parent / "val2017" if images else None, "masks": True}
    try:
        dataset = load_coco(**options)
        raises = [i for i in range(COUNT) if _raises(dataset.target, i)]
    except BadFile:
        raises = [2]
    kept = load_coco(**options, bad="skip")
    assert len(kept) == COUNT  # the picture stays, without the object
    assert [len(kept.target(i)["labels"]) for i in range(COUNT)] == [0 if i in raises else 1 for i in range(COUNT)]
    assert len(kept.bad) == len(raises)
    assert all(record.file == str(path) and "annotation 2" in record.what for record in kept.bad)
    assert good != content["annotations"]
    # Where masks are not wanted, no mask is bad.
    assert load_coco(**{**options, "masks": False}, bad="skip").bad == ()


def _raises(read, index):
    try:
        read(index)
    except BadFile:
        return True
    return False


def test_every_malformed_mask_is_among_them():
    """So that the test above cannot pass by raising on nothing: all but the last five kinds are malformed."""
    from seeing.data import segmentation_to_mask

    for name, mask in list(MASKS.items())[:19]:
        with pytest.raises(ValueError):  # noqa: PT011 - each has its own message
            segmentation_to_mask(mask, *SIZE)
        assert name
    for name in ("empty", "run lengths", "outside the picture"):
        assert segmentation_to_mask(MASKS[name], *SIZE).shape == SIZE


def test_many_are_read_in_their_order_and_other_errors_pass_on():
    def read(index):
        if index % 7 == 3:
            raise BadFile(f"{index}", "no")

    refusals = Refusals("skip")
    assert those_that_can(read, 1000, refusals) == [i for i in range(1000) if i % 7 != 3]
    assert [record.file for record in refusals.records] == [str(i) for i in range(3, 1000, 7)]
    with pytest.raises(ZeroDivisionError):
        those_that_can(lambda i: 1 / (i - 5), 10, refusals)


def test_the_bar_shows_on_a_terminal_only(tmp_path, monkeypatch, capfd):
    make_camvid(tmp_path)
    load_camvid(tmp_path, bad="skip")
    assert capfd.readouterr() == ("", "")

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    load_camvid(tmp_path, bad="skip")
    assert "checking" in screen.getvalue()
