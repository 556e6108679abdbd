"""A declared letter becomes a Kind: its names are bound to its text, then planned and composed.

The context of a declared letter has a field for each name that its text uses, and no more: what it
prints is all that it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, make_dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

from deliverables.kinds import Blocker, Deliverable, Kind, Sealing, file_stem
from deliverables.letters.case import Case, Lives, NoFactError, cases
from deliverables.letters.conditions import CONDITIONS, failing
from deliverables.letters.declaration import (
    CONTRACT,
    INSTALMENT,
    INTERIM_ACCEPTANCE,
    REPORT,
    WITHDRAWN,
    LetterDeclaration,
    Named,
)
from deliverables.letters.facts import FACTS
from deliverables.letters.incident import over_on
from deliverables.letters.letter_page import page_of
from deliverables.letters.time import due_of
from deliverables.letters.vocabulary import (
    EACH,
    BlockMissingError,
    Leaf,
    LoopName,
    NameGroup,
    Shape,
    asked,
    day_at,
    found,
    is_filled,
    names_for,
    part_of,
    steps_of,
    value_of,
)
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract
from deliverables.model.fields import Missing, headings
from deliverables.model.letters_sheets import RECEIVED, SENT
from deliverables.model.roster_sheets import StaffMember
from deliverables.read.characters import nearest, quoted
from deliverables.values.calendar import Deadline
from deliverables.values.figure import Figure, Line
from deliverables.values.problem import Message, Problem, Term, error, listed, say

Used = dict[str, Any]
"""The names that a text uses, below each other; the rows of a loop below `[]`."""


@dataclass(frozen=True)
class Bound:
    """A declaration bound to its text: the names that are used, what they are, and the context.

    `paths` are those whose values the text needs, as far as its rows, `places` where each path
    that it uses stands first.
    """

    declaration: LetterDeclaration
    used: Used
    paths: tuple[str, ...]
    places: Mapping[str, Line]

    @cached_property
    def names(self) -> NameGroup:
        """The names that the letter uses, and those beside them."""
        return names_for(self.declaration, CONDITIONS, self.used)

    @cached_property
    def context(self) -> type:
        """The type of what the letter says."""
        found: type = _type(self.declaration.name, self.names, self.used)
        return found


def bind(
    declaration: LetterDeclaration,
    template: Path | None,
    problems: list[Problem],
    *,
    shipped: bool = False,
) -> Bound | None:
    """Return the letter with its text, None with every problem of its names.

    There is no template where the text is not sound; then its problems are told. What the tests
    show of a `shipped` one is not looked for again.
    """
    before = len(problems)
    names = names_for(declaration, CONDITIONS)
    problems += _declared_names(declaration, names)
    page = page_of(declaration, template, problems, shipped=shipped)
    if page is None:
        return None
    used: Used = {}
    told: set[tuple[int, str]] = set()
    for use in page.uses:
        why = _put(used, names, use.path)
        known = (use.source.line, str(why))
        if why is not None and known not in told:
            told.add(known)
            problems.append(
                error("letter-name", use.source, say("{where}: {why}", where=use.tag, why=why),
                      say("correct the name; deliverables kinds {kind} lists them",
                          kind=declaration.name))
            )  # fmt: skip
    problems += page.typed
    if len(problems) > before or template is None:
        return None
    places = {use.path.partition(EACH)[0]: use.source for use in reversed(page.uses)}
    bound = Bound(declaration, used, tuple(_paths(names, used)), places)
    if not shipped:
        from deliverables.docx.names import template_problems  # noqa: PLC0415  # slow to import

        problems += template_problems(template, bound.context)
    return None if len(problems) > before else bound


def _declared_names(declaration: LetterDeclaration, names: NameGroup) -> Iterator[Problem]:
    """Yield the names of the declaration that stand for nothing, or not for what is wanted."""
    texts = [declaration.article, declaration.recipient]
    if isinstance(declaration.copies, Named):
        texts.append(declaration.copies)
    if declaration.due:
        texts += filter(None, (declaration.due.base, declaration.due.length))
    for name in texts:
        shape = found(names, name.name) if name.name else say("nothing is named")
        if not isinstance(shape, Leaf):
            yield _no_name(name, shape, names)
    if not declaration.recipient.name.startswith("contract."):
        yield _no_name(declaration.recipient, say("a recipient is named by the contract"), names)
    for name in (*declaration.when, *declaration.needs):
        if "." not in name.name:
            if name.name not in CONDITIONS:
                near = nearest(name.name, CONDITIONS)
                yield error(
                    "letter-condition",
                    name.place,
                    say("there is no condition {name}", name=quoted(name.name)),
                    say("write {near} if that is meant", near=near)
                    if near
                    else say("write one of {known}", known=listed(CONDITIONS)),
                )
        elif not isinstance(shape := found(names, name.name), Leaf | LoopName):
            yield _no_name(name, shape, names)


def _no_name(name: Named, shape: Shape | Message, names: NameGroup) -> Problem:
    why = shape if isinstance(shape, Message) else say("{name} is no single fact", name=name.name)
    fix = say("write a name such as {known}", known="contract.acceptance.article")
    return error("letter-name", name.place, why, fix)


def _put(used: Used, names: NameGroup, path: str) -> Message | None:
    """Put a path that a text uses among the used names; return why it stands for nothing."""
    shape = found(names, path)
    if isinstance(shape, Message):
        return shape
    here = used
    for step in steps_of(path):
        here = here.setdefault(step, {})
    return None


def every_name(declaration: LetterDeclaration) -> type:
    """Return the type of a letter that says everything it may say."""
    names = names_for(declaration, CONDITIONS)
    found: type = _type(declaration.name, names, _all(names))
    return found


def _all(shape: Shape) -> Used:
    if isinstance(shape, NameGroup):
        return {name: _all(below) for name, below in shape.names().items()}
    return {EACH: _all(shape.each)} if isinstance(shape, LoopName) else {}


def _type(name: str, shape: Shape, used: Used) -> Any:
    match shape:
        case Leaf(kind="yes"):
            return bool
        case Leaf(kind="words"):
            return str
        case Leaf():
            return Figure
        case LoopName(each=each):
            inside: Any = _type(name, each, used.get(EACH, {}))
            return tuple[inside, ...]
    known = shape.names()
    wanted = [(one, _type(f"{name}_{one}", known[one], below)) for one, below in used.items()]
    return make_dataclass(name, wanted, frozen=True, slots=True)


def _made(context: Any, shape: NameGroup, used: Used, find: Callable[[str], Any]) -> Any:
    """Return the context, or a group of it; `find` returns what a name stands for."""
    known, values = shape.names(), {}
    for name, below in used.items():
        inner, hint = known[name], context.__dataclass_fields__[name].type
        match inner:
            case Leaf():
                values[name] = find(name)
            case LoopName():
                values[name] = _rows(hint, inner, below.get(EACH, {}), find(name))
            case NameGroup():
                values[name] = _made(hint, inner, below, partial(_beneath, find, name))
    return context(**values)


def _beneath(find: Callable[[str], Any], owner: str, name: str) -> Any:
    return find(f"{owner}.{name}")


def _rows(hint: Any, shape: LoopName, used: Used, rows: tuple[Any, ...]) -> tuple[Any, ...]:
    each = shape.each
    if not isinstance(each, NameGroup):
        return tuple(rows)
    kind = hint.__args__[0]
    return tuple(_made(kind, each, used, partial(_inside, row)) for row in rows)


def _inside(row: Any, path: str) -> Any:
    for part in path.split("."):
        row = part_of(row, part)
    return row


def clauses_missing(bound: Bound, book: ContractBook) -> Iterator[Problem]:
    """Yield the clauses that a letter of this contract names and the contract has not."""
    declared = bound.declaration
    named = [declared.article, declared.recipient, *declared.when, *declared.needs]
    if declared.due:
        named += filter(None, (declared.due.base, declared.due.length))
    paths = {path: bound.places.get(path, declared.file) for path in bound.paths}
    for path, place in (paths | {one.name: one.place for one in named}).items():
        root, _, rest = path.partition(".")
        if root == "contract" and _lacks(book.contract, rest):
            yield error(
                "letter-name",
                place,
                say("{name}: the contract has no such clause", name=path),
                say("state it in contract.yaml, or take the name out of the letter"),
            )


def _lacks(contract: Contract, path: str) -> bool:
    value: Any = contract
    for part in path.split("."):
        if value is None:
            return True
        value = part_of(value, part)
    return value is None


# Planned and composed


def kind_of(bound: Bound, lives: Callable[[ContractBook, date], Lives]) -> Kind:
    """Return the kind of document that a bound declaration is."""
    declared = bound.declaration

    def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
        return tuple(_planned(bound, book, as_of, lives(book, as_of)))

    def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> object:
        every = cases(declared, book, as_of, lives(book, as_of))
        case = next(one for one in every if one.part == deliverable.part)
        return _made(bound.context, bound.names, bound.used, partial(_said, case))

    def recipient(book: ContractBook) -> str:
        _, *path = declared.recipient.name.split(".")
        return str(_inside(book.contract, ".".join(path)))

    def copies(book: ContractBook) -> int:
        named = declared.copies
        if isinstance(named, int):
            return named
        stated = _inside(book.contract, named.name.partition(".")[2])
        return stated if isinstance(stated, int) else 0

    return Kind(
        name=declared.name,
        title=declared.title,
        context=lambda: bound.context,
        plan=plan,
        compose=compose,
        article=_article(declared),
        occasion=_occasion(declared),
        register=partial(_register, lives),
        sealing=Sealing(
            seals=declared.seals,
            place=declared.place,
            copies=copies,
            recipient=recipient,
            personal=declared.personal,
            numbered=declared.numbered,
            acceptance=declared.acceptance,
        ),
    )


_PER: Final[Mapping[str, Message]] = {
    CONTRACT: say("one for each contract"),
    INSTALMENT: say("one for each instalment"),
    REPORT: say("one for each service quarter"),
    WITHDRAWN: say("one for each paper that was withdrawn"),
    INTERIM_ACCEPTANCE: say("one for each interim acceptance"),
}


def _occasion(declared: LetterDeclaration) -> Message:
    """Return when there is such a letter; what must hold by its name, in Chinese in words."""
    per = _PER.get(declared.per) or _per_row(declared)
    when = [
        Term(one.name, CONDITIONS[one.name].says) for one in declared.when if one.name in CONDITIONS
    ]
    found = say("{per}, if {conditions}", per=per, conditions=listed(when)) if when else per
    return say("{occasion}; made when it is named", occasion=found) if declared.on_demand else found


def _per_row(declared: LetterDeclaration) -> Message:
    kind, direction = declared.only.get("种类", ""), declared.only.get("方向")
    if kind and direction == RECEIVED:
        return say("one for each {kind} received", kind=kind)
    if kind and direction == SENT:
        return say("one each time it is entered by deliverables letter add")
    return say("one for each row: {rows}", rows=declared.per.partition(".")[2])


def _article(declared: LetterDeclaration) -> str:
    """Return in Chinese which part of a contract calls for it."""
    name = declared.article.name
    root, *path = name.split(".")
    if root == CONTRACT and path:
        blocks = headings(Contract)
        title = (
            "联系人" if "contact" in path else blocks[path[0]].title if path[0] in blocks else ""
        )
        return f"{title}条款" if title else ""
    if declared.per == WITHDRAWN:
        return "原文件的条款"
    fact = FACTS.get(name)
    told = fact.says.partition("，")[0].removeprefix("约定") if fact else ""
    return "付款条款" if root == INSTALMENT else told


def _register(lives: Callable[[ContractBook, date], Lives], book: ContractBook, day: date) -> str:
    """Return what the register knew of sealed and delivered documents on a day."""
    known = lives(book, day)().values()
    return "\n".join(
        f"{one.key} {one.days} {[past.days for past in one.earlier]}" for one in known if one.days
    )


def _planned(bound: Bound, book: ContractBook, as_of: date, lives: Lives) -> Iterator[Deliverable]:
    declared = bound.declaration
    for case in cases(declared, book, as_of, lives):
        if _was_delivered(case, lives):
            continue
        if all(_holds(case, name) is None for name in declared.when):
            yield Deliverable(
                kind=declared.name,
                contract=book.number,
                part=case.part,
                title=f"{declared.title}（{case.label}）" if case.label else declared.title,
                article=_text(case, declared.article),
                folder=declared.folder,
                stem=_stem(case),
                possible_from=over_on(case),
                due=_due(case),
                blockers=tuple(_blockers(case, bound)),
                sample=_is_sample(book),
                on_demand=declared.on_demand,
                name=declared.title,
            )


def _was_delivered(case: Case, lives: Lives) -> bool:
    """Return whether the letter was delivered without this tool: its row says so, and no register.

    One that the register knows stays in the plan, where it stands as delivered.
    """
    delivered = case.letter is not None and case.letter.delivered is not None
    return delivered and f"{case.declaration.name}/{case.part}" not in lives()


def _stem(case: Case) -> str:
    declared = case.declaration
    alone = declared.per == CONTRACT or (declared.per == INTERIM_ACCEPTANCE and not case.label)
    several = () if alone else (case.part,)
    return file_stem(case.book.number, declared.stem or declared.title, *several)


def _due(case: Case) -> Deadline | None:
    try:
        return due_of(case)
    except (NoFactError, BlockMissingError):
        return None


def _said(case: Case, path: str) -> Any:
    """Return what a sound path stands for; raises as `value_of` does."""
    root, _, name = path.partition(".")
    if root == "condition":
        return CONDITIONS[name].fails(case) is None
    return value_of(case, path)


def _text(case: Case, name: Named) -> str:
    try:
        return str(_said(case, name.name))
    except (NoFactError, BlockMissingError):
        return ""


def _is_sample(book: ContractBook) -> bool:
    covers = [one.cover for one in (book.roster, book.ledger, book.letters) if one is not None]
    return any(cover.sample for cover in (*covers, *book.covers.values()))


def _blockers(case: Case, bound: Bound) -> Iterator[Blocker]:
    """Yield every reason why the letter cannot be written on the day, each once."""
    said: set[str] = set()
    failed = (*_of_needs(case), *_of_people(case))
    for one in (*failed, *_of_names(case, bound, reckoned=not failed)):
        if one.on_document not in said:
            said.add(one.on_document)
            yield one


def _holds(case: Case, name: Named) -> Blocker | None:
    if name.name in CONDITIONS:
        return next(iter(failing((name.name,), case)), None)
    return _lacking(case, name.name)


def _of_needs(case: Case) -> Iterator[Blocker]:
    for name in case.declaration.needs:
        if why := _holds(case, name):
            yield why


def _of_people(case: Case) -> Iterator[Blocker]:
    """Yield the people that the letter speaks of who have left the project."""
    for item, type_ in case.declaration.asks.items():
        if type_ != "人员":
            continue
        try:
            member: StaffMember = asked(case, item)
        except NoFactError:
            continue  # the name that stands for it tells
        if member.left is not None and member.left <= case.as_of:
            yield Blocker(
                say("{item}: {name} left the project on {day}", item=item, name=member.name,
                    day=member.left),
                on_document=f"{item}{member.name}已离开项目",
            )  # fmt: skip


_TYPED = ("contract.", "letter.", "row.")
"""Where what a person typed stands; all else is reckoned."""


def _of_names(case: Case, bound: Bound, *, reckoned: bool) -> Iterator[Blocker]:
    """Yield the names that have nothing to say; what is `reckoned` only where all else holds."""
    needed = (path for path in bound.paths if reckoned or path.startswith(_TYPED))
    for path in (*needed, *_asked_paths(case)):
        if why := _lacking(case, path, gaps=True):
            yield why


def _asked_paths(case: Case) -> Iterator[str]:
    for item in case.declaration.asks:
        yield f"letter.{item}"


def _paths(shape: Shape, used: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """Yield the names whose values a text needs, as far as its rows."""
    if not isinstance(shape, NameGroup):
        yield before
        return
    known = shape.names()
    for name, below in used.items():
        if name == "condition" and not before:
            continue  # an if may fail
        yield from _paths(known[name], below, f"{before}.{name}" if before else name)


_LIST: Final = "letter.明细"


def _lacking(case: Case, path: str, *, gaps: bool = False) -> Blocker | None:
    """Return why a name has nothing to say; with `gaps`, one that prints 【待补】 or — has."""
    try:
        value = _said(case, path)
    except BlockMissingError:
        return Blocker(say("the contract has no {name}", name=path), on_document=f"合同没有{path}")
    except NoFactError:
        return _not_written(case, path)
    if isinstance(value, tuple) and not value and not (gaps and _may_lack(path)):
        return _without_rows(case, path)
    if gaps and isinstance(value, Figure) and isinstance(value.value, Missing):
        return None  # 【待补】 is printed, and the draft cannot become final
    if is_filled(value) or (gaps and not path.startswith(("letter.", "row."))):
        return None
    return Blocker(say("{name} is not filled in", name=path), on_document=f"{path}尚未填写")


def _without_rows(case: Case, path: str) -> Blocker:
    if path == _LIST and case.letter:
        return Blocker(
            say("letters.xlsx: {number} has no list, sheet 函件明细", number=case.letter.number),
            on_document="函件明细尚未填写",
        )
    return Blocker(say("{name} has no rows", name=path), on_document=f"{path}没有内容")


def _may_lack(path: str) -> bool:
    return any(fact.may_lack and f"{path}.".startswith(f"{name}.") for name, fact in FACTS.items())


def _not_written(case: Case, path: str) -> Blocker:
    declared = case.declaration
    root, _, item = path.partition(".")
    if root == "clause":
        return Blocker(say("no clause of the contract speaks of this: contract.yaml, duties"),
                       on_document="合同没有相应条款")  # fmt: skip
    if root != "letter":
        return Blocker(say("{name} is not known on the day", name=path),
                       on_document=f"{path}尚无依据")  # fmt: skip
    if case.letter is None:
        return Blocker(
            say("letters.xlsx has no row of this letter: deliverables letter add {kind}",
                kind=declared.name),
            on_document="往来函件台账没有本函",
        )  # fmt: skip
    first = item.partition(".")[0]
    return Blocker(
        say("letters.xlsx: {item} of {number} is not filled in", item=first,
            number=case.letter.number),
        on_document=f"{first}尚未填写",
    )  # fmt: skip


__all__ = ["Bound", "bind", "day_at", "kind_of"]
