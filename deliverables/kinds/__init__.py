"""What a kind of document is: which ones a contract owes, when, and what each one says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from deliverables.compute.term import mark, period_name
from deliverables.files.file_name import UNSAFE, is_device
from deliverables.model.book import ContractBook
from deliverables.values.calendar import Deadline
from deliverables.values.period_names import normal
from deliverables.values.problem import Message, say

STAFF = "staff"
"""The folder of what is about single people: for its owner alone."""


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why a document cannot be made yet; a waivable one allows a marked draft (--anyway).

    `on_document` is the same reason in the Chinese of the document that prints it.
    """

    reason: Message
    waivable: bool = False
    on_document: str = ""


class Role(StrEnum):
    """What a kind does under a contract: by that others ask for it, never by its name."""

    REPORTS = "reports on a period"
    ASKS = "asks for an instalment"
    CLAIMS = "claims what a late payment costs"
    SETTLES = "settles what is owed at the end"
    RECORDS = "records an acceptance"


@dataclass(frozen=True, kw_only=True, slots=True)
class Deliverable:
    """One document that the contract calls for.

    `part` tells it from others of its kind: Q2, annual, an instalment's or a person's number;
    `part_name` is what the contract calls that, if it does: 合同首款. `possible_from` is the first
    day it can exist, None while that day hangs on an event. `sample` says that the data behind it
    are sample data, `private` that it holds an identity number and its file is for its owner alone.
    `options` are the user's choices for how it is made, such as no-id; a kind reads those it knows.
    `name` is what the contract makes of the kind's title, empty where that does. One that is
    `on_demand` is for a person to decide on: a run for everything that is due (`build --due`)
    leaves it alone. `settled` is the day on which what it asks for was paid, `accepted` that on
    which what it is to record was accepted; `records` is the stage of acceptance that it is the
    paper of. One that is not `sealed` goes from final to the client, and is no material of
    acceptance. `words` are further names of its part, as `values.period_names.normal` has them.
    """

    kind: str
    contract: str
    part: str
    title: str
    article: str
    folder: str
    stem: str
    possible_from: date | None
    due: Deadline | None
    blockers: tuple[Blocker, ...] = ()
    sample: bool = False
    private: bool = False
    options: frozenset[str] = frozenset()
    name: str = ""
    part_name: str = ""
    on_demand: bool = False
    settled: date | None = None
    accepted: date | None = None
    records: str = ""
    sealed: bool = True
    words: frozenset[str] = frozenset()

    @property
    def called(self) -> str:
        """What people call such a document under its contract."""
        return self.name or self.kind_title

    @property
    def kind_title(self) -> str:
        """What its kind is called whatever contract it is under."""
        kind = kinds().get(self.kind)
        return kind.title if kind else self.name

    @property
    def role(self) -> Role | None:
        """What its kind does under the contract, if others ask for that."""
        kind = kinds().get(self.kind)
        return kind.role if kind else None

    def answers_to(self, part: str) -> bool:
        """Return whether somebody can mean its part: Q2, 第二季度, 合同首款, 第1期, S001.

        Said may be what the plan calls it, what its file does, and what its title has in brackets.
        """
        own = (self.part, self.part_name, *self._in_file[1:], *self._in_brackets)
        return part == self.part or normal(part) in self.words.union(map(normal, filter(None, own)))

    def is_of(self, kind: str) -> bool:
        """Return whether somebody can mean its kind: quarterly_report, 季度报告, 月报, 保密协议."""
        return kind in {self.kind, self.called, self.kind_title, *self._in_file[:1]}

    def is_named(self, words: str) -> bool:
        """Return whether words name this document alone: by title, by file, by kind and part.

        One that is on demand is named by its part, of which there is no other.
        """
        said, file = normal(words), re.split(r"[/\\]", words)[-1].removesuffix(".docx")
        if said == normal(self.title) or f"{file}_".startswith(f"{self.stem}_"):
            return True
        return (self.on_demand and self.answers_to(words)) or any(
            self.answers_to(rest)
            for kind in (self.called, self.kind_title, *self._in_file[:1])
            for rest in (words.removeprefix(kind), words.removesuffix(kind))
            if kind and rest.strip() not in ("", words)
        )

    @property
    def _in_file(self) -> list[str]:
        """The words of its file's name behind the number of the contract: 付款申请函, 第1期."""
        return self.stem.removeprefix(f"{self.contract}_").split("_")

    @property
    def _in_brackets(self) -> list[str]:
        """The words that end its title in brackets: S001, 周启明."""
        found = re.search(r"（([^（）]+)）$", self.title)
        return found[1].split() if found else []

    @property
    def key(self) -> str:
        """What names this deliverable within its contract: kind/part."""
        return f"{self.kind}/{self.part}"


def to_the_client(book: ContractBook) -> str:
    """Return whom most documents are addressed to: the client (主送单位)."""
    return book.contract.client.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealing:
    """How the documents of a kind are sealed and what becomes of them afterwards.

    `seals` and `place` are those of the 用印申请单, `copies` a number or what finds it in the book,
    0 if that says none; a document of several pages is sealed across
    its pages too. `personal` names the personal data it holds: None where the kind does not say,
    so that a person decides, and empty where there are none. `for_acceptance` means that the
    client asks for it, sealed, before acceptance (第三条第6款); `acceptance` is the stage whose
    clock starts when the client receives it, or that it records.
    """

    seals: tuple[str, ...] = ("公章",)
    place: str = "落款"
    copies: int | Callable[[ContractBook], int] = 1
    recipient: Callable[[ContractBook], str] = to_the_client
    personal: str | None = None
    numbered: bool = False
    for_acceptance: bool = False
    acceptance: str = ""

    def copies_of(self, book: ContractBook) -> int:
        """Return how many copies are sealed under a contract."""
        return self.copies if isinstance(self.copies, int) else self.copies(book) or 1


