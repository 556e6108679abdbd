"""What the figures of a chapter mean beside those of the period before, one sentence a chapter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from deliverables.compute import operations
from deliverables.compute.availability import AvailabilityLine, indicator_name, outage_summary
from deliverables.compute.figures import counted, rows_of, told
from deliverables.compute.incidents import incident_count
from deliverables.model.book import ContractBook
from deliverables.model.fields import show_number
from deliverables.model.operations_sheets import Durability, Operations
from deliverables.values.dates import Period
from deliverables.values.figure import Derivation, Figure, Statement
from deliverables.values.period_names import one_before

Taken = Callable[[Sequence[Operations]], Figure[Decimal] | Figure[Decimal | None]]
"""How a figure is taken from the workbooks of some periods."""

POINTS = "个百分点"
_FEW = 2
"""More periods that share the highest or lowest figure are not named: it sets none apart."""


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

    def compared(self, name: str, unit: str, taken: Taken) -> Statement | None:
        """Return how a figure stands against the period before, or where in the year it peaked."""
        if self.parts:
            return self._spread(name, unit, taken)
        return self._against_former(name, unit, taken) if self.former else None

    def _against_former(self, name: str, unit: str, taken: Taken) -> Statement | None:
        this, before = taken(self.these), taken(self.former)
        if this.value is None or before.value is None:
            return None
        last = one_before(self.word)
        by = this.value - before.value
        if not by:
            return Statement.of(name, f"与{last}持平", "", this, before)
        more, less = ("上升", "下降") if unit == POINTS else ("增加", "减少")
        word = more if by > 0 else less
        change = _difference(name, abs(by), this, before)
        return Statement.of(name, f"比{last}{word} {{by}} {unit}", "", this, before, by=change)

    def _spread(self, name: str, unit: str, taken: Taken) -> Statement | None:
        taken_of = [(label, taken([quarter])) for label, quarter in self.parts]
        known = [(label, one) for label, one in taken_of if one.value is not None]
        if len(known) < 2:  # noqa: PLR2004  # nothing to choose from
            return None
        values = [one.value or 0 for _, one in known]
        behind = [one for _, one in known]
        if min(values) == max(values):
            return Statement.of(name, f"各{self.word}持平", "", *behind)
        chosen = min(values) if unit == POINTS else max(values)
        at = [label for label, one in known if one.value == chosen]
        if len(at) > _FEW:
            return None
        labels = "、".join(at)
        figure = next(one for _, one in known if one.value == chosen)
        each = "各 " if len(at) > 1 else ""
        if unit == POINTS:
            return Statement.of(name, f"{labels}最低（{each}{{least}}）", "", *behind, least=figure)
        return Statement.of(
            name, f"{labels}最多（{each}{{most}} {unit}）", "", *behind, most=figure
        )


def _difference(name: str, by: Decimal, *behind: Figure[object]) -> Figure[Decimal]:
    return Figure(name, by, show_number(by), Derivation("本期与上期之差", "", behind))


@dataclass(frozen=True, slots=True)
class Leads:
    """The sentence that each chapter begins with, without its full stop.

    Of outages, losses of data and checks of their integrity it is the comparison, if there is one.
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
        addresses=_addresses(view),
        drills=_drills(view),
        people=_people(view, book, line, beside),
    )


def _lead(name: str, *groups: Sequence[Statement | None]) -> Statement:
    """Return clauses, those of a group closer to each other than to the next group's."""
    held = [[clause for clause in group if clause is not None] for group in groups]
    sentences = [Statement.joined(name, group, "，") for group in held if group]
    return Statement.joined(name, sentences, "；")


def _service(
    view: View, name: Figure[str], line: AvailabilityLine, beside: Sequence[AvailabilityLine]
) -> Statement:
    """Return availability against the level and the period before, and the minutes it rests on."""
    if not line.judged:
        measured = Statement.of(
            "可用性", f"{view.now}{{name}} {{percent}}", "", name=name, percent=line.percent
        )
        lost = Statement.of("中断时长", "中断 {downtime} 分钟", "", downtime=line.downtime)
        return _lead("可用性概况", [measured, _beside(view, line, beside)], [lost])
    met = "不低于" if line.met else "低于"
    reached = Statement.of(
        "可用性", f"{view.now}{{name}} {{percent}}，{met}合同要求的 {{required}}", "",
        line.verdict, name=name, percent=line.percent, required=line.required,
    )  # fmt: skip
    minutes = Statement.of(
        "中断时长", "中断 {downtime} 分钟，允许 {budget} 分钟", "",
        downtime=line.downtime, budget=line.budget,
    )  # fmt: skip
    return _lead("可用性概况", [reached, _beside(view, line, beside)], [minutes])


