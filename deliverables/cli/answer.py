"""The one way to answer: tables, JSON, problems, findings, differences, and the next step."""

from __future__ import annotations

import codecs
import gettext
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from enum import IntEnum
from itertools import groupby
from pathlib import Path
from typing import Any, Final, TypeVar
from unicodedata import category, east_asian_width

import click

from deliverables.edits import Approval, Conflict
from deliverables.folders import Folders
from deliverables.lazily import dataclass
from deliverables.setup import TO_FILL, Section, Task, sections
from deliverables.values.problem import CATALOGUES, DOMAIN, Message, Problem, Severity, clauses, say
from deliverables.verify.account import Change, Difference
from deliverables.verify.finding import Finding

LANGUAGES = ("zh", "en")


def system_language() -> str:
    """Return "zh" on a Chinese system, "en" elsewhere."""
    named = next((os.environ[name] for name in _LOCALE_NAMES if os.environ.get(name)), "")
    tag = named or _locale() or ""
    return "zh" if tag.lower().startswith(("zh", "chinese")) else "en"


def _locale() -> str | None:
    import locale

    return locale.getlocale()[0]


def language_asked(arguments: Sequence[str]) -> str:
    """Return the language of a command line before click reads it: help and errors speak it too."""
    for number, argument in enumerate(arguments):
        option, given, value = argument.partition("=")
        if option == "--lang":
            asked = value if given else "".join(arguments[number + 1 : number + 2])
            return asked if asked in LANGUAGES else system_language()
    return system_language()


@contextmanager
def click_speaking(language: str) -> Iterator[None]:
    """Let click, which asks gettext for its own words, find them in our catalogue."""
    domain, asked = gettext.textdomain(), os.environ.get(_GETTEXT)
    gettext.bindtextdomain(DOMAIN, CATALOGUES)
    gettext.textdomain(DOMAIN)
    os.environ[_GETTEXT] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if asked is None:
            del os.environ[_GETTEXT]
        else:
            os.environ[_GETTEXT] = asked


def for_reading(value: object, language: str) -> str:
    """Return a value as people of that language write it: a day, a number to its last digit.

    What is only for programs, or is typed in again, stays as it is: 2026-11-02, 1957783.48.
    """
    from datetime import date, datetime
    from decimal import Decimal

    from babel.dates import format_date
    from babel.numbers import format_decimal

    from deliverables.model.fields import show_moment

    match value:
        case None:
            return "—"
        case datetime():
            return show_moment(value)
        case date():
            return format_date(value, "medium", locale=language)
        case Decimal() if value.is_finite():
            places = max(0, -int(value.as_tuple().exponent))
            pattern = "#,##0" + ("." + "0" * places if places else "")
            return format_decimal(value, pattern, locale=language, decimal_quantization=False)
        case _:
            return str(value)


_LOCALE_NAMES = ("LC_ALL", "LC_MESSAGES", "LANG")
_GETTEXT = "LANGUAGE"


_ODD: Final = ("C", "M")  # control and combining characters, whose width is rich's business
_FIRST_EMOJI: Final = 0x1F000
_LAST_EMOJI: Final = 0x1FFFF


def plain_table(rows: Sequence[Sequence[str]], width: int) -> str | None:
    """Return the rows, of which the first is the header; None if they need more than the width."""
    if any(_is_odd(letter) for letter in set().union(*(text for row in rows for text in row))):
        return None
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    whole = sum(widths) + 3 * len(widths) - 1
    if whole > width:
        return None
    padded = (
        [text + " " * (wide - _width(text)) for text, wide in zip(row, widths, strict=True)]
        for row in rows
    )
    lines = [f" {'   '.join(texts)} " for texts in padded]
    return "\n".join([" " * whole, lines[0], f" {'─' * (whole - 2)} ", *lines[1:], " " * whole])


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _is_odd(letter: str) -> bool:
    return category(letter)[0] in _ODD or _FIRST_EMOJI <= ord(letter) <= _LAST_EMOJI


