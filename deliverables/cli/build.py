"""Making documents: everything due, a kind, or a part of one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from dataclasses import replace as with_other
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deliverables import (
    Deliverable,
    Examined,
    Outcome,
    Project,
    Result,
    Run,
    Watch,
)
from deliverables.cli.answer import (
    CHECK,
    SHOW_PLAN,
    Answer,
    Exit,
    Workplace,
    as_of_option,
    brief,
    contract_option,
    errors_of,
    finding_facts,
    for_reading,
    format_option,
    full_option,
    is_full,
    pages_option,
    part_called,
    problem_facts,
    reason_facts,
    require_contract,
    told_to_programs,
    unfinished,
)
from deliverables.cli.outcomes import (
    counted,
    of_pages,
    of_pdfs,
    pdf_facts,
    print_facts,
    result_line,
    tell_errors,
    tell_printout,
)
from deliverables.cli.selection import Selection, kinds_of, no_match, select
from deliverables.files.digest import sha256_of
from deliverables.files.refusal import refusal
from deliverables.kinds import Group
from deliverables.values.problem import Message, Problem, is_unfinished, say

if TYPE_CHECKING:
    from deliverables import Printout
    from deliverables.edits import Conflict
    from deliverables.values.fault import Fault


@click.command("build")
@click.argument("names", metavar="[KIND]...", nargs=-1)
@contract_option
@click.option("--period", "periods", multiple=True, metavar="PART", help="Q2, annual, 1, S001 …")
@click.option("--due", is_flag=True, help="Everything that can be made on the day, every contract.")
@click.option("--reports", is_flag=True, help="With --due: reports only.")
@click.option("--letters", is_flag=True, help="With --due: letters and payment papers only.")
@click.option("--agreements", is_flag=True, help="With --due: confidentiality agreements only.")
@click.option("--anyway", is_flag=True, help="Make a marked draft although a condition is unmet.")
@click.option("--replace", is_flag=True, help="Remake an edited draft; the old file is kept too.")
@click.option("--keep-edits", is_flag=True, help="Remake it with what was written in it.")
@click.option("--edits-from", "copy", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              metavar="FILE", help="Take the edits of a copy that lies elsewhere.")  # fmt: skip
@click.option("--pdf", is_flag=True, help="Lay a PDF beside each document, by LibreOffice.")
@click.option("--print", "paper", type=click.Path(path_type=Path, dir_okay=False),
              metavar="FILE.pdf", help="Write all documents of the run as one PDF to print, each "
              "pile behind a page that says for whom and how often; implies --pdf.")  # fmt: skip
@pages_option
@click.option(
    "--no-id/--with-id",
    default=None,
    help="Leave identity numbers blank for handwriting; without either, as the draft before.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="How many processes make documents (default: one per core).",
)
@as_of_option
@full_option
@format_option
@click.pass_obj
def build_command(
    workplace: Workplace,
    names: tuple[str, ...],
    contract: str | None,
    periods: tuple[str, ...],
    due: bool,  # noqa: FBT001  # click passes flags by name
    reports: bool,  # noqa: FBT001
    letters: bool,  # noqa: FBT001
    agreements: bool,  # noqa: FBT001
    anyway: bool,  # noqa: FBT001
    replace: bool,  # noqa: FBT001
    keep_edits: bool,  # noqa: FBT001
    copy: Path | None,
    pdf: bool,  # noqa: FBT001
    paper: Path | None,
    pages: bool,  # noqa: FBT001
    no_id: bool | None,  # noqa: FBT001
    jobs: int | None,
    as_of: date,
    form: str,
) -> None:
    """Make documents, prove every figure in them and record what was made.

    \b
    Examples:
      deliverables build --due --as-of 2026-11-02
      deliverables build --due --reports --contract 'HT-2026-*'
      deliverables build payment_request --period 2 --anyway --as-of 2026-11-02
      deliverables build 季度报告 第二季度 --as-of 2026年11月2日
      deliverables build 付款申请函 第1期
      deliverables build --due --agreements --print 保密协议.pdf
    """
    from deliverables import (
        NewerFormatError,
        PlaceTakenError,
        UnknownFileError,
        UnreadableDocumentError,
    )

    if not (names or periods or due or copy):
        raise workplace.misused(say("say what to build: a KIND, --period PART, or --due for all"))
    project = Project(workplace.folders)
    meant = _meant(names, periods, project.called_for(as_of, contract=contract), workplace)
    groups = {Group.REPORTS: reports, Group.LETTERS: letters, Group.AGREEMENTS: agreements}
    chosen = meant.kinds | _of_groups(
        [group for group, asked in groups.items() if asked], workplace
    )
    with _Follower.of(workplace, form, batch=due) as follower:
        try:
            run = project.build(
                as_of,
                contract=contract,
                kinds=chosen,
                parts=meant.parts,
                named=meant.named,
                due=due and not (names or periods),
                anyway=anyway,
                replace=replace,
                keep_edits=keep_edits,
                edits_from=copy,
                identities=None if no_id is None else not no_id,
                pages=pages,
                pdf=pdf,
                print_to=paper,
                jobs=jobs,
                command=" ".join(["deliverables", *sys.argv[1:]]),
                watch=follower,
            )
        except PlaceTakenError as taken:
            raise workplace.misused(taken.message) from taken
        except (UnknownFileError, UnreadableDocumentError, NewerFormatError) as fault:
            workplace.note(say("{file}: {reason}", file=copy, reason=fault.message))
            raise SystemExit(Exit.WRONG_USE) from fault
    require_contract(workplace, contract, [built.contract for built in run.done])
    if names or periods or copy:
        words = (*names, *periods) or sorted(run.request.parts)
        if not run.outcomes and len(run.broken) < len(run.done):
            raise workplace.misused(no_match(words))
    told = (
        *of_pages(run.pressed, wanted=pages),
        *of_pdfs(run.pressed),
        *follower.summary(run),
    )
    built = _Built(run, told, follower.folder, asked_by_name=not due)
    follower.keep(built)
    workplace.answer(with_other(built, folder=follower.folder), form)


class _Follower(Watch):
    """Tells people of a run as it goes on, and of a batch leaves its log and at last its report.

    Only a batch, which nobody watches, leaves a folder of its own in out/runs.
    """

    def __init__(
        self, workplace: Workplace, form: str, *, batch: bool, live: Callable[[Message], None]
    ) -> None:
        self.workplace, self.quiet, self.batch = workplace, _quiet(form), batch
        self.folder: Path | None = None
        self._live, self._count = live, 0
        self._so_far: Run | None = None
        self._told: dict[str, tuple[Problem, ...]] = {}
        self._log: list[str] = []
        self._written: dict[str, str] = {}

    @classmethod
    @contextmanager
    def of(cls, workplace: Workplace, form: str, *, batch: bool) -> Iterator[_Follower]:
        """Yield who follows a run; one that ends early leaves the report of what it did."""
        with _line(workplace) as live:
            follower = cls(workplace, form, batch=batch, live=live)
            try:
                yield follower
            except BaseException:
                if run := follower._so_far:
                    with suppress(OSError):
                        follower.keep(_Built(run, (), follower.folder, asked_by_name=not batch))
                raise

    def begun(self, run: Run) -> None:
        self._so_far = run
        if self.batch:
            from deliverables.overview.run_report import broken_off, first_line, run_folder

            try:
                self.folder = run_folder(self.workplace.out, run.request.moment)
                earlier = broken_off(self.folder)
            except OSError as fault:
                self._without_report(fault)
                return
            self._write_down(run, first_line(run))
            if earlier and not _quiet():
                self.workplace.note(
                    say("the run before did not come to its end, or is still going on ({folder}): "
                        "what it made is passed over", folder=earlier.as_posix())
                )  # fmt: skip

    def read(self, examined: Examined) -> None:
        if is_unfinished(examined.problems):
            self.workplace.note(*errors_of(examined.problems))
            self.workplace.note(unfinished(examined.contract, examined.problems))
        else:
            tell_errors(examined, self.workplace)
        self._told[examined.contract] = examined.problems

    def made(self, outcome: Outcome) -> None:
        self._count += 1
        stem = outcome.deliverable.stem
        self._live(say("{count} done: {name}", count=self._count, name=stem))
        if not self.quiet:
            click.echo(_outcome_line(outcome, self.workplace.language))
        _tell_conflicts(outcome.conflicts, self.workplace)
        self.workplace.note(*outcome.findings)
        self.workplace.show_problems(outcome.problems)

    def done(self, run: Run) -> None:
        from deliverables.overview.run_report import contract_line

        self._so_far, built = run, run.done[-1]
        known = self._told[built.contract]
        self.workplace.note(*errors_of(one for one in built.problems if one not in known))
        line = contract_line(run)
        if run.of > 1 and not _quiet():
            self.workplace.note(line)
        self._write_down(run, line)

    def _write_down(self, run: Run, line: Message) -> None:
        """Add a line to the log."""
        from deliverables.overview.run_report import in_beijing

        now = f"{in_beijing(run.ended):%Y-%m-%d %H:%M:%S}"
        self._log.append(f"{now} {self.workplace.spoken(line)}\n")
        self._put("run.log", "".join(self._log).encode())

    def printed(self, printout: Printout) -> None:
        tell_printout(printout, self.workplace, quietly=self.quiet)

    def summary(self, run: Run) -> Iterator[Message]:
        """Yield what a person has to know of a run over several contracts."""
        from deliverables.overview.run_report import summary

        if len(run.done) > 1:
            yield from summary(run, self.workplace.language)

    def keep(self, built: _Built) -> None:
        """Lay the report beside the log: a page for people, the same facts for programs."""
        import json

        from deliverables.overview.run_report import report, run_facts

        if self.folder is None:
            return
        run, language = built.run, self.workplace.language
        self._put("report.html", report(run, self.folder, language))
        facts = told_to_programs(run_facts(run, int(built.code), built.facts(language)))
        said = json.dumps(facts, ensure_ascii=False, indent=2, default=str)
        self._put("report.json", said.encode())

    def _put(self, name: str, content: bytes) -> None:
        """Put a file of the report in place; that it cannot be written ends no run."""
        from deliverables.files.placement import Transaction

        if self.folder is None:
            return
        file = self.folder / name
        try:
            with Transaction(self.folder.parent) as change:
                change.put(file, content, over=self._written.get(name, ""))
        except OSError as fault:
            self._without_report(fault)
        self._written[name] = sha256_of(content)

    def _without_report(self, fault: OSError) -> None:
        self.folder = None
        why = refusal(fault, halfway=True)
        self.workplace.note(say("the run leaves no report: {why}", why=why))


@contextmanager
def _line(workplace: Workplace) -> Iterator[Callable[[Message], None]]:
    """Yield what tells how far a run is: a live line on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status(workplace.spoken(say("reading and checking"))) as status:
        yield lambda message: status.update(workplace.spoken(message))


