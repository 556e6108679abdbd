"""deliverables verify: what people did to a document, and what changed since it was made."""

from __future__ import annotations

from pathlib import Path

import click

from deliverables import Project
from deliverables.cli.answer import (
    Exit,
    Workplace,
    change_facts,
    change_lines,
    difference_facts,
    difference_lines,
    finding_facts,
    format_option,
    print_json,
    tell_next,
)
from deliverables.kinds import kinds
from deliverables.lazily import dataclass
from deliverables.values.problem import Message, say
from deliverables.verification import By, Fault, Recognised, Untold, Verified


@click.command("verify")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@format_option
@click.pass_obj
def command(workplace: Workplace, files: tuple[Path, ...], form: str) -> None:
    """Account for everything in documents; without FILE, in all that were made.

    A FILE may have been renamed, mailed or saved elsewhere. First comes what people did to it since
    it was made: errors, and edits of its prose. Then, apart, what the data of today would change.

    \b
    Examples:
      deliverables verify
      deliverables verify copies/report.docx
    """
    found = Project(workplace.folders).verify(*files)
    answers = [_Untold(one) if isinstance(one, Untold) else _Told(one) for one in found]
    if form == "json":
        print_json([answer.facts(workplace.language) for answer in answers])
    else:
        for answer in answers:
            answer.show(workplace)
    told = [answer.verified for answer in answers if isinstance(answer, _Told)]
    tell_next(
        proved=_as_typed(told[0].recognised.file) if told else None,
        edited=any(one.unapproved for one in told),
        changed=any(one.changes for one in told),
    )
    raise SystemExit(max((answer.exit for answer in answers), default=Exit.DONE))


@dataclass(frozen=True, slots=True)
class _Untold:
    """A file of which nothing can be told, and why."""

    untold: Untold

    @property
    def exit(self) -> Exit:
        """What is no document any more failed its proof; others were wrong to name."""
        unreadable = self.untold.fault is Fault.UNREADABLE
        return Exit.REFUTED if unreadable else Exit.WRONG_USE

    def show(self, workplace: Workplace) -> None:
        workplace.note(say("{file}: {reason}", file=self.untold.file, reason=self.untold.reason))

    def facts(self, language: str) -> dict[str, object]:
        return {
            "file": self.untold.file.as_posix(),
            "known": None,
            "proved": False,
            "reason": self.untold.reason.in_language(language),
        }


@dataclass(frozen=True, slots=True)
class _Told:
    """A file that was proved."""

    verified: Verified

    @property
    def exit(self) -> Exit:
        """What its errors mean for the command; edits are no errors."""
        return Exit.DONE if self.verified.is_proved else Exit.REFUTED

    def show(self, workplace: Workplace) -> None:
        one, known = self.verified, self.verified.recognised
        spoken = workplace.spoken
        verdict = say("{file}: {verdict}", file=known.file.name, verdict=_verdict(one))
        click.echo(spoken(verdict))
        click.echo(f"  {spoken(_known(known))}")
        if known.claimed:
            click.echo(f"    {spoken(_claimed(known))}")
        if one.differences or one.findings:
            click.echo(f"  {spoken(say('what people did to it since it was made:'))}")
        for difference in one.differences:
            approval = one.approvals.get(difference.passage)
            for line in difference_lines(difference, workplace, approval):
                click.echo(line)
        for finding in one.findings:
            click.echo(f"    {finding.in_language(workplace.language)}")
        if one.changes:
            click.echo(f"  {spoken(say('what changed in the data since it was made:'))}")
        for line in change_lines(one.changes or (), workplace):
            click.echo(line)
        for note in one.notes:
            click.echo(f"  {spoken(note)}")

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
            "since": None if one.changes is None else [change_facts(c) for c in one.changes],
            "notes": [note.in_language(language) for note in one.notes],
        }


def _verdict(one: Verified) -> Message:
    if one.errors:
        return say("{count} errors", count=one.errors)
    if one.edits:
        return say("proved; {count} passages were edited", count=len(one.edits))
    return say("proved; it is as it was made")


def _known(known: Recognised) -> Message:
    entry = known.entry
    title = kinds()[entry.kind].title if entry.kind in kinds() else entry.kind
    what = say("{title} {part} of {contract}, as of {day} (entry {number})", title=title,
               part=entry.part, contract=known.contract, day=entry.as_of,
               number=entry.sequence)  # fmt: skip
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
