"""The quarter and the year against the contract: indicators, trends, what was fulfilled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from deliverables.compute.account import Account, account_of
from deliverables.compute.availability import (
    FOR_INFORMATION,
    AvailabilityLine,
    DurabilitySummary,
    YearService,
    durability,
    indicator_name,
)
from deliverables.compute.chapters import chapter
from deliverables.compute.demands import (
    INSPECTED,
    RECTIFY,
    RETURN,
    Demand,
    Listed,
    demanded,
    demands,
    given_back,
    listed,
    told_of,
)
from deliverables.compute.figures import (
    R,
    Rows,
    counted,
    entered,
    iso_day,
    made_on,
    number,
    rows_of,
    staff_of,
    told,
)
from deliverables.compute.incidents import incident_count
from deliverables.compute.matters import PROBLEM, matters
from deliverables.compute.milestones import rework_due
from deliverables.compute.operations import (
    KindLine,
    TicketLine,
    addresses,
    alarm_summary,
    backups,
    change_counts,
    drill_count,
    drill_days,
    headcount,
    inspections,
    security,
    stock,
    ticket_counts,
)
from deliverables.compute.series import OPERATIONS, Report, reports
from deliverables.compute.term import (
    confidential_until,
    end_is_known,
    period_name,
    period_word,
    quarter_label,
    report_word,
    service_end,
    term_start,
)
from deliverables.model.book import ContractBook
from deliverables.model.contract import GENERAL, Contract, Duty, Identity, Party, ReportSeries
from deliverables.model.fields import UNFILLED, Missing
from deliverables.model.ledger_sheets import (
    FINAL,
    NOT_CONCERNED,
    Acceptance,
    Deduction,
    Fulfilment,
    Invoice,
    Ledger,
    Payment,
)
from deliverables.model.letters_sheets import Letter, Letters
from deliverables.model.operations_sheets import (
    DRILL,
    SUMMARY_CHAPTERS,
    UNGRADED,
    WATCH,
    Drill,
    Incident,
    Issue,
    Operations,
    Resource,
    StaffChange,
)
from deliverables.model.roster_sheets import StaffMember
from deliverables.status import FAILED, PASSED
from deliverables.values.calendar import Provisional, show_day
from deliverables.values.dates import Period
from deliverables.values.figure import Derivation, Figure, Statement


@dataclass(frozen=True, slots=True)
class TrendLine:
    """The volume of work of one quarter, or of all of them."""

    label: str
    hosts: Figure[Decimal]
    alarms: Figure[Decimal]
    tickets: Figure[Decimal]
    in_time_rate: Figure[Decimal | None]
    incidents: Figure[Decimal]
    changes: Figure[Decimal]
    backup_success: Figure[Decimal | None]
    found: Figure[Decimal]
    mended: Figure[Decimal]


def trend(book: ContractBook, numbers: Sequence[int], as_of: date) -> tuple[TrendLine, ...]:
    """Return one line per quarter."""
    return tuple(
        _trend_line(quarter_label(book.contract, n), [book.quarters[n]], as_of) for n in numbers
    )


def trend_total(book: ContractBook, numbers: Sequence[int], as_of: date) -> TrendLine:
    """Return the line of all the quarters: counts added, rates taken anew from the sums."""
    return _trend_line("合计", [book.quarters[n] for n in numbers], as_of)


def _trend_line(label: str, quarters: Sequence[Operations], as_of: date) -> TrendLine:
    asked, safety = ticket_counts(quarters).total, security(quarters, as_of).total
    return TrendLine(
        label=label,
        hosts=_hosts(quarters),
        alarms=alarm_summary(quarters).total.raised,
        tickets=asked.opened,
        in_time_rate=asked.in_time_rate,
        incidents=incident_count(quarters),
        changes=change_counts(quarters).total.done,
        backup_success=backups(quarters).total.success,
        found=safety.found,
        mended=safety.mended,
    )


def _hosts(quarters: Sequence[Operations]) -> Figure[Decimal]:
    """Return the hosts at the end of the last quarter."""
    held = [line.closing for line in stock(quarters).by_kind if line.kind == "云主机"]
    rows = rows_of(quarters, Resource)
    return held[0] if held else rows.count("云主机期末数", "台账未列云主机", (), "kind")


NOT_AGREED = "合同未约定"
QUALITY, _SECURITY = "服务质量", "安全"
"""Chapters of what page one tells, by their titles."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of the conclusion table: what is required, what was reached, the verdict.

    The verdict bears a mark that survives black and white: √, or × on one that `failed`. It is told
    where the report has its chapter.
    """

    name: str
    requirement: Figure[object]
    actual: Figure[object]
    verdict: Statement
    failed: bool
    chapter: str


def indicators(
    book: ContractBook,
    lines: Sequence[AvailabilityLine],
    numbers: Sequence[int],
    as_of: date,
    series: ReportSeries | None = None,
) -> tuple[Indicator, ...]:
    """Return the indicators of consecutive quarters, availability for each of `lines`.

    What failed stands first. Chapters are cited as reports of the `series` number them.
    """
    contract, quarters = book.contract, [book.quarters[number] for number in numbers]
    whole = lines[0]
    return (
        *(_availability(contract, line) for line in sorted(lines, key=lambda line: line.met)),
        *((_durability(contract, quarters, series),) if contract.service_levels.durability else ()),
        _security_events(contract, quarters, as_of, series),
        *_for_information(contract, quarters, as_of),
        *filter(None, (_agreements(book, quarters, whole),)),
    )


def _availability(contract: Contract, line: AvailabilityLine) -> Indicator:
    if not line.judged:
        return Indicator(
            name=f"{indicator_name(contract.service_levels)}（{line.label}）",
            requirement=_not_agreed(contract),
            actual=line.percent,
            verdict=line.verdict,
            failed=False,
            chapter=QUALITY,
        )
    return Indicator(
        name=f"{indicator_name(contract.service_levels)}（{line.label}）",
        requirement=Statement.of("合同要求", "不低于{level}", "", level=line.required),
        actual=line.percent,
        verdict=marked(line.verdict, failed=not line.met),
        failed=not line.met,
        chapter=QUALITY,
    )


def _durability(
    contract: Contract, quarters: Sequence[Operations], series: ReportSeries | None
) -> Indicator:
    """Return the losses observed: they can break the contract's figure, never prove it."""
    levels, observed = contract.service_levels, durability(quarters, contract.service_levels)
    lost = f"发生数据丢失，见{chapter(QUALITY, series)}" if observed.lost else "未发生"
    return Indicator(
        name="数据丢失事件",
        requirement=Statement.of(
            "合同要求", "可靠性 {level}", "", level=levels.figure("durability")
        ),
        actual=_counted(observed.loss_events, "起", known=observed.observed),
        verdict=_verdict(lost, observed.loss_events, known=observed.observed),
        failed=observed.lost,
        chapter=QUALITY,
    )


