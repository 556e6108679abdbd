"""What a difference amounts to: an error, or an edit of prose that a person may approve."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import Final

from deliverables.values.identifiers import discreet
from deliverables.values.problem import Message, Severity, listed, say
from deliverables.verify.alignment import Pair, aligned
from deliverables.verify.base import NAMELIKE, Base, Told
from deliverables.verify.document import Block, Document, Form, Place, Slot, fold
from deliverables.verify.finding import Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One thing that people did to a document: an error, or an edit of its prose.

    `before` and `after` are the words with those around them, or a whole block that is gone or
    new; `key`, `name` and `sources` tell whose figure was touched. `old` and `new` are the numbers
    of the blocks in the base and in the document, None where it is in one of them only. `passage`
    names it for approvals: it changes with the base, the place and the words.
    """

    code: str
    severity: Severity
    place: Place
    message: Message
    advice: Message
    before: str = ""
    after: str = ""
    key: str = ""
    name: str = ""
    sources: tuple[str, ...] = ()
    passage: str = ""
    old: int | None = None
    new: int | None = None

    @property
    def is_edit(self) -> bool:
        """Whether it is prose, which a person may approve."""
        return self.severity is Severity.EDIT

    @property
    def finding(self) -> Finding:
        """The difference as a finding of the proof, for printing."""
        return Finding(
            code=self.code,
            severity=self.severity,
            where=self.place.message(),
            message=say("{what}: {advice}", what=self.message, advice=self.advice),
            expected=self.before,
            found=self.after,
            key=self.key,
            sources=self.sources[:MOST_SOURCES],
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class DataChange:
    """A figure that the data of today give otherwise: before, now, and the cells that changed.

    `before` or `now` is None for a figure that is new or gone (a row more or less). `cells` are
    source, text before, text now. `place` is where it stood.
    """

    key: str
    name: str
    before: str | None
    now: str | None
    cells: tuple[tuple[str, str, str], ...] = ()
    place: Place | None = None
    printed: bool = True


MOST_SOURCES: Final = 8
"""A total may come from thousands of cells; a finding names the first few."""


def account(
    base: Base, document: Document, written: Mapping[str, str] | None = None
) -> tuple[Difference, ...]:
    """Return every difference between what was made and a file, errors first.

    `written` are the texts that people may fill into blanks, by the place of the cell that has
    them: `staff.xlsx[人员名册]!C4`.
    """
    found = _Account(base, document, written or {}).differences()
    return tuple(sorted(found, key=lambda one: one.is_edit))


# What words state


_DIGITS: Final = "0-9０-９"
_NUMERALS: Final = "一二三四五六七八九十百千万亿零〇两廿卅壹贰叁肆伍陆柒捌玖拾佰仟貳叄參陸億萬"
_UNITS: Final = (
    r"(?:个?(?:工作日|自然日|日历日|小时|分钟|秒钟?|毫秒|年度?|月份?|季度?|周|天|日|时|分|秒|"
    r"万元?|亿元?|千元|百元|元|角|期|次|件|份|张|台|人|起|条|款|项|目|倍|成|户|家|名|位|页|章|节|"
    r"级|类|组|点|笔|套|处|批|核|块|号|个|折|版|轮|层|式|卷|册|步|种)|"
    r"[%％‰℃]|个百分点|[A-Za-zμ]+(?:/[A-Za-z]+)?)"
)
_AFTER: Final = r"(?:以上|以下|以内|以外|之内|之外|之前|之后|以前|以后|内|前|后|起|止|左右|余|多)?"
_IDIOMS: Final = (
    "一致|一般|一些|一定|一并|一旦|一直|一起|一切|一律|一样|一同|一体|一系列|一方面|进一步|统一|唯一|"
    "单一|同一|逐一|万一|十分|千万|百般|一经|一贯|一向|一线|一站式|第三方|三方|四川|未来|"
    "不断|不仅|不但|无论|非常|不管|不妨|不胜|非凡|不日|两者|千方百计|万无一失|无缝"
)
_COMPARISONS: Final = (
    "不低于|不高于|不少于|不多于|不超过|不大于|不小于|不足|低于|高于|少于|多于|超过|超出|大于|小于|"
    "等于|优于|劣于|早于|晚于|先于|至少|至多|最多|最少|最高|最低|最大|最小|最长|最短|最早|最晚|较[早晚高低大小多少长短]|向[上下]|上升|"
    "下降|增加|减少|增长|降低|提前|推迟|延后|延长|缩短|逾期|"
    r"(?<=[\w（(])(?:以上|以下|以内|以外|之内|之外|之前|之后)(?=[，。；、：）)的称简]|$)"
)
_DUTIES: Final = "应当|必须|可以|(?<!享)有权(?!利)|有义务|免除|全部|部分|所有|任何|全体|个别"
_PARTIES: Final = (
    "甲方|乙方|丙方|丁方|双方|各方|贵局|贵方|贵单位|贵司|贵公司|我公司|我司|我方|我局|我单位|本公司|"
    "委托(?:单位|方|人)|受托(?:单位|方|人)|采购(?:方|人)|供应商|承包(?:方|人)|发包(?:方|人)|服务商|"
    "用人单位|劳动者|员工"
)
_TIMES: Final = (
    "(?:本|上|下|首|末|前|后|当|去|今|明|次|同)(?:一?季度|期|年度?|月份?|周|半年)|"
    "[上下]半年|首付款|预付款|尾款|次日|当日|当天|翌日|即日|起算|止算|截止|届满|到期|起始"
)
_MONEY: Final = (
    "违约金|保证金|质保金|定金|订金|押金|进度款|罚[金款]|赔偿金|滞纳金|手续费|税[额金]|本金|利息|"
    "合同款|价款|货款|余额|[应实已未][付收]|[已未]到账"
)
_FESTIVALS: Final = (
    "元旦|春节|清明节?|劳动节|端午节?|中秋节?|国庆节?|(?:星期|周|礼拜)[一二三四五六日天]"
)
_NUMBER: Final = (
    rf"(?=[A-Za-z0-9/_.-]*\d)[A-Za-z][A-Za-z0-9]*(?:[-_/.][A-Za-z0-9]+)*"
    rf"|(?:第\s?)?(?:[￥¥$]\s?)?[-−－–+＋±≥≤><＞＜]?[{_DIGITS}][{_DIGITS},，.．:：/-]*(?<![,，.．:：/-])"
    rf"\s?{_UNITS}?{_AFTER}"
    rf"|百分之[{_NUMERALS}点]+|第[{_NUMERALS}]+{_UNITS}?|之[{_NUMERALS}]+(?![{_NUMERALS}])"
    rf"|[{_NUMERALS}]{{2,}}\s?{_UNITS}?{_AFTER}|[{_NUMERALS}半]\s?{_UNITS}{_AFTER}"
    r"|[%％‰]"  # typed beside a number that has its sign
)
_ORGANISATION: Final = r"[\u4e00-\u9fff]{2,20}?(?:有限公司|股份公司|集团|银行|管理局|事务所|研究院)"
_STRONG: Final = {
    "number": _NUMBER,
    "party": _PARTIES,
    "money": _MONEY,
    "festival": _FESTIVALS,
    "time": _TIMES,
    "comparison": _COMPARISONS,
    "duty": _DUTIES,
    "title": r"《[^》]{1,40}》",
    "negation": "[不未无非否勿禁没免]",
}
_ADDED_STATES: Final = frozenset(
    {"number", "negation", "name", "title", "organisation", "festival"}
)
"""What an added sentence must not state of itself."""


@dataclass(frozen=True, slots=True)
class Item:
    """Words that state something: their sort (number, party, name …), and where they stand."""

    sort: str
    words: str
    begin: int
    end: int


class Vocabulary:
    """What words of a text may not change: names of the context, labels, and what states something.

    Names, verdicts, units and labels are those of the context and of the template.
    """

    def __init__(self, base: Base) -> None:
        self._base = base

    @cached_property
    def _names(self) -> frozenset[str]:
        """The names of parties, persons and things in the data."""
        return frozenset(
            fold(told.text) for told in self._base.figures.values()
            if NAMELIKE.search(told.name) and not told.prose and _is_word(told.text)
        )  # fmt: skip

    @cached_property
    def _labels(self) -> frozenset[str]:
        """Headings, labels of tables, and texts of figures outside loops: verdicts, states."""
        told = {
            fold(told.text)
            for key, told in self._base.figures.items()
            if told.name and "[" not in key and not told.prose and _is_word(told.text)
        }
        cells = {
            text for block in self._base.blocks if block.form is Form.ROW
            for number, text in enumerate(block.texts)
            if _LEAST_LABEL <= len(text) <= _MOST_LABEL and not _HAS_DIGIT.search(text)
            and all(slot.text != number for slot in block.slots)
        }  # fmt: skip
        return frozenset((told | cells) - self._names)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        groups = {
            "name": _either(self._names),
            "idiom": _IDIOMS,
            "organisation": _ORGANISATION,
            **_STRONG,
            "label": _either(self._labels),
        }
        return re.compile(
            "|".join(f"(?P<{sort}>{found})" for sort, found in groups.items() if found)
        )

    def items(self, text: str, own: Iterable[str] = ()) -> list[Item]:
        """Return what a text states, in order; `own` are the texts of the figures in it."""
        found = [Item(one.lastgroup or "", one[0], one.start(), one.end())
                 for one in self._pattern.finditer(text) if one.lastgroup != "idiom"]  # fmt: skip
        for words in own:
            if len(words) < 2 or any(words in item.words for item in found):  # noqa: PLR2004
                continue
            found += [Item("name", words, one.start(), one.end())
                      for one in re.finditer(re.escape(words), text)]  # fmt: skip
        return sorted(found, key=lambda item: (item.begin, item.end))


_LEAST_LABEL: Final = 4
_MOST_LABEL: Final = 20
_MOST_WORD: Final = 40
_HAS_DIGIT: Final = re.compile(r"\d")


def _is_word(text: str) -> bool:
    return (
        1 < len(fold(text)) <= _MOST_WORD
        and not _HAS_DIGIT.search(text)
        and re.search(r"\w", text) is not None
    )


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda one: (-len(one), one)))


