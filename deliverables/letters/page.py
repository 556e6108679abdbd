"""The page of a letter: house text with its lines, or a Word template; and what nobody may type.

The Word file of a text is drafted from it (`template draft`), and says nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deliverables.letters.declaration import Declaration
from deliverables.read.characters import quoted
from deliverables.read.files import contents
from deliverables.values.figure import Line
from deliverables.values.problem import Message, Problem, error, say

if TYPE_CHECKING:
    from deliverables.docx.page import Block, Page

_CITED: Final = re.compile(r"《[^》]*》(?:第[^，。；、《》\s]{1,12}?[条款项])*")
_ENUMERATED: Final = re.compile(r"^(?:附件[:：]?)?[\s　]*[0-9０-９]{1,2}[.．、]")
_PAGE_NUMBER: Final = re.compile(r"^\W*[0-9]+\W*$")
_TYPED: Final = re.compile(r"[0-9０-９]|第[〇一二三四五六七八九十百]+[条款项]|[壹贰叁肆伍陆柒捌玖]")
_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_AROUND: Final = 6


@dataclass(frozen=True, slots=True)
class Use:
    """A name that the page uses, rows of a loop marked by []; the tag, and where it stands."""

    path: str
    tag: str | Message
    source: Line


@dataclass(frozen=True, slots=True)
class LetterPage:
    """What is printed of a letter, piece by piece with its place, and the names it uses."""

    pieces: tuple[tuple[Line, Message | None, str], ...]
    uses: tuple[Use, ...] = ()

    def typed(self) -> Iterator[Problem]:
        """Yield each number, date or article that stands in the text outside tags."""
        for line, place, words in self.pieces:
            text = _ENUMERATED.sub("", _TAG.sub("\0", words), count=1)
            bare = _CITED.sub("", text)
            typed = None if _PAGE_NUMBER.match(bare) else _TYPED.search(bare)
            if typed:
                around = bare[max(0, typed.start() - _AROUND) : typed.end() + _AROUND]
                what = quoted(around.replace("\0", "…"))
                yield error(
                    "letter-typed",
                    line,
                    say("{place}: {text}: a number, date or article is typed into the text",
                        place=place, text=what)
                    if place
                    else say("{text}: a number, date or article is typed into the text", text=what),
                    say("name the fact it comes from; only statutes are cited in the text"),
                )  # fmt: skip


def page_of(
    declaration: Declaration, template: Path | None, problems: list[Problem], *, shipped: bool
) -> LetterPage | None:
    """Return the page of a letter; None with its problems where its text is not sound.

    That the Word file of a `shipped` one says the same is for the tests.
    """
    text = Path(declaration.file.file)
    if text.suffix != ".md":
        return _of_word(template, problems) if template else None
    from deliverables.docx.house_text import read_page  # noqa: PLC0415  # slow to import
    from deliverables.docx.page import Page, plain, texts, walk  # noqa: PLC0415

    data = contents(text, problems)
    if data is None:
        return None
    words = data.decode("utf-8-sig", "replace")
    page = read_page(words, text.as_posix(), lambda name: _beside(text, name))
    if not isinstance(page, Page):
        problems += page
        return None
    if not shipped and (template is None or not _say_the_same(page, template)):
        problems.append(
            error("letter-drafted", Line(text.as_posix()),
                  say("its Word file {name} is not what the text says", name=f"{text.stem}.docx"),
                  say("deliverables template draft {name}; who wants to write in Word keeps the "
                      "declaration in a .yaml instead of the text", name=text.name))
        )  # fmt: skip
        return None
    pieces = tuple(
        (line, None, plain(said)) for block in walk(page.blocks) for line, said in texts(block)
    )
    return LetterPage(pieces, tuple(_uses(page.blocks, {})))


_Scope = Mapping[str, str]
_SAID: Final = re.compile(r"\{[{%]\s*(.*?)\s*[%}]\}")
_LOOP: Final = "loop"


def _uses(blocks: Iterable[Block], scope: _Scope) -> Iterator[Use]:
    """Yield every name that blocks use, with the names of rows resolved to their loops."""
    from deliverables.docx.page import (  # noqa: PLC0415  # slow to import
        Chart,
        Condition,
        Loop,
        LoopedTable,
        plain,
        texts,
    )

    for block in blocks:
        inside = scope
        match block:
            case Condition(cases=cases):
                for case in cases:
                    if case.name:
                        yield from _named(case.name, f"{{% if {case.name} %}}", case.source, scope)
                    yield from _uses(case.body, scope)
            case Loop() | LoopedTable():
                tag = f"{{% for {block.row} in {block.rows} %}}"
                yield from _named(block.rows, tag, block.source, scope)
                inside = {**scope, block.row: f"{_resolved(block.rows, scope)}[]"}
                if isinstance(block, Loop):
                    yield from _uses(block.body, inside)
            case Chart(name=name):
                yield from _named(name, name, block.source, scope)
        for line, said in texts(block):
            yield from _in_words(plain(said), line, inside)


def _in_words(words: str, line: Line, scope: _Scope) -> Iterator[Use]:
    """Yield the names in the tags of one line."""
    local = dict(scope)
    for tag in _TAG.findall(words):
        said = _SAID.fullmatch(tag)
        parts = said[1].split() if said else []
        match parts:
            case ["for", row, "in", rows]:
                yield from _named(rows, tag, line, local)
                local[row] = f"{_resolved(rows, local)}[]"
            case ["if" | "elif", *rest] if rest:
                yield from _named(rest[-1], tag, line, local)
            case [name] if tag.startswith("{{"):
                yield from _named(name, tag, line, local)


def _named(name: str, tag: str, line: Line, scope: _Scope) -> Iterator[Use]:
    if name.partition(".")[0] != _LOOP:
        yield Use(_resolved(name, scope), tag, line)


def _resolved(name: str, scope: _Scope) -> str:
    first, dot, rest = name.partition(".")
    return f"{scope.get(first, first)}{dot}{rest}"


def _say_the_same(page: Page, found: Path) -> bool:
    """Return whether a Word file is drafted from the text, whatever prefixes its XML has."""
    from deliverables.docx.package import Package, read_word_file  # noqa: PLC0415  # slow to import
    from deliverables.docx.word_draft import draft  # noqa: PLC0415

    package, _ = read_word_file(found)
    if package is None:
        return False
    ours, theirs = Package.of(draft(page)).parts, package.parts
    return ours.keys() == theirs.keys() and all(
        content == theirs[name] or (name.endswith(_XML) and _tree(content) == _tree(theirs[name]))
        for name, content in ours.items()
    )


_XML: Final = (".xml", ".rels")


def _tree(content: bytes) -> list[tuple[object, ...]]:
    from deliverables.docx.package import parse  # noqa: PLC0415  # slow to import

    return [
        (one.tag, sorted(one.attrib.items()), one.text, one.tail) for one in parse(content).iter()
    ]


def _beside(text: Path, name: str) -> str | None:
    other = text.with_name(name)
    return other.read_text("utf-8") if other.is_file() else None


def _of_word(template: Path, problems: list[Problem]) -> LetterPage | None:
    from deliverables.docx.names import names_used  # noqa: PLC0415  # slow to import
    from deliverables.docx.package import paragraphs, read_word_file  # noqa: PLC0415
    from deliverables.docx.tags import read_tags, source_of  # noqa: PLC0415

    tags = read_tags(template)
    if tags.problems:
        problems += tags.problems
        return None
    package, _ = read_word_file(template)
    source = source_of(template)
    pieces = tuple(
        (source, place.message, place.text) for place in (paragraphs(package) if package else ())
    )
    uses = (
        Use(use.path, say("{place}: {tag}", place=use.place.message, tag=use.tag.text), source)
        for use in names_used(template)
    )
    return LetterPage(pieces, tuple(uses))
