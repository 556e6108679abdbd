"""Rules on what a finished document needs: a place for the seal, no traces of work, access."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from lxml import etree

from deliverables.message import say
from deliverables.problem import Problem, error, warning
from deliverables.render.lint.subject import Subject, first_place, with_tags
from deliverables.render.place import Story, W, own_text

SEAL_ANCHOR: Final = "seal_anchor"
_SEAL_PLACE = "（盖章处）"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_PICTURE = "{urn:schemas-microsoft-com:vml}shape"
_IMAGE = "{urn:schemas-microsoft-com:vml}imagedata"
_REVISIONS = tuple(
    f"{W}{name}"
    for name in (
        *("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"),
        *("rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange"),
    )
)
_COMMENTS = (f"{W}commentReference", f"{W}commentRangeStart")
_FIRST_ROW = 0x20
_OFF = ("0", "false", "off")


def place_for_the_seal(subject: Subject) -> Iterator[Problem]:
    """A sealed document without （盖章处） at the bookmark that says where the seal goes."""
    if not subject.purpose.sealed:
        return
    marks = [
        mark
        for mark in subject.stories[0].root.iter(f"{W}bookmarkStart")
        if mark.get(f"{W}name") == SEAL_ANCHOR
    ]
    if not marks:
        found = say("there is no bookmark {name}", name=SEAL_ANCHOR)
    elif _SEAL_PLACE not in _paragraph_text(marks[0]):
        found = say(
            "{place}: the bookmark {name} stands here, but the text {text} does not",
            place=first_place(subject.stories[0], marks[0]).message,
            name=SEAL_ANCHOR,
            text=_SEAL_PLACE,
        )
    else:
        return
    yield error(
        "template-seal",
        subject.source,
        found,
        say("write {text} and put the bookmark {name} on it", text=_SEAL_PLACE, name=SEAL_ANCHOR),
    )


def traces_of_work(subject: Subject) -> Iterator[Problem]:
    """Tracked changes and comments, which would stand in every document made."""
    for story in subject.stories:
        for what, tags in ((say("a tracked change"), _REVISIONS), (say("a comment"), _COMMENTS)):
            places = Counter(first_place(story, found) for found in story.root.iter(*tags))
            for place in places:
                yield error(
                    "template-traces",
                    subject.source,
                    say("{place}: {what} is left", place=with_tags(place), what=what),
                    say("accept or reject all changes and delete all comments"),
                )


def repeated_headers(subject: Subject) -> Iterator[Problem]:
    """Tables with a header row that is not repeated on the next page."""
    for story in subject.stories:
        for table in story.tables:
            first = table.find(f"{W}tr")
            if first is None or not (_has_header(table) or _repeats_rows(table)):
                continue
            mark = first.find(f"{W}trPr/{W}tblHeader")
            if mark is None or mark.get(f"{W}val") in _OFF:
                yield warning(
                    "template-header-row",
                    subject.source,
                    say("{place}: the header row is not repeated", place=_table(story, table)),
                    say("select the first row and let it repeat as header row on each page"),
                )


def descriptions_of_pictures(subject: Subject) -> Iterator[Problem]:
    """Pictures without a description for those who cannot see them."""
    for story in subject.stories:
        for picture in story.root.iter(_DRAWING, _PICTURE):
            is_image = picture.tag == _DRAWING or picture.find(_IMAGE) is not None
            words = picture.get("descr") or picture.get("alt") or ""
            if is_image and not words.strip():
                yield warning(
                    "template-alt-text",
                    subject.source,
                    say(
                        "{place}: the picture {name} has no alternative text",
                        place=first_place(story, picture).message,
                        name=picture.get("name", ""),
                    ),
                    say("describe it under alternative text"),
                )


def _paragraph_text(mark: etree._Element) -> str:
    paragraph = next(mark.iterancestors(f"{W}p"), None)
    return "" if paragraph is None else own_text(paragraph)


def _has_header(table: etree._Element) -> bool:
    look = table.find(f"{W}tblPr/{W}tblLook")
    if look is None:
        return False
    named = look.get(f"{W}firstRow")
    if named is not None:
        return named not in _OFF
    return bool(int(look.get(f"{W}val", "0"), 16) & _FIRST_ROW)


def _repeats_rows(table: etree._Element) -> bool:
    text = "".join(found.text or "" for found in table.iter(f"{W}t"))
    return "{%tr for" in text


def _table(story: Story, table: etree._Element) -> object:
    return first_place(story, table).message