# The account


_CLAUSE: Final = re.compile(r"[^，。；！？]*[，。；！？]?")
_AROUND: Final = 8
_LABEL_STYLE: Final = re.compile(
    r"title|heading|caption|toc |contents |subtitle|标题|题|主送|落款|封面|表头|盖章|大写|watermark"
)
_SENTENCE: Final = re.compile(r"[，。；！？]")
_LONGEST_LABEL: Final = 40
_BLANK: Final = re.compile(r"[_＿]{2,}|(?<![\d０-９])年 月 日|(?<![\d０-９])年 ?月 ?日|_{2,}")
_TO_FILL_IN: Final = re.compile(
    r"(?:签字|签名|签章|签收|日期|经办人|负责人|审核人?|批准人?|复核人?|法定代表人|授权代表|身份证号码?)"
    r"(?:[（(][^）)]*[）)])?[：:]$"
)
_LEAST_STORY: Final = 6
_HALF: Final = 0.5
_NOBODY: Final = Told("", "")


@dataclass(frozen=True, slots=True)
class _TextPair:
    """One text of a block as it was and as it is: of which blocks, and which of their texts."""

    was: Block
    block: Block
    number: int
    old: int
    new: int

    @property
    def before(self) -> str:
        return self.was.texts[self.number]

    @property
    def after(self) -> str:
        return self.block.texts[self.number]

    @property
    def slots(self) -> list[Slot]:
        return [slot for slot in self.was.slots if slot.text == self.number]


