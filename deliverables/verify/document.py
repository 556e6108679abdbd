"""What a reader sees of a .docx, brought to one form, whichever office program saved it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from lxml import etree

from deliverables.values.problem import Message, say
from deliverables.values.trace import CLOSE, OPEN, SPLIT
from deliverables.verify.chart import chart_flaws, chart_texts
from deliverables.verify.package import (
    A,
    C,
    Flaw,
    OpenedPackage,
    R,
    UnreadableDocumentError,
    W,
    natural,
    parsed,
)


class Form(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    ROW = "row"
    CHART = "chart"
    PICTURE = "picture"


_STORIES = {
    "header": say("header"),
    "footer": say("footer"),
    "footnote": say("footnote"),
    "endnote": say("endnote"),
    "comment": say("comment"),
    "box": say("text box"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the story, the heading above it, and a table's cell or a text.

    `story` is body, header, footer, footnote, endnote, comment or box (a text box). Table, row
    and column count from 1; 0 means that there is none, or that all are meant.
    """

    story: str = "body"
    heading: str = ""
    table: int = 0
    row: int = 0
    column: int = 0
    excerpt: str = ""

    def message(self) -> Message:
        """Return the place in words: heading › table 2, row 3, column 4."""
        spot = self._spot()
        above = _STORIES.get(self.story) or self.heading
        return say("{heading} › {spot}", heading=above, spot=spot) if above else spot

    def at(self, row: int, column: int = 0) -> Place:
        """Return a row or a cell of the table that is meant."""
        return Place(self.story, self.heading, self.table, row, column, self.excerpt)

    def _spot(self) -> Message:
        if self.column:
            return say(
                "table {table}, row {row}, column {column}",
                table=self.table,
                row=self.row,
                column=self.column,
            )
        if self.row:
            return say("table {table}, row {row}", table=self.table, row=self.row)
        if self.table:
            return say("table {table}", table=self.table)
        return say("“{excerpt}”", excerpt=self.excerpt)


