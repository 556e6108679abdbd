"""Value-added tax: the net and the tax inside a price, and parts reconciled to their whole."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from deliverables.lazily import dataclass
from deliverables.money import FEN, in_fen, round_half_up


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


def reconcile(parts: Iterable[VatSplit], whole: VatSplit) -> Reconciliation:
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
