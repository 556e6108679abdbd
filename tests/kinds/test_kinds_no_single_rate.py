"""Under several rates of VAT, or none that is stated, nothing is split but by an invoice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from documents import AS_OF
from scenarios import book, contract, invoiced, ledger, sample

from deliverables.compute.assumptions import assumptions
from deliverables.kinds import Kind, kinds
from deliverables.kinds.payment_request import KIND as REQUEST
from deliverables.kinds.payment_request import PaymentRequest
from deliverables.kinds.settlement_statement import KIND as SETTLEMENT
from deliverables.kinds.settlement_statement import SettlementStatement
from deliverables.model.book import ContractBook
from deliverables.model.fields import SEVERAL_RATES
from deliverables.verify.base import leaves

DAY = date(2026, 6, 1)
ISSUED = replace(invoiced(1, date(2026, 5, 20), "1800000.00", "157783.48"), rate=SEVERAL_RATES)
"""Of 6 % and 13 %: no single rate makes this tax of this net amount."""


def under(rate: str | None, before: ContractBook) -> ContractBook:
    terms = before.contract
    return replace(before, contract=replace(terms, invoicing=replace(terms.invoicing, rate=rate)))


def letter(project: ContractBook) -> PaymentRequest:
    made = REQUEST.compose(project, REQUEST.plan(project, DAY)[0], DAY)
    assert isinstance(made, PaymentRequest)
    return made


@pytest.mark.parametrize("rate", [SEVERAL_RATES, None])
def test_what_is_to_be_invoiced_has_its_gross_amount_and_no_other(rate: str | None) -> None:
    (line,) = letter(under(rate, book(ledger=ledger()))).invoices
    printed = [str(one) for one in (line.rate, line.net, line.tax, line.gross, line.number)]
    known = ["以发票为准", "以发票为准", "1,957,783.48", "待开，付款前提交"]
    assert printed == [rate or "以发票为准", *known]


def test_an_invoice_that_was_issued_says_what_was_typed_of_it() -> None:
    (line,) = letter(under(SEVERAL_RATES, book(ledger=ledger(ISSUED)))).invoices
    printed = [str(one) for one in (line.rate, line.net, line.tax, line.gross)]
    assert printed == [SEVERAL_RATES, "1,800,000.00", "157,783.48", "1,957,783.48"]


def test_the_statement_adds_up_invoices_and_splits_nothing() -> None:
    project = under(SEVERAL_RATES, book(ledger=ledger(ISSUED)))
    made = SETTLEMENT.compose(project, SETTLEMENT.plan(project, DAY)[0], DAY)
    assert isinstance(made, SettlementStatement)
    assert [(str(line.net), str(line.tax)) for line in made.tax.parts] == [
        ("1,800,000.00", "157,783.48"), ("以发票为准", "以发票为准"), ("以发票为准", "以发票为准"),
    ]  # fmt: skip
    assert str(made.tax.sum.gross) == "4,894,458.72"
    assert str(made.tax.finding) == (
        "合同约定多种税率，不含税金额和税额以发票载明的为准，不按合同总额拆分核对。"
    )
    assert (made.unpaid_invoices.are_any, made.unpaid_invoices.taxed) == (True, False)


def split_by_a_rate(kind: Kind, project: ContractBook) -> list[str]:
    """Return what the documents of a kind say that a rate made, or of a rate."""
    return [
        f"{path}: {leaf}"
        for one in kind.plan(project, AS_OF)
        if not one.blockers
        for path, leaf in leaves(kind.compose(project, one, AS_OF))
        if "1+税率" in getattr(getattr(leaf, "origin", None), "rule", "")
        or re.search(r"税率\d|^6%$", str(leaf))
    ]


@pytest.mark.parametrize("kind", ["annual_summary", "payment_request", "settlement_statement"])
def test_no_document_says_a_rate_or_an_amount_that_a_rate_made(kind: str) -> None:
    ledger_typed = sample().ledger
    assert ledger_typed is not None
    invoices = tuple(replace(row, rate=SEVERAL_RATES) for row in ledger_typed.invoices)
    project = replace(
        under(SEVERAL_RATES, sample()), ledger=replace(ledger_typed, invoices=invoices)
    )
    assert split_by_a_rate(kinds()[kind], project) == []


def test_what_a_rate_made_is_noticed() -> None:
    assert split_by_a_rate(SETTLEMENT, sample())


def test_check_says_that_nothing_is_split() -> None:
    for rate, said in ((SEVERAL_RATES, "合同约定多种税率"), (None, "合同未约定税率")):
        found = {one.code: one for one in assumptions(under(rate, book(ledger=ledger())), DAY)}
        assert found["no-single-rate"].text.startswith(said)
        assert "invoice-rate" not in found
    assert "no-single-rate" in str([one.code for one in assumptions(under(None, sample()), DAY)])
    assert "no-single-rate" not in [one.code for one in assumptions(book(ledger=ledger()), DAY)]


def test_that_an_invoice_comes_first_is_said_where_the_contract_says_it() -> None:
    terms = contract()
    silent = replace(terms, invoicing=replace(terms.invoicing, before_payment=None))
    first, unsaid = (letter(book(ledger=ledger(), terms=each)) for each in (terms, silent))
    told = [str(one.invoices[-1].number) for one in (first, unsaid)]
    assert told == ["待开，付款前提交", "待开"]
    found = {one.code for one in assumptions(book(ledger=ledger(), terms=silent), DAY)}
    assert not found & {"tax-before-payment", "late-invoice"}
