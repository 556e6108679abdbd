"""Everything known about one contract at one moment: the book every document is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from deliverables.model.contract import Contract
from deliverables.model.ledger import Ledger
from deliverables.model.operations import Operations
from deliverables.model.staff import Roster
from deliverables.workdays import Calendar


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

    @property
    def number(self) -> str:
        """The contract number."""
        return self.contract.identity.number
