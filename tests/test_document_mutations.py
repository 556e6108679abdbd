"""Slips in a finished document are found, whatever they are; prose is anybody's to edit.

benchmarks/mutate_documents.py does the same many hundred times; docs/verification.md has the
figures.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import office
import pytest
from lxml import etree
from mutations import FIGURE_EDITS, PROSE_EDITS, Draft, Mutant, W, mutants, put, texts_of_rows
from test_kinds import EVERY_KIND, made, makeable

from deliverables.kind import Kind, kinds
from deliverables.problem import Severity
from deliverables.docx.render import Rendered
from deliverables.verify.finding import Finding
from deliverables.verify.proof import prove

EDITS = {"annual_summary": 8, "quarterly_report": 12}
FEW, MANY = 12, 40


@cache
def finished(kind: Kind) -> tuple[Rendered, object]:
    return made(kind, makeable(kind)[0])


def findings(kind: Kind, document: bytes) -> list[Finding]:
    made_now, context = finished(kind)
    found = prove(document, context, made_now.printed, made_now)
    return [finding for finding in found if finding.severity is not Severity.GAP]


def errors(kind: Kind, document: bytes) -> list[str]:
    found = findings(kind, document)
    return [str(finding) for finding in found if finding.severity is Severity.ERROR]


def edited(kind: Kind, edits: object, count: int, *, marks: bool = True) -> Iterator[Mutant]:
    document, context = finished(kind)
    chosen = FIGURE_EDITS if edits == "figures" else PROSE_EDITS
    return mutants(document, texts_of_rows(context), chosen, count, marks=marks)


def saved_by_libreoffice(documents: list[bytes], folder: Path) -> list[bytes]:
    """Return the documents as LibreOffice saves them."""
    program = office.program("soffice", "apt install libreoffice-writer-nogui")
    files = [folder / f"{number:03}.docx" for number in range(len(documents))]
    for file, document in zip(files, documents, strict=True):
        file.write_bytes(document)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, "--headless", "--norestore", profile, "--convert-to", "docx"]
    subprocess.run(
        [*command, "--outdir", str(folder / "saved"), *map(str, files)],
        check=True, capture_output=True, timeout=office.LIBREOFFICE_SECONDS,
    )  # fmt: skip
    return [(folder / "saved" / file.name).read_bytes() for file in files]


@EVERY_KIND
def test_every_slip_in_a_figure_is_found(kind: Kind) -> None:
    missed = [
        (mutant.edit, mutant.said)
        for mutant in edited(kind, "figures", EDITS.get(kind.name, MANY))
        if not errors(kind, mutant.document)
    ]
    assert missed == []


@EVERY_KIND
def test_no_edit_of_the_prose_raises_an_alarm(kind: Kind) -> None:
    count = EDITS.get(kind.name, MANY)
    alarms = {
        (mutant.edit, mutant.said): found
        for mutant in edited(kind, "prose", count)
        if (found := errors(kind, mutant.document))
    }
    assert alarms == {}


@EVERY_KIND
def test_a_file_nobody_edited_has_no_finding(kind: Kind) -> None:
    document, context = finished(kind)
    assert findings(kind, document) == []
    assert findings(kind, Draft(document, texts_of_rows(context)).saved()) == []


@EVERY_KIND
def test_a_program_that_drops_all_marks_raises_no_alarm(kind: Kind) -> None:
    document, context = finished(kind)
    draft = Draft(document, texts_of_rows(context))
    draft.without_marks()
    assert findings(kind, draft.saved()) == []


@EVERY_KIND
def test_the_same_holds_after_libreoffice_saved_the_file(kind: Kind, tmp_path: Path) -> None:
    document, _ = finished(kind)
    slips = list(islice(edited(kind, "figures", FEW), 0, FEW, 6 if kind.name in EDITS else 1))
    files = [bytes(document), *(mutant.document for mutant in slips)]
    untouched, *saved = saved_by_libreoffice(files, tmp_path)
    assert errors(kind, untouched) == []
    missed = [m for m, file in zip(slips, saved, strict=True) if not errors(kind, file)]
    assert [(mutant.edit, mutant.said) for mutant in missed] == []


LETTER = kinds()["payment_request"]


def letter() -> Draft:
    document, context = finished(LETTER)
    return Draft(document, texts_of_rows(context))


def test_a_changed_mark_names_its_figure_and_its_place() -> None:
    draft = letter()
    spot = next(spot for spot in draft.marked if spot.key == "requested")
    put(spot.element, "1,453,654.25")
    found = next(one for one in findings(LETTER, draft.saved()) if one.code == "figure-changed")
    assert (found.key, found.expected, found.found) == ("requested", "1,453,654.24", "1,453,654.25")
    assert "贵局与我公司于" in str(found.where)
    assert found.sources


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [("{}起", False), ("于{}", False), ("{}5", True), ("1{}", True), ("{}-A", True), ("", True)],
)
def test_words_typed_at_the_edge_of_a_mark_are_let_pass(typed: str, wrong: bool) -> None:
    draft = letter()
    spot = next(spot for spot in draft.marked if spot.key == "contract_number")
    put(spot.element, typed.format(spot.text) if typed else "")
    assert bool(errors(LETTER, draft.saved())) is wrong


@pytest.mark.parametrize("typed", ["5", ".5", "-", "，"])
@pytest.mark.parametrize("place", ["before", "after"])
def test_what_is_typed_beside_a_mark_may_make_another_figure_of_it(typed: str, place: str) -> None:
    draft = letter()
    control = next(spot for spot in draft.marked if spot.key == "requested").element
    run = etree.fromstring(f'<w:r xmlns:w="{W[1:-1]}"><w:t>{typed}</w:t></w:r>')
    add = control.addprevious if place == "before" else control.addnext
    add(run)
    reads_on = typed in ("5", ".5") or (typed, place) == ("-", "before")
    assert bool(errors(LETTER, draft.saved())) is reads_on


def test_a_count_typed_into_prose_that_nobody_states_is_a_doubt() -> None:
    draft = letter()
    text = next(t for t in draft.root.iter() if (t.text or "").startswith("元，大写"))
    text.text = f"{text.text}（占合同总额的37.21%）"
    found = findings(LETTER, draft.saved())
    assert [(one.code, one.found) for one in found] == [("count-unknown", "37.21%")]


def test_a_mark_whose_figure_the_data_do_not_have_is_found() -> None:
    draft = letter()
    for name, value in (("tag", "gone[3].amount"), ("alias", "金额|gone[3].amount")):
        control = draft.marked[0].element
        next(control.iter(f"{control.tag[:-3]}{name}")).set(f"{control.tag[:-3]}val", value)
    start = draft.marked[0].element.getprevious()
    start.set(next(key for key in start.keys() if key.endswith("name")), "fig_000000000000")  # noqa: SIM118  # lxml
    assert "figure-unknown" in {one.code for one in findings(LETTER, draft.saved())}
