"""Two versions of a document: figures, rows and words that changed, and the cells behind each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from functools import cached_property
from itertools import takewhile, zip_longest
from typing import Any, Final

from deliverables.bases import Inputs
from deliverables.draft import Composed, NoLongerDueError, recompose
from deliverables.files.scratch import Scratch
from deliverables.folders import Folders
from deliverables.model.book import ContractBook
from deliverables.model.fields import Record, Row, declarations, sheets, shown
from deliverables.model.roster_sheets import SECRET
from deliverables.read.book import read_book
from deliverables.register import Entry, status_of
from deliverables.values.figure import Cell, Cells, Derivation, Figure, Line, Source, Statement
from deliverables.values.identifiers import discreet, mask
from deliverables.verify.alignment import aligned
from deliverables.verify.base import Base, leaves
from deliverables.verify.document import Block, Form, Place, Slot, excerpt


@dataclass(frozen=True, slots=True)
class Cause:
    """A cell or line that differs: its place from the folder of the contract on, and both texts.

    `before` is empty for one that is new, `after` for one that is gone; both are where only the
    sheet is known.
    """

    source: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Side:
    """What differs as one of the two books has it: by the row and its column, and by the place."""

    rows: dict[int, dict[str, Cause]]
    places: dict[Source, Cause]


class Changes:
    """What differs between the book of then, as far as it was kept, and that of now.

    `then_cells` are texts that were kept otherwise, by their places from the folder of the contract
    on; `changed` are the names of the input files that are not as they were.
    """

    def __init__(
        self,
        then: ContractBook | None,
        now: ContractBook,
        then_cells: Mapping[str, str],
        changed: Sequence[str],
    ) -> None:
        self._home = now.number
        self._then, self._now = _Side({}, {}), _Side({}, {})
        self._then_cells, self._changed = then_cells, tuple(changed)
        if then is not None:
            self._books = (then, now)  # rows are known by their identity: they must live on
            self._compare(then, now)

    def behind(self, then: Figure[Any] | None, now: Figure[Any] | None) -> tuple[Cause, ...]:
        """Return what is behind the change of a figure, in the order of its inputs.

        Where the cells of then are not known it is the sheet, as far as its file changed.
        """
        found: dict[Cause, None] = {}
        for figure, side in ((now, self._now), (then, self._then)):
            if figure is not None:
                found |= dict.fromkeys(_hits(figure, side))
        if not found and now is not None:
            found = dict.fromkeys(self._kept(now))
        if not found and now is not None:
            found = dict.fromkeys(self._sheets(now))
        return tuple(found)

    def _kept(self, figure: Figure[Any]) -> Iterator[Cause]:
        """Yield the cells of a figure whose text was kept and is another one now."""
        for source, text, secret in _read(figure):
            place = self._place(source)
            before = self._then_cells.get(place, text)
            if before != text:
                yield _cause(place, before, text, secret=secret)

    def _sheets(self, figure: Figure[Any]) -> Iterator[Cause]:
        for source, _, _ in _read(figure):
            if any(source.file.endswith(name) for name in self._changed):
                yield Cause(self._place(_whole(source)))

    def _place(self, source: Source) -> str:
        return str(source).rpartition(f"/{self._home}/")[2]

    def _compare(self, then: ContractBook, now: ContractBook) -> None:
        self._record(then.contract, now.contract)
        pairs: list[tuple[Any, Any]] = [(then.ledger, now.ledger)]
        pairs += [(then.quarters[n], now.quarters[n]) for n in then.quarters if n in now.quarters]
        for old, new in pairs:
            if old is not None and new is not None:
                self._record(old.cover, new.cover)
                for name in sheets(type(new)):
                    self._sheet(getattr(old, name), getattr(new, name))

    def _sheet(self, then: Sequence[Row], now: Sequence[Row]) -> None:
        for old, new in _paired(then, now):
            for column in declarations(type(old or new)):
                if old is None or new is None or getattr(old, column) != getattr(new, column):
                    self._differs(old, new, column)

    def _record(self, then: Record, now: Record) -> None:
        """Take in what differs between two records that stand in the same place."""
        declared = declarations(type(now))
        for field in fields(now):
            old, new = getattr(then, field.name), getattr(now, field.name)
            if field.name in declared:
                if old != new:
                    self._differs(then, now, field.name)
            elif isinstance(old, Record) and isinstance(new, Record):
                self._record(old, new)
            elif isinstance(old, tuple) and isinstance(new, tuple):
                for one, other in zip(old, new, strict=False):
                    if isinstance(one, Record) and isinstance(other, Record):
                        self._record(one, other)

    def _differs(self, old: Record | None, new: Record | None, column: str) -> None:
        before, after = (_text(one, column) if one else "" for one in (old, new))
        if before == after:
            return
        place = self._place((new or old or _NOBODY).place(column))
        cause = _cause(place, before, after, secret=(type(new or old), column) == SECRET)
        for one, side in ((old, self._then), (new, self._now)):
            if one is not None:
                side.rows.setdefault(id(one), {})[column] = cause
                side.places[one.place(column)] = cause


_NOBODY = Record()


def _cause(place: str, before: str, after: str, *, secret: bool) -> Cause:
    return Cause(place, mask(before), mask(after)) if secret else Cause(place, before, after)


def _text(record: Record, column: str) -> str:
    value = getattr(record, column)
    return "" if value is None or value == "" else shown(declarations(type(record))[column], value)


def _whole(source: Source) -> Source:
    return Cell(source.file, source.sheet) if isinstance(source, Cell) else Line(source.file)


def _hits(figure: Figure[Any], side: _Side) -> Iterator[Cause]:
    for found in _behind(figure):
        if isinstance(found, Cells):
            for row in found.rows:
                hit = side.rows.get(id(row))
                if hit:
                    yield from (hit[column] for column in found.columns if column in hit)
        elif not isinstance(found.origin, Derivation) and found.origin in side.places:
            yield side.places[found.origin]


def _read(figure: Figure[Any]) -> Iterator[tuple[Source, str, bool]]:
    """Yield what was read of a figure: the place, the text, and whether it is private."""
    for found in _behind(figure):
        for one in found if isinstance(found, Cells) else (found,):
            if not isinstance(one.origin, Derivation):
                yield one.origin, one.text, one.private


def _behind(figure: Figure[Any]) -> Iterator[Cells | Figure[Any]]:
    """Yield what decides a figure, in order: figures that were read, and cells of counted rows."""
    waiting: list[Figure[Any]] = [figure]
    seen: set[int] = set()
    while waiting:
        at_hand = waiting.pop()
        if id(at_hand) in seen:
            continue
        seen.add(id(at_hand))
        origin = at_hand.origin
        if not isinstance(origin, Derivation):
            yield at_hand
        elif isinstance(origin.inputs, Cells):
            yield origin.inputs
        else:
            waiting.extend(reversed(origin.inputs))


def _paired(then: Sequence[Row], now: Sequence[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    """Yield the rows of a sheet that are not the same: changed, gone or new."""
    old, new = [_cells_of(row) for row in then], [_cells_of(row) for row in now]
    if old == new:
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            continue
        left = list(then[i:j])
        leading = {_cells_of(row)[:1]: row for row in reversed(left)}
        for at, row in enumerate(now[k:m]):
            match = leading.pop(_cells_of(row)[:1], None)
            if match is None and j - i == m - k and any(one is then[i + at] for one in left):
                match = then[i + at]
            left = [one for one in left if one is not match]
            yield match, row
        yield from ((row, None) for row in left)


def _cells_of(row: Row) -> tuple[object, ...]:
    return tuple(getattr(row, column) for column in declarations(type(row)))


_ROW: Final = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure of another text: its path now, its name, both texts, where it stands, and why.

    `sentence` tells one that says in words what other figures count.
    """

    key: str
    name: str
    before: str
    after: str
    place: Place
    causes: tuple[Cause, ...] = ()
    sentence: bool = False

    @property
    def brief(self) -> tuple[str, str]:
        """Both texts, of a sentence only the clauses in which they differ."""
        if not self.sentence:
            return self.before, self.after
        was, now = (_CLAUSE.findall(text) for text in (self.before, self.after))
        alike = list(takewhile(lambda pair: pair[0] == pair[1], zip(was, now, strict=False)))
        first = len(alike)
        ends = zip(reversed(was[first:]), reversed(now[first:]), strict=False)
        last = len(list(takewhile(lambda pair: pair[0] == pair[1], ends)))
        return _between(was, first, last), _between(now, first, last)


