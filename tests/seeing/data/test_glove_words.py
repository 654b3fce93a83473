"""The fifty thousand words: as shipped, made from the package's file, and refused where they are others."""

import hashlib
import json

import pytest

from seeing.data import BadFile, DataNotFound, glove_words, load_glove
from seeing.data.download import Remote, Source
from tests.seeing.data.trees import write

# As the package writes: words, then each with its numbers, its length and its place.
PACKED = {
    "size": 3,
    "words": ["the", "cafés", "of"],
    "vectors": {"the": [0.5, -1, 5.8, 0], "cafés": [1e-7, 2, 5.8, 1], "of": [3, 4, 5.8, 2]},
}
ORIGIN = json.dumps(PACKED, separators=(",", ":"), ensure_ascii=False).encode()
MADE = "the 0.5 -1\ncafés 1e-07 2\n"


@pytest.fixture
def two_words(monkeypatch):
    monkeypatch.setattr(glove_words, "WORDS", 2)
    monkeypatch.setattr(glove_words, "LENGTH", 2)
    monkeypatch.setattr(glove_words, "TEXT_SHA256", hashlib.sha256(MADE.encode()).hexdigest())


def names(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def served(monkeypatch, url, content=ORIGIN):
    remote = Remote(url, glove_words.ORIGIN, sha256=hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(glove_words, "SOURCE", Source("glove", "words", "http://example.org", (remote,)))


def test_the_real_words(real_data):
    glove = load_glove(real_data, download=False)
    assert (len(glove), glove.vectors.shape) == (50_000, (50_000, 100))
    assert glove.words[:5] == ("the", ",", ".", "of", "to")
    assert glove.words[-1] == "caloric"
    assert glove["the"][:2].tolist() == pytest.approx([-0.038194, -0.24487])
    assert load_glove(real_data, download=False, most=7).words == glove.words[:7]


def test_the_real_file_is_the_one_that_its_checksum_says(real_data):
    path = real_data / "glove" / glove_words.TEXT
    assert hashlib.sha256(path.read_bytes()).hexdigest() == glove_words.TEXT_SHA256


@pytest.mark.parametrize("place", ["glove", "."])
def test_made_from_the_packages_file_which_stays(tmp_path, two_words, place):
    write(tmp_path / place / glove_words.ORIGIN, ORIGIN)
    assert load_glove(tmp_path).words == ("the", "cafés")
    assert names(tmp_path) == sorted([glove_words.TEXT, glove_words.ORIGIN])
    assert (tmp_path / place / glove_words.TEXT).read_text("utf-8") == MADE


def test_a_download_is_removed_when_the_text_is_made(tmp_path, two_words, origin, monkeypatch):
    served(monkeypatch, origin.put("words", ORIGIN))
    assert load_glove(tmp_path)["cafés"].tolist() == pytest.approx([1e-7, 2])
    assert names(tmp_path) == [glove_words.TEXT]
    assert len(load_glove(tmp_path, download=False, most=1)) == 1
    assert len(origin.asked) == 1


@pytest.mark.parametrize(
    "content",
    [
        ORIGIN.replace(b"0.5", b"0.6"),
        ORIGIN[:-40],
        b'{"words":["the"]}',
        b'{"vectors":{"the":1,"of":2}}',
        b'{"vectors":{1:[1],2:[2]}}',
        b"no",
    ],
    ids=["another number", "cut", "no vectors", "no lists", "no words", "no JSON"],
)
def test_another_file_is_refused_and_nothing_is_made(tmp_path, two_words, content):
    write(tmp_path / "glove" / glove_words.ORIGIN, content)
    with pytest.raises(BadFile, match=rf"{glove_words.ORIGIN}: "):
        load_glove(tmp_path)
    assert names(tmp_path) == [glove_words.ORIGIN]


def test_where_it_is_not_the_error_says_what_to_do(tmp_path):
    with pytest.raises(DataNotFound, match=r"50,000 words of GloVe.*\n.*\n.*sg-100d") as error:
        load_glove(tmp_path, download=False)
    assert f"to {tmp_path / 'glove' / glove_words.ORIGIN}" in str(error.value)


def test_how_many_is_checked_before_anything_is_fetched(tmp_path):
    with pytest.raises(ValueError, match="most must be at least 1"):
        load_glove(tmp_path, most=0)
