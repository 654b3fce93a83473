"""A `pip install` that needs no network: it links packages of a catalogue, with what they declare to require.

READER_SITE=folder python offline_pip.py catalogue.json install [--quiet] [--no-deps] REQUIREMENT...
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OPTIONS = {"--quiet", "--no-deps"}


def resolved(texts: list[str], catalogue: dict[str, dict], dependencies: bool = True) -> Iterator[str]:
    """The packages that `texts` install: those named, what they require, and so on, each once.

    Raises:
        LookupError: if the catalogue has none of the name, or another version than is asked for.
    """
    done, left = set(), [(Requirement(text), "") for text in texts]
    while left:
        one, by = left.pop()
        name = canonicalize_name(one.name)
        if one.marker and not one.marker.evaluate({"extra": ""}):
            continue
        offered = catalogue.get(name)
        if offered is None:
            raise LookupError(f"no package {name!r} is installed here{by}")
        if not one.specifier.contains(offered["version"], prereleases=True):
            raise LookupError(f"{name} {offered['version']} is installed here, {one}{by} is asked for")
        if name not in done:
            yield name
        if (name, *one.extras) in done or not dependencies:
            continue
        done |= {name, (name, *one.extras)}
        for text in offered["requires"]:
            further = Requirement(text)
            if not further.marker or any(further.marker.evaluate({"extra": extra}) for extra in {"", *one.extras}):
                further.marker = None
                left.append((further, f" (for {name})"))


def install(site: Path, texts: list[str], catalogue: dict[str, dict], dependencies: bool = True) -> None:
    """Link what `texts` name into `site`; what is there stays."""
    for name in list(resolved(texts, catalogue, dependencies)):
        for part, source in catalogue[name]["links"].items():
            link = site / part
            if not link.exists():
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(source)


def main(catalogue: str, command: str, *arguments: str) -> int | str:
    """The command line; what is returned is the exit status."""
    options = {argument for argument in arguments if argument.startswith("-")}
    if command != "install" or options - OPTIONS:
        return f"a reader's pip knows `install` with {sorted(OPTIONS)} only, got {command} {sorted(options)}"
    texts = [argument for argument in arguments if argument not in options]
    try:
        site = Path(os.environ["READER_SITE"])
        _, offered = json.loads(Path(catalogue).read_text())
        install(site, texts, offered, dependencies="--no-deps" not in options)
    except LookupError as error:
        return f"ERROR: {error}"
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
