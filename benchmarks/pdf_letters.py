"""Letters as PDF/A by LibreOffice that stays, against a LibreOffice started for each."""

from __future__ import annotations

import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from projects import AS_OF, NUMBER, ROOT
from table import Row, times

from deliverables.build import build
from deliverables.examination import examine
from deliverables.folders import Folders
from deliverables.pdf.office import PdfPool, soffice
from deliverables.pdf.press import Printer
from deliverables.plan import Request

TINY = {"letters": 2, "started": 1}


def rows(letters: int = 100, started: int = 5) -> list[Row]:
    """Measure `letters` with a pool, and `started` each with a program of its own."""
    program = soffice()
    if program is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        files = _letters(Path(folder))
        each = sum(_started(program, files[n % len(files)], folder) for n in range(started))
        each /= started
        documents = [files[number % len(files)].read_bytes() for number in range(letters)]
        start = perf_counter()
        with PdfPool(program) as pool, ThreadPoolExecutor(pool.processes) as threads:
            list(threads.map(Printer(pool).print, documents))
        pooled = (perf_counter() - start) / letters
    return [
        Row(
            f"{letters} letters as PDF/A-2b, the same bytes each time",
            "one LibreOffice started for each",
            "x8",
            times(each / pooled),
            f"{1000 * pooled:.0f} ms against {1000 * each:.0f} ms each",
        )
    ]


def _letters(folder: Path) -> list[Path]:
    folders = Folders(ROOT / "data", folder / "out")
    request = Request(as_of=AS_OF, moment=datetime.now(UTC), command="bench", anyway=True,
                      kinds=frozenset({"payment_request"}))  # fmt: skip
    (examined,) = examine(folders, NUMBER)
    build(examined, folders, replace(request, options=frozenset()), lambda _: None)
    return sorted(folders.out.rglob("*.docx"))


def _started(program: str, file: Path, folder: str) -> float:
    profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
    arguments = [program, "--headless", "--norestore", profile, "--convert-to", "pdf"]
    start = perf_counter()
    subprocess.run([*arguments, "--outdir", folder, str(file)], capture_output=True, check=True)  # noqa: S603
    return perf_counter() - start
