"""A document taken into another, as docxtpl's Subdoc does it: text, tables, and what they need.

Docxcompose, an optional library, brings styles, lists and pictures along. What it leaves to chance
is settled here, and what it cannot bring along is refused.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from docx import Document
from docx.oxml.ns import nsmap
from lxml import etree

from deliverables.message import Message, say
from deliverables.model.subdocument import Subdocument
from deliverables.render.identifiers import bookmarks
from deliverables.render.marks import unmarked
from deliverables.render.package import Package, parse, serialise
from deliverables.render.place import W
from deliverables.render.printable import UnprintableError

if TYPE_CHECKING:
    from docx.document import Document as Opened

_CORE: Final = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_CUSTOM: Final = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_IGNORABLE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable"
_REFUSED: Final = {
    "footnoteReference": say("footnotes"),
    "endnoteReference": say("endnotes"),
    "commentReference": say("comments"),
    "ins": say("tracked changes"),
    "del": say("tracked changes"),
    "altChunk": say("another file inside"),
}
_BEFORE_LISTS: Final = tuple(
    f"{W}{name}"
    for name in ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl")
)
_INSTALL: Final = "pip install deliverables[subdocuments]"
_FIRST_BOOKMARK: Final = 2_000_000
_BROKEN: Final = (
    zipfile.BadZipFile, etree.XMLSyntaxError, StopIteration, LookupError, AttributeError, TypeError,
    ValueError, OSError, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What files raise that are no Word documents, or damaged, or locked."""


def take_in(package: Package, subdocument: Subdocument) -> str:
    """Return what takes the place of a tag's paragraph; the package gets what that needs."""
    try:
        own = unmarked(Package.of(subdocument.content))
        body = parse(own.parts[own.document])
    except _BROKEN as broken:
        raise UnprintableError(say("the document to be taken in cannot be read")) from broken
    _refuse(body)
    _drop_ignorable(body)
    own.parts[own.document] = serialise(body)
    composer = _composer()
    try:
        whole, taken = (Document(BytesIO(each.to_bytes())) for each in (package, own))
        before = _contents(whole)
        lists = _lists(whole)
        with _prefix_of_docxcompose():
            composer(whole).attach_parts(taken)
    except _BROKEN as broken:
        raise UnprintableError(say("the document to be taken in cannot be read")) from broken
    _settle_lists(whole, lists, subdocument.content)
    _hand_over(package, whole, before)
    return _markup(taken.element.body)


def keep_prefixes() -> None:
    """Let python-docx find core properties again, once docxcompose has been imported."""
    nsmap["cp"] = _CORE


def _composer() -> Any:
    try:
        from docxtpl.subdoc import SubdocComposer  # noqa: PLC0415  # only if it is needed
    except ImportError as missing:
        raise UnprintableError(
            say("a document can only be taken in with docxcompose, which is not installed"),
            say("install it: {command}", command=_INSTALL),
        ) from missing
    return SubdocComposer


@contextmanager
def _prefix_of_docxcompose() -> Iterator[None]:
    """Give docxcompose the prefix that it takes from python-docx, for as long as it works."""
    nsmap["cp"] = _CUSTOM
    try:
        yield
    finally:
        keep_prefixes()


def _refuse(body: etree._Element) -> None:
    """Refuse a document with something that cannot be brought along."""
    for what in _not_to_be_brought(body):
        raise UnprintableError(say("the document to be taken in has {what}", what=what))


def _not_to_be_brought(body: etree._Element) -> Iterator[Message]:
    for name, what in _REFUSED.items():
        if next(body.iter(f"{W}{name}"), None) is not None:
            yield what
    if any((text.text or "").lstrip().startswith("TOC ") for text in body.iter(f"{W}instrText")):
        yield say("a table of contents")
    if body.find(f".//{W}pPr/{W}sectPr") is not None:
        yield say("several sections")


def _drop_ignorable(body: etree._Element) -> None:
    """Drop what a program may pass over: the document around it need not declare that it may."""
    prefixes = body.attrib.pop(_IGNORABLE, "").split()
    spaces = {body.nsmap[prefix] for prefix in prefixes if prefix in body.nsmap}
    for element in list(body.iter(etree.Element)):
        parent = element.getparent()
        if etree.QName(element).namespace in spaces and parent is not None:
            parent.remove(element)
        for name in list(element.attrib):
            if etree.QName(name).namespace in spaces:
                del element.attrib[name]


def _contents(document: Opened) -> dict[str, bytes]:
    return {_name(part): part.blob for part in document.part.package.iter_parts()}


def _name(part: Any) -> str:
    return str(part.partname).lstrip("/")


def _lists(document: Opened) -> list[etree._Element]:
    """Return the kinds of lists that a document has."""
    names = (part for part in document.part.package.iter_parts()
             if _name(part).endswith("numbering.xml"))  # fmt: skip
    part: Any = next(names, None)
    return [] if part is None else list(part.element.iter(f"{W}abstractNum"))


def _settle_lists(document: Opened, before: list[etree._Element], content: bytes) -> None:
    """Number new kinds of lists by what they come from; docxcompose throws dice."""
    for kind in _lists(document):
        number = kind.find(f"{W}nsid")
        if kind not in before and number is not None:
            seed = kind.get(f"{W}abstractNumId", "").encode() + content
            number.set(f"{W}val", sha256(seed).hexdigest()[:8].upper())


def _hand_over(package: Package, document: Opened, before: dict[str, bytes]) -> None:
    """Put into the package what the document around has got, but for its own words."""
    stories = package.stories()
    for part in document.part.package.iter_parts():
        name = _name(part)
        if name not in package.parts:
            package.add(name, part.blob, part.content_type)
            if len(part.rels):
                package.parts[_relations_of(name)] = _bytes(part.rels.xml)
        elif name not in stories and before.get(name) != part.blob:
            package.parts[name] = part.blob
    package.parts[_relations_of(package.document)] = _bytes(document.part.rels.xml)


def _relations_of(name: str) -> str:
    folder, _, last = name.rpartition("/")
    return f"{folder}/_rels/{last}.rels"


def _markup(body: etree._Element) -> str:
    _settle_bookmarks(body)
    for properties in body.iter(f"{W}pPr"):
        _put_list_in_order(properties)
    return "".join(
        etree.tostring(child, encoding="unicode", with_tail=False)
        for child in body
        if child.tag != f"{W}sectPr"
    )


def _settle_bookmarks(body: etree._Element) -> None:
    """Number the bookmarks apart from all others, without those of contents and broken ones."""
    pairs = [(start, end) for start, end in bookmarks(body)
             if end is not None and not start.get(f"{W}name", "").startswith("_Toc")]  # fmt: skip
    halves = {half for pair in pairs for half in pair}
    for half in list(body.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        parent = half.getparent()
        if half not in halves and parent is not None:
            parent.remove(half)
    for place, pair in enumerate(pairs):
        for half in pair:
            half.set(f"{W}id", str(_FIRST_BOOKMARK + place))


def _put_list_in_order(properties: etree._Element) -> None:
    """Put a paragraph's list where the schema wants it; docxcompose appends it."""
    listed = properties.find(f"{W}numPr")
    if listed is not None:
        earlier = [child for child in properties if child.tag in _BEFORE_LISTS]
        properties.remove(listed)
        properties.insert(len(earlier), listed)


def _bytes(markup: Any) -> bytes:
    return markup if isinstance(markup, bytes) else str(markup).encode()
