"""How differences are shown: what people did to a document, and what changed since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from deliverables.approvals import Approval
from deliverables.cli.workplace import Workplace
from deliverables.edits import Conflict
from deliverables.message import Message, clauses, say
from deliverables.verify.account import Change, Difference


def difference_lines(
    one: Difference, workplace: Workplace, approval: Approval | None = None
) -> Iterator[str]:
    """Yield what a person did, line by line: where and what, before, after, whose, what to do."""
    spoken = workplace.spoken
    label = one.severity.label(workplace.language)
    where = one.place.message().in_language(workplace.language)
    name = f"{label}[{one.passage}]" if one.is_edit else f"{label}[{one.code}]"
    said = spoken(one.message)
    yield f"    {name} {where}: {said}"
    if one.before and one.before not in said:
        yield f"        - {one.before}"
    if one.after and one.after not in said:
        yield f"        + {one.after}"
    if one.sources:
        told = say("{name} comes from {sources}", name=one.name or one.key,
                   sources=clauses(one.sources))  # fmt: skip
        yield f"        {spoken(told)}"
    if approval is not None:
        told = say("approved by {by}, {role}, {day}", by=approval.by, role=approval.role,
                   day=approval.day)  # fmt: skip
        yield f"        {spoken(told)}"
    else:
        yield f"        {spoken(one.advice)}"


def difference_facts(
    one: Difference, approvals: Mapping[str, Approval], language: str
) -> dict[str, object]:
    """Return what a person did, for another program."""
    approval = approvals.get(one.passage)
    return {
        "code": one.code,
        "severity": one.severity.value,
        "where": one.place.message().in_language(language),
        "message": one.message.in_language(language),
        "before": one.before,
        "after": one.after,
        "figure": one.key,
        "name": one.name,
        "sources": list(one.sources),
        "advice": one.advice.in_language(language),
        "passage": one.passage,
        "approved": None
        if approval is None
        else {"by": approval.by, "role": approval.role, "day": approval.day},
    }


def change_lines(changes: Iterable[Change], workplace: Workplace) -> Iterator[str]:
    """Yield the cells that changed, and under them the figures that became otherwise by them."""
    behind: dict[tuple[tuple[str, str, str], ...], Counter[str]] = {}
    for one in changes:
        before, now = (_shown(text, workplace) for text in (one.before, one.now))
        figures = behind.setdefault(one.cells, Counter())
        figures[f"{one.name or one.key}: {before} → {now}"] += 1
    for cells, figures in behind.items():
        for source, then, today in cells:
            yield f"    {source}: {then or '—'} → {today or '—'}"
        for figure, times in figures.items():
            often = workplace.spoken(say("({count} times)", count=times)) if times > 1 else ""
            yield f"        {figure} {often}".rstrip()


def change_facts(one: Change) -> dict[str, object]:
    """Return what the data of today give otherwise, for another program."""
    return {
        "figure": one.key,
        "name": one.name,
        "before": one.before,
        "now": one.now,
        "printed": one.printed,
        "cells": [
            {"source": source, "before": then, "now": today} for source, then, today in one.cells
        ],
    }


def _shown(text: str | None, workplace: Workplace) -> str:
    return workplace.spoken(say("(not there)")) if text is None else text


def conflict_lines(one: Conflict, workplace: Workplace) -> Iterator[str]:
    """Yield a passage that could not be put back: as made, as edited, as it is now."""
    where = one.place.message().in_language(workplace.language)
    yield f"    {where}: {workplace.spoken(one.why)}"
    versions: tuple[tuple[Message, str], ...] = (
        (say("as it was made"), one.made),
        (say("as it was edited"), one.edited),
        (say("as it is now"), one.now),
    )
    for label, text in versions:
        if text:
            yield f"        {workplace.spoken(label)}: {text}"


def conflict_facts(one: Conflict, language: str) -> dict[str, object]:
    """Return a passage that could not be put back, for another program."""
    return {
        "where": one.place.message().in_language(language),
        "why": one.why.in_language(language),
        "made": one.made,
        "edited": one.edited,
        "now": one.now,
    }
