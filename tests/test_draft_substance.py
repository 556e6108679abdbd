"""A draft is out of date when what it states has changed, not because another day has come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from deliverables.draft import substance_of
from deliverables.kinds import Blocker, Deliverable
from deliverables.values.calendar import show_day
from deliverables.values.figure import Cell, Derivation, Figure
from deliverables.values.problem import say

FIRST, SECOND = date(2026, 11, 2), date(2026, 11, 3)
PAID = Figure("到账金额", Decimal("12.50"), "12.50", Cell("ledger.xlsx", "到账", "B3"))
ONE = Deliverable(
    kind="letter", contract="HT-1", part="1", title="函", article="", folder="", stem="函",
    possible_from=None, due=None,
)  # fmt: skip


@dataclass(frozen=True)
class Letter:
    """What a letter of the tests says."""

    dated: object
    paid: object = PAID
    late: bool = False


def dated(day: date) -> Figure[date]:
    return Figure("成文日期", day, show_day(day), Derivation("出具文件时指定的日期", ""))


def substances(*said: tuple[Letter, date], of: Deliverable = ONE) -> set[str]:
    return {substance_of(letter, of, day) for letter, day in said}


def test_the_day_it_bears_is_no_part_of_what_it_states() -> None:
    assert len(substances((Letter(dated(FIRST)), FIRST), (Letter(dated(SECOND)), SECOND))) == 1


def test_nor_is_the_day_in_a_text() -> None:
    said = [(Letter(f"截至{show_day(day)}无到账"), day) for day in (FIRST, SECOND)]
    assert len(substances(*said)) == 1


def test_a_figure_that_changed_with_the_day_is() -> None:
    more = replace(PAID, text="13.00")
    said = ((Letter(dated(FIRST)), FIRST), (Letter(dated(SECOND), more), SECOND))
    assert len(substances(*said)) == 2


def test_a_day_read_from_a_cell_is_what_it_states_also_if_it_is_the_same_day() -> None:
    read = [Figure("到账日期", day, show_day(day), Cell("ledger.xlsx", "到账", "A3"))
            for day in (FIRST, SECOND)]  # fmt: skip
    said = [(Letter(figure), figure.value) for figure in read]
    assert len(substances(*said)) == 2


def test_what_decides_which_sentences_are_printed_counts() -> None:
    said = ((Letter(dated(FIRST)), FIRST), (Letter(dated(FIRST), late=True), FIRST))
    assert len(substances(*said)) == 2


def test_an_unmet_condition_that_is_printed_counts() -> None:
    unmet = (Blocker(say("no invoice"), waivable=True, on_document="未开票"),)
    letter = (Letter(dated(FIRST)), FIRST)
    assert substances(letter) != substances(letter, of=replace(ONE, blockers=unmet))


def test_two_texts_are_not_the_same_as_one_that_joins_them() -> None:
    said = ((Letter("甲", "乙"), FIRST), (Letter("甲乙", ""), FIRST))
    assert len(substances(*said)) == 2
