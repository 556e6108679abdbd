"""The finished document, opened again by a reader of its own and proved against its context."""

from __future__ import annotations

from pathlib import Path

from deliverables.verify.account import account
from deliverables.verify.base import Base
from deliverables.verify.document import read_document
from deliverables.verify.finding import Finding


def prove(document: bytes | Path, base: Base, context: object) -> tuple[Finding, ...]:
    """Stand-in."""
    return tuple(one.finding for one in account(base, read_document(document)))