FORM = "deliverables.form"
"""Under this key the click context keeps whether people or programs are answered."""
_WIDE = 260
"""How wide a table may be in a file."""


class Exit(IntEnum):
    """What the exit code of every command means."""

    DONE = 0
    BAD_DATA = 1
    WRONG_USE = 2
    REFUTED = 3
    PARTLY_FAILED = 4


@dataclass(frozen=True, slots=True)
class Workplace:
    """The folders a command works in and the language it speaks."""

    data: Path
    out: Path
    templates: Path | None
    language: str

    @property
    def folders(self) -> Folders:
        """The folders, once the data folder is known to exist."""
        if not self.data.is_dir():
            raise click.UsageError(
                self.spoken(
                    say(
                        "there is no folder {folder}: go to your project's folder or give --data",
                        folder=self.data,
                    )
                )
            )
        return Folders(self.data, self.out, self.templates)

    def spoken(self, message: Message) -> str:
        """Return a message in the user's language."""
        return message.in_language(self.language)

    def note(self, message: Message) -> None:
        """Tell the user something on standard error."""
        click.echo(self.spoken(message), err=True)

    def show_problems(self, problems: Iterable[Problem], *, err: bool = True) -> None:
        """Print problems, errors first, each on a line of its own."""
        order = list(Severity)
        for problem in sorted(problems, key=lambda item: order.index(item.severity)):
            click.echo(problem.in_language(self.language), err=err)

    def table(self, headers: Sequence[Message], rows: Sequence[Sequence[object]]) -> None:
        """Print a table on standard output; a terminal's width is respected, a file's is not.

        Days and numbers are given as such and written as the user's language writes them.
        """
        if not sys.stdout.isatty():
            lines = [[self.spoken(header) for header in headers], *self._for_reading(rows)]
            plain = plain_table(lines, _WIDE)
            if plain is not None:
                click.echo(plain)
                return
        from rich import box
        from rich.console import Console
        from rich.table import Table

        wide = None if sys.stdout.isatty() else _WIDE
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for header in headers:
            table.add_column(self.spoken(header), overflow="fold")
        for row in self._for_reading(rows):
            table.add_row(*row)
        Console(width=wide, highlight=False, markup=False, emoji=False).print(table)

    def _for_reading(self, rows: Sequence[Sequence[object]]) -> list[list[str]]:
        return [[for_reading(cell, self.language) for cell in row] for row in rows]


def print_json(answer: object) -> None:
    """Print an answer for another program: in UTF-8, or in ASCII where the stream is no UTF-8."""
    utf8 = codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8"
    click.echo(json.dumps(answer, ensure_ascii=not utf8, indent=2, default=str))


def problem_facts(problem: Problem, language: str) -> dict[str, str]:
    """Return a problem for another program."""
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "place": str(problem.source),
        "message": problem.message.in_language(language),
        "fix": problem.fix.in_language(language),
    }


F = TypeVar("F", bound=Callable[..., Any])


def _today(ctx: click.Context, parameter: click.Parameter, day: object) -> date:
    return day.date() if hasattr(day, "date") else date.today()  # noqa: DTZ011  # the user's own day


def as_of_option(command: F) -> F:
    """Add --as-of: the day that documents are made for, today unless it is given."""
    return click.option(
        "--as-of",
        type=click.DateTime(["%Y-%m-%d"]),
        callback=_today,
        metavar="DATE",
        help="The day to work for (default: today); later events are not seen.",
    )(command)


def _remember_form(ctx: click.Context, parameter: click.Parameter, form: str) -> str:
    ctx.meta[FORM] = form
    return form


