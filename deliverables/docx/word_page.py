"""A Word template turned back into a page: its styles say what each paragraph and table is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from lxml import etree

from deliverables.docx import page as tree
from deliverables.docx.house_text import HEADINGS, PARAGRAPHS, TAG, refusal
from deliverables.docx.package import Package, Story, W, own, stories
from deliverables.docx.page import CellSide, Reference, Text, TextRun
from deliverables.docx.style import ANNEX_NUMBERS, SEAL_PLACE, Layout
from deliverables.docx.style import PageSize as Paper
from deliverables.docx.style_sheet import (
    WHOLE_NUMBER,
    StyleSheet,
    house_ids,
    house_sheet,
    is_turned,
    sheet_of,
    stated,
)
from deliverables.docx.word_draft import (
    CONTENTS,
    FORM_COLUMNS,
    SEALED_WITH,
    TWIPS_PER_MM,
    columns,
    draft,
)
from deliverables.values.figure import Line
from deliverables.values.problem import Message, listed, say

_SAID: Final = frozenset((*PARAGRAPHS.values(), *HEADINGS.values(), "Paragraph"))
_MOVED: Final = 2
_SIDES: Final = {"Number": CellSide.RIGHT, "Centred": CellSide.CENTRE}
_SILENT: Final = frozenset(
    ("lang", "noProof", "webHidden", "kern", "bidi", "suppressAutoHyphens", "suppressLineNumbers",
     "autoSpaceDE", "autoSpaceDN", "adjustRightInd", "kinsoku", "wordWrap", "overflowPunct",
     "topLinePunct", "bCs", "iCs", "szCs", "rPr", "sectPr", "pStyle", "rStyle", "widowControl",
     "cnfStyle", "rPrChange", "pPrChange", "textAlignment", "rtl", "cs", "divId")
)  # fmt: skip
"""Properties that say nothing of the look, or what another rule tells."""
_PASSING: Final = frozenset(
    ("pPr", "proofErr", "bookmarkEnd", "permStart", "permEnd", "lastRenderedPageBreak", "rPr",
     "softHyphen", "annotationRef", "moveFromRangeStart", "moveFromRangeEnd")
)  # fmt: skip
_HELD: Final = {
    "drawing": say("a drawing or picture"),
    "pict": say("a drawing or picture"),
    "object": say("an embedded object"),
    "footnoteReference": say("a footnote"),
    "endnoteReference": say("an endnote"),
    "commentReference": say("a comment"),
    "ins": say("a tracked change"),
    "del": say("a tracked change"),
    "moveFrom": say("a tracked change"),
    "moveTo": say("a tracked change"),
    "oMath": say("an equation"),
    "oMathPara": say("an equation"),
    "sym": say("a sign of a symbol font"),
    "ruby": say("phonetic signs"),
    "altChunk": say("another document"),
    "AlternateContent": say("a drawing or picture"),
}
_SIGNS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SAYING: Final = frozenset(("t", "fldChar", "instrText", "bookmarkStart", *_SIGNS))
_AROUND: Final = frozenset(("smartTag", "customXml", "sdt", "sdtContent", "hyperlink"))
_MARKS: Final = ("bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd")
_IN_TABLES: Final = {
    "tbl": ("tblPr", "tblGrid", "tr", *_MARKS),
    "tr": ("trPr", "tblPrEx", "tc", *_MARKS),
    "tc": ("tcPr", "p", *_MARKS),
}


class LossKind(Enum):
    """What is lost with it: how something looks, a style that is not the house's, or matter."""

    LOOK = "look"
    STYLE = "style"
    MATTER = "matter"


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What a Word file holds that a text cannot say, with its place."""

    message: Message
    kind: LossKind


def page_of(package: Package, layout: Layout, file: str) -> tuple[tree.Page, tuple[Unsaid, ...]]:
    """Return the page that a Word template says by its styles, and all that is not in it."""
    reader = _BodyReader(package, layout, file)
    page = tree.Page(file, layout, reader.read())
    found = [*reader.untold]
    if all(untold.kind is not LossKind.MATTER for untold in found):
        found += _lost(package, Package.of(draft(page)))
    once = {str(untold.message): untold for untold in found}
    return page, tuple(once.values())


def _lost(package: Package, drafted: Package) -> Iterator[Unsaid]:
    """Yield the paragraphs whose words stand nowhere in what is drafted again.

    This looks at nothing but words, so that nothing which the reader passed over goes unseen.
    """
    left = Counter(_bare(found) for story in stories(drafted) for _, found in story.paragraphs)
    for story in stories(package):
        for place, found in story.paragraphs:
            words = _bare(found)
            if words and not left[words] and not _is_made(found):
                what = say("words that would be lost")
                yield Unsaid(
                    say("{place}: {what}", place=place.message, what=what), LossKind.MATTER
                )
            left[words] -= 1


@dataclass(slots=True)
class _Words:
    """What a paragraph says: its text, its fields' instructions, its bookmarks, page breaks."""

    pieces: list[TextRun | Reference] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    page_break: bool = False
    begins_page: bool = False
    """Whether a break stands before its first word, as LibreOffice saves `pageBreakBefore`."""
    _state: str = ""
    _instruction: str = ""

    @property
    def text(self) -> Text:
        """The words, a tag always in one weight."""
        return _whole_tags(tree.joined(tuple(self.pieces)))

    def mark(self, kind: str) -> None:
        """Go past the begin, separate or end of a field."""
        if kind == "separate" or (kind == "end" and self._state == "begin"):
            self.fields.append(self._instruction.strip())
            if mark := re.match(r"REF _Ref_(\w+)", self.fields[-1]):
                self.pieces.append(Reference(mark[1]))
        if kind == "begin":
            self._instruction = ""
        self._state = "" if kind == "end" else kind

    def instruct(self, words: str) -> None:
        """Add to the instruction of the field that is open."""
        self._instruction += words

    def say(self, words: str, *, strong: bool) -> None:
        """Add words, but not those that a reference shows for now."""
        shown = self._state == "separate" and self.fields[-1].startswith("REF _Ref_")
        if words and not shown:
            self.pieces.append(TextRun(words, strong))


