"""Everything known about one contract at one moment: the book every document is made from."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import field
from typing import Any, Protocol, TypeVar, runtime_checkable

from deliverables.lazily import dataclass
from deliverables.model.contract import Contract
from deliverables.model.ledger import Ledger
from deliverables.model.operations import Cover, Operations
from deliverables.model.roster import Roster
from deliverables.values.calendar import Calendar

T = TypeVar("T")


@runtime_checkable
class Covered(Protocol):
    """Quarters that are fetched when they are looked into, and whose covers are there before."""

    covers: Mapping[int, Cover]


@dataclass(frozen=True, kw_only=True, slots=True)
class ContractBook:
    """The contract, its quarters by number, its roster and ledger, and the work calendar.

    `inputs` gives the SHA-256 of each file read, by its path below the data folder.
    A workbook that is absent or unreadable is None or left out; the checks say so.
    """

    contract: Contract
    quarters: Mapping[int, Operations]
    roster: Roster | None
    ledger: Ledger | None
    calendar: Calendar
    inputs: Mapping[str, str] = field(default_factory=dict, repr=False)
    _remembered: dict[Hashable, Any] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )

    @property
    def number(self) -> str:
        """The contract number."""
        return self.contract.identity.number

    @property
    def covers(self) -> Mapping[int, Cover]:
        """The 说明 sheets of the quarters by number, without looking into their other sheets."""
        if isinstance(self.quarters, Covered):
            return self.quarters.covers
        return {number: quarter.cover for number, quarter in self.quarters.items()}

    def remembered(self, what: Hashable, work: Callable[[], T]) -> T:
        """Return what `work` makes of the book, done once however often it is asked for.

        What is remembered depends on nothing but the book and `what`; a changed copy of the book
        begins anew.
        """
        if what not in self._remembered:
            self._remembered[what] = work()
        found: T = self._remembered[what]
        return found
