"""Bookmarks and the fields that refer to them, where loops and conditions may take one away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.render.place import Story, W
from deliverables.render.placed import Placed
from deliverables.render.tag import Fault, Tag

_REFERS = re.compile(r"\s*(?:REF|PAGEREF|NOTEREF)\s+([^\s{]+)", re.IGNORECASE)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""Holds what a text box says a second time, for old programs."""
_OF_CONTENTS = "_Toc"
"""Begins the bookmarks of headings, which are written anew with the contents."""


@dataclass(frozen=True, slots=True)
class _Branch:
    """A loop, or a case of a condition, by the tags that lead there; loops are told apart."""

    said: str
    loop: int = 0


Branches = tuple[_Branch, ...]


@dataclass(frozen=True, slots=True)
class _Reference:
    name: str
    tag: Tag
    branches: Branches


def reference_faults(stories: Sequence[tuple[Story, tuple[Placed, ...]]]) -> Iterator[Fault]:
    """Yield every bookmark that a case cuts in two, and every reference that may find nothing."""
    marked: dict[str, Branches] = {}
    references: list[_Reference] = []
    for story, tags in stories:
        found = list(_with_branches(story, tags))
        for name, end, before, after in _bookmarks(found):
            tag = Tag(name, story.nearest(end))
            if name in marked:
                yield Fault(tag, say("the bookmark {name} stands in the template twice", name=name))
            if before != after:
                why = say("the bookmark begins and ends in different cases or loops")
                yield Fault(tag, why)
            marked[name] = before
        for element, branches in found:
            if refers := _REFERS.match(_code(element)):
                tag = Tag(_code(element).strip(), story.nearest(element))
                references.append(_Reference(refers[1], tag, branches))
    for reference in references:
        lost = _lost(reference, marked.get(reference.name))
        if lost is not None and not reference.name.startswith(_OF_CONTENTS):
            yield Fault(reference.tag, lost)


def _bookmarks(
    found: Sequence[tuple[etree._Element, Branches]],
) -> Iterator[tuple[str, etree._Element, Branches, Branches]]:
    """Yield each bookmark that ends: its name, its end, and the branches of its start and end."""
    begun: dict[str, tuple[str, Branches]] = {}
    for element, branches in found:
        number = element.get(f"{W}id", "")
        if element.tag == f"{W}bookmarkStart":
            begun[number] = element.get(f"{W}name", ""), branches
        elif element.tag == f"{W}bookmarkEnd" and number in begun:
            name, before = begun.pop(number)
            yield name, element, before, branches


def _lost(reference: _Reference, branches: Branches | None) -> Message | None:
    """Return why a reference may find nothing, or more than one thing."""
    name = reference.name
    if branches is None:
        return say("there is no bookmark {name} to refer to", name=name)
    missing = next((branch for branch in branches if branch not in reference.branches), None)
    if missing is None:
        return None
    if missing.loop:
        return say("the bookmark {name} stands in the loop {loop}, so there may be many of it",
                   name=name, loop=missing.said)  # fmt: skip
    return say("the bookmark {name} stands under {condition} and the reference does not",
               name=name, condition=missing.said)  # fmt: skip


def _code(element: etree._Element) -> str:
    return element.get(f"{W}instr", "") or element.text or ""


def _with_branches(
    story: Story, tags: Sequence[Placed]
) -> Iterator[tuple[etree._Element, Branches]]:
    """Yield bookmarks and field codes in reading order, each with the branches it stands in.

    What stands in a row, cell or paragraph that a tag takes with it is not in any document.
    """
    by_element: dict[etree._Element, list[Tag]] = {}
    gone = set()
    for each in tags:
        by_element.setdefault(each.element, []).append(each.tag)
        gone.add(each.unit())
    open_blocks: list[_Branch] = []
    wanted = {f"{W}{name}" for name in ("bookmarkStart", "bookmarkEnd", "instrText", "fldSimple")}
    loops = 0
    for element in story.root.iter(etree.Element):
        for tag in by_element.get(element, ()):
            if tag.opens:
                loops += tag.opens == "for"
                open_blocks.append(_Branch(tag.said, loops if tag.opens == "for" else 0))
            elif tag.continues and open_blocks:
                before = open_blocks.pop()
                open_blocks.append(_Branch(f"{before.said} / {tag.said}"))
            elif tag.closes and open_blocks:
                open_blocks.pop()
        around = list(element.iterancestors()) if element.tag in wanted else []
        twice = any(above.tag == _FALLBACK for above in around)
        if around and gone.isdisjoint(around) and not twice:
            yield element, tuple(open_blocks)
