"""A page of house text drafted as a Word template: named styles, few tags, no tricks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.shared import Mm

from deliverables.docx import page as tree
from deliverables.docx.markup import (
    bookmark,
    caption_mark,
    cell,
    cell_style,
    field,
    form_row,
    paragraph,
    row,
    runs,
    set_row,
    table,
    tag_row,
    words,
)
from deliverables.docx.package import Package
from deliverables.docx.settlement import numbered_by
from deliverables.docx.style import ANNEX_NUMBERS, LETTER, SEAL_PLACE, Layout, blank
from deliverables.docx.style import PageSize as Paper

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.section import Section, _Footer, _Header

CONTENTS = ("目　录", "目录在生成文件时按各级标题编制", r'TOC \o "1-2" \h \z \u')
UNNUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'
AS_ANNEX = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{ANNEX_NUMBERS}"/></w:numPr>'
COVER_FOOT = 2400
"""Twips: the exact height of the row at the foot of a cover, in which organisation, place of the
seal and date stand. No frame and no empty lines: every program sets it alike, and what is left of
the page is slack for a title or a name that takes more lines."""

FORM_COLUMNS = (16.0, 34.0, 14.0, 36.0)
WIDE_FORM_COLUMNS = (21.0, 30.0, 19.0, 30.0)
"""Of a form one of whose labels is longer than `LONG_LABEL` characters."""
LONG_LABEL = 6
PROSE = 0.6
"""The share of a table's width from which a column holds prose: its rows may be tall, and break."""
APPROVAL_COLUMNS = (1.0, 2.0, 2.0, 2.0)
COVER_COLUMNS_MM = (32, 88)
_REFERENCE = re.compile(rb"<w:(?:header|footer)Reference [^>]*>")
"""Another library may register a prefix for its attribute; without, lxml counts ns0, ns1 …"""
_SIGNERS = ("编制", "审核", "批准")
TWIPS_PER_MM = 1440 / 25.4
SEALED_WITH = 2
"""How many paragraphs before a sign-off stay on its page: a seal and a signature go with text."""


def draft(page: tree.Page) -> bytes:
    """Return the Word template that a page says; the same page gives the same bytes."""
    drafted = _Draft(page.layout)
    drafted.add(page.blocks)
    return drafted.to_bytes()


def twips(millimetres: float) -> int:
    """Return millimetres in the unit of Word."""
    return round(millimetres * TWIPS_PER_MM)


def columns(widths: Sequence[float], paper: Paper) -> list[int]:
    """Return shares of the width between the margins in twips."""
    whole = twips(paper.type_width)
    return [round(whole * width / sum(widths)) for width in widths]


def _same_prefixes(body: bytes) -> bytes:
    """Return the body with its references to headers in the same bytes whatever was imported."""
    numbers = count()

    def renamed(found: re.Match[bytes]) -> bytes:
        prefix = b"ns%d" % next(numbers)
        attributes = re.sub(rb"\bxmlns:\w+=", b"xmlns:" + prefix + b"=", found[0])
        return re.sub(rb"\b\w+:id=", prefix + b":id=", attributes)

    return _REFERENCE.sub(renamed, body)


def _begins_condition(element: BaseOxmlElement) -> bool:
    return "".join(map(str, element.itertext())).startswith("{%p if ")


