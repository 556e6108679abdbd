"""contract.yaml becomes a Contract: a tree of text with places, bound to the declared records.

Every misfit is reported at once, at its line and column.
"""

from __future__ import annotations

import re
import types
from contextlib import suppress
from dataclasses import Field
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from deliverables.model.contract import Contract, fact_missing, in_full
from deliverables.model.fields import (
    SILENT,
    TEXT,
    TIME_LIMIT,
    UNFILLED,
    Declaration,
    Missing,
    NotOfTypeError,
    Record,
    declarations,
    has_default,
    headings,
    record_type,
    stated_fields,
)
from deliverables.read.characters import is_odd, mismatch, nearest, quoted, seen
from deliverables.read.files import contents
from deliverables.read.tree import Items, KeyBlock, Node, Scalar
from deliverables.values.figure import Line, Source
from deliverables.values.limits import DEEPEST, LARGEST_YAML, LONGEST_TEXT
from deliverables.values.problem import (
    TO_FILL,
    Message,
    Problem,
    Severity,
    error,
    gap,
    listed,
    say,
    warning,
)
from deliverables.values.time_limit import UNSTATED

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
    if len(data) > LARGEST_YAML:
        problems.append(
            _too_large(
                Line(file),
                say(
                    "the file has {found} bytes, at most {most} are read",
                    found=f"{len(data):,}",
                    most=f"{LARGEST_YAML:,}",
                ),
            )
        )
        return None
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


class _TooDeepError(ComposerError):
    """Keys and lists stand in one another deeper than is read."""


