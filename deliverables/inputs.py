"""The input files of documents as they were, beside the register, each kept by what it holds.

So it can be told later which cell changed. Rosters are not kept: identity numbers stay where they
are.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from deliverables.files import sha256_of, write_atomically
from deliverables.read.folder import ROSTER


class Inputs:
    """The input files of the documents of one contract, in `folder`, which need not be there yet.

    A file is named by the SHA-256 of its bytes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._there: set[str] = set()

    def keep(self, data: Path, inputs: Mapping[str, str]) -> None:
        """Keep the files below `data` that are not kept yet, `inputs` being their hashes.

        One that is no longer as it was read is passed over. Raises OSError if one cannot be kept.
        """
        for name, digest in inputs.items():
            if digest in self._there or _is_roster(name):
                continue
            kept = self._folder / digest
            if not kept.exists():
                content = (data / name).read_bytes() if (data / name).exists() else b""
                if sha256_of(content) != digest:
                    continue
                write_atomically(kept, content, private=True)
            self._there.add(digest)

    def lay_out(self, inputs: Mapping[str, str], folder: Path) -> tuple[str, ...]:
        """Put the files as they were into `folder`, and return the names of those not kept."""
        missing = []
        for name, digest in inputs.items():
            kept = self._folder / digest
            if _is_roster(name) or not kept.exists() or sha256_of(kept) != digest:
                missing.append(name)
                continue
            write_atomically(folder / name, kept.read_bytes(), private=True)
        return tuple(missing)


def _is_roster(name: str) -> bool:
    return Path(name).stem.lower() == ROSTER
