"""The checks of a template: rules in one list, each a function that yields what it finds.

What breaks a document (tags, merged cells, a missing place for the seal, traces of work) is an
error; what only spoils its look is a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

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
from deliverables.render.lint.settings import bound_controls, settings_that_stay
from deliverables.render.lint.subject import Purpose, Subject, subject_of
from deliverables.render.lint.tagging import merged_in_loops, tags_and_names
from deliverables.render.tags import source_of
from deliverables.render.word_file import read_word_file

__all__ = ["RULES", "Purpose", "lint"]

Rule = Callable[[Subject], Iterable[Problem]]

RULES: tuple[Rule, ...] = (
    tags_and_names,
    merged_in_loops,
    settings_that_stay,
    bound_controls,
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
    package, objections = read_word_file(template)
    if package is None:
        for what, fix in objections:
            yield error("template-file", source_of(template), what, fix)
        return
    subject = subject_of(template, package, purpose)
    for rule in RULES:
        yield from rule(subject)
