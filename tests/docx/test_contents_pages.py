"""A report opens with right page numbers, captions and references, and asks nobody anything."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import builders
import pytest
from click.testing import CliRunner
from lxml import etree
from office import KeptOpen
from pypdf import PdfReader

from deliverables.build import build
from deliverables.cli import main
from deliverables.docx.contents import put, shown_by
from deliverables.docx.package import Package, W, parse
from deliverables.docx.page_numbers import has_contents, page_numbers, with_page_numbers
from deliverables.examination import examine
from deliverables.files.digest import sha256_of
from deliverables.files.result import Result
from deliverables.folders import Folders
from deliverables.pdf.office import PdfPool
from deliverables.pdf.press import Press
from deliverables.plan import Outcome, Request
from deliverables.register import Entry, read_register

DAY = date(2026, 8, 3)
MOMENT = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(pool: PdfPool, tmp_path_factory: pytest.TempPathFactory) -> tuple[Folders, KeptOpen]:
    """The first quarter's report with its PDF, made once for the tests that only look."""
    folder = tmp_path_factory.mktemp("made")
    builders.project(folder / "data")
    folders, watched = Folders(folder / "data", folder / "out"), KeptOpen(pool)
    built(folders, watched, pdf=True)
    return folders, watched


def built(folders: Folders, pool: PdfPool | None, *, pdf: bool = False) -> tuple[Outcome, Press]:
    (examined,) = examine(folders)
    with Press(folders, pool, pdf=pdf) as press:
        request = Request(
            as_of=DAY,
            moment=MOMENT,
            command="",
            kinds=frozenset({"quarterly_report"}),
            parts=frozenset({"Q1"}),
        )
        paging = replace(request, paginate=press.paginate)
        (outcome,) = build(examined, folders, paging, press.put)
        list(press.printouts(MOMENT, ""))
    return outcome, press


@pytest.fixture
def report(made: tuple[Folders, KeptOpen]) -> Path:
    (path,) = made[0].out.rglob("*季度报告_Q1*.docx")
    return path


def entry_of(folders: Folders) -> Entry:
    entries, _ = read_register(folders.register(builders.NUMBER))
    return [one for one in entries if one.deliverable == "quarterly_report/Q1"][-1]


def body_of(path: Path) -> etree._Element:
    package = Package.read(path)
    return parse(package.parts[package.document])


def marks(path: Path) -> list[etree._Element]:
    return [mark for mark in body_of(path).iter(f"{W}fldChar") if mark.get(f"{W}dirty")]


def contents(path: Path) -> Mapping[str, tuple[str, str]]:
    """Return heading and page number of each entry of the contents, by bookmark."""
    found = {}
    for link in body_of(path).iter(f"{W}hyperlink"):
        bookmark = link.get(f"{W}anchor", "")
        shown = ["".join(run.itertext(f"{W}t")) for run in link.iter(f"{W}r")]
        texts = [text for text in shown if text]
        if bookmark.startswith("_Toc"):
            found[bookmark] = (texts[0], texts[-1])
    return found


def test_each_entry_names_the_page_that_its_heading_stands_on(report: Path) -> None:
    pages = ["".join(page.extract_text().split())
             for page in PdfReader(report.with_suffix(".pdf")).pages]  # fmt: skip
    entries = contents(report)
    assert len(entries) > 10
    assert len({page for _, page in entries.values()}) > 5
    for heading, page in entries.values():
        assert "".join(heading.split()) in pages[int(page) - 1], (heading, page)


def test_the_contents_of_the_pdf_say_the_same(report: Path) -> None:
    pdf = PdfReader(report.with_suffix(".pdf"))
    text = "".join("".join(page.extract_text().split()) for page in pdf.pages)
    for heading, page in contents(report).values():
        assert re.search(rf"{re.escape(''.join(heading.split()))}\W*{page}(?!\d)", text), heading


def test_word_is_not_asked_to_update_anything(report: Path) -> None:
    assert marks(report) == []
    assert b"updateFields" not in Package.read(report).parts["word/settings.xml"]


def test_the_register_says_that_pages_were_counted(made: tuple[Folders, KeptOpen]) -> None:
    assert entry_of(made[0]).details["contents"] == "counted"


def test_a_report_is_laid_out_once_for_its_pages_and_its_pdf(
    made: tuple[Folders, KeptOpen],
) -> None:
    assert made[1].asked == [True]


def test_the_same_data_give_the_same_bytes_with_and_without_a_pdf(
    made: tuple[Folders, KeptOpen], report: Path, folders: Folders, pool: PdfPool
) -> None:
    outcome, _ = built(folders, KeptOpen(pool))
    assert outcome.file is not None
    assert sha256_of(outcome.file) == sha256_of(report)
    watched = KeptOpen(pool)
    again, press = built(folders, watched)
    assert again.result is Result.UNCHANGED
    assert (watched.asked, press.done().counted) == ([], 0)
    without, press = built(folders, None)
    assert without.result is Result.UNCHANGED
    assert (press.done().counted, press.done().uncounted) == (0, 0)


