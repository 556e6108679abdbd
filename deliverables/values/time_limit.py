"""The time limit (期限) as a contract states it: after or before events, or again and again.

One type for payment, acceptance, rework, notices, confidentiality, reports, switch-over and late
payment. What a contract leaves vague stays in its own words and never becomes a day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from deliverables.values.calendar import Calendar, Deadline, Provisional, Settled
from deliverables.values.chinese_numbers import CHINESE, WHOLE, chinese_ordinal, whole
from deliverables.values.dates import add_months, days_before, roll_forward


class Unit(StrEnum):
    """What is counted."""

    MINUTE = "分钟"
    HOUR = "小时"
    DAY = "日"
    WORKING_DAY = "个工作日"
    WEEK = "周"
    MONTH = "个月"
    YEAR = "年"


class Shape(StrEnum):
    """What sort of time limit it is."""

    WITHIN = "内"
    """Up to n units after the latest of the events: 合同签订后40个工作日内."""

    AFTER = "后"
    """Not before n units after them: 最终验收合格满12个月后, 服务期届满6个月后.

    服务期满6个月 may be half a year into the term or after it, and is not read.
    """

    AHEAD = "提前"
    """At least n units before an event, or ahead of the act itself: 提前10个工作日."""

    FOR = "期"
    """That long, from the events on or with no start said: 自合同签订起12个月."""

    ENDLESS = "没有期限"
    """For ever: 保密义务不因合同终止而终止."""

    EACH = "每"
    """Again and again: 每月25日前, 每季度结束后15日内, 每个服务年度."""

    SILENT = "未约定"
    """The contract says nothing."""

    VAGUE = "原文"
    """The contract's own words, from which no day follows: 及时, 定期, 规定期限."""


class Cycle(StrEnum):
    """What recurs."""

    WEEK = "周"
    MONTH = "月"
    QUARTER = "季度"
    NATURAL_QUARTER = "自然季度"
    HALF_YEAR = "半年"
    YEAR = "年"
    SERVICE_MONTH = "个服务月度"
    SERVICE_QUARTER = "个服务季度"
    SERVICE_YEAR = "个服务年度"


EVENTS: Final = {
    "signing": (
        "合同签订",
        r"(?:本?(?:合同|协议))?(?:双方)?签[订定署](?:本?(?:合同|协议))?(?:之日)?",
    ),
    "effective": ("合同生效", r"(?:本?(?:合同|协议))?(?:签[订定署])?生效(?:之日)?"),
    "term_start": ("服务期开始", r"服务(?:期(?:限)?)?(?:起始日|开始)"),
    "end_of_month": ("当月结束", r"当月(?:服务)?(?:结束|期满|届满)"),
    "end_of_quarter": ("当季度结束", r"当季度?(?:服务)?(?:结束|期满|届满)"),
    "end_of_service_year": ("服务年度结束", r"(?:当|本)?服务年度(?:结束|期满|届满)"),
    "past_half_of_term": ("服务期过半", r"服务期(?:限)?过半"),
    "end_of_term": ("服务期届满", r"(?:服务|合同|协议)期(?:限)?(?:届)?满"),
    "fiscal_approval": ("财政资金批复", r"财政(?:资金)?批复"),
    "invoice": (
        "收到发票",
        r"(?:甲方)?收到(?:乙方)?(?:(?:开具|提供|提交)的)?(?:合法|等额|有效|的|增值税|普通|专用)*发票",
    ),
    "report": ("收到报告", r"(?:甲方)?收到(?:乙方)?(?:提交的)?(?:《[^》]+报告》|报告)"),
    "payment_papers": (
        "收到付款材料",
        r"(?:甲方)?收到(?:(?:上述|付款)材料|(?:乙方)?(?:的|提交的)?(?:书面)?付款申请[书函]?)(?:且审核无误)?",
    ),
    "acceptance_notice": ("收到验收通知", r"收到验收(?:的)?通知"),
    "acceptance_application": ("收到验收申请", r"(?:收到|提出)(?:乙方)?(?:书面)?验收申请"),
    "interim_acceptance": (
        "通过中期验收",
        r"(?:乙方前期服务)?通过(?:甲方)?中期(?:验收|评审)|中期(?:验收|评审)(?:合格|通过)",
    ),
    "final_acceptance": (
        "通过验收",
        r"(?:通过|经)(?:甲方(?:.{1,5}[科处室部])?)?(?:最终|履约)?验收(?:合格)?|(?:最终|履约)?验收(?:合格|通过)",
    ),
    "assessment": ("考核合格", r"考核(?:合格|通过)"),
    "go_live": ("系统上线", r"(?:系统)?(?:正式)?上线(?:运行)?"),
    "delivery": ("交付", r"交付"),
    "end_of_warranty": ("质保期届满", r"(?:质保期|质量保证期|保修期)(?:届满|期满|满|结束)"),
    "settlement_audit": (
        "结算审计完成",
        r"结算审计(?:完成|结束)|完成结算审计|(?:甲方|双方)?收到(?:结算)?审计报告|(?:结算)?审计报告出具",
    ),
    "termination": ("合同终止", r"(?:本?(?:合同|协议))终止"),
    "rescission": ("合同解除", r"(?:本?(?:合同|协议))解除|解除(?:本?(?:合同|协议))"),
    "fault_notice": (
        "接到故障通知",
        r"(?:乙方)?(?:接到|收到)(?:甲方)?(?:的)?(?:故障|报障)(?:的)?(?:通知|报告|报修)",
    ),
    "force_majeure": ("不可抗力发生", r"不可抗力(?:事件)?发生(?:之日)?"),
    "bond_given": ("提交履约担保", r"(?:乙方)?提交[^,;。]{0,12}履约(?:保函|保证金|担保)"),
    "bond_returned": (
        "退还履约担保",
        r"退还[^,;。]{0,12}履约(?:保函|保证金|担保)|履约(?:保函|保证金|担保)退还",
    ),
}
"""Events by code: their name, and the words in which contracts speak of them.

Interim acceptances that a contract counts (第一次中期验收) are as many as it likes: `event_named`.
"""