def _quiet(form: str = "text") -> bool:
    """Return whether only the last line of a run is told, or none as a program is answered."""
    return form != "text" or bool(click.get_current_context().find_root().params["quiet"])


@dataclass(frozen=True, slots=True)
class _Built(Answer):
    """What became of every document of a run; people were told of each as it was made."""

    run: Run
    told: tuple[Message | Problem, ...]
    folder: Path | None
    asked_by_name: bool

    def lines(self, language: str) -> Iterator[Message]:
        yield from ()

    def facts(self, language: str) -> dict[str, object]:
        return {
            "contracts": [
                {
                    "contract": built.contract,
                    "sound": built.sound,
                    "problems": [problem_facts(problem, language) for problem in built.problems],
                    "documents": [self._outcome_facts(one, language) for one in built.outcomes],
                }
                for built in self.run.done
            ],
            **({"print": print_facts(laid)} if (laid := self.run.print_set) else {}),
        }

    def _outcome_facts(self, outcome: Outcome, language: str) -> dict[str, object]:
        file, printed = outcome.file, self.run.pressed.by_document
        return {
            "kind": outcome.deliverable.kind,
            "part": outcome.deliverable.part,
            "result": outcome.result.value,
            "file": file.as_posix() if file else None,
            **pdf_facts(printed.get(file) if file else None, language),
            "reasons": [reason_facts(reason, language) for reason in outcome.reasons],
            "kept": outcome.kept,
            "conflicts": [_conflict_facts(conflict, language) for conflict in outcome.conflicts],
            "findings": [finding_facts(finding, language) for finding in outcome.findings],
            "problems": [problem_facts(problem, language) for problem in outcome.problems],
        }

    def asides(self) -> Iterator[Message | Problem]:
        if not _quiet():
            yield from self.told
            if self.run.print_set:
                yield self.run.print_set.told
            if self.folder is not None:
                yield say("report: {file}", file=(self.folder / "report.html").as_posix())
        yield from counted(self.run.counts, {one: one.message for one in Result})

    @property
    def faults(self) -> tuple[Fault, ...]:
        return self.run.faults

    @property
    def code(self) -> Exit:
        results, broken = set(self.run.counts), self.run.broken
        if Result.REFUTED in results:
            return Exit.REFUTED
        if broken:
            return Exit.PARTLY_FAILED if len(broken) < len(self.run.done) else Exit.BAD_DATA
        if Result.FAILED in results:
            return Exit.BAD_DATA
        if self.run.print_set and self.run.print_set.failed:
            return Exit.BAD_DATA
        refused = {Result.BLOCKED, Result.NOT_YET}
        return Exit.BAD_DATA if self.asked_by_name and results and results <= refused else Exit.DONE

    @property
    def next(self) -> Message | None:
        if self.code is Exit.REFUTED:
            return say("next: nothing was replaced; deliverables template check looks for the "
                       "fault")  # fmt: skip
        broken, failed = self.run.broken, Result.FAILED in self.run.counts
        if (broken or failed) and all(each.is_shut for each in broken):
            return None
        if self.code is not Exit.DONE:
            return CHECK if self.run.broken else SHOW_PLAN
        made = [one.file for one in self.run.outcomes if one.result is Result.MADE]
        if made and self.folder is not None:
            return say("next: open {report}, read what was made in Word or WPS, mend the prose, "
                       "then deliverables verify",
                       report=(self.folder / "report.html").as_posix())  # fmt: skip
        if made and made[0]:
            return say("next: read {made} in Word or WPS, mend the prose, then deliverables verify",
                       made=made[0].as_posix())  # fmt: skip
        return SHOW_PLAN


