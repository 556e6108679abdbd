"""deliverables template: check templates, draft them from text and turn them back into text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import click

from deliverables import Project
from deliverables.cli.answer import (
    Answer,
    Aside,
    Exit,
    Workplace,
    by_severity,
    format_option,
    problem_facts,
)
from deliverables.cli.selection import titles_of, unknown_kind
from deliverables.docx.house_text import page_at
from deliverables.docx.lint import Purpose, lint
from deliverables.docx.package import read_word_file
from deliverables.docx.page import FrontMatter, Page
from deliverables.docx.page_text import page_text
from deliverables.docx.style import LAYOUTS, Layout
from deliverables.docx.style_sheet import drifts, layout_of
from deliverables.docx.tags import source_of
from deliverables.docx.word_draft import draft
from deliverables.docx.word_page import LossKind, Unsaid, page_of
from deliverables.files.placement import write_atomically
from deliverables.files.refusal import FileInUseError
from deliverables.folders import Folders
from deliverables.letters import known_kinds, problems_of
from deliverables.pdf.separator import TEMPLATE as SEPARATOR
from deliverables.pdf.separator import Separator
from deliverables.seal import TEMPLATE as SEALING_FORM
from deliverables.seal import SealingRequest
from deliverables.values.figure import Line
from deliverables.values.problem import Message, Problem, error, say, warning

_LAYOUT_HELP = "For a template that has no house style yet; else its own styles tell."


@click.group("template", invoke_without_command=False)
def template_command() -> None:
    """Check templates, draft them from text, turn them back into text, dress them.

    \b
    Examples:
      deliverables template check
      deliverables template draft our-templates/payment_request.md
      deliverables template text our-templates/payment_request.docx
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
    unsound = {name: faults for name in names if (faults := problems_of(name, _folders(workplace)))}
    for name, faults in unsound.items():
        found.append(_Linted(name, Path(faults[0].source.file), faults))
    others = [name for name in names if name not in unsound]
    for name, purpose in _asked(workplace, others) if others or not names else ():
        template = _template(workplace, name)
        problems = (*lint(template, purpose), *_of_its_text(workplace, name, template))
        found.append(_Linted(name, template, problems))
    workplace.answer(_Checked(tuple(found)), form)


def _of_its_text(workplace: Workplace, name: str, template: Path) -> Iterator[Problem]:
    """Yield what is wrong with the text of a template: its lines, or that it is not drafted."""
    text = _text_in_folders(workplace, name)
    if not text.exists() or text.parent not in (template.parent, workplace.templates):
        return
    page = _page(workplace, text)
    if not isinstance(page, Page):
        yield from page
    elif text.with_suffix(".docx") != template or draft(page) != template.read_bytes():
        yield warning(
            "template-undrafted",
            Line(text.as_posix()),
            say("{file} does not say what its text says", file=template.name)
            if text.parent == template.parent
            else say("no Word file has been drafted from it; the shipped one is used"),
            say("deliverables template draft, or carry what was changed in Word into the text"),
        )


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

    def facts(self, language: str) -> dict[str, object]:
        return {
            "templates": [
                {
                    "kind": one.kind,
                    "template": str(one.template),
                    "sound": not one.problems,
                    "problems": [problem_facts(each, language) for each in one.problems],
                }
                for one in self.found
            ]
        }

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


@template_command.command("draft")
@click.argument("texts", metavar="[KIND|FILE]...", nargs=-1)
@click.option("--output", metavar="FILE", help="The Word file to write (default: beside the text).")
@click.option(
    "--force",
    is_flag=True,
    help="Replace a Word file that was changed in Word since it was drafted.",
)
@format_option
@click.pass_obj
def draft_command(
    workplace: Workplace,
    *,
    texts: tuple[str, ...],
    output: str | None,
    force: bool,
    form: str,
) -> None:
    """Draft Word templates from their texts: all kinds, each KIND, or a FILE.md.

    The text of a KIND lies in the folder of --templates, else among the shipped ones. The same text
    gives the same file. A Word file with changes that its text does not have is left as it is.

    \b
    Examples:
      deliverables template draft letters/reminder.md
      deliverables --templates our-templates template draft payment_request
    """
    sources = [_text_of(workplace, name) for name in texts] or [
        text
        for name in purposes(_folders(workplace))
        if (text := _text_of(workplace, name)).exists()
    ]
    if output and len(sources) != 1:
        raise workplace.misused(say("--output is for one text, there are {count}",
                                    count=len(sources)))  # fmt: skip
    drafted: list[_Made] = []
    for text in sources:
        target = Path(output) if output else text.with_suffix(".docx")
        drafted.append(_drafted(workplace, text, target, force=force))
    workplace.answer(_Drafted(tuple(drafted)), form)


