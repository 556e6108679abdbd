"""A price that is paid again and again: so much a period, a share kept back, and when it is paid.

It is read only where the periods make up the price, paid and kept back make up the period, and
no other amount or share stands in the clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from deliverables.model.contract import CYCLES
from deliverables.model.fields import show_ratio
from deliverables.read.from_text.found import Finding, FoundFact, Gap, Sentence, SourceText
from deliverables.read.from_text.payment_condition import PaymentCondition, read_condition
from deliverables.values.chinese_numbers import ARABIC, PERCENT, Mention, amounts, ratios
from deliverables.values.money import format_yuan
from deliverables.values.problem import Message, say
from deliverables.values.time_limit import UNSTATED

_SUM: Final = rf"(?:人民币)?[¥￥]?(?:{ARABIC})元"
_PERIOD: Final = re.compile(
    rf"每(?P<cycle>月|季度|半年|年)度?(?:的)?(?P<name>[\u4e00-\u9fff]{{0,6}}费)用?(?:标准)?(?:为|:)?(?P<sum>{_SUM})"
)
_PAID: Final = re.compile(rf"按(?:月|季度?|半年|年)度?支付[^,。;]{{0,10}}?(?P<share>{PERCENT})")
_KEPT: Final = re.compile(
    rf"(?:其余|剩余|余下)的?(?P<share>{PERCENT})(?:作为|留作)(?P<name>质量保证金|质保金)"
)
_PAYS: Final = re.compile(r"(?<!向)甲方[^。;]*?(?:支付|付款)")
_RETURNS: Final = re.compile(r"退还|返还|支付|付清")
_MARKED: Final = re.compile(r"[¥￥元]")
_RATE: Final = re.compile(r"(?:税率|征收率)(?:为|:|按)?$")

_ENDS: Final = {"月": "end_of_month", "季度": "end_of_quarter"}
_ASSESSED: Final = "assessment"
_PROOF: Final = say("the periods make up the price, nothing of the clause is left over")
_OTHER_WORDS: Final = say("not all words of the condition are known events")


@dataclass(frozen=True, slots=True)
class _Terms:
    """What one sentence states of each period, and what becomes of the share kept back."""

    said: Sentence
    name: str
    cycle: str
    amount: Decimal
    withheld: Decimal
    pays: Sentence
    returned: Sentence | None
    kept_name: str
    kept: Decimal


def recurring(document: SourceText, paragraphs: Sequence[Sentence], total: Decimal | None) -> (
    tuple[Finding, ...]
):  # fmt: skip
    """Return the payments of each period and of what is kept back; nothing where not proved."""
    term = int(document.known.get("service.term_months") or 0)
    spans = [(one.start, one.end) for one in paragraphs]
    sentences = [one for one in document.sentences
                 if any(start <= one.start < end for start, end in spans)]  # fmt: skip
    terms = _terms(sentences)
    if terms is None or total is None or not _proved(terms, total, term):
        return ()
    if not _explained(sentences, terms, total, document):
        return ()
    return tuple(_told(document, terms))


def _terms(sentences: Sequence[Sentence]) -> _Terms | None:
    stated = [(one, said) for one in sentences if (said := _PERIOD.search(one.words))]
    if len(stated) != 1:
        return None
    one, said = stated[0]
    paid, kept = _PAID.search(one.words), _KEPT.search(one.words)
    share = _share(paid) if paid else Decimal(1)
    withheld = _share(kept) if kept else Decimal(0)
    if share + withheld != 1:
        return None
    name = kept["name"] if kept else ""
    back = [each for each in sentences
            if name and each is not one and name in each.words and _RETURNS.search(each.words)
            and any(_MARKED.search(sum_.text) for sum_ in amounts(each.words))]  # fmt: skip
    pays = [each for each in sentences
            if each is not one and each not in back and _PAYS.search(each.words)]  # fmt: skip
    if len(pays) != 1 or len(back) != bool(kept):
        return None
    sums = [each.value for each in amounts(back[0].words)] if back else []
    if back and len(sums) != 1:
        return None
    amount = next(amounts(said["sum"])).value
    return _Terms(one, said["name"], said["cycle"], amount, withheld, pays[0],
                  back[0] if back else None, name, sums[0] if sums else Decimal(0))  # fmt: skip


def _share(said: re.Match[str]) -> Decimal:
    return next(ratios(said["share"])).value


def _proved(terms: _Terms, total: Decimal, term: int) -> bool:
    months = CYCLES[terms.cycle]
    return (
        term > 0
        and term % months == 0
        and terms.amount * (term // months) == total
        and terms.kept == total * terms.withheld
    )


def _explained(
    sentences: Sequence[Sentence], terms: _Terms, total: Decimal, document: SourceText
) -> bool:
    """Return whether every amount and share of the clause is the price's or one of these."""
    known = {total, terms.amount, terms.kept}
    known |= {Decimal(document.known[path].replace(",", ""))
              for path in ("payment.net", "payment.tax") if path in document.known}  # fmt: skip
    shares = {terms.withheld, 1 - terms.withheld}
    for one in sentences:
        if any(
            _MARKED.search(each.text) and each.value not in known for each in amounts(one.words)
        ):
            return False
        if any(each.value not in shares and not _is_rate(one, each) for each in ratios(one.words)):
            return False
    return True


