"""Records declared once: every field has a label, a type and a hint, every value its source.

The reader, the blank workbook, its hints and the documentation all follow these declarations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, field, fields
from typing import Any, ClassVar, TypeVar, cast, get_args

from deliverables.figure import Figure
from deliverables.lazily import dataclass
from deliverables.model import values
from deliverables.model.values import ValueType
from deliverables.source import Line, Source

_DECLARATION = "declaration"
_HEADING = "heading"

UNFILLED = "【待补】"
"""Stands where a fact is not known yet, in contract.yaml as in a document."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a column or a YAML key is: label, type, unit, hint, and whether it may be empty.

    `alike` facts are usually the same in contracts of one form, like a notice period; whatever
    names a party, a person, a day, an amount or an account is not.
    """

    label: str
    type: ValueType
    unit: str = ""
    hint: str = ""
    optional: bool = False
    alike: bool = False

    @property
    def advice(self) -> str:
        """What to write, in one line: the hint, its form, and whether it may stay empty."""
        named = self.type.choices and all(one in self.hint for one in self.type.choices)
        plain = self.hint and self.type in (values.TEXT, values.DIGITS)
        form = "" if named or plain else self.type.form
        return "；".join(part for part in (self.hint, form, self.optional and "可不填") if part)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a block of contract.yaml is about, and how to fill it."""

    title: str
    hint: str = ""
    alike: bool = False


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
) -> Any:
    """Return a dataclass field that carries its declaration; optional ones default to None."""
    declaration = Declaration(label, type_, unit, hint, optional, alike)
    metadata = {_DECLARATION: declaration}
    return field(default=None, metadata=metadata) if optional else field(metadata=metadata)


def text(label: str, *, hint: str = "", optional: bool = False, alike: bool = False) -> Any:
    """Return a text field; where it is optional and empty its value is the empty string."""
    metadata = {_DECLARATION: Declaration(label, values.TEXT, "", hint, optional, alike)}
    return field(default="", metadata=metadata) if optional else field(metadata=metadata)


def block(title: str, *, hint: str = "", optional: bool = False) -> Any:
    """Return a field that holds a record of its own, under a heading; None where left out."""
    metadata = {_HEADING: Heading(title, hint)}
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
    """A row of a sheet; `evidence` names the system export or paper the row was taken from."""

    sheet: ClassVar[str] = ""
    purpose: ClassVar[str] = ""

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


def sheet(row: type[R]) -> Any:
    """Return a workbook field that holds the rows of one sheet."""
    return field(default=(), metadata={"row": row})


def sheets(workbook: type) -> dict[str, type[Row]]:
    """Return the row type of each sheet of a workbook by the name of its field."""
    return {item.name: item.metadata["row"] for item in _fields(workbook) if "row" in item.metadata}


def _fields(owner: type) -> Iterator[Field[Any]]:
    yield from fields(owner)


def has_default(item: Field[Any]) -> bool:
    """Return whether a dataclass field may be left out."""
    return item.default is not MISSING or item.default_factory is not MISSING
