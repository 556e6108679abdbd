"""Chapters are numbered as the reports of a series have them; what is left out has no number."""

from dataclasses import replace

from rows import contract

from deliverables.compute.chapters import (
    SummaryChapters,
    chapter,
    chapters_of,
    numbered,
    numbered_behind,
)
from deliverables.compute.indicators import chapter_of
from deliverables.model.contract import Duty
from deliverables.model.operations_sheets import CHAPTERS, SUMMARY_CHAPTERS

SERIES, YEARLY, *_ = contract().reports
SHORT = replace(SERIES, chapters=("安全", "服务质量"))


def test_all_chapters_unless_the_contract_asks_for_some() -> None:
    assert chapters_of(SERIES) == CHAPTERS
    assert chapters_of(YEARLY) == chapters_of(None) == (*CHAPTERS, *SUMMARY_CHAPTERS)
    assert chapters_of(SHORT) == ("概述", "服务质量", "安全")


def test_chapters_are_numbered_anew_and_cited_by_their_number() -> None:
    assert (chapter("服务质量", SERIES), chapter("服务质量", SHORT)) == ("第四章", "第二章")
    assert chapter("变更", SHORT) == ""
    assert (numbered(SHORT).security, numbered(SHORT).changes) == ("第三章", "")
    assert numbered_behind(YEARLY) == SummaryChapters("第十六章", "第十七章", "第十八章")


def test_a_summary_has_those_of_its_own_that_the_contract_asks_for() -> None:
    some = replace(YEARLY, chapters=("验收自评", "服务质量"))
    assert chapters_of(some) == ("概述", "服务质量", "验收自评")
    assert numbered_behind(some) == SummaryChapters("", "", "第三章")
    paid = Duty(article="第六条", duty="开票", owner="乙方", shown_by="发票")
    assert (chapter_of(paid, YEARLY), chapter_of(paid, some)) == ("第十七章", "")


def test_a_duty_is_told_in_the_chapter_that_there_is() -> None:
    duty = Duty(article="第三条", duty="可用性", owner="乙方", shown_by="可用性")
    assert (chapter_of(duty, SERIES), chapter_of(duty, SHORT)) == ("第四章", "第二章")
    assert chapter_of(replace(duty, shown_by="IP地址"), SHORT) == ""