def _beside(
    view: View, line: AvailabilityLine, beside: Sequence[AvailabilityLine]
) -> Statement | None:
    if view.parts:
        least = min(beside, key=lambda one: one.percent.value)
        pattern = f"{least.label}最低（{{least}}）"
        percents = [one.percent for one in beside]
        return Statement.of("各期可用性", pattern, "", *percents, least=least.percent)
    if not beside:
        return None
    (before,) = beside
    by = line.percent.value - before.percent.value
    if not by:
        return Statement.of(
            "与上期比", f"与{one_before(view.word)}持平", "", line.percent, before.percent
        )
    change = _difference("可用性", abs(by), line.percent, before.percent)
    word = "上升" if by > 0 else "下降"
    pattern = f"比{one_before(view.word)}{word} {{by}} {POINTS}"
    return Statement.of("与上期比", pattern, "", line.percent, before.percent, by=change)


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


def _where_some(
    view: View, taken: Callable[[Sequence[Operations]], Figure[Decimal]], said: Statement | None
) -> tuple[Statement, ...]:
    """Return what is said of counts, nothing where there is none now and was none before."""
    if said is None or not (taken(view.these).value or (view.former and taken(view.former).value)):
        return ()
    return (said,)


def _resources(view: View) -> Statement:
    held = operations.stock(view.these)
    first = Statement.of(
        "资源", "期末承载甲方业务系统 {systems} 个、云主机 {hosts} 台", "",
        systems=held.systems, hosts=held.total.hosts,
    )  # fmt: skip
    disks = Statement.of("存储", "已分配存储 {storage} GB", "", storage=held.total.storage)
    return _lead(
        "资源台账概况",
        [first, view.compared("云主机", "台", lambda of: operations.stock(of).total.hosts)],
        [disks, view.compared("存储", "GB", lambda of: operations.stock(of).total.storage)],
    )


def _usage(view: View) -> Statement:
    """Return the rates of the latest month, storage beside that of the period before."""
    used = operations.usage(view.these)
    high = Statement.of("高负载主机", "高负载主机 {n} 台", "", n=used.high_load_count)
    low = Statement.of("低负载主机", "低负载主机 {n} 台", "", n=used.low_use_count)
    hosts = [
        [high, view.compared("高负载主机", "台", lambda of: operations.usage(of).high_load_count)],
        [low, view.compared("低负载主机", "台", lambda of: operations.usage(of).low_use_count)],
    ]
    if not used.months:
        return _lead("资源使用概况", *hosts)
    last = used.months[-1]
    rates = Statement.of(
        "使用率",
        f"{last.month}按容量加权的平均使用率：CPU {{cpu}}，内存 {{memory}}，存储 {{storage}}", "",
        cpu=last.cpu, memory=last.memory, storage=last.storage,
    )  # fmt: skip
    grown = None if view.parts else view.compared("存储使用率", POINTS, _storage)
    if grown is not None:
        grown = Statement.of("存储使用率", "存储{grown}", "", grown=grown)
    return _lead("资源使用概况", [rates, grown], *hosts)


def _storage(of: Sequence[Operations]) -> Figure[Decimal | None]:
    """Return the rate of storage in the latest month of some periods."""
    used = operations.usage(of)
    if used.months:
        return used.months[-1].storage
    return Figure("存储使用率", None, "—", Derivation("没有使用数据", "", (used.low_use_count,)))


def _alarms(view: View) -> Statement:
    total = operations.alarm_summary(view.these).total
    raised = Statement.of("告警", f"{view.now}产生告警 {{count}} 条", "", count=total.raised)
    cleared = Statement.of(
        "恢复", "已恢复 {count} 条，闭环率 {rate}", "", count=total.cleared, rate=total.closure
    )
    return _lead(
        "告警概况",
        [raised, view.compared("告警", "条", lambda of: operations.alarm_summary(of).total.raised)],
        [cleared],
    )