@dataclass(slots=True)
class _OpenBlock:
    """A condition or loop whose end is still to come; `blocks` is where what follows goes."""

    tag: str
    blocks: list[tree.Block]
    cases: list[tree.Branch] = field(default_factory=list)


class _BodyReader:
    """Goes through the body once, from the first element to the last."""

    def __init__(self, package: Package, layout: Layout, file: str) -> None:
        self.untold: list[Unsaid] = []
        self._package = package
        self._layout = layout
        self._at = Line(file)
        self._sheet: StyleSheet = sheet_of(package)
        self._house = house_sheet(layout)
        self._ids = house_ids(self._sheet, self._house)
        self._stories = {story.part: story for story in stories(package)}
        self._story: Story = self._stories[package.document]
        self._body: list[etree._Element] = []
        self._sections: list[etree._Element] = list(self._story.root.iter(f"{W}sectPr"))
        self._section = 0
        self._kept: set[etree._Element] = set()
        self._open: list[_OpenBlock] = [_OpenBlock("", [])]

    # --- the page as a whole

    def read(self) -> tuple[tree.Block, ...]:
        """Return the blocks of the page."""
        self._head_and_foot()
        body = self._story.root.find(f"{W}body")
        self._body = [] if body is None else list(self._elements(body))
        self._seals()
        place = 0
        while place < len(self._body):
            place += self._element(place)
        for opened in self._open[1:]:
            self._hold(None, say("{tag} has no end", tag=opened.tag))
        return tuple(self._open[0].blocks)

    def _elements(self, parent: etree._Element) -> Iterator[etree._Element]:
        """Yield paragraphs and tables, those in content controls too."""
        for child in parent:
            match _name(child):
                case "p" | "tbl":
                    yield child
                case "sdt" | "sdtContent" | "customXml" | "smartTag":
                    yield from self._elements(child)
                case name if name in _HELD:
                    self._hold(child, _HELD[name])
                case _:
                    pass

    def _paper(self, section: etree._Element | None) -> Paper:
        turned = section is not None and is_turned(section)
        return self._layout.page.landscape if turned else self._layout.page

    @property
    def _here(self) -> Paper:
        """The paper of the section that is being read."""
        place = min(self._section, len(self._sections) - 1)
        return self._paper(self._sections[place] if self._sections else None)

    def _head_and_foot(self) -> None:
        """Take header and footer of the first section; those of others must say the same."""
        for kind in ("header", "footer"):
            said: list[tree.Header | tree.Footer] = []
            for section in self._sections:
                for reference in section.findall(f"{W}{kind}Reference"):
                    part = self._package.target(self._package.document, _id(reference))
                    story = self._stories.get(part or "")
                    if reference.get(f"{W}type", "default") != "default":
                        continue  # words that stand there are found missing
                    if story is not None and kind == "header":
                        said.append(self._header(story))
                    elif story is not None:
                        said.append(self._footer(story))
            if not said:
                continue
            self._add(said[0])
            if any(other != said[0] for other in said[1:]):
                self._hold(None, say("headers or footers that differ between sections"))

    def _header(self, story: Story) -> tree.Header:
        text = self._story_text(story)
        left: list[TextRun | Reference] = []
        right: list[TextRun | Reference] = []
        goes_to = left
        for piece in text:
            if isinstance(piece, Reference) or "\t" not in piece.words:
                goes_to.append(piece)
                continue
            before, _, after = piece.words.partition("\t")
            left += [TextRun(before, piece.strong)] if before else []
            goes_to = right
            right += [TextRun(after, piece.strong)] if after else []
        return tree.Header(self._at, tuple(left), tuple(right))

    def _footer(self, story: Story) -> tree.Footer:
        words = tree.plain(self._story_text(story))
        if re.sub(r"[—\-–\s　第页共\d/]", "", words):
            self._hold(next(story.root.iter(f"{W}p"), None), say("a footer of other words"), story)
        return tree.Footer(self._at)

    def _story_text(self, story: Story) -> Text:
        found = list(story.root)
        before, self._story = self._story, story
        for element in found[1:]:
            self._hold(element, say("a second paragraph or a table"))
        text = self._words(found[0]).text if found and _name(found[0]) == "p" else ()
        self._story = before
        return text

    def _seals(self) -> None:
        """Remember what is kept with a seal only because it is near one."""
        for place, element in enumerate(self._body):
            if self._style(element) != "SignOff":
                continue
            held = 0
            for before in reversed(self._body[:place]):
                is_table = _name(before) == "tbl"
                if held and is_table:
                    break
                self._kept.add(before)
                text = _plain(before)
                held += bool(text) and not text.startswith("{%p")
                if held == SEALED_WITH or is_table:
                    break

    # --- elements of the body

    def _element(self, place: int) -> int:
        """Add what stands at `place` and return how many elements that took."""
        element = self._body[place]
        if _name(element) == "tbl":
            self._table(element)
            return 1
        for shape in (self._contents, self._cover, self._seal_block, self._chart):
            if taken := shape(place):
                return taken
        self._paragraph(element)
        return 1

    def _paragraph(self, element: etree._Element) -> None:
        words = self._words(element)
        text, style = words.text, self._style(element)
        said = tree.plain(text)
        begins = _begins_page(element) or (words.begins_page and bool(text))
        breaks = words.page_break or (words.begins_page and not text)
        if begins and not self._is_behind_pages_of_its_own():
            self._add(tree.PageBreak(self._at))
        if tag := re.fullmatch(r"\{%p\s+(.*?)\s*%\}", said):
            self._tag(tag[1], element)
        elif style == "Caption" and any("SEQ" in each for each in words.fields):
            self._add(tree.TableCaption(self._at, _after_number(text), _caption_name(words.marks)))
        elif text:
            self._add(self._said(element, style, text))
        elif style == "TableText":
            self._add(tree.StyledParagraph(self._at, style))
        elif (
            not (words.page_break or words.begins_page)
            and element.find(f"{W}pPr/{W}sectPr") is None
        ):
            self._add(tree.StyledParagraph(self._at, "Normal"))
        if breaks:
            self._add(tree.PageBreak(self._at))
        if element.find(f"{W}pPr/{W}sectPr") is not None:
            self._next_section(element)

    def _said(self, element: etree._Element, style: str, text: Text) -> tree.StyledParagraph:
        known = style if style in _SAID and self._has(style) else "Paragraph"
        if known != style:
            name = self._sheet.name(self._own_style(element)) or say("nothing")
            self._look(element, say("the style {style}", style=name), LossKind.STYLE)
        number = element.find(f"{W}pPr/{W}numPr/{W}numId")
        unnumbered = number is not None and number.get(f"{W}val") == "0"
        if number is not None and not unnumbered and not known.startswith("Heading"):
            self._hold(element, say("a number or bullet set by hand"))
        keeps = element.find(f"{W}pPr/{W}keepNext") is not None and element not in self._kept
        in_annexes = number is not None and number.get(f"{W}val") == ANNEX_NUMBERS
        return tree.StyledParagraph(
            self._at, known, text,
            keep=keeps and known == "Paragraph",
            numbered=not (unnumbered and known == "Heading1"),
            annex=in_annexes and known == "Heading1",
        )  # fmt: skip

    def _next_section(self, element: etree._Element) -> None:
        before = is_turned(self._sections[self._section])
        self._section += 1
        after = is_turned(self._sections[self._section])
        if before != after:
            self._add(tree.Turn(self._at, landscape=after))
        else:
            self._look(element, say("a section; a new page takes its place"), LossKind.STYLE)
            self._add(tree.PageBreak(self._at))

    def _contents(self, place: int) -> int:
        """Take the contents with its title and the new page after it."""
        element = self._body[place]
        title = self._style(element) == "ContentsTitle" and _plain(element) == CONTENTS[0]
        at = place + 1 if title and place + 1 < len(self._body) else place
        codes = "".join(code.text or "" for code in self._body[at].iter(f"{W}instrText"))
        if not re.match(r"\s*TOC\b", codes):
            return 0
        depth, end = 0, at
        while end < len(self._body):
            for mark in self._body[end].iter(f"{W}fldChar"):
                kind = mark.get(f"{W}fldCharType")
                depth += (kind == "begin") - (kind == "end")
            end += 1
            if not depth:
                break
        if end < len(self._body) and self._is_page_break(self._body[end]):
            end += 1
        self._add(tree.Contents(self._at))
        return end - place

    def _cover(self, place: int) -> int:
        """Take title, period, facts, and what stands at the foot of a cover."""
        shape = self._body[place : place + 6]
        if [self._style(element) for element in shape[:2]] != ["Title", "Subtitle"]:
            return 0
        if len(shape) < 4 or _name(shape[2]) != "tbl":  # noqa: PLR2004  # facts and foot
            return 0
        foot, taken = self._cover_foot(shape[3:])
        if [self._style(each) for each in foot] != ["CoverSignOff"] * 3:
            return 0
        rows = tuple((row[0], row[1]) for row in self._rows(shape[2]) if len(row) == 2)  # noqa: PLR2004
        said = [self._words(each).text for each in (*shape[:2], foot[0], foot[2])]
        self._add(tree.CoverPage(self._at, said[0], said[1], said[2], said[3], rows))
        end = place + 3 + taken
        ends = end < len(self._body) and self._is_page_break(self._body[end])
        return 3 + taken + int(ends)

    @staticmethod
    def _cover_foot(shape: list[etree._Element]) -> tuple[list[etree._Element], int]:
        """Return the lines at the foot of a cover, and how many elements hold them.

        They stand in a table of one cell, or by themselves, after the line between two tables.
        """
        skipped = int(_name(shape[0]) == "p" and not _plain(shape[0]))
        if skipped < len(shape) and _name(shape[skipped]) == "tbl":
            return list(shape[skipped].iter(f"{W}p")), skipped + 1
        return shape[:3], 3

    def _seal_block(self, place: int) -> int:
        shape = self._body[place : place + 3]
        if [self._style(element) for element in shape] != ["SignOff", "SealPlace", "SignOffDate"]:
            return 0
        if _plain(shape[1]) != SEAL_PLACE:
            return 0
        organisation, date = self._words(shape[0]).text, self._words(shape[2])
        self._add(tree.SealBlock(self._at, organisation, date.text))
        if date.page_break:
            self._add(tree.PageBreak(self._at))
        return 3

    def _chart(self, place: int) -> int:
        element = self._body[place]
        tag = re.fullmatch(r"\{\{\s*([\w.]+)\s*\}\}", _plain(element))
        if self._style(element) != "Figure" or not tag:
            return 0
        after = self._body[place + 1] if place + 1 < len(self._body) else None
        if after is not None and self._style(after) == "FigureCaption":
            self._add(tree.ChartBlock(self._at, tag[1], _after_number(self._words(after).text)))
            return 2
        self._add(tree.ChartBlock(self._at, tag[1]))
        return 1

    def _is_behind_pages_of_its_own(self) -> bool:
        """Return whether what was read last is a cover or contents, after which a page begins."""
        blocks = self._open[-1].blocks
        return bool(blocks) and isinstance(blocks[-1], tree.CoverPage | tree.Contents)

    def _is_page_break(self, element: etree._Element) -> bool:
        breaks = [mark for mark in element.iter(f"{W}br") if mark.get(f"{W}type") == "page"]
        return bool(breaks) and not _plain(element)

    # --- conditions and loops

    def _tag(self, words: str, element: etree._Element) -> None:
        """Open, divide or close a condition or loop."""
        if why := refusal(f"{{% {words} %}}"):
            self._hold(element, why)
            return
        said = " ".join(words.split())
        opened = self._open[-1]
        match said.split():
            case ["if", *asked]:
                self._open.append(_OpenBlock(said, [], [self._case(asked)]))
            case ["elif", *asked] if opened.cases:
                self._close_case(opened)
                opened.cases.append(self._case(asked))
            case ["else"] if opened.cases:
                self._close_case(opened)
                opened.cases.append(self._case([]))
            case ["endif"] if opened.cases:
                self._close_case(opened)
                self._open.pop()
                self._add(tree.Branches(self._at, tuple(opened.cases)))
            case ["for", *_]:
                self._open.append(_OpenBlock(said, []))
            case ["endfor"] if opened.tag.startswith("for "):
                self._open.pop()
                _, row, _, rows = opened.tag.split()
                self._add(tree.Loop(self._at, row, rows, tuple(opened.blocks)))
            case _:
                self._hold(element, say("{tag} ends or divides nothing", tag=f"{{% {said} %}}"))

    def _case(self, asked: Sequence[str]) -> tree.Branch:
        return tree.Branch(self._at, asked[-1] if asked else "", len(asked) > 1, ())

    @staticmethod
    def _close_case(opened: _OpenBlock) -> None:
        last = opened.cases[-1]
        opened.cases[-1] = tree.Branch(last.source, last.name, last.negated, tuple(opened.blocks))
        opened.blocks = []

    # --- tables

    def _table(self, table: etree._Element) -> None:
        style = self._house_style(table, f"{W}tblPr/{W}tblStyle")
        if not style:
            self._look(table, say("the style of the table"), LossKind.STYLE)
        self._table_by_hand(table)
        rows = list(table.iterchildren(f"{W}tr"))
        tags = [_tag_of_row(row) for row in rows]
        shapes = (
            self._looped if any(tags)
            else self._key_figures if style == "HousePanel"
            else self._of_names if style == "HouseFacts"
            else self._fixed
        )  # fmt: skip
        block = None if self._is_odd(table) else shapes(table, rows)
        if block is None:
            self._hold(table, say("a table of another shape"))
        else:
            self._add(block)

    @staticmethod
    def _is_odd(table: etree._Element) -> bool:
        """Return whether a table holds another, merged cells, or rows and cells in controls."""
        return any(table.find(f".//{W}{name}") is not None for name in ("vMerge", "hMerge")) or any(
            _name(child) not in _IN_TABLES.get(_name(parent), (_name(child),))
            for parent in table.iter(f"{W}tbl", f"{W}tr", f"{W}tc")
            for child in parent
        )

    def _looped(self, table: etree._Element, rows: list[etree._Element]) -> tree.Block | None:
        """Return a table of a head, one row for each of a list, and perhaps a total."""
        tags = [_tag_of_row(row) for row in rows]
        if len(rows) not in (4, 5) or tags[:4] != [None, tags[1], None, tags[3]]:
            return None
        loop = re.fullmatch(r"for\s+(\w+)\s+in\s+([\w.]+)", tags[1] or "")
        if not loop or tags[3] != "endfor":
            return None
        heads, cells = self._cells(rows[0]), self._cells(rows[2])
        total = self._cells(rows[4]) if len(rows) == 5 else []  # noqa: PLR2004  # the fifth
        widths = self._shares(table)
        if not len(heads) == len(cells) == len(widths) or (total and len(total) != len(heads)):
            return None
        styles = [self._cell_style(cell) for cell in rows[2].iterchildren(f"{W}tc")]
        each = tuple(
            tree.LoopColumn(self._at, head, width, _side(style), cell, total[n] if total else ())
            for n, (head, width, style, cell) in enumerate(
                zip(heads, widths, styles, cells, strict=True)
            )
        )
        marks = list(rows[2].iter(f"{W}keepNext"))
        return tree.LoopedTable(
            self._at, loop[1], loop[2], each,
            small=any(style.startswith("TableSmall") for style in styles),
            whole=bool(marks) and table not in self._kept,
            has_total=bool(total),
        )  # fmt: skip

    def _fixed(self, table: etree._Element, rows: list[etree._Element]) -> tree.Block | None:
        cells = [self._cells(row) for row in rows]
        widths = self._shares(table)
        if not rows or any(len(row) != len(widths) for row in cells):
            return None
        kinds = [self._cell_style(cell) for cell in rows[-1].iterchildren(f"{W}tc")]
        has_total = any(style.startswith("TableTotal") for style in kinds)
        sample = rows[1] if len(rows) > 1 else rows[0]
        sides = tuple(_side(self._cell_style(cell)) for cell in sample.iterchildren(f"{W}tc"))
        return tree.FixedTable(
            self._at, tuple(widths), sides, tuple(tuple(row) for row in cells), has_total
        )

    def _of_names(self, table: etree._Element, rows: list[etree._Element]) -> tree.Block | None:
        """Return facts, a form or a table of signatures: the tables whose names are shaded."""
        cells = [self._cells(row) for row in rows]
        if cells and [tree.plain(cell) for cell in cells[0]] == ["环节", "姓名", "签字", "日期"]:
            names = [row[1] for row in cells[1:] if len(row) == 4]  # noqa: PLR2004
            if len(names) != 3:  # noqa: PLR2004  # who prepared, reviewed, approved
                return None
            return tree.ApprovalTable(self._at, names[0], names[1], names[2])
        widths = [_whole(each.get(f"{W}w")) for each in table.iterfind(f"{W}tblGrid/{W}gridCol")]
        if len(widths) == len(FORM_COLUMNS):
            return self._form(rows, cells)
        if len(widths) != 2 or any(len(row) != 2 for row in cells):  # noqa: PLR2004
            return None
        pairs = tuple((row[0], row[1]) for row in cells)
        return tree.FactTable(self._at, pairs, _share(widths, self._here))

    def _form(self, rows: list[etree._Element], cells: list[list[Text]]) -> tree.Block | None:
        if any(len(row) not in (2, 4) for row in cells):
            return None
        read = []
        for row, texts in zip(rows, cells, strict=True):
            styles = [self._cell_style(cell) for cell in row.iterchildren(f"{W}tc")]
            read.append(
                tuple(
                    tree.Field(texts[n], texts[n + 1], styles[n + 1].startswith("TableSmall"))
                    for n in range(0, len(texts), 2)
                )
            )
        return tree.FormTable(self._at, tuple(read))

    def _key_figures(self, _: etree._Element, rows: list[etree._Element]) -> tree.Block | None:
        cells = [self._cells(row) for row in rows]
        if len(cells) != 3 or len({len(row) for row in cells}) != 1:  # noqa: PLR2004
            return None
        figures = tuple(zip(*cells, strict=True))
        return tree.KeyFigures(self._at, figures)

    def _rows(self, table: etree._Element) -> list[list[Text]]:
        return [self._cells(row) for row in table.iterchildren(f"{W}tr")]

    def _cells(self, row: etree._Element) -> list[Text]:
        found = []
        for cell in row.iterchildren(f"{W}tc"):
            lines = [self._words(each).text for each in cell.iterchildren(f"{W}p")]
            text = lines[0] if lines else ()
            for line in lines[1:]:
                text = tree.joined(text, (TextRun("\n"),), line)
            found.append(text)
        return found

    def _cell_style(self, cell: etree._Element) -> str:
        first = next(cell.iterchildren(f"{W}p"), None)
        return "" if first is None else self._style(first)

    def _shares(self, table: etree._Element) -> list[float]:
        """Return the widths of the columns in millimetres, as round as they can be.

        Other programs move a column by a twip or two when they save.
        """
        found = [_whole(each.get(f"{W}w")) for each in table.iterfind(f"{W}tblGrid/{W}gridCol")]
        for step, near in ((1, 0), (2, 0), (1, _MOVED), (2, _MOVED), (10, 0), (100, 0), (1000, 0)):
            widths = [round(width / TWIPS_PER_MM * step) / step for width in found]
            if all(widths) and all(
                abs(ours - theirs) <= near
                for ours, theirs in zip(columns(widths, self._here), found, strict=True)
            ):
                return widths
        return [max(round(width / TWIPS_PER_MM, 1), 1.0) for width in found]

    # --- words

    def _words(self, paragraph: etree._Element) -> _Words:
        """Return what a paragraph says, and tell what of it a text cannot say."""
        self._by_hand(paragraph)
        found = _Words()
        for run, child in self._children(paragraph):
            _take(child, found, strong=_is_strong(run))
        for tag in TAG.findall(tree.plain(found.text)):
            inner = re.sub(r"^\{%(p|tr)\s", "{% ", tag)
            if why := refusal(inner, alone=False):
                self._hold(paragraph, why)
        return found

    def _children(
        self, parent: etree._Element, run: etree._Element | None = None
    ) -> Iterator[tuple[etree._Element | None, etree._Element]]:
        """Yield everything within a paragraph that says something, with the run it stands in."""
        for child in parent:
            name = _name(child)
            if name in _HELD:
                self._hold(child, _HELD[name])
            elif name in _AROUND:
                if name == "hyperlink" and _id(child):
                    self._hold(child, say("a link"))
                elif name == "sdt":
                    self._look(child, say("a content control"), LossKind.STYLE)
                yield from self._children(child, run)
            elif name == "r":
                yield from self._children(child, child)
            elif name == "fldSimple":
                yield None, child
                yield from self._children(child, run)
            elif name in _SAYING:
                yield run, child
            elif name not in _PASSING:
                self._hold(child, say("something that is no text: {name}", name=name))

    def _by_hand(self, paragraph: etree._Element) -> None:
        """Tell what is set by hand in a paragraph and its style does not say."""
        style = self._own_style(paragraph)
        known = self._ids.get(style)
        kept = ("keepNext", "numPr", "framePr", "pageBreakBefore") + (
            ("tabs",) if self._story.label.startswith(("header", "footer")) else ()
        )
        if _begins_page(paragraph):
            kept += ("spacing",)  # that its style leaves before it, taken away
        elements = [
            (element, "pPr")
            for element in paragraph.iterfind(f"{W}pPr/*")
            if _name(element) not in kept
        ]
        elements += [
            (element, "rPr")
            for element in paragraph.iterfind(f".//{W}r/{W}rPr/*")
            if next(element.iterancestors(f"{W}p")) is paragraph and not _is_bold(element)
        ]
        names = []
        for element, group in elements:
            name = _name(element)
            if name in _SILENT:
                continue
            sheet, at = (self._house, known) if known else (self._sheet, style)
            there = sheet.states(at, group, name)
            if any(there.get(key) != value for key, value in stated(element).items()
                   if key != "hint"):  # fmt: skip
                label = _LABELS.get(f"{group}/{name}", name)
                said = " ".join(f"{key}={value}" for key, value in stated(element).items())
                names.append(say("{what} {found}", what=label, found=said))
        if names:
            once = {str(name): name for name in names}
            self._look(paragraph, listed(once.values()))

    def _table_by_hand(self, table: etree._Element) -> None:
        paths = {
            f"{W}tblPr/{W}tblBorders": say("table rules"),
            f"{W}tblPr/{W}tblCellMar": say("cell padding"),
            f"{W}tblPr/{W}shd": say("shading"),
            f"{W}tr/{W}tc/{W}tcPr/{W}tcBorders": say("cell rules"),
            f"{W}tr/{W}tc/{W}tcPr/{W}shd": say("shading"),
            f"{W}tr/{W}tc/{W}tcPr/{W}tcMar": say("cell padding"),
        }
        found = [what for path, what in paths.items() if table.find(path) is not None]
        if found:
            self._look(table, listed(found))

    # --- styles

    def _style(self, element: etree._Element) -> str:
        """Return the id that the style of a paragraph has in the house; empty if it has none."""
        return "" if _name(element) == "tbl" else self._ids.get(self._own_style(element), "")

    def _own_style(self, paragraph: etree._Element) -> str:
        named = paragraph.find(f"{W}pPr/{W}pStyle")
        own = "" if named is None else named.get(f"{W}val", "")
        return own if own in self._sheet.styles else self._sheet.default("paragraph")

    def _house_style(self, element: etree._Element, path: str) -> str:
        named = element.find(path)
        return self._ids.get("" if named is None else named.get(f"{W}val", ""), "")

    def _has(self, style: str) -> bool:
        return any(look.id == style for look in self._layout.looks)

    # --- what is told

    def _add(self, block: tree.Block) -> None:
        self._open[-1].blocks.append(block)

    def _hold(
        self, element: etree._Element | None, what: object, story: Story | None = None
    ) -> None:
        """Tell something to be read that no text says."""
        self.untold.append(Unsaid(self._told(element, what, story), LossKind.MATTER))

    def _look(self, element: etree._Element, what: object, kind: LossKind = LossKind.LOOK) -> None:
        """Tell a look that no text says."""
        told = self._told(element, what)
        if kind is LossKind.LOOK:
            told = say("{place}: set by hand: {what}", place=self._place(element), what=what)
        self.untold.append(Unsaid(told, kind))

    def _place(self, element: etree._Element) -> Message:
        return self._story.nearest(element).message

    def _told(
        self, element: etree._Element | None, what: object, story: Story | None = None
    ) -> Message:
        if element is None:
            return say("{place}: {what}", place=say("body"), what=what)
        place = (story or self._story).nearest(element)
        return say("{place}: {what}", place=place.message, what=what)