class Group(StrEnum):
    """What is made together: the reports of a term, letters and what goes with them, agreements."""

    REPORTS = "reports"
    LETTERS = "letters"
    AGREEMENTS = "agreements"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Kind:
    """A kind of document; its template is templates/<name>.docx.

    `context` is the frozen dataclass whose fields are the names the template may use, or what makes
    it: to plan, nobody needs it. Its leaves are Figure, Insert, str or bool, its loops tuples of
    such dataclasses.
    `plan` lists every deliverable of the kind as of a day; `compose` makes the context of one. Both
    are given the book as it was known on that day, so that no document can tell of what came later.
    `sealing` need only be given where the defaults do not fit. `article` says in Chinese which part
    of a contract calls for it, `occasion` when there is one, `group` with what it is made, `role`
    what others ask it for; no two kinds have the same.
    One that tells of the register says by `register` what it knew on a day: when that changes, so
    may what the document says.
    """

    name: str
    title: str
    context: type | Callable[[], type]
    plan: Callable[[ContractBook, date], tuple[Deliverable, ...]]
    compose: Callable[[ContractBook, Deliverable, date], object]
    sealing: Sealing = field(default_factory=Sealing)
    article: str = ""
    occasion: Message | None = None
    group: Group = Group.LETTERS
    role: Role | None = None
    register: Callable[[ContractBook, date], str] | None = None

    @property
    def offers(self) -> type:
        """The type of what its documents say."""
        return self.context if isinstance(self.context, type) else self.context()

    def acceptance_of(self, deliverable: Deliverable) -> str:
        """Return the stage of acceptance that a document of this kind records or asks for, if any.

        One that is not sealed is no material of acceptance and asks for none.
        """
        return deliverable.records or (self.sealing.acceptance if deliverable.sealed else "")

    def __post_init__(self) -> None:
        plan, compose = self.plan, self.compose

        def plan_known(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
            return plan(book.as_known(as_of), as_of)

        def compose_known(book: ContractBook, deliverable: Deliverable, as_of: date) -> object:
            return compose(book.as_known(as_of), deliverable, as_of)

        object.__setattr__(self, "plan", plan_known)
        object.__setattr__(self, "compose", compose_known)


@cache
def kinds() -> Mapping[str, Kind]:
    """Return every kind by name: whatever module in deliverables.kinds defines KIND."""
    package = import_module("deliverables.kinds")
    modules = (import_module(f"deliverables.kinds.{found.name}") for found in
               iter_modules(package.__path__) if not found.name.startswith("_"))  # fmt: skip
    return {module.KIND.name: module.KIND for module in modules}


def kind_that(role: Role) -> Kind:
    """Return the kind that does something: `kind_that(Role.ASKS)` is the payment request."""
    return next(kind for kind in kinds().values() if kind.role is role)


def missing_workbooks(book: ContractBook, numbers: Iterable[int]) -> tuple[Blocker, ...]:
    """Return a blocker for each period of data whose workbook is not there."""
    contract = book.contract
    return tuple(
        Blocker(
            say("operations/{name}.xlsx is blank or has errors, which check names",
                name=mark(contract, number))
            if book.has_workbook(number)
            else say("operations/{name}.xlsx is missing, blank or unreadable: fill it in first",
                     name=mark(contract, number)),
            on_document=f"缺少第{number}个{period_name(contract)}的运行数据",
        )
        for number in numbers
        if number not in book.quarters
    )  # fmt: skip


def missing_ledger(book: ContractBook) -> tuple[Blocker, ...]:
    """Return a blocker if there is no ledger: nothing is known of invoices and payments."""
    return () if book.ledger else (Blocker(MISSING_LEDGER, on_document="缺少财务台账"),)


MISSING_LEDGER: Final = say("ledger.xlsx is missing or unreadable: fill it in first")

_LONGEST_STEM = 80
_DIGEST = 8


def file_stem(*parts: str) -> str:
    """Join parts into a file name that Windows, macOS and Linux accept, at most 80 characters.

    The first part is what the names in a folder have in common, the contract number. Others that
    differ give names that differ everywhere, also where case or the form of an accent makes no
    difference: whatever a name cannot carry is in the digest at its end.
    """
    given = [part for part in parts if part]
    fitting = [_fitting(part) for part in given]
    stem = "_".join(fitting)
    whole = fitting == given and all(map(_tells_itself, given[1:])) and len(stem) <= _LONGEST_STEM
    if not whole:
        digest = sha256("\0".join(given).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
        stem = "_".join((*_shortened(fitting, _LONGEST_STEM - _DIGEST - 1), digest))
    return f"＿{stem}" if is_device(stem) else stem


def _fitting(part: str) -> str:
    """Return a part without what no file name may hold."""
    composed = unicodedata.normalize("NFC", part)
    return UNSAFE.sub("＿", composed).strip(" .")


def _tells_itself(part: str) -> bool:
    """Return whether no other part gives the same name, in capitals and small letters alike.

    A part with the mark between parts, or with small letters, could be taken for another one.
    """
    return "_" not in part and part.casefold().upper() == part


def _shortened(parts: list[str], most: int) -> list[str]:
    """Return the parts, the longest of them cut until all fit."""
    kept = list(parts)
    while len("_".join(kept)) > most:
        longest = max(range(len(kept)), key=lambda at: len(kept[at]))
        kept[longest] = kept[longest][:-1].rstrip(" .")
    return kept
