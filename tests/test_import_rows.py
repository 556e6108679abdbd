"""Exports of other systems become rows of a quarter: exactly, once, and nothing else changes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import builders
import finished
import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook

from deliverables.cli import main
from deliverables.model.operations_sheets import Operations
from deliverables.read.workbook import read_workbook
from deliverables.xlsx import rows
from deliverables.xlsx.forms import write_workbook

Q1 = Path("data/HT-2026-001/operations/Q1.xlsx")
LEDGER = Path("data/HT-2026-001/ledger.xlsx")
ALARMS = """\
columns:
  编号: ID
  告警时间: {from: Time, zone: UTC, format: "%Y-%m-%d %H:%M:%S"}
  恢复时间: {from: Until, zone: UTC, format: "%Y-%m-%d %H:%M:%S", empty: ["-"]}
  级别: {from: Severity, values: {High: 主要, Warning: 警告}}
  类别: {constant: 计算}
  告警对象: Host
  数据来源: {constant: 监控系统}
"""
USAGE = """\
columns:
  月份: month
  业务系统: app
  主机名称: host
  vCPU: cpus
  内存: {from: mem_mb, factor: 1/1024}
  存储: {from: disk_mb, factor: 1/1024}
  CPU平均使用率: {from: cpu_avg, factor: 100}
  CPU峰值使用率: {from: cpu_max, factor: 100}
  内存平均使用率: mem_avg
  内存峰值使用率: mem_max
  存储已用: {from: used_mb, factor: 1/1024}
