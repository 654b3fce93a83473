"""The directive `predict`: a question to commit to before the cell below it is seen, and a sentence for each answer.

Two to four choices, one of them right, each followed by its sentence:

    :::{predict}
    How many windows read the pixel in the middle?

    - [ ] one

      One window is centred on it; others hold it too.

    - [x] four

      Each corner of the window may lie on it.
    :::

Or a number, whose sentence is the last paragraph: `:number: 250`, `:tolerance: 10` and `:unit: million parameters`.
An argument takes the place of "Predict before you run."; with `:open:` the next output is not covered. What stands here
reads without a script, the answers folded; `_static/quiz/quiz.mjs` makes the buttons and covers the output.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from .predict_text import HEADING, Answer, Paragraph, Prediction, read_prediction

logger = logging.getLogger(__name__)
SCRIPT = "quiz/quiz.mjs"


class html_element(nodes.General, nodes.TextElement):
    """An HTML element: its `tag`, and its attributes in `html`."""


class prediction_form(html_element):
    """The whole of a prediction."""


def visit_element(self, node: html_element) -> None:
    """Open the element."""
    self.body.append(self.starttag(node, node["tag"], "", **node.get("html", {})))


def depart_element(self, node: html_element) -> None:
    """Close it."""
    end = "\n" if node["tag"] in {"div", "fieldset", "form", "legend", "li", "ul"} else ""
    self.body.append(f"</{node['tag']}>{end}")


def element(tag: str, *children: nodes.Node, classes: str = "", **html: str) -> html_element:
    """An HTML element with children."""
    return html_element("", "", *children, tag=tag, classes=classes.split(), html=html)


class Predict(SphinxDirective):
    """See the head of this module."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable]] = {
        "number": directives.unchanged_required,
        "tolerance": directives.unchanged_required,
        "unit": directives.unchanged_required,
        "open": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """The prediction; nothing, and a warning, where it is malformed."""
        try:
            for option in ("number", "tolerance"):
                checked_number(option, self.options.get(option, "0"))
            number, unit = (self.options.get(name, "") for name in ("number", "unit"))
            prediction = read_prediction(list(self.content), number, unit)
            return [self.form(prediction)]
        except ValueError as error:
            logger.warning("predict: %s", error, location=(self.env.docname, self.lineno))
            return []

    def form(self, prediction: Prediction) -> nodes.Node:
        """The nodes of a prediction."""
        number = "number" in self.options
        heading = self.arguments[0] if self.arguments else HEADING
        name = f"predict-{self.env.new_serialno('predict')}"
        question = element("div", *self.blocks(prediction.question), classes="predict-question")
        question["ids"] = [name]
        inside = [element("legend", nodes.Text(heading)), question]
        texts = [self.line(answer.text) for answer in prediction.answers]
        if not number:
            choices = [element("li", *deepcopy(text)) for text in texts]
            inside.append(element("ul", *choices, classes="predict-choices"))
        items = [self.answer(answer, text, number) for answer, text in zip(prediction.answers, texts, strict=True)]
        answers = element("details", element("summary", nodes.Text("Answer")), element("ul", *items))
        answers["classes"] = ["predict-answers"]
        given = {key: value for key, value in self.options.items() if key != "open"}
        html = {f"data-{key}": value for key, value in given.items()}
        if "open" in self.options:
            html["data-open"] = "true"
        fieldset = element("fieldset", *inside, **{"aria-describedby": name})
        form = prediction_form("", "", fieldset, answers, tag="form", classes=["predict"], html=html)
        form.source, form.line = self.get_source_info()
        return form

    def answer(self, answer: Answer, text: list[nodes.Node], number: bool) -> nodes.Node:
        """One answer with its sentence, as it is shown once the reader has committed."""
        verdict = "" if number else "Right: " if answer.right else "Not so: "
        return element(
            "li",
            element("strong", nodes.Text(verdict), *text, nodes.Text("."), classes="predict-verdict"),
            nodes.Text(" "),
            element("span", *self.line(answer.sentence), classes="predict-why"),
            **{"data-right": str(answer.right).lower()},
        )

    def blocks(self, part: Paragraph) -> list[nodes.Node]:
        """The nodes of some Markdown."""
        box = nodes.Element()
        self.state.nested_parse(StringList(part.text.split("\n"), ""), self.content_offset + part.offset, box)
        return box.children

    def line(self, part: Paragraph) -> list[nodes.Node]:
        """The nodes of one paragraph, as part of a line."""
        return [child for block in self.blocks(part) for child in block.children]


def checked_number(option: str, text: str) -> float:
    """The number that an option states.

    Raises:
        ValueError: if it is none.
    """
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"`:{option}: {text}` is no number: write digits, and what they count as `:unit:`") from None


def load_script(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Add the script to the head of a page with a prediction (`html-page-context`)."""
    if doctree is not None and next(iter(doctree.findall(prediction_form)), None) is not None:
        app.add_js_file(SCRIPT, type="module")


def setup(app: Sphinx) -> None:
    """Register the directive, and how its nodes become HTML."""
    for node in (html_element, prediction_form):
        app.add_node(node, html=(visit_element, depart_element))
    app.add_directive("predict", Predict)
    app.connect("html-page-context", load_script)
