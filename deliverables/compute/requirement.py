"""What acceptance confirms one by one: each requirement, the fact, its evidence, whether it is met.

政府采购法实施条例 第四十五条: a 验收书 says how each technical, service and safety standard was
kept.
Only what the contract measures, and the records decide, is judged here; a person may judge the rest
in 履约情况. What neither judges is left to the client: 【待核】.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from deliverables.compute.availability import durability
from deliverables.compute.figures import iso_day, number, rows_of
from deliverables.compute.indicators import DUTY_CHAPTERS, Year, recorded, written_rows
from deliverables.compute.operations import people, staff_of, ticket_counts
from deliverables.compute.term import (
    last_day_to_notify,
    quarter_label,
    report_word,
    service_end,
)
from deliverables.model.contract import GENERAL, STANDARDS, Duty
from deliverables.model.fields import UNFILLED, Missing
from deliverables.model.ledger import (
    ACCEPTED,
    CONFORMS,
    CONFORMS_NOT,
    NOT_ACCEPTED,
    NOT_CONCERNED,
    Invoice,
    Payment,
)
from deliverables.model.operations import StaffChange
from deliverables.values.figure import Derivation, Figure, Statement

TO_BE_JUDGED: Final = "【待核】"
"""Neither the contract's measure and the records nor a person decides it: the client does."""

_COMMERCIAL: Final = STANDARDS[-1]
VERDICTS: Final = (CONFORMS, CONFORMS_NOT, NOT_CONCERNED, TO_BE_JUDGED)


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """One requirement of the contract, in its words where they are quoted, and how it was kept."""

    standard: str
    article: Figure[str]
    asked: Figure[str]
    fact: Statement
    evidence: Statement
    verdict: Statement


@dataclass(frozen=True, slots=True)
class StandardCount:
    """How many requirements of one sort there are, and how many stand how."""

    standard: str
    count: Figure[Decimal]
    met: Figure[Decimal]
    unmet: Figure[Decimal]
    apart: Figure[Decimal]
    open: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class Requirements:
    """Every requirement, those of a kind together, and how many of each kind stand how."""

    lines: tuple[RequirementLine, ...]
    counts: tuple[StandardCount, ...]
    total: StandardCount
    unmet: tuple[RequirementLine, ...]


def standard_of(duty: Duty) -> str:
    """Return what sort of requirement a duty is; empty if acceptance does not confirm it."""
    if duty.owner == "甲方" or duty.shown_by == GENERAL:
        return ""
    return duty.standard or (_COMMERCIAL if duty.owner == "乙方" else "")


def requirements(year: Year, source: str) -> Requirements:
    """Return the requirements and how they stand; `source` names the reports with the records."""
    asked = [(standard, duty) for standard in STANDARDS for duty in year.contract.duties
             if standard_of(duty) == standard]  # fmt: skip
    lines = tuple(_line(duty, standard, year, source) for standard, duty in asked)
    kinds = [standard for standard in STANDARDS if any(one.standard == standard for one in lines)]
    return Requirements(
        lines=lines,
        counts=tuple(
            _count(kind, [one for one in lines if one.standard == kind]) for kind in kinds
        ),
        total=_count("合计", lines),
        unmet=tuple(one for one in lines if str(one.verdict) == CONFORMS_NOT),
    )


def _count(name: str, lines: Sequence[RequirementLine]) -> StandardCount:
    held = Counter(str(one.verdict) for one in lines)
    verdicts = tuple(one.verdict for one in lines)
    articles = tuple(one.article for one in lines)
    counted = (number(word, held[word], f"{name}要求中自查结论为“{word}”的项数", verdicts)
               for word in VERDICTS)  # fmt: skip
    return StandardCount(name, number("项数", len(lines), f"{name}要求的项数", articles), *counted)


def _line(duty: Duty, standard: str, year: Year, source: str) -> RequirementLine:
    fact = _fact(duty, year, source)
    return RequirementLine(
        standard=standard,
        article=duty.figure("article"),
        asked=_asked(duty),
        fact=fact,
        evidence=_evidence(duty, year, source),
        verdict=_verdict(duty, year, fact),
    )


def _asked(duty: Duty) -> Figure[str]:
    """Return the contract's own words; what contract.yaml says of them where none are quoted."""
    if not duty.quote:
        return duty.figure("duty")
    text = "…".join(f"“{words}”" for words in duty.quote)
    origin = Derivation("合同原文", duty.article, (duty.figure("quote"),))
    return Figure("合同要求", text, text, origin)


