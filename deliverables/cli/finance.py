"""The money: what finance does next, the account, a payment request, and the tax portal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from deliverables import Request, Result, Watch
from deliverables.cli.answer import (
    CHECK,
    SHOW_PLAN,
    Answer,
    Aside,
    Exit,
    Table,
    Workplace,
    as_of_option,
    by_severity,
    contract_option,
    due_shown,
    due_text,
    errors_of,
    finding_facts,
    for_reading,
    format_option,
    full_option,
    pages_option,
    problem_facts,
    require_contract,
)
from deliverables.cli.outcomes import result_line, stopped_at, tell_errors, tell_printout
from deliverables.files.refusal import FileInUseError
from deliverables.model.fields import Missing
from deliverables.model.ledger_sheets import Claim, Deduction, Invoice, Payment, PaymentRequestSent
from deliverables.values.calendar import Provisional, Settled
from deliverables.values.money import format_yuan
from deliverables.values.problem import Message, Problem, Severity, Term, listed, say

if TYPE_CHECKING:
    from deliverables import Examined, Finding, Planned, Printout
    from deliverables.compute.account import Account, InstalmentAccount
    from deliverables.compute.claims import ClaimState
    from deliverables.finance.month_end import MonthEnd
    from deliverables.finance.payment_pack import PaymentPack
    from deliverables.finance.portal import FilledCopy
    from deliverables.finance.tasks import Task
    from deliverables.model.contract import Contract
    from deliverables.model.fields import Row
    from deliverables.values.fault import Fault
    from deliverables.values.figure import Figure

_FINANCE = say("next: deliverables finance says what is to be done, and by when")

# --- finance ------------------------------------------------------------------------------


@click.command("finance")
@contract_option
@as_of_option
@full_option
@format_option
@click.pass_obj
def finance_command(workplace: Workplace, contract: str | None, as_of: date, form: str) -> None:
    """Show what finance has to do next: invoices, requests, payments, claims and tax.

    A contract whose data have errors is left out, and its errors are shown.

    \b
    Example: deliverables finance --as-of 2026-11-02
    """
    from deliverables.finance.tasks import tasks

    project = workplace.project
    several = len(project.contracts) > 1

    def todo_of(one: Examined) -> tuple[Task, ...]:
        if one.book is None or not one.sound:
            return ()
        return tasks(one.book, project.folders, as_of, several=several)

    found = tuple((item, todo or ()) for item, todo in project.each(todo_of, contract=contract))
    require_contract(workplace, contract, [item.contract for item, _ in found])
    workplace.answer(_Tasks(as_of, found), form)


@dataclass(frozen=True, slots=True)
class _Tasks(Answer):
    """What finance has to do for each contract whose data are sound."""

    as_of: date
    contracts: tuple[tuple[Examined, tuple[Task, ...]], ...]

    def lines(self, language: str) -> Iterator[str | Message | Table]:
        for item, todo in self.contracts:
            if not item.sound:
                continue
            yield say("{contract} as of {day}", contract=item.contract, day=self.as_of)
            if not todo:
                yield say("nothing is to be done")
                continue
            yield Table(
                [say("No."), say("Until"), say("Instalment"), say("What"), say("Amount (yuan)")],
                [[str(at), *_task_row(task, language)] for at, task in enumerate(todo, 1)],
            )
            yield _TO_COPY
            commands: dict[str, list[str]] = {}
            for at, task in enumerate(todo, 1):
                for command in filter(None, (task.command, task.instead)):
                    commands.setdefault(command, []).append(str(at))
            for command, numbers in commands.items():
                yield f"{','.join(numbers):>5}  {command}"

    def facts(self, language: str) -> dict[str, object]:
        return {
            "contracts": [
                {
                    "contract": item.contract,
                    "sound": item.sound,
                    "problems": [problem_facts(problem, language) for problem in item.problems],
                    "tasks": [_task_facts(task, language) for task in todo],
                }
                for item, todo in self.contracts
            ]
        }

    def asides(self) -> Iterator[Message | Problem]:
        for item, _ in self.contracts:
            yield from errors_of(item.problems)
            yield from stopped_at(item)

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(item.fault for item, _ in self.contracts if item.fault)

    @property
    def code(self) -> Exit:
        return Exit.DONE if all(item.sound for item, _ in self.contracts) else Exit.BAD_DATA

    @property
    def next(self) -> Message:
        if self.code is not Exit.DONE:
            return CHECK
        from deliverables.finance.tasks import most_urgent

        urgent = most_urgent((task for _, todo in self.contracts for task in todo), self.as_of)
        if urgent is None:
            return SHOW_PLAN
        return say("next: the most urgent first: {command}", command=urgent.command)


_TO_COPY: Final = say("commands, by number; in a terminal they ask for what is missing:")


def _task_row(task: Task, language: str) -> list[str]:
    what = task.what.in_language(language)
    if task.net is not None and task.tax is not None:
        split = say("net {net}, tax {tax}", net=format_yuan(task.net), tax=format_yuan(task.tax))
        what = say("{what} ({split})", what=what, split=split).in_language(language)
    return [
        _until(task, language),
        str(task.instalment or "—"),
        what,
        "—" if task.amount is None else format_yuan(task.amount),
    ]


def _until(task: Task, language: str) -> str:
    from deliverables.finance.tasks import TaskStep

    if task.by is None:
        return say("no day").in_language(language)
    day = for_reading(due_shown(task.by), language)
    if task.step is TaskStep.LATER and isinstance(task.by, Settled):
        return say("from {day}", day=day).in_language(language)
    lines = [day]
    if not task.ours:
        lines.append(say("the client's day").in_language(language))
    if task.days_late:
        lines.append(say("{days} days overdue", days=task.days_late).in_language(language))
    return "\n".join(lines)


def _task_facts(task: Task, language: str) -> dict[str, object]:
    return {
        "step": task.step.value,
        "instalment": task.instalment,
        "what": task.what.in_language(language),
        "by": task.by.date if isinstance(task.by, Settled) else None,
        "earliest": task.by.earliest if isinstance(task.by, Provisional) else None,
        "latest": task.by.latest if isinstance(task.by, Provisional) else None,
        "whose": None if task.by is None else task.by.whose.name.lower(),
        "days_overdue": task.days_late,
        "amount": _plain(task.amount),
        "net": _plain(task.net),
        "tax": _plain(task.tax),
        "command": task.command or None,
        "instead": task.instead or None,
    }


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


# --- ledger -------------------------------------------------------------------------------

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
@full_option
@format_option
@click.pass_obj
def ledger_command(
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
    examined = list(workplace.project.read(contract=contract, patient=True))
    require_contract(workplace, contract, [item.contract for item in examined])
    if xlsx and len(examined) > 1:
        raise workplace.misused(say("one file holds one contract: give --contract as well"))
    found = []
    for item in examined:
        try:
            made = None if xlsx is None else _write(item, as_of, xlsx, workplace, replace=replace)
            found.append(_moneys(item, as_of, made))
        except click.ClickException:
            raise
        except Exception as fault:  # noqa: BLE001  # it is told with its contract
            found.append(_moneys(item.stopped(fault), as_of, None))
    workplace.answer(_Ledgers(as_of, tuple(found), written=xlsx is not None), form)


@dataclass(frozen=True, slots=True)
class _Money:
    """One contract: its money on the day, what is inconsistent, and the workbook if asked for."""

    examined: Examined
    as_of: date
    money: Account | None
    problems: tuple[Problem, ...]
    workbook: MonthEnd | None = None

    def lines(self, language: str) -> Iterator[str | Message | Problem | Table | Aside]:
        money, number = self.money, self.examined.contract
        if money is None:
            yield from map(Aside, by_severity(self.problems))
            if self.examined.fault:
                yield from map(Aside, stopped_at(self.examined))
                return
            yield Aside(say("{contract}: there is no ledger to read", contract=number))
            return
        yield say("{contract} as of {day}", contract=number, day=self.as_of)
        yield _account_table(money)
        yield from _ageing_lines(money)
        for kind, (title, fields) in _ROWS.items():
            rows = [
                row for item in money.instalments for name in fields for row in getattr(item, name)
            ]
            if rows:
                yield title
                yield _rows_table(kind, rows)
        yield from _claim_lines(money)
        yield from by_severity(self.problems)
        if not self.problems:
            yield say("nothing in the ledger is inconsistent")

    def asides(self) -> Iterator[Message]:
        made = self.workbook
        if made is None:
            return
        if made.result is Result.KEPT:
            yield say(
                "{file} was edited, or is another file, so it is kept; --replace writes it "
                "anew and keeps both",
                file=made.file,
            )
        else:
            yield say("{result}: {file}", result=made.result.message, file=made.file)
        if made.kept_as:
            yield say("the file that was there is now {name}", name=made.kept_as)

    @property
    def is_kept(self) -> bool:
        """Whether a workbook that somebody edited stands where the new one was to be."""
        return self.workbook is not None and self.workbook.result is Result.KEPT

    def facts(self, language: str) -> dict[str, object]:
        money, made = self.money, self.workbook
        facts: dict[str, object] = {
            "contract": self.examined.contract,
            "as_of": self.as_of,
            "sound": self.examined.sound,
            "problems": [problem_facts(problem, language) for problem in self.problems],
            "workbook": made
            and {"file": made.file, "result": made.result, "kept_as": made.kept_as},
        }
        return facts | {"account": money and _account_facts(money)}


@dataclass(frozen=True, slots=True)
class _Ledgers(Answer):
    """The money of every contract on a day; `written` if workbooks were asked for."""

    as_of: date
    contracts: tuple[_Money, ...]
    written: bool

    def lines(self, language: str) -> Iterator[str | Message | Problem | Table | Aside]:
        for one in self.contracts:
            yield from one.lines(language)

    def facts(self, language: str) -> dict[str, object]:
        return {"contracts": [one.facts(language) for one in self.contracts]}

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(one.examined.fault for one in self.contracts if one.examined.fault)

    @property
    def sound(self) -> bool:
        """Whether no data have errors."""
        return all(one.examined.sound for one in self.contracts)

    def asides(self) -> Iterator[Message]:
        for one in self.contracts:
            yield from one.asides()
        if self.written and not self.sound:
            yield say("the data have errors: no workbook is written of them")

    @property
    def code(self) -> Exit:
        kept = any(one.is_kept for one in self.contracts)
        return Exit.DONE if self.sound and not kept else Exit.BAD_DATA

    @property
    def next(self) -> Message:
        if any(one.is_kept for one in self.contracts):
            return say("next: compare what was edited with the account above; --replace keeps both")
        if self.code is not Exit.DONE:
            return CHECK
        if any(one.problems for one in self.contracts):
            return say("next: settle what is inconsistent, enter it in ledger.xlsx, and run this "
                       "again")  # fmt: skip
        if any(one.workbook for one in self.contracts):
            return _FINANCE
        return say("next: deliverables ledger --xlsx --as-of {day} writes the workbook for "
                   "month-end", day=self.as_of)  # fmt: skip


def _moneys(item: Examined, as_of: date, made: MonthEnd | None) -> _Money:
    from deliverables.compute.account import account_of
    from deliverables.compute.open_points import disputes_past_due

    book = item.book
    if book is None or book.ledger is None:
        return _Money(item, as_of, None, item.problems)
    ledger = book.ledger.file
    problems = tuple(problem for problem in item.problems if problem.source.file == ledger)
    return _Money(
        item, as_of, account_of(book, as_of), (*problems, *disputes_past_due(book, as_of)), made
    )


def _write(
    item: Examined, as_of: date, wanted: str, workplace: Workplace, *, replace: bool
) -> MonthEnd | None:
    """Write the workbook of a sound contract; what stands in the way is shown with the account."""
    from deliverables.finance.month_end import default_file, write_month_end

    if item.book is None or item.book.ledger is None or not item.sound:
        return None
    file = default_file(item.book, workplace.folders, as_of)
    if wanted:
        file = Path(wanted) / file.name if Path(wanted).is_dir() else Path(wanted)
    if file.suffix.lower() != ".xlsx":
        raise workplace.misused(say("{file} is no name for a workbook: end it in .xlsx", file=file))
    try:
        return write_month_end(item.book, as_of, file, replace=replace)
    except FileInUseError as held:
        raise workplace.failed(held.message) from held


def _account_table(money: Account) -> Table:
    headers = [say("Instalment"), *_AMOUNTS.values(), say("Deadline"), say("Days late")]
    rows: list[list[object]] = [
        [
            f"{item.instalment.number} {item.instalment.name}",
            *(str(getattr(item, name)) for name in _AMOUNTS),
            due_shown(item.deadline),
            str(item.age.days) if item.age.days.value else "—",
        ]
        for item in money.instalments
    ]
    total = [say("Total"), *(str(one) for one in _sums(money)), "", ""]
    return Table(headers, [*rows, total], aside=_ACCOUNT_ASIDE)


_ACCOUNT_ASIDE = (3, 2, 5, 6)
"""What stands in the rows below too: disputes and deductions, what was asked for and invoiced."""


def _sums(money: Account) -> list[Figure[Any]]:
    return [money.total if name == "due" else getattr(money, name) for name in _AMOUNTS]


def _ageing_lines(money: Account) -> Iterator[str | Message | Table]:
    bands = money.ageing
    yield say("Outstanding by days late")
    yield Table(
        [Term(_spoken(band.name), band.value) for band in bands],
        [[str(owed) for owed in bands.values()]],
    )
    if money.overpaid.value:
        yield say("overpaid, and not set off: {amount}", amount=money.overpaid)
    coming = money.next_due
    if coming is not None:
        yield say(
            "next due: {name}, {amount}, by {day}",
            name=coming.instalment.name,
            amount=coming.outstanding,
            day=due_shown(coming.deadline) or "—",
        )
    yield ""


def _claim_lines(money: Account) -> Iterator[Message | Table]:
    """Yield what is claimed beside the price; none of it is in the account above."""
    from deliverables.compute.claims import VAT_IS_OPEN

    if not money.claims.states:
        return
    yield say("Claims beside the price")
    yield Table(
        [
            *_headers(Claim, ("number", "subject", "instalment", "claimed")),
            *_CLAIMED.values(),
            say("State"),
        ],
        [
            [
                *(
                    _cell(state.row, name)
                    for name in ("number", "subject", "instalment", "claimed")
                ),
                *(str(getattr(state, name)) for name in _CLAIMED),
                str(state.standing),
            ]
            for state in money.claims.states
        ],
    )
    english = (
        "Whether damages received count for VAT and ask for an invoice is for finance and the tax "
        "office to settle; the ledger leaves it open."
    )
    yield say("{text}", text=Term(english, VAT_IS_OPEN))


def _rows_table(kind: type[Row], rows: Sequence[Row]) -> Table:
    from deliverables.model.fields import declarations

    declared = {name: item for name, item in declarations(kind).items() if name != "evidence"}
    filled = {
        name: item
        for name, item in declared.items()
        if any(getattr(row, name) not in (None, "") for row in rows)
    }
    headers = _headers(kind, filled)
    aside = [at for at, name in enumerate(filled) if name in _ROWS_ASIDE]
    return Table(headers, [[_cell(row, name) for name in filled] for row in rows], aside=aside)


def _headers(kind: type[Row], names: Iterable[str]) -> list[Term]:
    """Return what columns of a sheet are called; to those who read no Chinese by their names."""
    from deliverables.model.fields import declarations

    told = declarations(kind)
    return [Term(_spoken(name), told[name].label) for name in names]


def _spoken(name: str) -> str:
    """Return a name of ours as the header of a table: bank_ref as Bank ref."""
    return name.replace("_", " ").capitalize()


_ROWS_ASIDE = ("type", "rate", "net", "tax")
"""Of an invoice: its gross amount says what counts."""


def _cell(row: Row, name: str) -> object:
    value = getattr(row, name)
    return value if isinstance(value, date) else str(row.figure(name))


def _account_facts(money: Account) -> dict[str, object]:
    coming = money.next_due
    return {
        "total": money.total.value,
        **{name: getattr(money, name).value for name in (*_AMOUNTS, *_MORE) if name != "due"},
        "ageing": {band.value: owed.value for band, owed in money.ageing.items()},
        "next_due": None if coming is None else coming.instalment.number,
        "instalments": [_instalment_facts(item) for item in money.instalments],
        "claims": [_claim_facts(state) for state in money.claims.states],
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
    from deliverables.model.fields import declarations

    facts = {name: getattr(row, name) for name in declarations(type(row))}
    return facts | {"place": str(row.place(""))}


# --- pack ---------------------------------------------------------------------------------


@click.command("pack")
@click.argument("instalment", type=click.IntRange(min=1))
@contract_option
@click.option("--anyway", is_flag=True, help="Make marked drafts although a condition is unmet.")
@click.option("--replace", is_flag=True, help="Remake edited files; the old ones are kept too.")
@click.option("--pdf/--no-pdf", default=True, help="Lay a PDF beside the letter, by LibreOffice.")
@pages_option
@as_of_option
@format_option
@click.pass_obj
def pack_command(
    workplace: Workplace,
    instalment: int,
    contract: str | None,
    anyway: bool,  # noqa: FBT001  # click passes flags by name
    replace: bool,  # noqa: FBT001
    pdf: bool,  # noqa: FBT001
    pages: bool,  # noqa: FBT001
    as_of: date,
    form: str,
) -> None:
    """Make the payment request of an INSTALMENT and all that goes with it.

    The letter, its PDF, the application for the invoice (开票申请单), the list of attachments and
    the text of the e-mail, with the same figures throughout.

    \b
    Example:
      deliverables pack 2 --as-of 2026-11-17
    """
    from deliverables.cli.outcomes import of_pdfs
    from deliverables.finance.payment_pack import LETTER, make_pack

    folders = workplace.folders
    run = workplace.project.build(
        as_of,
        contract=contract,
        kinds={LETTER},
        parts={str(instalment)},
        anyway=anyway,
        replace=replace,
        pdf=pdf,
        pages=pages,
        command=" ".join(["deliverables", *sys.argv[1:]]),
        watch=_PackWatch(workplace),
    )
    require_contract(workplace, contract, [built.contract for built in run.done])
    _require_instalment(workplace, [(built, built.outcomes) for built in run.done], instalment)
    pressed = run.pressed
    pdfs = {one.document: one.pdf for one in pressed.printouts if one.problem is None}
    packs = tuple(
        (built, make_pack(built, folders, run.request, letter, pdfs.get(letter.file or Path())))
        for built in run.done
        for letter in built.outcomes
    )
    told = tuple(of_pdfs(pressed))
    workplace.answer(_Packs(instalment, run.done, packs, pdfs, told), form)


class _PackWatch(Watch):
    """Tell of errors and of PDFs that could not be made as they come."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace

    def read(self, examined: Examined) -> None:
        """Tell why nothing can be made from data with errors."""
        tell_errors(examined, self._workplace)

    def printed(self, printout: Printout) -> None:
        """Tell why there is no PDF."""
        tell_printout(printout, self._workplace, quietly=True)


