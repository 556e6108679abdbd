"""deliverables diff: which figures and words changed, and what is behind each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from deliverables.cli.recorded import (
    Recorded,
    Today,
    book_of,
    changed_since,
    look_up,
    read,
    today,
)
from deliverables.cli.workplace import Workplace, format_option, print_json
from deliverables.comparison import Cause, Comparison, FigureChange, TextChange, compare
from deliverables.lazily import dataclass
from deliverables.message import Message, listed, say
from deliverables.model.book import ContractBook
from deliverables.passages import Passage, passages_of


@dataclass(frozen=True, slots=True)
class Question:
    """Two versions of a document, and what is known of the document.

    `now` is what the data of today make of it, None where no register knows a version; `inputs`
    are the files whose data changed between the versions, None where that is not known.
    """

    before: Sequence[Passage]
    after: Sequence[Passage]
    now: Today | None = None
    inputs: tuple[str, ...] | None = None

    def answer(self) -> Comparison:
        """Return what differs between the versions."""
        if self.now is None:
            return compare(self.before, self.after)
        inputs = self.inputs or ()
        return compare(self.before, self.after, self.now.traces, self.now.figures, inputs)


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
def command(workplace: Workplace, file: Path, other: Path | None, form: str) -> None:
    """Show what changed from file A to file B or, without B, to the data of today.

    Changed figures come with the cells and lines whose change is behind them, then changed,
    new and removed paragraphs and rows.

    \b
    Example: deliverables diff out/HT-2026-001/Q1/HT-2026-001_季度报告_Q1_草稿.docx
    """
    question = _of_two(workplace, file, other) if other else _against_data(workplace, file)
    found = question.answer()
    if form == "json":
        print_json(_facts(question, found, workplace))
    else:
        _show(question, found, workplace)


def against_today(
    workplace: Workplace, recorded: Recorded, book: ContractBook, now: Today
) -> Question:
    """Return the question how a recorded file differs from what the data of today make."""
    before = passages_of(read(workplace, recorded.file))
    inputs = changed_since(recorded, book, workplace.folders)
    return Question(before, now.passages, now, inputs)


def _against_data(workplace: Workplace, file: Path) -> Question:
    recorded = look_up(workplace, file)
    if recorded is None:
        wrong = say(
            "{file}: no register knows this file; give a second file to compare it with", file=file
        )
        raise click.UsageError(workplace.spoken(wrong))
    _tell_if_edited(workplace, recorded)
    book = book_of(workplace, recorded.contract)
    return against_today(workplace, recorded, book, today(workplace, recorded, book))


def _of_two(workplace: Workplace, file: Path, other: Path) -> Question:
    """Return the question how two files differ, with what the registers know of either."""
    before, after = (passages_of(read(workplace, one)) for one in (file, other))
    known = [_known(workplace, one) for one in (file, other)]
    recorded = next((one for one in reversed(known) if one is not None), None)
    if recorded is None or not _are_one_document(known):
        return Question(before, after)
    book = book_of(workplace, recorded.contract)
    return Question(before, after, today(workplace, recorded, book), _changed_between(known))


def _known(workplace: Workplace, file: Path) -> Recorded | None:
    recorded = look_up(workplace, file) if workplace.out.is_dir() else None
    if recorded is None:
        workplace.note(say("{file}: no register knows this file", file=file))
    else:
        _tell_if_edited(workplace, recorded)
    return recorded


def _are_one_document(known: Sequence[Recorded | None]) -> bool:
    return len({(one.contract, one.entry.deliverable) for one in known if one}) == 1


def _changed_between(known: Sequence[Recorded | None]) -> tuple[str, ...] | None:
    """Return the inputs that two versions were not made from alike."""
    before, after = known
    if before is None or after is None:
        return None
    then, now = before.entry, after.entry
    inputs = [
        n for n in sorted({*then.inputs, *now.inputs}) if then.inputs.get(n) != now.inputs.get(n)
    ]
    template = [now.template] if then.template_sha256 != now.template_sha256 else []
    return (*inputs, *template)


def _tell_if_edited(workplace: Workplace, recorded: Recorded) -> None:
    if recorded.edited:
        workplace.note(say("{file}: edited by hand after it was made", file=recorded.file))


def _show(question: Question, found: Comparison, workplace: Workplace) -> None:
    if question.inputs:
        names = listed(question.inputs)
        click.echo(workplace.spoken(say("changed: {inputs}", inputs=names)))
    if found.same:
        click.echo(workplace.spoken(say("nothing differs")))
        return
    for change in found.figures:
        versions = f"{change.before or '—'} → {change.after or '—'}"
        headline = say("{what}: {change}", what=f"{change.key}  {change.name}", change=versions)
        click.echo(workplace.spoken(headline))
        click.echo(f"  {workplace.spoken(change.place.message())}")
        for line in _behind(change, question):
            click.echo(f"  {workplace.spoken(line)}")
    for text in found.texts:
        headline = say("{what}: {place}", what=_headline(text), place=text.place.message())
        click.echo(workplace.spoken(headline))
        if text.before is not None:
            click.echo(f"  - {text.before}")
        if text.after is not None:
            click.echo(f"  + {text.after}")


def _behind(change: FigureChange, question: Question) -> list[Message]:
    """Return what is behind a changed figure, or that nothing of the data is."""
    if change.causes:
        return [_cause(cause) for cause in change.causes]
    if question.inputs is None:
        return []
    return [say("none of its data changed: the template did, or somebody edited the file")]


def _cause(cause: Cause) -> Message:
    if cause.before:
        return say("behind it: {source} {before} → {after}", source=cause.source,
                   before=cause.before, after=cause.after)  # fmt: skip
    if cause.after:
        return say("behind it: {source} is new: {after}", source=cause.source, after=cause.after)
    return say("behind it: something in {source}", source=cause.source)


def _headline(change: TextChange) -> Message:
    if change.before is None:
        return say("new row") if change.is_row else say("new paragraph")
    if change.after is None:
        return say("removed row") if change.is_row else say("removed paragraph")
    return say("changed row") if change.is_row else say("changed paragraph")


def _facts(question: Question, found: Comparison, workplace: Workplace) -> dict[str, object]:
    return {
        "changed_inputs": question.inputs,
        "figures": [figure_facts(change, workplace) for change in found.figures],
        "texts": [
            {
                "before": text.before,
                "after": text.after,
                "row": text.is_row,
                "place": workplace.spoken(text.place.message()),
            }
            for text in found.texts
        ],
    }


def figure_facts(change: FigureChange, workplace: Workplace) -> dict[str, object]:
    """Return a changed figure for another program."""
    return {
        "figure": change.key,
        "name": change.name,
        "before": change.before,
        "after": change.after,
        "place": workplace.spoken(change.place.message()),
        "behind": [
            {"source": str(cause.source), "before": cause.before, "after": cause.after}
            for cause in change.causes
        ],
    }
