"""Full vectors in text form: read as written, with a header or without, the first so many, and bad lines named."""

import gzip
import io
import itertools

import numpy as np
import pytest
import torch

from seeing.data import BadFile, load_glove, read_glove

LINES = "the 0.5 -1 2e-1\n. . 1 2 3\nnew york 4 5 6\nÄpfel 7 8 9\n"
WORDS = ("the", ". .", "new york", "Äpfel")
VECTORS = torch.tensor([[0.5, -1, 0.2], [1, 2, 3], [4, 5, 6], [7, 8, 9]])
MARK = b"\xef\xbb\xbf"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "glove.txt"

    def write(content):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def read(path, most=None):
    return read_glove(path, most, progress=False)


def test_read_as_written(file):
    found = read(file(LINES))
    assert found.words == WORDS
    assert found.vectors.dtype == torch.float32
    assert torch.equal(found.vectors, VECTORS)
    assert found["new york"].tolist() == [4, 5, 6]
    assert (dict(found.sets), dict(found.percent_women)) == ({}, {})


def _forms():
    """The same four words in every form that is read: header, byte order mark, line ends, spacing, packing."""
    for header, mark, end, trailing, pack in itertools.product(
        ["", "4 3\n"], [b"", MARK], ["\n", "\r\n"], ["", " "], [bytes, gzip.compress]
    ):
        text = (header + LINES).replace("\n", trailing + end)
        yield pytest.param(pack(mark + text.encode()), id=repr((header, mark, end, trailing, pack.__name__)))


@pytest.mark.parametrize("content", list(_forms()))
def test_every_form_gives_the_same_words(file, content):
    found = read(file(content))
    assert found.words == WORDS
    assert torch.equal(found.vectors, VECTORS)


@pytest.mark.parametrize(
    "content",
    [
        LINES.rstrip("\n"),
        LINES + "\n \n",
        LINES.replace(" ", "\t").replace("new\t", "new "),
        "4  3 \n" + LINES,
        LINES.replace(" 0.5", "   0.5"),
    ],
    ids=["no last line end", "empty lines at the end", "tabs", "spaced header", "spaces"],
)
def test_spacing_does_not_matter(file, content):
    found = read(file(content))
    assert torch.equal(found.vectors, VECTORS)
    assert found.words[0] == "the"


def test_words_that_other_readers_split_or_lose(file):
    """All of these are words of published lists: spaces that are none, line ends that are none, and numbers."""
    words = ["\u00a0", "\u0085", "\u2028", "\u3000", "3.14", "-", "nan", "1e5", "a\u00a0b", "\ufeffx"]
    found = read(file("".join(f"{word} {place} 0.5\n" for place, word in enumerate(words))))
    assert found.words == tuple(words)
    assert found.vectors[:, 0].tolist() == list(range(len(words)))


def test_a_first_word_that_is_a_number_is_no_header(file):
    assert read(file("2 3 4\n5 6 7\n")).words == ("2", "5")
    assert read(file("2 0.3\nthe 4\n")).words == ("2", "the")


def test_a_header_with_one_dimension(file):
    assert read(file("2 1\nthe 4\nof 5\n"))["of"].tolist() == [5]


def test_a_one_dimensional_file_whose_first_word_is_a_number_is_refused_not_misread(file):
    with pytest.raises(BadFile, match=r"line 2: .*line 1, a header, says 2 words of 3 numbers"):
        read(file("2 3\nthe 5\nof 7\n"))


def test_the_first_line_may_hold_a_word_of_several_parts(file):
    assert read(file("new york 4 5 6\nthe 1 2 3\n")).words == ("new york", "the")