@dataclass(frozen=True, slots=True)
class _Packs(Answer):
    """The payment requests of an instalment with all that goes with them."""

    instalment: int
    examined: tuple[Examined, ...]
    packs: tuple[tuple[Examined, PaymentPack], ...]
    pdfs: Mapping[Path, Path]
    told: tuple[Message | Problem, ...]

    def lines(self, language: str) -> Iterator[str | Message | Aside]:
        for _, pack in self.packs:
            yield from self._pack_lines(pack, language)
            yield from map(Aside, _wrong(pack))

    def _pack_lines(self, pack: PaymentPack, language: str) -> Iterator[str | Message | Aside]:
        from deliverables.finance.payment_pack import Standing

        letter = pack.letter
        where = letter.file.as_posix() if letter.file else letter.deliverable.title
        yield result_line(letter.result.message, where, letter.reasons, language)
        pdf = self.pdfs.get(letter.file) if letter.file else None
        if pdf:
            yield f"{say('PDF').in_language(language)}  {pdf.as_posix()}"
        for paper in pack.papers:
            reasons = [paper.reason] if paper.reason else []
            yield result_line(paper.result.message, paper.file.as_posix(), reasons, language)
        if not pack.papers:
            return
        lacking = [item for item in pack.items if item.standing is Standing.LACKING]
        for item in lacking:
            told = say("  lacking  “{name}” (“{action}”)", name=item.name, action=item.action)
            yield told.in_language(language)
        yield Aside(
            say(
                "checklist: {all} lines, {lacking} of them lacking",
                all=len(pack.items),
                lacking=len(lacking),
            )
        )
        if pack.asked and pack.asked.line.tax.value:
            yield Aside(
                say(
                    "issuing the invoice makes {tax} yuan of VAT due, paid or not (增值税法 28)",
                    tax=pack.asked.line.tax,
                )
            )

    def facts(self, language: str) -> dict[str, object]:
        return {
            "packs": [
                _pack_facts(examined, pack, self.pdfs, language) for examined, pack in self.packs
            ]
        }

    def asides(self) -> Iterator[Message | Problem]:
        yield from self.told

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(pack.letter.fault for _, pack in self.packs if pack.letter.fault)

    @property
    def code(self) -> Exit:
        broken = [one for one in self.examined if not one.sound]
        packs = [pack for _, pack in self.packs]
        if any(finding.severity is Severity.ERROR for pack in packs for finding in _findings(pack)):
            return Exit.REFUTED
        if broken:
            return Exit.PARTLY_FAILED if len(broken) < len(self.examined) else Exit.BAD_DATA
        done = {Result.MADE, Result.UNCHANGED, Result.KEPT}
        failed = [one for one in packs if one.letter.result is Result.FAILED or one.papers == ()]
        if any(pack.letter.result in done for pack in failed):
            return Exit.BAD_DATA
        spoilt = any(paper.result is Result.FAILED for pack in packs for paper in pack.papers)
        return Exit.BAD_DATA if spoilt or len(failed) == len(packs) else Exit.DONE

    @property
    def next(self) -> Message:
        if self.code is Exit.REFUTED:
            return say("next: make the letter anew with --replace, or correct it in Word")
        if self.code is not Exit.DONE:
            return _FINANCE if all(one.sound for one in self.examined) else CHECK
        if any(pack.asked and pack.asked.by_line for _, pack in self.packs):
            return say("next: have the invoice issued by the 开票申请单; enter it with "
                       "deliverables invoiced {instalment} NUMBER AMOUNT --net NET --tax TAX "
                       "--rate 多种税率 {options} and run this again",
                       instalment=self.instalment, options=_options(self.examined))  # fmt: skip
        if any(pack.asked for _, pack in self.packs):
            return say("next: have the invoice issued by the 开票申请单, or deliverables "
                       "invoice-import {instalment}; enter it with deliverables invoiced "
                       "{instalment} NUMBER AMOUNT {options} and run this again",
                       instalment=self.instalment, options=_options(self.examined))  # fmt: skip
        letters = [pack.letter.file.as_posix() for _, pack in self.packs if pack.letter.file]
        return say("next: read {letter} in Word or WPS, then deliverables final {letter}",
                   letter=letters[0] if letters else "")  # fmt: skip


