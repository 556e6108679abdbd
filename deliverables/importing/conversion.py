"""One cell of an export becomes a value of ours, exactly, by the parser the reader uses."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from deliverables.importing.mapping import EPOCHS, Rule
from deliverables.interval import wall_clock
from deliverables.message import say
from deliverables.model.values import (
    DECIMAL,
    EXCEL_DIGITS,
    PERCENTAGE,
    NotOfTypeError,
    Raw,
    show_plain,
)
from deliverables.read.columns import BlankError, is_blank
from deliverables.read.wording import plain

_ROUNDED = re.compile(r"\d(?:\.\d+)?[Ee]\+\d+")
_LONGEST_TEXT = 32_767
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)


def converted(rule: Rule, raw: Raw, empty: Any) -> Any:
    """Return the value that a cell becomes, `empty` where it may be and is empty.

    Raises BlankError or NotOfTypeError, whose words say what is wrong with the cell.
    """
    if is_blank(raw) or (isinstance(raw, str) and raw.strip() in rule.empty):
        if not rule.declaration.optional:
            raise BlankError
        return empty
    _refuse_what_excel_rounded(raw)
    replaced = rule.values.get(plain(_as_written(raw)))
    if replaced is not None:
        return rule.declaration.type.parse(replaced)
    if rule.formats and not isinstance(raw, datetime):
        raw = _moment(rule, _as_written(raw))
    if isinstance(raw, datetime) and rule.zone and raw.tzinfo is None:
        raw = raw.replace(tzinfo=rule.zone)
    if isinstance(raw, datetime) and raw.tzinfo is not None:
        raw = wall_clock(raw)
    if rule.factor is not None:
        raw = _times(raw, rule.factor) + ("%" if rule.declaration.type is PERCENTAGE else "")
    return _fitting(rule.declaration.type.parse(raw))


def _as_written(raw: Raw) -> str:
    """Return a cell as its export shows it: 3 for the 3.0 that a workbook holds."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return show_plain(DECIMAL.parse(raw))
    return str(raw).strip()


def _refuse_what_excel_rounded(raw: Raw) -> None:
    too_long = isinstance(raw, int | float) and abs(raw) >= 10**EXCEL_DIGITS
    if too_long or (isinstance(raw, str) and _ROUNDED.fullmatch(raw.strip())):
        raise NotOfTypeError(
            say("the number as it was exported"),
            say("a number, of which Excel keeps only {digits} digits", digits=EXCEL_DIGITS),
            say("export it anew and import that file, without opening it in Excel first"),
        )


def _moment(rule: Rule, text: str) -> datetime:
    for form in rule.formats:
        try:
            if form in EPOCHS:
                return _UNIX + timedelta(seconds=1) * int(text) / EPOCHS[form]
            return datetime.strptime(text, form)  # noqa: DTZ007  # the mapping names the zone
        except (ValueError, OverflowError):
            continue
    example = " / ".join(rule.formats)
    raise NotOfTypeError(
        say("a time in the form {format}", format=example),
        text,
        say("add its form to format in the mapping file"),
    )


def _times(raw: Raw, factor: Fraction) -> str:
    """Return the product in plain digits; one that has no end in decimals is refused."""
    product = Fraction(DECIMAL.parse(raw)) * factor
    places = _places(product.denominator)
    if places is None:
        raise NotOfTypeError(
            say("a value that can be converted exactly"),
            raw,
            say("choose another factor, or let the system export the unit of our column"),
        )
    digits = product.numerator * 10**places // product.denominator
    return show_plain(Decimal(f"{digits}E-{places}"))


def _places(denominator: int) -> int | None:
    """Return how many decimals a fraction in lowest terms takes, None if they never end."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def _fitting(value: Any) -> Any:
    """Return the value if a cell can hold all of it."""
    if isinstance(value, Decimal | int) and _significant(value) > EXCEL_DIGITS:
        raise NotOfTypeError(say("a number of at most {digits} digits", digits=EXCEL_DIGITS),
                             str(value))  # fmt: skip
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        raise NotOfTypeError(say("a text of at most {count} characters", count=_LONGEST_TEXT),
                             value)  # fmt: skip
    return value


def _significant(value: Decimal | int) -> int:
    digits = "".join(map(str, Decimal(value).as_tuple().digits))
    return len(digits.strip("0"))
