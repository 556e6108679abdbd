"""Rules about what people wrote: nothing unfinished, no template code, no unproved claim."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from deliverables.checks.quarters import quarters
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.model.operations import Cover, Durability
from deliverables.problem import Problem, error, gap, warning
from deliverables.source import Source

_UNFINISHED = re.compile(r"【待补[^】]*】?|待补充|TODO|[xX×]{3,}")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{\{|\}\}|\{%|%\}")
_SENTENCE = re.compile(r"[^。；;！？\n]+")
_PERCENTAGE = re.compile(r"\d+(?:\.\d+)?\s*[%％]")
_MANY_NINES = re.compile(r"99\.99\d{2,}\s*[%％]")
_MEASURED = re.compile(r"实测|实际测得|经测算|统计值|监测值")
_NOT_MEASURED = re.compile(
    r"(?:非|未|无法|不能|不宜|不是|不作|不以)[^，,。；]{0,12}实测|实测[^，,]{0,6}(?:不|无)"
)
_STATED = re.compile(
    r"(?P<before>[^，,]*(?:可靠性|持久性)[^%％]{0,20}?)\d+(?:\.\d+)?\s*[%％](?P<after>[^，,]{0,8})"
)
_NOT_CLAIMED = re.compile(r"设计|要求|约定|承诺|不低于|指标|目标")
_OTHER_SUBJECT = re.compile(r"可用性|率")
_DURABILITY_TEXTS = ("scheme", "design_value", "design_evidence", "evidence", "storage")
_REMEMBERED = 1_024
"""So many texts are kept in mind: the rows of a long sheet repeat most of theirs."""


def unfinished_paragraphs(book: ContractBook) -> Iterable[Problem]:
    """A paragraph with a placeholder is not finished; one with template code is a slip."""
    for quarter in quarters(book):
        for paragraph in quarter.workbook.narrative:
            tag = _TAG.search(paragraph.text)
            placeholder = _UNFINISHED.search(paragraph.text)
            if tag:
                yield error(
                    "narrative-tag",
                    paragraph.source,
                    say(
                        "the paragraph for {chapter} contains {found}, which is template code: "
                        "text from data is printed as it is",
                        chapter=paragraph.chapter,
                        found=tag.group(),
                    ),
                    say("write the text itself; figures stand in the report's tables already"),
                )
            elif placeholder:
                yield gap(
                    "narrative-unfinished",
                    paragraph.source,
                    say(
                        "the paragraph for {chapter} is not finished: it contains {found}",
                        chapter=paragraph.chapter,
                        found=placeholder.group(),
                    ),
                    say("write what is still open, or delete the sentence"),
                )


def durability_claims(book: ContractBook) -> Iterable[Problem]:
    """Nobody can measure 99.9999 %: a year without loss proves no such figure."""
    for quarter in quarters(book):
        for row in quarter.workbook.durability:
            yield from _claims_of_row(row)
        for paragraph in quarter.workbook.narrative:
            for sentence in _SENTENCE.findall(paragraph.text):
                if _claims_durability(sentence):
                    yield _claim(paragraph.source, sentence)


def _claims_of_row(row: Durability) -> Iterator[Problem]:
    for field in _DURABILITY_TEXTS:
        text: str = getattr(row, field)
        if _claims_percentage(text):
            yield _claim(row.place(field), text)


def _claims_durability(sentence: str) -> bool:
    if "可靠性" in sentence or "持久性" in sentence:
        return _claims_percentage(sentence) or _states_durability(sentence)
    of_something_else = "可用性" in sentence
    return not of_something_else and bool(_MANY_NINES.search(sentence)) and _says_measured(sentence)


@lru_cache(_REMEMBERED)
def _claims_percentage(text: str) -> bool:
    return bool(_PERCENTAGE.search(text)) and _says_measured(text)


def _states_durability(sentence: str) -> bool:
    return any(
        not _NOT_CLAIMED.search(stated["before"] + stated["after"])
        and not _OTHER_SUBJECT.search(stated["before"])
        for stated in _STATED.finditer(sentence)
    )


def _says_measured(text: str) -> bool:
    return bool(_MEASURED.search(text)) and not _NOT_MEASURED.search(text)


def _claim(source: Source, text: str) -> Problem:
    return error(
        "durability-claim",
        source,
        say(
            '"{text}" claims a measured durability; 99.9999 % would take about 3,000,000 '
            "failure-free object-years to prove",
            text=_shortened(text.strip()),
        ),
        say(
            "state what was observed (loss events, integrity checks) and give the percentage as "
            "the design value (设计值) of the manufacturer's document"
        ),
    )


def _shortened(text: str, longest: int = 30) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def design_values(book: ContractBook) -> Iterable[Problem]:
    """A design value names the document that states it."""
    for quarter in quarters(book):
        for row in quarter.workbook.durability:
            if row.design_value and not row.design_evidence:
                yield warning(
                    "design-value-unproved",
                    row.place("design_evidence"),
                    say(
                        "{storage}: the design value {value} names no document",
                        storage=row.storage,
                        value=row.design_value,
                    ),
                    say("write the manufacturer's document in 设计值依据 and attach it"),
                )


def signatories(book: ContractBook) -> Iterable[Problem]:
    """The cover names who prepared, reviewed and approved the report."""
    for quarter in quarters(book):
        cover: Cover = quarter.workbook.cover
        for field in ("prepared_by", "reviewed_by", "approved_by"):
            if not getattr(cover, field):
                yield gap(
                    "signatory-missing",
                    cover.place(field),
                    say("the cover does not say who did {label}", label=cover.figure(field).name),
                    say("write the name on the sheet 说明"),
                )
