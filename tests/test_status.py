"""One status of a document: a stage and a condition, shown as one word."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import builders
import finals
import finished
import pytest

from deliverables import open_data
from deliverables.model.ledger_sheets import Ledger
from deliverables.register import append, lives, read_register
from deliverables.status import FINISHED, SPOKEN, Condition, Stage, Status

DAY = date(2026, 8, 3)


@pytest.mark.parametrize(
    ("stage", "condition", "word"),
    [
        (Stage.NOT_YET, None, "not yet"),
        (Stage.BLOCKED, Condition.STALE, "blocked"),
        (Stage.READY, Condition.MISSING, "ready"),
        (Stage.DRAFT, Condition.CURRENT, "draft"),
        (Stage.DRAFT, Condition.STALE, "stale"),
        (Stage.DRAFT, Condition.EDITED, "edited"),
        (Stage.DRAFT, Condition.BOTH, "edited and stale"),
        (Stage.DRAFT, Condition.MISSING, "missing"),
        (Stage.FINAL, Condition.STALE, "final"),
        (Stage.SETTLED, Condition.CURRENT, "settled"),
    ],
)
def test_a_status_is_one_word(stage: Stage, condition: Condition | None, word: str) -> None:
    assert Status(stage, condition).word == word
    assert word in SPOKEN


def test_every_stage_has_a_word_and_those_from_final_on_are_finished() -> None:
    assert set(Stage) <= set(SPOKEN)
    assert list(Stage)[4:] == [stage for stage in Stage if stage in FINISHED]


def word_of(folders: finals.Folders, key: str, day: date) -> str:
    project = open_data(folders.data, folders.out)
    planned = [one for found in project.plan(day) for one in found.documents]
    return next(one.status.word for one in planned if one.deliverable.key == key)


@pytest.fixture
def letter(tmp_path: Path) -> finals.Folders:
    folders = finals.Folders(tmp_path / "data", tmp_path / "out")
    builders.project(folders.data)
    return folders


def test_a_letter_that_was_paid_in_full_is_settled(letter: finals.Folders) -> None:
    made(letter, finals.LETTER)
    assert word_of(letter, finals.LETTER, date(2026, 8, 20)) == "delivered"
    paid = {"期次": 1, "到账日期": date(2026, 8, 10), "到账金额": 400000}
    ledger = builders.workbook(Ledger, {"示例数据": "否"}, {"到账": [paid]})
    ledger.save(letter.data / builders.NUMBER / "ledger.xlsx")
    assert word_of(letter, finals.LETTER, date(2026, 8, 20)) == "settled"
    assert word_of(letter, finals.LETTER, date(2026, 8, 9)) == "delivered"


def test_what_was_withdrawn_stays_so_until_another_is_final(letter: finals.Folders) -> None:
    made(letter, finals.LETTER)
    register = letter.register(builders.NUMBER)
    (*_, last), _ = read_register(register)
    append(register, replace(last, event="withdrawn", as_of=date(2026, 8, 12)))
    assert word_of(letter, finals.LETTER, date(2026, 8, 20)) == "withdrawn"
    append(register, replace(last, event="final", as_of=date(2026, 8, 13)))
    entries, _ = read_register(register)
    assert lives(entries)[finals.LETTER].stage is Stage.FINAL


def test_data_that_changed_and_let_a_document_say_the_same_make_it_no_stale_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished.put_into(tmp_path)
    monkeypatch.chdir(tmp_path)
    duty = "duties:\n  - {article: 第三条, duty: 保存日志, owner: 乙方}\n"
    added = {"file": "contract.yaml", "replace": "duties:\n", "with": duty}
    builders.edit(finished.CONTRACT, added)
    assert states() == {"draft"}
    finished.lengthen_the_outage()
    folders = finals.Folders(Path("data"), Path("out"))
    assert word_of(folders, "quarterly_report/Q1", DAY) == "stale"
    assert word_of(folders, finals.LETTER, DAY) == "draft"


def states() -> set[str]:
    """Return how the documents that were made stand, as status tells it to programs."""
    (told,) = json.loads(finished.run("status", "--format", "json").stdout)["contracts"]
    return {one["state"] for one in told["documents"]}


def made(folders: finals.Folders, key: str) -> None:
    """Make a letter and record it as far as its delivery."""
    kind, _, part = key.partition("/")
    project = open_data(folders.data, folders.out)
    project.build(DAY, kinds=[kind], parts=[part], moment=datetime(2026, 8, 3, 9, 0, tzinfo=UTC))
    register = folders.register(builders.NUMBER)
    (entry,), _ = read_register(register)
    for event in ("final", "sealed", "delivered"):
        append(register, replace(entry, event=event, draft=False))
