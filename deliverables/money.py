"""Money is Decimal yuan with two places; this is the one module that rounds."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

FEN: Final = Decimal("0.01")

_PLACES: Final = 2
_DIGITS: Final = 15
_WRITTEN: Final = re.compile(
    r"\s*[￥¥]?\s*(?P<amount>-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?)\s*"
)


class MoneyError(ValueError):
    """A value is no amount of money: unreadable, a float, or finer than a fen."""


def round_half_up(value: Decimal | Fraction | int, places: int = 2) -> Decimal:
    """Return `value` rounded to `places` decimals, a half going away from zero.

    The value is exact (never a float, MoneyError), so it is rounded once, whatever its length.
    """
    scaled = _exact(value) * 10**places
    units = int(abs(scaled) + Fraction(1, 2))
    return _with_places(units if scaled >= 0 else -units, places)


def round_down(value: Decimal | Fraction | int, places: int = 2) -> Decimal:
    """Return `value` cut to `places` decimals, towards zero: never more than there is."""
    return _with_places(int(_exact(value) * 10**places), places)


def parse_yuan(text: str | int | Decimal) -> Decimal:
    """Return the amount written as `1,957,783.48`, `￥1957783.48`, 5 or Decimal("5.5").

    The result has two places. Raises MoneyError for floats, for more than two decimals (an
    amount is never rounded on the way in) and for anything else that is no amount.
    """
    if isinstance(text, bool) or not isinstance(text, str | int | Decimal):
        raise MoneyError(f"{text!r} is a {type(text).__name__}: an amount is text or a Decimal")
    if isinstance(text, str):
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise MoneyError(f"{text!r} is not an amount such as 1,957,783.48")
        text = written["amount"].replace(",", "")
    return in_fen(Decimal(text)) * FEN


def format_yuan(amount: Decimal) -> str:
    """Return the amount as letters print it, `1,957,783.48`, without ￥.

    Raises MoneyError rather than round an amount finer than a fen.
    """
    return f"{in_fen(amount) * FEN:,.2f}"


def in_fen(amount: Decimal | int) -> int:
    """Return the amount as a whole number of fen.

    Raises MoneyError for floats, for more than two decimals (5.000 included: it claims to be
    finer than a fen) and for 10^15 yuan and more, which no contract has but a mistyped cell does.
    """
    _refuse_inexact(amount)
    exact = Decimal(amount)
    if exact.adjusted() >= _DIGITS:
        raise MoneyError(f"{amount} is too large to be an amount in yuan")
    if int(exact.as_tuple().exponent) < -_PLACES:
        raise MoneyError(f"{amount} has more than two decimals")
    return int(exact / FEN)


def _exact(value: Decimal | Fraction | int) -> Fraction:
    _refuse_inexact(value)
    return Fraction(value)


def _with_places(units: int, places: int) -> Decimal:
    return Decimal(f"{units}E-{places}")  # arithmetic would round to the context's 28 digits


def _refuse_inexact(value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, Decimal | Fraction | int):
        raise MoneyError(f"{value!r} is a {type(value).__name__}: only exact numbers are money")
    if isinstance(value, Decimal) and not value.is_finite():
        raise MoneyError(f"{value} is not a number")