def _security_events(
    contract: Contract, quarters: Sequence[Operations], as_of: date, series: ReportSeries | None
) -> Indicator:
    found, duty = security(quarters, as_of), _duty(contract, "安全防护")
    happened = f"发生，见{chapter(_SECURITY, series)}" if found.had_events else "未发生"
    return Indicator(
        name="安全事件",
        requirement=duty.figure("duty") if duty else _not_agreed(contract),
        actual=_counted(found.events, "起", known=found.any),
        verdict=_verdict(happened, found.events, known=found.any),
        failed=found.any and found.had_events,
        chapter=_SECURITY,
    )


def _for_information(
    contract: Contract, quarters: Sequence[Operations], as_of: date
) -> tuple[Indicator, ...]:
    """Return the rates for which the contract sets no level."""
    rates: tuple[tuple[str, str, Figure[Decimal | None]], ...] = (
        ("到期漏洞整改率", _SECURITY, security(quarters, as_of).total.mending),
        ("工单及时率", "工单与服务请求", ticket_counts(quarters).total.in_time_rate),
        ("备份成功率", "备份与恢复", backups(quarters).total.success),
        ("巡检完成率", "巡检", inspections(quarters).total.completion),
    )
    requirement = _not_agreed(contract)
    verdict = Statement.of("判定", FOR_INFORMATION, "", requirement)
    return tuple(
        Indicator(name, requirement, actual, verdict, failed=False, chapter=told)
        for name, told, actual in rates
    )


def _not_agreed(contract: Contract) -> Statement:
    """Return that the contract's clause on service levels sets none for it."""
    levels = contract.service_levels
    return Statement.of("合同要求", NOT_AGREED, levels.article, levels.figure("article"))


def _agreements(
    book: ContractBook, quarters: Sequence[Operations], line: AvailabilityLine
) -> Indicator | None:
    staff = headcount(book.roster, line.last_day.value)
    terms = book.contract.confidentiality
    if terms is None or not book.contract.owes_agreements:
        return None
    signed = "均已签署" if staff.all_signed else "有未签署"
    return Indicator(
        name="未签保密协议人员",
        requirement=Statement.of(
            "合同要求", "项目人员均签署", "", terms.clause("agreement_article")
        ),
        actual=_counted(staff.unsigned, "人", known=staff.known),
        verdict=_verdict(signed, staff.unsigned, known=staff.known, proves=True),
        failed=staff.known and not staff.all_signed,
        chapter="人员与保密",
    )


def _duty(contract: Contract, shown_by: str) -> Duty | None:
    """Return the first duty that records of that kind answer."""
    return next((duty for duty in contract.duties if duty.shown_by == shown_by), None)


def _counted(figure: Figure[Decimal], unit: str, *, known: bool) -> Figure[object]:
    text = f"{figure.text} {unit}" if known else "—"
    return Figure(figure.name, figure.value if known else None, text, figure.origin)


def _verdict(text: str, figure: Figure[Decimal], *, known: bool, proves: bool = False) -> Statement:
    """Return a verdict by a count of failures; that there were none `proves` only some duties."""
    if not known:
        return Statement.of("判定", UNFILLED, "", figure)
    said = Statement.of("判定", text, "", figure)
    return marked(said, failed=figure.value > 0) if figure.value > 0 or proves else said


def marked(verdict: Statement, *, failed: bool) -> Statement:
    """Return a verdict behind a mark that is seen without colour: √ or ×."""
    return Statement.of("判定", ("× " if failed else "√ ") + "{verdict}", "", verdict=verdict)


NOT_RECORDED = "无相关记录"
"""Said only of a sheet that is there and empty."""


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty, who owes it, what was done for it and where the report shows more."""

    article: Figure[str]
    duty: Figure[str]
    owner: Figure[str]
    shown: Statement
    chapter: str


@dataclass(frozen=True, slots=True)
class Duties:
    """The fulfilment table, and in a line each what the client owes and what is general.

    The two lines are printed where there is something to name: `has_theirs`, `has_general`.
    """

    lines: tuple[DutyLine, ...]
    theirs: Figure[str]
    has_theirs: bool
    general: Figure[str]
    has_general: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """What the answers are taken from: the book and its quarters as known on a day."""

    book: ContractBook
    ledger: Ledger
    numbers: Sequence[int]
    report: Report | None
    service: YearService
    money: Account
    as_of: date

    @property
    def contract(self) -> Contract:
        """The contract."""
        return self.book.contract

    @property
    def told_in(self) -> ReportSeries | None:
        """The series of the reports that tell of it: the summary's, else those on the periods."""
        return self.report.series if self.report else self.contract.data_series

    @property
    def last_day(self) -> date:
        """The last day of the periods."""
        return self.service.this.last_day.value

    @property
    def quarters(self) -> list[Operations]:
        """The workbooks of the periods."""
        return [self.book.quarters[n] for n in self.numbers]


def year_of(
    book: ContractBook,
    numbers: Sequence[int],
    service: YearService,
    as_of: date,
    report: Report | None = None,
) -> Year:
    """Return what the fulfilment over periods of data is found from, told by a summary or not.

    Raises ValueError without a ledger.
    """
    money = account_of(book, as_of)
    if book.ledger is None or money is None:
        raise ValueError("the fulfilment of a contract needs the ledger")
    return Year(
        book=book, ledger=book.ledger, numbers=numbers, report=report, service=service,
        money=money, as_of=as_of,
    )  # fmt: skip


def duties(book: ContractBook, report: Report, service: YearService, as_of: date) -> Duties:
    """Return the fulfilment table; ValueError without a ledger, which a summary needs."""
    year = year_of(book, report.numbers, service, as_of, report)
    asked = book.contract.duties
    general = [duty for duty in asked if duty.shown_by == GENERAL]
    theirs = [duty for duty in asked if duty.owner == "甲方" and not _answered(duty, year.ledger)]
    return Duties(
        lines=tuple(_line(duty, year) for duty in asked if duty not in (*general, *theirs)),
        theirs=_named("由甲方履行的条款", theirs),
        has_theirs=bool(theirs),
        general=_named("通用条款", general),
        has_general=bool(general),
    )


def _answered(duty: Duty, ledger: Ledger) -> bool:
    written = any(row.answers(duty.article, duty.duty) for row in ledger.fulfilments)
    return bool(duty.shown_by) or written


def _named(name: str, listed: Sequence[Duty]) -> Figure[str]:
    articles = tuple(duty.figure("article") for duty in listed)
    text = "、".join(_in_short(list(dict.fromkeys(article.text for article in articles))))
    return Figure(name, text, text, Derivation("合同履约对照所列条款", "", articles))


def _in_short(articles: Sequence[str]) -> Iterator[str]:
    """Yield each article; of a run within one only what differs: 第七条第1款、第2款."""
    above = ""
    for article in articles:
        within, at, last = article.rpartition("第")
        yield at + last if within and within == above else article
        above = within


