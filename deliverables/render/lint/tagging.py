"""Rules on tags: names, ends and scopes, tags in pieces, cells merged where rows repeat."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from deliverables.message import say
from deliverables.problem import Problem, error
from deliverables.render.lint.subject import Subject, first_place, with_tags
from deliverables.render.names import template_problems
from deliverables.render.place import Place, W, own_text
from deliverables.render.tag import TAG, Tag

_HARMLESS = {f"{W}{name}" for name in ("proofErr", "lastRenderedPageBreak", "r", "t")}


def tags_and_names(subject: Subject) -> Iterator[Problem]:
    """Tags that are not closed, stand wrongly or take something with them; names there are not."""
    yield from template_problems(subject.path, subject.purpose.context)


def tags_in_pieces(subject: Subject) -> Iterator[Problem]:
    """Tags that Word has split so that docxtpl cannot put them together again.

    It drops what stands between the pieces. Where that is the mere end of a run no harm is done;
    where it is the edge of a link or half a field, the document would break.
    """
    for story in subject.stories:
        for place, paragraph in story.paragraphs:
            for text, between in _pieces(paragraph):
                yield error(
                    "template-split",
                    subject.source,
                    say(
                        "{place}: {tag}: the tag is split by {what}",
                        place=place.message,
                        tag=text,
                        what=between,
                    ),
                    say("delete the tag and type it anew in one go"),
                )


def merged_in_loops(subject: Subject) -> Iterator[Problem]:
    """Merged cells in rows that repeat: down they would merge with the rows of other items."""
    for story in subject.stories:
        for table in story.tables:
            for cell in _repeated_cells(table):
                place = first_place(story, cell)
                yield error(
                    "template-merged",
                    subject.source,
                    say("{place}: a merged cell in a row that repeats", place=with_tags(place)),
                    say("split the cell; a row that repeats has one cell for each column"),
                )


def _pieces(paragraph: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield each tag of a paragraph that cannot be put together, and what lies between."""
    texts = [
        text
        for text in paragraph.iter(f"{W}t")
        if next(text.iterancestors(f"{W}p")) is paragraph
    ]  # fmt: skip
    spans, position = [], 0
    for text in texts:
        spans.append((position, position + len(text.text or "")))
        position = spans[-1][1]
    for tag in TAG.finditer(own_text(paragraph)):
        held = [
            text
            for text, (start, end) in zip(texts, spans, strict=True)
            if start < tag.end() and end > tag.start()
        ]
        if len(held) > 1 and (between := _between(paragraph, held)):
            yield tag[0], between


def _between(paragraph: etree._Element, held: list[etree._Element]) -> str:
    """Return the name of what stands between the pieces of a tag and cannot be dropped."""
    runs = [next(text.iterancestors(f"{W}r")) for text in held]
    homes = [run.getparent() for run in runs]
    for home in homes:
        if home is not homes[0]:
            edge = home if home is not paragraph else homes[0]
            return "" if edge is None else etree.QName(edge).localname
    inside = False
    for element in paragraph.iter():
        if element is held[-1]:
            break
        inside = inside or element is held[0]
        in_properties = any(True for _ in element.iterancestors(f"{W}rPr"))
        plain = element.tag in _HARMLESS or element.tag == f"{W}rPr" or in_properties
        if inside and not plain:
            return etree.QName(element).localname
    return ""


def _repeated_cells(table: etree._Element) -> Iterator[etree._Element]:
    """Yield the merged cells of the rows between {%tr for … %} and its end."""
    depth = 0
    for row in table.iterchildren(f"{W}tr"):
        text = "".join(text.text or "" for text in row.iter(f"{W}t"))
        tags = [Tag(found, Place("", text)) for found in TAG.findall(text)]
        loops = [tag for tag in tags if tag.scope == "tr"]
        if depth and not loops:
            for properties in row.iterfind(f"{W}tc/{W}tcPr"):
                cell = properties.getparent()
                if cell is not None and _is_merged(properties):
                    yield cell
        depth += sum((tag.opens == "for") - (tag.closes == "for") for tag in loops)


def _is_merged(properties: etree._Element) -> bool:
    span = properties.find(f"{W}gridSpan")
    wide = span is not None and span.get(f"{W}val") not in (None, "1")
    return wide or properties.find(f"{W}vMerge") is not None
