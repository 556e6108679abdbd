"""The sample data as a specification: it adds up, agrees with itself and stays made-up."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from places import ROOT
from python_calamine import CalamineWorkbook

from deliverables.model.fields import declarations, sheets
from deliverables.model.ledger_sheets import Ledger
from deliverables.model.letters_sheets import Letters
from deliverables.model.operations_sheets import CHAPTERS, Operations
from deliverables.model.roster_sheets import Roster
from deliverables.read.workbook import read_workbook

pytestmark = pytest.mark.thorough

DATA = ROOT / "data" / "SXYSR202604152"
QUARTERS = {
    1: (date(2026, 4, 30), date(2026, 7, 29)),
    2: (date(2026, 7, 30), date(2026, 10, 29)),
    3: (date(2026, 10, 30), date(2027, 1, 29)),
    4: (date(2027, 1, 30), date(2027, 4, 29)),
}
TYPES = {f"operations/Q{number}.xlsx": Operations for number in QUARTERS} | {
    "staff.xlsx": Roster,
    "ledger.xlsx": Ledger,
    "letters.xlsx": Letters,
}
Record = dict[str, Any]


@cache
def sheets_of(name: str) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of every sheet of a committed workbook as they stand there."""
    book = CalamineWorkbook.from_path(DATA / name)
    return {
        sheet: [tuple(map(plain, row)) for row in book.get_sheet_by_name(sheet).to_python()]
        for sheet in book.sheet_names
    }


def plain(raw: object) -> object:
    """Return what a cell holds: nothing, a whole number as such, a day as the moment it begins."""
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return datetime(raw.year, raw.month, raw.day)
    return None if raw == "" else raw


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what the script makes, in a process with another order of sets."""
    folder = tmp_path_factory.mktemp("made")
    subprocess.run(
        [sys.executable, "-m", "scripts.make_sample", str(folder)],
        cwd=ROOT, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": "271828"},
    )  # fmt: skip
    return folder


def rows(name: str, sheet: str) -> list[Record]:
    header, *found = sheets_of(name)[sheet]
    return [dict(zip(header, row, strict=True)) for row in found[1:]]


def quarter(number: int, sheet: str) -> list[Record]:
    return rows(f"operations/Q{number}.xlsx", sheet)


def union_minutes(intervals: list[tuple[datetime, datetime]]) -> float:
    total, reached = timedelta(), datetime.min
    for started, ended in sorted(intervals):
        total += max(ended - max(started, reached), timedelta())
        reached = max(reached, ended)
    return total / timedelta(minutes=1)


def in_scope(number: int) -> list[tuple[datetime, datetime]]:
    return [(row["开始时间"], row["恢复时间"]) for row in quarter(number, "中断")]


def stock(number: int) -> dict[tuple[object, ...], Record]:
    return {
        (row["业务系统"], row["资源类别"], row["规格"]): row for row in quarter(number, "资源台账")
    }


def last_month(number: int) -> list[Record]:
    usage = quarter(number, "资源使用")
    return [row for row in usage if row["月份"] == max(each["月份"] for each in usage)]


each_quarter = pytest.mark.parametrize("number", QUARTERS)
each_workbook = pytest.mark.parametrize("name", TYPES)


@pytest.mark.whole_sample
@each_workbook
def test_the_committed_workbook_is_what_the_script_makes(name: str, made: Path) -> None:
    """The parts are compared: another system's zlib may pack the same parts differently."""

    def parts(file: Path) -> dict[str, bytes]:
        with ZipFile(file) as package:
            return {entry: package.read(entry) for entry in package.namelist()}

    assert parts(DATA / name) == parts(made / name)


@each_workbook
def test_its_sheets_and_headers_are_the_declared_ones(name: str) -> None:
    found = sheets_of(name)
    row_types = sheets(TYPES[name]).values()
    assert list(found) == ["填写说明", "说明", *(row_type.sheet for row_type in row_types)]
    for row_type in row_types:
        declared = declarations(row_type).values()
        assert list(found[row_type.sheet][0]) == [item.label for item in declared]


