"""Hashes that mean something: of bytes, and of what a package holds however it was packed."""

from __future__ import annotations

import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from deliverables.files.digest import content_sha256_of, sha256_of


def test_a_file_and_its_bytes_have_the_same_hash(tmp_path: Path) -> None:
    data = bytes(range(256)) * 9999
    (tmp_path / "f").write_bytes(data)
    assert sha256_of(tmp_path / "f") == sha256_of(data) == sha256(data).hexdigest()


def packed(parts: dict[str, bytes], compression: int) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return buffer.getvalue()


def test_the_content_of_a_package_is_what_it_holds_not_how_it_was_packed() -> None:
    parts = {"a.xml": b"<a/>" * 99, "b.xml": b"<b/>"}
    stored = packed(parts, zipfile.ZIP_STORED)
    deflated = packed(dict(reversed(parts.items())), zipfile.ZIP_DEFLATED)
    assert sha256_of(stored) != sha256_of(deflated)
    assert content_sha256_of(stored) == content_sha256_of(deflated)
    other = packed({**parts, "b.xml": b"<b>1</b>"}, zipfile.ZIP_STORED)
    assert content_sha256_of(stored) != content_sha256_of(other)


def test_what_is_no_package_is_its_bytes(tmp_path: Path) -> None:
    broken = packed({"a.xml": b"<a/>" * 99}, zipfile.ZIP_STORED)
    damaged = broken.replace(b"<a/><a/>", b"<b/><b/>")
    for data in (b"%PDF-1.7", broken[:-9], damaged):
        assert content_sha256_of(data) == sha256_of(data)
