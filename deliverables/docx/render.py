"""Template and context become a document, in one way: what Jinja writes, settled and packed.

A template is rewritten once (docx/template.py) and kept by its content. The words printed leave a
trace, so that others know where each figure stands.
"""

from __future__ import annotations

import json
import marshal
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from itertools import count, islice
from pathlib import Path
from types import CodeType
from typing import Final
from urllib.parse import urlsplit

import jinja2
from jinja2 import Environment, StrictUndefined, Template, nodes

from deliverables import cache as store
from deliverables.docx import charts, inserts, text
from deliverables.docx.loops import BLOCK, COMMENT, INSERTS, VARIABLE, RewritingError, shape_of
from deliverables.docx.package import (
    Member,
    Package,
    archive,
    pack,
    pack_once,
    travelling,
)
from deliverables.docx.settlement import (
    LATE,
    LINK,
    NUMBER,
    MissingReferenceError,
    Settlement,
    first_section,
    late,
)
from deliverables.docx.stamp import (
    APP,
    CORE,
    CUSTOM,
    Properties,
    Stamp,
    app,
    core,
    custom,
    marked,
    put_stamp,
    write_properties,
)
from deliverables.docx.template import fitted, rewrite
from deliverables.docx.text import UnprintableError
from deliverables.model.content import Chart, Picture
from deliverables.values.figure import Line
from deliverables.values.limits import LARGEST_DOCUMENT, MEGABYTE, MOST_ROWS_PRINTED
from deliverables.values.problem import Message, Problem, error, say
from deliverables.values.trace import TOKEN, Trace, finished

__all__ = ["Properties", "Rendered", "Stamp", "TemplateError", "render"]


_MOST_TEMPLATES: Final = 64
_MOST_FRAMES: Final = 64
_DECLARATION: Final = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_LIBRARY: Final = re.compile(
    r"(docxtpl|python_docx|jinja2|markupsafe|lxml)-.*\.(?:dist|egg)-info\Z", re.IGNORECASE
)
_ROOMS: Final = ("docx", "model", "values")


_LINE_END: Final = re.compile(r"</w:t>(?:<w:br/>|</w:r><w:r>(?:<w:rPr>.*?</w:rPr>)?<w:tab/>)")
"""What stands between two lines of a figure."""


