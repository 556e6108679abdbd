"""deliverables ledger: what was asked, invoiced, received, deducted, and is still owed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deliverables.cli.answer import (
    Exit,
    Workplace,
    as_of_option,
    contract_option,
    format_option,
    print_json,
    problem_facts,
    require_contract,
    tell_next,
)
from deliverables.cli.plan import due_text
from deliverables.compute.account import Account, InstalmentAccount
from deliverables.compute.claims import VAT_IS_OPEN, ClaimState
from deliverables.compute.open_points import disputes_past_due
from deliverables.examination import examine
from deliverables.files import FileInUseError
from deliverables.finance.month_end import (
    MonthEnd,
    Written,
    default_file,
    money_of,
    write_month_end,
)
from deliverables.lazily import dataclass
from deliverables.model.fields import Row, declarations
from deliverables.model.ledger import Deduction, Invoice, Payment, PaymentRequestSent
from deliverables.orders import Examined
from deliverables.values.calendar import Provisional
from deliverables.values.problem import Message, Problem, say

if TYPE_CHECKING:
    from deliverables.values.figure import Figure

_AMOUNTS = {
    "due": say("Due by contract"),
    "asked": say("Asked"),
    "invoiced": say("Invoiced"),
    "received": say("Received"),
    "deducted": say("Deducted"),
    "disputed": say("Disputed"),
    "outstanding": say("Outstanding"),
}
_CLAIMED = {
    "claimed": say("Claimed"),
    "received": say("Received"),
    "waived": say("Waived"),
    "open": say("Open"),
}
_MORE = ("unasked", "uninvoiced", "payable", "overpaid")
_ROWS: dict[type[Row], tuple[Message, tuple[str, ...]]] = {
    PaymentRequestSent: (say("Letters that asked for payment"), ("requests",)),
    Invoice: (say("Invoices"), ("invoices",)),
    Payment: (say("Receipts"), ("payments",)),
    Deduction: (say("Deductions"), ("deductions", "disputes")),
}
_ITS_PLACE = ""


@dataclass(frozen=True, slots=True)
class _Answer:
    """One contract: its money on the day, what is inconsistent, and the workbook if asked for."""

    examined: Examined
    as_of: date
    money: Account | None
    problems: tuple[Problem, ...]
    workbook: MonthEnd | None = None


@click.command("ledger")
@contract_option
@as_of_option
@click.option(
    "--xlsx",
    is_flag=False,
    flag_value=_ITS_PLACE,
    metavar="[FILE]",
    help="Write the month-end workbook, to FILE or else to its place below --out.",
)
@click.option("--replace", is_flag=True, help="Write it anew even if edited; both files are kept.")
@format_option
@click.pass_obj
def command(
    workplace: Workplace,
    contract: str | None,
    as_of: date,
    xlsx: str | None,
    replace: bool,  # noqa: FBT001  # click passes flags by name
    form: str,
) -> None:
    """Show what was asked, invoiced, received, deducted and is owed, and what is inconsistent.

    \b
    Examples:
      deliverables ledger --as-of 2026-11-30
      deliverables ledger --as-of 2026-11-30 --xlsx
    """
    examined = list(examine(workplace.folders, contract))
    require_contract(workplace, contract, [item.contract for item in examined])
    if xlsx and len(examined) > 1:
        raise click.UsageError(
            workplace.spoken(say("one file holds one contract: give --contract as well"))
        )
    answers = []
    for item in examined:
        made = None if xlsx is None else _write(item, as_of, xlsx, workplace, replace=replace)
        answers.append(_answer(item, as_of, made))
    if form == "json":
        print_json([_facts(answer, workplace.language) for answer in answers])
    else:
        for answer in answers:
            _show(answer, workplace)
    sound = all(answer.examined.sound for answer in answers)
    _tell_workbooks(answers, workplace)
    if xlsx is not None and not sound:
        workplace.note(say("the data have errors: no workbook is written of them"))
    kept = any(answer.workbook and answer.workbook.written is Written.KEPT for answer in answers)
    tell_next(
        day=as_of,
        kept=kept,
        open=any(answer.problems for answer in answers),
        written=any(answer.workbook for answer in answers),
    )
    raise SystemExit(Exit.DONE if sound and not kept else Exit.BAD_DATA)


def _answer(item: Examined, as_of: date, made: MonthEnd | None) -> _Answer:
    book = item.book
    if book is None or book.ledger is None:
        return _Answer(item, as_of, None, item.problems)
    ledger = book.ledger.file
    problems = tuple(problem for problem in item.problems if problem.source.file == ledger)
    return _Answer(
        item, as_of, money_of(book, as_of), (*problems, *disputes_past_due(book, as_of)), made
    )


def _write(
    item: Examined, as_of: date, wanted: str, workplace: Workplace, *, replace: bool
) -> MonthEnd | None:
    """Write the workbook of a sound contract; what stands in the way is shown with the account."""
    if item.book is None or item.book.ledger is None or not item.sound:
        return None
    file = default_file(item.book, workplace.folders, as_of)
    if wanted:
        file = Path(wanted) / file.name if Path(wanted).is_dir() else Path(wanted)
    if file.suffix.lower() != ".xlsx":
        raise click.UsageError(
            workplace.spoken(say("{file} is no name for a workbook: end it in .xlsx", file=file))
        )
    try:
        return write_month_end(item.book, as_of, file, replace=replace)
    except FileInUseError as held:
        raise click.ClickException(workplace.spoken(held.message)) from held


def _show(answer: _Answer, workplace: Workplace) -> None:
    money = answer.money
    if money is None:
        workplace.show_problems(answer.problems)
        missing = say("{contract}: there is no ledger to read", contract=answer.examined.contract)
        workplace.note(missing)
        return
    said = say("{contract} as of {day}", contract=answer.examined.contract, day=answer.as_of)
    click.echo(workplace.spoken(said))
    _show_account(money, workplace)
    _show_ageing(money, workplace)
    for kind, (title, fields) in _ROWS.items():
        rows = [row for item in money.instalments for name in fields for row in getattr(item, name)]
        if rows:
            click.echo(workplace.spoken(title))
            _show_rows(kind, rows, workplace)
    _show_claims(money, workplace)
    workplace.show_problems(answer.problems, err=False)
    if not answer.problems:
        click.echo(workplace.spoken(say("nothing in the ledger is inconsistent")))


def _show_claims(money: Account, workplace: Workplace) -> None:
    """Show what is claimed beside the price; none of it is in the account above."""
    if not money.claims.states:
        return
    click.echo(workplace.spoken(say("Claims beside the price")))
    headers = [
        *(say("{label}", label=label) for label in ("主张编号", "主张事项", "期次", "主张日期")),
        *_CLAIMED.values(),
        say("State"),
    ]
    rows = [
        [
            *(_cell(state.row, name) for name in ("number", "subject", "instalment", "claimed")),
            *(str(getattr(state, name)) for name in _CLAIMED),
            str(state.standing),
        ]
        for state in money.claims.states
    ]
    workplace.table(headers, rows)
    click.echo(workplace.spoken(say("{text}", text=VAT_IS_OPEN)))


def _show_account(money: Account, workplace: Workplace) -> None:
    headers = [say("Instalment"), *_AMOUNTS.values(), say("Deadline"), say("Days late")]
    rows = [
        [
            f"{item.instalment.number} {item.instalment.name}",
            *(str(getattr(item, name)) for name in _AMOUNTS),
            _deadline(item),
            str(item.age.days) if item.age.days.value else "—",
        ]
        for item in money.instalments
    ]
    total = [workplace.spoken(say("Total")), *(str(figure) for figure in _sums(money)), "", ""]
    workplace.table(headers, [*rows, total])


def _deadline(item: InstalmentAccount) -> str:
    if isinstance(item.deadline, Provisional):
        return f"{item.deadline.earliest} ~ {item.deadline.latest}（暂定）"
    return due_text(item.deadline)


def _sums(money: Account) -> list[Figure[Any]]:
    return [money.total if name == "due" else getattr(money, name) for name in _AMOUNTS]


def _show_ageing(money: Account, workplace: Workplace) -> None:
    bands = money.ageing
    click.echo(workplace.spoken(say("Outstanding by days late")))
    headers = [say("{band}", band=band.value) for band in bands]
    workplace.table(headers, [[str(owed) for owed in bands.values()]])
    if money.overpaid.value:
        click.echo(
            workplace.spoken(say("overpaid, and not set off: {amount}", amount=money.overpaid))
        )
    coming = money.next_due
    if coming is not None:
        said = say(
            "next due: {name}, {amount}, by {day}",
            name=coming.instalment.name,
            amount=coming.outstanding,
            day=due_text(coming.deadline),
        )
        click.echo(workplace.spoken(said))
    click.echo()


def _show_rows(kind: type[Row], rows: Sequence[Row], workplace: Workplace) -> None:
    declared = {name: item for name, item in declarations(kind).items() if name != "evidence"}
    filled = {
        name: item
        for name, item in declared.items()
        if any(getattr(row, name) not in (None, "") for row in rows)
    }
    headers = [say("{label}", label=item.label) for item in filled.values()]
    workplace.table(headers, [[_cell(row, name) for name in filled] for row in rows])


def _cell(row: Row, name: str) -> str:
    value = getattr(row, name)
    return value.isoformat() if isinstance(value, date) else str(row.figure(name))


def _tell_workbooks(answers: Sequence[_Answer], workplace: Workplace) -> None:
    for answer in answers:
        made = answer.workbook
        if made is None:
            continue
        match made.written:
            case Written.MADE:
                workplace.note(say("written: {file}", file=made.file))
            case Written.UNCHANGED:
                workplace.note(say("unchanged: {file}", file=made.file))
            case Written.KEPT:
                workplace.note(
                    say(
                        "{file} was edited, or is another file, so it is kept; --replace writes it "
                        "anew and keeps both",
                        file=made.file,
                    )
                )
        if made.kept_as:
            workplace.note(say("the file that was there is now {name}", name=made.kept_as))


def _facts(answer: _Answer, language: str) -> dict[str, object]:
    money = answer.money
    facts: dict[str, object] = {
        "contract": answer.examined.contract,
        "as_of": answer.as_of,
        "sound": answer.examined.sound,
        "problems": [problem_facts(problem, language) for problem in answer.problems],
        "workbook": None,
    }
    if answer.workbook is not None:
        made = answer.workbook
        facts["workbook"] = {"file": made.file, "result": made.written, "kept_as": made.kept_as}
    if money is None:
        return facts | {"account": None}
    coming = money.next_due
    return facts | {
        "account": {
            "total": money.total.value,
            **{name: getattr(money, name).value for name in (*_AMOUNTS, *_MORE) if name != "due"},
            "ageing": {band.value: owed.value for band, owed in money.ageing.items()},
            "next_due": None if coming is None else coming.instalment.number,
            "instalments": [_instalment_facts(item) for item in money.instalments],
            "claims": [_claim_facts(state) for state in money.claims.states],
        }
    }


def _claim_facts(state: ClaimState) -> dict[str, object]:
    amounts = {name: getattr(state, name).value for name in _CLAIMED}
    return (
        _row_facts(state.row)
        | amounts
        | {
            "claimed_on": state.row.claimed,
            "disputed": state.disputed,
            "receipts": [_row_facts(payment) for payment in state.payments],
        }
    )


def _instalment_facts(item: InstalmentAccount) -> dict[str, object]:
    return {
        "number": item.instalment.number,
        "name": item.instalment.name,
        **{name: getattr(item, name).value for name in (*_AMOUNTS, *_MORE, "invoiceable")},
        "deadline": None if item.deadline is None else due_text(item.deadline),
        "deadline_is_provisional": item.age.provisional,
        "days_late": item.age.days.value,
        "band": item.age.band.value if item.outstanding.value > 0 else None,
        "conditions_met": not item.unmet,
        **{
            name: [_row_facts(row) for row in getattr(item, name)]
            for _, names in _ROWS.values()
            for name in names
        },
    }


def _row_facts(row: Row) -> dict[str, object]:
    facts = {name: getattr(row, name) for name in declarations(type(row))}
    return facts | {"place": str(row.place(""))}
