"""Where a figure comes from and where it stands: rules, inputs, cells; found by any words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from difflib import SequenceMatcher, get_close_matches
from functools import cached_property
from typing import Any, Final

from deliverables.values.capitals import CapitalsError, read_capitals
from deliverables.values.figure import Cell, Cells, Derivation, Figure, Line, Source, Statement
from deliverables.values.identifiers import mask
from deliverables.verify.alignment import aligned
from deliverables.verify.document import Block, Place, Slot, excerpt, fold

Stated = date | datetime | Decimal

_TIME: Final = r"(?: ?(?P<hour>\d{1,2})(?::|时)(?P<minute>\d{2})分?)?"
_DAY: Final = rf"(?P<year>\d{{4}})[年./-](?P<month>\d{{1,2}})[月./-](?P<day>\d{{1,2}})日?{_TIME}"
_IN_WORDS: Final = (
    r"(?P<year_w>[〇○零一二三四五六七八九]{4})年(?P<month_w>[一二三四五六七八九十]{1,2})月"
    r"(?P<day_w>[一二三四五六七八九十]{1,3})日"
)
_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖貳叄參陸拾佰仟万萬亿億"
_CAPITALS: Final = rf"(?P<capitals>[{_DIGITS}]+[元圆圓角分][{_DIGITS}元圆圓角分]*[整正]?)"
_NUMBER: Final = r"(?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?P<times>[万亿])?"
_STATED: Final = re.compile(
    rf"(?<![\d.,]){_DAY}(?!\d)|{_IN_WORDS}|{_CAPITALS}|(?<![\d.,a-z]){_NUMBER}(?!\d|[.,]\d)"
)
_TIMES: Final = {None: 1, "万": 10**4, "亿": 10**8}
_NUMERALS: Final = {letter: n for n, letter in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
}
_TEN: Final = "十"
_BESIDE_CHINESE: Final = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_INVISIBLE: Final = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")


def plain(text: str) -> str:
    """Return a text in one form: letters of half width, one space where spaces tell words apart."""
    folded = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())
    return _BESIDE_CHINESE.sub("", folded).casefold()


def stated_in(text: str) -> tuple[Stated, ...]:
    """Return what a text states, each once: 400,000.00 and 人民币肆拾万元整 are one number.

    2026年6月29日, 2026-6-29 and 二〇二六年六月二十九日 are one day; with a time it is a moment.
    """
    return tuple(dict.fromkeys(_stated(plain(text))))


def _stated(text: str) -> Iterator[Stated]:
    for found in _STATED.finditer(text):
        if found["year"]:
            yield from _day(found)
        elif found["year_w"]:
            year = int("".join(str(_NUMERALS[letter]) for letter in found["year_w"]))
            yield from _date(year, _small(found["month_w"]), _small(found["day_w"]))
        elif found["capitals"]:
            yield from _amount(found["capitals"])
        else:
            number = Decimal(found["number"].replace(",", "")) * _TIMES[found["times"]]
            yield number.normalize() + 0


def _day(found: re.Match[str]) -> Iterator[Stated]:
    for day in _date(int(found["year"]), int(found["month"]), int(found["day"])):
        if found["hour"] is None:
            yield day
        elif int(found["hour"]) < 24 and int(found["minute"]) < 60:  # noqa: PLR2004
            yield datetime(day.year, day.month, day.day, int(found["hour"]), int(found["minute"]))


def _date(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _amount(words: str) -> Iterator[Decimal]:
    try:
        yield read_capitals(words).normalize() + 0
    except CapitalsError:
        return


def _small(words: str) -> int:
    """Return a number below 100 in Chinese: 二十九 is 29."""
    tens, ten, ones = words.rpartition(_TEN)
    if not ten:
        return _NUMERALS[words] if len(words) == 1 else 0
    return (_NUMERALS.get(tens, 0) if tens else 1) * 10 + (_NUMERALS.get(ones, 0) if ones else 0)


def stands(text: str, sought: str) -> Iterator[int]:
    """Yield where `sought` stands alone in a text: 12 is not found in 2012, 12.5 or 1,112."""
    if sought:
        yield from (found.start() for found in _alone(sought).finditer(text))


def without(text: str, sought: str) -> str | None:
    """Return the text with one standing of `sought` blotted out; None if it stands nowhere."""
    at = next(stands(text, sought), -1)
    return None if at < 0 else text[:at] + "\0" * len(sought) + text[at + len(sought) :]


def _alone(sought: str) -> re.Pattern[str]:
    before = r"(?<!\d)(?<!\d[.,])" if sought[0].isdigit() else ""
    after = r"(?!\d|[.,]\d)" if sought[-1].isdigit() else ""
    if sought[0].isascii() and sought[0].isalpha():
        before = "(?<![a-z])"
    if sought[-1].isascii() and sought[-1].isalpha():
        after = "(?![a-z])"
    return re.compile(before + re.escape(sought) + after)


_MOST_SUGGESTIONS: Final = 3
_LIKE_ENOUGH: Final = 0.5
_MOST_INPUTS: Final = 8
_TELLING: Final = 4
"""From how many letters on words that state nothing are taken for a figure they may print."""

MOST_ROWS: Final = 12
"""How many rows of a sheet an explanation lists before it says how many more there are."""

_OF_MANY: Final = 5
"""How many rows it lists where there are more."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Rows of a sheet that are not told one by one: how many, and where the last one stands."""

    count: int
    to: Source


