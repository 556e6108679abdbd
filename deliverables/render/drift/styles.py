"""Styles that are no longer the house's, and how the house's are put in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy

from lxml import etree

from deliverables.message import Message, say
from deliverables.render.drift.area import Area, Drift
from deliverables.render.drift.properties import element_of, label, shown, without_defaults
from deliverables.render.drift.sheet import Sheet, house_ids, house_sheet, sheet_of
from deliverables.render.look import Layout
from deliverables.render.package import Package, parse, serialise
from deliverables.render.place import W
from deliverables.render.styles_markup import styles_xml

REFERENCES = ("pStyle", "rStyle", "tblStyle")
_AMONG_STYLES = ("basedOn", "next", "link")
_STYLES = "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"
_TOLD = ("paragraph", "table")


def drifted_styles(package: Package, layout: Layout) -> Iterator[Drift]:
    """Yield each style that is not as in the house, and in one line those that are missing."""
    sheet, house = sheet_of(package), house_sheet(layout)
    missing: list[str] = []
    differing = _differing(sheet, house)
    for style, element in house.styles.items():
        if element.get(f"{W}type") not in _TOLD:
            continue
        if sheet.find(house.name(style)) is None and style not in house_ids(sheet, house).values():
            missing.append(house.name(style))
        elif why := _why(style, differing, sheet, house):
            told = say("style “{style}”: {why}", style=house.name(style), why=why)
            yield Drift(Area.STYLES, told)
    if missing:
        told = say("styles of the house are missing: {names}", names="、".join(missing))
        yield Drift(Area.STYLES, told)


def used_styles(package: Package) -> set[str]:
    """Return the ids of the styles that text and tables of a template use."""
    return {
        value
        for part in _parts_with_references(package)
        for element in parse(package.parts[part]).iter(*(f"{W}{name}" for name in REFERENCES))
        if (value := element.get(f"{W}val"))
    }


def mend_styles(package: Package, layout: Layout) -> None:
    """Put the styles of the house in; others stay only where text or a table uses them."""
    sheet, house = sheet_of(package), house_sheet(layout)
    ids = house_ids(sheet, house)
    kept = _kept(sheet, used_styles(package), ids)
    for style in kept & set(house.styles):  # another style under an id of the house
        ids[style] = next(f"{style}{n}" for n in range(2, 99) if f"{style}{n}" not in sheet.styles)
    root = parse(styles_xml(layout))
    for style in sheet.styles:
        if style in kept:
            own = deepcopy(sheet.styles[style])
            own.set(f"{W}styleId", ids.get(style, style))
            own.set(f"{W}default", "0")  # the house has its own
            _rename(own, _AMONG_STYLES, ids)
            root.append(own)
    _store(package, root)
    for part in _parts_with_references(package):
        story = parse(package.parts[part])
        if _rename(story, REFERENCES, ids):
            package.parts[part] = serialise(story)


def _differing(sheet: Sheet, house: Sheet) -> dict[str, dict[str, tuple[str, str]]]:
    """Return for each style of the house the properties that differ: found and expected."""
    found = {}
    for style in house.styles:
        own = sheet.find(house.name(style))
        if own is None:
            continue
        ours = without_defaults(house.look(style))
        theirs = without_defaults(sheet.look(own))
        found[style] = {
            key: (theirs.get(key, ""), ours.get(key, ""))
            for key in sorted(ours.keys() | theirs.keys())
            if theirs.get(key) != ours.get(key)
        }
    return found


def _why(
    style: str,
    differing: Mapping[str, Mapping[str, tuple[str, str]]],
    sheet: Sheet,
    house: Sheet,
) -> Message | None:
    own = sheet.find(house.name(style))
    if own is None:
        return None
    base = house.value(style, "basedOn")
    inherited = differing.get(base, {})
    mine = {
        key: pair for key, pair in differing[style].items() if inherited.get(key) != pair
    }  # fmt: skip
    reasons = [_reason(element, mine) for element in dict.fromkeys(map(element_of, mine))]
    if sheet.name(sheet.value(own, "basedOn")).lower() != house.name(base).lower():
        reasons.append(say("based on another style than “{base}”", base=house.name(base)))
    return _joined(reasons) if reasons else None


def _reason(element: str, differing: Mapping[str, tuple[str, str]]) -> Message:
    pairs = {key: pair for key, pair in differing.items() if element_of(key) == element}
    return say(
        "{what} {found} instead of {expected}",
        what=label(element),
        found=shown({key: found for key, (found, _) in pairs.items() if found}),
        expected=shown({key: wanted for key, (_, wanted) in pairs.items() if wanted}),
    )


def _joined(reasons: list[Message]) -> Message:
    whole = reasons[0]
    for reason in reasons[1:]:
        whole = say("{first}; {second}", first=whole, second=reason)
    return whole


def _kept(sheet: Sheet, used: set[str], ids: Mapping[str, str]) -> set[str]:
    """Return the foreign styles that are used, with what they are based on."""
    kept: set[str] = set()
    for style in used:
        while style in sheet.styles and style not in ids and style not in kept:
            kept.add(style)
            style = sheet.value(style, "basedOn")  # noqa: PLW2901  # up the line
    return kept


def _rename(root: etree._Element, names: tuple[str, ...], ids: Mapping[str, str]) -> bool:
    changed = False
    for element in root.iter(*(f"{W}{name}" for name in names)):
        old = element.get(f"{W}val", "")
        if ids.get(old, old) != old:
            element.set(f"{W}val", ids[old])
            changed = True
    return changed


def _parts_with_references(package: Package) -> list[str]:
    body = package.document
    others = (
        part for relation in ("comments", "numbering") for part in package.related(body, relation)
    )
    return [*package.stories(), *others]


def _store(package: Package, root: etree._Element) -> None:
    part = next(package.related(package.document, "styles"), "")
    if part:
        package.parts[part] = serialise(root)
    else:
        package.add("word/styles.xml", serialise(root), _STYLES)
        package.relate(package.document, "styles", "word/styles.xml")
