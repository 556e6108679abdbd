"""Rules that hold contract.yaml against the contract's own text, which lies beside it.

Nothing is read again: each quote must stand in the text word for word, and a value in its quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final, get_args, get_type_hints

from deliverables.model.book import ContractBook
from deliverables.model.contract import (
    AcceptanceTerms,
    AvailabilityTarget,
    BankAccount,
    Cessation,
    Clause,
    Confidentiality,
    Contact,
    ContractorExit,
    Identity,
    Instalment,
    Party,
    PaymentTerms,
    ReportSeries,
    Service,
    StatedTerm,
)
from deliverables.model.contract_text import folded
from deliverables.model.fields import (
    AMOUNT,
    DAY,
    DECIMAL,
    NUMBERS_AS_TEXT,
    PERCENTAGE,
    RATIO,
    SEVERAL_RATES,
    TIME_LIMIT,
    VAT_RATE,
    WHOLE,
    Declaration,
    Missing,
    Record,
    declarations,
    shown,
)
from deliverables.values.chinese_numbers import (
    amounts,
    amounts_in_words,
    days,
    numbers,
    ratios,
    whole,
    whole_numbers,
)
from deliverables.values.dates import add_months
from deliverables.values.figure import Source
from deliverables.values.problem import Problem, error, say, warning
from deliverables.values.time_limit import (
    LENGTH,
    UNSTATED,
    Shape,
    TimeLimit,
    months_named,
    unit_of,
)

VERBATIM: Final[dict[type[Clause], tuple[str, ...]]] = {
    Identity: ("number", "title", "signed_at", "effective"),
    Party: ("name", "address"),
    Contact: ("name",),
    Service: ("description",),
    ReportSeries: ("name",),
    AvailabilityTarget: ("name",),
    PaymentTerms: ("total_in_words",),
    Instalment: ("name", "condition_text"),
    BankAccount: ("holder", "bank"),
    AcceptanceTerms: ("materials", "lapse"),
    StatedTerm: ("words",),
    Confidentiality: ("quoted_scope_limit",),
}
"""The texts that are copied from the contract and not written about it."""

_NOT_OF_THE_CONTRACT: Final = {
    (Instalment, "number"),
    *((Cessation, name) for name in ("ended_on", "ended_known_on")),
    *((ContractorExit, name) for name in ("requested_on", "permitted_on", "last_service_day")),
}
"""What is counted by its place, or recorded when it happens."""

_NUMBERS: Final = (
    AMOUNT, DAY, DECIMAL, *NUMBERS_AS_TEXT, PERCENTAGE, RATIO, TIME_LIMIT, VAT_RATE, WHOLE
)  # fmt: skip
_EVERY: Final = "every_months"
"""How often a report is due is said by words: 季度报告, 每月."""

_TERM: Final = "term_months"
"""How long the service runs may be said by its first and its last day."""

_LABELS: Final = {"address": r"地址|住所|住址", "name": r"联系人|负责人|经理"}
_AROUND: Final = 12
_AS_IT_STANDS: Final = "[原文如此]"


def text_unchanged(book: ContractBook) -> Iterable[Problem]:
    """The text beside contract.yaml is the one that was read."""
    identity, text = book.contract.identity, book.text
    if text is not None and identity.text_sha256 and identity.text_sha256 != text.sha256:
        yield warning(
            "text-changed",
            identity.place("text_sha256"),
            say(
                "{file} has changed since contract.yaml was written from it: SHA-256 {found}",
                file=text.file,
                found=text.sha256,
            ),
            say("compare it with the sealed contract, then write the new SHA-256 here"),
        )


def quotes_stand_in_the_text(book: ContractBook) -> Iterable[Problem]:
    """Each quote stands in the contract's text, white space, page marks and commas apart."""
    for clause in clauses(book.contract) if book.text is not None else ():
        for number, quote in enumerate(clause.quote, 1):
            if book.text is not None and book.text.find(quote) is None:
                yield error(
                    "quote-differs",
                    clause.place("quote"),
                    say(
                        "quote {number} does not stand in {file}: {quote}",
                        number=number,
                        file=book.text.file,
                        quote=say("one about a contact, not shown here")
                        if isinstance(clause, Contact)
                        else _shortened(quote),
                    ),
                    say("copy the passage from the contract, with all its words"),
                )


def _is_whole_term(clause: Clause, book: ContractBook) -> bool:
    """Return whether a series is one report on the whole term, whose months its own words lack."""
    months = book.contract.service.term_months
    if not isinstance(clause, ReportSeries) or clause.every_months != months:
        return False
    return clause.count in (None, 1)


def values_stand_in_their_quotes(book: ContractBook) -> Iterable[Problem]:
    """A number, an amount or a day, and what is copied, is read inside its own quote."""
    for clause in clauses(book.contract):
        for name, declaration, value in quoted_values(clause):
            if name == _EVERY and _is_whole_term(clause, book):
                continue
            if not holds("\n".join(clause.quote), type(clause), name, declaration, value):
                yield error(
                    "quote-value",
                    clause.place(name),
                    say(
                        "{label} is {value}, which its quote does not say",
                        label=declaration.label,
                        value=_spoken(clause, declaration, value),
                    ),
                    say("copy it from the contract; add the passage that says so to quote"),
                )


def _spoken(clause: Clause, declaration: Declaration, value: object) -> object:
    """Return a value as a problem may show it; personal data are not shown."""
    return say("another one") if isinstance(clause, Contact) else shown(declaration, value)


