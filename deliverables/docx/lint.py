"""Rules that a template is held against before a document is made of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

from deliverables.docx.names import Holds, names_offered, names_used, template_problems
from deliverables.docx.package import (
    DRAWING,
    Package,
    Story,
    TemplatePlace,
    W,
    has_macros,
    outside,
    parse,
    read_word_file,
    stories,
)
from deliverables.docx.render import unrenderable
from deliverables.docx.style import SEAL_PLACE, Layout
from deliverables.docx.style_sheet import (
    OFF,
    StyleSheet,
    drifts,
    house_ids,
    house_sheet,
    layout_of,
    sheet_of,
)
from deliverables.docx.tags import TAG, Tag, source_of, tags_at
from deliverables.docx.word_page import LossKind, page_of
from deliverables.values.figure import Line
from deliverables.values.problem import Message, Problem, error, say, warning

__all__ = ["RULES", "Purpose", "lint"]


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a template is for: the names it may use, and whether its documents are sealed."""

    context: type
    sealed: bool


@dataclass(frozen=True, slots=True)
class LintedTemplate:
    """A template; `layout` is None where it has the styles of neither."""

    path: Path
    purpose: Purpose
    package: Package
    layout: Layout | None
    stories: tuple[Story, ...]

    @property
    def source(self) -> Line:
        """How a problem names the template."""
        return source_of(self.path)


def subject_of(path: Path, package: Package, purpose: Purpose) -> LintedTemplate:
    """Take the template at `path`, whose parts were read, apart."""
    return LintedTemplate(path, purpose, package, layout_of(package), stories(package))


def first_place(story: Story, element: etree._Element) -> TemplatePlace:
    """Return the place of an element: of its first paragraph, or of the one it stands in."""
    inside = next(element.iter(f"{W}p"), None)
    paragraph = inside if inside is not None else next(element.iterancestors(f"{W}p"), None)
    return TemplatePlace(story.label, "") if paragraph is None else story.place(paragraph)


def with_tags(place: TemplatePlace) -> Message:
    """Return a place with the tags that stand there, as far as there are any."""
    tags = " ".join(tags_at(place))
    return say("{place}: {tag}", place=place.message, tag=tags) if tags else place.message


_DRAWN = (Holds.CHART, Holds.PICTURE)


def lines_of_fixed_height(subject: LintedTemplate) -> Iterator[Problem]:
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


def _line_rule(sheet: StyleSheet, paragraph: etree._Element) -> str:
    spacing = paragraph.find(f"{W}pPr/{W}spacing")
    if spacing is not None and spacing.get(f"{W}line"):
        return spacing.get(f"{W}lineRule", "auto")
    named = paragraph.find(f"{W}pPr/{W}pStyle")
    style = sheet.default("paragraph") if named is None else named.get(f"{W}val", "")
    return sheet.states(style, "pPr", "spacing").get("lineRule", "auto")


_DRESS = say("run `deliverables template dress`, which puts the house style in again")


def known_layout(subject: LintedTemplate) -> Iterator[Problem]:
    """A template that has the styles of neither letters nor reports."""
    if subject.layout is None:
        yield warning(
            "template-layout",
            subject.source,
            say("it has the house styles of neither letters nor reports"),
            say("run `deliverables template dress` with --layout letter or --layout report"),
        )


def drifted_look(subject: LintedTemplate) -> Iterator[Problem]:
    """Styles, heading numbers and settings that are not the house's any more."""
    for told in drifts(subject.package, subject.layout) if subject.layout else ():
        yield warning("template-drift", subject.source, told, _DRESS)


def formatting_by_hand(subject: LintedTemplate) -> Iterator[Problem]:
    """Pages, fonts, sizes, colours, spacing, indents and table rules set by hand."""
    if subject.layout is None:
        return
    for untold in page_of(subject.package, subject.layout, subject.path.name)[1]:
        if untold.kind is LossKind.LOOK:
            yield warning("template-formatting", subject.source, untold.message, _DRESS)


def language(subject: LintedTemplate) -> Iterator[Problem]:
    """Text that does not say it is Chinese: screen readers and spelling checks go by it."""
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


def numbers_by_hand(subject: LintedTemplate) -> Iterator[Problem]:
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


def styles_of_the_house(subject: LintedTemplate) -> Iterator[Problem]:
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


def _foreign(subject: LintedTemplate, story: Story, element: etree._Element, name: str) -> Problem:
    holder = "tbl" if element.tag == f"{W}tblStyle" else "p"
    place = first_place(story, next(element.iterancestors(f"{W}{holder}")))
    return warning(
        "template-style",
        subject.source,
        say("{place}: the style {style} is not the house's", place=place.message, style=name),
        say("choose a style of the house in Word's list of styles"),
    )


def _heading_styles(subject: LintedTemplate) -> set[str]:
    if subject.layout is None:
        return set()
    levels = {look.id for look in subject.layout.looks if look.level}
    known = house_ids(sheet_of(subject.package), house_sheet(subject.layout))
    return {style for style, house in known.items() if house in levels}


_DRAWING = f"{{{DRAWING}/wordprocessingDrawing}}docPr"
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


def place_for_the_seal(subject: LintedTemplate) -> Iterator[Problem]:
    """A sealed document whose body does not say where the seal goes, by the words （盖章处）."""
    body = subject.stories[0]
    if subject.purpose.sealed and not any(SEAL_PLACE in place.text for place, _ in body.paragraphs):
        yield error(
            "template-seal",
            subject.source,
            say("the text {text} is missing, which says where the seal goes", text=SEAL_PLACE),
            say("write {text} where the seal goes", text=SEAL_PLACE),
        )


