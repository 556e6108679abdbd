"""The quarter and the year against the contract: indicators, trends, what was fulfilled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from deliverables.compute.availability import AvailabilityLine, YearService, durability
from deliverables.compute.figures import Inputs, rows_of
from deliverables.compute.operations import (
    addresses,
    alarm_summary,
    backups,
    change_counts,
    drills,
    incident_count,
    inspections,
    people,
    problems,
    security,
    stock,
    ticket_counts,
)
from deliverables.compute.term import chapter, period_word, quarter_label, report_word
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.model.content import Chart, ChartForm, Series
from deliverables.model.contract import Contract, Duty
from deliverables.model.operations import Operations, Resource
from deliverables.values.figure import Derivation, Figure


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


def trend(book: ContractBook, numbers: Sequence[int]) -> tuple[TrendLine, ...]:
    """Return one line per quarter."""
    return tuple(_line(quarter_label(book.contract, n), [book.quarters[n]]) for n in numbers)


def trend_total(book: ContractBook, numbers: Sequence[int]) -> TrendLine:
    """Return the line of all the quarters: counts added, rates taken anew from the sums."""
    return _line("合计", [book.quarters[n] for n in numbers])


def _line(label: str, quarters: Sequence[Operations]) -> TrendLine:
    asked, safety = ticket_counts(quarters).total, security(quarters).total
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


def workload_chart(lines: Sequence[TrendLine], period: str) -> Chart:
    """Return tickets and changes by quarter."""
    return Chart(
        form=ChartForm.COLUMNS,
        title=f"各{period}工单与变更数量",
        description="；".join(
            f"{line.label}工单 {line.tickets} 件、变更 {line.changes} 次" for line in lines
        )
        + "。",
        unit="件/次",
        categories=tuple(line.label for line in lines),
        series=(
            Series("工单", tuple(line.tickets.value for line in lines)),
            Series("变更", tuple(line.changes.value for line in lines)),
        ),
    )


def vulnerability_trend_chart(lines: Sequence[TrendLine], period: str) -> Chart:
    """Return vulnerabilities found and mended by quarter."""
    return Chart(
        form=ChartForm.COLUMNS,
        title=f"各{period}漏洞发现与整改",
        description="；".join(
            f"{line.label}发现 {line.found} 个、整改 {line.mended} 个" for line in lines
        )
        + "。",
        unit="个",
        categories=tuple(line.label for line in lines),
        series=(
            Series("发现", tuple(line.found.value for line in lines)),
            Series("已整改", tuple(line.mended.value for line in lines)),
        ),
    )


NOT_AGREED = "合同未约定"
FOR_INFORMATION = "不作判定"
TO_BE_PROVIDED = "【待补】"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of the conclusion table; `basis` names the article and the chapter that shows it."""

    name: str
    requirement: str
    actual: Figure[object]
    verdict: str
    basis: str


def indicators(
    book: ContractBook, lines: Sequence[AvailabilityLine], numbers: Sequence[int]
) -> tuple[Indicator, ...]:
    """Return the indicators of consecutive quarters, availability for each of `lines`."""
    contract, quarters = book.contract, [book.quarters[number] for number in numbers]
    return (
        *(_availability(contract, line) for line in lines),
        _durability(contract, quarters),
        _security_events(contract, quarters),
        *_for_information(contract, quarters),
        _agreements(book, quarters, lines[0]),
    )


def _availability(contract: Contract, line: AvailabilityLine) -> Indicator:
    return Indicator(
        name=f"云平台整体可用性（{line.label}）",
        requirement=f"不低于{line.required}",
        actual=line.percent,
        verdict=line.verdict.text,
        basis=_basis(contract.service_levels.article, "服务质量"),
    )


def _durability(contract: Contract, quarters: Sequence[Operations]) -> Indicator:
    """Return the losses observed: they can break the contract's figure, never prove it."""
    levels, observed = contract.service_levels, durability(quarters, contract.service_levels)
    lost = f"发生数据丢失，见{chapter('服务质量')}"
    return Indicator(
        name="数据可靠性（数据丢失事件）",
        requirement=f"不低于{levels.figure('durability')}",
        actual=_counted(observed.loss_events, "起", known=observed.observed),
        verdict=_verdict(lost if observed.lost else "未发生", known=observed.observed),
        basis=_basis(levels.article, "服务质量"),
    )


