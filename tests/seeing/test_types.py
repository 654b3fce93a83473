"""What a user's type checker sees: the library's own types, not `Any`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import seeing

PROGRAM = """
from typing import assert_type

import numpy as np
import seeing
import torch
from seeing.metrics import SegmentationMetrics
from seeing.models.segmentation import FCN, UNet
from seeing.ops import box_iou, nms
from torch import Tensor

boxes, scores = torch.rand(4, 4), torch.rand(4)
assert_type(nms(boxes, scores, iou_threshold=0.5), Tensor)
assert_type(seeing.ops.nms(np.zeros((4, 4)), np.zeros(4), 0.5), Tensor)  # arrays are no error
assert_type(box_iou([[0.0, 0, 4, 4]], boxes), Tensor)
assert_type(FCN(num_classes=5).forward(torch.zeros(1, 3, 64, 64)), Tensor)
assert_type(UNet(width=0.125).output_size(572), int)
assert_type(SegmentationMetrics(num_classes=2).compute(), dict[str, float])
"""
MISTAKES = """
from seeing.models.segmentation import UNet
from seeing.ops import nms

nms([[0.0, 0, 4, 4]], [1.0], 0.5).best
UNet(widht=0.125)
"""


def checked(program: str, folder: Path) -> tuple[int, str]:
    """mypy's exit status and what it says of a program outside the library."""
    (folder / "program.py").write_text(program, encoding="utf-8")
    options = ["--cache-dir", str(folder), "--config-file", "", "--ignore-missing-imports", "--no-error-summary"]
    command = [sys.executable, "-m", "mypy", *options, "program.py"]
    # mypy does not follow the hook of an editable installation; a wheel's `py.typed` says the same to it.
    environment = {**os.environ, "MYPYPATH": str(Path(seeing.__file__).parents[1])}
    done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
def test_a_user_s_program_is_checked_with_the_library_s_types(tmp_path):
    """One test, because the second run finds in mypy's cache what the first has read."""
    assert checked(PROGRAM, tmp_path) == (0, "")
    status, said = checked(MISTAKES, tmp_path)
    assert status == 1
    assert '"Tensor" has no attribute "best"' in said
    assert 'Unexpected keyword argument "widht" for "UNet"' in said
