"""Rules on what tags draw: charts and pictures need lines that grow with them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from deliverables.message import say
from deliverables.problem import Problem, warning
from deliverables.render.drift.sheet import Sheet, sheet_of
from deliverables.render.lint.subject import Subject, with_tags
from deliverables.render.names import Holds, names_offered, names_used
from deliverables.render.place import W

_DRAWN = (Holds.CHART, Holds.PICTURE)
_RULE = "pPr/spacing/lineRule"


def lines_of_fixed_height(subject: Subject) -> Iterator[Problem]:
    """Charts and pictures in lines of a fixed height, which show no more of them than a line."""
    offered = names_offered(subject.purpose.context)
    drawn = {field.name for field in offered if (field.each or field.holds) in _DRAWN}
    uses = names_used(subject.path) if drawn else ()
    places = {use.place for use in uses if use.printed and use.name in drawn}
    sheet = sheet_of(subject.package) if places else None
    for story in subject.stories if sheet else ():
        for place, paragraph in story.paragraphs:
            if sheet and place in places and _line_rule(sheet, paragraph) == "exact":
                yield warning(
                    "template-cut",
                    subject.source,
                    say("{place}: lines of a fixed height cut it off", place=with_tags(place)),
                    say("choose the style 图表, or single line spacing"),
                )


def _line_rule(sheet: Sheet, paragraph: etree._Element) -> str:
    spacing = paragraph.find(f"{W}pPr/{W}spacing")
    if spacing is not None and spacing.get(f"{W}line"):
        return spacing.get(f"{W}lineRule", "auto")
    named = paragraph.find(f"{W}pPr/{W}pStyle")
    style = sheet.default("paragraph") if named is None else named.get(f"{W}val", "")
    return sheet.look(style).get(_RULE, "auto") if style in sheet.styles else "auto"
