"""The price, the account it is paid to, what late payment costs, and the invoice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Final

from deliverables.model.fields import EXEMPT, SEVERAL_RATES, SILENT, show_plain, show_ratio
from deliverables.read.from_text.found import (
    AGREED,
    DIFFER,
    Beyond,
    Contradiction,
    Finding,
    FoundFact,
    Gap,
    Passage,
    Sentence,
    SourceText,
    agreed,
)
from deliverables.values.chinese_numbers import (
    ARABIC,
    PERCENT,
    WHOLE,
    Mention,
    amounts,
    amounts_in_words,
    ratios,
    whole,
)
from deliverables.values.identifiers import check_account
from deliverables.values.money import format_yuan
from deliverables.values.problem import say

_PRICE: Final = (
    r"(?:(?:合同|协议)(?:总价款|总金额|总价|总额|金额|价款|款项)"
    r"|(?:服务|开发|建设|项目|采购|运维)(?:费用?)?(?:总额|总价|总金额|共计|合计|总计))"
)
_NET: Final = re.compile(
    rf"不含(?:增值)?税(?:价款|金额|总价|价格|价)?(?:为|:)?(?P<value>[¥￥]?(?:{ARABIC})元)"
)
_TAX: Final = re.compile(rf"(?:增值税|税)额?(?:为|:)?(?P<value>[¥￥]?(?:{ARABIC})元)")
_SMALL: Final = "中小企业"
_MARKED: Final = re.compile(r"[¥￥]|元")
_PAYS_LATE: Final = re.compile(
    r"甲方[^。;乙]{0,20}?(?:逾期|迟延|延迟|延期|拖延)[^。;乙]{0,6}?(?:付款|支付)"
)
_A_DAY: Final = re.compile(
    r"每(?:逾期|延期|迟延|延迟|拖延|超过)(?:一|1)[日天]|每[日天](?=按|万分|千分|\d)"
)
_HEDGED: Final = re.compile(
    r"第[\d一二三四五六七八九十]+[日天]|超过\s?\d+[日天]|不(?:得)?超过[^,。;]{0,6}$|不承担|(?:无须|无需|不)支付"
)
"""Words before the rate with which it is owed later, at the most, or not at all."""

_GRACE: Final = re.compile(
    rf"超过(?P<days>{WHOLE})[日天]的?,自(?:逾期)?第(?P<first>{WHOLE})[日天]起"
)
"""Days for which nothing is owed: 逾期超过30日的,自第31日起."""

_CAP: Final = re.compile(
    r"(?:累计|总额|合计|最高)[^,。;]{0,6}?不(?:得)?超过(?P<base>[^,。;%\d]{2,16}?)的?(?=\d|百分)"
)
_CAPS: Final = r"(?:上限|累计|最高|不(?:得)?超过)[^。;%\d]{0,16}$"
_OF_TOTAL: Final = r"(?:服务费总额|(?:合同|协议)(?:总价款?|总金额|总额|金额|价款|款项?总额))"
_OF_OVERDUE: Final = (
    r"(?:逾期|延期|迟延|延迟|应付未付|未付|欠付)(?:付款|支付|应付|未付)?的?(?:金额|款项?|价款|部分)"
)
_HOLDER: Final = re.compile(
    r"(?:账户名称?|户名|开户名称?|开户单位|收款人(?:名称)?|收款单位)[:为](?P<value>[^,。;\n]+)"
)
_BANK: Final = re.compile(
    r"(?:开户银行|开户行)(?:名称)?[:为](?P<value>[\u4e00-\u9fffA-Za-z()]+(?:行|社|部|所|公司|中心))(?=[,。;\n]|$)"
)
_ACCOUNT: Final = re.compile(
    r"(?:银行)?[账帐](?:号|户号)[:为](?P<value>(?>\d[\d ]{7,40}))(?=[,。;\n]|$)"
)
_VAT: Final = re.compile(
    rf"(?:税率|征收率)(?:分别)?(?:为|:|按)?(?P<rate>{PERCENT}(?:(?:和|及|与|或|、|/|以及){PERCENT})*)"
)
_EXEMPT: Final = re.compile(r"(?<!不)免征增值税|增值税免税|(?:税率|发票)[^。;,]{0,6}免税")
_INVOICE: Final = re.compile(r"增值税(?:专用|普通)发票")
_BUYER: Final = re.compile(r"甲方(?:的)?开票(?:信息|资料)")
_BEFORE: Final = re.compile(
    r"(?:付款|支付)[^。;,]{0,6}?前[^。;]{0,24}?(?:开具|提供|提交|出具)[^。;]{0,24}?(?:发票|票据)"
)
_INVOICE_LATER: Final = re.compile(
    r"(?:付款|支付|收款|到账|收到[^。;,]{0,10}款项?)[^。;,]{0,6}?后[^。;]{0,24}?(?:开具|提供|提交|出具)"
    r"[^。;]{0,24}?(?:发票|票据)"
)
_AMONG_PAPERS: Final = re.compile(r"乙方[^。;]*(?:提交|提供)[^。;]*发票")


def price(document: SourceText) -> Iterator[Finding]:
    """Read the price in figures and words, the account, late payment and the invoice."""
    total = list(_total(document))
    yield from total
    if total and isinstance(total[0], FoundFact):
        yield from _plan(document, total[0].passage)
    yield from _without_tax(document)
    yield from _account(document)
    yield from _late(document)
    yield from _invoice(document)


def _total(document: SourceText) -> Iterator[Finding]:
    """Words and figures of the price say the same, wherever both stand together."""
    found: dict[Decimal, tuple[Sentence, str]] = {}
    for one in _with_words(document.paragraphs):
        named = re.search(_PRICE, one.words)
        words = list(amounts_in_words(one.words))
        if not named or len(words) != 1:
            continue
        said = words[0]
        near = [mention for mention in amounts(one.words) if _MARKED.search(mention.text)]
        apart = {abs(each.start - said.end): each for each in near}
        apart |= {abs(said.start - each.end): each for each in near}
        figure = apart[min(apart)] if apart else None
        start, end = one.start + said.start, one.start + said.end
        original = document.text.original(start, end)
        passage = document.of(one)
        if figure is None:
            continue
        if figure.value != said.value:
            yield Contradiction(
                "words-differ",
                f"大写金额为{format_yuan(said.value)}元，小写为{figure.text}，不一致。",
                passage,
            )
            yield Gap("payment.total", figure.text, passage, say("words and figures differ"))
            return
        found[figure.value] = (one, original)
    if len(found) != 1:
        for value, (one, _) in found.items():
            yield Gap("payment.total", show_plain(value), document.of(one),
                      DIFFER)  # fmt: skip
        return
    ((value, (one, original)),) = found.items()
    passage = document.of(one)
    proof = say("words and figures say the same")
    yield FoundFact("payment.total", format_yuan(value), passage, proof)
    yield FoundFact("payment.total_in_words", original, passage, proof)
    if "人民币" not in one.words:
        yield Contradiction("no-currency", "大写金额前无“人民币”字样。", passage)


def _without_tax(document: SourceText) -> Iterator[Finding]:
    """The price without tax and the tax make up a price with tax that stands beside them."""
    for one in document.sentences:
        net, tax = _NET.search(one.words), _TAX.search(one.words)
        if not net or not tax:
            continue
        before, more = (next(amounts(found["value"])).value for found in (net, tax))
        passage = document.of(one)
        if any(each.value == before + more for each in amounts(one.words)):
            proof = say("the price without tax and the tax make up the price")
            yield FoundFact("payment.net", format_yuan(before), passage, proof)
            yield FoundFact("payment.tax", format_yuan(more), passage, proof)


def _plan(document: SourceText, price: Passage) -> Iterator[Finding]:
    """Nothing is said of small enterprises: there is one plan of payment."""
    if _SMALL not in document.text.text:
        proof = say("nothing is said of small enterprises")
        yield FoundFact("payment.plan", "standard", price, proof)
        yield FoundFact("payment.sme_evidence", SILENT, price, proof)


def _with_words(paragraphs: Sequence[Sentence]) -> Iterator[Sentence]:
    """Yield the paragraphs, one that is the amount in words together with the one before it."""
    for one, other in zip_longest(paragraphs, paragraphs[1:]):
        if other is not None and re.match(r"\(?大写|\(?小写", other.words):
            words = f"{one.words}\n{other.words}"
            yield Sentence(words, one.start, other.end, one.article)
        elif not re.match(r"\(?大写|\(?小写", one.words):
            yield one


def _account(document: SourceText) -> Iterator[Finding]:
    """An account gets its owner first: it is the contractor's, or it is not read."""
    contractor = document.known.get("contractor.name", "")
    found = []
    text = document.text.text
    for holder in _HOLDER.finditer(text):
        part = document.articles.clause(holder.start())
        following = _HOLDER.search(text, holder.end())
        end = min(part.end, following.start() if following else len(text))
        line = max(text.rfind("\n", 0, holder.start()), part.body - 1) + 1
        before = len(list(_HOLDER.finditer(text, line, end))) == 1  # bank and number come first
        bank = _BANK.search(text, holder.end(), end)
        bank = bank or (_BANK.search(text, line, holder.start()) if before else None)
        number = _ACCOUNT.search(text, holder.end(), end)
        number = number or (_ACCOUNT.search(text, line, holder.start()) if before else None)
        named = document.text.original(*holder.span("value"))
        begin = min(holder.start(), number.start()) if number else 0
        between = text[begin : max(holder.end(), number.end())] if number else ""
        if bank and number and "甲方" not in between:
            found.append((named, holder, bank, number))
    own = [one for one in found if contractor and one[0] == contractor]
    if len({one[3]["value"] for one in own}) != 1:
        for named, holder, *_ in found:
            if named != document.known.get("client.name"):
                why = say("the holder of the account is not the contractor")
                passage = document.sentence(holder.start())
                yield Gap("payment.account.holder", named, passage, why)
        return
    named, holder, bank, number = own[0]
    digits = number["value"].replace(" ", "")
    passage = document.passage(*number.span())
    if check_account(digits).fault:
        yield Gap("payment.account.number", digits, passage,
                  say("it is not of the form it must have"))  # fmt: skip
        return
    proof = say("the holder of the account is the contractor")
    yield FoundFact("payment.account.holder", named, document.passage(*holder.span()), proof)
    yield FoundFact(
        "payment.account.bank",
        document.text.original(*bank.span("value")),
        document.passage(*bank.span()),
        proof,
    )
    yield FoundFact("payment.account.number", digits, passage, proof)


