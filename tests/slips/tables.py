"""Slips in tables: heads, labels, cells, rows, columns, whole tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import combinations, pairwise
from random import Random

from slips.draft import Draft, Element, Option, Table, Words, cell_text, exchange, name, remove, xml
from slips.mutant import slip

_LINE = "另扣减1,000.00元"
_SIGNED = ("编制", "审核", "批准", "经办人", "不符", "甲方")
FREE = (
    "影响",
    "影响范围",
    "原因",
    "处理措施",
    "处理及改进措施",
    "不计入理由",
    "摘要",
    "内容",
    "措施",
    "说明",
    "变更内容",
    "存在问题及改进",
    "结论",
)
"""Heads of columns of free text, which may be mended in the document as in the data."""

_OTHER_LETTERS = "增减总净原新上下内外甲乙前后"


def exchange_contents(one: Element, other: Element) -> None:
    """Put the paragraphs of two cells in each other's place; width and borders stay."""
    paragraphs = one.findall(name("w:p")), other.findall(name("w:p"))
    for cell, new in ((one, paragraphs[1]), (other, paragraphs[0])):
        cell.extend(new)


def put_text(cell: Element, text: str) -> None:
    """Write `text` into a cell, in the look of what stood there."""
    first, *others = cell.iter(name("w:t"))
    first.text = text
    for each in others:
        each.text = ""


def _exchanged(table: Table, one: Element, other: Element) -> Option:
    first, second = cell_text(one), cell_text(other)
    return Option(
        f"{first} … {second}",
        f"{second} … {first}",
        table.place,
        lambda: exchange_contents(one, other),
    )


def _row(texts: list[str]) -> str:
    return " | ".join(texts)


def _free(table: Table, column: int) -> bool:
    """Tell whether a column holds free text."""
    heads = table.texts[0] if table.has_heads else []
    return column < len(heads) and re.sub(r"\s", "", heads[column]) in FREE


def _data(table: Table) -> list[int]:
    """Return the rows below the heads that say something."""
    rows = range(1 if table.has_heads else 0, len(table.rows))
    return [row for row in rows if any(map(str.strip, table.texts[row]))]


@slip
def heads_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    """不含税金额 over the taxes and 税额 over the net amounts."""
    for table in draft.tables:
        if table.has_heads:
            for one, other in combinations(table.cells[0], 2):
                if cell_text(one) != cell_text(other):
                    yield _exchanged(table, one, other)


@slip
def labels_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    """此前已付 and 付款后未付余额 before each other's amounts."""
    for table in draft.tables:
        for one, other in combinations(_data(table), 2):
            first, second = table.cells[one][0], table.cells[other][0]
            if cell_text(first) != cell_text(second) and other - one < 4:
                yield _exchanged(table, first, second)


@slip
def cells_of_a_column_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:
        rows = _data(table)
        for one, other in pairwise(rows):
            for column in range(1, min(len(table.cells[one]), len(table.cells[other]))):
                if table.texts[one][column] != table.texts[other][column]:
                    yield _exchanged(table, table.cells[one][column], table.cells[other][column])


@slip
def cells_of_a_row_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:
        for row in _data(table):
            for one, other in combinations(table.cells[row], 2):
                if cell_text(one) != cell_text(other):
                    yield _exchanged(table, one, other)


@slip
def cells_of_two_tables_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    """The same column of two tables, one cell each."""
    for one, other in zip(draft.tables, draft.tables[1:], strict=False):
        first, second = one.cells[-1][-1], other.cells[-1][-1]
        if cell_text(first) != cell_text(second) and cell_text(first) and cell_text(second):
            yield _exchanged(one, first, second)


@slip
def head_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """不含税金额 becomes 含税金额."""
    for table in draft.tables:
        for cell in table.cells[0] if table.has_heads else ():
            yield from _altered(cell, table, chance)


@slip
def label_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:
        for row in _data(table):
            if not _free(table, 0):
                yield from _altered(table.cells[row][0], table, chance)


@slip
def letter_of_a_cell_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """One Chinese letter of a name, a cause, a source."""
    for table in draft.tables:
        for row in _data(table):
            for column, cell in enumerate(table.cells[row]):
                if column and not _free(table, column):
                    yield from _altered(cell, table, chance)


