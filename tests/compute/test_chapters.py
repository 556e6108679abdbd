"""Chapters are numbered as the reports of a series have them; what is left out has no number."""

from dataclasses import replace

from rows import contract

from deliverables.compute.chapters import chapter, chapter_behind, chapters_of, numbered
from deliverables.compute.indicators import chapter_of
from deliverables.model.contract import Duty
from deliverables.model.operations_sheets import CHAPTERS

SERIES = contract().reports[0]
SHORT = replace(SERIES, chapters=("安全", "服务质量"))


def test_all_chapters_unless_the_contract_asks_for_some() -> None:
    assert chapters_of(SERIES) == chapters_of(None) == CHAPTERS
    assert chapters_of(SHORT) == ("概述", "服务质量", "安全")


def test_chapters_are_numbered_anew_and_cited_by_their_number() -> None:
    assert (chapter("服务质量", SERIES), chapter("服务质量", SHORT)) == ("第四章", "第二章")
    assert chapter("变更", SHORT) == ""
    assert (numbered(SHORT).security, numbered(SHORT).changes) == ("第三章", "")
    assert (chapter_behind(None, 2), chapter_behind(SHORT, 2)) == ("第十七章", "第五章")


def test_a_duty_is_told_in_the_chapter_that_there_is() -> None:
    duty = Duty(article="第三条", duty="可用性", owner="乙方", shown_by="可用性")
    assert (chapter_of(duty, SERIES), chapter_of(duty, SHORT)) == ("第四章", "第二章")
    assert chapter_of(replace(duty, shown_by="IP地址"), SHORT) == ""
