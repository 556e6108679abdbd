"""Documents as PDF, by LibreOffice: several in one start, each result told apart."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deliverables.files import write_atomically
from deliverables.message import Message, say
from deliverables.problem import Problem, warning
from deliverables.render.contents import countable
from deliverables.render.marks import without_marks
from deliverables.render.package import Package, parse, serialise
from deliverables.source import Line

_PLACES = (
    Path("C:/Program Files/LibreOffice/program/soffice.exe"),
    Path("C:/Program Files (x86)/LibreOffice/program/soffice.exe"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)


@dataclass(frozen=True, slots=True)
class Printed:
    """What became of one document: its PDF, or the problem that left it without one."""

    document: Path
    pdf: Path | None
    problem: Problem | None = None


def soffice() -> str | None:
    """Return where LibreOffice is, None if it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((str(place) for place in _PLACES if place.exists()), None)


def to_pdf(
    documents: Sequence[Path], folder: Path, timeout: float, program: str | None = None
) -> tuple[Printed, ...]:
    """Make a PDF of each document in `folder`, named as the document.

    LibreOffice gets a profile of its own, so that one open on the desktop is not disturbed, and
    `timeout` seconds for all of them. PDFs made before it ran out are kept.
    """
    if len({document.stem for document in documents}) < len(documents):
        raise ValueError("two documents would become one PDF: their names are equal")
    program = program or soffice()
    if program is None:
        return tuple(Printed(document, None, _absent(document)) for document in documents)
    with tempfile.TemporaryDirectory(prefix="deliverables-") as work:
        copies = {_copy(document, n, Path(work)): document for n, document in enumerate(documents)}
        fault = _run(program, list(copies), Path(work), timeout)
        return tuple(
            _collect(copy, document, folder, fault) for copy, document in copies.items()
        )  # fmt: skip


def _copy(document: Path, number: int, work: Path) -> Path:
    """Copy a document under a plain name, its contents in a form that LibreOffice counts."""
    copy = work / f"{number:04}{document.suffix}"
    if document.suffix == ".docx":
        package = Package.read(document)
        for part in package.stories():
            # LibreOffice would set figures closer to their neighbours, and break pages elsewhere.
            package.parts[part] = serialise(countable(without_marks(parse(package.parts[part]))))
        copy.write_bytes(package.to_bytes())
    else:
        shutil.copyfile(document, copy)
    return copy


def _run(program: str, documents: Sequence[Path], work: Path, timeout: float) -> Message | None:
    """Convert, and return why LibreOffice could not be started or did not end by itself."""
    command = [
        program,
        f"-env:UserInstallation={(work / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        "pdf",
        "--outdir",
        str(work),
        *(str(document) for document in documents),
    ]
    try:
        process = subprocess.Popen(  # noqa: S603  # our own arguments, no shell
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name == "posix",
        )
    except OSError as fault:
        return say("{program} cannot be started ({why})", program=program, why=fault.strerror or "")
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        _end(process)
        return say("LibreOffice did not end within {seconds} seconds", seconds=timeout)
    return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice with the child that does its work."""
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _collect(copy: Path, document: Path, folder: Path, fault: Message | None) -> Printed:
    made = copy.with_suffix(".pdf")
    if not made.is_file():
        why = fault or say("LibreOffice made no PDF of it")
        return Printed(document, None, _failed(document, why))
    target = folder / f"{document.stem}.pdf"
    write_atomically(target, made.read_bytes())
    return Printed(document, target)


def _absent(document: Path) -> Problem:
    return warning(
        "pdf-no-libreoffice",
        Line(document.name),
        say("no PDF was made: LibreOffice is not installed"),
        say("install LibreOffice, or save the document as PDF in Word or WPS"),
    )


def _failed(document: Path, why: Message) -> Problem:
    return warning(
        "pdf-failed",
        Line(document.name),
        say("no PDF was made: {why}", why=why),
        say(
            "open the document in Word or WPS to see whether it is whole, and save it as PDF there"
        ),
    )
