"""What to do about hosts, and when storage and contracted amounts are full at this rate."""

from datetime import date
from decimal import Decimal

from rows import quarter, row

from deliverables.compute.capacity import Capacity, capacity
from deliverables.compute.operations import stock, usage
from deliverables.model.operations_sheets import Operations, Resource, Usage
from deliverables.values.figure import sources_in

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


def of(held: Operations) -> Capacity:
    return capacity([held], usage([held]).months, stock([held]))


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
        "存储使用率由2026年5月的 40.00% 变为2026年7月的 50.00%，容量不变、照此速度约在2027年5月用满"
    )
    assert sources_in(said)


def test_storage_that_does_not_grow_is_never_full() -> None:
    said = of(filling(50, 45, 50)).outlook
    assert str(said).endswith("，没有增长，不推算何时用满")


def test_contracted_amounts_last_as_long_as_their_growth_lets_them() -> None:
    def held(opening: int, closing: int, contracted: int) -> Operations:
        one = row(Resource, opening=Decimal(opening), added=Decimal(closing - opening),
                  closing=Decimal(closing), contracted=Decimal(contracted))  # fmt: skip
        return quarter(resources=[one])

    assert str(of(held(10, 12, 17)).outlook) == "按本期净增速度，云主机 3 个季度后达到合同量"
    assert str(of(held(17, 17, 17)).outlook) == "云主机已达合同量"
    assert not of(held(10, 10, 17)).foreseen
