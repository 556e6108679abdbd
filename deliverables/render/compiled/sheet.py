"""The sheet that a compiled template writes on: one document's numbers and texts so far."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from typing import Final

from deliverables.model.chart import Chart
from deliverables.model.picture import Picture
from deliverables.render import picture as pictures
from deliverables.render.chart import drawing
from deliverables.render.compiled.text import UnusualError, in_text
from deliverables.render.compiled.values import Values
from deliverables.render.contents import FIRST_BOOKMARK, contents_entry, numbered
from deliverables.render.printable import UnprintableError

_TEXTS: Final = re.compile(rb"<w:t(?: [^>]*)?>([^<]*)</w:t>")


class Sheet(Values):
    """What one document has come to; a compiled story calls its methods in reading order."""

    def __init__(
        self, relations: tuple[str, ...], media: Collection[bytes], *, lists_headings: bool
    ) -> None:
        super().__init__()
        self._lists_headings = lists_headings
        self.inserts: list[Chart | Picture] = []
        self._relations, self._media = relations, media
        self._pictures: dict[bytes, str] = {}
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
        self._head = self._tail = b""

    def begin_page(self, head: bytes, tail: bytes) -> None:
        """Begin a header or footer, which has `head` before or `tail` after its own words."""
        self.begin()
        self._head, self._tail = head, tail

    def chart(self, chart: Chart) -> None:
        """Draw a chart in a run of its own."""
        if chart.__class__ is not Chart:
            raise UnusualError("no chart")
        for text in (chart.title, chart.description):
            in_text(text)  # refuses what no document can hold
        drawn = drawing(chart, self._related(chart), next(self._drawings).decode())
        self.extend((b"<w:r>", drawn.encode(), b"</w:r>"))

    def picture(self, picture: Picture, lead: bytes, trail: bytes) -> None:
        """Draw a picture in a run of its own; the document holds its bytes once."""
        if picture.__class__ is not Picture or picture.content in self._media:
            raise UnusualError("no picture, or the template's own")
        try:
            pictures.looked_at(picture)
            relation = self._pictures.get(picture.content) or self._related(picture)
            drawn = pictures.drawing(picture, relation, next(self._drawings).decode())
        except UnprintableError as refused:
            raise UnusualError(str(refused)) from refused
        self._pictures[picture.content] = relation
        self.extend((lead, b"<w:r>", drawn.encode(), b"</w:r>", trail))

    def _related(self, insert: Chart | Picture) -> str:
        """Return the relation to the parts of one more insert."""
        if len(self.inserts) == len(self._relations):
            raise UnusualError("more charts and pictures than were thought of")
        self.inserts.append(insert)
        return self._relations[len(self.inserts) - 1]

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