_NUMBERED: Final = re.compile(r"interim_acceptance_([1-9]\d{0,2})")
_NTH: Final = rf"第{WHOLE}(?:次(?:中期|阶段)|阶段|期)(?:验收|评审)"
_COUNTED: Final = re.compile(
    rf"(?:通过|经)(?:甲方)?{_NTH}(?:合格)?(?:之日)?|{_NTH}(?:合格|通过)(?:之日)?"
)


def interim_number(code: str) -> int:
    """Return which of several interim acceptances a code is: 2 of interim_acceptance_2, else 0."""
    found = _NUMBERED.fullmatch(code)
    return int(found[1]) if found else 0


def event_name(code: str) -> str:
    """Return what an event of a code is called; KeyError if there is none."""
    if number := interim_number(code):
        return f"通过第{chinese_ordinal(number)}次中期验收"
    return EVENTS[code][0]


def event_named(text: str) -> str | None:
    """Return the code of an event that a text is, by its code or its name; None if it is none."""
    if text in EVENTS or interim_number(text):
        return text
    if code := _CODES.get(text):
        return code
    counted = _COUNTED.fullmatch(text)
    code = _counted_code(counted) if counted else ""
    return code if code and event_name(code) == text else None


def _counted_code(found: re.Match[str]) -> str:
    number = re.search(rf"第({WHOLE})", found[0])
    return f"interim_acceptance_{whole(number[1])}" if number else ""


_CODES: Final = {name: code for code, (name, _) in EVENTS.items()}

FREE: Final = ""
"""The code of an event that is known by the contract's words only."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something from which time is counted: one of `EVENTS`, or a free one in its own words."""

    code: str
    words: str = field(default="", compare=False)

    def __str__(self) -> str:
        return event_name(self.code) if self.code else f"“{self.words}”"

    @property
    def key(self) -> str:
        """What tells it from every other event."""
        return self.code or str(self)