def _of_groups(groups: Collection[Group], workplace: Workplace) -> set[str]:
    if not groups:
        return set()
    return {name for name, kind in kinds_of(workplace).items() if kind.group in groups}


def _meant(
    names: Sequence[str],
    periods: Sequence[str],
    planned: Iterable[Sequence[Deliverable]],
    workplace: Workplace,
) -> Selection:
    """Return what words name: 季度报告 第二季度, 合同首款."""
    known = kinds_of(workplace) if names else {}
    found = select(names, periods, known, planned)
    if isinstance(found, Message):
        raise workplace.misused(found)
    return found


def _outcome_line(outcome: Outcome, language: str) -> str:
    one = outcome.deliverable
    part = for_reading(part_called(one.part, one.part_name), language)
    where = outcome.file.as_posix() if outcome.file else f"{one.called} {part}".removesuffix(" —")
    reasons = outcome.reasons
    if outcome.result is Result.BLOCKED and len(reasons) > 1 and not is_full():
        reasons = (brief(reasons),)
    return result_line(outcome.result.message, where, reasons, language)


def _tell_conflicts(conflicts: Sequence[Conflict], workplace: Workplace) -> None:
    """Say which passages that people wrote could not be put back, in all three versions."""
    if conflicts:
        workplace.note(say("{count} passages could not be put back:", count=len(conflicts)))
    for conflict in conflicts:
        for line in _conflict_lines(conflict, workplace.language):
            click.echo(line, err=True)


def _conflict_lines(one: Conflict, language: str) -> Iterator[str]:
    """Yield a passage that could not be put back: as made, as edited, as it is now."""
    yield f"    {one.place.message().in_language(language)}: {one.why.in_language(language)}"
    versions: tuple[tuple[Message, str], ...] = (
        (say("as it was made"), one.made),
        (say("as it was edited"), one.edited),
        (say("as it is now"), one.now),
    )
    for label, text in versions:
        if text:
            yield f"        {label.in_language(language)}: {text}"


def _conflict_facts(one: Conflict, language: str) -> dict[str, object]:
    return {
        "where": one.place.message().in_language(language),
        "why": one.why.in_language(language),
        "made": one.made,
        "edited": one.edited,
        "now": one.now,
    }
