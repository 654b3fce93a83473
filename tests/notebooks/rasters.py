"""Whether two pictures made of pixels show the same thing.

A pixel of one picture counts as found if the other has its colour, or one between its neighbours' colours, at most
`SHIFT` pixels away; what is missing beyond that is averaged over a small and a larger square, and each mean has its
limit. A move by a pixel, half-tones along an edge and another way to hint letters thus cost little; a stroke where
there was none costs its whole contrast. Both ways round, on white and on black: the book's figures are transparent.

Pictures of 288 dots an inch, as the book's are, are compared at half their size: at 144 dots.

The limits lie between two measurements (matplotlib 3.11.2, the book's style, 144 dots an inch, levels 0 to 255;
`test_rasters` makes both again):

| drawn again                                             | spot          | area       |
| ------------------------------------------------------- | ------------- | ---------- |
| twice; data moved by 1e-6 of itself                     | 0             | 0          |
| data by 1e-4, 1e-3; margins by .1, .25 and .5 pixel     | .3 to 10      | 0 to .9    |
| letters without hinting; edges not snapped to pixels    | 10 to 17      | 1 to 4.9   |
| letters without half-tones; edges of bars without       | 9 to 29       | .4 to 9.4  |
| **allowed**                                             | **30**        | **12**     |
| a point for a comma; 6 for 8, in letters of 10 points   | 39, 51 to 82  | 1.6, 3.6   |
| a bar in another blue, 16 levels off; in green          | 16, 63        | 16, 63     |
| two labels swapped; a curve dashed                      | 132, 189      | 34, 16     |
| a bar higher by 5 %; a curve or a dot by 1 % of an axis | 255, 195, 245 | 118, 56, 46 |

Found too, and so it should be: what another release of matplotlib makes of the figure (3.10: another size), and
letters that hinting by force moved by two pixels (spot 85). Not found: a 6 for an 8 in letters of 9 points or less
(spot 19 to 27).
"""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageSequence, UnidentifiedImageError
from scipy import ndimage

DOTS = 144  # an inch, of the pictures that are compared
SHIFT = 1
SPOT, SPOT_LIMIT = 3, 30  # the side of the square in pixels; levels of 255
AREA, AREA_LIMIT = 15, 12
ROUNDING = 1  # pixels by which sizes may differ: a tight frame around letters is rounded


@dataclass(frozen=True)
class Difference:
    """What sets two pictures apart: in words, and drawn."""

    words: str
    drawing: Image.Image


def frames(data: bytes) -> list[Image.Image]:
    """The frames of a picture: one, or those of an animated GIF, PNG or WebP.

    Raises:
        ValueError: if `data` is no picture that Pillow reads.
    """
    try:
        with Image.open(io.BytesIO(data)) as image:
            times = max(1, round(image.info.get("dpi", (DOTS, DOTS))[0] / DOTS))
            return [smaller(frame.convert("RGBA"), times) for frame in ImageSequence.Iterator(image)]
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError(f"no picture that can be read: {error}") from None


def smaller(image: Image.Image, times: int) -> Image.Image:
    """A picture of fewer pixels; what is transparent has no colour to give."""
    return image.convert("RGBa").reduce(times).convert("RGBA") if times > 1 else image


def layers(image: Image.Image) -> np.ndarray:
    """(H, W, 6) levels from 0 to 255: the picture on white, then on black."""
    values = np.asarray(image, dtype=np.float32)
    colour, cover = values[..., :3], values[..., 3:] / 255
    return np.concatenate([colour * cover + 255 * (1 - cover), colour * cover], axis=-1)


def unexplained(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(H, W) levels that a pixel of either picture lacks in the other's neighbourhood; the channel that lacks most."""
    side = (2 * SHIFT + 1, 2 * SHIFT + 1, 1)

    def missing(of: np.ndarray, among: np.ndarray) -> np.ndarray:
        low, high = ndimage.minimum_filter(among, side), ndimage.maximum_filter(among, side)
        return np.maximum(0, np.maximum(low - of, of - high))

    return np.maximum(missing(a, b), missing(b, a)).max(axis=-1)


def measures(expected: Image.Image, got: Image.Image) -> tuple[float, float, np.ndarray]:
    """The largest mean over a spot and over an area, and the map (H, W) they are taken from.

    Sizes that differ by rounding are compared on what both cover.
    """
    width, height = (min(pair) for pair in zip(expected.size, got.size, strict=True))
    lacking = unexplained(layers(expected)[:height, :width], layers(got)[:height, :width])
    spot, area = (float(ndimage.uniform_filter(lacking, side).max()) for side in (SPOT, AREA))
    return spot, area, lacking


def difference(expected: bytes, got: bytes) -> Difference | None:
    """What sets the picture `got` apart from `expected`; None where they show the same.

    Raises:
        ValueError: if one of them is no picture.
    """
    if expected == got:
        return None
    pair = frames(expected), frames(got)
    if len(pair[0]) != len(pair[1]):
        words = f"it has {len(pair[1])} frames, the page's has {len(pair[0])}"
        return Difference(words, beside(pair[0][-1], pair[1][-1]))
    for number, (a, b) in enumerate(zip(*pair, strict=True), start=1):
        words = frame_difference(a, b)
        if words:
            return Difference(words if len(pair[0]) == 1 else f"frame {number}: {words}", beside(a, b))
    return None


def frame_difference(a: Image.Image, b: Image.Image) -> str:
    """What sets two frames apart, in words; empty where they show the same."""
    if max(abs(x - y) for x, y in zip(a.size, b.size, strict=True)) > ROUNDING:
        return f"its size is {b.size[0]} x {b.size[1]} pixels, the page's is {a.size[0]} x {a.size[1]}"
    spot, area, lacking = measures(a, b)
    if spot <= SPOT_LIMIT and area <= AREA_LIMIT:
        return ""
    top, left = np.unravel_index(ndimage.uniform_filter(lacking, SPOT).argmax(), lacking.shape)
    rows, columns = np.nonzero(lacking > SPOT_LIMIT)
    extent = f", within x {columns.min()} to {columns.max()}, y {rows.min()} to {rows.max()}" if rows.size else ""
    return (
        f"it differs most at x {left}, y {top}{extent} (pixels from the top left); spot {spot:.0f}, allowed "
        f"{SPOT_LIMIT}; area {area:.0f}, allowed {AREA_LIMIT}"
    )


def beside(expected: Image.Image, got: Image.Image) -> Image.Image:
    """Both pictures and where they differ (red), side by side with a heading each."""
    width, height = (max(pair) for pair in zip(expected.size, got.size, strict=True))
    padded = [Image.new("RGBA", (width, height)) for _ in range(2)]
    for canvas, image in zip(padded, (expected, got), strict=True):
        canvas.paste(image)
    lacking = unexplained(*(layers(image) for image in padded))
    faded = layers(padded[0])[..., :3] * 0.3 + 255 * 0.7
    strength = np.minimum(1, lacking / 60)[..., None]
    marked = Image.fromarray((faded * (1 - strength) + np.array([213, 0, 0]) * strength).astype(np.uint8))

    gap, top = 12, 30
    sheet = Image.new("RGB", (3 * width + 4 * gap, height + top + gap), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(16)
    for place, (title, image) in enumerate(zip(("expected", "got", "difference"), (*padded, marked), strict=True)):
        left = gap + place * (width + gap)
        draw.text((left, 6), title, fill="black", font=font)
        draw.rectangle((left - 1, top - 1, left + width, top + height), outline="#B8B8B8")
        sheet.paste(image, (left, top), image if image.mode == "RGBA" else None)
    return sheet
