"""Where things are, and what an error says."""

import pytest

from proctor.course import ClassFolder, Course, CourseError, write_if_changed


def test_finds_the_course_from_a_folder_inside(course):
    assert Course.find(course.root / "solutions" / "tiny") == course


def test_outside_a_course(tmp_path):
    with pytest.raises(CourseError, match=r"is not inside a course .* change to the course's folder"):
        Course.find(tmp_path)


def test_unknown_assignment_lists_the_known_and_the_nearest(course):
    expected = r"no assignment `tyni` \(.*tyni\.md is missing\): did you mean `tiny`\? known: tiny"
    with pytest.raises(CourseError, match=expected):
        course.check("tyni")


def test_students_are_the_folders(tmp_path):
    folder = ClassFolder(tmp_path)
    for name in ("Zoë O'Neil", "ann"):
        (tmp_path / "submitted" / name / "tiny").mkdir(parents=True)
    (tmp_path / "submitted" / "bob" / "other").mkdir(parents=True)
    assert folder.students("tiny") == ["Zoë O'Neil", "ann"]
    assert folder.assignments() == ["other", "tiny"]


def test_write_if_changed(tmp_path):
    path = tmp_path / "folder" / "file"
    assert write_if_changed(path, "é\n")
    before = path.stat().st_mtime_ns
    assert not write_if_changed(path, "é\n")
    assert path.stat().st_mtime_ns == before
    assert write_if_changed(path, "e\n")
