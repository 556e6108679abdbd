"""Formatting set by hand that fights the style it stands on, and how it is taken away.

Emphasis (bold, italics, underline) and where pages break are a writer's own; fonts, sizes,
colours, indents, spacing and the rules of tables are the house's. What says the same as the
style fights nothing and stays.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.render.drift.area import Area, Drift
from deliverables.render.drift.properties import (
    Properties,
    label,
    merged,
    of_element,
    shown,
    without_defaults,
)
from deliverables.render.drift.sheet import Sheet, house_ids, house_sheet, sheet_of
from deliverables.render.look import Layout
from deliverables.render.package import Package, serialise
from deliverables.render.place import Place, Story, W, stories

_OF_RUNS = ("rFonts", "sz", "color", "highlight", "shd", "spacing", "w", "position", "bdr")
_OF_PARAGRAPHS = ("spacing", "ind", "jc", "shd", "pBdr", "tabs", "snapToGrid", "outlineLvl")
_OF_TABLES = ("tblBorders", "tblCellMar", "shd")
_OF_CELLS = ("tcBorders", "shd", "tcMar", "vAlign")
_FREE_IN_HEADERS = ("tabs",)
"""A header on a page lying on its side needs its right tab elsewhere."""
_HOUSE_VALIGN = {"tcPr/vAlign/val": "center"}
_TWINS = {"sz": ("szCs",)}


@dataclass(frozen=True, slots=True)
class ByHand:
    """Elements that fight the style in one paragraph, or in one table as a whole."""

    story: Story
    elements: tuple[etree._Element, ...]
    message: Message


def formatted_by_hand(package: Package, layout: Layout) -> Iterator[Drift]:
    """Yield each paragraph and table whose look is set by hand."""
    for found in _found(stories(package), sheet_of(package), layout):
        yield Drift(Area.FORMATTING, found.message)


def mend_formatting(package: Package, layout: Layout) -> None:
    """Take away the formatting that fights the house style."""
    told = stories(package)
    for found in list(_found(told, sheet_of(package), layout)):
        for element in found.elements:
            _take_away(element)
        package.parts[found.story.part] = serialise(found.story.root)


def _found(told: tuple[Story, ...], sheet: Sheet, layout: Layout) -> Iterator[ByHand]:
    house = house_sheet(layout)
    looks = _Looks(sheet, house, house_ids(sheet, house))
    for story in told:
        for place, paragraph in story.paragraphs:
            if elements := tuple(_of_paragraph(paragraph, story, looks)):
                yield ByHand(story, elements, _told(place, elements))
        for table in story.tables:
            if elements := tuple(_of_table(table)):
                yield ByHand(story, elements, _table_told(story, table, elements))


@dataclass(frozen=True, slots=True)
class _Looks:
    """What the house says about a paragraph by the style it names."""

    sheet: Sheet
    house: Sheet
    ids: dict[str, str]

    def of(self, paragraph: etree._Element) -> Properties:
        named = paragraph.find(f"{W}pPr/{W}pStyle")
        style = "" if named is None else named.get(f"{W}val", "")
        known = self.ids.get(style)
        if known is None and style in self.sheet.styles:
            return self.sheet.look(style)
        return self.house.look(known or self.house.default("paragraph"))


def _of_paragraph(
    paragraph: etree._Element, story: Story, looks: _Looks
) -> Iterator[etree._Element]:
    candidates = [
        (element, "pPr")
        for element in paragraph.iterfind(f"{W}pPr/*")
        if _is_one(element, _OF_PARAGRAPHS)
        and not (_is_header(story) and _is_one(element, _FREE_IN_HEADERS))
    ] + [
        (element, "rPr")
        for element in paragraph.iterfind(f".//{W}r/{W}rPr/*")
        if _is_one(element, _OF_RUNS) and next(element.iterancestors(f"{W}p")) is paragraph
    ]
    look = looks.of(paragraph) if candidates else {}
    for element, group in candidates:
        if _fights(of_element(element, group), look):
            yield element


def _of_table(table: etree._Element) -> Iterator[etree._Element]:
    for path, names in ((f"{W}tblPr/*", _OF_TABLES), (f"{W}tr/{W}tblPrEx/*", _OF_TABLES)):
        yield from (found for found in table.iterfind(path) if _is_one(found, names))
    for element in table.iterfind(f"{W}tr/{W}tc/{W}tcPr/*"):
        if _is_one(element, _OF_CELLS) and _fights(of_element(element, "tcPr"), _HOUSE_VALIGN):
            yield element


def _fights(own: Properties, look: Properties) -> bool:
    together = merged(look, own)
    return without_defaults(together) != without_defaults(look)


def _take_away(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if hint := element.get(f"{W}hint"):  # tells Chinese quotation marks from Latin ones
        element.attrib.clear()
        element.set(f"{W}hint", hint)
        return
    for name in (etree.QName(element).localname, *_TWINS.get(etree.QName(element).localname, ())):
        for found in parent.findall(f"{W}{name}"):
            parent.remove(found)
    run = parent.getparent()
    if len(parent) == 0 and parent.tag == f"{W}rPr" and run is not None:
        run.remove(parent)


def _told(place: Place, elements: tuple[etree._Element, ...]) -> Message:
    return say("{place}: set by hand: {what}", place=place.message, what=_what(elements))


def _table_told(
    story: Story, table: etree._Element, elements: tuple[etree._Element, ...]
) -> Message:
    first = elements[0]
    cell = next(first.iterancestors(f"{W}tc"), None)
    if cell is None:
        cell = next(table.iter(f"{W}tc"))
    place = story.place(next(cell.iter(f"{W}p")))
    return say(
        "{place}: set by hand {count} times in this table: {what}",
        place=place.message,
        count=len({element.getparent() for element in elements}),
        what=_what(elements),
    )


def _what(elements: tuple[etree._Element, ...]) -> Message:
    """Return what is set, each kind of setting once with the first of its values."""
    first: dict[str, etree._Element] = {}
    for element in elements:
        first.setdefault(_key(element), element)
    words = [
        say("{what} {found}", what=label(key), found=shown(of_element(element, key.split("/")[0])))
        for key, element in first.items()
    ]
    whole = words[0]
    for word in words[1:]:
        whole = say("{first}; {second}", first=whole, second=word)
    return whole


def _key(element: etree._Element) -> str:
    parent = element.getparent()
    group = "rPr" if parent is None else etree.QName(parent).localname.removesuffix("Ex")
    return f"{group}/{etree.QName(element).localname}"


def _is_one(element: etree._Element, names: tuple[str, ...]) -> bool:
    return str(element.tag).removeprefix(W) in names


def _is_header(story: Story) -> bool:
    return story.label.startswith(("header", "footer"))
