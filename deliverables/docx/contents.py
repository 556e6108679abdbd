"""Captions, references and contents of a template: tokens where a document gets their numbers.

A chapter may be left out and a section repeated, so the numbers are written once every tag is
filled. The fields stay fields: Word computes the same when somebody edits the document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from deliverables.docx.package import Package, W, own_text, parse
from deliverables.docx.settlement import (
    ANNEX,
    CAPTION,
    CAPTION_FIELD,
    CAPTION_NUMBER,
    CAPTION_PREFIX,
    CHAPTER,
    CONTENTS,
    HEADING_END,
    LEAD,
    NAMED,
    NAMED_END,
    NO_LEAD,
    REFERENCE,
    UNCOUNTED,
    late,
)
from deliverables.docx.settlement import HEADING as HEADING_START
from deliverables.docx.style import ANNEX_NUMBERS, HEADING_NUMBERS

CAPTIONS = ("caption", "图题")
_BELOW_A_TABLE = "数据来源"
HEADING = re.compile(r"heading [12]")
"""The names of the styles whose paragraphs the contents list."""


def styles_by_name(package: Package) -> Mapping[str, str]:
    """Return the names of the styles by id; WPS gives its own ids, names stay."""
    part = next(package.related(package.document, "styles"), None)
    if part is None or part not in package.parts:  # a link may lead nowhere
        return {}
    return {
        style.get(f"{W}styleId", ""): name.get(f"{W}val", "").lower()
        for style in parse(package.parts[part]).iter(f"{W}style")
        for name in style.findall(f"{W}name")
    }


def style_of(paragraph: etree._Element) -> str:
    """Return the id of the style of a paragraph."""
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else style.get(f"{W}val", "")


def counted_as(heading: etree._Element) -> str:
    """Return how a heading is numbered: as a chapter, as all are that do not say otherwise."""
    number = heading.find(f"{W}pPr/{W}numPr/{W}numId")
    listed = HEADING_NUMBERS if number is None else number.get(f"{W}val")
    return {"0": UNCOUNTED, ANNEX_NUMBERS: ANNEX}.get(listed or "", CHAPTER)


def around_field(paragraph: etree._Element) -> tuple[list[etree._Element], list[etree._Element]]:
    """Return the texts before the first field of a paragraph, and those it shows."""
    before: list[etree._Element] = []
    shown: list[etree._Element] = []
    state = "begin"
    for element in paragraph.iter(f"{W}fldChar", f"{W}t"):
        if element.tag == f"{W}fldChar":
            state = element.get(f"{W}fldCharType", "")
            if state == "end":
                break
            state = "inside" if state == "begin" else state
        elif state == "begin":
            before.append(element)
        elif state == "separate":
            shown.append(element)
    return before, shown


def shown_by(instruction: etree._Element) -> list[etree._Element]:
    """Return the texts between the separator and the end of the field of `instruction`."""
    run = instruction.getparent()
    shown: list[etree._Element] = []
    for sibling in run.itersiblings() if run is not None else ():
        mark = sibling.find(f"{W}fldChar")
        if mark is not None and mark.get(f"{W}fldCharType") == "end":
            break
        shown.extend(sibling.iter(f"{W}t"))
    return shown


def contents_region(body: etree._Element) -> list[etree._Element]:
    """Return the paragraphs of the field that lists the headings."""
    region: list[etree._Element] = []
    depth = 0
    for paragraph in body.iter(f"{W}p"):
        if not region and not _opens_contents(paragraph):
            continue
        region.append(paragraph)
        kinds = [mark.get(f"{W}fldCharType") for mark in paragraph.iter(f"{W}fldChar")]
        depth += kinds.count("begin") - kinds.count("end")
        if depth <= 0:
            return region
    return []


def _opens_contents(paragraph: etree._Element) -> bool:
    return any(
        (text.text or "").strip().startswith("TOC ") for text in paragraph.iter(f"{W}instrText")
    )


def mark_contents(body: etree._Element, styles: Mapping[str, str]) -> bool:
    """Put tokens where headings, captions, references and contents get their numbers.

    Return whether the body lists its headings.
    """
    region = contents_region(body)
    named = [(paragraph, styles.get(style_of(paragraph), "")) for paragraph in body.iter(f"{W}p")]
    captions = [paragraph for paragraph, style in named if style in CAPTIONS]
    for paragraph in captions:
        _mark_caption(paragraph)
    for paragraph, style in named if captions else ():
        _mark_lead(paragraph, style)
    for paragraph, style in named:
        if HEADING.fullmatch(style) and (region or captions):
            _mark_heading(paragraph, int(style[-1]), forget=bool(region))
    _mark_references(body)
    if region:
        _mark_region(region, {name: key for key, name in styles.items()})
    return bool(region)


def _mark_heading(heading: etree._Element, level: int, *, forget: bool) -> None:
    """Mark where a heading begins and ends; `forget` the bookmarks of earlier contents."""
    for old in heading.findall(f"{W}bookmarkStart") if forget else ():
        if old.get(f"{W}name", "").startswith("_Toc"):
            for end in heading.findall(f"{W}bookmarkEnd"):
                if end.get(f"{W}id") == old.get(f"{W}id"):
                    drop(end)
            drop(old)
    begin(heading, late(HEADING_START, f"{level}{counted_as(heading)}"))
    append(heading, late(HEADING_END))


def _mark_caption(caption: etree._Element) -> None:
    """Let 表 4-2 be counted anew: the chapter in the text, the number in its field."""
    label = own_text(caption).removeprefix("附")[:1]
    instruction = next(caption.iter(f"{W}instrText"), None)
    if label not in ("表", "图") or instruction is None:
        return
    before, shown = around_field(caption)
    put(before, late(CAPTION_PREFIX))
    instruction.text = late(CAPTION_FIELD)
    put(shown, late(CAPTION_NUMBER))
    begin(caption, late(CAPTION, label))


def _mark_lead(paragraph: etree._Element, style: str) -> None:
    """Let a paragraph of the body stay with the caption of a table, if one follows it.

    What belongs to the table above stays with that.
    """
    home = paragraph.getparent()
    if home is None or home.tag != f"{W}body" or style in CAPTIONS:
        return
    may_lead = style != _BELOW_A_TABLE and paragraph.find(f"{W}pPr/{W}keepNext") is None
    mark = late(LEAD, "" if may_lead else NO_LEAD)
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        properties.tail, paragraph.text = paragraph.text, None
        paragraph.insert(0, properties)
    name = properties.find(f"{W}pStyle")
    if name is None:
        properties.text = mark + (properties.text or "")
    else:
        name.tail = mark + (name.tail or "")


def _mark_references(body: etree._Element) -> None:
    """Let every REF field show what its bookmark holds in a document."""
    names = set()
    for instruction in body.iter(f"{W}instrText"):
        found = REFERRING.match(instruction.text or "")
        if found and found[1] == "REF":
            names.add(found[2])
            put(shown_by(instruction), late(REFERENCE, found[2]))
    for start in list(body.iter(f"{W}bookmarkStart")):
        name = start.get(f"{W}name", "")
        if name not in names:
            continue
        same = (end for end in start.itersiblings(f"{W}bookmarkEnd")
                if end.get(f"{W}id") == start.get(f"{W}id"))  # fmt: skip
        end, parent = next(same, None), start.getparent()
        start.tail = late(NAMED, name) + (start.tail or "")
        if end is not None:
            before = end.getprevious()
            assert before is not None  # noqa: S101  # the start, if nothing else
            before.tail = (before.tail or "") + late(NAMED_END, name)
        elif parent is not None:
            append(parent, late(NAMED_END, name))


def _mark_region(region: list[etree._Element], ids: Mapping[str, str]) -> None:
    """Put a token in place of the paragraphs of the contents."""
    instruction = next(text.text or "" for line in region for text in line.iter(f"{W}instrText"))
    token = late(CONTENTS, instruction, ids.get("toc 1", ""), ids.get("toc 2", ""))
    region[0].addprevious(stand_in := etree.Element(f"{W}p"))
    stand_in.tail = token
    for paragraph in region:
        drop(paragraph)
    drop(stand_in)


REFERRING = re.compile(r"\s*(REF|PAGEREF|NOTEREF)\s+(\S+)")
"""The instruction of a field that shows something of a bookmark, and the bookmark."""


def begin(paragraph: etree._Element, words: str) -> None:
    """Put words before the content of a paragraph, after its properties."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        paragraph.text = words + (paragraph.text or "")
    else:
        properties.tail = words + (properties.tail or "")


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


def put(texts: list[etree._Element], words: str) -> None:
    """Let a field's texts show `words`."""
    for text in texts:
        text.text, words = words, ""
