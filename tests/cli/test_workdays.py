"""The holidays of a year, written from the text of their notice, settle what was provisional."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from finished import run

from deliverables.values.calendar import load_calendar

TEXT = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
"""
PAPER = ("--paper", "https://www.gov.cn/zhengce/2027")


pytestmark = pytest.mark.usefixtures("in_a_project")


def test_a_notice_that_leaves_out_a_holiday_by_law_is_not_written() -> None:
    Path("notice.txt").write_text(TEXT, "utf-8")
    done = run("workdays", "2027", "notice.txt", *PAPER)
    assert done.exit_code == 1
    assert "is a holiday by law but is not listed as off" in done.stderr
    assert not Path("data/workdays").exists()


def test_a_whole_one_settles_the_year_and_is_written_once() -> None:

    from deliverables.values.calendar import holidays

    lines = [TEXT.splitlines()[0]]
    for number, holiday in enumerate(holidays(2027)):
        days = "、".join(f"{day.month}月{day.day}日" for day in holiday.statutory)
        sign = "一二三四五六七八九"[number]
        lines.append(f"{sign}、假日：{days}放假，共{len(holiday.statutory)}天。")
    Path("notice.txt").write_text("\n".join(lines), "utf-8")
    done = run("workdays", "2027", "notice.txt", *PAPER)
    assert done.exit_code == 0, done.output
    written = json.loads(Path("data/workdays/2027.json").read_text("utf-8"))
    assert written["papers"] == ["https://www.gov.cn/zhengce/2027"]
    calendar, problems = load_calendar(Path("data/workdays"))
    assert problems == ()
    assert 2027 in calendar.published
    assert run("workdays", "2027", "notice.txt", *PAPER).exit_code == 0
    other = run("workdays", "2027", "notice.txt", "--paper", "https://www.gov.cn/other")
    assert other.exit_code == 1
    assert "is there and says something else" in other.stderr
