"""Which files a contract's folder holds, their bytes, and the word that was probably meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from deliverables.files import was_set_aside
from deliverables.model.fields import NotOfTypeError
from deliverables.values.figure import Line
from deliverables.values.identifiers import mask
from deliverables.values.problem import Message, Problem, error, say

_LONGEST_QUOTE = 40
_LIKENESS = 0.5
_PERHAPS_AN_IDENTITY = re.compile(r"\d(?: ?\d){13,} ?[\dXx]?")


def plain(label: object) -> str:
    """Return a label as it is compared: half-width, without spaces, breaks and case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(label))).rstrip("*").casefold()


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like `word`, None if none is."""
    from difflib import get_close_matches  # noqa: PLC0415  # slow to import, and rarely needed

    by_plain = {plain(candidate): candidate for candidate in known}
    matches = get_close_matches(plain(word), by_plain, n=1, cutoff=_LIKENESS)
    return by_plain[matches[0]] if matches else None


def quoted(raw: object) -> object:
    """Return what was found as a problem may show it: short, one line, long numbers masked."""
    if isinstance(raw, Message):
        return raw
    if raw is None:
        return say("nothing")
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text = _PERHAPS_AN_IDENTITY.sub(lambda found: mask(found.group()), " ".join(str(raw).split()))
    if len(text) > _LONGEST_QUOTE:
        text = text[: _LONGEST_QUOTE - 1] + "…"
    return text if isinstance(raw, int | float | date) else say('"{text}"', text=text)


def mismatch(subject: str | Message, fault: NotOfTypeError) -> Message:
    """Return the sentence that sets what was expected against what was found."""
    return say(
        "{subject}: expected {expected}, found {found}",
        subject=subject,
        expected=fault.expected,
        found=quoted(fault.found),
    )


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


CONTRACT, OPERATIONS, ROSTER, LEDGER = "contract.yaml", "operations", "staff", "ledger"
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".ods")

IN_NO_CONTRACT = ("workdays",)


def find_contracts(data: Path) -> tuple[Path, ...]:
    """Return the contract folders below `data` by name: those that hold any file of a contract."""
    if not data.is_dir():
        return ()
    return tuple(
        folder
        for folder in sorted(data.iterdir())
        if folder.is_dir()
        and folder.name not in IN_NO_CONTRACT
        and not folder.name.startswith(".")
        and ((folder / CONTRACT).exists() or (folder / OPERATIONS).exists()
             or workbooks_in(folder, ROSTER) or workbooks_in(folder, LEDGER))
    )  # fmt: skip


def workbooks_in(folder: Path, stem: str | None = None) -> list[Path]:
    """Return the workbooks in a folder by name, or those called `stem`; none is an empty list."""
    try:
        listed: Iterable[Path] = sorted(folder.iterdir())
    except OSError:
        return []
    return [
        path
        for path in listed
        if path.suffix.lower() in WORKBOOK_SUFFIXES
        and not path.name.startswith(("~$", ".~", "."))
        and not was_set_aside(path)
        and (stem is None or path.stem.lower() == stem.lower())
    ]
