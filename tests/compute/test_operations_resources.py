from collections.abc import Sequence
from decimal import Decimal

import pytest
from rows import quarter, row

from deliverables.compute.operations import stock
from deliverables.model.operations_sheets import Alarm, Operations, Outage, Resource, Ticket, Usage
from deliverables.values.figure import sources_in


def held(
    system: str, opening: int, added: int, released: int, contracted: int | None = None, **more: str
) -> Resource:
    return row(
        Resource,
        system=system,
        opening=Decimal(opening),
        added=Decimal(added),
        released=Decimal(released),
        closing=Decimal(opening + added - released),
        contracted=None if contracted is None else Decimal(contracted),
        **more,
    )


def test_stock_of_a_kind_is_summed_over_systems() -> None:
    first = quarter(resources=[held("甲系统", 10, 2, 1, 15), held("乙系统", 5, 0, 0, 5)])
    (line,) = stock([first]).by_kind
    assert [line.kind, str(line.unit)] == ["云主机", "台"]
    assert [str(line.opening), str(line.added), str(line.released), str(line.closing)] == [
        "15", "2", "1", "16",
    ]  # fmt: skip
    assert (str(line.contracted), str(line.allocation)) == ("20", "80.00%")


def test_over_quarters_it_opens_with_the_first_and_closes_with_the_last() -> None:
    year = [
        quarter(1, resources=[held("甲系统", 10, 2, 1)]),
        quarter(2, resources=[held("甲系统", 11, 4, 0)]),
    ]
    (line,) = stock(year).by_kind
    assert [str(line.opening), str(line.added), str(line.released), str(line.closing)] == [
        "10", "6", "1", "15",
    ]  # fmt: skip


def test_without_every_contracted_amount_there_is_neither_sum_nor_allocation() -> None:
    partly = quarter(resources=[held("甲系统", 10, 0, 0, 15), held("乙系统", 5, 0, 0)])
    (line,) = stock([partly]).by_kind
    assert (str(line.contracted), str(line.allocation)) == ("—", "—")


def test_kinds_come_in_the_order_of_the_catalogue_in_their_own_units() -> None:
    first = quarter(
        resources=[held("甲系统", 1, 0, 0, kind="存储", unit="GB"), held("甲系统", 1, 0, 0)]
    )
    assert [(line.kind, str(line.unit)) for line in stock([first]).by_kind] == [
        ("云主机", "台"),
        ("存储", "GB"),
    ]


def test_a_kind_given_back_entirely_still_shows_its_movement() -> None:
    year = [quarter(1, resources=[held("甲系统", 3, 0, 3)]), quarter(2)]
    (line,) = stock(year).by_kind
    assert (str(line.opening), str(line.released), str(line.closing)) == ("3", "3", "0")


def test_systems_are_those_that_hold_something_at_the_end() -> None:
    found = stock([two_systems()])
    assert [line.system for line in found.by_system] == ["甲系统", "乙系统"]
    assert str(found.systems) == "2"


def test_totals_of_the_columns_are_sums_of_the_systems() -> None:
    found = stock([two_systems()])
    assert [str(line.hosts) for line in found.by_system] == ["4", "6"]
    assert [str(line.memory) for line in found.by_system] == ["0", "64"]
    assert (found.total.system, str(found.total.hosts), str(found.total.memory)) == (
        "合计", "10", "64",
    )  # fmt: skip


def two_systems() -> Operations:
    return quarter(
        resources=[
            held("甲系统", 4, 0, 0),
            held("乙系统", 6, 0, 0),
            held("乙系统", 64, 0, 0, kind="内存", unit="GB"),
            held("退出的系统", 2, 0, 2),
        ]
    )


def test_an_empty_sheet_gives_no_lines() -> None:
    found = stock([quarter()])
    assert (found.by_kind, found.by_system, str(found.systems)) == ((), (), "0")


def test_a_system_bears_its_tickets_and_the_alarms_of_its_hosts() -> None:
    held_by = quarter(
        resources=[held("甲系统", 1, 0, 0), held("乙系统", 1, 0, 0)],
        usage=[row(Usage, system="甲系统", host="ja-01")],
        tickets=[row(Ticket, number="GD-1", system="甲系统"), row(Ticket, system="乙系统")],
        alarms=[row(Alarm, target="ja-01 CPU使用率"), row(Alarm, number="GJ-2", target="一号池")],
    )
    first, second = stock([held_by]).by_system
    assert [str(first.tickets), str(first.alarms)] == ["1", "1"]
    assert [str(second.tickets), str(second.alarms)] == ["1", "0"]
    assert str(stock([held_by]).total.alarms) == "1", "the pool belongs to no system"


def test_an_outage_counts_for_each_system_it_hit_and_once_in_all() -> None:
    held_by = quarter(
        resources=[held("甲系统", 1, 0, 0), held("乙系统", 1, 0, 0)],
        outages=[
            row(Outage, number="ZD-1", systems="甲系统，乙系统"),
            row(Outage, number="ZD-2", systems="乙系统"),
            row(Outage, number="ZD-3"),
        ],
    )
    found = stock([held_by])
    assert [str(line.outages) for line in found.by_system] == ["1", "2"]
    assert str(found.total.outages) == "3"
    assert str(found.unassigned) == (
        "中断 3 次中 1 次未填业务系统（影响全部或者无法区分），未分到各系统，"
        "没有分到中断的系统以“—”表示；一次中断涉及几个系统的，各系统均计。"
    )


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [("甲系统", "", ["1", "—"]), ("", "", ["—", "—"]), ("甲系统", "甲系统", ["2", "0"])],
)
def test_a_system_has_no_outage_only_where_every_outage_names_its_systems(
    first: str, second: str, shown: Sequence[str]
) -> None:
    held_by = quarter(
        resources=[held("甲系统", 1, 0, 0), held("乙系统", 1, 0, 0)],
        outages=[row(Outage, number="ZD-1", systems=first),
                 row(Outage, number="ZD-2", systems=second)],
    )  # fmt: skip
    found = stock([held_by])
    assert [str(line.outages) for line in found.by_system] == shown
    assert ("以“—”表示" in str(found.unassigned)) is ("—" in shown)
    assert all(sources_in(line.outages) for line in found.by_system)
