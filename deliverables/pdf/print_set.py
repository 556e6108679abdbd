"""Many documents as one PDF to print: pile by pile, each behind a page that says for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Final

import pikepdf

from deliverables.files.placement import write_atomically
from deliverables.files.refusal import FileInUseError, PlaceTakenError
from deliverables.folders import Folders
from deliverables.kinds import Deliverable, Group, Kind
from deliverables.letters import every_kind
from deliverables.model.book import ContractBook
from deliverables.pdf.office import OfficeError
from deliverables.pdf.press import Printer, Printout
from deliverables.pdf.separator import Separator, SeparatorRow, separator
from deliverables.plan import Outcome
from deliverables.register import COPIES, PDF, Life, lives, read_register
from deliverables.values.problem import Message, say

_MARK: Final = "deliverables print set"
"""By what a file is known to be a print set, which a new one may take the place of."""
_DRAFT, _FINAL, _SEALED, _SAMPLE = "草稿", "定稿", "已用印", "示例"


@dataclass(frozen=True, kw_only=True, slots=True)
class Printable:
    """A document to be printed: for whom, how often, how it is sealed, how far it has come."""

    deliverable: Deliverable
    group: Group
    recipient: str
    copies: int
    sealing: str
    standing: str
    pdf: bytes
    pages: int


@dataclass(frozen=True, slots=True)
class Pile:
    """What is printed equally often for one recipient."""

    recipient: str
    copies: int
    documents: tuple[Printable, ...]

    @property
    def pages(self) -> int:
        """How many pages its documents have together, once each."""
        return sum(one.pages for one in self.documents)


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintSet:
    """The PDF of all piles with their separators; one that is private is for its owner alone."""

    content: bytes
    piles: tuple[Pile, ...]
    pages: int
    private: bool

    @property
    def documents(self) -> int:
        """How many documents it holds."""
        return sum(len(pile.documents) for pile in self.piles)


@dataclass(frozen=True, slots=True)
class Laid:
    """The one PDF of a run's documents, to print; without a set, `told` says why there is none.

    It `failed` if there were documents to print.
    """

    file: Path
    whole: PrintSet | None
    told: Message
    failed: bool = False


def require_place(file: Path) -> None:
    """Raise PlaceTakenError unless a PDF to print may be laid there, before any work is done."""
    if file.suffix.lower() != ".pdf":
        raise PlaceTakenError(say("{file} is no name for a PDF: end it in .pdf", file=file))
    if file.exists() and not is_print_set(file):
        raise PlaceTakenError(
            say("{file} is there and was not made by --print: give another name", file=file)
        )


def is_print_set(file: Path) -> bool:
    """Return whether a file is such a PDF."""
    try:
        with pikepdf.open(file) as opened:
            return str(opened.docinfo.get("/Creator", "")) == _MARK
    except pikepdf.PdfError:
        return False


def lay(
    file: Path,
    done: Iterable[tuple[ContractBook, Sequence[Outcome]]],
    printed: Mapping[Path, Printout],
    folders: Folders,
    printer: Printer | None,
    *,
    as_of: date,
) -> Laid:
    """Write the documents of a run as one PDF."""
    if printer is None:
        return Laid(file, None, say("{file} was not written: see above", file=file), failed=True)
    try:
        documents = tuple(printables(done, printed, folders, printer))
        if not documents:
            return Laid(file, None, say("{file} was not written: no document is there", file=file))
        whole = print_set(documents, folders, printer, as_of)
        write_atomically(file, whole.content, private=whole.private)
    except (OfficeError, FileInUseError) as fault:
        told = say("{file} was not written: {why}", file=file, why=fault.message)
        return Laid(file, None, told, failed=True)
    told = say(
        "to print: {file}, {documents} documents in {piles} piles, {pages} pages; the page before "
        "each pile says for whom and how many copies",
        file=file, documents=whole.documents, piles=len(whole.piles), pages=whole.pages,
    )  # fmt: skip
    return Laid(file, whole, told)


def printables(
    done: Iterable[tuple[ContractBook, Sequence[Outcome]]],
    printed: Mapping[Path, Printout],
    folders: Folders,
    printer: Printer,
) -> Iterator[Printable]:
    """Yield every document of a run that there is, in the order in which it was planned.

    Of one that is final the final PDF is printed, else that of its draft; what has no PDF is left
    out.

    Raises:
        OfficeError: A final document has no PDF, and LibreOffice makes none.
    """
    for book, outcomes in done:
        entries, _ = read_register(folders.register(book.number))
        known, kinds = lives(entries), every_kind(folders, book.number)
        for outcome in outcomes:
            one = outcome.deliverable
            life = known.get(one.key, Life(key=one.key))
            pdf = _pdf_of(life, folders.contract(one.contract), outcome, printed, printer)
            if pdf:
                yield _printable(one, kinds[one.kind], book, life, pdf)


def _pdf_of(
    life: Life,
    folder: Path,
    outcome: Outcome,
    printed: Mapping[Path, Printout],
    printer: Printer,
) -> bytes:
    """Return the PDF of a document; nothing if it has none."""
    if life.final and not life.redrafted:
        if life.final.details.get(PDF):
            return (folder / life.final.details[PDF]).read_bytes()
        return printer.print((folder / life.final.file).read_bytes()).content
    printout = printed.get(outcome.file) if outcome.file else None
    there = printout is not None and printout.problem is None and printout.pdf.exists()
    return printout.pdf.read_bytes() if printout and there else b""


def _printable(
    one: Deliverable, kind: Kind, book: ContractBook, life: Life, pdf: bytes
) -> Printable:
    with pikepdf.open(BytesIO(pdf)) as opened:
        pages = len(opened.pages)
    how, final = kind.sealing, None if life.redrafted else life.final
    chosen = final.details.get(COPIES, "") if final else ""
    standing = (_SEALED if life.sealed else _FINAL) if final else _DRAFT
    return Printable(
        deliverable=one,
        group=kind.group,
        recipient=how.recipient(book),
        copies=int(chosen) if chosen else how.copies_of(book),
        sealing=_sealing(one, kind, pages),
        standing=f"{standing}、{_SAMPLE}" if one.sample else standing,
        pdf=pdf,
        pages=pages,
    )


def _sealing(one: Deliverable, kind: Kind, pages: int) -> str:
    if one.records and not one.sealed:
        return "验收时由双方用印"
    if not one.sealed or not kind.sealing.seals:
        return "不用印"
    across = "，骑缝" if pages > 1 else ""
    return f"{'、'.join(kind.sealing.seals)}：{kind.sealing.place}{across}"


def piles_of(documents: Sequence[Printable]) -> tuple[Pile, ...]:
    """Return the documents by recipient and copies: reports first, then letters, agreements.

    Within a pile they keep the order of their contracts and plans; agreements that of the roster.
    """
    order = list(Group)
    found: dict[tuple[str, int], list[Printable]] = {}
    for one in sorted(documents, key=lambda each: order.index(each.group)):
        found.setdefault((one.recipient, one.copies), []).append(one)
    return tuple(Pile(*key, tuple(pile)) for key, pile in found.items())


def print_set(
    documents: Sequence[Printable], folders: Folders, printer: Printer, as_of: date
) -> PrintSet:
    """Return one PDF of the documents: the same bytes for the same PDFs.

    Raises:
        OfficeError: LibreOffice makes no PDF of a separator.
    """
    piles = piles_of(documents)
    lengths = [1] * len(piles)  # of the separators, which say where their piles begin and end
    while True:
        separators = [
            printer.print(_separator(piles, lengths, at, folders, as_of))
            for at in range(len(piles))
        ]
        found = [one.pages for one in separators]
        if found == lengths:
            break
        lengths = found
    content = _joined(piles, [one.content for one in separators])
    return PrintSet(
        content=content,
        piles=piles,
        pages=sum(lengths) + sum(pile.pages for pile in piles),
        private=any(one.deliverable.private for one in documents),
    )


def _separator(
    piles: Sequence[Pile], lengths: Sequence[int], at: int, folders: Folders, as_of: date
) -> bytes:
    pile = piles[at]
    before = sum(lengths[: at + 1]) + sum(one.pages for one in piles[:at])
    first, last = before + 1, before + pile.pages
    page = Separator(
        pile=f"第{at + 1}组，共{len(piles)}组",
        recipient=pile.recipient,
        copies=f"{pile.copies}份",
        pages=f"{first}-{last}（共{pile.pages}页）",
        rows=tuple(_row(number, one) for number, one in enumerate(pile.documents, 1)),
        drafts=any(one.standing.startswith(_DRAFT) for one in pile.documents),
        samples=any(one.deliverable.sample for one in pile.documents),
    )
    return separator(page, folders, as_of)


def _row(number: int, one: Printable) -> SeparatorRow:
    title, contract = one.deliverable.title, one.deliverable.contract
    return SeparatorRow(str(number), title, contract, str(one.pages), one.sealing, one.standing)


def _joined(piles: Sequence[Pile], separators: Sequence[bytes]) -> bytes:
    """Return the pages one after another, with an outline to find each document by."""
    kept: list[pikepdf.Pdf] = []
    whole = pikepdf.new()

    def append(pdf: bytes) -> int:
        kept.append(pikepdf.open(BytesIO(pdf)))  # its pages are copied when the whole is saved
        first = len(whole.pages)
        whole.pages.extend(kept[-1].pages)
        return first

    try:
        with whole.open_outline() as outline:
            for pile, separator in zip(piles, separators, strict=True):
                called = f"{pile.recipient}，{pile.copies}份"
                section = pikepdf.OutlineItem(called, append(separator))
                outline.root.append(section)
                for one in pile.documents:
                    title = f"{one.deliverable.title}（{one.deliverable.contract}）"
                    section.children.append(pikepdf.OutlineItem(title, append(one.pdf)))
        whole.docinfo["/Creator"] = _MARK
        made = BytesIO()
        whole.save(
            made,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return made.getvalue()
    finally:
        for opened in (whole, *kept):
            opened.close()
