"""The page of a letter: house text with its lines, or a Word template; and what nobody may type.

The Word file of a text is drafted from it (`template draft`), and says nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deliverables.folders import SHIPPED
from deliverables.letters.declaration import LetterDeclaration
from deliverables.values.figure import Line
from deliverables.values.problem import Message, Problem, error, say

if TYPE_CHECKING:
    from deliverables.docx.page import Block, Page
    from deliverables.docx.tags import Tags

_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


@dataclass(frozen=True, slots=True)
class PageUse:
    """A name that the page uses, rows of a loop marked by []; the tag, and where it stands."""

    path: str
    tag: str | Message
    source: Line


@dataclass(frozen=True, slots=True)
class LetterPage:
    """The names that a letter uses, and each number, date or article typed into it."""

    uses: tuple[PageUse, ...]
    typed: tuple[Problem, ...]


def page_of(
    declaration: LetterDeclaration, template: Path | None, problems: list[Problem], *, shipped: bool
) -> LetterPage | None:
    """Return the page of a letter; None with its problems where its text is not sound.

    That the Word file of a `shipped` one says the same is for the tests.
    """
    text = Path(declaration.file.file)
    if text.suffix != ".md":
        return _of_word(template, problems) if template else None
    from deliverables.docx.house_text import page_at  # noqa: PLC0415  # slow to import
    from deliverables.docx.page import Page  # noqa: PLC0415
    from deliverables.docx.typed_facts import typed_facts  # noqa: PLC0415

    page = page_at(text, SHIPPED.joinpath)
    if not isinstance(page, Page):
        problems += page
        return None
    if not shipped and (template is None or not _say_the_same(page, template)):
        problems.append(
            error("letter-drafted", Line(text.as_posix()),
                  say("its Word file {name} is not what the text says", name=f"{text.stem}.docx"),
                  say("deliverables template draft {name}; who wants to write in Word keeps the "
                      "declaration in a .yaml instead of the text", name=text.as_posix()))
        )  # fmt: skip
        return None
    return LetterPage(tuple(_uses(page.blocks, {})), tuple(typed_facts(page)))


_Scope = Mapping[str, str]
_SAID: Final = re.compile(r"\{[{%]\s*(.*?)\s*[%}]\}")
_LOOP: Final = "loop"


def _uses(blocks: Iterable[Block], scope: _Scope) -> Iterator[PageUse]:
    """Yield every name that blocks use, with the names of rows resolved to their loops."""
    from deliverables.docx.page import (  # noqa: PLC0415  # slow to import
        Branches,
        ChartBlock,
        Loop,
        LoopedTable,
        plain,
        texts,
    )

    for block in blocks:
        inside = scope
        match block:
            case Branches(cases=cases):
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
            case ChartBlock(name=name):
                yield from _named(name, name, block.source, scope)
        for line, said in texts(block):
            yield from _in_words(plain(said), line, inside)


def _in_words(words: str, line: Line, scope: _Scope) -> Iterator[PageUse]:
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


def _named(name: str, tag: str, line: Line, scope: _Scope) -> Iterator[PageUse]:
    if name.partition(".")[0] != _LOOP:
        yield PageUse(_resolved(name, scope), tag, line)


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


def _of_word(template: Path, problems: list[Problem]) -> LetterPage | None:
    from deliverables.docx.names import names_used  # noqa: PLC0415  # slow to import
    from deliverables.docx.package import read_word_file  # noqa: PLC0415
    from deliverables.docx.style import LETTER  # noqa: PLC0415
    from deliverables.docx.tags import read_tags  # noqa: PLC0415
    from deliverables.docx.typed_facts import typed_facts  # noqa: PLC0415
    from deliverables.docx.word_page import page_of as page_in_word  # noqa: PLC0415

    tags = read_tags(template)
    package, _ = read_word_file(template)
    source = Line(template.as_posix())
    asking = tags.problems or tuple(_asking_more(tags, source))
    if asking or package is None:
        problems += (replace(problem, source=source) for problem in asking)
        return None
    page, _ = page_in_word(package, LETTER, source.file)
    typed = tuple(replace(problem, source=source) for problem in typed_facts(page))
    uses = (
        PageUse(use.path, say("{place}: {tag}", place=use.place.message, tag=use.tag.text), source)
        for use in names_used(template)
    )
    return LetterPage(tuple(uses), typed)


def _asking_more(tags: Tags, source: Line) -> Iterator[Problem]:
    """Yield an error for each tag that could not stand in a text: the rule is one for both."""
    from deliverables.docx.house_text import refusal  # noqa: PLC0415  # slow to import

    for tag in tags.lines:
        plain = f"{{{{ {tag.said} }}}}" if tag.prints else f"{{% {tag.said} %}}"
        if refusal(plain, alone=False):
            yield error(
                "template-tag",
                source,
                say("{place}: {tag} asks for more than one name", place=tag.place.message,
                    tag=tag.text),
                say("a tag asks for one name; what needs more is a named fact"),
            )  # fmt: skip
