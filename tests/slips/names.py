"""Slips in what things are called: people, firms, parties, articles, quarters, instalments."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from random import Random

from slips.draft import Draft, Option, cell_text
from slips.mutant import replacements, slip
from slips.tables import exchange_contents

PEOPLE = (
    *("周启明", "何𠮷祥", "阿卜杜拉·买买提", "苏婉清", "程若川", "罗海宁", "韩雪梅"),
    *("田野", "冯嘉树", "邓子昂", "马向荣", "石敬之", "白露"),
)
_SURNAMES = "王李张刘陈杨赵黄吴徐孙胡朱高林"
_NUMERALS = "一二三四五六七八九十"
_ORDINAL = r"第[一二三四五六七八九十百]+"
_PEOPLE = "|".join(PEOPLE)


def _next(numeral: str, chance: Random) -> str:
    """Return another Chinese numeral of the same form."""
    place = max(at for at, letter in enumerate(numeral) if letter in _NUMERALS[:9])
    others = _NUMERALS[:9].replace(numeral[place], "")
    return numeral[:place] + chance.choice(others) + numeral[place + 1 :]


def _ordinal(draft: Draft, chance: Random, after: str) -> Iterator[Option]:
    pattern = f"{_ORDINAL}(?={after})"

    def new(ordinal: str) -> str:
        if ordinal[-1] in "十百":
            return ordinal + "一"
        return _next(ordinal, chance)

    yield from replacements(draft.texts(), pattern, new)


@slip
def letter_of_a_person_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    def new(person: str) -> list[str]:
        return [chance.choice(_SURNAMES) + person[1:], person[:-1] + chance.choice("明华平军")]

    yield from replacements(draft.texts(), f"{_PEOPLE}|Anna Kowalska", new)


@slip
def person_put_for_another(draft: Draft, chance: Random) -> Iterator[Option]:
    def new(person: str) -> str:
        return chance.choice([other for other in PEOPLE if other != person])

    yield from replacements(draft.texts(), _PEOPLE, new)


@slip
def person_deleted(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from replacements(draft.texts(), _PEOPLE, lambda _: "")


@slip
def letter_of_a_firm_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    others = {
        "首信云技术有限公司": [
            "首信云技术有限责任公司",
            "首都信息技术有限公司",
            "首信云科技有限公司",
        ],
        "北京市药品监督管理局": ["北京市药品监督局", "天津市药品监督管理局", "北京市药监局"],
        "中关村支行": ["中关村分行", "通州支行"],
    }
    yield from replacements(draft.texts(), "|".join(others), lambda firm: others[firm])


@slip
def bank_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    pattern = r"中国(?:建设|工商|农业)?银行"
    yield from replacements(draft.texts(), pattern, lambda _: ["中国工商银行", "建设银行"])


@slip
def address_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    others = {"通州区": "朝阳区", "东街": "西街", "留庄路": "留庆路", "层": "号", "院": "弄"}
    pattern = r"(?<=北京市)通州区|东街(?=\d)|留庄路(?=\d)|(?<=\d)(?:层|院)"
    yield from replacements(draft.texts(), pattern, lambda word: others[word])


@slip
def name_of_the_project_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    pattern = "政务云基础服务运维服务|安全和基础运维服务"
    yield from replacements(
        draft.texts(), pattern, lambda title: [title.replace("基础", "平台"), title[:-2]]
    )


@slip
def parties_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    """甲方 where 乙方 stood, 我公司 where 贵局 stood."""
    others = {
        "甲方": "乙方",
        "乙方": "甲方",
        "贵局": "我公司",
        "我公司": "贵局",
        "委托单位": "公司",
        "员工": "公司",
        "公司": "员工",
        "双方": "甲方",
    }
    pattern = "甲方|乙方|贵局|我公司|委托单位|员工|(?<!限)公司(?!名)|双方"
    yield from replacements(draft.texts(), pattern, lambda party: others[party])


@slip
def two_firms_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
    """The client's name where the contractor's belongs, and the other way round."""
    client, contractor = "北京市药品监督管理局", "首信云技术有限公司"
    others = {client: contractor, contractor: client}
    pattern = f"{client}(?!信息化)|{contractor}"
    yield from replacements(draft.texts(), pattern, lambda firm: others[firm])


@slip
def holiday_put_for_another(draft: Draft, chance: Random) -> Iterator[Option]:
    others = {"国庆节": "春节", "元旦": "国庆节", "春节": "元旦", "全国两会": "国庆节"}
    yield from replacements(draft.texts(), "|".join(others), lambda holiday: others[holiday])


@slip
def law_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """Another law, or one letter of its title."""

    def new(law: str) -> list[str]:
        return [f"《{law[2:]}", f"{law[:-2]}例》", "《中华人民共和国合同法》"]

    yield from replacements(draft.prose(), "《[^》]{4,}》", new)


@slip
def year_of_a_version_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """2024年修订 becomes 2014年修订; GB/T 22239-2019 becomes -2009."""
    pattern = r"\d{4}(?=年修订|年版)|(?<=[A-Z]-)\d{4}(?=-)"
    yield from replacements(draft.texts(), pattern, lambda year: str(int(year) - 10))


@slip
def quarter_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """第一季度 becomes 第二季度, on the cover, in a header, in a table or in prose."""
    quarters = [f"第{each}" for each in "一二三四"]

    def new(quarter: str) -> str:
        return chance.choice([other for other in quarters if other != quarter])

    yield from replacements(draft.texts(), "第[一二三四](?=季度|服务季度)", new)


@slip
def instalment_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """第三期款 becomes 第二期款; 合同首款 becomes 二期款."""
    terms = ["合同首款", "二期款", "合同剩余款项"]

    def new(term: str) -> list[str]:
        return [other for other in terms if other != term]

    yield from replacements(draft.texts(), "|".join(terms), new)
    yield from _ordinal(draft, chance, "期款")
    yield from replacements(draft.texts(), "末期款|首款(?=支付)", lambda _: "二期款")


@slip
def article_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """第六条 becomes 第七条."""
    yield from _ordinal(draft, chance, "条")


@slip
def clause_of_an_article_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """第2款 becomes 第3款, 第一段 becomes 第二段, 第(1)项 becomes 第(2)项."""

    def new(clause: str) -> str:
        return re.sub(r"\d+", lambda found: str(int(found[0]) + chance.choice((1, 2))), clause)

    yield from replacements(draft.texts(), r"第\(?\d+\)?(?=款|项)", new)
    yield from _ordinal(draft, chance, "[款段项]")


@slip
def chapter_referred_to_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _ordinal(draft, chance, "章")


@slip
def number_of_copies_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """一式两份 becomes 一式三份."""
    others = {"两": "三", "一": "两", "肆": "叁", "贰": "壹", "二": "四"}
    pattern = r"(?<=一式)[两二三四肆]|(?<=各执)[一二两贰]|(?<=我公司)一(?=份)"
    yield from replacements(draft.texts(), pattern, lambda copies: others[copies])


@slip
def count_in_chinese_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """两次中断 becomes 三次中断, 三副本 becomes 两副本, 万分之三 becomes 万分之五."""
    others = {"一": "三", "两": "三", "三": "两", "四": "三", "五": "四"}
    pattern = r"[一两三四五](?=[次份起块台个人名条项笔张副]|周年)|(?<=万分之)[三五]"
    yield from replacements(draft.texts(), pattern, lambda count: others[count])


@slip
def number_of_a_list_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """A paragraph that began with 2. begins with 3."""
    for words in draft.prose():
        found = re.match(r"(?:说明：|附件：)?(\d+)(?=[.．、] ?)", words.text)
        if found:
            yield words.option(*found.span(1), str(int(found[1]) + 1))


@slip
def two_people_exchanged(draft: Draft, chance: Random) -> Iterator[Option]:
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
