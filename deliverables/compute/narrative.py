"""What people wrote for each chapter of a report, in the order they wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from deliverables.lazily import dataclass
from deliverables.model.operations import CHAPTERS, Operations


@dataclass(frozen=True, slots=True)
class Narrative:
    """The paragraphs of each chapter; the fields stand in the order of CHAPTERS."""

    overview: tuple[str, ...]
    resources: tuple[str, ...]
    usage: tuple[str, ...]
    service: tuple[str, ...]
    alarms: tuple[str, ...]
    tickets: tuple[str, ...]
    incidents: tuple[str, ...]
    changes: tuple[str, ...]
    inspections: tuple[str, ...]
    backups: tuple[str, ...]
    security: tuple[str, ...]
    addresses: tuple[str, ...]
    drills: tuple[str, ...]
    people: tuple[str, ...]
    improvement: tuple[str, ...]


def narrative(quarters: Sequence[Operations]) -> Narrative:
    """Return the paragraphs written for the quarters, chapter by chapter."""
    written = [paragraph for quarter in quarters for paragraph in quarter.narrative]
    return Narrative(
        **{
            chapter.name: tuple(item.text for item in written if item.chapter == title)
            for chapter, title in zip(fields(Narrative), CHAPTERS, strict=True)
        }
    )


@dataclass(frozen=True, slots=True)
class StoryLine:
    """What people wrote about one quarter as a whole."""

    label: str
    text: str


def chronicle(quarters: Sequence[Operations], labels: Sequence[str]) -> tuple[StoryLine, ...]:
    """Return what was written in the overview of each quarter, `labels` naming the quarters."""
    return tuple(
        StoryLine(label, paragraph.text)
        for quarter, label in zip(quarters, labels, strict=True)
        for paragraph in quarter.narrative
        if paragraph.chapter == CHAPTERS[0]
    )
