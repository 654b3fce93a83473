"""A policy survives JSON and refuses what could not be meant."""

import pytest

from proctor.sandbox import Policy, SandboxError


def test_through_json():
    policy = Policy(root="/r", read_only=["/usr"], files=[("/a/b.txt", "data/b.txt")], cgroups=["/c"], uid=7, gid=8)
    assert Policy.from_json(policy.to_json()) == policy
    assert policy.files == (("/a/b.txt", "data/b.txt"),)


def test_frozen_and_hashable():
    policy = Policy(root="/r")
    assert hash(policy) == hash(Policy(root="/r"))
    with pytest.raises(AttributeError):
        policy.uid = 0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"root": "r"}, "expected an absolute path, got 'r'"),
        ({"root": "/r", "hidden": ["x"]}, "expected an absolute path, got 'x'"),
        ({"root": "/r", "read_only": ["/"]}, "`/` cannot be read_only"),
        ({"root": "/r", "files": [("/a", "../a")]}, "got '../a'"),
        ({"root": "/r", "files": [("/a", "b/../../a")]}, "no `..`"),
        ({"root": "/r", "files": [("/a", "/etc/a")]}, "got '/etc/a'"),
        ({"root": "/r", "files": [("/a", "")]}, "got ''"),
        ({"root": "/r", "files": [("a", "a")]}, "got 'a'"),
        ({"root": "/r", "uid": 0}, "expected uid to be a whole number above 0, got 0"),
        ({"root": "/r", "memory": 1.5}, "expected memory to be a whole number above 0, got 1.5"),
    ],
)
def test_refused(values, message):
    with pytest.raises(SandboxError, match=r"^policy: ") as error:
        Policy(**values)
    assert message in str(error.value)


def test_unknown_field():
    with pytest.raises(SandboxError, match="unknown fields colour"):
        Policy.from_json('{"root": "/r", "colour": 1}')
