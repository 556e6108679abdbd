"""Page one of a report: what was asked and reached, and what happened, in three sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from deliverables.compute.availability import (
    MET,
    NOT_MET,
    NOT_OVER,
    AvailabilityLine,
    PeriodService,
    YearService,
    indicator_name,
    outage_summary,
    readings,
    span,
    target_lines,
)
from deliverables.compute.chapters import chapters_of
from deliverables.compute.comparison import View
from deliverables.compute.figures import BREAKING_COMMA, counted, number, told
from deliverables.compute.incidents import incident_count
from deliverables.compute.indicators import QUALITY, indicators, marked
from deliverables.compute.matters import Remedies
from deliverables.compute.operations import change_counts, security, ticket_counts
from deliverables.model.book import ContractBook
from deliverables.model.contract import AvailabilityTarget, ReportSeries, ServiceLevels
from deliverables.model.fields import Missing
from deliverables.model.operations_sheets import CHAPTERS
from deliverables.values.figure import Derivation, Figure, Statement

_NOT_YET = "—"
_MOST = 2
"""How many outages are named."""
_SHORT = 4
"""How many periods stand side by side in one cell."""


@dataclass(frozen=True, slots=True)
class Score:
    """One line: what is required, the period before, this one, the term so far, with verdicts."""

    name: str
    requirement: Figure[object]
    former: Figure[object]
    actual: Figure[object]
    verdict: Figure[object]
    failed: bool
    to_date: Figure[object]
    standing: Figure[object]
    failing: bool


def scorecard(
    book: ContractBook,
    service: PeriodService,
    numbers: Sequence[int],
    *,
    former: Sequence[int],
    last: AvailabilityLine | None,
    as_of: date,
    series: ReportSeries | None = None,
) -> tuple[Score, ...]:
    """Return the lines of one period's report of a series, of the chapters that it has.

    `former` are the periods of the report before and `last` its availability, if there is one.
    """
    so_far = range(1, numbers[-1] + 1)
    these = indicators(book, (service.this,), numbers, as_of, series)
    whole = indicators(book, (service.to_date,), so_far, as_of, series)
    before = indicators(book, (last,), former, as_of, series) if last else ()
    levels, told = book.contract.service_levels, chapters_of(series)
    lines = [
        Score(
            name=service.name.text if at == 0 else this.name,
            requirement=this.requirement,
            former=before[at].actual if before else _nothing(this.actual),
            actual=this.actual,
            verdict=this.verdict,
            failed=this.failed,
            to_date=whole[at].actual,
            standing=whole[at].verdict,
            failing=whole[at].failed,
        )
        for at, this in enumerate(these)
    ]
    over_all = (lines[0], _downtime(service, last)) if _is_general(levels) else ()
    targets = (
        _target(book, target, numbers, former=former, as_of=as_of) for target in levels.targets
    )
    others = (line for line, one in zip(lines[1:], these[1:], strict=True) if one.chapter in told)
    return (*((*over_all, *targets) if QUALITY in told else ()), *others)


def _is_general(levels: ServiceLevels) -> bool:
    """Whether availability is told without a window: not where only levels with windows are set."""
    return levels.availability is not None or not levels.targets


def _target(
    book: ContractBook,
    target: AvailabilityTarget,
    numbers: Sequence[int],
    *,
    former: Sequence[int],
    as_of: date,
) -> Score:
    """Return how a level stands in the windows of this period, of the one before and so far."""

    def standing(periods: Sequence[int]) -> _Standing:
        return _standing([
            line for line in target_lines(book, periods, as_of) if line.name.origin == named.origin
        ])  # fmt: skip

    named = target.figure("name")
    this, whole = standing(numbers), standing(range(1, numbers[-1] + 1))
    return Score(
        name=f"{target.name}（每{target.window}）",
        requirement=Statement.of("合同要求", "不低于{level}", "", level=target.figure("level")),
        former=standing(former).least if former else _nothing(this.least),
        actual=this.least,
        verdict=this.verdict,
        failed=this.failed,
        to_date=whole.least,
        standing=whole.verdict,
        failing=whole.failed,
    )


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a level stands over some windows: the lowest value, and the verdict over all."""

    least: Figure[object]
    verdict: Statement
    failed: bool


def _standing(lines: Sequence[AvailabilityLine]) -> _Standing:
    """Return the lowest of several windows; one that was missed decides, then one still open."""
    least = min(lines, key=lambda line: line.percent.value)
    behind = tuple(line.verdict for line in lines)
    missed = [line for line in lines if not line.met]
    if missed and len(lines) > 1:
        count = number("未达标的统计期", len(missed), "判定为未达标的统计期数", behind)
        said = Statement.of("判定", "{count} 期未达标", "", *behind, count=count)
        verdict = marked(said, failed=True)
    elif missed:
        verdict = marked(Statement.of("判定", NOT_MET, "", *behind), failed=True)
    elif all(line.over for line in lines):
        verdict = marked(Statement.of("判定", MET, "", *behind), failed=False)
    else:
        verdict = Statement.of("判定", NOT_OVER, "", *behind)
    shown: Figure[object] = least.percent
    if len(lines) > 1:
        others = tuple(line.percent for line in lines)
        shown = Statement.of("各期最低", "最低 {least}", "", *others, least=least.percent)
    return _Standing(shown, verdict, bool(missed))


