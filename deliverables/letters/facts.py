"""The facts a letter can name that nobody typed: reckoned here, each with its origin.

A text names them by path, `instalment.outstanding`. What a letter cannot say with a name becomes a
fact here (docs/函件申明.md lists them): there is no other way to compute anything in a letter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import FunctionType
from typing import Any, Final

from deliverables.compute.account import InstalmentAccount, in_words, period_sentence, surely_due
from deliverables.compute.figures import made_on
from deliverables.compute.incidents import IncidentLine
from deliverables.compute.late_payment import Refund, refund_of
from deliverables.compute.milestones import Milestone, excuses_fiscal_delay, rework_due
from deliverables.compute.term import (
    length_of,
    over_half,
    served_period,
    service_end,
    signing,
    term_start,
)
from deliverables.letters.case import (
    Case,
    NoFactError,
    acceptances,
    day_asked,
    next_interim,
    notice_of,
)
from deliverables.letters.declaration import INCIDENT, INSTALMENT, LETTER, WITHDRAWN
from deliverables.letters.incident import IncidentReport, incident_report
from deliverables.letters.instalment import money_of, requests_delivered, state_of
from deliverables.letters.materials import materials_of
from deliverables.letters.monitor import MonitorReport, monitor_report, series_article
from deliverables.letters.service_facts import (
    HeldDrill,
    PersonLine,
    StatedDuty,
    StorageLine,
    WatchLine,
    articles,
    drill_of,
    duties,
    duties_at_the_end,
    held,
    incidents_had,
    key_staff,
    kinds_held,
    platform,
    storage,
    switch_by,
    systems_held,
    watch,
    watch_count,
)
from deliverables.letters.withdrawal import Withdrawal, withdrawal
from deliverables.model.contract import Clause, Contract, Instalment, Notice
from deliverables.model.ledger_sheets import FINAL
from deliverables.model.letters_sheets import Letter
from deliverables.model.operations_sheets import DRILL, WATCH
from deliverables.status import FAILED
from deliverables.values.calendar import Deadline, Provisional, show_day
from deliverables.values.capitals import write_capitals
from deliverables.values.chinese_numbers import chinese_ordinal
from deliverables.values.figure import Derivation, Figure, Statement
from deliverables.values.time_limit import FreeEvent, Shape, TimeLimit, ends
from deliverables.values.title import within_title


@dataclass(frozen=True, slots=True)
class TermFacts:
    """The term of service: 首日、末日（提前终止的为终止之日）、过半之日."""

    first: Figure[date]
    last: Figure[date]
    past_half: Figure[date]


def _term(case: Case) -> TermFacts:
    contract = case.book.contract
    return TermFacts(term_start(contract), service_end(contract, case.as_of), over_half(contract))


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request for payment that was sent: 函号、送达日期、申请金额."""

    letter: Figure[str]
    delivered: Figure[date | None]
    amount: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class StandingInvoice:
    """An invoice of the instalment: 发票号码、开票日期、价税合计."""

    number: Figure[str]
    issued: Figure[date]
    gross: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class KnownCondition:
    """A condition of payment: 名称、成就日期、依据."""

    name: str
    met_on: Figure[date | None]
    evidence: Statement


def _state(case: Case) -> InstalmentAccount:
    state = state_of(case)
    if state is None:
        raise NoFactError("ledger.xlsx")
    return state


def _ordinal(case: Case) -> Statement:
    item = _state(case).instalment
    return Statement.of("期次", f"第{chinese_ordinal(item.number)}期款", "", item.figure("number"))


def _in_words(case: Case) -> Figure[str]:
    outstanding = _state(case).outstanding
    if outstanding.value <= 0:
        raise NoFactError("outstanding")
    return in_words(outstanding)


def _deadline(case: Case) -> Statement:
    state = _state(case)
    if state.deadline is None:
        raise NoFactError("deadline")
    return Statement.of("付款期限", period_sentence(state), state.instalment.article, *state.set_by,
                        rule="约定的付款期限")  # fmt: skip


def _due_on(case: Case) -> Figure[date]:
    state = _state(case)
    if state.deadline is None:
        raise NoFactError("deadline")
    day = surely_due(state.deadline)
    rule = "暂定区间的最晚一日" if isinstance(state.deadline, Provisional) else "约定的付款期限"
    origin = Derivation(rule, state.instalment.article, state.set_by)
    return Figure("付款期限届满日", day, show_day(day), origin)


