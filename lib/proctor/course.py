"""Where a course and a class keep their files, and the errors that a person can mend."""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


class CourseError(Exception):
    """A mistake that a person can mend: one line that names the file and the next step."""


@dataclass(frozen=True)
class Course:
    """The folders of a course.

    Args:
        root: the folder that holds `nbgrader_config.py` and `solutions/`.
    """

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> "Course":
        """The course that a folder lies in.

        Args:
            start: where to look first, then upwards; the working folder when not given.

        Raises:
            CourseError: if no folder on the way up is a course.
        """
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if (folder / "nbgrader_config.py").is_file() and (folder / "solutions").is_dir():
                return cls(folder)
        raise CourseError(
            f"{start} is not inside a course (a folder with nbgrader_config.py and solutions/): "
            "change to the course's folder first"
        )

    @property
    def build(self) -> Path:
        """What the commands make; safe to delete."""
        return self.root / "_build"

    def master(self, assignment: str) -> Path:
        """The one source of an assignment, answers and hidden tests included."""
        return self.root / "solutions" / assignment / f"{assignment}.md"

    def built(self, assignment: str) -> Path:
        """The master as the notebook that nbgrader reads."""
        return self.build / "source" / assignment / f"{assignment}.ipynb"

    def released(self, assignment: str) -> Path:
        """What students get."""
        return self.root / "assignments" / assignment / f"{assignment}.ipynb"

    def bank(self, assignment: str) -> Path:
        """Typical wrong answers and right ones, which its tests must tell apart."""
        return self.root / "tests" / "assignments" / "mutants" / assignment

    def assignments(self) -> list[str]:
        """The ids that have a master, sorted."""
        return sorted(path.stem for path in self.root.glob("solutions/*/*.md") if path.stem == path.parent.name)

    def check(self, assignment: str) -> str:
        """Return `assignment` if it is one.

        Raises:
            CourseError: if it is not; the message lists those that are and the nearest of them.
        """
        known = self.assignments()
        if assignment in known:
            return assignment
        near = get_close_matches(assignment, known, n=1, cutoff=0.4)
        hint = f"did you mean `{near[0]}`? " if near else ""
        listing = ", ".join(known) or "none yet"
        where = shown(self.master(assignment))
        raise CourseError(f"there is no assignment `{assignment}` ({where} is missing): {hint}known: {listing}")


@dataclass(frozen=True)
class ClassFolder:
    """One class: `submitted/<student>/<id>/<id>.ipynb` and what grading makes of it.

    Args:
        root: the folder; the course's own root is the default class.
    """

    root: Path

    @property
    def gradebook(self) -> Path:
        """Tests, points and scores, as nbgrader keeps them."""
        return self.root / "gradebook.db"

    def submission(self, student: str, assignment: str) -> Path:
        """Where a student's notebook is expected."""
        return self.root / "submitted" / student / assignment / f"{assignment}.ipynb"

    def autograded(self, student: str, assignment: str) -> Path:
        """The notebook after its cells ran."""
        return self.root / "autograded" / student / assignment / f"{assignment}.ipynb"

    def feedback(self, student: str, assignment: str) -> Path:
        """The page that the student gets back."""
        return self.root / "feedback" / student / assignment / f"{assignment}.html"

    def students(self, assignment: str) -> list[str]:
        """Who handed in a folder for this assignment, whatever is in it; sorted."""
        return sorted(path.parent.name for path in self.root.glob(f"submitted/*/{assignment}") if path.is_dir())

    def assignments(self) -> list[str]:
        """The ids that somebody handed in a folder for; sorted."""
        return sorted({path.name for path in self.root.glob("submitted/*/*") if path.is_dir()})


def write_if_changed(path: Path, text: str) -> bool:
    """Write a file only when its content differs, so that nothing after it is done again.

    Args:
        path: made with its folders when missing.
        text: the whole content.

    Returns:
        Whether the file was written.
    """
    if path.is_file() and path.read_bytes() == text.encode():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return True


def shown(path: Path) -> str:
    """A path as short as it can be typed from the working folder."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
