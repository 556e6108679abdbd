"""The finance desk from contract to the last fen: what is entered, what it says, what it writes.

Each story is told by its days. Every letter in it is built and proved, and at every month-end the
workbook, the account and the contract sum agree to the fen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from scenarios import (
    CONTRACT,
    accepted,
    asked,
    book,
    contract,
    deducted,
    filed,
    invoiced,
    ledger,
    paid,
    reminded,
    sme_contract,
)

from deliverables.build import build
from deliverables.checks import check
from deliverables.compute.account import Account, account
from deliverables.examination import Examined
from deliverables.files.result import Result
from deliverables.finance.month_end import SHEET, ledger_workbook
from deliverables.finance.tasks import Task, TaskStep, tasks
from deliverables.folders import Folders
from deliverables.kinds import kinds
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract
from deliverables.model.ledger_sheets import DISPUTED, WITHDRAWN, Invoice
from deliverables.plan import Request
from deliverables.values.calendar import Provisional, Settled, Side

pytestmark = pytest.mark.thorough

FIRST, SECOND, THIRD = "1957783.48", "1468337.62", "1468337.62"
ONE, TWO, THREE, FOUR = ("1" * 20, "2" * 20, "3" * 20, "4" * 20)
INVOICE_1 = invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93", ONE)
INVOICE_2 = invoiced(2, date(2026, 11, 20), "1385224.17", "83113.45", TWO)
INVOICE_3 = invoiced(3, date(2027, 5, 20), "1385224.17", "83113.45", THREE)
INTERIM = replace(accepted("中期", date(2026, 11, 16)), notice_received=date(2026, 11, 10))
FINAL = replace(accepted("最终", date(2027, 5, 12)), notice_received=date(2027, 5, 10))
MAY = filed(date(2026, 5, 1), date(2026, 6, 12))
NOVEMBER = filed(date(2026, 11, 1), date(2026, 12, 10))
LAST_MAY = filed(date(2027, 5, 1), date(2027, 6, 11))
TWO_PAID = (
    MAY, NOVEMBER, LAST_MAY, INVOICE_1, paid(1, date(2026, 6, 25), FIRST),
    INTERIM, INVOICE_2, paid(2, date(2026, 12, 18), SECOND),
    FINAL,
)  # fmt: skip


class Story:
    """What happened under the contract so far, and what the desk makes of it on a day."""

    def __init__(self, out: Path, terms: Contract) -> None:
        self.folders, self.terms = Folders(CONTRACT.parent, out), terms
        self.events: list[Any] = []

    def happens(self, *events: Any) -> None:
        self.events += events

    @property
    def book(self) -> ContractBook:
        return book(ledger=ledger(*self.events), terms=self.terms)

    @property
    def problems(self) -> dict[str, str]:
        """The severity of each problem of the ledger, by its code."""
        found = check(self.book)
        return {one.code: one.severity.value for one in found if one.source.file == "ledger.xlsx"}

    def letter(self, kind: str, part: str, day: date) -> Any:
        """Build a document and prove it; return what it says."""
        request = Request(as_of=day, moment=datetime(2027, 9, 1, tzinfo=UTC), command="",
                          kinds=frozenset({kind}), parts=frozenset({part}))  # fmt: skip
        examined = Examined(contract=self.book.number, book=self.book, problems=())
        (done,) = build(examined, self.folders, request, lambda _: None)
        assert done.result is Result.MADE, [str(one) for one in (*done.reasons, *done.findings)]
        assert {finding.code for finding in done.findings} <= {"gap"}
        return kinds()[kind].compose(self.book, done.deliverable, day)

    def request(self, number: int, day: date) -> dict[str, str]:
        """Build the payment request; return its amounts by their labels."""
        said = self.letter("payment_request", str(number), day)
        return {line.label: str(line.amount) for line in said.amounts}

    def statement(self, day: date) -> Any:
        return self.letter("settlement_statement", "statement", day)

    def todo(self, day: date) -> tuple[Task, ...]:
        return tasks(self.book, self.folders, day)

    def steps(self, day: date) -> list[tuple[str, int | None]]:
        """The tasks of a day that need somebody, without missing facts and what comes later."""
        return [
            (task.step.value, task.instalment)
            for task in self.todo(day)
            if task.step not in (TaskStep.DATA, TaskStep.LATER)
        ]

    def task(self, step: TaskStep, day: date) -> Task:
        (one,) = (task for task in self.todo(day) if task.step is step)
        return one

    def month_end(self, day: date) -> Account:
        """Return the account, which balances and which the workbook repeats to the fen."""
        held = self.book
        assert held.ledger is not None
        money = account(self.terms, held.ledger, held.calendar, day)
        assert money.outstanding.value == sum(item.outstanding.value for item in money.instalments)
        assert money.total.value == sum(
            one.value for one in (money.received, money.deducted, money.outstanding)
        )
        sheet = load_workbook(
            BytesIO(ledger_workbook(self.terms, held.ledger, money)), data_only=True
        )[SHEET]
        wanted = [(item.payable, item.invoiced, item.received, item.outstanding)
                  for item in (*money.instalments, money)]  # fmt: skip
        for line, figures in enumerate(wanted, start=5):
            shown = [sheet[f"{letter}{line}"].value for letter in "FIKL"]
            assert [Decimal(str(value)) for value in shown] == [one.value for one in figures]
        return money


Begin = Callable[..., Story]


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    return lambda terms=None: Story(tmp_path / "out", terms or contract())


def red(invoice: Invoice, day: date, number: str) -> Invoice:
    """Return the red-letter invoice that reverses all of another."""
    return replace(invoice, number=number, issued=day, reverses=invoice.number,
                   net=-invoice.net, tax=-invoice.tax, gross=-invoice.gross)  # fmt: skip


def owed(money: Account) -> list[str]:
    return [str(item.outstanding) for item in money.instalments]


def test_everything_is_paid_on_time(begin: Begin) -> None:
    """Invoice, letter, money: three times, and nothing is left to do."""
    story = begin()
    assert story.steps(date(2026, 5, 4)) == [("payment", 1), ("invoice", 1), ("request", 1)]
    story.happens(INVOICE_1)
    assert story.request(1, date(2026, 5, 25))["本期应付"] == "1,957,783.48"
    story.happens(asked(1, date(2026, 5, 25), FIRST))
    assert story.steps(date(2026, 5, 26)) == [("tax", None), ("payment", 1)]
    due = story.task(TaskStep.PAYMENT, date(2026, 5, 26)).by
    assert due == Settled(date(2026, 6, 29), whose=Side.CLIENTS)
    story.happens(MAY, paid(1, date(2026, 6, 25), FIRST))
    assert story.steps(date(2026, 6, 30)) == []
    assert owed(story.month_end(date(2026, 6, 30))) == ["0.00", "1,468,337.62", "1,468,337.62"]

    story.happens(INTERIM, INVOICE_2)
    assert story.request(2, date(2026, 11, 20))["付款后未付余额"] == "1,468,337.62"
    story.happens(asked(2, date(2026, 11, 20), SECOND), paid(2, date(2026, 12, 18), SECOND))
    story.happens(NOVEMBER, LAST_MAY)
    story.happens(FINAL, INVOICE_3)
    assert story.request(3, date(2027, 5, 25))["付款后未付余额"] == "0.00"
    story.happens(asked(3, date(2027, 5, 25), THIRD), paid(3, date(2027, 6, 20), THIRD))

    assert story.problems == {}
    assert story.todo(date(2027, 6, 30)) == ()
    assert str(story.month_end(date(2027, 6, 30)).outstanding) == "0.00"
    statement = story.statement(date(2027, 6, 30))
    assert str(statement.conclusion) == "合同款项已全部结清。本单为最终结算对账单。"
    assert str(statement.tax.finding).endswith("与合同总额整体拆分一致。")


def test_the_first_instalment_is_paid_so_late_that_the_cap_is_reached(begin: Begin) -> None:
    """Damages grow day by day to 5 % of the contract sum, and are never part of what is owed."""
    story, day = begin(), date(2027, 9, 1)
    story.happens(INVOICE_1, MAY, asked(1, date(2026, 5, 25), FIRST))
    assert story.steps(date(2026, 6, 29)) == [("payment", 1)]
    assert story.steps(date(2026, 6, 30)) == [("payment", 1), ("remind", 1)]
    story.happens(reminded(1, date(2026, 7, 1)))
    assert story.steps(date(2026, 7, 1)) == [("payment", 1), ("claim", 1)]
    assert story.task(TaskStep.CLAIM, date(2026, 7, 1)).amount == Decimal("1174.67")
    before = story.letter("late_payment_claim", "1", date(2026, 7, 9))
    assert (str(before.days), str(before.claimed)) == ("10", "5,873.35")

    assert story.task(TaskStep.CLAIM, day).amount == Decimal("244722.93")
    claim = story.letter("late_payment_claim", "1", day)
    assert str(claim.claimed_in_words) == "人民币贰拾肆万肆仟柒佰贰拾贰元玖角叁分"
    assert str(claim.cap_standing[0]) == "违约金自2027年8月20日起达到累计上限，其后不再增加。"
    money = story.month_end(day)
    assert (str(money.outstanding), money.ageing["90天以上"].value) == (
        "4,894,458.72", Decimal(FIRST),
    )  # fmt: skip

    story.happens(paid(1, date(2027, 9, 2), FIRST))
    assert story.steps(date(2027, 9, 3)) == [("claim", 1)]
    assert not story.letter("late_payment_claim", "1", date(2027, 9, 3)).unpaid
    statement = story.statement(date(2027, 9, 3))
    assert str(statement.late_claimable) == "244,722.93"
    assert str(statement.account.outstanding) == "2,936,675.24"


def test_a_small_enterprise_is_paid_half_a_fifth_and_the_rest(begin: Begin) -> None:
    """Its amounts are shares and a remainder; a fen of tax between parts and whole is told."""
    story = begin(sme_contract())
    parts = {
        1: ("2447229.36", "2308706.94", "138522.42", date(2026, 5, 20)),
        2: ("978891.74", "923482.77", "55408.97", date(2026, 11, 20)),
        3: ("1468337.62", "1385224.17", "83113.45", date(2027, 5, 20)),
    }
    story.happens(INTERIM, FINAL)
    for number, (gross, net, tax, day) in parts.items():
        issue = story.task(TaskStep.INVOICE, day)
        assert [str(one) for one in (issue.amount, issue.net, issue.tax)] == [gross, net, tax]
        story.happens(invoiced(number, day, net, tax, str(number) * 20))
        assert story.request(number, day)["本期应付"] == f"{Decimal(gross):,}"
        story.happens(asked(number, day, gross), paid(number, day.replace(day=28), gross))
    assert story.problems == {}
    assert str(story.month_end(date(2027, 5, 31)).outstanding) == "0.00"
    table = story.statement(date(2027, 5, 31)).tax
    assert (str(table.difference.gross), str(table.difference.net)) == ("0.00", "-0.01")
    assert "属逐张取整差异，以发票为准，不作调整" in str(table.finding)


def test_an_instalment_is_paid_in_two_parts(begin: Begin) -> None:
    """The letter in between asks for the rest; only the part that was late bears damages."""
    story = begin()
    story.happens(INVOICE_1, MAY, asked(1, date(2026, 5, 25), FIRST))
    story.happens(paid(1, date(2026, 6, 20), "1000000.00"), reminded(1, date(2026, 6, 30)))
    assert story.request(1, date(2026, 6, 22)) == {
        "合同总额": "4,894,458.72",
        "此前已付": "0.00",
        "本期应付": "1,957,783.48",
        "本期已付": "1,000,000.00",
        "本期应补付": "957,783.48",
        "付款后未付余额": "2,936,675.24",
    }
    assert str(story.month_end(date(2026, 6, 30)).asked) == "1,957,783.48"
    assert story.task(TaskStep.PAYMENT, date(2026, 6, 30)).amount == Decimal("957783.48")
    assert story.task(TaskStep.CLAIM, date(2026, 6, 30)).amount == Decimal("287.34")
    story.happens(paid(1, date(2026, 7, 1), "957783.48"))
    assert story.problems == {}
    assert story.steps(date(2026, 7, 31)) == [("claim", 1)]
    assert str(story.letter("late_payment_claim", "1", date(2026, 7, 31)).days) == "2"
    assert str(story.month_end(date(2026, 7, 31)).received) == "1,957,783.48"


def test_the_last_instalment_is_paid_less_what_was_agreed_and_not_less_what_is_disputed(
    begin: Begin,
) -> None:
    """Two deductions are demanded: one agreed on, one not; the invoice stays as it is."""
    story = begin()
    story.happens(*TWO_PAID, INVOICE_3)
    agreed = deducted(3, date(2027, 5, 20), "14683.38", agreement="《协商纪要》")
    disputed = deducted(3, None, "20000.00", "赔偿金", demand="《甲方来函》", status=DISPUTED,
                        raised=date(2027, 5, 22))  # fmt: skip
    story.happens(agreed, disputed)
    day = date(2027, 5, 25)
    assert story.steps(day) == [
        ("tax", None), ("payment", 3), ("request", 3), ("dispute", 3),
    ]  # fmt: skip
    assert story.task(TaskStep.DISPUTE, day).amount == Decimal("20000.00")
    said = story.letter("payment_request", "3", day)
    lines = {line.label: (str(line.amount), str(line.basis)) for line in said.amounts}
    assert lines["扣减违约金、赔偿金"] == (
        "14,683.38", "《协商纪要》；开票金额不变；另有20,000.00元尚在协商，未扣减",
    )  # fmt: skip
    assert str(said.requested) == "1,453,654.24"
    statement = story.statement(day)
    assert [str(row.amount) for row in statement.account.deductions] == ["14,683.38"]
    assert [str(row.amount) for row in statement.account.disputes] == ["20,000.00"]
    assert str(statement.account.outstanding) == "1,453,654.24"

    story.happens(asked(3, day, "1453654.24"), paid(3, date(2027, 6, 20), "1453654.24"))
    assert story.steps(date(2027, 6, 30)) == [("dispute", 3)]
    money = story.month_end(date(2027, 6, 30))
    assert [str(one) for one in (money.outstanding, money.disputed, money.uninvoiced)] == [
        "0.00", "20,000.00", "0.00",
    ]  # fmt: skip
    story.events.remove(disputed)
    story.happens(replace(disputed, status=WITHDRAWN))
    assert story.todo(date(2027, 6, 30)) == ()
    assert story.problems == {}


def test_an_invoice_issued_twice_is_flagged_reversed_and_issued_anew(begin: Begin) -> None:
    """Of two invoices one is reversed; later the other has a wrong name and is replaced."""
    story = begin()
    twice = replace(INVOICE_1, number=TWO, issued=date(2026, 5, 21))
    story.happens(INVOICE_1, twice)
    assert story.problems == {"invoice-twice": "error"}

    story.happens(red(twice, date(2026, 5, 22), THREE))
    assert story.problems == {}
    assert story.task(TaskStep.TAX, date(2026, 5, 25)).tax == Decimal("110817.93")
    said = story.letter("payment_request", "1", date(2026, 5, 25))
    assert [str(line.number) for line in said.invoices] == [ONE]

    story.happens(red(INVOICE_1, date(2026, 6, 3), FOUR))
    assert story.task(TaskStep.INVOICE, date(2026, 6, 3)).amount == Decimal(FIRST)
    said = story.letter("payment_request", "1", date(2026, 6, 3))
    assert [line.number.value for line in said.invoices] == [None]
    assert [str(line) for line in said.attachments if "发票" in str(line)] == []

    story.happens(replace(INVOICE_1, number="5" * 20, issued=date(2026, 6, 4)))
    story.happens(asked(1, date(2026, 6, 4), FIRST))
    assert story.problems == {}
    assert [str(one.tax) for one in story.todo(date(2026, 6, 5)) if one.step is TaskStep.TAX] == [
        "110817.93", "0.00",
    ]  # fmt: skip
    said = story.letter("payment_request", "1", date(2026, 6, 5))
    assert [name for name in map(str, said.attachments) if "发票" in name] == [
        f"发票（号码{'5' * 20}）"
    ]
    statement = story.statement(date(2026, 6, 5))
    assert len(statement.account.invoices) == 5
    assert statement.tax.parts[0].label == "已开发票（蓝字3张、红字2张）"
    assert (str(statement.tax.parts[0].gross), str(statement.tax.difference.net)) == (
        "1,957,783.48", "0.00",
    )  # fmt: skip
    story.happens(paid(1, date(2026, 6, 25), FIRST, invoice="5" * 20))
    assert story.problems == {}
    assert str(story.month_end(date(2026, 6, 30)).invoiced) == "1,957,783.48"


def test_the_calendar_of_the_deadline_is_not_published(begin: Begin) -> None:
    """The deadline is a range; nobody is late within it, and the letter says that it may move."""
    story = begin()
    story.happens(*TWO_PAID, INVOICE_3)
    said = story.letter("payment_request", "3", date(2027, 5, 25))
    assert "暂定为2027年7月7日至7月12日之间" in str(said.deadline)
    story.happens(asked(3, date(2027, 5, 25), THIRD))
    waiting = story.task(TaskStep.PAYMENT, date(2027, 7, 12))
    assert isinstance(waiting.by, Provisional)
    assert (waiting.by.earliest, waiting.by.latest, waiting.days_late) == (
        date(2027, 7, 7), date(2027, 7, 12), 0,
    )  # fmt: skip
    assert story.steps(date(2027, 7, 12)) == [("payment", 3)]
    assert story.steps(date(2027, 7, 13)) == [("payment", 3), ("remind", 3)]
    claim = story.letter("late_payment_claim", "3", date(2027, 7, 13))
    assert "届满日暂按可能的最晚日期2027年7月12日计算" in str(claim.deadline)
    last = story.month_end(date(2027, 7, 31)).instalment(3)
    assert (last.age.days.value, last.age.provisional) == (19, True)
    story.happens(paid(3, date(2027, 8, 2), THIRD))
    assert str(story.month_end(date(2027, 8, 31)).outstanding) == "0.00"


def test_too_much_is_paid_and_the_excess_refunded(begin: Begin) -> None:
    """The excess is flagged, not set off against what is not yet due, and paid back."""
    story = begin()
    story.happens(INVOICE_1, MAY, asked(1, date(2026, 5, 25), FIRST))
    story.happens(paid(1, date(2026, 6, 25), "1958000.00"))
    assert story.problems["overpaid"] == "warning"
    assert story.task(TaskStep.REFUND, date(2026, 6, 30)).amount == Decimal("216.52")
    money = story.month_end(date(2026, 6, 30))
    assert owed(money) == ["-216.52", "1,468,337.62", "1,468,337.62"]
    assert sum(band.value for band in money.ageing.values()) == Decimal("2936675.24")
    assert str(story.statement(date(2026, 6, 30)).lines[0].outstanding) == "-216.52"

    story.happens(paid(1, date(2026, 7, 3), "-216.52", remark="多付退款"))
    assert story.problems == {}
    assert story.steps(date(2026, 7, 31)) == []
    assert owed(story.month_end(date(2026, 7, 31))) == ["0.00", "1,468,337.62", "1,468,337.62"]
    assert "退款" in str(story.statement(date(2026, 7, 31)).account.receipts[-1].name)


def test_one_receipt_pays_two_invoices(begin: Begin) -> None:
    """It is a row for each invoice with the same voucher; neither invoice is paid twice."""
    story = begin()
    story.happens(
        invoiced(1, date(2026, 5, 20), "943396.23", "56603.77", ONE),
        invoiced(1, date(2026, 5, 20), "903569.32", "54214.16", TWO),
        asked(1, date(2026, 5, 25), FIRST),
    )
    said = story.letter("payment_request", "1", date(2026, 5, 25))
    assert [str(line.gross) for line in said.invoices] == ["1,000,000.00", "957,783.48"]
    day, voucher = date(2026, 6, 25), "回单001"
    rows = [paid(1, day, "1000000.00", invoice=ONE, voucher=voucher),
            paid(1, day, "957783.48", invoice=TWO, voucher=voucher)]  # fmt: skip
    story.happens(*rows)
    assert story.problems == {}
    assert owed(story.month_end(date(2026, 6, 30)))[0] == "0.00"
    statement = story.statement(date(2026, 6, 30))
    assert [str(line.amount) for line in statement.account.receipts] == [
        "1,000,000.00", "957,783.48",
    ]  # fmt: skip
    assert str(statement.unpaid_invoices.gross) == "0.00"

    story.events[-2:] = [replace(row, invoice=ONE) for row in rows]
    assert story.problems["voucher-split"] == "error"
