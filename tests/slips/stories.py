"""Slips in what stands apart: headers, footers, notes, comments, tracked changes, fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random

from slips.draft import BODY, NAMESPACES, Draft, Element, Option, Table, Words, name, remove, xml
from slips.figures import DAY, NUMBER
from slips.looks import look_of_row
from slips.mutant import PROSE, TEXTS, Change, at_paragraphs, at_tables, in_a_run, slips

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_W = NAMESPACES["w"]
_NOTE = "实为1,957,783.84元"
_LINE = "付款账号：6222020200112233445"


def _weighty(draft: Draft) -> Iterator[Words]:
    for words in draft.paragraphs():
        if words.element.getparent() is draft.body or re.search(NUMBER, words.text):
            yield words


def _outside_the_body(draft: Draft) -> Iterator[Words]:
    return (words for words in draft.paragraphs() if words.element.getparent() is not draft.body)


def _note(kind: str) -> Callable[[Draft, Element], None]:
    """Return what adds a note with a figure, and the part that holds the notes."""

    def apply(draft: Draft, element: Element) -> None:
        apart = "".join(
            f'<w:{kind} w:type="{mark}" w:id="{number}"><w:p><w:r><w:{mark}/></w:r></w:p>'
            f"</w:{kind}>"
            for number, mark in enumerate(("separator", "continuationSeparator"), -1)
        )
        notes = (
            f'<w:{kind}s xmlns:w="{_W}">{apart}<w:{kind} w:id="1"><w:p><w:r><w:{kind}Ref/></w:r>'
            f"<w:r><w:t>{_NOTE}</w:t></w:r></w:p></w:{kind}></w:{kind}s>"
        )
        part = f"word/{kind}s.xml"
        draft.add(part, notes.encode(), f"{_WORD}{kind}s+xml")
        draft.relate(BODY, f"{kind}s", part)
        element.append(xml(f'<w:r><w:{kind}Reference w:id="1"/></w:r>'))

    return apply


def _commented(draft: Draft, element: Element) -> None:
    """Leave a remark with another figure in the file that is to be sealed."""
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


def _header_changed(draft: Draft, _: Random) -> Iterator[Option]:
    """What stands above the pages of a report: its title, its quarter, its day."""
    for words in _edges(draft, "header"):
        for found in re.finditer(r"[^\s·]{2,}", words.text):
            yield words.option(found.end() - 1, found.end(), "")
            yield words.option(found.end(), found.end(), "（修订）")


def _header_deleted(draft: Draft, _: Random) -> Iterator[Option]:
    for words in _edges(draft, "header"):
        for found in re.finditer(r"[^\s·]{2,}", words.text):
            yield words.option(*found.span(), "")


def _line_at_the_edge(kind: str) -> Change:
    def change(draft: Draft, _: Random) -> Iterator[Option]:
        for part in draft.seen():
            if kind in part:
                root = draft.tree(part)
                added = xml(f"<w:p><w:r><w:t>{_LINE}</w:t></w:r></w:p>")
                yield Option("", _LINE, part, lambda root=root, added=added: root.append(added))

    return change


def _footer_changed(draft: Draft, _: Random) -> Iterator[Option]:
    """The words around the number of the page, and the stamp below it."""
    for words in _edges(draft, "footer"):
        if "草稿" in words.text:
            yield words.option(0, 2, "正式")
        else:
            yield words.option(len(words.text), len(words.text), "（作废）")


def _header_of_the_first_page(draft: Draft, _: Random) -> Iterator[Option]:
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


def _in_figures(
    said: Callable[[str], str], apply: Callable[[Element], object], pattern: str = NUMBER
) -> Change:
    return in_a_run(TEXTS, pattern, said, lambda _, run: apply(run))


def _plus(figure: str, more: int) -> str:
    """Return a figure whose first digit is another one."""
    return str((int(figure[0]) + more) % 10) + figure[1:]


def _said(run: Element) -> str:
    return run.findtext(name("w:t"), "")


def _inserted(new: str) -> Element:
    return xml(f"<w:ins {_WHO}><w:r><w:t>{new}</w:t></w:r></w:ins>")


def _track_deleted(run: Element, number: int = 921) -> None:
    deleted = xml(f"<w:del {_WHO}/>")
    deleted.set(name("w:id"), str(number))
    run.addprevious(deleted)
    deleted.append(run)
    for text in run.iter(name("w:t")):
        text.tag = name("w:delText")


def _track_replaced(run: Element) -> None:
    """Delete the figure and insert another, both tracked."""
    inserted = _inserted(_plus(_said(run), 1))
    inserted.set(name("w:id"), "922")
    _track_deleted(run)
    deleted = run.getparent()
    assert deleted is not None
    deleted.addnext(inserted)


def _rows_deleted(table: Table) -> Iterator[tuple[str, str, Callable[[], object]]]:
    """Deleted and tracked: the row is gone as soon as somebody accepts."""
    for row, texts in zip(table.rows[1:], table.texts[1:], strict=True):
        yield " | ".join(texts), "deleted, tracked", lambda r=row: _track_row(r)


def _track_row(row: Element) -> None:
    look_of_row(row).append(xml(f"<w:del {_WHO}/>"))
    for number, run in enumerate(list(row.iter(name("w:r"))), 922):
        _track_deleted(run, number)


def _last_row_twice(table: Table) -> Iterator[tuple[str, str, Callable[[], object]]]:
    yield " | ".join(table.texts[-1]), "twice, tracked", lambda: _track_copy(table.rows[-1])


def _track_copy(row: Element) -> None:
    added = deepcopy(row)
    look_of_row(added).append(xml(f"<w:ins {_WHO}/>"))
    row.addnext(added)


def _to_field(code: str, shown: str) -> Callable[[Element], None]:
    def apply(run: Element) -> None:
        run.addprevious(
            xml(f'<w:fldSimple w:instr=" {code} "><w:r><w:t>{shown}</w:t></w:r></w:fldSimple>')
        )
        remove(run)

    return apply


def _controlled(run: Element) -> None:
    """Put a content control around a figure, and choose another from its list."""
    new = _plus(_said(run), 3)
    control = xml("<w:sdt><w:sdtPr><w:id w:val='931'/><w:text/></w:sdtPr><w:sdtContent/></w:sdt>")
    run.addprevious(control)
    control[-1].append(run)
    for text in run.iter(name("w:t")):
        text.text = new


def _two_faced(run: Element) -> None:
    """Give one figure to programs that know a feature, the right one to those that do not."""
    text = run.find(name("w:t"))
    assert text is not None
    both = xml(
        f'<mc:AlternateContent xmlns:w14="{NAMESPACES["w14"]}">'
        f'<mc:Choice Requires="w14"><w:t>{_plus(_said(run), 4)}</w:t></mc:Choice>'
        "<mc:Fallback/></mc:AlternateContent>"
    )
    text.addprevious(both)
    both[1].append(text)


def _chunk(draft: Draft, element: Element) -> None:
    """Let Word show the text of a part as if it stood here; it is written in on saving."""
    draft.add_default("txt", "text/plain")
    draft.parts["word/afchunk.txt"] = "另计服务费9,000.00元".encode()
    own = draft.relate(BODY, "aFChunk", "word/afchunk.txt")
    element.addnext(xml(f'<w:altChunk r:id="{own}"/>'))


def _appended(markup: str) -> Callable[[Draft, Element], None]:
    return lambda _, element: element.append(xml(markup))


def _identity(draft: Draft, _: Random) -> Iterator[Option]:
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


slips(
    footnote_added=at_paragraphs(_weighty, f"and a footnote: {_NOTE}", _note("footnote")),
    endnote_added=at_paragraphs(_weighty, f"and an endnote: {_NOTE}", _note("endnote")),
    comment_added=at_paragraphs(_weighty, "and a comment: 应为20%", _commented),
    header_changed=_header_changed,
    header_text_deleted=_header_deleted,
    header_text_added=_line_at_the_edge("header"),
    footer_text_added=_line_at_the_edge("footer"),
    footer_changed=_footer_changed,
    header_of_its_own_on_the_first_page=_header_of_the_first_page,
    tracked_digit_inserted=_in_figures(
        lambda figure: f"{figure}+9 tracked", lambda run: run.addnext(_inserted("9"))
    ),
    tracked_figure_deleted=_in_figures(lambda _: "deleted, tracked", _track_deleted),
    tracked_figure_replaced=_in_figures(
        lambda figure: f"{_plus(figure, 1)} tracked", _track_replaced
    ),
    tracked_row_deleted=at_tables(_rows_deleted),
    tracked_row_inserted=at_tables(_last_row_twice),
    # a field shows another day, and will show yet another tomorrow
    date_made_a_field=_in_figures(
        lambda _: "2027年6月1日, a field", _to_field("DATE", "2027年6月1日"), DAY
    ),
    # a formula typed where the figure stood, with another result
    figure_made_a_field=_in_figures(lambda _: "999.00, a field", _to_field("= 990+9", "999.00")),
    equation_added=at_paragraphs(
        _weighty,
        "and an equation: 7×4=29",
        _appended("<m:oMath><m:r><m:t>7×4=29</m:t></m:r></m:oMath>"),
    ),
    # Word keeps it as an element of its own, not as a letter
    minus_as_a_hyphen_that_does_not_break=_in_figures(
        lambda figure: f"-{figure}",
        lambda run: run.addprevious(xml("<w:r><w:noBreakHyphen/></w:r>")),
    ),
    # a ticked box of the font Wingdings, which is no letter of the text
    symbol_typed=at_paragraphs(
        _outside_the_body,
        "and a ticked box",
        _appended('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'),
    ),
    figure_changed_in_a_control=_in_figures(
        lambda figure: f"{_plus(figure, 3)} in a control", _controlled
    ),
    figure_that_only_word_shows=_in_figures(
        lambda figure: f"{_plus(figure, 4)} in Word", _two_faced
    ),
    other_document_taken_in=at_paragraphs(
        PROSE, "另计服务费9,000.00元 from another part", _chunk, new=True
    ),
    # a field that fetches text from another file, with what it showed last
    linked_document_taken_in=at_paragraphs(
        PROSE,
        "保证金为合同总额的10%。 a field",
        lambda _, element: element.addnext(
            xml(
                '<w:p><w:fldSimple w:instr=" INCLUDETEXT &quot;附加条款.docx&quot; "><w:r>'
                "<w:t>保证金为合同总额的10%。</w:t></w:r></w:fldSimple></w:p>"
            )
        ),
        new=True,
    ),
    identity_of_another_document=_identity,
)
