"""What every document of a template has in common, done once on the template's tree.

Each function here is the half of a step of the general way that can be known beforehand: it does
what is certain, leaves a hole for what the document decides, and refuses what it cannot foresee.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lxml import etree

from deliverables.render.chart import drawings_of_charts, hang, is_empty
from deliverables.render.compiled.holes import (
    Holed,
    NotCompilableError,
    is_holed,
    texts_of,
    without_holes,
)
from deliverables.render.compiled.shape import RICH_TEXT
from deliverables.render.general import docxtpl_functions
from deliverables.render.identifiers import DRAWING, bookmarks
from deliverables.render.place import W

_PAGE: Final = (f"{W}hdr", f"{W}ftr")
_RUNS: Final = ["print", RICH_TEXT]
"""Runs, of which there may be none."""

_LINE: Final = re.compile(r"[\t\n]")
_PARAGRAPH: Final = "paragraph"
_ENDS: Final = ("cell", "apart")
"""Holes that are filled by a look at what stands before or after them."""


def settle(story: Holed) -> list[str]:
    """Do in a story what is certain; return the elements that a document may leave empty."""
    _place_values(story)
    _check_tables(story)
    _hang(story)
    _check_controls(story)
    _make_whole(story)
    return _hollow(story)


def _place_values(story: Holed) -> None:
    """Tell each value what it is printed in, which decides what becomes of a line end in it."""
    boxes = {
        paragraph
        for inner in story.root.iterfind(f".//{W}p//{W}p")
        for paragraph in (inner, *inner.iterancestors(f"{W}p"))
    }
    boxed = {text for paragraph in boxes for text in paragraph.iter(f"{W}t")}
    for element in story.root.iter(etree.Element):
        run = element.getparent()
        in_run = element.tag == f"{W}t" and run is not None and run.tag == f"{W}r"
        if in_run and _LINE.search(element.text or ""):
            raise NotCompilableError("a tab or line end as a character of a text")
        where = ("boxed" if element in boxed else "run") if in_run else "text"
        if element.tag == f"{W}p" and element not in boxes:
            where = _PARAGRAPH
        beside = run is not None and run.tag == f"{W}p" and run not in boxes
        _stand(story, element.text, where)
        _stand(story, element.tail, _PARAGRAPH if beside else "text")
        for value in element.attrib.values():
            _stand(story, str(value), "attribute")
    for op in story.every("print"):
        if op[3] is not None and op[5] not in ("run", "boxed"):
            raise NotCompilableError("a mark outside a run")
        if (op[1] == RICH_TEXT) is not (op[5] == _PARAGRAPH):
            raise NotCompilableError("runs elsewhere than in a plain paragraph, or no runs in one")


def _stand(story: Holed, text: str | None, where: str) -> None:
    for op in story.ops_in(text):
        if op[0] == "print":
            op.append(where)


def _check_tables(story: Holed) -> None:
    """Refuse tables whose columns docxtpl would count and correct."""
    if next(story.root.iter(f"{W}tbl"), None) is None:
        return
    before = etree.tostring(story.root)
    try:
        fixed = docxtpl_functions().fix_tables(before)
    except (ValueError, AttributeError, TypeError) as fault:
        raise NotCompilableError(f"a table without countable columns: {fault}") from fault
    if etree.tostring(fixed) != before:
        raise NotCompilableError("a table whose columns are corrected")
    blocks = story.blocks()
    for table in story.root.iter(f"{W}tbl"):
        rows = list(table.iter(f"{W}tr"))
        if any(story.has_control(text) for row in rows for text in _between_cells(row)):
            raise NotCompilableError("cells that repeat or depend")
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        if not any(blocks[row] == blocks[table] and _width(row) >= columns for row in rows):
            raise NotCompilableError("a table none of whose rows is sure to be there")


def _between_cells(row: etree._Element) -> list[str | None]:
    return [row.text, *(child.tail for child in row)]


def _width(row: etree._Element) -> int:
    spans = (cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(f"{W}tc"))
    return sum(1 if span is None else int(span.get(f"{W}val", "1")) for span in spans)


def _hang(story: Holed) -> None:
    """Remove the empty runs on either side of the template's own charts."""
    for drawing in drawings_of_charts(story.root):
        run = drawing.getparent()
        place = None if run is None else run.getparent()
        if place is None:
            raise NotCompilableError("a chart in no run")
        if not is_holed(place):
            hang(place)
        elif any(_may_be_empty(beside) for beside in place.iter(f"{W}r")):
            raise NotCompilableError("a chart beside a run that may be empty")


def _may_be_empty(run: etree._Element) -> bool:
    return is_empty(run) or not any(
        without_holes(child.text) or child.tag not in (f"{W}rPr", f"{W}t") for child in run
    )


