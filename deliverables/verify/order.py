"""The marks of a document beside those it was made with: which are gone, moved, put in twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.verify.finding import Finding, doubt, misprint
from deliverables.verify.marked import Marked


@dataclass(frozen=True, slots=True)
class Missing:
    """A mark that the document was made with; `before` and `after` are the marks still beside.

    `made_before` and `made_after` are those two where the document was made.
    """

    marked: Marked
    before: Marked | None
    after: Marked | None
    made_before: Marked | None
    made_after: Marked | None

    @property
    def alone(self) -> bool:
        """Whether no mark is left on either side."""
        return self.before is None and self.after is None

    @property
    def line(self) -> int:
        """The number of the paragraph before the gap; -1 at the beginning."""
        return self.before.line if self.before else -1


class Order:
    """The marks of a document beside those it was made with, in order."""

    def __init__(self, made: list[Marked], found: list[Marked]) -> None:
        self.pairs: list[tuple[Marked, Marked]] = []
        self.missing: list[Missing] = []
        extra: list[Marked] = []
        for a, b, c, d in _opcodes(_keys(made), _keys(found)):
            if b - a == d - c and _keys(made[a:b]) == _keys(found[c:d]):
                self.pairs += zip(made[a:b], found[c:d], strict=True)
                continue
            before = found[c - 1] if c else None
            after = found[d] if d < len(found) else None
            beside = (made[a - 1] if a else None, made[b] if b < len(made) else None)
            self.missing += [Missing(marked, before, after, *beside) for marked in made[a:b]]
            extra += found[c:d]
        self._strayed, self._surplus = self._sorted(extra)

    def _sorted(self, extra: list[Marked]) -> tuple[list[tuple[Marked, Marked]], list[Marked]]:
        """Tell the marks that stand elsewhere, with where they were made, from those put in."""
        strayed, surplus = [], []
        for marked in extra:
            home = next((m for m in self.missing if m.marked.leaf.key == marked.leaf.key), None)
            if home is None:
                surplus.append(marked)
            else:
                self.missing.remove(home)
                strayed.append((home.marked, marked))
        return strayed, surplus

    def moved(self) -> Iterator[Finding]:
        """Yield a finding for each mark in another place; in prose that is a doubt."""
        for made, found in self._strayed:
            leaf = found.leaf
            message = say("{name} {text} stands in another place than it was made in: {place}",
                          name=leaf.figure.name, text=leaf.text,
                          place=made.paragraph.place.message())  # fmt: skip
            yield _of(found, "figure-moved", message, sure=made.in_table or found.in_table)

    def duplicated(self) -> Iterator[Finding]:
        """Yield a finding for each mark that was put in once more; in prose that is a doubt."""
        for found in self._surplus:
            leaf = found.leaf
            message = say("{name} {text} is printed once more than it was made",
                          name=leaf.figure.name, text=leaf.text)  # fmt: skip
            yield _of(found, "figure-duplicated", message, sure=found.in_table)


def _opcodes(made: list[str], found: list[str]) -> Iterator[tuple[int, int, int, int]]:
    if made == found:
        yield 0, len(made), 0, len(found)
        return
    for _, *ends in SequenceMatcher(None, made, found, autojunk=False).get_opcodes():
        yield ends[0], ends[1], ends[2], ends[3]


def _keys(marks: Iterable[Marked]) -> list[str]:
    return [marked.leaf.key for marked in marks]


def _of(found: Marked, code: str, message: Message, *, sure: bool) -> Finding:
    where = found.paragraph.place.message()
    if sure:
        return misprint(code, where, message, found.leaf, found.mark.text)
    return doubt(code, where, message, found.leaf.text, found.mark.text)
