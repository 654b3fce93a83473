"""A page's notebook reads well in plain Jupyter, is valid, and runs from the first cell to the last."""

import base64
import re

import nbformat
import pytest
from seeing_book.notebooks import Page, plain_notebook

REFERENCES = {
    ("numref", "fig-pool"): "Fig. 1",
    ("ref", "stamp"): "The stamp",
    ("doc", "notation"): "notation",
    ("eq", "eq-stamp"): "(3)",
    ("numref", "ex"): "Exercise 2",
    ("cite", "long2015fully"): "long2015fully",
    ("cite", "noh2015learning"): "noh2015learning",
    ("bibliography", ""): "- [long2015fully] Long et al.",
}
REQUIREMENT = "seeing-fairly @ git+https://example.org/x#subdirectory=lib"


@pytest.fixture
def page(tmp_path):
    (tmp_path / "book" / "segmentation").mkdir(parents=True)
    (tmp_path / "book" / "dot.png").write_bytes(b"\x89PNG")
    (tmp_path / "pooling.py").write_text('def f(x):\n    """Doc."""\n    return x\n\n\ndef g(x):\n    return 2 * x\n')
    return Page(tmp_path / "book" / "segmentation" / "unpooling.md", tmp_path / "book", lambda *key: REFERENCES[key])


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("(stamp)=\n## The stamp", "## The stamp"),
        ("See {numref}`fig-pool`.", "See Fig. 1."),
        ("See {numref}`Figure %s <fig-pool>`.", "See Figure 1."),
        ("{ref}`the idea <stamp>` and {ref}`stamp`", "the idea and The stamp"),
        ("{doc}`notation`, {eq}`eq-stamp`", "notation, (3)"),
        ("It is so. {doc}`notation` says why, see {doc}`notation`", "It is so. Notation says why, see notation"),
        ("- {doc}`notation`: a list", "- Notation: a list"),
        ("shown {cite:p}`long2015fully,noh2015learning`", "shown [long2015fully]; [noh2015learning]"),
        ("{math}`x^2` and {kbd}`Enter`", "$x^2$ and `Enter`"),
        ("`{ref}` in code, $x_1$ and **bold**", "`{ref}` in code, $x_1$ and **bold**"),
        ("$$\na = b\n$$ (eq-stamp)", "$$\na = b\n$$"),
        ("% a note to authors\ntext\n{.wide}", "text"),
        ("```{math}\n:label: eq-stamp\na = b\n```", "$$\na = b\n$$"),
        ("```python\n{ref}`stamp`\n(stamp)=\n```", "```python\n{ref}`stamp`\n(stamp)=\n```"),
        ("```{code-block} python\nx = 1\n```", "```python\nx = 1\n```"),
        ("```{note}\nMind $x$.\n```", "**Note**\n\nMind $x$."),
        ("```{admonition} Predict {ref}`stamp`\n:class: tip\nA shape?\n```", "**Predict The stamp**\n\nA shape?"),
        (":::{dropdown} Why\nBecause.\n:::", "<details><summary>Why</summary>\n\nBecause.\n\n</details>"),
        ("```{exercise} By hand\n:label: ex\nDo it.\n```", "**Exercise 2: By hand**\n\nDo it."),
        ("```{solution} ex\n:class: dropdown\n42\n```", "<details><summary>Answer</summary>\n\n42\n\n</details>"),
        ("## Sources\n\n```{bibliography}\n```", "## Sources\n\n- [long2015fully] Long et al."),
        ("```{tableofcontents}\n```", ""),
        ("[next](transposed_conv.md), [task](#upsampling)", "next, task"),
        (
            "[paper](https://example.org/a) ![a](attachment:a.png)",
            "[paper](https://example.org/a) ![a](attachment:a.png)",
        ),
    ],
)
def test_myst_becomes_plain_markdown(page, written, plain):
    assert page.plain(written) == plain


def test_directives_inside_directives(page):
    written = "````{exercise} Code\n:label: ex\n\n```{hint}\nLook at {ref}`stamp`.\n```\n\n```python\nx\n```\n````"
    assert page.plain(written) == "**Exercise 2: Code**\n\n**Hint**\n\nLook at The stamp.\n\n```python\nx\n```"


def test_an_unclosed_fence_takes_the_rest(page):
    assert page.plain("```{note}\nopen") == "**Note**\n\nopen"


def test_included_source_is_shown_as_sphinx_cuts_it(page):
    plain = page.plain("```{literalinclude} ../../pooling.py\n:language: python\n:pyobject: g\n```")
    assert plain == "```python\ndef g(x):\n    return 2 * x\n```"
    plain = page.plain("```{literalinclude} ../../pooling.py\n:start-at: return 2\n:dedent: 4\n```")
    assert plain == "```python\nreturn 2 * x\n```"