def _is_rate(one: Sentence, share: Mention[Decimal]) -> bool:
    return bool(_RATE.search(one.words[: share.start]))


def _told(document: SourceText, terms: _Terms) -> Iterator[Finding]:
    path, said = "payment.instalments[1]", document.of(terms.said)
    yield FoundFact(f"{path}.name", terms.name, said, _PROOF)
    yield FoundFact(f"{path}.amount", format_yuan(terms.amount), said, _PROOF)
    yield FoundFact(f"{path}.each", terms.cycle, said, _PROOF)
    if terms.withheld:
        yield FoundFact(f"{path}.withheld", show_ratio(terms.withheld), said, _PROOF)
    yield from _condition(document, path, terms.pays, terms.pays.words, _each(document, terms))
    if terms.returned is not None:
        path, back = "payment.instalments[2]", terms.returned
        passage = document.of(back)
        yield FoundFact(f"{path}.name", terms.kept_name, passage, _PROOF)
        yield FoundFact(f"{path}.amount", format_yuan(terms.kept), passage, _PROOF)
        stated = next(iter(amounts(back.words)))
        yield from _condition(document, path, back, back.words[stated.end :].lstrip(","))


def _each(document: SourceText, terms: _Terms) -> tuple[str, ...]:
    """Return what each period waits for besides: its end, and the assessment among the papers."""
    around = document.around(terms.pays).words
    ends = _ENDS.get(terms.cycle, "")
    after = bool(ends) and re.search(r"次月|次季|下一?季|当月|当季", around) is not None
    return (*((ends,) if after else ()), *((_ASSESSED,) if "考核" in around else ()))


def _condition(
    document: SourceText, path: str, one: Sentence, words: str, each: tuple[str, ...] = ()
) -> Iterator[Finding]:
    """Read when it is paid, from words at the end of a sentence.

    An assessment that is only named among the papers is one that a person has to judge.
    """
    stop = _RETURNS.search(words)
    begin = one.end - len(words)
    read: PaymentCondition = read_condition(words[: stop.start() if stop else None])
    passage = document.of(one)

    def told(field: str, value: str, *, sure: bool) -> Finding:
        why: Message = _PROOF if sure else _OTHER_WORDS
        return (FoundFact if sure else Gap)(f"{path}.{field}", value, passage, why)

    end = begin + (stop.end() if stop else len(words))
    yield told("condition_text", document.text.original(begin, end), sure=True)
    codes = dict.fromkeys((*each, *read.codes))
    yield told("conditions", ", ".join(codes), sure=read.sure and _ASSESSED not in each)
    yield told("deadline", str(read.limit or UNSTATED), sure=read.sure and read.dated)
