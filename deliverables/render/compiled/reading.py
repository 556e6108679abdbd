"""From Jinja's syntax tree to a stream of markup and operations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from jinja2 import nodes

from deliverables.render.compiled.holes import NotCompilableError
from deliverables.render.compiled.program import Op
from deliverables.render.compiled.shape import (
    CHART,
    FIGURE,
    NUMBER,
    PICTURE,
    RICH_TEXT,
    SUBDOCUMENT,
    TEXT,
    YES_NO,
    Shape,
)
from deliverables.render.language import Language
from deliverables.render.marker import FILTER, Marker

_LOOP: Final = {
    "index": NUMBER,
    "index0": NUMBER,
    "revindex": NUMBER,
    "revindex0": NUMBER,
    "length": NUMBER,
    "first": YES_NO,
    "last": YES_NO,
}
_PRINTED: Final = (FIGURE, TEXT, NUMBER, CHART, RICH_TEXT, PICTURE)
_INSERTS: Final = (CHART, RICH_TEXT, PICTURE, SUBDOCUMENT)
_COMPARED: Final = {"eq", "ne", "lt", "lteq", "gt", "gteq"}

Scope = Mapping[str, tuple[list[object], Shape]]
"""What the local names of a template stand for: an expression, and its shape."""


class Reader:
    """Reads the program of one part; the variables of its loops are known by number."""

    def __init__(self, shape: Mapping[str, Shape], marker: Marker, first_item: int) -> None:
        self._shape, self._marker, self.items = shape, marker, first_item

    def read(self, source: str) -> list[str | Op]:
        """Return the stream of a part's Jinja source."""
        language = Language()
        language.filters[FILTER] = self._marker.mark
        return list(self._body(language.parse(source).body, {}))

    def _body(self, body: list[nodes.Node], scope: Scope) -> Iterator[str | Op]:
        for node in body:
            match node:
                case nodes.Output():
                    for shown in node.nodes:
                        yield shown.data if isinstance(shown, nodes.TemplateData) else self._print(
                            shown, scope
                        )  # fmt: skip
                case nodes.For():
                    yield from self._loop(node, scope)
                case nodes.If():
                    yield from self._case(node, scope)
                case _:
                    raise NotCompilableError(f"a tag says {type(node).__name__}")

    def _loop(self, loop: nodes.For, scope: Scope) -> Iterator[str | Op]:
        if loop.test or loop.recursive or loop.else_ or not isinstance(loop.target, nodes.Name):
            raise NotCompilableError("a loop does more than repeat")
        rows, shape = self._value(loop.iter, scope)
        if not isinstance(shape, list):
            raise NotCompilableError("a loop over what is no tuple")
        self.items += 1
        item = self.items
        inside = {
            **scope,
            loop.target.name: (["item", item], shape[0]),
            "loop": (["loop", item], {}),
        }
        yield ["for", item, rows, shape[0] == FIGURE]
        yield from self._body(loop.body, inside)
        yield ["endfor"]

    def _case(self, case: nodes.If, scope: Scope) -> Iterator[str | Op]:
        yield ["if", self._expression(case.test, scope)]
        yield from self._body(case.body, scope)
        for other in case.elif_:
            yield ["elif", self._expression(other.test, scope)]
            yield from self._body(other.body, scope)
        if case.else_:
            yield ["else"]
            yield from self._body(case.else_, scope)
        yield ["endif"]

    def _print(self, shown: nodes.Node, scope: Scope) -> Op:
        look, in_rows = None, False
        if isinstance(shown, nodes.Filter) and shown.name == FILTER:
            assert isinstance(shown.args[0], nodes.Const)  # noqa: S101  # the marker wrote it
            site = self._marker.sites[shown.args[0].value]
            look, in_rows = site.look, site.in_rows
            assert shown.node is not None  # noqa: S101  # likewise
            shown = shown.node
        value, shape = self._shown(shown, scope)
        if shape not in _PRINTED:
            raise NotCompilableError("a tag prints what is no text")
        return ["print", shape, value, look, in_rows]

    def _shown(self, shown: nodes.Node, scope: Scope) -> tuple[list[object], Shape]:
        match shown:
            case nodes.Filter(name="length" | "count", args=[]):
                return self._expression(shown, scope), NUMBER
        return self._value(shown, scope)

    def _value(self, node: nodes.Node, scope: Scope) -> tuple[list[object], Shape]:
        """Return the expression of a name and the shape of what it stands for."""
        match node:
            case nodes.Name() if node.name in scope:
                return scope[node.name]
            case nodes.Name() if node.name in self._shape:
                return ["field", ["context"], node.name], self._shape[node.name]
            case nodes.Getattr():
                owner, shape = self._value(node.node, scope)
                if owner[0] == "loop" and node.attr in _LOOP:
                    return [*owner, node.attr], _LOOP[node.attr]
                if isinstance(shape, dict) and node.attr in shape:
                    return ["field", owner, node.attr], shape[node.attr]
        raise NotCompilableError("a tag says more than a name")

    def _expression(self, node: nodes.Node, scope: Scope) -> list[object]:
        """Return a condition, or a part of one; a figure counts as its text."""
        match node:
            case nodes.Const(value=str() | bool() | int()):
                return ["constant", node.value]
            case nodes.Not():
                return ["not", self._expression(node.node, scope)]
            case nodes.And() | nodes.Or():
                sides = (self._expression(side, scope) for side in (node.left, node.right))
                return [type(node).__name__.lower(), *sides]
            case nodes.Compare(ops=[nodes.Operand(op=operator) as other]) if operator in _COMPARED:
                sides = (self._expression(side, scope) for side in (node.expr, other.expr))
                return ["compare", operator, *sides]
            case nodes.Filter(name="length" | "count", args=[]) if node.node is not None:
                return ["length", self._expression(node.node, scope)]
        value, shape = self._value(node, scope)
        if shape in _INSERTS or isinstance(shape, dict):
            raise NotCompilableError("a condition on what is neither text nor rows")
        return ["text", value] if shape == FIGURE else value
