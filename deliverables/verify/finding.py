"""What the proof of a document found wrong: where it stands, what should stand there, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from deliverables.figure import Derivation, Figure
from deliverables.identifiers import mask
from deliverables.lazily import dataclass
from deliverables.message import Message, clauses, say
from deliverables.problem import Severity
from deliverables.source import Source
from deliverables.verify.leaves import Leaf

MOST_SOURCES = 8
"""A total may come from thousands of cells; a finding names the first few."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One fault of a document.

    `key` is the path of the figure in the context, such as outages[3].started, and `sources`
    are the cells and lines its value comes from; both are empty where no figure is concerned.
    """

    code: str
    severity: Severity
    where: Message
    message: Message
    expected: str = ""
    found: str = ""
    key: str = ""
    sources: tuple[Source | str, ...] = ()

    def in_language(self, language: str) -> str:
        """Return the one-line report: place, severity[code], message, sources."""
        message = self.message
        if self.sources:
            message = say("{message} ({sources})", message=message, sources=clauses(self.sources))
        told = say(
            "{where}: {severity}[{code}] {message}",
            where=self.where,
            severity=self.severity.label(language),
            code=self.code,
            message=message,
        )
        return told.in_language(language)

    def __str__(self) -> str:
        return self.in_language("en")


def fault(
    code: str, where: Message, message: Message, expected: str = "", found: str = ""
) -> Finding:
    """Return an error that concerns no single figure."""
    return Finding(code=code, severity=Severity.ERROR, where=where, message=message,
                   expected=expected, found=found)  # fmt: skip


def doubt(
    code: str, where: Message, message: Message, expected: str = "", found: str = ""
) -> Finding:
    """Return a warning: something to look at, which stops nothing."""
    return Finding(code=code, severity=Severity.WARNING, where=where, message=message,
                   expected=expected, found=found)  # fmt: skip


def misprint(code: str, where: Message, message: Message, leaf: Leaf, found: str) -> Finding:
    """Return an error about a figure of the context that the document does not state as it is."""
    sources = sources_of(leaf.figure)[:MOST_SOURCES]
    return Finding(code=code, severity=Severity.ERROR, where=where, message=message,
                   expected=leaf.text, found=found, key=leaf.key, sources=sources)  # fmt: skip


def sources_of(figure: Figure[object]) -> tuple[Source, ...]:
    """Return the places that a figure's value comes from, each once, in the order of its inputs."""
    return tuple(dict.fromkeys(_leaves(figure)))


def _leaves(figure: Figure[object]) -> Iterator[Source]:
    waiting, seen = [figure], set[int]()
    while waiting:
        at_hand = waiting.pop()
        if id(at_hand) in seen:
            continue
        seen.add(id(at_hand))
        if isinstance(at_hand.origin, Derivation):
            waiting.extend(reversed(at_hand.origin.inputs))
        else:
            yield at_hand.origin


WHOLE_DOCUMENT = say("the document")


_IDENTITY_LIKE = re.compile(r"(?<![0-9０-９])[0-9０-９]{14,17}[0-9０-９XxＸｘ](?![0-9０-９])")


def discreet(text: str, private: Iterable[str] = ()) -> str:
    """Return the text with private texts, and all that look like identity numbers, masked."""
    for known in private:
        text = text.replace(known, mask(known))
    return _IDENTITY_LIKE.sub(lambda found: mask(found[0]), text)
