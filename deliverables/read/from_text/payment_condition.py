"""The condition of a payment: its events and its deadline, if every word of it belongs to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from deliverables.values.chinese_numbers import whole
from deliverables.values.time_limit import (
    LENGTH,
    Event,
    FreeEvent,
    Shape,
    TimeLimit,
    events_in,
    parse,
    unit_of,
)

NUMBERED: Final = re.compile(
    r"^第(?P<number>[一二三四五六七八九十\d]+)(?P<word>期|次|笔|阶段)(?P<what>款|付款)?:"
)
"""What an instalment is called in front of its condition: 第一期:"""

LABELLED: Final = re.compile(r"^(?P<label>[\u4e00-\u9fff]{2,6}(?:款|金)):")
"""Or by its name: 预付款:"""

_FILLERS: Final = (
    r"除因财政审批(?:原因)?导致甲方(?:延迟|迟延)付款外",
    r"扣除(?:违约金|赔偿金|、|和|及|\(如有\))+后",
    r"在?本?(?:合同|协议)约定的(?=服务期)",
    r"^.*作为(?:质量保证金|质保金)$",
    r"^甲方(?:应当|应|须|需)?[在于]?",
    r"(?:向乙方|一次性|无息|全额)+$",
    r"^在",
)
_JOINTS: Final = r"^自|(?:之日)?起$|(?:之)?后$|的$"
_AND: Final = re.compile(r"(、|并且|而且|以及|且|并|和|后(?=无))")
_LAST: Final = re.compile(rf"^(?P<events>.+?)(?:之日)?(?:以?后|起)(?P<length>{LENGTH})(?:以?内)$")
_ALONE: Final = re.compile(rf"^{LENGTH}(?:以?内)$")
_DAY_BEFORE: Final = re.compile(r"^(?:\d{4}|[〇○零一二三四五六七八九]{4})年[^,。;]{2,8}(?:之)?前$")
_AGAINST_INVOICE: Final = re.compile(r"^凭乙方(?:提供的|开具的|等额|合法|有效|的)*发票$")
_HAPPENS: Final = re.compile(
    r"^[\u4e00-\u9fffA-Za-z《》]{3,30}(?:合格|通过|确认|完成|认可|备案|签收|到位|无误|同意)$|^无(?![须需权法])[\u4e00-\u9fff]{2,10}$"
)
"""What is plainly an event, or an absence, in the contract's own words: somebody records it."""

_HEDGED: Final = re.compile(
    r"无[须需权法]|除|如|若|但|否|不|未|另|扣|顺延|视|[一二三四五六七八九十]+[个]?月"
)


