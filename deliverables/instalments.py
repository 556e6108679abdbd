"""Amounts of instalments: stated, or shares of the contract sum and a remainder."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from deliverables.money import FEN, round_half_up


def amounts(
    total: Decimal, stated: Sequence[Decimal | None], ratios: Sequence[Decimal | None]
) -> tuple[Decimal, ...]:
    """Return the amount of every instalment, in yuan.

    A stated amount is authoritative and never recomputed. Of those that are absent all but the
    last are total × ratio rounded half-up; the last is the remainder, so that the sum is the
    total. Raises ValueError where a ratio is needed and absent, where the two sequences differ
    in length, and where less than nothing would remain.
    """
    if len(stated) != len(ratios):
        raise ValueError(f"{len(stated)} amounts do not match {len(ratios)} ratios")
    absent = [i for i, amount in enumerate(stated) if amount is None]
    known = [amount or Decimal("0.00") for amount in stated]
    for i in absent[:-1]:
        known[i] = _share(total, ratios[i])
    for i in absent[-1:]:
        known[i] = -sum_difference(known, total)
        if known[i] < 0:
            raise ValueError(f"nothing of {total} remains for the last instalment")
    return tuple(known)


def ratio_difference(stated: Decimal, total: Decimal, ratio: Decimal) -> Decimal:
    """Return stated − total × ratio in yuan, exact and unrounded."""
    return stated - total * ratio


def agrees_with_ratio(stated: Decimal, total: Decimal, ratio: Decimal) -> bool:
    """Whether the stated amount is less than one fen from total × ratio, either way."""
    return abs(ratio_difference(stated, total, ratio)) < FEN


def sum_difference(instalments: Sequence[Decimal], total: Decimal) -> Decimal:
    """Return the sum of the instalments minus the total, in yuan: anything but zero is an error."""
    return sum(instalments, Decimal(0)) - total


def _share(total: Decimal, ratio: Decimal | None) -> Decimal:
    if ratio is None:
        raise ValueError("an instalment without an amount needs a ratio")
    return round_half_up(Fraction(total) * Fraction(ratio))
