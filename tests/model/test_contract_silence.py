"""A contract may be silent of every fact of contract.yaml, or it is said here why it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_type_hints

from deliverables.model.contract import Contract
from deliverables.model.fields import (
    TIME_LIMIT,
    Record,
    declarations,
    headings,
    record_type,
    stated_fields,
)

WITHOUT_THESE_NO_CONTRACT = {
    *("identity.number", "identity.title", "identity.signed_on", "identity.signed_on_read_from"),
    *("client.name", "contractor.name", "service.name", "service.term_months"),
    *("payment.total", "payment.plan"),
    *(f"payment.instalments.{name}" for name in ("number", "name")),
}
"""Who, what, since when, how long, for how much: every document rests on them."""
ASKED_FOR_WHERE_THE_CONTRACT_LACKS_THEM = {
    *(
        f"{party}.{name}"
        for party in ("client", "contractor")
        for name in ("address", "credit_code")
    ),
    *(
        f"{party}.contact.{name}"
        for party in ("client", "contractor")
        for name in ("name", "phone")
    ),
    *(f"payment.account.{name}" for name in ("holder", "bank", "number")),
    *(f"invoicing.{name}" for name in ("type", "item", "tax_code")),
}
"""Somebody knows them, whatever the contract says: a letter, an invoice, a payment needs them."""
STATED_OR_LEFT_OUT_WITH_THEIR_ENTRY = (
    *("duties.", "discrepancies.", "stated_terms.", "exit.", "payment.late.daily_rate"),
    *("reports.name", "reports.form", "service_levels.targets.", "service_levels.maintenance."),
)
"""An entry or a block that a silent contract does not have at all."""


def facts(kind: type[Record], path: str = "") -> Iterator[tuple[str, bool]]:
    """Yield every fact below a record, and whether contract.yaml may say 未约定 or leave it out."""
    hints = get_type_hints(kind)
    for item in stated_fields(kind):
        here = f"{path}{item.name}"
        declared = declarations(kind).get(item.name)
        if declared is not None:
            yield here, declared.silent or declared.optional or declared.type is TIME_LIMIT
        else:
            assert item.name in headings(kind)
            yield from facts(
                item.metadata.get("records") or record_type(hints[item.name]), f"{here}."
            )


def test_a_contract_may_be_silent_of_every_fact_but_those_that_are_named_here() -> None:
    needed = {path for path, silent in facts(Contract) if not silent}
    left = {path for path in needed if not path.startswith(STATED_OR_LEFT_OUT_WITH_THEIR_ENTRY)}
    assert left == WITHOUT_THESE_NO_CONTRACT | ASKED_FOR_WHERE_THE_CONTRACT_LACKS_THEM
