"""Formatting as plain values, so that what Word, WPS and LibreOffice write can be compared.

`{"pPr/ind/firstLine": "480"}`: the same look is the same mapping, whatever the program that
wrote it thinks of the order of elements, of true, on and 1, or of start and left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from deliverables.message import Message, say
from deliverables.render.place import W

Properties = Mapping[str, str]

_TOGGLES = frozenset(
    ("b", "i", "caps", "smallCaps", "strike", "dstrike", "outline", "shadow", "emboss", "imprint",
     "vanish", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "snapToGrid",
     "contextualSpacing", "mirrorIndents")
)  # fmt: skip
_SILENT = frozenset(
    ("lang", "noProof", "webHidden", "kern", "bidi", "suppressAutoHyphens", "suppressLineNumbers",
     "autoSpaceDE", "autoSpaceDN", "adjustRightInd", "kinsoku", "wordWrap", "overflowPunct",
     "topLinePunct", "szCs", "bCs", "iCs", "rPr", "numId", "sectPr", "pStyle", "rStyle",
     "tblStyle", "cnfStyle", "rPrChange", "pPrChange")
)  # fmt: skip
"""What does not make the look, or is told by another rule; numbers of lists differ by program."""
_LIKE = {"start": "left", "end": "right", "startChars": "leftChars", "endChars": "rightChars"}
_OFF = ("0", "false", "off")
_NOTHING = frozenset({"0", "off", "left", "auto", "clear", "dxa", "nil", "none", ""})
_ALWAYS = {"pPr/widowControl": "on"}


def properties_of(parent: etree._Element, *groups: str) -> dict[str, str]:
    """Return the properties that stand in the children `groups` (pPr, rPr …) of `parent`."""
    return {
        key: value
        for group in groups
        for found in parent.findall(f"{W}{group}")
        for key, value in _flat(found, group)
    }


def of_element(element: etree._Element, group: str) -> dict[str, str]:
    """Return the properties that one element, such as w:ind, sets in `group`."""
    return dict(_each(element, group))


def attributes_of(element: etree._Element) -> dict[str, str]:
    """Return the attributes of an element by their names without namespace."""
    return {etree.QName(key).localname: str(value) for key, value in element.attrib.items()}


def merged(base: Properties, own: Properties) -> dict[str, str]:
    """Return what holds where `own` is set on top of `base`."""
    sides = {"hanging": "firstLine", "firstLine": "hanging"}
    gone = {
        f"pPr/ind/{other}{unit}"
        for side, other in sides.items()
        if any(key.startswith(f"pPr/ind/{side}") for key in own)
        for unit in ("", "Chars")
    }
    return {**{key: value for key, value in base.items() if key not in gone}, **own}


def without_defaults(properties: Properties) -> dict[str, str]:
    """Return the properties that change something: zero, off and left are as if not said."""
    return {
        key: value
        for key, value in properties.items()
        if value not in _NOTHING and _ALWAYS.get(key) != value
    }


def shown(properties: Properties) -> object:
    """Return properties of one element as a reader sees them: before=120 after=0."""
    pairs = [
        f"{key.split('/', 2)[-1]}={value}"
        for key, value in sorted(properties.items())
        if value != "dxa"
    ]
    return " ".join(pairs) or say("nothing")


def element_of(key: str) -> str:
    """Return the element that a key belongs to: pPr/ind of pPr/ind/firstLine."""
    return "/".join(key.split("/")[:2])


def label(element: str) -> Message:
    """Return what a person calls an element such as pPr/ind."""
    return _LABELS.get(element) or _GROUPS.get(element.partition("/")[0], say("other settings"))


def _flat(group: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    for child in group:
        if isinstance(child.tag, str):
            yield from _each(child, path)


def _each(element: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    name = etree.QName(element).localname
    if name in _SILENT:
        return
    key = f"{path}/{_LIKE.get(name, name)}"
    if name in _TOGGLES:
        yield key, "off" if element.get(f"{W}val") in _OFF else "on"
    elif name == "tabs":
        yield from ((f"{key}/{tab.get(f'{W}pos')}", _tab(tab)) for tab in element)
    else:
        for setting, value in attributes_of(element).items():
            if setting != "hint":
                yield f"{key}/{_LIKE.get(setting, setting)}", _LIKE.get(value, value)
        yield from _flat(element, key)


def _tab(tab: etree._Element) -> str:
    leader = tab.get(f"{W}leader", "none")
    kind = tab.get(f"{W}val", "left")
    return _LIKE.get(kind, kind) + ("" if leader == "none" else f" {leader}")


_LABELS = {
    "rPr/rFonts": say("font"),
    "rPr/sz": say("size"),
    "rPr/color": say("colour"),
    "rPr/highlight": say("highlighting"),
    "rPr/shd": say("shading"),
    "rPr/b": say("bold"),
    "rPr/i": say("italics"),
    "rPr/spacing": say("letter spacing"),
    "rPr/w": say("letter width"),
    "rPr/position": say("raised or lowered letters"),
    "rPr/bdr": say("frame"),
    "pPr/spacing": say("line and paragraph spacing"),
    "pPr/ind": say("indents"),
    "pPr/jc": say("alignment"),
    "pPr/keepNext": say("keep with next"),
    "pPr/keepLines": say("keep lines together"),
    "pPr/numPr": say("heading number"),
    "pPr/outlineLvl": say("heading level"),
    "pPr/pBdr": say("rules"),
    "pPr/shd": say("shading"),
    "pPr/tabs": say("tab stops"),
    "pPr/snapToGrid": say("line grid"),
    "tblPr/tblBorders": say("table rules"),
    "tblPr/tblCellMar": say("cell padding"),
    "tblPr/shd": say("shading"),
    "tcPr/tcBorders": say("cell rules"),
    "tcPr/shd": say("shading"),
    "tcPr/tcMar": say("cell padding"),
    "tcPr/vAlign": say("vertical alignment"),
}
_GROUPS = {"tblStylePr": say("header, total or first column of the table")}
