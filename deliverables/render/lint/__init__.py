"""The checks of a template: rules in one list, each a function that yields what it finds.

What breaks a document (tags, merged cells, a missing place for the seal, traces of work) is an
error; what only spoils its look is a warning.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from lxml import etree

from deliverables.message import say
from deliverables.problem import Problem, error
from deliverables.render.lint.drawn import lines_of_fixed_height
from deliverables.render.lint.looks import (
    drifted_look,
    formatting_by_hand,
    known_layout,
    language,
    numbers_by_hand,
    styles_of_the_house,
)
from deliverables.render.lint.marks import (
    descriptions_of_pictures,
    place_for_the_seal,
    repeated_headers,
    traces_of_work,
)
from deliverables.render.lint.subject import Purpose, Subject, subject_of
from deliverables.render.lint.tagging import merged_in_loops, tags_and_names, tags_in_pieces
from deliverables.render.tags import source_of

__all__ = ["RULES", "Purpose", "lint"]

Rule = Callable[[Subject], Iterable[Problem]]

RULES: tuple[Rule, ...] = (
    tags_and_names,
    tags_in_pieces,
    merged_in_loops,
    place_for_the_seal,
    traces_of_work,
    known_layout,
    styles_of_the_house,
    drifted_look,
    formatting_by_hand,
    numbers_by_hand,
    language,
    repeated_headers,
    descriptions_of_pictures,
    lines_of_fixed_height,
)


def lint(template: Path, purpose: Purpose) -> tuple[Problem, ...]:
    """Return everything that is wrong with a template for its purpose, by rule."""
    return tuple(_findings(template, purpose))


def _findings(template: Path, purpose: Purpose) -> Iterator[Problem]:
    try:
        subject = subject_of(template, purpose)
    except (OSError, KeyError, StopIteration, zipfile.BadZipFile, etree.XMLSyntaxError):
        yield error(
            "template-file",
            source_of(template),
            say("this is no Word document that can be read"),
            say("save it as .docx in Word or WPS, without a password"),
        )
        return
    for rule in RULES:
        yield from rule(subject)
