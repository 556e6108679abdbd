"""Numbers and names that must be unique in a document, also where a loop repeats them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from deliverables.docx.contents import REFERRING, drop
from deliverables.docx.language import HOLE, Hole, Tags, quoted
from deliverables.docx.settlement import END, LATE, NAMED, NAMED_END, REFERENCE
from deliverables.message import say
from deliverables.render.place import W

_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_VML: Final = "{urn:schemas-microsoft-com:vml}"
_OFFICE: Final = "{urn:schemas-microsoft-com:office:office}"
_WORD_2010: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_LATE_NAME: Final = re.compile(f"{LATE}([{NAMED}{NAMED_END}{REFERENCE}])([^{LATE}{END}]*){END}")

Blocks = Mapping[etree._Element, tuple[str, ...]]
"""The blocks that each element stands in, outermost first: a number, or the variable of a loop."""


def number(tags: Tags, root: etree._Element, blocks: Blocks, numbers: Iterator[int]) -> None:
    """Number drawings, controls and bookmarks of a story, and name anew what its loops repeat."""
    _Identifiers(tags, blocks, numbers).given(root)


class _Identifiers:
    def __init__(self, tags: Tags, blocks: Blocks, numbers: Iterator[int]) -> None:
        self._tags, self._blocks, self._numbers = tags, blocks, numbers
        self._bookmarks: dict[str, list[str]] = {}
        self._shapes: dict[str, list[str]] = {}

    def given(self, root: etree._Element) -> None:
        for drawing in root.iter(_DRAWING):
            drawing.set("id", self._number(drawing))
        for control in root.iter(f"{W}sdtPr"):
            for found in control.findall(f"{W}id"):
                found.set(f"{W}val", self._number(control))
        self._number_bookmarks(root)
        repeated = [(element, loops) for element in root.iter(etree.Element)
                    if (loops := self._loops(element))]  # fmt: skip
        for element, loops in repeated:
            if str(element.tag).startswith(_VML) and element.get("id"):
                self._shapes[element.get("id", "")] = loops
        for element, loops in repeated:
            self._rename(element, loops)

    def _loops(self, element: etree._Element) -> list[str]:
        """Return the variables of the loops that an element stands in."""
        return [block for block in self._blocks.get(element, ()) if not block.isdigit()]

    def _number(self, element: etree._Element) -> str:
        own, loops = str(next(self._numbers)), self._loops(element)
        return (
            self._tags.add(Hole("name", f"{quoted(own)}|numbered({loops[-1]})")) if loops else own
        )

    def _number_bookmarks(self, root: etree._Element) -> None:
        for start, end in _bookmarks(root):
            name = start.get(f"{W}name", "")
            if end is None:
                drop(start)
                continue
            if self._blocks[start] != self._blocks[end]:
                why = say("the bookmark {name} begins and ends in different cases", name=name)
                raise self._tags.refused("", why)
            own = self._number(start)
            start.set(f"{W}id", own)
            end.set(f"{W}id", own)
            self._bookmarks[name] = self._loops(start)

    def _rename(self, element: etree._Element, loops: list[str]) -> None:
        """Give a name that a loop repeats, and what refers to it there, the row of the loop."""
        for name in ("paraId", "textId"):
            element.attrib.pop(f"{_WORD_2010}{name}", "")
        for key, value in element.attrib.items():
            name = str(value)
            if key in (f"{W}anchor", f"{W}name"):
                element.set(key, self._own(name, loops, self._bookmarks))
            elif key == "ShapeID":
                element.set(key, self._own(name, loops, self._shapes))
            elif str(element.tag).startswith(_VML) and key in ("id", f"{_OFFICE}spid"):
                element.set(key, self._own(name, loops, {name: loops}))
            elif str(element.tag).startswith(_VML) and key == "type":
                element.set(key, "#" + self._own(name.removeprefix("#"), loops, self._shapes))
        if element.tag == f"{W}instrText" and (found := REFERRING.match(element.text or "")):
            own = self._own(found[2], loops, self._bookmarks)
            element.text = (element.text or "").replace(found[2], own, 1)
        for where in ("text", "tail"):
            said = getattr(element, where)
            if said and LATE in said:
                setattr(element, where, _LATE_NAME.sub(
                    lambda token: self._token(token[1], token[2], loops) or token[0], said
                ))  # fmt: skip

    def _token(self, kind: str, name: str, loops: list[str]) -> str:
        """Return a token that names what a loop around it repeats; nothing if none does."""
        home = self._bookmarks.get(name)
        if not home or loops[: len(home)] != home:
            return ""
        source = f"{quoted(name)}|named({quoted(kind)}, {home[-1]})"
        return self._tags.add(Hole("name", source))

    def _own(self, name: str, loops: list[str], known: Mapping[str, list[str]]) -> str:
        """Return a name as it is in the row of a loop, if a loop around it repeats that name."""
        home = known.get(name)
        if not home or HOLE in name or loops[: len(home)] != home:
            return name
        return self._tags.add(Hole("name", f"{quoted(name)}|repeated({home[-1]})"))


def _bookmarks(story: etree._Element) -> list[tuple[etree._Element, etree._Element | None]]:
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
