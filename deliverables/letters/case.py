"""What one letter is about, and all that was known on its day: book, register, its own facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any

from deliverables.compute.milestones import Milestone, interims
from deliverables.compute.term import quarter_label, served_quarters
from deliverables.letters.declaration import (
    INSTALMENT,
    INTERIM_ACCEPTANCE,
    LETTER,
    REPORT,
    WORKBOOKS,
    Declaration,
)
from deliverables.model.book import ContractBook
from deliverables.model.contract import Instalment
from deliverables.model.fields import Row, sheets
from deliverables.model.ledger import INTERIM
from deliverables.model.letters import Letter, LetterFact
from deliverables.register import Life

Lives = Callable[[], Mapping[str, Life]]
"""What the register knew on the day, document by document; read when it is asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One letter on a day; the book holds what was known by then, and so does the register.

    `part` names the letter among others of its kind. It is about an `instalment`, a service
    quarter, an `interim` acceptance, with the instalment that hangs on it, or a `row` of a sheet,
    if it is about one of several. `letter` is its own row in
    letters.xlsx, None where nobody has written one.
    """

    declaration: Declaration
    book: ContractBook
    as_of: date
    lives: Lives = field(repr=False)
    part: str
    label: str = ""
    instalment: Instalment | None = None
    quarter: int = 0
    interim: tuple[Instalment, Milestone] | None = None
    row: Row | None = None
    letter: Letter | None = None

    @property
    def facts(self) -> Mapping[str, LetterFact]:
        """The facts of the letter by their item."""
        letters = self.book.letters
        return letters.facts_of(self.letter) if letters and self.letter else {}


def cases(
    declaration: Declaration, book: ContractBook, as_of: date, lives: Lives
) -> Iterator[Case]:
    """Yield every letter that there can be of a kind: one for each that it is declared `per`."""
    about = _about(declaration, book, as_of)
    for one in about:
        yield Case(
            declaration=declaration,
            book=book,
            as_of=as_of,
            lives=lives,
            letter=_own_row(declaration, book, one),
            **one,
        )


def _about(declaration: Declaration, book: ContractBook, as_of: date) -> Iterator[dict[str, Any]]:
    match declaration.per:
        case per if declaration.row is not None:
            yield from _rows(declaration, book, per)
        case per if per == INSTALMENT:
            for item in book.contract.payment.instalments:
                yield {"part": str(item.number), "label": f"第{item.number}期", "instalment": item}
        case per if per == REPORT:
            for number, period in enumerate(served_quarters(book.contract, as_of), 1):
                if period.last < as_of:
                    label = quarter_label(book.contract, number)
                    yield {"part": f"Q{number}", "label": label, "quarter": number}
        case per if per == INTERIM_ACCEPTANCE:
            for number, asked in enumerate(interims(book.contract), 1):
                stage = asked[1].stage
                label = "" if stage == INTERIM else stage
                yield {"part": str(number), "label": label, "interim": asked}
        case _:
            yield {"part": "1"}


def _rows(declaration: Declaration, book: ContractBook, per: str) -> Iterator[dict[str, Any]]:
    workbook, _, sheet = per.partition(".")
    (name,) = (name for name, row in sheets(WORKBOOKS[workbook]).items() if row.sheet == sheet)
    taken: set[str] = set()
    for where, found in _workbooks(workbook, book):
        for number, row in enumerate(getattr(found, name), 1):
            if not fits(row, declaration.only):
                continue
            own = str(getattr(row, "number", "") or number)
            part = f"{where}{own}"
            if part in taken:
                continue  # a number given twice, as check says
            taken.add(part)
            yield {"part": part, "label": own, "row": row}


def _workbooks(workbook: str, book: ContractBook) -> Sequence[tuple[str, Any]]:
    if workbook == "operations":
        return [(f"Q{number}-", book.quarters[number]) for number in sorted(book.quarters)]
    found = {"staff": book.roster, "ledger": book.ledger, "letters": book.letters}[workbook]
    return [("", found)] if found else []


def fits(row: Row, only: Mapping[str, str]) -> bool:
    """Return whether a row has the words that a filter asks for in its columns."""
    from deliverables.letters.declaration import FILLED, columns_of  # noqa: PLC0415  # short

    columns = columns_of(type(row))
    for label, wanted in only.items():
        value = getattr(row, columns[label])
        text = "" if value is None or value == "" else row.figure(columns[label]).text
        if (not text) if wanted == FILLED else text != wanted:
            return False
    return True


def _own_row(
    declaration: Declaration, book: ContractBook, about: Mapping[str, Any]
) -> Letter | None:
    """Return the latest row of letters.xlsx that is this letter.

    Of a letter that answers one received it is the row that says so; of any other the row of its
    kind that names the instalment, person or event it is about.
    """
    row = about.get("row")
    if isinstance(row, Letter) and not row.received:
        return row
    rows = [one for one in book.letters.letters if _is_of(one, declaration)] if book.letters else []
    if isinstance(row, Letter):
        rows = [one for one in rows if one.answers == row.number]
    else:
        one_of_several = about.get("instalment") or (about.get("interim") and about["label"])
        names = ("",) if about["part"] == "1" and not one_of_several else (
            about["part"], about.get("label", ""))  # fmt: skip
        rows = [one for one in rows if one.about in names]
    return max(rows, key=attrgetter("day"), default=None)


def _is_of(row: Letter, declaration: Declaration) -> bool:
    return not row.received and row.kind in (declaration.title, declaration.name)


__all__ = ["LETTER", "Case", "Lives", "cases", "fits"]
