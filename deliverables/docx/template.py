"""A template rewritten, once, into Jinja templates: one for each of its stories.

docxtpl says what its tags mean and how they unfold (`patch_xml`). With holes for the tags the
whole template is one well-formed tree, all cases and repetitions side by side. On that tree
everything is done that documents have in common; what they decide gets a token for the settlement
or a tag of Jinja.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from lxml import etree

from deliverables.docx.contents import REFERRING, append, drop, mark_contents, styles_by_name
from deliverables.docx.loops import (
    CHART,
    CONTROL,
    COUNTED,
    ENDS,
    FIGURE,
    GO_ON,
    HOLE,
    HOLES,
    INSERTS,
    PICTURE,
    TEXT,
    YES_NO,
    Hole,
    Holes,
    Shape,
    quoted,
)
from deliverables.docx.package import DRAWING, Package, W, parse
from deliverables.docx.settlement import (
    APART,
    END,
    LAST_PARAGRAPH,
    LATE,
    LINK,
    NAMED,
    NAMED_END,
    REFERENCE,
    SECTION,
    late,
)
from deliverables.docx.style import SEAL_PLACE
from deliverables.docx.tags import BLOCKS
from deliverables.values.problem import say
from deliverables.values.trace import RESERVED, without_tokens

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

_STEP: Final = re.compile(
    r"<w:(?P<start>tbl|tr|tc|gridCol|gridSpan)(?P<told>(?: [^<>]*)?)>|</w:(?P<end>tbl|tr|tc)>"
)
_GRID: Final = re.compile(r"<w:tblGrid(?: [^<>]*)?>.*?</w:tblGrid>|<w:tblGrid(?: [^<>]*)?/>",
                          re.DOTALL)  # fmt: skip
_WIDTH: Final = re.compile(r' w:w="([^"]*)"')
_VALUE: Final = re.compile(r' w:val="([^"]*)"')


def fit(
    table: etree._Element, rows: Sequence[etree._Element], sure: Sequence[etree._Element]
) -> bool:
    """Tell whether a table has a column for each cell of its rows, and a sure row for each column.

    `sure` are the rows that every document has.
    """
    columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
    return any(_width(row) >= columns for row in sure) and all(
        len(row.findall(f"{W}tc")) <= columns for row in rows
    )


def fit_now(table: etree._Element) -> None:
    """Give a table that is the same in every document its columns."""
    fitting = parse(fitted(etree.tostring(table, encoding="unicode", with_tail=False)))
    old, new = table.find(f"{W}tblGrid"), fitting.find(f"{W}tblGrid")
    if old is not None and new is not None:
        table.replace(old, new)


def _width(row: etree._Element) -> int:
    """Return how many columns the cells of a row take."""
    spans = (cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(f"{W}tc"))
    return sum(1 if span is None else int(_measure(span.get(f"{W}val", "1"))) for span in spans)


def fitted(table: str) -> str:
    """Return the markup of a table with a column for each cell of its rows, in the same width."""
    widths, most_cells, most_columns = _counted(table)
    columns = list(widths)
    if most_cells > len(columns):
        total, old = sum(columns), len(columns)
        average = total / most_cells if old else 0
        scale = old / most_cells
        columns = [int(each * scale) for each in columns]
        columns += [int(average)] * (most_cells - old)
    elif most_columns < len(columns):
        gone = sum(columns[most_columns:])
        kept = columns[:most_columns]
        columns = [int(each + int(gone / len(kept))) for each in kept] if kept else []
    if columns == widths:
        return table
    grid = "".join(f'<w:gridCol w:w="{int(each)}"/>' for each in columns)
    return _GRID.sub(f"<w:tblGrid>{grid}</w:tblGrid>", table, count=1)


def _counted(table: str) -> tuple[list[float], int, int]:
    """Return the widths of the columns, the most cells of a row, and the most columns of one."""
    widths: list[float] = []
    depth = cells = columns = most_cells = most_columns = 0
    for step in _STEP.finditer(table):
        name = step["start"] or step["end"]
        if name == "tbl":
            depth += 1 if step["start"] else -1
        if depth != 1:
            continue
        match name, bool(step["start"]):
            case "gridCol", True:
                found = _WIDTH.search(step["told"])
                widths.append(_measure(found[1]) if found else 0)
            case "tr", True:
                cells = columns = 0
            case "tc", True:
                cells, columns = cells + 1, columns + 1
            case "gridSpan", True:
                found = _VALUE.search(without_tokens(step["told"]))
                columns += int(_measure(found[1])) - 1 if found else 0
            case "tr", False:
                most_cells, most_columns = max(most_cells, cells), max(most_columns, columns)
    return widths, most_cells, most_columns


def _measure(written: str) -> float:
    """Return a width, or a number of columns, as it is written; 0 where that makes no sense."""
    return float(written) if _MEASURE.fullmatch(written) else 0


_MEASURE: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
_DRAWING: Final = f"{{{DRAWING}/wordprocessingDrawing}}docPr"
_VML: Final = "{urn:schemas-microsoft-com:vml}"
_OFFICE: Final = "{urn:schemas-microsoft-com:office:office}"
_WORD_2010: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_LATE_NAME: Final = re.compile(f"{LATE}([{NAMED}{NAMED_END}{REFERENCE}])([^{LATE}{END}]*){END}")

Blocks = Mapping[etree._Element, tuple[str, ...]]
"""The blocks that each element stands in, outermost first: a number, or the variable of a loop."""


def number(tags: Holes, root: etree._Element, blocks: Blocks, numbers: Iterator[int]) -> None:
    """Number drawings, controls and bookmarks of a story, and name anew what its loops repeat."""
    _Identifiers(tags, blocks, numbers).given(root)


class _Identifiers:
    def __init__(self, tags: Holes, blocks: Blocks, numbers: Iterator[int]) -> None:
        self._tags, self._blocks, self._numbers = tags, blocks, numbers
        self._bookmarks: dict[str, list[str]] = {}
        self._shapes: dict[str, list[str]] = {}

    def given(self, root: etree._Element) -> None:
        for drawing in root.iter(_DRAWING):
            drawing.set("id", self._number(drawing))
        for control in root.iter(f"{W}sdtPr"):
            for found in control.findall(f"{W}id"):
                found.set(f"{W}val", self._number(control))
        self._number_bookmarks(root)
        repeated = [(element, loops) for element in root.iter(etree.Element)
                    if (loops := self._loops(element))]  # fmt: skip
        for element, loops in repeated:
            if str(element.tag).startswith(_VML) and element.get("id"):
                self._shapes[element.get("id", "")] = loops
        for element, loops in repeated:
            self._rename(element, loops)

    def _loops(self, element: etree._Element) -> list[str]:
        """Return the variables of the loops that an element stands in."""
        return [block for block in self._blocks.get(element, ()) if not block.isdigit()]

    def _number(self, element: etree._Element) -> str:
        own, loops = str(next(self._numbers)), self._loops(element)
        return (
            self._tags.add(Hole("name", f"{quoted(own)}|numbered({loops[-1]})")) if loops else own
        )

    def _number_bookmarks(self, root: etree._Element) -> None:
        for start, end in _bookmarks(root):
            name = start.get(f"{W}name", "")
            if end is None:
                drop(start)
                continue
            if self._blocks[start] != self._blocks[end]:
                why = say("the bookmark {name} begins and ends in different cases", name=name)
                raise self._tags.refused("", why)
            own = self._number(start)
            start.set(f"{W}id", own)
            end.set(f"{W}id", own)
            self._bookmarks[name] = self._loops(start)

    def _rename(self, element: etree._Element, loops: list[str]) -> None:
        """Give a name that a loop repeats, and what refers to it there, the row of the loop."""
        for name in ("paraId", "textId"):
            element.attrib.pop(f"{_WORD_2010}{name}", "")
        for key, value in element.attrib.items():
            name = str(value)
            if key in (f"{W}anchor", f"{W}name"):
                element.set(key, self._own(name, loops, self._bookmarks))
            elif key == "ShapeID":
                element.set(key, self._own(name, loops, self._shapes))
            elif str(element.tag).startswith(_VML) and key in ("id", f"{_OFFICE}spid"):
                element.set(key, self._own(name, loops, {name: loops}))
            elif str(element.tag).startswith(_VML) and key == "type":
                element.set(key, "#" + self._own(name.removeprefix("#"), loops, self._shapes))
        if element.tag == f"{W}instrText" and (found := REFERRING.match(element.text or "")):
            own = self._own(found[2], loops, self._bookmarks)
            element.text = (element.text or "").replace(found[2], own, 1)
        for where in ("text", "tail"):
            said = getattr(element, where)
            if said and LATE in said:
                setattr(element, where, _LATE_NAME.sub(
                    lambda token: self._token(token[1], token[2], loops) or token[0], said
                ))  # fmt: skip

    def _token(self, kind: str, name: str, loops: list[str]) -> str:
        """Return a token that names what a loop around it repeats; nothing if none does."""
        home = self._bookmarks.get(name)
        if not home or loops[: len(home)] != home:
            return ""
        source = f"{quoted(name)}|named({quoted(kind)}, {home[-1]})"
        return self._tags.add(Hole("name", source))

    def _own(self, name: str, loops: list[str], known: Mapping[str, list[str]]) -> str:
        """Return a name as it is in the row of a loop, if a loop around it repeats that name."""
        home = known.get(name)
        if not home or HOLE in name or loops[: len(home)] != home:
            return name
        return self._tags.add(Hole("name", f"{quoted(name)}|repeated({home[-1]})"))


def _bookmarks(story: etree._Element) -> list[tuple[etree._Element, etree._Element | None]]:
    """Return every bookmark's start with its end: the first after it with the same number."""
    found: dict[etree._Element, etree._Element | None] = {}
    waiting: dict[str, list[etree._Element]] = {}
    for half in story.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd"):
        number = half.get(f"{W}id", "")
        if half.tag == f"{W}bookmarkStart":
            found[half] = None
            waiting.setdefault(number, []).append(half)
        elif waiting.get(number):
            found[waiting[number].pop(0)] = half
    return list(found.items())