def format_option(command: F) -> F:
    """Add --format: text for people or json for programs."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        callback=_remember_form,
        help="Answer for people or for programs.",
    )(command)


def contract_option(command: F) -> F:
    """Add --contract: one contract instead of all of them."""
    return click.option("--contract", metavar="NO", help="Only this contract.")(command)


def require_contract(workplace: Workplace, contract: str | None, found: Sequence[str]) -> None:
    """Refuse to go on where there is no contract, or none of that number."""
    if found:
        return
    if contract is None:
        message = say("{folder} holds no contract.yaml in any folder", folder=workplace.data)
    else:
        message = _no_contract(workplace, contract)
    raise click.UsageError(workplace.spoken(message))


def _no_contract(workplace: Workplace, number: str) -> Message:
    from deliverables.read.characters import nearest
    from deliverables.read.files import find_contracts

    near = nearest(number, [folder.name for folder in find_contracts(workplace.data)])
    message = say("{folder} holds no contract {number}", folder=workplace.data, number=number)
    return say("{message}; did you mean {near}?", message=message, near=near) if near else message


def show_findings(findings: Iterable[Finding], workplace: Workplace) -> None:
    """Print findings on standard error, each on a line of its own."""
    for finding in findings:
        click.echo(finding.in_language(workplace.language), err=True)


def finding_facts(finding: Finding, language: str) -> dict[str, object]:
    """Return a finding for another program."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "where": finding.where.in_language(language),
        "message": finding.message.in_language(language),
        "expected": finding.expected,
        "found": finding.found,
        "figure": finding.key,
        "sources": [str(source) for source in finding.sources],
    }


def show_tasks(problems: Sequence[Problem], workplace: Workplace) -> None:
    """Print what else is wrong, then the list of what is to be filled in, in order."""
    workplace.show_problems(
        (problem for problem in problems if problem.severity is not Severity.GAP), err=False
    )
    explained: set[str] = set()
    by_file = groupby(sections(problems), lambda section: section.file)
    for number, (file, found) in enumerate(by_file, 1):
        listed = list(found)
        click.echo(f"{number}. {file}{_counted(listed, workplace)}")
        for section in listed:
            if section.title:
                click.echo(f"   {section.title}")
            for task in section.tasks:
                click.echo(f"     {_told(task, explained, workplace)}")


def tell_unfinished(contract: str, problems: Sequence[Problem], workplace: Workplace) -> None:
    """Say in one line that nothing can be planned or made yet, and where the list is."""
    count = sum(problem.code == TO_FILL for problem in problems)
    workplace.note(
        say(
            "{contract}: not ready, {count} facts that every document needs are still 【待补】; "
            "deliverables check --contract {contract} lists them",
            contract=contract,
            count=count,
        )
    )


def _counted(listed: Sequence[Section], workplace: Workplace) -> str:
    facts = [task for section in listed if section.title for task in section.tasks]
    if not facts:
        return ""
    needed = sum(task.needed for task in facts)
    message = say(
        "write in place of 【待补】: {needed} facts now, {later} can wait",
        needed=needed,
        later=len(facts) - needed,
    )
    return f"  {workplace.spoken(message)}"


def _told(task: Task, explained: set[str], workplace: Workplace) -> str:
    """Return a task in one line; what was explained further up is not explained again."""
    what, how = workplace.spoken(task.what), workplace.spoken(task.how) if task.how else ""
    if task.line:
        when = say("now") if task.needed else say("can wait")
        what = workplace.spoken(say("[{when}] line {line}  {what}", when=when, line=task.line,
                                    what=what))  # fmt: skip
    if not how or how in explained:
        return what
    explained.add(how)
    return workplace.spoken(say("{what}: {how}", what=what, how=how))


Facts = Mapping[str, Any]
_META = "deliverables.outcome"


