"""The house style: faces, colours, styles, numbering and pages of every document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING

from deliverables.docx.package import Package, W

if TYPE_CHECKING:
    from docx.document import Document


INK, PRIMARY, SECONDARY = "1F2937", "1F4E79", "2E75B6"
MUTED, GREY, RULE, FILL = "4B5563", "7F8A99", "BFC5CD", "EEF2F7"
ATTENTION, FAILING = "C55A11", "C00000"

LATIN = "Times New Roman"
BODY_FACE, SONG, HEI, KAI, TITLE_FACE = "仿宋", "宋体", "黑体", "楷体", "方正小标宋简体"
FACES: Mapping[str, str] = MappingProxyType(
    {
        BODY_FACE: "FangSong",
        SONG: "SimSun",
        HEI: "SimHei",
        KAI: "KaiTi",
        TITLE_FACE: "华文中宋",
        LATIN: "",
    }
)
"""Every face a document names, with what may stand in for it where it is not installed."""

SEAL_PLACE = "（盖章处）"
"""Where the seal goes, alone in its paragraph."""


_STRONG = f'w:val="single" w:sz="8" w:space="0" w:color="{PRIMARY}"'
_THIN = f'w:val="single" w:sz="4" w:space="0" w:color="{RULE}"'
_SHADE = f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{FILL}"/></w:tcPr>'
_TOTAL = f"<w:tcPr><w:tcBorders><w:top {_STRONG}/></w:tcBorders></w:tcPr>"
_PADDING = (
    '<w:tblCellMar><w:top w:w="45" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
    '<w:bottom w:w="45" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar>'
)
_WITHOUT_STYLE = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
    '<w:name w:val="Normal Table"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar>'
    "</w:tblPr></w:style>"
)


def table_styles() -> str:
    """Return all table styles; a table switches their parts on by its w:tblLook."""
    rows, columns = f"<w:insideH {_THIN}/>", f"<w:insideV {_THIN}/>"
    return (
        _WITHOUT_STYLE
        + _style("HouseTable", "数据表", rows, firstRow=_SHADE, lastRow=_TOTAL)
        + _style("HouseFacts", "信息表", rows + columns, firstRow=_SHADE, firstCol=_SHADE)
        + _style("HousePanel", "指标栏", columns)
    )


def _style(style_id: str, name: str, inside: str, **parts: str) -> str:
    conditional = "".join(
        f'<w:tblStylePr w:type="{part}">{look}</w:tblStylePr>' for part, look in parts.items()
    )
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{style_id}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders><w:top {_STRONG}/><w:bottom {_STRONG}/>{inside}</w:tblBorders>"
        f'{_PADDING}</w:tblPr><w:tcPr><w:vAlign w:val="center"/></w:tcPr>{conditional}</w:style>'
    )


class Align(StrEnum):
    """How a paragraph sits between its indents."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"
    BOTH = "both"


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A paragraph style; what is None is as in `based_on`.

    Sizes and spaces are in points. `first_line`, `left` and `hanging` count characters, `level`
    makes it a heading of the numbering. `exact` is a fixed line height, which every program
    multiplies alike; `multiple` is one that grows, for what holds charts and pictures.
    """

    id: str
    name: str
    based_on: str | None = "Normal"
    next: str | None = None
    face: str | None = None
    size: float | None = None
    bold: bool | None = None
    colour: str | None = None
    align: Align | None = None
    before: float | None = None
    after: float | None = None
    exact: float | None = None
    multiple: float | None = None
    first_line: float | None = None
    left: float | None = None
    hanging: float | None = None
    spacing: float | None = None
    level: int | None = None
    keep_next: bool | None = None
    keep_lines: bool | None = None
    new_page: bool | None = None
    off_grid: bool = False
    right_tab: float | None = None
    dotted_tab: bool = False
    rule_below: bool = False
    rule_above: bool = False
    latin: str = LATIN


@dataclass(frozen=True, kw_only=True, slots=True)
class PageSize:
    """A4 in millimetres; `grid` is the line pitch in twips, None leaves lines to the styles."""

    top: float
    bottom: float
    left: float
    right: float
    header: float
    footer: float
    grid: int | None = None
    width: float = 210
    height: float = 297

    @property
    def type_width(self) -> float:
        """The width between the margins."""
        return self.width - self.left - self.right

    @property
    def landscape(self) -> PageSize:
        """The same page turned, its binding edge now above."""
        return replace(
            self,
            width=self.height,
            height=self.width,
            top=self.left,
            bottom=self.right,
            left=self.bottom,
            right=self.top,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """A page and its styles; `numbering` gives each heading level its pattern and format."""

    name: str
    page: PageSize
    looks: tuple[Look, ...]
    numbering: tuple[tuple[str, str], ...] = field(
        default=(
            ("%1、", "chineseCountingThousand"),
            ("（%2）", "chineseCountingThousand"),
            ("%3.", "decimal"),
            ("（%4）", "decimal"),
        )
    )

    def look(self, style_id: str) -> Look:
        """Return the style whose id is `style_id`."""
        return next(look for look in self.looks if look.id == style_id)

    def size(self, look: Look) -> float:
        """Return the size of a style's text, its own or inherited."""
        if look.size is not None or look.based_on is None:
            return look.size or 0
        return self.size(self.look(look.based_on))


