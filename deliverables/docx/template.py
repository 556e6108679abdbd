"""A template rewritten, once, into Jinja templates: one for each of its stories.

docxtpl says what its tags mean and how they unfold (`patch_xml`); Jinja's lexer finds them. Each
tag then stands in the markup as a hole of private characters, so that the whole template is one
well-formed tree, all cases and repetitions side by side. On that tree everything is done that
documents have in common, and what they decide gets a token for `settlement` or a tag of Jinja.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import field, fields, is_dataclass
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Final, TypeAlias, get_args, get_origin, get_type_hints

from jinja2 import Environment, TemplateSyntaxError, nodes
from lxml import etree

from deliverables.docx import columns
from deliverables.docx.contents import REFERRING, append, drop, mark_contents, styles_by_name
from deliverables.docx.settlement import (
    APART,
    END,
    LAST_PARAGRAPH,
    LATE,
    NAMED,
    NAMED_END,
    NUMBER,
    REFERENCE,
    SECTION,
    late,
)
from deliverables.figure import Figure
from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.model.chart import Chart
from deliverables.model.picture import Picture
from deliverables.render.package import Package, parse
from deliverables.render.place import W
from deliverables.trace import RESERVED

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

BLOCK: Final = ("\U0010ff20", "\U0010ff21")
VARIABLE: Final = ("\U0010ff22", "\U0010ff23")
COMMENT: Final = ("\U0010ff24", "\U0010ff25")
"""The delimiters of the Jinja templates that come of it: no text can hold them."""

INSERTS: Final = "_inserts"
"""The name under which a Jinja template finds where charts and pictures go."""

_HOLE, _HOLE_END = "\U0010ff30", "\U0010ff31"
_HOLES: Final = re.compile(f"{_HOLE}(\\d+){_HOLE_END}")
_PEER: Final = Environment(autoescape=True)
_NAMESPACES: Final = re.compile(r' xmlns(?::\w+)?="[^"]*"')
_BRACES: Final = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))
_LEAVES_OF_W: Final = frozenset(f"{W}{name}" for name in ("t", "delText", "instrText"))
_SEVERAL: Final = frozenset({f"{W}hdr", f"{W}ftr"})
_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_VML: Final = "{urn:schemas-microsoft-com:vml}"
_OFFICE_VML: Final = "{urn:schemas-microsoft-com:office:office}"
_WORD_2010: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"


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
    str: TEXT,
    Chart: CHART,
    Picture: PICTURE,
    bool: YES_NO,
}
_LOOP: Final = frozenset(
    ("index", "index0", "revindex", "revindex0", "length", "first", "last", "depth", "depth0")
)


@cache
def shape_of(context: type) -> dict[str, Shape]:
    """Return the shape of a context dataclass."""
    hints = get_type_hints(context)
    return {each.name: _of_type(hints[each.name]) for each in fields(context)}


def _of_type(hint: object) -> Shape:
    kind = get_origin(hint) or hint
    if kind in _LEAVES:
        return _LEAVES[kind]
    if kind is tuple:
        return [_of_type(get_args(hint)[0])]
    if isinstance(kind, type) and is_dataclass(kind):
        return shape_of(kind)
    raise TypeError(f"a context cannot offer {hint!r}")


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What a template has come to.

    `sources` are the Jinja sources by part, the body's first; a part without tags is in `parts`
    alone, or in `fixed` as every document has it. `sites` are the paths of its figures (see
    trace.py), `numbers` is the first number of a drawing or bookmark that it does not use itself;
    `section` says what headers the first section has, if that does not depend on a document.
    """

    sources: Mapping[str, str]
    fixed: Mapping[str, str]
    sites: tuple[str, ...]
    numbers: int
    lists_headings: bool
    section: str | None


class RewritingError(Exception):
    """A template that cannot be rewritten: the part, the tag and why."""

    def __init__(self, part: str, tag: str, why: Message) -> None:
        super().__init__(part, tag, why)
        self.part, self.tag, self.why = part, tag, why


