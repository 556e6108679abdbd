"""A fleet: the processes, or any Executor, over which the steps of a build are mapped, in order.

It knows which steps there are and nothing of what they do; a process writes nothing.
"""

from __future__ import annotations

import gc
import os
import pickle
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from deliverables.examination import Examined
from deliverables.files import refusal, sha256_of
from deliverables.folders import Folders
from deliverables.kinds import Deliverable
from deliverables.model.book import ContractBook
from deliverables.plan import Outcome, Planned, Request, Result, Wanted, unpaginated
from deliverables.recorder import Draft
from deliverables.values.fault import Fault
from deliverables.values.problem import say

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from deliverables.docx.render import Rendered
    from deliverables.draft import Written


T = TypeVar("T")
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
        self._pools: list[Executor] = []
        self._own: Executor | None = None
        self._alone: Executor | None = None
        self._threads: Executor | None = None

    def __enter__(self) -> Fleet:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        broken_off = fault is not None and not isinstance(fault, Exception)
        for executor in (*self._pools, *filter(None, (self._threads,))):
            if broken_off:
                _end_processes(executor)
            executor.shutdown(wait=not broken_off, cancel_futures=True)
        self._pools.clear()
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
        count = sum(isinstance(one, Planned) for one in wanted)
        if count and (self._given or (self.jobs > 1 and count > self._few)):
            self._begin()
            parcel = Parcel.of(book, steps, folders, request)
            answers = self._beside(wanted, parcel)
            return _in_order(self._finished(answers, parcel, request), 2 * self.jobs)
        if not count:
            return (one for one in wanted if isinstance(one, Outcome))
        return _in_order(self._here(steps, wanted, book, folders, request), 2 * self.jobs)

    def _started(self, count: int) -> Executor:
        """Start processes, and know of them before a signal can be heard."""
        pool = _processes(count)
        self._pools.append(pool)
        with _signals_held():
            for _ in range(count):
                pool.submit(cores)
        return pool

    def _begin(self) -> None:
        """Start our processes, which takes as long as what is left to do before they are needed."""
        if self._given is None and self._own is None:
            self._own = self._started(self.jobs)

    def surveyed(
        self, steps: Steps, contracts: Sequence[str], folders: Folders, request: Request
    ) -> Iterator[Surveyed] | None:
        """Yield contracts that are read, checked and made beside this process, in order.

        None where they are so few that this process reads them sooner.
        """
        if len(contracts) <= FEW_CONTRACTS or (self.jobs == 1 and not self._given):
            return None
        return self._surveyed(steps, contracts, folders, request)

    def _surveyed(
        self, steps: Steps, contracts: Sequence[str], folders: Folders, request: Request
    ) -> Iterator[Surveyed]:
        self._begin()
        terms = Parcel.without_book(steps, folders, request)
        for contract, answer in self._ahead(survey, terms, contracts):
            found = answer or self._surveyed_alone(terms, contract)
            parcel = found.parcel
            answers = found.answers if parcel is None else self._beside(found.wanted, parcel)
            ready = self._finished(answers, terms, request)
            yield Surveyed(found.examined, _in_order(ready, 2 * self.jobs), found.seen)

    def _surveyed_alone(self, terms: Parcel, contract: str) -> Survey:
        """Read a contract in a process that has nothing else to lose."""
        from concurrent.futures import BrokenExecutor  # noqa: PLC0415  # slow to import

        self._alone = self._alone or self._started(1)
        try:
            found: Survey = self._alone.submit(read_alone, terms, contract).result()
        except BrokenExecutor:
            self._alone.shutdown(wait=False)
            self._alone = None
            fault = Fault.lost("read a contract")
            examined = Examined(contract=contract, book=None, problems=(), fault=fault)
            return Survey(examined, (0, 0))
        return found

    def _here(
        self,
        steps: Steps,
        wanted: Iterable[Wanted],
        book: ContractBook,
        folders: Folders,
        request: Request,
    ) -> Iterator[Made | Future[Made]]:
        """Make documents one after another, while the pages of those before are counted."""

        def counted(written: Written) -> Made:
            deliverable = written.composed.deliverable
            try:
                document = request.paginate(written.rendered, folders.document(deliverable))
                return steps.finish(written, document, folders)
            except Exception as fault:  # noqa: BLE001  # it is told with its document
                return failed(deliverable, fault)

        for one in wanted:
            made = one if isinstance(one, Outcome) else _made(steps, one, book, folders, request)
            yield made if isinstance(made, Draft | Outcome) else self._aside(counted, made)

    def _beside(self, wanted: Sequence[Wanted], parcel: Parcel) -> Iterator[Answer]:
        """Have documents made by the pool; those of a process that was lost, one by one."""
        size = max(1, min(_CHUNK, len(wanted) // (self.jobs * 2)))
        chunks = [tuple(wanted[at : at + size]) for at in range(0, len(wanted), size)]
        for chunk, answers in self._ahead(make, parcel, chunks):
            yield from self._one_by_one(chunk, parcel) if answers is None else answers

    def _ahead(
        self, task: Callable[[Parcel, T], Any], parcel: Parcel, items: Iterable[T]
    ) -> Iterator[tuple[T, Any]]:
        """Yield each item with what the task made of it, None where its process was lost.

        A task raises nothing: an exception of the future is the pool's.
        """
        left = iter(items)
        work: deque[tuple[T, Future[Any]]] = deque()
        for item in islice(left, self.jobs * _AHEAD):
            work.append((item, self._submit(task, parcel, item)))
        while work:
            item, future = work.popleft()
            try:
                answer = future.result()
            except Exception:  # noqa: BLE001  # whatever a pool says when a worker is lost
                answer = None
            work.extend((one, self._submit(task, parcel, one)) for one in islice(left, 1))
            yield item, answer

    def _one_by_one(self, wanted: Iterable[Wanted], parcel: Parcel) -> Iterator[Answer]:
        """Make each document in a process that has nothing else to lose."""
        from concurrent.futures import BrokenExecutor  # noqa: PLC0415  # slow to import

        for one in wanted:
            if isinstance(one, Outcome):
                yield one
                continue
            self._alone = self._alone or self._started(1)
            try:
                yield from self._alone.submit(make, parcel, (one,)).result()
            except BrokenExecutor:
                self._alone.shutdown(wait=False)
                self._alone = None
                yield Outcome(
                    deliverable=one.deliverable,
                    result=Result.FAILED,
                    reasons=(say("the process that made it was lost, twice; nothing was saved"),),
                )

    def _finished(
        self, answers: Iterable[Answer], parcel: Parcel, request: Request
    ) -> Iterator[Made | Future[Made]]:
        """Give documents with contents their page numbers."""
        for answer in answers:
            if isinstance(answer, Unpaged):
                yield self._aside(self._paged, answer, parcel, request)
            else:
                yield answer

    def _paged(self, unpaged: Unpaged, parcel: Parcel, request: Request) -> Made:
        from concurrent.futures import BrokenExecutor  # noqa: PLC0415  # slow to import

        try:
            counted = unpaged.with_pages(request.paginate(unpaged.rendered, unpaged.file))
        except Exception as fault:  # noqa: BLE001  # it is told with its document
            return failed(unpaged.deliverable, fault)
        try:
            made: Made = self._submit(finish, parcel, counted).result()
        except BrokenExecutor:
            made = finish(parcel, counted)
        return made

    def _aside(self, work: Callable[..., Made], *given: Any) -> Future[Made]:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  # few runs need it

        self._threads = self._threads or ThreadPoolExecutor(max(self.jobs, cores()), "pages")
        return self._threads.submit(work, *given)

    def _submit(self, task: Callable[..., Any], *given: Any) -> Future[Any]:
        """Give a task to the pool; one that is broken is replaced by processes of our own."""
        from concurrent.futures import BrokenExecutor  # noqa: PLC0415  # slow to import

        pool = self._given or self._own
        if pool is not None:
            try:
                return pool.submit(task, *given)
            except BrokenExecutor:
                pool = None
        if self._own is not None:
            self._own.shutdown(wait=False)
        self._given, self._own = None, self._started(self.jobs)
        return self._own.submit(task, *given)


def _in_order(items: Iterable[Made | Future[Made]], ahead: int) -> Iterator[Made]:
    """Yield each as soon as it and all before it are there, with a few more begun."""
    waiting: deque[Made | Future[Made]] = deque()
    for item in items:
        waiting.append(item)
        while waiting and (len(waiting) > ahead or _is_ready(waiting[0])):
            yield _result(waiting.popleft())
    yield from map(_result, waiting)


def _is_ready(item: Made | Future[Made]) -> bool:
    return isinstance(item, Draft | Outcome) or item.done()


def _result(item: Made | Future[Made]) -> Made:
    return item if isinstance(item, Draft | Outcome) else item.result()


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


_BOOKS: Final = 2


@dataclass(frozen=True, slots=True)
class Parcel:
    """A book on its way to other processes, and what is asked of them.

    The asker gives contents their page numbers.
    """

    steps: Steps
    folders: Folders
    request: Request
    pickled: bytes = field(default=b"", repr=False)
    digest: str = ""

    @classmethod
    def without_book(cls, steps: Steps, folders: Folders, request: Request) -> Parcel:
        """Return what is asked for all contracts."""
        paged = request.counts_pages
        return cls(steps, folders, replace(request, paginate=unpaginated, paged=paged))

    @classmethod
    def of(cls, book: ContractBook, steps: Steps, folders: Folders, request: Request) -> Parcel:
        """Return what is asked for a contract, with its book."""
        pickled = pickle.dumps(replace(book), pickle.HIGHEST_PROTOCOL)
        return replace(
            cls.without_book(steps, folders, request),
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

    Who asked for it does not look into the rest: it only comes back with the numbers.
    """

    deliverable: Deliverable
    file: Path
    rendered: Rendered = field(repr=False)
    rest: bytes = field(repr=False)
    counted: Rendered | None = field(default=None, repr=False)

    @classmethod
    def of(cls, written: Written, folders: Folders) -> Unpaged:
        """Return what is rendered as something that can travel."""
        rest = pickle.dumps((written.composed, written.facts), pickle.HIGHEST_PROTOCOL)
        deliverable = written.composed.deliverable
        return cls(deliverable, folders.document(deliverable), written.rendered, rest)

    def with_pages(self, document: Rendered) -> Unpaged:
        """Return it with its pages counted; a document that is as it was has none."""
        return replace(self, counted=None if document == self.rendered else document)

    def finished(self, steps: Steps, folders: Folders) -> Made:
        """Return what became of it."""
        from deliverables.draft import Written  # noqa: PLC0415  # slow to import

        composed, facts = pickle.loads(self.rest)  # noqa: S301  # our own
        written = Written(composed=composed, facts=facts, rendered=self.rendered)
        return steps.finish(written, self.counted or self.rendered, folders)


Answer = Made | Unpaged


def make(parcel: Parcel, wanted: Sequence[Wanted]) -> list[Answer]:
    """Return what became of each document."""
    return [_answer(parcel, parcel.book(), one) for one in wanted]


def finish(parcel: Parcel, counted: Unpaged) -> Made:
    """Prove a document that has got its page numbers."""
    try:
        return counted.finished(parcel.steps, parcel.folders)
    except Exception as fault:  # noqa: BLE001  # it is told with its document
        return failed(counted.deliverable, fault)


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


def survey(terms: Parcel, contract: str, *, make: bool = True) -> Survey:
    """Read and check a contract and, with `make`, make its documents if they are few."""
    folders, request = terms.folders, terms.request
    examined, seen, wanted = terms.steps.survey(contract, folders, request)
    book = examined.book
    known = replace(examined, book=None, elsewhere=book is not None)
    if book is None or not wanted:
        return Survey(known, seen)
    if not make or len(wanted) > FEW:
        parcel = Parcel.of(book, terms.steps, folders, request)
        return Survey(known, seen, wanted=wanted, parcel=parcel)
    return Survey(known, seen, [_answer(terms, book, one) for one in wanted])


def read_alone(terms: Parcel, contract: str) -> Survey:
    """Read and check a contract, and leave its documents to be made."""
    return survey(terms, contract, make=False)


def _answer(parcel: Parcel, book: ContractBook, wanted: Wanted) -> Answer:
    if isinstance(wanted, Outcome):
        return wanted
    made = _made(parcel.steps, wanted, book, parcel.folders, parcel.request)
    return made if isinstance(made, Draft | Outcome) else Unpaged.of(made, parcel.folders)


def _made(
    steps: Steps, planned: Planned, book: ContractBook, folders: Folders, request: Request
) -> Made | Written:
    """Make a document; what stops it does not stop the others."""
    try:
        return steps.make(planned, book, folders, request)
    except Exception as fault:  # noqa: BLE001  # it is told with its document
        return failed(planned.deliverable, fault)


def failed(deliverable: Deliverable, fault: Exception) -> Outcome:
    """Return that there is no document: the system refuses a file, or the program has a fault."""
    if isinstance(fault, OSError):
        reasons = (refusal(fault),)
        return Outcome(deliverable=deliverable, result=Result.FAILED, reasons=reasons)
    known = Fault.of(fault)
    return Outcome(
        deliverable=deliverable, result=Result.FAILED, reasons=(known.reason,), fault=known
    )
