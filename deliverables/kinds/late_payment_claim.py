"""The claim for late payment (迟延付款违约金主张函): for each instalment paid late (第十二条第7款).

There is one only while the data show an instalment that is or was late.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from deliverables.compute.account import account, in_words
from deliverables.compute.assumptions import about, assumptions, note
from deliverables.compute.claiming import (
    EventLine,
    ReckoningLine,
    cap_sentence,
    claim_attachments,
    due_sentence,
    event_lines,
    rate_in_words,
    reckoning_lines,
    standing_sentence,
)
from deliverables.compute.lateness import LateLine, Lateness, LatePayments, late_payments
from deliverables.compute.reporting import chinese_ordinal
from deliverables.compute.requesting import polite_name
from deliverables.figure import Derivation, Figure
from deliverables.kind import Deliverable, Kind, Sealing, file_stem
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.model.values import show_day
from deliverables.workdays import Deadline, Provisional


@dataclass(frozen=True, slots=True)
class LatePaymentClaim:
    """Everything one claim prints."""

    title: str
    you: str
    client: Figure[str]
    contractor: Figure[str]
    project: Figure[str]
    contract_number: Figure[str]
    signed_on: Figure[date]
    instalment: str
    name: Figure[str]
    article: Figure[str]
    due: Figure[Decimal]
    deadline: Figure[Deadline | None]
    standing: Figure[Decimal]
    unpaid: bool
    accruing: bool
    late_article: Figure[str]
    rate: Figure[Decimal]
    cap_ratio: Figure[Decimal]
    events: tuple[EventLine, ...]
    lines: tuple[LateLine, ...]
    days: Figure[Decimal]
    accrued: Figure[Decimal]
    reckoning: tuple[ReckoningLine, ...]
    cap_standing: Figure[date | None]
    claimed: Figure[Decimal]
    claimed_in_words: Figure[str]
    account_holder: Figure[str]
    account_bank: Figure[str]
    account_number: Figure[str]
    attachments: tuple[str, ...]
    contact: Figure[str]
    contact_phone: Figure[str]
    dated: Figure[date]
    notes: tuple[Figure[str], ...]


def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
    """Return a claim for each instalment that is or was late; none while nothing is."""
    late = _late(book, as_of)
    return tuple(
        _deliverable(book, item)
        for item in (late.instalments if late else ())
        if item.claimable.value > 0
    )


def _deliverable(book: ContractBook, late: Lateness) -> Deliverable:
    item = late.state.instalment
    return Deliverable(
        kind="late_payment_claim",
        contract=book.number,
        part=str(item.number),
        title=f"关于主张{book.contract.service.name}项目"
        f"第{chinese_ordinal(item.number)}期款迟延付款违约金的函",
        article=book.contract.payment.late.article,
        folder="payments",
        stem=file_stem(book.number, "迟延付款违约金主张函", f"第{item.number}期"),
        possible_from=late.counted_from,
        due=None,
        sample=book.ledger is not None and book.ledger.cover.sample,
    )


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> LatePaymentClaim:
    """Return what the claim for one instalment says on the day `as_of`."""
    every = _late(book, as_of)
    late = every.of(int(deliverable.part)) if every else None
    if every is None or late is None:
        raise ValueError(f"instalment {deliverable.part} is not late on {as_of}")
    contract, item, terms = book.contract, late.state.instalment, book.contract.payment.late
    ordinal = chinese_ordinal(item.number)
    return LatePaymentClaim(
        title=f"关于主张{contract.service.name}项目\n第{ordinal}期款迟延付款违约金的函",
        you=polite_name(contract.client.name),
        client=contract.client.figure("name"),
        contractor=contract.contractor.figure("name"),
        project=contract.identity.figure("title"),
        contract_number=contract.identity.figure("number"),
        signed_on=contract.identity.figure("signed_on"),
        instalment=f"第{ordinal}期款",
        name=item.figure("name"),
        article=item.figure("article"),
        due=late.state.due,
        deadline=due_sentence(late),
        standing=standing_sentence(late, as_of),
        unpaid=late.state.outstanding.value > 0,
        accruing=late.state.outstanding.value > 0 and not every.capped,
        late_article=terms.figure("article"),
        rate=rate_in_words(contract),
        cap_ratio=terms.figure("cap_ratio"),
        events=event_lines(late, as_of),
        lines=late.lines,
        days=late.days,
        accrued=late.accrued,
        reckoning=reckoning_lines(contract, late, every),
        cap_standing=cap_sentence(late, every),
        claimed=late.claimable,
        claimed_in_words=in_words(late.claimable),
        account_holder=contract.payment.account.figure("holder"),
        account_bank=contract.payment.account.figure("bank"),
        account_number=contract.payment.account.figure("number"),
        attachments=claim_attachments(late),
        contact=contract.contractor.contact.figure("name"),
        contact_phone=contract.contractor.contact.figure("phone"),
        dated=Figure("成文日期", as_of, show_day(as_of), Derivation("出具文件时指定的日期", "")),
        notes=_notes(book, late, as_of),
    )


def _late(book: ContractBook, as_of: date) -> LatePayments | None:
    if book.ledger is None:
        return None
    money = account(book.contract, book.ledger, book.calendar, as_of)
    return late_payments(book.contract, book.ledger, money)


def _notes(book: ContractBook, late: Lateness, as_of: date) -> tuple[Figure[str], ...]:
    notes = [one.note for one in about(assumptions(book, as_of), "late")]
    article = late.state.instalment.article
    if isinstance(late.due, Provisional):
        text = "付款期限为暂定区间，本函按其最晚一日计算；放假安排公布后，按确定的届满日另行核算。"
        notes.append(note(text, "期限未确定的，取最晚日期", article, late.state.started_by))
    if len(late.lines) > 1:
        text = "各段违约金按累计数取整后相减，与单段直接计算可能相差1分。"
        damages = tuple(line.damages for line in late.lines)
        notes.append(note(text, "各段累计后取整到分，再减前段", article, damages))
    return tuple(notes)


KIND = Kind(
    name="late_payment_claim",
    title="迟延付款违约金主张函",
    context=LatePaymentClaim,
    plan=plan,
    compose=compose,
    sealing=Sealing(personal="联系人姓名、电话", numbered=True),
)
