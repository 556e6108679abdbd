"""What acceptance confirms one by one: each requirement, the fact, its evidence, whether it is met.

政府采购法实施条例 第四十五条: a 验收书 says how each technical, service and safety standard was
kept.
What the records decide is judged by its measure; a person may judge the rest in 履约情况. What
neither judges is left to the client, 【待核】, with the reason and who brings which papers.
Where the contract leaves open what is asked (an annex that is not there, reports without a
frequency, incidents without grades), nobody can tell that it was kept, whoever says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from deliverables.compute.demands import RECTIFY
from deliverables.compute.figures import iso_day, number
from deliverables.compute.indicators import (
    Year,
    chapters_behind,
    notice_of,
    recorded,
    written_rows,
)
from deliverables.compute.measure import MEASURES, PLAN_OF_WATCH, Unproved, of_the_whole
from deliverables.compute.term import quarter_label, report_word, service_end
from deliverables.model.contract import GENERAL, STANDARDS, Contract, Duty
from deliverables.model.fields import UNFILLED, Missing
from deliverables.model.ledger_sheets import (
    CONFORMS,
    CONFORMS_NOT,
    NOT_CONCERNED,
)
from deliverables.values.figure import Derivation, Figure, Statement

TO_BE_JUDGED: Final = "【待核】"
"""Neither the contract's measure and the records nor a person decides it: the client does."""

_COMMERCIAL: Final = STANDARDS[-1]
VERDICTS: Final = (CONFORMS, CONFORMS_NOT, NOT_CONCERNED, TO_BE_JUDGED)


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """One requirement of the contract, in its words where they are quoted, and how it was kept.

    `by` is what asks for it in a sentence: its article, the contract where none is stated.
    Of one that is left to the client, `why` and `papers` say what is lacking and who brings it.
    """

    number: str
    standard: str
    article: Figure[str]
    by: Figure[str]
    asked: Figure[str]
    fact: Statement
    evidence: Statement
    verdict: Statement
    why: Statement
    papers: Statement


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
    """Every requirement, those of a kind together, and how many of each kind stand how.

    Those that are not met, and those that are left to the client, once more.
    """

    lines: tuple[RequirementLine, ...]
    counts: tuple[StandardCount, ...]
    total: StandardCount
    unmet: tuple[RequirementLine, ...]
    left: tuple[RequirementLine, ...]


def standard_of(duty: Duty) -> str:
    """Return what sort of requirement a duty is; empty if acceptance does not confirm it."""
    if duty.owner == "甲方" or duty.shown_by == GENERAL:
        return ""
    return duty.standard or (_COMMERCIAL if duty.owner == "乙方" else "")


def requirements(year: Year, source: str) -> Requirements:
    """Return the requirements and how they stand; `source` names the reports with the records."""
    asked = asked_by(year.contract)
    lines = tuple(
        _line(str(at), duty, standard, year, source)
        for at, (standard, duty, _) in enumerate(asked, 1)
    )
    kinds = [standard for standard in STANDARDS if any(one.standard == standard for one in lines)]
    return Requirements(
        lines=lines,
        counts=tuple(
            _count(kind, [one for one in lines if one.standard == kind]) for kind in kinds
        ),
        total=_count("合计", lines),
        unmet=tuple(one for one in lines if str(one.verdict) == CONFORMS_NOT),
        left=tuple(one for one in lines if str(one.verdict) == TO_BE_JUDGED),
    )


def _count(name: str, lines: Sequence[RequirementLine]) -> StandardCount:
    held = Counter(str(one.verdict) for one in lines)
    verdicts = tuple(one.verdict for one in lines)
    articles = tuple(one.article for one in lines)
    counted = (number(word, held[word], f"{name}要求中自查结论为“{word}”的项数", verdicts)
               for word in VERDICTS)  # fmt: skip
    return StandardCount(name, number("项数", len(lines), f"{name}要求的项数", articles), *counted)