_WHOLE_ROWS: Final = 6
"""How many rows of a table are kept together at most: a third of a page if each has three lines."""
_NAMESPACES: Final = re.compile(r' xmlns(?::\w+)?="[^"]*"')
_TEXTS: Final = frozenset(f"{W}{name}" for name in ("t", "delText", "instrText"))
_PAGES: Final = frozenset({f"{W}hdr", f"{W}ftr"})


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What a template has come to.

    `sources` are the Jinja sources by part, the body's first; `fixed` are stories that every
    document has alike. `links` are the sources of addresses, for the tokens in the relations of
    `parts`. `sites` are the paths of its figures (see trace.py), `numbers` is the first number of
    a drawing or bookmark that it does not use itself; `section` says what headers the first
    section has, if that does not depend on a document.
    """

    sources: Mapping[str, str]
    fixed: Mapping[str, str]
    links: tuple[str, ...]
    parts: Mapping[str, bytes]
    sites: tuple[str, ...]
    numbers: int
    lists_headings: bool
    section: str | None


def rewrite(package: Package, shape: Mapping[str, Shape]) -> Rewritten:
    """Rewrite a template for contexts of a shape; raise RewritingError."""
    sites: list[str] = []
    links: list[str] = []
    numbers = count(1)
    sources, fixed, lists_headings, section = {}, {}, False, None
    body = package.document
    for part in package.stories():
        story = _StoryTree(part, package.parts[part], shape, sites)
        if part == body:
            lists_headings = mark_contents(story.root, styles_by_name(package))
            section = story.open_sections()
        number(story.tags, story.root, story.blocks(), numbers)
        if part == body or story.tags.holes:
            sources[part] = story.source()
        else:
            fixed[part] = story.source()
        for relation in package.links(part):
            if "{{" in (address := unquote(relation.target)):
                package.link(part, relation.id, late(LINK, str(len(links))))
                links.append(_address(part, address, shape))
    return Rewritten(
        sources,
        fixed,
        tuple(links),
        package.parts,
        tuple(sites),
        next(numbers),
        lists_headings,
        section,
    )


def _address(part: str, address: str, shape: Mapping[str, Shape]) -> str:
    """Return the address of a link as Jinja source."""
    tags = Holes(part, shape)
    holed = tags.holed(address)
    for hole in tags.holes:
        if hole.kind == "print":
            hole.source = f"{hole.source}|in_address"
    return tags.source(holed)


class _StoryTree:
    """The tree of a story with holes in it."""

    def __init__(
        self, part: str, markup: bytes, shape: Mapping[str, Shape], sites: list[str]
    ) -> None:
        self.tags, self._sites = Holes(part, shape), sites
        source = etree.tostring(parse(markup), encoding="unicode")
        if RESERVED.search(source):
            why = say("it holds characters that the program uses itself")
            raise self.tags.refused("", why)
        holed = self.tags.holed(docxtpl_functions().patch_xml(source))
        try:
            self.root = parse(docxtpl_functions().resolve_listing(holed))
        except etree.XMLSyntaxError as fault:
            raise self.tags.refused("", say("its tags tear the document")) from fault
        self._check_blocks()
        self._place_values()
        self._unbind()
        self._hold_rows()
        if shape.get("sealed") == YES_NO:
            self._leave_room_for_a_seal()
        self._fit_tables()
        self._make_whole()

    def source(self) -> str:
        """Return the story as Jinja source."""
        return self.tags.source(etree.tostring(self.root, encoding="unicode"))

    def _check_blocks(self) -> None:
        """Refuse a block that begins and ends at different depths: it would tear the markup."""
        opened: list[list[str]] = []
        for event, element in etree.iterwalk(self.root, ("start", "end")):
            text = element.text if event == "start" else element.tail
            home = element if event == "start" else element.getparent()
            if not text or HOLE not in text or home is None:
                continue
            depth = [str(each.tag) for each in (home, *home.iterancestors())]
            for hole in self.tags.inside(text):
                if hole.kind in BLOCKS:
                    opened.append(depth)
                elif hole.kind in CONTROL and opened[-1] != depth:
                    why = say("the block begins and ends in places that do not fit together")
                    raise self.tags.refused(hole.tag, why)
                if hole.kind in ENDS:
                    opened.pop()

    # Values

    def _place_values(self) -> None:
        """Choose for each value how it is written, by what it stands in."""
        for element in self.root.iter(etree.Element):
            for value in element.attrib.values():
                self._write_values(str(value), "attribute")
            self._write_values(element.tail, "between")
            run = element.getparent()
            if element.tag == f"{W}t" and run is not None and run.tag == f"{W}r":
                self._place_in_run(element, run)
            elif len(element) or (element.tag not in _TEXTS and str(element.tag).startswith(W)):
                self._write_values(element.text, "between")
            else:
                self._write_values(element.text, "beside")

    def _place_in_run(self, text: etree._Element, run: etree._Element) -> None:
        said = text.text
        if said and HOLE in said and self._is_only_a_chart(text, run):
            for child in list(run):
                run.remove(child)
            run.text = said
            self._write_values(said, "alone")
        else:
            look = run.find(f"{W}rPr")
            self._write_values(said, "run", "" if look is None else _as_written(look))

    def _is_only_a_chart(self, text: etree._Element, run: etree._Element) -> bool:
        holes, words = self.tags.inside(text.text), HOLES.sub("", text.text or "")
        others = [child for child in run if child is not text and child.tag != f"{W}rPr"]
        return (
            not words.strip() and not others and len(holes) == 1
            and holes[0].known is not None and holes[0].known.shape == CHART
        )  # fmt: skip

    def _write_values(self, text: str | None, place: str, look: str = "") -> None:
        if not text or HOLE not in text:
            return
        for hole in self.tags.inside(text):
            if hole.kind == "print":
                hole.source = self._written(hole, place, "" if HOLE in look else look)

    def _written(self, hole: Hole, place: str, look: str) -> str:
        """Return a tag that prints, with the filter for its value and place."""
        known, inside = hole.known, f"{quoted(look)}" if place == "run" else ""
        shape = known.shape if known else TEXT
        if place == "between" or (shape in (CHART, PICTURE) and place not in ("run", "alone")):
            raise self.tags.refused(hole.tag, say("a value can only stand in the text of a run"))
        if shape == COUNTED:
            return hole.source
        if shape in (CHART, PICTURE):
            return f"{hole.source}|{shape}({', '.join(filter(None, (INSERTS, inside)))})"
        if known is None or shape != FIGURE:
            return f"{hole.source}|{_WORDS[place]}({inside})"
        self._sites.append(known.path)
        needed = (quoted(str(len(self._sites) - 1)), inside, known.rows)
        return f"{hole.source}|{_FIGURES[place]}({', '.join(filter(None, needed))})"

    # The tree

    def _has_control(self, text: str | None) -> bool:
        return any(hole.kind in CONTROL for hole in self.tags.inside(text))

    def blocks(self) -> dict[etree._Element, tuple[str, ...]]:
        """Return the blocks that each element stands in, as identifiers.py has them."""
        open_blocks: list[str] = []
        found = {}
        begun = 0
        for event, element in etree.iterwalk(self.root, ("start", "end")):
            if event == "start":
                found[element] = tuple(open_blocks)
            text = element.text if event == "start" else element.tail
            for hole in self.tags.inside(text) if text and HOLE in text else ():
                if hole.kind in GO_ON or hole.kind in ENDS:
                    open_blocks.pop()
                if hole.kind in BLOCKS or hole.kind in GO_ON:
                    begun += 1
                    open_blocks.append(next(reversed(hole.variables), str(begun)))
        return found

    def _unbind(self) -> None:
        """Drop the binding of content controls around tags: Word would show what it is bound to."""
        for binding in list(self.root.iter(f"{W}dataBinding")):
            control = next(binding.iterancestors(f"{W}sdt"), None)
            if control is not None and _is_holed(control):
                drop(binding)

    def _hold_rows(self) -> None:
        """Keep the first two rows of a loop together, and its last two with what belongs to them.

        So no row stands alone before or after a new page, nor does a total or a source; a heading
        that follows begins something else. Rows that a template keeps are kept all where they are
        few; more would leave half a page empty.
        """
        blocks = self.blocks()
        for row in self.root.iter(f"{W}tr"):
            before, parent = row.getprevious(), row.getparent()
            around = parent.text if before is None and parent is not None else None
            around = before.tail if before is not None else around
            holes = self.tags.inside(around) if around and HOLE in around else []
            if not holes or holes[-1].kind != "for" or not self._ends_loop(row.tail):
                continue
            last = "<=" if _belongs(row) else "=="
            for paragraph in row.iter(f"{W}p"):
                if blocks[paragraph] == blocks[row]:
                    self._keep_in_loop(paragraph, f"loop.first or loop.revindex {last} 2")

    def _ends_loop(self, text: str | None) -> bool:
        holes = self.tags.inside(text) if text and HOLE in text else []
        return bool(holes) and holes[0].kind == "endfor"

    def _keep_in_loop(self, paragraph: etree._Element, condition: str) -> None:
        """Keep a paragraph on the page of the next one where its row is to be kept."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            properties = etree.Element(f"{W}pPr")
            properties.tail, paragraph.text = paragraph.text, None
            paragraph.insert(0, properties)
        for old in properties.findall(f"{W}keepNext"):
            condition = f"loop.length <= {_WHOLE_ROWS} or {condition}"
            drop(old)
        kept = etree.Element(f"{W}keepNext")
        begin = self.tags.add(Hole("if", f"if {condition}"))
        kept.tail = self.tags.add(Hole("endif", "endif"))
        style = properties.find(f"{W}pStyle")
        if style is None:
            kept.tail += properties.text or ""
            properties.text = begin
            properties.insert(0, kept)
        else:
            kept.tail += style.tail or ""
            style.tail = begin
            properties.insert(1, kept)

    def _leave_room_for_a_seal(self) -> None:
        """Print （盖章处） only in a document that is sealed, where some of its kind are not."""
        for paragraph in list(self.root.iter(f"{W}p")):
            before, parent = paragraph.getprevious(), paragraph.getparent()
            if "".join(map(str, paragraph.itertext())).strip() != SEAL_PLACE or parent is None:
                continue
            begin = self.tags.add(Hole("if", "if sealed"))
            if before is not None:
                before.tail = (before.tail or "") + begin
            else:
                parent.text = (parent.text or "") + begin
            paragraph.tail = self.tags.add(Hole("endif", "endif")) + (paragraph.tail or "")

    def _fit_tables(self) -> None:
        """Give each table as many columns as its rows have cells, as docxtpl does.

        Where tags decide how many that are, it is done in each document.
        """
        for grid in list(self.root.iter(f"{W}tblGrid")):
            for child in list(grid):  # such as a tracked change, which holds a grid of its own
                if child.tag != f"{W}gridCol" or len(child):
                    grid.remove(child)
        blocks = self.blocks()
        for table in list(self.root.iter(f"{W}tbl")):
            rows = [row for row in table.iter(f"{W}tr")
                    if next(row.iterancestors(f"{W}tbl")) is table]  # fmt: skip
            sure = [row for row in rows if blocks[row] == blocks[table]]
            counted = not any(self._may_be_wide(row) for row in rows)
            if counted and fit(table, rows, sure):
                continue
            if counted and len(sure) == len(rows):
                fit_now(table)
                continue
            before, parent = table.getprevious(), table.getparent()
            begin = self.tags.add(Hole("filter", "filter columns"))
            if before is not None:
                before.tail = (before.tail or "") + begin
            elif parent is not None:
                parent.text = (parent.text or "") + begin
            table.tail = self.tags.add(Hole("endfilter", "endfilter")) + (table.tail or "")

    def _may_be_wide(self, row: etree._Element) -> bool:
        """Tell whether tags repeat or leave out cells of a row, or widen one."""
        spans = row.iterfind(f"{W}tc/{W}tcPr/{W}gridSpan")
        between = (row.text, *(child.tail for child in row))
        return any(map(_is_holed, spans)) or any(map(self._has_control, between))

    def _make_whole(self) -> None:
        """Give every cell its last paragraph, and keep tables apart, which Word would make one."""
        for cell in self.root.iter(f"{W}tc"):
            last = cell[-1] if len(cell) else None
            if self._has_control(cell.text if last is None else last.tail):
                append(cell, late(LAST_PARAGRAPH))
            elif last is None or last.tag != f"{W}p":
                cell.append(etree.Element(f"{W}p"))
        for table in list(self.root.iter(f"{W}tbl")):
            following = table.getnext()
            if self._has_control(table.tail):
                table.tail = late(APART) + (table.tail or "")
            elif following is not None and following.tag == f"{W}tbl":
                table.addnext(etree.Element(f"{W}p"))
        if self.root.tag in _PAGES:
            if not len(self.root):
                self.root.append(etree.Element(f"{W}p"))
            elif self._has_control(self.root[-1].tail):
                append(self.root, late(LAST_PARAGRAPH))

    def open_sections(self) -> str | None:
        """Put a token into each section of the body for the headers that a draft's marks need.

        Return what headers the first has, None if it depends on a document which is the first.
        """
        if next(self.root.iter(f"{W}sectPr"), None) is None:
            etree.SubElement(next(self.root.iter(f"{W}body")), f"{W}sectPr")
        blocks, first = self.blocks(), list[str | None]()
        for section in self.root.iter(f"{W}sectPr"):
            if next(section.iterancestors(f"{W}sectPrChange"), None) is not None:
                continue
            present = ",".join(
                f"{kind}:{found.get(f'{W}type', 'default')}"
                for kind in ("header", "footer")
                for found in section.findall(f"{W}{kind}Reference")
            )
            section.text = late(SECTION, present) + (section.text or "")
            first.append(None if blocks.get(section) else present)
        return first[0]


