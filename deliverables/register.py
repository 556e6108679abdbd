"""The register: one line for everything that was made, chained to the one before; and its lives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from deliverables.files.digest import content_sha256_of, sha256_of
from deliverables.files.file_name import stays_within
from deliverables.files.placement import REGISTER, Transaction, settle
from deliverables.status import FAILED, RECORDED, SPOKEN, Condition, Stage, Status
from deliverables.values.figure import Line
from deliverables.values.problem import Message, Problem, SpokenError, error, say, warning

MADE = "made"
EDITED = "edited"
"""The detail of an entry whose document holds what a person wrote in it."""

_SEAL = "digest"
_BEFORE_SEAL = f',"{_SEAL}":"'.encode()
_FIRST = ""
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class UnknownFileError(SpokenError):
    """A file that no register knows; `message` says why that is thought."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One event in the life of a document; `deliverable` is the key kind/part.

    `file` is relative to the folder of the register and `content` is the hash of what the
    package holds, however it is compressed. `inputs` gives the SHA-256 of each input by its
    path. `base` names what the document said in the bases beside the register, `says` is the digest
    of what its context says and `substance` that without its day; `recipe` is one of everything it
    was made from. `replaced` names the file that was kept when this one took its place. `details`
    are the facts that only some events have. `sequence` and `previous` are filled in by `append`.
    """

    event: str = MADE
    deliverable: str
    kind: str
    part: str
    file: str
    sha256: str
    content: str
    as_of: date
    made_at: datetime
    inputs: Mapping[str, str]
    template: str
    template_sha256: str
    version: str
    command: str
    base: str = ""
    says: str = ""
    substance: str = ""
    recipe: str = ""
    sample: bool = False
    draft: bool = True
    findings: int = 0
    replaced: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    sequence: int = 0
    previous: str = _FIRST

    @property
    def pages(self) -> int | None:
        """How many pages the document has; None if nobody counted."""
        counted = self.details.get(PAGES, "")
        return int(counted) if counted.isdecimal() else None


_FIELDS = tuple(item.name for item in fields(Entry))


def append(path: Path, entry: Entry) -> Entry:
    """Add `entry` to the register at `path` and return it with its number and its link.

    Writers in other processes wait for each other. When the call returns, the line is on the
    disk. A line that an older version left half written stays as it is, and is linked.
    """
    return Writer(path).append(entry)[0]


class Writer:
    """Adds entries to a register, as `append` does, without reading it anew for each.

    It remembers how the register ended when it last wrote, and looks again if that has changed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._end = _End(0, 0, _FIRST, whole=True)

    def append(self, *entries: Entry) -> tuple[Entry, ...]:
        """Add the entries in order, if there are any; return them with their numbers and links.

        When the call returns, all lines are on the disk.
        """
        if not entries:
            return ()
        with Transaction(self._path.parent) as change:
            return self.enter(change, *entries)

    def enter(self, change: Transaction, *entries: Entry) -> tuple[Entry, ...]:
        """Let the entries be added by a change of the folder; return them as `append` does."""
        path, waiting = self._path, change.added(self._path)
        size = (path.stat().st_size if path.exists() else 0) + len(waiting)
        end = self._end
        if size != end.size:
            end = _end_of((path.read_bytes() if path.exists() else b"") + waiting)
        added, written = [], b"" if end.whole else b"\n"
        previous = end.previous
        for number, entry in enumerate(entries, end.sequence + 1):
            linked = replace(entry, sequence=number, previous=previous)
            line = _line(linked)
            written += line + b"\n"
            previous = sha256_of(line)
            added.append(linked)
        change.add(path, written)
        self._end = _End(size + len(written), end.sequence + len(entries), previous, whole=True)
        return tuple(added)


@dataclass(frozen=True, slots=True)
class _End:
    """How a register ends: its size, its highest number, the hash of its last line."""

    size: int
    sequence: int
    previous: str
    whole: bool


def _end_of(written: bytes) -> _End:
    lines = _lines(written)
    return _End(
        size=len(written),
        sequence=max((found.sequence for found in _entries(lines)), default=0),
        previous=sha256_of(lines[-1]) if lines else _FIRST,
        whole=not written or written.endswith(b"\n"),
    )


def registers_in(out: Path) -> list[Path]:
    """Return the registers in the folders of contracts, once what killed runs left is completed."""
    for folder in out.glob("*/"):
        settle(folder)
    return sorted(out.glob(f"*/{REGISTER}"))


