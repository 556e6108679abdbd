"""Article by article: what the contract asks, and what the records show of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from deliverables.compute.agenda import problems
from deliverables.compute.alarms import alarm_summary
from deliverables.compute.conduct import addresses, drills, people
from deliverables.compute.events import change_counts, incident_count
from deliverables.compute.figures import Inputs
from deliverables.compute.reporting import period_word, report_word
from deliverables.compute.resources import stock
from deliverables.compute.security import security
from deliverables.compute.service import YearService
from deliverables.compute.tickets import ticket_counts
from deliverables.figure import Derivation, Figure
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract, Duty
from deliverables.model.operations import Operations

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
    shown["服务质量"] = _availability(service, period_word(book.contract))
    if told := _people(book, quarters, service):
        shown["人员与保密"] = told
    return shown


def _availability(service: YearService, period: str) -> Shown:
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
