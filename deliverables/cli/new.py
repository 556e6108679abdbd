"""deliverables new: the folder of a new contract."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from deliverables.cli.answer import Exit, Workplace, format_option, print_json, tell_next
from deliverables.cli.way import DAY
from deliverables.model.contract import PAYMENT_PLANS
from deliverables.read.contract_text import as_plain_text, plain_bytes
from deliverables.read.files import CONTRACT
from deliverables.read.from_text.found import TextReading
from deliverables.read.yaml import Block, read_yaml
from deliverables.setup import (
    MOST_REPORTS,
    ContractDraft,
    FromText,
    Known,
    Pattern,
    contract_draft,
    label_of,
    lines_of,
    number_fault,
    start,
)
from deliverables.values.problem import Problem, say

_NUMBERS = click.IntRange(1, 600)


@click.command("new")
@click.argument("number")
@click.option("--from", "pattern", metavar="NO",
              help="Take over what contracts of one form have alike; nobody's facts.")  # fmt: skip
@click.option("--signed", type=DAY, metavar="DATE", help="The day it was signed.")
@click.option("--term-months", type=_NUMBERS, metavar="N", help="How many months it runs.")
@click.option("--reports", type=click.IntRange(1, MOST_REPORTS), metavar="N",
              help="How many periodical reports it asks for.")  # fmt: skip
@click.option("--plan", type=click.Choice(PAYMENT_PLANS), help="Which ratios of payment apply.")
@click.option("--instalments", type=click.IntRange(1, 30), metavar="N",
              help="In how many instalments it is paid [default: 3, or as in --from].")  # fmt: skip
@click.option("--from-text", "text", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              metavar="FILE", help="Read the contract's own text: .docx, .txt or .md.")  # fmt: skip
@format_option
@click.pass_obj
def command(
    workplace: Workplace,
    number: str,
    pattern: str | None,
    signed: datetime | None,
    term_months: int | None,
    reports: int | None,
    plan: str | None,
    instalments: int | None,
    text: Path | None,
    form: str,
) -> None:
    """Make data/NUMBER: a contract.yaml that explains itself, blank workbooks, and what comes next.

    Nothing that exists is changed.

    \b
    Examples:
      deliverables new HT-2027-001
      deliverables new HT-2027-001 --from SXYSR202604152 --signed 2027-04-29
      deliverables new HT-2027-001 --plan sme --term-months 24 --reports 8
      deliverables new HT-2027-001 --from-text contract.docx
    """
    fault = number_fault(number, workplace.data)
    if fault:
        raise click.UsageError(workplace.spoken(fault))
    known = Known(
        signed_on=signed.date() if signed else None,
        term_months=term_months,
        reports=reports,
        plan=plan,
    )
    like = _pattern(pattern, workplace) if pattern else None
    reading = _reading(text, workplace) if text else None
    own = _from_text(reading, number) if reading else None
    if reading and own and form != "json":
        _tell_reading(reading, own.draft, number, workplace)
    try:
        files = start(workplace.data, number, known, like, instalments, text=own)
    except OSError as refused:
        workplace.note(
            say("{folder} could not be made, and nothing of it is left: {reason}",
                folder=(workplace.data / number).as_posix(), reason=refused.strerror or refused)
        )  # fmt: skip
        raise SystemExit(Exit.BAD_DATA) from refused
    tell_next(file=files[0].as_posix(), number=number)
    if form == "json":
        facts = {"contract": number, "files": [file.as_posix() for file in files]}
        print_json(facts | (_reading_facts(reading, workplace.language) if reading else {}))
        return
    _show(number, files, workplace)


def _pattern(number: str, workplace: Workplace) -> Pattern:
    file = workplace.data / number / CONTRACT
    problems: list[Problem] = []
    tree = read_yaml(file, problems)
    if isinstance(tree, Block):
        return Pattern(number, tree)
    workplace.show_problems(problems)
    workplace.note(say("{number}: no contract to begin from; nothing was made", number=number))
    raise SystemExit(Exit.BAD_DATA if file.exists() else Exit.WRONG_USE)


def _reading(file: Path, workplace: Workplace) -> TextReading:
    from deliverables.read.contract_text import UnreadableTextError, read_contract_text
    from deliverables.read.from_text import read_text

    try:
        return read_text(as_plain_text(read_contract_text(file)))
    except UnreadableTextError as fault:
        workplace.note(say("{file}: {reason}", file=file.as_posix(), reason=fault.reason))
        raise SystemExit(Exit.WRONG_USE) from fault


def _from_text(reading: TextReading, number: str) -> FromText:
    return FromText(contract_draft(reading, number), plain_bytes(reading.text))


def _tell_reading(
    reading: TextReading, draft: ContractDraft, number: str, workplace: Workplace
) -> None:
    """Say what the text holds that contract.yaml cannot, before anybody types a field."""
    beyond = list(lines_of(reading))
    workplace.note(
        say("{file}: {facts} facts are proved and written, {gaps} readings are not and stay "
            "【待补】; {beyond} terms could not be expressed, {faults} places contradict "
            "themselves or are open",
            file=reading.text.file, facts=len(draft.facts), gaps=len(reading.gaps),
            beyond=len(beyond) + len(draft.untold), faults=len(reading.contradictions))
    )  # fmt: skip
    said = reading.value("identity.number")
    if said and said != number:
        workplace.note(say("the text calls the contract {said}, the folder {number}: one of the "
                           "two must be mended", said=said, number=number))  # fmt: skip
    if beyond or draft.untold:
        workplace.note(say("What could not be expressed:"))
    for topic, article, quote in beyond:
        workplace.note(
            say("  {article} {topic}: {quote}", article=article, topic=topic, quote=quote)
        )
    for fact in draft.untold:
        workplace.note(say("  {article} {path}: {value}", article=fact.passage.article,
                           path=label_of(fact.path), value=fact.value))  # fmt: skip
    if reading.contradictions:
        workplace.note(say("Where the text contradicts itself or is open:"))
    for one in reading.contradictions:
        workplace.note(say("  {article}: {found}", article=one.passage.article, found=one.found))


def _reading_facts(reading: TextReading, language: str) -> dict[str, object]:
    return {
        "facts": {one.path: {"value": one.value, "article": one.passage.article,
                             "quote": one.passage.quote, "place": str(one.passage.place)}
                  for one in reading.facts},
        "gaps": [{"path": one.path, "reading": one.reading, "why": one.why.in_language(language),
                  "article": one.passage.article if one.passage else "",
                  "quote": one.passage.quote if one.passage else ""} for one in reading.gaps],
        "not_expressed": [{"topic": one.topic, "article": one.passage.article,
                           "quote": one.passage.quote} for one in reading.beyond],
        "contradictions": [{"code": one.code, "article": one.passage.article, "found": one.found}
                           for one in reading.contradictions],
    }  # fmt: skip


def _show(number: str, files: tuple[Path, ...], workplace: Workplace) -> None:
    for file in files:
        click.echo(f"{workplace.spoken(say('written'))}  {file.as_posix()}")
    by_name = {file.name: file for file in files}
    contract, first = files[0], files[1]
    roster, ledger = by_name["staff.xlsx"], by_name["ledger.xlsx"]
    steps = (
        say("{file}: with the contract at hand, write in place of every 【待补】; "
            "what each one means stands above it", file=contract.as_posix()),
        say("deliverables check --contract {number} lists what is still missing, with the line",
            number=number),
        say("deliverables workbook Q1 --contract {number} then puts the days of the quarter into "
            "{file}", number=number, file=first.name),
        say("{file}: everyone who works on the project", file=roster.as_posix()),
        say("{file}: when the quarter is over, what happened in it", file=first.as_posix()),
        say("{file}: invoices, payments and acceptances as they come", file=ledger.as_posix()),
    )  # fmt: skip
    workplace.note(say("What to do, in this order:"))
    for count, step in enumerate(steps, 1):
        workplace.note(say("{count}. {step}", count=count, step=step))
