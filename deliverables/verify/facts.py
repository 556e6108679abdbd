"""What a part of a document is made of, gathered in one walk: ids, styles, bookmarks, changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from functools import cached_property
from itertools import chain
from typing import Final

from lxml import etree

from deliverables.lazily import dataclass
from deliverables.verify.letters import MARK, text_of
from deliverables.verify.package import W
from deliverables.verify.wording import excerpt

_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_BOOKMARK, _ID, _CELL, _P = f"{W}bookmarkStart", f"{W}id", f"{W}tc", f"{W}p"
_INSERTED: Final = (f"{W}ins", f"{W}moveTo")
_DELETED: Final = (f"{W}del", f"{W}moveFrom")
_STYLE_USES: Final = tuple(f"{W}{name}" for name in ("pStyle", "rStyle", "tblStyle"))
_BLOCKS: Final = frozenset(f"{W}{name}" for name in ("p", "tbl", "sdt", "customXml"))
_WANTED: Final = (_DRAWING, _BOOKMARK, _ID, _CELL, *_INSERTED, *_DELETED, *_STYLE_USES)
_VALUE: Final = f"{W}val"


@dataclass(frozen=True, slots=True)
class Named:
    """A bookmark's id and name, and the text of the paragraph it begins in."""

    id: str
    name: str
    paragraph: str


@dataclass(frozen=True)
class Facts:
    """What stands in a part: the ids it uses, its styles, its bookmarks, its tracked changes.

    `unended` begins the text of each table cell that does not end with a paragraph. Documents of
    one template share their facts, so what follows from them is worked out once.
    """

    bookmarks: tuple[Named, ...] = ()
    controls: tuple[str, ...] = ()
    drawings: tuple[str, ...] = ()
    styles: frozenset[str] = frozenset()
    unended: tuple[str, ...] = ()
    insertions: int = 0
    deletions: int = 0

    @cached_property
    def repeated_drawings(self) -> tuple[tuple[str, int], ...]:
        """The ids that several drawings have, and how many."""
        return repeated(self.drawings)

    @cached_property
    def repeated_bookmarks(self) -> tuple[tuple[str, int], ...]:
        """The ids that several bookmarks have, and how many."""
        return repeated([mark.id for mark in self.bookmarks])

    @cached_property
    def named(self) -> tuple[Named, ...]:
        """The bookmarks that have a name and mark no figure."""
        named = [mark for mark in self.bookmarks if mark.name and not mark.name.startswith(MARK)]
        return tuple(named)


NOTHING: Final = Facts()


def facts_of(root: etree._Element) -> Facts:
    """Return what stands in a part, or in a piece of one."""
    met: dict[object, list[etree._Element]] = {}
    for item in root.iter(*_WANTED):
        met.setdefault(item.tag, []).append(item)
    if not met:
        return NOTHING
    return Facts(
        bookmarks=tuple(_named(start) for start in met.get(_BOOKMARK, ())),
        controls=tuple(one.get(_VALUE, "") for one in met.get(_ID, ()) if _is_control(one)),
        drawings=tuple(one.get("id", "") for one in met.get(_DRAWING, ()) if not _is_copy(one)),
        styles=frozenset(use.get(_VALUE, "") for tag in _STYLE_USES for use in met.get(tag, ())),
        unended=tuple(
            excerpt(text_of(cell)) for cell in met.get(_CELL, ()) if not _ends_with_paragraph(cell)
        ),
        insertions=sum(len(met.get(tag, ())) for tag in _INSERTED),
        deletions=sum(len(met.get(tag, ())) for tag in _DELETED),
    )


def together(pieces: Iterable[Facts]) -> Facts:
    """Return what stands in pieces that make up a part."""
    some = [piece for piece in pieces if piece is not NOTHING]
    return Facts(
        tuple(chain.from_iterable(piece.bookmarks for piece in some)),
        tuple(chain.from_iterable(piece.controls for piece in some)),
        tuple(chain.from_iterable(piece.drawings for piece in some)),
        frozenset[str]().union(*{piece.styles for piece in some}),
        tuple(chain.from_iterable(piece.unended for piece in some)),
        sum(piece.insertions for piece in some),
        sum(piece.deletions for piece in some),
    )


def repeated(ids: Collection[str]) -> tuple[tuple[str, int], ...]:
    """Return the ids that are used more than once, and how often."""
    if len(set(ids)) == len(ids):
        return ()
    return tuple((id_, times) for id_, times in Counter(ids).items() if times > 1)


def _named(start: etree._Element) -> Named:
    name = start.get(f"{W}name", "")
    paragraph = None if name.startswith(MARK) else next(start.iterancestors(_P), None)
    text = "" if paragraph is None else text_of(paragraph)
    return Named(start.get(_ID, ""), name, text)


def _is_control(id_: etree._Element) -> bool:
    parent = id_.getparent()
    return parent is not None and parent.tag == f"{W}sdtPr"


def _is_copy(drawing: etree._Element) -> bool:
    """Tell whether it is the copy that a drawing carries for programs that cannot read it."""
    return any(str(above.tag).endswith("}Fallback") for above in drawing.iterancestors())


def _ends_with_paragraph(container: etree._Element) -> bool:
    blocks = [child for child in container if child.tag in _BLOCKS]
    if not blocks:
        return False
    last = blocks[-1]
    if last.tag == f"{W}sdt":
        content = last.find(f"{W}sdtContent")
        return content is not None and _ends_with_paragraph(content)
    return last.tag == _P or (last.tag == f"{W}customXml" and _ends_with_paragraph(last))
