"""Pictures and label maps from files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from seeing.data.files import BadFile

DEEPER_THAN_8_BITS = ("I", "I;16", "I;16B", "I;16L", "I;16N", "F")
LABEL_MODES = ("1", "L", "P")
ENDS = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82"}


def read_image(path: Path) -> Tensor:
    """A picture of any 8-bit kind (grey, palette, CMYK ...), as RGB.

    Returns:
        (3, H, W) float32 in [0, 1].

    Raises:
        BadFile: if it cannot be read whole, or has more than 8 bits a channel.
        FileNotFoundError: if there is no such file.
    """
    with _opened(path) as image:
        if image.mode in DEEPER_THAN_8_BITS:
            raise BadFile(path, f"8 bits a channel were expected; got a picture of mode {image.mode}")
        if "transparency" in image.info:
            image = image.convert("RGBA")
        pixels = _decoded(path, image.convert, "RGB")
    return torch.from_numpy(pixels).permute(2, 0, 1).to(torch.float32, memory_format=torch.contiguous_format) / 255


def read_label_map(path: Path) -> Tensor:
    """A label map: one number a pixel; of a palette picture the index, not the colour.

    Returns:
        (H, W) int64 in 0..255.

    Raises:
        BadFile: if it cannot be read whole, or has several channels or more than 8 bits.
        FileNotFoundError: if there is no such file.
    """
    with _opened(path) as image:
        if image.mode not in LABEL_MODES:
            raise BadFile(path, f"one channel of 8 bits was expected, or a palette; got a picture of mode {image.mode}")
        return torch.from_numpy(_decoded(path, image.copy)).to(torch.int64)


def check_picture(path: Path) -> tuple[int, int]:
    """Refuse a file that is no picture or was cut off, in a fraction of the time of decoding it.

    Damage in the middle of a JPEG or PNG goes unnoticed here; reading the picture finds it.

    Returns:
        Its height and width.

    Raises:
        BadFile: if it cannot be read, or there is no such file.
    """
    try:
        with _opened(path) as image:
            if not _ends_well(path, image.format):
                _decoded(path, image.copy)
            return image.height, image.width
    except FileNotFoundError as error:
        raise BadFile(path, "a picture was expected; there is no such file") from error


def _opened(path: Path) -> Image.Image:
    try:
        return Image.open(path)
    except FileNotFoundError:
        raise
    except Exception as error:  # Pillow's decoders raise OSError, SyntaxError, struct.error and more
        raise BadFile(path, f"a picture was expected; {error}") from error


def _decoded(path: Path, decode, *arguments) -> np.ndarray:
    try:
        return np.array(decode(*arguments))
    except Exception as error:
        raise BadFile(path, f"a whole picture was expected; {error}") from error


def _ends_well(path: Path, kind: str | None) -> bool:
    end = ENDS.get(kind or "")
    if end is None:
        return False
    with path.open("rb") as file:
        file.seek(-len(end), 2)
        return file.read() == end
