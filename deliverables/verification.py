"""One file proved twice: against what was made (what people did), and that against today's data.

The two are never mixed: nobody is to look in the data for what was written into the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from deliverables.approvals import Approval, approved
from deliverables.bases import Bases, NoBaseError
from deliverables.comparison import Comparison
from deliverables.folders import Folders
from deliverables.lazily import dataclass
from deliverables.life import OPTIONS
from deliverables.message import Message, say
from deliverables.orders import Examined
from deliverables.problem import Severity
from deliverables.recipe import options_of, recipe_of
from deliverables.recognition import Recognised
from deliverables.recomposing import NoLongerDueError, recompose
from deliverables.register import Entry
from deliverables.since import Again, since
from deliverables.verify import violated
from deliverables.verify.account import Change, Difference, account
from deliverables.verify.base import Base, NewerFormatError, cells_of
from deliverables.verify.document import UnreadableDocumentError, read_document
from deliverables.verify.finding import WHOLE_DOCUMENT, Finding, fault


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """What people did to a file, and what changed since it was made.

    `differences` are errors and edits; `findings` is whatever else its proof finds, which needs no
    base; `approvals` are those that hold for the edits, by passage. `changes` are None where the
    data of today cannot tell: `notes` say why, and what else is to be known.
    """

    recognised: Recognised
    differences: tuple[Difference, ...]
    findings: tuple[Finding, ...]
    approvals: Mapping[str, Approval]
    changes: tuple[Change, ...] | None
    notes: tuple[Message, ...] = ()

    @property
    def edits(self) -> tuple[Difference, ...]:
        """The passages of prose that people changed."""
        return tuple(one for one in self.differences if one.is_edit)

    @property
    def unapproved(self) -> int:
        """How many of them nobody has approved."""
        return sum(one.passage not in self.approvals for one in self.edits)

    @property
    def errors(self) -> int:
        """How many errors there are: in what people did, and in the document as it stands."""
        wrong = sum(not one.is_edit for one in self.differences) + bool(self.recognised.claimed)
        return wrong + sum(one.severity is Severity.ERROR for one in self.findings)

    @property
    def is_proved(self) -> bool:
        """Whether everything in it is as it was made, or an edit."""
        return self.errors == 0


def verify(
    recognised: Recognised,
    examined: Examined | None,
    folders: Folders,
    entries: tuple[Entry, ...],
) -> Verified:
    """Prove a file; `entries` are those of its contract, among which its approvals are."""
    base, written = recognised.base, _to_be_written(recognised, examined, folders)
    differences = account(base, recognised.document, written)
    edits = [one for one in differences if one.is_edit]
    changes, notes = _since(recognised, examined, folders)
    return Verified(
        recognised=recognised,
        differences=differences,
        findings=violated(recognised.document, base),
        approvals=approved(edits, recognised.entry, entries),
        changes=changes,
        notes=notes,
    )


def _to_be_written(
    recognised: Recognised, examined: Examined | None, folders: Folders
) -> Mapping[str, str]:
    """Return what people may write into blanks: what the data say that was left out by request."""
    entry, book = recognised.entry, examined.book if examined else None
    if book is None or not recognised.base.options:
        return {}
    plain = replace(entry, details={k: v for k, v in entry.details.items() if k != OPTIONS})
    try:
        context = recompose(plain, book, folders).context
    except NoLongerDueError:
        return {}
    return cells_of(context, book.number)


def done_to(file: Path, made: Entry, bases: Path) -> tuple[Finding, ...]:
    """Return what people did to the file of an entry since it was made, for printing."""
    try:
        record = Bases(bases).get(made.base)
        base = Base.of_records(record.shared, record.own)
        return tuple(one.finding for one in account(base, read_document(file)))
    except UnreadableDocumentError as failure:
        return (fault("unreadable", WHOLE_DOCUMENT, failure.reason),)
    except (NoBaseError, NewerFormatError, ValueError):
        return (fault("no-base", WHOLE_DOCUMENT, NO_BASE),)


NO_BASE = say("what it said when it was made is not kept beside the register")


def _since(
    recognised: Recognised, examined: Examined | None, folders: Folders
) -> tuple[tuple[Change, ...] | None, tuple[Message, ...]]:
    """Return what the data of today would change in a document, as of the day it was made for."""
    entry = recognised.entry
    if examined is None or examined.book is None or not examined.sound:
        return None, (say("the data have errors, so what changed since cannot be told"),)
    book = examined.book
    template = folders.template_with(entry.kind, entry.template_sha256)
    notes = () if template else (_other_template(entry, folders),)
    recipe = recipe_of(entry.deliverable, options_of(entry), book, folders, entry.as_of)
    if entry.recipe == recipe:
        return (), notes
    try:
        again = recompose(entry, book, folders)
    except NoLongerDueError as gone:
        return None, (gone.message, *notes)
    again = replace(again, template=template or again.template)
    now = Again(again, recognised.base.stage)
    return _told(since(entry, recognised.base, book, folders, now)), notes


def _told(found: Comparison) -> tuple[Change, ...]:
    """Return the figures that changed with the cells behind them, then the rows and words."""
    figures = (
        Change(
            key=one.key,
            name=one.name,
            before=one.before,
            now=one.after,
            cells=tuple((cause.source, cause.before, cause.after) for cause in one.causes),
            place=one.place,
        )
        for one in found.figures
    )
    texts = (
        Change(
            key="",
            name=one.place.heading or one.place.excerpt,
            before=one.before,
            now=one.after,
            place=one.place,
        )
        for one in found.texts
    )
    return (*figures, *texts)


def _other_template(entry: Entry, folders: Folders) -> Message:
    if folders.templates is None:
        return say(
            "it was made with another {name} than the one that comes with this program: give its "
            "folder with --templates; if it was changed since, make the document anew",
            name=entry.template,
        )
    return say(
        "it was made with another {name} than the one in {folder}: give the folder of that one "
        "with --templates; if it was changed since, make the document anew",
        name=entry.template,
        folder=folders.templates.as_posix(),
    )