_EDITS: Final = frozenset({"prose-edited", "data-text-edited"})


class _Account:
    """One account of a document."""

    def __init__(self, base: Base, document: Document, written: Mapping[str, str]) -> None:
        self.base, self.written = base, written
        self.before, self.after = base.blocks, document.blocks
        self.vocabulary = Vocabulary(base)
        self._renumbered = False
        self.private = frozenset(
            fold(told.text) for told in base.figures.values() if told.private and told.text
        )

    def differences(self) -> Iterator[Difference]:
        """Yield every difference, in reading order."""
        pairs = list(aligned(self.before, self.after))
        foreign = self._foreign_stories(pairs)
        for story in foreign:
            yield from self._by_chapter(story, pairs)
        rest = [pair for pair in pairs if self._story(pair) not in foreign]
        yield from self._moved(rest)
        parted = list(self._parted(rest))
        yield from (difference for difference, _ in parted)
        away = {pair for _, pairs in parted for pair in pairs}
        for old, new in rest:
            if (old, new) in away:
                continue
            if old is None and new is not None:
                yield from self._added(new)
            elif new is None and old is not None:
                yield from self._gone(old)
            elif old is not None and new is not None:
                yield from self._both(old, new)

    def _story(self, pair: Pair) -> str:
        old, new = pair
        block = self.before[old] if old is not None else self.after[new or 0]
        return block.place.story

    # Wholly another document

    def _foreign_stories(self, pairs: Sequence[Pair]) -> list[str]:
        counts, kept = Counter[str](), Counter[str]()
        for old, new in pairs:
            if old is not None:
                story = self.before[old].place.story
                counts[story] += 1
                kept[story] += new is not None
        return [story for story, count in counts.items()
                if count >= _LEAST_STORY and kept[story] < _HALF * count]  # fmt: skip

    def _by_chapter(self, story: str, pairs: Sequence[Pair]) -> Iterator[Difference]:
        here = [pair for pair in pairs if self._story(pair) == story]
        kept = sum(old is not None and new is not None for old, new in here)
        count = sum(old is not None for old, _ in here)
        yield self._difference(
            "not-a-copy", Severity.ERROR, Place(story),
            say("{kept} of {count} passages are those that were made: this is no mended copy",
                kept=kept, count=count),
            say("begin with the document as it was made"),
        )  # fmt: skip
        chapters: dict[str, Counter[str]] = {}
        for old, new in here:
            block = self.before[old] if old is not None else self.after[new or 0]
            sort = "added" if old is None else "gone" if new is None else "kept"
            if sort == "kept" and self.before[old or 0].key != self.after[new or 0].key:
                sort = "changed"
            chapters.setdefault(block.place.heading, Counter())[sort] += 1
        for heading, told in chapters.items():
            if told["kept"] < told.total():
                yield self._difference(
                    "chapter-changed", Severity.ERROR, Place(story, heading, excerpt="…"),
                    say("{kept} passages are as they were made, {changed} changed, {gone} gone, "
                        "{added} new", kept=told["kept"], changed=told["changed"],
                        gone=told["gone"], added=told["added"]),
                    say("begin with the document as it was made"),
                    before=heading, after=f"{told['changed']}/{told['gone']}/{told['added']}",
                )  # fmt: skip

    # Blocks that moved

    def _moved(self, pairs: Sequence[Pair]) -> Iterator[Difference]:
        """Yield one difference for each run of blocks that stand elsewhere now."""
        inverted = _out_of_order([(old, new) for old, new in pairs
                                  if old is not None and new is not None])  # fmt: skip
        run: list[tuple[int, int]] = []
        for old, new in [*inverted, (-2, -2)]:
            if run and (old, new) != (run[-1][0] + 1, run[-1][1] + 1):
                yield self._moved_run(run)
                run = []
            run.append((old, new))

    def _moved_run(self, run: Sequence[tuple[int, int]]) -> Difference:
        blocks = [self.before[old] for old, _ in run]
        states = any(
            self._is_strict(block) or any(i.sort in _ADDED_STATES for i in self._items(block, 0))
            for block in blocks
        )
        old, new = run[0]
        place = self.after[new].place
        return self._difference(
            "passage-moved", Severity.ERROR if states else Severity.EDIT, place,
            say("{count} passages beginning “{words}” stood elsewhere", count=len(run),
                words=self._brief(blocks[0].shown)),
            say("put them back") if states else _LOOK,
            before=blocks[0].shown, after=place.heading, old=old, new=new,
        )  # fmt: skip

    # Paragraphs that were parted or joined

    def _parted(self, pairs: Sequence[Pair]) -> Iterator[tuple[Difference, list[Pair]]]:
        """Yield paragraphs that became several, or one, without a word changed."""
        at = 0
        while at < len(pairs):
            run = self._run_of_changes(pairs, at)
            olds = [old for old, _ in run if old is not None]
            news = [new for _, new in run if new is not None]
            was = [self.before[old] for old in olds]
            now = [self.after[new] for new in news]
            if len(olds) != len(news) and 1 in (len(olds), len(news)) and _same_words(was, now):
                before, after = (" ¶ ".join(b.texts[0] for b in side) for side in (was, now))
                message = say("“{words}” was parted or joined into {count} paragraphs",
                              words=self._brief(before), count=len(now))  # fmt: skip
                yield (
                    self._difference("prose-edited", Severity.EDIT, now[0].place, message, _LOOK,
                                     before=before, after=after, old=olds[0], new=news[0]),
                    run,
                )  # fmt: skip
            at += max(len(run), 1)

    def _run_of_changes(self, pairs: Sequence[Pair], at: int) -> list[Pair]:
        """Return the pairs from there on that are not the same on both sides, all of prose."""
        run: list[Pair] = []
        for old, new in pairs[at:]:
            blocks = [self.before[old]] if old is not None else []
            blocks += [self.after[new]] if new is not None else []
            same = len(blocks) > 1 and blocks[0].key == blocks[1].key
            if same or not all(_is_plain(block) for block in blocks):
                break
            run.append((old, new))
        return run

    # Blocks that are new or gone

    def _added(self, new: int) -> Iterator[Difference]:
        block = self.after[new]
        code: str = "passage-added"
        why: object = ""
        if block.form is not Form.PARAGRAPH:
            code, why = f"{block.form}-added", _FORMS[block.form]
        elif block.place.story != "body":
            code, why = "story-added", block.place.story
        elif block.odd:
            code, why = "hard-to-see", block.odd[0]
        elif block.level:
            code, why = "heading-added", block.texts[0]
        else:
            why = self._states(block.texts[0])
        words = self._brief(block.shown)
        message = say("“{words}” was not made", words=words)
        if why:
            yield self._difference(code, Severity.ERROR, block.place, message, _TAKE_OUT,
                                   after=block.shown, new=new)  # fmt: skip
        else:
            yield self._difference(code, Severity.EDIT, block.place, message, _LOOK,
                                   after=block.shown, new=new)  # fmt: skip

    def _states(self, text: str) -> str:
        """Return the first number, date, name or negation in words that were added."""
        found = (item.words for item in self.vocabulary.items(text) if item.sort in _ADDED_STATES)
        return next(found, "")

    def _gone(self, old: int) -> Iterator[Difference]:
        block = self.before[old]
        strict = self._is_strict(block)
        stated = [] if strict else self._items(block, 0)
        code = f"{block.form}-missing" if block.form is not Form.PARAGRAPH else "passage-gone"
        slot = block.slots[0] if block.slots else None
        yield self._difference(
            code, Severity.ERROR if strict or stated else Severity.EDIT, block.place,
            say("“{words}” is gone", words=self._brief(block.shown)),
            say("put it back") if strict or stated else _LOOK,
            before=block.shown, old=old, slot=slot,
        )  # fmt: skip

    # Blocks that changed

    def _both(self, old: int, new: int) -> Iterator[Difference]:
        was, block = self.before[old], self.after[new]
        for words in sorted(set(block.odd) - set(was.odd)):
            yield self._difference(
                "hard-to-see", Severity.ERROR, block.place,
                say("these words were made hard to see ({how}): “{words}”",
                    how=_how(words.partition(": ")[0]),
                    words=self._brief(words.partition(": ")[2])),
                say("show them as they were"),
                before=words.partition(": ")[2], after=words, old=old, new=new,
                slot=_first_slot(was),
            )  # fmt: skip
        if was.level != block.level or (was.level and was.number != block.number):
            yield from self._heading(was, block, old, new)
        if was.texts == block.texts:
            return
        if was.form in (Form.CHART, Form.PICTURE):
            yield from self._drawn(was, block, old, new)
        elif len(was.texts) != len(block.texts):
            yield self._difference(
                "row-changed", Severity.ERROR, was.place,
                say("the row had {before} cells and has {after}: “{words}”",
                    before=len(was.texts), after=len(block.texts), words=self._brief(block.shown)),
                say("restore the row"), before=was.shown, after=block.shown, old=old, new=new,
            )  # fmt: skip
        else:
            for number, text in enumerate(was.texts):
                if _closed(text) != _closed(block.texts[number]):
                    yield from self._text(_TextPair(was, block, number, old, new))

    def _heading(self, was: Block, block: Block, old: int, new: int) -> Iterator[Difference]:
        """Yield that a heading is none now, or otherwise; of numbers that go on, the first."""
        if was.level == block.level:
            if self._renumbered:
                return
            self._renumbered = True
        before, after = f"{was.number}{was.texts[0]}", f"{block.number}{block.texts[0]}"
        message = say("“{before}” became “{after}”", before=self._brief(before),
                      after=self._brief(after))  # fmt: skip
        if was.level != block.level:
            message = say("“{words}” was a heading of level {before} and is of level {after} "
                          "(0: it is none)", words=self._brief(before), before=was.level,
                          after=block.level)  # fmt: skip
        yield self._difference("heading-changed", Severity.ERROR, block.place, message,
                               say("restore what was made"), before=before, after=after, old=old,
                               new=new)  # fmt: skip

    def _drawn(self, was: Block, block: Block, old: int, new: int) -> Iterator[Difference]:
        lines = [(a, b) for a, b in zip(was.texts, block.texts, strict=False) if a != b]
        lines = lines or [(was.shown, block.shown)]
        before, after = _narrowed(*lines[0])
        yield self._difference(
            f"{was.form}-changed", Severity.ERROR, block.place,
            say("the {thing} is not the one that was made: “{before}” became “{after}”",
                thing=_FORMS[was.form], before=self._brief(before), after=self._brief(after)),
            say("put it back as it was made"), before=before, after=after, old=old, new=new,
        )  # fmt: skip

    def _text(self, at: _TextPair) -> Iterator[Difference]:
        filled = self._filled_in(at)
        if filled is not None:
            if filled:
                yield self._blank(at, filled)
            return
        if self._prose_slot(at) is None and self._is_strict(at.was):
            touched = self._touched(at.slots, *_span(at.before, at.after), ())
            code = "cell-changed" if at.was.form is Form.ROW else "label-changed"
            code = "figure-changed" if touched else code
            yield self._worded("heading-changed" if at.was.level else code, at, touched)
            return
        wrong = list(dict.fromkeys(self._wrong(at)))
        begin, end = _span(at.before, at.after)
        touched = self._touched(at.slots, begin, end, wrong)
        of_data = touched is not None and self._told(touched.key).prose
        if touched is not None and not of_data and _cuts(touched, begin, end):
            wrong = wrong or [at.before[touched.begin : touched.end]]
        if wrong:
            yield self._worded("figure-changed" if touched else "statement-changed", at, touched,
                               wrong)  # fmt: skip
        else:
            yield self._worded("data-text-edited" if of_data else "prose-edited", at,
                               touched if of_data else None)  # fmt: skip

    def _worded(
        self, code: str, at: _TextPair, slot: Slot | None, wrong: Sequence[str] = ()
    ) -> Difference:
        """Return the difference of two texts, in the words around it."""
        before, after = _narrowed(at.before, at.after)
        masked = tuple(discreet(text, self.private) for text in (at.before, at.after))
        if masked != (at.before, at.after):  # a part of a number would not be known as one
            before, after = masked
        words, now = self._brief(before), self._brief(after)
        severity, advice = Severity.ERROR, say("restore what was made")
        if code in _EDITS:
            severity, advice = Severity.EDIT, self._to_data(slot)
        elif slot is not None:
            advice = say("put back what the data say")
        message = say("“{before}” became “{after}”", before=words, after=now)
        if wrong:
            message = say("“{before}” became “{after}”, and that changes {items}", before=words,
                          after=now, items=listed(self._brief(item) for item in wrong))  # fmt: skip
        place = at.was.place_of(at.number)
        return self._difference(code, severity, place, message, advice, before=before, after=after,
                                old=at.old, new=at.new, slot=slot)  # fmt: skip

    def _to_data(self, slot: Slot | None) -> Message:
        told = self._told(slot.key) if slot else _NOBODY
        free = told.is_free and told.sources
        return say("carry it back to {place}", place=told.sources[0]) if free else _LOOK

    def _blank(self, at: _TextPair, words: str) -> Difference:
        return self._difference(
            "blank-filled", Severity.ERROR, at.was.place_of(at.number),
            say("the blank holds “{words}”, which the data do not say", words=self._brief(words)),
            say("leave it blank, or put into it what the data say"),
            before=at.before, after=at.after, old=at.old, new=at.new,
            slot=next(iter(at.slots), None),
        )  # fmt: skip

    # What words mean

    def _is_strict(self, block: Block) -> bool:
        """Tell what may not change at all: cells, headings, labels, all stories beside the body."""
        if block.form is not Form.PARAGRAPH or block.level or block.place.story != "body":
            return True
        if _LABEL_STYLE.search(block.style):
            return True
        text = block.texts[0]
        return len(text) <= _LONGEST_LABEL and not _SENTENCE.search(text)

    def _told(self, key: str) -> Told:
        return self.base.figures.get(key, _NOBODY)

    def _prose_slot(self, at: _TextPair) -> Told | None:
        """Return the figure of a text that is nothing but words from a cell; None for others."""
        if not at.slots or any(not self._told(slot.key).prose for slot in at.slots):
            return None
        if at.was.form is Form.ROW and not all(self._told(slot.key).is_free for slot in at.slots):
            return None
        covered = sum(slot.end - slot.begin for slot in at.slots)
        paragraph = at.was.form is Form.PARAGRAPH
        whole = paragraph or covered >= len(at.before) - len(at.slots)
        return self._told(at.slots[0].key) if whole else None

    def _own(self, slots: Iterable[Slot], text: str) -> list[str]:
        return [text[slot.begin : slot.end] for slot in slots if not self._told(slot.key).prose]

    def _items(self, block: Block, number: int) -> list[Item]:
        slots = [slot for slot in block.slots if slot.text == number]
        text = block.texts[number]
        return self.vocabulary.items(text, self._own(slots, text))

    def _wrong(self, at: _TextPair) -> Iterator[str]:
        """Yield what was stated and is not, or is stated anew, clause by clause."""
        items, own = self.vocabulary.items, self._own(at.slots, at.before)
        was, now = _clauses(at.before), _clauses(at.after)
        for tag, i, j, k, m in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
            old, new = "".join(was[i:j]), "".join(now[k:m])
            if tag == "insert":
                yield from (item.words for item in items(new) if item.sort in _ADDED_STATES)
            elif tag == "delete":
                yield from (item.words for item in items(old, own))
            elif tag == "replace":
                yield from _unequal(items(old, own), items(new, own))

    def _touched(
        self, slots: Sequence[Slot], begin: int, end: int, wrong: Sequence[str]
    ) -> Slot | None:
        """Return the figure that a change of the letters from begin to end cuts into, or is at."""
        inside = [slot for slot in slots if slot.begin < end and begin < slot.end]
        beside = [slot for slot in slots if slot.begin <= end and begin <= slot.end]
        return next(iter(inside or (beside if wrong else [])), None)

    def _filled_in(self, at: _TextPair) -> str | None:
        """Return what was put into a blank that the data do not say; "" if they do.

        None if the text has no blank, or something else in it changed.
        """
        pattern, blanks = _around_blanks(at.before)
        found = pattern.fullmatch(at.after) if blanks else None
        if found is None:
            return None
        allowed = {fold(told.text) for told in self.base.figures.values() if _is_word(told.text)}
        allowed |= {fold(self.written[place]) for slot in at.slots
                    for place in self._told(slot.key).sources if place in self.written}  # fmt: skip
        filled = (fold(said.strip("_＿ ")) for said in found.groups())
        return next((words for words in filled if words and words not in allowed), "")

    # Findings

    def _brief(self, text: str) -> str:
        text = discreet(fold(text), self.private)
        return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"

    def _difference(
        self,
        code: str,
        severity: Severity,
        place: Place,
        message: Message,
        advice: Message,
        *,
        before: str = "",
        after: str = "",
        old: int | None = None,
        new: int | None = None,
        slot: Slot | None = None,
    ) -> Difference:
        told = self._told(slot.key) if slot else _NOBODY
        named = (self.base.digest, place.story, place.heading, str(place.table), str(place.row),
                 str(place.column), code, before, after)  # fmt: skip
        place = replace(place, excerpt=discreet(place.excerpt, self.private),
                        heading=discreet(place.heading, self.private))  # fmt: skip
        return Difference(
            code=code, severity=severity, place=place, message=message, advice=advice,
            before=discreet(before, self.private), after=discreet(after, self.private),
            key=slot.key if slot else "", name=told.name, sources=told.sources,
            passage=_named(named),
            old=old, new=new,
        )  # fmt: skip


