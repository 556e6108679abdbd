"""Numbers, amounts, shares and days as Chinese contracts state them, found in text and read.

Text is expected in the normal form of `model.contract_text`: NFKC, so ¥, (, % and plain digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, Generic, TypeVar

from deliverables.values.capitals import CapitalsError, read_capitals

_DIGITS: Final = {
    **{sign: value for value, sign in enumerate("〇一二三四五六七八九")},
    **{sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "两": 2,
    "○": 0,
}
_PLACES: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
CHINESE: Final = f"[{''.join(_DIGITS)}{''.join(_PLACES)}万]"
"""One sign of a number written in Chinese."""

ARABIC: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
"""A number in digits, with or without commas between thousands."""

WHOLE: Final = rf"(?:\d+|{CHINESE}+)"
"""A whole number, in digits or in Chinese."""

_TENTHS: Final = f"(?:点[{''.join(_DIGITS)}]+)?"
PERCENT: Final = rf"(?:(?:{ARABIC})\s?%|百分之(?:{CHINESE}+|{ARABIC}){_TENTHS})"
"""A share of a hundred: 40%, 百分之四十, 百分之九十九点五."""

_CAPITAL: Final = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正"
_AMOUNT: Final = re.compile(
    rf"(?:人民币|RMB)?[¥￥]\s?(?P<marked>{ARABIC})\s?(?P<many>万)?元?整?"
    rf"|(?:人民币)?(?P<plain>{ARABIC})\s?(?P<ten>万)?元整?"
)
_WORDS: Final = re.compile(rf"(?:人民币)?[{_CAPITAL}]*[元圆][{_CAPITAL}]*")
_RATIO: Final = re.compile(
    rf"(?<![\d.])(?<!\d,)(?<![\d.] )(?:(?P<percent>{ARABIC})\s?%|(?P<mille>{ARABIC})\s?‰)"
    rf"|(?P<of>百|千|万)分之(?P<share>{CHINESE}+|{ARABIC})(?:点(?P<tenths>[{''.join(_DIGITS)}]+))?"
)
_DAY: Final = re.compile(
    r"(?<!\d)(?P<year>\d{4})(?:\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日"
    r"|(?P<mark>[-./])(?P<nmonth>\d{1,2})(?P=mark)(?P<nday>\d{1,2})(?![\d.]))"
    rf"|(?P<cyear>[{''.join(_DIGITS)}]{{4}})年(?P<cmonth>{CHINESE}{{1,2}})月(?P<cday>{CHINESE}{{1,3}})日"
)
_PER: Final = {"百": Decimal(100), "千": Decimal(1000), "万": Decimal(10000)}
_TEN_THOUSAND: Final = 10000


V_co = TypeVar("V_co", covariant=True)


class What(StrEnum):
    """What a mention is."""

    AMOUNT = "amount"
    WORDS = "words"
    RATIO = "ratio"
    DAY = "day"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Mention(Generic[V_co]):
    """A number in a text: what it is, what it comes to, and where it stands.

    Amounts are yuan, ratios shares of one.
    """

    what: What
    value: V_co
    text: str
    start: int
    end: int


def whole(text: str) -> int | None:
    """Return the whole number that digits or Chinese numerals say, None if they say none."""
    text = text.strip().replace(",", "")
    if re.fullmatch(r"[0-9]+", text):
        return int(text)
    if not text or not re.fullmatch(f"{CHINESE}+", text):
        return None
    if all(sign in _DIGITS for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    return _by_places(text)


def _by_places(text: str) -> int | None:
    """Read 十二, 二十四, 一百零五, 两万: each place after its numeral, from great to small."""
    head, _, tail = text.rpartition("万")
    if head:
        upper, lower = _by_places(head), _by_places(tail) if tail else 0
        return None if upper is None or lower is None else upper * _TEN_THOUSAND + lower
    total, numeral, last = 0, None, 10_000
    for sign in text:
        if sign in _DIGITS:
            if numeral:
                return None
            numeral = _DIGITS[sign]
        elif sign in _PLACES and _PLACES[sign] < last:
            total += (1 if numeral is None else numeral) * _PLACES[sign]
            last, numeral = _PLACES[sign], None
        else:
            return None
    return total + (numeral or 0)


def amounts(text: str) -> Iterator[Mention[Decimal]]:
    """Yield the amounts in figures: ¥1,957,783.48元, 人民币100,000.00元, 50万元."""
    for found in _AMOUNT.finditer(text):
        many = found["many"] or found["ten"]
        value = _decimal(found["marked"] or found["plain"]) * (_TEN_THOUSAND if many else 1)
        yield Mention(What.AMOUNT, value, found[0], *found.span())


def amounts_in_words(text: str) -> Iterator[Mention[Decimal]]:
    """Yield the amounts in capitals that are amounts in official form: 壹佰捌拾万元整."""
    for found in _WORDS.finditer(text):
        try:
            value = read_capitals(found[0])
        except CapitalsError:
            continue
        yield Mention(What.WORDS, value, found[0], *found.span())


def ratios(text: str) -> Iterator[Mention[Decimal]]:
    """Yield the shares: 40%, 1‰, 万分之三, 万分之二点五; as shares of one."""
    for found in _RATIO.finditer(text):
        if found["percent"]:
            value = _decimal(found["percent"]) / 100
        elif found["mille"]:
            value = _decimal(found["mille"]) / 1000
        else:
            number = whole(found["share"])
            said = Decimal(number) if number is not None else _decimal(found["share"])
            if found["tenths"]:
                said += Decimal(f"0.{''.join(str(_DIGITS[sign]) for sign in found['tenths'])}")
            value = said / _PER[found["of"]]
        yield Mention(What.RATIO, value, found[0], *found.span())


def days(text: str) -> Iterator[Mention[date]]:
    """Yield the days: 2026年4月29日, 2026.4.29, 2026-04-29, 二〇二六年九月八日."""
    for found in _DAY.finditer(text):
        parts = ("cyear", "cmonth", "cday")
        if found["year"]:
            parts = ("year", "month", "day") if found["month"] else ("year", "nmonth", "nday")
        read = [whole(found[part]) for part in parts]
        try:
            value = date(*(int(part or 0) for part in read))
        except ValueError:
            continue
        yield Mention(What.DAY, value, found[0], *found.span())


def whole_numbers(text: str) -> Iterator[int]:
    """Yield the whole numbers of a text, in digits and in Chinese: 12, 十二, 肆."""
    for found in re.finditer(rf"{CHINESE}+|\d+", text):
        number = whole(found[0])
        if number is not None:
            yield number


def numbers(text: str) -> tuple[Mention[Decimal | date], ...]:
    """Return every number of the text once, as the most that it is.

    A day comes before an amount, an amount before a share, a share before a bare number.
    """
    found: list[Mention[Decimal | date]] = []
    kinds: tuple[Callable[[str], Iterator[Mention[Decimal | date]]], ...]
    kinds = (days, amounts, amounts_in_words, _amounts_in_numerals, ratios, _bare, _in_chinese)
    for kind in kinds:
        for mention in kind(text):
            if all(mention.end <= one.start or one.end <= mention.start for one in found):
                found.append(mention)
    return tuple(sorted(found, key=lambda one: one.start))


def _bare(text: str) -> Iterator[Mention[Decimal]]:
    for found in re.finditer(rf"(?<![\w.])(?:{ARABIC})(?!\w*[A-Za-z])", text, re.ASCII):
        yield Mention(What.NUMBER, _decimal(found[0]), found[0], *found.span())


_COUNTED: Final = (
    r"个?(?:工作日|自然日|小时|月|季度|年度|星期|百分点)|[日天年周份名人套台项倍处家]|分钟|次(?!性)"
)
"""What is counted; 三方, 一般, 一次性 count nothing."""

_IN_NUMERALS: Final = re.compile(rf"(?<!第)(?<!{CHINESE})(?<!点)(?P<many>{CHINESE}+)(?:元|圆)整?")
_IN_CHINESE: Final = re.compile(
    rf"(?<!第)(?<!{CHINESE})(?<!点)(?P<many>{CHINESE}+)(?P<counted>{_COUNTED})"
)
_ONE_EACH: Final = re.compile(r"(?:每|逾期|延期|迟延|延迟|不足|按|同|某|任何|指派)[^,。;]{0,4}$")
"""Words in front of 一 that make it the unit of a rate, or anyone: 每逾期一日, 同一设备."""


def _amounts_in_numerals(text: str) -> Iterator[Mention[Decimal]]:
    """Yield amounts in numerals that are no official form: 三百元, 壹佰万元."""
    for found in _IN_NUMERALS.finditer(text):
        many = whole(found["many"])
        if many is not None:
            yield Mention(What.AMOUNT, Decimal(many), found[0], *found.span())


def _in_chinese(text: str) -> Iterator[Mention[Decimal]]:
    """Yield numbers in numerals that count something: 三十日, 十五名; 一 where it is no rate's."""
    for found in _IN_CHINESE.finditer(text):
        many = whole(found["many"])
        idle = found["many"] == "一" and (
            found["counted"] in "人家名项次套台处" or _ONE_EACH.search(text[: found.start()])
        )
        if many and not idle:
            yield Mention(What.NUMBER, Decimal(many), found["many"], *found.span("many"))


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:  # pragma: no cover - the patterns let nothing else through
        return Decimal(0)


_NUMERALS: Final = ("〇", "一", "二", "三", "四", "五", "六", "七", "八", "九")


_IN_DIGITS: Final = 100


def chinese_ordinal(number: int) -> str:
    """Return 1–99 in Chinese numerals: 12 is 十二, 20 is 二十; what is more in digits."""
    if number >= _IN_DIGITS:
        return str(number)
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _NUMERALS[ones]
    return ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")
