"""What releases a payment: one row for each event that a contract can name, and what follows.

An event is met by the calendar or by a row of the ledger. Nothing else counts as evidence; in
particular an acceptance that the client let pass is no acceptance (第三条第6款: 仅视为外观验收),
and that something did not happen (无质量问题) is recorded by a person, never inferred.
A new event is a row of `MILESTONES`, and its words in `values.time_limit.EVENTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import Any, Final

from deliverables.compute.figures import entered, yuan
from deliverables.compute.term import (
    how_first_day_counts,
    over_half,
    service_end,
    signing,
    term_end,
    term_start,
)
from deliverables.model.contract import Contract, Instalment, amounts_of
from deliverables.model.fields import UNFILLED
from deliverables.model.ledger_sheets import (
    FINAL,
    INTERIM,
    Acceptance,
    FiscalApproval,
    Ledger,
    Occurrence,
    PaymentRequestSent,
    Reminder,
    numbered_interim,
    of_stage,
)
from deliverables.status import FAILED, PASSED
from deliverables.values.calendar import (
    Calendar,
    Deadline,
    Settled,
    Side,
    of_the_client,
    published_calendar,
    show_day,
)
from deliverables.values.figure import Cell, Derivation, Figure, Statement
from deliverables.values.problem import Message, say
from deliverables.values.time_limit import (
    EVENTS,
    Event,
    FreeEvent,
    Shape,
    TimeLimit,
    Unit,
    ends,
    ends_after,
    interim_number,
    parse,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseCondition:
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
class KnownEvents:
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
    the acceptance it is, and `of_term` says that it hangs on the days of the term.
    """

    code: str
    name: str
    spoken: Message
    stand: Callable[[Milestone, KnownEvents], ReleaseCondition]
    day: Callable[[Contract, Instalment], Figure[date] | None] | None = None
    stage: str = ""
    of_term: bool = False


def conditions(
    contract: Contract, ledger: Ledger, instalment: Instalment, as_of: date
) -> tuple[ReleaseCondition, ...]:
    """Return the conditions of an instalment as they stand on the day `as_of`."""
    known = KnownEvents(contract, ledger.as_known(as_of), instalment, as_of)
    return tuple(row.stand(row, known) for row in milestones_of(instalment))


def milestones_of(instalment: Instalment) -> tuple[Milestone, ...]:
    """Return the events on which an instalment hangs, in the order of the contract."""
    return tuple(milestone(word) for word in instalment.conditions)


def milestone(word: str) -> Milestone:
    """Return an event by its code, its words in “ ”, or a limit after events (满12个月后).

    Raises KeyError for a code that no row has.
    """
    if word.isascii():
        return MILESTONES.get(word) or _interim(word)
    limit = parse(word)
    if limit is not None and limit.shape is Shape.AFTER:
        return Milestone(code=word, name=word, spoken=say("{words}", words=word), stand=_by_lapse)
    words = word.strip("“”")
    return Milestone(code=word, name=words, spoken=say("{words}", words=words), stand=_by_record)


def met_first_on(condition: ReleaseCondition) -> date | None:
    """Return the first day on which a condition that is met counts as met."""
    return condition.certain_from or (condition.met_on.value if condition.met_on else None)


def _by_calendar(
    evidence: Callable[[Contract], Statement], *, after: int = 0
) -> Callable[[Milestone, KnownEvents], ReleaseCondition]:
    """Return how an event stands that time alone brings, beyond doubt `after` days later."""

    def stand(row: Milestone, known: KnownEvents) -> ReleaseCondition:
        day = row.day(known.contract, known.instalment) if row.day else None
        if day is None:  # no period of its own ends: only a person can say which is meant
            return _by_record(row, known)
        end = service_end(known.contract, known.as_of)
        if row.of_term and end.value < day.value:
            return _lapsed(row, known, end)
        certain = day.value + after * _DAY
        if certain <= known.as_of:
            said = evidence(known.contract)
            return ReleaseCondition(
                milestone=row, article=known.article, met_on=day, said=said, certain_from=certain
            )
        return _still_to_come(row, known, day, certain)

    return stand


def _still_to_come(
    row: Milestone, known: KnownEvents, day: Figure[date], certain: date
) -> ReleaseCondition:
    return ReleaseCondition(
        milestone=row,
        article=known.article,
        said=Statement.of(
            row.name, f"{Statement.literal(row.name)}日为{{day}}，尚未届至", known.article, day=day
        ),
        reason=say(
            "{name} ({article}) is not before {day}",
            name=row.spoken,
            article=known.article,
            day=certain,
        ),
        certain_from=certain,
    )


