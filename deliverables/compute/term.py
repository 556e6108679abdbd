"""The days that a contract fixes: its term, its service quarters, and the deadlines of payment.

They run from the signing day (第五条: 自合同签订起) as 民法典第二百零一条、第二百零二条 count,
unless contract.yaml sets service.term_convention to inclusive.
"""

from __future__ import annotations

from datetime import date

from deliverables.figure import Derivation, Figure
from deliverables.model.contract import Contract
from deliverables.model.payment_terms import Instalment
from deliverables.model.values import show_day
from deliverables.period import Convention, Period, add_months, divide, midpoint, service_term
from deliverables.workdays import Calendar, Deadline

_CIVIL_CODE = "《民法典》第二百零一条、第二百零二条"


def convention(contract: Contract) -> Convention:
    """Return how the term is counted; 民法典 where contract.yaml does not say."""
    return Convention(contract.service.term_convention or Convention.CIVIL_CODE)


def service_period(contract: Contract) -> Period:
    """Return the service term, first to last day: 2026-04-30 to 2027-04-29 (第五条)."""
    return service_term(
        contract.identity.signed_on, contract.service.term_months, convention(contract)
    )


def quarters(contract: Contract) -> tuple[Period, ...]:
    """Return the service quarters: the term in as many parts as there are reports (第三条第6款)."""
    return divide(
        contract.identity.signed_on,
        contract.service.term_months,
        contract.service.reports,
        convention(contract),
    )


def over_half_from(contract: Contract) -> date:
    """Return the first day on which the term is past half (第六条第2款: 服务期过半)."""
    return midpoint(contract.identity.signed_on, contract.service.term_months, convention(contract))


def payment_deadline(
    contract: Contract, instalment: Instalment, accepted: date | None, calendar: Calendar
) -> Deadline | None:
    """Return until when the client must pay an instalment (第六条第2款).

    None where the contract gives no number of days, and while the acceptance that starts them
    has not passed. 届满并通过验收 runs from the later of the two.
    """
    if instalment.working_days is None:
        return None
    if instalment.deadline_from == "signing":
        return calendar.add_workdays(contract.identity.signed_on, instalment.working_days)
    if instalment.deadline_from == "term_end_and_acceptance" and accepted is not None:
        start = max(service_period(contract).last, accepted)
        return calendar.add_workdays(start, instalment.working_days)
    return None


def signing(contract: Contract) -> Figure[date]:
    """Return the signing day, as read from the signature block."""
    return contract.identity.figure("signed_on")


def term_start(contract: Contract) -> Figure[date]:
    """Return the first day of service as a figure."""
    return _from_signing(contract, "服务期首日", service_period(contract).first, "服务期的第一日")


def term_end(contract: Contract) -> Figure[date]:
    """Return the last day of service as a figure."""
    rule = f"自签订之日起{contract.service.term_months}个月的最后一日"
    return _from_signing(contract, "服务期届满日", service_period(contract).last, rule)


def over_half(contract: Contract) -> Figure[date]:
    """Return the day from which the term is past half, as a figure."""
    return _from_signing(contract, "服务期过半日", over_half_from(contract), "前半期届满的次日")


def contract_end(contract: Contract) -> Figure[date]:
    """Return the day the contract ends: cessation.ended_on, or the last day of its term."""
    ended = contract.cessation.figure("ended_on")
    return ended if ended.value else term_end(contract)


def confidential_until(contract: Contract) -> Figure[date]:
    """Return the last day of confidence, counted from the end of the contract (第十条第7款)."""
    terms, end = contract.confidentiality, contract_end(contract)
    day = add_months(end.value, 12 * terms.years_after_end)
    rule = f"合同终止日起{terms.years_after_end}年（{_CIVIL_CODE}）"
    inputs = (end, terms.figure("years_after_end"))
    return Figure("保密期限届满日", day, show_day(day), Derivation(rule, terms.article, inputs))


def _from_signing(contract: Contract, name: str, day: date, rule: str) -> Figure[date]:
    counted = _CIVIL_CODE if convention(contract) is Convention.CIVIL_CODE else "签订当日计入"
    inputs = (signing(contract), contract.service.figure("term_months"))
    origin = Derivation(f"{rule}（{counted}）", contract.service.article, inputs)
    return Figure(name, day, show_day(day), origin)
