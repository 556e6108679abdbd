"""A new contract: its folder, contract.yaml and workbooks, and what is still to be filled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import Field, dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Final, get_origin, get_type_hints

from deliverables.compute.carry_over import Begun, carried_over, service_months
from deliverables.compute.series import period_called
from deliverables.compute.term import mark, served_quarters, wording_of
from deliverables.files.digest import sha256_of
from deliverables.files.file_name import UNSAFE, is_device
from deliverables.files.placement import Transaction
from deliverables.files.result import Result
from deliverables.merge import Merged
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract
from deliverables.model.fields import (
    AMOUNT,
    DAY,
    NUMBERS_AS_TEXT,
    SILENT,
    UNFILLED,
    YES_NO,
    Declaration,
    Heading,
    NotOfTypeError,
    Record,
    declarations,
    has_default,
    headings,
    record_type,
    show_plain,
    stated_fields,
)
from deliverables.model.ledger_sheets import Ledger
from deliverables.model.letters_sheets import Letters
from deliverables.model.operations_sheets import Operations
from deliverables.model.roster_sheets import Roster
from deliverables.read.book import PERIOD
from deliverables.read.files import (
    CONTRACT,
    IN_NO_CONTRACT,
    LEDGER,
    LETTERS,
    OPERATIONS,
    ROSTER,
    TEXT_FILE,
    workbooks_in,
)
from deliverables.read.from_text.found import Beyond, FoundFact, Gap, TextReading
from deliverables.read.tree import Items, KeyBlock, Node, Scalar, value_at
from deliverables.read.workbook import is_untouched
from deliverables.values.calendar import show_day
from deliverables.values.dates import (
    Convention,
    Period,
    calendar_parts,
    divide,
    service_term,
)
from deliverables.values.figure import Line
from deliverables.values.period_names import PeriodNames, Wording, names_of
from deliverables.values.problem import TO_FILL, Message, Problem, Severity, say

_PREFACE = """\
# 合同事实。工具出具的每一份文件，凡涉及合同约定的，都取自本文件。
#
# 填写办法：对照合同文本，从上往下，把【待补】换成内容；# 开头的是说明，不用删。
#   1. 每一块的 article（条款）写明以下事实出自合同哪一处。
#   2. 合同没有写、要另行索取的，先留【待补】，后面可以写明向谁索取，如
#          credit_code: 【待补】请向甲方财务部门索取
#      没有它出不了文件的，check 列为“必填”，其余可以后补，文件中印【待补】。
#   3. 冒号后面留一个空格；缩进用空格，照原样，不用制表符。“可不填”的可以空着。
#   4. 填完保存为 UTF-8，运行 deliverables check，按提示改正。
"""
_RULE_LENGTH = 74
_LONGEST_LINE = 60
_SHORTEST_NAME = 2
_PLAIN = re.compile(r"[0-9A-Za-z\u4e00-\u9fff（《【第][^:#'\"\[\]{},&*!|>%@`\\\n]*")
_BARE = re.compile(r"[\d.,]+%?|[a-z_]+")
_TERM, _LENGTH = "service.term_months", "reports[1].every_months"
_COUNT = re.compile(r"reports\[\d+\]\.count")
"""Numbers of reports follow from the term: they are not taken over where it is another one."""
_ENTRIES: Final = {"payment.instalments": 3, "reports": 2}
"""How many entries a list begins with where nothing is known of it."""
_RECKONED = "amount"
"""The amount of an instalment: left empty it is reckoned from its share."""
_SHARES: Final = ("ratio", "up_to")
_QUOTE = "quote"
_UNQUOTED = ("duties", "discrepancies")
"""Blocks that are written about the contract, not copied from it."""
_YAML_WORDS = re.compile(r"(?i:yes|no|on|off|true|false|null|y|n|~)")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Another contract that this one is like: its number and the tree of its contract.yaml."""

    number: str
    tree: KeyBlock


@dataclass(frozen=True, kw_only=True, slots=True)
class Beginning:
    """What is known of a contract before anybody reads it: facts by their path, and its form.

    `counts` say how many entries a list begins with. `quotes` are the contract's words by block,
    `remarks` what its text seems to say by field.
    """

    facts: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    pattern: Pattern | None = None
    quotes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    remarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def overrules(self, path: str) -> str:
        """Return what the other contract says of a fact that is another one here."""
        given, said = self.facts.get(path), _said(self.pattern, path)
        return said if given is not None and said not in ("", given) else ""


