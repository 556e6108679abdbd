"""Memory follows what a file shows: each bound is met before anything is loaded, and told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZipFile

import builders
import hostile
import pytest

from deliverables.import_mapping import ExportForm
from deliverables.import_rows import read_export
from deliverables.model.roster_sheets import Roster
from deliverables.read.files import contents
from deliverables.read.workbook import read_workbook
from deliverables.values import limits
from deliverables.values.problem import Problem

TOO_LARGE = "staff.xlsx[人员名册]: error[sheet-too-large] the sheet is too large: "


def said(data: bytes) -> list[str]:
    problems: list[Problem] = []
    assert read_workbook("staff.xlsx", data, Roster, problems) is None
    return [str(problem).partition(". Fix: ")[0] for problem in problems
            if problem.code != "workbook-format"]  # fmt: skip


def sheet_with(cells: str) -> bytes:
    rows = f"<row>{cells}</row></sheetData>".encode()
    change: Callable[[bytes], bytes] = lambda xml: xml.replace(b"</sheetData>", rows)  # noqa: E731
    return hostile.with_part(hostile.SHEET, change)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="XFD1048576"><v>1</v></c>',
        '<c s="1" r="XFD1048576"><v>1</v></c>',
        "<c r='XFD1048576'><v>1</v></c>",
        '<c\nr = "XFD1048576"\n><v>1</v></c>',
        '<y:c xmlns:y="u" r="XFD1048576"><v>1</v></y:c>',
        '<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>',
        '<c r="A3"><v>1</v></c><!-- --><c r="XFD1048576"><f>1</f></c>',
    ],
)
def test_a_lone_cell_far_away_is_named_however_it_is_written(cell: str) -> None:
    assert said(sheet_with(cell)) == [
        f"{TOO_LARGE}it reaches to XFD1048576, at most 500,000 rows are read"
    ]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("A500001", "it reaches to R500001, at most 500,000 rows are read"),
        ("IW3", "it reaches to IW3, at most 256 columns are read"),
        ("IV20000", "it reaches to IV20000, at most 5,000,000 cells are read"),
    ],
)
def test_rows_columns_and_cells_are_bounded_each_by_itself(cell: str, words: str) -> None:
    assert said(sheet_with(f'<c r="{cell}"><v>1</v></c>')) == [TOO_LARGE + words]


def test_far_cells_that_are_only_formatted_do_not_count() -> None:
    problems: list[Problem] = []
    data = sheet_with('<c r="XFD1048576" s="1"/>')
    assert read_workbook("staff.xlsx", data, Roster, problems) is not None
    assert problems == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("the same, written as no office program does", f"{TOO_LARGE}it reaches to XFD1048576"),
        ("Excel 97, a lone cell in row and column 65,535", "it reaches to CRXP65536"),
        ("LibreOffice, a row of 16,384 cells a million times", "it reaches to XFD1000000"),
        ("LibreOffice, four billion empty cells before one", "at most 256 columns are read"),
        ("a text of 32,767 characters in 300,000 cells", "its cells show more than 300 MB of text"),
    ],
)
def test_a_file_that_claims_too_much_is_refused_with_the_bound(name: str, words: str) -> None:
    (problem,) = said(hostile.WORKBOOKS[name]())
    assert words in problem


def test_a_part_that_inflates_to_more_than_it_claims_is_left_where_it_does() -> None:
    filler = b"<row><c><v>1</v></c></row>"
    data = hostile.inflating(hostile.SHEET, hostile.HEAD, filler, 60_000_000, hostile.TAIL, 10_000)
    assert said(data) == ["staff.xlsx[人员名册]: error[sheet-unreadable] the sheet is damaged"]


@pytest.mark.parametrize(
    ("name", "bound"), [("LARGEST_PACKAGE", 5_000), ("MOST_PARTS", 5), ("MOST_STRINGS", 1)]
)
def test_parts_texts_and_the_whole_are_bounded(
    name: str, bound: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("input_package", "workbook_facts", "reach"):
        target = f"deliverables.read.{module}.{name}"
        monkeypatch.setattr(target, bound, raising=False)
    strings = hostile.TEXTS + b"<si><t>x</t></si>" * 3 + b"</sst>"
    (problem,) = said(hostile.with_part(hostile.STRINGS, lambda _: strings))
    assert "error[workbook-too-large]" in problem


def test_a_package_that_two_programs_could_read_in_two_ways_is_refused() -> None:
    twice = BytesIO(hostile.roster())
    with pytest.warns(UserWarning, match="Duplicate name"), ZipFile(twice, "a") as package:
        package.writestr(hostile.SHEET, "<worksheet/>")
    in_other_case = hostile.with_part(hostile.SHEET.upper(), lambda _: b"<worksheet/>")
    behind = hostile.roster() + b"PK"
    for data in (twice.getvalue(), in_other_case, behind):
        (problem,) = said(data)
        assert "error[not-a-workbook]" in problem


def test_a_way_of_packing_that_no_office_program_uses_is_refused() -> None:
    packed = BytesIO()
    with ZipFile(BytesIO(hostile.roster())) as package, ZipFile(packed, "w", ZIP_BZIP2) as made:
        for name in package.namelist():
            made.writestr(name, package.read(name))
    (problem,) = said(packed.getvalue())
    assert "error[not-a-workbook]" in problem


@pytest.mark.parametrize("name", sorted(hostile.YAML))
def test_yaml_that_grows_is_refused_with_the_bound(name: str) -> None:
    (problem, *_) = hostile.said_of(name, hostile.YAML[name]())
    assert problem.code in ("wrong-type", "yaml-too-large", "yaml-alias")


def test_a_text_longer_than_a_cell_can_hold_is_refused_in_yaml_too() -> None:
    text = builders.CONTRACT.replace("示范银行", "行" * 32_768)
    (problem,) = hostile.said_of("YAML of 50 MB", text.encode())
    assert problem.code == "yaml-too-large"
    assert "at most 32,767 are read" in str(problem)


def test_an_export_of_endless_fields_or_rows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deliverables.import_rows.MOST_ROWS", 1_000)
    file = tmp_path / "export.csv"
    for text, words in (
        ('a,b\n1,"' + "x" * 200_000, "longer than the 131,072 characters"),
        ("a,b\n" + "1,2\n" * 1_000, "more rows than the 1,000"),
    ):
        file.write_text(text)
        problems: list[Problem] = []
        assert read_export(file, ExportForm(), problems) is None
        (problem,) = problems
        assert problem.code == "export-too-large"
        assert words in str(problem)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        return
    os.mkfifo(tmp_path / "staff.xlsx")
    problems: list[Problem] = []
    assert contents(tmp_path / "staff.xlsx", problems) is None
    assert problems[0].code == "file-unreadable"


@pytest.mark.processes
def test_no_refusal_takes_more_than_a_few_megabytes() -> None:
    if not Path("/proc/self/clear_refs").exists():  # Linux alone tells the peak
        return
    small = [name for name in (*hostile.WORKBOOKS, *hostile.YAML) if "00 MB" not in name]
    done = subprocess.run(
        [sys.executable, hostile.__file__, *small], check=True, capture_output=True, text=True
    )
    told = [line.split("|") for line in done.stdout.splitlines()[2:]]
    assert [cells[1].strip() for cells in told] == small
    assert [cells for cells in told if int(cells[3].removesuffix("MB ")) >= 40] == []


def test_the_bounds_lie_above_what_a_contract_needs() -> None:
    assert limits.MOST_CELLS >= 300_000 * 16
    assert limits.MOST_ROWS >= 300_000