def _by_lapse(row: Milestone, known: KnownEvents) -> ReleaseCondition:
    """Return how it stands that so much time has gone by since other events (满12个月后)."""
    limit = parse(row.code)
    assert limit is not None  # noqa: S101  # milestone() has read it
    begun = [day for event in limit.starters if (day := _day_of(event, known))]
    until = ends(limit, _dated(limit, known), published_calendar())
    if until is None:
        starts = "、".join(map(str, limit.starters))
        origin = Derivation("尚不知起算之日", known.article, tuple(begun))
        text = f"{starts}之日尚未确定"
        return ReleaseCondition(
            milestone=row,
            article=known.article,
            said=Statement(row.name, text, text, origin),
            reason=say("{name} ({article}): the day from which it is counted is not known",
                       name=row.spoken, article=known.article),
        )  # fmt: skip
    rule = f"{limit}，起算当日不计入（《民法典》第二百零一条、第二百零二条）"
    origin = Derivation(rule, known.article, tuple(begun))
    last = until.date if isinstance(until, Settled) else until.latest
    day = Figure(row.name, last, show_day(last), origin)
    certain = last + _DAY
    if certain > known.as_of:
        return _still_to_come(row, known, day, certain)
    said = Statement.of(
        "依据", "自{begun}起算", "", day, begun=max(begun, key=lambda one: one.value)
    )
    return ReleaseCondition(
        milestone=row, article=known.article, met_on=day, said=said, certain_from=certain
    )


def _by_record(row: Milestone, known: KnownEvents) -> ReleaseCondition:
    """Return how an event stands of which a person has recorded the day and the evidence."""
    found = _recorded(row.name, known)
    if found:
        first = min(found, key=lambda one: one.happened)
        return ReleaseCondition(
            milestone=row,
            article=known.article,
            met_on=first.figure("happened"),
            said=Statement.written(first.figure("basis")),
        )
    sheet, text = Cell(known.ledger.file, Occurrence.sheet), "尚无书面依据"
    looked_at = entered(known.ledger.file, Occurrence, known.ledger.occurrences)
    none = looked_at.origin("台账所载的事件", (), "event", "happened", article=known.article)
    return ReleaseCondition(
        milestone=row,
        article=known.article,
        said=Statement(row.name, text, text, none),
        reason=say("{kind} ({article}) has no evidence in {place}", kind=row.spoken,
                   article=known.article, place=str(sheet)),
    )  # fmt: skip


def _recorded(name: str, known: KnownEvents) -> list[Occurrence]:
    """Return the rows about an event, of this instalment or of none in particular."""
    return [
        row
        for row in known.ledger.occurrences
        if row.event.strip("“”") == name
        and row.instalment in (None, known.instalment.number)
        and row.happened <= known.as_of
    ]


def _by_receipt(row: Milestone, known: KnownEvents) -> ReleaseCondition:
    """Return how a receipt by the client stands: what we send cannot wait for it."""
    met = _by_record(row, known)
    if met.met:
        return met
    delivered = _delivered(known) if row.code == "payment_papers" else None
    if delivered is not None:
        day = delivered.figure("delivered")
        paper = delivered.figure("letter") if delivered.letter else day
        return ReleaseCondition(
            milestone=row,
            article=known.article,
            met_on=day,
            said=Statement.of("依据", "{paper}", "", day, paper=paper),
        )
    text = "以甲方签收之日为准"
    return replace(met, said=Statement(row.name, text, text, met.said.origin), known=False)


def _delivered(known: KnownEvents) -> PaymentRequestSent | None:
    """Return the first letter that reached the client; later ones ask for the same again."""
    rows = [
        (row.delivered, row)
        for row in known.ledger.requests
        if row.instalment == known.instalment.number
        and row.delivered
        and row.delivered <= known.as_of
    ]
    return min(rows, key=itemgetter(0))[1] if rows else None


def _of_notice(row: Milestone, known: KnownEvents) -> ReleaseCondition:
    """Return how the receipt of a notice of acceptance stands: the ledger's 验收 has its day."""
    rows = notices_received(known.ledger, FINAL, known.as_of)
    if not rows:
        return _by_record(row, known)
    day = rows[0].figure("notice_received")
    return ReleaseCondition(
        milestone=row,
        article=known.article,
        met_on=day,
        said=Statement.of("依据", "验收通知签收回执", "", day),
    )


