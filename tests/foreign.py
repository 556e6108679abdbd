"""A contract that shares no word with the first one, and what gives a document away under it.

Documents made under it are searched for what only the first contract says: what is found stands in
a template or in the code, and would be told of every other contract too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any, get_type_hints

from contract_texts import FILES
from scenarios import sample

from deliverables.compute.term import chinese_ordinal
from deliverables.model.book import ContractBook
from deliverables.model.fields import (
    AMOUNT,
    DECIMAL,
    DIGITS,
    PERCENTAGE,
    RATIO,
    TEXT,
    TIME_LIMIT,
    Missing,
    Record,
    declarations,
    headings,
    record_type,
    sheets,
)
from deliverables.model.operations_sheets import Operations
from deliverables.values.time_limit import UNSTATED, TimeLimit

FIRST = "SXYSR202604152"
RUN = 8
"""So many Chinese characters in a row are a wording, fewer are a word."""

OF_THE_LANGUAGE = (
    "合同约定的服务期",
    "服务期届满并通过验收后",
    "中小企业付款比例",
    "提交中小企业声明函",
    "第三方网络安全检查",
    "中华人民共和国保守国家秘密法",
    # what an employee promises the employer in an agreement of its own, which cites no contract
    "知悉的本项目信息",
    "项目实施过程中",
    "产生的与本项目有关的全部信息",
    "保护措施和审慎程度",
    "保密信息透露给任何第三方",
    "因工作需要有必要知悉",
    "不得擅自复制留存",
    "应承担的法律责任",
)
"""Wordings that the first contract shares with statutes and with the house's own papers."""

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_ENDINGS = ("公司", "局")
_KEPT_ROWS = 4
_ARTICLE = re.compile(r"第[一二三四五六七八九十百]+条(?:第\d+款)?(?:第[(（]\d+[)）]项)?")
_STATUTE = re.compile(
    r"(?:《[^》]+》|保护法)(?:（[^）]*）)?(?:[第一二三四五六七八九十百条款项、和及]|\d)*"
)


def foreign(book: ContractBook) -> ContractBook:
    """Return the book, some rows of each sheet, under a contract whose every text is another.

    Days stay, since rows lie between them, the number, since the register lies under it, and so do
    choices and what invoices and payments say.
    """
    other = _other(book.contract)
    contract = replace(other, identity=replace(other.identity, number=book.number))
    quarters = {number: _shortened(quarter) for number, quarter in book.quarters.items()}
    return replace(book, contract=contract, quarters=quarters)


def silent(book: ContractBook) -> ContractBook:
    """Return the book under a contract that says nothing of whatever a contract need not say."""
    return replace(book, contract=_silent(book.contract))


_LEFT_OUT = ("effective", "copies", "copies_each", "description", "availability_name", "lapse",
             "deducts", "duties", "stated_terms")  # fmt: skip
"""What a contract that is silent of it leaves out of contract.yaml, without a word."""
_SPOKEN = ("every_months",)
"""What stays: without a series there are no reports to search."""


def _silent(record: Any) -> Any:
    """Return a record whose every fact that may be silent is: what is asked of a model's fields."""
    changed: dict[str, Any] = {}
    for name, declaration in declarations(type(record)).items():
        if declaration.type is TIME_LIMIT:
            changed[name] = UNSTATED
        elif name in _LEFT_OUT or (declaration.silent and name not in _SPOKEN):
            changed[name] = declaration.before
    for name, heading in headings(type(record)).items():
        value = getattr(record, name)
        if name in _LEFT_OUT:
            changed[name] = ()
        elif heading.silent and _may_be_none(type(record), name):
            changed[name] = None
        elif isinstance(value, Record):
            changed[name] = _silent(value)
        elif isinstance(value, tuple):
            changed[name] = tuple(map(_silent, value))
    return replace(record, **changed)


def _may_be_none(kind: type[Record], name: str) -> bool:
    """Whether the model has no record for a clause the contract has not."""
    hint = get_type_hints(kind)[name]
    return record_type(hint) is not hint


def uncited(book: ContractBook) -> ContractBook:
    """Return the book under a contract that says the same, and none of whose articles is stated."""
    return replace(book, contract=_uncited(book.contract))


def _uncited(record: Any) -> Any:
    changed = {}
    for item in fields(record):
        value = getattr(record, item.name)
        if isinstance(value, Record):
            changed[item.name] = _uncited(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], Record):
            changed[item.name] = tuple(map(_uncited, value))
        elif item.name.endswith("article"):
            changed[item.name] = ""
    return replace(record, **changed)


def _shortened(quarter: Operations) -> Operations:
    kept = {name: getattr(quarter, name)[:_KEPT_ROWS] for name in sheets(Operations)}
    return replace(quarter, **kept)


def borrowed(said: str, book: ContractBook) -> list[str]:
    """Return what a document says that only the first contract does: wordings, articles, figures.

    What the rows of the workbooks say is theirs to say.
    """
    squeezed = re.sub(r"[^\S\n]", "", said)
    own = book.remembered("own words", lambda: "\n".join(_strings((book.contract, *_rows(book)))))
    return [*wordings(squeezed, own), *articles(squeezed, own), *_figures(squeezed, own)]