class TemplateError(Exception):
    """A template that cannot be rendered; `problems` say where and how to mend it."""

    def __init__(self, problems: tuple[Problem, ...] | list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class Rendered(bytes):
    """The bytes of a document, which knows by its trace where each figure of its context stands."""

    trace: Trace

    def __new__(cls, document: bytes, trace: Trace) -> Rendered:
        """Return the document with its trace."""
        rendered = super().__new__(cls, document)
        rendered.trace = trace
        return rendered

    def __reduce__(self) -> tuple[object, ...]:
        """Let a document travel between processes with its trace."""
        return Rendered, (bytes(self), self.trace)

    @property
    def printed(self) -> Mapping[str, int]:
        """How often each figure is printed, by its path, such as outages[3].started.

        One under a condition that does not hold is not printed.
        """
        printed: Counter[str] = Counter()
        for story in self.trace.stories.values():
            site, end = "", 0
            for token in TOKEN.finditer(story):
                if token[1] != site or not _LINE_END.match(story, end, token.start()):
                    printed[self.trace.key(token[1])] += 1
                site, end = token[1], token.end()
        return printed


def render(template: Path, context: object, stamp: Stamp, properties: Properties) -> Rendered:
    """Return the document that `template` makes of `context`, a frozen dataclass.

    Raises:
        TemplateError: The template is badly written, names what the context does not offer, or
            a value cannot stand in a document.
    """
    if not is_dataclass(context) or isinstance(context, type):
        raise TypeError("a context is an instance of a dataclass")
    compiled = _compiled(template, _version(template), type(context))
    try:
        return compiled.render(context, stamp, properties)
    except _Failure as failure:
        raise TemplateError([_problem(template, failure)]) from failure.__cause__


def unrenderable(template: Path, context: type) -> tuple[Problem, ...]:
    """Return why a template cannot be rendered with any context of a type, by trying to compile it.

    Whatever no rule foresaw is found so: tags where Word itself would put none.
    """
    try:
        _compiled(template, _version(template), context)
    except TemplateError as refused:
        return refused.problems
    return ()


def _version(template: Path) -> tuple[int, ...]:
    state = os.stat(template)  # noqa: PTH116  # a few microseconds sooner, for each document
    return state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino


@lru_cache(maxsize=_MOST_TEMPLATES)
def _compiled(template: Path, _version: tuple[int, ...], context: type) -> _Compiled:
    content = template.read_bytes()
    key = _key(content, context)
    return _Compiled(_load(key) or _rewritten(template, content, context, key), context)


# A template compiled


@dataclass(frozen=True, slots=True)
class _Program:
    """What is kept of a template: code of Jinja for each story, and what the documents share."""

    codes: Mapping[str, CodeType]
    links: tuple[CodeType, ...]
    parts: Mapping[str, bytes]
    sites: tuple[str, ...]
    numbers: int
    lists_headings: bool
    section: str | None


def _rewritten(template: Path, content: bytes, context: type, key: str) -> _Program:
    from deliverables.docx.names import template_problems  # noqa: PLC0415
    from deliverables.docx.tags import source_of  # noqa: PLC0415

    if problems := template_problems(template, context):
        raise TemplateError(problems)
    try:
        package = travelling(Package.of(content))
        rewritten = rewrite(package, shape_of(context))
    except RewritingError as refused:
        story = refused.part.rsplit("/", 1)[-1].removesuffix(".xml")
        message = say("{place}: {tag}: {why}", place=story, tag=refused.tag, why=refused.why)
        fix = say("open the template in Word or WPS and mend the tag")
        raise TemplateError([error("template-tag", source_of(template), message, fix)]) from refused
    fixed = {part: (_DECLARATION + story).encode() for part, story in rewritten.fixed.items()}
    program = _Program(
        codes={part: _code(source) for part, source in rewritten.sources.items()},
        links=tuple(map(_code, rewritten.links)),
        parts={**rewritten.parts, **fixed},
        sites=rewritten.sites,
        numbers=rewritten.numbers,
        lists_headings=rewritten.lists_headings,
        section=rewritten.section,
    )
    _store(key, program)
    return program


# A document


class _Failure(Exception):  # noqa: N818  # never seen outside
    """What cannot be rendered, and in which part."""

    def __init__(self, part: str, fault: Exception) -> None:
        super().__init__(part, fault)
        self.part, self.fault = part, fault


_Need = tuple[str, str]
"""A part that shows a chart or picture, and what that needs: CHART, or a picture's extension; a
picture that the package has already is named with = before it, one of the same document with #."""


class _Inserts:
    """The charts and pictures of one document, story by story, as far as they are written.

    It counts the rows and the markup too: a document that grows beyond all bounds is stopped.
    """

    def __init__(self, taken: Mapping[str, frozenset[str]], media: Mapping[bytes, str]) -> None:
        self._taken, self._media = taken, media
        self._relations: dict[str, Iterator[str]] = {}
        self._known: dict[tuple[str, bytes], str] = {}
        self._rooms: dict[bytes, int] = {}
        self._drawn = 0
        self._rows, self._markup, self._loop = MOST_ROWS_PRINTED, LARGEST_DOCUMENT, ""
        self.part = ""
        self.needs: list[_Need] = []
        self.contents: list[Callable[[], tuple[bytes, ...]]] = []

    def each(self, rows: Sequence[object], tag: str) -> Sequence[object]:
        """Return the rows that a loop is about to go through; raise UnprintableError."""
        self._rows, self._loop = self._rows - len(rows), tag
        if self._rows < 0:
            why = say("{tag}: the loops go through more than {most} rows", tag=f"{{% {tag} %}}",
                      most=f"{MOST_ROWS_PRINTED:,}")  # fmt: skip
            raise UnprintableError(why, _FEWER)
        return rows

    def grow(self, pieces: list[str]) -> None:
        """Take note of markup that was written; raise UnprintableError."""
        self._markup -= sum(map(len, pieces))
        if self._markup < 0:
            why = say("{tag}: the document grows beyond {most} MB", tag=f"{{% {self._loop} %}}",
                      most=LARGEST_DOCUMENT // MEGABYTE)  # fmt: skip
            raise UnprintableError(why, _FEWER)

    def chart(self, chart: Chart) -> str:
        """Return the drawing of a chart, and take note of what it needs."""
        return charts.drawing(
            chart, self._relation(_CHART, lambda: _chart_parts(chart)), self._number()
        )

    def picture(self, picture: Picture) -> str:
        """Return the drawing of a picture, whose bytes a document holds once."""
        content, known = picture.content, (self.part, picture.content)
        kind = inserts.looked_at(picture).extension
        if known not in self._known:
            if content in self._media:
                kind = f"={self._media[content]}"
            elif content in self._rooms:
                kind = f"#{self._rooms[content]}"
            else:
                self._rooms[content] = len(self.needs)
            held = kind[0] in "=#"
            self._known[known] = self._relation(kind, lambda: () if held else (content,))
        return inserts.drawing(picture, self._known[known], self._number())

    def _relation(self, kind: str, contents: Callable[[], tuple[bytes, ...]]) -> str:
        self.needs.append((self.part, kind))
        self.contents.append(contents)
        if self.part not in self._relations:
            taken = self._taken[self.part]
            self._relations[self.part] = (
                name for number in count(1) if (name := f"rId{number}") not in taken
            )
        return next(self._relations[self.part])

    def _number(self) -> str:
        self._drawn += 1
        return late(NUMBER, f"d{self._drawn}")


_CHART: Final = "chart"


def _chart_parts(chart: Chart) -> tuple[bytes, ...]:
    return charts.chart_markup(chart, charts.DATA).encode(), charts.chart_workbook(chart)


def _chart(value: Chart, drawn: _Inserts, look: str | None = None) -> str:
    """Return a chart that is alone in its run, or ends one run and begins another of the look."""
    if value.__class__ is not Chart:
        raise UnprintableError(f"a {type(value).__name__} is no chart")
    drawing = drawn.chart(value)
    if look is None:
        return drawing
    return f'</w:t></w:r><w:r>{drawing}</w:r><w:r>{look}<w:t xml:space="preserve">'


def _picture(value: Picture, drawn: _Inserts, _look: str) -> str:
    """Return a picture between two runs, as docxtpl has it."""
    if value.__class__ is not Picture:
        raise UnprintableError(f"a {type(value).__name__} is no picture")
    drawing = drawn.picture(value)
    return f'</w:t></w:r><w:r>{drawing}</w:r><w:r><w:t xml:space="preserve">'


@dataclass(frozen=True, slots=True)
class _Frame:
    """The package around the stories: everything in it that documents of one template share.

    The `members` are in their order, packed where they are the same in every document; `rooms`
    names the parts of each chart and picture, in their order; `section` is what the first section
    gets for the marks of a draft, `pages` what a header or footer begins and ends with. `stories`
    are those that are the same in every document; `relations` have tokens for addresses in them.
    """

    members: tuple[tuple[str, Member | None], ...]
    rooms: tuple[tuple[str, ...], ...]
    section: str
    pages: Mapping[str, tuple[str, str]]
    stories: Mapping[str, str]
    relations: Mapping[str, str]


class _Compiled:
    """A template's stories as functions, the body's first, and the package around them."""

    def __init__(self, program: _Program, context: type) -> None:
        package = Package(program.parts)
        self._program, self._package = program, package
        self._body = package.document
        self._names = tuple(each.name for each in fields(context))
        self._templates = [
            (part, Template.from_code(_environment(), code, {}))
            for part, code in program.codes.items()
        ]
        self._links = [Template.from_code(_environment(), code, {}) for code in program.links]
        self._taken = {part: package.relation_ids(part) for part in program.codes}
        self._media = {
            content: name
            for name, content in program.parts.items()
            if name.startswith(inserts.MEDIA)
        }
        self._frame = lru_cache(maxsize=_MOST_FRAMES)(self._framed)

    def render(self, context: object, stamp: Stamp, properties: Properties) -> Rendered:
        """Return the document of a context; raise _Failure."""
        drawn = _Inserts(self._taken, self._media)
        written = dict(self._written(context, drawn))
        section = self._program.section
        if section is None:
            section = first_section("".join(written[self._body]))
        frame = self._frame(tuple(drawn.needs), stamp, section)
        settlement = Settlement(
            self._program.numbers,
            lists_headings=self._program.lists_headings,
            section=frame.section,
        )
        members: dict[str, Member] = {}
        stories = dict(frame.stories)
        for part, pieces in written.items():
            try:
                settled = settlement.settled(pieces)
            except MissingReferenceError as fault:
                raise _Failure(part, fault) from fault
            settled[0] = _DECLARATION
            if part in frame.pages:
                settled = [marked("".join(settled), *frame.pages[part])]
            stories[part] = "".join(settled)
            members[part] = pack(part, finished(settled).encode())
        for names, contents in zip(frame.rooms, drawn.contents, strict=True):
            for name, content in zip(names, contents(), strict=True):
                members[name] = pack(name, content)
        for name, relations in frame.relations.items():
            members[name] = pack(name, self._addressed(relations, context).encode())
        members[CORE] = pack(CORE, core(properties).encode())
        members[APP] = pack_once(APP, app(properties).encode())
        members[CUSTOM] = pack(CUSTOM, custom(properties).encode())
        document = archive(shared or members[name] for name, shared in frame.members)
        return Rendered(document, Trace(stories, self._program.sites))

    def _written(self, context: object, drawn: _Inserts) -> Iterator[tuple[str, list[str]]]:
        names = {name: getattr(context, name) for name in self._names}
        names[INSERTS] = drawn
        for part, template in self._templates:
            drawn.part = part
            yield part, _filled(template, names, part, drawn)

    def _addressed(self, relations: str, context: object) -> str:
        """Return relations with the addresses of their links, which a reader may follow."""
        names = {name: getattr(context, name) for name in self._names}
        drawn = names[INSERTS] = _Inserts({}, {})
        for number, template in enumerate(self._links):
            token = late(LINK, str(number))
            if token in relations:
                address = "".join(_filled(template, names, self._body, drawn))
                if urlsplit(address).scheme.lower() not in _ADDRESSES:
                    why = say("a link cannot point to {address}", address=address)
                    raise _Failure(self._body, UnprintableError(why))
                relations = relations.replace(token, text.attribute(address)[1:-1])
        return relations

    def _framed(self, needs: tuple[_Need, ...], stamp: Stamp, section: str) -> _Frame:
        package = Package(self._package.parts)
        rooms: list[tuple[str, ...]] = []
        for part, kind in needs:
            rooms.append(_room(package, part, kind, rooms))
        marks = put_stamp(package, stamp, section.split(","))
        write_properties(package, _NOBODY)
        varying = {
            *self._program.codes,
            CORE,
            APP,
            CUSTOM,
            *(name for room in rooms for name in room),
        }
        stories = {
            part: package.parts[part].decode()
            for part in self._package.stories()
            if part not in self._program.codes
        }
        for part, lines in marks.pages.items():
            if part not in self._program.codes:
                stories[part] = marked(package.parts[part].decode(), *lines)
                package.parts[part] = stories[part].encode()
        relations = {
            name: content.decode()
            for name, content in package.parts.items()
            if name.endswith(".rels") and LATE.encode() in content
        }
        varying |= relations.keys()
        members = tuple(
            (name, None if name in varying else pack_once(name, package.parts[name]))
            for name in package.in_order()
        )
        return _Frame(members, tuple(rooms), marks.section, marks.pages, stories, relations)


def _filled(template: Template, names: dict[str, object], part: str, drawn: _Inserts) -> list[str]:
    """Return in pieces what a Jinja template makes of a context's names; raise _Failure."""
    filled: list[str] = []
    try:
        written = template.root_render_func(template.new_context(names))
        while pieces := list(islice(written, _PIECES)):
            drawn.grow(pieces)
            filled += pieces
    except (jinja2.TemplateError, UnprintableError, TypeError, AttributeError) as fault:
        raise _Failure(part, fault) from fault
    return filled


_PIECES: Final = 1_024
_FEWER: Final = say("print rows in one loop, or in one inside the loop whose rows they belong to")
_ADDRESSES: Final = ("http", "https", "mailto")
_NOBODY: Final = Properties(
    title="", subject="", contract_number="", creator="", made_on=date(2000, 1, 1)
)


def _room(package: Package, part: str, kind: str, rooms: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Add the parts of a chart or picture to the package; return their names, if they are new."""
    if kind == _CHART:
        return charts.make_room(package, part)[:2]
    if kind[0] in "=#":
        name = kind[1:] if kind[0] == "=" else rooms[int(kind[1:])][0]
        package.relate(part, "image", name)
        return ()
    return inserts.make_room(package, part, kind)[:1]


def _problem(template: Path, failure: _Failure) -> Problem:
    fault = failure.fault
    return error(
        "template-value",
        Line(f"{template.parent.name}/{template.name}"),
        say(
            "{story}: {why}",
            story=failure.part.rsplit("/", 1)[-1].removesuffix(".xml"),
            why=_why(fault),
        ),
        (isinstance(fault, UnprintableError) and fault.fix)
        or say("mend the tag in the template, or the value in the data"),
    )


def _why(fault: Exception) -> Message:
    """Return what a fault of Jinja or Python means for the person who wrote the tag."""
    if fault.args and isinstance(fault.args[0], Message):
        return fault.args[0]
    said = str(fault)
    if found := _LACKS.search(said):
        return say("a tag asks for {name} of a value that has none", name=found[1])
    if found := _UNKNOWN.search(said):
        return say("a tag asks for {name}, which is not there", name=found[1])
    if "not iterable" in said or "has no len()" in said:
        return say("a tag goes through a value that is no list")
    if "not supported" in said:
        return say("a tag compares or reckons with values that do not go together")
    return say("a tag does with a value what cannot be done with it ({fault})",
               fault=type(fault).__name__)  # fmt: skip


_LACKS: Final = re.compile(r"has no (?:attribute|element) '?(\w+)")
_UNKNOWN: Final = re.compile(r"'(\w+)' is undefined")


# Jinja


@cache
def _environment() -> Environment:
    """Return Jinja with the delimiters and filters of rewritten templates, and nothing else."""
    environment = Environment(  # noqa: S701  # each filter escapes what it prints, see _code
        *BLOCK, *VARIABLE, *COMMENT, keep_trailing_newline=True, undefined=StrictUndefined
    )
    environment.globals.clear()
    environment.filters = {
        "length": len,
        "row": text.row,
        "each": lambda rows, drawn, tag: drawn.each(rows, tag),
        "columns": fitted,
        **_PRINTING,
    }
    return environment


_PRINTING: Final[Mapping[str, Callable[..., str]]] = {
    "figure": text.figure,
    "figure_beside": text.figure_beside,
    "figure_in_attribute": text.figure_in_attribute,
    "words": text.words,
    "words_beside": text.words_beside,
    "in_attribute": text.in_attribute,
    "in_address": text.in_address,
    "repeated": text.repeated,
    "numbered": lambda number, rows: late(NUMBER, number + rows),
    "named": lambda name, kind, rows: late(kind, text.repeated(name, rows)),
    "chart": _chart,
    "picture": _picture,
}
"""All that a rewritten template prints goes through one of these, which escape what they print."""


def _code(source: str) -> CodeType:
    """Return the code of a rewritten story, in which nothing is printed without being escaped."""
    tree = _environment().parse(source)
    for output in tree.find_all(nodes.Output):
        for shown in output.nodes:
            match shown:
                case nodes.TemplateData() | nodes.Filter(name="columns"):
                    continue
                case nodes.Filter() if shown.name in _PRINTING:
                    continue
                case nodes.Getattr(node=nodes.Name(name="loop")):
                    continue
            raise TypeError(f"a rewritten template prints {shown}")
    return _environment().compile(tree)


# What is kept of a template for the next command


def _key(content: bytes, context: type) -> str:
    """Return the name of a compiled template: whatever it depends on has a part in it."""
    digest = sha256(store.makers(_LIBRARY, _ROOMS).encode())
    digest.update(json.dumps(shape_of(context), ensure_ascii=False).encode() + b"\0")
    digest.update(content)
    return digest.hexdigest()


def _load(key: str) -> _Program | None:
    """Return what is kept of a template; None if it is not there, or of no use."""
    try:
        return _Program(**marshal.loads(store.load(key)))  # noqa: S302  # ours
    except (ValueError, TypeError, EOFError):
        return None


def _store(key: str, program: _Program) -> None:
    """Keep what a template has come to: marshal is what keeps code."""
    told = {each.name: getattr(program, each.name) for each in fields(program)}
    store.keep(key, marshal.dumps(told))
