"""The month-end workbook: the account in live formulas, put where it belongs.

It is never written over one that somebody has edited.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.compute.account import (
    LAST_DAYS,
    Account,
    Band,
    InstalmentAccount,
    account_of,
    surely_due,
)
from deliverables.compute.claims import VAT_IS_OPEN, ClaimState
from deliverables.files.digest import sha256_of
from deliverables.files.placement import Transaction
from deliverables.files.result import Result
from deliverables.folders import Folders
from deliverables.kinds import file_stem
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract
from deliverables.model.fields import AMOUNT, DAY, Declaration, Row, declarations
from deliverables.model.ledger_sheets import (
    AGREED,
    DISPUTED,
    REDUCES_INVOICE,
    Claim,
    Deduction,
    FiscalApproval,
    Invoice,
    Ledger,
    Payment,
    PaymentRequestSent,
    Reminder,
)
from deliverables.values.calendar import Provisional
from deliverables.xlsx.forms import (
    BELOW,
    BODY,
    CENTRE,
    FACE,
    HEADER,
    INK,
    REQUIRED,
    RIGHT,
    SMALL,
    WIDEST,
    as_made,
    column_width,
    raise_row,
    set_up_print,
    vouched_for,
    write_header,
    write_text,
    write_value,
)

Number = Decimal | int


class LiveSheet:
    """One sheet being written, and what the formulas on it come to."""

    def __init__(self, book: Workbook, title: str) -> None:
        self.sheet: Worksheet = book.create_sheet(title)
        self.values: dict[str, Number] = {}

    def formula(self, place: str, formula: str, value: Number, form: str) -> None:
        """Write a formula with its value."""
        cell = self.sheet[place]
        cell.value = f"={formula}"
        _dress(cell, form)
        self.values[place] = value

    def number(self, place: str, value: object, form: str) -> None:
        """Write a value that no formula gives."""
        cell = self.sheet[place]
        cell.value = value
        _dress(cell, form)

    def text(self, place: str, text: str) -> None:
        """Write text that stays text."""
        write_text(self.sheet[place], text, BODY)


def computed(content: bytes, values: Mapping[str, Number]) -> bytes:
    """Return a sheet with the value of each of its formulas, which openpyxl leaves empty."""
    if not values:
        return content
    sheet = etree.fromstring(content)
    for cell in sheet.iterfind(".//{*}c[{*}f]"):
        value = cell.find("{*}v")
        if value is None:
            value = etree.SubElement(cell, etree.QName(etree.QName(cell).namespace, "v"))
        value.text = str(values[cell.get("r", "")])
    return etree.tostring(sheet, encoding="UTF-8", xml_declaration=True, standalone=True)


def _dress(cell: Cell | MergedCell | Any, form: str) -> None:
    cell.font = BODY
    cell.number_format = form
    cell.alignment = CENTRE if form in ("0", DAY.excel_format) else RIGHT


COUNTED = "计入已申请"
"""The column beside the letters that the account adds up."""
CAME_IN, LEFT_OPEN = "已收到", "未收到"
"""The columns beside the claims."""
FOR_CLAIMS = "主张到账"
"""The sheet of the receipts that are no part of the price."""
_ADDED: Mapping[type[Row], tuple[str, ...]] = {
    PaymentRequestSent: (COUNTED,),
    Claim: (CAME_IN, LEFT_OPEN),
}


def row_sheets(book: Workbook, ledger: Ledger, money: Account) -> Iterator[LiveSheet]:
    """Write a sheet for each kind of row, with what had happened by the day of the account."""
    items = money.instalments
    requests = [row for item in items for row in item.requests]
    yield _requests(book, requests, money)
    yield _rows(book, Invoice, [row for item in items for row in item.invoices])
    yield _rows(book, Payment, [row for item in items for row in item.payments])
    known = ledger.as_known(money.as_of)
    yield _rows(book, Deduction, known.deductions)
    yield _rows(book, FiscalApproval, known.fiscal_approvals)
    yield _rows(book, Reminder, known.reminders)
    states = money.claims.states
    yield _claims(book, states)
    for_claims = [payment for state in states for payment in state.payments]
    yield _rows(book, Payment, for_claims, title=FOR_CLAIMS)


def _claims(book: Workbook, states: Sequence[ClaimState]) -> LiveSheet:
    """Write the claims with what came in for each and what is left of it."""
    live = _rows(book, Claim, [state.row for state in states], added=CAME_IN)
    number, amount, waived, received = (
        letter_of(Claim, name) for name in ("number", "amount", "waived", CAME_IN)
    )
    left = letter_of(Claim, LEFT_OPEN)
    write_header(live.sheet[f"{left}{_FIRST - 1}"], f"{LEFT_OPEN}（元）", REQUIRED)
    live.sheet.column_dimensions[left].width = 20
    came = f"{_column(FOR_CLAIMS, Payment, 'amount')},{_column(FOR_CLAIMS, Payment, 'claim')}"
    for line, state in enumerate(states, _FIRST):
        of_claim = f"ROUND(SUMIFS({came},{number}{line}),2)"
        live.formula(f"{received}{line}", of_claim, state.received.value, AMOUNT.excel_format)
        rest = f"ROUND({amount}{line}-{received}{line}-{waived}{line},2)"
        live.formula(f"{left}{line}", rest, state.open.value, AMOUNT.excel_format)
    return live


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


def _rows(
    book: Workbook, kind: type[Row], rows: Sequence[Row], added: str = "", title: str = ""
) -> LiveSheet:
    """Write the rows of one sheet below a title and headers, with a filter and a total."""
    live = LiveSheet(book, title or kind.sheet)
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
    width = get_column_letter(len(declared) + len(_ADDED.get(kind, ())))
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
    return _column(kind.sheet, kind, field)


def _column(sheet: str, kind: type[Row], field: str) -> str:
    letter = letter_of(kind, field)
    return f"'{sheet}'!${letter}:${letter}"


def letter_of(kind: type[Row], field: str) -> str:
    """Return the letter of a column of the rows."""
    names = [*declarations(kind), *_ADDED.get(kind, ())]
    return get_column_letter(names.index(field) + 1)


SHEET = "对账表"

_TITLE = Font(name=FACE, size=14, bold=True, color=INK)
_PLAIN = Alignment(horizontal="left", vertical="center")
_HEADERS, _FIRST_ROW = 4, 5
_AS_OF = "$C$3"
_MONEY = ("期次", "款项", "应付", "扣减", "协商中的扣减", "应付净额", "已申请", "未申请",
          "已开票", "未开票", "已到账", "未到账", "多付")  # fmt: skip
_AGES = ("期次", "款项", "付款期限", "付款条件", "财政审批天数", "逾期天数", *Band, "说明")
_WIDTHS = (7, 16, *[14] * 11)
_YUAN, _DAYS = "#,##0.00;-#,##0.00;—", "0;-0;—"
_MET, _UNMET, _UNINVOICED = "已成就", "未成就", "待开票"
_NO_DAY = "—"
_NOTES = (
    "应付净额＝应付－扣减。扣减只计双方协商一致的；协商中的扣减另列，不从应付中减去。",
    "已申请＝最后一份付款申请函的金额＋发函当日及以前已到账，不超过应付净额；未申请＝应付净额－已申请。",
    "已开票＝蓝字发票－红字发票；未开票＝应付－决定冲减发票的扣减－已开票，不小于零。",
    "未到账＝应付净额－已到账，负数即多付；账龄只列正数。",
    "逾期天数自付款期限届满次日起数，减去有书面依据的财政审批天数；付款期限暂定的按最晚一日计算。",
    "合同约定先开票后付款的，开票前不计逾期；付款期限届满后开票的，期限列开票日，自次日起数。",
    "付款条件已成就而合同未约定付款天数、也未催告的，列“未约定期限”。",
    "违约金、赔偿金的主张和到账另列“主张”“主张到账”，不计入各期款项。",
    VAT_IS_OPEN,
)


def ledger_workbook(contract: Contract, ledger: Ledger, money: Account) -> bytes:
    """Return the month-end workbook of a contract, for the day of the account."""
    book = Workbook()
    book.remove(book.worksheets[0])
    account = LiveSheet(book, SHEET)
    rows = tuple(row_sheets(book, ledger, money))
    _write_account(account, contract, money)
    sample = ledger.cover.sample
    for live in (account, *rows):
        _title(live.sheet, money.as_of, sample=sample)
    parts = {
        f"xl/worksheets/sheet{number}.xml": live.values
        for number, live in enumerate((account, *rows), 1)
    }
    return vouched_for(book, lambda name, content: computed(content, parts.get(name, {})))


def _title(sheet: Worksheet, as_of: date, *, sample: bool) -> None:
    what = "收付款台账" if sheet.title == SHEET else f"收付款台账　{sheet.title}"
    write_text(sheet["A1"], f"{what}{'（示例）' if sample else ''}", _TITLE, _PLAIN)
    sheet.row_dimensions[1].height = 24
    sheet.print_options.gridLines = False
    sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.9, bottom=0.7, header=0.35)
    sheet.HeaderFooter.oddHeader = HeaderFooterItem(
        center=_HeaderFooterPart("示例", size=20) if sample else None,
        right=_HeaderFooterPart(f"截至{as_of}"),
    )


def _write_account(live: LiveSheet, contract: Contract, money: Account) -> None:
    sheet = live.sheet
    for number, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    project = f"合同号{contract.identity.number}　{contract.identity.title}"
    write_text(sheet["A2"], project, BODY, _PLAIN)
    live.text("B3", "截至")
    live.number("C3", money.as_of, DAY.excel_format)
    live.text("D3", "单位：元")
    _write_headers(sheet, _HEADERS, _MONEY)
    for line, item in enumerate(money.instalments, _FIRST_ROW):
        _write_money(live, line, item)
    total = _FIRST_ROW + len(money.instalments)
    sums = (money.total, money.deducted, money.disputed, money.payable, money.asked,
            money.unasked, money.invoiced, money.uninvoiced, money.received,
            money.outstanding, money.overpaid)  # fmt: skip
    _write_total(live, total, 3, [figure.value for figure in sums], len(money.instalments))
    headers = total + 3
    _write_heading(sheet, headers - 1, "账龄（未到账金额按逾期天数）")
    _write_headers(sheet, headers, _AGES)
    for line, item in enumerate(money.instalments, headers + 1):
        _write_age(live, line, item, money=_FIRST_ROW + line - headers - 1)
    ages = headers + 1 + len(money.instalments)
    owed = [figure.value for figure in money.ageing.values()]
    _write_total(live, ages, 7, owed, len(money.instalments))
    _write_heading(sheet, ages + 2, f"下一付款期限：{_next_due(money)}")
    for line, note in enumerate([*_provisional(money), *_NOTES], ages + 3):
        write_text(sheet[f"A{line}"], note, SMALL, _PLAIN)
    _rule(sheet, _FIRST_ROW, total)
    _rule(sheet, headers + 1, ages)
    sheet.freeze_panes = f"C{_FIRST_ROW}"
    set_up_print(sheet, f"{_HEADERS}:{_HEADERS}")


def _write_money(live: LiveSheet, line: int, item: InstalmentAccount) -> None:
    live.number(f"A{line}", item.instalment.number, "0")
    live.text(f"B{line}", item.instalment.name)
    live.number(f"C{line}", item.due.value, _YUAN)
    agreed, disputed = (
        sumifs(Deduction, "amount", f"$A{line}", status=status) for status in (AGREED, DISPUTED)
    )
    decided = sumifs(Deduction, "amount", f"$A{line}", status=AGREED, on_invoice=REDUCES_INVOICE)
    asked = sumifs(PaymentRequestSent, COUNTED, f"$A{line}")
    formulas = (
        ("D", agreed, item.deducted),
        ("E", disputed, item.disputed),
        ("F", f"C{line}-D{line}", item.payable),
        ("G", f"MIN({asked},F{line})", item.asked),
        ("H", f"F{line}-G{line}", item.unasked),
        ("I", sumifs(Invoice, "gross", f"$A{line}"), item.invoiced),
        ("J", "0" if item.lapsed else f"MAX(0,C{line}-{decided}-I{line})", item.uninvoiced),
        ("K", sumifs(Payment, "amount", f"$A{line}"), item.received),
        ("L", f"F{line}-K{line}", item.outstanding),
        ("M", f"MAX(0,K{line}-F{line})", item.overpaid),
    )
    for letter, formula, figure in formulas:
        live.formula(f"{letter}{line}", f"ROUND({formula},2)", figure.value, _YUAN)


def _write_age(live: LiveSheet, line: int, item: InstalmentAccount, *, money: int) -> None:
    live.formula(f"A{line}", f"A{money}", item.instalment.number, "0")
    live.text(f"B{line}", item.instalment.name)
    if due := item.pay_by or item.deadline:
        live.number(f"C{line}", surely_due(due), DAY.excel_format)
    else:
        live.text(f"C{line}", _NO_DAY)
        live.sheet[f"C{line}"].alignment = CENTRE
    live.text(f"D{line}", _standing(item))
    live.number(f"E{line}", item.age.excused, _DAYS)
    dated, left = f"ISNUMBER($C{line})", f"$L{money}"
    owed = f'AND($D{line}="{_MET}",{left}>0)'
    late = f"IF(AND({owed},{dated}),MAX(0,{_AS_OF}-$C{line}-$E{line}),0)"
    live.formula(f"F{line}", late, item.age.days.value, _DAYS)
    for letter, (band, when) in zip("GHIJKL", _bands(line, owed, dated), strict=True):
        value = max(Decimal("0.00"), item.outstanding.value) if item.age.band is band else 0
        live.formula(f"{letter}{line}", f"IF({when},MAX(0,{left}),0)", value, _YUAN)
    live.text(f"M{line}", _remark(item))


def _standing(item: InstalmentAccount) -> str:
    if item.unmet:
        return _UNMET
    waits = item.deadline and not item.pay_by and item.outstanding.value > 0
    return _UNINVOICED if waits else _MET


def _remark(item: InstalmentAccount) -> str:
    if item.lapsed:
        return "服务提前终止，不再到期"
    return "暂定" if item.age.provisional else ""


def _bands(line: int, owed: str, dated: str) -> Iterator[tuple[Band, str]]:
    days, on_demand = f"$F{line}", f"AND({owed},NOT({dated}))"
    yield Band.NOT_DUE, f"AND({days}=0,NOT({on_demand}))"
    before = 0
    for band, last in LAST_DAYS.items():
        yield band, f"AND({days}>{before},{days}<={last})"
        before = last
    yield Band.OVER_90, f"{days}>{before}"
    yield Band.ON_DEMAND, on_demand


def _provisional(money: Account) -> list[str]:
    return [
        f"{item.instalment.name}付款期限：{item.deadline}。"
        for item in money.instalments
        if isinstance(item.deadline, Provisional)
    ]


def _next_due(money: Account) -> str:
    item = money.next_due
    if item is None:
        return "无"
    return f"{item.instalment.name}，{item.deadline}，未到账 {item.outstanding} 元"


def _write_total(
    live: LiveSheet, line: int, first: int, values: Sequence[Decimal], rows: int
) -> None:
    write_text(live.sheet[f"A{line}"], "合计", HEADER)
    for column, value in enumerate(values, first):
        letter = get_column_letter(column)
        summed = f"ROUND(SUM({letter}{line - rows}:{letter}{line - 1}),2)"
        live.formula(f"{letter}{line}", summed, value, _YUAN)
        live.sheet[f"{letter}{line}"].font = HEADER


def _write_headers(sheet: Worksheet, line: int, headers: Sequence[str]) -> None:
    for column, header in enumerate(headers, 1):
        write_header(sheet.cell(line, column), str(header), REQUIRED)
        sheet.cell(line, column).border = BELOW


def _write_heading(sheet: Worksheet, line: int, text: str) -> None:
    write_text(sheet[f"A{line}"], text, HEADER, _PLAIN)


def _rule(sheet: Worksheet, first: int, last: int) -> None:
    """Draw the line below each row of a table."""
    for row in sheet.iter_rows(min_row=first, max_row=last, max_col=len(_MONEY)):
        for cell in row:
            cell.border = BELOW


FOLDER = "payments"


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """The workbook's file, what became of it, and the name under which an edited one was kept."""

    file: Path
    result: Result
    kept_as: str = ""


