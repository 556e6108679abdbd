"""The sheet 开票申请单: a form of one page, to be printed and signed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from openpyxl.worksheet.worksheet import Worksheet

from deliverables.figure import Figure
from deliverables.payment_pack.application import NOT_SUPPLIED, Application, PartyLines
from deliverables.payment_pack.look import (
    AMOUNT,
    CENTRED,
    HEADER,
    LABEL,
    LINE,
    OPEN,
    RIGHT,
    ROW,
    SMALL,
    TEXT,
    Look,
    Marks,
    frame,
    head,
    heighten,
    put,
    set_up,
)

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


def write_form(sheet: Worksheet, asked: Application, marks: Marks) -> None:
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
        self._two((GROSS, line.gross), (TAX, line.tax))
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
                         ((5, 5), line.net, RIGHT), ((6, 6), line.tax, RIGHT),
                         ((7, 7), line.gross, RIGHT)])  # fmt: skip
        for label, amount in ((INVOICEABLE, asked.invoiceable), (INVOICED, asked.invoiced),
                              (ASKED, asked.line.gross), (LEFT, asked.left_after)):  # fmt: skip
            self._cells([((2, 6), label, RIGHT), ((7, 7), amount, RIGHT)])
        self._beside(first, "开票情况\n（元）")

    def notes(self, asked: Application) -> None:
        """Write when the tax falls due, and what is missing."""
        notes = [asked.liability]
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

    def _two(self, left: tuple[str, Figure[Decimal]], right: tuple[str, object]) -> None:
        self._cells([((2, 2), left[0], LABEL), ((3, 4), left[1], AMOUNT),
                     ((5, 5), right[0], LABEL), ((6, _LAST), right[1], AMOUNT)])  # fmt: skip

    def _cells(self, cells: Iterable[tuple[tuple[int, int], object, Look]]) -> None:
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
