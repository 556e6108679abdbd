"""Days and numbers are written as the language of their reader writes them, and never rounded."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import finished
import pytest
from few import thorough_but

from deliverables.cli.answer import for_reading, language_asked


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (date(2026, 11, 2), "2026-11-02", "2026-11-02"),
        (datetime(2026, 11, 2, 8, 15), "2026-11-02 08:15", "2026-11-02 08:15"),
        (Decimal("400000.00"), "400,000.00", "400,000.00"),
        (Decimal("1957783.48"), "1,957,783.48", "1,957,783.48"),
        (Decimal("99.93431876543210987"), "99.93431876543210987", "99.93431876543210987"),
        (Decimal("1E+3"), "1,000", "1,000"),
        (None, "—", "—"),
        ("01234567890123456789", "01234567890123456789", "01234567890123456789"),
        (7, "7", "7"),
    ],
)
def test_a_value_is_written_for_its_reader(value: object, english: str, chinese: str) -> None:
    assert for_reading(value, "en") == english
    assert for_reading(value, "zh") == chinese


@pytest.mark.parametrize(
    ("words", "language"),
    [
        (["--lang", "zh", "--help"], "zh"),
        (["--lang=zh", "check"], "zh"),
        (["--data", "x", "--lang", "en", "plan"], "en"),
        (["check"], "en"),
        (["--lang"], "en"),
        (["--lang", "fr", "check"], "en"),
    ],
)
def test_the_language_is_known_before_the_command_line_is_read(
    words: list[str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert language_asked(words) == language


SENTENCE = re.compile(r"[\u4e00-\u9fff][，。；：]|[\u4e00-\u9fff]{24}")
DOCUMENT_TEXT = (" → ", "  + ")  # what documents say, before and after
COMMANDS = ("check", "status --figures", "kinds", f"verify {finished.LETTER}",
            f"diff {finished.REPORT}",
            "plan --full --as-of 2027-05-20", "finance --full --as-of 2027-05-20",
            "ledger --as-of 2027-05-20", "calendar --as-of 2027-05-20", "doctor",
            "acceptance --as-of 2027-05-20", "overview --as-of 2026-08-03", "workbook Q1 Q2",
            "build payment_request --period 2 --as-of 2026-08-03", f"final {finished.LETTER}",
            "received 1 100.00 --on 2026-07-06 --dry-run", "received", "letter add 催款 --help",
            "pack 1 --no-pdf --no-pages --as-of 2026-08-03",
            "letter add key_staff_change")  # fmt: skip


def sentences(told: str) -> list[str]:
    """Return the lines in which a Chinese sentence stands that is neither a quote nor a file."""
    quoted = r"“(?:[^“”]|“[^“”]*”)*”"
    plain = (re.sub(rf"{quoted}|\S*/\S*", "", line) for line in told.splitlines())
    kept = (line for line in plain if not any(mark in line for mark in DOCUMENT_TEXT))
    return [line for line in kept if SENTENCE.search(line)]


@pytest.mark.parametrize("command", thorough_but(COMMANDS[:3], COMMANDS))
def test_an_english_answer_has_no_chinese_sentence_but_the_text_of_documents(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished.put_into(tmp_path)
    monkeypatch.chdir(tmp_path)
    finished.lengthen_the_outage()
    told = finished.run(*command.split()).output
    assert told
    assert sentences(told) == []


def test_a_chinese_sentence_in_an_english_answer_would_be_noticed() -> None:
    assert sentences(
        "due: 款项尚未付清，请催告\nHT-2026-001_季度报告 from out/季度报告，稿.docx"
    ) == ["due: 款项尚未付清，请催告"]