def tell_next(**facts: object) -> None:
    """Tell what the next step depends on, such as the file that was made."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta.setdefault(_META, {}).update(facts)


def next_step(command: str, code: int, context: click.Context) -> Message:
    """Return what one would do after a command that ended with `code`."""
    facts: Facts = context.meta.get(_META, {})
    written = _AFTER.get(command)
    step = written(Exit(code), facts) if written else None
    return step or (_SHOW_PLAN if code == Exit.DONE else _MEND)


_SHOW_PLAN = say("next: deliverables plan shows what is due and what stands in its way")
_MEND = say("next: mend what is said above and run the command again")
_CHECK_ROWS = say("next: deliverables check reads the new rows with all the others")
_CHECK = say("next: mend the errors, from the first on, and run deliverables check again")


def _check(code: Exit, facts: Facts) -> Message | None:
    if facts.get("unfinished"):
        return say("next: fill in what is listed, from the top, and run deliverables check again")
    return _SHOW_PLAN if code is Exit.DONE else _CHECK


def _plan(code: Exit, facts: Facts) -> Message | None:
    if code is not Exit.DONE:
        return _CHECK
    if facts.get("ready"):
        return say("next: deliverables build --due --as-of {day} makes what is ready", **facts)
    return say("next: supply what is missing; the table says what, and from which day on")


def _build(code: Exit, facts: Facts) -> Message | None:
    if code is Exit.REFUTED:
        return say("next: nothing was replaced; deliverables template check looks for the fault")
    if code is not Exit.DONE:
        return _SHOW_PLAN if facts.get("sound") else _CHECK
    if facts.get("made"):
        return say("next: read {made} in Word or WPS, mend the prose, then deliverables verify",
                   **facts)  # fmt: skip
    return _SHOW_PLAN


def _verify(code: Exit, facts: Facts) -> Message | None:
    if code is Exit.REFUTED:
        return say("next: put back what is named as an error, or correct the data and make it anew "
                   "with deliverables build KIND --keep-edits")  # fmt: skip
    if not facts.get("proved"):
        return say("next: deliverables build --due makes what can be made")
    if facts.get("changed") and facts.get("edited"):
        return say("next: deliverables build --edits-from {proved} makes it anew, with the edits",
                   **facts)  # fmt: skip
    if facts.get("changed"):
        return say("next: deliverables build makes anew what the data have changed")
    if facts.get("edited"):
        return say("next: read the edits, then deliverables final {proved} --approve all "
                   "--by NAME --role ROLE", **facts)  # fmt: skip
    return say("next: deliverables final {proved} once it has been read and approved", **facts)


def _explain(code: Exit, facts: Facts) -> Message | None:
    return say("next: deliverables diff FILE tells what the data of today would change")


def _diff(code: Exit, facts: Facts) -> Message | None:
    return say("next: deliverables explain FILE FIGURE tells where a figure comes from")


def _final(code: Exit, facts: Facts) -> Message | None:
    if code is not Exit.DONE and facts.get("unapproved"):
        return say("next: read the edited passages, then run deliverables final again with "
                   "--approve all --by NAME --role ROLE")  # fmt: skip
    if code is not Exit.DONE:
        return say("next: mend what is said above, then run deliverables final again")
    return say("next: print and sign the form; when it is sealed: "
               "deliverables sealed {file} --scan SCAN.pdf --date DATE", **facts)  # fmt: skip


def _sealed(code: Exit, facts: Facts) -> Message | None:
    if code is not Exit.DONE:
        return None
    return say("next: hand it over, then deliverables delivered {file} --date DATE", **facts)


def _delivered(code: Exit, facts: Facts) -> Message | None:
    if code is not Exit.DONE:
        return None
    if facts.get("awaited"):
        return say("next: when the client has answered: deliverables accepted {file} --date DATE",
                   **facts)  # fmt: skip
    return _SHOW_PLAN


def _accepted(code: Exit, facts: Facts) -> Message | None:
    if code is not Exit.DONE:
        return None
    return say("next: add the row to ledger.xlsx, then deliverables check")


def _status(code: Exit, facts: Facts) -> Message | None:
    if code is Exit.DONE and facts.get("stale"):
        return say("next: deliverables status --figures tells what changed; "
                   "deliverables build makes the stale documents anew")  # fmt: skip
    return None


def _import(code: Exit, facts: Facts) -> Message | None:
    if facts.get("dry_run") and code is Exit.DONE:
        return say("next: run the same command without --dry-run")
    if code is not Exit.DONE:
        return say("next: mend the mapping or the rows named above and import again: "
                   "rows that were added are not added twice")  # fmt: skip
    return _CHECK_ROWS if facts.get("added") else None


def _finance(code: Exit, facts: Facts) -> Message | None:
    if code is not Exit.DONE:
        return _CHECK
    if facts.get("command"):
        return say("next: the most urgent first: {command}", **facts)
    return _SHOW_PLAN


def _ledger(code: Exit, facts: Facts) -> Message | None:
    if facts.get("kept"):
        return say("next: compare what was edited with the account above; --replace keeps both")
    if code is not Exit.DONE:
        return _CHECK
    if facts.get("open"):
        return say("next: settle what is inconsistent, enter it in ledger.xlsx, and run this again")
    if facts.get("written"):
        return _FINANCE
    return say("next: deliverables ledger --xlsx --as-of {day} writes the workbook for month-end",
               **facts)  # fmt: skip


_FINANCE = say("next: deliverables finance says what is to be done, and by when")


def _pack(code: Exit, facts: Facts) -> Message | None:
    if code is Exit.REFUTED:
        return say("next: make the letter anew with --replace, or correct it in Word")
    if code is not Exit.DONE:
        return _FINANCE if facts.get("sound") else _CHECK
    if facts.get("to_issue"):
        return say("next: have the invoice issued by the 开票申请单, or deliverables "
                   "invoice-import {instalment}; enter it in ledger.xlsx and run this again",
                   **facts)  # fmt: skip
    return say("next: read {letter} in Word or WPS, then deliverables final {letter}", **facts)


def _invoice_import(code: Exit, facts: Facts) -> Message | None:
    if code is Exit.DONE and facts.get("file"):
        return say("next: import {file} in the tax portal, issue the invoice there, and enter it "
                   "in ledger.xlsx", **facts)  # fmt: skip
    return None if facts.get("sound") else _CHECK


def _new(code: Exit, facts: Facts) -> Message | None:
    if code is not Exit.DONE:
        return None
    return say("next: fill in {file}, then deliverables check --contract {number}", **facts)


def _workbook(code: Exit, facts: Facts) -> Message | None:
    if facts.get("kept"):
        return say("next: fill in what is there; --replace sets it aside, --merge takes its rows "
                   "along")  # fmt: skip
    if code is not Exit.DONE:
        return None
    return say("next: fill in {file} in Excel or WPS, then deliverables check", **facts)


def _overview(code: Exit, facts: Facts) -> Message | None:
    if code not in (Exit.DONE, Exit.BAD_DATA) or not facts:
        return None
    if facts.get("shown"):
        return _SHOW_PLAN if code is Exit.DONE else _CHECK
    return say("next: open {file} in the browser; --open does so at once", **facts)


def _completion(code: Exit, facts: Facts) -> Message | None:
    return say("next: start a new shell; then the Tab key finishes what is typed")


def _kinds(code: Exit, facts: Facts) -> Message | None:
    if facts.get("kind"):
        return say("next: after a change of the template: deliverables template check {kind}",
                   **facts)  # fmt: skip
    return say("next: deliverables kinds KIND lists the names its template may use")


def _template(code: Exit, facts: Facts) -> Message | None:
    if code is Exit.DONE:
        return say("next: make a document with it: deliverables build KIND")
    return say("next: deliverables template dress mends the looks; names are mended in Word")


_AFTER: Mapping[str, Callable[[Exit, Facts], Message | None]] = {
    "check": _check,
    "plan": _plan,
    "build": _build,
    "verify": _verify,
    "explain": _explain,
    "diff": _diff,
    "final": _final,
    "sealed": _sealed,
    "delivered": _delivered,
    "accepted": _accepted,
    "status": _status,
    "finance": _finance,
    "ledger": _ledger,
    "pack": _pack,
    "invoice-import": _invoice_import,
    "new": _new,
    "workbook": _workbook,
    "overview": _overview,
    "completion": _completion,
    "import": _import,
    "kinds": _kinds,
    "template": _template,
}


def difference_lines(
    one: Difference, workplace: Workplace, approval: Approval | None = None
) -> Iterator[str]:
    """Yield what a person did, line by line: where and what, before, after, whose, what to do."""
    spoken = workplace.spoken
    label = one.severity.label(workplace.language)
    where = one.place.message().in_language(workplace.language)
    name = f"{label}[{one.passage}]" if one.is_edit else f"{label}[{one.code}]"
    said = spoken(one.message)
    yield f"    {name} {where}: {said}"
    if one.before and one.before not in said:
        yield f"        - {one.before}"
    if one.after and one.after not in said:
        yield f"        + {one.after}"
    if one.sources:
        told = say("{name} comes from {sources}", name=one.name or one.key,
                   sources=clauses(one.sources))  # fmt: skip
        yield f"        {spoken(told)}"
    if approval is not None:
        told = say("approved by {by}, {role}, {day}", by=approval.by, role=approval.role,
                   day=approval.day)  # fmt: skip
        yield f"        {spoken(told)}"
    else:
        yield f"        {spoken(one.advice)}"


def difference_facts(
    one: Difference, approvals: Mapping[str, Approval], language: str
) -> dict[str, object]:
    """Return what a person did, for another program."""
    approval = approvals.get(one.passage)
    return {
        "code": one.code,
        "severity": one.severity.value,
        "where": one.place.message().in_language(language),
        "message": one.message.in_language(language),
        "before": one.before,
        "after": one.after,
        "figure": one.key,
        "name": one.name,
        "sources": list(one.sources),
        "advice": one.advice.in_language(language),
        "passage": one.passage,
        "approved": None
        if approval is None
        else {"by": approval.by, "role": approval.role, "day": approval.day},
    }


def change_lines(changes: Iterable[Change], workplace: Workplace) -> Iterator[str]:
    """Yield the cells that changed, and under them the figures that became otherwise by them."""
    behind: dict[tuple[tuple[str, str, str], ...], Counter[str]] = {}
    for one in changes:
        before, now = (_shown(text, workplace) for text in (one.before, one.now))
        figures = behind.setdefault(one.cells, Counter())
        figures[f"{one.name or one.key}: {before} → {now}"] += 1
    for cells, figures in behind.items():
        for source, then, today in cells:
            yield f"    {source}: {then or '—'} → {today or '—'}"
        for figure, times in figures.items():
            often = workplace.spoken(say("({count} times)", count=times)) if times > 1 else ""
            yield f"        {figure} {often}".rstrip()


def change_facts(one: Change) -> dict[str, object]:
    """Return what the data of today give otherwise, for another program."""
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


def _shown(text: str | None, workplace: Workplace) -> str:
    return workplace.spoken(say("(not there)")) if text is None else text


def conflict_lines(one: Conflict, workplace: Workplace) -> Iterator[str]:
    """Yield a passage that could not be put back: as made, as edited, as it is now."""
    where = one.place.message().in_language(workplace.language)
    yield f"    {where}: {workplace.spoken(one.why)}"
    versions: tuple[tuple[Message, str], ...] = (
        (say("as it was made"), one.made),
        (say("as it was edited"), one.edited),
        (say("as it is now"), one.now),
    )
    for label, text in versions:
        if text:
            yield f"        {workplace.spoken(label)}: {text}"


def conflict_facts(one: Conflict, language: str) -> dict[str, object]:
    """Return a passage that could not be put back, for another program."""
    return {
        "where": one.place.message().in_language(language),
        "why": one.why.in_language(language),
        "made": one.made,
        "edited": one.edited,
        "now": one.now,
    }
