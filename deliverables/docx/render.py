"""From a template and a context to the bytes of a document: the one way.

Jinja writes each story of the rewritten template, one pass settles what is known only then, and
the result is packed among what all documents of the template share.
"""

from __future__ import annotations

import json
import marshal
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from itertools import count
from pathlib import Path
from types import CodeType
from typing import Final

import jinja2
from jinja2 import Environment, StrictUndefined, Template, nodes

from deliverables.cache_folder import cache_folder, keep, kept, libraries
from deliverables.docx import charts, inserts, text
from deliverables.docx.columns import fitted
from deliverables.docx.package import travelling
from deliverables.docx.properties import (
    APP,
    CORE,
    CUSTOM,
    Properties,
    app,
    core,
    custom,
    write_properties,
)
from deliverables.docx.settlement import (
    NUMBER,
    MissingReferenceError,
    Settlement,
    first_section,
    late,
)
from deliverables.docx.stamp import Stamp, marked, put_stamp
from deliverables.docx.template import (
    BLOCK,
    COMMENT,
    INSERTS,
    VARIABLE,
    RewritingError,
    rewrite,
    shape_of,
)
from deliverables.docx.text import UnprintableError
from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.model.chart import Chart
from deliverables.model.picture import Picture
from deliverables.problem import Problem, error
from deliverables.render.package import Package
from deliverables.render.packing import Member, archive, pack, pack_once
from deliverables.source import Line
from deliverables.trace import TOKEN, Trace, without_tokens

__all__ = ["Properties", "Rendered", "Stamp", "TemplateError", "render"]

_MOST_TEMPLATES: Final = 64
_MOST_FRAMES: Final = 64
_MOST_FILES: Final = 200
_DECLARATION: Final = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_LIBRARY: Final = re.compile(
    r"(docxtpl|python_docx|jinja2|markupsafe|lxml)-.*\.(?:dist|egg)-info\Z", re.IGNORECASE
)


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
        sites: Counter[str] = Counter()
        for story in self.trace.stories.values():
            site, end = "", 0
            for token in TOKEN.finditer(story):
                if token[1] != site or not _LINE_END.match(story, end, token.start()):
                    sites[token[1]] += 1
                site, end = token[1], token.end()
        return Counter({self.trace.key(site): times for site, times in sites.items()})


def render(template: Path, context: object, stamp: Stamp, properties: Properties) -> Rendered:
    """Return the document that `template` makes of `context`, a frozen dataclass.

    Raises:
        TemplateError: The template is badly written, names what the context does not offer, or
            a value cannot stand in a document.
    """
    if not is_dataclass(context) or isinstance(context, type):
        raise TypeError("a context is an instance of a dataclass")
    state = os.stat(template)  # noqa: PTH116  # a few microseconds sooner, for each document
    version = (state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino)
    compiled = _compiled(template, version, type(context))
    try:
        return compiled.render(context, stamp, properties)
    except _Failure as failure:
        raise TemplateError([_problem(template, failure)]) from failure.__cause__


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
    parts: Mapping[str, bytes]
    sites: tuple[str, ...]
    numbers: int
    lists_headings: bool
    section: str | None


