"""One reading of "iscrowd", for the reader of pictures and for the evaluation."""

import json

import numpy as np
import pytest

from seeing.data import load_coco
from seeing.data.crowd import is_crowd
from seeing.metrics import coco_evaluate

BOXES = [[0, 0, 10, 10], [20, 0, 10, 10]]


def write(folder, value):
    """A file with an ordinary truth, and one marked as said; None leaves the mark out."""
    marks = [{"iscrowd": 0}, {} if value is Ellipsis else {"iscrowd": value}]
    annotations = [
        {"id": n + 1, "image_id": 1, "category_id": 1, "bbox": box, "area": 100, **mark}
        for n, (box, mark) in enumerate(zip(BOXES, marks, strict=True))
    ]
    data = {
        "images": [{"id": 1, "file_name": "a.png", "height": 40, "width": 40}],
        "categories": [{"id": 1, "name": "cell"}],
        "annotations": annotations,
    }
    path = folder / "annotations.json"
    path.write_text(json.dumps(data))
    return path


@pytest.mark.parametrize(
    ("value", "crowd"),
    [(0, False), (1, True), (0.0, False), (1.0, True), (False, False), (True, True), (None, False), (..., False)],
)
def test_both_read_the_same_crowd(tmp_path, value, crowd):
    path = write(tmp_path, value)
    assert load_coco(annotations=path).target(0)["iscrowd"].tolist() == [False, crowd]
    found = [{"image_id": 1, "category_id": 1, "bbox": BOXES[0], "score": 0.5}]
    # Only an ordinary second truth is missed.
    assert coco_evaluate(found, path)["AR100"] == (1.0 if crowd else 0.5)


@pytest.mark.parametrize("value", ["0", "1", "", "false", 2, -1, 0.5, float("nan"), [], [0], {}, {"a": 1}])
def test_both_refuse_what_is_no_mark(tmp_path, value):
    path = write(tmp_path, value)
    wanted = r'"iscrowd" must be 0 or 1; got '
    with pytest.raises(ValueError, match=rf"annotations\.json: annotation 1: {wanted}"):
        load_coco(annotations=path)
    with pytest.raises(ValueError, match=rf"annotations\.json: annotations: record 1 \(id 2\): {wanted}"):
        coco_evaluate([], path)


@pytest.mark.parametrize("value", [np.int64(1), np.float32(1), np.bool_(True)])
def test_numbers_of_numpy_may_stand_in_loaded_lists(value):
    assert is_crowd({"iscrowd": value}) is True
    with pytest.raises(ValueError, match="must be 0 or 1"):
        is_crowd({"iscrowd": np.zeros(1)})
