"""What releases a payment: one row for each event that a contract can name, and what follows.

An event is met by the calendar or by a row of the ledger. Nothing else counts as evidence; in
particular an acceptance that the client let pass is no acceptance (第三条第6款: 仅视为外观验收).
A new event is a row of `MILESTONES`, and its code in `model.payment_terms`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import Any, Final

from deliverables.compute.figures import entered, yuan
from deliverables.compute.term import (
    over_half,
    periods_of,
    served_quarters,
    service_end,
    signing,
    term_end,
    term_start,
)
from deliverables.model.contract import Contract, Instalment
from deliverables.model.fields import UNFILLED
from deliverables.model.ledger import (
    ACCEPTANCE_STAGES,
    ACCEPTED,
    NOT_ACCEPTED,
    Acceptance,
    FiscalApproval,
    Ledger,
    Reminder,
)
from deliverables.values.calendar import Calendar, Deadline, Settled, Side, of_the_client
from deliverables.values.figure import Cell, Derivation, Figure, Statement
from deliverables.values.money import amounts
from deliverables.values.problem import Message, say

INTERIM, FINAL = ACCEPTANCE_STAGES

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """An event on which a payment hangs and how it stands: `met_on` is None while it is not met.

    `said` gives the evidence, or what is missing, in the words of a letter, and `reason` in those
    of a message. `certain_from` is the day from which the calendar alone meets it, None where it
    hangs on a row of the ledger. `known` is False of an event that happens out of our sight and of
    which nobody has told us: it stands in the way of nothing, and no letter says that it is met.
    One that is `lapsed` will not happen: the service ended before it could.
    """

    milestone: Milestone
    article: str
    said: Statement
    met_on: Figure[date] | None = None
    reason: Message = field(default_factory=lambda: say("the condition is met"))
    certain_from: date | None = None
    known: bool = True
    lapsed: bool = False

    @property
    def name(self) -> str:
        """What a letter calls the event."""
        return self.milestone.name

    @property
    def met(self) -> bool:
        """Whether the event has happened."""
        return self.met_on is not None

    @property
    def unmet(self) -> bool:
        """Whether the event is known not to have happened, so that nothing can be asked for yet."""
        return self.known and self.met_on is None


@dataclass(frozen=True, slots=True)
class Known:
    """What an event is found from: the contract and what the ledger knew on a day."""

    contract: Contract
    ledger: Ledger
    instalment: Instalment
    as_of: date

    @property
    def article(self) -> str:
        """Where the contract says what the instalment hangs on."""
        return self.instalment.article


@dataclass(frozen=True, kw_only=True, slots=True)
class Milestone:
    """An event that releases a payment: its name in letters, and how a message speaks of it.

    `stand` finds how it stands. `day` is its day where the calendar alone brings it. `stage` is
    the acceptance it is, `of_term` says that it hangs on the days of the term, and `reports`
    names what is handed over with its evidence.
    """

    code: str
    name: str
    spoken: Message
    stand: Callable[[Milestone, Known], Condition]
    day: Callable[[Contract], Figure[date]] | None = None
    stage: str = ""
    of_term: bool = False
    reports: Callable[[Contract, date], str] | None = None


def conditions(
    contract: Contract, ledger: Ledger, instalment: Instalment, as_of: date
) -> tuple[Condition, ...]:
    """Return the conditions of an instalment as they stand on the day `as_of`."""
    known = Known(contract, ledger.as_known(as_of), instalment, as_of)
    return tuple(row.stand(row, known) for row in milestones_of(instalment))


def milestones_of(instalment: Instalment) -> tuple[Milestone, ...]:
    """Return the events on which an instalment hangs, in the order of the contract."""
    return tuple(MILESTONES[code] for code in instalment.conditions)


def met_first_on(condition: Condition) -> date | None:
    """Return the first day on which a condition that is met counts as met."""
    return condition.certain_from or (condition.met_on.value if condition.met_on else None)


def _by_calendar(
    evidence: Callable[[Contract], Statement], *, after: int = 0
) -> Callable[[Milestone, Known], Condition]:
    """Return how an event stands that time alone brings, beyond doubt `after` days later."""

    def stand(row: Milestone, known: Known) -> Condition:
        assert row.day is not None  # noqa: S101  # said in the row
        day = row.day(known.contract)
        end = service_end(known.contract, known.as_of)
        if row.of_term and end.value < day.value:
            return _lapsed(row, known, end)
        certain = day.value + after * _DAY
        if certain <= known.as_of:
            said = evidence(known.contract)
            return Condition(milestone=row, article=known.article, met_on=day, said=said,
                             certain_from=certain)  # fmt: skip
        return Condition(
            milestone=row,
            article=known.article,
            said=Statement.of(row.name, f"{row.name}日为{{day}}，尚未届至", known.article, day=day),
            reason=say(
                "{name} ({article}) is not before {day}",
                name=row.spoken,
                article=known.article,
                day=certain,
            ),
            certain_from=certain,
        )

    return stand


def _lapsed(row: Milestone, known: Known, end: Figure[date]) -> Condition:
    """Return an event of the term that comes no more, because the service ended before it."""
    pattern = f"服务已提前终止，末日为{{end}}，{row.name}不再届至"
    return Condition(
        milestone=row,
        article=known.article,
        said=Statement.of(row.name, pattern, known.article, end=end),
        reason=say(
            "{name} ({article}) comes no more: the service ends early, on {day}",
            name=row.spoken,
            article=known.article,
            day=end.value,
        ),
        lapsed=True,
    )


def _signature(contract: Contract) -> Statement:
    return Statement.of("依据", "合同签署页", "", signing(contract))


def _effect(contract: Contract) -> Figure[date]:
    """Return the day the contract took effect: that of its signatures (第十七条第1款)."""
    signed, terms = signing(contract), contract.identity.figure("effective")
    origin = Derivation(
        "合同生效条件成就之日：签署日期", contract.identity.article, (signed, terms)
    )
    return Figure("合同生效日期", signed.value, signed.text, origin)


def _terms_of_effect(contract: Contract) -> Statement:
    terms, signed = contract.identity.figure("effective"), signing(contract)
    if not contract.identity.effective:
        return Statement.of("依据", "合同未写明生效条件，按签订日期", "", terms, signed)
    return Statement.of("依据", "合同{terms}", "", signed, terms=terms)


def _by_fiscal_approval(row: Milestone, known: Known) -> Condition:
    number, article = known.instalment.number, known.article
    rows = [
        (each.approved, each)
        for each in known.ledger.fiscal_approvals
        if each.instalment == number and each.approved and each.approved <= known.as_of
    ]
    if rows:
        _, first = min(rows, key=itemgetter(0))
        return Condition(
            milestone=row,
            article=article,
            met_on=first.figure("approved"),
            said=Statement.written(first.figure("basis")),
        )
    sheet, text = Cell(known.ledger.file, FiscalApproval.sheet), "我公司尚未获知"
    looked_at = entered(known.ledger.file, FiscalApproval, known.ledger.fiscal_approvals)
    none = looked_at.origin("台账所载的批复", (), "instalment", "approved", article=article)
    return Condition(
        milestone=row,
        article=article,
        said=Statement(row.name, text, text, none),
        reason=say("{name} ({article}) is not known of, see {place}", name=row.spoken,
                   article=article, place=str(sheet)),
        known=False,
    )  # fmt: skip


def _term(contract: Contract) -> Statement:
    first, last = term_start(contract), term_end(contract)
    return Statement.of("依据", "服务期{first}至{last}", "", first=first, last=last)


def _by_acceptance(row: Milestone, known: Known) -> Condition:
    passed = passed_acceptance(known.ledger, row.stage, known.as_of)
    if passed is not None:
        day, said = passed.figure("accepted"), _paper(passed)
        return Condition(milestone=row, article=known.article, met_on=day, said=said)
    said, reason = _why_not(row, known)
    return Condition(milestone=row, article=known.article, said=said, reason=reason)


def _paper(passed: Acceptance) -> Statement:
    """Return the paper that an acceptance rests on; 【待补】 where nobody has named one."""
    name = "document" if passed.document or not passed.evidence else "evidence"
    figure = passed.figure(name)
    text = figure.text if getattr(passed, name) else UNFILLED
    return Statement(figure.name, text, text, figure.origin)


def _why_not(row: Milestone, known: Known) -> tuple[Statement, Message]:
    """Return why an acceptance has not passed, for a letter and for a message."""
    ledger, name, article = known.ledger, row.name.removesuffix("通过"), known.article
    if failed := _accepted(ledger, row.stage, NOT_ACCEPTED, known.as_of):
        last, day = failed[-1], failed[-1].figure("accepted")
        return Statement.of(row.name, f"{name}（{{day}}）未通过", article, day=day), say(
            "{kind} ({article}) did not pass on {day}, see {place}",
            kind=row.spoken,
            article=article,
            day=last.accepted,
            place=last.place("result"),
        )
    if noticed := notices_received(ledger, row.stage, known.as_of):
        last, day = noticed[-1], noticed[-1].figure("notice_received")
        pattern = f"{name}通知已于{{day}}送达，尚无验收结论"
        return Statement.of(row.name, pattern, article, last.figure("result"), day=day), say(
            "{kind} ({article}) has no result yet in {place}; the notice arrived on {day}",
            kind=row.spoken,
            article=article,
            day=last.notice_received,
            place=last.place("result"),
        )
    sheet, text = Cell(ledger.file, Acceptance.sheet), f"尚无{name}通过的书面依据"
    looked_at = entered(ledger.file, Acceptance, ledger.acceptances)
    none = looked_at.origin("台账所载的验收", (), "stage", "result", "accepted", article=article)
    return Statement(row.name, text, text, none), say(
        "{kind} ({article}) has no evidence in {place}",
        kind=row.spoken,
        article=article,
        place=str(sheet),
    )


def passed_acceptance(ledger: Ledger, stage: str, as_of: date) -> Acceptance | None:
    """Return the acceptance of a stage (中期, 最终) that passed on or before the day, if any."""
    return next(iter(_accepted(ledger, stage, ACCEPTED, as_of)), None)


def _accepted(ledger: Ledger, stage: str, result: str, as_of: date) -> list[Acceptance]:
    """Return the acceptances of a stage with a result, decided by the day, in order of time."""
    rows = [row for row in ledger.acceptances if (row.stage, row.result) == (stage, result)]
    decided = [row for row in rows if row.accepted is not None and row.accepted <= as_of]
    return sorted(decided, key=lambda row: row.accepted or as_of)


def notices_received(ledger: Ledger, stage: str, as_of: date) -> list[Acceptance]:
    """Return the acceptances of a stage whose notice the client had by the day, in order."""
    rows = [row for row in ledger.acceptances if row.stage == stage]
    asked = [row for row in rows if row.notice_received and row.notice_received <= as_of]
    return sorted(asked, key=lambda row: row.notice_received or as_of)


def every_report(contract: Contract, as_of: date) -> str:
    """Return all reports of the term, as a letter lists them: 季度报告4份、年度总结1份."""
    return "、".join(
        f"{one.name}{len(periods_of(contract, one))}份" for one in contract.series_owed
    )


def reports_so_far(contract: Contract, as_of: date) -> str:
    """Return the reports whose periods are over, as a letter lists them: 季度报告2份."""
    series = contract.data_series
    over = [period for period in served_quarters(contract, as_of) if period.last < as_of]
    return f"{series.name}{len(over)}份" if series and over else ""


_ROWS: Final = (
    Milestone(
        code="signing",
        name="合同签订",
        spoken=say("the signing of the contract"),
        stand=_by_calendar(_signature),
        day=signing,
    ),
    Milestone(
        code="effective",
        name="合同生效",
        spoken=say("the taking effect of the contract"),
        stand=_by_calendar(_terms_of_effect),
        day=_effect,
    ),
    Milestone(
        code="fiscal_approval",
        name="财政资金批复",
        spoken=say("the approval of public money"),
        stand=_by_fiscal_approval,
    ),
    Milestone(
        code="past_half_of_term",
        name="服务期过半",
        spoken=say("the second half of the term"),
        stand=_by_calendar(_term),
        day=over_half,
        of_term=True,
    ),
    Milestone(
        code="interim_acceptance",
        name="中期验收通过",
        spoken=say("interim acceptance"),
        stand=_by_acceptance,
        stage=INTERIM,
        reports=reports_so_far,
    ),
    Milestone(
        code="end_of_term",
        name="服务期届满",
        spoken=say("the end of the term"),
        stand=_by_calendar(_term, after=1),
        day=term_end,
        of_term=True,
    ),
    Milestone(
        code="final_acceptance",
        name="验收通过",
        spoken=say("final acceptance"),
        stand=_by_acceptance,
        stage=FINAL,
        reports=every_report,
    ),
)
MILESTONES: Final[Mapping[str, Milestone]] = {row.code: row for row in _ROWS}
"""Every event that releases a payment, by its code in contract.yaml."""


@dataclass(frozen=True, slots=True)
class Start:
    """From when the days to pay are counted: the latest of some events, and how a letter says so.

    Without an event there is nothing to count from.
    """

    events: tuple[str, ...] = ()
    said: str = ""


STARTS: Final[Mapping[str, Start]] = {
    "signing": Start(("signing",), "合同签订后"),
    "term_end_and_acceptance": Start(("end_of_term", "final_acceptance"), "服务期届满并通过验收后"),
    "none": Start(),
}
"""Every start of a period for payment, by its code in contract.yaml."""


def start_of(instalment: Instalment) -> tuple[Milestone, ...]:
    """Return the events whose latest starts the days to pay an instalment; none without one."""
    return tuple(MILESTONES[code] for code in STARTS[instalment.deadline_from].events)


def deadline_rule(item: Instalment) -> str:
    """Return how the days to pay are counted, of an instalment that has such days."""
    return f"付款期限为{STARTS[item.deadline_from].said}{item.working_days}个工作日"


def payment_deadline(
    contract: Contract,
    instalment: Instalment,
    happened: Mapping[str, date | None],
    calendar: Calendar,
) -> Deadline | None:
    """Return until when the client must pay an instalment (第六条第2款).

    `happened` gives the days of the events that the calendar does not bring. None where the
    contract gives no number of days, and while an event that starts them has not happened.
    """
    events = start_of(instalment)
    if instalment.working_days is None or not events:
        return None
    days = [row.day(contract).value if row.day else happened.get(row.code) for row in events]
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        return None
    return of_the_client(calendar.add_workdays(max(known), instalment.working_days))


def demanded(
    contract: Contract, ledger: Ledger, instalment: Instalment, as_of: date
) -> Reminder | None:
    """Return the demand that sets a day where the contract gives no days to pay, if there was one.

    民法典第五百一十一条第四项: the contractor may demand payment at any time if it leaves the
    necessary time. A demand counts once nothing is known to stand in the way of the payment.
    """
    if instalment.working_days is not None:
        return None
    rows = [row for row in ledger.as_known(as_of).reminders if row.instalment == instalment.number]
    return next(
        (
            row
            for row in sorted(rows, key=lambda row: row.delivered)
            if row.pay_by
            and not any(
                one.unmet for one in conditions(contract, ledger, instalment, row.delivered)
            )
        ),
        None,
    )


def deadline_by_demand(demand: Reminder | None) -> Deadline | None:
    """Return the day that a demand names, by which the client must pay."""
    return Settled(demand.pay_by, whose=Side.CLIENTS) if demand and demand.pay_by else None


def what_sets_the_deadline(
    contract: Contract, ledger: Ledger, instalment: Instalment, as_of: date
) -> tuple[Figure[Any], ...]:
    """Return what the day of payment follows from: the days of the contract, or a demand of ours.

    Of the events that start the days to pay those are there which the day `as_of` knows of.
    """
    demand = demanded(contract, ledger, instalment, as_of)
    if demand:
        return (demand.figure("pay_by"), demand.figure("delivered"))
    passed = {row.code: passed_acceptance(ledger, row.stage, as_of) for row in _ROWS if row.stage}
    days: list[Figure[Any]] = []
    for row in start_of(instalment):
        acceptance = passed.get(row.code)
        if row.day:
            days.append(row.day(contract))
        elif acceptance:
            days.append(acceptance.figure("accepted"))
    return (*days, instalment.figure("working_days"))


def accepted_days(ledger: Ledger, as_of: date) -> dict[str, date | None]:
    """Return when each acceptance that releases a payment passed, None where it has not."""
    passed = {row.code: passed_acceptance(ledger, row.stage, as_of) for row in _ROWS if row.stage}
    return {code: row.accepted if row else None for code, row in passed.items()}


def excuses_fiscal_delay(item: Instalment) -> bool:
    """Return whether the contract lets the approval of public money delay the instalment."""
    return "财政" in item.condition_text


def acceptance_due(contract: Contract, calendar: Calendar, received: date) -> Deadline:
    """Return until when the client must accept; when it passes, nothing has been accepted."""
    return of_the_client(calendar.add_workdays(received, contract.acceptance.working_days))


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
