"""Pictures and label maps from files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from PIL import ExifTags, Image, ImageFile, UnidentifiedImageError
from torch import Tensor

from seeing.data.files import BadFile, MissingFile, in_its_place

MODES_OF_8_BITS = ("1", "L", "P", "LA", "La", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV", "LAB")
LABEL_MODES = ("1", "L", "P")
DEEP = re.compile(r";16[BLN]")  # how Pillow calls samples of 16 bits; its ";16" alone is a pixel of 16, in colours
LYING = (5, 6, 7, 8)  # the EXIF orientations that exchange height and width
BACK = {  # what undoes the turn that an EXIF orientation asks for
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def read_image(path: Path) -> Tensor:
    """A picture of any 8-bit kind (grey, palette, CMYK ...), as RGB.

    Its pixels are taken as they are stored: a turn that its EXIF, or TIFF's own tag, asks for is not made. Of several
    pictures in a file (GIF, TIFF, WebP) it is the first.

    Returns:
        (3, H, W) float32 in [0, 1].

    Raises:
        BadFile: if it cannot be read whole, or has more than 8 bits a channel. (JPEG 2000 and AVIF in colour are cut
            down to 8 by their decoders, which do not tell.)
        MissingFile: if there is no such file; it is a BadFile and a FileNotFoundError.
    """
    with _opened(path) as image:
        if image.mode not in MODES_OF_8_BITS:
            raise BadFile(path, f"8 bits a channel were expected; got a picture of mode {image.mode}")
        if _is_cut_down(image):
            raise BadFile(path, "8 bits a channel were expected; got 16: save it with 8, scaled as you need it")
        pixels = _decoded(path, lambda: _as_rgb(_as_stored(image)))
    return torch.from_numpy(pixels).permute(2, 0, 1).to(torch.float32, memory_format=torch.contiguous_format) / 255


def read_label_map(path: Path) -> Tensor:
    """A label map: one number a pixel, as it is stored; of a palette picture the index, not the colour.

    Returns:
        (H, W) int64 in 0..255.

    Raises:
        BadFile: if it cannot be read whole, or has several channels or more than 8 bits.
        MissingFile: if there is no such file; it is a BadFile and a FileNotFoundError.
    """
    with _opened(path) as image:
        if image.mode not in LABEL_MODES:
            raise BadFile(path, f"one channel of 8 bits was expected, or a palette; got a picture of mode {image.mode}")
        return torch.from_numpy(_decoded(path, lambda: _as_stored(image))).to(torch.int64)


def check_size(path: Path, got: tuple[int, int], wanted: tuple[int, int] | None, source: str) -> None:
    """Refuse a picture of another size than was written down for it, and say so where EXIF is the reason.

    Args:
        path: the picture.
        got: its height and width as read.
        wanted: those written down, or None.
        source: where they are.

    Raises:
        BadFile: if they differ.
    """
    if wanted is not None and got != wanted:
        raise BadFile(
            path,
            f"{wanted[0]}x{wanted[1]} pixels were expected, as in {source}; got {got[0]}x{got[1]}"
            + turned_by_exif(path, wanted),
        )


def turned_by_exif(path: Path, size: tuple[int, int]) -> str:
    """Why a picture differs in size from what was made for it, if EXIF is the reason; else nothing.

    Args:
        path: the picture.
        size: the height and width of what was made for it.

    Returns:
        A half sentence for an error, or "".
    """
    try:
        with _opened(path) as image:
            orientation = image.getexif().get(ExifTags.Base.Orientation)
            stored = (image.height, image.width)
    except Exception:  # it has been read before; only its EXIF may be broken
        return ""
    # Of TIFF, Pillow gives the size after the turn.
    if orientation not in LYING or tuple(size) not in (stored, stored[::-1]):
        return ""
    return (
        f": the picture is stored turned, with EXIF orientation {orientation}, and was marked as a viewer shows it. "
        "Here pixels are read as they are stored: save it turned (PIL.ImageOps.exif_transpose), or mark it as stored"
    )


@contextmanager
def _opened(path: Path) -> Iterator[ImageFile.ImageFile]:
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise MissingFile(path, "a picture was expected; there is no such file") from error
    except (OSError, ValueError) as error:  # a folder; a name that no file can have
        raise BadFile(path, f"a picture was expected; {error}") from error
    with file:
        # By its name Pillow would map some TIFF into memory, and those that are stored turned come out scrambled.
        try:
            image = Image.open(file)
        except Exception as error:  # Pillow's decoders raise OSError, SyntaxError, struct.error and more
            file.seek(0)
            unknown = "it begins as no kind of picture does" if isinstance(error, UnidentifiedImageError) else error
            raise BadFile(path, f"a picture was expected; {in_its_place(file.read(99)) or unknown}") from error
        with image:
            yield image


def _is_cut_down(image: ImageFile.ImageFile) -> bool:
    """Whether a picture in colours has samples of 16 bits, of which Pillow reads the upper 8 without a word."""
    for tile in image.tile:
        arguments = tile[3] if isinstance(tile[3], tuple) else (tile[3],)
        if DEEP.search(str(arguments[:1])) or (tile[0] == "ppm" and arguments[-1] > 255):
            return True
    return False


def _as_stored(image: Image.Image) -> Image.Image:
    """A loaded picture, whose pixels are where the file has them: Pillow turns TIFF, and no other format, as asked."""
    asked = image.getexif().get(ExifTags.Base.Orientation, 0) if image.format == "TIFF" else 0
    image.load()
    turned = asked in BACK and ExifTags.Base.Orientation not in image.getexif()  # what it has obeyed, it takes out
    return image.transpose(BACK[asked]) if turned else image


def _as_rgb(image: Image.Image) -> Image.Image:
    # From a palette with transparent colours Pillow goes to RGB by way of RGBA, or it warns.
    return (image.convert("RGBA") if "transparency" in image.info else image).convert("RGB")


def _decoded(path: Path, decode: Callable[[], Image.Image]) -> np.ndarray:
    try:
        return np.array(decode())
    except Exception as error:
        raise BadFile(path, f"a whole picture was expected; {error}") from error