def state_of(path: Path) -> tuple[int, int]:
    """Return what is another after every change of a register: its size and its moment."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def read_register(path: Path) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Return the entries in order, and a problem for each line that cannot be trusted.

    A line that was tampered with is returned too, if it can be read and leads to no file
    elsewhere: nothing is lost. A register that does not exist is empty. What a killed run left in
    its folder is completed or swept first.
    """
    settle(path.parent)
    if not path.exists():
        return (), ()
    entries: list[Entry] = []
    problems: list[Problem] = []
    previous = _FIRST
    for number, line in enumerate(_lines(path.read_bytes()), start=1):
        place = Line(path.as_posix(), number, 1)
        facts = _facts(line)
        entry = None if facts is None else _entry(facts)
        if facts is None or entry is None:
            whole = facts is not None and not _is_sealed(line, facts)
            problems.append(_no_entry(place) if whole else _unreadable(place))
        elif away := next(_names_elsewhere(entry), ""):
            problems.append(_leads_away(place, away))
        else:
            entries.append(entry)
            if not _is_sealed(line, facts) or entry.previous != previous:
                problems.extend(_broken_links(place, facts, entry, previous))
        previous = sha256_of(line)
    return tuple(entries), tuple(problems)


def status_of(
    entry: Entry,
    folder: Path,
    inputs: Mapping[str, str],
    template_sha256: str = "",
) -> Status:
    """Return the status of a recorded draft whose register lies in `folder`.

    `inputs` are the hashes of today; `template_sha256` is the template's, if it counts. The
    file counts as edited when what it holds has changed, not when it was merely zipped anew.
    """
    changed = tuple(_changed(entry, inputs, template_sha256))
    return Status(Stage.DRAFT, _condition(entry, folder / entry.file, stale=bool(changed)), changed)


def _condition(entry: Entry, file: Path, *, stale: bool) -> Condition:
    if not file.is_file():
        return Condition.MISSING
    same = sha256_of(file) == entry.sha256 or content_sha256_of(file) == entry.content
    if not same or (entry.event == MADE and entry.details.get(EDITED)):
        return Condition.BOTH if stale else Condition.EDITED
    return Condition.STALE if stale else Condition.CURRENT


def _changed(entry: Entry, inputs: Mapping[str, str], template_sha256: str) -> Iterator[str]:
    for name in sorted({*entry.inputs, *inputs}):
        if entry.inputs.get(name) != inputs.get(name):
            yield name
    if template_sha256 and template_sha256 != entry.template_sha256:
        yield entry.template


def _lines(written: bytes) -> list[bytes]:
    """Return the lines without their ends; the last one may be half written."""
    lines = written.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def _line(entry: Entry) -> bytes:
    facts = {name: getattr(entry, name) for name in _FIELDS}
    facts["as_of"], facts["made_at"] = entry.as_of.isoformat(), entry.made_at.isoformat()
    facts["inputs"] = dict(sorted(entry.inputs.items()))
    facts["details"] = dict(sorted(entry.details.items()))
    said = _json(facts)
    return said[:-1] + _BEFORE_SEAL + f'{sha256_of(said)}"}}'.encode()


def _json(facts: Mapping[str, Any]) -> bytes:
    return _ENCODER.encode(facts).encode()


def _seal(facts: Mapping[str, Any]) -> str:
    return sha256_of(_json({name: value for name, value in facts.items() if name != _SEAL}))


def _entries(lines: Iterable[bytes]) -> Iterator[Entry]:
    found = (_entry(facts) for line in lines if (facts := _facts(line)) is not None)
    return (entry for entry in found if entry is not None)


def _facts(line: bytes) -> dict[str, Any] | None:
    try:
        facts = json.loads(line)
    except ValueError:
        return None
    return facts if isinstance(facts, dict) else None


def _entry(facts: dict[str, Any]) -> Entry | None:
    """Return what a line records; facts that only a later version knows are passed over.

    The annotations promise more than a line that somebody changed by hand keeps: None for one with
    a fact of another type.
    """
    try:
        known = {name: facts[name] for name in _FIELDS if name in facts}
        known["as_of"] = date.fromisoformat(facts["as_of"])
        known["made_at"] = datetime.fromisoformat(facts["made_at"])
        entry = Entry(**known)
    except (ValueError, TypeError, KeyError):
        return None
    usable = "sequence" in facts and all(
        _is_of_type(getattr(entry, name), kind) for name, kind in _TYPES.items()
    )
    return entry if usable else None


