"""What is wrong with the data, where, and what to do, told in the reader's language."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from gettext import GNUTranslations, NullTranslations
from typing import Final, TypeVar

from deliverables.values.figure import Source

R = TypeVar("R", bound=str)

# pathlib would take longer to import than all the rest that --help needs.
_PACKAGE = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120
CATALOGUES = os.path.join(_PACKAGE, "locale")  # noqa: PTH118
DOMAIN = "deliverables"


@dataclass(frozen=True, slots=True)
class Message:
    """An English sentence with named places and the values that fill them."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the sentence in `language` ("en" or "zh"), English where none is written."""
        filled = {name: said(value, language) for name, value in self.values.items()}
        return _catalogue(language).gettext(self.template).format_map(filled)


def say(template: str, **values: object) -> Message:
    """Return the message `template` whose {names} are filled from `values`."""
    return Message(template, values)


class SpokenError(Exception):
    """What cannot be done; `message` says why, to whoever can mend it."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class Listing:
    """Several things named one after the other, with the punctuation of the language."""

    items: tuple[object, ...]
    between: Mapping[str, str]

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the list in `language`."""
        return self.between[language].join(str(said(item, language)) for item in self.items)


@dataclass(frozen=True, slots=True)
class Term:
    """A thing that has a name in programs and declarations, and a description in Chinese."""

    name: str
    chinese: str

    def __str__(self) -> str:
        return self.name

    def in_language(self, language: str) -> str:
        """Return what it is called in `language`."""
        return self.chinese if language == "zh" else self.name


_COMMA = {"en": ", ", "zh": "、"}
_SEMICOLON = {"en": "; ", "zh": "；"}


def tallied(counts: Mapping[R, int], labels: Mapping[R, Message]) -> list[Message]:
    """Return how many there are of each result, in the order of the labels; none of what is not."""
    return [
        say("{result} {count}", result=label, count=counts[result])
        for result, label in labels.items()
        if counts.get(result)
    ]


def listed(items: Iterable[object]) -> Listing:
    """Return names or values as a list: "a, b", in Chinese "a、b"."""
    return Listing(tuple(items), _COMMA)


def clauses(items: Iterable[object]) -> Listing:
    """Return statements as a list: "a; b", in Chinese "a；b"."""
    return Listing(tuple(items), _SEMICOLON)


def translated(text: str, language: str) -> str:
    """Return a fixed English text in `language`, in English where none is written."""
    return _catalogue(language).gettext(text) if text else text


def said(value: object, language: str) -> object:
    """Return a value that fills a message as it stands there in `language`."""
    return value.in_language(language) if isinstance(value, Message | Listing | Term) else value


@cache
def _catalogue(language: str) -> NullTranslations:
    compiled = os.path.join(CATALOGUES, language, "LC_MESSAGES", f"{DOMAIN}.mo")  # noqa: PTH118
    try:
        with open(compiled, "rb") as file:  # noqa: PTH123
            return GNUTranslations(file)
    except FileNotFoundError:
        return NullTranslations()


class Severity(StrEnum):
    """How much a problem stops: an error stops documents, a gap stops a final one.

    An edit, prose that a person changed in a document, stops a final one until it is approved.
    """

    ERROR = "error"
    WARNING = "warning"
    GAP = "gap"
    EDIT = "edit"

    def label(self, language: str) -> str:
        """Return the word for it in `language`."""
        return _CHINESE[self] if language == "zh" else self.value


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: its code, its place, what was expected and found, and the fix."""

    code: str
    severity: Severity
    source: Source
    message: Message
    fix: Message

    def in_language(self, language: str) -> str:
        """Return the one-line report: place, severity[code], message and fix."""
        message, fix = self.message.in_language(language), self.fix.in_language(language)
        label = self.severity.label(language)
        return f"{self.source}: {label}[{self.code}] {message}{_FIX[language]}{fix}"

    def __str__(self) -> str:
        return self.in_language("en")


TO_FILL: Final = "to-fill"
"""The code of a fact that is still to be written, without which nothing can be planned."""


def is_unfinished(problems: Iterable[Problem]) -> bool:
    """Return whether facts are missing without which nothing can be planned."""
    return any(problem.code == TO_FILL for problem in problems)


_CHINESE = {
    Severity.ERROR: "错误",
    Severity.WARNING: "提醒",
    Severity.GAP: "待补",
    Severity.EDIT: "改动",
}
_FIX = {"en": ". Fix: ", "zh": "。处理办法："}


def error(code: str, source: Source, message: Message, fix: Message) -> Problem:
    """Return a problem that stops every document which depends on the data."""
    return Problem(code, Severity.ERROR, source, message, fix)


def warning(code: str, source: Source, message: Message, fix: Message) -> Problem:
    """Return a problem to look at, which stops nothing."""
    return Problem(code, Severity.WARNING, source, message, fix)


def gap(code: str, source: Source, message: Message, fix: Message) -> Problem:
    """Return a fact that nobody has supplied: drafts print 【待补】 and cannot become final."""
    return Problem(code, Severity.GAP, source, message, fix)


def and_more(problem: Problem, count: int) -> Problem:
    """Return the last of the problems of a column that are shown, which counts the others."""
    message = say("{message}; {count} more in this column", message=problem.message, count=count)
    return replace(problem, message=message)