@dataclass(frozen=True, slots=True)
class Slot:
    """Which letters of which text of a block print a figure: `texts[text][begin:end]` is `key`.

    A key is the path in the context, such as outages[3].started.
    """

    text: int
    begin: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one text), a row (a text per cell), a chart or a picture, as a reader sees it.

    White space is folded. `style` is the name of the paragraph's style, `level` that of a heading
    (0 for none), `number` what the program that shows it puts before it: 第一章. A row has the grid
    `columns` its cells begin in, counted from 1; a cell that continues the one above has an empty
    text, and its number stands in `continued`. `odd` names what is made hard to see, and the words.
    The texts of a chart are its form, its words, its axes, categories, a line for each series, and
    the cells of its workbook; the text of a picture is the digest of its bytes. `part` and `at` say
    which element it is: the paragraph (w:p) or row (w:tr) of that number in the part, counted from
    0 in the order of the XML. `slots` are the figures, which a document read from a file does not
    know.
    """

    form: Form
    texts: tuple[str, ...]
    place: Place
    style: str = ""
    level: int = 0
    number: str = ""
    columns: tuple[int, ...] = ()
    continued: tuple[int, ...] = ()
    odd: tuple[str, ...] = ()
    part: str = ""
    at: int = 0
    slots: tuple[Slot, ...] = ()

    @property
    def key(self) -> tuple[str, Form, tuple[str, ...]]:
        """What two blocks have in common that say the same: story, form and texts."""
        return self.place.story, self.form, self.texts

    @property
    def shown(self) -> str:
        """The whole of it on one line."""
        return " | ".join(self.texts)

    def place_of(self, text: int) -> Place:
        """Return where the text of that number stands: a cell, or the paragraph."""
        if self.form is Form.ROW and text < len(self.columns):
            return self.place.at(self.place.row, self.columns[text])
        return self.place


@dataclass(frozen=True, kw_only=True, slots=True)
class FileIdentity:
    """Which document a file says it is, in its custom properties (all that begin deliverables.).

    `digest` is that of everything its context says (`digest_of`), `format` the version of what
    this program leaves about documents.
    """

    contract: str
    kind: str
    part: str
    day: date
    digest: str
    format: str = "1"


@dataclass(frozen=True)
class Document:
    """Everything a file says. Headers and footers come once, however many pages repeat them."""

    blocks: tuple[Block, ...]
    identity: FileIdentity | None = None
    insertions: int = 0
    deletions: int = 0
    flaws: tuple[Flaw, ...] = ()

    @cached_property
    def text(self) -> str:
        """The whole text, a line for each paragraph and each cell."""
        words = (block for block in self.blocks if block.form in (Form.PARAGRAPH, Form.ROW))
        return "\n".join(text for block in words for text in block.texts)


def read_document(document: Path | bytes) -> Document:
    """Return what a .docx says.

    Tracked insertions are taken, deletions are not. Numbers of pages are left out.

    Raises:
        UnreadableDocumentError: It is no document, or no longer one, or made to do harm.
    """
    package = OpenedPackage.of(document)
    read = read_stories(package)
    return Document(
        blocks=settled(read.drafts),
        identity=identity_of(package),
        insertions=read.insertions,
        deletions=read.deletions,
        flaws=read.flaws,
    )


_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_PROPERTY: Final = re.compile(r"deliverables\.(contract|kind|part|day|digest|format)")


def identity_of(package: OpenedPackage) -> FileIdentity | None:
    """Return which document the custom properties say it is; None if they do not say."""
    told: dict[str, str] = {}
    for part in package.related("", "custom-properties"):
        for item in package.xml(part):
            name = _PROPERTY.fullmatch(item.get("name", ""))
            if name:
                told[name[1]] = "".join(map(str, item.itertext()))
    try:
        return FileIdentity(**{**told, "day": date.fromisoformat(told["day"])})  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError):
        return None


# What stands in the stories, as it is written


_V: Final = "{urn:schemas-microsoft-com:vml}"
_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_WP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_DGM: Final = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_O: Final = "{urn:schemas-microsoft-com:office:office}"

WATERMARK: Final = "PowerPlusWaterMarkObject"
"""What Word calls its watermarks: every program that saves a document keeps the name."""

_INDENT, _FRAME, _NUMBERED_BY = f"{W}ind", f"{W}framePr", f"{W}numPr"
_VAL, _PSTYLE, _RSTYLE = f"{W}val", f"{W}pStyle", f"{W}rStyle"
_OUTLINE, _SPACING, _SHADE = f"{W}outlineLvl", f"{W}spacing", f"{W}shd"
_HIGHLIGHT = f"{W}highlight"
_UNCOUNTED: Final = re.compile(r"\s*(?:PAGE|NUMPAGES|PAGEREF|SECTIONPAGES)\b")
_CONTENTS: Final = re.compile(r"\s*TOC\b")
_CONTENTS_STYLE: Final = re.compile(r"(?:toc|contents) \d")
_PAGE_AT_END: Final = re.compile(r"\t[\d…]*$")
_NOTE: Final = "〔注〕"


@dataclass(frozen=True, slots=True)
class BlockDraft:
    """A block as it is written: its texts unfolded, with tokens where a traced story has them."""

    form: Form
    texts: tuple[str, ...]
    story: str
    style: str = ""
    level: int = 0
    number: str = ""
    table: int = 0
    row: int = 0
    columns: tuple[int, ...] = ()
    continued: tuple[int, ...] = ()
    odd: tuple[tuple[str, str], ...] = ()
    part: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Stories:
    """What the stories of a package hold."""

    drafts: tuple[BlockDraft, ...]
    insertions: int
    deletions: int
    flaws: tuple[Flaw, ...]


def read_stories(package: OpenedPackage, traced: Mapping[str, str] | None = None) -> Stories:
    """Return the blocks of all stories in reading order; `traced` are read instead of the parts."""
    try:
        return _Reading(package, traced or {}).stories()
    except RecursionError as hostile:
        reason = say("the document is nested deeper than any program writes")
        raise UnreadableDocumentError(reason) from hostile


class _Reading:
    """One reading of a package, part by part."""

    def __init__(self, package: OpenedPackage, traced: Mapping[str, str]) -> None:
        self.package, self.traced = package, traced
        self.styles = _Styles.of(package)
        self.numbering = _Numbering.of(package)
        self.drafts: list[BlockDraft] = []
        self.insertions = self.deletions = 0
        self.flaws: list[Flaw] = []

    def root(self, part: str) -> etree._Element:
        text = self.traced.get(part)
        return self.package.xml(part) if text is None else parsed(part, text.encode())

    def stories(self) -> Stories:
        package, main = self.package, self.package.main
        root = self.root(main)
        body = root.find(f"{W}body")
        if body is None:
            raise UnreadableDocumentError(say("the document has no body"))
        self._read("body", main, root, [body])
        for story, part in self._pages(main, root):
            page = self.root(part)
            self._read(story, part, page, [page])
        for kind, story in (("footnotes", "footnote"), ("endnotes", "endnote"),
                            ("comments", "comment")):  # fmt: skip
            for part in package.related(main, kind):
                notes = self.root(part)
                told = [note for note in notes if note.get(f"{W}type", "normal") == "normal"]
                self._read(story, part, notes, told)
        return Stories(tuple(self.drafts), self.insertions, self.deletions, tuple(self.flaws))

    def _pages(self, main: str, root: etree._Element) -> Iterator[tuple[str, str]]:
        """Yield the headers and footers that are shown, each part once."""
        settings = self.package.related(main, "settings")
        even = bool(settings) and _on(self.package.xml(settings[0]).find(f"{W}evenAndOddHeaders"))
        relations, seen = self.package.relations(main), set[str]()
        for section in root.iter(f"{W}sectPr"):
            shown = ["default", "first"] if _on(section.find(f"{W}titlePg")) else ["default"]
            shown += ["even"] if even else []
            for story in ("header", "footer"):
                found = {one.get(f"{W}type", "default"): one.get(f"{R}id", "")
                         for one in section.findall(f"{W}{story}Reference")}  # fmt: skip
                for page in shown:
                    relation = relations.get(found.get(page, ""))
                    part = relation.target if relation else ""
                    if part in self.package.names and part not in seen:
                        seen.add(part)
                        yield story, part

    def _read(
        self, story: str, part: str, root: etree._Element, beginnings: Sequence[etree._Element]
    ) -> None:
        reader = _Story(self, story, part, root)
        for beginning in beginnings:
            reader.blocks(beginning)
        self.drafts += reader.drafts
        self.insertions += reader.insertions
        self.deletions += reader.deletions
        self.flaws += _flaws(part, root, self.styles)


class _Story:
    """The blocks of one part."""

    def __init__(self, reading: _Reading, story: str, part: str, root: etree._Element) -> None:
        self.reading, self.story, self.part = reading, story, part
        self.styles = reading.styles
        self.drafts: list[BlockDraft] = []
        self.insertions = self.deletions = 0
        self.tables = 0
        self.fields: list[_Field] = []
        self.number = {one: at for at, one in enumerate(root.iter(f"{W}p"))}
        self.row_number = {one: at for at, one in enumerate(root.iter(f"{W}tr"))}

    def blocks(self, parent: etree._Element, story: str = "") -> None:
        """Take in the paragraphs and tables of an element, in order."""
        story = story or self.story
        for child in parent:
            tag = child.tag
            if tag == f"{W}p":
                self._paragraph(child, story)
            elif tag == f"{W}tbl":
                self._table(child, story)
            elif tag in _AROUND:
                self._count(tag)
                self.blocks(child, story)
            elif tag == f"{W}altChunk":
                taken_in = (self._digest(child.get(f"{R}id", "")),)
                self.drafts.append(BlockDraft(Form.PICTURE, taken_in, story, part=self.part))

    def _count(self, tag: object) -> None:
        self.insertions += tag in _PUT_IN
        self.deletions += tag in _TAKEN_OUT

    def _paragraph(self, paragraph: etree._Element, story: str) -> None:
        text = self._text(paragraph)
        if text.words.strip() or text.odd:
            self.drafts.append(
                BlockDraft(
                    Form.PARAGRAPH,
                    (text.words,),
                    story,
                    text.style,
                    text.level,
                    text.number,
                    odd=tuple(text.odd),
                    part=self.part,
                    at=self.number.get(paragraph, 0),
                )
            )
        self._inserts(text, story, paragraph)

    def _inserts(self, text: _Text, story: str, paragraph: etree._Element) -> None:
        """Take in what stands in a paragraph beside its words."""
        at = self.number.get(paragraph, 0)
        for words in text.watermarks:
            self.drafts.append(
                BlockDraft(Form.PARAGRAPH, (words,), story, "watermark", part=self.part, at=at)
            )
        for form, texts, odd in text.inserts:
            self.drafts.append(BlockDraft(form, texts, story, odd=odd, part=self.part, at=at))
        for box in text.boxes:
            self.blocks(box, "box")

    def _table(self, table: etree._Element, story: str) -> None:
        self.tables += 1
        number, row_number = self.tables, 0
        settings = table.find(f"{W}tblPr")
        away = settings is not None and any(map(_is_away, settings))
        for row in _rows(table):
            properties = row.find(f"{W}trPr")
            if properties is not None:
                if properties.find(f"{W}del") is not None:
                    self.deletions += 1
                    continue
                self.insertions += properties.find(f"{W}ins") is not None
            row_number += 1
            odd = "away" if away else ""
            self._row(row, properties, story, (number, row_number), odd)

    def _row(
        self,
        row: etree._Element,
        properties: etree._Element | None,
        story: str,
        where: tuple[int, int],
        odd_all: str,
    ) -> None:
        table, number = where
        texts: list[str] = []
        columns: list[int] = []
        continued: list[int] = []
        odd: list[tuple[str, str]] = []
        later: list[tuple[_Text, etree._Element]] = []
        inner: list[etree._Element] = []
        style, column = "", 1 + _number(properties, "gridBefore")
        for cell in _cells(row):
            settings = cell.find(f"{W}tcPr")
            told: list[str] = []
            ground = _ground(settings)
            for block in _inside(cell):
                if block.tag == f"{W}tbl":
                    inner.append(block)
                    continue
                text = self._text(block, ground)
                later.append((text, block))
                odd += text.odd
                style = style or text.style
                told += [text.words] if text.words.strip() else []
            merge = None if settings is None else settings.find(f"{W}vMerge")
            if merge is not None and merge.get(f"{W}val", "continue") == "continue":
                continued.append(len(texts))
                told = []
            texts.append("\n".join(told))
            columns.append(column)
            column += max(_number(settings, "gridSpan"), 1)
        if _on(None if properties is None else properties.find(f"{W}hidden")):
            odd.append(("hidden", "\n".join(texts)))
        if _flat(properties):
            odd.append(("tiny", "\n".join(texts)))
        if odd_all:
            odd.append((odd_all, "\n".join(texts)))
        self.drafts.append(
            BlockDraft(
                Form.ROW,
                tuple(texts),
                story,
                style,
                0,
                "",
                table,
                number,
                tuple(columns),
                tuple(continued),
                tuple(odd),
                self.part,
                self.row_number[row],
            )
        )
        for text, block in later:
            self._inserts(text, story, block)
        for nested in inner:
            self._table(nested, story)

    # The letters of a paragraph

    def _text(self, paragraph: etree._Element, ground: str = "") -> _Text:
        properties = paragraph.find(f"{W}pPr")
        own = {} if properties is None else {one.tag: one for one in properties}
        named = own.get(_PSTYLE)
        style = self.styles.usual if named is None else named.get(_VAL, "")
        text = _Text(self.styles.name(style), self.styles.level(style))
        if _OUTLINE in own:
            text.level = _level(own[_OUTLINE].get(_VAL, ""))
        text.look = self.styles.look(style)
        text.ground = (_ground(properties) if _SHADE in own else "") or ground
        if _SPACING in own and _squeezed(own[_SPACING]):
            text.everywhere.append("tiny")
        if any(tag in own and _is_away(own[tag]) for tag in (_INDENT, _FRAME)):
            text.everywhere.append("away")
        listed = own.get(_NUMBERED_BY)
        where = self.styles.listed(style) if listed is None else _place_in_list(listed)
        if where[0]:
            text.number = self.reading.numbering.next(*where)
        in_contents = any(field.contents for field in self.fields)
        self._walk(paragraph, text)
        if in_contents or text.contents or _CONTENTS_STYLE.match(text.style):
            text.pieces = [_PAGE_AT_END.sub("", text.words)]
        text.finish()
        return text

    def _walk(self, parent: etree._Element, text: _Text) -> None:
        for child in parent:
            tag = child.tag
            take = _TAKERS.get(tag)
            if take is not None:
                take(self, child, text)
            elif tag not in _SKIPPED:
                self._walk(child, text)

    def _take_run(self, run: etree._Element, text: _Text) -> None:
        properties = run.find(f"{W}rPr")
        before, look = len(text.pieces), text.look
        if properties is not None:
            named = properties.find(_RSTYLE)
            if named is not None:
                text.look = {**look, **self.styles.look(named.get(_VAL, ""))}
            text.look = _looked(properties, text.look)
            ground = _ground(properties) or text.ground
        else:
            ground = text.ground
        self._walk(run, text)
        kinds = (*_hard_to_see(text.look, ground), *text.everywhere)
        if kinds and len(text.pieces) > before:
            words = "".join(text.pieces[before:])
            if "hidden" in kinds:
                del text.pieces[before:]
            text.note(kinds, words, len(text.pieces))
        text.look = look

    def _take_text(self, element: etree._Element, text: _Text) -> None:
        if element.text and not self._in_uncounted():
            text.pieces.append(element.text)

    def _take_space(self, element: etree._Element, text: _Text) -> None:
        if self._in_uncounted():
            return
        if element.tag == f"{W}tab":
            text.pieces.append("\t")
        elif element.get(f"{W}type") != "page":
            text.pieces.append("\n")

    def _take_hyphen(self, element: etree._Element, text: _Text) -> None:
        text.pieces.append("-")

    def _take_symbol(self, element: etree._Element, text: _Text) -> None:
        try:
            text.pieces.append(chr(int(element.get(f"{W}char", "3F"), 16)))
        except (ValueError, OverflowError):
            text.pieces.append("?")

    def _take_note(self, element: etree._Element, text: _Text) -> None:
        text.pieces.append(_NOTE)

    def _take_field(self, element: etree._Element, text: _Text) -> None:
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            self.fields.append(_Field())
        elif kind == "separate" and self.fields:
            self.fields[-1].showing = True
            text.contents = text.contents or self.fields[-1].contents
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _take_instruction(self, element: etree._Element, text: _Text) -> None:
        if self.fields:
            self.fields[-1].instruction += element.text or ""

    def _take_simple_field(self, element: etree._Element, text: _Text) -> None:
        if not _UNCOUNTED.match(element.get(f"{W}instr", "")):
            self._walk(element, text)

    def _in_uncounted(self) -> bool:
        return any(field.showing and field.uncounted for field in self.fields)

    def _take_change(self, element: etree._Element, text: _Text) -> None:
        self._count(element.tag)
        if element.tag in _PUT_IN:
            self._walk(element, text)

    def _take_alternatives(self, element: etree._Element, text: _Text) -> None:
        """Take the choice of a newer program; what older ones show instead is the same again."""
        chosen = element.find(f"{_MC}Choice")
        chosen = element.find(f"{_MC}Fallback") if chosen is None else chosen
        if chosen is not None:
            self._walk(chosen, text)

    def _take_drawing(self, element: etree._Element, text: _Text) -> None:
        named = element.iter(f"{_WP}docPr", f"{_V}shape", f"{_V}rect", f"{_V}shapetype")
        names = [
            (one, one.get("name", "") + one.get("id", "") + one.get("alt", "")) for one in named
        ]
        if any(WATERMARK in name for _, name in names):
            strings = [path.get("string", "") for path in element.iter(f"{_V}textpath")]
            written = ["".join(map(str, one.itertext())) for one in element.iter(f"{W}txbxContent")]
            text.watermarks += [words for words in (*strings, *written[:1]) if words]
            return
        hidden = any(_true(one.get("hidden")) for one, _ in names)
        drawn = list(element.iter(f"{W}txbxContent", f"{C}chart", f"{A}blip", f"{_V}imagedata",
                                  f"{_V}textpath", f"{_DGM}relIds", f"{_O}OLEObject"))  # fmt: skip
        for found in drawn:
            self._take_drawn(found, text, hidden=hidden)
        silent = all(one.tag == f"{W}txbxContent" and not _says(one) for one in drawn)
        if silent:  # a shape without words, which may cover some
            text.inserts.append((Form.PICTURE, ("shape",), ()))

    def _take_drawn(self, found: etree._Element, text: _Text, *, hidden: bool) -> None:
        tag = found.tag
        if any(True for _ in found.iterancestors(f"{_MC}Fallback")):
            return
        if tag == f"{W}txbxContent":
            text.boxes.append(found)
            return
        if tag == f"{_V}textpath":
            if found.get("string"):
                text.watermarks.append(found.get("string", ""))
            return
        odd = (("hidden", say("picture").template),) if hidden else ()
        if tag == f"{C}chart":
            relation = self.reading.package.relations(self.part).get(found.get(f"{R}id", ""))
            if relation and relation.target in self.reading.package.names:
                chart = chart_texts(self.reading.package, relation.target)
                self.reading.flaws += chart_flaws(self.reading.package, relation.target)
                text.inserts.append((Form.CHART, chart, odd))
            return
        identity = next((value for name, value in found.attrib.items()
                         if str(name).startswith(R)), "")  # fmt: skip
        if identity:
            text.inserts.append((Form.PICTURE, (self._digest(str(identity)),), odd))

    def _digest(self, identity: str) -> str:
        """Return what tells a picture from others: the digest of its bytes, or its address."""
        relation = self.reading.package.relations(self.part).get(identity)
        if relation is None:
            return "—"
        if relation.outside or relation.target not in self.reading.package.names:
            return relation.target
        return sha256(self.reading.package.content(relation.target)).hexdigest()


def _says(box: etree._Element) -> bool:
    return any((one.text or "").strip() for one in box.iter(f"{W}t", f"{_M}t"))


class _Field:
    """A field that has begun: what it is told to show, and whether that is being shown."""

    def __init__(self) -> None:
        self.instruction = ""
        self.showing = False

    @property
    def uncounted(self) -> bool:
        return _UNCOUNTED.match(self.instruction) is not None

    @property
    def contents(self) -> bool:
        return _CONTENTS.match(self.instruction) is not None


class _Text:
    """A paragraph while it is read."""

    def __init__(self, style: str, level: int) -> None:
        self.style, self.level = style, level
        self.look: dict[str, str] = {}
        self.ground = ""
        self.everywhere: list[str] = []
        self.number = ""
        self.contents = False
        self.pieces: list[str] = []
        self.odd: list[tuple[str, str]] = []
        self._ends = -1
        self.watermarks: list[str] = []
        self.inserts: list[tuple[Form, tuple[str, ...], tuple[tuple[str, str], ...]]] = []
        self.boxes: list[etree._Element] = []

    @property
    def words(self) -> str:
        return "".join(self.pieces)

    def note(self, kinds: tuple[str, ...], words: str, end: int) -> None:
        """Note words that are hard to see; runs beside each other are one."""
        kind = "+".join(kinds)
        begin = end if "hidden" in kinds else -1
        beside = self.odd and self.odd[-1][0] == kind and self._ends in (begin, self._count - 1)
        if beside:
            self.odd[-1] = (kind, self.odd[-1][1] + words)
        else:
            self.odd.append((kind, words))
        self._ends = end

    @property
    def _count(self) -> int:
        return len(self.pieces)

    def finish(self) -> None:
        if _TURNING.search(self.words):
            self.odd.append(("turned", self.words))
        self.odd = [(kind, words) for kind, words in self.odd if words.strip()]


_PUT_IN: Final = frozenset({f"{W}ins", f"{W}moveTo"})
_TAKEN_OUT: Final = frozenset({f"{W}del", f"{W}moveFrom"})
_AROUND: Final = frozenset(
    {f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}smartTag", *_PUT_IN,
     f"{_MC}AlternateContent", f"{_MC}Choice"}
)  # fmt: skip
_SKIPPED: Final = frozenset(
    {f"{W}pPr", f"{W}rPr", f"{W}sdtPr", f"{W}delText", f"{W}delInstrText", f"{W}p", f"{W}tbl",
     f"{W}sectPr", f"{W}instrText"}
)  # fmt: skip
_TAKERS: Final[Mapping[str, Callable[[Any, etree._Element, _Text], None]]] = {
    f"{W}r": _Story._take_run,
    f"{_M}r": _Story._take_run,
    f"{W}t": _Story._take_text,
    f"{_M}t": _Story._take_text,
    f"{W}tab": _Story._take_space,
    f"{W}ptab": _Story._take_space,
    f"{W}br": _Story._take_space,
    f"{W}cr": _Story._take_space,
    f"{W}noBreakHyphen": _Story._take_hyphen,
    f"{W}sym": _Story._take_symbol,
    f"{W}footnoteReference": _Story._take_note,
    f"{W}endnoteReference": _Story._take_note,
    f"{W}fldChar": _Story._take_field,
    f"{W}instrText": _Story._take_instruction,
    f"{W}fldSimple": _Story._take_simple_field,
    f"{W}ins": _Story._take_change,
    f"{W}moveTo": _Story._take_change,
    f"{W}del": _Story._take_change,
    f"{W}moveFrom": _Story._take_change,
    f"{_MC}AlternateContent": _Story._take_alternatives,
    f"{W}drawing": _Story._take_drawing,
    f"{W}pict": _Story._take_drawing,
    f"{W}object": _Story._take_drawing,
}


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == f"{W}tr":
            yield child
        elif child.tag in _AROUND:
            yield from _rows(child)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag in _AROUND:
            yield from _cells(child)


def _inside(cell: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs and tables of a cell."""
    for child in cell:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag in _AROUND:
            yield from _inside(child)


