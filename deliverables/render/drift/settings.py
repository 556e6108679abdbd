"""Settings of the whole document: what moves lines, the languages, what stands in for a font."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from deliverables.message import listed, say
from deliverables.render.drift.area import Area, Drift
from deliverables.render.package import Package, parse, serialise
from deliverables.render.palette import FACES
from deliverables.render.place import W
from deliverables.render.styles_markup import fonts_xml, settings_xml

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
_ORDER = {name: rank for rank, name in enumerate(_BEFORE_COMPAT.split())}


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
    root[:] = sorted([*kept, *house], key=_rank)
    _store(package, "settings", root)


def mend_fonts(package: Package) -> None:
    """Put the fonts of the house in; the others stay."""
    root, house = _root(package, "fontTable"), parse(fonts_xml())
    ours = {font.get(f"{W}name") for font in house}
    root[:] = [*house, *(font for font in root if font.get(f"{W}name") not in ours)]
    _store(package, "fontTable", root)


def _root(package: Package, relation: str) -> etree._Element:
    part = next(package.related(package.document, relation), "")
    empty = relation if relation != "fontTable" else "fonts"
    return parse(package.parts.get(part) or f'<w:{empty} xmlns:w="{W.strip("{}")}"/>')


def _store(package: Package, relation: str, root: etree._Element) -> None:
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


def _rank(element: etree._Element) -> int:
    return _ORDER.get(etree.QName(element).localname, len(_ORDER))
