"""The holidays of a year, taken from the text of the notice that gives them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from deliverables.cli.answer import SHOW_PLAN, Answer, Table, Workplace, format_option
from deliverables.values.problem import Message, clauses, say

if TYPE_CHECKING:
    from deliverables.read.notice_text import NamedDay

_FILE: Final = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("workdays")
@click.argument("year", type=click.IntRange(2004, 2050))
@click.argument("notice", type=_FILE)
@click.option("--paper", required=True, metavar="URL", help="Where on gov.cn the notice stands.")
@format_option
@click.pass_obj
def workdays_command(workplace: Workplace, year: int, notice: Path, paper: str, form: str) -> None:
    """Write the holidays of a year from the text of the State Council's notice.

    The text is a .txt, .md or .docx of it. Weekdays, counts and the holidays by law must agree, or
    nothing is written.

    \b
    Example: deliverables workdays 2027 放假通知.txt --paper https://www.gov.cn/zhengce/…
    """
    from deliverables.files.placement import Transaction
    from deliverables.read.contract_text import UnreadableTextError, read_contract_text
    from deliverables.read.notice_text import NoticeTextError, days_of
    from deliverables.values.calendar import notice_of

    folder = workplace.folders.data / "workdays"
    file = folder / f"{year}.json"
    try:
        days = days_of("\n".join(read_contract_text(notice).lines), year)
    except UnreadableTextError as refused:
        raise workplace.misused(refused.message) from refused
    except NoticeTextError as refused:
        raise click.ClickException(workplace.spoken(say("{reasons}", reasons=clauses(
            refused.reasons)))) from refused  # fmt: skip
    content = _content(year, paper, days)
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    _, problems = notice_of(file, text)
    if problems:
        workplace.show_problems(problems)
        raise SystemExit(1)
    if file.exists() and file.read_text("utf-8-sig") != text:
        raise click.ClickException(workplace.spoken(say(
            "{file} is there and says something else: look at it, and move it away first",
            file=file.as_posix())))  # fmt: skip
    if not file.exists():
        with Transaction(folder) as change:
            change.put(file, text.encode())
    workplace.answer(_WrittenDays(file, days), form)


def _content(year: int, paper: str, days: Sequence[NamedDay]) -> dict[str, Any]:
    return {
        "year": year,
        "papers": [paper],
        "days": [
            {"name": one.holiday, "date": one.day.isoformat(), "isOffDay": one.off} for one in days
        ],
    }


@dataclass(frozen=True, slots=True)
class _WrittenDays(Answer):
    """The days of a year that are no usual ones, and the file that they stand in."""

    file: Path
    days: Sequence[NamedDay]

    def lines(self, language: str) -> Iterator[Message | Table]:
        yield Table(
            [say("Day"), say("Holiday"), say("State")],
            [[one.day, one.holiday, say("off") if one.off else say("worked")] for one in self.days],
        )
        yield say("written: {file}", file=self.file.as_posix())

    def facts(self, language: str) -> dict[str, object]:
        return {
            "file": self.file.as_posix(),
            "days": [
                {"name": one.holiday, "date": one.day, "isOffDay": one.off} for one in self.days
            ],
        }

    @property
    def next(self) -> Message:
        return SHOW_PLAN