# How letters look


_DARKEST_PALE: Final = 88
"""How far apart, of 255, the brightness of letters and of their ground must be to be read.

The grey of the house is 90 from the yellow of a marker, which hides nothing.
"""
_BLACK, _BRIGHTEST_DARK = 40, 160
"""On black, letters must be brighter: grey ones look blotted out."""
_SMALLEST: Final = 10  # half points
_FLATTEST: Final = 80  # twips
_NARROWEST: Final = 15  # per cent
_NO_COLOUR: Final = {"", "auto", "none", "clear"}
_HIGHLIGHTS: Final = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00", "magenta": "FF00FF",
    "red": "FF0000", "yellow": "FFFF00", "white": "FFFFFF", "darkBlue": "000080",
    "darkCyan": "008080", "darkGreen": "008000", "darkMagenta": "800080", "darkRed": "800000",
    "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0",
}  # fmt: skip
_SWITCHES: Final = {"vanish": "hidden", "strike": "struck", "dstrike": "struck"}
_FARTHEST: Final = 9_000  # twips: the text of a page is that wide
_FARTHEST_BACK: Final = 3_000
_HIGHEST: Final = 12  # half points that letters may be raised or lowered
_CLOSEST: Final = 60  # twips that letters may be drawn together
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069\u200f]")
_SYMBOLS: Final = re.compile(r"wingdings|webdings|symbol|dingbats|marlett", re.IGNORECASE)
_W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_LOOKS: Final[Mapping[object, str]] = {
    **{
        f"{W}{name}": name
        for name in (*_SWITCHES, "color", "sz", "w", "position", "spacing", "vertAlign")
    },
    f"{W}rFonts": "fonts",
    f"{_W14}textFill": "fill",
}


