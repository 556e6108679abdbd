"""Who asks for Chinese reads Chinese, with Chinese punctuation where parts are joined.

That no problem of data is told in English is shown by test_checks_broken, that no help is by
test_cli_help.
"""

from __future__ import annotations

import pytest
from chinese import english_in

from deliverables.values.problem import clauses, listed, say
from scripts import catalogue


def test_no_translation_has_an_english_sentence() -> None:
    left = {
        str(message.id): words
        for message in catalogue.read_catalogue()
        if message.id and (words := english_in(catalogue.chinese(message)))
    }
    assert left == {}


@pytest.mark.parametrize(
    "planted", ["YAML 语法：no key here", "重复，第一次在 the line 5", "甲, 乙"]
)
def test_english_left_in_chinese_would_be_noticed(planted: str) -> None:
    assert len(english_in(planted)) == 1


def test_what_is_listed_has_the_punctuation_of_the_language() -> None:
    said = say("{what}: {change}", what="甲", change=listed(["Q1", 2, say("none")]))
    assert str(said) == "甲: Q1, 2, none"
    assert said.in_language("zh") == "甲：Q1、2、无"
    assert str(clauses(["a", "b"])) == "a; b"
    assert clauses(["a", "b"]).in_language("zh") == "a；b"
