"""How the service periods and the chapters of reports are named."""

from __future__ import annotations

from collections.abc import Iterable

from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract
from deliverables.model.operations import CHAPTERS

_NUMERALS = ("〇", "一", "二", "三", "四", "五", "六", "七", "八", "九")
_MONTHS_OF_A_QUARTER = 3


def chinese_ordinal(number: int) -> str:
    """Return 1–99 in Chinese numerals: 12 is 十二, 20 is 二十."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _NUMERALS[ones]
    return ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")


def period_word(contract: Contract) -> str:
    """Return 季度, or 期 where the periods of the contract are not three months long."""
    return "季度" if _by_quarter(contract) else "期"


def report_word(contract: Contract) -> str:
    """Return 季度报告, or 定期报告 where the periods are not three months long."""
    return "季度报告" if _by_quarter(contract) else "定期报告"


def period_name(contract: Contract) -> str:
    """Return 服务季度, or 报告期 where the periods are not three months long."""
    return "服务季度" if _by_quarter(contract) else "报告期"


def quarter_label(contract: Contract, number: int) -> str:
    """Return 第二季度, or 第二期."""
    return f"第{chinese_ordinal(number)}{period_word(contract)}"


def _by_quarter(contract: Contract) -> bool:
    service = contract.service
    return service.term_months == service.reports * _MONTHS_OF_A_QUARTER


def year_label(contract: Contract, number: int) -> str:
    """Return 第二年度, or 全服务期 where one summary covers the whole term."""
    return f"第{chinese_ordinal(number)}年度" if contract.service.annual_reports > 1 else "全服务期"


def chapter(title: str) -> str:
    """Return 第四章 for 服务质量; ValueError if reports have no chapter of that title."""
    return f"第{chinese_ordinal(CHAPTERS.index(title) + 1)}章"


def sample_data(book: ContractBook, numbers: Iterable[int]) -> bool:
    """Return whether a report on these quarters rests on sample data, of the roster too."""
    covers = [book.covers[number] for number in numbers if number in book.covers]
    roster = book.roster is not None and book.roster.cover.sample
    return roster or any(cover.sample for cover in covers)