def _fact(duty: Duty, year: Year, source: str) -> Statement:
    """Return what the records say, then what a person wrote, whose papers are the evidence."""
    handed = duty.shown_by == "验收材料"
    records = _handed_over(duty, year, source) if handed else recorded(duty, year)
    written = [
        Statement.of(
            "履行情况", "{done}（{day}）", row.article,
            done=row.figure("done"), day=iso_day(row.figure("day")),
        )
        for row in written_rows(duty, year)
    ]  # fmt: skip
    parts = [*([records] if records else []), *written]
    if not parts:
        return Statement.of("履行情况", UNFILLED, duty.article, duty.figure("duty"))
    return Statement.joined("履行情况", parts, "；")


def _handed_over(duty: Duty, year: Year, source: str) -> Statement:
    covers = tuple(one.cover.figure("quarter") for one in year.quarters)
    return Statement.of("验收材料", f"随本验收书提交{source}等所列材料", duty.article, *covers)


_PLACES: Final[Mapping[str, str]] = {
    "发票": "财务台账“发票”“到账”",
    "验收返工": "财务台账“验收”",
    "退出": "合同执行记录",
    "切换": "合同执行记录",
    "服务期": "合同文本",
    "联系人": "合同文本",
    "保密期限": "合同文本",
    "签署生效": "合同签署页",
}
"""What shows it where the reports have no chapter about it."""
_OF_THE_SUMMARY: Final = ("验收材料", "验收", "合同价款", "到账", "发票", "违约金")
"""Answered by chapters that only a summary has."""


def _evidence(duty: Duty, year: Year, source: str) -> Statement:
    chapter = DUTY_CHAPTERS.get(duty.shown_by, "")
    parts: list[str] = []
    if duty.shown_by in _PLACES:
        parts.append(_PLACES[duty.shown_by])
    elif duty.shown_by in _OF_THE_SUMMARY:
        parts.append("所附材料清单" if duty.shown_by == "验收材料" else "财务台账")
    elif chapter:
        parts.append(f"{source}{chapter}")
    rows = [row for row in written_rows(duty, year) if row.evidence]
    papers = dict.fromkeys((*parts, *(row.evidence for row in rows)))
    text = "；".join(papers) or TO_BE_JUDGED
    behind = (duty.figure("article"), *(row.figure("evidence") for row in rows))
    return Statement("证据", text, text, Derivation("记录所在和履约情况所列依据", "", behind))


# --- what is judged, and by what

Judged = tuple[str, str]
"""A verdict and the rule by which the records give it."""


def _verdict(duty: Duty, year: Year, fact: Statement) -> Statement:
    """Return how a requirement stands: what fails, fails whoever says otherwise."""
    rows = [row for row in written_rows(duty, year) if row.verdict]
    by_person = [row.verdict for row in rows]
    judge = _JUDGES.get(duty.shown_by)
    judged = judge(year, duty) if judge else None
    behind = (fact, *(row.figure("verdict") for row in rows))
    if judged and (judged[0] == CONFORMS_NOT or not by_person):
        text, rule = judged
    elif by_person:
        text = CONFORMS_NOT if CONFORMS_NOT in by_person else by_person[-1]
        rule = "履约情况所列自查结论，有一项不符合的为不符合"
    else:
        text, rule = TO_BE_JUDGED, "合同没有可量化的标准或记录不足以判定，由甲方核定"
    return Statement("自查结论", text, text, Derivation(rule, duty.article, behind))


def _if(rule: str, *, holds: bool) -> Judged:
    return (CONFORMS if holds else CONFORMS_NOT), rule


def _availability(year: Year, duty: Duty) -> Judged:
    return _if("各统计期可用性均达标的为符合，有一期未达标的为不符合", holds=year.service.all_met)


def _durability(year: Year, duty: Duty) -> Judged | None:
    """Return that it failed where data were lost; that none were proves no percentage."""
    lost = durability(year.quarters, year.contract.service_levels).lost
    return (CONFORMS_NOT, "发生数据丢失事件的为不符合") if lost else None


def _consulting(year: Year, duty: Duty) -> Judged | None:
    lines = ticket_counts(year.quarters).by_kind
    asked = next((line for line in lines if line.kind == "咨询"), None)
    if asked is None or not asked.opened.value or asked.closed.value < asked.opened.value:
        return None
    return CONFORMS, "受理的咨询均已办结的为符合"


