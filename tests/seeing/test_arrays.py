"""The door for arrays: what each kind becomes, what is refused, and that a tensor passes by untouched."""

import warnings

import numpy as np
import pandas as pd
import pytest
import torch

from seeing.arrays import as_array, as_tensor, as_tensors, takes_arrays
from seeing.ops import box_iou

ROWS = np.array([[0.5, 1.25], [2.0, 3.0], [4.0, 5.5]])


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (ROWS, torch.float64),
        (ROWS.astype(np.float16), torch.float16),
        (ROWS.astype(">f4"), torch.float32),
        (ROWS.astype(np.longdouble), torch.float64),
        (ROWS[::-1][::-1], torch.float64),
        (np.asfortranarray(ROWS), torch.float64),
        (ROWS.tolist(), torch.float64),
        (tuple(ROWS), torch.float64),
        ([torch.tensor(row, requires_grad=True) for row in ROWS], torch.float64),
        (np.ma.masked_array(ROWS, np.zeros_like(ROWS, bool)), torch.float64),
        (pd.DataFrame(ROWS), torch.float64),
    ],
)
def test_arrays_keep_their_numbers_and_their_type(values, dtype):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tensor = as_tensor(values)
    assert tensor.dtype == dtype
    assert tensor.tolist() == ROWS.tolist()
    assert as_array(values).tolist() == ROWS.tolist()


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([True, False], torch.bool),
        ([3, 4], torch.int64),
        (np.array([3, 4], np.uint8), torch.uint8),
        (np.array([3, 65535], np.uint16), torch.int32),
        (np.array([3, 2**32 - 1], np.uint32), torch.int64),
        (np.array([3, 2**63 - 1], np.uint64), torch.int64),
        (pd.Series([3, 4], dtype="Int64"), torch.int64),
        (pd.Series([True, False], dtype="boolean"), torch.bool),
    ],
)
def test_whole_numbers_fit(values, dtype):
    tensor = as_tensor(values)
    assert tensor.dtype == dtype
    assert tensor.tolist() == list(values)


def test_zero_dimensions_and_nothing():
    assert as_tensor(np.float32(0.5)).shape == ()
    assert as_tensor(np.zeros((0, 4), ">f8")).shape == (0, 4)
    assert as_tensor([]).shape == (0,)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.ma.masked_array([1.0, 2.0], [False, True]), "x must not have masked entries; got 1 of 2: leave"),
        ([1.0, np.ma.masked], "x must not have masked entries"),
        ([[1.0], [np.ma.masked]], "x must not have masked entries"),
        ([np.ma.masked_array([1.0, 2.0], [True, True])], "got 2 of 2"),
        (np.array([1 + 2j]), "x must be numbers; got complex128"),
        (torch.tensor([1 + 2j]), "x must be real numbers; got torch.complex64"),
        ([1.0, None], "x must be numbers; got object, such as NoneType"),
        ("abc", "x must be numbers; got <U3"),
        (["a", "b"], "x must be numbers; got <U1"),
        (np.array(["2020-01-01"], "M8[D]"), r"x must be numbers; got datetime64\[D\]"),
        ([[1.0, 2.0], [3.0]], "x must be numbers in a table without gaps; got rows of different lengths"),
        ({"a": 1}, "such as dict"),
        (np.zeros(2, [("a", float)]), "x must be numbers"),
    ],
)
def test_what_holds_no_real_numbers_is_refused(values, message):
    with pytest.raises(ValueError, match=message):
        as_array(values, "x")


def test_numbers_that_fit_no_type_of_torch_are_refused():
    with pytest.raises(ValueError, match=r"x must hold numbers under 2\^63; got 9223372036854775808"):
        as_tensor(np.array([2**63], np.uint64), "x")


def test_words_pass_where_they_are_wanted():
    assert as_array(["a", "b"], words=True).tolist() == ["a", "b"]
    assert as_array(pd.Series(["a", None]), words=True).tolist()[0] == "a"
    with pytest.raises(ValueError, match="complex"):
        as_array(np.array([1j]), words=True)
    with pytest.raises(ValueError, match="masked"):
        as_array(np.ma.masked_array(["a", "b"], [True, False]), words=True)


def test_a_tensor_is_returned_as_it_is():
    tensor = torch.zeros(3, requires_grad=True)
    assert as_tensor(tensor) is tensor
    assert as_tensors([tensor])[0] is tensor
    passed = takes_arrays("x", "y")(lambda x, y: (x, y))(tensor, y=tensor)
    assert all(part is tensor for part in passed)
    array = np.zeros(3)
    assert as_tensor(array).data_ptr() == array.ctypes.data  # no copy where torch can read the memory
    array.flags.writeable = False
    assert as_tensor(array).data_ptr() != array.ctypes.data


def test_a_list_of_rows_is_a_table_and_a_list_of_tables_one_for_each_image():
    assert as_tensors([[1.0, 2.0], [3.0, 4.0]]).shape == (2, 2)
    assert [part.shape for part in as_tensors([ROWS, ROWS[:1]])] == [(3, 2), (1, 2)]
    assert as_tensors(ROWS).shape == (3, 2)
    assert {key: part.shape for key, part in as_tensors({"a": ROWS}).items()} == {"a": (3, 2)}
    assert as_tensors([]) == []


@takes_arrays("x", "weight", each=("many",))
def example(x: torch.Tensor, weight: torch.Tensor | None = None, *, many: list, factor: float = 2.0):
    """Doc."""
    return x, weight, many, factor


def test_a_function_takes_arrays_by_place_and_by_name():
    for given in (example([1.0], many=[ROWS], factor=3.0), example(many=[ROWS], x=np.ones(1), factor=3.0)):
        x, weight, many, factor = given
        assert (x.tolist(), weight, many[0].shape, factor) == ([1.0], None, (3, 2), 3.0)
    assert example.__name__ == "example"
    assert example.__doc__ == "Doc."
    with pytest.raises(ValueError, match="x must be numbers; got object, such as NoneType"):
        example(None, many=[])
    with pytest.raises(ValueError, match=r"many\[0\] must be numbers"):
        example([1.0], many=["abc"])


def test_a_compiled_program_sees_through_the_door():
    boxes = torch.tensor([[0.0, 0, 2, 2], [1.0, 1, 3, 3]])
    compiled = torch.compile(lambda a, b: box_iou(a, b), backend="eager", fullgraph=True)
    assert torch.equal(compiled(boxes, boxes), box_iou(boxes, boxes))
