"""Puts marks around the figures of a template: see marks.py for what they are.

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
from dataclasses import field
from typing import Final

from markupsafe import escape

from deliverables.lazily import dataclass
from deliverables.render.language import FigureText, Marked
from deliverables.render.marks import alias, bookmark, tag
from deliverables.render.printable import printable

FILTER: Final = "marked"
_TOKEN: Final = re.compile(
    r"(?P<run><w:r(?: [^>]*)?(?<!/)>)(?P<look><w:rPr>.*?</w:rPr>)?|(?P<run_end></w:r>)"
    r"|(?P<text><w:t(?: [^>]*)?(?<!/)>)|(?P<text_end></w:t>)"
    r"|(?P<open>\{\{-?)(?P<value>.*?)(?P<close>-?\}\})"
    r"|\{%-?\s*(?:(?P<for>for)|(?P<endfor>endfor))\b.*?%\}"
    r"|(?P<table><w:tbl>)|(?P<table_end></w:tbl>)|(?P<row><w:tr[ >])|(?P<row_end></w:tr>)",
    re.DOTALL,
)
_FIRST_NUMBER: Final = 1_000_000
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
        """Return a number that no bookmark has yet, of the template's own or of a mark."""
        return _FIRST_NUMBER + self.printings.total()


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
            if found["value"] is None:
                place.pass_by(found)
                return found[0]
            if not (place.in_text and place.looks):
                return found[0]
            self.sites.append(Site(place.looks[-1], any(place.loops)))
            marked = f"({found['value'].strip()}) | {FILTER}({len(self.sites) - 1})"
            return f"{found['open']} {marked} {found['close']}"

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
    number, name = marks.number(), bookmark(figure.key, marks.printings[figure.key])
    run = f'<w:r>{look}<w:t xml:space="preserve">'
    return (
        f'</w:t></w:r><w:bookmarkStart w:id="{number}" w:name="{name}"/>'
        f'<w:sdt><w:sdtPr><w:alias w:val="{escape(alias(figure.name, figure.key))}"/>'
        f'<w:tag w:val="{escape(tag(figure.key))}"/><w:id w:val="{number}"/>'
        f'<w15:appearance w15:val="hidden"/></w:sdtPr><w:sdtContent>'
        f"{run}{escape(printable(figure))}</w:t></w:r></w:sdtContent></w:sdt>"
        f'<w:bookmarkEnd w:id="{number}"/>{run}'
    )


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
