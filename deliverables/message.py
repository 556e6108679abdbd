"""A sentence for the person who must act, written once and read in their language."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cache
from gettext import GNUTranslations, NullTranslations

from deliverables.lazily import dataclass

# pathlib would take longer to import than all the rest that --help needs.
CATALOGUES = os.path.join(os.path.dirname(__file__), "locale")  # noqa: PTH118, PTH120
DOMAIN = "deliverables"


@dataclass(frozen=True, slots=True)
class Message:
    """An English sentence with named places and the values that fill them."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the sentence in `language` ("en" or "zh"), English where none is written."""
        filled = {name: _spoken(value, language) for name, value in self.values.items()}
        return _catalogue(language).gettext(self.template).format_map(filled)


def say(template: str, **values: object) -> Message:
    """Return the message `template` whose {names} are filled from `values`."""
    return Message(template, values)


@dataclass(frozen=True, slots=True)
class Listing:
    """Several things named one after the other, with the punctuation of the language."""

    items: tuple[object, ...]
    between: Mapping[str, str]

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the list in `language`."""
        return self.between[language].join(str(_spoken(item, language)) for item in self.items)


_COMMA = {"en": ", ", "zh": "、"}
_SEMICOLON = {"en": "; ", "zh": "；"}


def listed(items: Iterable[object]) -> Listing:
    """Return names or values as a list: "a, b", in Chinese "a、b"."""
    return Listing(tuple(items), _COMMA)


def clauses(items: Iterable[object]) -> Listing:
    """Return statements as a list: "a; b", in Chinese "a；b"."""
    return Listing(tuple(items), _SEMICOLON)


def translated(text: str, language: str) -> str:
    """Return a fixed English text in `language`, in English where none is written."""
    return _catalogue(language).gettext(text) if text else text


def _spoken(value: object, language: str) -> object:
    return value.in_language(language) if isinstance(value, Message | Listing) else value


@cache
def _catalogue(language: str) -> NullTranslations:
    compiled = os.path.join(CATALOGUES, language, "LC_MESSAGES", f"{DOMAIN}.mo")  # noqa: PTH118
    try:
        with open(compiled, "rb") as file:  # noqa: PTH123
            return GNUTranslations(file)
    except FileNotFoundError:
        return NullTranslations()
