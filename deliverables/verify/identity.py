"""Who and which contract: numbers and names are those of the context wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from deliverables.message import say
from deliverables.verify.paper import Document, Paragraph
from deliverables.verify.finding import Finding, misprint
from deliverables.verify.leaves import Leaf, Leaves
from deliverables.verify.wording import REMEMBERED

_ACCOUNT: Final = re.compile(r"账号")
_CONTRACT: Final = re.compile(r"合同(?:编)?号")
_ORGANISATION: Final = re.compile(
    r"单位(?:全称|名称)|[甲乙]方|账户名|户名|开户(?:银)?行|收款单位|付款单位"
)
_SHORTEST_NAME: Final = 6
_ALIKE: Final = 0.8


def numbers_are_known(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find long numbers, such as accounts, that the context does not have."""
    accounts = _called(_ACCOUNT, leaves)
    if not accounts:
        return
    known = {_digits(number) for line in leaves.traits for number in line.long_numbers}
    for paragraph in document.telling:
        for number in paragraph.traits.long_numbers:
            if _digits(number) not in known:
                yield _stranger("account-number", accounts[0], paragraph, number)


def contract_number_is_the_contracts(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find numbers that are nearly the contract's, or nearly one derived from it."""
    known = {code for line in leaves.traits for code in line.codes}
    for leaf in _called(_CONTRACT, leaves)[:1]:
        for paragraph in document.telling:
            for code in paragraph.traits.codes:
                if not _is_known(code, known) and _likeness(_stem(code), leaf.text) >= _ALIKE:
                    yield _stranger("contract-number", leaf, paragraph, code)


def parties_have_their_names(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find names that are nearly, but not quite, those of a party or its bank."""
    named = {leaf.text: leaf for leaf in _called(_ORGANISATION, leaves)
             if len(leaf.text) >= _SHORTEST_NAME}  # fmt: skip
    names = tuple(named)
    for paragraph in document.paragraphs:
        for name, nearly in _nearly_named(names, paragraph.text):
            found = next((near for near in nearly if near not in leaves.everything), "")
            if found:
                yield _stranger("party-name", named[name], paragraph, found)


def _called(name: re.Pattern[str], leaves: Leaves) -> list[Leaf]:
    """Return the figures outside loops with such a name, each text once."""
    found = {leaf.text: leaf for leaf in leaves.scalars
             if _has(name, leaf.figure.name) and isinstance(leaf.figure.value, str)}  # fmt: skip
    return list(found.values())


@lru_cache(REMEMBERED)
def _has(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None


def _stranger(code: str, leaf: Leaf, paragraph: Paragraph, found: str) -> Finding:
    message = say("{found} is not {name} {expected}", found=found, name=leaf.figure.name,
                  expected=leaf.text)  # fmt: skip
    return misprint(code, paragraph.place.message(), message, leaf, found)


def _is_known(code: str, known: set[str]) -> bool:
    """Tell whether a number is known, or is a known one with an ending like no other."""
    if code in known:
        return True
    alike = any(len(code) == len(other) and _likeness(code, other) >= _ALIKE for other in known)
    return _stem(code) in known and not alike


def _stem(code: str) -> str:
    return code.partition("-")[0]


def _digits(text: str) -> str:
    return text.replace(" ", "")


@lru_cache(REMEMBERED)
def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


@lru_cache(REMEMBERED)
def _nearly_named(names: tuple[str, ...], text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what a text has that is nearly one of the names, where none of them stands."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "\n")
    found = ((name, tuple(_nearly(name, text))) for name in names)
    return tuple((name, nearly) for name, nearly in found if nearly)


def _nearly(name: str, text: str) -> Iterator[str]:
    """Yield what stands where a third of the name is right and the whole is almost.

    A slip of the pen spoils one third or two; another leads to the place.
    """
    third = len(name) // 3
    for before in (0, third, len(name) - third):
        part = name[before : before + third]
        at = text.find(part)
        while at >= 0:
            yield from _almost(name, text, at - before)
            at = text.find(part, at + 1)


def _almost(name: str, text: str, start: int) -> Iterator[str]:
    """Yield the text at `start`, a letter more or less, that is most like the name."""
    ends = {(max(start - slip, 0), start + len(name) + tail)
            for slip in (-1, 0, 1) for tail in (-1, 0, 1)}  # fmt: skip
    likeness = {text[begin:end]: _likeness(text[begin:end], name) for begin, end in sorted(ends)}
    best = max(likeness, key=likeness.__getitem__)
    if likeness[best] >= _ALIKE:
        yield best.strip("\n")
