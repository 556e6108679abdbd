"""Pages as pictures, and how different two of them look to somebody at arm's length."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from office import missing, program
from PIL import Image, ImageChops, ImageFilter

DOTS_PER_INCH = 45
BLOCK = 24
"""Side of the squares in which a difference is judged, in dots: about 14 mm of paper."""


def require_preview_fonts() -> None:
    """Skip a test of how pages look where the fonts of scripts/install-preview-fonts.sh lack."""
    find = shutil.which("fc-match")
    if find is None:
        missing("fontconfig is not installed")
    shown = subprocess.run([find, "仿宋"], capture_output=True, encoding="utf-8", check=True).stdout
    if "FandolFang" not in shown:
        missing("the preview fonts are not installed (scripts/install-preview-fonts.sh)")


def pages_of(pdf: Path, numbers: Sequence[int], folder: Path) -> dict[int, Image.Image]:
    """Return pages of a PDF by number, in shades of grey."""
    draw = program("pdftoppm", "apt install poppler-utils")
    pictures = {}
    for number in numbers:
        target = folder / f"{pdf.stem}-{number}"
        command = [draw, "-gray", "-r", str(DOTS_PER_INCH), "-f", str(number), "-l", str(number)]
        subprocess.run([*command, "-png", "-singlefile", str(pdf), str(target)], check=True)
        pictures[number] = Image.open(f"{target}.png").convert("L")
    return pictures


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return how much the most different square differs, 0 to 255, after a slight blur.

    The blur forgives another version's half dot; a missing line, a moved table or another font
    remains. Pages of different size differ wholly.
    """
    if one.size != other.size:
        return 255.0
    blurred = [page.filter(ImageFilter.GaussianBlur(2)) for page in (one, other)]
    apart = ImageChops.difference(*blurred)
    squares = apart.resize(
        (max(1, apart.width // BLOCK), max(1, apart.height // BLOCK)), Image.Resampling.BOX
    )
    return float(squares.getextrema()[1])
