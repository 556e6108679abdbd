"""What goes with a payment request: form, list of attachments and e-mail, put in their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from deliverables.acceptance import Material, acceptance_pack
from deliverables.compute.account import InstalmentAccount, account_of
from deliverables.compute.milestones import milestones_of, passed_acceptance
from deliverables.compute.request import DUE, PaymentRequest
from deliverables.compute.series import OPERATIONS, reports
from deliverables.covering_mail import recipient, unsent_mail
from deliverables.draft import NoLongerDueError, recompose
from deliverables.examination import Examined
from deliverables.files.digest import content_sha256_of, sha256_of
from deliverables.files.placement import Transaction, at_work
from deliverables.files.refusal import RefusedError
from deliverables.files.result import Result
from deliverables.finance.application_form import (
    CENTRED,
    FORM,
    GROUP,
    HEADER,
    LACKING,
    SMALL,
    TEXT,
    Application,
    FormMarks,
    application,
    head,
    heighten,
    missing_for_invoice,
    prove_form,
    put,
    set_up,
    write_form,
)
from deliverables.finance.payment_email import SUFFIX, TEMPLATE, email_text, write_email
from deliverables.folders import Folders
from deliverables.kinds import Deliverable, Role, kind_that
from deliverables.model.book import ContractBook
from deliverables.model.ledger_sheets import FINAL, Acceptance, Deduction, Invoice
from deliverables.plan import Outcome, Planned, Request, plan
from deliverables.recognition import done_to
from deliverables.register import Entry, Writer, read_register
from deliverables.status import PASSED
from deliverables.values.calendar import show_day
from deliverables.values.figure import Line
from deliverables.values.problem import Message, Problem, say, warning
from deliverables.verify.finding import Finding
from deliverables.version import __version__
from deliverables.xlsx.forms import saved

PACKED: Final = "packed"
"""The event of an entry that records a file which goes with a document."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PackFile:
    """A file of the pack and what became of it."""

    file: Path
    result: Result
    reason: Message | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PackPlace:
    """Where files go and in whose name: the document they belong to, and what was asked."""

    book: ContractBook
    folders: Folders
    deliverable: Deliverable
    request: Request

    def path(self, name: str, suffix: str) -> Path:
        """Return where a file of the pack lies: in its instalment's folder beside the letter."""
        one = self.deliverable
        mark = "_示例" if one.sample else ""
        folder = self.folders.contract(one.contract) / one.folder / f"第{one.part}期"
        return folder / f"{one.contract}_{name}_第{one.part}期{mark}{suffix}"


def put_paper(
    placing: PackPlace, file: Path, content: bytes, template: Path | None = None
) -> PackFile:
    """Put a file in its place and record it, unless somebody edited the one that is there."""
    register = placing.folders.register(placing.book.number)
    try:
        with at_work(register.parent):
            return _put(placing, register, file, content, template)
    except RefusedError as fault:
        return PackFile(file=file, result=Result.FAILED, reason=fault.message)


def _put(
    placing: PackPlace, register: Path, file: Path, content: bytes, template: Path | None
) -> PackFile:
    name = file.relative_to(placing.folders.contract(placing.book.number)).as_posix()
    before = _recorded(register, name)
    there = file.exists()
    ours = there and before is not None and _same(file, before)
    if there and sha256_of(file) == sha256_of(content):
        return PackFile(file=file, result=Result.UNCHANGED)
    if there and not ours and not placing.request.replace_edited:
        remedy = say("edited by hand, so kept; --replace makes it anew and keeps both files")
        return PackFile(file=file, result=Result.KEPT, reason=remedy)
    with Transaction(register.parent) as change:
        aside = change.put(file, content, over=sha256_of(file) if ours else "")
        Writer(register).enter(change, _entry(placing, name, content, template, aside))
    return PackFile(file=file, result=Result.MADE)


def _recorded(register: Path, name: str) -> Entry | None:
    entries, _ = read_register(register)
    found = [entry for entry in entries if entry.event == PACKED and entry.file == name]
    return found[-1] if found else None


def _same(file: Path, entry: Entry) -> bool:
    return sha256_of(file) == entry.sha256 or content_sha256_of(file) == entry.content


