"""Rules on the look: the house's styles, nothing by hand, the language of the text."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from deliverables.message import say
from deliverables.problem import Problem, warning
from deliverables.render.drift import Area
from deliverables.render.drift.sheet import house_ids, house_sheet, sheet_of
from deliverables.render.lint.subject import Subject, first_place
from deliverables.render.place import Story, W

_DRESS = say("run `deliverables template dress`, which puts the house style in again")


def known_layout(subject: Subject) -> Iterator[Problem]:
    """A template that has the styles of neither letters nor reports."""
    if subject.layout is None:
        yield warning(
            "template-layout",
            subject.source,
            say("it has the house styles of neither letters nor reports"),
            say("run `deliverables template dress` with --layout letter or --layout report"),
        )


def drifted_look(subject: Subject) -> Iterator[Problem]:
    """Styles, heading numbers, pages, settings and fonts that are not the house's any more."""
    for drift in subject.drifts:
        if drift.area not in (Area.FORMATTING, Area.LANGUAGE):
            yield warning("template-drift", subject.source, drift.message, _DRESS)


def formatting_by_hand(subject: Subject) -> Iterator[Problem]:
    """Fonts, sizes, colours, spacing, indents and table rules set by hand against the style."""
    for drift in subject.drifts:
        if drift.area is Area.FORMATTING:
            yield warning("template-formatting", subject.source, drift.message, _DRESS)


def language(subject: Subject) -> Iterator[Problem]:
    """Text that does not say it is Chinese: screen readers and spelling checks go by it."""
    for drift in subject.drifts:
        if drift.area is Area.LANGUAGE:
            yield warning("template-language", subject.source, drift.message, _DRESS)
    for story in subject.stories:
        for place, paragraph in story.paragraphs:
            for mark in paragraph.iterfind(f"{W}r/{W}rPr/{W}lang"):
                other = mark.get(f"{W}eastAsia", "zh-CN")
                if not other.startswith("zh"):
                    yield warning(
                        "template-language",
                        subject.source,
                        say("{place}: text marked as {other}", place=place.message, other=other),
                        say("select the text and set its proofing language to Chinese"),
                    )
                    break


def numbers_by_hand(subject: Subject) -> Iterator[Problem]:
    """Numbers and bullets set by hand: chapters are numbered by the styles of headings."""
    headings = _heading_styles(subject)
    for story in subject.stories:
        for place, paragraph in story.paragraphs:
            number = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
            if number is None or number.get(f"{W}val") == "0":
                continue
            style = paragraph.find(f"{W}pPr/{W}pStyle")
            if style is None or style.get(f"{W}val") not in headings:
                yield warning(
                    "template-numbers",
                    subject.source,
                    say("{place}: numbered by hand", place=place.message),
                    say("choose a heading style, or write the number out"),
                )


def styles_of_the_house(subject: Subject) -> Iterator[Problem]:
    """Paragraphs, runs and tables in a style that the house does not have, or that nobody has."""
    if subject.layout is None:
        return
    sheet = sheet_of(subject.package)
    ids = house_ids(sheet, house_sheet(subject.layout))
    for story in subject.stories:
        for element in story.root.iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle"):
            style = element.get(f"{W}val", "")
            if style not in ids:
                yield _foreign(subject, story, element, sheet.name(style) or style)
        for table in story.tables:
            if table.find(f"{W}tblPr/{W}tblStyle") is None:
                place = first_place(story, table).message
                yield warning(
                    "template-style",
                    subject.source,
                    say("{place}: the table has no style", place=place),
                    say("choose a table style of the house in Word's table design"),
                )


def _foreign(subject: Subject, story: Story, element: etree._Element, name: str) -> Problem:
    holder = "tbl" if element.tag == f"{W}tblStyle" else "p"
    place = first_place(story, next(element.iterancestors(f"{W}{holder}")))
    return warning(
        "template-style",
        subject.source,
        say("{place}: the style {style} is not the house's", place=place.message, style=name),
        say("choose a style of the house in Word's list of styles"),
    )


def _heading_styles(subject: Subject) -> set[str]:
    if subject.layout is None:
        return set()
    levels = {look.id for look in subject.layout.looks if look.level}
    known = house_ids(sheet_of(subject.package), house_sheet(subject.layout))
    return {style for style, house in known.items() if house in levels}
