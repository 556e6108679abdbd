"""Slips in what a document asserts: verdicts, negations, comparisons, sentences, headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import pairwise
from random import Random

from slips.draft import Draft, Element, Option, Words, exchange, name, remove, xml
from slips.figures import NUMBER
from slips.mutant import (
    PARAGRAPHS,
    TEXTS,
    at_paragraphs,
    exchanged,
    rewritten,
    slips,
    together,
)
from slips.names import PEOPLE

_NEGATIONS = "不得|不能|没有|尚未|未|不|无(?!锡)|非(?!常)"
_WEIGHTY = re.compile(
    rf"{NUMBER}|[不未无非]|甲方|乙方|贵局|我公司|委托单位|公司|员工|双方|达标|第.{{1,3}}[条款]"
)
_LINES = (
    "另请一并支付保证金50,000.00元。",
    "上述事项已于2027年5月20日经双方确认。",
    "本项目不适用质保期。",
    "本次付款比例为30%。",
    "款项改付{known}。",
)
_VERDICTS = {
    "未达标": "达标",
    "达标": "未达标",
    "一致": "不一致",
    "不一致": "一致",
    "未通过": "通过",
    "通过": "未通过",
    "相符": "不符",
    "不符": "相符",
    "未签署": "已签署",
    "已签署": "未签署",
    "未全部签署": "已全部签署",
    "未发生": "发生",
    "不作判定": "达标",
    "已经成就": "尚未成就",
    "付清": "未付清",
    "未达到": "已达到",
    "未超过": "已超过",
    "合格": "不合格",
}
_STATES = {
    "成功": "失败",
    "回退": "成功",
    "已完成": "进行中",
    "进行中": "已完成",
    "未开始": "已完成",
    "待开": "已开",
    "在用": "已回收",
    "已回收": "在用",
    "预留": "在用",
    "未定级": "一级",
    "计划": "紧急",
    "紧急": "计划",
    "进入": "离开",
    "离开": "进入",
    "是": "否",
    "否": "是",
}
_COMPARISONS = {
    "不低于": "低于",
    "不少于": "少于",
    "不超过": "超过",
    "未超过": "超过",
    "以上": "以下",
    "以内": "以外",
    "超过": "少于",
    "低于": "高于",
    "最长": "最短",
    "至少": "至多",
    "早于": "晚于",
    "较晚": "较早",
    "提前": "延后",
    "逾期": "按期",
    "最大值": "最小值",
    "向下": "向上",
}
_MOMENTS = {
    "次日": "当日",
    "起算": "止算",
    "先于": "后于",
    "本期": "上期",
    "期末": "期初",
    "期初": "期末",
}
_KINDS_OF_MONEY = {
    "不含税金额": "含税金额",
    "价税合计": "不含税金额",
    "税额": "税率",
    "应付": "实付",
    "实付": "应付",
    "已到账": "未到账",
    "未付": "已付",
    "已付": "未付",
    "违约金": "保证金",
    "普通发票": "专用发票",
    "单利": "复利",
    "日费率": "月费率",
    "合同总额": "合同余额",
}
_REMARKS = (
    *("（占合同总额的37.21%）", "（2027年6月1日前）", "（共三份）", "（含税率9%）"),
    "（不含附件）",
)
_VERBS = "可以|计入|承担|构成|属于|影响|适用|违反|包括|超过|收集"
_WITHOUT_NOT = {"不得": "得", "没有": "有", "不能": "能"}


def _known(draft: Draft) -> list[str]:
    """Return names that the document knows."""
    said = "".join(words.text for words in draft.paragraphs())
    return [each for each in (*PEOPLE, "首信云技术有限公司") if each in said]


def _sentences(words: Words) -> Iterator[re.Match[str]]:
    yield from re.finditer(r"[^。；]+[。；]", words.text)


def _sentence_deleted(draft: Draft, _: Random) -> Iterator[Option]:
    """A sentence with a figure, a negation, a party or an article."""
    for words in draft.prose():
        for sentence in _sentences(words):
            if _WEIGHTY.search(sentence[0]) and sentence[0] != words.text:
                yield words.option(*sentence.span(), "")


def _part_deleted(draft: Draft, _: Random) -> Iterator[Option]:
    """What stands between two commas, with a figure in it."""
    for words in draft.prose():
        for part in re.finditer(r"(?<=，)[^，。；]+(?=[，。；])", words.text):
            if re.search(f"{NUMBER}|[不未]", part[0]):
                yield words.option(*part.span(), "")


def _sentence_doubled(draft: Draft, _: Random) -> Iterator[Option]:
    for words in draft.prose():
        for sentence in _sentences(words):
            figure = re.search(NUMBER, sentence[0])
            if figure:
                begin, end = figure.span()
                other = (
                    f"{sentence[0][:begin]}{int(figure[0][0]) + 1}{sentence[0][begin + 1 : end]}"
                )
                yield words.option(sentence.end(), sentence.end(), other + sentence[0][end:])


def _typed_into_prose(draft: Draft, chance: Random) -> Iterator[Option]:
    """（占合同总额的37.21%） behind a sentence that says no such thing."""
    for words in draft.prose():
        for sentence in _sentences(words):
            end = sentence.end() - 1
            yield words.option(end, end, chance.choice(_REMARKS))


def _weighty(draft: Draft) -> Iterator[Words]:
    """Yield the paragraphs with a figure, a negation, a party or an article."""
    for words in draft.paragraphs():
        if words.element.getparent() is draft.body and _WEIGHTY.search(words.text):
            yield words


def _with_figures(draft: Draft) -> Iterator[Words]:
    return (words for words in draft.prose() if re.search(NUMBER, words.text))


def _gone(_: Draft, element: Element) -> None:
    remove(element)


def _without(words: Words) -> Option:
    return Option(words.text, "", words.place, lambda: remove(words.element))


def _paragraph_doubled(draft: Draft, _: Random) -> Iterator[Option]:
    """A paragraph with a figure said twice."""
    for words in _with_figures(draft):
        yield Option(
            words.text,
            f"{words.text} twice",
            words.place,
            lambda element=words.element: element.addnext(_copy(element)),
        )


def _copy(element: Element) -> Element:
    made = deepcopy(element)
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        for mark in list(made.iter(name(tag))):
            remove(mark)
    return made


def _numbered_exchanged(draft: Draft, _: Random) -> Iterator[Option]:
    """What stands under 1. and what stands under 2., the numbers as they were."""
    listed = [
        (words, found)
        for words in draft.prose()
        if (found := re.match(r"(?:说明：|附件：)?\d+[.．、] ?", words.text))
    ]
    for (one, first), (other, second) in pairwise(listed):
        new, old = other.text[second.end() :], one.text[first.end() :]
        yield Option(
            f"{old[:9]} / {new[:9]}",
            f"{new[:9]} / {old[:9]}",
            one.place,
            lambda a=one, b=other, m=first, n=second: _tails(a, m.end(), b, n.end()),
        )


def _tails(one: Words, begin: int, other: Words, start: int) -> None:
    first, second = one.text[begin:], other.text[start:]
    one.put(begin, len(one.text), second)
    other.put(start, len(other.text), first)


def _line_added(draft: Draft, chance: Random) -> Iterator[Option]:
    """A paragraph of its own with an amount, a date, a name, a negation."""
    known = _known(draft)
    for words in draft.prose():
        line = chance.choice(_LINES).format(known=chance.choice(known))
        yield Option(
            "", line, words.place, lambda element=words.element, line=line: _below(element, line)
        )


def _below(element: Element, line: str) -> None:
    added = _copy(element)
    for child in list(added):
        if child.tag != name("w:pPr"):
            remove(child)
    added.append(xml(f"<w:r><w:t>{line}</w:t></w:r>"))
    element.addnext(added)


def _sentence_added(draft: Draft, chance: Random) -> Iterator[Option]:
    """The same at the end of a paragraph."""
    known = _known(draft)
    for words in draft.prose():
        end = len(words.text)
        line = chance.choice(_LINES).format(known=chance.choice(known))
        yield words.option(end, end, line)


def _headings(draft: Draft) -> list[Words]:
    return [words for words in draft.paragraphs() if words.style.startswith("Heading")]


def _heading_renamed(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in _headings(draft):
        end = len(words.text)
        yield words.option(0, end, chance.choice(("其他事项", "补充约定", f"{words.text}（续）")))


def _heading_before(_: Draft, element: Element) -> None:
    """Add a heading: all that follow are numbered anew."""
    _below(element, "补充约定")
    following = element.getnext()
    assert following is not None
    exchange(element, following)


def _headings_exchanged(draft: Draft, _: Random) -> Iterator[Option]:
    for one, other in pairwise(_headings(draft)):
        if one.style == other.style:
            yield Option(
                f"{one.text} / {other.text}",
                f"{other.text} / {one.text}",
                one.place,
                lambda a=one, b=other: _tails(a, 0, b, 0),
            )


def _heading_made_a_paragraph(draft: Draft, _: Random) -> Iterator[Option]:
    """It loses its number, and those that follow get another."""
    for words in _headings(draft):
        yield Option(
            f"{words.text} ({words.style})",
            f"{words.text} (Paragraph)",
            words.place,
            lambda words=words: _restyled(words, "Paragraph"),
        )


def _restyled(words: Words, style: str) -> None:
    found = words.element.find(f"{name('w:pPr')}/{name('w:pStyle')}")
    assert found is not None
    found.set(name("w:val"), style)


def _numbering_changed(draft: Draft, _: Random) -> Iterator[Option]:
    """一、 becomes 第一条, or the count begins at 3: in the definition, not in the text."""
    part = "word/numbering.xml"
    if not _headings(draft):
        return
    for level in draft.tree(part).iter(name("w:lvl")):
        start, said = level.find(name("w:start")), level.find(name("w:lvlText"))
        depth = level.get(name("w:ilvl"), "")
        if depth == "0" and start is not None:
            yield Option(
                "starts at 1", "starts at 3", part, lambda e=start: e.set(name("w:val"), "3")
            )
        if depth == "0" and said is not None:
            before, after = said.get(name("w:val"), ""), "第%1条　"
            yield Option(before, after, part, lambda e=said, v=after: e.set(name("w:val"), v))


def _number_removed(draft: Draft, _: Random) -> Iterator[Option]:
    """Its style numbers it, the paragraph says it shall not: those that follow count anew."""
    for words in _headings(draft):
        if words.element.find(f"{name('w:pPr')}/{name('w:numPr')}") is not None:
            continue  # an appendix, which has no number to lose
        yield Option(
            words.text, f"{words.text}, no number", words.place, lambda w=words: _unnumbered(w)
        )


def _unnumbered(words: Words) -> None:
    style = words.element.find(f"{name('w:pPr')}/{name('w:pStyle')}")
    assert style is not None
    place = style
    for tag in ("w:keepNext", "w:keepLines", "w:pageBreakBefore", "w:framePr", "w:widowControl"):
        following = place.getnext()
        if following is not None and following.tag == name(tag):
            place = following
    place.addnext(xml('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'))


def _title_changed(draft: Draft, _: Random) -> Iterator[Option]:
    """The subject of a letter, the title and the subtitle of a report."""
    for words in draft.paragraphs():
        if words.style in ("Title", "Subtitle", "ContentsTitle") and "录" not in words.text:
            length = len(words.text)
            yield words.option(length, length, "（修订版）")
            yield words.option(length - 1, length, "")


def _section_moved(draft: Draft, _: Random) -> Iterator[Option]:
    """A heading with all that stands below it put behind the next section."""
    heads = [words for words in _headings(draft) if words.style == "Heading1"]
    for one, other, after in zip(heads, heads[1:], heads[2:], strict=False):
        yield Option(
            f"{one.text} / {other.text}",
            f"{other.text} / {one.text}",
            one.place,
            lambda a=one, b=other, c=after: _moved(a.element, b.element, c.element),
        )


def _moved(first: Element, second: Element, after: Element) -> None:
    block = [first]
    while block[-1].getnext() is not second:
        following = block[-1].getnext()
        assert following is not None
        block.append(following)
    for element in block:
        after.addprevious(element)


def _caption_renumbered(draft: Draft, _: Random) -> Iterator[Option]:
    """The number of a table or figure overwritten: 表 4-1 becomes 表 4-2."""
    for words in draft.paragraphs():
        for field, text in words.results:
            if field == "SEQ":
                before, after = text.text or "", str(int(text.text or "0") + 1)
                yield Option(
                    words.text.replace("\u3000", f"-{before}\u3000", 1),
                    words.text.replace("\u3000", f"-{after}\u3000", 1),
                    words.style,
                    lambda text=text, new=after: setattr(text, "text", new),
                )


def _caption_renamed(draft: Draft, _: Random) -> Iterator[Option]:
    for words in _captions(draft):
        end = len(words.text)
        yield words.option(end, end, "（修订）")
        yield words.option(end - 2, end, "")


def _captions(draft: Draft) -> Iterator[Words]:
    return (words for words in draft.paragraphs() if words.style.endswith("Caption"))


def _captions_exchanged(draft: Draft, _: Random) -> Iterator[Option]:
    for one, other in pairwise(_captions(draft)):
        if one.style == other.style:
            first, second = (words.text.index("　") for words in (one, other))
            yield Option(
                f"{one.text} / {other.text}",
                "the other way round",
                one.style,
                lambda a=one, i=first, b=other, j=second: _tails(a, i, b, j),
            )


def _reference_changed(draft: Draft, _: Random) -> Iterator[Option]:
    """见表 2-1 shows 表 2-2: the result of a field overwritten."""
    for words in draft.paragraphs():
        for field, text in words.results:
            said = text.text or ""
            if field == "REF" and said:
                after = (
                    said[:-1] + str((int(said[-1]) + 1) % 10) if said[-1].isdecimal() else "第九章"
                )
                yield Option(
                    said, after, words.style, lambda t=text, new=after: setattr(t, "text", new)
                )


def _entry_changed(draft: Draft, chance: Random) -> Iterator[Option]:
    for words in draft.entries():
        end = words.text.index("\t") if "\t" in words.text else len(words.text)
        yield words.option(end - 1, end, chance.choice(("录", "（略）", "")))


def _later_entries(draft: Draft) -> list[Words]:
    return list(draft.entries())[1:]


def _signature_changed(draft: Draft, _: Random) -> Iterator[Option]:
    """The sender or the day below a letter."""
    for words in draft.paragraphs():
        if words.style in ("SignOff", "SignOffDate", "CoverSignOff") and "盖章" not in words.text:
            yield words.option(len(words.text) - 1, len(words.text), "")
            yield _without(words)


def _recipient_changed(draft: Draft, _: Random) -> Iterator[Option]:
    for words in draft.paragraphs():
        if words.style == "Recipient":
            yield words.option(0, len(words.text), "北京市财政局：")
            yield words.option(len(words.text) - 1, len(words.text) - 1, "财务处")
            yield _without(words)


slips(
    # 达标 becomes 未达标, 相符 becomes 不符
    verdict_turned_round=exchanged(TEXTS, _VERDICTS),
    # 已完成 becomes 进行中: where a cell says nothing else
    state_in_a_cell_changed=exchanged(PARAGRAPHS, _STATES, f"^(?:{'|'.join(_STATES)})$"),
    # the client's answer given by somebody else
    box_ticked=rewritten(PARAGRAPHS, "□", ["☑", "√"]),
    negation_removed=rewritten(TEXTS, _NEGATIONS, lambda word, _: _WITHOUT_NOT.get(word, "")),
    negation_added=rewritten(
        TEXTS, f"(?<![不未应])(?:应(?=[妥按当在以要])|{_VERBS})", lambda verb, _: f"不{verb}"
    ),
    comparison_turned_round=exchanged(TEXTS, _COMPARISONS),
    # 次日起算 becomes 当日起算, 期末 becomes 期初
    moment_exchanged=exchanged(TEXTS, _MOMENTS),
    # 不含税 becomes 含税, 应付 becomes 实付, 违约金 becomes 赔偿金 …
    kind_of_money_exchanged=exchanged(TEXTS, _KINDS_OF_MONEY),
    sentence_deleted=_sentence_deleted,
    part_of_a_sentence_deleted=_part_deleted,
    sentence_doubled_with_another_figure=_sentence_doubled,
    words_with_a_figure_typed_into_prose=_typed_into_prose,
    paragraph_deleted=at_paragraphs(_weighty, "", _gone),
    paragraph_doubled=_paragraph_doubled,
    numbered_paragraphs_exchanged=_numbered_exchanged,
    line_added=_line_added,
    sentence_added=_sentence_added,
    heading_renamed=_heading_renamed,
    heading_deleted=at_paragraphs(_headings, "", _gone),
    heading_added=at_paragraphs(_headings, "补充约定", _heading_before, new=True),
    headings_exchanged=_headings_exchanged,
    heading_made_a_paragraph=_heading_made_a_paragraph,
    numbering_of_headings_changed=_numbering_changed,
    number_of_a_heading_removed=_number_removed,
    title_changed=_title_changed,
    section_moved=_section_moved,
    caption_renumbered=_caption_renumbered,
    chapter_of_a_caption_changed=rewritten(
        _captions, r"(?<=[表图] )\d+(?=\u3000)", lambda number, _: str(int(number) + 1)
    ),
    caption_renamed=_caption_renamed,
    captions_exchanged=_captions_exchanged,
    reference_changed=_reference_changed,
    entry_of_the_contents_changed=_entry_changed,
    entry_of_the_contents_deleted=at_paragraphs(_later_entries, "", _gone),
    # 【待补】 deleted, or filled with something nobody supplied
    pending_mark_deleted=rewritten(TEXTS, "【待补】", ["", "专用发票", "　　"]),
    place_of_the_seal_deleted=rewritten(TEXTS, "（盖章处）|（盖章）|盖章处", ["", "（签字处）"]),
    signature_changed=_signature_changed,
    recipient_changed=_recipient_changed,
    place_of_a_signature_deleted=together(
        rewritten(PARAGRAPHS, "（签名）：＿+", ""), rewritten(PARAGRAPHS, "＿{4,}", "苏婉卿")
    ),
)
