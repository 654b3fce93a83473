"""The truth with annotation id 0: lost as the published code loses it, but not in silence."""

import json
import warnings

import pytest
import torch

from seeing.kernels import reference as plain
from seeing.metrics import LostTruthWarning, coco_evaluate
from tests.reference import coco as reference

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
BOXES = [[10, 10, 50, 50], [200, 200, 50, 50]]


def two_found(*ids, **changed):
    """Two truths with these ids, both found perfectly."""
    truths = [
        {"id": i, "image_id": 1, "category_id": 1, "bbox": box, "area": 2500, "iscrowd": 0, **changed}
        for i, box in zip(ids, BOXES, strict=True)
    ]
    data = {
        "images": [{"id": 1, "height": 480, "width": 640}],
        "categories": [{"id": 1, "name": "cell"}],
        "annotations": truths,
    }
    results = [
        {"image_id": 1, "category_id": 1, "bbox": box, "score": score}
        for box, score in zip(BOXES, (0.9, 0.8), strict=True)
    ]
    return results, data


def silent(*given, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return coco_evaluate(*given, **options)


def test_two_perfect_detections_by_hand():
    # The better one is wrong and the other right: precision 1/2 at the recalls 0, .01, ... .5.
    with pytest.warns(LostTruthWarning):
        got = coco_evaluate(*two_found(0, 1))
    assert got["AP"] == pytest.approx(51 / 101 / 2)
    assert round(got["AP"], 4) == 0.2525
    assert reference.published(*reversed(two_found(0, 1))).stats.tolist() == list(got.values())
    truths = torch.tensor([[10.0, 10, 60, 60], [200.0, 200, 250, 250]])
    found = [{"boxes": truths, "scores": torch.tensor([0.9, 0.8])}]
    assert silent(found, [{"boxes": truths}])["AP"] == pytest.approx(1)


def test_the_way_out_counts_it_like_any_other():
    wanted = silent(*two_found(1, 2))
    assert silent(*two_found(0, 1), lose_id_zero=False) == wanted
    assert wanted["AP"] == pytest.approx(1)
    for seed in range(4):
        data, results = reference.data_set(seed)
        wanted = reference.published(data, results).stats.tolist()
        data["annotations"][3]["id"] = 0
        assert list(silent(results, data, lose_id_zero=False).values()) == wanted


def test_the_warning_comes_once_and_names_the_file_the_id_and_the_way_out(tmp_path):
    results, data = two_found(0, 1)
    path = tmp_path / "from_zero.json"
    path.write_text(json.dumps(data))
    with pytest.warns(LostTruthWarning) as caught:
        coco_evaluate(results, path)
    (warning,) = caught
    assert warning.filename == __file__  # it points to who asked
    for words in (str(path), "annotation id 0", "image 1", "lose_id_zero=False"):
        assert words in str(warning.message)


def test_it_can_be_filtered_by_its_category():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", LostTruthWarning)
        assert round(coco_evaluate(*two_found(0, 1))["AP"], 4) == 0.2525


@pytest.mark.parametrize("ids", [(-1, 1), (1, 2), (7, 2**53), (1.0, 2.0), (-5, -1)])
def test_no_other_id_loses_a_truth_or_warns(ids):
    assert silent(*two_found(*ids))["AP"] == pytest.approx(1)
    with plain():
        assert silent(*two_found(*ids))["AP"] == pytest.approx(1)


def test_a_truth_that_does_not_count_is_not_lost():
    results, data = two_found(0, 1)
    data["annotations"][0]["iscrowd"] = 1
    assert silent(results, data)["AP"] == pytest.approx(1)
    results, data = two_found(0, 1)
    data["images"].append({"id": 2, "height": 480, "width": 640})
    assert silent(results, data, image_ids=[2])["AP"] == -1


def test_zero_as_a_float_is_zero():
    with pytest.warns(LostTruthWarning):
        assert round(coco_evaluate(*two_found(0.0, 1.0))["AP"], 4) == 0.2525


@pytest.mark.parametrize("ids", [("one", "2"), (True, 2), (0.5, 1), (None, 1), ([1], 2)])
def test_an_id_that_is_no_whole_number_is_refused(ids):
    with pytest.raises(ValueError, match=r"annotations: annotations: 'id' of record 0 .* must be a whole number"):
        coco_evaluate(*two_found(*ids))


def test_an_id_that_stands_there_twice_is_refused():
    for ids in ((0, 0), (3, 3), (3, 3.0)):
        with pytest.raises(ValueError, match="stands there twice, last in record 1"):
            coco_evaluate(*two_found(*ids))


def test_a_null_area_is_that_of_the_box():
    assert silent(*two_found(1, 2, area=None)) == silent(*two_found(1, 2))
