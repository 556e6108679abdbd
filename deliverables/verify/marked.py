"""The marks of a document and the figures they name, in the order a reader meets them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import blake2s
from string import ascii_letters
from typing import Final

from deliverables.lazily import dataclass
from deliverables.verify.paper import Document, Paragraph
from deliverables.verify.leaves import Leaf, Leaves
from deliverables.verify.letters import MARK, Mark

_CUT: Final = "…"
_RUN_ON: Final = frozenset(f"{ascii_letters}.,-−")
_BEFORE_KEY: Final = "|"


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark and the figure it names; `line` is the number of its paragraph in the document."""

    mark: Mark
    leaf: Leaf
    line: int
    paragraph: Paragraph

    @property
    def in_table(self) -> bool:
        """Whether it stands in a table."""
        return bool(self.paragraph.place.table)


@dataclass(frozen=True, slots=True)
class Stranger:
    """A mark of ours whose figure the context does not have."""

    mark: Mark
    paragraph: Paragraph


class Naming:
    """How marks name figures: by tag, by what stands behind the alias, by the bookmark's hash."""

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = {leaf.key: leaf for leaf in leaves.figures}

    def leaf(self, mark: Mark) -> Leaf | None:
        """Return the figure that the mark names, if the context has it."""
        known = self._leaves.get(mark.tag)
        if known is not None:
            return known
        for key in (mark.tag, mark.alias.rpartition(_BEFORE_KEY)[2]):
            found = self._leaves.get(key) or self._ending(key)
            if found is not None:
                return found
        return self._by_hash.get(_hash(mark))

    def is_ours(self, mark: Mark) -> bool:
        """Tell whether the program made the mark, whatever figure it names."""
        return bool(_hash(mark)) or (
            bool(mark.tag) and mark.alias.endswith(f"{_BEFORE_KEY}{mark.tag}")
        )

    def _ending(self, key: str) -> Leaf | None:
        """Return the only figure whose key ends so: a very long key is cut at its beginning."""
        if not key.startswith(_CUT):
            return None
        found = [leaf for own, leaf in self._leaves.items() if own.endswith(key.strip(_CUT))]
        return found[0] if len(found) == 1 else None

    @cached_property
    def _by_hash(self) -> Mapping[str, Leaf]:
        return {
            blake2s(key.encode(), digest_size=6).hexdigest(): leaf
            for key, leaf in self._leaves.items()
        }


def _hash(mark: Mark) -> str:
    return mark.bookmark.removeprefix(MARK).partition("_")[0] if mark.bookmark else ""


def marked_in(document: Document, leaves: Leaves) -> tuple[list[Marked], list[Stranger]]:
    """Return the marks with their figures, and those of ours that name none."""
    naming, found, strange = Naming(leaves), list[Marked](), list[Stranger]()
    for line, paragraph in document.marked:
        for mark in paragraph.marks:
            leaf = naming.leaf(mark)
            if leaf is not None:
                found.append(Marked(mark, leaf, line, paragraph))
            elif naming.is_ours(mark):
                strange.append(Stranger(mark, paragraph))
    return found, strange


def stand_where_marked(document: Document, leaves: Leaves) -> bool:
    """Tell whether each figure stands in marks of its own as often as it is to be printed.

    A mark counts if it holds just the figure, and no letter beside it could belong to it.
    """
    if leaves.printings is None:
        return False
    standing = defaultdict[tuple[str, str], int](int)
    for _, paragraph in document.marked:
        for mark in paragraph.marks:
            if not (_may_run_on(mark.before[-1:]) or _may_run_on(mark.after[:1])):
                standing[mark.tag, mark.text] += 1
    wanted = leaves.printings
    return all(standing[leaf.key, leaf.text] >= wanted.get(leaf.key, 0) for leaf in leaves.figures)


def _may_run_on(letter: str) -> bool:
    return letter in _RUN_ON or letter.isdigit()


def between(document: Document, before: Marked | None, after: Marked | None) -> Iterator[str]:
    """Yield the text between two marks, a paragraph at a time, as it stands unmarked."""
    first = before.line if before else 0
    last = after.line if after else len(document.paragraphs) - 1
    for line in range(first, last + 1):
        if before and after and first == last:
            start = len(before.mark.before) + len(before.mark.text)
            yield after.mark.before[start:]
        elif before and line == first:
            yield before.mark.after
        elif after and line == last:
            yield after.mark.before
        else:
            yield document.paragraphs[line].text


def unmarked(paragraph: Paragraph) -> str:
    """Return the text of a paragraph with a blot where each mark stands."""
    if not paragraph.marks:
        return paragraph.text
    pieces, at = list[str](), 0
    whole = paragraph.marks[0].before
    for mark in paragraph.marks:
        pieces.append(mark.before[at:])
        at = len(mark.before) + len(mark.text)
        whole = mark.after
    return "\x00".join([*pieces, whole])
