"""Whatever slip is made in a finished document is an error; harmless edits are none.

The slips were listed without a look at what finds them (tests/slips). Each is tried here in two
letters or lists, or in one report if only reports have what it changes; some after LibreOffice
saved the file. benchmarks/mutate_documents.py tries them all in every kind, many times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path

import office
import pytest
from documents import EVERY_KIND, base, made, makeable
from slips import EDITS, SLIPS, Change, Mutant, mutants

from deliverables.kinds import Kind, kinds
from deliverables.values.problem import Severity
from deliverables.verify import prove
from deliverables.verify.base import Base

SEED = 20270525
REPORTS = ("annual_summary", "quarterly_report")
TRIED_IN_REPORTS = 24
"""One class of so many is tried in a report too, which takes longer than a letter."""

SAVED = 5
"""One class of so many is tried again after LibreOffice saved the file."""

UNDONE_BY_LIBREOFFICE = frozenset(
    {"caption_renumbered", "reference_changed", "equation_added", "other_document_taken_in"}
)
"""Slips that are gone when LibreOffice saved the file: it counts captions and renews references,
without its formula editor it drops equations, and it does not know parts taken in."""


@cache
def finished(kind: Kind) -> tuple[bytes, Base, object]:
    """Return a document of a kind, the base it left, and what it was made of."""
    one = makeable(kind)[0]
    document, context = made(kind, one)
    return bytes(document), base(kind, one), context


def errors(kind: Kind, document: bytes) -> list[str]:
    """Return the errors that are found in a document of a kind: the one place that asks."""
    _, base, context = finished(kind)
    found = prove(document, base, context)
    return [str(finding) for finding in found if finding.severity is Severity.ERROR]


def in_turn(changes: Mapping[str, Change], name: str) -> tuple[list[Kind], list[Kind]]:
    """Return the letters and lists, and the reports, each beginning with another for each class."""
    number = list(changes).index(name)
    short = [kind for kind in kinds().values() if kind.name not in REPORTS]
    long = [kinds()[report] for report in REPORTS]
    return (
        short[number % len(short) :] + short[: number % len(short)],
        long[number % 2 :] + long[: number % 2],
    )


def tried(changes: Mapping[str, Change], name: str) -> Iterator[tuple[Kind, Mutant]]:
    """Yield a class of changes in two letters or lists, or in a report."""
    short, long = in_turn(changes, name)
    number = 0
    for number, found in enumerate(islice(_made(changes[name], short), 2), 1):  # noqa: B007
        yield found
    if not number or list(changes).index(name) % TRIED_IN_REPORTS == 0:
        yield from islice(_made(changes[name], long), 1)


def _made(change: Change, among: list[Kind]) -> Iterator[tuple[Kind, Mutant]]:
    for kind in among:
        mutant = _mutant(change, kind)
        if mutant:
            yield kind, mutant


@cache
def _mutant(change: Change, kind: Kind) -> Mutant | None:
    return next(mutants(finished(kind)[0], change, 1, SEED), None)


@EVERY_KIND
def test_a_document_nobody_edited_has_no_error(kind: Kind) -> None:
    assert errors(kind, finished(kind)[0]) == []


@pytest.mark.thorough
@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_an_error(name: str) -> None:
    made_now = list(tried(SLIPS, name))
    missed = [
        (kind.name, mutant.said) for kind, mutant in made_now if not errors(kind, mutant.document)
    ]
    assert (bool(made_now), missed) == (True, [])


@pytest.mark.thorough
@pytest.mark.parametrize("name", EDITS)
def test_a_harmless_edit_is_no_error(name: str) -> None:
    made_now = list(tried(EDITS, name))
    alarms = {
        (kind.name, mutant.said): found
        for kind, mutant in made_now
        if (found := errors(kind, mutant.document))
    }
    assert (bool(made_now), alarms) == (True, {})


def saved_by_libreoffice(documents: list[bytes], folder: Path) -> list[bytes]:
    """Return the documents as LibreOffice saves them."""
    files = [folder / f"{number:03}.docx" for number in range(len(documents))]
    for file, document in zip(files, documents, strict=True):
        file.write_bytes(document)
    return [file.read_bytes() for file in office.saved_again(files, folder / "saved")]


def to_be_saved(changes: Mapping[str, Change]) -> Iterator[tuple[Kind, Mutant]]:
    """Yield some classes of changes, each in a letter or list, or else in the report of a quarter.

    LibreOffice takes as long for that report as for ten letters, for the one of the year twice so.
    """
    for number, name in enumerate(changes):
        if name not in UNDONE_BY_LIBREOFFICE and number % SAVED == 0:
            short, _ = in_turn(changes, name)
            yield from islice(_made(changes[name], [*short, kinds()["quarterly_report"]]), 1)


def edited_harmlessly() -> dict[Kind, bytes]:
    """Return a document of each kind with all the harmless edits that are to be saved in it."""
    found = {kind: finished(kind)[0] for kind in kinds().values()}
    for kind, mutant in to_be_saved(EDITS):
        change = EDITS[mutant.change]
        found[kind] = next(mutants(found[kind], change, 1, SEED)).document
    return found


@pytest.mark.office
def test_the_same_holds_after_libreoffice_saved_the_file(tmp_path: Path) -> None:
    sound, slips = list(edited_harmlessly().items()), list(to_be_saved(SLIPS))
    made_now = [*sound, *((kind, mutant.document) for kind, mutant in slips)]
    saved = saved_by_libreoffice([document for _, document in made_now], tmp_path)
    found = [errors(kind, document) for (kind, _), document in zip(made_now, saved, strict=True)]
    of_sound, of_slips = found[: len(sound)], found[len(sound) :]
    alarms = {kind.name: one for (kind, _), one in zip(sound, of_sound, strict=True) if one}
    missed = [mutant.said for (_, mutant), one in zip(slips, of_slips, strict=True) if not one]
    assert (alarms, missed) == ({}, [])
