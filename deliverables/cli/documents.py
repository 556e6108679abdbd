"""Documents: what is called for, what is made and proved, and how far each has come."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deliverables import Project
from deliverables.cli.answer import (
    CHECK,
    DAY,
    SHOW_PLAN,
    Answer,
    Aside,
    Exit,
    Table,
    Workplace,
    as_of_option,
    by_severity,
    contract_option,
    difference_facts,
    difference_lines,
    due_text,
    errors_of,
    figure_facts,
    finding_facts,
    for_reading,
    format_option,
    kind_called,
    problem_facts,
    require_contract,
    status_facts,
    unfinished,
    unknown_kind,
)
from deliverables.doctor import standing, unrecorded
from deliverables.examination import Examined, examine
from deliverables.files import refusal, sha256_of
from deliverables.letters import every_kind, known_kinds
from deliverables.plan import (
    RESULTS,
    Clock,
    EditedCopy,
    Outcome,
    Plan,
    Planned,
    Request,
    Result,
    clock,
    unpaginated,
    withdrawal,
)
from deliverables.register import (
    FAILED,
    Entry,
    Life,
    lives,
    no_longer_intact,
    pages_of,
    read_register,
    registers_in,
    status_of,
)
from deliverables.status import RECORDED, SPOKEN, Condition, Stage, Status
from deliverables.values.calendar import Deadline, Settled, Side
from deliverables.values.problem import Message, Problem, clauses, is_unfinished, listed, say

if TYPE_CHECKING:
    from deliverables.cli.recorded import Recorded
    from deliverables.compare import FigureChange
    from deliverables.docx.names import FieldName
    from deliverables.edits import Conflict
    from deliverables.folders import Folders
    from deliverables.kinds import Kind
    from deliverables.model.book import ContractBook
    from deliverables.overview.run import Run
    from deliverables.pdf.press import Press, Printout
    from deliverables.values.fault import Fault
    from deliverables.verification import Recognised, Untold, Verified
    from deliverables.verify.differences import Change

# --- plan ---------------------------------------------------------------------------------


@click.command("plan")
@contract_option
@as_of_option
@format_option
@click.pass_obj
def plan_command(workplace: Workplace, contract: str | None, as_of: date, form: str) -> None:
    """Show every document the contract calls for, when, and what stands in its way.

    \b
    Example: deliverables plan --as-of 2026-11-02
    """
    plans = Project(workplace.folders).plan(as_of, contract=contract)
    require_contract(workplace, contract, [one.contract for one in plans])
    workplace.answer(_Plans(as_of, plans), form)


@dataclass(frozen=True, slots=True)
class _Plans(Answer):
    """What each contract calls for on a day."""

    as_of: date
    plans: tuple[Plan, ...]

    def lines(self, language: str) -> Iterator[Aside | Message | Table]:
        for item in self.plans:
            yield from map(Aside, errors_of(item.problems))
            if is_unfinished(item.problems):
                yield Aside(unfinished(item.contract, item.problems))
            if not item.documents:
                continue
            yield say("{contract} as of {day}", contract=item.contract, day=self.as_of)
            yield Table(
                [
                    say("Document"),
                    say("Part"),
                    say("Possible from"),
                    say("Due"),
                    say("State"),
                    say("Why"),
                    say("Article"),
                ],
                [_planned_row(one, language) for one in item.documents],
            )

    def facts(self, language: str) -> list[dict[str, object]]:
        return [
            {
                "contract": item.contract,
                "sound": item.sound,
                "deliverables": [_planned_facts(one, language) for one in item.documents],
            }
            for item in self.plans
        ]

    @property
    def code(self) -> Exit:
        return Exit.DONE if all(item.sound for item in self.plans) else Exit.BAD_DATA

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(item.fault for item in self.plans if item.fault)

    @property
    def next(self) -> Message:
        if self.code is not Exit.DONE:
            return CHECK
        documents = [one for item in self.plans for one in item.documents]
        if any(one.status.stage is Stage.READY and not one.deliverable.on_demand
               for one in documents):  # fmt: skip
            return say("next: deliverables build --due --as-of {day} makes what is ready",
                       day=self.as_of)  # fmt: skip
        return say("next: supply what is missing; the table says what, and from which day on")


def _planned_row(planned: Planned, language: str) -> list[object]:
    one = planned.deliverable
    return [
        one.called,
        one.part,
        one.possible_from,
        _due(one.due, language),
        SPOKEN[planned.status.word],
        clauses(planned.reasons).in_language(language) or "—",
        one.article,
    ]


def _due(due: Deadline | None, language: str) -> object:
    """Return a deadline as the table has it; one by which the client must act says so."""
    day = due.date if isinstance(due, Settled) else due_text(due)
    if due is not None and due.whose is Side.CLIENTS:
        return say("{day} (client)", day=for_reading(day, language))
    return day


def _planned_facts(one: Planned, language: str) -> dict[str, object]:
    return {
        "kind": one.deliverable.kind,
        "part": one.deliverable.part,
        "title": one.deliverable.title,
        "possible_from": one.deliverable.possible_from,
        "due": None if one.deliverable.due is None else due_text(one.deliverable.due),
        "due_of": one.deliverable.due and one.deliverable.due.whose.name.lower(),
        "due_is_provisional": not isinstance(one.deliverable.due, Settled | None),
        **status_facts(one.status),
        "reasons": [reason.in_language(language) for reason in one.reasons],
        "article": one.deliverable.article,
        "file": one.made.file if one.made else None,
    }


# --- build --------------------------------------------------------------------------------


@click.command("build")
@click.argument("names", metavar="[KIND]...", nargs=-1)
@contract_option
@click.option("--period", "periods", multiple=True, metavar="PART", help="Q2, annual, 1, S001 …")
@click.option("--due", is_flag=True, help="Everything that can be made on the day, every contract.")
@click.option("--anyway", is_flag=True, help="Make a marked draft although a condition is unmet.")
@click.option("--replace", is_flag=True, help="Remake an edited draft; the old file is kept too.")
@click.option("--keep-edits", is_flag=True, help="Remake it with what was written in it.")
@click.option("--edits-from", "copy", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              metavar="FILE", help="Take the edits of a copy that lies elsewhere.")  # fmt: skip
@click.option("--pdf", is_flag=True, help="Lay a PDF beside each document, by LibreOffice.")
@click.option(
    "--pages/--no-pages",
    default=True,
    help="Count the pages of the contents by LibreOffice if it is there; else Word counts them.",
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
@format_option
@click.pass_obj
def build_command(
    workplace: Workplace,
    names: tuple[str, ...],
    contract: str | None,
    periods: tuple[str, ...],
    due: bool,  # noqa: FBT001  # click passes flags by name
    anyway: bool,  # noqa: FBT001
    replace: bool,  # noqa: FBT001
    keep_edits: bool,  # noqa: FBT001
    copy: Path | None,
    pdf: bool,  # noqa: FBT001
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
      deliverables build payment_request --period 2 --anyway --as-of 2026-11-02
      deliverables build 季度报告 第二季度 --as-of 2026年11月2日
    """
    from deliverables.build import build_all
    from deliverables.cli.outcomes import of_pages, of_pdfs, open_press, tell_errors, tell_printouts
    from deliverables.fleet import Fleet, cores

    edited = _edited_copy(workplace, copy) if copy else None
    if not (names or periods or due or edited):
        raise workplace.misused(say("say what to build: a KIND, --period PART, or --due for all"))
    folders = workplace.folders
    press = open_press(folders, pdf=pdf, pages=pages)
    chosen, parts = _meant(names, periods, workplace)
    request = Request(
        as_of=as_of,
        moment=datetime.now(UTC),
        command=" ".join(["deliverables", *sys.argv[1:]]),
        kinds=chosen or _kind_of(edited),
        parts=parts or _part_of(edited),
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
    done = run.done
    require_contract(workplace, contract, [examined.contract for examined, _ in done])
    _require_a_match(done, request, workplace)
    told = (*of_pages(press, pages=pages), *(of_pdfs(press, printed) if pdf else ()))
    built = _Built(tuple(done), printed, told, run.folder, asked_by_name=not due)
    run.keep(built)
    workplace.answer(built, form)


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
        self._refused = False

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

    def keep(self, built: _Built) -> None:
        """Lay the report beside the log: a page for people, the same facts for programs."""
        import json

        from deliverables.overview.run import report, run_facts

        if self.folder is None:
            return
        run, language = self.so_far(), self.workplace.language
        self._put("report.html", report(run, self.folder, language))
        facts = run_facts(run, int(built.code), built.facts(language))
        said = json.dumps(facts, ensure_ascii=False, indent=2, default=str)
        self._put("report.json", said.encode())

    def _put(self, name: str, content: bytes) -> None:
        """Put a file of the report in place; that it cannot be written ends no run."""
        from deliverables.transaction import Transaction

        if self.folder is None or self._refused:
            return
        file = self.folder / name
        try:
            with Transaction(self.folder.parent) as change:
                change.put(file, content, over=self._written.get(name, ""))
        except OSError as fault:
            self._refused = True
            why = refusal(fault, halfway=True)
            self.workplace.note(say("the run leaves no report: {why}", why=why))
        self._written[name] = sha256_of(content)


@contextmanager
def _run(
    workplace: Workplace, request: Request, only: str | None, *, batch: bool
) -> Iterator[_Run]:
    """Yield the run; one that ends early leaves the report of what it did."""
    from deliverables.read.files import find_contracts

    names = [folder.name for folder in find_contracts(workplace.data)]
    run = _Run(workplace, request, len([one for one in names if only in (None, one)]), batch=batch)
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

    @property
    def outcomes(self) -> list[Outcome]:
        """What became of every document, whatever its contract."""
        return [outcome for _, outcomes in self.done for outcome in outcomes]

    def lines(self, language: str) -> Iterator[Message]:
        yield from ()

    def facts(self, language: str) -> list[dict[str, object]]:
        return [
            {
                "contract": examined.contract,
                "sound": examined.sound,
                "problems": [problem_facts(problem, language) for problem in examined.problems],
                "documents": [self._outcome_facts(outcome, language) for outcome in outcomes],
            }
            for examined, outcomes in self.done
        ]

    def _outcome_facts(self, outcome: Outcome, language: str) -> dict[str, object]:
        from deliverables.cli.outcomes import pdf_facts

        file = outcome.file
        return {
            "kind": outcome.deliverable.kind,
            "part": outcome.deliverable.part,
            "result": outcome.result.value,
            "file": file.as_posix() if file else None,
            **pdf_facts(self.printed.get(file) if file else None, language),
            "reasons": [reason.in_language(language) for reason in outcome.reasons],
            "kept": outcome.kept,
            "conflicts": [_conflict_facts(conflict, language) for conflict in outcome.conflicts],
            "findings": [finding_facts(finding, language) for finding in outcome.findings],
            "problems": [problem_facts(problem, language) for problem in outcome.problems],
        }

    def asides(self) -> Iterator[Message | Problem]:
        from deliverables.cli.outcomes import counted

        if not _quiet():
            yield from self.told
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
        refused = {Result.BLOCKED, Result.NOT_YET}
        return Exit.BAD_DATA if self.asked_by_name and results and results <= refused else Exit.DONE

    @property
    def next(self) -> Message:
        if self.code is Exit.REFUTED:
            return say("next: nothing was replaced; deliverables template check looks for the "
                       "fault")  # fmt: skip
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


def _kinds_of(workplace: Workplace) -> Mapping[str, Kind]:
    """Return every kind there is, also where there are no data yet."""
    from deliverables.folders import Folders

    return known_kinds(Folders(workplace.data, workplace.out, workplace.templates))


def _known_kind(name: str, workplace: Workplace) -> str:
    known = _kinds_of(workplace)
    kind = kind_called(name, known)
    if kind in known:
        return kind
    raise workplace.misused(unknown_kind(name, _names_of(known)))


def _names_of(known: Mapping[str, Kind]) -> list[str]:
    """Return the kinds by both their names."""
    return [*known, *(kind.title for kind in known.values())]


def _meant(
    names: Sequence[str], periods: Sequence[str], workplace: Workplace
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the kinds and the parts that words name: 季度报告 第二季度.

    A word that looks like a period is a part; a kind may be called as the contract calls the
    reports of a series.
    """
    from deliverables.values.period_names import is_like_a_period

    known = _kinds_of(workplace) if names else {}
    chosen, parts = set(), set(periods)
    for name in names:
        if kind_called(name, known) in known:
            chosen.add(kind_called(name, known))
        elif is_like_a_period(name):
            parts.add(name)
        elif name in _series_names(workplace):
            chosen.add(name)
        else:
            raise workplace.misused(unknown_kind(name, _names_of(known)))
    return frozenset(chosen), frozenset(parts)


def _series_names(workplace: Workplace) -> set[str]:
    """Return what the contracts call their reports."""
    from deliverables.read.files import CONTRACT, find_contracts
    from deliverables.read.yaml import Items, Scalar, read_yaml, value_at

    named = (
        value_at(entry, "name")
        for folder in find_contracts(workplace.data)
        if isinstance(series := value_at(read_yaml(folder / CONTRACT, []), "reports"), Items)
        for entry in series.items
    )
    return {node.text for node in named if isinstance(node, Scalar) and node.text}


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
    where = outcome.file.as_posix() if outcome.file else f"{one.called} {one.part}"
    return result_line(RESULTS[outcome.result], where, outcome.reasons, language)


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
    done: list[tuple[Examined, tuple[Outcome, ...]]], request: Request, workplace: Workplace
) -> None:
    if any(outcomes for _, outcomes in done) or not any(item.sound for item, _ in done):
        return
    wanted = listed((*sorted(request.kinds), *sorted(request.parts)))
    message = say("no deliverable matches {wanted}: see deliverables plan", wanted=wanted)
    near = _nearest_part(done, request, workplace.folders)
    if near:
        message = say("{message}; did you mean {near}?", message=message, near=near)
    raise workplace.misused(message)


def _nearest_part(
    done: list[tuple[Examined, tuple[Outcome, ...]]], request: Request, folders: Folders
) -> str | None:
    """Return the part most like one that was asked for and that no kind asked for has."""
    from deliverables.read.characters import nearest

    parts = {
        one.part
        for examined, _ in done
        for kind in every_kind(folders, examined.contract).values()
        if kind.name in request.kinds or not request.kinds
        for one in (kind.plan(examined.book, request.as_of) if examined.book else ())
    }
    return next(
        (near for part in sorted(request.parts - parts) if (near := nearest(part, sorted(parts)))),
        None,
    )


# --- verify -------------------------------------------------------------------------------


@click.command("verify")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@format_option
@click.pass_obj
def verify_command(workplace: Workplace, files: tuple[Path, ...], form: str) -> None:
    """Account for everything in documents; without FILE, in all that were made.

    A FILE may have been renamed, mailed or saved elsewhere. First comes what people did to it since
    it was made: errors, and edits of its prose. Then, apart, what the data of today would change.

    \b
    Examples:
      deliverables verify
      deliverables verify copies/report.docx
    """
    from deliverables.verification import Untold

    found = Project(workplace.folders).verify(*files)
    told = tuple(
        _Untold(one) if isinstance(one, Untold) else _Told(one, _title_of(one, workplace.folders))
        for one in found
    )
    known = {one.verified.recognised.contract for one in told if isinstance(one, _Told)}
    registers = [read_register(workplace.folders.register(number))[1] for number in sorted(known)]
    workplace.answer(_Proofs(told, tuple(chain(*registers))), form)


@dataclass(frozen=True, slots=True)
class _Untold:
    """A file of which nothing can be told, and why."""

    untold: Untold

    @property
    def code(self) -> Exit:
        """What is no document any more failed its proof; others were wrong to name."""
        from deliverables.verification import Fault

        unreadable = self.untold.fault is Fault.UNREADABLE
        return Exit.REFUTED if unreadable else Exit.WRONG_USE

    def lines(self, language: str) -> Iterator[Aside]:
        yield Aside(say("{file}: {reason}", file=self.untold.file, reason=self.untold.reason))

    def facts(self, language: str) -> dict[str, object]:
        return {
            "file": self.untold.file.as_posix(),
            "known": None,
            "proved": False,
            "reason": self.untold.reason.in_language(language),
        }


@dataclass(frozen=True, slots=True)
class _Told:
    """A file that was proved, and what its kind is called."""

    verified: Verified
    title: str

    @property
    def code(self) -> Exit:
        """What its errors mean for the command; edits are no errors."""
        return Exit.DONE if self.verified.is_proved else Exit.REFUTED

    def lines(self, language: str) -> Iterator[str | Message]:
        one, known = self.verified, self.verified.recognised
        yield say("{file}: {verdict}", file=known.file.name, verdict=_verdict(one))
        yield f"  {_known(known, self.title).in_language(language)}"
        if known.claimed:
            yield f"    {_claimed(known).in_language(language)}"
        if one.differences or one.findings:
            yield f"  {say('what people did to it since it was made:').in_language(language)}"
        for difference in one.differences:
            approval = one.approvals.get(difference.passage)
            yield from difference_lines(difference, language, approval)
        for finding in one.findings:
            yield f"    {finding.in_language(language)}"
        if one.changes:
            yield f"  {say('what changed in the data since it was made:').in_language(language)}"
        yield from _change_lines(one.changes or (), language)
        for note in one.notes:
            yield f"  {note.in_language(language)}"

    def facts(self, language: str) -> dict[str, object]:
        one, known = self.verified, self.verified.recognised
        entry = known.entry
        return {
            "file": known.file.as_posix(),
            "known": {
                "by": known.by.value,
                "contract": known.contract,
                "kind": entry.kind,
                "part": entry.part,
                "as_of": entry.as_of,
                "entry": entry.sequence,
                "final": known.is_final,
                "claimed": known.claimed or None,
            },
            "proved": one.is_proved,
            "errors": one.errors,
            "people": [
                difference_facts(difference, one.approvals, language)
                for difference in one.differences
            ],
            "findings": [finding_facts(finding, language) for finding in one.findings],
            "since": None if one.changes is None else [_change_facts(c) for c in one.changes],
            "notes": [note.in_language(language) for note in one.notes],
        }


@dataclass(frozen=True, slots=True)
class _Proofs(Answer):
    """What can be told of each file, and what is wrong with the registers that tell it."""

    files: tuple[_Told | _Untold, ...]
    problems: tuple[Problem, ...]

    def lines(self, language: str) -> Iterator[str | Message | Aside]:
        for file in self.files:
            yield from file.lines(language)

    def facts(self, language: str) -> list[dict[str, object]]:
        return [file.facts(language) for file in self.files]

    @property
    def code(self) -> Exit:
        broken = [Exit.BAD_DATA] if errors_of(self.problems) else []
        return max((*broken, *(file.code for file in self.files)), default=Exit.DONE)

    def asides(self) -> Iterator[Problem]:
        yield from by_severity(self.problems)

    @property
    def next(self) -> Message | None:
        if self.code is Exit.REFUTED:
            return say("next: put back what is named as an error, or correct the data and make it "
                       "anew with deliverables build KIND --keep-edits")  # fmt: skip
        told = [file.verified for file in self.files if isinstance(file, _Told)]
        if not told or self.code is Exit.BAD_DATA:
            return None if told else say("next: deliverables build --due makes what can be made")
        edited, changed = any(one.unapproved for one in told), any(one.changes for one in told)
        if changed and edited:
            return say("next: deliverables build --edits-from {proved} makes it anew, with the "
                       "edits", proved=_as_typed(told[0].recognised.file))  # fmt: skip
        if changed:
            return say("next: deliverables build makes anew what the data have changed")
        return _towards_final(told, edited=edited)


def _towards_final(told: Sequence[Verified], *, edited: bool) -> Message:
    """Return what is done next with what was proved: only what lacks nothing can be final."""
    whole = [one for one in told if one.is_whole]
    if not whole:
        return say(
            "next: fill in what stands as 【待补】 (deliverables check names the cells), "
            "then deliverables build"
        )
    proved = _as_typed(whole[0].recognised.file)
    if edited:
        return say("next: read the edits, then deliverables final {proved} --approve all "
                   "--by NAME --role ROLE", proved=proved)  # fmt: skip
    return say("next: deliverables final {proved} once it has been read and approved",
               proved=proved)  # fmt: skip


def _verdict(one: Verified) -> Message:
    if one.errors:
        return say("{count} errors", count=one.errors)
    if one.edits:
        return say("proved; {count} passages were edited", count=len(one.edits))
    return say("proved; it is as it was made")


def _title_of(one: Verified, folders: Folders) -> str:
    return _title(one.recognised.entry.kind, folders, one.recognised.contract)


def _known(known: Recognised, title: str) -> Message:
    from deliverables.verification import By

    entry = known.entry
    what = say("{title} {part} of {contract}, as of {day} (entry {number})",
               title=title, part=entry.part, contract=known.contract,
               day=entry.as_of, number=entry.sequence)  # fmt: skip
    if known.by is By.CONTENT:
        return say("{what}; known by its words, for the file does not name itself", what=what)
    if known.by is By.PLACE:
        return say("{what}; known by where it lies, for the file does not name itself", what=what)
    return what


def _claimed(known: Recognised) -> Message:
    return say(
        "the file says it is {claimed}, but its words are those of {found}: it was made over by "
        "hand; use the document that was made for {found}",
        claimed=known.claimed,
        found=known.entry.deliverable,
    )


def _as_typed(file: Path) -> str:
    here = Path.cwd()
    return (file.relative_to(here) if file.is_relative_to(here) else file).as_posix()


def _change_lines(changes: Iterable[Change], language: str) -> Iterator[str]:
    """Yield the cells that changed, and under them the figures that became otherwise by them."""
    behind: dict[tuple[tuple[str, str, str], ...], Counter[str]] = {}
    for one in changes:
        before, now = (_or_absent(text, language) for text in (one.before, one.now))
        figures = behind.setdefault(one.cells, Counter())
        figures[f"{one.name or one.key}: {before} → {now}"] += 1
    for cells, figures in behind.items():
        for source, then, today in cells:
            yield f"    {source}: {then or '—'} → {today or '—'}"
        for figure, times in figures.items():
            often = say("({count} times)", count=times).in_language(language) if times > 1 else ""
            yield f"        {figure} {often}".rstrip()


def _or_absent(text: str | None, language: str) -> str:
    return say("(not there)").in_language(language) if text is None else text


def _change_facts(one: Change) -> dict[str, object]:
    return {
        "figure": one.key,
        "name": one.name,
        "before": one.before,
        "now": one.now,
        "printed": one.printed,
        "cells": [
            {"source": source, "before": then, "now": today} for source, then, today in one.cells
        ],
    }


# --- status -------------------------------------------------------------------------------

_MOST = 3
"""How many changes of a document are told; diff tells all of them."""


def _day_given(ctx: click.Context, parameter: click.Parameter, day: datetime | None) -> date | None:
    return day.date() if day else None


@click.command("status")
@contract_option
@click.option("--figures", is_flag=True, help="Tell which figures of stale documents would change.")
@click.option(
    "--as-of",
    type=DAY,
    callback=_day_given,
    metavar="DATE",
    help="Compose the drafts for this day too: one that would read otherwise is stale.",
)
@format_option
@click.pass_obj
def status_command(
    workplace: Workplace,
    contract: str | None,
    figures: bool,  # noqa: FBT001  # click passes flags by name
    as_of: date | None,
    form: str,
) -> None:
    """Show what was made, from which day's data, and whether it is still current.

    \b
    Example: deliverables status --as-of 2027-05-15
    """
    folders = workplace.folders
    registers = registers_in(workplace.out)
    found = [path.parent.name for path in registers if contract in (None, path.parent.name)]
    states = [_states_of(folders, number) for number in found]
    if as_of is not None:
        states = [_on_day(one, workplace, as_of) for one in states]
    told = [_with_changes(one, workplace) if figures else one for one in states]
    workplace.answer(_Status(tuple(told)), form)


@dataclass(frozen=True)
class _States:
    """The documents of one contract: the last draft of each, its status, and its whole life.

    `changes` are the figures that would change, by deliverable, `otherwise` those that would read
    otherwise if they were made for the `day`.
    """

    folders: Folders
    contract: str
    made: tuple[tuple[Entry, Status], ...]
    lives: Mapping[str, Life]
    found: tuple[Problem, ...]
    changes: Mapping[str, Sequence[FigureChange]]
    entries: tuple[Entry, ...]
    day: date | None = None
    otherwise: frozenset[str] = frozenset()

    def clock(self, life: Life) -> Clock | None:
        """Return the clock that runs for a document; the data are read for it alone."""
        waits = life.awaits_acceptance or life.result == FAILED
        if not waits or self._book is None:
            return None
        kind = self._kinds.get(life.key.partition("/")[0])
        return clock(life, kind.sealing.acceptance if kind else "", self._book)

    @property
    def _kinds(self) -> Mapping[str, Kind]:
        return every_kind(self.folders, self.contract)

    @cached_property
    def _book(self) -> ContractBook | None:
        found = examine(self.folders, self.contract)
        return next((examined.book for examined in found), None)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is not as the register says, files that it does not know, and who works there."""
        folder = self.folders.contract(self.contract)
        return (
            *standing(folder),
            *no_longer_intact(self.lives.values(), folder),
            *unrecorded(self.entries, folder),
        )

    def lines(self, language: str) -> Iterator[str | Message | Table]:
        yield self.contract
        yield Table(
            [say("Document"), say("Part"), say("As of"), say("State"), say("Changed"), say("File")],
            [
                [
                    _title(entry.kind, self.folders, self.contract),
                    entry.part,
                    entry.as_of,
                    SPOKEN[status.word],
                    listed(status.changed).in_language(language) or "—",
                    entry.file,
                ]
                for entry, status in self.made
            ],
        )
        for key in sorted(self.otherwise):
            yield say("{key}: would read otherwise on {day}", key=key, day=self.day)
        for key, figures in self.changes.items():
            yield _would_change(key, figures)
        reached = [life for life in self.lives.values() if life.stage]
        if reached:
            yield say("on the way to the seal:")
            yield Table(
                [
                    say("Document"),
                    say("Part"),
                    *(SPOKEN[stage] for stage in RECORDED),
                    say("Remark"),
                ],
                [self._life_row(life, language) for life in reached],
            )

    def _life_row(self, life: Life, language: str) -> list[object]:
        kind, _, part = life.key.partition("/")
        past = life.earlier[-1] if life.withdrawn else life
        return [
            self._kinds[kind].title if kind in self._kinds else life.key,
            part,
            *(_day(past, stage, language) for stage in RECORDED),
            clauses(self._remarks(life)).in_language(language) or "—",
        ]

    def _remarks(self, life: Life) -> Iterator[Message]:
        running = self.clock(life)
        if running:
            yield running.message
        if life.withdrawn:
            yield withdrawal(life.withdrawn)
        if life.redrafted:
            yield say("a newer draft exists")

    def facts(self, language: str) -> dict[str, object]:
        return {
            "contract": self.contract,
            "documents": [
                {
                    "kind": entry.kind,
                    "part": entry.part,
                    "file": entry.file,
                    "as_of": entry.as_of,
                    "made_at": entry.made_at,
                    **status_facts(status),
                    "reads_otherwise": entry.deliverable in self.otherwise,
                    "figures": [
                        figure_facts(change, language)
                        for change in self.changes.get(entry.deliverable, ())
                    ],
                    "sha256": entry.sha256,
                    "sample": entry.sample,
                    "draft": entry.draft,
                    **self._life_facts(entry.deliverable),
                }
                for entry, status in self.made
            ],
        }

    def _life_facts(self, key: str) -> dict[str, object]:
        life = self.lives.get(key, Life(key=key))
        running = self.clock(life)
        due = running.due if running else None
        return {
            "stages": {stage.value: day for stage, day in life.days},
            "final_file": life.final.file if life.final else None,
            "pages": pages_of(life.final),
            "result": life.result or None,
            "redrafted": life.redrafted,
            "due": due.date.isoformat() if isinstance(due, Settled) else due and str(due),
            "due_is_provisional": not isinstance(due, Settled | None),
        }


@dataclass(frozen=True, slots=True)
class _Status(Answer):
    """What was made for each contract."""

    contracts: tuple[_States, ...]

    def lines(self, language: str) -> Iterator[str | Message | Table | Aside]:
        for one in self.contracts:
            yield from one.lines(language)
        if not self.contracts:
            yield Aside(say("nothing has been made yet: deliverables build --due"))

    def facts(self, language: str) -> list[dict[str, object]]:
        return [one.facts(language) for one in self.contracts]

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the registers, or no longer as they say."""
        found = [problem for one in self.contracts for problem in one.found]
        return found + [problem for one in self.contracts for problem in one.problems]

    def asides(self) -> Iterator[Problem]:
        yield from by_severity(self.problems)

    @property
    def code(self) -> Exit:
        return Exit.BAD_DATA if errors_of(self.problems) else Exit.DONE

    @property
    def next(self) -> Message | None:
        stale = any(
            status.word == Condition.STALE for one in self.contracts for _, status in one.made
        )
        if self.code is Exit.DONE and stale:
            return say("next: deliverables status --figures tells what changed; "
                       "deliverables build makes the stale documents anew")  # fmt: skip
        return None


def _states_of(folders: Folders, number: str) -> _States:
    entries, problems = read_register(folders.register(number))
    known = lives(entries)
    made = tuple(
        (life.made, life.status(_draft(folders, number, life.made)))
        for life in known.values()
        if life.made
    )
    return _States(folders, number, made, known, problems, {}, entries)


def _on_day(one: _States, workplace: Workplace, as_of: date) -> _States:
    """Call stale what is current by its files and would read otherwise if made for a day."""
    from dataclasses import replace

    from deliverables.cli.recorded import sound_book
    from deliverables.draft import reads_otherwise

    current = {entry.deliverable for entry, status in one.made if _is_current(status)}
    book = sound_book(workplace, one.contract) if current else None
    if book is None:
        return one
    otherwise = {
        entry.deliverable
        for entry, _ in one.made
        if entry.deliverable in current
        and entry.as_of != as_of
        and reads_otherwise(entry, book, one.folders, as_of)
    }
    made = tuple(
        (entry, replace(status, condition=Condition.STALE))
        if entry.deliverable in otherwise
        else (entry, status)
        for entry, status in one.made
    )
    return replace(one, made=made, day=as_of, otherwise=frozenset(otherwise))


def _is_current(status: Status) -> bool:
    return status.stage is Stage.DRAFT and status.condition is Condition.CURRENT


def _draft(folders: Folders, number: str, entry: Entry) -> Status:
    today = {
        name: sha256_of(folders.data / name) if (folders.data / name).exists() else ""
        for name in entry.inputs
    }
    template = folders.template(entry.kind, number)
    digest = folders.template_sha256(entry.kind, number) if template.exists() else ""
    return status_of(entry, folders.contract(number), today, digest)


def _with_changes(one: _States, workplace: Workplace) -> _States:
    """Add the figures of each stale document that would change if it were made anew."""
    from dataclasses import replace

    from deliverables.cli.recorded import look_up, sound_book

    stale = [
        entry
        for entry, status in one.made
        if status.word == Condition.STALE and entry.deliverable not in one.otherwise
    ]
    book = sound_book(workplace, one.contract) if stale else None
    if book is None:
        return one
    folder = one.folders.contract(one.contract)
    recorded = {entry.deliverable: look_up(workplace, folder / entry.file) for entry in stale}
    found = {key: _changes_of(workplace, known, book) for key, known in recorded.items() if known}
    changes = {key: figures for key, figures in found.items() if figures is not None}
    return replace(one, changes=changes)


def _changes_of(
    workplace: Workplace, recorded: Recorded, book: ContractBook
) -> Sequence[FigureChange] | None:
    from deliverables.cli.recorded import against_today
    from deliverables.compare import Again
    from deliverables.draft import NoLongerDueError, recompose

    try:
        now = Again(recompose(recorded.entry, book, workplace.folders))
    except NoLongerDueError as gone:
        workplace.note(say("{file}: {reason}", file=recorded.file.name, reason=gone.message))
        return None
    return against_today(workplace, recorded, book, now).figures


def _would_change(key: str, figures: Sequence[FigureChange]) -> Message:
    said = say("{key}: {count} figures would change", key=key, count=len(figures))
    if not figures:
        return said
    first = [f"{one.key} {one.before} → {one.after}" for one in figures[:_MOST]]
    told = clauses([*first, "…"] if len(figures) > _MOST else first)
    return say("{said}: {figures}", said=said, figures=told)


def _title(kind: str, folders: Folders, contract: str) -> str:
    known = every_kind(folders, contract)
    return known[kind].title if kind in known else kind


def _day(life: Life, stage: Stage, language: str) -> object:
    entry = life.entry(stage)
    if entry is None:
        return None
    if stage is Stage.ACCEPTED and life.result:
        return f"{for_reading(entry.as_of, language)} {life.result}"
    return entry.as_of


# --- kinds --------------------------------------------------------------------------------


@click.command("kinds")
@click.argument("name", metavar="[KIND]", required=False)
@format_option
@click.pass_obj
def kinds_command(workplace: Workplace, name: str | None, form: str) -> None:
    """List the kinds of documents; with KIND, the names its template may use.

    \b
    Example: deliverables kinds payment_request
    """
    if name is None:
        workplace.answer(_Kinds(_kinds_of(workplace)), form)
        return
    from deliverables.docx.names import names_offered

    kind = _kinds_of(workplace)[_known_kind(name, workplace)]
    workplace.answer(_Names(name, tuple(names_offered(kind.context))), form)


@dataclass(frozen=True, slots=True)
class _Kinds(Answer):
    """Every kind of document."""

    kinds: Mapping[str, Kind]

    def lines(self, language: str) -> Iterator[Table]:
        yield Table(
            [say("Kind"), say("Document"), say("Article"), say("Occasion"), say("Template")],
            [
                [
                    one["name"],
                    one["title"],
                    one["article"] or "—",
                    one["occasion"] or "—",
                    one["template"],
                ]
                for one in self.facts(language)
            ],
        )

    def facts(self, language: str) -> list[dict[str, object]]:
        return [
            {
                "name": kind.name,
                "title": kind.title,
                "article": kind.article,
                "occasion": kind.occasion,
                "template": f"{kind.name}.docx",
            }
            for kind in self.kinds.values()
        ]

    @property
    def next(self) -> Message:
        return say("next: deliverables kinds KIND lists the names its template may use")


@dataclass(frozen=True, slots=True)
class _Names(Answer):
    """The names that the template of a kind may use."""

    kind: str
    offered: tuple[FieldName, ...]

    def lines(self, language: str) -> Iterator[Table]:
        from deliverables.docx.names import SPOKEN as HOLDS

        yield Table(
            [say("Name"), say("Holds"), say("Write in Word")],
            [[field.name, HOLDS[field.holds], field.written] for field in self.offered],
        )

    def facts(self, language: str) -> list[dict[str, object]]:
        return [
            {"name": field.name, "holds": field.holds.value, "written": field.written}
            for field in self.offered
        ]

    @property
    def next(self) -> Message:
        return say("next: after a change of the template: deliverables template check {kind}",
                   kind=self.kind)  # fmt: skip
