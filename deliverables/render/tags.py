"""The tags of a template, each with its place, and everything that keeps it from being rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from jinja2 import Environment, nodes
from lxml import etree

from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.problem import Problem, error
from deliverables.render.grammar import as_jinja, refusal
from deliverables.render.lookalikes import broken_tags, lookalikes
from deliverables.render.outside import Outside, outside
from deliverables.render.package import Package, parse
from deliverables.render.place import Inside, Place, Story, W, label_of, stories
from deliverables.render.placed import Placed, link_tags, placed_tags
from deliverables.render.references import reference_faults
from deliverables.render.scopes import block_faults, joined_braces, scope_faults, split_tags
from deliverables.render.tag import TAG, Fault, Tag
from deliverables.render.word_file import read_word_file
from deliverables.source import Line

_MEND = say("open the template in Word or WPS and mend the tag")
_NOT_FILLED = {
    Inside.FIELD: say("a field code is not filled; write the tag as text"),
    Inside.EQUATION: say("an equation is not filled; write the tag as text"),
    Inside.DELETED: say("it stands in deleted text; accept or reject the tracked change"),
    Inside.WORD_ART: say("WordArt is not filled; write the tag in a text box"),
    Inside.MARKUP: say("it stands where no text is; delete it there"),
}
_FETCHING = ("INCLUDEPICTURE", "INCLUDETEXT", "LINK", "DDE", "DDEAUTO", "DATABASE", "RD", "IMPORT")
_RELATIONS = {
    "image": say("a linked picture"),
    "oleObject": say("a linked object"),
    "package": say("a linked object"),
    "hyperlink": say("a link"),
    "subDocument": say("a subdocument"),
    "frame": say("a frame"),
    "video": say("a linked recording"),
    "audio": say("a linked recording"),
    "externalLinkPath": say("a linked workbook"),
}
_JINJA = Environment()  # noqa: S701  # it only reads tags; nothing is rendered by it


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of a template as one Jinja program: line n of it is the tag `lines[n-1]`."""

    tree: nodes.Template | None
    lines: tuple[Tag, ...]
    problems: tuple[Problem, ...]


def read_tags(template: Path) -> Tags:
    """Read the tags of a template; where it cannot be rendered there is no tree but problems."""
    package, objections = read_word_file(template)
    if package is None:
        source = source_of(template)
        found = tuple(error("template-file", source, what, fix) for what, fix in objections)
        return Tags(None, (), found)
    told = tuple((story, placed_tags(story)) for story in stories(package))
    found = each_once(_problems(source_of(template), package, told))
    if found:
        return Tags(None, (), found)
    links = (each for story, _ in told for each in link_tags(story, package))
    tags = [each.tag for _, placed in told for each in placed] + [each.tag for each in links]
    lines = tuple(tag for tag in tags if not tag.comments)
    return Tags(_JINJA.parse("\n".join(as_jinja(tag) for tag in lines)), lines, ())


def source_of(template: Path) -> Line:
    """Return how a problem names a template: its folder's name and its own."""
    return Line(f"{template.parent.name}/{template.name}")


def each_once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems without those said before: a text box is told twice in a file."""
    return tuple({str(problem): problem for problem in problems}.values())


Told = Sequence[tuple[Story, tuple[Placed, ...]]]
"""The stories of a template with their tags."""


def _problems(source: Line, package: Package, told: Told) -> Iterator[Problem]:
    for fault in _tag_faults(package, told):
        yield error("template-tag", source, _spoken(fault), _MEND)
    for story, _ in told:
        for fault in lookalikes(story):
            yield error("template-lookalike", source, _spoken(fault), _MEND)
        for place, paragraph in story.paragraphs:
            for text, between in split_tags(paragraph):
                yield error(
                    "template-split",
                    source,
                    _spoken(
                        Fault(Tag(text, place), say("the tag is split by {what}", what=between))
                    ),
                    say("delete the tag and type it anew in one go"),
                )
    for fault in reference_faults(told):
        yield error(
            "template-reference",
            source,
            _spoken(fault),
            say("put the bookmark and the reference under the same condition, outside of loops"),
        )
    yield from _outside(source, package, told)


def _spoken(fault: Fault) -> Message:
    tag = fault.tag
    return say("{place}: {tag}: {why}", place=tag.place.message, tag=tag.text, why=fault.why)


def _tag_faults(package: Package, told: Told) -> Iterator[Fault]:
    """Yield what is wrong with tags: first how they are written, then where they stand."""
    yield from _elsewhere(package)
    for story, tags in told:
        written = [*broken_tags(story), *_written(tags), *joined_braces(story)]
        linked = [*link_tags(story, package)]
        yield from (*written, *_written(linked))
        if not written:
            in_text = [each for each in tags if not each.tag.place.inside]
            yield from (*block_faults(in_text), *scope_faults(in_text))


def _written(tags: Sequence[Placed]) -> Iterator[Fault]:
    for each in tags:
        tag, inside = each.tag, each.tag.place.inside
        if tag.comments and inside in (Inside.TEXT, Inside.DESCRIPTION):
            continue
        if inside in _NOT_FILLED:
            yield Fault(tag, _NOT_FILLED[inside])
        elif why := refusal(tag.text):
            yield Fault(tag, why)
        elif inside and (not tag.prints or '"' in tag.text or "'" in tag.text):
            yield Fault(tag, say("only {{{{ name }}}} can stand here"))


def _elsewhere(package: Package) -> Iterator[Fault]:
    """Yield the tags in parts that are not filled: charts, comments, properties, bound data."""
    filled = set(package.stories())
    for part, content in package.parts.items():
        if part in filled or not part.endswith(".xml") or b"{" not in content:
            continue
        for place in _paragraphs_of(part, parse(content)):
            for text in TAG.findall(place.text):
                why = say("this part of the file is not filled; write the tag in the text")
                yield Fault(Tag(text, Place(place.part, "")), why)


def _paragraphs_of(part: str, root: etree._Element) -> Iterator[Place]:
    """Yield the texts of a part: whole paragraphs, attributes, and what else it holds."""
    label = label_of(part)
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if name == "p":
            yield Place(label, "".join(str(text) for text in element.itertext()))
        elif not any(etree.QName(above).localname == "p" for above in element.iterancestors()):
            yield Place(label, element.text or "")
        yield from (Place(label, str(value)) for value in element.attrib.values())


def _outside(source: Line, package: Package, told: Told) -> Iterator[Problem]:
    for found in outside(package):
        if not found.is_setting and not found.is_ordinary:
            what = _RELATIONS.get(found.relation) or found.relation
            yield _outside_problem(source, _place_of(found, told), found.target, what)
    for story, _ in told:
        for code in story.root.iter(f"{W}instrText", f"{W}fldSimple"):
            words = (code.get(f"{W}instr") or code.text or "").split()
            if words and words[0].upper() in _FETCHING:
                place = story.nearest(code).message
                yield _outside_problem(
                    source, place, " ".join(words[1:]), say("the field {name}", name=words[0])
                )


def _outside_problem(source: Line, place: Message, target: str, what: object) -> Problem:
    return error(
        "template-outside",
        source,
        say("{place}: {what} points to {target}, outside of the file",
            place=place, what=what, target=target),
        say("put what is wanted into the template itself, or delete it"),
    )  # fmt: skip


def _place_of(found: Outside, told: Told) -> Message:
    for story, _ in told:
        if story.part == found.part:
            for element in story.root.iter(etree.Element):
                if found.id in element.attrib.values():
                    return story.nearest(element).message
    return Place(label_of(found.part), "").message
