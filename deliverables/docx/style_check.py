"""Where a template has drifted from the house style, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from lxml import etree

from deliverables.docx.package import Package, Place, Story, W, parse, serialise, stories
from deliverables.docx.style import (
    FACES,
    HEADING_NUMBERS,
    LAYOUTS,
    XMLNS,
    Layout,
    fonts_xml,
    numbering_xml,
    section_properties,
    settings_xml,
    styles_xml,
)
from deliverables.values.problem import Message, listed, say

__all__ = ["Area", "Drift", "dress", "drifts", "layout_of"]


class Area(StrEnum):
    """A part of the look that is carried into a template as a whole."""

    STYLES = "styles"
    LANGUAGE = "language"
    NUMBERING = "numbering"
    PAGES = "pages"
    SETTINGS = "settings"
    FONTS = "fonts"
    FORMATTING = "formatting"


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing in a template that is not as the house has it."""

    area: Area
    message: Message


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
    return _LABELS.get(element) or _GROUPS_SPOKEN.get(
        element.partition("/")[0], say("other settings")
    )


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
_GROUPS_SPOKEN = {"tblStylePr": say("header, total or first column of the table")}


_NEAR_TWIPS = 6
"""A tenth of a millimetre: programs keep lengths in units of their own."""
_WHAT = {
    "pgSz": say("paper"),
    "pgMar": say("margins"),
    "docGrid": say("line grid"),
}
_AFTER = {
    "pgSz": ("paperSrc", "pgBorders", "lnNumType"),
    "pgMar": ("paperSrc", "pgBorders", "lnNumType"),
    "docGrid": ("printerSettings", "sectPrChange"),
}
_LATER = ("pgNumType", "cols", "formProt", "vAlign", "noEndnote", "titlePg", "textDirection",
          "bidi", "rtlGutter", "docGrid", "printerSettings", "sectPrChange")  # fmt: skip


def drifted_pages(package: Package, layout: Layout) -> Iterator[Drift]:
    """Yield each setting of a section's page that is not as in the house."""
    root = parse(package.parts[package.document])
    for number, section in enumerate(root.iter(f"{W}sectPr"), 1):
        for wanted in _wanted(section, layout):
            found = _numbers(section.find(wanted.tag))
            expected = _numbers(wanted)
            differing = [
                key for key, value in expected.items() if not _alike(found.get(key), value)
            ]
            if differing:
                told = say(
                    "page of section {number}: {what} {found} instead of {expected}",
                    number=number,
                    what=_WHAT[etree.QName(wanted).localname],
                    found=_shown(found, differing) or say("nothing"),
                    expected=_shown(expected, differing),
                )
                yield Drift(Area.PAGES, told)


def mend_pages(package: Package, layout: Layout) -> None:
    """Give every section the page of the house; one lying on its side stays so."""
    root = parse(package.parts[package.document])
    for section in list(root.iter(f"{W}sectPr")):
        for wanted in _wanted(section, layout):
            old = section.find(wanted.tag)
            if old is not None:
                section.replace(old, wanted)
            else:
                section.insert(_place_for(section, etree.QName(wanted).localname), wanted)
    package.parts[package.document] = serialise(root)


def _wanted(section: etree._Element, layout: Layout) -> list[etree._Element]:
    size = section.find(f"{W}pgSz")
    turned = size is not None and size.get(f"{W}orient") == "landscape"
    page = layout.page.landscape if turned else layout.page
    return list(parse(section_properties(page).replace("<w:sectPr>", f"<w:sectPr {XMLNS}>")))


def _numbers(element: etree._Element | None) -> dict[str, str]:
    if element is None:
        return {}
    found = attributes_of(element)
    if element.tag == f"{W}docGrid":
        found.setdefault("type", "default")
        if found["type"] == "default":
            found.pop("linePitch", None)  # which then rules nothing
    return found


def _alike(found: str | None, expected: str) -> bool:
    if found is None or not (_WHOLE.fullmatch(found) and expected.isdigit()):
        return found == expected
    return abs(int(found) - int(expected)) <= _NEAR_TWIPS


