"""The first thing a newcomer meets: a folder that says what to fill in, and in what order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from io import FileIO
from pathlib import Path
from typing import Any, get_type_hints

import builders
import finished
import pytest
from contract_filling import LATER, fill_in, unfilled
from finished import Run
from openpyxl import load_workbook
from places import TESTS

from deliverables.files.disk import Disk, instead
from deliverables.model.contract import Contract, ContractorExit
from deliverables.model.fields import UNFILLED, Record, declarations, headings, record_type
from deliverables.read.tree import Items, KeyBlock, Node, Scalar, value_at
from deliverables.read.yaml import parse_yaml, read_yaml
from deliverables.setup import LONGEST_NUMBER, Beginning, Pattern, contract_file, number_fault

pytestmark = pytest.mark.thorough

STORIES = TESTS / "stories"
NEW = "HT-2027-001"
FOLDER = Path("data") / NEW
SAMPLE = "SXYSR202604152"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return finished.run


def like_the_sample(root: Path) -> Pattern:
    tree = read_yaml(root / "data" / SAMPLE / "contract.yaml", [])
    assert isinstance(tree, KeyBlock)
    return Pattern(SAMPLE, tree)


def paths(kind: type[Record], node: Node | None, path: str = "") -> Iterator[str]:
    """Return every field that the declarations name and the file does not have."""
    hints = get_type_hints(kind)
    for item in fields(kind):
        here = f"{path}.{item.name}".strip(".")
        if not item.metadata:
            continue  # nothing that a file states
        assert isinstance(node, KeyBlock)
        if item.default is None and item.name in headings(kind):
            continue  # a block that most contracts lack is a comment to be laid open
        if item.name not in {key.text for key, _ in node.entries}:
            yield here
        value = value_at(node, item.name)
        if "records" in item.metadata:
            for entry in value.items if isinstance(value, Items) else ():
                yield from paths(item.metadata["records"], entry, here)
        elif item.name not in declarations(kind):
            yield from paths(record_type(hints[item.name]), value, here)


def written(text: str, folder: Path) -> Node | None:
    file = folder / "contract.yaml"
    file.write_text(text, "utf-8")
    return read_yaml(file, [])


def test_a_new_folder_holds_the_contract_and_every_workbook(run: Run) -> None:
    result = run("new", NEW, "--term-months", "6", "--reports", "2")
    assert result.exit_code == 0
    made = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.*"))
    assert made == ["contract.yaml", "ledger.xlsx", "operations/Q1.xlsx", "operations/Q2.xlsx",
                    "staff.xlsx"]  # fmt: skip
    assert [path.name for path in Path("data").iterdir()] == [NEW]
    assert "--from-text FILE" in result.stderr.splitlines()[0]
    assert result.stderr.splitlines()[2].startswith(f"1. data/{NEW}/contract.yaml: with the")


def test_check_of_a_new_folder_is_a_list_to_work_through_and_no_wall_of_errors(run: Run) -> None:
    run("new", NEW)
    result = run("check", lang="zh")
    assert result.exit_code == 1
    assert f"{NEW}：错误 0 个，提醒 0 个，待补 93 项" in result.stderr
    expected = (STORIES / "new-todo.txt").read_text("utf-8")
    assert result.stdout == expected


def test_from_an_empty_folder_to_a_quarter_without_an_objection(run: Run) -> None:
    """The whole way: new, fill in the contract, the quarter's days, the quarter."""
    run("new", NEW, "--instalments", "2")
    fill_in(FOLDER / "contract.yaml", NEW)
    assert not list(unfilled(read_yaml(FOLDER / "contract.yaml", [])))
    result = run("check")
    assert result.exit_code == 0
    assert f"{NEW}: 0 errors, 0 warnings, 2 gaps" in result.stderr
    assert "gap[workbook-blank]" in result.stdout

    result = run("workbook", "Q1")
    assert result.stdout.startswith("made  ")
    book = load_workbook(FOLDER / "operations" / "Q1.xlsx")
    assert [str(book["说明"][f"B{row}"].value) for row in (2, 3, 4, 5)] == [
        "1", "2026-04-30 00:00:00", "2026-07-29 00:00:00", "否",
    ]  # fmt: skip
    for label, text in {"编制": "赵一", "审核": "钱二", "批准": "孙三"}.items():
        (row,) = [cell.row for cell in book["说明"]["A"] if cell.value == label]
        book["说明"][f"B{row}"] = text
    sheet = book["中断"]
    for cell in sheet[1]:
        if cell.value in builders.FIRST_OUTAGE:
            sheet.cell(3, cell.column).value = builders.FIRST_OUTAGE[cell.value]
    book.save(FOLDER / "operations" / "Q1.xlsx")
    result = run("check")
    assert f"{NEW}: 0 errors, 0 warnings, 9 gaps" in result.stderr
    assert "ready" in next(
        line for line in run("plan", "--as-of", "2026-08-03").stdout.splitlines() if "Q1" in line
    )


