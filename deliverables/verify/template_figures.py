"""What a template calls for, read by code that does not render: which figures, in which order.

A renderer that leaves out a row, repeats one, or prints its neighbour's figure makes a document and
a trace that agree with each other. They do not agree with the template's own tags.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, TemplateSyntaxError, nodes

from deliverables.model.content import Insert
from deliverables.values.figure import Figure, fields_in
from deliverables.values.problem import say
from deliverables.verify.package import OpenedPackage, UnreadableDocumentError


@dataclass(frozen=True, slots=True)
class Call:
    """A tag that prints: the path of what it names, and what stands there."""

    key: str
    leaf: Any


_Scope = Mapping[str, tuple[Any, str]]
_Step = Callable[[_Scope, list[Call]], None]
_Value = Callable[[_Scope], tuple[Any, str]]


@dataclass(frozen=True, slots=True)
class Calls:
    """What the stories of a template call for, part by part."""

    parts: Mapping[str, _Step]

    def of(self, context: object) -> dict[str, list[Call]]:
        """Return what each part prints of a context, in the order of its tags."""
        scope = {name: (getattr(context, name), name) for name in _fields(context)}
        called: dict[str, list[Call]] = {}
        for part, step in self.parts.items():
            called[part] = []
            step(scope, called[part])
        return called


_CALLS: Final[dict[str, Calls]] = {}


def calls_of(template: Path, digest: str) -> Calls:
    """Return what a template calls for; it is read once while its SHA-256 is the same.

    Raises UnreadableDocumentError.
    """
    if digest not in _CALLS:
        _CALLS[digest] = _read(template)
    return _CALLS[digest]


def _read(template: Path) -> Calls:
    package = OpenedPackage.of(template)
    parts: dict[str, _Step] = {}
    for part in package.names:
        if _STORY.fullmatch(part):
            source = "".join(_tags("".join(_written(package, part))))
            if source:
                parts[part] = _compiled(part, source)
    return Calls(parts)


_STORY: Final = re.compile(r"word/(?:document|header|footer|footnotes|endnotes)\d*\.xml")
_TAG: Final = re.compile(r"\{\{(?P<said>.*?)\}\}|\{%(?P<told>.*?)%\}|\{#.*?#\}", re.DOTALL)
_PREFIX: Final = re.compile(r"^(?:-?\s?(?:p|tr|tc|r)\s(?=\s*[^\s-])|-)")
"""What docxtpl writes before a name; alone it is a name itself, `{{ p }}`."""
_ATTRIBUTE_TAGS: Final = re.compile(r"^\s*(?:colspan|cellbg)\s+(.*)$", re.DOTALL)
_MERGES: Final = re.compile(r"^\s*(?:vm|hm)\s*$")
_CURLY: Final = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})
_PARAGRAPH: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"


def _written(package: OpenedPackage, part: str) -> Iterator[str]:
    """Yield all texts of a part in the order of the XML, those of attributes too."""
    waiting = [package.xml(part)]
    while waiting:
        element = waiting.pop()
        if isinstance(element, str):
            yield element
            continue
        if not isinstance(element.tag, str):
            continue
        if element.tag == _PARAGRAPH:
            yield "\n"
        for value in element.attrib.values():
            if "{" in (said := str(value)):
                yield f"\n{said}\n"
        if element.text:
            yield element.text
        waiting.extend(reversed(list(element)))


def _tags(text: str) -> Iterator[str]:
    """Yield the tags as Jinja writes them, without what stands between them."""
    for tag in _TAG.finditer(text):
        if tag["said"] is not None:
            yield f"{{{{ {_PREFIX.sub('', tag['said']).translate(_CURLY).rstrip('-')} }}}}"
        elif tag["told"] is not None:
            told = _PREFIX.sub("", tag["told"]).translate(_CURLY).rstrip("-")
            in_attribute = _ATTRIBUTE_TAGS.match(told)
            if in_attribute:
                yield f"{{{{ {in_attribute[1]} }}}}"
            elif not _MERGES.match(told):
                yield f"{{% {told} %}}"


def _compiled(part: str, source: str) -> _Step:
    try:
        tree = Environment(autoescape=True).parse(source)
        return _steps(tree.body)
    except (TemplateSyntaxError, _UnknownError) as fault:
        reason = say("the tags of {part} cannot be read: {fault}", part=part, fault=str(fault))
        raise UnreadableDocumentError(reason) from fault


def _fields(context: object) -> tuple[str, ...]:
    kind: Any = type(context)
    return fields_in(kind)


class _UnknownError(Exception):
    """A construct that no template may use."""


def _steps(body: list[nodes.Node]) -> _Step:
    steps = [_step(node) for node in body]

    def run(scope: _Scope, out: list[Call]) -> None:
        for step in steps:
            step(scope, out)

    return steps[0] if len(steps) == 1 else run


def _step(node: nodes.Node) -> _Step:
    if isinstance(node, nodes.Output):
        values = [_value(one) for one in node.nodes if not isinstance(one, nodes.TemplateData)]
        return lambda scope, out: out.extend(Call(*value(scope)[::-1]) for value in values)
    if isinstance(node, nodes.If):
        return _choice(node)
    if isinstance(node, nodes.For):
        return _loop(node)
    raise _UnknownError(type(node).__name__)


def _choice(node: nodes.If) -> _Step:
    branches = [(_value(node.test), _steps(node.body))]
    branches += [(_value(one.test), _steps(one.body)) for one in node.elif_]
    otherwise = _steps(node.else_)

    def run(scope: _Scope, out: list[Call]) -> None:
        for test, step in branches:
            if _true(test(scope)[0]):
                step(scope, out)
                return
        otherwise(scope, out)

    return run


class _Loop:
    """What a template may ask of a loop."""

    def __init__(self, at: int, count: int) -> None:
        self.index0, self.index, self.length = at, at + 1, count
        self.first, self.last = at == 0, at == count - 1
        self.revindex, self.revindex0 = count - at, count - at - 1


def _loop(node: nodes.For) -> _Step:
    if not isinstance(node.target, nodes.Name) or node.recursive:
        raise _UnknownError("for")
    name, items, body = node.target.name, _value(node.iter), _steps(node.body)
    otherwise = _steps(node.else_)
    chosen = None if node.test is None else _value(node.test)

    def run(scope: _Scope, out: list[Call]) -> None:
        values, path = items(scope)
        rows = [(value, f"{path}[{at}]") for at, value in enumerate(values)]
        if chosen is not None:
            rows = [row for row in rows if _true(chosen({**scope, name: row})[0])]
        for at, row in enumerate(rows):
            body({**scope, name: row, "loop": (_Loop(at, len(rows)), "loop")}, out)
        if not rows:
            otherwise(scope, out)

    return run


def _value(node: nodes.Node) -> _Value:
    """Return what reads the value of an expression, with the path if it names something."""
    if isinstance(node, nodes.Name):
        name = node.name
        return lambda scope: scope[name]
    if isinstance(node, nodes.Getattr):
        return _field(_value(node.node), node.attr)
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return _item(_value(node.node), node.arg.value)
    if isinstance(node, nodes.Const):
        constant = node.value
        return lambda scope: (constant, "")
    return _judged(node)


def _judged(node: nodes.Node) -> _Value:
    if isinstance(node, nodes.Not):
        denied = _value(node.node)
        return lambda scope: (not _true(denied(scope)[0]), "")
    if isinstance(node, nodes.And | nodes.Or):
        return _both(node)
    if isinstance(node, nodes.Compare):
        return _compared(node)
    if isinstance(node, nodes.CondExpr) and node.expr2 is not None:
        test, one, other = _value(node.test), _value(node.expr1), _value(node.expr2)
        return lambda scope: one(scope) if _true(test(scope)[0]) else other(scope)
    return _counted(node)


def _counted(node: nodes.Node) -> _Value:
    if isinstance(node, nodes.Concat | nodes.Tuple | nodes.List):
        return _several(node)
    if isinstance(node, nodes.BinExpr) and type(node) in _RECKONED:
        return _reckoned(_RECKONED[type(node)], _value(node.left), _value(node.right))
    if isinstance(node, nodes.Neg):
        return _reckoned(operator.sub, lambda scope: (0, ""), _value(node.node))
    if isinstance(node, nodes.Filter) and node.name in {"length", "count"} and node.node:
        several = _value(node.node)
        return lambda scope: (len(several(scope)[0]), "")
    raise _UnknownError(type(node).__name__)


def _field(holder: _Value, name: str) -> _Value:
    def read(scope: _Scope) -> tuple[Any, str]:
        value, path = holder(scope)
        return getattr(value, name), f"{path}.{name}"

    return read


def _item(holder: _Value, number: Any) -> _Value:
    def read(scope: _Scope) -> tuple[Any, str]:
        value, path = holder(scope)
        return value[number], f"{path}[{number}]"

    return read


def _both(node: nodes.And | nodes.Or) -> _Value:
    one, other, every = _value(node.left), _value(node.right), isinstance(node, nodes.And)

    def read(scope: _Scope) -> tuple[Any, str]:
        first = one(scope)
        return other(scope) if _true(first[0]) is every else first

    return read


_RECKONED: Final[Mapping[type, Callable[[Any, Any], Any]]] = {
    nodes.Add: operator.add,
    nodes.Sub: operator.sub,
    nodes.Mul: operator.mul,
    nodes.Div: operator.truediv,
    nodes.FloorDiv: operator.floordiv,
    nodes.Mod: operator.mod,
}


def _reckoned(reckon: Callable[[Any, Any], Any], one: _Value, other: _Value) -> _Value:
    return lambda scope: (reckon(_plain(one(scope)[0]), _plain(other(scope)[0])), "")


def _several(node: nodes.Concat | nodes.Tuple | nodes.List) -> _Value:
    items = node.nodes if isinstance(node, nodes.Concat) else node.items
    values, joined = [_value(one) for one in items], isinstance(node, nodes.Concat)

    def read(scope: _Scope) -> tuple[Any, str]:
        said = [_plain(value(scope)[0]) for value in values]
        return "".join(map(str, said)) if joined else tuple(said), ""

    return read


_COMPARED: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "gteq": operator.ge,
    "lt": operator.lt,
    "lteq": operator.le,
    "in": lambda one, many: one in many,
    "notin": lambda one, many: one not in many,
}


def _compared(node: nodes.Compare) -> _Value:
    first = _value(node.expr)
    rest = [(_COMPARED[one.op], _value(one.expr)) for one in node.ops]

    def read(scope: _Scope) -> tuple[Any, str]:
        left = _plain(first(scope)[0])
        for compare, value in rest:
            right = _plain(value(scope)[0])
            if not compare(left, right):
                return False, ""
            left = right
        return True, ""

    return read


def _plain(value: Any) -> Any:
    return value.text if isinstance(value, Figure) else value


def _true(value: Any) -> bool:
    """Tell what a condition makes of a value: a figure is its text, an insert is there."""
    return bool(_plain(value)) or isinstance(value, Insert)
