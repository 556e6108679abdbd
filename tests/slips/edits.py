"""Harmless edits: what a person, or an office program, may do to a document without a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random

from slips.draft import (
    BODY,
    CAPTION_FIELDS,
    Draft,
    Element,
    Option,
    Words,
    name,
    remove,
    xml,
)
from slips.figures import NUMBER
from slips.looks import dressed
from slips.mutant import edit, replacements

_REWORDED = {
    "有关事项": "相关事项",
    "有关": "相关",
    "现将": "兹将",
    "据此": "为此",
    "用于": "用来",
    "以及": "和",
    "协商解决": "友好协商解决",
    "妥善保存": "妥善保管",
    "主要原因是": "主要原因为",
    "按通知要求": "按照通知要求",
    "对迟延天数或者金额": "如对迟延天数或者金额",
    "愿与贵局": "愿意与贵局",
    "请书面告知": "请来函告知",
    "请贵局于收到本函后": "请贵局在收到本函后",
    "供双方核对": "供双方查核",
    "总体运行平稳": "总体运行情况平稳",
    "如下": "如下文",
    "均为": "都是",
    "另行安排": "另作安排",
    "逐台复核": "逐一复核",
    "均在当班处置恢复": "均在当班处置并恢复",
    "应先": "应当先",
    "见下表": "详见下表",
    "着手准备": "开始准备",
    "按业务需要": "根据业务需要",
    "及其引起的": "以及由此引起的",
    "报送": "上报",
    "依照": "按照",
    "因岗位轮换": "由于岗位轮换",
    "说明后": "说明之后",
    "凭返还清单另行核对": "凭返还清单再行核对",
    "的全体人员": "的所有人员",
}
_COURTESY = (
    "感谢贵局一贯的支持。",
    "感谢一直以来的支持与配合。",
    "如有疑问，请随时联系。",
    "敬请审阅。",
)
_PARAGRAPHS = ("特此函达。", "此致", "以上，请予审核。", "感谢各位同事的辛勤工作。")


@edit
def prose_reworded(draft: Draft, chance: Random) -> Iterator[Option]:
    pattern = "|".join(map(re.escape, sorted(_REWORDED, key=len, reverse=True)))
    yield from replacements(draft.prose(), pattern, lambda words: _REWORDED[words])


@edit
def sentence_of_courtesy_added(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in draft.prose():
        if words.text.endswith("。"):
            end = len(words.text)
            yield words.option(end, end, chance.choice(_COURTESY))


@edit
def paragraph_of_courtesy_added(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in draft.prose():
        if words.style != "Paragraph":
            continue
        line = chance.choice(_PARAGRAPHS)
        yield Option(
            "", line, words.place, lambda element=words.element, line=line: _line(element, line)
        )


def _line(element: Element, line: str) -> None:
    element.addnext(
        xml(f'<w:p><w:pPr><w:pStyle w:val="Paragraph"/></w:pPr><w:r><w:t>{line}</w:t></w:r></w:p>')
    )


@edit
def mark_of_punctuation_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """A comma made a semicolon, a semicolon a full stop, a full stop dropped at the end."""
    others = {"，": "；", "；": "。"}
    pattern = r"(?<=[一-鿿])[，；](?=[一-鿿])"
    yield from replacements(draft.prose(), pattern, lambda mark: others[mark])


@edit
def comma_added(draft: Draft, chance: Random) -> Iterator[Option]:
    pattern = "(?<=[一-鿿])(?=但应|以及)|(?<=[一-鿿])(?<!合)(?=并)"
    yield from replacements(draft.prose(), pattern, lambda _: "，")


@edit
def space_inserted(draft: Draft, chance: Random) -> Iterator[Option]:
    """Between letters and figures, or behind a mark of punctuation."""
    pattern = r"(?<=[，。；：])(?=[一-鿿])|(?<=[一-鿿])(?=\d{2,} )"
    yield from replacements(draft.prose(), pattern, lambda _: " ")


@edit
def space_doubled(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from replacements(draft.prose(), r"(?<=[一-鿿]) (?=[\dA-Z])", lambda _: "  ")


@edit
def line_broken(draft: Draft, chance: Random) -> Iterator[Option]:
    """A soft break at the end of a sentence."""
    for words in draft.prose():
        for match in re.finditer("。(?=[一-鿿])", words.text):
            begin, end = match.span()
            if words.whole(begin, end):
                yield Option(
                    words.text,
                    "a line break",
                    words.place,
                    lambda w=words, a=begin, b=end: w.run(a, b).append(xml("<w:br/>")),
                )


@edit
def empty_paragraph_added(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in draft.prose():
        yield Option(
            "",
            "an empty paragraph",
            words.place,
            lambda element=words.element: element.addnext(xml("<w:p/>")),
        )


@edit
def page_break_added(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in draft.prose():
        broken = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        yield Option(
            "",
            "a page break",
            words.place,
            lambda element=words.element, b=broken: element.addprevious(xml(b)),
        )


@edit
def paragraph_split(draft: Draft, chance: Random) -> Iterator[Option]:
    """The key Enter between two sentences that state no figure."""
    for words in draft.prose():
        for match in re.finditer("。(?=[一-鿿]{4})", words.text):
            if re.search(NUMBER, words.text) or not words.whole(*match.span()):
                continue
            yield Option(
                words.text,
                "two paragraphs",
                words.place,
                lambda w=words, m=match: _split(w, m.end()),
            )


def _split(words: Words, at: int) -> None:
    rest = words.text[at:]
    words.put(at, len(words.text), "")
    look = words.element.find(name("w:pPr"))
    added = xml(f"<w:p><w:r><w:t>{rest}</w:t></w:r></w:p>")
    if look is not None:
        added.insert(0, deepcopy(look))
    words.element.addnext(added)


def _spans(draft: Draft, chance: Random) -> Iterator[tuple[Words, int, int]]:
    """Yield a piece of each paragraph of several letters: here a figure, there prose."""
    for words in draft.texts():
        length = len(words.text)
        if length < 3:
            continue
        begin = chance.randrange(length - 2)
        end = chance.randint(begin + 1, length - 1)
        found = re.search(NUMBER, words.text)
        if found and chance.random() < 0.5:
            begin, end = found.span()
        if words.whole(begin, end):
            yield words, begin, end


def _dressed(draft: Draft, chance: Random, *looks: str) -> Iterator[Option]:
    for words, begin, end in _spans(draft, chance):
        look = chance.choice(looks)
        piece = words.text[begin:end]
        yield Option(
            piece,
            f"{piece} {look}",
            words.place,
            lambda w=words, a=begin, b=end, k=look: dressed(w.run(a, b), k),
        )


@edit
def run_split(draft: Draft, chance: Random) -> Iterator[Option]:
    for words, begin, end in _spans(draft, chance):
        piece = words.text[begin:end]
        yield Option(
            piece, f"{piece} alone", words.place, lambda w=words, a=begin, b=end: w.run(a, b)
        )


@edit
def font_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _dressed(
        draft,
        chance,
        '<w:rFonts w:ascii="Arial" w:eastAsia="楷体" w:hAnsi="Arial"/>',
        '<w:rFonts w:hint="eastAsia"/>',
    )


@edit
def colour_changed_to_a_dark_one(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _dressed(
        draft,
        chance,
        '<w:color w:val="1F2937"/>',
        '<w:color w:val="C00000"/>',
        '<w:color w:val="auto"/>',
    )


@edit
def letters_made_bold_or_italic(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _dressed(draft, chance, "<w:b/>", "<w:i/>", '<w:u w:val="single"/>')


@edit
def size_changed_a_little(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _dressed(draft, chance, '<w:sz w:val="28"/>', '<w:sz w:val="21"/>')


@edit
def marked_with_a_light_colour(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _dressed(
        draft,
        chance,
        '<w:highlight w:val="yellow"/>',
        '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>',
    )


@edit
def letters_spaced_a_little(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _dressed(
        draft, chance, '<w:spacing w:val="-4"/>', '<w:kern w:val="0"/>', '<w:w w:val="95"/>'
    )


@edit
def language_marked(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _dressed(draft, chance, '<w:lang w:val="en-US" w:eastAsia="zh-CN"/>', "<w:noProof/>")


@edit
def paragraph_spaced_or_indented(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in draft.paragraphs():
        look = words.element.find(name("w:pPr"))
        if look is None or len(look) > 1:
            continue
        added = chance.choice(
            (
                '<w:spacing w:before="120" w:after="60"/>',
                '<w:ind w:left="210"/>',
                '<w:jc w:val="left"/>',
                "<w:keepNext/>",
            )
        )
        yield Option("", added, words.place, lambda k=look, a=added: k.append(xml(a)))


def _everywhere(said: str, apply: Callable[[], object]) -> Option:
    return Option("", said, "document", apply)


@edit
def revision_ids_written(draft: Draft, chance: Random) -> Iterator[Option]:
    """What Word writes on every paragraph, run and row."""

    def apply() -> None:
        for number, element in enumerate(draft.body.iter(*map(name, ("w:p", "w:r", "w:tr")))):
            kinds = {"p": ("rsidR", "rsidRDefault"), "r": ("rsidRPr",), "tr": ("rsidTr",)}
            for kind in kinds[element.tag.rpartition("}")[2]]:
                element.set(name(f"w:{kind}"), f"{0x00A10000 + number % 7:08X}")

    yield _everywhere("rsids", apply)


@edit
def spelling_marked(draft: Draft, chance: Random) -> Iterator[Option]:
    for words, begin, end in _spans(draft, chance):
        yield Option(
            words.text[begin:end],
            "marked as misspelt",
            words.place,
            lambda w=words, a=begin, b=end: _misspelt(w.run(a, b)),
        )


def _misspelt(run: Element) -> None:
    run.addprevious(xml('<w:proofErr w:type="spellStart"/>'))
    run.addnext(xml('<w:proofErr w:type="spellEnd"/>'))


@edit
def place_of_the_cursor_kept(draft: Draft, chance: Random) -> Iterator[Option]:
    """Word's bookmark _GoBack."""
    for words, begin, end in _spans(draft, chance):
        yield Option(
            "", "_GoBack", words.place, lambda w=words, a=begin, b=end: _go_back(w.run(a, b))
        )


