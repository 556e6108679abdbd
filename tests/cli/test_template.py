"""`deliverables template`: text to Word, Word to text, and the house style put back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from lxml import etree
from planting import TEMPLATES, element, paragraph, planted, properties, run_of, style

from deliverables.cli import main
from deliverables.docx.package import Package
from deliverables.docx.style import LETTER
from deliverables.docx.style_sheet import layout_of

Run = Callable[..., tuple[int, str, str]]
PAYMENT_REQUEST = (TEMPLATES / "payment_request.docx").read_bytes()
LETTER_TEXT = (
    "@页脚\n# 关于{{ title }}的函\n@主送 {{ client }}：\n请核对。\n@落款 {{ us }} | {{ dated }}\n"
)


def larger(root: etree._Element) -> None:
    properties(style(root, "Normal"), "rPr").append(element('<w:sz w:val="30"/>'))


def red(root: etree._Element) -> None:
    properties(run_of(paragraph(root, "{{ requested_in_words }}")), "rPr").append(
        element('<w:color w:val="FF0000"/>')
    )


def with_a_footnote(root: etree._Element) -> None:
    paragraph(root, "{{ requested_in_words }}").append(
        element('<w:r><w:footnoteReference w:id="2"/></w:r>')
    )


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    def call(*arguments: str) -> tuple[int, str, str]:
        options = ["--lang", "en", "--templates", str(tmp_path)]
        result = CliRunner().invoke(main, [*options, "template", *arguments])
        return result.exit_code, result.stdout, result.stderr

    yield call


# --- draft


def test_a_text_is_drafted_to_a_word_file_beside_it(run: Run, tmp_path: Path) -> None:
    text = tmp_path / "reminder.md"
    text.write_text(LETTER_TEXT, encoding="utf-8")
    code, output, _ = run("draft", str(text))
    assert code == 0
    assert "reminder.docx: drafted from" in output
    words = [each.text for each in docx.Document(str(tmp_path / "reminder.docx")).paragraphs]
    assert words == [
        "关于{{ title }}的函", "{{ client }}：", "请核对。", "{{ us }}", "（盖章处）", "{{ dated }}"
    ]  # fmt: skip


def test_a_kind_is_drafted_from_the_users_own_text_with_shipped_chapters(
    run: Run, tmp_path: Path
) -> None:
    own = (TEMPLATES / "payment_request.md").read_text("utf-8")
    (tmp_path / "payment_request.md").write_text(own, encoding="utf-8")
    assert run("draft", "payment_request")[0] == 0
    assert (tmp_path / "payment_request.docx").read_bytes() == PAYMENT_REQUEST
    assert "as its text says, not touched" in run("draft", "payment_request")[1]


def test_lines_that_are_not_understood_are_told_and_nothing_is_written(
    run: Run, tmp_path: Path
) -> None:
    text = tmp_path / "reminder.md"
    text.write_text("@主宋 某\n- 一项\n", encoding="utf-8")
    code, output, _ = run("draft", str(text))
    assert code == 1
    assert "reminder.md:1:1: error[text-directive] there is no directive @主宋" in output
    assert "reminder.md:2:1: error[text-line] a list" in output
    assert not (tmp_path / "reminder.docx").exists()


def test_a_text_that_is_not_utf8_is_told(run: Run, tmp_path: Path) -> None:
    text = tmp_path / "reminder.md"
    text.write_bytes("催款函".encode("gb18030"))
    code, output, _ = run("draft", str(text))
    assert code == 1
    assert "error[text-file]" in output


def test_what_a_person_changed_in_word_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    text = tmp_path / "payment_request.md"
    text.write_text((TEMPLATES / "payment_request.md").read_text("utf-8"), encoding="utf-8")
    changed = planted(tmp_path, red).read_bytes()
    code, output, _ = run("draft", "payment_request")
    assert code == 1
    assert "error[template-changed]" in output
    assert (tmp_path / "payment_request.docx").read_bytes() == changed
    assert run("draft", "payment_request", "--force")[0] == 0
    assert (tmp_path / "payment_request.docx").read_bytes() == PAYMENT_REQUEST


def test_a_word_file_drafted_from_an_earlier_text_follows_the_text(
    run: Run, tmp_path: Path
) -> None:
    text = tmp_path / "reminder.md"
    text.write_text(LETTER_TEXT, encoding="utf-8")
    run("draft", str(text))
    text.write_text(LETTER_TEXT.replace("请核对。", "请付款。"), encoding="utf-8")
    assert run("draft", str(text))[0] == 0
    assert "请付款。" in [
        each.text for each in docx.Document(str(tmp_path / "reminder.docx")).paragraphs
    ]


def test_a_text_that_is_not_there_and_a_kind_that_is_none_end_with_2(run: Run) -> None:
    assert run("draft", "nowhere.md")[0] == 2
    assert run("draft", "payment")[0] == 2


def test_check_tells_a_text_that_has_not_been_drafted(run: Run, tmp_path: Path) -> None:
    text = tmp_path / "payment_request.md"
    own = (TEMPLATES / "payment_request.md").read_text("utf-8")
    text.write_text(own.replace("申请支付", "谨申请支付"), encoding="utf-8")
    code, output, _ = run("check", "payment_request")
    assert code == 1
    assert "warning[template-undrafted] no Word file has been drafted from it" in output
    assert run("draft", "payment_request")[0] == 0
    assert run("check", "payment_request")[0] == 0
    text.write_text(own, encoding="utf-8")
    assert (
        "payment_request.docx does not say what its text says" in run("check", "payment_request")[1]
    )


# --- text


def test_a_word_file_is_shown_as_text(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own.docx"
    own.write_bytes(PAYMENT_REQUEST)
    code, output, note = run("text", str(own))
    assert code == 0
    assert output.startswith("@页脚\n\n# {{ title }}\n\n@主送 {{ client }}：\n")
    assert "error" not in note
    assert run("text", "payment_request")[1] == output


def test_text_tells_what_is_lost_with_it_and_ends_with_1(run: Run, tmp_path: Path) -> None:
    code, output, note = run("text", str(planted(tmp_path, with_a_footnote)))
    assert code == 1
    assert output.startswith("@页脚")
    assert "error[template-untold] body, paragraph “{{ requested_in_words }}”: a footnote" in note


def test_text_is_written_to_a_new_file_only(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "own.md"
    assert run("text", "payment_request", "--output", str(target))[0] == 0
    assert target.read_text("utf-8").startswith("@页脚")
    assert run("text", "payment_request", "--output", str(target))[0] == 2


def test_text_keeps_what_the_text_beside_it_declares(run: Run, tmp_path: Path) -> None:
    text = tmp_path / "reminder.md"
    text.write_text(f"---\nper: contract\n---\n{LETTER_TEXT}", encoding="utf-8")
    run("draft", str(text))
    output = run("text", str(tmp_path / "reminder.docx"))[1]
    assert output.startswith("---\nper: contract\n---\n@页脚\n")


def test_text_answers_programs(run: Run, tmp_path: Path) -> None:
    code, output, _ = run("text", str(planted(tmp_path, red)), "--format", "json")
    answer = json.loads(output)
    assert code == 0
    assert answer["untold"] == [
        {
            "what": "body, paragraph “{{ requested_in_words }}”: set by hand: colour val=FF0000",
            "kind": "look",
        }
    ]


# --- dress


def test_dress_says_what_it_mended_and_then_has_nothing_to_do(run: Run, tmp_path: Path) -> None:
    path = planted(tmp_path, larger, part="word/styles.xml")
    code, output, _ = run("dress")
    assert code == 0
    assert "mended: styles that are not as the house has them: Normal" in output
    assert path.read_bytes() == PAYMENT_REQUEST
    once = path.stat()
    code, output, note = run("dress")
    assert (code, output) == (0, "")
    assert "not touched" in note
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (once.st_mtime_ns, once.st_ino)


def test_dress_leaves_a_template_that_no_text_can_say_as_it_is(run: Run, tmp_path: Path) -> None:
    path = planted(tmp_path, with_a_footnote)
    before = path.read_bytes()
    code, _, note = run("dress", "payment_request")
    assert code == 1
    assert "error[template-untold] body, paragraph “{{ requested_in_words }}”: a footnote" in note
    assert path.read_bytes() == before


def test_dress_answers_programs(run: Run, tmp_path: Path) -> None:
    planted(tmp_path, red)
    (answer,) = json.loads(run("dress", "payment_request", "--format", "json")[1])["templates"]
    assert answer["mended"] == [
        "body, paragraph “{{ requested_in_words }}”: set by hand: colour val=FF0000"
    ]


def test_dress_touches_none_but_the_users_own_templates(run: Run, tmp_path: Path) -> None:
    planted(tmp_path, red)
    told, _next = run("dress")[2].splitlines()
    assert Path(told).name == "payment_request.docx: 1 mended"
    assert run("dress", "annual_summary")[0] == 2


def test_dress_of_a_template_without_house_style_asks_for_its_layout(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "payment_request.docx"
    docx.Document().save(str(path))
    code, _, note = run("dress")
    assert code == 2
    assert "--layout letter" in note
    assert run("dress", "--layout", "letter")[0] == 0
    assert layout_of(Package.read(path)) is LETTER


def test_dress_of_a_broken_file_ends_with_1_and_goes_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "annual_summary.docx").write_bytes(b"PK")
    planted(tmp_path, red)
    code, output, note = run("dress")
    assert code == 1
    assert "mended" in output
    assert "annual_summary.docx: error[template-file] this is no Word document" in note


def test_dress_in_a_folder_without_templates_ends_with_2(run: Run) -> None:
    assert run("dress")[0] == 2