def _line(duty: Duty, year: Year) -> DutyLine:
    return DutyLine(
        article=duty.figure("article"),
        duty=duty.figure("duty"),
        owner=duty.figure("owner"),
        shown=shown(duty, year),
        chapter=chapter_of(duty, year.told_in) or "—",
    )


def shown(duty: Duty, year: Year) -> Statement:
    """Return the records' answer, then what a person wrote; 【待补】 where there is neither."""
    records = recorded(duty, year)
    written = [_written(row) for row in written_rows(duty, year)]
    parts = [*([records] if records else []), *written]
    if not parts:
        return Statement.of("履行记录", UNFILLED, duty.article, duty.figure("duty"))
    return Statement.joined("履行记录", parts, "；")


def recorded(duty: Duty, year: Year) -> Statement | None:
    """Return what the records say of a duty; None where they have no answer.

    What they say in the same words of an article before it is not said again.
    """
    if not duty.shown_by:
        return None
    answer = _ANSWERS[duty.shown_by]
    said = answer(year, duty)
    first = next((one for one in year.contract.duties if one.shown_by == duty.shown_by), duty)
    if said is None or first.article == duty.article or str(answer(year, first)) != str(said):
        return said
    return Statement.of("履行记录", "同{first}", duty.article, said, first=first.figure("article"))


def written_rows(duty: Duty, year: Year) -> Iterator[Fulfilment]:
    """Return what a person wrote of a duty by the day.

    That an occasion had not arisen is no longer said once a later row tells that it did; what a
    later row confirms in the same words is told of the later day alone. That it was asked for is
    also told by the register of letters.
    """
    arisen = duty.shown_by in _LETTERS and bool(asked_in(year, _LETTERS[duty.shown_by]))
    rows = [
        row
        for row in year.ledger.fulfilments
        if row.answers(duty.article, duty.duty) and row.day <= year.as_of
        and not (arisen and row.verdict == NOT_CONCERNED)
    ]  # fmt: skip
    return (row for row in rows if not any(_overtaken(row, one) for one in rows))


_LETTERS: Final[Mapping[str, str]] = {
    "问题整改": RECTIFY, "监督检查": INSPECTED, "归还资料": RETURN,
}  # fmt: skip
"""The letter of the client by which the occasion for a duty arises."""


def asked_in(year: Year, kind: str) -> tuple[Demand, ...]:
    """Return the letters of a kind that came by the day, and what became of them."""
    return demands(year.book, kind, year.numbers[-1], year.as_of)


def _overtaken(row: Fulfilment, by: Fulfilment) -> bool:
    arose = row.verdict == NOT_CONCERNED and by.verdict != NOT_CONCERNED
    again_said = (by.done, by.verdict) == (row.done, row.verdict)
    return by.day > row.day and (arose or again_said)


def _written(row: Fulfilment) -> Statement:
    said = {"done": row.figure("done"), "day": iso_day(row.figure("day"))}
    if not row.evidence:
        return told("履行情况", "{done}（{day}）", row.article, said)
    pattern = "{done}（{day}），依据为{evidence}"
    return told("履行情况", pattern, row.article, {**said, "evidence": row.figure("evidence")})


def _resources(year: Year, duty: Duty) -> Statement | None:
    held = stock([year.book.quarters[n] for n in year.numbers])
    if not held.by_kind:
        return None
    kinds = Statement.joined("资源", [_held(one) for one in held.by_kind], "、")
    pattern, said = (
        "期末承载业务系统 {systems} 个、{kinds}",
        {"systems": held.systems, "kinds": kinds},
    )
    bound = [one for one in held.by_kind if one.contracted.value is not None]
    over = [one for one in bound if (one.contracted.value or 0) < one.closing.value]
    behind = tuple(figure for one in bound for figure in (one.closing, one.contracted))
    if bound:
        against = "运行数据所填合同量" if _annex_lacks(year.contract) else "合同量"
        whose = Statement.literal("、".join(one.kind for one in over))
        pattern += f"；{whose}超过{against}" if over else f"；均未超过{against}"
    return told("资源", pattern, duty.article, said, *behind)


def _annex_lacks(contract: Contract) -> bool:
    """Whether the list of what was ordered is not there: then only workbooks tell the amounts."""
    return isinstance(contract.service.catalogue, Missing)


def _held(line: KindLine) -> Statement:
    pattern = f"{line.kind} {{closing}} {{unit}}"
    return Statement.of("资源", pattern, "", closing=line.closing, unit=line.unit)


def _availability_answer(year: Year, duty: Duty) -> Statement:
    line, contract = year.service.this, year.contract
    pattern = f"{line.label}可用性 {{percent}}"
    said: dict[str, Figure[object]] = {"percent": line.percent}
    failed = [one for one in year.service.quarters if not one.met]
    if line.judged:
        pattern += "（中断 {downtime} 分钟，允许 {budget} 分钟），{verdict}"
        said |= {"downtime": line.downtime, "budget": line.budget, "verdict": line.verdict}
    if year.service.targets:
        said["targets"] = Statement.joined(
            "各项指标", [_target_answer(one) for one in year.service.targets], "；"
        )
        pattern += "；{targets}"
    if not line.judged:
        pass
    elif failed:
        said["failed"] = Statement.of(
            "未达标季度", "、".join(one.label for one in failed), "",
            *(one.verdict for one in failed),
        )  # fmt: skip
        pattern += "；{failed}未达标"
        # One failure under two articles is one matter: the contract may forbid to pursue it twice.
        first = next((one for one in contract.duties if one.shown_by == duty.shown_by), duty)
        if first.article != duty.article:
            pattern = f"{line.label}可用性 {{percent}}，{{verdict}}，与{{same}}所述为同一事项"
            said = {
                "percent": line.percent,
                "verdict": line.verdict,
                "same": first.figure("article"),
            }
    else:
        pattern += f"；各{period_word(contract)}均达标"
    seen = durability(year.quarters, contract.service_levels)
    if seen.observed and not any(one.shown_by == "数据可靠性" for one in contract.duties):
        said["losses"] = _losses(seen)
        pattern += "；{losses}"
    return told("可用性", pattern, duty.article, said)


def _target_answer(line: AvailabilityLine) -> Statement:
    pattern = f"{{name}}（{line.label}）{{percent}}，{{verdict}}"
    return Statement.of(
        "可用性", pattern, "", name=line.name, percent=line.percent, verdict=line.verdict
    )


def _durability_answer(year: Year, duty: Duty) -> Statement | None:
    seen = durability(year.quarters, year.contract.service_levels)
    if not seen.observed:
        return None
    checks = counted(
        "完整性校验", seen.integrity_checks, "完整性校验 {n} 次，{passed}", "未做完整性校验",
        passed=seen.passed,
    )  # fmt: skip
    designed = [one.design_value for one in seen.lines if one.design_value.value]
    pattern, said = "观测期内{losses}，{checks}", {"losses": _losses(seen), "checks": checks}
    if designed:
        distinct = {one.text: one for one in reversed(designed)}
        said["design"] = Statement.joined("设计值", reversed(distinct.values()), "、")
        pattern += "；设计值 {design}"
    return told("数据可靠性", pattern + "；不作实测值表述", duty.article, said)


