"""What a letter may name stands in its documentation, and nothing else."""

from __future__ import annotations

from scripts.document_vocabulary import DOCUMENT, render, replaced


def test_the_page_lists_every_fact_and_condition_of_today() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert replaced(text) == text, "run: python -m scripts.document_vocabulary"


def test_a_fact_that_the_page_lacks_would_be_noticed() -> None:
    text = DOCUMENT.read_text("utf-8")
    shorter = text.replace("| `you` |", "")
    assert "| `you` |" in render()
    assert replaced(shorter) != shorter
