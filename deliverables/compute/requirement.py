"""What acceptance confirms one by one: each requirement, the fact, its evidence, whether it is met.

政府采购法实施条例 第四十五条: a 验收书 says how each technical, service and safety standard was
kept.
Only what the contract measures, and the records decide, is judged here; a person may judge the rest
in 履约情况. What neither judges is left to the client: 【待核】.
Where the contract leaves open what is asked (an annex that is not there, reports without a
frequency, incidents without grades), nobody can tell that it was kept, whoever says so; the fact
then tells what is open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from deliverables.compute.availability import durability
from deliverables.compute.figures import iso_day, number, rows_of, staff_of
from deliverables.compute.indicators import Year, chapter_of, recorded, written_rows
from deliverables.compute.term import (
    last_day_to_notify,
    quarter_label,
    report_word,
    service_end,
)
from deliverables.model.contract import GENERAL, STANDARDS, Contract, Duty
from deliverables.model.fields import UNFILLED, Missing
from deliverables.model.ledger_sheets import (
    CONFORMS,
    CONFORMS_NOT,
    NOT_CONCERNED,
    Invoice,
    Payment,
)
from deliverables.model.operations_sheets import StaffChange
from deliverables.model.roster_sheets import StaffMember
from deliverables.status import FAILED, PASSED
from deliverables.values.figure import Derivation, Figure, Statement

TO_BE_JUDGED: Final = "【待核】"
"""Neither the contract's measure and the records nor a person decides it: the client does."""

_COMMERCIAL: Final = STANDARDS[-1]
VERDICTS: Final = (CONFORMS, CONFORMS_NOT, NOT_CONCERNED, TO_BE_JUDGED)


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """One requirement of the contract, in its words where they are quoted, and how it was kept.

    `by` is what asks for it in a sentence: its article, the contract where none is stated.
    """

    standard: str
    article: Figure[str]
    by: Figure[str]
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
    asked = asked_by(year.contract)
    lines = tuple(_line(duty, standard, year, source) for standard, duty, _ in asked)
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
    fact, article = _fact(duty, year, source), duty.figure("article")
    verdict, unsure = _verdict(duty, year, fact), _left_open(year.contract, duty)
    if unsure and str(verdict) == TO_BE_JUDGED:
        fact = Statement.joined("履行情况", (fact, unsure), "；")
    return RequirementLine(
        standard=standard,
        article=article,
        by=article if article.value else replace(article, text="合同"),
        asked=_asked(duty),
        fact=fact,
        evidence=_evidence(duty, year, source),
        verdict=verdict,
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
    "合同份数": "合同文本",
}
"""What shows it where the reports have no chapter about it."""
_OF_THE_SUMMARY: Final = ("验收材料", "验收", "合同价款", "到账", "发票", "违约金")
"""Answered by chapters that only a summary has."""


def _evidence(duty: Duty, year: Year, source: str) -> Statement:
    chapter = chapter_of(duty, year.told_in)
    parts: list[str] = []
    if duty.shown_by in _PLACES:
        parts.append(_PLACES[duty.shown_by])
    elif duty.shown_by in _OF_THE_SUMMARY:
        parts.append("所附材料清单" if duty.shown_by == "验收材料" else "财务台账")
    elif chapter:
        parts.append(f"{source}{chapter}")
    rows = [row for row in written_rows(duty, year) if row.evidence]
    papers = dict.fromkeys((*parts, *(row.evidence for row in rows)))
    text = "；".join(papers) or "—"
    behind = (duty.figure("article"), *(row.figure("evidence") for row in rows))
    return Statement("证据", text, text, Derivation("记录所在和履约情况所列依据", "", behind))


# --- what is judged, and by what


def _verdict(duty: Duty, year: Year, fact: Statement) -> Statement:
    """Return how a requirement stands: what fails, fails whoever says otherwise."""
    rows = [row for row in written_rows(duty, year) if row.verdict]
    by_person = [row.verdict for row in rows]
    measure = _MEASURES.get(duty.shown_by)
    judged = measure.judge(year, duty) if measure else None
    behind = (fact, *(row.figure("verdict") for row in rows))
    if measure and judged and (judged == CONFORMS_NOT or not by_person):
        text, rule = judged, measure.says
    elif by_person:
        text = CONFORMS_NOT if CONFORMS_NOT in by_person else by_person[-1]
        rule = "履约情况所列自查结论，有一项不符合的为不符合"
    else:
        text, rule = TO_BE_JUDGED, _UNMEASURED
    unsure = _left_open(year.contract, duty)
    if text == CONFORMS and (unsure or duty.shown_by in _NEVER_PROVEN):
        text, rule = TO_BE_JUDGED, measure.says if measure else "合同没有写明的，由验收小组认定"
        behind = (*behind, unsure) if unsure else behind
    return Statement("自查结论", text, text, Derivation(rule, duty.article, behind))


