"""The record of word vectors holds what its command finds in the data, and what a plain reading of the file gives."""

import sys
from pathlib import Path

import numpy as np
import pytest

from seeing import recorded
from seeing.data import DataNotFound, load_glove, load_word_vectors

EXPERIMENTS = Path(__file__).parents[2] / "book" / "_experiments"


@pytest.fixture
def experiment(monkeypatch):
    monkeypatch.syspath_prepend(EXPERIMENTS)
    import fairness_word_embeddings

    yield fairness_word_embeddings
    del sys.modules["fairness_word_embeddings"]


@pytest.fixture
def glove(real_data):
    try:
        return load_glove(real_data, download=False)
    except DataNotFound as error:
        pytest.skip(f"the 50,000 words of GloVe are not at hand: {error}")


def leaves(value, where=()):
    """Each number and word of a record, with the keys that lead to it."""
    if isinstance(value, dict | list | tuple):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        return {place: leaf for key, entry in pairs for place, leaf in leaves(entry, (*where, str(key))).items()}
    return {where: value}


def assert_same(found, known):
    found, known = leaves(recorded.rounded(found)), leaves(known)
    assert found.keys() == known.keys()
    for place, value in known.items():
        same = pytest.approx(value, abs=1e-5) if isinstance(value, float) else value
        assert found[place] == same, place


@pytest.mark.slow
def test_the_record_of_the_full_list_is_what_the_command_finds(experiment, glove):
    known = recorded.load("word_embeddings")
    assert_same(experiment.full_list(glove, known["occupations"]), known["full"])


def test_the_record_of_the_published_words_is_what_the_command_finds(experiment, real_data):
    known = recorded.load("word_embeddings")
    before = load_word_vectors(real_data, download=False, vectors="glove-occupations")
    assert_same(experiment.leanings(before), known["before"])
    assert_same(experiment.leanings(experiment.debiased(before)), known["after"])


def test_the_analogies_by_hand(glove, real_data):
    """From the lines of the file, in float64: the best words, their cosines and the place of the expected one."""
    lines = (real_data / "glove" / "glove.6B.100d.50k.txt").read_text("utf-8").splitlines()
    words, rows = zip(*(line.split(" ", 1) for line in lines), strict=True)
    unit = np.array([np.fromstring(row, sep=" ") for row in rows])
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    asked = recorded.load("word_embeddings")["full"]["analogies"]
    assert len(asked) == 4
    for row in asked:
        a, b, c = (unit[words.index(word)] for word in row["question"])
        target = b - a + c
        cosines = unit @ (target / np.linalg.norm(target))
        order = np.argsort(-cosines, kind="stable")
        ranked = [words[place] for place in order]
        assert 1 + ranked.index(row["expected"]) == row["place"]
        for forbidden, key in (((), "False"), (row["question"], "True")):
            best = [place for place in order if words[place] not in forbidden][:3]
            assert [words[place] for place in best] == [word for word, _ in row["answers"][key]]
            assert cosines[best] == pytest.approx([near for _, near in row["answers"][key]], abs=1e-5)


def test_the_figures_that_the_page_argues_with():
    """Without data: what comes of the lecture's lines, with the inputs forbidden and allowed."""
    full = recorded.load("word_embeddings")["full"]
    best = {row["question"][1]: (row["answers"]["True"][0], row["answers"]["False"][0]) for row in full["analogies"]}
    assert best["paris"] == (["london", pytest.approx(0.812, abs=5e-4)],) * 2
    assert best["programmer"][0] == ["educator", pytest.approx(0.585, abs=5e-4)]
    assert best["programmer"][1] == ["programmer", pytest.approx(0.852, abs=5e-4)]
    assert best["doctor"][0] == ["nurse", pytest.approx(0.774, abs=5e-4)]
    assert {row["question"][1]: row["place"] for row in full["analogies"]}["programmer"] == 63
