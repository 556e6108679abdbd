"""The record of acceptance: which there are, from when, over what, and what it leaves open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import scenarios
from rows import book, quarter
from scenarios import sample

from deliverables.kinds.acceptance_record import KIND, plan
from deliverables.kinds.acceptance_record.record import AcceptanceRecord, compose
from deliverables.model.book import ContractBook
from deliverables.values.time_limit import UNSTATED

HALF, OVER = date(2026, 11, 2), date(2027, 5, 6)


def made(part: str, as_of: date, of: ContractBook | None = None) -> AcceptanceRecord:
    held = (of or sample()).as_known(as_of)
    (one,) = [one for one in plan(held, as_of) if one.part == part]
    return compose(held, one, as_of)


def small(**ledger: Any) -> ContractBook:
    """A contract without an interim acceptance, its four quarters over."""
    held = book(*(quarter(n) for n in (1, 2, 3, 4)))
    return replace(held, ledger=scenarios.ledger(*ledger.get("events", ())))


def test_there_is_one_for_each_acceptance_that_the_contract_has() -> None:
    assert [(one.part, one.called, one.article) for one in plan(sample(), OVER)] == [
        ("interim", "中期验收书", "第六条第2款第二段"),
        ("final", "验收书", "第三条第6款"),
    ]
    assert [one.part for one in plan(small(), OVER)] == ["final"]


def test_each_of_several_interim_acceptances_has_its_own() -> None:
    held = sample()
    first, second, third = held.contract.payment.instalments
    items = (
        replace(first, conditions=("interim_acceptance",)),
        replace(second, conditions=("past_half_of_term", "interim_acceptance_2")),
        third,
    )
    payment = replace(held.contract.payment, instalments=items)
    several = replace(held, contract=replace(held.contract, payment=payment))
    assert [(one.part, one.called, one.possible_from) for one in plan(several, HALF)] == [
        ("interim", "中期验收书", None),
        ("interim2", "第二次中期验收书", date(2026, 10, 30)),
        ("final", "验收书", date(2027, 4, 30)),
    ]
    assert made("interim", HALF, several).scope == "前期服务"
    assert str(made("interim2", HALF, several).article) == "第六条第2款第二段"


def test_it_can_be_drafted_from_the_day_past_half_and_the_day_after_the_end() -> None:
    assert [one.possible_from for one in plan(sample(), HALF)] == [
        date(2026, 10, 30), date(2027, 4, 30),
    ]  # fmt: skip


def test_it_is_for_a_person_to_ask_for_and_no_acceptance_material() -> None:
    assert {(one.on_demand, one.sealed) for one in plan(sample(), OVER)} == {(True, False)}


def test_accepted_is_the_stage_that_it_is_the_paper_of() -> None:
    assert [KIND.acceptance_of(one) for one in plan(sample(), OVER)] == ["中期", "最终"]


def test_people_name_it_by_the_acceptance() -> None:
    interim, final = plan(sample(), OVER)
    assert (interim.answers_to("中期"), final.answers_to("中期")) == (True, False)


def test_the_quarters_it_stands_on_must_be_there() -> None:
    lacking = replace(sample(), quarters={n: sample().quarters[n] for n in (1, 3, 4)})
    assert [len(one.blockers) for one in plan(lacking, OVER)] == [1, 1]


def test_there_is_nothing_to_confirm_where_no_requirement_is_listed() -> None:
    (final,) = plan(small(), OVER)
    assert [(one.on_document, one.waivable) for one in final.blockers] == [
        ("合同的各项要求尚未逐条列出", True)
    ]


def test_the_interim_one_puts_the_first_half_together_and_hands_over_its_reports() -> None:
    found = made("interim", HALF)
    assert [line.label for line in found.service.quarters] == ["第一季度", "第二季度"]
    assert [one.covers for one in found.materials] == ["第一季度", "第二季度"]
    assert (str(found.first_day), str(found.last_day), found.scope) == (
        "2026年4月30日", "2026年10月29日", "服务期过半前的服务",
    )  # fmt: skip
    parts = [line.downtime.value for line in found.service.quarters]
    assert found.service.this.downtime.value == sum(parts)


def test_the_final_one_hands_over_every_report_and_the_summary() -> None:
    assert [(one.title, one.covers) for one in made("final", OVER).materials] == [
        ("季度报告", "第一季度"),
        ("季度报告", "第二季度"),
        ("季度报告", "第三季度"),
        ("季度报告", "第四季度"),
        ("年度项目总结报告", "全服务期"),
    ]


@pytest.mark.parametrize(
    ("part", "amount"), [("interim", "1,468,337.62"), ("final", "1,468,337.62")]
)
def test_it_names_what_is_paid_once_it_is_passed(part: str, amount: str) -> None:
    (one,) = made(part, OVER).released
    assert str(one.amount) == amount


def procedure(part: str, as_of: date, of: ContractBook | None = None) -> list[str]:
    return [str(sentence) for sentence in made(part, as_of, of).procedure]


def test_it_says_how_the_contract_has_it_accepted_and_nothing_where_it_is_silent() -> None:
    held = replace(sample(), ledger=scenarios.ledger())
    assert procedure("final", OVER, held) == ["合同约定的验收期限：收到验收通知后5个工作日内。"]
    assert procedure("interim", HALF, held) == ["合同没有约定中期验收的程序、材料和期限。"]
    for stated, expected in (("双方开会", ["合同约定的中期验收办法：双方开会。"]), ("", [])):
        terms = replace(held.contract.acceptance, interim_procedure=stated, period=UNSTATED)
        other = replace(held, contract=replace(held.contract, acceptance=terms))
        assert procedure("interim", HALF, other) == expected
        assert procedure("final", OVER, other) == []


def test_the_rules_of_public_procurement_are_named_only_where_they_hold() -> None:
    held = sample()
    terms = replace(held.contract.acceptance, public_procurement=None)
    private = replace(held, contract=replace(held.contract, acceptance=terms))
    assert (made("final", OVER).public, made("final", OVER, private).public) == (True, False)


def test_what_came_after_it_was_passed_is_no_part_of_what_was_accepted() -> None:
    passed, later = made("interim", date(2026, 11, 16)), made("interim", date(2027, 5, 25))
    assert (later.dated.text, later.requirements) == ("2026年11月16日", passed.requirements)


def test_what_was_missed_is_told_with_what_was_done_about_it() -> None:
    found = made("interim", HALF)
    assert found.any_unmet
    assert str(found.requirements.unmet[0].article) == "第三条第3款"
    assert found.remedies
    assert made("final", OVER, small()).remedies == ()


def test_the_final_one_tells_how_the_interim_one_ended() -> None:
    passed = [scenarios.accepted("中期", date(2026, 11, 16))]
    held = replace(sample(), ledger=scenarios.ledger(*passed))
    assert procedure("final", OVER, held)[-1] == "中期验收2026-11-16通过，见中期验收意见。"
    assert len(procedure("interim", OVER, held)) == 1


def test_asked_for_again_it_says_when_it_was_refused() -> None:
    held = sample()
    refused = [scenarios.accepted("中期", date(2026, 11, 13), result="不通过")]
    again = replace(held, ledger=scenarios.ledger(*refused))
    assert procedure("interim", date(2026, 11, 20), again)[-1] == (
        "2026-11-13验收不通过，见中期验收意见；本次为返工或者调整后的重新验收。"
    )


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("未约定", "合同没有约定履约保证金。"),
        ("合同价的5%", "合同对履约保证金的约定：“合同价的5%”。"),
        ("合同价的5%，验收后退还。", "合同对履约保证金的约定：“合同价的5%，验收后退还。”"),
        ("", ""),
    ],
)
def test_a_bond_is_told_as_the_contract_has_it_and_not_where_nobody_looked(
    stated: str, said: str
) -> None:
    held = sample()
    terms = replace(held.contract.acceptance, performance_bond=stated)
    found = made("final", OVER, replace(held, contract=replace(held.contract, acceptance=terms)))
    assert (str(found.bond), found.bond_told) == (said, bool(said))


def test_satisfaction_and_meetings_stand_among_the_figures_also_where_nobody_asked() -> None:
    asked, heard, met = map(str, made("interim", HALF).opinions)
    assert asked == "前半期未开展满意度调查"
    assert heard == "前半期收到表扬 1 件，没有收到投诉"
    assert met == "召开服务会议 1 次"