def _losses(seen: DurabilitySummary) -> Statement:
    return counted("数据丢失", seen.loss_events, "发生数据丢失事件 {n} 起", "未发生数据丢失")


def _security(year: Year, duty: Duty) -> Statement | None:
    found = security(year.quarters, year.as_of)
    if not found.any:
        return None
    pattern = "平台加固 {hardening} 次，拦截攻击 {attacks} 次，{events}；到期漏洞整改率 {mending}"
    events = counted("安全事件", found.events, "发生安全事件 {n} 起", "未发生安全事件")
    return Statement.of(
        "安全防护", pattern, duty.article, hardening=found.hardening, attacks=found.attacks,
        events=events, mending=found.total.mending,
    )  # fmt: skip


def _data_kept(year: Year, duty: Duty) -> Statement | None:
    """Return how the platform was protected, then what shows that no data were lost."""
    seen, saved = durability(year.quarters, year.contract.service_levels), backups(year.quarters)
    total, parts = saved.total, [_security(year, duty)]
    if total.planned.value:
        pattern = (
            "计划备份 {planned} 次，成功 {succeeded} 次；恢复演练 {tests} 次，成功 {restored} 次"
        )
        parts.append(
            Statement.of(
                "备份", pattern, duty.article, planned=total.planned, succeeded=total.succeeded,
                tests=total.restore_tests, restored=total.restore_succeeded,
            )
        )  # fmt: skip
    if seen.observed:
        parts.append(_losses(seen))
    said = [one for one in parts if one]
    return Statement.joined("数据防护", said, "；") if said else None


def _monitored(year: Year, duty: Duty) -> Statement | None:
    total = alarm_summary(year.quarters).total
    if not total.raised.value:
        return None
    return Statement.of(
        "监控告警", "监控发现告警 {raised} 条，恢复 {cleared} 条", duty.article,
        raised=total.raised, cleared=total.cleared,
    )  # fmt: skip


def consulted(year: Year) -> TicketLine | None:
    """Return how many tickets asked for advice; None where there are no tickets at all."""
    counts = ticket_counts(year.quarters)
    return next((line for line in counts.by_kind if line.kind == "咨询"), None)


def _consulting(year: Year, duty: Duty) -> Statement | None:
    asked = consulted(year)
    if asked is None:
        return None
    pattern = "受理咨询 {opened} 件，办结 {closed} 件，承诺时限内办结 {in_time} 件"
    said = {"opened": asked.opened, "closed": asked.closed, "in_time": asked.in_time}
    if asked.pending.value:
        pattern, said["pending"] = pattern + "，未到期 {pending} 件", asked.pending
    return told("咨询", pattern, duty.article, said)


def _materials(year: Year, duty: Duty) -> Statement:
    covers = tuple(quarter.cover.figure("quarter") for quarter in year.quarters)
    rule = f"已有运行数据的{period_name(year.contract)}"
    count = number("报告份数", len(covers), rule, covers)
    said: dict[str, Figure[object]] = {"count": count}
    pattern = f"编制{report_word(year.contract)} {{count}} 个"
    if year.report is not None:
        said["own"] = year.report.series.figure("name")
        pattern += "、{own}（本报告）"
    made = told("验收材料", pattern, duty.article, said)
    return Statement.joined("验收材料", [made, notice_of(year, duty.article)], "；")


def notice_of(year: Year, article: str) -> Statement:
    """Return when the client was told that the final acceptance is due, if it was."""
    sent = [row for row in _finals(year) if row.notice_received]
    if sent:
        day = iso_day(sent[-1].figure("notice_received"))
        return Statement.of("验收通知", "验收通知{day}送达", article, day=day)
    return Statement.of(
        "验收通知", "截至{day}未记录验收通知送达", article, _acceptances(year.ledger),
        day=made_on(year.as_of),
    )  # fmt: skip


def _accepted(year: Year, duty: Duty) -> Statement:
    known = answered(year)
    if not known:
        sheet, day = _acceptances(year.ledger), made_on(year.as_of)
        return Statement.of("验收", "截至{day}未记录验收结果", duty.article, sheet, day=day)
    return Statement.joined("验收", [acceptance_result(row, duty.article) for row in known], "；")


def acceptance_result(row: Acceptance, article: str) -> Statement:
    """Return how an acceptance ended: its stage, day, result and paper."""
    pattern = "{stage}验收{day}{result}"
    said: dict[str, Figure[object]] = {
        "stage": row.figure("stage"),
        "day": iso_day(row.figure("accepted")),
        "result": row.figure("result"),
    }
    if row.document:
        pattern += "，见{document}"
        said["document"] = row.figure("document")
    return told("验收结果", pattern, article, said)


def _rework(year: Year, duty: Duty) -> Statement:
    known = answered(year)
    failed = [row for row in known if row.result == FAILED]
    if failed:
        rework = [_reworked(row, year, duty.article) for row in failed]
        return Statement.joined("返工", rework, "；")
    if known:
        results = tuple(row.figure("result") for row in known)
        return Statement.of("返工", "历次验收未出现不通过的情形", duty.article, *results)
    return Statement.of("返工", "尚无验收结果", duty.article, _acceptances(year.ledger))


def _asked_by(row: Acceptance, day: date) -> bool:
    return any(one is not None and one <= day for one in (row.notice_received, row.accepted))


def rework_by(year: Year, refused: Acceptance) -> date | None:
    """Return the last day to hand in again what was refused; of a doubtful one the latest."""
    if refused.accepted is None:
        return None
    due = rework_due(year.contract, year.book.calendar, refused.accepted)
    return due.latest if isinstance(due, Provisional) else due.date if due else None


def again(year: Year, refused: Acceptance) -> Acceptance | None:
    """Return the acceptance of the same stage that was asked for after one was refused."""
    every = year.ledger.acceptances
    later = every[every.index(refused) + 1 :]
    return next(
        (row for row in later if row.stage == refused.stage and _asked_by(row, year.as_of)), None
    )


def _reworked(refused: Acceptance, year: Year, article: str) -> Statement:
    """Return the refusal, until when it was to be mended, when it was handed in again, the end."""
    pattern = "{refused}"
    said: dict[str, Figure[object]] = {"refused": acceptance_result(refused, article)}
    due = rework_by(year, refused)
    if due is not None:
        pattern += "，约定{limit}返工（至{due}）"
        said["limit"] = year.contract.acceptance.figure("rework")
        origin = Derivation("返工期限", article, (refused.figure("accepted"), said["limit"]))
        said["due"] = iso_day(Figure("返工期限", due, show_day(due), origin))
    second = again(year, refused)
    if second is None:
        said["day"] = made_on(year.as_of)
        return told("返工", pattern + "，截至{day}未记录重新提交验收", article, said)
    if second.notice_received:
        pattern += "，{again}重新提交验收"
        said["again"] = iso_day(second.figure("notice_received"))
    if second.accepted and second.accepted <= year.as_of:
        pattern += "，再次验收{day}{result}"
        said["day"], said["result"] = iso_day(second.figure("accepted")), second.figure("result")
    return told("返工", pattern, article, said)


