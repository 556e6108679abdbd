"""deliverables new: the folder of a new contract."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from deliverables.cli.answer import Exit, Workplace, format_option, print_json, tell_next
from deliverables.cli.way import DAY
from deliverables.model.contract import PAYMENT_PLANS
from deliverables.read.files import CONTRACT
from deliverables.read.yaml import Block, read_yaml
from deliverables.setup import MOST_REPORTS, Known, Pattern, number_fault, start
from deliverables.values.problem import Problem, say

_NUMBERS = click.IntRange(1, 600)


@click.command("new")
@click.argument("number")
@click.option("--from", "pattern", metavar="NO",
              help="Take over what contracts of one form have alike; nobody's facts.")  # fmt: skip
@click.option("--signed", type=DAY, metavar="DATE", help="The day it was signed.")
@click.option("--term-months", type=_NUMBERS, metavar="N", help="How many months it runs.")
@click.option("--reports", type=click.IntRange(1, MOST_REPORTS), metavar="N",
              help="How many periodical reports it asks for.")  # fmt: skip
@click.option("--plan", type=click.Choice(PAYMENT_PLANS), help="Which ratios of payment apply.")
@click.option("--instalments", type=click.IntRange(1, 30), metavar="N",
              help="In how many instalments it is paid [default: 3, or as in --from].")  # fmt: skip
@format_option
@click.pass_obj
def command(
    workplace: Workplace,
    number: str,
    pattern: str | None,
    signed: datetime | None,
    term_months: int | None,
    reports: int | None,
    plan: str | None,
    instalments: int | None,
    form: str,
) -> None:
    """Make data/NUMBER: a contract.yaml that explains itself, blank workbooks, and what comes next.

    Nothing that exists is changed.

    \b
    Examples:
      deliverables new HT-2027-001
      deliverables new HT-2027-001 --from SXYSR202604152 --signed 2027-04-29
      deliverables new HT-2027-001 --plan sme --term-months 24 --reports 8
    """
    fault = number_fault(number, workplace.data)
    if fault:
        raise click.UsageError(workplace.spoken(fault))
    known = Known(
        signed_on=signed.date() if signed else None,
        term_months=term_months,
        reports=reports,
        plan=plan,
    )
    like = _pattern(pattern, workplace) if pattern else None
    try:
        files = start(workplace.data, number, known, like, instalments)
    except OSError as refused:
        workplace.note(
            say("{folder} could not be made, and nothing of it is left: {reason}",
                folder=(workplace.data / number).as_posix(), reason=refused.strerror or refused)
        )  # fmt: skip
        raise SystemExit(Exit.BAD_DATA) from refused
    tell_next(file=files[0].as_posix(), number=number)
    if form == "json":
        print_json({"contract": number, "files": [file.as_posix() for file in files]})
        return
    _show(number, files, workplace)


def _pattern(number: str, workplace: Workplace) -> Pattern:
    file = workplace.data / number / CONTRACT
    problems: list[Problem] = []
    tree = read_yaml(file, problems)
    if isinstance(tree, Block):
        return Pattern(number, tree)
    workplace.show_problems(problems)
    workplace.note(say("{number}: no contract to begin from; nothing was made", number=number))
    raise SystemExit(Exit.BAD_DATA if file.exists() else Exit.WRONG_USE)


def _show(number: str, files: tuple[Path, ...], workplace: Workplace) -> None:
    for file in files:
        click.echo(f"{workplace.spoken(say('written'))}  {file.as_posix()}")
    contract, first, roster, ledger = files[0], files[1], files[-2], files[-1]
    steps = (
        say("{file}: with the contract at hand, write in place of every 【待补】; "
            "what each one means stands above it", file=contract.as_posix()),
        say("deliverables check --contract {number} lists what is still missing, with the line",
            number=number),
        say("deliverables workbook Q1 --contract {number} then puts the days of the quarter into "
            "{file}", number=number, file=first.name),
        say("{file}: everyone who works on the project", file=roster.as_posix()),
        say("{file}: when the quarter is over, what happened in it", file=first.as_posix()),
        say("{file}: invoices, payments and acceptances as they come", file=ledger.as_posix()),
    )  # fmt: skip
    workplace.note(say("What to do, in this order:"))
    for count, step in enumerate(steps, 1):
        workplace.note(say("{count}. {step}", count=count, step=step))
