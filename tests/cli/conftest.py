"""What tests of the command may ask for by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import builders
import finished
import pytest
from click.testing import Result

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder with one small sound project."""
    monkeypatch.chdir(tmp_path)
    builders.project(Path("data"))

    return finished.run
