"""What a run over contracts did, for the person who comes in the morning: page, JSON and log."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup

from deliverables.agenda import name_of
from deliverables.files.disk import disk
from deliverables.files.result import RESULTS, Result
from deliverables.kinds import Deliverable
from deliverables.overview.contracts_page import environment, part, policy
from deliverables.overview.voice import Voice
from deliverables.plan import Outcome
from deliverables.run import Built, Run
from deliverables.values.problem import (
    TO_FILL,
    Message,
    Problem,
    Severity,
    is_unfinished,
    listed,
    say,
    tallied,
)

FOLDER: Final = "runs"
_BEIJING: Final = ZoneInfo("Asia/Shanghai")
_MOST_PROBLEMS: Final = 30
"""So many errors of a contract are shown; `check` has them all."""
_MOST_NAMED: Final = 12
_MOST_OF_A_KIND: Final = 5
"""Of more documents of a kind, as the agreements of a roster, only the number is told."""
_MOST_REASONS: Final = 3

_WORDS: Final[Mapping[str, Message]] = {
    "title": say("What the run made"),
    "as_of": say("as of"),
    "began": say("started"),
    "broken": say("Contracts that nothing was made for"),
    "broken_hint": say("Mend each place, run deliverables check, then the same command again: "
                       "what is made already is passed over."),
    "shared": say("The same error in several contracts"),
    "shared_hint": say("As the first of them has it; the others are mended in the same way."),
    "place": say("Place"),
    "found": say("Problem"),
    "remedy": say("What to do"),
    "blocked": say("Blocked, by reason"),
    "blocked_hint": say("Nothing is wrong with the program: these wait for what the reason names."),
    "reason": say("Reason"),
    "documents": say("Documents"),
    "contracts": say("Contracts"),
    "contract": say("Contract"),
    "and": say(", "),
    "again": say("The same command can be run again at any time; what is current stays as it is."),
}  # fmt: skip

_PILES: Final[Mapping[Result, tuple[Message, Message]]] = {
    Result.REFUTED: ( say("Failed verification"),
        say("Nothing was put in their place: have whoever looks after the program look at them.")),
    Result.FAILED: (say("Could not be made"), say("The reason says what to do.")),
    Result.KEPT: (say("Kept: edited by hand, or final"),
                  say("Have the edits approved, or make them anew with --keep-edits.")),
    Result.MADE: (say("Made: to be read"), say("Read each in Word or WPS before it goes on.")),
    Result.UNCHANGED: (say("Unchanged: as an earlier run made them"),
                       say("Among them are those of a run that was broken off.")),
}  # fmt: skip
_FIRST: Final = (Result.REFUTED, Result.FAILED, Result.KEPT)
"""What a person has to do something about."""


def in_beijing(moment: datetime) -> datetime:
    """Return a moment by the clock of those who read it."""
    return moment.astimezone(_BEIJING)


def run_folder(out: Path, began: datetime) -> Path:
    """Make a folder of one run alone, named by the minute in Beijing: runs/2026-11-02T0830.

    A second run of the minute gets a number. Raises OSError if none can be made.
    """
    name = in_beijing(began).strftime("%Y-%m-%dT%H%M")
    disk().make_folder(out / FOLDER)
    for number in count(1):
        folder = out / FOLDER / (name if number == 1 else f"{name}-{number}")
        with suppress(FileExistsError):
            disk().make_new_folder(folder)
            break
    return folder


def broken_off(folder: Path) -> Path | None:
    """Return the folder of the run before this one, if that has not come to its report."""
    others = [one for one in folder.parent.iterdir() if one.is_dir() and one != folder]
    last = max(others, key=lambda one: (one.stat().st_mtime_ns, one.name), default=None)
    return None if last is None or (last / "report.json").exists() else last


def run_facts(run: Run, code: int, answer: Mapping[str, object]) -> dict[str, object]:
    """Return the report of a run for programs, with what `build` answers."""
    return {
        "command": run.request.command,
        "as_of": run.request.as_of,
        "began": run.request.moment.isoformat(timespec="seconds"),
        "seconds": round(_seconds(run), 1),
        "whole": run.whole,
        "code": code,
        "broken": [examined.contract for examined in run.broken],
        "counts": {result.value: run.counts.get(result, 0) for result in Result},
        **answer,
    }


def first_line(run: Run) -> Message:
    """Return the first line of the log: what was asked for, of how many contracts."""
    return say("{count} contracts: {command}", count=run.of, command=run.request.command)


def contract_line(run: Run) -> Message:
    """Return one line on the contract that is done last, for a log or a terminal."""
    built, number = run.done[-1], len(run.done)
    left = time_left(run.request.moment, run.ended, number, run.of)
    told = tallied(Counter(outcome.result for outcome in built.outcomes), RESULTS)
    errors = sum(one.severity is Severity.ERROR for one in built.problems)
    made = listed(told) if told else "—"
    what = say("{count} errors, nothing was made", count=errors) if errors else made
    facts = {"number": number, "of": run.of, "contract": built.contract, "what": what}
    if left is None:
        return say("[{number}/{of}] {contract}: {what}", **facts)
    return say("[{number}/{of}] {contract}: {what}; about {seconds} s left",
               seconds=round(left.total_seconds()), **facts)  # fmt: skip


def time_left(began: datetime, now: datetime, done: int, of: int) -> timedelta | None:
    """Return how long the rest will take at the pace so far; None with nothing done or left."""
    if not done or done >= of:
        return None
    return (now - began) / done * (of - done)


def summary(run: Run, language: str) -> Iterator[Message]:
    """Yield what a person has to know of a run over several contracts, in a few lines."""
    voice = Voice(language, _private(run))
    for examined in run.broken[:_MOST_NAMED]:
        errors = _errors(examined)
        if examined.fault:
            why = say("the program failed at it ({name})", name=examined.fault.name)
        elif is_unfinished(examined.problems):
            why = _to_fill(examined.problems)
        else:
            first = say("{place}: {message}", place=str(errors[0].source),
                        message=errors[0].message)  # fmt: skip
            why = say("{first} ({count} errors)", first=first, count=len(errors))
        yield say("{contract}: {message}", contract=examined.contract, message=voice(why))
    if len(run.broken) > _MOST_NAMED:
        yield say("and {count} more contracts", count=len(run.broken) - _MOST_NAMED)
    for group in list(_blocked(run, voice))[:_MOST_REASONS]:
        yield say("blocked {count}: {reason}", count=group.count, reason=group.reason)
    yield say("after {seconds} s: {verdict}", seconds=round(_seconds(run)), verdict=_verdict(run))


@dataclass(frozen=True, slots=True)
class _Count:
    word: str
    number: int


@dataclass(frozen=True, slots=True)
class _File:
    contract: str
    name: str
    href: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Pile:
    title: str
    hint: str
    count: int
    documents: tuple[_File, ...]


@dataclass(frozen=True, slots=True)
class _Fault:
    place: str
    message: str
    fix: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class _Broken:
    number: str
    count: str
    problems: tuple[_Fault, ...]


@dataclass(frozen=True, slots=True)
class _Shared:
    """An error that several contracts have: as the first of them has it, and in which it is."""

    message: str
    fix: str
    contracts: int
    named: str


@dataclass(frozen=True, slots=True)
class _Blocked:
    reason: str
    count: int
    documents: str


@dataclass(frozen=True, slots=True)
class _Contract:
    number: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _View:
    as_of: date
    began: str
    took: str
    command: str
    verdict: str
    bad: bool
    counts: tuple[_Count, ...]
    shared: tuple[_Shared, ...]
    broken: tuple[_Broken, ...]
    piles: tuple[_Pile, ...]
    made: _Pile | None
    unchanged: _Pile | None
    blocked: tuple[_Blocked, ...]
    words: tuple[str, ...]
    contracts: tuple[_Contract, ...]


def report(run: Run, folder: Path, language: str) -> bytes:
    """Return the page of a run that lies in `folder`: one file, readable offline, printable."""
    voice = Voice(language, _private(run))
    style = part("run.css")
    html = environment().get_template("run.html").render(
        view=_view(run, folder, voice),
        say={name: word.in_language(language) for name, word in _WORDS.items()},
        lang={"zh": "zh-CN"}.get(language, language),
        style=Markup(style),  # noqa: S704  # our own file
        policy=policy(style, ""),
    )  # fmt: skip
    return html.encode()


def _private(run: Run) -> frozenset[str]:
    return frozenset[str]().union(*(built.private_numbers for built in run.done))


def _view(run: Run, folder: Path, voice: Voice) -> _View:
    counts, broken = run.counts, run.broken
    failed = [*broken, *(one for one in run.outcomes if one.result in (Result.REFUTED,
                                                                     Result.FAILED))]  # fmt: skip
    return _View(
        as_of=run.request.as_of,
        began=in_beijing(run.request.moment).strftime("%Y-%m-%d %H:%M"),
        took=voice(say("{seconds} seconds", seconds=f"{_seconds(run):.1f}")),
        command=voice(run.request.command),
        verdict=voice(_verdict(run)),
        bad=bool(failed) or not run.whole,
        counts=(
            _Count(voice(_WORDS["contract"]), len(run.done)),
            *_broken_counts(broken, voice),
            *(_Count(voice(label), counts[result]) for result, label in RESULTS.items()
              if counts.get(result)),
        ),
        shared=tuple(_shared(broken, voice)),
        broken=tuple(_broken(one, folder, voice) for one in broken),
        piles=tuple(filter(None, (_pile(run, one, folder, voice) for one in _FIRST))),
        made=_pile(run, Result.MADE, folder, voice),
        unchanged=_pile(run, Result.UNCHANGED, folder, voice),
        blocked=tuple(_blocked(run, voice)),
        words=tuple(voice(label) for label in RESULTS.values()),
        contracts=tuple(
            _Contract(built.contract, _numbers(built.outcomes)) for built in run.done
        ),
    )  # fmt: skip


def _verdict(run: Run) -> Message:
    broken, of = len(run.broken), len(run.done)
    if not run.whole:
        return say("the run ended early, after {count} contracts: the same command goes on",
                   count=of)  # fmt: skip
    bad = sum(run.counts.get(result, 0) for result in (Result.REFUTED, Result.FAILED))
    if broken:
        return say("{broken} of {of} contracts have errors in their data and wait to be mended",
                   broken=broken, of=of)  # fmt: skip
    if bad:
        return say("{count} documents could not be made", count=bad)
    return say("everything that can be made is made")


def _errors(examined: Built) -> list[Problem]:
    return [one for one in examined.problems if one.severity is Severity.ERROR]


def _broken_counts(broken: Sequence[Built], voice: Voice) -> Iterator[_Count]:
    if broken:
        yield _Count(voice(say("with errors")), len(broken))
        yield _Count(voice(say("errors")), sum(len(_errors(one)) for one in broken))


def _shared(broken: Sequence[Built], voice: Voice) -> Iterator[_Shared]:
    """Yield each error that several contracts have, the one that most of them have first."""
    alike: dict[str, dict[str, Problem]] = {}
    for examined in broken:
        for one in [] if is_unfinished(examined.problems) else _errors(examined):
            alike.setdefault(one.code, {}).setdefault(examined.contract, one)
    for found in sorted(alike.values(), key=lambda found: -len(found)):
        if len(found) > 1:
            first = next(iter(found.values()))
            more = "…" if len(found) > _MOST_NAMED else ""
            named = voice(_WORDS["and"]).join(list(found)[:_MOST_NAMED]) + more
            yield _Shared(voice(first.message), voice(first.fix), len(found), named)


def _broken(examined: Built, folder: Path, voice: Voice) -> _Broken:
    errors = _errors(examined)
    unfinished = is_unfinished(examined.problems)
    shown = [] if unfinished else errors[:_MOST_PROBLEMS]
    count = (
        _to_fill(examined.problems)
        if unfinished
        else say("{count} errors", count=len(errors))
        if len(shown) == len(errors)
        else say("{count} errors, the first {shown} of them", count=len(errors), shown=len(shown))
    )
    faults = [
        _Fault(_anywhere(voice(str(one.source)), examined.contract), voice(one.message),
               voice(one.fix), _to(Path(one.source.file), folder))
        for one in shown
    ]  # fmt: skip
    if unfinished:
        remedy = say("deliverables check --contract {contract} lists them",
                     contract=examined.contract)  # fmt: skip
        faults.append(_Fault(examined.contract, voice(count), voice(remedy)))
    if examined.fault:
        failed = say("the program failed at it ({name})", name=examined.fault.name)
        remedy = say("send the file that the command named to whoever looks after the program")
        faults.append(_Fault(examined.contract, voice(failed), voice(remedy)))
    return _Broken(examined.contract, voice(count), tuple(faults))


def _to_fill(problems: Iterable[Problem]) -> Message:
    count = sum(one.code == TO_FILL for one in problems)
    return say("not ready, {count} places are still to be filled in", count=count)


def _to(file: Path, folder: Path) -> str:
    """Return the link to a file from where the report lies."""
    return quote(Path(os.path.relpath(file, folder)).as_posix())


def _pile(run: Run, result: Result, folder: Path, voice: Voice) -> _Pile | None:
    found = [one for one in run.outcomes if one.result is result]
    if not found:
        return None
    title, hint = _PILES[result]
    shown = _each(found, folder, voice) if result in _FIRST else _gathered(found, folder, voice)
    return _Pile(voice(title), voice(hint), len(found), tuple(shown))


def _each(outcomes: Iterable[Outcome], folder: Path, voice: Voice) -> Iterator[_File]:
    for one in outcomes:
        yield _file(one, folder, voice)


def _gathered(outcomes: Iterable[Outcome], folder: Path, voice: Voice) -> Iterator[_File]:
    """Yield documents, many of one kind and contract as one."""
    alike: dict[tuple[str, str], list[Outcome]] = {}
    for one in outcomes:
        alike.setdefault((one.deliverable.contract, one.deliverable.kind), []).append(one)
    for (contract, _), found in alike.items():
        if len(found) <= _MOST_OF_A_KIND:
            yield from _each(found, folder, voice)
        else:
            many = say("{kind} ({count})", kind=found[0].deliverable.kind_title, count=len(found))
            yield _File(contract, voice(many), "", "")


def _file(outcome: Outcome, folder: Path, voice: Voice) -> _File:
    one = outcome.deliverable
    reasons = (*outcome.reasons, *(problem.message for problem in outcome.problems))
    href = ""
    if outcome.file is not None and not one.private:
        href = _to(outcome.file, folder)
    return _File(one.contract, voice(name_of(one)), href, _joined(reasons, voice))


def _blocked(run: Run, voice: Voice) -> Iterator[_Blocked]:
    """Yield each reason with the documents that it holds up, the one that holds up most first."""
    waiting: dict[str, list[Deliverable]] = {}
    for one in run.outcomes:
        if one.result is Result.BLOCKED:
            reason = _anywhere(_joined(one.reasons, voice), one.deliverable.contract)
            waiting.setdefault(reason, []).append(one.deliverable)
    for reason, held in sorted(waiting.items(), key=lambda item: -len(item[1])):
        names = [f"{one.contract} {voice(name_of(one))}" for one in held]
        if len(names) > _MOST_NAMED:
            alike = Counter(name_of(one) for one in held)
            names = [voice(say("{kind} ({count})", kind=name, count=count))
                     for name, count in alike.most_common()]  # fmt: skip
        more = "…" if len(names) > _MOST_NAMED else ""
        yield _Blocked(reason, len(held), "、".join(names[:_MOST_NAMED]) + more)


def _anywhere(reason: str, contract: str) -> str:
    """Return a reason without the folder of its contract, so that the same ones come together."""
    return re.sub(rf"[^\s（(]*{re.escape(contract)}/", "", reason)


def _joined(reasons: Iterable[Message], voice: Voice) -> str:
    mark = "；" if voice.language == "zh" else "; "
    return mark.join(voice(reason) for reason in reasons)


def _numbers(outcomes: Sequence[Outcome]) -> tuple[int, ...]:
    counts = Counter(one.result for one in outcomes)
    return tuple(counts[result] for result in RESULTS)


def _seconds(run: Run) -> float:
    return (run.ended - run.request.moment).total_seconds()
