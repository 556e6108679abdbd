"""The documents that the sample calls for, kind by kind, made where a test asks for them."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest
from places import ROOT
from scenarios import sample

from deliverables.docx.package import Package
from deliverables.docx.render import Rendered, Stamp, render
from deliverables.docx.stamp import set_number
from deliverables.draft import properties_of, stamp_of
from deliverables.kinds import Deliverable, Kind, kinds
from deliverables.verify.base import Base, base_of, digest_of

AS_OF = date(2027, 5, 25)


EVERY_KIND = pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)


def template(kind: Kind) -> Path:
    return ROOT / "templates" / f"{kind.name}.docx"


def makeable(kind: Kind, day: date = AS_OF) -> list[Deliverable]:
    return [one for one in kind.plan(sample(), day) if not one.blockers]


WORST = {"quarterly_report": 2, "payment_request": 0, "acceptance_record": 1}
"""Which of several documents of a kind is the fullest: the third quarter missed its target, and the
last acceptance is of the whole year."""
DAYS = {"quarterly_report": date(2027, 2, 5), "annual_summary": date(2027, 5, 15)}
"""The fullest report is that of its own day: nothing of what is open then is known as closed."""


def fullest(kind: Kind) -> bytes:
    """Return the document of a kind that has most on its pages, as it is sent: with its number."""
    day = DAYS.get(kind.name, AS_OF)
    return numbered(kind, made(kind, makeable(kind, day)[WORST.get(kind.name, 0)], day=day)[0])


def numbered(kind: Kind, document: bytes) -> bytes:
    """Return a letter with the 文号 that it gets when it is made final, which takes a line."""
    if not kind.sealing.numbered:
        return document
    package = Package.of(document)
    assert set_number(package, "示例函〔2027〕99号", sample().contract.client.name)
    return package.to_bytes()


@cache
def made(
    kind: Kind, one: Deliverable, stamp: Stamp | None = None, day: date = AS_OF
) -> tuple[Rendered, object]:
    """Return a document of the sample and its context: what is asked for again is made once."""
    return made_anew(kind, one, stamp, day)


def made_anew(
    kind: Kind, one: Deliverable, stamp: Stamp | None, day: date = AS_OF
) -> tuple[Rendered, object]:
    context = kind.compose(sample(), one, day)
    properties = properties_of(one, sample(), day, digest_of(context))
    return render(template(kind), context, stamp or stamp_of(one, day), properties), context


@cache
def base(kind: Kind, one: Deliverable) -> Base:
    """Return what a document of the sample said when it was made."""
    document, context = made(kind, one)
    return base_of(document, document.trace, context, template=template(kind))
