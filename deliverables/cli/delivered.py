"""deliverables delivered: the day the client received a sealed document."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from deliverables.cli.answer import Workplace, as_of_option, format_option, tell_next
from deliverables.cli.way import again_option, day_option, file_argument, now, run_event
from deliverables.kinds import kinds
from deliverables.seal import Event
from deliverables.status import Stage


@click.command("delivered")
@file_argument
@day_option
@click.option("--receipt", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="The signed receipt, a PDF or a picture; a copy is kept.")  # fmt: skip
@again_option
@as_of_option
@format_option
@click.pass_obj
def command(
    workplace: Workplace,
    file: Path,
    day: datetime,
    receipt: Path | None,
    again: bool,  # noqa: FBT001  # click passes flags by name
    as_of: date,
    form: str,
) -> None:
    """Record that the client received a sealed document.

    For a document that asks for acceptance this day starts the clock. Silence is no acceptance.

    \b
    Example:
      deliverables delivered out/HT-1/annual/定稿/HT-1_年度项目总结报告.docx --date 2027-05-26
    """
    event = Event(
        stage=Stage.DELIVERED, day=day.date(), as_of=as_of, moment=now(), paper=receipt, again=again
    )
    recorded = run_event(workplace, file, event, form)
    kind = kinds()[recorded.life.key.partition("/")[0]]
    tell_next(file=file.as_posix(), awaited=bool(kind.sealing.acceptance))
