"""Rules about interruptions and incidents: minutes are counted once, exclusions are justified."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from itertools import pairwise

from deliverables.checks.quarters import DatedQuarter, dated, quarters
from deliverables.checks.rows import cells, told, where
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.model.operations import Outage
from deliverables.model.record import Missing
from deliverables.problem import Problem, error, warning
from deliverables.source import Cell, Source

UNGRADED = "未定级"
_SERVICE_QUALITY = "服务质量"


def outages_in_quarter(book: ContractBook) -> Iterable[Problem]:
    """An outage that crosses the quarter's border counts up to it; one beyond it is misplaced."""
    for quarter in dated(book):
        opening, closing = _bounds(quarter)
        for outage in quarter.workbook.outages:
            if outage.ended <= opening or outage.started >= closing:
                yield error(
                    "row-outside-quarter",
                    outage.place("started"),
                    say(
                        "outage {number} ({started} to {ended}) is outside the quarter, which "
                        "runs from {first} to {last}",
                        number=outage.number,
                        started=told(outage.started),
                        ended=told(outage.ended),
                        first=quarter.period.first,
                        last=quarter.period.last,
                    ),
                    say("correct the times, or move the row to the workbook of its own quarter"),
                )
            elif outage.started < opening or outage.ended > closing:
                yield _clipped(outage, opening, closing)


def nothing_happened_is_attested(book: ContractBook) -> Iterable[Problem]:
    """An empty sheet prints 100.0000 %: somebody must have written that nothing happened."""
    for quarter in quarters(book):
        operations = quarter.workbook
        said = any(one.chapter == _SERVICE_QUALITY for one in operations.narrative)
        if not operations.outages and not said:
            yield warning(
                "outages-unattested",
                Cell(operations.file, Outage.sheet),
                say("no outage is recorded, so availability prints 100.0000 %"),
                say(
                    "enter the outages; if there was none, say so and by which record in "
                    "说明, 正文：{chapter}",
                    chapter=_SERVICE_QUALITY,
                ),
            )


def _bounds(quarter: DatedQuarter) -> tuple[datetime, datetime]:
    midnight = time()
    return (
        datetime.combine(quarter.period.first, midnight),
        datetime.combine(quarter.period.last + timedelta(days=1), midnight),
    )


def _clipped(outage: Outage, opening: datetime, closing: datetime) -> Problem:
    inside = min(outage.ended, closing) - max(outage.started, opening)
    field = "started" if outage.started < opening else "ended"
    return warning(
        "outage-clipped",
        outage.place(field),
        say(
            "outage {number} lasts {whole} minutes, of which {inside} are in this quarter and "
            "count here ({outside} fewer)",
            number=outage.number,
            whole=_minutes(outage.ended - outage.started),
            inside=_minutes(inside),
            outside=_minutes(outage.ended - outage.started - inside),
        ),
        say("leave the times as they are and write the same row into the neighbouring quarter"),
    )


def _minutes(duration: timedelta) -> str:
    return f"{duration / timedelta(minutes=1):,.2f}".rstrip("0").rstrip(".")


def overlapping_outages(book: ContractBook) -> Iterable[Problem]:
    """Outages that overlap are merged, never added twice; whoever answers for them should know."""
    for quarter in quarters(book):
        longest: Outage | None = None
        counted = (outage for outage in quarter.workbook.outages if outage.counted)
        for outage in sorted(counted, key=lambda row: (row.started, row.ended)):
            if longest is not None and outage.started < longest.ended:
                yield _overlap(longest, outage)
            if longest is None or outage.ended > longest.ended:
                longest = outage


def _overlap(earlier: Outage, later: Outage) -> Problem:
    shared = min(earlier.ended, later.ended) - later.started
    return warning(
        "outage-overlap",
        later.place("started"),
        say(
            "outages {later} and {earlier} ({place}) overlap by {minutes} minutes, "
            "which count once",
            later=later.number,
            earlier=earlier.number,
            place=where(earlier.place("started")),
            minutes=_minutes(shared),
        ),
        say("nothing, if both happened; delete one row if it is the same outage entered twice"),
    )