@dataclass(frozen=True, slots=True)
class FreeEvent(Event):
    """An event in the contract's own words; somebody must record its day and evidence."""

    code: str = FREE
    said: str = ""

    def __str__(self) -> str:
        return f"“{self.said}”"


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A time limit: `count` `unit`s after or before the latest of `events`, or a recurrence.

    `after` is another limit at whose end this one begins. `cycle` recurs; `day` is the day of the
    month in which the cycle's next period begins, by which something is due, or of a `month` of the
    year, LAST_WORKING_DAY the month's last. `words` are the contract's; they do not make two
    limits different unless VAGUE.
    """

    shape: Shape
    count: int = 0
    unit: Unit | None = None
    events: tuple[Event, ...] = ()
    after: TimeLimit | None = None
    cycle: Cycle | None = None
    day: int = 0
    month: int = 0
    said: str = ""
    words: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        counted = self.count > 0 and self.unit is not None
        sound = {
            Shape.SILENT: not counted and not self.events and self.cycle is None,
            Shape.ENDLESS: not counted and not self.events and self.cycle is None,
            Shape.VAGUE: bool(self.said) and not counted,
            Shape.EACH: self.cycle is not None and (counted or self.unit is None),
        }.get(self.shape, counted and self.cycle is None)
        if not sound:
            raise ValueError(f"no time limit of the shape {self.shape.name} is made of this")

    def __str__(self) -> str:
        return show(self)

    @property
    def stated(self) -> bool:
        """Whether the contract says anything at all."""
        return self.shape is not Shape.SILENT

    @property
    def length(self) -> str:
        """How long it is, 40个工作日; nothing where no number is stated."""
        return f"{self.count}{self.unit.value}" if self.unit else ""

    @property
    def start(self) -> str:
        """What a person reads in front of the length: 合同签订后, 自合同签订起, 提前."""
        return show(self).rpartition(self.length)[0] if self.length else ""

    @property
    def starters(self) -> tuple[Event, ...]:
        """Every event that the limit waits for, also through the limit before it."""
        return (*(self.after.starters if self.after else ()), *self.events)


UNSTATED: Final = TimeLimit(Shape.SILENT)
LAST_WORKING_DAY: Final = -1
"""The `day` of 每月最后一个工作日前."""


def show(limit: TimeLimit) -> str:
    """Return the limit in Chinese, as `parse` reads it."""
    if limit.shape is Shape.EACH:
        return _show_each(limit)
    events = "且".join(map(str, limit.events))
    if limit.after is not None:
        begin = show(limit.after)
        elapsed = limit.shape is Shape.WITHIN and limit.after.shape is Shape.AFTER
        events = begin.removesuffix("后") if elapsed else f"（{begin}）届满"
    if limit.shape is Shape.AFTER and events.endswith("满"):
        events += "后"  # not 届满满
    with_start, without = _PRINTED[limit.shape]
    printed = with_start if events else without
    return printed.format(events=events, length=limit.length, said=limit.said)


_PRINTED: Final = {
    Shape.SILENT: ("未约定", "未约定"),
    Shape.ENDLESS: ("没有期限", "没有期限"),
    Shape.VAGUE: ("原文“{said}”", "原文“{said}”"),
    Shape.AHEAD: ("{events}前{length}", "提前{length}"),
    Shape.FOR: ("自{events}起{length}", "为期{length}"),
    Shape.AFTER: ("{events}满{length}后", "满{length}后"),
    Shape.WITHIN: ("{events}后{length}内", "{length}内"),
}
"""How a limit is printed that has a start, and one that has none."""


def _show_each(limit: TimeLimit) -> str:
    cycle = limit.cycle.value if limit.cycle else ""
    if limit.unit:
        return f"每{cycle}结束后{limit.length}内"
    if not limit.day:
        return f"每{cycle}"
    if limit.month:
        return f"每{cycle}{limit.month}月{limit.day}日前"
    if limit.day == LAST_WORKING_DAY:
        return f"每{cycle}{_LAST}"
    month = "" if limit.cycle in (Cycle.MONTH, Cycle.SERVICE_MONTH) else "首月"
    return f"每{cycle}{month}{limit.day}日前"


_UNITS: Final = {
    r"分钟": Unit.MINUTE,
    r"(?:个)?小时": Unit.HOUR,
    r"(?:个)?工作日": Unit.WORKING_DAY,
    r"(?:个)?(?:自然日|日历天|日历日|日|天)": Unit.DAY,
    r"(?:周|个?星期)": Unit.WEEK,
    r"个?月": Unit.MONTH,
    r"年": Unit.YEAR,
}
_UNIT: Final = "|".join(_UNITS)
_LONG: Final = "|".join(word for word, unit in _UNITS.items() if unit in (Unit.MONTH, Unit.YEAR))
_SHORT: Final = "|".join(
    word for word, unit in _UNITS.items() if unit not in (Unit.MONTH, Unit.YEAR)
)
"""合同终止后10年 is that long, 合同生效后10日 are days within which to act."""
_COUNT: Final = rf"(?<![\d.])(?<!\d[, ])(?<!{CHINESE})(?P<count>{WHOLE})\s?"
LENGTH: Final = rf"{_COUNT}(?P<unit>{_UNIT})"
"""So many units."""

_SAID_OTHERWISE: Final = {
    "个月": Cycle.MONTH,
    "月度": Cycle.MONTH,
    "自然月": Cycle.MONTH,
    "个自然月": Cycle.MONTH,
    "个季度": Cycle.QUARTER,
    "个自然季度": Cycle.NATURAL_QUARTER,
    "半年度": Cycle.HALF_YEAR,
    "年度": Cycle.YEAR,
    "自然年": Cycle.YEAR,
    "自然年度": Cycle.YEAR,
    "个自然年度": Cycle.YEAR,
    "服务月度": Cycle.SERVICE_MONTH,
    "服务季度": Cycle.SERVICE_QUARTER,
    "服务年度": Cycle.SERVICE_YEAR,
}
_CYCLES: Final = {one.value: one for one in Cycle} | _SAID_OTHERWISE
_CYCLE: Final = "|".join(sorted(_CYCLES, key=len, reverse=True))
_LAST: Final = "最后一个工作日前"
_EACH: Final = re.compile(
    rf"每(?P<cycle>{_CYCLE})"
    rf"(?:(?:结束|期满|届满)(?:之日)?(?:后|起){LENGTH}(?:以?内)?"
    r"|(?:首月|(?:(?:结束|期满|届满)后)?(?:的)?次月|(?P<month>\d+)月)?(?P<day>\d+)日(?:之)?前"
    rf"|(?P<last>的?{_LAST}))?"
)
_ENDLESS: Final = ("没有期限", "无期限", "永久有效", "长期有效", "永久")
_VAGUE: Final = (
    "规定期限",
    "规定的期限",
    "合理期限",
    "约定时间",
    "指定期限",
    "及时",
    "定期",
    "尽快",
    "立即",
    "适时",
)


CYCLES: Final = (("半年", 6), ("季", 3), ("双月", 2), ("月", 1), ("年", 12))
"""Words in names of recurring documents, and the months between two of them, the longer first."""

_NAMED_CYCLE: Final = re.compile(r"(?<![\d个])(?:半年|季|双月|月|年)|(?<!\d)\d{1,2}(?=个月)")


def months_named(text: str) -> set[int]:
    """Return the lengths of the periods that a passage names: 季度报告 is 3, 每月 is 1."""
    months = dict(CYCLES)
    return {months.get(said) or int(said) for said in _NAMED_CYCLE.findall(text)}


def unit_of(text: str) -> Unit:
    """Return the unit that a word names; ValueError if it names none."""
    for pattern, unit in _UNITS.items():
        if re.fullmatch(pattern, text):
            return unit
    raise ValueError(f"{text!r} is no unit of time")


def events_in(text: str) -> tuple[Event, ...] | None:
    """Return the events whose words make up the whole text, None if any other word is left.

    Joints (且, 并, 、, 经, 后) are no words.
    """
    text = text.strip("、,，")
    if not text:
        return ()
    found: list[Event] = []
    rest = text
    while rest:
        quoted = re.match(r"“([^”]+)”", rest)
        if quoted:
            found.append(FreeEvent(said=quoted[1], words=quoted[1]))
            rest = rest[quoted.end() :]
        else:
            best = max(_events_at(rest), key=lambda one: one[1].end(), default=None)
            if best is None:
                return None
            found.append(Event(best[0], best[1][0]))
            rest = rest[best[1].end() :]
        rest = re.sub(r"^(?:之日)?(?:并且|而且|以及|且|并|和|及|、|,|后)*", "", rest)
    return tuple(found)


def _events_at(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the events by which a text may begin: their code, and the words."""
    for code, (name, pattern) in EVENTS.items():
        if hit := re.match(f"(?:{re.escape(name)}|{pattern})(?:之日)?", text):
            yield code, hit
    counted = _COUNTED.match(text)
    if counted and interim_number(code := _counted_code(counted)):
        yield code, counted


