"""Wherever a run is ended or its disk full, nothing is lost, left over, or said untruly.

A few points of each command; `python tests/sweep.py` takes them all.
"""

from __future__ import annotations

import os

import pytest
from few import thorough_but
from sweep import CASES, FAULTS, kinds, points, some

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a process is copied")

A_FEW = ("import",)
MANY = 4


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", thorough_but(A_FEW, CASES))
def test_every_command_is_completed_or_undone_wherever_it_is_stopped(name: str, fault: str) -> None:
    assert {at: FAULTS[fault](name, at) for at in some(name, fault, MANY)} == {
        at: [] for at in some(name, fault, MANY)
    }


@pytest.mark.thorough
@pytest.mark.parametrize("fault", FAULTS)
def test_steps_of_every_kind_are_among_those_that_are_tried(fault: str) -> None:
    tried = {kinds(name, fault)[at - 1] for name in CASES for at in some(name, fault, MANY)}
    assert tried == {kind for name in CASES for kind in kinds(name, fault)}


def test_a_point_is_a_step_that_is_taken() -> None:
    assert len(points("import", "killed")) > len(points("import", "full")) > MANY
    last = points("import", "killed")[-1]
    assert FAULTS["killed"]("import", last + 1) == ["it was not ended"]