def default_file(book: ContractBook, folders: Folders, as_of: date) -> Path:
    """Return where the workbook of a day lies; its name says the day, and if it is a sample."""
    sample = book.ledger is not None and book.ledger.cover.sample
    stem = file_stem(book.number, "收付款台账", as_of.isoformat(), "示例" if sample else "")
    return folders.contract(book.number) / FOLDER / f"{stem}.xlsx"


def write_month_end(book: ContractBook, as_of: date, file: Path, *, replace: bool) -> MonthEnd:
    """Write the workbook of a day to `file`.

    One that was edited, or that is something else, is kept; with `replace` it is kept under
    another name. Raises ValueError without a ledger, FileInUseError if the file is held open.
    """
    money = account_of(book, as_of)
    if money is None or book.ledger is None:
        raise ValueError("a month-end workbook needs the ledger")
    content = ledger_workbook(book.contract, book.ledger, money)
    ours = ""
    if file.exists():
        there = file.read_bytes()
        if there == content:
            return MonthEnd(file, Result.UNCHANGED)
        if as_made(there):
            ours = sha256_of(there)
        elif not replace:
            return MonthEnd(file, Result.KEPT)
    folder = file.parent.parent if file.parent.name == FOLDER else file.parent
    with Transaction(folder) as change:
        kept_as = change.put(file, content, over=ours)
    return MonthEnd(file, Result.MADE, kept_as)
