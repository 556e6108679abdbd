"""Pictures and documents of the data stand in the document as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from deliverables.message import say
from deliverables.model.subdocument import Subdocument
from deliverables.verify.paper import Document
from deliverables.verify.finding import WHOLE_DOCUMENT, Finding, fault
from deliverables.verify.leaves import Leaves
from deliverables.verify.package import R, UnreadableDocumentError
from deliverables.verify.reader import read_document
from deliverables.verify.wording import excerpt

_BLIP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_BODY: Final = "body"


def pictures_are_shown(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find pictures of the data that are gone, exchanged for others, or shown elsewhere.

    Their bytes are compared: a picture that was compressed anew is another.
    """
    names = {picture.content: picture.description for picture in leaves.pictures}
    if not names:
        return
    made = list(names) if leaves.as_made is None else _shown(leaves.as_made)
    wanted = [content for content in made if content in names]
    shown = _shown(document)
    lacking = Counter(wanted) - Counter(shown)
    for content in lacking:
        message = say("the picture “{what}” is not the one of the data, or is gone",
                      what=excerpt(names[content]))  # fmt: skip
        yield fault("picture-changed", WHOLE_DOCUMENT, message, names[content])
    if leaves.as_made and not lacking and wanted != [one for one in shown if one in names]:
        message = say("the pictures of the data do not stand where they were made")
        yield fault("picture-moved", WHOLE_DOCUMENT, message)


def _shown(document: Document) -> list[bytes]:
    """Return the pictures that the stories of a document show, in reading order."""
    package = document.package
    return [
        package.parts[relation.part]
        for part in document.facts
        for blip in package.xml(part).iter(_BLIP)
        if (relation := package.relations(part).get(blip.get(f"{R}embed", "")))
        and relation.part in package.parts
    ]


def documents_are_taken_in(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find paragraphs of a document taken in that are gone or changed.

    Beside the document as it was made, each must stand there as often; else at least once.
    """
    taken = dict.fromkeys(text for one in leaves.subdocuments for text in paragraphs_of(one))
    if not taken:
        return
    found = _paragraphs(document)
    made = None if leaves.as_made is None else _paragraphs(leaves.as_made)
    for text in taken:
        if found[text] < (1 if made is None else made[text]):
            message = say("“{excerpt}”, of a document taken in, is gone or was changed",
                          excerpt=excerpt(text))  # fmt: skip
            yield fault("subdocument-changed", WHOLE_DOCUMENT, message, text)


def _paragraphs(document: Document) -> Counter[str]:
    return Counter(paragraph.text for paragraph in document.paragraphs)


@lru_cache(8)
def paragraphs_of(subdocument: Subdocument) -> tuple[str, ...]:
    """Return the paragraphs of a document that is taken in, but for its headers and footers."""
    try:
        read = read_document(subdocument.content)
    except UnreadableDocumentError:
        return ()  # what cannot be read cannot have been printed
    stories = (paragraph for paragraph in read.paragraphs if paragraph.place.story == _BODY)
    return tuple(paragraph.text for paragraph in stories if paragraph.text)
