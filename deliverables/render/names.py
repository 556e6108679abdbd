"""The names a template uses and the names a context offers: what each must equal of the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import get_args, get_origin, get_type_hints

from jinja2 import nodes

from deliverables.figure import Figure
from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.model.chart import Chart
from deliverables.model.picture import Picture
from deliverables.problem import Problem, error
from deliverables.render.place import Place
from deliverables.render.tag import tags_at
from deliverables.render.tags import Tags, read_tags, scope_taken, source_of


class Holds(StrEnum):
    """What a name stands for, and so what a tag can do with it."""

    TEXT = "text"
    CHART = "chart"
    PICTURE = "picture"
    YES_NO = "yes/no"
    ROWS = "rows"
    GROUP = "group"


SPOKEN = {
    Holds.TEXT: say("text"),
    Holds.CHART: say("chart"),
    Holds.PICTURE: say("picture"),
    Holds.YES_NO: say("yes/no"),
    Holds.ROWS: say("rows"),
    Holds.GROUP: say("group"),
}


_ONLY_PRINTED = (Holds.PICTURE,)


@dataclass(frozen=True, slots=True)
class FieldName:
    """A name a template may use; `outages.started` is the field of each row of `outages`.

    `each` is what rows hold that are no groups.
    """

    name: str
    holds: Holds
    each: Holds | None = None


@dataclass(frozen=True, slots=True)
class NameUse:
    """A name that a template uses, where, and as what; rows are used by looping over them.

    A tag that prints it takes its whole run or paragraph with it if it says so: `takes` is r or p.
    """

    name: str
    place: Place
    as_rows: bool = False
    printed: bool = False
    takes: str = ""


def names_offered(context: type) -> tuple[FieldName, ...]:
    """Return every name that a context dataclass offers, rows before their fields."""
    return tuple(_offered(context, ""))


def names_used(template: Path) -> tuple[NameUse, ...]:
    """Return every use of a name in a template, with loop variables resolved to their rows."""
    return _uses(read_tags(template))


@cache
def _check(template: Path, _modified: int, context: type) -> tuple[Problem, ...]:
    tags = read_tags(template)
    if tags.problems:
        return tags.problems
    known = {field.name: field for field in names_offered(context)}
    return tuple(
        _problem(template, use, why) for use in _uses(tags) if (why := _misuse(use, known))
    )


def template_problems(template: Path, context: type) -> tuple[Problem, ...]:
    """Return what in a template cannot work with a context: bad tags, unknown or misused names."""
    return _check(template, template.stat().st_mtime_ns, context)


def _offered(context: type, prefix: str) -> Iterator[FieldName]:
    hints = get_type_hints(context)
    for field in fields(context):
        yield from _of_type(hints[field.name], f"{prefix}{field.name}")


def _of_type(hint: object, name: str) -> Iterator[FieldName]:
    kind = get_origin(hint) or hint
    if kind in _LEAVES:
        yield FieldName(name, _LEAVES[kind])
    elif kind is tuple:
        item = get_args(hint)[0]
        yield FieldName(name, Holds.ROWS, _LEAVES.get(get_origin(item) or item))
        if is_dataclass(item) and (get_origin(item) or item) not in _LEAVES:
            yield from _offered(item, f"{name}.")  # type: ignore[arg-type]  # never an instance
    elif isinstance(kind, type) and is_dataclass(kind):
        yield from _offered(kind, f"{name}.")
    else:
        raise TypeError(f"{name}: a context cannot offer {hint!r}")


_LEAVES: dict[object, Holds] = {
    Figure: Holds.TEXT,
    str: Holds.TEXT,
    Chart: Holds.CHART,
    Picture: Holds.PICTURE,
    bool: Holds.YES_NO,
}


def _uses(tags: Tags) -> tuple[NameUse, ...]:
    if tags.tree is None:
        return ()
    return tuple(_Reader(tags.lines).read(tags.tree, {}))


Scope = Mapping[str, str | None]
"""What the local names of a template stand for: a dotted name, or None for no field at all."""


class _Reader:
    def __init__(self, lines: tuple[Place, ...]) -> None:
        self._lines = lines

    def read(self, node: nodes.Node, scope: Scope) -> Iterator[NameUse]:
        if isinstance(node, nodes.For):
            yield from self._loop(node, scope)
        elif isinstance(node, nodes.Name | nodes.Getattr):
            yield from self._named(node, scope)
        elif isinstance(node, nodes.Output):
            for shown in node.nodes:
                yield from self._shown(shown, scope)
        else:
            yield from self._children(node, scope)

    def _shown(self, shown: nodes.Expr, scope: Scope) -> Iterator[NameUse]:
        takes = scope_taken(shown)
        named = shown.node if takes and isinstance(shown, nodes.Filter) else shown
        if isinstance(named, nodes.Name | nodes.Getattr):
            for use in self._named(named, scope):
                yield replace(use, printed=True, takes=takes)
        else:
            yield from self.read(shown, scope)

    def _children(self, node: nodes.Node, scope: Scope) -> Iterator[NameUse]:
        inner = dict(scope)
        for child in node.iter_child_nodes():
            if isinstance(child, nodes.Assign) and isinstance(child.target, nodes.Name):
                yield from self.read(child.node, inner)
                inner[child.target.name] = _dotted(child.node, inner)
            else:
                yield from self.read(child, inner)

    def _loop(self, loop: nodes.For, scope: Scope) -> Iterator[NameUse]:
        rows = _dotted(loop.iter, scope)
        if rows:
            yield NameUse(rows, self._place(loop.lineno), as_rows=True)
        else:
            yield from self.read(loop.iter, scope)
        variables = (
            {loop.target.name: rows}
            if isinstance(loop.target, nodes.Name)
            else dict.fromkeys(name.name for name in loop.target.find_all(nodes.Name))
        )
        inside = {**scope, **variables, "loop": None}
        for child in (*loop.body, *([loop.test] if loop.test else [])):
            yield from self.read(child, inside)
        for child in loop.else_:
            yield from self.read(child, scope)

    def _named(self, node: nodes.Expr, scope: Scope) -> Iterator[NameUse]:
        name = _dotted(node, scope)
        if name:
            yield NameUse(name, self._place(node.lineno))
        elif isinstance(node, nodes.Getattr) and not _is_local(node, scope):
            yield from self.read(node.node, scope)

    def _place(self, line: int) -> Place:
        return self._lines[line - 1]


def _dotted(node: nodes.Node, scope: Scope) -> str | None:
    if isinstance(node, nodes.Name):
        return scope.get(node.name, node.name)
    if isinstance(node, nodes.Getattr):
        owner = _dotted(node.node, scope)
        return f"{owner}.{node.attr}" if owner else None
    return None


def _is_local(node: nodes.Getattr, scope: Scope) -> bool:
    return isinstance(node.node, nodes.Name) and scope.get(node.node.name, "") is None


def _misuse(use: NameUse, known: Mapping[str, FieldName]) -> Message | None:
    field = known.get(use.name)
    if field is None:
        if any(name.startswith(f"{use.name}.") for name in known):
            return say("{name} is a group of names; name one of them", name=use.name)
        return _unknown(use.name, known)
    if use.as_rows:
        no_rows = say("{name} holds no rows to loop over", name=use.name)
        return None if field.holds is Holds.ROWS else no_rows
    if use.printed:
        return _misprint(use, field.each or field.holds)
    spoken = SPOKEN[field.holds]
    only = say("{name} holds {holds}, which a tag can only print", name=use.name, holds=spoken)
    return only if field.holds in _ONLY_PRINTED else None


def _misprint(use: NameUse, holds: Holds) -> Message | None:
    """Return why a tag cannot print a value; a loop's variable goes by the name of its rows."""
    if holds in (Holds.ROWS, Holds.YES_NO):
        return say("{name} cannot be printed, it holds {holds}", name=use.name, holds=SPOKEN[holds])
    if use.takes:
        return say(
            "{name} holds {holds}; write {tag}",
            name=use.name,
            holds=SPOKEN[holds],
            tag="{{ … }}",
        )
    return None


def _unknown(name: str, known: Mapping[str, FieldName]) -> Message:
    near = get_close_matches(name, known, 1, 0.5)
    if near:
        return say("there is no {name}; the nearest name is {near}", name=name, near=near[0])
    return say("there is no {name}", name=name)


def _problem(template: Path, use: NameUse, why: Message) -> Problem:
    return error(
        "template-name",
        source_of(template),
        say(
            "{place}: {tag}: {why}",
            place=use.place.message,
            tag=_tags_with(use),
            why=why,
        ),
        say("correct the name in Word or WPS; `deliverables kinds NAME` lists every name"),
    )


def _tags_with(use: NameUse) -> str:
    """Return the tags of the paragraph that hold the name; a loop's variable hides its rows."""
    last = use.name.rpartition(".")[2]
    tags = tags_at(use.place)
    return " ".join([tag for tag in tags if re.search(rf"\b{re.escape(last)}\b", tag)] or tags)
