"""A copy of a document with remarks as Word comments, for the person who approves it.

A remark stands at its words; one about a row stands at the row. The words of the document stay
as they are, runs are only divided. Word keeps comments in a part of their own.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Final

from lxml import etree

from deliverables.docx.package import Package, W, parse, serialise
from deliverables.lineage import Explanation, at_length, briefly, places, sighted
from deliverables.verify.document import Block, Document, Form

AUTHOR: Final = "数据出处"
_INITIALS: Final = "出处"
_MARK: Final = "（审阅副本）"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_TITLE: Final = "{http://purl.org/dc/elements/1.1/}title"
_CORE: Final = "docProps/core.xml"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_P, _R, _T, _SDT = f"{W}p", f"{W}r", f"{W}t", f"{W}sdt"
_GONE: Final = (f"{W}del", f"{W}moveFrom", _FALLBACK)
_SPACES: Final = {f"{W}{name}" for name in ("tab", "ptab", "br", "cr")}
_PRESERVE: Final = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True, slots=True)
class Remark:
    """What to say about a block of the body, or about some of its letters.

    `begin` and `end` count the letters of its folded text; without an end all of it is meant.
    """

    block: Block
    lines: tuple[str, ...]
    begin: int = 0
    end: int = 0


def remarks_on(
    document: Document, made: Sequence[Block], told: Mapping[str, Explanation], home: str
) -> Iterator[Remark]:
    """Yield a remark for each figure in prose, and one for each row of a table that has figures.

    `made` are the blocks of the document as it is made, `told` the explanations of its figures by
    their paths; places are told from `home` on.
    """
    for block in sighted(made, document.blocks):
        slots = [slot for slot in block.slots if slot.key in told and slot.begin < slot.end]
        if block.place.story != "body" or not slots:
            continue
        if block.form is Form.PARAGRAPH:
            for slot in sorted(slots, key=lambda one: one.begin):
                lines = tuple(_lines([told[slot.key]], home))
                yield Remark(block, lines, slot.begin, slot.end)
        elif block.form is Form.ROW:
            keys = dict.fromkeys(slot.key for slot in slots)
            yield Remark(block, tuple(_lines([told[key] for key in keys], home)))


def _lines(told: Sequence[Explanation], home: str) -> Iterator[str]:
    """Yield one figure at length, or many a line each and the places behind them."""
    if len(told) == 1:
        yield from at_length(told[0].step, home)
    else:
        yield from (briefly(one.step, home) for one in told)
        yield from places([one.step for one in told if not one.step.source], home)


def with_remarks(document: bytes, remarks: Sequence[Remark], made_on: date) -> bytes:
    """Return a copy of the document with the remarks; its title says that it is a copy."""
    with zipfile.ZipFile(BytesIO(document)) as archive:
        package = Package({name: archive.read(name) for name in archive.namelist()})
    part, comments = _comments_of(package)
    body = parse(package.parts[package.document])
    first = 1 + max((int(c.get(f"{W}id", "0")) for c in comments), default=-1)
    anchors = [(remark, _paragraph(body, remark.block)) for remark in remarks]
    numbered = list(enumerate(anchors, start=first))
    comments.extend(_comment(number, remark, made_on) for number, (remark, _) in numbered)
    for number, (remark, paragraph) in reversed(numbered):  # so that places before stay right
        _anchor(paragraph, remark, number)
    package.parts[package.document] = serialise(body)
    package.parts[part] = serialise(comments)
    _call_a_copy(package)
    return package.to_bytes()


def _paragraph(body: etree._Element, block: Block) -> etree._Element:
    """Return the paragraph that a block is, or the first of a row with anything in it."""
    if block.form is not Form.ROW:
        return list(body.iter(_P))[block.at]
    row = list(body.iter(f"{W}tr"))[block.at]
    paragraphs = list(row.iter(_P))
    return next((one for one in paragraphs if _letters(one)), paragraphs[0])


def _comments_of(package: Package) -> tuple[str, etree._Element]:
    """Return the part with the comments; one without any is added if the document has none."""
    for part in package.related(package.document, "comments"):
        return part, parse(package.parts[part])
    empty = etree.Element(f"{W}comments", nsmap={"w": W[1:-1]})
    part = "word/comments.xml"
    package.add(part, serialise(empty), _TYPE)
    package.relate(package.document, "comments", part)
    return part, empty


def _comment(number: int, remark: Remark, made_on: date) -> etree._Element:
    comment = etree.Element(
        f"{W}comment",
        {
            f"{W}id": str(number),
            f"{W}author": AUTHOR,
            f"{W}date": f"{made_on.isoformat()}T00:00:00Z",
            f"{W}initials": _INITIALS,
        },
        nsmap={"w": W[1:-1]},
    )
    for line in remark.lines:
        paragraph = etree.SubElement(comment, _P)
        layout = etree.SubElement(paragraph, f"{W}pPr")
        etree.SubElement(layout, f"{W}ind", {f"{W}firstLineChars": "0", f"{W}firstLine": "0"})
        etree.SubElement(layout, f"{W}jc", {f"{W}val": "left"})
        run = etree.SubElement(paragraph, _R)
        size = etree.SubElement(etree.SubElement(run, f"{W}rPr"), f"{W}sz")
        size.set(f"{W}val", "18")
        etree.SubElement(run, _T, {_PRESERVE: "preserve"}).text = line
    return comment


def _anchor(paragraph: etree._Element, remark: Remark, number: int) -> None:
    """Put the two ends of a comment around the letters that it is about."""
    letters = [(element, at) for _, element, at in _letters(paragraph)]
    said = "".join(letter for letter, _, _ in _letters(paragraph))
    whole = not remark.end or said != remark.block.texts[0]
    begin, end = (0, len(letters)) if whole else (remark.begin, remark.end)
    start, stop = (_mark(name, number) for name in ("commentRangeStart", "commentRangeEnd"))
    if not letters:
        paragraph.extend((start, stop))
    else:
        last, at = letters[end - 1]
        _border(last, at + 1, stop)
        _border(*letters[begin], start)
    run = etree.Element(_R)
    run.append(_mark("commentReference", number))
    stop.addnext(run)


def _mark(name: str, number: int) -> etree._Element:
    return etree.Element(f"{W}{name}", {f"{W}id": str(number)})


def _letters(paragraph: etree._Element) -> list[tuple[str, etree._Element, int]]:
    """Return the letters of the folded text, each with the element it stands in and its place."""
    folded: list[tuple[str, etree._Element, int]] = []
    for letter, element, at in _raw(paragraph):
        if not letter.isspace():
            folded.append((letter, element, at))
        elif folded and folded[-1][0] != " ":
            folded.append((" ", element, at))
    return folded[:-1] if folded and folded[-1][0] == " " else folded


def _raw(paragraph: etree._Element) -> Iterator[tuple[str, etree._Element, int]]:
    for element in paragraph.iter(_T, *_SPACES):
        run = element.getparent()
        inside = next(element.iterancestors(_P), None) is paragraph
        if run is None or run.tag != _R or not inside or next(run.iterancestors(*_GONE), None):
            continue
        if element.tag == _T:
            yield from ((letter, element, at) for at, letter in enumerate(element.text or ""))
        else:
            yield " ", element, 0


def _border(element: etree._Element, at: int, mark: etree._Element) -> None:
    """Put the mark before the letter `at` of an element of a run, which is divided there.

    A run inside a content control stays whole, and the mark goes beside the control.
    """
    run = element.getparent()
    if run is None:
        return
    control = next(run.iterancestors(_SDT, _P), None)
    length = len(element.text or "") if element.tag == _T else 1
    following = list(element.itersiblings())
    if control is not None and control.tag == _SDT:
        (control.addprevious if at == 0 else control.addnext)(mark)
    elif at == 0 and all(
        before.tag == f"{W}rPr" for before in element.itersiblings(preceding=True)
    ):
        run.addprevious(mark)
    elif at == length and not following:
        run.addnext(mark)
    else:
        run.addnext(_tail(run, element, at, following))
        run.addnext(mark)


def _tail(
    run: etree._Element, element: etree._Element, at: int, following: Sequence[etree._Element]
) -> etree._Element:
    """Take everything from the letter `at` on out of a run, and return it as a run like it."""
    tail = etree.Element(_R)
    properties = run.find(f"{W}rPr")
    if properties is not None:
        tail.append(deepcopy(properties))
    if at == 0:
        tail.append(element)
    elif element.tag == _T and at < len(element.text or ""):
        rest = etree.SubElement(tail, _T, {_PRESERVE: "preserve"})
        rest.text = (element.text or "")[at:]
        element.text = (element.text or "")[:at]
        element.set(_PRESERVE, "preserve")
    tail.extend(following)
    return tail


def _call_a_copy(package: Package) -> None:
    if _CORE in package.parts:
        core = parse(package.parts[_CORE])
        for title in core.iter(_TITLE):
            title.text = f"{title.text or ''}{_MARK}"
        package.parts[_CORE] = serialise(core)


def is_copy(document: bytes) -> bool:
    """Return whether a file is a copy made for reading: its title says so."""
    try:
        with zipfile.ZipFile(BytesIO(document)) as archive:
            core = parse(archive.read(_CORE))
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError):
        return False
    return any((title.text or "").endswith(_MARK) for title in core.iter(_TITLE))
