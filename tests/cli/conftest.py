"""What tests of the command may ask for by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import builders
import pytest
from click.testing import CliRunner, Result

from deliverables.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder with one small sound project."""
    monkeypatch.chdir(tmp_path)
    builders.project(Path("data"))

    def invoke(*words: str) -> Result:
        result = CliRunner().invoke(main, ["--lang", "en", *words])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke
