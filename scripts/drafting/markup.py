"""The WordprocessingML that a draft is made of: runs, fields, paragraphs, cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

_TABLE_PARTS = {"firstRow": 0x20, "lastRow": 0x40, "firstColumn": 0x80, "lastColumn": 0x100}
_NO_BANDS = 0x600
_BREAKS = {"\t": "<w:tab/>", "\n": "<w:br/>"}
_XMLNS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def runs(text: str) -> str:
    """Return `text` as runs; **words** are strong, [[name]] refers to the caption of that name.

    A tab is a tab, a line feed starts a new line of the paragraph.
    """
    return "".join(_piece(piece) for piece in re.split(r"(\*\*.+?\*\*|\[\[\w+\]\])", text) if piece)


def _piece(piece: str) -> str:
    if piece.startswith("[["):
        return field(rf"REF {caption_mark(piece[2:-2])} \h", "表 1-1")
    strong = piece.startswith("**") and piece.endswith("**")
    properties = "<w:rPr><w:b/></w:rPr>" if strong else ""
    words = piece[2:-2] if strong else piece
    content = "".join(
        _BREAKS.get(part) or f'<w:t xml:space="preserve">{escape(part)}</w:t>'
        for part in re.split(r"([\t\n])", words)
        if part
    )
    return f"<w:r>{properties}{content}</w:r>"


def caption_mark(name: str) -> str:
    """Return the bookmark of the caption that [[name]] refers to."""
    return f"_Ref_{name}"


def field(instruction: str, shown: str) -> str:
    """Return a field with the result it shows until a program computes it."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'<w:r><w:t xml:space="preserve">{escape(shown)}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def bookmark(name: str, number: int, inside: str = "") -> str:
    """Return `inside` with a bookmark around it; alone it is a point."""
    start = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'
    return f'{start}{inside}<w:bookmarkEnd w:id="{number}"/>'


def paragraph(style: str, content: str, extra: str = "") -> str:
    """Return a paragraph in `style` with ready `content`; `extra` are more of its properties."""
    name = "" if style == "Normal" else f'<w:pStyle w:val="{style}"/>'
    properties = f"<w:pPr>{name}{extra}</w:pPr>" if name or extra else ""
    return f"<w:p {_XMLNS}>{properties}{content}</w:p>"


def cell(style: str, text: str, width: int, span: int = 1) -> str:
    """Return a table cell `width` twips wide; every line of `text` is a paragraph."""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    lines = "".join(paragraph(style, runs(line)) for line in text.split("\n"))
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}</w:tcPr>{lines}</w:tc>'


def row(cells: Sequence[str], *, header: bool = False, height: int = 0) -> str:
    """Return a row that no page break splits; a header row is repeated on every page."""
    properties = "<w:cantSplit/>"
    if height:
        properties += f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>'
    if header:
        properties += "<w:tblHeader/>"
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(
    style: str,
    widths: Sequence[int],
    rows: Sequence[str],
    *,
    marks: str = "",
    title: str = "",
) -> str:
    """Return a table; `marks` switches parts of its style on, `title` is for screen readers."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    parts = {part: part in marks.split() for part in _TABLE_PARTS}
    look = "".join(f' w:{part}="{int(on)}"' for part, on in parts.items())
    bits = _NO_BANDS + sum(bit for part, bit in _TABLE_PARTS.items() if parts[part])
    named = f'<w:tblCaption w:val="{escape(title, {chr(34): "&quot;"})}"/>' if title else ""
    return (
        f'<w:tbl {_XMLNS}><w:tblPr><w:tblStyle w:val="{style}"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="{bits:04X}"{look} w:noHBand="1" w:noVBand="1"/>'
        f"{named}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