def exclusions(book: ContractBook) -> Iterable[Problem]:
    """An outage left out of the availability says why; a counted one has no such reason."""
    for quarter in quarters(book):
        for outage in quarter.workbook.outages:
            if not outage.counted and not outage.exclusion:
                yield error(
                    "exclusion-without-reason",
                    outage.place("exclusion"),
                    say(
                        "outage {number} is not counted (计入可用性: 否), its 不计入理由 is empty",
                        number=outage.number,
                    ),
                    say(
                        "write the clause or the client's consent that excludes it, or count it: "
                        "the contract itself excludes nothing (Art. 3.3)"
                    ),
                )
            elif outage.counted and outage.exclusion:
                yield warning(
                    "exclusion-unused",
                    outage.place("exclusion"),
                    say(
                        "outage {number} gives a reason for not being counted, yet 计入可用性 is "
                        "是: it counts",
                        number=outage.number,
                    ),
                    say("delete the reason, or write 否 in 计入可用性"),
                )


def affected_hosts(book: ContractBook) -> Iterable[Problem]:
    """An outage affects no more hosts than there are."""
    for quarter in quarters(book):
        for outage in quarter.workbook.outages:
            affected, total = outage.affected_hosts, outage.total_hosts
            if affected is not None and total is not None and affected > total:
                yield error(
                    "affected-hosts",
                    outage.place("affected_hosts"),
                    say(
                        "outage {number} affects {affected} hosts of {total} ({excess} too many)",
                        number=outage.number,
                        affected=affected,
                        total=total,
                        excess=affected - total,
                    ),
                    say("correct 受影响主机数 or 主机总数"),
                )


def linked_outages(book: ContractBook) -> Iterable[Problem]:
    """An incident that names an outage names one of its quarter."""
    for quarter in quarters(book):
        known = {outage.number for outage in quarter.workbook.outages}
        for incident in quarter.workbook.incidents:
            if incident.outage and incident.outage not in known:
                yield error(
                    "outage-unknown",
                    incident.place("outage"),
                    say(
                        "incident {number} names outage {outage}, which 中断 does not list",
                        number=incident.number,
                        outage=incident.outage,
                    ),
                    say("correct the number, or enter the outage on the sheet 中断"),
                )


def grading(book: ContractBook) -> Iterable[Problem]:
    """Grades mean nothing while no standard defines them: the report prints 未定级."""
    if not isinstance(book.contract.service_levels.incident_grading, Missing):
        return
    for quarter in quarters(book):
        graded = [row for row in quarter.workbook.incidents if row.grade != UNGRADED]
        if graded:
            yield _graded_without_standard(len(graded), [row.place("grade") for row in graded])


def _graded_without_standard(count: int, places: list[Source]) -> Problem:
    return warning(
        "grading-undefined",
        places[0],
        say(
            "{count} graded incidents ({cells}), and nothing says what the grades mean: "
            "the report prints 未定级",
            count=count,
            cells=cells(places),
        ),
        say(
            "agree on a grading with the client (Art. 12.5(3) uses B without defining it) and "
            "write it in service_levels.incident_grading"
        ),
    )


def continued_outages(book: ContractBook) -> Iterable[Problem]:
    """An outage across a border stands in both workbooks: otherwise its minutes are lost."""
    for before, after in pairwise(dated(book)):
        if after.number != before.number + 1:
            continue
        border = datetime.combine(after.period.first, time())
        yield from _missing_beyond(before, after, border)
        yield from _missing_beyond(after, before, border)


def _missing_beyond(here: DatedQuarter, there: DatedQuarter, border: datetime) -> Iterator[Problem]:
    known = {(row.number, row.started, row.ended) for row in there.workbook.outages}
    for row in here.workbook.outages:
        crosses = row.started < border < row.ended
        if crosses and (row.number, row.started, row.ended) not in known:
            yield error(
                "outage-not-continued",
                row.place("ended"),
                say(
                    "outage {number} ({started} to {ended}) crosses the end of a quarter, "
                    "Q{there} does not have it with the same times",
                    number=row.number,
                    started=told(row.started),
                    ended=told(row.ended),
                    there=there.number,
                ),
                say("write the row with the same number and times into both workbooks"),
            )
