"""What the contract calls itself: number, title, day and place of signing, effect, copies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from deliverables.read.from_text.found import (
    AGREED,
    Beyond,
    Contradiction,
    Finding,
    FoundFact,
    Gap,
    Passage,
    Sentence,
    SourceText,
    all_agree,
)
from deliverables.values.chinese_numbers import WHOLE, days, whole
from deliverables.values.problem import say

_NUMBER: Final = re.compile(
    r"^(?:政府采购)?(?:合同|协议)(?:编号|号)(?::|(?=[A-Z0-9]))(?P<value>[^\n:,。;]{0,40})$"
)
_TITLE: Final = re.compile(r"^(?:采购)?项目名称:(?P<value>[^\n:,。;]{4,80})$")
_KINDS: Final = ("合同书", "协议书", "合同", "协议")
_BEFORE_KINDS: Final = ("", "采购", "服务", "委托", "技术服务", "政府采购", "服务采购")
_SHORTEST_TITLE: Final = 5
_BROKEN: Final = say("its line is broken, so that it may go on or end elsewhere")
_SIGNED: Final = re.compile(
    r"(?:签[订定署约](?:日期|时间)|^日期|^签[订定署]时间):(?P<value>[^\n]*)$"
)
_SIGNED_AT: Final = re.compile(
    r"^(?:签[订定署约]约?|(?:合同|协议)(?:订立|签[订署]))地点:(?P<value>[^\n:,。;]{2,40})$"
)
_EFFECT: Final = re.compile(
    r"(?:本(?:合同|协议)|,)(?P<value>(?:自|经)[^。;,\n]*?(?:签字|签署|签订|盖章|盖公章|公章|专用章)"
    r"(?:[^。;,\n]{0,12}?(?:之日起|后))?生效)"
)
_EFFECT_ELSE: Final = re.compile(r"(?:后|之日起?|时|起|方|方可|才)生效(?=[。;,\n]|$)")
_OF_ANOTHER_PAPER: Final = re.compile(r"补充|变更|修改|附件|解除|终止|通知|委托|承诺|协议另")
_COPIES: Final = re.compile(rf"一式(?P<all>{WHOLE})份(?P<rest>[^。;]*)")
_EACH: Final = re.compile(rf"(?:双方|甲、?乙(?:双方)?)各[执持](?P<each>{WHOLE})份?")
_HELD: Final = re.compile(
    rf"(?P<who>甲方|乙方|(?:[^,、;。:]{{2,12}}[、和])*[^,、;。:]{{2,12}}?)(?P<apiece>各)?"
    rf"(?:执|持|备案|存)(?P<held>{WHOLE})份"
)


_PARTIES: Final = ("甲方", "乙方")


def identity(document: SourceText) -> Iterator[Finding]:
    """Read what the contract calls itself."""
    yield from _number(document)
    yield from _title(document)
    yield from _signing_day(document)
    yield from _one(document, "identity.signed_at", _SIGNED_AT)
    yield from _effect(document)
    yield from _copies(document)


def _number(document: SourceText) -> Iterator[Finding]:
    found: dict[str, Passage] = {}
    for line in document.front:
        named = _NUMBER.match(line.words)
        if not named:
            continue
        value = document.verbatim(line, named)
        if value.strip("_-—/ ") and not document.is_whole(line, named):
            yield Gap("identity.number", value, document.of(line), _BROKEN)
        elif value.strip("_-—/ "):
            found.setdefault(value, document.of(line))
        else:
            yield Contradiction(
                "blank-label",
                f"“{named[0].rstrip(':')}”一栏空白。",
                document.of(line),
            )
    yield from all_agree("identity.number", found)


def _one(document: SourceText, path: str, pattern: re.Pattern[str]) -> Iterator[Finding]:
    found: dict[str, Passage] = {}
    for line in document.paragraphs:
        named = pattern.match(line.words)
        if named:
            value = document.verbatim(line, named)
            if document.is_whole(line, named):
                found.setdefault(value, document.of(line))
            else:
                yield Gap(path, value, document.of(line), _BROKEN)
    yield from all_agree(path, found)


def _title(document: SourceText) -> Iterator[Finding]:
    """A title is labelled, or is the cover's first line and stands elsewhere again as a whole."""
    text = document.text
    labelled: dict[str, Passage] = {}
    for line in document.paragraphs:
        named = _TITLE.match(line.words)
        if named:
            value, passage = document.verbatim(line, named), document.of(line)
            if document.is_whole(line, named):
                labelled.setdefault(value, passage)
            else:
                yield Gap("identity.title", value, passage, _BROKEN)
    if labelled:
        yield from all_agree("identity.title", labelled)
        return
    broken = _over_lines(document)
    if broken is not None:
        yield broken
        return
    for line in document.front:
        values = [
            line.words.removesuffix(before + kind)
            for kind in _KINDS
            for before in _BEFORE_KINDS
            if line.words.endswith(before + kind)
        ]
        if not values or min(map(len, values)) < _SHORTEST_TITLE or ":" in line.words:
            continue
        passage = document.of(line)
        value = max(values, key=lambda one: (text.text.count(one) > 1, len(one)))
        mentions = [found.start() for found in re.finditer(re.escape(value), text.text)]
        shown = text.original(line.start, line.start + len(value))
        if len(mentions) > 1:
            yield FoundFact("identity.title", shown, passage, AGREED)
        else:
            yield Gap("identity.title", shown, passage, say("it stands nowhere else"))
        yield from _repeated(document, value, mentions)
        return


