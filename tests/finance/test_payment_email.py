"""The e-mail of a payment request: the letter's own figures, plain text, one subject."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from scenarios import accepted, book, contract, invoiced, ledger

from deliverables.finance.payment_email import EmailText, WrittenEmail, email_text, write_email
from deliverables.kinds.payment_request import KIND, PaymentRequest
from deliverables.model.book import ContractBook

DAY = date(2026, 11, 17)
ACCEPTED = accepted("中期", date(2026, 11, 16))


def said(project: ContractBook, *, sealed: bool = True, sample: bool = False) -> EmailText:
    letter = KIND.compose(project, KIND.plan(project, DAY)[1], DAY)
    assert isinstance(letter, PaymentRequest)
    return email_text(project, letter, sample=sample, sealed=sealed)


def shipped(root: Path, text: EmailText) -> WrittenEmail:
    written = write_email(root / "templates" / "payment_email.txt.jinja", text)
    assert written.problems == ()
    return written


def from_template(folder: Path, template: str, text: EmailText) -> WrittenEmail:
    path = folder / "payment_email.txt.jinja"
    path.write_text(template, "utf-8")
    return write_email(path, text)


@pytest.fixture
def ready() -> EmailText:
    return said(book(ledger=ledger(ACCEPTED)))


def test_the_subject_says_what_is_asked_for_under_which_contract(
    root: Path, ready: EmailText
) -> None:
    assert shipped(root, ready).subject == (
        "关于申请支付政务云基础服务运维服务项目第二期款的函（合同号SXYSR202604152）"
    )


def test_the_body_has_the_amount_in_figures_and_words_the_split_and_the_account(
    root: Path, ready: EmailText
) -> None:
    text = shipped(root, ready).text
    for words in (
        "￥1,468,337.62，大写人民币壹佰肆拾陆万捌仟叁佰叁拾柒元陆角贰分。",
        "价税合计1,468,337.62元（不含税1,385,224.17元，税额83,113.45元），待开具",
        "账号：11050192360000000776",
        "付款条件已经成就",
    ):
        assert words in text


def test_it_lists_the_letter_and_what_the_letter_lists(root: Path, ready: EmailText) -> None:
    _, _, attached = shipped(root, ready).text.partition("附件：\n")
    assert attached.splitlines()[:3] == [
        "1. 付款申请函",
        "2. 中期验收意见",
        "3. 合同复印件",
    ]


def test_an_invoice_that_was_issued_has_its_number(root: Path) -> None:
    issued = invoiced(2, date(2026, 11, 16), "1385224.17", "83113.45")
    text = shipped(root, said(book(ledger=ledger(ACCEPTED, issued)))).text
    assert f"发票号码{'9' * 20}。" in text
    assert "待开具" not in text


def test_sample_data_and_drafts_are_marked_before_anything_else(root: Path) -> None:
    written = shipped(root, said(book(ledger=ledger(ACCEPTED)), sealed=False, sample=True))
    assert written.subject.startswith("【示例】【草稿】关于申请支付")
    assert "（以下内容由示例数据生成，不得发送。）" in written.text
    assert "（付款申请函尚未用印，用印后再发送。）" in written.text


def test_nothing_is_claimed_of_conditions_that_are_not_met(root: Path) -> None:
    text = shipped(root, said(book(ledger=ledger()))).text
    assert "尚无中期验收通过的书面依据" in text
    assert "已经成就" not in text


def test_a_line_break_in_the_data_adds_no_line_to_the_subject(root: Path) -> None:
    terms = contract()
    service = replace(terms.service, name="政务云\r\n密送：everyone@example.invalid\u2028服务")
    project = book(ledger=ledger(ACCEPTED), terms=replace(terms, service=service))
    written = shipped(root, said(project))
    assert written.subject.startswith("关于申请支付政务云 密送：everyone@example.invalid 服务项目")
    assert not [line for line in written.text.splitlines() if line.startswith("密送")]


def test_markup_and_tags_in_the_data_are_only_text(root: Path) -> None:
    terms = contract()
    client = replace(terms.client, name="甲 & <乙> {{ 7 * 7 }}")
    project = book(ledger=ledger(ACCEPTED), terms=replace(terms, client=client))
    assert "甲 & <乙> {{ 7 * 7 }}" in shipped(root, said(project)).text


def test_every_name_that_is_offered_is_used(root: Path) -> None:
    source = (root / "templates" / "payment_email.txt.jinja").read_text("utf-8")
    assert [field.name for field in fields(EmailText) if field.name not in source] == []


def test_ones_own_template_is_used(tmp_path: Path, ready: EmailText) -> None:
    written = from_template(tmp_path, "主题：{{ name }}\n{{ requested }}", ready)
    assert (written.subject, written.text) == ("二期款", "主题：二期款\n1,468,337.62")


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("主题：x\n{{ requsted }}", "2:1: error[email-template] there is no name requsted;"),
        ("主题：{% if draft %}", "1:1: error[email-template] the if that begins here has no end"),
        ("主题：x\n{% endif %}", "2:1: error[email-template] nothing is open that {% endif %}"),
        ("{{ name }}", "1:1: error[email-template] the first line does not begin with 主题："),
        ("主题：x\n\n{{ name ？ }}", "3:1: error[email-template] {{ name ？ }}: the character ？"),
        ("主题：{{ name | upper }}", "1:1: error[email-template] {{ name | upper }}: "),
        ("主题：x\n{{ name", "2:1: error[email-template] {{ belongs to no tag"),
        ("主题：{% if name = 'x' %}{% endif %}", "compared with ==, not with ="),
        ("主题：{% block %}", "no block; there are if, elif, else, endif, for, endfor."),
        ("主题：{% endfi %}", "a template has no endfi; did you mean endif?"),
        ("主题：x\n{%- if draft %}{% endif %}", "the - at its edge out; a line that is only a tag"),
        ("主题：{%p if draft %}{%p endif %}", "{%p if draft %} belongs in a Word template"),
        ("主题：{{ amounts[99].label }}", "1:1: error[email-template]"),
        ("主题：{% for a in amounts %}{{ a.lable }}{% endfor %}", "a.lable; did you mean label?"),
        ("主题：{% for a in unmet %}{{ a.label }}{% endfor %}", "there is no name a.label"),
        ("主题：{{ client.label }}", "client has no parts"),
        ("主题：{{ name.__class__.__mro__ }}", "1:1: error[email-template]"),
        ("主题：{{ range(9) }}", "1:1: error[email-template] {{ range(9) }}: "),
    ],
)  # fmt: skip
def test_a_template_that_is_wrong_is_explained_where_it_is(
    tmp_path: Path, ready: EmailText, template: str, problem: str
) -> None:
    written = from_template(tmp_path, template, ready)
    assert written.text == ""
    assert problem in "\n".join(map(str, written.problems))
    assert "endif %} could end" not in "".join(map(str, written.problems[1:]))


def test_a_template_that_is_no_text_is_refused(tmp_path: Path, ready: EmailText) -> None:
    path = tmp_path / "payment_email.txt.jinja"
    path.write_bytes("主题：".encode("gb18030"))
    (problem,) = write_email(path, ready).problems
    assert "it is not UTF-8 text" in str(problem)