@template_command.command("text")
@click.argument("template", metavar="KIND|FILE")
@click.option("--layout", type=click.Choice(sorted(LAYOUTS)), help=_LAYOUT_HELP)
@click.option("--output", metavar="FILE", help="The text file to write (default: it is shown).")
@format_option
@click.pass_obj
def text_command(
    workplace: Workplace, template: str, layout: str | None, output: str | None, form: str
) -> None:
    """Turn a Word template back into text, by the names of its styles.

    What the Word file holds that no text can say is told with its place: pictures, notes, merged
    cells, formatting set by hand. Ends with 1 if words or pictures would be lost with it. What a
    text beside it declares between --- and --- is kept; shared chapters are written out.

    \b
    Examples:
      deliverables template text our-templates/payment_request.docx
      deliverables template text letter.docx --output letter.md --layout letter
    """
    file = Path(template)
    if file.suffix.lower() not in (".docx", ".dotx"):
        known = dict(_asked(workplace, [template]))
        file = _template(workplace, next(iter(known)))
    back = _back(workplace, file, layout)
    if isinstance(back, _UnreadTemplate):
        workplace.show_problems(back.problems)
        raise click.exceptions.Exit(Exit.BAD_DATA)
    target = Path(output) if output else None
    if target and target.exists():
        raise workplace.misused(
            say("{file} exists; give another name, or move it away first", file=target)
        )
    page = replace(back.page, front=_front_beside(workplace, file))
    answer = _TemplateText(file, target, page_text(page), back.untold)
    if target:
        _written(workplace, target, answer.text.encode())
    workplace.answer(answer, form)


@template_command.command("dress")
@click.argument("names", metavar="[KIND]...", nargs=-1)
@click.option("--layout", type=click.Choice(sorted(LAYOUTS)), help=_LAYOUT_HELP)
@format_option
@click.pass_obj
def dress_command(
    workplace: Workplace, names: tuple[str, ...], layout: str | None, form: str
) -> None:
    """Put the house style into templates again: all of them, or each KIND.

    With --templates your own, else the shipped ones. The template is turned into text and drafted
    anew: styles, numbers, pages and settings become the house's, formatting set by hand goes, words
    and tags stay. A template that is as it should be is not touched, nor one with something in it
    that no text can say: that is told with its place.

    \b
    Examples:
      deliverables template dress
      deliverables --templates our-templates template dress annual_summary
      deliverables --templates our-templates template dress payment_request --layout letter
    """
    failed = False
    dressed = []
    for template in _to_dress(workplace, names):
        back = _back(workplace, template, layout)
        if isinstance(back, _UnreadTemplate):
            failed = True
            workplace.show_problems(back.problems)
            continue
        matter = [untold for untold in back.untold if untold.kind is LossKind.MATTER]
        if matter:
            failed = True
            workplace.show_problems(_held(template, untold) for untold in matter)
            continue
        mended = (*back.drifts, *(untold.message for untold in back.untold))
        if mended and not _written(workplace, template, draft(back.page)):
            failed = True
            continue
        dressed.append((template, mended))
    workplace.answer(_Dressed(tuple(dressed), failed=failed), form)


