"""The tags of a template, each with its place, and what is wrong with how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from jinja2 import TemplateSyntaxError, nodes

from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.problem import Problem, error
from deliverables.render.language import Language
from deliverables.render.package import Package
from deliverables.render.place import Place, stories
from deliverables.render.scopes import scope_faults
from deliverables.render.tag import PRINTED_WHOLE, SCOPE, TAG, Fault, Tag, tags_at
from deliverables.source import Line

_DELIMITER = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_CELL_TAGS = re.compile(r"\{%\s*(?:colspan|cellbg)\s+([^%]*?)\s*%\}")
_MERGE_TAGS = re.compile(r"\{%\s*[vh]m\s*%\}")
_TAKES = "takes_"
"""Begins the name of a filter by which the program knows what a tag that prints takes with it."""
_QUOTES = str.maketrans("“”‘’", "\"\"''")


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of a template as one Jinja program: line n of it is the paragraph `lines[n-1]`."""

    tree: nodes.Template | None
    lines: tuple[Place, ...]
    problems: tuple[Problem, ...]


def read_tags(template: Path) -> Tags:
    """Read the tags of a template; where they are badly written there is no tree but problems."""
    told = stories(Package.read(template))
    lines = tuple(
        line for story in told for line, _ in story.paragraphs if _DELIMITER.search(line.text)
    )
    faults = [*_broken(lines), *_unbalanced(lines), *_misplaced(lines)] or [*scope_faults(told)]
    tree: nodes.Template | None = None
    if not faults:
        language = Language()
        try:
            tree = language.parse("\n".join(_as_jinja(line.text) for line in lines))
            faults.extend(_foreign(tree, language, lines))
        except TemplateSyntaxError as fault:
            place = lines[min(fault.lineno, len(lines)) - 1]
            faults.append((_tag_of(place), say("{why}", why=fault.message or "")))
    problems = tuple(_problem(template, tag, why) for tag, why in faults)
    return Tags(None if problems else tree, lines, problems)


def scope_taken(node: nodes.Node) -> str:
    """Return what a tag takes with what it prints: tr, tc, p, r, or nothing."""
    taken = isinstance(node, nodes.Filter) and node.name.startswith(_TAKES)
    return node.name.removeprefix(_TAKES) if isinstance(node, nodes.Filter) and taken else ""


def source_of(template: Path) -> Line:
    """Return how a problem names a template: its folder's name and its own."""
    return Line(f"{template.parent.name}/{template.name}")


def _problem(template: Path, tag: Tag, why: Message) -> Problem:
    return error(
        "template-tag",
        source_of(template),
        say("{place}: {tag}: {why}", place=tag.place.message, tag=tag.text, why=why),
        say("open the template in Word or WPS and mend the tag"),
    )


def _broken(lines: Sequence[Place]) -> Iterator[Fault]:
    for line in lines:
        rest = TAG.sub("", line.text)
        if found := _DELIMITER.search(rest):
            opened = found[0].startswith("{")
            broken = rest[found.start() :] if opened else rest[: found.end()]
            why = say("the tag is not closed") if opened else say("the tag was never opened")
            yield Tag(broken.strip(), line), why


def _unbalanced(lines: Sequence[Place]) -> Iterator[Fault]:
    open_blocks: list[tuple[str, Tag]] = []
    for line in lines:
        for text in tags_at(line):
            tag = Tag(text, line)
            if tag.opens:
                open_blocks.append((tag.opens, tag))
            elif open_blocks and open_blocks[-1][0] == tag.closes:
                open_blocks.pop()
            elif tag.closes:
                yield tag, say("nothing is open that {tag} could end", tag=text)
    for name, tag in open_blocks:
        yield tag, say("{end} is missing", end=f"end{name}")


def _misplaced(lines: Sequence[Place]) -> Iterator[Fault]:
    for line in lines:
        for text in tags_at(line):
            tag = Tag(text, line)
            if tag.scope in ("tr", "tc") and not line.table:
                yield tag, say("the tag belongs in a table")


def _foreign(tree: nodes.Template, language: Language, lines: Sequence[Place]) -> Iterator[Fault]:
    for node in tree.find_all(nodes.Filter):
        if scope := scope_taken(node):
            if not isinstance(node.node, nodes.Name | nodes.Getattr):
                line = lines[node.lineno - 1]
                yield _tag_of(line), say("{{{{{scope} … }}}} prints a name alone", scope=scope)
        elif node.name not in language.filters:
            yield _tag_of(lines[node.lineno - 1]), say("there is no filter {name}", name=node.name)


def _as_jinja(text: str) -> str:
    plain = _MERGE_TAGS.sub("", _CELL_TAGS.sub(r"{{ \1 }}", text))
    plain = PRINTED_WHOLE.sub(rf"\1 (\3) | {_TAKES}\2 \4", plain)
    plain = SCOPE.sub(r"\1 ", plain).replace("\n", " ")
    return TAG.sub(lambda tag: tag[0].translate(_QUOTES), plain)


def _tag_of(place: Place) -> Tag:
    return Tag(" ".join(tags_at(place)), place)
