"""Which recorded document a file is, and that file proved: people's edits, and changes since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Final

from deliverables.bases import Bases, NoBaseError
from deliverables.compare import Again, Comparison, since
from deliverables.draft import NoLongerDueError, recompose
from deliverables.edits import Approval, approved
from deliverables.examination import Examined, UnsoundDataError, examine
from deliverables.files.digest import content_sha256_of, sha256_of
from deliverables.folders import Folders
from deliverables.lineage import sighted
from deliverables.plan import EditedCopy, Planned, options_of, plan, recipe_of
from deliverables.register import (
    MADE,
    OPTIONS,
    Entry,
    UnknownFileError,
    find_document,
    read_register,
    registers_in,
)
from deliverables.status import Stage
from deliverables.values.problem import Message, Problem, Severity, say
from deliverables.verify import violated
from deliverables.verify.alignment import best_match
from deliverables.verify.base import FORMAT, Base, NewerFormatError, cells_of
from deliverables.verify.document import Block, Document, FileIdentity, read_document
from deliverables.verify.finding import WHOLE_DOCUMENT, Finding, fault
from deliverables.verify.judgement import DataChange, Difference, account
from deliverables.verify.package import UnreadableDocumentError

_LIKE: Final = 0.5
"""A document that has less than this of what a base says is another one."""

_EVENTS: Final = (MADE, Stage.FINAL.value)


class Ground(StrEnum):
    """On what ground nothing can be told of a file."""

    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class Untold:
    """A file of which nothing can be told, and why."""

    file: Path
    ground: Ground
    reason: Message


class By(StrEnum):
    """What a file was known by."""

    PROPERTY = "property"
    PLACE = "place"
    CONTENT = "content"


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognised:
    """A file, what it says, and what the register knows of it.

    `claimed` is the key of the deliverable that its property names, where it is not the one whose
    words stand in it.
    """

    file: Path
    document: Document
    contract: str
    entry: Entry
    base: Base
    by: By
    claimed: str = ""

    @property
    def is_final(self) -> bool:
        """Whether it is, or was, a final document and no draft."""
        return not self.entry.draft

    @property
    def is_edited(self) -> bool:
        """Whether the file no longer holds what was recorded."""
        return self.entry.content != content_sha256_of(self.file)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What the file says, and which of its words are which figure."""
        return sighted(self.base.blocks, self.document.blocks)


