"""Cells and rows put into the XML of a sheet: where they stand, and that the rest stays."""

from __future__ import annotations

from deliverables.xlsx.edit import with_row

NS = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def test_a_row_and_cells_that_are_there_are_used_whatever_the_prefix() -> None:
    sheet = (
        f'<x:worksheet {NS}><x:dimension ref="A1:B3"/><x:sheetData>'
        '<x:row r="4" spans="1:3">'
        '<x:c r="B4" s="7"><x:v>1</x:v></x:c></x:row><x:row r="9"/></x:sheetData></x:worksheet>'
    )
    written = with_row(sheet.encode(), 4, {"C": "丙", "A": "甲", "B": "乙"}).decode()
    assert written.count("<x:row") == 2
    assert "spans" not in written
    assert 'ref="A1:C4"' in written
    assert (
        '<x:c r="A4" t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c>'
        '<x:c r="B4" s="7" t="inlineStr"><x:is><x:t>乙</x:t></x:is></x:c>'
        '<x:c r="C4" t="inlineStr"><x:is><x:t>丙</x:t></x:is></x:c>'
    ) in written


def test_a_new_row_comes_between_those_above_and_below() -> None:
    sheet = (
        f'<x:worksheet {NS}><x:sheetData><x:row r="3"/><x:row r="6"/></x:sheetData></x:worksheet>'
    )
    written = with_row(sheet.encode(), 4, {"A": "甲"}).decode()
    assert [part[:1] for part in written.split('<x:row r="')[1:]] == ["3", "4", "6"]


def test_a_text_that_looks_like_a_number_or_a_formula_stays_text() -> None:
    sheet = f"<x:worksheet {NS}><x:sheetData/></x:worksheet>"
    written = with_row(sheet.encode(), 1, {"A": "=1+1", "B": " 007"}).decode()
    assert 't="inlineStr"><x:is><x:t>=1+1</x:t>' in written
    assert '<x:t xml:space="preserve"> 007</x:t>' in written
