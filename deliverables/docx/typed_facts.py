"""Numbers, dates and articles that somebody typed into a text instead of taking them from data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from deliverables.docx.house_text import TAG
from deliverables.docx.page import Page, plain, texts, walk
from deliverables.values.problem import Problem, error, say

_NUMERAL: Final = "[零〇一二三四五六七八九十两百千万亿\\d０-９]+"
_ARTICLE: Final = rf"第{_NUMERAL}(?:条(?:之[一二三四五六七八九十]+)?|款|项|目)"
_ISSUED: Final = r"(?:财库|财办库|国发|国办发)〔\d{4}〕\d+号"
_STATUTE: Final = (
    rf"《[^》]+》(?:（(?:[^）]*(?:修订|修正|施行|版)|{_ISSUED})）)?"
    r"|[\u4e00-\u9fff]+(?:法|法典|条例)"
)
_DIGITS: Final = "[零〇一二三四五六七八九十百千万亿]*"
_UNITS: Final = "个?(?:工作日|日|天|年|月|份|元|次|人|名|小时|分钟|周|期|季度)"
_ALLOWED: Final = re.compile(
    "|".join(
        (
            # 《…意见》（财库〔2016〕205号）
            # 《…法》（2024年修订）第一百条、第一百零一条；个人信息保护法第十七条第一款
            rf"(?:{_STATUTE})(?:(?:{_ARTICLE})+[、和及]?)*",
            rf"第{_NUMERAL}[章节部]",
            r"附件\s*\d+",
            r"[A-Za-z][A-Za-z/.-]* ?-?\d+(?:\.\d+)*",  # SHA-256, IPv4, GB/T 9704
        )
    )
)
"""Citations of statutes, references to chapters and attachments, names with a number in them."""
_ENUMERATOR: Final = re.compile(
    r"^(?:(?:附件[:：]?)?[\s　]*\d{1,2}[.．、]"
    r"|[（(]?[一二三四五六七八九十\d]{1,3}[）)]"
    r"|[一二三四五六七八九十]{1,3}、)"
)
_TYPED: Final = re.compile(
    "|".join(
        (
            _ARTICLE,
            r"[\d０-９]{4}年(?:[\d０-９]{1,2}月(?:[\d０-９]{1,2}日)?)?",
            r"[\d０-９][\d０-９,，.:：/／%％‰-]*(?:年|月|日|元|万元|个|份|天|次)?",
            r"[壹贰叁肆伍陆柒捌玖][零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整]*",
            r"百分之[零〇一二三四五六七八九十百点两]+",
            rf"(?:[零〇二三四五六七八九十两]{_DIGITS}|一[百千万亿十]{_DIGITS}){_UNITS}",
            r"(?<!最近)(?<!上)一(?:年|个月|个工作日|日[内前后]|天[内前后]|周[内前后])",
        )
    )
)


def typed_facts(page: Page) -> Iterator[Problem]:
    """Yield every number, date and article that stands in a text outside its tags."""
    for block in walk(page.blocks):
        for source, text in texts(block):
            for found in typed_in(plain(text)):
                yield error(
                    "text-fact",
                    source,
                    say("{found} is typed into the text, not taken from the data", found=found),
                    say(
                        "write the name of the fact, {form}; a statute is cited as 《…》第…条",
                        form="{{ name }}",
                    ),
                )


def typed_in(words: str) -> tuple[str, ...]:
    """Return every number, date and article in the words of one paragraph or cell, tags aside."""
    without_tags = TAG.sub("￼", _ENUMERATOR.sub("", words))
    return tuple(_TYPED.findall(_ALLOWED.sub("￼", without_tags)))
