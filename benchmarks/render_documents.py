"""How much faster a document is made here than by the usual libraries, as ratios of one run.

    python benchmarks/render_documents.py [ROUNDS]

Every side makes the same document in memory, on one core; ours traces each figure and draws native
charts. What is not on the machine is left out and said: matplotlib, and node
with docxtemplater and pizzip, looked for in NODE_PATH.
"""

# ruff: noqa: T201, S603, PLC0415  # it prints a table, starts node, and imports what there is
from __future__ import annotations

import gc
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import fields, is_dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from docxtpl import DocxTemplate, InlineImage  # noqa: E402
from table import Row, markdown, times  # noqa: E402

from deliverables.docx.names import Holds, names_offered  # noqa: E402
from deliverables.docx.package import Package  # noqa: E402
from deliverables.docx.render import render  # noqa: E402
from deliverables.draft import properties_of, stamp_of  # noqa: E402
from deliverables.kinds import Kind, kinds  # noqa: E402
from deliverables.model.book import ContractBook  # noqa: E402
from deliverables.model.content import Chart  # noqa: E402
from deliverables.read.book import read_book  # noqa: E402
from deliverables.values.calendar import published_calendar  # noqa: E402
from deliverables.values.figure import Figure  # noqa: E402
from deliverables.verify.base import digest_of  # noqa: E402

AS_OF = date(2027, 5, 25)
ROUNDS = 9
TURNS = 30
"""So many documents of ours are made while the others make one."""
Measured = tuple[str, str, float, float | None, str]
"""What was made, against whom, the ratio wanted, the ratio measured, and a note."""

TINY = {"rounds": 1, "turns": 1}


def rows(rounds: int = ROUNDS, turns: int = TURNS) -> list[Row]:
    """Return the ratios of this run; a dash where the other side is not on the machine."""
    cores = _stay_on_one_core()
    try:
        return [
            Row(work, against, times(wanted), "—" if ratio is None else times(ratio), note)
            for work, against, wanted, ratio, note in _rows(rounds, turns)
        ]
    finally:
        _go_back_to(cores)


def _rows(rounds: int, turns: int) -> Iterator[Measured]:
    agreement, letter, report = (
        _Work(name) for name in ("confidentiality_agreement", "payment_request", "quarterly_report")
    )
    few = max(rounds // 3, 1)
    yield _ratio(
        "confidentiality agreement", "docxtpl", 60, agreement.ours, agreement.naive, rounds, turns
    )
    yield _ratio("payment letter", "docxtpl", 80, letter.ours, letter.naive, rounds, turns)
    charts = f"{len(report.charts)} charts"
    if report.can_draw():
        yield _ratio(f"quarterly report, {charts}", "docxtpl + matplotlib", 100, report.ours,
                     report.naive_with_pictures, few, turns)  # fmt: skip
    else:
        yield ("quarterly report", "docxtpl + matplotlib", 100, None, "matplotlib is not installed")
    with tempfile.TemporaryDirectory() as folder:
        bare = report.without_charts(Path(folder))
        yield _ratio("quarterly report without charts", "docxtpl", 50, bare.ours, bare.naive,
                     few, turns)  # fmt: skip
    yield _against_docxtemplater(agreement, rounds, turns)


class _Work:
    """A document of one kind, by us and by docxtpl as its manual has it."""

    def __init__(self, name: str) -> None:
        book = _book()
        kind: Kind = kinds()[name]
        one = next(
            each
            for each in kind.plan(book, AS_OF)
            if all(blocker.waivable for blocker in each.blockers)
        )
        self.template = ROOT / "templates" / f"{name}.docx"
        self.context = kind.compose(book, one, AS_OF)
        self.charts: list[Chart] = []
        self.plain = self._plain(self.context)
        self._stamp, self._properties = (
            stamp_of(one, AS_OF),
            properties_of(one, book, AS_OF, digest_of(self.context)),
        )

    def without_charts(self, folder: Path) -> _Work:
        """Return the same work with a template that prints no chart."""
        names = {each.name.rpartition(".")[2] for each in names_offered(type(self.context))
                 if each.holds is Holds.CHART}  # fmt: skip
        package = Package.read(self.template)
        body = package.parts[package.document].decode()
        package.parts[package.document] = re.sub(
            r"\{\{ *(?:\w+\.)*(\w+) *\}\}", lambda tag: "" if tag[1] in names else tag[0], body
        ).encode()
        bare = copy(self)
        bare.template = folder / self.template.name
        bare.template.write_bytes(package.to_bytes())
        return bare

    def ours(self) -> bytes:
        return render(self.template, self.context, self._stamp, self._properties)

    def naive(self) -> bytes:
        return self._naive(self.plain)

    def naive_with_pictures(self) -> bytes:
        return self._naive(self.plain, draw=True)

    def _naive(self, plain: object, *, draw: bool = False) -> bytes:
        document = DocxTemplate(self.template)
        context = _drawn(plain, document) if draw else plain
        document.render(context)
        saved = BytesIO()
        document.save(saved)
        return saved.getvalue()

    @staticmethod
    def can_draw() -> bool:
        try:
            import matplotlib as mpl
        except ImportError:
            return False
        mpl.use("Agg")
        return True

    def _plain(self, value: object) -> object:
        """Return a context of plain strings, lists and dictionaries; charts stay."""
        if isinstance(value, Figure):
            return value.text
        if isinstance(value, Chart):
            self.charts.append(value)
            return value
        if isinstance(value, tuple):
            return [self._plain(item) for item in value]
        if is_dataclass(value):
            return {field.name: self._plain(getattr(value, field.name)) for field in fields(value)}
        return value


def _drawn(value: object, document: DocxTemplate) -> object:
    if isinstance(value, Chart):
        return InlineImage(document, BytesIO(_picture(value)))
    if isinstance(value, list):
        return [_drawn(item, document) for item in value]
    if isinstance(value, dict):
        return {name: _drawn(item, document) for name, item in value.items()}
    return value


def _picture(chart: Chart) -> bytes:
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 2.8))
    places = range(len(chart.categories))
    for series in chart.series:
        values = [0 if value is None else value for value in series.values]
        axes.plot(places, values, label=str(len(axes.lines)))
    axes.legend()
    saved = BytesIO()
    figure.savefig(saved, format="png", dpi=150)
    plt.close(figure)
    return saved.getvalue()