def _named(parts: Iterable[str]) -> str:
    told = "\0".join(parts).encode("utf-8", "surrogatepass")
    return sha256(told).hexdigest()[:_NAME_SIZE]


_MOST_SHOWN: Final = 60
_NAME_SIZE: Final = 12
_LOOK: Final = say("read it, and approve it before the document becomes final")
_TAKE_OUT: Final = say("take it out, or put it into the data")
_FORMS: Final = {Form.CHART: say("chart"), Form.PICTURE: say("picture"), Form.ROW: say("row")}
_HOW: Final = {
    "hidden": say("hidden"),
    "struck": say("struck out"),
    "pale": say("pale"),
    "tiny": say("tiny"),
    "raised": say("raised or lowered"),
    "symbols": say("in a font of symbols"),
    "away": say("off the page"),
    "turned": say("written backwards"),
}


def _how(kinds: str) -> object:
    return listed(_HOW.get(kind, kind) for kind in kinds.split("+"))


def _is_plain(block: Block) -> bool:
    of_body = block.form is Form.PARAGRAPH and block.place.story == "body"
    return of_body and not block.level and not block.odd


def _same_words(was: Sequence[Block], now: Sequence[Block]) -> bool:
    before, after = ("".join("".join(b.texts[0] for b in side).split()) for side in (was, now))
    return bool(before) and before == after


