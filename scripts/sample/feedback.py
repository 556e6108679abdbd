"""What the client said of the service, and the service meetings."""

from __future__ import annotations

from datetime import date

from deliverables.model.operations_sheets import Meeting, Opinion
from scripts.sample.quarters import ServiceQuarter

_OPINIONS = (
    Opinion(
        day=date(2026, 7, 3),
        kind="表扬",
        party="行政审批处",
        subject="系统扩容配合及时",
        evidence="甲方邮件（示例文件）",
    ),
    Opinion(
        day=date(2026, 11, 27),
        kind="投诉",
        party="办公室",
        subject="11月24日供电中断后恢复进展通报不及时",
        closed=date(2026, 12, 4),
        outcome="改为每三十分钟通报一次进展，已书面答复",
        evidence="投诉登记单（示例文件）",
    ),
    Opinion(
        day=date(2027, 4, 12),
        kind="满意度调查",
        party="使用云平台的十二个部门",
        subject="年度满意度调查",
        sent=24,
        returned=22,
        satisfied=15,
        fair=5,
        dissatisfied=2,
        evidence="满意度问卷汇总（示例文件）",
    ),
)
_OFFICES = "甲方信息中心、乙方项目组"
_MEETINGS = tuple(
    Meeting(
        number=number,
        day=date.fromisoformat(day),
        attendees=attendees,
        topic=topic,
        decision=decision,
        matters=matters,
        evidence=f"{number}会议纪要（示例文件）",
    )
    for number, day, attendees, topic, decision, matters in (
        ("HY-2026-01", "2026-08-06", _OFFICES, "第一季度服务情况",
         "低负载主机逐台核对用途", "WT-07"),
        ("HY-2026-01", "2026-08-06", _OFFICES, "合同未明确的事项",
         "甲方书面答复服务期划分，提供附件一", "TQ-01、TQ-02"),
        ("HY-2026-02", "2026-11-05", _OFFICES, "第二季度可用性未达标",
         "平台升级改为逐节点滚动迁移", "WT-04"),
        ("HY-2026-02", "2026-11-05", _OFFICES, "中期验收安排", "组织中期验收", "TQ-03、JH-07"),
        ("HY-2027-01", "2027-02-03", "双方项目联系人等6人",
         "防火墙策略变更", "双人复核，变更前一个工作日告知甲方", "JH-12"),
        ("HY-2027-01", "2027-02-03", "双方项目联系人等6人",
         "监控报告频率", "附件一取得前继续每月报送", "JH-13"),
        ("HY-2027-01", "2027-02-03", "双方项目联系人等6人",
         "附件一", "甲方提供盖章版附件一", "TQ-02"),
        ("HY-2027-02", "2027-02-25", "甲方信息中心、使用部门代表、乙方项目组",
         "重大活动保障安排", "全国两会期间夜间双人值守", "JH-09"),
    )
)  # fmt: skip


def opinions(quarter: ServiceQuarter) -> list[Opinion]:
    """Return what was said in the quarter."""
    return [row for row in _OPINIONS if quarter.first <= row.day <= quarter.last]


def meetings(quarter: ServiceQuarter) -> list[Meeting]:
    """Return what the meetings of the quarter decided."""
    return [row for row in _MEETINGS if quarter.first <= row.day <= quarter.last]
