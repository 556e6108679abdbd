"""Numbers that depend on what a document turned out to hold: captions, references, contents.

A chapter may be left out and a section repeated, so these are written once every tag is filled.
The fields stay fields: Word computes the same when somebody edits the document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from lxml import etree
from markupsafe import escape

from deliverables.lazily import dataclass
from deliverables.render.package import Package, parse
from deliverables.render.place import W, own_text

_XMLNS = f'xmlns:w="{W.strip("{}")}"'
_DIGITS = "零一二三四五六七八九"
CAPTIONS = ("caption", "图题")
FIRST_BOOKMARK = 900000
HEADING = re.compile(r"heading [12]")
"""The names of the styles whose paragraphs the contents list."""


class MissingReferenceError(ValueError):
    """A reference to a caption that the document does not have."""


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    text: str
    bookmark: str


def finish_contents(package: Package, body: etree._Element) -> None:
    """Number the captions by chapter, fill the references to them, list the headings."""
    styles = styles_by_name(package)
    headings: list[_Heading] = []
    chapter = sections = 0
    captions: Counter[str] = Counter()
    for paragraph in body.iter(f"{W}p"):
        style = styles.get(style_of(paragraph), "")
        if style == "heading 1" and is_numbered(paragraph):
            chapter, sections = chapter + 1, 0
            captions.clear()
        if style == "heading 2":
            sections += 1
        if HEADING.fullmatch(style):
            number = numbered(int(style[-1]), chapter, sections) if is_numbered(paragraph) else ""
            headings.append(_marked(paragraph, int(style[-1]), number, len(headings) + 1))
        if style in CAPTIONS:
            _number_caption(paragraph, max(chapter, 1), captions)
    _fill_references(body)
    _list(body, headings, {name: key for key, name in styles.items()})


def chinese_number(number: int) -> str:
    """Return 1 to 99 as headings count: 一, 十, 十一, 二十."""
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return ten + (_DIGITS[ones] if ones else "")


def styles_by_name(package: Package) -> Mapping[str, str]:
    """Return the names of the styles by id; WPS gives its own ids, names stay."""
    part = next(package.related(package.document, "styles"), None)
    if part is None:
        return {}
    return {
        style.get(f"{W}styleId", ""): name.get(f"{W}val", "").lower()
        for style in parse(package.parts[part]).iter(f"{W}style")
        for name in style.findall(f"{W}name")
    }


def style_of(paragraph: etree._Element) -> str:
    """Return the id of the style of a paragraph."""
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else style.get(f"{W}val", "")


def is_numbered(heading: etree._Element) -> bool:
    """Return whether a heading has a number, as all have that do not say otherwise."""
    number = heading.find(f"{W}pPr/{W}numPr/{W}numId")
    return number is None or number.get(f"{W}val") != "0"


def numbered(level: int, chapter: int, section: int) -> str:
    """Return how the contents number a heading."""
    if level == 1:
        return f"{chinese_number(chapter)}、"
    return f"（{chinese_number(section)}）"


def _marked(heading: etree._Element, level: int, number: str, place: int) -> _Heading:
    """Put a bookmark around a heading for its entry in the contents to point to."""
    name = f"_Toc{FIRST_BOOKMARK + place}"
    for old in heading.findall(f"{W}bookmarkStart"):
        if old.get(f"{W}name", "").startswith("_Toc"):
            heading.remove(old)
    start = etree.Element(f"{W}bookmarkStart")
    end = etree.Element(f"{W}bookmarkEnd")
    for half in (start, end):
        half.set(f"{W}id", str(FIRST_BOOKMARK + place))
    start.set(f"{W}name", name)
    heading.insert(1 if heading.find(f"{W}pPr") is not None else 0, start)
    heading.append(end)
    return _Heading(level, number + own_text(heading), name)


def _number_caption(caption: etree._Element, chapter: int, captions: Counter[str]) -> None:
    """Set 表 4-2 anew: the chapter in the text, the number in its field."""
    label = own_text(caption)[:1]
    instruction = next(caption.iter(f"{W}instrText"), None)
    if label not in ("表", "图") or instruction is None:
        return
    captions[label] += 1
    instruction.text = f" SEQ {label}{chapter} \\* ARABIC "
    before, shown = around_field(caption)
    put(before, f"{label} {chapter}-")
    put(shown, str(captions[label]))


def around_field(paragraph: etree._Element) -> tuple[list[etree._Element], list[etree._Element]]:
    """Return the texts before the first field of a paragraph, and those it shows."""
    before: list[etree._Element] = []
    shown: list[etree._Element] = []
    state = "begin"
    for element in paragraph.iter(f"{W}fldChar", f"{W}t"):
        if element.tag == f"{W}fldChar":
            state = element.get(f"{W}fldCharType", "")
            if state == "end":
                break
            state = "inside" if state == "begin" else state
        elif state == "begin":
            before.append(element)
        elif state == "separate":
            shown.append(element)
    return before, shown


def put(texts: list[etree._Element], words: str) -> None:
    """Let a field's texts show `words`."""
    for text in texts:
        text.text, words = words, ""


