"""Pictures of the data stand in the document as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from deliverables.message import say
from deliverables.verify.paper import Document
from deliverables.verify.finding import WHOLE_DOCUMENT, Finding, fault
from deliverables.verify.leaves import Leaves
from deliverables.verify.package import R
from deliverables.verify.wording import excerpt

_BLIP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"


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
