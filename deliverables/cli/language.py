"""The language of messages: the one asked for, else the system's, else English."""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from deliverables.message import CATALOGUES, DOMAIN

LANGUAGES = ("zh", "en")


def system_language() -> str:
    """Return "zh" on a Chinese system, "en" elsewhere."""
    named = next((os.environ[name] for name in _LOCALE_NAMES if os.environ.get(name)), "")
    tag = named or _locale() or ""
    return "zh" if tag.lower().startswith(("zh", "chinese")) else "en"


def _locale() -> str | None:
    import locale

    return locale.getlocale()[0]


def language_asked(arguments: Sequence[str]) -> str:
    """Return the language of a command line before click reads it: help and errors speak it too."""
    for number, argument in enumerate(arguments):
        option, given, value = argument.partition("=")
        if option == "--lang":
            asked = value if given else "".join(arguments[number + 1 : number + 2])
            return asked if asked in LANGUAGES else system_language()
    return system_language()


@contextmanager
def click_speaking(language: str) -> Iterator[None]:
    """Let click, which asks gettext for its own words, find them in our catalogue."""
    domain, asked = gettext.textdomain(), os.environ.get(_GETTEXT)
    gettext.bindtextdomain(DOMAIN, CATALOGUES)
    gettext.textdomain(DOMAIN)
    os.environ[_GETTEXT] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if asked is None:
            del os.environ[_GETTEXT]
        else:
            os.environ[_GETTEXT] = asked


def for_reading(value: object, language: str) -> str:
    """Return a value as people of that language write it: a day, a number to its last digit.

    What is only for programs, or is typed in again, stays as it is: 2026-11-02, 1957783.48.
    """
    from datetime import date, datetime
    from decimal import Decimal

    from babel.dates import format_date
    from babel.numbers import format_decimal

    from deliverables.model.values import show_moment

    match value:
        case None:
            return "—"
        case datetime():
            return show_moment(value)
        case date():
            return format_date(value, "medium", locale=language)
        case Decimal() if value.is_finite():
            places = max(0, -int(value.as_tuple().exponent))
            pattern = "#,##0" + ("." + "0" * places if places else "")
            return format_decimal(value, pattern, locale=language, decimal_quantization=False)
        case _:
            return str(value)


_LOCALE_NAMES = ("LC_ALL", "LC_MESSAGES", "LANG")
_GETTEXT = "LANGUAGE"