def _fill_references(body: etree._Element) -> None:
    """Let every REF field show what its bookmark now holds."""
    marked = {
        start.get(f"{W}name", ""): "".join(_texts_until_end(start))
        for start in body.iter(f"{W}bookmarkStart")
    }
    for instruction in body.iter(f"{W}instrText"):
        found = re.match(r"\s*REF (\S+)", instruction.text or "")
        if not found:
            continue
        if found[1] not in marked:
            raise MissingReferenceError(f"the document has no {found[1]} to refer to")
        put(shown_by(instruction), marked[found[1]])


def _texts_until_end(start: etree._Element) -> Iterator[str]:
    for sibling in start.itersiblings():
        if sibling.tag == f"{W}bookmarkEnd" and sibling.get(f"{W}id") == start.get(f"{W}id"):
            return
        yield from (text.text or "" for text in sibling.iter(f"{W}t"))


def shown_by(instruction: etree._Element) -> list[etree._Element]:
    """Return the texts between the separator and the end of the field of `instruction`."""
    run = instruction.getparent()
    shown: list[etree._Element] = []
    for sibling in run.itersiblings() if run is not None else ():
        mark = sibling.find(f"{W}fldChar")
        if mark is not None and mark.get(f"{W}fldCharType") == "end":
            break
        shown.extend(sibling.iter(f"{W}t"))
    return shown


def _list(body: etree._Element, headings: list[_Heading], ids: Mapping[str, str]) -> None:
    """Replace the paragraphs of the contents' field by an entry for each heading."""
    region = contents_region(body)
    parent = region[0].getparent() if region else None
    if parent is None or not headings:
        return
    instruction = next(
        text.text or "" for line in region for text in line.iter(f"{W}instrText")
    )  # fmt: skip
    position = parent.index(region[0])
    for paragraph in region:
        parent.remove(paragraph)
    levels = [ids.get(f"toc {level}", "") for level in (1, 2)]
    for number, heading in enumerate(headings):
        entry = contents_entry(
            heading.bookmark,
            escape(heading.text),
            levels[heading.level - 1],
            instruction if number == 0 else "",
            last=number == len(headings) - 1,
        )
        parent.insert(position + number, parse(entry.replace("<w:p>", f"<w:p {_XMLNS}>", 1)))


def contents_region(body: etree._Element) -> list[etree._Element]:
    """Return the paragraphs of the field that lists the headings."""
    region: list[etree._Element] = []
    depth = 0
    for paragraph in body.iter(f"{W}p"):
        if not region and not _opens_contents(paragraph):
            continue
        region.append(paragraph)
        kinds = [mark.get(f"{W}fldCharType") for mark in paragraph.iter(f"{W}fldChar")]
        depth += kinds.count("begin") - kinds.count("end")
        if depth <= 0:
            return region
    return []


def _opens_contents(paragraph: etree._Element) -> bool:
    return any(
        (text.text or "").strip().startswith("TOC ") for text in paragraph.iter(f"{W}instrText")
    )


def contents_entry(bookmark: str, markup: str, style: str, instruction: str, *, last: bool) -> str:
    """Return a line of the contents; the first has the field's instruction, the last its end.

    Page numbers are not known yet: Word is told to count them when it opens the document.
    """
    opening = _field_start(instruction, ' w:dirty="true"') if instruction else ""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{opening}'
        f'<w:hyperlink w:anchor="{bookmark}" w:history="1"><w:r><w:t>{markup}</w:t></w:r>'
        f"<w:r><w:tab/></w:r>{_field_start(f' PAGEREF {bookmark} ' + chr(92) + 'h ')}"
        f"<w:r><w:t>…</w:t></w:r>{_FIELD_END}</w:hyperlink>{_FIELD_END if last else ''}</w:p>"
    )


def _field_start(instruction: str, marks: str = "") -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"{marks}/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


_FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
