"""Pages look as they looked when somebody last looked at them.

`pytest tests/kinds/test_kinds_pages.py --golden` draws the references anew; look at every one of
them before it is committed. The fonts are the free ones of scripts/install-preview-fonts.sh.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from documents import fullest
from pages import difference, pages_of, require_preview_fonts
from PIL import Image, ImageDraw
from places import TESTS

from deliverables.kinds import kinds

REFERENCES = TESTS / "pages"
TOLERANCE = 12.0
LOOKED_AT = {
    "acceptance_record": [1, 4],
    "quarterly_report": [1, 3],
    "annual_summary": [3],
    "payment_request": [2],  # the first page names the contact of the contract
    "confidentiality_agreement": [1],
    "confidentiality_coverage": [1],
    "late_payment_claim": [1],
    "settlement_statement": [1],
}


def test_pages_of_every_kind_are_looked_at() -> None:
    assert set(LOOKED_AT) == set(kinds())


@pytest.mark.parametrize("name", LOOKED_AT)
def test_pages_look_as_they_did(
    name: str,
    printed: Callable[[bytes], bytes],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    require_preview_fonts()
    pdf = tmp_path / f"{name}.pdf"
    pdf.write_bytes(printed(fullest(kinds()[name])))
    drawn = pages_of(pdf, LOOKED_AT[name], tmp_path)
    for number, page in drawn.items():
        reference = REFERENCES / f"{name}-{number}.png"
        if request.config.getoption("--golden"):
            REFERENCES.mkdir(exist_ok=True)
            page.quantize(16).save(reference, optimize=True)
        with Image.open(reference) as expected:
            assert difference(page, expected.convert("L")) < TOLERANCE, f"{name}, page {number}"


@pytest.mark.parametrize(
    ("box", "ink"),
    [((60, 200, 180, 206), 0), ((40, 60, 330, 90), 255)],
    ids=["a line that was not there", "a title that is gone"],
)
def test_a_changed_page_would_be_noticed(box: tuple[int, int, int, int], ink: int) -> None:
    with Image.open(REFERENCES / "payment_request-2.png") as opened:
        reference = opened.convert("L")
    changed = reference.copy()
    ImageDraw.Draw(changed).rectangle(box, fill=ink)
    assert difference(reference, changed) >= TOLERANCE


def test_half_a_dot_is_forgiven() -> None:
    with Image.open(REFERENCES / "payment_request-2.png") as opened:
        reference = opened.convert("L")
    nudged = reference.resize((reference.width * 2, reference.height * 2))
    nudged = nudged.transform(nudged.size, Image.Transform.AFFINE, (1, 0, 1, 0, 1, 0))
    assert difference(reference, nudged.resize(reference.size)) < TOLERANCE