def _late(document: SourceText) -> Iterator[Finding]:
    """What the client pays a day, and of what; a cap of something else than the total is told."""
    found = []
    for one in document.sentences:
        owner, daily = _PAYS_LATE.search(one.words), _A_DAY.search(one.words)
        if not owner or not daily or owner.start() > daily.start():
            continue
        after = [each for each in ratios(one.words) if each.start >= daily.end()]
        if after:
            found.append((one, after[0], _CAP.search(one.words, daily.end()), after))
    one_rate = len({rate.value for _, rate, _, _ in found}) == 1
    for one, rate, cap, after in found:
        passage = document.of(one)
        capped = next((each for each in after if cap and each.start >= cap.end()), None)
        others = [each for each in after if each not in (rate, capped)
                  and not re.search(_CAPS, one.words[: each.start])]  # fmt: skip
        owed = tuple(_owed(one.words[: rate.start], rate, passage, agreed=one_rate and not others))
        yield from owed
        if not any(isinstance(each, FoundFact) for each in owed):
            continue
        other = _another_cap(document, one, (rate, capped))
        if other is not None:
            yield Gap("payment.late.cap_ratio", capped.text if capped else "", other,
                      DIFFER)  # fmt: skip
        else:
            yield from _cap(cap, capped, passage)


