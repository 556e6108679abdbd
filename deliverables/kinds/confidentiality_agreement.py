"""The confidentiality agreement (员工保密协议) of everyone on the project (第十条第4款).

Employer and employee are its parties and the client benefits from it. It is made before the
person is told anything, so it never waits for training or access.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from deliverables.compute.assumptions import about, assumptions, said
from deliverables.compute.term import length_of
from deliverables.kinds import STAFF, Deliverable, Group, Kind, Sealing, file_stem
from deliverables.model.book import ContractBook
from deliverables.model.contract import Confidentiality, Contract, cited
from deliverables.model.roster_sheets import StaffMember
from deliverables.values.figure import Derivation, Figure, Statement
from deliverables.values.problem import say
from deliverables.values.time_limit import Shape

WITHOUT_IDENTITY_NUMBER = "no-id"
"""The option that leaves the identity number to be written by hand."""

_WRITTEN_BY_HAND = "＿" * 12


@dataclass(frozen=True, slots=True)
class ConfidentialityAgreement:
    """Everything one person's agreement prints; what is unknown is a line to write on."""

    agreement_number: Figure[str]
    contract_number: Figure[str]
    project: Figure[str]
    contract_signed_on: Figure[date]
    client: Figure[str]
    client_address: Figure[str]
    employer: Figure[str]
    employer_address: Figure[str]
    employee: Figure[str]
    identity_kind: Figure[str]
    identity_number: Figure[str | None]
    number_by_hand: bool
    department: Figure[str]
    post: Figure[str]
    joined: Figure[date]
    trained: Figure[date | None]
    trainer: Figure[str]
    article: Figure[str]
    scope_article: Figure[str]
    scope_stated: bool
    liability_stated: bool
    liability_article: Figure[str]
    scope_limit: Figure[str]
    lasting: Statement
    period_stated: bool
    period_ends: bool
    notes: tuple[Statement, ...]


def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
    """Return one agreement for each person on the roster, those who left included.

    The contract gives no day for signing (第十条第4款: when the client asks), so none is due. None
    is planned where the contract does not ask for them.
    """
    members = book.roster.members if book.roster and book.contract.owes_agreements else ()
    return tuple(_deliverable(book, member) for member in members)


def _deliverable(book: ContractBook, member: StaffMember) -> Deliverable:
    return Deliverable(
        kind="confidentiality_agreement",
        contract=book.number,
        part=member.number,
        title=f"员工保密协议（{member.number} {member.name}）",
        article=str(cited(_terms(book.contract).clause("agreement_article"))),
        folder=STAFF,
        stem=file_stem(book.number, "保密协议", member.number),
        possible_from=book.contract.identity.signed_on,
        due=None,
        sample=book.roster is not None and book.roster.cover.sample,
        private=member.identity_number is not None,
    )


def compose(
    book: ContractBook,
    deliverable: Deliverable,
    as_of: date,
) -> ConfidentialityAgreement:
    """Return what the agreement of one person says."""
    contract, member = book.contract, _member(book, deliverable.part)
    terms = _terms(contract)
    signing = terms.clause("agreement_article")
    trained = member.trained is not None and member.trained <= as_of
    by_hand = member.identity_number is None or WITHOUT_IDENTITY_NUMBER in deliverable.options
    return ConfidentialityAgreement(
        agreement_number=_agreement_number(book, member),
        contract_number=contract.identity.figure("number"),
        project=contract.identity.figure("title"),
        contract_signed_on=contract.identity.figure("signed_on"),
        client=contract.client.figure("name"),
        client_address=contract.client.figure("address"),
        employer=contract.contractor.figure("name"),
        employer_address=contract.contractor.figure("address"),
        employee=member.figure("name"),
        identity_kind=member.figure("identity_kind"),
        identity_number=_blank(member, "identity_number")
        if by_hand
        else replace(member.figure("identity_number"), private=True),
        number_by_hand=by_hand,
        department=member.figure("department"),
        post=member.figure("post"),
        joined=member.figure("joined"),
        trained=member.figure("trained") if trained else _blank(member, "trained"),
        trainer=member.figure("trainer") if trained else _blank(member, "trainer"),
        article=signing,
        scope_article=cited(terms.clause("scope_article")),
        scope_stated=bool(terms.quoted_scope_limit),
        liability_stated=bool(terms.liability_article),
        liability_article=cited(terms.clause("liability_article")),
        scope_limit=terms.figure("quoted_scope_limit"),
        lasting=_lasting(terms),
        period_stated=terms.period.stated,
        period_ends=terms.period.stated and terms.period.shape is not Shape.ENDLESS,
        notes=tuple(
            said(book, item) for item in about(assumptions(book, as_of), "confidentiality")
        ),
    )


def _terms(contract: Contract) -> Confidentiality:
    """Return the duty of confidence; ValueError if the contract has none."""
    if contract.confidentiality is None:
        raise ValueError("the contract has no duty of confidence")
    return contract.confidentiality


def _lasting(terms: Confidentiality) -> Statement:
    """Return how long confidence lasts, as the contract has it, within a sentence."""
    limit, article = terms.period, terms.article
    if limit.unit is not None:
        pattern = "，期限为主合同有效期间及主合同终止后{length}"
        return Statement.of("保密期限", pattern, article, length=length_of(terms, "period"))
    period = terms.figure("period")
    if limit.shape is Shape.ENDLESS:
        return Statement.of("保密期限", "，该义务不因主合同终止而终止", article, period)
    if limit.shape is Shape.VAGUE:
        return Statement.of("保密期限", f"，期限按主合同的约定（“{limit.said}”）", article, period)
    return Statement("保密期限", "", "", period.origin)


def _member(book: ContractBook, number: str) -> StaffMember:
    return book.remembered("members", lambda: _by_number(book))[number]


def _by_number(book: ContractBook) -> dict[str, StaffMember]:
    members = book.roster.members if book.roster else ()
    return {member.number: member for member in members}


def _agreement_number(book: ContractBook, member: StaffMember) -> Figure[str]:
    inputs = (book.contract.identity.figure("number"), member.figure("number"))
    number = f"{book.number}-BM-{member.number}"
    return Figure("协议编号", number, number, Derivation("合同号-BM-人员编号", "", inputs))


def _blank(member: StaffMember, name: str) -> Figure[Any]:
    """Return a line to write on, in place of a value that is absent or must not be printed."""
    return Figure(member.figure(name).name, None, _WRITTEN_BY_HAND, member.place(name))


KIND = Kind(
    name="confidentiality_agreement",
    title="员工保密协议",
    group=Group.AGREEMENTS,
    context=ConfidentialityAgreement,
    plan=plan,
    compose=compose,
    article="保密条款",
    occasion=say("one for each person on the roster"),
    sealing=Sealing(
        copies=2,
        recipient=lambda book: f"签署双方：{book.contract.contractor.name}、员工本人",
        personal="员工姓名、证件号码",
    ),
)