_NEVER_PROVEN: Final = ("数据可靠性",)
_ANNEX: Final = re.compile(r"附件[一二三四五六七八九十\d]*")
_GRADE: Final = re.compile(r"[A-Da-dⅠ-Ⅳ一二三四]级(?:及以上|以上)?(?:安全)?(?:事故|事件|故障)")


def _open(stated: str | Missing) -> bool:
    return isinstance(stated, Missing) or not stated


def _left_open(contract: Contract, duty: Duty) -> Statement | None:
    """Return what the contract does not tell of a requirement, so that nobody can say it was kept.

    An annex that is referred to and lacks, how often a report is due, what a grade of incident is.
    """
    words = "".join(duty.quote) or duty.duty
    lacking: dict[str, Figure[Any]] = {}
    if (annex := _ANNEX.search(words)) and _open(contract.service.catalogue):
        lacking[f"未附{annex[0]}"] = contract.service.figure("catalogue")
    for series in contract.reports:
        if not isinstance(series.every_months, int) and series.name in words:
            lacking[f"未写明{series.name}的频率"] = series.figure("every_months")
    levels = contract.service_levels
    if (grade := _GRADE.search(words)) and _open(levels.incident_grading):
        lacking[f"未附“{grade[0]}”的分级标准"] = levels.figure("incident_grading")
    if not lacking:
        return None
    text = f"合同{'、'.join(lacking)}，是否符合由验收小组认定"
    return Statement(
        "待核事项", text, text, Derivation("合同没有写明的", duty.article, tuple(lacking.values()))
    )


def _if(holds: bool) -> str:  # noqa: FBT001  # it reads as the sentence it is
    return CONFORMS if holds else CONFORMS_NOT


def _availability(year: Year, duty: Duty) -> str | None:
    """Return nothing where the contract sets no level: a person judges.

    Whoever misses it keeps neither the level nor an article on the whole service; who keeps it has
    shown no more than the level.
    """
    if not year.contract.service_levels.levels_set:
        return None
    if not year.service.all_met:
        return CONFORMS_NOT
    return None if _of_the_whole(year.contract, duty) else CONFORMS


def _of_the_whole(contract: Contract, duty: Duty) -> bool:
    """Whether a level is set elsewhere, and the article is on the service as a whole."""
    return duty != next((one for one in contract.duties if one.shown_by == duty.shown_by), duty)


def _durability(year: Year, duty: Duty) -> str | None:
    """Return that it failed where data were lost; that none were proves no percentage."""
    lost = durability(year.quarters, year.contract.service_levels).lost
    return CONFORMS_NOT if lost else None


def _rework(year: Year, duty: Duty) -> str | None:
    known = [row for row in year.ledger.acceptances if row.accepted and row.accepted <= year.as_of]
    if not any(row.result == FAILED for row in known):
        return NOT_CONCERNED
    return CONFORMS if known[-1].result == PASSED else None


def _contact(year: Year, duty: Duty) -> str | None:
    return None if isinstance(year.contract.contractor.contact.name, Missing) else CONFORMS


def _key_staff(year: Year, duty: Duty) -> str | None:
    if year.contract.notices.key_staff is None:
        return None
    moved = [row for row in rows_of(year.quarters, StaffChange).every
             if row.key_staff and row.kind != "培训"]  # fmt: skip
    return _if(all(_told_and_agreed(row, year) for row in moved)) if moved else NOT_CONCERNED


def _told_and_agreed(row: StaffChange, year: Year) -> bool:
    notice = year.contract.notices.key_staff
    latest = last_day_to_notify(row.day, notice.period, year.book.calendar) if notice else None
    told = row.notified is not None and (latest is None or row.notified <= latest)
    return told and row.agreed is not None and row.agreed <= row.day


def _term(year: Year, duty: Duty) -> str | None:
    """Return that it was kept once there are records of the whole term."""
    return CONFORMS if year.last_day >= service_end(year.contract, year.as_of).value else None


def _invoices(year: Year, duty: Duty) -> str | None:
    """Return whether each payment was covered by invoices of its instalment issued before it."""
    paid = [row for row in year.ledger.payments if row.received <= year.as_of]
    return _if(all(_covered(row, paid, year.ledger.invoices) for row in paid)) if paid else None


