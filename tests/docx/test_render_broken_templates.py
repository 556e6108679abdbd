"""Templates broken on purpose: each folder of tests/broken with a template.yaml is explained."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from places import TESTS
from ruamel.yaml import YAML

from deliverables.docx.render import Properties, Stamp, TemplateError, render
from deliverables.values.figure import Figure
from deliverables.values.figure import Line as Place

BROKEN = TESTS / "broken"
CASES = sorted(BROKEN.glob("*/template.yaml"))


@dataclass(frozen=True)
class Line:
    name: Figure[str]
    amount: Figure[str]


@dataclass(frozen=True)
class Letter:
    title: Figure[str]
    lines: tuple[Line, ...]


def figure(text: str) -> Figure[str]:
    return Figure("数据项", text, text, Place("contract.yaml", 1, 1))


def template(case: Path, folder: Path) -> Path:
    """Make the template a case describes: paragraphs, and tables as lists of rows."""
    document = docx.Document()
    for element in YAML(typ="safe").load(case.read_text("utf-8")):
        if isinstance(element, str):
            document.add_paragraph(element)
        else:
            fill(document.add_table(len(element), len(element[0])), element)
    path = folder / "letter.docx"
    document.save(str(path))
    return path


def fill(table: Any, rows: list[list[str]]) -> None:
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def title_of(case: Path) -> str:
    given = case.with_name("title.json")
    return str(json.loads(given.read_text("utf-8"))) if given.exists() else "付款申请"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.parent.name)
def test_a_broken_template_is_explained(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    context = Letter(figure(title_of(case)), (Line(figure("首款"), figure("1.00")),))
    properties = Properties(
        title="函", subject="函", contract_number="1", creator="乙方", made_on=date(2026, 8, 3)
    )
    with pytest.raises(TemplateError) as refused:
        Path("templates").mkdir()
        path = template(case, Path("templates"))
        render(path, context, Stamp(draft=True, sample=False), properties)
    expected = case.with_name("expected.txt").read_text("utf-8").splitlines()
    assert [str(problem) for problem in refused.value.problems] == expected
    assert case.parent.name in {problem.code for problem in refused.value.problems}