def parse(text: str) -> TimeLimit | None:
    """Return the limit that the whole text states, None if it states none."""
    text = _OTHER_WORDS.sub(lambda found: _SAME[found[0]], text.strip())
    if uncounted := _uncounted(text):
        return uncounted
    if each := _EACH.fullmatch(text):
        return _each(each)
    for shape, pattern in _SHAPES:
        found = re.fullmatch(pattern, text)
        if not found:
            continue
        said = found.groupdict().get("events") or ""
        after, events = _start(said)
        if events is None:
            continue
        count = whole(found["count"])
        if count:
            return TimeLimit(shape, count, unit_of(found["unit"]), events, after, words=text)
    return None


_SAME: Final = {"次月": "每月", "半年": "6个月"}
_OTHER_WORDS: Final = re.compile(r"^次月(?=\d+日)|(?<![每上下\d个])半年(?=之?内|后|$)")
"""次月5日前 is each month's; 半年内 counts what 6个月内 counts, 每半年 recurs."""


def _uncounted(text: str) -> TimeLimit | None:
    """Return a limit that states no number: silence, none at all, the contract's own words."""
    if text in ("未约定", "合同未约定"):
        return UNSTATED
    if text in _ENDLESS:
        return TimeLimit(Shape.ENDLESS, words=text)
    quoted = re.fullmatch(r"原文“(.+)”", text)
    if quoted or text in _VAGUE or (text.endswith("内") and text[:-1] in _VAGUE):
        return TimeLimit(Shape.VAGUE, said=quoted[1] if quoted else text, words=text)
    return None