@dataclass(frozen=True, slots=True)
class _Made:
    """One text and the Word file it was drafted to; or why not."""

    text: Path
    target: Path
    is_new: bool
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Drafted(Answer):
    """What was drafted from which text."""

    made: tuple[_Made, ...]

    def lines(self, language: str) -> Iterator[Message | Problem]:
        for one in self.made:
            yield from one.problems
            if one.problems:
                continue
            drafted = say("{file}: drafted from {text}", file=one.target, text=one.text)
            as_it_was = say("{file}: as its text says, not touched", file=one.target)
            yield drafted if one.is_new else as_it_was

    def facts(self, language: str) -> dict[str, object]:
        return {
            "templates": [
                {
                    "text": str(one.text),
                    "template": str(one.target),
                    "drafted": one.is_new,
                    "problems": [problem_facts(each, language) for each in one.problems],
                }
                for one in self.made
            ]
        }

    @property
    def code(self) -> Exit:
        return Exit.BAD_DATA if any(one.problems for one in self.made) else Exit.DONE

    @property
    def next(self) -> Message:
        if self.code is Exit.DONE:
            return say("next: deliverables template check tells whether its names are right")
        return say("next: mend the lines that are named and draft it again")


@dataclass(frozen=True, slots=True)
class _TemplateText(Answer):
    """The text of a template, and what of the Word file is not in it."""

    template: Path
    target: Path | None
    text: str
    untold: tuple[Unsaid, ...]

    def lines(self, language: str) -> Iterator[str | Message]:
        if self.target:
            yield say("{file}: written from {source}", file=self.target, source=self.template)
        else:
            yield self.text.removesuffix("\n")

    def facts(self, language: str) -> dict[str, object]:
        return {
            "template": str(self.template),
            "text": self.text,
            "untold": [
                {"what": one.message.in_language(language), "kind": one.kind.value}
                for one in self.untold
            ],
        }

    def asides(self) -> Iterator[Problem]:
        yield from (_held(self.template, untold) for untold in self.untold)

    @property
    def code(self) -> Exit:
        lost = any(untold.kind is LossKind.MATTER for untold in self.untold)
        return Exit.BAD_DATA if lost else Exit.DONE

    @property
    def next(self) -> Message:
        return say("next: deliverables template draft makes the Word file of a text")


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

    def facts(self, language: str) -> dict[str, object]:
        return {
            "templates": [
                {
                    "template": str(template),
                    "mended": [words.in_language(language) for words in mended],
                }
                for template, mended in self.templates
            ]
        }

    @property
    def code(self) -> Exit:
        return Exit.BAD_DATA if self.failed else Exit.DONE

    @property
    def next(self) -> Message:
        return _after(self.code)


@dataclass(frozen=True, slots=True)
class _Back:
    """A Word template as a page, what is not in it, and what of its style is not the house's."""

    page: Page
    untold: tuple[Unsaid, ...]
    drifts: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class _UnreadTemplate:
    """Why a file is no template."""

    problems: tuple[Problem, ...]


def _back(workplace: Workplace, template: Path, layout: str | None) -> _Back | _UnreadTemplate:
    """Return a Word template as a page."""
    try:
        package, objections = read_word_file(template)
    except OSError as why:
        raise workplace.misused(
            say("{file} cannot be read: {why}", file=template, why=why.strerror)
        ) from None
    if package is None:
        source = source_of(template)
        return _UnreadTemplate(
            tuple(error("template-file", source, what, fix) for what, fix in objections)
        )
    chosen: Layout | None = LAYOUTS[layout] if layout else layout_of(package)
    if chosen is None:
        raise workplace.misused(
            say(
                "{file} has the house styles of neither letters nor reports: "
                "say which with --layout letter or --layout report",
                file=template,
            )
        )
    page, untold = page_of(package, chosen, template.name)
    return _Back(page, untold, tuple(drifts(package, chosen)))


def _held(template: Path, untold: Unsaid) -> Problem:
    """Return what a text cannot say as a problem: an error where words or pictures are lost."""
    source = source_of(template)
    if untold.kind is LossKind.MATTER:
        fix = say("take it out in Word, or keep this template in Word and do without a text")
        return error("template-untold", source, untold.message, fix)
    fix = say("the house style takes its place; nothing to do if that is meant")
    return warning("template-untold", source, untold.message, fix)


