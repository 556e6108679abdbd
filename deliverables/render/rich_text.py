"""The runs of a rich text, as docxtpl writes them, but for the order of what makes a look."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from deliverables.message import say
from deliverables.model.rich_text import RichText, Run
from deliverables.render.escaping import escape
from deliverables.render.printable import UnprintableError, printable

_COLOUR: Final = re.compile(r"[0-9A-Fa-f]{6}")
_NO_FONT: Final = re.compile(r"[<>&\"':\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_LETTERS: Final = ("ascii", "hAnsi", "cs", "eastAsia")
_LARGEST: Final = 1638
"""Points; Word takes no more."""


def rich_text_markup(text: RichText) -> str:
    """Return runs that take the place of a tag's run, line ends as they are."""
    return runs_of(text, lambda words: escape(printable(words)))


def runs_of(text: RichText, written: Callable[[str], str]) -> str:
    """Return the runs of a rich text, the words of each as `written` writes them."""
    return "".join(
        f'<w:r>{_look(run)}<w:t xml:space="preserve">{written(run.text)}</w:t></w:r>'
        for run in text.runs
    )


def _look(run: Run) -> str:
    look = "".join(_properties(run))
    return f"<w:rPr>{look}</w:rPr>" if look else ""


def _properties(run: Run) -> Iterator[str]:
    """Yield what the look of a run is made of, in the schema's order."""
    if run.font:
        if _NO_FONT.search(run.font):
            raise UnprintableError(say("{font} is no name of a font", font=repr(run.font)))
        yield "<w:rFonts{}/>".format("".join(f' w:{kind}="{run.font}"' for kind in _LETTERS))
    for asked, element in ((run.bold, "b"), (run.italic, "i"), (run.strike, "strike")):
        if asked:
            yield f"<w:{element}/>"
    if run.colour:
        if not _COLOUR.fullmatch(run.colour):
            raise UnprintableError(
                say("{colour} is no colour, which has six hex digits", colour=run.colour)
            )
        yield f'<w:color w:val="{run.colour}"/>'
    if run.size is not None:
        yield f'<w:sz w:val="{_half_points(run.size)}"/><w:szCs w:val="{_half_points(run.size)}"/>'
    if run.underline:
        yield '<w:u w:val="single"/>'
    if run.script is not None:
        yield f'<w:vertAlign w:val="{run.script.value}"/>'


def _half_points(size: Decimal | int) -> int:
    halves = Decimal(size) * 2
    if halves != int(halves) or not 1 <= size <= _LARGEST:
        raise UnprintableError(
            say("{size} is no size of letters: points, by halves, from 1 to {most}",
                size=size, most=_LARGEST)
        )  # fmt: skip
    return int(halves)
