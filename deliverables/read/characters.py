"""What a person cannot see in a text, or takes for something else, told with its code point."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from deliverables.model.fields import NUMBERS_AS_TEXT, NotOfTypeError, ValueType
from deliverables.values.figure import Source
from deliverables.values.identifiers import mask
from deliverables.values.problem import Message, Problem, error, listed, say, warning

UNSEEN: Final = (
    "\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a"
    "\U000e0000-\U000e007f"
)
ALIKE: Final = (
    "\u2e80-\u2fdf\uf900-\ufa0d\ufa10\ufa12\ufa15-\ufa1e\ufa20\ufa22\ufa25\ufa26"
    "\ufa2a-\ufaff\U0002f800-\U0002fa1f"
)
SPACES: Final = "\xa0\u1680\u2000-\u200a\u202f\u205f"
PRIVATE: Final = "\ue000-\uf8ff\U000f0000-\U0010feff"
SELECTORS: Final = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
RESERVED: Final = "\U0010ff00-\U0010ffff"

_SHOWN: Final = re.compile(f"[{UNSEEN}{SPACES}{SELECTORS}{RESERVED}]")


def code_point(character: str) -> str:
    """Return how a character is named: U+200B."""
    return f"U+{ord(character):04X}"


def visible(text: str) -> str:
    """Return a text in which what cannot be seen stands by its code point: S001<U+200B>."""
    if text.isascii():
        return text
    return _SHOWN.sub(lambda found: f"<{code_point(found[0])}>", text)


_LONGEST_QUOTE = 40
_LIKENESS = 0.5
_PERHAPS_AN_IDENTITY = re.compile(r"\d(?: ?\d){13,} ?[\dXx]?")


def plain(label: object) -> str:
    """Return a label as it is compared: half-width, without spaces, breaks and case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(label))).rstrip("*").casefold()


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like `word`, None if none is."""
    from difflib import get_close_matches  # noqa: PLC0415  # slow to import, and rarely needed

    by_plain = {plain(candidate): candidate for candidate in known}
    matches = get_close_matches(plain(word), by_plain, n=1, cutoff=_LIKENESS)
    return by_plain[matches[0]] if matches else None


def quoted(raw: object) -> object:
    """Return what was found as a problem may show it: short, one line, long numbers masked.

    What cannot be seen stands there by its code point.
    """
    if isinstance(raw, Message):
        return raw
    if raw is None:
        return say("nothing")
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    shown = " ".join(visible(str(raw)).split())
    text = _PERHAPS_AN_IDENTITY.sub(lambda found: mask(found.group()), shown)
    if len(text) > _LONGEST_QUOTE:
        text = text[: _LONGEST_QUOTE - 1] + "…"
    return text if isinstance(raw, int | float | date) else say('"{text}"', text=text)


def mismatch(subject: str | Message, fault: NotOfTypeError) -> Message:
    """Return the sentence that sets what was expected against what was found."""
    return say(
        "{subject}: expected {expected}, found {found}",
        subject=subject,
        expected=fault.expected,
        found=quoted(fault.found),
    )


_REFUSED: Final = re.compile(f"[{UNSEEN}{ALIKE}{RESERVED}]")
_KEPT: Final = re.compile(f"[{PRIVATE}{SELECTORS}]")
_ODD_SPACE: Final = re.compile(f"[{SPACES}]")
_WIDE: Final = re.compile("[！-～\u3000]")
_WIDE_NAME: Final = re.compile(
    "[!-~０-９Ａ-Ｚａ-ｚ－＿．／]*[０-９Ａ-Ｚａ-ｚ][!-~０-９Ａ-Ｚａ-ｚ－＿．／]*"
)
_LOOSE: Final = "\u0300-\u036f\u3099\u309a"
_ODD_TEXT: Final = re.compile(
    f"[{UNSEEN}{ALIKE}{SPACES}{PRIVATE}{SELECTORS}{RESERVED}{_LOOSE}０-９Ａ-Ｚａ-ｚ]"
)
_ODD_NUMBER: Final = re.compile(
    f"[{UNSEEN}{ALIKE}{SPACES}{PRIVATE}{SELECTORS}{RESERVED}！-～\u3000]"
)
_IS_ALIKE: Final = re.compile(f"[{ALIKE}]")
_IS_RESERVED: Final = re.compile(f"[{RESERVED}]")
_MOST_SHOWN: Final = 5
_AROUND: Final = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """A text as it is read: what it becomes, and what is to be said of its characters."""

    text: str
    problems: Sequence[Problem] = ()


def is_odd(text: str, type_: ValueType) -> bool:
    """Return whether a text of a type may hold characters that are to be looked at."""
    if text.isascii() and "\x7f" not in text:
        return False
    return (_ODD_TEXT if type_.is_text or type_.choices else _ODD_NUMBER).search(text) is not None


def seen(text: str, type_: ValueType, place: Source, label: object) -> Seen:
    """Return how a text of a type is read at a place, with a problem for each odd kind."""
    refused = _REFUSED.findall(text)
    if refused:
        return Seen(text, (_refusal(text, type_, refused, place, label),))
    problems: list[Problem] = []
    spaced = _ODD_SPACE.sub(" ", text)
    if type_.is_text or type_.choices:
        narrow = _narrow(spaced) if _WIDE_NAME.fullmatch(spaced.strip()) else spaced
        narrow = unicodedata.normalize("NFC", narrow)
    else:
        narrow = _narrow_digits(spaced) if type_ in NUMBERS_AS_TEXT else _narrow(spaced)
    if narrow != text:
        problems.append(_read_as(text, type_, narrow, place, label))
    kept = _KEPT.findall(narrow)
    if kept:
        problems.append(_private(narrow, type_, kept, place, label))
    return Seen(narrow, tuple(problems))


def _narrow(text: str) -> str:
    return _WIDE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def _narrow_digits(text: str) -> str:
    """Return an identifier in half width, but for the brackets that belong to some."""
    return "".join(one if one in "（）" else _narrow(one) for one in text)


def _refusal(
    text: str, type_: ValueType, refused: list[str], place: Source, label: object
) -> Problem:
    around = _around(text, refused[0], type_)
    if any(_IS_RESERVED.match(one) for one in refused):
        return error(
            "character-reserved",
            place,
            say("{label}: {found} holds {characters}, which the program keeps for itself",
                label=label, found=around, characters=_named(refused)),
            say("delete it, or type the text anew"),
        )  # fmt: skip
    alike = [one for one in refused if _IS_ALIKE.match(one)]
    if alike:
        return error(
            "character-alike",
            place,
            say("{label}: {found} holds {characters}, which only looks like the usual character",
                label=label, found=around, characters=listed(map(_alike, _few(alike)))),
            say("type it anew instead of pasting it; copies from a PDF often hold such characters"),
        )  # fmt: skip
    return error(
        "character-unseen",
        place,
        say("{label}: {found} holds {characters}, which nobody can see",
            label=label, found=around, characters=_named(refused)),
        say("type it anew instead of pasting it"),
    )  # fmt: skip


def _read_as(text: str, type_: ValueType, narrow: str, place: Source, label: object) -> Problem:
    odd = [one for one in text if one not in narrow]
    return warning(
        "character-changed",
        place,
        say("{label}: {found} is read as {narrow}, its {characters} as the usual character",
            label=label, found=_around(text, odd[0] if odd else text[0], type_),
            narrow=_around(narrow, narrow[:1], type_), characters=_named(odd or list(text))),
        say("nothing, if that is meant; typed anew it is not said again"),
    )  # fmt: skip


def _private(text: str, type_: ValueType, kept: list[str], place: Source, label: object) -> Problem:
    return warning(
        "character-private",
        place,
        say("{label}: {found} holds {characters}, which only some fonts can print",
            label=label, found=_around(text, kept[0], type_), characters=_named(kept)),
        say("look at the printed document, and use the standard character if there is one by now"),
    )  # fmt: skip


def _around(text: str, character: str, type_: ValueType) -> object:
    """Return a text, of a long one what stands around a character, as a message shows it."""
    if type_ in NUMBERS_AS_TEXT:  # perhaps an identity number
        return mask(text)
    at = text.find(character)
    return quoted(text[max(at - _AROUND, 0) : at + _AROUND])


def _few(characters: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(characters))[:_MOST_SHOWN]


def _named(characters: Iterable[str]) -> object:
    return listed(map(code_point, _few(characters)))


def _alike(character: str) -> str:
    usual = unicodedata.normalize("NFKC", character)
    if usual == character:
        return f"{character} {code_point(character)}"
    return f"{character} {code_point(character)} ({usual} {code_point(usual)})"