def contract_file(beginning: Beginning) -> str:
    """Return the text of a contract.yaml to be filled in."""
    pattern = beginning.pattern
    own = _own_facts(Contract, pattern.tree) if pattern else ()
    writer = _Writer(beginning, frozenset((*own, *_overruled(beginning))))
    lines = writer.record(Contract, "", "", pattern.tree if pattern else None)
    return "\n".join((_PREFACE.rstrip("\n"), *lines)) + "\n"


class _Writer:
    def __init__(self, beginning: Beginning, own: frozenset[str]) -> None:
        self._beginning = beginning
        self._own = own
        self._explained: set[Declaration] = set()

    def record(
        self, kind: type[Record], path: str, indent: str, like: Node | None
    ) -> Iterator[str]:
        """Yield the lines of one record, each field below its explanation."""
        hints, titles = get_type_hints(kind), headings(kind)
        for item in stated_fields(kind):
            here = f"{path}.{item.name}" if path else item.name
            if item.name == _QUOTE and path.startswith(_UNQUOTED):
                continue
            before = value_at(like, item.name)
            if item.name in titles:
                yield from _headed(titles[item.name], indent)
                if "records" in item.metadata:
                    yield from self._list(item, titles[item.name], here, indent, before)
                elif has_default(item) and not self._is_told(here):
                    yield from self._pattern(record_type(hints[item.name]), item.name, here, indent)
                else:
                    yield f"{indent}{item.name}:"
                    yield from self.record(
                        record_type(hints[item.name]), here, indent + "  ", before
                    )
            else:
                yield from self._field(kind, item, here, indent, before)

    def _pattern(self, kind: type[Record], name: str, path: str, indent: str) -> Iterator[str]:
        """Yield a block that most contracts lack, as a comment to be laid open."""
        yield f"{indent}# 需要时照下面填写，去掉行首的“# ”："
        yield f"{indent}# {name}:"
        yield from (f"{indent}# {line}" for line in self.record(kind, path, "  ", None))

    def _is_told(self, path: str) -> bool:
        """Return whether the contract's text says something of a block that most contracts lack."""
        return any(fact.startswith(f"{path}.") for fact in self._beginning.facts)

    def _list(
        self, item: Field[Any], title: Heading, path: str, indent: str, like: Node | None
    ) -> Iterator[str]:
        yield from self._remarks(path, indent)
        before = like.items if isinstance(like, Items) and title.alike else ()
        count = self._beginning.counts.get(path) or len(before) or _ENTRIES.get(path, 0)
        if len(before) != count:
            before = ()  # another number of instalments: other shares, other conditions
        patterns: tuple[Node | None, ...] = before or (None,) * count
        if before:
            yield f"{indent}#{self._origin()}"
        yield f"{indent}{item.name}:"
        for number, one in enumerate(patterns, 1):
            here = f"{path}[{number}]"
            lines = list(self.record(item.metadata["records"], here, indent + "    ", one))
            yield from _dashed(lines, indent)
        if not patterns:
            example = list(self.record(item.metadata["records"], path, "    ", None))
            yield f"{indent}  # 每条照下面的样子写一段，去掉行首的“# ”："
            yield from (f"{indent}  # {line[2:]}" for line in _dashed(example, "")
                        if not line.lstrip().startswith("#"))  # fmt: skip

    def _field(
        self, kind: type, item: Field[Any], path: str, indent: str, like: Node | None
    ) -> Iterator[str]:
        declared = declarations(kind)[item.name]
        yield from self._explanation(declared, indent)
        yield from self._remarks(path, indent)
        if item.name == _QUOTE:
            yield f"{indent}{item.name}:"
            for quote in self._beginning.quotes.get(path.rpartition(".")[0], ()):
                yield f"{indent}  - {_scalar(quote, declared)}"
            return
        given = self._beginning.facts.get(path) or self._numbered(path)
        taken = self._taken(declared, like)
        if given:
            several_ = get_origin(get_type_hints(kind)[item.name]) is tuple
            yield f"{indent}{item.name}: {f'[{given}]' if several_ else _scalar(given, declared)}"
        elif taken and not (_COUNT.fullmatch(path) and self._beginning.overrules(_TERM)):
            origin = "" if "[" in path else f"  #{self._origin()}"
            yield f"{indent}{item.name}: {taken}{origin}"
        elif declared.optional and (item.name != _RECKONED or self._only_a_share(path)):
            yield f"{indent}{item.name}:"
        else:  # where left empty it would be reckoned: somebody must have looked
            yield f"{indent}{item.name}: {UNFILLED}"

    def _only_a_share(self, path: str) -> bool:
        """Return whether the text proves the share of an instalment and states no amount."""
        instalment = path.removesuffix(f".{_RECKONED}")
        stated = any(f"{instalment}.{share}" in self._beginning.facts for share in _SHARES)
        return stated and path not in self._beginning.remarks

    def _remarks(self, path: str, indent: str) -> Iterator[str]:
        """Yield what the contract's text seems to say of a field, where nothing proves it."""
        for remark in self._beginning.remarks.get(path, ()):
            yield f"{indent}# ※ {remark}"

    def _origin(self) -> str:
        pattern = self._beginning.pattern
        return f" 沿用 {pattern.number}，请与本合同核对" if pattern else ""

    def _explanation(self, declared: Declaration, indent: str) -> Iterator[str]:
        """Yield the label and, the first time, what to write."""
        unit = f"（{declared.unit}）" if declared.unit else ""
        line = f"{indent}# {declared.label}{unit}"
        if declared in self._explained:
            yield line + ("：可不填" if declared.optional else "")
            return
        self._explained.add(declared)
        parts = declared.advice.split("；")
        line += "：" + parts[0]
        for part in parts[1:]:
            if len(line) + len(part) > _LONGEST_LINE:
                yield line + "；"
                line = f"{indent}#   {part}"
            else:
                line += "；" + part
        yield line

    def _numbered(self, path: str) -> str:
        """Instalments count from one: that much is known of them."""
        found = re.fullmatch(r"payment\.instalments\[(\d+)\]\.number", path)
        return found[1] if found else ""

    def _taken(self, declared: Declaration, like: Node | None) -> str:
        """Return what is taken over from the other contract, nothing if it is a fact of its own."""
        if not declared.alike:
            return ""
        if isinstance(like, Items):
            entries = [self._taken(declared, entry) for entry in like.items]
            return f"[{', '.join(entries)}]" if entries and all(entries) else ""
        if not isinstance(like, Scalar) or not like.text or UNFILLED in like.text:
            return ""
        written = like.text.replace(",", "")
        if any(fact in written for fact in self._own):
            return ""
        return _scalar(like.text, declared)


