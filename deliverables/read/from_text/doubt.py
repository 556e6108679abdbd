"""The gate before a fact: a sentence that turns, limits or gives away what it says makes a gap.

Readers match words beside a number. Whether the sentence means what these words say alone is asked
here, once for all of them: every word that negates, excepts, bounds, replaces, postpones or names
somebody else makes a gap, unless it belongs to an idiom of the topic. An idiom that nobody thought
of costs a gap; it makes no fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from deliverables.model.contract_text import folded
from deliverables.read.from_text.found import FoundFact, Gap, SourceText
from deliverables.values.problem import Message, say

_TURNS: Final = (
    r"不|无[须需权]|未|免(?!费)|非(?!常)|放弃|豁免|作废|并无"
    r"|(?<!解)除|但|例外|的,?为(?=[\d一二三四五六七八九十])|其中|一般|原则上|力争|争取|暂定|左右|目标|另(?!一方)"
    r"|孰|较[低高长短大小]者|或|为准|为(?:前提|条件)|核减|审定|据实|扣|抵|最[多少迟长低高短]|[最至]终|上限|以上的|至少"
    r"|原(?!因|件|则|有|始)|已[停离变]|停用|停止|变更|延[长期迟]|顺延|新(?!闻|疆)|旧|上一|上年|此前|改为"
    r"|起算|宽限|催告|其后|自第|为始|如(?!下|期)|若|(?<![许认])可(?![用靠抗行])|一年一|续签|首[年月笔次]|尾款"
    r"|监理|第三方|财务事项"
)
"""Words after which a sentence says something else than its number alone."""


_OF_AN_ACCOUNT: Final = (
    r"乙方原|曾用|销户|停用|变更|旧|新账户|另行|非收款|不用于|保证金账户|保证金的账户|工资|专户"
    r"|退款"
)
_LENGTH: Final = r"\d+个?(?:工作日|日|天|小时|个月|月|年)"


@dataclass(frozen=True, slots=True)
class _Topic:
    """Facts by their paths: the idioms of theirs that turn nothing, and words that turn them alone.

    `behind` are words up to which the reader has read every word itself. `head` asks what the
    clause says in front of the passage, with `words` for a turn. `verbatim` values are the
    contract's words, which say all that they say; what stands around them is asked.
    """

    paths: str
    idioms: str = ""
    turns: str = ""
    words: str = _TURNS
    behind: str = ""
    head: bool = False
    verbatim: bool = False


_IDIOMS: Final = (
    r"不可抗力|不合格|无息|不另行?收费|除[^,。;]{0,5}另有约定外|不得?低于|不能(?:继续)?履行"
    r"|重新|未经甲方同意不得|(?<![甲乙])方可|后可以?"
)
_TOPICS: Final = (
    _Topic(
        r"payment\.late\.",
        r"超过\d+[日天]的?,自(?:逾期)?第\d+[日天]起|未付|未支付|不得?超过|无正当理由|最高|上限|但?(?=累计)|延[期迟]",
        r"年利率|年化|月息|LPR|银行|利率|原因|乙方[^,。;向]{0,6}逾期|且[不·]|自[^,。;]{1,9}起每|亦同|满[^,。;]{1,4}日的",
    ),
    _Topic(
        r"payment\.(?:total|net|tax)",
        r"(?:其中)?不含税(?=[价金])|其中(?=,?[^,。;]{2,12}部分)|不因任何因素调整",
        r"审计",
    ),
    _Topic(r"payment\.account\.", words=_OF_AN_ACCOUNT, head=True),
    _Topic(
        r"payment\.instalments\[\d+\]\.(?!name|article)",
        r"但?应?(?<!先)扣除[^,。;]*(?:违约金|赔偿金)[^,。;]*",
        r"拨款|审计|合并|先缴纳",
        behind=r"支付|付清|退还|返还",
    ),
    _Topic(
        r"invoicing\.",
        r"免(?=征增值税|税)|[^,。;]{2,6}部分(?=税率)|一般(?=计税|纳税)|否则[^。;]*|(?:其中)?不含税(?=[价金])|其中(?=,?[^,。;]{2,12}部分[^,。;\d%]{2,12}元)|不因任何因素调整",
        r"个人所得|城建|附加税|优惠|改按|届时|年起|收据|非税|违约金|设备|硬件",
    ),
    _Topic(r"identity\.effective", turns=r"附件|补充|批准|备案|缴纳", verbatim=True),
    _Topic(r"identity\.copies", turns=r"附件|副本|提交|正本"),
    _Topic(
        r"service\.(?:term|starts|ends)",
        r"之日起算(?=[。;,])",
        r"上一?期|质保|试用|试运行|维保|且|半|日后|实际|相应|缩短",
    ),
    _Topic(
        r"service_levels\.(?!measurement)",
        r"不计入(?:不可用时间)?|不超过(?=\d)|或者(?=提前|经)",
        r"甲方自有|甲方负责|奖励|扣款|承诺|全年|%[,(](?![^,。;%]*(?:可用|可靠|持久))[^,。;%]*%|按月[^。;]*每季|单次|故障计入|的计入",
    ),
    _Topic(r"service_levels\.measurement", r"不计入(?:不可用时间)?|或者|不超过(?=\d)", r"因乙方"),
    _Topic(
        r"reports\[\d+\]\.(?:name|form)",
        words=r"无[须需](?![^,。;]*盖)|不再|样本|第三方|监理|(?<![向按给])甲方(?:应|每|须|向乙方)|^甲方",
    ),
    _Topic(
        r"reports\[\d+\]\.(?!name|form|article)",
        r"每季度首月|最终(?=验收)",
        r"草稿|样本|甲方公章|^甲方",
    ),
    _Topic(
        r"acceptance\.(?:period|rework)",
        r"未通过|或(?=调整)|仍不合格",
        r"预验收|(?:中期|阶段|初步)验收|验收准备|等保|决定|方案|计划|商定|甲方应?在(?!收到)[^,。;]{0,10}内通知",
    ),
    _Topic(r"acceptance\.materials", r"最终(?=验收)", r"^甲方|具体", verbatim=True),
    _Topic(
        r"acceptance\.lapse",
        r"如?未在[^,]*,|(?<!乙方)逾期未[^,]*,|不免除[^。;]*责任",
        verbatim=True,
    ),
    _Topic(
        r"notices\.",
        r"如[因需]|如乙方|扣减|或者?[^,。;]{0,6}人员|至少(?=提前)|部门或(?=公证)|或者有关部门",
        rf"甲方(?:要求|联系人)|(?:消除|结束|平息|发出)(?:后|之日)|为{_LENGTH}|提前{_LENGTH}[^。;]*提前{_LENGTH}",
    ),
    _Topic(
        r"confidentiality\.period",
        r"不因[^,。;]{0,12}而(?:终止|免除|失效)",
        r"甲方对|解除|国家秘密|销毁|归还|任职|制度|解密|后\d+(?:个工作)?日",
    ),
    _Topic(r"confidentiality\.(?!scope|quoted|period)", r"文件或|或者(?=销毁)|不得擅自"),
    _Topic(
        r"cessation\.",
        r"如[^,。;]{0,8}不再提供[^,。;]{0,6}|但?切换期最长不超过",
        rf"审计|保存|申请|清单|为{_LENGTH}",
    ),
    _Topic(r"(?:client|contractor)\.contact\.", turns=r"离任"),
)
_GOES_ON: Final = re.compile(r"最终(?!验收[资材]料)|该期限|上述期限|其中|但|因.{1,12}终止的|具体")
"""Words with which a sentence speaks on of what the one before it says."""
_REFERS: Final = re.compile(
    r"[上前]述(?:约定|时间|比例)|该(?:约定|比例|条|期限|时间)|(?:期限|时间)(?:以|按|缩|延|顺|相应)|规定的期限|即可|相应[后顺]|实际开始"
)
"""Words with which a later sentence of the paragraph may limit a length or a rate."""
_LENGTHS: Final = (
    ".period", ".rework", ".switch_over", ".term_months", ".starts_on", ".ends_on",
    "_rate", "_ratio",
)  # fmt: skip

_AMENDS: Final = re.compile(
    r"第([一二三四五六七八九十百\d.]+)条[^。;第]{0,40}(?:调整为|变更为|修改为|改为|核定为|不予?适用|不再|放弃|不向|停止)"
)
"""Words by which one article changes what another, which it names, says."""

_MOST_A_DAY: Final = Decimal("0.005")


_ROLES: Final = re.compile(
    r"甲方\((?:受托|服务|供应|承包|供方|成交|中标)|乙方\((?:委托|采购|需方|发包)"
    r"|甲方(?:应当?|须|负责)?(?:向|为)乙方提供[^,。;]{0,12}服务"
    r"|乙方(?:应当?|须)?向甲方支付[^,。;]{0,8}(?:服务费|合同款|价款|合同总价)"
)
"""Words by which the first party serves and the second pays."""


def held(document: SourceText, fact: FoundFact) -> FoundFact | Gap:
    """Return the fact, a gap where its sentence or its size makes it doubtful."""
    why = next(_doubts(document, fact), None)
    return Gap(fact.path, fact.value, fact.passage, why) if why else fact


def _doubts(document: SourceText, fact: FoundFact) -> Iterator[Message]:
    if fact.path == "payment.late.daily_rate" and Decimal(fact.value) > _MOST_A_DAY:
        yield say("more than five per mille a day is no usual rate")
    of_a_party = fact.path.startswith(("client.", "contractor."))
    if of_a_party and (crossed := _ROLES.search(document.text.text)):
        yield say("“{words}” gives the parties other roles", words=crossed[0])
    if limiting := _limiting(document, fact):
        yield say("“{words}” behind it may limit it", words=limiting)
    for amending in _AMENDS.finditer(document.text.text):
        if re.match(
            rf"第?{re.escape(amending[1])}(?![一二三四五六七八九十百\d])", fact.passage.article
        ):
            yield say("“{words}” changes what its article says", words=amending[0])
    for topic in _TOPICS:
        if re.match(topic.paths, fact.path):
            words = _around(document, fact, topic)
            if topic.verbatim:
                words = words.replace(folded(fact.value), "")
            words = re.sub("|".join(filter(None, (_IDIOMS, topic.idioms))), "·", words)
            turned = re.search("|".join(filter(None, (topic.words, topic.turns))), words)
            if turned:
                yield say("“{words}” in its sentence may turn it", words=turned[0])


def _limiting(document: SourceText, fact: FoundFact) -> str:
    """Return what a later sentence of the paragraph says of a length or a rate, if any does."""
    if not fact.path.endswith(_LENGTHS):
        return ""
    end = fact.passage.span[1]
    stop = next(one.end for one in document.sentences if one.end >= end)
    last = next(one.end for one in document.paragraphs if one.end >= end)
    found = _REFERS.search(document.text.text, stop, last)
    return found[0] if found else ""


def _around(document: SourceText, fact: FoundFact, topic: _Topic) -> str:
    """Return the sentences of the passage whole, with those that go on behind them."""
    start, end = fact.passage.span
    if topic.head:
        return document.text.text[document.articles.clause(start).body : end]
    found: list[str] = []
    for one in document.sentences:
        if one.end > start and (one.start < end or (found and _GOES_ON.match(one.words))):
            found.append(one.words)
        elif one.start >= end:
            break
    words = "".join(found)
    read = re.search(topic.behind, words) if topic.behind else None
    return words[read.end() :] if read else words
