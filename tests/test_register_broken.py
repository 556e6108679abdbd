"""Registers broken on purpose: each folder of tests/broken with a change.yaml is explained.

A register of three entries is written, the change is made to its lines, and it is read again.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from places import TESTS
from ruamel.yaml import YAML

from deliverables.register import Entry, append, read_register

BROKEN = TESTS / "broken"
CASES = sorted(BROKEN.glob("*/change.yaml"))


def entry(part: str) -> Entry:
    return Entry(
        deliverable=f"quarterly_report/{part}",
        kind="quarterly_report",
        part=part,
        file=f"{part}/report.docx",
        sha256="0" * 64,
        content="1" * 64,
        as_of=date(2026, 8, 3),
        made_at=datetime(2026, 8, 3, 9, 0, tzinfo=UTC),
        inputs={"HT-2026-001/contract.yaml": "2" * 64},
        template="quarterly_report.docx",
        template_sha256="3" * 64,
        version="0.1.0",
        command="deliverables build --due",
    )


def changed(lines: list[str], change: dict[str, object]) -> list[str]:
    """Return the lines with one replaced in part, cut short, or removed."""
    number = int(str(change["line"])) - 1
    match change:
        case {"replace": str(old), "with": str(new)}:
            assert old in lines[number]
            return [*lines[:number], lines[number].replace(old, new), *lines[number + 1 :]]
        case {"cut_to": int(length)}:
            return [*lines[:number], lines[number][:length], *lines[number + 1 :]]
        case {"remove": True}:
            return [*lines[:number], *lines[number + 1 :]]
    raise AssertionError(change)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.parent.name)
def test_a_broken_register_is_explained(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    register = Path("register.jsonl")
    for part in ("Q1", "Q2", "Q3"):
        append(register, entry(part))
    lines = register.read_text("utf-8").splitlines()
    change = YAML(typ="safe").load(case.read_text("utf-8"))
    register.write_text("\n".join(changed(lines, change)) + "\n", "utf-8")
    _, problems = read_register(register)
    expected = case.with_name("expected.txt").read_text("utf-8").splitlines()
    assert [str(problem) for problem in problems] == expected
    assert case.parent.name in {problem.code for problem in problems}
