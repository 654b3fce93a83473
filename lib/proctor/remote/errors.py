"""Errors on both sides: what the test's process raises, and how a student's exception crosses.

A student's exception becomes the closest built-in class in the test's process, with the student's message and a
note that names the student's class and line. No exception with a meaning of its own for Python or for the grading
(StopIteration, KeyboardInterrupt, SystemExit, RuleBroken) can be called up from the student's process.
"""

import builtins
import re
import traceback

MESSAGE = 4_000  # characters
TRACEBACK = 8_000
FRAMES = 20
ANCESTORS = 16
WITHHELD = {"Exception", "StopIteration", "StopAsyncIteration"}


class StudentError(Exception):
    """An exception of the student's that has no built-in class."""

    from_student = True
    student_frames: tuple[str, ...] = ()
    student_traceback = ""


class StudentTimeout(StudentError):
    """The student's code ran too long."""


class StudentDied(StudentError):
    """The student's process is gone."""


class ProtocolError(StudentError):
    """The student's process sent something that no honest one sends."""


BUILTIN = {
    name: one
    for name, one in vars(builtins).items()
    if isinstance(one, type) and issubclass(one, Exception) and name not in WITHHELD
}


def identifier(name: object) -> str:
    """A name for messages: letters, digits and underscores, at most 40; "object" if nothing is left."""
    found = re.sub(r"\W", "", name)[:40] if type(name) is str else ""
    return found or "object"


def described(error: BaseException, notebook: dict) -> list:
    """The student's exception as plain values. Nothing of it may stop the description.

    Args:
        error: any.
        notebook: the namespace of the student's cells, whose frames are told.

    Returns:
        Class name, names of the built-in ancestors, message, frames as [function, line], traceback as text.
    """
    kind = type(error)
    ancestors = [one.__name__ for one in type.mro(kind) if getattr(builtins, one.__name__, None) is one]
    frames = []
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_globals is notebook:
            frames.append([step.tb_frame.f_code.co_name, step.tb_lineno])
        step = step.tb_next
    return [
        kind.__name__[:200],
        ancestors[:ANCESTORS],
        message_of(error),
        frames[-FRAMES:],
        guarded(lambda: "".join(traceback.format_exception(error)))[-TRACEBACK:],
    ]


def message_of(error: BaseException) -> str:
    """An exception's message, such that the same class made with it has the same one."""
    arguments = error.args
    if len(arguments) == 1 and type(arguments[0]) is str:
        return arguments[0][:MESSAGE]
    return guarded(lambda: str(error))[:MESSAGE]


def guarded(text) -> str:
    """A text that the student's code makes; a plain str whatever that code does."""
    try:
        return str.__str__(text())[:]
    except BaseException as error:
        return f"(no text: {type(error).__name__})"


def rebuilt(record: object) -> Exception:
    """The exception to raise for a student's.

    Args:
        record: as `described` gives it, from the student's process: checked.

    Raises:
        ProtocolError: if the record is none.
    """
    name, ancestors, message, frames, text = checked(record)
    name = identifier(name)
    if name == "KeyboardInterrupt":
        error = StudentTimeout("the student's code ran too long and was interrupted")
    else:
        error = closest(ancestors, name, message[:MESSAGE])
    error.from_student = True
    error.student_frames = tuple(f"function `{identifier(function)}`, line {line}" for function, line in frames)
    error.student_traceback = text[-TRACEBACK:]
    place = f", {error.student_frames[-1]}" if frames else ""
    error.add_note(f"raised by the student's code: {name}{place}")
    return error


def checked(record: object) -> list:
    """The record, if its parts have the right types."""
    types = [str, list, str, list, str]
    if type(record) is not list or [type(part) for part in record] != types:
        raise ProtocolError("an exception without its five parts")
    if any(type(one) is not str for one in record[1]) or len(record[1]) > ANCESTORS or len(record[3]) > FRAMES:
        raise ProtocolError("an exception with a class list or frames of the wrong kind")
    for frame in record[3]:
        if type(frame) is not list or [type(part) for part in frame] != [str, int]:
            raise ProtocolError("an exception with a frame that is not a function and a line")
    return record


def closest(ancestors: list[str], name: str, message: str) -> Exception:
    """The first built-in class of the list that takes a message; `StudentError` if none does."""
    for one in ancestors:
        if one in BUILTIN:
            try:
                return BUILTIN[one](message)
            except TypeError:  # such as UnicodeDecodeError, which wants five values
                continue
    return StudentError(f"{name}: {message}")
