"""Values as they stand in a document: escaped, line ends as breaks, a token around each figure.

Each function that a template's tags call looks at one value alone, so text from data cannot become
markup, nor a tag; what no document can hold is refused.
"""

from __future__ import annotations

import re
from typing import Final

from deliverables.values.figure import Figure
from deliverables.values.problem import Message, say
from deliverables.values.trace import CLOSE, OPEN, RESERVED, SPLIT

_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS: Final = re.compile(r"\r\n?|[\u0085\u2028\u2029]")
_CUTS: Final = re.compile(r"([\n\t])")
_BREAK: Final = '</w:t><w:br/><w:t xml:space="preserve">'


class UnprintableError(ValueError):
    """A value that cannot stand in a document: control characters, or no text at all.

    Its first argument says why; `fix` says what to do, if that is not plain.
    """

    def __init__(self, why: str | Message, fix: Message | None = None) -> None:
        super().__init__(why)
        self.fix = fix


def printable(text: str) -> str:
    """Return `text` with plain line ends, or refuse it for a character no document can hold."""
    if text.isprintable():
        return text
    if found := _UNPRINTABLE.search(text):
        code = f"U+{ord(found[0]):04X}"
        raise UnprintableError(say("the text holds the control character {code}", code=code))
    if found := RESERVED.search(text):
        code = f"U+{ord(found[0]):04X}"
        raise UnprintableError(
            say("the text holds {code}, which the program uses itself", code=code),
            say("take the character out of the data; no font shows it"),
        )
    return _LINE_ENDS.sub("\n", text)


def escape(text: str) -> str:
    """Return `text` as the text of an element."""
    return text.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")


def attribute(text: str) -> str:
    """Return `text` as an attribute is written, in double quotes."""
    escaped = escape(text).replace('"', "&quot;")
    return (
        f'"{escaped.replace(chr(10), "&#10;").replace(chr(13), "&#13;").replace(chr(9), "&#9;")}"'
    )


def figure(value: Figure[object], site: str, look: str, rows: str = "") -> str:
    """Return a figure in a run of the look (its rPr), with the token of its site and rows."""
    text = value.text
    if text.isprintable() and "&" not in text and "<" not in text and ">" not in text:
        return f"{OPEN}{site}{rows}{SPLIT}{text}{CLOSE}"
    return _in_run(text, look, f"{OPEN}{site}{rows}{SPLIT}", CLOSE)


def words(value: object, look: str) -> str:
    """Return a text, or a whole number, in a run of the look."""
    text = _words(value)
    if text.isprintable() and "&" not in text and "<" not in text and ">" not in text:
        return text
    return _in_run(text, look)


def figure_beside(value: Figure[object], site: str, rows: str = "") -> str:
    """Return a figure that stands in no run, with its token; line ends stay as they are."""
    return f"{OPEN}{site}{rows}{SPLIT}{escape(printable(value.text))}{CLOSE}"


def words_beside(value: object) -> str:
    """Return a text that stands in no run; likewise."""
    return escape(printable(_words(value)))


def figure_in_attribute(value: Figure[object], site: str, rows: str = "") -> str:
    """Return a figure in an attribute, with its token."""
    return f"{OPEN}{site}{rows}{SPLIT}{in_attribute(value.text)}{CLOSE}"


def in_attribute(value: object) -> str:
    """Return a text in an attribute, where a line end is a space, as XML reads it."""
    return _CUTS.sub(" ", escape(printable(_words(value)))).replace('"', "&quot;")


def in_address(value: object) -> str:
    """Return a text in the address of a link."""
    return _CUTS.sub("%20", printable(_words(value))).replace(" ", "%20")


def row(index: int, rows: str = "") -> str:
    """Return the rows that a token names, one more loop inside those of `rows`."""
    return f"{rows},{index}"


def repeated(name: str, rows: str) -> str:
    """Return a name that a loop repeats: as it is the first time, and then with its row."""
    numbers = rows[1:].split(",")
    return name if not any(number != "0" for number in numbers) else f"{name}_{'_'.join(numbers)}"


def _words(value: object) -> str:
    if value.__class__ is str:
        return value
    if isinstance(value, Figure):
        return value.text
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    if value is None:
        raise UnprintableError(say("the tag prints a value that is not there"))
    kind = type(value).__name__
    raise UnprintableError(say("the tag prints a whole {kind}, which is no text", kind=kind))


def _in_run(text: str, look: str, before: str = "", after: str = "") -> str:
    """Return text as docxtpl lists it, `before` and `after` around what is between its cuts."""
    pieces = _CUTS.split(escape(printable(text)))
    tab = f'</w:t></w:r><w:r>{look}<w:tab/></w:r><w:r>{look}<w:t xml:space="preserve">'
    return "".join(
        f"{before}{piece}{after}" if place % 2 == 0 else tab if piece == "\t" else _BREAK
        for place, piece in enumerate(pieces)
    )