def test_nothing_is_planned_or_made_of_an_unfinished_contract_and_it_says_why(run: Run) -> None:
    run("new", NEW)
    for words in (("plan",), ("build", "--due"), ("acceptance",)):
        result = run(*words)
        assert result.exit_code == 1
        assert "not ready, 72 facts that every document needs are still 【待补】" in result.stderr
    assert json.loads(run("check", "--format", "json").stdout)["contracts"][0]["finished"] is False


def test_facts_that_can_wait_hold_up_no_draft(run: Run) -> None:
    run("new", NEW, "--instalments", "2")
    fill_in(FOLDER / "contract.yaml", NEW, leave=LATER)
    result = run("check")
    assert result.exit_code == 0
    assert "gap[fact-missing] service.catalogue" in result.stdout
    result = run("build", "--due", "--as-of", "2026-08-03")
    assert "operations/Q1.xlsx is missing, blank or unreadable: fill it in first" in result.stdout
    assert "made  out" in result.stdout
    assert result.exit_code == 0


def test_a_new_contract_file_has_every_declared_field_and_explains_it(tmp_path: Path) -> None:
    text = contract_file(Beginning())
    assert list(paths(Contract, written(text, tmp_path))) == []
    before, exit_and_after = text.split("\n# exit:\n")
    laid_open = f"{before}\nexit:\n" + exit_and_after.replace("\n#   ", "\n  ").removeprefix("# ")
    block = value_at(written(laid_open, tmp_path), "exit")
    assert list(paths(ContractorExit, block)) == []
    for kind in _kinds(Contract):
        for declared in declarations(kind).values():
            assert f"# {declared.label}" in text
    for title in headings(Contract).values():
        assert f"── {title.title} ─" in text


SHOWN_BY_EXAMPLE = ("duties", "discrepancies", "stated_terms", "targets")
"""Lists of which a new file shows one entry as it would be written."""


def _kinds(kind: type[Record]) -> Iterator[type[Record]]:
    yield kind
    hints = get_type_hints(kind)
    for item in fields(kind):
        below = item.metadata.get("records") or hints[item.name]
        if item.name in headings(kind) and item.name not in SHOWN_BY_EXAMPLE:
            yield from _kinds(record_type(below))


def test_a_field_that_the_file_lacks_is_noticed(tmp_path: Path) -> None:
    text = re.sub(r"\n  signed_on: .*", "", contract_file(Beginning()))
    assert list(paths(Contract, written(text, tmp_path))) == ["identity.signed_on"]


