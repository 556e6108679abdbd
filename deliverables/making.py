"""One document: computed, rendered and proved. Nothing is saved here, and nobody is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from deliverables.archive import members
from deliverables.docx.page_numbers import has_contents
from deliverables.docx.render import Rendered, TemplateError, render
from deliverables.figure import files_in
from deliverables.files import content_sha256_of, sha256_of
from deliverables.folders import Folders
from deliverables.kind import Deliverable, kinds
from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.model.book import ContractBook
from deliverables.orders import Draft, Outcome, Request, Result
from deliverables.planning import Planned
from deliverables.problem import Severity
from deliverables.recomposing import options_of, properties_of, stamp_of
from deliverables.render.package import Package
from deliverables.verify.proof import prove

_CONTENTS: Final = b"TOC "
_MOST_BYTES: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Written:
    """A document as it is rendered, and the context that it says; not yet proved.

    `before` is the hash of the draft before it, `inputs` are those of the files that its figures
    lead back to.
    """

    deliverable: Deliverable
    context: object
    rendered: Rendered
    before: str
    inputs: Mapping[str, str]
    occasion: tuple[Message, ...] = ()

    @property
    def has_contents(self) -> bool:
        """Whether it lists its headings, whose pages can be counted."""
        bodies = members(self.rendered, _MOST_BYTES, ("word/document.xml",))
        if bodies and not any(_CONTENTS in body.content for body in bodies.values()):
            return False
        return has_contents(Package.of(self.rendered))


def written(
    planned: Planned, book: ContractBook, folders: Folders, request: Request
) -> Written | Outcome:
    """Compute and render a document; a template that cannot be rendered is its outcome."""
    options = options_of(planned.made) if request.options is None else request.options
    deliverable = planned.deliverable
    if options != deliverable.options:
        deliverable = replace(deliverable, options=options)
    kind = kinds()[deliverable.kind]
    context = kind.compose(book, deliverable, request.as_of)
    properties = properties_of(deliverable, book, request.as_of)
    stamp = stamp_of(deliverable, request.as_of)
    try:
        rendered = render(folders.template(kind.name), context, stamp, properties)
    except TemplateError as fault:
        return Outcome(
            deliverable=planned.deliverable, result=Result.FAILED, problems=fault.problems
        )
    before = planned.made.sha256 if planned.made else ""
    inputs, occasion = _inputs_behind(context, book), tuple(_occasion(planned, request))
    return Written(deliverable, context, rendered, before, inputs, occasion)


def _occasion(planned: Planned, request: Request) -> Iterator[Message]:
    yield from planned.reasons
    if planned.made and planned.made.as_of != request.as_of:
        yield say("the earlier one was as of {day}", day=planned.made.as_of)


def proved(writing: Written, document: Rendered, folders: Folders) -> Draft | Outcome:
    """Prove a document, whose contents may have got page numbers, against its context."""
    deliverable, context, rendered = writing.deliverable, writing.context, writing.rendered
    findings = prove(document, context, document.printed, rendered)
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Outcome(deliverable=deliverable, result=Result.REFUTED, findings=findings)
    return Draft(
        deliverable=deliverable,
        before=writing.before,
        document=bytes(document),
        sha256=sha256_of(document),
        content=content_sha256_of(document),
        inputs=writing.inputs,
        template=folders.template(deliverable.kind).name,
        template_sha256=folders.template_sha256(deliverable.kind),
        findings=findings,
        counted=document is not rendered,
        occasion=writing.occasion,
    )


def _inputs_behind(context: object, book: ContractBook) -> Mapping[str, str]:
    """Return the hashes of the files that the printed figures lead back to."""
    files = files_in(context)
    return {
        name: digest
        for name, digest in book.inputs.items()
        if name.endswith("contract.yaml") or any(file.endswith(name) for file in files)
    }
