"""The styles of a Word file: which are the house's, and whether they still say what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from deliverables.docx.package import Package, W, parse
from deliverables.docx.style import (
    LAYOUTS,
    XMLNS,
    Layout,
    section_properties,
    settings_xml,
    styles_xml,
)
from deliverables.values.problem import Message, listed, say

_PEOPLE_SAY = {"contents 1": "toc 1", "contents 2": "toc 2"}
"""Built-in names that LibreOffice writes in its own words."""
OFF = ("0", "false", "off")
_ON = ("1", "true", "on")
_TOLD = ("paragraph", "table")
_NEAR_TWIPS = 6
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")
"""A tenth of a millimetre: programs keep lengths in units of their own."""
_PAGE = {"pgSz": say("paper"), "pgMar": say("margins"), "docGrid": say("line grid")}
_FREE_SETTINGS = ("zoom", "defaultTabStop", "drawingGridVerticalSpacing", "decimalSymbol",
                  "listSeparator", "compat")  # fmt: skip
"""Settings the house has but does not insist on: they move no line."""


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """A styles part; `ids` finds a style by its name."""

    styles: Mapping[str, etree._Element]
    ids: Mapping[str, str]

    def name(self, style: str) -> str:
        """Return the name of the style with that id; empty if there is none."""
        return _name(self.styles[style]) if style in self.styles else ""

    def find(self, name: str) -> str | None:
        """Return the id of the style of that name, in whatever case of letters."""
        return self.ids.get(name) or self.ids.get(name.lower())

    def kind(self, style: str) -> str | None:
        """Return what a style is for: paragraph, character, table or numbering."""
        return self.styles[style].get(f"{W}type")

    def default(self, kind: str) -> str:
        """Return the id of the default style for paragraphs or tables."""
        for style, element in self.styles.items():
            if self.kind(style) == kind and element.get(f"{W}default") in _ON:
                return style
        return ""

    def line_of(self, style: str) -> tuple[str, ...]:
        """Return the ids of a style and of those it is based on, itself first."""
        found: list[str] = []
        while style in self.styles and style not in found:
            found.append(style)
            base = self.styles[style].find(f"{W}basedOn")
            style = "" if base is None else base.get(f"{W}val", "")
        return tuple(found)

    def states(self, style: str, group: str, name: str) -> dict[str, str]:
        """Return the attributes of the property `name` in `group` (pPr, rPr), with inherited."""
        found: dict[str, str] = {}
        for each in reversed(self.line_of(style)):
            for element in self.styles[each].iterfind(f"{W}{group}/{W}{name}"):
                found.update(stated(element))
        return found


def stated(element: etree._Element) -> dict[str, str]:
    """Return what a property says: its attributes and those within, a switch as 1 or 0."""
    if not element.attrib and not len(element):
        return {"val": "1"}
    found = {
        etree.QName(key).localname: "1" if value in _ON else "0" if value in OFF else str(value)
        for key, value in element.attrib.items()
    }
    for child in element.iterchildren(etree.Element):
        name = etree.QName(child).localname
        found |= {f"{name}/{key}": value for key, value in stated(child).items()}
    return found


def sheet_of(package: Package) -> StyleSheet:
    """Return the styles of a Word file."""
    part = next(package.related(package.document, "styles"), "")
    return _sheet(parse(package.parts.get(part) or f"<w:styles {XMLNS}/>"))


@lru_cache(maxsize=len(LAYOUTS))
def house_sheet(layout: Layout) -> StyleSheet:
    """Return the styles of the house."""
    return _sheet(parse(styles_xml(layout)))


def house_ids(sheet: StyleSheet, house: StyleSheet) -> dict[str, str]:
    """Return, for the id of each style that is the house's by name, the id it has there."""
    found = {}
    for style in sheet.styles:
        name = sheet.name(style)
        known = house.find(name) or house.find(_PEOPLE_SAY.get(name.lower(), ""))
        if known and sheet.kind(style) == house.kind(known):
            found[style] = known
    return found


def drifts(package: Package, layout: Layout) -> Iterator[Message]:
    """Yield, in a line each, the styles, heading numbers and settings that are not the house's."""
    if names := list(_changed_styles(sheet_of(package), layout)):
        yield say("styles that are not as the house has them: {names}", names=listed(names))
    numbers = list(_heading_numbers(package))
    wanted = [pattern for pattern, _ in layout.numbering]
    if numbers != wanted:
        yield say(
            "numbers of headings: {found} instead of {expected}",
            found=listed(numbers) if numbers else say("nothing"),
            expected=listed(wanted),
        )
    yield from _changed_pages(package, layout)
    if names := list(_changed_settings(package)):
        yield say("settings of the document: {names}", names=listed(names))


