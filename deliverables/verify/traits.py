"""What a text states, as far as rules look for it: found once, however many rules and documents.

Each pattern is tried only on texts that have the letters it cannot do without.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Final

from deliverables.lazily import dataclass
from deliverables.verify.wording import REMEMBERED, amounts

NET: Final = "net"
TAX: Final = "tax"
GROSS: Final = "gross"
TO_SUPPLY: Final = "【待补】"
SEAL: Final = "（盖章处）"
TAG: Final = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
TRACE: Final = re.compile(
    r"(?<![A-Za-z_])(?:(?:Figure|Decimal|Chart|Picture|Derivation|datetime\.\w+)\(|(?:None|Undefined)(?![A-Za-z_]))"
    r"|<[\w.]+ object at"
)

_DIGIT: Final = re.compile(r"\d")
_DAY: Final = re.compile(r"(?<!\d)(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})(?!\d)日?")
_LONG_NUMBER: Final = re.compile(r"(?<![\d.,A-Za-z])\d(?: ?\d){11,}(?![\d.,]\d|[A-Za-z])")
_CODE: Final = re.compile(r"[A-Za-z]{2,}\d{6,}(?:-[A-Za-z0-9]+)*")
_TAX_LABELS: Final = (
    (NET, re.compile(r"不含税(?:金?额|价款?)|金额[（(]不含税[）)]")),
    (GROSS, re.compile(r"价税合计|(?<!不)含税(?:金额|总额|价款?)")),
    (TAX, re.compile(r"(?<!含)税额")),
)
_CAPITALS: Final = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正貳貮叄參陸億萬圓"
_MISTAKEN: Final = "〇一二三四五六七八九十百千两廿卅毛"
_IN_WORDS: Final = re.compile(
    rf"(?P<currency>人民币)?(?:（?大写）?[:：]?)?\s?(?P<words>[{_CAPITALS}{_MISTAKEN}]{{2,}})"
)
_NUMERAL_WORDS: Final = re.compile(r"[壹贰叁肆伍陆柒捌玖貳貮叄參陸]|零元")
_UNIT_WORDS: Final = re.compile(r"[元圆圓角分]")


@dataclass(frozen=True, slots=True)
class Traits:
    """What a text states: amounts of money, days, codes such as contract numbers, long numbers.

    `taxes` are the labels of net, tax and gross, each with the text after it, `in_words` the
    amounts written out, with where they begin and end. `tag` and `trace` say that it has
    something like a tag of a template, or like a value as the program writes it, `seal` and `gap`
    that it has the place of a seal, or something to be supplied.
    """

    amounts: tuple[tuple[int, int, Decimal], ...] = ()
    days: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    long_numbers: tuple[str, ...] = ()
    taxes: tuple[tuple[str, str], ...] = ()
    in_words: tuple[tuple[int, int, str], ...] = ()
    tag: bool = False
    trace: bool = False
    seal: bool = False
    gap: bool = False


NOTHING: Final = Traits()


@lru_cache(REMEMBERED)
def traits_of(text: str) -> Traits:
    """Return what a text states; NOTHING itself for a text that states nothing."""
    digit = _DIGIT.search(text) is not None
    found = Traits(
        amounts=amounts(text) if digit else (),
        days=tuple(found[0] for found in _DAY.finditer(text)) if digit else (),
        codes=tuple(_CODE.findall(text)) if digit else (),
        long_numbers=tuple(_LONG_NUMBER.findall(text)) if digit else (),
        taxes=_taxes(text) if "税" in text else (),
        in_words=_in_words(text) if _NUMERAL_WORDS.search(text) else (),
        tag=TAG.search(text) is not None,
        trace=TRACE.search(text) is not None,
        seal=SEAL in text,
        gap=TO_SUPPLY in text,
    )
    return NOTHING if found == NOTHING else found


@lru_cache(REMEMBERED)
def plain_day(day: str) -> tuple[int, ...]:
    """Return a day as three numbers, whatever stands between them."""
    return tuple(int(part) for part in _DAY.findall(day)[0])


@lru_cache(REMEMBERED)
def tax_label(text: str) -> str:
    """Return which of net, tax and gross a text names; empty for none."""
    if "税" not in text:
        return ""
    return next((label for label, pattern in _TAX_LABELS if pattern.search(text)), "")


def _taxes(text: str) -> tuple[tuple[str, str], ...]:
    found = sorted(
        (match.end(), label) for label, pattern in _TAX_LABELS for match in pattern.finditer(text)
    )
    ends = pairwise([*found, (len(text), "")])
    return tuple((label, text[start:end]) for (start, label), (end, _) in ends)


def _in_words(text: str) -> tuple[tuple[int, int, str], ...]:
    return tuple(
        (found.start(), found.end(), words)
        for found in _IN_WORDS.finditer(text)
        if _NUMERAL_WORDS.search(words := found["words"])
        and (found["currency"] or _UNIT_WORDS.search(words))
    )
