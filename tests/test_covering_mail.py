"""The e-mail that a document goes to the client with: what is attached, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import builders
import finals
import finished
import pytest

from deliverables.cli.mail import after
from deliverables.covering_mail import covering_mail
from deliverables.folders import Folders
from deliverables.kinds import Blocker
from deliverables.status import Stage
from deliverables.values.problem import say

DAY = date(2026, 8, 6)
TELEPHONE = 'name: 甲联系人, phone: "01000000000"'
CONTACT = {
    "file": "contract.yaml",
    "replace": TELEPHONE,
    "with": f"{TELEPHONE}, email: jia@example.invalid",
}


@pytest.fixture
def letter(tmp_path: Path) -> Folders:
    """The small project with the draft of its payment request."""
    finished.put_into(tmp_path)
    builders.edit(tmp_path / "data" / builders.NUMBER, CONTACT)
    return Folders(tmp_path / "data", tmp_path / "out")


def mail_of(folders: Folders) -> EmailMessage:
    planned, book = finals.planned_in(folders, finals.LETTER), finals.examined_in(folders).book
    assert book is not None
    mail = covering_mail(planned, book, folders, DAY)
    assert mail is not None
    message = message_from_bytes(mail.file, policy=default)
    assert message.defects == []
    return message


def test_a_draft_goes_as_a_draft_to_the_clients_contact(letter: Folders) -> None:
    message = mail_of(letter)
    assert message["Subject"] == (
        "【草稿】关于申请支付政务云运维服务项目第一期款的函（合同号HT-2026-001）"
    )
    assert message["To"] == "甲联系人 <jia@example.invalid>"
    assert message["X-Unsent"] == "1"
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == Path(finished.LETTER).name
    body = message.get_body()
    assert body is not None
    lines = body.get_content().splitlines()
    assert "（文件尚未定稿，请勿作为正式文件使用。）" in lines
    assert lines[-2:] == ["示范乙方公司", "2026年8月6日"]


def test_a_draft_whose_conditions_are_unmet_says_so(letter: Folders) -> None:
    planned, book = finals.planned_in(letter, finals.LETTER), finals.examined_in(letter).book
    assert book is not None
    blocker = Blocker(say("it is not accepted"), waivable=True, on_document="尚未验收")
    ahead = replace(planned, deliverable=replace(planned.deliverable, blockers=(blocker,)))
    mail = covering_mail(ahead, book, letter, DAY)
    assert mail is not None
    assert "\n（条件尚未成就：尚未验收。仅供预审，不作为正式文件。）\n" in mail.text


def test_a_final_goes_as_a_pdf_that_is_not_sealed_and_a_sealed_one_as_its_scan(
    letter: Folders,
) -> None:
    finals.as_if_final(letter, finals.LETTER, date(2026, 8, 5))
    final = mail_of(letter)
    assert str(final["Subject"]).startswith("【未盖章】关于申请支付")
    finals.happened(letter, finals.LETTER, Stage.SEALED, date(2026, 8, 6))
    sealed = mail_of(letter)
    assert str(sealed["Subject"]).startswith("关于申请支付")
    names = [next(one.iter_attachments()).get_filename() for one in (final, sealed)]
    assert [str(name).endswith(".pdf") for name in names] == [True, True]
    assert names[0] != names[1]


def test_the_command_lays_it_beside_the_document_and_mails_no_identity_number(
    letter: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(letter.data.parent)
    told = finished.run("mail", finished.LETTER, "--as-of", "2026-08-06")
    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines()[0] == (
        "out/HT-2026-001/payments/HT-2026-001_付款申请函_第1期_邮件.eml"
    )
    assert "attached: HT-2026-001_付款申请函_第1期_草稿.docx" in told.stdout
    refused = finished.run("mail", finished.AGREEMENT)
    assert refused.exit_code == 2
    assert "it is handed over, not mailed" in refused.stderr


def test_nobody_is_told_to_send_a_mail_of_the_sample() -> None:
    file = Path("out/letter.eml")
    assert "not to be sent" in str(after(file, sample=True))
    assert "and send it" in str(after(file, sample=False))
