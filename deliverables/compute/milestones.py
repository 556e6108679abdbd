"""The conditions of an instalment: which are met, since when and by what evidence, and which not.

A condition is met by the calendar or by a row of the ledger. Nothing else counts as evidence; in
particular an acceptance that the client let pass is no acceptance (第三条第6款: 仅视为外观验收).
"""

from __future__ import annotations

from dataclasses import field
from datetime import date, timedelta
from decimal import Decimal

from deliverables.compute.figures import yuan
from deliverables.compute.term import over_half, signing, term_end, term_start
from deliverables.lazily import dataclass
from deliverables.model.contract import Contract, Instalment
from deliverables.model.ledger import Acceptance, Ledger
from deliverables.values.calendar import Calendar, Deadline
from deliverables.values.figure import Figure
from deliverables.values.money import amounts
from deliverables.values.problem import Message, say


def acceptance_due(contract: Contract, calendar: Calendar, received: date) -> Deadline:
    """Return until when the client must accept; when it passes, nothing has been accepted."""
    return calendar.add_workdays(received, contract.acceptance.working_days)


def rework_due(contract: Contract, calendar: Calendar, refused: date) -> Deadline:
    """Return until when what was not accepted must be mended and handed in again."""
    return calendar.add_workdays(refused, contract.acceptance.rework_working_days)


def dues(contract: Contract) -> tuple[Figure[Decimal], ...]:
    """Return what each instalment comes to (第六条第2款).

    The standard plan takes the amounts the contract states. The contract states none for small
    and medium enterprises: there all but the last are total × ratio, the last is what remains.
    """
    payment = contract.payment
    stated = [_stated(contract, item) for item in payment.instalments]
    ratios = [ratio_of(contract, item).value for item in payment.instalments]
    return tuple(
        item.figure("amount")
        if amount is not None
        else yuan(
            f"第{item.number}期应付",
            due,
            "合同总额×约定比例，四舍五入到分；末期为余额",
            item.article,
            (payment.figure("total"), *(ratio_of(contract, each) for each in payment.instalments)),
        )
        for item, amount, due in zip(
            payment.instalments, stated, amounts(payment.total, stated, ratios), strict=True
        )
    )


def ratio_of(contract: Contract, instalment: Instalment) -> Figure[Decimal | None]:
    """Return the share of the total by the payment plan; without one the instalment is the rest."""
    name = "sme_ratio" if is_sme(contract) else "ratio"
    figure: Figure[Decimal | None] = instalment.figure(name)
    if figure.value is None:
        return Figure(figure.name, None, "余额", instalment.place(name))
    return figure


def is_sme(contract: Contract) -> bool:
    """Return whether the plan for small and medium enterprises applies."""
    return contract.payment.plan == "sme"


def _stated(contract: Contract, instalment: Instalment) -> Decimal | None:
    return None if is_sme(contract) else instalment.amount


INTERIM, FINAL = "中期", "最终"

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """A condition and how it stands: `met_on` is None while it is not met.

    `evidence` (met) and `unmet` (not met) are the words of a letter, `reason` those of a message.
    `certain_from` is the day from which the calendar alone meets it, None where it hangs on an
    event.
    """

    name: str
    article: str
    met_on: Figure[date] | None = None
    evidence: str = ""
    unmet: str = ""
    reason: Message = field(default_factory=lambda: say("the condition is met"))
    certain_from: date | None = None

    @property
    def met(self) -> bool:
        """Whether the condition is met."""
        return self.met_on is not None


def conditions(
    contract: Contract, ledger: Ledger, instalment: Instalment, as_of: date
) -> tuple[Condition, ...]:
    """Return the conditions of an instalment as they stand on the day `as_of`."""
    return tuple(
        _condition(code, contract, ledger, instalment.article, as_of)
        for code in instalment.conditions
    )


def passed_acceptance(ledger: Ledger, stage: str, as_of: date) -> Acceptance | None:
    """Return the acceptance of a stage (中期, 最终) that passed on or before the day, if any."""
    return next(iter(_accepted(ledger, stage, "通过", as_of)), None)