def _nothing(beside: Figure[object]) -> Figure[object]:
    """Return that there is no period before the first."""
    return Figure("上期", None, _NOT_YET, Derivation("没有上期", "", (beside,)))


def _downtime(service: PeriodService, last: AvailabilityLine | None) -> Score:
    """Return the minutes lost, allowed and left, this period and in the term so far.

    What the whole term allows is told where availability is, and named there.
    """
    this, to_date = service.this, service.to_date
    return Score(
        name="中断时长（分钟）",
        requirement=_allowed(service) if this.judged else Statement.written(this.required),
        former=last.downtime if last else _nothing(this.downtime),
        actual=this.downtime,
        verdict=_left(this.left) if this.judged else this.verdict,
        failed=not this.met,
        to_date=to_date.downtime,
        standing=_left(to_date.left) if this.judged else this.verdict,
        failing=not to_date.met,
    )


def _allowed(service: PeriodService) -> Statement:
    """Return the minutes that this period allows, and the term so far where it is longer."""
    this, to_date = service.this.budget, service.to_date.budget
    if not service.cumulative:
        return Statement.of("允许中断", "{budget}", "", budget=this)
    return Statement.of("允许中断", "{budget}（累计 {so_far}）", "", budget=this, so_far=to_date)


def _left(left: Figure[Decimal]) -> Statement:
    if left.value < 0:
        beyond = number("超出", -left.value, "中断时长－允许中断时长", (left,))
        return Statement.of("额度", "超出 {n}", "", n=beyond)
    return Statement.of("额度", "剩余 {n}", "", n=left)


@dataclass(frozen=True, slots=True)
class YearScore:
    """One line of a summary: what is required, each period, all of them, the verdict."""

    name: str
    requirement: Figure[object]
    parts: Figure[object]
    actual: Figure[object]
    verdict: Figure[object]
    failed: bool


def year_scorecard(
    book: ContractBook,
    service: YearService,
    numbers: Sequence[int],
    as_of: date,
    series: ReportSeries | None = None,
) -> tuple[YearScore, ...]:
    """Return the lines of a summary over all its periods, of the chapters that it has."""
    told = chapters_of(series)
    whole = indicators(book, (service.this,), numbers, as_of, series)
    each = [
        indicators(book, (line,), (at,), as_of)
        for at, line in zip(numbers, service.quarters, strict=True)
    ]
    lines = tuple(
        YearScore(
            name=service.name.text if at == 0 else one.name,
            requirement=one.requirement,
            parts=_side_by_side(
                [
                    _crossed(part[at].actual, part[at].verdict)
                    if part[at].failed
                    else part[at].actual
                    for part in each
                ]
            ),
            actual=one.actual,
            verdict=one.verdict,
            failed=one.failed,
        )
        for at, one in enumerate(whole)
    )
    this = service.this
    down = YearScore(
        name="中断时长（分钟）",
        requirement=Statement.of("允许中断", "{budget}", "", budget=this.budget)
        if this.judged
        else Statement.written(this.required),
        parts=_side_by_side(
            [
                line.downtime if line.met else _crossed(line.downtime, line.verdict)
                for line in service.quarters
            ]
        ),
        actual=this.downtime,
        verdict=_left(this.left) if this.judged else this.verdict,
        failed=not this.met,
    )
    levels = book.contract.service_levels
    over_all = (lines[0], down) if _is_general(levels) else ()
    targets = map(_year_target, _by_target(service.targets))
    others = (line for line, one in zip(lines[1:], whole[1:], strict=True) if one.chapter in told)
    return (*((*over_all, *targets) if QUALITY in told else ()), *others)


def _by_target(lines: Sequence[AvailabilityLine]) -> Sequence[Sequence[AvailabilityLine]]:
    held: dict[object, list[AvailabilityLine]] = {}
    for line in lines:
        held.setdefault(line.name.origin, []).append(line)
    return list(held.values())


def _year_target(lines: Sequence[AvailabilityLine]) -> YearScore:
    """Return how one level stood in all its windows of a summary."""
    whole = _standing(lines)
    return YearScore(
        name=lines[0].name.text,
        requirement=Statement.of("合同要求", "不低于{level}", "", level=lines[0].required),
        parts=_side_by_side(
            [line.percent if line.met else _crossed(line.percent, line.verdict) for line in lines]
        ),
        actual=whole.least,
        verdict=whole.verdict,
        failed=whole.failed,
    )


