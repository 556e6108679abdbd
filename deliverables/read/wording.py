"""Words that every reading problem shares: what was found, and what was probably meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from deliverables.identifiers import mask
from deliverables.message import Message, say
from deliverables.model.values import NotOfTypeError

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
    """Return what was found as a problem may show it: short, one line, long numbers masked."""
    if isinstance(raw, Message):
        return raw
    if raw is None:
        return say("nothing")
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text = _PERHAPS_AN_IDENTITY.sub(lambda found: mask(found.group()), " ".join(str(raw).split()))
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
