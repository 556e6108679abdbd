"""Making documents: everything due, a kind, or a part of one."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from dataclasses import replace as with_other
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

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
    part_called,
    problem_facts,
    reason_facts,
    require_contract,
    told_to_programs,
    unfinished,
)
from deliverables.cli.selection import Selection, kinds_of, no_match, select
from deliverables.examination import SHUT, Examined, examine
from deliverables.files import refusal, sha256_of
from deliverables.kinds import Deliverable, Group
from deliverables.letters import every_kind
from deliverables.plan import (
    RESULTS,
    EditedCopy,
    Outcome,
    Request,
    Result,
    is_uncounted,
    unpaginated,
)
from deliverables.register import lives, read_register
from deliverables.values.problem import Message, Problem, is_unfinished, say

if TYPE_CHECKING:
    from deliverables.cli.outcomes import Laid
    from deliverables.edits import Conflict
    from deliverables.folders import Folders
    from deliverables.overview.run import Run
    from deliverables.pdf.press import Press, Printout
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
@click.option(
    "--pages/--no-pages",
    default=True,
    help="Count the pages of the contents by LibreOffice if it is there; else Ctrl+A, F9 in Word.",
)
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
    from deliverables.build import build_all
    from deliverables.cli.outcomes import (
        lay_print_set,
        of_pages,
        of_pdfs,
        open_press,
        place_of_print_set,
        tell_errors,
        tell_printouts,
    )
    from deliverables.fleet import Fleet, cores

    edited = _edited_copy(workplace, copy) if copy else None
    if not (names or periods or due or edited):
        raise workplace.misused(say("say what to build: a KIND, --period PART, or --due for all"))
    folders = workplace.folders
    place_of_print_set(paper, workplace)
    pdf = pdf or paper is not None
    press = open_press(folders, pdf=pdf, pages=pages)
    meant = _meant(names, periods, contract, as_of, workplace)
    groups = {Group.REPORTS: reports, Group.LETTERS: letters, Group.AGREEMENTS: agreements}
    chosen = meant.kinds | _of_groups(
        [group for group, asked in groups.items() if asked], workplace
    )
    request = Request(
        as_of=as_of,
        moment=datetime.now(UTC),
        command=" ".join(["deliverables", *sys.argv[1:]]),
        kinds=chosen or _kind_of(edited),
        parts=meant.parts or _part_of(edited),
        named=meant.named,
        anyway=anyway,
        options=None if no_id is None else frozenset({"no-id"} if no_id else ()),
        only_needed=due and not (names or periods),
        replace_edited=replace,
        keep_edits=keep_edits,
        copy=edited,
        paginate=press.paginate if pages else unpaginated,
    )
    begun: dict[str, tuple[Problem, ...]] = {}
    only = edited.contract if edited else contract
    with (
        press,
        Fleet(jobs or cores()) as fleet,
        _reporting(workplace, form, press) as report,
        _run(workplace, request, only, batch=due) as run,
    ):

        def begin(examined: Examined) -> None:
            if is_unfinished(examined.problems):
                workplace.note(*errors_of(examined.problems))
                workplace.note(unfinished(examined.contract, examined.problems))
            else:
                tell_errors(examined, workplace)
            begun[examined.contract] = examined.problems

        for examined, outcomes in build_all(
            folders, request, report, fleet, only=only, begin=begin
        ):
            known = begun[examined.contract]
            workplace.note(*errors_of(one for one in examined.problems if one not in known))
            run.take(examined, outcomes)
        printed = tell_printouts(press, request, workplace, quietly=_quiet(form))
        laid = lay_print_set(paper, run.done, printed, press, request, workplace)
    done = run.done
    require_contract(workplace, contract, [examined.contract for examined, _ in done])
    if names or periods or edited:
        _require_a_match(done, (*names, *periods) or sorted(request.parts), workplace)
    told = (
        *of_pages(press),
        *(() if pages else _without_pages(done, workplace.folders)),
        *(of_pdfs(press, printed) if pdf else ()),
        *run.summary(),
    )
    built = _Built(tuple(done), printed, told, run.folder, asked_by_name=not due, laid=laid)
    run.keep(built)
    workplace.answer(with_other(built, folder=run.folder), form)


def _without_pages(
    done: Sequence[tuple[Examined, Sequence[Outcome]]], folders: Folders
) -> Iterator[Message]:
    """Yield that pages were not counted, as was asked, if a document was made with contents."""
    for examined, outcomes in done:
        made = {one.deliverable.key for one in outcomes if one.result in _THERE}
        entries, _ = read_register(folders.register(examined.contract)) if made else ((), ())
        known = lives(entries)
        if any(key in known and is_uncounted(known[key].made) for key in made):
            yield say("contents: pages not counted; before printing press Ctrl+A, F9 in Word "
                      "(--no-pages)")  # fmt: skip
            return


_THERE: Final = (Result.MADE, Result.UNCHANGED)


class _Run:
    """A run as it goes on: its contracts as they are done, its log, and at last its report.

    Only a batch, which nobody watches, leaves a folder of its own in out/runs.
    """

    def __init__(self, workplace: Workplace, request: Request, of: int, *, batch: bool) -> None:
        from deliverables.overview.run import run_folder

        self.workplace, self.request, self.of = workplace, request, of
        self.done: list[tuple[Examined, tuple[Outcome, ...]]] = []
        self.folder = run_folder(workplace.out, request.moment) if batch else None
        self._log: list[str] = []
        self._written: dict[str, str] = {}

    def take(self, examined: Examined, outcomes: tuple[Outcome, ...]) -> None:
        """Take note of a contract that is done; of several, say how far the run is."""
        from deliverables.overview.run import contract_line, in_beijing, time_left

        self.done.append((examined, outcomes))
        now = datetime.now(UTC)
        left = time_left(self.request.moment, now, len(self.done), self.of)
        line = contract_line(len(self.done), self.of, examined, outcomes, left)
        if self.of > 1 and not _quiet():
            self.workplace.note(line)
        self._log.append(f"{in_beijing(now):%Y-%m-%d %H:%M:%S} {self.workplace.spoken(line)}\n")
        self._put("run.log", "".join(self._log).encode())

    def so_far(self) -> Run:
        """Return what the run did until now."""
        from deliverables.overview.run import Run

        return Run(command=self.request.command, as_of=self.request.as_of,
                   began=self.request.moment, ended=datetime.now(UTC), done=tuple(self.done),
                   whole=len(self.done) >= self.of)  # fmt: skip

    def summary(self) -> Iterator[Message]:
        """Yield what a person has to know of a run over several contracts."""
        from deliverables.overview.run import summary

        if len(self.done) > 1:
            yield from summary(self.so_far(), self.workplace.language)

    def keep(self, built: _Built) -> None:
        """Lay the report beside the log: a page for people, the same facts for programs."""
        import json

        from deliverables.overview.run import report, run_facts

        if self.folder is None:
            return
        run, language = self.so_far(), self.workplace.language
        self._put("report.html", report(run, self.folder, language))
        facts = told_to_programs(run_facts(run, int(built.code), built.facts(language)))
        said = json.dumps(facts, ensure_ascii=False, indent=2, default=str)
        self._put("report.json", said.encode())

    def _put(self, name: str, content: bytes) -> None:
        """Put a file of the report in place; that it cannot be written ends no run."""
        from deliverables.transaction import Transaction

        if self.folder is None:
            return
        file = self.folder / name
        try:
            with Transaction(self.folder.parent) as change:
                change.put(file, content, over=self._written.get(name, ""))
        except OSError as fault:
            self.folder = None
            why = refusal(fault, halfway=True)
            self.workplace.note(say("the run leaves no report: {why}", why=why))
        self._written[name] = sha256_of(content)


@contextmanager
def _run(
    workplace: Workplace, request: Request, only: str | None, *, batch: bool
) -> Iterator[_Run]:
    """Yield the run; one that ends early leaves the report of what it did."""
    from deliverables.read.files import find_contracts

    run = _Run(workplace, request, len(find_contracts(workplace.data, only)), batch=batch)
    try:
        yield run
    except BaseException:
        with suppress(OSError):
            run.keep(_Built(tuple(run.done), {}, (), run.folder, asked_by_name=not batch))
        raise


def _quiet(form: str = "text") -> bool:
    """Return whether only the last line of a run is told, or none as a program is answered."""
    return form != "text" or bool(click.get_current_context().find_root().params["quiet"])


@dataclass(frozen=True, slots=True)
class _Built(Answer):
    """What became of every document of a run; people were told of each as it was made."""

    done: tuple[tuple[Examined, tuple[Outcome, ...]], ...]
    printed: Mapping[Path, Printout]
    told: tuple[Message | Problem, ...]
    folder: Path | None
    asked_by_name: bool
    laid: Laid | None = None

    @property
    def outcomes(self) -> list[Outcome]:
        """What became of every document, whatever its contract."""
        return [outcome for _, outcomes in self.done for outcome in outcomes]

    def lines(self, language: str) -> Iterator[Message]:
        yield from ()

    def facts(self, language: str) -> dict[str, object]:
        return {
            "contracts": [
                {
                    "contract": examined.contract,
                    "sound": examined.sound,
                    "problems": [problem_facts(problem, language) for problem in examined.problems],
                    "documents": [self._outcome_facts(outcome, language) for outcome in outcomes],
                }
                for examined, outcomes in self.done
            ],
            **({"print": self.laid.facts} if self.laid else {}),
        }

    def _outcome_facts(self, outcome: Outcome, language: str) -> dict[str, object]:
        from deliverables.cli.outcomes import pdf_facts

        file = outcome.file
        return {
            "kind": outcome.deliverable.kind,
            "part": outcome.deliverable.part,
            "result": outcome.result.value,
            "file": file.as_posix() if file else None,
            **pdf_facts(self.printed.get(file) if file else None, language),
            "reasons": [reason_facts(reason, language) for reason in outcome.reasons],
            "kept": outcome.kept,
            "conflicts": [_conflict_facts(conflict, language) for conflict in outcome.conflicts],
            "findings": [finding_facts(finding, language) for finding in outcome.findings],
            "problems": [problem_facts(problem, language) for problem in outcome.problems],
        }

    def asides(self) -> Iterator[Message | Problem]:
        from deliverables.cli.outcomes import counted

        if not _quiet():
            yield from self.told
            if self.laid:
                yield self.laid.told
            if self.folder is not None:
                yield say("report: {file}", file=(self.folder / "report.html").as_posix())
        yield from counted(Counter(one.result for one in self.outcomes), RESULTS)

    @property
    def faults(self) -> tuple[Fault, ...]:
        met = (*(examined.fault for examined, _ in self.done), *(o.fault for o in self.outcomes))
        return tuple(fault for fault in met if fault)

    @property
    def code(self) -> Exit:
        results = {outcome.result for outcome in self.outcomes}
        broken = [examined for examined, _ in self.done if not examined.sound]
        if Result.REFUTED in results:
            return Exit.REFUTED
        if broken:
            return Exit.PARTLY_FAILED if len(broken) < len(self.done) else Exit.BAD_DATA
        if Result.FAILED in results:
            return Exit.BAD_DATA
        if self.laid and self.laid.failed:
            return Exit.BAD_DATA
        refused = {Result.BLOCKED, Result.NOT_YET}
        return Exit.BAD_DATA if self.asked_by_name and results and results <= refused else Exit.DONE

    @property
    def next(self) -> Message | None:
        if self.code is Exit.REFUTED:
            return say("next: nothing was replaced; deliverables template check looks for the "
                       "fault")  # fmt: skip
        broken = [examined for examined, _ in self.done if not examined.sound]
        shut = all(SHUT in {one.code for one in each.problems} for each in broken)
        if shut and (broken or Result.FAILED in {one.result for one in self.outcomes}):
            return None
        if self.code is not Exit.DONE:
            return SHOW_PLAN if all(examined.sound for examined, _ in self.done) else CHECK
        made = [one.file for one in self.outcomes if one.result is Result.MADE]
        if made and made[0]:
            return say("next: read {made} in Word or WPS, mend the prose, then deliverables verify",
                       made=made[0].as_posix())  # fmt: skip
        return SHOW_PLAN


def _edited_copy(workplace: Workplace, file: Path) -> EditedCopy:
    """Return which document a copy is of; end the command if that is unknown, or not its draft."""
    from deliverables.cli.recorded import recognised

    known = recognised(workplace, file)
    if known.claimed or known.is_final:
        raise workplace.misused(
            say("{file}: it is no copy of a draft; deliverables verify tells more", file=file)
        )
    return EditedCopy(known.contract, known.entry.deliverable, file, known.entry.base)


def _kind_of(copy: EditedCopy | None) -> frozenset[str]:
    return frozenset({copy.key.partition("/")[0]} if copy else ())


def _part_of(copy: EditedCopy | None) -> frozenset[str]:
    return frozenset({copy.key.partition("/")[2]} if copy else ())


def _of_groups(groups: Collection[Group], workplace: Workplace) -> set[str]:
    if not groups:
        return set()
    return {name for name, kind in kinds_of(workplace).items() if kind.group in groups}


def _meant(
    names: Sequence[str],
    periods: Sequence[str],
    contract: str | None,
    as_of: date,
    workplace: Workplace,
) -> Selection:
    """Return what words name: 季度报告 第二季度, 合同首款."""
    folders = workplace.folders

    def planned() -> Iterator[list[Deliverable]]:
        for one in examine(folders, contract):
            if one.book is not None and one.sound:
                known = every_kind(folders, one.contract).values()
                yield [each for kind in known for each in kind.plan(one.book, as_of)]

    known = kinds_of(workplace) if names else {}
    found = select(names, periods, known, planned())
    if isinstance(found, Message):
        raise workplace.misused(found)
    return found


@contextmanager
def _reporting(
    workplace: Workplace, form: str, press: Press
) -> Iterator[Callable[[Outcome], None]]:
    """Yield what to call for each document: a live line on a terminal, plain lines elsewhere."""

    def plain(outcome: Outcome) -> None:
        if not _quiet(form):
            click.echo(_outcome_line(outcome, workplace.language))
        _tell_conflicts(outcome.conflicts, workplace)
        workplace.note(*outcome.findings)
        workplace.show_problems(outcome.problems)
        press.put(outcome)

    if not sys.stderr.isatty():
        yield plain
        return
    from rich.console import Console

    with Console(stderr=True).status(workplace.spoken(say("reading and checking"))) as status:
        done = count(1)

        def live(outcome: Outcome) -> None:
            stem = outcome.deliverable.stem
            status.update(
                workplace.spoken(say("{count} done: {name}", count=next(done), name=stem))
            )
            plain(outcome)

        yield live


def _outcome_line(outcome: Outcome, language: str) -> str:
    from deliverables.cli.outcomes import result_line

    one = outcome.deliverable
    part = for_reading(part_called(one.part, one.part_name), language)
    where = outcome.file.as_posix() if outcome.file else f"{one.called} {part}".removesuffix(" —")
    reasons = outcome.reasons
    if outcome.result is Result.BLOCKED and len(reasons) > 1 and not is_full():
        reasons = (brief(reasons),)
    return result_line(RESULTS[outcome.result], where, reasons, language)


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


def _require_a_match(
    done: list[tuple[Examined, tuple[Outcome, ...]]], words: Sequence[str], workplace: Workplace
) -> None:
    if any(outcomes for _, outcomes in done) or not any(item.sound for item, _ in done):
        return
    raise workplace.misused(no_match(words))