@each_workbook
def test_the_reader_finds_nothing_amiss(name: str) -> None:
    problems: list[object] = []
    assert read_workbook(name, (DATA / name).read_bytes(), TYPES[name], problems)
    assert not problems


@each_workbook
def test_it_is_flagged_as_sample_data(name: str) -> None:
    assert ("示例数据", "是") in [row[:2] for row in sheets_of(name)["说明"]]


@each_workbook
def test_every_row_names_its_evidence(name: str) -> None:
    for sheet in sheets(TYPES[name]).values():
        assert all(row["数据来源"] for row in rows(name, sheet.sheet)), sheet.sheet


def test_nobody_of_the_roster_is_named_in_the_contract() -> None:
    contract = (DATA / "contract.yaml").read_text("utf-8")
    people = [row["姓名"] for row in rows("staff.xlsx", "人员名册")]
    assert not [person for person in people if person in contract]


@each_quarter
def test_the_cover_gives_the_service_quarter(number: int) -> None:
    cover = {row[0]: row[1] for row in sheets_of(f"operations/Q{number}.xlsx")["说明"]}
    first, last = QUARTERS[number]
    assert cover["服务季度"] == number
    assert (cover["起始日期"], cover["截止日期"]) == tuple(
        datetime(day.year, day.month, day.day) for day in (first, last)
    )


@each_quarter
def test_people_wrote_something_but_not_everything(number: int) -> None:
    cover = sheets_of(f"operations/Q{number}.xlsx")["说明"]
    written = [row[0].removeprefix("正文：") for row in cover if row[1] and "正文" in str(row[0])]
    assert 2 <= len(written) < len(CHAPTERS)
    assert "概述" in written


@each_quarter
def test_the_quarter_has_a_few_thousand_rows(number: int) -> None:
    found = sheets_of(f"operations/Q{number}.xlsx")
    assert 2_500 < sum(len(sheet) - 2 for sheet in found.values()) < 4_000
    assert 1_200 <= len(quarter(number, "告警")) <= 1_800
    assert 250 <= len(quarter(number, "工单")) <= 350
    assert 15 <= len(quarter(number, "变更")) <= 25


@each_quarter
def test_the_stock_adds_up(number: int) -> None:
    for row in quarter(number, "资源台账"):
        assert row["期初"] + row["新增"] - row["回收"] == row["期末"], row
        assert row["期末"] <= row["合同量"], row
    assert len({row["业务系统"] for row in quarter(number, "资源台账")}) == 40


@pytest.mark.parametrize("number", [2, 3, 4])
def test_a_quarter_opens_with_what_the_last_one_closed_with(number: int) -> None:
    before, after = stock(number - 1), stock(number)
    assert {key: row["期末"] for key, row in before.items()} == {
        key: row["期初"] for key, row in after.items()
    }


@each_quarter
def test_the_stock_is_that_of_the_hosts_in_use(number: int) -> None:
    used: defaultdict[tuple[object, object], int] = defaultdict(int)
    for row in last_month(number):
        used[row["业务系统"], "云主机"] += 1
        for kind in ("vCPU", "内存", "存储"):
            used[row["业务系统"], kind] += row[kind]
    held: defaultdict[tuple[object, object], int] = defaultdict(int)
    for row in quarter(number, "资源台账"):
        if row["资源类别"] in ("云主机", "vCPU", "内存", "存储"):
            held[row["业务系统"], row["资源类别"]] += row["期末"]
    assert used == held
    assert 290 <= len({row["主机名称"] for row in last_month(number)}) <= 330