_CLAUSE: Final = re.compile(r"[^，；。]+[，；。]?")


def _between(clauses: Sequence[str], first: int, last: int) -> str:
    inside = "".join(clauses[first : len(clauses) - last]).rstrip("，；。")
    return f"{'…' if first else ''}{inside}{'…' if last else ''}" if inside else ""


@dataclass(frozen=True, slots=True)
class TextChange:
    """A paragraph, row, chart or picture that differs in more than figures, is new, or is gone."""

    form: Form
    before: str | None
    after: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two versions: figures outside loops first, sentences last."""

    figures: tuple[FigureChange, ...]
    texts: tuple[TextChange, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.figures and not self.texts


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a document: its blocks with the figures that stand in them, and these figures.

    `figures` are by their paths; none are known of a document that no register knows.
    """

    blocks: Sequence[Block]
    figures: Mapping[str, Figure[Any]]


def compare(before: Version, after: Version, changes: Changes | None = None) -> Comparison:
    """Return what differs from one version to the other; `changes` are those of the data."""
    figures: dict[str, FigureChange] = {}
    texts: list[TextChange] = []
    hidden = _hiding(before, after)
    for one, other in aligned(before.blocks, after.blocks):
        old = None if one is None else before.blocks[one]
        new = None if other is None else after.blocks[other]
        if old is not None and new is not None:
            for was, now in _same_figures(old, new):
                said, says = _said(old, was), _said(new, now)
                then, figure = before.figures.get(was.key), after.figures.get(now.key)
                known = figure or then
                if said == says or known is None or now.key in figures:
                    continue
                shown = (mask(said), mask(says)) if known.private else (said, says)
                causes = changes.behind(then, figure) if changes else ()
                place = new.place_of(now.text)
                sentence = isinstance(known, Statement)
                figures[now.key] = FigureChange(
                    now.key, known.name, *shown, place, causes, sentence
                )
        if old is None or new is None or _frame(old) != _frame(new):
            texts += _texts(old, new, hidden)
    in_order = sorted(figures.values(), key=lambda one: (one.sentence, "[" in one.key))
    return Comparison(tuple(in_order), tuple(texts))


