"""A draft: a document composed, rendered and proved, and a recorded one composed again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from lxml import etree

from deliverables import __version__
from deliverables.bases import Bases, NoBaseError, Record
from deliverables.docx.package import Package
from deliverables.docx.render import (
    Properties,
    Rendered,
    Stamp,
    TemplateError,
    has_contents,
    render,
)
from deliverables.docx.stamp import FINAL
from deliverables.edits import Kept, with_edits
from deliverables.files import content_sha256_of, sha256_of
from deliverables.folders import Folders
from deliverables.kinds import Deliverable, Kind, kinds
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.orders import Draft, EditedCopy, Outcome, Request, Result, to_be_paged
from deliverables.plan import Planned, Standing
from deliverables.recipe import options_of, recipe_of, redated, substance_of
from deliverables.register import COUNTED, MARKED, STATED, Condition, Entry
from deliverables.values.figure import files_in
from deliverables.values.problem import Message, Severity, say
from deliverables.verify import prove
from deliverables.verify.base import Base, NewerFormatError, base_of, digest_of
from deliverables.verify.document import UnreadableDocumentError, read_document
from deliverables.verify.finding import Finding

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


_CONTENTS: Final = "TOC "


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A document as it is rendered, and the context that it says; not yet proved.

    `before` is the hash of the draft before it, empty where there is none or people edited it, and
    `recorded` what that was made from. `inputs` are the hashes of the files that its figures lead
    back to, `says`, `substance` and `recipe` as in an entry of the register. From the `copy`
    people's words are to be taken over.
    """

    deliverable: Deliverable
    context: object
    rendered: Rendered
    before: str
    recorded: str
    inputs: Mapping[str, str]
    says: str
    substance: str
    recipe: str
    occasion: tuple[Message, ...] = ()
    copy: EditedCopy | None = None

    @property
    def has_contents(self) -> bool:
        """Whether it lists its headings, whose pages can be counted."""
        return _has_contents(self.rendered)


def _has_contents(document: Rendered) -> bool:
    listed = any(_CONTENTS in story for story in document.trace.stories.values())
    return listed and has_contents(Package.of(document))


def written(
    planned: Planned, book: ContractBook, folders: Folders, request: Request
) -> Written | Outcome:
    """Compute a document and render it, unless the one that is there says the same already.

    A template that cannot be rendered is its outcome.
    """
    made = planned.made
    options = options_of(made) if request.options is None else request.options
    deliverable = planned.deliverable
    if options != deliverable.options:
        deliverable = replace(deliverable, options=options)
    kind = kinds()[deliverable.kind]
    context = kind.compose(book, deliverable, request.as_of)
    substance = substance_of(context, deliverable, request.as_of)
    recipe = recipe_of(deliverable.key, options, book, folders, request.as_of)
    inputs = _inputs_behind(context, book)
    edited, copy = planned.standing is Standing.EDITED, request.copy_of(planned.deliverable)
    if edited and made is not None and copy is None and not request.replace_edited:
        file = folders.contract(deliverable.contract) / made.file
        copy = EditedCopy(deliverable.contract, deliverable.key, file, made.base)
    if made is not None and _still_says(planned, made, substance, folders, request):
        file = folders.contract(deliverable.contract) / made.file
        if edited:
            remedy = say("edited by hand, so kept; the data say what they said")
            return Outcome(deliverable=deliverable, result=Result.KEPT, file=file,
                           reasons=(remedy,))  # fmt: skip
        again = replace(
            made, made_at=request.moment, command=request.command, recipe=recipe, inputs=inputs
        )
        known = made.as_of != request.as_of or made.recipe == recipe
        return Outcome(deliverable=deliverable, result=Result.UNCHANGED, file=file,
                       again=None if known else again)  # fmt: skip
    says = digest_of(context)
    stamp = stamp_of(deliverable, request.as_of)
    properties = properties_of(deliverable, book, request.as_of, says)
    try:
        rendered = render(folders.template(kind.name), context, stamp, properties)
    except TemplateError as fault:
        return Outcome(
            deliverable=planned.deliverable, result=Result.FAILED, problems=fault.problems
        )
    return Written(
        deliverable=deliverable,
        context=context,
        rendered=rendered,
        before="" if edited or made is None else made.sha256,
        recorded=made.recipe if made else "",
        inputs=inputs,
        says=says,
        substance=substance,
        recipe=recipe,
        occasion=tuple(_occasion(planned, request)),
        copy=copy,
    )


def _still_says(
    planned: Planned, made: Entry, substance: str, folders: Folders, request: Request
) -> bool:
    """Return whether the draft that is there says what it would say if it were made anew.

    Only who does not ask for it by name leaves it as it is when its day has passed.
    """
    missing = planned.state is None or planned.state.condition is Condition.MISSING
    return (
        not missing
        and not request.replace_edited
        and not request.copy_of(planned.deliverable)
        and not to_be_paged(made, request)
        and (request.only_needed or made.as_of == request.as_of)
        and made.substance == substance
        and made.version == __version__
        and made.template_sha256 == folders.template_sha256(made.kind)
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


def proved(writing: Written, document: Rendered, folders: Folders) -> Draft | Outcome:
    """Prove a document, whose contents may have got page numbers, against its context.

    Where people had edited the one before it, their words are taken over, and it is proved again.
    """
    deliverable, rendered = writing.deliverable, writing.rendered
    template = folders.template(deliverable.kind)
    base = base_of(
        document,
        rendered.trace,
        writing.context,
        template=template,
        template_sha256=folders.template_sha256(deliverable.kind),
        options=deliverable.options,
    )
    findings = prove(document, base, writing.context)
    kept = Kept(bytes(document), 0, ())
    if writing.copy and not _refuted(findings):
        try:
            kept = _with_edits(writing.copy, kept.document, base, folders)
        except _NoEditsError as fault:
            return Outcome(deliverable=deliverable, result=Result.KEPT, file=writing.copy.file,
                           reasons=(fault.message,))  # fmt: skip
        findings = prove(kept.document, base, writing.context) if kept.count else findings
    if _refuted(findings):
        return Outcome(deliverable=deliverable, result=Result.REFUTED, findings=findings)
    return Draft(
        deliverable=deliverable,
        before=writing.before,
        document=kept.document,
        sha256=sha256_of(kept.document),
        content=content_sha256_of(kept.document),
        inputs=writing.inputs,
        template=template.name,
        template_sha256=folders.template_sha256(deliverable.kind),
        base=Record(*base.records()),
        says=writing.says,
        substance=writing.substance,
        recipe=writing.recipe,
        recorded=writing.recorded,
        findings=tuple(one for one in findings if one.severity is not Severity.EDIT),
        contents=_contents(rendered, counted=document is not rendered),
        occasion=writing.occasion,
        kept=kept.count,
        conflicts=kept.conflicts,
    )


def _refuted(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _contents(rendered: Rendered, *, counted: bool) -> str:
    if counted:
        return COUNTED
    return MARKED if _has_contents(rendered) else ""


class _NoEditsError(Exception):
    """What people wrote cannot be told from what was made; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def _with_edits(copy: EditedCopy, document: bytes, base: Base, folders: Folders) -> Kept:
    try:
        record = Bases(folders.bases(copy.contract)).get(copy.base)
        old = Base.of_records(record.shared, record.own)
        return with_edits(read_document(copy.file), old, document, base)
    except UnreadableDocumentError as fault:
        raise _NoEditsError(fault.reason) from fault
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
