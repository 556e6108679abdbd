"""The mapping file of an import: which column of an export fills which column of ours, and how."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deliverables.model.fields import DAY, MOMENT, MONTH, Declaration, Row, declarations, sheets
from deliverables.model.ledger_sheets import Invoice, Ledger, Payment
from deliverables.model.operations_sheets import Operations
from deliverables.model.rules import rules_of
from deliverables.read.characters import nearest, plain, quoted
from deliverables.read.tree import Items, KeyBlock, Node, Scalar
from deliverables.read.yaml import read_yaml
from deliverables.values.figure import Line
from deliverables.values.problem import Message, Problem, Severity, listed, say

FOUND_OUT: Final[Mapping[type[Row], Mapping[str, Any]]] = {
    Payment: {"instalment": 0},
    Invoice: {"instalment": 0, "type": "", "rate": Decimal(0)},
}
"""The sheets of the ledger that exports are taken into, by no quarter but by what they are for.

Of each the columns that the export need not have, with what stands in them until it is found out.
"""

EPOCHS: Mapping[str, int] = {"epoch": 1, "epoch-ms": 1000}
"""Formats of a time that is counted from 1970 in UTC, with the units that make a second."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """How one column of ours is filled: from a column of the export, or with a constant.

    `values` replaces a value by ours, `empty` lists what stands for nothing, `formats` say how a
    time is written, in `zone` where it names none, and `factor` converts a unit exactly.
    """

    name: str
    declaration: Declaration
    place: Line
    source: str | None = None
    constant: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    formats: tuple[str, ...] = ()
    zone: tzinfo | None = None
    factor: Fraction | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """Rows are taken whose value in a column of the export is, or is not, one of `values`."""

    source: str
    values: frozenset[str]
    wanted: bool
    place: Line


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportForm:
    """How the export is written, where that cannot be seen from the file itself."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportMapping:
    """A whole mapping file: the sheet, its rules, what is left out, and what names a row.

    `key` are our columns by which a row is known again, `date` the one that decides the quarter.
    What money or an invoice is for is found out by the `party`, the column of the export that names
    the other side, and by its `texts`.
    """

    row_type: type[Row]
    rules: Sequence[Rule]
    key: tuple[str, ...]
    date: str | None
    filters: Sequence[Filter] = ()
    form: ExportForm = field(default_factory=ExportForm)
    party: Scalar | None = None
    texts: Sequence[Scalar] = ()

    @property
    def found_out(self) -> Mapping[str, Any]:
        """The columns that the export need not fill, with what stands in them until then."""
        return FOUND_OUT.get(self.row_type, {})


def _sheets() -> dict[str, type[Row]]:
    """Return every sheet that exports are taken into, by its English name."""
    of_ledger = {name: one for name, one in sheets(Ledger).items() if one in FOUND_OUT}
    return {**sheets(Operations), **of_ledger}


def sheet_called(name: str) -> tuple[str, type[Row]] | None:
    """Return a sheet that exports are taken into, with its field, by either of its names."""
    for name_of_field, row_type in _sheets().items():
        if plain(name) in {plain(row_type.sheet), plain(name_of_field), plain(row_type.__name__)}:
            return name_of_field, row_type
    return None


def sheet_names() -> list[str]:
    """Return the Chinese and the English name of every sheet."""
    return [
        name
        for name_of_field, row_type in _sheets().items()
        for name in (row_type.sheet, name_of_field)
    ]  # fmt: skip


T = TypeVar("T")

_TOP = ("sheet", "file", "columns", "where", "key", "date", "match")
_MATCH = ("party", "text")
_FORM = ("encoding", "delimiter", "sheet", "header_row")
_RULE = ("from", "constant", "values", "empty", "format", "zone", "factor")
_FILTER = ("column", "is", "is_not")
_ENCODINGS = {"utf-8": "utf-8-sig", "gbk": "gb18030", "gb18030": "gb18030", "utf-16": "utf-16"}
_OFFSET = re.compile(r"(?:UTC)?([+-])(\d{1,2})(?::?(\d{2}))?")
_FACTOR = re.compile(r"\d+(?:\.\d+)?(?:/\d+(?:\.\d+)?)?")


def read_plan(path: Path, row_type: type[Row], problems: list[Problem]) -> ImportMapping | None:
    """Return what the mapping file at `path` says of a sheet, None with its problems."""
    tree = read_yaml(path, problems)
    if tree is None:
        return None
    found: list[Problem] = []
    plan = _MappingReader(row_type, found).plan(tree)
    problems.extend(found)
    return None if found else plan


