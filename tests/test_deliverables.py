"""What docs/python.md shows is run, block after block, and prints what stands under it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

import deliverables
from deliverables import Ground, UnknownFileError, UnsoundDataError, Untold, open_data

pytestmark = [pytest.mark.thorough, pytest.mark.processes]

BLOCK = re.compile(r"```python\n(.*?)```\n+```text\n(.*?)```", re.DOTALL)


def test_the_document_prints_what_it_says(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(root / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall((root / "docs" / "python.md").read_text("utf-8"))
    told: dict[str, object] = {}
    for code, printed in blocks:
        said = StringIO()
        with redirect_stdout(said):
            exec(code, told)  # noqa: S102  # our own document
        assert said.getvalue() == printed
    assert len(blocks) == (root / "docs" / "python.md").read_text("utf-8").count("```python")


def test_the_door_costs_nothing_until_it_is_opened() -> None:
    program = (
        "import sys, deliverables; "
        "print([name for name in sys.modules if name.startswith('deliverables')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['deliverables.version', 'deliverables']"


def test_every_name_of_the_door_is_behind_it() -> None:
    values = [getattr(deliverables, name) for name in deliverables.__all__ if name[0].isupper()]
    assert all(isinstance(value, type) for value in values)
    with pytest.raises(AttributeError):
        deliverables.Nothing  # noqa: B018  # asked for


def test_a_folder_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError):
        open_data(tmp_path / "nowhere")


def test_a_file_that_no_register_knows_is_told_with_its_reason(root: Path, tmp_path: Path) -> None:
    project = open_data(root / "data", tmp_path)
    stranger = root / "templates" / "payment_request.docx"
    (told,) = project.verify(stranger)
    assert isinstance(told, Untold)
    assert told.ground is Ground.UNKNOWN
    with pytest.raises(UnknownFileError):
        project.explain(stranger)


def test_data_with_errors_explain_nothing(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "data", tmp_path / "data")
    project = open_data(tmp_path / "data", tmp_path / "out")
    run = project.build(date(2026, 11, 2), kinds=["payment_request"], parts=["1"])
    (built,) = run.outcomes
    assert built.file is not None
    contract = tmp_path / "data" / project.contracts[0] / "contract.yaml"
    wrong = contract.read_text("utf-8").replace("1,957,783.48", "1,957,783.49")
    contract.write_text(wrong, "utf-8")
    with pytest.raises(UnsoundDataError) as refused:
        project.explain(built.file)
    assert "instalment-total" in {problem.code for problem in refused.value.problems}
