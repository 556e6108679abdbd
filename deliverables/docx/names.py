"""The names a template uses and the names a context offers: what each must equal of the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import nodes

from deliverables.docx.loops import CHART, FIGURE, PICTURE, TEXT, YES_NO, Shape, shape_of
from deliverables.docx.package import Inside, TemplatePlace
from deliverables.docx.tags import CELLS, Tag, Tags, each_once, read_tags, source_of
from deliverables.values.problem import Message, Problem, error, listed, say

_EACH: Final = "[]"
"""Stands in a path after rows for each of them: outages[].started."""
_ROW: Final = "row"
"""The name that `kinds` gives to a row in a loop."""


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

_ONLY_PRINTED = (Holds.CHART, Holds.PICTURE)


class Use(StrEnum):
    """What a template does with a name."""

    PRINTED = "printed"
    LOOPED = "looped"
    COUNTED = "counted"
    COMPARED = "compared"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class FieldName:
    """A name a template may use; `outages[].started` is a field of each row of `outages`.

    `each` is what rows hold that are no groups.
    """

    path: str
    holds: Holds
    each: Holds | None = None

    @property
    def name(self) -> str:
        """The name in full, without a sign for the rows: outages.started."""
        return _name(self.path)

    @property
    def written(self) -> str:
        """How it is written in Word; the rows it belongs to are called row, row2 … in loops."""
        spoken = _in_loop(self.path)
        match self.holds:
            case Holds.YES_NO:
                return f"{{%p if {spoken} %}} … {{%p endif %}}"
            case Holds.ROWS:
                row = _in_loop(f"{self.path}{_EACH}")
                prefix, inside = ("p", f"{{{{ {row} }}}}") if self.each else ("tr", "…")
                return f"{{%{prefix} for {row} in {spoken} %}} {inside} {{%{prefix} endfor %}}"
            case _:
                return f"{{{{ {spoken} }}}}"


@dataclass(frozen=True, slots=True)
class NameUse:
    """A name that a template uses, in which tag, and as what.

    `path` is the whole name with loop variables resolved to their rows; `written` is the name as
    the tag has it. `local` are the names of the loops it stands in.
    """

    path: str
    tag: Tag
    written: str
    use: Use
    local: Mapping[str, str]

    @property
    def name(self) -> str:
        """The whole name, without a sign for the rows."""
        return _name(self.path)

    @property
    def place(self) -> TemplatePlace:
        """The paragraph of the tag."""
        return self.tag.place

    @property
    def printed(self) -> bool:
        """Whether the tag prints it."""
        return self.use is Use.PRINTED


def names_offered(context: type) -> tuple[FieldName, ...]:
    """Return every name that a context dataclass offers, rows before their fields."""
    return tuple(_offered(shape_of(context), ""))


def names_used(template: Path) -> tuple[NameUse, ...]:
    """Return every use of a name in a template, with loop variables resolved to their rows."""
    return _uses(read_tags(template))


@cache
def _check(template: Path, _modified: int, context: type) -> tuple[Problem, ...]:
    tags = read_tags(template)
    if tags.problems:
        return tags.problems
    known = _known(context)
    return each_once(
        _problem(template, use, why) for use in _uses(tags) if (why := _misuse(use, known))
    )


def template_problems(template: Path, context: type) -> tuple[Problem, ...]:
    """Return what keeps a template from being rendered with a context.

    That is: a file that is none, bad tags and what looks like one, unknown or misused names,
    references that may find nothing, what lies outside of the file. Where there is nothing of
    that, the template can be rendered with every context of that type.
    """
    return _check(template, template.stat().st_mtime_ns, context)


def _name(path: str) -> str:
    return path.replace(_EACH, "")


def _in_loop(path: str) -> str:
    """Return a path as it is written inside the loops over its rows."""
    rows, sign, field = path.rpartition(_EACH)
    if not sign:
        return path
    depth = rows.count(_EACH) + 1
    return f"{_ROW}{depth if depth > 1 else ''}{field}"


def _offered(group: Mapping[str, Shape], prefix: str) -> Iterator[FieldName]:
    for name, shape in group.items():
        path = f"{prefix}{name}"
        match shape:
            case dict():
                yield from _offered(shape, f"{path}.")
            case [each]:
                yield FieldName(path, Holds.ROWS, _HOLDS[each] if isinstance(each, str) else None)
                if isinstance(each, dict):
                    yield from _offered(each, f"{path}{_EACH}.")
            case str():
                yield FieldName(path, _HOLDS[shape])


_HOLDS: Final = {
    FIGURE: Holds.TEXT,
    TEXT: Holds.TEXT,
    CHART: Holds.CHART,
    PICTURE: Holds.PICTURE,
    YES_NO: Holds.YES_NO,
}


def _known(context: type) -> Mapping[str, Holds]:
    """Return what each path of a context holds, with the rows themselves and the groups."""
    known: dict[str, Holds] = {}
    for field in names_offered(context):
        known[field.path] = field.holds
        if field.holds is Holds.ROWS:
            known[f"{field.path}{_EACH}"] = field.each or Holds.GROUP
        owner = field.path.rpartition(".")[0]
        while owner and owner not in known:
            known[owner] = Holds.GROUP
            owner = owner.rpartition(".")[0]
    return known


def _uses(tags: Tags) -> tuple[NameUse, ...]:
    if tags.tree is None:
        return ()
    return tuple(_GrammarReader(tags.lines).read(tags.tree, {}, Use.ASKED))


Scope = Mapping[str, str]
"""The paths that the local names of a template, those of loops, stand for."""


class _GrammarReader:
    """Reads a tree that the grammar has accepted."""

    def __init__(self, lines: tuple[Tag, ...]) -> None:
        self._lines = lines

    def read(self, node: nodes.Node, scope: Scope, use: Use) -> Iterator[NameUse]:
        match node:
            case nodes.For():
                yield from self._loop(node, scope)
            case nodes.Name() | nodes.Getattr():
                yield from self._named(node, scope, use)
            case _:
                below = _BELOW.get(type(node), use)
                for child in node.iter_child_nodes():
                    yield from self.read(child, scope, below)

    def _loop(self, loop: nodes.For, scope: Scope) -> Iterator[NameUse]:
        rows = _path(loop.iter, scope)
        yield from self._named(loop.iter, scope, Use.LOOPED)
        assert isinstance(loop.target, nodes.Name)  # noqa: S101  # the grammar has seen to it
        inside = {**scope, loop.target.name: f"{rows}{_EACH}", _LOOP: ""}
        for child in loop.body:
            yield from self.read(child, inside, Use.ASKED)

    def _named(self, node: nodes.Node, scope: Scope, use: Use) -> Iterator[NameUse]:
        path = _path(node, scope)
        if path or _first(node) not in scope:
            tag = self._lines[node.lineno - 1]
            yield NameUse(path, tag, _path(node, {}), use, dict(scope))


_LOOP: Final = "loop"
_BELOW = {
    nodes.Output: Use.PRINTED,
    nodes.Filter: Use.COUNTED,
    nodes.Compare: Use.COMPARED,
    nodes.And: Use.ASKED,
    nodes.Or: Use.ASKED,
    nodes.Not: Use.ASKED,
    nodes.If: Use.ASKED,
}


def _first(node: nodes.Node) -> str:
    while isinstance(node, nodes.Getattr):
        node = node.node
    return node.name if isinstance(node, nodes.Name) else ""


def _path(node: nodes.Node, scope: Scope) -> str:
    """Return the path of a name; nothing for what a loop says of itself."""
    if isinstance(node, nodes.Name):
        return scope.get(node.name, node.name)
    assert isinstance(node, nodes.Getattr)  # noqa: S101  # the grammar has seen to it
    owner = _path(node.node, scope)
    return f"{owner}.{node.attr}" if owner else ""


def _misuse(use: NameUse, known: Mapping[str, Holds]) -> Message | None:
    holds = known.get(use.path)
    if holds is None:
        return _unknown(use, known)
    if holds is Holds.GROUP:
        return _of_group(use, known)
    return _misprint(use, holds, known) if use.printed else _misasked(use.written, use.use, holds)


def _misasked(name: str, use: Use, holds: Holds) -> Message | None:
    match use:
        case Use.LOOPED if holds is not Holds.ROWS:
            return say("{name} holds no rows to loop over", name=name)
        case Use.COUNTED if holds is not Holds.ROWS:
            return say("{name} holds no rows to count", name=name)
        case Use.COMPARED if holds is Holds.ROWS:
            return say("{name} holds rows; compare their number, {name}|length", name=name)
    only = say("{name} holds {holds}, which a tag can only print", name=name, holds=SPOKEN[holds])
    return only if holds in _ONLY_PRINTED else None


def _of_group(use: NameUse, known: Mapping[str, Holds]) -> Message:
    if not use.path.endswith(_EACH):
        return say("{name} is a group of names; name one of them", name=use.written)
    fields = listed(_fields(use.path, use.written, known))
    return say("{name} is a whole row; name one of its fields: {fields}",
               name=use.written, fields=fields)  # fmt: skip


def _misprint(use: NameUse, holds: Holds, known: Mapping[str, Holds]) -> Message | None:
    name, spoken = use.written, SPOKEN[holds]
    if holds in (Holds.ROWS, Holds.YES_NO):
        as_it_goes = FieldName(use.path, holds, _each(use, known)).written
        return say("{name} cannot be printed, it holds {holds}; write {tag}",
                   name=name, holds=spoken, tag=as_it_goes)  # fmt: skip
    if holds is not Holds.TEXT and (use.place.inside or use.tag.word in CELLS):
        return say("only text can stand here; {name} holds {holds}", name=name, holds=spoken)
    return None


def _each(use: NameUse, known: Mapping[str, Holds]) -> Holds | None:
    each = known.get(f"{use.path}{_EACH}")
    return None if each is Holds.GROUP else each


def _fields(path: str, name: str, known: Mapping[str, Holds]) -> list[str]:
    below = f"{path}."
    return [
        name + field[len(path) :]
        for field, holds in known.items()
        if field.startswith(below) and holds is not Holds.GROUP and _EACH not in field[len(path) :]
    ]


def _unknown(use: NameUse, known: Mapping[str, Holds]) -> Message:
    """Return why there is no such name, with what could be written at that place instead."""
    if use.path.partition(".")[0] == _LOOP:
        return say("loop goes inside a loop, between for and endfor")
    rows = _rows_left_out(use, known)
    if rows and use.place.inside is Inside.LINK:
        return say("the address of a link cannot name a row of {rows}", rows=_name(rows))
    if rows:
        field = use.name[len(_name(rows)) :]
        return say("{name} is a field of each row of {rows}; write {tag}", name=use.written,
                   rows=_name(rows), tag=FieldName(rows, Holds.ROWS).written.replace(
                       "…", f"{{{{ {_in_loop(rows + _EACH)}{field} }}}}"))  # fmt: skip
    near = get_close_matches(use.written, _writable(use.local, known), 1, 0.5)
    if near:
        return say("there is no {name}; the nearest name is {near}", name=use.written, near=near[0])
    return say("there is no {name}", name=use.written)


def _rows_left_out(use: NameUse, known: Mapping[str, Holds]) -> str:
    """Return the rows whose field a tag names without a loop: conditions of conditions.name."""
    for path in known:
        if path != use.path and _name(path) == use.name and _EACH in path:
            return path.rpartition(_EACH)[0]
    return ""


def _writable(local: Scope, known: Mapping[str, Holds]) -> list[str]:
    """Return the names that can be written where the local names are these."""
    names = [path for path in known if _EACH not in path]
    for name, path in local.items():
        names += [name + each[len(path) :] for each in known if path and each.startswith(path)]
    return [name for name in names if _EACH not in name]


def _problem(template: Path, use: NameUse, why: Message) -> Problem:
    return error(
        "template-name",
        source_of(template),
        say("{place}: {tag}: {why}", place=use.place.message, tag=use.tag.text, why=why),
        say("correct the name in Word or WPS; `deliverables kinds NAME` lists every name"),
    )