def layout_of(package: Package) -> Layout | None:
    """Return the layout whose own styles a template has; None if it has those of none.

    A letter has 主送, a report 目录标题: what the programs call their own (Title, toc 1) tells
    nothing, and a style or two may have come along with pasted text.
    """
    names = set(sheet_of(package).ids)
    shares = {layout: _share(layout, names) for layout in LAYOUTS.values()}
    best = max(shares.values())
    fitting = [layout for layout, share in shares.items() if share == best]
    return fitting[0] if best and len(fitting) == 1 else None


def _changed_styles(sheet: StyleSheet, layout: Layout) -> Iterator[str]:
    house = house_sheet(layout)
    own = {known: style for style, known in house_ids(sheet, house).items()}
    for style in house.styles:
        if house.kind(style) in _TOLD and (
            style not in own or _says_other(sheet, own[style], house.styles[style])
        ):
            yield house.name(style)


def _heading_numbers(package: Package) -> Iterator[str]:
    """Yield the patterns of the levels that are tied to a style, from the first level on."""
    part = next(package.related(package.document, "numbering"), "")
    for level in parse(package.parts.get(part) or f"<w:numbering {XMLNS}/>").iter(f"{W}lvl"):
        pattern = level.find(f"{W}lvlText")
        if level.find(f"{W}pStyle") is not None and pattern is not None:
            yield pattern.get(f"{W}val", "")


def _changed_pages(package: Package, layout: Layout) -> Iterator[Message]:
    """Yield what of a section's page is not the house's; a page on its side is."""
    for number, section in enumerate(parse(package.parts[package.document]).iter(f"{W}sectPr"), 1):
        page = layout.page.landscape if is_turned(section) else layout.page
        for wanted in parse(section_properties(page).replace("<w:sectPr>", f"<w:sectPr {XMLNS}>")):
            found = section.find(wanted.tag)
            there = {} if found is None else stated(found)
            other = [
                key
                for key, value in stated(wanted).items()
                if not (_near(there.get(key), value) or (page.grid is None and key == "linePitch"))
            ]
            if other:
                yield say(
                    "page of section {number}: {what} {found} instead of {expected}",
                    number=number,
                    what=_PAGE[etree.QName(wanted).localname],
                    found=" ".join(f"{key}={there[key]}" for key in other if key in there)
                    or say("nothing"),
                    expected=" ".join(f"{key}={stated(wanted)[key]}" for key in other),
                )


def is_turned(section: etree._Element) -> bool:
    """Return whether the pages of a section lie on their side."""
    size = section.find(f"{W}pgSz")
    return size is not None and size.get(f"{W}orient") == "landscape"


def _near(found: str | None, expected: str) -> bool:
    if found is None or not (WHOLE_NUMBER.fullmatch(found) and expected.isdigit()):
        return found == expected
    return abs(int(found) - int(expected)) <= _NEAR_TWIPS


def _changed_settings(package: Package) -> Iterator[str]:
    part = next(package.related(package.document, "settings"), "")
    found = parse(package.parts.get(part) or f"<w:settings {XMLNS}/>")
    for wanted in parse(settings_xml()).iter(etree.Element):
        name = etree.QName(wanted).localname
        there = (stated(each) for each in found.iter(wanted.tag))
        if name not in (*_FREE_SETTINGS, "settings") and stated(wanted) not in there:
            yield name


def _says_other(sheet: StyleSheet, style: str, wanted: etree._Element) -> bool:
    """Return whether a style does not say everything that the house's says."""
    for group in ("pPr", "rPr", "tblPr", "tcPr"):
        for element in wanted.iterfind(f"{W}{group}/*"):
            name = etree.QName(element).localname
            if name in ("numPr", "tabs"):
                continue  # programs write them in their own ways
            found = sheet.states(style, group, name)
            if any(found.get(key) != value for key, value in stated(element).items()):
                return True
    return False


def _share(layout: Layout, names: set[str]) -> float:
    own = _invented(layout) - {
        name for other in LAYOUTS.values() if other is not layout for name in _invented(other)
    }
    return len(own & names) / len(own)


def _invented(layout: Layout) -> set[str]:
    return {look.name for look in layout.looks if not re.fullmatch(r"[A-Za-z]+( \d)?", look.name)}


def _sheet(root: etree._Element) -> StyleSheet:
    styles = {style.get(f"{W}styleId", ""): style for style in root.findall(f"{W}style")}
    ids: dict[str, str] = {}
    for style, element in styles.items():
        ids.setdefault(_name(element).lower(), style)
    ids.update({_name(element): style for style, element in styles.items()})
    return StyleSheet(styles, ids)


def _name(style: etree._Element) -> str:
    found = style.find(f"{W}name")
    return "" if found is None else found.get(f"{W}val", "")