def _go_back(run: Element) -> None:
    run.addprevious(xml('<w:bookmarkStart w:id="941" w:name="_GoBack"/>'))
    run.addprevious(xml('<w:bookmarkEnd w:id="941"/>'))


@edit
def numbers_of_pages_renewed(draft: Draft, chance: Random) -> Iterator[Option]:
    def apply() -> None:
        for part in (BODY, *draft.headers, *draft.footers):
            for number, element in enumerate(draft.tree(part).iter(name("w:p"))):
                for field, text in Words(element, part).results:
                    if field not in CAPTION_FIELDS:
                        text.text = str(number % 30 + 1)

    yield _everywhere("numbers of pages", apply)


@edit
def fields_marked_as_clean(draft: Draft, chance: Random) -> Iterator[Option]:
    def apply() -> None:
        for field in draft.body.iter(name("w:fldChar")):
            field.attrib.pop(name("w:dirty"), None)

    yield _everywhere("no dirty fields", apply)


@edit
def numbers_of_pages_hidden_on_the_web(draft: Draft, chance: Random) -> Iterator[Option]:
    """Word hides the numbers of pages of the contents in its web view."""
    entries = list(draft.entries())

    def apply() -> None:
        for words in entries:
            for field, text in words.results:
                run = text.getparent()
                if field == "PAGEREF" and run is not None:
                    dressed(run, "<w:webHidden/>")

    if entries:
        yield _everywhere("webHidden", apply)


