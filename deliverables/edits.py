"""What people wrote into a document: approved by name, and put back where it takes its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from lxml import etree

from deliverables.docx.package import Package, W, parse, serialise
from deliverables.files.digest import sha256_of
from deliverables.register import Entry
from deliverables.values.problem import Message, say
from deliverables.verify.alignment import aligned
from deliverables.verify.base import Base
from deliverables.verify.document import Block, Document, Form, Place
from deliverables.verify.judgement import Difference, account
from deliverables.version import __version__

APPROVED: Final = "approved"
"""The event of an entry that records an approval."""

EVERY: Final = "all"
"""What is asked for to approve every passage."""

_PASSAGE, _WORDS, _BY, _ROLE = "passage", "words", "by", "role"


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """One approved passage: who approved it, in which role, on which day."""

    passage: str
    by: str
    role: str
    day: date


def approved(
    edits: Iterable[Difference], made: Entry, entries: Iterable[Entry]
) -> dict[str, Approval]:
    """Return the approvals that hold for the edits of a document, by their passages."""
    given = {
        (one.details.get(_PASSAGE, ""), one.details.get(_WORDS, "")): one
        for one in entries
        if one.event == APPROVED and one.deliverable == made.deliverable
    }
    found = ((edit, given.get((edit.passage, words_of(edit)))) for edit in edits)
    return {
        edit.passage: Approval(
            passage=edit.passage,
            by=entry.details.get(_BY, ""),
            role=entry.details.get(_ROLE, ""),
            day=entry.as_of,
        )
        for edit, entry in found
        if entry is not None
    }


def words_of(edit: Difference) -> str:
    """Return a SHA-256 of what stood there and what stands there: no entry holds the words."""
    return sha256_of(f"{edit.before}\0{edit.after}".encode())


def chosen(wishes: Sequence[str], edits: Sequence[Difference]) -> list[Difference] | str:
    """Return the edits that are meant by their passages or by `all`; a wish that means none.

    The beginning of a passage is enough if no other begins so.
    """
    found: dict[str, Difference] = {}
    for wish in wishes:
        meant = [one for one in edits if wish == EVERY or one.passage.startswith(wish)]
        if not wish or not meant or (wish != EVERY and len(meant) > 1):
            return wish
        found |= {one.passage: one for one in meant}
    return list(found.values())


def entries_for(
    edits: Iterable[Difference], made: Entry, *, by: str, role: str, moment: datetime
) -> Iterator[Entry]:
    """Yield what the register is to say of edits that somebody approves."""
    for edit in edits:
        yield replace(
            made,
            event=APPROVED,
            as_of=moment.date(),
            made_at=moment,
            version=__version__,
            command=f"deliverables final {made.deliverable} --approve {edit.passage}",
            findings=0,
            replaced="",
            details={_PASSAGE: edit.passage, _WORDS: words_of(edit), _BY: by, _ROLE: role},
        )


_TEXT, _PARAGRAPH, _RUN, _CELL = f"{W}t", f"{W}p", f"{W}r", f"{W}tc"
_BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """A passage that could not be put back: as it was made, as a person left it, as it is now."""

    place: Place
    why: Message
    made: str = ""
    edited: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The new document with what people wrote, and what of it could not be put back."""

    document: bytes
    count: int
    conflicts: tuple[Conflict, ...]


def with_edits(edited: Document, old: Base, document: bytes, new: Base) -> Kept:
    """Put the edits of a document, which was made as `old` says, into one made as `new` says."""
    stories = _Stories(Package.of(document))
    work = _Work(edited.blocks, old.blocks, new.blocks, stories)
    for (before, after), differences in _by_block(account(old, edited)).items():
        work.take(before, after, differences)
    return Kept(stories.packed(), work.count, tuple(work.conflicts))


def _by_block(
    differences: Sequence[Difference],
) -> Mapping[tuple[int | None, int | None], list[Difference]]:
    """Return the differences by the blocks they are in, in the order of the edited document."""
    found = defaultdict(list)
    for one in differences:
        found[one.old, one.new].append(one)
    last = len(differences) + max((one.old or 0 for one in differences), default=0)
    return dict(sorted(found.items(), key=lambda item: item[0][1] or item[0][0] or last))