def _over_lines(document: SourceText) -> FoundFact | None:
    """Return a title that fills two or three lines of the front and stands in the text in one."""
    front, text = document.front, document.text
    for first, last in ((at, at + more) for more in (2, 1) for at in range(len(front) - more)):
        value = "".join(line.words for line in front[first : last + 1])
        if (
            len(value) >= _SHORTEST_TITLE
            and value in text.text
            and re.search(r"项目$|服务$", value)
        ):
            start, end = front[first].start, front[last].end
            passage = document.passage(start, end)
            return FoundFact("identity.title", text.original(start, end), passage, AGREED)
    return None


def _repeated(document: SourceText, title: str, mentions: list[int]) -> Iterator[Finding]:
    """A word that stands twice running in front of the title (北京市…局北京市…局信息化…)."""
    words = document.text.text
    for at in mentions:
        for length in range(len(title) // 2, 3, -1):
            if words[max(0, at - length) : at] == title[:length]:
                yield Contradiction(
                    "title-repeated",
                    f"项目名称重复“{title[:length]}”，与封面不一致。",
                    document.passage(at - length, at + len(title)),
                )
                break


def _signing_day(document: SourceText) -> Iterator[Finding]:
    found: dict[date, Passage] = {}
    for line in (*document.front, *document.back):
        named = _SIGNED.search(line.words)
        value = named["value"] if named else _bare_day(document, line)
        if value is None:
            continue
        passage = document.of(line)
        stated = [day.value for day in days(value)]
        for day in stated:
            if day not in found or line in document.back:
                found[day] = passage
        if not stated and re.search(r"\d", value):
            yield Contradiction("day-incomplete", f"“{passage.quote}”未写明具体日期。", passage)
    yield from all_agree("identity.signed_on", {day.isoformat(): one for day, one in found.items()})
    if len(found) == 1:
        ((day, passage),) = found.items()
        said = f"{passage.article}（{passage.quote}）"
        yield FoundFact("identity.signed_on_read_from", said, passage, AGREED)
    elif found:
        told = "、".join(f"{one.article}“{one.quote}”" for one in found.values())
        yield Contradiction("days-differ", f"签订日期不一致：{told}。", next(iter(found.values())))


def _bare_day(document: SourceText, line: Sentence) -> str | None:
    """Return a day that is all of a line of the signing page."""
    alone = line in document.back and any(day.text == line.words for day in days(line.words))
    return line.words if alone else None


def _effect(document: SourceText) -> Iterator[Finding]:
    found: dict[str, Passage] = {}
    for sentence in document.sentences:
        for said in _EFFECT.finditer(sentence.words):
            found.setdefault(document.verbatim(sentence, said), document.of(sentence))
    for sentence in document.sentences:
        rest = _EFFECT.sub("", sentence.words)
        if _EFFECT_ELSE.search(rest) and not _OF_ANOTHER_PAPER.search(rest):
            passage = document.of(sentence)
            found.setdefault(passage.quote, passage)
    yield from all_agree("identity.effective", found)


def _copies(document: SourceText) -> Iterator[Finding]:
    """The copies that each holds are all the copies."""
    for sentence in document.sentences:
        said = _COPIES.search(sentence.words)
        passage = document.of(sentence)
        if not re.search(r"本(?:合同|协议)", sentence.words):
            continue
        if not said:
            if re.search(r"正本.*份", sentence.words):
                yield Beyond("合同份数", passage)
                yield Gap("identity.copies", passage.quote, passage,
                          say("originals and duplicates are counted apart"))  # fmt: skip
            continue
        all_, each = whole(said["all"]), _EACH.search(said["rest"])
        held = [_share(one) for one in _HELD.finditer(said["rest"])]
        if each and all_ and all_ == 2 * (whole(each["each"]) or 0):
            proof = say("the copies that each holds are all copies")
            yield FoundFact("identity.copies", str(all_), passage, proof)
            yield FoundFact("identity.copies_each", str(whole(each["each"])), passage, proof)
        elif held and sum(count for _, count in held) == all_ and not each:
            proof = say("the copies that each holds are all copies")
            yield FoundFact("identity.copies", str(all_), passage, proof)
            if len(held) == len(_PARTIES) and len({count for _, count in held}) == 1:
                yield FoundFact("identity.copies_each", str(held[0][1]), passage, proof)
                return
            for path, count in _by_holder(held).items():
                yield FoundFact(f"identity.{path}", str(count), passage, proof)
        else:
            yield Gap("identity.copies", said["all"], passage,
                      say("the copies that each holds are not all copies"))  # fmt: skip
            yield Contradiction("copies", "各方所执份数之和与总份数不一致。", passage)
        return


def _share(said: re.Match[str]) -> tuple[str, int]:
    """Return who holds copies and how many: 代理机构、财政部门各执一份 are two."""
    holders = len(re.split("[、和]", said["who"])) if said["apiece"] else 1
    return said["who"], holders * (whole(said["held"]) or 0)


def _by_holder(held: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Return how many copies client and contractor hold, and all others together."""
    found: dict[str, int] = {}
    for who, count in held:
        path = {"甲方": "copies_client", "乙方": "copies_contractor"}.get(who, "copies_elsewhere")
        found[path] = found.get(path, 0) + count
    return found
