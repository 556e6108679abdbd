"""The types a cell or a YAML scalar may have: how each is read, printed and shown in Excel."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any, TypeVar

from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.money import MoneyError, format_yuan, parse_yuan

Raw = str | int | float | bool | date | datetime | time | timedelta | None


class NotOfTypeError(ValueError):
    """A raw value that is not of its type; `message` says what was expected and found."""

    def __init__(self, expected: Message, raw: object, fix: Message | None = None) -> None:
        super().__init__(str(expected))
        self.expected = expected
        self.found = raw
        self.fix = fix


@dataclass(frozen=True, slots=True)
class ValueType:
    """One kind of value: its name for the reader, its parser, its printer, its Excel format."""

    name: str
    parse: Callable[[Raw], Any]
    show: Callable[[Any], str]
    excel_format: str = "General"
    choices: tuple[str, ...] = ()
    example: str = ""

    @property
    def form(self) -> str:
        """How a value is written, for whoever fills it in."""
        if self.choices:
            return f"填{'、'.join(self.choices)}之一"
        return f"{self.name}，如 {self.example}" if self.example else self.name


def _stripped(raw: object) -> str:
    return str(raw).strip().translate(_HALF_WIDTH)


_HALF_WIDTH = str.maketrans("０１２３４５６７８９．－：／％，　", "0123456789.-:/%, ")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBERED = re.compile(r"[0-9A-Z()（）+*/]+")
_WHOLE = re.compile(r"-?(0|[1-9]\d*)")
_DECIMAL = re.compile(r"-?(0|[1-9]\d{0,2}(,\d{3})+|[1-9]\d*)(\.\d+)?")
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
_MOMENT = re.compile(_DAY.pattern + r"[ T]*(?:(\d{1,2})(?::|时)(\d{2})(?:(?::|分)(\d{2})秒?)?分?)")
_MONTH = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})月?")
EXCEL_DIGITS = 15
"""Excel keeps 15 significant digits: a longer number read as a number has lost its tail."""


def _exact(raw: float) -> Decimal:
    """Return the decimal that Excel shows for a number: what the clerk typed, 15 digits."""
    if not isfinite(raw):
        raise NotOfTypeError(say("a number such as 12.5"), str(raw))
    if isinstance(raw, int) or raw.is_integer():
        return Decimal(int(raw))
    return Decimal(f"{raw:.{EXCEL_DIGITS}g}")


def _text(raw: Raw) -> str:
    if isinstance(raw, str):
        text = raw.strip()
        if not text.isprintable() and _CONTROL.search(text):
            raise NotOfTypeError(
                say("text without control characters"),
                _CONTROL.sub("?", text),
                say("type the text anew instead of pasting it"),
            )
        return text
    if isinstance(raw, bool | date | time | timedelta):
        raise NotOfTypeError(
            say("text"),
            say("what Excel takes for {found}", found=raw),
            say("format the cell as text and type it again"),
        )
    return show_plain(_exact(raw)) if isinstance(raw, int | float) else str(raw)


def _digits(raw: Raw) -> str:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        raise NotOfTypeError(
            say("digits kept as text"),
            say("a number, of which Excel keeps only {digits} digits", digits=EXCEL_DIGITS),
            say("format the cell as text and type the digits again from the original"),
        )
    text = re.sub(r"[\s-]", "", _text(raw).translate(_HALF_WIDTH)).upper()
    if re.search(r"\dE\+?\d", text):
        raise NotOfTypeError(
            say("digits kept as text"),
            say("a number that Excel has rounded"),
            say("format the cell as text and type the digits again from the original"),
        )
    if not _NUMBERED.fullmatch(text):
        raise NotOfTypeError(
            say("a number of digits or Latin letters"), say("text with other characters")
        )
    return text


def _whole(raw: Raw) -> int:
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    text = _stripped(raw)
    if isinstance(raw, str) and _WHOLE.fullmatch(text.replace(",", "")):
        return int(text.replace(",", ""))
    raise NotOfTypeError(say("a whole number such as 12"), raw)


def _decimal(raw: Raw) -> Decimal:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return _exact(raw)
    text = _stripped(raw)
    if isinstance(raw, str) and _DECIMAL.fullmatch(text):
        return Decimal(text.replace(",", ""))
    raise NotOfTypeError(say("a number such as 12.5"), raw)


def _amount(raw: Raw) -> Decimal:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        raw = show_plain(_exact(raw))
    try:
        return parse_yuan(_stripped(raw))
    except MoneyError as fault:
        raise NotOfTypeError(
            say("an amount in yuan with at most two decimals, such as 1,957,783.48"), raw
        ) from fault


def _percentage(raw: Raw) -> Decimal:
    """Read 99.95, "99.95%" as percent; a share such as 0.9995 could mean either and is refused."""
    if isinstance(raw, str) and (text := _stripped(raw)).endswith("%"):
        return _decimal(text.removesuffix("%").strip())
    value = _decimal(raw)
    if 0 < value <= 1:
        raise NotOfTypeError(
            say("a percentage such as 99.95 or 99.95%"),
            raw,
            say(
                "write {percent} if the share {found} is meant, or the text {found}% if it is not",
                percent=show_number(value * 100),
                found=show_number(value),
            ),
        )
    return value


def _ratio(raw: Raw) -> Decimal:
    """Read "40%" or 0.4 as the ratio 0.4."""
    if isinstance(raw, str) and (text := _stripped(raw)).endswith("%"):
        return _decimal(text.removesuffix("%").strip()) / 100
    value = _decimal(raw)
    if abs(value) > 1:
        raise NotOfTypeError(
            say("a ratio such as 40% or 0.4"), raw, say("write {found}%", found=show_number(value))
        )
    return value


def _day(raw: Raw) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    serial = _serial(raw)
    if serial is not None:
        return serial.date()
    match = _DAY.fullmatch(_stripped(raw)) if isinstance(raw, str) else None
    return _built(date, match, raw, say("a date such as 2026-07-30 or 2026年7月30日"))


def _moment(raw: Raw) -> datetime:
    if isinstance(raw, datetime):
        return raw.replace(microsecond=0) if raw.microsecond else raw
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day)
    expected = say("a date and time such as 2026-07-30 08:15")
    serial = _serial(raw)
    if serial is not None:
        return serial
    match = _MOMENT.fullmatch(_stripped(raw)) if isinstance(raw, str) else None
    return _built(datetime, match, raw, expected)


def _month(raw: Raw) -> date:
    if isinstance(raw, date):
        return date(raw.year, raw.month, 1)
    match = _MONTH.fullmatch(_stripped(raw)) if isinstance(raw, str) else None
    expected = say("a month such as 2026-07")
    if match is None:
        return _day(raw).replace(day=1)
    return _built(lambda year, month: date(year, month, 1), match, raw, expected)


D = TypeVar("D", bound=date)


def _built(make: Callable[..., D], match: re.Match[str] | None, raw: Raw, want: Message) -> D:
    if match is None:
        raise NotOfTypeError(want, raw)
    try:
        return make(*(int(part) for part in match.groups() if part is not None))
    except ValueError as impossible:
        raise NotOfTypeError(want, raw, say("write a day or time that exists")) from impossible


_SERIAL_EPOCH = datetime(1899, 12, 30)
_SERIALS = range(36526, 73051)
"""Excel day numbers of 2000-01-01 to 2099-12-31: a number in a date column that can be a date."""


def _serial(raw: Raw) -> datetime | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or int(raw) not in _SERIALS:
        return None
    moment = _SERIAL_EPOCH + timedelta(days=raw)
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)


def _yes(raw: Raw) -> bool:
    if isinstance(raw, bool):
        return raw
    text = _stripped(raw).lower()
    if text in ("是", "true"):
        return True
    if text in ("否", "false"):
        return False
    raise NotOfTypeError(say("是 or 否 (true or false)"), raw)


def show_day(day: date) -> str:
    """Return a date as Chinese documents print it, 2026年7月9日, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def show_moment(moment: datetime) -> str:
    """Return a moment to the minute (to the second where it has any): 2026-07-09 08:15."""
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M")


