"""The 开票申请单 as a form of one page, written, and read again by another reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Final

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from deliverables.compute.account import InstalmentAccount, in_words, yuan
from deliverables.compute.request import InstalmentInvoice, PaymentRequest
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract, gaps
from deliverables.model.fields import Missing, Record, declarations
from deliverables.values.calendar import show_day
from deliverables.values.capitals import CapitalsError, read_capitals
from deliverables.values.figure import Figure, Source
from deliverables.values.money import MoneyError, VatSplit, parse_yuan, tax_agrees
from deliverables.values.problem import say
from deliverables.verify.finding import Finding, fault
from deliverables.xlsx.forms import CENTRE as _CENTRE
from deliverables.xlsx.forms import LEFT as _LEFT
from deliverables.xlsx.forms import RIGHT as _RIGHT
from deliverables.xlsx.forms import lines_of, one_page_wide, write_text

NOT_SUPPLIED = str(Missing(""))
"""What stands where nobody has supplied a fact: 【待补】."""


@dataclass(frozen=True, slots=True)
class PartyLines:
    """One party as an invoice names it; what may be left out and is not known is —."""

    name: str
    credit_code: str
    address_and_phone: str
    bank_and_account: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact that the invoice needs and nobody has supplied, where it belongs and whom to ask."""

    name: str
    place: Source
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Application:
    """Everything the 开票申请单 says; `line` is what is still to be invoiced."""

    contract_number: str
    project: str
    instalment: str
    applied_on: str
    buyer: PartyLines
    seller: PartyLines
    type: str
    item: str
    tax_code: str
    line: InstalmentInvoice
    gross_in_words: Figure[str]
    remark: str
    drawer: str
    invoiceable: Figure[Decimal]
    invoiced: Figure[Decimal]
    left_after: Figure[Decimal]
    issued: tuple[InstalmentInvoice, ...]
    issued_on: tuple[str, ...]
    liability: str
    by_line: str
    gaps: tuple[MissingFact, ...]


def application(
    book: ContractBook, letter: PaymentRequest, state: InstalmentAccount, as_of: date
) -> Application | None:
    """Return what to apply for, as the letter has it; None where nothing is left to invoice."""
    line = to_be_issued(letter)
    if line is None:
        return None
    contract = book.contract
    issued = tuple(one for one in letter.invoices if one is not line)
    days = {invoice.number: show_day(invoice.issued) for invoice in state.invoices}
    left = state.invoiceable.value - state.invoiced.value - line.gross.value
    called = str(letter.name) if letter.is_named else ""
    named = "，".join(filter(None, (called, str(letter.article))))
    return Application(
        contract_number=str(letter.contract_number),
        project=str(letter.project),
        instalment=f"{letter.instalment}（{named}）" if named else letter.instalment,
        applied_on=show_day(as_of),
        buyer=_buyer(contract),
        seller=_seller(contract),
        type=str(line.type),
        item=printed_item(contract),
        tax_code=str(contract.invoicing.figure("tax_code")),
        line=line,
        gross_in_words=in_words(line.gross),
        remark=remark(contract, letter, state),
        drawer=str(contract.invoicing.drawer),
        invoiceable=state.invoiceable,
        invoiced=state.invoiced,
        left_after=yuan(
            "开票后未开", left, "本期应开票−已开票−本次开票", "", (state.invoiceable, line.gross)
        ),
        issued=issued,
        issued_on=tuple(days.get(str(one.number), "—") for one in issued),
        liability=liability(contract, line.tax),
        by_line=lines_to_write(contract, line.gross),
        gaps=missing_for_invoice(contract),
    )


def to_be_issued(letter: PaymentRequest) -> InstalmentInvoice | None:
    """Return what the letter says is still to be invoiced (待开)."""
    return next((line for line in letter.invoices if line.number.value is None), None)


def printed_item(contract: Contract) -> str:
    """Return the item as an invoice prints it, *简称*名称; without the short name, the bare one."""
    terms = contract.invoicing
    item = str(terms.figure("item"))
    return (
        f"*{terms.category}*{item}" if isinstance(terms.category, str) and terms.category else item
    )


def remark(contract: Contract, letter: PaymentRequest, state: InstalmentAccount) -> str:
    """Return the 备注 of the invoice: contract, project and instalment."""
    share = "" if state.ratio.value is None else f"（{state.ratio}）"
    return (
        f"合同号{contract.identity.number}；{contract.identity.title}；{letter.instalment}{share}"
    )


