"""Every figure of a document in an invisible content control and a bookmark that name it.

A template stays plain: when it is compiled, each `{{ … }}` in a run's text is given the run's
look, and when it prints a figure, the run is cut in three with the figure's own in the middle.
In the rows of a long table only the first figure is marked, for Word to stay quick.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from hashlib import blake2s
from typing import Final

from lxml import etree
from markupsafe import escape

from deliverables.render.language import FigureText, Marked, printable
from deliverables.render.package import Package, parse, serialise
from deliverables.render.place import W

FILTER: Final = "marked"
LONGEST: Final = 64
"""What Word takes as the alias or the tag of a content control."""

_PREFIX: Final = "fig_"

_TOKEN: Final = re.compile(
    r"(?P<run><w:r(?: [^>]*)?(?<!/)>)(?P<look><w:rPr>.*?</w:rPr>)?|(?P<run_end></w:r>)"
    r"|(?P<text><w:t(?: [^>]*)?(?<!/)>)|(?P<text_end></w:t>)"
    r"|\{\{-?(?P<value>.*?)-?\}\}"
    r"|\{%-?\s*(?:(?P<for>for)|(?P<endfor>endfor))\b.*?%\}"
    r"|(?P<table><w:tbl>)|(?P<table_end></w:tbl>)|(?P<row><w:tr[ >])|(?P<row_end></w:tr>)",
    re.DOTALL,
)
_ROOT: Final = re.compile(r"<w:\w+ [^>]*>")
_NAMESPACES: Final = {
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
}
_IGNORABLE: Final = re.compile(r'mc:Ignorable="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Site:
    """Where a template prints a value: the properties of its run, and whether rows repeat there."""

    look: str
    in_rows: bool


@dataclass(slots=True)
class Marks:
    """The marks that one document has so far; `row` is the row of a long table marked last."""

    printings: Counter[str] = field(default_factory=Counter)
    row: str = ""

    def number(self) -> int:
        """Return a number that no bookmark of a mark has yet."""
        return self.printings.total()


_marks: ContextVar[Marks] = ContextVar("marks")


@contextmanager
def marking(marks: Marks) -> Iterator[None]:
    """Let `marks` take note of the figures that are marked."""
    token = _marks.set(marks)
    try:
        yield
    finally:
        _marks.reset(token)


@dataclass(slots=True)
class _Place:
    """Where the markup read so far has come to.

    `looks` are those of the open runs, `tables` say whether a row of theirs is open, `loops`
    whether each repeats rows.
    """

    looks: list[str] = field(default_factory=list)
    tables: list[bool] = field(default_factory=list)
    loops: list[bool] = field(default_factory=list)
    in_text: bool = False

    def pass_by(self, found: re.Match[str]) -> None:
        """Take note of a start or an end."""
        match found.lastgroup:
            case "run" | "look":
                self.looks.append(found["look"] or "")
            case "run_end":
                self.looks.pop()
            case "text" | "text_end":
                self.in_text = found.lastgroup == "text"
            case "for":
                self.loops.append(bool(self.tables) and not self.tables[-1])
            case "endfor":
                self.loops.pop()
            case "table":
                self.tables.append(False)
            case "table_end":
                self.tables.pop()
            case _:
                self.tables[-1] = found.lastgroup == "row"


class Marker:
    """Puts marks around the figures of one part of a template, whose sites it knows by number."""

    def __init__(self) -> None:
        self.sites: list[Site] = []

    def prepare(self, markup: str) -> str:
        """Return `markup`, which docxtpl has patched, with every value sent through the marker."""
        place = _Place()

        def replaced(found: re.Match[str]) -> str:
            if found.lastgroup != "value":
                place.pass_by(found)
                return found[0]
            if not (place.in_text and place.looks):
                return found[0]
            self.sites.append(Site(place.looks[-1], any(place.loops)))
            return f"{{{{ ({found['value'].strip()}) | {FILTER}({len(self.sites) - 1}) }}}}"

        prepared = _TOKEN.sub(replaced, markup)
        return _ROOT.sub(_declared, prepared, count=1) if self.sites else markup

    def mark(self, value: object, site: int) -> object:
        """Return the markup of a figure in its mark; any other value as it is."""
        if not isinstance(value, FigureText):
            return value
        marks, at = _marks.get(), self.sites[site]
        if at.in_rows and value.row:
            if value.row == marks.row:
                return value
            marks.row = value.row
        marks.printings[value.key] += 1
        marked = Marked(_mark(value, at.look, marks))
        marked.key = value.key
        return marked


def _mark(figure: FigureText, look: str, marks: Marks) -> str:
    """Return what ends the run, stands in the mark, and begins a run of the same look."""
    number = marks.number()
    run = f'<w:r>{look}<w:t xml:space="preserve">'
    return (
        f'</w:t></w:r><w:bookmarkStart w:id="{number}" w:name="{_bookmark(figure.key, marks)}"/>'
        f'<w:sdt><w:sdtPr><w:alias w:val="{escape(alias(figure.name, figure.key))}"/>'
        f'<w:tag w:val="{escape(tag(figure.key))}"/><w:id w:val="{number}"/>'
        f'<w15:appearance w15:val="hidden"/></w:sdtPr><w:sdtContent>'
        f"{run}{escape(printable(figure))}</w:t></w:r></w:sdtContent></w:sdt>"
        f'<w:bookmarkEnd w:id="{number}"/>{run}'
    )


def tag(key: str) -> str:
    """Return the tag of a figure: its key, of a very long one the end."""
    return key if len(key) <= LONGEST else f"…{key[1 - LONGEST :]}"


def alias(name: str, key: str) -> str:
    """Return what a person sees as the title of a mark; the key stands behind the name.

    LibreOffice drops tags and keeps titles. A long name is cut, not the key.
    """
    ending = f"|{key if len(key) < LONGEST else tag(key)[: LONGEST - 1]}"
    return f"{_one_line(name)[: LONGEST - len(ending)]}{ending}"


def _one_line(text: str) -> str:
    return " ".join(printable(text).replace("|", " ").split())


def _bookmark(key: str, marks: Marks) -> str:
    """Return the name of a bookmark: a key is too long for one, so its hash stands for it."""
    digest, times = blake2s(key.encode(), digest_size=6).hexdigest(), marks.printings[key]
    return f"{_PREFIX}{digest}" + (f"_{times}" if times > 1 else "")


def _declared(root: re.Match[str]) -> str:
    """Return the root's start tag so that a program which does not know w15 passes over it."""
    start = root[0][:-1]
    for prefix, name in _NAMESPACES.items():
        if f"xmlns:{prefix}=" not in start:
            start += f' xmlns:{prefix}="{name}"'
    ignorable = _IGNORABLE.search(start)
    if ignorable is None:
        start += ' mc:Ignorable="w15"'
    elif "w15" not in ignorable[1].split():
        start = _IGNORABLE.sub(r'mc:Ignorable="\1 w15"', start)
    return f"{start}>"


