"""What must hold in contract.yaml: terms, days, prices, shares, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from deliverables.checks.operations import PLAUSIBLE_YEARS, quarters, where
from deliverables.checks.quotes import clauses
from deliverables.compute.series import SUMMARY, does_not_nest
from deliverables.compute.term import periods_of
from deliverables.model.book import ContractBook
from deliverables.model.contract import (
    AvailabilityTarget,
    Clause,
    Contact,
    Contract,
    Instalment,
    Party,
    PaymentTerms,
    ReportSeries,
    ServiceLevels,
    amounts_of,
    fact_missing,
    gaps,
)
from deliverables.model.fields import (
    TIME_LIMIT,
    Missing,
    declarations,
    show_number,
    show_rate,
    show_ratio,
)
from deliverables.model.operations_sheets import SUMMARY_CHAPTERS, AddressBlock
from deliverables.values.capitals import CapitalsError, read_capitals
from deliverables.values.dates import Period
from deliverables.values.identifiers import check_account, check_credit_code, check_tax_code
from deliverables.values.money import (
    agrees_with_ratio,
    format_yuan,
    less_withheld,
    ratio_difference,
    split_gross,
)
from deliverables.values.problem import Message, Problem, error, listed, say, warning
from deliverables.values.time_limit import TimeLimit

RELEASED = "已回收"


def block_sizes(book: ContractBook) -> Iterable[Problem]:
    """A block written as address/length holds as many addresses as the row says, at most."""
    for quarter in quarters(book):
        for row in quarter.workbook.addresses:
            network = _network(row)
            if network is not None and row.addresses > network.num_addresses:
                yield error(
                    "address-block",
                    row.place("addresses"),
                    say(
                        "{block} has {size} addresses, 地址数 is {found} ({excess} too many)",
                        block=row.block,
                        size=network.num_addresses,
                        found=row.addresses,
                        excess=row.addresses - network.num_addresses,
                    ),
                    say("correct the block or the number"),
                )


def blocks_apart(book: ContractBook) -> Iterable[Problem]:
    """Two blocks that are in use or reserved in one zone share no address."""
    for quarter in quarters(book):
        held = [(row, _network(row)) for row in quarter.workbook.addresses if row.state != RELEASED]
        in_order = sorted(
            ((row, network) for row, network in held if network is not None),
            key=lambda item: (item[0].zone, item[1].version, int(item[1].network_address)),
        )
        widest: tuple[AddressBlock, IPv4Network | IPv6Network] | None = None
        for row, network in in_order:
            if widest and _share(widest, (row, network)):
                yield error(
                    "address-overlap",
                    row.place("block"),
                    say(
                        "{block} ({system}) shares addresses with {other} ({holder}, {place})",
                        block=row.block,
                        system=row.system,
                        other=widest[0].block,
                        holder=widest[0].system,
                        place=where(widest[0].place("block")),
                    ),
                    say("correct one of the two blocks, or mark the earlier one as 已回收"),
                )
            else:
                widest = row, network


def _network(row: AddressBlock) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(row.block, strict=False)
    except ValueError:  # a range written in words is the clerk's to count
        return None


def _share(
    one: tuple[AddressBlock, IPv4Network | IPv6Network],
    other: tuple[AddressBlock, IPv4Network | IPv6Network],
) -> bool:
    return (one[0].zone, one[1].version) == (other[0].zone, other[1].version) and (
        int(other[1].network_address) <= int(one[1].broadcast_address)
    )


NOT_SME = ("不适用", "不属于", "非")
"""How an answer begins that says that the contractor is no small or medium enterprise."""

SPECIAL = "增值税专用发票"
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
    """Every instalment states an amount or none does, unless one is paid up to a share (支付至)."""
    payment = book.contract.payment
    if any(instalment.up_to is not None for instalment in payment.instalments):
        return
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
                say("copy the amount from the contract ({article})", article=instalment.article),
            )


def amounts_sum(book: ContractBook) -> Iterable[Problem]:
    """The stated amounts are the total, to the fen."""
    payment = book.contract.payment
    stated = [
        less_withheld(item.amount, item.withheld)
        for item in payment.instalments
        if item.amount is not None
    ]
    if len(stated) != len(payment.instalments) or not stated:
        return
    found = sum(stated, Decimal(0))
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
            say(
                "the stated amount of an instalment is authoritative ({article})",
                article=payment.instalments[0].article,
            ),
        )


def shares_rise(book: ContractBook) -> Iterable[Problem]:
    """A share up to which it is paid (支付至) is more than what is paid before."""
    payment = book.contract.payment
    reached = Decimal(0)
    for item in payment.instalments:
        if item.up_to is None:
            own = item.amount / payment.total if item.amount and payment.total else item.ratio
            reached += own or Decimal(0)
            continue
        if item.up_to <= reached or item.up_to > 1:
            yield error(
                "instalment-up-to",
                item.place("up_to"),
                say(
                    "instalment {number} is paid up to {found}, {before} is paid before it",
                    number=item.number,
                    found=show_ratio(item.up_to),
                    before=show_ratio(round(reached, 4)),
                ),
                say("a share that is no sum of all before it belongs in ratio ({article})",
                    article=item.article),
            )  # fmt: skip
        reached = item.up_to


def price_split(book: ContractBook) -> Iterable[Problem]:
    """Price without tax and tax, where the contract states them, are the price."""
    payment, rate = book.contract.payment, book.contract.invoicing.one_rate
    if payment.net is None or payment.tax is None:
        return
    if rate is None:
        yield from _sum_of_the_price(payment)
        return
    split = split_gross(payment.total, rate)
    if (payment.net, payment.tax) != (split.net, split.tax):
        yield error(
            "price-split",
            payment.place("net"),
            say(
                "the contract states {net} without tax and {tax} tax, {total} at {rate} is {exact} "
                "and {exact_tax}",
                net=format_yuan(payment.net),
                tax=format_yuan(payment.tax),
                total=format_yuan(payment.total),
                rate=show_rate(rate),
                exact=format_yuan(split.net),
                exact_tax=format_yuan(split.tax),
            ),
            say("copy both and the rate from the contract ({article})", article=payment.article),
        )


def _sum_of_the_price(payment: PaymentTerms) -> Iterator[Problem]:
    """Of several rates only the sum can be held against the price."""
    if payment.net is not None and payment.tax is not None:
        difference = payment.net + payment.tax - payment.total
        if difference:
            yield error(
                "price-split",
                payment.place("net"),
                say(
                    "the contract states {net} without tax and {tax} tax, together {difference} "
                    "for the price of {total}",
                    net=format_yuan(payment.net),
                    tax=format_yuan(payment.tax),
                    difference=excess(difference),
                    total=format_yuan(payment.total),
                ),
                say("copy both and the price from the contract ({article})",
                    article=payment.article),
            )  # fmt: skip


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
        if instalment.amount is None or instalment.ratio is None or instalment.each:
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
                say(
                    "copy the amount and the ratio from the contract ({article})",
                    article=instalment.article,
                ),
            )


def ratios_sum(book: ContractBook) -> Iterable[Problem]:
    """The ratios of a plan are 100 %; a last instalment without one takes what remains."""
    payment = book.contract.payment
    yield from _ratios(payment, "ratio", lambda instalment: instalment.ratio)
    yield from _ratios(payment, "sme_ratio", lambda instalment: instalment.sme_ratio)


def _ratios(
    payment: PaymentTerms, field: str, ratio: Callable[[Instalment], Decimal | None]
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
    evidence = payment.sme_evidence
    if isinstance(evidence, Missing) or not evidence or evidence.startswith(NOT_SME):
        yield error(
            "sme-unproved",
            payment.place("plan"),
            say("the plan is sme, and no declaration of a small enterprise is named"),
            say(
                "name the 中小企业声明函 filed with the tender in sme_evidence, "
                "or write plan: standard"
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
                say(
                    "write the ratio for small enterprises ({article}), or plan: standard",
                    article=instalment.article,
                ),
            )


def total_in_words(book: ContractBook) -> Iterable[Problem]:
    """The words say the same amount as the figures, where the contract has the words."""
    payment = book.contract.payment
    place, words = payment.place("total_in_words"), payment.total_in_words
    if not words:
        return
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
                reason=fault.message,
            ),
            say("copy the words from the contract ({article})", article=payment.article),
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
            say("copy it digit by digit from the contract ({article})", article=paid_to.article),
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
    """The tax rate is one the law knows, and the type of invoice fits it."""
    contract = book.contract
    rate = contract.invoicing.one_rate
    if rate is not None and rate not in VAT_RATES:
        yield error(
            "vat-rate",
            contract.invoicing.place("rate"),
            say(
                "{found} is no rate of value-added tax, expected one of {rates}",
                found=show_rate(rate),
                rates=listed(map(show_rate, VAT_RATES)),
            ),
            say("write the rate as 6% or 0.06"),
        )
    if contract.invoicing.exempt and contract.invoicing.type == SPECIAL:
        yield error(
            "vat-exempt-invoice",
            contract.invoicing.place("type"),
            say("the sale is exempt (免税), and {type} is asked for", type=SPECIAL),
            say("for an exempt sale only 普通发票 is issued: agree on it with the client's finance "
                "department, or correct the rate ({article})", article=contract.invoicing.article),
        )  # fmt: skip


def late_rate(book: ContractBook) -> Iterable[Problem]:
    """What late payment costs a day is small and not zero: until when it grows follows from it."""
    late = book.contract.payment.late
    if late is not None and not 0 < late.daily_rate <= MOST_A_DAY:
        yield error(
            "late-rate",
            late.place("daily_rate"),
            say(
                "late payment costs {found} a day, expected more than 0 and at most {most}",
                found=show_ratio(late.daily_rate),
                most=show_ratio(MOST_A_DAY),
            ),
            say(
                "万分之三 is 0.0003; copy the rate from the contract ({article})",
                article=late.article,
            ),
        )


def amounts_due(payment: PaymentTerms) -> dict[int, Decimal]:
    """Return what each instalment comes to, by its number; nothing where that is not known.

    A stated amount stands. Where the plan states ratios only, all but the last are rounded and
    the last takes what remains, so that the parts are the total.
    """
    try:
        due = amounts_of(payment)
    except ValueError:
        return {}
    return {item.number: amount for item, amount in zip(payment.instalments, due, strict=True)}


COUNTS = range(1, 1001)
"""What a number of months, reports or days may be."""

LOWEST_LEVEL = 90
"""No service is promised below this percentage: a lower figure is mistyped."""

_POSTCODE = re.compile(r"\d{6}")
_EMAIL = re.compile(r"[\w.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}|[2-8]\d{6,7}|400-?\d{3}-?\d{4}")


def missing_facts(book: ContractBook) -> Iterable[Problem]:
    """Every fact that the contract lacks, and whom to ask."""
    for path, missing, record, field in gaps(book.contract):
        yield fact_missing(path, declarations(type(record))[field], missing, record.place(field))


def signing_day(book: ContractBook) -> Iterable[Problem]:
    """The contract was signed in a year that makes sense: every period counts from that day."""
    identity = book.contract.identity
    if identity.signed_on.year not in PLAUSIBLE_YEARS:
        yield error(
            "signing-day",
            identity.place("signed_on"),
            say(
                "the signing day {found} is not between {first} and {last}",
                found=identity.signed_on,
                first=PLAUSIBLE_YEARS[0],
                last=PLAUSIBLE_YEARS[-1],
            ),
            say("copy the day from the signatures: every quarter and deadline counts from it"),
        )


def ended_after_signing(book: ContractBook) -> Iterable[Problem]:
    """A contract does not end before it is signed: its confidentiality counts from that day."""
    cessation, signed = book.contract.cessation, book.contract.identity.signed_on
    if cessation.ended_on is not None and cessation.ended_on < signed:
        yield error(
            "before-signing",
            cessation.place("ended_on"),
            say(
                "{label} {found} is before the contract was signed on {signed}",
                label=cessation.figure("ended_on").name,
                found=cessation.ended_on,
                signed=signed,
            ),
            say("correct the day"),
        )


def counts(book: ContractBook) -> Iterable[Problem]:
    """Terms, numbers of reports and days are at least one and not absurd."""
    contract = book.contract
    counted: list[tuple[Clause, str]] = [
        (contract.service, "term_months"),
        *(
            (clause, name)
            for clause in clauses(contract)
            for name, one in declarations(type(clause)).items()
            if one.type is TIME_LIMIT
        ),
        *((one, "every_months") for one in contract.series_owed),
        *((one, "count") for one in contract.reports),
    ]
    for clause, field in counted:
        stated: int | TimeLimit | None = getattr(clause, field)
        value = (stated.count or None) if isinstance(stated, TimeLimit) else stated
        if value is not None and value not in COUNTS:
            yield error(
                "count-range",
                clause.place(field),
                say(
                    "{label} is {found}, expected {least} to {most}",
                    label=declarations(type(clause))[field].label,
                    found=value,
                    least=COUNTS[0],
                    most=COUNTS[-1],
                ),
                say("copy the number from the contract ({article})", article=clause.article),
            )


def report_periods(book: ContractBook) -> Iterable[Problem]:
    """The term can be cut into the periods of each series.

    Data are entered by the shortest; longer ones must consist of whole periods of it.
    """
    contract = book.contract
    yield from (
        _indivisible(contract, series)
        for series in contract.series_owed
        if _periods(contract, series) is None
    )
    yield from _crossing(contract)


def report_counts(book: ContractBook) -> Iterable[Problem]:
    """There are as many periods of each series as the contract counts."""
    contract = book.contract
    for series in contract.series_owed:
        periods = _periods(contract, series)
        if periods is not None and series.count is not None and series.count != len(periods):
            yield error(
                "report-count",
                series.place("count"),
                say(
                    "{name}: {stated} are stated, every {months} months there are {found}",
                    name=series.name,
                    stated=series.count,
                    months=series.every_months,
                    found=len(periods),
                ),
                say("copy the number from the contract ({article}); see service.term_months",
                    article=series.article),
            )  # fmt: skip


def _periods(contract: Contract, series: ReportSeries) -> tuple[Period, ...] | None:
    """Return the periods of a series; None where the term cannot be cut into them."""
    try:
        return periods_of(contract, series)
    except (ValueError, OverflowError):
        return None


def chapters_of_a_series(book: ContractBook) -> Iterable[Problem]:
    """What only a summary has is asked of no report on operations."""
    for series in book.contract.reports:
        wrong = [title for title in series.chapters if title in SUMMARY_CHAPTERS]
        if wrong and series.form != SUMMARY:
            yield error(
                "chapter-of-summary",
                series.place("chapters"),
                say(
                    "{name} is no summary, and only a summary has {chapters}",
                    name=series.name,
                    chapters="、".join(wrong),
                ),
                say("delete it there, or write form: summary ({article})", article=series.article),
            )


def _indivisible(contract: Contract, series: ReportSeries) -> Problem:
    return error(
        "term-indivisible",
        series.place("every_months"),
        say(
            "{months} months cannot be cut into periods of {every} months for {name}",
            months=contract.service.term_months,
            every=series.every_months,
            name=series.name,
        ),
        say("correct service.term_months or every_months; the calendar takes 1, 2, 3, 4, 6 or 12"),
    )


def _crossing(contract: Contract) -> Iterator[Problem]:
    try:
        crossing = [one for one in contract.series_owed if does_not_nest(contract, one)]
    except (ValueError, OverflowError):  # told above
        return
    shortest = contract.data_series
    for series in crossing:
        yield error(
            "report-series",
            series.place("every_months"),
            say(
                "the periods of {name} are not made of whole periods of {shortest}, by which data "
                "are entered",
                name=series.name,
                shortest=shortest.name if shortest else "",
            ),
            say("count both by service months or both by the calendar (months), and let one be a "
                "multiple of the other"),
        )  # fmt: skip


def service_levels(book: ContractBook) -> Iterable[Problem]:
    """A promised percentage is at most 100, and not so low that it must be mistyped."""
    levels = book.contract.service_levels
    stated: list[tuple[Clause, str]] = [(levels, "availability"), (levels, "durability")]
    stated += [(target, "level") for target in levels.targets]
    for record, field in stated:
        value = getattr(record, field)
        if value is not None and not LOWEST_LEVEL <= value <= 100:  # noqa: PLR2004 - what a percentage is
            yield error(
                "service-level",
                record.place(field),
                say(
                    "{label} is {found} %, expected {lowest} to 100 %",
                    label=declarations(type(record))[field].label,
                    found=show_number(value),
                    lowest=LOWEST_LEVEL,
                ),
                say("copy the percentage from the contract ({article})", article=record.article),
            )
    yield from _twice(levels)
    yield from _longer_than_its_window(levels)


def _twice(levels: ServiceLevels) -> Iterator[Problem]:
    """A level of one name and window is stated once."""
    seen: dict[tuple[str, str], AvailabilityTarget] = {}
    for target in levels.targets:
        first = seen.setdefault((target.name, target.window), target)
        if first is not target:
            yield error(
                "service-level",
                target.place("name"),
                say(
                    "{name} is stated twice per {window}: {first} % and {second} %",
                    name=target.name,
                    window=target.window,
                    first=show_number(first.level),
                    second=show_number(target.level),
                ),
                say("delete one of them, or give each the name that the contract has for it"),
            )


_SHORTEST: Final = {"月": 28, "季度": 90, "半年": 181, "年": 365}
"""Days of the shortest window of each name."""


def _longer_than_its_window(levels: ServiceLevels) -> Iterator[Problem]:
    """Maintenance that does not count is some time, and not all of its window."""
    terms = levels.maintenance
    if terms is not None and not 0 < terms.minutes < _SHORTEST[terms.window] * 1440:
        yield error(
            "service-level",
            terms.place("upto"),
            say(
                "planned maintenance of {found} per {window} does not count, expected some minutes "
                "or hours, and less than all of the time",
                found=terms.figure("upto").text,
                window=terms.window,
            ),
            say("copy the hours from the contract ({article})", article=terms.article),
        )


def postcodes(book: ContractBook) -> Iterable[Problem]:
    """A postcode has six digits."""
    for party in _parties(book):
        if isinstance(party.postcode, str) and not _POSTCODE.fullmatch(party.postcode):
            yield error(
                "postcode",
                party.place("postcode"),
                say(
                    "the postcode {found} of {party} is not six digits",
                    found=party.postcode,
                    party=party.name,
                ),
                say("correct it; a leading 0 belongs to it"),
            )


def email_addresses(book: ContractBook) -> Iterable[Problem]:
    """An e-mail address has one @ between a name and a host, and no blank (RFC 5322, addr-spec)."""
    for party in _parties(book):
        for record, field in ((party, "invoice_email"), (party.contact, "email")):
            address = getattr(record, field)
            if isinstance(address, str) and address and not _EMAIL.fullmatch(address):
                yield error(
                    "email-address",
                    record.place(field),
                    say("the e-mail address {found} of {party} is none", found=address,
                        party=party.name),
                    say("write one address, name@host, and nothing else"),
                )  # fmt: skip


def credit_codes(book: ContractBook) -> Iterable[Problem]:
    """A unified social credit code satisfies its check character (GB 32100)."""
    for party in _parties(book):
        if isinstance(party.credit_code, Missing):
            continue
        fault = check_credit_code(party.credit_code).fault
        if fault:
            yield error(
                "credit-code",
                party.place("credit_code"),
                say(
                    "the credit code {found} of {party} is not valid: {fault}",
                    found=party.credit_code,
                    party=party.name,
                    fault=fault,
                ),
                say("copy it from the business licence or the certificate of the authority"),
            )


def phones(book: ContractBook) -> Iterable[Problem]:
    """A phone number looks like one; it is never shown, being personal data."""
    for party in _parties(book):
        contact: Contact = party.contact
        phone = contact.phone
        if isinstance(phone, Missing) or _MOBILE.fullmatch(phone) or _LANDLINE.fullmatch(phone):
            continue
        yield warning(
            "phone-shape",
            contact.place("phone"),
            say(
                "the contact of {party} has a phone number of {length} characters that is neither "
                "a mobile (11 digits from 13 to 19) nor a landline number",
                party=party.name,
                length=len(phone),
            ),
            say("copy it from the contract ({article})", article=contact.article),
        )


def copies(book: ContractBook) -> Iterable[Problem]:
    """The copies that each party holds are all the copies."""
    identity = book.contract.identity
    each, elsewhere = identity.copies_each, identity.copies_elsewhere or 0
    apart = (identity.copies_client, identity.copies_contractor)
    if each is not None and apart != (None, None):
        yield error(
            "copies",
            identity.place("copies_each"),
            say("copies_each says that both parties hold {each}, copies_client and "
                "copies_contractor say it of each", each=each),
            say("keep copies_each if both hold as many, else the other two ({article})",
                article=identity.article),
        )  # fmt: skip
        return
    parties = (each, each) if each is not None else apart
    if identity.copies is None or None in parties:
        return
    held = sum(part or 0 for part in parties) + elsewhere
    if held != identity.copies:
        yield warning(
            "copies",
            identity.place("copies"),
            say(
                "the contract has {copies} copies; those that client, contractor and others hold "
                "are {parts}, together {held}",
                copies=identity.copies,
                parts=" + ".join(str(part) for part in (*parties, elsewhere) if part),
                held=held,
            ),
            say("copy the numbers from the contract ({article}); what others keep belongs in "
                "copies_elsewhere", article=identity.article),
        )  # fmt: skip


def tax_code(book: ContractBook) -> Iterable[Problem]:
    """A tax classification code (商品和服务税收编码) has 19 digits."""
    invoicing = book.contract.invoicing
    if isinstance(invoicing.tax_code, Missing):
        return
    fault = check_tax_code(invoicing.tax_code).fault
    if fault:
        yield error(
            "tax-code",
            invoicing.place("tax_code"),
            say(
                "the tax code {found} is not valid: {fault}", found=invoicing.tax_code, fault=fault
            ),
            say("copy it from the tax portal and keep its trailing zeros"),
        )


def _parties(book: ContractBook) -> tuple[Party, Party]:
    return book.contract.client, book.contract.contractor
