"""The drawing of the floors on the page for contributors: `python -m tests.floors_drawn` writes it anew."""

from pathlib import Path

from tests.floors import FLOORS

ROOT = Path(__file__).parents[1]
SEEING = ROOT / "lib" / "seeing"
DRAWING = ROOT / "book" / "course" / "packages.svg"
WIDTH, HEIGHT, GAP, SIDE = 600, 58, 8, 130  # of the house, a floor, what is between, and `proctor` beside it
INK, PAPER, WALL = "#222", "#eaf2f8", "#0072b2"


def rooms(package: str) -> list[str]:
    """The packages inside a package of `seeing`."""
    return sorted(file.parent.name for file in (SEEING / package).glob("*/__init__.py"))


def lines(package: str, letters: int) -> list[str]:
    """The rooms of a package in lines of at most so many letters."""
    found: list[str] = []
    for name in rooms(package):
        if found and len(found[-1]) + 2 + len(name) <= letters:
            found[-1] += f", {name}"
        else:
            found.append(name)
    return found


def box(x: float, y: float, width: float, height: float, name: str, small: list[str]) -> list[str]:
    """A frame with a name in it, and lines of small letters below that."""
    middle, top = x + width / 2, y + height / 2 + 5 - 6.5 * len(small)
    drawn = [
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="4" fill="{PAPER}" stroke="{WALL}"/>',
        f'<text x="{middle:g}" y="{top:g}" font-size="14">{name}</text>',
    ]
    below = enumerate(small, start=1)
    return drawn + [f'<text x="{middle:g}" y="{top + 14 * k:g}" font-size="11">{line}</text>' for k, line in below]


def drawing() -> str:
    """The house as SVG: a row for each floor, the ground at the bottom, and `proctor` apart."""
    total = len(FLOORS) * (HEIGHT + GAP)
    parts = []
    for number, floor in enumerate(FLOORS):
        names = sorted(name for name in floor if (SEEING / name).is_dir() or (SEEING / f"{name}.py").is_file())
        room = (WIDTH - GAP * (len(names) - 1)) / sum(len(rooms(name)) + 2 for name in names)
        x, y = 0.0, total - (number + 1) * (HEIGHT + GAP)
        for name in names:
            width = round(room * (len(rooms(name)) + 2), 1)
            parts += box(x, y, width, HEIGHT, name, lines(name, int(width / 6)))
            x += width + GAP
    beside = WIDTH + 3 * GAP
    parts += box(beside, 0, SIDE, total - GAP, "proctor", ["grades;", "neither imports", "the other"])
    width, height = beside + SIDE + 2, total - GAP + 2
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 {width:g} {height:g}" width="{width:g}"'
    style = f'height="{height:g}" font-family="sans-serif" text-anchor="middle" fill="{INK}"'
    return "\n".join([f"{opening} {style}>", *parts, "</svg>\n"])


if __name__ == "__main__":
    DRAWING.write_text(drawing(), encoding="utf-8")
