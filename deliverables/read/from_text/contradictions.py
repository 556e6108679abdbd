"""Where a text disagrees with itself, breaks off or leaves open: told, and never mended."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from deliverables.model.contract_text import broken_lines
from deliverables.read.contract_text import ANNEX
from deliverables.read.from_text.found import Contradiction, Finding, Sentence, SourceText
from deliverables.values.money import format_yuan, round_down
from deliverables.values.time_limit import LENGTH

_LISTED: Final = re.compile(r"(?:[^,。;、:]{2,14}、){3,}[^,。;、:]{2,14}")
_ANNEX: Final = re.compile(r"附件[一二三四五六七八九十\d]*(?:《[^》]+》)?")
_LEVEL: Final = re.compile(r"(?:可用[性率]|可靠性|持久性)[^。;%]{0,16}(?:不得?低于|≥)\s?\d")
_WINDOW: Final = re.compile(r"按?(?:月|季度|年度|每月|每季|每年)|统计")
_CAP: Final = re.compile(r"不(?:得)?超过[^。;%]{0,16}?\d+(?:\.\d+)?%")
_GRADE: Final = re.compile(r"[A-Z一二三四]级(?:及以上)?(?:事故|事件|故障)")
BREAKS_OFF: Final = r"(?:一律|均应|应当|必须)(?:严格|及时|妥善|认真|积极|充分|如实)[。;]"
_SAID: Final = (
    ("breaks-off", BREAKS_OFF,
     "该款止于“{0}”，语意未完。"),
    ("english", r"(?<=[\u4e00-\u9fff])(?:and|or|of|the|to|in)(?=[\u4e00-\u9fff])",
     "夹有英文“{0}”。"),
    ("no-period", r"(?:规定(?:的)?期限|合理期限)内?|定期", "“{0}”未约定具体期限或频率。"),
    ("no-count", r"次数超过[一二三四五六七八九十\d]+次", "“{0}”未写计次标准。"),
    ("superseded", r"保守国家秘密法(?:》[^。;]{0,6}《?)?实施办法",
     "所引保守国家秘密法的实施办法，已于2014年由《保守国家秘密法实施条例》取代。"),
    ("misquoted", r"《关于加强党政部门云计算服务网络安全管理意见》",
     "所引文件的名称应为《关于加强党政部门云计算服务网络安全管理的意见》。"),
    ("results-owner",
     r"[^,。;、]{0,16}(?:知识产权|著作权|所有权)[^,。;]{0,8}(?<!不)归乙方(?:所有)?",
     "“{0}”：服务成果不归甲方所有。"),
    ("no-tariff", r"违约金[^。;]{0,12}(?:双方)?协商", "违约金标准未约定，由双方协商。"),
)  # fmt: skip
"""A code, the words that show it, and what is told of them."""


def contradictions(document: SourceText) -> Iterator[Finding]:
    """Read what a careful reader would mark in the margin."""
    for reader in _READERS:
        yield from reader(document)


def _told(document: SourceText, code: str, found: str, one: Sentence) -> Contradiction:
    return Contradiction(code, found, document.of(one))


def _words(document: SourceText) -> Iterator[Finding]:
    for one in document.sentences:
        for code, pattern, told in _SAID:
            for said in dict.fromkeys(found[0] for found in re.finditer(pattern, one.words)):
                yield _told(document, code, told.format(said), one)


def _lists(document: SourceText) -> Iterator[Finding]:
    """One thing named twice in a list."""
    for one in document.sentences:
        listed = [item for found in _LISTED.finditer(one.words) for item in found[0].split("、")]
        items = [re.sub("费用$", "费", item) for item in listed]
        for item in sorted({item for item in items if items.count(item) > 1}):
            yield _told(document, "repeated", f"“{item}”重复。", one)


def _levels(document: SourceText) -> Iterator[Finding]:
    for one in document.sentences:
        if _LEVEL.search(one.words) and not _WINDOW.search(one.words):
            yield _told(document, "no-window", "服务等级指标未约定统计周期和计算方法。", one)


def _grades(document: SourceText) -> Iterator[Finding]:
    """A grade of incidents that nothing in the text defines by its times or effects."""
    for one in document.sentences:
        grade = _GRADE.search(one.words)
        if grade and not re.search(rf"{grade[0][:2]}(?:故障|事件|事故)\d", document.text.text):
            yield _told(document, "no-grading", f"“{grade[0]}”未附分级标准。", one)


def _spelling(document: SourceText) -> Iterator[Finding]:
    for one in document.front:
        if "签定" in one.words and "签订" in document.text.text:
            label = one.words.partition(":")[0]
            yield _told(document, "spelling", f"作“{label}”，正文作“签订”。", one)


def _brackets(document: SourceText) -> Iterator[Finding]:
    """Brackets of two widths, and a sentence torn by a page: signs of a scan."""
    source = "".join("".join(document.text.lines).split())
    mixed = re.search(r"（[^（）()]{0,60}\)|\([^（）()]{0,60}）", source)
    if mixed:
        at = document.text.text.find(mixed[0][1:9])
        yield Contradiction(
            "brackets",
            "全文括号全角、半角混用，疑为文字识别所致。",
            document.sentence(max(at, 0)),
        )
    if document.text.width:
        return
    by_place = {(sign.line, sign.column): at for at, sign in enumerate(document.text.signs)}
    for place, words in broken_lines(document.text):
        at = by_place.get((place.line, place.column), 0)
        yield Contradiction("torn", f"“{words}”之后断行、跨页。", document.sentence(at))


def _annexes(document: SourceText) -> Iterator[Finding]:
    """An annex that the text refers to and does not hold."""
    if document.articles.named(ANNEX) is not None:
        return
    found: dict[str, list[Sentence]] = {}
    for one in document.sentences:
        for said in _ANNEX.finditer(one.words):
            found.setdefault(re.sub(r"《.*", "", said[0]), []).append(one)
    for name, places in found.items():
        told = f"正文{len(places)}处引用{name}，合同文本未附。"
        yield _told(document, "annex-missing", told, places[0])


def _names(document: SourceText) -> Iterator[Finding]:
    """Names below the signatures that belong to nobody."""
    found = [one for one in document.back if re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", one.words)]
    if found:
        passage = document.passage(found[0].start, found[-1].end)
        told = f"文末另有{len(found)}个姓名，未标明所属方和身份。"
        yield Contradiction("names", told, passage)


def _cap(document: SourceText) -> Iterator[Finding]:
    """A cap that is no whole number of fen."""
    total = document.known.get("payment.total", "").replace(",", "")
    cap = document.known.get("payment.late.cap_ratio", "")
    if not total or not cap:
        return
    exact = Decimal(total) * Decimal(cap.rstrip("%")) / 100
    places = [one for one in document.sentences if _CAP.search(one.words) and "甲方" in one.words]
    if exact != round_down(exact) and places:
        least = format_yuan(round_down(exact))
        told = f"累计上限为{exact.normalize():,f}元，不足1分的部分未约定取舍（{least}元）。"
        yield _told(document, "cap-not-whole", told, places[-1])


def _interim(document: SourceText) -> Iterator[Finding]:
    """An interim acceptance on which money hangs, and of which nothing else is said."""
    named = [one for one in document.sentences if re.search(r"中期(?:验收|评审|考核)", one.words)]
    if named and all(re.search(r"支付|付款|付至", one.words) for one in named):
        yield _told(document, "no-procedure", "中期验收的程序、材料和期限未约定。", named[0])


def _returned(document: SourceText) -> Iterator[Finding]:
    """Confidential papers that go back, it is not said by when, or what becomes of copies."""
    for one in document.sentences:
        if not re.search(r"保密(?:信息|资料)[^。;]{0,24}(?:归还|返还|退还)", one.words):
            continue
        after = one.words.partition("还")[2]
        left = ["归还期限"] if not re.search(LENGTH, one.words) else []
        left += ["是否销毁"] if "销毁" not in after else []
        if left:
            yield _told(document, "no-return", f"保密资料的{'和'.join(left)}未约定。", one)


def _due_days(document: SourceText) -> Iterator[Finding]:
    """Reports that are counted or recur, and no day by which any of them is handed in."""
    named = [one for one in document.sentences if re.search(_REPORTS, one.words)]
    told_of = (one.words for one in document.sentences if "报告" in one.words)
    if named and not any(re.search(rf"{LENGTH}(?:以)?内|日前", words) for words in told_of):
        yield _told(document, "report-no-due", "报告的提交期限未约定。", named[0])


_REPORTS: Final = (
    r"报告\s?[\d一二两三四五六七八九十]+\s?[份个]|每(?:月|季度|半年|年)[^。;]{0,12}报告"
)


def _shared_duties(document: SourceText) -> Iterator[Finding]:
    """Both parties answer for the safety of the same data."""
    both = [
        next((one for one in document.sentences if re.search(rf"{who}承担{_OF_DATA}", one.words)),
             None)
        for who in ("甲方", "乙方")
    ]  # fmt: skip
    if all(both):
        told = "双方各承担数据方面的安全责任，范围交叉。"
        yield _told(document, "duties-cross", told, next(filter(None, both)))


_OF_DATA: Final = r"[^。;甲乙]{0,60}数据[^。;甲乙]{0,16}责任"


def _unpaid(document: SourceText) -> Iterator[Finding]:
    """Payment by instalments, and not a word of what a late one costs."""
    paying = [one for one in document.sentences if re.search(r"甲方[^。;]{0,20}支付", one.words)]
    if paying and not any(re.search(_LATE, one.words) for one in document.sentences):
        told = (
            "甲方迟延付款的违约金、利息未约定；乙方为中小企业的，法定为每日万分之五"
            "（《保障中小企业款项支付条例》）。"
        )
        yield _told(document, "no-late-interest", told, paying[0])


_LATE: Final = (
    r"(?:逾期|迟延|延迟|延期|拖延)[^。;]{0,8}(?:支付|付款)"
    r"|(?:支付|付款)[^。;]{0,8}(?:逾期|迟延)"
)


_READERS: Final[tuple[Callable[[SourceText], Iterator[Finding]], ...]] = (
    _words,
    _lists,
    _levels,
    _grades,
    _spelling,
    _brackets,
    _annexes,
    _names,
    _cap,
    _interim,
    _returned,
    _due_days,
    _shared_duties,
    _unpaid,
)
