"""The conclusion table: each indicator against what the contract requires of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from deliverables.compute.conduct import people
from deliverables.compute.durability import durability
from deliverables.compute.reporting import chapter
from deliverables.compute.security import security
from deliverables.compute.service import AvailabilityLine
from deliverables.compute.tickets import ticket_counts
from deliverables.compute.upkeep import backups, inspections
from deliverables.figure import Figure
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract, Duty
from deliverables.model.operations import Operations

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
