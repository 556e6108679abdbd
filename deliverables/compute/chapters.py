"""The chapters of a report: which of them its series has, and what number each bears."""

from __future__ import annotations

from dataclasses import dataclass

from deliverables.model.contract import ReportSeries
from deliverables.model.operations_sheets import CHAPTERS, SUMMARY_CHAPTERS
from deliverables.values.chinese_numbers import chinese_ordinal


def chapters_of(series: ReportSeries | None) -> tuple[str, ...]:
    """Return the titles of the chapters of a report of a series, all of them without one.

    The first, 概述, is always there: page one tells of what remains. A summary has some of its own.
    """
    chosen = series.chapters if series else ()
    own = SUMMARY_CHAPTERS if series is None or series.form == "summary" else ()
    there = (*CHAPTERS, *own)
    return tuple(title for title in there if not chosen or title in (CHAPTERS[0], *chosen))


def chapter(title: str, series: ReportSeries | None) -> str:
    """Return 第四章 for 服务质量, nothing where reports of the series have no such chapter."""
    told = chapters_of(series)
    return _number(told.index(title) + 1) if title in told else ""


def _number(ordinal: int) -> str:
    return f"第{chinese_ordinal(ordinal)}章"


@dataclass(frozen=True, slots=True)
class Chapters:
    """The number of each chapter after the first, nothing where it is left out; in their order."""

    resources: str
    usage: str
    service: str
    alarms: str
    tickets: str
    incidents: str
    changes: str
    inspections: str
    backups: str
    security: str
    addresses: str
    drills: str
    people: str
    improvement: str


def numbered(series: ReportSeries) -> Chapters:
    """Return the numbers of the chapters of the reports of a series."""
    return Chapters(*(chapter(title, series) for title in CHAPTERS[1:]))


@dataclass(frozen=True, slots=True)
class SummaryChapters:
    """The numbers of the chapters that only a summary has, nothing where one is left out."""

    trend: str
    money: str
    acceptance: str


def numbered_behind(series: ReportSeries) -> SummaryChapters:
    """Return the numbers of a summary's own chapters."""
    return SummaryChapters(*(chapter(title, series) for title in SUMMARY_CHAPTERS))
