"""A picture as data: its bytes and its size on paper."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal

from deliverables.lazily import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A PNG or JPEG, so many millimetres wide; the height follows unless it is given.

    `description` is the alternative text for those who cannot see the picture.
    """

    content: bytes = field(repr=False)
    width: Decimal | int
    description: str
    height: Decimal | int | None = None
