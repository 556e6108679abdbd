"""deliverables acceptance: the materials the client asks for, complete or what they lack."""

from __future__ import annotations

from datetime import date

import click

from deliverables.acceptance import Material, Pack, acceptance_closure, acceptance_pack
from deliverables.cli.answer import (
    Exit,
    Workplace,
    as_of_option,
    contract_option,
    format_option,
    print_json,
    problem_facts,
    require_contract,
    tell_unfinished,
)
from deliverables.cli.way import clock_facts
from deliverables.examination import Examined, examine
from deliverables.plan import clock, on_day
from deliverables.register import Life
from deliverables.setup import is_unfinished
from deliverables.values.problem import Message, clauses, say


@click.command("acceptance")
@contract_option
@as_of_option
@format_option
@click.pass_obj
def command(workplace: Workplace, contract: str | None, as_of: date, form: str) -> None:
    """Show whether the acceptance materials are complete and sealed, and what is missing.

    \b
    Example: deliverables acceptance --as-of 2027-05-25
    """
    folders = workplace.folders
    examined = list(examine(folders, contract))
    require_contract(workplace, contract, [item.contract for item in examined])
    packs = [(item, acceptance_pack(item.book, folders, as_of)) for item in examined if item.book]
    if form == "json":
        print_json([_facts(item, pack, workplace) for item, pack in packs])
    else:
        for item, pack in packs:
            _show(item, pack, workplace)
    for item, _ in packs:
        if item.book:
            workplace.show_problems(acceptance_closure(item.book, folders))
    for item in examined:
        if is_unfinished(item.problems):
            tell_unfinished(item.contract, item.problems, workplace)
    raise SystemExit(Exit.DONE if len(packs) == len(examined) else Exit.BAD_DATA)


def _show(item: Examined, pack: Pack, workplace: Workplace) -> None:
    workplace.table(
        [say("Material"), say("Part"), say("State"), say("Missing"), say("Remark")],
        [
            [
                material.deliverable.called,
                material.deliverable.part,
                _days(material.life, workplace),
                workplace.spoken(material.lacks) if material.lacks else "—",
                clauses(_remarks(item, material)).in_language(workplace.language) or "—",
            ]
            for material in pack.materials
        ],
    )
    lacking = sum(material.lacks is not None for material in pack.materials)
    verdict = (
        say(
            "{contract}: the acceptance materials ({article}) are complete, all {count} sealed",
            contract=pack.contract,
            article=pack.article,
            count=len(pack.materials),
        )
        if pack.complete
        else say(
            "{contract}: {lacking} of {count} acceptance materials ({article}) are missing",
            contract=pack.contract,
            lacking=lacking,
            count=len(pack.materials),
            article=pack.article,
        )
    )
    click.echo(workplace.spoken(verdict))


def _remarks(item: Examined, material: Material) -> tuple[Message, ...]:
    running = clock(material.life, material.deliverable.kind, item.book) if item.book else None
    return (*material.remarks, *((running.message,) if running else ()))


def _days(life: Life, workplace: Workplace) -> str:
    return "\n".join(workplace.spoken(on_day(stage, day)) for stage, day in life.days) or "—"


def _facts(item: Examined, pack: Pack, workplace: Workplace) -> dict[str, object]:
    language = workplace.language
    closure = acceptance_closure(item.book, workplace.folders) if item.book else ()
    return {
        "contract": pack.contract,
        "article": pack.article,
        "complete": pack.complete,
        "materials": [
            {
                "kind": material.deliverable.kind,
                "part": material.deliverable.part,
                "title": material.deliverable.title,
                "sealed": material.lacks is None,
                "missing": material.lacks.in_language(language) if material.lacks else None,
                "remarks": [remark.in_language(language) for remark in material.remarks],
                "stages": {stage.value: day for stage, day in material.life.days},
                **clock_facts(material.life, item, language),
            }
            for material in pack.materials
        ],
        "problems": [problem_facts(problem, language) for problem in closure],
    }
