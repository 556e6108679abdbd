"""Writes the Python of a program, from operations known here and nothing else.

A program comes from a file. Its texts become constants and its names must be fields of a context,
so none of it can be run: whatever the file holds, it can only say what a template could.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from deliverables.render.compiled.program import AFTER, BEFORE, Op, Program
from deliverables.render.marks import MANY

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
_PIECES: Final = ("drawing_id", "control_id", "caption_prefix", "caption_field", "caption_number")
"""Operations that give bytes and need nothing."""

_ACTS: Final = ("heading_end", "watch", "section", "head", "tail", "text_end", "cell", "apart")
"""Operations that write on the sheet by themselves and need nothing."""

_NAMED: Final = ("caption", "reference", "watched")
"""Operations that need a name."""

_PLACES: Final = ("run", "boxed", "text", "attribute")
_METHODS: Final = (
    *_PIECES,
    *_ACTS,
    *_NAMED,
    *(f"{kind}_in_{place}" for kind in ("text", "figure") for place in _PLACES),
    *("mark", "row_mark", "unsure_mark", "unsure_row_mark", "number", "length"),
    *(
        "chart",
        "picture",
        "rich_text",
        "heading",
        "title",
        "contents",
        "bookmark",
        "bookmark_end",
        "extend",
    ),
)


def function_of(program: Program) -> Run:
    """Return a program as a function."""
    writer = _Writer()
    source = _without_idle_lines("\n".join(writer.lines(program.stream)))
    names: dict[str, Any] = {**writer.constants, "MANY": MANY}
    exec(compile(source, "<template>", "exec"), names)  # noqa: S102  # written below, whole
    run: Run = names["run"]
    return run


def _without_idle_lines(source: str) -> str:
    """Return the source without the paths of rows in which no figure is printed."""
    used = set(re.findall(r"\b[kr]\d+\b(?! = )", source))
    return re.sub(r"\n *([kr]\d+) = .*", lambda line: line[0] if line[1] in used else "", source)


class _Writer:
    """Writes line by line; pieces that follow one another are handed over together."""

    def __init__(self) -> None:
        self.constants: dict[str, Any] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._pieces: list[str] = []
        self._depth = 1

    def lines(self, stream: list[str | Op]) -> Iterator[str]:
        yield "def run(c, s):"
        for name in _METHODS:
            yield f" {name} = s.{name}"
        for piece in stream:
            if isinstance(piece, str):
                self._pieces.append(self._constant(piece))
            elif expression := self._expression(piece):
                self._pieces.append(expression)
            else:
                yield from self._flushed()
                yield from self._control(piece) if piece[0] in _CONTROL else [self._act(piece)]
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

    def _expression(self, op: Op) -> str:
        """Return an operation that only gives bytes; of any other nothing."""
        written = ""
        match op:
            case ["number", value]:
                written = f"number({_value(self, value)})"
            case ["text", value, str(place)] if place in _PLACES:
                written = f"text_in_{place}({_value(self, value)})"
            case ["figure", value, str(place)] if place in _PLACES:
                written = f"figure_in_{place}({_value(self, value)}, {self._key(value)})"
            case ["rich_text", value]:
                written = f"rich_text({_value(self, value)})"
            case ["bookmark", int(place), str(name)]:
                written = f"bookmark({place:d}, {self._constant(name, 'k')})"
            case ["bookmark_end", int(place)]:
                written = f"bookmark_end({place:d})"
            case ["title", int(level), bool(numbered), str(markup), str(words)]:
                told = f"{self._constant(markup)}, {self._constant(words, 'k')}"
                written = f"title({level:d}, {numbered}, {told})"
            case [str(kind)] if kind in _PIECES:
                written = f"{kind}()"
        return written

    def _control(self, op: Op) -> Iterator[str]:
        match op:
            case ["if", test]:
                yield from self._opened(f"if {_value(self, test)}:")
            case ["elif", test]:
                self._depth -= 1
                yield from self._opened(f"elif {_value(self, test)}:")
            case ["else"]:
                self._depth -= 1
                yield from self._opened("else:")
            case ["endif"] | ["endfor"]:
                self._depth -= 1
            case ["for", int(item), rows, bool(of_figures)]:
                yield from self._loop(item, rows, of_figures=of_figures)
            case _:
                raise ValueError(f"no such operation: {op}")

    def _opened(self, words: str) -> Iterator[str]:
        yield self._line(words)
        self._depth += 1
        yield self._line("pass")

    def _loop(self, item: int, rows: list[Any], *, of_figures: bool) -> Iterator[str]:
        """Yield a loop: t are the rows, n how many, i the place, v the row, k its path.

        r is the path if the row is one of many. Figures in a row are cells of it, not rows.
        """
        yield self._line(f"t{item:d} = {_value(self, rows)}")
        yield self._line(f"n{item} = length(t{item})")
        yield self._line(f"p{item} = {self._key(rows)}")
        yield self._line(f"for i{item}, v{item} in enumerate(t{item}):")
        self._depth += 1
        yield self._line(f"k{item} = f'{{p{item}}}[{{i{item}}}]'")
        row = _row(rows) if of_figures else f"k{item} if n{item} > MANY else ''"
        yield self._line(f"r{item} = {row}")

    def _act(self, op: Op) -> str:
        match op:
            case ["mark", value, str(place), *constants]:
                words = f"mark({self._figure(value, place)}, {self._constants(constants)})"
            case ["row_mark", value, str(place), *constants]:
                figure = self._figure(value, place)
                words = f"row_mark({figure}, {_row(value)}, {self._constants(constants)})"
            case ["chart", value]:
                words = f"chart({_value(self, value)})"
            case ["picture", value, str(lead), str(trail)]:
                words = f"picture({_value(self, value)}, {self._constants((lead, trail))})"
            case ["heading", int(level), bool(numbered)]:
                words = f"heading({level:d}, {numbered})"
            case ["contents", str(instruction), [str(first), str(second)]]:
                words = f"contents({self._constants((instruction, first, second), 'k')})"
            case [str(kind), str(name)] if kind in _NAMED:
                words = f"{kind}({self._constant(name, 'k')})"
            case [str(kind)] if kind in _ACTS:
                words = f"{kind}()"
            case _:
                raise ValueError(f"no such operation: {op}")
        sure = not any(sign in text for text in op if isinstance(text, str) for sign in _SIGNS)
        return self._line(words if sure else f"unsure_{words}")

    def _constants(self, texts: Any, kind: str = "b") -> str:
        return ", ".join(self._constant(text, kind) for text in texts)

    def _figure(self, value: list[Any], place: str) -> str:
        """Return a figure, its key and its text: the first arguments of a mark."""
        if place not in _PLACES:
            raise ValueError(f"no such place: {place}")
        figure, key = _value(self, value), self._key(value)
        return f"{figure}, {key}, figure_in_{place}({figure}, {key})"

    def _key(self, value: list[Any]) -> str:
        """Return the path of a value in the context: a constant, or the row's and the rest."""
        root, names = _path(value)
        if root[0] == "context":
            return self._constant(".".join(names), "k")
        rest = "".join(f".{name}" for name in names)
        return f"k{int(root[1])}" + (f" + {self._constant(rest, 'k')}" if rest else "")

    def constant(self, text: str) -> str:
        """Return the name of a text that a condition compares with."""
        return self._constant(text, "k")


