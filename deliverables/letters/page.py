"""The page of a letter: house text with its lines, or a Word template; and what nobody may type.

The Word file of a text is drafted from it (`template draft`), and says nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deliverables.letters.declaration import Declaration
from deliverables.read.characters import quoted
from deliverables.read.files import contents
from deliverables.values.figure import Line
from deliverables.values.problem import Message, Problem, error, say

if TYPE_CHECKING:
    from deliverables.docx.package import Place

_CITED: Final = re.compile(r"《[^》]*》(?:第[^，。；、《》\s]{1,12}?[条款项])*")
_ENUMERATED: Final = re.compile(r"^(?:附件[:：]?)?[\s　]*[0-9０-９]{1,2}[.．、]")
_PAGE_NUMBER: Final = re.compile(r"^\W*[0-9]+\W*$")
_TYPED: Final = re.compile(r"[0-9０-９]|第[〇一二三四五六七八九十百]+[条款项]|[壹贰叁肆伍陆柒捌玖]")
_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_AROUND: Final = 6


@dataclass(frozen=True, slots=True)
class LetterPage:
    """What is printed of a letter, piece by piece with its place; `lines` are those of its text."""

    file: str
    pieces: tuple[tuple[Line, Message | None, str], ...]
    lines: tuple[str, ...] = ()

    def line_of(self, name: str) -> Line:
        """Return the line of the text in which a name first stands; of a Word file, the file."""
        for number, line in enumerate(self.lines, 1):
            for tag in _TAG.finditer(line):
                if re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", tag[0]):
                    return Line(self.file, number, tag.start() + 1)
        return Line(self.file)

    def where(self, place: Place, tag: str) -> str | Message:
        """Return the tag, and in a Word file its place."""
        return tag if self.lines else say("{place}: {tag}", place=place.message, tag=tag)

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
    declaration: Declaration, template: Path | None, problems: list[Problem]
) -> LetterPage | None:
    """Return the page of a letter; None with its problems where its text is not sound."""
    text = Path(declaration.file.file)
    if text.suffix != ".md":
        return _of_word(template) if template else None
    from deliverables.docx.house_text import read_page  # noqa: PLC0415  # slow to import
    from deliverables.docx.page import Page, plain, texts, walk  # noqa: PLC0415
    from deliverables.docx.word_draft import draft  # noqa: PLC0415

    data = contents(text, problems)
    if data is None:
        return None
    words = data.decode("utf-8-sig", "replace")
    page = read_page(words, text.as_posix(), lambda name: _beside(text, name))
    if not isinstance(page, Page):
        problems += page
        return None
    if template is None or not _say_the_same(draft(page), template):
        problems.append(
            error("letter-drafted", Line(text.as_posix()),
                  say("its Word file {name} is not what the text says", name=f"{text.stem}.docx"),
                  say("deliverables template draft {name}; who wants to write in Word keeps the "
                      "declaration in a .yaml instead of the text", name=text.name))
        )  # fmt: skip
        return None
    pieces = (
        (line, None, plain(said)) for block in walk(page.blocks) for line, said in texts(block)
    )
    return LetterPage(text.as_posix(), tuple(pieces), tuple(words.splitlines()))


def _say_the_same(drafted: bytes, found: Path) -> bool:
    """Return whether two Word files hold the same parts, whatever prefixes their XML has."""
    from deliverables.docx.package import Package, read_word_file  # noqa: PLC0415  # slow to import

    package, _ = read_word_file(found)
    if package is None:
        return False
    ours, theirs = Package.of(drafted).parts, package.parts
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


def _of_word(template: Path) -> LetterPage:
    from deliverables.docx.package import paragraphs, read_word_file  # noqa: PLC0415  # slow
    from deliverables.docx.tags import source_of  # noqa: PLC0415

    package, _ = read_word_file(template)
    if package is None:
        return LetterPage(source_of(template).file, ())  # its tags cannot be read, and that is told
    source = source_of(template)
    pieces = _pieces(source, paragraphs(package))
    return LetterPage(source.file, tuple(pieces))


def _pieces(source: Line, places: Iterable[Place]) -> Iterator[tuple[Line, Message | None, str]]:
    yield from ((source, place.message, place.text) for place in places)
