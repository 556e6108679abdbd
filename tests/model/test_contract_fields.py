"""What a person fills in in contract.yaml is printed where it matters, or says why it is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from itertools import product, zip_longest
from typing import Any

import pytest
import scenarios
from rows import book, quarter, roster, row

from deliverables.kinds import kinds
from deliverables.model.book import ContractBook
from deliverables.model.contract import (
    SHOWN_BY,
    AcceptanceTerms,
    Clause,
    Contact,
    Contract,
    ContractorExit,
    Discrepancy,
    Duty,
    Identity,
    Invoicing,
    Party,
    PaymentTerms,
)
from deliverables.model.fields import (
    NUMBERS_AS_TEXT,
    TEXT,
    Missing,
    NotOfTypeError,
    Record,
    declarations,
)
from deliverables.model.operations_sheets import Outage
from deliverables.model.roster_sheets import StaffMember
from deliverables.values.figure import Derivation, Figure

pytestmark = pytest.mark.thorough

DAYS = (date(2026, 11, 2), date(2027, 5, 25))
LONG = ("acceptance_record", "annual_summary", "quarterly_report")
Path = tuple[str | int, ...]

PRINTED_ELSEWHERE: Mapping[tuple[type[Record], str], str] = {
    (Identity, "text_sha256"): "check 据此核对合同文本是否改动，文件中不印",
    (Party, "postcode"): "寄送函件用，check 核对位数，文件中不印",
    (Party, "credit_code"): "印在开票申请单和批量开票导入表",
    (Party, "invoice_email"): "付款申请的邮件正文写明发票发往何处",
    (Contact, "phone"): "乙方的印在付款申请函；甲方的只供联络，不印入文件",
    (Contact, "email"): "付款申请的邮件以甲方的为收件地址，文件中不印",
    (PaymentTerms, "total_in_words"): "check 核对大小写；文件中的大写由金额得出",
    (PaymentTerms, "sme_evidence"): "check 据此核对付款比例；乙方内部事项，不写给甲方",
    (Invoicing, "item"): "印在开票申请单和批量开票导入表",
    (Invoicing, "tax_code"): "印在开票申请单和批量开票导入表",
    (Invoicing, "category"): "印在批量开票导入表",
    (Invoicing, "unit"): "印在开票申请单和批量开票导入表",
    (Invoicing, "buyer_phone"): "印在开票申请单和批量开票导入表",
    (Invoicing, "buyer_bank"): "印在开票申请单和批量开票导入表",
    (Invoicing, "buyer_account"): "印在开票申请单和批量开票导入表",
    (Invoicing, "seller_phone"): "印在批量开票导入表",
    (Invoicing, "drawer"): "印在批量开票导入表",
    (Invoicing, "payee"): "印在批量开票导入表",
    (Invoicing, "reviewer"): "印在批量开票导入表",
    (AcceptanceTerms, "lapse"): "check 列在采用的口径中，文件中不印",
    (Discrepancy, "found"): "对照合同文本时查阅；据以采用的口径另印在文件的说明中",
    (Discrepancy, "reading"): "对照合同文本时查阅；据以采用的口径另印在文件的说明中",
}
"""Texts that no document prints, and why, or where they are answered instead."""


@cache
def held() -> ContractBook:
    """A contract of which everything is stated, worked through to its end and left early."""
    asked = [Duty(article="第八条", duty=kind, owner="乙方", shown_by=kind) for kind in SHOWN_BY]
    asked.append(Duty(article="第四条", duty="指派联系人", owner="甲方", shown_by="联系人"))
    late = row(Outage, number="ZD-9", ended=row(Outage).started.replace(day=7))
    gone = row(StaffMember, number="S009", left=date(2026, 10, 1))
    made = book(
        quarter(1, outages=[late]),
        quarter(2),
        quarter(3),
        duties=asked,
        people=roster(row(StaffMember), gone),
    )
    contract = made.contract
    ledger = scenarios.ledger(
        scenarios.invoiced(1, date(2026, 5, 20), "377358.49", "22641.51"),
        scenarios.paid(1, date(2026, 10, 20), "100000.00"),
    )
    leaving = ContractorExit(
        article="第十三条",
        requested_on=date(2026, 11, 20),
        last_service_day=date(2026, 12, 31),
        permitted_on=date(2026, 12, 1),
        document="许可函",
    )
    cessation = replace(
        contract.cessation, ended_on=date(2026, 10, 31), ended_by="终止协议",
        ended_known_on=date(2026, 10, 1),
    )  # fmt: skip
    confidentiality = replace(
        contract.confidentiality, scope_article="第十条第3款", agreement_article="第十条第4款",
        return_article="第十条第5款", liability_article="第十条第8款",
    )  # fmt: skip
    first, *others = contract.payment.instalments
    first = replace(first, conditions=(*first.conditions, "interim_acceptance"))
    stated = replace(
        contract,
        payment=replace(contract.payment, instalments=(first, *others)),
        exit=leaving,
        cessation=cessation,
        confidentiality=confidentiality,
        discrepancies=(
            Discrepancy(
                article="第十条",
                found="引用《中华人民共和国保守国家秘密法实施办法》",
                reading="照录",
            ),
        ),
    )  # fmt: skip
    return replace(made, ledger=ledger, contract=stated)


def left(contract: Contract, *, by_exit: bool) -> Contract:
    """Leave the contract in one of the two ways in which it can end early."""
    if by_exit:
        return replace(contract, cessation=replace(contract.cessation, ended_on=None))
    return replace(contract, exit=None)


SHORT_FIRST = sorted(kinds().values(), key=lambda kind: kind.name in LONG)


def answers(contract: Contract) -> Iterator[list[str]]:
    """What each document of a contract prints, and the articles it rests on."""
    ended = [replace(held(), contract=left(contract, by_exit=each)) for each in (True, False)]
    for kind, made, day in product(SHORT_FIRST, ended, DAYS):
        for one in kind.plan(made, day):
            if all(blocker.waivable for blocker in one.blockers):
                said = texts(kind.compose(made, one, day))
                yield [one.title, one.called, one.article, *said]


def texts(item: Any) -> Iterator[str]:
    if isinstance(item, Figure):
        yield item.text
        if isinstance(item.origin, Derivation):
            yield item.origin.article
    elif isinstance(item, str):
        yield item
    elif isinstance(item, tuple):
        for one in item:
            yield from texts(one)
    elif is_dataclass(item):
        for field in fields(item):
            yield from texts(getattr(item, field.name))


def text_fields(record: Record, at: Path = ()) -> Iterator[tuple[Path, type[Record]]]:
    for name, declared in declarations(type(record)).items():
        if declared.type in (TEXT, *NUMBERS_AS_TEXT):
            yield (*at, name), type(record)
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, Record):
            yield from text_fields(value, (*at, field.name))
        elif isinstance(value, tuple) and value and isinstance(value[0], Record):
            yield from text_fields(value[0], (*at, field.name, 0))


def put(record: Any, path: Path, value: str) -> Any:
    name, *rest = path
    current = getattr(record, str(name))
    if not rest:
        return replace(record, **{str(name): value})
    if isinstance(rest[0], int):
        changed = put(current[0], tuple(rest[1:]), value)
        return replace(record, **{str(name): (changed, *current[1:])})
    return replace(record, **{str(name): put(current, tuple(rest), value)})


@cache
def unchanged() -> list[list[str]]:
    return list(answers(held().contract))


ASKED = [
    (path, kind)
    for path, kind in text_fields(held().contract)
    if (kind, path[-1]) not in PRINTED_ELSEWHERE and path[-1] not in ("article", "quote")
]


@pytest.mark.parametrize(
    "path", [path for path, _ in ASKED], ids=lambda path: ".".join(map(str, path))
)
def test_a_text_of_the_contract_is_printed_or_says_why_it_is_not(path: Path) -> None:
    changed = answers(put(held().contract, path, "改写了的文字"))
    assert any(now != before for now, before in zip_longest(changed, unchanged()))


def test_a_text_that_is_not_printed_is_one_that_the_contract_has() -> None:
    declared = {(kind, path[-1]) for path, kind in text_fields(held().contract)}
    assert set(PRINTED_ELSEWHERE) <= declared
    assert all(reason for reason in PRINTED_ELSEWHERE.values())


def test_a_text_that_nobody_prints_would_be_noticed() -> None:
    moved = put(held().contract, ("client", "postcode"), "100001")
    assert list(answers(moved)) == unchanged()


def test_what_was_confirmed_of_service_levels_stands_in_the_report() -> None:
    levels = held().contract.service_levels
    assert not isinstance(levels.measurement, Missing)
    stated = f"可用性的统计口径：{levels.measurement}。"
    whole = f"{stated}某次中断是否不计入，以双方就该次中断的书面约定为准。"
    assert any(whole in document for document in unchanged())
    assert issubclass(type(levels), Clause)


def test_a_telephone_number_keeps_the_hyphen_behind_its_area_code() -> None:
    phone = declarations(Contact)["phone"].type
    assert phone.parse("010－9999 0002") == "010-99990002"
    with pytest.raises(NotOfTypeError):
        phone.parse("010-9999转2")
