"""Terms that are stated and never reckoned: bonds, tariffs, times to respond, and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from deliverables.model.fields import SEVERAL_RATES
from deliverables.read.from_text.found import Beyond, Finding, FoundFact, Gap, Sentence, SourceText
from deliverables.read.from_text.price import rates_of_tax
from deliverables.read.from_text.service_levels import MAINTENANCE
from deliverables.values.chinese_numbers import ARABIC, CHINESE, PERCENT, WHOLE
from deliverables.values.problem import say

_SUM: Final = rf"(?:(?:{ARABIC}|{CHINESE}+)\s?万?元|{PERCENT}|[千万]分之|\d\s?‰)"
_BOND: Final = r"(?:履约保证金|履约保函|履约担保)"
_UNTIL_PAID: Final = r"(?:(?!甲方支付)[^。;])"
_THE_CLIENTS: Final = (
    r"(?:甲方[^。;乙]{0,12}(?:逾期|迟延|延迟|延期)|(?<!向)甲方[^。;]{0,6}支付|向乙方支付"
    r"|(?:逾期|迟延|延迟|延期)付款|未付)"
)
"""What a client owes for paying late is reckoned, not only stated."""

STATED: Final = {
    "履约担保": (
        "结算",
        rf"{_SUM}[^。;]{{0,6}}{_BOND}|{_BOND}(?:{_UNTIL_PAID}{{0,40}}{_SUM}|[^。;]{{0,24}}退还)",
    ),
    "联合体": ("付款", r"联合体(?!(?:投标|参加)?[^。;]{0,6}(?:不|否))"),
    "考核与扣款": (
        "付款",
        r"(?:考核|评分)[^。;]{0,16}(?:得分|评分)[^。;]*(?:支付|扣减|扣除)",
    ),
    "违约金标准": (
        "结算",
        (
            rf"^(?!.*{_THE_CLIENTS})"
            rf".*(?:(?:违约金|扣减|扣除)[^。;]{{0,14}}{_SUM}|{_SUM}[^。;]{{0,6}}违约金)"
        ),
    ),
    "响应、恢复时限": (
        "服务",
        rf"{WHOLE}(?:分钟|个?小时)(?:以?内)[^。;]{{0,4}}(?:响应|恢复|到达|到场|修复)",
    ),
}
"""What contract.yaml states in the contract's words: the documents it concerns, and how texts
put it."""

WRITTEN_ELSEWHERE: Final = {
    "质量保证金": ("payment.instalments: withheld", r"质量保证金|质保金"),
    "付款宽限期": ("payment.late: grace", r"宽限期|宽限\d"),
    "计划维护不计入": ("service_levels.maintenance", MAINTENANCE),
}
"""What has a place in contract.yaml that a person fills in: the place, and how texts put it."""

NOWHERE: Final = {
    "续期": r"(?<!持)续期|续签|继续提供服务",
    "解除条件": r"(?:连续|累计)[^。;]{0,20}有权解除",
}
"""What contracts state and contract.yaml cannot."""


def unreckoned(document: SourceText) -> Iterator[Finding]:
    """Find the clauses by their topic; each is told once, one that is only stated word for word."""
    yield from _stated(document)
    elsewhere = {
        topic: (pattern, at)
        for topic, (at, pattern) in WRITTEN_ELSEWHERE.items()
        if not _is_read(document, at)
    }
    beyond = {topic: (pattern, "") for topic, pattern in NOWHERE.items()}
    for topic, (pattern, at) in (elsewhere | beyond).items():
        told = set()
        for sentence in _with(document, pattern):
            passage = document.of(sentence)
            if passage.article not in told:
                told.add(passage.article)
                yield Beyond(topic, passage, at)


def _is_read(document: SourceText, at: str) -> bool:
    """Return whether a place has a fact: retention is one where an instalment bears its name."""
    kept = any(path.endswith("].name") and re.search(r"质量保证金|质保金", value)
               for path, value in document.known.items()
               if path.startswith("payment.instalments"))  # fmt: skip
    return kept if "withheld" in at else any(path.startswith(f"{at}.") for path in document.known)


def _stated(document: SourceText) -> Iterator[Finding]:
    """Yield each stated term as facts: its words are the contract's, from stop to stop."""
    told: set[int] = set()
    number = 0
    rated = tuple(rates_of_tax(document).values())
    topics = {SEVERAL_RATES: ("付款", rated)} if len(rated) > 1 else {}
    topics |= {
        topic: (concerns, tuple(_with(document, pattern)))
        for topic, (concerns, pattern) in STATED.items()
    }
    for topic, (concerns, sentences) in topics.items():
        for sentence in sentences:
            start, end = _from_stop_to_stop(document, sentence)
            if start in told:
                continue
            told.add(start)
            number += 1
            passage = document.passage(start, end)
            if topic == SEVERAL_RATES:
                yield Beyond(topic, passage, f"invoicing.rate: {SEVERAL_RATES}")
            facts = {"subject": topic, "words": passage.quote, "concerns": concerns}
            placed = sentence.article.level > 0
            for name, value in facts.items():
                yield (
                    FoundFact(
                        f"stated_terms[{number}].{name}", value, passage, say("these are its words")
                    )
                    if placed
                    else Gap(
                        f"stated_terms[{number}].{name}",
                        value,
                        passage,
                        say("it stands in no article"),
                    )
                )


def _with(document: SourceText, pattern: str) -> Iterator[Sentence]:
    for sentence in document.sentences:
        titled = sentence.words == sentence.article.title and sentence.words[-1] not in "。;"
        if not titled and re.search(pattern, sentence.words):
            yield sentence


def _from_stop_to_stop(document: SourceText, sentence: Sentence) -> tuple[int, int]:
    """Return the span of all parts that semicolons make of one sentence."""
    paragraph = next(one for one in document.paragraphs if one.start <= sentence.start < one.end)
    for found in re.finditer(r"[^。]+。?", paragraph.words):
        if paragraph.start + found.start() <= sentence.start < paragraph.start + found.end():
            return paragraph.start + found.start(), paragraph.start + found.end()
    return sentence.start, sentence.end
