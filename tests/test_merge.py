"""A workbook of an older layout brought into the newer: rows come along, nothing is lost."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import builders
import pytest
from finished import Run
from openpyxl import Workbook, load_workbook
from typed import change, rows

from deliverables.model.fields import declarations
from deliverables.model.operations_sheets import Issue, Outage, Resource, Usage

FOLDER = Path("data") / builders.NUMBER
Q1, Q2 = FOLDER / "operations" / "Q1.xlsx", FOLDER / "operations" / "Q2.xlsx"

pytestmark = pytest.mark.thorough


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
