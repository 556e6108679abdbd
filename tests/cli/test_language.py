"""Days and numbers are written as the language of their reader writes them, and never rounded."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from deliverables.cli.answer import for_reading, language_asked


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (date(2026, 11, 2), "Nov 2, 2026", "2026年11月2日"),
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
