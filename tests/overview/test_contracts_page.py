"""The overview: what it says of a contract, what it never says, and how it says it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import builders
import finals
import finished
import pytest
import scenarios
from checking import LEDGER, row
from lxml import html
from places import ROOT

from deliverables.agenda import Span
from deliverables.examination import examine
from deliverables.folders import Folders
from deliverables.overview import Overview, overview, page, subject
from deliverables.overview.contracts_page import WORDS, ContractView, DocumentRow, policy
from deliverables.overview.svg_charts import service_view
from deliverables.overview.voice import Voice
from deliverables.register import append, read_register
from deliverables.status import Stage

MONDAY = date(2026, 8, 3)
INVOICED = row(
    LEDGER, "发票", 期次=1, 发票号码="26112000000000000001", 开票日期=date(2026, 6, 1),
    发票种类="普通发票", 不含税金额=Decimal("377358.49"), 税率=Decimal("0.06"),
    税额=Decimal("22641.51"), 价税合计=Decimal("400000.00"), 数据来源="开票记录",
)  # fmt: skip


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return finished.put_into(tmp_path)


def seen(folders: Folders, day: date = MONDAY, language: str = "en") -> Overview:
    return overview(
        [subject(one, folders, day) for one in examine(folders)], folders, day, language
    )


def contract(folders: Folders, day: date = MONDAY, language: str = "en") -> ContractView:
    (view,) = seen(folders, day, language).contracts
    return view


def documents(view: ContractView) -> dict[str, DocumentRow]:
    return {one.name: one for group in view.groups for one in group.documents}


def lines(view: ContractView) -> list[str]:
    """Return the calendar in words: span, day, name and matter."""
    return [
        f"{slot.title}: {entry.first or 'now'} {entry.name} {entry.matter} {entry.distance}".strip()
        for slot in view.slots
        for entry in slot.entries
    ]


def edit(folders: Folders, **change: object) -> None:
    builders.edit(folders.data / builders.NUMBER, change)


# What is due


def test_the_calendar_tells_what_is_overdue_and_what_becomes_possible(folders: Folders) -> None:
    edit(folders, **INVOICED)
    told = lines(contract(folders))
    assert told[0] == (
        "Overdue: 2026-06-29 首款 the client has to pay 400,000.00 yuan 35 days overdue"
    )
    assert "2026-10: 2026-10-30 季度报告 Q2 can be made from this day" in told
    assert "2027-04: 2027-04-29 政务云运维服务 the service term ends" in told


def test_what_was_paid_is_not_overdue(folders: Folders) -> None:
    edit(folders, file="ledger.xlsx", sheet="到账", row=3,
         values=[1, "2026-07-01", "400,000.00", "银行回单", None, None, None, "网银"])  # fmt: skip
    view = contract(folders)
    assert view.money is not None
    assert view.money.rows[0].outstanding == "0.00"
    assert view.in_span(Span.OVERDUE) == 0


def test_what_can_be_made_now_stands_in_the_calendar_without_a_day(tmp_path: Path) -> None:
    folders = finals.project(tmp_path)
    assert "Can be done now: now 季度报告 Q1 can be made now" in lines(contract(folders))


def test_a_provisional_day_stays_a_range_and_says_why(folders: Folders) -> None:
    edit(folders, file="ledger.xlsx", sheet="验收", row=3,
         values=["最终", "2027-04-20", "2027-04-29", "通过", "验收单", "验收单"])  # fmt: skip
    view = contract(folders, date(2027, 5, 10))
    (found,) = [one for slot in view.slots for one in slot.entries if one.reason]
    assert found.first is not None
    assert found.last is not None
    assert found.first < found.last
    assert found.reason == "2027年放假安排尚未计入"
    text = page(seen(folders, date(2027, 5, 10))).decode()
    assert "<b>provisional</b>" in text
    assert f"{found.first} – {found.last}" in " ".join(html.fromstring(text).text_content().split())


def test_what_was_handed_in_is_due_when_the_client_must_have_accepted_it(
    folders: Folders,
) -> None:
    finals.all_quarters(folders)
    key, day = "annual_summary/annual", date(2027, 5, 10)
    finals.drafted(folders, key, day)
    finals.as_if_final(folders, key, day)
    finals.happened(folders, key, Stage.SEALED, day)
    finals.happened(folders, key, Stage.DELIVERED, day)
    edit(folders, file="ledger.xlsx", sheet="验收", row=3,
         values=["最终", "2027-05-10", None, "未完成", None, "签收回执"])  # fmt: skip
    (told,) = [one for one in lines(contract(folders, day)) if "年度项目总结报告" in one]
    assert "the client has to accept it" in told
    assert documents(contract(folders, day))["年度项目总结报告"].state == "delivered"


# Where every document stands


def test_each_document_has_its_state_and_the_reason(folders: Folders) -> None:
    states = {name: one.state for name, one in documents(contract(folders)).items()}
    assert states == {
        "季度报告 Q1": "draft",
        "季度报告 Q2": "not-yet",
        "季度报告 Q3": "not-yet",
        "季度报告 Q4": "not-yet",
        "年度项目总结报告": "not-yet",
        "结算对账单": "draft",
        "付款申请函 第1期 首款": "draft",
        "付款申请函 第2期 尾款": "not-yet",
        "催款函 1": "blocked",
        "保密协议 S001": "draft",
        "保密协议签署情况表": "draft",
        "验收书": "not-yet",
    }
    later = documents(contract(folders, date(2026, 11, 2)))["季度报告 Q2"]
    assert later.state == "blocked"
    assert later.reasons == (
        "operations/Q2.xlsx is missing, blank or unreadable: fill it in first",
    )


def test_a_draft_whose_data_changed_is_stale_and_one_touched_by_hand_edited(
    folders: Folders,
) -> None:
    edit(folders, file="operations/Q1.xlsx", sheet="中断", cell="C3", value="2026-05-07 01:20")
    letter = next((folders.out / builders.NUMBER / "payments").glob("*.docx"))
    finals.mend(letter, "示范甲方", "示例甲方", times=1)
    found = documents(contract(folders))
    assert found["季度报告 Q1"].state == "stale"
    assert found["付款申请函 第1期 首款"].state == "edited"


def test_each_step_after_the_draft_is_shown_with_the_files_it_left(folders: Folders) -> None:
    finals.as_if_final(folders, finals.LETTER, MONDAY)
    assert documents(contract(folders))["付款申请函 第1期 首款"].state == "final"
    finals.happened(folders, finals.LETTER, Stage.SEALED, date(2026, 8, 4))
    finals.happened(folders, finals.LETTER, Stage.DELIVERED, date(2026, 8, 5),
                    paper=finals.scan(folders.data.parent, name="receipt.pdf"))  # fmt: skip
    found = documents(contract(folders))["付款申请函 第1期 首款"]
    assert found.state == "delivered"
    assert [file.label for file in found.files] == ["Word", "PDF", "sealed copy", "receipt"]
    assert "sealed 2026-08-04" in found.reasons


def test_links_are_relative_percent_encoded_and_lead_to_files(folders: Folders) -> None:
    (file,) = documents(contract(folders))["季度报告 Q1"].files
    assert file.href.isascii()
    assert file.href.startswith("HT-2026-001/Q1/HT-2026-001_%E5%AD%A3")
    assert (folders.out / unquote(file.href)).is_file()


def test_a_pdf_beside_the_draft_is_linked_too(folders: Folders) -> None:
    (draft,) = (folders.out / builders.NUMBER / "Q1").glob("*.docx")
    draft.with_suffix(".pdf").write_bytes(finals.pdf(1))
    found = documents(contract(folders))["季度报告 Q1"]
    assert [file.label for file in found.files] == ["Word", "PDF"]


def test_a_file_that_is_gone_is_not_linked(folders: Folders) -> None:
    register = folders.register(builders.NUMBER)
    entries, _ = read_register(register)
    (made,) = [entry for entry in entries if entry.deliverable == finals.REPORT]
    append(register, replace(made, file="Q1/gone.docx"))
    assert documents(contract(folders))["季度报告 Q1"].files == ()


def test_an_agreement_with_an_identity_number_is_named_and_not_linked(folders: Folders) -> None:
    (file,) = documents(contract(folders))["保密协议 S001"].files
    assert (file.name, file.href) == ("HT-2026-001_保密协议_S001_草稿.docx", "")
    assert "%E4%BF%9D%E5%AF%86%E5%8D%8F%E8%AE%AE_S001" not in page(seen(folders)).decode()


# What is to be mended


def test_problems_stand_with_place_and_remedy_errors_first(folders: Folders) -> None:
    edit(folders, file="contract.yaml", replace="600,000.00", **{"with": "600,000.01"})
    edit(
        folders, file="contract.yaml", replace="type: 普通发票", **{"with": "type: {missing: 未写}"}
    )
    view = contract(folders)
    assert [pile.name for pile in view.piles] == ["error", "gap", "assumption"]
    first = view.piles[0].notices[0]
    assert first.code == "instalment-total"
    assert "contract.yaml:" in first.place
    assert "1,000,000.01" in first.text
    assert "stated amount" in first.remedy


def test_where_the_data_have_errors_no_figure_is_shown(folders: Folders) -> None:
    edit(folders, file="contract.yaml", replace="600,000.00", **{"with": "600,000.01"})
    view = contract(folders)
    assert (view.service, view.money) == (None, None)
    assert "No figures are shown until the errors are mended." in page(seen(folders)).decode()


def test_a_contract_that_cannot_be_read_is_on_the_page_with_its_errors(folders: Folders) -> None:
    edit(folders, file="contract.yaml", write={"text": "identity: ["})
    view = contract(folders)
    assert not view.readable
    assert view.piles[0].name == "error"
    assert "The data have errors: mend those first." in page(seen(folders)).decode()


def test_a_final_document_that_was_changed_is_an_error(folders: Folders) -> None:
    entry = finals.as_if_final(folders, finals.LETTER, MONDAY)
    (folders.contract(builders.NUMBER) / entry.file).write_bytes(b"another")
    assert "seal-final-changed" in [one.code for one in contract(folders).piles[0].notices]


# What it never says


def test_no_identity_number_account_or_phone_is_on_the_page(folders: Folders) -> None:
    account, phone = "01234567890123456789", "01000000000"
    edit(folders, file="contract.yaml", replace="title: 示范单位政务云运维服务项目",
         **{"with": f"title: 项目{phone} {account} {finals.IDENTITY_NUMBER}"})  # fmt: skip
    for language in ("en", "zh"):
        text = page(seen(folders, language=language)).decode()
        assert account not in text
        assert phone not in text
        assert finals.IDENTITY_NUMBER not in text
        assert "项目*" in text


def test_text_from_data_is_shown_and_never_becomes_markup(folders: Folders) -> None:
    title = "<script>alert('x')</script>\"' & {{ 1+1 }}"
    edit(folders, file="contract.yaml", replace="title: 示范单位政务云运维服务项目",
         **{"with": f"title: {json.dumps(title)}"})  # fmt: skip
    tree = html.fromstring(page(seen(folders)).decode())
    assert tree.xpath("string(//h2/span[@class='name'])") == title
    assert len(tree.xpath("//script")) == 1


def test_the_page_names_no_other_place_and_carries_no_inline_style_or_handler(
    folders: Folders,
) -> None:
    text = page(seen(folders)).decode()
    tree = html.fromstring(text)
    assert tree.xpath("//@src | //@style | //link | //@srcset | //base | //object | //iframe") == []
    assert [
        name for name in tree.xpath("//@*/..") for name in name.attrib if name[:2] == "on"
    ] == []
    assert re.findall(r"https?:|//[a-z]", text.replace("// ", "")) == []
    assert "@import" not in text
    assert "url(" not in text


def test_the_policy_allows_the_pages_own_style_and_script_by_their_hashes(
    folders: Folders,
) -> None:
    tree = html.fromstring(page(seen(folders)).decode())
    stated = tree.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    assert stated.startswith("default-src 'none'; ")
    assert "unsafe" not in stated
    for tag in ("style", "script"):
        content = tree.xpath(f"string(//{tag})")
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in stated


def test_another_style_has_another_policy() -> None:
    assert policy("a", "b") != policy("c", "b")


# How it is written


def test_the_same_inputs_give_the_same_bytes(folders: Folders) -> None:
    assert page(seen(folders)) == page(seen(folders))


def test_the_page_says_for_which_day_it_is(folders: Folders) -> None:
    assert b'<time datetime="2026-08-03">2026-08-03</time>' in page(seen(folders))


def test_every_word_is_used_and_spoken_in_both_languages(folders: Folders) -> None:
    package = ROOT / "deliverables" / "overview"
    templates = "".join(path.read_text("utf-8") for path in package.glob("*.html"))
    assert [name for name in WORDS if not re.search(rf"\bsay\.{name}\b", templates)] == []
    bare = re.sub(r"{%.*?%}|{{.*?}}", "", templates)
    assert re.findall(r"(?<=>)[^\S\n]*[A-Za-z一-鿿].*", bare) == []
    assert "交付总览" in page(seen(folders, language="zh")).decode()
    assert "Overview of deliverables" in page(seen(folders)).decode()


def test_several_contracts_begin_with_a_summary_of_all(folders: Folders) -> None:
    other = folders.data / "HT-2026-002"
    other.mkdir()
    (other / "contract.yaml").write_text("identity: [", "utf-8")
    tree = html.fromstring(page(seen(folders)).decode())
    assert [row.text for row in tree.xpath("//table[@class='summary']/tbody//th/a")] == [
        "HT-2026-001",
        "HT-2026-002",
    ]
    assert len(tree.xpath("//article")) == 2


# Charts


def test_a_chart_tells_in_words_what_it_shows(folders: Folders) -> None:
    view = contract(folders)
    assert view.service is not None
    drawn = html.fromstring(view.service.chart)
    title, told = drawn.xpath("//title")[0], drawn.xpath("//desc")[0]
    assert drawn.get("aria-labelledby") == f"{title.get('id')} {told.get('id')}"
    assert told.text == (
        "target 99.9%; 第一季度 99.9771% met; 第二季度 no figures yet; "
        "第三季度 no figures yet; 第四季度 no figures yet"
    )


def test_what_is_told_first_of_the_service_is_the_term_so_far_and_not_its_last_quarter() -> None:
    view = service_view(scenarios.sample(), date(2027, 7, 30), Voice("zh"), "one")
    told = view.telling
    assert told is not None
    assert (view.rows[-2].met, told.label, told.percent, told.verdict) == (
        True, "服务期累计", "99.8462%", "未达标",
    )  # fmt: skip


def test_a_quarter_that_is_not_over_has_no_availability_yet(folders: Folders) -> None:
    view = contract(folders, date(2026, 7, 29))
    assert view.service is not None
    assert view.service.telling is None