def _headed(title: Heading, indent: str) -> Iterator[str]:
    if indent:
        yield f"{indent}# {title.title}{f'：{title.hint}' if title.hint else ''}"
        return
    yield ""
    yield f"# ── {title.title} {'─' * (_RULE_LENGTH - 2 * len(title.title))}"
    if title.hint:
        yield f"# {title.hint}"


def _dashed(lines: list[str], indent: str) -> Iterator[str]:
    """Set the dash of a list entry before its first key; the explanations above it stay."""
    first = next(i for i, line in enumerate(lines) if not line.lstrip().startswith("#"))
    mark = len(indent) + 2
    for number, line in enumerate(lines):
        yield f"{line[:mark]}- {line[mark + 2 :]}" if number == first else line


def _scalar(text: str, declared: Declaration) -> str:
    """Return a text as YAML that reads as the same text."""
    if declared.type is YES_NO:
        text = YES_NO.show(YES_NO.parse(text))
    bare = _PLAIN.fullmatch(text) or _BARE.fullmatch(text)
    if bare and declared.type not in NUMBERS_AS_TEXT and not _YAML_WORDS.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _entries(pattern: Pattern | None, name: str) -> tuple[Node, ...]:
    node = value_at(pattern.tree if pattern else None, name)
    return node.items if isinstance(node, Items) else ()


def _text(node: Node | None) -> str:
    return node.text or "" if isinstance(node, Scalar) else ""


def _number(node: Node | None) -> int:
    text = _text(node)
    return int(text) if re.fullmatch(r"\d{1,3}", text) else 0


def _said(pattern: Pattern | None, path: str) -> str:
    return _text(value_at(pattern.tree if pattern else None, *path.split(".")))


def _overruled(beginning: Beginning) -> Iterator[str]:
    """Yield how texts state a length or a number of reports that is another one here."""
    if months := beginning.overrules(_TERM):
        yield from (f"{months}个月", f"{months} 个月")
    if beginning.overrules(_TERM) or _LENGTH in beginning.facts:
        for entry in _entries(beginning.pattern, "reports"):
            if (count := _number(value_at(entry, "count"))) and count > 1:
                yield from (f"报告{count}个", f"报告{count}份", f"{count}份")


