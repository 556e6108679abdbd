"""The life of a document by its register: made, final, sealed, delivered, accepted.

Each later step belongs to the final document before it. Made final anew, a document has to be
sealed and delivered anew, and handed in again after a refusal it has to be accepted anew; what the
register says of the earlier ones stays there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from deliverables.files import sha256_of
from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.problem import Problem, error
from deliverables.register import MADE, Entry, read_register
from deliverables.source import Line

PAGES, NUMBER, RESULT = "pages", "number", "result"
PDF, PDF_SHA256 = "pdf", "pdf_sha256"
FORM, FORM_SHA256 = "form", "form_sha256"
OPTIONS, CONTENTS = "options", "contents"
STATED = "stated"
"""The facts that the entries of a life carry beside those of every entry.

A final document that bears a later day than the draft states what was so on the draft's.
"""

COUNTED, MARKED = "counted", "marked"
"""Contents whose pages were counted, and those that wait for Word to count them."""

PASSED, FAILED = "通过", "不通过"


class Stage(StrEnum):
    """A step on the way to the seal and after it: the event of an entry, in this order."""

    FINAL = "final"
    SEALED = "sealed"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"


SPOKEN: Final[Mapping[Stage, Message]] = {
    Stage.FINAL: say("final"),
    Stage.SEALED: say("sealed"),
    Stage.DELIVERED: say("delivered"),
    Stage.ACCEPTED: say("accepted"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Life:
    """What the register knows of one deliverable; `made` is its newest draft."""

    key: str
    made: Entry | None = None
    final: Entry | None = None
    sealed: Entry | None = None
    delivered: Entry | None = None
    accepted: Entry | None = None

    def entry(self, stage: Stage) -> Entry | None:
        """Return the entry of a stage."""
        found: Entry | None = getattr(self, stage.value)
        return found

    @property
    def days(self) -> tuple[tuple[Stage, date], ...]:
        """The stages reached and the day of each, in order."""
        found = ((stage, self.entry(stage)) for stage in Stage)
        return tuple((stage, entry.as_of) for stage, entry in found if entry)

    @property
    def stage(self) -> Stage | None:
        """The last stage reached; None for a draft."""
        days = self.days
        return days[-1][0] if days else None

    @property
    def redrafted(self) -> bool:
        """Whether a draft was made after the final document."""
        return bool(self.made and self.final and self.made.sequence > self.final.sequence)

    @property
    def result(self) -> str:
        """How the acceptance ended (通过, 不通过); empty while there is none."""
        return self.accepted.details.get(RESULT, "") if self.accepted else ""

    @property
    def awaits_acceptance(self) -> bool:
        """Whether it was delivered and the client has not yet answered."""
        return self.delivered is not None and self.accepted is None


def lives(entries: Iterable[Entry]) -> dict[str, Life]:
    """Return the life of every deliverable that the entries name, by its key."""
    found: dict[str, Life] = {}
    for entry in entries:
        life = found.get(entry.deliverable, Life(key=entry.deliverable))
        match entry.event:
            case "made":
                life = replace(life, made=entry)
            case "final":
                life = Life(key=life.key, made=life.made, final=entry)
            case "sealed":
                life = replace(life, sealed=entry)
            case "delivered":
                refused = life.result == FAILED
                life = replace(life, delivered=entry, accepted=None if refused else life.accepted)
            case "accepted":
                life = replace(life, accepted=entry)
        found[entry.deliverable] = life
    return found


def intact(entry: Entry | None, folder: Path) -> bool:
    """Return whether the file of an entry, and its PDF, are still those that were recorded."""
    if entry is None:
        return False
    recorded = {entry.file: entry.sha256}
    if entry.details.get(PDF):
        recorded[entry.details[PDF]] = entry.details.get(PDF_SHA256, "")
    return all(
        (folder / name).is_file() and sha256_of(folder / name) == digest
        for name, digest in recorded.items()
    )


def no_longer_intact(known: Iterable[Life], folder: Path) -> Iterator[Problem]:
    """Yield the final documents and sealed copies that are not what was recorded."""
    for life in known:
        for entry in (life.final, life.sealed):
            if entry and not intact(entry, folder):
                file = folder / entry.file
                found = sha256_of(file)[:12] if file.is_file() else "—"
                yield error(
                    "seal-final-changed",
                    Line(file.as_posix()),
                    say(
                        "recorded as {stage} with SHA-256 {expected}…, now {found}",
                        stage=SPOKEN[Stage(entry.event)],
                        expected=entry.sha256[:12],
                        found=found,
                    ),
                    say("put the recorded file back from a copy"),
                )


def pages_of(entry: Entry | None) -> int | None:
    """Return how many pages an entry's document has; None if nobody counted."""
    counted = entry.details.get(PAGES, "") if entry else ""
    return int(counted) if counted.isdecimal() else None


def find_document(out: Path, file: Path) -> tuple[str, str] | None:
    """Return the contract and the key of the deliverable that a draft, final or PDF belongs to."""
    wanted = file.resolve()
    for register in sorted(out.glob("*/register.jsonl")):
        entries, _ = read_register(register)
        for entry in reversed(entries):
            if entry.event in (MADE, Stage.FINAL):
                names = filter(None, (entry.file, entry.details.get(PDF, "")))
                if any((register.parent / name).resolve() == wanted for name in names):
                    return register.parent.name, entry.deliverable
    return None
