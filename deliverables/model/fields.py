"""How a column or a key is declared: its label, type and hint, how it is read and printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from operator import is_
from typing import Any, ClassVar, TypeVar, cast, get_args

from deliverables.values.calendar import show_day
from deliverables.values.figure import Figure, Line, Source
from deliverables.values.limits import FIRST_DAY, LAST_DAY, LONGEST_NUMBER, LONGEST_TEXT
from deliverables.values.money import MoneyError, format_yuan, parse_yuan
from deliverables.values.problem import Message, say
from deliverables.values.time_limit import TimeLimit, parse, show

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
    """One kind of value: its name for the reader, its parser, its printer, its Excel format.

    A `plain` one needs no word on its form beside a hint; one that `is_text` keeps the width of its
    signs. The `choices` of one that is not `closed` are the usual ones: others may be typed.
    """

    name: str
    parse: Callable[[Raw], Any]
    show: Callable[[Any], str]
    excel_format: str = "General"
    choices: tuple[str, ...] = ()
    closed: bool = True
    example: str = ""
    plain: bool = False
    is_text: bool = False

    @property
    def form(self) -> str:
        """How a value is written, for whoever fills it in."""
        if self.choices:
            return f"填{'、'.join(self.choices)}{'之一' if self.closed else '等'}"
        return f"{self.name}，如 {self.example}" if self.example else self.name


def _stripped(raw: object) -> str:
    text = str(raw).strip()
    if len(text) > LONGEST_NUMBER:
        raise NotOfTypeError(
            say("at most {most} characters", most=LONGEST_NUMBER),
            say("{found} characters", found=f"{len(text):,}"),
            say("write the number or the date alone"),
        )
    return text.translate(_HALF_WIDTH)


_HALF_WIDTH = str.maketrans("０１２３４５６７８９．－：／％，　", "0123456789.-:/%, ")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBERED = re.compile(r"[0-9A-Z()（）+*/]+")
_WHOLE = re.compile(r"-?(0|[1-9]\d*)", re.ASCII)
_DECIMAL = re.compile(r"-?(0|[1-9]\d{0,2}(,\d{3})+|[1-9]\d*)(\.\d+)?", re.ASCII)
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?", re.ASCII)
_MOMENT = re.compile(
    _DAY.pattern + r"[ T]*(?:(\d{1,2})(?::|时)(\d{2})(?:(?::|分)(\d{2})(?:\.(\d{1,9}))?秒?)?分?)",
    re.ASCII,
)
_MONTH = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})月?", re.ASCII)
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
        if len(text) > LONGEST_TEXT:
            raise NotOfTypeError(
                say("a text of at most {count} characters", count=f"{LONGEST_TEXT:,}"),
                say("{found} characters", found=f"{len(text):,}"),
                say("shorten it, or write it in several paragraphs"),
            )
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
    if _NUMBERED.fullmatch(text) and len(text) > LONGEST_NUMBER:
        raise NotOfTypeError(
            say("a number of at most {most} digits or letters", most=LONGEST_NUMBER),
            say("one of {count}", count=len(text)),
        )
    if not _NUMBERED.fullmatch(text):
        raise NotOfTypeError(
            say("a number of digits or Latin letters"), say("text with other characters")
        )
    return text


def _phone(raw: Raw) -> str:
    """Read a telephone number as it is written, in half width: a hyphen parts code and number."""
    _digits(raw)
    return re.sub(r"\s", "", _text(raw).translate(_HALF_WIDTH)).upper()


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
        return sensible(raw.date())
    if isinstance(raw, date):
        return sensible(raw)
    serial = _serial(raw)
    if serial is not None:
        return serial.date()
    match = _DAY.fullmatch(_stripped(raw)) if isinstance(raw, str) else None
    return sensible(_built(_date, match, raw, say("a date such as 2026-07-30 or 2026年7月30日")))


def _date(year: str, month: str, day: str) -> date:
    return date(int(year), int(month), int(day))


def sensible(day: date, first: date = FIRST_DAY, last: date = LAST_DAY) -> date:
    """Return the day if it lies where days of its column can lie."""
    if first <= day <= last:
        return day
    raise NotOfTypeError(
        say("a day from {first} to {last}", first=first, last=last),
        day,
        say("correct the year; a number that is no date may have been formatted as one"),
    )


def _moment(raw: Raw) -> datetime:
    """Read a moment; a day without its hour is not one, however it is written."""
    expected = say("a date and time such as 2026-07-30 08:15")
    if isinstance(raw, datetime):
        moment = to_the_second(raw)
    elif isinstance(raw, str):
        match = _MOMENT.fullmatch(_stripped(raw))
        moment = to_the_second(_built(_with_fraction, match, raw, expected))
    else:
        serial = _serial(raw)
        if serial is None or isinstance(raw, int) or (isinstance(raw, float) and raw.is_integer()):
            fix = say("write the time behind the date, 00:00 if midnight is meant")
            is_day = isinstance(raw, date) or serial is not None
            found = raw if serial is None else serial.date()
            raise NotOfTypeError(expected, found, fix if is_day else None)
        moment = serial
    sensible(moment.date())
    return moment


def to_the_second(moment: datetime) -> datetime:
    """Return the nearest whole second, the later one from half a second on."""
    if not moment.microsecond:
        return moment
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)


def _with_fraction(*parts: str) -> datetime:
    year, month, day, hour, minute = map(int, parts[:5])
    second, millionths = (*parts[5:], *("0", "0"))[:2]
    return datetime(year, month, day, hour, minute, int(second), int(millionths.ljust(6, "0")[:6]))


def _month(raw: Raw) -> date:
    if isinstance(raw, date):
        return sensible(date(raw.year, raw.month, 1))
    match = _MONTH.fullmatch(_stripped(raw)) if isinstance(raw, str) else None
    expected = say("a month such as 2026-07")
    if match is None:
        return _day(raw).replace(day=1)
    return sensible(_built(_first_of_month, match, raw, expected))


def _first_of_month(year: str, month: str) -> date:
    return date(int(year), int(month), 1)


D = TypeVar("D", bound=date)


def _built(make: Callable[..., D], match: re.Match[str] | None, raw: Raw, want: Message) -> D:
    if match is None:
        raise NotOfTypeError(want, raw)
    try:
        return make(*(part for part in match.groups() if part is not None))
    except ValueError as impossible:
        raise NotOfTypeError(want, raw, say("write a day or time that exists")) from impossible


_SERIAL_EPOCH = datetime(1899, 12, 30)
_SERIALS = range(
    (datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day) - _SERIAL_EPOCH).days,
    (datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day) - _SERIAL_EPOCH).days + 1,
)
"""Excel day numbers of the days that can be meant: a number in a date column that can be a date."""


def _serial(raw: Raw) -> datetime | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not isfinite(raw):
        return None
    if int(raw) not in _SERIALS:
        return None
    return to_the_second(_SERIAL_EPOCH + timedelta(days=raw))


def _yes(raw: Raw) -> bool:
    if isinstance(raw, bool):
        return raw
    text = _stripped(raw).lower()
    if text in ("是", "true"):
        return True
    if text in ("否", "false"):
        return False
    raise NotOfTypeError(say("是 or 否 (true or false)"), raw)


def _time_limit(raw: Raw) -> TimeLimit:
    limit = parse(_text(raw).translate(_HALF_WIDTH)) if isinstance(raw, str) else None
    if limit is None:
        raise NotOfTypeError(
            say(
                "a time limit such as {examples}",
                examples="合同签订后40个工作日内 / 提前30日 / 每月25日前 / 未约定",
            ),
            raw,
            say("put an event that has no word here in “ ”: “移交完成”后5日内; words from which no "
                "day follows are written 原文“及时”"),
        )  # fmt: skip
    return limit


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


EXEMPT = "免税"
"""The rate of a sale that is exempt from VAT, as the invoice prints it; in sums it is 0."""
SEVERAL_RATES = "多种税率"
"""Stands for the rate of a contract or an invoice that has several: nothing is split by it."""


def _vat_rate(raw: Raw) -> Decimal | str:
    """Read 免税, 多种税率 or a rate; 0% is that of exports and none of these services has it."""
    if isinstance(raw, str) and _stripped(raw) in (EXEMPT, "免征增值税"):
        return Decimal(0)
    if isinstance(raw, str) and _stripped(raw) == SEVERAL_RATES:
        return SEVERAL_RATES
    rate = _ratio(raw)
    if not rate:
        raise NotOfTypeError(say("a rate such as 6%, or 免税"), raw,
                             say("a sale that is exempt is written 免税"))  # fmt: skip
    return rate


def show_rate(rate: Decimal | str) -> str:
    """Return a rate of VAT as an invoice prints it: 6%, 免税; 多种税率 is itself."""
    if isinstance(rate, str):
        return rate
    return show_ratio(rate) if rate else EXEMPT


TEXT = ValueType("文本", _text, str, is_text=True, plain=True)
DIGITS = ValueType("数字文本", _digits, str, "@", plain=True)
PHONE = replace(DIGITS, parse=_phone)
NUMBERS_AS_TEXT = (DIGITS, PHONE)
WHOLE = ValueType("整数", _whole, show_number, "#,##0")
DECIMAL = ValueType("数值", _decimal, show_number, "#,##0.##")
AMOUNT = ValueType("金额", _amount, format_yuan, "#,##0.00", example="1,234,567.80")
PERCENTAGE = ValueType(
    "百分数", _percentage, lambda value: f"{show_number(value)}%", "0.00", example="99.95"
)
RATIO = ValueType("比例", _ratio, show_ratio, "0%", example="6%")
VAT_RATE = ValueType("税率", _vat_rate, show_rate, "0%", example="6%、免税、多种税率")
DAY = ValueType("日期", _day, show_day, "yyyy-mm-dd", example="2026-07-30")
MOMENT = ValueType("日期时间", _moment, show_moment, "yyyy-mm-dd hh:mm", example="2026-07-30 08:15")
MONTH = ValueType(
    "月份", _month, lambda day: f"{day.year}年{day.month}月", "yyyy-mm", example="2026-07"
)
DATES = (DAY, MOMENT, MONTH)
TIME_LIMIT = ValueType("期限", _time_limit, show, plain=True)
YES_NO = ValueType("是/否", _yes, lambda value: "是" if value else "否", "General", ("是", "否"))


def choice(*choices: str) -> ValueType:
    """Return the type of a value that is one of `choices`."""

    def parse(raw: Raw) -> str:
        text = raw.strip() if isinstance(raw, str) else str(raw)
        if text not in choices:
            raise NotOfTypeError(say("one of {choices}", choices=" / ".join(choices)), raw)
        return text

    return ValueType("选项", parse, str, "General", choices)


_DECLARATION = "declaration"
_HEADING = "heading"

SILENT = "未约定"
"""Says in contract.yaml that the contract does not state a fact, or has no such clause."""
_IF_SILENT = f"合同没有写的写 {SILENT}"
UNFILLED = "【待补】"
"""Stands where a fact is not known yet, in contract.yaml as in a document."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a column or a YAML key is: label, type, unit, hint, and whether it may be empty.

    `alike` facts are usually the same in contracts of one form, like a notice period; whatever
    names a party, a person, a day, an amount or an account is not. `known_on` names the columns of
    the row whose day, the first that has one, makes this one known; it is then `before` until
    that day. Without any it is known as soon as the row is. A date lies `between` the two days,
    where they are given. `also` are further labels under which it may stand. Of a `silent` fact it
    must be said that the contract does not state it; `unsaid` is its value then, where documents
    tell that from a fact that nobody filled in.
    """

    label: str
    type: ValueType
    unit: str = ""
    hint: str = ""
    optional: bool = False
    alike: bool = False
    known_on: tuple[str, ...] = ()
    before: Any = None
    between: tuple[date, date] | None = None
    silent: bool = False
    also: tuple[str, ...] = ()
    unsaid: Any = None

    def parse(self, raw: Raw) -> Any:
        """Return the value a cell or a YAML text has; raises NotOfTypeError."""
        try:
            value = self.type.parse(raw)
        except NotOfTypeError as fault:
            if self.between and isinstance(fault.found, date):
                sensible(fault.found, *self.between)
            raise
        if self.between and isinstance(value, date):
            sensible(value.date() if isinstance(value, datetime) else value, *self.between)
        return value

    @property
    def silence(self) -> Any:
        """What the fact is where the contract says nothing of it."""
        return self.before if self.unsaid is None else self.unsaid

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label under which it may stand."""
        return (self.label, *self.also)

    @property
    def advice(self) -> str:
        """What to write, in one line: the hint, its form, and whether it may stay empty."""
        named = self.type.choices and all(one in self.hint for one in self.type.choices)
        form = "" if named or (self.hint and self.type.plain) else self.type.form
        may = (self.optional and "可不填") or (
            self.silent and SILENT not in self.hint and _IF_SILENT
        )
        return "；".join(part for part in (self.hint, form, may) if part)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a block of contract.yaml is about, and how to fill it."""

    title: str
    hint: str = ""
    alike: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact the contract lacks; `reason` says so and whom to ask. Prints as 【待补】."""

    reason: str

    def __str__(self) -> str:
        return UNFILLED


