"""A page written as house text: what house_text reads, the same page again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from deliverables.docx import page as tree
from deliverables.docx.house_text import DEFAULT_SHARE, HEADINGS, LAYOUTS, PARAGRAPHS, TAG
from deliverables.docx.page import Reference, Text, TextRun
from deliverables.docx.style import LETTER

_WORDS: Final = {style: word for word, style in PARAGRAPHS.items()}
_MARKS: Final = {style: mark for mark, style in HEADINGS.items()}
_SIGNS: Final = re.compile(r"\\|\*(?=\*)|(?<=\*)\*|\[(?=\[)|<(?=br>|tab>|!--)")
_BEGINNINGS: Final = re.compile(r"[@#|!>\-*+~`_＠｜＃　](?!\*)|-|\*\*\*")
_BREAKS: Final = {"\n": "<br>", "\t": "<tab>"}


def page_text(page: tree.Page) -> str:
    """Return a page as house text, its front matter as it was written."""
    front = f"---\n{page.front.text}---\n" if page.front else ""
    layout = next(name for name, layout in LAYOUTS.items() if layout is page.layout)
    lines = [] if page.layout is LETTER else [f"@版式 {layout}"]
    for line in _body(page.blocks):
        if line or (lines and lines[-1]):
            lines.append(line)
    return front + "\n".join(lines).strip("\n") + "\n"


def _body(blocks: Sequence[tree.Block]) -> Iterator[str]:
    before: tree.Block | None = None
    for block in blocks:
        if before is not None and _is_apart(before, block):
            yield ""
        yield from _lines(block)
        before = block


def _is_apart(before: tree.Block, after: tree.Block) -> bool:
    """Return whether an empty line stands between two blocks, for the eye."""
    if isinstance(before, tree.TableCaption) or isinstance(after, tree.Footer):
        return False
    if isinstance(before, tree.StyledParagraph) and isinstance(after, tree.StyledParagraph):
        return before.style.startswith("Heading") or after.style.startswith("Heading") or (
            before.style == "Title" or after.style == "Title"
        )  # fmt: skip
    is_below = isinstance(after, tree.StyledParagraph) and after.style in (
        "Source",
        "TableText",
        "Note",
    )
    return not (is_below or isinstance(after, tree.SealBlock))


def _lines(block: tree.Block) -> Iterator[str]:  # noqa: C901, PLR0912  # one case for each block
    match block:
        case tree.StyledParagraph():
            yield _paragraph(block)
        case tree.PageBreak():
            yield "@分页"
        case tree.Branches():
            yield from _condition(block)
        case tree.Loop():
            yield f"{{% for {block.row} in {block.rows} %}}"
            yield from _body(block.body)
            yield "{% endfor %}"
        case tree.TableCaption():
            yield f"@表 {_said(block.text)}" + (f" #{block.name}" if block.name else "")
        case tree.ChartBlock():
            yield f"![{_said(block.caption)}]({block.name})"
        case tree.LoopedTable():
            yield from _looped(block)
        case tree.FixedTable():
            columns = zip(block.widths, block.sides, strict=True)
            widths = [f"{width:g}{side.value}" for width, side in columns]
            yield " ".join(["@定表", *widths, *(["合计"] if block.has_total else [])])
            yield from (_row(*row) for row in block.rows)
        case tree.FactTable():
            yield "@信息表" + ("" if block.share == DEFAULT_SHARE else f" {block.share:g}")
            yield from (_row(*row) for row in block.rows)
        case tree.FormTable():
            yield "@表单"
            for fields in block.rows:
                cells = ((_cell(each.name), _value(each)) for each in fields)
                yield f"| {' | '.join(cell for pair in cells for cell in pair)} |"
        case tree.KeyFigures():
            yield "@主要指标"
            yield from (_row(*figure) for figure in block.figures)
        case tree.CoverPage():
            said = (block.title, block.subtitle, block.organisation, block.date)
            yield f"@封面 {_fields(*said)}"
            yield from (_row(*row) for row in block.facts)
        case tree.Contents():
            yield "@目录"
        case tree.Header():
            yield f"@页眉 {_fields(block.left, *([block.right] if block.right else []))}"
        case tree.Footer():
            yield "@页脚"
        case tree.Turn():
            yield "@横页" if block.landscape else "@直页"
        case tree.SealBlock():
            yield f"@落款 {_fields(block.organisation, block.date)}"
        case tree.ApprovalTable():
            yield f"@审批表 {_fields(block.prepared, block.reviewed, block.approved)}"


def _paragraph(block: tree.StyledParagraph) -> str:
    words = _said(block.text)
    if block.style == "Normal":
        return "@空行"
    if block.annex or not block.numbered:
        return f"@{'附章' if block.annex else '附录'} {words}"
    if block.keep:
        return f"@不分页 {words}"
    if block.style in _MARKS:
        return f"{_MARKS[block.style]} {words}"
    if block.style in _WORDS:
        return f"@{_WORDS[block.style]} {words}".rstrip(" ")
    return f"\\{words}" if _BEGINNINGS.match(words) else words


def _condition(block: tree.Branches) -> Iterator[str]:
    for number, case in enumerate(block.cases):
        asked = f"{'not ' if case.negated else ''}{case.name}"
        yield f"{{% {'elif' if number else 'if'} {asked} %}}" if case.name else "{% else %}"
        yield from _body(case.body)
    yield "{% endif %}"


def _looped(block: tree.LoopedTable) -> Iterator[str]:
    options = [*(["小字"] if block.small else []), *(["整表"] if block.whole else [])]
    yield " ".join([f"@逐行 {block.row} in {block.rows}", *options])
    for each in block.columns:
        cells = [_cell(each.head), f"{each.width:g}{each.side.value}", _cell(each.content)]
        if block.has_total:
            cells.append(_cell(each.total))
        yield f"| {' | '.join(cells)} |"


def _row(*cells: Text) -> str:
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _value(each: tree.Field) -> str:
    return f"@小字 {_cell(each.value)}" if each.small else _cell(each.value)


def _fields(*texts: Text) -> str:
    return " | ".join(_cell(text) for text in texts)


def _cell(text: Text) -> str:
    return _said(text, stroke=True)


def _said(text: Text, *, stroke: bool = False) -> str:
    """Return a text with its weights and references, what would be read otherwise escaped."""
    return "".join(_piece(piece, stroke=stroke) for piece in text).strip(" ")


def _piece(piece: TextRun | Reference, *, stroke: bool) -> str:
    if isinstance(piece, Reference):
        return f"[[{piece.name}]]"
    words, start = "", 0
    for tag in TAG.finditer(piece.words):
        words += _escaped(piece.words[start : tag.start()], stroke=stroke) + tag[0]
        start = tag.end()
    words += _escaped(piece.words[start:], stroke=stroke)
    return f"**{words}**" if piece.strong else words


def _escaped(words: str, *, stroke: bool) -> str:
    escaped = _SIGNS.sub(lambda found: f"\\{found[0]}", words)
    if stroke:
        escaped = escaped.replace("|", "\\|")
    return re.sub(r"[\n\t]", lambda found: _BREAKS[found[0]], escaped)
