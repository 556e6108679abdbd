"""A printed value that knows where it comes from, down to the cell or the line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, Generic, Protocol, TypeVar, overload


@dataclass(frozen=True, slots=True)
class Line:
    """A place in a text file; line and column count from 1, 0 means the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a workbook; an empty cell means the sheet, an empty sheet the workbook."""

    file: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        if not self.sheet:
            return self.file
        return f"{self.file}[{self.sheet}]" + (f"!{self.cell}" if self.cell else "")


Source = Line | Cell


T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a value was computed: the rule in words, the article it rests on, what went in.

    `inputs` decide the value: what was added up, the rows that were counted, the month with the
    least. `among` are all the rows that were looked through to find them, theirs too; None where
    nothing was left out.
    """

    rule: str
    article: str
    inputs: Sequence[Figure[Any]] = ()
    among: Cells | None = None


Origin = Source | Derivation


@dataclass(frozen=True, slots=True)
class Figure(Generic[T_co]):
    """A value, the text a document prints for it, and its origin.

    `name` says in Chinese what the value is; `origin` is the place it was read from or the
    derivation whose inputs lead, figure by figure, to such places. A `private` one, an identity
    number, is masked wherever it is spoken of.
    """

    name: str
    value: T_co
    text: str
    origin: Origin
    private: bool = False

    def __str__(self) -> str:
        return self.text


_NONE: Final[frozenset[str]] = frozenset()


class Read(Protocol):
    """What was read field by field: a row of a sheet."""

    def figure(self, name: str) -> Figure[Any]:
        """Return a field as a figure."""

    def place(self, name: str) -> Source:
        """Return where a field was read."""


class Cells(Sequence["Figure[Any]"]):
    """Cells of some columns of some rows, row by row: figures that are made when looked at.

    A count of a thousand rows so costs no more than the rows, which are there already. `files` are
    those that the rows were looked for in, where that is known.
    """

    __slots__ = ("columns", "files", "rows")

    def __init__(self, rows: Sequence[Read], *columns: str, files: frozenset[str] = _NONE) -> None:
        self.rows, self.columns, self.files = rows, columns, files

    def __len__(self) -> int:
        return len(self.rows) * len(self.columns)

    @overload
    def __getitem__(self, at: int) -> Figure[Any]: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Figure[Any], ...]: ...

    def __getitem__(self, at: int | slice) -> Figure[Any] | tuple[Figure[Any], ...]:
        if isinstance(at, slice):
            return tuple(self)[at]
        row, column = divmod(range(len(self))[at], len(self.columns))
        return self.rows[row].figure(self.columns[column])

    def __iter__(self) -> Iterator[Figure[Any]]:
        return (row.figure(column) for row in self.rows for column in self.columns)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def places(self) -> Iterator[Source]:
        """Yield where the cells stand, without making figures of them."""
        return (row.place(column) for row in self.rows for column in self.columns)


ONE_AFTER_ANOTHER = "依次列出"
"""The rule of a statement that lists others."""


@dataclass(frozen=True, slots=True)
class Statement(Figure[str]):
    """A sentence, or part of one, that asserts something, and what it rests on.

    It is composed of figures, or a person wrote it in a cell or a line; without such an origin it
    cannot be made: ValueError. It prints as any figure does, and its value is its text.
    """

    def __post_init__(self) -> None:
        origin = self.origin
        if isinstance(origin, Derivation) and not (origin.inputs or origin.among):
            raise ValueError(f"{self.name}: a statement that rests on nothing: {self.text}")

    @classmethod
    def of(
        cls,
        name: str,
        pattern: str,
        article: str = "",
        /,
        *behind: Figure[Any],
        rule: str = "",
        **said: Figure[Any],
    ) -> Statement:
        """Return a pattern filled with figures: `of("期限", "自{start}起", "", start=signing)`.

        `behind` are figures it rests on and does not print. The rule is the pattern with the names
        of the figures, 自〈起算日〉起, if none is given.
        """
        text = pattern.format(**said)
        inputs = (*said.values(), *behind)
        rule = rule or pattern.format(**{place: f"〈{one.name}〉" for place, one in said.items()})
        return cls(name, text, text, Derivation(rule, article, inputs))

    @staticmethod
    def literal(words: str) -> str:
        """Return words from the data as a pattern has them: a brace in them is no figure."""
        return words.replace("{", "{{").replace("}", "}}")

    @classmethod
    def written(cls, figure: Figure[Any]) -> Statement:
        """Return what a person wrote, or another figure says, as a statement of its own."""
        return cls(figure.name, figure.text, figure.text, figure.origin)

    @classmethod
    def joined(cls, name: str, parts: Iterable[Figure[Any]], by: str = "") -> Statement:
        """Return the parts one after another; ValueError if there are none."""
        inputs = tuple(parts)
        text = by.join(part.text for part in inputs)
        return cls(name, text, text, Derivation(ONE_AFTER_ANOTHER, "", inputs))


def sources_in(context: object) -> set[Source]:
    """Return every place that the figures of a context lead back to."""
    return set(_places(context))


def files_in(context: object) -> set[str]:
    """Return the files that the figures of a context lead back to."""
    files: set[str] = set()
    files.update(source.file for source in _places(context, files))
    return files


def _places(context: object, files: set[str] | None = None) -> Iterator[Source]:
    """Yield every place behind the figures; where only files are asked for, put those in there."""
    seen: set[int] = set()
    left: list[Any] = [context]
    while left:
        item = left.pop()
        if isinstance(item, Figure):
            item = item.origin
        kind: Any = type(item)
        if kind is Cell or kind is Line:
            yield item
            continue
        if kind in _PLAIN or id(item) in seen:
            continue
        seen.add(id(item))
        if kind is tuple:
            left += item
        elif kind is Cells:
            if files is not None and item.files:
                files |= item.files
            else:
                yield from item.places()
        else:
            left += [getattr(item, name) for name in fields_in(kind)]


_PLAIN: Final = frozenset({str, int, bool, type(None), date, datetime, Decimal})


@cache
def fields_in(kind: Any) -> tuple[str, ...]:
    """Return the fields of a dataclass; anything else has none."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
