"""The text of a notice on holidays, read: every day it names, and nothing that does not agree."""

from __future__ import annotations

import re
from datetime import date

import pytest

from deliverables.read.notice_text import NoticeTextError, days_of

NOTICE_2025 = """国务院办公厅关于2025年部分节假日安排的通知
经国务院批准，现将2025年元旦、春节等节假日放假调休日期的具体安排通知如下。
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。
"""


def test_every_day_of_a_year_is_as_the_calendar_library_has_it() -> None:
    from chinese_calendar.constants import holidays, workdays

    found = days_of(NOTICE_2025, 2025)
    assert {one.day for one in found if one.off} == {day for day in holidays if day.year == 2025}
    assert {one.day for one in found if not one.off} == {
        day for day in workdays if day.year == 2025
    }
    assert {one.holiday for one in found if one.day == date(2025, 10, 11)} == {"国庆节、中秋节"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("1月1日（周三）", "1月1日（周四）", "2025-01-01 is no 周四"),
        ("共8天。1月", "共7天。1月", "春节: 8 days off are named, the notice says 7"),
        ("5月31日", "5月32日", "5月32日"),
        ("关于2025年", "关于2026年", "it is the notice for 2026, not for 2025"),
    ],
)
def test_what_does_not_agree_is_told_and_nothing_is_read(old: str, new: str, told: str) -> None:
    words = NOTICE_2025.replace(old, new)
    if "2026" in new:
        words = words.replace("现将2025年", "现将2026年")
    with pytest.raises(NoticeTextError, match=re.escape(told)):
        days_of(words, 2025)


def test_another_text_is_no_notice() -> None:
    with pytest.raises(NoticeTextError, match="no line such as"):
        days_of("本合同一式四份。", 2025)