def _drafted(workplace: Workplace, text: Path, target: Path, *, force: bool) -> _Made:
    """Draft one text, unless a person changed the Word file since."""
    page = _page(workplace, text)
    if not isinstance(page, Page):
        return _Made(text, target, is_new=False, problems=page)
    content = draft(page)
    if target.exists():
        if target.read_bytes() == content:
            return _Made(text, target, is_new=False)
        if not force and not _is_a_draft(target):
            told = error(
                "template-changed",
                source_of(target),
                say("it was changed in Word since it was drafted from its text"),
                say("carry the changes into the text (deliverables template text), or --force"),
            )
            return _Made(text, target, is_new=False, problems=(told,))
    if not _written(workplace, target, content):
        raise click.exceptions.Exit(Exit.BAD_DATA)
    return _Made(text, target, is_new=True)


def _page(workplace: Workplace, text: Path) -> Page | tuple[Problem, ...]:
    """Return the page of a text, its shared chapters from the user's folder or the shipped ones."""
    try:
        return page_at(text, lambda name: _text_in_folders(workplace, name.removesuffix(".md")))
    except OSError as why:
        raise workplace.misused(
            say("{file} cannot be read: {why}", file=text, why=why.strerror)
        ) from None


def _front_beside(workplace: Workplace, template: Path) -> FrontMatter | None:
    """Return what the text beside a template declares, which no Word file holds."""
    text = template.with_suffix(".md")
    page = _page(workplace, text) if text.exists() else None
    return page.front if isinstance(page, Page) else None


def _is_a_draft(template: Path) -> bool:
    """Return whether a Word file is as it was drafted, from this text or an earlier one."""
    package, _ = read_word_file(template)
    layout = layout_of(package) if package else None
    if package is None or layout is None:
        return False
    return draft(page_of(package, layout, template.name)[0]) == template.read_bytes()


def _written(workplace: Workplace, target: Path, content: bytes) -> bool:
    """Write a file, or say why that cannot be."""
    try:
        write_atomically(target, content)
    except OSError as why:
        workplace.note(_failure(target, why))
        return False
    return True


def _failure(template: Path, why: OSError) -> Message:
    if isinstance(why, FileInUseError):
        return why.message
    return say("{file} cannot be written: {why}", file=template, why=why.strerror)


def _text_of(workplace: Workplace, name: str) -> Path:
    """Return the text that is asked for: a file, or that of a kind."""
    if name.endswith(".md"):
        return Path(name)
    ((kind, _),) = _asked(workplace, [name])
    return _text_in_folders(workplace, kind)


def _text_in_folders(workplace: Workplace, name: str) -> Path:
    return _template(workplace, name, suffix=".md")


def _template(workplace: Workplace, name: str, suffix: str = ".docx") -> Path:
    """Return the template of a kind, which may be the letter of a single contract."""
    folders = _folders(workplace)
    found = folders.template(name, suffix=suffix)
    own = (folders.template(name, one, suffix) for one in Project(folders).contracts)
    return found if found.exists() else next((one for one in own if one.exists()), found)


def purposes(folders: Folders) -> dict[str, Purpose]:
    """Return what each template is for: those of the kinds, the form for the seal, the separator
    of what is printed.
    """
    return {
        **{
            kind.name: Purpose(kind.offers, sealed=bool(kind.sealing.seals))
            for kind in known_kinds(folders).values()
        },
        SEALING_FORM: Purpose(SealingRequest, sealed=False),
        SEPARATOR: Purpose(Separator, sealed=False),
    }


def _asked(workplace: Workplace, names: Sequence[str]) -> Iterator[tuple[str, Purpose]]:
    known = purposes(_folders(workplace))
    kinds = known_kinds(_folders(workplace))
    titles = titles_of(kinds) | _FORMS
    by_title = {title: name for name, title in titles.items()}
    names = [by_title.get(name.strip(), name) for name in names]
    for name in names:
        if name not in known:
            raise workplace.misused(unknown_kind(name, titles))
    yield from ((name, known[name]) for name in dict.fromkeys(names or known))


_FORMS: Final = {SEALING_FORM: "用印申请单", SEPARATOR: "打印分隔页"}
"""What templates of no kind are called."""


def _to_dress(workplace: Workplace, names: Sequence[str]) -> list[Path]:
    """Return the templates to dress; with --templates none but those in that folder."""
    own = workplace.templates
    found = []
    for name, _ in _asked(workplace, names):
        template = own / f"{name}.docx" if own else _template(workplace, name)
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
