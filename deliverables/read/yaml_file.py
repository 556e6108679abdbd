"""A YAML file as a tree of text with places, so that declared types decide what a text means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.problem import Problem, error, warning
from deliverables.read.files import contents
from deliverables.read.wording import quoted
from deliverables.source import Line


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single text; None where nothing or null is written, `quoted` if it stood in quotes."""

    text: str | None
    quoted: bool
    source: Line


@dataclass(frozen=True, slots=True)
class Block:
    """Keys and what stands under them, in the order of the file."""

    entries: tuple[tuple[Scalar, Node], ...]
    source: Line


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    source: Line


Node = Scalar | Block | Items


def value_at(node: Node | None, *keys: str) -> Node | None:
    """Return what stands under the keys, one below the other; None where nothing does."""
    for wanted in keys:
        entries = node.entries if isinstance(node, Block) else ()
        node = next((value for key, value in entries if key.text == wanted), None)
    return node


_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_CORE_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
)


def read_yaml(path: Path, problems: list[Problem]) -> Node | None:
    """Return the tree of the file, None with its problems if it is not sound YAML."""
    data = contents(path, problems)
    if data is None:
        return None
    return parse_yaml(data, path.as_posix(), problems)


def parse_yaml(data: bytes, file: str, problems: list[Problem]) -> Node | None:
    """Return the tree of YAML bytes; `file` names them in problems."""
    text = _decoded(data, file, problems)
    if text is None:
        return None
    tree = _composed(text, file, problems)
    if tree is None:
        return None
    before = len(problems)
    node = _Planter(file, problems).node(tree)
    return node if len(problems) == before else None


def _decoded(data: bytes, file: str, problems: list[Problem]) -> str | None:
    if data.startswith(_BYTE_ORDER_MARK):
        data = data.removeprefix(_BYTE_ORDER_MARK)
        problems.append(
            warning(
                "byte-order-mark",
                Line(file, 1, 1),
                say("the file starts with a byte order mark"),
                say("save it as UTF-8 without BOM"),
            )
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        before, found = data[: fault.start], f"0x{data[fault.start]:02X}"
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        problems.append(
            error(
                "not-utf8",
                Line(file, before.count(b"\n") + 1, column),
                say("expected UTF-8 text, found the byte {byte}", byte=found),
                say("save the file as UTF-8; editors on Windows may have saved it as GBK (ANSI)"),
            )
        )
        return None


class _AliasError(ComposerError):
    """An alias stands where a value belongs."""


class _ComposerWithoutAliases(Composer):
    """Stops at the first alias, before a tree of aliases can grow."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.parser.check_event(AliasEvent):
            raise _AliasError(problem_mark=self.parser.peek_event().start_mark)
        return super().compose_node(parent, index)


def _composed(text: str, file: str, problems: list[Problem]) -> Any:
    yaml = YAML(typ="rt", pure=True)
    yaml.Composer = _ComposerWithoutAliases
    try:
        tree = yaml.compose(text)
    except _AliasError as fault:
        problems.append(
            error(
                "yaml-alias",
                _place(file, fault),
                say("an alias (*) stands where a value belongs"),
                say("write the value itself; anchors and aliases are not used here"),
            )
        )
    except ReaderError as fault:
        before = text[: fault.position]
        place = Line(file, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
        problems.append(_syntax(place, say("a control character that YAML does not allow")))
    except MarkedYAMLError as fault:
        problems.append(_syntax(_place(file, fault), _explained(fault)))
    except (YAMLError, RecursionError):
        problems.append(_syntax(Line(file), say("the file cannot be parsed as YAML")))
    else:
        if tree is None:
            problems.append(_syntax(Line(file, 1, 1), say("the file holds comments only, no data")))
        return tree
    return None


def _place(file: str, fault: MarkedYAMLError) -> Line:
    mark = fault.problem_mark or fault.context_mark
    return Line(file, mark.line + 1, mark.column + 1) if mark else Line(file)


_FAULTS = (
    ("'\\t'", say("a tab character; YAML is indented with spaces")),
    ("mapping values", say("a colon where none may stand: text with a colon belongs in quotes")),
    ("sequence entries", say("a dash where no list entry may stand")),
    ("expected ':'", say("a key without a colon behind it")),
    ("<block end>", say("a line that is indented like none of the lines above it")),
    ("start any token", say("a character that cannot begin a value: it belongs in quotes")),
    ("unexpected end of stream", say("a quotation mark that is never closed")),
    ("escape", say("a backslash between double quotes: write single quotes instead")),
    ("expected ','", say("a bracket that is never closed, or a comma that is missing")),
    ("another document", say("a second document (---), where one is read")),
)
"""What a person can mend, by the words of the parser, which speaks English only."""


def _explained(fault: MarkedYAMLError) -> Message:
    words = str(fault.problem)
    known = (message for sign, message in _FAULTS if sign in words)
    return next(known, say("something here is no YAML"))


def _syntax(place: Line, message: Message) -> Problem:
    fix = say("correct this place or the line above it; compare it with a file that works")
    return error("yaml-syntax", place, message, fix)


class _Planter:
    """Turns ruamel's nodes into ours, refusing what would let one text mean two things."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self._file = file
        self._problems = problems

    def node(self, found: Any) -> Node:
        place = Line(self._file, found.start_mark.line + 1, found.start_mark.column + 1)
        if str(found.tag) not in _CORE_TAGS:
            self._problems.append(_syntax(place, say("a tag (!) that has no meaning here")))
        if isinstance(found, MappingNode):
            return self._block(found, place)
        if isinstance(found, SequenceNode):
            return Items(tuple(self.node(item) for item in found.value), place)
        return self._scalar(found, place)

    def _scalar(self, found: ScalarNode, place: Line) -> Scalar:
        is_quoted = found.style is not None
        empty = not is_quoted and found.value in _NULLS
        return Scalar(None if empty else found.value, is_quoted, place)

    def _block(self, found: MappingNode, place: Line) -> Block:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key_node, value_node in found.value:
            key, value = self.node(key_node), self.node(value_node)
            if not isinstance(key, Scalar) or key.text is None:
                self._problems.append(_syntax(key.source, say("a key that is not a plain word")))
            elif key.text in entries:
                self._problems.append(_duplicate(key, entries[key.text][0]))
            else:
                entries[key.text] = (key, value)
        return Block(tuple(entries.values()), place)


def _duplicate(key: Scalar, first: Scalar) -> Problem:
    return error(
        "yaml-duplicate-key",
        key.source,
        say("the key {key} is written twice, first in line {line}", key=quoted(key.text),
            line=first.source.line),
        say("keep one of the two"),
    )  # fmt: skip
