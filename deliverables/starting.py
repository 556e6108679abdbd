"""A folder for a new contract: what is known is written, the rest is there to be filled in."""

from __future__ import annotations

import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from deliverables.files import write_atomically
from deliverables.filling import blank_workbook, quarter_cover
from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.model.ledger import Ledger
from deliverables.model.operations import Operations
from deliverables.model.staff import Roster
from deliverables.period import Convention, Period, divide
from deliverables.read.folder import CONTRACT, IN_NO_CONTRACT, LEDGER, OPERATIONS, ROSTER
from deliverables.read.yaml_file import Scalar, value_at
from deliverables.render.contract_file import Beginning, Pattern, contract_file

LONGEST_NUMBER = 60
MOST_REPORTS = 40

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RESERVED = re.compile(r"(?i:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?")


@dataclass(frozen=True, slots=True)
class Known:
    """What the user says of a contract up front; None where nothing is said."""

    signed_on: date | None = None
    term_months: int | None = None
    reports: int | None = None
    plan: str | None = None

    @property
    def facts(self) -> dict[str, str]:
        """The facts by their path in contract.yaml."""
        given = {
            "identity.signed_on": self.signed_on,
            "service.term_months": self.term_months,
            "service.reports": self.reports,
            "payment.plan": self.plan,
        }
        return {path: str(fact) for path, fact in given.items() if fact is not None}


def number_fault(number: str, data: Path) -> Message | None:
    """Return why a contract number cannot name a folder below `data`, None if it can."""
    taken = (
        {folder.name.casefold(): folder.name for folder in data.iterdir()} if data.is_dir() else {}
    )
    unprintable = any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp")
                      for sign in number)  # fmt: skip
    if not number.strip() or number != number.strip(" .") or unprintable:
        return say("a contract number begins and ends with a letter, a digit or a bracket")
    if found := _UNSAFE.search(number):
        return say("a folder name cannot hold {sign}: write - instead, here and in contract.yaml",
                   sign=found[0])  # fmt: skip
    if _RESERVED.fullmatch(number) or number.casefold() in IN_NO_CONTRACT or number[0] in ".~":
        return say("{number} is a name that Windows or this tool keeps for itself", number=number)
    if len(number) > LONGEST_NUMBER:
        return say("{length} characters are too long for a folder name; {most} are allowed",
                   length=len(number), most=LONGEST_NUMBER)  # fmt: skip
    if number.casefold() in taken:
        return say("the folder {folder} is there already; nothing was changed",
                   folder=(data / taken[number.casefold()]).as_posix())  # fmt: skip
    return None


def start(
    data: Path,
    number: str,
    known: Known,
    pattern: Pattern | None = None,
    instalments: int | None = None,
) -> tuple[Path, ...]:
    """Make the folder of a contract, whole or not at all, and return its files in order.

    Raises FileExistsError if the folder appeared in the meantime.
    """
    folder = data / number
    facts = {"identity.number": number, **known.facts}
    beginning = Beginning(facts=facts, instalments=instalments, pattern=pattern)
    made = data / f".{secrets.token_hex(8)}.tmp"
    try:
        files = list(_files(number, known, beginning))
        for name, content, private in files:
            write_atomically(made / name, content, private=private)
        if folder.exists():  # a folder moved onto an empty one would replace it
            raise FileExistsError(folder)
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return tuple(folder / name for name, _, _ in files)


def _files(number: str, known: Known, beginning: Beginning) -> Iterator[tuple[str, bytes, bool]]:
    yield CONTRACT, contract_file(beginning).encode(), False
    periods = _periods(known, beginning)
    for quarter in range(1, max(len(periods), 1) + 1):
        period = periods[quarter - 1] if periods else None
        content = blank_workbook(Operations, number, quarter_cover(quarter, period))
        yield f"{OPERATIONS}/Q{quarter}.xlsx", content, False
    yield f"{ROSTER}.xlsx", blank_workbook(Roster, number), True
    yield f"{LEDGER}.xlsx", blank_workbook(Ledger, number), False


def _periods(known: Known, beginning: Beginning) -> tuple[Period | None, ...]:
    """Return the service quarters: their days if all is known, else only how many there are."""
    months = known.term_months or _pattern_number(beginning, "term_months")
    reports = known.reports or _pattern_number(beginning, "reports")
    if not 0 < reports <= MOST_REPORTS:
        return ()
    if known.signed_on is None or months < 1 or months % reports:
        return (None,) * reports
    return divide(known.signed_on, months, reports, _convention(beginning))


def _convention(beginning: Beginning) -> Convention:
    stated = _pattern_text(beginning, "term_convention")
    return Convention(stated) if stated in set(Convention) else Convention.CIVIL_CODE


def _pattern_number(beginning: Beginning, name: str) -> int:
    stated = _pattern_text(beginning, name)
    return int(stated) if re.fullmatch(r"\d{1,3}", stated) else 0


def _pattern_text(beginning: Beginning, name: str) -> str:
    """Return what the other contract says of its service."""
    node = value_at(beginning.pattern.tree if beginning.pattern else None, "service", name)
    return node.text or "" if isinstance(node, Scalar) else ""