def _tickets(view: View) -> Statement:
    counts = operations.ticket_counts(view.these)
    opened = Statement.of("工单", f"{view.now}受理工单 {{n}} 件", "", n=counts.total.opened)
    in_time = Statement.of("及时率", "及时率 {rate}", "", rate=counts.total.in_time_rate)
    late = counted(
        "未及时办结",
        counts.late_count,
        "未及时办结（含超过时限尚未办结）{n} 件",
        "已到承诺时限的均及时办结" if counts.some_pending else "均及时办结",
    )
    pending = Statement.of(
        "未到期", "另有 {n} 件取数时未到承诺时限，不计入及时率", "", n=counts.total.pending
    )
    return _lead(
        "工单概况",
        [opened, view.compared("工单", "件", lambda of: operations.ticket_counts(of).total.opened)],
        [
            in_time,
            view.compared(
                "及时率", POINTS, lambda of: operations.ticket_counts(of).total.in_time_rate
            ),
        ],
        [late, *([pending] if counts.some_pending else [])],
    )


def _incidents(view: View) -> Statement:
    count = incident_count(view.these)
    happened = Statement.of("事件", f"{view.now}发生事件 {{n}} 起", "", n=count)
    return _lead("事件概况", [happened, view.compared("事件", "起", incident_count)])


def _changes(view: View) -> Statement:
    counts = operations.change_counts(view.these)
    done = Statement.of("变更", f"{view.now}实施变更 {{n}} 次", "", n=counts.total.done)
    rate = counts.total.success
    failed = counted(
        "失败和回退", counts.unsuccessful, "失败和回退 {n} 次，成功率 {rate}", "均成功", rate=rate
    )
    return _lead(
        "变更概况",
        [done, view.compared("变更", "次", lambda of: operations.change_counts(of).total.done)],
        [failed],
    )


def _inspections(view: View) -> Statement:
    total = operations.inspections(view.these).total
    done = Statement.of(
        "巡检", f"{view.now}计划巡检 {{planned}} 次，完成 {{done}} 次，完成率 {{rate}}", "",
        planned=total.planned, done=total.done, rate=total.completion,
    )  # fmt: skip
    found = Statement.of("巡检问题", "发现问题 {found} 项", "", found=total.found)
    mended = Statement.of("巡检整改", "整改完成 {mended} 项", "", mended=total.mended)
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
        f"{view.now}计划备份 {{planned}} 次，均成功，成功率 {{rate}}",
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
    found = operations.security(view.these, as_of)
    mended = Statement.of(
        "漏洞整改",
        f"{view.now}到期应整改漏洞 {{due}} 个，已整改 {{mended}} 个，整改率 {{rate}}", "",
        due=found.total.due, mended=found.total.mended, rate=found.total.mending,
    )  # fmt: skip
    return _lead(
        "安全概况",
        [
            mended,
            view.compared(
                "整改率", POINTS, lambda of: operations.security(of, as_of).total.mending
            ),
        ],
    )


def _addresses(view: View) -> Statement:
    total = operations.addresses(view.these).total
    used = Statement.of("在用地址", "期末在用地址 {n} 个", "", n=total.used)
    rest = (
        counted("预留地址", total.reserved, "预留 {n} 个", "没有预留"),
        counted("回收地址", total.released, f"{view.now}回收 {{n}} 个", f"{view.now}没有回收"),
    )
    return _lead(
        "地址概况",
        [used, view.compared("在用地址", "个", lambda of: operations.addresses(of).total.used)],
        rest,
    )


def _drills(view: View) -> Statement:
    drills = operations.drill_count(view.these, operations.DRILL)
    watches = operations.drill_count(view.these, operations.WATCH)
    held = [("应急演练 {drills} 次", drills), ("重大活动保障 {watches} 次", watches)]
    kinds = "、".join(words for words, count in held if count.value)
    said = {"drills": drills, "watches": watches, "duty": operations.drills(view.these).duty}
    done = told("演练和保障", f"{view.now}开展{kinds}，共投入 {{duty}} 人·天", "", said)
    return _lead(
        "演练概况",
        [done, view.compared("值守", "人·天", lambda of: operations.drills(of).duty)],
    )


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
    changed = None
    if view.former:
        ends = {id(view.these): line, id(view.former): beside[0]}
        changed = view.compared(
            "在岗人员",
            "人",
            lambda of: operations.headcount(book.roster, ends[id(of)].last_day.value).on_project,
        )
    if terms is None or not book.contract.owes_agreements:
        return _lead("人员概况", [there, changed])
    signed: Statement = Statement.of("保密协议", "均已签署保密协议", "", team.unsigned)
    if not team.all_signed:
        signed = Statement.of(
            "保密协议", "已签署保密协议 {signed} 人，未签署 {unsigned} 人（合同要求均签署）", "",
            terms.clause("agreement_article"), signed=team.signed, unsigned=team.unsigned,
        )  # fmt: skip
    return _lead("人员概况", [there, changed], [signed])
