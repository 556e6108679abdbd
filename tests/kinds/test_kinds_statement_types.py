"""What asserts something is a statement with an origin; plain text is left for labels alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from plain_texts import plain_texts

from deliverables.kinds import kinds
from deliverables.values.figure import Figure, Statement

TITLES = "the title of the document, put together from its kind, project and instalment"
POLITE = "how a letter addresses the client: 贵局"
ROW = "the label of a row"
LABELS: Mapping[str, Mapping[str, str]] = {
    "acceptance_record": {
        "title": TITLES,
        "scope": "which part of the service is accepted, as the form has it",
        "period": "how a period is called",
        "requirements.lines.standard": "the sort of a requirement",
        "requirements.counts.standard": "the sort of a requirement",
        "requirements.total.standard": "the sort of a requirement",
        "requirements.unmet.standard": "the sort of a requirement",
        "requirements.left.standard": "the sort of a requirement",
        "requirements.lines.number": "which row of the table it is",
        "requirements.unmet.number": "which row of the table it is",
        "requirements.left.number": "which row of the table it is",
        "service.quarters.label": "how a period is called",
        "service.targets.label": "how a period is called",
        "service.this.label": "how a period is called",
        "service.readings.label": "how a period is called",
        "trend.label": "how a period is called",
        "trend_total.label": "how a period is called",
        "materials.title": "how a report is called",
        "materials.covers": "how a period is called",
    },
    "confidentiality_agreement": {},
    "confidentiality_coverage": {
        "findings.name": ROW,
    },
    "late_payment_claim": {
        "title": TITLES,
        "you": POLITE,
        "instalment": "第一期款",
        "reckoning.label": ROW,
    },
    "payment_request": {
        "title": TITLES,
        "you": POLITE,
        "instalment": "第一期款",
        "conditions.name": ROW,
        "amounts.label": ROW,
    },
    "settlement_statement": {
        "you": POLITE,
        "tax.parts.label": ROW,
        "tax.sum.label": ROW,
        "tax.compared.label": ROW,
        "exit_lines.label": ROW,
    },
}
"""The plain texts that a document prints, each with the reason why it asserts nothing."""


@pytest.mark.parametrize("kind", LABELS)
def test_every_plain_text_is_a_label(kind: str) -> None:
    assert set(plain_texts(kinds()[kind].offers)) == set(LABELS[kind])


@dataclass(frozen=True)
class Row:
    label: str
    said: Statement


@dataclass(frozen=True)
class Context:
    conclusion: str
    amount: Figure[int]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]


def test_a_sentence_that_is_plain_text_would_be_noticed() -> None:
    assert list(plain_texts(Context)) == ["conclusion", "rows.label", "notes"]
