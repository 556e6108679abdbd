"""The service: how long it runs, and how often it is reported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from deliverables.read.from_text.found import (
    AGREED,
    DIFFER,
    Beyond,
    Finding,
    FoundFact,
    Gap,
    Passage,
    Sentence,
    SourceText,
    all_agree,
)
from deliverables.values.chinese_numbers import CHINESE, WHOLE, days, whole
from deliverables.values.dates import add_months
from deliverables.values.problem import say
from deliverables.values.time_limit import (
    CYCLES,
    LENGTH,
    Cycle,
    Unit,
    events_in,
    parse,
    unit_of,
)

_ABOUT: Final = r"服务(?:事项|内容|范围)|项目内容|合同标的|项目信息|定义"
"""Titles of the article, and labels, under which contracts say what the service is."""

_DESCRIPTION: Final = re.compile(
    r"^(?:[^,。;]{2,12}期内,)?(?:(?:服务|项目)(?:内容|范围):|“服务”指)?(?P<value>(?:乙方[^。;]{0,40}?(?:提供|承担|负责)|采购标的为"
    r"|[^,。;:]{2,40}(?:、[^,。;:]{2,40})*的)[^。;]*(?:服务|维护|维保|资源|备份|见附件)[^。;]*)[。;]?$"
)
_CATALOGUE: Final = re.compile(
    r"附件[一二三四五六七八九十\d]*(?:《[^》]{2,30}》|[\u4e00-\u9fff]{2,20}(?:清单|明细表?|一览表))"
)
_TERM: Final = re.compile(
    rf"(?:服务(?:的)?(?:期限|期|周期)|周期)(?:为|是|:)+(?:(?:自|从)(?P<from>[^,。;]{{2,20}}?)(?:之日)?起)?{LENGTH}(?!\s?\d{{1,2}}月)"
    r"(?P<rest>[^。;]*)"
)
_FROM: Final = re.compile(r"(?:自|从)(?P<from>[^,。;]{2,30}?)(?:之日)?起(?:算|计算|开始)?(?!至)")
_SERIES: Final = re.compile(
    rf"(?:《(?P<title>[^》]{{2,20}})》|(?P<plain>[^\s,、;:。《》\d()]{{0,14}}(?:报告|月报|季报|年报|总结)))"
    rf"(?:,?(?:全年|全部|服务期内|合计|共计?)*)(?P<count>{WHOLE})(?:个|份)"
)
_TOGETHER: Final = re.compile(
    rf"(?:全年|服务期内?|合同期内?|合计|共计?)+(?:提交|提供)?(?P<count>{WHOLE})(?:个|份)"
)
_VAGUELY: Final = re.compile(
    r"定期[^,。;]{0,8}(?:提供|提交|报送|上报)(?P<name>[^\s,、;:。《》\d()]{1,10}报告)"
)
_DUE: Final = re.compile(
    rf"每(?P<one>个(?=自然))?[\u4e00-\u9fff]{{1,6}}?"
    rf"(?:{WHOLE}日(?:之)?前|(?:结束|期满|届满)(?:之日)?后{LENGTH}(?:以)?内)"
)
"""By when a report of a series is due: 每月5日前, 每季度首月10日前, 每个自然季度结束后10日内."""
_MONTHS: Final = {
    Cycle.MONTH: 1,
    Cycle.SERVICE_MONTH: 1,
    Cycle.QUARTER: 3,
    Cycle.NATURAL_QUARTER: 3,
    Cycle.SERVICE_QUARTER: 3,
    Cycle.HALF_YEAR: 6,
    Cycle.YEAR: 12,
    Cycle.SERVICE_YEAR: 12,
}
_HANDED_IN: Final = re.compile(r"(?:提交|报送|上报|提供)[^,。;《》]{0,8}《(?P<title>[^》]{2,20})》")
"""A report that is due, with its title; how many there are may stand nowhere."""

_WHEN_OVER: Final = re.compile(
    rf"(?P<limit>(?:服务期|合同期|协议期)(?:限)?(?:届)?满(?:前|后){LENGTH}(?:以?内)?),?"
    r"(?:乙方)?(?:应当?|须)?(?:向甲方)?(?:提交|提供|报送|上报)$"
)
_BY_A_DAY: Final = re.compile(
    r"(?P<limit>\d{4}年\d{1,2}月\d{1,2}日(?:之)?前|(?:服务|合同|协议)期(?:限)?(?:届)?满(?:前|时|后)?),?"
    r"(?:乙方)?(?:应当?|须)?(?:向甲方)?(?:提交|提供|报送|上报)$"
)
"""By when a report is due that is handed in once, where no limit can say it."""
_OVER: Final = re.compile(r"(?:服务|合同|协议)?期(?:限)?(?:届)?满[^,。;《》]{0,24}$")
_SEAL: Final = r"(?<!不)(?<!不得)(?<!无需)(?<!无须)(?:加盖|(?<!加)盖)[^,。;]{0,8}(?:公章|印章)"
_SEALED: Final = re.compile(_SEAL)
_ALL_SEALED: Final = re.compile(rf"(?:上述|以上|前述|各项?|全部)报告[^。;]{{0,20}}{_SEAL}")
_A_REPORT: Final = re.compile(r"报告|总结|月报|季报|年报")
_SPOKEN: Final = "(半年|季|月|年)"
_ONCE: Final = 0
_YEAR: Final = 12
_LONGEST: Final = 50 * _YEAR
"""Months."""


def service(document: SourceText) -> Iterator[Finding]:
    """Read the service."""
    yield from _description(document)
    yield from _term(document)


def _description(document: SourceText) -> Iterator[Finding]:
    """The first sentence under a title of this sort; its annex lies beside the contract or not."""
    tops = document.titled(_ABOUT)
    spans = [(part.start, part.end) for part in tops]
    for one in document.sentences:
        if not any(start <= one.start < end for start, end in spans):
            continue
        said = _DESCRIPTION.match(one.words)
        if not said:
            continue
        proof = say("its article says what the service is")
        yield FoundFact(
            "service.description", document.verbatim(one, said), document.of(one), proof
        )
        yield from _catalogue(document, one)
        return


def _catalogue(document: SourceText, one: Sentence) -> Iterator[Finding]:
    if named := _CATALOGUE.search(one.words):
        yield Gap("service.catalogue", document.verbatim(one, named, 0), document.of(one),
                  say("the annex is not in the text"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Stated:
    months: int
    passage: Passage
    start: str
    first: date | None = None
    last: date | None = None


def _term(document: SourceText) -> Iterator[Finding]:
    """All that is said of the length agrees, in months and from day to day."""
    found = [term for one in document.sentences for term in _terms_in(document, one)]
    months = {term.months for term in found}
    spans = {(term.first, term.last) for term in found if term.first}
    if not found:
        return
    if len(months) != 1 or len(spans) > 1 or 0 in months:
        for term in found:
            yield Gap("service.term_months", str(term.months or ""), term.passage,
                      DIFFER)  # fmt: skip
        return
    first = found[0]
    proof = AGREED
    starts = {term.start for term in found if term.start}
    events = events_in(starts.copy().pop()) if len(starts) == 1 else ()
    if spans:
        ((begin, end),) = spans
        yield FoundFact(
            "service.term_months", str(first.months), first.passage, proof, ("service.starts_on",)
        )
        yield FoundFact("service.starts_on", str(begin), first.passage, proof)
        yield FoundFact("service.ends_on", str(end), first.passage, proof)
    elif events and [event.code for event in events] == ["signing"]:
        yield FoundFact("service.term_months", str(first.months), first.passage, proof)
    else:
        yield FoundFact(
            "service.term_months", str(first.months), first.passage, proof, ("service.starts_on",)
        )
        yield Gap("service.starts_on", "、".join(starts), first.passage,
                  say("the day must be recorded by a person"))  # fmt: skip
        yield Beyond("服务期自约定事件起算", first.passage, "service.starts_on")


def _terms_in(document: SourceText, sentence: Sentence) -> Iterator[_Stated]:
    words = sentence.words
    said = _TERM.search(words)
    passage = document.of(sentence)
    spoken = re.search(r"服务(?:的)?(?:期|周期)", words) or re.search(
        r"服务期|周期", sentence.article.title
    )
    span = _days_from_to(words) if spoken else None
    counted = 0
    start = ""
    if said and "不超过" not in said[0]:
        number, unit = whole(said["count"]) or 0, unit_of(said["unit"])
        counted = {Unit.MONTH: number, Unit.YEAR: 12 * number}.get(unit, 0)
        if counted > _LONGEST:
            counted = 0  # a year of the calendar, cut off
        start = said["from"] or ""
        later = _FROM.search(said["rest"])
        if not start and later:
            start = later["from"]
    if span:
        months = _months_between(*span)
        agree = counted in (0, months)
        yield _Stated(months if agree else 0, passage, "", *span)
    elif counted:
        yield _Stated(counted, passage, start)


def _days_from_to(words: str) -> tuple[date, date] | None:
    """Return the days of 自…起至…止."""
    found = list(days(words))
    for one, other in pairwise(found):
        between = words[one.end : other.start]
        if re.fullmatch(r"(?:起)?(?:至|到|-|—)+", between):
            return one.value, other.value
    return None


def _months_between(first: date, last: date) -> int:
    """Return the whole months from a first to a last day, 0 where they are no whole months."""
    end = last + timedelta(days=1)
    months = (end.year - first.year) * 12 + end.month - first.month
    return months if months > 0 and add_months(first, months) == end else 0


@dataclass(frozen=True, slots=True)
class AskedSeries:
    """A series of documents that the contract asks for: how many, every so many months.

    `count` and `months` are 0 where nothing is said. `spoken` says how often where `passage` does
    not.
    """

    name: str
    count: int
    months: int
    passage: Passage
    by_calendar: bool = False
    spoken: Passage | None = None


def reports(document: SourceText) -> Iterator[Finding]:
    """A series is proved where its number and its months make up the term."""
    term = int(document.known.get("service.term_months") or 0)
    found: dict[str, AskedSeries] = {}
    counts: dict[str, set[int]] = {}
    for sentence in document.sentences:
        for said in _SERIES.finditer(sentence.words):
            at = sentence.start + said.start("title" if said["title"] else "plain")
            name = _name(said["title"] or said["plain"])
            number = whole(said["count"])
            if not name or not number:
                continue
            if number == 1 and re.search(r"每[^,。;]*$", sentence.words[: said.start()]):
                number = _all_together(sentence.words[said.end() :])  # one of each: not how many
                if not number:
                    continue
            counts.setdefault(name, set()).add(number)
            months = _cycle(name)
            found.setdefault(name, AskedSeries(name, number, months, document.sentence(at)))
    for one in _handed_in(document, term):
        found.setdefault(one.name, one)
    known = _with_cycles(document, found)
    others = [name for name in known if not known[name].months and not _A_REPORT.search(name)]
    for name in others:
        yield Beyond(f"一次性提交的《{name}》", known.pop(name).passage)
    over = [one for one in known.values() if not one.count and one.months == term]
    counted = [one for one in known.values() if one not in over]
    recurring = [one for one in counted if 0 < one.months < _YEAR]
    yearly = [one for one in counted if one.months == _YEAR]
    once = [*(one for one in counted if one.months == _ONCE or one.months > _YEAR), *over]
    open_ones = list(_without_frequency(document, known))
    for number, one in enumerate((*recurring, *yearly, *once, *open_ones), 1):
        yield from _told(f"reports[{number}]", one, counts.get(one.name, set()), term)
        yield from _due(f"reports[{number}]", one, document)
        yield from _seal(f"reports[{number}]", one, document, tuple(known))


def _handed_in(document: SourceText, term: int) -> Iterator[AskedSeries]:
    """Yield reports that are due every so often, or when the term is over, in one clause."""
    for sentence in document.sentences:
        for said in _HANDED_IN.finditer(sentence.words):
            before = re.split("[,。;《》]", sentence.words[: said.start()])[-1]
            spoken = re.findall(rf"每(?:个)?(?:自然|服务)?{_SPOKEN}", before)
            months = _cycle(spoken[-1]) if spoken else 0
            named = _cycle(said["title"])
            passage = document.sentence(sentence.start + said.start("title"))
            if months and named in (_ONCE, months):
                yield AskedSeries(said["title"], 0, months, passage, spoken=passage)
            elif term and not spoken and "总结" in said["title"] and _OVER.search(before):
                yield AskedSeries(said["title"], 0, term, passage, spoken=passage)


def _all_together(rest: str) -> int:
    """Return the number that a sentence gives of all reports after one of each: 全年共2份."""
    said = _TOGETHER.search(rest)
    return (whole(said["count"]) or 0) if said else 0


def _due(path: str, one: AskedSeries, document: SourceText) -> Iterator[Finding]:
    """Read by when each report is due: the limit before its name, else behind it, of its cycle."""
    found: dict[str, Passage] = {}
    for sentence in document.sentences:
        at = sentence.words.find(one.name)
        said = list(_DUE.finditer(sentence.words[: max(0, at)]))
        if not said and at >= 0:  # 每半年提交报告一份,于每半年结束后10日内提交
            said = list(_DUE.finditer(sentence.words[at:]))[:1]
        limit = parse(_in_figures(said[-1][0])) if said else None
        if limit is not None and limit.cycle and _MONTHS.get(limit.cycle) == one.months:
            found[str(limit)] = document.of(sentence)
        over = _WHEN_OVER.search(sentence.words[: max(0, at)].rstrip("《"))
        if over and not found and (limit := parse(over["limit"])):
            found[str(limit)] = document.of(sentence)
    yield from all_agree(f"{path}.due", found, say("it recurs as the reports do"))
    for sentence in document.sentences if not found else ():
        at = sentence.words.find(one.name)
        once = _BY_A_DAY.search(sentence.words[: max(0, at)].rstrip("《"))
        if once:
            passage = document.of(sentence)
            why = say("it is a day of the calendar, or a time without a length")
            yield Gap(f"{path}.due", once["limit"], passage, why)
            return


def _in_figures(words: str) -> str:
    """Return 每月8日前 for 每月八日前."""
    return re.sub(rf"{CHINESE}+(?=日)", lambda said: str(whole(said[0])), words)


def _seal(
    path: str, one: AskedSeries, document: SourceText, known: Sequence[str]
) -> Iterator[Finding]:
    """A seal is asked for of the one report that a sentence names, or of all reports above it.

    Where several are named beside it, a person decides which papers it is for.
    """
    short = {each: re.search(r"月报|季报|年报|$", each) for each in known}
    for sentence in document.sentences:
        if not _SEALED.search(sentence.words):
            continue
        words, passage = sentence.words, document.of(sentence)
        named = {each for each in known if each in words}
        named = named or {each for each, said in short.items()
                          if said and said[0] and said[0] in words}  # fmt: skip
        paragraph = document.around(sentence)
        of_all = _ALL_SEALED.search(words) and one.name in paragraph.words
        if of_all or named == {one.name}:
            yield FoundFact(f"{path}.sealed", "是", passage, say("a seal is asked for of it"))
            return
        if one.name in named:
            yield Gap(f"{path}.sealed", "是", passage, say("a seal is asked for beside its name"))
            return


def _name(words: str) -> str:
    """Cut off what does not belong to a name: 提交, 上季度的, and so on."""
    return re.sub(r"^(?:.*?(?:提交|提供|包括|含|上报|出具|编制)|及|和|与|的|上)+", "", words)


def _cycle(name: str) -> int:
    return next((months for sign, months in CYCLES if sign in name), _ONCE)


def _with_cycles(document: SourceText, found: Mapping[str, AskedSeries]) -> dict[str, AskedSeries]:
    """Find the cycle of a name that has none in the sentence that says by when it is due."""
    made = {}
    for name, one in found.items():
        months, by_calendar, said = one.months, False, None
        for sentence in document.sentences:
            if name not in sentence.words:
                continue
            before = sentence.words[: sentence.words.index(name)]
            by_calendar = by_calendar or re.search(r"每个?自然", before) is not None
            spoken = re.findall(rf"每(?:个)?(?:自然|服务)?{_SPOKEN}", before)
            if not months and spoken:
                months = _cycle(spoken[-1])
                said = document.of(sentence)
        made[name] = replace(one, months=months, by_calendar=by_calendar, spoken=said or one.spoken)
    return made


def _without_frequency(
    document: SourceText, known: Mapping[str, AskedSeries]
) -> Iterator[AskedSeries]:
    """Yield reports that are due 定期: again and again, nobody knows how often."""
    told = set(known)
    for sentence in document.sentences:
        for said in _VAGUELY.finditer(sentence.words):
            name = said["name"]
            if name not in told:
                told.add(name)
                at = sentence.start + said.start("name")
                yield AskedSeries(name, 0, 0, document.sentence(at))


def _told(path: str, one: AskedSeries, counts: set[int], term: int) -> Iterator[Finding]:
    """Yield what is said of a series; how many and how often prove each other by the term."""
    proof = say("the number of reports and their months make up the term")
    months = one.months or (term if one.count == 1 else 0)
    yield FoundFact(f"{path}.name", one.name, one.passage, say("the name stands in the text"))
    form = "summary" if "总结" in one.name else "operations"
    yield FoundFact(f"{path}.form", form, one.passage, say("the name says so"))
    if len(counts) > 1:
        why = DIFFER
    elif not one.count and one.spoken is not None and months and term and term % months == 0:
        yield FoundFact(f"{path}.every_months", str(months), one.spoken, say("it says how often"))
        if one.by_calendar:
            yield FoundFact(f"{path}.months", "calendar", one.passage, say("自然 stands before it"))
        return
    elif not one.count:
        why = say("nothing says how often")
    elif term and one.count * months == term:
        yield FoundFact(f"{path}.count", str(one.count), one.passage, proof)
        yield FoundFact(f"{path}.every_months", str(months), one.spoken or one.passage, proof)
        if one.by_calendar:
            yield FoundFact(f"{path}.months", "calendar", one.passage, say("自然 stands before it"))
        return
    else:
        why = say("the number does not fit the term")
    yield Gap(f"{path}.every_months", str(one.months or "定期"), one.passage, why)
    if one.count:
        yield Gap(f"{path}.count", str(one.count), one.passage, why)