_FIGURES: Final = {
    "run": "figure",
    "beside": "figure_beside",
    "alone": "figure_beside",
    "attribute": "figure_in_attribute",
}
_WORDS: Final = {
    "run": "words",
    "beside": "words_beside",
    "alone": "words_beside",
    "attribute": "in_attribute",
}
"""The filter for each place: in a run, as another text, or in an attribute."""


@cache
def docxtpl_functions() -> DocxTemplate:
    """Return docxtpl for its pure functions; the file it is given is never opened."""
    from docx.oxml.ns import nsmap  # noqa: PLC0415  # slow to import

    core = nsmap["cp"]
    from docxtpl import DocxTemplate  # noqa: PLC0415  # likewise

    nsmap["cp"] = core  # docxcompose, where docxtpl finds it, gives the prefix another meaning
    return DocxTemplate("")


def _as_written(look: etree._Element) -> str:
    written = etree.tostring(look, encoding="unicode", with_tail=False)
    return _NAMESPACES.sub("", written)


def _belongs(row: etree._Element) -> bool:
    """Return whether what follows a row belongs to it: a total, or text below its table."""
    if row.getnext() is not None:
        return True
    table = row.getparent()
    after = None if table is None else table.getnext()
    style = None if after is None else after.find(f"{W}pPr/{W}pStyle")
    return (
        after is not None
        and after.tag == f"{W}p"
        and (style is None or not style.get(f"{W}val", "").startswith("Heading"))
    )


def _is_holed(element: etree._Element) -> bool:
    return HOLE in etree.tostring(element, encoding="unicode", with_tail=False)
