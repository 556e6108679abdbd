"""A sentence for the person who must act, written once and read in their language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

_CATALOGUES = Path(__file__).parent / "locale"


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


def _spoken(value: object, language: str) -> object:
    return value.in_language(language) if isinstance(value, Message) else value


@cache
def _catalogue(language: str) -> NullTranslations:
    compiled = _CATALOGUES / language / "LC_MESSAGES" / "deliverables.mo"
    if not compiled.exists():
        return NullTranslations()
    with compiled.open("rb") as file:
        return GNUTranslations(file)
