"""The instalments: read only where they make up the price and nothing of the clause is left."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from deliverables.model.contract import counted_name
from deliverables.model.fields import show_ratio
from deliverables.read.from_text.found import (
    Beyond,
    Contradiction,
    Finding,
    FoundFact,
    Gap,
    Passage,
    Sentence,
    SourceText,
    breaks_off,
)
from deliverables.read.from_text.payment_condition import (
    LABELLED,
    NUMBERED,
    PaymentCondition,
    read_condition,
    starts_of,
)
from deliverables.read.from_text.recurring import recurring
from deliverables.values.chinese_numbers import Mention, amounts, ratios, whole
from deliverables.values.money import agrees_with_ratio, format_yuan
from deliverables.values.problem import Message, say
from deliverables.values.time_limit import LENGTH, UNSTATED, TimeLimit, Unit, unit_of

_TITLES: Final = r"付款|支付|价款|价格|金额|费用|结算|服务费"
_PAYS: Final = re.compile(r"甲方[^。;]*?支付|支付[^。;]{0,10}(?:款|价)|支付(?:合同|协议)|付清")
_NOT_THE_PRICE: Final = re.compile(
    r"违约金[^(（]{0,12}元|(?<![向给凭到])乙方[^。;甲]{0,12}支付"
    r"|(?:无须|无需)[^。;]{0,30}支付|(?:不再|不得)[^。;]{0,6}支付"
)
_REGULAR: Final = re.compile(
    r"按(?:月|季度?|年|半年)(?:度)?(?:结算|支付|付)|每(?:月|季度?)[^。;]{0,12}支付|次月"
)
_UP_TO: Final = re.compile(
    r"支付至|付至|累计支付|累计付|至(?:(?:合同|协议)[^,。;]{0,6}?)?的?\d+(?:\.\d+)?\s?%"
)
_SME: Final = re.compile(r"中小企业(?:的)?付款比例(?:为|:)?(?:合同款(?:项)?的?)?$")
_NAME: Final = re.compile(
    r"(?:支付|付清)(?:给?乙方)?(?P<name>(?!至)[\u4e00-\u9fff]{0,8}?款项?)(?=[¥￥\d(,。]|人民币)"
)
_KEPT_BACK: Final = re.compile(r"作为(?P<name>质量保证金|质保金)")
_DEDUCTS: Final = re.compile(r"(?<!不)(?<!不得)(?<!无需)(?<!不再)扣除[^。;]{0,24}(?:违约金|赔偿金)")
_EXPLAINED: Final = re.compile(
    r"(?:税率|征收率)(?:为|:|按)?$|(?:履约保证金|履约保函|保函)[^,。;]{0,8}$|每逾期|违约金"
)
_BOND_AFTER: Final = re.compile(r"^的?(?:履约|质量)?(?:保函|保证金|履约|违约金)")
_MARK: Final = r"^\(\d+\)"
"""What counts a payment within its clause: ①."""
_STILL_A_CONDITION: Final = re.compile(
    r"收到|发票|财政|批复|顺延|不晚于|不迟于|最迟|后(?:方|再|才)|前提|日内"
)
"""Words behind 支付 that make the payment wait for something, or give it a last day."""
_LIST: Final = re.compile(r"分[一二两三四五六七八九十\d]+(?:次|期|笔)[^。;:]{0,6}:")
"""What begins the list of payments: a paragraph that has it as well is two run together."""

_OFTEN: Final = 3
_MONEY: Final = re.compile(r"[¥￥元]")

_PROOF: Final = say("the instalments make up the price, nothing of the clause is left over")
_DO_NOT_ADD_UP: Final = say("the instalments do not make up the price")
_CUMULATIVE: Final = say("it is paid up to a share of the price")
_NO_DEADLINE: Final = say("the deadline is a day, or counts from several lapses of time")
_OTHER_WORDS: Final = say("not all words of the condition are known events")

Told = Callable[..., Finding]


@dataclass(frozen=True, slots=True)
class _Part:
    """A paragraph that states one payment, with every amount and share in it."""

    sentence: Sentence
    amounts: tuple[Mention[Decimal], ...]
    ratios: tuple[Mention[Decimal], ...]
    sme: tuple[Mention[Decimal], ...]
    words: str

    @property
    def amount(self) -> Decimal | None:
        return self.amounts[0].value if self.amounts else None

    @property
    def ratio(self) -> Decimal | None:
        return self.ratios[0].value if self.ratios else None

    @property
    def cumulative(self) -> bool:
        return bool(_UP_TO.search(self.sentence.words))

    @property
    def left_over(self) -> bool:
        return len(self.amounts) > 1 or len(self.ratios) > 1 or len(self.sme) > 1

    @property
    def condition(self) -> PaymentCondition:
        words = self.words
        stop = re.search(r"支付|付清", words)
        read = read_condition(words[: stop.start() if stop else None])
        hangs_on_more = stop is not None and _STILL_A_CONDITION.search(words, stop.end())
        return replace(read, whole=False) if hangs_on_more else read

    def agrees(self, total: Decimal) -> bool:
        """Whether the amount is the share of the price, or only one of them is stated."""
        if self.amount is None or self.ratio is None:
            return True
        return agrees_with_ratio(self.amount, total, self.ratio)


def instalments(document: SourceText) -> Iterator[Finding]:
    """Read the instalments; one doubt makes a gap of all of them."""
    written = document.known.get("payment.total", "").replace(",", "")
    total = Decimal(written) if written else None
    paragraphs = document.below(document.titled(_TITLES))
    regular = [one for one in paragraphs if _REGULAR.search(one.words) and "支付" in one.words]
    if regular and (read := recurring(document, paragraphs, total)):
        yield from read
        return
    if regular:
        passage = document.passage(regular[0].start, regular[0].end)
        yield Beyond("按周期支付", passage, "payment.instalments: each")
        yield Gap(
            "payment.instalments",
            "",
            passage,
            say("it is paid again and again: write each, the amount of one period, and withheld"),
        )
        return
    parts = [part for one in paragraphs if (part := _part(one))]
    if not parts:
        return
    doubt = next(_doubts(parts, paragraphs, total), None)
    counted = any(_COUNTED.search(part.sentence.words) for part in parts)
    for number, part in enumerate(_within_the_term(document, parts), 1):
        yield from _told(document, number, part, doubt, counted_otherwise=counted)
    if total is not None:
        yield from _contradictions(document, parts, total, doubt)


def _part(one: Sentence) -> _Part | None:
    """Return the payment that a paragraph states; None where it states none."""
    if not _PAYS.search(one.words) or _NOT_THE_PRICE.search(one.words):
        return None
    money = [each for each in amounts(one.words) if _MONEY.search(each.text)]
    shares = list(ratios(one.words))
    special = [each for each in shares if _SME.search(one.words[: each.start])]
    plain = [each for each in shares if each not in special and not _explained(one.words, each)]
    if not money and not plain:
        return None
    return _Part(one, tuple(money), tuple(plain), tuple(special), one.words)


def _explained(words: str, share: Mention[Decimal]) -> bool:
    """Return whether a share is one of something else than the price: a tax, a bond, a penalty."""
    before, after = words[: share.start], words[share.end :]
    return bool(_EXPLAINED.search(before) or _BOND_AFTER.search(after))


def _doubts(
    parts: Sequence[_Part], paragraphs: Sequence[Sentence], total: Decimal | None
) -> Iterator[Message]:
    """Yield why the instalments are not proved; nothing where they are."""
    if total is None:
        yield say("the price is not known")
        return
    if any(part.left_over or _LIST.search(part.sentence.words) for part in parts):
        yield say("a paragraph has more amounts or shares than one payment")
    if any(breaks_off(one) for one in paragraphs):
        yield say("the sentence breaks off")
    paying = [part.sentence for part in parts]
    if any(_is_loose(one, total) for one in paragraphs if one not in paying):
        yield say("an amount or a share of the clause belongs to no payment")
    if any(_number(part) not in (0, number) for number, part in enumerate(parts, 1)):
        yield say("the instalments are numbered otherwise than they stand")
    sums = _rises(parts) if any(part.cumulative for part in parts) else _adds_up(parts, total)
    if not sums:
        yield _DO_NOT_ADD_UP
    if not all(part.agrees(total) for part in parts):
        yield say("an amount is not its share of the price")


def _is_loose(one: Sentence, total: Decimal) -> bool:
    """Return whether a paragraph beside the payments has a share or a payment of its own."""
    shares = [each for each in ratios(one.words) if not _explained(one.words, each)]
    others = [each for each in amounts(one.words)
              if _MONEY.search(each.text) and each.value != total]  # fmt: skip
    return bool(shares or (others and _PAYS.search(one.words)))


def _adds_up(parts: Sequence[_Part], total: Decimal) -> bool:
    stated = [part.amount for part in parts if part.amount is not None]
    if len(stated) == len(parts):
        return sum(stated, Decimal(0)) == total
    shares = [part.ratio for part in parts if part.ratio is not None]
    return not stated and len(shares) == len(parts) and sum(shares, Decimal(0)) == 1


def _number(part: _Part) -> int:
    said = NUMBERED.match(part.sentence.words)
    return (whole(said["number"]) or 0) if said else 0


_COUNTED: Final = re.compile(r"第[一二三四五六七八九十\d]+(?:期|次|笔|阶段)")


def _told(
    document: SourceText,
    number: int,
    part: _Part,
    doubt: Message | None,
    *,
    counted_otherwise: bool,
) -> Iterator[Finding]:
    """Yield what is said of a payment; one is called 第一期款 where none of them has a name."""
    one, passage = part.sentence, _cited(document, part.sentence)
    path = f"payment.instalments[{number}]"
    share = "up_to" if part.cumulative else "ratio"
    needs = (f"{path}.up_to",) if part.cumulative else ()

    def told(field: str, value: str, why: Message | None = None) -> Finding:
        if doubt or why:
            return Gap(f"{path}.{field}", value, passage, why or doubt or _PROOF)
        return FoundFact(f"{path}.{field}", value, passage, _PROOF, needs)

    if not doubt:
        yield FoundFact(f"{path}.article", passage.article, passage, _PROOF)
    name, begin, end = _name(document, one)
    if name or not counted_otherwise:
        yield told("name", name or counted_name(number))
    if part.amount is not None:
        why = _CUMULATIVE if part.cumulative else None
        yield told("amount", format_yuan(part.amount), why)
    if part.ratio is not None:
        yield told(share, show_ratio(part.ratio))
    if part.sme:
        yield told("sme_ratio", show_ratio(part.sme[0].value))
    if _DEDUCTS.search(one.words):
        yield told("deducts", "是")
    yield told("condition_text", document.text.original(begin, end))
    yield from _condition(document, part, told)


def _name(document: SourceText, one: Sentence) -> tuple[str, int, int]:
    """Return what the payment is called, and where its condition begins and ends."""
    named, numbered = _NAME.search(one.words), NUMBERED.match(one.words)
    labelled = numbered or LABELLED.match(one.words)
    labelled = labelled or re.match(_MARK, one.words)
    begin = one.start + (labelled.end() if labelled else 0)
    kept_back = _KEPT_BACK.search(one.words)
    if named:
        return document.verbatim(one, named, "name"), begin, one.start + named.end("name")
    stop = re.search(r"支付|付清", one.words)
    end = one.start + (stop.end() if stop else len(one.words))
    if kept_back and not numbered:
        return kept_back["name"], begin, end
    if numbered:
        return f"第{numbered['number']}{numbered['word']}{numbered['what'] or ''}", begin, end
    return (labelled.groupdict().get("label", "") if labelled else ""), begin, end


def _condition(document: SourceText, part: _Part, told: Told) -> Iterator[Finding]:
    """Every word of the condition is an event's or the deadline's, else somebody must read it."""
    read = part.condition
    why = None if read.sure else _OTHER_WORDS
    yield told("conditions", ", ".join(read.codes), why or (None if read.codes else _OTHER_WORDS))
    undated = why or (None if read.dated else _NO_DEADLINE)
    unstated = UNSTATED if read.sure and read.dated else read.day
    yield told("deadline", str(read.limit or unstated), undated)
    if why:
        yield Beyond("付款条件含其他事件", document.of(part.sentence),
                     "payment.instalments: conditions")  # fmt: skip


def _cited(document: SourceText, one: Sentence) -> Passage:
    """Return the paragraph; where its clause has several payments, it is named 第二段."""
    passage = document.of(one)
    part = document.articles.clause(one.start)
    paragraphs = [
        each
        for each in document.paragraphs
        if part.start <= each.start < part.end and each.article is one.article
    ]
    if sum(_part(each) is not None for each in paragraphs) <= 1:
        return passage
    count = "一二三四五六七八九十"[paragraphs.index(one)]
    return Passage(passage.quote, f"{part.name}第{count}段", passage.place, passage.span)


def _rises(parts: Sequence[_Part]) -> bool:
    """Return whether shares up to which it is paid (支付至) rise to the whole."""
    reached = Decimal(0)
    for part in parts:
        share = part.ratio or Decimal(0)
        after = share if part.cumulative else reached + share
        if after <= reached:
            return False
        reached = after
    return reached == 1


def _within_the_term(document: SourceText, parts: Sequence[_Part]) -> Iterator[_Part]:
    """Yield the payments with 服务期满6个月 said as what it is: so long after the term began.

    It is before the end of the term where it is shorter and a later payment waits for the end.
    合同期满 is the end of the service where the contract has no other term of its own.
    """
    term = int(document.known.get("service.term_months") or 0)
    of_contract = re.search(r"(?:合同|协议)(?:有效)?期限?(?:为|是|:|自)", document.text.text)
    for number, part in enumerate(parts):
        words = re.sub(rf"服务满(?={LENGTH})", "服务期开始满", part.words)
        if not of_contract:
            words = re.sub(r"(?:合同|协议)期(?:限)?(?:届)?满", "服务期满", words)
        later = any(re.search(r"期(?:限)?(?:届)?满(?![\d一二三四五六七八九十])", each.words)
                    for each in parts[number + 1 :])  # fmt: skip
        said = re.search(rf"服务期(?:限)?满(?P<length>{LENGTH})", words) if later else None
        if said and 0 < _months(said) < term:
            words = words.replace(said[0], f"服务期开始满{said['length']}", 1)
        yield replace(part, words=words)


def _months(said: re.Match[str]) -> int:
    months = {Unit.MONTH: 1, Unit.YEAR: 12}.get(unit_of(said["unit"]), 0)
    return months * (whole(said["count"]) or 0)


def _contradictions(
    document: SourceText, parts: Sequence[_Part], total: Decimal, doubt: Message | None
) -> Iterator[Finding]:
    first = _cited(document, parts[0].sentence)
    for number, part in enumerate(parts, 1):
        passage = _cited(document, part.sentence)
        for code, found in (*_of_shares(number, part, total), *_of_time(number, part)):
            yield Contradiction(code, found, passage)
    counted = Counter(share.text for part in parts for share in part.ratios)
    for share, count in counted.items():
        if count >= _OFTEN:
            yield Contradiction("share-repeated", f"{share}出现{count}次。", first)
    if doubt is not None:
        told = f"付款期次不能与总价核对：{doubt.in_language('zh')}。"
        yield Contradiction("instalments-doubtful", told, first)


def _of_shares(number: int, part: _Part, total: Decimal) -> Iterator[tuple[str, str]]:
    if part.amount is not None and part.ratio is not None and part.amount != total * part.ratio:
        exact = f"{(total * part.ratio).normalize():,f}"
        yield (
            "share-differs",
            f"{part.ratios[0].text}计算为{exact}元，约定{format_yuan(part.amount)}元。",
        )
    if part.amount is not None and part.ratio is None:
        yield "no-share", f"第{number}期只写金额，未写比例。"
    for share in part.sme:
        yield "second-share", f"另列中小企业比例{share.text}，未列对应金额。"


def _of_time(number: int, part: _Part) -> Iterator[tuple[str, str]]:
    read = part.condition
    if not read.whole:
        return
    if read.limit is None:
        yield "no-deadline", f"第{number}期未约定付款期限。"
    elif len(read.codes) > len(set(starts_of(read.limit))):
        told = "、".join(dict.fromkeys(map(str, read.events)))
        yield "several-starts", f"同时出现{told}几个时点。"
    if part.sme and read.limit is not None and _may_pass_sixty_days(read.limit):
        longest = "乙方为中小企业的，约定的付款期限最长60日（《保障中小企业款项支付条例》）"
        yield "sme-days", f"付款期限{read.limit.length}可能超过60日；{longest}。"


def _may_pass_sixty_days(limit: TimeLimit) -> bool:
    """Return whether a limit may be longer than a small enterprise can be made to wait.

    Holidays make up to 61 days of 40 working days (国务院令第802号, in force from 2025-06-01).
    """
    most = {Unit.DAY: 60, Unit.WORKING_DAY: 39, Unit.WEEK: 8, Unit.MONTH: 1}
    return limit.unit is not None and limit.count > most.get(limit.unit, limit.count)
