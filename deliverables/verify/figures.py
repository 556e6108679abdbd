"""Every figure of the context is printed, and every loop stands in its table row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final

from deliverables.message import Message, say
from deliverables.verify.alignment import Strip
from deliverables.verify.paper import Document, Paragraph, Place
from deliverables.verify.finding import WHOLE_DOCUMENT, Finding, doubt, fault, misprint
from deliverables.verify.flow import PASSAGE, SECTION, SENTENCE, Flow, flow
from deliverables.verify.leaves import Leaf, Leaves, Loop
from deliverables.verify.marked import stand_where_marked
from deliverables.verify.printing import Board, Printing
from deliverables.verify.totals import is_total
from deliverables.verify.wording import NUMERAL, Tally, lines_of

_MOSTLY: Final = 0.5
_BETWEEN_CELLS: Final = " | "


def figures_are_printed(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find rows that are missing, moved or put in, cells that differ, and figures not printed."""
    board = Board(document) if leaves.loops else None
    printed: list[Printing] = []
    found: list[Finding] = []
    for loop in leaves.loops:
        printing = board.printing(loop) if board else None
        if printing is not None and printing.perfect:
            printed.append(printing)
            found += _in_wrong_cells(printing)
            continue
        prose = flow(loop, document.prose, (SENTENCE, PASSAGE))
        if not prose.failing or _is_in_one_cell(loop, document):
            continue
        if printing is not None and _MOSTLY <= printing.coverage > prose.share:
            printed.append(printing)
            found += _faults_in_table(printing)
        elif prose.share >= _MOSTLY and not loop.nests:
            found += _faults_in_text(prose)
        elif flow(loop, document.paragraphs, (SECTION,)).failing:
            found += _out_of_order(loop, document, leaves)
    found += _strange_rows(printed, leaves)
    yield from found
    yield from _short_of(document, leaves, Tally("\n".join(_explained(found))))


def _explained(found: Iterable[Finding]) -> Iterator[str]:
    """Yield the lines that are known to be missing, each as often as it is."""
    for finding in found:
        if finding.code in ("figure-changed", "figure-missing"):
            yield from lines_of(finding.expected)
        elif finding.code == "row-missing":
            yield from finding.expected.split(_BETWEEN_CELLS)


def _short_of(document: Document, leaves: Leaves, explained: Tally) -> Iterator[Finding]:
    """Find figures that the document states less often than it should."""
    if stand_where_marked(document, leaves):
        return
    done = set[str]()
    for leaf in leaves.figures:
        for line in leaf.lines:
            if line in done:
                continue
            done.add(line)
            lacking = leaves.tally[line] - document.tally[line]
            short = lacking > 0 and lacking > explained[line]
            if short and not _may_be_left_out(leaf, document, leaves):
                yield _missing(leaf, document)


def _may_be_left_out(leaf: Leaf, document: Document, leaves: Leaves) -> bool:
    """Tell whether a figure says “nothing”, which a document may put in words of its own."""
    return (
        leaves.printings is None and not leaf.figure.value and leaf.figure.name not in document.text
    )


def _missing(leaf: Leaf, document: Document) -> Finding:
    place, found = _beside_its_name(leaf, document)
    where = place.message() if place else WHOLE_DOCUMENT
    return misprint("figure-missing", where, _not_printed(leaf), leaf, found)


def _not_printed(leaf: Leaf) -> Message:
    return say("{name} {expected} is not printed", name=leaf.figure.name, expected=leaf.text)


def _beside_its_name(leaf: Leaf, document: Document) -> tuple[Place | None, str]:
    """Return where a figure would stand and what stands there, going by its name."""
    name = leaf.figure.name
    for table in document.tables:
        for row in table.rows:
            for cell, beside in pairwise(row):
                if name and name in cell.text:
                    return beside.place, beside.text
    for paragraph in document.paragraphs:
        if name and name in paragraph.text:
            return paragraph.place, paragraph.text
    return None, ""


def _is_in_one_cell(loop: Loop, document: Document) -> bool:
    """Tell whether a table has the loop as a list in a single cell."""
    cells: dict[Place, list[Paragraph]] = {}
    for paragraph in document.paragraphs:
        if paragraph.place.table:
            cells.setdefault(replace(paragraph.place, excerpt=""), []).append(paragraph)
    texts = [text for element in loop.elements for text in element.texts]
    return len(loop.elements) > 1 and any(
        all(any(text in line.text for line in lines) for text in texts)
        and not flow(loop, lines, (SENTENCE, PASSAGE)).failing
        for lines in cells.values()
    )


def _in_wrong_cells(printing: Printing) -> Iterator[Finding]:
    for leaf, cell in printing.misplaced():
        yield _changed(leaf, cell.place, cell.text)


