"""What a letter is, as the person who wrote it declared it: read key by key, with every problem.

The declaration stands before the text of the letter, between two lines of three dashes, or in a
.yaml of the same name beside a Word template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from keyword import iskeyword
from pathlib import Path
from typing import Final

from deliverables.kinds import file_stem
from deliverables.model.fields import (
    AMOUNT,
    DAY,
    TEXT,
    WHOLE,
    Row,
    ValueType,
    declarations,
    sheets,
)
from deliverables.model.ledger_sheets import ACCEPTANCE_STAGES, Ledger
from deliverables.model.letters_sheets import Letters
from deliverables.model.operations_sheets import Operations
from deliverables.model.roster_sheets import Roster
from deliverables.read.characters import nearest, quoted
from deliverables.read.files import contents
from deliverables.read.tree import Items, KeyBlock, Node, Scalar
from deliverables.values.figure import Line
from deliverables.values.problem import Message, Problem, error, listed, say

PERSON, PROSE = "人员", "段落"
ASKED: Final[Mapping[str, ValueType]] = {
    "文本": TEXT,
    "日期": DAY,
    "整数": WHOLE,
    "金额": AMOUNT,
    PERSON: TEXT,
    PROSE: TEXT,
}
"""The types of the facts that a letter can ask for.

A 人员 is a number of the roster. A 段落 is what only a person can write, each line a paragraph;
while nobody has, the letter prints 【待补】 in its place and is kept from no draft.
"""

CONTRACT, INSTALMENT, REPORT, LETTER = "contract", "instalment", "report", "letters"
WITHDRAWN: Final = "register.withdrawn"
INCIDENT: Final = "operations.事件"
INTERIM_ACCEPTANCE: Final = "interim"
WORKBOOKS: Final[Mapping[str, type]] = {
    "operations": Operations,
    "staff": Roster,
    "ledger": Ledger,
    "letters": Letters,
}
PERS: Final[Mapping[str, type[Row] | None]] = {
    CONTRACT: None,
    INSTALMENT: None,
    REPORT: None,
    WITHDRAWN: None,
    INTERIM_ACCEPTANCE: None,
    **{
        f"{workbook}.{row.sheet}": row
        for workbook, declared in WORKBOOKS.items()
        for row in sheets(declared).values()
    },
}
"""What there can be a letter for each of, and the row of a sheet that it then is."""

FILLED: Final = "已填"
"""The value of a filter that asks for anything at all."""

KEYS: Final = (
    "title", "article", "recipient", "per", "only", "when", "needs", "due", "asks", "file",
    "folder", "seals", "place", "copies", "personal", "numbered", "acceptance", "attachments",
    "on_demand",
)  # fmt: skip
_NEEDED: Final = ("title", "article", "per")
_OF_TEXT: Final = ("layout",)
"""A key of the text itself, which says how its page is set."""

_DASHES: Final = b"---"
SUFFIXES: Final = (".md", ".yaml")


@dataclass(frozen=True, slots=True)
class Named:
    """A name that stands in the declaration, and where."""

    name: str
    place: Line


@dataclass(frozen=True, slots=True)
class DueRule:
    """So many days before or after a day: the names of both, and whether working days count.

    Or as long as a `limit` of the contract is. `owner` is whose duty it is, 甲方 or 乙方.
    """

    base: Named
    length: Named | None
    ahead: bool
    working: bool
    limit: bool
    owner: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterDeclaration:
    """One kind of letter as it is declared; `asks` are its own facts by name with their type."""

    name: str
    file: Line
    title: str
    article: Named
    recipient: Named
    per: str
    only: Mapping[str, str] = field(default_factory=dict)
    when: tuple[Named, ...] = ()
    needs: tuple[Named, ...] = ()
    due: DueRule | None = None
    asks: Mapping[str, str] = field(default_factory=dict)
    stem: str = ""
    folder: str = "letters"
    seals: tuple[str, ...] = ("公章",)
    place: str = "落款"
    copies: int | Named = 1
    personal: str | None = None
    numbered: bool = False
    acceptance: str = ""
    attachments: tuple[str, ...] = ()
    on_demand: bool = False

    @property
    def row(self) -> type[Row] | None:
        """The row that each letter is about, None where it is about none."""
        return PERS[self.per]


def read_declaration(path: Path, problems: list[Problem]) -> LetterDeclaration | None:
    """Return what a .yaml or the front matter of a text declares.

    None where it declares no letter, or none that is sound: then `problems` say why.
    """
    from deliverables.read.yaml import parse_yaml  # noqa: PLC0415  # slow, and what it read is kept

    data = contents(path, problems)
    if data is None:
        return None
    if path.suffix == ".md":
        front = _front_matter(data)
        if front is None:
            return None
        data = front
    found: list[Problem] = []
    tree = parse_yaml(data, path.as_posix(), found)
    if tree is None or found:
        problems += found
        return None
    if path.suffix == ".md" and isinstance(tree, KeyBlock) and not _declares(tree):
        return None  # a text that is the page of another kind
    reader = _DeclarationReader(path, problems)
    return reader.declaration(tree)


def _declares(tree: KeyBlock) -> bool:
    return any(key.text not in _OF_TEXT for key, _ in tree.entries)


def _front_matter(data: bytes) -> bytes | None:
    """Return the lines between the two of three dashes, in their places; None without any."""
    lines = data.split(b"\n")
    if not lines or lines[0].rstrip() != _DASHES:
        return None
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == _DASHES:
            return b"\n".join((b"", *lines[1:number]))
    return None


class _DeclarationReader:
    """Reads one declaration; whatever does not fit becomes a problem, all of them at once."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self._path, self._problems = path, problems
        self._file = Line(path.as_posix(), 1, 1)
        self._before = len(problems)
        self._found: dict[str, Node] = {}

    def declaration(self, tree: Node) -> LetterDeclaration | None:
        """Return the declaration, None if anything in it is wrong."""
        if not isinstance(tree, KeyBlock):
            self._wrong(tree, say("keys and values, one per line"))
            return None
        for key, value in tree.entries:
            if key.text in KEYS:
                self._found[str(key.text)] = value
            elif key.text not in _OF_TEXT:
                self._unknown(key.source, str(key.text), (*KEYS, *_OF_TEXT), say("a key"))
        for name in _NEEDED:
            if name not in self._found:
                self._problems.append(
                    error("letter-declaration", self._file,
                          say("the letter does not say {key}", key=name),
                          say("add the key {key}", key=name))
                )  # fmt: skip
        per = self._one_of("per", tuple(PERS), CONTRACT)
        read = LetterDeclaration(
            name=self._path.stem,
            file=self._file,
            title=self._text("title"),
            article=self._name("article", ""),
            recipient=self._name("recipient", "contract.client.name"),
            per=per,
            only=self._only(per),
            when=self._names("when"),
            needs=self._names("needs"),
            due=self._due(),
            asks=self._asks(),
            stem=self._text("file"),
            folder=self._folder(),
            seals=self._texts("seals") or ("公章",),
            place=self._text("place", "落款"),
            copies=self._count("copies"),
            personal=self._personal(),
            numbered=self._yes("numbered"),
            acceptance=self._one_of("acceptance", ACCEPTANCE_STAGES, ""),
            attachments=self._texts("attachments"),
            on_demand=self._yes("on_demand"),
        )
        return read if len(self._problems) == self._before else None

    def _text(self, key: str, otherwise: str = "") -> str:
        node = self._found.get(key)
        if node is None:
            return otherwise
        if not isinstance(node, Scalar) or not node.text:
            self._wrong(node, say("a text"))
            return otherwise
        return node.text.strip()

    def _folder(self) -> str:
        """Return the folder beside the register: one plain name, which leads nowhere else."""
        written = self._text("folder", "letters")
        plain = _PLAIN.fullmatch(written) and file_stem(written) == written
        if plain and written.casefold() not in _KEPT:
            return written
        self._problems.append(
            error("letter-declaration", self._found["folder"].source,
                  say("{found} cannot be the folder of a letter: it is one name of letters, "
                      "digits, - and _, and none that Windows or the tool keeps for itself "
                      "({kept})", found=quoted(written), kept=listed(_KEPT)),
                  say("write a name such as letters or payments"))
        )  # fmt: skip
        return "letters"

    def _personal(self) -> str | None:
        """Return the personal data it holds: None where the key is left out, empty for 无."""
        written = self._text("personal")
        return written.removeprefix("无") if "personal" in self._found else None

    def _texts(self, key: str) -> tuple[str, ...]:
        return tuple(one.name for one in self._names(key))

    def _name(self, key: str, otherwise: str) -> Named:
        node = self._found.get(key)
        place = node.source if node is not None else self._file
        return Named(self._text(key, otherwise), place)

    def _names(self, key: str) -> tuple[Named, ...]:
        node = self._found.get(key)
        if node is None:
            return ()
        if isinstance(node, Scalar) and node.text:
            return (Named(node.text.strip(), node.source),)
        if not isinstance(node, Items):
            self._wrong(node, say("a name, or several in brackets"))
            return ()
        texts = [one for one in node.items if isinstance(one, Scalar) and one.text]
        for other in node.items:
            if other not in texts:
                self._wrong(other, say("a name"))
        return tuple(Named(str(one.text).strip(), one.source) for one in texts)

    def _one_of(self, key: str, known: tuple[str, ...], otherwise: str) -> str:
        written = self._text(key, otherwise)
        if written != otherwise and written not in known:
            self._unknown(self._found[key].source, written, known, key)
            return otherwise
        return written

    def _yes(self, key: str) -> bool:
        return self._one_of(key, ("是", "否"), "否") == "是"

    def _count(self, key: str) -> int | Named:
        """Return a number, or the name of one that the contract states."""
        written = self._text(key, "1")
        if written.startswith(f"{CONTRACT}."):
            return self._name(key, "")
        if not written.isdecimal() or not 0 < int(written) <= _MOST_COPIES:
            self._wrong(
                self._found[key],
                say(
                    "a number of copies, 1 to {most}, or a name such as contract.identity.copies",
                    most=_MOST_COPIES,
                ),
            )
            return 1
        return int(written)

    def _pairs(self, key: str) -> Iterator[tuple[Scalar, str, Line]]:
        node = self._found.get(key)
        if node is None:
            return
        if not isinstance(node, KeyBlock):
            self._wrong(node, say("keys and values, one per line"))
            return
        for label, value in node.entries:
            if isinstance(value, Scalar) and value.text:
                yield label, value.text.strip(), value.source
            else:
                self._wrong(value, say("a text"))

    def _only(self, per: str) -> Mapping[str, str]:
        row = PERS[per]
        labels = tuple(columns_of(row)) if row else ()
        wanted: dict[str, str] = {}
        for label, value, _ in self._pairs("only"):
            if str(label.text) in labels:
                wanted[str(label.text)] = value
            else:
                self._unknown(label.source, str(label.text), labels, say("a column of {per}",
                              per=per))  # fmt: skip
        return wanted

    def _asks(self) -> Mapping[str, str]:
        asked: dict[str, str] = {}
        for label, value, place in self._pairs("asks"):
            name = str(label.text)
            if not name.isidentifier() or iskeyword(name):
                self._wrong(label, say("a name of letters and digits that begins with a letter"))
            elif value in ASKED:
                asked[str(label.text)] = value
            else:
                self._unknown(place, value, tuple(ASKED), say("a type of fact"))
        return asked

    def _due(self) -> DueRule | None:
        given = {str(key.text): (key, value, place) for key, value, place in self._pairs("due")}
        if not given:
            return None
        for name, (key, _, _) in given.items():
            if name not in _DUE_KEYS:
                self._unknown(key.source, name, _DUE_KEYS, say("a key of due"))
        bases = [name for name in ("on", "before", "after") if name in given]
        lengths = [name for name in _LENGTHS if name in given]
        if len(bases) != 1 or len(lengths) > 1 or (bases == ["on"]) == bool(lengths):
            self._wrong(
                self._found["due"],
                say("one day (on, or before or after) and, but for on, one period (days, "
                    "working_days or limit)"),
            )  # fmt: skip
            return None
        (base,) = bases
        owner = given["owner"][1] if "owner" in given else "乙方"
        if owner not in _OWNERS:
            self._unknown(given["owner"][2], owner, _OWNERS, say("whose duty it is"))
        return DueRule(
            base=Named(given[base][1], given[base][2]),
            length=Named(given[lengths[0]][1], given[lengths[0]][2]) if lengths else None,
            ahead=base == "before",
            working=lengths == ["working_days"],
            limit=lengths == ["limit"],
            owner=owner,
        )

    def _unknown(
        self, place: Line, found: str, known: tuple[str, ...], what: str | Message
    ) -> None:
        near = nearest(found, known)
        self._problems.append(
            error(
                "letter-declaration",
                place,
                say("{found} cannot stand here as {what}", found=quoted(found), what=what),
                say("write {near} if that is meant", near=near)
                if near
                else say("write one of {known}", known=listed(known))
                if known
                else say("delete it"),
            )
        )

    def _wrong(self, node: Node, expected: Message) -> None:
        self._problems.append(
            error("letter-declaration", node.source, say("expected {expected}", expected=expected),
                  say("write it as the letters that work do"))
        )  # fmt: skip


_PLAIN: Final = re.compile(r"[\w-]+")
_KEPT: Final = ("inputs",)
"""Folders beside the register in which the tool keeps what is its own."""
_MOST_COPIES: Final = 99
_LENGTHS: Final = ("days", "working_days", "limit")
_DUE_KEYS: Final = ("on", "before", "after", *_LENGTHS, "owner")
_OWNERS: Final = ("甲方", "乙方")


def columns_of(row: type[Row]) -> Mapping[str, str]:
    """Return the columns of a row that can be named in a text: the field by its label.

    An identity number can be named in no letter.
    """
    return {
        one.label: name
        for name, one in declarations(row).items()
        if one.label.isidentifier() and name not in _PRIVATE
    }


_PRIVATE: Final = ("identity_number",)
