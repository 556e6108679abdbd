"""Rules about a quarter's workbook: borders of days, months and quarters, sums and claims."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import builders
import pytest
from checking import Q1, Q2, Change, codes_with, cover, problems_with, row

OUTAGE = builders.FIRST_OUTAGE
ALARM = {
    "编号": "GJ-01",
    "级别": "次要",
    "类别": "存储",
    "告警对象": "存储池1",
    "数据来源": "监控平台",
}
HOST = {
    "月份": "2026-05", "业务系统": "审批系统", "vCPU": 8, "内存": 16, "存储": 500,
    "CPU平均使用率": 35, "CPU峰值使用率": 80, "内存平均使用率": 40, "内存峰值使用率": 70,
    "存储已用": 200, "数据来源": "监控平台",
}  # fmt: skip
STOCK = {"业务系统": "审批系统", "资源类别": "云主机", "单位": "台", "数据来源": "云管平台"}
SECOND_QUARTER = (
    {"copy": Q1, "to": Q2},
    cover("B2", 2, Q2),
    cover("B3", date(2026, 7, 30), Q2),
    cover("B4", date(2026, 10, 29), Q2),
)


def outage(start: str, end: str, number: str = "ZD-01", line: int = 3, file: str = Q1,
           **more: object) -> Change:  # fmt: skip
    times = {"开始时间": datetime.fromisoformat(start), "恢复时间": datetime.fromisoformat(end)}
    return row(file, "中断", line, **{**OUTAGE, "编号": number, **times, **more})


NO_PORTAL = {"file": Q1, "sheet": "资源台账", "delete_row": 4}


def stock(file: str, opening: int, closing: int) -> Change:
    counts = {"期初": opening, "新增": closing - opening, "回收": 0, "期末": closing}
    return row(file, "资源台账", **{**STOCK, **counts, "资源类别": "存储", "单位": "GB"})


@pytest.mark.parametrize(
    ("start", "end", "codes"),
    [
        ("2026-04-30 00:00", "2026-04-30 00:01", []),
        ("2026-07-29 23:59", "2026-07-30 00:00", []),  # 24:00 of the last day
        ("2026-04-29 23:59", "2026-04-30 00:01", ["outage-clipped"]),
        ("2026-07-29 23:59", "2026-07-30 00:01", ["outage-clipped"]),
        ("2026-04-29 23:58", "2026-04-30 00:00", ["row-outside-quarter"]),
        ("2026-07-30 00:00", "2026-07-30 00:01", ["row-outside-quarter"]),
        ("2026-05-06 08:00", "2026-05-06 08:00", ["end-before-start"]),
    ],
)
def test_a_quarter_runs_from_midnight_to_midnight(
    tmp_path: Path, start: str, end: str, codes: list[str]
) -> None:
    assert codes_with(tmp_path, outage(start, end)) == codes


@pytest.mark.parametrize(
    ("raised", "codes"),
    [
        ("2026-04-30 00:00", []),
        ("2026-07-29 23:59", []),
        ("2026-04-29 23:59", ["row-outside-quarter"]),
        ("2026-07-30 00:00", ["row-outside-quarter"]),
    ],
)
def test_an_alarm_belongs_to_the_quarter_in_which_it_was_raised(
    tmp_path: Path, raised: str, codes: list[str]
) -> None:
    """It may be cleared later."""
    cleared = datetime(2026, 8, 3, 9)
    change = row(Q1, "告警", **ALARM, 告警时间=datetime.fromisoformat(raised), 恢复时间=cleared)
    assert codes_with(tmp_path, change) == codes


@pytest.mark.parametrize(
    ("month", "codes"),
    [
        ("2026-03", ["month-outside-quarter"]),
        ("2026-04", ["month-outside-quarter"]),  # of which the quarter has only the 30th
        ("2026-07", []),
        ("2026-08", ["month-outside-quarter"]),
    ],
)
def test_a_month_is_one_of_the_service_months_that_end_in_the_quarter(
    tmp_path: Path, month: str, codes: list[str]
) -> None:
    inspection = {"月份": month, "巡检项目": "机房", "计划次数": 2, "完成次数": 2, "发现问题": 0,
                  "整改完成": 0, "数据来源": "巡检单"}  # fmt: skip
    assert codes_with(tmp_path, row(Q1, "巡检", **inspection)) == codes


def test_a_watch_that_began_in_the_quarter_before_is_no_problem(tmp_path: Path) -> None:
    watch = {"类别": "重大活动保障", "名称": "节日保障", "开始日期": date(2026, 4, 28),
             "结束日期": date(2026, 5, 5), "值守": 16, "结论": "好", "数据来源": "表"}  # fmt: skip
    assert codes_with(tmp_path, row(Q1, "演练与重保", **watch)) == []


def test_an_outage_inside_another_overlaps_it_and_one_that_follows_does_not(tmp_path: Path) -> None:
    changes = (
        outage("2026-05-06 08:00", "2026-05-06 09:00", "ZD-01", 3),
        outage("2026-05-06 08:10", "2026-05-06 08:20", "ZD-02", 4),
        outage("2026-05-06 08:30", "2026-05-06 08:40", "ZD-03", 5),
        outage("2026-05-06 09:00", "2026-05-06 09:20", "ZD-04", 6),
    )
    said = [str(problem.message) for problem in problems_with(tmp_path, *changes)]
    assert said == [
        "outages ZD-02 and ZD-01 ([中断]!B3) overlap by 10 minutes, which count once",
        "outages ZD-03 and ZD-01 ([中断]!B3) overlap by 10 minutes, which count once",
    ]


def test_an_excluded_outage_overlaps_nothing_that_counts(tmp_path: Path) -> None:
    changes = (
        outage("2026-05-06 08:00", "2026-05-06 10:00", "ZD-01", 3),
        outage("2026-05-06 09:00", "2026-05-06 12:00", "ZD-02", 4, 同意不计入="补充协议一",
               同意不计入日期=date(2026, 7, 1)),
    )  # fmt: skip
    assert codes_with(tmp_path, *changes) == []


def test_a_quarter_below_its_target_is_answered_by_a_problem_about_availability(
    tmp_path: Path,
) -> None:
    failed = outage("2026-05-06 08:00", "2026-05-06 10:12")
    about = {"编号": "WT-01", "类别": "问题", "内容": "未达标", "数据来源": "表"}
    unanswered = (failed, row(Q1, "问题与计划", **about))
    answered = (failed, row(Q1, "问题与计划", **about, 针对指标="可用性"))
    assert codes_with(tmp_path / "a", *unanswered) == ["miss-unanswered"]
    assert codes_with(tmp_path / "b", *answered) == []


def test_an_outage_in_both_workbooks_is_only_clipped(tmp_path: Path) -> None:
    across = ("2026-07-29 23:50", "2026-07-30 00:20")
    changes = (*SECOND_QUARTER, stock(Q1, 0, 10), stock(Q2, 10, 10))
    both = (outage(*across), outage(*across, file=Q2))
    assert codes_with(tmp_path, *changes, *both) == ["outage-clipped", "outage-clipped"]


def test_an_outage_that_only_the_later_workbook_has_is_missed_in_the_earlier(
    tmp_path: Path,
) -> None:
    changes = (*SECOND_QUARTER, stock(Q1, 0, 10), stock(Q2, 10, 10))
    late = outage("2026-07-29 23:50", "2026-07-30 00:20", "ZD-02", file=Q2)
    assert codes_with(tmp_path, *changes, late) == ["outage-clipped", "outage-not-continued"]


def test_a_stock_that_is_new_in_the_second_quarter_opens_with_nothing(tmp_path: Path) -> None:
    changes = (
        *SECOND_QUARTER,
        outage("2026-08-06 08:00", "2026-08-06 09:00", file=Q2),
        stock(Q1, 0, 10),
        stock(Q2, 10, 12),
        row(Q2, "资源台账", 5, **{**STOCK, "业务系统": "监管系统", "资源类别": "存储", "单位": "GB",
                              "期初": 3, "新增": 0, "回收": 0, "期末": 3}),
    )  # fmt: skip
    (problem,) = problems_with(tmp_path, *changes)
    assert str(problem.message) == "监管系统 / 存储 opens with 3, Q1 closed with 0 (+3)"
    assert problem.message.in_language("zh") == "监管系统 / 存储：期初为 3，Q1 期末为 0（差 +3）"


@pytest.mark.parametrize(("hosts", "agree"), [(7, False), (8, True), (10, True), (11, False)])
def test_hosts_that_came_or_went_may_or_may_not_be_monitored(
    tmp_path: Path, hosts: int, agree: bool
) -> None:
    """Eight at the end, ten over the quarter."""
    counts = {"期初": 9, "新增": 1, "回收": 2, "期末": 8}
    changes = [row(Q1, "资源台账", **{**STOCK, **counts}), NO_PORTAL]
    changes += [row(Q1, "资源使用", 3 + i, **HOST, 主机名称=f"SP-{i}") for i in range(hosts)]
    assert codes_with(tmp_path, *changes) == ([] if agree else ["host-count"])


@pytest.mark.parametrize("unit", ["Mb", "MB", "mb"])
def test_a_unit_may_be_written_in_small_letters(tmp_path: Path, unit: str) -> None:
    counts = {"期初": 100, "新增": 0, "回收": 0, "期末": 100}
    change = row(Q1, "资源台账", **{**STOCK, **counts, "资源类别": "带宽", "单位": unit})
    assert codes_with(tmp_path, change) == []


@pytest.mark.parametrize(
    "paragraph",
    [
        "数据可靠性99.9999%（实测）。",
        "数据可靠性达到99.9999%，满足合同要求。",
        "按要求开展巡检，数据可靠性方面，达到99.9999%。",
        "经实测，本季度数据可靠性为 99.9999 ％。",
        "数据持久性：99.999999%。",
        "存储平台99.9999%（实测值）。",
    ],
)
def test_a_durability_that_nobody_can_measure_is_refused(tmp_path: Path, paragraph: str) -> None:
    assert codes_with(tmp_path, cover("B9", paragraph)) == ["durability-claim"]


@pytest.mark.parametrize(
    "paragraph",
    [
        "本季度未发生数据丢失，完整性校验全部通过。",
        "合同约定数据可靠性不低于99.9999%，以厂商文件设计值列示。",
        "数据可靠性99.9999%为设计值，非实测值。",
        "99.9999%的数据可靠性无法在一年内实测证明。",
        "本季度平台可用性为99.9962%（实测），数据未丢失。",
        "数据可靠性无异常，平台可用性为99.95%，满足要求。",
        "针对数据可靠性99.9999%的要求，开展完整性校验30次。",
        "为保障数据可靠性，备份成功率保持在100%。",
        "CPU峰值使用率92%（实测）。",
    ],
)
def test_what_was_observed_and_what_was_designed_may_be_said(
    tmp_path: Path, paragraph: str
) -> None:
    assert codes_with(tmp_path, cover("B9", paragraph)) == []


@pytest.mark.parametrize(
    ("paragraph", "codes"),
    [
        ("满意度为【待补】。", ["narrative-unfinished"]),
        ("满意度为【待补：请客服提供】。", ["narrative-unfinished"]),
        ("共处置XXX起。", ["narrative-unfinished"]),
        ("可用性{{ value }}。", ["narrative-tag"]),
        ("{% if x %}有{% endif %}", ["narrative-tag"]),
        ("系统{核心}运行平稳，使用率<80%。", []),
    ],
)
def test_a_paragraph_is_finished_and_plain_text(
    tmp_path: Path, paragraph: str, codes: list[str]
) -> None:
    assert codes_with(tmp_path, cover("B9", paragraph)) == codes


def test_missing_evidence_is_one_problem_that_names_the_first_cells(tmp_path: Path) -> None:
    changes = [
        outage(f"2026-05-{day:02} 08:00", f"2026-05-{day:02} 08:10", f"ZD-{day}", 2 + day,
               数据来源=None)
        for day in range(1, 9)
    ]  # fmt: skip
    (problem,) = problems_with(tmp_path, *changes)
    assert str(problem.source).endswith("Q1.xlsx[中断]!N3")
    assert str(problem.message) == ("8 of 8 rows of 中断 name no evidence (N3, N4, N5, N6, N7, …)")


def test_blocks_in_two_zones_or_released_share_no_address(tmp_path: Path) -> None:
    block = {"地址段": "10.20.1.0/28", "业务系统": "审批系统", "地址数": 16, "数据来源": "地址台账"}
    changes = (
        row(Q1, "IP地址", 3, **block, 网络区域="互联网区", 状态="在用"),
        row(Q1, "IP地址", 4, **block, 网络区域="政务外网区", 状态="预留"),
        row(Q1, "IP地址", 5, **block, 网络区域="互联网区", 状态="已回收"),
        row(Q1, "IP地址", 6, **{**block, "地址段": "2001:db8::/64"}, 网络区域="互联网区",
            状态="在用"),
        row(Q1, "IP地址", 7, **{**block, "地址段": "10.9.0.1至10.9.0.40", "地址数": 40},
            网络区域="互联网区", 状态="在用"),
    )  # fmt: skip
    assert codes_with(tmp_path, *changes) == []
