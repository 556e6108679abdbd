"""Faults of structure that Word refuses or repairs, and a schema validator does not see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from lxml import etree

from deliverables.message import Message, say
from deliverables.verify.document import Document, excerpt
from deliverables.verify.finding import Finding, fault
from deliverables.verify.leaves import Leaves
from deliverables.verify.letters import MARK, text_of
from deliverables.verify.package import Package, W

_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_STORIES: Final = {"header", "footer", "footnotes", "endnotes"}
_STYLE_USES: Final = tuple(f"{W}{name}" for name in ("pStyle", "rStyle", "tblStyle"))
_BLOCKS: Final = frozenset(f"{W}{name}" for name in ("p", "tbl", "sdt", "customXml"))
_VALUE: Final = f"{W}val"


def content_controls_are_unique(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find content controls that share an id."""
    ids = (control.get(_VALUE, "") for root in _every_story(document.package).values()
           for control in root.iter(f"{W}id") if _is_control(control))  # fmt: skip
    yield from _repeated("sdt-id", ids, say("content controls"))


def drawings_are_unique(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find drawings of one part that share an id."""
    for part, root in _every_story(document.package).items():
        ids = (drawing.get("id", "") for drawing in _once(root.iter(_DRAWING)))
        yield from _repeated("drawing-id", ids, say("drawings of {part}", part=part))


def bookmarks_are_unique(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find bookmarks of one part that share an id, and names that are used twice."""
    for part, root in _every_story(document.package).items():
        ids = (mark.get(f"{W}id", "") for mark in root.iter(f"{W}bookmarkStart"))
        yield from _repeated("bookmark-id", ids, say("bookmarks of {part}", part=part))
    # LibreOffice saves a header more than once, with the marks of the figures in it.
    names = (m.name for m in document.bookmarks if m.name and not m.name.startswith(MARK))
    yield from _repeated("bookmark-name", names, say("bookmarks"))


def cells_end_with_a_paragraph(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find cells whose last block is no paragraph: Word does not open such a file."""
    for part, root in _every_story(document.package).items():
        for cell in root.iter(f"{W}tc"):
            if not _ends_with_paragraph(cell):
                where = say("{part} › “{excerpt}”", part=part, excerpt=excerpt(text_of(cell)))
                yield fault("cell-end", where, say("a table cell does not end with a paragraph"))


def styles_exist(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find styles that are used and not defined."""
    package = document.package
    defined = {style.get(f"{W}styleId") for part in _related(package, {"styles"})
               for style in package.xml(part).iter(f"{W}style")}  # fmt: skip
    for part, root in _every_story(package).items():
        used = {use.get(_VALUE, "") for use in root.iter(*_STYLE_USES)}
        for name in sorted(used - defined):
            message = say("the style {name} is not defined", name=name)
            yield fault("style-unknown", say("{part}", part=part), message, found=name)


def _every_story(package: Package) -> dict[str, etree._Element]:
    parts = [package.document, *_related(package, _STORIES)]
    return {part: package.xml(part) for part in parts}


def _related(package: Package, types: Iterable[str]) -> list[str]:
    wanted = set(types)
    relations = package.relations(package.document).values()
    return [r.part for r in relations if r.type in wanted and r.part in package.parts]


def _repeated(code: str, ids: Iterable[str], things: Message) -> Iterator[Finding]:
    for id_, times in Counter(ids).items():
        if times > 1:
            message = say("{times} {things} share the id {id}", times=times, things=things, id=id_)
            yield fault(code, things, message, found=id_)


def _is_control(id_: etree._Element) -> bool:
    parent = id_.getparent()
    return parent is not None and parent.tag == f"{W}sdtPr"


def _once(drawings: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """Leave out the copies that a drawing carries for programs that cannot read it."""
    for drawing in drawings:
        if not any(str(above.tag).endswith("}Fallback") for above in drawing.iterancestors()):
            yield drawing


def _ends_with_paragraph(container: etree._Element) -> bool:
    blocks = [child for child in container if child.tag in _BLOCKS]
    if not blocks:
        return False
    last = blocks[-1]
    if last.tag == f"{W}sdt":
        content = last.find(f"{W}sdtContent")
        return content is not None and _ends_with_paragraph(content)
    return last.tag == f"{W}p" or (last.tag == f"{W}customXml" and _ends_with_paragraph(last))
