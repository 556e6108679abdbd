"""What can drift from the house style, and how one drift is told."""

from __future__ import annotations

from enum import StrEnum

from deliverables.lazily import dataclass
from deliverables.message import Message


class Area(StrEnum):
    """A part of the look that is carried into a template as a whole."""

    STYLES = "styles"
    LANGUAGE = "language"
    NUMBERING = "numbering"
    PAGES = "pages"
    SETTINGS = "settings"
    FONTS = "fonts"
    FORMATTING = "formatting"


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing in a template that is not as the house has it."""

    area: Area
    message: Message
