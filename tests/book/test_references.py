"""References as text, for notebooks."""

from types import SimpleNamespace

import pytest
from pybtex.database import Entry, Person
from seeing_book.references import author_year, reference_text


@pytest.mark.parametrize(
    ("authors", "text"),
    [
        (["Odena, Augustus"], "Odena, 2016"),
        (["Dumoulin, Vincent", "Visin, Francesco"], "Dumoulin and Visin, 2016"),
        (["van Gogh, A.", "Visin, F.", "Odena, A."], "van Gogh et al., 2016"),
    ],
)
def test_a_cited_work_is_named_by_author_and_year(authors, text):
    entry = Entry("article", fields={"year": "2016"}, persons={"author": [Person(name) for name in authors]})
    assert author_year(entry) == text


@pytest.fixture
def env():
    """The parts of Sphinx's environment that references are looked up in."""

    def title(text):
        return SimpleNamespace(astext=lambda: text)

    standard = SimpleNamespace(
        labels={"stamp": ("segmentation/transposed_conv", "the-stamp", "The stamp")},
        anonlabels={"fig-pool": ("segmentation/unpooling", "fig-pool")},
    )
    domains = {
        "std": standard,
        "math": SimpleNamespace(equations={"eq-size": ("segmentation/transposed_conv", 3)}),
        "cite": SimpleNamespace(citations=[]),
    }
    return SimpleNamespace(
        metadata={"notation": {"short_name": "notation"}, "segmentation/unpooling": {"short_name": "unpooling"}},
        toc_fignumbers={"segmentation/unpooling": {"figure": {"fig-pool": (2, 1)}}},
        config=SimpleNamespace(numfig_format={"figure": "Fig. %s"}),
        get_domain=domains.__getitem__,
    )


@pytest.mark.parametrize(
    ("role", "target", "text"),
    [
        ("doc", "/notation", "notation"),
        ("doc", "unpooling", "unpooling"),
        ("doc", "../notation", "notation"),
        ("doc", "nowhere", "nowhere"),
        ("ref", "stamp", "The stamp"),
        ("ref", "Stamp", "The stamp"),
        ("numref", "fig-pool", "Fig. 2.1"),
        ("ref", "unknown", "unknown"),
        ("eq", "eq-size", "(3)"),
        ("cite", "unknown2020", "unknown2020"),
        ("bibliography", "", ""),
    ],
)
def test_a_reference_is_what_the_page_shows(env, role, target, text):
    assert reference_text(env, "segmentation/index", role, target) == text