def _altered(cell: Element, table: Table, chance: Random) -> Iterator[Option]:
    for paragraph in cell.findall(name("w:p")):
        words = Words(paragraph, table.place)
        places = [at for at, letter in enumerate(words.text) if "一" <= letter <= "鿿"]
        if places:
            at = chance.choice(places)
            others = _OTHER_LETTERS.replace(words.text[at], "")
            new = "" if len(places) > 2 and chance.random() < 0.3 else chance.choice(others)
            yield words.option(at, at + 1, new)


@slip
def cell_emptied(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:
        for cells in table.cells:
            for cell in cells:
                if text := cell_text(cell):
                    yield Option(text, "", table.place, lambda cell=cell: put_text(cell, ""))


@slip
def empty_cell_filled(draft: Draft, chance: Random) -> Iterator[Option]:
    """A figure typed into a cell that says nothing."""
    for table in draft.tables:
        for row in _data(table):
            if all(table.texts[row][1:]) or not table.texts[row][0]:
                continue
            for cell, text in zip(table.cells[row], table.texts[row], strict=True):
                if not text and not table.texts[row][0].startswith(_SIGNED):
                    yield Option("", "3", table.place, lambda cell=cell: _typed(cell, "3"))


def _typed(cell: Element, text: str) -> None:
    cell.findall(name("w:p"))[-1].append(xml(f"<w:r><w:t>{text}</w:t></w:r>"))


@slip
def text_typed_into_a_cell(draft: Draft, chance: Random) -> Iterator[Option]:
    """Words or a figure typed before or behind what a cell says."""
    for table in draft.tables:
        for row in _data(table):
            for column, cell in enumerate(table.cells[row]):
                text = cell_text(cell)
                if text and not _free(table, column):
                    typed = chance.choice(("（暂定）", "以内", "（已核减）", " 5", "万"))
                    after = f"{text}{typed}"
                    yield Option(
                        text, after, table.place, lambda cell=cell, t=typed: _typed(cell, t)
                    )


@slip
def paragraph_added_in_a_cell(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:
        for row in _data(table):
            cell = table.cells[row][-1]
            yield Option(cell_text(cell), _LINE, table.place, lambda cell=cell: _line_in(cell))


def _line_in(cell: Element) -> None:
    added = deepcopy(cell.findall(name("w:p"))[-1])
    for child in list(added):
        if child.tag != name("w:pPr"):
            remove(child)
    added.append(xml(f"<w:r><w:t>{_LINE}</w:t></w:r>"))
    cell.append(added)


@slip
def cell_merged_away(draft: Draft, chance: Random) -> Iterator[Option]:
    """Word shows nothing of a cell that continues the one above it."""
    for table in draft.tables:
        rows = _data(table)
        for one, other in pairwise(rows):
            for column, text in enumerate(table.texts[other]):
                if text and len(table.cells[one]) == len(table.cells[other]):
                    above, below = table.cells[one][column], table.cells[other][column]
                    yield Option(text, "", table.place, lambda a=above, b=below: _merge_down(a, b))


def _merge_down(above: Element, below: Element) -> None:
    for cell, value in ((above, ' w:val="restart"'), (below, "")):
        look = cell.find(name("w:tcPr"))
        assert look is not None
        width = look.find(name("w:tcW"))
        merge = xml(f"<w:vMerge{value}/>")
        span = look.find(name("w:gridSpan"))
        before = width if span is None else span
        if before is None:
            look.insert(0, merge)
        else:
            before.addnext(merge)


@slip
def cells_merged_into_one(draft: Draft, chance: Random) -> Iterator[Option]:
    """Two cells of a row made one, as Word does it: both texts in the first."""
    for table in draft.tables:
        for row in _data(table):
            cells = table.cells[row]
            for one, other in pairwise(cells):
                if cell_text(one) and cell_text(other):
                    said = cell_text(one), cell_text(other)
                    yield Option(
                        _row(list(said)),
                        "".join(said),
                        table.place,
                        lambda a=one, b=other: _merge_right(a, b),
                    )


def _merge_right(one: Element, other: Element) -> None:
    one.extend(other.findall(name("w:p")))
    remove(other)
    look = one.find(name("w:tcPr"))
    assert look is not None
    span = look.find(name("w:gridSpan"))
    if span is not None:
        span.set(name("w:val"), str(int(span.get(name("w:val"), "1")) + 1))
        return
    width = look.find(name("w:tcW"))
    added = xml('<w:gridSpan w:val="2"/>')
    if width is None:
        look.insert(0, added)
    else:
        width.addnext(added)


@slip
def row_deleted(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:
        for row in _data(table):
            element = table.rows[row]
            if len(table.rows) > 1:
                yield Option(
                    _row(table.texts[row]), "", table.place, lambda row=element: remove(row)
                )


@slip
def heads_deleted(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:
        if table.has_heads:
            first = table.rows[0]
            yield Option(_row(table.texts[0]), "", table.place, lambda row=first: remove(row))


@slip
def row_emptied(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:
        for row in _data(table):
            cells = table.cells[row]
            yield Option(_row(table.texts[row]), "", table.place, lambda cells=cells: _empty(cells))


def _empty(cells: list[Element]) -> None:
    for cell in cells:
        if cell_text(cell):
            put_text(cell, "")


@slip
def row_doubled(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:
        for row in _data(table):
            element = table.rows[row]
            said = _row(table.texts[row])
            yield Option(
                said, f"{said} twice", table.place, lambda row=element: row.addnext(deepcopy(row))
            )


@slip
def row_added(draft: Draft, chance: Random) -> Iterator[Option]:
    """A row like the one above it, with figures of its own."""
    for table in draft.tables:
        for row in _data(table):
            element = table.rows[row]
            yield Option(
                "",
                "其他 | 8 | 8 …",
                table.place,
                lambda row=element: _row_like(row),
            )


def _row_like(row: Element) -> None:
    added = deepcopy(row)
    for number, cell in enumerate(added.findall(name("w:tc"))):
        if cell_text(cell):
            put_text(cell, "8" if number else "其他")
    row.addnext(added)


@slip
def empty_row_added(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:
        last = table.rows[-1]
        if cell_text(table.cells[-1][0]):
            yield Option("", "an empty row", table.place, lambda row=last: _empty_like(row))


def _empty_like(row: Element) -> None:
    added = deepcopy(row)
    _empty(added.findall(name("w:tc")))
    row.addnext(added)


@slip
def rows_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:
        rows = _data(table)
        for one, other in pairwise(rows):
            if table.texts[one] != table.texts[other]:
                first, second = table.rows[one], table.rows[other]
                yield Option(
                    f"{_row(table.texts[one])} / {_row(table.texts[other])}",
                    "the other way round",
                    table.place,
                    lambda a=first, b=second: exchange(a, b),
                )


@slip
def row_moved_to_another_table(draft: Draft, chance: Random) -> Iterator[Option]:
    tables = draft.tables
    for one in tables:
        for other in tables:
            if one is other or len(one.cells[-1]) != len(other.cells[-1]) or len(one.rows) < 3:
                continue
            row, target = one.rows[-1], other.rows[-1]
            yield Option(
                _row(one.texts[-1]),
                f"to {other.place}",
                one.place,
                lambda row=row, target=target: target.addnext(row),
            )


@slip
def row_moved_to_the_top(draft: Draft, chance: Random) -> Iterator[Option]:
    """The total above what it is the total of."""
    for table in draft.tables:
        if table.has_heads and len(table.rows) > 2:
            first, last = table.rows[0], table.rows[-1]
            said = _row(table.texts[-1])
            if said.strip(" |"):
                yield Option(said, "to the top", table.place, lambda a=first, b=last: a.addnext(b))


@slip
def columns_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    """Two whole columns, heads and all."""
    for table in draft.tables:
        widths = {len(cells) for cells in table.cells}
        if len(widths) == 1 and table.has_heads:
            for one, other in combinations(range(widths.pop()), 2):
                yield Option(
                    f"{table.texts[0][one]} … {table.texts[0][other]}",
                    "the other way round",
                    table.place,
                    lambda t=table, a=one, b=other: _columns(t, a, b),
                )


def _columns(table: Table, one: int, other: int) -> None:
    for cells in table.cells:
        exchange_contents(cells[one], cells[other])


@slip
def column_below_the_heads_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    """Two whole columns of figures under heads that stay."""
    for table in draft.tables:
        widths = {len(cells) for cells in table.cells}
        if len(widths) == 1 and table.has_heads:
            for one, other in combinations(range(1, widths.pop()), 2):
                rows = table.cells[1:]
                if any(cell_text(row[one]) != cell_text(row[other]) for row in rows):
                    yield Option(
                        f"under {table.texts[0][one]} … {table.texts[0][other]}",
                        "the other way round",
                        table.place,
                        lambda rows=rows, a=one, b=other: [
                            exchange_contents(row[a], row[b]) for row in rows
                        ],
                    )


@slip
def column_deleted(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:
        widths = {len(cells) for cells in table.cells}
        if len(widths) == 1 and table.has_heads and max(widths) > 2:
            for column in range(widths.pop()):
                yield Option(
                    f"the column {table.texts[0][column]}",
                    "",
                    table.place,
                    lambda t=table, c=column: _without_column(t, c),
                )


def _without_column(table: Table, column: int) -> None:
    for cells in table.cells:
        remove(cells[column])
    remove(table.element.findall(f"{name('w:tblGrid')}/{name('w:gridCol')}")[column])


@slip
def table_deleted(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:
        said = _row(table.texts[0])
        yield Option(
            f"the table {said}", "", table.place, lambda table=table: remove(table.element)
        )


@slip
def table_doubled(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:
        said = _row(table.texts[0])
        yield Option(
            f"the table {said}", "twice", table.place, lambda table=table: _twice(table.element)
        )


def _twice(table: Element) -> None:
    table.addnext(deepcopy(table))
    table.addnext(xml("<w:p/>"))


@slip
def table_off_the_page(draft: Draft, chance: Random) -> Iterator[Option]:
    """A table that floats far outside the paper."""
    for table in draft.tables:
        said = _row(table.texts[0])
        yield Option(
            f"the table {said}", "off the page", table.place, lambda t=table: _float(t.element)
        )


def _float(table: Element) -> None:
    style = table.find(f"{name('w:tblPr')}/{name('w:tblStyle')}")
    assert style is not None
    place = 'w:vertAnchor="page" w:horzAnchor="page" w:tblpX="-15000" w:tblpY="-15000"'
    style.addnext(xml(f"<w:tblpPr {place}/>"))


@slip
def cell_blackened(draft: Draft, chance: Random) -> Iterator[Option]:
    """A cell as black as its letters."""
    for table in draft.tables:
        for row in _data(table):
            for cell in table.cells[row]:
                if text := cell_text(cell):
                    yield Option(text, "black", table.place, lambda cell=cell: _blacken(cell))


def _blacken(cell: Element) -> None:
    look = cell.find(name("w:tcPr"))
    assert look is not None
    for old in look.findall(name("w:shd")):
        remove(old)
    later = [name(f"w:{each}") for each in ("noWrap", "tcMar", "textDirection", "vAlign")]
    following = next((child for child in look if child.tag in later), None)
    black = xml('<w:shd w:val="clear" w:color="auto" w:fill="000000"/>')
    if following is None:
        look.append(black)
    else:
        following.addprevious(black)


@slip
def tables_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    for one, other in zip(draft.tables, draft.tables[1:], strict=False):
        yield Option(
            f"{_row(one.texts[0])} / {_row(other.texts[0])}",
            "the other way round",
            one.place,
            lambda a=one.element, b=other.element: exchange(a, b),
        )


@slip
def second_row_with_an_identity_number(draft: Draft, chance: Random) -> Iterator[Option]:
    """A second 居民身份证号码 typed into an agreement, below the first."""
    for table in draft.tables:
        for row, texts in zip(table.rows, table.texts, strict=True):
            if texts[0] == "居民身份证号码":
                yield Option(
                    "",
                    "居民身份证号码 | 999999199001010019",
                    table.place,
                    lambda row=row: _identity_below(row),
                )


def _identity_below(row: Element) -> None:
    added = deepcopy(row)
    put_text(added.findall(name("w:tc"))[1], "999999199001010019")
    row.addnext(added)