def _book() -> ContractBook:
    book = read_book(ROOT / "data" / "SXYSR202604152", published_calendar()).book
    if book is None:
        raise SystemExit("the sample contract cannot be read")
    return book


def _ratio(  # noqa: PLR0917  # a row
    work: str,
    against: str,
    wanted: float,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    rounds: int,
    turns: int,
) -> Measured:
    """Measure by turns, so that whatever else the machine does hits both sides alike."""
    theirs(), ours()
    own, other = [], []
    for _ in range(rounds):
        other += _seconds(theirs, 1)
        own += _seconds(ours, turns)
    mine, others = statistics.median(own), statistics.median(other)
    note = f"{mine * 1000:.2f} ms against {others * 1000:.1f} ms"
    return work, against, wanted, others / mine, note


def _seconds(work: Callable[[], object], turns: int) -> list[float]:
    """Return the processor time of each document."""
    gc.collect()  # what the other side left behind is not charged to this one
    measured = []
    for _ in range(turns):
        start = time.process_time()
        work()
        measured.append(time.process_time() - start)
    return measured


def _stay_on_one_core() -> set[int]:
    """Stay on one core from now on; return those that were allowed before."""
    if not hasattr(os, "sched_setaffinity"):
        return set()
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    return cores


def _go_back_to(cores: set[int]) -> None:
    if cores:
        os.sched_setaffinity(0, cores)


# docxtemplater

_NODE = """
const fs = require("fs"), PizZip = require("pizzip"), Doc = require("docxtemplater");
const [template, context, rounds] = process.argv.slice(2);
const content = fs.readFileSync(template), data = JSON.parse(fs.readFileSync(context));
const made = () => {
  const doc = new Doc(new PizZip(content), {paragraphLoop: true, linebreaks: true});
  doc.render(data);
  return doc.getZip().generate({type: "nodebuffer", compression: "DEFLATE"});
};
for (let i = 0; i < 30; i++) made();
const times = [];
for (let i = 0; i < Number(rounds) * 5; i++) {
  const before = process.cpuUsage();
  made();
  const used = process.cpuUsage(before);
  times.push((used.user + used.system) / 1e6);
}
console.log(times.sort((a, b) => a - b)[times.length >> 1]);
"""


def _against_docxtemplater(work: _Work, rounds: int, turns: int) -> Measured:
    name, against = "confidentiality agreement", "docxtemplater"
    node = shutil.which("node")
    if node is None:
        return name, against, 20, None, "node is not installed"
    with tempfile.TemporaryDirectory() as folder:
        template, context, program = (Path(folder) / file for file in ("t.docx", "c.json", "p.js"))
        template.write_bytes(_with_their_tags(work.template))
        context.write_text(json.dumps(_numbered(work.plain), ensure_ascii=False), "utf-8")
        program.write_text(_NODE, "utf-8")
        command = [node, str(program), str(template), str(context), str(rounds)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = next((line for line in done.stderr.splitlines() if "Error" in line), "failed")
        return name, against, 20, None, reason
    other = float(done.stdout)
    own = statistics.median(_seconds(work.ours, rounds * turns))
    return name, against, 20, other / own, f"{own * 1000:.2f} ms against {other * 1000:.1f} ms"


def _with_their_tags(template: Path) -> bytes:
    """Return the template with docxtemplater's delimiters: {name}, {#rows} … {/rows}."""
    saved = BytesIO()
    with zipfile.ZipFile(template) as old, zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = _their_tags(content.decode()).encode()
            new.writestr(name, content)
    return saved.getvalue()


def _their_tags(markup: str) -> str:
    opened: list[str] = []

    def converted(tag: re.Match[str]) -> str:
        words = tag["words"].split()
        if words[0] in ("p", "tr"):
            words = words[1:]
        if words[0] == "for":
            opened.append(words[-1])
            return f"{{#{words[-1]}}}"
        if words[0] == "if":
            opened.append(words[-1].replace("loop.", "loop_"))
            return f"{{#{opened[-1]}}}"
        return f"{{/{opened.pop()}}}" if words[0].startswith("end") else "{^}"

    tags = r"\{%(?P<words>.*?)%\}"
    markup = re.sub(r"\{\{\s*(?:loop\.)?(\w+)\s*\}\}", r"{\1}", markup)
    return re.sub(tags, converted, markup)


def _numbered(plain: object) -> object:
    """Return the context with what loops count written into its rows."""
    if not isinstance(plain, dict):
        return plain
    return {
        name: [
            {"note": item, "index": place + 1, "loop_first": place == 0}
            for place, item in enumerate(value)
        ]
        if isinstance(value, list)
        else value
        for name, value in plain.items()
    }


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    print(markdown(rows(rounds)))


if __name__ == "__main__":
    main()
