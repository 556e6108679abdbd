"""What is wrong with the data, what is still to be filled in, and what was assumed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from deliverables import Checked, FactToFill, Project, Section
from deliverables.cli.answer import (
    CHECK,
    SHOW_PLAN,
    Answer,
    Aside,
    Exit,
    Workplace,
    as_of_option,
    by_severity,
    contract_option,
    format_option,
    problem_facts,
    require_contract,
)
from deliverables.read.files import OPERATIONS, TEXT_FILE
from deliverables.values.problem import Message, Problem, Severity, is_unfinished, listed, say

if TYPE_CHECKING:
    from deliverables.values.fault import Fault


@click.command("check")
@contract_option
@click.option("--assumptions", is_flag=True,
              help="Of many contracts: show each assumption once, with its contracts.")  # fmt: skip
@as_of_option
@format_option
@click.pass_obj
def check_command(
    workplace: Workplace,
    contract: str | None,
    assumptions: bool,  # noqa: FBT001  # click passes flags by name
    as_of: date,
    form: str,
) -> None:
    """Read everything and show every problem and every assumption at once.

    Of many contracts the errors come first, whatever contract they are of, and the assumptions
    are counted.

    \b
    Example: deliverables check --contract SXYSR202604152
    """
    checked = Project(workplace.folders).check(as_of, contract=contract)
    require_contract(workplace, contract, [one.contract for one in checked])
    workplace.answer(_Checks(workplace.data, checked, assumptions), form)


@dataclass(frozen=True, slots=True)
class _Checks(Answer):
    """Each contract with what is wrong with its data and what was assumed."""

    data: Path
    contracts: tuple[Checked, ...]
    with_assumptions: bool = False

    def lines(self, language: str) -> Iterator[str | Message | Problem | Aside]:
        rest: list[Problem] = []
        for one in self.contracts:
            if is_unfinished(one.problems):
                yield from _task_lines(one, language)
            else:
                rest += one.problems
        yield from by_severity(rest)
        if len(self.contracts) == 1 or self.with_assumptions:
            yield from self._assumptions()
        for one in self.contracts:
            if one.unclaimed is not None:
                from deliverables.checks.unclaimed import told

                file = self.data / one.contract / TEXT_FILE
                yield Aside(told(one.contract, file.as_posix(), one.unclaimed))
        for one in self.contracts:
            if len(self.contracts) == 1 or not one.sound:
                yield Aside(_counts(one))
        if len(self.contracts) > 1:
            yield Aside(self._sum())

    def _assumptions(self) -> Iterator[Message]:
        """Yield each assumption once, with the contracts that it holds for where not all do."""
        holds: dict[tuple[str, str, str, str], list[str]] = {}
        for one in self.contracts:
            for each in one.assumptions:
                key = (each.article, each.code, each.text, each.setting)
                holds.setdefault(key, []).append(one.contract)
        for (article, code, text, setting), contracts in holds.items():
            terms = {"article": article, "code": code, "text": text, "setting": setting}
            if len(contracts) == len(self.contracts):
                yield say("{article}: assumed[{code}] “{text}” (setting: {setting})", **terms)
            else:
                few = [*contracts[:_FEW], *(["…"] if len(contracts) > _FEW else [])]
                yield say("{article}: assumed[{code}] “{text}” (setting: {setting}; {count} "
                          "contracts: {contracts})", **terms, count=len(contracts),
                          contracts=listed(few))  # fmt: skip

    def _sum(self) -> Message:
        broken = [one.contract for one in self.contracts if not one.sound]
        terms = {"count": len(self.contracts),
                 "assumed": sum(len(one.assumptions) for one in self.contracts)}  # fmt: skip
        if broken:
            return say("{count} contracts, of which {broken} have errors: {names}; {assumed} "
                       "assumptions, told by --assumptions", **terms, broken=len(broken),
                       names=listed(broken))  # fmt: skip
        return say("{count} contracts, none has errors; {assumed} assumptions, told by "
                   "--assumptions", **terms)  # fmt: skip

    def facts(self, language: str) -> dict[str, object]:
        return {
            "contracts": [
                {
                    "contract": one.contract,
                    "sound": one.sound,
                    "finished": not is_unfinished(one.problems),
                    "problems": [problem_facts(problem, language) for problem in one.problems],
                    "assumptions": [
                        {
                            "code": assumption.code,
                            "article": assumption.article,
                            "text": assumption.text,
                            "setting": assumption.setting,
                        }
                        for assumption in one.assumptions
                    ],
                    "unclaimed": [
                        {"article": article, "number": number}
                        for article, number in (one.unclaimed.found if one.unclaimed else ())
                    ],
                }
                for one in self.contracts
            ]
        }

    @property
    def code(self) -> Exit:
        return Exit.DONE if all(one.sound for one in self.contracts) else Exit.BAD_DATA

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(one.fault for one in self.contracts if one.fault)

    @property
    def next(self) -> Message:
        if any(is_unfinished(one.problems) for one in self.contracts):
            return say("next: fill in what is listed, from the top, and run deliverables check "
                       "again")  # fmt: skip
        return SHOW_PLAN if self.code is Exit.DONE else CHECK


_FEW: Final = 3


def _counts(item: Checked) -> Message:
    counts = {
        severity: sum(problem.severity is severity for problem in item.problems)
        for severity in Severity
    }
    return say(
        "{contract}: {errors} errors, {warnings} warnings, {gaps} gaps",
        contract=item.contract,
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        gaps=counts[Severity.GAP],
    )


def _task_lines(one: Checked, language: str) -> Iterator[str | Problem]:
    """Yield what else is wrong, then the list of what is to be filled in, in order."""
    others = (problem for problem in one.problems if problem.severity is not Severity.GAP)
    yield from by_severity(others)
    explained: set[str] = set()
    by_file = groupby(one.to_fill, _same_task)
    for number, (_, found) in enumerate(by_file, 1):
        of_file = list(found)
        first, last = of_file[0].file, of_file[-1].file
        file = first if first == last else f"{first} … {last.rpartition('/')[2]}"
        of_file = [section for section in of_file if section.file == first]
        yield f"{number}. {file}{_to_write(of_file, language)}"
        for section in of_file:
            if section.title:
                yield f"   {section.title}"
            for task in section.tasks:
                yield f"     {_task_line(task, explained, language)}"


def _same_task(section: Section) -> str:
    """Return what one line tells: a file, or all the blank workbooks of the periods."""
    folder, _, name = section.file.rpartition("/")
    return folder if folder.endswith(f"/{OPERATIONS}") else name


def _to_write(of_file: Sequence[Section], language: str) -> str:
    facts = [task for section in of_file if section.title for task in section.tasks]
    if not facts:
        return ""
    needed = sum(task.needed for task in facts)
    message = say(
        "write in place of 【待补】: {needed} facts now, {later} can wait",
        needed=needed,
        later=len(facts) - needed,
    )
    return f"  {message.in_language(language)}"


_LONGEST_HINT: Final = 200


def _task_line(task: FactToFill, explained: set[str], language: str) -> str:
    """Return a task in one line; what was explained further up is not explained again."""
    what, how = task.what.in_language(language), task.how.in_language(language) if task.how else ""
    if task.line:
        when = say("now") if task.needed else say("can wait")
        what = say("[{when}] line {line}  {what}", when=when, line=task.line,
                   what=what).in_language(language)  # fmt: skip
    if not how or how in explained:
        return what
    explained.add(how)
    if len(how) > _LONGEST_HINT:
        how = say("{beginning} …, as the lines above it in the file say",
                  beginning=re.split("[:：]", how)[0]).in_language(language)  # fmt: skip
    return say("{what}: {how}", what=what, how=how).in_language(language)