XMLNS = f'xmlns:w="{W.strip("{}")}"'
HEADING_NUMBERS = "1"
ANNEX_NUMBERS = "2"
"""The list by which annexes are counted, apart from chapters; a letter has none."""


def styles_xml(layout: Layout) -> str:
    """Return the whole styles part."""
    paragraphs = "".join(_paragraph_style(look, layout) for look in layout.looks)
    return (
        f"<w:styles {XMLNS}>{_defaults(layout)}{_LATENT}{paragraphs}"
        f"{_CHARACTER_STYLES}{table_styles()}</w:styles>"
    )


def numbering_xml(layout: Layout) -> str:
    """Return the numbering part: the numbers of the headings, tied to their styles."""
    lists, numbers = _abstract(layout), _num(HEADING_NUMBERS)
    if layout is REPORT:
        lists, numbers = lists + _ANNEXES, numbers + _num(ANNEX_NUMBERS)
    return f"<w:numbering {XMLNS}>{lists}{numbers}</w:numbering>"


def settings_xml() -> str:
    """Return the settings part: how lines break and snap, and the languages."""
    return (
        f'<w:settings {XMLNS}><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/>'
        '<w:bordersDoNotSurroundFooter/><w:defaultTabStop w:val="420"/>'
        '<w:drawingGridVerticalSpacing w:val="156"/><w:characterSpacingControl'
        ' w:val="compressPunctuation"/><w:compat><w:spaceForUL/>'
        "<w:balanceSingleByteDoubleByteWidth/>"
        "<w:doNotLeaveBackslashAlone/><w:ulTrailSpace/><w:doNotExpandShiftReturn/>"
        "<w:adjustLineHeightInTable/><w:useFELayout/>"
        '<w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def fonts_xml() -> str:
    """Return the font table: what may stand in for each face."""
    fonts = "".join(
        f'<w:font w:name="{name}">'
        + (f'<w:altName w:val="{stand_in}"/>' if stand_in else "")
        + "</w:font>"
        for name, stand_in in FACES.items()
    )
    return f"<w:fonts {XMLNS}>{fonts}</w:fonts>"


def section_properties(page: PageSize) -> str:
    """Return the w:sectPr of `page`."""
    turned = ' w:orient="landscape"' if page.width > page.height else ""
    grid = f' w:type="lines" w:linePitch="{page.grid}"' if page.grid else ' w:linePitch="312"'
    return (
        f'<w:sectPr><w:pgSz w:w="{_twips(page.width)}" w:h="{_twips(page.height)}"{turned}/>'
        f'<w:pgMar w:top="{_twips(page.top)}" w:right="{_twips(page.right)}"'
        f' w:bottom="{_twips(page.bottom)}" w:left="{_twips(page.left)}"'
        f' w:header="{_twips(page.header)}" w:footer="{_twips(page.footer)}" w:gutter="0"/>'
        f"<w:docGrid{grid}/></w:sectPr>"
    )


def _twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)