class _Styles:
    """The styles of a document by their ids: names, levels of headings, and how letters look."""

    def __init__(self, listed: Mapping[str, etree._Element]) -> None:
        self._listed = listed
        self._names: dict[str, str] = {}
        self._levels: dict[str, int] = {}
        self._lists: dict[str, tuple[str, int]] = {}
        self._looks: dict[str, dict[str, str]] = {}
        self.usual = next((key for key, one in listed.items() if one.get(f"{W}default") in _TRUE
                           and one.get(f"{W}type") == "paragraph"), "")  # fmt: skip

    @classmethod
    def of(cls, package: OpenedPackage) -> _Styles:
        """Read the styles of a package; a document may have none."""
        for part in package.related(package.main, "styles"):
            return _styles(part, package.content(part))
        return cls({})

    def __contains__(self, key: str) -> bool:
        return key in self._listed

    def name(self, key: str) -> str:
        """Return the name of a style, which programs keep where they change its id."""
        if key not in self._names:
            self._names[key] = _value(self._listed.get(key), "name").lower()
        return self._names[key]

    def level(self, key: str) -> int:
        """Return which level of heading paragraphs of a style are; 0 if they are none."""
        if key not in self._levels:
            self._levels[key] = next(self._levels_of(key), 0)
        return self._levels[key]

    def _levels_of(self, key: str) -> Iterator[int]:
        for style in self._chain(key):
            level = _value(style.find(f"{W}pPr"), "outlineLvl")
            if _WHOLE.fullmatch(level):
                yield _level(level)
            named = _HEADING.match(_value(style, "name"))
            if named:
                yield int(named[1])

    def listed(self, key: str) -> tuple[str, int]:
        """Return the list that paragraphs of a style are numbered in, and their level there."""
        if key not in self._lists:
            self._lists[key] = next(self._lists_of(key), ("", 0))
        return self._lists[key]

    def _lists_of(self, key: str) -> Iterator[tuple[str, int]]:
        for style in self._chain(key):
            properties = style.find(f"{W}pPr")
            listed = None if properties is None else properties.find(_NUMBERED_BY)
            if listed is not None:
                yield _place_in_list(listed)

    def look(self, key: str) -> dict[str, str]:
        """Return how the letters of a style look."""
        if key not in self._looks:
            look: dict[str, str] = {}
            for style in reversed(list(self._chain(key))):
                properties = style.find(f"{W}rPr")
                if properties is not None:
                    look = _looked(properties, look)
            self._looks[key] = look
        return self._looks[key]

    def _chain(self, key: str) -> Iterator[etree._Element]:
        for _ in range(len(self._listed)):
            style = self._listed.get(key)
            if style is None:
                return
            yield style
            key = _value(style, "basedOn")


