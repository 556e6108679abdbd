"""LibreOffice: found, started on a profile of its own, several at once, and stopped in time.

It reaches no network: its settings fetch nothing, and on Linux it has none where the system allows.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import Empty, LifoQueue
from threading import Lock
from time import monotonic
from types import TracebackType
from typing import Any

from deliverables.docx.text import escape
from deliverables.files.disk import OWNER_ONLY, OWNER_ONLY_FOLDER, disk
from deliverables.files.scratch import Scratch
from deliverables.values.problem import SpokenError, say

__all__ = ["DOCUMENT_SECONDS", "Conversion", "OfficeError", "PdfPool"]


MACRO = "macro:///Standard.Press.Serve"
_SOURCE = Path(__file__).with_name("press.bas")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LIBRARY = "http://openoffice.org/2000/library"
_SETTINGS = (
    ("/org.openoffice.Setup/L10N", "ooSetupSystemLocale", "zh-CN"),
    ("/org.openoffice.Setup/Office", "ooSetupInstCompleted", "true"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("/org.openoffice.Office.Common/Misc", "CrashReport", "false"),
    ("/org.openoffice.Office.Common/Misc", "CollectUsageInformation", "false"),
    # What a document points to is neither fetched nor brought up to date.
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "1"),
    # And whatever would be, by a way that these do not close, goes to a port where nobody listens.
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("/org.openoffice.Inet/Settings", "ooInetNoProxy", ""),
    *(
        (
            "/org.openoffice.Inet/Settings",
            f"ooInet{scheme}Proxy{what}",
            value,
        )
        for scheme in ("HTTP", "HTTPS", "FTP")
        for what, value in (("Name", "127.0.0.1"), ("Port", "9"))
    ),
    (
        "/org.openoffice.Office.Jobs/Jobs/org.openoffice.Office.Jobs:Job['UpdateCheck']/Arguments",
        "AutoCheckEnabled",
        "false",
    ),
)


def make_profile(folder: Path, token: str) -> Path:
    """Make a profile whose macro shows `token` when it calls; return its folder."""
    library = folder / "user" / "basic" / "Standard"
    disk().make_folder(library, OWNER_ONLY_FOLDER)
    module = escape(_SOURCE.read_text("utf-8").replace("{token}", token))
    _write(
        library / "Press.xba",
        '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Press"'
        f' script:language="StarBasic">{module}</script:module>',
    )
    _write(
        library / "script.xlb",
        f'<library:library xmlns:library="{_LIBRARY}" library:name="Standard"'
        ' library:readonly="false" library:passwordprotected="false">'
        '<library:element library:name="Press"/></library:library>',
    )
    _write(
        library.parent / "script.xlc",
        f'<library:libraries xmlns:library="{_LIBRARY}">'
        '<library:library library:name="Standard" library:link="false"/></library:libraries>',
    )
    _write(folder / "user" / "registrymodifications.xcu", _settings())
    return folder


def _settings() -> str:
    items = "".join(
        f'<item oor:path="{escape(path)}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    return f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'


def _write(path: Path, markup: str) -> None:
    with disk().create(path, OWNER_ONLY) as file:
        disk().write(file, f"{_HEAD}{markup}\n".encode())


PROGRAM = "DELIVERABLES_SOFFICE"
"""The variable that names LibreOffice's program where it is not found; empty: use none."""

