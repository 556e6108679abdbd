"""Write the sample workbooks of contract SXYSR202604152: python -m scripts.make_sample [FOLDER].

Everything is drawn from a fixed seed: made again, every file is the same to the byte.
"""

from __future__ import annotations

import sys
from pathlib import Path

from deliverables.model.fields import Row
from deliverables.model.ledger_sheets import Ledger, LedgerCover
from deliverables.model.letters_sheets import Letters, LettersCover
from deliverables.model.operations_sheets import Cover, Operations
from deliverables.model.roster_sheets import Roster, RosterCover
from deliverables.xlsx.forms import write_workbook
from scripts.sample import (
    books,
    events,
    feedback,
    letters,
    monitoring,
    people,
    planning,
    resources,
    routine,
    what_if,
)
from scripts.sample.narrative import narrative
from scripts.sample.quarters import QUARTERS, ServiceQuarter

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "data" / "SXYSR202604152"
WHAT_IF = ROOT / "docs" / "examples" / "letters" / "letters.xlsx"


def workbooks() -> dict[str, bytes]:
    """Return every sample workbook by its path below the contract's folder."""
    made = {f"operations/Q{quarter.number}.xlsx": operations(quarter) for quarter in QUARTERS}
    roster = RosterCover(sample=True)
    made["staff.xlsx"] = write_workbook(None, Roster, roster, (), {"members": people.members()})
    made["ledger.xlsx"] = write_workbook(None, Ledger, LedgerCover(sample=True), (), books.ledger())
    written = letters.letters()
    made["letters.xlsx"] = write_workbook(None, Letters, LettersCover(sample=True), (), written)
    return made


def what_if_letters() -> bytes:
    """Return the workbook of the letters that the sample's year has no occasion for."""
    return write_workbook(None, Letters, LettersCover(sample=True), (), what_if.letters())


def operations(quarter: ServiceQuarter) -> bytes:
    """Return the workbook of one quarter."""
    cover = Cover(
        quarter=quarter.number,
        first_day=quarter.first,
        last_day=quarter.last,
        sample=True,
        prepared_by="韩雪梅",
        reviewed_by="何𠮷祥",
        approved_by="周启明",
    )
    prose = narrative(quarter.number)
    return write_workbook(None, Operations, cover, prose, rows_of(quarter))


def rows_of(quarter: ServiceQuarter) -> dict[str, tuple[Row, ...]]:
    """Return the rows of every sheet of a quarter by the name of their field."""
    return {
        "resources": tuple(resources.resources(quarter)),
        "usage": tuple(resources.usage(quarter)),
        "outages": tuple(events.outages(quarter)),
        "durability": tuple(resources.durability(quarter)),
        "alarms": tuple(monitoring.alarms(quarter)),
        "tickets": tuple(monitoring.tickets(quarter)),
        "incidents": tuple(events.incidents(quarter)),
        "changes": tuple(routine.changes(quarter)),
        "inspections": tuple(routine.inspections(quarter)),
        "backups": tuple(routine.backups(quarter)),
        "security": tuple(routine.security(quarter)),
        "addresses": tuple(resources.addresses(quarter)),
        "drills": tuple(planning.drills(quarter)),
        "staff_changes": tuple(people.staff_changes(quarter)),
        "issues": tuple(planning.issues(quarter)),
        "opinions": tuple(feedback.opinions(quarter)),
        "meetings": tuple(feedback.meetings(quarter)),
    }


def main(folder: Path = FOLDER) -> None:
    """Write every workbook below the folder, and the letters beside the manual; say how large."""
    made = {folder / name: content for name, content in workbooks().items()}
    if folder == FOLDER:
        made[WHAT_IF] = what_if_letters()
    for path, content in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"{path.name}  {len(content):,} bytes")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
