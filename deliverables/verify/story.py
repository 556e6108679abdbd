"""One story of a document (body, header, footer, note) walked from its first paragraph on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from deliverables.verify.document import Cell, Paragraph, Place, Table, excerpt
from deliverables.verify.letters import Letters
from deliverables.verify.package import W
from deliverables.verify.wording import fold

P, TBL, TR, TC = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc"
_HEADING_NAME: Final = re.compile(r"(?:heading|标题)\s*\d", re.IGNORECASE)
_BODY_TEXT_LEVEL: Final = 9
_WRAPPERS: Final = {f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo")}


def heading_styles(styles: etree._Element | None) -> frozenset[str]:
    """Return the ids of the styles that make a paragraph a heading, inherited ones too."""
    if styles is None:
        return frozenset()
    listed = {style.get(f"{W}styleId", ""): style for style in styles.iter(f"{W}style")}
    return frozenset(name for name in listed if _is_heading(name, listed))


def _is_heading(name: str, listed: Mapping[str, etree._Element]) -> bool:
    for _ in range(len(listed)):
        style = listed.get(name)
        if style is None:
            return False
        level = _value(style.find(f"{W}pPr/{W}outlineLvl"))
        if level.isdigit():
            return int(level) < _BODY_TEXT_LEVEL
        if _HEADING_NAME.match(_value(style.find(f"{W}name"))):
            return True
        name = _value(style.find(f"{W}basedOn"))
    return False


@dataclass(slots=True)
class Story:
    """What has been read of one story so far; `headings` are the styles of its headings."""

    name: str
    headings: frozenset[str]
    paragraphs: list[Paragraph] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    _heading: str = ""

    def read(self, root: etree._Element) -> None:
        """Read all paragraphs and tables below `root`."""
        self._blocks(root, Place(self.name))

    def _blocks(self, parent: etree._Element, place: Place) -> list[str]:
        """Read the blocks below `parent` and return the texts of its own paragraphs."""
        texts = []
        for block in _children(parent):
            if block.tag == P:
                texts.append(self._paragraph(block, place))
            elif block.tag == TBL:
                self._table(block)
        return texts

    def _paragraph(self, paragraph: etree._Element, place: Place) -> str:
        letters = Letters(paragraph)
        text = letters.text
        if text and not place.table and self._is_heading(paragraph):
            self._heading = text
        if text:
            here = replace(place, heading=self._heading, excerpt=excerpt(text))
            self.paragraphs.append(Paragraph(text, here, letters.marks))
        for box in letters.boxes:
            self._blocks(box, place)
        return text

    def _is_heading(self, paragraph: etree._Element) -> bool:
        level = _value(paragraph.find(f"{W}pPr/{W}outlineLvl"))
        if level.isdigit():
            return int(level) < _BODY_TEXT_LEVEL
        return _value(paragraph.find(f"{W}pPr/{W}pStyle")) in self.headings

    def _table(self, table: etree._Element) -> None:
        place = Place(self.name, self._heading, len(self.tables) + 1)
        self.tables.append(Table((), place))  # keeps its number while tables inside it are read
        rows: list[tuple[Cell, ...]] = []
        above: dict[int, Cell] = {}
        for row in _children(table, TR):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            cells = tuple(self._cells(row, place.at(len(rows) + 1), above))
            above = {cell.column: cell for cell in cells}
            rows.append(cells)
        self.tables[place.table - 1] = Table(tuple(rows), place)

    def _cells(
        self, row: etree._Element, place: Place, above: Mapping[int, Cell]
    ) -> Iterator[Cell]:
        column = 1 + _whole(_value(row.find(f"{W}trPr/{W}gridBefore")), 0)
        for cell in _children(row, TC):
            here = place.at(place.row, column)
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            continued = merge is not None and merge.get(f"{W}val", "continue") == "continue"
            text = fold(" ".join(self._blocks(cell, here)))
            if continued and column in above:
                text = above[column].text
            span = max(_whole(_value(cell.find(f"{W}tcPr/{W}gridSpan")), 1), 1)
            yield Cell(text, here, span, continued)
            column += span


def _children(parent: etree._Element, tag: str = "") -> Iterator[etree._Element]:
    """Yield the children, looking through content controls and tracked insertions."""
    for child in parent:
        if child.tag in _WRAPPERS:
            yield from _children(child, tag)
        elif child.tag == tag or not tag:
            yield child


def _value(element: etree._Element | None) -> str:
    return "" if element is None else str(element.get(f"{W}val", ""))


def _whole(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() else default
