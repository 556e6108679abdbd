"""Hashes that tell files apart, by their bytes or by what a package holds."""

from __future__ import annotations

import errno
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from stat import S_ISREG
from zipfile import BadZipFile, ZipFile

_CHUNK = 1 << 20


def sha256_of(content: Path | bytes) -> str:
    """Return the SHA-256 of a file or of bytes, in hexadecimal."""
    if isinstance(content, bytes):
        return sha256(content).hexdigest()
    if not S_ISREG(content.stat().st_mode):  # a pipe would be waited for
        raise OSError(errno.EISDIR, "this is no file", str(content))
    digest = sha256()
    with content.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def content_sha256_of(content: Path | bytes) -> str:
    """Return the SHA-256 of what a zip package holds, however it was compressed or ordered.

    A file that is no package, or a broken one, has the hash of its bytes.
    """
    data = content if isinstance(content, bytes) else content.read_bytes()
    digest = sha256()
    try:
        with ZipFile(BytesIO(data)) as package:
            for name in sorted(package.namelist()):
                digest.update(f"{name}\0{_part_sha256(package, name)}\n".encode())
    except (BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        return sha256_of(data)
    return digest.hexdigest()


def _part_sha256(package: ZipFile, name: str) -> str:
    digest = sha256()
    with package.open(name) as part:
        while chunk := part.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