def _contact(year: Year, duty: Duty) -> Statement | None:
    party: Party = year.contract.client if duty.owner == "甲方" else year.contract.contractor
    if isinstance(party.contact.name, Missing):
        return None
    name = party.contact.figure("name")
    return Statement.of("联系人", "指派{who}为项目联系人", party.contact.article, who=name)


def _staffed(year: Year, duty: Duty) -> Statement | None:
    """Return who is on the project at the end, and who came and went in the periods."""
    roster, first, last = year.book.roster, year.service.this.first_day.value, year.last_day
    if roster is None:
        return None
    staff = staff_of(roster)
    came = [one for one in staff.every if first <= one.joined <= last]
    went = [one for one in staff.every if one.left is not None and first <= one.left <= last]
    return Statement.of(
        "项目人员", "期末在岗 {there} 人；期内{came}，{went}", duty.article,
        there=headcount(roster, last).on_project,
        came=counted("进入", staff.count("进入", "期内进入项目的人员", came, "name", "joined"),
                     "进入 {n} 人", "没有人进入"),
        went=counted("离开", staff.count("离开", "期内离开项目的人员", went, "name", "left"),
                     "离开 {n} 人", "没有人离开"),
    )  # fmt: skip


def _key_staff(year: Year, duty: Duty) -> Statement:
    quarters = year.quarters
    moved = [
        row
        for quarter in quarters
        for row in quarter.staff_changes
        if row.key_staff and row.kind != "培训"
    ]
    if not moved:
        changes = rows_of(quarters, StaffChange)
        none = changes.count("主要人员变动", "主要人员进入、离开的行数", (), "kind", "key_staff")
        return Statement.of("主要人员", "主要人员无变动", duty.article, none)
    return Statement.joined("主要人员", [_moved(row, duty.article) for row in moved], "；")


def _moved(row: StaffChange, article: str) -> Statement:
    pattern = "{day}{name}{kind}"
    said: dict[str, Figure[object]] = {
        "day": iso_day(row.figure("day")),
        "name": row.figure("name"),
        "kind": row.figure("kind"),
    }
    for field, words in (("notified", "{notified}通知甲方"), ("agreed", "{agreed}甲方同意")):
        if getattr(row, field):
            pattern += f"，{words}"
            said[field] = iso_day(row.figure(field))
    return told("主要人员变动", pattern, article, said)


def _term(year: Year, duty: Duty) -> Statement:
    first, end = term_start(year.contract), service_end(year.contract, year.as_of)
    count = number("天数", Period(first.value, end.value).days, "首尾均计入", (first, end))
    return Statement.of(
        "服务期", "{first}至{end}，共 {count} 天", duty.article, first=first, end=end, count=count
    )


def _price(year: Year, duty: Duty) -> Statement:
    money = year.money
    pattern = "合同款项 {total} 元；截至{day}到账 {received} 元，扣减 {deducted} 元，"
    pattern += "未到账 {outstanding} 元"
    return Statement.of(
        "合同价款", pattern, duty.article, total=money.total, day=made_on(year.as_of),
        received=money.received, deducted=money.deducted, outstanding=money.outstanding,
    )  # fmt: skip


def _received(year: Year, duty: Duty) -> Statement:
    names = {item.number: item for item in year.contract.payment.instalments}
    paid = [row for row in year.ledger.payments if row.received <= year.as_of]
    if not paid:
        return _nothing(year, duty, Payment, year.ledger.payments, "received")
    return Statement.joined(
        "到账",
        [
            Statement.of(
                "到账", "{what}{day}到账 {amount} 元", duty.article,
                what=names[row.instalment].figure("name")
                if row.instalment in names
                else row.figure("instalment"),
                day=iso_day(row.figure("received")), amount=row.figure("amount"),
            )
            for row in paid
        ],
        "；",
    )  # fmt: skip


def _invoices(year: Year, duty: Duty) -> Statement:
    issued = [row for row in year.ledger.invoices if row.issued <= year.as_of]
    if not issued:
        return _nothing(year, duty, Invoice, year.ledger.invoices, "issued")
    rows = tuple(row.figure("number") for row in issued)
    count = number("发票张数", len(issued), "发票表行数", rows)
    pattern = "开具发票 {count} 张，价税合计 {gross} 元"
    said: dict[str, Figure[object]] = {"count": count, "gross": year.money.invoiced}
    standing = invoices_standing(year)
    if year.contract.invoicing.one_rate is None or not standing:
        return told("发票", pattern, duty.article, said)
    rates = {row.rate: row.figure("rate") for row in standing}
    said["rate"] = Statement.joined("税率", tuple(rates.values()), "、")
    return told(
        "发票", pattern + ("，{rate}" if set(rates) == {0} else "，税率{rate}"), duty.article, said
    )


def invoices_standing(year: Year) -> list[Invoice]:
    """Return the invoices issued by the day that no red-letter invoice reversed."""
    issued = [row for row in year.ledger.invoices if row.issued <= year.as_of]
    reversed_by = {row.reverses for row in issued if row.red}
    return [row for row in issued if not row.red and row.number not in reversed_by]


def _problems(year: Year, duty: Duty) -> Statement:
    every = matters(year.book.quarters, year.numbers[-1], year.as_of)
    found = [one for one in every if one.raised in year.numbers and one.kind == PROBLEM]
    asked = asked_in(year, RECTIFY)
    if not found and asked:
        return demanded(asked, duty.article, year.as_of)
    if not found:
        none = rows_of(year.quarters, Issue).count("问题", "类别为问题的行数", (), "kind")
        return Statement.of("问题整改", NOT_RECORDED, duty.article, none)
    subjects = tuple(one.first.figure("subject") for one in found)
    left = sum(one.open_on(year.as_of) for one in found)
    mended = Statement.of(
        "问题整改", "提出问题 {count} 项，截至{day}办结 {closed} 项", duty.article,
        count=number("问题", len(found), "各季度提出的问题去重计数", subjects),
        closed=number("已办结问题", len(found) - left, "已完成或已记录办结的问题", subjects),
        day=made_on(year.as_of),
    )  # fmt: skip
    if not asked:
        return mended
    return Statement.joined("问题整改", (demanded(asked, duty.article, year.as_of), mended), "；")


def _inspected(year: Year, duty: Duty) -> Statement | None:
    asked = asked_in(year, INSPECTED)
    return demanded(asked, duty.article, year.as_of) if asked else _none_came(year, duty, INSPECTED)


def _given_back(year: Year, duty: Duty) -> Statement | None:
    asked = asked_in(year, RETURN)
    return given_back(asked, duty.article, year.as_of) if asked else _none_came(year, duty, RETURN)