class Registers:
    """The registers and bases of all contracts, each read when a file asks for it."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._every: dict[str, tuple[tuple[Entry, ...], tuple[Problem, ...]]] = {}
        self._entries: dict[str, Mapping[str, Sequence[Entry]]] = {}
        self._stores: dict[str, Bases] = {}
        self._bases: dict[tuple[str, str], Base | None] = {}

    @cached_property
    def contracts(self) -> tuple[str, ...]:
        """The contracts that anything was made for."""
        return tuple(path.parent.name for path in registers_in(self._folders.out))

    def every(self, contract: str) -> tuple[Entry, ...]:
        """Return all entries of a contract, the oldest first."""
        return self._read(contract)[0]

    def problems(self, contract: str) -> tuple[Problem, ...]:
        """Return what is wrong with the register of a contract."""
        return self._read(contract)[1]

    def _read(self, contract: str) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
        if contract not in self._every:
            self._every[contract] = read_register(self._folders.register(contract))
        return self._every[contract]

    def entries(self, contract: str) -> Mapping[str, Sequence[Entry]]:
        """Return the entries of drafts and finals whose bases were kept, by their keys."""
        if contract not in self._entries:
            found: dict[str, list[Entry]] = {}
            for one in self.every(contract):
                if one.event in _EVENTS and one.base:
                    found.setdefault(one.deliverable, []).append(one)
            self._entries[contract] = found
        return self._entries[contract]

    def newest(self, contract: str) -> Iterator[Entry]:
        """Yield the newest draft and the newest final of each deliverable."""
        for found in self.entries(contract).values():
            yield from {one.event: one for one in found}.values()

    def base(self, contract: str, digest: str) -> Base | None:
        """Return a base; None where it is not there or cannot be read.

        Raises:
            NewerFormatError: A newer version of the program has left it.
        """
        if contract not in self._stores:
            self._stores[contract] = Bases(self._folders.bases(contract))
        key = (contract, digest)
        if key not in self._bases:
            try:
                record = self._stores[contract].get(digest)
                self._bases[key] = Base.of_records(record.shared, record.own)
            except (NoBaseError, ValueError):
                self._bases[key] = None
        return self._bases[key]

    def recognise(self, file: Path) -> Recognised:
        """Return which document a file is.

        Raises:
            UnreadableDocumentError: It was a document of a register, and is none any more.
            NewerFormatError: A newer version of the program has made it.
            UnknownFileError: No register knows it, and nothing recorded is like it.
        """
        try:
            document = read_document(file)
        except UnreadableDocumentError as fault:
            if self._lying_at(file)[1]:
                raise
            why = say("no register knows this file: {reason}", reason=fault.message)
            raise UnknownFileError(why) from fault
        identity = document.identity
        if identity is not None and _number(identity.format) > _number(FORMAT):
            raise NewerFormatError(identity.format)
        hashes = {sha256_of(file), content_sha256_of(file)}
        proposed = self._proposed(file, document, hashes)
        if proposed is not None and {proposed.entry.sha256, proposed.entry.content} & hashes:
            return proposed
        if proposed is not None and best_match(document, {"": proposed.base})[0][1] >= 1:
            return proposed
        return self._decided(file, document, proposed)

    def _proposed(self, file: Path, document: Document, hashes: set[str]) -> Recognised | None:
        """Return the document that a file says it is, or that lies where it lies."""
        identity = document.identity
        if identity is not None and identity.contract in self.contracts:
            key = f"{identity.kind}/{identity.part}"
            recorded = self.entries(identity.contract).get(key, ())
            entries = [one for one in recorded if _is_meant(one, identity)] or list(recorded)
            contract, by = identity.contract, By.PROPERTY
        else:
            contract, entries = self._lying_at(file)
            by = By.PLACE
        exact = [one for one in entries if {one.sha256, one.content} & hashes]
        return self._likest(file, document, ((contract, one) for one in exact or entries), by)

    def _lying_at(self, file: Path) -> tuple[str, list[Entry]]:
        there = file.resolve()
        for contract in self.contracts:
            folder = self._folders.contract(contract).resolve()
            if there.is_relative_to(folder):
                name = there.relative_to(folder).as_posix()
                found = [one for one in self.newest(contract) if one.file == name]
                return contract, found
        return "", []

    def _decided(self, file: Path, document: Document, proposed: Recognised | None) -> Recognised:
        """Return the document whose words a file has, whatever it says it is."""
        others = self._candidates(document, proposed)
        content = self._likest(file, document, others, By.CONTENT)
        if proposed is None:
            if content is None or _likeness(content) < _LIKE:
                raise UnknownFileError(_why_unknown(document))
            return content
        if content is None or _likeness(content) <= _likeness(proposed):
            return proposed
        same = (content.contract, content.entry.deliverable) == (
            proposed.contract,
            proposed.entry.deliverable,
        )
        if same:
            return proposed
        return Recognised(
            file=file,
            document=document,
            contract=content.contract,
            entry=content.entry,
            base=content.base,
            by=proposed.by,
            claimed=proposed.entry.deliverable,
        )

    def _candidates(
        self, document: Document, proposed: Recognised | None
    ) -> Iterator[tuple[str, Entry]]:
        """Yield the newest drafts and finals that a document could be.

        Contracts that it names come alone, if it names any; where it says what kind it is, that
        kind alone.
        """
        text = "\n".join(text for block in document.blocks for text in block.texts)
        named = [one for one in self.contracts if one in text]
        for contract in named or self.contracts:
            for entry in self.newest(contract):
                if proposed is None or entry.kind == proposed.entry.kind:
                    yield contract, entry

    def _likest(
        self,
        file: Path,
        document: Document,
        entries: Iterable[tuple[str, Entry]],
        by: By,
    ) -> Recognised | None:
        found = {}
        for contract, entry in entries:
            base = self.base(contract, entry.base)
            if base is not None:
                found[f"{contract} {entry.sequence}"] = (contract, entry, base)
        if not found:
            return None
        best = list(found)
        if len(found) > 1:
            ranked = best_match(document, {name: base for name, (_, _, base) in found.items()})
            best = [name for name, likeness in ranked if likeness == ranked[0][1]]
        contract, entry, base = max((found[name] for name in best), key=lambda one: one[1].sequence)
        return Recognised(
            file=file, document=document, contract=contract, entry=entry, base=base, by=by
        )


def edited_copy(folders: Folders, file: Path) -> EditedCopy:
    """Return which document a copy of a draft is of.

    Raises:
        UnreadableDocumentError: It was a document of a register, and is none any more.
        NewerFormatError: A newer version of the program has made it.
        UnknownFileError: No register knows it, or it is no copy of a draft.
    """
    known = Registers(folders).recognise(file)
    if known.claimed or known.is_final:
        raise UnknownFileError(say("it is no copy of a draft; deliverables verify tells more"))
    return EditedCopy(known.contract, known.entry.deliverable, file, known.entry.base)


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file of a document that a contract calls for, and where that document stands.

    `lies` is where a copy lies; None means where the register says.
    """

    examined: Examined
    planned: Planned
    lies: Path | None = None


