"""The conclusion table: each indicator against what the contract requires of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from deliverables.compute.conduct import people
from deliverables.compute.durability import durability
from deliverables.compute.security import security
from deliverables.compute.service import AvailabilityLine, service_quality
from deliverables.compute.term import quarters as service_quarters
from deliverables.compute.tickets import ticket_counts
from deliverables.compute.upkeep import backups, inspections
from deliverables.figure import Figure
from deliverables.model.book import ContractBook

NOT_AGREED = "合同未约定"
FOR_INFORMATION = "不作判定"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of the conclusion table; `basis` names the article and the chapter that shows it."""

    name: str
    requirement: str
    actual: Figure[object]
    verdict: str
    basis: str


def quarter_indicators(book: ContractBook, quarter: int) -> tuple[Indicator, ...]:
    """Return the indicators of one quarter, availability also for the term so far."""
    service = service_quality(book, quarter)
    lines = [service.this] if quarter == 1 else [service.this, service.to_date]
    return _availability(lines, book) + _the_rest(book, [quarter])


def term_indicators(
    book: ContractBook, line: AvailabilityLine, numbers: Sequence[int]
) -> tuple[Indicator, ...]:
    """Return the indicators of all the quarters of a summary."""
    return _availability([line], book) + _the_rest(book, numbers)


def _availability(lines: Sequence[AvailabilityLine], book: ContractBook) -> tuple[Indicator, ...]:
    article = book.contract.service_levels.article
    return tuple(
        Indicator(
            f"云平台整体可用性（{line.label}）",
            f"不低于{line.required}",
            line.percent,
            line.verdict.text,
            f"{article}；第四章",
        )
        for line in lines
    )


def _the_rest(book: ContractBook, numbers: Sequence[int]) -> tuple[Indicator, ...]:
    contract, quarters = book.contract, [book.quarters[n] for n in numbers]
    levels = contract.service_levels
    observed, safety = durability(quarters, levels), security(quarters)
    last_day = service_quarters(contract)[numbers[-1] - 1].last
    staff = people(quarters, book.roster, last_day)
    return (
        Indicator(
            "数据丢失事件",
            f"数据可靠性不低于{levels.figure('durability')}（设计值）",
            _counted(observed.loss_events, "起"),
            _durability_verdict(observed=observed.observed, lost=observed.lost),
            f"{levels.article}；第四章",
        ),
        Indicator(
            "安全事件",
            "做好云平台层面安全防护",
            _counted(safety.events, "起"),
            "发生，见第十一章" if safety.had_events else "未发生",
            "第三条第4款；第十一章",
        ),
        Indicator(
            "到期漏洞整改率",
            NOT_AGREED,
            safety.total.mending,
            FOR_INFORMATION,
            "第九条第2款；第十一章",
        ),
        Indicator(
            "工单及时率",
            NOT_AGREED,
            ticket_counts(quarters).total.in_time_rate,
            FOR_INFORMATION,
            "第三条第5款；第六章",
        ),
        Indicator(
            "备份成功率",
            NOT_AGREED,
            backups(quarters).total.success,
            FOR_INFORMATION,
            "第九条第2款；第十章",
        ),
        Indicator(
            "巡检完成率",
            NOT_AGREED,
            inspections(quarters).total.completion,
            FOR_INFORMATION,
            "第八条第10款；第九章",
        ),
        Indicator(
            "在岗人员保密协议未签署",
            "全体参与人员签署（应甲方要求）",
            _counted(staff.unsigned, "人"),
            "均已签署" if staff.all_signed else "尚未全部签署",
            "第十条第4款；第十四章",
        ),
    )


def _durability_verdict(*, observed: bool, lost: bool) -> str:
    if not observed:
        return "【待补】"
    return "发生数据丢失，见第四章" if lost else "未发生；设计值不作实测"


def _counted(figure: Figure[Decimal], unit: str) -> Figure[object]:
    return Figure(figure.name, figure.value, f"{figure.text} {unit}", figure.origin)