def _covered(row: Payment, paid: Iterable[Payment], invoices: Iterable[Invoice]) -> bool:
    same = [one for one in paid if one.instalment == row.instalment]
    until = sum((one.amount for one in same if one.received <= row.received), Decimal(0))
    issued = (one for one in invoices if one.instalment == row.instalment)
    return until <= sum((one.gross for one in issued if one.issued <= row.received), Decimal(0))


def _training(year: Year, duty: Duty) -> str | None:
    """Return whether everybody was taught, and before they could see anything."""
    last = year.last_day
    there = [one for one in staff_of(year.book.roster).every if one.joined <= last]
    return _if(all(_taught_first(one, last) for one in there)) if there else None


def _taught_first(one: StaffMember, last: date) -> bool:
    return one.trained is not None and one.trained <= min(last, one.access_granted or last)


def _agreements(year: Year, duty: Duty) -> str | None:
    """Return whether everybody signed who was on the project, also those who left it."""
    there = [one for one in staff_of(year.book.roster).every if one.joined <= year.last_day]
    signed = (one.signed is not None and one.signed <= year.last_day for one in there)
    return _if(all(signed)) if there else None


def _exit(year: Year, duty: Duty) -> str | None:
    leaving = year.contract.exit
    asked = leaving is not None and leaving.requested_on <= year.as_of
    return None if asked else NOT_CONCERNED


def _switch(year: Year, duty: Duty) -> str | None:
    over = year.as_of > service_end(year.contract, year.as_of).value
    return None if over else NOT_CONCERNED


@dataclass(frozen=True, slots=True)
class _Measure:
    """By what a requirement is judged, in words, and what the records give; None undecided."""

    says: str
    judge: Callable[[Year, Duty], str | None]


_MEASURES: Final[Mapping[str, _Measure]] = {
    "可用性": _Measure("全服务期和各统计期的可用性均达到约定数值", _availability),
    "数据可靠性": _Measure(
        "发生数据丢失的为不符合；未发生丢失不能证明约定数值，由验收小组核定", _durability
    ),
    "验收返工": _Measure("没有不通过的验收，或者不通过后再次验收通过", _rework),
    "联系人": _Measure("已指派项目联系人", _contact),
    "主要人员更换": _Measure(
        "每次变动均在约定期限前通知，并先经甲方同意；没有变动的，不涉及", _key_staff
    ),
    "服务期": _Measure("服务期届满，各期均有运行记录", _term),
    "发票": _Measure("每笔到账之前所开本期发票不少于累计到账", _invoices),
    "保密培训": _Measure("参与项目人员均在开通权限之前接受保密教育", _training),
    "保密协议": _Measure("参与项目人员均已签署保密协议", _agreements),
    "退出": _Measure("没有提出退出的，不涉及", _exit),
    "切换": _Measure("服务期未届满的，不涉及", _switch),
}
"""By the record that answers a duty; whatever has none is not measured."""
_UNMEASURED: Final = "合同未定量化标准，按约定内容和证据核定"


def measured_by(contract: Contract, duty: Duty) -> Statement:
    """Return by what a requirement is judged, as a plan of acceptance says it beforehand."""
    measure, unsure = _MEASURES.get(duty.shown_by), _left_open(contract, duty)
    text = measure.says if measure else _UNMEASURED
    if duty.shown_by == "可用性" and _of_the_whole(contract, duty):
        text = "可用性未达到约定数值的为不符合；达到的，其余服务由验收小组核定"
    says = Statement.of("验收标准", text, duty.article, duty.figure("duty"))
    return Statement.joined("验收标准", (says, unsure), "；") if unsure else says


def checked_in(contract: Contract, duty: Duty) -> Statement:
    """Return where somebody looks to confirm a requirement."""
    chapter = chapter_of(duty, contract.data_series)
    if duty.shown_by in _PLACES:
        text = f"核对{_PLACES[duty.shown_by]}"
    elif duty.shown_by in _OF_THE_SUMMARY:
        text = "核对所提交的材料"
    elif chapter:
        text = f"审阅报告{chapter}，抽查原始记录"
    else:
        text = "审阅乙方提交的书面记录"
    return Statement.of("验收方法", text, duty.article, duty.figure("duty"))


def asked_by(contract: Contract) -> tuple[tuple[str, Duty, Figure[str]], ...]:
    """Return what acceptance confirms: the sort, the duty, and its words, sort by sort."""
    return tuple(
        (standard, duty, _asked(duty))
        for standard in STANDARDS
        for duty in contract.duties
        if standard_of(duty) == standard
    )


def reports_named(year: Year) -> str:
    """Return what the reports on the periods are called: 季度报告（第一季度、第二季度）."""
    labels = "、".join(quarter_label(year.contract, one) for one in year.numbers)
    return f"{report_word(year.contract)}（{labels}）"
