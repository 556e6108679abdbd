"""Amounts in Chinese capitals (人民币大写), written canonically and read in every official form.

The rules are 《支付结算办法》附一 and 《会计基础工作规范》第五十二条; where the first leaves a
choice, the second or the first form it lists decides. 人民币 is the caller's to write before
the words; it may be there when they are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product, takewhile
from typing import Final

from deliverables.values.money import FEN, MoneyError, in_fen
from deliverables.values.problem import Message, SpokenError, say

LARGEST: Final = Decimal("999999999999.99")

_NUMERALS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = {"仟": 1000, "佰": 100, "拾": 10, "": 1}
_GROUPS: Final = {"亿": 10**8, "万": 10**4, "": 1}
_CLOSERS: Final = {"亿": 10**10, "万": 10**6, "元": 100, "角": 10, "分": 1}
_CURRENCY: Final = "人民币"
_VARIANTS: Final = str.maketrans("貳叄參陸億萬圆圓正", "贰叁叁陆亿万元元整")
_NOISE: Final = "\u200b\ufeff"


class CapitalsError(SpokenError, ValueError):
    """An amount that cannot be written, or words that are not an amount in official form.

    `message` says what is wrong; `position` is the index of the fault in the text that was
    read, counted from 0 (the length of the text when something is missing at its end).
    """

    def __init__(self, message: Message, position: int = 0) -> None:
        super().__init__(message)
        self.position = position


@dataclass(frozen=True, slots=True)
class AmountReading:
    """An amount read from words, and remarks on how they depart from good form."""

    amount: Decimal
    remarks: tuple[Message, ...] = ()


def write_capitals(amount: Decimal) -> str:
    """Return the canonical words for `amount` yuan, without 人民币: 壹拾元零伍分, 贰角整.

    Zero is 零元整. Raises CapitalsError for floats, more than two decimals, negative amounts
    and amounts over 999,999,999,999.99 (附一 rules one to four).
    """
    return next(_forms(_writable_fen(amount)))


def write_payment_capitals(amount: Decimal) -> str:
    """Return the words for an amount to be paid: as `write_capitals`, and zero is refused."""
    if _writable_fen(amount) == 0:
        raise CapitalsError(say("a payment of zero cannot be written"))
    return write_capitals(amount)


def read_capitals(text: str) -> Decimal:
    """Return the amount in yuan (two places) that `text` says in any officially accepted form.

    Raises CapitalsError with the place of the fault for everything else, above all for forms
    that could be misread, such as 壹亿壹仟元整.
    """
    return read_capitals_with_remarks(text).amount


def read_capitals_with_remarks(text: str) -> AmountReading:
    """Return the amount that `text` says, with remarks on spaces and superfluous 零.

    Raises CapitalsError as `read_capitals` does.
    """
    letters = [(place, letter) for place, letter in enumerate(text) if not _is_noise(letter)]
    words = "".join(letter for _, letter in letters).translate(_VARIANTS)
    places = [*(place for place, _ in letters), len(text)]
    prefix = len(_CURRENCY) if words.startswith(_CURRENCY) else 0
    try:
        fen, remarks = _interpret(words[prefix:])
    except CapitalsError as fault:
        raise CapitalsError(fault.message, places[prefix + fault.position]) from None
    if len(letters) < len(text):
        remarks = (say("there are spaces in the amount"), *remarks)
    return AmountReading(fen * FEN, remarks)


def _interpret(words: str) -> tuple[int, tuple[Message, ...]]:
    """Return the fen that bare words say, and remarks, if a form of that amount is written so."""
    if not words:
        raise CapitalsError(say("there are no words"))
    fen = _value(words)
    forms = list(_forms(fen))
    official = say("the official form is {form}", form=forms[0])
    if words not in forms:
        raise CapitalsError(official, max(_agreement(words, form) for form in forms))
    fewest = min(form.count("零") for form in forms)
    return fen, (official,) if words.count("零") > fewest + 1 else ()


def _writable_fen(amount: Decimal) -> int:
    try:
        fen = in_fen(amount)
    except MoneyError as error:
        raise CapitalsError(say("{reason}", reason=str(error))) from error
    if amount < 0:
        raise CapitalsError(say("a negative amount cannot be written: {amount}", amount=amount))
    if amount > LARGEST:
        raise CapitalsError(
            say("{amount} is above the largest amount, {largest}", amount=amount, largest=LARGEST)
        )
    return fen


def _forms(fen: int) -> Iterator[str]:
    """Yield every accepted way to write the amount, the canonical one first."""
    yuan, cents = divmod(fen, 100)
    heads = [f"{form}元" for form in _integer_forms(yuan)] if yuan or not cents else [""]
    return (head + tail for head, tail in product(heads, _cent_forms(yuan, cents)))


def _integer_forms(yuan: int) -> list[str]:
    forms, above = [""], 0
    for unit, size in _GROUPS.items():
        group = yuan // size % 10_000
        if group:
            joints = _joints(yuan // size // 10_000, above, group)
            forms = [f + joint + _digits(group) + unit for f, joint in product(forms, joints)]
        above = group
    return forms if yuan else ["零"]


def _joints(higher: int, above: int, group: int) -> tuple[str, ...]:
    """Return what may stand between four digits and the group above them, best first."""
    if not higher:
        return ("",)
    if not above or group < _PLACES["仟"]:
        return ("零",)  # 附一第四条(一)(二): zeros between numerals are written, once
    return ("", "零") if above % 10 == 0 else ("",)  # (三): 万位 is zero and 千位 is not


def _digits(group: int) -> str:
    words, skipped = "", False
    for unit, place in _PLACES.items():
        digit = group // place % 10
        if digit:
            words += ("零" if words and skipped else "") + _NUMERALS[digit] + unit
        skipped = not digit
    return words


def _cent_forms(yuan: int, cents: int) -> list[str]:
    jiao, fen = divmod(cents, 10)
    if not cents:
        return ["整"]
    if not jiao:
        return [("零" if yuan else "") + f"{_NUMERALS[fen]}分"]  # (四): 角 is zero, 分 is not
    joints = ("零", "") if yuan and yuan % 10 == 0 else ("",)  # (三): 元位 is zero, 角 is not
    ends = (f"{_NUMERALS[fen]}分",) if fen else ("整", "")  # 附一第三条: 整 is optional after 角
    return [f"{joint}{_NUMERALS[jiao]}角{end}" for joint, end in product(joints, ends)]


def _value(words: str) -> int:
    """Return the fen that the words add up to; where 零 and 整 belong is not judged here."""
    total, section, numeral = 0, 0, 0
    place, closer = 10_000, 10**11
    for position, letter in enumerate(words):
        if letter in _NUMERALS:
            if numeral:
                raise _misplaced(letter, position)
            numeral = _NUMERALS.index(letter)
        elif letter in _PLACES:
            if not numeral or _PLACES[letter] >= place:
                raise _misplaced(letter, position)
            place = _PLACES[letter]
            section, numeral = section + numeral * place, 0
        elif letter in _CLOSERS:
            section += numeral
            if _CLOSERS[letter] >= closer or not (section or letter == "元"):
                raise _misplaced(letter, position)
            closer = _CLOSERS[letter]
            total, section, numeral, place = total + section * closer, 0, 0, 10_000
        elif letter != "整":
            raise CapitalsError(
                say("{letter} is not used in capital amounts", letter=letter), position
            )
    if section or numeral:
        raise CapitalsError(say("元, 角 or 分 is missing"), len(words))
    return total


def _misplaced(letter: str, position: int) -> CapitalsError:
    return CapitalsError(say("{letter} cannot stand here", letter=letter), position)


def _agreement(words: str, form: str) -> int:
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(words, form, strict=False))
    )


def _is_noise(letter: str) -> bool:
    return letter.isspace() or letter in _NOISE
