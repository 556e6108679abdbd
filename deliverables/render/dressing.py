"""An empty Word document in the house style, to be written on."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import docx

from deliverables.render.look import Layout
from deliverables.render.package import Package
from deliverables.render.styles_markup import (
    XMLNS,
    fonts_xml,
    numbering_xml,
    section_properties,
    settings_xml,
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
        ("settings", settings_xml()),
        ("fontTable", fonts_xml()),
    ):
        package.add(f"word/{name}.xml", content.encode(), _WORD.format(name))
        package.relate("word/document.xml", name, f"word/{name}.xml")
    document = docx.Document(BytesIO(package.to_bytes()))
    body_element = document.element.body
    body_element.remove(body_element[0])
    return document


_EMPTY_TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels"'
    b' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_EMPTY_RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)
