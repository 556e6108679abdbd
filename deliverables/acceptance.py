"""The materials that the client asks for before acceptance (第三条第6款): complete, or what lacks.

One annual summary and as many quarterly reports as the contract says, every one of them sealed.
What the register says of an acceptance is held against the ledger, which is the evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from deliverables.folders import Folders
from deliverables.kinds import Deliverable, Role, kind_that, kinds
from deliverables.letters import kind_named
from deliverables.model.book import ContractBook
from deliverables.model.ledger_sheets import Acceptance
from deliverables.register import MADE, Entry, Life, intact, lives, read_register
from deliverables.values.figure import Cell, Line, Source
from deliverables.values.problem import Message, Problem, say, warning

_CONTRACT = "contract.yaml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """One of the materials; `lacks` is None once it is sealed. `remarks` do not make it lack."""

    deliverable: Deliverable
    life: Life
    lacks: Message | None
    remarks: tuple[Message, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Pack:
    """The acceptance materials of one contract on a day."""

    contract: str
    article: str
    materials: tuple[Material, ...]

    @property
    def complete(self) -> bool:
        """Whether every material is sealed."""
        return bool(self.materials) and all(item.lacks is None for item in self.materials)


def acceptance_pack(book: ContractBook, folders: Folders, as_of: date) -> Pack:
    """Return the materials as they stood on the day `as_of`."""
    entries, _ = read_register(folders.register(book.number))
    known = lives(entry for entry in entries if entry.event == MADE or entry.as_of <= as_of)
    wanted = [
        (one, known.get(one.key, Life(key=one.key)))
        for kind in kinds().values()
        if kind.sealing.for_acceptance
        for one in kind.plan(book, as_of)
        if one.sealed
    ]
    others = [life for _, life in wanted]
    return Pack(
        contract=book.number,
        article=book.contract.acceptance.article,
        materials=tuple(
            Material(
                deliverable=one,
                life=life,
                lacks=_lacks(one, life, folders, as_of),
                remarks=tuple(_remarks(life, others)),
            )
            for one, life in wanted
        ),
    )


def _lacks(one: Deliverable, life: Life, folders: Folders, as_of: date) -> Message | None:
    """Return what a material still lacks."""
    if life.sealed:
        if intact(life.sealed, folders.contract(one.contract)):
            return None
        return say("the sealed copy is not the one that was recorded")
    if life.final:
        return say("final, not sealed")
    if life.made:
        gone = say("withdrawn, and nothing sealed in its place")
        return gone if life.withdrawn else say("a draft, not final")
    if one.possible_from and as_of < one.possible_from:
        return say("not made: possible from {day}", day=one.possible_from)
    return say("not made")


def _remarks(life: Life, others: list[Life]) -> Iterator[Message]:
    """Yield what to look at: another draft, and data that changed between two of the materials."""
    if life.redrafted:
        yield say("a newer draft exists: the sealed one is of the earlier")
    mine = life.sealed.inputs if life.sealed else {}
    for other in others:
        theirs = other.sealed.inputs if other.sealed else {}
        for name in sorted(mine.keys() & theirs.keys()):
            if mine[name] != theirs[name] and not name.endswith(_CONTRACT):
                yield say("{input} was another when {key} was made", input=name, key=other.key)


def acceptance_closure(book: ContractBook, folders: Folders) -> tuple[Problem, ...]:
    """Return where the register and the ledger's 验收 disagree; the ledger is the evidence."""
    entries, _ = read_register(folders.register(book.number))
    if book.ledger is None:
        return ()
    found: list[Problem] = []
    known = lives(entries)
    paper = kind_that(Role.RECORDS)
    records = [life for key, life in known.items()
               if key.startswith(f"{paper.name}/") and life.accepted]  # fmt: skip
    every = paper.plan(book, date.max) if records else ()
    stages = {one.key: one.records for one in every}
    recorded = {stages.get(life.key) for life in records}
    for life in records:
        found += _disagreements(book, life, stages.get(life.key, ""))
    for key, life in known.items():
        kind = kind_named(key.partition("/")[0], folders, book.number)
        stage = kind.sealing.acceptance if kind else ""
        answered = life.accepted or stage not in recorded
        if stage and answered and life.sealed and life.delivered:
            found += _disagreements(book, life, stage)
    return tuple(found)


def sealed_closure(book: ContractBook, folders: Folders) -> Iterator[Problem]:
    """Yield a warning for each final report of which the data of today tell another past.

    What was entered since of later days changes nothing in it and is no contradiction.
    """
    entries, _ = read_register(folders.register(book.number))
    for key, life in lives(entries).items():
        kind = kind_named(key.partition("/")[0], folders, book.number)
        if kind and kind.sealing.for_acceptance and life.final:
            told = life.final.inputs.items()
            changed = [name for name, digest in told if book.inputs.get(name) != digest]
            file = folders.contract(book.number) / life.final.file
            if changed and _tells_another_past(life.final, book, folders):
                yield warning(
                    "closure-sealed",
                    Line(file.as_posix()),
                    say("final, and changed since: {inputs}", inputs=", ".join(changed)),
                    say(
                        "deliverables diff shows which of its figures differ; put the data back, "
                        "or hand in a corrected report, else the annual summary does not add up to "
                        "it"
                    ),
                )


def _tells_another_past(final: Entry, book: ContractBook, folders: Folders) -> bool:
    """Return whether the data of today, as known on the day of a final report, say otherwise."""
    # slow to import, and needed only where data changed since
    from deliverables.draft import NoLongerDueError, recompose  # noqa: PLC0415

    try:
        return recompose(final, book, folders).properties.digest != final.says
    except (NoLongerDueError, ArithmeticError, LookupError, ValueError):
        return True  # data that no document can be made of any more


def _disagreements(book: ContractBook, life: Life, stage: str) -> Iterator[Problem]:
    if book.ledger is None:
        return
    rows = [row for row in book.ledger.acceptances if row.stage == stage]
    sheet = Cell(book.ledger.file, Acceptance.sheet)
    add = say("add the row that deliverables accepted printed, with its paper as evidence")
    if life.accepted is None:
        for row in rows:
            if row.accepted and life.delivered and row.accepted >= life.delivered.as_of:
                yield _differ(
                    row.place("accepted"),
                    say("answered on {day} here, the register has no answer to {key}",
                        day=row.accepted, key=life.key),
                    say("record it: deliverables accepted FILE --date {day}", day=row.accepted),
                )  # fmt: skip
        return
    answered = [row for row in rows if row.accepted == life.accepted.as_of]
    if not answered:
        yield _differ(
            sheet,
            say("the register has {key} answered on {day} ({result}), no row here does",
                key=life.key, day=life.accepted.as_of, result=life.result),
            add,
        )  # fmt: skip
    for row in answered:
        if row.result != life.result:
            yield _differ(
                row.place("result"),
                say("{here} here, the register has {there}", here=row.result, there=life.result),
                say("the paper decides: correct the row, or record it --again"),
            )


def _differ(place: Source, message: Message, fix: Message) -> Problem:
    return warning("acceptance-closure", place, message, fix)
