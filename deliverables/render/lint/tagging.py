"""Rules on tags: everything that keeps a template from being rendered, and merged cells."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from deliverables.message import say
from deliverables.problem import Problem, error
from deliverables.render.lint.subject import Subject, first_place, with_tags
from deliverables.render.names import template_problems
from deliverables.render.place import Place, W
from deliverables.render.tag import TAG, Tag


def tags_and_names(subject: Subject) -> Iterator[Problem]:
    """Whatever keeps the template from being rendered: bad tags, names there are not, and more."""
    yield from template_problems(subject.path, subject.purpose.context)


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