def _defaults(layout: Layout) -> str:
    normal = layout.look("Normal")
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(normal)}"
        '<w:sz w:val="21"/><w:szCs w:val="21"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )


def _paragraph_style(look: Look, layout: Layout) -> str:
    default = ' w:default="1"' if look.based_on is None else ""
    custom = "" if re.fullmatch(r"[A-Za-z]+( \d)?", look.name) else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{default}{custom} w:styleId="{look.id}">'
        f'<w:name w:val="{look.name}"/>'
        + (f'<w:basedOn w:val="{look.based_on}"/>' if look.based_on else "")
        + (f'<w:next w:val="{look.next}"/>' if look.next else "")
        + f"<w:qFormat/>{_paragraph_properties(look, layout.size(look))}"
        f"{_run_properties(look)}</w:style>"
    )


def _paragraph_properties(look: Look, size: float) -> str:
    parts = (
        _switch("keepNext", look.keep_next),
        _switch("keepLines", look.keep_lines),
        _switch("pageBreakBefore", look.new_page),
        _switch("widowControl", True if look.based_on is None else None),
        _heading_number(look),
        _borders(look),
        _tabs(look),
        '<w:snapToGrid w:val="0"/>' if look.off_grid else "",
        _spacing(look),
        _indents(look, size),
        f'<w:jc w:val="{look.align}"/>' if look.align else "",
        f'<w:outlineLvl w:val="{look.level - 1}"/>' if look.level else "",
    )
    return f"<w:pPr>{''.join(parts)}</w:pPr>"


def _switch(name: str, on: bool | None) -> str:  # noqa: FBT001  # a switch is a bool
    return "" if on is None else f"<w:{name}/>" if on else f'<w:{name} w:val="0"/>'


def _heading_number(look: Look) -> str:
    if not look.level:
        return ""
    level = look.level - 1
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{HEADING_NUMBERS}"/></w:numPr>'


def _borders(look: Look) -> str:
    sides = ("top", look.rule_above), ("bottom", look.rule_below)
    drawn = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="3" w:color="{RULE}"/>'
        for side, wanted in sides
        if wanted
    )
    return f"<w:pBdr>{drawn}</w:pBdr>" if drawn else ""


def _tabs(look: Look) -> str:
    if look.right_tab is None:
        return ""
    leader = ' w:leader="dot"' if look.dotted_tab else ""
    return f'<w:tabs><w:tab w:val="right"{leader} w:pos="{_twips(look.right_tab)}"/></w:tabs>'


def _spacing(look: Look) -> str:
    settings = ""
    if look.before is not None:
        settings += f' w:before="{round(look.before * 20)}"'
    if look.after is not None:
        settings += f' w:after="{round(look.after * 20)}"'
    if look.exact is not None:
        settings += f' w:line="{round(look.exact * 20)}" w:lineRule="exact"'
    elif look.multiple is not None:
        settings += f' w:line="{round(look.multiple * 240)}" w:lineRule="auto"'
    return f"<w:spacing{settings}/>" if settings else ""


def _indents(look: Look, size: float) -> str:
    sides = (("left", look.left), ("hanging", look.hanging), ("firstLine", look.first_line))
    settings = "".join(
        # Word takes the characters, LibreOffice the twips.
        f' w:{side}Chars="{round(count * 100)}" w:{side}="{round(count * size * 20)}"'
        for side, count in sides
        if count is not None
    )
    return f"<w:ind{settings}/>" if settings else ""


def _run_properties(look: Look) -> str:
    parts = (
        _fonts(look) if look.face or look.based_on is None else "",
        _switch("b", look.bold),
        f'<w:color w:val="{look.colour or INK}"/>' if look.colour or not look.based_on else "",
        "" if look.spacing is None else f'<w:spacing w:val="{round(look.spacing * 20)}"/>',
        _size(look.size),
    )
    return f"<w:rPr>{''.join(parts)}</w:rPr>" if any(parts) else ""