def test_the_first_so_many(file, capsys):
    assert read_glove(file(LINES), most=2).words == WORDS[:2]
    assert "2/2" in capsys.readouterr().err
    assert read_glove(file("4 3\n" + LINES), most=2).words == WORDS[:2]
    assert "2/2" in capsys.readouterr().err
    assert read_glove(file("4 3\n" + LINES), most=9).words == WORDS
    assert "4/4" in capsys.readouterr().err
    assert len(read(file(LINES))) == 4
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("header", ["", "9 3\n"])
def test_lines_after_the_last_wanted_one_are_not_looked_at(file, header):
    assert read(file(header + LINES + "broken\n"), most=4).words == WORDS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ".* the file is empty"),
        (MARK, ".* the file is empty"),
        ("\n\n", ".* the file is empty"),
        (gzip.compress(b"", mtime=0), ".* the file is empty"),
        ("word\n", "line 1: a word and some finite numbers were expected; got 'word'"),
        ("a 1 2\nb 1\n", "line 2: a word and 2 finite numbers"),
        ("a 1 2\nb 1 2 3\n", "line 2: a word and 2 finite numbers were expected; got 'b 1 2 3'"),
        ("a 1 2\nb 1 2 3 4 5\n", "line 2: a word and 2 finite numbers"),
        ("a 1 2\nb 1 x 3 4\n", "line 2: a word and 2 finite numbers"),
        ("a 1 2\nb nan 3 4\n", "line 2: a word and 2 finite numbers"),
        ("a 1 2\n1 2 3\n4 5\n", "line 3: a word and 2 finite numbers"),
        ("a 1 2\nb 1 x\n", "line 2: .* got 'b 1 x'"),
        ("a 1 2\nb 1 nan\n", "line 2: a word and 2 finite"),
        ("a 1 -inf\n", "line 1: a word and 2 finite"),
        ("a 1 1e39\n", "line 1: a word and 2 finite"),
        ("a 1 0x2\n", "line 1: "),
        ("a 1,5 2,5\n", "line 1: "),
        ("a 1 2\n\nb 1 2\n", "line 2: is empty, and line 3 is not"),
        ("a 1 2\nb 3 4\na 5 6\n", "line 3: 'a' stands on line 1 already"),
        (" 1 2 3\nb 3 4 5\n", "line 2: a word and 2 finite"),
        ("3 2\na 1 2\nb 1 2\n", "line 1, a header, says 3 words; got 2"),
        ("1 2\na 1 2\nb 1 2\n", "line 3: the header on line 1 says 1 words"),
        ("2 3\na 1 2\nb 1 2\n", "line 2: .*got 'a 1 2' .line 1, a header, says 2 words of 3 numbers"),
        ("2 2\na 1 2 3\nb 1 2 3\n", "line 2: a word and 2 finite numbers"),
        ("0 2\n", "words with vectors were expected; got none"),
        ("2 0\na\nb\n", "line 2: a word"),
        (b"a 1 2\nb\xe9 3 4\n", "line 2: text in UTF-8 was expected; byte 2 of the line is 0xe9"),
        (b"a 1 2\nb 3\x00 4\n", "line 2: text in UTF-8 was expected; byte 4 of the line is 0x00"),
        (b"2 2\na \x00\x00\x80\x3f\x00\x00\x80\x3f\n", "line 2: .*word2vec's binary form"),
        ("a 1 2\n".encode("utf-16"), ".*is text in UTF-16"),
        (b"PK\x03\x04 and more", ".*is a zip archive: unpack it"),
        (gzip.compress(LINES.encode(), mtime=0)[:-12], "a whole file packed by gzip was expected"),
    ],
)
def test_bad_lines_are_named(file, text, message):
    with pytest.raises(BadFile, match=rf"glove\.txt: {message}"):
        read(file(text))


def test_a_long_line_is_shown_from_both_ends(file):
    with pytest.raises(BadFile, match=r"got 'b 0 0 .* \.\.\. .* 0 7' \(line 1 ends in 300 numbers\)$"):
        read(file("a" + 300 * " 0" + "\nb" + 300 * " 0" + " 7\n"))


def test_numpy_reads_the_same_numbers(real_data, tmp_path):
    """An independent reader on a piece of the real list, and the same piece under a header."""
    words = load_glove(real_data, download=False, most=500)
    with (real_data / "glove" / "glove.6B.100d.50k.txt").open("rb") as lines:
        piece = b"".join(itertools.islice(lines, 500))
    table = np.loadtxt(io.BytesIO(piece), dtype=str, delimiter=" ", comments=None, encoding="utf-8")
    assert words.words == tuple(table[:, 0])
    assert np.array_equal(words.vectors.numpy(), table[:, 1:].astype(np.float64).astype(np.float32))
    path = tmp_path / "words.vec"
    path.write_bytes(b"500 100\n" + piece)
    again = read(path)
    assert again.words == words.words
    assert torch.equal(again.vectors, words.vectors)


def test_what_to_do_where_the_file_is_not(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file .*nothing\.txt: fetch glove\.6B"):
        read_glove(tmp_path / "nothing.txt")
    with pytest.raises(ValueError, match="most must be at least 1"):
        read_glove(tmp_path / "nothing.txt", most=0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2 " + 30 * "9" + "\na 1 2\n", "line 1: a header of two numbers up to 9 digits was expected"),
        (5000 * "9" + " 2\na 1 2\n", "line 1: a header of two numbers up to 9 digits was expected"),
        ("a 1_0 2\nb 3 4\n", r"line 2: .*got 'b 3 4' \(line 1 ends in 1 numbers\)"),
        ("a 1 2\nb 3 4_0\n", r"line 2: .*got 'b 3 4_0'"),
        ("2 2\na 1 2\nb 3_0 4\n", r"line 3: .*got 'b 3_0 4'"),
    ],
)
def test_numbers_that_are_too_long_or_hold_an_underscore(file, text, message):
    with pytest.raises(BadFile, match=rf"glove\.txt: {message}"):
        read(file(text))


def test_a_word_may_hold_an_underscore(file):
    assert read(file("new_york 1 2\n1_0 3 4\n")).words == ("new_york", "1_0")


@pytest.mark.parametrize("most", [1.5, "3", 0.0])
def test_a_number_of_words_is_whole(file, most):
    with pytest.raises(ValueError, match="most must be at least 1, a whole number, or None for all"):
        read(file(LINES), most)
