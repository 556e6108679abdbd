"""What the periods of reports are called: in file names, in sentences, on forms."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from deliverables.values.chinese_numbers import whole

MONTH, QUARTER, HALF, YEAR = 1, 3, 6, 12
"""Months of a period that has a name of its own."""


@dataclass(frozen=True, slots=True)
class PeriodNames:
    """The names of periods of one length: `sign` in files (Q2), `word` in sentences (本季度).

    `name` tells service periods from the calendar's; `numbered` takes an ordinal.
    """

    sign: str
    word: str
    name: str
    numbered: str

    @property
    def of_calendar(self) -> bool:
        """Whether the periods are the calendar's."""
        return self.name.startswith("自然")

    def mark(self, number: int) -> str:
        """Return what a period is called in file names and options: Q2, M03, H1, Y1, P2."""
        return f"{self.sign}{number:02}" if self.sign == "M" else f"{self.sign}{number}"


_OF_SERVICE: Final = {
    MONTH: PeriodNames("M", "月", "服务月", "第{}个服务月"),
    QUARTER: PeriodNames("Q", "季度", "服务季度", "第{}季度"),
    HALF: PeriodNames("H", "半年", "服务半年", "第{}个半年"),
    YEAR: PeriodNames("Y", "年度", "服务年度", "第{}年度"),
}
_OF_CALENDAR: Final = {
    MONTH: PeriodNames("M", "月", "自然月", "第{}个自然月"),
    QUARTER: PeriodNames("Q", "季度", "自然季度", "第{}个自然季度"),
    HALF: PeriodNames("H", "半年", "自然半年", "第{}个自然半年"),
    YEAR: PeriodNames("Y", "年度", "自然年度", "第{}个自然年度"),
}
OTHER: Final = PeriodNames("P", "期", "报告期", "第{}期")
"""Periods of any other length."""

SIGNS: Final = "".join(one.sign for one in (*_OF_SERVICE.values(), OTHER))
ALL_NAMES: Final = tuple(one.name for one in (*_OF_SERVICE.values(), *_OF_CALENDAR.values(), OTHER))


def names_of(months: int, *, calendar: bool) -> PeriodNames:
    """Return what periods of so many service or calendar months are called."""
    return (_OF_CALENDAR if calendar else _OF_SERVICE).get(months, OTHER)


def this_one(word: str) -> str:
    """Return what a period is called in its own report: 本季度, but 本期 for a half of a year."""
    return "本期" if word == _OF_SERVICE[HALF].word else f"本{word}"


def one_before(word: str) -> str:
    """Return what the period before is called: 上季度, but 上期 where 上半年 would be another."""
    return "上期" if word == _OF_SERVICE[HALF].word else f"上{word}"


@dataclass(frozen=True, slots=True)
class Wording:
    """The contract's words on a form: for the periods of data, and for the report made of them."""

    names: PeriodNames = _OF_SERVICE[QUARTER]
    report: str = "季度报告"


_ANNUAL: Final = frozenset({"annual", "全年", "年度", "全服务期", "服务期"})
_NUMERALS: Final = re.compile(r"[一二两三四五六七八九十]+")
_LIKE_A_PERIOD: Final = re.compile(
    rf"[{SIGNS}]\d{{1,3}}(?:-.*)?|annual\d*|\d{{1,3}}|S\d{{1,5}}|上半年|下半年"
    r"|第?\d{1,3}(?:个?(?:服务|自然)?(?:月|季度|半年|年度?)|期)"
    r"|\d{4}(?:年|-)(?:度|上半年|下半年|第?\d季度|\d{1,2}月?)"
)


def normal(words: str) -> str:
    """Return a name of a period as it is compared: 第二季度 as 第2季度, q2 as Q2."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", words))
    plain = _NUMERALS.sub(lambda found: str(whole(found[0]) or found[0]), plain)
    if found := re.fullmatch(rf"(?i:([{SIGNS}])0*(\d{{1,3}})(-.*)?)", plain):
        return f"{found[1].upper()}{found[2]}{found[3] or ''}"
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})", plain):
        return f"{found[1]}年{int(found[2])}月"
    return plain.removesuffix("报告") if plain.startswith("第") else plain


def is_like_a_period(words: str) -> bool:
    """Return whether words name a period or a part, not a kind of document."""
    plain = normal(words)
    return plain in _ANNUAL or _LIKE_A_PERIOD.fullmatch(plain) is not None


def words_for(names: PeriodNames, number: int, *labels: str, whole_term: bool) -> frozenset[str]:
    """Return what people call a period, as `normal` has it: Q2, 第2季度, 第2个服务季度, 2季度."""
    word = names.word
    said = {names.mark(number), *labels}
    said.update(f"第{number}{link}{one}" for link in ("", "个") for one in (word, names.name))
    if names.sign == "Q":
        said.add(f"{number}{word}")
    if names.sign == "Y":
        said.update((f"第{number}年", f"annual{number}"))
    if names.sign == "H" and number <= 2:  # noqa: PLR2004  # the halves of a year
        said.add(("上半年", "下半年")[number - 1])
    return frozenset(map(normal, said)) | (_ANNUAL if whole_term else frozenset())
