"""Which files of a document the page leads to, from its own folder, and which it only names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import quote

from deliverables.folders import Folders
from deliverables.lazily import dataclass
from deliverables.life import PDF, Life
from deliverables.message import Message, say
from deliverables.planning import Planned

WORD: Final = say("Word")
PRINT: Final = say("PDF")
SEALED: Final = say("sealed copy")
RECEIPT: Final = say("receipt")
ANSWER: Final = say("acceptance")


@dataclass(frozen=True, slots=True)
class Link:
    """A file that is there; without `href` it holds personal data and is only named."""

    label: Message
    name: str
    href: str


def links(planned: Planned, folders: Folders) -> tuple[Link, ...]:
    """Return the files of a document that lie in the folder of its contract."""
    folder = folders.contract(planned.deliverable.contract)
    return tuple(
        Link(label, PurePosixPath(file).name, _href(folder, file, planned))
        for label, file in _files(planned)
        if _is_inside(folder, file)
    )


def _files(planned: Planned) -> Iterator[tuple[Message, str]]:
    if planned.finished:
        yield from _finished(planned.life)
    elif planned.made:
        yield WORD, planned.made.file
        yield PRINT, PurePosixPath(planned.made.file).with_suffix(".pdf").as_posix()


def _finished(life: Life) -> Iterator[tuple[Message, str]]:
    """Yield the final document, its PDF, and each paper that came back."""
    if life.final is None:
        return
    yield WORD, life.final.file
    if life.final.details.get(PDF):
        yield PRINT, life.final.details[PDF]
    papers = ((SEALED, life.sealed), (RECEIPT, life.delivered), (ANSWER, life.accepted))
    for label, entry in papers:
        if entry and entry.file != life.final.file:
            yield label, entry.file


def _is_inside(folder: Path, file: str) -> bool:
    """Return whether the register names a file below its own folder, and it is there."""
    path = (folder / file).resolve()
    return path.is_relative_to(folder.resolve()) and path.is_file()


def _href(folder: Path, file: str, planned: Planned) -> str:
    """Return the address as seen from the folder that holds the contracts' folders."""
    return "" if planned.deliverable.private else quote(f"{folder.name}/{file}")