def to_be_told(contracts: Iterable[Contract]) -> Message:
    """Return what else `invoiced` is told: the type too where a contract leaves it open."""
    if any(isinstance(one.invoicing.type, Missing) for one in contracts):
        return say("--type TYPE --on DATE")
    return say("--on DATE")


def _options(examined: Sequence[Examined]) -> Message:
    return to_be_told(one.book.contract for one in examined if one.book)


def _findings(pack: PaymentPack) -> tuple[Finding, ...]:
    return (*pack.letter.findings, *pack.findings)


def _problems(pack: PaymentPack) -> tuple[Problem, ...]:
    return (*pack.letter.problems, *pack.problems)


def _wrong(pack: PaymentPack) -> list[Finding | Problem]:
    return [*_findings(pack), *by_severity(_problems(pack))]


def _asked(instalment: int, as_of: date, *, anyway: bool, replace: bool) -> Request:
    """Return the request for the letter of one instalment."""
    from deliverables.finance.payment_pack import LETTER

    return Request(
        as_of=as_of,
        moment=datetime.now(UTC),
        command=" ".join(["deliverables", *sys.argv[1:]]),
        kinds=frozenset({LETTER}),
        parts=frozenset({str(instalment)}),
        anyway=anyway,
        replace_edited=replace,
    )


