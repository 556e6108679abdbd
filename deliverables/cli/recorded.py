"""A document that a command is about, wherever its file lies, or why nothing is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from deliverables.cli.answer import Exit, Workplace
from deliverables.values.problem import say

if TYPE_CHECKING:
    from deliverables import PlannedFile


@contextmanager
def told_of(workplace: Workplace, file: Path) -> Iterator[None]:
    """End the command where nothing can be told of a file, saying why."""
    from deliverables import (
        NewerFormatError,
        NoLongerDueError,
        UnknownFileError,
        UnreadableDocumentError,
        UnsoundDataError,
    )

    try:
        yield
    except (UnknownFileError, UnreadableDocumentError, NewerFormatError) as fault:
        why = say("{file}: {reason}", file=file, reason=fault.message)
        raise workplace.misused(why) from fault
    except UnsoundDataError as unsound:
        workplace.show_problems(unsound.problems)
        workplace.note(
            say("{contract}: its data have errors, so nothing is told", contract=unsound.contract)
        )
        raise SystemExit(Exit.BAD_DATA) from unsound
    except NoLongerDueError as gone:
        why = say("{file}: {reason}", file=file.name, reason=gone.message)
        raise workplace.failed(why) from gone


def known(workplace: Workplace, file: Path, *, copies: bool = False) -> PlannedFile:
    """Return the document that a file is of, or end the command; see `Project.document`."""
    with told_of(workplace, file):
        return workplace.project.document(file, copies=copies)