def _crossed(reached: Figure[object], verdict: Figure[object]) -> Figure[object]:
    """Return what a period that failed reached, with a cross behind it."""
    return Statement.of("各期", "{reached}×", "", verdict, reached=reached)


def _side_by_side(parts: Sequence[Figure[object]]) -> Figure[object]:
    if len(parts) > _SHORT:
        return Figure("各期", None, "见各章", Derivation("期数较多，不并列", "", tuple(parts)))
    return Statement.joined("各期", parts, BREAKING_COMMA)


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened, in three sentences: the level of service, what broke, what was done.

    The first two are told where the report has a chapter about the service, the last one where
    anything that is `worked` on has one. `otherwise` is the level without the work to which the
    client had consented, where there was any that counts.
    """

    level: Statement
    otherwise: tuple[Statement, ...]
    broke: Statement
    done: Statement
    worked: bool


def happened(
    book: ContractBook,
    lines: Sequence[AvailabilityLine],
    numbers: Sequence[int],
    remedies: Remedies | None,
    *,
    view: View,
    as_of: date,
    series: ReportSeries | None = None,
) -> Happened:
    """Return the three sentences; `lines` are the availability of the period, then what is beside.

    Beside a period is the term so far, beside a summary each of its periods.

    `remedies` are told where a level was missed.
    """
    told = chapters_of(series)
    worked = _done(view, told, as_of)
    return Happened(
        level=_level(book, lines, numbers, remedies, view=view, as_of=as_of),
        otherwise=_otherwise(book, numbers, view, as_of),
        broke=_broke(book, numbers, view, as_of),
        done=Statement.joined("工作", worked or _done(view, CHAPTERS, as_of), "；"),
        worked=bool(worked),
    )


def _level(
    book: ContractBook,
    lines: Sequence[AvailabilityLine],
    numbers: Sequence[int],
    remedies: Remedies | None,
    *,
    view: View,
    as_of: date,
) -> Statement:
    levels = book.contract.service_levels
    told_of = (lines[:1] if view.parts else lines) if _is_general(levels) else ()
    reached = [_reached(told_of[0], view.now, indicator_name(levels))] if told_of else []
    for line in told_of[1:]:
        also = "也" if line.judged and line.met == told_of[0].met else ""
        reached.append(_reached(line, f"{line.label}{also}", None))
    missed = [line for line in lines[1:] if not line.met] if view.parts and told_of else []
    if missed:
        labels = "、".join(line.label for line in missed)
        behind = [line.verdict for line in missed]
        reached.append(Statement.of("未达标的统计期", f"其中{labels}未达标", "", *behind))
    ways = readings(book, lines[0].label, numbers, as_of)
    judged = next((way.reading for way in ways if way.judged), None)
    how: list[Statement] = []
    if told_of and len(lines) > 1 and not all(line.met for line in lines):
        how += _over_what(levels, view, lines[0 if view.parts else -1])
    if judged is not None and levels.levels_set:
        how.append(Statement.of("口径", "口径为{reading}", "", reading=judged))
    parts: list[Statement] = []
    if reached:
        parts.append(Statement.joined("可用性", reached, "，"))
    if reached and how:
        said = Statement.joined("判定依据", how, "；")
        parts = [Statement.of("可用性", "{reached}（{how}）", "", reached=parts[0], how=said)]
    parts += map(_target_told, _by_target(target_lines(book, numbers, as_of)))
    if not reached:
        parts += how
    if remedies is not None:
        parts.append(remedies.told)
    return Statement.joined("服务水平", parts, "；")


def _otherwise(
    book: ContractBook, numbers: Sequence[int], view: View, as_of: date
) -> tuple[Statement, ...]:
    """Return the level without agreed work: the verdict rests on all of it, and may turn on it."""
    levels = book.contract.service_levels
    if not (levels.levels_set and _is_general(levels)):
        return ()
    return tuple(
        Statement.of(
            "可用性", f"{{reading}}，{view.now}为 {{percent}}，仅供参考", "",
            way.use, reading=way.reading, percent=way.percent,
        )
        for way in readings(book, view.now, numbers, as_of) if way.without_work
    )  # fmt: skip


def _over_what(levels: ServiceLevels, view: View, whole: AvailabilityLine) -> Sequence[Statement]:
    """Return over what times availability is judged where the contract does not say."""
    silent = isinstance(levels.measurement, Missing) or not levels.measurement
    if not silent or levels.availability is None:
        return ()
    over = f"按{view.word}和{whole.label}" if view.parts else "两者"
    pattern = f"合同未约定统计周期，{over}分别判定"
    return (Statement.of("统计周期", pattern, "", levels.figure("measurement"), whole.verdict),)


def _target_told(lines: Sequence[AvailabilityLine]) -> Statement:
    """Return how one level stood: which windows were missed, what is left of one not yet over."""
    missed = [line for line in lines if not line.met]
    name, behind = lines[0].name, tuple(line.verdict for line in lines)
    if missed:
        each = [
            Statement.of("未达标", f"{line.label} {{percent}}", "", percent=line.percent)
            for line in missed
        ]
        listed = Statement.joined("未达标的统计期", each, "、")
        return Statement.of("指标", "{name}{missed}，未达标", "", *behind, name=name, missed=listed)
    whole = _standing(lines)
    if len(lines) == 1 and not lines[0].over:
        return Statement.of(
            "指标", f"{{name}} {{least}}（{lines[0].label}未满，允许中断尚余 {{left}} 分钟）", "",
            *behind, name=name, least=whole.least, left=lines[0].left,
        )  # fmt: skip
    pattern = "{name}{least}，均达标" if len(lines) > 1 else "{name} {least}，达标"
    return Statement.of("指标", pattern, "", *behind, name=name, least=whole.least)


def _reached(line: AvailabilityLine, when: str, name: Figure[str] | None) -> Statement:
    """Return whether a level was met; how it was, minute by minute, stands in the table above."""
    said: dict[str, Figure[object]] = {}
    pattern = when
    if name is not None:
        pattern, said["name"] = pattern + "{name}", name
    if line.judged:
        return told("可用性", pattern + "{verdict}", "", said | {"verdict": line.verdict})
    return told("可用性", pattern + " {percent}", "", said | {"percent": line.percent})


def _broke(book: ContractBook, numbers: Sequence[int], view: View, as_of: date) -> Statement:
    window = span(book.contract, numbers, as_of)
    found = outage_summary(view.these, window, as_of)
    if not found.counted:
        return Statement.of("中断", f"{view.now}没有计入可用性的中断", "", found.count)
    longest = sorted(found.counted, key=lambda one: -one.minutes.value)[:_MOST]
    named = [
        Statement.of(
            "中断",
            "{cause}（甲方同意的作业，{minutes} 分钟）"
            if one.work_agreed.value
            else "{cause}（{minutes} 分钟）",
            "",
            one.work_agreed,
            cause=one.cause,
            minutes=one.minutes,
        )
        for one in longest
    ]
    pattern = f"{view.now}计入可用性的中断 {{count}} 次"
    pattern += "，最长两次：{named}" if len(found.counted) > len(named) else "：{named}"
    said: dict[str, Figure[object]] = {
        "count": found.count,
        "named": Statement.joined("时间最长的中断", named, "；"),
    }
    others = [one.minutes for one in found.counted if one not in longest]
    if others:
        pattern += "；其余 {rest} 次共 {others} 分钟" if others[1:] else "；另 1 次 {others} 分钟"
        lost = sum((each.value for each in others), Decimal(0))
        said["others"] = number("其余中断时长", lost, "其余各次中断时长相加", others)
        if others[1:]:
            said["rest"] = number("其余中断", len(others), "其余各次中断计数", others)
    if found.overlapped:
        pattern += "，重叠 {overlap} 分钟只计一次"
        said["overlap"] = found.overlap
    return told("中断", pattern, "", said)


def _done(view: View, told: Sequence[str], as_of: date) -> list[Statement]:
    """Return what was done; what did not happen is said as that, not as a count of nought.

    That no security event happened stands in the table above.
    """
    tickets, changes = ticket_counts(view.these), change_counts(view.these)
    events, happened = security(view.these, as_of).events, incident_count(view.these)
    parts = []
    if "事件与故障" in told:
        parts.append(counted("事件", happened, "发生事件 {n} 起", "未发生事件"))
    if "安全" in told and events.value:
        parts.append(Statement.of("安全事件", "发生安全事件 {n} 起", "", n=events))
    if "工单与服务请求" in told:
        kept = "已到承诺时限的均及时办结" if tickets.some_pending else "均及时办结"
        late = counted("工单", tickets.late_count, "受理工单 {of} 件，未及时办结 {n} 件",
                     f"受理工单 {{of}} 件，{kept}", of=tickets.total.opened)  # fmt: skip
        parts.append(late if tickets.total.opened.value else _none("工单", tickets.total.opened))
    if "变更" in told:
        done = changes.total.done
        carried_out = Statement.of(
            "变更", "实施变更 {of} 次，{outcome}", "", of=done, outcome=changes.outcome
        )
        parts.append(carried_out if done.value else _none("变更", done))
    if parts:
        parts[0] = Statement.of(parts[0].name, f"{view.now}{{first}}", "", first=parts[0])
    return parts


def _none(name: str, count: Figure[Decimal]) -> Statement:
    return Statement.of(name, f"没有{name}", "", count)
