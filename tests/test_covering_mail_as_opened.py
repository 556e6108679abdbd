"""An e-mail with its attachments, as a mail program opens it: a draft to be sent by a person."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from deliverables.covering_mail import unsent_mail


def opened(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "付款申请函_第2期.pdf"
    file.write_bytes(b"%PDF-1.7 \x00\xff")
    return file


def test_subject_recipient_text_and_attachment_come_back_as_they_were(letter: Path) -> None:
    found = opened(unsent_mail("关于申请支付二期款的函", "张老师：\n\n您好！\n", [letter],
                               to=("张三", "zhang@example.cn")))  # fmt: skip
    assert found["Subject"] == "关于申请支付二期款的函"
    assert found["To"] == "张三 <zhang@example.cn>"
    body = found.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == ["张老师：", "", "您好！"]
    (part,) = found.iter_attachments()
    assert part.get_filename() == "付款申请函_第2期.pdf"
    assert part.get_content_type() == "application/pdf"
    assert part.get_content() == b"%PDF-1.7 \x00\xff"


def test_it_is_a_draft_without_sender_and_day(letter: Path) -> None:
    found = opened(unsent_mail("s", "t", [letter]))
    assert found["X-Unsent"] == "1"
    assert [name for name in ("From", "To", "Date") if name in found] == []


def test_the_same_words_and_files_give_the_same_bytes(letter: Path) -> None:
    assert unsent_mail("s", "t", [letter]) == unsent_mail("s", "t", [letter])


def test_a_line_break_in_a_subject_adds_no_header() -> None:
    found = opened(unsent_mail("a\r\nBcc: all@example.cn", "t", []))
    assert "Bcc" not in found
    assert found["Subject"] == "a Bcc: all@example.cn"
