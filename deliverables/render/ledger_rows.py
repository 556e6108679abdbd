"""The rows of the ledger in the month-end workbook, and how formulas name their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.compute.account import Account
from deliverables.model.ledger import (
    AGREED,
    DISPUTED,
    Deduction,
    FiscalApproval,
    Invoice,
    Ledger,
    Payment,
    PaymentRequestSent,
)
from deliverables.model.record import Declaration, Row, declarations
from deliverables.model.values import AMOUNT
from deliverables.render.live_sheet import LiveSheet
from deliverables.render.sheets.cells import (
    BELOW,
    CENTRE,
    HEADER,
    REQUIRED,
    WIDEST,
    column_width,
    raise_row,
    set_up_print,
    write_header,
    write_text,
    write_value,
)

COUNTED = "计入已申请"
"""The column beside the letters that the account adds up."""


def row_sheets(book: Workbook, ledger: Ledger, money: Account) -> Iterator[LiveSheet]:
    """Write a sheet for each kind of row, with what had happened by the day of the account."""
    items = money.instalments
    requests = [row for item in items for row in item.requests]
    yield _requests(book, requests, money)
    yield _rows(book, Invoice, [row for item in items for row in item.invoices])
    yield _rows(book, Payment, [row for item in items for row in item.payments])
    yield _rows(book, Deduction, list(_deductions(ledger, money.as_of)))
    begun = [row for row in ledger.fiscal_approvals if row.first_day <= money.as_of]
    yield _rows(book, FiscalApproval, begun)


def _deductions(ledger: Ledger, as_of: date) -> Iterator[Deduction]:
    """Return the deductions as they stood on the day."""
    for row in ledger.deductions:
        if row.agreed_by(as_of):
            yield row
        elif row.disputed_on(as_of):
            yield replace(row, status=DISPUTED, agreed=None)
        elif row.status != AGREED and (row.raised is None or row.raised <= as_of):
            yield row


def _requests(book: Workbook, rows: list[PaymentRequestSent], money: Account) -> LiveSheet:
    live = _rows(book, PaymentRequestSent, rows, added=COUNTED)
    letter = letter_of(PaymentRequestSent, COUNTED)
    instalment, sent, amount = (
        letter_of(PaymentRequestSent, name) for name in ("instalment", "sent", "amount")
    )
    for line, row in enumerate(rows, _FIRST):
        item = money.instalment(row.instalment)
        until = f'{column_of(Payment, "received")},"<="&{sent}{line}'
        paid = sumifs(Payment, "amount", f"{instalment}{line},{until}")
        same = f"{instalment}:{instalment},{instalment}{line}"
        later = f'COUNTIFS({same},{sent}:{sent},">"&{sent}{line})'
        before = sum((one.amount for one in item.payments if one.received <= row.sent), Decimal(0))
        value = row.amount + before if row is item.requests[-1] else Decimal("0.00")
        live.formula(
            f"{letter}{line}",
            f"IF({later}=0,ROUND({amount}{line}+{paid},2),0)",
            value,
            AMOUNT.excel_format,
        )
    return live


_FIRST = 3
_ADDED_UP = (Invoice, Payment)
"""The rows whose sum means something: a reminder asks again, and a deduction may be disputed."""


def _rows(book: Workbook, kind: type[Row], rows: Sequence[Row], added: str = "") -> LiveSheet:
    """Write the rows of one sheet below a title and headers, with a filter and a total."""
    live = LiveSheet(book, kind.sheet)
    sheet, declared = live.sheet, declarations(kind)
    for column, (name, declaration) in enumerate(declared.items(), 1):
        _write_column(sheet, column, declaration, [getattr(row, name) for row in rows])
    for line in range(_FIRST, _FIRST + len(rows)):
        sheet.cell(line, 1).alignment = CENTRE
    if added:
        column = len(declared) + 1
        write_header(sheet.cell(_FIRST - 1, column), f"{added}（元）", REQUIRED)
        sheet.column_dimensions[get_column_letter(column)].width = 20
    last = _FIRST + len(rows) - 1
    totalled = bool(rows) and kind in _ADDED_UP
    if totalled:
        _write_totals(live, kind, rows, last + 1)
    for cells in sheet.iter_rows(_FIRST - 1, last + totalled, max_col=sheet.max_column):
        for cell in cells:
            cell.border = BELOW
    width = get_column_letter(len(declared) + bool(added))
    sheet.auto_filter.ref = f"A{_FIRST - 1}:{width}{max(last, _FIRST)}"
    sheet.freeze_panes = f"B{_FIRST}"
    set_up_print(sheet, f"1:{_FIRST - 1}")
    return live


def _write_column(
    sheet: Worksheet, column: int, declaration: Declaration, values: Sequence[Any]
) -> None:
    unit = f"（{declaration.unit}）" if declaration.unit else ""
    named = replace(declaration, label=f"{declaration.label}{unit}")
    write_header(sheet.cell(_FIRST - 1, column), named.label, REQUIRED)
    sheet.column_dimensions[get_column_letter(column)].width = column_width(named, values)
    for line, value in enumerate(values, _FIRST):
        write_value(sheet.cell(line, column), declaration, value)
        if isinstance(value, str):
            raise_row(sheet, line, value, WIDEST)


def _write_totals(live: LiveSheet, kind: type[Row], rows: Sequence[Row], line: int) -> None:
    """Write the sum of each column of amounts; it follows the filter."""
    write_text(live.sheet.cell(line, 1), "合计", HEADER)
    for name, declaration in declarations(kind).items():
        if declaration.type is AMOUNT:
            letter = letter_of(kind, name)
            total = sum((getattr(row, name) for row in rows), Decimal("0.00"))
            summed = f"ROUND(SUBTOTAL(109,{letter}{_FIRST}:{letter}{line - 1}),2)"
            live.formula(f"{letter}{line}", summed, total, AMOUNT.excel_format)
            live.sheet[f"{letter}{line}"].font = HEADER


def sumifs(kind: type[Row], field: str, instalment: str, **criteria: str) -> str:
    """Return the formula for the sum of a column over the rows of an instalment."""
    summed, keyed = column_of(kind, field), column_of(kind, "instalment")
    conditions = "".join(f',{column_of(kind, name)},"{text}"' for name, text in criteria.items())
    return f"SUMIFS({summed},{keyed},{instalment}{conditions})"


def column_of(kind: type[Row], field: str) -> str:
    """Return a whole column of the rows, as a formula on another sheet names it."""
    letter = letter_of(kind, field)
    return f"'{kind.sheet}'!${letter}:${letter}"


def letter_of(kind: type[Row], field: str) -> str:
    """Return the letter of a column of the rows."""
    names = [*declarations(kind), COUNTED]
    return get_column_letter(names.index(field) + 1)
