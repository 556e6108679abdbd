"""The condition of a payment: its events and its deadline, if every word of it belongs to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from deliverables.values.time_limit import Event, Shape, TimeLimit, events_in, parse

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
    r"^甲方(?:应当|应|须|需)?在?",
    r"向乙方$",
    r"^在",
)
_JOINTS: Final = r"^自|(?:之日)?起$|(?:之)?后$|的$"


@dataclass(frozen=True, slots=True)
class PaymentCondition:
    """The events and the deadline of a payment; `whole` is False where words are left over.

    That so much time has gone by since an event (验收合格满12个月后) is an event as well.
    """

    limit: TimeLimit | None
    events: tuple[Event | TimeLimit, ...]
    whole: bool

    @property
    def codes(self) -> tuple[str, ...]:
        """The events as contract.yaml names them, each once."""
        return tuple(dict.fromkeys(map(_code, self.events)))

    @property
    def sure(self) -> bool:
        """Whether the events are all that the payment hangs on."""
        return self.whole and bool(self.events) and all(self.codes)


def read_condition(words: str) -> PaymentCondition:
    """Return what the words in front of 支付 say."""
    begin = NUMBERED.match(words) or LABELLED.match(words)
    words = words[begin.end() :] if begin else words
    limits: list[TimeLimit] = []
    events: list[Event | TimeLimit] = []
    whole = True
    for piece in words.split(","):
        rest = _without_fillers(piece)
        if not rest:
            continue
        limit = parse(rest)
        within = limit is not None and limit.shape is Shape.WITHIN and rest.endswith("内")
        if (
            limit is not None and within and limit.starters
        ):  # 后10日 without 内 may mean: not before
            limits.append(limit)
            events.extend(starts_of(limit))
            continue
        if limit is not None and limit.shape is Shape.AFTER and limit.starters:
            events.append(limit)
            continue
        told = events_in(re.sub(_JOINTS, "", re.sub(r"(?:之日)?起$", "", rest)))
        whole &= bool(told)
        events.extend(told or ())
    codes = {event.code for event in _happening(events)}
    if "final_acceptance" in codes and "end_of_term" not in codes and "最终" not in words:
        whole = False  # which acceptance, the contract does not say here
    return PaymentCondition(limits[0] if limits else None, tuple(events), whole and len(limits) < 2)  # noqa: PLR2004


def starts_of(limit: TimeLimit) -> tuple[Event | TimeLimit, ...]:
    """Return what a deadline counts from: events, or the end of another limit."""
    return (*((limit.after,) if limit.after else ()), *limit.events)


def _code(one: Event | TimeLimit) -> str:
    return str(one) if isinstance(one, TimeLimit) else one.code


def _happening(events: Iterable[Event | TimeLimit]) -> Iterator[Event]:
    for one in events:
        yield from one.starters if isinstance(one, TimeLimit) else (one,)


def _without_fillers(piece: str) -> str:
    for filler in _FILLERS:
        piece = re.sub(filler, "", piece)
    return re.sub(r"^甲方(?:应当|应|须|需)?|^在", "", piece)
