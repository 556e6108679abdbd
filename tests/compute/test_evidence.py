from rows import quarter, row

from deliverables.compute.operations import evidence
from deliverables.model.operations_sheets import Alarm, Ticket


def test_a_few_sources_are_all_named_in_the_order_of_their_rows() -> None:
    names = ("短信平台", "监控平台", "日志平台", "监控平台")
    rows = [row(Alarm, evidence=name) for name in names]
    assert str(evidence([quarter(alarms=rows)]).alarms) == "短信平台、监控平台、日志平台"


def test_of_many_sources_the_first_and_the_last_are_named_and_all_are_counted() -> None:
    rows = [row(Ticket, evidence=f"工单导出{n}") for n in range(1, 6)]
    assert str(evidence([quarter(tickets=rows)]).tickets) == "工单导出1至工单导出5，共 5 份"


def test_sources_of_several_quarters_stand_in_the_order_of_their_rows() -> None:
    year = [
        quarter(1, alarms=[row(Alarm, evidence="甲")]),
        quarter(2, alarms=[row(Alarm, evidence="乙"), row(Alarm, evidence="乙")]),
    ]
    assert str(evidence(year).alarms) == "甲、乙"


def test_rows_without_a_source_ask_for_one() -> None:
    assert str(evidence([quarter(alarms=[row(Alarm)])]).alarms) == "【待补】"


def test_an_empty_sheet_is_the_source_of_nothing() -> None:
    assert str(evidence([quarter()]).staff_changes) == "运行数据工作簿“人员”（无记录）"
