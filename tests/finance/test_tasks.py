"""What finance has to do next: stories under the real contract, from signing to the last fen."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import builders
import pytest
from click.testing import CliRunner, Result
from scenarios import (
    CONTRACT,
    accepted,
    approving,
    asked,
    book,
    claimed,
    contract,
    deducted,
    filed,
    invoiced,
    ledger,
    paid,
    reminded,
)

from deliverables.agenda import Span, agenda
from deliverables.cli import main
from deliverables.compute.account import account_of
from deliverables.compute.late_payment import late_payments
from deliverables.finance.tasks import Task, TaskStep, in_order, most_urgent, tasks
from deliverables.folders import Folders
from deliverables.model.book import ContractBook
from deliverables.model.contract import ContractorExit
from deliverables.model.fields import SEVERAL_RATES
from deliverables.model.ledger_sheets import AGREED, DISPUTED, WITHDRAWN, Ledger
from deliverables.plan import plan
from deliverables.register import Entry, append
from deliverables.values.calendar import Provisional, Settled, Side
from deliverables.values.problem import say

FIRST, SECOND, THIRD = "1957783.48", "1468337.62", "1468337.62"
MAY = filed(date(2026, 5, 1), date(2026, 6, 12))
INVOICED = invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93")
DUE = Settled(date(2026, 6, 29), whose=Side.CLIENTS)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(CONTRACT.parent, tmp_path / "out", None)


def todo(folders: Folders, what: Ledger | None, day: date) -> list[Task]:
    return list(tasks(book(ledger=what), folders, day))


def of(found: list[Task], step: TaskStep, instalment: int | None = None) -> Task:
    (one,) = (task for task in found if (task.step, task.instalment) == (step, instalment))
    return one


def steps(found: list[Task]) -> list[tuple[str, int | None]]:
    return [(task.step.value, task.instalment) for task in found]


class TestAfterSigning:
    def test_what_has_a_day_leads_and_what_can_be_done_at_once_follows_in_its_order(
        self, folders: Folders
    ) -> None:
        found = todo(folders, ledger(), date(2026, 5, 4))
        assert steps(found) == [
            ("payment", 1), ("data", None), ("invoice", 1), ("request", 1), ("later", 2),
            ("later", 3),
        ]  # fmt: skip
        assert [one.by is None for one in found] == [False, True, True, True, False, False]

    def test_what_cannot_be_done_yet_follows_what_may_be_done_and_can_wait(self) -> None:
        what, day = say("x"), Settled(date(2027, 4, 30))
        later = Task(step=TaskStep.LATER, what=what, by=day)
        claim = Task(step=TaskStep.CLAIM, what=what)
        assert sorted([later, claim], key=in_order) == [claim, later]

    @pytest.mark.parametrize(
        ("rate", "net", "tax"),
        [
            (Decimal("0.03"), Decimal("1900760.66"), Decimal("57022.82")),
            (Decimal(0), None, None),
            (SEVERAL_RATES, None, None),
        ],
    )
    def test_the_invoice_says_net_and_tax_at_any_one_rate_and_none_of_an_exempt_sale(
        self, folders: Folders, rate: Decimal | str, net: Decimal | None, tax: Decimal | None
    ) -> None:
        terms = contract()
        terms = replace(terms, invoicing=replace(terms.invoicing, rate=rate))
        found = list(tasks(book(ledger=ledger(), terms=terms), folders, date(2026, 5, 4)))
        one = of(found, TaskStep.INVOICE, 1)
        assert (one.amount, one.net, one.tax) == (Decimal(FIRST), net, tax)

    @pytest.mark.parametrize(
        ("before", "said"),
        [
            (True, "issue the invoice before payment is asked for"),
            (None, "issue the invoice, then"),
        ],
    )
    def test_that_the_invoice_comes_first_is_said_where_the_contract_says_it(
        self, folders: Folders, before: bool | None, said: str
    ) -> None:
        terms = contract()
        terms = replace(terms, invoicing=replace(terms.invoicing, before_payment=before))
        found = list(tasks(book(ledger=ledger(), terms=terms), folders, date(2026, 5, 4)))
        assert str(of(found, TaskStep.INVOICE, 1).what).startswith(said)

    def test_of_exempt_invoices_the_sales_are_declared(self, folders: Folders) -> None:
        issued = replace(
            INVOICED, net=Decimal(FIRST), tax=Decimal("0.00"), rate=Decimal(0), gross=Decimal(FIRST)
        )
        one = of(todo(folders, ledger(issued), date(2026, 6, 2)), TaskStep.TAX)
        assert str(one.what).startswith("declare the exempt sales of the invoices of 2026-05")

    def test_the_invoice_says_net_and_tax(self, folders: Folders) -> None:
        one = of(todo(folders, ledger(), date(2026, 5, 4)), TaskStep.INVOICE, 1)
        assert (one.amount, one.net, one.tax) == (
            Decimal(FIRST), Decimal("1846965.55"), Decimal("110817.93"),
        )  # fmt: skip

    def test_the_day_to_pay_is_the_clients_and_no_day_of_ours(self, folders: Folders) -> None:
        found = todo(folders, ledger(), date(2026, 5, 4))
        ours = [of(found, step, 1) for step in (TaskStep.INVOICE, TaskStep.REQUEST)]
        assert [one.by for one in ours] == [None, None]
        payment = of(found, TaskStep.PAYMENT, 1)
        assert (payment.by, payment.ours) == (DUE, False)

    def test_what_the_contract_lacks_for_an_invoice_is_named(self, folders: Folders) -> None:
        said = str(of(todo(folders, ledger(), date(2026, 5, 4)), TaskStep.DATA).what)
        assert "contract.yaml" in said
        for name in ("client.credit_code", "contractor.credit_code", "invoicing.tax_code"):
            assert name in said

    def test_an_instalment_that_cannot_be_asked_for_says_why_and_from_when(
        self, folders: Folders
    ) -> None:
        second = of(todo(folders, ledger(), date(2026, 5, 4)), TaskStep.LATER, 2)
        assert second.by == Settled(date(2026, 10, 30))
        assert "interim acceptance" in str(second.what)

    def test_each_task_names_a_command_for_its_contract(self, folders: Folders) -> None:
        found = todo(folders, ledger(), date(2026, 5, 4))
        invoice = of(found, TaskStep.INVOICE, 1)
        assert invoice.command == "deliverables pack 1 --contract SXYSR202604152"
        assert of(found, TaskStep.REQUEST, 1).command == invoice.command
        assert "deliverables invoice-import 1" in str(invoice.what)

    def test_without_a_ledger_nothing_can_be_said(self, folders: Folders) -> None:
        (one,) = todo(folders, None, date(2026, 5, 4))
        assert "ledger.xlsx is missing" in str(one.what)


class TestInvoicedAndNotYetPaid:
    def test_the_tax_is_to_be_declared_in_the_next_month(self, folders: Folders) -> None:
        one = of(todo(folders, ledger(INVOICED), date(2026, 5, 25)), TaskStep.TAX)
        assert (one.by, one.amount) == (Settled(date(2026, 6, 15)), Decimal("110817.93"))
        assert "of which 1,957,783.48 is not yet paid" in str(one.what)

    def test_a_day_of_rest_moves_the_declaration_on(self, folders: Folders) -> None:
        what = ledger(invoiced(1, date(2026, 7, 20), "1846965.55", "110817.93"))
        one = of(todo(folders, what, date(2026, 7, 25)), TaskStep.TAX)
        assert one.by == Settled(date(2026, 8, 17))  # 2026-08-15 is a Saturday

    def test_it_stays_on_the_list_until_it_is_recorded_as_done(self, folders: Folders) -> None:
        late = of(todo(folders, ledger(INVOICED), date(2026, 6, 17)), TaskStep.TAX)
        assert late.days_late == 2
        what = ledger(INVOICED, filed(date(2026, 5, 1), date(2026, 6, 12)))
        assert ("tax", None) in steps(todo(folders, what, date(2026, 6, 11)))
        assert ("tax", None) not in steps(todo(folders, what, date(2026, 6, 12)))

    @pytest.mark.parametrize(
        ("issued", "last_day"),
        [
            (date(2026, 9, 8), date(2026, 10, 26)),  # 国庆节 takes seven days of October
            (date(2026, 4, 29), date(2026, 5, 22)),  # 劳动节 takes five of May
            (date(2026, 10, 9), date(2026, 11, 16)),  # the fifteenth is a Sunday
        ],
    )
    def test_the_day_is_that_of_the_yearly_notice(
        self, folders: Folders, issued: date, last_day: date
    ) -> None:
        what = ledger(invoiced(1, issued, "1846965.55", "110817.93"))
        assert of(todo(folders, what, issued), TaskStep.TAX).by == Settled(last_day)

    def test_of_a_year_without_a_notice_it_is_a_range(self, folders: Folders) -> None:
        what = ledger(invoiced(3, date(2027, 9, 8), "1385224.17", "83113.45"))
        by = of(todo(folders, what, date(2027, 9, 8)), TaskStep.TAX).by
        assert isinstance(by, Provisional)
        assert (by.earliest, by.latest) == (date(2027, 10, 15), date(2027, 10, 26))
        assert by.reason == "2027年度申报纳税期限尚未计入"

    def test_what_was_paid_meanwhile_is_not_waited_for(self, folders: Folders) -> None:
        what = ledger(INVOICED, paid(1, date(2026, 5, 24), "1957783.00"))
        one = of(todo(folders, what, date(2026, 5, 25)), TaskStep.TAX)
        assert "of which 0.48 is not yet paid" in str(one.what)


class TestReversedAndIssuedAnew:
    BLUE = invoiced(1, date(2026, 5, 20), "1846965.55", "110817.93", "1" * 20)
    RED = replace(invoiced(1, date(2026, 6, 3), "-1846965.55", "-110817.93", "2" * 20),
                  reverses="1" * 20)  # fmt: skip
    ANEW = invoiced(1, date(2026, 6, 4), "1846965.55", "110817.93", "3" * 20)

    def test_while_it_is_reversed_the_invoice_is_to_be_issued_again(self, folders: Folders) -> None:
        found = todo(folders, ledger(self.BLUE, self.RED), date(2026, 6, 3))
        assert of(found, TaskStep.INVOICE, 1).amount == Decimal(FIRST)

    def test_the_tax_of_may_stays_and_that_of_june_is_less(self, folders: Folders) -> None:
        found = todo(folders, ledger(self.BLUE, self.RED), date(2026, 6, 3))
        may, june = (task for task in found if task.step is TaskStep.TAX)
        assert (may.by, may.tax) == (Settled(date(2026, 6, 15)), Decimal("110817.93"))
        assert (june.by, june.tax) == (Settled(date(2026, 7, 15)), Decimal("-110817.93"))
        assert "lessen the tax of this month by 110,817.93" in str(june.what)
        assert [str(task.what).count("of which 0.00 is not yet paid") for task in (may, june)] == [
            1, 1,
        ]  # fmt: skip

    def test_only_the_invoice_that_stands_waits_for_its_money(self, folders: Folders) -> None:
        found = todo(folders, ledger(self.BLUE, self.RED, self.ANEW), date(2026, 6, 4))
        may, june = (task for task in found if task.step is TaskStep.TAX)
        assert "of which 0.00 is not yet paid" in str(may.what)
        assert "of which 1,957,783.48 is not yet paid" in str(june.what)
        assert (june.net, june.tax) == (Decimal("0.00"), Decimal("0.00"))
        assert ("invoice", 1) not in steps(found)


class TestTheLetterWasSent:
    DAY = date(2026, 6, 1)

    def test_a_row_in_the_ledger_is_enough(self, folders: Folders) -> None:
        what = ledger(INVOICED, asked(1, date(2026, 5, 25), FIRST))
        assert ("request", 1) not in steps(todo(folders, what, self.DAY))
        assert ("request", 1) in steps(todo(folders, what, date(2026, 5, 24)))

    def test_one_that_asked_for_less_than_is_payable_is_not(self, folders: Folders) -> None:
        what = ledger(INVOICED, asked(1, date(2026, 5, 25), "1000000.00"))
        assert ("request", 1) in steps(todo(folders, what, self.DAY))

    def test_what_only_the_register_knows_is_pointed_out(self, folders: Folders) -> None:
        project = book(ledger=ledger(INVOICED))
        registered(project, folders, "made", "final", "sealed", "delivered")
        found = list(tasks(project, folders, self.DAY))
        assert "delivered on 2026-05-25 is missing in the sheet 请款" in str(
            of(found, TaskStep.DATA, 1).what
        )
        entered = book(ledger=ledger(INVOICED, asked(1, date(2026, 5, 25), FIRST)))
        assert ("data", 1) not in steps(list(tasks(entered, folders, self.DAY)))
        assert ("data", 1) not in steps(list(tasks(project, folders, date(2026, 5, 24))))


class TestInDispute:
    def test_it_is_to_be_settled_and_lessens_nothing(self, folders: Folders) -> None:
        disputed = deducted(1, None, "500.00", status=DISPUTED, raised=date(2026, 6, 10),
                            demand="《甲方来函》")  # fmt: skip
        found = todo(folders, ledger(INVOICED, disputed), date(2026, 6, 20))
        one = of(found, TaskStep.DISPUTE, 1)
        assert (one.amount, one.by, one.days_late) == (Decimal("500.00"), None, 0)
        assert "disputed since 2026-06-10 in writing (《甲方来函》)" in str(one.what)
        assert of(found, TaskStep.PAYMENT, 1).amount == Decimal(FIRST)

    def test_it_stays_after_the_money_came(self, folders: Folders) -> None:
        disputed = deducted(1, None, "500.00", status=DISPUTED)
        what = ledger(INVOICED, paid(1, date(2026, 6, 25), FIRST), disputed)
        found = todo(folders, what, date(2026, 6, 26))
        assert "settle the disputed deduction" in str(of(found, TaskStep.DISPUTE, 1).what)

    @pytest.mark.parametrize("status", [AGREED, WITHDRAWN])
    def test_once_settled_it_is_gone(self, folders: Folders, status: str) -> None:
        day = date(2026, 6, 15)
        settled = deducted(1, day, "500.00", status=status, raised=date(2026, 6, 10))
        assert ("dispute", 1) not in steps(todo(folders, ledger(INVOICED, settled), day))


def test_an_overpayment_is_to_be_settled_with_the_client(folders: Folders) -> None:
    what = ledger(INVOICED, paid(1, date(2026, 6, 25), "1957883.48"))
    one = of(todo(folders, what, date(2026, 6, 26)), TaskStep.REFUND, 1)
    assert (one.amount, one.by) == (Decimal("100.00"), None)


class TestOverdue:
    def test_a_reminder_comes_first_and_no_claim_before_it(self, folders: Folders) -> None:
        found = todo(folders, ledger(INVOICED, MAY), date(2026, 6, 30))
        assert steps(found)[:3] == [("payment", 1), ("data", None), ("request", 1)]
        remind = of(found, TaskStep.REMIND, 1)
        assert (remind.amount, remind.by) == (Decimal(FIRST), None)
        assert "enter the letter in the sheet 催告" in str(remind.what)
        assert ("claim", 1) not in steps(found)

    def test_its_command_makes_the_letter_as_soon_as_that_can_be_made(
        self, folders: Folders
    ) -> None:
        sent = replace(asked(1, date(2026, 5, 21), FIRST), delivered=date(2026, 5, 21))
        remind, letter = (
            of(todo(folders, ledger(INVOICED, *more), date(2026, 6, 30)), TaskStep.REMIND, 1)
            for more in ((), (sent,))
        )
        assert remind.command.startswith("deliverables reminded 1 ")
        assert letter.command.startswith("deliverables build payment_reminder --period 1 ")

    def test_it_is_more_urgent_than_a_day_that_is_far_off(self, folders: Folders) -> None:
        found = todo(folders, ledger(INVOICED, MAY), date(2026, 6, 30))
        remind = of(found, TaskStep.REMIND, 1)
        tax = Task(
            step=TaskStep.TAX, what=remind.what, by=Settled(date(2026, 7, 20)), command="filed"
        )
        assert most_urgent([tax, remind], date(2026, 6, 30)) is remind
        assert most_urgent([tax, remind], date(2026, 7, 13)) is tax

    def test_after_the_reminder_damages_can_be_claimed_and_nothing_hurries(
        self, folders: Folders
    ) -> None:
        what = ledger(INVOICED, MAY, reminded(1, date(2026, 7, 2)))
        found = todo(folders, what, date(2026, 7, 9))
        assert of(found, TaskStep.PAYMENT, 1).days_late == 10
        assert ("remind", 1) not in steps(found)
        claim = of(found, TaskStep.CLAIM, 1)
        assert claim.amount == Decimal("5873.35")
        assert str(claim.what) == (
            "late payment can be claimed: 10 days (第十二条第7款); decide whether to, and enter "
            "the claim or its waiver in the sheet 主张; "
            "all claims together stop at 244,722.93 on 2027-08-20"
        )
        after = steps(found)[steps(found).index(("claim", 1)) + 1 :]
        assert {step for step, _ in after} <= {"later"}

    def test_what_was_claimed_is_to_be_collected_and_goes_when_it_came_in(
        self, folders: Folders
    ) -> None:
        told = (INVOICED, MAY, reminded(1, date(2026, 7, 2)), paid(1, date(2026, 7, 9), FIRST))
        claim = claimed("ZZ-01", date(2026, 7, 20), "5873.35")
        found = todo(folders, ledger(*told, claim), date(2026, 7, 21))
        assert of(found, TaskStep.COLLECT, 1).amount == Decimal("5873.35")
        assert ("claim", 1) not in steps(found)
        received = paid(1, date(2026, 8, 3), "5873.35", claim="ZZ-01")
        after = steps(todo(folders, ledger(*told, claim, received), date(2026, 8, 3)))
        assert {("collect", 1), ("claim", 1), ("refund", 1)}.isdisjoint(after)

    def test_days_of_fiscal_approval_are_told_and_not_claimed(self, folders: Folders) -> None:
        what = ledger(INVOICED, approving(1, date(2026, 6, 20), date(2026, 7, 31)))
        found = todo(folders, what, date(2026, 7, 9))
        assert "10 of the days for fiscal approval" in str(of(found, TaskStep.PAYMENT, 1).what)
        assert ("claim", 1) not in steps(found)

    def test_days_of_fiscal_approval_are_not_told_before_the_paper_that_shows_them(
        self, folders: Folders
    ) -> None:
        row = approving(1, date(2026, 6, 20), date(2026, 7, 31))
        what = ledger(INVOICED, replace(row, evidenced=date(2026, 7, 10)))
        before, after = (
            str(of(todo(folders, what, date(2026, 7, day)), TaskStep.PAYMENT, 1).what)
            for day in (9, 10)
        )
        assert "fiscal approval" not in before
        assert "fiscal approval" in after

    def test_the_cap_ends_what_can_be_claimed(self, folders: Folders) -> None:
        what = ledger(INVOICED, reminded(1, date(2026, 7, 2)))
        found = todo(folders, what, date(2027, 9, 1))
        assert of(found, TaskStep.CLAIM, 1).amount == Decimal("244722.93")

    def test_an_unknown_calendar_makes_nobody_late_within_its_range(self, folders: Folders) -> None:
        what = ledger(
            INVOICED,
            paid(1, date(2026, 6, 25), FIRST),
            accepted("最终", date(2027, 5, 12)),
            invoiced(3, date(2027, 5, 20), "1385224.17", "83113.45"),
        )
        within = of(todo(folders, what, date(2027, 7, 12)), TaskStep.PAYMENT, 3)
        after = of(todo(folders, what, date(2027, 7, 13)), TaskStep.PAYMENT, 3)
        assert isinstance(within.by, Provisional)
        assert (within.days_late, after.days_late) == (0, 1)


class TestInvoicedAfterTheDayToPay:
    """Where the contract wants the invoice first, delay begins on the day after it."""

    def test_nothing_is_late_before_the_invoice(self, folders: Folders) -> None:
        day = date(2026, 7, 20)
        found = todo(folders, ledger(), day)
        payment = of(found, TaskStep.PAYMENT, 1)
        assert (payment.by, payment.days_late) == (None, 0)
        assert "late only after it is issued" in str(payment.what)
        assert ("remind", 1) not in steps(found)
        (item,) = (one for one in agenda(book(ledger=ledger()), (), day) if "payment/1" in one.key)
        assert item.span(day) is Span.NOW

    def test_the_days_count_from_the_invoice_everywhere(self, folders: Folders) -> None:
        issued, day = date(2026, 7, 10), date(2026, 7, 20)
        what = ledger(invoiced(1, issued, "1846965.55", "110817.93"))
        payment = of(todo(folders, what, day), TaskStep.PAYMENT, 1)
        assert (payment.by, payment.days_late) == (Settled(issued, whose=Side.CLIENTS), 10)
        project = book(ledger=what)
        money = account_of(project, day)
        assert money is not None
        late = late_payments(project.contract, what, money).of(1)
        assert late is not None
        assert (money.instalment(1).age.days.value, late.days.value) == (10, 10)
        (item,) = (one for one in agenda(project, (), day) if one.key == "payment/1")
        assert item.last == issued


class TestPaid:
    def test_what_is_settled_asks_for_nothing(self, folders: Folders) -> None:
        found = todo(
            folders, ledger(INVOICED, paid(1, date(2026, 6, 25), FIRST)), date(2026, 6, 26)
        )
        assert [step for step in steps(found) if step[1] == 1] == []

    def test_money_without_an_invoice_is_to_be_invoiced(self, folders: Folders) -> None:
        what = ledger(paid(1, date(2026, 6, 25), "1000000.00"))
        one = of(todo(folders, what, date(2026, 6, 26)), TaskStep.INVOICE, 1)
        assert (one.amount, one.net, one.tax) == (
            Decimal("1000000.00"), Decimal("943396.23"), Decimal("56603.77"),
        )  # fmt: skip
        assert one.by is None

    def test_an_instalment_without_days_to_pay_is_open_without_a_day(
        self, folders: Folders
    ) -> None:
        what = accepted("中期", date(2026, 11, 16)), asked(2, date(2026, 11, 18), SECOND)
        one = of(todo(folders, ledger(*what), date(2026, 11, 20)), TaskStep.PAYMENT, 2)
        assert (one.by, one.days_late) == (None, 0)
        assert "names no day" in str(one.what)
        assert one.command == "deliverables reminded 2 --contract SXYSR202604152"

    def test_what_has_no_day_and_was_never_asked_for_is_not_demanded(
        self, folders: Folders
    ) -> None:
        what = ledger(accepted("中期", date(2026, 11, 16)))
        found = steps(todo(folders, what, date(2026, 11, 20)))
        assert ("request", 2) in found
        assert ("payment", 2) not in found

    def test_a_demand_sets_the_day_from_which_delay_is_reckoned(self, folders: Folders) -> None:
        told = (
            INVOICED, MAY, paid(1, date(2026, 6, 25), FIRST), accepted("中期", date(2026, 11, 16)),
            invoiced(2, date(2026, 11, 20), "1385224.17", "83113.45", "2" * 20),
            asked(2, date(2026, 11, 20), SECOND),
        )  # fmt: skip
        before = todo(folders, ledger(*told), date(2027, 3, 1))
        assert of(before, TaskStep.PAYMENT, 2).by is None
        assert {("claim", 2), ("remind", 2)}.isdisjoint(steps(before))
        demand = reminded(2, date(2026, 12, 1), date(2026, 12, 31))
        found = todo(folders, ledger(*told, demand), date(2027, 1, 10))
        payment = of(found, TaskStep.PAYMENT, 2)
        assert payment.by == Settled(date(2026, 12, 31), whose=Side.CLIENTS)
        assert payment.days_late == 10
        assert ("remind", 2) in steps(found)

    def test_when_all_is_invoiced_and_paid_nothing_is_left(self, folders: Folders) -> None:
        what = ledger(
            INVOICED,
            paid(1, date(2026, 6, 25), FIRST),
            invoiced(2, date(2026, 11, 20), "1385224.17", "83113.45", "2" * 20),
            paid(2, date(2026, 12, 18), SECOND),
            accepted("最终", date(2027, 5, 12)),
            invoiced(3, date(2027, 5, 20), "1385224.17", "83113.45", "3" * 20),
            deducted(3, date(2027, 5, 20), "337.62"),
            paid(3, date(2027, 6, 20), "1468000.00"),
            MAY,
            filed(date(2026, 11, 1), date(2026, 12, 10)),
            filed(date(2027, 5, 1), date(2027, 6, 11)),
        )
        assert todo(folders, what, date(2028, 1, 1)) == []


def registered(
    project: ContractBook, folders: Folders, *events: str, of: str = "payment_request/1"
) -> None:
    """Write into the register what happened to a document, the first payment request or another."""
    kind, _, part = of.partition("/")
    for event in events:
        entry = Entry(
            event=event,
            deliverable=of,
            kind=kind,
            part=part,
            file=f"payments/1-{event}.docx",
            sha256="",
            content="",
            as_of=date(2026, 5, 25),
            made_at=datetime(2026, 5, 25, tzinfo=UTC),
            inputs={},
            template="",
            template_sha256="",
            version="",
            command="",
        )
        append(folders.register(project.number), entry)


@pytest.mark.parametrize(
    ("events", "what", "command"),
    [
        (("made", "final"), "have the payment request sealed", "deliverables sealed"),
        (("made", "final", "sealed"), "send the payment request", "deliverables delivered"),
    ],
    ids=["final", "sealed"],
)
def test_the_request_is_taken_on_from_where_it_stands(
    folders: Folders, events: tuple[str, ...], what: str, command: str
) -> None:
    project = book(ledger=ledger(INVOICED))
    registered(project, folders, *events)
    one = of(list(tasks(project, folders, date(2026, 6, 1))), TaskStep.REQUEST, 1)
    assert str(one.what).startswith(what)
    assert one.command.startswith(command)
    assert "payments/1-final.docx" in one.command


@pytest.mark.parametrize(
    ("day", "events", "command"),
    [
        (date(2026, 5, 4), (), ""),
        (date(2026, 11, 2), (), "deliverables build 验收书 --period 中期"),
        (date(2026, 11, 2), ("made", "final"), "deliverables delivered"),
        (date(2026, 11, 2), ("made", "final", "delivered"), "deliverables accepted"),
    ],
    ids=["not yet", "ready", "final", "delivered"],
)
def test_what_waits_for_an_acceptance_names_the_next_command_of_its_record(
    folders: Folders, day: date, events: tuple[str, ...], command: str
) -> None:
    project = book(ledger=ledger(INVOICED))
    registered(project, folders, *events, of="acceptance_record/interim")
    one = of(list(tasks(project, folders, day)), TaskStep.LATER, 2)
    assert one.command.startswith(command)
    assert bool(one.command) == bool(command)


def test_a_request_that_was_delivered_is_not_sent_again(folders: Folders) -> None:
    project = book(ledger=ledger(INVOICED))
    registered(project, folders, "made", "final", "sealed", "delivered")
    found = list(tasks(project, folders, date(2026, 6, 1)))
    assert ("request", 1) not in steps(found)
    assert ("payment", 1) in steps(found)


def test_an_exit_that_is_permitted_leaves_money_to_pay_back(folders: Folders) -> None:
    given = ContractorExit(
        article="第十三条",
        requested_on=date(2026, 8, 3),
        last_service_day=date(2026, 9, 30),
        permitted_on=date(2026, 8, 20),
        document="复函",
    )
    terms = replace(contract(), exit=given)
    what = ledger(INVOICED, paid(1, date(2026, 6, 25), FIRST), paid(2, date(2026, 8, 1), SECOND))
    project = book(ledger=what, terms=terms)
    one = of(list(tasks(project, folders, date(2026, 8, 20))), TaskStep.REFUND)
    assert one.amount == Decimal("1361061.80")
    assert ("refund", None) not in steps(list(tasks(project, folders, date(2026, 8, 19))))


def test_an_exit_that_earned_more_than_was_paid_is_to_be_settled(folders: Folders) -> None:
    given = ContractorExit(
        article="第十三条",
        requested_on=date(2026, 8, 3),
        document="复函",
        last_service_day=date(2026, 12, 31),
        permitted_on=date(2026, 8, 20),
    )
    what = ledger(MAY, INVOICED, paid(1, date(2026, 6, 25), FIRST))
    project = book(ledger=what, terms=replace(contract(), exit=given))
    found = list(tasks(project, folders, date(2027, 1, 5)))
    assert of(found, TaskStep.SETTLE).amount == Decimal("1340947.60")
    assert not [task for task in found if task.step is TaskStep.LATER and task.instalment == 3]


def test_an_early_end_that_was_agreed_on_leaves_what_comes_due_no_more_to_be_settled(
    folders: Folders,
) -> None:
    terms = contract()
    ended = replace(terms.cessation, ended_on=date(2026, 9, 30), ended_known_on=date(2026, 9, 1))
    project = book(ledger=ledger(MAY, INVOICED, paid(1, date(2026, 6, 25), FIRST)),
                   terms=replace(terms, cessation=ended))  # fmt: skip
    one = of(list(tasks(project, folders, date(2026, 9, 1))), TaskStep.SETTLE)
    assert one.amount == Decimal(SECOND) + Decimal(THIRD)
    before = list(tasks(project, folders, date(2026, 8, 31)))
    assert ("settle", None) not in steps(before)
    assert ("later", 3) in steps(before)


def test_the_claim_is_still_known_when_the_register_asks_for_any_day(folders: Folders) -> None:
    """The way to the seal looks deliverables up as of the last day there is."""
    keys = {one.deliverable.key for one in plan(book(ledger=ledger(INVOICED)), folders, date.max)}
    assert "late_payment_claim/1" in keys


class TestTheCommand:
    @pytest.fixture(autouse=True)
    def project(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        builders.project(tmp_path / "data")
        rows = {"发票": [bill(1, "1", 188679.25, 11320.75)]}
        book = builders.workbook(Ledger, {"示例数据": "否"}, rows)
        book.save(Path("data", builders.NUMBER, "ledger.xlsx"))

    def run(self, *words: str, language: str = "en") -> Result:
        return CliRunner().invoke(main, ["--lang", language, "finance", *words])

    def test_it_shows_the_days_the_amounts_and_the_commands(self) -> None:
        shown = self.run("--as-of", "2026-08-03")
        assert shown.exit_code == 0
        assert "2026-06-29" in shown.stdout
        assert "35 days overdue" in shown.stdout
        assert "400,000.00" in shown.stdout
        assert "188,679.25" in shown.stdout
        assert "tax 11,320.75" in shown.stdout

    def test_in_chinese_too(self) -> None:
        shown = self.run("--as-of", "2026-08-03", language="zh").stdout
        assert "逾期 35 天" in shown
        assert "先开具发票" in shown

    def test_for_other_programs_amounts_are_text_and_days_are_iso(self) -> None:
        (facts,) = json.loads(self.run("--as-of", "2026-08-03", "--format", "json").stdout)[
            "contracts"
        ]
        assert facts["contract"] == builders.NUMBER
        payment, invoice = (
            next(task for task in facts["tasks"] if task["step"] == step)
            for step in ("payment", "invoice")
        )
        assert (payment["instalment"], payment["by"], payment["whose"]) == (
            1, "2026-06-29", "clients",
        )  # fmt: skip
        assert payment["days_overdue"] == 35
        assert (invoice["amount"], invoice["tax"]) == ("200000.00", "11320.75")
        assert (invoice["by"], invoice["whose"]) == (None, None)

    def test_a_contract_with_errors_is_left_out_and_says_why(self) -> None:
        folder = Path("data", builders.NUMBER)
        shutil.copytree(folder, "data/HT-2026-002")
        text = (folder / "contract.yaml").read_text("utf-8")
        (folder / "contract.yaml").write_text(text.replace("0.0003", "0.03"), "utf-8")
        other = Path("data/HT-2026-002/contract.yaml")
        other.write_text(text.replace(builders.NUMBER, "HT-2026-002"), "utf-8")
        shown = self.run("--as-of", "2026-08-03")
        assert shown.exit_code == 1
        assert "HT-2026-002 as of 2026-08-03" in shown.stdout
        assert f"{builders.NUMBER} as of" not in shown.stdout
        assert "late-rate" in shown.stderr

    def test_where_nothing_is_to_be_done_it_says_so(self) -> None:
        rows = {
            "发票": [bill(1, "1", 377358.49, 22641.51), bill(2, "2", 566037.74, 33962.26)],
            "到账": [
                {"期次": 1, "到账日期": date(2026, 6, 1), "到账金额": 400000},
                {"期次": 2, "到账日期": date(2027, 6, 1), "到账金额": 600000},
            ],
            "纳税申报": [{"税款所属月份": date(2026, 5, 1), "申报日期": date(2026, 6, 12)}],
        }
        book = builders.workbook(Ledger, {"示例数据": "否"}, rows)
        book.save(Path("data", builders.NUMBER, "ledger.xlsx"))
        shown = self.run("--as-of", "2027-06-02")
        assert shown.exit_code == 0
        assert [line[:6] for line in shown.stderr.splitlines()] == ["next: "]
        assert "nothing is to be done" in shown.stdout


def bill(instalment: int, digit: str, net: float, tax: float) -> dict[str, object]:
    return {
        "期次": instalment,
        "发票号码": digit * 20,
        "开票日期": date(2026, 5, 20),
        "发票种类": "普通发票",
        "不含税金额": net,
        "税率": 0.06,
        "税额": tax,
        "价税合计": net + tax,
        "数据来源": "发票",
    }