@dataclass(frozen=True, slots=True)
class PaymentCondition:
    """The events and the deadline of a payment; `whole` is False where words are left over.

    That so much time has gone by since an event (验收合格满12个月后) is an event as well, and so is
    what only the contract's own words tell. `dated` is False where the deadline is none that can
    be said: a day of the calendar, whose words are `day`, or one after several lapses of time.
    """

    limit: TimeLimit | None
    events: tuple[Event | TimeLimit, ...]
    whole: bool
    dated: bool = True
    day: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The events as contract.yaml names them, each once."""
        return tuple(dict.fromkeys(map(_code, self.events)))

    @property
    def sure(self) -> bool:
        """Whether the events are all that the payment hangs on."""
        return self.whole and bool(self.events)


@dataclass
class _ReadingCondition:
    """What has been read of a condition so far."""

    limits: list[TimeLimit] = field(default_factory=list)
    events: list[Event | TimeLimit] = field(default_factory=list)
    whole: bool = True
    dated: bool = True
    day: str = ""

    def take(self, piece: str) -> None:
        """Read one piece between commas: a deadline, events, a day; else words are left over."""
        alone = _ALONE.match(piece)
        if alone and self.events:  # 验收合格的,甲方在15日内支付
            self._last(tuple(self.events), whole(alone["count"]), alone["unit"])
            return
        if _DAY_BEFORE.match(piece):
            self.dated, self.day = False, piece
            return
        if _AGAINST_INVOICE.match(piece):
            self.events.extend(events_in("收到发票") or ())
            return
        limit = parse(piece)
        within = limit is not None and limit.shape is Shape.WITHIN and piece.endswith("内")
        if limit is not None and within and limit.starters:  # 后10日 may mean: not before
            self.limits.append(limit)
            self.events.extend(starts_of(limit))
            return
        if limit is not None and limit.shape is Shape.AFTER and limit.starters:
            self.events.append(limit)
            return
        if last := _LAST.match(piece):
            events = happenings(last["events"])
            self.whole &= bool(events)
            self.events.extend(events)
            self._last(events, whole(last["count"]), last["unit"])
            return
        events = happenings(re.sub(_JOINTS, "", re.sub(r"(?:之日)?起$", "", piece)))
        self.whole &= bool(events)
        self.events.extend(events)

    def _last(self, events: tuple[Event | TimeLimit, ...], count: int | None, unit: str) -> None:
        """Take a deadline that counts from the latest of some events, or from one lapse of time."""
        plain = tuple(one for one in events if isinstance(one, Event))
        after = [one for one in events if isinstance(one, TimeLimit)]
        if not count or not events:
            self.whole = False
        elif not after:
            self.limits.append(TimeLimit(Shape.WITHIN, count, unit_of(unit), plain))
        elif len(after) == 1 and not plain:
            self.limits.append(TimeLimit(Shape.WITHIN, count, unit_of(unit), (), after[0]))
        else:
            if plain:  # shown, and left to a person: the lapse may end later
                self.limits.append(TimeLimit(Shape.WITHIN, count, unit_of(unit), plain))
            self.dated = False


def read_condition(words: str) -> PaymentCondition:
    """Return what the words in front of 支付 say."""
    begin = NUMBERED.match(words) or LABELLED.match(words)
    words = words[begin.end() :] if begin else words
    read = _ReadingCondition()
    for piece in re.split(r",(?!\d{3}(?!\d))", words):
        if rest := _without_fillers(piece):
            read.take(rest)
    codes = {event.code for event in _happening(read.events)}
    if "final_acceptance" in codes and "end_of_term" not in codes and "最终" not in words:
        read.whole = False  # which acceptance, the contract does not say here
    return PaymentCondition(
        read.limits[0] if read.limits else None,
        tuple(read.events),
        read.whole and len(read.limits) < 2,  # noqa: PLR2004
        read.dated,
        read.day,
    )


def happenings(words: str) -> tuple[Event | TimeLimit, ...]:
    """Return the events whose words, or whose own words, make up all; none where some are left."""
    if known := events_in(words):
        return known
    parts = _AND.split(words)
    found: list[Event | TimeLimit] = []
    own = ""
    for joint, part in zip(["", *parts[1::2]], parts[::2], strict=True):
        piece = re.sub(_JOINTS, "", part)
        lapse = parse(f"{piece}后")
        events: tuple[Event | TimeLimit, ...] | None = events_in(piece)
        if lapse is not None and lapse.shape is Shape.AFTER and lapse.starters:
            events = (lapse,)
        if events:
            found.extend(_own(own))
            own = ""
            found.extend(events)
        elif piece:
            own = f"{own}{joint}{piece}" if own else piece
    found.extend(_own(own))
    return () if any(isinstance(one, _Unread) for one in found) else tuple(found)


@dataclass(frozen=True, slots=True)
class _Unread(Event):
    """Words that are no event."""


def _own(words: str) -> Iterator[Event]:
    """Yield the event that words of the contract tell, if they plainly tell one."""
    if not words:
        return
    plain = _HAPPENS.match(words) and not _HEDGED.search(words)
    yield FreeEvent(said=words, words=words) if plain else _Unread("")


def starts_of(limit: TimeLimit) -> tuple[Event | TimeLimit, ...]:
    """Return what a deadline counts from: events, or the end of another limit."""
    return (*((limit.after,) if limit.after else ()), *limit.events)


def _code(one: Event | TimeLimit) -> str:
    return one.said if isinstance(one, FreeEvent) else getattr(one, "code", "") or str(one)


def _happening(events: Iterable[Event | TimeLimit]) -> Iterator[Event]:
    for one in events:
        yield from one.starters if isinstance(one, TimeLimit) else (one,)


def _without_fillers(piece: str) -> str:
    for filler in _FILLERS:
        piece = re.sub(filler, "", piece)
    return re.sub(r"^甲方(?:应当|应|须|需)?[在于]?|^在", "", piece)
