"""What `pip install .` gives: the command, its templates and its Chinese, in any folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and unpack it as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        check=True,
        capture_output=True,
        cwd=root,
    )
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as package:
        package.extractall(folder / "site")
    return folder / "site"


def test_every_template_travels_with_the_command(installed: Path, root: Path) -> None:
    shipped = {path.name for path in (root / "templates").iterdir()}
    assert "payment_email.txt.jinja" in shipped
    assert {path.name for path in (installed / "deliverables/_templates").iterdir()} == shipped


def test_the_chinese_messages_travel_with_the_command(installed: Path) -> None:
    assert (installed / "deliverables/locale/zh/LC_MESSAGES/deliverables.mo").is_file()


def test_the_parts_of_the_overview_travel_with_the_command(installed: Path, root: Path) -> None:
    parts = {path.name for path in (root / "deliverables/overview").glob("pa*.*")}
    assert {"page.html", "page.css", "page.js", "parts.html"} <= parts
    assert parts <= {path.name for path in (installed / "deliverables/overview").iterdir()}


def test_the_command_works_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-P", "-m", "deliverables", "--lang", "en", "kinds", "payment_request"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed), "PYTHONUTF8": "1"},
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert "{{ requested_in_words }}" in answer.stdout
