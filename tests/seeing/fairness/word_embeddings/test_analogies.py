"""Analogies, with the inputs and without, and what is said of unknown words."""

import numpy as np
import pytest
import torch

from seeing.data.word_vectors import WordVectors
from seeing.fairness.word_embeddings import analogy, known_sets, look_up, look_up_sets

SMALL = {
    "man": [1.0, 0.0, 0.2],
    "woman": [0.0, 1.0, 0.2],
    "king": [1.0, 0.0, 2.0],
    "queen": [0.0, 1.0, 2.0],
    "apple": [-1.0, -1.0, 0.0],
}


def test_physician_to_nurse_only_without_the_inputs(occupations):
    without = analogy(occupations, "man", "physician", "woman")
    assert without[0].word == "nurse"
    with_inputs = analogy(occupations, "man", "physician", "woman", exclude_inputs=False)
    assert [answer.word for answer in with_inputs[:2]] == ["physician", "nurse"]
    assert with_inputs[1] == without[0]


def test_equal_the_slow_loop():
    random = np.random.default_rng(0)
    vectors = {f"w{i}": random.normal(size=6) for i in range(30)}
    unit = {word: vector / np.linalg.norm(vector) for word, vector in vectors.items()}
    target = unit["w1"] - unit["w0"] + unit["w2"]
    scores = {word: vector @ target / np.linalg.norm(target) for word, vector in unit.items()}
    for exclude in (True, False):
        wanted = sorted((w for w in scores if not (exclude and w in ("w0", "w1", "w2"))), key=lambda w: -scores[w])
        found = analogy(vectors, "w0", "w1", "w2", exclude_inputs=exclude, count=30)
        assert [answer.word for answer in found] == wanted
        assert [answer.cosine for answer in found] == pytest.approx([scores[word] for word in wanted])


def test_small_cases():
    assert analogy(SMALL, "man", "king", "woman", count=1)[0].word == "queen"
    table = WordVectors(tuple(SMALL), torch.tensor(list(SMALL.values())), {})
    assert [a.word for a in analogy(table, "man", "king", "woman")] == ["queen", "apple"]
    assert [a.word for a in analogy(SMALL, "man", "king", "woman", candidates=["apple", "king"])] == ["apple"]
    assert analogy(SMALL, "man", "king", "woman", candidates=[]) == []
    twins = {**SMALL, "rani": SMALL["queen"]}
    assert [a.word for a in analogy(twins, "man", "king", "woman", count=2)] == ["queen", "rani"]


def test_unknown_words_name_the_nearest_known():
    with pytest.raises(ValueError, match=r"there is no vector of 'qeen' \(nearest known by spelling: queen"):
        analogy(SMALL, "man", "king", "qeen")
    with pytest.raises(ValueError, match=r"'Queen' \(nearest known by spelling: queen.*; 'xyz' \(nearest known by"):
        look_up(SMALL, ["Queen", "man", "xyz"])
    with pytest.raises(ValueError, match=r"; and of 2 more$"):
        look_up(SMALL, [f"man{i}" for i in range(7)])
    with pytest.raises(ValueError, match="'pear'"):
        analogy(SMALL, "man", "king", "woman", candidates=["pear"])
    with pytest.raises(ValueError, match=r"write \['king'\]"):
        look_up(SMALL, "king")


def test_bad_input():
    with pytest.raises(ValueError, match="count must be at least 1; got 0"):
        analogy(SMALL, "man", "king", "woman", count=0)
    cancelling = {"a": [1.0, 0], "b": [0.5, 0.75**0.5], "c": [0.5, -(0.75**0.5)]}
    for dtype in (torch.float32, torch.float64):  # to the last digit in one, but for a rounding error in the other
        with pytest.raises(ValueError, match="b - a \\+ c must hold no zero vector"):
            analogy({word: torch.tensor(vector, dtype=dtype) for word, vector in cancelling.items()}, "a", "b", "c")
    with pytest.raises(ValueError, match="b - a \\+ c must hold no zero vector"):
        analogy(cancelling, "a", "b", "c")
    with pytest.raises(ValueError, match="at least one word; got none"):
        look_up({}, [])
    with pytest.raises(ValueError, match="all of one length"):
        look_up({"a": [1.0], "b": [1.0, 2.0]}, ["a"])


def test_sets_of_words():
    assert look_up_sets(SMALL, [("man", "woman"), ("king", "queen")]).shape == (2, 2, 3)
    assert known_sets(SMALL, [("man", "woman"), ("boy", "girl")]) == [("man", "woman")]
    for sets in ([], [("man", "woman"), ("king",)]):
        with pytest.raises(ValueError, match="must all have one size"):
            look_up_sets(SMALL, sets)
