"""The letters of one paragraph as a reader sees them, and the marks that stand in it."""

from __future__ import annotations

from typing import Final

from lxml import etree

from deliverables.lazily import dataclass
from deliverables.verify.package import W
from deliverables.verify.wording import fold

MARK: Final = "fig_"
"""How the names of bookmarks begin that mark a figure."""

_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOT_TEXT: Final = {f"{W}{name}" for name in ("pPr", "rPr", "instrText", "delText", "rt", "sdtPr")}
_PASSED_OVER: Final = {*_NOT_TEXT, _FALLBACK, f"{W}del", f"{W}moveFrom"}
_LETTERS: Final = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_TEXT, _BOX, _RUN, _CONTROL = f"{W}t", f"{W}txbxContent", f"{W}r", f"{W}sdt"
_START, _END = f"{W}bookmarkStart", f"{W}bookmarkEnd"
_MATH_TEXT: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"


@dataclass(frozen=True, slots=True)
class Mark:
    """A content control or a figure's bookmark: what it is called and the text inside it.

    `before` and `after` are the rest of its paragraph. What a program has dropped is empty.
    """

    alias: str
    tag: str
    bookmark: str
    text: str
    before: str = ""
    after: str = ""


@dataclass(slots=True)
class _Span:
    start: int
    end: int
    control: etree._Element | None = None
    bookmark: str = ""


class Letters:
    """The letters of a paragraph; `boxes` are the text boxes in it, paragraphs of their own."""

    def __init__(self, paragraph: etree._Element) -> None:
        self.boxes: list[etree._Element] = []
        self._pieces: list[str] = []
        self._length = 0
        self._controls: list[_Span] = []
        self._bookmarks: list[_Span] = []
        self._open: dict[str, _Span] = {}
        self._read(paragraph)
        for span in self._open.values():
            span.end = self._length

    @property
    def raw(self) -> str:
        """The text as it stands, white space and all."""
        return "".join(self._pieces)

    @property
    def text(self) -> str:
        """The text with white space folded."""
        return fold(self.raw)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks in order; a control and the bookmark around it, or in it, are one."""
        if not self._controls and not self._bookmarks:
            return ()
        left = list(self._bookmarks)
        for control in self._controls:
            around = next((bookmark for bookmark in left if _touch(control, bookmark)), None)
            if around is not None:
                control.bookmark = around.bookmark
                left.remove(around)
        spans = sorted([*self._controls, *left], key=lambda span: (span.start, span.end))
        return tuple(self._mark(span) for span in spans)

    def _mark(self, span: _Span) -> Mark:
        text = self.raw
        return Mark(
            alias=_property(span.control, "alias"),
            tag=_property(span.control, "tag"),
            bookmark=span.bookmark,
            text=fold(text[span.start : span.end]),
            before=text[: span.start],
            after=text[span.end :],
        )

    def _put(self, letters: str) -> None:
        self._pieces.append(letters)
        self._length += len(letters)

    def _read(self, parent: etree._Element) -> None:
        for child in parent:
            tag = child.tag
            if tag in (_TEXT, _MATH_TEXT):
                self._put(child.text or "")
            elif tag in _LETTERS:
                self._put(_LETTERS[tag])
            elif tag == _BOX:
                self.boxes.append(child)
            elif tag in (_START, _END):
                self._bookmark(child)
            elif tag == _CONTROL:
                span = _Span(self._length, 0, child)
                self._controls.append(span)
                self._read(child)
                span.end = self._length
            elif len(child) and tag not in _PASSED_OVER and not _is_hidden(child):
                self._read(child)

    def _bookmark(self, half: etree._Element) -> None:
        number, name = half.get(f"{W}id", ""), half.get(f"{W}name", "")
        if half.tag == _START and name.startswith(MARK):
            self._open[number] = _Span(self._length, self._length, bookmark=name)
            self._bookmarks.append(self._open[number])
        elif half.tag == _END and number in self._open:
            self._open.pop(number).end = self._length


def text_of(paragraph: etree._Element) -> str:
    """Return the folded text of a paragraph as a reader sees it."""
    return Letters(paragraph).text


def _touch(control: _Span, bookmark: _Span) -> bool:
    """Tell whether one span lies in the other, an empty one at its edge too."""
    inside = bookmark.start <= control.start and control.end <= bookmark.end
    return inside or (control.start <= bookmark.start and bookmark.end <= control.end)


def _property(control: etree._Element | None, name: str) -> str:
    found = None if control is None else control.find(f"{W}sdtPr/{W}{name}")
    return "" if found is None else found.get(f"{W}val", "")


def _is_hidden(run: etree._Element) -> bool:
    hidden = run.find(f"{W}rPr/{W}vanish") if run.tag == _RUN else None
    return hidden is not None and hidden.get(f"{W}val", "true") not in ("0", "false", "off")
