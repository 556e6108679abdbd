"""Acceptance, notices, confidentiality, leaving: what is to be done within how long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from deliverables.read.from_text.found import (
    Beyond,
    Document,
    Fact,
    Finding,
    Gap,
    Sentence,
)
from deliverables.values.chinese_numbers import whole
from deliverables.values.problem import say
from deliverables.values.time_limit import LENGTH, Unit, unit_of


@dataclass(frozen=True, slots=True)
class _Counted:
    """A number of units: where it is written, in which units contract.yaml counts, how it reads.

    `within` are words that the sentence, the article or its title must have; `never` are words
    that make it something else.
    """

    path: str
    unit: Unit
    pattern: str
    topic: str
    within: str = ""
    never: str = ""


_COUNTED: Final = (
    _Counted(
        "acceptance.working_days",
        Unit.WORKING_DAY,
        r"(?:收到|提出|提交)[^,。;]{0,14}?(?:之日)?(?:起|后)"
        + LENGTH
        + r"(?:以?内),?[^。;,]{0,10}?(?:组织|安排|完成|进行)[^。;,]{0,8}验收",
        "验收期限不以工作日计",
    ),
    _Counted(
        "acceptance.rework_working_days",
        Unit.WORKING_DAY,
        r"(?:验收不合格|未通过验收|验收未通过|未通过|不合格)的?,[^。;]{0,30}?"
        + LENGTH
        + r"(?:以?内)[^。;]{0,8}?(?:返工|整改|修改|调整|重新)",
        "整改期限不以工作日计",
        within="验收",
    ),
    _Counted(
        "notices.key_staff_working_days",
        Unit.WORKING_DAY,
        r"(?:更换|调整)[^。;]{0,30}?提前(?:至少)?" + LENGTH,
        "更换人员的通知期不以工作日计",
        within=r"人员|项目经理|负责人",
        never=r"甲方更换|甲方调整",
    ),
    _Counted(
        "notices.exit_days",
        Unit.DAY,
        r"(?:提出退出|提前退出|提前(?:终止|解除)(?:本?合同|本?协议|服务)|终止服务)"
        r"[^。;]{0,16}?提前(?:至少)?" + LENGTH,
        "退出的通知期不以自然日计",
        within="乙方",
    ),
    _Counted(
        "notices.force_majeure_days",
        Unit.DAY,
        LENGTH + r"(?:以?内)[^,。;]{0,6}?(?:提供|提交|出具)[^,。;]{0,30}?证明",
        "不可抗力证明期限不以自然日计",
        within="不可抗力",
    ),
    _Counted(
        "confidentiality.years_after_end",
        Unit.YEAR,
        r"(?:终止|解除|届满|期满|结束)后(?:的)?" + LENGTH,
        "保密期限不以年计",
        within="保密",
    ),
    _Counted(
        "cessation.switch_over_months",
        Unit.MONTH,
        r"(?:切换期最长不超过|(?:合同|协议)终止后,?(?:乙方)?应?(?:当)?在?)" + LENGTH + r"(?!后)",
        "移交、切换期限不以月计",
        within=r"切换|移交|迁移",
    ),
)
_MATERIALS: Final = re.compile(r"验收(?:材料|资料)(?:包括|为|:)+(?P<value>[^。;]+)(?=。)")
_UNLIMITED: Final = re.compile(
    r"(?:永久|长期)有效|不因[^。;]{0,12}终止而(?:终止|失效|免除)|永久保密|直至[^。;]{0,20}公开"
)
_CLAUSES: Final[Mapping[str, str]] = {
    "confidentiality.scope_article": r"披露范围[^。]*(?:工作)?人员范围内",
    "confidentiality.agreement_article": r"签[署订][^。]{0,6}《?保密协议",
    "confidentiality.return_article": r"(?:资料|文件|信息)[^。]{0,10}归还",
    "confidentiality.liability_article": r"保密义务[^。]*责任主体|责任主体[^。]*保密",
}


def duties(document: Document) -> Iterator[Finding]:
    """Read the terms that are a number of units, and the clauses of confidence."""
    for counted in _COUNTED:
        yield from _read(document, counted)
    yield from _materials(document)
    yield from _confidence(document)


def _read(document: Document, counted: _Counted) -> Iterator[Finding]:
    found: dict[tuple[int, Unit], Sentence] = {}
    for sentence in document.sentences:
        around = f"{sentence.article.title}{_top_title(sentence)}{sentence.words}"
        if counted.within and not re.search(counted.within, around):
            continue
        if counted.never and re.search(counted.never, sentence.words):
            continue
        for said in re.finditer(counted.pattern, sentence.words):
            number = whole(said["count"])
            if number:
                found.setdefault((number, unit_of(said["unit"])), sentence)
    unlimited = _unlimited(document) if counted.path.endswith("years_after_end") else None
    for (number, unit), sentence in found.items():
        passage = document.passage(sentence.start, sentence.end)
        if unlimited is not None or len(found) > 1:
            yield Gap(counted.path, f"{number}{unit.value}", passage, say("the mentions differ"))
        elif unit is not counted.unit:
            yield Gap(counted.path, f"{number}{unit.value}", passage,
                      say("it is counted in other units than contract.yaml has"))  # fmt: skip
            yield Beyond(counted.topic, passage)
        else:
            yield Fact(counted.path, str(number), passage, say("all mentions agree"))


def _top_title(sentence: Sentence) -> str:
    article = sentence.article
    while article.above is not None:
        article = article.above
    return article.title


def _materials(document: Document) -> Iterator[Finding]:
    found = [(one, said) for one in document.sentences if (said := _MATERIALS.search(one.words))]
    for one, said in found:
        value = document.text.original(
            one.start + said.start("value"), one.start + said.end("value")
        )
        passage = document.passage(one.start, one.end)
        if len(found) == 1:
            yield Fact("acceptance.materials", value, passage, say("all mentions agree"))
        else:
            yield Gap("acceptance.materials", value, passage, say("the mentions differ"))


def _unlimited(document: Document) -> Sentence | None:
    return next(
        (one for one in document.sentences
         if "保密" in _top_title(one) + one.words and _UNLIMITED.search(one.words)),
        None,
    )  # fmt: skip


def _confidence(document: Document) -> Iterator[Finding]:
    unlimited = _unlimited(document)
    if unlimited is not None:
        passage = document.passage(unlimited.start, unlimited.end)
        yield Beyond("保密义务没有期限", passage)
        yield Gap("confidentiality.years_after_end", "", passage, say("it has no end"))
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
            yield Fact(path, name, document.sentence(at), say("one clause says it"))
