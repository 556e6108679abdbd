"""The bytes of an input file, or the problem that keeps them from being read."""

from __future__ import annotations

from pathlib import Path

from deliverables.message import say
from deliverables.problem import Problem, error
from deliverables.source import Line


def contents(path: Path, problems: list[Problem]) -> bytes | None:
    """Return the bytes of the file, None with a problem if there are none to be had."""
    file = Line(path.as_posix())
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        problems.append(
            error(
                "file-missing",
                file,
                say("the file does not exist"),
                say("create it, or put it back where it was"),
            )
        )
        return None
    except OSError:
        problems.append(
            error(
                "file-unreadable",
                file,
                say("the file exists but the system refuses to open it"),
                say("close it in Excel or WPS, and check that it is a file you may read"),
            )
        )
        return None
    if not data:
        problems.append(
            error(
                "file-empty",
                file,
                say("the file has no content (0 bytes)"),
                say("restore it from a copy; an interrupted copy or synchronisation does this"),
            )
        )
        return None
    return data
