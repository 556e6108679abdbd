"""The roster: made-up people whose identity numbers lie in an area that does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from deliverables.model.operations_sheets import StaffChange
from deliverables.model.roster_sheets import StaffMember
from scripts.sample.quarters import ServiceQuarter

_AREA = "999999"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_SIGNING_DAY = date(2026, 4, 29)
_OPERATIONS, _SECURITY, _SERVICE = "政务云运维部", "安全服务部", "客户服务部"
_CARD = "居民身份证"


def identity_number(birthday: str, sequence: int) -> str:
    """Return a well-formed identity number of the area 999999, with its check character."""
    digits = f"{_AREA}{birthday}{sequence:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return digits + _CHECKS[total % 11]


def members() -> tuple[StaffMember, ...]:
    """Return everyone on the project, in the order of their numbers."""
    return (
        _member("S001", "周启明", identity_number("19810416", 17), _OPERATIONS, "项目经理",
                key=True),
        _member("S002", "何𠮷祥", identity_number("19840923", 35), _OPERATIONS, "技术负责人",
                key=True),
        _member("S003", "阿卜杜拉·买买提", identity_number("19890512", 51), _OPERATIONS,
                "云平台运维工程师"),
        _member("S004", "苏婉清", identity_number("19900807", 62), _SECURITY, "安全运维工程师",
                key=True),
        _member("S005", "程若川", identity_number("19870228", 93), _OPERATIONS, "网络运维工程师"),
        _member("S006", "罗海宁", identity_number("19861105", 79), _OPERATIONS,
                "存储与备份工程师", key=True, left=date(2026, 10, 23)),
        _member("S007", "韩雪梅", identity_number("19930619", 24), _SERVICE, "服务台工程师"),
        _member("S008", "田野", identity_number("19951201", 16), _OPERATIONS, "监控值守工程师"),
        _member("S009", "Anna Kowalska", "XZ0000017", _OPERATIONS, "架构顾问", kind="护照"),
        _member("S010", "冯嘉树", None, _OPERATIONS, "监控值守工程师"),
        _member("S011", "邓子昂", identity_number("19920314", 38), _OPERATIONS,
                "数据库支持工程师", joined=date(2026, 6, 15), trained=date(2026, 6, 15),
                access=date(2026, 6, 15), signed=date(2026, 6, 18)),
        _member("S012", "马向荣", identity_number("19780930", 57), _OPERATIONS, "机房巡检工程师",
                unsigned="长期驻分支机房，协议原件尚未寄回", sign_by=date(2026, 9, 30),
                explained=date(2026, 7, 27)),
        _member("S013", "石敬之", identity_number("19880126", 11), _OPERATIONS,
                "存储与备份工程师", key=True, joined=date(2026, 11, 2),
                trained=date(2026, 11, 2), access=date(2026, 11, 3), signed=date(2026, 11, 2)),
        _member("S014", "白露", identity_number("19990907", 46), _SERVICE, "项目助理",
                joined=date(2026, 12, 7), trained=date(2026, 12, 7),
                unsigned="协议文本待甲方确认保密范围后签署", sign_by=date(2027, 2, 26),
                explained=date(2027, 1, 25)),
    )  # fmt: skip


def _member(
    number: str,
    name: str,
    identity: str | None,
    department: str,
    post: str,
    *,
    kind: str = _CARD,
    key: bool = False,
    joined: date = _SIGNING_DAY,
    left: date | None = None,
    trained: date = _SIGNING_DAY,
    access: date | None = date(2026, 4, 30),
    signed: date = _SIGNING_DAY,
    unsigned: str = "",
    sign_by: date | None = None,
    explained: date | None = None,
) -> StaffMember:
    return StaffMember(
        number=number,
        name=name,
        identity_kind=kind,
        identity_number=identity,
        department=department,
        post=post,
        key_staff=key,
        joined=joined,
        access_granted=None if unsigned else access,
        left=left,
        trained=trained,
        trainer="周启明" if number != "S001" else "苏婉清",
        signed=None if unsigned else signed,
        why_unsigned=unsigned,
        owner="周启明" if unsigned else "",
        sign_by=sign_by,
        explained=explained,
        evidence="项目人员登记表；保密培训签到表",
    )


_REPLACED = "罗海宁因岗位轮换离开，由石敬之接替；提前通知甲方并取得书面同意"
_NOTIFIED, _AGREED = date(2026, 9, 21), date(2026, 9, 28)
_TRAINING = (
    (date(2026, 5, 14), "全体在岗项目人员", "保密与数据安全专项培训"),
    (date(2026, 9, 3), "监控值守与服务台人员", "重大活动保障值守与信息报送培训"),
    (date(2027, 1, 21), "网络与安全运维人员", "防火墙策略变更双人复核操作培训"),
)


def staff_changes(quarter: ServiceQuarter) -> list[StaffChange]:
    """Return who came, left and was trained in the quarter, as the roster has it."""
    rows = [row for row in _movements() if quarter.first <= row.day <= quarter.last]
    return sorted(rows, key=lambda row: (row.day, row.name))


def _movements() -> Iterator[StaffChange]:
    for member in members():
        if member.joined > _SIGNING_DAY:
            yield _movement(member, "进入", member.joined)
        if member.left:
            yield _movement(member, "离开", member.left)
    for day, whom, subject in _TRAINING:
        yield StaffChange(
            day=day, kind="培训", name=whom, key_staff=False, remark=subject,
            evidence="培训签到表",
        )  # fmt: skip


def _movement(member: StaffMember, kind: str, day: date) -> StaffChange:
    return StaffChange(
        day=day,
        kind=kind,
        name=member.name,
        post=member.post,
        key_staff=member.key_staff,
        notified=_NOTIFIED if member.key_staff else None,
        agreed=_AGREED if member.key_staff else None,
        remark=_REPLACED if member.key_staff else "",
        evidence="人员变更通知函及甲方回函" if member.key_staff else "项目人员登记表",
    )