@dataclass(frozen=True, slots=True)
class Search:
    """Rows that were looked through for those that decide: how many, the first and the last."""

    count: int
    first: Source
    last: Source


@dataclass(frozen=True, slots=True)
class Step:
    """A figure on the way to the data: derived from inputs by a rule, or read at a source.

    One that has neither was given with the command: the day a document was made for. `inputs`
    decide it; `among` tells what was looked through for them, and `left_out` the rows there that
    are not among them. Of 1,200 tickets in time and four that were late the four are told, unless
    everything is. `number` names a step that others refer to, and `seen` says that its inputs are
    told at that number.
    """

    name: str
    text: str
    rule: str = ""
    article: str = ""
    source: Source | None = None
    inputs: tuple[Step | Rest, ...] = ()
    among: Search | None = None
    left_out: tuple[Step | Rest, ...] = ()
    number: int = 0
    seen: bool = False

    @property
    def derived(self) -> tuple[Step, ...]:
        """The inputs that are told one by one."""
        return tuple(item for item in self.inputs if isinstance(item, Step))


@dataclass(frozen=True)
class Explanation:
    """A printed figure with its path and all that it was made from."""

    key: str
    figure: Figure[object]

    @cached_property
    def step(self) -> Step:
        """The tree below the figure; what occurs in it more than once is told once.

        Of many rows the first ones are told.
        """
        return _Steps(self.figure, most=MOST_ROWS).told_once()

    @cached_property
    def full(self) -> Step:
        """The tree with every row."""
        return _Steps(self.figure, most=None).told_once()

    @property
    def text(self) -> str:
        """What the document prints, an identity number masked."""
        return text_of(self.figure)

    @property
    def beginning(self) -> str:
        """The beginning of what the document prints, short enough for a table."""
        return excerpt(self.text)

    @property
    def briefly(self) -> str:
        """The place it was read, or the rule that made it."""
        origin = self.figure.origin
        return str(origin) if isinstance(origin, Line | Cell) else origin.rule

    @property
    def row(self) -> dict[str, object]:
        """The figure as a row of a table whose columns hold one type each; `number` may be None."""
        value = self.figure.value
        counts = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return {
            "figure": self.key,
            "name": self.figure.name,
            "number": Decimal(str(value)) if counts and not self.figure.private else None,
            "text": self.text,
            "origin": self.briefly,
        }


def text_of(figure: Figure[object]) -> str:
    """Return the text of a figure on one line, masked if it is an identity number."""
    text = fold(figure.text)
    return mask(text) if figure.private else text


def explanations(
    figures: Mapping[str, Figure[Any]], order: Sequence[str]
) -> tuple[Explanation, ...]:
    """Return the figures whose paths are in `order`, the printed ones, in that order."""
    return tuple(Explanation(key, figures[key]) for key in dict.fromkeys(order) if key in figures)


Words = Sequence[tuple[str, str]]
"""A text of a document in pieces, each with the path of the figure it is, or with nothing."""


def find(
    wanted: str,
    among: Sequence[Explanation],
    document: Iterable[Words] = (),
    figures: Mapping[str, Figure[Any]] | None = None,
) -> tuple[Explanation, ...]:
    """Return the figures that are meant by a path, or by words as a document prints them.

    In this order: the figure of that path; of a path in `figures`, all the document could print,
    those that print the same figure under another path, or else say it in a sentence; all that
    print these very words, in letters of any width; all that stand in them, where the document says
    so; all that have the value they state, however it is written; all whose text is part of them;
    all below that path.
    """
    return next(filter(None, map(tuple, _meant(wanted, among, document, figures or {}))), ())


