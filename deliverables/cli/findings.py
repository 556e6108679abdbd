"""How findings of a proof are shown to people and to programs."""

from __future__ import annotations

from collections.abc import Iterable

import click

from deliverables.cli.workplace import Workplace
from deliverables.verify.finding import Finding


def show_findings(findings: Iterable[Finding], workplace: Workplace) -> None:
    """Print findings on standard error, each on a line of its own."""
    for finding in findings:
        click.echo(finding.in_language(workplace.language), err=True)


def finding_facts(finding: Finding, language: str) -> dict[str, object]:
    """Return a finding for another program."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "where": finding.where.in_language(language),
        "message": finding.message.in_language(language),
        "expected": finding.expected,
        "found": finding.found,
        "figure": finding.key,
        "sources": [str(source) for source in finding.sources],
    }
