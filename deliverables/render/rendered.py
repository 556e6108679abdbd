"""What rendering gives: a document that knows what it prints, or what is wrong with a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverables.problem import Problem


class TemplateError(Exception):
    """A template that cannot be rendered; `problems` say where and how to mend it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class Rendered(bytes):
    """The bytes of a document, which knows how often it prints each figure of its context.

    Figures are named by their paths, such as outages[3].started. One under a condition that does
    not hold is not printed.
    """

    printed: Mapping[str, int]

    def __new__(cls, document: bytes, printed: Mapping[str, int]) -> Rendered:
        """Return the document with its figures counted."""
        rendered = super().__new__(cls, document)
        rendered.printed = printed
        return rendered