def _entry(
    placing: PackPlace, name: str, content: bytes, template: Path | None, aside: str
) -> Entry:
    one = placing.deliverable
    return Entry(
        event=PACKED,
        deliverable=one.key,
        kind=one.kind,
        part=one.part,
        file=name,
        sha256=sha256_of(content),
        content=content_sha256_of(content),
        as_of=placing.request.as_of,
        made_at=placing.request.moment,
        inputs=placing.book.inputs,
        template=template.name if template else "",
        template_sha256=sha256_of(template) if template else "",
        version=__version__,
        command=placing.request.command,
        sample=one.sample,
        replaced=aside,
    )


class Standing(StrEnum):
    """Whether something is there; a 提示 is only to be known."""

    THERE = "有"
    LACKING = "缺"
    NOTE = "提示"


@dataclass(frozen=True, slots=True)
class ListItem:
    """One line of the list: what, whether it is there, where it lies, what to do."""

    group: str
    name: str
    standing: Standing
    where: str
    action: str


PAPER, ATTACHMENTS, FINANCE = "一、函件", "二、随函附件", "三、开票与收款"
REPORTS: Final = "四、验收所依据的报告（不随本函）"


@dataclass(frozen=True, kw_only=True, slots=True)
class PackCase:
    """What the list is made from."""

    book: ContractBook
    folders: Folders
    planned: Planned
    letter: PaymentRequest
    state: InstalmentAccount
    application: Application | None
    as_of: date
    pdf: Path | None = None

    def below_data(self, place: object) -> str:
        """Return a place in the data as it is found from the data folder."""
        return str(place).removeprefix(f"{self.folders.data.as_posix()}/")


def checklist(case: PackCase) -> tuple[ListItem, ...]:
    """Return every line of the list, in order."""
    return (_letter(case), *_attachments(case), *_finance(case), *_reports(case))


def _letter(case: PackCase) -> ListItem:
    life = case.planned.life
    entry = life.sealed or (None if life.redrafted else life.final) or life.made
    where = entry.file if entry else ""
    name = "付款申请函"
    if life.sealed and not life.redrafted:
        return ListItem(
            PAPER, name, Standing.THERE, where, f"已于{show_day(life.sealed.as_of)}用印"
        )
    if life.final and not life.redrafted:
        return ListItem(PAPER, name, Standing.LACKING, where, "已定稿；用印后用 sealed 登记扫描件")
    pdf = f"；PDF：{case.pdf.name}" if case.pdf else ""
    return ListItem(PAPER, name, Standing.LACKING, where + pdf, "草稿；核对后用 final 定稿，再用印")


def _attachments(case: PackCase) -> Iterator[ListItem]:
    """Yield a line, or several, for each attachment that the letter lists or still lacks."""
    known = _invoices(case) | _acceptances(case) | _agreements(case) | _contract_copy(case)
    if case.book.contract.invoicing.before_payment:
        yield from known.get(_TO_COME, [])
    for line in map(str, case.letter.attachments):
        for name in (line,) if line in known else line.split("、"):  # papers that share a line
            yield from known.get(name, [_item(name, Standing.LACKING, "", "请人工核对并附后")])
    for unmet in case.letter.unmet:
        yield _item(unmet.text, Standing.LACKING, "", "取得书面依据后登记台账，再提交付款申请")


def _item(name: str, standing: Standing, where: str, action: str) -> ListItem:
    return ListItem(ATTACHMENTS, name, standing, where, action)


Known = dict[str, list[ListItem]]
_TO_COME: Final = "发票（待开）"


def _invoices(case: PackCase) -> Known:
    found: Known = {}
    for invoice in case.state.standing_invoices:
        name = f"{'红字' if invoice.red else ''}发票（号码{invoice.number}）"
        action = "附数电票文件（PDF、OFD 或 XML）"
        where = case.below_data(invoice.place("number"))
        found[name] = [_item(name, Standing.THERE, where, action)]
    ledger = case.book.ledger
    place = case.below_data(f"{ledger.file}[{Invoice.sheet}]") if ledger else ""
    to_issue = case.application
    if to_issue:
        action = f"按开票申请单开具{to_issue.line.gross}元，开具后登记台账“发票”表"
        found[_TO_COME] = [_item(_TO_COME, Standing.LACKING, place, action)]
    return found


