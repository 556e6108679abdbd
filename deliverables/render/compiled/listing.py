"""The numbers of captions, references and contents, as far as a template settles them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from deliverables.render.compiled.holes import Holed, NotCompilableError, is_holed, texts_of
from deliverables.render.compiled.settling import append, drop
from deliverables.render.compiled.shape import RICH_TEXT
from deliverables.render.contents import (
    CAPTIONS,
    HEADING,
    around_field,
    contents_region,
    is_numbered,
    shown_by,
    style_of,
)
from deliverables.render.place import W, own_text

_REFERENCE = re.compile(r"\s*REF (\S+)")


def list_contents(body: Holed, styles: Mapping[str, str]) -> None:
    """Leave holes where headings, captions, references and the contents get their numbers."""
    for paragraph in list(body.root.iter(f"{W}p")):
        if is_holed_style(paragraph):
            raise NotCompilableError("a style that depends")
        style = styles.get(style_of(paragraph), "")
        if HEADING.fullmatch(style):
            _heading(body, paragraph, int(style[-1]))
        if style in CAPTIONS:
            _caption(body, paragraph)
    _references(body)
    _contents(body, {name: key for key, name in styles.items()})


def is_holed_style(paragraph: etree._Element) -> bool:
    """Return whether a tag chooses the style of a paragraph, or whether it is numbered."""
    properties = paragraph.find(f"{W}pPr")
    return properties is not None and is_holed(properties)


def _heading(body: Holed, heading: etree._Element, level: int) -> None:
    if heading.find(f".//{W}p") is not None or heading.find(f".//{W}instrText") is not None:
        raise NotCompilableError("a heading that holds more than words")
    for old in heading.findall(f"{W}bookmarkStart"):
        if old.get(f"{W}name", "").startswith("_Toc"):
            drop(old)
    _begin(heading, body.hole("heading", level, is_numbered(heading)))
    append(heading, body.hole("heading_end"))


def _begin(paragraph: etree._Element, words: str) -> None:
    """Put words before the content of a paragraph, after its properties."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        paragraph.text = words + (paragraph.text or "")
    else:
        properties.tail = words + (properties.tail or "")


def _caption(body: Holed, caption: etree._Element) -> None:
    label = own_text(caption)[:1]
    instruction = next(caption.iter(f"{W}instrText"), None)
    if any(op[:2] == ["print", RICH_TEXT] for child in caption for op in body.ops_in(child.tail)):
        raise NotCompilableError("a caption whose words come as runs")
    if label == "\ue000":
        raise NotCompilableError("a caption whose label is no fixed word")
    if label not in ("表", "图") or instruction is None:
        return
    for event, element in etree.iterwalk(caption, ("start", "end")):
        if body.ops_in(element.text if event == "start" else element.tail):
            raise NotCompilableError("a tag inside the number of a caption")
        if event == "start" and element.get(f"{W}fldCharType") == "end":
            break
    before, shown = around_field(caption)
    _put(before, body.hole("caption_prefix"))
    instruction.text = body.hole("caption_field")
    _put(shown, body.hole("caption_number"))
    _begin(caption, body.hole("caption", label))


def _put(texts: list[etree._Element], words: str) -> None:
    for place, text in enumerate(texts):
        text.text = None if place else words


def _references(body: Holed) -> None:
    names = set()
    for instruction in list(body.root.iter(f"{W}instrText")):
        found = _REFERENCE.match(instruction.text or "")
        if not found:
            continue
        shown, run = shown_by(instruction), instruction.getparent()
        if body.ops_in(instruction.text) or any(is_holed(text) for text in shown):
            raise NotCompilableError("a tag inside a reference")
        if run is None or any(body.ops_in(each.tail) for each in (run, *run.itersiblings(f"{W}r"))):
            raise NotCompilableError("a tag between the runs of a reference")
        names.add(found[1])
        _put(shown, body.hole("reference", found[1]))
    blocks = body.blocks()
    for start in list(body.root.iter(f"{W}bookmarkStart")):
        if start.get(f"{W}name") not in names:
            continue
        end = next(
            (each for each in start.itersiblings(f"{W}bookmarkEnd")
             if each.get(f"{W}id") == start.get(f"{W}id")), None)  # fmt: skip
        if end is None or blocks[start] != blocks[end]:
            raise NotCompilableError("a bookmark that ends elsewhere")
        inside = [
            each for each in start.itersiblings() if each in set(end.itersiblings(preceding=True))
        ]
        if any(op[0] == "reference" for each in inside for text in texts_of(each)
               for op in body.ops_in(text)):  # fmt: skip
            raise NotCompilableError("a reference to a reference")
        start.tail = body.hole("watch") + (start.tail or "")
        last = end.getprevious()
        assert last is not None  # noqa: S101  # the start, if nothing else
        last.tail = (last.tail or "") + body.hole("watched", start.get(f"{W}name"))


def _contents(body: Holed, ids: Mapping[str, str]) -> None:
    region = contents_region(body.root)
    parent = region[0].getparent() if region else None
    if parent is None:
        return
    blocks = body.blocks()
    if any(each.getparent() is not parent or is_holed(each) or each.tail or blocks[each]
           for each in region):  # fmt: skip
        raise NotCompilableError("contents that depend")
    instruction = next(text.text or "" for line in region for text in line.iter(f"{W}instrText"))
    levels = [ids.get("toc 1", ""), ids.get("toc 2", "")]
    hole = body.hole("contents", instruction, levels)
    before = region[0].getprevious()
    for each in region:
        parent.remove(each)
    if before is None:
        parent.text = (parent.text or "") + hole
    else:
        before.tail = (before.tail or "") + hole