@dataclass(slots=True)
class _Work:
    """Puts back one passage after another. The places are looked up before anything is changed."""

    edited: Sequence[Block]
    old: Sequence[Block]
    new: Sequence[Block]
    stories: _Stories
    count: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    _now: dict[int, int] = field(init=False)
    _made: dict[int, int] = field(init=False)
    _anchors: dict[int, etree._Element] = field(default_factory=dict)

    def __post_init__(self) -> None:
        pairs = aligned(self.old, self.new)
        self._now = {i: j for i, j in pairs if i is not None and j is not None}
        people = aligned(self.old, self.edited)
        self._made = {k: i for i, k in people if i is not None and k is not None}
        self.stories.look_up(self.new)

    def take(
        self, before: int | None, after: int | None, differences: Sequence[Difference]
    ) -> None:
        """Put back what people made of one block, or tell why that cannot be done."""
        wrong = next((one for one in differences if not one.is_edit), None)
        if wrong is not None:
            why = say("an error is not put back: {what}", what=wrong.message)
            self._leave(before, after, wrong.place, why)
        elif before is None and after is not None:
            self._add(after)
        elif before is not None:
            self._mend(before, after)

    def _mend(self, before: int, after: int | None) -> None:
        made, now = self.old[before], self._now.get(before)
        if now is None or self.new[now].key != made.key:
            self._leave(before, after, made.place, _CHANGED)
        elif after is None:
            self.stories.remove(self.new[now])
            self.count += 1
        elif self.stories.mend(self.new[now], self.edited[after].texts):
            self.count += 1
        else:
            self._leave(before, after, made.place, _ELSEWHERE)

    def _add(self, after: int) -> None:
        """Put in a paragraph behind the one that it follows, or the one it was put behind."""
        block = self.edited[after]
        before = self._made.get(after - 1) if after else None
        now = None if before is None else self._now.get(before)
        behind = self._anchors.get(after - 1)
        if behind is None and now is not None and self.edited[after - 1].part == block.part:
            behind = self.stories.element(self.new[now])
        if behind is None or block.form is not Form.PARAGRAPH:
            self._leave(None, after, block.place, _NO_NEIGHBOUR)
            return
        self._anchors[after] = self.stories.add(behind, block)
        self.count += 1

    def _leave(self, before: int | None, after: int | None, place: Place, why: Message) -> None:
        now = None if before is None else self._now.get(before)
        self.conflicts.append(
            Conflict(
                place=place,
                why=why,
                made="" if before is None else self.old[before].shown,
                edited="" if after is None else self.edited[after].shown,
                now="" if now is None else self.new[now].shown,
            )
        )


_CHANGED = say("the data changed these words too, so the new words stand")
_ELSEWHERE = say("the words stand in several paragraphs or cells: write them in again")
_NO_NEIGHBOUR = say("what it was written behind is no longer there: write it in again")


