"""A user's own letter: a text, or a Word file with its declaration, and no programming."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import builders
import pytest
from click.testing import CliRunner

from deliverables.build import build
from deliverables.cli import main
from deliverables.docx.house_text import read_page
from deliverables.docx.names import names_offered
from deliverables.docx.package import Package
from deliverables.docx.page import Page
from deliverables.docx.word_draft import draft
from deliverables.examination import Examined, examine
from deliverables.files.result import Result
from deliverables.folders import Folders
from deliverables.letters import names_of
from deliverables.letters.declaration import read_declaration
from deliverables.plan import Outcome, Request, plan
from deliverables.recognition import Verified, verify_files
from deliverables.status import Condition
from deliverables.values.problem import Problem, Severity

DAY = date(2026, 11, 2)
FRONT = """\
title: 材料签收单
article: contract.acceptance.article
per: contract
copies: 2
"""
PAGE = """\
@页脚

# 材料签收单

@主送 {{ contract.client.name }}：

依据合同，现将{{ contract.acceptance.materials }}送上，请核对后签收。

@落款 {{ contract.contractor.name }} | {{ dated }}
"""


@pytest.fixture
def where(tmp_path: Path) -> Folders:
    builders.project(tmp_path / "data")
    (tmp_path / "data" / builders.NUMBER / "letters").mkdir()
    return Folders(tmp_path / "data", tmp_path / "out")


def own(where: Folders, name: str) -> Path:
    return where.data / builders.NUMBER / "letters" / name


def examined(where: Folders) -> Examined:
    (one,) = examine(where)
    errors = [str(item) for item in one.problems if item.severity is Severity.ERROR]
    assert errors == []
    return one


def made(where: Folders, name: str, day: date = DAY) -> Outcome:
    request = Request(as_of=day, moment=datetime(2026, 11, 2, tzinfo=UTC), command="build",
                      kinds=frozenset({name}))  # fmt: skip
    (outcome,) = build(examined(where), where, request, lambda _: None)
    return outcome


def word_of(text: str) -> bytes:
    page = read_page(text, "page.md")
    assert isinstance(page, Page)
    return draft(page)


def test_a_text_alone_is_planned_built_and_proved(where: Folders) -> None:
    own(where, "slip.md").write_text(f"---\n{FRONT}---\n{PAGE}", "utf-8")
    outcome = made(where, "slip")
    assert outcome.result is Result.MADE
    assert outcome.file is not None
    assert outcome.file.name == f"{builders.NUMBER}_材料签收单_草稿.docx"
    (told,) = verify_files(where, [outcome.file])
    assert isinstance(told, Verified)
    assert told.is_proved
    assert not own(where, "slip.docx").exists()


def test_a_word_file_with_its_declaration_beside_it_is_a_letter(where: Folders) -> None:
    own(where, "slip.yaml").write_text(FRONT, "utf-8")
    own(where, "slip.docx").write_bytes(word_of(PAGE))
    assert made(where, "slip").result is Result.MADE


@pytest.mark.parametrize(
    "tag", ["{% if you and dated %}", "{{ materials|length }}", "{% if materials|length > 2 %}"]
)
def test_a_word_file_asks_for_no_more_than_a_text(where: Folders, tag: str) -> None:
    """What joins, counts or compares is a fact with a name and an origin."""
    package = Package.of(word_of(PAGE.replace("请核对", "TAG请核对")))
    whole = f"{tag}{{% endif %}}" if "if" in tag else tag
    package.parts["word/document.xml"] = (
        package.parts["word/document.xml"].decode().replace("TAG", escape(whole)).encode()
    )
    own(where, "slip.yaml").write_text(FRONT, "utf-8")
    own(where, "slip.docx").write_bytes(package.to_bytes())
    (one,) = examine(where)
    assert [
        (item.code, str(item.source), tag in str(item.message))
        for item in one.problems
        if item.severity is Severity.ERROR
    ] == [("template-tag", own(where, "slip.docx").as_posix(), True)]


def test_a_changed_text_makes_the_letter_stale(where: Folders) -> None:
    own(where, "slip.md").write_text(f"---\n{FRONT}---\n{PAGE}", "utf-8")
    made(where, "slip")
    own(where, "slip.md").write_text(
        f"---\n{FRONT}---\n{PAGE}".replace("签收。", "收存。"), "utf-8"
    )
    assert condition(where, "slip") is Condition.STALE
    assert made(where, "slip").result is Result.MADE


def test_a_changed_declaration_makes_the_letter_stale(where: Folders) -> None:
    own(where, "slip.yaml").write_text(FRONT, "utf-8")
    own(where, "slip.docx").write_bytes(word_of(PAGE))
    made(where, "slip")
    own(where, "slip.yaml").write_text(FRONT.replace("2", "4"), "utf-8")
    assert condition(where, "slip") is Condition.STALE


def condition(where: Folders, kind: str) -> Condition | None:
    book = examined(where).book
    assert book is not None
    (one,) = (one for one in plan(book, where, DAY) if one.deliverable.kind == kind)
    return one.status.condition


def test_the_letter_of_one_contract_is_none_of_another(where: Folders, tmp_path: Path) -> None:
    own(where, "slip.md").write_text(f"---\n{FRONT}---\n{PAGE}", "utf-8")
    other = where.data / "HT-2026-002"
    builders.copy_of(builders.project, tmp_path / "other")
    (tmp_path / "other" / builders.NUMBER).rename(other)
    text = (other / "contract.yaml").read_text("utf-8").replace(builders.NUMBER, other.name)
    (other / "contract.yaml").write_text(text, "utf-8")
    kinds = {
        one.contract: {item.deliverable.kind for item in plan(one.book, where, DAY)}
        for one in examine(where)
        if one.book
    }
    assert "slip" in kinds[builders.NUMBER]
    assert "slip" not in kinds[other.name]


def test_the_names_it_may_use_are_told_also_while_its_text_is_wrong(where: Folders) -> None:
    wrong = PAGE.replace("contract.client.name", "contract.client.nam")
    own(where, "slip.md").write_text(f"---\n{FRONT}asks: {{签收日期: 日期}}\n---\n{wrong}", "utf-8")
    told = names_of("slip", where)
    assert told is not None
    names = {one.name for one in names_offered(told)}
    assert {"contract.client.name", "letter.签收日期", "materials.title", "dated"} <= names
    assert names_of("no_such_letter", where) is None


def test_it_takes_the_place_of_a_shipped_one_by_its_title(where: Folders) -> None:
    own(where, "slip.md").write_text(f"---\n{FRONT}---\n{PAGE}", "utf-8")
    book = examined(where).book
    assert book is not None
    named = [one.deliverable.kind for one in plan(book, where, DAY)
             if one.deliverable.name == "材料签收单"]  # fmt: skip
    assert named == ["slip"]


def test_it_is_written_to_no_file_and_bears_no_title_of_another(where: Folders) -> None:
    """One document would take the place of the other; a row of letters.xlsx would be both."""
    for name, title, file in (
        ("mine", "交接单", "联系人变更函"),
        ("request", "付款申请函", "请款"),
        ("first", "移交单", "甲"),
        ("second", "移交单", "乙"),
    ):
        told = f"{FRONT.replace('材料签收单', title)}file: {file}\n"
        own(where, f"{name}.md").write_text(f"---\n{told}---\n{PAGE}", "utf-8")
    (one,) = examine(where)
    assert {
        Path(item.source.file).name: str(item.message)
        for item in one.problems
        if item.code.startswith("letter-")
    } == {
        "mine.md": "mine and contact_change would be written to one file",
        "request.md": "付款申请函 is the title of payment_request already",
        "second.md": "移交单 is the title of first already",
    }


def test_one_that_would_be_written_to_the_file_of_another_is_pointed_at(where: Folders) -> None:
    told = f"{FRONT}folder: payments\nfile: 结算对账单\n"
    own(where, "slip.md").write_text(f"---\n{told}---\n{PAGE}", "utf-8")
    (one,) = examine(where)
    assert {
        (item.source.file, str(item.fix)) for item in one.problems if item.code == "path-shared"
    } == {(own(where, "slip.md").as_posix(), "say under file how its file is called")}


def test_its_folder_is_one_plain_name(tmp_path: Path) -> None:
    """Any other would lead out of the contract's folder, or into what the tool keeps there."""
    told = {}
    for folder in (
        "payments", "来往函件", "2026_Q1-a", "../../zz", "/etc", "a/b", "a\\b", ".change", "inputs",
        "Inputs", "con", "LPT1", "a b", "C:",
    ):  # fmt: skip
        (tmp_path / "slip.yaml").write_text(f"{FRONT}folder: '{folder}'\n", "utf-8")
        found: list[Problem] = []
        read = read_declaration(tmp_path / "slip.yaml", found)
        told[folder] = read.folder if read else [str(one.source)[-4:] for one in found]
    sound = ("payments", "来往函件", "2026_Q1-a")
    assert told == {one: one if one in sound else [":5:9"] for one in told}


def test_its_template_is_checked_whichever_contract_it_belongs_to(
    where: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(where.data.parent)
    told = {}
    for name, page in (("sound", PAGE), ("wrong", PAGE.replace("client.name", "client.nam"))):
        own(where, f"{name}.md").write_text(f"---\n{FRONT}file: {name}\n---\n{page}", "utf-8")
        result = CliRunner().invoke(main, ["--lang", "en", "template", "check", name])
        told[name] = (result.exit_code, "contract.client.name" in result.output)
    assert told == {"sound": (0, False), "wrong": (1, True)}


def test_templates_of_the_user_hold_letters_too(where: Folders, tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "slip.md").write_text(f"---\n{FRONT}---\n{PAGE}", "utf-8")
    assert made(replace(where, templates=tmp_path / "ours"), "slip").result is Result.MADE
