"""Values on a sheet: texts, and figures in their marks."""

# ruff: noqa: PLR0917  # programs hand their constants over one by one, a thousand times
from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final

from deliverables.figure import Figure
from deliverables.model.rich_text import RichText
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
    in_runs,
    in_text,
    unusual,
    words,
)
from deliverables.render.marks import alias, bookmark, tag
from deliverables.render.printable import UnprintableError
from deliverables.render.rich_text import runs_of

BOOKMARK: Final = b'<w:bookmarkStart w:id="'
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


class Values:
    """What is written so far of a story, and which figures of the document are marked already."""

    def __init__(self) -> None:
        self.printed: dict[str, int] = {}
        self._hollow = False
        self._marked: dict[str, int] = {}
        self._row = ""
        self._bookmarks, self._controls, self._drawings = _numbers(), _numbers(), _numbers()
        self.begin()

    def begin(self) -> None:
        """Begin a story."""
        self.out: list[bytes] = []
        self.extend = self.out.extend
        self._checks: list[tuple[Check, int]] = []

    def written(self, hollow: Sequence[str]) -> bytes:
        """Return the story as lxml would write it after the general way's last steps.

        `hollow` are the elements beside texts that tags may have left empty.
        """
        for check, place in self._checks:
            check(self.out, place)
        story = b"".join(self.out)
        return (
            without_hollows(story, hollow, texts=self._hollow) if hollow or self._hollow else story
        )

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
        self._hollow = self._hollow or not text or b"></w:t>" in b">" + written + b"</w:t>"
        return written

    def text_in_boxed(self, value: str) -> bytes:
        """Write a text in a run of a text box, or beside one."""
        self._hollow = True
        return in_boxed(words(value))

    @staticmethod
    def text_in_text(value: str) -> bytes:
        """Write a text that stands in no run."""
        return in_text(words(value))

    @staticmethod
    def text_in_attribute(value: str) -> bytes:
        """Write a text in an attribute."""
        return in_attribute(words(value))

    @staticmethod
    def rich_text(value: RichText) -> bytes:
        """Write the runs of a rich text."""
        if value.__class__ is not RichText:
            raise UnusualError("no rich text")
        try:
            return runs_of(value, in_runs).replace("></w:t>", "/>").encode()
        except UnprintableError as refused:
            raise UnusualError(str(refused)) from refused

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
                BOOKMARK,
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
