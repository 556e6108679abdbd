"""deliverables final: from the draft that was read to the document that is sealed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from deliverables.cli.answer import (
    Exit,
    Workplace,
    as_of_option,
    difference_facts,
    difference_lines,
    finding_facts,
    format_option,
    print_json,
    problem_facts,
    show_findings,
    tell_next,
)
from deliverables.cli.way import DAY, draft_of, file_argument, now
from deliverables.files import FileInUseError
from deliverables.final import Finalised, Wish, finalise
from deliverables.register import pages_of
from deliverables.values.problem import say

_UNPROVED, _UNAPPROVED = "final-unproved", "final-edits"


@click.command("final")
@file_argument
@click.option("--number", default="", metavar="TEXT", help="The document's number (文号).")
@click.option("--date", "day", type=DAY, metavar="DATE",
              help="The day it bears (default: the day it was made for).")  # fmt: skip
@click.option("--copies", type=click.IntRange(1, 99), metavar="N", help="How many are sealed.")
@click.option("--no-pdf", is_flag=True, help="Without LibreOffice: no PDF, pages left blank.")
@click.option("--approve", multiple=True, metavar="PASSAGE|all",
              help="Approve an edited passage, or all; needs --by and --role.")  # fmt: skip
@click.option("--by", default="", metavar="NAME", help="Who approves the passages.")
@click.option("--role", default="", metavar="ROLE", help="In which role: 项目经理, 法务 …")
@click.option("--replace", is_flag=True, help="Make it final anew; the earlier files are kept.")
@as_of_option
@format_option
@click.pass_obj
def command(
    workplace: Workplace,
    file: Path,
    number: str,
    day: datetime | None,
    copies: int | None,
    no_pdf: bool,  # noqa: FBT001  # click passes flags by name
    approve: tuple[str, ...],
    by: str,
    role: str,
    replace: bool,  # noqa: FBT001
    as_of: date,
    form: str,
) -> None:
    """Make a draft final: without its marks, read-only, with PDF and 用印申请单.

    FILE itself, wherever it lies, becomes final, with the prose that was mended in it, once every
    edited passage is approved. Everything that speaks against it is said at once, and no file is
    written then; approvals are recorded in any case.

    \b
    Examples:
      deliverables final out/HT-1/payments/HT-1_付款申请函_第1期_草稿.docx --date 2026-11-05
      deliverables final copy.docx --approve all --by 王敏 --role 项目经理
    """
    examined, planned, lies = draft_of(workplace, file)
    if approve and not (by.strip() and role.strip()):
        raise click.UsageError(
            workplace.spoken(say("--approve needs --by NAME and --role ROLE: who says so?"))
        )
    wish = Wish(
        moment=now(),
        today=as_of,
        day=day.date() if day else None,
        number=number.strip(),
        copies=copies,
        pdf=not no_pdf,
        replace=replace,
        approve=approve,
        by=by.strip(),
        role=role.strip(),
    )
    try:
        done = finalise(planned, examined, workplace.folders, wish, file=lies)
    except FileInUseError as held:
        raise click.ClickException(workplace.spoken(held.message)) from held
    if form == "json":
        print_json([_facts(examined.contract, done, workplace.language)])
    elif done.entry:
        _show(done, workplace)
    if form == "text" and done.edits:
        click.echo(workplace.spoken(say("edited passages:")))
        for edit in done.edits:
            for line in difference_lines(edit, workplace, done.approvals.get(edit.passage)):
                click.echo(line)
    workplace.show_problems(done.problems)
    show_findings(done.findings, workplace)
    if done.entry is None:
        workplace.note(say("{title}: not made final", title=done.deliverable.title))
        tell_next(unapproved=all(problem.code == _UNAPPROVED for problem in done.problems))
        unproved = any(problem.code == _UNPROVED for problem in done.problems)
        raise SystemExit(Exit.REFUTED if unproved else Exit.BAD_DATA)


def _show(done: Finalised, workplace: Workplace) -> None:
    if done.entry is None or done.file is None or done.form is None:
        return
    pages = pages_of(done.entry)
    counted = say("{count} pages", count=pages) if pages else say("pages to be written in")
    click.echo(f"{workplace.spoken(say('final'))}  {done.file.as_posix()}")
    click.echo(f"       SHA-256 {done.entry.sha256}")
    if done.pdf:
        told = say("{file}  ({pages})", file=done.pdf.as_posix(), pages=counted)
        click.echo(f"       {workplace.spoken(told)}")
    click.echo(f"       {done.form.as_posix()}")
    tell_next(file=done.file.as_posix())


def _facts(contract: str, done: Finalised, language: str) -> dict[str, object]:
    entry = done.entry
    return {
        "contract": contract,
        "kind": done.deliverable.kind,
        "part": done.deliverable.part,
        "final": entry is not None,
        "file": done.file.as_posix() if done.file else None,
        "pdf": done.pdf.as_posix() if done.pdf else None,
        "form": done.form.as_posix() if done.form else None,
        "dated": entry.as_of if entry else None,
        "pages": pages_of(entry),
        "sha256": entry.sha256 if entry else None,
        "pdf_sha256": entry.details.get("pdf_sha256") if entry else None,
        "problems": [problem_facts(problem, language) for problem in done.problems],
        "edits": [difference_facts(edit, done.approvals, language) for edit in done.edits],
        "findings": [finding_facts(finding, language) for finding in done.findings],
    }