class _Draft:
    """A document that grows at its end."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._document = blank(layout)
        self._body = self._document.element.body
        self._paper = layout.page
        self._header: tuple[tree.Text, tree.Text] = ((), ())
        self._bookmarks = 0
        self._begins_page = False
        self._chapter = self._annex = self._tables = self._figures = 0

    def to_bytes(self) -> bytes:
        """Return the file, without the properties that the library invents."""
        buffer = BytesIO()
        self._document.save(buffer)
        package = Package.of(buffer.getvalue())
        for part in [name for name in package.parts if name.startswith("docProps/")]:
            package.drop(part)
        package.parts[package.document] = _same_prefixes(package.parts[package.document])
        return package.to_bytes()

    def add(self, blocks: Sequence[tree.Block]) -> None:
        """Add what each block says."""
        for block in blocks:
            self._block(block)

    def _block(self, block: tree.Block) -> None:  # noqa: C901, PLR0912  # one case for each block
        match block:
            case tree.StyledParagraph():
                self._paragraph(block)
            case tree.PageBreak():
                self._break()
            case tree.Branches():
                self._condition(block)
            case tree.Loop():
                self._tag(f"for {block.row} in {block.rows}")
                self.add(block.body)
                self._tag("endfor")
            case tree.TableCaption():
                self._tables += 1
                self._caption("Caption", "表", self._tables, block.text, block.name)
            case tree.ChartBlock():
                self._chart(block)
            case tree.LoopedTable():
                self._looped(block)
            case tree.FixedTable():
                self._fixed(block)
            case tree.FactTable():
                self._facts(block)
            case tree.FormTable():
                labels = [tree.plain(each.name) for fields in block.rows for each in fields]
                is_wide = (
                    max(len(line) for label in labels for line in label.split("\n")) > LONG_LABEL
                )
                widths = columns(WIDE_FORM_COLUMNS if is_wide else FORM_COLUMNS, self._paper)
                self._form([form_row(fields, widths) for fields in block.rows], widths, block)
            case tree.KeyFigures():
                self._key_figures(block)
            case tree.CoverPage():
                self._cover(block)
            case tree.Contents():
                self._contents()
            case tree.Header():
                self._header = (block.left, block.right)
                self._set_header()
            case tree.Footer():
                self._footer()
            case tree.Turn():
                self._turn(self._layout.page.landscape if block.landscape else self._layout.page)
            case tree.SealBlock():
                self._keep_last_with_next(SEALED_WITH)
                self._line("SignOff", block.organisation)
                self._line("SealPlace", words(SEAL_PLACE))
                self._line("SignOffDate", block.date)
            case tree.ApprovalTable():
                self._approval(block)

    # --- text

    def _line(self, style: str, text: tree.Text) -> None:
        self._add(paragraph(style, runs(text)))

    def _paragraph(self, block: tree.StyledParagraph) -> None:
        if block.annex:
            self._annex += 1
            self._tables = self._figures = 0
        elif block.style == "Heading1" and block.numbered:
            self._chapter += 1
            self._tables = self._figures = 0
        if block.style == "Source":
            self._keep_source()
        extra = "<w:keepNext/>" if block.keep else "" if block.numbered else UNNUMBERED
        extra = AS_ANNEX if block.annex else extra
        self._add(paragraph(block.style, runs(block.text), extra))

    def _break(self) -> None:
        """Let the next paragraph begin a page, which no program sets a line before."""
        self._end_page()
        self._begins_page = True

    def _end_page(self) -> None:
        if self._begins_page:  # nothing came that could begin it
            self._begins_page = False
            self._add(paragraph("Normal", '<w:r><w:br w:type="page"/></w:r>'))

    def _condition(self, block: tree.Branches) -> None:
        for number, case in enumerate(block.cases):
            asked = f"{'not ' if case.negated else ''}{case.name}"
            self._tag(f"{'elif' if number else 'if'} {asked}" if case.name else "else")
            self.add(case.body)
        self._tag("endif")

    def _tag(self, tag: str) -> None:
        self._line("Paragraph", words(f"{{%p {tag} %}}"))

    def _caption(self, style: str, label: str, number: int, text: tree.Text, name: str) -> None:
        label, chapter = numbered_by(label, self._annex, self._chapter)
        numbered = runs(words(f"{label} {chapter}-")) + field(
            rf"SEQ {label}{chapter} \* ARABIC", str(number)
        )
        if name:
            self._bookmarks += 1
            numbered = bookmark(caption_mark(name), self._bookmarks, numbered)
        self._add(paragraph(style, numbered + runs(tree.joined(words("　"), text))))

    def _chart(self, block: tree.ChartBlock) -> None:
        self._line("Figure", words(f"{{{{ {block.name} }}}}"))
        if block.caption:
            self._figures += 1
            name = block.name.replace(".", "_")
            self._caption("FigureCaption", "图", self._figures, block.caption, name)

    # --- tables

    def _looped(self, block: tree.LoopedTable) -> None:
        each = block.columns
        widths = columns([column.width for column in each], self._paper)
        size = "TableSmall" if block.small else "Table"
        heads = [column.head for column in each]
        styles = [cell_style(column.side, small=block.small) for column in each]
        rows = [
            set_row([f"{size}Header"] * len(each), heads, widths, header=True),
            tag_row(f"for {block.row} in {block.rows}", widths),
            set_row(
                styles,
                [column.content for column in each],
                widths,
                splits=max(widths) > PROSE * sum(widths),
            ),
            tag_row("endfor", widths),
        ]
        if block.has_total:
            sums = [cell_style(column.side, small=block.small, total=True) for column in each]
            rows.append(set_row(sums, [column.total for column in each], widths))
        marks = "firstRow lastRow" if block.has_total else "firstRow"
        self._add(table("HouseTable", widths, rows, marks=marks, title=tree.plain(heads[0])))
        if block.whole:
            self._keep_last_with_next(1)

    def _fixed(self, block: tree.FixedTable) -> None:
        widths = columns(block.widths, self._paper)
        rows = [set_row(["TableHeader"] * len(widths), block.rows[0], widths, header=True)]
        for number, cells in enumerate(block.rows[1:], 2):
            is_total = block.has_total and number == len(block.rows)
            styles = [cell_style(side, total=is_total) for side in block.sides]
            rows.append(set_row(styles, cells, widths))
        marks = "firstRow lastRow" if block.has_total else "firstRow"
        self._add(
            table("HouseTable", widths, rows, marks=marks, title=tree.plain(block.rows[0][0]))
        )

    def _facts(self, block: tree.FactTable) -> None:
        widths = columns((block.share, 100 - block.share), self._paper)
        rows = [set_row(["TableHeader", "TableText"], pair, widths) for pair in block.rows]
        self._add(table("HouseFacts", widths, rows, marks="firstColumn", title="信息表"))

    def _form(self, rows: Sequence[str], widths: Sequence[int], block: tree.FormTable) -> None:
        title = tree.plain(block.rows[0][0].name)
        self._add(table("HouseFacts", widths, rows, marks="firstColumn", title=title))

    def _key_figures(self, block: tree.KeyFigures) -> None:
        widths = columns([1.0] * len(block.figures), self._paper)
        rows = [
            set_row([style] * len(widths), [figure[line] for figure in block.figures], widths)
            for line, style in enumerate(("KeyLabel", "KeyFigure", "KeyLabel"))
        ]
        self._add(table("HousePanel", widths, rows, title="主要指标"))

    def _approval(self, block: tree.ApprovalTable) -> None:
        widths = columns(APPROVAL_COLUMNS, self._paper)
        heads = [words(head) for head in ("环节", "姓名", "签字", "日期")]
        rows = [set_row(["TableHeader"] * 4, heads, widths, header=True)]
        names = (block.prepared, block.reviewed, block.approved)
        for role, name in zip(_SIGNERS, names, strict=True):
            styles = ["TableHeader", *["Signature"] * 3]
            cells = (words(role), name, (), ())
            rows.append(set_row(styles, cells, widths))
        marks = "firstRow firstColumn"
        self._add(table("HouseFacts", widths, rows, marks=marks, title="审批表"))
        self._keep_last_with_next(SEALED_WITH)

    # --- pages

    def _cover(self, block: tree.CoverPage) -> None:
        self._section.different_first_page_header_footer = True
        self._line("Title", block.title)
        self._line("Subtitle", block.subtitle)
        widths = [twips(width) for width in COVER_COLUMNS_MM]
        rows = [set_row(["CoverFact", "CoverFact"], pair, widths) for pair in block.facts]
        self._add(table("HouseTable", widths, rows, title="封面信息"))
        wide = twips(self._paper.type_width)
        lines = tree.joined(block.organisation, words(f"\n{SEAL_PLACE}\n"), block.date)
        foot = row([cell("CoverSignOff", lines, wide, at_foot=True)], height=COVER_FOOT)
        self._add(table("TableNormal", [wide], [foot], title="落款"))
        self._break()

    def _contents(self) -> None:
        title, shown, instruction = CONTENTS
        self._begins_page = False  # the style of its title does
        self._line("ContentsTitle", words(title))
        self._add(paragraph("TOC1", field(instruction, shown)))
        self._break()

    def _set_header(self) -> None:
        left, right = self._header
        tab = f'<w:tabs><w:tab w:val="clear" w:pos="{twips(self._layout.page.type_width)}"/>'
        tab += f'<w:tab w:val="right" w:pos="{twips(self._paper.type_width)}"/></w:tabs>'
        turned = self._paper is not self._layout.page
        element = paragraph(
            "Header",
            runs(tree.joined(left, words("\t"), right) if right else left),
            tab if turned else "",
        )
        self._fill(self._section.header, element)

    def _footer(self) -> None:
        if self._layout is LETTER:
            numbered = runs(words("— ")) + field("PAGE", "1") + runs(words(" —"))
        else:
            numbered = (
                runs(words("第 ")) + field("PAGE", "1") + runs(words(" 页　共 "))
                + field("NUMPAGES", "1") + runs(words(" 页"))
            )  # fmt: skip
        self._fill(self._section.footer, paragraph("Footer", numbered))

    def _turn(self, paper: Paper) -> None:
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        section.different_first_page_header_footer = False
        section.orientation = (
            WD_ORIENT.LANDSCAPE if paper.width > paper.height else WD_ORIENT.PORTRAIT
        )
        section.page_width, section.page_height = Mm(paper.width), Mm(paper.height)
        section.top_margin, section.bottom_margin = Mm(paper.top), Mm(paper.bottom)
        section.left_margin, section.right_margin = Mm(paper.left), Mm(paper.right)
        self._paper = paper
        if any(self._header):
            self._set_header()

    @property
    def _section(self) -> Section:
        return self._document.sections[-1]

    # --- how it is done

    def _add(self, markup: str) -> None:
        element = parse_xml(markup)
        if self._begins_page:
            self._begin_page(element)
        before = self._body[-2] if len(self._body) > 1 else None
        if before is not None and before.tag == element.tag == qn("w:tbl"):
            self._line("TableText", ())  # or Word makes one table of the two
        self._body.insert(len(self._body) - 1, element)

    def _begin_page(self, element: BaseOxmlElement) -> None:
        """Let a paragraph begin a page, without the space that its style leaves before it."""
        if not isinstance(element, CT_P) or element.text.startswith("{%p"):
            self._end_page()
            return
        self._begins_page = False
        properties = element.get_or_add_pPr()
        properties.pageBreakBefore_val = True
        if self._layout.look(properties.style or "Normal").before:
            properties.spacing_before = Mm(0)

    def _keep_source(self) -> None:
        """Hold the last row of the table before on the page of its source, be that conditional."""
        above = reversed(list(self._body)[:-1])
        before = next((each for each in above if not _begins_condition(each)), None)
        if before is not None and before.tag == qn("w:tbl"):
            for found in before[-1].iter(qn("w:p")):
                found.get_or_add_pPr().get_or_add_keepNext()

    def _keep_last_with_next(self, wanted: int) -> None:
        """Hold the last paragraphs that have text, and all between, on the page of what follows.

        A table is held as a whole, alone: none is where there is text behind it.
        """
        held = 0
        for element in reversed(list(self._body)[:-1]):
            is_table = element.tag == qn("w:tbl")
            if held and is_table:
                return
            for found in element.iter(qn("w:p")):
                found.get_or_add_pPr().get_or_add_keepNext()
            text = "".join(element.itertext()).strip()
            held += bool(text) and not text.startswith("{%p")
            if held == wanted or is_table:
                return

    @staticmethod
    def _fill(story: _Header | _Footer, markup: str) -> None:
        story.is_linked_to_previous = False
        story._element[:] = [parse_xml(markup)]  # the library offers no other way