_LABELS: Final = {
    "rPr/rFonts": say("font"),
    "rPr/sz": say("size"),
    "rPr/color": say("colour"),
    "rPr/highlight": say("highlighting"),
    "rPr/shd": say("shading"),
    "rPr/b": say("bold"),
    "rPr/i": say("italics"),
    "rPr/u": say("underlining"),
    "rPr/strike": say("struck out"),
    "rPr/vertAlign": say("raised or lowered letters"),
    "rPr/spacing": say("letter spacing"),
    "rPr/w": say("letter width"),
    "rPr/position": say("raised or lowered letters"),
    "rPr/bdr": say("frame"),
    "rPr/vanish": say("hidden text"),
    "pPr/spacing": say("line and paragraph spacing"),
    "pPr/ind": say("indents"),
    "pPr/jc": say("alignment"),
    "pPr/keepLines": say("keep lines together"),
    "pPr/pageBreakBefore": say("a new page before it"),
    "pPr/outlineLvl": say("heading level"),
    "pPr/pBdr": say("rules"),
    "pPr/shd": say("shading"),
    "pPr/tabs": say("tab stops"),
    "pPr/snapToGrid": say("line grid"),
}


def _bare(paragraph: etree._Element) -> str:
    """Return the words of a paragraph as they are compared: no spaces, no results of fields."""
    words, depth, shown = "", 0, 0
    for mark in own(paragraph, f"{W}t", f"{W}fldChar"):
        kind = mark.get(f"{W}fldCharType")
        depth += (kind == "begin") - (kind == "end")
        shown = depth if kind == "separate" else min(shown, depth)
        words += "" if shown else mark.text or ""
    return re.sub(r"\s+", "", words)


