"""The program of a story: text and operations as plain data, and the Python made of them.

A program is kept on disk as JSON. Nothing in it is run as it stands: the Python is written here,
from operations known here, and holds neither a text nor a name of the template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from deliverables.render.marks import MANY

BEFORE, AFTER = "\x02", "\x01"
"""Behind the end of a run, and before the start of one, that goes if it is empty."""

Op: TypeAlias = "list[Any]"
"""An operation and what it needs: ["if", condition], ["chart", value] …"""

Run: TypeAlias = "Callable[[Any, Any], None]"
"""What a program becomes: it takes a context and the sheet that it writes on."""

_NAME: Final = re.compile(r"(?!.*__)[^\W\d_]\w*\Z")
_COMPARED: Final = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}
_LOOP: Final = {
    "index": "i{0} + 1",
    "index0": "i{0}",
    "revindex": "n{0} - i{0}",
    "revindex0": "n{0} - i{0} - 1",
    "length": "n{0}",
    "first": "i{0} == 0",
    "last": "i{0} == n{0} - 1",
}
_PIECES: Final = {"drawing_id", "control_id", "caption_prefix", "caption_field", "caption_number"}
"""Operations that give bytes and need nothing."""

_ACTS: Final = {"heading_end", "watch", "section", "head", "tail", "cell", "apart", "text_end"}
"""Operations that write on the sheet by themselves and need nothing."""


@dataclass(frozen=True, slots=True)
class Program:
    """The program of one story; `hollow` names elements that may turn out empty."""

    stream: list[str | Op]
    hollow: list[str]

    @property
    def is_text(self) -> bool:
        """Whether every document has the same here."""
        return all(isinstance(piece, str) for piece in self.stream)

    def text(self) -> str:
        """Return what every document has here."""
        return "".join(piece for piece in self.stream if isinstance(piece, str))

    def lists_headings(self) -> bool:
        """Return whether the story has contents."""
        return any(piece[0] == "contents" for piece in self.stream if not isinstance(piece, str))

    def compiled(self) -> Run:
        """Return the program as a function."""
        writer = _Writer()
        source = "\n".join(writer.lines(self.stream))
        names: dict[str, Any] = {**writer.constants, "MANY": MANY}
        exec(compile(source, "<template>", "exec"), names)  # noqa: S102  # written above, whole
        run: Run = names["run"]
        return run


class _Writer:
    """Writes Python line by line; pieces that follow one another are handed over together."""

    def __init__(self) -> None:
        self.constants: dict[str, Any] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._pieces: list[str] = []
        self._depth = 1

    def lines(self, stream: list[str | Op]) -> Iterator[str]:
        yield "def run(c, s):"
        for name in (*_METHODS, "extend"):
            yield f" {name} = s.{name}"
        for piece in stream:
            if isinstance(piece, str):
                self._pieces.append(self._constant(piece))
            elif inline := self._inline(piece):
                self._pieces.append(inline)
            else:
                yield from self._flushed()
                yield from self._statement(piece)
        yield from self._flushed()

    def _flushed(self) -> Iterator[str]:
        if self._pieces:
            yield self._line(f"extend(({', '.join(self._pieces)},))")
            self._pieces.clear()

    def _line(self, words: str) -> str:
        return " " * self._depth + words

    def _constant(self, text: str, kind: str = "b") -> str:
        """Return the name of a constant: bytes of the document, or a str (`kind` k)."""
        name = self._names.setdefault((kind, text), f"{kind}_{len(self._names)}")
        self.constants[name] = text.encode() if kind == "b" else text
        return name

    def _inline(self, op: Op) -> str:
        """Return an operation that only gives bytes as an expression; of others nothing."""
        match op:
            case ["number", value]:
                return f"number({self._value(value)})"
            case ["text", value, where]:
                return f"{_where('text', where)}({self._value(value)})"
            case ["figure", value, where]:
                return f"{_where('figure', where)}({self._value(value)}, {self._key(value)})"
            case ["bookmark", int(place), str(name)]:
                return f"bookmark({place}, {self._constant(name, 'k')})"
            case ["bookmark_end", int(place)]:
                return f"bookmark_end({place})"
            case [kind] if kind in _PIECES:
                return f"{kind}()"
        return ""

    def _statement(self, op: Op) -> Iterator[str]:
        match op:
            case ["if", test]:
                yield self._line(f"if {self._value(test)}:")
                yield from self._opened()
            case ["elif", test]:
                self._depth -= 1
                yield self._line(f"elif {self._value(test)}:")
                yield from self._opened()
            case ["else"]:
                self._depth -= 1
                yield self._line("else:")
                yield from self._opened()
            case ["endif"] | ["endfor"]:
                self._depth -= 1
            case ["for", int(item), rows, bool(of_figures)]:
                yield from self._loop(item, rows, of_figures=of_figures)
            case ["mark", value, where, opening, lead, trail]:
                constants = ", ".join(map(self._constant, (opening, lead, trail)))
                mark = "mark" if _is_sure(lead, trail) else "unsure_mark"
                yield self._line(f"{mark}({self._figure(value, where)}, {constants})")
            case ["row_mark", value, where, opening, start, end, lead, trail]:
                constants = ", ".join(map(self._constant, (opening, start, end, lead, trail)))
                figure, row = self._figure(value, where), self._row(value)
                mark = "row_mark" if _is_sure(lead, trail) else "unsure_row_mark"
                yield self._line(f"{mark}({figure}, {row}, {constants})")
            case ["chart", value]:
                yield self._line(f"chart({self._value(value)})")
            case ["heading", int(level), bool(numbered)]:
                yield self._line(f"heading({level}, {numbered})")
            case ["caption" | "reference" | "watched" as kind, str(name)]:
                yield self._line(f"{kind}({self._constant(name, 'k')})")
            case ["contents", str(instruction), [str(first), str(second)]]:
                words = ", ".join(self._constant(text, "k") for text in (instruction, first, second))
                yield self._line(f"contents({words})")
            case [kind] if kind in _ACTS:
                yield self._line(f"{kind}()")
            case _:
                raise ValueError(f"no such operation: {op}")

    def _opened(self) -> Iterator[str]:
        self._depth += 1
        yield self._line("pass")

    def _loop(self, item: int, rows: list[Any], *, of_figures: bool) -> Iterator[str]:
        yield self._line(f"t{item} = {self._value(rows)}")
        yield self._line(f"n{item} = length(t{item})")
        yield self._line(f"p{item} = {self._key(rows)}")
        yield self._line(f"for i{item}, v{item} in enumerate(t{item}):")
        self._depth += 1
        yield self._line(f"k{item} = f'{{p{item}}}[{{i{item}}}]'")
        row = self._row(rows) if of_figures else f"k{item} if n{item} > MANY else ''"
        yield self._line(f"r{item} = {row}")

    def _value(self, value: list[Any]) -> str:
        """Return an expression of the template as one of Python."""
        match value:
            case ["field", ["context"], str(name)] if _NAME.match(name):
                return f"c.{name}"
            case ["field", owner, str(name)] if _NAME.match(name):
                return f"{self._value(owner)}.{name}"
            case ["item", int(item)]:
                return f"v{item}"
            case ["loop", int(item), str(name)]:
                return f"({_LOOP[name].format(item)})"
            case ["text", inner]:
                return f"{self._value(inner)}.text"
            case ["constant", str(text)]:
                return self._constant(text, "k")
            case ["constant", bool() | int() as number]:
                return repr(number)
            case ["not", inner]:
                return f"(not {self._value(inner)})"
            case ["and" | "or" as joint, left, right]:
                return f"({self._value(left)} {joint} {self._value(right)})"
            case ["compare", str(operator), left, right]:
                return f"({self._value(left)} {_COMPARED[operator]} {self._value(right)})"
            case ["length", inner]:
                return f"len({self._value(inner)})"
        raise ValueError(f"no such expression: {value}")

    def _figure(self, value: list[Any], where: str) -> str:
        """Return a figure, its key and its text as the first arguments of a mark."""
        figure, key = self._value(value), self._key(value)
        return f"{figure}, {key}, {_where('figure', where)}({figure}, {key})"

    def _key(self, value: list[Any]) -> str:
        """Return the path of a value in the context: a constant, or the row's and the rest."""
        names: list[str] = []
        while value[0] == "field":
            value, name = value[1], value[2]
            names.insert(0, name)
        if value[0] == "context":
            return self._constant(".".join(names), "k")
        rest = "".join(f".{name}" for name in names)
        return f"k{int(value[1])}" + (f" + {self._constant(rest, 'k')}" if rest else "")

    @staticmethod
    def _row(value: list[Any]) -> str:
        while value[0] == "field":
            value = value[1]
        return "''" if value[0] == "context" else f"r{int(value[1])}"


def _is_sure(lead: str, trail: str) -> bool:
    return BEFORE not in lead and AFTER not in trail


def _where(kind: str, where: str) -> str:
    name = f"{kind}_in_{where}"
    if name not in _METHODS:
        raise ValueError(f"no such operation: {name}")
    return name


_METHODS: Final = (
    "number",
    *(f"{kind}_in_{where}" for kind in ("text", "figure") for where in ("run", "boxed", "text", "attribute")),
    "mark",
    "row_mark",
    "unsure_mark",
    "unsure_row_mark",
    "chart",
    "heading",
    "caption",
    "reference",
    "watched",
    "contents",
    "bookmark",
    "bookmark_end",
    "length",
    *sorted(_PIECES),
    *sorted(_ACTS),
)
