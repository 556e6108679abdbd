"""The materials of acceptance as the register knew them on a day (第三条第6款)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from deliverables.kinds import kinds
from deliverables.letters.case import Case
from deliverables.register import Entry
from deliverables.values.calendar import show_day
from deliverables.values.figure import Derivation, Figure, Line


@dataclass(frozen=True, slots=True)
class Sealed:
    """A material, and the day on which the register says that it was sealed; None if it was not.

    It is `over` when the period that it reports on is, and `known` when it was ever made here.
    """

    title: str
    article: str
    sealed: Figure[date] | None
    over: bool
    known: bool


def materials_of(case: Case) -> tuple[Sealed, ...]:
    """Return every material that the contract has handed over before acceptance."""
    return case.book.remembered(
        ("materials", case.as_of, tuple((one.key, one.days) for one in case.lives().values())),
        lambda: tuple(_materials(case)),
    )


def _materials(case: Case) -> Iterator[Sealed]:
    lives = case.lives()
    for kind in kinds().values():
        if not kind.sealing.for_acceptance:
            continue
        for one in (each for each in kind.plan(case.book, case.as_of) if each.sealed):
            life = lives.get(one.key)
            entry = life.sealed if life else None
            sealed = _day(one.title, entry) if entry else None
            over = one.possible_from is not None and one.possible_from <= case.as_of
            title = one.title.removeprefix(case.book.contract.identity.title)
            yield Sealed(title, one.article, sealed, over, known=life is not None)


def _day(title: str, entry: Entry) -> Figure[date]:
    place = Line("register.jsonl", entry.sequence, 1)
    read: Figure[date] = Figure(f"{title}用印", entry.as_of, show_day(entry.as_of), place)
    origin = Derivation("登记簿所载用印日期", "", (read,))
    return Figure("用印日期", entry.as_of, show_day(entry.as_of), origin)