def _begins_page(paragraph: etree._Element) -> bool:
    mark = paragraph.find(f"{W}pPr/{W}pageBreakBefore")
    return mark is not None and stated(mark).get("val", "1") == "1"


def _is_made(paragraph: etree._Element) -> bool:
    """Return whether the words of a paragraph are made by Word: contents, numbers of pages."""
    codes = "".join(code.text or "" for code in paragraph.iter(f"{W}instrText", f"{W}fldSimple"))
    return bool(re.search(r"\b(TOC|PAGEREF|PAGE|SEQ)\b", codes))


def _take(child: etree._Element, found: _Words, *, strong: bool) -> None:
    """Add what one element of a paragraph says."""
    match _name(child):
        case "fldChar":
            found.mark(child.get(f"{W}fldCharType", ""))
        case "instrText":
            found.instruct(child.text or "")
        case "fldSimple":
            found.fields.append(child.get(f"{W}instr", "").strip())
        case "bookmarkStart":
            found.marks.append(child.get(f"{W}name", ""))
        case "br" if child.get(f"{W}type") == "page" and not found.pieces:
            found.begins_page = True
        case "br" if child.get(f"{W}type") == "page":
            found.page_break = True
        case name:
            found.say(_SIGNS.get(name) or (child.text or "" if name == "t" else ""), strong=strong)


