"""The tables of a draft: a row of tags for each loop, fixed rows, facts, key figures, approval."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from scripts.drafting.markup import cell, row, table

_ALIGNED = {"l": "", "r": "Number", "c": "Centred"}
_SIGNATURE_HEIGHT = 680
_FORM_HEIGHT = 520


def looped(
    columns: Sequence[int],
    headers: Sequence[str],
    *,
    loop: str,
    cells: Sequence[str],
    align: str,
    total: Sequence[str] | None,
    small: bool,
    title: str,
) -> str:
    """Return a table with a header, a row for each of `loop` and perhaps a row of totals."""
    size = "TableSmall" if small else "Table"
    kinds = [_ALIGNED[letter] for letter in align or "l" * len(headers)]
    plain = size if small else "TableText"
    styles = [f"{size}{kind}" if kind else plain for kind in kinds]
    rows = [
        _row([f"{size}Header"] * len(columns), headers, columns, header=True),
        row([_tag(f"for {loop}", columns)]),
        _row(styles, cells, columns),
        row([_tag("endfor", columns)]),
    ]
    if total is not None:
        sums = ["TableTotalNumber" if kind == "Number" else "TableTotal" for kind in kinds]
        rows.append(_row(sums, total, columns))
    marks = "firstRow lastRow" if total is not None else "firstRow"
    return table("HouseTable", columns, rows, marks=marks, title=title or headers[0])


def grid(
    columns: Sequence[int],
    texts: Sequence[Sequence[str]],
    align: str,
    *,
    header: bool,
    total: bool,
) -> str:
    """Return a table of fixed rows, the first perhaps a header, the last perhaps a total."""
    kinds = [_ALIGNED[letter] for letter in align or "l" * len(columns)]
    rows = []
    for number, line in enumerate(texts):
        is_header, is_total = header and number == 0, total and number == len(texts) - 1
        styles = [_style(kind, header=is_header, total=is_total) for kind in kinds]
        rows.append(_row(styles, line, columns, header=is_header))
    marks = ("firstRow " if header else "") + ("lastRow" if total else "")
    return table("HouseTable", columns, rows, marks=marks, title=texts[0][0])


def facts(columns: Sequence[int], pairs: Sequence[tuple[str, str]]) -> str:
    """Return a table of names and values, the names shaded."""
    rows = [_row(["TableHeader", "TableText"], pair, columns) for pair in pairs]
    return table("HouseFacts", columns, rows, marks="firstColumn", title="信息表")


def form(
    columns: Sequence[int],
    pairs: Sequence[Sequence[tuple[str, str]]],
    small: Collection[str],
) -> str:
    """Return a form of four columns; where a row has one name, its value takes the other three."""
    rows = []
    for line in pairs:
        cells = []
        for position, (name, value) in enumerate(line):
            label, space = columns[2 * position], columns[2 * position + 1 :]
            width = space[0] if len(line) > 1 else sum(space)
            style = "TableSmall" if name in small else "TableText"
            cells.append(cell("TableHeader", name, label))
            cells.append(cell(style, value, width, 1 if len(line) > 1 else len(space)))
        rows.append(row(cells, height=_FORM_HEIGHT))
    return table("HouseFacts", columns, rows, marks="firstColumn", title=pairs[0][0][0])


def key_figures(columns: Sequence[int], figures: Sequence[tuple[str, str, str]]) -> str:
    """Return a row of large values between their names and what is required of them."""
    styles = ("KeyLabel", "KeyFigure", "KeyLabel")
    rows = [
        _row([style] * len(columns), [figure[line] for figure in figures], columns)
        for line, style in enumerate(styles)
    ]
    return table("HousePanel", columns, rows, title="主要指标")


def cover_facts(columns: Sequence[int], pairs: Sequence[tuple[str, str]]) -> str:
    """Return the information table of a cover."""
    rows = [_row(["CoverFact", "CoverFact"], pair, columns) for pair in pairs]
    return table("HouseTable", columns, rows, title="封面信息")


def approval(columns: Sequence[int], signers: Sequence[tuple[str, str]]) -> str:
    """Return a table with room for the signature of each role and name."""
    rows = [_row(["TableHeader"] * 4, ("环节", "姓名", "签字", "日期"), columns, header=True)]
    for role, name in signers:
        styles = ["TableHeader", *["TableCentred"] * 3]
        rows.append(_row(styles, (role, name, "", ""), columns, height=_SIGNATURE_HEIGHT))
    return table("HouseFacts", columns, rows, marks="firstRow firstColumn", title="审批表")


def _row(
    styles: Sequence[str],
    texts: Sequence[str],
    columns: Sequence[int],
    *,
    header: bool = False,
    height: int = 0,
) -> str:
    cells = [cell(*each) for each in zip(styles, texts, columns, strict=True)]
    return row(cells, header=header, height=height)


def _tag(words: str, columns: Sequence[int]) -> str:
    return cell("TableText", f"{{%tr {words} %}}", sum(columns), len(columns))


def _style(kind: str, *, header: bool, total: bool) -> str:
    if header:
        return "TableHeader"
    if total:
        return "TableTotalNumber" if kind == "Number" else "TableTotal"
    return f"Table{kind or 'Text'}"
