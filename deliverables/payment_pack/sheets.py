"""The workbook of the pack: 开票申请单 and 附件清单. The same figures give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.payment_pack.application import Application
from deliverables.payment_pack.checklist import Item, Standing
from deliverables.payment_pack.form import FORM, write_form
from deliverables.payment_pack.look import (
    CENTRED,
    GROUP,
    HEADER,
    LACKING,
    SMALL,
    TEXT,
    Marks,
    head,
    heighten,
    put,
    set_up,
)
from deliverables.render.spreadsheet import reproducible

CHECKLIST: Final = "附件清单"

_WIDTHS = (6, 25, 8, 31, 36)
_LAST = len(_WIDTHS)
_SMALL_FITS = (37, 43)
"""How many characters of the small face the last two columns take."""


def pack_workbook(
    asked: Application | None, items: Sequence[Item], title: str, marks: Marks
) -> bytes:
    """Return the workbook; with nothing left to invoice it holds the list alone."""
    book = Workbook()
    book.remove(book.worksheets[0])
    if asked is not None:
        write_form(book.create_sheet(FORM), asked, marks)
    _write_list(book.create_sheet(CHECKLIST), items, title, marks)
    return reproducible(book)


def _write_list(sheet: Worksheet, items: Sequence[Item], title: str, marks: Marks) -> None:
    set_up(sheet, _WIDTHS, marks)
    header = head(sheet, CHECKLIST, _LAST, title, marks) + 1
    for column, text in enumerate(("序号", "材料或事项", "有／缺", "所在位置", "处理"), 1):
        put(sheet, header, (column, column), text, HEADER)
    row, group = header, ""
    for number, item in enumerate(items, 1):
        if item.group != group:
            row, group = row + 1, item.group
            put(sheet, row, (1, _LAST), group, GROUP)
        row += 1
        look = LACKING if item.standing is Standing.LACKING else CENTRED
        put(sheet, row, (1, 1), str(number), CENTRED)
        put(sheet, row, (2, 2), item.name, TEXT)
        put(sheet, row, (3, 3), item.standing.value, look)
        put(sheet, row, (4, 4), item.where or "—", SMALL)
        put(sheet, row, (5, 5), item.action, SMALL)
        heighten(sheet, row, ((item.name, _WIDTHS[1]), (item.where, _SMALL_FITS[0]),
                              (item.action, _SMALL_FITS[1])))  # fmt: skip
    sheet.print_title_rows = f"{header}:{header}"
