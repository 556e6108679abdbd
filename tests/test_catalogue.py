"""Every message can be read in Chinese, with the same values in it, and the catalogue is fresh."""

from __future__ import annotations

import string

import pytest

from deliverables.message import say
from scripts import catalogue


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_message_is_translated() -> None:
    assert catalogue.untranslated(catalogue.merged()) == []


def test_every_translation_has_the_places_of_its_message() -> None:
    translated = {str(one.id): str(one.string) for one in catalogue.read_catalogue() if one.id}
    differing = [en for en, zh in translated.items() if places(en) != places(zh)]
    assert differing == []


def test_the_written_catalogue_is_what_the_package_says() -> None:
    assert catalogue.WRITTEN.read_bytes() == catalogue.po_bytes(catalogue.merged())


def test_the_compiled_catalogue_is_what_is_written() -> None:
    compiled = catalogue.WRITTEN.with_suffix(".mo").read_bytes()
    assert compiled == catalogue.mo_bytes(catalogue.read_catalogue())


def test_a_new_message_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "messages", lambda: iter(["a brand-new {thing}"]))
    assert catalogue.untranslated(catalogue.merged()) == ["a brand-new {thing}"]


def test_a_message_is_spoken_in_the_language_asked_for() -> None:
    message = say("possible from {day}", day="2026-07-30")
    assert message.in_language("en") == "possible from 2026-07-30"
    assert message.in_language("zh") != message.in_language("en")
    assert "2026-07-30" in message.in_language("zh")