@edit
def page_breaks_recorded(draft: Draft, chance: Random) -> Iterator[Option]:
    for words, begin, end in _spans(draft, chance):
        yield Option(
            "",
            "lastRenderedPageBreak",
            words.place,
            lambda w=words, a=begin, b=end: w.run(a, b).insert(
                0, xml("<w:lastRenderedPageBreak/>")
            ),
        )


@edit
def settings_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    def apply() -> None:
        settings = draft.tree("word/settings.xml")
        zoom = settings.find(name("w:zoom"))
        assert zoom is not None
        zoom.set(name("w:percent"), "140")
        heads = settings.find(name("w:bordersDoNotSurroundFooter"))
        assert heads is not None
        heads.addnext(xml('<w:proofState w:spelling="clean" w:grammar="clean"/>'))

    yield _everywhere("zoom and state of the spelling", apply)


@edit
def fields_to_be_renewed_on_opening(draft: Draft, chance: Random) -> Iterator[Option]:
    def apply() -> None:
        spacing = draft.tree("word/settings.xml").find(name("w:characterSpacingControl"))
        assert spacing is not None
        spacing.addnext(xml('<w:updateFields w:val="true"/>'))

    yield _everywhere("updateFields", apply)


@edit
def properties_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """Who saved last, with which program, how many words."""

    def apply() -> None:
        draft.parts["docProps/app.xml"] = (
            b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'extended-properties"><Template>Normal.dotm</Template><TotalTime>9</TotalTime>'
            b"<Pages>3</Pages><Words>812</Words><Application>Microsoft Office Word</Application>"
            b"<AppVersion>16.0000</AppVersion></Properties>"
        )
        core = draft.tree("docProps/core.xml")
        for element in core:
            if element.tag.endswith(("lastModifiedBy", "creator")):
                element.text = "某人"

    yield _everywhere("properties", apply)


@edit
def header_repeated_for_kinds_of_pages(draft: Draft, chance: Random) -> Iterator[Option]:
    """The same header for first and even pages too, as LibreOffice and WPS write it."""
    body = draft.tree(BODY)
    sections = list(body.iter(name("w:sectPr")))
    if any(section.find(name("w:titlePg")) is not None for section in sections):
        return

    def apply() -> None:
        section = sections[0]
        for tag in ("w:headerReference", "w:footerReference"):
            by_type = {
                reference.get(name("w:type")): draft.target(BODY, reference.get(name("r:id"), ""))
                for reference in section.findall(name(tag))
            }
            for kind in ("first", "even"):
                if kind in by_type:
                    root, said = draft.tree(by_type[kind]), draft.tree(by_type["default"])
                    root[:] = [deepcopy(child) for child in said]

    yield _everywhere("the same header on first and even pages", apply)


