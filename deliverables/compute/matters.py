"""The register of matters (事项): problems, plans and requests to the client, over all periods.

A matter is raised in one workbook and goes on under its number in those that follow, until one of
them says that it is closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from deliverables.compute.figures import iso_day, made_on, number, rows_of, told
from deliverables.model.fields import UNFILLED, Row
from deliverables.model.operations_sheets import Issue, Operations, listed_in
from deliverables.values.figure import Derivation, Figure, Statement

FINISHED = "已完成"
_NAMED = 3
"""How many remedies that are still open a sentence names."""
PROBLEM, PLAN, REQUEST = "问题", "计划", "提请甲方"


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter with the period that raised it, and its row in each workbook that has one."""

    raised: int
    rows: tuple[tuple[int, Issue], ...]

    @property
    def first(self) -> Issue:
        """The row that raised it."""
        return self.rows[0][1]

    @property
    def latest(self) -> Issue:
        """The row of the latest workbook that speaks of it."""
        return self.rows[-1][1]

    @property
    def while_open(self) -> Issue:
        """The latest row without a day of closing, else the latest: an end may not be known yet."""
        return next((row for _, row in reversed(self.rows) if row.closed is None), self.latest)

    @property
    def word_while_open(self) -> str:
        """Why it is open and what comes next; nothing where every row tells of its end."""
        return self.while_open.outcome if self.while_open.closed is None else ""

    @property
    def kind(self) -> str:
        """Whether it is a problem, a plan or a request."""
        return self.first.kind

    @property
    def postponed(self) -> bool:
        """Whether its day was put off after it was raised."""
        first, last = self.first.due, self.latest.due
        return first is not None and last is not None and first < last

    def closing(self, day: date) -> Issue | None:
        """Return the row that records its end by the day; None if none does."""
        return next((row for _, row in self.rows if row.closed_by(day)), None)

    def finished_in(self) -> int | None:
        """Return the period whose workbook calls it finished; None if none does."""
        return next((which for which, row in self.rows if row.state == FINISHED), None)

    def open_on(self, day: date) -> bool:
        """Whether nothing known by the day says that it is closed."""
        return self.finished_in() is None and self.closing(day) is None

    def late_on(self, day: date) -> bool:
        """Whether it is open on the day and its day is past."""
        return self.open_on(day) and self.latest.due is not None and self.latest.due < day

    def unexplained_on(self, day: date) -> bool:
        """Whether it is late or was put off, and nothing known by the day says why."""
        due = self.late_on(day) or (self.postponed and self.open_on(day))
        return due and not self.word_while_open

    def before(self, period: int, its_first_day: date) -> bool:
        """Whether it was raised before a period and still open when the period began."""
        known = Matter(self.raised, tuple(row for row in self.rows if row[0] < period))
        return bool(known.rows) and known.open_on(its_first_day - timedelta(days=1))


