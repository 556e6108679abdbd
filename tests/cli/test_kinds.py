"""deliverables kinds: the names that a template may use."""

from __future__ import annotations

from finished import Run


def test_kinds_lists_the_names_a_template_may_use(run: Run) -> None:
    result = run("kinds", "payment_request")
    assert result.exit_code == 0
    assert "{{ contract_number }}" in result.stdout
