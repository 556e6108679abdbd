"""Write the tables of sheets and columns into the manual: python -m scripts.document_workbooks.

They follow the declarations beside the model, as the reader and the blank workbooks do. What
stands between the two markers is written anew; the rest of the manual stays as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_type_hints

from deliverables.files.placement import write_atomically
from deliverables.model.fields import Declaration, declarations, sheets
from deliverables.model.ledger_sheets import Ledger
from deliverables.model.letters_sheets import Letters
from deliverables.model.operations_sheets import CHAPTERS, Operations
from deliverables.model.roster_sheets import Roster
from deliverables.read.workbook import CONTENT, HINT, ITEM, NARRATIVE, SHEET

MANUAL = Path(__file__).resolve().parents[1] / "docs" / "使用手册.md"
BEGIN, END = "<!-- workbooks:begin -->", "<!-- workbooks:end -->"

_COLUMNS = ("列名", "填什么", "单位", "必填", HINT)
_ITEMS = (ITEM, CONTENT, "必填", HINT)


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook that people fill in: its declaration, and how the manual introduces it."""

    declared: type
    file: str
    purpose: str


BOOKS = (
    Book(Operations, "operations/Q1.xlsx 至 Q4.xlsx", "运行数据，每个服务季度一个文件，运维填写"),
    Book(Roster, "staff.xlsx", "人员名册，全体参与项目的人员，运维负责人填写"),
    Book(Ledger, "ledger.xlsx", "财务台账，开票、到账、验收、扣减，财务填写"),
    Book(Letters, "letters.xlsx", "往来函件台账，商务或项目经理填写；没有函件的合同可以没有"),
)


def render(books: Iterable[Book] = BOOKS) -> str:
    """Return the section of the manual that describes every sheet of the workbooks."""
    return "\n\n".join(block for book in books for block in _book(book))


def replaced(manual: str, section: str) -> str:
    """Return the manual with `section` between the markers; ValueError if a marker is gone."""
    if manual.count(BEGIN) != 1 or manual.count(END) != 1:
        raise ValueError(f"the manual must have {BEGIN} and {END} once each")
    before, _, rest = manual.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{END} must come after {BEGIN}")
    return f"{before}{BEGIN}\n\n{section}\n\n{END}{after}"


def _book(book: Book) -> Iterator[str]:
    yield f"### {book.file}"
    yield f"{book.purpose}。"
    yield f"#### {SHEET}"
    yield _table(_ITEMS, _items(book.declared))
    for row_type in sheets(book.declared).values():
        yield f"#### {row_type.sheet}"
        yield f"{row_type.purpose}。"
        yield _table(_COLUMNS, (_column(item) for item in declarations(row_type).values()))


def _items(declared: type) -> Iterator[Sequence[str]]:
    hints = get_type_hints(declared)
    for item in declarations(hints["cover"]).values():
        yield item.label, _content(item), _needed(item), item.hint
    if "narrative" in hints:
        hint = f"一段一行，同一章有多段的增加同名的行；章名为{'、'.join(CHAPTERS)}"
        yield f"{NARRATIVE}章名", "文本", "", hint


def _column(item: Declaration) -> Sequence[str]:
    return item.label, _content(item), item.unit, _needed(item), item.hint


def _content(item: Declaration) -> str:
    return "、".join(item.type.choices) or item.type.name


def _needed(item: Declaration) -> str:
    return "" if item.optional else "是"


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(map(_line, (headers, ["---"] * len(headers), *rows)))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def main() -> int:
    """Bring the manual up to date and say whether anything had changed."""
    manual = MANUAL.read_text("utf-8")
    current = replaced(manual, render())
    if current != manual:
        write_atomically(MANUAL, current.encode())
    print(f"{MANUAL.name}: {'unchanged' if current == manual else 'written'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