def matters(
    quarters: Mapping[int, Operations], last: int, as_of: date | None = None
) -> tuple[Matter, ...]:
    """Return the matters that the periods up to `last` raised, in the order of their raising.

    A later workbook tells of them what was known by the day: all it says once its period is over,
    before that what it records as closed.
    """
    found: dict[str, Matter] = {}
    for which, quarter in sorted(quarters.items()):
        over = which <= last or (as_of is not None and quarter.cover.last_day < as_of)
        for row in quarter.issues:
            known = found.get(row.number)
            if known is None and which <= last:
                found[row.number] = Matter(which, ((which, row),))
            elif known and (over or (as_of is not None and row.closed_by(as_of))):
                found[row.number] = Matter(known.raised, (*known.rows, (which, row)))
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A matter as a report lists it: who raised it when, and what became of it by the day.

    `standing` is that in a word: how late it is, or that it is not.
    """

    number: Figure[str]
    label: str
    kind: Figure[str]
    subject: Figure[str]
    action: Figure[str]
    detailed: bool
    article: Figure[str]
    owner: Figure[str]
    due: Figure[object]
    became: Statement
    standing: Statement
    late: bool
    aim: Figure[str | None]
    aimed: bool
    evidence: Figure[str]


@dataclass(frozen=True, slots=True)
class Register:
    """The matters of a report: all that it lists, what is asked of the client, what is left over.

    `lines` are those raised in its periods or open when they began, and the `remedies` that page
    one counts, the open ones first;
    `requests` the open requests and `left` what else is open, both by their days, so late ones
    first, as far as page one has room; `folded` is how many it has no room for, `is_folded` whether
    there are any. `standing` says how many there are, open and late.
    """

    lines: tuple[MatterLine, ...]
    requests: tuple[MatterLine, ...]
    left: tuple[MatterLine, ...]
    folded: Statement
    is_folded: bool
    standing: Statement


def register(
    quarters: Mapping[int, Operations],
    labels: Mapping[int, str],
    numbers: Sequence[int],
    first_day: date,
    as_of: date,
    *,
    now: str = "本期",
    room: int,
    missed_in: Sequence[int] = (),
) -> Register:
    """Return the register of a report on consecutive periods that begin on `first_day`.

    `now` is what the periods are called; page one has `room` for so many matters: what is asked of
    the client goes before, and leaves a line to what else is open. Listed are also the remedies of
    those in which availability was `missed_in`.
    """
    every = matters(quarters, numbers[-1], as_of)
    former = [one for one in every if one.raised < numbers[0] and one.before(numbers[0], first_day)]
    own = [one for one in every if one.raised in numbers]
    remedied = (one for one in _remedies(every, missed_in) if one not in former and one not in own)
    listed = sorted((*former, *own, *remedied), key=lambda one: not one.open_on(as_of))
    asked = sorted((one for one in every if one.kind == REQUEST and one.open_on(as_of)), key=_day)
    left = sorted((one for one in listed if one.kind != REQUEST and one.open_on(as_of)), key=_day)
    of_asked = min(len(asked), room - bool(left))
    of_left = room - of_asked
    upto = [quarters[which] for which in sorted(quarters) if which <= numbers[-1]]
    return Register(
        lines=tuple(_line(one, labels, as_of) for one in listed),
        requests=tuple(_line(one, labels, as_of) for one in asked[:of_asked]),
        left=tuple(_line(one, labels, as_of) for one in left[:of_left]),
        folded=_folded(upto, asked[of_asked:], left[of_left:]),
        is_folded=len(asked) > of_asked or len(left) > of_left,
        standing=_standing(upto, former, own, as_of, now=now),
    )


def _day(one: Matter) -> date:
    return one.latest.due or date.max


def _folded(
    quarters: Sequence[Operations], asked: Sequence[Matter], left: Sequence[Matter]
) -> Statement:
    """Return how many open requests, and how many other open matters, page one does not list."""
    rows = rows_of(quarters, Issue)

    def count(of: Sequence[Matter]) -> Figure[Decimal]:
        rule = "开头未列出的事项数"
        return rows.count("未列出的未办结事项", rule, [one.latest for one in of], "number")

    if not asked:
        return Statement.of("未列出的事项", "{left} 项", "", left=count(left))
    said = [Statement.of("未列出的事项", "提请甲方事项 {asked} 项", "", asked=count(asked))]
    if left:
        said.append(Statement.of("未列出的事项", "其他事项 {left} 项", "", left=count(left)))
    return Statement.joined("未列出的事项", said, "、")


def _standing(
    quarters: Sequence[Operations],
    former: Sequence[Matter],
    own: Sequence[Matter],
    as_of: date,
    *,
    now: str,
) -> Statement:
    """Return how many matters there were, from before and new, and how many of them are closed."""
    rows = rows_of(quarters, Issue)

    def count(name: str, of: Sequence[Matter]) -> Figure[Decimal]:
        return rows.count(name, f"{name}的事项数", [one.latest for one in of], "number")

    every = [*former, *own]
    left = [one for one in every if one.open_on(as_of)]
    late = [one for one in left if one.late_on(as_of)]
    said: dict[str, Figure[object]] = {"new": count("本期提出", own)}
    pattern = f"{now}提出事项 {{new}} 项"
    if former:
        new = "新提出 {new} 项" if own else "没有新提出的事项"
        pattern = f"期初未办结事项 {{former}} 项，{now}{new}"
        said["former"] = count("期初未办结", former)
    pattern += "；截至{day}"
    closed = [one for one in every if one not in left]
    if closed and left:
        pattern += "已办结 {closed} 项，"
        said["closed"] = count("已办结", closed)
    if left:
        pattern += "未办结 {left} 项"
        said["left"] = count("未办结", left)
    else:
        pattern += "均已办结"
        said["closed"] = count("已办结", closed)
    if late:
        every_one = "已过期限" if len(left) == 1 else "均已过期限"
        pattern += f"，{every_one}" if len(late) == len(left) else "，其中 {late} 项已过期限"
        said["late"] = count("已过期限", late)
    return told("事项办理", pattern + "。", "", said | {"day": made_on(as_of)})


def _line(one: Matter, labels: Mapping[int, str], as_of: date) -> MatterLine:
    row = one.latest
    return MatterLine(
        number=one.first.figure("number"),
        label=labels[one.raised],
        kind=one.first.figure("kind"),
        subject=row.figure("subject"),
        action=row.figure("action"),
        detailed=bool(row.action),
        article=row.figure("article"),
        owner=row.figure("owner"),
        due=_due(one),
        became=became(one, labels, as_of),
        standing=_in_a_word(one, as_of),
        late=one.late_on(as_of),
        aim=row.figure("level"),
        aimed=row.level is not None,
        evidence=_evidence(one, as_of),
    )


def _due(one: Matter) -> Figure[object]:
    """Return the day of a matter, and beside it the first one where it was put off."""
    due = iso_day(one.latest.figure("due"))
    if not one.postponed:
        return due
    first = iso_day(one.first.figure("due"))
    return Figure(
        due.name, due.value, f"{due}（原{first}）", Derivation("现期限（原期限）", "", (due, first))
    )


def _evidence(one: Matter, as_of: date) -> Figure[str]:
    """Return the papers of a matter: those of its end only where its end is known by the day."""
    row = one.closing(as_of) or (one.latest if one.latest.closed is None else one.while_open)
    shown = row.figure("evidence")
    if row.closed is None or row.closed_by(as_of):
        return shown
    return Figure(shown.name, "", "—", Derivation("办结以后所载", "", (row.figure("number"),)))


def _remedies(every: Sequence[Matter], numbers: Sequence[int]) -> list[Matter]:
    """Return the problems about availability that the periods raised."""
    return [
        one
        for one in every
        if one.raised in numbers and one.kind == PROBLEM and one.latest.level == "可用性"
    ]


def became(one: Matter, labels: Mapping[int, str], as_of: date) -> Statement:
    """Return what is known by the day of a matter: closed and how, or open, how late and why."""
    row = one.closing(as_of)
    if row is not None:
        said = {"closed": iso_day(row.figure("closed")), "outcome": row.figure("outcome")}
        return told("办理情况", "{closed}办结：{outcome}", "", said)
    finished = one.finished_in()
    if finished is not None:
        row = next(row for which, row in one.rows if which == finished)
        stated, told_by = row.figure("state"), row.figure("outcome")
        pattern = f"{labels[finished]}内完成"
        if not row.outcome:
            return Statement.of("办理情况", pattern, "", stated)
        return Statement.of("办理情况", pattern + "：{outcome}", "", stated, outcome=told_by)
    return _still_open(one, as_of)


def _still_open(one: Matter, as_of: date) -> Statement:
    """Return that a matter is open, and what was said of it while nobody knew of its end."""
    word, how = one.while_open.figure("outcome"), _in_a_word(one, as_of)
    pattern, said = "未办结，{how}", dict[str, Figure[object]](how=how)
    if one.word_while_open:
        pattern, said["word"] = pattern + "：{word}", word
    elif one.unexplained_on(as_of):
        pattern += "：原因和安排{word}"
        said["word"] = Figure(word.name, UNFILLED, UNFILLED, word.origin)
    return told("办理情况", pattern, "", said)


def _in_a_word(one: Matter, as_of: date) -> Statement:
    """Return whether a matter is closed by the day, late, or has time left."""
    row, day = one.latest, made_on(as_of)
    state, due = row.figure("state"), row.figure("due")
    if not one.open_on(as_of):
        return Statement.of("办理情况", "已办结", "", state)
    if row.due is None:
        return Statement.of("办理情况", "未定期限", "", state, due, day)
    if row.due >= as_of:
        return Statement.of("办理情况", "期限未到", "", state, due, day)
    days = number("逾期天数", (as_of - row.due).days, "成文日期－完成期限", (day, due))
    return Statement.of("办理情况", "逾期 {days} 天", "", state, days=days)


@dataclass(frozen=True, slots=True)
class Followed:
    """Every matter that a report can know of, to tell what became of those that a row names."""

    every: Mapping[str, Matter]
    labels: Mapping[int, str]
    as_of: date

    def told(self, row: Row, column: str = "matters") -> Statement:
        """Return who is to do until when what a cell names, or how it ended; — for an empty cell.

        A number that no workbook of the time holds prints 【待补】: nobody says what became of it.
        """
        named = row.figure(column)
        parts = [self._one(number, named) for number in listed_in(getattr(row, column))]
        if not parts:
            return Statement.of("办理情况", "—", "", named)
        return Statement.joined("办理情况", parts, "；")

    def standing(self, row: Row) -> Statement:
        """Return the numbers that a row names, each with how it stands in a word; else 【待补】."""
        named = row.figure("matters")
        parts = [
            Statement.of(
                "办理情况", "{number} {how}", "", named,
                number=one.first.figure("number"), how=_in_a_word(one, self.as_of),
            )
            for one in map(self.every.get, listed_in(named.text))
            if one is not None
        ]  # fmt: skip
        return Statement.joined("办理情况", parts or [replace(named, text=UNFILLED)], "、")

    def _one(self, number: str, named: Figure[str]) -> Statement:
        one = self.every.get(number)
        if one is None:
            return Statement.of("办理情况", f"{number}{UNFILLED}", "", named)
        said: dict[str, Figure[object]] = {
            "number": one.first.figure("number"),
            "became": became(one, self.labels, self.as_of),
        }
        who = []
        if one.latest.owner:
            who.append("{owner}")
            said["owner"] = one.latest.figure("owner")
        if one.latest.due and one.open_on(self.as_of):
            who.append("期限{due}")
            said["due"] = _due(one)
        about = f"（{'，'.join(who)}）" if who else " "
        return told("办理情况", f"{{number}}{about}{{became}}", "", said, named)


def followed(
    quarters: Mapping[int, Operations], labels: Mapping[int, str], last: int, as_of: date
) -> Followed:
    """Return the matters that the periods up to `last` raised, by their numbers."""
    every = {one.first.number: one for one in matters(quarters, last, as_of)}
    return Followed(every, labels, as_of)


@dataclass(frozen=True, slots=True)
class Remedies:
    """What is done about an availability below its target, told in one sentence.

    `answered` is false where no problem says what is done about it.
    """

    answered: bool
    told: Statement


def remedies(
    quarters: Mapping[int, Operations], numbers: Sequence[int], as_of: date, *, over: str
) -> Remedies:
    """Return how many problems about availability the periods raised, and how they stand.

    `over` is what the periods are called.
    """
    found = _remedies(matters(quarters, numbers[-1], as_of), numbers)
    if not found:
        none = rows_of([quarters[which] for which in numbers], Issue).count(
            "可用性整改", "针对指标为可用性的问题行数", (), "kind", "level"
        )
        said = Statement.of("可用性整改", f"针对可用性的整改措施{UNFILLED}", "", none)
        return Remedies(answered=False, told=said)
    rows = rows_of([quarters[which] for which in numbers], Issue)
    left = [one for one in found if one.open_on(as_of)]
    pattern = f"{over}可用性整改 {{count}} 项，"
    pattern += "{left} 项未办结（{which}）" if left else "均已办结"
    said_of: dict[str, Figure[object]] = {
        "count": rows.count("整改", "针对可用性的问题", [one.latest for one in found], "number")
    }
    behind = rows.count("未办结的整改", "其中未办结的", [one.latest for one in left], "number")
    if left:
        said_of["left"] = behind
        named = [one.first.figure("number") for one in left[:_NAMED]]
        said_of["which"] = Statement.joined("未办结的整改", named, "、")
        if len(left) > len(named):
            pattern = pattern.replace("{which}", "{which}等")
    statement = told("可用性整改", pattern, "", said_of, behind)
    return Remedies(answered=True, told=statement)


def unexplained(quarters: Mapping[int, Operations], as_of: date) -> Iterator[Matter]:
    """Yield the matters that are past their day, or were put off, without a word of why."""
    last = max(quarters, default=0)
    for one in matters(quarters, last, as_of):
        if one.unexplained_on(as_of):
            yield one


def dropped(quarters: Mapping[int, Operations]) -> Iterator[tuple[Matter, int]]:
    """Yield what one workbook leaves open and the next one, which is there, says nothing of."""
    for which in sorted(quarters):
        if which + 1 not in quarters:
            continue
        begun = quarters[which + 1].cover.first_day
        carried = {row.number for row in quarters[which + 1].issues}
        for one in matters(quarters, which):
            stood = which == one.rows[-1][0] and one.before(which + 1, begun)
            if stood and one.first.number not in carried:
                yield one, which + 1


def renamed(quarters: Mapping[int, Operations]) -> Iterator[tuple[Issue, Issue]]:
    """Yield rows that give the number of one kind of matter to another, with the first row."""
    for one in matters(quarters, max(quarters, default=0)):
        for _, row in one.rows:
            if row.kind != one.kind:
                yield one.first, row
