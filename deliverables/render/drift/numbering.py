"""Heading numbers that are no longer the house's, and how the house's are put in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from deliverables.message import say
from deliverables.render.drift.area import Area, Drift
from deliverables.render.drift.properties import properties_of, without_defaults
from deliverables.render.drift.sheet import house_ids, house_sheet, sheet_of
from deliverables.render.look import Layout
from deliverables.render.package import Package, parse, serialise
from deliverables.render.place import W
from deliverables.render.styles_markup import HEADING_NUMBERS, numbering_xml

_NUMBERING = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"
_ABSTRACT, _NUMBER = f"{W}abstractNum", f"{W}num"
_ORDER = (f"{W}numPicBullet", _ABSTRACT, _NUMBER)


def drifted_numbers(package: Package, layout: Layout) -> Iterator[Drift]:
    """Yield each heading level that is not numbered as in the house."""
    root = parse(package.parts.get(_part(package)) or _EMPTY)
    house = parse(numbering_xml(layout))
    numbers = _heading_numbers(package, layout)
    for level in range(len(layout.numbering)):
        found = _told(root, numbers.get(level, ""), level)
        expected = _told(house, HEADING_NUMBERS, level)
        if found != expected:
            told = say(
                "numbers of heading {level}: {found} instead of {expected}",
                level=level + 1,
                found=found or say("nothing"),
                expected=expected,
            )
            yield Drift(Area.NUMBERING, told)


def mend_numbers(package: Package, layout: Layout) -> None:
    """Put the heading numbers of the house in; lists of other numbers keep theirs."""
    part = _part(package)
    root = parse(package.parts.get(part) or _EMPTY)
    headings = set(_heading_numbers(package, layout).values())
    for number in root.findall(_NUMBER):
        if number.get(f"{W}numId") in headings:
            root.remove(number)
    used = {_abstract_id(number) for number in root.findall(_NUMBER)}
    for abstract in root.findall(_ABSTRACT):
        if _is_of_headings(abstract) and abstract.get(f"{W}abstractNumId") not in used:
            root.remove(abstract)
    moved = {**dict.fromkeys(headings, HEADING_NUMBERS), **_make_room(root)}
    for element in parse(numbering_xml(layout)):
        root.append(element)
    root[:] = sorted(root, key=_rank)
    if part:
        package.parts[part] = serialise(root)
    else:
        package.add("word/numbering.xml", serialise(root), _NUMBERING)
        package.relate(package.document, "numbering", "word/numbering.xml")
    _renumber(package, moved)


def _part(package: Package) -> str:
    return next(package.related(package.document, "numbering"), "")


def _heading_numbers(package: Package, layout: Layout) -> dict[int, str]:
    """Return the number that the style of each heading level uses."""
    sheet, house = sheet_of(package), house_sheet(layout)
    found = {}
    for style, known in house_ids(sheet, house).items():
        level = next((look.level for look in layout.looks if look.id == known), None)
        number = sheet.styles[style].find(f"{W}pPr/{W}numPr/{W}numId")
        if level and number is not None:
            found[level - 1] = number.get(f"{W}val", "")
    return found


def _told(root: etree._Element, number: str, level: int) -> str:
    """Return how a level is numbered: its pattern, its kind of figures, what follows it."""
    abstract = next(
        (
            _abstract_id(found)
            for found in root.findall(_NUMBER)
            if found.get(f"{W}numId") == number
        ),
        None,
    )
    for found in root.findall(f"{_ABSTRACT}[@{W}abstractNumId='{abstract}']/{W}lvl"):
        if found.get(f"{W}ilvl") == str(level):
            words = [_value(found, name) for name in ("lvlText", "numFmt", "suff")]
            start = _value(found, "start")
            indents = without_defaults(properties_of(found, "pPr"))
            return " ".join(
                [*words, *([f"start={start}"] if start not in ("", "1") else []),
                 *(f"{key}={value}" for key, value in indents.items() if "/tabs/" not in key)]
            )  # fmt: skip
    return ""


def _value(level: etree._Element, name: str) -> str:
    found = level.find(f"{W}{name}")
    return "" if found is None else found.get(f"{W}val", "")


def _abstract_id(number: etree._Element) -> str:
    found = number.find(f"{W}abstractNumId")
    return "" if found is None else found.get(f"{W}val", "")


def _is_of_headings(abstract: etree._Element) -> bool:
    return abstract.find(f"{W}lvl/{W}pStyle") is not None


def _make_room(root: etree._Element) -> dict[str, str]:
    """Give what stands under the house's id another one; return the old and new numbers."""
    taken = {found.get(f"{W}{key}") for found in root for key in ("numId", "abstractNumId")}
    free = next(str(n) for n in range(2, len(taken) + 3) if str(n) not in taken)
    for element in root:
        for key in ("numId", "abstractNumId"):
            if element.get(f"{W}{key}") == HEADING_NUMBERS:
                element.set(f"{W}{key}", free)
    for link in root.iterfind(f"{_NUMBER}/{W}abstractNumId"):
        if link.get(f"{W}val") == HEADING_NUMBERS:
            link.set(f"{W}val", free)
    has_room = all(number.get(f"{W}numId") != free for number in root.findall(_NUMBER))
    return {} if has_room else {HEADING_NUMBERS: free}


def _renumber(package: Package, moved: Mapping[str, str]) -> None:
    parts = [*package.stories(), *package.related(package.document, "styles")]
    for part in parts:
        story = parse(package.parts[part])
        changed = False
        for number in story.iter(f"{W}numId"):
            old = number.get(f"{W}val", "")
            if moved.get(old, old) != old:
                number.set(f"{W}val", moved[old])
                changed = True
        if changed:
            package.parts[part] = serialise(story)


def _rank(element: etree._Element) -> int:
    return _ORDER.index(element.tag) if element.tag in _ORDER else len(_ORDER)


_EMPTY = f'<w:numbering xmlns:w="{W.strip("{}")}"/>'
