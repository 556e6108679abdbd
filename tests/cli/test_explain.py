"""deliverables explain: every printed figure leads back to cells and lines, or to the day given."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import builders
import finished
import pytest
from finished import AGREEMENT, LETTER, REPORT, WORKBOOK, run
from openpyxl import load_workbook
from places import ROOT
from scenarios import sample

from deliverables.kinds import Kind, kinds
from deliverables.lineage import Explanation, Rest, Step, places
from deliverables.values.figure import Cell, Cells, Derivation, Figure, Line
from deliverables.verify.base import leaves

OUTAGE = (
    "      开始时间 2026-05-06 23:50，恢复时间 2026-05-07 00:20，同意不计入 —，同意不计入日期 —"
    f"  {WORKBOOK}[中断]!B3、C3、K3、L3"
)
GIVEN = {"出具文件时指定的日期", "制表时指定的日期"}
EVERY_KIND = pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)


pytestmark = pytest.mark.usefixtures("in_a_finished_project")


def test_a_figure_is_traced_by_rule_and_article_to_every_cell() -> None:
    told = run("explain", REPORT, "scorecard[0].actual")
    assert told.exit_code == 0
    assert told.stdout.splitlines() == [
        "scorecard[0].actual  可用性 99.9771%",
        "  stands in 概述 › table 3, row 2, column 3",
        "  可用性 99.9771% = （总时长－中断时长）÷总时长，向下取四位小数 (第三条)",
        "    总时长 131,040 = 统计期天数×1440 分钟 (第三条)",
        "      签订日期 2026年4月29日  data/HT-2026-001/contract.yaml:5:14",
        "      服务期 12  data/HT-2026-001/contract.yaml:28:16",
        "    中断时长 30 = 计入可用性的中断合并重叠部分，只计统计期内 (第三条)",
        OUTAGE,
        "",
    ]


def figures_told(*words: str) -> list[str]:
    """Return the paths of the figures that are explained, in their order."""
    told = run("explain", *words)
    assert told.exit_code == 0, told.stderr
    return [line.split()[0] for line in told.stdout.splitlines() if line[:1].isalpha()]


def test_a_printed_text_finds_every_figure_that_prints_it() -> None:
    told = run("explain", LETTER, "400,000.00").stdout
    assert "requested  本期实付 400,000.00" in told
    assert "amounts[2].amount  约定金额 400,000.00" in told
    availability = ["scorecard[0].actual", "service.listed[0].percent"]
    assert figures_told(REPORT, "99.9771%") == availability


def test_a_figure_of_another_path_leads_to_where_the_document_prints_it() -> None:
    assert figures_told(REPORT, "service.this.percent") == figures_told(REPORT, "99.9771%")
    told = run("explain", REPORT, "service.this.percent").stdout
    assert told.count(f"{OUTAGE[2:]}\n") == 2


def test_a_figure_that_only_a_statement_says_leads_to_the_statement() -> None:
    assert figures_told(REPORT, "security.events") == ["scorecard[3].verdict"]


@pytest.mark.parametrize(
    "asked",
    [
        "400000",
        "400,000.00元",
        "４００，０００．００",
        "￥400,000.00",
        "40万元",
        "人民币肆拾万元整",
        "请贵方支付本期款400,000.00元",
    ],
)
def test_any_form_of_an_amount_finds_its_figure(asked: str) -> None:
    told = run("explain", LETTER, asked)
    assert told.exit_code == 0, told.stderr
    assert "requested" in told.stdout


@pytest.mark.parametrize("asked", ["2026年6月29日", "2026-06-29", "二〇二六年六月二十九日"])
def test_a_day_in_a_sentence_finds_the_sentence_and_what_it_was_reckoned_from(asked: str) -> None:
    told = run("explain", LETTER, asked).stdout.splitlines()
    assert told[0].startswith("deadline  付款期限 合同签订后40个工作日，已于2026年6月29日届满")
    assert [line.split()[0] for line in told if line[:1].isalpha()] == ["deadline"]
    assert "    签订日期 2026年4月29日  data/HT-2026-001/contract.yaml:5:14" in told


def test_the_day_until_which_an_agreement_binds_is_found() -> None:
    told = run("explain", AGREEMENT, "2037年4月29日").stdout
    assert told.startswith("notes[0]  说明")
    assert "    保密期限届满日 2037年4月29日 = 合同终止日起10年" in told
    assert "      保密期限 自合同终止起10年  data/HT-2026-001/contract.yaml:" in told


def test_words_copied_along_with_figures_lead_to_these_figures() -> None:
    assert figures_told(REPORT, "计入可用性的中断 1 次，原因") == ["service.outages.count"]


def test_words_that_no_document_has_lead_to_the_figures_they_hold() -> None:
    told = run("explain", REPORT, "季报写的可用性是 99.9771%，对吗？").stdout
    assert told.startswith("scorecard[0].actual  可用性 99.9771%")


def test_what_a_figure_uses_twice_is_told_once() -> None:
    referring = 0
    for tree in json.loads(run("explain", LETTER, "--format", "json").stdout)["figures"]:
        told = [step["number"] for step in steps(tree) if "number" in step and "see" not in step]
        assert len(told) == len(set(told))
        assert {step["see"] for step in steps(tree) if "see" in step} == set(told)
        referring += bool(told)
    assert referring


def steps(tree: dict[str, object]) -> Iterator[dict[str, object]]:
    yield tree
    inputs = tree.get("inputs", [])
    assert isinstance(inputs, list)
    for step in inputs:
        yield from steps(step)


def test_a_sheet_without_rows_says_so() -> None:
    told = run("explain", REPORT, "leads.incidents").stdout
    assert f"事件 0 行  {WORKBOOK}[事件]" in told


def test_without_a_wish_every_printed_figure_is_listed_in_reading_order() -> None:
    listed = json.loads(run("explain", REPORT, "--format", "json").stdout)["figures"]
    keys = [one["figure"] for one in listed]
    assert keys.index("scorecard[0].actual") < keys.index("service.outages.counted[0].started")
    assert len(keys) == len(set(keys))


def test_a_group_of_figures_is_listed() -> None:
    listed = run("explain", REPORT, "service.outages").stdout
    assert "service.outages.counted[0].minutes" in listed
    assert "service.term_left" not in listed


def test_an_unknown_figure_is_answered_with_the_nearest() -> None:
    answer = run("explain", REPORT, "service.term_lfet")
    assert answer.exit_code == 2
    assert "the nearest are service.term_left" in answer.stderr


def test_a_file_that_no_register_knows_is_said_to_be_unknown() -> None:
    Path("other.docx").write_bytes((ROOT / "templates" / "payment_request.docx").read_bytes())
    answer = run("explain", "other.docx")
    assert answer.exit_code == 2
    assert "no register knows this file" in answer.stderr


def test_a_copy_in_another_folder_is_known_by_what_it_holds() -> None:
    Path("copy.docx").write_bytes(Path(REPORT).read_bytes())
    assert run("explain", "copy.docx", "service.this.percent").exit_code == 0


def test_changed_inputs_are_named_and_the_explanation_is_of_today() -> None:
    finished.lengthen_the_outage()
    told = run("explain", REPORT, "service.this.downtime")
    assert "changed since: HT-2026-001/operations/Q1.xlsx" in told.stderr
    assert "中断时长 90 =" in told.stdout
    assert "the file says 30: " in told.stdout


def test_broken_data_explain_nothing_and_end_with_code_1() -> None:
    builders.edit(
        finished.CONTRACT,
        {"file": "contract.yaml", "replace": "600,000.00", "with": "600,000.01"},
    )
    answer = run("explain", LETTER)
    assert answer.exit_code == 1
    assert "instalment-total" in answer.stderr


def test_a_document_that_cannot_be_made_any_more_says_why() -> None:
    Path(WORKBOOK).unlink()
    answer = run("explain", REPORT)
    assert answer.exit_code == 1
    assert "operations/Q1.xlsx is missing" in answer.stderr


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("wish", [(), ("identity_number",), ("999999199001010016",)])
def test_an_identity_number_is_masked(wish: tuple[str, ...], form: str) -> None:
    told = run("explain", AGREEMENT, *wish, "--format", form)
    assert told.exit_code == 0
    assert "**************0016" in told.stdout
    assert "99999919900101" not in told.stdout + told.stderr


def test_an_identity_number_that_nobody_has_is_not_repeated() -> None:
    answer = run("explain", AGREEMENT, "999999199001010024")
    assert answer.exit_code == 2
    assert "999999199001010024" not in answer.stderr


# Every figure of every kind.


@pytest.mark.thorough
@EVERY_KIND
@pytest.mark.parametrize("day", [date(2026, 8, 3), date(2026, 11, 2), date(2027, 5, 25)])
def test_every_figure_ends_in_cells_and_lines_or_in_the_day_given(kind: Kind, day: date) -> None:
    seen: dict[object, object] = {}
    for one in kind.plan(sample(), day):
        if any(not blocker.waivable for blocker in one.blockers):
            continue
        context = kind.compose(sample(), one, day)
        days = {day, one.accepted}  # what records an acceptance states the day of that
        loose = [
            key
            for key, leaf in leaves(context)
            if isinstance(leaf, Figure) and is_loose(leaf, days, seen)
        ]
        assert loose == [], one.key


def is_loose(figure: Figure[object], days: Container[object], seen: dict[object, object]) -> bool:
    """Tell whether a figure leads to something that was neither read nor given.

    A whole sheet is no place for a value, unless it has no rows. What was `seen` was told of; it
    is held, so that nothing else takes its place in memory.
    """
    if id(figure) in seen:
        return False
    seen[id(figure)] = figure
    if isinstance(figure.origin, Line):
        return "?" in figure.origin.file or not figure.origin.line
    if isinstance(figure.origin, Cell):
        return "?" in figure.origin.file or (not figure.origin.cell and figure.value != 0)
    found = figure.origin.inputs or figure.origin.among
    if not found:
        return figure.origin.rule not in GIVEN or figure.value not in days
    return any(is_loose(item, days, seen) for item in not_yet(found, seen))


def not_yet(
    found: Sequence[Figure[object]], seen: dict[object, object]
) -> Sequence[Figure[object]]:
    """Leave out the rows that were looked at: a cell is a new figure each time, its row is not."""
    if not isinstance(found, Cells):
        return found
    rows = {(id(row), found.columns): row for row in found.rows}
    left = [row for key, row in rows.items() if key not in seen]
    seen.update(rows)
    return Cells(left, *found.columns)


def test_a_figure_out_of_nowhere_would_be_noticed() -> None:
    nowhere = Figure("数", 1, "1", Derivation("凭感觉", ""))
    behind = replace(nowhere, origin=Derivation("合计", "", (nowhere,)))
    assert all(is_loose(each, [date(2026, 8, 3)], {}) for each in (nowhere, behind))
    row = Cell("operations/Q1.xlsx", "工单", "A3")
    sheet = replace(row, cell="")
    said = [(1, sheet), (0, sheet), (1, row), (1, Line("?"))]
    assert [is_loose(Figure("数", value, "", origin), [date(2026, 8, 3)], {})
            for value, origin in said] == [True, False, False, True]  # fmt: skip


# What decides a figure, and what was looked through.


def report(part: str) -> dict[str, Figure[object]]:
    planned = {one.part: one for one in kinds()["quarterly_report"].plan(sample(), YEAR)}
    context = kinds()["quarterly_report"].compose(sample(), planned[part], YEAR)
    return {key: leaf for key, leaf in leaves(context) if isinstance(leaf, Figure)}


YEAR = date(2027, 5, 25)


def rows_told(steps: tuple[Step | Rest, ...]) -> list[str]:
    """Return the numbers of the rows that steps name, each once."""
    cells = (step.source.cell for step in steps if isinstance(step, Step)
             and isinstance(step.source, Cell))  # fmt: skip
    return list(dict.fromkeys(cell.lstrip("ABCDEFGHIJ") for cell in cells))


def test_the_late_tickets_are_named_by_row_of_all_that_were_looked_through() -> None:
    late = report("Q2")["tickets.late_count"]
    step = Explanation("tickets.late_count", late).step
    assert late.text == "8"
    assert rows_told(step.inputs) == [
        "5", "71", "77", "111", "116", "166", "255", "273",
    ]  # fmt: skip
    assert [item.name for item in step.derived[:4]] == ["编号", "受理时间", "办结时间", "承诺时限"]
    assert step.among is not None
    assert (step.among.count, str(step.among.last)[-4:]) == (312, "I314")
    assert step.left_out == ()


def test_where_most_rows_count_those_are_named_that_do_not() -> None:
    step = Explanation("x", report("Q2")["tickets.total.in_time"]).step
    assert step.derived == ()
    assert rows_told(step.left_out) == [
        "5", "71", "77", "111", "116", "166", "255", "273",
    ]  # fmt: skip


def test_everything_is_named_if_that_is_wished() -> None:
    step = Explanation("x", report("Q2")["tickets.total.in_time"]).full
    assert len(rows_told(step.inputs)) == 304
    assert len(rows_told(step.left_out)) == 8


def test_a_sum_of_twelve_rows_names_them_all_and_one_of_more_the_first_and_the_rest() -> None:
    figures = report("Q2")
    line = Explanation("x", figures["backups.lines[0].planned"]).step
    assert len(rows_told(line.inputs)) == 3
    total = Explanation("x", figures["backups.total.planned"]).step
    assert rows_told(total.inputs) == ["3", "4", "5", "6", "7"]
    assert isinstance(total.inputs[-1], Rest)
    assert (total.inputs[-1].count, str(total.inputs[-1].to)[-3:]) == (13, "C20")


def test_a_peak_names_the_row_it_stands_in_and_a_rate_what_is_above_and_below_the_line() -> None:
    figures = report("Q1")
    peak = Explanation("x", figures["usage.months[0].cpu_peak"]).step
    assert [(item.name, item.text) for item in peak.derived] == [
        ("主机名称", "qyda-db-01"),
        ("CPU峰值使用率", "99%"),
    ]
    assert peak.among is not None
    assert peak.among.count == 306
    rate = Explanation("x", figures["tickets.total.in_time_rate"]).step
    assert [item.name for item in rate.derived] == ["及时办结", "到期受理"]


def add_an_outage_that_does_not_count() -> None:
    headers = [cell.value for cell in load_workbook(WORKBOOK)["中断"][1]]
    outage = dict(builders.FIRST_OUTAGE, 编号="ZD-02", 同意不计入="会议纪要",
                  同意不计入日期="2026-05-20")  # fmt: skip
    values = [outage.get(str(header)) for header in headers]
    change = {"file": "operations/Q1.xlsx", "sheet": "中断", "row": 4, "values": values}
    builders.edit(finished.CONTRACT, change)


def test_the_cells_of_a_row_stand_on_one_line_and_what_was_looked_through_below() -> None:
    add_an_outage_that_does_not_count()
    told = run("explain", REPORT, "service.outages.count").stdout.splitlines()
    assert told[-4:-1] == [
        "  计入的中断次数 1 = 中断表中计入可用性的行数",
        f"    编号 ZD-01，同意不计入 —，同意不计入日期 —  {WORKBOOK}[中断]!A3、K3、L3",
        f"    looked through: 2 rows, {WORKBOOK}[中断]!A3 to {WORKBOOK}[中断]!L4",
    ]
    of_the_second = f"{WORKBOOK}[中断]!A4、K4、L4"
    told = run("explain", REPORT, "service.outages.count", "--full").stdout.splitlines()
    assert told[-3:-1] == [
        "    left out of them:",
        f"      编号 ZD-02，同意不计入 会议纪要，同意不计入日期 2026年5月20日  {of_the_second}",
    ]


def test_programs_are_told_what_was_looked_through_and_what_was_left_out() -> None:
    add_an_outage_that_does_not_count()
    wish = ("service.outages.count", "--full", "--format", "json")
    (facts,) = json.loads(run("explain", REPORT, *wish).stdout)["figures"]
    assert facts["among"] == {
        "rows": 2, "first": f"{WORKBOOK}[中断]!A3", "last": f"{WORKBOOK}[中断]!L4",
    }  # fmt: skip
    assert [cell["text"] for cell in facts["left_out"]] == ["ZD-02", "会议纪要", "2026年5月20日"]


def test_equal_steps_are_numbered_and_told_once() -> None:
    read = Figure("天数", 30, "30", Line("contract.yaml", 3, 1))
    twice = [Figure("期限", 60, "60", Derivation("天数×2", "", (read,))) for _ in range(2)]
    step = Explanation("x", Figure("和", 120, "120", Derivation("相加", "", tuple(twice)))).step
    assert [(item.number, item.seen) for item in step.derived] == [(1, False), (1, True)]
    assert list(places([step], "data")) == ["数据：contract.yaml:3:1"]
    assert isinstance(step, Step)
