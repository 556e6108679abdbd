"""What happened, entered where a person would have typed it: money, papers and people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import click

from deliverables.cli.answer import (
    SHOW_PLAN,
    Answer,
    Table,
    Workplace,
    as_of_option,
    cells_table,
    contract_option,
    format_option,
    is_talking,
    one_contract,
    suggest,
    yes_options,
)
from deliverables.cli.happening import ALWAYS, ON, Happening, Values, enter
from deliverables.enter import (
    Undoing,
    entered_last,
    undoing,
)
from deliverables.files.placement import at_work
from deliverables.model.book import ContractBook
from deliverables.model.fields import (
    Missing,
    show_rate,
)
from deliverables.model.ledger_sheets import (
    DISPUTED,
    Claim,
    Deduction,
    FiscalApproval,
    Fulfilment,
    Invoice,
    Ledger,
    Occurrence,
    Payment,
    PaymentRequestSent,
    Reminder,
    TaxFiling,
)
from deliverables.model.roster_sheets import Roster, StaffMember
from deliverables.values.money import MoneyError, parse_yuan, split_gross
from deliverables.values.problem import Message, listed, say


def _split(values: Values, book: ContractBook | None) -> Values:
    """Return the invoice with type and rate as agreed; net and tax too, by the gross alone."""
    if book is None:
        return values
    terms = book.contract.invoicing
    told: dict[str, object] = {"type": terms.type}
    if terms.one_rate is not None:
        told["rate"] = show_rate(terms.one_rate)
        if not values.get("net") and not values.get("tax") and values.get("gross"):
            try:
                split = split_gross(parse_yuan(values["gross"]), terms.one_rate)
            except MoneyError:  # it is told with the place of the amount
                return values
            told |= {"net": split.net, "tax": split.tax}
    return {
        **{name: str(value) for name, value in told.items() if not isinstance(value, Missing)},
        **{name: text for name, text in values.items() if text},
    }


def _explained(values: Values, book: ContractBook | None) -> Values:
    """Return the person with the day on which it is said why nothing is signed yet."""
    said = any(values.get(name) for name in ("why_unsigned", "owner", "sign_by"))
    day = values.get("explained") or (values.get("joined", "") if said else "")
    return {**values, "explained": day}


_EVIDENCE: Final = ("--source", "Which paper or system it is taken from.")

HAPPENINGS: Final = (
    Happening(
        name="received", help="Enter money that came in, in the sheet 到账.",
        example="deliverables received 1 1,957,783.48 --on 2026-07-06 --bank-ref 回单0706",
        book=Ledger, row=Payment, given=("instalment", "amount"), shared=True,
        options={"received": (ON, "The day by the bank's slip."),
                 "voucher": ("--bank-ref", "The number of the bank's slip."),
                 "invoice": ("--invoice", "The invoice that it pays."),
                 "claim": ("--claim", "The claim that it is for, if it is not for the price."),
                 "remark": ("--remark", "A remark; a refund says so here."),
                 "evidence": _EVIDENCE},
        asked={"voucher": ALWAYS, "invoice": ALWAYS},
        once=("instalment", "amount", "received", "claim"),
    ),
    Happening(
        name="invoiced", help="Enter an invoice that was issued, in the sheet 发票.",
        example="deliverables invoiced 2 26112000000000000002 1,468,337.62 --on 2026-11-17",
        book=Ledger, row=Invoice, given=("instalment", "number", "gross"),
        options={"issued": (ON, "The day that it was issued."),
                 "type": ("--type", "增值税专用发票 or 普通发票; as the contract has it."),
                 "net": ("--net", "The net amount, if it is not what the rate makes of it."),
                 "tax": ("--tax", "The tax, likewise."),
                 "rate": ("--rate", "The rate, such as 6%; as the contract has it."),
                 "reverses": ("--reverses", "The invoice that a red-letter invoice reverses."),
                 "evidence": _EVIDENCE},
        more=_split,
    ),
    Happening(
        name="requested", help="Enter a payment request that was sent, in the sheet 请款.",
        example="deliverables requested 2 1,468,337.62 --on 2026-11-18 --letter 首信云函2026-02",
        book=Ledger, row=PaymentRequestSent, given=("instalment", "amount"),
        options={"sent": (ON, "The day that it was sent."),
                 "delivered": ("--delivered", "The day that the client received it."),
                 "letter": ("--letter", "The number of the letter."), "evidence": _EVIDENCE},
        later=("delivered",),
        asked={"letter": ALWAYS}, once=("instalment", "amount", "sent"),
    ),
    Happening(
        name="reminded", help="Enter a reminder that the client received, in the sheet 催告.",
        example="deliverables reminded 2 --on 2027-01-05 --pay-by 2027-01-20",
        book=Ledger, row=Reminder, given=("instalment",),
        options={"delivered": (ON, "The day that the client received it."),
                 "pay_by": ("--pay-by", "The day by which it asks for payment."),
                 "letter": ("--letter", "The number of the letter."), "evidence": _EVIDENCE},
        asked={"pay_by": ALWAYS, "letter": ALWAYS}, ahead=("pay_by",),
        once=("instalment", "delivered"),
    ),
    Happening(
        name="deducted", help="Enter a deduction that the client demands, in the sheet 扣减.",
        example="deliverables deducted 3 12,000.00 --kind 违约金 --on 2027-05-06 --demand 扣减通知",
        book=Ledger, row=Deduction, given=("instalment", "amount"),
        options={"kind": ("--kind", "违约金 or 赔偿金."),
                 "raised": (ON, "The day that it was demanded."),
                 "demand": ("--demand", "The paper that demands it."),
                 "status": ("--status", "协商中 (in dispute), 协商一致 or 已撤销."),
                 "agreed": ("--agreed", "The day that both sides agreed on it."),
                 "agreement": ("--agreement", "The paper by which they did."),
                 "on_invoice": ("--invoice", "冲减 or 不冲减: whether the invoice is lessened."),
                 "decided": ("--decided", "The day that this was decided."),
                 "decision": ("--decision", "The paper by which it was."),
                 "evidence": _EVIDENCE},
        supposed={"status": DISPUTED},
        later=("status", "agreed", "agreement", "on_invoice", "decided", "decision"),
        asked={"raised": ALWAYS, "demand": ALWAYS},
        once=("instalment", "amount", "kind", "raised"),
    ),
    Happening(
        name="claimed", help="Enter a claim against the client, in the sheet 主张.",
        example="deliverables claimed ZZ-01 22,188.12 --instalment 1 --on 2026-12-01",
        book=Ledger, row=Claim, given=("number", "amount"),
        options={"subject": ("--for", "迟延付款违约金, 赔偿金 or 其他."),
                 "instalment": ("--instalment", "The instalment that was paid late."),
                 "claimed": (ON, "The day that the client received it."),
                 "letter": ("--letter", "The letter that claims it."),
                 "disputed": ("--disputed", "The day that the client objected."),
                 "dispute": ("--dispute", "The paper by which it did."),
                 "settled": ("--settled", "The day that it was settled."),
                 "waived_on": ("--waived-on", "The day that it was waived, wholly or in part."),
                 "waived": ("--waived", "How much of it was waived."),
                 "waiver": ("--waiver", "The paper by which it was."),
                 "evidence": _EVIDENCE},
        supposed={"subject": "迟延付款违约金"},
        later=("disputed", "dispute", "settled", "waived_on", "waived", "waiver"),
        asked={"instalment": ALWAYS, "letter": ALWAYS},
    ),
    Happening(
        name="approved", help="Enter what is known of a fiscal approval, in the sheet 财政审批.",
        example="deliverables approved 2 --basis 资金批复通知 --on 2026-11-20",
        book=Ledger, row=FiscalApproval, given=("instalment",),
        options={"approved": (ON, "The day of the approval."),
                 "basis": ("--basis", "The paper that shows it."),
                 "evidenced": ("--evidenced", "The day of that paper."),
                 "first_day": ("--from", "The first day of a delay that it excuses."),
                 "last_day": ("--to", "The last day of that delay."), "evidence": _EVIDENCE},
        asked={"approved": ALWAYS, "first_day": "approved", "last_day": "approved",
               "evidenced": ALWAYS},
        ahead=("first_day", "last_day"),
    ),
    Happening(
        name="filed", help="Enter that the VAT of a month was declared, in the sheet 纳税申报.",
        example="deliverables filed 2026-11 --on 2026-12-10",
        book=Ledger, row=TaxFiling, given=("month",),
        options={"filed": (ON, "The day of the declaration."),
                 "receipt": ("--receipt", "The number of its receipt."), "evidence": _EVIDENCE},
        asked={"receipt": ALWAYS},
    ),
    Happening(
        name="occurred", help="Enter an event that payment waits for, in the sheet 履约事件.",
        example="deliverables occurred 考核合格 --on 2026-11-20 --basis 考核结果通知",
        book=Ledger, row=Occurrence, given=("event",),
        options={"happened": (ON, "The day that it occurred, or that it was seen not to have."),
                 "basis": ("--basis", "The paper that shows it."),
                 "instalment": ("--instalment", "The one instalment that it is about."),
                 "evidence": _EVIDENCE},
    ),
    Happening(
        name="fulfilled", help="Enter what was done under an article, in the sheet 履约情况.",
        example="deliverables fulfilled 第十条第4款 已组织保密培训 --on 2026-05-08 --verdict 符合",
        book=Ledger, row=Fulfilment, given=("article", "done"),
        options={"day": (ON, "The day that it was done, or that it was seen not to be due."),
                 "duty": ("--duty", "Which duty, where the article has several."),
                 "verdict": ("--verdict", "符合, 不符合 or 未涉及, as found by ourselves."),
                 "evidence": _EVIDENCE},
        asked={"verdict": ALWAYS},
    ),
    Happening(
        name="joined", help="Enter a person who joined the project, in the roster.",
        example="deliverables joined S015 陈安 --department 运维部 --post 工程师 --on 2026-12-07",
        book=Roster, row=StaffMember, given=("number", "name"),
        options={"identity_kind": ("--identity-kind", "The kind of identity document."),
                 "identity_number": ("--identity-number", "Its number; may be left out."),
                 "department": ("--department", "The department."), "post": ("--post", "The post."),
                 "key_staff": ("--key-staff", "是 or 否: whether one of the key staff."),
                 "joined": (ON, "The day of joining."),
                 "access_granted": ("--access", "The day that access was granted."),
                 "left": ("--left", "The day of leaving."),
                 "trained": ("--trained", "The day of the confidentiality training."),
                 "trainer": ("--trainer", "Who gave it."),
                 "signed": ("--signed", "The day that the agreement was signed."),
                 "why_unsigned": ("--why-unsigned", "Why it is not signed yet."),
                 "owner": ("--owner", "Who sees to its being signed."),
                 "sign_by": ("--sign-by", "When it is to be signed."),
                 "explained": ("--explained", "The day that this is said; that of joining if not."),
                 "evidence": _EVIDENCE},
        supposed={"identity_kind": "居民身份证", "key_staff": "否"}, more=_explained,
        asked={"access_granted": ALWAYS, "trained": ALWAYS, "signed": ALWAYS,
               "why_unsigned": "signed", "owner": "signed", "sign_by": "signed"},
        ahead=("joined", "access_granted", "left", "sign_by"),
    ),
    Happening(
        name="signed", help="Enter that a person signed the confidentiality agreement.",
        example="deliverables signed S015 --on 2026-12-08",
        book=Roster, row=StaffMember, given=("number",), which=("number",),
        options={"signed": (ON, "The day of signing."), "evidence": _EVIDENCE},
        empties=("why_unsigned", "owner", "sign_by", "explained"),
    ),
    Happening(
        name="left", help="Enter that a person left the project, in the roster.",
        example="deliverables left S015 --on 2027-02-26",
        book=Roster, row=StaffMember, given=("number",), which=("number",),
        options={"left": (ON, "The day of leaving."), "evidence": _EVIDENCE},
        ahead=("left",),
    ),
)  # fmt: skip
"""Every such command: a new one is a line here."""


def _command(one: Happening) -> click.Command:
    """Return the command of a happening."""

    def run(
        workplace: Workplace,
        contract: str | None,
        yes: bool,  # noqa: FBT001  # click passes flags by name
        dry_run: bool,  # noqa: FBT001
        as_of: date,
        form: str,
        further: tuple[str, ...] = (),
        again: bool = False,  # noqa: FBT001, FBT002
        **typed: str | None,
    ) -> None:
        values = {name: text or "" for name, text in typed.items()}
        shares = _shares(one, values, further, workplace)
        talking = not yes and is_talking(form)
        told = replace(one, once=()) if again else one
        enter(workplace, told, values, contract, shares, as_of, talking=talking, dry_run=dry_run,
               form=form)  # fmt: skip

    run.__doc__ = f"""{one.help}

    What is missing is asked for on a terminal; the row is shown before it is written, and check
    must have nothing against it. The command undo takes it back.

    \b
    Example: {one.example}
    """
    made: Any = click.pass_obj(run)
    made = yes_options(as_of_option(format_option(contract_option(made))))
    if one.once:
        told = "It did happen twice: enter it beside its like."
        made = click.option("--again", is_flag=True, help=told)(made)
    for name in reversed(tuple(one.options)):
        option, told = one.options[name]
        made = click.option(option, name, metavar="TEXT", help=told)(made)
    if one.shared:
        shares = f"[{'='.join(one.given).upper()}]..."
        made = click.argument("further", metavar=shares, nargs=-1)(made)
    for name in reversed(one.given):
        made = click.argument(name, metavar=f"[{name.upper()}]", required=False)(made)
    return click.command(one.name)(made)


COMMANDS: Final = {one.name: _command(one) for one in HAPPENINGS}
(received_command, invoiced_command, requested_command, reminded_command, deducted_command,
 claimed_command, approved_command, filed_command, occurred_command, fulfilled_command,
 joined_command, signed_command, left_command) = COMMANDS.values()  # fmt: skip


def _shares(
    one: Happening, values: Values, further: Sequence[str], workplace: Workplace
) -> list[Values]:
    """Return the rows that one happening falls into, as 1=1,000.00 2=500.00; else what is given."""
    given = [*(values[name] for name in one.given), *further]
    if not one.shared or not any("=" in text for text in (given[0], *further)):
        if further:
            raise workplace.misused(say("{text} is one too many", text=further[0]))
        return [{}]
    pairs = [text.partition("=") for text in given if text]
    if any(not mark for _, mark, _ in pairs):
        raise workplace.misused(say("give every share with =, as in 1=1,000.00 2=500.00"))
    return [dict(zip(one.given, (key, value), strict=True)) for key, _, value in pairs]


@click.command("undo")
@yes_options
@contract_option
@format_option
@click.pass_obj
def undo_command(
    workplace: Workplace,
    contract: str | None,
    yes: bool,  # noqa: FBT001  # click passes flags by name
    dry_run: bool,  # noqa: FBT001
    form: str,
) -> None:
    """Take back the row that the last such command entered.

    That can be done while the workbook is as the command wrote it, and then once more for the row
    before. What an import entered in several contracts is taken back as one. The row is shown
    before it goes.

    \b
    Example: deliverables undo
    """
    folders = workplace.folders
    last = None if contract else entered_last(folders, workplace.project.contracts)
    number = last or one_contract(workplace, contract).contract
    suggest(SHOW_PLAN)
    meant = _meant(workplace, number)
    talking = not yes and not dry_run and is_talking(form)
    answer = _Undone(meant, done=not dry_run, shown=talking)
    if talking:
        for line in answer.rows():
            workplace.tell(line)
        files = listed(one.workbook.as_posix() for one in meant.entered)
        workplace.ask(say("take this back out of {file}?", file=files))
    if not dry_run:
        with ExitStack() as work:
            for each in sorted(meant.contracts):
                work.enter_context(at_work(folders.data / each))
            if _meant(workplace, number) != meant:
                raise workplace.failed(say("another row was entered meanwhile: nothing was taken "
                                           "back"))  # fmt: skip
            meant.take_back()
    workplace.answer(answer, form)


def _meant(workplace: Workplace, contract: str) -> Undoing:
    found = undoing(workplace.folders, contract)
    if isinstance(found, Message):
        raise workplace.failed(found)
    return found


@dataclass(frozen=True, slots=True)
class _Undone(Answer):
    """The rows that were taken back, or would be, and the workbooks that are as they were."""

    meant: Undoing
    done: bool
    shown: bool

    def rows(self) -> Iterator[Message | Table]:
        """Yield the rows that go."""
        for one in self.meant.entered:
            yield from (cells_table(row.items()) for row in one.rows)
            if one.count > len(one.rows):
                yield say("{file}: and {count} more rows", file=one.workbook.as_posix(),
                          count=one.count - len(one.rows))  # fmt: skip

    def lines(self, language: str) -> Iterator[Message | Table]:
        if not self.shown:
            yield from self.rows()
        for one in self.meant.entered:
            where = one.workbook.as_posix()
            if self.done:
                yield say("{file} is as it was before", file=where)
            else:
                yield say("nothing was written: this would go out of {file}, sheet {sheet}",
                          file=where, sheet=one.sheet)  # fmt: skip

    def facts(self, language: str) -> dict[str, object]:
        files = [one.workbook.as_posix() for one in self.meant.entered]
        gone = [{"file": one.workbook.as_posix(), "sheet": one.sheet, "count": one.count,
                 "rows": one.rows} for one in self.meant.entered]  # fmt: skip
        return {"undone": self.done, "file": files[0], "files": files, "entered": gone}

    @property
    def next(self) -> Message:
        """Running it again would take back more."""
        return SHOW_PLAN