def _same_figures(old: Block, new: Block) -> Iterator[tuple[Slot, Slot]]:
    """Pair the figures of two versions of a block: the same figure, if perhaps of another row."""
    before = sorted(old.slots, key=lambda slot: (slot.text, slot.begin))
    after = sorted(new.slots, key=lambda slot: (slot.text, slot.begin))
    was, now = ([_ROW.sub("[]", slot.key) for slot in slots] for slots in (before, after))
    for run in SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks():
        for at in range(run.size):
            yield before[run.a + at], after[run.b + at]


def _said(block: Block, slot: Slot) -> str:
    return block.texts[slot.text][slot.begin : slot.end]


def _frame(block: Block) -> tuple[object, ...]:
    """Return what a block says but for its figures."""
    texts = list(block.texts)
    for slot in sorted(block.slots, key=lambda one: (one.text, -one.begin)):
        text = texts[slot.text]
        key = _ROW.sub("[]", slot.key)
        texts[slot.text] = f"{text[: slot.begin]}\0{key}\0{text[slot.end :]}"
    return block.form, tuple(texts)


def _texts(
    old: Block | None, new: Block | None, hidden: Callable[[str], str]
) -> Iterator[TextChange]:
    block = new or old
    if block is None:
        return
    said, says = (None if one is None else one.shown for one in (old, new))
    if block.form is Form.CHART:
        said, says = _of_chart(old, new)
    if said or says:
        before, after = (None if one is None else hidden(one) for one in (said, says))
        place = block.place
        if block.form is Form.CHART:
            place = replace(place, excerpt=excerpt(block.texts[1]))
        yield TextChange(block.form, before, after, place)


def _of_chart(old: Block | None, new: Block | None) -> tuple[str | None, str | None]:
    """Return what differs of a chart as a reader sees it, of a new or removed one its words.

    Its workbook, which comes last, is told only where nothing else differs.
    """
    if old is None or new is None:
        return old.texts[1] if old else None, new.texts[1] if new else None
    both = list(zip_longest(old.texts[:-1], new.texts[:-1], fillvalue=""))
    both = [(was, now) for was, now in both if was != now] or [(old.texts[-1], new.texts[-1])]
    before, after = (" | ".join(side) for side in zip(*both, strict=True))
    return before, after


