"""What a tag takes with it: docxtpl replaces the whole row of {%tr … %} by the bare tag.

Whatever else stands there would vanish without a word, and a block whose ends are not of one
kind and in one place would tear the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.render.place import Story, W
from deliverables.render.tag import SCOPE, Fault, Tag, tags_at

_UNIT = {"tr": f"{W}tr", "tc": f"{W}tc", "p": f"{W}p"}
_UNIT_NAMES = {"tr": say("row"), "tc": say("cell"), "p": say("paragraph")}
_HOME = {"tr": f"{W}tbl", "tc": f"{W}tr"}
_SPACED = re.compile(r"\{%\s+(tr|tc|p|r)\s")
_COMMENT = re.compile(r"\{#.*?#\}")
_THINGS = {
    "drawing": say("a picture or chart"),
    "pict": say("a picture or chart"),
    "object": say("an embedded object"),
    "sectPr": say("a section break"),
}


@dataclass(frozen=True, slots=True)
class _Placed:
    """A tag and the element of the paragraph it stands in."""

    tag: Tag
    paragraph: etree._Element

    def unit(self) -> etree._Element | None:
        """Return the row, cell or paragraph that the tag takes with it."""
        if self.tag.scope in ("tr", "tc"):
            return next(self.paragraph.iterancestors(_UNIT[self.tag.scope]), None)
        return self.paragraph if self.tag.scope == "p" else None

    def home(self) -> etree._Element | None:
        """Return what a block that starts here has to end in: table, row, cell or body."""
        if self.tag.scope in _HOME:
            return next(self.paragraph.iterancestors(_HOME[self.tag.scope]), None)
        return self.paragraph.getparent()


def scope_faults(stories: Sequence[Story]) -> Iterator[Fault]:
    """Yield every tag that makes something vanish, or whose block would tear the document."""
    for story in stories:
        tags = [
            _Placed(Tag(text, place), paragraph)
            for place, paragraph in story.paragraphs
            for text in tags_at(place)
        ]
        unreadable = [(each.tag, why) for each in tags if (why := _unreadable(each.tag))]
        yield from unreadable
        if not unreadable:
            yield from ((each.tag, why) for each in tags if (why := _beside(each)))
            yield from _torn(tags)


def _unreadable(tag: Tag) -> Message | None:
    if spaced := _SPACED.match(tag.text):
        return say("write {{%{scope} without a space before {scope}", scope=spaced[1])
    scope = SCOPE.match(tag.text)
    if scope and scope[2] in _UNIT and re.search(r"[%}]", tag.text[scope.end() : -2]):
        return say("a tag of a whole row, cell or paragraph cannot hold % or }}")
    return None


def _beside(placed: _Placed) -> Message | None:
    unit = placed.unit()
    if unit is None:
        return None
    rest = "".join(text.text or "" for text in unit.iter(f"{W}t"))
    rest = _COMMENT.sub("", rest.replace(placed.tag.text, "", 1)).strip()
    lost: object = rest or _thing(unit)
    if not lost:
        return None
    return say(
        "beside it stands {lost}, which would vanish with the {unit}",
        lost=say("“{text}”", text=lost) if rest else lost,
        unit=_UNIT_NAMES[placed.tag.scope],
    )


def _thing(unit: etree._Element) -> Message | None:
    for element in unit.iter():
        name = etree.QName(element).localname
        if name in _THINGS:
            return _THINGS[name]
        if name == "br" and element.get(f"{W}type") == "page":
            return say("a page break")
    return None


def _torn(tags: Sequence[_Placed]) -> Iterator[Fault]:
    blocks: list[list[_Placed]] = []
    for each in tags:
        if each.tag.opens:
            blocks.append([each])
        elif blocks and (each.tag.continues or each.tag.closes):
            before = blocks[-1][-1]
            if why := _tear(before, each):
                yield each.tag, why
            blocks[-1].append(each)
            if each.tag.closes:
                blocks.pop()


def _tear(before: _Placed, after: _Placed) -> Message | None:
    """Return why two tags of one block, one after the other, do not fit together."""
    if before.tag.scope != after.tag.scope:
        whole, other = (before, after) if before.tag.scope else (after, before)
        return say(
            "{tag} of this block takes a whole {unit} and {other} does not; write both alike",
            tag=whole.tag.text,
            other=other.tag.text,
            unit=_UNIT_NAMES.get(whole.tag.scope, say("run")),
        )
    if before.home() is not after.home():
        return say(
            "the block begins in another place: {place}; begin and end it in the same "
            "cell, or give whole rows with tr",
            place=before.tag.place.message,
        )
    return None
