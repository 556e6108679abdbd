"""The pages a draft is written on: sections, headers, footers, and how something is added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

from deliverables.docx.package import Package
from deliverables.docx.style import LETTER, Layout, Page, blank
from scripts.drafting.markup import bookmark, field, paragraph, runs

if TYPE_CHECKING:
    from docx.section import Section, _Footer, _Header

_TWIPS_PER_MM = 1440 / 25.4


class Pages:
    """A document that grows at its end."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._document = blank(layout)
        self._body = self._document.element.body
        self._page: Page = layout.page
        self._header = ("", "")
        self._bookmarks = 0

    def line(self, style: str, text: str) -> None:
        """Add a paragraph in the style with the id `style` (see house_style.py)."""
        self._add(paragraph(style, runs(text)))

    def header(self, left: str, right: str = "") -> None:
        """Set the header of the pages from here on: report name left, period right."""
        self._header = (left, right)
        tab = f'<w:tabs><w:tab w:val="clear" w:pos="{twips(self.layout.page.type_width)}"/>'
        tab += f'<w:tab w:val="right" w:pos="{twips(self._page.type_width)}"/></w:tabs>'
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

    @property
    def _section(self) -> Section:
        return self._document.sections[-1]

    def _add(self, markup: str) -> None:
        element = parse_xml(markup)
        before = self._body[-2] if len(self._body) > 1 else None
        if before is not None and before.tag == element.tag == qn("w:tbl"):
            self.line("TableText", "")  # or Word makes one table of the two
        self._body.insert(len(self._body) - 1, element)

    def _bookmarked(self, name: str, content: str) -> str:
        self._bookmarks += 1
        return bookmark(name, self._bookmarks, content)

    def _columns(self, widths: Sequence[float]) -> list[int]:
        whole = twips(self._page.type_width)
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
        section.different_first_page_header_footer = False
        section.orientation = (
            WD_ORIENT.LANDSCAPE if page.width > page.height else WD_ORIENT.PORTRAIT
        )
        section.page_width, section.page_height = Mm(page.width), Mm(page.height)
        section.top_margin, section.bottom_margin = Mm(page.top), Mm(page.bottom)
        section.left_margin, section.right_margin = Mm(page.left), Mm(page.right)
        self._page = page
        if any(self._header):
            self.header(*self._header)


def twips(millimetres: float) -> int:
    """Return millimetres in the unit of Word."""
    return round(millimetres * _TWIPS_PER_MM)