@each_quarter
def test_every_host_that_stayed_has_a_row_a_month(number: int) -> None:
    months = Counter(row["主机名称"] for row in quarter(number, "资源使用"))
    assert Counter(months.values())[3] > 290
    assert set(months.values()) <= {1, 2, 3}
    used = Counter((row["月份"], row["主机名称"]) for row in quarter(number, "资源使用"))
    assert set(used.values()) == {1}


@each_quarter
def test_use_stays_within_what_there_is(number: int) -> None:
    for row in quarter(number, "资源使用"):
        for what in ("CPU", "内存"):
            assert 1 < row[f"{what}平均使用率"] < row[f"{what}峰值使用率"] < 100, row
        assert 0 < row["存储已用"] < row["存储"], row


@each_quarter
def test_the_addresses_in_stock_are_those_of_the_blocks(number: int) -> None:
    given: Counter[object] = Counter()
    for row in quarter(number, "IP地址"):
        if row["状态"] != "已回收":
            given[row["业务系统"]] += row["地址数"]
    stocked = {key[0]: row["期末"] for key, row in stock(number).items() if key[1] == "IP地址"}
    assert stocked == given


@pytest.mark.parametrize(
    ("number", "minutes", "added_up"), [(1, 70, 70), (2, 267, 284), (3, 351, 383), (4, 120, 120)]
)
def test_the_minutes_of_interruption_are_known(number: int, minutes: int, added_up: int) -> None:
    found = in_scope(number)
    assert union_minutes(found) == minutes
    assert sum((ended - started) / timedelta(minutes=1) for started, ended in found) == added_up


def test_the_second_and_third_quarters_and_the_year_miss_their_budgets() -> None:
    days = {number: (last - first).days + 1 for number, (first, last) in QUARTERS.items()}
    minutes = {number: union_minutes(in_scope(number)) for number in QUARTERS}
    missed = [n for n in QUARTERS if minutes[n] * 1000 > days[n] * 1440]
    assert missed == [2, 3]
    assert sum(minutes.values()) * 1000 > sum(days.values()) * 1440


def test_one_interruption_crosses_midnight_and_stays_in_its_quarter() -> None:
    crossing = [span for span in in_scope(1) if span[0].date() != span[1].date()]
    assert crossing == [(datetime(2026, 6, 11, 23, 48), datetime(2026, 6, 12, 0, 31))]


@each_quarter
def test_planned_work_was_consented_to_and_nobody_agreed_to_leave_it_out(number: int) -> None:
    for row in quarter(number, "中断"):
        assert bool(row["甲方同意作业"]) == (row["原因类别"] == "计划维护")
        assert (row["同意不计入"], row["同意不计入日期"]) == (None, None)
        assert row["受影响主机数"] < row["主机总数"]


@each_quarter
def test_a_quarter_below_its_target_has_a_remedy(number: int) -> None:
    before = quarter(number - 1, "问题与计划") if number > 1 else []
    known = {row["编号"] for row in before}
    rows = [row for row in quarter(number, "问题与计划") if row["编号"] not in known]
    assert any(row["针对指标"] == "可用性" for row in rows) == (number in (2, 3))


@pytest.mark.parametrize("number", [2, 3, 4])
def test_what_a_quarter_left_open_goes_on_in_the_next_under_its_number(number: int) -> None:
    left = [row for row in quarter(number - 1, "问题与计划") if row["状态"] != "已完成"]
    carried = {row["编号"]: row["内容"] for row in quarter(number, "问题与计划")}
    assert left
    assert all(carried[row["编号"]] == row["内容"] for row in left)


@each_quarter
def test_every_unplanned_interruption_is_an_ungraded_incident(number: int) -> None:
    rows = quarter(number, "中断")
    unplanned = {row["编号"] for row in rows if row["原因类别"] != "计划维护"}
    incidents = quarter(number, "事件")
    assert {row["关联中断编号"] for row in incidents} - {None} == unplanned
    assert {row["级别"] for row in incidents} <= {"未定级"}
    assert [row["编号"] for row in incidents] == sorted(str(row["编号"]) for row in incidents)


