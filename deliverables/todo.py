"""What is still to be filled in, as a list to work through: file by file, from the top down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.model.contract import Contract
from deliverables.model.record import headings
from deliverables.problem import Problem, Severity
from deliverables.source import Line

TO_FILL, CAN_WAIT, BLANK = "to-fill", "fact-missing", "workbook-blank"


@dataclass(frozen=True, slots=True)
class Task:
    """One fact to fill in: its line, what it is, how, and whether documents must wait for it."""

    line: int
    what: Message
    how: Message | None
    needed: bool


@dataclass(frozen=True, slots=True)
class Section:
    """The tasks of one block of contract.yaml, under its heading; or of one workbook."""

    file: str
    title: str
    tasks: tuple[Task, ...]


def is_unfinished(problems: Iterable[Problem]) -> bool:
    """Return whether facts are missing without which nothing can be planned."""
    return any(problem.code == TO_FILL for problem in problems)


def sections(problems: Iterable[Problem]) -> tuple[Section, ...]:
    """Return what is to be filled in: contract.yaml by its blocks, then every blank workbook."""
    gaps = [problem for problem in problems if problem.severity is Severity.GAP]
    facts = [gap for gap in gaps if gap.code in (TO_FILL, CAN_WAIT)]
    blanks = [gap for gap in gaps if gap.code == BLANK]
    return (*_blocks(facts), *(_workbook(gap) for gap in blanks))


def _blocks(facts: list[Problem]) -> Iterator[Section]:
    titles = headings(Contract)
    for block, found in groupby(facts, lambda gap: _path(gap).partition(".")[0].partition("[")[0]):
        listed = list(found)
        title = titles[block].title if block in titles else ""
        yield Section(listed[0].source.file, f"{title} {block}".strip(), tuple(map(_task, listed)))


def _task(gap: Problem) -> Task:
    values = gap.message.values
    line = gap.source.line if isinstance(gap.source, Line) else 0
    what = say("{label} ({path})", label=values["label"], path=_path(gap).partition(".")[2])
    how = values.get("advice") or values.get("reason")
    return Task(line, what, say("{text}", text=how) if how else None, gap.code == TO_FILL)


def _workbook(gap: Problem) -> Section:
    return Section(gap.source.file, "", (Task(0, gap.message, gap.fix, needed=False),))


def _path(gap: Problem) -> str:
    return str(gap.message.values["path"])