def _none_came(year: Year, duty: Duty, kind: str) -> Statement | None:
    letters = year.book.letters
    if letters is None:
        return None
    kinds = tuple(one.figure("kind") for one in letters.letters if one.received)
    return Statement.of(
        kind, f"截至{{day}}未登记甲方的{kind}", duty.article, *kinds, day=made_on(year.as_of)
    )


_CHECK: Final = "第三方安全检查情况说明"


def _told_check(year: Year) -> Letter | None:
    letters = year.book.letters.letters if year.book.letters else ()
    return next((one for one in reversed(letters) if one.kind == _CHECK and one.delivered), None)


def check_items(year: Year) -> tuple[Listed, ...]:
    """Return what a check by a third party listed, and what became of it by the day."""
    sent = _told_check(year)
    return listed(year.book, sent, year.numbers[-1], year.as_of) if sent else ()


def _checked(year: Year, duty: Duty) -> Statement | None:
    """Return the report of the check that a letter of ours tells of, with its finding."""
    letters, sent = year.book.letters, _told_check(year)
    if letters is None or sent is None:
        return None
    facts = letters.facts_of(sent)
    named = {
        "by": "检查机构",
        "report": "报告名称",
        "number": "报告编号",
        "day": "报告日期",
        "found": "检查结论",
    }
    if any(item not in facts or not facts[item].content for item in named.values()):
        return None
    said: dict[str, Figure[Any]] = {
        name: facts[item].figure("content") for name, item in named.items()
    }
    pattern = "{by}出具《{report}》（{number}，{day}），结论为“{found}”"
    if items := check_items(year):
        pattern += "；{items}"
        said["items"] = told_of(items, "所列事项", duty.article, year.as_of)
    return told("第三方检查", pattern, duty.article, said)


def _graded(year: Year, duty: Duty) -> Statement:
    """Return how many incidents there were, and how many of them nobody could grade."""
    rows = rows_of(year.quarters, Incident)
    unsure = [row for row in rows.every if row.grade == UNGRADED]
    count = rows.count("未定级事件", "级别为“未定级”的行数", unsure, "number", "grade")
    if not rows.every:
        return Statement.of("事件定级", "没有发生事件", duty.article, incident_count(year.quarters))
    return Statement.of(
        "事件定级", "事件 {all} 起，{unsure}", duty.article, all=incident_count(year.quarters),
        unsure=counted("未定级", count, "其中未定级 {n} 起", "均已定级"),
    )  # fmt: skip


def _addresses(year: Year, duty: Duty) -> Statement | None:
    found = addresses(year.quarters)
    if not found.any:
        return None
    total = found.total
    return Statement.of(
        "IP地址", "期末在用地址 {used} 个，{reserved}，{released}", duty.article, used=total.used,
        reserved=counted("预留地址", total.reserved, "预留 {n} 个", "没有预留"),
        released=counted("回收地址", total.released, "本期回收 {n} 个", "本期没有回收"),
    )  # fmt: skip


def _events(kind: str, word: str) -> Callable[[Year, Duty], Statement]:
    def answer(year: Year, duty: Duty) -> Statement:
        quarters = year.quarters
        rows = rows_of(quarters, Drill)
        held = [row for row in rows.every if row.kind == kind]
        count = drill_count(quarters, kind)
        if not held:
            return Statement.of(word, NOT_RECORDED, duty.article, count)
        names = [Statement.of(word, "{what}（{days}）", "", what=one.figure("name"),
                              days=drill_days(one)) for one in held]  # fmt: skip
        return Statement.of(
            word, f"{word} {{count}} 次，投入 {{spent}} 人·天：{{names}}", duty.article,
            count=count,
            spent=rows.sum("值守", f"{kind}的值守人·天合计", held, "duty", "name"),
            names=Statement.joined(word, names, "、"),
        )  # fmt: skip

    return answer


def _trained(year: Year, duty: Duty) -> Statement | None:
    roster = year.book.roster
    if roster is None:
        return None
    staff = staff_of(roster)
    there = staff.where(lambda one: one.joined <= year.as_of)
    trained = [one for one in there.every if one.trained and one.trained <= year.as_of]
    late = [one for one in trained if one.trained and one.access_granted
            and one.access_granted < one.trained]  # fmt: skip
    pattern = "参与项目人员 {count} 人，已接受保密教育 {trained} 人"
    said: dict[str, Figure[object]] = {
        "count": staff.count("参与项目人员", "进入过项目的人员", there.every, "name", "joined"),
        "trained": there.count(
            "已接受保密教育", "填有保密培训日期的人员", trained, "name", "trained"
        ),
    }
    if late or len(trained) == len(there.every):
        pattern += "，{late}"
        first = there.count(
            "先开通权限后受教育", "开通权限早于保密培训的人员", late, "access_granted", "trained"
        )
        said["late"] = counted(
            "先开通权限后受教育", first, "其中开通权限之后才接受的 {n} 人", "均不晚于权限开通"
        )
    return told("保密培训", pattern, duty.article, said)


def _signed(year: Year, duty: Duty) -> Statement | None:
    """Return who of all that took part signed by the day, and whether anything shows a request."""
    if year.book.roster is None:
        return None
    team, day = staff_of(year.book.roster), year.as_of
    there = team.where(lambda one: one.joined <= day)
    signed = [one for one in there.every if one.signed is not None and one.signed <= day]
    lacking = there.where(lambda one: one.signed is None or one.signed > day)
    gone = [one for one in lacking.every if one.left is not None and one.left <= day]
    pattern = "参与项目人员 {there} 人，截至{day}" + (
        "已签署保密协议 {signed} 人，未签署 {unsigned} 人" if lacking.every else "均已签署保密协议"
    )
    rule = "成文之日已签署的参与人员"
    said: dict[str, Figure[object]] = {
        "there": team.count("参与项目人员", "进入过项目的人员", there.every, "name", "joined"),
        "day": made_on(day),
        "signed": there.count("已签署保密协议", rule, signed, "name", "signed"),
        "unsigned": lacking.count(
            "未签署保密协议", "成文之日未签署的参与人员", lacking.every, "name", "signed"
        ),
    }
    if gone:
        pattern += "（其中 {gone} 人已离开）"
        said["gone"] = lacking.count("离开而未签署", "已离开的未签署人员", gone, "left", "signed")
    if early := _before_signing(there, day):
        pattern += "；参与项目人员中先开通权限后签署的 {early} 人"
        said["early"] = early
    if year.book.letters and _ON_DEMAND in ("".join(duty.quote) or duty.duty):
        pattern += "；{request}"
        said["request"] = _request(year, year.book.letters, duty)
    return told("保密协议", pattern, duty.article, said)


_ON_DEMAND: Final = "应甲方要求"
_AGREEMENT: Final = "保密协议"