def _line(at: str, duty: Duty, standard: str, year: Year, source: str) -> RequirementLine:
    fact, article = _fact(duty, year, source), duty.figure("article")
    judged = _judged(duty, year, fact)
    return RequirementLine(
        number=at,
        standard=standard,
        article=article,
        by=article if article.value else replace(article, text="合同"),
        asked=_asked(duty),
        fact=fact,
        evidence=_evidence(duty, year, source, fact),
        verdict=judged.verdict,
        why=judged.why,
        papers=judged.papers,
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
    """Return what is handed over with the record, and when the client was told that it is due."""
    covers = tuple(one.cover.figure("quarter") for one in year.quarters)
    end = service_end(year.contract, year.as_of)
    if year.last_day < end.value:
        pattern = f"随本验收书提交{reports_named(year)}；服务期至{{end}}，届满后提交全部材料"
        return Statement.of("验收材料", pattern, duty.article, *covers, end=end)
    handed = Statement.of("验收材料", f"随本验收书提交{source}等所列材料", duty.article, *covers)
    return Statement.joined("验收材料", (handed, notice_of(year, duty.article)), "；")


_LETTERS: Final = "往来函件台账"
_BY_LETTER: Final[Mapping[str, str]] = {"问题整改": RECTIFY, "重大活动保障": PLAN_OF_WATCH}
"""The letters that decide, beside a chapter of the reports, how a duty was kept."""
_PLACES: Final[Mapping[str, str]] = {
    "发票": "财务台账“发票”“到账”",
    "验收返工": "财务台账“验收”",
    "监督检查": _LETTERS,
    "第三方检查": _LETTERS,
    "归还资料": _LETTERS,
    "退出": "合同执行记录",
    "切换": "合同执行记录",
    "服务期": "合同文本和各期运行记录",
    "联系人": "合同文本",
    "保密期限": "合同文本",
    "签署生效": "合同签署页",
    "合同份数": "合同文本",
}
"""What shows it where the reports have no chapter about it."""
_OF_THE_SUMMARY: Final = ("验收材料", "验收", "合同价款", "到账", "发票", "违约金")
"""Answered by chapters that only a summary has."""


def _evidence(duty: Duty, year: Year, source: str, fact: Statement) -> Statement:
    """Return where the fact stands and the papers that a person named; nothing without a fact."""
    chapter = chapters_behind(duty, year.told_in)
    parts: list[str] = []
    if duty.shown_by in _PLACES:
        parts.append(_PLACES[duty.shown_by])
    elif duty.shown_by in _OF_THE_SUMMARY:
        parts.append("所附材料清单" if duty.shown_by == "验收材料" else "财务台账")
    elif chapter:
        parts.append(f"{source}{chapter}")
    letters = year.book.letters.letters if year.book.letters else ()
    if any(one.kind == _BY_LETTER.get(duty.shown_by) for one in letters):
        parts.append(_LETTERS)
    rows = [row for row in written_rows(duty, year) if row.evidence]
    papers = dict.fromkeys((*parts, *(row.evidence for row in rows)))
    text = "—" if str(fact) == UNFILLED else "；".join(papers) or "—"
    behind = (duty.figure("article"), *(row.figure("evidence") for row in rows))
    return Statement("证据", text, text, Derivation("记录所在和履约情况所列依据", "", behind))


# --- what is judged, and by what


@dataclass(frozen=True, slots=True)
class _Judged:
    """How a requirement stands; why it cannot be told, and who brings what, where it cannot."""

    verdict: Statement
    why: Statement
    papers: Statement


def _judged(duty: Duty, year: Year, fact: Statement) -> _Judged:
    """Return how a requirement stands: what fails, fails whoever says otherwise."""
    rows = [row for row in written_rows(duty, year) if row.verdict]
    by_person = [row.verdict for row in rows]
    measure = MEASURES.get(duty.shown_by)
    judged = measure.judge(year, duty) if measure else None
    behind = (fact, *(row.figure("verdict") for row in rows))
    text, rule = TO_BE_JUDGED, UNMEASURED
    if measure and isinstance(judged, str) and (judged == CONFORMS_NOT or not by_person):
        text, rule = judged, measure.says
    elif by_person:
        text = CONFORMS_NOT if CONFORMS_NOT in by_person else by_person[-1]
        rule = "履约情况所列自查结论，有一项不符合的为不符合"
    unsure = _left_open(year.contract, duty)
    left = isinstance(judged, Unproved) and judged.open
    if text == CONFORMS and (unsure or left or duty.shown_by in _NEVER_PROVEN):
        text, rule = TO_BE_JUDGED, measure.says if measure else "合同没有写明的，由验收小组认定"
    if text != TO_BE_JUDGED:
        verdict = Statement("自查结论", text, text, Derivation(rule, duty.article, behind))
        none = Statement("待核原因", "", "", Derivation(rule, duty.article, behind))
        return _Judged(verdict, none, none)
    lacking = unsure or (judged if isinstance(judged, Unproved) else _unmeasured(duty, fact))
    behind = (*behind, lacking.why)
    verdict = Statement("自查结论", text, text, Derivation(rule, duty.article, behind))
    return _Judged(verdict, lacking.why, lacking.papers or _papers(duty))


def _unmeasured(duty: Duty, fact: Statement) -> Unproved:
    why = "没有履行情况的记录" if str(fact) == UNFILLED else "合同未定量化标准，没有自查结论"
    return Unproved(Statement.of("待核原因", why, duty.article, fact))


def _papers(duty: Duty) -> Statement:
    """Return who brings what to show a duty, as contract.yaml says; else what anybody would."""
    if duty.papers:
        return Statement.written(duty.figure("papers"))
    return Statement.of(
        "所需材料", "乙方提供履行情况的书面记录，验收小组核定", duty.article, duty.figure("duty")
    )


_NEVER_PROVEN: Final = ("数据可靠性",)
_ANNEX: Final = re.compile(r"附件[一二三四五六七八九十\d]*")
_GRADE: Final = re.compile(r"[A-Da-dⅠ-Ⅳ一二三四]级(?:及以上|以上)?(?:安全)?(?:事故|事件|故障)")


def _open(stated: str | Missing) -> bool:
    return isinstance(stated, Missing) or not stated


def _left_open(contract: Contract, duty: Duty) -> Unproved | None:
    """Return what the contract does not tell of a requirement, so that nobody can say it was kept.

    An annex that is referred to and lacks, how often a report is due, what a grade of incident is.
    """
    words = "".join(duty.quote) or duty.duty
    lacking: list[tuple[str, str, Figure[Any]]] = []
    if (annex := _ANNEX.search(words)) and _open(contract.service.catalogue):
        catalogue = contract.service.figure("catalogue")
        lacking.append((f"未附{annex[0]}", f"甲方提供盖章的{annex[0]}，双方核对", catalogue))
    for series in contract.reports:
        if not isinstance(series.every_months, int) and series.name in words:
            often = series.figure("every_months")
            lacking.append(
                (f"未写明{series.name}的频率", f"甲方书面明确{series.name}的频率", often)
            )
    levels = contract.service_levels
    if (grade := _GRADE.search(words)) and _open(levels.incident_grading):
        grading = levels.figure("incident_grading")
        unsaid = f"未附“{grade[0]}”的分级标准"
        lacking.append((unsaid, "甲方提供分级标准及其出处，双方定级", grading))
    if not lacking:
        return None
    origin = Derivation("合同没有写明的", duty.article, tuple(figure for *_, figure in lacking))
    why = f"合同{'、'.join(unsaid for unsaid, *_ in lacking)}"
    papers = "；".join(brings for _, brings, _ in lacking)
    return Unproved(
        Statement("待核原因", why, why, origin), Statement("所需材料", papers, papers, origin)
    )


UNMEASURED: Final = "合同未定量化标准，按所备材料核定"


def measured_by(contract: Contract, duty: Duty) -> Statement:
    """Return by what a requirement is judged, as a plan of acceptance says it beforehand."""
    measure, unsure = MEASURES.get(duty.shown_by), _left_open(contract, duty)
    text = measure.says if measure else UNMEASURED
    if duty.shown_by == "可用性" and of_the_whole(contract, duty):
        text = "可用性未达到约定数值的为不符合；达到的，其余服务由验收小组核定"
    if stated := "、".join(f"“{words}”" for words in _quantities(duty)):
        text = f"合同数值：{stated}；" + (text if measure else "按所备材料核定")
    says = Statement.of("验收标准", text, duty.article, duty.figure("duty"))
    return Statement.joined("验收标准", (says, unsure.why), "；") if unsure else says


_QUANTITY: Final = re.compile(
    r"[\u4e00-\u9fff]{2,12}\d+\s*(?:份|个(?!工作日|月|小时))"
    r"|(?:税率为|至少|提前|最长|不超过|不少于|不低于|不高于|超过)*(?<![月\d])"
    r"(?:\d[\d.,]*\s*%|(?:\d[\d,]*|[一二两三四五六七八九十]+)\s*"
    r"(?:个?工作日|个月|个?小时|分钟|[天日]|年(?![\d度])|次(?!性)))"
)


def _quantities(duty: Duty) -> tuple[str, ...]:
    """Return what the contract's own words put in figures, as they stand there; each once."""
    return tuple(dict.fromkeys(_QUANTITY.findall("，".join(duty.quote))))


def checked_in(contract: Contract, duty: Duty) -> Statement:
    """Return where somebody looks to confirm a requirement, or which papers are brought."""
    if duty.papers:
        return Statement.written(duty.figure("papers"))
    chapter = chapters_behind(duty, contract.data_series)
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
