"""What a request for payment says: its conditions, amounts and invoices, for letter and finance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from deliverables.values.figure import Figure, Statement

DUE: Final = "本期应付"
"""What the line of the amounts is called that the instalment comes to before deductions."""


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A condition, the day on which it was met or how it stands, and its evidence."""

    name: str
    met_on: Figure[date | None]
    evidence: Statement


@dataclass(frozen=True, slots=True)
class AmountLine:
    """An amount in yuan, what it is, and the article, receipt or agreement it rests on."""

    label: str
    amount: Figure[Decimal]
    basis: Statement


@dataclass(frozen=True, slots=True)
class InstalmentInvoice:
    """An invoice of the instalment as issued, or what is still to be invoiced (待开)."""

    type: Figure[str]
    rate: Figure[Decimal | str | None]
    net: Figure[Decimal | None]
    tax: Figure[Decimal | None]
    gross: Figure[Decimal]
    number: Figure[str | None]


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """Everything one payment request prints."""

    title: str
    you: str
    client: Figure[str]
    contractor: Figure[str]
    project: Figure[str]
    service: Figure[str]
    contract_number: Figure[str]
    signed_on: Figure[date]
    instalment: str
    is_named: bool
    name: Figure[str]
    earlier: Statement
    again: bool
    article: Figure[str]
    conditional: bool
    standing: Statement
    conditions: tuple[ConditionLine, ...]
    unmet: tuple[Statement, ...]
    amounts: tuple[AmountLine, ...]
    requested: Figure[Decimal]
    requested_in_words: Figure[str]
    invoices: tuple[InstalmentInvoice, ...]
    deadline: Statement
    account_holder: Figure[str]
    account_bank: Figure[str]
    account_number: Figure[str]
    attachments: tuple[Statement, ...]
    contact: Figure[str]
    contact_phone: Figure[str]
    dated: Figure[date]
    notes: tuple[Statement, ...]
