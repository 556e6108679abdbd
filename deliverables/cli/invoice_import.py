"""deliverables invoice-import: the tax portal's workbook, filled with an instalment's invoice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from deliverables.cli.answer import (
    Exit,
    Workplace,
    as_of_option,
    contract_option,
    format_option,
    print_json,
    problem_facts,
    require_contract,
    tell_next,
)
from deliverables.cli.build import RESULTS
from deliverables.cli.pack import asked, require_instalment, tell_errors
from deliverables.examination import Examined, examine
from deliverables.finance.portal import (
    Imported,
    barred,
    find_templates,
    import_invoice,
    invoices_wanted,
)
from deliverables.plan import Planned, Result
from deliverables.values.problem import say

Answer = tuple[Examined, Imported]


@click.command("invoice-import")
@click.argument("instalment", type=click.IntRange(min=1))
@contract_option
@click.option(
    "--template",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The workbook as downloaded from the tax portal; else it is looked for below data.",
)
@click.option("--anyway", is_flag=True, help="Fill it although a condition of payment is unmet.")
@click.option("--replace", is_flag=True, help="Remake an edited copy; the old one is kept too.")
@as_of_option
@format_option
@click.pass_obj
def command(
    workplace: Workplace,
    instalment: int,
    contract: str | None,
    template: Path | None,
    anyway: bool,  # noqa: FBT001  # click passes flags by name
    replace: bool,  # noqa: FBT001
    as_of: date,
    form: str,
) -> None:
    """Fill a copy of the tax portal's workbook (批量开票) with the invoice of an INSTALMENT.

    The workbook is your own, freshly downloaded: it stays as it is, the filled copy goes to out.
    What is still to be invoiced is taken from the payment request, tax included.

    \b
    Example:
      deliverables invoice-import 2 --template 批量开票-导入开票模板.xlsx --as-of 2026-11-17
    """
    folders = workplace.folders
    request = asked(instalment, as_of, anyway=anyway, replace=replace)
    found: list[tuple[Examined, tuple[Planned, ...]]] = []
    for examined in examine(folders, contract):
        tell_errors(examined, workplace)
        found.append((examined, invoices_wanted(examined, folders, request)))
    require_contract(workplace, contract, [examined.contract for examined, _ in found])
    require_instalment(workplace, found, instalment)
    answers: list[Answer] = []
    for examined, wanted in found:
        for planned in wanted:
            done = barred(planned, request)
            if done is None and examined.book is not None:
                file = template or _found(workplace, folders.data, examined.contract)
                one = planned.deliverable
                done = import_invoice(examined.book, folders, request, one, file)
            if done is not None:
                answers.append((examined, done))
    if form == "json":
        print_json([_facts(answer, workplace) for answer in answers])
    for _, done in answers:
        if form == "text":
            _show(done, workplace)
        workplace.show_problems(done.problems)
    files = [done.paper.file.as_posix() for _, done in answers if done.paper]
    tell_next(file=files[0] if files else "", sound=all(examined.sound for examined, _ in found))
    raise SystemExit(_exit_code([examined for examined, _ in found], answers))


def _found(workplace: Workplace, data: Path, number: str) -> Path:
    """Return the portal's workbook in the data folder or the contract's; there must be just one."""
    found = find_templates(data / number, data)
    if len(found) == 1:
        return found[0]
    message = (
        say("several workbooks of the tax portal: {files}; name one with --template",
            files=", ".join(path.as_posix() for path in found))
        if found
        else say("there is no workbook of the tax portal in {folder} or {data}: download it "
                 "(批量开票, 下载模板) and give it as --template",
                 folder=(data / number).as_posix(), data=data.as_posix())
    )  # fmt: skip
    raise click.UsageError(workplace.spoken(message))


def _show(done: Imported, workplace: Workplace) -> None:
    reasons = (*done.reasons, *((done.paper.reason,) if done.paper and done.paper.reason else ()))
    why = "；".join(map(workplace.spoken, reasons))
    where = done.paper.file.as_posix() if done.paper else done.deliverable.title
    label = workplace.spoken(RESULTS[done.result])
    click.echo(f"{label}  {where}" + (f"  ({why})" if why else ""))
    if done.paper:
        workplace.note(
            say(
                "invoice {serial}: {gross} yuan, tax included; compare the preview of the portal "
                "with 开票申请单 before it is issued",
                serial=done.serial,
                gross=done.gross,
            )
        )
        if done.deliverable.sample:
            workplace.note(say("made from sample data: do not import it"))


def _exit_code(examined: Sequence[Examined], answers: Sequence[Answer]) -> Exit:
    results = [done.result for _, done in answers]
    if Result.REFUTED in results:
        return Exit.REFUTED
    broken = [one for one in examined if not one.sound]
    if broken:
        return Exit.PARTLY_FAILED if len(broken) < len(examined) else Exit.BAD_DATA
    made = [done for _, done in answers if done.paper]
    return Exit.BAD_DATA if Result.FAILED in results or not made else Exit.DONE


def _facts(answer: Answer, workplace: Workplace) -> dict[str, object]:
    examined, done = answer
    language = workplace.language
    return {
        "contract": examined.contract,
        "instalment": done.deliverable.part,
        "result": done.result.value,
        "serial": done.serial,
        "gross": done.gross,
        "file": done.paper.file.as_posix() if done.paper else None,
        "reasons": [reason.in_language(language) for reason in done.reasons],
        "problems": [problem_facts(problem, language) for problem in done.problems],
    }
