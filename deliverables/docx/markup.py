"""The WordprocessingML that a drafted page is made of: runs, fields, paragraphs, tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from deliverables.docx.page import CellSide, Field, Reference, Text, TextRun
from deliverables.docx.settlement import FIELD_END, field_start
from deliverables.docx.style import XMLNS

_TABLE_PARTS = {"firstRow": 0x20, "lastRow": 0x40, "firstColumn": 0x80, "lastColumn": 0x100}
_NO_BANDS = 0x600
_BREAKS = {"\t": "<w:tab/>", "\n": "<w:br/>"}
_ALIGNED = {CellSide.LEFT: "", CellSide.RIGHT: "Number", CellSide.CENTRE: "Centred"}


def words(text: str) -> Text:
    """Return plain words as a text."""
    return (TextRun(text),) if text else ()


def runs(text: Text) -> str:
    """Return a text as runs; a tab is a tab, a line feed starts a new line of the paragraph."""
    return "".join(_piece(piece) for piece in text)


def _piece(piece: TextRun | Reference) -> str:
    if isinstance(piece, Reference):
        return field(rf"REF {caption_mark(piece.name)} \h", "表 1-1")
    properties = "<w:rPr><w:b/></w:rPr>" if piece.strong else ""
    content = "".join(
        _BREAKS.get(part) or f'<w:t xml:space="preserve">{escape(part)}</w:t>'
        for part in _cut(piece.words)
    )
    return f"<w:r>{properties}{content}</w:r>"


def _cut(text: str) -> Iterator[str]:
    start = 0
    for place, letter in enumerate(text):
        if letter in _BREAKS:
            if place > start:
                yield text[start:place]
            yield letter
            start = place + 1
    if start < len(text):
        yield text[start:]


def lines(text: Text) -> list[Text]:
    """Return the lines of a text, which a cell sets as paragraphs."""
    found: list[list[TextRun | Reference]] = [[]]
    for piece in text:
        if isinstance(piece, Reference):
            found[-1].append(piece)
            continue
        first, *rest = piece.words.split("\n")
        for number, part in enumerate((first, *rest)):
            if number:
                found.append([])
            if part:
                found[-1].append(TextRun(part, piece.strong))
    return [tuple(line) for line in found]


def caption_mark(name: str) -> str:
    """Return the bookmark of the caption that [[name]] refers to."""
    return f"_Ref_{name}"


def field(instruction: str, shown: str) -> str:
    """Return a field with the result it shows until a program computes it."""
    return (
        f"{field_start(f' {escape(instruction)} ')}"
        f'<w:r><w:t xml:space="preserve">{escape(shown)}</w:t></w:r>{FIELD_END}'
    )


def bookmark(name: str, number: int, inside: str) -> str:
    """Return `inside` with a bookmark around it."""
    start = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'
    return f'{start}{inside}<w:bookmarkEnd w:id="{number}"/>'


def paragraph(style: str, content: str, extra: str = "") -> str:
    """Return a paragraph in `style` with ready `content`; `extra` are more of its properties."""
    name = "" if style == "Normal" else f'<w:pStyle w:val="{style}"/>'
    properties = f"<w:pPr>{name}{extra}</w:pPr>" if name or extra else ""
    return f"<w:p {XMLNS}>{properties}{content}</w:p>"


# --- tables


def cell(style: str, text: Text, width: int, span: int = 1, *, at_foot: bool = False) -> str:
    """Return a table cell `width` twips wide; every line of `text` is a paragraph."""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    placed = '<w:vAlign w:val="bottom"/>' if at_foot else ""
    content = "".join(paragraph(style, runs(line)) for line in lines(text))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{placed}</w:tcPr>{content}'
        "</w:tc>"
    )


def row(
    cells: Sequence[str], *, header: bool = False, height: int = 0, splits: bool = False
) -> str:
    """Return a row that no page break splits unless it may; a header row is repeated on every page.

    It is as high as its text, because programs disagree whether the padding of cells adds to the
    least height of a row; `height` in twips is exact.
    """
    properties = "" if splits else "<w:cantSplit/>"
    if height:
        properties += f'<w:trHeight w:val="{height}" w:hRule="exact"/>'
    if header:
        properties += "<w:tblHeader/>"
    properties = properties and f"<w:trPr>{properties}</w:trPr>"
    return f"<w:tr>{properties}{''.join(cells)}</w:tr>"


def set_row(
    styles: Sequence[str],
    cells: Sequence[Text],
    widths: Sequence[int],
    *,
    header: bool = False,
    splits: bool = False,
) -> str:
    """Return a row of cells, each in its style and width."""
    set_cells = [cell(*each) for each in zip(styles, cells, widths, strict=True)]
    return row(set_cells, header=header, splits=splits)


def tag_row(tag: str, widths: Sequence[int]) -> str:
    """Return a row that a loop takes with it: {%tr … %} in one cell."""
    return row([cell("TableText", words(f"{{%tr {tag} %}}"), sum(widths), len(widths))])


def form_row(fields: Sequence[Field], widths: Sequence[int]) -> str:
    """Return a row of a form; where it has one field, its space takes the rest of the width."""
    cells = []
    for place, each in enumerate(fields):
        label, space = widths[2 * place], widths[2 * place + 1 :]
        style = "TableSmall" if each.small else "FormText"
        cells.append(cell("TableHeader", each.name, label))
        if len(fields) > 1:
            cells.append(cell(style, each.value, space[0]))
        else:
            cells.append(cell(style, each.value, sum(space), len(space)))
    return row(cells)


def cell_style(side: CellSide, *, small: bool = False, total: bool = False) -> str:
    """Return the style of a cell that is no header."""
    if total:
        size = "TableSmall" if small else "Table"
        return f"{size}TotalNumber" if side is CellSide.RIGHT else f"{size}Total"
    if small:
        return f"TableSmall{_ALIGNED[side]}"
    return f"Table{_ALIGNED[side] or 'Text'}"


def table(
    style: str, widths: Sequence[int], rows: Sequence[str], *, marks: str = "", title: str
) -> str:
    """Return a table; `marks` switches parts of its style on, `title` is for screen readers."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    parts = {part: part in marks.split() for part in _TABLE_PARTS}
    look = "".join(f' w:{part}="{int(on)}"' for part, on in parts.items())
    bits = _NO_BANDS + sum(bit for part, bit in _TABLE_PARTS.items() if parts[part])
    named = f'<w:tblCaption w:val="{escape(title, {chr(34): "&quot;"})}"/>' if title else ""
    return (
        f'<w:tbl {XMLNS}><w:tblPr><w:tblStyle w:val="{style}"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="{bits:04X}"{look} w:noHBand="1" w:noVBand="1"/>'
        f"{named}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