def rewrite(package: Package, shape: Mapping[str, Shape]) -> Rewritten:
    """Rewrite a template for contexts of a shape; raise RewritingError."""
    sites: list[str] = []
    numbers = count(1)
    sources, fixed, lists_headings, section = {}, {}, False, None
    body = package.document
    for part in package.stories():
        story = _Story(part, package.parts[part], shape, sites)
        story.settle_markup()
        if part == body:
            lists_headings = mark_contents(story.root, styles_by_name(package))
            section = story.open_sections()
        story.number(numbers)
        if part == body or story.holes:
            sources[part] = story.source()
        else:
            fixed[part] = story.source()
    return Rewritten(sources, fixed, tuple(sites), next(numbers), lists_headings, section)


@dataclass(slots=True)
class _Hole:
    """A tag: what kind, its Jinja source, how it was written, and what a printed name stands for.

    A loop also has the variables that may hold its rows: those on the way to a value, and those of
    a place in the document.
    """

    kind: str
    source: str
    tag: str = ""
    known: _Known | None = None
    variables: dict[str, str] = field(default_factory=dict)

    def written(self, used: Collection[str]) -> str:
        """Return the tag with the variables that are used."""
        start, end = VARIABLE if self.kind in _PRINTED else BLOCK
        sets = (f"{start}set {name} = {row}{end}" for name, row in self.variables.items()
                if name in used)  # fmt: skip
        return f"{start}{self.source}{end}{''.join(sets)}"


@dataclass(frozen=True, slots=True)
class _Known:
    """What a name stands for: its path in the context, the rows on the way, its shape."""

    path: str
    rows: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class _Block:
    """An open for or if: the name of the variable that holds the rows of its place."""

    kind: str
    scope: Mapping[str, _Known] = field(default_factory=dict)
    place: str = ""


_BEGIN: Final = ("for", "if")
_GO_ON: Final = ("elif", "else")
_END: Final = ("endfor", "endif")
_CONTROL: Final = (*_BEGIN, *_GO_ON, *_END)
_PRINTED: Final = ("print", "rows", "name")
_ROWS: Final = re.compile(r"\b_[rp]\d+\b")
_NAMED: Final = re.compile(f"({LATE}[{NAMED}{NAMED_END}{REFERENCE}])([^{LATE}{END}]*)({END})")
_ENTITIES: Final = {"&quot;": '"', "&apos;": "'", "&lt;": "<", "&gt;": ">", "&amp;": "&"}
_OPERATORS: Final = {
    "eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in",
    "notin": "not in",
}  # fmt: skip
_JOINTS: Final[Mapping[type[nodes.Node], str]] = {
    nodes.And: "and", nodes.Or: "or", nodes.Add: "+", nodes.Sub: "-", nodes.Mul: "*",
    nodes.Div: "/", nodes.FloorDiv: "//", nodes.Mod: "%",
}  # fmt: skip