def test_some_subjects_are_empty() -> None:
    empty = {
        (number, sheet.sheet)
        for number in QUARTERS
        for sheet in sheets(Operations).values()
        if not quarter(number, sheet.sheet)
    }
    assert empty == {
        (1, "演练与重保"), (1, "服务会议"), (2, "满意度"), (4, "事件"), (4, "人员"),
    }  # fmt: skip


def moments(number: int) -> Iterator[datetime]:
    for sheet, label in (
        ("告警", "告警时间"), ("工单", "受理时间"), ("变更", "实施时间"),
        ("事件", "发生时间"), ("中断", "开始时间"), ("人员", "日期"), ("演练与重保", "开始日期"),
    ):  # fmt: skip
        for row in quarter(number, sheet):
            yield row[label]


@each_quarter
def test_everything_happened_in_its_quarter(number: int) -> None:
    first, last = QUARTERS[number]
    assert all(first <= moment.date() <= last for moment in moments(number))


@each_quarter
def test_numbers_are_given_once_and_in_order(number: int) -> None:
    for sheet in ("中断", "告警", "工单", "事件", "变更"):
        numbers = [str(row["编号"]) for row in quarter(number, sheet)]
        assert numbers == sorted(set(numbers)), sheet


@each_quarter
def test_most_alarms_are_slight_and_soon_over(number: int) -> None:
    alarms = quarter(number, "告警")
    levels = Counter(row["级别"] for row in alarms)
    assert levels["次要"] + levels["警告"] > 0.85 * len(alarms)
    assert set(levels) == {"紧急", "主要", "次要", "警告"}
    assert sum(row["恢复时间"] is None for row in alarms) <= 3
    assert all(row["恢复时间"] > row["告警时间"] for row in alarms if row["恢复时间"])


@each_quarter
def test_few_tickets_are_late_and_none_is_open(number: int) -> None:
    tickets = quarter(number, "工单")
    late = [
        row for row in tickets
        if row["办结时间"] - row["受理时间"] > timedelta(hours=row["承诺时限"])
    ]  # fmt: skip
    assert 3 <= len(late) <= 20


def test_changes_are_rolled_back_now_and_then() -> None:
    results = {n: Counter(row["结果"] for row in quarter(n, "变更")) for n in QUARTERS}
    assert {n: found["回退"] for n, found in results.items()} == {1: 1, 2: 0, 3: 1, 4: 0}


@each_quarter
def test_what_was_done_is_part_of_what_was_planned(number: int) -> None:
    for sheet, part, whole in (
        ("巡检", "完成次数", "计划次数"), ("巡检", "整改完成", "发现问题"),
        ("备份", "成功次数", "计划次数"), ("备份", "演练成功", "恢复演练"),
        ("数据可靠性", "校验未通过", "完整性校验"),
    ):  # fmt: skip
        assert all(row[part] <= row[whole] for row in quarter(number, sheet)), sheet
    backups = quarter(number, "备份")
    assert sum(row["成功次数"] for row in backups) < sum(row["计划次数"] for row in backups)


@each_quarter
def test_a_due_vulnerability_is_mended_or_overdue(number: int) -> None:
    for row in quarter(number, "漏洞与安全"):
        if "漏洞" in str(row["类别"]):
            assert row["应整改"] == row["已整改"] + row["逾期未整改"]
        else:
            assert (row["应整改"], row["已整改"], row["逾期未整改"]) == (None, None, None)


@each_quarter
def test_no_durability_is_measured(number: int) -> None:
    for row in quarter(number, "数据可靠性"):
        assert row["数据丢失事件"] == row["校验未通过"] == 0
        assert row["设计值"] and row["设计值依据"]
        assert "实测" not in "".join(map(str, row.values()))


def identity_check(number: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True))
    return "10X98765432"[total % 11]


