"""Words in more than one look, as data: for a sentence of which a part is bold or struck out."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from deliverables.lazily import dataclass


class Script(StrEnum):
    """Where letters stand that are neither of full size nor on the line."""

    SUPERSCRIPT = "superscript"
    SUBSCRIPT = "subscript"


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one look; what is not given is as the template's style has it.

    `colour` is six hex digits (C00000), `size` is in points and may have a half.
    """

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    colour: str = ""
    size: Decimal | int | None = None
    script: Script | None = None
    font: str = ""


@dataclass(frozen=True, slots=True)
class RichText:
    """Runs that follow one another in a paragraph; a line end in one starts a new line."""

    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The words without their looks."""
        return "".join(run.text for run in self.runs)
