"""The tax portal's own workbook, filled with the invoice of one instalment, as a copy.

The portal is told the gross amount (含税), so that its 价税合计 is the very amount of the contract;
told the net, it would be a fen off for one amount in twenty.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from deliverables.compute.requesting import InvoiceLine
from deliverables.folders import Folders
from deliverables.kind import Deliverable
from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract
from deliverables.model.record import Missing, Record
from deliverables.model.values import show_plain
from deliverables.orders import Examined, Request, Result
from deliverables.payment_pack.application import remark, to_be_issued
from deliverables.payment_pack.making import figures
from deliverables.payment_pack.papers import Paper, Placing, put
from deliverables.planning import Planned, Standing, plan
from deliverables.portal.filling import collisions, fill, prove
from deliverables.portal.given import Given, Row, check
from deliverables.portal.given import Request as Invoice
from deliverables.portal.layout import LINES, SERIAL, YES, column
from deliverables.portal.template import read_template
from deliverables.problem import Problem
from deliverables.selection import waived

IMPORT: Final = "批量开票"
SAMPLE_MARK: Final = "【示例】"


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """The filled copy and the number of the invoice in it, or why there is none.

    `result` is blocked or not yet possible where the payment request is, refuted where the copy
    that was made is not what was asked for.
    """

    deliverable: Deliverable
    result: Result
    serial: str = ""
    gross: str = ""
    paper: Paper | None = None
    reasons: tuple[Message, ...] = ()
    problems: tuple[Problem, ...] = ()


def invoices_wanted(examined: Examined, folders: Folders, request: Request) -> tuple[Planned, ...]:
    """Return the payment requests whose invoices are asked for."""
    if examined.book is None or not examined.sound:
        return ()
    found = plan(examined.book, folders, request.as_of)
    return tuple(one for one in found if request.wants(one.deliverable))


def barred(planned: Planned, request: Request) -> Imported | None:
    """Return why no invoice is to be issued, by the rule that the payment request follows."""
    one, standing = planned.deliverable, planned.standing
    if one.possible_from and request.as_of < one.possible_from:
        standing = Standing.NOT_YET
    elif one.blockers:
        standing = Standing.BLOCKED
    if standing not in (Standing.NOT_YET, Standing.BLOCKED) or waived(one, request):
        return None
    result = Result.NOT_YET if standing is Standing.NOT_YET else Result.BLOCKED
    reasons = tuple(blocker.reason for blocker in one.blockers) or planned.reasons
    return Imported(deliverable=one, result=result, reasons=reasons)


def import_invoice(
    book: ContractBook, folders: Folders, request: Request, one: Deliverable, template: Path
) -> Imported:
    """Fill a copy of the portal's workbook with what the letter says is still to be invoiced."""
    said, state = figures(book, one, request.as_of)
    line = to_be_issued(said)
    if line is None:
        settled = say("everything due is invoiced already")
        return Imported(deliverable=one, result=Result.BLOCKED, reasons=(settled,))
    note = f"{SAMPLE_MARK if one.sample else ''}{remark(book.contract, said, state)}"
    blue = sum(not row.red for row in state.invoices)
    serial = _serial(book.number, one.part, blue + 1)
    invoice = invoice_of(book.contract, line, serial, note)
    reading = read_template(template)
    problems = (*reading.problems, *check(invoice))
    if reading.template:
        problems = (*problems, *collisions(reading.template, invoice))
    if reading.template is None or problems:
        return Imported(deliverable=one, result=Result.FAILED, problems=problems)
    content = fill(reading.template, invoice)
    faults = prove(content, reading.template, invoice)
    if faults:
        return Imported(deliverable=one, result=Result.REFUTED, problems=faults)
    placing = Placing(book=book, folders=folders, deliverable=one, as_of=request.as_of,
                      moment=request.moment, command=request.command,
                      replace_edited=request.replace_edited)  # fmt: skip
    paper = put(placing, placing.path(IMPORT, ".xlsx"), content)
    return Imported(deliverable=one, result=Result(paper.result.value), serial=serial,
                    gross=str(line.gross), paper=paper)  # fmt: skip


def _serial(contract: str, part: str, number: int) -> str:
    """Return the 流水号: contract, instalment, the how-manieth blue invoice; its end if long."""
    tail = f"-{part}-{number}"
    room = (column(LINES, SERIAL).limit or 0) - len(tail)
    return f"{contract[-room:]}{tail}"


def invoice_of(contract: Contract, line: InvoiceLine, serial: str, note: str) -> Invoice:
    """Return the rows of the two sheets, every value with the place where it was read."""
    return Invoice(
        invoice=_told(_invoice(contract, serial, note)),
        lines=(_told(_line(contract, line, serial)),),
    )


Cells = Iterator[tuple[str, Given]]


def _invoice(contract: Contract, serial: str, note: str) -> Cells:
    client, terms, account = contract.client, contract.invoicing, contract.payment.account
    yield SERIAL, Given(serial, contract.identity.place("number"))
    yield "发票类型", _fact(terms, "type")
    yield "是否含税", Given(YES, terms.place("rate"))
    yield "购买方名称", _fact(client, "name")
    yield "购买方纳税人识别号", _fact(client, "credit_code")
    yield "购买方地址", _fact(client, "address")
    yield "购买方电话", _fact(terms, "buyer_phone")
    yield "购买方开户银行", _fact(terms, "buyer_bank")
    yield "购买方银行账号", _fact(terms, "buyer_account")
    yield "是否展示购买方地址电话银行账号", _fact(terms, "buyer_shown")
    yield "备注", Given(note, contract.identity.place("title"))
    yield "销售方开户行", _fact(account, "bank")
    yield "销售方银行账号", _fact(account, "number")
    yield "是否展示销售方地址电话银行账号", _fact(terms, "seller_shown")
    yield "购买方邮箱", _fact(client, "invoice_email")
    yield "收款人", _fact(terms, "payee")
    yield "复核人", _fact(terms, "reviewer")


def _line(contract: Contract, line: InvoiceLine, serial: str) -> Cells:
    terms = contract.invoicing
    amount = Given(f"{line.gross.value:.2f}", contract.payment.place("instalments"))
    yield SERIAL, Given(serial, contract.identity.place("number"))
    yield "项目名称", _fact(terms, "item")
    yield "商品和服务税收编码", _fact(terms, "tax_code")
    if terms.unit:
        yield "单位", _fact(terms, "unit")
        yield "数量", Given("1", terms.place("unit"))
        yield "单价", amount
    yield "金额", amount
    yield "税率", Given(show_plain(line.rate.value), terms.place("rate"))


def _fact(record: Record, field: str) -> Given:
    value = getattr(record, field)
    return Given(value if isinstance(value, Missing) else value or "", record.place(field))


def _told(cells: Cells) -> Row:
    return dict(cells)
