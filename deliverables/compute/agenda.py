"""What is to be done: problems with their remedies, plans, and what is asked of the client."""

from __future__ import annotations

from collections.abc import Sequence

from deliverables.compute.figures import iso_day
from deliverables.figure import Figure
from deliverables.lazily import dataclass
from deliverables.model.operations import Issue, Operations


@dataclass(frozen=True, slots=True)
class IssueLine:
    """A problem or a plan."""

    subject: Figure[str]
    action: Figure[str]
    owner: Figure[str]
    due: Figure[object]
    state: Figure[str]


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A problem with the quarter that reported it, in the state it had then."""

    label: str
    subject: Figure[str]
    action: Figure[str]
    owner: Figure[str]
    due: Figure[object]
    state: Figure[str]


@dataclass(frozen=True, slots=True)
class RequestLine:
    """Something the client is asked to do, in detail and by a day if the workbook says so."""

    subject: Figure[str]
    action: Figure[str]
    detailed: bool
    due: Figure[object]
    dated: bool


def problems(quarter: Operations) -> tuple[IssueLine, ...]:
    """Return the problems of a quarter in the order they were written."""
    return tuple(_line(row) for row in _of_kind(quarter, "问题"))


def plans(quarter: Operations) -> tuple[IssueLine, ...]:
    """Return what is planned after a quarter."""
    return tuple(_line(row) for row in _of_kind(quarter, "计划"))


def requests(quarter: Operations) -> tuple[RequestLine, ...]:
    """Return what the client is asked to do."""
    return tuple(
        RequestLine(
            subject=row.figure("subject"),
            action=row.figure("action"),
            detailed=bool(row.action),
            due=row.figure("due"),
            dated=row.due is not None,
        )
        for row in _of_kind(quarter, "提请甲方")
    )


def problems_by_quarter(
    quarters: Sequence[Operations], labels: Sequence[str]
) -> tuple[ProblemLine, ...]:
    """Return the problems of every quarter, `labels` naming the quarters."""
    return tuple(
        ProblemLine(label, line.subject, line.action, line.owner, line.due, line.state)
        for quarter, label in zip(quarters, labels, strict=True)
        for line in problems(quarter)
    )


def _of_kind(quarter: Operations, kind: str) -> list[Issue]:
    return [row for row in quarter.issues if row.kind == kind]


def _line(row: Issue) -> IssueLine:
    return IssueLine(
        subject=row.figure("subject"),
        action=row.figure("action"),
        owner=row.figure("owner"),
        due=iso_day(row.figure("due")),
        state=row.figure("state"),
    )