def _own_facts(kind: type[Record], tree: Node | None) -> Iterator[str]:
    """Yield the other contract's own facts as texts may write them: names, days, amounts, codes."""
    hints, declared = get_type_hints(kind), declarations(kind)
    for item in stated_fields(kind):
        node = value_at(tree, item.name)
        if "records" in item.metadata:
            for entry in node.items if isinstance(node, Items) else ():
                yield from _own_facts(item.metadata["records"], entry)
        elif item.name not in declared:
            yield from _own_facts(record_type(hints[item.name]), node)
        elif isinstance(node, Scalar) and node.text and not declared[item.name].alike:
            yield from _ways_to_write(declared[item.name], node.text)


def _ways_to_write(declared: Declaration, text: str) -> Iterator[str]:
    if UNFILLED in text or declared.type.choices:
        return
    try:
        value = declared.type.parse(text)
    except NotOfTypeError:
        value = None
    if declared.type is AMOUNT and value is not None:
        yield show_plain(value)
    elif declared.type is DAY and value is not None:
        yield from (show_day(value), value.isoformat(), f"{value.year}.{value.month}.{value.day}")
    if len(text.strip()) >= _SHORTEST_NAME:
        yield text.strip().replace(",", "")


CAN_WAIT, BLANK = "fact-missing", "workbook-blank"


@dataclass(frozen=True, slots=True)
class FactToFill:
    """One fact to fill in: its line, what it is, how, and whether documents must wait for it."""

    line: int
    what: Message
    how: Message | None
    needed: bool


@dataclass(frozen=True, slots=True)
class Section:
    """The tasks of one block of contract.yaml, under its heading; or of one workbook."""

    file: str
    title: str
    tasks: tuple[FactToFill, ...]


def sections(problems: Iterable[Problem]) -> tuple[Section, ...]:
    """Return what is to be filled in: contract.yaml by its blocks, then every blank workbook."""
    gaps = [problem for problem in problems if problem.severity is Severity.GAP]
    facts = [gap for gap in gaps if gap.code in (TO_FILL, CAN_WAIT)]
    blanks = [gap for gap in gaps if gap.code == BLANK]
    return (*_blocks(facts), *(_workbook(gap) for gap in blanks))


def _blocks(facts: list[Problem]) -> Iterator[Section]:
    titles = headings(Contract)
    for block, found in groupby(facts, lambda gap: _path(gap).partition(".")[0].partition("[")[0]):
        listed = list(found)
        title = titles[block].title if block in titles else ""
        yield Section(listed[0].source.file, f"{title} {block}".strip(), tuple(map(_task, listed)))


def _task(gap: Problem) -> FactToFill:
    values = gap.message.values
    line = gap.source.line if isinstance(gap.source, Line) else 0
    what = say("{label} ({path})", label=values["label"], path=_path(gap).partition(".")[2])
    how = values.get("advice") or values.get("reason")
    return FactToFill(line, what, say("{text}", text=how) if how else None, gap.code == TO_FILL)


def _workbook(gap: Problem) -> Section:
    return Section(gap.source.file, "", (FactToFill(0, gap.message, gap.fix, needed=False),))


def _path(gap: Problem) -> str:
    return str(gap.message.values["path"])


