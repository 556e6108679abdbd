"""What the proof of a document found wrong: where it stands, what should stand there, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from deliverables.values.problem import Message, Severity, clauses, say


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One fault of a document.

    `key` is the path of the figure in the context, such as outages[3].started, and `sources`
    are the cells and lines its value comes from; both are empty where no figure is concerned.
    """

    code: str
    severity: Severity
    where: Message
    message: Message
    expected: str = ""
    found: str = ""
    key: str = ""
    sources: tuple[str, ...] = ()

    def in_language(self, language: str) -> str:
        """Return the one-line report: place, severity[code], message, sources."""
        message = self.message
        if self.sources:
            message = say("{message} ({sources})", message=message, sources=clauses(self.sources))
        told = say(
            "{where}: {severity}[{code}] {message}",
            where=self.where,
            severity=self.severity.label(language),
            code=self.code,
            message=message,
        )
        return told.in_language(language)

    def __str__(self) -> str:
        return self.in_language("en")


def fault(
    code: str, where: Message, message: Message, expected: str = "", found: str = ""
) -> Finding:
    """Return an error that concerns no single figure."""
    return Finding(code=code, severity=Severity.ERROR, where=where, message=message,
                   expected=expected, found=found)  # fmt: skip


def doubt(code: str, where: Message, message: Message) -> Finding:
    """Return a warning: something to look at, which stops nothing."""
    return Finding(code=code, severity=Severity.WARNING, where=where, message=message)


WHOLE_DOCUMENT: Final = say("the document")
