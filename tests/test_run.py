"""A run over contracts: what is known of one that another process read."""

from __future__ import annotations

from pathlib import Path

import builders
from builders import NUMBER

from deliverables.folders import Folders
from deliverables.run import Built, book_of


def test_what_another_process_read_is_read_again_for_what_is_printed_of_it(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "data", tmp_path / "out")
    builders.project(folders.data)
    there = Built(contract=NUMBER, book=None, problems=(), elsewhere=True)
    book = book_of(there, folders)
    assert book is not None
    assert book.number == NUMBER
    assert book_of(Built(contract=NUMBER, book=None, problems=()), folders) is None
