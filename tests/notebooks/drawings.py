"""Whether two SVG drawings are the same: element by element, names by order of appearance, numbers within a limit.

Names (`id`) are random in what matplotlib writes, and its metadata hold the date. Coordinates may move by a quarter of
a unit (half a pixel at 144 dots an inch), as a recomputed curve's do in its last digits; other numbers, such as an
opacity, may not.
"""

import base64
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

COORDINATES = {"d", "points", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "width", "height"}
COORDINATES |= {"viewBox", "transform"}
LIMIT = 0.25
# A `transform` multiplies coordinates: its numbers may move by a share of themselves only.
RELATIVE = 0.005
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
REFERENCE = re.compile(r"#([\w.:-]+)")
IGNORED = {"metadata", "desc"}


def local(name: str) -> str:
    """A tag's or attribute's name without its namespace."""
    return name.rpartition("}")[2]


def elements(root: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """All elements that are drawn or used, depth first."""
    yield root
    for child in root:
        if isinstance(child.tag, str) and local(child.tag) not in IGNORED:
            yield from elements(child)


def named_by_order(root: ElementTree.Element) -> list[tuple[str, dict[str, str], str]]:
    """Tag, attributes and text of each element, every `id` and what refers to it replaced by its place in the order."""
    found = list(elements(root))
    names = {}
    for element in found:
        if "id" in element.attrib:
            names.setdefault(element.attrib["id"], f"name-{len(names)}")

    def renamed(key: str, value: str) -> str:
        if key == "id":
            return names[value]
        return REFERENCE.sub(lambda match: "#" + names.get(match[1], match[1]), value)

    return [
        (
            local(element.tag),
            {local(key): renamed(key, value) for key, value in element.attrib.items()},
            " ".join(f"{element.text or ''} {element.tail or ''}".split()),
        )
        for element in found
    ]


def same_value(key: str, expected: str, got: str) -> bool:
    """Whether an attribute says the same: equal, but for coordinates that moved by less than the limit."""
    if expected == got:
        return True
    if key not in COORDINATES or NUMBER.sub("N", expected) != NUMBER.sub("N", got):
        return False
    pairs = zip(NUMBER.findall(expected), NUMBER.findall(got), strict=True)
    if key == "transform":
        return all(abs(float(a) - float(b)) <= max(1e-3, RELATIVE * abs(float(a))) for a, b in pairs)
    return all(abs(float(a) - float(b)) <= LIMIT for a, b in pairs)


def difference(expected: str, got: str) -> str | None:
    """What sets the drawing `got` apart from `expected`, in words; None where they are the same.

    Raises:
        ValueError: if one of them is no XML.
    """
    if expected == got:
        return None
    try:
        a, b = (named_by_order(ElementTree.fromstring(text)) for text in (expected, got))
    except ElementTree.ParseError as error:
        raise ValueError(f"no SVG that can be read: {error}") from None
    for number, (one, other) in enumerate(zip(a, b, strict=False), start=1):
        if one[0] != other[0]:
            return f"its element {number} is <{other[0]}>, the page's is <{one[0]}>"
        for key in sorted(one[1].keys() | other[1].keys()):
            page, run = one[1].get(key, "nothing"), other[1].get(key, "nothing")
            if not same_value(key, page, run):
                return f"its element {number}, <{one[0]}>, has {key} {shortened(run)}, the page's has {shortened(page)}"
        if one[2] != other[2]:
            return f"its element {number}, <{one[0]}>, says {shortened(other[2])}, the page's says {shortened(one[2])}"
    if len(a) != len(b):
        return f"it has {len(b)} elements, the page's has {len(a)}"
    return None


def shortened(value: str, length: int = 60) -> str:
    """`value` in quotes, its middle left out where it is long."""
    return repr(value if len(value) <= length else f"{value[: length // 2]}...{value[-length // 2 :]}")


def beside(expected: str, got: str) -> str:
    """One SVG file with both drawings side by side, each as a picture of its own so that their names do not meet."""
    sheet = ['<svg xmlns="http://www.w3.org/2000/svg" width="1240" height="640" font-family="sans-serif">']
    for left, title, drawing in ((10, "expected", expected), (630, "got", got)):
        digits = base64.b64encode(drawing.encode()).decode()
        sheet.append(f'<text x="{left}" y="24">{title}</text>')
        sheet.append(f'<image x="{left}" y="34" width="600" height="600" href="data:image/svg+xml;base64,{digits}"/>')
    return "\n".join([*sheet, "</svg>\n"])