def test_without_libreoffice_the_contents_show_no_pages_and_ask_nobody(folders: Folders) -> None:
    outcome, press = built(folders, None)
    assert outcome.file is not None
    assert (press.done().counted, press.done().uncounted) == (0, 1)
    assert marks(outcome.file) == []
    assert {page for _, page in contents(outcome.file).values()} == {"…"}
    assert entry_of(folders).details["contents"] == "uncounted"


@pytest.mark.processes
def test_a_libreoffice_that_fails_costs_the_numbers_and_not_the_report(folders: Folders) -> None:
    outcome, press = built(folders, PdfPool("no such program", processes=1))
    assert outcome.result is Result.MADE
    assert press.done().uncounted == 1
    assert "cannot be started" in str(press.done().fault)


def test_an_entry_without_a_page_leaves_the_contents_without_any(report: Path) -> None:
    package = Package.read(report)
    known = page_numbers(package)
    assert with_page_numbers(package, known) is not None
    assert with_page_numbers(package, {**known, next(iter(known)): "?"}) is None
    assert with_page_numbers(package, {}) is None


def test_a_letter_has_no_contents(root: Path) -> None:
    assert not has_contents(Package.read(root / "templates" / "payment_request.docx"))
    assert has_contents(Package.read(root / "templates" / "annual_summary.docx"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "before printing press Ctrl+A, F9 in Word (LibreOffice is not"),
        (
            ("--no-pages",),
            "before printing press Ctrl+A, F9 in Word (--no-pages)",
        ),
    ],
)
def test_build_says_who_counts(
    words: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    builders.project(Path("data"))
    command = ["--lang", "en", "build", "quarterly_report", "--period", "Q1"]
    result = CliRunner().invoke(main, [*command, "--as-of", "2026-08-03", *words])
    assert result.exit_code == 0
    assert told in result.stderr


_HYPHEN = f"{W}noBreakHyphen"


class Field:
    """A field as Word sees it: its instruction and what it shows now."""

    def __init__(self) -> None:
        self.instruction = self.shown = ""
        self.state = "begin"


def fields(root: etree._Element) -> Iterator[Field]:
    """Yield the fields in the order in which they end."""
    open_fields: list[Field] = []
    for item in root.iter(f"{W}fldChar", f"{W}instrText", f"{W}t", _HYPHEN):
        if item.tag == f"{W}fldChar":
            kind = item.get(f"{W}fldCharType")
            if kind == "begin":
                open_fields.append(Field())
            elif kind == "separate":
                open_fields[-1].state = "separate"
            else:
                yield open_fields.pop()
        elif item.tag == f"{W}instrText":
            open_fields[-1].instruction += item.text or ""
        else:
            for field in open_fields:
                if field.state == "separate":
                    field.shown += "-" if item.tag == _HYPHEN else item.text or ""


def bookmarked(root: etree._Element) -> dict[str, str]:
    """Return the text of each bookmark, as a REF field repeats it."""
    texts: dict[str, str] = {}
    names: dict[str, str] = {}
    for item in root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd", f"{W}t", _HYPHEN):
        key = item.get(f"{W}id", "")
        if item.tag == f"{W}bookmarkStart":
            names[key] = item.get(f"{W}name", "")
            texts[names[key]] = ""
        elif item.tag == f"{W}bookmarkEnd":
            names.pop(key, None)
        else:
            for name in names.values():
                texts[name] += "-" if item.tag == _HYPHEN else item.text or ""
    return texts


def stale_fields(root: etree._Element) -> list[str]:
    """Return the SEQ and REF fields that Word, updating all fields, would change."""
    counts: Counter[str] = Counter()
    marked = bookmarked(root)
    stale = []
    for field in fields(root):
        kind, *arguments = field.instruction.split()
        if kind == "SEQ":
            counts[arguments[0]] += 1
            right = str(counts[arguments[0]])
        elif kind == "REF":
            right = marked.get(arguments[0], "Error! Reference source not found.")
        else:
            continue
        if field.shown != right:
            stale.append(f"{field.instruction.strip()}: {field.shown} instead of {right}")
    return stale


def test_word_would_count_captions_and_references_the_same(report: Path) -> None:
    body = body_of(report)
    kinds = Counter(field.instruction.split()[0] for field in fields(body))
    assert kinds["SEQ"] > 5
    assert kinds["REF"] > 0
    assert stale_fields(body) == []


def test_a_stale_field_would_be_noticed(report: Path) -> None:
    body = body_of(report)
    counter = next(item for item in body.iter(f"{W}instrText") if "SEQ" in (item.text or ""))
    counter.text = (counter.text or "").replace("SEQ ", "SEQ 别的")
    put(shown_by(counter), "7")
    reference = next(item for item in body.iter(f"{W}instrText") if " REF " in (item.text or ""))
    reference.text = " REF caption_nothing \\h "
    assert [field.split()[0] for field in stale_fields(body)] == ["SEQ", "REF"]
