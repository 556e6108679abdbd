"""How the service periods that reports cover are named."""

from __future__ import annotations

from deliverables.model.contract import Contract

_NUMERALS = ("〇", "一", "二", "三", "四", "五", "六", "七", "八", "九")
_MONTHS_OF_A_QUARTER = 3


def chinese_ordinal(number: int) -> str:
    """Return 1–99 in Chinese numerals: 12 is 十二, 20 is 二十."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _NUMERALS[ones]
    return ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")


def quarter_label(contract: Contract, number: int) -> str:
    """Return 第二季度, or 第二期 where the periods of the contract are not three months long."""
    service = contract.service
    is_quarter = service.term_months == service.reports * _MONTHS_OF_A_QUARTER
    return f"第{chinese_ordinal(number)}{'季度' if is_quarter else '期'}"
