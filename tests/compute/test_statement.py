from dataclasses import replace
from datetime import date
from decimal import Decimal

from rows import book

from deliverables.compute.account import account
from deliverables.compute.statement import AccountStatement, statement
from deliverables.model.ledger_sheets import Deduction, Invoice, Payment

INVOICE = Invoice(
    instalment=1, number="01234567890123456789", issued=date(2026, 5, 20), type="普通发票",
    net=Decimal("377358.49"), rate=Decimal("0.06"), tax=Decimal("22641.51"),
    gross=Decimal("400000.00"),
)  # fmt: skip
RECEIPT = Payment(instalment=1, received=date(2026, 6, 12), amount=Decimal("400000.00"))
DEDUCTION = Deduction(
    instalment=2, kind="违约金", amount=Decimal("1000.00"), agreement="协商纪要",
    status="协商一致", agreed=date(2026, 6, 20),
)  # fmt: skip


def on(day: date) -> AccountStatement:
    held = book()
    assert held.ledger is not None
    ledger = replace(held.ledger, invoices=(INVOICE,), payments=(RECEIPT,), deductions=(DEDUCTION,))
    return statement(account(held.contract, ledger, held.calendar, day))


def test_instalments_stand_in_order_with_what_happened_to_each() -> None:
    first, second = on(date(2026, 7, 1)).lines
    assert [str(first.name), str(first.due), str(first.invoiced), str(first.received)] == [
        "首款", "400,000.00", "400,000.00", "400,000.00",
    ]  # fmt: skip
    assert (str(first.outstanding), str(second.deducted)) == ("0.00", "1,000.00")
    assert str(second.outstanding) == "599,000.00"


def test_the_columns_add_up() -> None:
    told = on(date(2026, 7, 1))
    assert [str(told.total), str(told.received), str(told.deducted), str(told.outstanding)] == [
        "1,000,000.00", "400,000.00", "1,000.00", "599,000.00",
    ]  # fmt: skip
    for name in ("due", "invoiced", "received", "deducted", "outstanding"):
        column = sum(getattr(line, name).value for line in told.lines)
        assert column == getattr(told, "total" if name == "due" else name).value, name


def test_invoices_receipts_and_deductions_are_listed_under_their_instalment() -> None:
    told = on(date(2026, 7, 1))
    (invoice,), (receipt,), (deduction,) = told.invoices, told.receipts, told.deductions
    assert [str(invoice.name), str(invoice.number), str(invoice.issued), str(invoice.tax)] == [
        "首款", "01234567890123456789", "2026-05-20", "22,641.51",
    ]  # fmt: skip
    assert [str(receipt.name), str(receipt.received)] == ["首款", "2026-06-12"]
    assert [str(deduction.name), str(deduction.kind), str(deduction.agreed)] == [
        "尾款", "违约金", "2026-06-20",
    ]  # fmt: skip


def test_what_comes_later_has_not_happened() -> None:
    told = on(date(2026, 5, 1))
    assert (told.invoices, told.receipts, told.deductions) == ((), (), ())
    assert str(told.outstanding) == "1,000,000.00"


def test_a_reversal_and_money_paid_back_say_what_they_are() -> None:
    red = replace(
        INVOICE, number="01234567890123456780", net=-INVOICE.net, tax=-INVOICE.tax,
        gross=-INVOICE.gross, reverses=INVOICE.number,
    )  # fmt: skip
    back = replace(RECEIPT, amount=Decimal("-100.00"), remark="退款")
    held = book()
    assert held.ledger is not None
    ledger = replace(held.ledger, invoices=(INVOICE, red), payments=(RECEIPT, back))
    told = statement(account(held.contract, ledger, held.calendar, date(2026, 7, 1)))
    assert [str(line.type) for line in told.invoices] == ["普通发票", "普通发票（红字）"]
    assert [str(line.gross) for line in told.invoices] == ["400,000.00", "-400,000.00"]
    assert [str(line.name) for line in told.receipts] == ["首款", "首款（退款）"]
    assert (str(told.invoiced), str(told.received)) == ("0.00", "399,900.00")


def test_a_disputed_deduction_is_listed_apart_and_lessens_nothing() -> None:
    disputed = replace(DEDUCTION, status="协商中", agreed=None, raised=date(2026, 6, 1))
    held = book()
    assert held.ledger is not None
    ledger = replace(held.ledger, deductions=(disputed,))
    told = statement(account(held.contract, ledger, held.calendar, date(2026, 7, 1)))
    (line,) = told.disputes
    assert [str(line.name), str(line.amount), str(line.raised)] == [
        "尾款", "1,000.00", "2026-06-01",
    ]  # fmt: skip
    assert told.deductions == ()
    assert (str(told.deducted), str(told.outstanding)) == ("0.00", "1,000,000.00")