def _fonts(look: Look) -> str:
    return (
        f'<w:rFonts w:ascii="{look.latin}" w:eastAsia="{look.face}" w:hAnsi="{look.latin}"'
        f' w:cs="{look.latin}"/>'
    )


def _size(points: float | None) -> str:
    if points is None:
        return ""
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


_LATENT = (
    '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1"'
    ' w:defUnhideWhenUsed="1" w:defQFormat="0" w:count="376"/>'
)
_CHARACTER_STYLES = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
    "<w:semiHidden/></w:style>"
)


def _abstract(layout: Layout) -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:pStyle w:val="Heading{level + 1}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{pattern}"/><w:lvlJc w:val="left"/></w:lvl>'
        for level, (pattern, form) in enumerate(layout.numbering)
    )
    return (
        f'<w:abstractNum w:abstractNumId="{HEADING_NUMBERS}"><w:nsid w:val="2A5C1D01"/>'
        f'<w:multiLevelType w:val="multilevel"/><w:tmpl w:val="6E1C2F01"/>{levels}</w:abstractNum>'
    )


_ANNEXES = (
    f'<w:abstractNum w:abstractNumId="{ANNEX_NUMBERS}"><w:nsid w:val="2A5C1D02"/>'
    '<w:multiLevelType w:val="singleLevel"/><w:tmpl w:val="6E1C2F02"/><w:lvl w:ilvl="0">'
    '<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="nothing"/>'
    '<w:lvlText w:val="附%1　"/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum>'
)


def _num(name: str) -> str:
    return f'<w:num w:numId="{name}"><w:abstractNumId w:val="{name}"/></w:num>'


_LETTER_PAGE = PageSize(top=37, bottom=35, left=28, right=26, header=15, footer=25, grid=579)
_REPORT_PAGE = PageSize(top=25, bottom=25, left=28, right=26, header=13, footer=13)

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
        exact=15,
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
    Look(id="TableSmall", name="表格小字", based_on="TableText", size=9, exact=13),
    Look(id="TableSmallNumber", name="表格小数字", based_on="TableSmall", align=Align.RIGHT),
    Look(id="TableSmallCentred", name="表格小字居中", based_on="TableSmall", align=Align.CENTRE),
    Look(id="TableSmallHeader", name="小表头", based_on="TableHeader", size=9, exact=13),
    Look(id="TableTotal", name="合计", based_on="TableText", face=HEI, bold=True),
    Look(id="TableTotalNumber", name="合计数字", based_on="TableTotal", align=Align.RIGHT),
    Look(id="TableSmallTotal", name="小合计", based_on="TableTotal", size=9, exact=13),
    Look(
        id="TableSmallTotalNumber",
        name="小合计数字",
        based_on="TableSmallTotal",
        align=Align.RIGHT,
    ),
    Look(
        id="Caption",
        name="caption",
        face=HEI,
        size=10.5,
        align=Align.CENTRE,
        before=7,
        after=4,
        exact=16,
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
        colour=MUTED,
        align=Align.LEFT,
        before=3,
        after=7,
        exact=12,
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
         colour=PRIMARY, before=4, exact=24, keep_next=True),
    Look(id="KeyLabel", name="指标说明", based_on="TableCentred", size=9, colour=MUTED, after=2,
         exact=13),
    Look(id="FormText", name="表单填写", based_on="TableText", exact=21),
    Look(id="Signature", name="签字栏", based_on="TableCentred", before=6, after=6),
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
    Look(id="SealPlace", name="盖章处", based_on="SignOff", colour=MUTED),
    Look(id="SignOffDate", name="落款日期", based_on="SignOff", keep_next=False),
)


def _changed(look: Look, changes: Mapping[str, object]) -> Look:
    return replace(look, **changes)  # type: ignore[arg-type]  # names of fields, as below