def _hiding(before: Version, after: Version) -> Callable[[str], str]:
    """Return what tells words without the identity numbers of then and now."""
    secrets: set[str] = set()
    for version in (before, after):
        private = {key for key, figure in version.figures.items() if figure.private}
        secrets |= {version.figures[key].text for key in private}
        secrets |= {
            block.texts[slot.text][slot.begin : slot.end]
            for block in version.blocks
            for slot in block.slots
            if slot.key in private
        }
    longest_first = sorted(filter(None, secrets), key=len, reverse=True)
    return lambda text: discreet(text, longest_first)


@dataclass(frozen=True)
class Again:
    """A recorded document as the data make it, of today or of then, as of its day."""

    again: Composed
    stage: str = "draft"

    @cached_property
    def figures(self) -> Mapping[str, Figure[Any]]:
        """Every figure the document could print, by its path."""
        found = leaves(self.again.context)
        return {key: leaf for key, leaf in found if isinstance(leaf, Figure)}

    @cached_property
    def base(self) -> Base:
        """What the document says, and which of its words are which figure."""
        return self.again.base(self.again.rendered(), self.stage)

    @cached_property
    def printed(self) -> tuple[str, ...]:
        """The paths of the figures that the document prints, in reading order."""
        slots = (slot for block in self.base.blocks for slot in block.slots)
        return tuple(dict.fromkeys(slot.key for slot in slots if slot.key in self.figures))

    @property
    def words(self) -> Iterator[list[tuple[str, str]]]:
        """What the document says, block by block, and which of the words are which figure."""
        for block in self.base.blocks:
            yield list(_pieces(block))

    @property
    def version(self) -> Version:
        """The document as a version to be compared with another."""
        return Version(self.base.blocks, self.figures)


def _pieces(block: Block) -> Iterator[tuple[str, str]]:
    for number, text in enumerate(block.texts):
        at = 0
        slots = [slot for slot in block.slots if slot.text == number]
        for slot in sorted(slots, key=lambda one: one.begin):
            yield text[at : slot.begin], ""
            yield text[slot.begin : slot.end], slot.key
            at = slot.end
        yield f"{text[at:]} ", ""


def changed_since(
    entry: Entry, contract: str, book: ContractBook, folders: Folders
) -> tuple[str, ...]:
    """Return the inputs, and the template, that are no longer what a document was made from."""
    inputs = {name: book.inputs.get(name, "") for name in entry.inputs}
    template = folders.template_sha256(entry.kind, contract)
    return status_of(entry, folders.contract(contract), inputs, template).changed


def since(
    entry: Entry,
    base: Base,
    book: ContractBook,
    folders: Folders,
    now: Again,
    *,
    blocks: Sequence[Block] | None = None,
) -> Comparison:
    """Return what differs from a document to the one that `now` is.

    It is taken as it was made, or as a file has it: `blocks`, with the figures that stand in them.
    """
    then = book_of_then(folders, entry, book.number, book)
    changed = changed_since(entry, book.number, book, folders)
    before = Version(
        base.blocks if blocks is None else blocks, figures_of_then(folders, entry, then)
    )
    return compare(before, now.version, Changes(then, book, base.cells, changed))


def book_of_then(
    folders: Folders, entry: Entry, contract: str, now: ContractBook
) -> ContractBook | None:
    """Return the book that a document was made from, as far as its input files were kept.

    Its roster is that of `now`. None where contract.yaml was not kept.
    """
    with Scratch() as scratch:
        Inputs(folders.inputs(contract)).lay_out(entry.inputs, scratch.folder)
        then = read_book(scratch.folder / contract, now.calendar).book
    if then is None:
        return None
    return ContractBook(
        contract=then.contract,
        quarters=then.quarters,
        roster=now.roster,
        ledger=then.ledger,
        calendar=now.calendar,
        inputs=then.inputs,
    )


def figures_of_then(
    folders: Folders, entry: Entry, book: ContractBook | None
) -> Mapping[str, Figure[Any]]:
    """Return the figures of a document as the book of then made them; none if it cannot."""
    if book is None:
        return {}
    try:
        return Again(recompose(entry, book, folders)).figures
    except (NoLongerDueError, LookupError, ValueError):
        return {}
