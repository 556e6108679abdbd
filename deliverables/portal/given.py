"""What is to be written into the portal's workbook, held against its limits before anything is.

Every value knows where it was read, so that what the portal would refuse is said where it is
mended: in contract.yaml, not in the portal's workbook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.model.record import Missing
from deliverables.portal.layout import INVOICES, LINES, SERIAL, Column, column
from deliverables.problem import Problem, error
from deliverables.source import Source

ITEM: Final = "项目名称"
QUANTITY, PRICE, AMOUNT = "数量", "单价", "金额"
SHOW_BUYER: Final = "是否展示购买方地址电话银行账号"
SHOWN: Final[Mapping[str, tuple[str, str]]] = {
    "地址": ("购买方地址", "购买方电话"),
    "银行": ("购买方开户银行", "购买方银行账号"),
}
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.(\d+))?")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Given:
    """The text of one cell, or the gap in its place, and where it was read."""

    value: str | Missing
    source: Source

    @property
    def text(self) -> str:
        """What is written; nothing for a gap."""
        return "" if isinstance(self.value, Missing) else self.value


Row = Mapping[str, Given]
"""What a row of a sheet gets, by header; columns that are not named stay empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One invoice to import: its row of the first sheet and its lines of the second."""

    invoice: Row
    lines: tuple[Row, ...]

    @property
    def serial(self) -> str:
        """What joins the invoice to its lines (发票流水号)."""
        return self.invoice[SERIAL].text

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Yield every row and the sheet it goes to."""
        yield INVOICES, self.invoice
        for line in self.lines:
            yield LINES, line


def check(request: Request) -> tuple[Problem, ...]:
    """Return everything that the portal would refuse, all at once."""
    return tuple(
        problem
        for sheet, row in request.rows()
        for problem in (*_cells(sheet, row), *(_line(row) if sheet == LINES else _shown(row)))
    )


def _cells(sheet: str, row: Row) -> Iterator[Problem]:
    for header, given in row.items():
        declared = column(sheet, header)
        if declared.required:
            yield from _absent(sheet, declared, given)
        if given.text:
            yield from _unfit(sheet, declared, given)


def _absent(sheet: str, declared: Column, given: Given) -> Iterable[Problem]:
    if given.text:
        return
    why = say(": {reason}", reason=given.value.reason) if isinstance(given.value, Missing) else ""
    yield error(
        "portal-required",
        given.source,
        say("{place} cannot be left empty{why}", place=_place(sheet, declared), why=why),
        say("find it out and write it in contract.yaml; an invoice cannot be issued without it"),
    )


def _unfit(sheet: str, declared: Column, given: Given) -> Iterator[Problem]:
    place, text = _place(sheet, declared), given.text
    if declared.limit is not None and len(text) > declared.limit:
        yield error(
            "portal-length",
            given.source,
            say(
                "{place} has {found} characters, the portal takes {limit} ({excess} too many)",
                place=place,
                found=len(text),
                limit=declared.limit,
                excess=len(text) - declared.limit,
            ),
            say("shorten it"),
        )
    if declared.choices and text not in declared.choices:
        yield error(
            "portal-choice",
            given.source,
            say("{place} is {found}, which is not in its drop-down", place=place, found=text),
            say("write one of {choices}", choices=" / ".join(declared.choices)),
        )
    if declared.decimals is not None:
        yield from _no_number(place, declared, given)
    if _UNPRINTABLE.search(text):
        yield error(
            "portal-text",
            given.source,
            say("{place} holds a line break or a control character", place=place),
            say("write it on one line"),
        )


def _no_number(place: Message, declared: Column, given: Given) -> Iterable[Problem]:
    found = _NUMBER.fullmatch(given.text)
    decimals = len(found[1] or "") if found else 0
    most = declared.decimals or 0
    if found and (decimals == most if declared.fixed else decimals <= most):
        return
    wanted = (
        say("a number with {count} decimals, without grouping", count=most)
        if declared.fixed
        else say("a number with at most {count} decimals, without grouping", count=most)
    )
    yield error(
        "portal-number",
        given.source,
        say("{place} is {found}, expected {wanted}", place=place, found=given.text, wanted=wanted),
        say("correct the number; 6% is written 0.06"),
    )


def _shown(row: Row) -> Iterator[Problem]:
    """Yield what the invoice is to show of the buyer and nobody has supplied."""
    for word, headers in SHOWN.items():
        if SHOW_BUYER in row and word in row[SHOW_BUYER].text:
            for header in headers:
                given = row.get(header, Given("", row[SHOW_BUYER].source))
                yield from _absent(INVOICES, column(INVOICES, header), given)


def _line(row: Row) -> Iterator[Problem]:
    item = row.get(ITEM)
    if item and "*" in item.text:
        yield error(
            "portal-item",
            item.source,
            say("{header} is {found}: it holds an asterisk", header=ITEM, found=item.text),
            say("write the name alone; the portal puts *…* before it, by the tax code"),
        )
    texts = [row[header].text if header in row else "" for header in (QUANTITY, PRICE, AMOUNT)]
    if not all(map(_NUMBER.fullmatch, texts)):
        return
    quantity, price, amount = map(Decimal, texts)
    if quantity * price != amount:
        yield error(
            "portal-amount",
            row[AMOUNT].source,
            say(
                "{quantity} × {price} is {product}, the amount is {amount}",
                quantity=quantity,
                price=price,
                product=quantity * price,
                amount=amount,
            ),
            say("correct one of the three, or leave quantity and price empty"),
        )


def _place(sheet: str, declared: Column) -> Message:
    return say("{header} ({sheet})", header=declared.header, sheet=sheet)