_TYPES: Mapping[str, type] = {
    item.name: {"str": str, "bool": bool, "int": int, "date": date, "datetime": datetime}.get(
        str(item.type), dict
    )
    for item in fields(Entry)
}


def _is_of_type(value: object, kind: type) -> bool:
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is dict:
        return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    return isinstance(value, kind)


def _names_elsewhere(entry: Entry) -> Iterator[str]:
    """Yield the names of an entry that lead out of the folder in which they are looked up."""
    papers = (entry.details.get(PDF, ""), entry.details.get(FORM, ""))
    names = (entry.file, entry.template, *papers, *entry.inputs)
    for name in (*names, *entry.replaced.split(", ")):
        if name and not stays_within(name):
            yield name


def _is_sealed(line: bytes, facts: Mapping[str, Any]) -> bool:
    """Tell whether a line has the seal of what it says; as it was written, or in another form."""
    said, _, seal = line.rpartition(_BEFORE_SEAL)
    if seal == f'{facts.get(_SEAL)}"}}'.encode() and sha256_of(said + b"}") == facts.get(_SEAL):
        return True
    return bool(facts.get(_SEAL) == _seal(facts))


def _unreadable(place: Line) -> Problem:
    return warning(
        "register-line",
        place,
        say("the line is no entry: the writing of it was interrupted, or it was changed"),
        say("leave the line as it is; make the document it should record once more"),
    )


def _no_entry(place: Line) -> Problem:
    return error(
        "register-line",
        place,
        say("the line is no entry: it was changed after it was written"),
        say("restore the register from a copy; entries are never changed, only added"),
    )


def _leads_away(place: Line, name: str) -> Problem:
    return error(
        "register-path",
        place,
        say("the line names a file outside the folder, {name}: no such line was ever written",
            name=repr(name)),
        say("restore the register from a copy; entries are never changed, only added"),
    )  # fmt: skip


def _broken_links(
    place: Line, facts: Mapping[str, Any], entry: Entry, previous: str
) -> Iterator[Problem]:
    remedy = say("restore the register from a copy; entries are never changed, only added")
    if facts.get(_SEAL) != _seal(facts):
        yield error(
            "register-changed",
            place,
            say("entry {number} was changed after it was written", number=entry.sequence),
            remedy,
        )
    if entry.previous != previous:
        yield error(
            "register-chain",
            place,
            say(
                "entry {number} does not follow the line before it: "
                "that line was changed, or one was removed or put in between",
                number=entry.sequence,
            ),
            remedy,
        )


PAGES, NUMBER, RESULT = "pages", "number", "result"
COPIES = "copies"
"""How many copies were asked for, where they are others than the kind says."""
PDF, PDF_SHA256 = "pdf", "pdf_sha256"
FORM, FORM_SHA256 = "form", "form_sha256"
OPTIONS, CONTENTS = "options", "contents"
STATED = "stated"
TITLE, CALLED, ARTICLE = "title", "called", "article"
REASON, BY = "reason", "by"
REPLACES, REPLACES_NUMBER, REPLACES_DATED = "replaces", "replaces_number", "replaces_dated"
"""The facts that the entries of a life carry beside those of every entry.

A final document that bears a later day than the draft states what was so on the draft's. One that
takes the place of a paper that was withdrawn names that by its digest, its number and its day.
"""

COUNTED, UNCOUNTED = "counted", "uncounted"
"""Contents whose pages were counted, and those that wait for Word to count them."""


IDENTITY_LIKE = re.compile(r"[0-9]{14,17}[0-9Xx]")
"""What looks like an identity number, which may stand in no register."""


def is_line(words: str, most: int) -> bool:
    """Return whether words may stand in a register: one line, not too long, no identity number."""
    return len(words) <= most and words.isprintable() and not IDENTITY_LIKE.search(words)


def still_to_come(day: date, today: date) -> Message | None:
    """Return why nothing can be dated `day` yet; None if the day has come.

    No document becomes final, is sealed, delivered or accepted on a day of the future.
    """
    if day <= today:
        return None
    return say("--date {day} has not come yet: today is {today}", day=day, today=today)


