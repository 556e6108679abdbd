"""What must lie ready for an instalment: the letter's attachments, and what finance needs.

Whatever the letter lists is on it by the letter's own words. 有 means that there is evidence: a row
of the ledger, a sealed document of the register, a file. All else is 缺, with what to do. Where a
thing lies is told from the contract's output folder, or from the data folder, so that the list is
the same wherever the two are.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path

from deliverables.acceptance_pack import Material, acceptance_pack
from deliverables.compute.account import InstalmentAccount
from deliverables.compute.term import quarters
from deliverables.folders import Folders
from deliverables.kinds.payment_request import PaymentRequest
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.model.ledger import Acceptance, Deduction, Invoice
from deliverables.model.values import show_day
from deliverables.payment_pack.application import Application, missing_for_invoice
from deliverables.planning import Planned


class Standing(StrEnum):
    """Whether something is there; a 提示 is only to be known."""

    THERE = "有"
    LACKING = "缺"
    NOTE = "提示"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list: what, whether it is there, where it lies, what to do."""

    group: str
    name: str
    standing: Standing
    where: str
    action: str


LETTER, ATTACHMENTS, FINANCE = "一、函件", "二、随函附件", "三、开票与收款"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What the list is made from."""

    book: ContractBook
    folders: Folders
    planned: Planned
    letter: PaymentRequest
    state: InstalmentAccount
    application: Application | None
    as_of: date
    pdf: Path | None = None

    def below_data(self, place: object) -> str:
        """Return a place in the data as it is found from the data folder."""
        return str(place).removeprefix(f"{self.folders.data.as_posix()}/")


def checklist(case: Case) -> tuple[Item, ...]:
    """Return every line of the list, in order."""
    return (_letter(case), *_attachments(case), *_finance(case))


def _letter(case: Case) -> Item:
    life = case.planned.life
    entry = life.sealed or (None if life.redrafted else life.final) or life.made
    where = entry.file if entry else ""
    name = "付款申请函"
    if life.sealed and not life.redrafted:
        return Item(LETTER, name, Standing.THERE, where, f"已于{show_day(life.sealed.as_of)}用印")
    if life.final and not life.redrafted:
        return Item(LETTER, name, Standing.LACKING, where, "已定稿；用印后用 sealed 登记扫描件")
    pdf = f"；PDF：{case.pdf.name}" if case.pdf else ""
    return Item(LETTER, name, Standing.LACKING, where + pdf, "草稿；核对后用 final 定稿，再用印")


def _attachments(case: Case) -> Iterator[Item]:
    """Yield a line, or several, for each attachment that the letter lists."""
    known = {**_invoices(case), **_acceptances(case), **_reports(case), **_agreements(case),
             **_contract_copy(case)}  # fmt: skip
    for name in case.letter.attachments:
        yield from known.get(name, [_item(name, Standing.LACKING, "", "请人工核对并附后")])
    for unmet in case.letter.unmet:
        yield _item(unmet, Standing.LACKING, "", "取得书面依据后登记台账，再提交付款申请")


def _item(name: str, standing: Standing, where: str, action: str) -> Item:
    return Item(ATTACHMENTS, name, standing, where, action)


Known = dict[str, list[Item]]


def _invoices(case: Case) -> Known:
    found: Known = {}
    for invoice in case.state.standing_invoices:
        name = f"{'红字' if invoice.red else ''}发票（号码{invoice.number}）"
        action = "附数电票文件（PDF、OFD 或 XML）"
        where = case.below_data(invoice.place("number"))
        found[name] = [_item(name, Standing.THERE, where, action)]
    ledger = case.book.ledger
    place = case.below_data(f"{ledger.file}[{Invoice.sheet}]") if ledger else ""
    to_issue = case.application
    if to_issue:
        action = f"按开票申请单开具{to_issue.line.gross}元，开具后登记台账“发票”表"
        found["发票（待开）"] = [_item("发票（待开）", Standing.LACKING, place, action)]
    return found


def _acceptances(case: Case) -> Known:
    found: Known = {}
    for condition in case.state.conditions:
        if condition.met and condition.certain_from is None and condition.met_on:
            where = case.below_data(condition.met_on.origin)
            action = f"附{Acceptance.sheet}文件复印件，原件归档"
            found[condition.evidence] = [_item(condition.evidence, Standing.THERE, where, action)]
    return found


def _reports(case: Case) -> Known:
    """Return the lines of the reports by the words in which the letter lists them."""
    over = sum(quarter.last < case.as_of for quarter in quarters(case.book.contract))
    materials = acceptance_pack(case.book, case.folders, case.as_of).materials
    service = case.book.contract.service
    some = [one for one in materials if one.deliverable.part in _parts(over)]
    every = f"季度报告{service.reports}份、年度项目总结报告{service.annual_reports}份"
    return {f"季度报告{over}份": [_report(one, case) for one in some],
            every: [_report(one, case) for one in materials]}  # fmt: skip


def _parts(over: int) -> set[str]:
    return {f"Q{number}" for number in range(1, over + 1)}


def _report(material: Material, case: Case) -> Item:
    life = material.life
    entry = life.sealed or life.final or life.made
    where = entry.file if entry else ""
    one = material.deliverable
    name = one.called + (f"（{one.part}）" if one.part.startswith("Q") else "")
    if material.lacks is None:
        return _item(name, Standing.THERE, where, "附盖章件复印件")
    why = material.lacks.in_language("zh")
    return _item(name, Standing.LACKING, where, f"{why}；定稿、用印后附")


def _agreements(case: Case) -> Known:
    rows = case.state.deductions
    lines = [
        _item(
            f"{row.kind}扣减依据：{row.basis}",
            Standing.THERE,
            case.below_data(row.place("basis")),
            f"附双方确认的文件（{Deduction.sheet}{row.figure('amount')}元）",
        )
        for row in rows
    ]
    return {f"扣减依据文件{len(rows)}份": lines} if rows else {}


def _contract_copy(case: Case) -> Known:
    number = case.book.number
    copies = sorted((case.folders.data / number).glob("*合同*.pdf"))
    name = "合同复印件"
    if copies:
        return {name: [_item(name, Standing.THERE, f"{number}/{copies[0].name}", "打印附后")]}
    action = f"复印盖章原件；扫描件存入数据文件夹的 {number} 中，文件名含“合同”"
    return {name: [_item(name, Standing.LACKING, "", action)]}


def _finance(case: Case) -> Iterator[Item]:
    state, contract = case.state, case.book.contract
    for gap in missing_for_invoice(contract) if case.application else ():
        yield Item(FINANCE, gap.name, Standing.LACKING, case.below_data(gap.place), gap.reason)
    account = contract.payment.account
    where = case.below_data(account.place("number"))
    action = f"{account.holder}，{account.bank}；函件、邮件均取自合同（{account.article}）"
    yield Item(FINANCE, "收款账户", Standing.THERE, where, action)
    if case.application:
        yield Item(FINANCE, "纳税义务", Standing.NOTE, "", case.application.liability)
    elif state.invoices and state.outstanding.value > 0:
        taxed = _months(state.standing_invoices)
        words = f"发票已开具，销项税额属于{taxed}，不因尚未到账而延后（《增值税法》第二十八条）"
        yield Item(FINANCE, "纳税义务", Standing.NOTE, "", words)
    if state.deducted.value and case.application:
        words = (
            f"本期扣减{state.deducted}元不自动冲减发票金额；是否按扣减后金额开票、"
            "或另开红字发票，由财务与甲方确认"
        )
        yield Item(FINANCE, "扣减与发票金额", Standing.NOTE, "", words)


def _months(invoices: tuple[Invoice, ...]) -> str:
    months = dict.fromkeys((one.issued.year, one.issued.month) for one in invoices)
    return "、".join(f"{year}年{month}月" for year, month in months)