def notebook(*cells):
    kernel = {"name": "python3", "display_name": "Python 3"}
    return nbformat.v4.new_notebook(cells=list(cells), metadata={"kernelspec": kernel})


def test_a_figure_travels_inside_its_cell(page):
    source = "```{figure} ../dot.png\n:alt: A dot.\n:name: fig-dot\n\n**A dot.** Small.\n```"
    plain = plain_notebook(notebook(nbformat.v4.new_markdown_cell(source)), page, REQUIREMENT)
    cell = plain.cells[1]
    assert cell.source == "![A dot.](attachment:dot.png)\n\n**A dot.** Small."
    assert base64.b64decode(cell.attachments["dot.png"]["image/png"]) == b"\x89PNG"


def first_cell_installs(source, monkeypatch, there=lambda name: False):
    """What the first cell hands to pip, call by call, where `there` says which modules can be imported."""
    calls = []
    monkeypatch.setattr("subprocess.run", lambda command, **options: calls.append(command[5:]))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object() if there(name) else None)
    exec(source, {})
    return calls


def test_the_first_cell_installs_only_what_is_missing(page, monkeypatch):
    plain = plain_notebook(notebook(nbformat.v4.new_code_cell("1 + 1")), page, REQUIREMENT).cells[0].source
    assert first_cell_installs(plain, monkeypatch, lambda name: True) == []
    assert first_cell_installs(plain, monkeypatch) == [[REQUIREMENT]]


def test_the_first_cell_installs_what_the_page_imports_besides(page, monkeypatch):
    cell = nbformat.v4.new_code_cell("import numpy\n\ndef later():\n    from fairlearn.reductions import GridSearch")
    plain = plain_notebook(notebook(cell), page, REQUIREMENT).cells[0].source
    assert first_cell_installs(plain, monkeypatch, lambda name: True) == []
    assert first_cell_installs(plain, monkeypatch, lambda name: name != "fairlearn") == [["fairlearn==0.15.0"]]
    assert first_cell_installs(plain, monkeypatch) == [["fairlearn==0.15.0", REQUIREMENT]]


def test_where_torch_is_what_is_there_stays_and_what_is_missing_comes(page, monkeypatch):
    """As on Colab, whose own torch pip might replace, or where somebody has torch and little else."""
    plain = plain_notebook(notebook(nbformat.v4.new_code_cell("1 + 1")), page, REQUIREMENT).cells[0].source
    colab = {"torch", "torchvision", "numpy", "matplotlib", "numba", "tqdm", "scipy", "sklearn"}
    assert first_cell_installs(plain, monkeypatch, colab.__contains__) == [["--no-deps", REQUIREMENT]]
    calls = first_cell_installs(plain, monkeypatch, {"torch", "numpy"}.__contains__)
    assert calls[0] == ["--no-deps", REQUIREMENT]
    names = {re.match(r"[\w-]+", package)[0] for package in calls[1]}
    assert names == {"matplotlib", "numba", "scikit-learn", "scipy", "torchvision", "tqdm"}


def test_outputs_go_and_hidden_code_is_folded(page):
    output = nbformat.v4.new_output("stream", text="4")
    cell = nbformat.v4.new_code_cell("2 + 2", outputs=[output], execution_count=3, metadata={"tags": ["hide-input"]})
    plain = plain_notebook(notebook(cell), page, REQUIREMENT).cells[1]
    assert (plain.outputs, plain.execution_count) == ([], None)
    assert plain.metadata["jupyter"] == {"source_hidden": True}


def test_the_code_of_an_answer_is_folded(page):
    texts = ["```{solution-start} ex\n:class: dropdown\n```\n\nSo:", "```{solution-end}\n```\n\nAfter."]
    code = [nbformat.v4.new_code_cell(source) for source in ("before", "answer", "after")]
    start, end = (nbformat.v4.new_markdown_cell(text) for text in texts)
    plain = plain_notebook(notebook(code[0], start, code[1], end, code[2]), page, REQUIREMENT)
    assert [cell.source for cell in plain.cells[1:]] == ["before", "**Answer**\n\nSo:", "answer", "After.", "after"]
    assert [cell.source for cell in plain.cells[1:] if "jupyter" in cell.metadata] == ["answer"]


def test_a_figures_caption_follows_its_cell(page):
    figure = {"caption": "**The stamp.** See {ref}`stamp`.", "name": "fig-stamp"}
    cell = nbformat.v4.new_code_cell("draw()", metadata={"mystnb": {"figure": figure}})
    assert plain_notebook(notebook(cell), page, REQUIREMENT).cells[2].source == "**The stamp.** See The stamp."


def test_the_same_page_gives_the_same_file(page):
    given = notebook(nbformat.v4.new_markdown_cell("text"), nbformat.v4.new_code_cell("1"))
    assert plain_notebook(given, page, REQUIREMENT) == plain_notebook(given, page, REQUIREMENT)