_WHOLE: Final = re.compile(r"-?[0-9]{1,9}")


def _shown(numbers: dict[str, str], keys: list[str]) -> str:
    return " ".join(f"{key}={numbers[key]}" for key in keys if key in numbers)


def _place_for(section: etree._Element, name: str) -> int:
    later = {f"{W}{other}" for other in (*_AFTER[name], *_LATER)} - {f"{W}{name}"}
    if name == "docGrid":
        later = {f"{W}{other}" for other in _AFTER[name]}
    elif name == "pgSz":
        later.add(f"{W}pgMar")
    positions = [index for index, child in enumerate(section) if child.tag in later]
    return min(positions, default=len(section))


_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_OWN = ("zoom", "defaultTabStop", "drawingGridVerticalSpacing", "decimalSymbol", "listSeparator")
"""Settings the house has but does not insist on: they move no line."""
_UNWANTED = ("autoHyphenation",)
_BEFORE_COMPAT = """
writeProtection view zoom removePersonalInformation removeDateAndTime doNotDisplayPageBoundaries
displayBackgroundShape printPostScriptOverText printFractionalCharacterWidth printFormsData
embedTrueTypeFonts embedSystemFonts saveSubsetFonts saveFormsData mirrorMargins
alignBordersAndEdges bordersDoNotSurroundHeader bordersDoNotSurroundFooter gutterAtTop
hideSpellingErrors hideGrammaticalErrors activeWritingStyle proofState formsDesign
attachedTemplate linkStyles stylePaneFormatFilter stylePaneSortMethod documentType mailMerge
revisionView trackRevisions doNotTrackMoves doNotTrackFormatting documentProtection
autoFormatOverride styleLockTheme styleLockQFSet defaultTabStop autoHyphenation
consecutiveHyphenLimit hyphenationZone doNotHyphenateCaps showEnvelope summaryLength
clickAndTypeStyle defaultTableStyle evenAndOddHeaders bookFoldRevPrinting bookFoldPrinting
bookFoldPrintingSheets drawingGridHorizontalSpacing drawingGridVerticalSpacing
displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery
doNotUseMarginsForDrawingGridOrigin drawingGridHorizontalOrigin drawingGridVerticalOrigin
doNotShadeFormData noPunctuationKerning characterSpacingControl printTwoOnOne
strictFirstAndLastChars noLineBreaksAfter noLineBreaksBefore savePreviewPicture
doNotValidateAgainstSchema saveInvalidXml ignoreMixedContent alwaysShowPlaceholderText
doNotDemarcateInvalidXml saveXmlDataOnly useXSLTWhenSaving saveThroughXslt showXMLTags
alwaysMergeEmptyNamespace updateFields hdrShapeDefaults footnotePr endnotePr compat docVars
rsids mathPr attachedSchema themeFontLang clrSchemeMapping doNotIncludeSubdocsInStats
doNotAutoCompressPictures forceUpgrade captions readModeInkLockDown smartTagType schemaLibrary
shapeDefaults doNotEmbedSmartTags decimalSymbol listSeparator
"""
_ORDER_OF_SETTINGS = {name: rank for rank, name in enumerate(_BEFORE_COMPAT.split())}


def drifted_settings(package: Package) -> Iterator[Drift]:
    """Yield in one line the settings of the document that are not as in the house."""
    found, house = _root(package, "settings"), parse(settings_xml())
    named = [
        etree.QName(wanted).localname
        for wanted in (*house, *house.find(f"{W}compat"))  # type: ignore[misc]  # it has one
        if etree.QName(wanted).localname not in (*_OWN, "compat", "themeFontLang")
        and not _has(found, wanted)
    ]
    named += [name for name in _UNWANTED if _is_on(found.find(f"{W}{name}"))]
    if named:
        told = say("settings of the document: {names}", names=listed(named))
        yield Drift(Area.SETTINGS, told)


