"""Every problem code has a folder under tests/broken: a project broken so, and what is said.

case.yaml lists the edits that break the small project of builders.py, expected.txt holds the
exact lines. A folder may hold variants: case-<name>.yaml with expected-<name>.txt.
"""

from __future__ import annotations

from pathlib import Path

import builders
import pytest
from breaking import BROKEN, broken_project, codes_in, problems_of
from chinese import english_in
from few import thorough_but
from places import TESTS

ALL_CASES = sorted(BROKEN.glob("*/case*.yaml"), key=lambda case: (case.parent, case.stem))


def named(case: Path) -> str:
    return f"{case.parent.name}/{case.stem}"


A_FEW = {
    f"{code}/case"
    for code in (
        "acceptance-late", "address-overlap", "byte-order-mark", "cell-empty", "cells-hidden",
        "closure", "column-missing", "credit-code", "duplicate-row", "fact-missing",
        "file-unreadable", "identity-number", "instalment-total", "invoice-sum", "key-staff-notice",
        "letter-fact", "missing-key", "month-outside-quarter", "not-a-workbook", "outage-overlap",
        "payment-before-invoice", "quote-differs", "row-stray", "staff-days", "wrong-type",
    )
}  # fmt: skip
"""Of each file that a person mends, of its form and of what it says; of reading and of rules."""

# What LibreOffice, a draft, the look of a template or the tax portal's workbook does wrong:
# shown by the tests of those.
# Folders with a template.yaml or a change.yaml belong to test_render_broken_templates and
# test_register_broken.
NOT_FROM_DATA = {
    "acceptance-closure",
    "deduction-disputed",
    "duty-answered-later",  # once the service has ended: test_unfilled
    *("final-already", "final-approval", "final-base", "final-comments", "final-condition"),
    *("final-date", "final-edits", "final-gap"),
    *("final-impossible", "final-mark", "final-number", "final-pages", "final-sample"),
    "closure-sealed",
    *("final-stale", "final-tracked", "final-unproved"),
    *("final-approval", "final-base", "final-edits"),
    *("seal-again", "seal-date", "seal-final-changed", "seal-no-receipt", "seal-not-accepted"),
    *("seal-late", "seal-order", "seal-pages", "seal-scan", "seal-unasked", "seal-withdrawal"),
    *("folder-shut", "withdrawn-row"),
    *("entry-day", "entry-lacks", "entry-twice", "entry-value", "entry-which"),
    *("rows-format", "rows-unfaithful"),
    "export-too-large",
    "path-shared",
    *("base-missing", "change-unfinished", "input-changed", "left-behind", "recorded-missing"),
    *("register-emptied", "run-at-work", "unrecorded-file"),
    *("pdf-failed", "pdf-fonts", "pdf-no-libreoffice"),
    *("email-template", "pack-letter-differs"),
    *("portal-amount", "portal-choice", "portal-duplicate", "portal-header", "portal-item"),
    *("portal-length", "portal-number", "portal-required", "portal-rows", "portal-template"),
    *("portal-text", "portal-unproved", "portal-version"),
    *("template-changed", "template-undrafted", "template-untold", "text-file"),
    *("template-alt-text", "template-cut", "template-drift", "template-file"),
    *("template-formatting",),
    *("template-header-row", "template-language", "template-layout", "template-merged"),
    *("template-numbers", "template-seal", "template-split", "template-style", "template-traces"),
    *("template-binding", "template-lookalike", "template-outside", "template-reference"),
    "template-setting",
}


def expectation(case: Path) -> Path:
    return case.with_name(case.stem.replace("case", "expected", 1) + ".txt")


def test_the_project_that_is_broken_was_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    builders.project(Path("data"))
    assert problems_of(Path("data")) == []


@pytest.mark.parametrize("case", thorough_but(A_FEW, ALL_CASES, named))
def test_a_broken_project_is_explained(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = problems_of(broken_project(case))
    expected = expectation(case).read_text("utf-8").splitlines()
    assert [problem.in_language("en") for problem in found] == expected
    assert case.parent.name in {problem.code for problem in found}
    for problem in found:
        _, _, said = problem.in_language("zh").partition("] ")
        assert english_in(said) == [], said


def test_every_code_has_a_folder_and_every_folder_a_code(root: Path) -> None:
    sources = (root / "deliverables").rglob("*.py")
    codes = {code for path in sources for code in codes_in(path.read_text("utf-8"))}
    folders = {folder.name for folder in BROKEN.iterdir() if folder.is_dir()}
    assert folders == codes - NOT_FROM_DATA
    assert codes >= NOT_FROM_DATA


def test_a_code_that_no_data_can_cause_is_shown_by_another_test() -> None:
    others = (path for path in TESTS.rglob("test_*.py") if path != Path(__file__))
    shown = "".join(path.read_text("utf-8") for path in others)
    assert [code for code in sorted(NOT_FROM_DATA) if code not in shown] == []


@pytest.mark.parametrize(
    "planted",
    [
        'problems.append(error("planted-code", place, message, fix))',
        'CODE: Final = "planted-code"\nwarning(CODE, place, message, fix)',
    ],
)
def test_a_code_without_a_folder_would_be_noticed(planted: str) -> None:
    assert list(codes_in(planted)) == ["planted-code"]
    assert not (BROKEN / "planted-code").exists()