def _request(year: Year, letters: Letters, duty: Duty) -> Statement:
    """Return the client's letter about the agreement, or that none came by the day."""
    came = [one for one in letters.letters if one.received and one.day <= year.as_of]
    about = next((one for one in came if _AGREEMENT in one.kind + one.subject), None)
    if about is None:
        behind = (*(one.figure("kind") for one in came), made_on(year.as_of))
        return Statement.of("甲方要求", "未登记甲方要求签署的来函", duty.article, *behind)
    said = {"day": iso_day(about.figure("day")), "kind": about.figure("kind")}
    return told("甲方要求", "{day}收到{kind}", duty.article, said)


def _before_signing(staff: Rows[StaffMember], day: date) -> Figure[Decimal] | None:
    """Return how many, gone or there, were given access and signed later; None if nobody was."""
    signed = staff.where(lambda one: one.signed is not None and one.signed <= day)
    early = [one for one in signed.every if one.signed and one.access_granted
             and one.access_granted < one.signed]  # fmt: skip
    return (
        signed.count(
            "先开通权限后签署", "权限开通早于签署的人员", early, "access_granted", "signed"
        )
        if early
        else None
    )


def _disclosed(year: Year, duty: Duty) -> Statement | None:
    """Return who has access on the day and who without signing, then or when it began."""
    roster, day = year.book.roster, year.as_of
    if roster is None:
        return None
    staff = staff_of(roster)
    there = staff.where(lambda one: one.joined <= day and (one.left is None or one.left > day))
    access = there.where(lambda one: one.access_granted is not None and one.access_granted <= day)
    unsigned = [one for one in access.every if one.signed is None or one.signed > day]
    pattern = "截至{day}在岗 {there} 人，已开通权限 {access} 人"
    said: dict[str, Figure[object]] = {
        "day": made_on(day),
        "there": staff.count(
            "在岗人员", "成文之日已进入且未离开的人员", there.every, "name", "joined", "left"
        ),
        "access": there.count(
            "已开通权限", "已开通权限的在岗人员", access.every, "name", "access_granted"
        ),
    }
    if not year.contract.owes_agreements:
        return told("披露范围", pattern, duty.article, said)
    without = access.count("未签署而开通权限", "其中未签署协议的", unsigned, "name", "signed")
    pattern += "，{unsigned}"
    said["unsigned"] = counted(
        "未签署而开通权限", without, "其中未签署保密协议的 {n} 人", "均已签署保密协议"
    )
    if early := _before_signing(staff, day):
        pattern += "；参与项目人员中先开通权限后签署的 {early} 人"
        said["early"] = early
    return told("披露范围", pattern, duty.article, said)


def _secrecy(year: Year, duty: Duty) -> Statement | None:
    """Return until when confidence lasts; where no day follows, only a person can tell."""
    until = confidential_until(year.contract, year.as_of)
    if until is None:
        return None
    pattern = "保密期限至{until}"
    if not end_is_known(year.contract, year.as_of):
        pattern = "保密期限自合同终止之日起算；合同如随服务期届满终止，保密期限至{until}"
    return Statement.of("保密期限", pattern, duty.article, until=until)


def _damages(year: Year, duty: Duty) -> Statement:
    agreed = [row for row in year.ledger.deductions if row.agreed_by(year.as_of)]
    if not agreed:
        return _nothing(
            year, duty, Deduction, year.ledger.deductions, "status", "agreed",
            text="双方未协商确定违约金、赔偿金",
        )  # fmt: skip
    return Statement.joined(
        "违约金",
        [
            Statement.of(
                "违约金", "{day}协商一致{kind} {amount} 元", duty.article,
                day=iso_day(row.figure("agreed")), kind=row.figure("kind"),
                amount=row.figure("amount"),
            )
            for row in agreed
        ],
        "；",
    )  # fmt: skip


def _exit(year: Year, duty: Duty) -> Statement:
    leaving = year.contract.exit
    if leaving is None or leaving.requested_on > year.as_of:
        place = year.contract.place("exit")
        unsaid = Figure("退出", None, "未填", place)
        return Statement.of(
            "退出", "截至{day}乙方未提出退出", duty.article, unsaid, day=made_on(year.as_of)
        )
    pattern = "{asked}提出退出"
    said: dict[str, Figure[object]] = {"asked": iso_day(leaving.figure("requested_on"))}
    if leaving.permitted_on and leaving.permitted_on <= year.as_of:
        pattern += "，{permitted}甲方许可，服务至{last}"
        said["permitted"] = iso_day(leaving.figure("permitted_on"))
        said["last"] = iso_day(leaving.figure("last_service_day"))
    return told("退出", pattern, duty.article, said)


def _switch(year: Year, duty: Duty) -> Statement | None:
    """Return that the term still runs; what came after it only a person can tell."""
    end = service_end(year.contract, year.as_of)
    if year.as_of <= end.value:
        return Statement.of("切换", "服务期至{end}，尚未届满", duty.article, end=end)
    letters = year.book.letters
    sent = (
        [one for one in letters.letters if one.kind == _PLAN_OF_EXIT and one.delivered]
        if letters
        else []
    )
    if not sent:
        return None
    day = iso_day(sent[-1].figure("delivered"))
    return Statement.of(
        "切换", "{kind}{day}送达甲方", duty.article, kind=sent[-1].figure("kind"), day=day
    )


_PLAN_OF_EXIT: Final = "迁移切换方案"


def _effective(year: Year, duty: Duty) -> Statement:
    identity = year.contract.identity
    pattern, said = "{signed}双方", {"signed": identity.figure("signed_on")}
    if identity.signed_at:
        pattern += "在{place}"
        said["place"] = identity.figure("signed_at")
    pattern += "签署"
    if identity.effective:
        pattern += "，{effective}"
        said["effective"] = identity.figure("effective")
    return told("签署生效", pattern, duty.article, said)


def _copies(year: Year, duty: Duty) -> Statement | None:
    identity = year.contract.identity
    if identity.copies is None:
        return None
    held, parts = _copies_held(identity)
    said = {"copies": identity.figure("copies"), **parts}
    return told("合同份数", "共 {copies} 份" + held, duty.article, said)


def _copies_held(identity: Identity) -> tuple[str, dict[str, Figure[Any]]]:
    """Return who holds how many copies of the contract, as far as it says so."""
    names = {
        "copies_each": "双方各执",
        "copies_client": "甲方执",
        "copies_contractor": "乙方执",
        "copies_elsewhere": "其他单位执",
    }
    held = {name: identity.figure(name) for name in names if getattr(identity, name)}
    return "".join(f"，{names[name]} {{{name}}} 份" for name in held), held


_ANSWERS: Mapping[str, Callable[[Year, Duty], Statement | None]] = {
    "资源台账": _resources,
    "可用性": _availability_answer,
    "数据可靠性": _durability_answer,
    "安全防护": _security,
    "数据防护": _data_kept,
    "监控告警": _monitored,
    "咨询工单": _consulting,
    "验收材料": _materials,
    "验收": _accepted,
    "验收返工": _rework,
    "联系人": _contact,
    "项目人员": _staffed,
    "主要人员更换": _key_staff,
    "服务期": _term,
    "合同价款": _price,
    "到账": _received,
    "发票": _invoices,
    "问题整改": _problems,
    "监督检查": _inspected,
    "归还资料": _given_back,
    "第三方检查": _checked,
    "IP地址": _addresses,
    WATCH: _events(WATCH, WATCH),
    DRILL: _events(DRILL, DRILL),
    "事件定级": _graded,
    "保密培训": _trained,
    "保密协议": _signed,
    "披露范围": _disclosed,
    "保密期限": _secrecy,
    "违约金": _damages,
    "退出": _exit,
    "切换": _switch,
    "签署生效": _effective,
    "合同份数": _copies,
}