def test_what_is_said_up_front_is_written_and_the_quarters_have_their_days(run: Run) -> None:
    run("new", NEW, "--signed", "2027-01-31", "--term-months", "24", "--reports", "8",
        "--plan", "sme")  # fmt: skip
    tree = read_yaml(FOLDER / "contract.yaml", [])
    said = [value_at(tree, *path.split(".")) for path in (
        "identity.number", "identity.signed_on", "service.term_months", "payment.plan",
    )]  # fmt: skip
    assert [node.text for node in said if isinstance(node, Scalar)] == [
        NEW, "2027-01-31", "24", "sme",
    ]  # fmt: skip
    cover = load_workbook(FOLDER / "operations" / "Q8.xlsx")["说明"]
    assert [str(cover[f"B{row}"].value)[:10] for row in (2, 3, 4)] == [
        "8", "2028-11-01", "2029-01-31",
    ]  # fmt: skip


def test_from_another_contract_comes_its_form_and_none_of_its_facts(
    root: Path, tmp_path: Path
) -> None:
    pattern = like_the_sample(root)
    text = contract_file(Beginning(facts={"identity.number": NEW}, pattern=pattern))
    tree = written(text, tmp_path)
    for path, expected in {
        "service.term_months": "12",
        "service_levels.availability": "99.9%",
        "confidentiality.period": "自合同终止起10年",
        "payment.late.daily_rate": "0.0003",
    }.items():
        node = value_at(tree, *path.split("."))
        assert isinstance(node, Scalar)
        assert node.text == expected
    instalments = value_at(tree, "payment", "instalments")
    assert isinstance(instalments, Items)
    assert len(instalments.items) == 3
    for private in ("首信云", "北京市药品监督管理局", "桑凌岳", "袁欣", "18010288850", "4,894,458",
                    "4894458", "1,957,783", "11050192360000000776", "中关村", "2026-04-29",
                    "留庄路", "101117"):  # fmt: skip
        assert private not in text.replace(SAMPLE, "")
    assert value_at(tree, "payment", "account", "number") == Scalar(
        UNFILLED, quoted=False, source=_place(tree, "payment", "account", "number")
    )


def _place(tree: Node | None, *keys: str) -> Any:
    node = value_at(tree, *keys)
    assert node is not None
    return node.source


def test_a_form_in_whose_words_a_fact_stands_is_left_to_be_filled_in(
    root: Path, tmp_path: Path
) -> None:
    """The sample's duty under 第六条第1款 reads 合同款项4,894,458.72元: the amount is no form."""
    tree = written(contract_file(Beginning(pattern=like_the_sample(root))), tmp_path)
    duties = value_at(tree, "duties")
    assert isinstance(duties, Items)
    left = [item for item in duties.items if _text(item, "duty") == UNFILLED]
    assert [_text(item, "article") for item in left] == ["第六条第1款"]


def _text(node: Node, key: str) -> str | None:
    value = value_at(node, key)
    return value.text if isinstance(value, Scalar) else None


def test_what_is_said_up_front_drops_what_the_other_contract_says_otherwise(root: Path) -> None:
    facts = {"service.term_months": "24", "reports[1].every_months": "4"}
    counts = {"payment.instalments": 4}
    text = contract_file(Beginning(facts=facts, counts=counts, pattern=like_the_sample(root)))
    tree = parse_yaml(text.encode(), "contract.yaml", [])
    instalments = value_at(tree, "payment", "instalments")
    assert isinstance(instalments, Items)
    assert len(instalments.items) == 4
    blank = {".".join(map(str, path)) for path, _ in unfilled(tree)}
    assert {"payment.instalments.0.conditions", "payment.instalments.3.conditions"} <= blank
    assert {"acceptance.materials"} <= blank
    assert "季度报告4个" not in text
    assert "自合同签订起12个月" not in text


def test_the_same_length_and_number_of_reports_leave_the_texts_alone(root: Path) -> None:
    facts = {"service.term_months": "12"}
    text = contract_file(Beginning(facts=facts, pattern=like_the_sample(root)))
    assert "季度报告4个" in text
    assert "自合同签订起12个月" in text


