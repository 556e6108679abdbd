"""Rules on what a finished document needs: a place for the seal, no traces of work, access."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from deliverables.message import say
from deliverables.problem import Problem, error, warning
from deliverables.render.lint.subject import Subject, first_place, with_tags
from deliverables.render.place import Story, W

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
    """A sealed document whose body does not say where the seal goes, by the words （盖章处）."""
    body = subject.stories[0]
    if subject.purpose.sealed and not any(
        _SEAL_PLACE in place.text for place, _ in body.paragraphs
    ):
        yield error(
            "template-seal",
            subject.source,
            say("the text {text} is missing, which says where the seal goes", text=_SEAL_PLACE),
            say("write {text} where the seal goes", text=_SEAL_PLACE),
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
