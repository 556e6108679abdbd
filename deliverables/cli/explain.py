"""deliverables explain: where the figures of a document come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from string import ascii_uppercase

import click

from deliverables.cli.answer import Workplace, format_option, print_json
from deliverables.cli.recorded import Recorded, book_of, look_up, today
from deliverables.compare import Again, changed_since
from deliverables.lineage import (
    Explanation,
    Rest,
    Search,
    Sighting,
    Step,
    explanations,
    find,
    sightings,
    suggestions,
)
from deliverables.values.figure import Cell
from deliverables.values.problem import Message, listed, say
from deliverables.verify.document import excerpt, fold
from deliverables.verify.finding import discreet


@click.command("explain")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("figure", metavar="[FIGURE|TEXT]", required=False)
@click.option("--review", is_flag=True, help="Make a copy with the provenance as Word comments.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="OUT", help="Where the copy goes."
)
@click.option("--full", is_flag=True, help="List every row, however many there are.")
@format_option
@click.pass_obj
def command(
    workplace: Workplace,
    file: Path,
    figure: str | None,
    review: bool,  # noqa: FBT001  # click passes flags by name
    output: Path | None,
    full: bool,  # noqa: FBT001
    form: str,
) -> None:
    """Show where a figure comes from: its rule and its inputs, down to cells and lines.

    FIGURE is a path such as service.this.percent, TEXT what the document prints. Without
    either, all figures are listed.

    \b
    Example: deliverables explain out/HT-2026-001/Q1/HT-2026-001_季度报告_Q1_草稿.docx 99.9771%
    """
    recorded = look_up(workplace, file)
    if recorded is None:
        unknown = say("{file}: no register knows this file, so nothing can be told", file=file)
        raise click.UsageError(workplace.spoken(unknown))
    book = book_of(workplace, recorded.contract)
    now = today(workplace, recorded, book)
    if changed := changed_since(recorded.entry, recorded.contract, book, workplace.folders):
        names = listed(changed)
        workplace.note(say("changed since: {inputs}; what follows is of today", inputs=names))
    if review:
        from deliverables.cli.review import write_review

        write_review(workplace, recorded, now, output)
        return
    told = explanations(now.figures, now.printed)
    wanted = told if figure is None else _wanted(workplace, figure, told, now)
    seen = _seen(recorded, now)
    if form == "json":
        print_json([_facts(one, seen.get(one.key, []), workplace, full=full) for one in wanted])
    elif figure is None or _is_group(figure, wanted):
        _list(wanted, workplace)
    else:
        for one in wanted:
            _tell(one, seen.get(one.key, []), workplace, full=full)


def _wanted(
    workplace: Workplace, figure: str, told: Sequence[Explanation], now: Again
) -> tuple[Explanation, ...]:
    wanted = find(figure, told, now.words)
    if wanted:
        return wanted
    near = suggestions(figure, told)
    asked = discreet(figure)
    if near:
        message = say(
            "no figure is called or printed {asked}; the nearest are {near}",
            asked=asked,
            near=listed(near),
        )
    else:
        message = say("no figure is called or printed {asked}", asked=asked)
    raise click.UsageError(workplace.spoken(message))


def _is_group(figure: str, wanted: Sequence[Explanation]) -> bool:
    """Tell whether what was asked for is a group of figures, such as service.this."""
    return all(one.key.startswith((f"{figure}.", f"{figure}[")) for one in wanted)


def _seen(recorded: Recorded, now: Again) -> dict[str, list[Sighting]]:
    """Return where the file, edited or not, prints each figure."""
    seen: dict[str, list[Sighting]] = {}
    for sighting in sightings(now.base.blocks, recorded.document.blocks):
        seen.setdefault(sighting.key, []).append(sighting)
    return seen


def _list(told: Sequence[Explanation], workplace: Workplace) -> None:
    workplace.table(
        [say("Figure"), say("Name"), say("Text"), say("From")],
        [[one.key, one.figure.name, excerpt(one.text), one.briefly] for one in told],
    )


def _tell(told: Explanation, seen: Sequence[Sighting], workplace: Workplace, *, full: bool) -> None:
    click.echo(f"{told.key}  {told.figure.name} {told.text}")
    for place in dict.fromkeys(workplace.spoken(one.place.message()) for one in seen):
        click.echo(f"  {workplace.spoken(say('stands in {place}', place=place))}")
    for said in _said_otherwise(told, seen):
        click.echo(f"  {workplace.spoken(said)}")
    for line in _lines(told.full if full else told.step, workplace):
        click.echo(f"  {line}")
    click.echo()


def _said_otherwise(told: Explanation, seen: Sequence[Sighting]) -> Iterator[Message]:
    """Yield what the file says where it says something else than the data of today."""
    if told.figure.private:
        return
    for one in seen:
        if one.found is not None and one.found not in fold(told.figure.text):
            yield say("the file says {found}: {place}", found=one.found, place=one.place.message())


def _lines(step: Step, workplace: Workplace, depth: int = 0) -> Iterator[str]:
    """Yield the tree below a figure, a line for each step or row, inputs indented."""
    yield "  " * depth + _line(step, workplace)
    if step.derived or not step.left_out:
        yield from _inputs(step.inputs, workplace, depth + 1)
    if step.among:
        yield "  " * (depth + 1) + workplace.spoken(_looked_through(step.among))
    if step.left_out:
        exceptions = step.inputs and not step.derived
        said = say("all of them but:") if exceptions else say("left out of them:")
        yield "  " * (depth + 1) + workplace.spoken(said)
        yield from _inputs(step.left_out, workplace, depth + 2)


def _inputs(items: Sequence[Step | Rest], workplace: Workplace, depth: int) -> Iterator[str]:
    for _, group in groupby(items, key=_row_of):
        first, *others = group
        if isinstance(first, Rest):
            more = say("and {count} more rows, to {place}", count=first.count, place=first.to)
            yield "  " * depth + workplace.spoken(more)
        elif others and first.source:
            yield "  " * depth + _row(first, [one for one in others if isinstance(one, Step)])
        else:
            for item in (first, *others):
                if isinstance(item, Step):
                    yield from _lines(item, workplace, depth)


def _row(first: Step, others: Sequence[Step]) -> str:
    """Return the cells of one row on one line, with the place of the first in full."""
    said = "，".join(f"{cell.name} {cell.text}" for cell in (first, *others))
    where = "、".join(one.source.cell for one in others if isinstance(one.source, Cell))
    return f"{said}  {first.source}、{where}"


def _row_of(item: Step | Rest) -> object:
    """Return what is the same for the cells of one row and for nothing else."""
    if isinstance(item, Rest) or not isinstance(item.source, Cell) or not item.source.cell:
        return id(item)
    place = item.source
    return place.file, place.sheet, place.cell.lstrip(ascii_uppercase)


def _looked_through(among: Search) -> Message:
    return say("looked through: {count} rows, {first} to {last}",
               count=among.count, first=among.first, last=among.last)  # fmt: skip


def _line(step: Step, workplace: Workplace) -> str:
    number = f" [{step.number}]" if step.number else ""
    named = f"{step.name} {step.text}{number}"
    if step.seen:
        return workplace.spoken(say("{named}: see above", named=named))
    if step.source:
        return f"{named}  {step.source}"
    if not step.article:
        return f"{named} = {step.rule}"
    told = say("{named} = {rule} ({article})", named=named, rule=step.rule, article=step.article)
    return workplace.spoken(told)


def _facts(
    told: Explanation, seen: Sequence[Sighting], workplace: Workplace, *, full: bool
) -> dict[str, object]:
    places = dict.fromkeys(workplace.spoken(one.place.message()) for one in seen)
    step = told.full if full else told.step
    return {"figure": told.key, "stands_in": list(places), **_step_facts(step)}


def _step_facts(step: Step | Rest) -> dict[str, object]:
    if isinstance(step, Rest):
        return {"more_rows": step.count, "to": str(step.to)}
    facts: dict[str, object] = {"name": step.name, "text": step.text}
    if step.number:
        facts["number"] = step.number
    if step.source:
        return {**facts, "source": str(step.source)}
    if step.seen:
        return {**facts, "see": step.number}
    facts |= {"rule": step.rule, "article": step.article}
    facts["inputs"] = [_step_facts(item) for item in step.inputs]
    if step.among:
        among = step.among
        facts["among"] = {"rows": among.count, "first": str(among.first), "last": str(among.last)}
    if step.left_out:
        facts["left_out"] = [_step_facts(item) for item in step.left_out]
    return facts