def test_what_is_taken_over_reads_as_it_did(root: Path, tmp_path: Path) -> None:
    pattern = like_the_sample(root)
    tree = written(contract_file(Beginning(pattern=pattern)), tmp_path)
    taken = dict(_scalars(tree))
    original = dict(_scalars(pattern.tree))
    alike = {path for path, text in taken.items() if text and UNFILLED not in text}
    assert len(alike) > 200
    assert {path: taken[path] for path in alike} == {path: original[path] for path in alike}


def _scalars(node: Node | None, path: str = "") -> Iterator[tuple[str, str | None]]:
    match node:
        case KeyBlock(entries=entries):
            for key, value in entries:
                yield from _scalars(value, f"{path}.{key.text}")
        case Items(items=items):
            for index, item in enumerate(items):
                yield from _scalars(item, f"{path}[{index}]")
        case Scalar(text=text):
            yield path, text


@pytest.mark.parametrize(
    "text", ["否：见#1", "no", "- 甲", "“引号”: 冒号", 'a "b"', "12:30", "[原文]"]
)
def test_text_of_any_kind_comes_over_unharmed(text: str, tmp_path: Path) -> None:
    quoted = json.dumps(text, ensure_ascii=False)
    like = written(f"confidentiality: {{quoted_scope_limit: {quoted}}}\n", tmp_path)
    assert isinstance(like, KeyBlock)
    tree = written(contract_file(Beginning(pattern=Pattern("甲", like))), tmp_path)
    node = value_at(tree, "confidentiality", "quoted_scope_limit")
    assert isinstance(node, Scalar)
    assert node.text == text


def test_a_folder_that_is_there_is_never_touched(run: Run) -> None:
    run("new", NEW)
    (FOLDER / "contract.yaml").write_text("mine", "utf-8")
    for again in (NEW, NEW.lower()):
        result = run("new", again)
        assert result.exit_code == 2
        assert f"the folder data/{NEW} is there already" in result.stderr
    assert (FOLDER / "contract.yaml").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    "number",
    ["", " ", "HT 1 ", "HT.", "HT/1", "HT\\1", "HT:1", "..", ".HT", "~$HT", "CON", "nul.txt",
     "COM1", "workdays", "Workdays", "HT\n1", "HT\u200b1", "甲" * (LONGEST_NUMBER + 1)],
)  # fmt: skip
def test_a_number_that_cannot_name_a_folder_everywhere_is_refused(
    number: str, tmp_path: Path
) -> None:
    assert number_fault(number, tmp_path) is not None


@pytest.mark.parametrize("number", ["HT-1", "京运〔2027〕15号", "2027.1", "CONTRACT", "（甲）1"])
def test_other_numbers_are_allowed(number: str, tmp_path: Path) -> None:
    assert number_fault(number, tmp_path) is None


def test_a_number_that_yaml_would_take_for_something_else_stays_text(run: Run) -> None:
    run("new", "no")
    assert 'number: "no"' in Path("data/no/contract.yaml").read_text("utf-8")


def test_without_a_contract_to_begin_from_nothing_is_made(run: Run) -> None:
    result = run("new", NEW, "--from", "HT-9")
    assert result.exit_code == 2
    assert "HT-9: no contract to begin from; nothing was made" in result.stderr
    assert not FOLDER.exists()


def test_a_folder_that_cannot_be_made_leaves_nothing_behind(run: Run) -> None:
    class Refusing(Disk):
        def sync(self, file: FileIO) -> None:
            raise PermissionError(13, "Permission denied")

    with instead(Refusing()):
        result = run("new", NEW)
    assert result.exit_code == 1
    assert "could not be made, and nothing of it is left: " in result.stderr
    assert "you may not write there" in result.stderr
    assert not Path("data").exists()


def test_the_same_beginning_gives_the_same_bytes(run: Run) -> None:
    run("new", NEW, "--term-months", "3", "--reports", "1")
    run("--data", "other", "new", NEW, "--term-months", "3", "--reports", "1")
    for file in (path for path in FOLDER.rglob("*") if path.is_file()):
        twin = Path("other") / file.relative_to("data")
        assert file.read_bytes() == twin.read_bytes()
