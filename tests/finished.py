"""A small project with its documents made: built once in a run, and copied for every test."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import builders
from click.testing import CliRunner, Result

from deliverables.build import build
from deliverables.cli import main
from deliverables.examination import examine
from deliverables.folders import Folders
from deliverables.plan import Request

Run = Callable[..., Result]
AS_OF = date(2026, 8, 3)
CONTRACT = Path("data/HT-2026-001")
WORKBOOK = "data/HT-2026-001/operations/Q1.xlsx"
REPORT = "out/HT-2026-001/Q1/HT-2026-001_季度报告_Q1_草稿.docx"
LETTER = "out/HT-2026-001/payments/HT-2026-001_付款申请函_第1期_草稿.docx"
AGREEMENT = "out/HT-2026-001/staff/HT-2026-001_保密协议_S001_草稿.docx"


def put_into(folder: Path) -> Folders:
    """Copy the project, data and documents made on 2026-08-03, into the folder."""
    builders.copy_of(_finished, folder)
    return Folders(folder / "data", folder / "out")


def run(*words: str, lang: str = "en", code: int | None = None) -> Result:
    """Run the command in the folder one is in; it must end with `code` where one is given."""
    result = CliRunner().invoke(main, ["--lang", lang, *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert code in {None, result.exit_code}, result.output
    return result


def said(*words: str) -> str:
    """Run the command in Chinese; what it says, on both channels."""
    return run(*words, lang="zh").output


def diff_facts(*words: str) -> dict[str, Any]:
    """What `diff` answers to a program."""
    facts: dict[str, Any] = json.loads(run("diff", *words, "--format", "json", code=0).stdout)
    return facts


def changed_figures(facts: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The figures that differ, each before and after."""
    return {one["figure"]: (one["before"], one["after"]) for one in facts["figures"]}


def words(folder: Path, pattern: str) -> str:
    """The words of the one document whose name matches, a line for each paragraph."""
    (file,) = [one for one in folder.rglob(pattern) if "_旧" not in one.name]
    with ZipFile(file) as package:
        body = package.read("word/document.xml").decode()
    lines = (re.sub("<[^>]+>", "", line) for line in body.split("</w:p>"))
    return "\n".join(line for line in lines if line.strip())


def make_documents(**wishes: object) -> None:
    """Make the documents that can be made, in the folder one is in."""
    _make(Folders(Path("data"), Path("out")), **wishes)


def lengthen_the_outage() -> None:
    """Let the outage of the first quarter end an hour later."""
    builders.edit(
        CONTRACT,
        {"file": "operations/Q1.xlsx", "sheet": "中断", "cell": "C3", "value": "2026-05-07 01:20"},
    )


def _finished(folder: Path) -> None:
    builders.project(folder / "data")
    _make(Folders(folder / "data", folder / "out"))


def _make(folders: Folders, **wishes: object) -> None:
    moment = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)
    request = Request(as_of=AS_OF, moment=moment, command="deliverables build", **wishes)
    for examined in examine(folders):
        build(examined, folders, request, lambda _: None)


def rewrite(document: str | Path, *changes: tuple[str, str]) -> None:
    """Replace texts in the body of a document, as somebody in Word would."""
    with ZipFile(document) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for old, new in changes:
        assert old.encode() in parts["word/document.xml"], old
        parts["word/document.xml"] = parts["word/document.xml"].replace(
            old.encode(), new.encode(), 1
        )
    with ZipFile(document, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
