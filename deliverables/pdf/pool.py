"""LibreOffice on every core: processes that stay, started when needed and again when lost."""

from __future__ import annotations

import os
from contextlib import suppress
from queue import Empty, LifoQueue
from threading import Lock
from types import TracebackType

from deliverables.message import say
from deliverables.pdf.office import (
    Conversion,
    Office,
    OfficeAbsentError,
    OfficeError,
    OfficeLostError,
)

DOCUMENT_SECONDS = 120.0
_DOCUMENTS_A_PROCESS = 200


class PdfPool:
    """As many LibreOffice processes as there are cores, one document at a time each.

    A process that crashes or takes longer than `timeout` for a document is ended. A document
    that took down a process which had served others before is tried once more by a new one. Every
    process is renewed after `renew_after` documents, because LibreOffice grows with them.
    """

    def __init__(
        self,
        program: str,
        processes: int = 0,
        timeout: float = DOCUMENT_SECONDS,
        renew_after: int = _DOCUMENTS_A_PROCESS,
    ) -> None:
        self.processes = processes or os.cpu_count() or 1
        self._program, self._timeout, self._renew_after = program, timeout, renew_after
        self._lock = Lock()
        self._running: set[Office] = set()
        self._closed = False
        self._fault: OfficeAbsentError | None = None
        # The last to be given back is the first to be taken: few documents start one process.
        self._seats: LifoQueue[Office | None] = LifoQueue()
        for _ in range(self.processes):
            self._seats.put(None)

    def __enter__(self) -> PdfPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def convert(self, document: bytes, *, pdf: bool = True) -> Conversion:
        """Return what becomes of a .docx; threads may call this at the same time.

        Raises OfficeError where LibreOffice made nothing of it.
        """
        office = self._seats.get()
        try:
            office, conversion = self._converted(office, document, pdf=pdf)
        except OfficeLostError:
            office = None
            raise
        finally:
            self._seats.put(office)
        return conversion

    def close(self) -> None:
        """End every process, also those at work; nothing is converted any more."""
        with self._lock:
            self._closed, running = True, tuple(self._running)
        idle = set()
        with suppress(Empty):
            while True:
                idle.add(self._seats.get_nowait())
        for office in running:
            self._end(office, gently=office in idle)

    def _converted(
        self, office: Office | None, document: bytes, *, pdf: bool
    ) -> tuple[Office | None, Conversion]:
        used = office is not None and office.served > 0
        office = office or self._start()
        try:
            conversion = office.convert(document, self._timeout, pdf=pdf)
        except OfficeLostError:
            self._end(office)
            if not used:
                raise
            return self._converted(None, document, pdf=pdf)
        if office.served < self._renew_after:
            return office, conversion
        self._end(office, gently=True)
        return None, conversion

    def _start(self) -> Office:
        if self._fault:
            raise self._fault
        try:
            office = Office(self._program)
        except OfficeAbsentError as fault:
            self._fault = fault
            raise
        with self._lock:
            if not self._closed:
                self._running.add(office)
                return office
        office.kill()
        raise OfficeLostError(say("the work was broken off"))

    def _end(self, office: Office, *, gently: bool = False) -> None:
        with self._lock:
            self._running.discard(office)
        if gently:
            office.close()
        else:
            office.kill()


__all__ = ["DOCUMENT_SECONDS", "Conversion", "OfficeError", "PdfPool"]
