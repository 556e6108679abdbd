"""Every word of the page that does not come from the data, in English; Chinese by the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from deliverables.message import Message, say
from deliverables.overview.schedule import Span
from deliverables.planning import Standing
from deliverables.problem import Severity

WORDS: Final[Mapping[str, Message]] = {
    "title": say("Overview of deliverables"),
    "skip": say("Skip to the contents"),
    "contents": say("Contents of this page"),
    "all_contracts": say("All contracts"),
    "contracts": say("Contracts"),
    "contract": say("Contract"),
    "client": say("Client"),
    "contractor": say("Contractor"),
    "term": say("Service term"),
    "total": say("Contract sum"),
    "yuan": say("yuan"),
    "sample": say("sample data"),
    "calendar": say("Calendar"),
    "nothing_due": say("Nothing is due."),
    "provisional": say("provisional"),
    "documents": say("Documents"),
    "document": say("Document"),
    "state": say("State"),
    "day": say("Day"),
    "remark": say("Remark"),
    "files": say("Files"),
    "possible": say("possible from"),
    "due": say("due by"),
    "as_of": say("as of"),
    "personal": say("holds personal data: open it from its folder"),
    "problems": say("Problems"),
    "no_problems": say("No problems."),
    "place": say("Place"),
    "remedy": say("What to do"),
    "setting": say("Setting"),
    "service": say("Service level"),
    "money": say("Payments"),
    "as_table": say("The figures as a table"),
    "period": say("Period"),
    "days": say("Days"),
    "availability": say("Availability"),
    "downtime": say("Downtime"),
    "verdict": say("Verdict"),
    "instalment": say("Instalment"),
    "money_due": say("Due (yuan)"),
    "invoiced": say("Invoiced (yuan)"),
    "received": say("Received (yuan)"),
    "deducted": say("Deducted (yuan)"),
    "outstanding": say("Outstanding (yuan)"),
    "no_figures": say("No figures are shown until the errors are mended."),
    "unreadable": say("The data cannot be read."),
    "no_ledger": say("There is no ledger: what was invoiced and received is unknown."),
    "overdue": say("Overdue"),
    "next": say("Next date"),
    "latest_availability": say("Latest availability"),
    "filter": say("Show only some"),
    "shown": say("shown:"),
    "search": say("Find a contract by number, title or client"),
    "to_top": say("Back to the top"),
    "made_from": say("Made from the data and the registers; it changes only when it is made anew."),
}

STATES: Final[Mapping[Standing, Message]] = {
    Standing.NOT_YET: say("not yet possible"),
    Standing.BLOCKED: say("blocked"),
    Standing.READY: say("can be made"),
    Standing.MADE: say("draft"),
    Standing.STALE: say("stale draft"),
    Standing.EDITED: say("edited by hand"),
    Standing.FINAL: say("final"),
    Standing.SEALED: say("sealed"),
    Standing.DELIVERED: say("delivered"),
    Standing.ACCEPTED: say("accepted"),
}

SPANS: Final[Mapping[Span, Message]] = {
    Span.OVERDUE: say("Overdue"),
    Span.NOW: say("Can be done now"),
    Span.THIS_WEEK: say("This week"),
    Span.NEXT_WEEK: say("Next week"),
}

PILES: Final[Mapping[Severity, Message]] = {
    Severity.ERROR: say("Errors"),
    Severity.WARNING: say("Warnings"),
    Severity.GAP: say("Gaps"),
}
ASSUMPTIONS: Final = say("Assumptions")
