"""What the documents take for granted where the contract is silent or contradicts itself.

Each default is printed in the documents it bears on, and the data can overrule each: `setting`
names the key of contract.yaml, or the file, that does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from deliverables.compute.account import is_sme, ratio_of
from deliverables.compute.figures import Inputs
from deliverables.compute.late_payment import cap_of
from deliverables.compute.milestones import (
    events_of,
    excuses_fiscal_delay,
    gives_days,
    milestones_of,
    payment_deadline,
)
from deliverables.compute.series import OPERATIONS
from deliverables.compute.term import (
    confidential_until,
    contract_end,
    end_is_known,
    ended_early,
    how_first_day_counts,
    period_name,
    periods_of,
    service_end,
    service_period,
    term_end,
    term_start,
    windows_of,
)
from deliverables.model.book import ContractBook
from deliverables.model.contract import (
    CYCLES,
    OF_TOTAL,
    Clause,
    Contract,
    Instalment,
    LatePaymentTerms,
    PlannedMaintenance,
    ReportSeries,
    ServiceLevels,
)
from deliverables.model.fields import Missing, Record, declarations, show_ratio
from deliverables.model.ledger_sheets import INTERIM
from deliverables.values.calendar import Provisional, show_day
from deliverables.values.figure import Derivation, Figure, Statement
from deliverables.values.money import format_yuan, ratio_difference
from deliverables.values.time_limit import Shape, TimeLimit, Unit


@dataclass(frozen=True, slots=True)
class Assumption:
    """One reading of the contract: the words of a document's 说明, the article, what overrules it.

    `topics` are the subjects it bears on: term, report, availability, durability, incident,
    payment (every instalment) or instalment-1 and so on, invoice, acceptance, late, claims,
    exit, confidentiality. What is between the contractor and itself is own-affairs: `check` says
    it, and no document does. `inputs` are the facts that its words were made of.
    """

    code: str
    text: str
    article: str
    setting: str
    topics: frozenset[str]
    inputs: Inputs


def assumptions(book: ContractBook, as_of: date) -> tuple[Assumption, ...]:
    """Return every assumption that documents made for the day `as_of` rest on."""
    return book.remembered(("assumptions", as_of), lambda: _assumptions(book, as_of))


def _assumptions(book: ContractBook, as_of: date) -> tuple[Assumption, ...]:
    contract = book.contract
    return _merged((
        *_about_time(contract),
        *_about_due_days(contract),
        *_about_end(contract, as_of),
        *_about_service(contract),
        *_about_acceptance(contract),
        *_about_amounts(contract),
        *_about_deadlines(book, as_of),
        *_about_invoices(contract),
        *_about_late_payment(contract),
        *_about_claims(contract),
        *_about_exit(contract),
        *_about_confidentiality(contract, as_of),
        *_stated_terms(contract),
    ))  # fmt: skip


def _merged(found: Iterable[Assumption]) -> tuple[Assumption, ...]:
    """Return the assumptions, those in the same words once: of instalments that recur."""
    merged: dict[tuple[str, str, str], Assumption] = {}
    for one in found:
        key = (one.code, one.text, one.article)
        before = merged.get(key)
        merged[key] = replace(before, topics=before.topics | one.topics) if before else one
    return tuple(merged.values())


def about(found: Iterable[Assumption], *topics: str) -> tuple[Assumption, ...]:
    """Return the assumptions that bear on any of the topics, in their order."""
    return tuple(item for item in found if item.topics & set(topics))


def report_statements(book: ContractBook, as_of: date) -> tuple[Statement, ...]:
    """Return what reports print in their 说明, each with the place that can overrule it."""
    topics = ("term", "report", "availability", "durability", "incident")
    return tuple(said(book, item) for item in about(assumptions(book, as_of), *topics))


def said(book: ContractBook, item: Assumption) -> Statement:
    """Return an assumption as a statement: it rests on its clause and on what was left unsaid."""
    inputs = (*item.inputs, *_setting(book.contract, item.setting))
    origin = Derivation(f"可由 {item.setting} 改写", item.article, inputs)
    return Statement("说明", item.text, item.text, origin)


def _setting(contract: Contract, path: str) -> Inputs:
    """Return the fact that a setting names; nothing for a file, a clause or a list."""
    record: object = contract
    for name in path.split("."):
        if isinstance(record, Record) and name in declarations(type(record)):
            return (record.figure(name),)
        record = getattr(record, name, None)
    return ()


def topic_of(instalment: Instalment) -> str:
    """Return the topic of what bears on one instalment only."""
    return f"instalment-{instalment.number}"


def _assume(  # as they are told, and what the words were made of
    code: str,
    clause: Clause,
    setting: str,
    topics: Iterable[str],
    text: str,
    *inputs: Figure[Any],
) -> Assumption:
    behind = (clause.figure("article"), *inputs)
    return Assumption(code, text, clause.article, setting, frozenset(topics), behind)


def _about_time(contract: Contract) -> Iterator[Assumption]:
    identity, service = contract.identity, contract.service
    by_term = [
        topic_of(item)
        for item in contract.payment.instalments
        if any(row.of_term for row in milestones_of(item))
    ]
    yield _assume(
        "signing-day", identity, "identity.signed_on", ["term", "instalment-1"],
        f"合同签订日期取{show_day(identity.signed_on)}，以{identity.signed_on_read_from}为准。",
        identity.figure("signed_on"), identity.figure("signed_on_read_from"),
    )  # fmt: skip
    yield _assume(
        "term-convention", service, "service.term_convention", ["term", *by_term],
        f"服务期为自{_term_begins(contract)}起{service.term_months}个月，"
        f"{how_first_day_counts(contract)}，即{term_start(contract)}至{term_end(contract)}。",
        term_start(contract), term_end(contract),
    )  # fmt: skip
    if identity.title_read_from:
        yield _assume(
            "project-title", identity, "identity.title_read_from", ["report"],
            f"项目名称取自{identity.title_read_from}。",
            identity.figure("title"),
        )  # fmt: skip
    for series in contract.series_owed:
        if series.form == OPERATIONS:
            yield _about_periods(contract, series)
    yield _assume(
        "working-days", contract.acceptance, "data/workdays/YYYY.json", ["working-days"],
        "“工作日”合同未作定义，按国务院办公厅公布的放假安排计算，调休上班的周末计入；"
        "起算当日不计入。",
    )  # fmt: skip


def _term_begins(contract: Contract) -> str:
    first = contract.service.starts_on
    return "合同签订" if first is None else show_day(first)


def _about_periods(contract: Contract, series: ReportSeries) -> Assumption:
    """Return how the term is cut into the periods of a series: by the calendar only if stated."""
    periods, word = periods_of(contract, series), series.names.word
    first, name = periods[0], series.names.name
    days = f"首个{name}为{show_day(first.first)}至{show_day(first.last)}。"
    stated = (series.figure("every_months"), term_start(contract))
    if series.months:
        partly = "，起止不满的按实际天数" if series.by_calendar else ""
        text = f"{series.name}按{name}编制，共{len(periods)}份{partly}；{days}"
        return _assume(
            "report-periods", series, "reports[].months", ["report"], text,
            *stated, series.figure("months"),
        )  # fmt: skip
    not_by_calendar = f"，不按自然{word}" if word in ("季度", "月") else ""
    text = (
        f"合同约定{series.name}{len(periods)}个，未约定各{word}起止。服务期按签订日期每"
        f"{series.every_months}个月划分{not_by_calendar}；{days}"
    )
    return _assume("quarter-division", series, "reports[].months", ["report"], text, *stated)


def _about_due_days(contract: Contract) -> Iterator[Assumption]:
    """Reports for which the contract names no day by which they are handed in."""
    open_ = [series for series in contract.series_owed if not series.due.stated]
    if open_:
        names = "、".join(series.name for series in open_)
        yield _assume(
            "report-no-due", open_[0], "reports[].due", ["own-affairs"],
            f"{names}的提交期限合同未约定：报告期结束后即可提交，不设到期日；"
            "甲方另行书面规定的，写入 due。",
            *(series.figure("name") for series in open_),
        )  # fmt: skip


def _about_end(contract: Contract, as_of: date) -> Iterator[Assumption]:
    if ended_early(contract, as_of):
        end, cessation = service_end(contract, as_of), contract.cessation
        by_exit = contract.exit is not None and end.value == contract.exit.last_service_day
        paper = contract.exit.document if contract.exit and by_exit else cessation.ended_by
        yield _assume(
            "early-end", contract.exit if contract.exit and by_exit else cessation,
            "exit.last_service_day" if by_exit else "cessation.ended_on", ["term"],
            f"服务提前于{end}终止{f'，依据为{paper}' if paper else ''}；"
            "其后的日期不计入报告期和可用性的总时长。",
            end,
        )  # fmt: skip


def _about_service(contract: Contract) -> Iterator[Assumption]:
    levels, service = contract.service_levels, contract.service
    if service.description:
        yield _assume(
            "service-scope", service, "service.description", ["report"],
            f"合同约定的服务内容：“{service.description.rstrip('。')}”。",
        )  # fmt: skip
    if service.catalogue and not isinstance(service.catalogue, Missing):
        yield _assume(
            "catalogue", service, "service.catalogue", ["report"],
            f"服务项目和数量以{service.catalogue}为准。",
        )  # fmt: skip
    elif isinstance(service.catalogue, Missing):
        yield _assume(
            "catalogue-missing", service, "service.catalogue", ["report"],
            "合同未附服务明细清单；取得清单前，报告所列资源合同量（如有）未经与清单核对。",
        )  # fmt: skip
    yield from _about_levels(contract)
    judged = "，是否达标按分钟数精确比较" if levels.levels_set else ""
    yield _assume(
        "rounding", levels, "service_levels.availability", ["report"],
        f"可用性向下取四位小数{judged}；"
        "其他百分比四舍五入到两位小数，未达到全部的不印100.00%。",
    )  # fmt: skip


def _about_levels(contract: Contract) -> Iterator[Assumption]:
    levels = contract.service_levels
    if levels.maintenance is not None:
        yield _maintenance_told(levels.maintenance)
    if levels.targets:
        yield _windows_told(contract)
    if levels.availability is None:
        pass
    elif isinstance(levels.measurement, Missing) or not levels.measurement:
        yield _assume(
            "availability-measurement", levels, "service_levels.measurement",
            ["availability"],
            f"可用性的统计周期、范围和免责情形合同未约定。本项目按{period_name(contract)}和全服务期两个周期统计"
            "中断，不设最短时长；重叠的中断合并计算；全部中断计入，"
            "双方书面约定不计入的除外；甲方同意作业不等于同意不计入。",
        )  # fmt: skip
    else:
        yield _assume(
            "availability-agreed", levels, "service_levels.measurement",
            ["availability"],
            f"可用性的统计口径：{levels.measurement}。"
            "某次中断是否不计入，以双方就该次中断的书面约定为准。",
        )  # fmt: skip
    if levels.durability is not None:
        yield _durability_told(levels)
    if isinstance(levels.incident_grading, Missing):
        yield _assume(
            "incident-grading", levels, "service_levels.incident_grading", ["incident"],
            "合同未附事件分级标准；取得标准前，事件级别记为“未定级”。",
        )  # fmt: skip
    elif levels.incident_grading:
        yield _assume(
            "incident-grading-agreed", levels, "service_levels.incident_grading",
            ["incident"], f"事件级别按{levels.incident_grading}划分。",
        )  # fmt: skip


def _windows_told(contract: Contract) -> Assumption:
    levels = contract.service_levels
    named = "、".join(dict.fromkeys(one.window for one in levels.targets))
    shortest = min(CYCLES[one.window] for one in levels.targets)
    label, first = windows_of(contract, shortest)[0]
    return _assume(
        "availability-windows", levels.targets[0], "service_levels.targets", ["availability"],
        f"约定了统计周期的可用性指标按各自的周期（{named}）逐期判定，首个周期{label}为"
        f"{show_day(first.first)}至{show_day(first.last)}，不满一个周期的按实际天数；跨报告期的周期，"
        "报告期末只列至期末的数值。",
        *(one.figure("window") for one in levels.targets),
    )  # fmt: skip


def _maintenance_told(terms: PlannedMaintenance) -> Assumption:
    return _assume(
        "planned-maintenance", terms, "service_levels.maintenance", ["availability"],
        f"计划维护每{terms.window}累计不超过{terms.upto.length}的不计入中断，按发生先后计算；"
        "以原因类别为计划维护、并有甲方同意作业文件的中断为计划维护，与其他中断重叠的分钟仍计入。",
        terms.figure("upto"), terms.figure("window"),
    )  # fmt: skip


def _durability_told(levels: ServiceLevels) -> Assumption:
    return _assume(
        "durability-statement", levels, "service_levels.durability", ["durability"],
        f"数据可靠性{levels.figure('durability')}无法由有限期的观测证实，"
        "只列观测到的数据丢失事件、校验和恢复测试结果及设计值，不作实测百分比。",
        levels.figure("durability"),
    )  # fmt: skip


def _about_acceptance(contract: Contract) -> Iterator[Assumption]:
    terms = contract.acceptance
    interim = [
        item
        for item in contract.payment.instalments
        if any(row.stage.endswith(INTERIM) for row in milestones_of(item))
    ]
    if terms.period.unit is not None:
        yield _assume(
            "acceptance-clock", terms, "ledger.xlsx[验收]",
            ["acceptance"],
            f"验收期限{terms.period.length}自甲方签收验收通知的次日起算；"
            f"逾期未验收{terms.lapse}{'，' if terms.lapse else ''}不作为验收通过的依据。",
            terms.figure("period"), terms.figure("lapse"),
        )  # fmt: skip
    if interim and isinstance(terms.interim_procedure, Missing):
        yield _assume(
            "interim-acceptance", interim[0], "acceptance.interim_procedure",
            ["acceptance", *map(topic_of, interim)],
            "中期验收的程序、材料和期限合同未约定，以甲方出具的中期验收文件为准。",
        )  # fmt: skip
    elif interim and terms.interim_procedure:
        yield _assume(
            "interim-acceptance-agreed", interim[0], "acceptance.interim_procedure",
            ["acceptance", *map(topic_of, interim)],
            f"中期验收办法：{terms.interim_procedure}。",
        )  # fmt: skip


def _about_amounts(contract: Contract) -> Iterator[Assumption]:
    payment = contract.payment
    rounded = [
        item
        for item in payment.instalments
        if item.amount is not None
        and item.ratio is not None
        and ratio_difference(item.amount, payment.total, item.ratio) != 0
    ]
    if is_sme(contract):
        shares = "、".join(str(ratio_of(contract, item)) for item in payment.instalments)
        yield _assume(
            "sme-plan", payment, "payment.plan", ["payment"],
            f"按中小企业付款比例（{shares}）支付；合同未载明对应金额，"
            "按合同总额乘以比例四舍五入到分，末期为余额。",
            *(ratio_of(contract, item) for item in payment.instalments),
        )  # fmt: skip
    else:
        if isinstance(payment.sme_evidence, Missing):
            yield _assume(
                "standard-plan", payment, "payment.sme_evidence", ["own-affairs"],
                "是否在投标阶段提交中小企业声明函尚待本公司确认，暂不适用中小企业付款比例。",
            )  # fmt: skip
        if rounded:
            yield _assume(
                "stated-amounts", payment, "payment.instalments[].amount",
                [topic_of(item) for item in rounded],
                "合同载明金额与按比例计算的金额相差不足1分，以载明金额为准。",
                *(item.figure("amount") for item in rounded),
            )  # fmt: skip
    deducting = [item for item in payment.instalments if item.deducts]
    if deducting:
        yield _assume(
            "deductions", deducting[0], "ledger.xlsx[扣减]", map(topic_of, deducting),
            "扣减金额以双方协商一致的书面文件为准；开票金额不因扣减自行调整。",
        )  # fmt: skip


def _about_deadlines(book: ContractBook, as_of: date) -> Iterator[Assumption]:
    for item in book.contract.payment.instalments:
        topics = [topic_of(item)]
        started_by = events_of(item.deadline)
        if item.deadline.shape is Shape.EACH:
            continue  # the contract names the day, nothing is taken for granted
        if not gives_days(item):
            yield _assume(
                "no-deadline", item, "payment.instalments[].deadline", topics,
                f"{item.name}的付款天数合同{_unsaid(item)}；依照《民法典》第五百一十一条第四项，"
                "付款期限以催告函写明的合理期限为准，催告前不计算迟延。",
            )  # fmt: skip
        elif len(started_by) == 1:
            yield _assume(
                "deadline-start", item, "payment.instalments[].deadline", topics,
                f"付款期限自{started_by[0].name}次日起算，"
                f"{_how_days_count(item.deadline)}"
                + ("；财政审批期间以书面依据为准。" if excuses_fiscal_delay(item) else "。"),
                item.figure("condition_text"),
            )  # fmt: skip
        else:
            yield _assume(
                "later-of-two", item, "payment.instalments[].deadline", topics,
                f"付款期限自{'与'.join(row.name for row in started_by)}较晚一日的次日起算；"
                f"{_how_days_count(item.deadline)}。",
            )  # fmt: skip
        yield from _provisional(book, item, as_of)


def _provisional(book: ContractBook, item: Instalment, as_of: date) -> Iterator[Assumption]:
    if book.ledger is None:
        return
    last = service_period(book.contract).last
    deadline = payment_deadline(
        book.contract, book.ledger, item, book.calendar, as_of, at_the_latest=last
    )
    if isinstance(deadline, Provisional):
        yield _assume(
            "provisional-deadline", item, "data/workdays/YYYY.json", ["working-days"],
            f"{deadline.reason}，付款期限为暂定区间，公布后另行确定。",
            item.figure("deadline"),
        )  # fmt: skip


def _unsaid(item: Instalment) -> str:
    limit = item.deadline
    return f"只写“{limit.said}”" if limit.shape is Shape.VAGUE else "未约定"


def _how_days_count(limit: TimeLimit) -> str:
    """Return which days count: working days by the calendar, others all of them."""
    if limit.unit is Unit.WORKING_DAY:
        return "工作日按国务院办公厅放假安排计算，调休上班日计入"
    return "按自然日计算，末日为休息日的顺延至其后的工作日（《民法典》第二百零三条）"


def _about_invoices(contract: Contract) -> Iterator[Assumption]:
    invoicing = contract.invoicing
    if isinstance(invoicing.type, Missing):
        yield _assume(
            "invoice-type", invoicing, "invoicing.type", ["invoice"],
            "发票种类合同未约定，开票前由双方确认。",
        )  # fmt: skip
    if invoicing.one_rate is None:
        said = "合同约定多种税率" if invoicing.rate else "合同未约定税率"
        yield _assume(
            "no-single-rate", invoicing, "invoicing.rate", ["invoice", "settlement"],
            f"{said}，待开发票只列价税合计，税率、不含税金额、税额以开具的发票载明的为准。",
        )  # fmt: skip
    elif isinstance(contract.service.catalogue, Missing) and not invoicing.exempt:
        yield _assume(
            "invoice-rate", invoicing, "invoicing.rate", ["tax"],
            f"税率按合同约定的{invoicing.figure('rate')}计算；"
            "服务明细清单如含有形动产租赁，该部分税率须另行确认。",
        )  # fmt: skip
    if invoicing.before_payment and not invoicing.exempt:
        yield _assume(
            "tax-before-payment", invoicing, "invoicing.before_payment", ["tax"],
            "合同约定先开票后付款，增值税纳税义务自开具发票当日发生（《增值税法》第二十八条）。",
        )  # fmt: skip


def _about_late_payment(contract: Contract) -> Iterator[Assumption]:
    late = contract.payment.late
    if late is None:
        if is_sme(contract):
            yield _assume(
                "sme-late-interest", contract.payment, "payment.late", ["own-affairs"],
                "合同未约定迟延付款的违约金或者利息，我公司为中小企业：机关、事业单位和大型企业迟延支付的，"
                "按每日利率万分之五支付逾期利息（《保障中小企业款项支付条例》）；文件不据此计算。",
            )  # fmt: skip
        return
    if late.grace.unit:
        yield _assume(
            "late-grace", late, "payment.late.grace", ["late"],
            f"付款期限届满后的宽限期{late.grace.length}内不计违约金，迟延天数自宽限期届满的次日起算，"
            "款项到账当日计入。",
            late.figure("grace"),
        )  # fmt: skip
    else:
        yield _assume(
            "late-days", late, "ledger.xlsx[到账]", ["late"],
            "迟延天数自付款期限届满的次日起算，款项到账当日计入，不计宽限期。",
        )  # fmt: skip
    yield from _late_rate(contract, late)
    yield _assume(
        "late-payment", late, "payment.late", ["late"],
        f"迟延付款违约金按单利逐日计算，末尾一次取整到分；{_cap_in_words(contract, late)}",
        contract.payment.figure("total"), late.figure("cap_ratio"),
    )  # fmt: skip
    if late.base is None:
        yield _assume(
            "late-base", late, "payment.late.base", ["late"],
            "合同未写明迟延付款违约金的计算基数，按逾期未付的金额计算。",
        )  # fmt: skip
    if contract.invoicing.before_payment:
        yield _assume(
            "late-invoice", contract.invoicing, "invoicing.before_payment", ["late"],
            "合同约定先开票后付款，付款期限届满后才开具发票的，对应金额自开票次日起计算迟延。",
        )  # fmt: skip


_STATUTORY_RATE: Final = Decimal("0.0005")
"""A day, of what is paid late to a small enterprise where nothing is agreed (国务院令第802号)."""
_DAYS_A_YEAR: Final = 365


def _late_rate(contract: Contract, late: LatePaymentTerms) -> Iterator[Assumption]:
    """What the law makes of a rate that is agreed on: too high, or too low for a small creditor."""
    yearly = show_ratio(late.daily_rate * _DAYS_A_YEAR)
    if late.daily_rate > _STATUTORY_RATE:
        yield _assume(
            "late-rate-high", late, "payment.late.daily_rate", ["own-affairs"],
            f"约定的违约金折合年利率{yearly}，高于每日万分之五；过分高于造成的损失的，对方可以请求人民法院"
            "或者仲裁机构适当减少（《民法典》第五百八十五条第二款）。",
            late.figure("daily_rate"),
        )  # fmt: skip
    if is_sme(contract):
        yield _assume(
            "sme-late-rate", late, "payment.late.daily_rate", ["own-affairs"],
            f"我公司为中小企业，约定的逾期利率（折合年利率{yearly}）不得低于合同订立时1年期贷款市场报价利率"
            "（《保障中小企业款项支付条例》），请本公司财务部门核对。",
            late.figure("daily_rate"),
        )  # fmt: skip


def _cap_in_words(contract: Contract, late: LatePaymentTerms) -> str:
    if late.cap_ratio is None:
        return "合同未约定累计上限。"
    share = f"{late.cap_base_called}的{late.figure('cap_ratio')}，舍去不足1分的部分"
    if late.cap_base != OF_TOTAL:
        return f"各期分别计算上限（{share}）。"
    cap = format_yuan(cap_of(contract.payment.total, late.cap_ratio))
    return f"各期合计不超过{cap}元（{share}）。"


def _about_claims(contract: Contract) -> Iterator[Assumption]:
    yield _assume(
        "damages-vat", contract.payment.late or contract.payment, "ledger.xlsx[主张]", ["claims"],
        "违约金、赔偿金是否计征增值税、是否开具发票，由双方财务按主管税务机关的意见确认。",
    )  # fmt: skip


def _about_exit(contract: Contract) -> Iterator[Assumption]:
    if contract.exit is not None:
        term = service_period(contract)
        yield _assume(
            "exit-refund", contract.exit, "exit", ["exit"],
            "退费按自然日折算：合同总额乘以实际服务天数，除以服务期天数"
            f"（{term.days}天），首尾两日均计入，仅对结果取整到分。",
            term_start(contract), term_end(contract),
        )  # fmt: skip
        yield _assume(
            "exit-loss", contract.exit, "exit", ["exit"],
            "因退出给甲方造成的直接经济损失，赔偿金额由双方商议，本文件不作计算。",
        )  # fmt: skip


def _about_confidentiality(contract: Contract, as_of: date) -> Iterator[Assumption]:
    terms = contract.confidentiality
    if terms is None:
        return
    end, until = contract_end(contract, as_of), confidential_until(contract, as_of)
    ending = (
        f"主合同如随服务于{end}提前终止"
        if ended_early(contract, as_of)
        else f"主合同如于{end}服务期届满时终止"
    )
    if until is not None and not end_is_known(contract, as_of):
        yield _assume(
            "confidentiality-end", terms, "cessation.ended_on", ["confidentiality"],
            f"保密期限自主合同终止之日起算；{ending}，保密期限至{until}。",
            end, until,
        )  # fmt: skip
    scope = terms.clause("scope_article")
    if terms.quoted_scope_limit.endswith(_AS_WRITTEN):
        yield _assume(
            "scope-limit-quoted", terms, "confidentiality.quoted_scope_limit",
            ["confidentiality"],
            f"主合同{scope if scope.value else '关于披露范围的约定'}语意未完，照录原文，不作补足。",
            scope,
        )  # fmt: skip
    for citing in (item for item in contract.discrepancies if _REPEALED in item.found):
        yield _assume(
            "secrecy-law", citing, "discrepancies", ["confidentiality"],
            f"主合同{citing.article}所引《{_REPEALED}》已由"
            "《中华人民共和国保守国家秘密法实施条例》取代，本协议引用现行名称。",
            citing.figure("found"),
        )  # fmt: skip


def _stated_terms(contract: Contract) -> Iterator[Assumption]:
    for number, term in enumerate(contract.stated_terms, 1):
        shown = f"（{term.evidence}）" if term.evidence else ""
        reckoned = "" if term.concerns == "保密" else "；本文件不据此计算金额"
        yield _assume(
            f"stated-term-{number}", term, "stated_terms", [_CONCERNED[term.concerns]],
            f"{term.subject}按合同{term.article}的约定：“{term.words.rstrip('。')}”"
            f"{shown}{reckoned}。",
            term.figure("subject"), term.figure("words"), term.figure("evidence"),
        )  # fmt: skip


_CONCERNED = {"付款": "payment", "结算": "settlement", "服务": "report", "保密": "confidentiality"}
_AS_WRITTEN = "[原文如此]"
_REPEALED = "中华人民共和国保守国家秘密法实施办法"
