"""Amounts of money as figures: computed, added up, and in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from deliverables.capitals import write_payment_capitals
from deliverables.compute.figures import Inputs, R, Rows
from deliverables.figure import Derivation, Figure
from deliverables.money import format_yuan

NOTHING = Decimal("0.00")


def yuan(name: str, amount: Decimal, rule: str, article: str, inputs: Inputs) -> Figure[Decimal]:
    """Return a computed amount as a figure that prints 1,957,783.48."""
    return Figure(name, amount, format_yuan(amount), Derivation(rule, article, inputs))


def in_words(amount: Figure[Decimal]) -> Figure[str]:
    """Return an amount to be paid in words with 人民币 before them, as a letter prints it.

    Raises CapitalsError, a ValueError, for an amount that nobody can be asked to pay: nothing.
    """
    words = f"人民币{write_payment_capitals(amount.value)}"
    return Figure(f"{amount.name}大写", words, words, Derivation("大写金额", "", (amount,)))


def rows_added(
    name: str, every: Rows[R], rows: Sequence[R], column: str, *chosen_by: str
) -> Figure[Decimal]:
    """Return the sum of a column over some of the rows, chosen by what other columns say."""
    total = sum((getattr(row, column) for row in rows), NOTHING)
    origin = every.origin("逐笔相加", rows, *chosen_by, column)
    return Figure(name, total, format_yuan(total), origin)


def instalments_added(name: str, parts: Sequence[Figure[Decimal]]) -> Figure[Decimal]:
    """Return the sum of what every instalment comes to."""
    total = sum((part.value for part in parts), NOTHING)
    return yuan(name, total, "各期相加", "", tuple(parts))
