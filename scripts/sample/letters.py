"""The letters: what the client wrote, what was answered, and the facts each letter asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from deliverables.model.letters_sheets import RECEIVED, SENT, Letter, LetterFact, LetterItem
from scripts.sample import plans


def _sent(number: str, kind: str, days: tuple[date, date], subject: str, **more: str) -> Letter:
    day, delivered = days
    return Letter(
        number=number,
        direction=SENT,
        kind=kind,
        day=day,
        subject=subject,
        our_number=more["our_number"],
        delivered=delivered,
        about=more.get("about", ""),
        answers=more.get("answers", ""),
        enclosures=more.get("enclosures", ""),
        evidence="发文登记及签收回执",
    )


def _letters() -> Iterator[Letter]:
    yield _sent(
        "HJ-01",
        "主要人员变更函",
        (date(2026, 9, 18), date(2026, 9, 21)),
        "更换存储与备份工程师",
        our_number="示例函〔2026〕8号",
        enclosures="同意书",
    )
    yield _sent(
        "HJ-02",
        "中期验收申请",
        (date(2026, 11, 2), date(2026, 11, 9)),
        "申请中期验收",
        our_number="示例函〔2026〕9号",
        enclosures="季度报告；中期验收单",
    )
    yield Letter(
        number="HJ-03",
        direction=RECEIVED,
        kind="整改通知",
        day=date(2026, 11, 16),
        subject="第二服务季度可用性未达标事项",
        their_number="示例发〔2026〕31号",
        their_day=date(2026, 11, 16),
        reply_by=date(2026, 11, 23),
        evidence="来函原件（示例文件）",
    )
    yield _sent(
        "HJ-04",
        "整改回复",
        (date(2026, 11, 20), date(2026, 11, 23)),
        "回复第二服务季度可用性整改",
        our_number="示例函〔2026〕11号",
        answers="HJ-03",
        enclosures="切换演练记录、巡检记录",
    )
    yield _sent(
        "HJ-05",
        "付款催告函",
        (date(2026, 12, 1), date(2026, 12, 3)),
        "催告支付二期款",
        our_number="示例函〔2026〕13号",
        about="第2期",
    )


_FACTS = (
    ("HJ-01", "原人员", "S006", "项目人员登记表"),
    ("HJ-01", "接替人员", "S013", "项目人员登记表"),
    ("HJ-01", "变更日期", "2026-10-23", "项目经理确认单（示例文件）"),
    ("HJ-01", "变更原因", "原人员岗位轮换", "项目经理确认单（示例文件）"),
    (
        "HJ-01",
        "接替人员资质",
        "从事存储与备份运维八年，持有存储系统工程师证书",
        "人员资格证书（示例文件）",
    ),
    (
        "HJ-02",
        "建议安排",
        "2026年11月16日前召开验收会，审阅两份季度报告，抽查运行记录。",
        "项目经理确认单（示例文件）",
    ),
    (
        "HJ-04",
        "整改情况",
        "平台升级、备用链路的整改见季度报告，本次回复其余两项。",
        "整改记录（示例文件）",
    ),
    ("HJ-04", "完成日期", "2026-11-20", "整改记录（示例文件）"),
    ("HJ-05", "付款期限", "2026-12-31", "财务部门确认单（示例文件）"),
)

_ITEMS = (
    (
        "HJ-04",
        "1",
        "互联网区出口切换",
        "备用链路由人工切换改为自动切换，演练一次，切换正常",
        date(2026, 11, 19),
    ),
    (
        "HJ-04",
        "2",
        "网络设备巡检",
        "每周巡检增加出口切换和会话表两个检查项，发现的两项隐患均已消除",
        date(2026, 11, 20),
    ),
)


def letters() -> dict[str, tuple[Any, ...]]:
    """Return the rows of every sheet of the letters by the name of their field."""
    return {
        "letters": (*_letters(), *plans.letters()),
        "facts": (*(
            LetterFact(number=number, item=item, content=content, evidence=evidence)
            for number, item, content, evidence in _FACTS
        ), *plans.facts()),
        "items": (*(
            LetterItem(
                number=number, order=Decimal(order), name=name, content=content, day=day,
                evidence="整改记录（示例文件）",
            )
            for number, order, name, content, day in _ITEMS
        ), *plans.items()),
    }  # fmt: skip
