"""What a template says: its tags in reading order, a closed grammar, blocks that hold together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from jinja2 import Environment, TemplateSyntaxError, nodes
from lxml import etree

from deliverables.docx.outside import outside_problems
from deliverables.docx.package import (
    HYPERLINK,
    Inside,
    Package,
    R,
    Story,
    TemplatePlace,
    W,
    label_of,
    outside,
    own,
    own_text,
    parse,
    read_word_file,
    stories,
)
from deliverables.values.figure import Line
from deliverables.values.limits import DEEPEST_BLOCKS, LONGEST_TAG, MOST_BRACKETS
from deliverables.values.problem import Message, Problem, error, listed, say
from deliverables.values.trace import RESERVED

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
SCOPE = re.compile(r"(\{[{%#])(tr|tc|p|r) ")
"""docxtpl's prefix: the tag stands for its whole table row, cell, paragraph or run."""
ESCAPED = re.compile(r"\{_[{%]|[}%]_\}")
"""docxtpl's way to print {{, }}, {% and %}."""
BLOCKS = ("for", "if")
_SAID = re.compile(r"\{[{%#][-+]?(?:(?:tr|tc|p|r) )?(.*?)[-+]?[}%#]\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag and the paragraph it stands in."""

    text: str
    place: TemplatePlace

    @property
    def scope(self) -> str:
        """What the tag takes with it: tr, tc, p, r, or nothing."""
        found = SCOPE.match(self.text)
        return found[2] if found else ""

    @property
    def prints(self) -> bool:
        """Whether the tag prints a value, {{ … }}."""
        return self.text.startswith("{{")

    @property
    def comments(self) -> bool:
        """Whether the tag is a comment, {# … #}."""
        return self.text.startswith("{#")

    @property
    def said(self) -> str:
        """What stands between the braces, without prefix, in one line."""
        found = _SAID.fullmatch(self.text)
        return " ".join(found[1].split()) if found else ""

    @property
    def word(self) -> str:
        """The first word of {% … %}; empty for any other tag."""
        return self.said.partition(" ")[0] if self.text.startswith("{%") else ""

    @property
    def opens(self) -> str:
        """The block that the tag opens, for or if; empty for any other tag."""
        return self.word if self.word in BLOCKS else ""

    @property
    def closes(self) -> str:
        """The block that the tag closes, for or if; empty for any other tag."""
        block = self.word.removeprefix("end")
        return block if block in BLOCKS and block != self.word else ""

    @property
    def continues(self) -> bool:
        """Whether the tag starts the other case of a block."""
        return self.word in ("else", "elif")


@dataclass(frozen=True, slots=True)
class TagFault:
    """A tag, or what looks like one, and what is wrong with it."""

    tag: Tag
    why: Message


def tags_at(place: TemplatePlace) -> tuple[str, ...]:
    """Return the tags of a paragraph as they are written."""
    return tuple(TAG.findall(place.text))


LOOP_NUMBERS: Final = ("index", "index0", "revindex", "revindex0", "length")
LOOP_FLAGS: Final = ("first", "last")
COUNTING: Final = ("length", "count")
MERGES: Final = ("vm", "hm")
CELLS: Final = ("colspan", "cellbg")
"""Words that change the cell they stand in: merged with its like, made wide, coloured."""
_PLAIN = ("if", "elif", "else", "endif", "for", "endfor")
_STATEMENTS = (*_PLAIN, *MERGES, *CELLS)
_ALONE = ("else", "endif", "endfor", *MERGES)
_CLAUSES = {
    **dict.fromkeys(("if", "elif"), "{{% if {} %}}{{% endif %}}"),
    "for": "{{% for {} %}}{{% endfor %}}",
    **dict.fromkeys(CELLS, "{{{{ {} }}}}"),
}
"""What each word is read as on its own, with its rest."""
_RESERVED = ("loop", "self", "super", "caller", "varargs", "kwargs", "true", "false", "none")
_EQUAL = ("eq", "ne")
_ORDER = ("lt", "lteq", "gt", "gteq")
_MOST_KEPT = 4096

LANGUAGE = Environment()  # noqa: S701  # it only reads expressions; nothing is rendered by it
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_PREFIX = re.compile(r"\{(?:%(\s*)|[{#]())(tr|tc|p|r)(\s)")
_NOT = re.compile(r"\bnot\b")
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_ODD = re.compile(r"[^ -~\w]")
_QUOTE_LIKE = "′″‵´`＂＇「」『』《》«»‹›„‚"


def as_jinja(tag: Tag) -> str:
    """Return a tag as Jinja reads it; nothing for a remark and for what only shapes a cell."""
    said = tag.said.translate(_QUOTES)
    if tag.prints:
        return f"{{{{ {said} }}}}"
    if tag.comments or tag.word in MERGES:
        return ""
    if tag.word in CELLS:
        return f"{{{{ {said.partition(' ')[2]} }}}}"
    return f"{{% {said} %}}"


@lru_cache(maxsize=_MOST_KEPT)
def refusal(text: str, *, plain: bool = False) -> Message | None:
    """Return why a tag says what a template cannot, or None; one of `plain` text has no cells."""
    tag = Tag(text, TemplatePlace("", ""))
    if tag.comments:
        return None
    return (
        _bounded(tag)
        or _prefix(tag, plain=plain)
        or (_printed(tag) if tag.prints else _statement(tag, _PLAIN if plain else _STATEMENTS))
    )


def _bounded(tag: Tag) -> Message | None:
    if len(tag.text) > LONGEST_TAG:
        return say("the tag has more than {most} characters", most=LONGEST_TAG)
    if tag.text.count("(") > MOST_BRACKETS or len(_NOT.findall(tag.text)) > MOST_BRACKETS:
        return say("the tag has more than {most} brackets, or negations", most=MOST_BRACKETS)
    return None


def _prefix(tag: Tag, *, plain: bool) -> Message | None:
    inner = tag.text[2:-2]
    if inner.startswith(("-", "+")) or inner.endswith(("-", "+")):
        sign = inner[0] if inner[0] in "-+" else inner[-1]
        return (
            say("take the {sign} at its edge out; a line that is only a tag leaves none", sign=sign)
            if plain
            else say("take the {sign} at its edge out; whole paragraphs go with {{%p … %}}",
                     sign=sign)
        )  # fmt: skip
    if not tag.said:
        return say("the tag is empty")
    found = _PREFIX.match(tag.text)
    if found and (found[1] or found[4] != " "):
        return say("write {{%{scope} without a space before {scope} and with one after it",
                   scope=found[3])  # fmt: skip
    if tag.scope and tag.prints:
        return say("nothing can be printed with the prefix {scope}; write {{{{ {name} }}}}",
                   scope=tag.scope, name=tag.said)  # fmt: skip
    if tag.scope and tag.word in (*MERGES, *CELLS):
        return say("{word} goes without the prefix {scope}", word=tag.word, scope=tag.scope)
    return None


def _printed(tag: Tag) -> Message | None:
    read = _parsed(as_jinja(tag), tag.said)
    if isinstance(read, Message):
        return read
    (output,) = read.body
    shown = output.nodes if isinstance(output, nodes.Output) else []
    return _print(shown[0]) if len(shown) == 1 else _unreadable(tag.said)


def _statement(tag: Tag, known: Sequence[str]) -> Message | None:
    word, _, rest = tag.said.translate(_QUOTES).partition(" ")
    if word not in known:
        if near := get_close_matches(word, known, n=1):
            return say("a template has no {word}; did you mean {near}?", word=word, near=near[0])
        return say("a template has no {word}; there are {known}", word=word, known=listed(known))
    if word in _ALONE:
        return _alone(word, rest)
    return _clause(word, rest) if rest else say("after {word} something is missing", word=word)


def _alone(word: str, rest: str) -> Message | None:
    if rest and word == "else":
        return say("after else nothing follows; another condition goes with elif")
    return say("after {word} nothing follows", word=word) if rest else None


def _clause(word: str, rest: str) -> Message | None:
    read = _parsed(_CLAUSES[word].format(rest), rest)
    if isinstance(read, Message):
        return read
    match read.body:
        case [nodes.If() as case]:
            return _condition(case.test)
        case [nodes.For() as loop]:
            return _loop(loop)
        case [nodes.Output(nodes=[shown])]:
            return _print(shown)
    return _unreadable(rest)


def _parsed(source: str, said: str) -> nodes.Template | Message:
    try:
        return LANGUAGE.parse(source)
    except (TemplateSyntaxError, ValueError):  # ValueError: of 5,000 digits
        return _unreadable(said)


def _unreadable(said: str) -> Message:
    """Return what is wrong with words that make no sense, as far as that can be told."""
    bare = _STRING.sub("", said)
    if "{" in bare or "}" in bare:
        return say("a tag holds no other braces")
    if odd := _ODD.search(bare):
        if odd[0] in _QUOTE_LIKE:
            return say("{sign} is no quotation mark; write ' or \"", sign=odd[0])
        sign = odd[0] if odd[0].isprintable() else ""
        return say("the character {sign} (U+{code}) cannot stand in a tag",
                   sign=sign, code=f"{ord(odd[0]):04X}")  # fmt: skip
    if bare.count('"') % 2 or bare.count("'") % 2:
        return say("a quotation mark is missing")
    if re.search(r"(?<![=!<>])=(?!=)", bare):
        return say("two things are compared with ==, not with =")
    return _SENSELESS


def _print(node: nodes.Node) -> Message | None:
    match node:
        case nodes.Const(value=bool()) | nodes.Compare() | nodes.And() | nodes.Or() | nodes.Not():
            return say("a condition cannot be printed; write {example}",
                       example="{% if … %} … {% else %} … {% endif %}")  # fmt: skip
        case nodes.Const(value=str() | int()):
            return None
        case nodes.Getattr(node=nodes.Name(name="loop")) if node.attr in LOOP_FLAGS:
            return say("loop.{name} is yes or no and cannot be printed", name=node.attr)
    return _value(node)


def _loop(loop: nodes.For) -> Message | None:
    if not isinstance(loop.target, nodes.Name):
        return say("a loop has one name for its row: {example}", example="for row in rows")
    if loop.target.name in _RESERVED or loop.target.name.startswith("_"):
        return say("{name} cannot be the name of a row", name=loop.target.name)
    if loop.test:
        return say("a loop goes through all rows; write {{% if … %}} inside it")
    if loop.recursive:
        return say("a loop cannot call itself")
    if isinstance(loop.iter, nodes.Name | nodes.Getattr):
        return _value(loop.iter)
    return _value(loop.iter) or say("a loop goes through the rows that a name holds")


def _condition(node: nodes.Node) -> Message | None:
    match node:
        case nodes.Not():
            return _condition(node.node)
        case nodes.And() | nodes.Or():
            return _condition(node.left) or _condition(node.right)
        case nodes.Compare(ops=[nodes.Operand() as other]):
            return _comparison(node.expr, other.op, other.expr)
        case nodes.Compare():
            return say("compare two things at a time and join them by and")
    return _value(node)


def _comparison(left: nodes.Node, operator: str, right: nodes.Node) -> Message | None:
    if why := _value(left) or _value(right):
        return why
    if operator not in (*_EQUAL, *_ORDER):
        return say("a template has no {word}; compare with == and join by or", word="in")
    if operator in _ORDER:
        for side in (left, right):
            if not _is_number(side):
                return say("only numbers are greater or less; texts are compared with == and !=")
    return None


def _is_number(node: nodes.Node) -> bool:
    match node:
        case nodes.Const(value=bool()):
            return False
        case nodes.Const(value=int() | float()) | nodes.Filter():
            return True
        case nodes.Getattr(node=nodes.Name(name="loop")):
            return node.attr in LOOP_NUMBERS
    return False


def _value(node: nodes.Node) -> Message | None:
    """Return why an expression is no name, text, number, or count of rows."""
    match node:
        case nodes.Name(name="loop"):
            return say("loop alone says nothing; there are {known}", known=_LOOP)
        case nodes.Getattr(node=nodes.Name(name="loop")):
            known = node.attr in (*LOOP_NUMBERS, *LOOP_FLAGS)
            lacking = say("there is no loop.{name}; there are {known}", name=node.attr, known=_LOOP)
            return None if known else lacking
        case nodes.Name() | nodes.Const(value=str() | int() | float()):
            return None
        case nodes.Getattr(node=nodes.Name() | nodes.Getattr()):
            return _value(node.node)
        case nodes.Filter(args=[], kwargs=[], name=name) if name in COUNTING:
            counted = node.node
            if isinstance(counted, nodes.Name | nodes.Getattr):
                return _value(counted)
    return _foreign(node)


_LOOP = listed(f"loop.{name}" for name in (*LOOP_NUMBERS, *LOOP_FLAGS))


def _foreign(node: nodes.Node) -> Message:
    if isinstance(node, nodes.Filter) and node.name not in COUNTING:
        return say("there is no filter {name}", name=node.name)
    if isinstance(node, nodes.Test):
        return say("there is no “is {name}”; compare with == or !=", name=node.name)
    return next((why for kinds, why in _FOREIGN if isinstance(node, kinds)), _SENSELESS)


_SENSELESS = say("this makes no sense; a tag holds a name, or a condition such as {example}",
                 example="name == '…'")  # fmt: skip
_FOREIGN: tuple[tuple[type[nodes.Node] | tuple[type[nodes.Node], ...], Message], ...] = (
    (nodes.Filter, say("length counts the rows that a name holds")),
    (nodes.Const, say("a name always stands for something; there is no none")),
    (nodes.Getitem, say("[…] takes nothing out of a name; a field is named with a dot, a row by a "
                        "loop")),
    (nodes.Call, say("nothing can be called; a tag holds no (…)")),
    ((nodes.Compare, nodes.And, nodes.Or, nodes.Not),
     say("a condition stands alone in {{% if … %}}")),
    ((nodes.BinExpr, nodes.UnaryExpr, nodes.Concat),
     say("a tag does not reckon; print what the program has reckoned")),
    (nodes.CondExpr, say("write {example}", example="{% if … %} … {% else %} … {% endif %}")),
    ((nodes.Tuple, nodes.List, nodes.Dict), say("a tag holds one name, no list")),
)  # fmt: skip


_ANY = re.compile(rf"{TAG.pattern}|\{{\{{|\{{%", re.DOTALL)
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_BEHIND = {
    f"{W}instrText": Inside.FIELD,
    f"{W}delInstrText": Inside.FIELD,
    f"{W}delText": Inside.DELETED,
    f"{_MATH}t": Inside.EQUATION,
}
_DESCRIBED = {
    *(("docPr", name) for name in ("descr", "title")),
    *(("cNvPr", name) for name in ("descr", "title")),
    *((name, "alt") for name in ("shape", "rect", "roundrect", "oval", "line", "group")),
    *((name, "val") for name in ("tblCaption", "tblDescription")),
    ("hyperlink", "tooltip"),
}
_ATTRIBUTES = {("fldSimple", "instr"): Inside.FIELD, ("textpath", "string"): Inside.WORD_ART}


@dataclass(frozen=True, slots=True)
class PlacedTag:
    """A tag, its paragraph (None outside of any), and the element in which it ends."""

    tag: Tag
    paragraph: etree._Element | None
    element: etree._Element

    def unit(self) -> etree._Element | None:
        """Return the row, cell or paragraph that the tag takes with it."""
        if self.paragraph is None or self.tag.scope in ("", "r"):
            return None
        if self.tag.scope == "p":
            return self.paragraph
        return next(self.paragraph.iterancestors(f"{W}{self.tag.scope}"), None)

    def home(self) -> object:
        """Return what a block that starts here has to end in: table, row, cell or body."""
        unit = self.unit()
        inside = self.paragraph if unit is None else unit
        return None if inside is None else inside.getparent()

    def depth(self) -> tuple[str, ...]:
        """Return the names of the elements between the tag and its paragraph."""
        around = []
        for element in self.element.iterancestors():
            if element is self.paragraph:
                break
            around.append(str(element.tag))
        return tuple(around)


def placed_tags(story: Story) -> tuple[PlacedTag, ...]:
    """Return the tags of a story in reading order, those behind the text at their paragraph."""
    ends: dict[etree._Element, list[PlacedTag]] = {}
    for place, paragraph in story.paragraphs:
        for tag, inside in ((f"{W}t", Inside.TEXT), *_BEHIND.items()):
            where = replace(place, inside=inside) if inside else place
            for text, element in _ending(own(paragraph, tag), whole=inside is Inside.TEXT):
                placed = PlacedTag(Tag(text, where), paragraph, element)
                ends.setdefault(element, []).append(placed)
    return tuple(
        placed
        for element in story.root.iter(etree.Element)
        for placed in (*_attributes(story, element), *ends.get(element, ()))
    )  # fmt: skip


def link_tags(story: Story, package: Package) -> Iterator[PlacedTag]:
    """Yield the tags in the addresses that the links of a story point to."""
    targets = {
        found.id: address
        for found in outside(package, story.part)
        if found.relation == HYPERLINK and TAG.search(address := unquote(found.target))
    }  # fmt: skip
    for link in story.root.iter(etree.Element) if targets else ():
        address = targets.get(link.get(f"{R}id", ""), "")
        for text in TAG.findall(address):
            place = replace(story.nearest(link), inside=Inside.LINK)
            yield PlacedTag(Tag(text, place), next(link.iterancestors(f"{W}p"), None), link)


def _ending(texts: list[etree._Element], *, whole: bool) -> Iterator[tuple[str, etree._Element]]:
    """Yield the tags that texts hold together, each with the text in which it ends."""
    joined = "".join(text.text or "" for text in texts)
    if "{" not in joined:
        return
    position, starts = 0, []
    for text in texts:
        starts.append((position, text))
        position += len(text.text or "")
    for found in (TAG if whole else _ANY).finditer(joined):
        yield found[0], next(text for start, text in reversed(starts) if start < found.end())


def _attributes(story: Story, element: etree._Element) -> Iterator[PlacedTag]:
    for name, value in element.attrib.items():
        if "{{" not in value and "{%" not in value:
            continue
        key = (etree.QName(element).localname, etree.QName(name).localname)
        inside = Inside.DESCRIPTION if key in _DESCRIBED else _ATTRIBUTES.get(key, Inside.MARKUP)
        place = replace(story.nearest(element), inside=inside)
        for text in _ANY.findall(str(value)):
            yield PlacedTag(Tag(text, place), next(element.iterancestors(f"{W}p"), None), element)


_UNIT_NAMES = {"tr": say("row"), "tc": say("cell"), "p": say("paragraph")}
_WHOLE = re.compile(rf"{TAG.pattern}|{ESCAPED.pattern}", re.DOTALL)
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_HARMLESS = {f"{W}{name}" for name in ("proofErr", "lastRenderedPageBreak", "r", "t")}
_THINGS = {
    "drawing": say("a picture or chart"),
    "pict": say("a picture or chart"),
    "object": say("an embedded object"),
    "sectPr": say("a section break"),
    "tbl": say("a table"),
}


def block_faults(tags: Sequence[PlacedTag]) -> Iterator[TagFault]:
    """Yield what is wrong with the blocks of one story: their ends, other cases, and places."""
    blocks: list[list[PlacedTag]] = []
    for each in tags:
        tag = each.tag
        if tag.opens:
            if len(blocks) == DEEPEST_BLOCKS:
                yield TagFault(
                    tag,
                    say("blocks stand in one another more than {most} deep", most=DEEPEST_BLOCKS),
                )
            blocks.append([each])
        elif tag.closes or tag.continues:
            if why := _misfit(blocks, each):
                yield TagFault(tag, why)
                continue
            if why := _tear(blocks[-1][-1], each):
                yield TagFault(tag, why)
            blocks[-1].append(each)
            if tag.closes:
                blocks.pop()
        elif tag.word in MERGES and not any(block[0].tag.opens == "for" for block in blocks):
            yield TagFault(
                tag, say("{word} merges the cells of a loop and belongs in one", word=tag.word)
            )
    for block in blocks:
        yield TagFault(block[0].tag, say("{end} is missing", end=f"end{block[0].tag.opens}"))


def scope_faults(tags: Sequence[PlacedTag]) -> Iterator[TagFault]:
    """Yield every tag that belongs in a table, or makes something vanish that stands beside it."""
    for each in tags:
        tag = each.tag
        in_cells = tag.scope in ("tr", "tc") or tag.word in (*MERGES, *CELLS)
        if in_cells and not tag.place.table:
            yield TagFault(tag, say("the tag belongs in a table"))
        elif why := _unreadable_scope(each) or _beside(each):
            yield TagFault(tag, why)
    yield from _cell_faults(tags)


def _misfit(blocks: Sequence[Sequence[PlacedTag]], each: PlacedTag) -> Message | None:
    """Return why a tag continues or closes no block that is open."""
    tag = each.tag
    if not blocks or (tag.closes and blocks[-1][0].tag.opens != tag.closes):
        verb = say("nothing is open that {tag} could end", tag=tag.text)
        return verb if tag.closes else say("nothing is open that {tag} could continue",
                                           tag=tag.text)  # fmt: skip
    if tag.continues and blocks[-1][0].tag.opens == "for":
        return say("a loop has no {word}; write {{% if … %}} before it", word=tag.word)
    if tag.continues and any(before.tag.word == "else" for before in blocks[-1]):
        return say("after else comes endif")
    return None


def _unreadable_scope(placed: PlacedTag) -> Message | None:
    tag = placed.tag
    scope = SCOPE.match(tag.text)
    if scope and not tag.comments and re.search(r"[%}]", tag.text[scope.end() : -2]):
        return say("a tag of a whole row, cell or paragraph cannot hold % or }}")
    return None


def _cell_faults(tags: Sequence[PlacedTag]) -> Iterator[TagFault]:
    """Yield the tags that change their cell where docxtpl would not find the cell to change."""
    seen = set()
    for each in tags:
        word = each.tag.word
        if word not in (*MERGES, *CELLS) or not each.tag.place.table:
            continue
        cell = next(each.element.iterancestors(f"{W}tc"))
        properties = cell.find(f"{W}tcPr")
        if (cell, word) in seen:
            yield TagFault(each.tag, say("a cell has one {word} at most", word=word))
        elif cell.find(f".//{W}tbl") is not None:
            yield TagFault(each.tag, say("{word} cannot stand in a cell with a table", word=word))
        elif properties is None or not len(properties):
            yield TagFault(each.tag, say("the cell has no width; give it one in Word"))
        seen.add((cell, word))


def _beside(placed: PlacedTag) -> Message | None:
    unit = placed.unit()
    if unit is None:
        return None
    rest = "".join(text.text or "" for text in unit.iter(f"{W}t"))
    rest = _COMMENT.sub("", rest.replace(placed.tag.text, "", 1)).strip()
    lost: object = rest or _thing(unit)
    if not lost:
        return None
    return say(
        "beside it stands {lost}, which would vanish with the {unit}",
        lost=say("“{text}”", text=lost) if rest else lost,
        unit=_UNIT_NAMES[placed.tag.scope],
    )


def _thing(unit: etree._Element) -> Message | None:
    for element in unit.iterdescendants(etree.Element):
        name = etree.QName(element).localname
        if name in _THINGS:
            return _THINGS[name]
        if name == "br" and element.get(f"{W}type") == "page":
            return say("a page break")
    return None


def _tear(before: PlacedTag, after: PlacedTag) -> Message | None:
    """Return why two tags of one block, one after the other, do not fit together."""
    if before.tag.scope != after.tag.scope:
        whole, other = (before, after) if before.tag.scope else (after, before)
        return say(
            "{tag} of this block takes a whole {unit} and {other} does not; write both alike",
            tag=whole.tag.text,
            other=other.tag.text,
            unit=_UNIT_NAMES.get(whole.tag.scope, say("run")),
        )
    if before.home() is not after.home():
        return say(
            "the block begins in another place: {place}; begin and end it in the same "
            "cell, or give whole rows with tr",
            place=before.tag.place.message,
        )
    if before.tag.scope in ("", "r") and not _same_depth(before, after):
        return say("the block begins inside a link or control and ends outside of it; "
                   "begin and end it in the same")  # fmt: skip
    return None


def _same_depth(before: PlacedTag, after: PlacedTag) -> bool:
    if before.paragraph is not after.paragraph:
        return len(before.depth()) == len(after.depth()) == 1
    runs = [next(each.element.iterancestors(f"{W}r"), None) for each in (before, after)]
    return (
        all(run is not None for run in runs)
        and len({run.getparent() for run in runs if run is not None}) == 1
    )


_EDGES = {
    "hyperlink": say("the edge of a link"),
    "fldChar": say("a field"),
    "instrText": say("a field"),
    "fldSimple": say("a field"),
    "tab": say("a tab"),
    "br": say("a line break"),
    "bookmarkStart": say("a bookmark"),
    "bookmarkEnd": say("a bookmark"),
    "ins": say("a tracked change"),
    "del": say("a tracked change"),
    "sdt": say("the edge of a content control"),
    "sdtContent": say("the edge of a content control"),
    "noBreakHyphen": say("a hyphen"),
    "softHyphen": say("a hyphen"),
    "sym": say("a symbol"),
}


def split_tags(paragraph: etree._Element) -> Iterator[tuple[str, object]]:
    """Yield each tag of a paragraph that Word has split beyond repair, and what splits it.

    docxtpl drops what stands between the pieces. Where that is the mere end of a run no harm is
    done; where it is the edge of a link or half a field, the document would break.
    """
    texts = own(paragraph, f"{W}t")
    spans, position = [], 0
    for text in texts:
        spans.append((position, position + len(text.text or "")))
        position = spans[-1][1]
    for tag in _WHOLE.finditer(own_text(paragraph)):
        held = [
            text
            for text, (start, end) in zip(texts, spans, strict=True)
            if start < tag.end() and end > tag.start()
        ]
        if len(held) > 1 and ESCAPED.fullmatch(tag[0]):
            yield tag[0], say("the end of a run")
        elif len(held) > 1 and (between := _between(paragraph, held)):
            yield tag[0], _EDGES.get(between) or _THINGS.get(between) or between


def _between(paragraph: etree._Element, held: list[etree._Element]) -> str:
    """Return the name of what stands between the pieces of a tag and cannot be dropped."""
    runs = [next(text.iterancestors(f"{W}r")) for text in held]
    homes = [run.getparent() for run in runs]
    for home in homes:
        if home is not homes[0]:
            edge = home if home is not paragraph else homes[0]
            return "" if edge is None else etree.QName(edge).localname
    inside = False
    for element in paragraph.iter(etree.Element):
        if element is held[-1]:
            break
        inside = inside or element is held[0]
        in_properties = any(True for _ in element.iterancestors(f"{W}rPr"))
        plain = element.tag in _HARMLESS or element.tag == f"{W}rPr" or in_properties
        if inside and not plain:
            return etree.QName(element).localname
    return ""


def joined_braces(story: Story) -> Iterator[TagFault]:
    """Yield braces that docxtpl would join to the next text, dropping all that lies between.

    It takes a brace at the end of one text and one at the start of the next for a tag in pieces.
    """
    before, text = None, ""
    for element in story.root.iter(etree.Element):
        if not element.text:
            continue
        if text and before is not None and _JOINED.search(text[-1] + element.text[0]):
            homes = [next(each.iterancestors(f"{W}p"), None) for each in (before, element)]
            if (
                homes[0] is not homes[1]
                or _ends_escaped(text)
                or _ESCAPED_FIRST.match(element.text)
            ):
                why = say("it would be joined to the next text; write a space between them")
                yield TagFault(Tag(f"{text[-3:]} … {element.text[:3]}", story.nearest(before)), why)
        before, text = element, element.text


_JOINED = re.compile(r"\{[{%#]|[%}#]\}")
_ESCAPED_FIRST = re.compile(r"[}%]_\}")


def _ends_escaped(text: str) -> bool:
    return any(found.end() == len(text) for found in ESCAPED.finditer(text))


_DELIMITER = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_APART = re.compile(r"[{｛]\s*[{｛%][^{}｛｝]*[}｝%]\s*[}｝]")
_SINGLE = re.compile(r"[{｛][^{}｛｝]*[}｝]")
_MERGED = re.compile(r"«[^«»]*»")
_BRACE = re.compile(r"[{}｛｝]")
_GAP = "\N{NO-BREAK SPACE}"
_MERGE_FIELD = re.compile(r"\s*MERGEFIELD\s+(\"[^\"]*\"|\S+)", re.IGNORECASE)
_LONGEST = 60


def broken_tags(story: Story) -> Iterator[TagFault]:
    """Yield every tag of a story that is opened and not closed, or closed and never opened."""
    for line, _ in story.paragraphs:
        rest = TAG.sub("", line.text)
        if found := _DELIMITER.search(rest):
            opened = found[0].startswith("{")
            broken = rest[found.start() :] if opened else rest[: found.end()]
            why = say("the tag is not closed") if opened else say("the tag was never opened")
            yield TagFault(Tag(broken.strip()[:_LONGEST], line), why)


def lookalikes(story: Story) -> Iterator[TagFault]:
    """Yield what looks like a tag and is none: { x }, ｛｛ x ｝｝, «x», a brace left over."""
    for place, paragraph in story.paragraphs:
        if found := RESERVED.search(place.text):
            why = say("the program uses the character U+{code} itself", code=f"{ord(found[0]):X}")
            yield TagFault(Tag(found[0], place), why)
        rest = ESCAPED.sub("", TAG.sub(_GAP, place.text))
        if not _DELIMITER.search(rest):
            for pattern, why in _KINDS:
                for found in pattern.finditer(rest):
                    yield TagFault(Tag(found[0], place), why)
                rest = pattern.sub(_GAP, rest)
        codes = "".join(code.text or "" for code in own(paragraph, f"{W}instrText"))
        simple = [field.get(f"{W}instr", "") for field in own(paragraph, f"{W}fldSimple")]
        for code in (codes, *simple):
            for field in _MERGE_FIELD.finditer(code):
                yield TagFault(
                    Tag(field[0].strip(), replace(place, inside=Inside.FIELD)),
                    say("a field of Word's mail merge is not filled; write {{{{ name }}}}"),
                )


_WRITE = say("it looks like a tag and would be printed as it stands; write {{{{ name }}}} with two "
             "plain braces on each side")  # fmt: skip
_KINDS: tuple[tuple[re.Pattern[str], Message], ...] = (
    (_APART, _WRITE),
    (_SINGLE, _WRITE),
    (_MERGED, say("it was left by Word's mail merge; write {{{{ name }}}}")),
    (_BRACE, say("a brace is left over; to print one, write {tag}", tag='{{ "{" }}')),
)


_REFERS = re.compile(r"\s*(?:REF|PAGEREF|NOTEREF)\s+([^\s{]+)", re.IGNORECASE)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""Holds what a text box says a second time, for old programs."""
_OF_CONTENTS = "_Toc"
"""Begins the bookmarks of headings, which are written anew with the contents."""


@dataclass(frozen=True, slots=True)
class _Branch:
    """A loop, or a case of a condition, by the tags that lead there; loops are told apart."""

    said: str
    loop: int = 0


Branches = tuple[_Branch, ...]


@dataclass(frozen=True, slots=True)
class _Reference:
    name: str
    tag: Tag
    branches: Branches


def reference_faults(stories: Sequence[tuple[Story, tuple[PlacedTag, ...]]]) -> Iterator[TagFault]:
    """Yield every bookmark that a case cuts in two, and every reference that may find nothing."""
    marked: dict[str, Branches] = {}
    references: list[_Reference] = []
    for story, tags in stories:
        found = list(_with_branches(story, tags))
        for name, end, before, after in _bookmarks(found):
            tag = Tag(name, story.nearest(end))
            if name in marked:
                yield TagFault(
                    tag, say("the bookmark {name} stands in the template twice", name=name)
                )
            if before != after:
                why = say("the bookmark begins and ends in different cases or loops")
                yield TagFault(tag, why)
            marked[name] = before
        for element, branches in found:
            if refers := _REFERS.match(_code(element)):
                tag = Tag(_code(element).strip(), story.nearest(element))
                references.append(_Reference(refers[1], tag, branches))
    for reference in references:
        lost = _lost(reference, marked.get(reference.name))
        if lost is not None and not reference.name.startswith(_OF_CONTENTS):
            yield TagFault(reference.tag, lost)


def _bookmarks(
    found: Sequence[tuple[etree._Element, Branches]],
) -> Iterator[tuple[str, etree._Element, Branches, Branches]]:
    """Yield each bookmark that ends: its name, its end, and the branches of its start and end."""
    begun: dict[str, tuple[str, Branches]] = {}
    for element, branches in found:
        number = element.get(f"{W}id", "")
        if element.tag == f"{W}bookmarkStart":
            begun[number] = element.get(f"{W}name", ""), branches
        elif element.tag == f"{W}bookmarkEnd" and number in begun:
            name, before = begun.pop(number)
            yield name, element, before, branches


def _lost(reference: _Reference, branches: Branches | None) -> Message | None:
    """Return why a reference may find nothing, or more than one thing."""
    name = reference.name
    if branches is None:
        return say("there is no bookmark {name} to refer to", name=name)
    missing = next((branch for branch in branches if branch not in reference.branches), None)
    if missing is None:
        return None
    if missing.loop:
        return say("the bookmark {name} stands in the loop {loop}, so there may be many of it",
                   name=name, loop=missing.said)  # fmt: skip
    return say("the bookmark {name} stands under {condition} and the reference does not",
               name=name, condition=missing.said)  # fmt: skip


def _code(element: etree._Element) -> str:
    return element.get(f"{W}instr", "") or element.text or ""


def _with_branches(
    story: Story, tags: Sequence[PlacedTag]
) -> Iterator[tuple[etree._Element, Branches]]:
    """Yield bookmarks and field codes in reading order, each with the branches it stands in.

    What stands in a row, cell or paragraph that a tag takes with it is not in any document.
    """
    by_element: dict[etree._Element, list[Tag]] = {}
    gone = set()
    for each in tags:
        by_element.setdefault(each.element, []).append(each.tag)
        gone.add(each.unit())
    open_blocks: list[_Branch] = []
    wanted = {f"{W}{name}" for name in ("bookmarkStart", "bookmarkEnd", "instrText", "fldSimple")}
    loops = 0
    for element in story.root.iter(etree.Element):
        for tag in by_element.get(element, ()):
            if tag.opens:
                loops += tag.opens == "for"
                open_blocks.append(_Branch(tag.said, loops if tag.opens == "for" else 0))
            elif tag.continues and open_blocks:
                before = open_blocks.pop()
                open_blocks.append(_Branch(f"{before.said} / {tag.said}"))
            elif tag.closes and open_blocks:
                open_blocks.pop()
        around = list(element.iterancestors()) if element.tag in wanted else []
        twice = any(above.tag == _FALLBACK for above in around)
        if around and gone.isdisjoint(around) and not twice:
            yield element, tuple(open_blocks)


_MEND = say("open the template in Word or WPS and mend the tag")
_NOT_FILLED = {
    Inside.FIELD: say("a field code is not filled; write the tag as text"),
    Inside.EQUATION: say("an equation is not filled; write the tag as text"),
    Inside.DELETED: say("it stands in deleted text; accept or reject the tracked change"),
    Inside.WORD_ART: say("WordArt is not filled; write the tag in a text box"),
    Inside.MARKUP: say("it stands where no text is; delete it there"),
}


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of a template as one Jinja program: line n of it is the tag `lines[n-1]`."""

    tree: nodes.Template | None
    lines: tuple[Tag, ...]
    problems: tuple[Problem, ...]


def read_tags(template: Path) -> Tags:
    """Read the tags of a template; where it cannot be rendered there is no tree but problems."""
    package, objections = read_word_file(template)
    if package is None:
        source = source_of(template)
        found = tuple(error("template-file", source, what, fix) for what, fix in objections)
        return Tags(None, (), found)
    told = tuple((story, placed_tags(story)) for story in stories(package))
    found = each_once(_problems(source_of(template), package, told))
    if found:
        return Tags(None, (), found)
    links = (each for story, _ in told for each in link_tags(story, package))
    tags = [each.tag for _, placed in told for each in placed] + [each.tag for each in links]
    lines = tuple(tag for tag in tags if not tag.comments)
    return Tags(LANGUAGE.parse("\n".join(as_jinja(tag) for tag in lines)), lines, ())


def source_of(template: Path) -> Line:
    """Return how a problem names a template: its folder's name and its own."""
    return Line(f"{template.parent.name}/{template.name}")


def each_once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems without those said before: a text box is told twice in a file."""
    return tuple({str(problem): problem for problem in problems}.values())


Told = Sequence[tuple[Story, tuple[PlacedTag, ...]]]
"""The stories of a template with their tags."""


def _problems(source: Line, package: Package, told: Told) -> Iterator[Problem]:
    for fault in _tag_faults(package, told):
        yield error("template-tag", source, _spoken(fault), _MEND)
    for story, _ in told:
        for fault in lookalikes(story):
            yield error("template-lookalike", source, _spoken(fault), _MEND)
        for place, paragraph in story.paragraphs:
            for text, between in split_tags(paragraph):
                yield error(
                    "template-split",
                    source,
                    _spoken(
                        TagFault(Tag(text, place), say("the tag is split by {what}", what=between))
                    ),
                    say("delete the tag and type it anew in one go"),
                )
    for fault in reference_faults(told):
        yield error(
            "template-reference",
            source,
            _spoken(fault),
            say("put the bookmark and the reference under the same condition, outside of loops"),
        )
    yield from outside_problems(source, package, [story for story, _ in told])


def _spoken(fault: TagFault) -> Message:
    tag = fault.tag
    return say("{place}: {tag}: {why}", place=tag.place.message, tag=tag.text, why=fault.why)


def _tag_faults(package: Package, told: Told) -> Iterator[TagFault]:
    """Yield what is wrong with tags: first how they are written, then where they stand."""
    yield from _elsewhere(package)
    for story, tags in told:
        written = [*broken_tags(story), *_written(tags), *joined_braces(story)]
        linked = [*link_tags(story, package)]
        yield from (*written, *_written(linked))
        if not written:
            in_text = [each for each in tags if not each.tag.place.inside]
            yield from (*block_faults(in_text), *scope_faults(in_text))


def _written(tags: Sequence[PlacedTag]) -> Iterator[TagFault]:
    for each in tags:
        tag, inside = each.tag, each.tag.place.inside
        if tag.comments and inside in (Inside.TEXT, Inside.DESCRIPTION):
            continue
        if inside in _NOT_FILLED:
            yield TagFault(tag, _NOT_FILLED[inside])
        elif why := refusal(tag.text):
            yield TagFault(tag, why)
        elif inside and (not tag.prints or '"' in tag.text or "'" in tag.text):
            yield TagFault(tag, say("only {{{{ name }}}} can stand here"))


def _elsewhere(package: Package) -> Iterator[TagFault]:
    """Yield the tags in parts that are not filled: charts, comments, properties, bound data."""
    filled = set(package.stories())
    for part, content in package.parts.items():
        if part in filled or not part.endswith(".xml") or b"{" not in content:
            continue
        for place in _paragraphs_of(part, parse(content)):
            for text in TAG.findall(place.text):
                why = say("this part of the file is not filled; write the tag in the text")
                yield TagFault(Tag(text, TemplatePlace(place.part, "")), why)


def _paragraphs_of(part: str, root: etree._Element) -> Iterator[TemplatePlace]:
    """Yield the texts of a part: whole paragraphs, attributes, and what else it holds."""
    label = label_of(part)
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if name == "p":
            yield TemplatePlace(label, "".join(str(text) for text in element.itertext()))
        elif not any(etree.QName(above).localname == "p" for above in element.iterancestors()):
            yield TemplatePlace(label, element.text or "")
        yield from (TemplatePlace(label, str(value)) for value in element.attrib.values())
