"""Slips in tables: heads, labels, cells, rows, columns, whole tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from itertools import combinations, pairwise, permutations
from random import Random

from slips.draft import (
    Draft,
    Element,
    Option,
    Table,
    Words,
    behind,
    cell_text,
    exchange,
    name,
    remove,
    xml,
)
from slips.mutant import Change, at_tables, slips

_LINE = "另扣减1,000.00元"
_SIGNED = ("编制", "审核", "批准", "经办人", "不符", "甲方")
FREE = (
    *("影响", "影响范围", "原因", "处理措施", "处理及改进措施", "不计入理由", "摘要", "内容"),
    *("措施", "说明", "变更内容", "存在问题及改进", "结论"),
)
"""Heads of columns of free text, which may be mended in the document as in the data."""

_OTHER_LETTERS = "增减总净原新上下内外甲乙前后"

Found = Iterator[tuple[str, str, Callable[[], object]]]
"""What a table says, what it will say, and how that is done."""


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


def _both(one: Element, other: Element) -> Found:
    """Yield the exchange of two cells that do not say the same."""
    first, second = cell_text(one), cell_text(other)
    if first != second:
        yield (
            f"{first} … {second}",
            f"{second} … {first}",
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


def _heads_exchanged(table: Table) -> Found:
    """不含税金额 over the taxes and 税额 over the net amounts."""
    for one, other in combinations(table.cells[0], 2) if table.has_heads else ():
        yield from _both(one, other)


def _labels_exchanged(table: Table) -> Found:
    """此前已付 and 付款后未付余额 before each other's amounts."""
    for one, other in combinations(_data(table), 2):
        if other - one < 4:
            yield from _both(table.cells[one][0], table.cells[other][0])


def _in_a_column(table: Table) -> Found:
    for one, other in pairwise(_data(table)):
        for first, second in zip(table.cells[one][1:], table.cells[other][1:], strict=False):
            yield from _both(first, second)


def _in_a_row(table: Table) -> Found:
    for row in _data(table):
        for one, other in combinations(table.cells[row], 2):
            yield from _both(one, other)


def _of_two_tables(draft: Draft, _: Random) -> Iterator[Option]:
    """The same column of two tables, one cell each."""
    for one, other in pairwise(draft.tables):
        first, second = one.cells[-1][-1], other.cells[-1][-1]
        if cell_text(first) and cell_text(second):
            for before, after, apply in _both(first, second):
                yield Option(before, after, one.place, apply)


def _altered(cells: Callable[[Table], Iterable[Element]]) -> Change:
    """Return the change of one Chinese letter of a cell."""

    def change(draft: Draft, chance: Random) -> Iterator[Option]:
        for table in draft.tables:
            for cell in cells(table):
                for paragraph in cell.findall(name("w:p")):
                    words = Words(paragraph, table.place)
                    places = [at for at, letter in enumerate(words.text) if "一" <= letter <= "鿿"]
                    if places:
                        at = chance.choice(places)
                        others = _OTHER_LETTERS.replace(words.text[at], "")
                        goes = len(places) > 2 and chance.random() < 0.3
                        yield words.option(at, at + 1, "" if goes else chance.choice(others))

    return change


def _labels(table: Table) -> Iterable[Element]:
    return [table.cells[row][0] for row in _data(table) if not _free(table, 0)]


def _stated(table: Table) -> Iterator[Element]:
    """Yield the cells below the heads that hold no free text."""
    for row in _data(table):
        for column, cell in enumerate(table.cells[row]):
            if not _free(table, column):
                yield cell


def _not_labels(table: Table) -> Iterator[Element]:
    first = {row[0] for row in table.cells if row}
    return (cell for cell in _stated(table) if cell not in first)


def _emptied(table: Table) -> Found:
    for cells in table.cells:
        for cell in cells:
            if text := cell_text(cell):
                yield text, "", lambda cell=cell: put_text(cell, "")


def _filled(table: Table) -> Found:
    """A figure typed into a cell that says nothing."""
    for row in _data(table):
        label = table.texts[row][0]
        if label and not label.startswith(_SIGNED):
            for cell, text in zip(table.cells[row], table.texts[row], strict=True):
                if not text:
                    yield "", "3", lambda cell=cell: _typed(cell, "3")


def _typed(cell: Element, text: str) -> None:
    cell.findall(name("w:p"))[-1].append(xml(f"<w:r><w:t>{text}</w:t></w:r>"))


def _text_typed(draft: Draft, chance: Random) -> Iterator[Option]:
    """Words or a figure typed behind what a cell says."""
    for table in draft.tables:
        for cell in _stated(table):
            if text := cell_text(cell):
                more = chance.choice(("（暂定）", "以内", "（已核减）", " 5", "万"))
                yield Option(
                    text,
                    f"{text}{more}",
                    table.place,
                    lambda cell=cell, more=more: _typed(cell, more),
                )


