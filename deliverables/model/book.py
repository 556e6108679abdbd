"""Everything known about one contract at one moment: the book every document is made from."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from operator import is_
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar, runtime_checkable

from deliverables.model.contract import Contract
from deliverables.model.fields import Row, rows_known, sheets
from deliverables.model.ledger_sheets import Ledger
from deliverables.model.letters_sheets import Letters
from deliverables.model.operations_sheets import Cover, Operations
from deliverables.model.roster_sheets import Roster
from deliverables.values.calendar import Calendar

if TYPE_CHECKING:  # slow to import, and few commands look into the text
    from deliverables.model.contract_text import ContractText

T = TypeVar("T")
R = TypeVar("R", bound=Row)


@runtime_checkable
class Fetched(Protocol):
    """Quarters that are fetched part by part when they are looked into; their covers are there."""

    covers: Mapping[int, Cover]

    def part(self, number: int, name: str) -> Any:
        """Return one field of a workbook."""


class _Known(Mapping[int, Operations]):
    """Quarters as they were known on a day, each worked out when it is first looked into."""

    def __init__(self, quarters: Mapping[int, Operations], day: date) -> None:
        self._quarters, self._day = quarters, day
        self._known: dict[int, Operations] = {}
        self._parts: dict[tuple[int, str], Any] = {}
        self.covers = _covers(quarters)

    def __getitem__(self, number: int) -> Operations:
        if number not in self._known:
            self._known[number] = self._quarters[number].as_known(self._day)
        return self._known[number]

    def part(self, number: int, name: str) -> Any:
        """Return one field of a workbook, a sheet as its rows were known."""
        if number in self._known:
            return getattr(self._known[number], name)
        if (number, name) not in self._parts:
            part = _part(self._quarters, number, name)
            known = rows_known(part, self._day) if name in sheets(Operations) else part
            self._parts[number, name] = known
        return self._parts[number, name]

    def __contains__(self, number: object) -> bool:
        return number in self._quarters

    def __iter__(self) -> Iterator[int]:
        return iter(self._quarters)

    def __len__(self) -> int:
        return len(self._quarters)

    def __reduce__(self) -> tuple[type, tuple[dict[int, Operations]]]:
        return dict, (dict(self),)


def _covers(quarters: Mapping[int, Operations]) -> Mapping[int, Cover]:
    if isinstance(quarters, Fetched):
        return quarters.covers
    return {number: quarter.cover for number, quarter in quarters.items()}


def _part(quarters: Mapping[int, Operations], number: int, name: str) -> Any:
    if isinstance(quarters, Fetched):
        return quarters.part(number, name)
    return getattr(quarters[number], name)


_SHORTEST: Final = 7
"""A shorter text is no number of a person; to mask it would eat into other words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContractBook:
    """The contract, its quarters by number, its roster, ledger and letters, and the work calendar.

    `inputs` gives the SHA-256 of each file read, by its path below the data folder.
    `text` is the contract's own text, where it lies beside contract.yaml and the book was read now.
    A workbook that is absent or unreadable is None or left out; the checks say so.
    """

    contract: Contract
    quarters: Mapping[int, Operations]
    roster: Roster | None
    ledger: Ledger | None
    calendar: Calendar
    letters: Letters | None = None
    text: ContractText | None = field(default=None, repr=False, compare=False)
    inputs: Mapping[str, str] = field(default_factory=dict, repr=False)
    _remembered: dict[Hashable, Any] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )

    @property
    def number(self) -> str:
        """The contract number."""
        return self.contract.identity.number

    @property
    def private_numbers(self) -> frozenset[str]:
        """The identity numbers, the account and the phones that the data of the contract hold."""
        known = (
            self.contract.payment.account.number,
            self.contract.client.contact.phone,
            self.contract.contractor.contact.phone,
            *(member.identity_number for member in (self.roster.members if self.roster else ())),
        )
        return frozenset(one for one in known if isinstance(one, str) and len(one) >= _SHORTEST)

    @property
    def covers(self) -> Mapping[int, Cover]:
        """The 说明 sheets of the quarters by number, without looking into their other sheets."""
        return _covers(self.quarters)

    def rows(self, quarter: int, row: type[R]) -> tuple[R, ...]:
        """Return the rows of one sheet of a quarter, without looking into its other sheets."""
        (name,) = (name for name, one in sheets(Operations).items() if one is row)
        found: tuple[R, ...] = _part(self.quarters, quarter, name)
        return found

    @property
    def is_sample(self) -> bool:
        """Whether any of its workbooks says that it holds sample data."""
        others = (self.roster and self.roster.cover, self.ledger and self.ledger.cover)
        return any(cover.sample for cover in (*self.covers.values(), *others) if cover)

    def as_known(self, day: date) -> ContractBook:
        """Return what was known at the end of the day, of its quarters what is looked into."""
        return self.remembered(("as known", day), lambda: self._as_known(day))

    def _as_known(self, day: date) -> ContractBook:
        contract = self.contract.as_known(day)
        ledger = self.ledger and self.ledger.as_known(day)
        roster = self.roster and self.roster.as_known(day)
        letters = self.letters and self.letters.as_known(day)
        quarters = _Known(self.quarters, day) if self.quarters else self.quarters
        known = (contract, quarters, ledger, roster, letters)
        all_of_it = (self.contract, self.quarters, self.ledger, self.roster, self.letters)
        if all(map(is_, known, all_of_it)):
            return self
        return replace(self, contract=contract, quarters=quarters, ledger=ledger, roster=roster,
                       letters=letters)  # fmt: skip

    def has_workbook(self, quarter: int) -> bool:
        """Return whether there is a workbook of a quarter, sound or not."""
        beginning = re.compile(rf"{re.escape(self.number)}/operations/[A-Z]0*{quarter}\.", re.I)
        return any(beginning.match(name) for name in self.inputs)

    def remembered(self, what: Hashable, work: Callable[[], T]) -> T:
        """Return what `work` makes of the book, done once however often it is asked for.

        What is remembered depends on nothing but the book and `what`; a changed copy of the book
        begins anew.
        """
        if what not in self._remembered:
            self._remembered[what] = work()
        found: T = self._remembered[what]
        return found
