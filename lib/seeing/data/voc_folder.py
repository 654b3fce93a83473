"""Any folder of PASCAL VOC's XML files: what labelling tools write for one's own pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from seeing.data.detection_files import DetectionFiles
from seeing.data.files import BadFile, OnBad, Refusals
from seeing.data.target import DetectionTarget
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
    file of the name that stands in `<filename>`: names in the XML grow old when files are renamed. Of several files
    `sub/a` (a picture and its mask, say) it is the one that `<filename>` names. Files whose names begin with `._` are
    none of yours: a Mac leaves them in archives.

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
        ValueError: if a file or an argument is bad; if there is no XML file, or one picture is that of several.
    """
    _check_classes(classes)
    folder = Path(annotations)
    pictures_in = folder if images is None else Path(images)
    refusals = Refusals(bad)
    paths = _below(folder, (".xml",))
    if not paths:
        raise BadFile(folder, "annotations (.xml) were expected; got none")
    places = _by_name(pictures_in)
    read: dict[Path, VocAnnotation] = {}
    for path in paths:
        with refusals.guard():
            read[path] = read_voc_xml(path, refusals)
    known = ("background", *(classes if classes is not None else _all_names(read.values())))
    pictures: dict[Path, Path] = {}
    for path, annotation in read.items():
        with refusals.guard():
            name = _picture(path, path.relative_to(folder).with_suffix(""), annotation, places)
            pictures[path] = pictures_in / name
    _check_alone(pictures, refusals)
    targets: list[DetectionTarget] = []
    sizes = []
    for path in pictures:
        objects = read[path].objects
        targets.append(to_target(path, objects, known, refusals, inclusive=inclusive, image_id=len(targets)))
        sizes.append(read[path].size)
    return DetectionFiles(list(pictures.values()), targets, known, sizes=sizes).readable(refusals)


def _check_classes(classes: Sequence[str] | None) -> None:
    if isinstance(classes, str) or (classes is not None and len(set(classes)) < len(classes)):
        raise ValueError(f"classes must be a list of different names; got {classes!r}")


def _below(folder: Path, endings: Sequence[str]) -> list[Path]:
    """The files of some endings, in any case of letters, in a folder and those below it."""
    paths = (path for path in folder.rglob("*") if path.suffix.lower() in endings and not path.name.startswith("._"))
    return sorted(path for path in paths if path.is_file())


def _by_name(folder: Path) -> dict[str, list[str]]:
    """The pictures below a folder, by their name without its ending and by the whole of it."""
    places: dict[str, list[str]] = {}
    for path in _below(folder, ENDINGS):
        name = path.relative_to(folder).as_posix()
        places.setdefault(name, []).insert(0, name)
        places.setdefault(name.removesuffix(path.suffix), []).append(name)
    return places


def _picture(path: Path, stem: Path, annotation: VocAnnotation, places: dict[str, list[str]]) -> str:
    """Where a picture is; where it should be if it is not there."""
    written = PurePosixPath(annotation.filename.replace("\\", "/")).name.strip(".")
    beside = (stem.parent / written).as_posix()
    for name in (stem.as_posix(), beside, written):
        found = places.get(name, [])
        if len(found) < 2 or found[0] == name:
            if found:
                return found[0]
            continue
        if beside not in found:
            raise BadFile(path, f"one picture was expected; {', '.join(found)} may be meant: name it in <filename>")
        return beside
    return beside if written else f"{stem.as_posix()}{ENDINGS[0]}"


def _check_alone(pictures: dict[Path, Path], refusals: Refusals) -> None:
    """Leave out, or refuse, annotations that share a picture: an old copy, or a picture of the same name elsewhere."""
    owners: dict[Path, list[Path]] = {}
    for path, picture in pictures.items():
        owners.setdefault(picture, []).append(path)
    for picture, paths in owners.items():
        for path in paths if len(paths) > 1 else ():
            with refusals.guard():
                del pictures[path]
                others = ", ".join(str(other) for other in paths if other != path)
                raise BadFile(path, f"a picture of its own was expected; {picture} is that of {others} too")


def _all_names(annotations: Iterable[VocAnnotation]) -> list[str]:
    return sorted({thing.name for annotation in annotations for thing in annotation.objects})