def _owed(
    before: str, rate: Mention[Decimal], passage: Passage, *, agreed: bool
) -> Iterator[Finding]:
    """What is owed a day, of what, and from when on; a doubt makes a gap of it."""
    grace, hedged = _waits(before)
    if not agreed or hedged:
        why = say("it is not owed from the first day on, or not this share")
        yield Gap("payment.late.daily_rate", rate.text, passage,
                  why if agreed else DIFFER)  # fmt: skip
        return
    if grace:
        yield FoundFact("payment.late.grace", grace, passage, AGREED)
    yield FoundFact("payment.late.daily_rate", show_plain(rate.value), passage, AGREED)
    for pattern, base in _BASES.items():
        if called := re.search(f"(?P<name>{pattern})的?(?:每[日天])?的?$", before):
            yield FoundFact("payment.late.base", base, passage, AGREED)
            yield from _name("base_name", called["name"], base, passage)


def _name(field: str, called: str, base: str, passage: Passage) -> Iterator[Finding]:
    """What the contract calls a base, where that is another word than contract.yaml's."""
    if called != base:
        yield FoundFact(f"payment.late.{field}", called, passage, AGREED)


def _waits(before: str) -> tuple[str, bool]:
    """Return the days of grace that words before a rate state, and whether more hedges it."""
    said = _GRACE.search(before)
    days = whole(said["days"]) if said else None
    if said is None or not days or whole(said["first"]) != days + 1:
        return "", _HEDGED.search(before) is not None
    return f"{days}日内", _HEDGED.search(before.replace(said[0], "")) is not None


def _another_cap(
    document: SourceText, one: Sentence, read: tuple[Mention[Decimal] | None, ...]
) -> Passage | None:
    """Return where the paragraph caps the client's damages a second time, at another share."""
    paragraph = document.around(one)
    for sentence in document.sentences:
        if not one.start <= sentence.start < paragraph.end or "乙方应" in sentence.words:
            continue
        caps = [each for each in ratios(sentence.words)
                if re.search(_CAPS, sentence.words[: each.start])]  # fmt: skip
        if any(sentence is not one or each not in read for each in caps):
            return document.of(sentence)
    return None


_BASES: Final = {_OF_OVERDUE: "逾期金额", _OF_TOTAL: "合同总额"}


