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

_REFERS = re.compile(r"\s*(?:REF|PAGEREF|NOTEREF)\s+(\S+)", re.IGNORECASE)
_OF_CONTENTS = "_Toc"
"""Begins the bookmarks of headings, which are written anew with the contents."""

Branches = tuple[str, ...]
"""The loops and cases that something stands in, by the tags that lead there."""


@dataclass(frozen=True, slots=True)
class _Reference:
    name: str
    tag: Tag
    branches: Branches


def reference_faults(stories: Sequence[tuple[Story, tuple[Placed, ...]]]) -> Iterator[Fault]:
    """Yield every reference whose bookmark is missing, repeated, or left out where it stays."""
    marked: dict[str, Branches] = {}
    references: list[_Reference] = []
    for story, tags in stories:
        for element, branches in _with_branches(story, tags):
            if element.tag == f"{W}bookmarkStart":
                marked.setdefault(element.get(f"{W}name", ""), branches)
            elif found := _REFERS.match(_code(element)):
                tag = Tag(_code(element).strip(), story.nearest(element))
                references.append(_Reference(found[1], tag, branches))
    for reference in references:
        if not reference.name.startswith(_OF_CONTENTS):
            why = _lost(reference, marked.get(reference.name))
            if why:
                yield Fault(reference.tag, why)


def _lost(reference: _Reference, branches: Branches | None) -> Message | None:
    name = reference.name
    if branches is None:
        return say("there is no bookmark {name} to refer to", name=name)
    if loop := next((tag for tag in branches if tag.startswith("for ")), ""):
        return say("the bookmark {name} stands in the loop {loop}, so there may be many of it",
                   name=name, loop=loop)  # fmt: skip
    if missing := next((tag for tag in branches if tag not in reference.branches), ""):
        return say("the bookmark {name} stands under {condition} and the reference does not",
                   name=name, condition=missing)  # fmt: skip
    return None


def _code(element: etree._Element) -> str:
    return element.get(f"{W}instr", "") or element.text or ""


def _with_branches(
    story: Story, tags: Sequence[Placed]
) -> Iterator[tuple[etree._Element, Branches]]:
    """Yield bookmarks and field codes in reading order, each with the branches it stands in."""
    by_element: dict[etree._Element, list[Tag]] = {}
    for each in tags:
        by_element.setdefault(each.element, []).append(each.tag)
    open_blocks: list[list[str]] = []
    wanted = {f"{W}bookmarkStart", f"{W}instrText", f"{W}fldSimple"}
    for element in story.root.iter(etree.Element):
        for tag in by_element.get(element, ()):
            if tag.opens:
                open_blocks.append([tag.said])
            elif tag.continues and open_blocks:
                open_blocks[-1].append(tag.said)
            elif tag.closes and open_blocks:
                open_blocks.pop()
        if element.tag in wanted:
            yield element, tuple(" / ".join(block) for block in open_blocks)
