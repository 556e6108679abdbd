"""Numbers that identify: checked by their standards, kept as text, masked where they are shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from deliverables.values.problem import Message, say

_CODE_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SHOWN: Final = 4
_IDENTITY_LIKE: Final = re.compile(
    r"(?<![0-9０-９])[0-9０-９]{14,17}[0-9０-９XxＸｘ](?![0-9０-９])"
)
_LONGEST: Final = 30


@dataclass(frozen=True, slots=True)
class CheckedIdentifier:
    """An identifier that is right (`value`, normalised) or wrong (`fault`, why).

    Exactly one of the two is there. `remarks` say what was normalised. Neither they, nor the
    fault, nor the printed form of this object contain the number.
    """

    value: str | None = field(default=None, repr=False)
    fault: Message | None = None
    remarks: tuple[Message, ...] = ()


class IdType(StrEnum):
    """The documents a person may identify with; the first two carry a GB 11643 number."""

    RESIDENT = "居民身份证"
    HONG_KONG_MACAO_TAIWAN_RESIDENT = "港澳台居民居住证"
    PASSPORT = "护照"
    MAINLAND_TRAVEL_PERMIT = "来往内地（大陆）通行证"
    FOREIGN_PERMANENT_RESIDENT = "外国人永久居留身份证"


def check_identity_number(text: object, as_of: date | None = None) -> CheckedIdentifier:
    """Check a citizen identity number (GB 11643, ISO 7064 MOD 11-2), 18 characters.

    A birth date after `as_of` is refused when one is given. Numbers of 15 digits are refused:
    they stopped being valid in 2013.
    """
    return _check(text, lambda number: _identity_fault(number, as_of))


def check_identity_document(
    text: object, id_type: IdType, as_of: date | None = None
) -> CheckedIdentifier:
    """Check a person's document number by its type; passports and permits have no check digit."""
    if id_type in {IdType.RESIDENT, IdType.HONG_KONG_MACAO_TAIWAN_RESIDENT}:
        return check_identity_number(text, as_of)
    return _check_pattern(text, r"[0-9A-Z]{5,18}", say("5 to 18 digits and capital letters"))


def check_credit_code(text: object) -> CheckedIdentifier:
    """Check a unified social credit code (GB 32100-2015, MOD 31), 18 characters."""
    return _check(text, _credit_code_fault)


def check_account(text: object) -> CheckedIdentifier:
    """Check a bank account number: 8 to 30 digits."""
    return _check_pattern(text, r"[0-9]{8,30}", say("8 to 30 digits"))


def check_invoice_number(text: object) -> CheckedIdentifier:
    """Check the number of a fully digitalised invoice (数电票): 20 digits."""
    return _check_digits(text, 20)


def check_tax_code(text: object) -> CheckedIdentifier:
    """Check a code of goods and services (商品和服务税收编码): 19 digits."""
    return _check_digits(text, 19)


def mask(text: str) -> str:
    """Return the text with all but its last four characters hidden; a short one wholly hidden.

    What is longer than any identifier has no more asterisks than the longest.
    """
    shown = text[-_SHOWN:] if len(text) > 2 * _SHOWN else ""
    return "*" * min(len(text) - len(shown), _LONGEST - len(shown)) + shown


def discreet(text: str, private: Iterable[str] = ()) -> str:
    """Return the text with private texts, and all that look like identity numbers, masked.

    Findings are printed, logged and sent on; an identity number belongs to its agreement alone.
    """
    for known in private:
        text = text.replace(known, mask(known))
    return _IDENTITY_LIKE.sub(lambda found: mask(found[0]), text)


def _identity_fault(number: str, as_of: date | None) -> Message | None:
    from stdnum.cn import ric  # noqa: PLC0415  # slow to import

    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return say(
            "an identity number is 17 digits and a digit or X, not this {length}-character text",
            length=len(number),
        )
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return say("the birth date in it does not exist")
    if as_of is not None and born > as_of:
        return say("the birth date in it is after {as_of}", as_of=as_of)
    if number[17] != ric.calc_check_digit(number):
        return say("its check digit is wrong")
    return None


def _credit_code_fault(code: str) -> Message | None:
    from stdnum.cn import uscc  # noqa: PLC0415  # slow to import

    if not re.fullmatch(rf"[{_CODE_LETTERS}]{{2}}[0-9]{{6}}[{_CODE_LETTERS}]{{10}}", code):
        return say("a credit code is 18 digits and capital letters without I, O, S, V and Z")
    if code[17] != uscc.calc_check_digit(code):
        return say("its check character is wrong")
    return None


def _check_digits(text: object, digits: int) -> CheckedIdentifier:
    return _check_pattern(text, rf"[0-9]{{{digits}}}", say("{digits} digits", digits=digits))


def _check_pattern(text: object, pattern: str, expected: Message) -> CheckedIdentifier:
    def fault_of(number: str) -> Message | None:
        if re.fullmatch(pattern, number):
            return None
        found = len(number)
        return say("expected {expected}, found {found} characters", expected=expected, found=found)

    return _check(text, fault_of)


def _check(text: object, fault_of: Callable[[str], Message | None]) -> CheckedIdentifier:
    """Judge the text made half-width, in capitals and without spaces."""
    if not isinstance(text, str):
        return CheckedIdentifier(
            fault=say("it is not text: a cell that is a number keeps only 15 digits")
        )
    half_width = unicodedata.normalize("NFKC", text)
    capitals = half_width.upper()
    bare = "".join(capitals.split())
    fault = fault_of(bare)
    if fault is not None:
        return CheckedIdentifier(fault=fault)
    remarks = []
    if half_width != text:
        remarks.append(say("full-width characters were made half-width"))
    if capitals != half_width:
        remarks.append(say("small letters were made capitals"))
    if bare != capitals:
        remarks.append(say("spaces were removed"))
    return CheckedIdentifier(bare, remarks=tuple(remarks))
