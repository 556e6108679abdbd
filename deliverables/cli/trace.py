"""Where figures come from, and what changed in them: explain, its copy for reading, and diff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from string import ascii_uppercase
from typing import Final

import click

from deliverables.cli.answer import Answer, Table, Workplace, figure_facts, format_option, suggest
from deliverables.cli.recorded import Recorded, against_today, book_of, look_up, read, today
from deliverables.compare import (
    Again,
    Cause,
    Changes,
    Comparison,
    FigureChange,
    TextChange,
    Version,
    book_of_then,
    changed_since,
    compare,
    figures_of_then,
)
from deliverables.files import FileInUseError, write_atomically
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
from deliverables.values.figure import Cell, Source
from deliverables.values.problem import Message, listed, say
from deliverables.verify.document import Form, excerpt, fold
from deliverables.verify.finding import discreet

# --- explain ------------------------------------------------------------------------------

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
    from deliverables.checks.quotes import said_at

    suggest(_TELL_CHANGES)
    recorded = look_up(workplace, file)
    if recorded is None:
        unknown = say("{file}: no register knows this file, so nothing can be told", file=file)
        raise workplace.misused(unknown)
    book = book_of(workplace, recorded.contract)
    now = today(workplace, recorded, book)
    if changed := changed_since(recorded.entry, recorded.contract, book, workplace.folders):
        names = listed(changed)
        workplace.note(say("changed since: {inputs}; what follows is of today", inputs=names))
    if review:
        workplace.answer(_reviewed(workplace, recorded, now, output), form)
        return
    told = explanations(now.figures, now.printed)
    wanted = told if figure is None else _wanted(workplace, figure, told, now)
    seen, quotes = _seen(recorded, now), said_at(book.contract)
    if figure is None or _is_group(figure, wanted):
        workplace.answer(_Figures(wanted, seen, full, quotes), form)
    else:
        workplace.answer(_Provenance(wanted, seen, full, quotes), form)


@dataclass(frozen=True, slots=True)
class _Provenance(Answer):
    """Figures with all that each comes from, and where the file prints it."""

    told: tuple[Explanation, ...]
    seen: dict[str, list[Sighting]]
    full: bool
    quotes: Quotes

    def lines(self, language: str) -> Iterator[str | Message | Table]:
        for one in self.told:
            step = one.full if self.full else one.step
            yield f"{one.key}  {one.figure.name} {one.text}"
            for place in self._places(one, language):
                yield f"  {say('stands in {place}', place=place).in_language(language)}"
            for said in _said_otherwise(one, self.seen.get(one.key, [])):
                yield f"  {said.in_language(language)}"
            for line in _lines(step, self.quotes, language):
                yield f"  {line}"
            yield ""

    def facts(self, language: str) -> dict[str, object]:
        return {
            "figures": [
                {
                    "figure": one.key,
                    "stands_in": self._places(one, language),
                    **_step_facts(one.full if self.full else one.step, self.quotes),
                }
                for one in self.told
            ]
        }

    def _places(self, one: Explanation, language: str) -> list[str]:
        places = (seen.place.message() for seen in self.seen.get(one.key, []))
        return list(dict.fromkeys(place.in_language(language) for place in places))

    @property
    def next(self) -> Message:
        return _TELL_CHANGES


@dataclass(frozen=True, slots=True)
class _Figures(_Provenance):
    """Figures in a table, a line each; programs are told as much as of a single one."""

    def lines(self, language: str) -> Iterator[str | Message | Table]:
        yield Table(
            [say("Figure"), say("Name"), say("Text"), say("From")],
            [[one.key, one.figure.name, excerpt(one.text), one.briefly] for one in self.told],
        )


def _wanted(
    workplace: Workplace, figure: str, told: Sequence[Explanation], now: Again
) -> tuple[Explanation, ...]:
    wanted = find(figure, told, now.words, now.figures)
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
    raise workplace.misused(message)


def _is_group(figure: str, wanted: Sequence[Explanation]) -> bool:
    """Tell whether what was asked for is a group of figures, such as service.this."""
    return all(one.key.startswith((f"{figure}.", f"{figure}[")) for one in wanted)


def _seen(recorded: Recorded, now: Again) -> dict[str, list[Sighting]]:
    """Return where the file, edited or not, prints each figure."""
    seen: dict[str, list[Sighting]] = {}
    for sighting in sightings(now.base.blocks, recorded.document.blocks):
        seen.setdefault(sighting.key, []).append(sighting)
    return seen


def _said_otherwise(told: Explanation, seen: Sequence[Sighting]) -> Iterator[Message]:
    """Yield what the file says where it says something else than the data of today."""
    if told.figure.private:
        return
    for one in seen:
        if one.found is not None and one.found not in fold(told.figure.text):
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


# --- explain --review ---------------------------------------------------------------------

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


def _reviewed(
    workplace: Workplace, recorded: Recorded, now: Again, output: Path | None
) -> _Reviewed:
    """Write the copy, and return where it is."""
    from deliverables.review import is_copy, remarks_on, with_remarks

    copy = _name_of(recorded.file, output)
    if copy.exists() and not is_copy(copy.read_bytes()):
        wrong = say("{file} is there and no copy for reading: give another name", file=copy)
        raise workplace.misused(wrong)
    told = {one.key: one for one in explanations(now.figures, now.printed)}
    remarks = list(remarks_on(recorded.document, now.base.blocks, told, recorded.contract))
    reviewed = with_remarks(recorded.file.read_bytes(), remarks, recorded.entry.as_of)
    try:
        write_atomically(copy, reviewed, private=now.again.deliverable.private)
    except FileInUseError as fault:
        raise workplace.failed(fault.message) from fault
    return _Reviewed(copy, len(remarks))


def _name_of(file: Path, output: Path | None) -> Path:
    """Return the name of the copy, which always says what it is."""
    if output is None or output.is_dir():
        return (output or file.parent) / f"{file.stem}_{_MARK}.docx"
    return output if _MARK in output.stem else output.with_name(f"{output.stem}_{_MARK}.docx")


# --- diff ---------------------------------------------------------------------------------

_TELL_ORIGIN = say("next: deliverables explain FILE FIGURE tells where a figure comes from")


@click.command("diff")
@click.argument("file", metavar="A", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument(
    "other",
    metavar="[B]",
    required=False,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@format_option
@click.pass_obj
def diff_command(workplace: Workplace, file: Path, other: Path | None, form: str) -> None:
    """Show what changed from file A to file B or, without B, to the data of today.

    Changed figures come with the cells and lines whose change is behind them, then changed,
    new and removed paragraphs and rows.

    \b
    Example: deliverables diff out/HT-2026-001/Q1/HT-2026-001_季度报告_Q1_草稿.docx
    """
    suggest(_TELL_ORIGIN)
    answer = _of_two(workplace, file, other) if other else _against_data(workplace, file)
    workplace.answer(answer, form)


@dataclass(frozen=True, slots=True)
class _Differences(Answer):
    """How two versions of a document differ.

    `inputs` are the files whose data changed between the versions, None where no register knows a
    version.
    """

    found: Comparison
    inputs: tuple[str, ...] | None = None

    def lines(self, language: str) -> Iterator[str | Message]:
        if self.inputs:
            yield say("changed: {inputs}", inputs=listed(self.inputs))
        if self.found.same:
            yield say("nothing differs")
            return
        for change in self.found.figures:
            versions = " → ".join(text or "—" for text in change.brief)
            yield say("{what}: {change}", what=f"{change.key}  {change.name}", change=versions)
            yield f"  {change.place.message().in_language(language)}"
            for line in self._behind(change):
                yield f"  {line.in_language(language)}"
        for text in self.found.texts:
            yield say("{what}: {place}", what=_headline(text), place=text.place.message())
            if text.before is not None:
                yield f"  - {text.before}"
            if text.after is not None:
                yield f"  + {text.after}"

    def _behind(self, change: FigureChange) -> list[Message]:
        """Return what is behind a changed figure, or that nothing of the data is."""
        if change.causes:
            return [_cause(cause) for cause in change.causes]
        if self.inputs is None:
            return []
        return [say("none of its data changed: the template did, or somebody edited the file")]

    def facts(self, language: str) -> dict[str, object]:
        return {
            "changed_inputs": self.inputs,
            "figures": [figure_facts(change, language) for change in self.found.figures],
            "texts": [
                {
                    "before": text.before,
                    "after": text.after,
                    "form": text.form.value,
                    "place": text.place.message().in_language(language),
                }
                for text in self.found.texts
            ],
        }

    @property
    def next(self) -> Message:
        return _TELL_ORIGIN


def _against_data(workplace: Workplace, file: Path) -> _Differences:
    recorded = look_up(workplace, file)
    if recorded is None:
        wrong = say(
            "{file}: no register knows this file; give a second file to compare it with", file=file
        )
        raise workplace.misused(wrong)
    _tell_if_edited(workplace, recorded)
    folders, book = workplace.folders, book_of(workplace, recorded.contract)
    found = against_today(workplace, recorded, book, today(workplace, recorded, book))
    return _Differences(found, changed_since(recorded.entry, recorded.contract, book, folders))


def _of_two(workplace: Workplace, file: Path, other: Path) -> _Differences:
    """Return how two files differ, with what the registers know of either."""
    before, after = (_known(workplace, one) for one in (file, other))
    if before is None or after is None or not _are_one_document([before, after]):
        old, new = (
            Version(read(workplace, one).blocks if known is None else known.blocks, {})
            for one, known in ((file, before), (other, after))
        )
        return _Differences(compare(old, new))
    folders, book = workplace.folders, book_of(workplace, after.contract)
    then, now = (book_of_then(folders, one.entry, one.contract, book) for one in (before, after))
    old, new = (
        Version(one.blocks, figures_of_then(folders, one.entry, made_from))
        for one, made_from in ((before, then), (after, now))
    )
    inputs = _changed_between(before, after)
    changes = Changes(then if now else None, now or book, before.base.cells, inputs)
    return _Differences(compare(old, new, changes), inputs)


def _known(workplace: Workplace, file: Path) -> Recorded | None:
    recorded = look_up(workplace, file) if workplace.out.is_dir() else None
    if recorded is None:
        workplace.note(say("{file}: no register knows this file", file=file))
    else:
        _tell_if_edited(workplace, recorded)
    return recorded


def _are_one_document(known: Sequence[Recorded | None]) -> bool:
    return len({(one.contract, one.entry.deliverable) for one in known if one}) == 1


def _changed_between(before: Recorded, after: Recorded) -> tuple[str, ...]:
    """Return the inputs that two versions were not made from alike."""
    then, now = before.entry, after.entry
    inputs = [
        n for n in sorted({*then.inputs, *now.inputs}) if then.inputs.get(n) != now.inputs.get(n)
    ]
    template = [now.template] if then.template_sha256 != now.template_sha256 else []
    return (*inputs, *template)


def _tell_if_edited(workplace: Workplace, recorded: Recorded) -> None:
    if recorded.edited:
        workplace.note(say("{file}: edited by hand after it was made", file=recorded.file))


def _cause(cause: Cause) -> Message:
    if cause.before and cause.after:
        return say("behind it: {source} {before} → {after}", source=cause.source,
                   before=cause.before, after=cause.after)  # fmt: skip
    if cause.after:
        return say("behind it: {source} is new: {after}", source=cause.source, after=cause.after)
    if cause.before:
        return say("behind it: {source} is gone: {before}", source=cause.source,
                   before=cause.before)  # fmt: skip
    return say("behind it: something in {source}", source=cause.source)


_NEW = {
    Form.PARAGRAPH: say("new paragraph"),
    Form.ROW: say("new row"),
    Form.CHART: say("new chart"),
    Form.PICTURE: say("new picture"),
}
_REMOVED = {
    Form.PARAGRAPH: say("removed paragraph"),
    Form.ROW: say("removed row"),
    Form.CHART: say("removed chart"),
    Form.PICTURE: say("removed picture"),
}
_CHANGED = {
    Form.PARAGRAPH: say("changed paragraph"),
    Form.ROW: say("changed row"),
    Form.CHART: say("changed chart"),
    Form.PICTURE: say("changed picture"),
}


def _headline(change: TextChange) -> Message:
    if change.before is None:
        return _NEW[change.form]
    return _REMOVED[change.form] if change.after is None else _CHANGED[change.form]
