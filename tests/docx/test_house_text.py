"""A page of house text is understood line by line, or every line that is not is told."""

from __future__ import annotations

import pytest

from deliverables.docx.house_text import read_page
from deliverables.docx.page import (
    Condition,
    Header,
    Loop,
    LoopedTable,
    Page,
    Paragraph,
    Reference,
    Run,
    SealBlock,
    Side,
)

CHAPTERS = {"共用.md": "## {{ 本期 }}工单\n{% if 逐季 %}\n逐季所写。\n{% endif %}\n"}


def page(text: str) -> Page:
    found = read_page(text, "letters/函.md", CHAPTERS.get)
    assert isinstance(found, Page), [str(each) for each in found]
    return found


def said(text: str) -> list[str]:
    found = read_page(text, "letters/函.md", CHAPTERS.get)
    assert not isinstance(found, Page)
    return [str(problem) for problem in found]


def test_a_line_is_a_paragraph_and_knows_where_it_stands() -> None:
    blocks = page("# 标题\n\n@主送 {{ client }}：\n正文一。\n正文二。\n").blocks
    told = [(block.style, block.source.line) for block in blocks if isinstance(block, Paragraph)]
    assert told == [("Title", 1), ("Recipient", 3), ("Paragraph", 4), ("Paragraph", 5)]


def test_strong_words_references_and_breaks_are_marked_within_a_line() -> None:
    *_, text = page(
        "@表 工单 #tickets\n@逐行 t in tickets\n| 编号 | 30左 | {{ t.number }} |\n"
        "**性**{{ x }}见[[tickets]]<br>\\*\\*星\n"
    ).blocks
    assert isinstance(text, Paragraph)
    assert text.text == (
        Run("性", strong=True), Run("{{ x }}见"), Reference("tickets"), Run("\n**星")
    )  # fmt: skip


def test_conditions_and_loops_hold_what_stands_between() -> None:
    (condition,) = page(
        "{% if unmet %}\n尚未。\n{% else %}\n"
        "{% for c in met %}\n{{ c }}\n{% endfor %}\n{% endif %}\n"
    ).blocks
    assert isinstance(condition, Condition)
    assert [case.name for case in condition.cases] == ["unmet", ""]
    (loop,) = condition.cases[1].body
    assert isinstance(loop, Loop)
    assert (loop.row, loop.rows, loop.source.line) == ("c", "met", 4)


def test_a_looped_table_is_written_a_line_for_each_column() -> None:
    (table,) = page(
        "@逐行 i in lines 小字\n| 项目 | 42左 | {{ i.label }} | 合计 |\n"
        "| 金额 | 30右 | {{ i.due }} | {{ due }} |\n"
    ).blocks
    assert isinstance(table, LoopedTable)
    assert (table.small, table.whole, table.has_total) == (True, False, True)
    assert [(column.width, column.side) for column in table.columns] == [
        (42.0, Side.LEFT), (30.0, Side.RIGHT)
    ]  # fmt: skip


def test_what_stands_between_the_lines_at_the_top_is_left_as_it_is() -> None:
    front = page("---\ntitle: 函\nper: contract\n---\n正文。\n").front
    assert front
    assert (front.text, front.line) == ("title: 函\nper: contract\n", 2)


def test_a_shared_chapter_takes_the_words_of_the_page_and_keeps_its_own_lines() -> None:
    found = page("@词 本期 = 本年度\n@词 逐季 = 否\n@用 共用.md\n完。\n")
    first, last = found.blocks
    assert isinstance(first, Paragraph)
    assert isinstance(last, Paragraph)
    assert first.text == (Run("本年度工单"),)
    assert (first.source.file, first.source.line) == ("letters/共用.md", 1)
    assert (last.source.file, last.source.line) == ("letters/函.md", 4)
    assert found.used == ("共用.md",)


def test_header_and_end_are_divided_by_an_upright_stroke() -> None:
    header, end = page("@页眉 左 | 右\n@落款 {{ contractor }} | {{ dated }}\n").blocks
    assert isinstance(header, Header)
    assert (header.left, header.right) == ((Run("左"),), (Run("右"),))
    assert isinstance(end, SealBlock)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@主宋 某", "there is no directive @主宋. Fix: did you mean @主送 文字?"),
        ("- 一项", "a list"),
        ("　　正文", "spaces to indent with"),
        ("#标题", "a heading"),
        ("| a |", "a row without its table"),
        ("**强", "the ** before strong words has no end"),
        ("{{ a + b }}", "{{ a + b }} is no tag of a text. Fix: a tag asks for one name"),
        ("{%p if a %}", "Fix: write the condition or loop on a line of its own"),
        ("{% if a and b %}\n{% endif %}", "{% if a and b %} is no tag of a text"),
        ("{% if a %}\n正文", "the if that begins here has no end"),
        ("{% endif %}", "{% endif %} ends or divides nothing"),
        ("甲{% if a %}乙", "{% if a %} does not end on its line"),
        ("{{ a }", "{{ belongs to no tag"),
        ("见[[没有]]", "no table or chart has the name 没有"),
        ("@用 没有.md", "there is no shared chapter 没有.md"),
        ("@目录", "only a report has @目录"),
        ("@落款 单位", "@落款 has 2 parts with | between them, found 1"),
        ("@信息表 20\n| 户名 |", "a row of @信息表 has 2 cells, found 1"),
        ("@逐行 a in b\n| 头 | 30 | x |", "a column is its head, its width and side"),
        ("@条目 一", "a page of the layout 函件 has no such line"),
        ("---\ntitle: 函", "the block that begins with --- does not end"),
        ("\\甲", "\\甲 is not a sign that is written after \\"),
    ],
)  # fmt: skip
def test_a_line_that_is_not_understood_is_told(text: str, expected: str) -> None:
    (problem, *_) = said(text)
    assert problem.startswith("letters/函.md:1:1: error[text-") or ":2:1: error[text-" in problem
    assert expected in problem


def test_every_problem_is_told_at_once() -> None:
    assert len(said("@主宋 某\n- 一项\n{% endif %}\n{{ a|length }}\n")) == 4
