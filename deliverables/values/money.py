"""Money is Decimal yuan with two places; this is the one module that rounds.

A price holds net and tax (增值税法 7); an instalment is stated, or a share of the contract sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Protocol

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


class Taxed(Protocol):
    """An amount including tax and its two parts, in yuan: a split, or an invoice as issued."""

    @property
    def gross(self) -> Decimal:
        """Net and tax together."""

    @property
    def net(self) -> Decimal:
        """What is left without the tax."""

    @property
    def tax(self) -> Decimal:
        """The value-added tax."""


@dataclass(frozen=True, slots=True)
class VatSplit:
    """A price including tax (gross) as net plus tax, in yuan; `rate` is 0.06 for 6 %."""

    gross: Decimal
    net: Decimal
    tax: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The sums of the parts beside the whole: a statement, never a correction.

    An invoice is the truth about its tax (增值税法 28), so a fen of difference between the
    invoices and the whole is reported and no invoice is adjusted to hide it.
    """

    gross: Decimal
    net: Decimal
    tax: Decimal
    whole: VatSplit
    tolerance: Decimal

    @property
    def gross_difference(self) -> Decimal:
        """Sum of the parts minus the whole, in yuan; anything but zero is an error."""
        return self.gross - self.whole.gross

    @property
    def net_difference(self) -> Decimal:
        """Sum of the parts' net amounts minus the net amount of the whole, in yuan."""
        return self.net - self.whole.net

    @property
    def tax_difference(self) -> Decimal:
        """Sum of the parts' taxes minus the tax of the whole, in yuan."""
        return self.tax - self.whole.tax

    @property
    def agrees(self) -> bool:
        """Whether gross is equal and net and tax differ by rounding only."""
        return (
            self.gross_difference == 0
            and abs(self.net_difference) <= self.tolerance
            and abs(self.tax_difference) <= self.tolerance
        )


def split_gross(gross: Decimal, rate: Decimal) -> VatSplit:
    """Return the net amount and the tax inside `gross` yuan (增值税法 16: price / (1 + rate)).

    The net amount is rounded half-up to the fen and the tax is what remains, so that the two
    always add up. Raises ValueError for a rate outside 0..1 (6 % is 0.06) and MoneyError for
    a gross amount finer than a fen.
    """
    if not 0 <= rate < 1:
        raise ValueError(f"the VAT rate {rate} is not between 0 and 1; 6 % is 0.06")
    net = round_half_up(Fraction(in_fen(gross), 100) / (1 + Fraction(rate)))
    return VatSplit(gross, net, gross - net, rate)


def tax_check_difference(split: VatSplit) -> Decimal:
    """Return tax − net × rate (rounded half-up), in yuan: the buyer's cross-check of an invoice."""
    return split.tax - round_half_up(Fraction(split.net) * Fraction(split.rate))


def tax_agrees(split: VatSplit) -> bool:
    """Whether net + tax is gross, and the tax is net × rate to within one fen."""
    return split.net + split.tax == split.gross and abs(tax_check_difference(split)) <= FEN


def reconcile(parts: Iterable[Taxed], whole: VatSplit) -> Reconciliation:
    """Return what the parts (instalments, invoice lines) sum to beside the whole.

    The tolerance is a fen for each part after the first. Raises ValueError for no parts.
    """
    lines = tuple(parts)
    if not lines:
        raise ValueError("there are no parts to reconcile")
    return Reconciliation(
        gross=sum((line.gross for line in lines), Decimal(0)),
        net=sum((line.net for line in lines), Decimal(0)),
        tax=sum((line.tax for line in lines), Decimal(0)),
        whole=whole,
        tolerance=FEN * (len(lines) - 1),
    )


def less_withheld(amount: Decimal, withheld: Decimal | None) -> Decimal:
    """Return what of an amount is paid at once, in yuan; what is withheld is rounded half-up."""
    return amount - round_half_up(Fraction(amount) * Fraction(withheld or 0))


def amounts(
    total: Decimal,
    stated: Sequence[Decimal | None],
    ratios: Sequence[Decimal | None],
    up_to: Sequence[Decimal | None] = (),
) -> tuple[Decimal, ...]:
    """Return the amount of every instalment, in yuan.

    A stated amount is authoritative and never recomputed. Of those that are absent all but the
    last are total × ratio rounded half-up or, where it is paid up to a share of the total (支付至),
    that share less what comes before; the last is the remainder, so that the sum is the total.
    Raises ValueError where a ratio is needed and absent, where the sequences differ in length, and
    where less than nothing would remain.
    """
    reached = up_to or (None,) * len(stated)
    if not len(stated) == len(ratios) == len(reached):
        raise ValueError(f"{len(stated)} amounts do not match {len(ratios)} ratios")
    absent = [i for i, amount in enumerate(stated) if amount is None]
    known = [amount or Decimal("0.00") for amount in stated]
    for i in absent[:-1]:
        share = reached[i]
        if share is None:
            known[i] = _share(total, ratios[i])
        else:
            known[i] = _share(total, share) - sum(known[:i], Decimal(0))
        if known[i] < 0:
            raise ValueError(f"more than {share} of {total} is paid before instalment {i + 1}")
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
