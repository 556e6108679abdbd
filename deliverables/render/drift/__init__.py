"""What of a template has drifted from the house style, and how it is brought back.

A template is drifted where a part of its look (`Area`) is not as house_style.py has it. Dressing
puts in those parts alone, so it changes what the check names and nothing else: words, tags,
fields and bookmarks stay as they are, and a template without drift keeps its bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from deliverables.render.drift.area import Area, Drift
from deliverables.render.drift.formatting import formatted_by_hand, mend_formatting
from deliverables.render.drift.numbering import drifted_numbers, mend_numbers
from deliverables.render.drift.pages import drifted_pages, mend_pages
from deliverables.render.drift.settings import (
    drifted_fonts,
    drifted_language,
    drifted_settings,
    mend_fonts,
    mend_settings,
)
from deliverables.render.drift.sheet import layout_of
from deliverables.render.drift.styles import drifted_styles, mend_styles
from deliverables.render.look import Layout
from deliverables.render.package import Package

__all__ = ["Area", "Drift", "dress", "drifts", "layout_of"]


def drifts(package: Package, layout: Layout) -> tuple[Drift, ...]:
    """Return everything in a template that is not as the house has it."""
    return tuple(_drifts(package, layout))


def dress(package: Package, layout: Layout) -> tuple[Drift, ...]:
    """Carry the house style into a template and return what was not as the house has it."""
    found = drifts(package, layout)
    areas = {drift.area for drift in found}
    for mend, mended in _MENDERS.items():
        if areas & mended:
            mend(package, layout)
    return found


def _drifts(package: Package, layout: Layout) -> Iterator[Drift]:
    yield from drifted_styles(package, layout)
    yield from drifted_language(package)
    yield from drifted_numbers(package, layout)
    yield from drifted_pages(package, layout)
    yield from drifted_settings(package)
    yield from drifted_fonts(package)
    yield from formatted_by_hand(package, layout)


_MENDERS: Mapping[Callable[[Package, Layout], None], frozenset[Area]] = MappingProxyType(
    {
        mend_numbers: frozenset({Area.NUMBERING}),  # while the old styles still name their numbers
        mend_styles: frozenset({Area.STYLES, Area.LANGUAGE, Area.NUMBERING}),
        mend_pages: frozenset({Area.PAGES}),
        lambda package, _: mend_settings(package): frozenset({Area.SETTINGS, Area.LANGUAGE}),
        lambda package, _: mend_fonts(package): frozenset({Area.FONTS}),
        mend_formatting: frozenset({Area.FORMATTING}),
    }
)
"""How the areas are brought back, in this order."""