_SHAPES: Final = (
    (Shape.AFTER, rf"自?(?P<events>.*?)(?:之日)?(?:起|后)?满{LENGTH}(?:之)?后"),
    (Shape.AFTER, rf"自?(?P<events>.+?)(?:之日)?(?:起|后)满{LENGTH}"),
    (Shape.AFTER, rf"(?P<events>.+?届满)(?:之日起|后)?{LENGTH}(?:之)?后"),
    (Shape.FOR, rf"自(?P<events>.+?)(?:之日)?起{LENGTH}"),
    (Shape.FOR, rf"(?:为期|期限为?){LENGTH}"),
    (Shape.FOR, rf"(?P<events>.+?)(?:之日)?后(?:的)?{_COUNT}(?P<unit>{_LONG})"),
    (Shape.WITHIN, rf"(?P<events>.+?)(?:之日)?后(?:的)?{_COUNT}(?P<unit>{_SHORT})"),
    (Shape.WITHIN, rf"自?(?P<events>.+?)(?:之日)?(?:以?后|起)(?:的)?{LENGTH}(?:以|之)?内"),
    (Shape.WITHIN, rf"{LENGTH}(?:以|之)?内"),
    (Shape.AHEAD, rf"(?:至少)?(?:应当?)?提前(?:至少)?{LENGTH}"),
    (Shape.AHEAD, rf"(?P<events>.+?)(?:之)?前{LENGTH}"),
)


def _start(said: str) -> tuple[TimeLimit | None, tuple[Event, ...] | None]:
    """Return what a limit counts from: another limit's end, or events."""
    if nested := re.fullmatch(r"[（(](.+)[)）]届满", said):
        after = parse(nested[1])
        return after, () if after else None
    events = events_in(said)
    if events is None and (elapsed := parse(f"{said}后")) and elapsed.shape is Shape.AFTER:
        return elapsed, ()  # 验收合格满12个月[后10个工作日内]
    return None, events


def _each(found: re.Match[str]) -> TimeLimit | None:
    cycle = _CYCLES[found["cycle"]]
    if found["count"]:
        count = whole(found["count"])
        if not count:
            return None
        return TimeLimit(Shape.EACH, count, unit_of(found["unit"]), cycle=cycle, words=found[0])
    if found["last"]:
        if cycle is not Cycle.MONTH:
            return None
        return TimeLimit(Shape.EACH, cycle=cycle, day=LAST_WORKING_DAY, words=found[0])
    day, month = int(found["day"] or 0), int(found["month"] or 0)
    if month > _MONTHS_OF_A_YEAR or (month and cycle is not Cycle.YEAR):
        return None
    return TimeLimit(Shape.EACH, cycle=cycle, day=day, month=month, words=found[0])


