"""A page of house text is understood line by line, or every line that is not is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverables.docx import house_text
from deliverables.docx.house_text import read_page
from deliverables.docx.page import (
    Branches,
    CellSide,
    Header,
    Loop,
    LoopedTable,
    Page,
    Reference,
    SealBlock,
    StyledParagraph,
    TextRun,
)
from deliverables.docx.page_text import page_text
from deliverables.docx.word_draft import draft

CHAPTERS = {
    "共用.md": "## {{ 本期 }}工单\n{% if 逐季 %}\n逐季所写。\n{% endif %}\n",
    "自己.md": "@用 自己.md\n",
    "坏.md": "正文。\n- 一项\n",
    "函件.md": "---\nper: contract\n---\n正文。\n",
}


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
    told = [
        (block.style, block.source.line) for block in blocks if isinstance(block, StyledParagraph)
    ]
    assert told == [("Title", 1), ("Recipient", 3), ("Paragraph", 4), ("Paragraph", 5)]


def test_strong_words_references_and_breaks_are_marked_within_a_line() -> None:
    *_, text = page(
        "@表 工单 #tickets\n@逐行 t in tickets\n| 编号 | 30左 | {{ t.number }} |\n"
        "**性**{{ x }}见[[tickets]]<br>\\*\\*星\n"
    ).blocks
    assert isinstance(text, StyledParagraph)
    assert text.text == (
        TextRun("性", strong=True), TextRun("{{ x }}见"), Reference("tickets"), TextRun("\n**星")
    )  # fmt: skip


def test_conditions_and_loops_hold_what_stands_between() -> None:
    (condition,) = page(
        "{% if unmet %}\n尚未。\n{% else %}\n"
        "{% for c in met %}\n{{ c }}\n{% endfor %}\n{% endif %}\n"
    ).blocks
    assert isinstance(condition, Branches)
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
        (42.0, CellSide.LEFT), (30.0, CellSide.RIGHT)
    ]  # fmt: skip


def test_what_stands_between_the_lines_at_the_top_is_left_as_it_is() -> None:
    front = page("---\ntitle: 函\nper: contract\n---\n正文。\n").front
    assert front
    assert (front.text, front.line) == ("title: 函\nper: contract\n", 2)


def test_a_shared_chapter_takes_the_words_of_the_page_and_keeps_its_own_lines() -> None:
    found = page("@词 本期 = 本年度\n@词 逐季 = 否\n@用 共用.md\n完。\n")
    first, last = found.blocks
    assert isinstance(first, StyledParagraph)
    assert isinstance(last, StyledParagraph)
    assert first.text == (TextRun("本年度工单"),)
    assert (first.source.file, first.source.line) == ("letters/共用.md", 1)
    assert (last.source.file, last.source.line) == ("letters/函.md", 4)
    assert found.used == ("共用.md",)


def test_header_and_end_are_divided_by_an_upright_stroke() -> None:
    header, end = page("@页眉 左 | 右\n@落款 {{ contractor }} | {{ dated }}\n").blocks
    assert isinstance(header, Header)
    assert (header.left, header.right) == ((TextRun("左"),), (TextRun("右"),))
    assert isinstance(end, SealBlock)


@dataclass(frozen=True)
class Mistake:
    """Lines, the code of what is wrong with them, and what is said of it."""

    text: str
    code: str
    says: str


MISTAKES = [
    Mistake("@主宋 某", "text-directive", "no directive @主宋. Fix: did you mean @主送 文字?"),
    Mistake("@某", "text-directive", "Fix: the directives are 文号, 主送,"),
    Mistake("- 一项", "text-line", "a list"),
    Mistake("> 引文", "text-line", "a quotation"),
    Mistake("---\n", "text-line", "the block that begins with --- does not end"),
    Mistake("\n***", "text-line", "a rule; a new page is @分页"),
    Mistake("＠主送 某", "text-line", "a full-width ＠"),
    Mistake("　　正文", "text-line", "spaces to indent with"),
    Mistake("#标题", "text-line", "a heading"),
    Mistake("![图]", "text-line", "a picture"),
    Mistake("**强", "text-line", "the ** before strong words has no end"),
    Mistake("\\甲", "text-line", "\\甲 is not a sign that is written after \\"),
    Mistake("@主送", "text-line", "the words are missing"),
    Mistake("@分页 后", "text-line", "@分页 stands alone on its line, found 后"),
    Mistake("@目录", "text-line", "only a report has @目录"),
    Mistake("@条目 一", "text-line", "a page of the layout 函件 has no such line"),
    Mistake("@版式 信函", "text-line", "the layout is 函件 or 报告, found 信函"),
    Mistake("@词 本期", "text-line", "@词 gives a name its words, found 本期"),
    Mistake("@落款 单位", "text-line", "@落款 has 2 parts with | between them, found 1"),
    Mistake("@信息表 宽", "text-line", "how many of 100 parts the names take, found 宽"),
    Mistake("@定表 宽\n| a |", "text-line", "@定表 gives each column its width and side, found 宽"),
    Mistake("@逐行 清单\n| a |", "text-line", "@逐行 names a row and its list, found 清单"),
    Mistake("@表 ", "text-line", "the title of the table is missing"),
    Mistake("@表 题名\n正文", "text-table", "no table follows the title"),
    Mistake("| a |", "text-table", "a row without its table"),
    Mistake("@信息表\n正文", "text-table", "@信息表 has no rows"),
    Mistake("@信息表 20\n| 户名 |", "text-table", "a row of @信息表 has 2 cells, found 1"),
    Mistake("@信息表\n| 户名 | 甲", "text-table", "a row begins and ends with |"),
    Mistake("@表单\n| a | b | c |", "text-table", "a row of a form has 2 or 4 cells, found 3"),
    Mistake("@逐行 a in b\n| 头 | 30 | x |", "text-table", "a column is its head, its width"),
    Mistake("{{ a + b }}", "text-tag", "no tag of a text. Fix: a tag asks for one name"),
    Mistake("{{ a|length }}", "text-tag", "{{ a|length }} is no tag of a text"),
    Mistake("{%p if a %}", "text-tag", "Fix: write the condition or loop on a line of its own"),
    Mistake("{% if a and b %}\n{% endif %}", "text-tag", "{% if a and b %} is no tag of a text"),
    Mistake("{% for a %}\n{% endfor %}", "text-tag", "{% for a %} is no tag of a text"),
    Mistake("{% set a = b %}", "text-tag", "{% set a = b %} is no tag of a text"),
    Mistake("{{ a }", "text-tag", "{{ belongs to no tag"),
    Mistake("{% if a %}\n正文", "text-block", "the if that begins here has no end"),
    Mistake("{% if a %}\n{% else %}\n{% elif b %}\n{% endif %}", "text-block", "follows the else"),
    Mistake("{% endif %}", "text-block", "{% endif %} ends or divides nothing"),
    Mistake("{% for a in b %}\n{% else %}\n{% endfor %}", "text-block", "{% else %} ends or"),
    Mistake("甲{% if a %}乙", "text-block", "{% if a %} does not end on its line"),
    Mistake("甲{% endfor %}", "text-block", "{% endfor %} ends or divides nothing"),
    Mistake("@词 季 = 是\n甲{% if 季 %}乙{% endif %}", "text-block", "asks a word of @词 within a"),
    Mistake("见[[没有]]", "text-reference", "no table or chart has the name 没有"),
    Mistake("![甲](a)\n![乙](a)", "text-reference", "the name a is given in line 1 too"),
    Mistake("@用 没有.md", "text-use", "there is no shared chapter 没有.md"),
    Mistake("@用 ../共用.md", "text-use", "@用 names the file of a shared chapter"),
    Mistake("@用 自己.md", "text-use", "自己.md uses itself"),
    Mistake("@用 函件.md", "text-use", "函件.md is no shared chapter: it declares a letter"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.says)
def test_a_line_that_is_not_understood_is_told(mistake: Mistake) -> None:
    told = said(mistake.text)
    assert any(f"error[{mistake.code}] " in line and mistake.says in line for line in told), told


def test_every_code_of_a_text_has_a_mistake() -> None:
    codes = set(re.findall(r'"(text-\w+)"', Path(house_text.__file__).read_text("utf-8")))
    assert {mistake.code for mistake in MISTAKES} == codes - {"text-file"}  # tests/cli shows that


def test_every_problem_is_told_at_once_with_its_line() -> None:
    told = said("@主宋 某\n- 一项\n{% endif %}\n{{ a|length }}\n")
    places = [line.partition(": ")[0] for line in told]
    assert places == [f"letters/函.md:{number}:1" for number in (1, 2, 3, 4)]


def test_a_problem_of_a_shared_chapter_is_told_in_its_own_file() -> None:
    (told,) = said("正文。\n@用 坏.md\n")
    assert told.startswith("letters/坏.md:2:1: error[text-line] a list")


# --- whatever is written

PIECES = st.sampled_from(
    ["@主送 ", "@表 ", "@信息表", "@逐行 a in b", "@落款 ", "# ", "## ", "| ", " |", "|", "甲", "2",
     "{{ a }}", "{% if a %}", "{% else %}", "{% endif %}", "{% for a in b %}", "{% endfor %}", "**",
     "[[a]]", "\\", "<br>", "\n", "\n\n", " ", "　", "![甲](a)", "30左", "*", "[", "<"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_text_is_understood_or_told_and_what_is_understood_is_written_again(text: str) -> None:
    found = read_page(text, "函.md")
    if not isinstance(found, Page):
        assert found
        return
    written = page_text(found)
    again = read_page(written, "函.md")
    assert isinstance(again, Page), [str(problem) for problem in again]
    assert page_text(again) == written
    assert draft(again) == draft(found)