def drifted_language(package: Package) -> Iterator[Drift]:
    """Yield where a template does not say that its text is Chinese."""
    styles = _root(package, "styles").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    settings = _root(package, "settings").find(f"{W}themeFontLang")
    for where, found in ((say("styles"), styles), (say("settings"), settings)):
        language = "" if found is None else found.get(f"{W}eastAsia", "")
        if not language.startswith("zh"):
            told = say(
                "{where}: the language of Chinese text is {found} instead of zh-CN",
                where=where,
                found=language or say("nothing"),
            )
            yield Drift(Area.LANGUAGE, told)


def drifted_fonts(package: Package) -> Iterator[Drift]:
    """Yield in one line the fonts that have lost what stands in for them."""
    known = {
        (font.get(f"{W}name"), stand_in.get(f"{W}val"))
        for font in _root(package, "fontTable")
        for stand_in in font.findall(f"{W}altName")
    }
    lost = [
        f"{face}（{other}）"
        for face, other in FACES.items()
        if other and (face, other) not in known
    ]
    if lost:
        told = say("fonts without what stands in for them: {fonts}", fonts="、".join(lost))
        yield Drift(Area.FONTS, told)


def mend_settings(package: Package) -> None:
    """Put the settings of the house in and keep the rest of what the template says."""
    root, house = _root(package, "settings"), parse(settings_xml())
    ours = {element.tag for element in house} | {f"{W}{name}" for name in _UNWANTED}
    kept = [element for element in root if element.tag not in ours]
    root[:] = sorted([*kept, *house], key=_rank_of_setting)
    _store_related(package, "settings", root)


def mend_fonts(package: Package) -> None:
    """Put the fonts of the house in; the others stay."""
    root, house = _root(package, "fontTable"), parse(fonts_xml())
    ours = {font.get(f"{W}name") for font in house}
    root[:] = [*house, *(font for font in root if font.get(f"{W}name") not in ours)]
    _store_related(package, "fontTable", root)


def _root(package: Package, relation: str) -> etree._Element:
    part = next(package.related(package.document, relation), "")
    empty = relation if relation != "fontTable" else "fonts"
    return parse(package.parts.get(part) or f'<w:{empty} xmlns:w="{W.strip("{}")}"/>')


def _store_related(package: Package, relation: str, root: etree._Element) -> None:
    part = next(package.related(package.document, relation), "")
    if part:
        package.parts[part] = serialise(root)
    else:
        package.add(f"word/{relation}.xml", serialise(root), _OFFICE.format(relation))
        package.relate(package.document, relation, f"word/{relation}.xml")


def _has(root: etree._Element, wanted: etree._Element) -> bool:
    return any(
        all(found.get(key) == value for key, value in wanted.attrib.items())
        and found.get(f"{W}val") not in ("0", "false", "off")
        for found in root.iter(wanted.tag)
    )


def _is_on(found: etree._Element | None) -> bool:
    return found is not None and found.get(f"{W}val") not in ("0", "false", "off")


def _rank_of_setting(element: etree._Element) -> int:
    return _ORDER_OF_SETTINGS.get(etree.QName(element).localname, len(_ORDER_OF_SETTINGS))


_GROUPS = ("pPr", "rPr", "tblPr", "trPr", "tcPr")
_PEOPLE_SAY = {"contents 1": "toc 1", "contents 2": "toc 2"}
"""Built-in names that LibreOffice writes in its own words."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A styles part; `ids` finds a style by its name."""

    root: etree._Element
    styles: Mapping[str, etree._Element]
    ids: Mapping[str, str]

    def name(self, style: str) -> str:
        """Return the name of the style with that id; empty if there is none."""
        return _name(self.styles[style]) if style in self.styles else ""

    def find(self, name: str) -> str | None:
        """Return the id of the style of that name, in whatever case of letters."""
        return self.ids.get(name) or self.ids.get(name.lower())

    def value(self, style: str, element: str) -> str:
        """Return the w:val of a child of a style such as basedOn or next."""
        found = self.styles[style].find(f"{W}{element}")
        return "" if found is None else found.get(f"{W}val", "")

    def default(self, kind: str) -> str:
        """Return the id of the default style for paragraphs or tables."""
        for style, element in self.styles.items():
            if element.get(f"{W}type") == kind and element.get(f"{W}default") in ("1", "true"):
                return style
        return ""

    def look(self, style: str) -> dict[str, str]:
        """Return everything a style says, with what it is based on."""
        own = self._own(self.styles[style])
        base = self.value(style, "basedOn")
        if base in self.styles and base != style:
            return merged(self.look(base), own)
        return merged(self._defaults(), own)

    def _own(self, style: etree._Element) -> Properties:
        found = properties_of(style, *_GROUPS)
        for part in style.findall(f"{W}tblStylePr"):
            prefix = f"tblStylePr/{part.get(f'{W}type')}"
            nested = properties_of(part, *_GROUPS)
            found.update({f"{prefix}/{key}": value for key, value in nested.items()})
        return found

    def _defaults(self) -> Properties:
        defaults = self.root.find(f"{W}docDefaults")
        if defaults is None:
            return {}
        return {
            key: value
            for holder in defaults
            for key, value in properties_of(holder, "pPr", "rPr").items()
        }