def _level(outline: str) -> int:
    return int(outline) + 1 if _WHOLE.fullmatch(outline) and int(outline) <= _BODY_LEVEL else 0


_HEADING: Final = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_BODY_LEVEL: Final = 8
_TRUE: Final = frozenset({"1", "true", "on"})


@lru_cache(8)
def _styles(part: str, content: bytes) -> _Styles:
    return _Styles({one.get(f"{W}styleId", ""): one
                    for one in parsed(part, content).iter(f"{W}style")})  # fmt: skip


def _looked(properties: etree._Element, inherited: dict[str, str]) -> dict[str, str]:
    """Return how letters look that have these properties besides those they inherit."""
    look = inherited
    for one in properties:
        name = _LOOKS.get(one.tag)
        if name in _SWITCHES:
            look = {**look, name: "1" if _on(one) else ""}
        elif name == "fonts":
            if any(_SYMBOLS.search(str(font)) for font in one.attrib.values()):
                look = {**look, name: "symbols"}
        elif name == "fill":
            look = {**look, **_filled_with(one)}
        elif name:
            look = {**look, name: one.get(_VAL, "")}
    return look


def _hard_to_see(look: Mapping[str, str], ground: str) -> tuple[str, ...]:
    return _kinds(tuple(look.items()), ground) if look or ground else ()


