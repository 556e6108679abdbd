"""The ledger: what was invoiced, received, accepted and deducted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from deliverables.model.ledger_sheets import (
    AGREED,
    Acceptance,
    Claim,
    Deduction,
    FiscalApproval,
    Fulfilment,
    Invoice,
    Payment,
    PaymentRequestSent,
    Reminder,
    TaxFiling,
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


def _fulfilments() -> Iterator[Fulfilment]:
    for article, done, day, evidence, verdict, *duty in _DONE:
        yield Fulfilment(
            article=article,
            duty="".join(duty),
            done=done,
            day=date.fromisoformat(day),
            verdict=verdict,
            evidence=evidence,
        )


_CONFIRMED_AT_HALF = (
    ("第八条第2款", "未收到第三方侵权主张", "2026-10-30", "法务部门确认单（示例文件）", "符合"),
    ("第八条第8款", "甲方未指定测试和迁移的业务系统", "2026-10-30", "业务需求单台账", "未涉及"),
    ("第九条第2款第(2)项", "甲方未组织业务系统应急演练", "2026-10-30",
     "往来函件登记", "未涉及", "配合甲方完成业务系统的应急演练"),
    ("第十条第1款", "未发现向第三方透露甲方信息的情形", "2026-10-30",
     "保密检查记录（示例文件）", "符合"),
    ("第十条第2款", "保密资料专柜存放，按核心机密管理，每季度检查一次", "2026-10-30",
     "保密检查记录（示例文件）", "符合"),
    ("第十二条第5款第(1)项", "未收到云安全监管方的整改通知", "2026-10-30", "收文登记", "未涉及"),
    ("第十二条第5款第(4)项", "甲方未要求骨干和管理人员到场，值守按值守表执行", "2026-10-30",
     "值守签到表（示例文件）", "未涉及"),
)  # fmt: skip
"""Confirmed for the interim acceptance, and in the same words once more at the end."""

_DONE = (
    ("第三条第1款", "云平台通过网络安全等级保护测评，服务按信息技术服务管理体系实施",
     "2026-08-14", "所执行的标准清单、等级保护测评报告（示例文件）", "符合"),
    ("第三条第2款", "与甲方确认系统沿用原平台部署，无需入云迁移和试运行", "2026-05-08",
     "项目启动会纪要（示例文件）", "未涉及"),
    ("第四条第3款", "主要人员资格证书和从业经历已提交甲方备查", "2026-05-08",
     "资质材料签收单（示例文件）", "", "安排具备资质和经验的人员并保持稳定"),
    ("第八条第2款", "未收到第三方侵权主张", "2027-04-30", "法务部门确认单（示例文件）", "符合"),
    ("第八条第3款", "接受甲方检查两次，提出问题均已整改", "2026-12-31",
     "检查记录及整改单（示例文件）", "符合"),
    ("第八条第4款", "提交云服务资质证书和人员资格证书复印件", "2026-05-08",
     "资质材料签收单（示例文件）", "符合"),
    ("第八条第6款", "政务云平台区物理网络已建成，本合同内无新建任务", "2026-05-08",
     "项目启动会纪要（示例文件）", "未涉及"),
    ("第八条第7款", "协助甲方修订运维制度、应急预案和安全保障制度", "2026-09-18",
     "制度修订稿签收单（示例文件）", "符合"),
    ("第八条第8款", "甲方未指定测试和迁移的业务系统", "2027-04-30", "业务需求单台账", "未涉及"),
    *_CONFIRMED_AT_HALF,
    ("第八条第10款", "按月提供监控报告12份", "2027-04-30", "监控报告签收记录（示例文件）", ""),
    ("第九条第2款第(2)项", "启动会确认沿用原平台部署，期内没有系统入云和退出", "2026-05-08",
     "项目启动会纪要（示例文件）", "未涉及",
     "经甲方许可配合信息系统入云部署、测试、上线、运维、退出"),
    ("第九条第2款第(2)项", "甲方未组织业务系统应急演练", "2027-04-30",
     "往来函件登记", "未涉及", "配合甲方完成业务系统的应急演练"),
    ("第九条第2款第(3)项", "云平台通过第三方网络安全检查", "2027-01-08",
     "第三方检查报告（示例文件）", "符合"),
    ("第十条第1款", "未发现向第三方透露甲方信息的情形", "2027-04-30",
     "保密检查记录（示例文件）", "符合"),
    ("第十条第2款", "保密资料专柜存放，按核心机密管理，每季度检查一次", "2027-04-28",
     "保密检查记录（示例文件）", "符合"),
    ("第十条第5款", "未复制留存所返还的资料", "2027-05-18",
     "保密资料返还清单及签收回执", "符合"),
    ("第十一条第2款", "云平台软件均有授权，清单已提交", "2026-05-08",
     "软件授权清单（示例文件）", "符合"),
    ("第十二条第3款", "接受专项审计一次，无违法违规问题", "2027-01-21",
     "审计告知书及反馈单（示例文件）", "符合"),
    ("第十二条第5款第(1)项", "未收到云安全监管方的整改通知", "2027-04-28", "收文登记", "未涉及"),
    ("第十二条第5款第(2)项", "甲方安全整改建议三项，均已执行", "2027-04-28",
     "安全整改建议台账", "符合"),
    ("第十二条第5款第(4)项", "甲方未要求骨干和管理人员到场，值守按值守表执行", "2027-04-28",
     "值守签到表（示例文件）", "未涉及"),
    ("第八条第11款", "甲方尚未书面决定续用或迁移，按现状继续配合", "2027-05-06",
     "往来函件登记", ""),
)  # fmt: skip


def ledger() -> dict[str, tuple[Any, ...]]:
    """Return the rows of every sheet of the ledger by the name of their field."""
    return {
        "requests": (
            _request(1, "示例函〔2026〕5号", date(2026, 5, 21), "1957783.48"),
            _request(2, "示例函〔2026〕12号", date(2026, 11, 23), "1468337.62"),
            _request(3, "示例函〔2027〕6号", date(2027, 5, 24), "1453654.24"),
        ),
        "reminders": (
            Reminder(
                instalment=1,
                letter="示例函〔2026〕10号",
                delivered=date(2026, 11, 9),
                pay_by=date(2026, 11, 20),
                evidence="催告函签收回执",
            ),
        ),
        "claims": (
            Claim(
                number="ZZ-01",
                subject="迟延付款违约金",
                instalment=1,
                amount=Decimal("4111.35"),
                claimed=date(2027, 5, 18),
                letter="示例函〔2027〕4号",
                evidence="主张函签收回执",
            ),
        ),
        "tax_filings": (
            TaxFiling(
                month=date(2026, 5, 1),
                filed=date(2026, 6, 11),
                evidence="电子税务局申报记录",
            ),
            TaxFiling(
                month=date(2026, 11, 1),
                filed=date(2026, 12, 11),
                evidence="电子税务局申报记录",
            ),
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
                document="中期验收意见（2026-11-16，要求整改第二季度可用性未达标事项）",
                evidence="中期验收通知签收回执；中期验收意见",
            ),
            Acceptance(
                stage="最终",
                notice_received=date(2027, 5, 6),
                accepted=date(2027, 5, 12),
                result="通过",
                document="最终验收意见（2027-05-12，可用性未达标事宜另行协商）",
                evidence="验收通知签收回执；最终验收意见",
            ),
        ),
        "deductions": (
            Deduction(
                instalment=3,
                kind="违约金",
                amount=Decimal("14683.38"),
                demand="甲方《关于第二、第三服务季度可用性未达标事宜的函》（2027-02-08）",
                raised=date(2027, 2, 8),
                status=AGREED,
                agreement="《关于第二、第三服务季度及全年可用性未达标事宜的协商纪要》（2027-05-20）",
                agreed=date(2027, 5, 20),
                evidence="协商纪要（双方盖章件）",
            ),
        ),
        "fulfilments": tuple(_fulfilments()),
        "fiscal_approvals": (
            FiscalApproval(
                instalment=1,
                first_day=date(2026, 6, 30),
                last_day=date(2026, 11, 5),
                basis="甲方《关于首款支付进度的说明》（2026-11-06）",
                evidenced=date(2026, 11, 6),
                approved=date(2026, 11, 5),
                evidence="甲方说明函",
            ),
        ),
    }
