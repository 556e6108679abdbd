"""A fleet: the processes, or any Executor, over which the steps of a build are mapped, in order.

It knows which steps there are and nothing of what they do; a process writes nothing.
"""

from __future__ import annotations

import gc
import os
import pickle
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias, TypeVar

from deliverables.examination import Examined
from deliverables.files.digest import sha256_of
from deliverables.files.refusal import refusal
from deliverables.files.result import Result
from deliverables.folders import Folders
from deliverables.kinds import Deliverable
from deliverables.model.book import ContractBook
from deliverables.plan import Outcome, Planned, Request, Wanted, unpaginated
from deliverables.recorder import Draft
from deliverables.values.fault import Fault
from deliverables.values.problem import say

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from deliverables.docx.render import Rendered
    from deliverables.draft import Written


T = TypeVar("T")
U = TypeVar("U")
Made = Draft | Outcome
FEW: Final = 48
"""So many documents are made here sooner than another process has started."""

FEW_CONTRACTS: Final = 3
"""So many contracts are read here sooner, likewise."""
_CHUNK: Final = 64
_AHEAD: Final = 3
"""How many tasks each process has before it: it need not wait, and the memory does not fill."""


class Steps(NamedTuple):
    """The steps that any process can take: functions of a module, which travel by their names."""

    survey: Callable[[str, Folders, Request], tuple[Examined, tuple[int, int], Sequence[Wanted]]]
    make: Callable[[Planned, ContractBook, Folders, Request], Made | Written]
    finish: Callable[[Written, Rendered, Folders], Made]


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A contract, and what became of its documents, in the order of the plan.

    `seen` is the state of the register that they were planned by.
    """

    examined: Examined
    made: Iterator[Made]
    seen: tuple[int, int]


def cores() -> int:
    """Return how many processes can work at the same time."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Fleet:
    """Who makes documents: this process if they are few, else `jobs` processes beside it.

    `executor` is any concurrent.futures.Executor to work with instead; its workers need this
    package, the data and the templates. Leaving the context ends the processes that were started
    here, and leaves the executor as it was given. Up to `few` documents are made in this process.
    """

    def __init__(self, jobs: int = 1, executor: Executor | None = None, few: int = FEW) -> None:
        self.jobs = max(jobs, 1)
        self._given, self._few = executor, few
        self._own: Executor | None = None
        self._alone: Executor | None = None
        self._threads: Executor | None = None
        self._started: list[Executor] = []

    def __enter__(self) -> Fleet:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        broken_off = fault is not None and not isinstance(fault, Exception)
        for executor in self._started:
            if broken_off:
                _end_processes(executor)
            executor.shutdown(wait=not broken_off, cancel_futures=True)
        self._started.clear()
        self._own = self._alone = self._threads = None

    def made(
        self,
        steps: Steps,
        wanted: Sequence[Wanted],
        book: ContractBook,
        folders: Folders,
        request: Request,
    ) -> Iterator[Made]:
        """Yield what became of each document, in order."""
        terms = Terms.of(steps, folders, request)
        count = sum(isinstance(one, Planned) for one in wanted)
        if not count or not (self._given or (self.jobs > 1 and count > self._few)):
            here = (_made(terms, book, one) for one in wanted)
            return self._in_order(here, terms, request)
        self._pool()  # its processes start while the book is packed
        return self._in_order(self._beside(wanted, Parcel.of(book, terms)), terms, request)

    def surveyed(
        self, steps: Steps, contracts: Sequence[str], folders: Folders, request: Request
    ) -> Iterator[Surveyed] | None:
        """Yield contracts that are read, checked and made beside this process, in order.

        None where they are so few that this process reads them sooner.
        """
        if len(contracts) <= FEW_CONTRACTS or (self.jobs == 1 and not self._given):
            return None
        return self._surveyed(Terms.of(steps, folders, request), contracts, request)

    def _surveyed(
        self, terms: Terms, contracts: Sequence[str], request: Request
    ) -> Iterator[Surveyed]:
        for contract, answer in self._ahead(survey, terms, contracts):
            found = answer or self._by_itself(read_alone, terms, contract) or _unread(contract)
            parcel = found.parcel
            answers = self._beside(found.wanted, parcel) if parcel else found.answers
            yield Surveyed(found.examined, self._in_order(answers, terms, request), found.seen)

    def _beside(self, wanted: Sequence[Wanted], parcel: Parcel) -> Iterator[Answer]:
        """Have documents made by the pool; those of a process that was lost, one by one."""
        size = max(1, min(_CHUNK, len(wanted) // (self.jobs * 2)))
        chunks = [tuple(wanted[at : at + size]) for at in range(0, len(wanted), size)]
        for chunk, answers in self._ahead(make, parcel, chunks):
            if answers is not None:
                yield from answers
                continue
            for one in chunk:
                yield from self._by_itself(make, parcel, (one,)) or (_unmade(one),)

    def _ahead(
        self, task: Callable[[U, T], Any], asked: U, items: Iterable[T]
    ) -> Iterator[tuple[T, Any]]:
        """Yield each item with what the task made of it, None where its process was lost.

        A task raises nothing: an exception of the future is the pool's.
        """
        left = iter(items)
        work = deque(
            (item, self._submit(task, asked, item)) for item in islice(left, self.jobs * _AHEAD)
        )
        while work:
            item, future = work.popleft()
            try:
                answer = future.result()
            except Exception:  # noqa: BLE001  # whatever a pool says when a worker is lost
                answer = None
            work.extend((one, self._submit(task, asked, one)) for one in islice(left, 1))
            yield item, answer

    def _by_itself(self, task: Callable[..., T], *given: Any) -> T | None:
        """Return what a process makes that has nothing else to lose; None if it was lost too."""
        from concurrent.futures import BrokenExecutor  # noqa: PLC0415  # slow to import

        self._alone = self._alone or self._start(1)
        try:
            return self._alone.submit(task, *given).result()
        except BrokenExecutor:
            self._alone = None
            return None

    def _in_order(
        self, answers: Iterable[Answer], terms: Terms, request: Request
    ) -> Iterator[Made]:
        """Yield what became of each document; pages are counted of some while others are made."""
        waiting: deque[Made | Future[Made]] = deque()
        for answer in answers:
            if isinstance(answer, Draft | Outcome):
                waiting.append(answer)
            else:
                waiting.append(self._aside(self._paged, answer, terms, request))
            while waiting and (len(waiting) > 2 * self.jobs or _is_ready(waiting[0])):
                yield _result(waiting.popleft())
        yield from map(_result, waiting)

    def _paged(self, answer: Written | Unpaged, terms: Terms, request: Request) -> Made:
        """Return a document with the numbers of its pages, proved by whoever composed it."""
        from concurrent.futures import BrokenExecutor  # noqa: PLC0415  # slow to import

        deliverable, file = answer.deliverable, terms.folders.document(answer.deliverable)
        try:
            document = request.paginate(answer.rendered, file)
        except Exception as fault:  # noqa: BLE001  # it is told with its document
            return failed(deliverable, fault)
        if isinstance(answer, Unpaged):
            with suppress(BrokenExecutor):
                made: Made = self._submit(finish, terms, answer, document).result()
                return made
        return finish(terms, answer, document)

    def _aside(self, work: Callable[..., Made], *given: Any) -> Future[Made]:
        if self._threads is None:
            from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  # few runs need it

            self._threads = ThreadPoolExecutor(max(self.jobs, cores()), "pages")
            self._started.append(self._threads)
        return self._threads.submit(work, *given)

    def _submit(self, task: Callable[..., Any], *given: Any) -> Future[Any]:
        """Give a task to the pool; one that is broken is replaced by processes of our own."""
        from concurrent.futures import BrokenExecutor  # noqa: PLC0415  # slow to import

        try:
            return self._pool().submit(task, *given)
        except BrokenExecutor:
            self._given = self._own = None
            return self._pool().submit(task, *given)

    def _pool(self) -> Executor:
        """Return who works beside this process; without an executor it is started when needed."""
        if self._given is not None:
            return self._given
        self._own = self._own or self._start(self.jobs)
        return self._own

    def _start(self, count: int) -> Executor:
        """Start processes, and know of them before a signal can be heard."""
        pool = _processes(count)
        self._started.append(pool)
        with _signals_held():
            for _ in range(count):
                pool.submit(cores)
        return pool


def _is_ready(item: Made | Future[Made]) -> bool:
    return isinstance(item, Draft | Outcome) or item.done()


def _result(item: Made | Future[Made]) -> Made:
    return item if isinstance(item, Draft | Outcome) else item.result()


def _unmade(wanted: Wanted) -> Outcome:
    """Return that whoever makes a document is lost by it."""
    reasons = (say("the process that made it was lost, twice; nothing was saved"),)
    return Outcome(deliverable=wanted.deliverable, result=Result.FAILED, reasons=reasons)


def _unread(contract: str) -> Survey:
    """Return that whoever reads a contract is lost by it."""
    fault = Fault.lost("read a contract")
    return Survey(Examined(contract=contract, book=None, problems=(), fault=fault), (0, 0))


def _processes(count: int) -> Executor:
    """Return a pool of fresh processes: a copy of this one would copy its threads' locks too."""
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  # slow to import
    from multiprocessing import get_context  # noqa: PLC0415

    return ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_begin_work)


@contextmanager
def _signals_held() -> Iterator[None]:
    """Hear of a signal afterwards: a process that is half started would be left to itself."""
    import signal  # noqa: PLC0415  # only who starts processes needs it
    from threading import current_thread, main_thread  # noqa: PLC0415

    if current_thread() is not main_thread():  # only the first thread is told of signals
        yield
        return
    heard: list[int] = []
    before = {
        each: signal.signal(each, lambda number, _: heard.append(number))
        for each in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for each, usual in before.items():
            signal.signal(each, usual)
    for number in heard:
        signal.raise_signal(number)


def _begin_work() -> None:
    """Begin in a process of the pool: it leaves Ctrl-C to who asked, and ends when that ends."""
    import signal  # noqa: PLC0415  # only the processes of a pool need it
    from multiprocessing import parent_process  # noqa: PLC0415
    from threading import Thread  # noqa: PLC0415

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asker = parent_process()

    def end_with_it() -> None:
        if asker is not None:
            asker.join()
            os._exit(1)  # it writes nothing, and nobody waits for it

    Thread(target=end_with_it, daemon=True).start()
    import_module("deliverables.draft")


def _end_processes(executor: Executor) -> None:
    """End the processes of a pool, whatever they are at: they write nothing."""
    for process in dict(getattr(executor, "_processes", None) or {}).values():
        process.terminate()


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of whoever makes documents; the asker gives contents their page numbers."""

    steps: Steps
    folders: Folders
    request: Request

    @classmethod
    def of(cls, steps: Steps, folders: Folders, request: Request) -> Terms:
        """Return a request without the means to count pages, which do not travel."""
        paged = request.counts_pages
        return cls(steps, folders, replace(request, paginate=unpaginated, paged=paged))


_BOOKS: Final = 2


@dataclass(frozen=True, slots=True)
class Parcel:
    """A book on its way to other processes, and what is asked of them."""

    terms: Terms
    pickled: bytes = field(repr=False)
    digest: str

    @classmethod
    def of(cls, book: ContractBook, terms: Terms) -> Parcel:
        """Return a book without what it remembers."""
        pickled = pickle.dumps(replace(book), pickle.HIGHEST_PROTOCOL)
        return cls(terms, pickled, sha256_of(pickled))

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

    Who asked for it does not look into what was `written`: it only comes back with the numbers.
    """

    deliverable: Deliverable
    rendered: Rendered = field(repr=False)
    written: bytes = field(repr=False)


Answer: TypeAlias = "Made | Written | Unpaged"


def make(parcel: Parcel, wanted: Sequence[Wanted]) -> list[Made | Unpaged]:
    """Return what became of each document."""
    return [_packed(_made(parcel.terms, parcel.book(), one)) for one in wanted]


def finish(terms: Terms, answer: Written | Unpaged, document: Rendered) -> Made:
    """Prove a document that has got its page numbers."""
    try:
        written: Written = (
            pickle.loads(answer.written)  # noqa: S301  # our own
            if isinstance(answer, Unpaged)
            else answer
        )
        return terms.steps.finish(written, document, terms.folders)
    except Exception as fault:  # noqa: BLE001  # it is told with its document
        return failed(answer.deliverable, fault)


@dataclass(frozen=True, slots=True)
class Survey:
    """A contract as read by another process, and what became of its documents.

    Where they are many, they are only `wanted`, and the parcel holds the book to make them from.
    """

    examined: Examined
    seen: tuple[int, int]
    answers: Sequence[Answer] = ()
    wanted: Sequence[Wanted] = ()
    parcel: Parcel | None = None


def survey(terms: Terms, contract: str, *, make: bool = True) -> Survey:
    """Read and check a contract and, with `make`, make its documents if they are few."""
    examined, seen, wanted = terms.steps.survey(contract, terms.folders, terms.request)
    book = examined.book
    private = examined.private_numbers
    known = replace(examined, book=None, elsewhere=book is not None, private=private)
    if book is None or not wanted:
        return Survey(known, seen)
    if not make or len(wanted) > FEW:
        return Survey(known, seen, wanted=wanted, parcel=Parcel.of(book, terms))
    return Survey(known, seen, [_packed(_made(terms, book, one)) for one in wanted])


def read_alone(terms: Terms, contract: str) -> Survey:
    """Read and check a contract, and leave its documents to be made."""
    return survey(terms, contract, make=False)


def _made(terms: Terms, book: ContractBook, wanted: Wanted) -> Made | Written:
    """Make a document, unless it is left alone; what stops it does not stop the others."""
    if isinstance(wanted, Outcome):
        return wanted
    try:
        return terms.steps.make(wanted, book, terms.folders, terms.request)
    except Exception as fault:  # noqa: BLE001  # it is told with its document
        return failed(wanted.deliverable, fault)


def _packed(made: Made | Written) -> Made | Unpaged:
    """Return what became of a document as it can travel."""
    if isinstance(made, Draft | Outcome):
        return made
    return Unpaged(made.deliverable, made.rendered, pickle.dumps(made, pickle.HIGHEST_PROTOCOL))


def failed(deliverable: Deliverable, fault: Exception) -> Outcome:
    """Return that there is no document: the system refuses a file, or the program has a fault."""
    if isinstance(fault, OSError):
        reasons = (refusal(fault),)
        return Outcome(deliverable=deliverable, result=Result.FAILED, reasons=reasons)
    known = Fault.of(fault)
    return Outcome(
        deliverable=deliverable, result=Result.FAILED, reasons=(known.reason,), fault=known
    )