@dataclass(frozen=True, slots=True)
class Wanted:
    """A workbook somebody asks for: its type, its place below the contract, its quarter."""

    kind: type
    place: str
    quarter: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a workbook, its file, why, and the name an older one was set aside under."""

    result: Result
    file: Path
    reason: Message | None = None
    aside: str = ""


def wanted(name: str, contract: Contract | None = None) -> Wanted | None:
    """Return the workbook that Q1, M03, staff, ledger or letters mean, None for any other word.

    Of a known contract the periods are those of its shortest series, in any of their names.
    """
    kinds = {ROSTER: Roster, LEDGER: Ledger, LETTERS: Letters}
    stem = name.lower().removesuffix(".xlsx")
    if stem in kinds:
        return Wanted(kinds[stem], f"{stem}.xlsx")
    number = period_called(contract, name) if contract else 0
    if contract is None and (found := PERIOD.fullmatch(name.removesuffix(".xlsx"))):
        return Wanted(Operations, f"{OPERATIONS}/{name.upper()}.xlsx", int(found["number"]))
    return (
        Wanted(Operations, f"{OPERATIONS}/{mark(contract, number)}.xlsx", number)
        if contract and number
        else None
    )


def quarter_of(book: ContractBook, number: int) -> Period | None:
    """Return the days of a service quarter, None if the contract has no such quarter."""
    try:
        periods = served_quarters(book.contract, date.max)
    except (ValueError, OverflowError):  # the rules about the contract say why
        return None
    return periods[number - 1] if number <= len(periods) else None


def quarter_workbook(book: ContractBook, number: int, period: Period) -> bytes:
    """Return the workbook of a quarter with what the quarter before left behind."""
    before = book.quarters.get(number - 1)
    months = service_months(book.contract, period)
    rows = carried_over(before, period, months) if before else {}
    return blank_workbook(
        Operations, book.number, quarter_cover(number, period), rows, wording_of(book.contract)
    )


def quarter_cover(number: int, period: Period | None) -> Begun:
    """Return the cover of a quarter's workbook, with its days if they are known."""
    days = {"first_day": period.first, "last_day": period.last} if period else {}
    return {"quarter": number, "sample": False, **days}


def blank_workbook(
    kind: type,
    contract: str,
    cover: Begun | None = None,
    rows: dict[str, tuple[Begun, ...]] | None = None,
    wording: Wording | None = None,
) -> bytes:
    """Return a workbook that nobody has filled in yet, in the contract's words for its periods."""
    begun: Begun = cover or {"sample": False}
    from deliverables.xlsx.forms import write_workbook  # noqa: PLC0415  # slow to import

    return write_workbook(
        None, kind, begun, (), rows, contract=contract, blank=True, wording=wording
    )


def merged_workbook(
    kind: type, contract: str, merged: Merged, cover: Begun, book: ContractBook | None = None
) -> bytes:
    """Return a workbook with the rows of an older one; what the contract says of it comes first."""
    facts: dict[str, Any] = {"sample": False, **merged.cover, **cover}
    from deliverables.xlsx.forms import write_workbook  # noqa: PLC0415  # slow to import

    return write_workbook(
        None, kind, facts, merged.narrative, merged.rows,
        contract=contract, extra=merged.extra, blank=False,
        wording=wording_of(book.contract) if book else None,
    )  # fmt: skip


def put(content: bytes, file: Path, *, private: bool, replace: bool) -> Placed:
    """Put a workbook in its place, unless one stands there that somebody has typed into.

    With `replace` that one is set aside under another name.
    """
    held = workbooks_in(file.parent, file.stem)
    if held == [file] and file.read_bytes() == content:
        return Placed(Result.UNCHANGED, file)
    touched = [one for one in held if one != file or not is_untouched(one.read_bytes())]
    if touched and not replace:
        remedy = say("somebody has filled it in; --replace sets it aside under another name")
        return Placed(Result.KEPT, touched[0], remedy)
    with Transaction(_folder_of(file)) as change:
        aside = [change.put_aside(one) for one in touched if one != file]
        ours = sha256_of(file) if file in held and file not in touched else ""
        aside.append(change.put(file, content, private=private, over=ours))
    names = "、".join(filter(None, aside))
    why = say("renewed, nothing was typed into it yet") if held else None
    if names:
        why = say("the older one is {name}", name=names)
    return Placed(Result.MADE, file, why, names)


def _folder_of(workbook: Path) -> Path:
    """Return the folder of the contract that a workbook belongs to."""
    return workbook.parent.parent if workbook.parent.name == OPERATIONS else workbook.parent


_STEP: Final = re.compile(r"(?P<name>\w+)(?:\[(?P<number>\d+)\])?")
_NUMBER: Final = "identity.number"
_STATED: Final = "stated_terms"
_TARGETS: Final = "service_levels.targets"
_FOLLOWS: Final = ("service.ends_on",)
"""Facts that follow from others in contract.yaml: the first day and the months of the term."""
_UNCITED: Final = ("acceptance.public_procurement",)
"""Facts that the head of the contract tells: no clause of their block states them."""

_LONGEST: Final = 160


