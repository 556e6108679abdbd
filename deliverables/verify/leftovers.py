"""What must not be left in a document: tags, traces of the program, blanks, tracked changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from operator import attrgetter

from deliverables.message import say
from deliverables.problem import Severity
from deliverables.verify.paper import Document
from deliverables.verify.finding import WHOLE_DOCUMENT, Finding, doubt, fault
from deliverables.verify.leaves import Leaves
from deliverables.verify.traits import SEAL, TAG, TRACE, Traits, traits_of


def no_tags_are_left(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find template tags that were not filled."""
    yield from _foreign(TAG, attrgetter("tag"), "template-tag", document, leaves)


def no_traces_of_the_program_are_left(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find values that were printed as the program writes them."""
    yield from _foreign(TRACE, attrgetter("trace"), "program-text", document, leaves)


def nothing_is_to_be_supplied(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find 【待补】: a draft may have it, a final document may not."""
    for paragraph in document.telling:
        if paragraph.traits.gap:
            yield Finding(
                code="gap",
                severity=Severity.GAP,
                where=paragraph.place.message(),
                message=say("a fact is still to be supplied"),
                found=paragraph.text,
            )


def the_seal_has_its_place(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find out if （盖章处） is gone."""
    if not any(paragraph.traits.seal for paragraph in document.telling):
        message = say("{seal} is missing", seal=SEAL)
        yield fault("seal-anchor", WHOLE_DOCUMENT, message, SEAL)


def no_changes_are_tracked(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find tracked changes, which were read as if they had been accepted."""
    if document.insertions or document.deletions:
        message = say(
            "the document has tracked changes ({insertions} put in, {deletions} taken out): "
            "accept or reject them",
            insertions=document.insertions,
            deletions=document.deletions,
        )
        yield doubt("tracked-changes", WHOLE_DOCUMENT, message)


def _foreign(
    pattern: re.Pattern[str],
    has: Callable[[Traits], bool],
    code: str,
    document: Document,
    leaves: Leaves,
) -> Iterator[Finding]:
    """Find what matches the pattern and was not in the data, where it would be plain text."""
    for paragraph in document.telling:
        if not has(paragraph.traits):
            continue
        text = paragraph.text
        for mine in leaves.lines:
            if has(traits_of(mine)):
                text = text.replace(mine, "")
        for found in pattern.finditer(text):
            message = say("{found} should have been filled in", found=found[0])
            yield fault(code, paragraph.place.message(), message, found=found[0])