def sheet_of(package: Package) -> Sheet:
    """Return the styles of a template."""
    part = next(package.related(package.document, "styles"), "")
    return _sheet(parse(package.parts.get(part) or f'<w:styles xmlns:w="{W.strip("{}")}"/>'))


@lru_cache(maxsize=len(LAYOUTS))
def house_sheet(layout: Layout) -> Sheet:
    """Return the styles of the house."""
    return _sheet(parse(styles_xml(layout)))


def house_ids(sheet: Sheet, house: Sheet) -> dict[str, str]:
    """Return, for the id of each style that is the house's by name, the id it has there."""
    return {
        style: known
        for style in sheet.styles
        if (known := house.find(sheet.name(style)) or house.find(_PEOPLE_SAY.get(
            sheet.name(style).lower(), ""))) and _kind(sheet, style) == _kind(house, known)
    }  # fmt: skip


def layout_of(package: Package) -> Layout | None:
    """Return the layout whose own styles a template has; None if it has those of none.

    A letter has 主送, a report 目录标题: what the programs call their own (Title, toc 1) tells
    nothing, and a style or two may have come along with pasted text.
    """
    names = set(sheet_of(package).ids)
    shares = {layout: _share(layout, names) for layout in LAYOUTS.values()}
    best = max(shares.values())
    fitting = [layout for layout, share in shares.items() if share == best]
    return fitting[0] if best and len(fitting) == 1 else None


def _share(layout: Layout, names: set[str]) -> float:
    own = _invented(layout) - {
        name for other in LAYOUTS.values() if other is not layout for name in _invented(other)
    }
    return len(own & names) / len(own)


def _invented(layout: Layout) -> set[str]:
    return {look.name for look in layout.looks if not re.fullmatch(r"[A-Za-z]+( \d)?", look.name)}


def _sheet(root: etree._Element) -> Sheet:
    styles = {style.get(f"{W}styleId", ""): style for style in root.findall(f"{W}style")}
    ids: dict[str, str] = {}
    for style, element in styles.items():
        ids.setdefault(_name(element).lower(), style)
    ids.update({_name(element): style for style, element in styles.items()})
    return Sheet(root, styles, ids)


def _name(style: etree._Element) -> str:
    found = style.find(f"{W}name")
    return "" if found is None else found.get(f"{W}val", "")


def _kind(sheet: Sheet, style: str) -> str | None:
    return sheet.styles[style].get(f"{W}type")


_OF_RUNS = ("rFonts", "sz", "color", "highlight", "shd", "spacing", "w", "position", "bdr")
_OF_PARAGRAPHS = ("spacing", "ind", "jc", "shd", "pBdr", "tabs", "snapToGrid", "outlineLvl")
_OF_TABLES = ("tblBorders", "tblCellMar", "shd")
_OF_CELLS = ("tcBorders", "shd", "tcMar", "vAlign")
_FREE_IN_HEADERS = ("tabs",)
"""A header on a page lying on its side needs its right tab elsewhere."""
_HOUSE_VALIGN = {"tcPr/vAlign/val": "center"}
_TWINS = {"sz": ("szCs",)}