@lru_cache(512)
def _kinds(looked: tuple[tuple[str, str], ...], ground: str) -> tuple[str, ...]:
    look = dict(looked)
    kinds = {_SWITCHES[name] for name in _SWITCHES if look.get(name)}
    colour = look.get("color", "")
    dark = _brightness("000000" if colour in _NO_COLOUR else colour)
    light = _brightness(ground or "FFFFFF")
    known = dark is not None and light is not None
    least = _DARKEST_PALE if (light or 0) > _BLACK else _BRIGHTEST_DARK
    if known and abs((dark or 0) - (light or 0)) < least:
        kinds.add("pale")
    if _below(look.get("sz", ""), _SMALLEST) or _below(look.get("w", ""), _NARROWEST):
        kinds.add("tiny")
    if _is_beyond(look.get("spacing", ""), _CLOSEST, _FARTHEST):
        kinds.add("tiny")
    if look.get("fill") == "none":
        kinds.add("pale")
    if look.get("vertAlign", "baseline") not in ("baseline", ""):
        kinds.add("raised")
    if _is_beyond(look.get("position", ""), _HIGHEST, _HIGHEST):
        kinds.add("raised")
    if look.get("fonts"):
        kinds.add("symbols")
    return tuple(sorted(kinds))


def _filled_with(fill: etree._Element) -> dict[str, str]:
    """Return the colour that letters are filled with; "none" if they are not to be seen."""
    colour = next(fill.iter(f"{_W14}srgbClr"), None)
    clear = next(fill.iter(f"{_W14}alpha"), None)
    if fill.find(f"{_W14}noFill") is not None or (
        clear is not None and not _below(clear.get(f"{_W14}val", ""), _CLEAREST)
    ):
        return {"fill": "none"}
    return {} if colour is None else {"color": colour.get(f"{_W14}val", "")}