class _BoundedComposer(Composer):
    """Stops at the first alias, before a tree of aliases can grow, and where it grows too deep."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        if isinstance(event, AliasEvent):
            raise _AliasError(problem_mark=event.start_mark)
        if self.depth > DEEPEST:
            raise _TooDeepError(problem_mark=event.start_mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


def _composed(text: str, file: str, problems: list[Problem]) -> Any:
    yaml = YAML(typ="rt", pure=True)
    yaml.Composer = _BoundedComposer
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
    except _TooDeepError as fault:
        problems.append(
            _too_large(
                _place(file, fault),
                say("keys and lists stand in one another more than {most} deep", most=DEEPEST),
            )
        )
    except ReaderError as fault:
        before = text[: fault.position]
        place = Line(file, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
        problems.append(_syntax(place, say("a control character that YAML does not allow")))
    except MarkedYAMLError as fault:
        problems.append(_syntax(_place(file, fault), _explained(fault)))
    except (YAMLError, RecursionError, ValueError, IndexError, AttributeError, TypeError):
        problems.append(_syntax(Line(file), say("the file cannot be parsed as YAML")))
    else:
        if tree is None:
            problems.append(_syntax(Line(file, 1, 1), say("the file holds comments only, no data")))
        return tree
    return None


def _too_large(place: Line, message: Message) -> Problem:
    return error(
        "yaml-too-large", place, message, say("restore the file from a copy, or write it anew")
    )


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


_OPENING, _CLOSING = "“”‘’„‟＂＇″", "“”‘’‟＂＇″"
_CURLY = re.compile(
    f"[{_OPENING}][^{_OPENING}{_CLOSING}]*[{_CLOSING}]?|[^{_OPENING}{_CLOSING}]*[“”‘’＂＇]",
    re.DOTALL,
)
"""A text in one pair of quotes that YAML does not know, or with only one of them at an end."""


def _curly(place: Line, text: str) -> Problem:
    return error(
        "quotes-curly",
        place,
        say("{text}: these quotation marks are no YAML and would be printed", text=quoted(text)),
        say("write straight quotes (\" or ') or none; "
            "if the marks belong to the text, put straight ones around them"),
    )  # fmt: skip


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
        if not is_quoted and _CURLY.fullmatch(found.value):
            self._problems.append(_curly(place, found.value))
        if len(found.value) > LONGEST_TEXT:
            self._problems.append(
                _too_large(
                    place,
                    say(
                        "a text of {found} characters, at most {most} are read",
                        found=f"{len(found.value):,}",
                        most=f"{LONGEST_TEXT:,}",
                    ),
                )
            )
        empty = not is_quoted and found.value in _NULLS
        return Scalar(None if empty else found.value, is_quoted, place)

    def _block(self, found: MappingNode, place: Line) -> KeyBlock:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key_node, value_node in found.value:
            key, value = self.node(key_node), self.node(value_node)
            if not isinstance(key, Scalar) or key.text is None:
                self._problems.append(_syntax(key.source, say("a key that is not a plain word")))
            elif key.text in entries:
                self._problems.append(_duplicate(key, entries[key.text][0]))
            else:
                entries[key.text] = (key, value)
        return KeyBlock(tuple(entries.values()), place)


def _duplicate(key: Scalar, first: Scalar) -> Problem:
    return error(
        "yaml-duplicate-key",
        key.source,
        say("the key {key} is written twice, first in line {line}", key=quoted(key.text),
            line=first.source.line),
        say("keep one of the two"),
    )  # fmt: skip


R = TypeVar("R", bound=Record)

_GAP_KEY = "missing"
_NOBODY_YET = "尚未填写"
_YAML_BOOLEANS = frozenset({"yes", "no", "on", "off", "true", "false"})


def bind_contract(tree: Node, problems: list[Problem]) -> Contract | None:
    """Return the contract that the tree states, None with its problems if it does not fit.

    Where a fact is still 【待补】 that no document can do without, every other gap is told too:
    the rules, which tell them otherwise, see no contract.
    """
    binder = _Binder()
    contract = binder.record(Contract, tree, "")
    problems.extend(binder.remarks)
    if contract is not None and not binder.problems:
        return in_full(contract)
    problems.extend(sorted((*binder.problems, *binder.gaps), key=_position))
    return None


def _position(problem: Problem) -> tuple[int, int]:
    place = problem.source
    return (place.line, place.column) if isinstance(place, Line) else (0, 0)


class _Unbound(Exception):  # noqa: N818 - control flow: the problem is already reported
    """A value whose problem has been reported."""


class _Binder:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.gaps: list[Problem] = []
        self.remarks: list[Problem] = []

    def record(self, kind: type[R], node: Node, path: str) -> R | None:
        """Return the record below `path`, None if any part of it did not fit."""
        if not isinstance(node, KeyBlock):
            self._wrong_shape(node, path, say("keys and values, one per line"))
            return None
        known = _known_fields(kind)
        written = {cast(str, key.text): (key, value) for key, value in node.entries}
        self._refuse_unknown(written, known, path)
        values: dict[str, Any] = {}
        places: dict[str, Source] = {"": node.source}
        sound = True
        for name, item in known.items():
            here = f"{path}.{name}" if path else name
            if name not in written:
                sound &= self._may_be_left_out(kind, item, here, node)
                continue
            places[name] = written[name][1].source
            try:
                values[name] = self._value(kind, item, written[name], here)
            except _Unbound:
                sound = False
        return kind(**values, places=places) if sound else None

    def _value(self, kind: type, item: Field[Any], entry: tuple[Scalar, Node], path: str) -> Any:
        key, node = entry
        hint = _hints(kind)[item.name]
        declaration = declarations(kind).get(item.name)
        if _is_silent(node) and _may_be_silent(kind, item):
            return declaration.silence if declaration else _unsaid(hint, node)
        if "records" in item.metadata:
            self._refuse_unfilled(node, path, headings(kind)[item.name].title, "")
            return self._records(item, node, path)
        if declaration is None:
            return self._block(kind, item, node, path)
        if isinstance(node, Scalar) and node.text is None and declaration.optional:
            return item.default
        if _allows_gap(hint) and (isinstance(node, KeyBlock) or _is_unfilled(node)):
            missing = self._gap(node, path, declaration)
            self.gaps.append(fact_missing(path, declaration, missing, node.source))
            return missing
        several = get_origin(hint) is tuple
        if not several and isinstance(node, Scalar) and node.text is None:
            raise self._empty(key, path, may_be_gap=_allows_gap(hint))
        if declaration.type is TEXT and _is_silent(node):
            raise self._silent(node, path, declaration, may_be_gap=_allows_gap(hint))
        return (self._list if several else self._scalar)(declaration, node, path)

    def _block(self, kind: type, item: Field[Any], node: Node, path: str) -> Record:
        self._refuse_unfilled(node, path, headings(kind)[item.name].title, "")
        record = self.record(record_type(_hints(kind)[item.name]), node, path)
        if record is None:
            raise _Unbound
        return record

    def _records(self, item: Field[Any], node: Node, path: str) -> tuple[Record, ...]:
        entries = self._entries(node, path, may_be_empty=has_default(item))
        kind = item.metadata["records"]
        bound = [
            self.record(kind, entry, f"{path}[{number}]") for number, entry in enumerate(entries, 1)
        ]
        if any(record is None for record in bound):
            raise _Unbound
        return tuple(record for record in bound if record is not None)

    def _list(self, declaration: Declaration, node: Node, path: str) -> tuple[Any, ...]:
        self._refuse_unfilled(node, path, declaration.label, declaration.advice)
        alone = declaration.type is TEXT and isinstance(node, Scalar) and node.text is not None
        entries = (node,) if alone else self._entries(node, path, may_be_empty=declaration.optional)
        before = len(self.problems)
        bound = []
        for number, entry in enumerate(entries, 1):
            with suppress(_Unbound):
                bound.append(self._scalar(declaration, entry, f"{path}[{number}]"))
        if len(self.problems) > before:
            raise _Unbound
        return tuple(bound)

    def _entries(self, node: Node, path: str, *, may_be_empty: bool) -> tuple[Node, ...]:
        if isinstance(node, Items) and (node.items or may_be_empty):
            return node.items
        if isinstance(node, Items) or (isinstance(node, Scalar) and node.text is None):
            if may_be_empty:
                return ()
            raise self._empty(node, path)
        raise self._wrong_shape(node, path, say("a list, each entry after a dash"))

    def _scalar(self, declared: Declaration, node: Node, path: str) -> Any:
        subject = say("{path} ({label})", path=path, label=declared.label)
        if not isinstance(node, Scalar):
            raise self._wrong_shape(node, subject, say("a single value"))
        if node.text is None or not node.text.strip():
            raise self._empty(node, subject)
        self._refuse_unfilled(node, path, declared.label, declared.advice)
        try:
            return self._parsed(declared, self._as_seen(declared, node, subject))
        except NotOfTypeError as fault:
            self.problems.append(
                error(
                    "wrong-type",
                    node.source,
                    mismatch(subject, fault),
                    fault.fix or say("write the value in that form"),
                )
            )
            raise _Unbound from fault

    def _as_seen(self, declared: Declaration, node: Scalar, subject: Message) -> Scalar:
        """Return the text as a person sees it; raises _Unbound if nobody can see all of it."""
        text = str(node.text)
        if not is_odd(text, declared.type):
            return node
        found = seen(text, declared.type, node.source, subject)
        if any(problem.severity is Severity.ERROR for problem in found.problems):
            self.problems.extend(found.problems)
            raise _Unbound
        self.remarks.extend(found.problems)
        return Scalar(found.text, node.quoted, node.source)

    def _parsed(self, declared: Declaration, node: Scalar) -> Any:
        if declared.type is TEXT and not node.quoted and str(node.text).lower() in _YAML_BOOLEANS:
            raise NotOfTypeError(
                say("text"),
                say("{word}, which YAML may read as true or false", word=node.text),
                say("write the text itself, or put it in quotes if it is meant so"),
            )
        return declared.parse(node.text)

    def _refuse_unfilled(self, node: Node, path: str, label: str, advice: str) -> None:
        """A fact that no document can do without, and that nobody has written yet."""
        if not _is_unfilled(node):
            return
        self.problems.append(
            gap(
                TO_FILL,
                node.source,
                say("{path} ({label}) is to be filled in: {advice}",
                    path=path, label=label, advice=advice.removesuffix("；可不填"))
                if advice
                else say("{path} ({label}) is to be filled in", path=path, label=label),
                say("write it in place of 【待补】"),
            )
        )  # fmt: skip
        raise _Unbound

    def _gap(self, node: Scalar | KeyBlock, path: str, declared: Declaration) -> Missing:
        if isinstance(node, Scalar):
            said = str(node.text).replace(UNFILLED, "").strip()
            return Missing(said or f"{_NOBODY_YET}（{declared.advice}）")
        keys = [key.text for key, _ in node.entries]
        if keys != [_GAP_KEY]:
            raise self._wrong_shape(node, path, say("a value, or a gap written as missing: reason"))
        reason = node.entries[0][1]
        if not isinstance(reason, Scalar) or not reason.text or not reason.text.strip():
            raise self._empty(reason, f"{path}.{_GAP_KEY}")
        return Missing(reason.text.strip())

    def _may_be_left_out(self, kind: type, item: Field[Any], path: str, node: KeyBlock) -> bool:
        if has_default(item):
            return True
        self.problems.append(
            error(
                "missing-key",
                node.source,
                say("{path} is not stated", path=path),
                say(
                    "add the key {key}, or {key}: {{missing: reason}} if nobody knows it yet",
                    key=item.name,
                )
                if _allows_gap(_hints(kind)[item.name])
                else say(
                    "add the key {key}, or {key}: {silent} if the contract does not say",
                    key=item.name,
                    silent=SILENT,
                )
                if _may_be_silent(kind, item)
                else say("add the key {key}", key=item.name),
            )
        )
        return False

    def _refuse_unknown(
        self, written: dict[str, tuple[Scalar, Node]], known: dict[str, Field[Any]], path: str
    ) -> None:
        for name, (key, _) in written.items():
            if name in known:
                continue
            here = f"{path}.{name}" if path else name
            self.problems.append(
                error(
                    "unknown-key",
                    key.source,
                    say("the key {path} is not known", path=quoted(here)),
                    _renaming(name, known),
                )
            )

    def _wrong_shape(self, node: Node, subject: str | Message, expected: Message) -> _Unbound:
        self.problems.append(
            error(
                "wrong-shape",
                node.source,
                say(
                    "{subject}: expected {expected}, found {found}",
                    subject=subject or say("the file"),
                    expected=expected,
                    found=_shape(node),
                ),
                say("write it as the contract files that work do"),
            )
        )
        return _Unbound()

    def _silent(
        self, node: Node, path: str, declared: Declaration, *, may_be_gap: bool
    ) -> _Unbound:
        """A text that no contract can leave out would print 未约定 as if it were the fact."""
        self.problems.append(
            error(
                "silent-text",
                node.source,
                say(
                    "{path} ({label}): {silent} cannot stand here, documents print the text itself",
                    path=path,
                    label=declared.label,
                    silent=SILENT,
                ),
                say("write the text, or {{missing: reason}} if nobody knows it yet")
                if may_be_gap
                else say("write the text; ask the client if the contract does not say"),
            )
        )
        return _Unbound()

    def _empty(self, node: Node, subject: str | Message, *, may_be_gap: bool = False) -> _Unbound:
        self.problems.append(
            error(
                "value-empty",
                node.source,
                say("{subject} is empty", subject=subject),
                say("write the value, or {{missing: reason}} if nobody knows it yet")
                if may_be_gap
                else say("write the value"),
            )
        )
        return _Unbound()


def _renaming(name: str, known: dict[str, Field[Any]]) -> Message:
    likely = nearest(name, known)
    if likely is None:
        return say("delete it; the known keys are {keys}", keys=listed(known))
    return say("write {likely} if that is meant, or delete it", likely=likely)


def _shape(node: Node) -> object:
    match node:
        case KeyBlock():
            return say("keys and values")
        case Items():
            return say("a list")
        case Scalar():
            return quoted(node.text)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _known_fields(kind: type) -> dict[str, Field[Any]]:
    return {item.name: item for item in stated_fields(kind)}


def _is_silent(node: Node) -> bool:
    return isinstance(node, Scalar) and node.text in (SILENT, f"合同{SILENT}")


def _may_be_silent(kind: type, item: Field[Any]) -> bool:
    """Return whether 未约定 says that the contract has no such fact or clause."""
    declaration = declarations(kind).get(item.name)
    if declaration is None:
        return headings(kind)[item.name].silent
    return (declaration.silent or declaration.optional) and declaration.type is not TIME_LIMIT


def _unsaid(hint: Any, node: Node) -> Record | None:
    """Return what stands for a clause that the contract has not: a record of which nothing is said.

    None where the model takes None for it. What documents need all the same is a gap: of invoices
    the kind, the item and its code.
    """
    kind = record_type(hint)
    if kind is not hint:
        return None
    said = {
        name: _fact_unsaid(declarations(kind).get(name), _hints(kind)[name], node)
        for name, item in _known_fields(kind).items()
        if not has_default(item)
    }
    unsaid: Record = kind(**said, places={"": node.source})
    return unsaid


def _fact_unsaid(declaration: Declaration | None, hint: Any, node: Node) -> Any:
    if declaration is None:
        return _unsaid(hint, node)
    if declaration.type is TIME_LIMIT:
        return UNSTATED
    return declaration.before if declaration.silent else Missing(f"合同{SILENT}")


def _is_unfilled(node: Node) -> TypeGuard[Scalar]:
    return isinstance(node, Scalar) and node.text is not None and UNFILLED in node.text


def _allows_gap(hint: Any) -> bool:
    return get_origin(hint) in (Union, types.UnionType) and Missing in get_args(hint)