def _acceptances(case: PackCase) -> Known:
    found: Known = {}
    for condition in case.state.conditions:
        if condition.met and condition.certain_from is None and condition.met_on:
            where = case.below_data(condition.met_on.origin)
            action = f"附{Acceptance.sheet}文件复印件，原件归档"
            found[condition.said.text] = [_item(condition.said.text, Standing.THERE, where, action)]
    return found


def _reports(case: PackCase) -> Iterator[ListItem]:
    """Yield a line for each report that the acceptance rests on which the instalment hangs on."""
    stages = [row.stage for row in milestones_of(case.state.instalment) if row.stage]
    if not stages:
        return
    parts = None if FINAL in stages else _accepted_at(case, stages[-1])
    for one in acceptance_pack(case.book, case.folders, case.as_of).materials:
        told = one.deliverable.role is Role.REPORTS and parts and one.deliverable.part in parts
        if parts is None or told:
            yield _report(one)


def _accepted_at(case: PackCase, stage: str) -> set[str]:
    """Return the parts of the reports on what was served since the acceptance before this one."""
    ledger = case.book.ledger
    own = passed_acceptance(ledger, stage, case.as_of) if ledger else None
    day = own.accepted if own and own.accepted else case.as_of
    passed = (row for row in ledger.acceptances if row.result == PASSED) if ledger else ()
    since = max((row.accepted for row in passed if row.accepted and row.accepted < day),
                default=date.min)  # fmt: skip
    every = reports(case.book.contract, OPERATIONS, case.as_of)
    return {one.part for one in every if since <= one.period.last < day}


def _report(material: Material) -> ListItem:
    life = material.life
    entry = life.sealed or life.final or life.made
    where = entry.file if entry else ""
    one = material.deliverable
    name = one.called + (f"（{one.part}）" if one.role is Role.REPORTS else "")
    if material.lacks is None:
        return ListItem(REPORTS, name, Standing.THERE, where, "已用印，备甲方查验")
    why = material.lacks.in_language("zh")
    return ListItem(REPORTS, name, Standing.LACKING, where, f"{why}；定稿、用印后提交甲方")


def _agreements(case: PackCase) -> Known:
    rows = case.state.deductions
    lines = [
        _item(
            f"{row.kind}扣减依据：{row.figure('agreement')}",
            Standing.THERE,
            case.below_data(row.place("agreement")),
            f"附双方确认的文件（{Deduction.sheet}{row.figure('amount')}元）",
        )
        for row in rows
    ]
    return {f"扣减依据文件{len(rows)}份": lines} if rows else {}


def _contract_copy(case: PackCase) -> Known:
    number = case.book.number
    copies = sorted((case.folders.data / number).glob("*合同*.pdf"))
    name = "合同复印件"
    if copies:
        return {name: [_item(name, Standing.THERE, f"{number}/{copies[0].name}", "打印附后")]}
    action = f"复印盖章原件；扫描件存入数据文件夹的 {number} 中，文件名含“合同”"
    return {name: [_item(name, Standing.LACKING, "", action)]}


def _finance(case: PackCase) -> Iterator[ListItem]:
    state, contract = case.state, case.book.contract
    for gap in missing_for_invoice(contract) if case.application else ():
        yield ListItem(FINANCE, gap.name, Standing.LACKING, case.below_data(gap.place), gap.reason)
    account = contract.payment.account
    where = case.below_data(account.place("number"))
    stated = f"（{account.article}）" if account.article else ""
    action = f"{account.holder}，{account.bank}；函件、邮件均取自合同{stated}"
    yield ListItem(FINANCE, "收款账户", Standing.THERE, where, action)
    if case.application:
        yield ListItem(FINANCE, "纳税义务", Standing.NOTE, "", case.application.liability)
    elif state.invoices and state.outstanding.value > 0 and not contract.invoicing.exempt:
        taxed = _months(state.standing_invoices)
        words = f"发票已开具，销项税额属于{taxed}，不因尚未到账而延后（《增值税法》第二十八条）"
        yield ListItem(FINANCE, "纳税义务", Standing.NOTE, "", words)
    if state.deducted.value and case.application:
        words = (
            f"本期扣减{state.deducted}元不自动冲减发票金额；是否按扣减后金额开票、"
            "或另开红字发票，由财务与甲方确认"
        )
        yield ListItem(FINANCE, "扣减与发票金额", Standing.NOTE, "", words)