def test_identity_numbers_are_well_formed_and_of_nowhere() -> None:
    numbers = [
        str(row["证件号码"]) for row in rows("staff.xlsx", "人员名册")
        if row["证件类型"] == "居民身份证" and row["证件号码"]
    ]  # fmt: skip
    assert len(numbers) == len(set(numbers)) == 12
    assert all(number.startswith("999999") for number in numbers)
    assert all(identity_check(number) == number[17] for number in numbers)


def test_no_other_cell_holds_anything_like_an_identity_number() -> None:
    for name in TYPES:
        for sheet, found in sheets_of(name).items():
            for row in found:
                for value in row:
                    text = str(value)
                    if len(text) == 18 and text[:17].isdigit():
                        assert (sheet, text[:6]) == ("人员名册", "999999")


def test_the_roster_has_the_people_that_documents_trip_over() -> None:
    roster = {row["姓名"]: row for row in rows("staff.xlsx", "人员名册")}
    assert 12 <= len(roster) <= 15
    assert "阿卜杜拉·买买提" in roster
    assert any("𠮷" in str(name) for name in roster)
    assert [name for name, row in roster.items() if row["证件类型"] == "护照"] == ["Anna Kowalska"]
    assert [name for name, row in roster.items() if not row["证件号码"]] == ["冯嘉树"]
    unsigned = {name for name, row in roster.items() if not row["协议签署日期"]}
    assert unsigned == {"马向荣", "白露"}
    early = {
        name for name, row in roster.items()
        if row["协议签署日期"] and row["权限开通日期"] < row["协议签署日期"]
    }  # fmt: skip
    assert early == {"邓子昂"}


def test_the_roster_and_the_quarters_tell_of_the_same_people() -> None:
    told = {
        (row["姓名"], row["类别"], row["日期"])
        for number in QUARTERS
        for row in quarter(number, "人员")
        if row["类别"] in ("进入", "离开")
    }
    roster = rows("staff.xlsx", "人员名册")
    began = min(row["进入项目日期"] for row in roster)
    joined = {(r["姓名"], "进入", r["进入项目日期"]) for r in roster if r["进入项目日期"] != began}
    assert told == joined | {(r["姓名"], "离开", r["离开日期"]) for r in roster if r["离开日期"]}


def test_key_staff_change_only_after_notice_and_consent() -> None:
    changes = [row for n in QUARTERS for row in quarter(n, "人员") if row["主要人员"] == "是"]
    assert [row["类别"] for row in changes] == ["离开", "进入"]
    for row in changes:
        assert row["通知甲方日期"] < row["甲方同意日期"] < row["日期"]
        assert row["日期"] - row["通知甲方日期"] > timedelta(days=21)


def test_the_ledger_holds_the_contracts_instalments_to_the_cent() -> None:
    invoices = rows("ledger.xlsx", "发票")
    cents = [
        tuple(round(Decimal(str(row[label])) * 100) for label in ("不含税金额", "税额", "价税合计"))
        for row in invoices
    ]
    assert cents == [(184696555, 11081793, 195778348), (138522417, 8311345, 146833762)]
    assert all(net + tax == gross for net, tax, gross in cents)
    assert all(len(str(row["发票号码"])) == 20 for row in invoices)
    received = [row["到账金额"] for row in rows("ledger.xlsx", "到账")]
    assert received == [1957783.48, 1468337.62]


def test_nothing_is_paid_before_it_is_invoiced_or_accepted() -> None:
    issued = {row["期次"]: row["开票日期"] for row in rows("ledger.xlsx", "发票")}
    received = {row["期次"]: row["到账日期"] for row in rows("ledger.xlsx", "到账")}
    accepted = {row["阶段"]: row["验收日期"] for row in rows("ledger.xlsx", "验收")}
    (approval,) = rows("ledger.xlsx", "财政审批")
    assert all(issued[number] < received[number] for number in received)
    assert accepted["中期"] < issued[2] < received[2] < accepted["最终"]
    assert approval["截止日期"] < received[1]
