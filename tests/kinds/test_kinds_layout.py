"""Every kind is laid out with two sorts of lines: its pages hold, and nothing stands alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import page_counts
import pytest
from documents import AS_OF, EVERY_KIND, fullest, makeable
from layout import Layout, Placed, as_printed, laid_out, moved, torn_numbers
from lettered import folders
from pages import require_preview_fonts
from scenarios import sample

from deliverables.docx.package import Package
from deliverables.folders import Folders
from deliverables.kinds import Kind, kinds
from deliverables.pdf.office import PdfPool
from deliverables.seal import Subject, sealing_form

BODY = 10
ROOMY = 0.88
"""How much of the last page of the longest body is filled at most: a few lines more still fit."""
MULTIPLE = 'w:line="240" w:lineRule="auto"'


@pytest.fixture(scope="module", autouse=True)
def with_the_preview_fonts() -> None:
    require_preview_fonts()


@pytest.fixture
def where(tmp_path) -> Folders:  # type: ignore[no-untyped-def]
    return folders(tmp_path)


@cache
def fullest_as_printed(kind: str, printed: Callable[[bytes], bytes]) -> Layout:
    document = fullest(kinds()[kind])
    return as_printed(document, printed(document))


@EVERY_KIND
def test_its_pages_hold_with_the_lines_of_another_program(
    kind: Kind,
    printed: Callable[[bytes], bytes],
    other_lines: PdfPool,
    request: pytest.FixtureRequest,
) -> None:
    ours = fullest_as_printed(kind.name, printed)
    theirs = laid_out(fullest(kind), other_lines)
    assert moved(ours, theirs) == []
    assert ours.faults() == []
    assert theirs.faults() == []
    assert ours.pages == theirs.pages
    if kind.sealing.numbered:
        assert ours.signed == 1, "a letter is signed on its first page, its annex begins another"
    row = page_counts.row_of(kind.title, ours, theirs)
    if request.config.getoption("--golden"):
        page_counts.written(row)
    assert row in page_counts.DOCUMENT.read_text("utf-8")


@pytest.mark.parametrize("kind", ["quarterly_report", "annual_summary"])
def test_page_one_holds_its_chapter_and_the_body_has_at_most_ten_pages_with_room_to_spare(
    kind: str, printed: Callable[[bytes], bytes]
) -> None:
    layout = fullest_as_printed(kind, printed)
    paragraphs = layout.paragraphs
    chapters = [place for place, each in enumerate(paragraphs) if each.style == "Heading1"]
    pages = {paragraphs[place].text: paragraphs[place].first for place in chapters}
    body = pages["编制口径"] - pages["概述"]
    assert body < BODY or (body == BODY and layout.filled[pages["编制口径"] - 2] <= ROOMY)
    page_one = paragraphs[chapters[0] : chapters[1]]
    assert {each.last for each in page_one} == {pages["概述"]}


def test_the_form_of_application_for_a_seal_is_one_page(
    pool: PdfPool, other_lines: PdfPool, where: Folders
) -> None:
    request = makeable(kinds()["payment_request"])[0]
    subject = Subject(
        number="示例〔2026〕1号", copies=2, pages=2, sha256="0" * 64, pdf_sha256="1" * 64, day=AS_OF
    )
    form = sealing_form(request, sample(), where, subject)
    assert [laid_out(form, each).pages for each in (pool, other_lines)] == [1, 1]


def test_lines_by_multiples_would_move_headings(pool: PdfPool, other_lines: PdfPool) -> None:
    kind = kinds()["settlement_statement"]
    document = fullest(kind)
    package = Package.of(document)
    styles = package.parts["word/styles.xml"].decode()
    loose, changed = re.subn(r'w:line="\d+" w:lineRule="exact"', MULTIPLE, styles)
    assert changed
    package.parts["word/styles.xml"] = loose.encode()
    document = package.to_bytes()
    assert moved(laid_out(document, pool), laid_out(document, other_lines)) != []


# What would be found


def row(number: int, page: int, *, style: str = "TableSmall", head: bool = False) -> Placed:
    return Placed(f"行{number}", style, page, page, table=0, row=number, repeated=head)


HEAD, SECOND = row(0, 1, style="TableHeader", head=True), row(2, 1)
WHOLE = (HEAD, row(1, 1), SECOND, row(3, 1))
AFTER = Placed("正文", "Paragraph", 1, 1)


@pytest.mark.parametrize(
    ("paragraphs", "fault"),
    [
        ((*WHOLE, row(4, 2, style="TableTotal")), "page 2: the total 行4 stands alone"),
        ((*WHOLE, row(4, 2)), "page 2: the last row 行4 stands alone"),
        (
            (HEAD, row(1, 1), row(2, 2), row(3, 2), row(4, 2)),
            "page 1: the first row 行1 stands alone",
        ),
        ((HEAD, row(1, 2), row(2, 2)), "page 1: the head of 行0 stands alone"),
        ((*WHOLE, Placed("数据来源：台账", "Source", 2, 2)), "page 2: 数据来源：台账 stands alone"),
        (
            (Placed("变更", "Heading1", 1, 1), replace(AFTER, first=2, last=2)),
            "page 1: the heading 变更 stands alone",
        ),
        (
            (Placed("表1-1资源", "Caption", 1, 1), row(0, 2, head=True)),
            "page 1: the caption 表1-1资源 stands alone",
        ),
        (
            (AFTER, Placed("表1-1资源", "Caption", 2, 2), row(0, 2, head=True)),
            "page 2: 表1-1资源 stands apart from what leads up to it",
        ),
        (
            (AFTER, Placed("图1-1资源", "FigureCaption", 2, 2, is_uppermost=True)),
            "page 2: 图1-1资源 stands alone",
        ),
        (
            (AFTER, Placed("示范乙方公司", "SignOff", 2, 2)),
            "page 2: the sign-off stands alone",
        ),
        (
            (AFTER, replace(AFTER, first=2, last=2), Placed("（盖章处）", "SealPlace", 2, 2)),
            "page 2: hardly anything stands beside the place for the seal",
        ),
        (
            (Placed("（盖章处）", "SealPlace", 1, 1), Placed("2027年5月25日", "SignOffDate", 2, 2)),
            "page 2: the sign-off is torn at 2027年5月25日",
        ),
    ],
)  # fmt: skip
def test_what_stands_alone_is_told(paragraphs: tuple[Placed, ...], fault: str) -> None:
    assert fault in Layout(paragraphs, (1.0, 1.0)).faults()


def test_a_table_that_goes_on_over_leaf_with_two_rows_on_each_side_is_sound() -> None:
    rows = (HEAD, row(1, 1), row(2, 1), row(3, 2), row(4, 2, style="TableTotal"))
    source = Placed("数据来源：台账", "Source", 2, 2)
    assert Layout((*rows, source), (0.9, 0.2)).faults() == []


def test_a_page_left_empty_is_told_unless_a_chapter_begins_after_it() -> None:
    text, chapter = replace(AFTER, last=2), Placed("说明", "Heading1", 2, 2, is_uppermost=True)
    assert Layout((text,), (0.6, 0.2)).faults() == ["page 1: only 60% of it is filled"]
    assert Layout((AFTER, chapter), (0.6, 0.2)).faults() == []
    assert Layout((AFTER, chapter), (0.4, 0.2)).faults() == ["page 1: only 40% of it is filled"]
    assert Layout((AFTER, replace(chapter, begins_page=True)), (0.2, 0.2)).faults() == []


@pytest.mark.parametrize(
    ("text", "second_line_from", "torn"),
    [
        ("自 2026-05-08 起", "08", ["2026-05-08"]),
        ("附表 3-1 所列", "1 所", ["3-1"]),
        ("达到 99.95% 以上", "%", ["99.95%"]),
        ("故障报告 GZ-2026-004。", "004", ["GZ-2026-004"]),
        ("自 2026-05-08 起", "起", []),
        ("共计 163,900 GB", "GB", []),
    ],
)
def test_a_number_on_two_lines_is_told(text: str, second_line_from: str, torn: list[str]) -> None:
    first = "".join(text[: text.index(second_line_from)].split())
    second = "".join(text[text.index(second_line_from) :].split())
    lines = [100.0] * len(first) + [113.0] * len(second)
    assert list(torn_numbers(text, lines)) == torn
