"""deliverables workbook: a workbook to fill in, or an older one in today's layout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from deliverables.cli.answer import (
    Exit,
    Workplace,
    contract_option,
    format_option,
    print_json,
    require_contract,
    tell_next,
    tell_unfinished,
)
from deliverables.examination import Examined, examine
from deliverables.files import FileInUseError
from deliverables.merge import Merged, merge
from deliverables.model.operations import Operations
from deliverables.model.roster import Roster
from deliverables.read.files import contents
from deliverables.read.workbook import raw_sheets
from deliverables.setup import (
    Placed,
    Placing,
    Wanted,
    blank_workbook,
    is_unfinished,
    merged_workbook,
    put,
    quarter_cover,
    quarter_of,
    quarter_workbook,
    wanted,
)
from deliverables.values.dates import Period
from deliverables.values.problem import Problem, Severity, say

PLACINGS = {
    Placing.WRITTEN: say("written"),
    Placing.RENEWED: say("renewed, nothing was typed into it yet"),
    Placing.UNCHANGED: say("unchanged"),
    Placing.KEPT: say(
        "kept: somebody has filled it in; --replace sets it aside under another name"
    ),
}


@click.command("workbook")
@click.argument("names", metavar="[Q1|staff|ledger]...", nargs=-1, required=True)
@contract_option
@click.option("--merge", "old", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              metavar="OLD.xlsx", help="Bring the rows of an older workbook along.")  # fmt: skip
@click.option("--replace", is_flag=True, help="Set a filled-in workbook aside and write it anew.")
@format_option
@click.pass_obj
def command(
    workplace: Workplace,
    names: tuple[str, ...],
    contract: str | None,
    old: Path | None,
    replace: bool,  # noqa: FBT001  # click passes flags by name
    form: str,
) -> None:
    """Write workbooks to fill in: the quarter's days, what the quarter before left, hints, limits.

    A workbook that somebody has filled in is kept. With --merge the rows of an older one are found
    by their headers; what has no place today is kept on a sheet 原表未识别.

    \b
    Examples:
      deliverables workbook Q3
      deliverables workbook staff ledger --contract SXYSR202604152
      deliverables workbook Q2 --merge operations-old.xlsx --replace
    """
    asked = [_wanted(name, workplace) for name in names]
    if old and len(asked) > 1:
        raise click.UsageError(workplace.spoken(say("--merge goes with one workbook at a time")))
    examined = _one_contract(workplace, contract)
    merged = _merged(old, asked[0], workplace) if old else None
    placed = [_place(one, examined, merged, workplace, replace=replace) for one in asked]
    told = [workplace.spoken(line) for line in merged.told] if merged else []
    if form == "json":
        print_json([{**_facts(one), "merged": told} for one in placed])
    else:
        for one in placed:
            _show(one, workplace)
        for line in told:
            click.echo(f"  {line}")
    kept = any(one.placing is Placing.KEPT for one in placed)
    tell_next(file=placed[0].file.as_posix(), kept=kept)
    raise SystemExit(Exit.BAD_DATA if kept else Exit.DONE)


def _wanted(name: str, workplace: Workplace) -> Wanted:
    found = wanted(name)
    if found is None:
        message = say("{name} is no workbook: write Q1, Q2 …, staff or ledger", name=name)
        raise click.UsageError(workplace.spoken(message))
    return found


def _one_contract(workplace: Workplace, contract: str | None) -> Examined:
    examined = list(examine(workplace.folders, contract))
    require_contract(workplace, contract, [item.contract for item in examined])
    if len(examined) > 1:
        message = say("there are {count} contracts: say which one, --contract NO",
                      count=len(examined))  # fmt: skip
        raise click.UsageError(workplace.spoken(message))
    return examined[0]


def _merged(old: Path, asked: Wanted, workplace: Workplace) -> Merged:
    problems: list[Problem] = []
    data = contents(old, problems)
    sheets = raw_sheets(old.as_posix(), data, problems) if data else None
    workplace.show_problems(problems)
    if sheets is None:
        workplace.note(say("nothing was written"))
        raise SystemExit(Exit.BAD_DATA)
    merged = merge(sheets, asked.kind)
    of_quarter = merged.cover.get("quarter")
    if asked.kind is Operations and of_quarter not in (None, asked.quarter):
        message = say("{file} is the workbook of service quarter {found}, not of {asked}",
                      file=old.name, found=of_quarter, asked=asked.quarter)  # fmt: skip
        raise click.UsageError(workplace.spoken(message))
    return merged


def _place(
    asked: Wanted, examined: Examined, merged: Merged | None, workplace: Workplace, *, replace: bool
) -> Placed:
    content = _content(asked, examined, merged, workplace)
    file = workplace.data / examined.contract / asked.place
    try:
        return put(content, file, private=asked.kind is Roster, replace=replace)
    except FileInUseError as held:
        workplace.note(held.message)
        raise SystemExit(Exit.BAD_DATA) from held


def _content(
    asked: Wanted, examined: Examined, merged: Merged | None, workplace: Workplace
) -> bytes:
    number, cover = examined.contract, dict[str, Any]()
    if asked.kind is Operations:
        period = _period(asked, examined, workplace)
        if merged is None and examined.book:
            return quarter_workbook(examined.book, asked.quarter, period)
        days = quarter_cover(asked.quarter, period)
        cover = {name: value for name, value in days.items() if name != "sample"}
    if merged is None:
        return blank_workbook(asked.kind, number)
    return merged_workbook(asked.kind, number, merged, cover)


def _period(asked: Wanted, examined: Examined, workplace: Workplace) -> Period:
    """Return the days of the quarter, or end the command where they cannot be known."""
    if examined.book is None:
        if is_unfinished(examined.problems):
            tell_unfinished(examined.contract, examined.problems, workplace)
        workplace.show_problems(
            problem for problem in examined.problems if problem.severity is Severity.ERROR
        )
        raise SystemExit(Exit.BAD_DATA)
    period = quarter_of(examined.book, asked.quarter)
    if period is None:
        message = say("the contract has {count} service quarters, no Q{number}",
                      count=examined.book.contract.service.reports,
                      number=asked.quarter)  # fmt: skip
        raise click.UsageError(workplace.spoken(message))
    return period


def _show(placed: Placed, workplace: Workplace) -> None:
    aside = workplace.spoken(say("the older one is {name}", name=placed.aside))
    label = workplace.spoken(PLACINGS[placed.placing])
    click.echo(f"{placed.file.as_posix()}  {label}" + (f"  ({aside})" if placed.aside else ""))


def _facts(placed: Placed) -> dict[str, Any]:
    return {
        "file": placed.file.as_posix(),
        "result": placed.placing.value,
        "set_aside": placed.aside or None,
    }