def _require_instalment(
    workplace: Workplace,
    found: Sequence[tuple[Examined, tuple[object, ...]]],
    instalment: int,
) -> None:
    """Refuse to go on where no sound contract has such an instalment."""
    if any(letters for _, letters in found) or not any(item.sound for item, _ in found):
        return
    numbers = sorted(
        {
            one.number
            for examined, _ in found
            if examined.book
            for one in examined.book.contract.payment.instalments
        }
    )
    message = say("no contract has an instalment {number}; there are {all}", number=instalment,
                  all=listed(numbers))  # fmt: skip
    raise workplace.misused(message)


def _pack_facts(
    examined: Examined, pack: PaymentPack, pdfs: Mapping[Path, Path], language: str
) -> dict[str, object]:
    letter, line = pack.letter, pack.asked and pack.asked.line
    pdf = pdfs.get(letter.file) if letter.file else None
    return {
        "contract": examined.contract,
        "instalment": letter.deliverable.part,
        "letter": {
            "result": letter.result.value,
            "file": letter.file.as_posix() if letter.file else None,
            "pdf": pdf.as_posix() if pdf else None,
            "reasons": [reason.in_language(language) for reason in letter.reasons],
        },
        "files": [
            {
                "file": paper.file.as_posix(),
                "result": paper.result.value,
                "reason": paper.reason.in_language(language) if paper.reason else None,
            }
            for paper in pack.papers
        ],
        "invoice": line
        and {
            "net": None if line.net.value is None else str(line.net.value),
            "rate": None if line.rate.value is None else str(line.rate.value),
            "tax": None if line.tax.value is None else str(line.tax.value),
            "gross": str(line.gross.value),
        },
        "subject": pack.subject,
        "checklist": [
            {
                "group": item.group,
                "name": item.name,
                "standing": item.standing.value,
                "where": item.where,
                "action": item.action,
            }
            for item in pack.items
        ],
        "findings": [finding_facts(one, language) for one in _findings(pack)],
        "problems": [problem_facts(one, language) for one in _problems(pack)],
    }


