"""The small project on the way to the seal: its drafts, its final documents, scans of paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import builders
import pikepdf
from openpyxl import load_workbook

from deliverables.build import build
from deliverables.draft import recompose
from deliverables.examination import Examined, examine
from deliverables.files.digest import sha256_of
from deliverables.final import Finalised, Pressed, Wish, finalise
from deliverables.folders import Folders
from deliverables.plan import Planned, Request, plan
from deliverables.register import Entry, append, read_register
from deliverables.seal import Recorded, SealEvent, record
from deliverables.status import Stage

MADE, LATER = date(2026, 8, 3), date(2026, 8, 5)
MOMENT = datetime(2026, 8, 5, 9, 0, tzinfo=UTC)
LETTER, AGREEMENT = "payment_request/1", "confidentiality_agreement/S001"
COVERAGE, REPORT = "confidentiality_coverage/coverage", "quarterly_report/Q1"
IDENTITY_NUMBER = str(builders.FIRST_PERSON["证件号码"])


def project(folder: Path) -> Folders:
    """Make the small project and return its folders."""
    builders.project(folder / "data")
    return Folders(folder / "data", folder / "out")


def examined_in(folders: Folders) -> Examined:
    """Read and check the project; what a test asks for again is read again if a file changed."""
    files = [*folders.data.rglob("*.*"), *folders.out.rglob("register.jsonl")]
    content = frozenset((file, file.read_bytes()) for file in files if file.is_file())
    return _examined(folders, content)


@lru_cache(maxsize=2)
def _examined(folders: Folders, _files: frozenset[tuple[Path, bytes]]) -> Examined:
    (examined,) = examine(folders)
    return examined


def planned_in(folders: Folders, key: str, day: date = LATER) -> Planned:
    book = examined_in(folders).book
    assert book is not None
    return next(one for one in plan(book, folders, day) if one.deliverable.key == key)


def drafted(folders: Folders, key: str, day: date = MADE, **wishes: object) -> Path:
    """Build one document and return where its draft lies."""
    kind, part = key.split("/")
    request = Request(as_of=day, moment=MOMENT, command="deliverables build",
                      kinds=frozenset({kind}), parts=frozenset({part}))  # fmt: skip
    (outcome,) = build(examined_in(folders), folders, replace(request, **wishes), lambda _: None)
    assert outcome.file is not None, outcome
    return outcome.file


def finished(folders: Folders, key: str, pages: int = 2, **wishes: object) -> Finalised:
    """Make the draft of a document final, without LibreOffice."""
    wish = replace(Wish(moment=MOMENT, today=LATER), **wishes)
    return finalise(planned_in(folders, key), examined_in(folders), folders, wish, press(pages))


def final(folders: Folders, key: str, pages: int = 2, **wishes: object) -> Finalised:
    """Make a document and make it final; it must succeed."""
    drafted(folders, key)
    done = finished(folders, key, pages, **wishes)
    assert not done.problems, "\n".join(map(str, done.problems))
    return done


def as_if_final(folders: Folders, key: str, day: date, pages: int = 2) -> Entry:
    """Record a final document of a draft that has gaps, which no command would make final.

    It is for what comes after; the small project has too little data for a report without gaps.
    """
    planned = planned_in(folders, key, day)
    assert planned.made is not None
    file = folders.final(planned.deliverable)
    file.parent.mkdir(parents=True, exist_ok=True)
    made = replace(planned.made, as_of=day, draft=False)
    book = examined_in(folders).book
    assert book is not None
    file.write_bytes(recompose(made, book, folders).rendered())
    file.with_suffix(".pdf").write_bytes(pdf(pages))
    folder = folders.contract(builders.NUMBER)
    details = {
        "pages": str(pages),
        "pdf": file.with_suffix(".pdf").relative_to(folder).as_posix(),
        "pdf_sha256": sha256_of(file.with_suffix(".pdf")),
    }
    entry = replace(planned.made, event="final", file=file.relative_to(folder).as_posix(),
                    sha256=sha256_of(file), as_of=day, draft=False, details=details)  # fmt: skip
    return append(folders.register(builders.NUMBER), entry)


def happened(folders: Folders, key: str, stage: Stage, day: date, **facts: object) -> Recorded:
    """Record that something happened; a sealed copy has a scan of two pages."""
    event = SealEvent(stage=stage, day=day, as_of=date(2027, 12, 31), moment=MOMENT)
    if stage is Stage.SEALED and "paper" not in facts:
        facts = {**facts, "paper": scan(folders.data.parent)}
    if stage is Stage.ACCEPTED and "result" not in facts:
        facts = {**facts, "result": "通过"}
    return record(planned_in(folders, key, day), folders, replace(event, **facts))


def press(pages: int) -> Callable[[bytes], Pressed]:
    """Return a stand-in for LibreOffice that prints so many empty pages."""
    return lambda document: Pressed(document, pdf(pages), pages)


def pdf(pages: int) -> bytes:
    """Return a PDF of empty pages."""
    paper, buffer = pikepdf.new(), BytesIO()
    for _ in range(pages):
        paper.add_blank_page()
    paper.save(buffer)
    return buffer.getvalue()


def scan(folder: Path, pages: int = 2, name: str = "scan.pdf") -> Path:
    """Put a scan of so many pages in a folder."""
    path = folder / name
    path.write_bytes(pdf(pages))
    return path


def codes(done: Finalised) -> list[str]:
    return [problem.code for problem in done.problems]


def said(done: Finalised) -> str:
    return "\n".join(str(problem) for problem in done.problems)


def entries(folders: Folders) -> tuple[Entry, ...]:
    found, problems = read_register(folders.register(builders.NUMBER))
    assert problems == ()
    return found


def parts_of(document: Path | bytes) -> dict[str, bytes]:
    source = BytesIO(document) if isinstance(document, bytes) else document
    with ZipFile(source) as package:
        return {name: package.read(name) for name in package.namelist()}


def rewrite(document: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Save a document again after a change of its parts, as a word processor would."""
    parts = parts_of(document)
    change(parts)
    with ZipFile(document, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


def mend(
    document: Path, old: str, new: str, part: str = "word/document.xml", times: int = -1
) -> None:
    """Change words in one part of a document, everywhere or so many times."""

    def change(parts: dict[str, bytes]) -> None:
        assert old.encode() in parts[part], old
        parts[part] = parts[part].replace(old.encode(), new.encode(), times)

    rewrite(document, change)


def year(folder: Path) -> Folders:
    """Make the small project with all four quarters of its year."""
    builders.copy_of(_year, folder)
    return Folders(folder / "data", folder / "out")


def _year(folder: Path) -> None:
    all_quarters(project(folder))


def all_quarters(folders: Folders) -> None:
    """Add the other three quarters, so that the annual summary can be made."""
    folder = folders.data / builders.NUMBER / "operations"
    periods = [(date(2026, 7, 30), date(2026, 10, 29)), (date(2026, 10, 30), date(2027, 1, 29)),
               (date(2027, 1, 30), date(2027, 4, 29))]  # fmt: skip
    for number, (first, last) in enumerate(periods, start=2):
        book = load_workbook(folder / "Q1.xlsx")
        cover = book["说明"]
        cover["B2"], cover["B3"], cover["B4"] = number, first, last
        for name, sheet in _sheets(book):
            if name != "资源台账":
                sheet.delete_rows(3, sheet.max_row)
            elif sheet["A3"].value:
                sheet["E3"], sheet["F3"] = 10, 0
        book.save(folder / f"Q{number}.xlsx")


def _sheets(book: object) -> Iterator[tuple[str, object]]:
    return ((sheet.title, sheet) for sheet in book.worksheets if sheet.title != "说明")
