"""Results in the forms that tools write: equal to COCO's own list, or refused."""

import copy
import json

import pytest

from seeing.metrics import coco_evaluate

# Two of three found, one of them twice: AP is neither 0 nor 1.
TRUTH = {
    "images": [
        {"id": 7, "file_name": "train/a.jpg", "height": 50, "width": 60},
        {"id": 8, "file_name": "b.jpg", "height": 50, "width": 60},
    ],
    "categories": [{"id": 3, "name": "car"}, {"id": 5, "name": "car/truck"}],
    "annotations": [
        {"id": 1, "image_id": 7, "category_id": 3, "bbox": [1, 1, 20, 20], "area": 400, "iscrowd": 0},
        {"id": 2, "image_id": 8, "category_id": 3, "bbox": [5, 5, 10, 10], "area": 100, "iscrowd": 0},
        {"id": 3, "image_id": 8, "category_id": 5, "bbox": [30, 5, 10, 10], "area": 100, "iscrowd": 0},
    ],
}
RESULTS = [
    {"image_id": 7, "category_id": 3, "bbox": [1, 1, 20, 21], "score": 0.9},
    {"image_id": 8, "category_id": 3, "bbox": [5, 5, 10, 12], "score": 0.5},
    {"image_id": 8, "category_id": 3, "bbox": [5, 5, 10, 10], "score": 0.7},
]


@pytest.fixture(scope="module")
def wanted():
    numbers = dict(coco_evaluate(RESULTS, TRUTH))
    assert 0 < numbers["AP"] < 1
    return numbers


def whole(**changed):
    """The results as a tool exports them: the truth's file again, with scores."""
    records = [{"id": i, "area": 1.0, **record} for i, record in enumerate(RESULTS, start=1)]
    return {**copy.deepcopy(TRUTH), "annotations": records, "info": {}, **changed}


def quoted(content):
    """With its ids as texts."""
    if isinstance(content, list):
        return [quoted(c) for c in content]
    if isinstance(content, dict):
        return {
            k: str(v) if k in ("id", "image_id", "category_id") and not isinstance(v, list | dict) else quoted(v)
            for k, v in content.items()
        }
    return content


FORMS = {
    "a whole file": whole(),
    "a whole file without images and categories": {"annotations": whole()["annotations"]},
    "other folders": whole(images=[{"id": 7, "file_name": "C:\\data\\a.jpg"}, {"id": 8, "file_name": "x/b.jpg"}]),
    "more categories": whole(categories=[*TRUTH["categories"], {"id": 9, "name": "bus"}]),
    "quoted ids": quoted(RESULTS),
    "quoted ids in a whole file": quoted(whole()),
    "float ids": [{**r, "image_id": float(r["image_id"]), "category_id": float(r["category_id"])} for r in RESULTS],
}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("truth", [TRUTH, quoted(TRUTH)], ids=["numbers", "quoted"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_numbers(tmp_path, wanted, form, truth, mark):
    before = copy.deepcopy((FORMS[form], truth))
    assert dict(coco_evaluate(FORMS[form], truth)) == wanted
    paths = [tmp_path / "results.json", tmp_path / "truth.json"]
    for path, content in zip(paths, (FORMS[form], truth), strict=True):
        path.write_text(mark + json.dumps(content), encoding="utf-8")
    assert dict(coco_evaluate(*paths)) == wanted
    assert (FORMS[form], truth) == before


def test_a_null_area_is_a_missing_one():
    without, null = copy.deepcopy(TRUTH), copy.deepcopy(TRUTH)
    del without["annotations"][0]["area"]
    null["annotations"][0]["area"] = None
    assert dict(coco_evaluate(RESULTS, null)) == dict(coco_evaluate(RESULTS, without))


def test_sizes_in_any_notation_where_masks_are_compared():
    square = {"segmentation": [[1, 1, 21, 1, 21, 21, 1, 21]]}
    truth, results = copy.deepcopy(TRUTH), [{**RESULTS[0], **square}]
    truth["annotations"] = [{**truth["annotations"][0], **square}]
    assert coco_evaluate(results, truth, "segm")["AP"] == pytest.approx(1)
    truth["images"][0] |= {"height": 50.0, "width": "60"}
    assert coco_evaluate(results, truth, "segm")["AP"] == pytest.approx(1)
    for size in (None, 0, 50.5, True, -1):
        truth["images"][0]["height"] = size
        with pytest.raises(ValueError, match="masks need the height and width of image 7"):
            coco_evaluate(results, truth, "segm")


@pytest.mark.parametrize(
    ("results", "message"),
    [
        (whole(categories=[{"id": 3, "name": "bus"}]), "the id 3 in 'categories' is 'bus', and 'car' in annotations"),
        (whole(categories=[{"id": 5, "name": "bus/truck"}]), "the id 5 in 'categories'"),
        (whole(images=[{"id": 7, "file_name": "b.jpg"}]), "the id 7 in 'images' is 'b.jpg', and 'train/a.jpg'"),
        ({"images": []}, "expected 'annotations' to be a list of records"),
        (whole(annotations=[{k: v for k, v in RESULTS[0].items() if k != "score"}]), "must have 'score'"),
        (whole(annotations=[{**RESULTS[0], "image_id": "seven"}]), "must be a whole number; got 'seven'"),
        (
            whole(annotations=[{**RESULTS[0], "image_id": 99}]),
            "record 0 is of image 99, which annotations does not list",
        ),
        ("[1]", "record 0 must be a dictionary"),
        ("3", "expected a list of records; got int"),
    ],
)
def test_what_is_refused(tmp_path, results, message):
    path = tmp_path / "results.json"
    path.write_text(results if isinstance(results, str) else json.dumps(results))
    with pytest.raises(ValueError, match=message):
        coco_evaluate(path, TRUTH)