class _Story:
    """The tree of a story with holes in it."""

    def __init__(
        self, part: str, markup: bytes, shape: Mapping[str, Shape], sites: list[str]
    ) -> None:
        self.part, self._sites = part, sites
        self.holes: list[_Hole] = []
        context = {name: _Known(name, "", each) for name, each in shape.items()}
        self._blocks = [_Block("", context)]
        self._loops = 0
        source = etree.tostring(parse(markup), encoding="unicode")
        if RESERVED.search(source):
            raise self._refused("", say("it holds characters that the program uses itself"))
        try:
            holed = "".join(self._holed(docxtpl_functions().patch_xml(source)))
        except TemplateSyntaxError as fault:
            raise self._refused("", say("{why}", why=fault.message or "")) from fault
        if len(self._blocks) > 1:
            raise self._refused("", say("{end} is missing", end=f"end{self._blocks[-1].kind}"))
        try:
            self.root = parse(docxtpl_functions().resolve_listing(holed))
        except etree.XMLSyntaxError as fault:
            raise self._refused("", say("its tags tear the document")) from fault

    def _refused(self, tag: str, why: Message) -> RewritingError:
        return RewritingError(self.part, tag, why)

    # Reading

    def _holed(self, source: str) -> Iterator[str]:
        inner: list[str] = []
        for _, token, value in _PEER.lexer.tokeniter(source, None):
            match token:
                case "variable_begin" | "block_begin" | "comment_begin":
                    inner = []
                case "variable_end":
                    yield self._hole(self._print(_clean("".join(inner))))
                case "block_end":
                    yield self._hole(self._control(_clean("".join(inner))))
                case "data":
                    for written, meant in _BRACES:
                        value = value.replace(written, meant)
                    yield value
                case "comment_end" | "raw_begin" | "raw_end":
                    pass
                case _:
                    inner.append(value)

    def _hole(self, hole: _Hole) -> str:
        self.holes.append(hole)
        return f"{_HOLE}{len(self.holes) - 1}{_HOLE_END}"

    def _print(self, tag: str) -> _Hole:
        (output,) = _PEER.parse(f"{{{{{tag}}}}}").body
        shown = output.nodes[0] if isinstance(output, nodes.Output) else output
        if isinstance(shown, nodes.TemplateData):
            shown = nodes.Const(shown.data)
        known = self._named(shown)
        return _Hole("print", self._expression(shown, tag, as_text=False), tag, known)

    def _control(self, tag: str) -> _Hole:
        word, _, rest = tag.strip().partition(" ")
        if word in _END:
            if len(self._blocks) < 2 or f"end{self._blocks[-1].kind}" != word:  # noqa: PLR2004
                raise self._refused(tag, say("nothing is open that {tag} could end", tag=tag))
            self._blocks.pop()
            return _Hole(word, word, tag)
        match word:
            case "if" | "elif":
                (node,) = _PEER.parse(f"{{% if {rest} %}}{{% endif %}}").body
                if word == "if":
                    self._blocks.append(_Block("if", {}, self._blocks[-1].place))
                if isinstance(node, nodes.If):
                    return _Hole(word, f"{word} {self._expression(node.test, tag)}", tag)
            case "else":
                return _Hole(word, word, tag)
            case "for":
                (node,) = _PEER.parse(f"{{% for {rest} %}}{{% endfor %}}").body
                if isinstance(node, nodes.For):
                    return self._loop(node, tag)
        raise self._refused(tag, say("a tag can only say if, elif, else, for and their ends"))

    def _loop(self, node: nodes.For, tag: str) -> _Hole:
        rows = self._named(node.iter)
        simple = isinstance(node.target, nodes.Name) and not (node.test or node.recursive)
        if not simple or rows is None or not isinstance(rows.shape, list):
            raise self._refused(tag, say("a loop names each row of one of the context's rows"))
        assert isinstance(node.target, nodes.Name)  # noqa: S101  # as just seen
        self._loops += 1
        path, place, outer = f"_r{self._loops}", f"_p{self._loops}", self._blocks[-1].place
        row = _Known(f"{rows.path}[%d]", path, rows.shape[0])
        self._blocks.append(_Block("for", {node.target.name: row}, place))
        source = f"for {node.target.name} in {self._expression(node.iter, tag)}"
        variables = {name: f"loop.index0|row({inside})"
                     for name, inside in ((path, rows.rows), (place, outer))}  # fmt: skip
        return _Hole("for", source, tag, variables=variables)

    def _named(self, node: nodes.Node) -> _Known | None:
        """Return what a name or a field stands for; None for anything else."""
        match node:
            case nodes.Name():
                found = (block.scope[node.name] for block in reversed(self._blocks)
                         if node.name in block.scope)  # fmt: skip
                return next(found, None)
            case nodes.Getattr(node=nodes.Name(name="loop")) if node.attr in _LOOP:
                return _Known("", "", YES_NO if node.attr in ("first", "last") else COUNTED)
            case nodes.Getattr():
                owner = self._named(node.node)
                if owner is not None and isinstance(owner.shape, dict) and node.attr in owner.shape:
                    shape = owner.shape[node.attr]
                    return _Known(f"{owner.path}.{node.attr}", owner.rows, shape)
        return None

    def _expression(self, node: nodes.Node, tag: str, *, as_text: bool = True) -> str:
        """Return an expression as Jinja source; a figure in a comparison counts as its text."""
        known = self._named(node)
        if known is not None:
            text = ".text" if as_text and known.shape == FIGURE else ""
            return _dotted(node) + text
        match node:
            case nodes.Const():
                return "none" if node.value is None else _quoted(node.value)
            case nodes.Not() | nodes.Neg():
                sign = "not" if isinstance(node, nodes.Not) else "-"
                return f"({sign} {self._expression(node.node, tag)})"
            case nodes.Filter(name="length" | "count", args=[]) if node.node is not None:
                return f"({self._expression(node.node, tag)}|length)"
            case nodes.CondExpr() if node.expr2 is not None:
                first, test, other = (
                    self._expression(each, tag) for each in (node.expr1, node.test, node.expr2)
                )
                return f"({first} if {test} else {other})"
            case nodes.Concat():
                return f"({' ~ '.join(self._expression(each, tag) for each in node.nodes)})"
            case nodes.Compare():
                sides = "".join(
                    f" {_OPERATORS[each.op]} {self._expression(each.expr, tag)}"
                    for each in node.ops
                )
                return f"({self._expression(node.expr, tag)}{sides})"
            case nodes.BinExpr() if type(node) in _JOINTS:
                both = (self._expression(each, tag) for each in (node.left, node.right))
                return f"({f' {_JOINTS[type(node)]} '.join(both)})"
            case nodes.Tuple() | nodes.List():
                return f"[{', '.join(self._expression(each, tag) for each in node.items)}]"
        raise self._refused(tag, say("a tag can only name, compare and count"))

    # The tree

    def settle_markup(self) -> None:
        """Do what a story needs whatever it says."""
        self._check_blocks()
        self._place_prints()
        self._unbind()
        self._fit_tables()
        self._make_whole()

    def _in(self, text: str | None) -> list[_Hole]:
        return [self.holes[int(number)] for number in _HOLES.findall(text or "")]

    def _has_control(self, text: str | None) -> bool:
        return any(hole.kind in _CONTROL for hole in self._in(text))

    def _check_blocks(self) -> None:
        """Refuse a block that begins and ends at different depths: it would tear the markup."""
        opened: list[list[str]] = []
        for event, element in etree.iterwalk(self.root, ("start", "end")):
            text = element.text if event == "start" else element.tail
            home = element if event == "start" else element.getparent()
            holes = self._in(text) if text and _HOLE in text else ()
            if not holes or home is None:
                continue
            depth = [str(each.tag) for each in (home, *home.iterancestors())]
            for hole in holes:
                if hole.kind in _BEGIN:
                    opened.append(depth)
                elif hole.kind in _CONTROL and opened[-1] != depth:
                    why = say("the block begins and ends in places that do not fit together")
                    raise self._refused(hole.tag, why)
                if hole.kind in _END:
                    opened.pop()

    def _place_prints(self) -> None:
        """Choose for each value how it is written, by what it stands in."""
        for element in self.root.iter(etree.Element):
            for name, value in element.attrib.items():
                if _HOLE in value:
                    self._write_values(str(value), "attribute", "")
            if element.tail and _HOLE in element.tail:
                self._write_values(element.tail, "between", "")
            if element.text and _HOLE in element.text:
                self._place_text(element)

    def _place_text(self, element: etree._Element) -> None:
        run = element.getparent()
        if element.tag == f"{W}t" and run is not None and run.tag == f"{W}r":
            look = run.find(f"{W}rPr")
            if self._is_only_a_chart(element, run):
                for child in list(run):
                    run.remove(child)
                run.text = element.text
                self._write_values(run.text, "alone", "")
                return
            self._write_values(element.text, "run", "" if look is None else _as_written(look))
            return
        is_text = not len(element) and (
            element.tag in _LEAVES_OF_W or not str(element.tag).startswith(W)
        )
        self._write_values(element.text, "beside" if is_text else "between", "")

    def _is_only_a_chart(self, text: etree._Element, run: etree._Element) -> bool:
        holes, words = self._in(text.text), _HOLES.sub("", text.text or "")
        others = [child for child in run if child is not text and child.tag != f"{W}rPr"]
        return (
            not words.strip() and not others and len(holes) == 1
            and holes[0].known is not None and holes[0].known.shape == CHART
        )  # fmt: skip

    def _write_values(self, text: str | None, place: str, look: str) -> None:
        for hole in self._in(text):
            if hole.kind == "print":
                if place == "between":
                    why = say("a value can only stand in text, not between paragraphs or cells")
                    raise self._refused(hole.tag, why)
                hole.source = self._written(hole, place, "" if _HOLE in look else look)

    def _written(self, hole: _Hole, place: str, look: str) -> str:
        """Return a tag that prints, with the filter for its value and place."""
        value, known = hole.source, hole.known
        shape = known.shape if known else TEXT
        if shape == COUNTED:
            return value
        if shape in (CHART, PICTURE):
            if place not in ("run", "alone"):
                raise self._refused(hole.tag, say("a chart or picture stands in a run"))
            way = "" if place == "alone" else f", {_quoted(look)}"
            return f"{value}|{shape}({INSERTS}{way})"
        if known is not None and shape == FIGURE:
            self._sites.append(known.path)
            site, rows = _quoted(str(len(self._sites) - 1)), f", {known.rows}" if known.rows else ""
            match place:
                case "run":
                    return f"{value}|figure({site}, {_quoted(look)}{rows})"
                case "attribute":
                    return f"{value}|figure_in_attribute({site}{rows})"
            return f"{value}|figure_beside({site}{rows})"
        match place:
            case "run":
                return f"{value}|words({_quoted(look)})"
            case "attribute":
                return f"{value}|in_attribute"
        return f"{value}|words_beside"

    def _unbind(self) -> None:
        """Drop the binding of content controls around tags: Word would show what it is bound to."""
        for binding in list(self.root.iter(f"{W}dataBinding")):
            control = next(binding.iterancestors(f"{W}sdt"), None)
            if control is not None and _is_holed(control):
                drop(binding)

    def _fit_tables(self) -> None:
        """Give each table as many columns as its rows have cells, as docxtpl does.

        Where tags decide how many that are, it is done in each document.
        """
        blocks = self.blocks()
        for table in list(self.root.iter(f"{W}tbl")):
            rows = [row for row in table.iter(f"{W}tr")
                    if next(row.iterancestors(f"{W}tbl")) is table]  # fmt: skip
            spans = [span.get(f"{W}val", "1") for row in rows
                     for span in row.findall(f"{W}tc/{W}tcPr/{W}gridSpan")]  # fmt: skip
            grid = len(table.findall(f"{W}tblGrid/{W}gridCol"))
            counted = not any(map(_is_hole_text, spans)) and not any(
                self._has_control(text)
                for row in rows
                for text in (row.text, *(c.tail for c in row))
            )
            if (
                counted
                and any(blocks[row] == blocks[table] and columns.width(row) >= grid for row in rows)
                and all(len(row.findall(f"{W}tc")) <= grid for row in rows)
            ):
                continue
            if counted and all(blocks[row] == blocks[table] for row in rows):
                self._fit_once(table)
                continue
            begin = self._hole(_Hole("filter", "filter columns", ""))
            end = self._hole(_Hole("endfilter", "endfilter", ""))
            before, parent = table.getprevious(), table.getparent()
            assert parent is not None  # noqa: S101  # a table is no root
            if before is None:
                parent.text = (parent.text or "") + begin
            else:
                before.tail = (before.tail or "") + begin
            table.tail = end + (table.tail or "")

    @staticmethod
    def _fit_once(table: etree._Element) -> None:
        own = etree.tostring(table, encoding="unicode", with_tail=False)
        fitted = parse(columns.fitted(own))
        old, new = table.find(f"{W}tblGrid"), fitted.find(f"{W}tblGrid")
        if old is not None and new is not None:
            table.replace(old, new)

    def _make_whole(self) -> None:
        """Give every cell its last paragraph, and keep tables apart, which Word would make one."""
        for cell in self.root.iter(f"{W}tc"):
            last = cell[-1] if len(cell) else None
            if self._has_control(cell.text if last is None else last.tail):
                append(cell, late(LAST_PARAGRAPH))
            elif last is None or last.tag != f"{W}p":
                cell.append(etree.Element(f"{W}p"))
        for table in list(self.root.iter(f"{W}tbl")):
            following = table.getnext()
            if self._has_control(table.tail):
                table.tail = late(APART) + (table.tail or "")
            elif following is not None and following.tag == f"{W}tbl":
                table.addnext(etree.Element(f"{W}p"))
        if self.root.tag in _SEVERAL:
            if not len(self.root):
                self.root.append(etree.Element(f"{W}p"))
            elif self._has_control(self.root[-1].tail):
                append(self.root, late(LAST_PARAGRAPH))

    def open_sections(self) -> str | None:
        """Put a token into each section of the body for the headers that a draft's marks need.

        Return what headers the first has, None if it depends on a document which is the first.
        """
        blocks, first, sure = self.blocks(), "", False
        if next(self.root.iter(f"{W}sectPr"), None) is None:
            body = next(self.root.iter(f"{W}body"))
            etree.SubElement(body, f"{W}sectPr")
        for section in self.root.iter(f"{W}sectPr"):
            if section.getparent().tag == f"{W}sectPrChange":  # type: ignore[union-attr]
                continue
            present = ",".join(
                f"{kind}:{found.get(f'{W}type', 'default')}"
                for kind in ("header", "footer")
                for found in section.findall(f"{W}{kind}Reference")
            )
            section.text = late(SECTION, present) + (section.text or "")
            if not first:
                first, sure = f"{present} ", not blocks.get(section)
        return first.strip() if sure else None

    def blocks(self) -> dict[etree._Element, tuple[str, ...]]:
        """Return the blocks, outermost first, that each element stands in.

        A block is its number, and for a loop the variable that holds its rows.
        """
        open_blocks: list[str] = []
        found = {}
        begun = 0
        for event, element in etree.iterwalk(self.root, ("start", "end")):
            if event == "start":
                found[element] = tuple(open_blocks)
            text = element.text if event == "start" else element.tail
            for hole in self._in(text) if text and _HOLE in text else ():
                if hole.kind in _GO_ON or hole.kind in _END:
                    open_blocks.pop()
                if hole.kind in _BEGIN or hole.kind in _GO_ON:
                    begun += 1
                    open_blocks.append(next(reversed(hole.variables), str(begun)))
        return found

    def number(self, numbers: Iterator[int]) -> None:
        """Number drawings, controls and bookmarks; what a loop repeats gets its rows besides."""
        blocks = self.blocks()

        def loops(element: etree._Element) -> list[str]:
            return [block for block in blocks.get(element, ()) if block.startswith("_p")]

        def number(element: etree._Element) -> str:
            own, inside = str(next(numbers)), loops(element)
            if not inside:
                return own
            return late(NUMBER, own + self._hole(_Hole("rows", inside[-1], "")))

        for drawing in self.root.iter(_DRAWING):
            drawing.set("id", number(drawing))
        for control in self.root.iter(f"{W}sdtPr"):
            for found in control.findall(f"{W}id"):
                found.set(f"{W}val", number(control))
        homes = {}
        for start, end in list(bookmarks(self.root)):
            if end is None:
                drop(start)
                continue
            if blocks[start] != blocks[end]:
                why = say("the bookmark {name} begins and ends in different cases",
                          name=start.get(f"{W}name", ""))  # fmt: skip
                raise self._refused("", why)
            own = number(start)
            start.set(f"{W}id", own)
            end.set(f"{W}id", own)
            homes[start.get(f"{W}name", "")] = loops(start)
        shapes = {}
        for element in self.root.iter(etree.Element):
            if str(element.tag).startswith(_VML) and element.get("id") and loops(element):
                shapes[element.get("id", "")] = loops(element)
        for element in self.root.iter(etree.Element):
            inside = loops(element)
            if inside:
                for name in ("paraId", "textId"):
                    element.attrib.pop(f"{_WORD_2010}{name}", "")
                self._rename(element, inside, homes, shapes)

    def _rename(
        self,
        element: etree._Element,
        inside: list[str],
        homes: Mapping[str, list[str]],
        shapes: Mapping[str, list[str]],
    ) -> None:
        """Give a name that a loop repeats, and what refers to it there, the row of the loop."""

        def own(name: str, known: Mapping[str, list[str]]) -> str:
            home = known.get(name, [])
            if not home or inside[: len(home)] != home or _HOLE in name:
                return name
            source = f"{_quoted(name)}|repeated({home[-1]})"
            return self._hole(_Hole("name", source, ""))

        for key, value in element.attrib.items():
            text = str(value)
            if (key == f"{W}name" and element.tag == f"{W}bookmarkStart") or key == f"{W}anchor":
                element.set(key, own(text, homes))
            elif str(element.tag).startswith(_VML) and key in ("id", f"{_OFFICE_VML}spid"):
                element.set(key, own(text, {text: inside}))
            elif str(element.tag).startswith(_VML) and key == "type" and text.startswith("#"):
                element.set(key, "#" + own(text[1:], shapes))
            elif key == "ShapeID":
                element.set(key, own(text, shapes))
        if element.tag == f"{W}instrText" and (found := REFERRING.match(element.text or "")):
            element.text = (element.text or "").replace(found[2], own(found[2], homes), 1)
        for where in ("text", "tail"):
            text = getattr(element, where) or ""
            if _NAMED.search(text):
                renamed = _NAMED.sub(lambda found: found[1] + own(found[2], homes) + found[3], text)
                setattr(element, where, renamed)

    def source(self) -> str:
        """Return the story as Jinja source."""
        pieces = _HOLES.split(etree.tostring(self.root, encoding="unicode"))
        used = {name for hole in self.holes for name in _ROWS.findall(hole.source)}
        for hole in reversed(self.holes):  # the rows of a loop are told by those around it
            for name, rows in hole.variables.items():
                if name in used:
                    used.update(_ROWS.findall(rows))
        return "".join(
            piece if place % 2 == 0 else self.holes[int(piece)].written(used)
            for place, piece in enumerate(pieces)
        )