def show_number(value: Decimal | int) -> str:
    """Return a number grouped by thousands with the decimals it was given, no trailing zeros."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_plain(value: Decimal) -> str:
    """Return a number in plain digits: no exponent, no grouping, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_ratio(ratio: Decimal) -> str:
    """Return a ratio in percent without trailing zeros: 0.4 is 40%."""
    return f"{show_number(ratio * 100)}%"


TEXT = ValueType("文本", _text, str)
DIGITS = ValueType("数字文本", _digits, str, "@")
WHOLE = ValueType("整数", _whole, show_number, "#,##0")
DECIMAL = ValueType("数值", _decimal, show_number, "#,##0.##")
AMOUNT = ValueType("金额", _amount, format_yuan, "#,##0.00", example="1,234,567.80")
PERCENTAGE = ValueType(
    "百分数", _percentage, lambda value: f"{show_number(value)}%", "0.00", example="99.95"
)
RATIO = ValueType("比例", _ratio, show_ratio, "0%", example="6%")
DAY = ValueType("日期", _day, show_day, "yyyy-mm-dd", example="2026-07-30")
MOMENT = ValueType("日期时间", _moment, show_moment, "yyyy-mm-dd hh:mm", example="2026-07-30 08:15")
MONTH = ValueType(
    "月份", _month, lambda day: f"{day.year}年{day.month}月", "yyyy-mm", example="2026-07"
)
YES_NO = ValueType("是/否", _yes, lambda value: "是" if value else "否", "General", ("是", "否"))


def choice(*choices: str) -> ValueType:
    """Return the type of a value that is one of `choices`."""

    def parse(raw: Raw) -> str:
        text = raw.strip() if isinstance(raw, str) else str(raw)
        if text not in choices:
            raise NotOfTypeError(say("one of {choices}", choices=" / ".join(choices)), raw)
        return text

    return ValueType("选项", parse, str, "General", choices)
