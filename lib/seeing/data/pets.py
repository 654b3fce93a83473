"""Oxford-IIIT Pet: cats and dogs of 37 breeds, with an outline."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from seeing.data.download import Remote, Source, data_root, not_found
from seeing.data.files import BadFile, OnBad, Refusals, check_choice, read_text
from seeing.data.segmentation_files import SegmentationFiles
from seeing.data.target import VOID
from seeing.data.through_torchvision import through_torchvision

PAGE = "https://www.robots.ox.ac.uk/~vgg/data/pets/"
SOURCE = Source(
    "oxford-iiit-pet",
    "Oxford-IIIT Pet",
    PAGE,
    tuple(Remote(f"{PAGE}data/{name}", name, unpack="") for name in ("images.tar.gz", "annotations.tar.gz")),
)
PET, BACKGROUND, OUTLINE = 1, 2, 3
SPECIES = ("cat", "dog")
BREEDS = 37


def load_oxford_pets(
    root: str | Path | None = None,
    download: bool = True,
    *,
    split: str = "trainval",
    classes: Literal["pet", "species", "breed"] = "pet",
    bad: OnBad = "raise",
) -> SegmentationFiles:
    """The 3,680 pictures for training or the 3,669 for testing, with the pixels of the animal.

    torchvision downloads it (800 MB) and checks its own MD5 sums.

    Args:
        root: the folder above `oxford-iiit-pet`; if None, SEEING_DATA or a cache folder.
        download: whether to fetch the data set if it is not there.
        split: "trainval" or "test".
        classes: what an animal's pixels are called: 1 for every "pet"; by "species" 1 for a cat and 2 for a dog; by
            "breed" 1 to 37.
        bad: "skip" reads every file once now, and leaves out and lists in `bad` what "raise" would raise on; "raise"
            raises as soon as it is met.

    Returns:
        Pairs of a picture, (3, H, W) float32 in [0, 1], and labels, (H, W) int64: 0 for the background and 255
        along the outline, which the files leave unclassified. Both are read as they are stored: a turn that EXIF asks
        for is not made.

    Raises:
        DataNotFound: if it is not there, and may not or could not be fetched.
        ValueError: if a file or an argument is bad.

    Source: Parkhi, Vedaldi, Zisserman and Jawahar, Cats and dogs (2012). CC BY-SA 4.0.
    """
    check_choice(split, "split", ("trainval", "test"))
    check_choice(classes, "classes", ("pet", "species", "breed"))
    refusals = Refusals(bad)
    folder = _folder(root, download, split)
    names, breeds, species = _animals(folder / "annotations" / f"{split}.txt", refusals)
    pictures = [folder / "images" / f"{name}.jpg" for name in names]
    label_maps = [folder / "annotations" / "trimaps" / f"{name}.png" for name in names]

    labels = {"pet": [1] * len(names), "species": species, "breed": breeds}[classes]
    called = {"pet": ("pet",), "species": SPECIES, "breed": _breed_names(names, breeds)}[classes]
    meaning = [{PET: label, BACKGROUND: 0, OUTLINE: VOID} for label in labels]
    return SegmentationFiles(pictures, label_maps, ("background", *called), meaning).readable(refusals)


def _folder(root: str | Path | None, download: bool, split: str) -> Path:
    base = data_root(root)
    needed = ["images", "annotations/trimaps", f"annotations/{split}.txt"]
    for folder in (base / SOURCE.name, base):
        if all((folder / name).exists() for name in needed):
            return folder
    if not download:
        raise not_found(SOURCE, base, ", ".join(needed), "download=False")
    from torchvision.datasets import OxfordIIITPet

    with through_torchvision(SOURCE, base, ", ".join(needed)):
        OxfordIIITPet(base, split=split, target_types="segmentation", download=True)
    return base / SOURCE.name


def _animals(path: Path, refusals: Refusals) -> tuple[list[str], list[int], list[int]]:
    """The name, the breed (1..37) and the species (1 cat, 2 dog) of each picture of a list."""
    rows = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        with refusals.guard():
            words = line.split()
            if len(words) != 4 or not all(word.isdecimal() for word in words[1:]):
                raise BadFile(path, f"line {number}: a name and three numbers were expected; got {line!r}")
            breed, species = int(words[1]), int(words[2])
            if not (1 <= breed <= BREEDS and 1 <= species <= len(SPECIES)):
                raise BadFile(path, f"line {number}: a breed in 1..{BREEDS} and a species 1 or 2; got {line!r}")
            rows.append((words[0], breed, species))
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def _breed_names(names: list[str], breeds: list[int]) -> list[str]:
    """A picture is called after its breed and a number: `Abyssinian_100`."""
    known = {breed: name.rpartition("_")[0].replace("_", " ") for name, breed in zip(names, breeds, strict=True)}
    return [known.get(breed, f"breed {breed}") for breed in range(1, BREEDS + 1)]