def declared(
    label: str,
    type_: ValueType,
    *,
    unit: str = "",
    hint: str = "",
    optional: bool = False,
    alike: bool = False,
    known_on: tuple[str, ...] = (),
    before: Any = None,
    between: tuple[date, date] | None = None,
    also: tuple[str, ...] = (),
    silent: bool = False,
    unsaid: Any = None,
) -> Any:
    """Return a dataclass field that carries its declaration; optional ones default to `before`."""
    declaration = Declaration(
        label,
        type_,
        unit,
        hint,
        optional,
        alike,
        known_on,
        before,
        between,
        silent,
        also,
        unsaid,
    )
    metadata = {_DECLARATION: declaration}
    return field(default=before, metadata=metadata) if optional else field(metadata=metadata)


def text(
    label: str,
    *,
    hint: str = "",
    optional: bool = False,
    alike: bool = False,
    known_on: tuple[str, ...] = (),
    silent: bool = False,
) -> Any:
    """Return a text field; where it is empty, or the contract silent, its value is ""."""
    declaration = Declaration(
        label, TEXT, "", hint, optional, alike, known_on, "", None, silent
    )  # fmt: skip
    metadata = {_DECLARATION: declaration}
    return field(default="", metadata=metadata) if optional else field(metadata=metadata)


