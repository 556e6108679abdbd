"""A recorded document composed again: what the data of today say, as of the day it was made for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from lxml import etree

from deliverables.docx.render import Properties, Rendered, Stamp, render
from deliverables.docx.stamp import FINAL
from deliverables.folders import Folders
from deliverables.kind import Deliverable, Kind, kinds
from deliverables.lazily import dataclass
from deliverables.life import STATED
from deliverables.message import Message, say
from deliverables.model.book import ContractBook
from deliverables.recipe import options_of
from deliverables.register import Entry
from deliverables.substance import redated
from deliverables.verify.base import digest_of

# Other libraries register this prefix when they are imported: bytes must not depend on whether
# they were.
etree.register_namespace("r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships")


class NoLongerDueError(Exception):
    """A recorded document that the data of today cannot make; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, kw_only=True, slots=True)
class Recomposed:
    """A document as the data of today make it: what it says, and how it is printed."""

    deliverable: Deliverable
    context: object
    template: Path
    stamp: Stamp
    properties: Properties

    def rendered(self, context: object | None = None) -> Rendered:
        """Return the document, or the one that another context of the kind makes."""
        said = self.context if context is None else context
        return render(self.template, said, self.stamp, self.properties)


def recompose(made: Entry, book: ContractBook, folders: Folders) -> Recomposed:
    """Compose a recorded document from the data of today.

    Raises:
        NoLongerDueError: The contract does not call for it any more, or what it needs is gone.
    """
    kind, stated = kinds().get(made.kind), stated_day(made)
    then = _parts(kind, book, stated).get(made.part) if kind else None
    if kind is None or then is None:
        raise NoLongerDueError(say("the contract no longer calls for {key}", key=made.deliverable))
    for blocker in then.blockers:
        if not blocker.waivable:
            raise NoLongerDueError(blocker.reason)
    deliverable = replace(then, options=options_of(made))
    context = redated(kind.compose(book, deliverable, stated), stated, made.as_of)
    return Recomposed(
        deliverable=deliverable,
        context=context,
        template=folders.template(kind.name),
        stamp=stamp_of(then, made.as_of) if made.draft else FINAL,
        properties=properties_of(then, book, made.as_of, digest_of(context)),
    )


def stated_day(made: Entry) -> date:
    """Return the day whose data a recorded document states; a final may bear a later one."""
    return date.fromisoformat(made.details.get(STATED, made.as_of.isoformat()))


def _parts(kind: Kind, book: ContractBook, as_of: date) -> Mapping[str, Deliverable]:
    """Return the deliverables of a kind by their parts; of two with one part, the first."""
    return book.remembered(
        ("plan", kind.name, as_of),
        lambda: {one.part: one for one in reversed(kind.plan(book, as_of))},
    )


def stamp_of(deliverable: Deliverable, as_of: date) -> Stamp:
    """Return the marks a draft of the deliverable carries."""
    unmet = tuple(blocker.on_document for blocker in deliverable.blockers)
    return Stamp(draft=True, sample=deliverable.sample, unmet=unmet, footer=f"草稿 {as_of}")


def properties_of(
    deliverable: Deliverable, book: ContractBook, as_of: date, says: str
) -> Properties:
    """Return the document properties of the deliverable; `says` is the digest of its figures."""
    return Properties(
        title=deliverable.title,
        subject=kinds()[deliverable.kind].title,
        contract_number=book.number,
        creator=book.contract.contractor.name,
        made_on=as_of,
        kind=deliverable.kind,
        part=deliverable.part,
        day=as_of,
        digest=says,
    )
