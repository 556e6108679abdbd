"""What programs are told has the shape that docs/schemas publishes; so do refusals."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import builders
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from deliverables.cli import main
from deliverables.cli.answer import reason_facts
from deliverables.cli.reason_codes import CODES
from deliverables.values.problem import listed, say

Told = Callable[..., dict[str, Any]]
FILE = "data/HT-2026-001/contract.yaml"
DAY = ("--as-of", "2026-08-03")


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Run a command in a small project; what it tells a program, with its code."""
    monkeypatch.chdir(tmp_path)
    builders.project(Path("data"))

    def run(*words: str, code: int = 0) -> dict[str, Any]:
        result = CliRunner().invoke(main, [*words, "--format", "json"])
        assert result.exit_code == code, result.output
        answer: dict[str, Any] = json.loads(result.stdout)
        return answer

    return run


def misfits(root: Path, name: str, answer: object) -> list[str]:
    schema = json.loads((root / "docs" / "schemas" / f"{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return [one.message for one in Draft202012Validator(schema).iter_errors(answer)]


def test_answers_are_as_published(told: Told, root: Path) -> None:
    built = told("build", "--due", "--no-pages", *DAY)
    assert misfits(root, "build", built) == []
    (report,) = Path("out/runs").rglob("report.json")
    of_run = json.loads(report.read_text("utf-8"))
    assert misfits(root, "build", of_run) == []
    published = json.loads((root / "docs/schemas/build.json").read_text("utf-8"))["properties"]
    assert published.keys() - of_run.keys() == {"print"}
    assert of_run.keys() <= published.keys()
    for command in ("plan", "check", "status", "finance"):
        answer = told(command, *DAY)
        assert len(answer["contracts"]) == 1
        assert misfits(root, command, answer) == [], command
    letter = next(Path("out").rglob("*付款申请函*.docx"))
    letter.write_bytes(letter.read_bytes() + b" ")
    Path("other.docx").write_bytes(letter.read_bytes()[:100])
    answer = told("verify", str(letter), "other.docx", code=2)
    assert [one["known"] is None for one in answer["files"]] == [False, True]
    assert misfits(root, "verify", answer) == []


def test_reasons_have_a_code_and_what_fills_it(told: Told) -> None:
    (contract,) = told("plan", *DAY)["contracts"]
    reasons = [reason for one in contract["deliverables"] for reason in one["reasons"]]
    assert {one["code"] for one in reasons} == {
        "possible-from", "request-undelivered", "not-wholly-invoiced"
    }  # fmt: skip
    days = [one["parameters"] for one in reasons if one["code"] == "possible-from"]
    assert {"day": "2026-10-30"} in days


def test_a_reason_that_fills_another_has_its_own_code(root: Path) -> None:
    unsealed = say("not sealed yet: {titles}", titles=listed(["第一季度报告", "第二季度报告"]))
    reason = say("{reason}; met already: {since}", reason=unsealed, since="2026-10-30")
    told = reason_facts(reason, "zh")
    assert told["code"] == "partly-met"
    assert told["parameters"] == {
        "reason": {
            "text": "尚未盖章：第一季度报告、第二季度报告",
            "code": "unsealed",
            "parameters": {"titles": ["第一季度报告", "第二季度报告"]},
        },
        "since": "2026-10-30",
    }
    published = json.loads((root / "docs/schemas/plan.json").read_text("utf-8"))
    schema = {"$ref": "#/$defs/reason", "$defs": published["$defs"]}
    assert Draft202012Validator(schema).is_valid(told)
    told["parameters"] = {"reason": {"text": "without a code"}}
    assert not Draft202012Validator(schema).is_valid(told)


@pytest.mark.thorough
def test_every_sentence_that_bars_a_document_has_a_code_of_its_own(root: Path) -> None:
    said = {path: ast.parse(path.read_text("utf-8")) for path in root.glob("deliverables/**/*.py")}
    barring = {
        template
        for path, tree in said.items()
        for template in (*_bars(tree), *(_says(tree) if path.name == "conditions.py" else ()))
    }
    assert len(barring) > 60
    assert barring - CODES.keys() == set()
    assert CODES.keys() - {one for tree in said.values() for one in _says(tree)} == set()


def test_a_sentence_that_bars_a_document_is_noticed() -> None:
    planted = ast.parse('Blocker(say("the moon is full"))')
    assert {*_bars(planted)} == {"the moon is full"}


def test_no_two_sentences_have_one_code() -> None:
    assert len({*CODES.values()}) == len(CODES)


def _bars(tree: ast.AST) -> Iterator[str]:
    """Yield the sentences of the blockers, and of the conditions of a payment, in a module."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="Blocker"), args=[reason, *_]):
                yield from _says(reason)
            case ast.keyword(arg="reason", value=ast.Call(func=ast.Name(id="say")) as reason):
                yield from _says(reason)


def _says(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="say"), args=[ast.Constant(value=str(said)), *_]):
                yield said


@pytest.mark.parametrize("command", ["plan", "finance"])
def test_a_contract_that_is_left_out_says_why(told: Told, root: Path, command: str) -> None:
    Path("data/HT-2026-001/ledger.xlsx").write_bytes(b"")
    answer = told(command, *DAY, code=1)
    (contract,) = answer["contracts"]
    assert not contract["sound"]
    assert any("ledger.xlsx" in one["place"] for one in contract["problems"])
    assert misfits(root, command, answer) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("plan", "--contract", "HT-9"), 2),
        (("plan", "--peroid", "Q1"), 2),
        (("workbook", "Q99"), 2),
        (("sealed", FILE, "--scan", FILE, "--date", "2026-08-03"), 2),
    ],
)
def test_a_refusal_is_told_to_programs_too(
    told: Told, root: Path, words: tuple[str, ...], code: int
) -> None:
    answer = told(*words, code=code)
    assert answer["error"]["code"] == code
    assert answer["error"]["message"] or answer["error"]["problems"]
    assert misfits(root, "error", answer) == []


def test_a_fault_of_the_program_is_told_to_programs_too(
    told: Told, root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DELIVERABLES_CACHE", str(tmp_path / "own"))

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("deliverables.progress.registers_in", fails)
    told("build", "payment_request", *DAY)
    answer = told("status", *DAY, code=70)
    assert answer["error"]["code"] == 70
    assert misfits(root, "error", answer) == []


def test_an_answer_without_a_key_is_noticed(told: Told, root: Path) -> None:
    answer = told("plan", *DAY)
    del answer["contracts"][0]["deliverables"][0]["stage"]
    assert misfits(root, "plan", answer) == ["'stage' is a required property"]
