"""Workbooks to fill in: begun with what is known, never written over, brought up to date."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import builders
import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.cli import main
from deliverables.model.fields import Row, declarations
from deliverables.model.operations_sheets import Issue, Operations, Outage, Resource, Usage
from deliverables.read.workbook import is_untouched

pytestmark = pytest.mark.thorough

FOLDER = Path("data") / builders.NUMBER
Q1, Q2 = FOLDER / "operations" / "Q1.xlsx", FOLDER / "operations" / "Q2.xlsx"

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder with one small sound project."""
    monkeypatch.chdir(tmp_path)
    builders.project(Path("data"))

    def invoke(*words: str) -> Result:
        result = CliRunner().invoke(main, ["--lang", "en", *words])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


def rows(sheet: Worksheet, first: int = 3) -> list[dict[str, Any]]:
    """Return what stands in each row, by header."""
    headers = [cell.value for cell in sheet[1]]
    return [
        {str(header): value for header, value in zip(headers, row, strict=False)
         if value is not None}
        for row in sheet.iter_rows(min_row=first, values_only=True)
        if any(value is not None for value in row)
    ]  # fmt: skip


def column(row_type: type[Row], name: str) -> str:
    return declarations(row_type)[name].label


def change(file: Path, sheet: str, values: dict[str, Any], row: int) -> None:
    """Type into a row of a workbook, by header."""
    book = load_workbook(file)
    for cell in book[sheet][1]:
        if cell.value in values:
            book[sheet].cell(row, cell.column).value = values[cell.value]
    book.save(file)


def test_a_quarter_begins_with_its_days_and_what_the_quarter_before_left(run: Run) -> None:
    change(Q1, "资源使用", {
        "月份": date(2026, 7, 1), "业务系统": "门户网站", "主机名称": "web-01", "vCPU": 8,
        "内存": 32, "存储": 500, "CPU平均使用率": 20, "CPU峰值使用率": 70, "内存平均使用率": 40,
        "内存峰值使用率": 60, "存储已用": 200, "数据来源": "月报",
    }, 3)  # fmt: skip
    change(Q1, "问题与计划", {"编号": "JH-01", "类别": "计划", "内容": "扩容", "状态": "进行中"}, 3)
    change(Q1, "问题与计划", {"编号": "WT-01", "类别": "问题", "内容": "旧事", "状态": "已完成"}, 4)
    change(Q1, "中断", {
        "编号": "ZD-9", "开始时间": datetime(2026, 7, 29, 23, 50),
        "恢复时间": datetime(2026, 7, 30, 0, 20), "影响范围": "出口", "原因类别": "网络",
        "原因": "路由", "处理措施": "切换", "数据来源": "报告",
    }, 4)  # fmt: skip
    assert run("workbook", "q2").stdout == f"{Q2.as_posix()}  written\n"
    book = load_workbook(Q2)
    cover = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert (cover["起始日期"], cover["截止日期"]) == (datetime(2026, 7, 30), datetime(2026, 10, 29))
    stock = builders.FIRST_STOCK
    assert rows(book["资源台账"]) == [
        {"业务系统": stock["业务系统"], "资源类别": stock["资源类别"], "单位": stock["单位"],
         "期初": stock["期末"], "合同量": stock["合同量"]},
        {"业务系统": "门户网站", "资源类别": "云主机", "单位": "台", "期初": 1, "合同量": 1},
    ]  # fmt: skip
    known = {"业务系统": "门户网站", "主机名称": "web-01", "vCPU": 8, "内存": 32, "存储": 500}
    assert rows(book["资源使用"]) == [
        {"月份": datetime(2026, month, 1), **known} for month in (8, 9, 10)
    ]
    assert rows(book["问题与计划"]) == [
        {"编号": "JH-01", "类别": "计划", "内容": "扩容", "状态": "进行中"}
    ]
    assert [row["编号"] for row in rows(book["中断"])] == ["ZD-9"]


def test_a_quarter_that_is_only_begun_is_no_data_and_no_mistake(run: Run) -> None:
    run("workbook", "Q2")
    assert is_untouched(Q2.read_bytes())
    result = run("check")
    assert result.exit_code == 0
    assert "Q2.xlsx: gap[workbook-blank] nothing is filled in yet" in result.stdout