def _condition(
    code: str, contract: Contract, ledger: Ledger, article: str, as_of: date
) -> Condition:
    term = f"服务期{term_start(contract)}至{term_end(contract)}"
    match code:
        case "signing":
            signed = contract.identity.signed_on
            return _by_calendar("合同签订", article, signing(contract), "合同签署页", signed, as_of)
        case "past_half_of_term":
            half = over_half(contract)
            return _by_calendar("服务期过半", article, half, term, half.value, as_of)
        case "end_of_term":
            end = term_end(contract)
            return _by_calendar("服务期届满", article, end, term, end.value + _DAY, as_of)
        case "interim_acceptance":
            return _by_acceptance(ledger, INTERIM, "中期验收", article, as_of)
        case "final_acceptance":
            return _by_acceptance(ledger, FINAL, "验收", article, as_of)
    raise ValueError(f"{code} is no condition of payment")


def _by_calendar(  # noqa: PLR0917  # each is named at the call by its value
    name: str, article: str, day: Figure[date], evidence: str, certain: date, as_of: date
) -> Condition:
    """Return a condition that time alone meets: on `day`, and beyond doubt from `certain`."""
    if certain <= as_of:
        return Condition(
            name=name, article=article, met_on=day, evidence=evidence, certain_from=certain
        )
    return Condition(
        name=name,
        article=article,
        unmet=f"{name}日为{day}，尚未届至",
        reason=say(
            "{name} ({article}) is not before {day}",
            name=_SPOKEN[name],
            article=article,
            day=certain,
        ),
        certain_from=certain,
    )


_SPOKEN = {
    "合同签订": say("the signing of the contract"),
    "服务期过半": say("the second half of the term"),
    "服务期届满": say("the end of the term"),
}


def _by_acceptance(ledger: Ledger, stage: str, name: str, article: str, as_of: date) -> Condition:
    passed = passed_acceptance(ledger, stage, as_of)
    if passed is not None:
        return Condition(
            name=f"{name}通过",
            article=article,
            met_on=passed.figure("accepted"),
            evidence=passed.document or passed.evidence,
        )
    unmet, reason = _why_not(ledger, stage, name, article, as_of)
    return Condition(name=f"{name}通过", article=article, unmet=unmet, reason=reason)


def _why_not(
    ledger: Ledger, stage: str, name: str, article: str, as_of: date
) -> tuple[str, Message]:
    """Return why an acceptance has not passed, for a letter and for a message."""
    kind = say("interim acceptance") if stage == INTERIM else say("final acceptance")
    if failed := _accepted(ledger, stage, "不通过", as_of):
        last = failed[-1]
        return f"{name}（{last.figure('accepted')}）未通过", say(
            "{kind} ({article}) did not pass on {day}, see {place}",
            kind=kind,
            article=article,
            day=last.accepted,
            place=last.place("result"),
        )
    if noticed := _noticed(ledger, stage, as_of):
        last = noticed[-1]
        return f"{name}通知已于{last.figure('notice_received')}送达，尚无验收结论", say(
            "{kind} ({article}) has no result yet in {place}; the notice arrived on {day}",
            kind=kind,
            article=article,
            day=last.notice_received,
            place=last.place("result"),
        )
    return f"尚无{name}通过的书面依据", say(
        "{kind} ({article}) has no evidence in {place}",
        kind=kind,
        article=article,
        place=f"{ledger.file}[{Acceptance.sheet}]",
    )


def _accepted(ledger: Ledger, stage: str, result: str, as_of: date) -> list[Acceptance]:
    """Return the acceptances of a stage with a result, decided by the day, in order of time."""
    rows = [row for row in ledger.acceptances if (row.stage, row.result) == (stage, result)]
    decided = [row for row in rows if row.accepted is not None and row.accepted <= as_of]
    return sorted(decided, key=lambda row: row.accepted or as_of)


def _noticed(ledger: Ledger, stage: str, as_of: date) -> list[Acceptance]:
    """Return the acceptances of a stage that the client had been asked for by the day."""
    rows = [row for row in ledger.acceptances if row.stage == stage]
    asked = [row for row in rows if row.notice_received and row.notice_received <= as_of]
    return sorted(asked, key=lambda row: row.notice_received or as_of)


def excuses_fiscal_delay(item: Instalment) -> bool:
    """Return whether the contract lets the approval of public money delay the instalment."""
    return "财政" in item.condition_text


def deadline_rule(item: Instalment) -> str:
    """Return how the days to pay are counted, of an instalment that has such days."""
    return f"付款期限为{_START[item.deadline_from]}{item.working_days}个工作日"


_START = {
    "signing": "合同签订后",
    "term_end_and_acceptance": "服务期届满并通过验收后",
}