_PLACES = (
    Path("C:/Program Files/LibreOffice/program/soffice.exe"),
    Path("C:/Program Files (x86)/LibreOffice/program/soffice.exe"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)
_START_SECONDS = 60.0
_END_SECONDS = 5.0
_LOOK_SECONDS = 0.2


class OfficeError(SpokenError):
    """A document that LibreOffice made nothing of; `message` says why."""


class OfficeLostError(OfficeError):
    """LibreOffice crashed or did not answer in time: this process is of no more use."""


class OfficeAbsentError(OfficeError):
    """LibreOffice does not start at all."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What became of a document: its PDF if one was asked for, and the pages of its bookmarks."""

    pdf: bytes
    pages: Mapping[str, str]


def soffice() -> str | None:
    """Return where LibreOffice is, None if it is not installed."""
    named = os.environ.get(PROGRAM)
    if named is not None:
        return shutil.which(named) if named else None
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((str(place) for place in _PLACES if place.exists()), None)


_WITHOUT_NETWORK = ("--user", "--map-current-user", "--net", "--")
_PROBE_SECONDS = 10


@cache
def without_network() -> tuple[str, ...]:
    """Return the beginning of a command line that takes the network from a program.

    Nothing where the system has no such means or does not allow it.
    """
    program = shutil.which("unshare") if sys.platform == "linux" else None
    if program is None:
        return ()
    command = (program, *_WITHOUT_NETWORK)
    try:
        tried = subprocess.run(  # noqa: S603  # our own arguments, no shell
            [*command, "true"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_PROBE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return command if tried.returncode == 0 else ()


class Office:
    """A LibreOffice process, its profile and its work in a folder that only its owner can read.

    One that is open on the desktop is not disturbed. `served` counts the documents converted,
    `cut_off` says that the process has no network, whatever its settings.
    Raises OfficeAbsentError if it does not start.
    """

    def __init__(self, program: str, patience: float = _START_SECONDS) -> None:
        self.served = 0
        self._scratch = Scratch()
        self._folder = self._scratch.folder
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.cut_off = bool(without_network())
        try:
            self._line = self._begun(program, patience)
        except BaseException:
            self.kill()
            raise

    def convert(self, document: bytes, timeout: float, *, pdf: bool = True) -> Conversion:
        """Return what LibreOffice makes of a .docx in at most `timeout` seconds.

        Raises OfficeError if the document is at fault, OfficeLostError if the process is lost.
        """
        given, made = self._folder / "document.docx", self._folder / "document.pdf"
        try:
            self._scratch.write(given, document)
            answer = self._ask(f"{given.as_uri()} {made.as_uri() if pdf else '-'}", timeout)
            verdict, _, rest = answer.partition(" ")
            if verdict != "made":
                raise OfficeError(say("LibreOffice could not convert it ({why})", why=rest))
            if pdf and not made.is_file():
                raise OfficeError(say("LibreOffice made no PDF of it"))
            content = made.read_bytes() if pdf else b""
        finally:
            for file in (given, made):
                disk().remove(file)
        self.served += 1
        return Conversion(content, dict(item.split("=", 1) for item in rest.split() if "=" in item))

    def close(self) -> None:
        """Let the process end by itself, which it does when nobody is on the line."""
        if self._line:
            self._line.close()
        if self._process:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_END_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End the process with the children that do its work, and remove its folder."""
        self._end()
        self._scratch.close()

    def _end(self) -> None:
        if self._line:
            with suppress(OSError):  # whoever waits for an answer hears at once that none comes
                self._line.shutdown(socket.SHUT_RDWR)
            self._line.close()
        if self._process:
            _kill(self._process)

    def _begun(self, program: str, patience: float) -> socket.socket:
        """Start the process without a network if that can be done, else with its settings alone."""
        token = secrets.token_hex(16)
        profile = make_profile(self._folder / "profile", token)
        deadline = monotonic() + patience
        try:
            return self._start(program, profile, token, deadline)
        except OfficeAbsentError:
            if not self.cut_off or monotonic() > deadline:
                raise
        self._end()  # one in a container of its own sees no pipe of ours
        self.cut_off = False
        return self._start(program, profile, token, deadline)

    def _start(self, program: str, profile: Path, token: str, deadline: float) -> socket.socket:
        """Start the process, and wait until it is on the line and has shown its token."""
        with _pipe() if self.cut_off else _port() as (server, address):
            before = without_network() if self.cut_off else ()
            self._process = _started((*before, program), profile, f'{MACRO}("{address}")')
            server.settimeout(_LOOK_SECONDS)
            while monotonic() < deadline and self._process.poll() is None:
                with suppress(TimeoutError):
                    self._line, _ = server.accept()
                    if self._hear(deadline) == token:
                        return self._line
                    self._line.close()
        if self._process.poll() is not None:
            raise OfficeAbsentError(say("LibreOffice ended as soon as it was started"))
        raise OfficeAbsentError(say("LibreOffice did not start in time"))

    def _ask(self, question: str, timeout: float) -> str:
        if self._line is None:
            raise OfficeLostError(say("LibreOffice ended while it worked on the document"))
        try:
            self._line.sendall(question.encode("ascii") + b"\n")
            return self._hear(monotonic() + timeout)
        except TimeoutError as late:
            reason = say("LibreOffice did not finish it within {seconds} seconds", seconds=timeout)
            raise OfficeLostError(reason) from late
        except OSError as lost:
            reason = say("LibreOffice ended while it worked on the document")
            raise OfficeLostError(reason) from lost

    def _hear(self, deadline: float) -> str:
        """Return the next line; TimeoutError after the deadline, OSError if nobody is there."""
        heard = b""
        while not heard.endswith(b"\n"):
            left = deadline - monotonic()
            if left <= 0 or self._line is None:
                raise TimeoutError
            self._line.settimeout(left)
            piece = self._line.recv(1 << 16)
            if not piece:
                raise ConnectionResetError
            heard += piece
        return heard[:-1].decode("ascii", "replace")


@contextmanager
def _port() -> Iterator[tuple[socket.socket, str]]:
    """Listen to this machine; yield the server and its address as LibreOffice writes it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server, f"socket,host=127.0.0.1,port={server.getsockname()[1]}"


@contextmanager
def _pipe() -> Iterator[tuple[socket.socket, str]]:
    """Listen to a pipe, which needs no network, for this user alone; likewise.

    LibreOffice looks for its pipes where sal/osl/unx/pipe.cxx says.
    """
    if sys.platform == "win32":
        raise OfficeAbsentError(say("LibreOffice does not start at all"))
    name = f"deliverables{secrets.token_hex(8)}"
    path = Path("/tmp", f"OSL_PIPE_{os.getuid()}_{name}")  # noqa: S108  # its name is not guessed
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
            disk().set_mode(path, OWNER_ONLY)
            server.listen()
            yield server, f"pipe,name={name}"
    finally:
        disk().remove(path)


def _started(command: tuple[str, ...], profile: Path, macro: str) -> subprocess.Popen[bytes]:
    options = ("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck")
    settings: dict[str, Any] = {}
    if os.name == "posix":
        settings = {"start_new_session": True, "umask": 0o077}
    if sys.platform == "linux":
        settings["env"] = {**os.environ, "LC_ALL": "C.UTF-8"}
    try:
        return subprocess.Popen(  # noqa: S603  # our own arguments, no shell
            [*command, f"-env:UserInstallation={profile.as_uri()}", *options, macro],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **settings,
        )
    except OSError as fault:
        reason = say("{program} cannot be started ({why})", program=command[-1], why=fault.strerror)
        raise OfficeAbsentError(reason) from fault


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        tree = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(tree, capture_output=True, check=False)  # noqa: S603  # a number of our own
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


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
