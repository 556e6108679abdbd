"""The copy that explain --review makes: the document with the provenance as Word comments."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from deliverables.cli.answer import Workplace
from deliverables.cli.recorded import Recorded
from deliverables.compare import Again
from deliverables.files import FileInUseError, write_atomically
from deliverables.lineage import explanations
from deliverables.review import is_copy, remarks_on, with_remarks
from deliverables.values.problem import say

MARK: Final = "审阅"
"""What the name of every copy says."""


def write_review(workplace: Workplace, recorded: Recorded, now: Again, output: Path | None) -> None:
    """Write the copy for the person who approves, and tell where it is."""
    copy = _name_of(recorded.file, output)
    _refuse_to_replace_another(workplace, copy)
    told = {one.key: one for one in explanations(now.figures, now.printed)}
    remarks = list(remarks_on(recorded.document, now.base.blocks, told, recorded.contract))
    reviewed = with_remarks(recorded.file.read_bytes(), remarks, recorded.entry.as_of)
    try:
        write_atomically(copy, reviewed, private=now.again.deliverable.private)
    except FileInUseError as fault:
        raise click.ClickException(workplace.spoken(fault.message)) from fault
    made = say("{file}: {count} remarks; a copy to read, not to seal", file=copy.as_posix(),
               count=len(remarks))  # fmt: skip
    click.echo(workplace.spoken(made))


def _name_of(file: Path, output: Path | None) -> Path:
    """Return the name of the copy, which always says what it is."""
    if output is None or output.is_dir():
        return (output or file.parent) / f"{file.stem}_{MARK}.docx"
    return output if MARK in output.stem else output.with_name(f"{output.stem}_{MARK}.docx")


def _refuse_to_replace_another(workplace: Workplace, copy: Path) -> None:
    if copy.exists() and not is_copy(copy.read_bytes()):
        wrong = say("{file} is there and no copy for reading: give another name", file=copy)
        raise click.UsageError(workplace.spoken(wrong))
