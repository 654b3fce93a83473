"""The body of a `predict` directive taken apart, and as plain Markdown for the notebook to download."""

import re
from dataclasses import dataclass

HEADING = "Predict before you run."
CHOICE = re.compile(r"^[-*+] \[(?P<mark>[ xX])\] +(?P<text>.*)$")


@dataclass(frozen=True)
class Paragraph:
    """A piece of the directive's Markdown, and how many lines of its body stand before it."""

    text: str
    offset: int


@dataclass(frozen=True)
class Answer:
    """A choice, or the number with its unit; the sentence that goes with it; whether it is right."""

    text: Paragraph
    sentence: Paragraph
    right: bool


@dataclass(frozen=True)
class Prediction:
    """A question, and what can be answered: some choices, or one number."""

    question: Paragraph
    answers: list[Answer]


def paragraphs(lines: list[str], offset: int = 0) -> list[Paragraph]:
    """The paragraphs of some lines, taken off their indentation."""
    found, kept = [], []
    for at, line in enumerate([*lines, ""]):
        if line.strip():
            kept.append(line.strip())
        elif kept:
            found.append(Paragraph("\n".join(kept), offset + at - len(kept)))
            kept = []
    return found


def read_prediction(lines: list[str], number: str = "", unit: str = "") -> Prediction:
    """Take the body of a directive apart.

    Args:
        lines: the body, without the options.
        number: the right number, where one is asked for.
        unit: what it counts.

    Raises:
        ValueError: if something is missing or too much; the message says what to do.
    """
    starts = [at for at, line in enumerate(lines) if CHOICE.match(line)]
    if number:
        return _with_number(lines, starts, f"{number} {unit}".strip())
    if not 2 <= len(starts) <= 4:
        raise ValueError(f"it has {len(starts)} choices: write two to four, each as `- [ ] choice` or `- [x] choice`")
    question = _joined(paragraphs(lines[: starts[0]]))
    answers = [_answer(lines, at, end) for at, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    right = sum(answer.right for answer in answers)
    if right != 1:
        raise ValueError(f"{right} of its choices are marked right: mark one, and only one, as `- [x] choice`")
    return Prediction(question, answers)


def _with_number(lines: list[str], choices: list[int], text: str) -> Prediction:
    if choices:
        raise ValueError("it has choices and a number: take the option `:number:` out, or the choices")
    *question, sentence = paragraphs(lines) or [Paragraph("", 0)]
    if not question:
        raise ValueError("the number has no sentence: write the question, and in a paragraph after it the sentence")
    return Prediction(_joined(question), [Answer(Paragraph(text, 0), sentence, right=True)])


def _joined(parts: list[Paragraph]) -> Paragraph:
    if not parts:
        raise ValueError("it has no question: write it before the first choice")
    return Paragraph("\n\n".join(part.text for part in parts), parts[0].offset)


def _answer(lines: list[str], at: int, end: int) -> Answer:
    match = CHOICE.match(lines[at])
    parts = paragraphs([match["text"], *lines[at + 1 : end]], at)
    if len(parts) != 2:
        raise ValueError(
            f"the choice {match['text']!r} needs one paragraph that says why it is right or tempting: "
            "after an empty line, indented by two spaces"
        )
    return Answer(*parts, right=match["mark"] != " ")


def plain_prediction(prediction: Prediction, heading: str) -> list[str]:
    """The prediction as CommonMark: the question, the choices, and the answers in a fold."""
    choices = prediction.answers if len(prediction.answers) > 1 else []
    listed = [f"- {one_line(answer.text)}" for answer in choices]
    verdicts = [
        f"- **{one_line(answer.text)}**{' (right)' if answer.right and choices else ''}: {one_line(answer.sentence)}"
        for answer in prediction.answers
    ]
    question = f"**{heading}** {prediction.question.text}"
    fold = ["<details><summary>Answer</summary>", "", *verdicts, "", "</details>"]
    return ["", *question.split("\n"), "", *listed, "", *fold, ""]


def one_line(part: Paragraph) -> str:
    """A paragraph without its line breaks."""
    return part.text.replace("\n", " ")
