"""A long title is broken between words."""

from __future__ import annotations

import pytest

from deliverables.values.title import letter_title, title_lines, within_title


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("政务云基础服务运维服务", ["政务云基础服务运维服务"]),
        ("医院核心信息系统运行维护服务项目", ["医院核心信息系统", "运行维护服务项目"]),
        ("智慧校园公共云平台租用与驻场运维", ["智慧校园公共云平台", "租用与驻场运维"]),
        ("示例市卫生健康委员会全民健康信息平台政务云基础资源租用与运行维护服务",
         ["示例市卫生健康委员会", "全民健康信息平台政务云", "基础资源租用与运行维护服务"]),
        ("示例市人力资源和社会保障局就业大数据平台2027年度运维服务项目",
         ["示例市人力资源和社会保障局", "就业大数据平台", "2027年度运维服务项目"]),
        ("示例示范乡镇联合体2027年信息系统维护服务",
         ["示例示范乡镇联合体", "2027年信息系统维护服务"]),
    ],
)  # fmt: skip
def test_a_long_name_is_broken_between_its_words(name: str, lines: list[str]) -> None:
    assert title_lines(name, 15, ["示例示范乡镇联合体"]).split("\n") == lines


def test_a_letter_says_what_it_is_about_in_lines_of_whole_words() -> None:
    about = "关于申请支付示例区教育云平台综合运行维护服务项目"
    assert letter_title(about) == "关于申请支付示例区教育云平台\n综合运行维护服务项目"


def test_a_name_between_the_words_of_a_title_is_broken_for_the_whole_line() -> None:
    name = "示例区教育云平台综合运行维护服务"
    assert within_title(name, "关于申请", "项目") == "示例区教育云平台\n综合运行维护服务"
    assert within_title("政务云服务", "关于申请", "项目") == "政务云服务"


def test_a_name_whose_words_are_not_known_is_left_to_the_office_program() -> None:
    assert title_lines("甲乙丙丁" * 5, 15) == "甲乙丙丁" * 5
