"""Edits that were approved: by whom, in which role, for which words.

An approval holds for one passage of what was made (its name says which) with the words it was given
for. When the document is made anew and says something else, or the words are changed again, the
passage has to be approved again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from deliverables import __version__
from deliverables.files import sha256_of
from deliverables.lazily import dataclass
from deliverables.register import Entry
from deliverables.verify.account import Difference

APPROVED: Final = "approved"
"""The event of an entry that records an approval."""

EVERY: Final = "all"
"""What is asked for to approve every passage."""

_PASSAGE, _WORDS, _BY, _ROLE = "passage", "words", "by", "role"


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """One approved passage: who approved it, in which role, on which day."""

    passage: str
    by: str
    role: str
    day: date


def approved(
    edits: Iterable[Difference], made: Entry, entries: Iterable[Entry]
) -> dict[str, Approval]:
    """Return the approvals that hold for the edits of a document, by their passages."""
    given = {
        (one.details.get(_PASSAGE, ""), one.details.get(_WORDS, "")): one
        for one in entries
        if one.event == APPROVED and one.deliverable == made.deliverable
    }
    found = ((edit, given.get((edit.passage, words_of(edit)))) for edit in edits)
    return {
        edit.passage: Approval(
            passage=edit.passage,
            by=entry.details.get(_BY, ""),
            role=entry.details.get(_ROLE, ""),
            day=entry.as_of,
        )
        for edit, entry in found
        if entry is not None
    }


def words_of(edit: Difference) -> str:
    """Return a SHA-256 of what stood there and what stands there: no entry holds the words."""
    return sha256_of(f"{edit.before}\0{edit.after}".encode())


def chosen(wishes: Sequence[str], edits: Sequence[Difference]) -> list[Difference] | str:
    """Return the edits that are meant by their passages or by `all`; a wish that means none.

    The beginning of a passage is enough if no other begins so.
    """
    found: dict[str, Difference] = {}
    for wish in wishes:
        meant = [one for one in edits if wish == EVERY or one.passage.startswith(wish)]
        if not wish or not meant or (wish != EVERY and len(meant) > 1):
            return wish
        found |= {one.passage: one for one in meant}
    return list(found.values())


def entries_for(
    edits: Iterable[Difference], made: Entry, *, by: str, role: str, moment: datetime
) -> Iterator[Entry]:
    """Yield what the register is to say of edits that somebody approves."""
    for edit in edits:
        yield replace(
            made,
            event=APPROVED,
            as_of=moment.date(),
            made_at=moment,
            version=__version__,
            command=f"deliverables final {made.deliverable} --approve {edit.passage}",
            findings=0,
            replaced="",
            details={_PASSAGE: edit.passage, _WORDS: words_of(edit), _BY: by, _ROLE: role},
        )