def _paragraph_added(table: Table) -> Found:
    for row in _data(table):
        cell = table.cells[row][-1]
        yield cell_text(cell), _LINE, lambda cell=cell: _line_in(cell)


def _line_in(cell: Element) -> None:
    added = deepcopy(cell.findall(name("w:p"))[-1])
    for child in list(added):
        if child.tag != name("w:pPr"):
            remove(child)
    added.append(xml(f"<w:r><w:t>{_LINE}</w:t></w:r>"))
    cell.append(added)


def _merged_away(table: Table) -> Found:
    """Word shows nothing of a cell that continues the one above it."""
    for one, other in pairwise(_data(table)):
        if len(table.cells[one]) == len(table.cells[other]):
            for above, below in zip(table.cells[one], table.cells[other], strict=True):
                if text := cell_text(below):
                    yield text, "", lambda a=above, b=below: _merge_down(a, b)


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


def _merged_into_one(table: Table) -> Found:
    """Two cells of a row made one, as Word does it: both texts in the first."""
    for row in _data(table):
        for one, other in pairwise(table.cells[row]):
            said = [cell_text(one), cell_text(other)]
            if all(said):
                yield _row(said), "".join(said), lambda a=one, b=other: _merge_right(a, b)


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


def _rows(
    said: Callable[[str], str], apply: Callable[[Element], object], *, new: bool = False
) -> Change:
    """Return the change of a row below the heads; one that is `new` says nothing before."""

    def find(table: Table) -> Found:
        for at in _data(table):
            text = _row(table.texts[at])
            yield "" if new else text, said(text), lambda row=table.rows[at]: apply(row)

    return at_tables(find)


def _row_deleted(table: Table) -> Found:
    for row in _data(table) if len(table.rows) > 1 else ():
        yield _row(table.texts[row]), "", lambda row=table.rows[row]: remove(row)


def _heads_deleted(table: Table) -> Found:
    if table.has_heads:
        yield _row(table.texts[0]), "", lambda: remove(table.rows[0])


def _empty(row: Element) -> None:
    for cell in row.findall(name("w:tc")):
        if cell_text(cell):
            put_text(cell, "")


def _row_like(row: Element) -> None:
    """Add a row like the one above it, with figures of its own."""
    added = deepcopy(row)
    for number, cell in enumerate(added.findall(name("w:tc"))):
        if cell_text(cell):
            put_text(cell, "8" if number else "其他")
    row.addnext(added)


def _empty_row(table: Table) -> Found:
    if cell_text(table.cells[-1][0]):
        yield "", "an empty row", lambda: _empty_like(table.rows[-1])


def _empty_like(row: Element) -> None:
    added = deepcopy(row)
    _empty(added)
    row.addnext(added)


def _rows_exchanged(table: Table) -> Found:
    for one, other in pairwise(_data(table)):
        if table.texts[one] != table.texts[other]:
            yield (
                f"{_row(table.texts[one])} / {_row(table.texts[other])}",
                "the other way round",
                lambda a=table.rows[one], b=table.rows[other]: exchange(a, b),
            )


def _row_to_another_table(draft: Draft, _: Random) -> Iterator[Option]:
    for one, other in permutations(draft.tables, 2):
        if len(one.cells[-1]) == len(other.cells[-1]) and len(one.rows) > 2:
            row, target = one.rows[-1], other.rows[-1]
            yield Option(
                _row(one.texts[-1]),
                f"to {other.place}",
                one.place,
                lambda row=row, target=target: target.addnext(row),
            )


def _row_to_the_top(table: Table) -> Found:
    """The total above what it is the total of."""
    said = _row(table.texts[-1])
    if table.has_heads and len(table.rows) > 2 and said.strip(" |"):
        yield said, "to the top", lambda: table.rows[0].addnext(table.rows[-1])


def _columns(table: Table) -> range:
    """Return the columns of a table whose rows have all of them, below heads."""
    widths = {len(cells) for cells in table.cells}
    return range(widths.pop() if len(widths) == 1 and table.has_heads else 0)


def _columns_exchanged(table: Table) -> Found:
    """Two whole columns, heads and all."""
    for one, other in combinations(_columns(table), 2):
        yield (
            f"{table.texts[0][one]} … {table.texts[0][other]}",
            "the other way round",
            lambda a=one, b=other: [exchange_contents(row[a], row[b]) for row in table.cells],
        )


def _below_heads(table: Table) -> Found:
    """Two whole columns of figures under heads that stay."""
    rows = table.cells[1:]
    for one, other in combinations(_columns(table)[1:], 2):
        if any(cell_text(row[one]) != cell_text(row[other]) for row in rows):
            yield (
                f"under {table.texts[0][one]} … {table.texts[0][other]}",
                "the other way round",
                lambda a=one, b=other: [exchange_contents(row[a], row[b]) for row in rows],
            )