def contract_of(folders: Folders, file: Path) -> str:
    """Return the contract of a document, wherever it lies; what `recognise` raises is raised."""
    found = find_document(folders.out, file)
    return found[0] if found else Registers(folders).recognise(file).contract


def planned_file(folders: Folders, file: Path, *, copies: bool = False) -> PlannedFile:
    """Return the document that a draft, a final or its PDF is of; `copies` of the newest draft too.

    Raises:
        UnknownFileError: No register knows it there, or it is no copy of the newest draft.
        UnreadableDocumentError: It is no document any more.
        NewerFormatError: A newer version of the program has made it.
        UnsoundDataError: The data of its contract cannot be read.
        NoLongerDueError: The contract does not call for it any more.
    """
    lying = find_document(folders.out, file)
    if lying is not None:
        return PlannedFile(*_planned_at(folders, *lying))
    if not copies:
        raise UnknownFileError(say("no register knows this file"))
    found = Registers(folders).recognise(file)
    key = found.entry.deliverable
    examined, planned = _planned_at(folders, found.contract, key)
    if found.claimed or planned.made is None or planned.made.base != found.entry.base:
        why = say("it is no copy of the newest draft of {key}; deliverables verify tells more",
                  key=key)  # fmt: skip
        raise UnknownFileError(why)
    return PlannedFile(examined, planned, file)


def _planned_at(folders: Folders, contract: str, key: str) -> tuple[Examined, Planned]:
    examined = next(iter(examine(folders, contract)), None)
    if examined is None or examined.book is None:
        raise UnsoundDataError(contract, examined.problems if examined else ())
    for planned in plan(examined.book, folders, date.max):
        if planned.deliverable.key == key:
            return examined, planned
    raise NoLongerDueError(
        say("the data of {contract} no longer call for {key}", contract=contract, key=key)
    )


def _is_meant(entry: Entry, identity: FileIdentity) -> bool:
    return entry.says == identity.digest and entry.as_of == identity.day


def _likeness(found: Recognised) -> float:
    return best_match(found.document, {"": found.base})[0][1]


def _why_unknown(document: Document) -> Message:
    if document.identity is None:
        return say("no register knows this file, and nothing that was recorded is like it")
    said = document.identity
    return say(
        "it says it is {kind}/{part} of {contract}, which no register here knows, and nothing "
        "that was recorded is like it (is --out the right folder?)",
        kind=said.kind,
        part=said.part,
        contract=said.contract,
    )


