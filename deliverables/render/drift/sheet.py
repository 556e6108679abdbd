"""The styles of a template, by id and by the name that people and programs agree on.

WPS and LibreOffice give styles ids of their own when they save; names stay, but for the case of
letters (heading 1, Heading 1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from lxml import etree

from deliverables.lazily import dataclass
from deliverables.render.drift.properties import Properties, merged, properties_of
from deliverables.render.house_style import LAYOUTS
from deliverables.render.look import Layout
from deliverables.render.package import Package, parse
from deliverables.render.place import W
from deliverables.render.styles_markup import styles_xml

_GROUPS = ("pPr", "rPr", "tblPr", "trPr", "tcPr")
_PEOPLE_SAY = {"contents 1": "toc 1", "contents 2": "toc 2"}
"""Built-in names that LibreOffice writes in its own words."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A styles part; `ids` finds a style by its name."""

    root: etree._Element
    styles: Mapping[str, etree._Element]
    ids: Mapping[str, str]

    def name(self, style: str) -> str:
        """Return the name of the style with that id; empty if there is none."""
        return _name(self.styles[style]) if style in self.styles else ""

    def find(self, name: str) -> str | None:
        """Return the id of the style of that name, in whatever case of letters."""
        return self.ids.get(name) or self.ids.get(name.lower())

    def value(self, style: str, element: str) -> str:
        """Return the w:val of a child of a style such as basedOn or next."""
        found = self.styles[style].find(f"{W}{element}")
        return "" if found is None else found.get(f"{W}val", "")

    def default(self, kind: str) -> str:
        """Return the id of the default style for paragraphs or tables."""
        for style, element in self.styles.items():
            if element.get(f"{W}type") == kind and element.get(f"{W}default") in ("1", "true"):
                return style
        return ""

    def look(self, style: str) -> dict[str, str]:
        """Return everything a style says, with what it is based on."""
        own = self._own(self.styles[style])
        base = self.value(style, "basedOn")
        if base in self.styles and base != style:
            return merged(self.look(base), own)
        return merged(self._defaults(), own)

    def _own(self, style: etree._Element) -> Properties:
        found = properties_of(style, *_GROUPS)
        for part in style.findall(f"{W}tblStylePr"):
            prefix = f"tblStylePr/{part.get(f'{W}type')}"
            nested = properties_of(part, *_GROUPS)
            found.update({f"{prefix}/{key}": value for key, value in nested.items()})
        return found

    def _defaults(self) -> Properties:
        defaults = self.root.find(f"{W}docDefaults")
        if defaults is None:
            return {}
        return {
            key: value
            for holder in defaults
            for key, value in properties_of(holder, "pPr", "rPr").items()
        }


def sheet_of(package: Package) -> Sheet:
    """Return the styles of a template."""
    part = next(package.related(package.document, "styles"), "")
    return _sheet(parse(package.parts.get(part) or f'<w:styles xmlns:w="{W.strip("{}")}"/>'))


@lru_cache(maxsize=len(LAYOUTS))
def house_sheet(layout: Layout) -> Sheet:
    """Return the styles of the house."""
    return _sheet(parse(styles_xml(layout)))


def house_ids(sheet: Sheet, house: Sheet) -> dict[str, str]:
    """Return, for the id of each style that is the house's by name, the id it has there."""
    return {
        style: known
        for style in sheet.styles
        if (known := house.find(sheet.name(style)) or house.find(_PEOPLE_SAY.get(
            sheet.name(style).lower(), ""))) and _kind(sheet, style) == _kind(house, known)
    }  # fmt: skip


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
    return Sheet(root, styles, ids)


def _name(style: etree._Element) -> str:
    found = style.find(f"{W}name")
    return "" if found is None else found.get(f"{W}val", "")


def _kind(sheet: Sheet, style: str) -> str | None:
    return sheet.styles[style].get(f"{W}type")
