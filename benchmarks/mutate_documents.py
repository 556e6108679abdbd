"""How many slips in a finished document are found, and how often prose raises a false alarm.

    python benchmarks/mutate_documents.py [COUNT] [--kind NAME] [--missed] [--libreoffice]

For every kind of document, COUNT (300) single edits to figures and as many to prose; then the
same with all marks taken off, and with --libreoffice after it has saved each edited file anew.
"""

# ruff: noqa: T201, S603  # it prints a table, and starts LibreOffice
from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from mutations import FIGURE_EDITS, PROSE_EDITS, Mutant, mutants, texts_of_rows  # noqa: E402
from test_kinds import made, makeable  # noqa: E402

from deliverables.kind import Kind, kinds  # noqa: E402
from deliverables.pdf.office import soffice  # noqa: E402
from deliverables.problem import Severity  # noqa: E402
from deliverables.docx.render import Rendered  # noqa: E402
from deliverables.verify.finding import Finding  # noqa: E402
from deliverables.verify.proof import prove  # noqa: E402

_AT_ONCE = 40


def main() -> None:
    """Print a table: kind, what was done, how many, found or falsely alarmed, seconds each."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("count", nargs="?", type=int, default=300)
    parser.add_argument("--kind", choices=list(kinds()))
    parser.add_argument("--missed", action="store_true", help="list what was missed")
    parser.add_argument("--libreoffice", action="store_true")
    asked = parser.parse_args()
    chosen = [kinds()[asked.kind]] if asked.kind else list(kinds().values())
    print("kind | edits | number | found or alarmed | share | s each")
    for kind in chosen:
        for name, edits, marks, saved in (
            ("figures", FIGURE_EDITS, True, False),
            ("prose", PROSE_EDITS, True, False),
            ("figures, marks taken off", FIGURE_EDITS, False, False),
            ("prose, marks taken off", PROSE_EDITS, False, False),
            ("figures, LibreOffice", FIGURE_EDITS, True, True),
            ("prose, LibreOffice", PROSE_EDITS, True, True),
        ):
            if saved and not asked.libreoffice:
                continue
            document, context = made(kind, makeable(kind)[0])
            edited = mutants(document, texts_of_rows(context), edits, asked.count, marks=marks)
            judge(
                kind,
                name,
                saved_anew(edited) if saved else edited,
                document,
                context,
                list_missed=asked.missed,
            )


def judge(
    kind: Kind,
    name: str,
    edited: Iterable[Mutant],
    document: Rendered,
    context: object,
    *,
    list_missed: bool,
) -> None:
    """Prove every edited document and print how many were found out."""
    found, every, warned, seconds = Counter[str](), Counter[str](), 0, 0.0
    of_prose = name.startswith("prose")
    for mutant in edited:
        start = time.perf_counter()
        findings = prove(mutant.document, context, document.printed, document)
        seconds += time.perf_counter() - start
        every[mutant.edit] += 1
        alarmed = any(finding.severity is Severity.ERROR for finding in findings)
        found[mutant.edit] += alarmed
        doubts = [one for one in findings if one.severity is Severity.WARNING]
        warned += bool(doubts)
        wrong = (alarmed or doubts) if of_prose else not alarmed
        if list_missed and wrong:
            print("   ", mutant.edit, mutant.said, *_shown(findings), sep=" | ")
    total, hits = every.total(), found.total()
    share = f"{100 * hits / max(total, 1):.1f} %"
    print(kind.name, name, total, hits, share, f"{seconds / max(total, 1):.2f}", sep=" | ")
    print("    warnings in", warned, "of them;", _by_edit(found, every), flush=True)


def _by_edit(found: Counter[str], every: Counter[str]) -> str:
    return ", ".join(f"{edit} {found[edit]}/{count}" for edit, count in every.items())


def _shown(findings: Iterable[Finding]) -> list[str]:
    return [str(one) for one in findings if one.severity is not Severity.GAP][:3]


def saved_anew(edited: Iterable[Mutant]) -> Iterator[Mutant]:
    """Yield the documents as LibreOffice saves them, many at a time."""
    batch: list[Mutant] = []
    for mutant in edited:
        batch.append(mutant)
        if len(batch) == _AT_ONCE:
            yield from _saved(batch)
            batch = []
    yield from _saved(batch)


def _saved(batch: list[Mutant]) -> Iterator[Mutant]:
    program = soffice()
    if not batch or program is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        work, target = Path(folder), Path(folder) / "saved"
        files = [work / f"{number:03}.docx" for number in range(len(batch))]
        for file, mutant in zip(files, batch, strict=True):
            file.write_bytes(mutant.document)
        profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
        command = [program, "--headless", "--norestore", profile, "--convert-to", "docx"]
        subprocess.run([*command, "--outdir", str(target), *map(str, files)],
                       check=True, capture_output=True)  # fmt: skip
        for file, mutant in zip(files, batch, strict=True):
            yield Mutant(mutant.edit, mutant.said, (target / file.name).read_bytes())


if __name__ == "__main__":
    main()