def _number(version: str) -> int:
    return int(version) if version.isdecimal() else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """What people did to a file, and what changed since it was made.

    `differences` are errors and edits; `findings` is whatever else its proof finds, which needs no
    base; `approvals` are those that hold for the edits, by passage. `changes` are None where the
    data of today cannot tell: `notes` say why, and what else is to be known. `problems` are those
    of the register that tells all this.
    """

    recognised: Recognised
    differences: tuple[Difference, ...]
    findings: tuple[Finding, ...]
    approvals: Mapping[str, Approval]
    changes: tuple[DataChange, ...] | None
    notes: tuple[Message, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def edits(self) -> tuple[Difference, ...]:
        """The passages of prose that people changed."""
        return tuple(one for one in self.differences if one.is_edit)

    @property
    def unapproved(self) -> int:
        """How many of them nobody has approved."""
        return sum(one.passage not in self.approvals for one in self.edits)

    @property
    def errors(self) -> int:
        """How many errors there are: in what people did, and in the document as it stands."""
        wrong = sum(not one.is_edit for one in self.differences) + bool(self.recognised.claimed)
        return wrong + sum(one.severity is Severity.ERROR for one in self.findings)

    @property
    def is_whole(self) -> bool:
        """Whether nothing in it is still to be supplied (【待补】)."""
        return not any(one.severity is Severity.GAP for one in self.findings)

    @property
    def is_proved(self) -> bool:
        """Whether everything in it is as it was made, or an edit."""
        return self.errors == 0


def verify(
    recognised: Recognised,
    examined: Examined | None,
    folders: Folders,
    entries: tuple[Entry, ...],
) -> Verified:
    """Prove a file; `entries` are those of its contract, among which its approvals are."""
    base, written = recognised.base, _to_be_written(recognised, examined, folders)
    differences = account(base, recognised.document, written)
    edits = [one for one in differences if one.is_edit]
    changes, notes = _since(recognised, examined, folders)
    return Verified(
        recognised=recognised,
        differences=differences,
        findings=violated(recognised.document, base),
        approvals=approved(edits, recognised.entry, entries),
        changes=changes,
        notes=notes,
    )


def verify_files(folders: Folders, files: Sequence[Path] = ()) -> Iterator[Verified | Untold]:
    """Prove one file after another, or all that were made; their contracts are read once."""
    registers = Registers(folders)
    contracts: dict[str, Examined | None] = {}
    for file in files or tuple(_made(registers, folders)):
        try:
            known = registers.recognise(file)
        except UnreadableDocumentError as fault:
            yield Untold(file, Ground.UNREADABLE, fault.message)
        except NewerFormatError as newer:
            yield Untold(file, Ground.NEWER, newer.message)
        except UnknownFileError as unknown:
            yield Untold(file, Ground.UNKNOWN, unknown.message)
        else:
            number = known.contract
            if number not in contracts:
                contracts[number] = next(iter(examine(folders, number)), None)
            proved = verify(known, contracts[number], folders, registers.every(number))
            yield replace(proved, problems=registers.problems(number))


def _made(registers: Registers, folders: Folders) -> Iterator[Path]:
    """Yield the newest draft and final of every deliverable whose file is there."""
    for contract in registers.contracts:
        folder = folders.contract(contract)
        for entry in registers.newest(contract):
            if (folder / entry.file).is_file():
                yield folder / entry.file


def _to_be_written(
    recognised: Recognised, examined: Examined | None, folders: Folders
) -> Mapping[str, str]:
    """Return what people may write into blanks: what the data say that was left out by request."""
    entry, book = recognised.entry, examined.book if examined else None
    if book is None or not recognised.base.options:
        return {}
    plain = replace(entry, details={k: v for k, v in entry.details.items() if k != OPTIONS})
    try:
        context = recompose(plain, book, folders).context
    except NoLongerDueError:
        return {}
    return cells_of(context, book.number)


def done_to(file: Path, made: Entry, bases: Path) -> tuple[Finding, ...]:
    """Return what people did to the file of an entry since it was made, for printing."""
    try:
        record = Bases(bases).get(made.base)
        base = Base.of_records(record.shared, record.own)
        return tuple(one.finding for one in account(base, read_document(file)))
    except UnreadableDocumentError as failure:
        return (fault("unreadable", WHOLE_DOCUMENT, failure.message),)
    except (NoBaseError, NewerFormatError, ValueError):
        return (fault("no-base", WHOLE_DOCUMENT, NO_BASE),)


NO_BASE = say("what it said when it was made is not kept beside the register")


def _since(
    recognised: Recognised, examined: Examined | None, folders: Folders
) -> tuple[tuple[DataChange, ...] | None, tuple[Message, ...]]:
    """Return what the data of today would change in a document, as of the day it was made for."""
    entry = recognised.entry
    if examined is None or examined.book is None or not examined.sound:
        return None, (say("the data have errors, so what changed since cannot be told"),)
    book = examined.book
    template = folders.template_with(entry.kind, entry.template_sha256, book.number)
    notes = () if template else (_other_template(entry, folders),)
    recipe = recipe_of(entry.deliverable, options_of(entry), book, folders, entry.as_of)
    if entry.recipe == recipe:
        return (), notes
    try:
        again = recompose(entry, book, folders)
    except NoLongerDueError as gone:
        return None, (gone.message, *notes)
    again = replace(again, template=template or again.template)
    now = Again(again, recognised.base.stage)
    return _told(since(entry, recognised.base, book, folders, now)), notes


def _told(found: Comparison) -> tuple[DataChange, ...]:
    """Return the figures that changed with the cells behind them, then the rows and words."""
    figures = (
        DataChange(
            key=one.key,
            name=one.name,
            before=one.before,
            now=one.after,
            cells=tuple((cause.source, cause.before, cause.after) for cause in one.causes),
            place=one.place,
        )
        for one in found.figures
    )
    texts = (
        DataChange(
            key="",
            name=one.place.heading or one.place.excerpt,
            before=one.before,
            now=one.after,
            place=one.place,
        )
        for one in found.texts
    )
    return (*figures, *texts)


def _other_template(entry: Entry, folders: Folders) -> Message:
    if folders.templates is None:
        return say(
            "it was made with another {name} than the one that comes with this program: give its "
            "folder with --templates; if it was changed since, make the document anew",
            name=entry.template,
        )
    return say(
        "it was made with another {name} than the one in {folder}: give the folder of that one "
        "with --templates; if it was changed since, make the document anew",
        name=entry.template,
        folder=folders.templates.as_posix(),
    )
