"""deliverables overview: one page about all contracts, to read in a browser or on paper."""

from __future__ import annotations

from datetime import date

import click

from deliverables.cli.answer import (
    Exit,
    Workplace,
    as_of_option,
    format_option,
    print_json,
    require_contract,
    tell_next,
)
from deliverables.examination import examine
from deliverables.files import FileInUseError, write_atomically
from deliverables.overview import Overview, overview, page, subject
from deliverables.values.problem import say


@click.command("overview")
@as_of_option
@click.option("--open", "show", is_flag=True, help="Open the page in the browser.")
@format_option
@click.pass_obj
def command(
    workplace: Workplace,
    as_of: date,
    show: bool,  # noqa: FBT001  # click passes flags by name
    form: str,
) -> None:
    """Write out/index.html: what is due, where every document stands, and what is to be mended.

    \b
    Example: deliverables overview --as-of 2026-11-02
    """
    folders = workplace.folders
    subjects = (subject(one, folders, as_of) for one in examine(folders))
    seen = overview(subjects, folders, as_of, workplace.language)
    require_contract(workplace, None, [one.number for one in seen.contracts])
    file = workplace.out / "index.html"
    try:
        write_atomically(file, page(seen))
    except FileInUseError as fault:
        workplace.note(fault.message)
        raise SystemExit(Exit.WRONG_USE) from fault
    if form == "json":
        print_json(_facts(seen, file.as_posix()))
    else:
        click.echo(file.as_posix())
    if show:
        click.launch(str(file.resolve()))
    tell_next(file=file.as_posix(), shown=show)
    sound = all(one.sound for one in seen.contracts)
    workplace.note(say("as of {day}, contracts: {count}", day=as_of, count=len(seen.contracts)))
    raise SystemExit(Exit.DONE if sound else Exit.BAD_DATA)


def _facts(seen: Overview, file: str) -> dict[str, object]:
    return {
        "file": file,
        "as_of": seen.as_of,
        "contracts": [
            {
                "contract": one.number,
                "sound": one.sound,
                "documents": {state.name: state.count for state in one.states},
                "overdue": one.in_span("overdue"),
                "next": one.next.first if one.next else None,
                "problems": {pile.name: len(pile.notices) for pile in one.piles},
            }
            for one in seen.contracts
        ],
    }
