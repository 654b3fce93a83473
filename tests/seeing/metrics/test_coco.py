"""COCO's twelve numbers against the published code, digit for digit, evaluated plainly and compiled."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from seeing.kernels import reference as plain
from seeing.metrics import CocoCriteria, DetectionArrays, MaskRuns, coco_evaluate, coco_evaluate_arrays
from tests.reference import coco as reference

NAMES = ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"]
# Of the published code: it hands numpy an array that does not know a new keyword.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

UNDEFINED = dict.fromkeys(NAMES, -1.0)
SQUARE = torch.tensor([[0.0, 0.0, 10.0, 10.0]])
ONE = torch.tensor([1])


def same(got, wanted) -> bool:
    """All numbers, and the curves behind them."""
    numbers = list(got) == NAMES and list(got.values()) == wanted.stats.tolist()
    return numbers and same_curves(got, wanted)


def same_curves(got, wanted) -> bool:
    precision = np.array_equal(got.precision.transpose(1, 2, 3, 0), wanted.eval["precision"][..., -1])
    return precision and np.array_equal(got.recall.transpose(2, 3, 0, 1), wanted.eval["recall"])


@pytest.mark.parametrize("seed", range(16))
def test_loaded_files_equal_the_published_code(seed):
    data, results = reference.data_set(seed, density=float(seed % 8))
    wanted = reference.published(data, results)
    assert same(coco_evaluate(results, data), wanted)
    if seed < 6:
        with plain():
            assert same(coco_evaluate(results, data), wanted)


@pytest.mark.parametrize("iou_type", ["segm", "bbox"])
@pytest.mark.parametrize("has_boxes", [True, False])
@pytest.mark.parametrize("seed", range(5))
def test_masks_equal_the_published_code(seed, has_boxes, iou_type):
    data, results = reference.with_masks(*reference.data_set(seed), seed)
    if not has_boxes:
        results = [{k: v for k, v in r.items() if k != "bbox"} for r in results]
    wanted = reference.published(data, results, iou_type)
    assert same(coco_evaluate(results, data, iou_type), wanted)
    if seed < 2:
        with plain():
            assert same(coco_evaluate(results, data, iou_type), wanted)


def test_results_without_masks_are_compared_as_filled_boxes():
    data, results = reference.data_set(3)
    data, _ = reference.with_masks(data, results, 3)
    assert same(coco_evaluate(results, data, "segm"), reference.published(data, results, "segm"))


@pytest.mark.parametrize("seed", range(8))
def test_tensors_equal_the_published_code(seed):
    data, results = reference.data_set(seed)
    reference.on_a_grid(data, results)
    results = [r for r in results if r["category_id"] in reference.CATEGORIES]
    predictions, targets = reference.as_tensors(data, results)
    got = coco_evaluate(predictions, targets)
    assert list(got.values()) == reference.published(data, results).stats.tolist()


def test_mask_tensors_equal_run_lengths_and_the_published_code():
    data, results = reference.data_set(1)
    results = [r for r in results if r["category_id"] in reference.CATEGORIES]
    rng = np.random.default_rng(0)
    for record in [*data["annotations"], *results]:
        record["segmentation"] = reference.text_runs(record["bbox"], rng)
    plain_results = [{k: v for k, v in r.items() if k != "bbox"} for r in results]
    predictions, targets = reference.as_tensors(data, results)
    for image, p, t in zip(sorted(i["id"] for i in data["images"]), predictions, targets, strict=True):
        for record, source in ((p, results), (t, data["annotations"])):
            runs = [r["segmentation"] for r in source if r["image_id"] == image]
            masks = [torch.from_numpy(reference.mask_api.decode(r)).bool() for r in runs]
            record["masks"] = torch.stack(masks) if masks else torch.zeros(0, reference.HEIGHT, reference.WIDTH).bool()
            record["runs"] = runs
    wanted = reference.published(data, plain_results, "segm").stats.tolist()
    assert list(coco_evaluate(predictions, targets, "segm").values()) == wanted
    for record in [*predictions, *targets]:
        record["masks"] = record.pop("runs")
        del record["boxes"]  # masks bring their own
    assert list(coco_evaluate(predictions, targets, "segm").values()) == wanted


def test_flat_arrays_in_any_order_give_the_same():
    rng = np.random.default_rng(0)
    data, results = reference.data_set(2)
    reference.on_a_grid(data, results)
    results = [r for r in results if r["category_id"] in reference.CATEGORIES]
    number = {i: n for n, i in enumerate(sorted(i["id"] for i in data["images"]))}
    for r in results:
        r["score"] = float(rng.normal())  # no ties, and negative scores
    order = rng.permutation(len(results))
    categories = np.array(reference.CATEGORIES)
    arrays = DetectionArrays(
        image=np.array([number[r["image_id"]] for r in results])[order],
        label=np.searchsorted(categories, [r["category_id"] for r in results])[order],
        score=np.array([r["score"] for r in results])[order],
        box=np.array([r["bbox"] for r in results])[order],
        truth_image=np.array([number[a["image_id"]] for a in data["annotations"]]),
        truth_label=np.searchsorted(categories, [a["category_id"] for a in data["annotations"]]),
        truth_box=np.array([a["bbox"] for a in data["annotations"]]),
        images=len(number),
        categories=categories,
        truth_area=np.array([a["area"] for a in data["annotations"]]),
        truth_crowd=np.array([a["iscrowd"] for a in data["annotations"]]),
    )
    assert same(coco_evaluate_arrays(arrays), reference.published(data, results))


@pytest.mark.parametrize("seed", range(3))
def test_other_thresholds_areas_and_limits(seed):
    data, results = reference.data_set(seed)
    thresholds = np.linspace(0.05, 1.0, 20)  # with four area ranges more than fit one word
    areas = {"s": (0.0, 50.0), "m": (50.0, 500.0), "l": (500.0, 1e10)}
    params = {"iouThrs": thresholds, "areaRng": [[0, 1e10], *areas.values()], "maxDets": [3, 120]}
    wanted = reference.published(data, results, areaRngLbl=["all", *areas], **params)
    ask = {"iou_thresholds": thresholds, "area_ranges": areas, "max_detections": (3, 120)}
    got = coco_evaluate(results, data, **ask)
    assert list(got) == ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR3", "AR120", "ARs", "ARm", "ARl"]
    assert same_curves(got, wanted)
    with plain():
        assert same_curves(coco_evaluate(results, data, **ask), wanted)


def test_any_number_of_detections_may_count():
    data, results = reference.data_set(0)
    wanted = coco_evaluate(results, data, max_detections=(1, 10, 1000))
    got = coco_evaluate(results, data, max_detections=(1, 10, sys.maxsize))
    assert list(got.values()) == list(wanted.values())


def test_image_ids_choose_images_of_a_file():
    data, results = reference.data_set(5)
    chosen = [i["id"] for i in data["images"]][1:7]
    wanted = reference.published(data, results, imgIds=chosen)
    assert same_curves(coco_evaluate(results, data, image_ids=chosen), wanted)


@pytest.mark.filterwarnings("ignore::seeing.metrics.LostTruthWarning")
def test_an_annotation_with_id_zero_is_never_found_as_in_the_published_code():
    for seed in range(4):
        data, results = reference.data_set(seed)
        data["annotations"][0]["id"] = 0
        wanted = reference.published(data, results)
        assert same(coco_evaluate(results, data), wanted)
        with plain():
            assert same(coco_evaluate(results, data), wanted)


@pytest.mark.skipif("SEEING_DATA" not in os.environ, reason="SEEING_DATA does not name the folder of real data")
def test_the_published_figures_come_out_to_the_printed_digit():
    folder = Path(os.environ["SEEING_DATA"]) / "coco_eval"
    got = coco_evaluate(
        folder / "instances_val2014_fakebbox100_results.json", str(folder / "instances_val2014_100.json")
    )
    printed = {"AP": 0.505, "AP50": 0.697, "AP75": 0.573, "APs": 0.586, "APm": 0.519, "APl": 0.501}
    printed |= {"AR1": 0.387, "AR10": 0.594, "AR100": 0.595}
    assert {name: round(got[name], 3) for name in printed} == printed


def test_worked_by_hand():
    # Two truths; the best detection is right up to .7, the second wrong, the third right at every threshold.
    truths = torch.tensor([[0.0, 0, 10, 10], [50.0, 0, 60, 10]])
    found = torch.tensor([[0.0, 0, 10, 7], [80.0, 0, 90, 10], [50.0, 0, 60, 10]])
    labels = torch.ones(3, dtype=torch.int64)
    got = coco_evaluate(
        [{"boxes": found, "scores": torch.tensor([0.9, 0.8, 0.7]), "labels": labels}],
        [{"boxes": truths, "labels": labels[:2]}],
    )
    low = (51 + 50 * 2 / 3) / 101  # recall .5 with precision 1, then 1 with 2/3
    high = 51 / 101 / 3  # recall .5 with precision 1/3
    assert got["AP50"] == pytest.approx(low)
    assert got["AP75"] == pytest.approx(high)
    assert got["AP"] == pytest.approx((5 * low + 5 * high) / 10)  # .5, .55, ... .7 and .75, ... .95
    assert got["AR1"] == 0.25  # the one detection looked at finds half of the truths at five of ten thresholds
    assert got["AR100"] == 0.75
    assert (got["APs"], got["APm"], got["APl"]) == (got["AP"], -1, -1)
    assert got.per_class == {1: dict(got)}


@pytest.mark.parametrize(("height", "found"), [(5.0, 1.0), (5.0 - 1e-6, 0.0)])
def test_an_overlap_of_exactly_the_threshold_is_enough(height, found):
    box = torch.tensor([[0.0, 0.0, 10.0, height]], dtype=torch.float64)
    predictions = [{"boxes": box, "scores": torch.tensor([0.5]), "labels": ONE}]
    assert coco_evaluate(predictions, [{"boxes": SQUARE, "labels": ONE}])["AP50"] == pytest.approx(found)


def test_of_equal_overlaps_the_later_truth_is_taken():
    # Both truths overlap the first detection alike. It takes the later one, so the second finds only the earlier.
    truths = torch.tensor([[0.0, 0, 10, 10], [0.0, 10, 10, 20]])
    found = torch.tensor([[0.0, 5, 10, 15], [0.0, 10, 10, 20]])
    labels = torch.ones(2, dtype=torch.int64)
    target = [{"boxes": truths, "labels": labels}]
    prediction = [{"boxes": found, "scores": torch.tensor([0.9, 0.8]), "labels": labels}]
    assert coco_evaluate(prediction, target, iou_thresholds=[0.3])["AR100"] == 0.5
    target[0] = {"boxes": truths.flip(0), "labels": labels}
    assert coco_evaluate(prediction, target, iou_thresholds=[0.3])["AR100"] == 1


def test_several_detections_in_a_crowd_are_neither_right_nor_wrong():
    truths = torch.tensor([[0.0, 0, 100, 100], [200.0, 0, 210, 10]])
    inside = torch.tensor([[10.0 * i, 0, 10.0 * i + 10, 10] for i in range(5)] + [[200.0, 0, 210, 10]])
    labels = torch.ones(6, dtype=torch.int64)
    prediction = [{"boxes": inside, "scores": torch.arange(6, 0, -1) / 10, "labels": labels}]
    target = {"boxes": truths, "labels": labels[:2]}
    assert coco_evaluate(prediction, [{**target, "iscrowd": torch.tensor([True, False])}])["AP"] == pytest.approx(1)
    assert coco_evaluate(prediction, [target])["AP"] < 0.1


@pytest.mark.parametrize("choose", [lambda p, t: ([], []), lambda p, t: (p, t), lambda p, t: (p * 3, t * 3)])
def test_nothing_to_find_is_undefined(choose):
    none = {"boxes": torch.zeros(0, 4), "labels": torch.zeros(0, dtype=torch.int64)}
    got = coco_evaluate(*choose([{**none, "scores": torch.zeros(0)}], [none]))
    assert dict(got) == UNDEFINED
    assert got.per_class == {}
    found = {"boxes": SQUARE, "scores": torch.ones(1), "labels": ONE}
    assert dict(coco_evaluate([found], [none])) == UNDEFINED
    assert coco_evaluate([{**none, "scores": torch.zeros(0)}], [{"boxes": SQUARE, "labels": ONE}])["AP"] == 0
    assert coco_evaluate([], {"images": [{"id": 1}], "categories": [{"id": 1}], "annotations": []}) == UNDEFINED


def test_labels_may_be_missing_in_both_lists():
    got = coco_evaluate([{"boxes": SQUARE, "scores": torch.ones(1)}], [{"boxes": SQUARE}])
    assert got["AP"] == pytest.approx(1)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64, torch.int64])
def test_other_types_and_layouts(dtype):
    boxes = torch.tensor([[0, 0, 10, 10], [20, 20, 40, 30]]).to(dtype)
    wide = torch.zeros(2, 8).to(dtype)
    wide[:, ::2] = boxes
    found = {"boxes": wide[:, ::2], "scores": torch.tensor([0.5, 0.25], requires_grad=True), "labels": [3, 3]}
    assert coco_evaluate([found], [{"boxes": boxes, "labels": torch.tensor([3, 3], dtype=torch.int32)}])[
        "AP"
    ] == pytest.approx(1)


@pytest.mark.parametrize("count", [97, 3000])  # beyond what is sorted by insertion
def test_long_lists_of_tied_scores_keep_their_order(count):
    rng = np.random.default_rng(count)
    data, _ = reference.data_set(0, images=3, density=20)
    image = data["annotations"][0]["image_id"]
    results = [
        {
            "image_id": image,
            "category_id": 1 + n % 2,
            "bbox": reference.random_box(rng),
            "score": float(rng.choice([-1e140, -2.0, -0.0, 0.0, 1e-310, 0.1, 0.1 + 1e-17, 7.0])),
        }
        for n in range(count)
    ]
    assert same(coco_evaluate(results, data), reference.published(data, results))


PREDICTION = {"boxes": SQUARE, "scores": torch.ones(1), "labels": ONE}
TARGET = {"boxes": SQUARE, "labels": ONE}


@pytest.mark.parametrize(
    ("prediction", "target", "message"),
    [
        ({"scores": torch.ones(2)}, {}, r"predictions\[0\]\['scores'\] must be \(1,\), one for each box; got \(2,\)"),
        ({"scores": torch.tensor([torch.nan])}, {}, r"predictions\[0\]\['scores'\] must not be NaN"),
        ({"boxes": torch.full((1, 4), torch.nan)}, {}, r"predictions\[0\]\['boxes'\] must be finite"),
        ({}, {"boxes": torch.tensor([[5.0, 0, 4, 1]])}, r"targets\[0\].*x1 <= x2.*row 0 is \[5\.0, 0\.0, 4\.0, 1\.0\]"),
        ({"boxes": torch.zeros(1, 5)}, {}, r"must be \(N, 4\) xyxy; got \(1, 5\)"),
        ({"labels": torch.tensor([-1])}, {}, r"whole numbers, at least 0; got int64 -1\.\.-1"),
        ({"labels": torch.tensor([0.5])}, {}, r"whole numbers"),
        ({}, {"labels": torch.tensor([1, 1])}, r"targets\[0\]\['labels'\] must be \(1,\)"),
        ({}, {"iscrowd": torch.zeros(3)}, r"targets\[0\]\['iscrowd'\]"),
        ({}, {"iscrowd": torch.tensor([2])}, "truth_crowd must be bool, or 0 and 1; got 2"),
    ],
)
def test_malformed_tensors_are_refused(prediction, target, message):
    with pytest.raises(ValueError, match=message):
        coco_evaluate([{**PREDICTION, **prediction}], [{**TARGET, **target}])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: coco_evaluate([PREDICTION], [TARGET, TARGET]), "of the same images; got 1 and 2"),
        (lambda: coco_evaluate(PREDICTION, [TARGET]), "list with one dictionary for each image; got dict"),
        (lambda: coco_evaluate([SQUARE], [TARGET]), "must be a dictionary; got Tensor"),
        (lambda: coco_evaluate([{"boxes": SQUARE}], [TARGET]), r"predictions\[0\] must have 'scores'"),
        (lambda: coco_evaluate([{"scores": ONE}], [TARGET]), "must have 'boxes'; it has"),
        (lambda: coco_evaluate([PREDICTION], [{"boxes": SQUARE}]), "in both lists or in neither; targets have none"),
        (lambda: coco_evaluate([PREDICTION], [TARGET], "segm"), "must have 1 'masks'"),
        (lambda: coco_evaluate([PREDICTION], [TARGET], "mask"), 'iou_type must be "bbox" or "segm"'),
        (lambda: coco_evaluate([PREDICTION], [TARGET], image_ids=[1]), "image_ids choose from the images of a file"),
        (lambda: coco_evaluate([PREDICTION], [TARGET], iou_thresholds=[0.7, 0.5]), "iou_thresholds must be ascending"),
        (lambda: coco_evaluate([PREDICTION], [TARGET], iou_thresholds=[]), "iou_thresholds must be ascending"),
        (lambda: coco_evaluate([PREDICTION], [TARGET], max_detections=(0, 1)), "max_detections must be ascending"),
        (lambda: CocoCriteria(area_ranges={"all": (0, 1)}), "area_ranges must be"),
        (lambda: CocoCriteria(area_ranges={"odd": (2, 1)}), "area_ranges"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_masks_of_an_image_must_have_one_size():
    small, large = torch.ones(1, 4, 4).bool(), torch.ones(1, 4, 5).bool()
    with pytest.raises(ValueError, match="image number 0 has several"):
        coco_evaluate([{**PREDICTION, "masks": small}], [{**TARGET, "masks": large}], "segm")
    with pytest.raises(ValueError, match="cut probabilities"):
        coco_evaluate([{**PREDICTION, "masks": small * 0.5}], [{**TARGET, "masks": small}], "segm")


FILE = {
    "images": [{"id": 5, "height": 20, "width": 20}],
    "categories": [{"id": 2}],
    "annotations": [{"id": 1, "image_id": 5, "category_id": 2, "bbox": [0, 0, 10, 10], "area": 100, "iscrowd": 0}],
}
RESULT = {"image_id": 5, "category_id": 2, "bbox": [0, 0, 10, 10], "score": 0.5}


def without(record: dict, key: str) -> dict:
    return {k: v for k, v in record.items() if k != key}


def test_area_and_crowd_may_be_missing_in_a_file():
    bare = {**FILE, "annotations": [without(without(FILE["annotations"][0], "area"), "iscrowd")]}
    assert coco_evaluate([RESULT], bare) == coco_evaluate([RESULT], FILE)
    assert coco_evaluate([RESULT], bare)["APs"] == pytest.approx(1)


@pytest.mark.parametrize(
    ("results", "annotations", "message"),
    [
        ([without(RESULT, "score")], FILE, r"r\.json: record 0 must have 'score'; it has"),
        (
            [RESULT, {**RESULT, "score": "high"}],
            FILE,
            r"r\.json: 'score' of record 1 must be a finite number, .*; got 'high'",
        ),
        ([{**RESULT, "score": None}], FILE, "must be a finite number, .*; got None"),
        ([{**RESULT, "score": True}], FILE, "must be a finite number, .*; got True"),
        ([{**RESULT, "score": float("nan")}], FILE, "must be a finite number, .*; got nan"),
        ([{**RESULT, "bbox": [0, 0, 1]}], FILE, r"'bbox' of record 0 must be 4 finite numbers, .*; got \[0, 0, 1\]"),
        ([RESULT, without(RESULT, "bbox")], FILE, r"record 1 must have 'bbox'"),
        ([{**RESULT, "bbox": [0, 0, -1, 1]}], FILE, r"r\.json against .*a\.json: box must hold .* no negative size"),
        ([{**RESULT, "image_id": [5]}], FILE, r"r\.json: 'image_id' of record 0 must be a whole number; got \[5\]"),
        ([{**RESULT, "image_id": 6}], FILE, r"r\.json: record 0 is of image 6, which .*a\.json does not list"),
        ([7], FILE, r"r\.json: record 0 must be a dictionary; got int"),
        ({"results": []}, FILE, r"r\.json: expected 'annotations' to be a list of records; it has"),
        ([RESULT], without(FILE, "images"), r"a\.json: expected 'images' to be a list of records; it has"),
        ([RESULT], {**FILE, "images": FILE["images"] * 2}, r"a\.json: images: the id 5 stands there twice"),
        ([RESULT], {**FILE, "annotations": FILE["annotations"] * 2}, "annotations: the id 1 stands there twice"),
        (
            [RESULT],
            {**FILE, "annotations": [without(FILE["annotations"][0], "category_id")]},
            r"a\.json: annotations: record 0 \(id 1\) must have 'category_id'",
        ),
        ([RESULT], [FILE], r"a\.json: expected a dictionary with images"),
    ],
)
def test_a_malformed_file_is_refused_by_name(tmp_path, results, annotations, message):
    paths = tmp_path / "r.json", tmp_path / "a.json"
    for path, content in zip(paths, (results, annotations), strict=True):
        path.write_text(json.dumps(content))
    with pytest.raises(ValueError, match=message):
        coco_evaluate(*paths)


def test_a_file_that_is_cut_off_is_refused_by_name(tmp_path):
    path = tmp_path / "annotations.json"
    path.write_text(json.dumps(FILE)[:-9])
    with pytest.raises(ValueError, match=r"annotations\.json: expected JSON"):
        coco_evaluate([RESULT], path)


@pytest.mark.parametrize(
    ("segmentation", "message"),
    [
        ({"size": [20, 20], "counts": [3]}, r"r\.json: record 0: .*got 3"),
        ({"size": [10, 20], "counts": [200]}, r"r\.json: record 0: .*20x20"),
        ([[1, 2, 3]], r"r\.json: record 0: .*outline"),
    ],
)
def test_a_malformed_mask_is_refused_by_name(tmp_path, segmentation, message):
    path = tmp_path / "r.json"
    path.write_text(json.dumps([{**RESULT, "segmentation": segmentation}]))
    whole = {"size": [20, 20], "counts": [0, 400]}
    data = {**FILE, "annotations": [{**FILE["annotations"][0], "segmentation": whole}]}
    with pytest.raises(ValueError, match=message):
        coco_evaluate(path, data, "segm")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_tensors_on_the_gpu_give_the_same():
    data, results = reference.data_set(0)
    predictions, targets = reference.as_tensors(data, results)
    moved = [[{k: v.cuda() for k, v in record.items()} for record in records] for records in (predictions, targets)]
    assert coco_evaluate(*moved) == coco_evaluate(predictions, targets)


def arrays(**changed: object) -> DetectionArrays:
    box = np.array([[0.0, 0, 4, 4], [2, 2, 4, 4]])
    detections = {"image": [0, 1], "label": [0, 0], "score": [0.5, 0.5], "box": box}
    truths = {"truth_image": [0, 1], "truth_label": [0, 0], "truth_box": box}
    return DetectionArrays(**{**detections, **truths, "images": 2, **changed})


def test_arrays_may_be_read_only_and_strided():
    wide = np.zeros((2, 8))
    wide[:, ::2] = [[0, 0, 4, 4], [2, 2, 4, 4]]
    score = np.full(2, 0.5)
    score.flags.writeable = False
    assert coco_evaluate_arrays(arrays(box=wide[:, ::2], score=score)) == coco_evaluate_arrays(arrays())


def test_huge_values_are_no_harm():
    box = np.array([[-1e150, -1e150, 1e150, 1e150], [1e150, 0, 1e150, 1e-308]])
    got = coco_evaluate_arrays(arrays(box=box, truth_box=box, score=[np.inf, -np.inf]))
    with plain():
        assert coco_evaluate_arrays(arrays(box=box, truth_box=box, score=[np.inf, -np.inf])) == got


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"image": [0, 2]}, r"image must lie in 0\.\.1; got 0\.\.2"),
        ({"image": [0, -1]}, r"image must lie in 0\.\.1; got -1\.\.0"),
        ({"truth_image": [0.0, 1.0]}, "truth_image must be .* whole numbers"),
        ({"label": [0, 5], "categories": np.arange(3)}, r"label must lie in 0\.\.2; got 0\.\.5"),
        ({"categories": np.array([4, 4])}, "categories must be ascending"),
        ({"score": [0.5]}, r"score must be \(2,\), one for each box"),
        ({"score": [0.5, np.nan]}, "score must not be NaN; row 1 is"),
        ({"area": [1.0, 2.0, 3.0]}, r"area must be \(2,\)"),
        ({"box": np.full((2, 4), np.inf)}, "box must hold finite numbers"),
        ({"truth_box": np.array([[0, 0, 1, 1], [0, 0, 1, -1]])}, "row 1 is .*-1.0"),
        ({"box": np.full((2, 4), 1e151)}, r"at most 1e\+150"),
        ({"box": np.zeros((2, 3))}, r"box must be \(N, 4\) xywh"),
        ({"masks": MaskRuns.encode(np.zeros((2, 3, 3), bool))}, "both, or neither"),
    ],
)
def test_malformed_arrays_are_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        arrays(**changed)
