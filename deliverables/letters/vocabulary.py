"""The names a letter may use: paths on the book, its row, its own facts, and what is reckoned.

A name is looked up twice: when the letter is declared, for what it stands for, and when a letter
is written, for its value. No name computes anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Final, get_args, get_origin, get_type_hints

from deliverables.letters.case import Case, NoFactError
from deliverables.letters.declaration import (
    ASKED,
    PERSON,
    PROSE,
    LetterDeclaration,
    Named,
    columns_of,
)
from deliverables.letters.facts import FACTS
from deliverables.letters.service_facts import person_of
from deliverables.model.contract import Contract, cited
from deliverables.model.fields import (
    UNFILLED,
    Missing,
    NotOfTypeError,
    Record,
    Row,
    declarations,
    record_type,
)
from deliverables.model.letters_sheets import Letter, LetterFact, LetterItem
from deliverables.model.roster_sheets import StaffMember
from deliverables.read.characters import nearest, quoted
from deliverables.read.files import ROSTER
from deliverables.values.figure import Figure, Statement
from deliverables.values.problem import Message, Problem, error, gap, say


@dataclass(frozen=True, slots=True)
class Leaf:
    """A name that is printed, a figure (`text`) or `words`, or that an `if` asks for (`yes`)."""

    kind: str


@dataclass(frozen=True, slots=True)
class LoopName:
    """A name that a loop goes through: each row is a group or a text."""

    each: Shape


@dataclass(frozen=True, slots=True)
class NameGroup:
    """A name with names below it: the fields of `of`, or what `below` says."""

    of: Any = None
    below: Mapping[str, Any] | None = None

    def names(self) -> Mapping[str, Shape]:
        """Return the names below this one."""
        return self.below if self.below is not None else _names_of(self.of)


Shape = Leaf | LoopName | NameGroup
EACH: Final = "[]"
"""Stands in a path after rows for each of them."""
TEXT: Final = Leaf("text")
WORDS: Final = Leaf("words")
YES: Final = Leaf("yes")


@cache
def _names_of(kind: Any) -> Mapping[str, Shape]:
    if isinstance(kind, type) and issubclass(kind, Row):
        return dict.fromkeys(columns_of(kind), TEXT)
    if isinstance(kind, type) and issubclass(kind, Record):
        return dict(_of_record(kind))
    hints = get_type_hints(kind)
    return {each.name: shape_of(hints[each.name]) for each in fields(kind)}


def _of_record(kind: type[Record]) -> Iterator[tuple[str, Shape]]:
    hints = get_type_hints(kind)
    for item in fields(kind):
        if item.name in declarations(kind):
            if get_origin(hints[item.name]) is not tuple:
                yield item.name, TEXT
        elif "records" in item.metadata:
            yield item.name, LoopName(NameGroup(item.metadata["records"]))
        elif item.metadata:
            yield item.name, NameGroup(record_type(hints[item.name]))


def shape_of(hint: Any) -> Shape:
    """Return what a type of the facts offers to a text."""
    kind = get_origin(hint) or hint
    if kind is tuple:
        return LoopName(shape_of(get_args(hint)[0]))
    if kind is bool:
        return YES
    if kind is str:
        return WORDS
    if isinstance(kind, type) and issubclass(kind, Figure):
        return TEXT
    if is_dataclass(kind):
        return NameGroup(kind)
    raise TypeError(f"a letter cannot name {hint!r}")


def names_for(
    declaration: LetterDeclaration, conditions: Iterable[str], used: Collection[str] | None = None
) -> NameGroup:
    """Return every name that the text and the declaration of a letter may use.

    Of the facts only those that stand below `used`, if that is given.
    """
    below: dict[str, Shape] = {"contract": NameGroup(Contract)}
    for name, fact in FACTS.items():
        if fact.per and declaration.per not in fact.per:
            continue
        owner, _, field = name.rpartition(".")
        if used is not None and name.partition(".")[0] not in used:
            continue
        if owner:
            group = below.setdefault(owner, NameGroup(below={}))
            group.below[field] = shape_of(fact.type)  # type: ignore[union-attr, index]  # as made
        else:
            below[name] = shape_of(fact.type)
    asked = {name: _asked(type_) for name, type_ in declaration.asks.items()}
    own = dict.fromkeys(columns_of(Letter), TEXT)
    below["letter"] = NameGroup(below={**own, "明细": LoopName(NameGroup(LetterItem)), **asked})
    if declaration.row is not None:
        below["row"] = NameGroup(declaration.row)
    below["condition"] = NameGroup(below=dict.fromkeys(conditions, YES))
    if declaration.attachments:
        below["attachments"] = LoopName(WORDS)
    return NameGroup(below=below)


def _asked(type_: str) -> Shape:
    return NameGroup(StaffMember) if type_ == PERSON else LoopName(TEXT) if type_ == PROSE else TEXT


def steps_of(path: str) -> list[str]:
    """Return the steps of a path, `EACH` for those into the rows of a loop."""
    return path.replace(EACH, f".{EACH}").split(".")


def found(names: NameGroup, path: str) -> Shape | Message:
    """Return what a path stands for, or why it stands for nothing."""
    shape: Shape = names
    before = ""
    for step in steps_of(path):
        if step == EACH:
            if not isinstance(shape, LoopName):
                return say("{name} holds no rows to loop over", name=before)
            shape = shape.each
            continue
        if not isinstance(shape, NameGroup):
            return say("{name} has no names below it", name=before)
        known = shape.names()
        here = f"{before}.{step}" if before else step
        if step not in known:
            near = nearest(step, known)
            if near is None:
                return say("there is no {name}", name=here)
            whole = f"{before}.{near}" if before else near
            return say("there is no {name}; the nearest name is {near}", name=here, near=whole)
        shape, before = known[step], here
    return shape


# Values


class BlockMissingError(LookupError):
    """A part of the contract that this contract has not."""


def value_of(case: Case, path: str) -> Any:
    """Return what a sound path that is no condition stands for: a figure, a record, rows, yes, no.

    An article is as sentences cite it: letters name none but in their sentences.

    Raises:
        NoFactError: The book does not give it on the day.
        BlockMissingError: The contract has no such clause.
    """
    found = _found(case, path)
    is_article = path.endswith(".article") or path.startswith("clause.")
    return cited(found) if is_article and isinstance(found, Figure) else found


def _found(case: Case, path: str) -> Any:
    root, _, rest = path.partition(".")
    if root == "contract":
        return _below(case.book.contract, path, rest)
    if root == "row":
        return _below(case.row, path, rest)
    if root == "letter":
        return _of_letter(case, rest)
    if root == "attachments":
        return case.declaration.attachments
    name = path if path in FACTS else next(
        one for one in FACTS if path == one or path.startswith(f"{one}."))  # fmt: skip
    made = case.book.remembered(
        ("letter fact", name, case.declaration.per, case.part, case.as_of),
        lambda: FACTS[name].make(case),
    )
    return _below(made, path, path[len(name) + 1 :])


def _below(value: Any, path: str, rest: str) -> Any:
    for part in rest.split(".") if rest else ():
        if value is None:
            raise BlockMissingError(path)
        value = part_of(value, part)
    if value is None:
        raise BlockMissingError(path)
    return value


def part_of(value: Any, part: str) -> Any:
    """Return what one name stands for below a record, a row or a group of facts."""
    if isinstance(value, Row):
        return value.figure(columns_of(type(value))[part])
    if isinstance(value, Record) and part in declarations(type(value)):
        return value.figure(part)
    return getattr(value, part)


def _of_letter(case: Case, rest: str) -> Any:
    first, _, more = rest.partition(".")
    if case.letter is None:
        raise NoFactError(rest)
    if first == "明细":
        return case.book.letters.items_of(case.letter) if case.book.letters else ()
    if first in case.declaration.asks:
        return _below(asked(case, first), rest, more)
    return _below(case.letter, rest, rest)


def asked(case: Case, item: str) -> Any:
    """Return a fact that the letter asks for, as its type has it; a person of the roster.

    A 段落 is its paragraphs, or one 【待补】.

    Raises NoFactError where it is not filled in, or is not of its type.
    """
    fact = case.facts.get(item)
    type_ = case.declaration.asks[item]
    if type_ == PROSE:
        return _prose(case, item, fact)
    if fact is None or not fact.content:
        raise NoFactError(item)
    if type_ == PERSON:
        member = person_of(case, fact)
        if member is None:
            raise NoFactError(item)
        return member
    kind = ASKED[type_]
    try:
        value = kind.parse(fact.content)
    except NotOfTypeError as fault:
        raise NoFactError(item) from fault
    return Figure(item, value, kind.show(value), fact.place("content"))


def _prose(case: Case, item: str, fact: LetterFact | None) -> tuple[Figure[Any], ...]:
    lines = [one.strip() for one in (fact.content or "").splitlines()] if fact else []
    if fact is not None and any(lines):
        place = fact.place("content")
        return tuple(Statement(item, line, line, place) for line in lines if line)
    if case.letter is None:
        raise NoFactError(item)
    place = fact.place("content") if fact else case.letter.place("number")
    return (Figure(item, Missing(f"{item}尚未填写"), UNFILLED, place),)


def is_filled(value: Any) -> bool:
    """Return whether a name has something to say: no gap, no empty cell, no row missing."""
    if isinstance(value, Figure):
        plain = value.value
        return not (plain is None or plain == "" or isinstance(plain, Missing)
                    or UNFILLED in value.text)  # fmt: skip
    return bool(value)


def fact_problems(case: Case) -> Iterator[Problem]:
    """Yield what is wrong with the facts in letters.xlsx that a letter asks for."""
    letter = case.letter
    if letter is None or case.book.letters is None:
        return
    for item, type_ in case.declaration.asks.items():
        fact = case.facts.get(item)
        if fact is None or not fact.content:
            yield gap(
                "letter-fact-missing",
                fact.place("content") if fact else letter.place("number"),
                say("{kind} {number} lacks {item}", kind=case.declaration.title,
                    number=letter.number, item=quoted(item)),
                say("write it in the sheet 函件事项, each line a paragraph; until then the draft "
                    "prints 【待补】 and cannot become final")
                if type_ == PROSE
                else say("write it in the sheet 函件事项; until then the letter is not made"),
            )  # fmt: skip
            continue
        expected = _misfit(case, fact, type_)
        if expected is not None:
            yield error(
                "letter-fact",
                fact.place("content"),
                say("{item}: expected {expected}, found {found}", item=item, expected=expected,
                    found=quoted(fact.content)),
                say("correct the number, or enter the person in {file}, sheet {sheet}",
                    file=f"{ROSTER}.xlsx", sheet=StaffMember.sheet)
                if type_ == PERSON
                else say("write it in that form"),
            )  # fmt: skip
    for item, fact in case.facts.items():
        if item not in case.declaration.asks:
            near = nearest(item, case.declaration.asks)
            yield error(
                "letter-fact",
                fact.place("item"),
                say("{kind} asks for no {item}", kind=case.declaration.title, item=quoted(item)),
                say("write {near} if that is meant", near=near) if near else say("delete the row"),
            )


def _misfit(case: Case, fact: LetterFact, type_: str) -> Message | None:
    if type_ == PERSON:
        if case.book.roster is None:  # that it is not there, or cannot be read, is told itself
            return None
        return None if person_of(case, fact) else say("a number of the roster")
    try:
        ASKED[type_].parse(fact.content)
    except NotOfTypeError as fault:
        return fault.expected
    return None


def day_at(case: Case, name: Named) -> date | None:
    """Return the day that a name stands for in a letter; None where there is none yet."""
    try:
        value = value_of(case, name.name)
    except (NoFactError, BlockMissingError):
        return None
    day = value.value if isinstance(value, Figure) else None
    return day if isinstance(day, date) else None