def liability(contract: Contract, tax: Figure[Decimal | None]) -> str:
    """Return when the tax falls due: on invoicing, whether or not the money has come."""
    if contract.invoicing.exempt:
        return (
            "本项服务免征增值税：发票税率栏为“免税”，税额栏为“***”，不得开具增值税专用发票；"
            "免税销售额计入开票当期申报。"
        )
    part = f"{tax}元" if tax.value is not None else "以发票载明的为准，"
    article = contract.invoicing.article
    stated = f"（{article}）" if article else ""
    order = f"合同约定先开票后付款{stated}。" if contract.invoicing.before_payment else ""
    return (
        f"{order}先开具发票的，增值税纳税义务于开具发票的当日发生（《增值税法》第二十八条），"
        f"不以到账为前提；本次开票的销项税额{part}计入开票当期。"
    )


def lines_to_write(contract: Contract, gross: Figure[Decimal]) -> str:
    """Return how the invoice is made out where no single rate splits it; nothing where one does."""
    terms = contract.invoicing
    if terms.one_rate is not None:
        return ""
    said = "合同约定多种税率" if terms.rate else "合同未约定税率"
    return f"{said}：由财务按服务项目分行填写税率、不含税金额、税额，各行价税合计应为{gross}元。"


def missing_for_invoice(contract: Contract) -> tuple[MissingFact, ...]:
    """Return the facts an invoice needs that nobody has supplied."""
    wanted = {"client.credit_code", "client.invoice_email", "contractor.credit_code"}
    return tuple(
        MissingFact(_named(path, record, field), record.place(field), missing.reason)
        for path, missing, record, field in gaps(contract)
        if path in wanted or path.startswith("invoicing.")
    )


def _named(path: str, record: Record, field: str) -> str:
    label = declarations(type(record))[field].label
    owner = {"client": "购买方", "contractor": "销售方"}.get(path.partition(".")[0], "")
    return f"{owner}{label}"


def _buyer(contract: Contract) -> PartyLines:
    client, terms = contract.client, contract.invoicing
    return PartyLines(
        name=client.name,
        credit_code=str(client.figure("credit_code")),
        address_and_phone=_both(client.figure("address"), terms.figure("buyer_phone")),
        bank_and_account=_both(terms.figure("buyer_bank"), terms.figure("buyer_account")),
        email=str(client.figure("invoice_email")),
    )


def _seller(contract: Contract) -> PartyLines:
    contractor, account = contract.contractor, contract.payment.account
    return PartyLines(
        name=contractor.name,
        credit_code=str(contractor.figure("credit_code")),
        address_and_phone=_both(
            contractor.figure("address"), contract.invoicing.figure("seller_phone")
        ),
        bank_and_account=_both(account.figure("bank"), account.figure("number")),
    )


def _both(first: Figure[object], second: Figure[object]) -> str:
    told = [str(one) for one in (first, second) if one.value not in (None, "")]
    return "　".join(told) or "—"


_FACE: Final = "宋体"
_YUAN: Final = "#,##0.00"
_TEXT: Final = "@"
_THIN = Side("thin", color="000000")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", fgColor="F2F2F2")
_RED = "C00000"

LINE, ROW = 14, 22
"""The height of a line of text, and of a row with one line."""


@dataclass(frozen=True, slots=True)
class CellLook:
    """How a cell looks."""

    font: Font
    alignment: Alignment
    boxed: bool = True
    shaded: bool = False


TITLE = CellLook(Font(name=_FACE, size=18, bold=True), _CENTRE, boxed=False)
LINE_BELOW_TITLE = CellLook(Font(name=_FACE, size=10.5), _CENTRE, boxed=False)
WARNING = CellLook(Font(name=_FACE, size=10.5, bold=True, color=_RED), _CENTRE, boxed=False)
OPEN = CellLook(Font(name=_FACE, size=10.5), _LEFT, boxed=False)
LABEL = CellLook(Font(name=_FACE, size=10.5), _LEFT, shaded=True)
HEADER = CellLook(Font(name=_FACE, size=10.5), _CENTRE, shaded=True)
TEXT = CellLook(Font(name=_FACE, size=10.5), _LEFT)
CENTRED = CellLook(Font(name=_FACE, size=10.5), _CENTRE)
RIGHT = CellLook(Font(name=_FACE, size=10.5), _RIGHT)
AMOUNT = CellLook(Font(name=_FACE, size=10.5, bold=True), _RIGHT)
SMALL = CellLook(Font(name=_FACE, size=9), _LEFT)
GROUP = CellLook(Font(name=_FACE, size=10.5, bold=True), _LEFT)
LACKING = CellLook(Font(name=_FACE, size=10.5, bold=True, color=_RED), _CENTRE)


