"""The doctor: what is not as it should be with files and registers, and what was mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import click

from deliverables.cli.answer import (
    Answer,
    Aside,
    Exit,
    Workplace,
    contract_option,
    format_option,
    problem_facts,
)
from deliverables.doctor import Diagnosis, Symptom, diagnose
from deliverables.values.problem import Message, Problem, Severity, say


@click.command("doctor")
@contract_option
@click.option("--repair", is_flag=True, help="Remove what ended runs left behind.")
@format_option
@click.pass_obj
def doctor_command(
    workplace: Workplace,
    contract: str | None,
    repair: bool,  # noqa: FBT001  # click passes flags by name
    form: str,
) -> None:
    """Look whether files and registers are as they should be, and mend what is safe.

    Looked at are the chain of each register, the files that it names and those it does not know,
    what documents said when they were made, the inputs that were kept, and what ended runs left.
    A change that a run was ended in is completed. Only with --repair anything is removed, and
    nothing that is not this program's own.

    \b
    Example: deliverables doctor --repair
    """
    found = tuple(diagnose(workplace.folders, contract, repair=repair))
    workplace.answer(_Diagnoses(found), form)


@dataclass(frozen=True, slots=True)
class _Diagnoses(Answer):
    """What was found, contract by contract."""

    found: tuple[Diagnosis, ...]

    @property
    def signs(self) -> list[Symptom]:
        """Everything that is not as it should be."""
        return [sign for one in self.found for sign in one.signs]

    def lines(self, language: str) -> Iterator[Message | Problem | Aside]:
        for one in self.found:
            where = one.contract or say("of all contracts").in_language(language)
            left = sum(sign.mended is None for sign in one.signs)
            mended = len(one.signs) - left
            if not one.signs:
                yield say("{contract}: in order", contract=where)
            elif left:
                yield say("{contract}: {left} to see to, {mended} mended", contract=where,
                          left=left, mended=mended)  # fmt: skip
            else:
                yield say("{contract}: in order, {mended} mended", contract=where, mended=mended)
            yield from (_line(sign) for sign in one.signs)
        if not self.found:
            yield Aside(say("nothing has been made yet: deliverables build --due"))

    def facts(self, language: str) -> dict[str, object]:
        return {
            "contracts": [
                {
                    "contract": one.contract or None,
                    "signs": [
                        {
                            **problem_facts(sign.problem, language),
                            "mended": sign.mended.in_language(language) if sign.mended else None,
                        }
                        for sign in one.signs
                    ],
                }
                for one in self.found
            ]
        }

    @property
    def code(self) -> Exit:
        left = [sign.problem for sign in self.signs if sign.mended is None]
        broken = any(problem.severity is Severity.ERROR for problem in left)
        return Exit.BAD_DATA if broken else Exit.DONE

    @property
    def next(self) -> Message | None:
        left = [sign.problem.code for sign in self.signs if sign.mended is None]
        if "left-behind" in left:
            return say("next: deliverables doctor --repair removes what ended runs left behind")
        return None


def _line(sign: Symptom) -> Message | Problem:
    if sign.mended is None:
        return sign.problem
    return say("{place}: {mended}: {what}", place=str(sign.problem.source), mended=sign.mended,
               what=sign.problem.message)  # fmt: skip
