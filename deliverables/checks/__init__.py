"""Every rule that a book must satisfy; all of them run, so that all problems show at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from deliverables.checks import (
    addresses,
    closure,
    contract,
    ledger,
    narrative,
    operations,
    outages,
    price,
    quantities,
    settlement,
    staff,
)
from deliverables.checks.order import in_reading_order, most_alike
from deliverables.model.book import ContractBook
from deliverables.problem import Problem

Rule = Callable[[ContractBook], Iterable[Problem]]

RULES: tuple[Rule, ...] = (
    contract.missing_facts,
    contract.signing_day,
    contract.ended_after_signing,
    contract.counts,
    contract.whole_quarters,
    contract.service_levels,
    contract.postcodes,
    contract.credit_codes,
    contract.phones,
    contract.copies,
    contract.tax_code,
    price.numbered_in_order,
    price.amounts_stated,
    price.amounts_sum,
    price.amounts_follow_ratios,
    price.ratios_sum,
    price.sme_plan,
    price.total_in_words,
    price.account,
    price.rates,
    operations.quarter_period,
    operations.rows_in_quarter,
    operations.in_order_of_time,
    operations.numbers_once,
    operations.rows_once,
    operations.not_negative,
    operations.percentages,
    operations.evidence,
    narrative.signatories,
    narrative.unfinished_paragraphs,
    narrative.durability_claims,
    narrative.design_values,
    outages.outages_in_quarter,
    outages.nothing_happened_is_attested,
    outages.overlapping_outages,
    outages.exclusions,
    outages.affected_hosts,
    outages.linked_outages,
    outages.grading,
    outages.continued_outages,
    quantities.stock_balance,
    quantities.stock_carried_over,
    quantities.resource_units,
    quantities.hosts_agree,
    quantities.parts_of_wholes,
    quantities.mending_balance,
    quantities.peaks,
    quantities.storage_used,
    addresses.block_sizes,
    addresses.blocks_apart,
    staff.identity_numbers,
    staff.identity_kinds,
    staff.identity_once,
    staff.staff_number_once,
    staff.days_in_order,
    staff.told_before_signing,
    staff.signed_before_access,
    staff.key_staff_changes,
    ledger.invoice_numbers,
    ledger.invoice_numbers_once,
    ledger.instalments_known,
    ledger.invoice_sums,
    ledger.invoice_splits,
    ledger.invoice_terms,
    ledger.paid_after_invoice,
    ledger.within_due,
    ledger.amounts_positive,
    ledger.after_signing,
    settlement.accepted_after_notice,
    settlement.accepted_on_paper,
    settlement.final_after_term,
    settlement.deductions_allowed,
    settlement.paid_despite_deductions,
    settlement.fiscal_days_in_order,
    closure.changes_on_the_roster,
    closure.roster_in_the_changes,
    closure.one_origin,
    closure.no_quarter_between,
)


def check(book: ContractBook) -> tuple[Problem, ...]:
    """Return every problem that a rule finds in the book, in the order of its files and cells."""
    found = (problem for rule in RULES for problem in rule(book))
    return most_alike(in_reading_order(found))
