"""The styles of a Word file: their names, what they state, and which are the house's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from deliverables.docx.package import Package, W, parse
from deliverables.docx.style import LAYOUTS, XMLNS, Layout, styles_xml

_PEOPLE_SAY = {"contents 1": "toc 1", "contents 2": "toc 2"}
"""Built-in names that LibreOffice writes in its own words."""
_OFF = ("0", "false", "off")
_ON = ("1", "true", "on")
_TOLD = ("paragraph", "table")


@dataclass(frozen=True, slots=True)
class Sheet:
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
    """Return what a property says: its attributes, a switch as 1 or 0."""
    if not element.attrib and not len(element):
        return {"val": "1"}
    return {
        etree.QName(key).localname: "1" if value in _ON else "0" if value in _OFF else str(value)
        for key, value in element.attrib.items()
    }


def sheet_of(package: Package) -> Sheet:
    """Return the styles of a Word file."""
    part = next(package.related(package.document, "styles"), "")
    return _sheet(parse(package.parts.get(part) or f"<w:styles {XMLNS}/>"))


@lru_cache(maxsize=len(LAYOUTS))
def house_sheet(layout: Layout) -> Sheet:
    """Return the styles of the house."""
    return _sheet(parse(styles_xml(layout)))


def house_ids(sheet: Sheet, house: Sheet) -> dict[str, str]:
    """Return, for the id of each style that is the house's by name, the id it has there."""
    found = {}
    for style in sheet.styles:
        name = sheet.name(style)
        known = house.find(name) or house.find(_PEOPLE_SAY.get(name.lower(), ""))
        if known and sheet.kind(style) == house.kind(known):
            found[style] = known
    return found


def changed_styles(sheet: Sheet, layout: Layout) -> Iterator[str]:
    """Yield the names of the styles of the house that are missing or say something else."""
    house = house_sheet(layout)
    own = {known: style for style, known in house_ids(sheet, house).items()}
    for style in house.styles:
        if house.kind(style) not in _TOLD:
            continue
        if style not in own or _says_other(sheet, own[style], house.styles[style]):
            yield house.name(style)


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


def _says_other(sheet: Sheet, style: str, wanted: etree._Element) -> bool:
    """Return whether a style does not say everything that the house's says."""
    for group in ("pPr", "rPr"):
        for element in wanted.iterfind(f"{W}{group}/*"):
            name = etree.QName(element).localname
            if name in ("numPr", "tabs", "pBdr"):
                continue
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


def _sheet(root: etree._Element) -> Sheet:
    styles = {style.get(f"{W}styleId", ""): style for style in root.findall(f"{W}style")}
    ids: dict[str, str] = {}
    for style, element in styles.items():
        ids.setdefault(_name(element).lower(), style)
    ids.update({_name(element): style for style, element in styles.items()})
    return Sheet(styles, ids)


def _name(style: etree._Element) -> str:
    found = style.find(f"{W}name")
    return "" if found is None else found.get(f"{W}val", "")
