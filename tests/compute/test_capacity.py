"""What to do about hosts, and when storage and contracted amounts are full at this rate."""

from datetime import date
from decimal import Decimal

import pytest
from rows import quarter, row

from deliverables.compute.capacity import Capacity, capacity
from deliverables.compute.operations import stock, usage
from deliverables.model.operations_sheets import Operations, Resource, Usage
from deliverables.values.dates import Period
from deliverables.values.figure import Figure, Line, sources_in

PERIOD = Period(date(2026, 5, 1), date(2026, 7, 31))
MONTHS = tuple(date(2026, month, 1) for month in (5, 6, 7))


def monthly(host: str, *, cpu: int, peak: int, memory: int, vcpu: int = 8) -> list[Usage]:
    facts = {
        "cpu_average": Decimal(cpu), "cpu_peak": Decimal(peak),
        "memory_average": Decimal(memory), "memory_peak": Decimal(memory + 10),
    }  # fmt: skip
    return [
        row(Usage, month=month, host=host, vcpu=vcpu, memory=Decimal(32), **facts)
        for month in MONTHS
    ]


def ends(day: date) -> Figure[date]:
    return Figure("服务期届满日", day, str(day), Line("contract.yaml"))


TERM_END = ends(date(2027, 4, 30))


def of(held: Operations, end: Figure[date] = TERM_END) -> Capacity:
    return capacity([held], usage([held]).months, stock([held]), PERIOD, end)


def proposed(found: Capacity) -> list[tuple[str, str, str, str]]:
    return [
        (str(one.what), str(one.hosts), str(one.vcpu), str(one.memory)) for one in found.proposals
    ]


def test_a_host_is_proposed_for_one_thing_by_what_holds_in_every_month() -> None:
    rows = [
        *monthly("idle", cpu=2, peak=20, memory=10, vcpu=16),
        *monthly("small", cpu=8, peak=30, memory=30),
        *monthly("busy", cpu=75, peak=90, memory=60),
        *monthly("fair", cpu=30, peak=60, memory=50),
    ]
    assert proposed(of(quarter(usage=rows))) == [
        ("建议核对后退还", "1", "16", "32"),
        ("建议核对后缩减", "1", "8", "32"),
        ("建议核对后扩容", "1", "8", "32"),
    ]


def test_every_host_that_is_counted_is_named_system_by_system() -> None:
    held = quarter(usage=[
        *(of for n in range(20) for of in monthly(f"idle-{n:02}", cpu=2, peak=20, memory=10)),
        *monthly("busy", cpu=75, peak=90, memory=60),
        *monthly("fair", cpu=30, peak=60, memory=50),
    ])  # fmt: skip
    found = of(held)
    assert [(str(one.what), str(one.host)) for one in found.hosts] == [
        *(("退还", f"idle-{n:02}") for n in range(20)), ("扩容", "busy")
    ]  # fmt: skip
    assert str(found.named) == "21"
    (*_, busy) = found.hosts
    assert (str(busy.cpu_average), str(busy.memory_peak)) == ("75.00%", "70.00%")
    assert sources_in(busy.what)


def test_one_busy_month_takes_a_host_off_the_list() -> None:
    *rest, last = monthly("idle", cpu=2, peak=20, memory=10)
    woken = row(Usage, month=last.month, host="idle", cpu_average=Decimal(30))
    assert [line[1] for line in proposed(of(quarter(usage=[*rest, woken])))] == ["0", "0", "0"]


def test_two_months_prove_nothing() -> None:
    found = of(quarter(usage=monthly("idle", cpu=2, peak=20, memory=10)[:2]))
    assert (found.known, str(found.outlook)) == (False, "存储使用率不足3个月，无法推算何时用满")
    assert str(found.unknown) == "资源使用数据不足 3 个月，不提出主机调整建议"
    assert sources_in(found.unknown)


def filling(*used: int) -> Operations:
    rows = [
        row(Usage, month=month, storage_used=Decimal(each))
        for month, each in zip(MONTHS, used, strict=True)
    ]
    return quarter(usage=rows)


def test_storage_is_full_in_the_month_that_its_growth_leads_to() -> None:
    said = of(filling(40, 45, 50)).outlook
    assert str(said) == (
        "存储使用率由2026年5月的 40.00% 升至2026年7月的 50.00%，容量不变、照此速度约在2027年5月用满"
    )
    assert sources_in(said)


def test_storage_that_does_not_grow_is_never_full() -> None:
    said = of(filling(50, 45, 50)).outlook
    assert str(said) == (
        "存储使用率2026年5月为 50.00%，2026年7月仍为 50.00%，没有增长，不推算何时用满"
    )


def contracted(opening: int, closing: int, amount: int, end: Figure[date] = TERM_END) -> str:
    one = row(Resource, opening=Decimal(opening), added=Decimal(closing - opening),
              closing=Decimal(closing), contracted=Decimal(amount))  # fmt: skip
    said = of(quarter(resources=[one]), end).outlook
    assert sources_in(said)
    return str(said)


def test_a_contracted_amount_is_reached_in_the_month_that_its_growth_leads_to() -> None:
    assert contracted(10, 12, 17) == "按本期净增速度，云主机约在2027年3月达到合同量"
    assert contracted(17, 17, 17) == "云主机已达合同量"


def test_no_month_after_the_end_of_service_is_told_for_a_contracted_amount() -> None:
    never = "按本期净增速度，云主机在服务期内不会达到合同量"
    assert contracted(10, 12, 18) == never
    assert contracted(10, 12, 17, ends(date(2027, 2, 28))) == never
    for closing in (10, 12):
        assert contracted(10, closing, 17, ends(PERIOD.last)) == "至服务期末，云主机未用满合同量"


@pytest.mark.parametrize("closing", [10, 9])
def test_a_stock_that_did_not_grow_reaches_its_contracted_amount_in_no_month(closing: int) -> None:
    assert contracted(10, closing, 17) == "云主机本期没有净增，不推算何时达到合同量"