@dataclass(frozen=True, slots=True)
class ContractDraft:
    """A reading as contract.yaml takes it: facts and quotes by their path, a remark for each gap.

    `untold` are proved facts that contract.yaml has no field for.
    """

    facts: dict[str, str]
    quotes: dict[str, tuple[str, ...]]
    remarks: dict[str, tuple[str, ...]]
    untold: tuple[FoundFact, ...]
    instalments: int | None
    reports: int
    targets: int
    stated: int

    @property
    def signed_on(self) -> date | None:
        """The day of signing, where it is proved."""
        day = self.facts.get("identity.signed_on")
        return date.fromisoformat(day) if day else None

    def number(self, path: str) -> int | None:
        """Return a whole number among the facts."""
        return int(self.facts[path]) if path in self.facts else None


def contract_draft(reading: TextReading, number: str) -> ContractDraft:
    """Return what goes into the contract.yaml of the contract `number`.

    A fact goes in if contract.yaml has its field, and the fields without which it would say
    something else. The number is that of the folder; where the text says another, it is no quote.
    """
    told = [fact for fact in reading.facts if _is_told(fact)]
    told = [fact for fact in told if fact.path != _NUMBER or fact.value == number]
    facts = {fact.path: fact.value for fact in told}
    facts["identity.text_sha256"] = reading.text.sha256
    quotes: dict[str, list[str]] = {}
    articles: dict[str, list[str]] = {}
    for fact in told:
        if fact.path in _UNCITED:
            continue
        block = fact.path.rpartition(".")[0]
        _once(quotes.setdefault(block, []), fact.passage.quote)
        _once(articles.setdefault(block, []), fact.passage.article)
    for gap in reading.gaps:  # the words from which somebody chooses, and where they stand
        if gap.passage and declaration(gap.path):
            block = gap.path.rpartition(".")[0]
            _once(quotes.setdefault(block, []), gap.passage.quote)
            _once(articles.setdefault(block, []), gap.passage.article)
    for block, names in articles.items():
        facts.setdefault(f"{block}.article", "、".join(names))
    silent = (_NUMBER, *_FOLLOWS)
    untold = tuple(fact for fact in reading.facts if fact not in told and fact.path not in silent)
    return ContractDraft(
        facts,
        {block: tuple(said) for block, said in quotes.items()},
        _remarks(reading, untold),
        untold,
        _entries_found(reading, "payment.instalments"),
        _entries_found(reading, "reports") or 0,
        _entries_found(reading, _TARGETS) or 0,
        _entries_found(reading, _STATED) or 0,
    )


def _once(into: list[str], text: str) -> None:
    if text not in into:
        into.append(text)


def _is_told(fact: FoundFact) -> bool:
    declared = declaration(fact.path)
    if declared is None or any(declaration(path) is None for path in fact.needs):
        return False
    if declared.silent and fact.value == SILENT:
        return True
    values = fact.value.split(", ") if is_list(fact.path) else [fact.value]
    try:
        for value in values:
            declared.type.parse(value)
    except NotOfTypeError:
        return False
    return True


def declaration(path: str) -> Declaration | None:
    """Return what contract.yaml takes at a path, None if it has no such field."""
    found = _owner(path)
    return declarations(found[0]).get(found[1]) if found else None


def label_of(path: str) -> str:
    """Return what a fact is called: its label where contract.yaml has one, else its path."""
    declared = declaration(path)
    return f"{declared.label} {path}" if declared else path


def is_list(path: str) -> bool:
    """Return whether the field at a path takes several values."""
    found = _owner(path)
    return found is not None and get_origin(get_type_hints(found[0]).get(found[1])) is tuple


def _owner(path: str) -> tuple[type[Record], str] | None:
    kind: type[Record] = Contract
    *steps, last = path.split(".")
    for step in steps:
        named = _STEP.fullmatch(step)
        item = kind.__dataclass_fields__.get(named["name"]) if named else None
        if item is None:
            return None
        kind = item.metadata.get("records") or record_type(get_type_hints(kind)[item.name])
        if not isinstance(kind, type) or not issubclass(kind, Record):
            return None
    return kind, last


