"""deliverables template: check templates, and carry the house style into them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from deliverables.cli.answer import Exit, Workplace, format_option, print_json, problem_facts
from deliverables.cli.build import unknown_kind
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
from deliverables.values.problem import Message, error, say


@click.group("template", invoke_without_command=False)
def command() -> None:
    """Check templates, and carry the house style into them.

    \b
    Examples:
      deliverables template check
      deliverables --templates our-templates template dress payment_request
    """


@command.command("check")
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
    found = {}
    for name, purpose in _asked(workplace, names):
        template = _folders(workplace).template(name)
        found[name] = template, lint(template, purpose)
    if form == "json":
        print_json(
            [
                {
                    "kind": name,
                    "template": str(template),
                    "sound": not problems,
                    "problems": [problem_facts(each, workplace.language) for each in problems],
                }
                for name, (template, problems) in found.items()
            ]
        )
    else:
        for template, problems in found.values():
            workplace.show_problems(problems, err=False)
            workplace.note(say("{file}: {count} to mend", file=template, count=len(problems)))
    clean = all(not problems for _, problems in found.values())
    raise SystemExit(Exit.DONE if clean else Exit.BAD_DATA)


@command.command("dress")
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
    answer = []
    for template in _to_dress(workplace, names):
        try:
            mended = _dressed(template, LAYOUTS[layout] if layout else None)
        except _NoLayoutError:
            raise click.UsageError(
                workplace.spoken(
                    say(
                        "{file} has the house styles of neither letters nor reports: "
                        "say which with --layout letter or --layout report",
                        file=template,
                    )
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
        answer.append({"template": str(template), "mended": _words(mended, workplace)})
        if form == "text":
            _show(template, mended, workplace)
    if form == "json":
        print_json(answer)
    raise SystemExit(Exit.BAD_DATA if failed else Exit.DONE)


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


def _show(template: Path, mended: Sequence[Drift], workplace: Workplace) -> None:
    for words in _words(mended, workplace):
        click.echo(
            workplace.spoken(say("{place}: mended: {what}", place=source_of(template), what=words))
        )
    count = say("{file}: {count} mended", file=template, count=len(mended))
    as_it_was = say("{file}: as it should be, not touched", file=template)
    workplace.note(count if mended else as_it_was)


def _words(mended: Sequence[Drift], workplace: Workplace) -> list[str]:
    return [workplace.spoken(drift.message) for drift in mended]


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
    for name in names:
        if name not in known:
            raise click.UsageError(workplace.spoken(unknown_kind(name)))
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
            raise click.UsageError(workplace.spoken(message))
    if not found:
        message = say("{folder} holds no template of any kind", folder=own)
        raise click.UsageError(workplace.spoken(message))
    return found


def _folders(workplace: Workplace) -> Folders:
    return Folders(workplace.data, workplace.out, workplace.templates)
