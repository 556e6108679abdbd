"""What a tag may say: a closed list, so that a template which is accepted can be rendered.

    {{ name }}  {{ rows|length }}  {{ loop.index }}  {{ "text" }}
    {% if condition %}  {% elif condition %}  {% else %}  {% endif %}
    {% for row in rows %}  {% endfor %}
    {% vm %}  {% hm %}  {% colspan name %}  {% cellbg name %}  {# remark #}

A condition compares names, texts and numbers, joined by and, or, not. docxtpl's prefixes p, tr, tc
and r go with for, if, their other cases and ends, and with remarks. Jinja, which fills the tags,
knows more; all of that is refused here, in words of ours.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from jinja2 import Environment, TemplateSyntaxError, nodes

from deliverables.message import Message, listed, say
from deliverables.render.place import Place
from deliverables.render.tag import Tag

LOOP_NUMBERS: Final = ("index", "index0", "revindex", "revindex0", "length")
LOOP_FLAGS: Final = ("first", "last")
COUNTING: Final = ("length", "count")
MERGES: Final = ("vm", "hm")
CELLS: Final = ("colspan", "cellbg")
"""Words that change the cell they stand in: merged with its like, made wide, coloured."""
_STATEMENTS = ("if", "elif", "else", "endif", "for", "endfor", *MERGES, *CELLS)
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

_JINJA = Environment()  # noqa: S701  # it only reads expressions; nothing is rendered by it
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_PREFIX = re.compile(r"\{(?:%(\s*)|[{#]())(tr|tc|p|r)(\s)")
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
def refusal(text: str) -> Message | None:
    """Return why a tag says what a template cannot, or None."""
    tag = Tag(text, Place("", ""))
    if tag.comments:
        return None
    return _prefix(tag) or (_printed(tag) if tag.prints else _statement(tag))


def _prefix(tag: Tag) -> Message | None:
    inner = tag.text[2:-2]
    if inner.startswith(("-", "+")) or inner.endswith(("-", "+")):
        return say("take the {sign} at its edge out; whole paragraphs go with {{%p … %}}",
                   sign=inner[0] if inner[0] in "-+" else inner[-1])  # fmt: skip
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


def _statement(tag: Tag) -> Message | None:
    word, _, rest = tag.said.translate(_QUOTES).partition(" ")
    if word not in _STATEMENTS:
        return say("a template has no {word}; there are {known}",
                   word=word, known=listed(_STATEMENTS))  # fmt: skip
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
        return _JINJA.parse(source)
    except TemplateSyntaxError:
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
