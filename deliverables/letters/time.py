"""By when a letter must be written, as its declaration says: a day, or so long before or after."""

from __future__ import annotations

from datetime import timedelta

from deliverables.letters.case import Case, NoFactError
from deliverables.letters.vocabulary import BlockMissingError, day_at, value_of
from deliverables.values.calendar import Deadline, Settled, Side, of_the_client
from deliverables.values.time_limit import FreeEvent, Shape, TimeLimit, ends


def is_counted(case: Case) -> bool:
    """Return whether a number of days is stated, by the declaration or by the contract it names."""
    period = case.declaration.due
    if period is None or period.length is None or not period.limit:
        return True
    return _stated(case, period.length.name) is not None


def _stated(case: Case, name: str) -> TimeLimit | None:
    """Return the limit that a name stands for; None where the contract has none, or no number."""
    try:
        stated = value_of(case, name).value
    except (NoFactError, BlockMissingError):
        return None
    return stated if isinstance(stated, TimeLimit) and stated.unit is not None else None


def due_of(case: Case) -> Deadline | None:
    """Return the deadline of a letter; None where none is declared or its day is not known."""
    period = case.declaration.due
    base = day_at(case, period.base) if period else None
    if period is None or base is None:
        return None
    due: Deadline
    if period.length is None:
        due = Settled(base)
    elif period.limit:
        stated = _stated(case, period.length.name)
        if stated is None:
            return None
        start = FreeEvent(said=period.base.name)
        shape = Shape.AHEAD if period.ahead else Shape.WITHIN
        counted = TimeLimit(shape, stated.count, stated.unit, (start,))
        found = ends(counted, {start.key: base}, case.book.calendar)
        if found is None:
            return None
        due = found
    else:
        count = int(value_of(case, period.length.name).value)
        if period.working:
            calendar = case.book.calendar
            due = (calendar.workdays_before if period.ahead else calendar.add_workdays)(base, count)
        else:
            days = timedelta(days=count)
            due = Settled(base - days if period.ahead else base + days)
    return of_the_client(due) if period.owner == Side.CLIENTS else due
