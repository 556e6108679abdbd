"""Every difference to what was made is an error, an edit, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from papers import (
    cell,
    edited,
    figure,
    made,
    packed,
    paper,
    paragraph,
    row,
    shown,
    story,
    table,
    told,
    unpacked,
)

from deliverables.values.figure import Derivation, Figure
from deliverables.verify.base import Base
from deliverables.verify.document import read_document
from deliverables.verify.judgement import account

FREE = "交换机固件存在缺陷，升级后恢复，已列入巡检清单"
NUMBER = "999999199003070038"


@dataclass(frozen=True)
class Outage:
    cause: Figure[str]
    minutes: Figure[int]


@dataclass(frozen=True)
class Report:
    client: Figure[str]
    availability: Figure[str]
    total: Figure[int]
    verdict: Figure[str]
    person: Figure[str]
    number: Figure[str]
    remark: Figure[str]
    outages: tuple[Outage, ...]


FIRST, SECOND = figure("分钟", "52", cell("B3", "中断")), figure("分钟", "35", cell("B4", "中断"))
CONTEXT = Report(
    client=figure("甲方名称", "示范甲方单位"),
    availability=figure("可用性", "99.93%"),
    total=figure("中断时间", "87", Derivation("合计", "", (FIRST, SECOND))),
    verdict=figure("结论", "达标"),
    person=figure("姓名", "张示例"),
    number=figure("证件号码", NUMBER, cell("E3", "人员名册", "staff.xlsx"), private=True),
    remark=figure("说明", "本期因线路改造，部分业务短时受到影响，现已恢复。", cell("B7")),
    outages=(
        Outage(figure("原因", FREE, cell("A3", "中断")), FIRST),
        Outage(figure("原因", "线路改造", cell("A4", "中断")), SECOND),
    ),
)

PROSE = "报告期内平台运行平稳，值守人员及时处理告警，有关记录已归档。"
DUTY = "根据主合同第十条第5款，乙方不得向第三方披露，可用性不低于99.9%，一式两份。"
BODY_TEXT = (
    paragraph("第二季度运行报告", "h")
    + paragraph("主送：{{ client }}")
    + paragraph("一、概述", "h")
    + paragraph("可用性为{{ availability }}，累计中断{{ total }}分钟，{{ verdict }}。")
    + paragraph(PROSE)
    + paragraph("{{ remark }}")
    + paragraph("二、约定", "h")
    + paragraph(DUTY)
    + paragraph("国庆节期间安排专人值守，甲方联系人为{{ person }}，证件号码{{ number }}。")
    + table(
        row("原因", "分钟"),
        row("{%tr for one in outages %}", ""),
        row("{{ one.cause }}", "{{ one.minutes }}"),
        row("{%tr endfor %}", ""),
        row("合计", "{{ total }}"),
    )
    + paragraph("承办人（签字）：＿＿＿＿＿＿")
    + paragraph("（盖章处）")
)


def kept(*texts: str) -> str:
    """Return a row of a loop as it is rendered: on the page of what follows it."""
    return row(*texts).replace("<w:p>", "<w:p><w:pPr><w:keepNext/></w:pPr>")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Base]:
    document, base = made(tmp_path_factory.mktemp("account"), BODY_TEXT, CONTEXT)
    return bytes(document), base


def test_what_nobody_touched_has_no_differences(report: tuple[bytes, Base]) -> None:
    document, base = report
    assert told(base, document) == []


def test_a_space_beside_a_chinese_letter_is_nothing(report: tuple[bytes, Base]) -> None:
    document, base = report
    assert told(base, edited(document, ("一、概述", "一、 概述"), ("中断87", "中断 87"))) == []


def test_run_splits_and_looks_are_nothing(report: tuple[bytes, Base]) -> None:
    document, base = report
    split = (
        "处理</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>告警"  # half of the sentence is bold now
    )
    assert told(base, edited(document, ("处理告警", split))) == []


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("99.93%", "99.90%", "error[figure-changed] availability"),
        ("累计中断87", "累计中断78", "error[figure-changed] total"),
        ("分钟，达标", "分钟，未达标", "error[figure-changed] verdict"),
        ("中断87分钟", "中断87小时", "error[figure-changed] total"),
        ("第十条第5款", "第十条第6款", "error[statement-changed]"),
        ("第十条", "第十一条", "error[statement-changed]"),
        ("不得", "得", "error[statement-changed]"),
        ("不低于", "低于", "error[statement-changed]"),
        ("乙方", "甲方", "error[statement-changed]"),
        ("两份", "三份", "error[statement-changed]"),
        ("99.9%，一式", "９９.５%，一式", "error[statement-changed]"),
        ("国庆节", "春节", "error[statement-changed]"),
        ("及时处理告警", "百分之九十处理告警", "error[statement-changed]"),
        ("张示例", "李示例", "error[figure-changed] person"),
        ("示范甲方单位", "示范乙方单位", "error[figure-changed] client"),
        ("第二季度", "第三季度", "error[heading-changed]"),
        ("一、概述", "一、综述", "error[heading-changed]"),
        (">原因<", ">缘由<", "error[cell-changed]"),
        (">分钟<", ">小时<", "error[cell-changed]"),
        (">52<", ">25<", "error[figure-changed] outages[0].minutes"),
        ("线路改造<", "设备改造<", "error[figure-changed] outages[1].cause"),
        (">合计<", ">平均<", "error[cell-changed]"),
    ],
)
def test_what_states_something_is_an_error_wherever_it_changes(
    report: tuple[bytes, Base], old: str, new: str, difference: str
) -> None:
    document, base = report
    assert told(base, edited(document, (old, new))) == [difference]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("运行平稳", "总体平稳"),
        ("及时处理告警", "妥善处理告警"),
        ("运行平稳，", "运行平稳，经双方沟通，"),
        ("告警，", "告警（具体安排另行通知），"),
        ("值守人员及时处理告警，", ""),
        ("已归档。", "已归档。以上情况供参阅。"),
        ("第三方披露", "其他单位披露"),
    ],
)
def test_prose_is_an_edit(report: tuple[bytes, Base], old: str, new: str) -> None:
    document, base = report
    (found,) = account(base, read_document(edited(document, (old, new))))
    assert (found.is_edit, found.code) == (True, "prose-edited")
    assert old in found.before or old in PROSE + DUTY
    assert found.passage


def test_free_text_from_a_cell_is_an_edit_to_be_carried_back(report: tuple[bytes, Base]) -> None:
    document, base = report
    (found,) = account(base, read_document(edited(document, ("升级后恢复", "升级后已经恢复"))))
    assert shown(found) == "edit[data-text-edited] outages[0].cause"
    assert str(found.advice) == "carry it back to Q2.xlsx[中断]!A3"
    (found,) = account(base, read_document(edited(document, ("短时受到影响", "短时受影响"))))
    assert (shown(found), found.sources) == ("edit[data-text-edited] remark", ("Q2.xlsx[说明]!B7",))


def test_a_number_in_free_text_is_an_error(report: tuple[bytes, Base]) -> None:
    document, base = report
    assert told(base, edited(document, ("升级后恢复", "升级后3小时恢复"))) == [
        "error[figure-changed] outages[0].cause"
    ]


def added(document: bytes, markup: str, before: str = paragraph(PROSE)) -> bytes:
    return edited(document, (before, markup + before))


def test_an_added_sentence_is_an_edit_unless_it_states_something(
    report: tuple[bytes, Base],
) -> None:
    document, base = report
    harmless = paragraph("以上情况供参阅，如有疑问，请与项目负责人联系。")
    assert told(base, added(document, harmless)) == ["edit[passage-added]"]
    for words in ("另有中断12分钟。", "另有三次中断。", "本期未发生其他中断。", "张示例已确认。",
                  "该事项于国庆节前完成。"):  # fmt: skip
        assert told(base, added(document, paragraph(words))) == ["error[passage-added]"], words


@pytest.mark.parametrize(
    ("gone", "difference"),
    [
        (paragraph(PROSE), "edit[passage-gone]"),
        (paragraph(DUTY), "error[passage-gone]"),
        (paragraph("二、约定", "h"), "error[passage-gone]"),
        (kept("线路改造", "35"), "error[row-missing] outages[1].cause"),
        (paragraph("（盖章处）"), "error[passage-gone]"),
    ],
)
def test_what_is_gone_is_an_error_if_it_stated_something(
    report: tuple[bytes, Base], gone: str, difference: str
) -> None:
    document, base = report

    assert told(base, edited(document, (gone, ""))) == [difference]


def test_a_row_that_was_repeated_or_exchanged_is_an_error(report: tuple[bytes, Base]) -> None:
    document, base = report
    one, other = kept(FREE, "52"), kept("线路改造", "35")
    assert told(base, edited(document, (one, one + one))) == ["error[row-added]"]
    exchanged = edited(document, (one + other, other + one))
    assert told(base, exchanged) == ["error[passage-moved]"]


def test_passages_that_moved_together_are_one_finding(report: tuple[bytes, Base]) -> None:
    document, base = report
    both = paragraph(PROSE) + paragraph(CONTEXT.remark.text)
    away = edited(document, (both, ""), (paragraph("（盖章处）"), both + paragraph("（盖章处）")))
    assert told(base, away) == ["edit[passage-moved]"]


@pytest.mark.parametrize(
    "look", ["<w:vanish/>", "<w:strike/>", '<w:color w:val="FFFFFF"/>', '<w:sz w:val="2"/>']
)
def test_what_was_made_hard_to_see_is_an_error(report: tuple[bytes, Base], look: str) -> None:
    document, base = report
    faint = paragraph(PROSE).replace("<w:r>", f"<w:r><w:rPr>{look}</w:rPr>")
    found = told(base, edited(document, (paragraph(PROSE), faint)))
    assert "error[hard-to-see]" in found


def test_a_story_of_its_own_is_an_error(report: tuple[bytes, Base]) -> None:
    document, base = report
    boxed = (
        f"<w:p><w:r><w:pict><w:txbxContent>{paragraph('另见附件')}</w:txbxContent></w:pict></w:r>"
        "</w:p>"
    )
    assert told(base, added(document, boxed)) == ["error[story-added]"]
    parts = unpacked(document)
    relation = '<Relationship Id="c1" Type="x/comments" Target="comments.xml"/></Relationships>'
    remark = f"<w:comment>{paragraph('改')}</w:comment>"
    remarked = packed({
        **edited_relations(parts, relation),
        "word/comments.xml": story("comments", remark).encode(),
    })  # fmt: skip
    assert told(base, remarked) == ["error[story-added]"]


def edited_relations(parts: dict[str, bytes], relation: str) -> dict[str, bytes]:
    name = "word/_rels/document.xml.rels"
    told_ = parts[name].decode().replace("</Relationships>", relation)
    return {**parts, name: told_.encode()}


def test_another_document_is_told_in_one_finding_and_by_chapters(
    report: tuple[bytes, Base],
) -> None:
    _, base = report
    other = paper("".join(paragraph(f"别的文件的第{n}段文字内容。") for n in range(12)))
    codes = [one.code for one in account(base, read_document(other))]
    assert codes[0] == "not-a-copy"
    assert set(codes[1:]) == {"chapter-changed"}


def test_a_blank_may_hold_what_the_data_say_and_nothing_else(report: tuple[bytes, Base]) -> None:
    document, base = report
    signed = edited(document, ("＿＿＿＿＿＿", "张示例"))
    assert told(base, signed) == []
    assert told(base, edited(document, ("＿＿＿＿＿＿", "王五"))) == ["error[blank-filled]"]


@dataclass(frozen=True)
class Agreement:
    number: Figure[str | None]


def test_a_number_written_into_a_blank_must_be_that_of_the_roster(tmp_path: Path) -> None:
    blank = figure("证件号码", "＿" * 12, cell("E3", "人员名册", "staff.xlsx"), value=None)
    document, base = made(tmp_path, paragraph("居民身份证号码：{{ number }}"), Agreement(blank))
    filled = read_document(edited(document, ("＿" * 12, NUMBER)))
    roster = {"staff.xlsx[人员名册]!E3": NUMBER}
    assert account(base, filled, roster) == ()
    (found,) = account(base, filled, {"staff.xlsx[人员名册]!E3": "999999199003070046"})
    assert shown(found) == "error[blank-filled] number"
    assert NUMBER not in str(found.finding)


def test_identity_numbers_are_masked_by_their_shape(report: tuple[bytes, Base]) -> None:
    document, base = report
    typed = paragraph("居民身份证号码：99999919900307004X")
    for changed_document in (added(document, typed), edited(document, (NUMBER, NUMBER[:-1] + "9"))):
        (found,) = account(base, read_document(changed_document))
        words = f"{found.finding} {found.before} {found.after} {found.place}"
        assert not any(number in words for number in (NUMBER[:-1], "99999919900307004"))


def test_a_finding_says_where_what_whose_and_what_to_do(report: tuple[bytes, Base]) -> None:
    document, base = report
    (found,) = account(base, read_document(edited(document, ("99.93%", "99.90%"))))
    assert str(found.finding) == (
        "一、概述 › “可用性为99.93%，累计中断87分钟，达标。”: error[figure-changed] "
        "“可用性为99.93%，累计中断87…” became “可用性为99.90%，累计中断87…”, and that changes "
        "99.93%, 99.90%: put back what the data say (contract.yaml:3:5)"
    )
    assert (found.name, found.key) == ("可用性", "availability")


def test_a_passage_keeps_its_name_while_base_place_and_words_are_the_same(
    report: tuple[bytes, Base],
) -> None:
    document, base = report

    def named(new: str) -> str:
        return account(base, read_document(edited(document, ("运行平稳", new))))[0].passage

    assert named("总体平稳") == named("总体平稳")
    assert named("总体平稳") != named("大体平稳")
