"""deliverables template: check templates, and carry the house style into them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from deliverables.cli.answer import (
    Answer,
    Aside,
    Exit,
    Workplace,
    by_severity,
    format_option,
    kind_called,
    problem_facts,
    unknown_kind,
)
from deliverables.docx.lint import Purpose, lint
from deliverables.docx.package import Objection, read_word_file
from deliverables.docx.style import LAYOUTS, Layout
from deliverables.docx.style_check import Drift, dress, layout_of
from deliverables.docx.tags import source_of
from deliverables.files import FileInUseError, write_atomically
from deliverables.folders import Folders
from deliverables.kinds import kinds
from deliverables.seal import TEMPLATE as SEALING_FORM
from deliverables.seal import SealingRequest
from deliverables.values.problem import Message, Problem, error, say


@click.group("template", invoke_without_command=False)
def template_command() -> None:
    """Check templates, and carry the house style into them.

    \b
    Examples:
      deliverables template check
      deliverables --templates our-templates template dress payment_request
    """


@template_command.command("check")
@click.argument("names", metavar="[KIND]...", nargs=-1)
@format_option
@click.pass_obj
def check(workplace: Workplace, names: tuple[str, ...], form: str) -> None:
    """Show everything that is wrong with templates, and where: all kinds, or each KIND.

    Looks at your own template where --templates has one, else at the shipped one. Ends with 1 if
    there is anything to mend. Changes nothing.

    \b
    Examples:
      deliverables template check
      deliverables template check quarterly_report --format json
    """
    found = []
    for name, purpose in _asked(workplace, names):
        template = _folders(workplace).template(name)
        found.append(_Linted(name, template, tuple(lint(template, purpose))))
    workplace.answer(_Checked(tuple(found)), form)


@dataclass(frozen=True, slots=True)
class _Linted:
    """One template and all that is wrong with it."""

    kind: str
    template: Path
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Checked(Answer):
    """What is wrong with templates."""

    found: tuple[_Linted, ...]

    def lines(self, language: str) -> Iterator[Problem | Aside]:
        for one in self.found:
            yield from by_severity(one.problems)
            yield Aside(say("{file}: {count} to mend", file=one.template, count=len(one.problems)))

    def facts(self, language: str) -> list[dict[str, object]]:
        return [
            {
                "kind": one.kind,
                "template": str(one.template),
                "sound": not one.problems,
                "problems": [problem_facts(each, language) for each in one.problems],
            }
            for one in self.found
        ]

    @property
    def code(self) -> Exit:
        return Exit.BAD_DATA if any(one.problems for one in self.found) else Exit.DONE

    @property
    def next(self) -> Message:
        return _after(self.code)


def _after(code: Exit) -> Message:
    if code is Exit.DONE:
        return say("next: make a document with it: deliverables build KIND")
    return say("next: deliverables template dress mends the looks; names are mended in Word")


@template_command.command("dress")
@click.argument("names", metavar="[KIND]...", nargs=-1)
@click.option(
    "--layout",
    type=click.Choice(sorted(LAYOUTS)),
    help="For a template that has no house style yet; else its own styles tell.",
)
@format_option
@click.pass_obj
def dress_command(
    workplace: Workplace, names: tuple[str, ...], layout: str | None, form: str
) -> None:
    """Put the house style into templates again: all of them, or each KIND.

    With --templates your own, else the shipped ones. Styles, heading numbers, table styles,
    pages, settings and fonts become the house's, and formatting set by hand against them is
    cleared; words and tags stay as they are. A template that is as it should be is not touched.

    \b
    Examples:
      deliverables template dress
      deliverables --templates our-templates template dress annual_summary
      deliverables --templates our-templates template dress payment_request --layout letter
    """
    failed = False
    dressed = []
    for template in _to_dress(workplace, names):
        try:
            mended = _dressed(template, LAYOUTS[layout] if layout else None)
        except _NoLayoutError:
            raise workplace.misused(
                say(
                    "{file} has the house styles of neither letters nor reports: "
                    "say which with --layout letter or --layout report",
                    file=template,
                )
            ) from None
        except OSError as why:
            failed = True
            workplace.note(_failure(template, why))
            continue
        except _UnreadableError as unreadable:
            failed = True
            source = source_of(template)
            workplace.show_problems(
                error("template-file", source, what, fix) for what, fix in unreadable.objections
            )
            continue
        dressed.append((template, tuple(drift.message for drift in mended)))
    workplace.answer(_Dressed(tuple(dressed), failed=failed), form)


@dataclass(frozen=True, slots=True)
class _Dressed(Answer):
    """The templates that could be read, and what was mended in each."""

    templates: tuple[tuple[Path, tuple[Message, ...]], ...]
    failed: bool

    def lines(self, language: str) -> Iterator[Message | Aside]:
        for template, mended in self.templates:
            for words in mended:
                yield say("{place}: mended: {what}", place=source_of(template), what=words)
            count = say("{file}: {count} mended", file=template, count=len(mended))
            as_it_was = say("{file}: as it should be, not touched", file=template)
            yield Aside(count if mended else as_it_was)

    def facts(self, language: str) -> list[dict[str, object]]:
        return [
            {"template": str(template), "mended": [words.in_language(language) for words in mended]}
            for template, mended in self.templates
        ]

    @property
    def code(self) -> Exit:
        return Exit.BAD_DATA if self.failed else Exit.DONE

    @property
    def next(self) -> Message:
        return _after(self.code)


class _UnreadableError(Exception):
    """A file that is no template, with the reasons."""

    def __init__(self, objections: Sequence[Objection]) -> None:
        super().__init__()
        self.objections = objections


class _NoLayoutError(Exception):
    """A template that shows no house style, and nobody said which it shall have."""


def _dressed(template: Path, layout: Layout | None) -> Sequence[Drift]:
    """Dress one template in place and return what was mended; without drift it is not written."""
    package, objections = read_word_file(template)
    if package is None:
        raise _UnreadableError(objections)
    chosen = layout or layout_of(package)
    if chosen is None:
        raise _NoLayoutError
    mended = dress(package, chosen)
    if mended:
        write_atomically(template, package.to_bytes())
    return mended


def _failure(template: Path, why: OSError) -> Message:
    if isinstance(why, FileInUseError):
        return why.message
    return say("{file} cannot be written: {why}", file=template, why=why.strerror)


def purposes() -> dict[str, Purpose]:
    """Return what each template is for: those of the kinds, and the form for asking for a seal."""
    return {
        **{
            kind.name: Purpose(kind.context, sealed=bool(kind.sealing.seals))
            for kind in kinds().values()
        },
        SEALING_FORM: Purpose(SealingRequest, sealed=False),
    }


def _asked(workplace: Workplace, names: Sequence[str]) -> Iterator[tuple[str, Purpose]]:
    known = purposes()
    names = [kind_called(name) for name in names]
    for name in names:
        if name not in known:
            raise workplace.misused(unknown_kind(name))
    yield from ((name, known[name]) for name in dict.fromkeys(names or known))


def _to_dress(workplace: Workplace, names: Sequence[str]) -> list[Path]:
    """Return the templates to dress; with --templates none but those in that folder."""
    own = workplace.templates
    found = []
    for name, _ in _asked(workplace, names):
        template = own / f"{name}.docx" if own else _folders(workplace).template(name)
        if template.exists():
            found.append(template)
        elif names:
            message = say("there is no template {file}", file=template)
            raise workplace.misused(message)
    if not found:
        message = say("{folder} holds no template of any kind", folder=own)
        raise workplace.misused(message)
    return found


def _folders(workplace: Workplace) -> Folders:
    return Folders(workplace.data, workplace.out, workplace.templates)
