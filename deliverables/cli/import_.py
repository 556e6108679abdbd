"""deliverables import: rows of another system's export, by a mapping file."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import click

from deliverables.checks.operations import quarter_periods
from deliverables.cli.answer import (
    Exit,
    Workplace,
    contract_option,
    format_option,
    print_json,
    problem_facts,
    require_contract,
    tell_next,
)
from deliverables.files import FileInUseError
from deliverables.import_mapping import read_plan, sheet_called, sheet_names
from deliverables.import_rows import (
    SPOKEN,
    Addition,
    Imported,
    Reason,
    Skipped,
    Target,
    import_rows,
    read_export,
)
from deliverables.model.contract import Contract
from deliverables.model.fields import Row
from deliverables.read.book import read_book
from deliverables.read.characters import nearest
from deliverables.read.files import OPERATIONS, find_contracts
from deliverables.values.calendar import load_calendar
from deliverables.values.problem import Message, Problem, Severity, listed, say

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_QUARTER = re.compile(r"[Qq]?(\d{1,3})")
_SHOWN = 10
"""How many skipped rows of one reason are named; --format json names all."""


def _sheets_like(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in sheet_names() if name.startswith(incomplete)]


@click.command("import")
@click.argument("kind", metavar="KIND", shell_complete=_sheets_like)
@click.argument("file", type=_FILE)
@click.option("--mapping", type=_FILE, required=True, metavar="M.yaml",
              help="Which column of the export fills which column of ours, and how.")  # fmt: skip
@contract_option
@click.option("--period", metavar="PART", help="Only rows of this quarter, such as Q2; "
              "needed where a row bears no date.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@format_option
@click.pass_obj
def command(
    workplace: Workplace,
    kind: str,
    file: Path,
    mapping: Path,
    contract: str | None,
    period: str | None,
    dry_run: bool,  # noqa: FBT001  # click passes flags by name
    form: str,
) -> None:
    """Add the rows of an export to the workbook of their quarter: alarms, tickets, usage …

    KIND is the sheet, by its Chinese or English name; FILE is a CSV (UTF-8 or GBK) or a workbook.
    Rows that are in the workbook already stay as they are and are not added again. Every row that
    is not taken is named with its line and the reason.

    \b
    Examples:
      deliverables import 告警 alarms.csv --mapping zabbix.yaml --dry-run
      deliverables import tickets tickets.xlsx --mapping helpdesk.yaml --period Q2
    """
    called = sheet_called(kind)
    if called is None:
        raise click.UsageError(workplace.spoken(_no_sheet(kind)))
    problems: list[Problem] = []
    plan = read_plan(mapping, called[1], problems)
    export = read_export(file, plan.form, problems) if plan else None
    target = _target(workplace, contract, period, called[1], dated=plan is None or bool(plan.date))
    if plan and export:
        try:
            done = import_rows(plan, export, target, dry_run=dry_run)
        except FileInUseError as held:
            raise click.ClickException(workplace.spoken(held.message)) from held
    else:
        done = Imported()
    problems += done.problems
    if form == "json":
        print_json([_facts(done, problems, workplace.language, dry_run=dry_run)])
    else:
        _show(done, workplace, dry_run=dry_run)
    workplace.show_problems(problems)
    tell_next(dry_run=dry_run, added=sum(len(one.rows) for one in done.additions))
    unfit = any(one.reason.calls_for_action for one in done.skipped)
    wrong = any(problem.severity is Severity.ERROR for problem in problems)
    raise SystemExit(Exit.BAD_DATA if wrong or unfit else Exit.DONE)


def _no_sheet(name: str) -> Message:
    near = nearest(name, sheet_names())
    if near:
        return say("there is no sheet {name}; did you mean {near}?", name=name, near=near)
    return say("there is no sheet {name}; there are {all}", name=name, all=listed(sheet_names()))


def _target(
    workplace: Workplace,
    number: str | None,
    period: str | None,
    row_type: type[Row],
    *,
    dated: bool,
) -> Target:
    """Return where the rows go, or end the command if that is not said clearly enough."""
    folders = [
        folder
        for folder in find_contracts(workplace.folders.data)
        if number in (None, folder.name)
    ]  # fmt: skip
    require_contract(workplace, number, [folder.name for folder in folders])
    if len(folders) > 1:
        names = listed(folder.name for folder in folders)
        raise click.UsageError(
            workplace.spoken(say("choose one of several contracts with --contract: {names}",
                                 names=names))
        )  # fmt: skip
    periods = quarter_periods(_contract(folders[0], workplace))
    only = _QUARTER.fullmatch(period) if period else None
    if period and (only is None or int(only[1]) not in periods):
        raise click.UsageError(
            workplace.spoken(
                say("there is no quarter {name}; there are {all}", name=period,
                    all=listed(f"Q{quarter}" for quarter in periods))
            )
        )  # fmt: skip
    if not dated and only is None:
        raise click.UsageError(
            workplace.spoken(
                say("rows of the sheet {sheet} bear no date: choose the quarter with --period",
                    sheet=row_type.sheet)
            )
        )  # fmt: skip
    return Target(
        folder=folders[0] / OPERATIONS, periods=periods, only=int(only[1]) if only else None
    )


def _contract(folder: Path, workplace: Workplace) -> Contract:
    calendar, _ = load_calendar(workplace.data / "workdays")
    reading = read_book(folder, calendar)
    if reading.book is None:
        workplace.show_problems(reading.problems)
        raise SystemExit(Exit.BAD_DATA)
    return reading.book.contract


def _show(done: Imported, workplace: Workplace, *, dry_run: bool) -> None:
    for addition in done.additions:
        click.echo(workplace.spoken(_told(addition, dry_run=dry_run)))
    if not done.additions:
        click.echo(workplace.spoken(say("no row was added")))
    for reason, skipped in _by_reason(done).items():
        label = SPOKEN[reason]
        click.echo(workplace.spoken(say("skipped, {reason}: {count}", count=len(skipped),
                                        reason=label)))  # fmt: skip
        for one in skipped[:_SHOWN]:
            click.echo(f"  {one.place}: {workplace.spoken(one.message)}")
        if len(skipped) > _SHOWN:
            more = say("and {count} more; --format json names them all",
                       count=len(skipped) - _SHOWN)  # fmt: skip
            click.echo(f"  {workplace.spoken(more)}")


def _told(addition: Addition, *, dry_run: bool) -> Message:
    where = f"{addition.workbook.as_posix()}[{addition.sheet}]"
    count = len(addition.rows)
    if dry_run:
        return say("{where}: rows that would be added: {count}", where=where, count=count)
    return say("{where}: rows added: {count}", where=where, count=count)


def _by_reason(done: Imported) -> dict[Reason, list[Skipped]]:
    return {
        reason: list(group) for reason, group in groupby(done.skipped, key=lambda one: one.reason)
    }


def _facts(
    done: Imported, problems: list[Problem], language: str, *, dry_run: bool
) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "added": [
            {
                "quarter": one.quarter,
                "file": one.workbook.as_posix(),
                "sheet": one.sheet,
                "rows": [str(candidate.place) for candidate in one.rows],
            }
            for one in done.additions
        ],
        "counts": {reason.value: len(rows) for reason, rows in _by_reason(done).items()},
        "skipped": [
            {
                "place": str(one.place),
                "reason": one.reason.value,
                "message": one.message.in_language(language),
            }
            for one in done.skipped
        ],
        "problems": [problem_facts(problem, language) for problem in problems],
    }
