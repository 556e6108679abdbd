"""A draft: a document composed, rendered and proved, and a recorded one composed again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from lxml import etree

from deliverables.bases import BaseRecord, Bases, NoBaseError
from deliverables.docx import render as engine
from deliverables.docx.package import Package
from deliverables.docx.page_numbers import has_contents
from deliverables.docx.render import Properties, Rendered, Stamp, TemplateError
from deliverables.docx.stamp import FINAL, set_number
from deliverables.edits import Kept, with_edits
from deliverables.files.digest import content_sha256_of, sha256_of
from deliverables.files.result import Result
from deliverables.folders import Folders
from deliverables.kinds import Deliverable, Kind
from deliverables.letters import kind_named
from deliverables.model.book import ContractBook
from deliverables.plan import (
    EditedCopy,
    Outcome,
    Planned,
    Request,
    options_of,
    recipe_of,
    to_be_paged,
)
from deliverables.recorder import Draft
from deliverables.register import COUNTED, NUMBER, STATED, UNCOUNTED, Entry
from deliverables.values.calendar import show_day
from deliverables.values.figure import Derivation, Figure, fields_in, files_in
from deliverables.values.problem import Message, Severity, SpokenError, say
from deliverables.verify import prove
from deliverables.verify.alignment import as_settled
from deliverables.verify.base import Base, NewerFormatError, base_of, digest_of
from deliverables.verify.document import read_document
from deliverables.verify.finding import Finding
from deliverables.verify.package import UnreadableDocumentError
from deliverables.version import __version__

# Other libraries register this prefix when they are imported: bytes must not depend on whether
# they were.
etree.register_namespace("r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships")


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryFacts:
    """What the register is to say of a document that is made anew.

    `before` is the hash of the draft before it, empty where there is none or people edited it, and
    `recorded` what that was made from. `inputs` are the hashes of the files that its figures lead
    back to, `substance` and `recipe` as in an entry of the register. From the `copy` people's words
    are to be taken over.
    """

    before: str = ""
    recorded: str = ""
    inputs: Mapping[str, str]
    substance: str
    recipe: str
    occasion: tuple[Message, ...] = ()
    copy: EditedCopy | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Composed:
    """What a document says, and how it is printed.

    A final one bears the `number` (文号) that it was given, above the line of its recipient.
    """

    deliverable: Deliverable
    context: object
    template: Path
    stamp: Stamp
    properties: Properties
    number: str = ""
    recipient: str = ""

    def rendered(self) -> Rendered:
        """Return the document, without its number."""
        return engine.render(self.template, self.context, self.stamp, self.properties)

    def base(self, rendered: Rendered, stage: str) -> Base:
        """Return what the document says, its number too, and which of its words are which figure.

        The number stands in the base of a final one: it is no change of the data.
        """
        base = base_of(
            rendered,
            rendered.trace,
            self.context,
            template=self.template,
            stage=stage,
            options=self.deliverable.options,
        )
        package = Package.of(rendered) if self.number else None
        if package is None or not set_number(package, self.number, self.recipient):
            return base
        return as_settled(base, read_document(package.to_bytes()), stage)


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A document as it is rendered, and what it was composed of; not yet proved."""

    composed: Composed
    facts: EntryFacts
    rendered: Rendered

    @property
    def deliverable(self) -> Deliverable:
        """The document that it is of."""
        return self.composed.deliverable

    @property
    def has_contents(self) -> bool:
        """Whether it lists its headings, whose pages can be counted."""
        return _has_contents(self.rendered)


