"""What the client said of the service: surveys, praise, complaints, and meetings' decisions.

Where nobody asked, nothing is known of satisfaction, and the report says that nobody asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from deliverables.compute.figures import Rows, iso_day, made_on, number, rate, rows_of
from deliverables.compute.matters import Followed
from deliverables.compute.operations import sources_named
from deliverables.model.operations_sheets import Meeting, Operations, Opinion
from deliverables.values.figure import Figure, Statement

SURVEY, PRAISE, COMPLAINT = "满意度调查", "表扬", "投诉"


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """One survey: who was asked, how many answered, and the share of them that is satisfied."""

    day: Figure[object]
    party: Figure[str]
    sent: Figure[Decimal | None]
    returned: Figure[Decimal | None]
    satisfied: Figure[Decimal | None]
    fair: Figure[Decimal | None]
    dissatisfied: Figure[Decimal | None]
    share: Figure[Decimal | None]


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """A praise or a complaint, and what became of a complaint by the day."""

    day: Figure[object]
    kind: Figure[str]
    party: Figure[str]
    subject: Figure[str]
    became: Statement


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision of a service meeting, and what became of the matters that it made."""

    number: Figure[str]
    day: Figure[object]
    attendees: Figure[str]
    topic: Figure[str]
    decision: Figure[str]
    became: Statement


@dataclass(frozen=True, slots=True)
class Feedback:
    """Surveys, praise and complaints, meetings: how many and which.

    `satisfaction` sets the last survey beside the one before it, or says that nobody asked.
    """

    surveys: tuple[SurveyLine, ...]
    surveys_source: Statement
    opinions_source: Statement
    satisfaction: Statement
    heard: Statement
    opinions: tuple[OpinionLine, ...]
    meetings: Figure[Decimal]
    decisions: tuple[DecisionLine, ...]


def feedback(
    quarters: Sequence[Operations],
    followed: Followed,
    now: str,
    earlier: Sequence[Operations] = (),
) -> Feedback:
    """Return what was said and decided in some quarters, and how it stands on the day.

    `now` is what the quarters are called; the survey before is sought in the `earlier` ones.
    """
    rows, met = rows_of(quarters, Opinion), rows_of(quarters, Meeting)
    told = [row for row in rows.every if row.kind != SURVEY]
    asked = [row for row in rows.every if row.kind == SURVEY]
    before = [row for row in rows_of(earlier, Opinion).every if row.kind == SURVEY]
    return Feedback(
        surveys=tuple(_survey(row) for row in asked),
        surveys_source=sources_named(rows, Opinion.sheet, asked),
        opinions_source=sources_named(rows, Opinion.sheet, told),
        satisfaction=_satisfaction(rows, asked, before, now),
        heard=_heard(_count(rows, PRAISE), _count(rows, COMPLAINT), now),
        opinions=tuple(_opinion(row, followed.as_of) for row in told),
        meetings=met.count(
            "服务会议次数", "会议编号去重计数", met.one_of_each(lambda row: row.number), "number"
        ),
        decisions=tuple(_decision(row, followed) for row in met.every),
    )


def _satisfaction(
    rows: Rows[Opinion], asked: Sequence[Opinion], before: Sequence[Opinion], now: str
) -> Statement:
    name = "满意度"
    if asked:
        this, *former = (_survey(row) for row in (asked[-1], *[*before, *asked[:-1]][-1:]))
        said = Statement.of(
            name, "满意度调查于{day}收回，满意率 {share}", "", day=this.day, share=this.share
        )
        return Statement.joined(name, [said, *(_last(one) for one in former)], "；")
    none = rows.count("满意度调查", f"类别为“{SURVEY}”的行数", (), "kind")
    said = Statement.of(name, f"{now}未开展满意度调查", "", none)
    return Statement.joined(name, [said, *(_last(_survey(row)) for row in before[-1:])], "；")


def _heard(praises: Figure[Decimal], complaints: Figure[Decimal], now: str) -> Statement:
    """Return how often the client praised and complained; what did not happen is said as that."""
    name = "表扬和投诉"
    if praises.value and complaints.value:
        pattern = f"{now}收到表扬 {{praises}} 件、投诉 {{complaints}} 件"
        return Statement.of(name, pattern, "", praises=praises, complaints=complaints)
    if praises.value:
        pattern = f"{now}收到表扬 {{praises}} 件，没有收到投诉"
        return Statement.of(name, pattern, "", complaints, praises=praises)
    if complaints.value:
        pattern = f"{now}收到投诉 {{complaints}} 件，没有收到表扬"
        return Statement.of(name, pattern, "", praises, complaints=complaints)
    return Statement.of(name, f"{now}没有表扬、投诉记录", "", praises, complaints)


def _last(survey: SurveyLine) -> Statement:
    return Statement.of("满意度", "上次（{day}）{share}", "", day=survey.day, share=survey.share)


def _count(rows: Rows[Opinion], kind: str) -> Figure[Decimal]:
    such = [row for row in rows.every if row.kind == kind]
    return rows.count(f"{kind}件数", f"类别为“{kind}”的行数", such, "kind", "subject")


def _survey(row: Opinion) -> SurveyLine:
    pleased = (row.figure("satisfied"), row.figure("fair"))
    total = number(
        "满意和基本满意", (row.satisfied or 0) + (row.fair or 0), "满意＋基本满意", pleased
    )
    return SurveyLine(
        day=iso_day(row.figure("day")),
        party=row.figure("party"),
        sent=row.figure("sent"),
        returned=row.figure("returned"),
        satisfied=row.figure("satisfied"),
        fair=row.figure("fair"),
        dissatisfied=row.figure("dissatisfied"),
        share=rate("满意率", total, row.figure("returned"), "（满意＋基本满意）÷收回"),
    )


def _opinion(row: Opinion, as_of: date) -> OpinionLine:
    return OpinionLine(
        day=iso_day(row.figure("day")),
        kind=row.figure("kind"),
        party=row.figure("party"),
        subject=row.figure("subject"),
        became=_became(row, as_of),
    )


def _became(row: Opinion, as_of: date) -> Statement:
    if row.closed_by(as_of):
        return Statement.of(
            "处理情况", "{day}办结：{outcome}", "",
            day=iso_day(row.figure("closed")), outcome=row.figure("outcome"),
        )  # fmt: skip
    if row.kind == COMPLAINT:
        return Statement.of(
            "处理情况", "截至{day}未办结", "", row.figure("closed"), day=made_on(as_of)
        )
    return Statement.of("处理情况", "—", "", row.figure("kind"))


def _decision(row: Meeting, followed: Followed) -> DecisionLine:
    return DecisionLine(
        number=row.figure("number"),
        day=iso_day(row.figure("day")),
        attendees=row.figure("attendees"),
        topic=row.figure("topic"),
        decision=row.figure("decision"),
        became=followed.told(row),
    )
