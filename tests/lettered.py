"""Letters where a test asks for them: the sample with letters of the test's own, and a register."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from places import ROOT
from scenarios import sample

from deliverables.docx.render import Rendered, render
from deliverables.draft import properties_of, stamp_of
from deliverables.folders import Folders
from deliverables.kinds import Deliverable, Kind, kinds
from deliverables.letters import every_kind
from deliverables.model.book import ContractBook
from deliverables.model.fields import Row
from deliverables.model.letters_sheets import Letter, LetterFact, LetterItem, Letters, LettersCover
from deliverables.register import Entry, append
from deliverables.status import Stage
from deliverables.values.figure import Cell
from deliverables.verify.base import digest_of

NUMBER = "SXYSR202604152"


def folders(tmp_path: Path, templates: Path | None = None) -> Folders:
    """Return the sample's data with an empty place for documents."""
    return Folders(ROOT / "data", tmp_path / "out", templates)


def letter(number: str, kind: str, day: date, **more: Any) -> Letter:
    """Return a letter of ours; `direction` says otherwise."""
    given = {"direction": "发出", "evidence": "登记"} | more
    return Letter(number=number, kind=kind, day=day, **given)


def letters(rows: Iterable[Letter], facts: dict[str, dict[str, str]]) -> Letters:
    """Return a workbook of letters with their facts by number and item, two items in each list."""
    told = [
        LetterFact(number=number, item=item, content=content, evidence="登记")
        for number, items in facts.items()
        for item, content in items.items()
    ]
    listed = [
        LetterItem(number=row.number, order=Decimal(at), name=f"事项{at}", content="已完成",
                   day=row.day, quantity=Decimal(1), evidence="登记")
        for row in rows
        for at in (1, 2)
    ]  # fmt: skip
    return Letters(
        file="letters.xlsx",
        cover=LettersCover(sample=False),
        letters=_placed(rows, "函件"),
        facts=_placed(told, "函件事项"),
        items=_placed(listed, "函件明细"),
    )


def _placed(rows: Iterable[Row], sheet: str) -> tuple[Any, ...]:
    return tuple(
        replace(row, places={"": Cell("letters.xlsx", sheet, f"A{number}")})
        for number, row in enumerate(rows, 3)
    )


def book(*rows: Letter, facts: dict[str, dict[str, str]] | None = None) -> ContractBook:
    """Return the sample's book with these letters alone."""
    return replace(sample(), letters=letters(rows, facts or {}))


def planned(name: str, what: ContractBook, where: Folders, day: date) -> tuple[Deliverable, ...]:
    """Return the letters of a kind that there are on a day."""
    return every_kind(where, NUMBER)[name].plan(what, day)


def reasons(name: str, what: ContractBook, where: Folders, day: date) -> list[str]:
    """Return why the one letter of a kind cannot be written on a day."""
    (one,) = planned(name, what, where, day)
    return [str(blocker.reason) for blocker in one.blockers]


def written(kind: Kind, one: Deliverable, what: ContractBook, where: Folders, day: date) -> (
    tuple[Rendered, object]
):  # fmt: skip
    """Return a letter as it is rendered without marks of a draft, and what it says."""
    context = kind.compose(what, one, day)
    stamp = replace(stamp_of(one, day), draft=False, sample=False)
    properties = properties_of(one, what, day, digest_of(context))
    return render(where.template(kind.name, NUMBER), context, stamp, properties), context


SEALED = ("made", Stage.FINAL.value, Stage.SEALED.value)


def seal(
    where: Folders, key: str, day: date, events: Iterable[str] = SEALED, **details: str
) -> None:
    """Record that a document was made final and sealed on a day, or another event of it."""
    kind, _, part = key.partition("/")
    for event in events:
        append(
            where.register(NUMBER),
            Entry(
                event=event, deliverable=key, kind=kind, part=part, file=f"{part}.docx",
                sha256="0" * 64, content="0" * 64, as_of=day,
                made_at=datetime(day.year, day.month, day.day, tzinfo=UTC), inputs={},
                template=f"{kind}.docx", template_sha256="0" * 64, version="1", command="",
                details=details,
            ),
        )  # fmt: skip


def seal_materials(where: Folders, day: date, until: date) -> None:
    """Seal every material of acceptance whose period is over on the day `until`."""
    for kind in kinds().values():
        if kind.sealing.for_acceptance:
            for one in kind.plan(sample(), until):
                if one.possible_from and one.possible_from <= until:
                    seal(where, one.key, day)