def _faults_in_table(printing: Printing) -> Iterator[Finding]:
    elements, strips, alignment = printing.loop.elements, printing.strips, printing.alignment
    yield from _in_wrong_cells(printing)
    for index, strip in alignment.partial:
        for leaf in printing.unstated(elements[index], strips[strip]):
            cell = printing.cell_of(leaf, strips[strip])
            place = cell.place if cell else _place(printing, strip)
            yield _changed(leaf, place, cell.text if cell else strips[strip].shown)
    for index, strip in alignment.moved:
        leaf = elements[index].leaves[0]
        yield misprint(
            "row-moved",
            _place(printing, strip).message(),
            say(
                "the row of {name} {text} is not in its order",
                name=leaf.figure.name,
                text=leaf.text,
            ),
            leaf,
            strips[strip].shown,
        )
    for index in alignment.missing:
        yield from _row_missing(printing, index)
    for strip in alignment.repeated:
        yield _row_extra(_place(printing, strip), strips[strip])


def _changed(leaf: Leaf, place: Place, found: str) -> Finding:
    return misprint(
        "figure-changed",
        place.message(),
        say(
            "{name} is {expected}, the document has {found}",
            name=leaf.figure.name,
            expected=leaf.text,
            found=found or "—",
        ),
        leaf,
        found,
    )


def _row_missing(printing: Printing, index: int) -> Iterator[Finding]:
    leaves = [
        leaf for leaf in printing.loop.elements[index].leaves if leaf.field in printing.fields
    ]
    if leaves:
        row = _BETWEEN_CELLS.join(leaf.text for leaf in leaves)
        message = say(
            "row {number} of {rows} is missing: {row}",
            number=index + 1,
            rows=len(printing.loop.elements),
            row=row,
        )
        where = printing.table.place.message()
        yield replace(misprint("row-missing", where, message, leaves[0], ""), expected=row)


def _row_extra(place: Place, strip: Strip) -> Finding:
    message = say("the data have no such row: {row}", row=strip.shown)
    return fault("row-extra", place.message(), message, found=strip.shown)


def _faults_in_text(prose: Flow) -> Iterator[Finding]:
    for index in prose.failing:
        astray, beside = prose.astray(index)
        for leaf in astray:
            where = beside.place.message() if beside else WHOLE_DOCUMENT
            yield misprint("figure-missing", where, _not_printed(leaf), leaf,
                           beside.text if beside else "")  # fmt: skip
        if not astray and beside:
            message = say("{loop} is printed in another order than the data have",
                          loop=prose.loop.key)  # fmt: skip
            yield doubt("order-changed", beside.place.message(), message, found=beside.text)


def _out_of_order(loop: Loop, document: Document, leaves: Leaves) -> Iterator[Finding]:
    lines = (line for element in loop.elements for leaf in element.leaves for line in leaf.lines)
    if all(document.tally[line] >= leaves.tally[line] for line in lines):
        message = say("{loop} is printed in another order than the data have", loop=loop.key)
        yield doubt("order-changed", WHOLE_DOCUMENT, message)


def _strange_rows(printed: Iterable[Printing], leaves: Leaves) -> Iterator[Finding]:
    """Find rows with numbers that no figure states, among the rows of a loop or right after."""
    claimed: dict[int, set[int]] = {}
    tables: dict[int, Printing] = {}
    for printing in printed:
        if printing.by_row:
            number = id(printing.table)
            tables[number] = printing
            pairs = printing.alignment.pairs
            claimed.setdefault(number, set()).update(strip for _, strip in pairs)
            claimed[number].update(printing.alignment.repeated)
    if not tables:
        return
    known = Counter(NUMERAL.findall(leaves.outside_loops))
    for number, printing in tables.items():
        for strip in _between(claimed[number], len(printing.strips)):
            row = printing.strips[strip]
            if _is_of_data(row) and any(n not in known for n in NUMERAL.findall(row.text)):
                yield _row_extra(_place(printing, strip), row)


def _between(claimed: set[int], rows: int) -> Iterator[int]:
    """Yield the rows that no loop claims, from the first claimed one to the one after the last."""
    if claimed:
        last = min(max(claimed) + 1, rows - 1)
        yield from (row for row in range(min(claimed), last + 1) if row not in claimed)


def _is_of_data(row: Strip) -> bool:
    """Tell a row of data from sub-headings, notes and totals (which are added up elsewhere)."""
    filled = [cell for cell in row.cells if cell.text]
    return len(filled) > len(row.cells) / 2 and len(filled) > 1 and not is_total(filled[0].text)


def _place(printing: Printing, strip: int) -> Place:
    first = printing.strips[strip].cells[0].place
    return first.at(first.row) if printing.by_row else first
