"""Any folder of PASCAL VOC's XML files: what labelling tools write for one's own pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from seeing.data.detection_files import DetectionFiles
from seeing.data.files import BadFile, OnBad, Refusals
from seeing.data.voc_xml import VocAnnotation, read_voc_xml, to_target

ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp")


def load_voc_folder(
    annotations: str | Path,
    images: str | Path | None = None,
    *,
    classes: Sequence[str] | None = None,
    inclusive: bool = False,
    bad: OnBad = "raise",
) -> DetectionFiles:
    """A folder of XML files in PASCAL VOC's form, as labelImg, Roboflow, CVAT, Label Studio and datumaro write it.

    The picture of `sub/a.xml` is the file `sub/a` with a picture's ending below `images`, and where there is none the
    file of the name that stands in `<filename>`: names in the XML grow old when files are renamed.

    Args:
        annotations: the folder of XML files, in it or in folders below it.
        images: the folder of pictures; if None, `annotations`, where each lies beside its XML.
        classes: the names of the labels 1, 2, ...; if None, all that occur, in alphabetical order.
        inclusive: whether xmin and xmax are the first and the last pixel, counted from 1, as PASCAL VOC and supervision
            write them, or the box's sides, counted from 0, as labelImg, CVAT, Label Studio and datumaro do.
        bad: "skip" reads every file once now, and leaves out and lists in `bad` what "raise" would raise on; "raise"
            raises as soon as it is met.

    Returns:
        Pairs of a picture, (3, H, W) float32 in [0, 1], and its `DetectionTarget` with `difficult`, by file name.
        Pixels are read as they are stored: a turn that EXIF asks for is not made, and a picture of another size than
        its XML says is refused.

    Raises:
        ValueError: if a file or an argument is bad; if there is no XML file.
    """
    folder = Path(annotations)
    pictures_in = folder if images is None else Path(images)
    refusals = Refusals(bad)
    paths = sorted(folder.rglob("*.xml"))
    if not paths:
        raise BadFile(folder, "annotations (.xml) were expected; got none")
    places = _by_name(pictures_in)
    read: dict[Path, VocAnnotation] = {}
    for path in paths:
        with refusals.guard():
            read[path] = read_voc_xml(path, refusals)
    known = ("background", *(classes if classes is not None else _all_names(read.values())))
    pictures, targets = [], []
    for path, annotation in read.items():
        pictures.append(pictures_in / _picture(path.relative_to(folder).with_suffix(""), annotation, places))
        targets.append(to_target(path, annotation.objects, known, refusals, inclusive=inclusive, image_id=len(targets)))
    sizes = [annotation.size for annotation in read.values()]
    return DetectionFiles(pictures, targets, known, sizes=sizes).readable(refusals)


def _by_name(folder: Path) -> dict[str, str]:
    """The pictures below a folder, by their name without its ending and by the whole of it."""
    places: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in ENDINGS:
            name = path.relative_to(folder).as_posix()
            places.setdefault(name, name)
            places.setdefault(name.removesuffix(path.suffix), name)
    return places


def _picture(stem: Path, annotation: VocAnnotation, places: dict[str, str]) -> str:
    """Where a picture is; where it should be if it is not there."""
    written = PurePosixPath(annotation.filename.replace("\\", "/")).name
    for name in (stem.as_posix(), (stem.parent / written).as_posix(), written):
        if name in places:
            return places[name]
    return (stem.parent / written).as_posix() if written else f"{stem.as_posix()}{ENDINGS[0]}"


def _all_names(annotations: Iterable[VocAnnotation]) -> list[str]:
    return sorted({thing.name for annotation in annotations for thing in annotation.objects})
