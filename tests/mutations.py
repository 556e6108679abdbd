"""Single edits to a finished document, as a person might make them: to a figure, or to prose."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from random import Random

from lxml import etree

from deliverables.verify.leaves import leaves_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"
_WORDS = "零壹贰叁肆伍陆柒捌玖"
_TOTAL = re.compile(r"(?:本季度|本年度|本期|全年|年度)?(?:小计|合计|总计)")
_ADDED = ("（具体安排另行通知）", "并已妥善处理，", "经双方沟通，", "有关情况说明如下，")


@dataclass(frozen=True, slots=True)
class Spot:
    """A figure in a document: the element that holds its text, its key if it is marked."""

    element: etree._Element
    key: str

    @property
    def text(self) -> str:
        """The text that is printed."""
        return text_of(self.element)


class Draft:
    """A document that may be edited; `texts` are those of the figures of each row by its path."""

    def __init__(self, document: bytes, texts: dict[str, set[str]]) -> None:
        with zipfile.ZipFile(BytesIO(document)) as archive:
            self._parts = {name: archive.read(name) for name in archive.namelist()}
        self.root = etree.fromstring(self._parts[_BODY])
        self.marked = [
            Spot(control, _tag(control)) for control in self.root.iter(f"{W}sdt") if _tag(control)
        ]
        self.spots = [*self.marked, *self._beside(texts)]

    def _beside(self, texts: dict[str, set[str]]) -> Iterator[Spot]:
        """Yield the figures of long tables that stand beside the mark of their row."""
        for marked in self.marked:
            row = next(marked.element.iterancestors(f"{W}tr"), None)
            known = texts.get(row_of(marked.key), set())
            for cell in () if row is None else row.findall(f"{W}tc"):
                if not list(cell.iter(f"{W}sdt")) and text_of(cell) in known - {"", "—", "–"}:
                    yield Spot(cell, "")

    def saved(self) -> bytes:
        """Return the document as it now stands."""
        self._parts[_BODY] = etree.tostring(
            self.root, xml_declaration=True, encoding="UTF-8", standalone=True
        )
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self._parts.items():
                archive.writestr(name, content)
        return buffer.getvalue()

    def without_marks(self) -> None:
        """Take the marks off, as a program might that does not know them."""
        for control in list(self.root.iter(f"{W}sdt")):
            unwrap(control)
        for start in list(self.root.iter(f"{W}bookmarkStart")):
            if start.get(f"{W}name", "").startswith("fig_"):
                start.getparent().remove(start)
        numbers = {start.get(f"{W}id") for start in self.root.iter(f"{W}bookmarkStart")}
        for end in list(self.root.iter(f"{W}bookmarkEnd")):
            if end.get(f"{W}id") not in numbers:
                end.getparent().remove(end)


Edit = Callable[[Draft, Random], str | None]
"""Edits a draft and says what it did; None if the draft has nothing to edit in this way."""


def row_of(key: str) -> str:
    """Return the path of the row that a figure belongs to."""
    return key[: key.rfind("]") + 1]


def text_of(element: etree._Element) -> str:
    """Return the text of an element."""
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def put(element: etree._Element, words: str) -> None:
    """Replace the text of an element."""
    for text in element.iter(f"{W}t"):
        text.text, words = words, ""


def unwrap(control: etree._Element) -> None:
    """Leave of a content control what is in it."""
    for run in control.findall(f"{W}sdtContent/*"):
        control.addprevious(run)
    control.getparent().remove(control)


def a_digit(draft: Draft, random: Random) -> str | None:
    """Change one digit of a figure."""
    return _change(draft.spots, "0123456789", random)


def a_digit_in_words(draft: Draft, random: Random) -> str | None:
    """Change one digit of an amount in capital words."""
    return _change([s for s in draft.spots if re.search("[元角分]", s.text)], _WORDS, random)


def a_total(draft: Draft, random: Random) -> str | None:
    """Change one digit in a row of totals."""
    totals = [spot for spot in draft.spots if _TOTAL.match(_first_cell(spot))]
    return _change(totals, "0123456789", random)


def another_figure(draft: Draft, random: Random) -> str | None:
    """Put the text of one figure in the place of another."""
    spot, other = random.choice(draft.spots), random.choice(draft.spots)
    if other.text == spot.text:
        return None
    said = f"{spot.text} -> {other.text}"
    put(spot.element, other.text)
    return said


def figures_exchanged(draft: Draft, random: Random) -> str | None:
    """Exchange two figures of one table."""
    spot = random.choice(draft.spots)
    table = next(spot.element.iterancestors(f"{W}tbl"), None)
    others = [
        s
        for s in draft.spots
        if table is not None and table in s.element.iterancestors() and s.text != spot.text
    ]
    if not others:
        return None
    other = random.choice(others)
    one, two = spot.text, other.text
    put(spot.element, two)
    put(other.element, one)
    return f"{one} <-> {two}"


def a_figure_emptied(draft: Draft, random: Random) -> str | None:
    """Delete the text of a figure; its mark stays."""
    spot = random.choice([spot for spot in draft.spots if spot.text])
    said = spot.text
    put(spot.element, "")
    return said


def a_figure_removed(draft: Draft, random: Random) -> str | None:
    """Delete a figure with its mark."""
    spot = random.choice([spot for spot in draft.marked if spot.text])
    for beside in (spot.element.getprevious(), spot.element.getnext()):
        if beside is not None and beside.tag in (f"{W}bookmarkStart", f"{W}bookmarkEnd"):
            beside.getparent().remove(beside)
    spot.element.getparent().remove(spot.element)
    return spot.text


def a_figure_mistyped(draft: Draft, random: Random) -> str | None:
    """Type a figure anew, with a slip; its mark is gone."""
    spots = [spot for spot in draft.marked if re.search(r"\d", spot.text)]
    if not spots:
        return None
    spot = random.choice(spots)
    said = _change([spot], "0123456789", random)
    for beside in (spot.element.getprevious(), spot.element.getnext()):
        if beside is not None and beside.tag in (f"{W}bookmarkStart", f"{W}bookmarkEnd"):
            beside.getparent().remove(beside)
    unwrap(spot.element)
    return said


def a_cell_deleted(draft: Draft, random: Random) -> str | None:
    """Delete a cell with a figure: those to the right of it move up."""
    cells = [
        cell for spot in draft.spots if spot.text and (cell := _around(spot, "tc")) is not None
    ]
    if not cells:
        return None
    cell = random.choice(cells)
    said = text_of(cell)
    cell.getparent().remove(cell)
    return said


def rows_exchanged(draft: Draft, random: Random) -> str | None:
    """Exchange a row of figures with the next one."""
    pairs = [
        (row, following)
        for row in _rows(draft)
        if (following := row.getnext()) is not None
        and following in _rows(draft)
        and text_of(row) != text_of(following)
    ]
    if not pairs:
        return None
    row, following = random.choice(pairs)
    following.addnext(row)
    return f"{text_of(row)[:20]} after {text_of(following)[:20]}"


def a_row_repeated(draft: Draft, random: Random) -> str | None:
    """Put a row of figures in twice."""
    rows = _rows(draft)
    if not rows:
        return None
    row = random.choice(rows)
    copy = deepcopy(row)
    for mark in list(copy.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        mark.getparent().remove(mark)  # Word gives a bookmark to one place only
    for number, control in enumerate(copy.iter(f"{W}id"), 900_000):
        control.set(f"{W}val", str(number))
    row.addnext(copy)
    return text_of(row)[:40]


def a_row_deleted(draft: Draft, random: Random) -> str | None:
    """Delete a row of figures."""
    rows = _rows(draft)
    if not rows:
        return None
    row = random.choice(rows)
    row.getparent().remove(row)
    return text_of(row)[:40]


FIGURE_EDITS: tuple[Edit, ...] = (
    a_digit,
    a_digit_in_words,
    a_total,
    another_figure,
    figures_exchanged,
    a_figure_emptied,
    a_figure_removed,
    a_figure_mistyped,
    a_cell_deleted,
    rows_exchanged,
    a_row_repeated,
    a_row_deleted,
)


def words_added(draft: Draft, random: Random) -> str | None:
    """Put words into a sentence."""
    run = _prose(draft, random)
    words, text = random.choice(_ADDED), run.text or ""
    at = _between_words(text, random)
    run.text = text[:at] + words + text[at:]
    return f"{text[:at][-10:]}[{words}]"


def words_removed(draft: Draft, random: Random) -> str | None:
    """Take two or three letters from a sentence."""
    run = _prose(draft, random)
    text = run.text or ""
    at = random.randrange(len(text) - 2)
    run.text = text[:at] + text[at + random.choice((1, 2)) :]
    return text[at : at + 4]


def a_paragraph_added(draft: Draft, random: Random) -> str | None:
    """Write a new paragraph."""
    paragraph = next(_prose(draft, random).iterancestors(f"{W}p"))
    copy = etree.Element(f"{W}p")
    style = paragraph.find(f"{W}pPr")
    if style is not None:
        copy.append(deepcopy(style))
    words = etree.SubElement(etree.SubElement(copy, f"{W}r"), f"{W}t")
    words.text = "以上情况供参阅，如有疑问，请与项目负责人联系。"
    paragraph.addnext(copy)
    return text_of(paragraph)[:20]


def a_run_split(draft: Draft, random: Random) -> str | None:
    """Cut a run in two and make one half bold: every figure stays as it is."""
    spot = random.choice(draft.marked)
    run = next(spot.element.iter(f"{W}r"), None)
    if run is None or len(spot.text) < 2:
        return None
    second = deepcopy(run)
    at = random.randrange(1, len(spot.text))
    put(run, spot.text[:at])
    put(second, text_of(second)[at:])
    run.addnext(second)
    return text_of(spot.element)


def a_figure_retyped(draft: Draft, random: Random) -> str | None:
    """Type a figure anew as it was; its mark is gone."""
    spot = random.choice(draft.marked)
    for beside in (spot.element.getprevious(), spot.element.getnext()):
        if beside is not None and beside.tag in (f"{W}bookmarkStart", f"{W}bookmarkEnd"):
            beside.getparent().remove(beside)
    unwrap(spot.element)
    return spot.text


PROSE_EDITS: tuple[Edit, ...] = (
    words_added,
    words_removed,
    a_paragraph_added,
    a_run_split,
    a_figure_retyped,
)


def _change(spots: list[Spot], letters: str, random: Random) -> str | None:
    spots = [spot for spot in spots if any(letter in letters for letter in spot.text)]
    if not spots:
        return None
    spot = random.choice(spots)
    old = spot.text
    at = random.choice([n for n, letter in enumerate(old) if letter in letters])
    other = random.choice([letter for letter in letters if letter != old[at]])
    put(spot.element, new := old[:at] + other + old[at + 1 :])
    return f"{old} -> {new}"


def _tag(control: etree._Element) -> str:
    tag = control.find(f"{W}sdtPr/{W}tag")
    return "" if tag is None else tag.get(f"{W}val", "")


def _around(spot: Spot, name: str) -> etree._Element | None:
    if spot.element.tag == f"{W}{name}":
        return spot.element
    return next(spot.element.iterancestors(f"{W}{name}"), None)


def _rows(draft: Draft) -> list[etree._Element]:
    rows = [row for spot in draft.marked if (row := _around(spot, "tr")) is not None]
    return [row for row in dict.fromkeys(rows) if text_of(row)]


def _first_cell(spot: Spot) -> str:
    row = _around(spot, "tr")
    cell = None if row is None else row.find(f"{W}tc")
    return "" if cell is None else text_of(cell)


def _prose(draft: Draft, random: Random) -> etree._Element:
    """Return the text of a run of prose that states no figure and is no heading or place."""
    found = [
        text
        for text in draft.root.iter(f"{W}t")
        if len(re.findall(r"[\u4e00-\u9fff]", text.text or "")) > 5
        and not re.search(r"[\dA-Za-z（）【】《》：%]", text.text or "")
        and not {f"{W}sdt", f"{W}tbl", f"{W}hyperlink"} & {a.tag for a in text.iterancestors()}
        and not (next(text.iterancestors(f"{W}p")).find(f"{W}pPr/{W}keepNext") is not None)
    ]
    return random.choice(found)


def _between_words(text: str, random: Random) -> int:
    marks = [found.end() for found in re.finditer("[，；。、]", text)] or [len(text)]
    return random.choice(marks)


@dataclass(frozen=True, slots=True)
class Mutant:
    """An edited document: which edit, what it did, and the file."""

    edit: str
    said: str
    document: bytes


def mutants(
    document: bytes,
    texts: dict[str, set[str]],
    edits: tuple[Edit, ...],
    count: int,
    *,
    marks: bool = True,
) -> Iterator[Mutant]:
    """Yield `count` documents with one edit each, all kinds of edits in turn; the seed is fixed.

    Without `marks` they are taken off after the edit.
    """
    random, made, tried = Random(20270525), 0, 0  # noqa: S311  # the same edits each time
    while made < count and tried < 20 * count:
        edit = edits[tried % len(edits)]
        tried += 1
        draft = Draft(document, texts)
        said = edit(draft, random)
        if said is None:
            continue
        if not marks:
            draft.without_marks()
        made += 1
        yield Mutant(edit.__name__, said, draft.saved())


def texts_of_rows(context: object) -> dict[str, set[str]]:
    """Return the texts of the figures of each row of a context by its path."""
    rows: dict[str, set[str]] = {}
    for leaf in leaves_of(context).figures:
        rows.setdefault(row_of(leaf.key), set()).add(leaf.text)
    return {row: texts for row, texts in rows.items() if row}
