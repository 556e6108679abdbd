"""The ledger: what was invoiced, received, accepted and deducted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from deliverables.model.ledger import (
    AGREED,
    Acceptance,
    Deduction,
    FiscalApproval,
    Invoice,
    Payment,
    PaymentRequestSent,
)

_RATE = Decimal("0.06")


def _invoice(instalment: int, number: str, issued: date, net: str, tax: str) -> Invoice:
    return Invoice(
        instalment=instalment,
        number=number,
        issued=issued,
        type="普通发票",
        net=Decimal(net),
        rate=_RATE,
        tax=Decimal(tax),
        gross=Decimal(net) + Decimal(tax),
        evidence=f"电子发票服务平台开票记录（{issued}）",
    )


def _request(instalment: int, letter: str, sent: date, amount: str) -> PaymentRequestSent:
    return PaymentRequestSent(
        instalment=instalment,
        letter=letter,
        sent=sent,
        delivered=sent,
        amount=Decimal(amount),
        evidence="发文登记及签收回执",
    )


def ledger() -> dict[str, tuple[Any, ...]]:
    """Return the rows of every sheet of the ledger by the name of their field."""
    return {
        "requests": (
            _request(1, "示例函〔2026〕5号", date(2026, 5, 21), "1957783.48"),
            _request(2, "示例函〔2026〕12号", date(2026, 11, 23), "1468337.62"),
            _request(3, "示例函〔2027〕6号", date(2027, 5, 24), "1453654.24"),
        ),
        "invoices": (
            _invoice(1, "26112000000000000001", date(2026, 5, 20), "1846965.55", "110817.93"),
            _invoice(2, "26112000000000000002", date(2026, 11, 20), "1385224.17", "83113.45"),
        ),
        "payments": (
            Payment(
                instalment=1,
                received=date(2026, 11, 12),
                amount=Decimal("1957783.48"),
                voucher="示例回单-20261112-01",
                evidence="银行电子回单（2026-11-12）",
            ),
            Payment(
                instalment=2,
                received=date(2026, 12, 18),
                amount=Decimal("1468337.62"),
                voucher="示例回单-20261218-01",
                evidence="银行电子回单（2026-12-18）",
            ),
        ),
        "acceptances": (
            Acceptance(
                stage="中期",
                notice_received=date(2026, 11, 9),
                accepted=date(2026, 11, 16),
                result="通过",
                document="中期验收意见（2026-11-16）",
                evidence="中期验收通知签收回执；中期验收意见",
            ),
            Acceptance(
                stage="最终",
                notice_received=date(2027, 5, 6),
                accepted=date(2027, 5, 12),
                result="通过",
                document="最终验收意见（2027-05-12）",
                evidence="验收通知签收回执；最终验收意见",
            ),
        ),
        "deductions": (
            Deduction(
                instalment=3,
                kind="违约金",
                amount=Decimal("14683.38"),
                basis="《关于第三服务季度可用性未达标事宜的协商纪要》（2027-05-20）",
                raised=date(2027, 2, 8),
                status=AGREED,
                agreed=date(2027, 5, 20),
                evidence="协商纪要（双方盖章件）",
            ),
        ),
        "fiscal_approvals": (
            FiscalApproval(
                instalment=1,
                first_day=date(2026, 6, 30),
                last_day=date(2026, 11, 5),
                basis="甲方《关于首款支付进度的说明》（2026-11-06）",
                evidence="甲方说明函",
            ),
        ),
    }
