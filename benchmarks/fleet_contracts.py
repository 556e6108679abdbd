"""A bureau's quarter: many contracts, their staff and their rows, checked and built in one run."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import clock
from clock import Cost
from projects import AS_OF, NUMBER, ROOT, person, project, quarter
from table import Row, times

from deliverables.model.roster_sheets import Roster, RosterCover
from deliverables.xlsx.forms import write_workbook
from scripts.sample.people import members

TINY = {"contracts": 1, "people": 12, "rows_each": 10, "sizes": (1, 2)}
_DAY = ("--as-of", AS_OF.isoformat())
_BUILD = ("build", "--due", "--no-pages", *_DAY)


def rows(
    contracts: int = 60,
    people: int = 50,
    rows_each: int = 5_000,
    sizes: tuple[int, int] = (30, 300),
) -> list[Row]:
    """Measure `check`, `build --due` and `build --due` once more, and `check` of few and many.

    Ratios are of processor time: a fleet is read by as many processes as there are cores.
    """
    if sys.platform == "win32":
        return []
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        _fleet(data, contracts, people, rows_each)
        checked, built, again = (
            _measured(data, arguments) for arguments in (("check", *_DAY), _BUILD, _BUILD)
        )
        each = []
        for size in sizes:
            fleet = Path(folder) / f"of {size}" / "data"
            _fleet(fleet, size, 12, 10)
            each.append(_measured(fleet, ("check", *_DAY)).processor / size)
    what = f"{contracts} contracts, {contracts * people:,} staff, {contracts * rows_each:,} rows"
    few, many = sizes
    return [
        Row(f"check of {what}", "", "—", f"{checked.seconds:.0f} s", checked.note),
        Row(f"build --due of {what}", "", "—", f"{built.seconds:.0f} s", built.note),
        Row("the same once more, when nothing has changed", "the first time", "x3",
            times(built.processor / again.processor), again.note),
        Row(f"check of a contract among {many:,}", f"among {few:,}", "at most x1.3 its time",
            f"x{each[1] / each[0]:.2f} its time",
            f"{each[1]:.2f} s and {each[0]:.2f} s of processor"),
    ]  # fmt: skip


def _fleet(data: Path, contracts: int, people: int, rows_each: int) -> None:
    sample, longer = ROOT / "data" / NUMBER, quarter(rows_each)
    first = project(data, people)
    staff = (*members(), *(person(number) for number in range(1, people - len(members()) + 1)))
    write_workbook(first / "staff.xlsx", Roster, RosterCover(sample=True), (), {"members": staff})
    (first / "operations").mkdir()
    (first / "operations" / "Q1.xlsx").write_bytes(longer)
    terms = (sample / "contract.yaml").read_text("utf-8")
    for number in range(1, contracts):
        another = f"{NUMBER[:-3]}{number:03}"
        shutil.copytree(first, data / another)
        own = terms.replace(NUMBER, another)
        (data / another / "contract.yaml").write_text(own, "utf-8")


def _measured(data: Path, arguments: tuple[str, ...]) -> Cost:
    """Return what a command costs that keeps what it read and made beside `data`."""
    places = ("--data", str(data), "--out", str(data.parent / "out"))
    return clock.cost(clock.command(*places, *arguments), data.parent / "cache")
