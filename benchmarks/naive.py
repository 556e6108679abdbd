"""What everybody writes first: docxtpl opens the template, renders and saves, for each document.

    python benchmarks/naive.py TEMPLATE CONTEXTS FOLDER PROCESSES

CONTEXTS is a pickled list of (name of the file, names and values of the template).
"""

from __future__ import annotations

import pickle
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, is_dataclass
from functools import partial
from pathlib import Path
from typing import Any


def plain(value: Any) -> Any:
    """Return a context as a script would have it: text, lists and dictionaries."""
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if is_dataclass(value) and not hasattr(value, "origin"):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    return value if isinstance(value, bool) else str(value)


def save(template: str, folder: str, job: tuple[str, dict[str, Any]]) -> None:
    """Render one document."""
    from docxtpl import DocxTemplate  # noqa: PLC0415  # as a script that renders does

    name, context = job
    document = DocxTemplate(template)
    document.render(context, autoescape=True)
    document.save(Path(folder) / f"{name}.docx")


def main(template: str, contexts: str, folder: str, processes: str = "1") -> None:
    """Render all documents, by so many processes."""
    jobs = pickle.loads(Path(contexts).read_bytes())  # noqa: S301  # written by the benchmark
    work = partial(save, template, folder)
    if int(processes) == 1:
        for job in jobs:
            work(job)
        return
    with ProcessPoolExecutor(int(processes)) as pool:
        list(pool.map(work, jobs, chunksize=16))


if __name__ == "__main__":
    main(*sys.argv[1:])
