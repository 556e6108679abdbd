"""How tags become Jinja: values printed; rows, paragraphs and cells repeated or left out."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Final, TypeAlias, get_args, get_origin, get_type_hints

from jinja2 import TemplateSyntaxError, nodes

from deliverables.docx.tags import BLOCKS, LANGUAGE, LOOP_FLAGS, LOOP_NUMBERS
from deliverables.model.content import Chart, Picture
from deliverables.values.figure import Figure, Statement
from deliverables.values.problem import Message, say

BLOCK: Final = ("\U0010ff20", "\U0010ff21")
VARIABLE: Final = ("\U0010ff22", "\U0010ff23")
COMMENT: Final = ("\U0010ff24", "\U0010ff25")
"""The delimiters of the Jinja templates that come of it: no text can hold them."""

HOLE: Final = "\U0010ff30"
_HOLE_END: Final = "\U0010ff31"
HOLES: Final = re.compile(f"{HOLE}(\\d+){_HOLE_END}")

GO_ON: Final = ("elif", "else")
ENDS: Final = ("endfor", "endif")
CONTROL: Final = (*BLOCKS, *GO_ON, *ENDS)
"""The kinds of holes that repeat or choose."""

INSERTS: Final = "_inserts"
"""The name under which a Jinja template finds where charts and pictures go, and its bounds."""

# What a context offers

FIGURE: Final = "figure"
TEXT: Final = "text"
CHART: Final = "chart"
PICTURE: Final = "picture"
YES_NO: Final = "yes/no"
COUNTED: Final = "number"

Shape: TypeAlias = "str | list[Shape] | dict[str, Shape]"
"""A leaf; rows, as a list of the one shape that each has; or a group, by the names it holds."""

_LEAVES: Final[dict[object, str]] = {
    Figure: FIGURE,
    Statement: FIGURE,
    str: TEXT,
    Chart: CHART,
    Picture: PICTURE,
    bool: YES_NO,
}


@cache
def shape_of(context: type) -> dict[str, Shape]:
    """Return the shape of a context dataclass."""
    hints = get_type_hints(context)
    return {each.name: _of_type(hints[each.name], each.name) for each in fields(context)}


def _of_type(hint: object, name: str) -> Shape:
    kind = get_origin(hint) or hint
    if kind in _LEAVES:
        return _LEAVES[kind]
    if kind is tuple:
        return [_of_type(get_args(hint)[0], name)]
    if isinstance(kind, type) and is_dataclass(kind):
        return shape_of(kind)
    raise TypeError(f"{name}: a context cannot offer {hint!r}")


# Tags


class RewritingError(Exception):
    """A template that cannot be rewritten: the part, the tag and why."""

    def __init__(self, part: str, tag: str, why: Message) -> None:
        super().__init__(part, tag, why)
        self.part, self.tag, self.why = part, tag, why


@dataclass(frozen=True, slots=True)
class KnownName:
    """What a name stands for: its path in the context, the rows on the way, its shape."""

    path: str
    rows: str
    shape: Shape


@dataclass(slots=True)
class Hole:
    """A tag: what kind, its Jinja source, how it was written, and what a printed name stands for.

    A loop also has the variables that may hold its rows: those on the way to a value, and those of
    a place in the document.
    """

    kind: str
    source: str
    tag: str = ""
    known: KnownName | None = None
    variables: dict[str, str] = field(default_factory=dict)

    def written(self, used: Collection[str]) -> str:
        """Return the tag, with those of its variables that are used."""
        start, end = VARIABLE if self.kind in _PRINTED else BLOCK
        sets = (f"{BLOCK[0]}set {name} = {row}{BLOCK[1]}"
                for name, row in self.variables.items() if name in used)  # fmt: skip
        return f"{start}{self.source}{end}{''.join(sets)}"


@dataclass(frozen=True, slots=True)
class _Block:
    """An open for or if; what its names stand for, and the variable with the rows of its place."""

    kind: str
    names: Mapping[str, KnownName] = field(default_factory=dict)
    place: str = ""


_PRINTED: Final = ("print", "name")
_ROWS: Final = re.compile(r"\b_[rp]\d+\b")
_BRACES: Final = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))
_ENTITIES: Final = (("&quot;", '"'), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_OPERATORS: Final = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}
_JOINTS: Final = {nodes.And: "and", nodes.Or: "or", nodes.Mul: "*"}
"""docxtpl multiplies, where cells that were merged already are merged across a loop."""


class Holes:
    """The tags of one part, read in order and numbered as holes."""

    def __init__(self, part: str, shape: Mapping[str, Shape]) -> None:
        self.part, self.holes = part, list[Hole]()
        context = {name: KnownName(name, "", each) for name, each in shape.items()}
        self._blocks = [_Block("", context)]
        self._loops = 0

    def holed(self, source: str) -> str:
        """Return a text with a hole for each tag; raise RewritingError."""
        try:
            holed = "".join(self._pieces(source))
        except TemplateSyntaxError as fault:
            raise self.refused("", say("the tags cannot be read as they stand")) from fault
        if len(self._blocks) > 1:
            raise self.refused("", say("{end} is missing", end=f"end{self._blocks[-1].kind}"))
        return holed

    def add(self, hole: Hole) -> str:
        """Return the characters of one more hole."""
        self.holes.append(hole)
        return f"{HOLE}{len(self.holes) - 1}{_HOLE_END}"

    def inside(self, text: str | None) -> list[Hole]:
        """Return the holes of a text."""
        return [self.holes[int(number)] for number in HOLES.findall(text or "")]

    def source(self, holed: str) -> str:
        """Return a text with the tags in its holes."""
        used = {name for hole in self.holes for name in _ROWS.findall(hole.source)}
        for hole in reversed(self.holes):  # the rows of a loop are told by those around it
            for name, rows in hole.variables.items():
                if name in used:
                    used.update(_ROWS.findall(rows))
        return HOLES.sub(lambda found: self.holes[int(found[1])].written(used), holed)

    def refused(self, tag: str, why: Message) -> RewritingError:
        """Return why a tag of the part is refused."""
        return RewritingError(self.part, tag, why)

    def _pieces(self, source: str) -> Iterator[str]:
        inner: list[str] = []
        for _, token, value in LANGUAGE.lexer.tokeniter(source, None):
            match token:
                case "variable_begin" | "block_begin" | "comment_begin":
                    inner = []
                case "variable_end":
                    yield self.add(self._print(_as_typed("".join(inner))))
                case "block_end":
                    yield self.add(self._control(_as_typed("".join(inner))))
                case "data":
                    yield _replaced(value, _BRACES)
                case "comment_end" | "raw_begin" | "raw_end":
                    pass
                case _:
                    inner.append(value)

    def _print(self, tag: str) -> Hole:
        (output,) = LANGUAGE.parse(f"{{{{{tag}}}}}").body
        shown = output.nodes[0] if isinstance(output, nodes.Output) else output
        if isinstance(shown, nodes.TemplateData):
            shown = nodes.Const(shown.data)
        return Hole("print", self._expression(shown, tag, printed=True), tag, self._named(shown))

    def _control(self, tag: str) -> Hole:
        word, _, rest = tag.strip().partition(" ")
        if word in ENDS:
            if f"end{self._blocks[-1].kind}" != word:
                raise self.refused(tag, say("nothing is open that {tag} could end", tag=tag))
            self._blocks.pop()
            return Hole(word, word, tag)
        if word == "else":
            return Hole(word, word, tag)
        if word in ("if", "elif"):
            (node,) = LANGUAGE.parse(f"{{% if {rest} %}}{{% endif %}}").body
            assert isinstance(node, nodes.If)  # noqa: S101  # as just written
            if word == "if":
                self._blocks.append(_Block("if", place=self._blocks[-1].place))
            return Hole(word, f"{word} {self._expression(node.test, tag)}", tag)
        if word == "for":
            (node,) = LANGUAGE.parse(f"{{% for {rest} %}}{{% endfor %}}").body
            assert isinstance(node, nodes.For)  # noqa: S101  # likewise
            return self._loop(node, tag)
        raise self.refused(tag, say("a tag can only say if, elif, else, for and their ends"))

    def _loop(self, loop: nodes.For, tag: str) -> Hole:
        rows, target = self._named(loop.iter), loop.target
        simple = isinstance(target, nodes.Name) and not (loop.test or loop.recursive)
        if not simple or rows is None or not isinstance(rows.shape, list):
            raise self.refused(tag, say("a loop names each row of one of the context's rows"))
        assert isinstance(target, nodes.Name)  # noqa: S101  # as just seen
        self._loops += 1
        path, place, outer = f"_r{self._loops}", f"_p{self._loops}", self._blocks[-1].place
        row = KnownName(f"{rows.path}[%d]", path, rows.shape[0])
        each = f"{self._expression(loop.iter, tag)}|each({INSERTS}, {quoted(tag.strip())})"
        source = f"for {target.name} in {each}"
        self._blocks.append(_Block("for", {target.name: row}, place))
        variables = {name: f"loop.index0|row({around})"
                     for name, around in ((path, rows.rows), (place, outer))}  # fmt: skip
        return Hole("for", source, tag, variables=variables)

    def _named(self, node: nodes.Node) -> KnownName | None:
        """Return what a name or a field stands for; None for anything else."""
        match node:
            case nodes.Name():
                found = (block.names[node.name] for block in reversed(self._blocks)
                         if node.name in block.names)  # fmt: skip
                return next(found, None)
            case nodes.Getattr(node=nodes.Name(name="loop")) if node.attr in LOOP_FLAGS:
                return KnownName("", "", YES_NO)
            case nodes.Getattr(node=nodes.Name(name="loop")) if node.attr in LOOP_NUMBERS:
                return KnownName("", "", COUNTED)
            case nodes.Getattr():
                owner = self._named(node.node)
                if owner is not None and isinstance(owner.shape, dict) and node.attr in owner.shape:
                    shape = owner.shape[node.attr]
                    return KnownName(f"{owner.path}.{node.attr}", owner.rows, shape)
        return None

    def _expression(self, node: nodes.Node, tag: str, *, printed: bool = False) -> str:
        """Return an expression as Jinja source; a figure counts as its text unless it is printed.

        Raises RewritingError where it does more than name, compare and count.
        """
        known, said = self._named(node), ""
        match node:
            case _ if known is not None:
                said = _dotted(node) + (".text" if known.shape == FIGURE and not printed else "")
            case nodes.Const() if node.value is not None:
                said = quoted(node.value)
            case nodes.Not():
                said = f"(not {self._expression(node.node, tag)})"
            case nodes.Filter(name="length" | "count", args=[]) if node.node is not None:
                said = f"({self._expression(node.node, tag)}|length)"
            case nodes.Compare(ops=[nodes.Operand() as other]) if other.op in _OPERATORS:
                sides = (self._expression(each, tag) for each in (node.expr, other.expr))
                said = f"({f' {_OPERATORS[other.op]} '.join(sides)})"
            case nodes.And() | nodes.Or() | nodes.Mul():
                sides = (self._expression(each, tag) for each in (node.left, node.right))
                said = f"({f' {_JOINTS[type(node)]} '.join(sides)})"
        if not said:
            raise self.refused(tag, say("a tag can only name, compare and count"))
        return said


def quoted(value: object) -> str:
    """Return a constant as Jinja writes it."""
    return json.dumps(value, ensure_ascii=False)


def _dotted(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_dotted(node.node)}.{node.attr}"
    assert isinstance(node, nodes.Name)  # noqa: S101  # a name, or a field of one
    return node.name


def _as_typed(tag: str) -> str:
    """Return a tag as it was typed: docxtpl leaves some entities of XML in it."""
    return _replaced(tag, _ENTITIES)


def _replaced(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for written, meant in pairs:
        text = text.replace(written, meant)
    return text
