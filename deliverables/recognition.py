"""Which recorded document a file is: what it says of itself proposes, what stands in it decides.

A file may have been renamed, mailed and saved by another program. Most still carry the property
that names them; for one without, the bases of all contracts are looked through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Final

from deliverables.bases import Bases, NoBaseError
from deliverables.files import content_sha256_of, sha256_of
from deliverables.folders import Folders
from deliverables.lazily import dataclass
from deliverables.life import Stage
from deliverables.message import Message, say
from deliverables.register import MADE, Entry, read_register
from deliverables.verify.account import best_match
from deliverables.verify.base import FORMAT, Base, NewerFormatError
from deliverables.verify.document import (
    Document,
    Identity,
    UnreadableDocumentError,
    read_document,
)

_LIKE: Final = 0.5
"""A document that has less than this of what a base says is another one."""

_EVENTS: Final = (MADE, Stage.FINAL.value)


class UnknownFileError(Exception):
    """A file that no register knows; `message` says why that is thought."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


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


class Registers:
    """The registers and bases of all contracts, each read when a file asks for it."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._every: dict[str, tuple[Entry, ...]] = {}
        self._entries: dict[str, Mapping[str, Sequence[Entry]]] = {}
        self._stores: dict[str, Bases] = {}
        self._bases: dict[tuple[str, str], Base | None] = {}

    @cached_property
    def contracts(self) -> tuple[str, ...]:
        """The contracts that anything was made for."""
        return tuple(
            path.parent.name for path in sorted(self._folders.out.glob("*/register.jsonl"))
        )

    def every(self, contract: str) -> tuple[Entry, ...]:
        """Return all entries of a contract, the oldest first."""
        if contract not in self._every:
            self._every[contract] = read_register(self._folders.register(contract))[0]
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
            why = say("no register knows this file: {reason}", reason=fault.reason)
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


def _is_meant(entry: Entry, identity: Identity) -> bool:
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
