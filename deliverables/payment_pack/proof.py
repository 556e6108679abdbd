"""The finished form read again, by a reader that shares nothing with the writer, and proved.

Every amount, the words, the split and the long numbers are held against what was applied for.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

from python_calamine import CalamineWorkbook

from deliverables.capitals import CapitalsError, read_capitals
from deliverables.message import say
from deliverables.money import MoneyError, parse_yuan
from deliverables.payment_pack.application import Application, PartyLines
from deliverables.payment_pack.form import (
    ADDRESS,
    ASKED,
    BANK,
    CREDIT_CODE,
    FORM,
    GROSS,
    INVOICEABLE,
    INVOICED,
    LEFT,
    NAME,
    NET,
    RATE,
    REMARK,
    TAX,
    TAX_CODE,
    WORDS,
)
from deliverables.vat import VatSplit, tax_agrees
from deliverables.verify.finding import Finding, fault

_CODE = "pack-figure"
Rows = list[list[object]]


def prove_form(workbook: bytes, asked: Application) -> tuple[Finding, ...]:
    """Return everything in the finished form that is not what was applied for."""
    read = CalamineWorkbook.from_filelike(BytesIO(workbook)).get_sheet_by_name(FORM)
    rows: Rows = [list(row) for row in read.to_python(skip_empty_area=False)]
    return (*_texts(rows, asked), *_amounts(rows, asked), *_sums(rows, asked))


def _texts(rows: Rows, asked: Application) -> Iterator[Finding]:
    wanted = [
        (TAX_CODE, [asked.tax_code]),
        (WORDS, [str(asked.gross_in_words)]),
        (RATE, [str(asked.line.rate)]),
        (REMARK, [asked.remark]),
        *_parties(asked.buyer, asked.seller),
    ]
    for label, texts in wanted:
        found = list(beside(rows, label))
        if found != texts:
            yield _differs(label, texts, found)


def _parties(*parties: PartyLines) -> Iterator[tuple[str, list[str]]]:
    yield NAME, [party.name for party in parties]
    yield CREDIT_CODE, [party.credit_code for party in parties]
    yield ADDRESS, [party.address_and_phone for party in parties]
    yield BANK, [party.bank_and_account for party in parties]


def _amounts(rows: Rows, asked: Application) -> Iterator[Finding]:
    line = asked.line
    wanted = {
        NET: line.net.value,
        GROSS: line.gross.value,
        INVOICEABLE: asked.invoiceable.value,
        INVOICED: asked.invoiced.value,
        ASKED: line.gross.value,
        LEFT: asked.left_after.value,
    }
    for label, amount in wanted.items():
        found = [yuan_in(value) for value in beside(rows, label) if yuan_in(value) is not None]
        if found != [amount]:
            yield _differs(label, [amount], found)


def _sums(rows: Rows, asked: Application) -> Iterator[Finding]:
    """Add up and read out what stands in the form, whatever it should be."""
    net, gross = _first(rows, NET), _first(rows, GROSS)
    tax = next((amount for value in beside(rows, TAX)
                if (amount := yuan_in(value)) is not None), None)  # fmt: skip
    words = next((str(value) for value in beside(rows, WORDS)), "")
    if net is None or gross is None or tax is None:
        yield fault(_CODE, _WHERE, say("an amount is no number"))
        return
    if not tax_agrees(VatSplit(gross, net, tax, asked.line.rate.value)):
        yield fault(_CODE, _WHERE, say("net {net} + tax {tax} is not gross {gross} at the rate",
                                       net=net, tax=tax, gross=gross))  # fmt: skip
    try:
        spoken = read_capitals(words)
    except CapitalsError:
        spoken = None
    if spoken != gross:
        yield fault(_CODE, _WHERE, say("the words {words} are not {gross}", words=words,
                                       gross=gross))  # fmt: skip


def _first(rows: Rows, label: str) -> Decimal | None:
    return next((amount for value in beside(rows, label)
                 if (amount := yuan_in(value)) is not None), None)  # fmt: skip


def beside(rows: Rows, label: str) -> Iterator[object]:
    """Yield what stands to the right of each cell with that label, the first that is not empty."""
    for row in rows:
        for at, value in enumerate(row):
            if value == label:
                yield from [other for other in row[at + 1 :] if other != ""][:1]


def yuan_in(value: object) -> Decimal | None:
    """Return the amount in a cell; None if it holds text, or is finer than a fen."""
    if isinstance(value, str | bool) or not isinstance(value, int | float):
        return None
    try:
        return parse_yuan(str(value) if isinstance(value, int) else f"{value:.15g}")
    except MoneyError:
        return None


def _differs(label: str, wanted: object, found: object) -> Finding:
    message = say("{label} is {found}, expected {wanted}", label=label, found=found, wanted=wanted)
    return fault(_CODE, _WHERE, message, str(wanted), str(found))


_WHERE = say("the invoice application")
