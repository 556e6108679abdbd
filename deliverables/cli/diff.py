"""deliverables diff: which figures and words changed, and what is behind each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from deliverables.cli.answer import Workplace, format_option, print_json
from deliverables.cli.recorded import Recorded, book_of, look_up, read, today
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
    since,
)
from deliverables.folders import Folders
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.values.problem import Message, listed, say
from deliverables.verify.document import Form


@dataclass(frozen=True, slots=True)
class Answer:
    """How two versions of a document differ.

    `inputs` are the files whose data changed between the versions, None where no register knows a
    version.
    """

    found: Comparison
    inputs: tuple[str, ...] | None = None


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
    answer = _of_two(workplace, file, other) if other else _against_data(workplace, file)
    if form == "json":
        print_json(_facts(answer, workplace))
    else:
        _show(answer, workplace)


def against_today(
    recorded: Recorded, book: ContractBook, folders: Folders, now: Again
) -> Comparison:
    """Return how a recorded file differs from what the data of today make."""
    return since(recorded.entry, recorded.base, book, folders, now, blocks=recorded.blocks)


def _against_data(workplace: Workplace, file: Path) -> Answer:
    recorded = look_up(workplace, file)
    if recorded is None:
        wrong = say(
            "{file}: no register knows this file; give a second file to compare it with", file=file
        )
        raise click.UsageError(workplace.spoken(wrong))
    _tell_if_edited(workplace, recorded)
    folders, book = workplace.folders, book_of(workplace, recorded.contract)
    found = against_today(recorded, book, folders, today(workplace, recorded, book))
    return Answer(found, changed_since(recorded.entry, recorded.contract, book, folders))


def _of_two(workplace: Workplace, file: Path, other: Path) -> Answer:
    """Return how two files differ, with what the registers know of either."""
    before, after = (_known(workplace, one) for one in (file, other))
    if before is None or after is None or not _are_one_document([before, after]):
        old, new = (
            Version(read(workplace, one).blocks if known is None else known.blocks, {})
            for one, known in ((file, before), (other, after))
        )
        return Answer(compare(old, new))
    folders, book = workplace.folders, book_of(workplace, after.contract)
    then, now = (book_of_then(folders, one.entry, one.contract, book) for one in (before, after))
    old, new = (
        Version(one.blocks, figures_of_then(folders, one.entry, made_from))
        for one, made_from in ((before, then), (after, now))
    )
    inputs = _changed_between(before, after)
    changes = Changes(then if now else None, now or book, before.base.cells, inputs)
    return Answer(compare(old, new, changes), inputs)


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


def _show(answer: Answer, workplace: Workplace) -> None:
    found = answer.found
    if answer.inputs:
        names = listed(answer.inputs)
        click.echo(workplace.spoken(say("changed: {inputs}", inputs=names)))
    if found.same:
        click.echo(workplace.spoken(say("nothing differs")))
        return
    for change in found.figures:
        versions = f"{change.before or '—'} → {change.after or '—'}"
        headline = say("{what}: {change}", what=f"{change.key}  {change.name}", change=versions)
        click.echo(workplace.spoken(headline))
        click.echo(f"  {workplace.spoken(change.place.message())}")
        for line in _behind(change, answer):
            click.echo(f"  {workplace.spoken(line)}")
    for text in found.texts:
        headline = say("{what}: {place}", what=_headline(text), place=text.place.message())
        click.echo(workplace.spoken(headline))
        if text.before is not None:
            click.echo(f"  - {text.before}")
        if text.after is not None:
            click.echo(f"  + {text.after}")


def _behind(change: FigureChange, answer: Answer) -> list[Message]:
    """Return what is behind a changed figure, or that nothing of the data is."""
    if change.causes:
        return [_cause(cause) for cause in change.causes]
    if answer.inputs is None:
        return []
    return [say("none of its data changed: the template did, or somebody edited the file")]


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


def _facts(answer: Answer, workplace: Workplace) -> dict[str, object]:
    return {
        "changed_inputs": answer.inputs,
        "figures": [figure_facts(change, workplace) for change in answer.found.figures],
        "texts": [
            {
                "before": text.before,
                "after": text.after,
                "form": text.form.value,
                "place": workplace.spoken(text.place.message()),
            }
            for text in answer.found.texts
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