def _meant(
    wanted: str,
    among: Sequence[Explanation],
    document: Iterable[Words],
    figures: Mapping[str, Figure[Any]],
) -> Iterator[list[Explanation]]:
    yield [one for one in among if one.key == wanted]
    if wanted in figures:
        yield [one for one in among if one.figure == figures[wanted]]
        yield [one for one in among if figures[wanted] in _said(one.figure)]
    yield [one for one in among if plain(one.figure.text) == plain(wanted)]
    yield _standing_in(wanted, among, document)
    yield _of_value(wanted, among)
    yield _within(wanted, among)
    yield [one for one in among if one.key.startswith((f"{wanted}.", f"{wanted}["))]


def _said(figure: Figure[Any]) -> Iterator[Figure[Any]]:
    """Yield the figures that a sentence, or a part of it, is composed of."""
    if isinstance(figure, Statement) and isinstance(figure.origin, Derivation):
        for part in figure.origin.inputs:
            yield part
            yield from _said(part)


def _standing_in(
    wanted: str, among: Sequence[Explanation], document: Iterable[Words]
) -> list[Explanation]:
    """Return the figures that some words of the document are, or are part of."""
    sought = plain(wanted)
    keys: set[str] = set()
    for words in document:
        pieces = [(plain(text), key) for text, key in words]
        text = "".join(piece for piece, _ in pieces)
        for begin in stands(text, sought):
            at = 0
            for piece, key in pieces:
                if key and at < begin + len(sought) and begin < at + len(piece):
                    keys.add(key)
                at += len(piece)
    return [one for one in among if one.key in keys]


def _of_value(wanted: str, among: Sequence[Explanation]) -> list[Explanation]:
    """Return the figures that state what the words state, first those that state nothing else."""
    stated = stated_in(wanted)
    if len(stated) != 1:
        return []
    says = [(one, _stated_by(one.figure)) for one in among if not one.figure.private]
    alone = [one for one, said in says if said == set(stated)]
    return alone or [one for one, said in says if stated[0] in said]


def _stated_by(figure: Figure[object]) -> set[Stated]:
    """Return what a figure states: its value, and the values in its text."""
    value = figure.value
    said = set(stated_in(figure.text))
    if isinstance(value, date):
        said.add(value)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        said.add(Decimal(value).normalize() + 0)
    return said | {said_on.date() for said_on in said if isinstance(said_on, datetime)}


def _within(wanted: str, among: Sequence[Explanation]) -> list[Explanation]:
    """Return the figures whose text stands in the words, none of them inside a longer one."""
    left, found = plain(wanted), set[str]()
    texts = {plain(one.figure.text) for one in among if not one.figure.private}
    for text in sorted(filter(None, texts), key=len, reverse=True):
        blotted = without(left, text)
        if blotted is not None and (len(text) >= _TELLING or stated_in(text)):
            found.add(text)
            left = blotted
    return [one for one in among if plain(one.figure.text) in found]


def suggestions(wanted: str, among: Sequence[Explanation]) -> list[str]:
    """Return the paths and printed texts that are most like what was wanted."""
    offered = {name: None for one in among for name in (one.key, one.text)}
    return get_close_matches(wanted, offered, _MOST_SUGGESTIONS, _LIKE_ENOUGH)


def briefly(step: Step, home: str) -> str:
    """Return a line in the Chinese of documents: the figure, and its place or its rule."""
    return f"{step.name} {step.text}：{_whence(step, home)}"


def at_length(step: Step, home: str) -> Iterator[str]:
    """Yield lines in the Chinese of documents: the figure, its rule, its inputs, their places.

    Places are told from the folder `home` on, so that they are the same on every machine.
    """
    yield f"{step.name} {step.text}"
    yield f"出处：{_whence(step, home)}" if step.source else f"规则：{_whence(step, home)}"
    for item in step.derived[:_MOST_INPUTS]:
        yield f"· {briefly(item, home)}"
    if len(step.derived) > _MOST_INPUTS:
        yield f"· 另有 {len(step.derived) - _MOST_INPUTS} 项，至 {_place(step.derived[-1], home)}"
    yield from (
        f"· 另有 {rest.count} 行，至 {_from(home, rest.to)}"
        for rest in step.inputs
        if isinstance(rest, Rest)
    )
    if step.among and not step.inputs:
        yield f"· {_looked_through(step.among, home)}"
    if any(item.inputs or item.among for item in step.derived):
        yield from places([step], home)