def _is_beyond(number: str, least: int, most: int) -> bool:
    """Tell whether a number is below the negative of the least, or above the most."""
    if not re.fullmatch(r"-?\d{1,9}(?:\.\d+)?", number):
        return False
    return not -least <= float(number) <= most


def _is_away(settings: etree._Element) -> bool:
    """Tell whether an indent, a frame or the place of a table puts things off the page."""
    if settings.tag not in _PLACING:
        return False
    return any(
        _is_beyond(str(value), _FARTHEST_BACK, _FARTHEST if name in _AT_LEFT else 2 * _FARTHEST)
        for name, value in settings.attrib.items()
        if str(name) in _DISTANCES
    )


_CLEAREST: Final = 70_000
_PLACING: Final = frozenset({_INDENT, _FRAME, f"{W}tblInd", f"{W}tblpPr"})
_AT_LEFT: Final = frozenset(
    f"{W}{name}" for name in ("left", "start", "right", "end", "firstLine", "hanging", "w")
)
_DISTANCES: Final = _AT_LEFT | {f"{W}{name}" for name in ("x", "y", "tblpX", "tblpY")}


def _below(number: str, least: int) -> bool:
    return number.isdecimal() and natural(number) < least


@lru_cache(256)
def _brightness(colour: str) -> float | None:
    if not re.fullmatch("[0-9A-Fa-f]{6}", colour):
        return None
    red, green, blue = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _ground(properties: etree._Element | None) -> str:
    """Return the colour behind letters, as six digits; empty where none is given."""
    fill = mark = ""
    for one in () if properties is None else properties:
        if one.tag == _SHADE:
            fill = one.get(f"{W}fill", "")
        elif one.tag == _HIGHLIGHT:
            mark = _HIGHLIGHTS.get(one.get(_VAL, ""), "")
    return mark or ("" if fill in _NO_COLOUR else fill)


def _squeezed(spacing: etree._Element) -> bool:
    exact = spacing.get(f"{W}lineRule") == "exact"
    return exact and _below(spacing.get(f"{W}line", ""), _FLATTEST)


def _flat(properties: etree._Element | None) -> bool:
    height = None if properties is None else properties.find(f"{W}trHeight")
    if height is None or height.get(f"{W}hRule") != "exact":
        return False
    return _below(height.get(f"{W}val", ""), _FLATTEST)


def _on(switch: etree._Element | None) -> bool:
    return switch is not None and switch.get(f"{W}val", "1") not in ("0", "false", "off")


def _true(value: str | None) -> bool:
    return value in _TRUE


def _value(element: etree._Element | None, name: str) -> str:
    found = None if element is None else element.find(f"{W}{name}")
    return "" if found is None else str(found.get(f"{W}val", ""))


def _number(element: etree._Element | None, name: str) -> int:
    value = _value(element, name)
    return natural(value)


# Numbers that are counted


class _Numbering:
    """The lists of a document, and how far each has been counted."""

    def __init__(self, root: etree._Element | None) -> None:
        self._of = {} if root is None else {
            one.get(f"{W}abstractNumId", ""): {
                _whole(level.get(f"{W}ilvl", "")): level for level in one.iter(f"{W}lvl")
            }
            for one in root.iter(f"{W}abstractNum")
        }  # fmt: skip
        self._lists = {} if root is None else {
            one.get(f"{W}numId", ""): _value(one, "abstractNumId") for one in root.iter(f"{W}num")
        }  # fmt: skip
        self._counted: dict[tuple[str, int], int] = {}

    @classmethod
    def of(cls, package: OpenedPackage) -> _Numbering:
        """Read the lists of a package; a document may have none."""
        parts = package.related(package.main, "numbering")
        return cls(package.xml(parts[0]) if parts else None)

    def next(self, number: str, level: int) -> str:
        """Return the number of the next paragraph in a list, as it is shown."""
        name = self._lists.get(number, "")
        levels = self._of.get(name, {})
        if level not in levels:
            return ""
        start = _whole(_value(levels[level], "start") or "1")
        self._counted[name, level] = self._counted.get((name, level), start - 1) + 1
        for deeper in range(level + 1, _MOST_LEVELS):
            self._counted.pop((name, deeper), None)
        shown = _value(levels[level], "lvlText")
        for above in range(level + 1):
            if above in levels:
                count = self._counted.get((name, above), _whole(_value(levels[above], "start")))
                shown = shown.replace(f"%{above + 1}", _counted(count, levels[above]))
        return shown


_MOST_LEVELS: Final = 9
_CHINESE: Final = "零一二三四五六七八九"
_TEN: Final = 10


def _place_in_list(listed: etree._Element) -> tuple[str, int]:
    number = _value(listed, "numId")
    return ("" if number == "0" else number), _number(listed, "ilvl")


def _whole(text: str) -> int:
    return natural(text)


def _counted(count: int, level: etree._Element) -> str:
    form = _value(level, "numFmt")
    if form in ("bullet", "none"):
        return ""
    if not re.match("chinese|ideograph|japanese|taiwanese", form):
        return f"{count}" if form in ("decimal", "") else f"{form} {count}"
    tens, ones = divmod(count, _TEN)
    if not tens or tens >= _TEN:
        return "".join(_CHINESE[int(digit)] for digit in str(count))
    return f"{_CHINESE[tens] if tens > 1 else ''}十{_CHINESE[ones] if ones else ''}"


# Faults of the file


