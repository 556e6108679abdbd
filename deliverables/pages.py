"""How many pages a PDF has."""

from __future__ import annotations

from io import BytesIO


def count_pages(pdf: bytes) -> int | None:
    """Return the number of pages; None for what is no PDF, is broken, or cannot be opened."""
    import pikepdf  # noqa: PLC0415  # slow to import

    try:
        with pikepdf.open(BytesIO(pdf)) as opened:
            return len(opened.pages) or None
    except pikepdf.PdfError:
        return None
