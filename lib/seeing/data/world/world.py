"""A world of discs, triangles, squares and stars that is drawn instead of downloaded, with every label exact."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from seeing.data.world.crops import look_closer
from seeing.data.world.draws import Draws
from seeing.data.world.layout import Layout
from seeing.data.world.scenes import Scenes, annotate, joined


@dataclass(frozen=True)
class World:
    """What scenes may look like; the scenes themselves follow from a seed.

    Class, colour, texture, size, place and angle of an object are drawn apart from each other: none of them tells
    another. What lies further up hides what lies below.

    Attributes:
        size: height and width in pixels; one number for a square.
        min_objects: how many objects a scene has at least; 0 or more.
        max_objects: how many at most; all counts in between are equally likely.
        object_size: least and largest square root of an object's area, as a share of the picture's shorter side.
        overlap: 0: objects keep clear of each other where there is room; 1: they lie anywhere.
        min_visible: an object of whose pixels in the picture a smaller share is visible is ignored.
        min_pixels: an object of which fewer pixels are visible is ignored.
        contrast: least difference in lightness between object and background, as far as the screen allows; 0 to 1.
        texture: how strong textures are, 0 to 1.
        clutter: how many bars, which belong to no class, lie on the background at most.
        hard_pairs: how far triangles and squares may be rounded towards discs, and stars blunted; 0 to 1.
        stretch: how much longer than wide an object may become; 1 or more.
        noise: standard deviation of the noise of each pixel.

    Example:
        >>> scenes = World(size=32).scenes(2, seed=0)
        >>> scenes.image.shape, scenes.semantic.shape
        (torch.Size([2, 3, 32, 32]), torch.Size([2, 32, 32]))
        >>> again = World(size=32).scenes(1, seed=0, first=1)
        >>> torch.equal(scenes.image[1:], again.image)  # a scene follows from its seed and its number
        True
    """

    size: int | tuple[int, int] = 64
    min_objects: int = 1
    max_objects: int = 4
    object_size: tuple[float, float] = (0.2, 0.4)
    overlap: float = 0.4
    min_visible: float = 0.3
    min_pixels: int = 16
    contrast: float = 0.27
    texture: float = 0.5
    clutter: int = 2
    hard_pairs: float = 0.2
    stretch: float = 1.2
    noise: float = 0.02

    @classmethod
    def of_difficulty(cls, difficulty: float, size: int | tuple[int, int] = 64) -> World:
        """A world between easy (0) and hard (1).

        What changes, all along straight lines: objects get smaller and their sizes differ more, they hide each
        other, their contrast falls, textures, clutter and noise grow, and the classes come closer to each other.
        `dataclasses.replace` changes single properties of the outcome.
        """
        _check(0 <= difficulty <= 1, "difficulty must lie in [0, 1]", difficulty)

        def mix(easy: float, hard: float) -> float:
            return easy + difficulty * (hard - easy)

        return cls(
            size=size,
            object_size=(mix(0.27, 0.09), mix(0.36, 0.48)),
            overlap=mix(0, 1),
            contrast=mix(0.32, 0.10),
            texture=mix(0.3, 1),
            clutter=round(mix(0, 10)),
            hard_pairs=mix(0, 1),
            stretch=mix(1.1, 1.6),
            noise=mix(0.01, 0.05),
        )

    def __post_init__(self) -> None:
        sides = self.size if isinstance(self.size, tuple) else (self.size,) * 2
        whole = len(sides) == 2 and all(isinstance(n, int) and n >= 1 for n in sides)
        _check(whole, "size must be a whole number or (height, width), 1 or more", self.size)
        for name in ("min_objects", "max_objects", "clutter", "min_pixels"):
            number = getattr(self, name)
            _check(isinstance(number, int) and number >= 0, f"{name} must be a whole number, 0 or more", number)
        _check(self.min_objects <= self.max_objects, "min_objects must be at most max_objects", self.min_objects)
        low, high = self.object_size
        _check(0 < low <= high < math.inf, "object_size must be (least, largest), above 0", self.object_size)
        for name in ("overlap", "min_visible", "contrast", "texture", "hard_pairs"):
            _check(0 <= getattr(self, name) <= 1, f"{name} must lie in [0, 1]", getattr(self, name))
        _check(1 <= self.stretch < math.inf, "stretch must be 1 or more, and finite", self.stretch)
        _check(0 <= self.noise < math.inf, "noise must be 0 or more, and finite", self.noise)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.size if isinstance(self.size, tuple) else (self.size, self.size)

    def scenes(self, count: int, seed: int = 0, device: torch.device | str = "cpu", *, first: int = 0) -> Scenes:
        """Scenes number `first` to `first + count - 1` of a seed.

        A scene depends on the world, the seed and its number, not on how many are asked for. Its few hundred
        numbers are drawn on the CPU, so that another device paints the same scene, to rounding.

        Args:
            count: 0 or more.
            seed: 0 or more; another seed gives unrelated scenes.
            device: where the scenes are painted and stay.
            first: number of the first scene, 0 or more.
        """
        return self.numbered(_span(first, count), seed, device)

    def batches(
        self, count: int, batch_size: int = 32, seed: int = 0, device: torch.device | str = "cpu"
    ) -> Iterator[Scenes]:
        """`scenes(count, seed, device)` in batches, each painted when it is asked for; the last may be smaller."""
        _check(isinstance(batch_size, int) and batch_size >= 1, "batch_size must be 1 or more", batch_size)
        numbers = _span(0, count)
        _row_numbers(numbers, seed)
        return (self.numbered(numbers[i : i + batch_size], seed, device) for i in range(0, count, batch_size))

    def numbered(self, numbers: Sequence[int], seed: int = 0, device: torch.device | str = "cpu") -> Scenes:
        """The scenes with these numbers, each 0 or more, in this order; otherwise as `scenes`."""
        height, width = self.shape
        parts = []
        for rows in _few_at_once(_row_numbers(numbers, seed), height * width, device):
            with torch.device("cpu"):
                layout = Layout.draw(Draws(seed, rows), self)
            layout, rows = layout.to(device), rows.to(device)
            image, inside = layout.paint(*_grid(rows.new_zeros(len(rows), 2), height, width))
            parts.append(annotate(image, inside, layout.objects.labels, rows, self.min_pixels, self.min_visible))
        return joined(parts)

    def crops(
        self,
        count: int,
        seed: int = 0,
        size: int = 64,
        device: torch.device | str = "cpu",
        *,
        background: float = 0.2,
        jitter: float = 2.0,
        first: int = 0,
    ) -> tuple[Tensor, Tensor]:
        """Square cut-outs for a classifier: crop i shows one object of scene i in its middle, in full, at its own size.

        Other objects of the scene may show at the borders. So a classifier that has learned from crops knows the
        sizes, neighbours and backgrounds that it will meet when it is run over whole scenes.

        Args:
            count: 0 or more.
            seed: 0 or more; the crops of a seed show the scenes of this seed.
            size: height and width of a crop in pixels.
            device: where the crops are painted and stay.
            background: share of crops of class 0, whose middle is empty.
            jitter: how far the object's centre may lie from the crop's, along each axis, in pixels.
            first: number of the first crop.

        Returns:
            Images (count, 3, size, size) in [0, 1] and labels (count,) int64, 0..4.
        """
        _check(self.max_objects >= 1, "crops need a world with max_objects of 1 or more", self.max_objects)
        _check(isinstance(size, int) and size >= 1, "size must be a whole number, 1 or more", size)
        _check(0 <= background <= 1, "background must lie in [0, 1]", background)
        _check(0 <= jitter < math.inf, "jitter must be 0 or more, and finite", jitter)
        parts = []
        for rows in _few_at_once(_row_numbers(_span(first, count), seed), size * size, device):
            with torch.device("cpu"):
                draws = Draws(seed, rows)
                layout, corner, labels = look_closer(Layout.draw(draws, self), draws, self, size, background, jitter)
            image, _ = layout.to(device).paint(*_grid(corner.to(device, torch.float32), size, size))
            parts.append((image, labels.to(device)))
        return torch.cat([images for images, _ in parts]), torch.cat([labels for _, labels in parts])


def _check(fits: bool, expected: str, got: object) -> None:
    if not fits:
        raise ValueError(f"{expected}; got {got}")


def _span(first: int, count: int) -> range:
    _check(isinstance(count, int) and count >= 0, "count must be a whole number, 0 or more", count)
    _check(isinstance(first, int) and first >= 0, "first must be a whole number, 0 or more", first)
    return range(first, first + count)


def _row_numbers(numbers: Sequence[int], seed: int) -> Tensor:
    _check(isinstance(seed, int) and 0 <= seed < 2**63, "seed must be a whole number, 0 or more, below 2^63", seed)
    rows = torch.as_tensor(numbers, device="cpu")
    whole = rows.dim() == 1 and not (rows.numel() and rows.dtype != torch.int64)
    _check(whole and bool((rows >= 0).all()), "numbers of scenes must be a list of whole numbers, 0 or more", numbers)
    return rows.to(torch.int64)


def _few_at_once(rows: Tensor, pixels: int, device: torch.device | str) -> tuple[Tensor, ...]:
    """Parts small enough for a processor's cache, or large enough to keep a graphics card busy; one at least."""
    wanted = 2**17 if torch.device(device).type == "cpu" else 2**22
    return rows.split(max(1, wanted // pixels))


def _grid(corner: Tensor, height: int, width: int) -> tuple[Tensor, Tensor]:
    """Centres of the columns (N, W) and rows (N, H) of windows with these upper left corners, (N, 2)."""
    steps = (torch.arange(n, device=corner.device, dtype=torch.float32) + 0.5 for n in (width, height))
    x, y = (corner[:, i : i + 1] + step for i, step in enumerate(steps))
    return x, y