def _name(element: etree._Element) -> str:
    return "" if callable(element.tag) else etree.QName(element).localname


def _id(reference: etree._Element) -> str:
    return next((str(v) for k, v in reference.attrib.items() if str(k).endswith("}id")), "")


def _whole(number: str | None) -> int:
    return int(number) if number and WHOLE_NUMBER.fullmatch(number) else 0


def _is_bold(element: etree._Element) -> bool:
    return _name(element) == "b" and stated(element).get("val") == "1"


def _is_strong(run: etree._Element | None) -> bool:
    mark = None if run is None else run.find(f"{W}rPr/{W}b")
    return mark is not None and _is_bold(mark)


def _plain(element: etree._Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t")).strip()


def _tag_of_row(row: etree._Element) -> str | None:
    found = re.fullmatch(r"\{%tr\s+(.*?)\s*%\}", _plain(row))
    return found[1] if found else None


def _side(style: str) -> CellSide:
    return next((side for end, side in _SIDES.items() if style.endswith(end)), CellSide.LEFT)


def _share(widths: list[int], paper: Paper) -> float:
    whole = sum(widths) or 1
    for places in range(4):
        share = round(100 * widths[0] / whole, places)
        if columns((share, 100 - share), paper) == widths:
            return share
    return float(round(100 * widths[0] / whole))


def _caption_name(marks: list[str]) -> str:
    return next((mark[5:] for mark in marks if mark.startswith("_Ref_")), "")


def _after_number(text: Text) -> Text:
    """Return the words of a caption after its label and number."""
    pieces: list[TextRun | Reference] = []
    begun = False
    for piece in text:
        if begun or isinstance(piece, Reference):
            pieces.append(piece)
        elif found := re.match(r"附?[表图]\s*\d+-\d+\s*　?", piece.words):
            begun = True
            rest = piece.words[found.end() :]
            pieces += [TextRun(rest, piece.strong)] if rest else []
        else:
            pieces.append(piece)
    return tuple(pieces)


def _whole_tags(text: Text) -> Text:
    """Return a text whose tags have one weight each, that of their first sign."""
    words = tree.plain(text)
    if "{" not in words or any(isinstance(piece, Reference) for piece in text):
        return text
    weights = [piece.strong for piece in text if isinstance(piece, TextRun) for _ in piece.words]
    for found in TAG.finditer(words):
        weights[found.start() : found.end()] = [weights[found.start()]] * len(found[0])
    return tree.joined(
        tuple(TextRun(sign, strong) for sign, strong in zip(words, weights, strict=True))
    )
