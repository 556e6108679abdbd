from dataclasses import fields, replace

from rows import quarter

from deliverables.compute.operations import Narrative, narrative
from deliverables.model.operations_sheets import CHAPTERS, Operations, Paragraph
from deliverables.values.figure import Cell, sources_in


def written(number: int, *paragraphs: tuple[str, str]) -> Operations:
    place = Cell("operations/Q1.xlsx", "说明", "B9")
    return replace(
        quarter(number),
        narrative=tuple(Paragraph(chapter=title, text=text, source=place)
                        for title, text in paragraphs),
    )  # fmt: skip


def test_paragraphs_stand_under_their_chapter_in_the_order_written() -> None:
    told = narrative([written(1, ("变更", "一"), ("概述", "二"), ("变更", "三"))])
    assert [list(map(str, of)) for of in (told.changes, told.overview, told.alarms)] == [
        ["一", "三"], ["二"], [],
    ]  # fmt: skip
    assert sources_in(told) == {Cell("operations/Q1.xlsx", "说明", "B9")}


def test_every_chapter_has_its_field_in_order() -> None:
    told = narrative([written(1, *((title, title) for title in CHAPTERS))])
    assert [str(getattr(told, field.name)[0]) for field in fields(Narrative)] == list(CHAPTERS)
