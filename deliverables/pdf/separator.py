"""The page before a pile of printed documents: for whom they are, how often, and which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from deliverables.docx.render import Properties, render
from deliverables.docx.stamp import FINAL
from deliverables.folders import Folders

TEMPLATE: Final = "print_separator"


@dataclass(frozen=True, slots=True)
class SeparatorRow:
    """A document as the separator of its pile lists it."""

    number: str
    title: str
    contract: str
    pages: str
    sealing: str
    standing: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Separator:
    """Everything the page before a pile prints."""

    pile: str
    recipient: str
    copies: str
    pages: str
    rows: tuple[SeparatorRow, ...]
    drafts: bool
    samples: bool


def separator(page: Separator, folders: Folders, as_of: date) -> bytes:
    """Return the page as a Word document."""
    properties = Properties(title="打印分隔页", subject=page.pile, contract_number="",
                            creator="", made_on=as_of)  # fmt: skip
    return bytes(render(folders.template(TEMPLATE), page, FINAL, properties))
