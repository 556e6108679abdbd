"""What a person cannot see is not taken silently; a date is what the cell shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import builders
import hostile
import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from deliverables.checks import check
from deliverables.import_mapping import ExportForm
from deliverables.import_rows import read_export
from deliverables.model.fields import DAY, MOMENT, MONTH, NotOfTypeError, ValueType
from deliverables.model.operations_sheets import Operations
from deliverables.model.roster_sheets import Roster
from deliverables.read.book import read_book
from deliverables.read.workbook import read_workbook
from deliverables.read.yaml import bind_contract, parse_yaml
from deliverables.values.calendar import load_calendar
from deliverables.values.problem import Problem


def read(book: Workbook, kind: Any = Operations) -> tuple[Any, list[Problem]]:
    made, problems = BytesIO(), list[Problem]()
    book.save(made)
    return read_workbook("Q1.xlsx", made.getvalue(), kind, problems), problems


def quarter(*outages: Mapping[str, Any]) -> Workbook:
    rows = [{**builders.FIRST_OUTAGE, **changed} for changed in outages or ({},)]
    return builders.workbook(
        Operations, builders.QUARTER_COVER, {"中断": rows, "资源台账": [builders.FIRST_STOCK]}
    )


def person(**changed: Any) -> Workbook:
    rows = [{**builders.FIRST_PERSON, **changed}]
    return builders.workbook(Roster, {"示例数据": "否"}, {"人员名册": rows})


class TestCharacters:
    @pytest.mark.parametrize(
        ("name", "code"),
        [("S001\u200b", "U+200B"), ("S\u202e001", "U+202E"), ("S001\u200e", "U+200E"),
         ("S\u00ad001", "U+00AD"), ("\ufeffS001", "U+FEFF"), ("S001\U000e0041", "U+E0041"),
         ("S\u2f00", "U+2F00"), ("S\u2ee2", "U+2EE2"), ("S\uf900", "U+F900"),
         ("S\U0010ff02", "U+10FF02")],
    )  # fmt: skip
    def test_one_is_refused_with_its_code_point_and_cell(self, name: str, code: str) -> None:
        found, (problem,) = read(person(编号=name), Roster)
        assert found is None
        assert str(problem.source) == "Q1.xlsx[人员名册]!A3"
        assert code in str(problem)

    @pytest.mark.parametrize(
        "name", ["𠮷", "﨑﨎﨏", "阿卜杜拉·买买提", "王　明", "Ａ栋一号", "€—…“”"]
    )
    def test_what_can_be_seen_is_taken_as_it_stands(self, name: str) -> None:
        found, problems = read(person(姓名=name), Roster)
        assert [str(problem) for problem in problems if "﨑" not in name] == []
        assert found.members[0].name == name

    @pytest.mark.parametrize(
        ("column", "written", "value"),
        [
            ("number", "Ｓ００１", "S001"),
            ("number", "S 001", "S 001"),
            ("name", "René".replace("é", "e\u0301"), "René"),
            ("identity_number", "999999199001010016\u00a0", "999999199001010016"),
            ("joined", "2026-04-30\u00a0", date(2026, 4, 30)),
        ],
    )
    def test_harmless_ones_are_read_and_said(self, column: str, written: str, value: Any) -> None:
        label = {"number": "编号", "name": "姓名", "identity_number": "证件号码",
                 "joined": "进入项目日期"}[column]  # fmt: skip
        found, problems = read(person(**{label: written}), Roster)
        assert getattr(found.members[0], column) == value
        assert [problem.code for problem in problems] == ["character-changed"][: written != value]

    def test_a_number_that_may_be_an_identity_is_not_shown(self) -> None:
        _, (problem,) = read(person(证件号码="9999991990\u200b01010016"), Roster)
        assert "U+200B" in str(problem)
        assert "9999991990" not in str(problem)

    def test_a_rare_character_of_a_private_font_is_kept_and_said(self) -> None:
        found, problems = read(person(姓名="赵\ue863"), Roster)
        assert found.members[0].name == "赵\ue863"
        assert [problem.code for problem in problems] == ["character-private"]

    def test_a_no_break_space_in_a_moment_is_read_and_said(self) -> None:
        found, problems = read(quarter({"开始时间": "2026-05-06\u00a023:50"}))
        assert found.outages[0].started == datetime(2026, 5, 6, 23, 50)
        assert "U+00A0" in str(problems[0])

    def test_other_mistakes_of_the_row_are_told_with_it(self) -> None:
        _, problems = read(quarter({"编号": "ZD\u200b-01", "受影响主机数": "many"}))
        assert [problem.code for problem in problems] == ["character-unseen", "wrong-type"]

    @pytest.mark.parametrize(
        "title", ["“十四五”政务云项目", "'“引号”'", "他说：“好”", "政务云（“云”）"]
    )
    def test_quotes_that_belong_to_a_text_stay(self, title: str) -> None:
        text = builders.CONTRACT.replace("title: 示范单位政务云运维服务项目", f"title: {title}")
        problems: list[Problem] = []
        tree = parse_yaml(text.encode(), "contract.yaml", problems)
        assert tree is not None
        contract = bind_contract(tree, problems)
        assert contract is not None
        assert contract.identity.title == title.strip("'")

    @pytest.mark.parametrize(
        "bank", ["“示范银行”", "‘示范银行’", "＂示范银行＂", "“示范银行", "示范银行”"]
    )
    def test_quotes_that_yaml_does_not_know_are_refused(self, bank: str) -> None:
        text = builders.CONTRACT.replace("bank: 示范银行", f"bank: {bank}")
        problems: list[Problem] = []
        assert parse_yaml(text.encode(), "contract.yaml", problems) is None
        assert [problem.code for problem in problems] == ["quotes-curly"]

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_an_export_in_utf_16_is_known_without_its_mark(
        self, encoding: str, tmp_path: Path
    ) -> None:
        file = tmp_path / "export.csv"
        file.write_bytes("Severity,Time\n高,2026-08-02\n".encode(encoding))
        problems: list[Problem] = []
        export = read_export(file, ExportForm(), problems)
        assert export is not None
        assert export.headers == ["Severity", "Time"]
        assert export.rows[0].cells == ["高", "2026-08-02"]

    def test_zero_bytes_that_are_no_utf_16_are_named(self, tmp_path: Path) -> None:
        file = tmp_path / "export.csv"
        file.write_bytes(b"a,b\n1\0,2\n\0\0")
        problems: list[Problem] = []
        assert read_export(file, ExportForm(), problems) is None
        assert [problem.code for problem in problems] == ["not-utf8"]


class TestDates:
    @pytest.mark.parametrize("written", [46148, 46148.0, date(2026, 5, 6), "2026-05-06"])
    def test_a_day_without_its_hour_is_no_moment_however_it_is_written(self, written: Any) -> None:
        with pytest.raises(NotOfTypeError):
            MOMENT.parse(written)

    @pytest.mark.parametrize(
        ("form", "sound"),
        [("yyyy-mm-dd", False), ("yyyy-mm-dd hh:mm", True), ("m/d/yyyy", False),
         ("yyyy年m月d日 h时", True)],
    )  # fmt: skip
    def test_midnight_is_a_moment_where_the_cell_shows_the_hour(
        self, form: str, *, sound: bool
    ) -> None:
        book = quarter({"恢复时间": datetime(2026, 5, 8)})
        book["中断"]["C3"].number_format = form
        found, problems = read(book)
        assert (found is not None) is sound
        assert [problem.code for problem in problems] == ["wrong-type"][: not sound]

    @pytest.mark.parametrize("written", [datetime(2026, 5, 6, 23, 50, 59, 999_400),
                                         46148.993749993, "2026-05-06 23:50:59.9994"])  # fmt: skip
    def test_fractions_of_a_second_go_to_the_nearest_second(self, written: Any) -> None:
        assert MOMENT.parse(written) == datetime(2026, 5, 6, 23, 51)

    @pytest.mark.parametrize(("type_", "raw"), [
        (DAY, date(1933, 10, 18)), (DAY, "1933-10-18"), (DAY, 12345), (DAY, "2101-01-01"),
        (DAY, "0001-12-31"), (DAY, "1900-12-31"), (MONTH, "9999-12"),
        (MOMENT, datetime(1933, 10, 18, 8)), (MONTH, "1933-10"), (DAY, "२०२६-०५-०६")])  # fmt: skip
    def test_a_day_outside_any_sense_is_refused(self, type_: ValueType, raw: Any) -> None:
        with pytest.raises(NotOfTypeError):
            type_.parse(raw)

    def test_a_column_declares_narrower_days(self) -> None:
        found, (problem,) = read(person(进入项目日期=date(2009, 12, 31)), Roster)
        assert found is None
        assert "expected a day from 2010-01-01 to 2060-12-31, found 2009-12-31" in str(problem)

    @pytest.mark.parametrize("written", [date(2026, 4, 30), 44680])
    def test_a_workbook_that_counts_from_1904_is_read_so(self, written: Any) -> None:
        book = person(进入项目日期=written)
        book.epoch = CALENDAR_MAC_1904
        found, problems = read(book, Roster)
        assert problems == []
        assert found.members[0].joined == date(2026, 4, 30)


class TestFaults:
    def test_an_error_in_one_cell_of_a_quarter_asks_for_no_file(self, tmp_path: Path) -> None:
        folder = builders.project(tmp_path)
        for number in (2, 3):
            builders.edit(
                folder, {"copy": "operations/Q1.xlsx", "to": f"operations/Q{number}.xlsx"}
            )
            cover = {"file": f"operations/Q{number}.xlsx", "sheet": "说明", "cell": "B2"}
            builders.edit(folder, {**cover, "value": number})
        wrong = {"file": "operations/Q2.xlsx", "sheet": "中断", "cell": "E3"}
        builders.edit(folder, {**wrong, "value": {"error": "#REF!"}})
        calendar, _ = load_calendar(tmp_path / "workdays")
        reading = read_book(folder, calendar)
        assert [problem.code for problem in reading.problems] == ["cell-error"]
        assert reading.book is not None
        assert "quarter-absent" not in {problem.code for problem in check(reading.book)}

    def test_an_error_in_a_workbook_of_libreoffice_is_an_error(self) -> None:
        cell = (
            '<table:table-row><table:table-cell table:formula="of:=1/0" office:value-type="string" '
            'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
            'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
            "</table:table-row>"
        )
        from deliverables.read.workbook_facts import facts_of

        faults = facts_of(hostile.open_document(cell)).sheets["人员名册"].faults
        assert {place: fault.error for place, fault in faults.items()} == {(1, "A"): "#DIV/0!"}
