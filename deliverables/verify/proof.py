"""The proof: a saved document is opened again and every rule looks at it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from deliverables.problem import Severity
from deliverables.verify.amounts import (
    net_and_tax_make_gross,
    parts_make_the_whole,
)
from deliverables.verify.charts import charts_show_their_workbooks
from deliverables.verify.discretion import discreet
from deliverables.verify.paper import Document
from deliverables.verify.figures import figures_are_printed
from deliverables.verify.finding import WHOLE_DOCUMENT, Finding, fault
from deliverables.verify.identity import (
    contract_number_is_the_contracts,
    numbers_are_known,
    parties_have_their_names,
)
from deliverables.verify.inserts import pictures_are_shown
from deliverables.verify.leaves import Leaves, leaves_of, only_printed
from deliverables.verify.leftovers import (
    no_changes_are_tracked,
    no_tags_are_left,
    no_traces_of_the_program_are_left,
    nothing_is_to_be_supplied,
    the_seal_has_its_place,
)
from deliverables.verify.marks import marks_hold
from deliverables.verify.reader import UnreadableDocumentError, read_document
from deliverables.verify.strangers import unknown_amounts, unknown_counts, unknown_dates
from deliverables.verify.structure import (
    bookmarks_are_unique,
    cells_end_with_a_paragraph,
    content_controls_are_unique,
    drawings_are_unique,
    styles_exist,
)
from deliverables.verify.totals import totals_are_sums
from deliverables.verify.words import words_equal_figures

__all__ = ["RULES", "Finding", "Rule", "prove"]

Rule = Callable[[Document, Leaves], Iterable[Finding]]

RULES: Final[tuple[Rule, ...]] = (
    marks_hold,
    figures_are_printed,
    totals_are_sums,
    words_equal_figures,
    net_and_tax_make_gross,
    parts_make_the_whole,
    unknown_amounts,
    unknown_dates,
    unknown_counts,
    contract_number_is_the_contracts,
    numbers_are_known,
    parties_have_their_names,
    the_seal_has_its_place,
    no_tags_are_left,
    no_traces_of_the_program_are_left,
    nothing_is_to_be_supplied,
    no_changes_are_tracked,
    cells_end_with_a_paragraph,
    content_controls_are_unique,
    bookmarks_are_unique,
    drawings_are_unique,
    styles_exist,
    charts_show_their_workbooks,
    pictures_are_shown,
)

_ORDER: Final = (Severity.ERROR, Severity.WARNING, Severity.GAP)


def prove(
    document: Path | bytes,
    context: object,
    printed: Collection[str] | None = None,
    as_made: bytes | None = None,
) -> tuple[Finding, ...]:
    """Return everything in which a saved document is not what its context says, errors first.

    The context is a frozen dataclass: its leaves are Figure, Insert, str or bool, its loops
    tuples of dataclasses. `printed` are the paths of the figures that the document must print;
    without it, all of them. A mapping says how often each is printed, so that a slip in one of
    several printings is found too. `as_made` is the document that the program makes of the
    context: beside it, marks show what was moved, and rows and prose what was changed. A file
    that cannot be read is a finding.
    """
    try:
        leaves = leaves_of(context)
        pictures = bool(leaves.pictures)
        read = read_document(document, pictures=pictures)
        if printed is not None:
            leaves = only_printed(leaves, printed)
        if as_made is not None:
            same = as_made == document
            leaves = replace(
                leaves, as_made=read if same else read_document(as_made, pictures=pictures)
            )
        every = [finding for rule in RULES for finding in rule(read, leaves)]
        found = [discreet(finding, leaves) for finding in _once(every)]
    except UnreadableDocumentError as failure:
        return (fault("unreadable", WHOLE_DOCUMENT, failure.reason),)
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.severity)))


_OF_ONE_FIGURE: Final = {"figure-changed", "figure-missing"}


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Leave out what a rule that goes by text says again of a figure whose mark was looked at."""
    said = set[str]()
    for finding in findings:
        again = finding.code in _OF_ONE_FIGURE and finding.key in said
        if not again:
            yield finding
        if finding.key and finding.code in _OF_ONE_FIGURE:
            said.add(finding.key)
