"""What must hold for every letter that is shipped; a new one is tested by having its occasion."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path

import page_counts
import pytest
from documents import numbered
from few import thorough_but
from foreign import borrowed, foreign, silent
from layout import laid_out
from lettered import NUMBER, folders, planned, seal, seal_materials, written
from pages import require_preview_fonts
from places import ROOT, TESTS
from scenarios import sample

from deliverables.folders import Folders
from deliverables.kinds import kinds
from deliverables.letters import every_kind
from deliverables.letters.declaration import read_declaration
from deliverables.letters.kind import bind
from deliverables.model.book import ContractBook
from deliverables.model.letters_sheets import Letters
from deliverables.pdf.office import PdfPool
from deliverables.read.workbook import read_workbook
from deliverables.values.problem import Problem
from deliverables.verify import prove
from deliverables.verify.base import base_of
from deliverables.verify.document import Form, read_document

TEMPLATES = ROOT / "templates"
GOLDEN = TESTS / "golden"


@dataclass(frozen=True)
class Occasion:
    """A day on which a letter of the sample is written, and what the register knew by then."""

    day: date
    before: Callable[[Folders], None] = lambda _: None
    book: Callable[[], ContractBook] = sample


WHAT_IF = ROOT / "docs" / "examples" / "letters" / "letters.xlsx"


@cache
def _what_if() -> ContractBook:
    """Return the sample with the letters of what its year has not seen."""
    problems: list[Problem] = []
    found = read_workbook("letters.xlsx", WHAT_IF.read_bytes(), Letters, problems)
    assert found is not None, problems
    return replace(sample(), letters=found)


def _half_a_year_sealed(where: Folders) -> None:
    seal_materials(where, date(2026, 10, 31), until=date(2026, 11, 2))


def _all_sealed(where: Folders) -> None:
    seal_materials(where, date(2027, 5, 5), until=date(2027, 5, 5))


def _withdrawn(where: Folders) -> None:
    """Seal and deliver the report of a month, withdraw it, and seal another in its place."""
    key = "monitor_report/HJ-31"
    seal(where, key, date(2026, 9, 2), number="示例函〔2026〕6号")
    seal(where, key, date(2026, 9, 3), events=("delivered",))
    said = {"title": "监控报告（HJ-31）", "called": "监控报告", "article": "第八条第10款",
            "reason": "次要告警漏计两条", "by": "王敏"}  # fmt: skip
    seal(where, key, date(2026, 9, 10), events=("withdrawn",), **said)
    seal(where, key, date(2026, 9, 11), number="示例函〔2026〕7号")


OCCASIONS = {
    "acceptance_form": Occasion(date(2027, 5, 5), _all_sealed),
    "acceptance_plan": Occasion(date(2027, 4, 14)),
    "acceptance_notice": Occasion(date(2027, 5, 5), _all_sealed),
    "confidential_return": Occasion(date(2027, 5, 17)),
    "confidentiality_training": Occasion(date(2026, 5, 14)),
    "contact_change": Occasion(date(2027, 5, 27)),
    "correction": Occasion(date(2026, 9, 11), _withdrawn),
    "delivery_slip": Occasion(date(2026, 8, 12)),
    "drill_plan": Occasion(date(2026, 9, 8)),
    "drill_record": Occasion(date(2026, 9, 18)),
    "emergency_plan": Occasion(date(2026, 8, 6)),
    "event_plan": Occasion(date(2026, 9, 18)),
    "exit_application": Occasion(date(2027, 3, 1), book=_what_if),
    "force_majeure_notice": Occasion(date(2027, 2, 27), book=_what_if),
    "force_majeure_proof": Occasion(date(2027, 3, 1), book=_what_if),
    "incident_report": Occasion(date(2026, 6, 20)),
    "interim_acceptance_form": Occasion(date(2026, 11, 2), _half_a_year_sealed),
    "interim_acceptance_request": Occasion(date(2026, 11, 2), _half_a_year_sealed),
    "key_staff_change": Occasion(date(2026, 9, 18)),
    "meeting_minutes": Occasion(date(2027, 2, 3)),
    "monitor_report": Occasion(date(2026, 9, 2)),
    "payment_demand": Occasion(date(2026, 12, 1)),
    "payment_reminder": Occasion(date(2026, 8, 3)),
    "rectification_report": Occasion(date(2026, 12, 14)),
    "rework_reply": Occasion(date(2026, 11, 20)),
    "satisfaction_survey": Occasion(date(2027, 3, 29)),
    "security_check": Occasion(date(2027, 1, 20)),
    "supplement": Occasion(date(2027, 3, 5)),
    "switch_over_plan": Occasion(date(2027, 3, 15)),
    "watch_roster": Occasion(date(2026, 9, 18)),
}
LONGEST = {"incident_report": (date(2026, 12, 20), "Q3-SJ-2026-008")}
"""The longest of several letters of a kind, and its day, where the first is not."""
LONGER = ("monitor_report", "rectification_report")
"""What bears a 文号 and is more than a letter, which is signed on its first page."""
A_FEW = ("acceptance_form", "contact_change", "monitor_report", "payment_demand")
EVERY_LETTER = pytest.mark.parametrize("name", OCCASIONS)


@pytest.fixture
def where(tmp_path: Path) -> Folders:
    return folders(tmp_path)


def test_every_shipped_letter_has_its_occasion_here(where: Folders) -> None:
    assert every_kind(where).keys() - kinds().keys() == OCCASIONS.keys()


@EVERY_LETTER
def test_the_name_in_its_title_is_broken_between_words_if_it_is_long(name: str) -> None:
    lines = (TEMPLATES / f"{name}.md").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("# ") and "service.name" in line] == []


@pytest.mark.parametrize("name", thorough_but(A_FEW, OCCASIONS))
def test_its_declaration_and_its_text_are_sound_and_its_word_file_says_the_same(name: str) -> None:
    problems: list[Problem] = []
    declaration = read_declaration(TEMPLATES / f"{name}.md", problems)
    assert declaration is not None
    bind(declaration, TEMPLATES / f"{name}.docx", problems)
    assert [str(problem) for problem in problems] == []


@pytest.mark.parametrize("name", thorough_but(A_FEW, OCCASIONS))
def test_it_is_written_from_the_sample_and_proved(name: str, where: Folders) -> None:
    occasion, kind = OCCASIONS[name], every_kind(where, NUMBER)[name]
    occasion.before(where)
    (one,) = planned(name, occasion.book(), where, occasion.day)
    assert [str(blocker.reason) for blocker in one.blockers] == []
    document, context = written(kind, one, occasion.book(), where, occasion.day)
    assert written(kind, one, occasion.book(), where, occasion.day)[0] == document
    base = base_of(document, document.trace, context, template=where.template(name))
    refuted = [str(finding) for finding in prove(document, base, context) if finding.code != "gap"]
    assert refuted == []


@pytest.mark.parametrize("name", thorough_but(A_FEW, OCCASIONS))
def test_it_says_what_its_golden_text_says(
    name: str, where: Folders, request: pytest.FixtureRequest
) -> None:
    occasion, kind = OCCASIONS[name], every_kind(where, NUMBER)[name]
    occasion.before(where)
    (one,) = planned(name, occasion.book(), where, occasion.day)
    document, _ = written(kind, one, occasion.book(), where, occasion.day)
    text = _without_contacts("\n".join(_text_of(document)) + "\n")
    golden = GOLDEN / f"{name}-{one.part}.txt"
    if request.config.getoption("--golden"):
        golden.write_text(text, "utf-8")
    expected = golden.read_text("utf-8")
    assert text == expected, "\n".join(
        difflib.unified_diff(expected.splitlines(), text.splitlines(), lineterm="")
    )


def _without_contacts(text: str) -> str:
    contact = sample().contract.contractor.contact
    return text.replace(str(contact.name), "〈联系人〉").replace(str(contact.phone), "〈联系电话〉")


@pytest.mark.parametrize("name", thorough_but(A_FEW, OCCASIONS))
def test_it_says_nothing_that_only_the_first_contract_says(name: str, where: Folders) -> None:
    occasion, kind = OCCASIONS[name], every_kind(where, NUMBER)[name]
    occasion.before(where)
    under = foreign(occasion.book())
    (one,) = planned(name, under, where, occasion.day)
    document, _ = written(kind, one, under, where, occasion.day)
    assert borrowed(read_document(document).text, under) == []


OF_A_NOTICE = {
    "key_staff_change": "key_staff",
    "exit_application": "exit",
    "force_majeure_notice": "force_majeure",
    "force_majeure_proof": "force_majeure",
}


@pytest.mark.parametrize("name", OF_A_NOTICE)
def test_a_notice_cites_the_one_article_of_its_own_period(name: str, where: Folders) -> None:
    occasion, kind = OCCASIONS[name], every_kind(where, NUMBER)[name]
    book = occasion.book()
    terms = book.contract.notices
    cited = {"key_staff": "第七十一条", "exit": "第七十二条", "force_majeure": "第七十三条"}
    apart = {one: replace(getattr(terms, one), article=article) for one, article in cited.items()}
    notices = replace(terms, **apart)
    under = replace(book, contract=replace(book.contract, notices=notices))
    (one,) = planned(name, under, where, occasion.day)
    said = read_document(written(kind, one, under, where, occasion.day)[0]).text
    assert {each for each, article in cited.items() if article in said} == {OF_A_NOTICE[name]}


UNSPOKEN = ("财政", "：—", "—。", "合同—", "，—", "期限")
"""What a letter under a silent contract does not say, the sign of an empty cell in a sentence."""


@pytest.mark.parametrize("name", thorough_but(A_FEW, OCCASIONS))
def test_of_what_its_contract_does_not_say_it_is_silent_or_is_not_made(
    name: str, where: Folders
) -> None:
    occasion, kind = OCCASIONS[name], every_kind(where, NUMBER)[name]
    occasion.before(where)
    under = silent(foreign(occasion.book()))
    for one in planned(name, under, where, occasion.day):
        if not one.blockers:
            document, _ = written(kind, one, under, where, occasion.day)
            said = read_document(document).text
            assert [words for words in UNSPOKEN if words in said] == []


def _text_of(document: bytes) -> Iterator[str]:
    blocks = read_document(document).blocks
    yield from (block.texts[0] for block in blocks if block.form is Form.PARAGRAPH)
    rows = (block for block in blocks if block.form is Form.ROW)
    for number, table in groupby(rows, lambda row: (row.part, row.place.table)):
        yield f"--- 表 {number[1]}"
        yield from (row.shown for row in table)


@EVERY_LETTER
def test_its_pages_hold_with_the_lines_of_another_program(
    name: str,
    where: Folders,
    pool: PdfPool,
    other_lines: PdfPool,
    request: pytest.FixtureRequest,
) -> None:
    require_preview_fonts()
    occasion, kind = OCCASIONS[name], every_kind(where, NUMBER)[name]
    occasion.before(where)
    day, part = LONGEST.get(name, (occasion.day, ""))
    (one,) = (each for each in planned(name, occasion.book(), where, day) if part in each.part)
    document = numbered(kind, written(kind, one, occasion.book(), where, day)[0])
    ours, theirs = laid_out(document, pool), laid_out(document, other_lines)
    assert (ours.pages, ours.titles) == (theirs.pages, theirs.titles)
    assert ours.faults() == theirs.faults() == []
    if kind.sealing.numbered and name not in LONGER:
        assert ours.signed == 1
    row = page_counts.row_of(kind.title, ours, theirs)
    if request.config.getoption("--golden"):
        page_counts.written(row)
    assert row in page_counts.DOCUMENT.read_text("utf-8")


@EVERY_LETTER
def test_there_is_none_before_its_occasion(name: str, where: Folders) -> None:
    assert planned(name, OCCASIONS[name].book(), where, date(2026, 5, 4)) == ()


def test_each_says_which_clause_calls_for_it_and_when_there_is_one(where: Folders) -> None:
    found = {
        one.name: (one.article, one.occasion.in_language("zh") if one.occasion else "")
        for one in every_kind(where).values()
    }
    assert [name for name, told in found.items() if not all(told)] == []
    assert found["rework_reply"] == ("返工、整改的条款", "收到整改通知之后一份")
    assert found["contact_change"] == ("联系人条款", "用 deliverables letter add 登记之后一份")
    assert found["incident_report"] == ("服务质量的条款", "每登记一行一份（事件），点名才生成")
    assert found["correction"][0] == "原文件的条款"
