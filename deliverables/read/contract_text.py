"""The text of a contract read from .docx, .txt and .md, and its articles in their sequence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile

from deliverables.files.digest import sha256_of
from deliverables.model.contract_text import ContractText
from deliverables.values.chinese_numbers import whole
from deliverables.values.problem import SpokenError, say

if TYPE_CHECKING:
    from lxml import etree


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LARGEST = 50_000_000


class UnreadableTextError(SpokenError, ValueError):
    """A file that holds no text of a contract; `message` says why."""


def read_contract_text(file: Path) -> ContractText:
    """Return the text of a contract; raises UnreadableTextError where there is none."""
    if file.exists() and not file.is_file():  # a pipe would be waited for
        raise UnreadableTextError(say("this is no file"))
    try:
        data = file.read_bytes()
    except OSError as refused:
        raise UnreadableTextError(
            say("it cannot be read: {reason}", reason=refused.strerror or str(refused))
        ) from refused
    return text_of(file.name if not file.parent.name else file.as_posix(), data)


def text_of(name: str, data: bytes) -> ContractText:
    """Return the text that the bytes of a file hold; its name tells what they are."""
    suffix = name.rpartition(".")[2].lower()
    rows: frozenset[int] = frozenset()
    if suffix == "docx":
        found = list(_paragraphs(data))
        lines = tuple(line for line, _ in found)
        rows = frozenset(number for number, (_, row) in enumerate(found, 1) if row)
    elif suffix in ("txt", "md"):
        lines = tuple(_decoded(data).splitlines())
    else:
        raise UnreadableTextError(
            say("its name must end in .docx, .txt or .md; save a scan or a PDF as text first and "
                "compare it with the original")
        )  # fmt: skip
    if not any(line.strip() for line in lines):
        raise UnreadableTextError(say("there is no text in it"))
    return ContractText(name, lines, sha256_of(data), rows)


def plain_bytes(text: ContractText) -> bytes:
    """Return a text as the file beside contract.yaml: its lines, in UTF-8."""
    return ("\n".join(text.lines) + "\n").encode()


def as_plain_text(text: ContractText) -> ContractText:
    """Return a text with the digest of the file it becomes beside contract.yaml."""
    return ContractText(text.file, text.lines, sha256_of(plain_bytes(text)), text.rows)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableTextError(say("it is neither UTF-8 nor GBK text"))


def _paragraphs(data: bytes) -> Iterator[tuple[str, bool]]:
    """Yield each paragraph of a .docx, and each row of its tables with a bar between the cells."""
    from lxml import etree  # noqa: PLC0415  # takes longer to import than most texts to read

    try:
        with ZipFile(BytesIO(data)) as package:
            info = package.getinfo("word/document.xml")
            if info.file_size > _LARGEST:
                raise UnreadableTextError(say("it is no .docx that Word could open"))
            part = package.read(info)
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        body = etree.fromstring(part, parser)[0]
    except (BadZipFile, KeyError, IndexError, etree.XMLSyntaxError) as damaged:
        raise UnreadableTextError(say("it is no .docx that Word could open")) from damaged
    for block in body:
        if block.tag == f"{_W}p":
            yield from ((line, False) for line in _words(block).split("\n"))
        elif block.tag == f"{_W}tbl":
            for row in block.iter(f"{_W}tr"):
                cells = (_words(cell).replace("\n", "") for cell in row.iter(f"{_W}tc"))
                yield " | ".join(cells), True


def _words(block: etree._Element) -> str:
    found: list[str] = []
    for item in block.iter():
        if item.tag == f"{_W}t":
            found.append(item.text or "")
        elif item.tag == f"{_W}tab":
            found.append("\t")
        elif item.tag in (f"{_W}br", f"{_W}cr"):
            found.append("\n")
    return "".join(found)


_TOP, _CLAUSE, _ITEM = 1, 2, 3
COVER, HEAD, SIGNATURES, ANNEX = "封面", "首部", "签署页", "附件"

_N: Final = "[〇零一二三四五六七八九十百]+"
_STYLES: Final = {
    "article": rf"第(?P<a>{_N}|\d+)条",
    "chapter": rf"(?P<a>{_N})、",
    "decimal": r"(?P<a>\d{1,2})\.(?P<b>\d{1,2})(?![\d.]|\s?[%元‰万])",
    "bracketed": rf"\((?P<a>{_N})\)",
    "pointed": r"(?P<a>\d{1,2})[.、](?!\d)",
    "item": r"\((?P<a>\d{1,2})\)",
    "half": r"(?P<a>\d{1,2})\)",
    "plain": r"(?P<a>\d{1,2})(?=[\u4e00-\u9fff]{2,16}(?:\n|$))",
}
_LEVELS: Final = {"article": 1, "chapter": 1, "plain": 1, "decimal": 2, "bracketed": 2,
                  "pointed": 2, "entry": 2, "item": 3, "half": 3}  # fmt: skip
_BELOW_POINTS: Final = {"pointed": "plain", "item": "entry"}
"""What marks are in a contract whose articles are 1. and its clauses (1)."""

_FEWEST: Final = 3
"""So many marks that follow each other are articles."""

_REFERS: Final = re.compile(r"(?:按|照|据|依|违反|见|本合同|本协议|约定|根据|适用|附件)$")
_MOST_SKIPPED: Final = 2
_MARK: Final = {name: re.compile(pattern) for name, pattern in _STYLES.items()}
_SIGNING: Final = re.compile(
    r"\(?以下无正文|(?:甲方|采购人|委托方)\((?:(?:单位)?盖章|公章|签章|章|盖公章|签字盖章)\)"
)
_ANNEX: Final = re.compile(r"附件(?:[一二三四五六七八九十\d]+)?[:：]?[^,。;]{0,24}$", re.MULTILINE)
_CLIENT: Final = re.compile(r"^[^:\n]{0,6}(?:甲方|采购人|委托方)[^:\n]{0,8}:", re.MULTILINE)


@dataclass(frozen=True)
class Article:
    """A part of the contract: its name as a document cites it, and its span in the normal form.

    `numbers` are those of its marks from the outermost on, `title` what stands behind the mark of
    an article, `above` the article it belongs to.
    """

    name: str
    level: int
    start: int
    end: int
    body: int
    title: str = ""
    above: Article | None = None
    style: str = ""
    number: int = 0
    sure: bool = True
    """Whether the numbering is whole up to here, so that the name can be relied on."""


@dataclass(frozen=True)
class Articles:
    """All articles of a text, in order, the head and the signatures among them."""

    text: ContractText
    parts: tuple[Article, ...] = field(default_factory=tuple)

    def at(self, position: int) -> Article:
        """Return the innermost article that holds a position."""
        starts, innermost = self._stretches
        return innermost[max(bisect_right(starts, position) - 1, 0)]

    @cached_property
    def _stretches(self) -> tuple[list[int], list[Article]]:
        """Where the innermost article changes, and which it is from there on."""
        starts = sorted({at for part in self.parts for at in (part.start, max(part.end, 1))})
        held = [[part for part in self.parts if part.start <= at < max(part.end, 1)]
                for at in starts]  # fmt: skip
        known = [(at, max(parts, key=lambda part: (part.level, part.start)))
                 for at, parts in zip(starts, held, strict=True) if parts]  # fmt: skip
        return [at for at, _ in known], [part for _, part in known]

    def cite(self, position: int) -> str:
        """Return what a document calls the place, down to the paragraph (第六条第2款第一段).

        A paragraph is named where an article has several that state different things.
        """
        return self.at(position).name

    def clause(self, position: int) -> Article:
        """Return the article at a position, no deeper than its second level (第六条第2款)."""
        part = self.at(position)
        while part.level > _LEVELS["pointed"] and part.above is not None:
            part = part.above
        return part

    def words(self, part: Article) -> str:
        """Return the words of an article with all that lies below it."""
        return self.text.text[part.start : part.end]

    @cached_property
    def tops(self) -> tuple[Article, ...]:
        """The articles of the first level, without the head and the signatures."""
        return tuple(part for part in self.parts if part.level == 1)

    @cached_property
    def clauses(self) -> tuple[Article, ...]:
        """The articles of the second level, and those of the first that have none below."""
        with_below = {part.above.name for part in self.parts if part.above is not None}
        return tuple(
            part
            for part in self.parts
            if part.level == _CLAUSE or (part.level == _TOP and part.name not in with_below)
        )

    def named(self, name: str) -> Article | None:
        """Return the part of that name."""
        return next((part for part in self.parts if part.name == name), None)


@dataclass(frozen=True, slots=True)
class _Mark:
    style: str
    start: int
    end: int
    numbers: tuple[int, ...]
    skips: bool = False


def articles(text: ContractText) -> Articles:
    """Return the articles of a text."""
    whole_text = text.text
    marks = list(_accepted(whole_text))
    first = marks[0].start if marks else len(whole_text)
    last_top = max((mark.start for mark in marks if _LEVELS.get(mark.style) == 1), default=0)
    signing = _SIGNING.search(whole_text, last_top)
    end = signing.start() if signing else len(whole_text)
    parts = [
        *_head(whole_text, first),
        *_closed(whole_text, list(_numbered(whole_text, marks, end))),
    ]
    if signing:
        annex = _ANNEX.search(whole_text, signing.end())
        close = annex.start() if annex else len(whole_text)
        parts.append(Article(SIGNATURES, 0, end, close, end))
        if annex:
            parts.append(Article(ANNEX, 0, close, len(whole_text), close))
    if any(part.style == _BELOW_POINTS["pointed"] for part in parts) and _has_titles(whole_text):
        parts = [replace(part, sure=False) for part in parts]
    return Articles(text, tuple(parts))


def _has_titles(text: str) -> bool:
    """Return whether other articles than points are marked, of which the first ones are lost."""
    marks = [mark for mark in _candidates(text) if mark.style in ("article", "chapter")]
    return len(marks) >= _FEWEST


def _head(text: str, first: int) -> Iterator[Article]:
    """Yield the cover and the head: the head begins where the client is named for the last time."""
    named = [found.start() for found in _CLIENT.finditer(text, 0, first)]
    cut = named[-1] if len(named) > 1 else 0
    if cut:
        yield Article(COVER, 0, 0, cut, 0)
    yield Article(HEAD, 0, cut, first, cut)


def _candidates(text: str) -> Iterator[_Mark]:
    for place in re.finditer(r"(?:^|(?<=[\n。;:]))(?=\S)", text):
        at = place.start()
        for style, pattern in _MARK.items():
            found = pattern.match(text, at)
            if not found:
                continue
            if style in ("article", "plain", "chapter") and at and text[at - 1] == ":":
                continue
            if style == "plain" and at and text[at - 1] != "\n":
                continue
            if _REFERS.search(text, 0, at):
                continue
            read = [whole(part) for part in found.groupdict().values() if part]
            if all(read):
                yield _Mark(style, at, found.end(), tuple(int(part or 0) for part in read))
            break


def _accepted(text: str) -> Iterator[_Mark]:
    """Yield the marks that are the next of their sequence, below the ones that are open.

    At the beginning of a line a mark may leave out one or two; it then `skips`, and so does one
    that begins its sequence anew where none above it has: something is missing before it.
    """
    open_: dict[int, _Mark] = {}
    marks = list(_candidates(text))
    top_style = _top_style(marks)
    if top_style == "pointed":
        marks = [replace(mark, style=_BELOW_POINTS.get(mark.style, mark.style)) for mark in marks]
        top_style = _BELOW_POINTS[top_style]
    for mark in marks:
        level, before = _level(mark, open_, top_style)
        if not level:
            continue
        number = mark.numbers[-1]
        expected = before + 1
        fresh = mark.start == 0 or text[mark.start - 1] == "\n"
        if number != expected and not (fresh and expected < number <= expected + _MOST_SKIPPED):
            if fresh and level > 1 and mark.style != "item" and 1 in open_:
                yield replace(mark, skips=True, style="")
            continue
        open_ = {key: one for key, one in open_.items() if key < level}
        open_[level] = mark
        yield replace(mark, skips=number != expected)


def _level(mark: _Mark, open_: dict[int, _Mark], top_style: str) -> tuple[int, int]:
    """Return the level of a mark and the number before it; no level where it cannot stand."""
    level = _LEVELS[mark.style]
    if level == 1:
        return (1, _number(open_.get(1))) if mark.style == top_style else (0, 0)
    if 1 not in open_:
        return 0, 0
    if mark.style == "decimal":
        if mark.numbers[0] != open_[1].numbers[0]:
            return 0, 0
        last = open_.get(2)
        return 2, last.numbers[1] if last and len(last.numbers) > 1 else 0
    last = open_.get(level)
    if level == _CLAUSE and last is not None and last.style != mark.style:
        level = _ITEM  # 1. below （一）
        last = open_.get(_ITEM)
    return level, _number(last) if last is not None and last.style == mark.style else 0


def _number(mark: _Mark | None) -> int:
    return mark.numbers[0] if mark else 0


def _top_style(marks: list[_Mark]) -> str:
    """Return the style of the outermost marks: the one of which most follow each other.

    Points (1.) are articles only where there is no other style that could be.
    """
    counts = {}
    for style in ("article", "chapter", "plain", "pointed"):
        expected = 0
        for mark in marks:
            if mark.style == style and mark.numbers[0] == expected + 1:
                expected += 1
        counts[style] = expected
    points = counts.pop("pointed")
    best = max(counts.values())
    if not best and points >= _FEWEST:
        return "pointed"
    return next(style for style in counts if counts[style] == best)


def _numbered(text: str, marks: list[_Mark], end: int) -> Iterator[Article]:
    doubted = _doubted(marks)
    marks = [mark for mark in marks if mark.style]
    open_: dict[int, Article] = {}
    last_style: dict[int, str] = {}
    for index, mark in enumerate(marks):
        level = _LEVELS[mark.style]
        if _LEVELS[mark.style] == _CLAUSE and _depth(mark, last_style, level) == _ITEM:
            level = _ITEM
        if level == 1:
            open_, last_style = {}, {}
        else:
            open_ = {key: one for key, one in open_.items() if key < level}
        above = open_[max(open_)] if open_ else None
        stop = next((other.start for other in marks[index + 1 :]
                     if _depth(other, last_style, level) <= level), end)  # fmt: skip
        line = text.find("\n", mark.end)
        title = text[mark.end : line if line >= 0 else end] if level == 1 else ""
        made = Article(_name(mark, level, above), level, mark.start, min(stop, end), mark.end,
                       title, above, mark.style, mark.numbers[-1],
                       not any(mark.start <= one < max(stop, mark.start + 1) for one in doubted)
                       and (above is None or above.sure))  # fmt: skip
        open_[level] = made
        last_style[level] = mark.style
        yield made


def _doubted(marks: list[_Mark]) -> list[int]:
    """Return where marks stand before which one is missing: whose place it is, nobody knows."""
    found = []
    for before, mark in pairwise(marks):
        if mark.skips:
            found.append(before.start if mark.style else mark.start)
    if marks and marks[0].skips:
        found.append(marks[0].start)
    return found


def _closed(text: str, parts: list[Article]) -> Iterator[Article]:
    """End the last item of a list with its own paragraph: what follows is the whole article's.

    It is a list where a sentence with a colon begins it, or every other item is one paragraph.
    """
    for index, part in enumerate(parts):
        above = part.above
        siblings = [one for one in parts if one.above is above]
        below = any(one.above is part for one in parts)
        if above is None or part is not siblings[-1] or below or part.style == "decimal":
            yield part
            continue
        before = text[above.body : siblings[0].start].strip()
        others = [text[one.start : one.end].strip() for one in siblings[:-1]]
        a_list = before.endswith(":") or (others and all("\n" not in one for one in others))
        stop = re.search(r"[。;](?=\n)", text[part.body : part.end])
        own = text[part.body : part.body + stop.start()] if stop else "\n"
        if a_list and stop and "\n" not in own:
            parts[index] = replace(part, end=part.body + stop.end() + 1)
        yield parts[index]


def _depth(mark: _Mark, styles: dict[int, str], level: int) -> int:
    """Return how deep a mark stands below the open ones: 1. below （一） is an item."""
    depth = _LEVELS[mark.style]
    other = styles.get(_CLAUSE) not in (None, mark.style)
    if depth == _CLAUSE and level >= _CLAUSE and mark.style != "decimal" and other:
        return _ITEM
    return depth


def _name(mark: _Mark, level: int, above: Article | None) -> str:
    number = mark.numbers[-1]
    if level == 1:
        return f"第{chinese(number)}条" if mark.style != "plain" else f"第{number}条"
    if mark.style == "decimal":
        return f"第{mark.numbers[0]}.{mark.numbers[1]}条"
    before = above.name if above else ""
    if level == _CLAUSE and mark.style == "bracketed":
        return f"{before}第（{chinese(number)}）款"
    if mark.style == "entry":
        return f"{before}第({number})款"
    if level == _CLAUSE:
        return f"{before}第{number}款"
    return f"{before}第({number})项"


def chinese(number: int) -> str:
    """Return a number below a hundred as articles are counted: 十二."""
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    head = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return head + (digits[ones] if ones or not tens else "")