def _remarks(reading: TextReading, untold: tuple[FoundFact, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for gap in reading.gaps:
        _once(found.setdefault(gap.path, []), _remark(gap))
    for fact in untold:
        where = _place(fact.passage.article, fact.passage.quote)
        said = f"合同写作“{fact.value}”，本文件表达不了：{where}"
        _once(found.setdefault(fact.path, []), said)
    for told in reading.contradictions:
        article, quote = told.passage.article, cut(told.passage.quote)
        found.setdefault("discrepancies", []).append(f"{article}：{told.found}（原文“{quote}”）")
    return {path: tuple(lines) for path, lines in found.items()}


def _remark(gap: Gap) -> str:
    reading = f"读作“{gap.reading}”，" if gap.reading else ""
    where = _place(gap.passage.article, gap.passage.quote) if gap.passage else ""
    return f"{reading}未能证实（{gap.why.in_language('zh')}）{'：' if where else ''}{where}"


def _place(article: str, quote: str) -> str:
    return f"{article}“{cut(quote)}”"


def cut(quote: str) -> str:
    """Return words of the contract in one line, not too long."""
    line = " ".join(quote.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}……"


def _entries_found(reading: TextReading, name: str) -> int | None:
    paths = [*(one.path for one in reading.facts), *(one.path for one in reading.gaps)]
    counted = [int(found[1]) for path in paths
               if (found := re.match(rf"{re.escape(name)}\[(\d+)\]", path))]  # fmt: skip
    if counted:
        return max(counted)
    return 1 if name in paths else None


def beyond(reading: TextReading) -> tuple[Beyond, ...]:
    """Return what contract.yaml has no place for; each topic of an article once."""
    return tuple(one for one in reading.beyond if not one.at)


def left_to_write(reading: TextReading) -> tuple[Beyond, ...]:
    """Return what is not read and a person writes in its place in contract.yaml."""
    return tuple(one for one in reading.beyond if one.at)


def stated(reading: TextReading) -> Iterator[tuple[str, str, str]]:
    """Yield the terms that stand in contract.yaml word for word: subject, article, words."""
    for path, fact in reading.by_path.items():
        if path.startswith(_STATED) and path.endswith(".subject"):
            words = reading.value(path.replace(".subject", ".words"))
            yield fact.value, fact.passage.article, cut(words)


LONGEST_NUMBER = 60
MOST_REPORTS = 40


@dataclass(frozen=True, slots=True)
class Known:
    """What the user says of a contract up front; None where nothing is said."""

    signed_on: date | None = None
    term_months: int | None = None
    reports: int | None = None
    plan: str | None = None

    def with_facts(self, draft: ContractDraft) -> Known:
        """Return what is known when the contract's own text was read too; the user is right."""
        return Known(
            self.signed_on or draft.signed_on,
            self.term_months or draft.number("service.term_months"),
            self.reports,
            self.plan,
        )

    @property
    def facts(self) -> dict[str, str]:
        """The facts by their path in contract.yaml."""
        given = {
            "identity.signed_on": self.signed_on,
            "service.term_months": self.term_months,
            "reports[1].count": self.reports,
            "payment.plan": self.plan,
        }
        return {path: str(fact) for path, fact in given.items() if fact is not None}


@dataclass(frozen=True, slots=True)
class FromText:
    """A contract read from its text: the draft, and the text that is put beside contract.yaml."""

    draft: ContractDraft
    content: bytes


def number_fault(number: str, data: Path) -> Message | None:
    """Return why a contract number cannot name a folder below `data`, None if it can."""
    taken = (
        {folder.name.casefold(): folder.name for folder in data.iterdir()} if data.is_dir() else {}
    )
    unprintable = any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp")
                      for sign in number)  # fmt: skip
    if not number.strip() or number != number.strip(" .") or unprintable:
        return say("a contract number begins and ends with a letter, a digit or a bracket")
    if found := UNSAFE.search(number):
        return say("a folder name cannot hold {sign}: write - instead, here and in contract.yaml",
                   sign=found[0])  # fmt: skip
    if is_device(number) or number.casefold() in IN_NO_CONTRACT or number[0] in ".~":
        return say("{number} is a name that Windows or this tool keeps for itself", number=number)
    if len(number) > LONGEST_NUMBER:
        return say("{length} characters are too long for a folder name; {most} are allowed",
                   length=len(number), most=LONGEST_NUMBER)  # fmt: skip
    if number.casefold() in taken:
        return say("the folder {folder} is there already; nothing was changed",
                   folder=(data / taken[number.casefold()]).as_posix())  # fmt: skip
    return None


def start(
    data: Path,
    number: str,
    known: Known,
    pattern: Pattern | None = None,
    instalments: int | None = None,
    *,
    text: FromText | None = None,
) -> tuple[Path, ...]:
    """Make the folder of a contract, whole or not at all, and return its files in order.

    Raises FileExistsError if the folder appeared in the meantime.
    """
    folder = data / number
    draft = text.draft if text else None
    known = known.with_facts(draft) if draft else known
    facts = {**(draft.facts if draft else {}), "identity.number": number, **known.facts}
    term = _said(pattern, _TERM)
    months = known.term_months or (int(term) if term.isdecimal() else 0)
    if known.reports and months and months % known.reports == 0:
        facts[_LENGTH] = str(months // known.reports)
    beginning = Beginning(
        facts=facts,
        counts=_counts(instalments, draft),
        pattern=pattern,
        quotes=draft.quotes if draft else {},
        remarks=draft.remarks if draft else {},
    )
    files = list(_files(number, known, beginning))
    if text is not None:
        files.append((TEXT_FILE, text.content, False))
    with Transaction(data) as change:
        if folder.exists():
            raise FileExistsError(folder)
        for name, content, private in files:
            change.put(folder / name, content, private=private)
    return tuple(folder / name for name, _, _ in files)


def _counts(instalments: int | None, draft: ContractDraft | None) -> dict[str, int]:
    found = {"payment.instalments": instalments or (draft.instalments if draft else 0) or 0,
             "reports": draft.reports if draft else 0,
             _TARGETS: draft.targets if draft else 0,
             _STATED: draft.stated if draft else 0}  # fmt: skip
    return {path: count for path, count in found.items() if count}


def _files(number: str, known: Known, beginning: Beginning) -> Iterator[tuple[str, bytes, bool]]:
    yield CONTRACT, contract_file(beginning).encode(), False
    called, periods = _periods(known, beginning)
    report = beginning.facts.get("reports[1].name", "报告")
    from deliverables.xlsx.forms import write_blanks  # noqa: PLC0415  # slow to import

    covers = [quarter_cover(quarter, period) for quarter, period in enumerate(periods, 1)]
    wording = Wording(called, report)
    blanks = write_blanks(Operations, covers, contract=number, wording=wording)
    for quarter, content in enumerate(blanks, 1):
        yield f"{OPERATIONS}/{called.mark(quarter)}.xlsx", content, False
    yield f"{ROSTER}.xlsx", blank_workbook(Roster, number), True
    yield f"{LEDGER}.xlsx", blank_workbook(Ledger, number), False


def _periods(known: Known, beginning: Beginning) -> tuple[PeriodNames, tuple[Period | None, ...]]:
    """Return the periods by which data are entered: their days if all is known, else their number.

    There are none where nobody knows yet how long they are.
    """
    months = known.term_months or _pattern_number(beginning, "term_months")
    length, calendar = _shortest(known, beginning, months)
    called = names_of(length, calendar=calendar)
    if not (months and length and months // length <= MOST_REPORTS):
        return called, ()
    try:
        term = known.signed_on and service_term(known.signed_on, months, _convention(beginning))
        if term and calendar:
            return called, calendar_parts(term, length)
        if known.signed_on:
            return called, divide(known.signed_on, months, months // length, _convention(beginning))
    except ValueError:  # check says what is wrong with them
        return called, ()
    return called, (None,) * (0 if calendar else months // length)


def _shortest(known: Known, beginning: Beginning, months: int) -> tuple[int, bool]:
    """Return the months of the shortest series that is known, and whether they are the calendar's.

    Reports that were counted on the command line divide the term.
    """
    if known.reports:
        even = months % known.reports == 0
        return (months // known.reports if even else 0), False
    said = [
        (int(beginning.facts[f"{path}.every_months"]),
         beginning.facts.get(f"{path}.months") == "calendar")
        for path in (f"reports[{at}]" for at in range(1, beginning.counts.get("reports", 0) + 1))
        if f"{path}.every_months" in beginning.facts
    ]  # fmt: skip
    like = [
        (length, _text(value_at(entry, "months")) == "calendar")
        for entry in _entries(beginning.pattern, "reports")
        if (length := _number(value_at(entry, "every_months")))
    ]
    return min(said) if said else min(like, default=(0, False))


def _convention(beginning: Beginning) -> Convention:
    stated = _said(beginning.pattern, "service.term_convention")
    return Convention(stated) if stated in set(Convention) else Convention.CIVIL_CODE


def _pattern_number(beginning: Beginning, name: str) -> int:
    stated = _said(beginning.pattern, f"service.{name}")
    return int(stated) if re.fullmatch(r"\d{1,3}", stated) else 0
