"""Proof of finished documents: what each says, and what was changed in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

import click

from deliverables import Project
from deliverables.cli.answer import (
    Answer,
    Aside,
    Exit,
    Workplace,
    by_severity,
    difference_facts,
    difference_lines,
    document_called,
    errors_of,
    finding_facts,
    format_option,
    title_of,
)
from deliverables.values.problem import Message, Problem, listed, say, tallied

if TYPE_CHECKING:
    from deliverables import DataChange, Recognised, Untold, Verified
    from deliverables.folders import Folders


@click.command("verify")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@format_option
@click.pass_obj
def verify_command(workplace: Workplace, files: tuple[Path, ...], form: str) -> None:
    """Account for everything in documents; without FILE, in all that were made.

    A FILE may have been renamed, mailed or saved elsewhere. First comes what people did to it since
    it was made: errors, and edits of its prose. Then, apart, what the data of today would change.

    \b
    Examples:
      deliverables verify
      deliverables verify copies/report.docx
    """
    from deliverables import Untold, Verified

    found = Project(workplace.folders).verify(*files)
    told = tuple(
        _Untold(one) if isinstance(one, Untold) else _Told(one, _title_of(one, workplace.folders))
        for one in found
    )
    told_by = {one.recognised.contract: one.problems for one in found if isinstance(one, Verified)}
    problems = chain.from_iterable(told_by[number] for number in sorted(told_by))
    workplace.answer(_Proofs(told, tuple(problems)), form)


_ENDS: Final = {
    "untouched": say("proved, as made"),
    "edited": say("proved, with edits"),
    "refuted": say("with errors"),
    "untold": say("nothing to be told of"),
}
"""What a proof can come to, as it is counted at the end."""


@dataclass(frozen=True, slots=True)
class _Untold:
    """A file of which nothing can be told, and why."""

    untold: Untold

    ended: ClassVar[str] = "untold"

    @property
    def code(self) -> Exit:
        """What is no document any more failed its proof; others were wrong to name."""
        from deliverables import Ground

        unreadable = self.untold.ground is Ground.UNREADABLE
        return Exit.REFUTED if unreadable else Exit.WRONG_USE

    def lines(self, language: str) -> Iterator[Aside]:
        yield Aside(say("{file}: {reason}", file=self.untold.file, reason=self.untold.reason))

    def facts(self, language: str) -> dict[str, object]:
        return {
            "file": self.untold.file.as_posix(),
            "known": None,
            "proved": False,
            "reason": self.untold.reason.in_language(language),
        }


@dataclass(frozen=True, slots=True)
class _Told:
    """A file that was proved, and what its kind is called."""

    verified: Verified
    title: str

    @property
    def ended(self) -> str:
        """Which of `_ENDS` the proof came to."""
        if self.verified.errors:
            return "refuted"
        return "edited" if self.verified.edits else "untouched"

    @property
    def code(self) -> Exit:
        """What its errors mean for the command; edits are no errors."""
        return Exit.DONE if self.verified.is_proved else Exit.REFUTED

    def lines(self, language: str) -> Iterator[str | Message]:
        one, known = self.verified, self.verified.recognised
        yield say("{file}: {verdict}", file=known.file.name, verdict=_verdict(one))
        yield f"  {_known(known, self.title).in_language(language)}"
        if known.claimed:
            yield f"    {_claimed(known).in_language(language)}"
        if one.differences or one.findings:
            yield f"  {say('what people did to it since it was made:').in_language(language)}"
        for difference in one.differences:
            approval = one.approvals.get(difference.passage)
            yield from difference_lines(difference, language, approval)
        for finding in one.findings:
            yield f"    {finding.in_language(language)}"
        if one.changes:
            yield f"  {say('what changed in the data since it was made:').in_language(language)}"
        yield from _change_lines(one.changes or (), language)
        for note in one.notes:
            yield f"  {note.in_language(language)}"

    def facts(self, language: str) -> dict[str, object]:
        one, known = self.verified, self.verified.recognised
        entry = known.entry
        return {
            "file": known.file.as_posix(),
            "known": {
                "by": known.by.value,
                "contract": known.contract,
                "kind": entry.kind,
                "part": entry.part,
                "as_of": entry.as_of,
                "entry": entry.sequence,
                "final": known.is_final,
                "claimed": known.claimed or None,
            },
            "proved": one.is_proved,
            "errors": one.errors,
            "people": [
                difference_facts(difference, one.approvals, language)
                for difference in one.differences
            ],
            "findings": [finding_facts(finding, language) for finding in one.findings],
            "since": None if one.changes is None else [_change_facts(c) for c in one.changes],
            "notes": [note.in_language(language) for note in one.notes],
        }


@dataclass(frozen=True, slots=True)
class _Proofs(Answer):
    """What can be told of each file, and what is wrong with the registers that tell it."""

    files: tuple[_Told | _Untold, ...]
    problems: tuple[Problem, ...]

    def lines(self, language: str) -> Iterator[str | Message | Aside]:
        for file in self.files:
            yield from file.lines(language)

    def facts(self, language: str) -> dict[str, object]:
        return {"files": [file.facts(language) for file in self.files]}

    @property
    def code(self) -> Exit:
        broken = [Exit.BAD_DATA] if errors_of(self.problems) else []
        return max((*broken, *(file.code for file in self.files)), default=Exit.DONE)

    def asides(self) -> Iterator[Message | Problem]:
        yield from by_severity(self.problems)
        if len(self.files) > 1:
            ends = Counter(file.ended for file in self.files)
            yield say("documents: {count} ({counts})", count=len(self.files),
                      counts=listed(tallied(ends, _ENDS)))  # fmt: skip

    @property
    def next(self) -> Message | None:
        if self.code is Exit.REFUTED:
            return say("next: put back what is named as an error, or correct the data and make it "
                       "anew with deliverables build KIND --keep-edits")  # fmt: skip
        told = [file.verified for file in self.files if isinstance(file, _Told)]
        if not told or self.code is Exit.BAD_DATA:
            return None if told else say("next: deliverables build --due makes what can be made")
        edited, changed = any(one.unapproved for one in told), any(one.changes for one in told)
        if changed and edited:
            return say("next: deliverables build --edits-from {proved} makes it anew, with the "
                       "edits", proved=_as_typed(told[0].recognised.file))  # fmt: skip
        if changed:
            return say("next: deliverables build makes anew what the data have changed")
        drafts = [one for one in told if not one.recognised.is_final]
        return _towards_final(drafts, edited=edited) if drafts else None


def _towards_final(told: Sequence[Verified], *, edited: bool) -> Message:
    """Return what is done next with what was proved: only what lacks nothing can be final."""
    whole = [one for one in told if one.is_whole]
    if not whole:
        return say(
            "next: fill in what stands as 【待补】 (deliverables check names the cells), "
            "then deliverables build"
        )
    if all(one.recognised.entry.sample for one in whole):
        return say("next: nothing made from sample data becomes final: put the real data in their "
                   "place, then deliverables build")  # fmt: skip
    proved = _as_typed(whole[0].recognised.file)
    if edited:
        return say("next: read the edits, then deliverables final {proved} --approve all "
                   "--by NAME --role ROLE", proved=proved)  # fmt: skip
    return say("next: deliverables final {proved} once it has been read and approved",
               proved=proved)  # fmt: skip


def _verdict(one: Verified) -> Message:
    if one.errors:
        return say("{count} errors", count=one.errors)
    if one.edits:
        return say("proved; {count} passages were edited", count=len(one.edits))
    return say("proved; it is as it was made")


def _title_of(one: Verified, folders: Folders) -> str:
    return title_of(one.recognised.entry, folders, one.recognised.contract)


def _known(known: Recognised, title: str) -> Message:
    from deliverables import By

    entry = known.entry
    what = say("{document} of {contract}, as of {day} (entry {number})",
               document=document_called(title, entry.part), contract=known.contract,
               day=entry.as_of, number=entry.sequence)  # fmt: skip
    if known.by is By.CONTENT:
        return say("{what}; known by its words, for the file does not name itself", what=what)
    if known.by is By.PLACE:
        return say("{what}; known by where it lies, for the file does not name itself", what=what)
    return what


def _claimed(known: Recognised) -> Message:
    return say(
        "the file says it is {claimed}, but its words are those of {found}: it was made over by "
        "hand; use the document that was made for {found}",
        claimed=known.claimed,
        found=known.entry.deliverable,
    )


def _as_typed(file: Path) -> str:
    here = Path.cwd()
    return (file.relative_to(here) if file.is_relative_to(here) else file).as_posix()


def _change_lines(changes: Iterable[DataChange], language: str) -> Iterator[str]:
    """Yield the cells that changed, and under them the figures that became otherwise by them."""
    behind: dict[tuple[tuple[str, str, str], ...], Counter[str]] = {}
    for one in changes:
        before, now = (_or_absent(text, language) for text in (one.before, one.now))
        figures = behind.setdefault(one.cells, Counter())
        figures[f"{one.name or one.key}: {before} → {now}"] += 1
    for cells, figures in behind.items():
        for source, then, today in cells:
            yield f"    {source}: {then or '—'} → {today or '—'}"
        for figure, times in figures.items():
            often = say("({count} times)", count=times).in_language(language) if times > 1 else ""
            yield f"        {figure} {often}".rstrip()


def _or_absent(text: str | None, language: str) -> str:
    return say("(not there)").in_language(language) if text is None else text


def _change_facts(one: DataChange) -> dict[str, object]:
    return {
        "figure": one.key,
        "name": one.name,
        "before": one.before,
        "now": one.now,
        "printed": one.printed,
        "cells": [
            {"source": source, "before": then, "now": today} for source, then, today in one.cells
        ],
    }