def _first_slot(block: Block) -> Slot | None:
    return block.slots[0] if block.slots else None


def _clauses(text: str) -> list[str]:
    return [clause for clause in _CLAUSE.findall(text) if clause]


def _unequal(was: Sequence[Item], now: Sequence[Item]) -> Iterator[str]:
    """Yield the words that are stated in one text and not, or elsewhere, in the other.

    Labels and organisations may be named once more, but not less.
    """
    old = [(item.sort, _SAME.get(item.words, item.words)) for item in was]
    new = [(item.sort, _SAME.get(item.words, item.words)) for item in now]
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from (words for _, words in old[i:j])
            yield from (words for sort, words in new[k:m] if sort != "label")


_SAME: Final = {"全部": "所有", "全体": "所有", "可": "可以", "须": "必须"}


def _closed(text: str) -> str:
    """Return a text without the spaces that mean nothing: those beside a Chinese letter."""
    return _LOOSE.sub("", text)


_LOOSE: Final = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")


def _span(before: str, after: str) -> tuple[int, int]:
    """Return from where to where the earlier text was changed."""
    begin = _common(before, after)
    end = len(before) - _common(before[begin:][::-1], after[begin:][::-1])
    return begin, max(begin, end)


def _common(one: str, other: str) -> int:
    for at, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return at
    return min(len(one), len(other))


