"""Where figures come from, down to cells, lines and the contract; and a copy that says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from string import ascii_uppercase
from typing import Final

import click

from deliverables import (
    Explanation,
    PlaceTakenError,
    Provenance,
    Rest,
    Search,
    Sighting,
    Step,
)
from deliverables.cli.answer import Answer, Table, Workplace, format_option, suggest
from deliverables.cli.recorded import told_of
from deliverables.values.figure import Cell, Source
from deliverables.values.identifiers import discreet
from deliverables.values.problem import Message, listed, say

_TELL_CHANGES = say("next: deliverables diff FILE tells what the data of today would change")


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
def explain_command(
    workplace: Workplace,
    file: Path,
    figure: str | None,
    review: bool,  # noqa: FBT001  # click passes flags by name
    output: Path | None,
    full: bool,  # noqa: FBT001
    form: str,
) -> None:
    """Show where a figure comes from: its rule and inputs, down to cells, lines and the contract.

    FIGURE is a path such as service.this.percent, TEXT what the document prints. Without
    either, all figures are listed.

    \b
    Example: deliverables explain out/HT-2026-001/Q1/HT-2026-001_季度报告_Q1_草稿.docx 99.9771%
    """
    suggest(_TELL_CHANGES)
    with told_of(workplace, file):
        told = workplace.project.explain(file)
    if told.changed:
        names = listed(told.changed)
        workplace.note(say("changed since: {inputs}; what follows is of today", inputs=names))
    if review:
        workplace.answer(_reviewed(workplace, told, output), form)
        return
    wanted = told.figures if figure is None else _wanted(workplace, figure, told)
    listing = figure is None or _is_group(figure, wanted)
    workplace.answer((_Figures if listing else _Explained)(wanted, told, full), form)


@dataclass(frozen=True, slots=True)
class _Explained(Answer):
    """Figures with all that each comes from, and where the file prints it."""

    told: tuple[Explanation, ...]
    document: Provenance
    full: bool

    def lines(self, language: str) -> Iterator[str | Message | Table]:
        for one in self.told:
            step = one.full if self.full else one.step
            yield f"{one.key}  {one.figure.name} {one.text}"
            for place in self._places(one, language):
                yield f"  {say('stands in {place}', place=place).in_language(language)}"
            for said in _said_otherwise(one, self.document.sightings.get(one.key, ())):
                yield f"  {said.in_language(language)}"
            for line in _lines(step, self.document.quotes, language):
                yield f"  {line}"
            yield ""

    def facts(self, language: str) -> dict[str, object]:
        return {
            "figures": [
                {
                    "figure": one.key,
                    "stands_in": self._places(one, language),
                    **_step_facts(one.full if self.full else one.step, self.document.quotes),
                }
                for one in self.told
            ]
        }

    def _places(self, one: Explanation, language: str) -> list[str]:
        places = (seen.place.message() for seen in self.document.sightings.get(one.key, ()))
        return list(dict.fromkeys(place.in_language(language) for place in places))

    @property
    def next(self) -> Message:
        return _TELL_CHANGES


@dataclass(frozen=True, slots=True)
class _Figures(_Explained):
    """Figures in a table, a line each; programs are told as much as of a single one."""

    def lines(self, language: str) -> Iterator[str | Message | Table]:
        yield Table(
            [say("Figure"), say("Name"), say("Text"), say("From")],
            [[one.key, one.figure.name, one.beginning, one.briefly] for one in self.told],
        )


def _wanted(workplace: Workplace, figure: str, told: Provenance) -> tuple[Explanation, ...]:
    wanted = told.find(figure)
    if wanted:
        return wanted
    near = told.suggestions(figure)
    asked = discreet(figure)
    if near:
        message = say(
            "no figure is called or printed {asked}; the nearest are {near}",
            asked=asked,
            near=listed(near),
        )
    else:
        message = say("no figure is called or printed {asked}", asked=asked)
    raise workplace.misused(message)


def _is_group(figure: str, wanted: Sequence[Explanation]) -> bool:
    """Tell whether what was asked for is a group of figures, such as service.this."""
    return all(one.key.startswith((f"{figure}.", f"{figure}[")) for one in wanted)


def _said_otherwise(told: Explanation, seen: Sequence[Sighting]) -> Iterator[Message]:
    """Yield what the file says where it says something else than the data of today."""
    if told.figure.private:
        return
    for one in seen:
        if one.differs_from(told.figure):
            yield say("the file says {found}: {place}", found=one.found, place=one.place.message())


Quotes = Mapping[Source, tuple[str, str]]
"""The contract's own words and their article, by the place of what contract.yaml says of them."""


