"""Members of packages are remembered by their bytes; whatever is unusual is left to zipfile."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from deliverables.files import members

ROOM = 1 << 20


def package(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_members_are_those_that_zipfile_finds(method: int) -> None:
    parts = {"a.xml": b"a" * 500, "图/b.rels": b"b", "c.png": b"c", "large": b"x" * 200_000}
    found = members(package(parts, method), ROOM)
    assert found is not None
    assert {name: member.content for name, member in found.items()} == parts


def test_only_the_endings_asked_for_are_unpacked() -> None:
    found = members(package({"a.xml": b"a", "c.png": b"c"}), ROOM, (".xml",))
    assert found is not None
    assert list(found) == ["a.xml"]


def test_two_packages_that_share_a_member_keep_their_others_apart() -> None:
    one, other = package({"a": b"same", "b": b"1"}), package({"a": b"same", "b": b"2"})
    for _ in range(2):
        for data, content in ((one, b"1"), (other, b"2")):
            found = members(data, ROOM)
            assert found is not None
            assert found["a"].content == b"same"
            assert found["b"].content == content


def test_a_package_that_unpacks_to_more_than_there_is_room_for_is_refused() -> None:
    assert members(package({"a": b" " * 5000}), 4999) is None


@pytest.mark.parametrize("at", range(0, 100, 3))
def test_a_damaged_member_is_never_taken_for_the_one_remembered(at: int) -> None:
    whole = package({"a.xml": b"some text that is deflated " * 20, "b.xml": b"b" * 99})
    right = members(whole, ROOM)
    assert right is not None
    place = len(whole) * at // 100
    damaged = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
    found = members(damaged, ROOM)
    same = found is not None and [m.content for m in found.values()] == [
        m.content for m in right.values()
    ]
    assert found is None or same  # a date may be changed, a name, but no content


def test_a_name_that_stands_twice_is_left_to_zipfile() -> None:
    data = BytesIO()
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(data, "w") as made:
        made.writestr("a", b"1")
        made.writestr("a", b"2")
    assert members(data.getvalue(), ROOM) is None
