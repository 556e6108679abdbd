"""The 用印申请单: what a seal is applied for with, filled in as far as the program knows."""

from __future__ import annotations

from datetime import date
from typing import Final

from deliverables.docx.render import Properties, Rendered, render
from deliverables.docx.stamp import FINAL
from deliverables.folders import Folders
from deliverables.kind import Deliverable, kinds
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook

TEMPLATE: Final = "sealing_request"
_SEALS: Final = ("公章", "合同专用章", "财务专用章", "法定代表人名章")
_CHOSEN, _OPEN = "☑", "☐"
_NONE: Final = "—"
_BLANK: Final = "＿＿＿＿"


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What is to be sealed, dated `day`; `pages` is None where nobody could count them."""

    number: str
    copies: int
    pages: int | None
    sha256: str
    pdf_sha256: str
    day: date


@dataclass(frozen=True, slots=True)
class SealingRequest:
    """Everything one form prints; people, days and approvals are left to be written."""

    document: str
    document_number: str
    contract_number: str
    recipient: str
    copies: str
    seals: str
    places: str
    purpose: str
    secret: str
    personal: str
    file: str
    pages: str
    sha256: str
    pdf_sha256: str


def sealing_form(
    deliverable: Deliverable, book: ContractBook, folders: Folders, subject: Subject
) -> Rendered:
    """Return the form for one final document, to be printed and signed."""
    kind = kinds()[deliverable.kind]
    how, pages = kind.sealing, subject.pages
    request = SealingRequest(
        document=deliverable.title,
        document_number=subject.number or _NONE,
        contract_number=book.number,
        recipient=how.recipient(book),
        copies=_copies(subject),
        seals=_choices(dict.fromkeys((*_SEALS, *how.seals)), how.seals),
        places=_places(how.place, pages),
        purpose=f"依据合同{deliverable.article}出具{kind.title}，申请用印",
        secret=f"{_OPEN}是（密级{_BLANK}）　{_OPEN}否",
        personal=_personal(how.personal),
        file=folders.final(deliverable).name,
        pages=f"{pages}页" if pages else "页数待填",
        sha256=subject.sha256,
        pdf_sha256=subject.pdf_sha256 or _NONE,
    )
    properties = Properties(
        title=deliverable.title,
        subject=kind.title,
        contract_number=book.number,
        creator=book.contract.contractor.name,
        made_on=subject.day,
    )
    return render(folders.template(TEMPLATE), request, FINAL, properties)


def _copies(subject: Subject) -> str:
    if subject.pages is None:
        return f"{subject.copies}份 × {_BLANK}页（页数待填）"
    total = subject.copies * subject.pages
    return f"{subject.copies}份 × {subject.pages}页，共{total}页"


def _places(place: str, pages: int | None) -> str:
    across = _CHOSEN if pages and pages > 1 else _OPEN
    return f"{_CHOSEN}{place}（盖章处）　{across}骑缝"


def _personal(held: str | None) -> str:
    if held is None:
        return f"{_OPEN}是（{_BLANK}）　{_OPEN}否"
    return f"{_CHOSEN}是（{held}）　{_OPEN}否" if held else f"{_OPEN}是　{_CHOSEN}否"


def _choices(all_of_them: dict[str, None], chosen: tuple[str, ...]) -> str:
    return "　".join(f"{_CHOSEN if one in chosen else _OPEN}{one}" for one in all_of_them)
