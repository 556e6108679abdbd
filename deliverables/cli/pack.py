"""deliverables pack: the letter of an instalment with all that goes with it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import click

from deliverables.build import build
from deliverables.cli.answer import (
    Exit,
    Workplace,
    as_of_option,
    contract_option,
    finding_facts,
    format_option,
    print_json,
    problem_facts,
    require_contract,
    show_findings,
    tell_next,
)
from deliverables.cli.build import RESULTS
from deliverables.cli.printouts import open_press, show_printouts, tell_of_pdfs
from deliverables.examination import Examined, examine
from deliverables.finance.payment_pack import LETTER, PaymentPack, Put, Standing, make_pack
from deliverables.plan import Outcome, Request, Result, unpaginated
from deliverables.values.problem import Severity, say

PUT = {
    Put.MADE: say("made"),
    Put.UNCHANGED: say("unchanged"),
    Put.KEPT: say("kept"),
    Put.FAILED: say("failed"),
}


@click.command("pack")
@click.argument("instalment", type=click.IntRange(min=1))
@contract_option
@click.option("--anyway", is_flag=True, help="Make marked drafts although a condition is unmet.")
@click.option("--replace", is_flag=True, help="Remake edited files; the old ones are kept too.")
@click.option("--pdf/--no-pdf", default=True, help="Lay a PDF beside the letter, by LibreOffice.")
@as_of_option
@format_option
@click.pass_obj
def command(
    workplace: Workplace,
    instalment: int,
    contract: str | None,
    anyway: bool,  # noqa: FBT001  # click passes flags by name
    replace: bool,  # noqa: FBT001
    pdf: bool,  # noqa: FBT001
    as_of: date,
    form: str,
) -> None:
    """Make the payment request of an INSTALMENT and all that goes with it.

    The letter, its PDF, the application for the invoice (开票申请单), the list of attachments and
    the text of the e-mail, with the same figures throughout.

    \b
    Example:
      deliverables pack 2 --as-of 2026-11-17
    """
    folders = workplace.folders
    request = asked(instalment, as_of, anyway=anyway, replace=replace)
    press = open_press(folders, pdf=pdf, pages=False)
    built: list[tuple[Examined, tuple[Outcome, ...]]] = []
    with press:
        for examined in examine(folders, contract):
            tell_errors(examined, workplace)
            built.append((examined, build(examined, folders, request, press.put)))
        printed = show_printouts(press, request, workplace, "json")
    require_contract(workplace, contract, [examined.contract for examined, _ in built])
    require_instalment(workplace, built, instalment)
    pdfs = {file: one.pdf for file, one in printed.items() if one.problem is None}
    packs = [
        (examined, make_pack(examined, folders, request, letter, pdfs.get(letter.file or Path())))
        for examined, letters in built
        for letter in letters
    ]
    if form == "json":
        print_json([_facts(examined, pack, pdfs, workplace) for examined, pack in packs])
    for _, pack in packs:
        if form == "text":
            _show(pack, pdfs, workplace)
        show_findings((*pack.letter.findings, *pack.findings), workplace)
        workplace.show_problems((*pack.letter.problems, *pack.problems))
    if pdf:
        tell_of_pdfs(press, printed, workplace)
    letters = [pack.letter.file.as_posix() for _, pack in packs if pack.letter.file]
    tell_next(
        instalment=instalment,
        letter=letters[0] if letters else "",
        to_issue=any(pack.asked for _, pack in packs),
        sound=all(examined.sound for examined, _ in built),
    )
    raise SystemExit(_exit_code([examined for examined, _ in built], [pack for _, pack in packs]))


def asked(instalment: int, as_of: date, *, anyway: bool, replace: bool) -> Request:
    """Return the request for the letter of one instalment."""
    return Request(
        as_of=as_of,
        moment=datetime.now(UTC),
        command=" ".join(["deliverables", *sys.argv[1:]]),
        kinds=frozenset({LETTER}),
        parts=frozenset({str(instalment)}),
        anyway=anyway,
        replace_edited=replace,
        paginate=unpaginated,
    )


def tell_errors(examined: Examined, workplace: Workplace) -> None:
    """Show why nothing can be made from data with errors."""
    workplace.show_problems(one for one in examined.problems if one.severity is Severity.ERROR)
    if not examined.sound:
        workplace.note(
            say(
                "{contract}: nothing was made; mend the errors above (deliverables check)",
                contract=examined.contract,
            )
        )


def require_instalment(
    workplace: Workplace,
    found: Sequence[tuple[Examined, tuple[object, ...]]],
    instalment: int,
) -> None:
    """Refuse to go on where no sound contract has such an instalment."""
    if any(letters for _, letters in found) or not any(item.sound for item, _ in found):
        return
    message = say("no contract has an instalment {number}", number=instalment)
    raise click.UsageError(workplace.spoken(message))


def _show(pack: PaymentPack, pdfs: dict[Path, Path], workplace: Workplace) -> None:
    letter = pack.letter
    where = letter.file.as_posix() if letter.file else letter.deliverable.title
    reasons = "；".join(workplace.spoken(reason) for reason in letter.reasons)
    click.echo(f"{workplace.spoken(RESULTS[letter.result])}  {where}"
               + (f"  ({reasons})" if reasons else ""))  # fmt: skip
    if letter.file in pdfs:
        click.echo(f"{workplace.spoken(say('PDF'))}  {pdfs[letter.file].as_posix()}")
    for paper in pack.papers:
        why = f"  ({workplace.spoken(paper.reason)})" if paper.reason else ""
        click.echo(f"{workplace.spoken(PUT[paper.result])}  {paper.file.as_posix()}{why}")
    if not pack.papers:
        return
    lacking = [item for item in pack.items if item.standing is Standing.LACKING]
    for item in lacking:
        click.echo(f"  {item.standing}  {item.name}  ({item.action})")
    count = say(
        "checklist: {all} lines, {lacking} of them lacking",
        all=len(pack.items),
        lacking=len(lacking),
    )
    workplace.note(count)
    if pack.asked:
        workplace.note(
            say(
                "invoice before payment: issuing it makes {tax} yuan of VAT due (增值税法 28)",
                tax=pack.asked.line.tax,
            )
        )


def _exit_code(examined: list[Examined], packs: list[PaymentPack]) -> Exit:
    broken = [one for one in examined if not one.sound]
    faults = [finding for pack in packs for finding in (*pack.letter.findings, *pack.findings)]
    if any(finding.severity is Severity.ERROR for finding in faults):
        return Exit.REFUTED
    if broken:
        return Exit.PARTLY_FAILED if len(broken) < len(examined) else Exit.BAD_DATA
    done = {Result.MADE, Result.UNCHANGED, Result.KEPT}
    failed = [one for one in packs if one.letter.result is Result.FAILED or one.papers == ()]
    if any(pack.letter.result in done for pack in failed):
        return Exit.BAD_DATA
    spoilt = any(paper.result is Put.FAILED for pack in packs for paper in pack.papers)
    return Exit.BAD_DATA if spoilt or len(failed) == len(packs) else Exit.DONE


def _facts(
    examined: Examined, pack: PaymentPack, pdfs: dict[Path, Path], workplace: Workplace
) -> dict[str, object]:
    language, letter, line = workplace.language, pack.letter, pack.asked and pack.asked.line
    pdf = pdfs.get(letter.file) if letter.file else None
    return {
        "contract": examined.contract,
        "instalment": letter.deliverable.part,
        "letter": {
            "result": letter.result.value,
            "file": letter.file.as_posix() if letter.file else None,
            "pdf": pdf.as_posix() if pdf else None,
            "reasons": [reason.in_language(language) for reason in letter.reasons],
        },
        "files": [
            {
                "file": paper.file.as_posix(),
                "result": paper.result.value,
                "reason": paper.reason.in_language(language) if paper.reason else None,
            }
            for paper in pack.papers
        ],
        "invoice": line
        and {
            "net": str(line.net.value),
            "rate": str(line.rate.value),
            "tax": str(line.tax.value),
            "gross": str(line.gross.value),
        },
        "subject": pack.subject,
        "checklist": [
            {
                "group": item.group,
                "name": item.name,
                "standing": item.standing.value,
                "where": item.where,
                "action": item.action,
            }
            for item in pack.items
        ],
        "findings": [finding_facts(one, language) for one in (*letter.findings, *pack.findings)],
        "problems": [problem_facts(one, language) for one in (*letter.problems, *pack.problems)],
    }
