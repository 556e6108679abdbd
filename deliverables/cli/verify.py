"""deliverables verify: reopen documents and prove every figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from deliverables.batch import Examined, examine
from deliverables.cli.findings import finding_facts, show_findings
from deliverables.cli.next_step import tell_next
from deliverables.cli.workplace import Exit, Workplace, format_option, print_json
from deliverables.message import say
from deliverables.planning import Planned, plan
from deliverables.problem import Severity
from deliverables.recomposing import NoLongerDueError, prove_again
from deliverables.verify.finding import WHOLE_DOCUMENT, Finding, fault


@click.command("verify")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@format_option
@click.pass_obj
def command(workplace: Workplace, files: tuple[Path, ...], form: str) -> None:
    """Reopen documents and prove every figure in them; without FILE, all that were made.

    \b
    Example: deliverables verify
    """
    made = _made(workplace)
    wanted = [file.resolve() for file in files] or list(made)
    unknown = [file for file in wanted if file not in made]
    proved = [(file, _proved(*made[file], file, workplace)) for file in wanted if file in made]
    if form == "json":
        print_json([_facts(file, findings, workplace) for file, findings in proved])
    else:
        for file, findings in proved:
            _show(file, findings, workplace)
    for file in unknown:
        workplace.note(
            say("{file}: no register knows this file, so nothing can be proved", file=file)
        )
    if proved:
        tell_next(proved=_as_typed(proved[0][0]))
    if any(_refuted(findings) for _, findings in proved):
        raise SystemExit(Exit.REFUTED)
    raise SystemExit(Exit.WRONG_USE if unknown else Exit.DONE)


def _made(workplace: Workplace) -> dict[Path, tuple[Examined, Planned]]:
    """Return every file the registers know, with the contract and deliverable it belongs to."""
    return dict(_recorded(workplace))


def _recorded(workplace: Workplace) -> Iterator[tuple[Path, tuple[Examined, Planned]]]:
    folders = workplace.folders
    for examined in examine(folders):
        if examined.book is None:
            continue
        for planned in plan(examined.book, folders, date.max):
            if planned.made:
                file = folders.contract(examined.contract) / planned.made.file
                if file.exists():
                    yield file.resolve(), (examined, planned)
            if planned.life.final:
                file = folders.contract(examined.contract) / planned.life.final.file
                as_final = replace(planned, life=replace(planned.life, made=planned.life.final))
                if file.exists():
                    yield file.resolve(), (examined, as_final)


def _proved(
    examined: Examined, planned: Planned, file: Path, workplace: Workplace
) -> tuple[Finding, ...]:
    if examined.book is None:
        return ()
    try:
        return prove_again(planned, examined.book, workplace.folders, file)
    except NoLongerDueError as gone:
        return (fault("data-gone", WHOLE_DOCUMENT, gone.message),)


def _as_typed(file: Path) -> str:
    here = Path.cwd()
    return (file.relative_to(here) if file.is_relative_to(here) else file).as_posix()


def _refuted(findings: tuple[Finding, ...]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _show(file: Path, findings: tuple[Finding, ...], workplace: Workplace) -> None:
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    verdict = (
        say("{count} errors", count=errors)
        if errors
        else say("proved, {count} remarks", count=len(findings))
    )
    click.echo(workplace.spoken(say("{file}: {verdict}", file=file.name, verdict=verdict)))
    show_findings(findings, workplace)


def _facts(file: Path, findings: tuple[Finding, ...], workplace: Workplace) -> dict[str, object]:
    return {
        "file": file.as_posix(),
        "proved": not _refuted(findings),
        "findings": [finding_facts(finding, workplace.language) for finding in findings],
    }
