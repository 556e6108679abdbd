"""The days, moments and numbers that a text states, however it writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from deliverables.capitals import CapitalsError, read_capitals

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