def _request(case: Case) -> RequestLine:
    sent = requests_delivered(case)
    if not sent:
        raise NoFactError("requests")
    return RequestLine(*map(sent[-1].figure, ("letter", "delivered", "amount")))


def _invoices(case: Case) -> tuple[StandingInvoice, ...]:
    return tuple(
        StandingInvoice(*map(row.figure, ("number", "issued", "gross")))
        for row in _state(case).standing_invoices
    )


def _conditions(case: Case) -> tuple[KnownCondition, ...]:
    state = _state(case)
    text = state.instalment.figure("condition_text")
    return tuple(
        KnownCondition(
            one.name,
            one.met_on
            or Figure(one.name, None, "未成就" if one.known else "我公司尚未获知",
                      Derivation("无成就依据", one.article, (one.said, text))),
            one.said,
        )
        for one in state.conditions
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SealedMaterial:
    """A material of acceptance: 序号、名称、用印日期."""

    number: str
    title: str
    sealed_on: Figure[date]


def _materials(case: Case) -> tuple[SealedMaterial, ...]:
    sealed = [(one.title, one.sealed) for one in materials_of(case) if one.sealed is not None]
    return tuple(
        SealedMaterial(str(number), title, day) for number, (title, day) in enumerate(sealed, 1)
    )


def _materials_count(case: Case) -> Figure[int]:
    days = tuple(one.sealed for one in materials_of(case) if one.sealed is not None)
    if not days:
        raise NoFactError("materials")
    article = case.book.contract.acceptance.article
    origin = Derivation("登记簿中已用印的材料份数", article, days)
    return Figure("材料份数", len(days), str(len(days)), origin)


def _interim(case: Case) -> tuple[Instalment, Milestone]:
    asked = next_interim(case)
    if asked is None:
        raise NoFactError("interim")
    return asked


def _interim_name(case: Case) -> Figure[str]:
    item, row = _interim(case)
    name = f"{row.stage}验收"
    origin = Derivation("尚未通过的下一次中期验收", item.article, (item.figure("conditions"),))
    return Figure("中期验收", name, name, origin)


def _notice(name: str) -> Callable[[Case], Figure[Any]]:
    """Return how it is found how long before, or within which time, a notice is given."""

    def length(case: Case) -> Figure[Any]:
        notice: Notice | None = getattr(case.book.contract.notices, name)
        if notice is None:
            raise NoFactError(f"notices.{name}")
        return length_of(notice, "period")

    return length


def _notice_counted(name: str) -> Callable[[Case], bool]:
    """Return how it is found whether the contract gives a number for that."""

    def counted(case: Case) -> bool:
        notice: Notice | None = getattr(case.book.contract.notices, name)
        return notice is not None and notice.period.unit is not None

    return counted


def _clause(shown_by: str, otherwise: Callable[[Contract], Clause | None]) -> Callable[[Case], Any]:
    """Return how the article of a duty is found: in the table of duties, else in its block."""

    def article(case: Case) -> Figure[str]:
        contract = case.book.contract
        rows = [one for one in contract.duties if one.shown_by == shown_by]
        clause = rows[0] if rows else otherwise(contract)
        if clause is None:
            raise NoFactError(shown_by)
        found: Figure[str] = clause.figure("article")
        return found

    return article


def _of_notice(name: str, shown_by: str) -> Callable[[Case], Figure[str]]:
    """Return how the one article of a notice period is found: its own, else that of the duty."""
    by_duty = _clause(shown_by, lambda one: getattr(one.notices, name))

    def article(case: Case) -> Figure[str]:
        notice: Notice | None = getattr(case.book.contract.notices, name)
        found: Figure[str] = (
            notice.figure("article") if notice is not None and notice.article else by_duty(case)
        )
        return found

    return article


def _of_confidence(name: str) -> Callable[[Case], Figure[str]]:
    """Return how the clause of a duty of confidence is found, of a contract that has any."""

    def article(case: Case) -> Figure[str]:
        terms = case.book.contract.confidentiality
        if terms is None:
            raise NoFactError("confidentiality")
        return terms.clause(name)

    return article


def _gives_back(case: Case) -> bool:
    terms = case.book.contract.confidentiality
    return terms is not None and bool(terms.return_article)


def _fiscal(case: Case) -> bool:
    item = _state(case).instalment
    return "fiscal_approval" in item.conditions or excuses_fiscal_delay(item)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The latest final acceptance that failed: 验收日期、验收文件、应重新提交之日."""

    day: Figure[date]
    document: Figure[str]
    mend_by: Figure[date]


def _refusal(case: Case) -> Refusal:
    rows = [row for row in acceptances(case, FINAL) if row.result == FAILED and row.accepted]
    row = rows[-1] if rows else None
    if row is None or row.accepted is None:
        raise NoFactError("acceptances")
    due = rework_due(case.book.contract, case.book.calendar, row.accepted)
    accepted = row.figure("accepted")
    return Refusal(accepted, row.figure("document"), _day_of(due, case, (accepted,)))


def _day_of(due: Deadline | None, case: Case, inputs: tuple[Figure[Any], ...]) -> Figure[date]:
    if due is None:
        raise NoFactError("rework")
    day = due.earliest if isinstance(due, Provisional) else due.date
    terms = case.book.contract.acceptance
    origin = Derivation("次日起数约定的期限", terms.article,
                        (*inputs, terms.figure("rework")))  # fmt: skip
    return Figure("办理期限", day, show_day(day), origin)


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """What acceptance confirms: 序号、类别、条款、合同要求、验收标准、验收方法."""

    number: Figure[str]
    standard: str
    article: Figure[str]
    asked: Figure[str]
    measure: Statement
    method: Statement


def _requirements(case: Case) -> tuple[RequirementRow, ...]:
    from deliverables.compute.requirement import (  # noqa: PLC0415  # slow to import
        asked_by,
        checked_in,
        measured_by,
    )

    rows = enumerate(asked_by(case.book.contract), 1)
    return tuple(
        RequirementRow(
            number=Figure("序号", str(at), str(at), Derivation("依次编号", "", (asked,))),
            standard=standard,
            article=duty.figure("article"),
            asked=asked,
            measure=measured_by(case.book.contract, duty),
            method=checked_in(case.book.contract, duty),
        )
        for at, (standard, duty, asked) in rows
    )


@dataclass(frozen=True, slots=True)
class Reply:
    """Until when a letter received must be answered: the day it names, else the contract's."""

    by: Figure[date]


def _reply(case: Case) -> Reply:
    row = case.row
    if not isinstance(row, Letter):
        raise NoFactError("letters")
    if row.reply_by:
        return Reply(row.figure("reply_by"))
    due = rework_due(case.book.contract, case.book.calendar, row.day)
    return Reply(_day_of(due, case, (row.figure("day"),)))


def _force_majeure(case: Case) -> Notice:
    notice = case.book.contract.notices.force_majeure
    if notice is None:
        raise NoFactError("notices.force_majeure")
    return notice


def _copies_in_words(case: Case) -> Figure[int]:
    copies = case.book.contract.identity.figure("copies")
    if not copies.value:
        raise NoFactError("copies")
    words = write_capitals(Decimal(copies.value)).removesuffix("元整")
    return Figure("合同份数", copies.value, words, Derivation("大写", "", (copies,)))


def _supplement(case: Case) -> Figure[str]:
    """Return the article on supplements, by the table of duties; else of the contract itself."""
    contract = case.book.contract
    rows = [one for one in contract.duties if "补充协议" in one.duty]
    found: Figure[str] = (rows[0] if rows else contract.identity).figure("article")
    return found


def _proof(case: Case) -> Statement:
    """Return until when proof of force majeure is promised; without a day if none follows."""
    notice = _force_majeure(case)
    struck, length = day_asked(case, "发生日期"), notice.figure("period")
    limit, start = notice.period, FreeEvent(said="不可抗力发生")
    within = TimeLimit(Shape.WITHIN, limit.count, limit.unit, (start,)) if limit.unit else None
    due = ends(within, {start.key: struck.value}, case.book.calendar) if within else None
    behind = (struck, length, made_on(case.as_of))
    last = due.earliest if isinstance(due, Provisional) else due.date if due else None
    if last is None or last < case.as_of:
        pattern = "我公司将及时提供证明文件。"
        return Statement.of("证明期限", pattern, notice.article, *behind)
    by = Figure("证明期限届满日", last, show_day(last),
                Derivation("不可抗力发生之次日起数约定的期限", notice.article, behind))  # fmt: skip
    pattern = "我公司将于{by}前（含当日）提供证明文件。"
    return Statement.of("证明期限", pattern, notice.article, by=by)


@dataclass(frozen=True, slots=True)
class NoticeSent:
    """A letter that we sent before and that this one follows up: 文号、日期、送达日期."""

    number: Figure[str]
    dated: Figure[date]
    delivered: Figure[date | None]


def _notice_sent(case: Case) -> NoticeSent:
    row = notice_of(case)
    if row is None:
        raise NoFactError("关联")
    return NoticeSent(row.figure("our_number"), row.figure("day"), row.figure("delivered"))


_EXIT_DAY: Final = "服务末日"


def _exit_refund(case: Case) -> Refund:
    """Return the refund by what had been paid on the day of the letter (第十三条).

    NoFactError without a ledger, without a clause on leaving, and for a day outside the term.
    """
    contract, money, last = case.book.contract, money_of(case), day_asked(case, _EXIT_DAY)
    notice, served = contract.notices.exit, served_period(contract, case.as_of)
    if money is None or notice is None or not served.contains(last.value):
        raise NoFactError(_EXIT_DAY)
    return refund_of(contract, last, notice.article, money)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact, or a group of them: what it is, its type, how it is reckoned; `per` what it needs.

    Rows that `may_lack` keep no letter from being written: the text asks for them with an `if`.
    A type that is slow to import is given by a function.
    """

    says: str
    given: Any
    make: Callable[[Case], Any]
    per: tuple[str, ...] = ()
    may_lack: bool = False

    @property
    def type(self) -> Any:
        """The type of the fact."""
        return self.given() if isinstance(self.given, FunctionType) else self.given


def _reported(name: str) -> Callable[[], Any]:
    """Return what gives the type of rows that the reports tell."""

    def rows() -> Any:
        from deliverables.compute import operations  # noqa: PLC0415  # slow to import, for few letters

        return tuple[getattr(operations, name), ...]  # type: ignore[misc]  # made from a name

    return rows


_LONGEST_VERB: Final = "关于请予支付"
"""The most that stands in front of a name in the titles of the house, shorter ones being as well
shaped."""


def _in_title(before: str) -> Callable[[Case], Figure[str]]:
    """Return how the name of the service is broken in a title, before 项目 and behind words."""

    def name(case: Case) -> Figure[str]:
        named: Figure[str] = case.book.contract.service.figure("name")
        return replace(named, text=within_title(named.text, before, "项目"))

    return name


def _you(case: Case) -> Figure[str]:
    name = case.book.contract.client.figure("name")
    text = case.book.contract.client.polite_name
    return Figure("对甲方的称呼", text, text, Derivation("按单位名称称贵局、贵委等", "", (name,)))


_EMERGENCY: Final = (("应急预案", "应急演练", "应急保障"), "应急演练")
_WATCHES: Final = (("重大活动",), "重大活动保障")
_INSPECTION: Final = (("监督检查", "安全整改"), "问题整改")
_SECURITY_CHECK: Final = (("第三方网络安全检查", "第三方安全检查"), "安全防护")
"""By which words the duties of a subject are known, or else by which record that shows them."""

FACTS: Final[Mapping[str, Fact]] = {
    "you": Fact("对甲方的称呼，如贵局", Figure, _you),
    "dated": Fact("成文日期，即 --as-of 的日期", Figure, lambda case: made_on(case.as_of)),
    "signed_on": Fact("合同签订日期", Figure, lambda case: signing(case.book.contract)),
    "term": Fact("服务期：first 首日、last 末日、past_half 过半之日", TermFacts, _term),
    "materials": Fact("已用印的验收材料：number、title、sealed_on", tuple[SealedMaterial, ...],
                      _materials),
    "materials_count": Fact("已用印的验收材料份数", Figure, _materials_count),
    "requirements": Fact("逐项验收的合同要求：number、standard、article、asked、measure、method",
                         tuple[RequirementRow, ...], _requirements),
    "copies_in_words": Fact("合同份数大写，如肆", Figure, _copies_in_words),
    "interim.article": Fact("以下一次中期验收为付款条件的条款", Figure,
                            lambda case: _interim(case)[0].figure("article")),
    "interim.name": Fact("下一次中期验收，如第二次中期验收", Figure, _interim_name),
    "title.about": Fact("标题中关于某事之后的服务名称，长的按词分行", Figure,
                        _in_title(_LONGEST_VERB)),
    "title.alone": Fact("标题开头的服务名称，长的按词分行", Figure, _in_title("")),
    "clause.key_staff": Fact("更换主要人员的条款", Figure,
                             _of_notice("key_staff", "主要人员更换")),
    "clause.force_majeure": Fact("不可抗力通知的条款", Figure,
                                 lambda case: _force_majeure(case).figure("article")),
    "clause.supplement": Fact("补充协议的条款，没有写明的是合同本身", Figure, _supplement),
    "clause.give_back": Fact("归还保密资料的条款", Figure, _of_confidence("return_article")),
    "clause.give_back_stated": Fact("合同是否约定了归还保密资料", bool, _gives_back),
    "clause.agreement": Fact("保密教育和保密协议的条款", Figure,
                             _of_confidence("agreement_article")),
    "clause.exit": Fact("退出的条款", Figure, _of_notice("exit", "退出")),
    "clause.rework": Fact("返工、整改的条款", Figure,
                          _clause("验收返工", lambda one: one.acceptance)),
    "clause.quality": Fact("服务质量的条款", Figure,
                           _clause("可用性", lambda one: one.service_levels)),
    "acceptance.days": Fact("验收期限有多长，如5个工作日", Figure,
                            lambda case: length_of(case.book.contract.acceptance, "period")),
    "acceptance.rework_days": Fact("返工期限有多长", Figure,
                                   lambda case: length_of(case.book.contract.acceptance,
                                                          "rework")),
    "acceptance.materials_stated": Fact(
        "合同是否约定了验收材料", bool, lambda case: bool(case.book.contract.acceptance.materials)
    ),
    "acceptance.counted": Fact("合同是否约定了验收期限", bool,
                               lambda case: bool(case.book.contract.acceptance.period.unit)),
    "acceptance.rework_counted": Fact("合同是否约定了返工期限", bool,
                                      lambda case: bool(case.book.contract.acceptance.rework.unit)),
    "notice.key_staff": Fact("更换主要人员应提前多久通知，如10个工作日", Figure,
                             _notice("key_staff")),
    "notice.key_staff_counted": Fact("合同是否约定了更换主要人员的通知期限", bool,
                                     _notice_counted("key_staff")),
    "notice.exit": Fact("退出应提前多久申请，如30日", Figure, _notice("exit")),
    "notice.exit_counted": Fact("合同是否约定了退出的申请期限", bool,
                                _notice_counted("exit")),
    "notice.force_majeure": Fact("不可抗力发生后多久内提供证明", Figure, _notice("force_majeure")),
    "exit": Fact("按服务末日计算的退费：term_days、served_days、earned、paid、refund、unpaid，"
                 "refunds 是否应退", Refund, _exit_refund, (f"{LETTER}.函件",)),
    "proof": Fact("提供不可抗力证明的承诺", Figure, _proof, (f"{LETTER}.函件",)),
    "notice_sent": Fact("关联的我方函件：number、dated、delivered", NoticeSent, _notice_sent,
                        (f"{LETTER}.函件",)),
    "refusal": Fact("最近一次不通过的最终验收：day、document、mend_by", Refusal, _refusal),
    "clause.emergency": Fact("约定应急预案和应急演练的条款", Figure, articles(*_EMERGENCY)),
    "clause.watch": Fact("约定重大活动保障的条款", Figure, articles(*_WATCHES)),
    "clause.inspection": Fact("约定监督检查和整改的条款", Figure, articles(*_INSPECTION)),
    "clause.security_check": Fact("约定第三方安全检查的条款", Figure, articles(*_SECURITY_CHECK)),
    "clause.switch_over": Fact("约定期满迁移和切换的条款", Figure,
                               lambda case: case.book.contract.cessation.figure("article")),
    "duties.emergency": Fact("合同关于应急的约定：article、duty、owner", tuple[StatedDuty, ...],
                             duties(*_EMERGENCY)),
    "duties.watch": Fact("合同关于重大活动保障的约定", tuple[StatedDuty, ...], duties(*_WATCHES)),
    "duties.inspection": Fact("合同关于监督检查和整改的约定", tuple[StatedDuty, ...],
                              duties(*_INSPECTION)),
    "duties.switch_over": Fact("合同关于迁移和切换的约定", tuple[StatedDuty, ...],
                               duties_at_the_end),
    "platform": Fact("最近一个已结束报告期末，云平台承载多少业务系统", Figure, platform),
    "stock": Fact("期末资源：kind、unit、closing 等", _reported("KindLine"), kinds_held,
                  may_lack=True),
    "systems": Fact("各业务系统期末资源：system、hosts、vcpu、memory、storage、addresses",
                    _reported("SystemLine"), systems_held, may_lack=True),
    "storage": Fact("最近一个月的数据量：month、storage、capacity、scheme",
                    tuple[StorageLine, ...], storage, may_lack=True),
    "incidents_had": Fact("已结束报告期的事件：number、title、started、minutes、cause、action 等",
                      tuple[IncidentLine, ...], incidents_had, may_lack=True),
    "key_staff": Fact("在岗的主要人员：name、post、department", tuple[PersonLine, ...], key_staff),
    "drills_held": Fact("已经完成的应急演练：name、last、days、duty、conclusion、improvement",
                        tuple[HeldDrill, ...], held(DRILL), may_lack=True),
    "watches_held": Fact("已经完成的重大活动保障，各项同 drills_held", tuple[HeldDrill, ...],
                         held(WATCH), may_lack=True),
    "drill": Fact("关联的一次应急演练，各项同 drills_held，另有 evidence", HeldDrill, drill_of),
    "watch": Fact("值守安排：day、name、post、key、shift、remark，人员取自名册",
                  tuple[WatchLine, ...], watch),
    "watch_count": Fact("值守人次合计", Figure, watch_count),
    "switch_by": Fact("切换期限的最后一日", Figure, switch_by),
    "instalment.ordinal": Fact("第几期款", Figure, _ordinal, (INSTALMENT,)),
    "instalment.name": Fact("款项名称", Figure,
                            lambda case: _state(case).instalment.figure("name"), (INSTALMENT,)),
    "instalment.article": Fact("付款条款", Figure,
                               lambda case: _state(case).instalment.figure("article"),
                               (INSTALMENT,)),
    "instalment.due": Fact("本期应付金额", Figure, lambda case: _state(case).due, (INSTALMENT,)),
    "instalment.received": Fact("本期已付金额", Figure, lambda case: _state(case).received,
                                (INSTALMENT,)),
    "instalment.outstanding": Fact("本期未付金额", Figure, lambda case: _state(case).outstanding,
                                   (INSTALMENT,)),
    "instalment.outstanding_in_words": Fact("本期未付金额大写", Figure, _in_words, (INSTALMENT,)),
    "instalment.deadline": Fact("付款期限的说法", Figure, _deadline, (INSTALMENT,)),
    "instalment.due_on": Fact("付款期限届满日", Figure, _due_on, (INSTALMENT,)),
    "instalment.fiscal": Fact("本期付款是否与财政审批有关", bool, _fiscal, (INSTALMENT,)),
    "instalment.late_days": Fact("逾期天数，已减财政审批天数", Figure,
                                 lambda case: _state(case).age.days, (INSTALMENT,)),
    "instalment.request": Fact("最近一份已送达的付款申请函：letter、delivered、amount",
                               RequestLine, _request, (INSTALMENT,)),
    "instalment.invoices": Fact("本期发票：number、issued、gross", tuple[StandingInvoice, ...],
                                _invoices, (INSTALMENT,), may_lack=True),
    "instalment.conditions": Fact("付款条件：name、met_on、evidence", tuple[KnownCondition, ...],
                                  _conditions, (INSTALMENT,)),
    "reply": Fact("答复来函的期限：by", Reply, _reply, (f"{LETTER}.函件",)),
    "clause.series": Fact("频率没有写明的定期报告的条款", Figure, series_article),
    "monitor": Fact("起止日期之间的运行情况：alarms（level、raised、cleared、open）、"
                    "outages 次数、downtime 和 total 分钟、availability、required、incidents 事件",
                    MonitorReport, monitor_report, (f"{LETTER}.函件",)),
    "withdrawal": Fact("撤回的文件：paper 和替代它的 replacement（title、number、dated、sealed_on、"
                       "delivered_on、digest）、day、reason、article",
                       Withdrawal, withdrawal, (WITHDRAWN,)),
    "incident": Fact("事件：told 各项（grade、minutes 等）、impact、outage 平台中断、cause、"
                     "action、steps 处置经过、prevention（prevented）防范措施",
                     IncidentReport, incident_report, (INCIDENT,), may_lack=True),
}  # fmt: skip
"""Every computed fact by its name; those that need an instalment or a letter say so."""