@cache
def docxtpl_functions() -> DocxTemplate:
    """Return docxtpl for its pure functions; the file it is given is never opened."""
    from docxtpl import DocxTemplate  # noqa: PLC0415  # slow to import

    return DocxTemplate("")


def bookmarks(story: etree._Element) -> list[tuple[etree._Element, etree._Element | None]]:
    """Return every bookmark's start with its end: the first after it with the same number."""
    found: dict[etree._Element, etree._Element | None] = {}
    waiting: dict[str, list[etree._Element]] = {}
    for half in story.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd"):
        number = half.get(f"{W}id", "")
        if half.tag == f"{W}bookmarkStart":
            found[half] = None
            waiting.setdefault(number, []).append(half)
        elif waiting.get(number):
            found[waiting[number].pop(0)] = half
    return list(found.items())


def _clean(tag: str) -> str:
    """Return a tag as it was typed: docxtpl leaves some entities of XML in it."""
    for entity, letter in _ENTITIES.items():
        tag = tag.replace(entity, letter)
    return tag


def _dotted(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_dotted(node.node)}.{node.attr}"
    assert isinstance(node, nodes.Name)  # noqa: S101  # a name, or a field of one
    return node.name


def _quoted(value: object) -> str:
    """Return a constant as Jinja writes it."""
    return json.dumps(value, ensure_ascii=False)


def _as_written(look: etree._Element) -> str:
    written = etree.tostring(look, encoding="unicode", with_tail=False)
    return _NAMESPACES.sub("", written)


def _is_holed(element: etree._Element) -> bool:
    return _HOLE in etree.tostring(element, encoding="unicode", with_tail=False)


def _is_hole_text(text: str) -> bool:
    return _HOLE in text
