"""Rules about the price: the instalments are the total, in figures and in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from deliverables.capitals import CapitalsError, read_capitals
from deliverables.identifiers import check_account
from deliverables.instalments import agrees_with_ratio, amounts, ratio_difference
from deliverables.message import Message, listed, say
from deliverables.model.book import ContractBook
from deliverables.model.payment_terms import Instalment, Payment
from deliverables.model.record import Missing
from deliverables.model.values import show_ratio
from deliverables.money import format_yuan
from deliverables.problem import Problem, error, warning

VAT_RATES = tuple(Decimal(rate) for rate in ("0", "0.01", "0.03", "0.05", "0.06", "0.09", "0.13"))
"""The rates of 增值税法 and of its transitional rules."""

MOST_A_DAY = Decimal("0.005")
"""No contract charges more than this share a day for late payment; more is mistyped."""


def numbered_in_order(book: ContractBook) -> Iterable[Problem]:
    """Instalments are numbered 1, 2, 3 in the order in which they fall due."""
    for expected, instalment in enumerate(book.contract.payment.instalments, 1):
        if instalment.number != expected:
            yield error(
                "instalment-number",
                instalment.place("number"),
                say(
                    "the instalment in place {expected} has the number {found}",
                    expected=expected,
                    found=instalment.number,
                ),
                say("number the instalments 1, 2, 3 … in the order of the contract"),
            )


def amounts_stated(book: ContractBook) -> Iterable[Problem]:
    """Either every instalment states an amount or none does."""
    payment = book.contract.payment
    without = [instalment for instalment in payment.instalments if instalment.amount is None]
    if 0 < len(without) < len(payment.instalments):
        for instalment in without:
            yield error(
                "instalment-amount-missing",
                instalment.place("amount"),
                say(
                    "instalment {number} states no amount, others do",
                    number=instalment.number,
                ),
                say("copy the amount from the contract; see Art. 6.2"),
            )


def amounts_sum(book: ContractBook) -> Iterable[Problem]:
    """The stated amounts are the total, to the fen."""
    payment = book.contract.payment
    amounts = [item.amount for item in payment.instalments if item.amount is not None]
    if len(amounts) != len(payment.instalments) or not amounts:
        return
    found = sum(amounts, Decimal(0))
    if found != payment.total:
        yield error(
            "instalment-total",
            payment.instalments[0].place("amount"),
            say(
                "instalments sum to {found}, contract.total is {total} ({difference})",
                found=format_yuan(found),
                total=format_yuan(payment.total),
                difference=excess(found - payment.total),
            ),
            say("the stated amount of an instalment is authoritative; see Art. 6.2"),
        )


def excess(difference: Decimal) -> Message:
    """Return how much a sum is off: 0.01 too much, or too little."""
    amount = format_yuan(abs(difference))
    if difference > 0:
        return say("{amount} too much", amount=amount)
    return say("{amount} too little", amount=amount)


def amounts_follow_ratios(book: ContractBook) -> Iterable[Problem]:
    """A stated amount is its ratio of the total to within a fen, rounded up or down."""
    payment = book.contract.payment
    for instalment in payment.instalments:
        if instalment.amount is None or instalment.ratio is None:
            continue
        stated, ratio = instalment.amount, instalment.ratio
        if not agrees_with_ratio(stated, payment.total, ratio):
            difference = ratio_difference(stated, payment.total, ratio)
            yield error(
                "instalment-ratio",
                instalment.place("amount"),
                say(
                    "instalment {number} states {found}, {ratio} of {total} is {expected} "
                    "({difference} apart)",
                    number=instalment.number,
                    found=format_yuan(instalment.amount),
                    ratio=show_ratio(instalment.ratio),
                    total=format_yuan(payment.total),
                    expected=f"{(stated - difference).normalize():,f}",
                    difference=f"{abs(difference).normalize():,f}",
                ),
                say("copy the amount and the ratio from the contract; see Art. 6.2"),
            )


def ratios_sum(book: ContractBook) -> Iterable[Problem]:
    """The ratios of a plan are 100 %; a last instalment without one takes what remains."""
    payment = book.contract.payment
    yield from _ratios(payment, "ratio", lambda instalment: instalment.ratio)
    yield from _ratios(payment, "sme_ratio", lambda instalment: instalment.sme_ratio)


def _ratios(
    payment: Payment, field: str, ratio: Callable[[Instalment], Decimal | None]
) -> Iterator[Problem]:
    stated = [item for item in map(ratio, payment.instalments) if item is not None]
    found = sum(stated, Decimal(0))
    complete = len(stated) == len(payment.instalments)
    if not stated or (complete and found == 1) or (not complete and found < 1):
        return
    yield error(
        "ratio-sum",
        payment.instalments[0].place(field),
        say(
            "{field} of all instalments sums to {found}, expected {expected}",
            field=field,
            found=show_ratio(found),
            expected="100%" if complete else say("less than 100%, one instalment has no ratio"),
        ),
        say("copy the ratios from the contract; leave out one that it does not state"),
    )


def sme_plan(book: ContractBook) -> Iterable[Problem]:
    """The plan for small enterprises needs its declaration and its ratios."""
    payment = book.contract.payment
    if payment.plan != "sme":
        return
    if isinstance(payment.sme_evidence, Missing) or not payment.sme_evidence:
        yield error(
            "sme-unproved",
            payment.place("plan"),
            say("the plan is sme, and no declaration of a small enterprise is named"),
            say(
                "name the 中小企业声明函 filed with the tender in sme_evidence, "
                "or write plan: standard (Art. 6.2)"
            ),
        )
    for instalment in payment.instalments[:-1]:
        if instalment.sme_ratio is None:
            yield error(
                "sme-ratio-missing",
                instalment.place("sme_ratio"),
                say(
                    "the plan is sme, instalment {number} has no sme_ratio",
                    number=instalment.number,
                ),
                say("write the ratio for small enterprises (Art. 6.2), or plan: standard"),
            )


def total_in_words(book: ContractBook) -> Iterable[Problem]:
    """The words say the same amount as the figures."""
    payment = book.contract.payment
    place, words = payment.place("total_in_words"), payment.total_in_words
    try:
        said = read_capitals(words)
    except CapitalsError as fault:
        yield error(
            "total-in-words",
            place,
            say(
                "the words {words} are no amount, at character {position}: {reason}",
                words=words,
                position=fault.position + 1,
                reason=fault.reason,
            ),
            say("copy the words from the contract; see Art. 6.1"),
        )
        return
    if said != payment.total:
        yield error(
            "total-in-words",
            place,
            say(
                "the words say {said}, contract.total is {total} ({difference})",
                said=format_yuan(said),
                total=format_yuan(payment.total),
                difference=excess(said - payment.total),
            ),
            say("copy both from the contract; if it says two amounts, ask the client"),
        )


def account(book: ContractBook) -> Iterable[Problem]:
    """The client pays to an account of the contractor, whose number is digits."""
    paid_to = book.contract.payment.account
    fault = check_account(paid_to.number).fault
    if fault:
        yield error(
            "account-number",
            paid_to.place("number"),
            say(
                "the account number {found} is not valid: {fault}",
                found=paid_to.number,
                fault=fault,
            ),
            say("copy it digit by digit from the contract; see Art. 6.3"),
        )
    contractor = book.contract.contractor.name
    if paid_to.holder != contractor:
        yield warning(
            "account-holder",
            paid_to.place("holder"),
            say(
                "the account belongs to {holder}, the contractor is {contractor}",
                holder=paid_to.holder,
                contractor=contractor,
            ),
            say("check it with the contract: the client pays nobody else without an amendment"),
        )


def rates(book: ContractBook) -> Iterable[Problem]:
    """The tax rate is one the law knows; interest a day and its cap are small and not zero."""
    contract = book.contract
    if contract.invoicing.rate not in VAT_RATES:
        yield error(
            "vat-rate",
            contract.invoicing.place("rate"),
            say(
                "{found} is no rate of value-added tax, expected one of {rates}",
                found=show_ratio(contract.invoicing.rate),
                rates=listed(map(show_ratio, VAT_RATES)),
            ),
            say("write the rate as 6% or 0.06"),
        )
    late = contract.payment.late
    if not 0 < late.daily_rate <= MOST_A_DAY:
        yield error(
            "late-rate",
            late.place("daily_rate"),
            say(
                "late payment costs {found} a day, expected more than 0 and at most {most}",
                found=show_ratio(late.daily_rate),
                most=show_ratio(MOST_A_DAY),
            ),
            say("万分之三 is 0.0003; copy the rate from the contract, see Art. 12.7"),
        )


def amounts_due(payment: Payment) -> dict[int, Decimal]:
    """Return what each instalment comes to, by its number; nothing where that is not known.

    A stated amount stands. Where the plan states ratios only, all but the last are rounded and
    the last takes what remains, so that the parts are the total.
    """
    sme = payment.plan == "sme"
    stated = [None if sme else item.amount for item in payment.instalments]
    ratios = [item.sme_ratio if sme else item.ratio for item in payment.instalments]
    try:
        due = amounts(payment.total, stated, ratios)
    except ValueError:
        return {}
    return {item.number: amount for item, amount in zip(payment.instalments, due, strict=True)}
