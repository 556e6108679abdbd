"""The house style as WordprocessingML: styles, heading numbers, settings, fonts, sections."""

from __future__ import annotations

import re

from deliverables.render.look import Layout, Look, Page
from deliverables.render.palette import FACES, INK, RULE
from deliverables.render.place import W
from deliverables.render.table_styles import table_styles

XMLNS = f'xmlns:w="{W.strip("{}")}"'
HEADING_NUMBERS = "1"


def styles_xml(layout: Layout) -> str:
    """Return the whole styles part."""
    paragraphs = "".join(_paragraph_style(look, layout) for look in layout.looks)
    return (
        f"<w:styles {XMLNS}>{_defaults(layout)}{_LATENT}{paragraphs}"
        f"{_CHARACTER_STYLES}{table_styles()}</w:styles>"
    )


def numbering_xml(layout: Layout) -> str:
    """Return the numbering part: the numbers of the headings, tied to their styles."""
    return f"<w:numbering {XMLNS}>{_abstract(layout)}{_NUMBER}</w:numbering>"


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


def section_properties(page: Page) -> str:
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


_NUMBER = f'<w:num w:numId="{HEADING_NUMBERS}"><w:abstractNumId w:val="{HEADING_NUMBERS}"/></w:num>'
