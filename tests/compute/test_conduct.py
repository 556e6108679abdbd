from datetime import date
from decimal import Decimal
from typing import Any

from rows import quarter, roster, row

from deliverables.compute.operations import addresses, drills, people
from deliverables.model.operations import AddressBlock, Drill, StaffChange
from deliverables.model.roster import StaffMember
from deliverables.values.figure import Derivation

LAST = date(2026, 7, 29)


def test_addresses_are_added_by_zone_and_state() -> None:
    rows = [
        row(AddressBlock, zone="互联网区", addresses=8),
        row(AddressBlock, zone="政务外网区", addresses=16),
        row(AddressBlock, zone="政务外网区", addresses=32, state="预留"),
        row(AddressBlock, zone="政务外网区", addresses=16, state="已回收"),
    ]
    found = addresses([quarter(addresses=rows)])
    assert [
        (line.zone, *map(str, (line.blocks, line.used, line.reserved, line.released)))
        for line in (*found.zones, found.total)
    ] == [
        ("互联网区", "1", "8", "0", "0"),
        ("政务外网区", "2", "16", "32", "16"),
        ("合计", "3", "24", "32", "16"),
    ]


def test_addresses_stand_as_of_the_last_quarter_and_change_in_every_one() -> None:
    year = [
        quarter(1, addresses=[row(AddressBlock, changed=date(2026, 6, 18))]),
        quarter(2, addresses=[row(AddressBlock), row(AddressBlock, changed=date(2026, 8, 13))]),
    ]
    found = addresses(year)
    assert str(found.total.blocks) == "2"
    assert [str(line.day) for line in found.changes] == ["2026-06-18", "2026-08-13"]


def test_what_was_taken_back_in_any_quarter_is_counted_over_the_year() -> None:
    taken = row(AddressBlock, addresses=8, state="已回收", changed=date(2026, 6, 18))
    later = row(AddressBlock, addresses=8, state="已回收", changed=date(2026, 8, 13))
    year = [quarter(1, addresses=[taken]), quarter(2, addresses=[row(AddressBlock), later])]
    assert (str(addresses(year).total.released), str(addresses(year).total.blocks)) == ("16", "1")


def test_drills_and_watches_are_counted_apart_and_their_duty_together() -> None:
    rows = [
        row(Drill, duty=Decimal("2.5")),
        row(Drill, kind="重大活动保障", first_day=date(2026, 10, 1), last_day=date(2026, 10, 8),
            duty=Decimal(32)),
    ]  # fmt: skip
    found = drills([quarter(drills=rows)])
    assert [str(found.drills), str(found.watches), str(found.duty)] == ["1", "1", "34.5"]
    assert [str(line.days) for line in found.lines] == ["2026-05-01", "2026-10-01至2026-10-08"]


def member(**facts: Any) -> StaffMember:
    return row(StaffMember, **facts)


def test_people_are_those_present_on_the_last_day() -> None:
    found = people(
        [quarter()],
        roster(
            member(joined=date(2026, 7, 29)),
            member(joined=date(2026, 7, 30)),
            member(left=date(2026, 7, 29)),
            member(left=date(2026, 7, 30), signed=date(2026, 4, 29)),
        ),
        LAST,
    )
    assert [str(found.on_project), str(found.signed), str(found.unsigned)] == ["2", "1", "1"]
    assert not found.all_signed
    assert isinstance(found.on_project.origin, Derivation)
    assert {str(one.origin) for one in found.on_project.origin.inputs if one.name == "姓名"} == {
        "staff.xlsx[人员名册]!B3",
        "staff.xlsx[人员名册]!B6",
    }


def test_an_agreement_signed_after_the_period_is_not_yet_signed() -> None:
    late = people([quarter()], roster(member(signed=date(2026, 7, 30))), LAST)
    just = people([quarter()], roster(member(signed=LAST)), LAST)
    assert (str(late.signed), late.all_signed) == ("0", False)
    assert (str(just.signed), just.all_signed) == ("1", True)


def test_without_a_roster_nothing_is_known_of_people() -> None:
    found = people([quarter()], None, LAST)
    assert (found.known, found.any) == (False, False)


def test_changes_of_staff_are_listed() -> None:
    change = row(StaffChange, kind="离开", key_staff=True, notified=date(2026, 7, 1))
    (line,) = people([quarter(staff_changes=[change])], None, LAST).changes
    assert [str(line.day), str(line.key_staff), str(line.notified), str(line.agreed)] == [
        "2026-05-01", "是", "2026-07-01", "—",
    ]  # fmt: skip


def test_empty_sheets_have_nothing_to_list() -> None:
    assert (addresses([quarter()]).any, addresses([quarter()]).zones) == (False, ())
    assert (drills([quarter()]).any, str(drills([quarter()]).duty)) == (False, "0")
