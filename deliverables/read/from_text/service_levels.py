"""What the service must reach: levels over their windows, durability, maintenance apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from deliverables.read.from_text.found import (
    AGREED,
    DIFFER,
    Beyond,
    Finding,
    FoundFact,
    Gap,
    Passage,
    SourceText,
    all_agree,
)
from deliverables.values.chinese_numbers import CHINESE, PERCENT, WHOLE, ratios, whole
from deliverables.values.problem import say

_WINDOWS: Final = {"月": "月", "季": "季度", "半年": "半年", "年": "年"}
"""The words of texts for a window, and what contract.yaml calls it."""
_WINDOW: Final = r"(?P<{}>半年|月|季|年)"
_REACHED: Final = r"(?<!未)(?<!未能)(?<!力争)(?<!争取)达到"
_LEVEL: Final = rf"[^。;%]{{0,16}}?(?:不得?低于|不小于|{_REACHED}|≥|>=)\s?(?P<value>{PERCENT})"
_COUNTED: Final = rf"(?:按|以|每)(?:一?个)?(?:自然|服务)?{_WINDOW}度?"
_AVAILABILITY: Final = re.compile(
    rf"(?P<name>[^\s,、;:。()（）%]{{0,16}}?(?:{_WINDOW.format('named')}(?:度|平均)*)?可用[性率])"
    rf"(?:[^。;%]{{0,4}}?{_COUNTED.format('counted')})?{_LEVEL}"
)
_DURABILITY: Final = re.compile(rf"(?:可靠性|持久性|耐久性){_LEVEL}")
_BEFORE: Final = re.compile(rf"{_COUNTED.format('before')}[^,。;]{{0,4}}$")
_COUNTED_IN: Final = re.compile(_COUNTED.format("before"))
_ELSEWHERE: Final = re.compile(
    rf"可用[性率][^。;%]{{0,8}}?{_COUNTED.format('counted')}[^。;%]*[。;]?$"
)
"""A window that stands in a sentence of its own: 可用性按自然月统计。"""
_NOT_OF_A_NAME: Final = re.compile(
    r"^[\d.]+|^.*?(?:乙方提供的|提供的|保证|确保|承诺|其中|的)|^(?:按|以|每)(?:一?个)?(?:自然|服务)?(?:半年|月|季|年)度?"
)
MAINTENANCE: Final = r"(?:计划|检修|维护)[^。]{0,40}不计入"
_ALLOWED: Final = re.compile(
    rf"每(?:一?个)?(?:自然|服务)?{_WINDOW.format('window')}度?[^。;\d]{{0,14}}?"
    rf"(?<!{CHINESE})(?P<most>不超过|不多于|不大于|≤)?\s?(?P<count>{WHOLE})\s?(?:个)?(?P<unit>小时|分钟)"
    r"(?(most)|(?:以内|之内|\(含\))+的?,?不计入)"
)


def service_levels(document: SourceText) -> Iterator[Finding]:
    """Read the levels and what does not count against them."""
    yield from _availability(document)
    yield from _durability(document)
    yield from _maintenance(document)


@dataclass(frozen=True, slots=True)
class _Mention:
    """A level as one sentence states it; `window` is empty where it names none, `spoken` where."""

    name: str
    value: str
    window: str
    passage: Passage
    spoken: Passage


def _availability(document: SourceText) -> Iterator[Finding]:
    """A level with a window is a target of its own; one without is judged over the reports."""
    found = list(_mentions(document))
    found = _with_the_one_window(document, found)
    targets: dict[tuple[str, str], list[_Mention]] = {}
    for one in found:
        if one.window:
            targets.setdefault((one.name, one.window), []).append(one)
    for number, held in enumerate(targets.values(), 1):
        yield from _target(f"service_levels.targets[{number}]", held)
    stated = {one.value for one in found if one.window}
    general = [one for one in found if not one.window and one.value not in stated]
    yield from _general(general, found)


def _mentions(document: SourceText) -> Iterator[_Mention]:
    for sentence in document.sentences:
        for said in _AVAILABILITY.finditer(sentence.words):
            before = _BEFORE.search(sentence.words[: said.start("name")])
            named = {said["named"], said["counted"], before["before"] if before else None}
            named |= {inside["before"] for inside in [_COUNTED_IN.match(said["name"])] if inside}
            windows = named - {None}
            window = _WINDOWS[str(windows.pop())] if len(windows) == 1 else ""
            passage = document.of(sentence)
            yield _Mention(_name(said["name"]), _level(said), window, passage, passage)


def _level(said: re.Match[str]) -> str:
    """Return a level as contract.yaml writes it: the figures of the text, 99.5% for words."""
    written = said["value"].replace(" ", "")
    share = next(ratios(written)).value
    return written if "%" in written else f"{(share * 100).normalize():f}%"


def _name(words: str) -> str:
    """Cut off what does not belong to a name: 乙方提供的, 保证, 每月."""
    while (cut := _NOT_OF_A_NAME.sub("", words)) != words and cut:
        words = cut
    return words


def _with_the_one_window(document: SourceText, found: Sequence[_Mention]) -> list[_Mention]:
    """Give the only level the window that another sentence states for it."""
    open_ones = [one for one in found if not one.window]
    told = [
        (said["counted"], document.of(sentence))
        for sentence in document.sentences
        if not re.search(PERCENT, sentence.words) and (said := _ELSEWHERE.search(sentence.words))
    ]
    if not told or not open_ones:
        return list(found)
    if len({word for word, _ in told}) != 1 or len({one.value for one in found}) != 1:
        return list(found)
    window, passage = told[0]
    return [replace(open_ones[0], window=_WINDOWS[window], spoken=passage)]


def _target(path: str, held: Sequence[_Mention]) -> Iterator[Finding]:
    first = held[0]
    if len({one.value for one in held}) > 1:
        for one in held:
            yield Gap(f"{path}.level", one.value, one.passage, DIFFER)
        return
    proof = AGREED
    yield FoundFact(f"{path}.name", first.name, first.passage, proof)
    yield FoundFact(f"{path}.level", first.value, first.passage, proof)
    yield FoundFact(f"{path}.window", first.window, first.spoken, proof)


def _general(general: Sequence[_Mention], found: Sequence[_Mention]) -> Iterator[Finding]:
    path, values = "service_levels.availability", {one.value for one in general}
    if len(values) == 1:
        yield FoundFact(path, general[0].value, general[0].passage, AGREED)
    elif not values and found:
        yield FoundFact(
            path, "未约定", found[0].passage, say("every level has a window of its own")
        )
    for value in sorted(values) if len(values) > 1 else ():
        passage = next(one.passage for one in general if one.value == value)
        yield Gap(path, value, passage, say("several levels are stated"))


def _durability(document: SourceText) -> Iterator[Finding]:
    found: dict[str, Passage] = {}
    for sentence in document.sentences:
        for said in _DURABILITY.finditer(sentence.words):
            found.setdefault(_level(said), document.of(sentence))
    path = "service_levels.durability"
    yield from all_agree(path, found, differ=say("several levels are stated"))
    if len(found) > 1:
        yield Beyond("多项服务等级指标", next(iter(found.values())))


def _maintenance(document: SourceText) -> Iterator[Finding]:
    """What does not count is proved where one sentence says how long, and in which window."""
    found: dict[tuple[str, str], Passage] = {}
    for sentence in document.sentences:
        if not re.search(MAINTENANCE, sentence.words):
            continue
        for said in _ALLOWED.finditer(sentence.words):
            upto = f"{whole(said['count'])}{said['unit']}内"
            found.setdefault((upto, _WINDOWS[said["window"]]), document.of(sentence))
    path = "service_levels.maintenance"
    if len(found) == 1:
        (((upto, window), passage),) = found.items()
        proof = say("one sentence says how long, and in which window")
        yield FoundFact(f"{path}.upto", upto, passage, proof)
        yield FoundFact(f"{path}.window", window, passage, proof)
    for (upto, _), passage in found.items() if len(found) > 1 else ():
        yield Gap(f"{path}.upto", upto, passage, DIFFER)
