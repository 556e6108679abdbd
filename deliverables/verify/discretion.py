"""Findings about a document that holds an identity number never repeat it.

Messages are printed, logged and sent on; an identity number belongs to its agreement alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from deliverables.identifiers import mask
from deliverables.message import Message
from deliverables.verify.finding import Finding
from deliverables.verify.leaves import Leaves

_IDENTITY_LIKE = re.compile(r"(?<![0-9])[0-9]{14,17}[0-9Xx](?![0-9])")


def discreet(finding: Finding, leaves: Leaves) -> Finding:
    """Return the finding with identity numbers masked, the right one and one mistyped."""
    private = {leaf.text for leaf in leaves.figures if leaf.figure.private and leaf.text}
    if not private:
        return finding
    return replace(
        finding,
        where=_masked(finding.where, private),
        message=_masked(finding.message, private),
        expected=_masked(finding.expected, private),
        found=_masked(finding.found, private),
    )


def _masked(said: Any, private: Collection[str]) -> Any:
    if isinstance(said, Message):
        return replace(said, values={k: _masked(v, private) for k, v in said.values.items()})
    return without_identities(said, private) if isinstance(said, str) else said


def without_identities(text: str, private: Collection[str] = ()) -> str:
    """Return the text with private texts, and all that look like identity numbers, masked."""
    for known in private:
        text = text.replace(known, mask(known))
    return _IDENTITY_LIKE.sub(lambda found: mask(found[0]), text)
