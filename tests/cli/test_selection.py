"""Documents are asked for by the words that stand on file, title and plan, in any order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from scenarios import sample

from deliverables.cli.selection import Selection, select
from deliverables.folders import Folders
from deliverables.kinds import Deliverable, Kind
from deliverables.letters import every_kind
from deliverables.plan import Request

DAY = date(2026, 11, 2)
NUMBER = "SXYSR202604152"
NONE = "相符的文件；可运行 deliverables plan 查看"


@cache
def known() -> dict[str, Kind]:
    return dict(every_kind(Folders(Path("nowhere"), Path("nowhere/out"), None)))


@cache
def planned() -> tuple[Deliverable, ...]:
    return tuple(one for kind in known().values() for one in kind.plan(sample(), DAY))


def asked(words: str, *parts: str) -> Selection | str:
    found = select(words.split(), parts, known(), [planned()])
    return found if isinstance(found, Selection) else found.in_language("zh")


def chosen(words: str, *parts: str) -> set[str]:
    found = asked(words, *parts)
    assert isinstance(found, Selection), found
    request = Request(
        as_of=DAY,
        moment=datetime(2026, 11, 2, tzinfo=UTC),
        command="",
        kinds=found.kinds,
        parts=found.parts,
        named=found.named,
    )
    return {one.key for one in planned() if request.wants(one)}


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("付款申请函 第1期", {"payment_request/1"}),
        ("第一期 付款申请函", {"payment_request/1"}),
        ("付款申请函第1期", {"payment_request/1"}),
        ("付款申请 第1期", {"payment_request/1"}),
        ("合同首款 付款申请函", {"payment_request/1"}),
        ("合同首款", {"payment_request/1"}),
        ("第一期款", {"payment_request/1"}),
        ("付款申请函 合同首款 二期款", {"payment_request/1", "payment_request/2"}),
        ("季度报告 第二季度", {"quarterly_report/Q2"}),
        ("第二季度季度报告", {"quarterly_report/Q2"}),
        ("全年", {"annual_summary/annual"}),
        ("保密协议 S001", {"confidentiality_agreement/S001"}),
        ("周启明", {"confidentiality_agreement/S001"}),
        ("SJ-2026-004", {"incident_report/Q2-SJ-2026-004"}),
        (
            "关于申请支付政务云基础服务运维服务项目第一期款的函 事件报告 SJ-2026-004",
            {"payment_request/1", "incident_report/Q2-SJ-2026-004"},
        ),
        (f"out/{NUMBER}/payments/{NUMBER}_付款申请函_第1期_示例_草稿.docx", {"payment_request/1"}),
        (f"out\\payments\\{NUMBER}_付款申请函_第1期.docx", {"payment_request/1"}),
    ],
)
def test_words_name_documents(words: str, keys: set[str]) -> None:
    assert chosen(words) == keys


@pytest.mark.parametrize(
    ("words", "parts", "told"),
    [
        ("付款申函", (), "没有 付款申函 这一文件种类；是不是 付款申请函？"),
        ("合同首付款", (), "没有 合同首付款 这一文件种类；是不是 合同首款？"),
        ("付款申请函 第9期", (), f"没有与 付款申请函、第9期 {NONE}；现有 1、2、3"),
        ("Q1 Q13", (), f"没有与 Q13 {NONE}；现有 Q1、Q2、Q3、Q4"),
        ("付款申请函 1 Q1", (), f"没有与 付款申请函、Q1 {NONE}；现有 1、2、3"),
        ("", ("anual",), f"没有与 anual {NONE}；是不是想写 annual？"),
    ],
)
def test_a_word_that_names_nothing_is_refused_with_what_there_is(
    words: str, parts: tuple[str, ...], told: str
) -> None:
    assert asked(words, *parts) == told


def test_kinds_are_listed_in_the_language_of_the_reader() -> None:
    found = select(["xyz"], (), known(), [planned()])
    assert not isinstance(found, Selection)
    assert "acceptance_record, annual_summary" in found.in_language("en")
    assert "验收书、年度项目总结报告" in found.in_language("zh")
    assert "annual_summary" not in found.in_language("zh")


def test_no_contract_that_can_be_planned_refuses_no_word() -> None:
    assert select(["季度报告", "第二季度"], (), known(), []) == Selection(
        kinds=frozenset({"quarterly_report"}), parts=frozenset({"第二季度"})
    )