@dataclass(frozen=True, slots=True)
class ByHand:
    """Elements that fight the style in one paragraph, or in one table as a whole."""

    story: Story
    elements: tuple[etree._Element, ...]
    message: Message


def formatted_by_hand(package: Package, layout: Layout) -> Iterator[Drift]:
    """Yield each paragraph and table whose look is set by hand."""
    for found in _found(stories(package), sheet_of(package), layout):
        yield Drift(Area.FORMATTING, found.message)


def mend_formatting(package: Package, layout: Layout) -> None:
    """Take away the formatting that fights the house style."""
    told = stories(package)
    for found in list(_found(told, sheet_of(package), layout)):
        for element in found.elements:
            _take_away(element)
        package.parts[found.story.part] = serialise(found.story.root)


def _found(told: tuple[Story, ...], sheet: Sheet, layout: Layout) -> Iterator[ByHand]:
    house = house_sheet(layout)
    looks = _Looks(sheet, house, house_ids(sheet, house))
    for story in told:
        for place, paragraph in story.paragraphs:
            if elements := tuple(_of_paragraph(paragraph, story, looks)):
                yield ByHand(story, elements, _told(place, elements))
        for table in story.tables:
            if elements := tuple(_of_table(table)):
                yield ByHand(story, elements, _table_told(story, table, elements))


@dataclass(frozen=True, slots=True)
class _Looks:
    """What the house says about a paragraph by the style it names."""

    sheet: Sheet
    house: Sheet
    ids: dict[str, str]

    def of(self, paragraph: etree._Element) -> Properties:
        named = paragraph.find(f"{W}pPr/{W}pStyle")
        style = "" if named is None else named.get(f"{W}val", "")
        known = self.ids.get(style)
        if known is None and style in self.sheet.styles:
            return self.sheet.look(style)
        return self.house.look(known or self.house.default("paragraph"))


def _of_paragraph(
    paragraph: etree._Element, story: Story, looks: _Looks
) -> Iterator[etree._Element]:
    candidates = [
        (element, "pPr")
        for element in paragraph.iterfind(f"{W}pPr/*")
        if _is_one(element, _OF_PARAGRAPHS)
        and not (_is_header(story) and _is_one(element, _FREE_IN_HEADERS))
    ] + [
        (element, "rPr")
        for element in paragraph.iterfind(f".//{W}r/{W}rPr/*")
        if _is_one(element, _OF_RUNS) and next(element.iterancestors(f"{W}p")) is paragraph
    ]
    look = looks.of(paragraph) if candidates else {}
    for element, group in candidates:
        if _fights(of_element(element, group), look):
            yield element


def _of_table(table: etree._Element) -> Iterator[etree._Element]:
    for path, names in ((f"{W}tblPr/*", _OF_TABLES), (f"{W}tr/{W}tblPrEx/*", _OF_TABLES)):
        yield from (found for found in table.iterfind(path) if _is_one(found, names))
    for element in table.iterfind(f"{W}tr/{W}tc/{W}tcPr/*"):
        if _is_one(element, _OF_CELLS) and _fights(of_element(element, "tcPr"), _HOUSE_VALIGN):
            yield element


def _fights(own: Properties, look: Properties) -> bool:
    together = merged(look, own)
    return without_defaults(together) != without_defaults(look)


