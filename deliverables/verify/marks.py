"""Figures read back from their marks: changed, missing, duplicated, moved, each where it stands.

What a person retyped beside a mark, or a program dropped, is left to the rules that go by text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from deliverables.message import say
from deliverables.verify.paper import Document
from deliverables.verify.finding import Finding, fault, misprint
from deliverables.verify.leaves import Leaves
from deliverables.verify.marked import Marked, Stranger, marked_in
from deliverables.verify.order import Order
from deliverables.verify.remains import missing, rows_changed, rows_repeated
from deliverables.verify.wording import fold, states

_EDGE: Final = "\x01"
BODY: Final = "body"
_DIGIT: Final = re.compile(r"\d")
_OF_FIGURES: Final = re.compile(r"[0-9A-Za-z%‰.\-]")
_NUMERALS: Final = re.compile("[一二三四五六七八九十百千万亿零壹贰叁肆伍陆柒捌玖拾佰仟]")


def marks_hold(document: Document, leaves: Leaves) -> Iterator[Finding]:
    """Find marked figures that were changed, taken away, put in twice or moved elsewhere."""
    found, strange = marked_in(document, leaves)
    yield from map(_unknown, strange)
    wrong = [marked for marked in found if not _says_its_figure(marked)]
    yield from map(_changed, wrong)
    if leaves.as_made is None or leaves.as_made is document:
        return
    made, _ = marked_in(leaves.as_made, leaves)
    order = Order(_of_body(made), _of_body(found))
    yield from order.moved()
    yield from order.duplicated()
    yield from missing(order, document, leaves.as_made)
    yield from rows_changed(order, document, leaves)
    yield from rows_repeated(order, document, leaves.as_made)


def _of_body(marks: Iterable[Marked]) -> list[Marked]:
    """Return the marks of the body: a program may save a header more than once."""
    return [marked for marked in marks if marked.paragraph.place.story == BODY]


def _says_its_figure(marked: Marked) -> bool:
    """Tell whether the mark holds its figure, or the figure was typed over its edges."""
    mark, expected = marked.mark, marked.leaf.text
    if mark.text == expected:
        return True
    text = f"{mark.before}{_EDGE}{mark.text}{_EDGE}{mark.after}"
    letters = (r"\s+" if letter == " " else re.escape(letter) for letter in expected)
    for at in re.finditer(f"{_EDGE}?".join(letters), text):
        if _EDGE in text[max(at.start() - 1, 0) : at.end() + 1]:
            around = text[: at.start()].replace(_EDGE, "")
            whole = fold(f"{around[-2:]}{expected}{text[at.end() :].replace(_EDGE, '')[:2]}")
            if states(whole, expected) and not _holds_another(mark.text, expected):
                return True
    return False


def _holds_another(text: str, expected: str) -> bool:
    """Tell whether a mark holds something that is no part of its figure.

    Words typed at its edge are let pass, but nothing that could be of the figure itself: a
    letter after a name, a digit or another part after a number.
    """
    if expected not in text:
        return bool(text) and text not in expected
    surplus = text.replace(expected, "", 1)
    part = _OF_FIGURES.search(surplus) or _NUMERALS.search(surplus)
    return not _DIGIT.search(expected) or part is not None


def _changed(marked: Marked) -> Finding:
    leaf, text = marked.leaf, marked.mark.text
    name, where = leaf.figure.name, marked.paragraph.place.message()
    if not text:
        message = say("{name} {expected} is not printed", name=name, expected=leaf.text)
        return misprint("figure-missing", where, message, leaf, "")
    message = say("{name} is {expected}, the document has {found}",
                  name=name, expected=leaf.text, found=text)  # fmt: skip
    return misprint("figure-changed", where, message, leaf, text)


def _unknown(stranger: Stranger) -> Finding:
    name = stranger.mark.alias.rpartition("|")[0] or stranger.mark.bookmark
    message = say("the data have no figure for the mark {name}", name=name)
    where = stranger.paragraph.place.message()
    return fault("figure-unknown", where, message, found=stranger.mark.text)