def compose(
    planned: Planned, book: ContractBook, folders: Folders, request: Request
) -> tuple[Composed, EntryFacts] | Outcome:
    """Compute what a document says, unless the one that is there says the same already."""
    made, deliverable = planned.made, planned.deliverable
    options = options_of(made) if request.options is None else request.options
    if options != deliverable.options:
        deliverable = replace(deliverable, options=options)
    kind = kind_named(deliverable.kind, folders, book.number)  # looks at no letter needlessly
    if kind is None:
        raise KeyError(deliverable.kind)
    context = kind.compose(book, deliverable, request.as_of)
    facts = _facts(planned, deliverable, context, book=book, folders=folders, request=request)
    if made is not None and _still_says(planned, made, facts.substance, folders, request):
        return _left_as_it_is(planned, made, facts, folders, request)
    return (
        Composed(
            deliverable=deliverable,
            context=context,
            template=folders.template(deliverable.kind, book.number),
            stamp=stamp_of(deliverable, request.as_of),
            properties=properties_of(deliverable, book, request.as_of, digest_of(context)),
        ),
        facts,
    )


def render(composed: Composed, facts: EntryFacts) -> Written | Outcome:
    """Render what was composed; a template that cannot be rendered is its outcome."""
    try:
        return Written(composed=composed, facts=facts, rendered=composed.rendered())
    except TemplateError as fault:
        return Outcome(
            deliverable=composed.deliverable, result=Result.FAILED, problems=fault.problems
        )


def verify(writing: Written, document: Rendered, folders: Folders) -> Draft | Outcome:
    """Prove a document, whose contents may have got page numbers, against its context.

    Where people had edited the one before it, their words are taken over, and it is proved again.
    """
    composed, facts, rendered = writing.composed, writing.facts, writing.rendered
    deliverable = composed.deliverable
    template_sha256 = folders.template_sha256(deliverable.kind, deliverable.contract)
    base = base_of(
        document,
        rendered.trace,
        composed.context,
        template=composed.template,
        template_sha256=template_sha256,
        options=deliverable.options,
    )
    findings = prove(document, base, composed.context)
    kept = Kept(bytes(document), 0, ())
    if facts.copy and not _refuted(findings):
        try:
            kept = _with_edits(facts.copy, kept.document, base, folders)
        except _NoEditsError as fault:
            return Outcome(deliverable=deliverable, result=Result.KEPT, file=facts.copy.file,
                           reasons=(fault.message,))  # fmt: skip
        findings = prove(kept.document, base, composed.context) if kept.count else findings
    if _refuted(findings):
        return Outcome(deliverable=deliverable, result=Result.REFUTED, findings=findings)
    return Draft(
        deliverable=deliverable,
        before=facts.before,
        document=kept.document,
        sha256=sha256_of(kept.document),
        content=content_sha256_of(kept.document),
        inputs=facts.inputs,
        template=composed.template.name,
        template_sha256=template_sha256,
        base=BaseRecord(*base.records()),
        says=composed.properties.digest,
        substance=facts.substance,
        recipe=facts.recipe,
        recorded=facts.recorded,
        findings=tuple(one for one in findings if one.severity is not Severity.EDIT),
        contents=_contents(rendered, counted=document is not rendered),
        occasion=facts.occasion,
        kept=kept.count,
        conflicts=kept.conflicts,
    )


class NoLongerDueError(SpokenError):
    """A recorded document that the data of today cannot make; `message` says why."""


def recompose(made: Entry, book: ContractBook, folders: Folders) -> Composed:
    """Compose a recorded document from the data of today.

    Raises:
        NoLongerDueError: The contract does not call for it any more, or what it needs is gone.
    """
    kind, stated = kind_named(made.kind, folders, book.number), stated_day(made)
    then = _parts(kind, book, stated).get(made.part) if kind else None
    if kind is None or then is None:
        raise NoLongerDueError(say("the contract no longer calls for {key}", key=made.deliverable))
    for blocker in then.blockers:
        if not blocker.waivable:
            raise NoLongerDueError(blocker.reason)
    deliverable = replace(then, options=options_of(made))
    number = made.details.get(NUMBER, "") if kind.sealing.numbered and not made.draft else ""
    context = redated(kind.compose(book, deliverable, stated), stated, made.as_of)
    return Composed(
        deliverable=deliverable,
        context=context,
        template=folders.template(kind.name, book.number),
        stamp=stamp_of(then, made.as_of) if made.draft else FINAL,
        properties=properties_of(then, book, made.as_of, digest_of(context)),
        number=number,
        recipient=kind.sealing.recipient(book) if number else "",
    )


