"""Numbers and names that must be unique in a document, made so after loops have repeated them."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

from lxml import etree

from deliverables.render.place import W

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def make_unique(stories: Collection[etree._Element]) -> None:
    """Number drawings, content controls and bookmarks through all stories of a document.

    A bookmark that a loop repeats keeps its first place only.
    """
    drawings, controls, bookmarks = count(1), count(1), count(1)
    names: set[str] = set()
    for story in stories:
        for drawing in story.iter(_DRAWING):
            drawing.set("id", str(next(drawings)))
        for control in story.iter(f"{W}sdtPr"):
            for number in control.findall(f"{W}id"):
                number.set(f"{W}val", str(next(controls)))
        for start in list(story.iter(f"{W}bookmarkStart")):
            _settle(start, str(next(bookmarks)), names)


def _settle(start: etree._Element, number: str, names: set[str]) -> None:
    """Give a bookmark its own number, or remove it if its name is taken."""
    end = _end_of(start)
    name = start.get(f"{W}name", "")
    if name in names or end is None:
        for half in (start, end):
            if half is not None:
                _remove(half)
        return
    names.add(name)
    start.set(f"{W}id", number)
    end.set(f"{W}id", number)


def _end_of(start: etree._Element) -> etree._Element | None:
    """Return the end of a bookmark: the first after its start with the same number."""
    seen = False
    for element in start.getroottree().iter(f"{W}bookmarkStart", f"{W}bookmarkEnd"):
        seen = seen or element is start
        same = element.get(f"{W}id") == start.get(f"{W}id")
        if seen and same and element.tag == f"{W}bookmarkEnd":
            return element
    return None


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
