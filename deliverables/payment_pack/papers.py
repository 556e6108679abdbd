"""Files of the pack put in their place: never over one that somebody edited, always recorded."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from deliverables import __version__
from deliverables.files import (
    FileInUseError,
    content_sha256_of,
    set_aside,
    sha256_of,
    write_atomically,
)
from deliverables.folders import Folders
from deliverables.kind import Deliverable
from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.model.book import ContractBook
from deliverables.register import Entry, append, read_register

PACKED: Final = "packed"
"""The event of an entry that records a file which goes with a document."""


class Put(StrEnum):
    """What became of a file of the pack."""

    MADE = "made"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A file of the pack and what became of it."""

    file: Path
    result: Put
    reason: Message | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Placing:
    """Where files go and in whose name: the document they belong to, the day, the command."""

    book: ContractBook
    folders: Folders
    deliverable: Deliverable
    as_of: date
    moment: datetime
    command: str
    replace_edited: bool = False

    def path(self, name: str, suffix: str) -> Path:
        """Return where a file of the pack lies: in its instalment's folder beside the letter."""
        one = self.deliverable
        mark = "_示例" if one.sample else ""
        folder = self.folders.contract(one.contract) / one.folder / f"第{one.part}期"
        return folder / f"{one.contract}_{name}_第{one.part}期{mark}{suffix}"


def put(placing: Placing, file: Path, content: bytes, template: Path | None = None) -> Paper:
    """Put a file in its place and record it, unless somebody edited the one that is there."""
    register = placing.folders.register(placing.book.number)
    name = file.relative_to(placing.folders.contract(placing.book.number)).as_posix()
    before = _recorded(register, name)
    there = file.exists()
    ours = there and before is not None and _same(file, before)
    if there and sha256_of(file) == sha256_of(content):
        return Paper(file=file, result=Put.UNCHANGED)
    if there and not ours and not placing.replace_edited:
        remedy = say("edited by hand, so kept; --replace makes it anew and keeps both files")
        return Paper(file=file, result=Put.KEPT, reason=remedy)
    try:
        aside = set_aside(file) if there and not ours else ""
        write_atomically(file, content)
    except FileInUseError as fault:
        return Paper(file=file, result=Put.FAILED, reason=fault.message)
    append(register, _entry(placing, name, content, template, aside))
    return Paper(file=file, result=Put.MADE)


def _recorded(register: Path, name: str) -> Entry | None:
    entries, _ = read_register(register)
    found = [entry for entry in entries if entry.event == PACKED and entry.file == name]
    return found[-1] if found else None


def _same(file: Path, entry: Entry) -> bool:
    return sha256_of(file) == entry.sha256 or content_sha256_of(file) == entry.content


def _entry(placing: Placing, name: str, content: bytes, template: Path | None, aside: str) -> Entry:
    one = placing.deliverable
    return Entry(
        event=PACKED,
        deliverable=one.key,
        kind=one.kind,
        part=one.part,
        file=name,
        sha256=sha256_of(content),
        content=content_sha256_of(content),
        as_of=placing.as_of,
        made_at=placing.moment,
        inputs=placing.book.inputs,
        template=template.name if template else "",
        template_sha256=sha256_of(template) if template else "",
        version=__version__,
        command=placing.command,
        sample=one.sample,
        replaced=aside,
    )