def reads_otherwise(made: Entry, book: ContractBook, folders: Folders, as_of: date) -> bool:
    """Return whether a recorded document, made for another day, would say something else.

    So does one that the contract no longer calls for on that day, such as a request that was paid.
    """
    kind = kind_named(made.kind, folders, book.number)
    then = _parts(kind, book, as_of).get(made.part) if kind else None
    if kind is None or then is None or not all(one.waivable for one in then.blockers):
        return True
    deliverable = replace(then, options=options_of(made))
    context = kind.compose(book, deliverable, as_of)
    return substance_of(context, deliverable, as_of) != made.substance


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
        subject=deliverable.kind_title,
        contract_number=book.number,
        creator=book.contract.contractor.name,
        made_on=as_of,
        kind=deliverable.kind,
        part=deliverable.part,
        day=as_of,
        digest=says,
    )


def _facts(
    planned: Planned,
    deliverable: Deliverable,
    context: object,
    *,
    book: ContractBook,
    folders: Folders,
    request: Request,
) -> EntryFacts:
    made, edited = planned.made, planned.status.is_edited
    copy = request.copy_of(planned.deliverable)
    if edited and made is not None and copy is None and not request.replace_edited:
        file = folders.contract(deliverable.contract) / made.file
        copy = EditedCopy(deliverable.contract, deliverable.key, file, made.base)
    return EntryFacts(
        before="" if edited or made is None else made.sha256,
        recorded=made.recipe if made else "",
        inputs=_inputs_behind(context, book),
        substance=substance_of(context, deliverable, request.as_of),
        recipe=recipe_of(deliverable.key, deliverable.options, book, folders, request.as_of),
        occasion=tuple(_occasion(planned, request)),
        copy=copy,
    )


def _still_says(
    planned: Planned, made: Entry, substance: str, folders: Folders, request: Request
) -> bool:
    """Return whether the draft that is there says what it would say if it were made anew.

    Only who does not ask for it by name leaves it as it is when its day has passed.
    """
    return (
        planned.status.is_there
        and not request.replace_edited
        and not request.copy_of(planned.deliverable)
        and not to_be_paged(made, request)
        and (request.only_needed or made.as_of == request.as_of)
        and made.substance == substance
        and made.version == __version__
        and made.template_sha256 == folders.template_sha256(made.kind, planned.deliverable.contract)
    )


def _left_as_it_is(
    planned: Planned, made: Entry, facts: EntryFacts, folders: Folders, request: Request
) -> Outcome:
    """Return what becomes of a draft that says the same; that other data do is to be recorded."""
    deliverable = planned.deliverable
    file = folders.contract(deliverable.contract) / made.file
    if planned.status.is_edited:
        remedy = say("edited by hand, so kept; the data say what they said")
        return Outcome(deliverable=deliverable, result=Result.KEPT, file=file, reasons=(remedy,))
    again = replace(
        made,
        made_at=request.moment,
        command=request.command,
        recipe=facts.recipe,
        inputs=facts.inputs,
    )
    known = made.as_of != request.as_of or made.recipe == facts.recipe
    return Outcome(
        deliverable=deliverable,
        result=Result.UNCHANGED,
        file=file,
        again=None if known else again,
    )


def _occasion(planned: Planned, request: Request) -> Iterator[Message]:
    yield from planned.reasons
    made = planned.made
    if made is None:
        return
    if made.as_of != request.as_of:
        yield say("the earlier one was as of {day}", day=made.as_of)
    if made.version != __version__:
        yield say("the earlier one was made by version {version}", version=made.version)


_CONTENTS: Final = "TOC "


