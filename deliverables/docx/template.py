"""A template rewritten, once, into Jinja templates: one for each of its stories.

docxtpl says what its tags mean and how they unfold (`patch_xml`). With holes for the tags the
whole template is one well-formed tree, all cases and repetitions side by side. On that tree
everything is done that documents have in common; what they decide gets a token for the settlement
or a tag of Jinja.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from lxml import etree

from deliverables.docx import columns, identifiers
from deliverables.docx.contents import append, drop, mark_contents, styles_by_name
from deliverables.docx.language import (
    BEGIN,
    CHART,
    CONTROL,
    COUNTED,
    END,
    FIGURE,
    GO_ON,
    HOLE,
    HOLES,
    PICTURE,
    TEXT,
    Hole,
    RewritingError,
    Shape,
    Tags,
    quoted,
)
from deliverables.docx.settlement import APART, LAST_PARAGRAPH, LINK, SECTION, late
from deliverables.lazily import dataclass
from deliverables.message import say
from deliverables.render.package import Package, parse
from deliverables.render.place import W
from deliverables.trace import RESERVED

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

__all__ = ["INSERTS", "RewritingError", "Rewritten", "rewrite"]

INSERTS: Final = "_inserts"
"""The name under which a Jinja template finds where charts and pictures go."""

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
        story = _Story(part, package.parts[part], shape, sites)
        if part == body:
            lists_headings = mark_contents(story.root, styles_by_name(package))
            section = story.open_sections()
        identifiers.number(story.tags, story.root, story.blocks(), numbers)
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
    tags = Tags(part, shape)
    holed = tags.holed(address)
    for hole in tags.holes:
        if hole.kind == "print":
            hole.source = f"{hole.source}|in_address"
    return tags.source(holed)


class _Story:
    """The tree of a story with holes in it."""

    def __init__(
        self, part: str, markup: bytes, shape: Mapping[str, Shape], sites: list[str]
    ) -> None:
        self.tags, self._sites = Tags(part, shape), sites
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
                if hole.kind in BEGIN:
                    opened.append(depth)
                elif hole.kind in CONTROL and opened[-1] != depth:
                    why = say("the block begins and ends in places that do not fit together")
                    raise self.tags.refused(hole.tag, why)
                if hole.kind in END:
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
                if hole.kind in GO_ON or hole.kind in END:
                    open_blocks.pop()
                if hole.kind in BEGIN or hole.kind in GO_ON:
                    begun += 1
                    open_blocks.append(next(reversed(hole.variables), str(begun)))
        return found

    def _unbind(self) -> None:
        """Drop the binding of content controls around tags: Word would show what it is bound to."""
        for binding in list(self.root.iter(f"{W}dataBinding")):
            control = next(binding.iterancestors(f"{W}sdt"), None)
            if control is not None and _is_holed(control):
                drop(binding)

    def _fit_tables(self) -> None:
        """Give each table as many columns as its rows have cells, as docxtpl does.

        Where tags decide how many that are, it is done in each document.
        """
        blocks = self.blocks()
        for table in list(self.root.iter(f"{W}tbl")):
            rows = [row for row in table.iter(f"{W}tr")
                    if next(row.iterancestors(f"{W}tbl")) is table]  # fmt: skip
            sure = [row for row in rows if blocks[row] == blocks[table]]
            counted = not any(self._may_be_wide(row) for row in rows)
            if counted and columns.fit(table, rows, sure):
                continue
            if counted and len(sure) == len(rows):
                columns.fit_now(table)
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


def _is_holed(element: etree._Element) -> bool:
    return HOLE in etree.tostring(element, encoding="unicode", with_tail=False)