def _rewritten(template: Path, content: bytes, context: type, key: str) -> _Program:
    from deliverables.render.names import template_problems  # noqa: PLC0415
    from deliverables.render.tags import source_of  # noqa: PLC0415

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
        parts={**package.parts, **fixed},
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
    """The charts and pictures of one document, story by story, as far as they are written."""

    def __init__(self, taken: Mapping[str, frozenset[str]], media: Mapping[bytes, str]) -> None:
        self._taken, self._media = taken, media
        self._relations: dict[str, Iterator[str]] = {}
        self._known: dict[tuple[str, bytes], str] = {}
        self._rooms: dict[bytes, int] = {}
        self._drawn = 0
        self.part = ""
        self.needs: list[_Need] = []
        self.contents: list[Callable[[], tuple[bytes, ...]]] = []

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
    are those that are the same in every document.
    """

    members: tuple[tuple[str, Member | None], ...]
    rooms: tuple[tuple[str, ...], ...]
    section: str
    pages: Mapping[str, tuple[str, str]]
    stories: Mapping[str, str]


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
            section = first_section(written[self._body])
        frame = self._frame(tuple(drawn.needs), stamp, section)
        settlement = Settlement(
            self._program.numbers,
            lists_headings=self._program.lists_headings,
            section=frame.section,
        )
        members: dict[str, Member] = {}
        for part, story in written.items():
            try:
                settled = _DECLARATION + settlement.settled(story)
            except MissingReferenceError as fault:
                raise _Failure(part, fault) from fault
            if part in frame.pages:
                settled = marked(settled, *frame.pages[part])
            written[part] = settled
            members[part] = pack(part, without_tokens(settled).encode())
        for names, contents in zip(frame.rooms, drawn.contents, strict=True):
            for name, content in zip(names, contents(), strict=True):
                members[name] = pack(name, content)
        members[CORE] = pack(CORE, core(properties).encode())
        members[APP] = pack_once(APP, app(properties).encode())
        members[CUSTOM] = pack(CUSTOM, custom(properties).encode())
        document = archive(shared or members[name] for name, shared in frame.members)
        return Rendered(document, Trace({**written, **frame.stories}, self._program.sites))

    def _written(self, context: object, drawn: _Inserts) -> Iterator[tuple[str, str]]:
        names = {name: getattr(context, name) for name in self._names}
        names[INSERTS] = drawn
        for part, template in self._templates:
            drawn.part = part
            try:
                story = "".join(template.root_render_func(template.new_context(names)))
            except (jinja2.TemplateError, UnprintableError, TypeError, AttributeError) as fault:
                raise _Failure(part, fault) from fault
            yield part, story

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
        members = tuple(
            (name, None if name in varying else pack_once(name, package.parts[name]))
            for name in package.in_order()
        )
        return _Frame(members, tuple(rooms), marks.section, marks.pages, stories)


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
    why = fault.args[0] if fault.args and isinstance(fault.args[0], Message) else None
    return error(
        "template-value",
        Line(f"{template.parent.name}/{template.name}"),
        say(
            "{story}: {why}",
            story=failure.part.rsplit("/", 1)[-1].removesuffix(".xml"),
            why=why or say("{why}", why=str(fault)),
        ),
        (isinstance(fault, UnprintableError) and fault.fix)
        or say("mend the tag in the template, or the value in the data"),
    )


# Jinja


@cache
def _environment() -> Environment:
    """Return Jinja with the delimiters and filters of rewritten templates, and nothing else."""
    environment = Environment(
        *BLOCK, *VARIABLE, *COMMENT, keep_trailing_newline=True, undefined=StrictUndefined
    )
    environment.globals.clear()
    environment.filters = {"length": len, "row": text.row, "columns": fitted, **_PRINTING}
    return environment


_PRINTING: Final[Mapping[str, Callable[..., str]]] = {
    "figure": text.figure,
    "figure_beside": text.figure_beside,
    "figure_in_attribute": text.figure_in_attribute,
    "words": text.words,
    "words_beside": text.words_beside,
    "in_attribute": text.in_attribute,
    "repeated": text.repeated,
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
                case nodes.Getattr(node=nodes.Name(name="loop")) | nodes.Name():
                    if isinstance(shown, nodes.Getattr) or shown.name.startswith("_p"):
                        continue
            raise TypeError(f"a rewritten template prints {shown}")
    return _environment().compile(tree)


# The cache: what is kept of a template for the next command


def _key(content: bytes, context: type) -> str:
    """Return the name of a compiled template: whatever it depends on has a part in it."""
    digest = sha256(_makers().encode())
    digest.update(json.dumps(shape_of(context), ensure_ascii=False).encode() + b"\0")
    digest.update(content)
    return digest.hexdigest()


@cache
def _makers() -> str:
    """Return what compiles: Python, the libraries by version, and our own source."""
    digest = sha256()
    docx = Path(__file__).parent
    for file in sorted((*docx.glob("*.py"), *docx.with_name("render").glob("*.py"))):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return "\n".join((sys.version, *libraries(_LIBRARY), digest.hexdigest(), ""))


def _load(key: str) -> _Program | None:
    """Return what is kept of a template; None if it is not there, or of no use."""
    folder = cache_folder("templates")
    if folder is None:
        return None
    try:
        return _Program(**marshal.loads(kept(folder / f"{key}.jinja", key)))  # noqa: S302  # ours
    except (OSError, ValueError, TypeError, EOFError):
        return None


def _store(key: str, program: _Program) -> None:
    """Keep what a template has come to, if that can be done."""
    folder = cache_folder("templates")
    if folder is not None:
        told = {each.name: getattr(program, each.name) for each in fields(program)}
        keep(folder / f"{key}.jinja", key, marshal.dumps(told), most=_MOST_FILES)
