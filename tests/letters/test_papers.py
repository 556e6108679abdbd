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
from lettered import NUMBER, book, folders, letter, planned, seal, seal_materials, written
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
    """A day on which a letter of the sample is written, and what the register knew by then."""

    day: date
    before: Callable[[Folders], None] = lambda _: None
    book: Callable[[], ContractBook] = sample


DAY = date(2027, 3, 1)


def _with(kind: str, **facts: str) -> Callable[[], ContractBook]:
    """Return the sample with one letter of ours that its story has none of, its list of two."""
    return lambda: book(letter("HJ-09", kind, DAY), facts={"HJ-09": facts})


def _struck() -> ContractBook:
    notice = letter("HJ-08", "不可抗力通知", date(2027, 2, 27), our_number="示例函〔2027〕3号",
                    delivered=date(2027, 2, 28))  # fmt: skip
    proof = letter("HJ-09", "不可抗力证明函", DAY, about="HJ-08")
    said = {"不可抗力事件": "机房所在地发生水灾", "发生日期": "2027-02-27",
            "证明文件": "灾害证明一份", "出具机关": "所在地应急管理部门"}  # fmt: skip
    return book(notice, proof, facts={"HJ-09": said})


def _half_a_year_sealed(where: Folders) -> None:
    seal_materials(where, date(2026, 10, 31), until=date(2026, 11, 2))


def _all_sealed(where: Folders) -> None:
    seal_materials(where, date(2027, 5, 5), until=date(2027, 5, 5))


def _withdrawn(where: Folders) -> None:
    """Seal and deliver the report of a quarter, withdraw it, and seal another in its place."""
    first, second, key = date(2026, 8, 10), date(2026, 8, 20), "quarterly_report/Q1"
    seal(where, key, first, number="示例函〔2026〕6号")
    seal(where, key, date(2026, 8, 11), events=("delivered",))
    said = {"title": "第一季度报告", "called": "季度报告", "article": "第三条第6款",
            "reason": "平台可用性漏计一次中断", "by": "王敏"}  # fmt: skip
    seal(where, key, date(2026, 8, 18), events=("withdrawn",), **said)
    seal(where, key, second, number="示例函〔2026〕7号")


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
    "confidential_return": Occasion(date(2027, 5, 17)),
    "confidentiality_training": Occasion(date(2026, 5, 14)),
    "contact_change": Occasion(date(2027, 5, 27)),
    "correction": Occasion(
        date(2026, 8, 21),
        _withdrawn,
        lambda: book(letter("HJ-09", "更正函", date(2026, 8, 20), about="quarterly_report-Q1")),
    ),
    "delivery_slip": Occasion(date(2026, 8, 12)),
    "drill_plan": Occasion(date(2026, 9, 8)),
    "drill_record": Occasion(date(2026, 9, 18)),
    "emergency_plan": Occasion(date(2026, 8, 6)),
    "event_plan": Occasion(date(2026, 9, 18)),
    "exit_application": Occasion(
        DAY,
        book=_with(
            "退出申请",
            服务末日="2027-03-31",
            退出原因="我公司业务调整",
            迁移安排="自许可之日起派专人配合贵局完成数据导出、系统迁移和验证。",
        ),
    ),
    "force_majeure_notice": Occasion(
        DAY,
        book=_with(
            "不可抗力通知",
            不可抗力事件="机房所在地发生水灾",
            发生日期="2027-02-27",
            不能履行的义务="政务外网区二号计算集群的持续服务",
            已采取的措施="转移业务数据，启用异地备份",
        ),
    ),
    "force_majeure_proof": Occasion(DAY, book=_struck),
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
    "satisfaction_survey": Occasion(
        DAY,
        book=_with("满意度调查问卷", 调查期间="第三服务季度", 收回日期="2027-03-15"),
    ),
    "security_check": Occasion(date(2027, 1, 20)),
    "supplement": Occasion(DAY, book=_with("补充协议", 签订事由="附件一的监控需求需要明确")),
    "switch_over_plan": Occasion(date(2027, 3, 15)),
    "watch_roster": Occasion(date(2026, 9, 18)),
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