class _MappingReader:
    def __init__(self, row_type: type[Row], problems: list[Problem]) -> None:
        self._row_type = row_type
        self._problems = problems
        self._declared = declarations(row_type)
        self._by_label = {plain(item.label): name for name, item in self._declared.items()}
        self._usual_key = self._usual_identity()

    def plan(self, tree: Node) -> ImportMapping:
        """Return the plan; it may be used if no problem was met."""
        top = self._block(tree, _TOP)
        self._same_sheet(top)
        rules = self._rules(tree, top)
        key = tuple(self._named(node) for node in self._list(top.get("key")))
        date = self._named(top["date"]) if "date" in top else self._usual_date()
        self._all_filled(top.get("columns", tree), rules)
        party, texts = self._match(top.get("match"))
        return ImportMapping(
            row_type=self._row_type,
            rules=rules,
            key=key or self._usual_key,
            date=date or None,
            filters=[self._filter(node) for node in self._list(top.get("where"))],
            form=self._form(top.get("file")),
            party=party,
            texts=texts,
        )

    def _match(self, node: Node | None) -> tuple[Scalar | None, tuple[Scalar, ...]]:
        """Return the columns that tell what money or an invoice is for."""
        if node is None:
            return None, ()
        if self._row_type not in FOUND_OUT:
            names = listed(row_type.sheet for row_type in FOUND_OUT)
            self._say("unknown-key", node,
                      say("the sheet {sheet} has nothing to match", sheet=self._row_type.sheet),
                      say("delete match; it is for {sheets}", sheets=names))  # fmt: skip
            return None, ()
        parts = self._block(node, _MATCH)
        party = parts.get("party")
        named = [one for one in (party, *self._list(parts.get("text"))) if one and self._text(one)]
        scalars = [one for one in named if isinstance(one, Scalar)]
        first = next((one for one in scalars if one is party), None)
        return first, tuple(one for one in scalars if one is not party)

    def _usual_identity(self) -> tuple[str, ...]:
        keys = rules_of(self._row_type).keys
        if keys:
            return keys[0]
        return tuple(name for name, item in self._declared.items() if not item.optional)

    def _usual_date(self) -> str:
        dated = (
            name
            for name, item in self._declared.items()
            if item.type in (DAY, MOMENT, MONTH) and not item.optional
        )
        return rules_of(self._row_type).happened or next(dated, "")

    def _same_sheet(self, top: Mapping[str, Node]) -> None:
        if "sheet" not in top:
            return
        name = self._text(top["sheet"])
        called = sheet_called(name)
        if name and (called is None or called[1] is not self._row_type):
            self._say(
                "wrong-type",
                top["sheet"],
                say("the mapping is for {sheet}, asked for is {asked}", sheet=quoted(name),
                    asked=self._row_type.sheet),
                say("name the right sheet or the right mapping"),
            )  # fmt: skip

    def _rules(self, tree: Node, top: Mapping[str, Node]) -> list[Rule]:
        if "columns" not in top:
            self._missing(tree, "columns")
            return []
        node = top["columns"]
        if not isinstance(node, KeyBlock):
            self._shape(node, say("keys and values, one per line"))
            return []
        rules = []
        for key, value in node.entries:
            name = self._named(key)
            if name:
                rules.append(self._rule(name, value))
        return rules

    def _rule(self, name: str, node: Node) -> Rule:
        declared = self._declared[name]
        if isinstance(node, Scalar):
            return Rule(name=name, declaration=declared, place=node.source, source=self._text(node))
        parts = self._block(node, _RULE)
        source, constant = self._optional(parts, "from"), self._optional(parts, "constant")
        if (source is None) == (constant is None):
            self._say(
                "wrong-shape",
                node,
                say("{label}: expected either from or constant", label=declared.label),
                say("name the column of the export with from, or give the value with constant"),
            )
        return Rule(
            name=name,
            declaration=declared,
            place=node.source,
            source=source,
            constant=constant,
            values=self._values(parts.get("values")),
            empty=frozenset(self._text(item) for item in self._list(parts.get("empty"))),
            formats=tuple(self._text(item) for item in self._list(parts.get("format"))),
            zone=self._parsed(parts.get("zone"), _zone, say("a time zone such as UTC, +08:00 or "
                                                           "Asia/Shanghai")),
            factor=self._parsed(parts.get("factor"), _factor, say("a factor such as 0.001 or "
                                                                 "1/3600")),
        )  # fmt: skip

    def _values(self, node: Node | None) -> dict[str, str]:
        if node is None:
            return {}
        if not isinstance(node, KeyBlock):
            self._shape(node, say("keys and values, one per line"))
            return {}
        return {plain(key.text): self._text(value) for key, value in node.entries}

    def _filter(self, node: Node) -> Filter:
        parts = self._block(node, _FILTER)
        source = self._optional(parts, "column")
        if source is None:
            self._missing(node, "column")
        if ("is" in parts) == ("is_not" in parts):
            self._say(
                "wrong-shape",
                node,
                say("expected either is or is_not"),
                say("list the values that are taken with is, or those left out with is_not"),
            )
        wanted = parts.get("is", parts.get("is_not"))
        values = frozenset(plain(self._text(item)) for item in self._list(wanted))
        return Filter(source=source or "", values=values, wanted="is" in parts, place=node.source)

    def _form(self, node: Node | None) -> ExportForm:
        parts = self._block(node, _FORM) if node is not None else {}
        row = self._parsed(parts.get("header_row"), _row, say("a row number such as 1"))
        encoding = self._parsed(
            parts.get("encoding"), lambda text: _ENCODINGS[text.lower()],
            say("one of {choices}", choices=listed(_ENCODINGS)),
        )  # fmt: skip
        return ExportForm(
            encoding=encoding,
            delimiter=self._parsed(parts.get("delimiter"), _delimiter, say("a single character")),
            sheet=self._optional(parts, "sheet"),
            header_row=row or 1,
        )

    def _all_filled(self, node: Node, rules: list[Rule]) -> None:
        filled = {rule.name for rule in rules}
        for name, item in self._declared.items():
            known = name in filled or name in FOUND_OUT.get(self._row_type, {})
            if not item.optional and not known:
                self._say(
                    "missing-key",
                    node,
                    say("{label} must be filled on the sheet {sheet} and is not mapped",
                        label=item.label, sheet=self._row_type.sheet),
                    say("add a line for {label}: the column of the export, or constant",
                        label=item.label),
                )  # fmt: skip

    def _named(self, node: Node) -> str:
        """Return the field whose column a node names, nothing with a problem if there is none."""
        label = self._text(node)
        name = self._by_label.get(plain(label), "")
        if label and not name:
            labels = [item.label for item in self._declared.values()]
            likely = nearest(label, labels)
            self._say(
                "unknown-key",
                node,
                say("the sheet {sheet} has no column {label}", sheet=self._row_type.sheet,
                    label=quoted(label)),
                say("write {likely} if that is meant", likely=likely)
                if likely
                else say("the columns are {labels}", labels=listed(labels)),
            )  # fmt: skip
        return name

    def _block(self, node: Node, known: tuple[str, ...]) -> dict[str, Node]:
        if not isinstance(node, KeyBlock):
            self._shape(node, say("keys and values, one per line"))
            return {}
        for key, _ in node.entries:
            if key.text not in known:
                likely = nearest(str(key.text), known)
                self._say(
                    "unknown-key",
                    key,
                    say("the key {path} is not known", path=quoted(key.text)),
                    say("write {likely} if that is meant, or delete it", likely=likely)
                    if likely
                    else say("delete it; the known keys are {keys}", keys=listed(known)),
                )
        return {str(key.text): value for key, value in node.entries}

    def _list(self, node: Node | None) -> tuple[Node, ...]:
        if node is None:
            return ()
        return node.items if isinstance(node, Items) else (node,)

    def _optional(self, parts: Mapping[str, Node], key: str) -> str | None:
        return self._text(parts[key]) if key in parts else None

    def _parsed(
        self, node: Node | None, parse: Callable[[str], T], expected: Message
    ) -> T | None:  # fmt: skip
        text = "" if node is None else self._text(node)
        if node is None or not text:
            return None
        try:
            return parse(text)
        except (ValueError, KeyError, ZeroDivisionError, OSError, ZoneInfoNotFoundError):
            self._say(
                "wrong-type",
                node,
                say("expected {expected}, found {found}", expected=expected, found=quoted(text)),
                say("write the value in that form"),
            )
            return None

    def _text(self, node: Node) -> str:
        if not isinstance(node, Scalar):
            self._shape(node, say("a single value"))
            return ""
        if node.text is None and not node.quoted:
            self._say("value-empty", node, say("the value is empty"), say("write the value"))
        return node.text or ""

    def _missing(self, node: Node, key: str) -> None:
        self._say("missing-key", node, say("{path} is not stated", path=key),
                  say("add the key {key}", key=key))  # fmt: skip

    def _shape(self, node: Node, expected: Message) -> None:
        self._say("wrong-shape", node, say("expected {expected}", expected=expected),
                  say("write it as the examples in docs/import.md do"))  # fmt: skip

    def _say(self, code: str, node: Node, message: Message, fix: Message) -> None:
        self._problems.append(Problem(code, Severity.ERROR, node.source, message, fix))


def _zone(text: str) -> tzinfo:
    offset = _OFFSET.fullmatch(text.strip())
    if offset is None:
        return ZoneInfo(text.strip())
    hours = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return timezone(hours if offset[1] == "+" else -hours)


def _factor(text: str) -> Fraction:
    if not _FACTOR.fullmatch(text.strip()):
        raise ValueError(text)
    above, _, below = text.strip().partition("/")
    factor = Fraction(above) / Fraction(below or 1)
    if factor == 0:
        raise ValueError(text)
    return factor


def _row(text: str) -> int:
    if int(text) < 1:
        raise ValueError(text)
    return int(text)


def _delimiter(text: str) -> str:
    character = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if len(character) != 1:
        raise ValueError(text)
    return character
