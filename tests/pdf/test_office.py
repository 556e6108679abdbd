"""LibreOffice stays, serves document after document, and is replaced when it is lost."""

from __future__ import annotations

import os
import signal
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep

import docx
import pytest
from pypdf import PdfReader

from deliverables.pdf import office as office_module
from deliverables.pdf.office import (
    PROGRAM,
    Office,
    OfficeAbsentError,
    OfficeError,
    OfficeLostError,
    PdfPool,
    shutil,
    soffice,
    without_network,
)

posix = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for LibreOffice")


def document(text: str) -> bytes:
    made, saved = docx.Document(), BytesIO()
    made.add_paragraph(text)
    made.save(saved)
    return saved.getvalue()


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def fake_program(folder: Path, script: str) -> str:
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def processes_of(pool: PdfPool) -> list[int]:
    return [office._process.pid for office in pool._running if office._process]


def is_gone(process: int) -> bool:
    """Return whether a process has ended; the system may not have buried it yet."""
    status = Path(f"/proc/{process}/stat")
    if status.exists():
        return status.read_text("utf-8").split()[2] in "ZX"
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_one_process_serves_document_after_document(pool: PdfPool) -> None:
    first = text_of(pool.convert(document("季度报告")).pdf)
    process = processes_of(pool)
    second = text_of(pool.convert(document("付款申请函")).pdf)
    assert ("季度报告" in first, "付款申请函" in second) == (True, True)
    assert processes_of(pool) == process


def test_threads_get_their_own_documents_back(pool: PdfPool) -> None:
    names = [f"第{number}号" for number in range(6)]
    with ThreadPoolExecutor(3) as threads:
        made = threads.map(lambda name: pool.convert(document(name)).pdf, names)
        assert ["".join(text_of(pdf).split()) for pdf in made] == names


@pytest.mark.parametrize("broken", [b"no document", b"PK\x03\x04 no package"])
def test_a_broken_document_does_not_hide_a_sound_one(pool: PdfPool, broken: bytes) -> None:
    pool.convert(document("甲"))
    before = processes_of(pool)
    with pytest.raises(OfficeError, match="LibreOffice could not convert it"):
        pool.convert(broken)
    assert "乙" in text_of(pool.convert(document("乙")).pdf)
    assert processes_of(pool) == before


def test_pages_are_counted_without_a_pdf(pool: PdfPool) -> None:
    assert pool.convert(document("甲"), pdf=False).pdf == b""


SPEAKS = """
import re, socket, sys, time
from pathlib import Path
from urllib.parse import unquote, urlsplit

profile = next(word for word in sys.argv if word.startswith("-env:UserInstallation="))
module = Path(unquote(urlsplit(profile.partition("=")[2]).path), "user/basic/Standard/Press.xba")
kind, number = re.search(r"(pipe,name=|port=)(\\w+)", sys.argv[-1]).groups()
if kind == "port=":
    line = socket.create_connection(("127.0.0.1", int(number)))
else:
    line = socket.socket(socket.AF_UNIX)
    (pipe,) = Path("/tmp").glob(f"OSL_PIPE_*_{number}")
    line.connect(str(pipe))
line.sendall(re.search("[0-9a-f]{32}", module.read_text("utf-8"))[0].encode() + b"\\n")
for told in line.makefile("r"):
    document, pdf = (Path(unquote(urlsplit(address).path)) for address in told.split())
    given = document.read_bytes()
    time.sleep(60 if given == b"slow" else 0)
    pdf.write_bytes(given)
    line.sendall(b"made\\n")
"""
"""A program that calls and answers as LibreOffice does, and gives back what it is given."""


@pytest.fixture
def speaking(tmp_path: Path) -> str:
    (tmp_path / "speaks.py").write_text(SPEAKS, "utf-8")
    return fake_program(tmp_path, f'exec {sys.executable} -I -S {tmp_path}/speaks.py "$@"')


@pytest.mark.processes
@posix
def test_a_killed_process_costs_no_document(speaking: str) -> None:
    with PdfPool(speaking, processes=1) as pool:
        pool.convert(b"one")
        (lost,) = processes_of(pool)
        os.killpg(lost, signal.SIGKILL)
        assert pool.convert(b"two").pdf == b"two"
        assert processes_of(pool) != [lost]


