"""What is wrong with the data, where, and what the person who owns it should do."""

from __future__ import annotations

from enum import StrEnum

from deliverables.lazily import dataclass
from deliverables.message import Message
from deliverables.source import Source


class Severity(StrEnum):
    """How much a problem stops: an error stops documents, a gap stops a final one.

    An edit, prose that a person changed in a document, stops a final one until it is approved.
    """

    ERROR = "error"
    WARNING = "warning"
    GAP = "gap"
    EDIT = "edit"

    def label(self, language: str) -> str:
        """Return the word for it in `language`."""
        return _CHINESE[self] if language == "zh" else self.value


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: its code, its place, what was expected and found, and the fix."""

    code: str
    severity: Severity
    source: Source
    message: Message
    fix: Message

    def in_language(self, language: str) -> str:
        """Return the one-line report: place, severity[code], message and fix."""
        message, fix = self.message.in_language(language), self.fix.in_language(language)
        label = self.severity.label(language)
        return f"{self.source}: {label}[{self.code}] {message}{_FIX[language]}{fix}"

    def __str__(self) -> str:
        return self.in_language("en")


_CHINESE = {
    Severity.ERROR: "错误",
    Severity.WARNING: "提醒",
    Severity.GAP: "待补",
    Severity.EDIT: "改动",
}
_FIX = {"en": ". Fix: ", "zh": "。处理办法："}


def error(code: str, source: Source, message: Message, fix: Message) -> Problem:
    """Return a problem that stops every document which depends on the data."""
    return Problem(code, Severity.ERROR, source, message, fix)


def warning(code: str, source: Source, message: Message, fix: Message) -> Problem:
    """Return a problem to look at, which stops nothing."""
    return Problem(code, Severity.WARNING, source, message, fix)


def gap(code: str, source: Source, message: Message, fix: Message) -> Problem:
    """Return a fact that nobody has supplied: drafts print 【待补】 and cannot become final."""
    return Problem(code, Severity.GAP, source, message, fix)
