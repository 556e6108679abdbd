"""How fast people answered and service was restored, what came back, what lay behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from deliverables.compute.figures import (
    NONE_THIS_PERIOD,
    Rows,
    grouped,
    or_unfilled,
    rows_of,
    time_lost,
)
from deliverables.compute.incidents import grade_of, steps_of
from deliverables.compute.matters import Followed
from deliverables.compute.operations import rate_beside
from deliverables.model.contract import ServiceLevels
from deliverables.model.fields import Row
from deliverables.model.operations_sheets import CAUSES, UNGRADED, Incident, Operations, Ticket
from deliverables.values.figure import Derivation, Figure, Statement
from deliverables.values.money import round_half_up

_OFTEN: Final = 2
"""So many incidents of one cause at one part of the platform are a repetition."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How long something took: of how many it is known, their mean and the longest, in minutes.

    `former` is the mean of the period before, `change` by how much this one's differs.
    """

    what: str
    count: Figure[Decimal]
    known: Figure[Decimal]
    mean: Figure[Decimal | None]
    former: Figure[Decimal | None]
    change: Figure[Decimal | None]
    longest: Figure[Decimal | None]


@dataclass(frozen=True, slots=True)
class CauseLine:
    """The incidents of one kind of cause and how long those lasted that are over."""

    cause: str
    count: Figure[Decimal]
    minutes: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class RepeatLine:
    """Incidents of one kind of cause at one part of the platform, since the service began."""

    systems: str
    cause: str
    count: Figure[Decimal]
    numbers: Statement


@dataclass(frozen=True, slots=True)
class MajorIncident:
    """An incident that is told on a page of its own; 【待补】 where a person has yet to write.

    `grade` says of an ungraded one by which matter it is to be graded, `became` what became of the
    matters that are to prevent the next.
    """

    number: Figure[str]
    title: Figure[str]
    grade: Statement
    started: Figure[object]
    ended: Figure[object]
    minutes: Figure[object]
    responded: Figure[object]
    systems: Figure[str]
    cause_kind: Figure[str]
    cause: Figure[str]
    impact: Figure[str]
    steps: tuple[Statement, ...]
    action: Figure[str]
    prevention: Figure[str]
    became: Statement
    outage: Figure[str]
    evidence: Figure[str]


@dataclass(frozen=True, slots=True)
class Response:
    """Speed, causes, repetition and the major incidents of a period.

    Speed is `compared` where there is a period before.
    """

    speeds: tuple[Speed, ...]
    compared: bool
    causes: tuple[CauseLine, ...]
    unclassified: Figure[Decimal]
    some_unclassified: bool
    repeats: tuple[RepeatLine, ...]
    majors: tuple[MajorIncident, ...]


def response(
    quarters: Sequence[Operations],
    so_far: Sequence[Operations],
    former: Sequence[Operations] = (),
    majors: tuple[MajorIncident, ...] = (),
) -> Response:
    """Return how a period was handled, beside the `former` one if there is one.

    What came back is sought in all the periods so far.
    """
    tickets, incidents = rows_of(quarters, Ticket), rows_of(quarters, Incident)
    asked = rows_of(former, Ticket) if former else tickets
    broke = rows_of(former, Incident) if former else incidents
    unsaid = [row for row in incidents.every if row.cause_kind is None]
    return Response(
        speeds=tuple(
            speed
            for speed in (
                _speed("工单响应", tickets, asked, "opened", "responded"),
                _speed("工单办结", tickets, asked, "opened", "closed"),
                _speed("事件响应", incidents, broke, "started", "responded"),
                _speed("事件恢复", incidents, broke, "started", "ended"),
            )
            if speed.known.value
        ),
        compared=bool(former),
        causes=tuple(_causes(incidents)),
        unclassified=incidents.count(
            "未填原因类别的事件", "原因类别为空的行数", unsaid, "number", "cause_kind"
        ),
        some_unclassified=bool(unsaid),
        repeats=tuple(_repeats(quarters, so_far)),
        majors=majors,
    )


def major_incidents(
    quarters: Sequence[Operations], followed: Followed, levels: ServiceLevels
) -> tuple[MajorIncident, ...]:
    """Return the incidents that are told on a page of their own."""
    every = rows_of(quarters, Incident).every
    return tuple(_major(row, followed, levels) for row in every if row.major)


def _speed(
    what: str,
    rows: Rows[Ticket] | Rows[Incident],
    before: Rows[Ticket] | Rows[Incident],
    start: str,
    end: str,
) -> Speed:
    held: Rows[Row] = Rows(rows.every, rows.sheets)
    then: Rows[Row] = Rows(before.every, before.sheets)
    known = [row for row in held.every if getattr(row, end) is not None]
    lasted = [_minutes(row, start, end) for row in known]
    mean = _mean("平均时长", held, held.every, start, end)
    former = _mean("上期平均时长", then, () if before is rows else then.every, start, end)
    beside = rate_beside("平均时长", mean, former)
    return Speed(
        what=what,
        count=held.count("记录数", f"{what}所属记录的行数", held.every, "number"),
        known=held.count("有时间记录", "两个时间均填写的行数", known, start, end),
        mean=mean,
        former=former,
        change=beside.change,
        longest=_lasting(
            "最长时长", max(lasted, default=None), held.origin("时长最大值", known, start, end)
        ),
    )


def _mean(
    name: str, rows: Rows[Row], chosen: Sequence[Row], start: str, end: str
) -> Figure[Decimal | None]:
    known = [row for row in chosen if getattr(row, end) is not None]
    lasted = [_minutes(row, start, end) for row in known]
    mean = sum(lasted, Fraction(0)) / len(lasted) if lasted else None
    return _lasting(name, mean, rows.origin("时长之和÷有时间记录的行数", known, start, end))


def _lasting(name: str, minutes: Fraction | None, origin: Derivation) -> Figure[Decimal | None]:
    """Return a length in minutes with one decimal, half up; —（本期无）for none."""
    if minutes is None:
        return Figure(name, None, NONE_THIS_PERIOD, origin)
    value = round_half_up(minutes, 1)
    return Figure(name, value, f"{value:,}", origin)


def _minutes(row: Row, start: str, end: str) -> Fraction:
    begun: datetime = getattr(row, start)
    over: datetime = getattr(row, end)
    return Fraction((over - begun) // timedelta(seconds=1), 60)


def _causes(rows: Rows[Incident]) -> Sequence[CauseLine]:
    return [
        CauseLine(
            cause,
            rows.count("事件数", f"原因类别为“{cause}”的行数", of, "number", "cause_kind"),
            time_lost(
                "事件时长",
                sum((_minutes(row, "started", "ended") for row in of if row.ended), Fraction(0)),
                rows.origin(f"原因类别为“{cause}”且已恢复的事件时长之和", of, "started", "ended"),
            ),
        )
        for cause in CAUSES
        if (of := [row for row in rows.every if row.cause_kind == cause])
    ]


def _repeats(quarters: Sequence[Operations], so_far: Sequence[Operations]) -> Sequence[RepeatLine]:
    """Return what happened again within these periods at the same part from the same cause."""
    every = rows_of(so_far, Incident)
    these = {row.number for quarter in quarters for row in quarter.incidents}
    told = [row for row in every.every if row.systems and row.cause_kind]
    groups: Mapping[tuple[str, str], list[Incident]] = grouped(
        told, lambda row: (row.systems, row.cause_kind or "")
    )
    return [
        RepeatLine(
            systems=systems,
            cause=cause,
            count=every.count("发生次数", "涉及系统和原因类别相同的事件行数", rows,
                              "number", "systems", "cause_kind"),
            numbers=Statement.joined("事件编号", [row.figure("number") for row in rows], "、"),
        )
        for (systems, cause), rows in groups.items()
        if len(rows) >= _OFTEN and any(row.number in these for row in rows)
    ]  # fmt: skip


def _major(row: Incident, followed: Followed, levels: ServiceLevels) -> MajorIncident:
    return MajorIncident(
        number=row.figure("number"),
        title=row.figure("title"),
        grade=_grade(row, followed, levels),
        started=row.figure("started"),
        ended=row.figure("ended"),
        minutes=_lasted(row),
        responded=or_unfilled(row, "responded"),
        systems=or_unfilled(row, "systems"),
        cause_kind=or_unfilled(row, "cause_kind"),
        cause=row.figure("cause"),
        impact=row.figure("impact"),
        steps=steps_of(row),
        action=row.figure("action"),
        prevention=or_unfilled(row, "prevention"),
        became=followed.told(row),
        outage=row.figure("outage"),
        evidence=or_unfilled(row, "evidence"),
    )


def _grade(row: Incident, followed: Followed, levels: ServiceLevels) -> Statement:
    """Return the grade, of an ungraded incident also by whom and until when it is to be graded."""
    grade = grade_of(row, levels)
    if grade.text != UNGRADED:
        return Statement.written(grade)
    by = followed.told(row, "grading") if row.grading else or_unfilled(row, "grading")
    return Statement.of("级别", "{grade}，据以定级的事项：{by}", "", grade=grade, by=by)


def _lasted(row: Incident) -> Figure[object]:
    inputs = (row.figure("started"), row.figure("ended"))
    origin = Derivation("恢复时间－发生时间", "", inputs)
    if row.ended is None:
        return Figure("历时", None, "尚未恢复", origin)
    return time_lost("历时", _minutes(row, "started", "ended"), origin)
