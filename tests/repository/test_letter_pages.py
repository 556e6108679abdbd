"""The two pages on letters are promises: their texts are understood, their commands work."""

from __future__ import annotations

import re
import shutil
import textwrap
from datetime import date
from pathlib import Path

import builders
import pytest
from click.testing import CliRunner
from places import ROOT
from planting import TEMPLATES

from deliverables.cli import main
from deliverables.docx.house_text import DIRECTIVES, read_page
from deliverables.docx.page import Page
from deliverables.examination import examine
from deliverables.folders import Folders
from deliverables.letters import every_kind
from deliverables.values.problem import Severity

DAY = date(2026, 11, 2)
AS_TEXT = ROOT / "docs" / "用文本写函件.md"
IN_WORD = ROOT / "docs" / "用Word做函件模板.md"


def blocks(page: Path, language: str) -> list[str]:
    """Return the blocks of code of a page that are in `language`."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", page.read_text("utf-8"), re.M | re.S)
    return [textwrap.dedent(block) for _, block in found]


def run(page: Path) -> None:
    commands = [
        line.removeprefix("$ python run.py ").split()
        for block in blocks(page, "console")
        for line in block.splitlines()
    ]
    assert commands
    for command in commands:
        result = CliRunner().invoke(main, ["--lang", "zh", *command])
        assert result.exit_code == 0, f"{command}\n{result.output}"


def test_every_directive_is_explained() -> None:
    explained = set(re.findall(r"@([\u4e00-\u9fff]+)", AS_TEXT.read_text("utf-8")))
    assert explained - {"主宋"} == set(DIRECTIVES)


def test_the_letter_on_the_page_is_a_text() -> None:
    letter, _mistake, table = blocks(AS_TEXT, "text")
    for text in (letter, table):
        assert isinstance(read_page(text, "letters/催款函.md"), Page)


def test_the_letter_on_the_page_is_planned_and_composed_where_the_page_says(tmp_path: Path) -> None:
    builders.project(tmp_path / "data")
    place = tmp_path / "data" / builders.NUMBER / "letters"
    place.mkdir()
    (place / "催款函.md").write_text(blocks(AS_TEXT, "text")[0], encoding="utf-8")
    folders = Folders(tmp_path / "data", tmp_path / "out")
    (examined,) = examine(folders)
    assert [str(one) for one in examined.problems if one.severity is Severity.ERROR] == []
    assert examined.book is not None
    kind = every_kind(folders, builders.NUMBER)["催款函"]
    (letter,) = kind.plan(examined.book, DAY)
    assert letter.blockers == ()
    kind.compose(examined.book, letter, DAY)


def test_the_text_in_the_recipe_for_a_new_kind_is_a_text() -> None:
    (slip,) = blocks(ROOT / "CONTRIBUTING.md", "text")
    assert isinstance(read_page(slip, "templates/delivery_slip.md"), Page)


def test_the_mistake_on_the_page_is_told_in_those_words() -> None:
    _letter, mistake, _table = blocks(AS_TEXT, "text")
    found = read_page("\n\n\n\n@主宋 {{ client }}：\n", "letters/催款函.md")
    assert not isinstance(found, Page)
    assert [problem.in_language("zh") for problem in found] == [mistake.strip()]


def test_a_letter_is_made_from_text_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "催款函.md").write_text(blocks(AS_TEXT, "text")[0], encoding="utf-8")
    run(AS_TEXT)
    assert (tmp_path / "letters" / "催款函.docx").exists()


def test_a_template_is_tended_in_word_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "我的模板").mkdir()
    shutil.copy(TEMPLATES / "payment_request.docx", tmp_path / "我的模板")
    run(IN_WORD)