def without_rows(said: str, book: ContractBook) -> str:
    """Return what a document says of itself: no cell that repeats a row's, no wording of a row.

    A word that some row has too (6%, 可用性) is the document's own within a sentence.
    """
    told = book.remembered("told by rows", lambda: frozenset(_strings(_rows(book))))
    quoted = sorted((one for one in told if len(one) >= RUN), key=len, reverse=True)
    lines = []
    for line in said.splitlines():
        own = "|".join(cell for cell in line.split("|") if cell.strip() not in told)
        for wording in quoted:
            own = own.replace(wording, "")
        lines.append(own)
    return "\n".join(lines)


def wordings(said: str, own: str = "") -> Iterator[str]:
    """Yield the wordings of a text that only the first contract uses, and its own contract not."""
    for phrase in OF_THE_LANGUAGE:
        said = said.replace(phrase, "|")
    own_runs = _runs(own)
    for line in said.splitlines():
        if found := sorted((_runs(line) & _of_the_first()) - own_runs):
            yield f"{found[0]}: {line[:60]}"


def articles(said: str, own: str = "") -> Iterator[str]:
    """Yield the articles that a text names which are no statute's, and not its own contract's."""
    for found in _ARTICLE.findall(_STATUTE.sub("", said)):
        if found not in own:
            yield found


def _figures(said: str, own: str) -> Iterator[str]:
    changed = set(_quantities(sample().contract)) - set(_quantities(_other(sample().contract)))
    for figure in changed:
        alone = re.compile(rf"(?<![\d.,月])(?<!低于){re.escape(figure)}(?!\d)")
        at = alone.search(said)
        if at and not alone.search(own):
            yield f"{figure}: {said[max(0, at.start() - 20) : at.end() + 10]}"


def _runs(text: str) -> set[str]:
    return {
        run[at : at + RUN] for run in _HAN.findall(text) for at in range(len(run) - RUN + 1)
    }  # fmt: skip


@cache
def _of_the_first() -> frozenset[str]:
    """Return the wordings of the first contract that are in no other contract of the tests."""
    texts = {name: re.sub(r"\s", "", file.read_text("utf-8")) for name, file in FILES.items()}
    first = _runs(texts.pop(FIRST)) | _runs("\n".join(_strings(sample().contract.identity.title)))
    return frozenset(first.difference(*map(_runs, texts.values())))


def _rows(book: ContractBook) -> tuple[object, ...]:
    return (tuple(book.quarters.values()), book.ledger, book.roster, book.letters)


def _strings(held: object) -> Iterator[str]:
    if isinstance(held, str):
        yield held
    elif isinstance(held, Decimal):
        yield f"{held:,}"
        yield f"{(held * 100).normalize():f}%"
    elif isinstance(held, int):
        yield f"{held}个月"
    elif isinstance(held, tuple):
        for one in held:
            yield from _strings(one)
    elif is_dataclass(held):
        for item in fields(held):
            if item.name not in ("places", "quote"):
                yield from _strings(getattr(held, item.name))


def _quantities(record: Record) -> Iterator[str]:
    """Yield every number of a contract as documents print it."""
    told = declarations(type(record))
    for name in record.__dataclass_fields__:
        value, kind = getattr(record, name), told[name].type if name in told else None
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Record):
                yield from _quantities(one)
            elif isinstance(one, TimeLimit):
                yield one.length or str(one)
            elif one is not None and not isinstance(one, Missing) and kind in _SHOWN:
                yield _SHOWN[kind](one)


_SHOWN: dict[Any, Callable[[Any], str]] = {
    AMOUNT: AMOUNT.show,
    RATIO: RATIO.show,
    PERCENTAGE: lambda value: f"{value}%",
    DECIMAL: lambda value: f"万分之{chinese_ordinal(int(value * 10_000))}",
    DIGITS: DIGITS.show,
}


def _other(record: Any) -> Any:
    """Return a record with every text, article, number, share and period another one."""
    told = declarations(type(record))
    changed = {}
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        if isinstance(value, Record):
            changed[name] = _other(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], Record):
            changed[name] = tuple(map(_other, value))
        elif name in told and value not in (None, "", ()):
            changed[name] = _another(told[name].type, name, value)
    return replace(record, **changed)


def _another(kind: Any, name: str, value: Any) -> Any:
    if isinstance(value, Missing):
        return replace(value, reason=_in_other_words(value.reason))
    if isinstance(value, tuple):
        return tuple(_another(kind, name, one) for one in value)
    if name.endswith("article"):
        return "、".join(f"第3{ord(one[1]) % 10}.{sum(map(ord, one)) % 97}条"
                        for one in value.split("、"))  # fmt: skip
    if isinstance(value, TimeLimit):
        return replace(value, count=value.count + 6, words="") if value.count else value
    return _MADE_OTHER[kind](value) if kind in _MADE_OTHER else value


def _in_other_words(text: str) -> str:
    """Return a text as long, none of whose characters is the same.

    How a party's name ends decides how letters address it, and stays.
    """
    ending = next((one for one in _ENDINGS if text.endswith(one)), "")
    said = text[: len(text) - len(ending)]
    return _other_digits(re.sub(r"[\u4e00-\u9fff]", _another_character, said)) + ending


def _another_character(found: re.Match[str]) -> str:
    return chr(0x4E00 + (ord(found[0]) - 12223) % 20000)


def _other_digits(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "5678901234"))


_MADE_OTHER: dict[Any, Callable[[Any], Any]] = {
    TEXT: _in_other_words,
    DIGITS: _other_digits,
    AMOUNT: lambda value: value + Decimal("0.11"),
    RATIO: lambda value: value + Decimal("0.03"),
    DECIMAL: lambda value: value + Decimal("0.0004"),
    PERCENTAGE: lambda value: value - Decimal("2.5"),
}