def _day_of(event: Event, known: KnownEvents) -> Figure[date] | None:
    """Return the day of an event, to come where the calendar alone brings it; None if not known."""
    row = milestone(event.key)
    if row.day and (day := row.day(known.contract, known.instalment)):
        return day
    return row.stand(row, known).met_on


def _dated(limit: TimeLimit, known: KnownEvents) -> dict[str, date]:
    days = {event.key: _day_of(event, known) for event in limit.starters}
    return {key: day.value for key, day in days.items() if day}


def _end_of_period(cycle: str, name: str) -> Callable[[Contract, Instalment], Figure[date] | None]:
    """Return how the last day is found of the month, quarter or year that is paid for."""

    def day(contract: Contract, instalment: Instalment) -> Figure[date] | None:
        period = instalment.period
        if period is None or instalment.each != cycle:
            return None
        inputs = (term_start(contract), instalment.figure("each"))
        origin = Derivation(f"{name}：服务期按周期划分", instalment.article, inputs)
        return Figure(name, period.last, show_day(period.last), origin)

    return day


def _period_over(contract: Contract) -> Statement:
    return Statement.of("依据", "当期服务已提供完毕", "", term_start(contract))


def _signing(contract: Contract, _: Instalment) -> Figure[date]:
    return signing(contract)


def _start(contract: Contract, _: Instalment) -> Figure[date]:
    return term_start(contract)


def _over_half(contract: Contract, _: Instalment) -> Figure[date]:
    return over_half(contract)


def _end(contract: Contract, _: Instalment) -> Figure[date]:
    return term_end(contract)


def _ended(contract: Contract, _: Instalment) -> Figure[date] | None:
    """Return the day the contract came to its end, apart from the end of its term."""
    ended = contract.cessation.figure("ended_on")
    return ended if ended.value else None


def _cessation(contract: Contract) -> Statement:
    cessation = contract.cessation
    name = "ended_by" if cessation.ended_by else "ended_on"
    return Statement.written(cessation.figure(name))