def _has_contents(document: Rendered) -> bool:
    listed = any(_CONTENTS in story for story in document.trace.stories.values())
    return listed and has_contents(Package.of(document))


def _refuted(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _contents(rendered: Rendered, *, counted: bool) -> str:
    if counted:
        return COUNTED
    return UNCOUNTED if _has_contents(rendered) else ""


class _NoEditsError(SpokenError):
    """What people wrote cannot be told from what was made; `message` says why."""


def _with_edits(copy: EditedCopy, document: bytes, base: Base, folders: Folders) -> Kept:
    try:
        record = Bases(folders.bases(copy.contract)).get(copy.base)
        old = Base.of_records(record.shared, record.own)
        return with_edits(read_document(copy.file), old, document, base)
    except UnreadableDocumentError as fault:
        raise _NoEditsError(fault.message) from fault
    except (NoBaseError, NewerFormatError, ValueError) as fault:
        raise _NoEditsError(
            say("kept: what it said when it was made is not there, so edits cannot be told; "
                "--replace makes it anew without them")
        ) from fault  # fmt: skip


def _inputs_behind(context: object, book: ContractBook) -> Mapping[str, str]:
    """Return the hashes of the files that the printed figures lead back to."""
    files = files_in(context)
    return {
        name: digest
        for name, digest in book.inputs.items()
        if name.endswith("contract.yaml") or any(file.endswith(name) for file in files)
    }


_DAY: Final = "\0"
"""Stands for the day of the document; no data hold it."""


def substance_of(context: object, deliverable: Deliverable, as_of: date) -> str:
    """Return a SHA-256 of all that a document of the deliverable says, but for its day.

    The day is set aside in texts, and in figures that are the day because it was asked for. A day
    that was read from a cell or reckoned from one stays, also if it is the same one.
    """
    digest = sha256(repr((deliverable.sample, sorted(deliverable.options))).encode())
    days = (show_day(as_of), as_of.isoformat())
    for blocker in deliverable.blockers:
        digest.update(f"{blocker.on_document}\n".encode())
    for said in _said(context, days):
        digest.update(said)
        digest.update(b"\n")
    return digest.hexdigest()


def redated(context: Any, old: date, new: date) -> Any:
    """Return what a document says that states what was so on one day and bears another.

    Only what is the day and nothing else changes (成文日期): a text in which it stands states more.
    """
    if old == new:
        return context
    if isinstance(context, Figure):
        same = _may_hold_the_day(context) and context.text == show_day(old)
        return replace(context, value=new, text=show_day(new)) if same else context
    if isinstance(context, str):
        return show_day(new) if context == show_day(old) else context
    if isinstance(context, tuple):
        return tuple(redated(one, old, new) for one in context)
    kind: Any = type(context)
    fields = {name: getattr(context, name) for name in fields_in(kind)}
    changed = {name: found for name, said in fields.items()
               if (found := redated(said, old, new)) is not said and found != said}  # fmt: skip
    return replace(context, **changed) if changed else context


def _said(item: Any, days: tuple[str, str]) -> Iterator[bytes]:
    kind: Any = type(item)
    if isinstance(item, Figure):
        yield (_without(item.text, days) if _may_hold_the_day(item) else item.text).encode()
    elif isinstance(item, str):
        yield _without(item, days).encode()
    elif isinstance(item, bytes):
        yield sha256(item).digest()
    elif isinstance(item, tuple):
        yield b"(%d" % len(item)
        for one in item:
            yield from _said(one, days)
    elif names := fields_in(kind):
        for name in names:
            yield from _said(getattr(item, name), days)
    else:
        yield repr(item).encode()


def _may_hold_the_day(figure: Figure[object]) -> bool:
    origin = figure.origin
    composed = isinstance(figure.value, str)
    return isinstance(origin, Derivation) and (composed or not (origin.inputs or origin.among))


def _without(text: str, days: tuple[str, str]) -> str:
    for day in days:
        text = text.replace(day, _DAY)
    return text
