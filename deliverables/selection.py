"""Which of the documents that a contract calls for a run makes, and why it leaves others alone."""

from __future__ import annotations

from deliverables.folders import Folders
from deliverables.kind import Deliverable
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.orders import Outcome, Request, Result, to_be_paged
from deliverables.planning import Planned, Standing, plan
from deliverables.recipe import options_of, recipe_of

Wanted = Planned | Outcome
"""A document to make, or what became of one that is left alone."""


def considered(book: ContractBook, folders: Folders, request: Request) -> tuple[Wanted, ...]:
    """Return the deliverables asked for: those to make, and what becomes of those left alone."""
    return tuple(
        _left_alone(planned, book, folders, request) or planned
        for planned in plan(book, folders, request.as_of)
        if request.wants(planned.deliverable)
    )


def _left_alone(
    planned: Planned, book: ContractBook, folders: Folders, request: Request
) -> Outcome | None:
    """Return why a deliverable is not made: impossible, blocked, edited by hand, or current."""
    deliverable, standing, reasons = planned.deliverable, planned.standing, planned.reasons
    file = folders.contract(deliverable.contract) / planned.made.file if planned.made else None
    if planned.finished and not request.replace_edited:
        remedy = say("final, so kept; --replace makes a new draft and leaves the final document")
        return Outcome(
            deliverable=deliverable, result=Result.KEPT, file=file, reasons=(*reasons, remedy)
        )
    if planned.finished and deliverable.blockers:
        standing = Standing.BLOCKED
        reasons = tuple(blocker.reason for blocker in deliverable.blockers)
    if standing in (Standing.NOT_YET, Standing.BLOCKED) and not waived(deliverable, request):
        result = Result.NOT_YET if standing is Standing.NOT_YET else Result.BLOCKED
        return Outcome(deliverable=deliverable, result=result, reasons=reasons)
    if request.copy_of(deliverable):
        return None
    if standing is Standing.EDITED and not (request.replace_edited or request.keep_edits):
        remedy = say(
            "edited by hand, so kept; --keep-edits makes it anew with what was written in it, "
            "--replace without; both keep the edited file"
        )
        return Outcome(deliverable=deliverable, result=Result.KEPT, file=file, reasons=(remedy,))
    if standing is Standing.MADE and not _worth_a_look(planned, book, folders, request):
        return Outcome(deliverable=deliverable, result=Result.UNCHANGED, file=file)
    return None


def _worth_a_look(planned: Planned, book: ContractBook, folders: Folders, request: Request) -> bool:
    """Return whether a draft might come out otherwise than it did: of other things, or of more."""
    made, deliverable = planned.made, planned.deliverable
    if made is None or request.replace_edited or to_be_paged(made, request):
        return True
    if request.only_needed and made.as_of > request.as_of:
        return False
    options = options_of(made) if request.options is None else request.options
    return made.recipe != recipe_of(deliverable.key, options, book, folders, request.as_of)


def waived(deliverable: Deliverable, request: Request) -> bool:
    """Return whether all that blocks a deliverable is set aside by the request (--anyway)."""
    blockers = deliverable.blockers
    return request.anyway and bool(blockers) and all(blocker.waivable for blocker in blockers)