_LETTER_TABLES: Mapping[str, Mapping[str, object]] = {
    "TableText": {"size": 12, "exact": 17},
    "TableHeader": {"colour": INK},
    "TableSmall": {"size": 10.5, "exact": 15},
    "TableSmallHeader": {"size": 10.5, "exact": 15},
    "TableSmallTotal": {"size": 10.5, "exact": 15},
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
            align=Align.LEFT,  # a line that a long figure leaves early would be drawn out
            before=0,
            after=0,
            exact=22,
        ),
        Look(id="Paragraph", name="正文段落", after=3, exact=21, first_line=2),
        Look(id="Item", name="条目", left=2, exact=20),
        Look(id="Title", name="Title", next="Subtitle", face=TITLE_FACE, size=28,
             align=Align.CENTRE, before=110, after=14, exact=42, keep_next=True),
        Look(id="Subtitle", name="Subtitle", face=HEI, size=16, colour=PRIMARY,
             align=Align.CENTRE, before=0, after=90, exact=26),
        Look(id="CoverFact", name="封面信息", align=Align.LEFT, size=14, exact=28),
        Look(id="CoverSignOff", name="封面落款", align=Align.CENTRE, size=16, exact=30),
        Look(id="ContentsTitle", name="目录标题", face=HEI, size=16, align=Align.CENTRE,
             before=0, after=8, exact=28, keep_next=True, new_page=True),
        Look(id="TOC1", name="toc 1", face=HEI, align=Align.LEFT, size=10.5, exact=14.5,
             right_tab=_REPORT_PAGE.type_width, dotted_tab=True),
        Look(id="TOC2", name="toc 2", align=Align.LEFT, left=2, exact=14.5, size=10.5,
             right_tab=_REPORT_PAGE.type_width, dotted_tab=True),
        Look(id="Heading1", name="heading 1", next="Paragraph", face=HEI, size=16, level=1,
             colour=PRIMARY, align=Align.LEFT, before=16, after=6, exact=26, keep_next=True,
             keep_lines=True),
        Look(id="Heading2", name="heading 2", next="Paragraph", face=HEI, size=14, level=2,
             align=Align.LEFT, before=9, after=4, exact=22, keep_next=True, keep_lines=True),
        Look(id="Heading3", name="heading 3", next="Paragraph", face=KAI, size=12, bold=True,
             level=3, align=Align.LEFT, before=8, after=3, keep_next=True, keep_lines=True),
        Look(id="Heading4", name="heading 4", next="Paragraph", level=4, align=Align.LEFT,
             first_line=2, keep_next=True),
        Look(id="Note", name="说明", face=KAI, size=10.5, exact=16, first_line=2),
        *_TABLE_LOOKS,
        *(replace(look, left=18) if look.left else look for look in _SIGN_OFF_LOOKS),
        Look(id="Header", name="header", face=SONG, size=9, colour=MUTED, align=Align.LEFT,
             exact=14, right_tab=_REPORT_PAGE.type_width, rule_below=True),
        Look(id="Footer", name="footer", face=SONG, size=9, colour=MUTED, align=Align.CENTRE,
             exact=14, rule_above=True),
    ),
)  # fmt: skip

LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {layout.name: layout for layout in (LETTER, REPORT)}
)


PART_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
"""How a part of a Word file is declared, by its name."""


def blank(layout: Layout) -> Document:
    """Return an empty document in the house style, with nothing in it that we did not put there."""
    import docx  # noqa: PLC0415  # a letter that is rendered needs colours and faces alone

    page = section_properties(layout.page)
    body = f"<w:document {XMLNS}><w:body><w:p/>{page}</w:body></w:document>"
    package = Package({"[Content_Types].xml": _EMPTY_TYPES, "_rels/.rels": _EMPTY_RELATIONS})
    package.add("word/document.xml", body.encode(), PART_TYPE.format("document.main"))
    package.relate("", "officeDocument", "word/document.xml")
    for name, content in (
        ("styles", styles_xml(layout)),
        ("numbering", numbering_xml(layout)),
        ("settings", settings_xml()),
        ("fontTable", fonts_xml()),
    ):
        package.add(f"word/{name}.xml", content.encode(), PART_TYPE.format(name))
        package.relate("word/document.xml", name, f"word/{name}.xml")
    document = docx.Document(BytesIO(package.to_bytes()))
    body_element = document.element.body
    body_element.remove(body_element[0])
    return document


_EMPTY_TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels"'
    b' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_EMPTY_RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)
