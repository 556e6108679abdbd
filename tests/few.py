"""All of something, of which a few are quick: the others are what `thorough` means."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

import pytest


def thorough_but(
    few: Collection[str], every: Iterable[Any], name: Callable[[Any], str] = str
) -> list[Any]:
    """Return parameters named by `name`, all but the few marked thorough; each of the few is one.

    A name that is none any more would leave nothing quick, and nobody would notice.
    """
    found = {name(one): one for one in every}
    assert set(few) <= found.keys(), set(few) - found.keys()
    return [
        pytest.param(one, id=called, marks=() if called in few else pytest.mark.thorough)
        for called, one in found.items()
    ]