# --- invoice-import -----------------------------------------------------------------------


@click.command("invoice-import")
@click.argument("instalment", type=click.IntRange(min=1))
@contract_option
@click.option(
    "--template",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The workbook as downloaded from the tax portal; else it is looked for below data.",
)
@click.option("--anyway", is_flag=True, help="Fill it although a condition of payment is unmet.")
@click.option("--replace", is_flag=True, help="Remake an edited copy; the old one is kept too.")
@as_of_option
@format_option
@click.pass_obj
def invoice_import_command(
    workplace: Workplace,
    instalment: int,
    contract: str | None,
    template: Path | None,
    anyway: bool,  # noqa: FBT001  # click passes flags by name
    replace: bool,  # noqa: FBT001
    as_of: date,
    form: str,
) -> None:
    """Fill a copy of the tax portal's workbook (批量开票) with the invoice of an INSTALMENT.

    The workbook is your own, freshly downloaded: it stays as it is, the filled copy goes to out.
    What is still to be invoiced is taken from the payment request, tax included.

    \b
    Example:
      deliverables invoice-import 2 --template 批量开票-导入开票模板.xlsx --as-of 2026-11-17
    """
    from deliverables.finance.portal import barred, import_invoice, invoices_wanted

    folders = workplace.folders
    request = _asked(instalment, as_of, anyway=anyway, replace=replace)
    found: list[tuple[Examined, tuple[Planned, ...]]] = []
    for examined in workplace.project.read(contract=contract):
        tell_errors(examined, workplace)
        found.append((examined, invoices_wanted(examined, folders, request)))
    require_contract(workplace, contract, [examined.contract for examined, _ in found])
    _require_instalment(workplace, found, instalment)
    filled: list[tuple[Examined, FilledCopy]] = []
    for examined, wanted in found:
        for planned in wanted:
            done = barred(planned, request)
            if done is None and examined.book is not None:
                file = template or _template_of(workplace, folders.data, examined.contract)
                one = planned.deliverable
                done = import_invoice(examined.book, folders, request, one, file)
            if done is not None:
                filled.append((examined, done))
    examined_all = tuple(examined for examined, _ in found)
    workplace.answer(_Invoices(examined_all, tuple(filled)), form)


