"""Kinds and documents by the words that people have for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from deliverables.cli.answer import part_called
from deliverables.kinds import Deliverable, Kind
from deliverables.read.characters import nearest
from deliverables.values.period_names import is_like_a_period
from deliverables.values.problem import Message, Term, listed, say

if TYPE_CHECKING:
    from deliverables.cli.answer import Workplace

_Says = Callable[[Deliverable, str], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """What words name: kinds, parts that those have, documents by themselves."""

    kinds: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()


def kinds_of(workplace: Workplace) -> Mapping[str, Kind]:
    """Return every kind there is, also where there are no data yet."""
    from deliverables.folders import Folders
    from deliverables.letters import known_kinds

    return known_kinds(Folders(workplace.data, workplace.out, workplace.templates))


def kind_called(name: str, known: Mapping[str, Kind]) -> str:
    """Return the kind that a name means, its own or its Chinese one; the name itself for none."""
    titles = {kind.title: kind.name for kind in known.values()}
    return titles.get(name.strip(), name)


def _begun(word: str, known: Mapping[str, Kind]) -> str | None:
    """Return the one kind whose Chinese name begins with a word: 付款申请函 of 付款申请."""
    begun = [kind.name for kind in known.values() if kind.title.startswith(word)]
    return begun[0] if len(begun) == 1 and len(word) >= _SHORTEST else None


def titles_of(known: Mapping[str, Kind]) -> dict[str, str]:
    """Return the Chinese names of the kinds by their own."""
    return {name: kind.title for name, kind in known.items()}


def select(
    words: Sequence[str],
    parts: Sequence[str],
    known: Mapping[str, Kind],
    contracts: Iterable[Sequence[Deliverable]],
) -> Selection | Message:
    """Return what words name, in any order, or what to tell of the first that names nothing.

    `parts` are words that can name parts only. `contracts` are the documents of each contract that
    can be planned; no more are asked for than it takes. Without any, nothing is refused: what is
    wrong with the contracts is told in its place.
    """
    kinds = {kind_called(word, known) for word in words if kind_called(word, known) in known}
    open_words = [word for word in words if kind_called(word, known) not in known]
    looked = _Looked(iter(contracts))
    for word in list(open_words):
        if not is_like_a_period(word) and looked.any_is(Deliverable.is_of, word):
            kinds.add(word)
            open_words.remove(word)
        elif (kind := _begun(word, known)) and not looked.names(word):
            kinds.add(kind)
            open_words.remove(word)
    found, named = set(), set()
    for word in (*open_words, *parts):
        answering = looked.first_with(word, kinds)
        if answering and (kinds or not all(one.on_demand for one in answering)):
            found.add(word)
        elif word not in parts and looked.any_is(Deliverable.is_named, word):
            named.add(word)
        elif answering or not looked.everything:
            found.add(word)
        else:
            return _unknown(word, sorted(kinds), known, looked.everything, is_part=word in parts)
    return Selection(kinds=frozenset(kinds), parts=frozenset(found), named=frozenset(named))


class _Looked:
    """The documents of the contracts, planned as far as was necessary."""

    def __init__(self, contracts: Iterator[Sequence[Deliverable]]) -> None:
        self._rest = contracts
        self._seen: list[Sequence[Deliverable]] = []

    def __iter__(self) -> Iterator[Sequence[Deliverable]]:
        yield from self._seen
        for documents in self._rest:
            self._seen.append(documents)
            yield documents

    @property
    def everything(self) -> list[Deliverable]:
        """The documents of all contracts."""
        return [one for documents in self for one in documents]

    def any_is(self, said: _Says, word: str) -> bool:
        """Return whether a word says so of a document of any contract."""
        return any(said(one, word) for documents in self for one in documents)

    def names(self, word: str) -> bool:
        """Return whether a word names a document or a part of one, of any contract."""
        return self.any_is(Deliverable.answers_to, word) or self.any_is(Deliverable.is_named, word)

    def first_with(self, part: str, kinds: Iterable[str]) -> list[Deliverable]:
        """Return the documents of such kinds with a part, of the first contract that has any."""
        for documents in self:
            answering = [one for one in _of(kinds, documents) if one.answers_to(part)]
            if answering:
                return answering
        return []


def _of(kinds: Iterable[str], documents: Iterable[Deliverable]) -> Iterator[Deliverable]:
    """Yield the documents of the kinds, all where none is named."""
    return (one for one in documents if not kinds or any(map(one.is_of, kinds)))


def _unknown(
    word: str,
    kinds: Collection[str],
    known: Mapping[str, Kind],
    documents: Sequence[Deliverable],
    *,
    is_part: bool,
) -> Message:
    """Return what to tell of a word that names nothing: what it may be, or what there is."""
    of_kinds = list(_of(kinds, documents))
    names = list(filter(None, dict.fromkeys(one.part_name for one in of_kinds)))
    there = list(dict.fromkeys(one.part for one in of_kinds))
    spoken = [Term(one, known[one].title) if one in known else one for one in kinds]
    nothing = no_match((*spoken, word))
    if is_like_a_period(word):
        form = _DIGITS.sub("", word)
        alike = [part for part in there if kinds or _DIGITS.sub("", part) == form]
        periods = dict.fromkeys(one.part for one in of_kinds if one.words)
        return _instead(nothing, None, alike or [*periods])
    if kinds or is_part:
        return _instead(nothing, nearest(word, (*there, *names)), there)
    return unknown_kind(word, titles_of(known), (*there, *names))


def _instead(message: Message, near: str | None, there: Sequence[str]) -> Message:
    """Return a message with the part that may be meant, or those there are."""
    if near:
        return say("{message}; did you mean {near}?", message=message, near=near)
    if not there:
        return message
    few = [part_called(part) for part in there[:_MOST_PARTS]]
    shown = few if len(there) <= _MOST_PARTS else (*few, "…")
    return say("{message}; there are {all}", message=message, all=listed(shown))


def no_match(words: Iterable[str | Term]) -> Message:
    """Return that no document is called so."""
    return say("no deliverable matches {wanted}: see deliverables plan", wanted=listed(words))


def unknown_kind(name: str, known: Mapping[str, str], others: Iterable[str] = ()) -> Message:
    """Return what to tell somebody who named a kind that does not exist, nor any of `others`.

    `known` are the kinds with their Chinese names.
    """
    near = nearest(name, (*known, *known.values(), *others))
    if near:
        return say("there is no kind {name}; did you mean {near}?", name=name, near=near)
    there = listed(Term(one, title) for one, title in known.items())
    return say("there is no kind {name}; there are {all}", name=name, all=there)


_DIGITS: Final = re.compile(r"\d+")
_MOST_PARTS: Final = 12
_SHORTEST: Final = 2
"""So many characters at least are the beginning of a name, one is a slip."""
