"""Takes the marks of a draft off a saved document, whatever program saved it, without a trace.

What `put_stamp` added goes: the line of each header, the watermark, the line of each footer, and
every header or footer that held nothing else. All that a person wrote stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from deliverables.render.package import Package, parse, serialise
from deliverables.render.place import W
from deliverables.render.stamp import WATERMARK, Stamp

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWN = {f"{W}pict", f"{W}drawing", f"{W}object"}
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_MARKS = re.compile(r"草稿|示例|条件未成就")
_PAGES = ("header", "footer")

Parts = dict[str, etree._Element]


def take_off(package: Package, stamp: Stamp) -> None:
    """Remove what put_stamp(package, stamp) added, from headers and footers that may be shared."""
    body = parse(package.parts[package.document])
    for kind in _PAGES:
        parts = {part: parse(package.parts[part]) for part in _parts(package, kind)}
        for root in parts.values():
            _clean(root, stamp.line if kind == "header" else stamp.footer)
        _drop_what_is_blank(package, body, kind, parts)
        for part, root in parts.items():
            if part in package.parts:
                if not len(root):
                    etree.SubElement(root, f"{W}p")  # the least a header may hold
                package.parts[part] = serialise(root)
    package.parts[package.document] = serialise(body)


def marks_left(package: Package) -> tuple[str, ...]:
    """Return what headers, footers and watermarks still say of a draft, as it is written there."""
    return tuple(dict.fromkeys(_marks(package)))


def _marks(package: Package) -> Iterator[str]:
    pages = {part for kind in _PAGES for part in _parts(package, kind)}
    for part in package.stories():
        root = parse(package.parts[part])
        if part in pages:
            for paragraph in root.iter(f"{W}p"):
                if _MARKS.search(text := _text(paragraph)):
                    yield text
        if any(_is_watermark(element) for element in root.iter(etree.Element)):
            yield WATERMARK


def _parts(package: Package, kind: str) -> list[str]:
    found = dict.fromkeys(package.related(package.document, kind))
    return [part for part in found if part in package.parts]


def _clean(root: etree._Element, line: str) -> None:
    """Remove watermarks, and the line where it stands at the beginning of a paragraph."""
    for paragraph in list(root.iter(f"{W}p")):
        touched = _remove_watermarks(paragraph)
        if line and _text(paragraph).startswith(line):
            _remove_text(paragraph, len(line))
            touched = True
        if touched and not _text(paragraph).strip() and not _draws(paragraph):
            _remove(paragraph)


def _remove_watermarks(paragraph: etree._Element) -> bool:
    drawings = [
        drawing
        for drawing in paragraph.iter(_ALTERNATIVES, *_DRAWN)
        if any(_is_watermark(element) for element in drawing.iter(etree.Element))
    ]
    for drawing in drawings:
        run = drawing.getparent()
        if run is not None:
            run.remove(drawing)
            if run.tag == f"{W}r" and all(child.tag == f"{W}rPr" for child in run):
                _remove(run)
    return bool(drawings)


def _is_watermark(element: etree._Element) -> bool:
    """Tell our watermark by the name that Word, WPS and LibreOffice all keep."""
    return any(element.get(name, "").startswith(WATERMARK) for name in ("id", "name", "alt"))


def _remove_text(paragraph: etree._Element, length: int) -> None:
    """Remove the first characters, and the runs that held nothing else."""
    for text in list(paragraph.iter(f"{W}t")):
        taken = min(length, len(text.text or ""))
        text.text = (text.text or "")[taken:]
        length -= taken
        run = text.getparent()
        if not text.text and run is not None:
            run.remove(text)
            if run.tag == f"{W}r" and all(child.tag == f"{W}rPr" for child in run):
                _remove(run)
        if not length:
            return


def _drop_what_is_blank(package: Package, body: etree._Element, kind: str, parts: Parts) -> None:
    """Drop the references to blank headers where the page is as blank without them.

    A section without a header of its own takes over the one before, so a blank one stays there.
    """
    before: dict[str, bool] = {}
    for section in body.iter(f"{W}sectPr"):
        for reference in section.findall(f"{W}{kind}Reference"):
            page, relation = reference.get(f"{W}type", "default"), reference.get(f"{_R}id", "")
            part = package.target(package.document, relation)
            blank = part in parts and _is_blank(parts[part])
            if blank and not before.get(page, False):
                section.remove(reference)
                if not _is_used(body, relation):
                    package.detach(package.document, relation)
            else:
                before[page] = not blank


def _is_blank(root: etree._Element) -> bool:
    return all(child.tag == f"{W}p" and not _text(child).strip() and not _draws(child)
               for child in root) and len(root) < 2  # noqa: PLR2004  # fmt: skip


def _is_used(body: etree._Element, relation: str) -> bool:
    return any(
        reference.get(f"{_R}id") == relation
        for kind in _PAGES
        for reference in body.iter(f"{W}{kind}Reference")
    )


def _draws(paragraph: etree._Element) -> bool:
    return (
        next(paragraph.iter(_ALTERNATIVES, *_DRAWN, f"{W}fldChar", f"{W}fldSimple"), None)
        is not None
    )


def _text(paragraph: etree._Element) -> str:
    return "".join(text.text or "" for text in paragraph.iter(f"{W}t"))


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
