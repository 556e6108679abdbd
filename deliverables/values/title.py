"""A title (标题) of several lines: broken between words, the lines of about the same length.

Office programs break Chinese between any two signs (项|目); GB/T 9704—2012, 7.3.1 asks that each
line of a title holds whole words and that the lines are well shaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Final

_OWNER: Final = (
    r"^[^，、（(—]{2,24}?"
    r"(?:委员会|人民政府|管理局|局|厅|医院|大学|学院|学校|档案馆|图书馆|中心|公司)"
)
_WHOLE: Final = (
    r"[A-Za-z0-9.]+(?:年度?|期)?|[（(][^）)]*[）)]|[政务公共视频专有私]*云(?:平台|资源|服务|主机)?"
)
_WORDS: Final = (
    "信息化|互联网|大数据|数据库|一体化|电子政务|公共资源|行政审批|运行维护|服务器|档案馆|图书馆"
    "|信息系统|业务系统|应用系统|管理系统|管理平台|信息平台|业务专网|网络安全|信息安全"
    "|运维|运行|维护|维保|驻场|租用|租赁|采购|托管|建设|升级|改造|迁移|实施|集成|开发|购买|技术|支撑"
    "|保障|管理|监管|监测|安全|基础|设施|设备|资源|网络|机房|硬件|软件|系统|平台|业务|核心|信息|数据"
    "|数字|智慧|政务|综合|专网|专线|全民|健康|医疗|教育|财政|水务|交通|档案|应用|备份|灾备|存储|扩容"
    "|计算|审批|项目|服务"
)
"""Words of names of projects and services, the longer before those that they begin with."""

_HEADS: Final = ("项目", "服务", "系统", "平台", "中心")
"""What no line begins with: it belongs to the words in front of it."""

_GOOD: Final = re.compile(r"(?:系统|平台|机房|专网|年度?|云|资源|—|[）)])$")
"""What a line ends with where the name itself has a joint; so it does behind its owner."""

_COVER_LINE: Final = 15
_LETTER_LINE: Final = 20
"""How many signs a line of 156 mm holds: of 28 pt on a cover, of 22 pt above a letter."""

_JOINTS: Final = "及与和"
_MOST_LINES: Final = 4
_ANY_WORD: Final = 40
"""How much worse a line may be shaped that ends at a joint than one that ends at any word."""


def cover_title(name: str, names: Sequence[str] = ()) -> str:
    """Return a name in the lines that it takes on the cover of a report."""
    return title_lines(name, _COVER_LINE, names)


def letter_title(title: str) -> str:
    """Return a part of the title of a letter in the lines that it takes."""
    return title_lines(title, _LETTER_LINE)


def within_title(name: str, before: str, behind: str) -> str:
    """Return a name in the lines that it takes between other words of the title of a letter."""
    return letter_title(f"{before}{name}{behind}").removeprefix(before).removesuffix(behind)


def title_lines(name: str, most: int, names: Sequence[str] = ()) -> str:
    """Return the name in as few lines of at most `most` signs as its words allow.

    `names` are words of its own, of which none is broken. A name whose words are not known well
    enough stays on one line, and the office program breaks it.
    """
    if not most < len(name) <= most * _MOST_LINES:
        return name
    breaks = _between_words(name, names)

    def cost(chosen: Sequence[int]) -> int:
        return sum(len(line) ** 2 for line in _cut(name, chosen)) + sum(breaks[at] for at in chosen)

    for count in range(1, _MOST_LINES):
        fitting = [
            chosen
            for chosen in combinations(sorted(breaks), count)
            if max(map(len, _cut(name, chosen))) <= most
        ]
        if fitting:
            return "\n".join(_cut(name, min(fitting, key=cost)))
    return name


def _cut(name: str, at: Sequence[int]) -> list[str]:
    return [name[begin:end] for begin, end in pairwise((0, *at, len(name)))]


def _between_words(name: str, names: Sequence[str]) -> dict[int, int]:
    """Return the places at which a known word begins or ends, each with what it costs."""
    own = "|".join(re.escape(one) for one in sorted(names, key=len, reverse=True) if one)
    pattern = re.compile("|".join(filter(None, (own, _OWNER, _WHOLE, _WORDS))))
    words = [found.span() for found in pattern.finditer(name)]
    owner = words[0][1] if words and words[0][0] == 0 else 0
    return {
        at: 0 if at == owner or _GOOD.search(name[:at]) else _ANY_WORD
        for at in sorted({at for word in words for at in word})
        if 0 < at < len(name)
        and name[at - 1] not in _JOINTS
        and name[at] not in "）)、，—的"
        and not name.startswith(_HEADS, at)
    }
