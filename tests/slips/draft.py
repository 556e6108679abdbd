"""A finished .docx taken apart, so that one thing in it can be changed, and put together again.

It knows what Office Open XML is and nothing of what made the document or of what will read it.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import count

from lxml import etree

Element = etree._Element

NAMESPACES = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "v": "urn:schemas-microsoft-com:vml",
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
}
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = f"{NAMESPACES['r']}/"
BODY = "word/document.xml"
_CONTENTS = "TOC"
_AROUND = 8
PAGE_FIELDS = ("PAGE", "NUMPAGES", "PAGEREF", "SECTIONPAGES")
CAPTION_FIELDS = ("SEQ", "REF")
PROSE = ("Paragraph", "Item", "Note", "Attachment", "Source", "TableSmall")


def name(tag: str) -> str:
    """Return the name lxml gives to `w:t`."""
    prefix, local = tag.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def xml(markup: str) -> Element:
    """Return the element that `markup` says, with the usual prefixes declared."""
    known = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    element = etree.fromstring(f"<all {known}>{markup}</all>")[0]
    element.tail = None
    return element


def remove(element: Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def exchange(one: Element, other: Element) -> None:
    """Put each of two elements where the other stood."""
    place = etree.Element("place")
    one.addprevious(place)
    other.addprevious(one)
    place.addprevious(other)
    remove(place)


def behind(parent: Element, added: Element, *later: str) -> None:
    """Put an element among others, in front of those whose names come `later`."""
    names = [name(f"w:{each}") for each in later]
    following = next((child for child in parent if child.tag in names), None)
    if following is None:
        parent.append(added)
    else:
        following.addprevious(added)


@dataclass(frozen=True)
class Option:
    """One slip that could be made: what stood there, what will, and where (for a fair choice)."""

    before: str
    after: str
    place: str
    apply: Callable[[], object]


class Words:
    """A paragraph as text that can be written into; results of fields stand apart."""

    def __init__(self, element: Element, story: str) -> None:
        self.element = element
        self.story = story
        style = element.find(f"{name('w:pPr')}/{name('w:pStyle')}")
        self.style = "" if style is None else style.get(name("w:val"), "")
        self.pieces: list[Element] = []
        self.results: list[tuple[str, Element]] = []
        self._read()
        self.text = "".join(map(_said, self.pieces))

    def _read(self) -> None:
        fields: list[str] = []
        for each in self.element.iter(*_READ):
            if each.tag == name("w:fldChar"):
                kind = each.get(name("w:fldCharType"))
                if kind == "begin":
                    fields.append("")
                elif kind == "end" and fields:
                    fields.pop()
            elif each.tag == name("w:instrText"):
                if fields and not fields[-1]:
                    fields[-1] = (each.text or "").split()[0]
            elif fields and fields[-1] in (*PAGE_FIELDS, *CAPTION_FIELDS):
                if each.tag == name("w:t"):
                    self.results.append((fields[-1], each))
            elif _paragraph_of(each) is self.element:
                self.pieces.append(each)

    @property
    def place(self) -> str:
        return f"{self.story}/{self.style}"

    def put(self, begin: int, end: int, new: str) -> None:
        """Write `new` in place of the letters from `begin` to `end`."""
        at, written = 0, False
        for piece in self.pieces:
            said = _said(piece)
            first, last = max(begin - at, 0), min(end - at, len(said))
            at += len(said)
            if piece.tag != name("w:t") or first > last or (first == last and begin != end):
                continue
            piece.text = said[:first] + ("" if written else new) + said[last:]
            piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            written = True
            if begin == end:
                return

    def option(self, begin: int, end: int, new: str) -> Option:
        """Return the option of writing `new` there."""
        left, right = self.text[max(begin - _AROUND, 0) : begin], self.text[end : end + _AROUND]
        return Option(
            before=f"{left}[{self.text[begin:end]}]{right}",
            after=f"{left}[{new}]{right}",
            place=self.place,
            apply=lambda: self.put(begin, end, new),
        )

    def run(self, begin: int, end: int) -> Element:
        """Return a run of its own that holds just the letters from `begin` to `end`."""
        at = 0
        for piece in self.pieces:
            said = _said(piece)
            if piece.tag == name("w:t") and at <= begin and end <= at + len(said):
                return _own_run(piece, begin - at, end - at)
            at += len(said)
        raise LookupError(self.text[begin:end])

    def whole(self, begin: int, end: int) -> bool:
        """Tell whether the letters from `begin` to `end` stand in one run, outside of links."""
        at = 0
        for piece in self.pieces:
            said = _said(piece)
            if piece.tag == name("w:t") and at <= begin and end <= at + len(said):
                parent = piece.getparent()
                return parent is not None and parent.getparent() is self.element
            at += len(said)
        return False


_READ = tuple(map(name, ("w:t", "w:br", "w:tab", "w:fldChar", "w:instrText")))


def _said(piece: Element) -> str:
    if piece.tag == name("w:t"):
        return piece.text or ""
    return "\n" if piece.tag == name("w:br") else "\t"


def _paragraph_of(element: Element) -> Element:
    return next(element.iterancestors(name("w:p"), name("w:pPr")))


def _own_run(text: Element, begin: int, end: int) -> Element:
    """Split the run around a text into up to three and return the one in the middle."""
    run = text.getparent()
    assert run is not None
    said = text.text or ""
    look = run.find(name("w:rPr"))

    def alone(letters: str) -> Element:
        made = etree.Element(name("w:r"))
        if look is not None:
            made.append(etree.fromstring(etree.tostring(look)))
        etree.SubElement(made, name("w:t")).text = letters
        made[-1].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        return made

    own, rest = alone(said[begin:end]), alone(said[end:])
    for other in list(text.itersiblings()):
        rest.append(other)
    text.text = said[:begin]
    run.addnext(own)
    own.addnext(rest)
    return own


class Table:
    """A table as rows of cells, each the text a reader sees."""

    def __init__(self, element: Element, number: int) -> None:
        self.element = element
        self.number = number
        self.rows = element.findall(name("w:tr"))
        self.cells = [row.findall(name("w:tc")) for row in self.rows]
        self.texts = [[cell_text(cell) for cell in row] for row in self.cells]

    @property
    def has_heads(self) -> bool:
        """Whether the first row holds the heads of columns."""
        styles = {_style(cell) for cell in self.cells[0]}
        return len(self.rows) > 1 and all(style.endswith("Header") for style in styles)

    @property
    def place(self) -> str:
        return f"table {self.number}"


def cell_text(cell: Element) -> str:
    return "".join(text.text or "" for text in cell.iter(name("w:t")))


def _style(cell: Element) -> str:
    found = cell.find(f"{name('w:p')}/{name('w:pPr')}/{name('w:pStyle')}")
    return "" if found is None else found.get(name("w:val"), "")


class Draft:
    """A .docx whose parts can be changed; `saved` gives the bytes."""

    def __init__(self, document: bytes) -> None:
        with zipfile.ZipFile(BytesIO(document)) as archive:
            self.parts = {part: archive.read(part) for part in archive.namelist()}
        self.stored = False
        self.order: Callable[[str], object] | None = None
        self._trees: dict[str, Element] = {}

    def tree(self, part: str) -> Element:
        """Return the root of a part; what is done to it will be saved."""
        if part not in self._trees:
            self._trees[part] = etree.fromstring(self.parts[part])
        return self._trees[part]

    @property
    def body(self) -> Element:
        return self.tree(BODY)[0]

    def named(self, pattern: str) -> list[str]:
        """Return the parts of such a name."""
        return sorted(part for part in self.parts if re.fullmatch(pattern, part))

    @property
    def headers(self) -> list[str]:
        return self.named(r"word/header\d*\.xml")

    @property
    def footers(self) -> list[str]:
        return self.named(r"word/footer\d*\.xml")

    @property
    def charts(self) -> list[str]:
        return self.named(r"word/charts/chart\d+\.xml")

    def paragraphs(self, *parts: str) -> Iterator[Words]:
        """Yield the paragraphs of the body, or of other parts, with text; no contents entries."""
        for part in parts or (BODY,):
            for element in self.tree(part).iter(name("w:p")):
                words = Words(element, posixpath.basename(part))
                if words.text.strip() and not words.style.startswith(_CONTENTS + "1"):
                    if words.style == "TOC2":
                        continue
                    yield words

    def texts(self) -> Iterator[Words]:
        """Yield every paragraph that a reader sees: the body, then headers and footers in use."""
        yield from self.paragraphs()
        yield from self.paragraphs(*self.seen())

    def seen(self) -> list[str]:
        """Return the headers and footers that show on the pages."""
        body = self.tree(BODY)
        first = next(iter(body.iter(name("w:titlePg"))), None) is not None
        kinds = {"default", *(["first"] if first else [])}
        ids = [
            reference.get(name("r:id"), "")
            for tag in ("w:headerReference", "w:footerReference")
            for reference in body.iter(name(tag))
            if reference.get(name("w:type"), "default") in kinds
        ]
        return list(dict.fromkeys(self.target(BODY, each) for each in ids))

    def entries(self) -> Iterator[Words]:
        """Yield the entries of the contents."""
        for element in self.body.iter(name("w:p")):
            words = Words(element, "contents")
            if words.style in ("TOC1", "TOC2"):
                yield words

    def prose(self) -> Iterator[Words]:
        """Yield the paragraphs that are sentences, outside of tables."""
        for words in self.paragraphs():
            if words.style in PROSE and words.element.getparent() is self.body:
                yield words

    @property
    def tables(self) -> list[Table]:
        found = self.body.iter(name("w:tbl"))
        return [Table(element, number) for number, element in enumerate(found, 1)]

    def drawings(self) -> list[Element]:
        """Return the paragraphs that hold a chart."""
        return [next(chart.iterancestors(name("w:p"))) for chart in self.body.iter(name("c:chart"))]

    def _relations(self, part: str) -> Element:
        folder, base = posixpath.split(part)
        own = f"{folder}/_rels/{base}.rels"
        if own not in self.parts:
            self.parts[own] = f'<Relationships xmlns="{_RELATIONS}"/>'.encode()
        return self.tree(own)

    def target(self, part: str, relation: str) -> str:
        """Return the part that `part` calls `relation`."""
        for found in self._relations(part):
            if found.get("Id") == relation:
                folder = posixpath.dirname(part)
                return posixpath.normpath(posixpath.join(folder, found.get("Target", "")))
        raise KeyError(relation)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Let `part` point to `target` and return what it calls it."""
        relations = self._relations(part)
        taken = {found.get("Id") for found in relations}
        own = next(each for n in count(1) if (each := f"rId{n}") not in taken)
        found = etree.SubElement(relations, f"{{{_RELATIONS}}}Relationship")
        found.set("Id", own)
        found.set("Type", kind if "/" in kind else OFFICE + kind)
        found.set("Target", posixpath.relpath(target, posixpath.dirname(part)))
        return own

    def add(self, part: str, content: bytes, content_type: str) -> None:
        """Add a part and declare its type."""
        self.parts[part] = content
        declared = etree.SubElement(self.tree("[Content_Types].xml"), f"{{{_TYPES}}}Override")
        declared.set("PartName", f"/{part}")
        declared.set("ContentType", content_type)

    def add_default(self, extension: str, content_type: str) -> None:
        """Declare what files of an extension are."""
        declared = etree.Element(f"{{{_TYPES}}}Default")
        declared.set("Extension", extension)
        declared.set("ContentType", content_type)
        self.tree("[Content_Types].xml").insert(0, declared)

    def saved(self) -> bytes:
        """Return the document as it is now."""
        parts = dict(self.parts)
        for part, root in self._trees.items():
            parts[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        order = sorted(parts, key=self.order) if self.order else list(parts)
        written = BytesIO()
        method = zipfile.ZIP_STORED if self.stored else zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(written, "w", method, compresslevel=1) as archive:
            for part in order:
                archive.writestr(zipfile.ZipInfo(part), parts[part], method)
        return written.getvalue()