@edit
def saved_without_compression(draft: Draft, chance: Random) -> Iterator[Option]:
    yield _everywhere("stored", lambda: setattr(draft, "stored", True))


@edit
def parts_in_another_order(draft: Draft, chance: Random) -> Iterator[Option]:
    types = "[Content_Types].xml"

    def place(part: str) -> tuple[bool, str]:
        return (part != types, part[::-1])

    yield _everywhere("another order", lambda: setattr(draft, "order", place))


@edit
def parts_renamed(draft: Draft, chance: Random) -> Iterator[Option]:
    """Word counts headers and footers anew when it saves."""
    part = draft.footers[0]

    def apply() -> None:
        new = "word/footer77.xml"
        draft.parts[new] = draft.parts.pop(part)
        for listing, attribute, prefix in (
            ("[Content_Types].xml", "PartName", "/"),
            ("word/_rels/document.xml.rels", "Target", ""),
        ):
            for element in draft.tree(listing):
                value = element.get(attribute, "")
                if value == prefix + part or (not prefix and f"word/{value}" == part):
                    element.set(attribute, f"/{new}" if prefix else new.partition("/")[2])

    yield _everywhere(f"{part} is footer77", apply)


@edit
def own_properties_dropped(draft: Draft, chance: Random) -> Iterator[Option]:
    """A program that does not know them leaves the properties of the file's own out."""
    part = "docProps/custom.xml"

    def apply() -> None:
        del draft.parts[part]
        for listing in ("[Content_Types].xml", "_rels/.rels"):
            for element in list(draft.tree(listing)):
                if element.get("PartName", element.get("Target", "")).lstrip("/") == part:
                    remove(element)

    if part in draft.parts:
        yield _everywhere("no custom properties", apply)


@edit
def unused_style_added(draft: Draft, chance: Random) -> Iterator[Option]:
    style = (
        '<w:style w:type="paragraph" w:styleId="Unused"><w:name w:val="Unused"/>'
        "<w:rPr><w:vanish/></w:rPr></w:style>"
    )
    yield _everywhere("a style", lambda: draft.tree("word/styles.xml").append(xml(style)))


@edit
def style_changed_in_size(draft: Draft, chance: Random) -> Iterator[Option]:
    """Somebody finds the text of all tables too small."""
    for style in draft.tree("word/styles.xml").iter(name("w:style")):
        look = style.find(name("w:rPr"))
        size = None if look is None else look.find(name("w:sz"))
        if size is not None and int(size.get(name("w:val"), "0")) > 12:
            before = size.get(name("w:val"), "")
            after = str(int(before) + 2)
            own = style.get(name("w:styleId"), "")
            yield Option(
                f"{own} {before}", after, own, lambda s=size, v=after: s.set(name("w:val"), v)
            )


@edit
def table_widened(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:

        def apply(table: Element = table.element) -> None:
            for column in table.iter(name("w:gridCol"), name("w:tcW")):
                width = int(column.get(name("w:w"), "0"))
                column.set(name("w:w"), str(width + 60))

        yield Option("", "wider", table.place, apply)


_HEIGHT = '<w:trHeight w:val="500" w:hRule="atLeast"/>'


@edit
def row_raised(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:
        for row in table.rows:
            look = row.find(name("w:trPr"))
            if look is not None and look.find(name("w:trHeight")) is None:
                yield Option("", "higher", table.place, lambda k=look: k.append(xml(_HEIGHT)))


@edit
def chart_resized(draft: Draft, chance: Random) -> Iterator[Option]:
    for drawing in draft.drawings():
        extent = next(drawing.iter(name("wp:extent")))
        yield Option(
            extent.get("cy", ""), "2700000", "chart", lambda e=extent: e.set("cy", "2700000")
        )


@edit
def chart_coloured(draft: Draft, chance: Random) -> Iterator[Option]:
    for part in draft.charts:
        colour = next(draft.tree(part).iter(name("a:srgbClr")))
        yield Option(colour.get("val", ""), "2E75B6", part, lambda e=colour: e.set("val", "2E75B6"))


@edit
def tracked_insertion_of_prose_accepted(draft: Draft, chance: Random) -> Iterator[Option]:
    """What is left when somebody accepted a change: runs with other ids."""
    for words, begin, end in _spans(draft, chance):
        yield Option(
            words.text[begin:end],
            "accepted",
            words.place,
            lambda w=words, a=begin, b=end: w.run(a, b).set(name("w:rsidR"), "00B20001"),
        )
