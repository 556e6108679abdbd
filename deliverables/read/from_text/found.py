"""What is found in a contract's text: proved facts, gaps, terms beyond the model, faults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from deliverables.model.contract_text import ContractText
from deliverables.read.contract_text import COVER, HEAD, SIGNATURES, Article, Articles
from deliverables.values.figure import Line
from deliverables.values.problem import Message, say

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of the contract: verbatim and unwrapped, the article they stand in, and their place.

    `span` is where they stand in the normal form.
    """

    quote: str
    article: str
    place: Line
    span: Span


@dataclass(frozen=True, slots=True)
class FoundFact:
    """A fact that something proves: its path in contract.yaml, its value as it is written there.

    `needs` are paths without which the value would mean something else: a term of 18 months that
    does not begin with the signing needs its first day said.
    """

    path: str
    value: str
    passage: Passage
    proof: Message
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """What nothing proves: the path, what the text seems to say, why that is not enough."""

    path: str
    reading: str
    passage: Passage | None
    why: Message


@dataclass(frozen=True, slots=True)
class Beyond:
    """A term that is not read: what it is about, its words, and where a person writes it.

    `at` is a place in contract.yaml; empty where that has none for it.
    """

    topic: str
    passage: Passage
    at: str = ""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Where the text disagrees with itself or breaks off, in the Chinese of `discrepancies`."""

    code: str
    found: str
    passage: Passage


Finding = FoundFact | Gap | Beyond | Contradiction


@dataclass(frozen=True)
class TextReading:
    """Everything that was found in one text."""

    text: ContractText
    facts: tuple[FoundFact, ...] = ()
    gaps: tuple[Gap, ...] = ()
    beyond: tuple[Beyond, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()

    @cached_property
    def by_path(self) -> dict[str, FoundFact]:
        """The facts by their path."""
        return {fact.path: fact for fact in self.facts}

    def value(self, path: str) -> str:
        """Return the value of a fact, nothing where there is none."""
        fact = self.by_path.get(path)
        return fact.value if fact else ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the normal form, its span, and the article it stands in."""

    words: str
    start: int
    end: int
    article: Article


@dataclass(frozen=True)
class SourceText:
    """A text with its articles, as the readers of topics look at it."""

    articles: Articles
    known: dict[str, str] = field(default_factory=dict)
    """Facts of readers that went before, by path: an account needs its owner's name."""

    @property
    def text(self) -> ContractText:
        """The text."""
        return self.articles.text

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences, cut at stops and line ends."""
        return tuple(self._cut(r"[^。;\n]+[。;]?"))

    @cached_property
    def paragraphs(self) -> tuple[Sentence, ...]:
        """The paragraphs: a line of the normal form, without the mark of its article."""
        return tuple(self._cut(r"[^\n]+"))

    def _cut(self, pattern: str) -> Iterator[Sentence]:
        words = self.text.text
        for found in re.finditer(pattern, words):
            article = self.articles.at(found.start())
            start = max(found.start(), article.body) if article.level else found.start()
            if start < found.end():
                yield Sentence(words[start : found.end()], start, found.end(), article)

    @cached_property
    def front(self) -> tuple[Sentence, ...]:
        """The paragraphs of the cover and the head."""
        return tuple(one for one in self.paragraphs if one.article.name in (COVER, HEAD))

    @cached_property
    def back(self) -> tuple[Sentence, ...]:
        """The paragraphs of the signing page."""
        return tuple(one for one in self.paragraphs if one.article.name == SIGNATURES)

    def passage(self, start: int, end: int) -> Passage:
        """Return the words of a span, verbatim."""
        return Passage(self.text.original(start, end), self.cite(start), self.text.place(start),
                       (start, end))  # fmt: skip

    def of(self, one: Sentence) -> Passage:
        """Return a sentence or paragraph, verbatim."""
        return self.passage(one.start, one.end)

    def verbatim(self, one: Sentence, said: re.Match[str], group: str | int = "value") -> str:
        """Return what a match in a sentence has found, as it is written there."""
        return self.text.original(one.start + said.start(group), one.start + said.end(group))

    def around(self, one: Sentence) -> Sentence:
        """Return the paragraph of a sentence."""
        return next(each for each in self.paragraphs if each.start <= one.start < each.end)

    def is_whole(self, one: Sentence, said: re.Match[str], group: str | int = "value") -> bool:
        """Return whether a value ends where its line does: a broken line may go on elsewhere."""
        start, end = one.start + said.start(group), one.start + said.end(group)
        lines = {sign.line for sign in self.text.signs[start:end] if sign.original}
        return len(lines) <= 1 or self.text.width > 0

    def sentence(self, at: int) -> Passage:
        """Return the sentence at a position."""
        found = next(one for one in self.sentences if one.start <= at < one.end or at < one.start)
        return self.passage(found.start, found.end)

    def cite(self, at: int) -> str:
        """Return what the place is called, down to its clause."""
        return self.articles.clause(at).name

    def titled(self, pattern: str) -> tuple[Article, ...]:
        """Return the articles whose title, or first clause where they have none, has such words."""
        return tuple(part for part in self.articles.tops if re.search(pattern, _heading(part)))

    def below(self, tops: Iterable[Article]) -> tuple[Sentence, ...]:
        """Return the paragraphs of some articles."""
        spans = [(part.start, part.end) for part in tops]
        return tuple(one for one in self.paragraphs
                     if any(start <= one.start < end for start, end in spans))  # fmt: skip


def _heading(part: Article) -> str:
    is_title = not re.search("[。;]", part.title)
    return part.title if is_title else re.split("[,:。;]", part.title)[0]


_LABELLED: Final = re.compile(r"[^,。;]{1,16}:(?:[^,。;]|,(?=\d{3}))*|.*\d[\d,.]*\s[\d,.]+")
"""A label with what stands behind it, or a row of figures: neither ends in a stop."""

_SHORTEST_SENTENCE: Final = 12


def breaks_off(paragraph: Sentence) -> bool:
    """Return whether a paragraph of an article ends in no stop: the rest may be lost."""
    words = paragraph.words
    return (
        paragraph.article.level > 0
        and len(words) >= _SHORTEST_SENTENCE
        and words[-1] not in "。;:!?)”》"
        and not _LABELLED.fullmatch(words)
        and words != paragraph.article.title
    )


AGREED: Final = say("all mentions agree")
DIFFER: Final = say("the mentions differ")


def all_agree(
    path: str, found: Mapping[str, Passage], proof: Message = AGREED, differ: Message = DIFFER
) -> Iterator[Finding]:
    """Yield the one value of all mentions as a fact, several as a gap for each."""
    for value, passage in found.items():
        if len(found) == 1:
            yield FoundFact(path, value, passage, proof)
        else:
            yield Gap(path, value, passage, differ)


def agreed(values: Iterable[str]) -> str:
    """Return the one value that all mentions have; nothing where they differ or there are none."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else ""
