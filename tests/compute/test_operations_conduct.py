from datetime import date
from decimal import Decimal
from typing import Any

from rows import followed, quarter, roster, row

from deliverables.compute.operations import (
    addresses,
    drill_count,
    drills,
    headcount,
    people,
)
from deliverables.model.fields import UNFILLED
from deliverables.model.operations_sheets import (
    DRILL,
    WATCH,
    AddressBlock,
    Drill,
    Issue,
    StaffChange,
)
from deliverables.model.roster_sheets import StaffMember
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
    held = quarter(drills=rows)
    found = drills([held], followed())
    assert [str(drill_count([held], kind)) for kind in (DRILL, WATCH)] == ["1", "1"]
    assert str(found.duty) == "34.5"
    assert [str(line.days) for line in found.lines] == ["2026-05-01", "2026-10-01至2026-10-08"]


def test_what_a_drill_found_to_improve_is_told_with_what_became_of_it() -> None:
    rows = [
        row(Drill, improvement="名单不全", matters="WT-01"),
        row(Drill, improvement="交接不清"),
        row(Drill),
    ]
    done = row(Issue, closed=date(2026, 5, 5), outcome="已补齐")
    found = drills([quarter(drills=rows)], followed(done))
    assert [str(line.became) for line in found.lines] == [
        "WT-01 2026-05-05办结：已补齐", UNFILLED, "—",
    ]  # fmt: skip


def member(**facts: Any) -> StaffMember:
    return row(StaffMember, **facts)


def test_people_are_those_present_on_the_last_day() -> None:
    found = headcount(
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
    late = headcount(roster(member(signed=date(2026, 7, 30))), LAST)
    just = headcount(roster(member(signed=LAST)), LAST)
    assert (str(late.signed), late.all_signed) == ("0", False)
    assert (str(just.signed), just.all_signed) == ("1", True)


def unsigned(signed: date | None = None, left: date | None = None, **facts: Any) -> StaffMember:
    return member(name="马向荣", post="机房巡检工程师", joined=date(2026, 4, 29), signed=signed,
                  left=left, **facts)  # fmt: skip


WHY = {"why_unsigned": "驻分支机房，原件未寄回", "owner": "周启明", "sign_by": date(2026, 9, 15)}


def test_who_has_not_signed_is_named_with_the_reason_the_owner_and_the_day() -> None:
    found = people([quarter()], roster(unsigned(**WHY)), LAST, date(2026, 8, 3))
    (line,) = found.missing
    assert [str(line.name), str(line.post), str(line.joined), str(line.reason), str(line.owner),
            str(line.sign_by), str(line.became)] == [
        "马向荣", "机房巡检工程师", "2026-04-29", "驻分支机房，原件未寄回", "周启明", "2026-09-15",
        "截至2026年8月3日未签署",
    ]  # fmt: skip


def test_a_day_that_has_passed_is_said_to_have_passed() -> None:
    (line,) = people([quarter()], roster(unsigned(**WHY)), LAST, date(2026, 9, 16)).missing
    assert str(line.became) == "截至2026年9月16日未签署，已过预计日期"


def test_what_nobody_filled_in_about_somebody_unsigned_is_to_be_supplied() -> None:
    found = people([quarter()], roster(unsigned()), LAST, date(2026, 8, 3))
    (line,) = found.missing
    assert [str(line.reason), str(line.owner), str(line.sign_by)] == [UNFILLED] * 3


def test_who_signed_or_left_since_is_told_so_and_is_no_problem_any_more() -> None:
    later = {"signed": date(2026, 8, 10)}, {"left": date(2026, 8, 20)}
    for facts, became in zip(later, ("2026-08-10补签", "2026-08-20离开项目"), strict=True):
        found = people([quarter()], roster(unsigned(**facts)), LAST, date(2026, 11, 2))
        (line,) = found.missing
        assert str(line.became) == became
        assert str(line.reason) != UNFILLED


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
    none = drills([quarter()], followed())
    assert (none.any, str(none.duty)) == (False, "0")
