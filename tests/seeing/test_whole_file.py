"""Files appear whole or not at all."""

import pytest

from seeing.whole_file import whole_file


def test_the_file_is_replaced_at_the_end_and_nothing_is_left_beside_it(tmp_path):
    file = tmp_path / "new" / "a.json"
    for text in ("first", "second"):
        with whole_file(file) as unfinished:
            unfinished.write_text(text)
            assert unfinished.parent == file.parent
        assert file.read_text() == text
    assert [path.name for path in file.parent.iterdir()] == ["a.json"]


def write_half(file, error):
    with whole_file(file) as unfinished:
        unfinished.write_text("half of the n")
        raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_goes_wrong_leaves_the_old_file(tmp_path, error):
    file = tmp_path / "a.json"
    file.write_text("old")
    with pytest.raises(error):
        write_half(file, error)
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_nothing_written_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError), whole_file(tmp_path / "a"):
        pass


def test_two_writers_do_not_meet(tmp_path):
    with whole_file(tmp_path / "a") as one, whole_file(tmp_path / "a") as two:
        assert one != two
        one.write_text("1")
        two.write_text("2")
    assert (tmp_path / "a").read_text() == "1", "the block that ends last is the outer one"
