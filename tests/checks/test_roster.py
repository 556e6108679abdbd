"""Rules about people: their numbers, their signatures, and the client who must be told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import builders
import pytest
from checking import Q1, STAFF, Change, codes_with, problems_with, row

PERSON = builders.FIRST_PERSON


def person(line: int = 3, **more: object) -> Change:
    return row(STAFF, "人员名册", line, **{**PERSON, **more})


def leaves(day: date, **more: object) -> tuple[Change, Change]:
    """Somebody leaves, by the roster and by the quarter's workbook."""
    move = {"日期": day, "类别": "离开", "姓名": PERSON["姓名"], "主要人员": "是", "数据来源": "函"}
    return person(离开日期=day), row(Q1, "人员", **{**move, **more})


@pytest.mark.parametrize(
    ("kind", "number", "codes"),
    [
        ("居民身份证", "99999919900101018X", []),
        ("居民身份证", "99999919900101018x", []),  # read as a capital
        ("居民身份证", "999999198506151230", ["identity-number"]),
        ("居民身份证", "999999199002300015", ["identity-number"]),  # 30 February
        ("居民身份证", "999999202609310011", ["identity-number"]),  # 31 September
        ("居民身份证", "99999919850615123", ["identity-number"]),  # 17 digits
        ("居民身份证", "999999900101001", ["identity-number"]),  # an old number of 15
        ("居民身份证", None, []),  # left for handwriting
        ("护照", "E00000000", []),
        ("护照", "E", ["identity-number"]),
    ],
)
def test_a_number_follows_the_standard_of_its_document(
    tmp_path: Path, kind: str, number: str | None, codes: list[str]
) -> None:
    assert codes_with(tmp_path, person(证件类型=kind, 证件号码=number)) == codes


def test_somebody_born_after_joining_has_a_wrong_number(tmp_path: Path) -> None:
    (problem,) = problems_with(tmp_path, person(证件号码="999999202612310011"))
    assert problem.code == "identity-number"
    assert "999999202612310011" not in str(problem)


def test_an_identity_number_that_two_share_is_masked(tmp_path: Path) -> None:
    (problem,) = problems_with(tmp_path, person(4, 编号="S002", 姓名="李二"))
    assert problem.code == "identity-duplicate"
    assert PERSON["证件号码"] not in str(problem)
    assert "0016" in str(problem)


def test_two_who_leave_the_number_for_handwriting_share_nothing(tmp_path: Path) -> None:
    blank = (person(证件号码=None), person(4, 编号="S002", 姓名="李二", 证件号码=None))
    assert codes_with(tmp_path, *blank) == []


@pytest.mark.parametrize(
    ("notified", "codes"),
    [
        (date(2026, 6, 12), []),
        (date(2026, 6, 13), ["key-staff-notice"]),
        (None, ["key-staff-notice"]),
    ],
)
def test_the_client_is_told_ten_whole_working_days_before(
    tmp_path: Path, notified: date | None, codes: list[str]
) -> None:
    """The Dragon Boat Festival, 19 to 21 June, counts for nothing."""
    changes = leaves(date(2026, 6, 29), 通知甲方日期=notified, 甲方同意日期=date(2026, 6, 25))
    assert codes_with(tmp_path, *changes) == codes


@pytest.mark.parametrize(
    ("agreed", "codes"),
    [(date(2026, 6, 29), []), (date(2026, 6, 30), ["key-staff-consent"])],
)
def test_the_client_agrees_before_the_change(
    tmp_path: Path, agreed: date, codes: list[str]
) -> None:
    changes = leaves(date(2026, 6, 29), 通知甲方日期=date(2026, 6, 1), 甲方同意日期=agreed)
    assert codes_with(tmp_path, *changes) == codes


def test_a_change_of_others_needs_no_notice(tmp_path: Path) -> None:
    assert codes_with(tmp_path, *leaves(date(2026, 6, 29), 主要人员="否")) == []


def test_access_on_the_day_of_signing_is_in_time(tmp_path: Path) -> None:
    assert codes_with(tmp_path, person(协议签署日期=date(2026, 4, 30))) == []


def test_a_training_concerns_nobody_on_the_roster(tmp_path: Path) -> None:
    training = row(Q1, "人员", 日期=date(2026, 5, 12), 类别="培训", 姓名="全体", 主要人员="否",
                   数据来源="签到表")  # fmt: skip
    assert codes_with(tmp_path, training) == []


def test_whoever_joins_later_is_in_the_workbook(tmp_path: Path) -> None:
    newcomer = {"编号": "S002", "姓名": "李二", "证件号码": None, "进入项目日期": date(2026, 6, 1),
                "权限开通日期": date(2026, 6, 1)}  # fmt: skip
    (problem,) = problems_with(tmp_path / "untold", person(4, **newcomer))
    assert problem.code == "staff-closure"
    assert "，Q1 的“人员”工作表没有这一变动" in problem.message.in_language("zh")
    move = row(Q1, "人员", 日期=date(2026, 6, 1), 类别="进入", 姓名="李二", 主要人员="否",
               数据来源="函")  # fmt: skip
    assert codes_with(tmp_path / "told", person(4, **newcomer), move) == []


def test_a_stranger_in_the_workbook_is_not_on_the_roster(tmp_path: Path) -> None:
    move = row(Q1, "人员", 日期=date(2026, 6, 1), 类别="进入", 姓名="王五", 主要人员="否",
               数据来源="函")  # fmt: skip
    (problem,) = problems_with(tmp_path, move)
    assert problem.code == "staff-closure"
    assert "王五" not in str(problem)
