"""Full vectors in text form: read as written, the first so many, and bad lines named."""

import pytest
import torch

from seeing.data import read_glove

LINES = "the 0.5 -1 2e-1\n. . 1 2 3\nnew york 4 5 6\nÄpfel 7 8 9\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "glove.txt"

    def write(text):
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_read_as_written(file):
    found = read_glove(file(LINES), progress=False)
    assert found.words == ("the", ". .", "new york", "Äpfel")
    assert found.vectors.dtype == torch.float32
    assert found["the"].tolist() == pytest.approx([0.5, -1, 0.2])
    assert found["new york"].tolist() == [4, 5, 6]
    assert (dict(found.sets), dict(found.percent_women)) == ({}, {})


def test_the_first_so_many(file, capsys):
    assert read_glove(file(LINES), most=2).words == ("the", ". .")
    assert "2/2" in capsys.readouterr().err
    assert len(read_glove(file(LINES), most=None, progress=False)) == 4
    assert capsys.readouterr().err == ""


def test_lines_after_the_last_wanted_one_are_not_looked_at(file):
    assert read_glove(file(LINES + "broken\n"), most=4, progress=False).words[-1] == "Äpfel"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ".* the file is empty"),
        ("word\n", "line 1: a word and 1 finite numbers were expected; got 'word'"),
        ("a 1 2\nb 1\n", "line 2: a word and 2 finite numbers"),
        ("a 1 2\nb 1 x\n", "line 2: .* got 'b 1 x'"),
        ("a 1 2\nb 1 nan\n", "line 2: a word and 2 finite"),
        ("a 1 2\n\nb 1 2\n", "line 2: a word"),
        ("a 1 2\nb 3 4\na 5 6\n", "line 3: 'a' stands on line 1 already"),
    ],
)
def test_bad_lines_are_named(file, text, message):
    with pytest.raises(ValueError, match=rf"glove\.txt: {message}"):
        read_glove(file(text), progress=False)


def test_what_to_do_where_the_file_is_not(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file .*nothing\.txt: fetch glove\.6B"):
        read_glove(tmp_path / "nothing.txt")
    with pytest.raises(ValueError, match="most must be at least 1"):
        read_glove(tmp_path / "nothing.txt", most=0)
