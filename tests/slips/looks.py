"""Figures made hard or impossible to see, with every letter still in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from slips.draft import Draft, Element, Option, Words, name, xml
from slips.figures import DAY, NUMBER
from slips.mutant import slip

_FIGURE = f"{DAY}|{NUMBER}|人民币[壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整零]+"


def _looking(draft: Draft, look: str) -> Iterator[Option]:
    """Yield the options of giving a figure a look of its own."""
    for words in draft.texts():
        for match in re.finditer(_FIGURE, words.text):
            begin, end = match.span()
            if words.whole(begin, end):
                yield Option(
                    match[0],
                    f"{match[0]} {look}",
                    words.place,
                    lambda w=words, a=begin, b=end: dressed(w.run(a, b), look),
                )


def dressed(run: Element, *looks: str) -> None:
    """Give a run properties, in the order the standard wants."""
    given = run.find(name("w:rPr"))
    if given is None:
        given = xml("<w:rPr/>")
        run.insert(0, given)
    for look in looks:
        for added in xml(f"<w:rPr>{look}</w:rPr>"):
            for old in given.findall(added.tag):
                given.remove(old)
            given.append(added)
    given[:] = sorted(given, key=_rank)


def _rank(look: Element) -> int:
    return _ORDER.index(look.tag) if look.tag in _ORDER else len(_ORDER)


_PROPERTIES = """
rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint
noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u
effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath
"""
_ORDER = [name(f"w:{each}") for each in _PROPERTIES.split()]


@slip
def figure_struck_out(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _looking(draft, "<w:strike/>")


@slip
def figure_struck_out_twice(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _looking(draft, "<w:dstrike/>")


@slip
def figure_in_white(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _looking(draft, '<w:color w:val="FFFFFF"/>')
    yield from _looking(draft, '<w:color w:val="FFFFFF" w:themeColor="background1"/>')


@slip
def figure_in_nearly_white(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _looking(draft, '<w:color w:val="FAFAF5"/>')


@slip
def figure_without_fill(draft: Draft, chance: Random) -> Iterator[Option]:
    """The effect of Word that leaves letters out and shows what is behind them."""
    yield from _looking(draft, "<w14:textFill><w14:noFill/></w14:textFill>")


@slip
def figure_in_a_font_of_symbols(draft: Draft, chance: Random) -> Iterator[Option]:
    """Wingdings shows folders and clocks where digits are."""
    fonts = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings" w:eastAsia="Wingdings"/>'
    yield from _looking(draft, fonts)


@slip
def digit_made_an_exponent(draft: Draft, chance: Random) -> Iterator[Option]:
    """10 reads 1⁰, 5 % reads like the mark of a note."""
    raised = '<w:vertAlign w:val="superscript"/>'
    for words in draft.texts():
        for match in re.finditer(NUMBER, words.text):
            end = match.end()
            if words.whole(end - 1, end):
                yield Option(
                    match[0],
                    f"{match[0]} with an exponent",
                    words.place,
                    lambda w=words, a=end: dressed(w.run(a - 1, a), raised),
                )


@slip
def figure_hidden(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _looking(draft, "<w:vanish/>")


@slip
def figure_of_one_point(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _looking(draft, '<w:sz w:val="2"/>')


@slip
def figure_squeezed(draft: Draft, chance: Random) -> Iterator[Option]:
    """Letters one per cent wide, or one upon the other."""
    yield from _looking(draft, '<w:w w:val="1"/>')
    yield from _looking(draft, '<w:spacing w:val="-400"/>')


@slip
def figure_white_on_white(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _looking(
        draft, '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:color="auto" w:fill="FFFFFF"/>'
    )


@slip
def figure_black_on_black(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _looking(draft, '<w:highlight w:val="black"/>')
    yield from _looking(draft, '<w:shd w:val="clear" w:color="auto" w:fill="000000"/>')


@slip
def figure_raised_or_lowered_out_of_sight(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _looking(draft, '<w:position w:val="-800"/>')


def _paragraphs(draft: Draft) -> Iterator[Words]:
    return (words for words in draft.paragraphs() if re.search(_FIGURE, words.text))


@slip
def paragraph_hidden(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in _paragraphs(draft):
        yield Option(words.text, "hidden", words.place, lambda w=words: _all(w, "<w:vanish/>"))


@slip
def paragraph_in_white(draft: Draft, chance: Random) -> Iterator[Option]:
    look = '<w:color w:val="FFFFFF"/>'
    for words in _paragraphs(draft):
        yield Option(words.text, "white", words.place, lambda w=words: _all(w, look))


def _all(words: Words, look: str) -> None:
    for run in words.element.iter(name("w:r")):
        dressed(run, look)


@slip
def word_of_weight_hidden(draft: Draft, chance: Random) -> Iterator[Option]:
    """A 不 or 未 that nobody sees."""
    for words in draft.paragraphs():
        for match in re.finditer("[不未非]", words.text):
            if words.whole(*match.span()):
                yield Option(
                    words.text,
                    f"{match[0]} hidden",
                    words.place,
                    lambda w=words, m=match: dressed(w.run(*m.span()), "<w:vanish/>"),
                )


@slip
def hidden_words_added(draft: Draft, chance: Random) -> Iterator[Option]:
    """Text that shows as soon as somebody turns formatting marks on, or takes the hiding off."""
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>另付12,000.00元。</w:t></w:r>"
    for words in draft.prose():
        yield Option(
            "",
            "另付12,000.00元。 hidden",
            words.place,
            lambda element=words.element: element.append(xml(hidden)),
        )


@slip
def line_crushed(draft: Draft, chance: Random) -> Iterator[Option]:
    """A paragraph whose lines are exactly one twentieth of a point high."""
    for words in _paragraphs(draft):
        yield Option(words.text, "crushed", words.place, lambda w=words: _crush(w.element))


def _crush(element: Element) -> None:
    look = element.find(name("w:pPr"))
    assert look is not None
    for old in look.findall(name("w:spacing")):
        look.remove(old)
    added = xml('<w:spacing w:before="0" w:after="0" w:line="1" w:lineRule="exact"/>')
    later = [name(f"w:{each}") for each in ("ind", "jc", "outlineLvl", "rPr", "sectPr")]
    following = next((child for child in look if child.tag in later), None)
    if following is None:
        look.append(added)
    else:
        following.addprevious(added)


@slip
def row_crushed(draft: Draft, chance: Random) -> Iterator[Option]:
    """A row of a table exactly one twentieth of a point high."""
    for table in draft.tables:
        for row, texts in zip(table.rows[1:], table.texts[1:], strict=True):
            if any(texts):
                yield Option(
                    " | ".join(texts), "crushed", table.place, lambda row=row: _crush_row(row)
                )


def _crush_row(row: Element) -> None:
    look = row.find(name("w:trPr"))
    if look is None:
        look = xml("<w:trPr/>")
        row.insert(0, look)
    for old in look.findall(name("w:trHeight")):
        look.remove(old)
    look.append(xml('<w:trHeight w:val="1" w:hRule="exact"/>'))


@slip
def row_hidden(draft: Draft, chance: Random) -> Iterator[Option]:
    """Each run of the row hidden and the row itself: Word closes it up."""
    for table in draft.tables:
        for row, texts in zip(table.rows[1:], table.texts[1:], strict=True):
            if any(texts):
                yield Option(
                    " | ".join(texts), "hidden", table.place, lambda row=row: _hide_row(row)
                )


def _hide_row(row: Element) -> None:
    look = row.find(name("w:trPr"))
    if look is None:
        look = xml("<w:trPr/>")
        row.insert(0, look)
    look.append(xml("<w:hidden/>"))
    for run in row.iter(name("w:r")):
        dressed(run, "<w:vanish/>")


@slip
def style_made_hard_to_see(draft: Draft, chance: Random) -> Iterator[Option]:
    """Not the run but its style is made white, hidden, tiny or struck out."""
    used = {words.style for words in _paragraphs(draft)}
    part = "word/styles.xml"
    looks = (
        '<w:color w:val="FFFFFF"/>',
        "<w:vanish/>",
        '<w:sz w:val="2"/>',
        "<w:strike/>",
    )
    for style in draft.tree(part).iter(name("w:style")):
        own = style.get(name("w:styleId"), "")
        for look in looks if own in used else ():
            yield Option(own, f"{own} {look}", own, lambda s=style, k=look: _restyle(s, k))


def _restyle(style: Element, look: str) -> None:
    """Give a style a look, behind its properties of paragraphs."""
    given = style.find(name("w:rPr"))
    if given is None:
        given = xml("<w:rPr/>")
        before = [name(f"w:{each}") for each in ("tblPr", "trPr", "tcPr", "tblStylePr")]
        following = next((child for child in style if child.tag in before), None)
        if following is None:
            style.append(given)
        else:
            following.addprevious(given)
    for added in xml(f"<w:rPr>{look}</w:rPr>"):
        for old in given.findall(added.tag):
            given.remove(old)
        given.append(added)
    given[:] = sorted(given, key=_rank)


@slip
def style_of_a_character_hides_a_figure(draft: Draft, chance: Random) -> Iterator[Option]:
    """A style of characters that hides, given to one figure."""
    for words in draft.texts():
        for match in re.finditer(NUMBER, words.text):
            if words.whole(*match.span()):
                yield Option(
                    match[0],
                    f"{match[0]} in a hiding style",
                    words.place,
                    lambda w=words, m=match: _hiding_style(draft, w.run(*m.span())),
                )


def _hiding_style(draft: Draft, run: Element) -> None:
    draft.tree("word/styles.xml").append(
        xml(
            '<w:style w:type="character" w:customStyle="1" w:styleId="Quiet">'
            '<w:name w:val="Quiet"/><w:rPr><w:vanish/></w:rPr></w:style>'
        )
    )
    dressed(run, '<w:rStyle w:val="Quiet"/>')


@slip
def paragraph_framed_off_the_page(draft: Draft, chance: Random) -> Iterator[Option]:
    """A frame that stands far outside the paper."""
    for words in _paragraphs(draft):
        if words.element.getparent() is draft.body:
            yield Option(words.text, "off the page", words.place, lambda w=words: _frame(w.element))


def _frame(element: Element) -> None:
    look = element.find(name("w:pPr"))
    assert look is not None
    for old in look.findall(name("w:framePr")):
        look.remove(old)
    place = 'w:hAnchor="page" w:vAnchor="page" w:x="-9000" w:y="-9000"'
    frame = f'<w:framePr w:w="2000" w:wrap="around" {place}/>'
    style = look.find(name("w:pStyle"))
    before = 0 if style is None else 1
    keep = [name(f"w:{each}") for each in ("keepNext", "keepLines", "pageBreakBefore")]
    while before < len(look) and look[before].tag in keep:
        before += 1
    look.insert(before, xml(frame))


@slip
def paragraph_indented_off_the_page(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in _paragraphs(draft):
        yield Option(words.text, "off the page", words.place, lambda w=words: _indent(w.element))


def _indent(element: Element) -> None:
    look = element.find(name("w:pPr"))
    assert look is not None
    for old in look.findall(name("w:ind")):
        look.remove(old)
    added = xml('<w:ind w:left="-20000" w:right="20000" w:firstLine="0"/>')
    later = [name(f"w:{each}") for each in ("jc", "outlineLvl", "rPr", "sectPr")]
    following = next((child for child in look if child.tag in later), None)
    if following is None:
        look.append(added)
    else:
        following.addprevious(added)