def _cuts(slot: Slot, begin: int, end: int) -> bool:
    return (slot.begin < end and begin < slot.end) or slot.begin < begin < slot.end


def _narrowed(before: str, after: str) -> tuple[str, str]:
    """Return what changed in two texts, with a few letters around it."""
    begin = _common(before, after)
    same = _common(before[begin:][::-1], after[begin:][::-1])
    first, last = max(begin - _AROUND, 0), max(same - _AROUND, 0)
    lead = "…" if first else ""
    tail = "…" if last else ""
    return (f"{lead}{before[first : len(before) - last]}{tail}",
            f"{lead}{after[first : len(after) - last]}{tail}")  # fmt: skip


def _around_blanks(text: str) -> tuple[re.Pattern[str], int]:
    """Return what a text looks like whatever stands in its blanks, and how many it has."""
    pieces: list[str] = []
    end = count = 0
    for blank in _BLANK.finditer(text):
        pieces.append(re.escape(text[end : blank.start()]))
        date = "年" in blank[0]
        pieces.append("(.{0,12}?年.{0,4}?月.{0,4}?日)" if date else "(.{0,40}?)")
        end, count = blank.end(), count + 1
    pieces.append(re.escape(text[end:]))
    if _TO_FILL_IN.search(text):
        pieces.append("(.{0,40})")
        count += 1
    return re.compile("".join(pieces)), count


def _out_of_order(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the fewest pairs without which both sides are in the same order."""
    if all(a[1] < b[1] and a[0] < b[0] for a, b in pairwise(pairs)):
        return []
    ordered = sorted(pairs, key=lambda pair: pair[1])
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (old, _) in enumerate(ordered):
        low, high = 0, len(tails)
        while low < high:
            middle = (low + high) // 2
            if tails[middle] < old:
                low = middle + 1
            else:
                high = middle
        before.append(ends[low - 1] if low else -1)
        if low == len(tails):
            tails.append(old)
            ends.append(at)
        else:
            tails[low], ends[low] = old, at
    kept = set[int]()
    at = ends[-1] if ends else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return [pair for number, pair in enumerate(ordered) if number not in kept]