def test_a_begun_quarter_is_renewed_when_the_quarter_before_was_corrected(run: Run) -> None:
    run("workbook", "Q2")
    assert run("workbook", "Q2").stdout == f"{Q2.as_posix()}  unchanged\n"
    change(Q1, "资源台账", {"新增": 7, "期末": builders.FIRST_STOCK["期初"] + 7}, 3)
    assert "renewed, nothing was typed into it yet" in run("workbook", "Q2").stdout
    row, _ = rows(load_workbook(Q2)["资源台账"])
    assert row["期初"] == builders.FIRST_STOCK["期初"] + 7


def test_saving_without_typing_leaves_a_blank_workbook_blank(run: Run) -> None:
    run("workbook", "Q2")
    load_workbook(Q2).save(Q2)
    assert is_untouched(Q2.read_bytes())
    change(Q2, "工单", {"编号": "GD-1"}, 3)
    assert not is_untouched(Q2.read_bytes())


def test_what_somebody_has_filled_in_is_kept_and_set_aside_only_when_asked(run: Run) -> None:
    before = Q1.read_bytes()
    result = run("workbook", "Q1")
    assert result.exit_code == 1
    assert "kept: somebody has filled it in" in result.stdout
    assert Q1.read_bytes() == before
    result = run("workbook", "Q1", "--replace", "--format", "json")
    assert json.loads(result.stdout)["workbooks"][0]["set_aside"] == "Q1_旧1.xlsx"
    assert Q1.with_name("Q1_旧1.xlsx").read_bytes() == before


def test_a_workbook_of_another_format_is_in_the_way_too(run: Run) -> None:
    Q2.with_suffix(".xls").write_bytes(b"old")
    result = run("workbook", "Q2")
    assert result.exit_code == 1
    assert "Q2.xls  kept" in result.stdout
    assert not Q2.exists()


@pytest.mark.parametrize("name", ["staff", "ledger"])
def test_roster_and_ledger_can_be_had_blank(run: Run, name: str) -> None:
    file = FOLDER / f"{name}.xlsx"
    file.unlink()
    assert run("workbook", name).exit_code == 0
    assert is_untouched(file.read_bytes())
    assert run("check").exit_code == 0


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("workbook", "Q9"), "Q9 is no workbook: write Q1 …, staff, ledger or letters"),
        (("workbook", "Q0"), "Q0 is no workbook: write Q1 …, staff, ledger or letters"),
        (("workbook", "Q1", "Q2", "--merge", "contract.yaml"), "goes with one workbook at a time"),
        (("workbook", "Q2", "--merge", str(Q1)), "is the workbook of period 1, not of 2"),
    ],
)
def test_wrong_use_is_answered_with_what_would_be_right(
    run: Run, words: tuple[str, ...], answer: str
) -> None:
    Path("contract.yaml").touch()
    result = run(*words)
    assert result.exit_code == 2
    assert answer in result.stderr


def test_an_unfinished_contract_has_no_days_to_write(run: Run) -> None:
    builders.edit(FOLDER, {"file": "contract.yaml", "replace": "2026-04-29", "with": "【待补】"})
    result = run("workbook", "Q2")
    assert result.exit_code == 1
    assert "not ready, 1 facts" in result.stderr
    assert not Q2.exists()


def old_layout() -> Workbook:
    """Return a workbook of an older layout: other columns, a title, a sheet that went."""
    book = Workbook()
    first = book.worksheets[0]
    first.title = "说明"
    for line in (["项目", "内容"], ["服务季度", 2], ["示例数据", "否"], ["编制", "赵一"],
                 ["填表电话", "内线 12"], ["正文：安全", "已整改。"]):  # fmt: skip
        first.append(line)
    outages = book.create_sheet("中断")
    outages.append(["二季度中断登记表"])
    outages.append(["编号", "开始时间", "恢复时间", "影响范围", "影响用户（人）", "原因类别"])
    outages.append([None, None, None, None, "人", None])
    outages.append(["ZD-1", datetime(2026, 8, 19, 9, 12), "八月十九日九时", "出口", 120, "网络"])
    outages.append(["ZD-2", datetime(2026, 9, 1, 1, 0), None, None, None, None])
    cost = book.create_sheet("费用")
    cost.append(["项目", "金额"])
    cost.append(["带宽", 1200.5])
    return book


