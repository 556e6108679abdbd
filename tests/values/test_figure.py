"""Sentences that assert something: composed of figures or written by a person, or not at all."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace

import pytest

from deliverables.docx.names import Holds, names_offered
from deliverables.values.figure import Cell, Derivation, Figure, Line, Statement, sources_in

SIGNED = Figure("签订日期", None, "2026年4月29日", Line("contract.yaml", 12, 14))
DAYS = Figure("付款期限", 40, "40", Line("contract.yaml", 88, 21))
ACCEPTED = Figure("验收日期", None, "2026年11月16日", Cell("ledger.xlsx", "验收", "C3"))


def term() -> Statement:
    return Statement.of(
        "付款期限", "自{start}起{days}个工作日", "第六条第2款", start=SIGNED, days=DAYS
    )


def test_a_statement_is_composed_of_figures_and_leads_back_to_their_places() -> None:
    assert str(term()) == term().value == "自2026年4月29日起40个工作日"
    assert sources_in(term()) == {Line("contract.yaml", 12, 14), Line("contract.yaml", 88, 21)}


def test_a_statement_rests_on_figures_that_it_does_not_print() -> None:
    paid = Statement.of("付款", "至今无到账", "", ACCEPTED)
    assert (paid.text, sources_in(paid)) == ("至今无到账", {Cell("ledger.xlsx", "验收", "C3")})


def test_the_pattern_with_the_names_of_the_figures_is_the_rule_unless_one_is_given() -> None:
    assert isinstance(term().origin, Derivation)
    assert term().origin == Derivation(
        "自〈签订日期〉起〈付款期限〉个工作日", "第六条第2款", (SIGNED, DAYS)
    )
    told = Statement.of("验收", "已于{day}通过", "", rule="验收表中结论为通过的行", day=ACCEPTED)
    assert told.origin == Derivation("验收表中结论为通过的行", "", (ACCEPTED,))


def test_what_a_person_wrote_in_a_cell_is_a_statement() -> None:
    cell = Cell("ledger.xlsx", "履约情况", "B4")
    written = Statement.written(Figure("完成情况", "已完成两次", "已完成两次", cell))
    assert (written.text, written.origin) == ("已完成两次", cell)


def test_statements_one_after_another_lead_to_all_their_places() -> None:
    both = Statement.joined("条件", (term(), ACCEPTED), by="；")
    assert both.text == "自2026年4月29日起40个工作日；2026年11月16日"
    assert sources_in(both) == sources_in((term(), ACCEPTED))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Statement("结论", "均已完成", "均已完成", Derivation("", "")),
        lambda: Statement.of("结论", "均已完成"),
        lambda: Statement.joined("结论", ()),
        lambda: replace(term(), origin=Derivation("", "")),
    ],
)
def test_a_statement_that_rests_on_nothing_cannot_be_made(make: object) -> None:
    with pytest.raises(ValueError, match="rests on nothing"):
        make()  # type: ignore[operator]


def test_a_statement_is_a_frozen_figure_that_can_be_copied() -> None:
    assert isinstance(term(), Figure)
    assert term() == term() == copy.copy(term()) == copy.deepcopy(term())
    assert replace(term(), text="⟦付款期限⟧").text == "⟦付款期限⟧"
    with pytest.raises(AttributeError):
        term().text = "另一句话"  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Row:
    said: Statement


@dataclass(frozen=True, slots=True)
class Context:
    deadline: Statement
    conditions: tuple[Statement, ...]
    rows: tuple[Row, ...]


def test_a_template_prints_a_statement_as_it_prints_a_figure() -> None:
    offered = {field.name: (field.holds, field.each) for field in names_offered(Context)}
    assert offered == {
        "deadline": (Holds.TEXT, None),
        "conditions": (Holds.ROWS, Holds.TEXT),
        "rows": (Holds.ROWS, None),
        "rows.said": (Holds.TEXT, None),
    }
