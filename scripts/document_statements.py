"""Write what every document states and rests on: python -m scripts.document_statements.

The sentences of a template are read from its text: what a sentence rests on is the figures it
prints and the conditions it stands under. The statements of a context are composed in `compute`
and rest on their inputs. Both are shown by the sample, on the day on which most is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from deliverables.files.placement import write_atomically
from deliverables.kinds import Kind, kinds
from deliverables.model.book import ContractBook
from deliverables.model.content import Chart
from deliverables.read.book import read_book
from deliverables.values.calendar import published_calendar
from deliverables.values.figure import ONE_AFTER_ANOTHER, Cell, Derivation, Figure, Statement

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "statements.md"
SAMPLE = ROOT / "data" / "SXYSR202604152"
AS_OF = date(2027, 5, 25)

_PARAGRAPH = re.compile(r"<w:p[ >].*?</w:p>", re.DOTALL)
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_PRINTED = re.compile(r"\{\{[rp]?\s*([\w.]+)\s*\}\}")
_CONDITION = re.compile(r"\{%(?:p|tr)?\s*(?:el)?if\s+(.*?)\s*%\}")
_TAG = re.compile(r"\{%(?:p|tr)?\s*(\w+)\s*([^%]*?)\s*%\}")
_WORD = re.compile(r"[a-z_][\w.]*")
_NOT_NAMES = {"not", "and", "or", "in", "is"}
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a template, the names it prints, and those of the conditions it stands under.

    A sentence of a loop without a name of its own stands under the rows of the loop.
    """

    text: str
    prints: tuple[str, ...]
    under: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it rests on."""
        return tuple(dict.fromkeys((*self.prints, *self.under)))


def sentences(template: Path) -> list[Sentence]:
    """Return what a template says in sentences of its own, loops and conditions resolved."""
    with ZipFile(template) as package:
        body = package.read("word/document.xml").decode()
    found, scopes, conditions = [], [], []  # type: ignore[var-annotated]
    for paragraph in _PARAGRAPH.findall(body):
        text = _unescaped("".join(_TEXT.findall(paragraph)))
        block = _TAG.fullmatch(text.strip())
        if block:
            _enter(block[1], block[2], scopes, conditions)
            continue
        around = [name for _, those in conditions for name in those]
        for part in _said(text):
            inside = [name for one in _CONDITION.findall(part) for name in _in(one)]
            prints, under = (
                tuple(dict.fromkeys(_resolved(name, scopes) for name in names))
                for names in (_PRINTED.findall(part), [*inside, *around])
            )
            found.append(Sentence(part, prints, under))
    return found


_END = re.compile(r"(?<=[。】])(?![”）〕【])")
_ANY_TAG = re.compile(r"\{[{%].*?[%}]\}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SPOKEN = 4
"""Fewer characters are a label; more of them, with punctuation, say something."""


def _said(text: str) -> Iterator[str]:
    """Yield the sentences of a paragraph; one that only prints what was composed is none."""
    for part in _END.split(text):
        plain = _ANY_TAG.sub("", part).strip()
        if len(_HAN.findall(plain)) >= _SPOKEN and re.search(r"[。，；】]|：$", plain):
            yield part.strip()


def _enter(
    word: str,
    rest: str,
    scopes: list[tuple[str, str]],
    conditions: list[tuple[str, list[str]]],
) -> None:
    """Keep which loops and conditions stand open after a tag that stands alone."""
    if word == "for":
        variable, _, rows = rest.partition(" in ")
        rows = _resolved(rows.strip(), scopes)
        scopes.append((variable.strip(), f"{rows}[]"))
        conditions.append(("for", [rows]))
    elif word == "if":
        conditions.append(("if", [_resolved(name, scopes) for name in _in(rest)]))
    elif word in ("endif", "endfor"):
        kind, _ = conditions.pop()
        if kind == "for":
            scopes.pop()


def _in(condition: str) -> list[str]:
    return [name for name in _WORD.findall(condition) if name not in _NOT_NAMES]


def _resolved(name: str, scopes: Sequence[tuple[str, str]]) -> str:
    first, dot, rest = name.partition(".")
    for variable, rows in reversed(scopes):
        if first == variable:
            return f"{rows}{dot}{rest}"
    return name


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@cache
def sample() -> ContractBook:
    """Return the sample contract's book."""
    book = read_book(SAMPLE, published_calendar()).book
    if book is None:
        raise ValueError("the sample cannot be read: run deliverables check")
    return book


@cache
def contexts(kind: str) -> tuple[object, ...]:
    """Return the contexts of a kind that the sample can make on the day."""
    every = kinds()[kind].plan(sample(), AS_OF)
    made = [one for one in every if all(blocker.waivable for blocker in one.blockers)]
    return tuple(kinds()[kind].compose(sample(), one, AS_OF) for one in made[-6:])


