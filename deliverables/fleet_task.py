"""What a process of the fleet is given to do, and what it answers; it writes nothing.

Who asks needs no more than what travels: `making` is imported where documents are made.
"""

from __future__ import annotations

import gc
import pickle
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import field, fields, replace
from pathlib import Path
from traceback import format_exc
from typing import TYPE_CHECKING, Final

from deliverables.docx.render import Rendered
from deliverables.examination import examine
from deliverables.files import sha256_of
from deliverables.fleet import FEW, Made
from deliverables.folders import Folders
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.orders import Examined, Outcome, Request, unpaginated
from deliverables.selection import Wanted, considered

if TYPE_CHECKING:
    from deliverables.making import Written

_BOOKS: Final = 2


@dataclass(frozen=True, slots=True)
class Parcel:
    """A book on its way to other processes, and what is asked of them.

    The asker gives contents their page numbers.
    """

    folders: Folders
    request: Request
    pickled: bytes = field(default=b"", repr=False)
    digest: str = ""

    @classmethod
    def without_book(cls, folders: Folders, request: Request) -> Parcel:
        """Return what is asked for all contracts."""
        paged = request.counts_pages
        return cls(folders, replace(request, paginate=unpaginated, paged=paged))

    @classmethod
    def of(cls, book: ContractBook, folders: Folders, request: Request) -> Parcel:
        """Return what is asked for a contract, with its book."""
        pickled = pickle.dumps(replace(book), pickle.HIGHEST_PROTOCOL)
        return replace(
            cls.without_book(folders, request),
            pickled=pickled,
            digest=sha256_of(pickled),
        )

    def book(self) -> ContractBook:
        """Return the book, the same one for every task of the parcel."""
        return _books.get(self.digest) or _unpacked(self)


_books: OrderedDict[str, ContractBook] = OrderedDict()


def _unpacked(parcel: Parcel) -> ContractBook:
    """Return the book that came with the parcel; a few are kept."""
    gc.disable()  # nothing of a book is rubbish
    book: ContractBook = pickle.loads(parcel.pickled)  # noqa: S301  # made by our own asker
    gc.enable()
    _books[parcel.digest] = book
    if len(_books) > _BOOKS:
        _books.popitem(last=False)
    gc.collect()
    gc.freeze()  # a long book need not be gone through again and again
    return book


@dataclass(frozen=True, slots=True)
class Unpaged:
    """A document whose contents are still to get their page numbers, and then to be proved.

    Who asked for it does not look into `writing`: it only comes back with the numbers.
    """

    file: Path
    rendered: Rendered = field(repr=False)
    writing: bytes = field(repr=False)
    counted: Rendered | None = field(default=None, repr=False)

    @classmethod
    def of(cls, writing: Written, folders: Folders) -> Unpaged:
        """Return what is rendered as something that can travel."""
        known = {one.name: getattr(writing, one.name) for one in fields(writing)}
        rendered = known.pop("rendered")  # it travels beside the rest
        pickled = pickle.dumps(known, pickle.HIGHEST_PROTOCOL)
        return cls(folders.document(writing.deliverable), rendered, pickled)

    def with_pages(self, document: Rendered) -> Unpaged:
        """Return it with its pages counted; a document that is as it was has none."""
        return replace(self, counted=None if document == self.rendered else document)

    def proved(self, folders: Folders) -> Made:
        """Return what became of it."""
        from deliverables.making import Written, proved  # noqa: PLC0415  # slow to import

        rendered = self.rendered
        writing = Written(rendered=rendered, **pickle.loads(self.writing))  # noqa: S301  # our own
        return proved(writing, self.counted or rendered, folders)


Answer = Made | Unpaged | Exception


def make(parcel: Parcel, wanted: Sequence[Wanted]) -> list[Answer]:
    """Return what became of each document; an exception takes its place among them."""
    return [_answer(parcel, parcel.book(), one) for one in wanted]


def finish(parcel: Parcel, counted: Unpaged) -> Made | Exception:
    """Prove a document that has got its page numbers."""
    try:
        return counted.proved(parcel.folders)
    except Exception as fault:  # noqa: BLE001  # the asker raises it
        return _told(fault)


@dataclass(frozen=True, slots=True)
class Survey:
    """A contract as read by another process, and what became of its documents.

    Where they are many, they are only `wanted`, and the parcel holds the book to make them from.
    """

    examined: Examined
    answers: Sequence[Answer] = ()
    wanted: Sequence[Wanted] = ()
    parcel: Parcel | None = None


def survey(terms: Parcel, contract: str, *, make: bool = True) -> Survey:
    """Read and check a contract and, with `make`, make its documents if they are few."""
    folders, request = terms.folders, terms.request
    (examined,) = examine(folders, contract)
    book = examined.book
    if book is None or not examined.sound:
        return Survey(replace(examined, book=None, elsewhere=book is not None))
    wanted = considered(book, folders, request)
    known = replace(examined, book=None, elsewhere=True)
    if not make or len(wanted) > FEW:
        return Survey(known, wanted=wanted, parcel=Parcel.of(book, folders, request))
    return Survey(known, [_answer(terms, book, one) for one in wanted])


def _answer(parcel: Parcel, book: ContractBook, wanted: Wanted) -> Answer:
    if isinstance(wanted, Outcome):
        return wanted
    from deliverables.making import proved, written  # noqa: PLC0415  # slow to import

    try:
        writing = written(wanted, book, parcel.folders, parcel.request)
        if isinstance(writing, Outcome):
            return writing
        if parcel.request.paged and writing.has_contents:
            return Unpaged.of(writing, parcel.folders)
        return proved(writing, writing.rendered, parcel.folders)
    except Exception as fault:  # noqa: BLE001  # the asker raises it
        return _told(fault)


def _told(fault: Exception) -> Exception:
    """Return an exception that can travel, with the way it came."""
    try:
        pickle.loads(pickle.dumps(fault))  # noqa: S301  # our own
    except Exception:  # noqa: BLE001  # many exceptions cannot be pickled
        fault = RuntimeError(repr(fault))
    fault.add_note(format_exc())
    return fault
