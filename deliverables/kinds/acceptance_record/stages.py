"""The acceptances that a contract has, what each releases, and the periods it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from deliverables.compute.milestones import PAST_HALF_OF_TERM, milestones_of
from deliverables.compute.term import quarters, served_quarters
from deliverables.model.contract import Contract, Instalment
from deliverables.model.ledger_sheets import FINAL


@dataclass(frozen=True, slots=True)
class AcceptanceStage:
    """An acceptance that the contract has: its stage, the part of its record, what it releases."""

    stage: str
    part: str
    released: tuple[Instalment, ...]

    @property
    def final(self) -> bool:
        """Whether it is the one at the end of the service."""
        return self.stage == FINAL

    @property
    def title(self) -> str:
        """What its record is called."""
        return "验收书" if self.final else f"{self.stage}验收书"

    @property
    def at_half(self) -> bool:
        """Whether it is the half of the term that it waits for."""
        return any(
            row.code == PAST_HALF_OF_TERM for item in self.released for row in milestones_of(item)
        )

    def begins(self, contract: Contract) -> date | None:
        """Return the day from which the calendar lets an interim one be asked for."""
        days = (
            row.day(contract, item)
            for item in self.released
            for row in milestones_of(item)
            if row.of_term and row.day is not None
        )
        return max((day.value for day in days if day is not None), default=None)

    def scope(self) -> tuple[str, str]:
        """Return what part of the service is accepted, and what its figures are called."""
        if self.final:
            return "服务期内的全部服务", "全服务期"
        return ("服务期过半前的服务", "前半期") if self.at_half else ("前期服务", "前期")


def acceptances_of(contract: Contract) -> tuple[AcceptanceStage, ...]:
    """Return the interim acceptances in the order of the instalments, then the final one."""
    stages: dict[str, list[Instalment]] = {}
    for item in contract.payment.instalments:
        for row in milestones_of(item):
            if row.stage:
                stages.setdefault(row.stage, []).append(item)
    interim = [stage for stage in stages if stage != FINAL]
    parts = {stage: f"interim{at if at > 1 else ''}" for at, stage in enumerate(interim, 1)}
    return tuple(
        AcceptanceStage(stage, part, tuple(stages.get(stage, ())))
        for stage, part in {**parts, FINAL: "final"}.items()
    )


def numbers_of(contract: Contract, one: AcceptanceStage, as_of: date) -> tuple[int, ...]:
    """Return the periods of data: all that were served, or those over before an interim one."""
    served, until = served_quarters(contract, as_of), one.begins(contract) or as_of
    whole = quarters(contract)
    return tuple(
        number
        for number in range(1, len(served) + 1)
        if one.final or whole[number - 1].last < until
    )