def values(kind: str, name: str) -> Iterator[Any]:
    """Yield what a name stands for in the contexts of a kind; rows of a loop one by one."""
    for context in contexts(kind):
        found = [context]
        for step in name.replace("[]", ".*").split("."):
            if step == "*":
                found = [row for rows in found if isinstance(rows, tuple) for row in rows]
            else:
                found = [getattr(one, step) for one in found if hasattr(one, step)]
        yield from found


def fact(kind: str, name: str) -> str:
    """Return in words what a name rests on."""
    for value in values(kind, name):
        if isinstance(value, Figure):
            return behind(value)
        if isinstance(value, Chart):
            return value.title
        if isinstance(value, tuple) and value:
            return f"`{name}` 各行"
    return f"`{name}`"


def behind(figure: Figure[Any]) -> str:
    """Return what a figure is and rests on: the sheet it stands in, or its rule and article."""
    origin = figure.origin
    if isinstance(origin, Derivation):
        article = f"，{origin.article}" if origin.article else ""
        inputs = "、".join(dict.fromkeys(one.name for one in origin.inputs[:40]))
        rests = f"：{_short(inputs)}" if inputs else ""
        return f"{figure.name}（{_short(origin.rule)}{article}{rests}）"
    place = (
        f"{Path(origin.file).name}[{origin.sheet}]" if isinstance(origin, Cell) else "contract.yaml"
    )
    return f"{figure.name}（{_place(place)}）"


def _place(place: str) -> str:
    return re.sub(r"Q\d+\.xlsx", "Q*.xlsx", place)


def _short(text: str) -> str:
    plain = " ".join(text.split()).replace("|", "／")
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def statements(kind: str) -> dict[tuple[str, str, str], Statement]:
    """Return one statement of every place, name and rule in the contexts of a kind.

    Of one that lists others, those are returned.
    """
    found: dict[tuple[str, str, str], Statement] = {}
    for context in contexts(kind):
        for path, figure in _walk(context, ""):
            for one in _parts(figure):
                found.setdefault((path, one.name, _rule(one)), one)
    return found


def _parts(figure: Figure[Any]) -> Iterator[Statement]:
    """Yield the statements that a statement lists, or itself."""
    if not isinstance(figure, Statement):
        return
    origin = figure.origin
    listed = [
        part
        for one in (origin.inputs if isinstance(origin, Derivation) else ())
        for part in _parts(one)
    ]
    joined = isinstance(origin, Derivation) and origin.rule == ONE_AFTER_ANOTHER
    yield from listed if joined and listed else [figure]


def _rule(figure: Figure[Any]) -> str:
    return figure.origin.rule if isinstance(figure.origin, Derivation) else ""


def _walk(item: Any, path: str) -> Iterator[tuple[str, Figure[Any]]]:
    if isinstance(item, Figure):
        yield path, item
    elif isinstance(item, tuple):
        for one in item:
            yield from _walk(one, f"{path}[]")
    elif is_dataclass(item):
        for field in fields(item):
            dot = "." if path else ""
            yield from _walk(getattr(item, field.name), f"{path}{dot}{field.name}")


def section(kind: Kind) -> Iterator[str]:
    """Yield the section of one kind."""
    yield f"## {kind.title}（{kind.name}）"
    yield ""
    said = sentences(ROOT / "templates" / f"{kind.name}.docx")
    yield "| 模板中的句子 | 依据 |"
    yield "| --- | --- |"
    for one in said:
        rests = "；".join(dict.fromkeys(fact(kind.name, name) for name in one.names))
        yield f"| {_cell(one.text)} | {_cell(rests or fixed(kind.name))} |"
    composed = statements(kind.name)
    if composed:
        yield ""
        yield "| 组成的陈述 | 例 | 依据 |"
        yield "| --- | --- | --- |"
        for (path, name, _), figure in composed.items():
            example = f"{_cell(_short(figure.text))} | {_cell(behind(figure))}"
            yield f"| {name}（`{path}`） | {example} |"
    yield ""


FIXED, AGREED = "格式用语，不陈述事实", "双方约定的条款，签署后生效"


def fixed(kind: str) -> str:
    """Return what a sentence is that prints no figure and stands under no condition."""
    return AGREED if kind == "confidentiality_agreement" else FIXED


def _cell(text: str) -> str:
    return text.replace("|", "／").replace("\n", " ")


def render() -> str:
    """Return the whole document."""
    lines = [
        "# 文件里的每一句话凭什么",
        "",
        "由 `python -m scripts.document_statements` 生成。",
        "模板里的句子凭它所印的数据项和所处的条件，",
        "`compute` 组成的陈述凭它的出处；`explain` 逐级列到单元格。",
        "例取自示例合同，截至2027年5月25日。",
        "",
    ]
    for kind in kinds().values():
        lines += section(kind)
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Write the document."""
    write_atomically(DOCUMENT, render().encode())
    print(f"{DOCUMENT.name}: written")


if __name__ == "__main__":
    main()
