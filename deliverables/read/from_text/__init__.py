"""Reads a contract from its own text: no network, no guess; what nothing proves stays a gap."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from deliverables.model.contract_text import ContractText, folded
from deliverables.read.contract_text import COVER, HEAD, articles
from deliverables.read.from_text.contradictions import contradictions
from deliverables.read.from_text.doubt import held
from deliverables.read.from_text.duties import duties
from deliverables.read.from_text.found import (
    Beyond,
    Contradiction,
    Finding,
    FoundFact,
    Gap,
    SourceText,
    TextReading,
    breaks_off,
)
from deliverables.read.from_text.identity import identity
from deliverables.read.from_text.instalments import instalments
from deliverables.read.from_text.parties import parties
from deliverables.read.from_text.price import price
from deliverables.read.from_text.service import reports, service
from deliverables.read.from_text.service_levels import service_levels
from deliverables.read.from_text.silence import silence
from deliverables.read.from_text.unreckoned import unreckoned
from deliverables.values.problem import say

__all__ = ["Beyond", "Contradiction", "Fact", "Gap", "TextReading", "read_text"]

_READERS: Final[tuple[Callable[[SourceText], Iterator[Finding]], ...]] = (
    identity,
    parties,
    service,
    reports,
    service_levels,
    price,
    instalments,
    duties,
    unreckoned,
    silence,
    contradictions,
)


def read_text(text: ContractText) -> TextReading:
    """Return everything that the readers find, each after those whose facts it needs.

    A path that two findings claim with different values is a gap: nothing is printed of it.
    """
    document = SourceText(articles(text))
    found: list[Finding] = []
    for reader in _READERS:
        found.extend(
            held(document, one) if isinstance(one, FoundFact) else one for one in reader(document)
        )
        document.known.update({one.path: one.value for one in found if isinstance(one, FoundFact)})
    return _judged(document, found)


def _judged(document: SourceText, found: list[Finding]) -> TextReading:
    text = document.text
    unsure = {part.name for part in document.articles.parts if not part.sure}
    broken = [folded(one.words) for one in document.paragraphs if breaks_off(one)]
    found = [_doubted(one, unsure, broken) if isinstance(one, FoundFact) else one for one in found]
    facts = [one for one in found if isinstance(one, FoundFact)]
    gaps = [one for one in found if isinstance(one, Gap)]
    doubted = {one.path for one in gaps}
    values: dict[str, set[str]] = {}
    for fact in facts:
        values.setdefault(fact.path, set()).add(fact.value)
    sound: dict[str, FoundFact] = {}
    for fact in facts:
        if len(values[fact.path]) == 1 and fact.path not in doubted:
            sound.setdefault(fact.path, fact)
        elif fact.path not in doubted:
            gaps.append(Gap(fact.path, fact.value, fact.passage, fact.proof))
    beyond = {(one.topic, one.passage.article): one for one in found if isinstance(one, Beyond)}
    told = {(one.code, one.passage.place, one.found): one
            for one in found if isinstance(one, Contradiction)}  # fmt: skip
    return TextReading(text, tuple(sound.values()), tuple(gaps), tuple(beyond.values()),
                       tuple(told.values()))  # fmt: skip


def _within(fact: FoundFact, unsure: set[str]) -> bool:
    """Return whether the article of a fact, or the one it names, is not certain."""
    names = {fact.passage.article, fact.value if fact.path.endswith("_article") else ""}
    return any(re.sub(r"第.段$", "", name) in unsure for name in names)


_OF_THE_FRONT: Final = ("identity.", "client.", "contractor.", "acceptance.public_procurement")
"""What stands in front of the articles; everything else is cited by one."""


def _doubted(fact: FoundFact, unsure: set[str], broken: list[str]) -> FoundFact | Gap:
    """Return a fact as a gap where its article, or the end of its sentence, is not certain."""
    why = None
    if _within(fact, unsure):
        why = say("the articles are not numbered without a gap here")
    elif not fact.path.startswith(_OF_THE_FRONT) and fact.passage.article in (COVER, HEAD):
        why = say("it stands in no article")
    elif any(words.endswith(folded(fact.passage.quote)) for words in broken):
        why = say("the sentence breaks off")
    return Gap(fact.path, fact.value, fact.passage, why) if why else fact
