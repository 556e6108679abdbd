"""What must hold for every letter that is shipped; a new one is tested by having its occasion."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest
from documents import sample
from foreign import borrowed, foreign, silent
from layout import laid_out
from lettered import NUMBER, book, folders, letter, planned, seal_materials, written
from pages import require_preview_fonts
from places import ROOT, TESTS

from deliverables.folders import Folders
from deliverables.kinds import kinds
from deliverables.letters import every_kind
from deliverables.letters.declaration import read_declaration
from deliverables.letters.kind import bind
from deliverables.model.book import ContractBook
from deliverables.pdf.office import PdfPool
from deliverables.values.problem import Problem
from deliverables.verify import prove
from deliverables.verify.base import base_of
from deliverables.verify.document import Form, read_document

TEMPLATES = ROOT / "templates"
GOLDEN = TESTS / "golden"


@dataclass(frozen=True)
class Occasion:
    """A day on which a letter is written, what the register knew by then, and whose book it is."""

    day: date
    before: Callable[[Folders], None] = lambda _: None
    book: Callable[[], ContractBook] = sample


DAY = date(2027, 3, 1)


def _with(kind: str, **facts: str) -> Callable[[], ContractBook]:
    """Return the sample with one letter of ours, whose list has two items."""
    return lambda: book(letter("HJ-09", kind, DAY), facts={"HJ-09": facts})


def _to_return() -> ContractBook:
    asked = letter("HJ-08", "返还通知", date(2027, 2, 22), direction="收到",
                   their_number="示例发〔2027〕6号", their_day=date(2027, 2, 19))  # fmt: skip
    given = letter("HJ-09", "保密资料返还清单", DAY, answers="HJ-08")
    said = {"返还日期": "2027-03-01", "留存情况": "未复制留存。"}
    return book(asked, given, facts={"HJ-09": said})


def _half_a_year_sealed(where: Folders) -> None:
    seal_materials(where, date(2026, 10, 31), until=date(2026, 11, 2))


def _all_sealed(where: Folders) -> None:
    seal_materials(where, date(2027, 5, 5), until=date(2027, 5, 5))


OCCASIONS = {
    "acceptance_form": Occasion(date(2027, 5, 5), _all_sealed),
    "acceptance_plan": Occasion(
        DAY,
        book=_with(
            "履约验收方案",
            验收组织="由甲方信息化部门牵头，业务系统使用部门和财务部门各派一人组成验收小组。",
            时间安排="收到验收通知后第二个工作日召开验收会，第五个工作日前出具验收书。",
            验收方式="审阅材料，抽查运行记录和工单，对使用部门发放满意度问卷。",
        ),
    ),
    "acceptance_notice": Occasion(date(2027, 5, 5), _all_sealed),
    "confidential_return": Occasion(DAY, book=_to_return),
    "confidentiality_training": Occasion(
        DAY,
        book=_with(
            "保密教育签到表",
            培训日期="2027-03-01",
            培训地点="甲方会议室",
            讲解人="S001",
            培训内容="合同保密条款和甲方保密要求",
        ),
    ),
    "contact_change": Occasion(
        DAY,
        book=_with(
            "联系人变更函", 变更日期="2027-03-08", 新联系人="周启明", 新联系电话="010-00000000"
        ),
    ),
    "delivery_slip": Occasion(DAY, book=_with("材料签收单")),
    "interim_acceptance_form": Occasion(date(2026, 11, 2), _half_a_year_sealed),
    "interim_acceptance_request": Occasion(date(2026, 11, 2), _half_a_year_sealed),
    "key_staff_change": Occasion(date(2026, 9, 18)),
    "payment_demand": Occasion(date(2026, 12, 1)),
    "payment_reminder": Occasion(date(2026, 8, 3)),
    "rework_reply": Occasion(date(2026, 11, 20)),
    "satisfaction_survey": Occasion(
        DAY,
        book=_with("满意度调查问卷", 调查期间="第三服务季度", 收回日期="2027-03-15"),
    ),
}
EVERY_LETTER = pytest.mark.parametrize("name", OCCASIONS)


@pytest.fixture
def where(tmp_path: Path) -> Folders:
    return folders(tmp_path)


def test_every_shipped_letter_has_its_occasion_here(where: Folders) -> None:
    assert every_kind(where).keys() - kinds().keys() == OCCASIONS.keys()


@EVERY_LETTER
def test_its_declaration_and_its_text_are_sound_and_its_word_file_says_the_same(name: str) -> None:
    problems: list[Problem] = []
    declaration = read_declaration(TEMPLATES / f"{name}.md", problems)
    assert declaration is not None
    bind(declaration, TEMPLATES / f"{name}.docx", problems)
    assert [str(problem) for problem in problems] == []


@EVERY_LETTER
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


@EVERY_LETTER
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


@EVERY_LETTER
def test_it_says_nothing_that_only_the_first_contract_says(name: str, where: Folders) -> None:
    occasion, kind = OCCASIONS[name], every_kind(where, NUMBER)[name]
    occasion.before(where)
    under = foreign(occasion.book())
    (one,) = planned(name, under, where, occasion.day)
    document, _ = written(kind, one, under, where, occasion.day)
    assert borrowed(read_document(document).text, under) == []


@EVERY_LETTER
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
            assert [words for words in ("财政", "：—", "—。", "期限") if words in said] == []


def _text_of(document: bytes) -> Iterator[str]:
    blocks = read_document(document).blocks
    yield from (block.texts[0] for block in blocks if block.form is Form.PARAGRAPH)
    rows = (block for block in blocks if block.form is Form.ROW)
    for number, table in groupby(rows, lambda row: (row.part, row.place.table)):
        yield f"--- 表 {number[1]}"
        yield from (row.shown for row in table)


@EVERY_LETTER
def test_its_pages_hold_with_the_lines_of_another_program(
    name: str, where: Folders, pool: PdfPool, other_lines: PdfPool
) -> None:
    require_preview_fonts()
    occasion, kind = OCCASIONS[name], every_kind(where, NUMBER)[name]
    occasion.before(where)
    (one,) = planned(name, occasion.book(), where, occasion.day)
    document, _ = written(kind, one, occasion.book(), where, occasion.day)
    ours, theirs = laid_out(document, pool), laid_out(document, other_lines)
    assert (ours.pages, ours.titles) == (theirs.pages, theirs.titles)
    assert ours.faults() == theirs.faults() == []


@EVERY_LETTER
def test_there_is_none_before_its_occasion(name: str, where: Folders) -> None:
    assert planned(name, OCCASIONS[name].book(), where, date(2026, 5, 4)) == ()