_, _MONEY, _ACCEPTANCE = SUMMARY_CHAPTERS
_CHAPTERS: Mapping[str, str] = {
    "资源台账": "服务范围与资源台账",
    "可用性": "服务质量",
    "数据可靠性": "服务质量",
    "安全防护": "安全",
    "数据防护": "备份与恢复",
    "监控告警": "监控与告警",
    "咨询工单": "工单与服务请求",
    "项目人员": "人员与保密",
    "主要人员更换": "人员与保密",
    "问题整改": "问题与改进",
    "IP地址": "IP地址分配管理",
    WATCH: "应急演练与重保值守",
    DRILL: "应急演练与重保值守",
    "事件定级": "事件与故障",
    "保密培训": "人员与保密",
    "保密协议": "人员与保密",
    "披露范围": "人员与保密",
    "验收材料": _ACCEPTANCE,
    "验收": _ACCEPTANCE,
    **dict.fromkeys(("合同价款", "到账", "发票", "违约金"), _MONEY),
}
"""The chapter that tells of a kind of record; the last are those of a summary."""


_SEVERAL: Final[Mapping[str, tuple[str, ...]]] = {
    "数据防护": ("服务质量", "备份与恢复", "安全"),
}
"""Where more than one chapter tells what a duty is judged by: lost data, backups, events."""


def chapter_of(duty: Duty, series: ReportSeries | None) -> str:
    """Return the number of the chapter that tells of a duty, nothing if there is none."""
    title = _CHAPTERS.get(duty.shown_by)
    return chapter(title, series) if title else ""


def chapters_behind(duty: Duty, series: ReportSeries | None) -> str:
    """Return the numbers of all chapters that tell what a duty is judged by."""
    told = [chapter(title, series) for title in _SEVERAL.get(duty.shown_by, ())]
    return "、".join(filter(None, told)) or chapter_of(duty, series)


def answered(year: Year) -> list[Acceptance]:
    """Return the acceptances whose result was known by the day."""
    return [row for row in year.ledger.acceptances if _known_row(row, year.as_of)]


def _finals(year: Year) -> list[Acceptance]:
    return [
        row
        for row in year.ledger.acceptances
        if row.stage == "最终" and row.notice_received and row.notice_received <= year.as_of
    ]


def _known_row(row: Acceptance, as_of: date) -> bool:
    return row.accepted is not None and row.accepted <= as_of


def _nothing(
    year: Year,
    duty: Duty,
    row: type[R],
    rows: Sequence[R],
    *columns: str,
    text: str = NOT_RECORDED,
) -> Statement:
    looked_at = entered(year.ledger.file, row, rows)
    none = looked_at.count(row.sheet, f"截至成文日期的{row.sheet}", (), *columns)
    return Statement.of("履行记录", text, duty.article, none, made_on(year.as_of))


def _acceptances(ledger: Ledger) -> Figure[Decimal]:
    """Return how many acceptances were asked for or answered, by the rows that say so."""
    rows = entered(ledger.file, Acceptance, ledger.acceptances)
    return rows.count("验收记录", "验收表行数", rows.every, "stage", "notice_received", "accepted")


def acceptance_state(book: ContractBook, as_of: date) -> Statement:
    """Return where the final acceptance stands by the ledger of the day: asked for, or answered."""
    terms = book.contract.acceptance
    rows = book.ledger.acceptances if book.ledger else ()
    finals = [row for row in rows if row.stage == "最终"]
    answered = [row for row in finals if _known_row(row, as_of)]
    if answered:
        last = answered[-1]
        if last.result == PASSED:
            return Statement.of(
                "验收情况",
                "{result}。",
                terms.article,
                result=acceptance_result(last, terms.article),
            )
        return Statement.of(
            "验收情况", "{result}；整改后另行通知验收。", terms.article,
            result=acceptance_result(last, terms.article),
        )  # fmt: skip
    sent = [row for row in finals if row.notice_received and row.notice_received <= as_of]
    if sent:
        day = iso_day(sent[-1].figure("notice_received"))
        if not terms.period.unit:
            return Statement.of(
                "验收情况", "验收通知已于{day}送达，尚无验收结论。", terms.article, day=day
            )
        return Statement.of(
            "验收情况",
            "验收通知已于{day}送达，约定的验收期限为{period}。",
            terms.article, day=day, period=terms.figure("period"),
        )  # fmt: skip
    return Statement.of(
        "验收情况", "截至{day}未记录验收通知送达，现提请甲方组织验收。", terms.article,
        terms.figure("materials"), day=made_on(as_of),
    )  # fmt: skip


def _passed(book: ContractBook, as_of: date) -> bool:
    """Whether the final acceptance was passed before the day."""
    rows = book.ledger.acceptances if book.ledger else ()
    finals = (row for row in rows if row.stage == FINAL and row.result == PASSED)
    return any(row.accepted is not None and row.accepted < as_of for row in finals)


def materials(book: ContractBook, report: Report, as_of: date) -> Statement:
    """Return which sealed reports on data of the summary go with it into the acceptance."""
    owed = [
        one
        for one in reports(book.contract, OPERATIONS, as_of)
        if one.series.sealed and set(one.numbers) <= set(report.numbers)
    ]
    said = []
    for series in dict.fromkeys(one.series for one in owed):
        such = [one for one in owed if one.series is series]
        data = [book.quarters[n].cover.figure("quarter") for one in such for n in one.numbers]
        count = number("份数", len(such), "服务期内应提交的份数", data, series.article)
        labels = "、".join(one.label for one in such)
        said.append(
            Statement.of(
                "验收材料", f"{{name}} {{count}} 份（{labels}）", series.article, *data,
                name=series.figure("name"), count=count,
            )
        )  # fmt: skip
    own = report.series.figure("name")
    if _passed(book, as_of):
        listed = Statement.joined("验收材料", [*said, own], "、")
        pattern = "已编制{listed}（本报告）。本报告成文于最终验收之后，所列自查结论不改变验收结论。"
        return Statement.of("验收材料", pattern, "", made_on(as_of), listed=listed)
    if not said:
        return Statement.of("验收材料", "{own}（本报告）作为验收材料。", "", own=own)
    listed = Statement.joined("验收材料", said, "、")
    return Statement.of(
        "验收材料", "依据各期运行数据编制{listed}，连同{own}（本报告）作为验收材料。", "",
        listed=listed, own=own,
    )  # fmt: skip
