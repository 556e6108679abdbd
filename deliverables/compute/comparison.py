"""What the figures of a chapter mean beside those of the period before, one sentence a chapter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from deliverables.compute import operations
from deliverables.compute.availability import AvailabilityLine, indicator_name, outage_summary
from deliverables.compute.figures import counted, number, rows_of, told
from deliverables.compute.incidents import incident_count
from deliverables.model.book import ContractBook
from deliverables.model.fields import show_number
from deliverables.model.operations_sheets import DRILL, WATCH, Durability, Operations
from deliverables.values.dates import Period
from deliverables.values.figure import Derivation, Figure, Statement
from deliverables.values.period_names import one_before

Taken = Callable[[Sequence[Operations]], Figure[Decimal] | Figure[Decimal | None]]
"""How a figure is taken from the workbooks of some periods."""

POINTS = "个百分点"
_APART = Fraction(3, 2)
"""So many times what its periods have on average sets one of a summary apart: it is named."""
_BESIDE_ONE_ANOTHER = 4
"""Rates of more periods stand in no table of a summary, so the least is told."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """How a figure stands beside an earlier time, which a sentence names only once (`first`)."""

    first: Statement
    again: Statement

    def __str__(self) -> str:
        return str(self.first)


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """The periods that a report tells of, and what their figures are held against.

    A report on one period has the one before it in `former`, unless it is the first; a summary
    has its periods, by name, in `parts`.
    """

    now: str
    word: str
    these: Sequence[Operations]
    former: Sequence[Operations] = ()
    parts: Sequence[tuple[str, Operations]] = ()

    def compared(self, name: str, unit: str, taken: Taken) -> Contrast | Statement | None:
        """Return how what came about stands beside the period before, or when in the year it did.

        Of a summary a period is named where it is set apart; what all have is told by its tables.
        """
        if self.parts:
            return self._least(name, taken) if unit == POINTS else self._spread(name, unit, taken)
        before = taken(self.former) if self.former else None
        return _held_against(one_before(self.word), name, unit, taken(self.these), before)

    def since(self, name: str, unit: str, taken: Taken) -> Contrast | None:
        """Return how what there is at the end stands beside the end before.

        That is the end of the period before, and of the first one of a summary.
        """
        if self.parts:
            label, opening = self.parts[0]
            this, began = taken([self.parts[-1][1]]), taken([opening])
            if len(self.parts) == 1 or not (this.value or began.value):
                return None
            return _held_against(f"{label}末", name, unit, this, began)
        before = taken(self.former) if self.former else None
        return _held_against(f"{one_before(self.word)}末", name, unit, taken(self.these), before)

    def _spread(self, name: str, unit: str, taken: Taken) -> Statement | None:
        taken_of = [(label, taken([quarter])) for label, quarter in self.parts]
        values = [one.value or Decimal(0) for _, one in taken_of]
        most, whole, behind = max(values), sum(values, Decimal(0)), [one for _, one in taken_of]
        if not whole or len(values) == 1:
            return None
        label, figure = taken_of[values.index(most)]
        if most == whole:
            return Statement.of(name, f"均在{label}", "", *behind)
        if most * len(values) >= _APART * Fraction(whole) and values.count(most) == 1:
            return Statement.of(name, f"其中{label} {{most}} {unit}", "", *behind, most=figure)
        if values.count(Decimal(0)) == 1:
            label, _ = taken_of[values.index(Decimal(0))]
            return Statement.of(name, f"{label}没有", "", *behind)
        return None

    def _least(self, name: str, taken: Taken) -> Statement | None:
        if len(self.parts) <= _BESIDE_ONE_ANOTHER:
            return None
        taken_of = [(label, taken([quarter])) for label, quarter in self.parts]
        known = [(label, one) for label, one in taken_of if one.value is not None]
        least = min((one.value or Decimal(0) for _, one in known), default=None)
        lowest = [(label, one) for label, one in known if one.value == least]
        if len(lowest) != 1:
            return None
        (label, figure), behind = lowest[0], [one for _, one in known]
        return Statement.of(name, f"{label}最低（{{least}}）", "", *behind, least=figure)


def _held_against(
    when: str,
    name: str,
    unit: str,
    this: Figure[Any],
    before: Figure[Any] | None,
) -> Contrast | None:
    """Return how a figure stands beside that of an earlier time, None if there is nothing."""
    if before is None or this.value is None or before.value is None:
        return None
    by = this.value - before.value
    if unit != POINTS and not (this.value and before.value):
        then = f"{when} {{before}} {unit}" if before.value else f"{when}也没有"
        nothing = Statement.of(name, f"{when}没有" if this.value else then, "", this, before=before)
        return Contrast(nothing, nothing)
    change = _change(name, unit, this, before)
    named = Statement.of(name, f"{'比' if by else '与'}{when}{{change}}", "", change=change)
    return Contrast(named, change)


def _change(name: str, unit: str, this: Figure[Decimal], before: Figure[Decimal]) -> Statement:
    """Return by how much a figure rose or fell; the difference of rates has their places."""
    by = this.value - before.value
    if not by:
        return Statement.of(name, "持平", "", this, before)
    more, less = ("上升", "下降") if unit == POINTS else ("增加", "减少")
    shown = str(abs(by)) if unit == POINTS else show_number(abs(by))
    rule = Derivation("本期与上期之差", "", (this, before))
    difference = Figure(name, abs(by), shown, rule)
    return Statement.of(name, f"{more if by > 0 else less} {{by}} {unit}", "", by=difference)


@dataclass(frozen=True, slots=True)
class Leads:
    """The sentence that each chapter begins with, without its full stop.

    Of outages, losses of data, checks of their integrity and attacks it is the comparison, if there
    is one.
    """

    service: Statement
    outages: tuple[Statement, ...]
    losses: tuple[Statement, ...]
    checks: tuple[Statement, ...]
    resources: Statement
    usage: Statement
    alarms: Statement
    tickets: Statement
    incidents: Statement
    changes: Statement
    inspections: Statement
    backups: Statement
    security: Statement
    attacks: tuple[Statement, ...]
    addresses: Statement
    drills: Statement
    people: Statement


def leads(
    view: View,
    book: ContractBook,
    line: AvailabilityLine,
    beside: Sequence[AvailabilityLine],
    as_of: date,
) -> Leads:
    """Return the leading sentences of a report that tells of a view on a day.

    `line` is the availability of the report, `beside` that of the period before, or of the periods
    of a summary.
    """
    return Leads(
        service=_service(view, indicator_name(book.contract.service_levels), line, beside),
        outages=_beside_outages(view, line, as_of),
        losses=_beside_losses(view),
        checks=_beside_checks(view),
        resources=_resources(view),
        usage=_usage(view),
        alarms=_alarms(view),
        tickets=_tickets(view),
        incidents=_incidents(view),
        changes=_changes(view),
        inspections=_inspections(view),
        backups=_backups(view),
        security=_security(view, as_of),
        attacks=_beside_attacks(view, as_of),
        addresses=_addresses(view),
        drills=_drills(view),
        people=_people(view, book, line, beside),
    )


def _lead(name: str, *groups: Sequence[Statement | Contrast | None]) -> Statement:
    """Return clauses, those of a group closer to each other than to the next group's.

    The time that figures are held against is named by the first comparison.
    """
    sentences, named = [], False
    for group in groups:
        clauses: list[Statement] = []
        for clause in group:
            if isinstance(clause, Contrast):
                clauses.append(clause.again if named else clause.first)
                named = True
            elif clause is not None:
                clauses.append(clause)
        if clauses:
            sentences.append(Statement.joined(name, clauses, "，"))
    return Statement.joined(name, sentences, "；")


def _service(
    view: View, name: Figure[str], line: AvailabilityLine, beside: Sequence[AvailabilityLine]
) -> Statement:
    """Return availability against the level and the period before, and the minutes it rests on."""
    against = None
    if beside and not view.parts:
        then = beside[0].percent
        against = _held_against(one_before(view.word), "可用性", POINTS, line.percent, then)
    if not line.judged:
        measured = Statement.of(
            "可用性", f"{view.now}{{name}} {{percent}}", "", name=name, percent=line.percent
        )
        lost = Statement.of("中断时长", "中断 {downtime} 分钟", "", downtime=line.downtime)
        return _lead("可用性概况", [measured, against], [lost])
    met = "不低于" if line.met else "低于"
    reached = Statement.of(
        "可用性", f"{view.now}{{name}} {{percent}}，{met}合同要求的 {{required}}", "",
        line.verdict, name=name, percent=line.percent, required=line.required,
    )  # fmt: skip
    minutes = Statement.of(
        "中断时长", "中断 {downtime} 分钟，允许 {budget} 分钟", "",
        downtime=line.downtime, budget=line.budget,
    )  # fmt: skip
    return _lead("可用性概况", [reached, against], [minutes])


def _beside_outages(view: View, line: AvailabilityLine, as_of: date) -> tuple[Statement, ...]:
    """Return how many outages count beside the period before, or the fullest of a summary."""

    def counted(of: Sequence[Operations]) -> Figure[Decimal]:
        last = min(of[-1].cover.last_day, line.last_day.value)
        return outage_summary(of, Period(of[0].cover.first_day, last), as_of).count

    return _where_some(view, counted, view.compared("中断", "次", counted))


def _beside_losses(view: View) -> tuple[Statement, ...]:
    def losses(of: Sequence[Operations]) -> Figure[Decimal]:
        return _observed(of, "数据丢失事件", "loss_events")

    return _where_some(view, losses, view.compared("数据丢失事件", "起", losses))


def _beside_checks(view: View) -> tuple[Statement, ...]:
    def checks(of: Sequence[Operations]) -> Figure[Decimal]:
        return _observed(of, "完整性校验", "integrity_checks")

    return _where_some(view, checks, view.compared("完整性校验", "次", checks))


def _observed(of: Sequence[Operations], name: str, column: str) -> Figure[Decimal]:
    rows = rows_of(of, Durability)
    return rows.sum(name, f"各行{name}合计", rows.every, column, "month", "storage")


def _beside_attacks(view: View, as_of: date) -> tuple[Statement, ...]:
    def attacks(of: Sequence[Operations]) -> Figure[Decimal]:
        return operations.security(of, as_of).attacks

    return _where_some(view, attacks, view.compared("攻击拦截", "次", attacks))


def _where_some(
    view: View,
    taken: Callable[[Sequence[Operations]], Figure[Decimal]],
    said: Contrast | Statement | None,
) -> tuple[Statement, ...]:
    """Return what is said of counts, nothing where there is none now and was none before."""
    if said is None or not (taken(view.these).value or (view.former and taken(view.former).value)):
        return ()
    return (said.first if isinstance(said, Contrast) else said,)


def _resources(view: View) -> Statement:
    held = operations.stock(view.these)
    first = Statement.of(
        "资源", "期末承载甲方业务系统 {systems} 个、云主机 {hosts} 台", "",
        systems=held.systems, hosts=held.total.hosts,
    )  # fmt: skip
    disks = Statement.of("存储", "已分配存储 {storage} GB", "", storage=held.total.storage)
    return _lead(
        "资源台账概况",
        [first, _of_stock(view, "云主机", "台", lambda held: held.total.hosts)],
        [disks, _of_stock(view, "存储", "GB", lambda held: held.total.storage)],
    )


def _of_stock(
    view: View,
    kind: str,
    unit: str,
    taken: Callable[[operations.ResourceStock], Figure[Decimal]],
) -> Contrast | None:
    """Return how the stock of a kind stands beside that before; of a summary, that it opened with.

    The opening stands in the first workbook, so that a summary needs no workbook before it.
    """
    if not view.parts:
        return view.since(kind, unit, lambda of: taken(operations.stock(of)))
    held = operations.stock(view.these)
    opening = next((line.opening for line in held.by_kind if line.kind == kind), None)
    return _held_against("期初", kind, unit, taken(held), opening)


def _usage(view: View) -> Statement:
    """Return the rates of the latest month, storage beside that of the period before."""
    used = operations.usage(view.these)
    high = counted("高负载主机", used.high_load_count, "高负载主机 {n} 台", "没有高负载主机")
    low = counted("低负载主机", used.low_use_count, "低负载主机 {n} 台", "没有低负载主机")
    hosts = [
        [high, view.since("高负载主机", "台", lambda of: operations.usage(of).high_load_count)],
        [low, view.since("低负载主机", "台", lambda of: operations.usage(of).low_use_count)],
    ]
    if not used.months:
        return _lead("资源使用概况", *hosts)
    last = used.months[-1]
    rates = Statement.of(
        "使用率",
        f"{last.month}平均使用率（按容量加权）CPU {{cpu}}、内存 {{memory}}、存储 {{storage}}", "",
        cpu=last.cpu, memory=last.memory, storage=last.storage,
    )  # fmt: skip
    grown = None if view.parts else view.since("存储使用率", POINTS, _storage)
    if grown is not None:
        grown = Contrast(
            Statement.of("存储使用率", "其中存储{grown}", "", grown=grown.first), grown.again
        )
    return _lead("资源使用概况", [rates, grown], *hosts)


def _storage(of: Sequence[Operations]) -> Figure[Decimal | None]:
    """Return the rate of storage in the latest month of some periods."""
    used = operations.usage(of)
    if used.months:
        return used.months[-1].storage
    return Figure("存储使用率", None, "—", Derivation("没有使用数据", "", (used.low_use_count,)))


def _alarms(view: View) -> Statement:
    total = operations.alarm_summary(view.these).total
    raised = counted("告警", total.raised, f"{view.now}产生告警 {{n}} 条", f"{view.now}无告警记录")
    against = view.compared("告警", "条", lambda of: operations.alarm_summary(of).total.raised)
    if not total.raised.value:
        return _lead("告警概况", [raised, against])
    left = number("未恢复", total.raised.value - total.cleared.value, "告警数－已恢复", (
        total.raised, total.cleared,
    ))  # fmt: skip
    cleared = counted("恢复", left, "闭环率 {rate}，未恢复 {n} 条", "均已恢复", rate=total.closure)
    return _lead("告警概况", [raised, against], [cleared])


def _tickets(view: View) -> Statement:
    counts = operations.ticket_counts(view.these)
    opened = counted(
        "工单", counts.total.opened, f"{view.now}受理工单 {{n}} 件", f"{view.now}无工单记录"
    )
    against = view.compared("工单", "件", lambda of: operations.ticket_counts(of).total.opened)
    if not counts.total.opened.value:
        return _lead("工单概况", [opened, against])
    in_time = Statement.of("及时率", "及时率 {rate}", "", rate=counts.total.in_time_rate)
    left = operations.late_and_open(view.these)
    late = counted(
        "未及时办结",
        counts.late_count,
        "未及时办结 {n} 件（{left} 件尚未办结）" if left.value else "未及时办结 {n} 件",
        "已到承诺时限的均及时办结" if counts.some_pending else "均及时办结",
        left=left,
    )
    pending = Statement.of(
        "未到期", "另有 {n} 件取数时未到承诺时限，不计入及时率", "", n=counts.total.pending
    )
    when = None
    if view.parts:
        when = view.compared("未及时办结", "件", lambda of: operations.ticket_counts(of).late_count)
    return _lead(
        "工单概况",
        [opened, against],
        [
            in_time,
            view.compared(
                "及时率", POINTS, lambda of: operations.ticket_counts(of).total.in_time_rate
            ),
        ],
        [late, when],
        [pending] if counts.some_pending else [],
    )


def _incidents(view: View) -> Statement:
    happened = counted(
        "事件",
        incident_count(view.these),
        f"{view.now}发生事件 {{n}} 起",
        f"{view.now}无事件与故障记录",
    )
    return _lead("事件概况", [happened, view.compared("事件", "起", incident_count)])


def _changes(view: View) -> Statement:
    counts = operations.change_counts(view.these)
    done = counted(
        "变更", counts.total.done, f"{view.now}实施变更 {{n}} 次", f"{view.now}无变更记录"
    )
    against = view.compared("变更", "次", lambda of: operations.change_counts(of).total.done)
    if not counts.total.done.value:
        return _lead("变更概况", [done, against])
    rate = Statement.of("成功率", "成功率 {rate}", "", rate=counts.total.success)
    if not counts.unsuccessful:
        return _lead("变更概况", [done, against, counts.outcome])
    return _lead("变更概况", [done, against], [counts.outcome, rate])


def _inspections(view: View) -> Statement:
    total = operations.inspections(view.these).total
    undone = number(
        "未完成", total.planned.value - total.done.value, "计划－完成", (total.planned, total.done)
    )
    done = counted(
        "巡检", undone,
        f"{view.now}计划巡检 {{planned}} 次，未完成 {{n}} 次，完成率 {{rate}}",
        f"{view.now}计划巡检 {{planned}} 次，完成率 {{rate}}",
        planned=total.planned, rate=total.completion,
    )  # fmt: skip
    found = counted("巡检问题", total.found, "发现问题 {n} 项", "未发现问题")
    mended = counted(
        "巡检整改",
        number("未整改", total.found.value - total.mended.value, "发现问题－整改完成", (
            total.found, total.mended,
        )),
        "已整改 {mended} 项", "均已整改", mended=total.mended,
    ) if total.found.value else None  # fmt: skip
    return _lead(
        "巡检概况",
        [
            done,
            view.compared("完成率", POINTS, lambda of: operations.inspections(of).total.completion),
        ],
        [
            found,
            view.compared("发现问题", "项", lambda of: operations.inspections(of).total.found),
            mended,
        ],
    )


def _backups(view: View) -> Statement:
    total = operations.backups(view.these).total
    done = counted(
        "备份", total.failed,
        f"{view.now}计划备份 {{planned}} 次，未成功 {{n}} 次，成功率 {{rate}}",
        f"{view.now}计划备份 {{planned}} 次，成功率 {{rate}}",
        planned=total.planned, rate=total.success,
    )  # fmt: skip
    tried, succeeded = total.restore_tests, total.restore_succeeded
    some = (
        "恢复演练 {n} 次，均成功"
        if tried.value == succeeded.value
        else ("恢复演练 {n} 次，成功 {succeeded} 次")
    )
    tests = counted("恢复演练", tried, some, "未做恢复演练", succeeded=succeeded)
    return _lead(
        "备份概况",
        [done, view.compared("成功率", POINTS, lambda of: operations.backups(of).total.success)],
        [tests],
    )


def _security(view: View, as_of: date) -> Statement:
    total = operations.security(view.these, as_of).total
    due = counted(
        "漏洞整改", total.due,
        f"{view.now}到期应整改漏洞 {{n}} 个，整改率 {{rate}}", f"{view.now}没有到期应整改的漏洞",
        rate=total.mending,
    )  # fmt: skip
    against = view.compared(
        "整改率", POINTS, lambda of: operations.security(of, as_of).total.mending
    )
    late = Statement.of("逾期", "逾期 {n} 个", "", n=total.overdue) if total.overdue.value else None
    return _lead("安全概况", [due, against, late])


def _addresses(view: View) -> Statement:
    total = operations.addresses(view.these).total
    used = Statement.of("在用地址", "期末在用地址 {n} 个", "", n=total.used)
    rest = (
        counted("预留地址", total.reserved, "预留 {n} 个", "没有预留"),
        counted("回收地址", total.released, f"{view.now}回收 {{n}} 个", f"{view.now}没有回收"),
    )
    return _lead(
        "地址概况",
        [used, view.since("在用地址", "个", lambda of: operations.addresses(of).total.used)],
        rest,
    )


def _drills(view: View) -> Statement:
    drills = operations.drill_count(view.these, DRILL)
    watches = operations.drill_count(view.these, WATCH)
    against = view.compared("值守", "人·天", operations.duty_days)
    held = [("应急演练 {drills} 次", drills), ("重大活动保障 {watches} 次", watches)]
    kinds = "、".join(words for words, count in held if count.value)
    if not kinds:
        none = Statement.of(
            "演练和保障", f"{view.now}无应急演练和重大活动值守记录", "", drills, watches
        )
        return _lead("演练概况", [none, against])
    said = {"drills": drills, "watches": watches, "duty": operations.duty_days(view.these)}
    done = told("演练和保障", f"{view.now}开展{kinds}，共投入 {{duty}} 人·天", "", said)
    return _lead("演练概况", [done, against])


def _people(
    view: View,
    book: ContractBook,
    line: AvailabilityLine,
    beside: Sequence[AvailabilityLine],
) -> Statement:
    """Return who is on the project at the end, beside the end of the period before, and signed."""
    terms = book.contract.confidentiality
    team = operations.headcount(book.roster, line.last_day.value)
    there = Statement.of(
        "在岗人员", "截至{day}，在岗项目人员 {n} 人", "", day=line.last_day, n=team.on_project
    )
    when, then = "", None
    if view.former or len(view.parts) > 1:
        when = view.parts[0][0] if view.parts else one_before(view.word)
        then = operations.headcount(book.roster, beside[0].last_day.value)
    changed = _held_against(
        f"{when}末", "在岗人员", "人", team.on_project, then.on_project if then else None
    )
    if terms is None or not book.contract.owes_agreements:
        return _lead("人员概况", [there, changed])
    if team.all_signed:
        signed = Statement.of("保密协议", "均已签署保密协议", "", team.unsigned)
        return _lead("人员概况", [there, changed], [signed])
    lacking = Statement.of(
        "保密协议", "合同要求均签署保密协议，已签署 {signed} 人，未签署 {unsigned} 人", "",
        terms.clause("agreement_article"), signed=team.signed, unsigned=team.unsigned,
    )  # fmt: skip
    more = _held_against(
        f"{when}末", "未签署", "人", team.unsigned, then.unsigned if then else None
    )
    return _lead("人员概况", [there, changed], [lacking, more])


def trended(view: View) -> Statement | None:
    """Return how the last period of a summary stands beside its first; None where there is one."""
    if len(view.parts) < 2:  # noqa: PLR2004  # nothing to compare
        return None
    (first, opening), (last, closing) = view.parts[0], view.parts[-1]
    told_of: Sequence[tuple[str, str, Callable[[Sequence[Operations]], Figure[Decimal]]]] = (
        ("告警", "条", lambda of: operations.alarm_summary(of).total.raised),
        ("工单", "件", lambda of: operations.ticket_counts(of).total.opened),
        ("事件", "起", incident_count),
        ("变更", "次", lambda of: operations.change_counts(of).total.done),
    )
    changes = (
        (name, _change(name, unit, taken([closing]), taken([opening])))
        for name, unit, taken in told_of
    )
    clauses = [Statement.of(name, f"{name}{{change}}", "", change=by) for name, by in changes]
    each = Statement.joined("各期趋势", clauses, "，")
    return Statement.of("各期趋势", f"{last}与{first}相比，{{each}}", "", each=each)