@dataclass(frozen=True, kw_only=True, slots=True)
class Life:
    """What the register knows of one deliverable; `made` is its newest draft.

    What was found wrong after it was sealed is `withdrawn`: then nothing is final, sealed or
    delivered any more, and what was is the last of the `earlier` ones. A new final begins anew.
    Withdrawn once more without one, day and reason are corrected.
    """

    key: str
    made: Entry | None = None
    final: Entry | None = None
    sealed: Entry | None = None
    delivered: Entry | None = None
    accepted: Entry | None = None
    withdrawn: Entry | None = None
    earlier: tuple[Life, ...] = ()

    def entry(self, stage: Stage) -> Entry | None:
        """Return the entry of a stage."""
        found: Entry | None = getattr(self, stage.value)
        return found

    @property
    def days(self) -> tuple[tuple[Stage, date], ...]:
        """The stages reached and the day of each, in order."""
        if self.withdrawn and self.earlier:
            return self.earlier[-1].days
        found = ((stage, self.entry(stage)) for stage in (*RECORDED, Stage.WITHDRAWN))
        return tuple((stage, entry.as_of) for stage, entry in found if entry)

    @property
    def stage(self) -> Stage | None:
        """The last stage reached; None for a draft."""
        days = self.days
        return days[-1][0] if days else None

    def status(self, draft: Status) -> Status:
        """Return the status of the deliverable, given that of its newest draft."""
        if self.stage is None or self.redrafted:
            return draft
        if self.withdrawn:
            return Status(self.stage, draft.condition, draft.changed)
        condition = Condition.STALE if draft.changed else Condition.CURRENT
        return Status(self.stage, condition, draft.changed)

    @property
    def redrafted(self) -> bool:
        """Whether a draft was made after the final document, or after that was withdrawn."""
        last = self.final or self.withdrawn
        return bool(self.made and last and self.made.sequence > last.sequence)

    @property
    def result(self) -> str:
        """How the acceptance ended (通过, 不通过); empty while there is none."""
        return self.accepted.details.get(RESULT, "") if self.accepted else ""

    @property
    def awaits_acceptance(self) -> bool:
        """Whether it was delivered under seal and the client has not yet answered."""
        return None not in (self.sealed, self.delivered) and self.accepted is None

    @property
    def withdrawal(self) -> Message | None:
        """When the paper was withdrawn, why, and by whom; None if it was not."""
        entry = self.withdrawn
        if entry is None:
            return None
        told = entry.details
        return say("withdrawn {day} by {name}: {reason}", day=entry.as_of, name=told.get(BY, "—"),
                   reason=told.get(REASON, "—"))  # fmt: skip


def lives(entries: Iterable[Entry]) -> dict[str, Life]:
    """Return the life of every deliverable that the entries name, by its key."""
    found: dict[str, Life] = {}
    for entry in entries:
        life = found.get(entry.deliverable, Life(key=entry.deliverable))
        match entry.event:
            case "made":
                life = replace(life, made=entry)
            case "final":
                life = Life(key=life.key, made=life.made, final=entry, earlier=life.earlier)
            case "sealed":
                life = replace(life, sealed=entry)
            case "delivered":
                refused = life.result == FAILED
                life = replace(life, delivered=entry, accepted=None if refused else life.accepted)
            case "accepted":
                life = replace(life, accepted=entry)
            case "withdrawn":
                *before, last = (*life.earlier, life) if life.final else (*life.earlier,) or (life,)
                past = (*before, replace(last, withdrawn=entry, earlier=()))
                life = Life(key=life.key, made=life.made, withdrawn=entry, earlier=past)
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
    for newest in known:
        life = newest.earlier[-1] if newest.withdrawn else newest
        for entry in (life.final, life.sealed):
            if entry and not intact(entry, folder):
                file = folder / entry.file
                found = sha256_of(file)[:12] if file.is_file() else "—"
                yield error(
                    "seal-final-changed",
                    Line(file.as_posix()),
                    say(
                        "recorded as {stage} with SHA-256 {expected}…, now {found}",
                        stage=SPOKEN[entry.event],
                        expected=entry.sha256[:12],
                        found=found,
                    ),
                    say("put the recorded file back from a copy"),
                )


def find_document(out: Path, file: Path) -> tuple[str, str] | None:
    """Return the contract and the key of the deliverable that a draft, final or PDF belongs to."""
    wanted = file.resolve()
    for register in registers_in(out):
        entries, _ = read_register(register)
        for entry in reversed(entries):
            if entry.event in (MADE, Stage.FINAL):
                names = filter(None, (entry.file, entry.details.get(PDF, "")))
                if any((register.parent / name).resolve() == wanted for name in names):
                    return register.parent.name, entry.deliverable
    return None