def texts(label: str, *, hint: str = "") -> Any:
    """Return a field of several texts, which may be left out; one alone needs no dash."""
    metadata = {_DECLARATION: Declaration(label, TEXT, "", hint, optional=True)}
    return field(default=(), metadata=metadata)


def block(title: str, *, hint: str = "", optional: bool = False, silent: bool = False) -> Any:
    """Return a field that holds a record of its own, under a heading; None where left out.

    A `silent` one cannot be left out: where the contract has no such clause, 未约定 is written.
    """
    hint = "；".join(
        part for part in (hint, silent and f"合同没有这一条的，整块写成 {SILENT}") if part
    )
    metadata = {_HEADING: Heading(title, hint, silent=silent)}
    return field(default=None, metadata=metadata) if optional else field(metadata=metadata)


def several(
    record: type, title: str, *, hint: str = "", optional: bool = False, alike: bool = False
) -> Any:
    """Return a field that holds any number of records of one type, under a heading."""
    metadata = {"records": record, _HEADING: Heading(title, hint, alike)}
    return field(default=(), metadata=metadata) if optional else field(metadata=metadata)


def record_type(hint: Any) -> type[Record]:
    """Return the record that stands under a key, also where it may be left out (Exit | None)."""
    return cast(type[Record], next((one for one in get_args(hint) if one is not type(None)), hint))


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A group of facts read together; `places` says where each field was read."""

    places: Mapping[str, Source] = field(default_factory=dict, repr=False, compare=False)

    def place(self, name: str) -> Source:
        """Return where the field was read, or where the record stands if it was left out."""
        return self.places.get(name) or self.places.get("", Line("?"))

    def figure(self, name: str) -> Figure[Any]:
        """Return the field as a figure: its label, value, printed text and source."""
        declaration = declarations(type(self))[name]
        value = getattr(self, name)
        return Figure(declaration.label, value, shown(declaration, value), self.place(name))


def shown(declaration: Declaration, value: object) -> str:
    """Return the printed text of a value: 【待补】 if the fact is missing, — if it is empty."""
    if isinstance(value, Missing):
        return str(value)
    return "—" if value is None or value == "" else declaration.type.show(value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row(Record):
    """A row of a sheet; `evidence` names the system export or paper the row was taken from.

    `known_on` names the columns whose day, the first that has one, makes the row known; without any
    it is known from the first.
    """

    sheet: ClassVar[str] = ""
    purpose: ClassVar[str] = ""
    known_on: ClassVar[tuple[str, ...]] = ()

    evidence: str = text("数据来源", hint="取自哪个系统或文件，含取数时间", optional=True)


_READ: dict[type, Mapping[str, Declaration]] = {}


def declarations(record: type) -> Mapping[str, Declaration]:
    """Return the declared fields of a record in order; 数据来源 comes last in a row."""
    if record not in _READ:
        _READ[record] = _declared_fields(record)
    return _READ[record]


def headings(record: type) -> Mapping[str, Heading]:
    """Return the headings of the blocks of a record, by the name of their field."""
    return {
        item.name: item.metadata[_HEADING] for item in _fields(record) if _HEADING in item.metadata
    }


def _declared_fields(record: type) -> Mapping[str, Declaration]:
    found = {
        item.name: cast(Declaration, item.metadata[_DECLARATION])
        for item in _fields(record)
        if _DECLARATION in item.metadata
    }
    if "evidence" in found:
        found["evidence"] = found.pop("evidence")
    return found


R = TypeVar("R", bound=Row)
K = TypeVar("K", bound=Record)


def as_known(record: K, day: date) -> K:
    """Return a record without what became known after the day, column by column.

    The source of a row tells of it as it stands in the end, so it goes with the first such column.
    """
    later: dict[str, Any] = {
        name: declaration.before
        for name, declaration in _known_later(type(record))
        if _after(record, declaration.known_on, day)
    }
    if not later:
        return record
    if isinstance(record, Row):
        later["evidence"] = ""
    return replace(record, **later)


_LATER: dict[type, tuple[tuple[str, Declaration], ...]] = {}


def _known_later(record: type) -> tuple[tuple[str, Declaration], ...]:
    """Return the fields that may become known later than the record."""
    if record not in _LATER:
        told = declarations(record).items()
        _LATER[record] = tuple((name, one) for name, one in told if one.known_on)
    return _LATER[record]


def rows_known(rows: tuple[R, ...], day: date) -> tuple[R, ...]:
    """Return the rows that were known on the day, each as it was known; all of them if all were."""
    kind = type(rows[0]) if rows else Row
    told = {*kind.known_on}.union(*(one.known_on for _, one in _known_later(kind)))
    if not told:
        return rows
    known: list[R] = []
    for row in rows:  # of thousands most were known to the end: they are told at a glance
        if not any(_is_after(getattr(row, name), day) for name in told):
            known.append(row)
        elif not _after(row, row.known_on, day):
            known.append(as_known(row, day))
    return rows if len(known) == len(rows) and all(map(is_, known, rows)) else tuple(known)


def _is_after(known: date | None, day: date) -> bool:
    return known is not None and (known.date() if isinstance(known, datetime) else known) > day


def _after(record: Record, columns: tuple[str, ...], day: date) -> bool:
    """Return whether the first of the columns that has a day has one after `day`."""
    days = (getattr(record, name) for name in columns)
    return _is_after(next((each for each in days if each is not None), None), day)


def sheet(row: type[R]) -> Any:
    """Return a workbook field that holds the rows of one sheet."""
    return field(default=(), metadata={"row": row})


_SHEETS: dict[type, Mapping[str, type[Row]]] = {}


def sheets(workbook: type) -> Mapping[str, type[Row]]:
    """Return the row type of each sheet of a workbook by the name of its field."""
    if workbook not in _SHEETS:
        _SHEETS[workbook] = {
            item.name: item.metadata["row"] for item in _fields(workbook) if "row" in item.metadata
        }
    return _SHEETS[workbook]


def _fields(owner: type) -> Iterator[Field[Any]]:
    yield from fields(owner)


def stated_fields(record: type) -> tuple[Field[Any], ...]:
    """Return the fields that a file states: those that are declared, and blocks."""
    return tuple(item for item in _fields(record) if item.metadata)


def has_default(item: Field[Any]) -> bool:
    """Return whether a dataclass field may be left out."""
    return item.default is not MISSING or item.default_factory is not MISSING
