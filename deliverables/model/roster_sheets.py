"""The roster of everyone on the project: staff.xlsx, declared once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, Final

from deliverables.model.fields import (
    DAY,
    DIGITS,
    YES_NO,
    Record,
    Row,
    choice,
    declared,
    rows_known,
    sheet,
    text,
)
from deliverables.values.figure import Source

_ON_PROJECTS = (date(2010, 1, 1), date(2060, 12, 31))
"""When somebody can join a project, be trained for it or leave it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterCover(Record):
    """The 说明 sheet of the roster."""

    sample: bool = declared("示例数据", YES_NO, hint="示例数据生成的文件每页印“示例”，不能定稿")


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffMember(Row):
    """人员名册: one person; the identity number appears in their agreement, nowhere else."""

    sheet: ClassVar[str] = "人员名册"
    purpose: ClassVar[str] = "全体参与本项目的人员每人一行；证件号码只用于本人的保密协议"

    number: str = text("编号", hint="用于文件名和协议编号，如 S001")
    name: str = text("姓名")
    identity_kind: str = declared(
        "证件类型", choice("居民身份证", "护照", "港澳居民居住证", "台湾居民居住证")
    )
    identity_number: str | None = declared(
        "证件号码", DIGITS, optional=True, hint="文本格式；留空则协议留空由本人手写"
    )
    department: str = text("所属部门")
    post: str = text("岗位")
    key_staff: bool = declared("主要人员", YES_NO)
    joined: date = declared("进入项目日期", DAY, between=_ON_PROJECTS)
    access_granted: date | None = declared(
        "权限开通日期", DAY, optional=True, known_on=("access_granted",), between=_ON_PROJECTS
    )
    left: date | None = declared(
        "离开日期", DAY, optional=True, known_on=("left",), between=_ON_PROJECTS
    )
    trained: date | None = declared(
        "保密培训日期", DAY, optional=True, known_on=("trained",), between=_ON_PROJECTS
    )
    trainer: str = text("讲解人", optional=True, known_on=("trained",))
    signed: date | None = declared(
        "协议签署日期", DAY, optional=True, known_on=("signed",), between=_ON_PROJECTS
    )
    why_unsigned: str = text(
        "未签署原因",
        hint="进入项目而尚未签署的填写，签署后清空",
        optional=True,
        known_on=("explained",),
    )
    owner: str = text(
        "督促签署责任人",
        hint="进入项目而尚未签署的填写",
        optional=True,
        known_on=("explained",),
    )
    sign_by: date | None = declared(
        "预计签署日期",
        DAY,
        hint="进入项目而尚未签署的填写",
        optional=True,
        known_on=("explained",),
        between=_ON_PROJECTS,
    )
    explained: date | None = declared(
        "未签署情况更新日期",
        DAY,
        hint="填写或改写前三栏之日；成文日期在此之前的文件不用其内容",
        optional=True,
        known_on=("explained",),
        between=_ON_PROJECTS,
    )


SECRET: Final = (StaffMember, "identity_number")
"""The column of which a screen, a log and a comparison show the end alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Roster:
    """The roster's workbook."""

    file: str
    cover: RosterCover
    sheet_places: Mapping[str, Source] = field(default_factory=dict, repr=False, compare=False)
    members: tuple[StaffMember, ...] = sheet(StaffMember)

    def as_known(self, day: date) -> Roster:
        """Return what the roster knew at the end of the day; itself if it knew all of it."""
        known = rows_known(self.members, day)
        return self if known is self.members else replace(self, members=known)

    def unsigned(self, day: date) -> tuple[StaffMember, ...]:
        """Return who had joined by the day and not signed by then; who had left is none of them."""
        return tuple(
            member
            for member in self.members
            if member.joined <= day
            and (member.signed is None or member.signed > day)
            and (member.left is None or member.left >= day)
        )
