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
from slips.mutant import PROSE, Change, at_paragraphs, edits, exchanged, rewritten

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
    "现申请支付": "现谨申请支付",
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


def _sentence_of_courtesy(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in draft.prose():
        if words.text.endswith("。"):
            end = len(words.text)
            yield words.option(end, end, chance.choice(_COURTESY))


def _paragraph_of_courtesy(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in draft.prose():
        if words.style == "Paragraph":
            line = chance.choice(_PARAGRAPHS)
            yield Option(
                "",
                line,
                words.place,
                lambda element=words.element, line=line: _line(element, line),
            )


def _line(element: Element, line: str) -> None:
    element.addnext(
        xml(f'<w:p><w:pPr><w:pStyle w:val="Paragraph"/></w:pPr><w:r><w:t>{line}</w:t></w:r></w:p>')
    )


def _line_broken(draft: Draft, _: Random) -> Iterator[Option]:
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


def _paragraph_split(draft: Draft, _: Random) -> Iterator[Option]:
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


def _pieces(
    said: Callable[[str], str],
    apply: Callable[[Element], object],
    before: Callable[[str], str] = str,
) -> Change:
    """Return the change of a piece of each paragraph; `said` tells it, `apply` does it to a run."""

    def change(draft: Draft, chance: Random) -> Iterator[Option]:
        for words, begin, end in _spans(draft, chance):
            piece = words.text[begin:end]
            yield Option(
                before(piece),
                said(piece),
                words.place,
                lambda w=words, a=begin, b=end: apply(w.run(a, b)),
            )

    return change


def _dressed(*looks: str) -> Change:
    def change(draft: Draft, chance: Random) -> Iterator[Option]:
        for words, begin, end in _spans(draft, chance):
            look = chance.choice(looks)
            piece = words.text[begin:end]
            yield Option(
                piece,
                f"{piece} {look}",
                words.place,
                lambda w=words, a=begin, b=end, k=look: dressed(w.run(a, b), k),
            )

    return change


def _none(_: str) -> str:
    return ""


def _spaced_or_indented(draft: Draft, chance: Random) -> Iterator[Option]:
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


def _everywhere(said: str, apply: Callable[[Draft], object]) -> Change:
    """Return the change of a document as a whole."""

    def change(draft: Draft, _: Random) -> Iterator[Option]:
        yield Option("", said, "document", lambda: apply(draft))

    return change


def _revision_ids(draft: Draft) -> None:
    """Write what Word writes on every paragraph, run and row."""
    for number, element in enumerate(draft.body.iter(*map(name, ("w:p", "w:r", "w:tr")))):
        kinds = {"p": ("rsidR", "rsidRDefault"), "r": ("rsidRPr",), "tr": ("rsidTr",)}
        for kind in kinds[element.tag.rpartition("}")[2]]:
            element.set(name(f"w:{kind}"), f"{0x00A10000 + number % 7:08X}")


def _misspelt(run: Element) -> None:
    run.addprevious(xml('<w:proofErr w:type="spellStart"/>'))
    run.addnext(xml('<w:proofErr w:type="spellEnd"/>'))


def _go_back(run: Element) -> None:
    run.addprevious(xml('<w:bookmarkStart w:id="941" w:name="_GoBack"/>'))
    run.addprevious(xml('<w:bookmarkEnd w:id="941"/>'))


def _page_numbers(draft: Draft) -> None:
    for part in (BODY, *draft.headers, *draft.footers):
        for number, element in enumerate(draft.tree(part).iter(name("w:p"))):
            for field, text in Words(element, part).results:
                if field not in CAPTION_FIELDS:
                    text.text = str(number % 30 + 1)


def _clean_fields(draft: Draft) -> None:
    for field in draft.body.iter(name("w:fldChar")):
        field.attrib.pop(name("w:dirty"), None)


def _page_numbers_hidden(draft: Draft, chance: Random) -> Iterator[Option]:
    """Word hides the numbers of pages of the contents in its web view."""
    if list(draft.entries()):
        yield from _everywhere("webHidden", _hide_page_numbers)(draft, chance)


def _hide_page_numbers(draft: Draft) -> None:
    for words in list(draft.entries()):
        for field, text in words.results:
            run = text.getparent()
            if field == "PAGEREF" and run is not None:
                dressed(run, "<w:webHidden/>")


def _settings(draft: Draft) -> None:
    settings = draft.tree("word/settings.xml")
    zoom = settings.find(name("w:zoom"))
    assert zoom is not None
    zoom.set(name("w:percent"), "140")
    heads = settings.find(name("w:bordersDoNotSurroundFooter"))
    assert heads is not None
    heads.addnext(xml('<w:proofState w:spelling="clean" w:grammar="clean"/>'))


def _renewed_on_opening(draft: Draft) -> None:
    spacing = draft.tree("word/settings.xml").find(name("w:characterSpacingControl"))
    assert spacing is not None
    spacing.addnext(xml('<w:updateFields w:val="true"/>'))


def _properties(draft: Draft) -> None:
    """Say who saved last, with which program, how many words."""
    draft.parts["docProps/app.xml"] = (
        b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'extended-properties"><Template>Normal.dotm</Template><TotalTime>9</TotalTime>'
        b"<Pages>3</Pages><Words>812</Words><Application>Microsoft Office Word</Application>"
        b"<AppVersion>16.0000</AppVersion></Properties>"
    )
    for element in draft.tree("docProps/core.xml"):
        if element.tag.endswith(("lastModifiedBy", "creator")):
            element.text = "某人"


def _header_repeated(draft: Draft, chance: Random) -> Iterator[Option]:
    """The same header for first and even pages too, as LibreOffice and WPS write it."""
    if next(draft.tree(BODY).iter(name("w:titlePg")), None) is None:
        said = "the same header on first and even pages"
        yield from _everywhere(said, _repeat_header)(draft, chance)


def _repeat_header(draft: Draft) -> None:
    section = next(draft.tree(BODY).iter(name("w:sectPr")))
    for tag in ("w:headerReference", "w:footerReference"):
        by_type = {
            reference.get(name("w:type")): draft.target(BODY, reference.get(name("r:id"), ""))
            for reference in section.findall(name(tag))
        }
        for kind in ("first", "even"):
            if kind in by_type:
                root, said = draft.tree(by_type[kind]), draft.tree(by_type["default"])
                root[:] = [deepcopy(child) for child in said]


def _place(part: str) -> tuple[bool, str]:
    return (part != "[Content_Types].xml", part[::-1])


def _parts_renamed(draft: Draft, _: Random) -> Iterator[Option]:
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

    yield Option("", f"{part} is footer77", "document", apply)


def _own_properties_dropped(draft: Draft, _: Random) -> Iterator[Option]:
    """A program that does not know them leaves the properties of the file's own out."""
    part = "docProps/custom.xml"

    def apply() -> None:
        del draft.parts[part]
        for listing in ("[Content_Types].xml", "_rels/.rels"):
            for element in list(draft.tree(listing)):
                if element.get("PartName", element.get("Target", "")).lstrip("/") == part:
                    remove(element)

    if part in draft.parts:
        yield Option("", "no custom properties", "document", apply)


_UNUSED = (
    '<w:style w:type="paragraph" w:styleId="Unused"><w:name w:val="Unused"/>'
    "<w:rPr><w:vanish/></w:rPr></w:style>"
)


def _style_changed(draft: Draft, _: Random) -> Iterator[Option]:
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


def _table_widened(draft: Draft, _: Random) -> Iterator[Option]:
    for table in draft.tables:

        def apply(table: Element = table.element) -> None:
            for column in table.iter(name("w:gridCol"), name("w:tcW")):
                width = int(column.get(name("w:w"), "0"))
                column.set(name("w:w"), str(width + 60))

        yield Option("", "wider", table.place, apply)


_HEIGHT = '<w:trHeight w:val="500" w:hRule="atLeast"/>'


def _row_raised(draft: Draft, _: Random) -> Iterator[Option]:
    for table in draft.tables:
        for row in table.rows:
            look = row.find(name("w:trPr"))
            if look is not None and look.find(name("w:trHeight")) is None:
                yield Option("", "higher", table.place, lambda k=look: k.append(xml(_HEIGHT)))


def _chart_resized(draft: Draft, _: Random) -> Iterator[Option]:
    for drawing in draft.drawings():
        extent = next(drawing.iter(name("wp:extent")))
        yield Option(
            extent.get("cy", ""), "2700000", "chart", lambda e=extent: e.set("cy", "2700000")
        )


def _chart_coloured(draft: Draft, _: Random) -> Iterator[Option]:
    for part in draft.charts:
        colour = next(draft.tree(part).iter(name("a:srgbClr")))
        yield Option(colour.get("val", ""), "2E75B6", part, lambda e=colour: e.set("val", "2E75B6"))


edits(
    prose_reworded=exchanged(PROSE, _REWORDED),
    sentence_of_courtesy_added=_sentence_of_courtesy,
    paragraph_of_courtesy_added=_paragraph_of_courtesy,
    # a comma made a semicolon, a semicolon a full stop
    mark_of_punctuation_changed=exchanged(
        PROSE, {"，": "；", "；": "。"}, r"(?<=[一-鿿])[，；](?=[一-鿿])"
    ),
    comma_added=rewritten(PROSE, "(?<=[一-鿿])(?=但应|以及)|(?<=[一-鿿])(?<!合)(?=并)", "，"),
    # between letters and figures, or behind a mark of punctuation
    space_inserted=rewritten(PROSE, r"(?<=[，。；：])(?=[一-鿿])|(?<=[一-鿿])(?=\d{2,} )", " "),
    space_doubled=rewritten(PROSE, r"(?<=[一-鿿]) (?=[\dA-Z])", "  "),
    line_broken=_line_broken,
    empty_paragraph_added=at_paragraphs(
        PROSE,
        "an empty paragraph",
        lambda _, element: element.addnext(xml("<w:p/>")),
        new=True,
    ),
    page_break_added=at_paragraphs(
        PROSE,
        "a page break",
        lambda _, element: element.addprevious(xml('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')),
        new=True,
    ),
    paragraph_split=_paragraph_split,
    run_split=_pieces(lambda piece: f"{piece} alone", lambda run: run),
    font_changed=_dressed(
        '<w:rFonts w:ascii="Arial" w:eastAsia="楷体" w:hAnsi="Arial"/>',
        '<w:rFonts w:hint="eastAsia"/>',
    ),
    colour_changed_to_a_dark_one=_dressed(
        '<w:color w:val="1F2937"/>', '<w:color w:val="C00000"/>', '<w:color w:val="auto"/>'
    ),
    letters_made_bold_or_italic=_dressed("<w:b/>", "<w:i/>", '<w:u w:val="single"/>'),
    size_changed_a_little=_dressed('<w:sz w:val="28"/>', '<w:sz w:val="21"/>'),
    marked_with_a_light_colour=_dressed(
        '<w:highlight w:val="yellow"/>', '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>'
    ),
    letters_spaced_a_little=_dressed(
        '<w:spacing w:val="-4"/>', '<w:kern w:val="0"/>', '<w:w w:val="95"/>'
    ),
    language_marked=_dressed('<w:lang w:val="en-US" w:eastAsia="zh-CN"/>', "<w:noProof/>"),
    paragraph_spaced_or_indented=_spaced_or_indented,
    revision_ids_written=_everywhere("rsids", _revision_ids),
    spelling_marked=_pieces(lambda _: "marked as misspelt", _misspelt),
    place_of_the_cursor_kept=_pieces(lambda _: "_GoBack", _go_back, _none),
    numbers_of_pages_renewed=_everywhere("numbers of pages", _page_numbers),
    fields_marked_as_clean=_everywhere("no dirty fields", _clean_fields),
    numbers_of_pages_hidden_on_the_web=_page_numbers_hidden,
    page_breaks_recorded=_pieces(
        lambda _: "lastRenderedPageBreak",
        lambda run: run.insert(0, xml("<w:lastRenderedPageBreak/>")),
        _none,
    ),
    settings_changed=_everywhere("zoom and state of the spelling", _settings),
    fields_to_be_renewed_on_opening=_everywhere("updateFields", _renewed_on_opening),
    properties_changed=_everywhere("properties", _properties),
    header_repeated_for_kinds_of_pages=_header_repeated,
    saved_without_compression=_everywhere("stored", lambda draft: setattr(draft, "stored", True)),
    parts_in_another_order=_everywhere(
        "another order", lambda draft: setattr(draft, "order", _place)
    ),
    parts_renamed=_parts_renamed,
    own_properties_dropped=_own_properties_dropped,
    unused_style_added=_everywhere(
        "a style", lambda draft: draft.tree("word/styles.xml").append(xml(_UNUSED))
    ),
    style_changed_in_size=_style_changed,
    table_widened=_table_widened,
    row_raised=_row_raised,
    chart_resized=_chart_resized,
    chart_coloured=_chart_coloured,
    # what is left when somebody accepted a change: runs with other ids
    tracked_insertion_of_prose_accepted=_pieces(
        lambda _: "accepted", lambda run: run.set(name("w:rsidR"), "00B20001")
    ),
)