def _take_away(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if hint := element.get(f"{W}hint"):  # tells Chinese quotation marks from Latin ones
        element.attrib.clear()
        element.set(f"{W}hint", hint)
        return
    for name in (etree.QName(element).localname, *_TWINS.get(etree.QName(element).localname, ())):
        for found in parent.findall(f"{W}{name}"):
            parent.remove(found)
    run = parent.getparent()
    if len(parent) == 0 and parent.tag == f"{W}rPr" and run is not None:
        run.remove(parent)


def _told(place: Place, elements: tuple[etree._Element, ...]) -> Message:
    return say("{place}: set by hand: {what}", place=place.message, what=_what(elements))


def _table_told(
    story: Story, table: etree._Element, elements: tuple[etree._Element, ...]
) -> Message:
    first = elements[0]
    cell = next(first.iterancestors(f"{W}tc"), None)
    if cell is None:
        cell = next(table.iter(f"{W}tc"))
    place = story.place(next(cell.iter(f"{W}p")))
    return say(
        "{place}: set by hand {count} times in this table: {what}",
        place=place.message,
        count=len({element.getparent() for element in elements}),
        what=_what(elements),
    )


def _what(elements: tuple[etree._Element, ...]) -> Message:
    """Return what is set, each kind of setting once with the first of its values."""
    first: dict[str, etree._Element] = {}
    for element in elements:
        first.setdefault(_key(element), element)
    words = [
        say("{what} {found}", what=label(key), found=shown(of_element(element, key.split("/")[0])))
        for key, element in first.items()
    ]
    whole = words[0]
    for word in words[1:]:
        whole = say("{first}; {second}", first=whole, second=word)
    return whole


def _key(element: etree._Element) -> str:
    parent = element.getparent()
    group = "rPr" if parent is None else etree.QName(parent).localname.removesuffix("Ex")
    return f"{group}/{etree.QName(element).localname}"


def _is_one(element: etree._Element, names: tuple[str, ...]) -> bool:
    return str(element.tag).removeprefix(W) in names


def _is_header(story: Story) -> bool:
    return story.label.startswith(("header", "footer"))


_NUMBERING = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"
_ABSTRACT, _NUMBER = f"{W}abstractNum", f"{W}num"
_ORDER = (f"{W}numPicBullet", _ABSTRACT, _NUMBER)


def drifted_numbers(package: Package, layout: Layout) -> Iterator[Drift]:
    """Yield each heading level that is not numbered as in the house."""
    root = parse(package.parts.get(_part(package)) or _EMPTY)
    house = parse(numbering_xml(layout))
    numbers = _heading_numbers(package, layout)
    for level in range(len(layout.numbering)):
        found = _level_told(root, numbers.get(level, ""), level)
        expected = _level_told(house, HEADING_NUMBERS, level)
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


def _level_told(root: etree._Element, number: str, level: int) -> str:
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
    _store_styles(package, root)
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


def _store_styles(package: Package, root: etree._Element) -> None:
    part = next(package.related(package.document, "styles"), "")
    if part:
        package.parts[part] = serialise(root)
    else:
        package.add("word/styles.xml", serialise(root), _STYLES)
        package.relate(package.document, "styles", "word/styles.xml")


def drifts(package: Package, layout: Layout) -> tuple[Drift, ...]:
    """Return everything in a template that is not as the house has it."""
    return tuple(_drifts(package, layout))


def dress(package: Package, layout: Layout) -> tuple[Drift, ...]:
    """Carry the house style into a template and return what was not as the house has it."""
    found = drifts(package, layout)
    areas = {drift.area for drift in found}
    for mend, mended in _MENDERS.items():
        if areas & mended:
            mend(package, layout)
    return found


def _drifts(package: Package, layout: Layout) -> Iterator[Drift]:
    yield from drifted_styles(package, layout)
    yield from drifted_language(package)
    yield from drifted_numbers(package, layout)
    yield from drifted_pages(package, layout)
    yield from drifted_settings(package)
    yield from drifted_fonts(package)
    yield from formatted_by_hand(package, layout)


_MENDERS: Mapping[Callable[[Package, Layout], None], frozenset[Area]] = MappingProxyType(
    {
        mend_numbers: frozenset({Area.NUMBERING}),  # while the old styles still name their numbers
        mend_styles: frozenset({Area.STYLES, Area.LANGUAGE, Area.NUMBERING}),
        mend_pages: frozenset({Area.PAGES}),
        lambda package, _: mend_settings(package): frozenset({Area.SETTINGS, Area.LANGUAGE}),
        lambda package, _: mend_fonts(package): frozenset({Area.FONTS}),
        mend_formatting: frozenset({Area.FORMATTING}),
    }
)
"""How the areas are brought back, in this order."""
