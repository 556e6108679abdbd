"""Renew the pictures of documents in docs/images: python -m scripts.pictures [NAME…].

The sample contract is built on the day of each picture, LibreOffice prints it, and poppler's
pdftoppm draws the page. Chromium draws the overview. The workbooks and the application for an
invoice are pictures of a spreadsheet on the screen; they are taken by hand.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
COLOURS, KEEPING_RARE_ONES = 64, Image.Quantize.MAXCOVERAGE
"""A mark in red on a page of black and grey stays red."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of a document as of a day; `shows` are words on it, the first page that has them."""

    name: str
    day: str
    kind: str
    part: str
    shows: str
    resolution: int = 62


PICTURES = (
    Picture("quarterly-cover", "2027-02-05", "quarterly_report", "Q3", "编制单位"),
    Picture("quarterly-contents", "2027-02-05", "quarterly_report", "Q3", "目录一、"),
    Picture("quarterly-report", "2027-02-05", "quarterly_report", "Q3", "服务情况一览", 80),
    Picture("quarterly-resources", "2027-02-05", "quarterly_report", "Q3", "表 2-1 资源变动情况"),
    Picture("quarterly-availability", "2027-02-05", "quarterly_report", "Q3", "可用性与合同要求"),
    Picture("annual-conclusion", "2027-05-25", "annual_summary", "annual", "服务情况一览"),
    Picture("acceptance-record", "2027-05-25", "acceptance_record", "final", "自查结论汇总"),
    Picture("payment-request-1", "2027-05-25", "payment_request", "3", "付款条件"),
    Picture("late-payment-claim", "2026-11-30", "late_payment_claim", "1", "主张违约金"),
    Picture("settlement-statement", "2026-11-30", "settlement_statement", "statement", "各期款项"),
    Picture("agreement", "2026-11-02", "confidentiality_agreement", "S003", "协议编号"),
    Picture("coverage", "2026-11-02", "confidentiality_coverage", "coverage", "核对结果"),
)


def main() -> None:
    """Make every document once and draw its pages; names given choose among the pictures."""
    chosen = [one for one in PICTURES if one.name in sys.argv[1:] or not sys.argv[1:]]
    with TemporaryDirectory() as folder:
        printed = {key: _printed(Path(folder), *key) for key in dict.fromkeys(map(_key, chosen))}
        for picture in chosen:
            _draw(picture, printed[_key(picture)], Path(folder))
            print(f"{picture.name}.png")
        if OVERVIEW in sys.argv[1:] or not sys.argv[1:]:
            _overview(Path(folder))
            print(f"{OVERVIEW}.png")


OVERVIEW, OVERVIEW_DAY, WINDOW = "overview", "2026-11-02", "885,1125"


def _overview(folder: Path) -> None:
    """Draw the top of the overview, with everything made that was due on the day."""
    home = folder / OVERVIEW
    shutil.copytree(ROOT / "data", home / "data")
    _run(home, "build", "--due", "--as-of", OVERVIEW_DAY, "--no-pages")
    _run(home, "--lang", "zh", "overview", "--as-of", OVERVIEW_DAY)
    target = folder / f"{OVERVIEW}-page.png"
    page = (home / "out" / "index.html").as_uri()
    window = ("--hide-scrollbars", f"--window-size={WINDOW}", f"--screenshot={target}")
    _tool("chromium", "--headless", "--no-sandbox", "--disable-gpu", *window, page)
    _save(target, OVERVIEW)


def _key(picture: Picture) -> tuple[str, str, str]:
    return picture.day, picture.kind, picture.part


def _printed(folder: Path, day: str, kind: str, part: str) -> Path:
    """Return the PDF of a document of the sample as of a day."""
    home = folder / f"{day}-{kind}-{part}"
    shutil.copytree(ROOT / "data", home / "data")
    _run(home, "build", kind, "--period", part, "--as-of", day, "--pdf")
    (pdf,) = home.rglob("*.pdf")
    return pdf


def _run(home: Path, *words: str) -> None:
    command = [sys.executable, "-m", "deliverables", *words]
    subprocess.run(  # noqa: S603  # our own program
        command, cwd=home, check=True, capture_output=True, env=_surroundings()
    )


def _surroundings() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _draw(picture: Picture, pdf: Path, folder: Path) -> None:
    number = _page_with(picture.shows, pdf)
    target = folder / picture.name
    page = ["-f", str(number), "-l", str(number), "-r", str(picture.resolution), "-singlefile"]
    _tool("pdftoppm", "-png", *page, str(pdf), str(target))
    _save(target.with_suffix(".png"), picture.name)


def _save(drawn: Path, name: str) -> None:
    few = Image.open(drawn).convert("RGB").quantize(COLOURS, KEEPING_RARE_ONES)
    few.save(IMAGES / f"{name}.png", optimize=True)


def _page_with(words: str, pdf: Path) -> int:
    """Return the number of the first page that has the words; ValueError if none has."""
    pages = _tool("pdftotext", "-layout", str(pdf), "-").split("\f")
    plain = words.replace(" ", "")
    for number, text in enumerate(pages, start=1):
        if plain in "".join(text.split()):
            return number
    raise ValueError(f"{pdf.name}: no page has {words}")


def _tool(tool: str, *words: str) -> str:
    found: Sequence[str] = [shutil.which(tool) or tool, *words]
    done = subprocess.run(found, check=True, capture_output=True, text=True)  # noqa: S603
    return done.stdout


if __name__ == "__main__":
    main()