_MONTHS_OF_A_YEAR: Final = 12
_DAY: Final = timedelta(days=1)
_MONTHS: Final = {Unit.MONTH: 1, Unit.YEAR: 12}
_DAYS: Final = {Unit.DAY: 1, Unit.WEEK: 7}


def ends(limit: TimeLimit, days: Mapping[str, date], calendar: Calendar) -> Deadline | None:
    """Return the last day of a limit, or the first on which it lets something happen (AFTER).

    `days` gives the day of each event by its `key`; the limit counts from the latest of them, that
    day not counted, and ends on a working day where it is one within which to act (民法典 201-203).
    None while one of them has no day, where the limit is stated in hours, and where no day
    follows from its words.
    """
    known = [days.get(event.key) for event in limit.events]
    if limit.after is not None:
        before = ends(limit.after, days, calendar)
        if before is None:
            return None
        return _joined(*(_counted(limit, day, calendar) for day in _range(before)))
    if not known or None in known:
        return None
    return _counted(limit, max(day for day in known if day), calendar)


def _range(deadline: Deadline) -> tuple[date, date]:
    if isinstance(deadline, Provisional):
        return deadline.earliest, deadline.latest
    return deadline.date, deadline.date


def _joined(first: Deadline | None, last: Deadline | None) -> Deadline | None:
    """Return the deadline of which only the days it lies between are known."""
    if first is None or last is None or first == last:
        return first
    reason = next((one.reason for one in (first, last) if isinstance(one, Provisional)),
                  "前一期限尚未确定")  # fmt: skip
    return Provisional(_range(first)[0], _range(last)[1], reason)


def _counted(limit: TimeLimit, start: date, calendar: Calendar) -> Deadline | None:
    """Return where a number of units after a day, or before it, leads."""
    if limit.unit is None or limit.unit in (Unit.HOUR, Unit.MINUTE):
        return None
    if limit.shape is Shape.AHEAD:
        return _ahead(limit, start, calendar)
    if limit.unit is Unit.WORKING_DAY:
        return calendar.add_workdays(start, limit.count)
    last = _moved(limit, start, 1)
    return roll_forward(last, calendar) if limit.shape is Shape.WITHIN else Settled(last)


def _ahead(limit: TimeLimit, event: date, calendar: Calendar) -> Deadline:
    if limit.unit is Unit.WORKING_DAY:
        return calendar.workdays_before(event, limit.count)
    by = _moved(limit, event, -1)
    return days_before(by + _DAY, 1, calendar)


def _moved(limit: TimeLimit, start: date, sign: int) -> date:
    if limit.unit in _MONTHS:
        return add_months(start, sign * limit.count * _MONTHS[limit.unit])
    return start + sign * limit.count * _DAYS[limit.unit or Unit.DAY] * _DAY


def ends_after(limit: TimeLimit, period_end: date, calendar: Calendar) -> Deadline | None:
    """Return until when what recurs is due for the period that ends on a day (每月结束后5日内).

    A day of the month lies in the month after the period (每季度首月10日前: of the next quarter);
    a day that month lacks is its last. A day of the year is the first that does not lie before
    the end of the period (每年12月31日前). None of a limit that does not recur, or names no day.
    """
    if limit.shape is not Shape.EACH:
        return None
    if limit.unit:
        within = TimeLimit(Shape.WITHIN, limit.count, limit.unit)
        return _counted(within, period_end, calendar)
    if not limit.day:
        return None
    first = add_months(period_end.replace(day=1), 1)
    if limit.day == LAST_WORKING_DAY:
        return calendar.workdays_before(add_months(first, 1), 1)
    if limit.month:
        first = period_end.replace(month=limit.month, day=1)
        if _day_of_month(first, limit.day) < period_end:
            first = add_months(first, _MONTHS_OF_A_YEAR)
    by = _day_of_month(first, limit.day)
    return roll_forward(by, calendar)


def _day_of_month(first: date, day: int) -> date:
    """Return a day of the month that begins on a day, its last where it is shorter."""
    return min(first + (day - 1) * _DAY, add_months(first, 1) - _DAY)
