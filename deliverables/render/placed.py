"""The tags of a story in the order in which they are read, each with the elements it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from lxml import etree

from deliverables.lazily import dataclass
from deliverables.render.outside import HYPERLINK, outside
from deliverables.render.package import Package
from deliverables.render.place import Inside, Story, W, own
from deliverables.render.tag import TAG, Tag

_ANY = re.compile(rf"{TAG.pattern}|\{{\{{|\{{%", re.DOTALL)
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BEHIND = {
    f"{W}instrText": Inside.FIELD,
    f"{W}delInstrText": Inside.FIELD,
    f"{W}delText": Inside.DELETED,
    f"{_MATH}t": Inside.EQUATION,
}
_DESCRIBED = {
    *(("docPr", name) for name in ("descr", "title")),
    *(("cNvPr", name) for name in ("descr", "title")),
    *((name, "alt") for name in ("shape", "rect", "roundrect", "oval", "line", "group")),
    *((name, "val") for name in ("tblCaption", "tblDescription")),
    ("hyperlink", "tooltip"),
}
_ATTRIBUTES = {("fldSimple", "instr"): Inside.FIELD, ("textpath", "string"): Inside.WORD_ART}


@dataclass(frozen=True, slots=True)
class Placed:
    """A tag, its paragraph (None outside of any), and the element in which it ends."""

    tag: Tag
    paragraph: etree._Element | None
    element: etree._Element

    def unit(self) -> etree._Element | None:
        """Return the row, cell or paragraph that the tag takes with it."""
        if self.paragraph is None or self.tag.scope in ("", "r"):
            return None
        if self.tag.scope == "p":
            return self.paragraph
        return next(self.paragraph.iterancestors(f"{W}{self.tag.scope}"), None)

    def home(self) -> object:
        """Return what a block that starts here has to end in: table, row, cell or body."""
        unit = self.unit()
        inside = self.paragraph if unit is None else unit
        return None if inside is None else inside.getparent()

    def depth(self) -> tuple[str, ...]:
        """Return the names of the elements between the tag and its paragraph."""
        around = []
        for element in self.element.iterancestors():
            if element is self.paragraph:
                break
            around.append(str(element.tag))
        return tuple(around)


def placed_tags(story: Story) -> tuple[Placed, ...]:
    """Return the tags of a story in reading order, those behind the text at their paragraph."""
    ends: dict[etree._Element, list[Placed]] = {}
    for place, paragraph in story.paragraphs:
        for tag, inside in ((f"{W}t", Inside.TEXT), *_BEHIND.items()):
            where = replace(place, inside=inside) if inside else place
            for text, element in _ending(own(paragraph, tag), whole=inside is Inside.TEXT):
                placed = Placed(Tag(text, where), paragraph, element)
                ends.setdefault(element, []).append(placed)
    return tuple(
        placed
        for element in story.root.iter(etree.Element)
        for placed in (*_attributes(story, element), *ends.get(element, ()))
    )  # fmt: skip


def link_tags(story: Story, package: Package) -> Iterator[Placed]:
    """Yield the tags in the addresses that the links of a story point to."""
    targets = {
        found.id: address
        for found in outside(package, story.part)
        if found.relation == HYPERLINK and TAG.search(address := unquote(found.target))
    }  # fmt: skip
    for link in story.root.iter(etree.Element) if targets else ():
        address = targets.get(link.get(f"{_RELATION}id", ""), "")
        for text in TAG.findall(address):
            place = replace(story.nearest(link), inside=Inside.LINK)
            yield Placed(Tag(text, place), next(link.iterancestors(f"{W}p"), None), link)


def _ending(texts: list[etree._Element], *, whole: bool) -> Iterator[tuple[str, etree._Element]]:
    """Yield the tags that texts hold together, each with the text in which it ends."""
    joined = "".join(text.text or "" for text in texts)
    if "{" not in joined:
        return
    position, starts = 0, []
    for text in texts:
        starts.append((position, text))
        position += len(text.text or "")
    for found in (TAG if whole else _ANY).finditer(joined):
        yield found[0], next(text for start, text in reversed(starts) if start < found.end())


def _attributes(story: Story, element: etree._Element) -> Iterator[Placed]:
    for name, value in element.attrib.items():
        if "{{" not in value and "{%" not in value:
            continue
        key = (etree.QName(element).localname, etree.QName(name).localname)
        inside = Inside.DESCRIPTION if key in _DESCRIBED else _ATTRIBUTES.get(key, Inside.MARKUP)
        place = replace(story.nearest(element), inside=inside)
        for text in _ANY.findall(str(value)):
            yield Placed(Tag(text, place), next(element.iterancestors(f"{W}p"), None), element)
