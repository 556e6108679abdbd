"""A draft of a template: what it contains, in the order of the pages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from deliverables.docx.style import LETTER, REPORT, Layout
from scripts.drafting import tables
from scripts.drafting.markup import caption_mark, field, paragraph, runs
from scripts.drafting.pages import Pages, twips

_COVER_COLUMNS_MM = (32, 88)
_AT_FOOT = (
    '<w:framePr w:w="8800" w:hSpace="180" w:wrap="notBeside" w:vAnchor="margin"'
    ' w:hAnchor="margin" w:xAlign="center" w:yAlign="bottom"/>'
)
"""Word's text frame: the last lines of a cover stand at its foot however long its title is."""

_TOC = r'TOC \o "1-2" \h \z \u'


class Draft(Pages):
    """One template being written; every method adds what its name says at the end."""

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
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
        whole: bool = False,
        title: str = "",
    ) -> None:
        """Add a table with a repeated header and a row for each of `loop` ("o in outages").

        `widths` are proportions of the type area, `align` a letter a column (l, c, r), `total`
        the cells of a last row, `small` 9 pt text for wide tables. A `whole` table keeps its
        rows and the line below it on one page; it is for tables of few rows.
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
        if whole:
            self._keep_last_with_next(1)

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

    def form(
        self,
        rows: Sequence[Sequence[tuple[str, str]]],
        *,
        small: Collection[str] = (),
    ) -> None:
        """Add a form to be printed and filled in: rows of one or two names, each with its space.

        The values of names in `small` are set in 9 pt.
        """
        self._add(tables.form(self._columns((16, 34, 14, 36)), rows, small))

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
        """Add a cover page: title, period, an information table, the place of the seal.

        It has neither header nor footer.
        """
        self._section.different_first_page_header_footer = True
        self.line("Title", title)
        self.line("Subtitle", subtitle)
        self._add(tables.cover_facts([twips(width) for width in _COVER_COLUMNS_MM], facts))
        for text in (organisation, "（盖章处）", date):
            self._add(paragraph("CoverSignOff", runs(text), _AT_FOOT))
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
        self._add(paragraph("SealPlace", runs("（盖章处）")))
        self.line("SignOffDate", date)

    def approval(self, prepared: str, reviewed: str, approved: str) -> None:
        """Add the table 编制 / 审核 / 批准 with room for signatures."""
        signers = (("编制", prepared), ("审核", reviewed), ("批准", approved))
        self._add(tables.approval(self._columns((1, 2, 2, 2)), signers))

    # --- how it is done

    def _tag(self, words: str) -> None:
        self._add(paragraph("Paragraph", runs(f"{{%p {words} %}}")))

    def _heading(self, style: str, text: str) -> None:
        self._add(paragraph(style, runs(text)))

    def _caption(self, style: str, label: str, number: int, text: str, name: str) -> None:
        chapter = max(self._chapter, 1)
        numbered = runs(f"{label} {chapter}-") + field(
            rf"SEQ {label}{chapter} \* ARABIC", str(number)
        )
        if name:
            numbered = self._bookmarked(caption_mark(name), numbered)
        self._add(paragraph(style, numbered + runs(f"　{text}")))


def letter() -> Draft:
    """Return a new letter, agreement or notice: GB/T 9704."""
    return Draft(LETTER)


def report() -> Draft:
    """Return a new report."""
    return Draft(REPORT)
