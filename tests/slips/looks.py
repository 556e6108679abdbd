"""Figures made hard or impossible to see, with every letter still in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from random import Random

from slips.draft import Draft, Element, Option, Table, Words, behind, name, xml
from slips.figures import DAY, NUMBER
from slips.mutant import PROSE, TEXTS, Change, at_paragraphs, at_tables, in_a_run, slips, together

_FIGURE = f"{DAY}|{NUMBER}|人民币[壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整零]+"
_WHITE = '<w:color w:val="FFFFFF"/>'


def _looking(*looks: str) -> Change:
    """Return the change that gives a figure a look of its own."""
    return together(
        *(
            in_a_run(
                TEXTS,
                _FIGURE,
                lambda figure, look=look: f"{figure} {look}",
                lambda _, run, look=look: dressed(run, look),
            )
            for look in looks
        )
    )


def dressed(run: Element, *looks: str) -> None:
    """Give a run properties, in the order the standard wants."""
    given = run.find(name("w:rPr"))
    if given is None:
        given = xml("<w:rPr/>")
        run.insert(0, given)
    _look(given, *looks)


def _look(given: Element, *looks: str) -> None:
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


def _exponent(draft: Draft, _: Random) -> Iterator[Option]:
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


def _figures(draft: Draft) -> Iterator[Words]:
    return (words for words in draft.paragraphs() if re.search(_FIGURE, words.text))


def _figures_of_the_body(draft: Draft) -> Iterator[Words]:
    return (words for words in _figures(draft) if words.element.getparent() is draft.body)


def _all(look: str) -> Callable[[Draft, Element], None]:
    def apply(_: Draft, element: Element) -> None:
        for run in element.iter(name("w:r")):
            dressed(run, look)

    return apply


def _word_hidden(draft: Draft, _: Random) -> Iterator[Option]:
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


def _hidden_words(_: Draft, element: Element) -> None:
    """Add text that shows as soon as somebody turns formatting marks on, or the hiding off."""
    element.append(xml("<w:r><w:rPr><w:vanish/></w:rPr><w:t>另付12,000.00元。</w:t></w:r>"))


def _put(look: str, *later: str) -> Callable[[Draft, Element], None]:
    """Return what gives a paragraph a property, in front of those that come later."""

    def apply(_: Draft, element: Element) -> None:
        given = element.find(name("w:pPr"))
        assert given is not None
        added = xml(look)
        for old in given.findall(added.tag):
            given.remove(old)
        behind(given, added, *later)

    return apply


def _rows(said: str, apply: Callable[[Element], None]) -> Change:
    def find(table: Table) -> Iterable[tuple[str, str, Callable[[], None]]]:
        for row, texts in zip(table.rows[1:], table.texts[1:], strict=True):
            if any(texts):
                yield " | ".join(texts), said, lambda row=row: apply(row)

    return at_tables(find)


def look_of_row(row: Element) -> Element:
    """Return the properties of a row."""
    look = row.find(name("w:trPr"))
    if look is None:
        look = xml("<w:trPr/>")
        row.insert(0, look)
    return look


def _crush_row(row: Element) -> None:
    look = look_of_row(row)
    for old in look.findall(name("w:trHeight")):
        look.remove(old)
    look.append(xml('<w:trHeight w:val="1" w:hRule="exact"/>'))


def _hide_row(row: Element) -> None:
    """Hide each run of the row and the row itself: Word closes it up."""
    look_of_row(row).append(xml("<w:hidden/>"))
    for run in row.iter(name("w:r")):
        dressed(run, "<w:vanish/>")


def _style(draft: Draft, _: Random) -> Iterator[Option]:
    """Not the run but its style is made white, hidden, tiny or struck out."""
    used = {words.style for words in _figures(draft)}
    looks = (_WHITE, "<w:vanish/>", '<w:sz w:val="2"/>', "<w:strike/>")
    for style in draft.tree("word/styles.xml").iter(name("w:style")):
        own = style.get(name("w:styleId"), "")
        for look in looks if own in used else ():
            yield Option(own, f"{own} {look}", own, lambda s=style, k=look: _restyle(s, k))


def _restyle(style: Element, look: str) -> None:
    """Give a style a look, behind its properties of paragraphs."""
    given = style.find(name("w:rPr"))
    if given is None:
        given = xml("<w:rPr/>")
        behind(style, given, "tblPr", "trPr", "tcPr", "tblStylePr")
    _look(given, look)


def _hiding_style(draft: Draft, run: Element) -> None:
    draft.tree("word/styles.xml").append(
        xml(
            '<w:style w:type="character" w:customStyle="1" w:styleId="Quiet">'
            '<w:name w:val="Quiet"/><w:rPr><w:vanish/></w:rPr></w:style>'
        )
    )
    dressed(run, '<w:rStyle w:val="Quiet"/>')


def _frame(_: Draft, element: Element) -> None:
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


slips(
    figure_struck_out=_looking("<w:strike/>"),
    figure_struck_out_twice=_looking("<w:dstrike/>"),
    figure_in_white=_looking(_WHITE, '<w:color w:val="FFFFFF" w:themeColor="background1"/>'),
    figure_in_nearly_white=_looking('<w:color w:val="FAFAF5"/>'),
    # the effect of Word that leaves letters out and shows what is behind them
    figure_without_fill=_looking("<w14:textFill><w14:noFill/></w14:textFill>"),
    # Wingdings shows folders and clocks where digits are
    figure_in_a_font_of_symbols=_looking(
        '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings" w:eastAsia="Wingdings"/>'
    ),
    digit_made_an_exponent=_exponent,
    figure_hidden=_looking("<w:vanish/>"),
    figure_of_one_point=_looking('<w:sz w:val="2"/>'),
    # letters one per cent wide, or one upon the other
    figure_squeezed=_looking('<w:w w:val="1"/>', '<w:spacing w:val="-400"/>'),
    figure_white_on_white=_looking(
        '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:color="auto" w:fill="FFFFFF"/>'
    ),
    figure_black_on_black=_looking(
        '<w:highlight w:val="black"/>', '<w:shd w:val="clear" w:color="auto" w:fill="000000"/>'
    ),
    figure_raised_or_lowered_out_of_sight=_looking('<w:position w:val="-800"/>'),
    paragraph_hidden=at_paragraphs(_figures, "hidden", _all("<w:vanish/>")),
    paragraph_in_white=at_paragraphs(_figures, "white", _all(_WHITE)),
    word_of_weight_hidden=_word_hidden,
    hidden_words_added=at_paragraphs(PROSE, "另付12,000.00元。 hidden", _hidden_words, new=True),
    # lines exactly one twentieth of a point high
    line_crushed=at_paragraphs(
        _figures,
        "crushed",
        _put(
            '<w:spacing w:before="0" w:after="0" w:line="1" w:lineRule="exact"/>',
            *("ind", "jc", "outlineLvl", "rPr", "sectPr"),
        ),
    ),
    row_crushed=_rows("crushed", _crush_row),
    row_hidden=_rows("hidden", _hide_row),
    style_made_hard_to_see=_style,
    style_of_a_character_hides_a_figure=in_a_run(
        TEXTS, NUMBER, lambda figure: f"{figure} in a hiding style", _hiding_style
    ),
    paragraph_framed_off_the_page=at_paragraphs(_figures_of_the_body, "off the page", _frame),
    paragraph_indented_off_the_page=at_paragraphs(
        _figures,
        "off the page",
        _put(
            '<w:ind w:left="-20000" w:right="20000" w:firstLine="0"/>',
            *("jc", "outlineLvl", "rPr", "sectPr"),
        ),
    ),
)
