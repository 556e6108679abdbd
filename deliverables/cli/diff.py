"""What differs between two versions of a document, and the change of the data behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from deliverables import (
    Cause,
    Comparison,
    FigureChange,
    Form,
    TextChange,
    UnknownFileError,
    VersionsCompared,
)
from deliverables.cli.answer import Answer, Workplace, figure_facts, format_option, suggest
from deliverables.cli.recorded import told_of
from deliverables.values.problem import Message, listed, say

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
    with told_of(workplace, file):
        compared = _compared(workplace, file, other)
    for one in compared.unknown:
        workplace.note(say("{file}: no register knows this file", file=one))
    for one in compared.edited:
        workplace.note(say("{file}: edited by hand after it was made", file=one))
    workplace.answer(_Differences(compared.found, compared.inputs), form)


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


def _compared(workplace: Workplace, file: Path, other: Path | None) -> VersionsCompared:
    try:
        return workplace.project.compare(file, other)
    except UnknownFileError as unknown:
        wrong = say(
            "{file}: no register knows this file; give a second file to compare it with", file=file
        )
        raise workplace.misused(wrong) from unknown


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