def _flaws(part: str, root: etree._Element, styles: _Styles) -> Iterator[Flaw]:
    """Yield what Word refuses or repairs, and a schema validator does not see."""
    drawings = Counter[str]()
    marks = Counter[str]()
    names = Counter[str]()
    controls = Counter[str]()
    used = set[str]()
    for one in root.iter(f"{_WP}docPr", f"{W}bookmarkStart", f"{W}tc", f"{W}sdtPr", *_STYLED):
        tag = one.tag
        if tag in _STYLED:
            used.add(one.get(f"{W}val", ""))
        elif tag == f"{_WP}docPr":
            if not any(True for _ in one.iterancestors(f"{_MC}Fallback")):
                drawings[one.get("id", "")] += 1
        elif tag == f"{W}bookmarkStart":
            marks[one.get(f"{W}id", "")] += 1
            names[one.get(f"{W}name", "")] += 1
        elif tag == f"{W}sdtPr":
            controls[_value(one, "id")] += 1
        elif not _ends_with_paragraph(one):
            yield Flaw("cell-end", part, fold("".join(map(str, one.itertext())))[:40])
    del controls[""]
    for code, counted in (("drawing-id", drawings), ("bookmark-id", marks),
                          ("bookmark-name", names), ("sdt-id", controls)):  # fmt: skip
        yield from (Flaw(code, part, name) for name, times in counted.items() if times > 1)
    yield from (Flaw("style-unknown", part, name) for name in sorted(used) if name not in styles)


_STYLED: Final = frozenset({f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle"})


def _ends_with_paragraph(cell: etree._Element) -> bool:
    last = None
    for block in cell:
        if str(block.tag)[:1] == "{" and block.tag not in _NO_BLOCKS:
            last = block
    if last is not None and last.tag in _AROUND:
        inside = last.find(f"{W}sdtContent") if last.tag == f"{W}sdt" else last
        return inside is not None and _ends_with_paragraph(inside)
    return last is not None and last.tag == f"{W}p"


_NO_BLOCKS: Final = frozenset(
    {f"{W}tcPr", f"{W}bookmarkStart", f"{W}bookmarkEnd", f"{W}proofErr", f"{W}commentRangeStart",
     f"{W}commentRangeEnd", f"{W}permStart", f"{W}permEnd", f"{W}sdtPr", f"{W}sdtEndPr"}
)  # fmt: skip


# One form of all that was written


_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_LONGEST_EXCERPT: Final = 40
_NUMBERED: Final = re.compile(f"{OPEN}([0-9]+){SPLIT}{CLOSE}")


def fold(text: str) -> str:
    """Return the text with every run of white space as one space and nothing invisible."""
    return " ".join(text.translate(_INVISIBLE).split())


def excerpt(text: str) -> str:
    """Return the beginning of a text, short enough for a message."""
    short = fold(text)
    return short if len(short) <= _LONGEST_EXCERPT else f"{short[:_LONGEST_EXCERPT]}…"


def numbered(number: int) -> str:
    """Return the token that stands in a draft for the printing of that number."""
    return f"{OPEN}{number}{SPLIT}{CLOSE}"


def settled(
    drafts: Iterable[BlockDraft], printings: Sequence[tuple[str, str]] = ()
) -> tuple[Block, ...]:
    """Return the blocks that drafts make with these printings: key and text of each token.

    A header or a footer that is repeated comes once.
    """
    blocks: list[Block] = []
    heading = ""
    for draft in drafts:
        texts: list[str] = []
        slots: list[Slot] = []
        for number, written in enumerate(draft.texts):
            if OPEN in written:
                text, spans = _filled(written, printings)
                slots += [Slot(number, begin, end, key) for begin, end, key in spans]
            else:
                text = fold(written)
            texts.append(text)
        odd = tuple(f"{kind}: {fold(_plain(words, printings))}" for kind, words in draft.odd)
        if draft.form is Form.PARAGRAPH and not texts[0] and not odd:
            continue
        in_body = draft.story == "body"
        place = Place(draft.story, heading if in_body else "", draft.table, draft.row,
                      excerpt=excerpt(" ".join(texts)))  # fmt: skip
        if draft.level and in_body and not draft.table:
            heading = texts[0]
        blocks.append(
            Block(draft.form, tuple(texts), place, draft.style, draft.level, draft.number,
                  draft.columns, draft.continued, odd, draft.part, draft.at, tuple(slots))
        )  # fmt: skip
    return tuple(_each_once(blocks))


def _each_once(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks without headers and footers that say what an earlier one says."""
    pages: dict[str, list[Block]] = {}
    for block in blocks:
        if block.place.story in _REPEATED:
            pages.setdefault(block.part, []).append(block)
    seen, again = set[object](), set[str]()
    for part, told in pages.items():
        words = tuple((block.key, block.odd) for block in told)
        if words in seen:
            again.add(part)
        seen.add(words)
    yield from (block for block in blocks if block.part not in again)


_REPEATED: Final = frozenset({"header", "footer"})


def _plain(written: str, printings: Sequence[tuple[str, str]]) -> str:
    return _NUMBERED.sub(lambda token: printings[int(token[1])][1], written)


def _filled(
    written: str, printings: Sequence[tuple[str, str]]
) -> tuple[str, list[tuple[int, int, str]]]:
    """Return a folded text, and where in it each figure begins and ends."""
    pieces = _NUMBERED.split(written)
    raw, spans = pieces[0], []
    for at in range(1, len(pieces), 2):
        key, text = printings[int(pieces[at])]
        spans.append((len(raw), len(raw) + len(text), key))
        raw += text + pieces[at + 1]
    folded = fold(raw)
    if folded == raw:
        return folded, spans
    places, out = [0] * (len(raw) + 1), 0
    for at, letter in enumerate(raw):
        places[at] = out
        if out < len(folded) and (
            folded[out] == letter or (folded[out] == " " and letter.isspace())
        ):
            out += 1
    places[len(raw)] = out
    return folded, [(places[begin], places[end], key) for begin, end, key in spans]
