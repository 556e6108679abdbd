"""Letters sent and received, the facts they ask for, their lists: letters.xlsx, declared once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from deliverables.model.fields import (
    DAY,
    DECIMAL,
    TEXT,
    YES_NO,
    Raw,
    Record,
    Row,
    ValueType,
    choice,
    declared,
    rows_known,
    sheet,
    show_moment,
    text,
)
from deliverables.values.figure import Source

SENT, RECEIVED = "发出", "收到"


def _content(raw: Raw) -> str:
    """Read a fact as it is written: Excel makes a day or a number of what looks like one."""
    if isinstance(raw, datetime):
        midnight = (raw.hour, raw.minute, raw.second) == (0, 0, 0)
        return raw.date().isoformat() if midnight else show_moment(raw)
    if isinstance(raw, date):
        return raw.isoformat()
    found: str = TEXT.parse(raw)
    return found


CONTENT = ValueType("文本、日期或数字", _content, str, "@", is_text=True)
"""A fact of any type; what type it must have, the letter says that asks for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LettersCover(Record):
    """The 说明 sheet of the letters."""

    sample: bool = declared("示例数据", YES_NO, hint="示例数据生成的文件每页印“示例”，不能定稿")


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter(Row):
    """函件: one letter, sent or received; one received starts the clock of what answers it."""

    sheet: ClassVar[str] = "函件"
    purpose: ClassVar[str] = "每份函件一行，发出的和收到的都登记；要写的函由 letter add 写入本表"
    known_on: ClassVar[tuple[str, ...]] = ("day",)

    number: str = text("编号", hint="如 HJ-01，函件事项、函件明细按它对应")
    direction: str = declared("方向", choice(SENT, RECEIVED))
    kind: str = text("种类", hint="函件种类的名称，如 催款函；收到的写来函事由的种类，如 整改通知")
    day: date = declared("日期", DAY, hint="收到的填收到之日，以签收为准；发出的填登记之日")
    subject: str = text("事由", optional=True)
    about: str = text(
        "关联",
        hint="关联的期次、人员、事件、前一函的编号，或撤回的文件；与整个合同有关的留空",
        optional=True,
    )
    their_number: str = text("对方文号", optional=True)
    their_day: date | None = declared("来函日期", DAY, hint="来函所署日期", optional=True)
    reply_by: date | None = declared(
        "答复期限", DAY, hint="来函要求答复或办结之日；没有写的留空", optional=True
    )
    our_number: str = text(
        "我方文号", hint="如 某函〔2026〕9号，每年从 1 起，一个文号只用一次", optional=True
    )
    delivered: date | None = declared(
        "送达日期", DAY, hint="以签收回执为准", optional=True, known_on=("delivered",)
    )
    answers: str = text("答复哪一函", hint="所答复来函的编号", optional=True)
    enclosures: str = text("附件", hint="随函附件的名称，几份的用分号分开", optional=True)

    @property
    def received(self) -> bool:
        """Whether the client or somebody else sent it to us."""
        return self.direction == RECEIVED


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterFact(Row):
    """函件事项: one fact that a letter asks for beyond what the other files say."""

    sheet: ClassVar[str] = "函件事项"
    purpose: ClassVar[str] = (
        "函件所需的事实，每项一行；项目由 letter add 写好，内容由人填，没有填的函件不能生成"
    )

    number: str = text("编号", hint="函件表中的编号")
    item: str = text("项目", hint="由 letter add 写入，不改")
    content: str | None = declared(
        "内容", CONTENT, hint="日期写 2026-07-30，人员写名册编号，其余照实写", optional=True
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterItem(Row):
    """函件明细: a line of the list that a letter carries: materials, measures, things returned."""

    sheet: ClassVar[str] = "函件明细"
    purpose: ClassVar[str] = "函件中的清单，每项一行，按序号印出"

    number: str = text("编号", hint="函件表中的编号")
    order: Decimal = declared("序号", DECIMAL)
    name: str = text("名称")
    content: str = text("内容", optional=True)
    day: date | None = declared("日期", DAY, optional=True)
    quantity: Decimal | None = declared("数量", DECIMAL, optional=True)
    remark: str = text(
        "备注",
        hint="整改事项已列入“问题与计划”的，写其编号，如 WT-2026-001，据此得知后来何时办结",
        optional=True,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Letters:
    """The workbook of the letters."""

    file: str
    cover: LettersCover
    sheet_places: Mapping[str, Source] = field(default_factory=dict, repr=False, compare=False)
    letters: tuple[Letter, ...] = sheet(Letter)
    facts: tuple[LetterFact, ...] = sheet(LetterFact)
    items: tuple[LetterItem, ...] = sheet(LetterItem)

    def as_known(self, day: date) -> Letters:
        """Return what was known at the end of the day; facts and lists go with their letter."""
        letters = rows_known(self.letters, day)
        if letters is self.letters:
            return self
        known = {row.number for row in letters}
        later = {row.number for row in self.letters} - known
        return replace(
            self,
            letters=letters,
            facts=tuple(row for row in self.facts if row.number not in later),
            items=tuple(row for row in self.items if row.number not in later),
        )

    def facts_of(self, letter: Letter) -> Mapping[str, LetterFact]:
        """Return the facts of a letter by their item; of two with one item the first."""
        found = [row for row in self.facts if row.number == letter.number]
        return {row.item: row for row in reversed(found)}

    def items_of(self, letter: Letter) -> tuple[LetterItem, ...]:
        """Return the list of a letter in its order."""
        found = (row for row in self.items if row.number == letter.number)
        return tuple(sorted(found, key=lambda row: row.order))
