"""Workbooks to fill in: begun with what is known, never written over, the same every time."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import builders
import pytest
from finished import Run
from openpyxl import load_workbook
from typed import change, rows

from deliverables.model.fields import Row, declarations
from deliverables.model.operations_sheets import Operations
from deliverables.read.workbook import is_untouched

pytestmark = pytest.mark.thorough

FOLDER = Path("data") / builders.NUMBER
Q1, Q2 = FOLDER / "operations" / "Q1.xlsx", FOLDER / "operations" / "Q2.xlsx"


def column(row_type: type[Row], name: str) -> str:
    return declarations(row_type)[name].label


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
    assert run("workbook", "q2").stdout == f"made  {Q2.as_posix()}\n"
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
    assert run("workbook", "Q2").stdout == f"unchanged  {Q2.as_posix()}\n"
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
    assert "(somebody has filled it in;" in result.stdout
    assert Q1.read_bytes() == before
    result = run("workbook", "Q1", "--replace", "--format", "json")
    assert json.loads(result.stdout)["workbooks"][0]["set_aside"] == "Q1_旧1.xlsx"
    assert Q1.with_name("Q1_旧1.xlsx").read_bytes() == before


def test_a_workbook_of_another_format_is_in_the_way_too(run: Run) -> None:
    Q2.with_suffix(".xls").write_bytes(b"old")
    result = run("workbook", "Q2")
    assert result.exit_code == 1
    assert "kept  data/HT-2026-001/operations/Q2.xls  (" in result.stdout
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
