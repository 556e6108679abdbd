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
        day=date(2027, 4, 16),
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
_FIRST, _SECOND = "甲方信息中心、乙方项目组", "甲方信息中心、使用部门代表、乙方项目组"
_MEETINGS = (
    Meeting(
        number="HY-2026-01",
        day=date(2026, 8, 6),
        attendees=_FIRST,
        topic="第一季度服务情况",
        decision="低负载主机逐台核对用途",
        owner="乙方项目经理",
        due=date(2026, 9, 30),
        evidence="会议纪要（示例文件）",
    ),
    Meeting(
        number="HY-2026-02",
        day=date(2026, 11, 5),
        attendees=_FIRST,
        topic="第二季度可用性未达标",
        decision="平台升级改为逐节点滚动迁移",
        owner="乙方项目经理",
        due=date(2026, 12, 15),
        evidence="会议纪要（示例文件）",
    ),
    Meeting(
        number="HY-2026-02",
        day=date(2026, 11, 5),
        attendees=_FIRST,
        topic="中期验收安排",
        decision="组织中期验收",
        owner="甲方信息中心",
        due=date(2026, 11, 20),
        evidence="会议纪要（示例文件）",
    ),
    Meeting(
        number="HY-2027-01",
        day=date(2027, 2, 25),
        attendees=_SECOND,
        topic="重大活动保障安排",
        decision="全国两会期间夜间双人值守",
        owner="乙方项目经理",
        due=date(2027, 3, 2),
        evidence="会议纪要（示例文件）",
    ),
)


def opinions(quarter: ServiceQuarter) -> list[Opinion]:
    """Return what was said in the quarter."""
    return [row for row in _OPINIONS if quarter.first <= row.day <= quarter.last]


def meetings(quarter: ServiceQuarter) -> list[Meeting]:
    """Return what the meetings of the quarter decided."""
    return [row for row in _MEETINGS if quarter.first <= row.day <= quarter.last]