def _security_events(contract: Contract, quarters: Sequence[Operations]) -> Indicator:
    found, duty = security(quarters), _duty(contract, "安全")
    happened = f"发生，见{chapter('安全')}" if found.had_events else "未发生"
    return Indicator(
        name="安全事件",
        requirement=duty.duty if duty else NOT_AGREED,
        actual=_counted(found.events, "起", known=found.any),
        verdict=_verdict(happened, known=found.any),
        basis=_basis(duty.article if duty else "", "安全"),
    )


def _for_information(contract: Contract, quarters: Sequence[Operations]) -> tuple[Indicator, ...]:
    """Return the rates for which the contract sets no level."""
    rates: tuple[tuple[str, Figure[Decimal | None], str], ...] = (
        ("到期漏洞整改率", security(quarters).total.mending, "安全"),
        ("工单及时率", ticket_counts(quarters).total.in_time_rate, "工单与服务请求"),
        ("备份成功率", backups(quarters).total.success, "备份与恢复"),
        ("巡检完成率", inspections(quarters).total.completion, "巡检"),
    )
    return tuple(
        Indicator(name, NOT_AGREED, actual, FOR_INFORMATION, chapter(title))
        for name, actual, title in rates
    )


def _agreements(
    book: ContractBook, quarters: Sequence[Operations], line: AvailabilityLine
) -> Indicator:
    staff = people(quarters, book.roster, line.last_day.value)
    signed = "均已签署" if staff.all_signed else "未全部签署"
    return Indicator(
        name="未签署保密协议的在岗人员",
        requirement="应甲方要求，全体参与人员签署",
        actual=_counted(staff.unsigned, "人", known=staff.known),
        verdict=_verdict(signed, known=staff.known),
        basis=_basis(book.contract.confidentiality.article, "人员与保密"),
    )


def _duty(contract: Contract, title: str) -> Duty | None:
    """Return the first duty that the chapter of that title shows."""
    return next((duty for duty in contract.duties if duty.shown_in == title), None)


def _basis(article: str, title: str) -> str:
    return "；".join(filter(None, (article, chapter(title))))


def _counted(figure: Figure[Decimal], unit: str, *, known: bool) -> Figure[object]:
    text = f"{figure.text} {unit}" if known else "—"
    return Figure(figure.name, figure.value if known else None, text, figure.origin)


def _verdict(text: str, *, known: bool) -> str:
    return text if known else TO_BE_PROVIDED


NOT_RECORDED = "本年度无相关记录"
NOT_OURS = "由甲方履行，本报告不作评价"
SHOWN_THERE = "履行情况见对应章节"