@dataclass(frozen=True, slots=True)
class _Invoices(Answer):
    """The filled copies of the tax portal's workbook."""

    examined: tuple[Examined, ...]
    filled: tuple[tuple[Examined, FilledCopy], ...]

    def lines(self, language: str) -> Iterator[str | Aside]:
        for _, done in self.filled:
            paper = done.paper
            reasons = (*done.reasons, *((paper.reason,) if paper and paper.reason else ()))
            where = paper.file.as_posix() if paper else done.deliverable.title
            yield result_line(done.result.message, where, reasons, language)
            if paper:
                yield Aside(
                    say(
                        "invoice {serial}: {gross} yuan, tax included; compare the preview of the "
                        "portal with 开票申请单 before it is issued",
                        serial=done.serial,
                        gross=done.gross,
                    )
                )
                if done.deliverable.sample:
                    yield Aside(say("made from sample data: do not import it"))

    def facts(self, language: str) -> dict[str, object]:
        return {
            "contracts": [
                {
                    "contract": examined.contract,
                    "instalment": done.deliverable.part,
                    "result": done.result.value,
                    "serial": done.serial,
                    "gross": done.gross,
                    "file": done.paper.file.as_posix() if done.paper else None,
                    "reasons": [reason.in_language(language) for reason in done.reasons],
                    "problems": [problem_facts(problem, language) for problem in done.problems],
                }
                for examined, done in self.filled
            ]
        }

    def asides(self) -> Iterator[Problem]:
        for _, done in self.filled:
            yield from by_severity(done.problems)

    @property
    def code(self) -> Exit:
        results = [done.result for _, done in self.filled]
        if Result.REFUTED in results:
            return Exit.REFUTED
        broken = [one for one in self.examined if not one.sound]
        if broken:
            return Exit.PARTLY_FAILED if len(broken) < len(self.examined) else Exit.BAD_DATA
        made = [done for _, done in self.filled if done.paper]
        return Exit.BAD_DATA if Result.FAILED in results or not made else Exit.DONE

    @property
    def next(self) -> Message | None:
        files = [done.paper.file.as_posix() for _, done in self.filled if done.paper]
        if self.code is Exit.DONE and files:
            one = self.filled[0][1]
            return say("next: import {file} in the tax portal, issue the invoice there, and enter "
                       "it with deliverables invoiced {part} NUMBER {gross} {options}",
                       file=files[0], part=one.deliverable.part, gross=one.gross,
                       options=_options(self.examined))  # fmt: skip
        return None if all(one.sound for one in self.examined) else CHECK


def _template_of(workplace: Workplace, data: Path, number: str) -> Path:
    """Return the portal's workbook in the data folder or the contract's; there must be just one."""
    from deliverables.finance.portal import find_templates

    found = find_templates(data / number, data)
    if len(found) == 1:
        return found[0]
    message = (
        say("several workbooks of the tax portal: {files}; name one with --template",
            files=", ".join(path.as_posix() for path in found))
        if found
        else say("there is no workbook of the tax portal in {folder} or {data}: download it "
                 "(批量开票, 下载模板) and give it as --template",
                 folder=(data / number).as_posix(), data=data.as_posix())
    )  # fmt: skip
    raise workplace.misused(message)
