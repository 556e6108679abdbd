"""What a letter of correction says of the paper that was withdrawn, and of the one in its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from deliverables.letters.case import Case, NoFactError, as_sentence
from deliverables.register import ARTICLE, NUMBER, REASON, TITLE, Entry, Life
from deliverables.values.calendar import show_day
from deliverables.values.figure import Derivation, Figure, Line

_NONE: Final = "—"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that the register knows: title, number, days and digest; — for what it has not."""

    title: Figure[str]
    number: Figure[str]
    dated: Figure[date]
    sealed_on: Figure[date | None]
    delivered_on: Figure[date | None]
    digest: Figure[str]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A paper that was withdrawn, when and why; `replacement` is the sealed one in its place.

    As long as nothing is sealed in its place, `replacement` says — throughout.
    """

    paper: Paper
    day: Figure[date]
    reason: Figure[str]
    article: Figure[str]
    replacement: Paper


def replacement_of(case: Case) -> Life | None:
    """Return the life of the sealed paper in the place of the one withdrawn, if it holds today."""
    past = case.withdrawn
    life = case.lives().get(past.key) if past else None
    if past is None or life is None or past.withdrawn is None:
        return None
    return life if life.sealed else None


def withdrawal(case: Case) -> Withdrawal:
    """Return what is said of a withdrawal; NoFactError for a letter about none."""
    past = case.withdrawn
    entry = past.withdrawn if past else None
    if past is None or entry is None:
        raise NoFactError("withdrawn")
    return Withdrawal(
        paper=_paper(past, entry),
        day=_day("撤回日期", entry, entry),
        reason=as_sentence(_detail("撤回原因", entry, REASON, entry)),
        article=_detail("条款", entry, ARTICLE, entry),
        replacement=_paper(replacement_of(case), entry),
    )


def _paper(life: Life | None, gone: Entry) -> Paper:
    final = life.final if life else None
    sealed, delivered = (life.sealed, life.delivered) if life else (None, None)
    part = gone.part  # in brackets behind a title: a number of our own books, not the client's
    called = gone.details.get(TITLE, "").removesuffix(f"（{part}）") if final else ""
    return Paper(
        title=_said("文件名称", called, gone, gone),
        number=_detail("文号", final, NUMBER, gone),
        dated=_day("成文日期", final, gone),
        sealed_on=_day("用印日期", sealed, gone),
        delivered_on=_day("送达日期", delivered, gone),
        digest=_said("校验值", final.sha256 if final else "", final, gone),
    )


def _day(name: str, entry: Entry | None, gone: Entry) -> Figure[date]:
    day = entry.as_of if entry else None
    text = show_day(day) if day else _NONE
    return Figure(name, day, text, _origin(name, text, entry or gone))  # type: ignore[arg-type]


def _detail(name: str, entry: Entry | None, fact: str, gone: Entry) -> Figure[str]:
    return _said(name, entry.details.get(fact, "") if entry else "", entry, gone)


def _said(name: str, words: str, entry: Entry | None, gone: Entry) -> Figure[str]:
    text = words or _NONE
    return Figure(name, words, text, _origin(name, text, entry or gone))


def _origin(name: str, text: str, entry: Entry) -> Derivation:
    place = Line("register.jsonl", entry.sequence, 1)
    return Derivation("登记簿所载", "", (Figure(name, text, text, place),))
