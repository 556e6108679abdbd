from rows import quarter, row

from deliverables.compute.operations import evidence, source_lines
from deliverables.model.operations_sheets import Alarm, Ticket


def test_several_sources_are_named_in_the_order_of_their_rows_and_counted() -> None:
    names = ("短信平台", "监控平台", "日志平台", "监控平台")
    rows = [row(Alarm, evidence=name) for name in names]
    assert str(evidence([quarter(alarms=rows)]).alarms) == "短信平台、监控平台、日志平台，共 3 份"


def test_a_single_paper_is_named_in_full_and_of_many_the_sort() -> None:
    def said(*names: str) -> str:
        rows = [row(Ticket, evidence=name) for name in names]
        return str(evidence([quarter(tickets=rows)]).tickets)

    assert said("工单导出（2026-07-30 09:25导出）") == "工单导出（2026-07-30 09:25导出）"
    assert said(*(f"工单导出（2026-0{n}-30导出）" for n in (5, 6))) == "工单导出，共 2 份"
    assert said("故障报告 GZ-001；平台日志", "故障报告 GZ-002") == "故障报告、平台日志，共 3 份"
    assert said("甲", "乙", "丙", "丁") == "甲、乙、丙等，共 4 份"


def test_the_list_of_evidence_names_every_paper_once() -> None:
    year = [
        quarter(1, alarms=[row(Alarm, evidence="甲；乙")]),
        quarter(2, alarms=[row(Alarm, evidence="丙"), row(Alarm, evidence="乙")]),
    ]
    (line,) = source_lines(year)
    told = [line.sheet, str(line.rows), str(line.count), str(line.names)]
    assert told == ["告警", "3", "3", "甲；乙；丙"]


def test_the_list_of_evidence_puts_papers_of_a_sort_together() -> None:
    def listed(*names: str) -> str:
        (line,) = source_lines([quarter(tickets=[row(Ticket, evidence=name) for name in names])])
        return str(line.names)

    assert listed("变更单 BG01", "平台日志", "变更单 BG02（甲方确认件）") == (
        "变更单 2 份：BG01、 BG02（甲方确认件）；平台日志"
    )
    assert listed("变更单 BG01", "变更单 BG02").split()[1:] == ["2", "份：BG01、", "BG02"], (
        "a line breaks between the numbers, not inside one"
    )
    assert listed(*(f"报表（2026-0{n}-30 09:10导出）" for n in (5, 6))) == (
        "报表 2 份，导出时间 2026-05-30 09:10、2026-06-30 09:10"
    )


def test_rows_without_a_source_ask_for_one() -> None:
    assert str(evidence([quarter(alarms=[row(Alarm)])]).alarms) == "【待补】"


def test_an_empty_sheet_is_the_source_of_nothing() -> None:
    assert str(evidence([quarter()]).staff_changes) == "运行数据工作簿“人员”（无记录）"
