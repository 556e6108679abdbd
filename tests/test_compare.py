"""deliverables diff: one cell changes, and the figures and the cell are named; so does prose."""

from __future__ import annotations

from pathlib import Path

import builders
import finished
import pytest
from finished import (
    AGREEMENT,
    CONTRACT,
    LETTER,
    REPORT,
    WORKBOOK,
    changed_figures,
    diff_facts,
    rewrite,
    run,
)
from openpyxl import load_workbook

pytestmark = pytest.mark.thorough

ENDED = "behind it: operations/Q1.xlsx[中断]!C3 2026-05-07 00:20 → 2026-05-07 01:20"


pytestmark = pytest.mark.usefixtures("in_a_finished_project")


@pytest.mark.parametrize("document", [REPORT, LETTER, AGREEMENT])
def test_a_document_of_today_differs_in_nothing(document: str) -> None:
    assert run("diff", document).stdout == "nothing differs\n"


def test_a_changed_cell_is_named_with_every_figure_it_changes() -> None:
    finished.lengthen_the_outage()
    found = diff_facts(REPORT)
    assert found["changed_inputs"] == ["HT-2026-001/operations/Q1.xlsx"]
    assert (
        changed_figures(found).items()
        >= {
            "scorecard[0].actual": ("99.9771%", "99.9313%"),
            "scorecard[1].actual": ("30", "90"),
            "service.outages.counted[0].ended": ("2026-05-07 00:20", "2026-05-07 01:20"),
            "service.outages.counted[0].minutes": ("30", "90"),
        }.items()
    )


def test_the_change_behind_a_figure_is_told_beside_it() -> None:
    finished.lengthen_the_outage()
    said = run("diff", REPORT).stdout.splitlines()
    at = said.index("scorecard[0].actual  可用性: 99.9771% → 99.9313%")
    assert said[at + 1 : at + 3] == ["  概述 › table 3, row 2, column 3", f"  {ENDED}"]


def test_figures_come_first_and_of_a_sentence_the_clauses_that_differ() -> None:
    finished.lengthen_the_outage()
    said = run("diff", REPORT).stdout.splitlines()
    told = [line.partition(": ")[0] for line in said if " → " in line and not line.startswith(" ")]
    figures = told[: told.index("happened.broke  中断")]
    assert "scorecard[0].actual  可用性" in figures
    assert not [one for one in figures if one.startswith(("happened.", "leads."))]
    assert (
        "leads.service  可用性概况: 本季度可用性 99.9771%，不低于合同要求的 99.9%；中断 30 分钟… → "
        "本季度可用性 99.9313%，不低于合同要求的 99.9%；中断 90 分钟…"
    ) in said


def test_cells_that_no_document_shows_are_named_behind_their_sum() -> None:
    for column, stock in (("期初", 7), ("新增", 3)):
        cell = next(c for c in load_workbook(WORKBOOK)["资源台账"][1] if c.value == column)
        at = f"{cell.column_letter}3"
        builders.edit(
            CONTRACT,
            {"file": "operations/Q1.xlsx", "sheet": "资源台账", "cell": at, "value": stock},
        )
    opening, added = diff_facts(REPORT)["figures"]
    assert (opening["before"], opening["after"]) == ("8", "7")
    assert (added["before"], added["after"]) == ("2", "3")
    assert opening["behind"] == [
        {"source": "operations/Q1.xlsx[资源台账]!E3", "before": "8", "after": "7"}
    ]


def add_an_outage() -> None:
    outage = dict(builders.FIRST_OUTAGE, 编号="ZD-02", 开始时间="2026-06-01 10:00",
                  恢复时间="2026-06-01 10:10")  # fmt: skip
    headers = load_workbook(WORKBOOK)["中断"][1]
    values = [outage.get(str(cell.value)) for cell in headers]
    builders.edit(
        CONTRACT, {"file": "operations/Q1.xlsx", "sheet": "中断", "row": 4, "values": values}
    )


def test_a_new_row_is_new_and_behind_the_sum() -> None:
    add_an_outage()
    found = diff_facts(REPORT)
    added = [one for one in found["texts"] if one["before"] is None and one["form"] == "row"]
    assert ["ZD-02" in one["after"] for one in added] == [True, True]
    assert ["中断情况" in added[0]["place"], "中断明细" in added[1]["place"]] == [True, True]
    (downtime,) = [one for one in found["figures"] if one["figure"] == "scorecard[1].actual"]
    assert {
        "source": "operations/Q1.xlsx[中断]!B4",
        "before": "",
        "after": "2026-06-01 10:00",
    } in (downtime["behind"])


def test_a_line_of_the_contract_is_named_too() -> None:
    builders.edit(
        CONTRACT, {"file": "contract.yaml", "replace": "bank: 示范银行", "with": "bank: 样板银行"}
    )
    (bank,) = diff_facts(LETTER)["figures"]
    assert (bank["before"], bank["after"]) == ("示范银行", "样板银行")
    (behind,) = bank["behind"]
    assert behind["source"].startswith("contract.yaml:")


def test_prose_mended_by_hand_is_shown_and_no_figure() -> None:
    rewrite(REPORT, ("本季度平台运行平稳。", "本季度平台运行总体平稳。"))
    answer = run("diff", REPORT)
    assert "edited by hand after it was made" in answer.stderr
    assert "本季度平台运行总体平稳 → 本季度平台运行平稳\n" in answer.stdout
    found = diff_facts(REPORT)
    assert found["changed_inputs"] == []


