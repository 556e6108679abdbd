"""Letters of what the sample's year has not seen: leaving and force majeure, each on its own.

They are a workbook beside the manual, for in the year itself an exit would change everything.
"""

from __future__ import annotations

from typing import Any

from scripts.sample.plans import Paper

_EXIT = Paper(
    number="HJ-01",
    kind="退出申请",
    day="2027-03-01",
    delivered="",
    subject="申请退出",
    facts={
        "服务末日": "2027-03-31",
        "退出原因": "我公司业务调整",
        "迁移安排": "自许可之日起派专人配合贵局完成数据导出、系统迁移和验证。",
    },
)

_NOTICE = Paper(
    number="HJ-02",
    kind="不可抗力通知",
    day="2027-02-27",
    delivered="2027-02-28",
    subject="通知不可抗力",
    our_number="示例函〔2027〕3号",
    facts={
        "不可抗力事件": "机房所在地发生水灾",
        "发生日期": "2027-02-27",
        "不能履行的义务": "政务外网区二号计算集群的持续服务",
        "已采取的措施": "转移业务数据，启用异地备份",
    },
    evidence="现场记录（示例文件）",
)

_PROOF = Paper(
    number="HJ-03",
    kind="不可抗力证明函",
    day="2027-03-01",
    delivered="",
    subject="提供不可抗力证明文件",
    about="HJ-02",
    facts={
        "不可抗力事件": "机房所在地发生水灾",
        "发生日期": "2027-02-27",
        "证明文件": "灾害证明一份",
        "出具机关": "所在地应急管理部门",
    },
    evidence="灾害证明（示例文件）",
)

_PAPERS = (_EXIT, _NOTICE, _PROOF)


def letters() -> dict[str, tuple[Any, ...]]:
    """Return the rows of every sheet of the letters by the name of their field."""
    return {
        "letters": tuple(one.letter() for one in _PAPERS),
        "facts": tuple(row for one in _PAPERS for row in one.told()),
        "items": tuple(row for one in _PAPERS for row in one.listed()),
    }
