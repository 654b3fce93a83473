"""The commands: `proctor build|release|sample|grade|mutants|doctor`."""

import argparse
import sys
from pathlib import Path

from proctor.course import ClassFolder, Course, CourseError, shown


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="proctor", description="Build, release and grade assignments.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in [
        ("build", "make _build/source/<id>/<id>.ipynb from solutions/<id>/<id>.md"),
        ("release", "build, then make assignments/<id>/<id>.ipynb and fill gradebook.db; or a class's own gradebook"),
        ("sample", "write a class of good and broken submissions to _build/sample_class"),
        ("grade", "autograde what is new, write feedback, print who got what and why"),
        ("mutants", "grade a bank of typical wrong and right answers, print what the tests make of each"),
        ("doctor", "say in plain words what this machine can and cannot enforce while it grades"),
    ]:
        command = commands.add_parser(name, help=text, description=text)
        if name != "doctor":
            command.add_argument("ids", nargs="*", metavar="ID", help="assignments; all of them when left out")
    for name in ("release", "grade"):
        commands.choices[name].add_argument(
            "--class", dest="folder", type=Path, metavar="DIR", help="the class; the course's own folder when left out"
        )
    commands.choices["grade"].add_argument(
        "--force", action="store_true", help="grade everybody again, also who is up to date"
    )
    commands.choices["mutants"].add_argument(
        "--bank",
        type=Path,
        metavar="DIR",
        help="the folder <exercise>/{wrong,forbidden,right}/*.py; tests/assignments/mutants/<ID> when left out",
    )
    return top


def run(options: argparse.Namespace) -> int:
    """Do what was asked for."""
    if options.command == "doctor":
        from rich.console import Console

        from proctor.sandbox.doctor import doctor

        return doctor(Console())
    course = Course.find()
    for assignment in options.ids:
        course.check(assignment)
    folder = ClassFolder(Path(getattr(options, "folder", None) or course.root).resolve())
    if options.command == "grade":
        from proctor.grade import grade_class

        return grade_class(course, folder, options.ids, force=options.force)
    if options.command == "mutants":
        from proctor.mutants import try_banks

        return try_banks(course, options.ids or course.assignments(), options.bank)
    for assignment in options.ids or course.assignments():
        make(options.command, course, folder, assignment)
    return 0


def make(command: str, course: Course, folder: ClassFolder, assignment: str) -> None:
    """Build an assignment, and go on to its release or its sample class where that is asked for."""
    from proctor.master import build

    built = build(course, assignment)
    if command == "build":
        report(course.built(assignment), built)
    elif command == "sample":
        from proctor.sample import write_sample

        report(write_sample(course, assignment).root, True)
    elif folder.root == course.root:
        from proctor.release import release

        report(course.released(assignment), release(course, assignment))
    else:
        from proctor.classroom import set_up
        from proctor.guard import has_own_database
        from proctor.rehearsal import rehearse

        rehearse(course, assignment)
        set_up(course, folder, assignment)
        if has_own_database(folder):
            print(f"{assignment}: in the database that {shown(folder.root / 'nbgrader_config.py')} names")
        else:
            report(folder.gradebook, True)


def report(path: Path, changed: bool) -> None:
    """Say in one line what became of a file."""
    print(f"{shown(path)}: {'written' if changed else 'up to date'}")


def missing(error: ModuleNotFoundError) -> str | None:
    """What to install when a command finds no module; None where the module is not for an installation to bring.

    A library that is there without the extra `grading` has all that a student's notebook needs, and this command.
    """
    module = (error.name or "").partition(".")[0]
    if not module or module == "proctor" or module in sys.stdlib_module_names:
        return None
    return (
        f"grading needs {module}, which is not installed here: "
        'pip install "seeing-fairly[grading]" (in a clone of the course: pip install -e "lib[grading]")'
    )


def main() -> int:
    """Run a command; a mistake that a person can mend is one line, not a traceback."""
    try:
        return run(parser().parse_args())
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        if (advice := missing(error)) is None:
            raise
        print(advice, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; run the same command again to go on", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
