"""What of a template's package travels into its documents, and what stays behind.

Settings that belong to the template (tracking, protection, a mail merge), macros, and relations to
files and addresses elsewhere stay; a document made of a template file is an ordinary document.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from deliverables.render.package import Package, parse, serialise
from deliverables.render.place import W

_TYPES: Final = "[Content_Types].xml"
_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STAY: Final = tuple(
    f"{W}{name}"
    for name in ("trackRevisions", "documentProtection", "mailMerge", "attachedTemplate",
                 "writeProtection")
)  # fmt: skip
_MACROS: Final = ("vbaProject", "wordVbaData", "keyMapCustomizations")
_LINK: Final = "hyperlink"


def travelling(package: Package) -> Package:
    """Return a copy of a template's package with what its documents may hold."""
    copy = Package(package.parts)
    body = copy.document
    _declare(copy, body)
    for part in copy.related(body, "settings"):
        if part in copy.parts:
            root = parse(copy.parts[part])
            for element in list(root.iter(*_STAY)):
                _remove(element)
            copy.parts[part] = serialise(root)
    for relations in [name for name in copy.parts if name.endswith(".rels")]:
        _cut_off(copy, relations)
    return copy


def _declare(package: Package, body: str) -> None:
    """Declare the body as that of an ordinary document, without macros."""
    types = parse(package.parts[_TYPES])
    for declared in types:
        if declared.get("PartName") == f"/{body}":
            declared.set("ContentType", _MAIN)
    package.parts[_TYPES] = serialise(types)


def _cut_off(package: Package, relations: str) -> None:
    """Remove relations to macros, and to what lies outside unless a reader may click on it."""
    part = relations.replace("_rels/", "").removesuffix(".rels")
    gone = set()
    for relation in parse(package.parts[relations]):
        kind = relation.get("Type", "").rpartition("/")[2]
        outside = relation.get("TargetMode") == "External"
        if kind in _MACROS or (outside and kind != _LINK):
            gone.add(relation.get("Id", ""))
    for relation_id in gone:
        package.detach(part, relation_id)
    if gone and part.endswith(".xml") and part in package.parts:
        story = parse(package.parts[part])
        for element in list(story.iter(etree.Element)):
            for name, value in list(element.attrib.items()):
                if str(name).startswith(_R) and value in gone:
                    _release(element, str(name))
        package.parts[part] = serialise(story)


def _release(element: etree._Element, name: str) -> None:
    """Let an element no longer point outside; one that does nothing else goes."""
    if name == f"{_R}link":
        del element.attrib[name]
    else:
        _remove(element)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
