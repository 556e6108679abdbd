"""The coverage list: who signed, who must, who had access before signing, who left."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest
from scenarios import book, person, roster

from deliverables.checks import check
from deliverables.compute.open_points import open_points
from deliverables.kinds.confidentiality_coverage import KIND, ConfidentialityCoverage
from deliverables.model.roster_sheets import StaffMember

SIGNED = {"signed": date(2026, 4, 29), "trained": date(2026, 4, 28)}
DAY = date(2026, 11, 2)


def coverage(*members: StaffMember, day: date = DAY) -> ConfidentialityCoverage:
    project = book(roster=roster(*members))
    (one,) = KIND.plan(project, day)
    context = KIND.compose(project, one, day)
    assert isinstance(context, ConfidentialityCoverage)
    return context


def counts(context: ConfidentialityCoverage) -> dict[str, str]:
    return {finding.name: str(finding.count) for finding in context.findings}


def found(member: StaffMember, day: date = DAY) -> str:
    return coverage(member, day=day).rows[0].finding


def test_there_is_one_list_for_the_contract() -> None:
    (one,) = KIND.plan(book(roster=roster()), DAY)
    assert (one.part, one.folder, one.blockers) == ("coverage", "staff", ())
    assert not one.private


def test_a_contract_that_asks_for_no_agreements_has_no_list_and_nobody_who_has_not_signed() -> None:
    project = book(roster=roster(person("S001", "甲", signed=None)))
    assert list(open_points(project, DAY))
    terms = project.contract.confidentiality
    assert terms
    silent = replace(project.contract, confidentiality=replace(terms, agreement_article=""))
    project = replace(project, contract=silent)
    assert KIND.plan(project, DAY) == ()
    assert list(open_points(project, DAY)) == []


def test_it_needs_the_roster() -> None:
    (one,) = KIND.plan(book(roster=None), DAY)
    assert [str(blocker.reason) for blocker in one.blockers] == [
        "staff.xlsx is missing, blank or unreadable: fill in the roster first"
    ]
    with pytest.raises(ValueError, match="roster"):
        KIND.compose(book(roster=None), one, DAY)


@pytest.mark.parametrize(
    ("member", "finding"),
    [
        (person("S001", "甲", **SIGNED), "已签署"),
        (person("S001", "甲", signed=date(2026, 4, 30)), "已签署"),  # access on the same day
        (person("S001", "甲", signed=date(2026, 5, 3)), "先开通权限后签署"),
        (person("S001", "甲"), "未签署；先开通权限后签署"),
        (person("S001", "甲", access_granted=None), "未签署"),
        (person("S001", "甲", joined=date(2026, 12, 7)), "尚未进入项目"),
        (person("S001", "甲", **SIGNED, left=date(2026, 10, 23)), "已离开"),
    ],
)
def test_what_is_found_about_a_person(member: StaffMember, finding: str) -> None:
    assert str(found(member)) == finding


def test_what_is_dated_later_has_not_happened_yet() -> None:
    member = person(
        "S001", "甲", signed=date(2026, 4, 29), access_granted=date(2026, 12, 1),
        left=date(2026, 12, 31),
    )  # fmt: skip
    (row,) = coverage(member).rows
    assert (str(row.access_granted), str(row.finding)) == ("—", "已签署")
    assert str(found(member, date(2026, 4, 30))) == "已签署"
    assert str(found(member, date(2027, 1, 1))) == "已离开"


def test_counts_and_the_people_behind_them() -> None:
    context = coverage(
        person("S001", "甲", **SIGNED),
        person("S002", "乙", signed=date(2026, 5, 3)),
        person("S003", "丙", access_granted=None),
        person("S004", "丁", **SIGNED, left=date(2026, 10, 23)),
        person("S005", "戊", joined=date(2026, 12, 7), access_granted=None),
    )
    assert counts(context) == {"权限开通先于签署": "1", "已离开项目": "1"}
    assert [str(finding.people) for finding in context.findings] == [
        "S002 乙",
        "S004 丁（2026年10月23日离开）",
    ]
    assert [str(line.name) for line in context.unsigned] == ["丙"]
    assert str(context.conclusion) == (
        "须签署4人，已签署3人，未签署1人。未签署的，签署前不开通权限。"
    )


def test_all_is_well_in_one_sentence() -> None:
    context = coverage(person("S001", "甲", **SIGNED))
    assert str(context.conclusion) == "须签署1人，已全部签署保密协议。"
    assert (context.findings, context.unsigned) == ((), ())


def test_before_anyone_has_joined_it_says_so() -> None:
    context = coverage(person("S001", "甲"), day=date(2026, 4, 29))
    assert str(context.conclusion) == "截止日期前尚无人员进入项目。"


def test_identity_numbers_are_not_in_it() -> None:
    (row,) = coverage(person("S001", "甲")).rows
    printed = [str(getattr(row, field.name)) for field in fields(row)]
    assert "甲" in printed
    assert "999999199001010016" not in printed


def test_who_has_not_signed_is_told_with_reason_owner_and_day() -> None:
    late = person("S001", "甲", signed=None, access_granted=None, why_unsigned="协议尚未寄回",
                  owner="乙", sign_by=date(2026, 12, 1))  # fmt: skip
    (line,) = coverage(late).unsigned
    assert [str(one) for one in (line.number, line.joined, line.reason, line.owner)] == [
        "S001", "2026年4月30日", "协议尚未寄回", "乙",
    ]  # fmt: skip
    assert str(line.sign_by) == "2026年12月1日"


def test_what_nobody_has_written_of_it_is_to_be_filled_in() -> None:
    (line,) = coverage(person("S001", "甲", signed=None, access_granted=None)).unsigned
    assert {str(line.reason), str(line.owner), str(line.sign_by)} == {"【待补】"}


def test_who_joins_later_is_no_open_point_until_that_day() -> None:
    """The issue: on 12-01 of someone who joins on 2026-12-07 it was said that he had not signed."""
    comes = person("S014", "甲", joined=date(2026, 12, 7), signed=None, access_granted=None)
    project = book(roster=roster(comes))
    assert list(open_points(project, date(2026, 12, 1))) == []
    found = {point.code for point in open_points(project, date(2026, 12, 7))}
    assert found == {"not-signed", "unsigned-unexplained"}
    assert not [one for one in check(project) if one.code == "not-signed"]
