"""Word vectors and word lists: the real ones, small ones, malformed ones."""

import json

import pytest
import torch

from seeing.data import BadFile, load_word_lists, load_word_vectors
from tests.seeing.data.trees import write

WORD2VEC = "weat_w2v_300d_347words.txt"
LISTS = {
    "definitional_pairs": [["she", "he"]],
    "equalize_pairs": [["monastery", "convent"]],
    "gender_specific_full": ["king"],
    "gender_specific_seed": ["queen"],
    "professions": [["actor", 0.8, 0]],
}


def make(folder, **contents):
    for name, content in contents.items():
        write(folder / f"{name}.json", json.dumps(content))


def test_the_real_word2vec(real_data):
    vectors = load_word_vectors(real_data, download=False)
    assert (len(vectors), vectors.vectors.shape, vectors.vectors.dtype) == (347, (347, 300), torch.float32)
    assert vectors["management"][:2].tolist() == pytest.approx([-0.15332031, 0.103515625])
    assert len(vectors.sets) == 31
    assert vectors.stack(vectors.sets["flowers"]).shape == (25, 300)
    with pytest.raises(ValueError, match=r"there is no vector of axe$"):
        vectors.stack(vectors.sets["weapons"])


def test_the_real_glove(real_data):
    vectors = load_word_vectors(real_data, False, vectors="glove-insects")
    assert {name: len(words) for name, words in vectors.sets.items()} == dict.fromkeys(
        ["target_1", "target_2", "attribute_1", "attribute_2"], 25
    )
    assert vectors.vectors.shape == (100, 300)
    # Caliskan and others report an effect of 1.50 for flowers and insects.
    unit = {name: torch.nn.functional.normalize(vectors.stack(words)) for name, words in vectors.sets.items()}
    lean = [
        (unit[target] @ unit["attribute_1"].T).mean(1) - (unit[target] @ unit["attribute_2"].T).mean(1)
        for target in ("target_1", "target_2")
    ]
    assert ((lean[0].mean() - lean[1].mean()) / torch.cat(lean).std()).item() == pytest.approx(1.50, abs=0.02)


def test_the_real_occupations(real_data):
    vectors = load_word_vectors(real_data, False, vectors="glove-occupations")
    assert {name: len(words) for name, words in vectors.sets.items()} == {
        "target": 50,
        "attribute_1": 8,
        "attribute_2": 8,
    }
    assert len(vectors.percent_women) == 20
    assert set(vectors.percent_women) <= set(vectors.sets["target"])


def test_the_real_lists(real_data):
    lists = load_word_lists(real_data, download=False)
    assert [len(getattr(lists, name)) for name in LISTS] == [10, 52, 1441, 218, 320]
    assert lists.definitional_pairs[2] == ("she", "he")
    assert lists.professions[2] == ("actor", 0.8, 0)


def test_small_vectors(tmp_path):
    write(tmp_path / WORD2VEC, "2 3\nfly 1 2 3\nant -1 0.5 1e-3\n")
    make(tmp_path, WEAT={"insects": ["fly", "ant", "flea"]})
    vectors = load_word_vectors(tmp_path)
    assert vectors.words == ("fly", "ant")
    assert vectors["ant"].tolist() == pytest.approx([-1, 0.5, 0.001])
    assert "fly" in vectors
    assert "flea" not in vectors
    assert vectors.stack([]).shape == (0, 3)
    assert vectors.percent_women == {}
    with pytest.raises(ValueError, match="there is no vector of flea, bee"):
        vectors.stack(["fly", "flea", "bee"])
    with pytest.raises(
        ValueError, match="vectors must be one of word2vec, glove-insects, glove-occupations; got 'bert'"
    ):
        load_word_vectors(tmp_path, vectors="bert")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("fly 1 2 3\n", "line 1: the numbers of words and of dimensions were expected"),
        ("2 3\nfly 1 2 3\n", "line 1, a header, says 2 words; got 1"),
        ("1 3\nfly 1 2\n", "line 2: a word and 3 finite numbers were expected; got 'fly 1 2'"),
        ("1 3\nfly 1 2 x\n", "line 2: a word and 3 finite numbers"),
        ("1 3\nfly 1 2 nan\n", "line 2: a word and 3 finite numbers"),
        ("1 0\nfly\n", "finite numbers"),
        ("0 3\n", "words with vectors were expected; got none"),
    ],
)
def test_malformed_word2vec(tmp_path, text, message):
    write(tmp_path / WORD2VEC, text)
    make(tmp_path, WEAT={})
    with pytest.raises(ValueError, match=rf"347words\.txt: .*{message}"):
        load_word_vectors(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, "words with vectors were expected"),
        ({"target": "nurse 1"}, "a list of words was expected"),
        ({"target": [5]}, "a list of words was expected"),
        ({"target": ["nurse"]}, "target, 0: a word and some finite numbers"),
        ({"target": ["nurse 1 2", "lawyer 1"]}, "target, 1: a word and 2 finite numbers"),
        ({"target": ["nurse 1 2", "lawyer 1 2 3"]}, "target, 1: a word and 2 finite numbers"),
        ({"target": ["nurse 1 2", "nurse 1 3"]}, "target, 1: 'nurse' has another vector before"),
    ],
)
def test_malformed_glove(tmp_path, content, message):
    make(tmp_path, wefat_1_embedded=content, wefat_1_percentage_women={"nurse": 90})
    with pytest.raises(BadFile, match=rf"wefat_1_embedded\.json: {message}"):
        load_word_vectors(tmp_path, vectors="glove-occupations")


def test_a_word_may_stand_in_two_sets(tmp_path):
    make(tmp_path, wefat_1_embedded={"a": ["nurse 1 2"], "b": ["nurse 1 2", "actor 3 4"]})
    make(tmp_path, wefat_1_percentage_women={})
    found = load_word_vectors(tmp_path, vectors="glove-occupations")
    assert (found.words, found.sets["b"]) == (("nurse", "actor"), ("nurse", "actor"))


@pytest.mark.parametrize("percent", [190, float("nan"), True, "90"])
def test_malformed_percentages(tmp_path, percent):
    make(tmp_path, wefat_1_embedded={"target": ["nurse 1 2"]}, wefat_1_percentage_women={"nurse": percent})
    with pytest.raises(BadFile, match=r"women\.json: a percentage"):
        load_word_vectors(tmp_path, vectors="glove-occupations")


def test_malformed_lists(tmp_path):
    folder = tmp_path / "embeddings" / "debiaswe"
    make(folder, **LISTS)
    assert load_word_lists(tmp_path).professions == (("actor", 0.8, 0),)
    for name, content, message in [
        ("professions", [["actor", 0.8]], r"entry 0: \[str, float, float\] was expected; got \['actor', 0.8\]"),
        ("definitional_pairs", ["she"], r"entry 0: \[str, str\] was expected; got 'she'"),
        ("gender_specific_seed", {"a": 1}, "a JSON list was expected; got dict"),
        ("gender_specific_full", [1], "a list of words was expected"),
    ]:
        make(folder, **{**LISTS, name: content})
        with pytest.raises(BadFile, match=rf"{name}\.json: {message}"):
            load_word_lists(tmp_path)
