"""Article by article: what the contract asks, and what the records show of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deliverables.compute.service import AvailabilityLine
from deliverables.figure import Figure
from deliverables.model.book import ContractBook
from deliverables.model.contract import Duty

NOT_RECORDED = "本年度无相关记录"


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty, who owes it, what the records show and where the report shows it."""

    article: Figure[str]
    duty: Figure[str]
    owner: Figure[str]
    shown: str
    chapter: Figure[str]


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """One of the materials that acceptance asks for (第三条第6款)."""

    material: str
    covers: str
    state: str


def duties(
    book: ContractBook, quarters: Sequence[AvailabilityLine], term: AvailabilityLine
) -> tuple[DutyLine, ...]:
    """Return the fulfilment table; a duty without a record says so instead of claiming it done."""
    known = _from_records(book, quarters, term)
    return tuple(
        DutyLine(
            duty.figure("article"),
            duty.figure("duty"),
            duty.figure("owner"),
            known.get(duty.article) or _shown(duty),
            duty.figure("shown_in"),
        )
        for duty in book.contract.duties
    )


def _shown(duty: Duty) -> str:
    if duty.owner == "甲方":
        return "由甲方履行，本报告不作评价"
    return "履行情况见对应章节" if duty.shown_in else NOT_RECORDED


def _from_records(
    book: ContractBook, quarters: Sequence[AvailabilityLine], term: AvailabilityLine
) -> Mapping[str, str]:
    levels = book.contract.service_levels
    missed = "、".join(line.label for line in quarters if not line.met)
    by_quarter = f"{missed}未达标" if missed else "各季度均达标"
    return {levels.article: f"全期可用性 {term.percent}，{term.verdict}；{by_quarter}"}


def materials(labels: Sequence[str]) -> tuple[MaterialLine, ...]:
    """Return the acceptance materials: each quarterly report and the annual summary."""
    reports = tuple(
        MaterialLine("季度报告", label, "依据本季度运行数据编制，加盖公章后提交")
        for label in labels
    )
    return (*reports, MaterialLine("年度项目总结报告", "服务期", "本报告，加盖公章后提交"))