@dataclass(frozen=True, slots=True)
class FormMarks:
    """What a reader must be told first: sample data, conditions that are not met."""

    sample: bool
    unmet: tuple[str, ...]

    def lines(self) -> tuple[str, ...]:
        """Return the warnings, each a line."""
        sample = ("示例：由示例数据生成，不得据以开票。",) if self.sample else ()
        unmet = (f"付款条件尚未成就：{'；'.join(self.unmet)}。",) if self.unmet else ()
        return (*sample, *unmet)


def put(sheet: Worksheet, row: int, span: tuple[int, int], value: object, look: CellLook) -> None:
    """Write a value across the columns of a span: an amount as a number, all else as text."""
    first, last = span
    if last > first:
        sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
    cell = sheet.cell(row, first)
    if isinstance(value, Figure) and isinstance(value.value, Decimal):
        cell.value, cell.number_format = value.value, _YUAN
        cell.font, cell.alignment = look.font, look.alignment
    else:
        write_text(cell, str(value), look.font, look.alignment)
        cell.number_format = _TEXT
    frame(sheet, row, span, look)


def frame(sheet: Worksheet, row: int, span: tuple[int, int], look: CellLook) -> None:
    """Give the cells of a span their lines and their ground."""
    for column in range(span[0], span[1] + 1):
        cell = sheet.cell(row, column)
        if look.boxed:
            cell.border = _BOX
        if look.shaded:
            cell.fill = _SHADE


def head(sheet: Worksheet, title: str, columns: int, below: str, marks: FormMarks) -> int:
    """Write the title, a line below it and the warnings; return the last row that was used."""
    put(sheet, 1, (1, columns), title, TITLE)
    sheet.row_dimensions[1].height = 2 * ROW
    lines = [*([(below, LINE_BELOW_TITLE)] if below else []),
             *((line, WARNING) for line in marks.lines())]  # fmt: skip
    for row, (line, look) in enumerate(lines, start=2):
        put(sheet, row, (1, columns), line, look)
        sheet.row_dimensions[row].height = ROW
    return 1 + len(lines)


def heighten(sheet: Worksheet, row: int, texts: Iterable[tuple[str, int]]) -> None:
    """Make a row high enough for its texts, each with the characters that fit on its line."""
    lines = [lines_of(text, width - 2) for text, width in texts]
    sheet.row_dimensions[row].height = max(ROW, max(lines, default=1) * LINE + 6)


def set_up(sheet: Worksheet, widths: Sequence[int], marks: FormMarks) -> None:
    """Set the widths, and A4 upright, one page wide, with page numbers and 示例 where it is due."""
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    one_page_wide(sheet, "portrait")
    sheet.print_options.horizontalCentered = True
    sheet.page_margins = PageMargins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.sheet_view.showGridLines = False
    if marks.sample:
        sheet.HeaderFooter.oddHeader = HeaderFooterItem(right=_HeaderFooterPart("示例"))
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart("第 &P 页 共 &N 页"))


FORM: Final = "开票申请单"
NET, RATE, GROSS, TAX = "不含税金额", "税率", "价税合计（小写）", "税额"
WORDS, TAX_CODE, REMARK = "价税合计（大写）", "商品和服务税收编码", "备注"
NAME, CREDIT_CODE = "名称", "统一社会信用代码"
ADDRESS, BANK, EMAIL = "地址、电话", "开户银行及账号", "收票邮箱"
INVOICEABLE, INVOICED, ASKED, LEFT = "本期应开票", "已开票", "本次申请开票", "开票后未开"

_WIDTHS = (9, 19, 15, 13, 15, 14, 16)
_LAST = len(_WIDTHS)
_SMALL_FITS = sum(_WIDTHS[1:]) * 7 // 6
_SIGNED = (((1, 2), "申请人"), ((3, 3), "部门负责人"), ((4, 5), "财务审核"), ((6, _LAST), "开票人"))


def write_form(sheet: Worksheet, asked: Application, marks: FormMarks) -> None:
    """Write the form of one invoice into an empty sheet."""
    set_up(sheet, _WIDTHS, marks)
    form = _Form(sheet, head(sheet, FORM, _LAST, "", marks))
    form.applicant(asked)
    form.party("购买方", asked.buyer)
    form.party("销售方", asked.seller)
    form.invoice(asked)
    form.issued(asked)
    form.notes(asked)
    form.approvals()