"""
ONE = "ID,Time,Until,Severity,Host\nA-1,2026-05-01 18:00:00,2026-05-01 18:30:15,High,node-1\n"

Import = Callable[..., Result]


@pytest.fixture
def take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Import:
    """Import a CSV text by a mapping text into a small sound project; KIND and options follow."""
    monkeypatch.chdir(tmp_path)
    builders.project(Path("data"))

    def run(export: str | bytes, mapping: str, kind: str = "告警", *options: str) -> Result:
        data = export.encode() if isinstance(export, str) else export
        Path("export.csv").write_bytes(data)
        Path("map.yaml").write_text(mapping, "utf-8")
        words = ["--lang", "en", "import", kind, "export.csv", "--mapping", "map.yaml", *options]
        result = CliRunner().invoke(main, words)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def quarter(path: Path = Q1) -> Operations:
    """Read the workbook as `check` does; it must be sound."""
    problems: list[object] = []
    found = read_workbook(path.as_posix(), path.read_bytes(), Operations, problems)  # type: ignore[arg-type]
    assert found is not None, problems
    return found


class TestWhatIsTaken:
    def test_a_time_in_utc_becomes_the_time_on_a_clock_in_beijing(self, take: Import) -> None:
        result = take(ONE, ALARMS)
        assert result.exit_code == 0
        assert f"{Q1.as_posix()}[告警]: rows added: 1" in result.stdout
        (alarm,) = quarter().alarms
        assert (alarm.number, alarm.level, alarm.kind) == ("A-1", "主要", "计算")
        assert alarm.raised == datetime(2026, 5, 2, 2, 0)
        assert alarm.cleared == datetime(2026, 5, 2, 2, 30, 15)

    @pytest.mark.parametrize("name", ["告警", "alarms", "Alarm"])
    def test_a_sheet_has_a_chinese_and_an_english_name(self, take: Import, name: str) -> None:
        assert take(ONE, ALARMS, name).exit_code == 0

    @pytest.mark.parametrize(
        "encoded",
        [
            ONE.replace("node-1", "节点1").encode("utf-8"),
            ONE.replace("node-1", "节点1").encode("utf-8-sig"),
            ONE.replace("node-1", "节点1").encode("gb18030"),
            ONE.replace("node-1", "节点1").encode("utf-16"),
            b"sep=;\r\n" + ONE.replace("node-1", "节点1").replace(",", ";").encode("gbk"),
            ONE.replace("node-1", "节点1").replace(",", "\t").replace("\n", "\r\n").encode(),
        ],
        ids=["utf-8", "byte order mark", "gb18030", "utf-16", "sep line", "tabs"],
    )
    def test_encoding_and_delimiter_are_seen_from_the_file(
        self, take: Import, encoded: bytes
    ) -> None:
        assert take(encoded, ALARMS).exit_code == 0
        assert quarter().alarms[0].target == "节点1"

    def test_units_are_converted_exactly(self, take: Import) -> None:
        export = (
            "month,app,host,cpus,mem_mb,disk_mb,cpu_avg,cpu_max,mem_avg,mem_max,used_mb\n"
            "2026-05,审批系统,node-1,4,16000,102400,0.005,0.8532,45.5%,99,1\n"
        )
        assert take(export, USAGE, "usage", "--period", "Q1").exit_code == 0
        _, usage = quarter().usage
        assert usage.month == date(2026, 5, 1)
        assert [str(n) for n in (usage.memory, usage.storage, usage.storage_used)] == [
            "15.625", "100", "0.0009765625"
        ]  # fmt: skip
        assert [str(n) for n in (usage.cpu_average, usage.cpu_peak)] == ["0.5", "85.32"]

    def test_seconds_since_1970_are_a_time(self, take: Import) -> None:
        mapping = ALARMS.replace("zone: UTC, ", "").replace('"%Y-%m-%d %H:%M:%S"', "epoch")
        export = "ID,Time,Until,Severity,Host\nA-1,1777658400,-,High,n\n"
        assert take(export, mapping).exit_code == 0
        assert quarter().alarms[0].raised == datetime(2026, 5, 2, 2, 0)

    def test_a_long_number_stays_text_to_its_last_digit(self, take: Import) -> None:
        number = "2026050112345678901234567890"
        take(ONE.replace("A-1", number), ALARMS)
        assert quarter().alarms[0].number == number
        assert load_workbook(Q1)["告警"]["A3"].data_type == "s"

    def test_text_that_looks_like_a_formula_stays_text(self, take: Import) -> None:
        take(ONE.replace("node-1", "=1+1"), ALARMS)
        assert quarter().alarms[0].target == "=1+1"

    def test_a_workbook_is_an_export_too(self, take: Import) -> None:
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.append(["made by a system"])
        sheet.append(["ID", "Time", "Until", "Severity", "Host"])
        sheet.append([17, datetime(2026, 5, 1, 18), None, "High", "n"])
        book.save("export.xlsx")
        mapping = "file: {header_row: 2}\n" + ALARMS
        assert take(Path("export.xlsx").read_bytes(), mapping).exit_code == 0
        (alarm,) = quarter().alarms
        assert (alarm.number, alarm.raised) == ("17", datetime(2026, 5, 2, 2))

    def test_what_was_imported_is_what_check_accepts(self, take: Import) -> None:
        take(ONE, ALARMS)
        result = CliRunner().invoke(main, ["--lang", "en", "check"])
        assert "0 errors, 0 warnings, 0 gaps" in result.stderr


class TestWhatIsSkipped:
    @pytest.mark.parametrize(
        ("row", "reason", "words"),
        [
            ("A-1,2026-05-01 18:00:00,-,Fatal,n", "unfit", "级别: expected one of 紧急 / 主要"),
            ("A-1,1 May 2026,-,High,n", "unfit", "expected a time in the form %Y-%m-%d"),
            (",2026-05-01 18:00:00,-,High,n", "unfit", "编号 is empty"),
            ("2.02605E+17,2026-05-01 18:00:00,-,High,n", "unfit", "Excel keeps only 15 digits"),
            ("A-1,2026-07-29 16:00:00,-,High,n", "no-workbook", "Q2.xlsx does not exist"),
            ("A-1,2025-01-01 00:00:00,-,High,n", "outside", "in no quarter of the contract"),
            ("A-1,2026-05-01 18:00:00", "unfit", "级别 is empty; 告警对象 is empty"),
        ],
    )
    def test_a_row_is_skipped_with_its_line_and_the_reason(
        self, take: Import, row: str, reason: str, words: str
    ) -> None:
        before = Q1.read_bytes()
        answer = take(f"ID,Time,Until,Severity,Host\n{row}\n", ALARMS, "告警", "--format", "json")
        (facts,) = json.loads(answer.stdout)["imports"]
        assert facts["counts"] == {reason: 1}
        (skipped,) = facts["skipped"]
        assert skipped["place"] == "export.csv:2:1"
        assert words in skipped["message"]
        assert Q1.read_bytes() == before
        assert answer.exit_code == (0 if reason == "outside" else 1)

    def test_a_quarter_that_was_chosen_takes_no_row_of_another(self, take: Import) -> None:
        export = ONE + "A-2,2026-08-01 00:00:00,-,High,n\n"
        result = take(export, ALARMS, "告警", "--period", "Q1")
        assert "2026-08-01 is outside Q1, which runs from 2026-04-30 to 2026-07-29" in result.stdout
        assert [alarm.number for alarm in quarter().alarms] == ["A-1"]

    def test_a_month_of_two_quarters_needs_a_choice(self, take: Import) -> None:
        export = (
            "month,app,host,cpus,mem_mb,disk_mb,cpu_avg,cpu_max,mem_avg,mem_max,used_mb\n"
            "2026-07,审批系统,node-1,4,1024,1024,0.05,0.8,45,99,1024\n"
        )
        assert "lies in Q1, Q2: choose one with --period" in take(export, USAGE, "usage").stdout
        assert take(export, USAGE, "usage", "--period", "Q1").exit_code == 0

    def test_filters_leave_rows_out(self, take: Import) -> None:
        mapping = ALARMS + "where:\n  - {column: Severity, is_not: [High]}\n"
        assert 'Severity is "High"' in take(ONE, mapping).stdout

    def test_a_conversion_without_an_end_is_refused(self, take: Import) -> None:
        export = (
            "month,app,host,cpus,mem_mb,disk_mb,cpu_avg,cpu_max,mem_avg,mem_max,used_mb\n"
            "2026-05,审批系统,node-1,4,1000,1024,0.05,0.8,45,99,1024\n"
        )
        result = take(export, USAGE.replace("1/1024", "1/3"), "usage", "--period", "Q1")
        assert "内存: expected a value that can be converted exactly" in result.stdout

    def test_rows_are_imported_once(self, take: Import) -> None:
        take(ONE, ALARMS)
        before = Q1.read_bytes()
        again = take(ONE + "A-1,2026-05-01 18:00:00,-,High,node-1\n", ALARMS)
        assert "A-1 is in row 3" in again.stdout
        assert Q1.read_bytes() == before

    def test_they_are_taken_back_as_what_any_command_entered(self, take: Import) -> None:
        before = Q1.read_bytes()
        take(ONE, ALARMS)
        assert Q1.read_bytes() != before
        assert finished.run("undo").exit_code == 0
        assert Q1.read_bytes() == before

    def test_a_row_that_differs_from_the_one_there_changes_nothing(self, take: Import) -> None:
        take(ONE, ALARMS)
        before = Q1.read_bytes()
        again = take(ONE.replace("High", "Warning"), ALARMS)
        assert "A-1 is in row 3, where 级别 differ" in again.stdout
        assert again.exit_code == 1
        assert Q1.read_bytes() == before

    def test_a_row_twice_in_the_export_is_taken_once(self, take: Import) -> None:
        result = take(ONE + ONE.splitlines()[1] + "\n", ALARMS)
        assert "A-1 stands in line 2 already" in result.stdout
        assert len(quarter().alarms) == 1

    def test_lines_are_counted_through_quoted_breaks(self, take: Import) -> None:
        export = ONE.replace("node-1", '"node\n1"') + "A-2,x,-,High,n\n"
        assert "export.csv:4:1: 告警时间" in take(export, ALARMS).stdout


class TestTheMapping:
    @pytest.mark.parametrize(
        ("mapping", "words"),
        [
            (ALARMS.replace("  告警对象: Host\n", ""), "告警对象 must be filled on the sheet 告警"),
            (ALARMS.replace("告警对象:", "告警目标:"), 'no column "告警目标"'),
            (ALARMS.replace("Host", "Hosts"), 'export.csv has no column "Hosts"'),
            (ALARMS.replace("zone: UTC", "zone: Mars", 1), "expected a time zone such as UTC"),
            (ALARMS.replace("{constant: 计算}", "{factor: x}"), "either from or constant"),
            (ALARMS + "wher: []\n", 'the key "wher" is not known'),
            (ALARMS + "sheet: 工单\n", 'the mapping is for "工单", asked for is 告警'),
            (ALARMS + "where:\n  - {column: Severity}\n", "expected either is or is_not"),
            (ALARMS + "file: {encoding: latin}\n", "expected one of utf-8, gbk, gb18030, utf-16"),
            (ALARMS + "file: {header_row: 0}\n", "expected a row number such as 1"),
            (ALARMS + "key: [序号]\n", 'no column "序号"'),
            ("- 编号\n", "expected keys and values, one per line"),
            ("columns: 编号\n", "expected keys and values, one per line"),
        ],
    )
    def test_what_is_wrong_with_it_is_said_and_nothing_written(
        self, take: Import, mapping: str, words: str
    ) -> None:
        before = Q1.read_bytes()
        result = take(ONE, mapping)
        assert result.exit_code == 1
        assert words in result.stderr
        assert Q1.read_bytes() == before

    def test_everything_wrong_with_it_is_said_at_once(self, take: Import) -> None:
        wrong = ALARMS.replace("告警对象:", "告警目标:").replace("zone: UTC", "zone: Mars")
        assert take(ONE, wrong).stderr.count("map.yaml:") == 4

    @pytest.mark.parametrize(
        ("kind", "options", "words"),
        [
            ("告惊", (), "did you mean 告警?"),
            ("alarm list", ("--period", "Q9"), "there is no sheet alarm list"),
            ("告警", ("--period", "Q9"), "there is no quarter Q9; there are Q1, Q2, Q3, Q4"),
            ("告警", ("--contract", "HT-9"), "data holds no contract HT-9"),
        ],
    )
    def test_wrong_use_names_what_would_be_right(
        self, take: Import, kind: str, options: tuple[str, ...], words: str
    ) -> None:
        result = take(ONE, ALARMS, kind, *options)
        assert result.exit_code == 2
        assert words in result.stderr

    def test_a_sheet_without_dates_needs_the_quarter(self, take: Import) -> None:
        mapping = "columns: {编号: Host, 类别: {constant: 计划}, 内容: Host}\n"
        assert "choose the quarter with --period" in take(ONE, mapping, "问题与计划").stderr
        assert take(ONE, mapping, "问题与计划", "--period", "Q1").exit_code == 0


class TestTheWorkbook:
    def test_dry_run_says_the_same_and_writes_nothing(self, take: Import) -> None:
        before = Q1.read_bytes()
        result = take(ONE, ALARMS, "告警", "--dry-run")
        assert "rows that would be added: 1" in result.stdout
        assert Q1.read_bytes() == before

    def test_every_other_part_of_the_file_stays_byte_for_byte(self, take: Import) -> None:
        book = load_workbook(Q1)
        own = book.create_sheet("我的草算")
        own["A1"], own["B1"] = 1, "=A1*2"
        book["告警"]["J1"] = "我的备注列"
        book["告警"]["J9"].number_format = "0.0"
        book.save(Q1)
        before = parts_of(Q1)
        assert take(ONE, ALARMS).exit_code == 0
        after = parts_of(Q1)
        (sheet,) = [name for name in before if before[name] != after[name] and "sheet" in name]
        assert set(before) == set(after)
        assert {name for name in before if before[name] != after[name]} == {sheet, "xl/styles.xml"}
        kept = load_workbook(Q1)
        assert kept["告警"]["J1"].value == "我的备注列"
        assert kept["我的草算"]["B1"].value == "=A1*2"

    def test_values_of_formulas_survive(self, take: Import) -> None:
        computed = b'<c r="J1"><f>1+1</f><v>2</v></c></row>'
        rewrite(Q1, "告警", lambda xml: xml.replace(b"</row>", computed, 1))
        take(ONE, ALARMS)
        assert load_workbook(Q1, data_only=True)["告警"]["J1"].value == 2

    @pytest.mark.thorough
    def test_drop_downs_hints_and_looks_reach_the_new_rows(self, take: Import) -> None:
        blank = write_workbook(None, Operations, quarter().cover)
        Q1.write_bytes(blank)
        lines = [f"A-{n},2026-05-01 18:00:00,-,High,n" for n in range(2100)]
        take("ID,Time,Until,Severity,Host\n" + "\n".join(lines), ALARMS)
        sheet = load_workbook(Q1)["告警"]
        assert sheet["B3"].number_format == "yyyy-mm-dd hh:mm"
        assert sheet["B3"].value == datetime(2026, 5, 2, 2)
        levels = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
        assert [str(one.sqref) for one in levels] == ["D3:D2102"]
        assert sheet.freeze_panes == "B3"
        assert sheet.column_dimensions["B"].width == load_workbook_width(blank)
        assert len(quarter().alarms) == 2100

    def test_rows_go_below_the_last_one_in_its_look(self, take: Import) -> None:
        take(ONE, ALARMS)
        book = load_workbook(Q1)
        book["告警"]["B3"].number_format = "yyyy/m/d h:mm"
        book["告警"]["A9"].number_format = "@"  # an empty row that somebody formatted
        book.save(Q1)
        take(ONE.replace("A-1", "A-2"), ALARMS)
        sheet = load_workbook(Q1)["告警"]
        assert [sheet["A4"].value, sheet["B4"].number_format] == ["A-2", "yyyy/m/d h:mm"]

    def test_columns_in_another_order_are_found_by_their_headers(self, take: Import) -> None:
        book = load_workbook(Q1)
        book["告警"].move_range("A1:G2", cols=3)
        book["告警"]["A1"] = "我的备注"
        book.save(Q1)
        take(ONE, ALARMS)
        assert load_workbook(Q1)["告警"]["D3"].value == "A-1"

    def test_an_open_workbook_is_left_alone(self, take: Import) -> None:
        before = Q1.read_bytes()
        Q1.with_name("~$Q1.xlsx").write_bytes(b"")
        result = take(ONE, ALARMS)
        assert result.exit_code == 1
        assert "Q1.xlsx is open in another program, as ~$Q1.xlsx beside it says" in result.stderr
        assert Q1.read_bytes() == before

    def test_a_workbook_saved_in_the_meantime_is_left_alone(
        self, take: Import, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def saved_meanwhile(*given: object) -> bytes:
            made = with_rows(*given)  # type: ignore[arg-type]
            Q1.write_bytes(Q1.read_bytes() + b"saved")
            return made

        with_rows = rows.with_rows
        monkeypatch.setattr(rows, "with_rows", saved_meanwhile)
        assert "Q1.xlsx is open in another program" in take(ONE, ALARMS).stderr
        assert Q1.read_bytes().endswith(b"saved")

    def test_a_sheet_with_errors_is_shown_and_left_alone(self, take: Import) -> None:
        folder = Path("data/HT-2026-001")
        change = {"file": "operations/Q1.xlsx", "sheet": "告警", "row": 3}
        builders.edit(folder, {**change, "values": ["A-0", "soon", None, "主要", "计算", "n"]})
        result = take(ONE, ALARMS)
        assert result.exit_code == 1
        assert "[告警]!B3: error[wrong-type]" in result.stderr

    def test_errors_on_other_sheets_do_not_matter(self, take: Import) -> None:
        change = {"file": "operations/Q1.xlsx", "sheet": "中断", "cell": "B3", "value": "soon"}
        builders.edit(Path("data/HT-2026-001"), change)
        assert take(ONE, ALARMS).exit_code == 0

    def test_an_old_workbook_cannot_be_added_to(self, take: Import) -> None:
        builders.edit(Path("data/HT-2026-001"), {"to_xls": "operations/Q1.xlsx"})
        result = take(ONE, ALARMS)
        assert "error[rows-format]" in result.stderr

    def test_what_does_not_read_back_is_not_written(
        self, take: Import, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = Q1.read_bytes()
        monkeypatch.setattr(rows, "with_rows", lambda *given: before)
        result = take(ONE, ALARMS)
        assert "error[rows-unfaithful]" in result.stderr
        assert Q1.read_bytes() == before

    def test_the_workbook_is_valid_office_open_xml(
        self, take: Import, validate_ooxml: Callable[[Path], None]
    ) -> None:
        write_workbook(Q1, Operations, quarter().cover)
        take(ONE, ALARMS)
        validate_ooxml(Q1)


def parts_of(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def rewrite(path: Path, sheet: str, change: Callable[[bytes], bytes]) -> None:
    parts = parts_of(path)
    position = load_workbook(path).sheetnames.index(sheet) + 1
    part = f"xl/worksheets/sheet{position}.xml"
    parts[part] = change(parts[part])
    with ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


def load_workbook_width(data: bytes) -> float:
    Path("blank.xlsx").write_bytes(data)
    return float(load_workbook("blank.xlsx")["告警"].column_dimensions["B"].width)


EXAMPLES = {
    "zabbix-alarms.csv": ("告警", 3, {"filtered": 1, "outside": 1, "repeated": 1, "unfit": 1}),
    "helpdesk-tickets.xlsx": ("工单", 4, {"filtered": 1, "unfit": 1}),
    "bank-statement.csv": ("到账", 2, {"filtered": 1, "already-there": 1, "foreign": 1,
                                     "unmatched": 1}),
    "issued-invoices.xlsx": ("发票", 1, {"filtered": 1, "already-there": 1, "foreign": 1,
                                       "unmatched": 1}),
}  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("export", EXAMPLES)
def test_the_examples_of_the_documentation_do_what_they_say(
    export: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, added, counts = EXAMPLES[export]
    shutil.copytree(root / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    file = root / "docs" / "examples" / "import" / export
    words = ["import", kind, str(file), "--mapping", str(file.with_suffix(".yaml"))]
    more = ["--accept", "all"] if kind in ("到账", "发票") else ["--period", "Q2"]
    answer = CliRunner().invoke(main, [*words, *more, "--format", "json"])
    (facts,) = json.loads(answer.stdout)["imports"]
    assert [len(one["rows"]) for one in facts["added"]] == [added]
    assert facts["counts"] == counts
    assert {one["severity"] for one in facts["problems"]} <= {"warning"}
    documented = (root / "docs" / "import.md").read_text("utf-8")
    assert file.with_suffix(".yaml").read_text("utf-8") in documented


STATEMENT = '日期,收入,付款人,摘要,流水号\n2026-07-06,"400,000.00",示范甲方单位,服务费,F-1\n'
BANK = """\
columns: {到账日期: 日期, 到账金额: 收入, 银行回单号: 流水号}
match: {party: 付款人, text: 摘要}
"""


class TestTheLedger:
    """A bank's statement: proposed first, entered when a person says so, and taken back."""

    def test_nothing_is_written_until_a_person_accepts_it(self, take: Import) -> None:
        before = LEDGER.read_bytes()
        result = take(STATEMENT, BANK, "到账")
        assert result.exit_code == 0
        assert "F-1: 400,000.00 of 2026-07-06, HT-2026-001 instalment 1" in result.stdout
        assert "--accept all, or --accept F-1 for one row" in result.stderr
        assert LEDGER.read_bytes() == before

    def test_what_is_accepted_is_entered_once_and_can_be_taken_back(self, take: Import) -> None:
        before = LEDGER.read_bytes()
        assert "rows added: 1" in take(STATEMENT, BANK, "到账", "--accept", "F-1").stdout
        assert (
            "already in the workbook: 1" in take(STATEMENT, BANK, "到账", "--accept", "all").stdout
        )
        assert CliRunner().invoke(main, ["undo"]).exit_code == 0
        assert LEDGER.read_bytes() == before

    def test_a_ledger_that_is_open_in_excel_is_left_alone(self, take: Import) -> None:
        before = LEDGER.read_bytes()
        LEDGER.with_name("~$ledger.xlsx").write_bytes(b"")
        result = take(STATEMENT, BANK, "到账", "--accept", "all")
        assert result.exit_code == 1
        assert "ledger.xlsx is open in another program" in result.stderr
        assert LEDGER.read_bytes() == before

    def test_a_person_may_decide_otherwise(self, take: Import) -> None:
        answer = take(STATEMENT, BANK, "到账", "--for", "F-1=2", "--dry-run", "--format", "json")
        (facts,) = json.loads(answer.stdout)["imports"]
        (one,) = facts["proposals"]
        assert (one["instalment"], one["taken"], facts["dry_run"]) == (2, True, True)

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            (("--accept", "F-2"), "nothing is proposed for F-2; there are F-1"),
            (("--for", "F-1"), "write the number of the row and the instalment"),
            (("--period", "Q1"), "has no quarters"),
        ],
        ids=["accept", "for", "period"],
    )
    def test_what_cannot_be_meant_is_refused(
        self, take: Import, options: tuple[str, ...], told: str
    ) -> None:
        result = take(STATEMENT, BANK, "到账", *options)
        assert result.exit_code == 2
        assert told in result.stderr

    def test_rows_of_a_quarter_have_nothing_to_accept_or_to_match(self, take: Import) -> None:
        assert take(ONE, ALARMS, "告警", "--accept", "all").exit_code == 2
        mapped = take(ONE, ALARMS + "match: {party: Host}\n")
        assert mapped.exit_code == 1
        assert "the sheet 告警 has nothing to match" in mapped.stderr
