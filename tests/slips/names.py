"""Slips in what things are called: people, firms, parties, articles, quarters, instalments."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from random import Random

from slips.draft import Draft, Option, cell_text
from slips.mutant import PROSE, TEXTS, Change, exchanged, rewritten, slips, together
from slips.tables import exchange_contents

PEOPLE = (
    *("周启明", "何𠮷祥", "阿卜杜拉·买买提", "苏婉清", "程若川", "罗海宁", "韩雪梅"),
    *("田野", "冯嘉树", "邓子昂", "马向荣", "石敬之", "白露"),
)
_SURNAMES = "王李张刘陈杨赵黄吴徐孙胡朱高林"
_NUMERALS = "一二三四五六七八九十"
_ORDINAL = r"第[一二三四五六七八九十百]+"
_PEOPLE = "|".join(PEOPLE)
_CLIENT, _CONTRACTOR = "北京市药品监督管理局", "首信云技术有限公司"
_QUARTERS = tuple(f"第{each}" for each in "一二三四")
_TERMS = ("合同首款", "二期款", "合同剩余款项")


def _next(ordinal: str, chance: Random) -> str:
    """Return another ordinal of the same form."""
    if ordinal[-1] in "十百":
        return ordinal + "一"
    place = max(at for at, letter in enumerate(ordinal) if letter in _NUMERALS[:9])
    others = _NUMERALS[:9].replace(ordinal[place], "")
    return ordinal[:place] + chance.choice(others) + ordinal[place + 1 :]


def _ordinal(after: str) -> Change:
    return rewritten(TEXTS, f"{_ORDINAL}(?={after})", _next)


def _letter_of_a_person(person: str, chance: Random) -> list[str]:
    return [chance.choice(_SURNAMES) + person[1:], person[:-1] + chance.choice("明华平军")]


def _clause(clause: str, chance: Random) -> str:
    return re.sub(r"\d+", lambda found: str(int(found[0]) + chance.choice((1, 2))), clause)


def _number_of_a_list(draft: Draft, _: Random) -> Iterator[Option]:
    """A paragraph that began with 2. begins with 3."""
    for words in draft.prose():
        found = re.match(r"(?:说明：|附件：)?(\d+)(?=[.．、] ?)", words.text)
        if found:
            yield words.option(*found.span(1), str(int(found[1]) + 1))


def _two_people(draft: Draft, _: Random) -> Iterator[Option]:
    """Two people of a table in each other's rows."""
    for table in draft.tables:
        cells = [cell for row in table.cells for cell in row if cell_text(cell) in PEOPLE]
        for one, other in itertools.pairwise(cells):
            first, second = cell_text(one), cell_text(other)
            if first != second:
                yield Option(
                    f"{first} … {second}",
                    f"{second} … {first}",
                    table.place,
                    lambda one=one, other=other: exchange_contents(one, other),
                )


slips(
    letter_of_a_person_changed=rewritten(TEXTS, f"{_PEOPLE}|Anna Kowalska", _letter_of_a_person),
    person_put_for_another=rewritten(
        TEXTS,
        _PEOPLE,
        lambda person, chance: chance.choice([other for other in PEOPLE if other != person]),
    ),
    person_deleted=rewritten(TEXTS, _PEOPLE, ""),
    letter_of_a_firm_changed=exchanged(
        TEXTS,
        {
            _CONTRACTOR: ["首信云技术有限责任公司", "首都信息技术有限公司", "首信云科技有限公司"],
            _CLIENT: ["北京市药品监督局", "天津市药品监督管理局", "北京市药监局"],
            "中关村支行": ["中关村分行", "通州支行"],
        },
    ),
    bank_changed=rewritten(TEXTS, r"中国(?:建设|工商|农业)?银行", ["中国工商银行", "建设银行"]),
    address_changed=exchanged(
        TEXTS,
        {"通州区": "朝阳区", "东街": "西街", "留庄路": "留庆路", "层": "号", "院": "弄"},
        r"(?<=北京市)通州区|东街(?=\d)|留庄路(?=\d)|(?<=\d)(?:层|院)",
    ),
    name_of_the_project_changed=rewritten(
        TEXTS,
        "政务云基础服务运维服务|安全和基础运维服务",
        lambda title, _: [title.replace("基础", "平台"), title[:-2]],
    ),
    parties_exchanged=exchanged(
        TEXTS,
        {
            "甲方": "乙方",
            "乙方": "甲方",
            "贵局": "我公司",
            "我公司": "贵局",
            "委托单位": "公司",
            "员工": "公司",
            "公司": "员工",
            "双方": "甲方",
        },
        "甲方|乙方|贵局|我公司|委托单位|员工|(?<!限)公司(?!名)|双方",
    ),
    two_firms_exchanged=exchanged(
        TEXTS,
        {_CLIENT: _CONTRACTOR, _CONTRACTOR: _CLIENT},
        f"{_CLIENT}(?!信息化)|{_CONTRACTOR}",
    ),
    holiday_put_for_another=exchanged(
        TEXTS, {"国庆节": "春节", "元旦": "国庆节", "春节": "元旦", "全国两会": "国庆节"}
    ),
    law_changed=rewritten(
        PROSE,
        "《[^》]{4,}》",
        lambda law, _: [f"《{law[2:]}", f"{law[:-2]}例》", "《中华人民共和国合同法》"],
    ),
    year_of_a_version_changed=rewritten(
        TEXTS, r"\d{4}(?=年修订|年版)|(?<=[A-Z]-)\d{4}(?=-)", lambda year, _: str(int(year) - 10)
    ),
    quarter_changed=rewritten(
        TEXTS,
        "第[一二三四](?=季度|服务季度)",
        lambda quarter, chance: chance.choice([one for one in _QUARTERS if one != quarter]),
    ),
    instalment_changed=together(
        rewritten(TEXTS, "|".join(_TERMS), lambda term, _: [one for one in _TERMS if one != term]),
        _ordinal("期款"),
        rewritten(TEXTS, "末期款|首款(?=支付)", "二期款"),
    ),
    article_changed=_ordinal("条"),
    clause_of_an_article_changed=together(
        rewritten(TEXTS, r"第\(?\d+\)?(?=款|项)", _clause), _ordinal("[款段项]")
    ),
    chapter_referred_to_changed=_ordinal("章"),
    number_of_copies_changed=exchanged(
        TEXTS,
        {"两": "三", "一": "两", "肆": "叁", "贰": "壹", "二": "四"},
        r"(?<=一式)[两二三四肆]|(?<=各执)[一二两贰]|(?<=我公司)一(?=份)",
    ),
    count_in_chinese_changed=exchanged(
        TEXTS,
        {"一": "三", "两": "三", "三": "两", "四": "三", "五": "四"},
        r"[一两三四五](?=[次份起块台个人名条项笔张副]|周年)|(?<=万分之)[三五]",
    ),
    number_of_a_list_changed=_number_of_a_list,
    two_people_exchanged=_two_people,
)
