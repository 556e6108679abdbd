"""Acceptance, notices, confidentiality, leaving: what is to be done within how long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from deliverables.read.from_text.contradictions import BREAKS_OFF
from deliverables.read.from_text.found import (
    AGREED,
    DIFFER,
    Finding,
    FoundFact,
    Gap,
    Passage,
    Sentence,
    SourceText,
)
from deliverables.values.chinese_numbers import whole
from deliverables.values.problem import say
from deliverables.values.time_limit import LENGTH, Shape, TimeLimit, Unit, parse, show, unit_of


@dataclass(frozen=True, slots=True)
class _Limit:
    """A time limit: where it stands in contract.yaml, how texts state it, and what it counts from.

    `within` are words that the sentence, the article or its title must have; `never` are words
    that make it something else. `topic` are the duty's own words: another length that stands with
    them is another limit. `written` has {length}, and {start} where the text may name one
    of several starts: the first of `starts` whose words the sentence has.
    """

    path: str
    pattern: str
    written: str
    starts: tuple[tuple[str, str], ...] = ()
    within: str = ""
    never: str = ""
    topic: str = ""

    def limit(self, count: int, unit: Unit, words: str) -> str:
        """Return the limit as contract.yaml writes it."""
        start = next((start for pattern, start in self.starts if re.search(pattern, words)), "")
        found = parse(self.written.format(length=f"{count}{unit.value}", start=start))
        return str(found) if found else ""


_LIMITS: Final = (
    _Limit(
        "acceptance.period",
        r"(?:收到|提出|提交)[^,。;]{0,14}?(?:之日)?(?:起|后)"
        + LENGTH
        + r"(?:以?内),?[^。;,]{0,10}?(?:组织|安排|完成|进行)[^。;,]{0,8}验收",
        "{start}后{length}内",
        starts=((r"申请", "收到验收申请"), (r"通知", "收到验收通知")),
    ),
    _Limit(
        "acceptance.period",
        r"(?:服务期|合同期|协议期|合同|协议)(?:限)?(?:届)?满后"
        + LENGTH
        + r"(?:以?内),?[^。;]{0,16}?(?:组织|进行|完成)[^。;,]{0,8}验收",
        "服务期届满后{length}内",
    ),
    _Limit(
        "acceptance.rework",
        r"(?:验收不合格|未通过验收|验收未通过|未通过|不合格)的?,[^。;]{0,30}?"
        + LENGTH
        + r"(?:以?内)[^。;]{0,8}?(?:返工|整改|修改|调整|重新)",
        "{length}内",
        within="验收",
        topic=r"返工|整改|修改",
    ),
    _Limit(
        "notices.key_staff.period",
        r"(?:更换|调整)[^。;]{0,30}?提前(?:至少)?" + LENGTH,
        "提前{length}",
        within=r"人员|工程师|项目经理|负责人",
        never=r"甲方更换|甲方调整",
    ),
    _Limit(
        "notices.exit.period",
        r"(?:提出退出|提前退出|提前(?:终止|解除)(?:本?合同|本?协议|服务)|终止服务|不能继续(?:履行|服务))"
        r"[^。;]{0,16}?提前(?:至少)?" + LENGTH,
        "提前{length}",
        within="乙方|任何一方|任一方",
        never=r"(?<![向经给])甲方[^,。;乙]{0,10}(?:提前|要求|提出)[^,。;乙]{0,4}(?:终止|解除)",
    ),
    _Limit(
        "notices.force_majeure.period",
        LENGTH + r"(?:以?内)[^,。;]{0,6}?(?:提供|提交|出具)[^,。;]{0,30}?证明",
        "不可抗力发生后{length}内",
        within="不可抗力",
        topic=r"证明",
    ),
    _Limit(
        "confidentiality.period",
        r"(?:终止|解除|届满|期满|结束)后(?:的|满|仍然?有效,?(?:保密)?期限为)?" + LENGTH,
        "自合同终止起{length}",
        within="保密",
        topic=r"保密(?!协议)",
    ),
    _Limit(
        "cessation.switch_over",
        r"(?:切换期最长不超过|(?:(?:合同|协议)终止后|(?:服务|合同|协议)期(?:限)?(?:届)?满后?),?"
        r"(?:乙方)?应?(?:当)?在?)" + LENGTH + r"(?:以?内|(?=[。;]))(?!后)",
        "{start}后{length}内",
        starts=((r"(?:合同|协议)终止后", "合同终止"), (r"期(?:限)?(?:届)?满|切换期", "服务期届满")),
        within=r"切换|移交|迁移|交还",
        topic=r"切换|移交|迁移|交还|延长",
    ),
)
_MATERIALS: Final = re.compile(
    r"验收(?:材料|资料|时,?乙方应?(?:当)?(?:提交|提供)的?(?:材料|资料|文件))(?:包括|为|:)+(?P<value>[^。;]+)(?=。)"
)
_UNLIMITED: Final = re.compile(
    r"(?<!非)(?<!不是)(?<!不)(?:永久|无限期|长期(?:有效|保密))|不因[^。;]{0,12}终止而(?:终止|失效|免除)|直至[^。;]{0,20}公开"
)
_CLAUSES: Final[Mapping[str, str]] = {
    "confidentiality.scope_article": r"披露范围[^。]*(?:工作)?人员范围内",
    "confidentiality.agreement_article": r"(?<!无须)(?<!无需)(?<!不)(?<!不再)"
    r"签[署订][^。]{0,6}《?保密(?:协议|承诺书)",
    "confidentiality.return_article": r"(?:资料|文件|信息)[^。]{0,10}归还"
    r"|归还[^。]{0,8}(?:资料|文件|信息)",
    "confidentiality.liability_article": r"保密义务[^。]*责任主体|责任主体[^。]*保密"
    r"|(?<!甲方)违反[^。;]{0,6}保密(?:义务|责任|约定)[^。;]*(?:违约金|赔偿)",
}
_LAPSE: Final = re.compile(
    r"(?:未在[^。;,]{0,12}期限内|逾期未)[^。;]{0,30}?,(?P<value>(?:仅|不)?视[为同][^,。;]{2,40})"
)
_NOT_COUNTED: Final = re.compile(r"^(?P<value>(?:因|由于)[^。;]*不计入[^。;]*)")
_PROCURED: Final = re.compile(r"《(?:中华人民共和国)?政府采购法》|^政府采购(?:合同|协议)")
_NOT_PROCURED: Final = re.compile(
    r"(?:不(?:适用|属于)|非)[^,。;]{0,8}政府采购|参照[^,。;]{0,12}政府采购"
)


def duties(document: SourceText) -> Iterator[Finding]:
    """Read the time limits of duties, and the clauses of confidence."""
    for one in _LIMITS:
        yield from _read(document, one)
    yield from _switch_over(document)
    yield from _for_a_person(document)
    yield from _said_once(document, "acceptance.materials", _MATERIALS)
    yield from _said_once(document, "acceptance.lapse", _LAPSE, within="验收")
    yield from _said_once(document, "service_levels.measurement", _NOT_COUNTED)
    yield from _procurement(document)
    yield from _confidence(document)


def _read(document: SourceText, asked: _Limit) -> Iterator[Finding]:
    found: dict[str, Sentence] = {}
    for sentence in document.sentences:
        around = f"{sentence.article.title}{_top_title(sentence)}{sentence.words}"
        if sentence.words.startswith(_GOES_ON):
            around += document.around(sentence).words
        if asked.within and not re.search(asked.within, around):
            continue
        if asked.never and re.search(asked.never, sentence.words):
            continue
        for said in re.finditer(asked.pattern, sentence.words):
            number = whole(said["count"])
            if number:
                limit = asked.limit(number, unit_of(said["unit"]), sentence.words)
                found.setdefault(limit, sentence)
    endless = _unlimited(document) if asked.path == "confidentiality.period" else None
    for limit, sentence in found.items():
        passage = document.of(sentence)
        otherwise = _is_stated_otherwise(document, asked, sentence)
        if endless is not None or len(found) > 1 or not limit or otherwise:
            yield Gap(asked.path, limit, passage, DIFFER)
        else:
            yield FoundFact(asked.path, limit, passage, AGREED)
    if endless is not None and not found:
        passage = document.of(endless)
        limit = show(TimeLimit(Shape.ENDLESS))
        yield FoundFact(asked.path, limit, passage, AGREED)


def _switch_over(document: SourceText) -> Iterator[Finding]:
    """A time to hand over whose start is not plain, or is one of several, is for a person."""
    path = "cessation.switch_over"
    asked = next(one for one in _LIMITS if one.path == path)
    if any(re.search(asked.pattern, one.words) and re.search(asked.within, one.words)
           for one in document.sentences):  # fmt: skip
        return
    for one in document.sentences:
        said = _HANDS_OVER.search(one.words)
        if said:
            passage = document.of(one)
            why = say("its start is not plain, or is one of several")
            yield Gap(path, said["limit"], passage, why)


_HANDS_OVER: Final = re.compile(
    rf"(?:期满|届满|终止|解除|退出)[^。;]*?(?P<limit>{LENGTH}(?:以?内))[^,。;]*?(?:切换|移交|迁移|交还)"
)
_INTERIM: Final = re.compile(
    r"(?:组织|进行|开展)[^,。;]{0,6}(?:中期|阶段|年度|半年度?)(?:验收|评审)"
)


_BOND: Final = re.compile(r"履约(?:保证金|担保)(?!后)")
_FOR_A_PERSON: Final = (
    (
        "acceptance.interim_procedure",
        _INTERIM,
        say("a person decides which words are the procedure"),
    ),
    ("acceptance.performance_bond", _BOND, say("a person decides which words tell of the bond")),
)


def _for_a_person(document: SourceText) -> Iterator[Finding]:
    """An interim acceptance, a bond: its sentence is shown, a person says what of it is copied."""
    for path, words, why in _FOR_A_PERSON:
        for one in document.sentences:
            if words.search(one.words):
                passage = document.of(one)
                yield Gap(path, passage.quote, passage, why)


_GOES_ON: Final = ("确需", "如需", "确有必要")
"""Words with which a sentence speaks on of what the one before it named."""


def _is_stated_otherwise(document: SourceText, asked: _Limit, read: Sentence) -> bool:
    """Return whether the duty has another length, in words that the pattern does not read.

    It stands with the duty's own words, or behind them without any (10日内整改;重大问题30日内).
    """
    if not asked.topic:
        return False
    own = {(said["count"], said["unit"]) for said in re.finditer(asked.pattern, read.words)}
    paragraph = document.around(read)
    for sentence in document.sentences:
        near = paragraph.start <= sentence.start < paragraph.end
        if not near and not re.search(asked.within, _top_title(sentence)):
            continue
        for piece in re.split("[,;。]", sentence.words):
            said = re.search(LENGTH, piece)
            if not said or (said["count"], said["unit"]) in own:
                continue
            if re.search(asked.topic, piece) or (near and re.search(r"(?:以|之)?内$", piece)):
                return True
    return False


def _top_title(sentence: Sentence) -> str:
    article = sentence.article
    while article.above is not None:
        article = article.above
    return article.title


def _said_once(
    document: SourceText, path: str, pattern: re.Pattern[str], within: str = ""
) -> Iterator[Finding]:
    """Words of the contract that are a fact where only one sentence has them."""
    found = [(one, said) for one in document.sentences
             if (said := pattern.search(one.words))
             and within in document.around(one).words]  # fmt: skip
    for one, said in found:
        value, passage = document.verbatim(one, said), document.of(one)
        if len(found) == 1:
            yield FoundFact(path, value, passage, AGREED)
        else:
            yield Gap(path, value, passage, DIFFER)


def _procurement(document: SourceText) -> Iterator[Finding]:
    """The head of the contract goes by the law of government procurement."""
    path = "acceptance.public_procurement"
    named = [one for one in document.front if _PROCURED.search(one.words)]
    otherwise = [one for one in document.paragraphs if _NOT_PROCURED.search(one.words)]
    for one in named[:1]:
        passage = document.of(one)
        if otherwise:
            yield Gap(path, "是", passage, DIFFER)
        else:
            yield FoundFact(
                path, "是", passage, say("it goes by the law of government procurement")
            )


def _unlimited(document: SourceText) -> Sentence | None:
    return next(
        (one for one in document.sentences
         if "保密" in _top_title(one) + one.words and _UNLIMITED.search(one.words)),
        None,
    )  # fmt: skip


def _confidence(document: SourceText) -> Iterator[Finding]:
    for path, pattern in _CLAUSES.items():
        found = {}
        for part in document.articles.clauses:
            words = document.articles.words(part)
            top = part
            while top.above is not None:
                top = top.above
            if "保密" in top.title + words and re.search(pattern, words):
                found[part.name] = part
        if len(found) == 1:
            ((name, part),) = found.items()
            hit = re.search(pattern, document.text.text[part.start : part.end])
            at = part.start + (hit.start() if hit else 0)
            yield FoundFact(path, name, document.sentence(at), say("one clause says it"))
            if path.endswith("scope_article"):
                yield _scope(document.sentence(at))


def _scope(passage: Passage) -> Finding:
    """The words that limit who may know, unless they break off and nobody may complete them."""
    path = "confidentiality.quoted_scope_limit"
    if re.search(BREAKS_OFF, passage.quote):
        return Gap(path, passage.quote, passage, say("the sentence breaks off"))
    return FoundFact(path, passage.quote, passage, say("one clause says it"))