def _column_deleted(table: Table) -> Found:
    columns = _columns(table)
    for column in columns if len(columns) > 2 else ():
        said = f"the column {table.texts[0][column]}"
        yield said, "", lambda c=column: _without_column(table, c)


def _without_column(table: Table, column: int) -> None:
    for cells in table.cells:
        remove(cells[column])
    remove(table.element.findall(f"{name('w:tblGrid')}/{name('w:gridCol')}")[column])


def _tables(said: str, apply: Callable[[Element], object]) -> Change:
    """Return the change of a table as a whole."""
    return at_tables(
        lambda table: [(f"the table {_row(table.texts[0])}", said, lambda: apply(table.element))]
    )


def _twice(table: Element) -> None:
    table.addnext(deepcopy(table))
    table.addnext(xml("<w:p/>"))


def _float(table: Element) -> None:
    style = table.find(f"{name('w:tblPr')}/{name('w:tblStyle')}")
    assert style is not None
    place = 'w:vertAnchor="page" w:horzAnchor="page" w:tblpX="-15000" w:tblpY="-15000"'
    style.addnext(xml(f"<w:tblpPr {place}/>"))


def _blackened(table: Table) -> Found:
    """A cell as black as its letters."""
    for row in _data(table):
        for cell in table.cells[row]:
            if text := cell_text(cell):
                yield text, "black", lambda cell=cell: _blacken(cell)


def _blacken(cell: Element) -> None:
    look = cell.find(name("w:tcPr"))
    assert look is not None
    for old in look.findall(name("w:shd")):
        remove(old)
    black = xml('<w:shd w:val="clear" w:color="auto" w:fill="000000"/>')
    behind(look, black, "noWrap", "tcMar", "textDirection", "vAlign")


def _tables_exchanged(draft: Draft, _: Random) -> Iterator[Option]:
    for one, other in pairwise(draft.tables):
        yield Option(
            f"{_row(one.texts[0])} / {_row(other.texts[0])}",
            "the other way round",
            one.place,
            lambda a=one.element, b=other.element: exchange(a, b),
        )


def _second_identity_number(table: Table) -> Found:
    """A second 居民身份证号码 typed into an agreement, below the first."""
    for row, texts in zip(table.rows, table.texts, strict=True):
        if texts[0] == "居民身份证号码":
            said = "居民身份证号码 | 999999199001010019"
            yield "", said, lambda row=row: _identity_below(row)


def _identity_below(row: Element) -> None:
    added = deepcopy(row)
    put_text(added.findall(name("w:tc"))[1], "999999199001010019")
    row.addnext(added)


slips(
    heads_exchanged=at_tables(_heads_exchanged),
    labels_exchanged=at_tables(_labels_exchanged),
    cells_of_a_column_exchanged=at_tables(_in_a_column),
    cells_of_a_row_exchanged=at_tables(_in_a_row),
    cells_of_two_tables_exchanged=_of_two_tables,
    head_changed=_altered(lambda table: table.cells[0] if table.has_heads else ()),
    label_changed=_altered(_labels),
    letter_of_a_cell_changed=_altered(_not_labels),
    cell_emptied=at_tables(_emptied),
    empty_cell_filled=at_tables(_filled),
    text_typed_into_a_cell=_text_typed,
    paragraph_added_in_a_cell=at_tables(_paragraph_added),
    cell_merged_away=at_tables(_merged_away),
    cells_merged_into_one=at_tables(_merged_into_one),
    row_deleted=at_tables(_row_deleted),
    heads_deleted=at_tables(_heads_deleted),
    row_emptied=_rows(lambda _: "", _empty),
    row_doubled=_rows(lambda said: f"{said} twice", lambda row: row.addnext(deepcopy(row))),
    row_added=_rows(lambda _: "其他 | 8 | 8 …", _row_like, new=True),
    empty_row_added=at_tables(_empty_row),
    rows_exchanged=at_tables(_rows_exchanged),
    row_moved_to_another_table=_row_to_another_table,
    row_moved_to_the_top=at_tables(_row_to_the_top),
    columns_exchanged=at_tables(_columns_exchanged),
    column_below_the_heads_exchanged=at_tables(_below_heads),
    column_deleted=at_tables(_column_deleted),
    table_deleted=_tables("", remove),
    table_doubled=_tables("twice", _twice),
    table_off_the_page=_tables("off the page", _float),
    cell_blackened=at_tables(_blackened),
    tables_exchanged=_tables_exchanged,
    second_row_with_an_identity_number=at_tables(_second_identity_number),
)