def test_rows_of_an_older_workbook_come_along_and_nothing_is_lost(run: Run) -> None:
    old_layout().save("old.xlsx")
    before = Path("old.xlsx").read_bytes()
    result = run("workbook", "Q2", "--merge", "old.xlsx")
    assert result.exit_code == 0
    assert Path("old.xlsx").read_bytes() == before
    told = [line.strip() for line in result.stdout.splitlines()[1:]]
    assert "中断: 2 rows" in told
    kept = "is not known; its 1 values are kept on the sheet 原表未识别"
    assert f'中断: the column "影响用户（人）" {kept}' in told
    assert "中断: the column 受影响主机数 is new" in told
    assert 'the sheet "费用" is not known; its 2 rows are kept on the sheet 原表未识别' in told

    book = load_workbook(Q2)
    assert rows(book["中断"]) == [
        {"编号": "ZD-1", "开始时间": datetime(2026, 8, 19, 9, 12), "恢复时间": "八月十九日九时",
         "影响范围": "出口", "原因类别": "网络"},
        {"编号": "ZD-2", "开始时间": datetime(2026, 9, 1, 1, 0)},
    ]  # fmt: skip
    cover = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert (cover["编制"], cover["正文：安全"], cover["起始日期"]) == (
        "赵一", "已整改。", datetime(2026, 7, 30),
    )  # fmt: skip
    assert list(book["原表未识别"].values) == [
        ("原工作表", "原单元格", "原列名", "内容"),
        ("说明", "B5", "填表电话", "内线 12"),
        ("中断", "A1", None, "二季度中断登记表"),
        ("中断", "E3", "影响用户（人）", "人"),
        ("中断", "E4", "影响用户（人）", 120),
        ("费用", "A1", None, "项目"),
        ("费用", "B1", None, "金额"),
        ("费用", "A2", None, "带宽"),
        ("费用", "B2", None, 1200.5),
    ]


def test_every_value_of_the_older_workbook_stands_somewhere_in_the_newer(run: Run) -> None:
    old_layout().save("old.xlsx")
    run("workbook", "Q2", "--merge", "old.xlsx")
    labels = {item.label for kind in (Outage, Resource, Usage, Issue)
              for item in declarations(kind).values()}  # fmt: skip

    def held(book: Workbook) -> set[Any]:
        return {value for sheet in book for row in sheet.values for value in row if value}

    missing = held(load_workbook("old.xlsx")) - held(load_workbook(Q2))
    assert missing - labels == set()


def test_merging_twice_keeps_what_was_kept_the_first_time(run: Run) -> None:
    old_layout().save("old.xlsx")
    run("workbook", "Q2", "--merge", "old.xlsx")
    once = list(load_workbook(Q2)["原表未识别"].values)
    change(Q2, "工单", {"编号": "GD-1"}, 3)
    result = run("workbook", "Q2", "--merge", str(Q2), "--replace")
    assert "the older one is Q2_旧1.xlsx" in result.stdout
    assert list(load_workbook(Q2)["原表未识别"].values) == once
    assert [row["编号"] for row in rows(load_workbook(Q2)["中断"])] == ["ZD-1", "ZD-2"]


def test_a_merged_workbook_of_today_is_the_same_data(run: Run) -> None:
    figures = run("check").stdout
    run("workbook", "Q1", "--merge", str(Q1), "--replace")
    assert run("check").stdout == figures
    assert run("check").exit_code == 0


def test_a_formula_that_was_never_computed_would_be_lost_and_is_refused(run: Run) -> None:
    book = old_layout()
    book["费用"]["B3"] = "=SUM(B2:B2)"
    book.save("old.xlsx")
    result = run("workbook", "Q2", "--merge", "old.xlsx")
    assert result.exit_code == 1
    assert "old.xlsx[费用]!B3: error[formula-uncached]" in result.stderr
    assert not Q2.exists()


def test_a_begun_quarter_is_the_same_every_time(run: Run) -> None:
    run("workbook", "Q2")
    first = Q2.read_bytes()
    Q2.unlink()
    run("workbook", "Q2")
    assert Q2.read_bytes() == first


def test_what_no_sheet_declares_is_not_carried_over() -> None:
    """Carried columns are declared ones, and none tells what came of a thing."""
    from deliverables.model.fields import sheets
    from deliverables.model.rules import rules_of

    for row_type in sheets(Operations).values():
        known = rules_of(row_type).known
        assert set(known) <= set(declarations(row_type))
        assert not {"closing", "added", "released", "evidence", "cpu_peak"} & set(known)
