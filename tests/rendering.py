"""What tests of the renderer need beside a template; docxtpl as the peer to hold it against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import docxtpl
from docx.shared import Mm
from docxtpl import DocxTemplate
from jinja2 import Environment, Template
from lxml import etree

from deliverables.docx.contents import (
    CAPTIONS,
    contents_region,
    put,
    shown_by,
    style_of,
    styles_by_name,
)
from deliverables.docx.package import Package, parse
from deliverables.docx.render import Properties, Stamp, render
from deliverables.model.content import Chart, Picture
from deliverables.values.figure import Figure

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


CHARTS = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"


FINAL = Stamp(draft=False, sample=False)


PROPERTIES = Properties(
    title="第二季度报告 & <附件>",
    subject="运维服务",
    contract_number="HT-2026-001",
    creator="示范乙方公司",
    made_on=date(2026, 11, 2),
)


def add_footnotes(path: Path, text: str) -> None:
    package = Package.read(path)
    note = f'<w:footnote w:id="1"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    notes = f'<w:footnotes xmlns:w="{W.strip("{}")}">{note}</w:footnotes>'
    package.add("word/footnotes.xml", notes.encode(), kind)
    package.relate("word/document.xml", "footnotes", "word/footnotes.xml")
    path.write_bytes(package.to_bytes())


def made(path: Path, context: object) -> bytes:
    return render(path, context, FINAL, PROPERTIES)


class _Kept(Environment):
    """Of one text one template: docxtpl compiles it for every document, which takes seconds."""

    @cache  # noqa: B019 - there is one, and it lives as long as the tests
    def from_string(self, *given: Any, **named: Any) -> Template:
        return super().from_string(*given, **named)


AS_COMPILED = _Kept(autoescape=True)


def by_docxtpl(path: Path, context: object) -> bytes:
    peer = DocxTemplate(path)
    peer.render(plain(context, peer), AS_COMPILED, autoescape=True)
    target = BytesIO()
    peer.save(target)
    return target.getvalue()


def plain(value: object, peer: DocxTemplate) -> object:
    """Return a context as docxtpl takes it: it has pictures, and neither figures nor charts."""
    match value:
        case Figure():
            return value.text
        case Chart():
            return ""
        case Picture():
            sizes = (value.width, value.height)
            width, height = (None if size is None else Mm(size) for size in sizes)
            return docxtpl.InlineImage(peer, BytesIO(value.content), width, height)
        case tuple():
            return [plain(item, peer) for item in value]
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name), peer) for field in fields(value)}
    return value


def stories(document: bytes) -> list[bytes]:
    """Return every story in canonical form, without what is set aside."""
    package = Package.of(document)
    styles = styles_by_name(package)
    return [_canonical(parse(package.parts[part]), styles) for part in package.stories()]


def _canonical(root: etree._Element, styles: Mapping[str, str]) -> bytes:
    _set_numbers_aside(root, styles)
    _set_ids_aside(root)
    for kept in list(root.iter(f"{W}keepNext")):
        _remove(kept)
    for properties in [one for one in root.iter(f"{W}pPr") if not len(one)]:
        _remove(properties)
    for chart in list(root.iter(CHARTS)):
        _remove(next(chart.iterancestors(f"{W}drawing")))
    for run in [run for run in root.iter(f"{W}r") if _shows_nothing(run)]:
        _remove(run)
    for paragraph in [one for one in root.iter(f"{W}p") if not len(one)]:
        _remove(paragraph)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, method="c14n", exclusive=True)


def _set_numbers_aside(root: etree._Element, styles: Mapping[str, str]) -> None:
    for paragraph in contents_region(root):
        _remove(paragraph)
    for paragraph in root.iter(f"{W}p"):
        if styles.get(style_of(paragraph)) in CAPTIONS:
            put(list(paragraph.iter(f"{W}t", f"{W}instrText")), "")
            _join_hyphens(paragraph)
    for instruction in root.iter(f"{W}instrText"):
        if "REF " in (instruction.text or ""):
            shown = shown_by(instruction)
            put(shown, "")
            for run in {text.getparent() for text in shown}:
                _join_hyphens(run)


def _join_hyphens(element: etree._Element) -> None:
    """Take out the hyphens that keep 附5-1 on one line."""
    for hyphen in list(element.iter(f"{W}noBreakHyphen")):
        _remove(hyphen)


def _set_ids_aside(root: etree._Element) -> None:
    for bookmark in list(root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        bookmark.attrib.pop(f"{W}id")
        if "_Toc" in bookmark.get(f"{W}name", "_Toc"):
            _remove(bookmark)
    for number, drawing in enumerate(root.iter(DRAWING)):
        drawing.set("id", str(number))
        for own in ("name", "descr"):  # without which nobody who cannot see it would know it
            drawing.attrib.pop(own, None)
    for element in (inner for drawing in root.iter(f"{W}drawing") for inner in drawing.iter()):
        for where in ("text", "tail"):  # docxtpl indents what it draws
            if not (getattr(element, where) or "x").strip():
                setattr(element, where, None)


def _shows_nothing(run: etree._Element) -> bool:
    return all(child.tag == f"{W}rPr" or (child.tag == f"{W}t" and not child.text) for child in run)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)
