"""What one letter is about, and all that was known on its day: book, register, its own facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from typing import Any

from deliverables.compute.milestones import Milestone, interim_asked, interims
from deliverables.compute.term import mark, quarter_label, served_quarters
from deliverables.letters.declaration import (
    FILLED,
    INSTALMENT,
    INTERIM_ACCEPTANCE,
    LETTER,
    PERS,
    REPORT,
    WITHDRAWN,
    WORKBOOKS,
    LetterDeclaration,
    columns_of,
)
from deliverables.model.book import ContractBook
from deliverables.model.contract import Instalment
from deliverables.model.fields import (
    DAY,
    NotOfTypeError,
    Row,
    declarations,
    rows_known,
    sheets,
    shown,
)
from deliverables.model.ledger_sheets import INTERIM, Acceptance, of_stage
from deliverables.model.letters_sheets import RECEIVED, Letter, LetterFact
from deliverables.read.characters import quoted
from deliverables.register import CALLED, Life
from deliverables.values.calendar import show_day
from deliverables.values.figure import Figure
from deliverables.values.problem import Problem, listed, say, warning

Lives = Callable[[], Mapping[str, Life]]
"""What the register knew on the day, document by document; read when it is asked for."""


class NoFactError(LookupError):
    """A fact that the book does not give on the day; conditions keep letters from asking for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One letter on a day; the book holds what was known by then, and so does the register.

    `part` names the letter among others of its kind. It is about an `instalment`, a service
    quarter, an `interim` acceptance, with the instalment that hangs on it, a `row` of a sheet or a
    paper that was `withdrawn`, if it is about one of several. `letter` is its own row in
    letters.xlsx, None where nobody has written one.
    """

    declaration: LetterDeclaration
    book: ContractBook
    as_of: date
    lives: Lives = field(repr=False)
    part: str
    label: str = ""
    instalment: Instalment | None = None
    quarter: int = 0
    interim: tuple[Instalment, Milestone] | None = None
    row: Row | None = None
    withdrawn: Life | None = None
    letter: Letter | None = None

    @property
    def facts(self) -> Mapping[str, LetterFact]:
        """The facts of the letter by their item."""
        letters = self.book.letters
        return letters.facts_of(self.letter) if letters and self.letter else {}


def day_asked(case: Case, item: str) -> Figure[date]:
    """Return a day that the letter asks for; NoFactError where none is filled in, or no day."""
    fact = case.facts.get(item)
    try:
        day: date | None = DAY.parse(fact.content) if fact and fact.content else None
    except NotOfTypeError:
        day = None  # check says so
    if fact is None or day is None:
        raise NoFactError(item)
    return Figure(item, day, show_day(day), fact.place("content"))


def as_sentence(words: Figure[str]) -> Figure[str]:
    """Return what a cell says as a sentence: with the full stop that a cell may leave out."""
    return replace(words, text=f"{words.text.rstrip('。')}。")


def cases(
    declaration: LetterDeclaration, book: ContractBook, as_of: date, lives: Lives
) -> Iterator[Case]:
    """Yield every letter that there can be of a kind: one for each that it is declared `per`."""
    about = _about(declaration, book, as_of, lives)
    for one in about:
        yield Case(
            declaration=declaration,
            book=book,
            as_of=as_of,
            lives=lives,
            letter=_own_row(declaration, book, one),
            **one,
        )


def _about(
    declaration: LetterDeclaration, book: ContractBook, as_of: date, lives: Lives
) -> Iterator[dict[str, Any]]:
    match declaration.per:
        case per if (row := PERS[per]) is not None:
            yield from _rows(declaration, row, book, as_of)
        case per if per == INSTALMENT:
            for item in book.contract.payment.instalments:
                yield {"part": str(item.number), "label": f"第{item.number}期", "instalment": item}
        case per if per == REPORT:
            for number, period in enumerate(served_quarters(book.contract, as_of), 1):
                if period.last < as_of:
                    label = quarter_label(book.contract, number)
                    yield {"part": f"Q{number}", "label": label, "quarter": number}
        case per if per == WITHDRAWN:
            yield from _withdrawals(lives().values())
        case per if per == INTERIM_ACCEPTANCE:
            for number, asked in enumerate(interims(book.contract), 1):
                stage = asked[1].stage
                label = "" if stage == INTERIM else stage
                yield {"part": str(number), "label": label, "interim": asked}
        case _:
            yield {"part": "1"}


def _withdrawals(known: Iterable[Life]) -> Iterator[dict[str, Any]]:
    """Yield each paper that was withdrawn; part and label of a second one say which it is."""
    for life in known:
        kind, _, part = life.key.partition("/")
        for nth, past in enumerate(life.earlier, 1):
            which = f"-{nth}" if nth > 1 else ""
            called = past.withdrawn.details.get(CALLED, kind) if past.withdrawn else kind
            label = f"{called} {part}{which}"
            yield {"part": f"{kind}-{part}{which}", "label": label, "withdrawn": past}


def _rows(
    declaration: LetterDeclaration, row: type[Row], book: ContractBook, as_of: date
) -> Iterator[dict[str, Any]]:
    taken: set[str] = set()
    columns = columns_of(row)
    only = {columns[label]: wanted for label, wanted in declaration.only.items()}
    for where, rows in _sheets(declaration.per, row, book, as_of):
        for at, one in enumerate(rows_known(rows, as_of), 1):
            number = str(getattr(one, "number", ""))
            own = number or str(at)
            if not _fits(one, only) or (number or f"{where}{own}") in taken:
                continue  # what crosses an edge stands in two quarters; a number given twice is one
            taken.add(number or f"{where}{own}")
            yield {"part": f"{where}{own}", "label": own, "row": one}


def _sheets(
    per: str, row: type[Row], book: ContractBook, as_of: date
) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """Yield the rows that there may be letters of by the day, of each workbook with its mark."""
    workbook = per.partition(".")[0]
    if workbook == "operations":
        begun = sorted(one for one, cover in book.covers.items() if cover.first_day <= as_of)
        yield from ((f"{mark(book.contract, one)}-", book.rows(one, row)) for one in begun)
        return
    (name,) = (name for name, one in sheets(WORKBOOKS[workbook]).items() if one is row)
    found = {"staff": book.roster, "ledger": book.ledger, "letters": book.letters}[workbook]
    if found is not None:
        yield "", getattr(found, name)


def _fits(row: Row, only: Mapping[str, str]) -> bool:
    """Return whether a row has the words that a filter asks for in its columns, by their names."""
    declared = declarations(type(row))
    for name, wanted in only.items():
        value = getattr(row, name)
        text = "" if value is None or value == "" else shown(declared[name], value)
        if (not text) if wanted == FILLED else text != wanted:
            return False
    return True


def _own_row(
    declaration: LetterDeclaration, book: ContractBook, about: Mapping[str, Any]
) -> Letter | None:
    """Return the latest row of letters.xlsx that is this letter."""
    row = about.get("row")
    if isinstance(row, Letter) and not row.received:
        return row
    return max(_own_rows(declaration, book, about), key=attrgetter("day"), default=None)


def _own_rows(
    declaration: LetterDeclaration, book: ContractBook, about: Mapping[str, Any]
) -> list[Letter]:
    """Return the rows of letters.xlsx that are about what this letter is.

    Of a letter that answers one received it is the row that says so; of any other the row of its
    kind that names the instalment, person or event it is about.
    """
    row = about.get("row")
    rows = [one for one in book.letters.letters if _is_of(one, declaration)] if book.letters else []
    if isinstance(row, Letter):
        rows = [one for one in rows if one.answers == row.number]
    else:
        one_of_several = about.get("instalment") or (about.get("interim") and about["label"])
        names = ("",) if about["part"] == "1" and not one_of_several else (
            about["part"], about.get("label", ""))  # fmt: skip
        rows = [one for one in rows if one.about in names]
    return rows


def untaken(declaration: LetterDeclaration, book: ContractBook) -> Iterator[Problem]:
    """Yield the letters of a kind still to be written that are none of those there can be of it.

    Which papers were withdrawn the register alone knows: nothing is said of theirs.
    """
    rows = [one for one in book.letters.letters if _is_of(one, declaration)] if book.letters else []
    waiting = [one for one in rows if one.delivered is None]
    if not waiting or declaration.per == WITHDRAWN:
        return
    answers = PERS[declaration.per] is Letter
    if answers and declaration.only.get("方向") != RECEIVED:
        return  # each row is a letter of its own
    every = list(_about(declaration, book, date.max, dict))
    taken = [row for one in every for row in _own_rows(declaration, book, one)]
    field = "answers" if answers else "about"
    known = dict.fromkeys(_named(one, field) for one in every)
    for row in waiting:
        if row not in taken:
            yield warning(
                "letter-untaken",
                row.place(field),
                say("{kind} {number} names {label} {found}: no letter is made of it",
                    kind=row.kind, number=row.number, label=declarations(Letter)[field].label,
                    found=quoted(getattr(row, field))),
                say("write one of {known}", known=listed(known)) if any(known)
                else say("leave the cell empty") if known
                else say("enter first the row that it is about, or delete this one"),
            )  # fmt: skip


def _named(about: Mapping[str, Any], field: str) -> str:
    """Return how a row names what a letter is about; nothing where there is only one."""
    if field == "answers":
        return str(getattr(about["row"], "number", ""))
    return str(about.get("label", ""))


def _is_of(row: Letter, declaration: LetterDeclaration) -> bool:
    return not row.received and row.kind in (declaration.title, declaration.name)


__all__ = ["LETTER", "Case", "Lives", "NoFactError", "as_sentence", "cases", "day_asked"]


def acceptances(case: Case, stage: str) -> list[Acceptance]:
    """Return the rows of 验收 of a stage, as they were known on the day."""
    rows = case.book.ledger.acceptances if case.book.ledger else ()
    return [row for row in rows if of_stage(row.stage, stage)]


def next_interim(case: Case) -> tuple[Instalment, Milestone] | None:
    """Return the interim acceptance that a letter is about, else the next; None without one."""
    return case.interim or interim_asked(case.book.contract, case.book.ledger, case.as_of)


def notice_of(case: Case) -> Letter | None:
    """Return the letter of ours that a letter names under 关联, as it was known on the day."""
    letters = case.book.letters
    if letters is None or case.letter is None:
        return None
    sent = (one for one in letters.letters if not one.received)
    return next((one for one in sent if one.number == case.letter.about), None)
