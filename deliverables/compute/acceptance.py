"""The clocks of acceptance (第三条第6款), which run from the day the client received the notice."""

from __future__ import annotations

from datetime import date

from deliverables.model.contract import Contract
from deliverables.workdays import Calendar, Deadline


def acceptance_due(contract: Contract, calendar: Calendar, received: date) -> Deadline:
    """Return until when the client must accept; when it passes, nothing has been accepted."""
    return calendar.add_workdays(received, contract.acceptance.working_days)


def rework_due(contract: Contract, calendar: Calendar, refused: date) -> Deadline:
    """Return until when what was not accepted must be mended and handed in again."""
    return calendar.add_workdays(refused, contract.acceptance.rework_working_days)