@dataclass(slots=True)
class _Stories:
    """The parts of a document that hold paragraphs, while passages are put back into them."""

    package: Package
    _roots: dict[str, etree._Element] = field(default_factory=dict)
    _elements: dict[tuple[str, Form, int], etree._Element] = field(default_factory=dict)
    _changed: set[str] = field(default_factory=set)

    def look_up(self, blocks: Sequence[Block]) -> None:
        """Find the elements of the blocks."""
        for part in dict.fromkeys(block.part for block in blocks):
            root = self._roots[part] = parse(self.package.parts[part])
            for form, tag in ((Form.PARAGRAPH, _PARAGRAPH), (Form.ROW, f"{W}tr")):
                for at, found in enumerate(root.iter(tag)):
                    self._elements[part, form, at] = found

    def element(self, block: Block) -> etree._Element | None:
        """Return the paragraph or the row of a block."""
        return self._elements.get((block.part, block.form, block.at))

    def remove(self, block: Block) -> None:
        """Take a paragraph out; one that its cell or its section needs stays, without words."""
        paragraph = self.element(block)
        parent = None if paragraph is None else paragraph.getparent()
        if paragraph is None or parent is None:
            return
        self._changed.add(block.part)
        if parent.tag == _CELL or paragraph.find(f".//{W}sectPr") is not None:
            reword(paragraph, "")
        else:
            parent.remove(paragraph)

    def mend(self, block: Block, texts: Sequence[str]) -> bool:
        """Put words in the place of those of a block; False if they have no one place."""
        element = self.element(block)
        if element is None or len(texts) != len(block.texts):
            return False
        holders = [element] if block.form is Form.PARAGRAPH else _cells(element)
        if len(holders) != len(texts):
            return False
        wanted = [
            (_lonely(holder), text)
            for holder, text, made in zip(holders, texts, block.texts, strict=True)
            if text != made
        ]
        if not all(found is not None for found, _ in wanted):
            return False
        for paragraph, text in wanted:
            if paragraph is not None:
                reword(paragraph, text)
        self._changed.add(block.part)
        return True

    def add(self, behind: etree._Element, block: Block) -> etree._Element:
        """Put a paragraph behind an element, in the looks of that one; return it."""
        paragraph = etree.Element(_PARAGRAPH)
        like = behind if behind.tag == _PARAGRAPH else None
        if like is not None and (looks := like.find(f"{W}pPr")) is not None:
            copied = deepcopy(looks)
            for section in copied.findall(f"{W}sectPr"):
                copied.remove(section)
            paragraph.append(copied)
        run = etree.SubElement(paragraph, _RUN)
        first = None if like is None else like.find(f".//{_RUN}/{W}rPr")
        if first is not None:
            run.append(deepcopy(first))
        _set(etree.SubElement(run, _TEXT), block.texts[0])
        table = next(behind.iterancestors(f"{W}tbl"), None) if like is None else None
        (behind if table is None else table).addnext(paragraph)
        self._changed.add(block.part)
        return paragraph

    def packed(self) -> bytes:
        """Return the document."""
        for part in sorted(self._changed):
            self.package.parts[part] = serialise(self._roots[part])
        return self.package.to_bytes()


def _cells(row: etree._Element) -> list[etree._Element]:
    return [cell for cell in row.iter(_CELL) if next(cell.iterancestors(f"{W}tr")) is row]


def _lonely(holder: etree._Element) -> etree._Element | None:
    """Return the only paragraph with words of a cell, or its first if none has any."""
    if holder.tag == _PARAGRAPH:
        return holder
    every = list(holder.iter(_PARAGRAPH))
    telling = [one for one in every if any(words for _, words in _pieces(one))]
    if len(telling) > 1 or not every:
        return None
    return (telling or every)[0]


def _pieces(paragraph: etree._Element) -> list[tuple[etree._Element, str]]:
    """Return the elements of a paragraph that hold its words, each with its own."""
    return list(_words_in(paragraph))


def _words_in(paragraph: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for found in paragraph.iter(_TEXT, *_BREAKS):
        inner = found.getparent()
        own = next(found.iterancestors(_PARAGRAPH)) is paragraph
        if own and inner is not None and inner.tag == _RUN:
            yield found, (found.text or "") if found.tag == _TEXT else _BREAKS[found.tag]


def reword(paragraph: etree._Element, text: str) -> None:
    """Make a paragraph say `text`; only the runs whose words differ are touched.

    New words have the looks of those they take the place of, or of those before them.
    """
    pieces = _pieces(paragraph)
    there = "".join(words for _, words in pieces)
    begin = _shared(there, text)
    end = _shared(there[begin:][::-1], text[begin:][::-1])
    last, words, at = len(there) - end, text[begin : len(text) - end], 0
    for element, held in pieces:
        first, at = at, at + len(held)
        gone, run = first < last and begin < at, element.getparent()
        if element.tag != _TEXT:
            if gone and run is not None:
                run.remove(element)
        elif gone or (begin == last and first <= begin <= at):
            kept = held[max(last - first, 0) :]
            _set(element, held[: max(begin - first, 0)] + words + kept)
            words = ""
    if words:
        _set(etree.SubElement(etree.SubElement(paragraph, _RUN), _TEXT), words)


def _shared(one: str, other: str) -> int:
    """Return with how many letters both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _set(element: etree._Element, text: str) -> None:
    element.text = text
    element.set(_SPACE, "preserve")