@pytest.mark.processes
@posix
def test_a_document_that_takes_too_long_ends_its_process_and_no_other_document(
    speaking: str,
) -> None:
    with PdfPool(speaking, processes=1) as pool:
        pool.convert(b"one")
        (slow,) = processes_of(pool)
        pool._timeout = 0.1
        with pytest.raises(OfficeLostError, match=r"not finish it within 0\.1 seconds"):
            pool.convert(b"slow")
        assert is_gone(slow)
        pool._timeout = 60
        assert pool.convert(b"two").pdf == b"two"


@pytest.mark.processes
@posix
def test_a_process_is_renewed_after_its_share(speaking: str) -> None:
    with PdfPool(speaking, processes=1, renew_after=1) as pool:
        pool.convert(b"one")
        assert processes_of(pool) == []
        assert pool.convert(b"two").pdf == b"two"


@posix
def test_libreoffice_ends_by_itself_when_the_toolkit_is_gone(with_libreoffice: str) -> None:
    office = Office(with_libreoffice)
    try:
        assert office._line is not None
        assert office._process is not None
        office._line.close()
        assert office._process.wait(30) == 0
    finally:
        office.kill()


@posix
def test_nothing_is_left_behind_not_even_of_one_that_is_at_work(with_libreoffice: str) -> None:
    with PdfPool(with_libreoffice, processes=1) as pool:
        pool.convert(document("甲"))
        (office,) = pool._running
        (process,) = processes_of(pool)
        assert stat.S_IMODE(office._folder.stat().st_mode) == 0o700
        assert not list(office._folder.glob("document.*"))
        pool._timeout = 0.001
        with pytest.raises(OfficeLostError):
            pool.convert(document("乙"))
    assert is_gone(process)
    assert not office._folder.exists()


@pytest.mark.processes
@posix
def test_one_that_never_calls_is_ended_with_its_children(tmp_path: Path) -> None:
    program = fake_program(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; wait")
    with pytest.raises(OfficeAbsentError, match="did not start in time"):
        Office(program, patience=0.5)
    child = int((tmp_path / "child").read_text("utf-8"))
    deadline = monotonic() + 10
    while not is_gone(child):
        assert monotonic() < deadline
        sleep(0.05)


@pytest.mark.processes
@posix
def test_one_that_ends_at_once_is_not_started_for_every_document(tmp_path: Path) -> None:
    program = fake_program(tmp_path, f"echo start >> {tmp_path}/starts; exit 0")
    with PdfPool(program, processes=1) as pool:
        for _ in range(3):
            with pytest.raises(OfficeAbsentError, match="ended as soon as it was started"):
                pool.convert(document("甲"))
    assert (tmp_path / "starts").read_text("utf-8").count("start") == len(
        {"", *without_network()[:1]}
    )


@pytest.mark.processes
def test_one_that_cannot_be_started_is_said_to(tmp_path: Path) -> None:
    with pytest.raises(OfficeAbsentError, match="cannot be started"):
        Office(str(tmp_path / "nothing"))


@pytest.mark.processes
@posix
def test_a_caller_without_the_token_is_not_served(tmp_path: Path) -> None:
    caller = (
        "import re, socket, sys\n"
        "port = int(re.search(r'port=(\\d+)', sys.argv[-1])[1])\n"
        "line = socket.create_connection(('127.0.0.1', port))\n"
        "line.sendall(b'a guess\\n')\n"
        "assert line.recv(100) == b''\n"
        f"open({str(tmp_path / 'refused')!r}, 'w').close()\n"
    )
    (tmp_path / "caller.py").write_text(caller, "utf-8")
    program = fake_program(tmp_path, f'exec {sys.executable} {tmp_path}/caller.py "$@"')
    with pytest.raises(OfficeAbsentError, match="ended as soon as it was started"):
        Office(program)
    assert (tmp_path / "refused").exists()


def test_the_variable_names_libreoffice_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PROGRAM, "")
    assert soffice() is None
    monkeypatch.setenv(PROGRAM, fake_program(tmp_path, "exit 0"))
    assert soffice() == str(tmp_path / "soffice")
    monkeypatch.setenv(PROGRAM, str(tmp_path / "nothing"))
    assert soffice() is None


def test_libreoffice_is_found_where_it_usually_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PROGRAM)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(office_module, "_PLACES", (tmp_path / "missing", tmp_path))
    assert soffice() == str(tmp_path)
    monkeypatch.setattr(office_module, "_PLACES", ())
    assert soffice() is None
