"""Rows of a bank's or the tax platform's export, and the instalments that they may be for.

What a row is for is proposed with its reasons, and entered once a person has accepted it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from deliverables.compute.account import InstalmentAccount, account_of
from deliverables.import_mapping import ImportMapping
from deliverables.import_rows import Candidate, Export, Reason, Skipped, Taker, in_order
from deliverables.model.book import ContractBook
from deliverables.model.fields import Missing, Row, declarations
from deliverables.model.ledger_sheets import Invoice, Payment
from deliverables.read.characters import plain
from deliverables.values.chinese_numbers import chinese_ordinal
from deliverables.values.figure import Line, Source
from deliverables.values.money import format_yuan
from deliverables.values.problem import Listing, Message, Problem, Severity, listed, say

ALL: Final = "all"
"""What accepts every proposal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """A row, the contract and instalment that it seems to be for, and why; `name` is its own.

    One that a person has `decided` on, in the export or in the command, is not a guess.
    """

    place: Source
    name: str
    contract: str
    row: Payment | Invoice
    why: tuple[Message, ...]
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person says a row is for: an instalment, of a contract unless there is only one."""

    instalment: int
    contract: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """An instalment that a row fits, and why; money may be for a `claim` beside the price."""

    book: ContractBook
    state: InstalmentAccount
    why: tuple[Message, ...]
    claim: str = ""

    @property
    def called(self) -> Message:
        """The instalment as people call it."""
        one = self.state.instalment
        return say("{contract} instalment {number} ({name})", contract=self.book.number,
                   number=one.number, name=one.name)  # fmt: skip


@dataclass(slots=True)
class Proposer:
    """Finds out what rows are for; what one takes of an instalment, the next cannot have.

    `names` are those of all rows that were looked at, by which choices are made.
    """

    books: Sequence[ContractBook]
    choices: Mapping[str, Choice]
    names: set[str] = field(default_factory=set)
    _taken: dict[tuple[str, int], Decimal] = field(default_factory=dict)
    _met: set[int] = field(default_factory=set)
    _as_of: date = date.min

    def proposals(
        self, plan: ImportMapping, export: Export, problems: list[Problem]
    ) -> tuple[tuple[Proposal, ...], tuple[Skipped, ...]]:
        """Return a proposal for each row that one fits, and why each of the others is left."""
        taker = Taker(plan, export, problems)
        if any(problem.severity is Severity.ERROR for problem in problems):
            return (), ()
        candidates = list(taker.candidates())
        self._as_of = max((_day(one.row) for one in candidates), default=date.min)
        found: dict[str, Proposal] = {}
        for one in candidates:
            name = _name(one)
            self.names.add(name)
            if name in found:
                message = say("{key} stands in {earlier} already", key=name,
                              earlier=str(found[name].place))  # fmt: skip
                taker.skip(one.place, Reason.REPEATED, message)
                continue
            made = self._proposal(one, name, taker.skip)
            if made is not None:
                found[name] = made
        return tuple(found.values()), in_order(taker.skipped)

    def _proposal(
        self, one: Candidate, name: str, skip: Callable[[Source, Reason, Message], None]
    ) -> Proposal | None:
        row = one.row
        if not isinstance(row, Payment | Invoice):
            raise TypeError(row)
        if isinstance(row, Payment) and row.amount <= 0:
            skip(one.place, Reason.FILTERED, say("no money that came in"))
            return None
        entered = self._entered(row, one.party)
        if entered is not None:
            skip(one.place, *entered)
            return None
        if self.choices.get(name) or row.instalment:
            fits = self._as_decided(one, self.choices.get(name) or Choice(row.instalment))
        else:
            fits = _narrowed(self._fits(one), one)
        if len(fits) == 1:
            return self._made(one, name, fits[0], decided=bool(self.choices.get(name)
                                                               or row.instalment))  # fmt: skip
        reason, message = self._why_not(one, fits)
        skip(one.place, reason, say("{name}: {message}", name=name, message=message))
        return None

    def _made(self, one: Candidate, name: str, fit: Fit, *, decided: bool) -> Proposal:
        row, number = one.row, fit.state.instalment.number
        key = fit.book.number, number
        if not fit.claim:
            self._taken[key] = self._taken.get(key, Decimal(0)) + _amount(row)
        return Proposal(
            place=one.place,
            name=name,
            contract=fit.book.number,
            row=_completed(row, fit, one.text),
            why=(*fit.why, *_whose(one, fit)),
            decided=decided,
        )

    def _entered(self, row: Payment | Invoice, party: str) -> tuple[Reason, Message] | None:
        """Return that a row is in a ledger already, as it is or otherwise."""
        for book in self.books:
            there = book.ledger
            if there is None:
                continue
            if isinstance(row, Invoice):
                same = [item for item in there.invoices if item.number == row.number]
                if same:
                    return self._told_of(book, same[0], row.number, _differs(same[0], row))
                continue
            slips = [item for item in there.payments if row.voucher == item.voucher != ""]
            if slips:
                others = (sum(item.amount for item in slips) != row.amount
                          or slips[0].received != row.received)  # fmt: skip
                labels = ("amount", "received") if others else ()
                return self._told_of(book, slips[0], row.voucher, labels)
            if plain(party) == plain(book.contract.client.name):
                alike = self._alike(book, row)
                if alike is not None:
                    told = say("{amount} of {day}", amount=format_yuan(row.amount),
                               day=row.received)  # fmt: skip
                    return self._told_of(book, alike, told, ())
        return None

    def _alike(self, book: ContractBook, row: Payment) -> Payment | None:
        """Return money of the same day and amount that was typed under another number or none."""
        for item in book.ledger.payments if book.ledger else ():
            same = (item.amount, item.received) == (row.amount, row.received)
            if same and id(item) not in self._met:
                self._met.add(id(item))
                return item
        return None

    def _told_of(
        self, book: ContractBook, row: Row, key: Message | str, differs: Sequence[str]
    ) -> tuple[Reason, Message]:
        where = say("{key} is in {place}", key=key, place=str(row.place("")))
        if not differs:
            return Reason.THERE, where
        labels = listed(declarations(type(row))[name].label for name in differs)
        return Reason.DIFFERENT, say("{told}, where {labels} differ", told=where, labels=labels)

    def _as_decided(self, one: Candidate, choice: Choice) -> list[Fit]:
        pool = [book for book in self.books if book.number == choice.contract]
        if not choice.contract:
            pool = self._pool(one) or list(self.books)
        return [
            Fit(book, state, (say("as it was decided"),))
            for book in pool
            for state in self._states(book)
            if state.instalment.number == choice.instalment
        ]

    def _pool(self, one: Candidate) -> list[ContractBook]:
        """Return the contracts that a row names, else those with its other side."""
        named = [book for book in self.books if book.number in one.text]
        party = plain(one.party)
        return named or [book for book in self.books if plain(book.contract.client.name) == party]

    def _fits(self, one: Candidate) -> list[Fit]:
        """Return the instalments whose amounts are that of the row.

        Money may come from a treasury that pays for the client; an invoice is the client's own.
        """
        if isinstance(one.row, Invoice) and one.row.gross < 0:
            return list(self._reversed(one.row, one.text))
        pool = self._pool(one)
        if not pool and isinstance(one.row, Payment):
            pool = list(self.books)
        found = ((book, state) for book in pool for state in self._states(book))
        fits = (Fit(book, state, tuple(self._why(one.row, book, state))) for book, state in found)
        claims = self._claims(one.row, pool) if isinstance(one.row, Payment) else ()
        return [*(fit for fit in fits if fit.why), *claims]

    def _claims(self, row: Payment, pool: Sequence[ContractBook]) -> Iterator[Fit]:
        """Yield the claims of which as much is open as came in."""
        for book in pool:
            money = account_of(book, self._as_of)
            claims = money.claims.states if money else ()
            for claim in claims:
                if claim.open.value == row.amount:
                    why = say("the amount is what is open of claim {number}",
                              number=claim.row.number)  # fmt: skip
                    for state in self._states(book):
                        if state.instalment.number == claim.row.instalment:
                            yield Fit(book, state, (why,), claim.row.number)

    def _reversed(self, row: Invoice, text: str) -> Iterator[Fit]:
        """Yield the instalment of the invoice that a red-letter one reverses, as it says itself."""
        for book in self.books:
            for state in self._states(book):
                for invoice in state.invoices:
                    if not invoice.red and invoice.number in (row.reverses or text):
                        why = say("it reverses invoice {number}", number=invoice.number)
                        yield Fit(book, state, (why,))

    def _states(self, book: ContractBook) -> tuple[InstalmentAccount, ...]:
        """Return the instalments of a contract; none where there is no ledger."""
        money = account_of(book, self._as_of)
        return money.instalments if money else ()

    def _why(self, row: Row, book: ContractBook, state: InstalmentAccount) -> Iterator[Message]:
        """Yield why an instalment may be what a row is for: which of its amounts is the same."""
        amount = _amount(row)
        open_ = self._open(row, book, state)
        if amount > open_:
            return
        if amount == open_:
            yield (
                say("the amount is what is still to come in of it")
                if isinstance(row, Payment)
                else say("the amount is what is still to be invoiced of it")
            )
        if isinstance(row, Payment):
            for invoice in state.standing_invoices:
                if invoice.gross == amount:
                    yield say("the amount is that of invoice {number}", number=invoice.number)
        for letter in state.requests[-1:]:
            if letter.amount == amount:
                yield say("the amount is what was asked for on {day}", day=letter.sent)

    def _open(self, row: Row, book: ContractBook, state: InstalmentAccount) -> Decimal:
        """Return what of an instalment no row stands for, whenever it was entered."""
        ledger, number = book.ledger, state.instalment.number
        taken = self._taken.get((book.number, number), Decimal(0))
        if ledger is None:
            return Decimal(0)
        if isinstance(row, Payment):
            paid = (item.amount for item in ledger.for_the_price if item.instalment == number)
            return state.payable.value - sum(paid, taken)
        issued = (item.gross for item in ledger.invoices if item.instalment == number)
        return state.invoiceable.value - sum(issued, taken)

    def _why_not(self, one: Candidate, fits: Sequence[Fit]) -> tuple[Reason, Message]:
        amount = format_yuan(_amount(one.row))
        if fits:
            names = _few([fit.called for fit in fits])
            return Reason.SEVERAL, say("{amount} of {party} fits {instalments}", amount=amount,
                                       party=one.party or "—", instalments=names)  # fmt: skip
        pool = self._pool(one)
        if not pool:
            return Reason.FOREIGN, say("{amount} of {party}", amount=amount, party=one.party or "—")
        waiting = [
            say("{instalment}: {amount}", instalment=Fit(book, state, ()).called,
                amount=format_yuan(self._open(one.row, book, state)))
            for book in pool
            for state in self._states(book)
            if self._open(one.row, book, state) > 0
        ]  # fmt: skip
        told = say("{amount} of {party}", amount=amount, party=one.party or "—")
        if not waiting:
            return Reason.UNMATCHED, say("{told}; nothing of its contracts is open", told=told)
        return Reason.UNMATCHED, say("{told}; open are {open}", told=told, open=_few(waiting))


def _few(names: Sequence[Message]) -> Listing:
    """Return the first of many names, with the number of the others."""
    if len(names) <= _MOST_NAMED:
        return listed(names)
    more = say("and {count} more", count=len(names) - _MOST_NAMED)
    return listed([*names[:_MOST_NAMED], more])


_MOST_NAMED: Final = 6


def _whose(one: Candidate, fit: Fit) -> Iterator[Message]:
    """Yield what speaks for the contract, or that the other side is not its client."""
    if fit.book.number in one.text:
        yield say("it names the contract")
    client = fit.book.contract.client.name
    if plain(one.party) == plain(client):
        yield say("it is from or to the client")
    elif one.party:
        yield say("{party} is not the client {client}: make sure", party=one.party, client=client)


def _narrowed(fits: list[Fit], one: Candidate) -> list[Fit]:
    """Return of several instalments those that the row names, else those asked for or invoiced."""
    if len(fits) > 1:
        fits = [fit for fit in fits if _names(one.text, fit)] or fits
    if len(fits) > 1:
        fits = [fit for fit in fits if _is_asked(one.row, fit.state)] or fits
    return fits


def _names(text: str, fit: Fit) -> bool:
    number = fit.state.instalment.number
    words = [f"第{number}期", f"第{number}笔", fit.state.instalment.name]
    if number < _MOST_IN_WORDS:
        words += [f"第{chinese_ordinal(number)}期", f"第{chinese_ordinal(number)}笔"]
    return any(word in text for word in words)


_MOST_IN_WORDS: Final = 100


def _is_asked(row: Row, state: InstalmentAccount) -> bool:
    if isinstance(row, Payment):
        return bool(state.requests or state.standing_invoices)
    return bool(state.requests) or not state.unmet


def _completed(row: Row, fit: Fit, text: str) -> Payment | Invoice:
    """Return a row with what is found out about it: instalment, invoice paid, kind and rate."""
    number = fit.state.instalment.number
    if isinstance(row, Payment):
        paid = [one for one in fit.state.standing_invoices if one.gross == row.amount]
        invoice = row.invoice or (paid[0].number if len(paid) == 1 else None)
        if fit.claim:
            return replace(row, instalment=number, claim=fit.claim)
        return replace(row, instalment=number, invoice=invoice)
    if not isinstance(row, Invoice):
        raise TypeError(row)
    if row.gross < 0 and row.reverses is None:
        blue = [one.number for one in fit.state.invoices if not one.red and one.number in text]
        row = replace(row, reverses=blue[0] if len(blue) == 1 else None)
    terms = fit.book.contract.invoicing
    more: dict[str, Any] = {"type": terms.type, "rate": terms.one_rate}
    given = {name: value for name, value in more.items()
             if not getattr(row, name) and not isinstance(value, Missing | None)}  # fmt: skip
    return replace(row, instalment=number, **given)


def _amount(row: Row) -> Decimal:
    return row.amount if isinstance(row, Payment) else getattr(row, "gross", Decimal(0))


def _day(row: Row) -> date:
    return row.received if isinstance(row, Payment) else getattr(row, "issued", date.min)


def _name(one: Candidate) -> str:
    """Return by what a person names a row: its own number, else its line in the export."""
    row, place = one.row, one.place
    number = row.voucher if isinstance(row, Payment) else getattr(row, "number", "")
    if number:
        return str(number)
    return str(place.line) if isinstance(place, Line) else place.cell.lstrip("A")


def _differs(there: Invoice, row: Invoice) -> tuple[str, ...]:
    names = ("issued", "net", "tax", "gross")
    return tuple(name for name in names if getattr(there, name) != getattr(row, name))
