"""Carries the house style into a Word document: its styles, numbering, fonts, settings, pages."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import docx
from docx.oxml import parse_xml
from lxml import etree

from deliverables.render.house_style import FACES
from deliverables.render.look import Layout, Page
from deliverables.render.package import Package
from deliverables.render.place import W
from deliverables.render.styles_markup import (
    HEADING_NUMBERS,
    XMLNS,
    numbering_xml,
    section_properties,
    styles_xml,
)

if TYPE_CHECKING:
    from docx.document import Document

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"


def blank(layout: Layout) -> Document:
    """Return an empty document in the house style, with nothing in it that we did not put there."""
    page = section_properties(layout.page)
    body = f"<w:document {XMLNS}><w:body><w:p/>{page}</w:body></w:document>"
    package = Package({"[Content_Types].xml": _EMPTY_TYPES, "_rels/.rels": _EMPTY_RELATIONS})
    package.add("word/document.xml", body.encode(), _WORD.format("document.main"))
    package.relate("", "officeDocument", "word/document.xml")
    for name, content in (
        ("styles", styles_xml(layout)),
        ("numbering", numbering_xml(layout)),
        ("settings", _settings_xml()),
        ("fontTable", _fonts_xml()),
    ):
        package.add(f"word/{name}.xml", content.encode(), _WORD.format(name))
        package.relate("word/document.xml", name, f"word/{name}.xml")
    document = docx.Document(BytesIO(package.to_bytes()))
    body_element = document.element.body
    body_element.remove(body_element[0])
    return document


def dress(document: Document, layout: Layout) -> None:
    """Give `document` the styles, heading numbers and page of `layout`.

    Styles of the house are replaced; others go unless a paragraph, run or table still uses them.
    """
    styles = document.styles.element
    used = _used_styles(document) | _used_by(styles, _used_styles(document))
    house = parse_xml(styles_xml(layout).encode())
    own = {style.get(f"{W}styleId") for style in house.iter(f"{W}style")}
    for style in styles.findall(f"{W}style"):
        if style.get(f"{W}styleId") in used - own:
            house.append(style)
    styles[:] = list(house)
    _replace_numbering(document, layout)
    for section in document.sections:
        _turn(section._sectPr, layout.page)  # python-docx offers no other way


def _settings_xml() -> str:
    return (
        f'<w:settings {XMLNS}><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/>'
        '<w:bordersDoNotSurroundFooter/><w:defaultTabStop w:val="420"/>'
        '<w:drawingGridVerticalSpacing w:val="156"/><w:characterSpacingControl'
        ' w:val="compressPunctuation"/><w:compat><w:spaceForUL/>'
        "<w:balanceSingleByteDoubleByteWidth/>"
        "<w:doNotLeaveBackslashAlone/><w:ulTrailSpace/><w:doNotExpandShiftReturn/>"
        "<w:adjustLineHeightInTable/><w:useFELayout/>"
        '<w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def _fonts_xml() -> str:
    fonts = "".join(
        f'<w:font w:name="{name}">'
        + (f'<w:altName w:val="{stand_in}"/>' if stand_in else "")
        + "</w:font>"
        for name, stand_in in FACES.items()
    )
    return f"<w:fonts {XMLNS}>{fonts}</w:fonts>"


_EMPTY_TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels"'
    b' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_EMPTY_RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)


def _used_styles(document: Document) -> set[str]:
    used: set[str] = set()
    for part in document.part.package.iter_parts():
        if "wordprocessingml" in part.content_type and "styles" not in part.content_type:
            for name in ("pStyle", "rStyle", "tblStyle"):
                found = re.findall(rf'<w:{name} w:val="([^"]*)"', part.blob.decode())
                used.update(found)
    return used


def _used_by(styles: etree._Element, used: set[str]) -> set[str]:
    """Return what the used styles are based on, down to the root."""
    parents = {
        style.get(f"{W}styleId"): based.get(f"{W}val")
        for style in styles.findall(f"{W}style")
        for based in style.findall(f"{W}basedOn")
    }
    found: set[str] = set()
    for style in used:
        parent = parents.get(style)
        while parent and parent not in found:
            found.add(parent)
            parent = parents.get(parent)
    return found


def _replace_numbering(document: Document, layout: Layout) -> None:
    numbering = document.part.numbering_part.element
    house = parse_xml(numbering_xml(layout).encode())
    for tag, key in (("abstractNum", "abstractNumId"), ("num", "numId")):
        for found in numbering.findall(f"{W}{tag}"):
            if found.get(f"{W}{key}") == HEADING_NUMBERS:
                numbering.remove(found)
    abstract, number = house[0], house[1]
    numbering.insert(0, abstract)
    position = len(numbering.findall(f"{W}abstractNum"))
    numbering.insert(position, number)


def _turn(section: etree._Element, page: Page) -> None:
    """Set size, margins and grid of a section; one lying on its side stays so."""
    size = section.find(f"{W}pgSz")
    if size is not None and size.get(f"{W}orient") == "landscape":
        page = page.landscape
    wanted = parse_xml(section_properties(page).replace("<w:sectPr>", f"<w:sectPr {XMLNS}>"))
    for element in wanted:
        old = section.find(element.tag)
        if old is not None:
            section.replace(old, element)