def _check_controls(story: Holed) -> None:
    """Refuse content controls of the template's own that look like marks."""
    for control in story.root.iter(f"{W}sdt"):
        before, after = control.getprevious(), control.getnext()
        if (before is not None and before.tag == f"{W}bookmarkStart") or (
            after is not None and after.tag == f"{W}bookmarkEnd"
        ):
            raise NotCompilableError("a content control in a bookmark")


def _make_whole(story: Holed) -> None:
    for cell in story.root.iter(f"{W}tc"):
        last = cell[-1] if len(cell) else None
        after = cell.text if last is None else last.tail
        if story.has_control(after):
            if any(op[0] == "print" for op in story.ops_in(after)):
                raise NotCompilableError("text between the paragraphs of a cell")
            append(cell, story.hole("cell"))
        elif last is None or last.tag != f"{W}p":
            cell.append(etree.Element(f"{W}p"))
    for table in list(story.root.iter(f"{W}tbl")):
        following = table.getnext()
        if story.has_control(table.tail):
            table.tail = story.hole("apart") + (table.tail or "")
        elif following is not None and following.tag == f"{W}tbl":
            table.addnext(etree.Element(f"{W}p"))
    if story.root.tag in _PAGE and not any(not block for block in _children_blocks(story)):
        raise NotCompilableError("a header that may be empty")


def _children_blocks(story: Holed) -> list[tuple[int, ...]]:
    blocks = story.blocks()
    return [blocks[child] for child in story.root]


def _hollow(story: Holed) -> list[str]:
    """Return the names of elements that hold nothing but what tags may leave out."""
    blocks = story.blocks()
    names = set()
    for element in story.root.iter(etree.Element):
        texts = (element.text, *(child.tail for child in element))
        ops = [op for text in texts for op in story.ops_in(text)]
        is_text = element.tag == f"{W}t"
        if not any(op[0] in ("if", "for") or op[:2] == _RUNS for op in ops) and not (
            is_text and story.has_control(element.text)
        ):
            continue
        if any(op[0] in _ENDS[:1] for op in ops):
            continue
        if any(blocks[child] == blocks[element] for child in element):
            continue
        if story.is_sure(element.text):
            continue
        name = etree.QName(element).localname
        if is_text:
            append(element, story.hole("text_end"))
        else:
            names.add(f"{element.prefix}:{name}" if element.prefix else name)
    return sorted(names)


def number(story: Holed) -> None:
    """Leave holes for the numbers of drawings, content controls and bookmarks."""
    blocks = story.blocks()
    for drawing in story.root.iter(DRAWING):
        drawing.set("id", story.hole("drawing_id"))
    for control in story.root.iter(f"{W}sdtPr"):
        for found in control.findall(f"{W}id"):
            found.set(f"{W}val", story.hole("control_id"))
    for place, (start, end) in enumerate(bookmarks(story.root)):
        if end is None:
            drop(start)
            continue
        if blocks[start] != blocks[end]:
            raise NotCompilableError("a bookmark that begins and ends in different cases")
        start.set(f"{W}id", story.hole("bookmark", place, start.get(f"{W}name", "")))
        end.set(f"{W}id", story.hole("bookmark_end", place))


def open_section(story: Holed) -> None:
    """Leave a hole in the body's first section for the headers that a draft's marks need."""
    blocks = story.blocks()
    sections = list(story.root.iter(f"{W}sectPr"))
    if not sections or any(blocks[section] or is_holed(section) for section in sections):
        raise NotCompilableError("a section that depends")
    if not len(sections[0]):
        raise NotCompilableError("a section without properties")
    sections[0].text = story.hole("section")


def open_page(story: Holed) -> None:
    """Leave holes in a header or footer for what a draft says before or after its own words."""
    blocks = story.blocks()
    kept = [child for child in story.root if not blocks[child]]
    if not any(len(kept) > 1 or any(not blocks[inner] for inner in child) for child in kept):
        raise NotCompilableError("a header that may be blank")
    story.root.text = story.hole("head") + (story.root.text or "")
    append(story.root, story.hole("tail"))


def append(element: etree._Element, words: str) -> None:
    """Put words at the end of an element, after its last child."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + words
    else:
        element.text = (element.text or "") + words


def drop(element: etree._Element) -> None:
    """Remove an element but not what follows it."""
    before, parent = element.getprevious(), element.getparent()
    assert parent is not None  # noqa: S101  # no root is dropped
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


Styles = Mapping[str, str]

__all__ = ["append", "drop", "number", "open_page", "open_section", "settle", "texts_of"]
