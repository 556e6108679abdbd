"""What a tag takes with it: docxtpl replaces the whole row of {%tr … %} by the bare tag.

Whatever else stands there would vanish without a word, and a block whose ends are not of one
kind and in one place would tear the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from deliverables.message import Message, say
from deliverables.render.grammar import CELLS, MERGES
from deliverables.render.place import Story, W, own, own_text
from deliverables.render.placed import Placed
from deliverables.render.tag import ESCAPED, SCOPE, TAG, Fault, Tag

_UNIT_NAMES = {"tr": say("row"), "tc": say("cell"), "p": say("paragraph")}
_WHOLE = re.compile(rf"{TAG.pattern}|{ESCAPED.pattern}", re.DOTALL)
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_HARMLESS = {f"{W}{name}" for name in ("proofErr", "lastRenderedPageBreak", "r", "t")}
_THINGS = {
    "drawing": say("a picture or chart"),
    "pict": say("a picture or chart"),
    "object": say("an embedded object"),
    "sectPr": say("a section break"),
    "tbl": say("a table"),
}


def block_faults(tags: Sequence[Placed]) -> Iterator[Fault]:
    """Yield what is wrong with the blocks of one story: their ends, other cases, and places."""
    blocks: list[list[Placed]] = []
    for each in tags:
        tag = each.tag
        if tag.opens:
            blocks.append([each])
        elif tag.closes or tag.continues:
            if why := _misfit(blocks, each):
                yield Fault(tag, why)
                continue
            if why := _tear(blocks[-1][-1], each):
                yield Fault(tag, why)
            blocks[-1].append(each)
            if tag.closes:
                blocks.pop()
        elif tag.word in MERGES and not any(block[0].tag.opens == "for" for block in blocks):
            yield Fault(tag, say("{word} merges the cells of a loop and belongs in one",
                                 word=tag.word))  # fmt: skip
    for block in blocks:
        yield Fault(block[0].tag, say("{end} is missing", end=f"end{block[0].tag.opens}"))


def scope_faults(tags: Sequence[Placed]) -> Iterator[Fault]:
    """Yield every tag that belongs in a table, or makes something vanish that stands beside it."""
    for each in tags:
        tag = each.tag
        in_cells = tag.scope in ("tr", "tc") or tag.word in (*MERGES, *CELLS)
        if in_cells and not tag.place.table:
            yield Fault(tag, say("the tag belongs in a table"))
        elif why := _unreadable(each) or _beside(each):
            yield Fault(tag, why)
    yield from _cell_faults(tags)


def _misfit(blocks: Sequence[Sequence[Placed]], each: Placed) -> Message | None:
    """Return why a tag continues or closes no block that is open."""
    tag = each.tag
    if not blocks or (tag.closes and blocks[-1][0].tag.opens != tag.closes):
        verb = say("nothing is open that {tag} could end", tag=tag.text)
        return verb if tag.closes else say("nothing is open that {tag} could continue",
                                           tag=tag.text)  # fmt: skip
    if tag.continues and blocks[-1][0].tag.opens == "for":
        return say("a loop has no {word}; write {{% if … %}} before it", word=tag.word)
    if tag.continues and any(before.tag.word == "else" for before in blocks[-1]):
        return say("after else comes endif")
    return None


def _unreadable(placed: Placed) -> Message | None:
    tag = placed.tag
    scope = SCOPE.match(tag.text)
    if scope and not tag.comments and re.search(r"[%}]", tag.text[scope.end() : -2]):
        return say("a tag of a whole row, cell or paragraph cannot hold % or }}")
    return None


def _cell_faults(tags: Sequence[Placed]) -> Iterator[Fault]:
    """Yield the tags that change their cell where docxtpl would not find the cell to change."""
    seen = set()
    for each in tags:
        word = each.tag.word
        if word not in (*MERGES, *CELLS) or not each.tag.place.table:
            continue
        cell = next(each.element.iterancestors(f"{W}tc"))
        properties = cell.find(f"{W}tcPr")
        if (cell, word) in seen:
            yield Fault(each.tag, say("a cell has one {word} at most", word=word))
        elif cell.find(f".//{W}tbl") is not None:
            yield Fault(each.tag, say("{word} cannot stand in a cell with a table", word=word))
        elif properties is None or not len(properties):
            yield Fault(each.tag, say("the cell has no width; give it one in Word"))
        seen.add((cell, word))


def _beside(placed: Placed) -> Message | None:
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
    for element in unit.iterdescendants(etree.Element):
        name = etree.QName(element).localname
        if name in _THINGS:
            return _THINGS[name]
        if name == "br" and element.get(f"{W}type") == "page":
            return say("a page break")
    return None


def _tear(before: Placed, after: Placed) -> Message | None:
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
    if before.tag.scope in ("", "r") and not _same_depth(before, after):
        return say("the block begins inside a link or control and ends outside of it; "
                   "begin and end it in the same")  # fmt: skip
    return None


def _same_depth(before: Placed, after: Placed) -> bool:
    if before.paragraph is not after.paragraph:
        return len(before.depth()) == len(after.depth()) == 1
    runs = [next(each.element.iterancestors(f"{W}r"), None) for each in (before, after)]
    return (
        all(run is not None for run in runs)
        and len({run.getparent() for run in runs if run is not None}) == 1
    )


_EDGES = {
    "hyperlink": say("the edge of a link"),
    "fldChar": say("a field"),
    "instrText": say("a field"),
    "fldSimple": say("a field"),
    "tab": say("a tab"),
    "br": say("a line break"),
    "bookmarkStart": say("a bookmark"),
    "bookmarkEnd": say("a bookmark"),
    "ins": say("a tracked change"),
    "del": say("a tracked change"),
    "sdt": say("the edge of a content control"),
    "sdtContent": say("the edge of a content control"),
    "noBreakHyphen": say("a hyphen"),
    "softHyphen": say("a hyphen"),
    "sym": say("a symbol"),
}


def split_tags(paragraph: etree._Element) -> Iterator[tuple[str, object]]:
    """Yield each tag of a paragraph that Word has split beyond repair, and what splits it.

    docxtpl drops what stands between the pieces. Where that is the mere end of a run no harm is
    done; where it is the edge of a link or half a field, the document would break.
    """
    texts = own(paragraph, f"{W}t")
    spans, position = [], 0
    for text in texts:
        spans.append((position, position + len(text.text or "")))
        position = spans[-1][1]
    for tag in _WHOLE.finditer(own_text(paragraph)):
        held = [
            text
            for text, (start, end) in zip(texts, spans, strict=True)
            if start < tag.end() and end > tag.start()
        ]
        if len(held) > 1 and ESCAPED.fullmatch(tag[0]):
            yield tag[0], say("the end of a run")
        elif len(held) > 1 and (between := _between(paragraph, held)):
            yield tag[0], _EDGES.get(between) or _THINGS.get(between) or between


def _between(paragraph: etree._Element, held: list[etree._Element]) -> str:
    """Return the name of what stands between the pieces of a tag and cannot be dropped."""
    runs = [next(text.iterancestors(f"{W}r")) for text in held]
    homes = [run.getparent() for run in runs]
    for home in homes:
        if home is not homes[0]:
            edge = home if home is not paragraph else homes[0]
            return "" if edge is None else etree.QName(edge).localname
    inside = False
    for element in paragraph.iter(etree.Element):
        if element is held[-1]:
            break
        inside = inside or element is held[0]
        in_properties = any(True for _ in element.iterancestors(f"{W}rPr"))
        plain = element.tag in _HARMLESS or element.tag == f"{W}rPr" or in_properties
        if inside and not plain:
            return etree.QName(element).localname
    return ""


def joined_braces(story: Story) -> Iterator[Fault]:
    """Yield braces that docxtpl would join to the next text, dropping all that lies between.

    It takes a brace at the end of one text and one at the start of the next for a tag in pieces.
    """
    before, text = None, ""
    for element in story.root.iter(etree.Element):
        if not element.text:
            continue
        if text and before is not None and _JOINED.search(text[-1] + element.text[0]):
            homes = [next(each.iterancestors(f"{W}p"), None) for each in (before, element)]
            if (
                homes[0] is not homes[1]
                or _ends_escaped(text)
                or _ESCAPED_FIRST.match(element.text)
            ):
                why = say("it would be joined to the next text; write a space between them")
                yield Fault(Tag(f"{text[-3:]} … {element.text[:3]}", story.nearest(before)), why)
        before, text = element, element.text


_JOINED = re.compile(r"\{[{%#]|[%}#]\}")
_ESCAPED_FIRST = re.compile(r"[}%]_\}")


def _ends_escaped(text: str) -> bool:
    return any(found.end() == len(text) for found in ESCAPED.finditer(text))