class _Form:
    """The form being written from the top down, below the row that was used last."""

    def __init__(self, sheet: Worksheet, row: int) -> None:
        self._sheet, self._row = sheet, row

    def applicant(self, asked: Application) -> None:
        """Write who applies, when, and for which contract and instalment."""
        self._cells([((1, 3), "申请部门：", OPEN), ((4, 5), "申请人：", OPEN),
                     ((6, _LAST), f"申请日期：{asked.applied_on}", OPEN)])  # fmt: skip
        contract = f"{asked.contract_number}　{asked.project}"
        for label, text in (("合同", contract), ("付款期次", asked.instalment)):
            self._cells([((1, 1), label, HEADER), ((2, _LAST), text, TEXT)])
            heighten(self._sheet, self._row, [(text, sum(_WIDTHS[1:]))])

    def party(self, title: str, party: PartyLines) -> None:
        """Write a party as the invoice names it."""
        first = self._row + 1
        self._labelled(NAME, party.name)
        self._labelled(CREDIT_CODE, party.credit_code)
        self._labelled(ADDRESS, party.address_and_phone)
        self._labelled(BANK, party.bank_and_account)
        if party.email:
            self._labelled(EMAIL, party.email)
        self._beside(first, title)

    def invoice(self, asked: Application) -> None:
        """Write what the invoice is to carry."""
        first, line = self._row + 1, asked.line
        self._labelled("发票种类", asked.type)
        self._labelled("项目名称", asked.item)
        self._labelled(TAX_CODE, asked.tax_code)
        self._two((NET, line.net), (RATE, str(line.rate)))
        self._two((GROSS, line.gross), (TAX, line.tax if line.rate.value else str(line.tax)))
        self._labelled(WORDS, str(asked.gross_in_words))
        self._labelled(REMARK, asked.remark)
        self._labelled("开票人", asked.drawer)
        self._beside(first, "开票内容\n（元）")

    def issued(self, asked: Application) -> None:
        """Write what was invoiced, and what is left before and after."""
        first = self._row + 1
        spans = ((2, 3), (4, 4), (5, 5), (6, 6), (7, 7))
        titles = ("发票号码", "开票日期", NET, TAX, "价税合计")
        self._cells((span, title, HEADER) for span, title in zip(spans, titles, strict=True))
        for line, day in zip(asked.issued, asked.issued_on, strict=True):
            self._cells([((2, 3), str(line.number), CENTRED), ((4, 4), day, CENTRED),
                         ((5, 5), line.net, RIGHT),
                         ((6, 6), line.tax if line.rate.value else str(line.tax), RIGHT),
                         ((7, 7), line.gross, RIGHT)])  # fmt: skip
        for label, amount in ((INVOICEABLE, asked.invoiceable), (INVOICED, asked.invoiced),
                              (ASKED, asked.line.gross), (LEFT, asked.left_after)):  # fmt: skip
            self._cells([((2, 6), label, RIGHT), ((7, 7), amount, RIGHT)])
        self._beside(first, "开票情况\n（元）")

    def notes(self, asked: Application) -> None:
        """Write when the tax falls due, and what is missing."""
        notes = [*filter(None, (asked.by_line,)), asked.liability]
        if asked.gaps:
            names = "、".join(gap.name for gap in asked.gaps)
            notes.append(f"{NOT_SUPPLIED}各项补齐前不得开票：{names}。")
        text = "\n".join(f"{number}. {note}" for number, note in enumerate(notes, 1))
        self._cells([((1, 1), "说明", HEADER), ((2, _LAST), text, SMALL)])
        heighten(self._sheet, self._row, [(text, _SMALL_FITS)])

    def approvals(self) -> None:
        """Leave room for four people to sign."""
        self._cells((span, title, HEADER) for span, title in _SIGNED)
        self._cells((span, "\n\n　　年　　月　　日", CENTRED) for span, _ in _SIGNED)
        self._sheet.row_dimensions[self._row].height = 4 * LINE

    def _labelled(self, label: str, text: str) -> None:
        self._cells([((2, 2), label, LABEL), ((3, _LAST), text, TEXT)])
        heighten(self._sheet, self._row, [(text, sum(_WIDTHS[2:]))])

    def _two(self, left: tuple[str, object], right: tuple[str, object]) -> None:
        self._cells([((2, 2), left[0], LABEL), ((3, 4), left[1], AMOUNT),
                     ((5, 5), right[0], LABEL), ((6, _LAST), right[1], AMOUNT)])  # fmt: skip

    def _cells(self, cells: Iterable[tuple[tuple[int, int], object, CellLook]]) -> None:
        self._row += 1
        self._sheet.row_dimensions[self._row].height = ROW
        for span, value, look in cells:
            put(self._sheet, self._row, span, value, look)

    def _beside(self, first: int, title: str) -> None:
        """Write the title of a block to the left of its rows."""
        put(self._sheet, first, (1, 1), title, HEADER)
        self._sheet.merge_cells(start_row=first, start_column=1, end_row=self._row, end_column=1)
        for row in range(first, self._row + 1):
            frame(self._sheet, row, (1, 1), HEADER)


