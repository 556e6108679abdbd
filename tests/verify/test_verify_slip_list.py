"""The list of slips does what it says: each can be made, changes one thing, and opens."""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from documents import made, makeable
from lxml import etree
from office import validate_ooxml
from slips import EDITS, SLIPS, Mutant, mutants
from slips.draft import BODY, Draft

from deliverables.kinds import kinds

pytestmark = pytest.mark.thorough

ALL = {**SLIPS, **EDITS}
SHORTEST_FIRST = (
    "payment_request",
    "confidentiality_agreement",
    "settlement_statement",
    "confidentiality_coverage",
    "quarterly_report",
    "annual_summary",
)


@cache
def document(kind: str) -> bytes:
    return bytes(made(kinds()[kind], makeable(kinds()[kind])[0])[0])


@cache
def mutant(name: str) -> Mutant | None:
    """Return the first document in which a class of changes can be made."""
    every = (m for kind in SHORTEST_FIRST for m in mutants(document(kind), ALL[name], 1, 1))
    return next(every, None)


def test_there_are_many_classes_and_no_name_twice() -> None:
    assert len(SLIPS) > 180
    assert len(EDITS) > 40
    assert SLIPS.keys() & EDITS.keys() == set()


@pytest.mark.parametrize("name", ALL)
def test_a_change_can_be_made_in_some_kind_and_the_document_opens(name: str) -> None:
    made_now = mutant(name)
    assert made_now is not None
    assert made_now.before != made_now.after
    with zipfile.ZipFile(BytesIO(made_now.document)) as archive:
        assert archive.testzip() is None
        parts = set(archive.namelist())
        for part in parts:
            if part.endswith((".xml", ".rels")):
                root = etree.fromstring(archive.read(part))
                if part.endswith(".rels"):
                    assert targets(part, root) <= parts


def targets(part: str, relations: etree._Element) -> set[str]:
    """Return the parts that a list of relations points to."""
    folder = posixpath.dirname(posixpath.dirname(part))
    return {
        posixpath.normpath(posixpath.join(folder, found.get("Target", ""))).lstrip("/")
        for found in relations
        if found.get("TargetMode") != "External"
    }


@pytest.mark.parametrize(
    "name", ["digit_changed", "data_of_a_chart_edited", "charts_exchanged", "prose_reworded"]
)
def test_the_same_seed_makes_the_same_documents(name: str) -> None:
    given = document("annual_summary")
    first, again = (list(mutants(given, ALL[name], 2, 7)) for _ in range(2))
    assert first == again
    others = (list(mutants(given, ALL[name], 2, seed)) for seed in range(8, 16))
    assert any(first != other for other in others)


@pytest.mark.parametrize("name", ["digit_changed", "negation_removed", "parties_exchanged"])
def test_one_paragraph_is_changed_and_no_other(name: str) -> None:
    given = document("confidentiality_agreement")
    before = said(given)
    for changed in mutants(given, SLIPS[name], 9, 1):
        after = said(changed.document)
        assert (before - after).total() == (after - before).total() == 1, changed.said


def said(given: bytes) -> Counter[str]:
    """Return the paragraphs of every story."""
    draft = Draft(given)
    return Counter(words.text for words in draft.paragraphs(BODY, *draft.seen()))


@pytest.mark.office
def test_what_word_would_write_is_valid(tmp_path: Path) -> None:
    """One after the other in one document, which is valid if each is."""
    made_now = document(SHORTEST_FIRST[0])
    for name in (
        "footnote_added",
        "text_box_added",
        "tracked_row_deleted",
        "cells_merged_into_one",
        "header_repeated_for_kinds_of_pages",
    ):
        (mutated,) = mutants(made_now, ALL[name], 1, 1)
        made_now = mutated.document
    path = tmp_path / "all.docx"
    path.write_bytes(made_now)
    validate_ooxml(path)
