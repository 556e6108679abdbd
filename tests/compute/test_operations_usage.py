from datetime import date
from decimal import Decimal

import pytest
from rows import quarter, row

from deliverables.compute.operations import LISTED, usage
from deliverables.model.operations_sheets import Usage
from deliverables.values.figure import Derivation

JUNE = date(2026, 6, 1)


def test_averages_are_weighted_by_capacity_with_the_simple_mean_beside_them() -> None:
    big = row(Usage, host="大", vcpu=90, memory=Decimal(900), cpu_average=Decimal(10),
              memory_average=Decimal(20))  # fmt: skip
    small = row(Usage, host="小", vcpu=10, memory=Decimal(100), cpu_average=Decimal(90),
                memory_average=Decimal(80))  # fmt: skip
    (month,) = usage([quarter(usage=[big, small])]).months
    assert (str(month.cpu), str(month.cpu_mean)) == ("18.00%", "50.00%")
    assert (str(month.memory), str(month.memory_mean)) == ("26.00%", "50.00%")
    assert "加权" in month.cpu.name
    assert "简单平均" in month.cpu_mean.name


def test_storage_is_what_is_used_of_what_there_is() -> None:
    rows = [
        row(Usage, host="甲", storage=Decimal(100), storage_used=Decimal(90)),
        row(Usage, host="乙", storage=Decimal(200), storage_used=Decimal(10)),
    ]
    (month,) = usage([quarter(usage=rows)]).months
    assert str(month.storage) == "33.33%"


def test_a_peak_is_the_highest_value_and_leads_to_its_cell() -> None:
    high = row(Usage, host="甲", cpu_peak=Decimal("99.96"))
    (month,) = usage([quarter(usage=[row(Usage, host="乙"), high])]).months
    peak = month.cpu_peak.origin
    assert str(month.cpu_peak) == "99.96%"
    assert isinstance(peak, Derivation)
    assert [str(one.origin) for one in peak.inputs] == [
        "operations/Q1.xlsx[资源使用]!C4",
        "operations/Q1.xlsx[资源使用]!H4",
    ]
    assert len(peak.among or ()) == 4


def test_months_come_in_order_and_count_each_host_once() -> None:
    rows = [row(Usage, month=JUNE, host="甲"), row(Usage, host="甲"), row(Usage, host="乙")]
    months = usage([quarter(usage=rows)]).months
    assert [(month.month, str(month.hosts)) for month in months] == [
        ("2026年5月", "2"),
        ("2026年6月", "1"),
    ]
    cut = usage([quarter(usage=rows)], parts={JUNE}).months
    assert [month.month for month in cut] == ["2026年5月", "2026年6月（不足月）"]


@pytest.mark.parametrize(
    ("cpu", "memory", "peak", "sort"),
    [
        ("70", "10", "90", "high"),
        ("69.99", "84.99", "90", ""),
        ("10", "85", "90", "high"),
        ("9.99", "20", "60", "low"),
        ("10", "20", "9", ""),
    ],
)
def test_hosts_deserve_attention_at_the_thresholds(
    cpu: str, memory: str, peak: str, sort: str
) -> None:
    host = row(
        Usage, cpu_average=Decimal(cpu), memory_average=Decimal(memory), cpu_peak=Decimal(peak)
    )
    found = usage([quarter(usage=[host])])
    assert len(found.high_load) == (sort == "high")
    assert (str(found.high_load_count), str(found.low_use_count)) == (
        str(int(sort == "high")),
        str(int(sort == "low")),
    )


def test_only_the_latest_month_counts_and_the_most_loaded_hosts_are_named() -> None:
    rows = [
        row(Usage, month=JUNE, host=f"h{load}", cpu_average=Decimal(load))
        for load in range(71, 71 + LISTED + 3)
    ]
    found = usage([quarter(usage=[*rows, row(Usage, host="old", cpu_average=Decimal(99))])])
    assert str(found.high_load_count) == str(LISTED + 3)
    assert [str(line.host) for line in found.high_load][:2] == ["h88", "h87"]
    assert len(found.high_load) == LISTED


def test_an_empty_sheet_has_no_months_and_no_rates() -> None:
    found = usage([quarter()])
    assert (found.months, found.high_load, str(found.high_load_count)) == ((), (), "0")


def test_hosts_without_capacity_have_no_weighted_rate() -> None:
    (month,) = usage([quarter(usage=[row(Usage, storage=Decimal(0))])]).months
    assert str(month.storage) == "—（本期无）"
