"""A draft of a template: what it contains, in the order of the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

from deliverables.render.dressing import blank
from deliverables.render.house_style import LETTER, REPORT
from deliverables.render.look import Layout, Page
from deliverables.render.package import Package
from scripts.drafting import tables
from scripts.drafting.markup import bookmark, caption_mark, field, paragraph, runs

if TYPE_CHECKING:
    from docx.section import Section, _Footer, _Header

_TWIPS_PER_MM = 1440 / 25.4
_COVER_COLUMNS_MM = (32, 88)
_TOC = r'TOC \o "1-2" \h \z \u'


class Draft:
    """One template being written; every method adds what its name says at the end."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._document = blank(layout)
        self._body = self._document.element.body
        self._page: Page = layout.page
        self._header = ("", "")
        self._bookmarks = 0
        self._chapter = 0
        self._tables = 0
        self._figures = 0

    # --- text

    def title(self, text: str) -> None:
        """Add the document's title."""
        self.line("Title", text)

    def h1(self, text: str) -> None:
        """Add a chapter heading; Word numbers it 一、 and captions count from here anew."""
        self._chapter += 1
        self._tables = self._figures = 0
        self._heading("Heading1", text)

    def appendix(self, text: str) -> None:
        """Add a heading of the first level without a number: 附件1 ×××."""
        unnumbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'
        self._add(paragraph("Heading1", runs(text), unnumbered))

    def h2(self, text: str) -> None:
        """Add a section heading, numbered （一）."""
        self._heading("Heading2", text)

    def h3(self, text: str) -> None:
        """Add a heading numbered 1."""
        self._heading("Heading3", text)

    def paragraph(self, text: str, *, keep: bool = False) -> None:
        """Add a paragraph of body text; `keep` holds it on the page of what follows."""
        self._add(paragraph("Paragraph", runs(text), "<w:keepNext/>" if keep else ""))

    def line(self, style: str, text: str) -> None:
        """Add a paragraph in the style with the id `style` (see house_style.py)."""
        self._add(paragraph(style, runs(text)))

    def gap(self, lines: int = 1) -> None:
        """Add empty lines; letters set distances by whole lines."""
        for _ in range(lines):
            self._add(paragraph("Normal", ""))

    def page_break(self) -> None:
        """Start a new page."""
        self._add(paragraph("Normal", '<w:r><w:br w:type="page"/></w:r>'))

    # --- conditions and repetitions

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """Print what is added inside only if `condition`; `otherwise` starts the other case."""
        self._tag(f"if {condition}")
        yield
        self._tag("endif")

    def otherwise(self) -> None:
        """Within `when`: what follows is printed if the condition does not hold."""
        self._tag("else")

    @contextmanager
    def each(self, loop: str) -> Iterator[None]:
        """Print what is added inside once for each: `"o in outages"`."""
        self._tag(f"for {loop}")
        yield
        self._tag("endfor")

    # --- tables and charts

    def caption(self, text: str, name: str = "") -> None:
        """Add 表 chapter-number text, above the table that follows; [[name]] refers to it."""
        self._tables += 1
        self._caption("Caption", "表", self._tables, text, name)

    def table(
        self,
        headers: Sequence[str],
        *,
        widths: Sequence[float],
        loop: str,
        cells: Sequence[str],
        align: str = "",
        total: Sequence[str] | None = None,
        small: bool = False,
        title: str = "",
    ) -> None:
        """Add a table with a repeated header and a row for each of `loop` ("o in outages").

        `widths` are proportions of the type area, `align` a letter a column (l, c, r), `total`
        the cells of a last row, `small` 9 pt text for wide tables.
        """
        columns = self._columns(widths)
        self._add(
            tables.looped(
                columns,
                headers,
                loop=loop,
                cells=cells,
                align=align,
                total=total,
                small=small,
                title=title,
            )
        )

    def grid(
        self,
        rows: Sequence[Sequence[str]],
        *,
        widths: Sequence[float],
        align: str = "",
        header: bool = True,
        total: bool = False,
    ) -> None:
        """Add a table of fixed rows, the first of them the header."""
        self._add(tables.grid(self._columns(widths), rows, align, header=header, total=total))

    def facts(self, pairs: Sequence[tuple[str, str]], *, label_width: float = 0.28) -> None:
        """Add a table of names and values, the names shaded."""
        self._add(tables.facts(self._columns((label_width, 1 - label_width)), pairs))

    def key_figures(self, figures: Sequence[tuple[str, str, str]]) -> None:
        """Add a row of large values: (name, value, requirement and verdict)."""
        self._add(tables.key_figures(self._columns([1.0] * len(figures)), figures))

    def source(self, text: str) -> None:
        """Add the line under a table or chart that says where its data come from."""
        self.line("Source", text)

    def chart(self, name: str, caption: str) -> None:
        """Add the chart `name` with its caption 图 chapter-number below; [[name]] refers to it."""
        self._figures += 1
        self.line("Figure", f"{{{{ {name} }}}}")
        self._caption("FigureCaption", "图", self._figures, caption, name.replace(".", "_"))

    # --- the frame of a document

    def cover(
        self,
        *,
        title: str,
        subtitle: str,
        facts: Sequence[tuple[str, str]],
        organisation: str,
        date: str,
    ) -> None:
        """Add a cover page: title, period, an information table, the place of the seal."""
        self.line("Title", title)
        self.line("Subtitle", subtitle)
        self._add(tables.cover_facts([_twips(width) for width in _COVER_COLUMNS_MM], facts))
        self._add(paragraph("CoverSignOff", runs(organisation), _space_before(90)))
        self.line("CoverSignOff", "（盖章处）")
        self.line("CoverSignOff", date)
        self.page_break()

    def contents(self) -> None:
        """Add the contents; the entries are made from the headings when a document is."""
        self.line("ContentsTitle", "目　录")
        self._add(paragraph("TOC1", field(_TOC, "目录在生成文件时按各级标题编制")))
        self.page_break()

    def seal_block(self, organisation: str, date: str) -> None:
        """Add organisation, （盖章处） and date, kept with the two paragraphs before them."""
        self._keep_last_with_next(2)
        self.line("SignOff", organisation)
        place = self._bookmarked("seal_anchor", runs("（盖章处）"))
        self._add(paragraph("SealPlace", place))
        self.line("SignOffDate", date)

    def approval(self, prepared: str, reviewed: str, approved: str) -> None:
        """Add the table 编制 / 审核 / 批准 with room for signatures."""
        signers = (("编制", prepared), ("审核", reviewed), ("批准", approved))
        self._add(tables.approval(self._columns((1, 2, 2, 2)), signers))

    def header(self, left: str, right: str = "") -> None:
        """Set the header of the pages from here on: report name left, period right."""
        self._header = (left, right)
        tab = f'<w:tabs><w:tab w:val="clear" w:pos="{_twips(self.layout.page.type_width)}"/>'
        tab += f'<w:tab w:val="right" w:pos="{_twips(self._page.type_width)}"/></w:tabs>'
        turned = self._page is not self.layout.page
        content = runs(f"{left}\t{right}" if right else left)
        element = paragraph("Header", content, tab if turned else "")
        self._fill(self._section.header, element)

    def footer(self) -> None:
        """Number the pages: 第 X 页 共 Y 页 in a report, — X — in a letter."""
        if self.layout is LETTER:
            numbered = runs("— ") + field("PAGE", "1") + runs(" —")
        else:
            numbered = (
                runs("第 ")
                + field("PAGE", "1")
                + runs(" 页　共 ")
                + field("NUMPAGES", "1")
                + runs(" 页")
            )
        self._fill(self._section.footer, paragraph("Footer", numbered))

    @contextmanager
    def landscape(self) -> Iterator[None]:
        """Put what is added inside on pages lying on their side, with the same header."""
        self._turn(self.layout.page.landscape)
        yield
        self._turn(self.layout.page)

    def save(self, path: Path) -> None:
        """Write the template; the same draft gives the same bytes."""
        self._document.save(str(path))
        package = Package.read(path)
        for part in [name for name in package.parts if name.startswith("docProps/")]:
            package.drop(part)
        path.write_bytes(package.to_bytes())

    # --- how it is done

    @property
    def _section(self) -> Section:
        return self._document.sections[-1]

    def _add(self, markup: str) -> None:
        element = parse_xml(markup)
        before = self._body[-2] if len(self._body) > 1 else None
        if before is not None and before.tag == element.tag == qn("w:tbl"):
            self.line("TableText", "")  # or Word makes one table of the two
        self._body.insert(len(self._body) - 1, element)

    def _tag(self, words: str) -> None:
        self._add(paragraph("Paragraph", runs(f"{{%p {words} %}}")))

    def _heading(self, style: str, text: str) -> None:
        self._add(paragraph(style, runs(text)))

    def _bookmarked(self, name: str, content: str) -> str:
        self._bookmarks += 1
        return bookmark(name, self._bookmarks, content)

    def _caption(self, style: str, label: str, number: int, text: str, name: str) -> None:
        chapter = max(self._chapter, 1)
        numbered = runs(f"{label} {chapter}-") + field(
            rf"SEQ {label}{chapter} \* ARABIC", str(number)
        )
        if name:
            numbered = self._bookmarked(caption_mark(name), numbered)
        self._add(paragraph(style, numbered + runs(f"　{text}")))

    def _columns(self, widths: Sequence[float]) -> list[int]:
        whole = _twips(self._page.type_width)
        return [round(whole * width / sum(widths)) for width in widths]

    def _keep_last_with_next(self, wanted: int) -> None:
        """Hold the last paragraphs that have text, and all between, on the page of what follows."""
        for element in reversed(list(self._body)[:-1]):
            for found in element.iter(qn("w:p")):
                found.get_or_add_pPr().get_or_add_keepNext()
            text = "".join(element.itertext()).strip()
            wanted -= bool(text) and not text.startswith("{%p")
            if not wanted:
                return

    @staticmethod
    def _fill(story: _Header | _Footer, markup: str) -> None:
        story.is_linked_to_previous = False
        story._element[:] = [parse_xml(markup)]  # python-docx offers no other way

    def _turn(self, page: Page) -> None:
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = (
            WD_ORIENT.LANDSCAPE if page.width > page.height else WD_ORIENT.PORTRAIT
        )
        section.page_width, section.page_height = Mm(page.width), Mm(page.height)
        section.top_margin, section.bottom_margin = Mm(page.top), Mm(page.bottom)
        section.left_margin, section.right_margin = Mm(page.left), Mm(page.right)
        self._page = page
        if any(self._header):
            self.header(*self._header)


def letter() -> Draft:
    """Return a new letter, agreement or notice: GB/T 9704."""
    return Draft(LETTER)


def report() -> Draft:
    """Return a new report."""
    return Draft(REPORT)


def _twips(millimetres: float) -> int:
    return round(millimetres * _TWIPS_PER_MM)


def _space_before(points: int) -> str:
    return f'<w:spacing w:before="{points * 20}"/>'
