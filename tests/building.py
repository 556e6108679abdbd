"""What a run makes of a contract, by the key of each document."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from deliverables.build import build
from deliverables.examination import Examined, examine
from deliverables.folders import Folders
from deliverables.plan import Outcome, Request

MOMENT = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)


def request_for(day: date, **wishes: object) -> Request:
    return replace(Request(as_of=day, moment=MOMENT, command="deliverables build"), **wishes)


def examined_in(folders: Folders) -> Examined:
    (examined,) = examine(folders)
    return examined


def built(folders: Folders, day: date, **wishes: object) -> dict[str, Outcome]:
    outcomes = build(examined_in(folders), folders, request_for(day, **wishes), lambda _: None)
    return {outcome.deliverable.key: outcome for outcome in outcomes}
