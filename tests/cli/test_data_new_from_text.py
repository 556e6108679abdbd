"""`new --from-text`: contract.yaml filled as far as facts are proved, the rest told beforehand."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import finished
import pytest
from contract_texts import FILES, SILENT, answers_of, reading_of
from docx import Document
from finished import Run

from deliverables.checks.quotes import said_at
from deliverables.model.fields import UNFILLED
from deliverables.read.book import read_book
from deliverables.read.tree import Items, KeyBlock, Node, Scalar, value_at
from deliverables.read.yaml import read_yaml
from deliverables.setup import contract_draft
from deliverables.values.calendar import published_calendar

pytestmark = pytest.mark.thorough

SAMPLE = "SXYSR202604152"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return partial(finished.run, lang="zh", code=0)


def at(number: str, path: str) -> str | None:
    """Return what contract.yaml says at a path such as payment.instalments[1].amount."""
    node: Node | None = read_yaml(Path("data") / number / "contract.yaml", [])
    for step in path.replace("[", ".").replace("]", "").split("."):
        if step.isdecimal():
            assert isinstance(node, Items)
            node = node.items[int(step) - 1]
        else:
            node = value_at(node, step)
    if isinstance(node, Items):
        return ", ".join(str(item.text) for item in node.items if isinstance(item, Scalar))
    return node.text if isinstance(node, Scalar) else None


def test_this_contract_is_written_from_its_text_with_nothing_wrong(run: Run) -> None:
    run("new", SAMPLE, "--from-text", str(FILES[SAMPLE]))
    doubted = {gap.path for gap in reading_of(SAMPLE).gaps}
    for path, expected in answers_of(SAMPLE).items():
        found = at(SAMPLE, path)
        if str(expected) == SILENT or not found or UNFILLED in found:
            assert str(expected) == SILENT or path in doubted, path
        elif "conditions" not in path:
            assert found.replace(",", "") == str(expected).replace(",", ""), path
    assert at(SAMPLE, "payment.instalments[3].deadline") == "服务期届满且通过验收后40个工作日内"
    assert at(SAMPLE, "payment.instalments[2].article") == "第六条第2款第二段"


@pytest.mark.parametrize(
    ("name", "number"),
    [(SAMPLE, SAMPLE), ("monthly", "SLZX-2026-FW-031"), ("yearly", "YLCG-2027-C-0009")],
)
def test_check_of_what_was_written_finds_gaps_and_no_error(
    name: str, number: str, run: Run
) -> None:
    run("new", number, "--from-text", str(FILES[name]))
    result = run("check", "--contract", number, lang="en", code=1)
    assert f"{number}: 0 errors, 0 warnings" in result.stderr
    folder = Path("data") / number
    assert (folder / "contract.txt").read_text("utf-8") == FILES[name].read_text("utf-8").rstrip(
        "\n"
    ) + "\n"


def test_what_cannot_be_expressed_is_shown_before_anything_is_typed(
    run: Run, tmp_path: Path
) -> None:
    words = FILES["monthly"].read_text("utf-8").replace("其余5%作为", "其余6%作为")
    (tmp_path / "text.txt").write_text(words, "utf-8")
    told = run("new", "SLZX-2026-FW-031", "--from-text", "text.txt").stderr
    beyond, _, rest = told.partition(
        "以下约定没有读成事实，请在 contract.yaml 括号所注的位置填写："
    )
    left, _, stated = rest.partition("以下约定已照原文写入 stated_terms")
    assert "以下约定目前表达不了：" in beyond
    assert "第3.2条 续期：服务期届满而新的服务商尚未确定的" in beyond
    assert "第6.2条 按周期支付（payment.instalments: each）：服务费按月支付。" in left
    assert "第5.1条 考核与扣款：考核得分90分（含）以上的，全额支付当月服务费；80分" in stated
    assert at("SLZX-2026-FW-031", "stated_terms[1].subject") == "履约担保"
    assert at("SLZX-2026-FW-031", "confidentiality.period") == "没有期限"
    assert told.index("以下约定已照原文") < told.index("接下来")


def test_a_gap_keeps_its_reading_and_its_passage_in_a_comment(run: Run) -> None:
    run("new", "YLCG-2027-C-0009", "--from-text", str(FILES["yearly"]))
    file = Path("data/YLCG-2027-C-0009/contract.yaml").read_text("utf-8")
    doubt = "# ※ 读作“2026-12-22”，未能证实（各处写法不一致）：签署页“签订时间：2026年12月22日”"
    assert doubt in file
    assert at("YLCG-2027-C-0009", "identity.signed_on") == UNFILLED
    assert "# ※ 签署页：签订日期不一致：" in file


def test_no_term_of_months_is_written_that_would_begin_on_another_day(run: Run) -> None:
    """A term from 1 July is no term from the signing: until its first day can be said, a gap."""
    draft = contract_draft(reading_of("monthly"), "SLZX-2026-FW-031")
    assert ("service.term_months" in draft.facts) is ("service.starts_on" in draft.facts)
    run("new", "SLZX-2026-FW-031", "--from-text", str(FILES["monthly"]))
    if "service.starts_on" not in draft.facts:
        assert at("SLZX-2026-FW-031", "service.term_months") == UNFILLED


def test_the_folder_keeps_its_number_where_the_text_says_another(run: Run) -> None:
    told = run("new", "HT-9", "--from-text", str(FILES["yearly"]), lang="en").stderr
    assert "the text calls the contract YLCG-2027-C-0009, the folder HT-9" in told
    assert at("HT-9", "identity.number") == "HT-9"
    run("check", code=1)


def test_what_the_user_says_counts_and_not_what_was_read(run: Run) -> None:
    run("new", SAMPLE, "--from-text", str(FILES[SAMPLE]), "--signed", "2026-05-06")
    assert at(SAMPLE, "identity.signed_on") == "2026-05-06"


def test_a_docx_gives_the_same_facts_as_its_text(run: Run, tmp_path: Path) -> None:
    document = Document()
    for line in FILES["yearly"].read_text("utf-8").splitlines():
        document.add_paragraph(line)
    document.save(tmp_path / "contract.docx")
    run("new", "YLCG-2027-C-0009", "--from-text", "contract.docx")
    from_docx = Path("data/YLCG-2027-C-0009/contract.yaml").read_text("utf-8")
    run("--data", "other", "new", "YLCG-2027-C-0009", "--from-text", str(FILES["yearly"]))
    assert from_docx == Path("other/YLCG-2027-C-0009/contract.yaml").read_text("utf-8")


def test_another_program_is_told_everything(run: Run) -> None:
    told = json.loads(
        run("new", SAMPLE, "--from-text", str(FILES[SAMPLE]), "--format", "json").stdout
    )
    total = told["facts"]["payment.total"]
    assert total["value"] == "4,894,458.72"
    assert total["article"] == "第六条第1款"
    assert total["place"].endswith("contract.txt:73:4")
    assert {
        "facts",
        "gaps",
        "not_expressed",
        "left_to_write",
        "contradictions",
        "files",
    } <= told.keys()


def test_a_file_without_a_text_makes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7")
    told = run("new", "HT-1", "--from-text", "scan.pdf", lang="en", code=2).stderr
    assert "scan.pdf: its name must end in .docx, .txt or .md" in told
    assert not Path("data").exists()


def test_check_tells_which_numbers_no_fact_claims(run: Run, root: Path) -> None:
    data = str(root / "data")
    told = run("--data", data, "check", "--contract", SAMPLE, lang="en").stderr
    assert "46 numbers in" in told
    assert "5 claimed by no fact: 封面 (2026, 4), 第十二条第5款 (四), 第十四条 (6, 2)" in told


def test_a_figure_leads_from_its_line_to_the_words_of_the_contract(root: Path) -> None:
    read = read_book(root / "data" / SAMPLE, published_calendar())
    assert read.book is not None
    contract = read.book.contract
    said = said_at(contract)
    first = contract.payment.instalments[0]
    assert said[first.place("amount")] == (
        "…日内向乙方支付合同首款¥1,957,783.48元，首付款比例为合同款4…", "第六条第2款第一段",
    )  # fmt: skip
    assert said[contract.payment.late.place("daily_rate")][1] == "第十二条第7款"


def test_the_committed_contract_says_what_its_text_says(root: Path) -> None:
    tree = read_yaml(root / "data" / SAMPLE / "contract.yaml", [])
    assert isinstance(tree, KeyBlock)
    description = value_at(tree, "service", "description")
    reports = value_at(tree, "reports")
    assert isinstance(description, Scalar)
    assert isinstance(reports, Items)
    named = [value_at(entry, "name") for entry in reports.items]
    assert description.text == "乙方为甲方单位提供具体服务项目见附件一政务云基础资源服务明细清单"
    assert [name.text for name in named if isinstance(name, Scalar)] == [
        "季度报告", "年度项目总结报告", "监控报告",
    ]  # fmt: skip
