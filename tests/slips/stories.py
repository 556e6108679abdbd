"""Slips in what stands apart: headers, footers, notes, comments, tracked changes, fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random

from slips.draft import BODY, NAMESPACES, Draft, Element, Option, Words, name, remove, xml
from slips.figures import DAY, NUMBER
from slips.mutant import slip

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_W = NAMESPACES["w"]


def _after_paragraphs(
    draft: Draft, said: str, apply: Callable[[Element], object]
) -> Iterator[Option]:
    for words in draft.paragraphs():
        if words.element.getparent() is draft.body or re.search(NUMBER, words.text):
            yield Option(
                words.text,
                f"and {said}",
                words.place,
                lambda element=words.element: apply(element),
            )


@slip
def footnote_added(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _after_paragraphs(
        draft, "a footnote: 实为1,957,783.84元", lambda element: _note(draft, element, "footnote")
    )


@slip
def endnote_added(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _after_paragraphs(
        draft, "an endnote: 实为1,957,783.84元", lambda element: _note(draft, element, "endnote")
    )


def _note(draft: Draft, element: Element, kind: str) -> None:
    """Add a note with a figure, and the part that holds the notes."""
    apart = "".join(
        f'<w:{kind} w:type="{sort}" w:id="{number}"><w:p><w:r><w:{mark}/></w:r></w:p></w:{kind}>'
        for number, (sort, mark) in enumerate(
            (("separator", "separator"), ("continuationSeparator", "continuationSeparator")), -1
        )
    )
    notes = (
        f'<w:{kind}s xmlns:w="{_W}">{apart}<w:{kind} w:id="1"><w:p><w:r><w:{kind}Ref/></w:r>'
        f"<w:r><w:t>实为1,957,783.84元</w:t></w:r></w:p></w:{kind}></w:{kind}s>"
    )
    part = f"word/{kind}s.xml"
    draft.add(part, notes.encode(), f"{_WORD}{kind}s+xml")
    draft.relate(BODY, f"{kind}s", part)
    element.append(xml(f'<w:r><w:{kind}Reference w:id="1"/></w:r>'))


@slip
def comment_added(draft: Draft, chance: Random) -> Iterator[Option]:
    """A remark with another figure, left in the file that is to be sealed."""
    yield from _after_paragraphs(
        draft, "a comment: 应为20%", lambda element: _commented(draft, element)
    )


def _commented(draft: Draft, element: Element) -> None:
    part = "word/comments.xml"
    comment = (
        f'<w:comments xmlns:w="{_W}"><w:comment w:id="0" w:author="审核" '
        'w:date="2027-05-25T09:00:00Z" w:initials="S"><w:p><w:r><w:t>应为20%</w:t></w:r></w:p>'
        "</w:comment></w:comments>"
    )
    draft.add(part, comment.encode(), f"{_WORD}comments+xml")
    draft.relate(BODY, "comments", part)
    first = element.find(name("w:r"))
    assert first is not None
    first.addprevious(xml('<w:commentRangeStart w:id="0"/>'))
    element.append(xml('<w:commentRangeEnd w:id="0"/>'))
    element.append(xml('<w:r><w:commentReference w:id="0"/></w:r>'))


def _edges(draft: Draft, kind: str) -> list[Words]:
    parts = [part for part in draft.seen() if kind in part]
    return [words for part in parts for words in draft.paragraphs(part)]


@slip
def header_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """What stands above the pages of a report: its title, its quarter, its day."""
    for words in _edges(draft, "header"):
        for found in re.finditer(r"[^\s·]{2,}", words.text):
            yield words.option(found.end() - 1, found.end(), "")
            yield words.option(found.end(), found.end(), "（修订）")


@slip
def header_text_deleted(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in _edges(draft, "header"):
        for found in re.finditer(r"[^\s·]{2,}", words.text):
            yield words.option(*found.span(), "")


@slip
def header_text_added(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _line_at_the_edge(draft, "header")


@slip
def footer_text_added(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _line_at_the_edge(draft, "footer")


def _line_at_the_edge(draft: Draft, kind: str) -> Iterator[Option]:
    line = "付款账号：6222020200112233445"
    for part in draft.seen():
        if kind in part:
            root = draft.tree(part)
            added = xml(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>")
            yield Option("", line, part, lambda root=root, added=added: root.append(added))


@slip
def footer_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    """The words around the number of the page, and the stamp below it."""
    for words in _edges(draft, "footer"):
        if "草稿" in words.text:
            yield words.option(0, 2, "正式")
        else:
            yield words.option(len(words.text), len(words.text), "（作废）")


@slip
def header_of_its_own_on_the_first_page(draft: Draft, chance: Random) -> Iterator[Option]:
    """The first page alone gets another header, with something in it."""
    sections = list(draft.tree(BODY).iter(name("w:sectPr")))
    if sections and sections[0].find(name("w:titlePg")) is None:
        line = "编号：2027-099"
        yield Option("", line, "header", lambda: _first_page(draft, sections[0], line))


def _first_page(draft: Draft, section: Element, line: str) -> None:
    part = "word/header99.xml"
    header = f'<w:hdr xmlns:w="{_W}"><w:p><w:r><w:t>{line}</w:t></w:r></w:p></w:hdr>'
    draft.add(part, header.encode(), f"{_WORD}header+xml")
    own = draft.relate(BODY, "header", part)
    for reference in section.findall(name("w:headerReference")):
        if reference.get(name("w:type")) == "first":
            remove(reference)
    section.insert(0, xml(f'<w:headerReference w:type="first" r:id="{own}"/>'))
    margins = section.find(name("w:pgMar"))
    assert margins is not None
    margins.addnext(xml("<w:titlePg/>"))


_WHO = 'w:id="921" w:author="审核" w:date="2027-05-25T09:00:00Z"'


def _figures_in_a_run(words: Words, pattern: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(pattern, words.text):
        if words.whole(*match.span()):
            yield match.span()


@slip
def tracked_digit_inserted(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in draft.texts():
        for begin, end in _figures_in_a_run(words, NUMBER):
            figure = words.text[begin:end]
            yield Option(
                figure,
                f"{figure}+9 tracked",
                words.place,
                lambda w=words, a=begin, b=end: w.run(a, b).addnext(
                    xml(f"<w:ins {_WHO}><w:r><w:t>9</w:t></w:r></w:ins>")
                ),
            )


@slip
def tracked_figure_deleted(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in draft.texts():
        for begin, end in _figures_in_a_run(words, NUMBER):
            yield Option(
                words.text[begin:end],
                "deleted, tracked",
                words.place,
                lambda w=words, a=begin, b=end: _track_deleted(w.run(a, b)),
            )


def _track_deleted(run: Element, number: int = 921) -> None:
    deleted = xml(f"<w:del {_WHO}/>")
    deleted.set(name("w:id"), str(number))
    run.addprevious(deleted)
    deleted.append(run)
    for text in run.iter(name("w:t")):
        text.tag = name("w:delText")


@slip
def tracked_figure_replaced(draft: Draft, chance: Random) -> Iterator[Option]:
    """The figure deleted and another inserted, both tracked."""
    for words in draft.texts():
        for begin, end in _figures_in_a_run(words, NUMBER):
            figure = words.text[begin:end]
            after = str((int(figure[0]) + 1) % 10) + figure[1:]
            yield Option(
                figure,
                f"{after} tracked",
                words.place,
                lambda w=words, a=begin, b=end, new=after: _track_replaced(w.run(a, b), new),
            )


def _track_replaced(run: Element, new: str) -> None:
    _track_deleted(run)
    deleted = run.getparent()
    assert deleted is not None
    inserted = xml(f"<w:ins {_WHO}><w:r><w:t>{new}</w:t></w:r></w:ins>")
    inserted.set(name("w:id"), "922")
    deleted.addnext(inserted)


@slip
def tracked_row_deleted(draft: Draft, chance: Random) -> Iterator[Option]:
    """Deleted and tracked: the row is gone as soon as somebody accepts."""
    for table in draft.tables:
        for row, texts in zip(table.rows[1:], table.texts[1:], strict=True):
            said = " | ".join(texts)
            yield Option(said, "deleted, tracked", table.place, lambda r=row: _track_row(r))


def _track_row(row: Element) -> None:
    look = row.find(name("w:trPr"))
    if look is None:
        look = xml("<w:trPr/>")
        row.insert(0, look)
    look.append(xml(f"<w:del {_WHO}/>"))
    for number, run in enumerate(list(row.iter(name("w:r"))), 922):
        _track_deleted(run, number)


@slip
def tracked_row_inserted(draft: Draft, chance: Random) -> Iterator[Option]:
    for table in draft.tables:
        row = table.rows[-1]
        said = " | ".join(table.texts[-1])

        def apply(row: Element = row) -> None:
            added = deepcopy(row)
            look = added.find(name("w:trPr"))
            if look is None:
                look = xml("<w:trPr/>")
                added.insert(0, look)
            look.append(xml(f"<w:ins {_WHO}/>"))
            row.addnext(added)

        yield Option(said, "twice, tracked", table.place, apply)


@slip
def date_made_a_field(draft: Draft, chance: Random) -> Iterator[Option]:
    """A field shows another day, and will show yet another tomorrow."""
    for words in draft.texts():
        for begin, end in _figures_in_a_run(words, DAY):
            yield Option(
                words.text[begin:end],
                "2027年6月1日, a field",
                words.place,
                lambda w=words, a=begin, b=end: _to_field(w.run(a, b), "DATE", "2027年6月1日"),
            )


@slip
def figure_made_a_field(draft: Draft, chance: Random) -> Iterator[Option]:
    """A formula typed where the figure stood, with another result."""
    for words in draft.texts():
        for begin, end in _figures_in_a_run(words, NUMBER):
            yield Option(
                words.text[begin:end],
                "999.00, a field",
                words.place,
                lambda w=words, a=begin, b=end: _to_field(w.run(a, b), "= 990+9", "999.00"),
            )


def _to_field(run: Element, code: str, shown: str) -> None:
    run.addprevious(
        xml(f'<w:fldSimple w:instr=" {code} "><w:r><w:t>{shown}</w:t></w:r></w:fldSimple>')
    )
    remove(run)


@slip
def equation_added(draft: Draft, chance: Random) -> Iterator[Option]:
    yield from _after_paragraphs(
        draft,
        "an equation: 7×4=29",
        lambda element: element.append(xml("<m:oMath><m:r><m:t>7×4=29</m:t></m:r></m:oMath>")),
    )


@slip
def minus_as_a_hyphen_that_does_not_break(draft: Draft, chance: Random) -> Iterator[Option]:
    """Word keeps it as an element of its own, not as a letter."""
    for words in draft.texts():
        for begin, end in _figures_in_a_run(words, NUMBER):
            yield Option(
                words.text[begin:end],
                f"-{words.text[begin:end]}",
                words.place,
                lambda w=words, a=begin, b=end: w.run(a, b).addprevious(
                    xml("<w:r><w:noBreakHyphen/></w:r>")
                ),
            )


@slip
def symbol_typed(draft: Draft, chance: Random) -> Iterator[Option]:
    """A ticked box of the font Wingdings, which is no letter of the text."""
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
    for words in draft.paragraphs():
        if words.element.getparent() is not draft.body:
            yield Option(
                words.text,
                "and a ticked box",
                words.place,
                lambda element=words.element: element.append(xml(symbol)),
            )


@slip
def figure_changed_in_a_control(draft: Draft, chance: Random) -> Iterator[Option]:
    """A content control put around a figure, and another chosen from its list."""
    for words in draft.texts():
        for begin, end in _figures_in_a_run(words, NUMBER):
            figure = words.text[begin:end]
            after = str((int(figure[0]) + 3) % 10) + figure[1:]
            yield Option(
                figure,
                f"{after} in a control",
                words.place,
                lambda w=words, a=begin, b=end, new=after: _controlled(w.run(a, b), new),
            )


def _controlled(run: Element, new: str) -> None:
    control = xml("<w:sdt><w:sdtPr><w:id w:val='931'/><w:text/></w:sdtPr><w:sdtContent/></w:sdt>")
    run.addprevious(control)
    control[-1].append(run)
    for text in run.iter(name("w:t")):
        text.text = new


@slip
def figure_that_only_word_shows(draft: Draft, chance: Random) -> Iterator[Option]:
    """One figure for programs that know a feature, the right one for those that do not."""
    for words in draft.texts():
        for begin, end in _figures_in_a_run(words, NUMBER):
            figure = words.text[begin:end]
            after = str((int(figure[0]) + 4) % 10) + figure[1:]
            yield Option(
                figure,
                f"{after} in Word",
                words.place,
                lambda w=words, a=begin, b=end, new=after: _two_faced(w.run(a, b), new),
            )


def _two_faced(run: Element, new: str) -> None:
    text = run.find(name("w:t"))
    assert text is not None
    both = xml(
        f'<mc:AlternateContent xmlns:w14="{NAMESPACES["w14"]}">'
        f'<mc:Choice Requires="w14"><w:t>{new}</w:t></mc:Choice>'
        "<mc:Fallback/></mc:AlternateContent>"
    )
    text.addprevious(both)
    both[1].append(text)


@slip
def other_document_taken_in(draft: Draft, chance: Random) -> Iterator[Option]:
    """Word shows the text of a part of its own as if it stood here, and writes it in on saving."""
    for words in draft.prose():
        yield Option(
            "",
            "另计服务费9,000.00元 from another part",
            words.place,
            lambda element=words.element: _chunk(draft, element),
        )


def _chunk(draft: Draft, element: Element) -> None:
    draft.add_default("txt", "text/plain")
    draft.parts["word/afchunk.txt"] = "另计服务费9,000.00元".encode()
    own = draft.relate(BODY, "aFChunk", "word/afchunk.txt")
    element.addnext(xml(f'<w:altChunk r:id="{own}"/>'))


@slip
def linked_document_taken_in(draft: Draft, chance: Random) -> Iterator[Option]:
    """A field that fetches text from another file, with what it showed last."""
    field = (
        '<w:p><w:fldSimple w:instr=" INCLUDETEXT &quot;附加条款.docx&quot; "><w:r>'
        "<w:t>保证金为合同总额的10%。</w:t></w:r></w:fldSimple></w:p>"
    )
    for words in draft.prose():
        yield Option(
            "",
            "保证金为合同总额的10%。 a field",
            words.place,
            lambda element=words.element: element.addnext(xml(field)),
        )


@slip
def identity_of_another_document(draft: Draft, chance: Random) -> Iterator[Option]:
    """The property that says which document this is says another contract, part or day."""
    part = "docProps/custom.xml"
    others = {
        "deliverables.contract": "SXYSR202604153",
        "deliverables.part": "9",
        "deliverables.day": "2027-05-26",
        "deliverables.digest": "0" * 64,
    }
    for element in draft.tree(part) if part in draft.parts else ():
        after = others.get(element.get("name", ""))
        if after:
            value = element[0]
            yield Option(
                f"{element.get('name')} {value.text}",
                after,
                part,
                lambda value=value, new=after: setattr(value, "text", new),
            )