def traces_of_work(subject: LintedTemplate) -> Iterator[Problem]:
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


def repeated_headers(subject: LintedTemplate) -> Iterator[Problem]:
    """Tables with a header row that is not repeated on the next page."""
    for story in subject.stories:
        for table in story.tables:
            first = table.find(f"{W}tr")
            if first is None or not (_has_header(table) or _repeats_rows(table)):
                continue
            mark = first.find(f"{W}trPr/{W}tblHeader")
            if mark is None or mark.get(f"{W}val") in OFF:
                yield warning(
                    "template-header-row",
                    subject.source,
                    say("{place}: the header row is not repeated", place=_table(story, table)),
                    say("select the first row and let it repeat as header row on each page"),
                )


def descriptions_of_pictures(subject: LintedTemplate) -> Iterator[Problem]:
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
        return named not in OFF
    bits = look.get(f"{W}val", "0")
    return _HEXADECIMAL.fullmatch(bits) is not None and bool(int(bits, 16) & _FIRST_ROW)


_HEXADECIMAL: Final = re.compile(r"[0-9A-Fa-f]{1,8}")


def _repeats_rows(table: etree._Element) -> bool:
    text = "".join(found.text or "" for found in table.iter(f"{W}t"))
    return "{%tr for" in text


def _table(story: Story, table: etree._Element) -> object:
    return first_place(story, table).message


_SETTINGS = {
    "trackRevisions": say("changes are tracked"),
    "documentProtection": say("it is protected"),
    "writeProtection": say("it is protected against writing"),
    "mailMerge": say("it is connected to the data of a mail merge"),
    "attachedTemplate": say("a template of Word is attached to it"),
}


def settings_that_stay(subject: LintedTemplate) -> Iterator[Problem]:
    """Tracking, protection, mail merge, an attached template, macros: no document has them."""
    package = subject.package
    named = package.related(package.document, "settings")
    parts = tuple(part for part in named if part in package.parts)
    for part in parts:
        targets = {found.id: found.target for found in outside(package, part)}
        for element in parse(package.parts[part]).iterchildren(etree.Element):
            name = etree.QName(element).localname
            if name in _SETTINGS and element.get(f"{W}val") not in OFF:
                yield _dropped(subject, _with_source(_SETTINGS[name], element, targets))
    for found in outside(package):
        if found.is_setting and found.part not in parts:
            what = _SETTINGS["attachedTemplate"]
            yield _dropped(subject, say("{what}: {source}", what=what, source=found.target))
    if has_macros(package):
        yield _dropped(subject, say("it is a file with macros"))


def bound_controls(subject: LintedTemplate) -> Iterator[Problem]:
    """Tags in a control bound to data: Word shows those data in place of what the tag prints."""
    for story in subject.stories:
        for control in story.root.iter(f"{W}sdt"):
            binding = control.find(f"{W}sdtPr/{W}dataBinding")
            text = "".join(found.text or "" for found in control.iter(f"{W}t"))
            if binding is not None and TAG.search(text):
                place = first_place(story, control)
                yield warning(
                    "template-binding",
                    subject.source,
                    say(
                        "{place}: the control shows the data {path}, not what the tag prints; "
                        "documents are made without that binding",
                        place=with_tags(place),
                        path=binding.get(f"{W}xpath", ""),
                    ),
                    say("take the content control away in Word and leave the tag"),
                )


def _dropped(subject: LintedTemplate, what: Message) -> Problem:
    return warning(
        "template-setting",
        subject.source,
        say("{what}; documents are made without it", what=what),
        say("turn it off in Word and save the template"),
    )


def _with_source(what: Message, element: etree._Element, targets: dict[str, str]) -> Message:
    """Return what is set, with the file or the query it points to."""
    values = [str(value) for found in element.iter(etree.Element) for value in found.values()]
    source = next((targets[value] for value in values if value in targets), "")
    for name in ("connectString", "query"):
        found = element.find(f"{W}{name}")
        source = source or ("" if found is None else found.get(f"{W}val", ""))
    return say("{what}: {source}", what=what, source=source) if source else what


def tags_and_names(subject: LintedTemplate) -> Iterator[Problem]:
    """Whatever keeps the template from being rendered: bad tags, names there are not, and more."""
    context = subject.purpose.context
    yield from template_problems(subject.path, context) or unrenderable(subject.path, context)


def merged_in_loops(subject: LintedTemplate) -> Iterator[Problem]:
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
        tags = [Tag(found, TemplatePlace("", text)) for found in TAG.findall(text)]
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


Rule = Callable[[LintedTemplate], Iterable[Problem]]

RULES: tuple[Rule, ...] = (
    tags_and_names,
    merged_in_loops,
    settings_that_stay,
    bound_controls,
    place_for_the_seal,
    traces_of_work,
    known_layout,
    styles_of_the_house,
    drifted_look,
    formatting_by_hand,
    numbers_by_hand,
    language,
    repeated_headers,
    descriptions_of_pictures,
    lines_of_fixed_height,
)


def lint(template: Path, purpose: Purpose) -> tuple[Problem, ...]:
    """Return everything that is wrong with a template for its purpose, by rule."""
    return tuple(_findings(template, purpose))


def _findings(template: Path, purpose: Purpose) -> Iterator[Problem]:
    package, objections = read_word_file(template)
    if package is None:
        for what, fix in objections:
            yield error("template-file", source_of(template), what, fix)
        return
    subject = subject_of(template, package, purpose)
    for rule in RULES:
        yield from rule(subject)