_SIGNS: Final = (BEFORE, AFTER)
_CONTROL: Final = ("if", "elif", "else", "endif", "for", "endfor")


def _value(writer: _Writer, value: list[Any]) -> str:
    """Return an expression of the template as one of Python."""
    match value:
        case ["field" | "item" | "loop" | "text", *_]:
            return _named(value)
        case ["constant", str(text)]:
            return writer.constant(text)
        case ["constant", bool() | int() as number]:
            return repr(number)
        case ["not" | "length" as kind, inner]:
            return f"({'not ' if kind == 'not' else 'len'}({_value(writer, inner)}))"
        case ["and" | "or" as joint, left, right]:
            return f"({_value(writer, left)} {joint} {_value(writer, right)})"
        case ["compare", str(operator), left, right]:
            return f"({_value(writer, left)} {_COMPARED[operator]} {_value(writer, right)})"
    raise ValueError(f"no such expression: {value}")


def _named(value: list[Any]) -> str:
    """Return a field of the context or of a row, a figure's text, or what a loop counts."""
    match value:
        case ["field", ["context"], str(name)] if _NAME.match(name):
            return f"c.{name}"
        case ["field", owner, str(name)] if _NAME.match(name):
            return f"{_named(owner)}.{name}"
        case ["text", inner]:
            return f"{_named(inner)}.text"
        case ["item", int(item)]:
            return f"v{item:d}"
        case ["loop", int(item), str(name)]:
            return f"({_LOOP[name].format(item)})"
    raise ValueError(f"no such name: {value}")


def _path(value: list[Any]) -> tuple[list[Any], list[str]]:
    names: list[str] = []
    while value[0] == "field":
        _, value, name = value
        names.insert(0, name)
    return value, names


def _row(value: list[Any]) -> str:
    root, _ = _path(value)
    return "''" if root[0] == "context" else f"r{int(root[1])}"
