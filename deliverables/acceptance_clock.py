"""The days that run once a document was handed in for acceptance (第三条第6款)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from deliverables.compute.milestones import acceptance_due, notices_received, rework_due
from deliverables.model.book import ContractBook
from deliverables.model.ledger_sheets import UNFINISHED
from deliverables.register import Life
from deliverables.status import FAILED
from deliverables.values.calendar import Deadline, Settled
from deliverables.values.problem import Message, say


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline that a notice of acceptance or a refusal started, and what to say of it.

    None while nobody has recorded that the client received the notice: nothing runs yet.
    """

    due: Deadline | None
    message: Message


def clock(life: Life, stage: str, book: ContractBook, as_of: date = date.max) -> Clock | None:
    """Return the clock that runs for a document (第三条第6款), None where there is none.

    `stage` is the acceptance that the document asks for. It starts when the client receives the
    notice of acceptance, not with the documents. Without a day the latest notice on record counts.
    """
    if not stage:
        return None
    if life.awaits_acceptance and life.delivered:
        notices = notices_received(book.ledger, stage, as_of) if book.ledger else []
        unanswered = [row for row in notices if row.result == UNFINISHED]
        received = unanswered[-1].notice_received if unanswered else None
        if received is None:
            return Clock(None, _NO_NOTICE)
        due = acceptance_due(book.contract, book.calendar, received)
        return _clock(due, say("acceptance is due {due}; silence is no acceptance", due=_iso(due)))
    if life.accepted and life.result == FAILED:
        due = rework_due(book.contract, book.calendar, life.accepted.as_of)
        return _clock(due, say("not accepted: mend and hand in again by {due}", due=_iso(due)))
    return None


def _clock(due: Deadline | None, words: Message) -> Clock:
    return Clock(due, words if due else _NO_DAYS)


_NO_DAYS: Final = say("the contract gives no days for it that can be counted")
_NO_NOTICE: Final = say(
    "the days to accept run from the day on which the client receives the notice of acceptance: "
    "enter it in the sheet 验收, 通知送达日期"
)


def _iso(due: Deadline | None) -> str:
    return due.date.isoformat() if isinstance(due, Settled) else str(due)
