"""The sheet that a compiled template writes on: one document's marks, numbers and texts so far."""

# ruff: noqa: PLR0917  # programs hand their constants over one by one, a thousand times
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final

from deliverables.figure import Figure
from deliverables.model.chart import Chart
from deliverables.render.chart import drawing
from deliverables.render.compiled.finishing import (
    RUN_END,
    Check,
    close_text,
    drop_after,
    drop_before,
    end_cell,
    keep_apart,
    without_hollows,
)
from deliverables.render.compiled.program import AFTER, BEFORE
from deliverables.render.compiled.text import (
    UnusualError,
    in_attribute,
    in_boxed,
    in_run,
    in_text,
    unusual,
    words,
)
from deliverables.render.contents import FIRST_BOOKMARK, contents_entry, numbered
from deliverables.render.marks import alias, bookmark, tag
from deliverables.render.printable import UnprintableError

_TEXTS: Final = re.compile(rb"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_MARK: Final = b'<w:bookmarkStart w:id="'
_MARK_END: Final = b'</w:t></w:r></w:sdtContent></w:sdt><w:bookmarkEnd w:id="'
_CLOSE: Final = b'"/>'
_AFTER, _BEFORE = AFTER.encode(), BEFORE.encode()

_told: dict[tuple[str, str], tuple[bytes, bytes]] = {}
_MOST_TOLD: Final = 50_000


def _names(key: str, name: str) -> tuple[bytes, bytes]:
    """Return how the mark of a figure names it: its bookmark, and what follows up to its number."""
    try:
        title = in_attribute(alias(name, key)).decode()
    except UnprintableError as refused:
        raise UnusualError(str(refused)) from refused
    control = in_attribute(tag(key)).decode()
    told = (
        f'" w:name="{bookmark(key, 1)}'.encode(),
        f'"/><w:sdt><w:sdtPr><w:alias w:val="{title}"/><w:tag w:val="{control}"/><w:id w:val="'
        "".encode(),
    )
    if len(_told) > _MOST_TOLD:
        _told.clear()
    _told[key, name] = told
    return told


def _numbers() -> Iterator[bytes]:
    return map(b"%d".__mod__, count(1))


class Sheet:
    """What one document has come to; a compiled story calls its methods in reading order."""

    def __init__(self, relations: tuple[str, ...], *, lists_headings: bool) -> None:
        self._lists_headings = lists_headings
        self.printed: dict[str, int] = {}
        self.charts: list[Chart] = []
        self.hollow = False
        self._relations = relations
        self._marked: dict[str, int] = {}
        self._row = ""
        self._bookmarks, self._controls, self._drawings = _numbers(), _numbers(), _numbers()
        self._names: set[str] = set()
        self._open: dict[int, bytes] = {}
        self._chapter = self._section = 0
        self._captions: Counter[str] = Counter()
        self._caption = ("", 0, 0)
        self._heading = (0, False, b"", 0)
        self._heading_number = 0
        self._headings: list[tuple[int, str, str]] = []
        self._watched_from = 0
        self._marks: dict[str, bytes] = {}
        self._references: list[tuple[int, str]] = []
        self._contents: tuple[int, str, str, str] | None = None
        self._section_at: int | None = None
        self.begin()

    def begin(self, head: bytes = b"", tail: bytes = b"") -> None:
        """Begin a story; a header or footer has `head` or `tail` beside its own words."""
        self.out: list[bytes] = []
        self.extend = self.out.extend
        self._head, self._tail = head, tail
        self._checks: list[tuple[Check, int]] = []

    # Values

    @staticmethod
    def number(value: int) -> bytes:
        """Write the place or the length of a loop."""
        return b"%d" % value

    def text_in_run(self, value: str) -> bytes:
        """Write a text in a run."""
        if value.__class__ is not str:
            value = words(value)
        if not value or unusual(value):
            return self._awkward(value)
        return value.encode()

    def _awkward(self, text: str) -> bytes:
        """Return text that is empty, or needs more than copying."""
        written = in_run(text)
        self.hollow = self.hollow or not text or b"></w:t>" in b">" + written + b"</w:t>"
        return written

    def text_in_boxed(self, value: str) -> bytes:
        """Write a text in a run of a text box, or beside one."""
        self.hollow = True
        return in_boxed(words(value))

    @staticmethod
    def text_in_text(value: str) -> bytes:
        """Write a text that stands in no run."""
        return in_text(words(value))

    @staticmethod
    def text_in_attribute(value: str) -> bytes:
        """Write a text in an attribute."""
        return in_attribute(words(value))

    def figure_in_run(self, figure: Figure[object], key: str) -> bytes:
        """Write a figure in a run without a mark."""
        self.printed[key] = self.printed.get(key, 0) + 1
        text = figure.text
        if not text or unusual(text):
            return self._awkward(text)
        return text.encode()

    def figure_in_boxed(self, figure: Figure[object], key: str) -> bytes:
        """Write a figure in a text box without a mark."""
        self.printed[key] = self.printed.get(key, 0) + 1
        return self.text_in_boxed(figure.text)

    def figure_in_text(self, figure: Figure[object], key: str) -> bytes:
        """Write a figure that stands in no run."""
        self.printed[key] = self.printed.get(key, 0) + 1
        return self.text_in_text(figure.text)

    def figure_in_attribute(self, figure: Figure[object], key: str) -> bytes:
        """Write a figure in an attribute."""
        self.printed[key] = self.printed.get(key, 0) + 1
        return self.text_in_attribute(figure.text)

    def mark(
        self,
        figure: Figure[object],
        key: str,
        text: bytes,
        opening: bytes,
        lead: bytes,
        trail: bytes,
    ) -> None:
        """Write the text of a figure in its mark, between what ends a run and begins the next."""
        name, title = _told.get((key, figure.name)) or _names(key, figure.name)
        times = self._marked[key] = self._marked.get(key, 0) + 1
        if times > 1:
            name += b"_%d" % times
        number = next(self._bookmarks)
        control = next(self._controls)
        self.extend(
            (
                lead,
                _MARK,
                number,
                name,
                title,
                control,
                opening,
                text,
                _MARK_END,
                number,
                _CLOSE,
                trail,
            )
        )

    def row_mark(
        self,
        figure: Figure[object],
        key: str,
        text: bytes,
        row: str,
        opening: bytes,
        start: bytes,
        end: bytes,
        lead: bytes,
        trail: bytes,
    ) -> None:
        """Write a figure in its mark, or plain if the row of a long table has one already."""
        if row:
            if row == self._row:
                self.extend((start, text, end))
                return
            self._row = row
        self.mark(figure, key, text, opening, lead, trail)

    def unsure_mark(
        self,
        figure: Figure[object],
        key: str,
        text: bytes,
        opening: bytes,
        lead: bytes,
        trail: bytes,
    ) -> None:
        """Write a figure in its mark; the run before or after it may be empty, and then goes."""
        if lead == _BEFORE:
            self._checks.append((drop_before, len(self.out)))
            lead = RUN_END
        unsure = trail.startswith(_AFTER)
        self.mark(figure, key, text, opening, lead, b"" if unsure else trail)
        if unsure:
            self._checks.append((drop_after, len(self.out)))
            self.out.append(trail.removeprefix(_AFTER))

    def unsure_row_mark(
        self,
        figure: Figure[object],
        key: str,
        text: bytes,
        row: str,
        opening: bytes,
        start: bytes,
        end: bytes,
        lead: bytes,
        trail: bytes,
    ) -> None:
        """Write a figure of a row; likewise."""
        if row and row == self._row:
            self.extend((start, text, end))
        else:
            self._row = row or self._row
            self.unsure_mark(figure, key, text, opening, lead, trail)

    def chart(self, chart: Chart) -> None:
        """Draw a chart in a run of its own."""
        if chart.__class__ is not Chart or len(self.charts) == len(self._relations):
            raise UnusualError("no chart")
        relation = self._relations[len(self.charts)]
        self.charts.append(chart)
        drawn = drawing(chart, relation, next(self._drawings).decode())
        try:
            drawn.encode()
        except UnicodeEncodeError as refused:
            raise UnusualError("a surrogate") from refused
        if unusual(chart.title) or unusual(chart.description):
            in_text(chart.title), in_text(chart.description)
        self.extend((b"<w:r>", drawn.encode(), b"</w:r>"))

    # Numbers

    @staticmethod
    def length(rows: object) -> int:
        """Return the length of what a loop repeats, which must be a tuple."""
        if rows.__class__ is not tuple:
            raise UnusualError(f"a {type(rows).__name__} where rows were to be")
        return len(rows)

    def drawing_id(self) -> bytes:
        """Number a drawing of the template."""
        return next(self._drawings)

    def control_id(self) -> bytes:
        """Number a content control of the template."""
        return next(self._controls)

    def bookmark(self, place: int, name: str) -> bytes:
        """Number a bookmark of the template, which a document has once."""
        if name in self._names:
            raise UnusualError("a bookmark that is repeated")
        self._names.add(name)
        self._open[place] = next(self._bookmarks)
        return self._open[place]

    def bookmark_end(self, place: int) -> bytes:
        """Number the end of a bookmark as its start."""
        return self._open[place]

    def heading(self, level: int, has_number: bool) -> None:  # noqa: FBT001  # a constant
        """Begin a heading."""
        own, start = self._begin_heading(level, has_number=has_number)
        self.out.append(start)
        self._heading = (level, has_number, own, len(self.out))

    def heading_end(self) -> None:
        """End a heading: its words go into the contents."""
        level, has_number, own, start = self._heading
        if self._lists_headings:
            words = self._text_from(start).decode()
            self._list_heading(level, words, has_number=has_number)
        self.out.append(b'<w:bookmarkEnd w:id="%b"/>' % own)

    def title(self, level: int, has_number: bool, markup: bytes, words: str) -> bytes:  # noqa: FBT001
        """Write a heading whose words are the same in every document."""
        own, start = self._begin_heading(level, has_number=has_number)
        if self._lists_headings:
            self._list_heading(level, words, has_number=has_number)
        return b'%b%b<w:bookmarkEnd w:id="%b"/>' % (start, markup, own)

    def _begin_heading(self, level: int, *, has_number: bool) -> tuple[bytes, bytes]:
        if level > 1:
            self._section += 1
        elif has_number:
            self._chapter, self._section = self._chapter + 1, 0
            self._captions.clear()
        own = next(self._bookmarks)
        self._heading_number += 1
        place = FIRST_BOOKMARK + self._heading_number
        return own, b'<w:bookmarkStart w:id="%b" w:name="_Toc%d"/>' % (own, place)

    def _list_heading(self, level: int, words: str, *, has_number: bool) -> None:
        counted = numbered(level, self._chapter, self._section) if has_number else ""
        name = f"_Toc{FIRST_BOOKMARK + self._heading_number}"
        self._headings.append((level, counted + words, name))

    def caption(self, label: str) -> None:
        """Begin a caption: 表 4-2 is the second of the fourth chapter."""
        self._captions[label] += 1
        self._caption = (label, max(self._chapter, 1), self._captions[label])

    def caption_prefix(self) -> bytes:
        """Write the words before the number of a caption."""
        return f"{self._caption[0]} {self._caption[1]}-".encode()

    def caption_field(self) -> bytes:
        """Write the field that counts the captions."""
        return f" SEQ {self._caption[0]}{self._caption[1]} \\* ARABIC ".encode()

    def caption_number(self) -> bytes:
        """Write the number of a caption."""
        return b"%d" % self._caption[2]

    def text_end(self) -> None:
        """End a text that may be empty."""
        self._checks.append((close_text, len(self.out)))
        self.out.append(b"")

    def cell(self) -> None:
        """End a cell that may lack its last paragraph."""
        self._checks.append((end_cell, len(self.out)))
        self.out.append(b"")

    def apart(self) -> None:
        """End a table that may come to stand before another."""
        self._checks.append((keep_apart, len(self.out)))
        self.out.append(b"")

    def watch(self) -> None:
        """Begin what a reference repeats."""
        self._watched_from = len(self.out)

    def watched(self, name: str) -> None:
        """End what a reference repeats."""
        self._marks[name] = self._text_from(self._watched_from)

    def reference(self, name: str) -> None:
        """Leave room for what a bookmark holds, which may come later."""
        self._references.append((len(self.out), name))
        self.out.append(b"")

    def contents(self, instruction: str, first: str, second: str) -> None:
        """Leave room for the list of headings."""
        self._contents = (len(self.out), instruction, first, second)
        self.out.append(b"")

    def section(self) -> None:
        """Leave room for the headers that a draft adds to the first section."""
        self._section_at = len(self.out)
        self.out.append(b"")

    def head(self) -> None:
        """Write what a draft says above a header."""
        self.out.append(self._head)

    def tail(self) -> None:
        """Write what a draft says below a footer."""
        self.out.append(self._tail)

    def fill(self, section: bytes) -> None:
        """Fill the room that was left in the body, now that all of it is known."""
        if self._section_at is not None:
            self.out[self._section_at] = section
        for place, name in self._references:
            if name not in self._marks:
                raise UnusualError(f"no {name} to refer to")
            self.out[place] = self._marks[name]
        if self._contents is not None:
            place, instruction, *styles = self._contents
            self.out[place] = self._listed(instruction, styles)

    def written(self, hollow: Sequence[str]) -> bytes:
        """Return the story as lxml would write it after the general way's last steps.

        `hollow` are the elements beside texts that tags may have left empty.
        """
        for check, place in self._checks:
            check(self.out, place)
        story = b"".join(self.out)
        return without_hollows(story, hollow, texts=self.hollow) if hollow or self.hollow else story

    def _listed(self, instruction: str, styles: list[str]) -> bytes:
        if not self._headings:
            raise UnusualError("contents without headings")
        last = len(self._headings) - 1
        entries = [
            contents_entry(
                name, words, styles[level - 1], "" if place else instruction, last=place == last
            )
            for place, (level, words, name) in enumerate(self._headings)
        ]
        return "".join(entries).encode()

    def _text_from(self, place: int) -> bytes:
        return b"".join(_TEXTS.findall(b"".join(self.out[place:])))
