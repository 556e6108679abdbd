"""deliverables accepted: what the client answered, and the row of the ledger that it calls for."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from deliverables.acceptance import ledger_row
from deliverables.cli.answer import Workplace, as_of_option, format_option
from deliverables.cli.way import again_option, day_option, file_argument, now, run_event
from deliverables.kinds import kinds
from deliverables.register import FAILED, PASSED
from deliverables.seal import Event
from deliverables.status import Stage
from deliverables.values.problem import say


@click.command("accepted")
@file_argument
@day_option
@click.option("--result", type=click.Choice([PASSED, FAILED]), default=PASSED, show_default=True,
              help="What the client's paper says.")  # fmt: skip
@again_option
@as_of_option
@format_option
@click.pass_obj
def command(
    workplace: Workplace,
    file: Path,
    day: datetime,
    result: str,
    again: bool,  # noqa: FBT001  # click passes flags by name
    as_of: date,
    form: str,
) -> None:
    """Record what the client's acceptance paper says, and print the row to add to the ledger.

    The ledger stays the evidence for payments: nothing is written into it.

    \b
    Example:
      deliverables accepted out/HT-1/annual/定稿/HT-1_年度项目总结报告.docx --date 2027-06-02
    """
    event = Event(
        stage=Stage.ACCEPTED, day=day.date(), as_of=as_of, moment=now(), result=result, again=again
    )
    recorded = run_event(workplace, file, event, form)
    kind = kinds()[recorded.life.key.partition("/")[0]]
    row = ledger_row(recorded.life, kind.sealing.acceptance)
    if form == "text":
        workplace.note(say("add to ledger.xlsx, sheet 验收, with the paper as evidence:"))
        click.echo("\t".join(label for label, _ in row))
        click.echo("\t".join(content for _, content in row))
