"""No input ends in a traceback: campaigns of tests/fuzz.py with a fixed number of seeds."""

from __future__ import annotations

import fuzz
import pytest

pytestmark = pytest.mark.thorough

SEEDS = range(120)


@pytest.mark.parametrize("campaign", sorted(fuzz.CAMPAIGNS))
def test_no_seed_ends_in_a_traceback(campaign: str) -> None:
    assert list(fuzz.faults(campaign, SEEDS)) == []


def test_a_traceback_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fuzz.CAMPAIGNS, "planted", lambda _: {}["planted"])  # type: ignore[arg-type]
    (found, *_) = fuzz.faults("planted", range(2))
    assert found[0] == 0
    assert "KeyError" in found[1]
