"""The look of every document, defined once: fonts by role, sizes, grid, headings, tables.

Two layouts share it. A letter follows GB/T 9704-2012 as far as a company may: 22 lines of 28
characters. A report is a technical document with numbered chapters, captions and wide tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from deliverables.render.look import Align, Layout, Look, Page
from deliverables.render.palette import BODY_FACE, GREY, HEI, INK, KAI, PRIMARY, SONG, TITLE_FACE

_LETTER_PAGE = Page(top=37, bottom=35, left=28, right=26, header=15, footer=25, grid=579)
_REPORT_PAGE = Page(top=25, bottom=25, left=28, right=26, header=13, footer=13)

_SIGN_OFF_LEFT = 210 / 16
"""Characters from the left edge: centred in what is left, a date ends four characters from the
right edge and the organisation stands centred above it."""

_TABLE_LOOKS = (
    Look(
        id="TableText",
        name="表格文字",
        face=SONG,
        size=10.5,
        align=Align.LEFT,
        before=0,
        after=0,
        multiple=1.15,
        first_line=0,
        spacing=0,
        off_grid=True,
    ),
    Look(id="TableNumber", name="表格数字", based_on="TableText", align=Align.RIGHT),
    Look(id="TableCentred", name="表格居中", based_on="TableText", align=Align.CENTRE),
    Look(
        id="TableHeader",
        name="表头",
        based_on="TableText",
        face=HEI,
        bold=True,
        colour=PRIMARY,
        align=Align.CENTRE,
        keep_next=True,
    ),
    Look(id="TableSmall", name="表格小字", based_on="TableText", size=9),
    Look(id="TableSmallNumber", name="表格小数字", based_on="TableSmall", align=Align.RIGHT),
    Look(id="TableSmallCentred", name="表格小字居中", based_on="TableSmall", align=Align.CENTRE),
    Look(id="TableSmallHeader", name="小表头", based_on="TableHeader", size=9),
    Look(id="TableTotal", name="合计", based_on="TableText", face=HEI, bold=True),
    Look(id="TableTotalNumber", name="合计数字", based_on="TableTotal", align=Align.RIGHT),
    Look(
        id="Caption",
        name="caption",
        face=HEI,
        size=10.5,
        align=Align.CENTRE,
        before=9,
        after=4,
        multiple=1,
        first_line=0,
        spacing=0,
        off_grid=True,
        keep_next=True,
        keep_lines=True,
    ),
    Look(id="FigureCaption", name="图题", based_on="Caption", before=2, after=10, keep_next=False),
    Look(
        id="Source",
        name="数据来源",
        face=SONG,
        size=9,
        colour=GREY,
        align=Align.LEFT,
        before=3,
        after=9,
        multiple=1,
        first_line=0,
        spacing=0,
        off_grid=True,
    ),
    Look(
        id="Figure",
        name="图表",
        align=Align.CENTRE,
        before=6,
        after=0,
        multiple=1,
        first_line=0,
        off_grid=True,
        keep_next=True,
    ),
    Look(id="KeyFigure", name="指标数值", based_on="TableCentred", face=HEI, size=18, bold=True,
         colour=PRIMARY, before=4, keep_next=True),
    Look(id="KeyLabel", name="指标说明", based_on="TableCentred", size=9, colour=GREY, after=2),
)  # fmt: skip

_SIGN_OFF_LOOKS = (
    Look(
        id="SignOff",
        name="落款",
        align=Align.CENTRE,
        first_line=0,
        left=_SIGN_OFF_LEFT,
        keep_next=True,
        keep_lines=True,
    ),
    Look(id="SealPlace", name="盖章处", based_on="SignOff", colour=GREY),
    Look(id="SignOffDate", name="落款日期", based_on="SignOff", keep_next=False),
)


def _changed(look: Look, changes: Mapping[str, object]) -> Look:
    return replace(look, **changes)  # type: ignore[arg-type]  # names of fields, as below


_LETTER_TABLES: Mapping[str, Mapping[str, object]] = {
    "TableText": {"size": 12},
    "TableHeader": {"colour": INK},
    "TableSmall": {"size": 10.5},
    "TableSmallHeader": {"size": 10.5},
}
"""Beside 16 pt text a table is set larger than in a report, and without colour."""

LETTER = Layout(
    name="letter",
    page=_LETTER_PAGE,
    looks=(
        Look(
            id="Normal",
            name="Normal",
            based_on=None,
            face=BODY_FACE,
            size=16,
            align=Align.BOTH,
            before=0,
            after=0,
            exact=28,
            spacing=-0.25,
        ),
        Look(id="Paragraph", name="正文段落", first_line=2),
        Look(
            id="Title",
            name="Title",
            next="Recipient",
            face=TITLE_FACE,
            size=22,
            align=Align.CENTRE,
            before=0,
            after=28,
            exact=34,
            spacing=0,
            keep_next=True,
        ),
        Look(id="DocumentNumber", name="文号", align=Align.RIGHT, first_line=0),
        Look(id="Recipient", name="主送", next="Paragraph", align=Align.LEFT, first_line=0),
        Look(id="Heading1", name="heading 1", next="Paragraph", face=HEI, level=1,
             first_line=2, keep_next=True),
        Look(id="Heading2", name="heading 2", next="Paragraph", face=KAI, level=2,
             first_line=2, keep_next=True),
        Look(id="Heading3", name="heading 3", next="Paragraph", level=3, first_line=2),
        Look(id="Heading4", name="heading 4", next="Paragraph", level=4, first_line=2),
        Look(id="Attachment", name="附件说明", align=Align.LEFT, left=5.5, hanging=3.5),
        Look(id="AmountInWords", name="金额大写", face=HEI, first_line=2),
        *(_changed(look, _LETTER_TABLES.get(look.id, {})) for look in _TABLE_LOOKS),
        *_SIGN_OFF_LOOKS,
        Look(id="Header", name="header", face=SONG, size=9, align=Align.RIGHT, exact=12,
             spacing=0, off_grid=True),
        Look(id="Footer", name="footer", face=SONG, size=14, align=Align.CENTRE, exact=18,
             spacing=0, latin=SONG, off_grid=True),
    ),
)  # fmt: skip

REPORT = Layout(
    name="report",
    page=_REPORT_PAGE,
    looks=(
        Look(
            id="Normal",
            name="Normal",
            based_on=None,
            face=BODY_FACE,
            size=12,
            align=Align.BOTH,
            before=0,
            after=0,
            exact=22,
        ),
        Look(id="Paragraph", name="正文段落", first_line=2),
        Look(id="Item", name="条目", left=2),
        Look(id="Title", name="Title", next="Subtitle", face=TITLE_FACE, size=28,
             align=Align.CENTRE, before=110, after=14, exact=42, keep_next=True),
        Look(id="Subtitle", name="Subtitle", face=HEI, size=16, colour=PRIMARY,
             align=Align.CENTRE, before=0, after=90, exact=26),
        Look(id="CoverFact", name="封面信息", align=Align.LEFT, size=14, exact=28),
        Look(id="CoverSignOff", name="封面落款", align=Align.CENTRE, size=16, exact=30),
        Look(id="ContentsTitle", name="目录标题", face=HEI, size=16, align=Align.CENTRE,
             before=0, after=14, exact=28, keep_next=True),
        Look(id="TOC1", name="toc 1", face=HEI, align=Align.LEFT, before=2, exact=18,
             right_tab=_REPORT_PAGE.type_width, dotted_tab=True),
        Look(id="TOC2", name="toc 2", align=Align.LEFT, left=2, exact=16, size=10.5,
             right_tab=_REPORT_PAGE.type_width, dotted_tab=True),
        Look(id="Heading1", name="heading 1", next="Paragraph", face=HEI, size=16, level=1,
             colour=PRIMARY, align=Align.LEFT, before=20, after=10, exact=28, keep_next=True,
             keep_lines=True),
        Look(id="Heading2", name="heading 2", next="Paragraph", face=HEI, size=14, level=2,
             align=Align.LEFT, before=12, after=5, exact=26, keep_next=True, keep_lines=True),
        Look(id="Heading3", name="heading 3", next="Paragraph", face=KAI, size=12, bold=True,
             level=3, align=Align.LEFT, before=8, after=3, keep_next=True, keep_lines=True),
        Look(id="Heading4", name="heading 4", next="Paragraph", level=4, align=Align.LEFT,
             first_line=2, keep_next=True),
        Look(id="Note", name="说明", face=KAI, size=10.5, exact=18, first_line=2),
        *_TABLE_LOOKS,
        *(replace(look, left=18) if look.left else look for look in _SIGN_OFF_LOOKS),
        Look(id="Header", name="header", face=SONG, size=9, colour=GREY, align=Align.LEFT,
             exact=14, right_tab=_REPORT_PAGE.type_width, rule_below=True),
        Look(id="Footer", name="footer", face=SONG, size=9, colour=GREY, align=Align.CENTRE,
             exact=14, rule_above=True),
    ),
)  # fmt: skip

LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {layout.name: layout for layout in (LETTER, REPORT)}
)
