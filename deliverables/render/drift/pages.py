"""Sections whose page is no longer the house's: size, margins, line grid."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from deliverables.message import say
from deliverables.render.drift.area import Area, Drift
from deliverables.render.drift.properties import attributes_of
from deliverables.render.look import Layout
from deliverables.render.package import Package, parse, serialise
from deliverables.render.place import W
from deliverables.render.styles_markup import XMLNS, section_properties

_NEAR_TWIPS = 6
"""A tenth of a millimetre: programs keep lengths in units of their own."""
_WHAT = {
    "pgSz": say("paper"),
    "pgMar": say("margins"),
    "docGrid": say("line grid"),
}
_AFTER = {
    "pgSz": ("paperSrc", "pgBorders", "lnNumType"),
    "pgMar": ("paperSrc", "pgBorders", "lnNumType"),
    "docGrid": ("printerSettings", "sectPrChange"),
}
_LATER = ("pgNumType", "cols", "formProt", "vAlign", "noEndnote", "titlePg", "textDirection",
          "bidi", "rtlGutter", "docGrid", "printerSettings", "sectPrChange")  # fmt: skip


def drifted_pages(package: Package, layout: Layout) -> Iterator[Drift]:
    """Yield each setting of a section's page that is not as in the house."""
    root = parse(package.parts[package.document])
    for number, section in enumerate(root.iter(f"{W}sectPr"), 1):
        for wanted in _wanted(section, layout):
            found = _numbers(section.find(wanted.tag))
            expected = _numbers(wanted)
            differing = [
                key for key, value in expected.items() if not _alike(found.get(key), value)
            ]
            if differing:
                told = say(
                    "page of section {number}: {what} {found} instead of {expected}",
                    number=number,
                    what=_WHAT[etree.QName(wanted).localname],
                    found=_shown(found, differing) or say("nothing"),
                    expected=_shown(expected, differing),
                )
                yield Drift(Area.PAGES, told)


def mend_pages(package: Package, layout: Layout) -> None:
    """Give every section the page of the house; one lying on its side stays so."""
    root = parse(package.parts[package.document])
    for section in list(root.iter(f"{W}sectPr")):
        for wanted in _wanted(section, layout):
            old = section.find(wanted.tag)
            if old is not None:
                section.replace(old, wanted)
            else:
                section.insert(_place_for(section, etree.QName(wanted).localname), wanted)
    package.parts[package.document] = serialise(root)


def _wanted(section: etree._Element, layout: Layout) -> list[etree._Element]:
    size = section.find(f"{W}pgSz")
    turned = size is not None and size.get(f"{W}orient") == "landscape"
    page = layout.page.landscape if turned else layout.page
    return list(parse(section_properties(page).replace("<w:sectPr>", f"<w:sectPr {XMLNS}>")))


def _numbers(element: etree._Element | None) -> dict[str, str]:
    if element is None:
        return {}
    found = attributes_of(element)
    if element.tag == f"{W}docGrid":
        found.setdefault("type", "default")
        if found["type"] == "default":
            found.pop("linePitch", None)  # which then rules nothing
    return found


def _alike(found: str | None, expected: str) -> bool:
    if found is None or not (found.lstrip("-").isdigit() and expected.isdigit()):
        return found == expected
    return abs(int(found) - int(expected)) <= _NEAR_TWIPS


def _shown(numbers: dict[str, str], keys: list[str]) -> str:
    return " ".join(f"{key}={numbers[key]}" for key in keys if key in numbers)


def _place_for(section: etree._Element, name: str) -> int:
    later = {f"{W}{other}" for other in (*_AFTER[name], *_LATER)} - {f"{W}{name}"}
    if name == "docGrid":
        later = {f"{W}{other}" for other in _AFTER[name]}
    elif name == "pgSz":
        later.add(f"{W}pgMar")
    positions = [index for index, child in enumerate(section) if child.tag in later]
    return min(positions, default=len(section))
