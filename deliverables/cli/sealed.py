"""deliverables sealed: the sealed paper, scanned, and the day it was sealed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from deliverables.cli.answer import Workplace, as_of_option, format_option, tell_next
from deliverables.cli.way import again_option, day_option, file_argument, now, run_event
from deliverables.seal import Event
from deliverables.status import Stage


@click.command("sealed")
@file_argument
@click.option("--scan", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              required=True, help="The sealed paper as one PDF; a copy is kept.")  # fmt: skip
@day_option
@again_option
@as_of_option
@format_option
@click.pass_obj
def command(
    workplace: Workplace,
    file: Path,
    scan: Path,
    day: datetime,
    again: bool,  # noqa: FBT001  # click passes flags by name
    as_of: date,
    form: str,
) -> None:
    """Record that a final document was sealed: keep the scan and its hash, compare the pages.

    \b
    Example:
      deliverables sealed out/HT-1/Q1/定稿/HT-1_季度报告_Q1.docx --scan S.pdf --date 2026-11-06
    """
    event = Event(
        stage=Stage.SEALED, day=day.date(), as_of=as_of, moment=now(), paper=scan, again=again
    )
    run_event(workplace, file, event, form)
    tell_next(file=file.as_posix())