def test_a_figure_changed_by_hand_has_no_data_behind_it() -> None:
    rewrite(LETTER, ("400,000.00", "400,000.10"))
    (slip,) = diff_facts(LETTER)["figures"]
    assert (slip["before"], slip["after"]) == ("400,000.10", "400,000.00")
    assert slip["behind"] == []
    assert "none of its data changed" in run("diff", LETTER).stdout


def put_above(row: int, values: list[str | None]) -> None:
    """Put a row into the sheet of outages, above the one of that number."""
    book = load_workbook(WORKBOOK)
    book["中断"].insert_rows(row)
    for column, value in enumerate(values, start=1):
        book["中断"].cell(row, column, value)
    book.save(WORKBOOK)


def test_a_row_put_in_above_others_changes_none_of_them() -> None:
    headers = load_workbook(WORKBOOK)["中断"][1]
    outage = dict(builders.FIRST_OUTAGE, 编号="ZD-00", 开始时间="2026-05-01 10:00",
                  恢复时间="2026-05-01 10:10")  # fmt: skip
    put_above(3, [outage.get(str(cell.value)) for cell in headers])
    found = diff_facts(REPORT)
    told = {one["figure"]: one for one in found["figures"]}
    assert "service.outages.counted[1].started" not in told
    assert [one["source"] for one in told["scorecard[1].actual"]["behind"]] == [
        "operations/Q1.xlsx[中断]!B3",
        "operations/Q1.xlsx[中断]!C3",
    ]
    added = [one for one in found["texts"] if one["before"] is None]
    assert ["ZD-00" in one["after"] for one in added] == [True, True]


def test_a_row_that_is_gone_is_named_with_what_it_said() -> None:
    book = load_workbook(WORKBOOK)
    book["中断"].delete_rows(3)
    book.save(WORKBOOK)
    told = {one["figure"]: one for one in diff_facts(REPORT)["figures"]}
    downtime = told["scorecard[1].actual"]
    assert (downtime["before"], downtime["after"]) == ("30", "0")
    assert downtime["behind"] == [
        {"source": "operations/Q1.xlsx[中断]!B3", "before": "2026-05-06 23:50", "after": ""},
        {"source": "operations/Q1.xlsx[中断]!C3", "before": "2026-05-07 00:20", "after": ""},
    ]
    assert "operations/Q1.xlsx[中断]!B3 is gone: 2026-05-06 23:50" in run("diff", REPORT).stdout


def test_a_row_that_no_longer_counts_is_behind_the_figures_it_left() -> None:
    for cell, value in (("K3", "会议纪要"), ("L3", "2026-05-20")):
        change = {"file": "operations/Q1.xlsx", "sheet": "中断", "cell": cell, "value": value}
        builders.edit(CONTRACT, change)
    told = {one["figure"]: one for one in diff_facts(REPORT)["figures"]}
    assert told["scorecard[1].actual"]["behind"] == [
        {"source": "operations/Q1.xlsx[中断]!K3", "before": "", "after": "会议纪要"},
        {"source": "operations/Q1.xlsx[中断]!L3", "before": "", "after": "2026年5月20日"},
    ]


def test_a_changed_chart_is_named_by_what_a_reader_sees() -> None:
    add_an_outage()
    finished.make_documents(kinds=["quarterly_report"])
    finished.lengthen_the_outage()
    charts = [one for one in diff_facts(REPORT)["texts"] if one["form"] == "chart"]
    assert charts
    assert all("A1=" not in one["after"] for one in charts)
    (chart,) = charts
    assert "中断时长: 30 10 0" in chart["before"]
    assert "中断时长: 90 10 0" in chart["after"]


def test_headline_figures_come_before_rows() -> None:
    finished.lengthen_the_outage()
    keys = [one["figure"] for one in diff_facts(REPORT)["figures"]]
    figures = keys[: keys.index("happened.broke")]
    rows = ["[" in key for key in figures]
    assert rows == sorted(rows)
    assert {True, False} == set(rows)


def test_without_the_files_of_then_the_sheet_is_named() -> None:
    for kept in Path("out/HT-2026-001/inputs").iterdir():
        kept.unlink()
    change = {"file": "operations/Q1.xlsx", "sheet": "资源台账", "cell": "E3", "value": 7}
    builders.edit(CONTRACT, change)
    builders.edit(CONTRACT, dict(change, cell="F3", value=3))
    behind = diff_facts(REPORT)["figures"][0]["behind"]
    assert behind[0]["source"].startswith("operations/Q1.xlsx[资源台账]")


def test_input_files_of_documents_are_kept_but_no_roster() -> None:
    kept = [path.read_bytes() for path in Path("out/HT-2026-001/inputs").iterdir()]
    assert (CONTRACT / "contract.yaml").read_bytes() in kept
    assert Path(WORKBOOK).read_bytes() in kept
    assert (CONTRACT / "staff.xlsx").read_bytes() not in kept


def test_a_figure_is_found_where_the_words_around_it_were_mended() -> None:
    finished.lengthen_the_outage()
    rewrite(REPORT, ("。全服务期共允许中断", "。整个服务期可以中断"), ("尚余", "还剩"))
    found = diff_facts(REPORT)
    assert changed_figures(found)["service.term_left"] == ("495.6", "435.6")
    prose = [text for text in found["texts"] if text["form"] == "paragraph"]
    assert ["还剩 495.6 分钟" in text["before"] for text in prose] == [True]