def quoted_values(clause: Clause) -> Iterator[tuple[str, Declaration, Any]]:
    """Yield the values of a clause that has a quote and that the quote must say."""
    copied = VERBATIM.get(type(clause), ())
    for name, declaration in declarations(type(clause)).items() if clause.quote else ():
        value = getattr(clause, name)
        if isinstance(clause, Instalment) and name == "name":
            value = clause.written_name if clause.nth else value
            if value == clause.counted_name:
                continue
        is_number = declaration.type in _NUMBERS
        if isinstance(value, Missing) or value in (None, "", UNSTATED):
            continue
        if not value and declaration.type is not VAT_RATE:
            continue
        if name not in copied and not is_number:
            continue
        if name == _EVERY and not months_named("\n".join(clause.quote)):
            continue
        from_elsewhere = (
            name != _EVERY
            and _may_be_missing(type(clause), name)
            and not _is_labelled(clause, name)
        )
        if (type(clause), name) not in _NOT_OF_THE_CONTRACT and not from_elsewhere:
            yield name, declaration, value


def _may_be_missing(kind: type, name: str) -> bool:
    """Return whether the contract may lack the fact, so that it can come from another paper."""
    return Missing in get_args(get_type_hints(kind)[name])


def _is_labelled(clause: Clause, name: str) -> bool:
    """Return whether the quote says such a fact: an address behind its label, digits as many."""
    quote, value = folded("\n".join(clause.quote)), str(getattr(clause, name))
    if name in _LABELS:
        return re.search(_LABELS[name], quote) is not None
    plain = quote.replace("-", "")
    length = len(value.replace("-", ""))
    return any(len(found) == length for found in re.findall(r"[0-9A-Z]+", plain))


def holds(quote: str, kind: type, name: str, declaration: Declaration, value: Any) -> bool:
    """Return whether a quote says the value."""
    plain = folded(quote)
    if isinstance(value, TimeLimit):
        return _says(plain, value)
    if name == _EVERY:
        return value in months_named(plain)
    if value == SEVERAL_RATES:
        return len({one.value for one in ratios(plain)}) > 1
    if name == _TERM and _from_day_to_day(plain, value):
        return True
    if name in VERBATIM.get(kind, ()) or declaration.type in NUMBERS_AS_TEXT:
        said = str(value).replace(_AS_IT_STANDS, "")
        return folded(said) in plain or folded(said).replace("-", "") in plain.replace("-", "")
    return any(_same(declaration, value, found) for found in _readings(declaration, plain))


def _from_day_to_day(quote: str, months: int) -> bool:
    """Return whether two days of a quote are the first and the last of so many months."""
    return any(
        add_months(one.value, months) == other.value + timedelta(1)
        for one, other in pairwise(days(quote))
    )


def _says(quote: str, limit: TimeLimit) -> bool:
    """Return whether a quote says how long a limit is, or by which day something recurs."""
    if limit.shape is Shape.VAGUE:
        return folded(limit.said) in quote
    if limit.unit is None:
        return not limit.day or limit.day in whole_numbers(quote)
    return any(
        (whole(found["count"]), unit_of(found["unit"])) == (limit.count, limit.unit)
        for found in re.finditer(LENGTH, quote)
    )


def _same(declaration: Declaration, value: Any, found: Decimal | date | int) -> bool:
    if declaration.type is PERCENTAGE and isinstance(found, Decimal):
        return bool(found * 100 == value)
    return bool(found == value)


def _readings(declaration: Declaration, quote: str) -> Iterator[Decimal | date | int]:
    if declaration.type is AMOUNT:
        yield from (one.value for one in (*amounts(quote), *amounts_in_words(quote)))
    elif declaration.type is DAY:
        yield from (one.value for one in days(quote))
    elif declaration.type in (RATIO, PERCENTAGE, DECIMAL, VAT_RATE):
        yield from (one.value for one in ratios(quote))
        if declaration.type is VAT_RATE and re.search(r"免税|(?<!不)免征", quote):
            yield Decimal(0)
    else:
        yield from whole_numbers(quote)
        yield from (one.value for one in numbers(quote))


def said_at(contract: Record) -> dict[Source, tuple[str, str]]:
    """Return the contract's words and article behind each value, by its place in contract.yaml.

    One step further down than the place: contract.yaml:97:15 → …合同首款¥1,957,783.48元…, 第六条….
    Personal data are not shown again.
    """
    found: dict[Source, tuple[str, str]] = {}
    for clause in clauses(contract):
        if isinstance(clause, Contact):
            continue
        for name, declaration, value in quoted_values(clause):
            for quote in clause.quote:
                if holds(quote, type(clause), name, declaration, value):
                    told = _excerpt(quote, shown(declaration, value))
                    found.setdefault(clause.place(name), (told, clause.article))
    return found


def _excerpt(quote: str, value: str) -> str:
    """Return the part of a quote around a value; its beginning where it is written otherwise."""
    at = quote.find(value)
    if at < 0:
        return _shortened(quote)
    start, end = max(0, at - _AROUND), min(len(quote), at + len(value) + _AROUND)
    return f"{'…' if start else ''}{quote[start:end]}{'…' if end < len(quote) else ''}"


def clauses(record: Record) -> Iterator[Clause]:
    """Yield the blocks of a contract, from the top down."""
    for name in record.__dataclass_fields__:
        value: Any = getattr(record, name)
        below = value if isinstance(value, tuple) else (value,)
        for one in below:
            if isinstance(one, Instalment) and one.nth > 1:
                continue  # written once, for every period
            if isinstance(one, Clause):
                yield one
            if isinstance(one, Record):
                yield from clauses(one)


def _shortened(quote: str) -> str:
    most = 40
    return quote if len(quote) <= most else f"{quote[:most]}…"