def _lapsed(row: Milestone, known: KnownEvents, end: Figure[date]) -> ReleaseCondition:
    """Return an event of the term that comes no more, because the service ended before it."""
    pattern = f"服务已提前终止，末日为{{end}}，{row.name}不再届至"
    return ReleaseCondition(
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


def _effect(contract: Contract, _: Instalment) -> Figure[date]:
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


def _by_fiscal_approval(row: Milestone, known: KnownEvents) -> ReleaseCondition:
    number, article = known.instalment.number, known.article
    rows = [
        (each.approved, each)
        for each in known.ledger.fiscal_approvals
        if each.instalment == number and each.approved and each.approved <= known.as_of
    ]
    if rows:
        _, first = min(rows, key=itemgetter(0))
        return ReleaseCondition(
            milestone=row,
            article=article,
            met_on=first.figure("approved"),
            said=Statement.written(first.figure("basis")),
        )
    sheet, text = Cell(known.ledger.file, FiscalApproval.sheet), "我公司尚未获知"
    looked_at = entered(known.ledger.file, FiscalApproval, known.ledger.fiscal_approvals)
    none = looked_at.origin("台账所载的批复", (), "instalment", "approved", article=article)
    return ReleaseCondition(
        milestone=row,
        article=article,
        said=Statement(row.name, text, text, none),
        reason=say("{name} ({article}) is not known of, see {place}", name=row.spoken,
                   article=article, place=str(sheet)),
        known=False,
    )  # fmt: skip


def _term(contract: Contract) -> Statement:
    first, last = term_start(contract), term_end(contract)
    pattern = f"服务期{{first}}至{{last}}（{how_first_day_counts(contract)}）"
    return Statement.of("依据", pattern, "", first=first, last=last)


def _by_acceptance(row: Milestone, known: KnownEvents) -> ReleaseCondition:
    passed = passed_acceptance(known.ledger, row.stage, known.as_of)
    if passed is not None:
        day, said = passed.figure("accepted"), _paper(passed)
        return ReleaseCondition(milestone=row, article=known.article, met_on=day, said=said)
    said, reason = _why_not(row, known)
    return ReleaseCondition(milestone=row, article=known.article, said=said, reason=reason)


def _paper(passed: Acceptance) -> Statement:
    """Return the paper that an acceptance rests on; 【待补】 where nobody has named one."""
    name = "document" if passed.document or not passed.evidence else "evidence"
    figure = passed.figure(name)
    text = figure.text if getattr(passed, name) else UNFILLED
    return Statement(figure.name, text, text, figure.origin)


def _why_not(row: Milestone, known: KnownEvents) -> tuple[Statement, Message]:
    """Return why an acceptance has not passed, for a letter and for a message."""
    ledger, name, article = known.ledger, row.name.removesuffix("通过"), known.article
    if failed := _accepted(ledger, row.stage, FAILED, known.as_of):
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
    """Return the acceptance of a stage that passed on or before the day, if any."""
    return next(iter(_accepted(ledger, stage, PASSED, as_of)), None)


def _accepted(ledger: Ledger, stage: str, result: str, as_of: date) -> list[Acceptance]:
    """Return the acceptances of a stage with a result, decided by the day, in order of time."""
    every = (row for row in ledger.acceptances if row.result == result)
    rows = [row for row in every if of_stage(row.stage, stage)]
    decided = [row for row in rows if row.accepted is not None and row.accepted <= as_of]
    return sorted(decided, key=lambda row: row.accepted or as_of)


def notices_received(ledger: Ledger, stage: str, as_of: date) -> list[Acceptance]:
    """Return the acceptances of a stage whose notice the client had by the day, in order."""
    rows = [row for row in ledger.acceptances if of_stage(row.stage, stage)]
    asked = [row for row in rows if row.notice_received and row.notice_received <= as_of]
    return sorted(asked, key=lambda row: row.notice_received or as_of)


def interims(contract: Contract) -> tuple[tuple[Instalment, Milestone], ...]:
    """Return the interim acceptances that payments hang on, each with its first instalment."""
    found: dict[str, tuple[Instalment, Milestone]] = {}
    for item in contract.payment.instalments:
        for row in milestones_of(item):
            if row.stage.endswith(INTERIM):
                found.setdefault(row.stage, (item, row))
    return tuple(found.values())


def interim_asked(
    contract: Contract, ledger: Ledger | None, as_of: date
) -> tuple[Instalment, Milestone] | None:
    """Return the interim acceptance that is next, and the instalment that hangs on it.

    Once all of them have passed it is the last; None where no payment hangs on one.
    """
    every = interims(contract)
    to_come = (
        (item, row)
        for item, row in every
        if ledger is None or passed_acceptance(ledger, row.stage, as_of) is None
    )
    return next(to_come, every[-1] if every else None)


PAST_HALF_OF_TERM: Final = "past_half_of_term"

_ROWS: Final = (
    Milestone(
        code="signing",
        name="合同签订",
        spoken=say("the signing of the contract"),
        stand=_by_calendar(_signature),
        day=_signing,
    ),
    Milestone(
        code="effective",
        name="合同生效",
        spoken=say("the taking effect of the contract"),
        stand=_by_calendar(_terms_of_effect),
        day=_effect,
    ),
    Milestone(
        code="term_start",
        name="服务期开始",
        spoken=say("the start of the term"),
        stand=_by_calendar(_term),
        day=_start,
        of_term=True,
    ),
    Milestone(
        code="end_of_month",
        name="当月结束",
        spoken=say("the end of the month"),
        stand=_by_calendar(_period_over, after=1),
        day=_end_of_period("月", "当月结束"),
        of_term=True,
    ),
    Milestone(
        code="end_of_quarter",
        name="当季度结束",
        spoken=say("the end of the quarter"),
        stand=_by_calendar(_period_over, after=1),
        day=_end_of_period("季度", "当季度结束"),
        of_term=True,
    ),
    Milestone(
        code="end_of_service_year",
        name="服务年度结束",
        spoken=say("the end of the service year"),
        stand=_by_calendar(_period_over, after=1),
        day=_end_of_period("年", "服务年度结束"),
        of_term=True,
    ),
    Milestone(
        code=PAST_HALF_OF_TERM,
        name="服务期过半",
        spoken=say("the second half of the term"),
        stand=_by_calendar(_term),
        day=_over_half,
        of_term=True,
    ),
    Milestone(
        code="end_of_term",
        name="服务期届满",
        spoken=say("the end of the term"),
        stand=_by_calendar(_term, after=1),
        day=_end,
        of_term=True,
    ),
    Milestone(
        code="fiscal_approval",
        name="财政资金批复",
        spoken=say("the approval of public money"),
        stand=_by_fiscal_approval,
    ),
    Milestone(
        code="invoice",
        name="收到发票",
        spoken=say("the client's receipt of the invoice"),
        stand=_by_receipt,
    ),
    Milestone(
        code="report",
        name="收到报告",
        spoken=say("the client's receipt of the report"),
        stand=_by_record,
    ),
    Milestone(
        code="payment_papers",
        name="收到付款材料",
        spoken=say("the client's receipt of the papers for payment"),
        stand=_by_receipt,
    ),
    Milestone(
        code="acceptance_notice",
        name="收到验收通知",
        spoken=say("the client's receipt of the notice of acceptance"),
        stand=_of_notice,
    ),
    Milestone(
        code="acceptance_application",
        name="收到验收申请",
        spoken=say("the client's receipt of the application for acceptance"),
        stand=_of_notice,
    ),
    Milestone(
        code="interim_acceptance",
        name="中期验收通过",
        spoken=say("interim acceptance"),
        stand=_by_acceptance,
        stage=INTERIM,
    ),
    Milestone(
        code="final_acceptance",
        name="验收通过",
        spoken=say("final acceptance"),
        stand=_by_acceptance,
        stage=FINAL,
    ),
    Milestone(
        code="termination",
        name="合同终止",
        spoken=say("the end of the contract"),
        stand=_by_calendar(_cessation),
        day=_ended,
    ),
    *(
        Milestone(code=code, name=EVENTS[code][0], spoken=spoken, stand=_by_record)
        for code, spoken in (
            ("go_live", say("going live")),
            ("delivery", say("delivery")),
            ("assessment", say("the passing of the assessment")),
            ("end_of_warranty", say("the end of the warranty")),
            ("settlement_audit", say("the audit of the settlement")),
            ("rescission", say("the rescission of the contract")),
            ("fault_notice", say("the receipt of the report of a fault")),
            ("bond_given", say("the handing over of the performance bond")),
            ("bond_returned", say("the return of the performance bond")),
            ("force_majeure", say("the occurrence of force majeure")),
        )
    ),
)
MILESTONES: Final[Mapping[str, Milestone]] = {row.code: row for row in _ROWS}
"""Every event that releases a payment, by its code in contract.yaml.

Interim acceptances that a contract counts have none here: there are as many as it likes.
"""


def _interim(code: str) -> Milestone:
    """Return one of several interim acceptances; KeyError for a code that means none."""
    number = interim_number(code)
    if not number:
        raise KeyError(code)
    return Milestone(
        code=code,
        name=f"{numbered_interim(number)}验收通过",
        spoken=say("interim acceptance {number}", number=number),
        stand=_by_acceptance,
        stage=numbered_interim(number),
    )


def events_of(limit: TimeLimit) -> tuple[Milestone, ...]:
    """Return the events whose latest starts a limit; none of one that has no start."""
    return tuple(milestone(event.key) for event in limit.starters)


def deadline_rule(item: Instalment) -> str:
    """Return how the days to pay are counted, of an instalment that has such days."""
    limit = item.deadline
    if limit.shape is Shape.VAGUE:
        return f"付款期限合同写为“{limit.said}”"
    return f"付款期限为{_spoken_start(limit)}{limit.length or limit}"


def _spoken_start(limit: TimeLimit) -> str:
    """Return 服务期届满并通过验收后, as a letter says it."""
    if limit.after is not None or limit.shape is not Shape.WITHIN or not limit.events:
        return limit.start
    return f"{'并'.join(map(str, limit.events))}后"


def gives_days(item: Instalment) -> bool:
    """Return whether a day to pay follows from the contract, once what it waits for has come."""
    limit = item.deadline
    if limit.shape is Shape.EACH:
        return item.period is not None and bool(limit.unit or limit.day)
    return limit.unit not in (None, Unit.HOUR, Unit.MINUTE) and bool(limit.starters)


def awaited(
    contract: Contract, ledger: Ledger, instalment: Instalment, as_of: date
) -> tuple[Milestone, ...]:
    """Return the events from which the days to pay are counted and that have no day yet."""
    known = KnownEvents(contract, ledger.as_known(as_of), instalment, as_of)
    return tuple(
        milestone(event.key)
        for event in instalment.deadline.starters
        if _day_of(event, known) is None
    )


def payment_deadline(
    contract: Contract,
    ledger: Ledger,
    instalment: Instalment,
    calendar: Calendar,
    as_of: date,
    *,
    at_the_latest: date | None = None,
) -> Deadline | None:
    """Return until when the client must pay an instalment (第六条第2款).

    None where the contract gives no days, and while an event that starts them has not happened,
    unless a day is given which such events are taken to have.
    """
    limit = instalment.deadline
    known = KnownEvents(contract, ledger.as_known(as_of), instalment, as_of)
    if limit.shape is Shape.EACH:
        period = instalment.period
        found = ends_after(limit, period.last, calendar) if period else None
    else:
        days = _dated(limit, known)
        if at_the_latest is not None:
            days = {event.key: days.get(event.key, at_the_latest) for event in limit.starters}
        found = ends(limit, days, calendar)
    return of_the_client(found) if found else None


def demanded(
    contract: Contract, ledger: Ledger, instalment: Instalment, as_of: date
) -> Reminder | None:
    """Return the demand that sets a day where the contract gives no days to pay, if there was one.

    民法典第五百一十一条第四项: the contractor may demand payment at any time if it leaves the
    necessary time. A demand counts once nothing is known to stand in the way of the payment.
    """
    if gives_days(instalment):
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
    known = KnownEvents(contract, ledger.as_known(as_of), instalment, as_of)
    found = (_day_of(event, known) for event in instalment.deadline.starters)
    days = tuple(day for day in found if day)
    return (*days, *((instalment.figure("deadline"),) if instalment.deadline.stated else ()))


def excuses_fiscal_delay(item: Instalment) -> bool:
    """Return whether the contract lets the approval of public money delay the instalment."""
    return "财政" in item.condition_text


def acceptance_due(contract: Contract, calendar: Calendar, received: date) -> Deadline | None:
    """Return until when the client must accept; when it passes, nothing has been accepted.

    None where the contract does not say.
    """
    found = _due_after(contract.acceptance.period, received, calendar)
    return of_the_client(found) if found else None


def rework_due(contract: Contract, calendar: Calendar, refused: date) -> Deadline | None:
    """Return until when what was not accepted must be mended and handed in again, if stated."""
    return _due_after(contract.acceptance.rework, refused, calendar)


def _due_after(limit: TimeLimit, day: date, calendar: Calendar) -> Deadline | None:
    """Return the end of a limit of which everybody knows what starts it."""
    if limit.shape is not Shape.WITHIN:
        return None
    events = limit.events or (FreeEvent(said="起算"),)
    starting = replace(limit, events=events, after=None)
    return ends(starting, {event.key: day for event in events}, calendar)


def dues(contract: Contract) -> tuple[Figure[Decimal], ...]:
    """Return what each instalment comes to (第六条第2款).

    The standard plan takes the amounts the contract states, less what is withheld of each. Where
    it states none, and for small and medium enterprises, all but the last are shares of the
    total, or what is left up to such a share; the last is what remains.
    """
    payment = contract.payment
    every = amounts_of(payment)
    return tuple(
        _due(contract, item, amount)
        for item, amount in zip(payment.instalments, every, strict=True)
    )


def _due(contract: Contract, item: Instalment, due: Decimal) -> Figure[Decimal]:
    payment, name = contract.payment, f"第{item.number}期应付"
    if item.amount is not None and not is_sme(contract):
        if not item.withheld:
            return item.figure("amount")
        parts = (item.figure("amount"), item.figure("withheld"))
        return yuan(name, due, "约定金额×（1−每期暂扣比例）", item.article, parts)
    shares = tuple(ratio_of(contract, each) for each in payment.instalments)
    inputs = (payment.figure("total"), *shares)
    if item.up_to is not None and not is_sme(contract):
        rule = "合同总额×累计支付至比例，四舍五入到分，减以前各期"
    else:
        rule = "合同总额×约定比例，四舍五入到分；末期为余额"
    return yuan(name, due, rule, item.article, inputs)


def ratio_of(contract: Contract, instalment: Instalment) -> Figure[Decimal | None]:
    """Return the share of the total by the payment plan; without one the instalment is the rest."""
    name = "sme_ratio" if is_sme(contract) else "ratio"
    if instalment.up_to is not None and not is_sme(contract):
        reached = instalment.figure("up_to")
        return replace(reached, text=f"{reached}（累计）")
    figure: Figure[Decimal | None] = instalment.figure(name)
    if figure.value is None:
        return Figure(figure.name, None, "余额", instalment.place(name))
    return figure


def is_sme(contract: Contract) -> bool:
    """Return whether the plan for small and medium enterprises applies."""
    return contract.payment.plan == "sme"
