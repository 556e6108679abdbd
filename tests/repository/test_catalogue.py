"""Every message can be read in Chinese, with the same values in it, and the catalogue is fresh."""

from __future__ import annotations

import re
import string
import sys
from types import SimpleNamespace

import click
import pytest
from babel.messages.catalog import Catalog

from deliverables.values.problem import say
from scripts import catalogue

pytestmark = pytest.mark.thorough


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.fixture(scope="module")
def merged() -> Catalog:
    """Every message of the package, with its Chinese."""
    return catalogue.merged()


def test_every_message_is_translated(merged: Catalog) -> None:
    assert catalogue.untranslated(merged) == []


def test_every_translation_has_the_places_of_its_message() -> None:
    clicks_own = set(catalogue.words_of_click())
    translated = {one.id: str(one.string) for one in catalogue.read_catalogue() if one.id}
    differing = [
        en for en, zh in translated.items() if en not in clicks_own and places(en) != places(zh)
    ]
    assert differing == []


def test_a_translation_of_clicks_own_words_fills_no_place_that_click_does_not_fill() -> None:
    catalogued = catalogue.read_catalogue()
    for words in catalogue.words_of_click():
        found = catalogued.get(words)
        filled = places("".join(words))
        assert found and places(catalogue.chinese(found)) <= filled, words


def test_the_written_catalogue_is_what_the_package_says(merged: Catalog) -> None:
    assert catalogue.WRITTEN.read_bytes() == catalogue.po_bytes(merged)


def test_the_compiled_catalogue_is_what_is_written() -> None:
    compiled = catalogue.WRITTEN.with_suffix(".mo").read_bytes()
    assert compiled == catalogue.mo_bytes(catalogue.read_catalogue())


_ARTICLE = re.compile(r"\bArt\.? ?\d|(?<![法典》])第[一二三四五六七八九十百\d]+条(?!起)")
"""An article by its number, unless it is one of a statute (增值税法第二十八条)."""


def test_no_message_cites_an_article_of_one_contract() -> None:
    said = [f"{one.id}{one.string}" for one in catalogue.read_catalogue()]
    assert [sentence for sentence in said if _ARTICLE.search(sentence)] == []


@pytest.mark.parametrize(
    ("planted", "noticed"),
    [
        ("copy the amount; see Art. 6.2", True),
        ("核对付款期限（第六条第2款）", True),
        ("（增值税法第二十八条）", False),
        ("《民法典》第五百一十一条", False),
        ("from the contract ({article})", False),
    ],
)
def test_a_cited_article_would_be_noticed(planted: str, *, noticed: bool) -> None:
    assert bool(_ARTICLE.search(planted)) is noticed


def test_a_new_message_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "messages", lambda: iter(["a brand-new {thing}"]))
    assert catalogue.untranslated(catalogue.merged()) == ["a brand-new {thing}"]


def test_help_of_a_new_command_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command("shout")
    @click.option("--loud", help="A brand-new option.")
    def shout(loud: str) -> None:
        """Say it in a brand-new way."""

    monkeypatch.setattr(catalogue, "messages", lambda: iter(()))
    monkeypatch.setitem(catalogue.COMMANDS, "shout", "A brand-new command.")
    monkeypatch.setitem(sys.modules, "deliverables.cli.shout", SimpleNamespace(shout_command=shout))
    assert catalogue.untranslated(catalogue.merged()) == [
        "A brand-new command.",
        "A brand-new option.",
        "Say it in a brand-new way.",
    ]


def test_a_message_is_spoken_in_the_language_asked_for() -> None:
    message = say("possible from {day}", day="2026-07-30")
    assert message.in_language("en") == "possible from 2026-07-30"
    assert message.in_language("zh") != message.in_language("en")
    assert "2026-07-30" in message.in_language("zh")
