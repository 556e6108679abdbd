"""What a document said when it was made: its blocks with their figures, and the cells behind them.

The base lies beside the register. A file is compared with it (what people did), and it with what
the data say today (what changed since).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from deliverables.lazily import dataclass
from deliverables.trace import Trace
from deliverables.verify.document import Block, Document, Identity

FORMAT = "1"


class NewerFormatError(Exception):
    """A base that a newer version of the program has left: update it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as the base keeps it; `sources` are keys of `Base.cells`."""

    name: str
    text: str
    private: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Base:
    """What a document said when it was made, and of what.

    `figures` are all of the context by their keys, printed or not; `cells` the text of every cell
    and line behind them by its place as text, `data/…/Q2.xlsx[工单]!C20`.
    """

    blocks: tuple[Block, ...]
    identity: Identity | None
    stage: str
    template: str
    template_sha256: str
    options: frozenset[str]
    figures: Mapping[str, Told]
    cells: Mapping[str, str]
    format: str = FORMAT

    def records(self) -> tuple[bytes, bytes]:
        """Return the record of what documents of one sort share, to be kept by content, and its own.

        Neither depends on what was made before. Only the second may hold identity numbers.
        """
        raise NotImplementedError

    @classmethod
    def of_records(cls, shared: bytes, own: bytes) -> Base:
        """Return the base that left these records. Raises NewerFormatError, ValueError."""
        raise NotImplementedError

    def to_bytes(self) -> bytes:
        """Return both records in one, for what is kept singly."""
        raise NotImplementedError

    @classmethod
    def of_bytes(cls, kept: bytes) -> Base:
        """Return the base that left these bytes. Raises NewerFormatError, ValueError."""
        raise NotImplementedError

    @property
    def digest(self) -> str:
        """SHA-256 of what it says, in hexadecimal; approvals of edits hold for it."""
        raise NotImplementedError

    def settled(self, document: Document, stage: str) -> Base:
        """Return the base of a document that became this one by hand: a final, a sealed one.

        Its figures are where they stood before, as far as they still stand.
        """
        raise NotImplementedError


def base_of(
    document: bytes,
    trace: Trace,
    context: object,
    *,
    template: Path,
    stage: str = "draft",
    options: Iterable[str] = (),
) -> Base:
    """Return the base of a document just made of a template and a context.

    Raises UnreadableDocumentError.
    """
    raise NotImplementedError


def digest_of(context: object) -> str:
    """Return the SHA-256 of what a context says: `key NUL text LF` of every figure, in order."""
    raise NotImplementedError