def _lines(step: Step, quotes: Quotes, language: str, depth: int = 0) -> Iterator[str]:
    """Yield the tree below a figure, a line for each step or row, inputs indented."""
    yield "  " * depth + _line(step, language)
    if step.source and step.source in quotes and not step.seen:
        words, article = quotes[step.source]
        said = say("the contract: “{words}” ({article})", words=words, article=article)
        yield "  " * (depth + 1) + said.in_language(language)
    if step.derived or not step.left_out:
        yield from _inputs(step.inputs, quotes, language, depth + 1)
    if step.among:
        yield "  " * (depth + 1) + _looked_through(step.among).in_language(language)
    if step.left_out:
        exceptions = step.inputs and not step.derived
        said = say("all of them but:") if exceptions else say("left out of them:")
        yield "  " * (depth + 1) + said.in_language(language)
        yield from _inputs(step.left_out, quotes, language, depth + 2)


def _inputs(
    items: Sequence[Step | Rest], quotes: Quotes, language: str, depth: int
) -> Iterator[str]:
    for _, group in groupby(items, key=_row_of):
        first, *others = group
        if isinstance(first, Rest):
            more = say("and {count} more rows, to {place}", count=first.count, place=first.to)
            yield "  " * depth + more.in_language(language)
        elif others and first.source:
            yield "  " * depth + _row(first, [one for one in others if isinstance(one, Step)])
        else:
            for item in (first, *others):
                if isinstance(item, Step):
                    yield from _lines(item, quotes, language, depth)


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


def _line(step: Step, language: str) -> str:
    number = f" [{step.number}]" if step.number else ""
    named = f"{step.name} {step.text}{number}"
    if step.seen:
        return say("{named}: see above", named=named).in_language(language)
    if step.source:
        return f"{named}  {step.source}"
    if not step.article:
        return f"{named} = {step.rule}"
    told = say("{named} = {rule} ({article})", named=named, rule=step.rule, article=step.article)
    return told.in_language(language)


def _step_facts(step: Step | Rest, quotes: Quotes) -> dict[str, object]:
    if isinstance(step, Rest):
        return {"more_rows": step.count, "to": str(step.to)}
    facts: dict[str, object] = {"name": step.name, "text": step.text}
    if step.number:
        facts["number"] = step.number
    if step.source:
        words, article = quotes.get(step.source, ("", ""))
        said = {"quote": words, "quoted_from": article} if words else {}
        return {**facts, "source": str(step.source), **said}
    if step.seen:
        return {**facts, "see": step.number}
    facts |= {"rule": step.rule, "article": step.article}
    facts["inputs"] = [_step_facts(item, quotes) for item in step.inputs]
    if step.among:
        among = step.among
        facts["among"] = {"rows": among.count, "first": str(among.first), "last": str(among.last)}
    if step.left_out:
        facts["left_out"] = [_step_facts(item, quotes) for item in step.left_out]
    return facts


_MARK: Final = "审阅"
"""What the name of every copy for reading says."""


@dataclass(frozen=True, slots=True)
class _Reviewed(Answer):
    """The copy with the provenance as Word comments, for the person who approves."""

    copy: Path
    remarks: int

    def lines(self, language: str) -> Iterator[Message]:
        yield say("{file}: {count} remarks; a copy to read, not to seal",
                  file=self.copy.as_posix(), count=self.remarks)  # fmt: skip

    def facts(self, language: str) -> dict[str, object]:
        return {"file": self.copy.as_posix(), "remarks": self.remarks}

    @property
    def next(self) -> Message:
        return _TELL_CHANGES


def _reviewed(workplace: Workplace, told: Provenance, output: Path | None) -> _Reviewed:
    """Write the copy, and return where it is."""
    copy = _name_of(told.file, output)
    try:
        return _Reviewed(copy, told.review(copy))
    except PlaceTakenError as taken:
        raise workplace.misused(taken.message) from taken


def _name_of(file: Path, output: Path | None) -> Path:
    """Return the name of the copy, which always says what it is."""
    if output is None or output.is_dir():
        return (output or file.parent) / f"{file.stem}_{_MARK}.docx"
    return output if _MARK in output.stem else output.with_name(f"{output.stem}_{_MARK}.docx")
