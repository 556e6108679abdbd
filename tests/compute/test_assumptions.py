"""What is taken for granted is said, has an article, and yields to the data."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from places import ROOT
from scenarios import accepted, book, contract, ledger, sme_contract

from deliverables.compute.assumptions import (
    Assumption,
    about,
    assumptions,
    report_statements,
)
from deliverables.model.book import ContractBook
from deliverables.model.contract import gaps
from deliverables.values.time_limit import parse

AS_OF = date(2026, 11, 2)


def found(project: ContractBook | None = None, as_of: date = AS_OF) -> dict[str, Assumption]:
    return {item.code: item for item in assumptions(project or book(ledger=ledger()), as_of)}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("signing-day", "合同签订日期取2026年4月29日"),
        ("term-convention", "签订当日不计入，即2026年4月30日至2027年4月29日"),
        ("quarter-division", "首个服务季度为2026年4月30日至2026年7月29日"),
        ("working-days", "调休上班的周末计入"),
        ("availability-measurement", "重叠的中断合并计算"),
        ("durability-statement", "不作实测百分比"),
        ("incident-grading", "未定级"),
        ("acceptance-clock", "进行外观验收，不作为验收通过的依据"),
        ("interim-acceptance", "以甲方出具的中期验收文件为准"),
        ("standard-plan", "暂不适用中小企业付款比例"),
        ("stated-amounts", "以载明金额为准"),
        ("deductions", "以双方协商一致的书面文件为准"),
        ("deadline-start", "付款期限自合同签订次日起算"),
        ("no-deadline", "催告前不计算迟延"),
        ("later-of-two", "较晚一日"),
        ("provisional-deadline", "2027年放假安排尚未计入"),
        ("invoice-type", "发票种类合同未约定"),
        ("tax-before-payment", "《增值税法》第二十八条"),
        ("late-payment", "不超过244,722.93元"),
        ("confidentiality-end", "2037年4月29日"),
        ("scope-limit-quoted", "照录原文，不作补足"),
        ("secrecy-law", "实施条例"),
    ],
)
def test_every_default_of_the_real_contract_is_said(code: str, said: str) -> None:
    assert said in found()[code].text


def test_each_names_its_article_and_what_overrules_it() -> None:
    for item in found().values():
        assert item.article, item.code
        assert item.setting, item.code
        assert item.text.endswith("。"), item.code
        assert item.topics, item.code


def test_settings_in_contract_yaml_are_keys_that_exist() -> None:
    terms = contract()
    for item in found().values():
        if re.fullmatch(r"[a-z_]+(\[\])?(\.[a-z_]+(\[\])?)*", item.setting):
            owner: object = terms
            for key in item.setting.split("."):
                owner = getattr(owner, key.removesuffix("[]"))
                owner = owner[0] if key.endswith("[]") else owner  # type: ignore[index]


def test_codes_are_not_repeated() -> None:
    codes = [item.code for item in assumptions(book(ledger=ledger()), AS_OF)]
    assert len(codes) == len(set(codes))


def test_a_grading_supplied_ends_its_assumption() -> None:
    terms = contract()
    levels = replace(terms.service_levels, incident_grading="附件二")
    assert "incident-grading" not in found(book(terms=replace(terms, service_levels=levels)))
    unsaid = replace(terms, service_levels=replace(levels, incident_grading=""))
    assert not {"incident-grading", "incident-grading-agreed"} & set(found(book(terms=unsaid)))


def test_a_convention_agreed_changes_the_words_and_the_days() -> None:
    terms = contract()
    agreed = replace(terms, service=replace(terms.service, term_convention="inclusive"))
    text = found(book(terms=agreed))["term-convention"].text
    assert "按签订当日计入" in text
    assert "2026年4月29日至2027年4月28日" in text


def test_the_sme_plan_says_its_shares_in_place_of_the_standard_plan() -> None:
    said = found(book(terms=sme_contract()))
    assert "50%、20%、余额" in said["sme-plan"].text
    assert "standard-plan" not in said
    assert "stated-amounts" not in said


def told_under(plan: str, **late: Any) -> dict[str, Assumption]:
    terms = contract()
    paid = replace(terms.payment, plan=plan)
    if late:
        assert paid.late is not None
        paid = replace(paid, late=replace(paid.late, **late))
    else:
        paid = replace(paid, late=None)
    agreed = replace(terms, payment=paid)
    return {one.code: one for one in assumptions(book(ledger=ledger(), terms=agreed), AS_OF)}


def test_what_the_law_makes_of_late_interest_is_told_to_the_house_alone() -> None:
    silent = told_under("sme")["sme-late-interest"]
    assert "每日利率万分之五" in silent.text
    assert silent.topics == {"own-affairs"}
    assert not {code for code in told_under("standard") if code.startswith("sme-")}
    low = told_under("sme", daily_rate=Decimal("0.00005"))
    assert "折合年利率1.825%" in low["sme-late-rate"].text
    assert "late-rate-high" not in low
    high = told_under("standard", daily_rate=Decimal("0.003"))["late-rate-high"]
    assert "折合年利率109.5%" in high.text
    assert high.topics == {"own-affairs"}


def test_a_base_and_a_period_of_grace_are_told_as_the_contract_has_them() -> None:
    graced = told_under("standard", grace=parse("10日内"), base=None)
    assert "宽限期10日内不计违约金" in graced["late-grace"].text
    assert "按逾期未付的金额计算" in graced["late-base"].text
    assert "late-days" not in graced


def test_reports_without_a_day_are_told_once_and_named() -> None:
    assert found()["report-no-due"].text.startswith(
        "季度报告、年度项目总结报告的提交期限合同未约定"
    )


def test_a_notice_published_ends_the_provisional_deadline() -> None:
    project = book(ledger=ledger())
    published = replace(project.calendar, published=project.calendar.published | {2027, 2028})
    assert "provisional-deadline" not in found(replace(project, calendar=published))


def test_an_end_recorded_ends_the_guess_about_confidence() -> None:
    terms = contract()
    ended = replace(terms, cessation=replace(terms.cessation, ended_on=date(2027, 6, 1)))
    assert "confidentiality-end" not in found(book(terms=ended), date(2027, 6, 1))
    assert "confidentiality-end" in found(book(terms=ended), date(2027, 5, 31))


def test_the_deadline_is_looked_at_from_the_acceptance_known_on_the_day() -> None:
    late = book(ledger=ledger(accepted("最终", date(2029, 1, 5))))
    assert "2027" in found(late, date(2028, 12, 1))["provisional-deadline"].text
    assert "2029" in found(late, date(2029, 2, 1))["provisional-deadline"].text


def test_topics_choose_in_the_order_of_the_contract() -> None:
    every = assumptions(book(ledger=ledger()), AS_OF)
    chosen = about(every, "instalment-3", "invoice")
    assert [item.code for item in chosen] == [
        "term-convention",
        "deductions",
        "later-of-two",
        "invoice-type",
    ]


def test_reports_print_what_bears_on_them_and_no_more() -> None:
    said = "".join(map(str, report_statements(book(ledger=ledger()), AS_OF)))
    assert "服务季度" in said
    assert "可用性" in said
    assert "发票" not in said
    assert "保密" not in said


def test_there_is_nothing_of_one_contract_in_the_module() -> None:
    source = ROOT / "deliverables" / "compute" / "assumptions.py"
    assert contract().identity.number not in source.read_text("utf-8")


def test_what_is_between_the_contractor_and_itself_is_said_to_nobody_else() -> None:
    """The vendor's own missing 中小企业声明函 is a matter for `check`, in no letter."""
    own = found()["standard-plan"]
    assert own.topics == {"own-affairs"}


def test_a_confirmed_answer_is_an_answer_and_leaves_nothing_to_find_out() -> None:
    terms = contract()
    answered = replace(terms, payment=replace(terms.payment, sme_evidence="不属于中小企业"))
    assert "standard-plan" not in found(book(ledger=ledger(), terms=answered))
    assert "payment.sme_evidence" not in [path for path, *_ in gaps(answered)]
