"""deliverables build: make documents, prove them and record them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import click

from deliverables.build import build_all
from deliverables.cli.answer import (
    Exit,
    Workplace,
    as_of_option,
    contract_option,
    finding_facts,
    format_option,
    print_json,
    problem_facts,
    require_contract,
    show_findings,
    tell_next,
    tell_unfinished,
)
from deliverables.cli.printouts import (
    open_press,
    pdf_facts,
    show_printouts,
    tell_of_pages,
    tell_of_pdfs,
)
from deliverables.fleet import Fleet, cores
from deliverables.kinds import kinds
from deliverables.orders import EditedCopy, Examined, Outcome, Request, Result, unpaginated
from deliverables.pdf.press import Press, Printout
from deliverables.setup import is_unfinished
from deliverables.values.problem import Message, Severity, clauses, listed, say

RESULTS = {
    Result.MADE: say("made"),
    Result.UNCHANGED: say("unchanged"),
    Result.BLOCKED: say("blocked"),
    Result.NOT_YET: say("not yet possible"),
    Result.KEPT: say("kept"),
    Result.REFUTED: say("failed verification"),
    Result.FAILED: say("failed"),
}


@click.command("build")
@click.argument("names", metavar="[KIND]...", nargs=-1)
@contract_option
@click.option("--period", "periods", multiple=True, metavar="PART", help="Q2, annual, 1, S001 …")
@click.option("--due", is_flag=True, help="Everything that can be made on the day, every contract.")
@click.option("--anyway", is_flag=True, help="Make a marked draft although a condition is unmet.")
@click.option("--replace", is_flag=True, help="Remake an edited draft; the old file is kept too.")
@click.option("--keep-edits", is_flag=True, help="Remake it with what was written in it.")
@click.option("--edits-from", "copy", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              metavar="FILE", help="Take the edits of a copy that lies elsewhere.")  # fmt: skip
@click.option("--pdf", is_flag=True, help="Lay a PDF beside each document, by LibreOffice.")
@click.option(
    "--pages/--no-pages",
    default=True,
    help="Count the pages of the contents by LibreOffice if it is there; else Word counts them.",
)
@click.option(
    "--no-id/--with-id",
    default=None,
    help="Leave identity numbers blank for handwriting; without either, as the draft before.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="How many processes make documents (default: one per core).",
)
@as_of_option
@format_option
@click.pass_obj
def command(
    workplace: Workplace,
    names: tuple[str, ...],
    contract: str | None,
    periods: tuple[str, ...],
    due: bool,  # noqa: FBT001  # click passes flags by name
    anyway: bool,  # noqa: FBT001
    replace: bool,  # noqa: FBT001
    keep_edits: bool,  # noqa: FBT001
    copy: Path | None,
    pdf: bool,  # noqa: FBT001
    pages: bool,  # noqa: FBT001
    no_id: bool | None,  # noqa: FBT001
    jobs: int | None,
    as_of: date,
    form: str,
) -> None:
    """Make documents, prove every figure in them and record what was made.

    \b
    Examples:
      deliverables build --due --as-of 2026-11-02
      deliverables build payment_request --period 2 --anyway --as-of 2026-11-02
    """
    edited = _edited_copy(workplace, copy) if copy else None
    if not (names or periods or due or edited):
        raise click.UsageError(
            workplace.spoken(say("say what to build: a KIND, --period PART, or --due for all"))
        )
    folders = workplace.folders
    press = open_press(folders, pdf=pdf, pages=pages)
    request = Request(
        as_of=as_of,
        moment=datetime.now(UTC),
        command=" ".join(["deliverables", *sys.argv[1:]]),
        kinds=frozenset(_known_kind(name, workplace) for name in names) or _kind_of(edited),
        parts=frozenset(periods) or _part_of(edited),
        anyway=anyway,
        options=None if no_id is None else frozenset({"no-id"} if no_id else ()),
        only_needed=due and not (names or periods),
        replace_edited=replace,
        keep_edits=keep_edits,
        copy=edited,
        paginate=press.paginate if pages else unpaginated,
    )
    done: list[tuple[Examined, tuple[Outcome, ...]]] = []
    only = edited.contract if edited else contract
    with press, Fleet(jobs or cores()) as fleet, _reporting(workplace, form, press) as report:

        def begin(examined: Examined) -> None:
            _tell_problems(examined, workplace)

        done += build_all(folders, request, report, fleet, only=only, begin=begin)
        printed = show_printouts(press, request, workplace, form)
    require_contract(workplace, contract, [examined.contract for examined, _ in done])
    _require_a_match(done, request, workplace)
    if form == "json":
        print_json([_facts(examined, outcomes, printed, workplace) for examined, outcomes in done])
    _tell_counts([outcome for _, outcomes in done for outcome in outcomes], workplace)
    tell_of_pages(press, workplace, pages=pages)
    if pdf:
        tell_of_pdfs(press, printed, workplace)
    made = [one.file for _, outcomes in done for one in outcomes if one.result is Result.MADE]
    tell_next(made=made[0].as_posix() if made and made[0] else None,
            sound=all(examined.sound for examined, _ in done))  # fmt: skip
    raise SystemExit(_exit_code(done, asked_by_name=not due))


def _edited_copy(workplace: Workplace, file: Path) -> EditedCopy:
    """Return which document a copy is of; end the command if that is unknown, or not its draft."""
    from deliverables.cli.way import recognised

    known = recognised(workplace, file)
    if known.claimed or known.is_final:
        why = say("{file}: it is no copy of a draft; deliverables verify tells more", file=file)
        raise click.UsageError(workplace.spoken(why))
    return EditedCopy(known.contract, known.entry.deliverable, file, known.entry.base)


def _kind_of(copy: EditedCopy | None) -> frozenset[str]:
    return frozenset({copy.key.partition("/")[0]} if copy else ())


def _part_of(copy: EditedCopy | None) -> frozenset[str]:
    return frozenset({copy.key.partition("/")[2]} if copy else ())


def _known_kind(name: str, workplace: Workplace) -> str:
    if name in kinds():
        return name
    raise click.UsageError(workplace.spoken(unknown_kind(name)))


def unknown_kind(name: str) -> Message:
    """Return what to tell somebody who named a kind that does not exist."""
    from difflib import get_close_matches

    near = get_close_matches(name, kinds(), n=1)
    if near:
        return say("there is no kind {name}; did you mean {near}?", name=name, near=near[0])
    return say("there is no kind {name}; there are {all}", name=name, all=listed(kinds()))


@contextmanager
def _reporting(
    workplace: Workplace, form: str, press: Press
) -> Iterator[Callable[[Outcome], None]]:
    """Yield what to call for each document: a live line on a terminal, plain lines elsewhere."""

    def plain(outcome: Outcome) -> None:
        if form == "text":
            click.echo(_line(outcome, workplace))
        _show_conflicts(outcome, workplace)
        show_findings(outcome.findings, workplace)
        workplace.show_problems(outcome.problems)
        press.put(outcome)

    if not sys.stderr.isatty():
        yield plain
        return
    from rich.console import Console

    with Console(stderr=True).status(workplace.spoken(say("reading and checking"))) as status:
        done = count(1)

        def live(outcome: Outcome) -> None:
            stem = outcome.deliverable.stem
            status.update(
                workplace.spoken(say("{count} done: {name}", count=next(done), name=stem))
            )
            plain(outcome)

        yield live


def _show_conflicts(outcome: Outcome, workplace: Workplace) -> None:
    """Say which passages that people wrote could not be put back, in all three versions."""
    if not outcome.conflicts:
        return
    from deliverables.cli.answer import conflict_lines

    workplace.note(say("{count} passages could not be put back:", count=len(outcome.conflicts)))
    for conflict in outcome.conflicts:
        for line in conflict_lines(conflict, workplace):
            click.echo(line, err=True)


def _line(outcome: Outcome, workplace: Workplace) -> str:
    one = outcome.deliverable
    title = f"{one.called} {one.part}"
    where = Path(outcome.file).as_posix() if outcome.file else title
    label = workplace.spoken(RESULTS[outcome.result])
    if not outcome.reasons:
        return f"{label}  {where}"
    reasons = clauses(outcome.reasons)
    told = say("{result}  {where}  ({reasons})", result=label, where=where, reasons=reasons)
    return workplace.spoken(told)


def _tell_problems(examined: Examined, workplace: Workplace) -> None:
    workplace.show_problems(
        problem for problem in examined.problems if problem.severity is Severity.ERROR
    )
    if is_unfinished(examined.problems):
        tell_unfinished(examined.contract, examined.problems, workplace)
    elif not examined.sound:
        workplace.note(
            say(
                "{contract}: nothing was made; mend the errors above (deliverables check)",
                contract=examined.contract,
            )
        )


def _require_a_match(
    done: list[tuple[Examined, tuple[Outcome, ...]]], request: Request, workplace: Workplace
) -> None:
    if any(outcomes for _, outcomes in done) or not any(item.sound for item, _ in done):
        return
    wanted = listed((*sorted(request.kinds), *sorted(request.parts)))
    message = say("no deliverable matches {wanted}: see deliverables plan", wanted=wanted)
    near = _nearest_part(done, request)
    if near:
        message = say("{message}; did you mean {near}?", message=message, near=near)
    raise click.UsageError(workplace.spoken(message))


def _nearest_part(done: list[tuple[Examined, tuple[Outcome, ...]]], request: Request) -> str | None:
    """Return the part most like one that was asked for and that no kind asked for has."""
    from deliverables.read.characters import nearest

    asked = [kind for kind in kinds().values() if kind.name in request.kinds or not request.kinds]
    parts = {
        one.part
        for examined, _ in done
        for kind in asked
        for one in (kind.plan(examined.book, request.as_of) if examined.book else ())
    }
    return next(
        (near for part in sorted(request.parts - parts) if (near := nearest(part, sorted(parts)))),
        None,
    )


def _tell_counts(outcomes: list[Outcome], workplace: Workplace) -> None:
    counts = Counter(outcome.result for outcome in outcomes)
    told = [
        say("{result} {count}", result=label, count=counts[result])
        for result, label in RESULTS.items()
        if counts[result]
    ]
    if told:
        workplace.note(say("{counts}", counts=listed(told)))


def _exit_code(done: list[tuple[Examined, tuple[Outcome, ...]]], *, asked_by_name: bool) -> Exit:
    outcomes = [outcome for _, made in done for outcome in made]
    broken = [examined for examined, _ in done if not examined.sound]
    if any(outcome.result is Result.REFUTED for outcome in outcomes):
        return Exit.REFUTED
    if broken:
        return Exit.PARTLY_FAILED if len(broken) < len(done) else Exit.BAD_DATA
    if any(outcome.result is Result.FAILED for outcome in outcomes):
        return Exit.BAD_DATA
    refused = {Result.BLOCKED, Result.NOT_YET}
    if asked_by_name and outcomes and all(outcome.result in refused for outcome in outcomes):
        return Exit.BAD_DATA
    return Exit.DONE


def _conflicts(outcome: Outcome, language: str) -> list[dict[str, object]]:
    if not outcome.conflicts:
        return []
    from deliverables.cli.answer import conflict_facts

    return [conflict_facts(conflict, language) for conflict in outcome.conflicts]


def _facts(
    examined: Examined,
    outcomes: tuple[Outcome, ...],
    printed: Mapping[Path, Printout],
    workplace: Workplace,
) -> dict[str, object]:
    language = workplace.language
    return {
        "contract": examined.contract,
        "sound": examined.sound,
        "problems": [problem_facts(problem, language) for problem in examined.problems],
        "documents": [
            {
                "kind": outcome.deliverable.kind,
                "part": outcome.deliverable.part,
                "result": outcome.result.value,
                "file": outcome.file.as_posix() if outcome.file else None,
                **pdf_facts(printed.get(outcome.file) if outcome.file else None, language),
                "reasons": [reason.in_language(language) for reason in outcome.reasons],
                "kept": outcome.kept,
                "conflicts": _conflicts(outcome, language),
                "findings": [finding_facts(finding, language) for finding in outcome.findings],
                "problems": [problem_facts(problem, language) for problem in outcome.problems],
            }
            for outcome in outcomes
        ],
    }