def drop_empty_runs(story: etree._Element) -> None:
    """Remove the runs without a letter that are left on either side of a mark."""
    for control in story.iter(f"{W}sdt"):
        for beside in (_before(control), _after(control)):
            if beside is not None and _is_empty(beside):
                _remove(beside)


def _before(control: etree._Element) -> etree._Element | None:
    start = control.getprevious()
    return None if start is None or start.tag != f"{W}bookmarkStart" else start.getprevious()


def _after(control: etree._Element) -> etree._Element | None:
    end = control.getnext()
    return None if end is None or end.tag != f"{W}bookmarkEnd" else end.getnext()


def _is_empty(run: etree._Element) -> bool:
    if run.tag != f"{W}r":
        return False
    rest = [child for child in run if child.tag != f"{W}rPr"]
    return len(rest) == 1 and rest[0].tag == f"{W}t" and not rest[0].text


def without_marks(story: etree._Element) -> etree._Element:
    """Return `story` without marks, its runs whole again: what a printer needs."""
    for start in list(story.iter(f"{W}bookmarkStart")):
        control = start.getnext()
        content = None if control is None else control.find(f"{W}sdtContent")
        if control is None or content is None or not start.get(f"{W}name", "").startswith(_PREFIX):
            continue
        runs = list(content)
        for run in runs:
            control.addprevious(run)
        after = _after(control)
        for part in (start, control, control.getnext()):
            _remove(part)
        for run in (*runs, *([] if after is None else [after])):
            _join(run)
    return story


def unmarked(package: Package) -> Package:
    """Return a copy without marks in any story; a package that has none as it is.

    LibreOffice would set figures closer to their neighbours, and break pages elsewhere.
    """
    marked = [
        part for part in package.stories() if _PREFIX.encode() in package.parts.get(part, b"")
    ]
    whole = {part: serialise(without_marks(parse(package.parts[part]))) for part in marked}
    return Package({**package.parts, **whole}) if whole else package


def _join(run: etree._Element) -> None:
    """Put the contents of a run into the one before it, if that looks the same."""
    before = run.getprevious()
    if before is None or not before.tag == run.tag == f"{W}r" or _look(before) != _look(run):
        return
    for child in list(run):
        last = before[-1]
        if child.tag == last.tag == f"{W}t":
            last.text = (last.text or "") + (child.text or "")
        elif child.tag != f"{W}rPr":
            before.append(child)
    _remove(run)


def _look(run: etree._Element) -> bytes:
    look = run.find(f"{W}rPr")
    return b"" if look is None else bytes(etree.tostring(look))


def _remove(element: etree._Element | None) -> None:
    parent = None if element is None else element.getparent()
    if element is not None and parent is not None:
        parent.remove(element)