def _rework(year: Year, duty: Duty) -> Judged | None:
    known = [row for row in year.ledger.acceptances if row.accepted and row.accepted <= year.as_of]
    if not any(row.result == NOT_ACCEPTED for row in known):
        return NOT_CONCERNED, "没有验收不通过记录的为未涉及"
    if known[-1].result == ACCEPTED:
        return CONFORMS, "不通过后再次验收通过的为符合"
    return None


def _contact(year: Year, duty: Duty) -> Judged | None:
    if isinstance(year.contract.contractor.contact.name, Missing):
        return None
    return CONFORMS, "合同载明乙方项目联系人的为符合"


def _key_staff(year: Year, duty: Duty) -> Judged | None:
    notice = year.contract.notices.key_staff
    moved = [row for row in rows_of(year.quarters, StaffChange).every
             if row.key_staff and row.kind != "培训"]  # fmt: skip
    if notice is None:
        return None
    late = [row for row in moved if not _told_and_agreed(row, year)]
    return _if("主要人员变动均按期通知并先经甲方同意的为符合；无变动的为符合", holds=not late)


def _told_and_agreed(row: StaffChange, year: Year) -> bool:
    notice = year.contract.notices.key_staff
    latest = last_day_to_notify(row.day, notice.period, year.book.calendar) if notice else None
    told = row.notified is not None and (latest is None or row.notified <= latest)
    return told and row.agreed is not None and row.agreed <= row.day


def _term(year: Year, duty: Duty) -> Judged | None:
    over = year.as_of > service_end(year.contract, year.as_of).value
    return (CONFORMS, "服务期已经届满的为符合") if over else None


def _invoices(year: Year, duty: Duty) -> Judged | None:
    """Return whether each payment was covered by invoices of its instalment issued before it."""
    paid = [row for row in year.ledger.payments if row.received <= year.as_of]
    if not paid:
        return None
    covered = all(_covered(row, paid, year.ledger.invoices) for row in paid)
    return _if("每笔到账之前所开本期发票不少于累计到账的为符合", holds=covered)


def _covered(row: Payment, paid: Iterable[Payment], invoices: Iterable[Invoice]) -> bool:
    same = [one for one in paid if one.instalment == row.instalment]
    until = sum((one.amount for one in same if one.received <= row.received), Decimal(0))
    issued = (one for one in invoices if one.instalment == row.instalment)
    return until <= sum((one.gross for one in issued if one.issued <= row.received), Decimal(0))


def _training(year: Year, duty: Duty) -> Judged | None:
    roster, last = year.book.roster, year.last_day
    there = [one for one in staff_of(roster).every if one.joined <= last]
    if not there:
        return None
    taught = all(one.trained and one.trained <= last for one in there)
    return _if("参与项目人员均已接受保密教育的为符合", holds=taught)


def _agreements(year: Year, duty: Duty) -> Judged | None:
    staff = people(year.quarters, year.book.roster, year.last_day, year.as_of)
    return _if("期末在岗人员均已签署的为符合", holds=staff.all_signed) if staff.known else None


def _exit(year: Year, duty: Duty) -> Judged | None:
    leaving = year.contract.exit
    if leaving is not None and leaving.requested_on <= year.as_of:
        return None
    return NOT_CONCERNED, "乙方没有提出退出的为未涉及"


def _switch(year: Year, duty: Duty) -> Judged | None:
    over = year.as_of > service_end(year.contract, year.as_of).value
    return None if over else (NOT_CONCERNED, "服务期尚未届满的为未涉及")


_JUDGES: Final[Mapping[str, Callable[[Year, Duty], Judged | None]]] = {
    "可用性": _availability,
    "数据可靠性": _durability,
    "咨询工单": _consulting,
    "验收返工": _rework,
    "联系人": _contact,
    "主要人员更换": _key_staff,
    "服务期": _term,
    "发票": _invoices,
    "保密培训": _training,
    "保密协议": _agreements,
    "退出": _exit,
    "切换": _switch,
}
"""The rules by the record that answers a duty; whatever has none is not measured."""


def reports_named(year: Year) -> str:
    """Return what the reports on the periods are called: 季度报告（第一季度、第二季度）."""
    labels = "、".join(quarter_label(year.contract, one) for one in year.numbers)
    return f"{report_word(year.contract)}（{labels}）"
