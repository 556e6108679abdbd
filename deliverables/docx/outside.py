"""What a template points to outside of its file: none of it may travel into a document.

Relations say most of it; fields, attributes of old drawings and pictures of SVG say the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree

from deliverables.docx.package import (
    HYPERLINK,
    Outside,
    Package,
    Story,
    TemplatePlace,
    W,
    is_ordinary_link,
    label_of,
    leaves,
    outside,
    parse,
)
from deliverables.values.figure import Line
from deliverables.values.problem import Message, Problem, error, say

_FETCHING: Final = (
    *("INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "LINK", "DDE", "DDEAUTO"),
    *("DATABASE", "RD"),
)
"""Fields that fetch something when they are brought up to date."""
_RELATIONS: Final = {
    "image": say("a linked picture"),
    "oleObject": say("a linked object"),
    "package": say("a linked object"),
    "hyperlink": say("a link"),
    "subDocument": say("a subdocument"),
    "frame": say("a frame"),
    "video": say("a linked recording"),
    "audio": say("a linked recording"),
    "externalLinkPath": say("a linked workbook"),
}
_CHUNK: Final = f"{W}altChunk"
_POINTING: Final = ("src", "href", "althref")
_WORD: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\S+')


def outside_problems(source: Line, package: Package, stories: Sequence[Story]) -> Iterator[Problem]:
    """Yield what points outside, with the place where a reader would meet it."""
    for found in outside(package):
        if not found.is_setting and not found.is_ordinary:
            named = _RELATIONS.get(found.relation, found.relation)
            yield _problem(source, _place_of(found, stories), found.target, named)
    for part, content in package.parts.items():
        if part.endswith(".rels") or not part.endswith((".xml", ".svg")):
            continue
        story = next((one for one in stories if one.part == part), None)
        root = parse(content) if story is None else story.root
        for element, what, target in (*_fields(root), *_pointing(root, svg=part.endswith(".svg"))):
            place = story.nearest(element) if story else TemplatePlace(label_of(part), "")
            yield _problem(source, place.message, target, what)


def _problem(source: Line, place: Message, target: str, what: object) -> Problem:
    return error(
        "template-outside",
        source,
        say("{place}: {what} points to {target}, outside of the file",
            place=place, what=what, target=target),
        say("put what is wanted into the template itself, or delete it"),
    )  # fmt: skip


def _place_of(found: Outside, stories: Sequence[Story]) -> Message:
    for story in stories:
        if story.part == found.part:
            for element in story.root.iter(etree.Element):
                if found.id in element.attrib.values():
                    return story.nearest(element).message
    return TemplatePlace(label_of(found.part), "").message


_Found = tuple[etree._Element, object, str]


def _fields(root: etree._Element) -> Iterator[_Found]:
    """Yield the fields that fetch or run something, and links by field to anything but a page."""
    for element, code in field_codes(root):
        words = _WORD.findall(code)
        name = words[0].upper() if words else ""
        target = next((word for word in words[1:] if not word.startswith("\\")), "")
        linked = name == HYPERLINK.upper() and target and not is_ordinary_link(target.strip('"'))
        if name in _FETCHING or linked:
            yield element, say("the field {name}", name=words[0]), " ".join(words[1:])


def field_codes(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Yield each field with its code, which may be written in pieces, or in several paragraphs."""
    opened: list[tuple[etree._Element, list[str]]] = []
    for element in root.iter(f"{W}fldSimple", f"{W}fldChar", f"{W}instrText"):
        if element.tag == f"{W}fldSimple":
            yield element, element.get(f"{W}instr", "")
        elif element.tag == f"{W}instrText":
            if opened:
                begin, pieces = opened[-1]
                pieces.append(element.text or "")
                opened[-1] = (begin if len(pieces) > 1 else element, pieces)
            else:
                yield element, element.text or ""
        elif element.get(f"{W}fldCharType") == "begin":
            opened.append((element, []))
        elif opened and element.get(f"{W}fldCharType") == "end":
            begin, pieces = opened.pop()
            yield begin, "".join(pieces)
    yield from ((begin, "".join(pieces)) for begin, pieces in opened)


def _pointing(root: etree._Element, *, svg: bool) -> Iterator[_Found]:
    """Yield inserted files, and what drawings point to without a relation."""
    for element in root.iter(etree.Element):
        if element.tag == _CHUNK:
            yield element, say("an inserted file"), label_of(str(element.tag).partition("}")[2])
        for name, value in element.attrib.items():
            local = etree.QName(str(name)).localname.lower()
            fetched = not svg or etree.QName(element).localname in ("image", "use", "feImage")
            inline = str(value).startswith("data:")
            if local in _POINTING and fetched and leaves(str(value)) and not inline:
                yield element, say("a linked picture"), str(value)