def _months(invoices: tuple[Invoice, ...]) -> str:
    months = dict.fromkeys((one.issued.year, one.issued.month) for one in invoices)
    return "、".join(f"{year}年{month}月" for year, month in months)


CHECKLIST: Final = "附件清单"

_WIDTHS = (6, 25, 8, 31, 36)
_LAST = len(_WIDTHS)
_SMALL_FITS = (37, 43)
"""How many characters of the small face the last two columns take."""


def pack_workbook(
    asked: Application | None, items: Sequence[ListItem], title: str, marks: FormMarks
) -> bytes:
    """Return the workbook; with nothing left to invoice it holds the list alone."""
    book = Workbook()
    book.remove(book.worksheets[0])
    if asked is not None:
        write_form(book.create_sheet(FORM), asked, marks)
    _write_list(book.create_sheet(CHECKLIST), items, title, marks)
    return saved(book, blank=False)


def _write_list(sheet: Worksheet, items: Sequence[ListItem], title: str, marks: FormMarks) -> None:
    set_up(sheet, _WIDTHS, marks)
    header = head(sheet, CHECKLIST, _LAST, title, marks) + 1
    for column, text in enumerate(("序号", "材料或事项", "有／缺", "所在位置", "处理"), 1):
        put(sheet, header, (column, column), text, HEADER)
    row, group = header, ""
    for number, item in enumerate(items, 1):
        if item.group != group:
            row, group = row + 1, item.group
            put(sheet, row, (1, _LAST), group, GROUP)
        row += 1
        look = LACKING if item.standing is Standing.LACKING else CENTRED
        put(sheet, row, (1, 1), str(number), CENTRED)
        put(sheet, row, (2, 2), item.name, TEXT)
        put(sheet, row, (3, 3), item.standing.value, look)
        put(sheet, row, (4, 4), item.where or "—", SMALL)
        put(sheet, row, (5, 5), item.action, SMALL)
        heighten(sheet, row, ((item.name, _WIDTHS[1]), (item.where, _SMALL_FITS[0]),
                              (item.action, _SMALL_FITS[1])))  # fmt: skip
    sheet.print_title_rows = f"{header}:{header}"


WORKBOOK, EMAIL = "请款资料", "请款邮件"
LETTER: Final = kind_that(Role.ASKS).name
_THERE = {Result.MADE, Result.UNCHANGED, Result.KEPT}


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentPack:
    """What was made for an instalment. Without a letter there is nothing else either.

    `asked` is what the invoice is applied for with, None where nothing is left to invoice.
    """

    letter: Outcome
    papers: tuple[PackFile, ...] = ()
    items: tuple[ListItem, ...] = ()
    asked: Application | None = None
    subject: str = ""
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()


def make_pack(
    examined: Examined, folders: Folders, request: Request, letter: Outcome, pdf: Path | None
) -> PaymentPack:
    """Make what goes with a letter that was just built, every figure as the letter has it."""
    book = examined.book
    if book is None or book.ledger is None or letter.result not in _THERE:
        return PaymentPack(letter=letter)
    said, state = figures(book, letter.deliverable, request.as_of)
    planned = _planned(book, folders, request, letter)
    one = planned.deliverable
    asked = application(book, said, state, request.as_of)
    items = checklist(
        PackCase(
            book=book,
            folders=folders,
            planned=planned,
            letter=said,
            state=state,
            application=asked,
            as_of=request.as_of,
            pdf=pdf,
        )
    )
    content = pack_workbook(
        asked, items, one.title, FormMarks(one.sample, tuple(map(str, said.unmet)))
    )
    findings = prove_form(content, asked) if asked else ()
    template = folders.template(TEMPLATE, suffix=SUFFIX)
    sealed = planned.life.sealed is not None and not planned.life.redrafted
    written = write_email(template, email_text(book, said, sample=one.sample, sealed=sealed))
    pack = PaymentPack(
        letter=letter,
        items=items,
        asked=asked,
        subject=written.subject,
        findings=(*findings, *_edited(planned, folders, letter)),
        problems=(*written.problems, *_letter_differs(said, planned, book, folders, letter)),
    )
    if findings or written.problems:
        return pack
    placing = PackPlace(book=book, folders=folders, deliverable=one, request=request)
    mail = unsent_mail(
        written.subject,
        written.text.partition("\n")[2],
        attached(items, folders, book.number, pdf or letter.file),
        to=recipient(book),
    )
    papers = (
        put_paper(placing, placing.path(WORKBOOK, ".xlsx"), content),
        put_paper(placing, placing.path(EMAIL, ".txt"), written.text.encode(), template),
        put_paper(placing, placing.path(EMAIL, ".eml"), mail, template),
    )
    return replace(pack, papers=papers)


