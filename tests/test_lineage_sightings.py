"""A file is asked for each figure, whatever became of the words around it."""

from __future__ import annotations

import pytest

from deliverables.lineage import Sighting, sighted, sightings
from deliverables.verify.document import Block, Form, Place, Slot


def prose(text: str, *figures: str) -> Block:
    """Return a paragraph; each of the figures stands in it once and is its own key."""
    slots = (Slot(0, text.index(one), text.index(one) + len(one), one) for one in figures)
    return Block(Form.PARAGRAPH, (text,), Place(excerpt=text), slots=tuple(slots))


def row(*texts: str, figures: tuple[int, ...] = ()) -> Block:
    """Return a row; the cells of these numbers are figures, named by their texts."""
    slots = tuple(Slot(n, 0, len(texts[n]), texts[n]) for n in figures)
    columns = tuple(range(1, len(texts) + 1))
    return Block(Form.ROW, texts, Place(table=1, row=1), columns=columns, slots=slots)


MADE = prose("可用性99.93%，中断87分钟。", "99.93%", "87")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("可用性99.93%，中断87分钟。", ["99.93%", "87"]),
        ("可用性99.90%，中断131分钟。", ["99.90%", "131"]),
        ("平台可用性为99.90%，累计中断131分钟。", ["99.90%", "131"]),
        ("可用性99.93%（暂估），中断约87分钟。", ["99.93%", "87"]),
        ("可用性99.90%，中断一百余分钟！", ["99.90%", "一百余"]),
    ],
)
def test_figures_are_read_from_a_text_that_was_mended(text: str, found: list[str]) -> None:
    assert [one.found for one in sightings([MADE], [prose(text)])] == found


def test_a_paragraph_that_is_gone_prints_nothing() -> None:
    assert list(sightings([MADE], [prose("本期无。")])) == []


def test_a_cell_of_a_row_is_named_by_its_column() -> None:
    made, file = row("4月", "12", "3", figures=(1, 2)), row("4月", "12", "4")
    assert list(sightings([made], [file])) == [
        Sighting("12", Place(table=1, row=1, column=2), "12"),
        Sighting("3", Place(table=1, row=1, column=3), "4"),
    ]


def test_a_row_with_a_cell_less_is_unclear() -> None:
    made, file = row("4月", "12", "3", figures=(1, 2)), row("4月", "12")
    assert [one.found for one in sightings([made], [file])] == [None, None]


def test_a_file_has_the_figures_of_what_was_made_where_they_stand_in_it() -> None:
    (block,) = sighted([MADE], [prose("平台可用性为99.90%，累计中断131分钟。")])
    said = {slot.key: block.texts[0][slot.begin : slot.end] for slot in block.slots}
    assert said == {"99.93%": "99.90%", "87": "131"}