def places(steps: Iterable[Step], home: str) -> Iterator[str]:
    """Yield a line that names the cells and lines below some figures, the first few, if any."""
    found = list(dict.fromkeys(place for step in steps for place in _places(step, home)))
    rest = f" 等 {len(found)} 处" if len(found) > _MOST_INPUTS else ""
    if found:
        yield f"数据：{'；'.join(found[:_MOST_INPUTS])}{rest}"


def _places(step: Step, home: str) -> Iterator[str]:
    """Yield where the figures below a step were read, or looked for where none was found."""
    if step.source:
        yield _place(step, home)
    if step.among and not step.inputs:
        yield _looked_through(step.among, home)
    for item in (*step.inputs, *step.left_out):
        if isinstance(item, Step):
            yield from _places(item, home)


def _looked_through(among: Search, home: str) -> str:
    return f"在 {_from(home, among.first)} 至 {_from(home, among.last)} 的 {among.count} 行中查找"


def _whence(step: Step, home: str) -> str:
    if step.source:
        return _place(step, home)
    return f"{step.rule}（{step.article}）" if step.article else step.rule


def _place(step: Step, home: str) -> str:
    """Return the place of a step from the folder `home` on; its name if it has none."""
    return _from(home, step.source) if step.source else step.name


def _from(home: str, source: Source) -> str:
    return str(source).rpartition(f"/{home}/")[2]


class _Steps:
    """The steps below one figure: what is the same figure is the same step.

    `most` rows of a sheet are told, of more of them a few less; None tells all of them.
    """

    def __init__(self, figure: Figure[object], most: int | None) -> None:
        self._most = most
        self._by_figure: dict[int, Step] = {}
        self._kept: list[Figure[object]] = []
        self._alike: dict[object, Step] = {}
        self._numbers: dict[int, int] = {}
        self._root = self._step(figure)
        self._uses = Counter(id(used) for step in self._steps() for used in step.derived)

    def told_once(self) -> Step:
        """Return the tree in which a derived step that occurs again refers to its number."""
        return self._told(self._root)

    def _step(self, figure: Figure[object]) -> Step:
        if id(figure) not in self._by_figure:
            self._kept.append(figure)  # while it is kept, nothing else has its id
            self._by_figure[id(figure)] = self._made(figure)
        return self._by_figure[id(figure)]

    def _made(self, figure: Figure[object]) -> Step:
        origin, text = figure.origin, text_of(figure)
        if not isinstance(origin, Derivation):
            return Step(figure.name, text, source=origin)
        among, left_out = self._searched(origin)
        exceptions = left_out and self._most is not None
        told = self._some(origin.inputs, 0 if exceptions else self._most)
        alike = (figure.name, text, origin.rule, origin.article, among, *map(_identity, told))
        made = Step(
            figure.name,
            text,
            origin.rule,
            origin.article,
            inputs=told,
            among=among,
            left_out=left_out,
        )
        return self._alike.setdefault(alike, made)

    def _some(self, figures: Sequence[Figure[object]], most: int | None) -> tuple[Step | Rest, ...]:
        """Return the steps of some figures; of more rows than `most` only the first ones."""
        if not isinstance(figures, Cells) or most is None or len(figures.rows) <= most:
            return tuple(map(self._step, figures))
        rows, columns = figures.rows, figures.columns
        shown = rows[: min(most, _OF_MANY)]
        told = map(self._step, Cells(shown, *columns))
        return *told, Rest(len(rows) - len(shown), rows[-1].place(columns[-1]))

    def _searched(self, origin: Derivation) -> tuple[Search | None, tuple[Step | Rest, ...]]:
        """Return what was looked through, and which rows of that were left out, if those matter."""
        among, inputs = origin.among, origin.inputs
        if among is None:
            return None, ()
        decide = {id(row) for row in inputs.rows} if isinstance(inputs, Cells) else set()
        others = [row for row in among.rows if id(row) not in decide]
        matter = self._most is None or len(others) < len(decide)
        left_out = self._some(Cells(others, *among.columns), self._most) if matter else ()
        first, last = among.rows[0].place(among.columns[0]), among.rows[-1].place(among.columns[-1])
        return Search(len(among.rows), first, last), left_out

    def _steps(self) -> Iterable[Step]:
        """Return every step with inputs below the root, each once."""
        found: dict[int, Step] = {}
        waiting = [self._root]
        while waiting:
            step = waiting.pop()
            if id(step) not in found:
                found[id(step)] = step
                waiting.extend(step.derived)
        return found.values()

    def _told(self, step: Step) -> Step:
        if not step.inputs:
            return step
        if id(step) in self._numbers:
            number = self._numbers[id(step)]
            return replace(step, inputs=(), among=None, left_out=(), number=number, seen=True)
        if self._uses[id(step)] > 1:
            self._numbers[id(step)] = len(self._numbers) + 1
        number = self._numbers.get(id(step), 0)
        told = tuple(self._told(item) if isinstance(item, Step) else item for item in step.inputs)
        return replace(step, inputs=told, number=number)


