"""What kind of file a template is: one that can be read, or what it is instead and the remedy."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from lxml import etree

from deliverables.message import Message, say
from deliverables.render.package import Package, parse

_COMPOUND = b"\xd0\xcf\x11\xe0"
_WORD = (
    *("wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml"),
    *("ms-word.document.macroEnabled.main+xml", "ms-word.template.macroEnabledTemplate.main+xml"),
)
"""How the body of a .docx, .dotx, .docm or .dotm is declared; documents are made as .docx."""
_MACROS = ("macroEnabled", "vbaProject")
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
_MOST_BYTES: Final = 512 * 1024 * 1024
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(RuntimeError, NotImplementedError, ValueError),
)
"""What reading a damaged or encrypted archive may raise."""

Objection = tuple[Message, Message]
"""What is wrong with a file, and the remedy."""

_SAVE = say("save it as .docx in Word or WPS, without a password")


def read_word_file(template: Path) -> tuple[Package | None, tuple[Objection, ...]]:
    """Return the parts of a template, or why it cannot be one; a missing file raises OSError."""
    content = template.read_bytes()
    if content.startswith(_COMPOUND):
        return None, ((say("this is an old .doc file, or one with a password"), _SAVE),)
    try:
        zipped = zipfile.ZipFile(BytesIO(content))
    except _UNREADABLE:
        return None, ((say("this is no Word document that can be read"), _SAVE),)
    with zipped:
        objection = _of_members(zipped) or _of_parts(Package.of(content))
    return (None, (objection,)) if objection else (Package.of(content), ())


def _of_members(zipped: zipfile.ZipFile) -> Objection | None:
    names = zipped.namelist()
    if odd := next((item.orig_filename for item in zipped.infolist()
                    if "\\" in item.orig_filename), ""):  # fmt: skip
        return say("its parts are named in a way Word does not know: {part}", part=odd), _SAVE
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        return say("it holds {part} twice", part=twice), _SAVE
    if sum(item.file_size for item in zipped.infolist()) > _MOST_BYTES:
        return say("unpacked it would be larger than {size} MB", size=_MOST_BYTES >> 20), _SAVE
    for name in names:
        try:
            zipped.read(name)
        except _UNREADABLE:
            return say("the file is damaged: {part} cannot be read", part=name), _SAVE
    return None


def _of_parts(package: Package) -> Objection | None:
    if "[Content_Types].xml" not in package.parts:
        return say("this is no Word document that can be read"), _SAVE
    for name, content in package.parts.items():
        if name.endswith((".xml", ".rels")):
            try:
                root = parse(content)
            except etree.XMLSyntaxError as fault:
                line = fault.lineno or 1
                return say("the file is damaged: {part}, line {line}", part=name, line=line), _SAVE
            if root.getroottree().docinfo.internalDTD is not None:
                return say(
                    "{part} declares a document type, as no Word file does", part=name
                ), _SAVE
    return _of_kind(package)


def _of_kind(package: Package) -> Objection | None:
    if any(package.related("", _STRICT)):
        strict = say("this is a file in Strict Open XML, which cannot be filled")
        return strict, say("save it as “Word document (*.docx)”, not as Strict Open XML")
    body = next(package.related("", "officeDocument"), "")
    if body not in package.parts:
        return say("this is no Word document that can be read"), _SAVE
    if not any(declared.endswith(_WORD) for declared in _declared(package)):
        return say("this is no Word document that can be read"), _SAVE
    missing = next((part for part in package.stories() if part not in package.parts), "")
    return (say("the file is damaged: {part} is missing", part=missing), _SAVE) if missing else None


def has_macros(package: Package) -> bool:
    """Return whether a file is declared to hold macros, or holds some."""
    return any(word in declared for declared in _declared(package) for word in _MACROS)


def _declared(package: Package) -> Iterator[str]:
    for found in parse(package.parts["[Content_Types].xml"]).iter(etree.Element):
        yield found.get("ContentType", "")