Shown = tuple[str, Inputs]
"""A sentence about a chapter's records and the figures it states."""


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty, who owes it, what the records show and where the report shows it."""

    article: Figure[str]
    duty: Figure[str]
    owner: Figure[str]
    shown: Figure[str]
    chapter: Figure[str]


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """One of the materials that acceptance asks for (第三条第6款)."""

    material: str
    covers: str
    state: str


def duties(
    book: ContractBook, numbers: Sequence[int], service: YearService
) -> tuple[DutyLine, ...]:
    """Return the fulfilment table; a duty without a record says so instead of claiming it done."""
    records = _records(book, numbers, service)
    return tuple(
        DutyLine(
            article=duty.figure("article"),
            duty=duty.figure("duty"),
            owner=duty.figure("owner"),
            shown=_shown(duty, records),
            chapter=duty.figure("shown_in"),
        )
        for duty in book.contract.duties
    )


def _shown(duty: Duty, records: Mapping[str, Shown]) -> Figure[str]:
    text, inputs = records.get(duty.shown_in, (SHOWN_THERE, ()))
    if duty.owner == "甲方":
        text, inputs = NOT_OURS, ()
    elif not duty.shown_in:
        text, inputs = NOT_RECORDED, ()
    origin = Derivation("摘自对应章节的数据", duty.article, inputs or (duty.figure("duty"),))
    return Figure("履行记录", text, text, origin)


def _records(book: ContractBook, numbers: Sequence[int], service: YearService) -> dict[str, Shown]:
    """Return what the chapters with data of their own show, by their titles."""
    quarters = [book.quarters[number] for number in numbers]
    about: Mapping[str, Callable[[Sequence[Operations]], Shown | None]] = {
        "服务范围与资源台账": _resources,
        "监控与告警": _alarms,
        "工单与服务请求": _tickets,
        "事件与故障": _incidents,
        "变更": _changes,
        "安全": _security,
        "IP地址分配管理": _addresses,
        "应急演练与重保值守": _drills,
        "问题与改进": _problems,
    }
    shown = {title: told for title, tell in about.items() if (told := tell(quarters))}
    shown["服务质量"] = _availability_answer(service, period_word(book.contract))
    if told := _people(book, quarters, service):
        shown["人员与保密"] = told
    return shown


def _availability_answer(service: YearService, period: str) -> Shown:
    line = service.this
    each = f"各{period}均达标" if service.all_met else f"其中{service.missed}未达标"
    return f"全年可用性 {line.percent}，{line.verdict}；{each}", (line.percent, line.verdict)


def _resources(quarters: Sequence[Operations]) -> Shown | None:
    held = stock(quarters)
    if not held.by_kind:
        return None
    text = f"期末承载业务系统 {held.systems} 个、云主机 {held.total.hosts} 台"
    return text, (held.systems, held.total.hosts)


def _alarms(quarters: Sequence[Operations]) -> Shown | None:
    found = alarm_summary(quarters)
    total = found.total
    text = f"告警 {total.raised} 条，闭环率 {total.closure}"
    return (text, (total.raised, total.closure)) if found.any else None


def _tickets(quarters: Sequence[Operations]) -> Shown | None:
    found = ticket_counts(quarters)
    total = found.total
    text = f"受理工单 {total.opened} 件，及时率 {total.in_time_rate}"
    return (text, (total.opened, total.in_time_rate)) if found.any else None


def _incidents(quarters: Sequence[Operations]) -> Shown:
    count = incident_count(quarters)
    return f"记录事件 {count} 起", (count,)


def _changes(quarters: Sequence[Operations]) -> Shown | None:
    found = change_counts(quarters)
    total = found.total
    text = f"实施变更 {total.done} 次，成功率 {total.success}"
    return (text, (total.done, total.success)) if found.any else None


def _security(quarters: Sequence[Operations]) -> Shown | None:
    found = security(quarters)
    if not found.any:
        return None
    text = f"安全事件 {found.events} 起；到期漏洞整改率 {found.total.mending}"
    return text, (found.events, found.total.mending)


def _addresses(quarters: Sequence[Operations]) -> Shown | None:
    found = addresses(quarters)
    if not found.any:
        return None
    return f"期末在用地址 {found.total.used} 个", (found.total.used,)


def _drills(quarters: Sequence[Operations]) -> Shown | None:
    found = drills(quarters)
    if not found.any:
        return None
    text = f"应急演练 {found.drills} 次，重大活动保障 {found.watches} 次"
    return text, (found.drills, found.watches)


def _problems(quarters: Sequence[Operations]) -> Shown | None:
    found = [line for quarter in quarters for line in problems(quarter)]
    text = f"提出问题 {len(found)} 项，措施和期限见对应章节"
    return (text, tuple(line.subject for line in found)) if found else None


def _people(
    book: ContractBook, quarters: Sequence[Operations], service: YearService
) -> Shown | None:
    staff = people(quarters, book.roster, service.this.last_day.value)
    if not staff.known:
        return None
    text = f"期末在岗 {staff.on_project} 人，已签署保密协议 {staff.signed} 人"
    return text, (staff.on_project, staff.signed)


def materials(labels: Sequence[str], year: str, contract: Contract) -> tuple[MaterialLine, ...]:
    """Return the acceptance materials: each periodic report and the summary of the year."""
    made = f"依据本{period_word(contract)}运行数据编制，加盖公章后提交"
    reports = tuple(MaterialLine(report_word(contract), label, made) for label in labels)
    return (*reports, MaterialLine("年度项目总结报告", year, "本报告，加盖公章后提交"))