def attached(
    items: Sequence[ListItem], folders: Folders, number: str, letter: Path | None
) -> tuple[Path, ...]:
    """Return the files that go with the e-mail: the letter, and each attachment that lies here.

    A letter that was sealed goes as it was scanned, else the `letter` of today. What is there on
    paper alone, or in another system, a person attaches.
    """
    sent = [one for one in items if one.group in (PAPER, ATTACHMENTS)]
    there = [one for one in sent if one.standing is Standing.THERE]
    found = [
        path
        for one in there
        for path in (folders.contract(number) / one.where, folders.data / one.where)
        if one.where and path.is_file()
    ]
    sealed = any(one.group == PAPER for one in there)
    first = [letter] if letter and not sealed else []
    return tuple(dict.fromkeys((*first, *found)))


def figures(
    book: ContractBook, deliverable: Deliverable, as_of: date
) -> tuple[PaymentRequest, InstalmentAccount]:
    """Return what the letter says on the day, and the account of its instalment."""
    money = account_of(book, as_of)
    if money is None:
        raise ValueError("a payment pack needs the ledger")
    said = kind_that(Role.ASKS).compose(book, deliverable, as_of)
    if not isinstance(said, PaymentRequest):
        raise TypeError("a payment request says what a PaymentRequest holds")
    return said, money.instalment(int(deliverable.part))


def _planned(book: ContractBook, folders: Folders, request: Request, letter: Outcome) -> Planned:
    """Return where the letter stands now that it is made."""
    key = letter.deliverable.key
    return next(one for one in plan(book, folders, request.as_of) if one.deliverable.key == key)


def _edited(planned: Planned, folders: Folders, letter: Outcome) -> tuple[Finding, ...]:
    """Return what people did to a draft that was edited by hand and so kept."""
    kept = letter.result is Result.KEPT and not planned.status.is_finished
    if not kept or letter.file is None or planned.made is None:
        return ()
    return done_to(letter.file, planned.made, folders.bases(letter.deliverable.contract))


def _letter_differs(
    said: PaymentRequest, planned: Planned, book: ContractBook, folders: Folders, letter: Outcome
) -> tuple[Problem, ...]:
    """Return a warning if a kept letter asks for another amount than the pack of today."""
    life = planned.life
    then = (life.final if planned.status.is_finished else None) or life.made
    if letter.result is not Result.KEPT or then is None or letter.file is None:
        return ()
    if _amounts(_said_then(then, book, folders)) == _amounts(said):
        return ()
    return (
        warning(
            "pack-letter-differs",
            Line(letter.file.as_posix()),
            say(
                "the letter is of {day} and was kept; the invoices or the amount asked for are "
                "not what they were then",
                day=then.as_of,
            ),
            say("make the letter anew with --replace before the pack is sent"),
        ),
    )


def _said_then(then: Entry, book: ContractBook, folders: Folders) -> object:
    """Return what a letter of an earlier day says by the data of today, None if it cannot be."""
    try:
        return recompose(then, book, folders).context
    except NoLongerDueError:
        return None


def _amounts(said: object) -> tuple[str, ...]:
    if not isinstance(said, PaymentRequest):
        return ()
    due = (str(line.amount) for line in said.amounts if line.label == DUE)
    invoices = (f"{line.number} {line.gross}" for line in said.invoices)
    return (*due, str(said.requested), *invoices)