_CODE = "pack-figure"
Rows = list[list[object]]


def prove_form(workbook: bytes, asked: Application) -> tuple[Finding, ...]:
    """Return everything in the finished form that is not what was applied for."""
    read = CalamineWorkbook.from_filelike(BytesIO(workbook)).get_sheet_by_name(FORM)
    rows: Rows = [list(row) for row in read.to_python(skip_empty_area=False)]
    return (*_texts(rows, asked), *_amounts(rows, asked), *_sums(rows, asked))


def _texts(rows: Rows, asked: Application) -> Iterator[Finding]:
    wanted = [
        (TAX_CODE, [asked.tax_code]),
        (WORDS, [str(asked.gross_in_words)]),
        (RATE, [str(asked.line.rate)]),
        (REMARK, [asked.remark]),
        *_parties(asked.buyer, asked.seller),
    ]
    for label, texts in wanted:
        found = list(beside(rows, label))
        if found != texts:
            yield _differs(label, texts, found)


def _parties(*parties: PartyLines) -> Iterator[tuple[str, list[str]]]:
    yield NAME, [party.name for party in parties]
    yield CREDIT_CODE, [party.credit_code for party in parties]
    yield ADDRESS, [party.address_and_phone for party in parties]
    yield BANK, [party.bank_and_account for party in parties]


def _amounts(rows: Rows, asked: Application) -> Iterator[Finding]:
    line = asked.line
    wanted = {
        **({} if line.net.value is None else {NET: line.net.value}),
        GROSS: line.gross.value,
        INVOICEABLE: asked.invoiceable.value,
        INVOICED: asked.invoiced.value,
        ASKED: line.gross.value,
        LEFT: asked.left_after.value,
    }
    for label, amount in wanted.items():
        found = [yuan_in(value) for value in beside(rows, label) if yuan_in(value) is not None]
        if found != [amount]:
            yield _differs(label, [amount], found)


def _sums(rows: Rows, asked: Application) -> Iterator[Finding]:
    """Add up and read out what stands in the form, whatever it should be."""
    net, gross, tax = (_first(rows, label) for label in (NET, GROSS, TAX))
    words = next((str(value) for value in beside(rows, WORDS)), "")
    rate = asked.line.rate.value
    if tax is None and rate == 0 and "***" in beside(rows, TAX):
        tax = Decimal(0)  # as an exempt invoice says it
    if gross is None:
        yield fault(_CODE, _WHERE, say("an amount is no number"))
        return
    if isinstance(rate, Decimal):  # without a single rate there is no split to add up
        if net is None or tax is None:
            yield fault(_CODE, _WHERE, say("an amount is no number"))
            return
        if not tax_agrees(VatSplit(gross, net, tax, rate)):
            yield fault(_CODE, _WHERE, say("net {net} + tax {tax} is not gross {gross} at the rate",
                                           net=net, tax=tax, gross=gross))  # fmt: skip
    try:
        spoken = read_capitals(words)
    except CapitalsError:
        spoken = None
    if spoken != gross:
        yield fault(_CODE, _WHERE, say("the words {words} are not {gross}", words=words,
                                       gross=gross))  # fmt: skip


def _first(rows: Rows, label: str) -> Decimal | None:
    return next((amount for value in beside(rows, label)
                 if (amount := yuan_in(value)) is not None), None)  # fmt: skip


def beside(rows: Rows, label: str) -> Iterator[object]:
    """Yield what stands to the right of each cell with that label, the first that is not empty."""
    for row in rows:
        for at, value in enumerate(row):
            if value == label:
                yield from [other for other in row[at + 1 :] if other != ""][:1]


def yuan_in(value: object) -> Decimal | None:
    """Return the amount in a cell; None if it holds text, or is finer than a fen."""
    if isinstance(value, str | bool) or not isinstance(value, int | float):
        return None
    try:
        return parse_yuan(str(value) if isinstance(value, int) else f"{value:.15g}")
    except MoneyError:
        return None


def _differs(label: str, wanted: object, found: object) -> Finding:
    message = say("{label} is {found}, expected {wanted}", label=label, found=found, wanted=wanted)
    return fault(_CODE, _WHERE, message, str(wanted), str(found))


_WHERE = say("the invoice application")