def _identity(step: Step | Rest) -> object:
    """Return what tells a step from others: its place, or, for a derived one, itself."""
    if isinstance(step, Rest):
        return step
    return (step.name, step.text, step.source) if step.source else id(step)


_BLANK: Final = "\x00"
_NUMERAL: Final = re.compile(r"\d[\d,]*")


@dataclass(frozen=True, slots=True)
class Sighting:
    """A figure in a file: its path, where it stands, and what the file says there.

    `found` is None where that is unclear.
    """

    key: str
    place: Place
    found: str | None

    def differs_from(self, figure: Figure[object]) -> bool:
        """Return whether the file says something else than the figure does today."""
        return self.found is not None and self.found not in fold(figure.text)


def sightings(made: Sequence[Block], file: Sequence[Block]) -> Iterator[Sighting]:
    """Yield every figure of a document as it is made that a file prints, in reading order."""
    for one, other in aligned(made, file):
        if one is None or other is None:
            continue
        was, block = made[one], file[other]
        for slot, found in _read(was, block):
            place = block.place_of(min(slot.text, len(block.texts) - 1))
            said = None if found is None else block.texts[found.text][found.begin : found.end]
            yield Sighting(slot.key, place, said)


def sighted(made: Sequence[Block], file: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks of a file with the figures that stand in them, whatever they say there."""
    blocks = list(file)
    for one, other in aligned(made, file):
        if one is not None and other is not None:
            found = (slot for _, slot in _read(made[one], file[other]) if slot is not None)
            blocks[other] = replace(file[other], slots=tuple(found))
    return tuple(blocks)


def _read(was: Block, block: Block) -> Iterator[tuple[Slot, Slot | None]]:
    """Yield each figure of a block with its place in another version of it, None if unclear."""
    if was.texts == block.texts:
        yield from ((slot, slot) for slot in was.slots)
        return
    if len(was.texts) != len(block.texts):
        yield from ((slot, None) for slot in was.slots)
        return
    for number, text in enumerate(block.texts):
        slots = sorted((one for one in was.slots if one.text == number), key=lambda one: one.begin)
        if not slots:
            continue
        words = _words(was.texts[number], slots)
        for slot, span in zip(slots, _spans(words, text), strict=True):
            if span is None:
                yield slot, None
            else:
                own = was.texts[number][slot.begin : slot.end]
                begin, end = _narrowed(own, text, *span)
                yield slot, Slot(number, begin, end, slot.key)


def _words(text: str, slots: Sequence[Slot]) -> list[str]:
    """Return the words before, between and after the figures of a text."""
    edges = [0, *(edge for slot in slots for edge in (slot.begin, slot.end)), len(text)]
    return [text[edges[n] : edges[n + 1]] for n in range(0, len(edges), 2)]


def _spans(words: Sequence[str], text: str) -> list[tuple[int, int] | None]:
    """Return where a text says something in place of each figure between the words."""
    strictly = re.fullmatch("(.*?)".join(map(re.escape, words)), text, re.DOTALL)
    if strictly:
        return [strictly.span(number) for number in range(1, len(words))]
    shape = _BLANK.join(words)
    became = {-1: -1, len(shape): len(text)}
    for run in SequenceMatcher(None, shape, text, autojunk=False).get_matching_blocks():
        became |= {run.a + n: run.b + n for n in range(run.size)}
    blanks = (at for at, letter in enumerate(shape) if letter == _BLANK)
    edges = ((became.get(at - 1), became.get(at + 1)) for at in blanks)
    return [
        None if left is None or right is None or right < left + 1 else (left + 1, right)
        for left, right in edges
    ]


def _narrowed(own: str, text: str, begin: int, end: int) -> tuple[int, int]:
    """Return where the figure stands in what was found in its place, without words beside it.

    It is the figure itself, or the only thing there of its shape: 99.90% for 99.93%.
    """
    found = text[begin:end]
    shape = _NUMERAL.sub(r"\\d[\\d,]*", re.escape(own))
    for pattern in (rf"(?<![\d.,]){re.escape(own)}(?![\d]|[.,]\d)", shape):
        alike = list(re.finditer(pattern, found)) if own else []
        if len(alike) == 1 and (pattern != shape or shape != re.escape(own)):
            return begin + alike[0].start(), begin + alike[0].end()
    return begin, end
