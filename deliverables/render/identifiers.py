"""Numbers and names that must be unique in a document, made so after loops have repeated them."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

from lxml import etree

from deliverables.render.place import W

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def make_unique(stories: Collection[etree._Element]) -> None:
    """Number drawings, content controls and bookmarks through all stories of a document.

    A bookmark that a loop repeats keeps its first place only.
    """
    drawings, controls, kept = count(1), count(1), count(1)
    names: set[str] = set()
    for story in stories:
        for drawing in story.iter(DRAWING):
            drawing.set("id", str(next(drawings)))
        for control in story.iter(f"{W}sdtPr"):
            for number in control.findall(f"{W}id"):
                number.set(f"{W}val", str(next(controls)))
        for start, end in bookmarks(story):
            name = start.get(f"{W}name", "")
            if end is None or name in names:
                _remove(start)
                _remove(end)
            else:
                names.add(name)
                own = str(next(kept))
                start.set(f"{W}id", own)
                end.set(f"{W}id", own)


def bookmarks(story: etree._Element) -> list[tuple[etree._Element, etree._Element | None]]:
    """Return every bookmark's start with its end: the first after it with the same number."""
    found: dict[etree._Element, etree._Element | None] = {}
    waiting: dict[str, list[etree._Element]] = {}
    for half in story.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd"):
        number = half.get(f"{W}id", "")
        if half.tag == f"{W}bookmarkStart":
            found[half] = None
            waiting.setdefault(number, []).append(half)
        elif waiting.get(number):
            found[waiting[number].pop(0)] = half
    return list(found.items())


def _remove(element: etree._Element | None) -> None:
    parent = None if element is None else element.getparent()
    if element is not None and parent is not None:
        parent.remove(element)