def _cap(
    cap: re.Match[str] | None, share: Mention[Decimal] | None, passage: Passage
) -> Iterator[Finding]:
    """What damages come to at the most, and of what that is a share."""
    if cap is None or share is None:
        yield Gap("payment.late.cap_ratio", "", passage, say("no cap is stated there"))
        yield Beyond("迟延付款违约金未在同处约定上限", passage, "payment.late: cap_ratio")
        return
    base = next((base for one, base in _BASES.items() if re.fullmatch(one, cap["base"])), "")
    if base:
        yield FoundFact("payment.late.cap_ratio", show_ratio(share.value), passage, AGREED)
        yield FoundFact("payment.late.cap_base", base, passage, AGREED)
        yield from _name("cap_base_name", cap["base"], base, passage)
    else:
        yield Gap("payment.late.cap_ratio", f"{cap['base']}的{share.text}", passage,
                  say("the cap is a share of something else than the price"))  # fmt: skip
        yield Beyond("违约金上限不以合同总价为基数", passage)


def _invoice(document: SourceText) -> Iterator[Finding]:
    exempt = [one for one in document.sentences if _EXEMPT.search(one.words)]
    rated = any(_VAT.search(one.words) for one in document.sentences)
    passages = [document.of(one) for one in exempt]
    if exempt and rated:
        why = say("a rate is stated beside it")
        yield Gap("invoicing.rate", EXEMPT, passages[0], why)
    elif exempt:
        yield FoundFact("invoicing.rate", EXEMPT, passages[0], AGREED)
    if rated and not exempt:
        yield from _rate(document)
    yield from _agreed(document, _INVOICE, "invoicing.type", 0)
    yield from _buyer(document)
    after = [one for one in document.sentences if _INVOICE_LATER.search(one.words)]
    for one in document.sentences:
        if _BEFORE.search(one.words) and "乙方" in one.words:
            passage = document.of(one)
            if after:
                yield Gap("invoicing.before_payment", "是", passage, DIFFER)
            else:
                yield FoundFact("invoicing.before_payment", "是", passage, AGREED)
            return
        if _AMONG_PAPERS.search(one.words):
            why = say("the invoice is named among the papers that a payment needs")
            passage = document.of(one)
            yield Gap("invoicing.before_payment", "是", passage, why)


def _rate(document: SourceText) -> Iterator[Finding]:
    """One rate, or several of which a paragraph says that each is that of its part."""
    rates = rates_of_tax(document)
    passages = {rate: document.of(one) for rate, one in rates.items()}
    if len(rates) == 1:
        ((rate, passage),) = passages.items()
        yield FoundFact("invoicing.rate", rate, passage, AGREED)
        return
    for one in document.paragraphs:
        said = {show_ratio(each.value) for found in _VAT.finditer(one.words)
                for each in ratios(found["rate"])}  # fmt: skip
        if said == set(rates) and re.search("部分|分别", one.words):
            yield FoundFact(
                "invoicing.rate",
                SEVERAL_RATES,
                document.of(one),
                say("each part has a rate of its own"),
            )
            return
    for rate, passage in passages.items():
        yield Gap("invoicing.rate", rate, passage, DIFFER)


def _buyer(document: SourceText) -> Iterator[Finding]:
    """The client's bank, where one sentence says that this is what its invoices show."""
    found = [one for one in document.sentences if _BUYER.search(one.words)]
    for one in found if len(found) == 1 else ():
        bank, number = _BANK.search(one.words), _ACCOUNT.search(one.words)
        for path, said in (("buyer_bank", bank), ("buyer_account", number)):
            if said is None or "乙方" in one.words:
                continue
            value = document.verbatim(one, said)
            value = value.replace(" ", "") if path == "buyer_account" else value
            passage = document.of(one)
            yield FoundFact(f"invoicing.{path}", value, passage, say("it says whose it is"))


def rates_of_tax(document: SourceText) -> Mapping[str, Sentence]:
    """Return the rates of value-added tax that the text names, each with its first sentence."""
    found: dict[str, Sentence] = {}
    for one in document.sentences:
        for said in _VAT.finditer(one.words):
            for rate in ratios(said["rate"]):
                found.setdefault(show_ratio(rate.value), one)
    return found


def _agreed(
    document: SourceText, pattern: re.Pattern[str], path: str, group: str | int
) -> Iterator[Finding]:
    found = [(one, said) for one in document.sentences for said in pattern.finditer(one.words)]
    value = agreed(said[group].replace(" ", "") for _, said in found)
    for one, said in found:
        passage = document.of(one)
        if value:
            yield FoundFact(path, value, passage, AGREED)
            return
        yield Gap(path, said[0], passage, DIFFER)
